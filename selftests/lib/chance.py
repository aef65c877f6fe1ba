#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""chance.py SEED ROUNDS FRAMES

Random configurations of the switch of one_host (wire.sh), and random frames for
each. A round begins with a line `round N`; then come lines

    weft COMMAND
    frame FROM VNI TAG HEX FORGE

FROM is where the frame comes in, TAG the suffix by which wire.py tells of its
VLAN, HEX all of it, and FORGE the same in the words of forge.py.
"""

import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import forge  # noqa: E402

PORTS = {"pa": 100, "pb": 100, "pc": 100, "pd": 200}
PEERS = ("192.0.2.2", "192.0.2.3")
FLAGS = ("flood", "mcast_flood", "bcast_flood", "hairpin", "isolated")
MACS = ["02:00:00:00:00:%02x" % i for i in range(1, 7)]
relay = False
GROUPS = ("ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05", "33:33:00:00:00:05")


def on_off(chance):
    return "on" if random.random() < chance else "off"


def match():
    """Something that the frames below may or may not have."""
    return " ".join(random.sample([
        "src " + random.choice(MACS),
        random.choice(("dst " + random.choice(MACS), "cast unicast",
                       "cast multicast", "cast broadcast")),
        random.choice(("untagged", "vlan 5", "prio 3")),
        random.choice(("from 10.0.0.0/31", "proto udp", "proto tcp",
                       "proto udp dport 50-53", "proto tcp tcp-flags syn",
                       "type ipv6", "type 0x88b5", "frag any")),
        "port " + random.choice(list(PORTS))], random.choice((0, 1, 1, 2))))


def rules(scope):
    yield f"rule flush {scope}"
    for pref in random.sample(range(1, 50), random.choice((0, 0, 2, 5))):
        action = random.choice(("allow", "deny", "allow path vswitch"))
        yield f"rule add {scope} pref {pref} {match()} action {action}"


def entries(vni):
    for state in ("static", "learned"):
        yield f"map flush dev sw0 vni {vni} {state}"
    for mac in random.sample(MACS, 3):
        ports = [port for port in PORTS if PORTS[port] == vni]
        to = random.choice([f"port {port}" for port in ports] +
                           [f"peer {peer}" for peer in PEERS])
        yield f"map add {mac} vni {vni} dev sw0 {to}"
    for peer in PEERS:
        yield f"peer add {peer} dev sw0 vni {vni}"


def configuration():
    global relay
    relay = random.random() < 0.4
    for port in PORTS:
        words = [f"{flag} {on_off(0.8 if 'flood' in flag else 0.3)}"
                 for flag in FLAGS]
        yield f"port set {port} {' '.join(words)} vepa off"
    yield "segment set 100 dev sw0 relay-vtep none vepa off"
    if relay:
        yield "segment set 100 dev sw0 relay-vtep 192.0.2.3 vepa " + \
            random.choice(("on", "off", "rest"))
        yield "port set pa vepa " + on_off(0.5)
    yield f"segment set 100 dev sw0 learning {on_off(0.5)}"
    for vni in (100, 200):
        yield from entries(vni)
        yield from rules(f"dev sw0 vni {vni}")
    yield from rules("dev sw0")


def inner():
    """What is behind the Ethernet header."""
    kind = random.choice(("", "ip", "ip", "ip6"))
    if not kind:
        return ""
    text = f" / {kind}"
    if kind == "ip":
        text += f" src=10.0.0.{random.randint(0, 3)}"
    if random.random() < 0.2:
        text += random.choice((" frag=16 part=1", " frag=16 part=2"))
    transport = random.choice(("udp", "tcp"))
    text += f" / {transport} dport={random.randint(49, 54)}"
    if transport == "tcp":
        text += " flags=" + random.choice(("syn", "ack", "syn,ack"))
    return text + " / raw size=40"


def frame():
    # whether what comes from the relay has come back depends on the time
    place = random.choice(("a", "a", "b", "c", "d", "p2/100", "p2/200") +
                          (() if relay else ("p3/100",)))
    vni = int(place[3:]) if "/" in place else PORTS["p" + place]
    dst = random.choice(MACS + MACS + list(GROUPS))
    text = f"eth src={random.choice(MACS)} dst={dst}"
    rest, tag = inner(), ""
    if random.random() < 0.2:
        tag = ".5"
        text += f" vlan=5 prio={random.choice((0, 3))}"
    text += rest
    data = forge.build(forge.parse(text)).ljust(60, b"\0")
    return f"frame {place} {vni} {tag or '.'} {data.hex()} {text}"


def main():
    seed, rounds, frames = sys.argv[1:]
    random.seed(seed)
    for number in range(int(rounds)):
        print("round", number + 1)
        for command in configuration():
            print("weft", command)
        for _ in range(int(frames)):
            print(frame())


main()
