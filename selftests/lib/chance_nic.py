#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""chance_nic.py SEED ROUNDS FRAMES

Random rules for segment 100 of two_hosts (nic.sh), and random frames of its VFs
for each set. A round begins with a line `round N`; then come lines

    rule RULE
    frame FROM HEX FORGE

FROM is b or e, whose frame it is, HEX all of it, and FORGE the same in the words
of forge.py.
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
    ["port up vf 0", "port up vf 1", "port a"],
)
ACTIONS = ("deny", "deny", "allow", "allow path vswitch", "allow path veb")


def match():
    kinds = random.sample(MATCHES, random.choice((1, 1, 1, 2)))
    return " ".join(random.choice(kind) for kind in kinds)


def rules():
    count = random.choice((0, 2, 5, 20))
    for pref in sorted(random.sample(range(1, 100), count)):
        yield f"pref {pref} {match()} action {random.choice(ACTIONS)}"


def inner():
    kind = random.choice(("", "ip", "ip", "ip6"))
    text = f" / {kind}" if kind else ""
    if kind == "ip":
        text += f" src=10.1.0.{random.randint(0, 3)} dst=10.1.0.2"
        if random.random() < 0.1:
            text += " options=01010101"
    if kind:
        text += f" tos={random.choice((0, 4))}"
        if random.random() < 0.15:
            text += random.choice((" frag=16 part=1", " frag=16 part=2"))
        transport = random.choice(("udp", "tcp"))
        text += f" / {transport} dport={random.randint(49, 53)}"
        if transport == "tcp":
            text += " flags=" + random.choice(("syn", "ack", "syn,ack"))
    return text + " / raw size=60"


def frame():
    sender = random.choice("be")
    to = random.choice([name for name in MACS if name != sender] + ["all"])
    dst = MACS.get(to, "ff:ff:ff:ff:ff:ff")
    text = f"eth src={MACS[sender]} dst={dst}"
    if random.random() < 0.2:
        text += f" vlan=5 prio={random.choice((0, 3))}"
    text += inner()
    return f"frame {sender} {forge.build(forge.parse(text)).hex()} {text}"


def main():
    seed, rounds, frames = sys.argv[1:]
    random.seed(seed)
    for number in range(int(rounds)):
        print("round", number + 1)
        for rule in rules():
            print("rule", rule)
        for _ in range(int(frames)):
            print(frame())


main()
