#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""chance_nic.py SEED ROUNDS FRAMES

Random rules for segment 100 of two_hosts (nic.sh), and random frames of its VFs
for each set. A round begins with a line `round N`; then come lines

    rule RULE
    frame FROM VERDICT HEX FORGE

FROM is b or e, whose frame it is, VERDICT what the first rule says that matches,
allow if none does, HEX all of the frame, and FORGE the same in the words of
forge.py.
"""

import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import forge  # noqa: E402

MACS = {name: "02:00:00:00:00:0" + name for name in "abce"}
MATCHES = (
    ["src " + mac for mac in MACS.values()],
    ["dst " + mac for mac in MACS.values()] +
    ["cast unicast", "cast broadcast"],
    ["vlan 5", "untagged", "prio 3"],
    ["from 10.1.0.0/31", "to 10.1.0.2", "proto udp", "proto tcp", "type ipv6",
     "proto udp dport 50-52", "proto tcp tcp-flags syn", "dscp 1", "frag any",
     "frag none", "type 0x88b5"],
    ["port up vf 0", "port up vf 1", "port a", "port a"],
)
ACTIONS = ("deny", "deny", "allow", "allow path vswitch", "allow path veb")


def match():
    kinds = random.sample(MATCHES, random.choice((1, 1, 1, 2)))
    return " ".join(random.choice(kind) for kind in kinds)


def rules():
    count = random.choice((0, 3, 5, 5, 20))
    for pref in sorted(random.sample(range(1, 100), count)):
        yield f"pref {pref} {match()}", random.choice(ACTIONS)


class Frame:
    """A frame, and by the words of rules what is in it."""

    def __init__(self):
        self.sender = random.choice("be")
        to = random.choice([one for one in MACS if one != self.sender] +
                           ["all"])
        dst = MACS.get(to, "ff:ff:ff:ff:ff:ff")
        self.text = f"eth src={MACS[self.sender]} dst={dst}"
        self.words = {
            "src " + MACS[self.sender], "dst " + dst,
            "cast broadcast" if to == "all" else "cast unicast",
            "port up vf " + str("be".index(self.sender))}
        self.tag()
        self.inner()
        self.text += " / raw size=60"

    def tag(self):
        if random.random() >= 0.2:
            self.words.add("untagged")
            return
        prio = random.choice((0, 3))
        self.text += f" vlan=5 prio={prio}"
        self.words |= {"vlan 5", f"prio {prio}"}

    def inner(self):
        kind = random.choice(("", "ip", "ip", "ip6"))
        if not kind:
            self.words.add("type 0x88b5")
            return
        self.text += f" / {kind}"
        if kind == "ip":
            src = random.randint(0, 3)
            self.text += f" src=10.1.0.{src} dst=10.1.0.2"
            self.words |= {"to 10.1.0.2"} | \
                ({"from 10.1.0.0/31"} if src < 2 else set())
            if random.random() < 0.1:
                self.text += " options=01010101"
        else:
            self.words.add("type ipv6")
        dscp = random.choice((0, 1))
        self.text += f" tos={dscp * 4}"
        self.words.add(f"dscp {dscp}")
        self.transport()

    def transport(self):
        part = random.choice((1, 2)) if random.random() < 0.15 else 0
        proto = random.choice(("udp", "tcp"))
        dport, flags = random.randint(49, 53), random.choice(
            ("syn", "ack", "syn,ack"))
        self.text += (f" frag=16 part={part}" if part else "") + \
            f" / {proto} dport={dport}" + \
            (f" flags={flags}" if proto == "tcp" else "")
        self.words |= {"proto " + proto, "frag any" if part else "frag none"}
        if part == 2:       # it has no ports, and no flags
            return
        if proto == "udp" and dport in (50, 51, 52):
            self.words.add("proto udp dport 50-52")
        if proto == "tcp" and "syn" in flags:
            self.words.add("proto tcp tcp-flags syn")

    def verdict(self, those):
        """What the first rule says whose words all hold."""
        for words, action in those:
            rest = " ".join(words.split()[2:])
            for word in sorted(self.words, key=len, reverse=True):
                if word in rest:
                    rest = rest.replace(word, "", 1)
            if not rest.strip():
                return action.split()[0]
        return "allow"

    def line(self, those):
        data = forge.build(forge.parse(self.text)).hex()
        return f"frame {self.sender} {self.verdict(those)} {data} {self.text}"


def main():
    seed, rounds, frames = sys.argv[1:]
    random.seed(seed)
    for number in range(int(rounds)):
        print("round", number + 1)
        those = list(rules())
        for words, action in those:
            print(f"rule {words} action {action}")
        for _ in range(int(frames)):
            print(Frame().line(those))


main()
