#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Requests that the kernel must refuse, each with an errno and a sentence, and
without changing anything. Prints lines as topics do.

badnl.py prepare SWITCH PORT [PF]    make what the others are about
badnl.py genl SWITCH PORT UPLINK     every attribute of every command
badnl.py dump SWITCH PORT UPLINK     attributes of dumps
badnl.py user SWITCH PORT UPLINK     without privilege
badnl.py link SWITCH PORT UPLINK     IFLA_WEFT_*
badnl.py fdb SWITCH PORT             attributes of bridge fdb
"""

import errno
import os
import socket
import struct
import sys

from weftnl import (
    AF_BRIDGE, ALL_HOSTS, NEEDED, NLA_F_NESTED, NLM_F_APPEND, NLM_F_CREATE,
    NLM_F_DUMP, NLM_F_EXCL, NLM_F_REPLACE, RTM_DELLINK, RTM_DELNEIGH,
    RTM_GETNEIGH, RTM_NEWLINK, RTM_NEWNEIGH, Family, Switch, attr, difference,
    fence_requests, host, ip, mac, prepare, requests, undo, vf_requests)


class Verdict:
    """Collects what went wrong, and prints it by topic."""

    def __init__(self, switch):
        self.switch = switch
        self.wrong = []
        self.count = 0
        self.before = switch.state()

    def refused(self, what, answer, sentence=True):
        """The request must have been refused, with a sentence."""
        self.count += 1
        if not answer.error:
            self.wrong.append(f"{what}: taken")
        elif sentence and not answer.text:
            self.wrong.append(f"{what}: {errno.errorcode[answer.error]} "
                              "without a sentence")

    def note(self, text):
        """Something is wrong, if there is a text."""
        if text:
            self.wrong.append(text)

    def end(self, what):
        """Also compare the state, and print."""
        self.note(difference(self.before, self.switch.state()))
        for line in self.wrong[:20]:
            print(f"  {line}")
        print(f"{'not ok' if self.wrong else 'ok'} - {what}: {self.count} "
              "refused, nothing changed")
        self.wrong, self.count = [], 0
        self.before = self.switch.state()


# --- the ways in which an attribute can be wrong ---

def wrong_lengths(one, value):
    """Bytes of the attribute that are too few or too many."""
    size = {"u8": 1, "u16": 2, "u32": 4, "u64": 8}.get(one.type)
    if size:
        return [bytes(n) for n in (0, 1, 2, 3, 4, 5, 6, 8, 9, 64)
                if n != size]
    if "exact-len" in one.checks:
        size = one.checks["exact-len"]
        return [b"\2" * n for n in (0, 1, size - 1, size + 1, 2 * size, 64)]
    if one.name == "data":
        return [bytes(n) for n in (1, 2, 3, 5, 15, 17, 125, 128, 256)]
    if one.type == "binary" and one.name != "frame":
        return [b"\12" * n for n in (0, 1, 3, 5, 8, 15, 17, 20, 64)]
    if one.name == "frame":
        return [value[:n] for n in (0, 1, 6, 13)] + [bytes(2049), bytes(9000)]
    if one.type == "nest":
        return [b"\1", b"\1\0", b"\4\0\1", b"\3\0\1\0", b"\0\0\0\0",
                b"\xff\0\1\0\0\0\0\0"]
    return []


def out_of_range(family, one):
    """Values of the attribute that are below or above what it can be."""
    values = []
    if "min" in one.checks:
        values.append(one.checks["min"] - 1)
    limit = {"u8": 0xff, "u16": 0xffff, "u32": 0xffffffff,
             "u64": 0xffffffffffffffff}.get(one.type, 0)
    top = one.checks.get("max")
    if one.enum:
        top = family.enum_max(one.enum)
    if top is not None:
        values += [top + 1, limit]
    if one.type == "u32" and one.name in ("port", "ifindex", "group-dev",
                                          "flush-port"):
        values += [0x7ffffffe, limit]
    if one.name == "flush-port":
        values.append(0)
    return values


def unlikely_addresses(one):
    """Addresses that are well formed, but nobody's."""
    if one.name == "mac" and one.type == "binary":
        return [b"\1\0\0\0\0\1"]
    if one.name == "lladdr" or one.name == "gateway-lladdr":
        return [b"\1\0\0\0\0\1", b"\xff" * 6]
    if one.name == "ip":
        return [ip(text) for text in ("0.0.0.0", "255.255.255.255", "::",
                                      "224.0.0.1", "ff02::1")] + \
            [bytes(6), mac(1), ALL_HOSTS, GROUP]
    if one.name == "group":
        return [ip("10.0.0.1"), ip("fd00::1"), mac(1), GROUP]
    if one.name == "gateway":
        return [ip("224.0.0.1"), ip("ff02::1"), ip("255.255.255.255"),
                bytes(6), mac(1), ALL_HOSTS]
    if one.name in ("gateway-vtep", "relay-vtep", "peer"):
        return [ip("224.0.0.1"), ip("ff02::1"), mac(1), ALL_HOSTS, GROUP]
    return []


class Mutator:
    """Makes wrong requests from a right one."""

    def __init__(self, family, values, op):
        self.family = family
        self.values = values
        self.op = op

    def bodies(self):
        """All (what, body)."""
        yield from self.walk("weft", self.values, "", lambda data: data)
        good = self.family.pack("weft", self.values)
        for tail in (b"\0", b"\0\0\0", b"\3\0\1\0", b"\xff\0\1\0"):
            yield "bytes after the last attribute", good + tail

    def walk(self, space, values, path, wrap):
        """Wrong bodies of a nest; wrap() puts the rest around its bytes."""
        pack = self.family.pack
        for i, (name, value) in enumerate(values):
            one = self.family.sets[space][name]
            before, after = values[:i], values[i + 1:]
            where = f"{path}{name}"

            def put(data, before=before, after=after):
                return wrap(pack(space, before) + data + pack(space, after))

            yield from self.single(one, value, where, put)
            if self.needed(space, name, values):
                yield f"{where} missing", put(b"")
            if one.type == "nest":
                kind = one.kind | NLA_F_NESTED

                def inside(data, kind=kind, put=put):
                    return put(attr(kind, data))

                yield from self.walk(one.nest, value, where + ".", inside)
        yield from self.strangers(space, values, path, wrap)

    def needed(self, space, name, values):
        """Can the request not do without?"""
        if space == "weft":
            return name == "dev" or \
                (name != "mode" and
                 self.op not in ("map-flush", "rule-replace"))
        if space == "dst":
            return True
        if space == "port-vlan":
            return name == "vni" and self.op in ("port-set", "port-new")
        # of several destinations one may be left
        return name in NEEDED.get(self.op, ()) and \
            [one for one, _ in values].count(name) == 1

    def single(self, one, value, where, put):
        """An attribute with wrong values, twice, and in the wrong form."""
        good = one.pack(self.family, value)
        flag = NLA_F_NESTED if one.type == "nest" else 0
        for data in wrong_lengths(one, good):
            yield f"{where} of {len(data)} bytes", \
                put(attr(one.kind | flag, data))
        for number in out_of_range(self.family, one):
            yield f"{where} {number}", \
                put(attr(one.kind, one.pack(self.family, number)))
        if self.op.endswith(("-new", "-set")):
            for data in unlikely_addresses(one):
                if (self.op, where) in LIKELY:
                    continue
                yield f"{where} {data.hex()}", put(attr(one.kind, data))
        if not one.multi or self.op not in MANY.get(one.name, ()):
            yield f"{where} twice", put(attr(one.kind | flag, good) * 2)
        yield f"{where} with the wrong flag for nests", \
            put(attr(one.kind | (flag ^ NLA_F_NESTED), good))
        length = 4 + len(good)
        for wrong in (0, 3, length + 64, 0xffff):
            yield f"{where} that says {wrong} bytes", \
                put(struct.pack("HH", wrong, one.kind | flag) + good +
                    bytes(-length % 4))

    def strangers(self, space, values, path, wrap):
        """Attributes that the request does not take, or nobody knows."""
        pack = self.family.pack
        attrs = self.family.sets[space]
        given = {name for name, _ in values}
        for one in attrs.values():
            if one.name in given or (self.op, path + one.name) in OPTIONAL:
                continue
            data = {"u8": bytes(1), "u16": bytes(2), "u32": b"\1\0\0\0",
                    "u64": bytes(8), "string": b"x\0"}.get(one.type, b"")
            if "exact-len" in one.checks:
                data = mac(1)
            elif one.type == "binary":
                data = ip("10.0.0.9")
            flag = NLA_F_NESTED if one.type == "nest" else 0
            yield f"{path}{one.name}, which it does not take", \
                wrap(pack(space, values) + attr(one.kind | flag, data))
        for kind in (0, len(attrs) + 1, 200, 0x3fff):
            yield f"{path}attribute {kind}", \
                wrap(pack(space, values) + attr(kind, bytes(4)))


# Attributes that may be there many times, and where
MANY = {
    "map": ("map-new", "map-del"),
    "vlan": ("port-set", "port-del", "port-new"),
    "mac": ("port-set", "port-new"), "dst": ("map-new", "map-del"),
    "rule": ("rule-replace",), "ip": ("map-new", "map-del"), "vni": ("peer-new", "peer-set", "peer-del"),
}

# A multicast group that is not all hosts
GROUP = b"\1\0\x5e\0\0\1"

# Addresses that look unlikely but are taken: a map entry may be a group's
LIKELY = {("map-new", "map.mac")}

# What a request takes though the right one has it not
OPTIONAL = {("map-del", "map.ip"), ("port-new", "port.vlan.vid"),
            ("port-set", "port.vlan.vid"),
            ("segment-new", "segment.option"),
            ("segment-set", "segment.option")}


def mutate(switch, wanted, verdict, of=""):
    """Every attribute of these commands."""
    family = switch.family
    for op, values, back in wanted:
        values = switch.with_dev(values)
        for what, body in Mutator(family, values, op).bodies():
            verdict.refused(f"{op}: {what}", family.raw(op, 0, body))
        verdict.note(difference(verdict.before, switch.state()))
        answer = family.do(op, 0, values)
        if answer.error:
            verdict.note(f"{op}: the right one is refused too: "
                         f"{os.strerror(answer.error)}: {answer.text}")
        verdict.note(undo(switch, back))
        verdict.end(op + of)


def check_genl(switch, port, uplink):
    """Every attribute of every command."""
    verdict = Verdict(switch)
    mutate(switch, requests(switch, port, uplink), verdict)
    check_objects(switch, port, uplink, verdict)
    check_heads(switch, verdict)
    check_fences(switch, uplink)


def nobody(port):
    """Requests about what is not there, or not any more possible."""
    other = socket.if_nametoindex("lo")
    peer, vni = ("ip", ip("192.0.2.2")), ("vni", 999)
    index = socket.if_nametoindex(port)
    entry = [("vni", 100), ("mac", mac(0x10))]
    return [
        ("no switch", "stats-get", [("dev", other)]),
        ("no device", "stats-get", [("dev", 9999)]),
        ("no segment", "segment-del", [("segment", [vni])]),
        ("no segment", "segment-set", [("segment", [vni])]),
        ("no segment", "segment-get", [("segment", [vni])]),
        ("segment exists", "segment-new", [("segment", [("vni", 100)])]),
        ("VNI 0", "segment-new", [("segment", [("vni", 0)])]),
        ("VNI 2^24", "segment-new", [("segment", [("vni", 1 << 24)])]),
        ("gateway without MAC", "segment-new", [("segment", [
            ("vni", 500), ("gateway", ip("10.0.0.1"))])]),
        ("MAC without gateway", "segment-new", [("segment", [
            ("vni", 500), ("gateway-lladdr", mac(1))])]),
        ("device without group", "segment-new", [("segment", [
            ("vni", 500), ("group-dev", 1)])]),
        ("MTU 67", "segment-new", [("segment", [("vni", 500),
                                                   ("mtu", 67)])]),
        ("no port", "port-get", [("port", [("ifindex", other)])]),
        ("no segment", "port-set", [("port", [("ifindex", index),
                                                 ("vlan", [vni])])]),
        ("another VLAN", "port-set", [("port", [
            ("ifindex", index), ("vlan", [("vni", 100), ("vid", 7)])])]),
        ("not in it", "port-del", [("port", [
            ("ifindex", index), ("vlan", [("vni", 200)])])]),
        ("a VLAN that is none", "port-del", [("port", [
            ("ifindex", index), ("vlan", [])])]),
        ("any and one", "port-set", [("port", [
            ("ifindex", index), ("mac", bytes(6)), ("mac", mac(1))])]),
        ("65 addresses", "port-set", [("port", [
            ("ifindex", index)] + [("mac", mac(i)) for i in range(65)])]),
        ("entry exists", "map-new", [("mode", 1), ("map", entry + [
            ("dst", [peer_dst()])])]),
        ("another destination", "map-new", [("map", entry + [
            ("dst", [("peer", ip("192.0.2.3"))])])]),
        ("a destination twice", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)), ("dst", [peer_dst()]),
            ("dst", [peer_dst()])])]),
        ("a group as peer", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)),
            ("dst", [("peer", ip("239.1.1.1"))])])]),
        ("own address as peer", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)),
            ("dst", [("peer", ip("192.0.2.1"))])])]),
        ("a learned one", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)), ("dst", [peer_dst()]),
            ("state", 0)])]),
        ("an address of a group", "map-new", [("map", [
            ("vni", 100), ("mac", b"\1\0\0\0\0\1"), ("dst", [peer_dst()]),
            ("ip", ip("10.0.0.1"))])]),
        ("an address of another", "map-new", [("mode", 1), ("map", [
            ("vni", 100), ("mac", mac(0x99)), ("dst", [peer_dst()]),
            ("ip", ip("10.0.0.98")), ("ip", ip("10.0.0.10"))])]),
        ("one destination of two", "map-new", [("mode", 1), ("map", [
            ("vni", 100), ("mac", mac(0x99)),
            ("dst", [("peer", ip("192.0.2.98"))]),
            ("dst", [("port", other)])])]),
        ("append what is there", "map-new", [("mode", 3), ("map", entry + [
            ("dst", [peer_dst()])])]),
        ("append", "neigh-new", [("mode", 3), ("neigh", [
            ("vni", 100), ("ip", ip("10.0.0.99")), ("mac", mac(1))])]),
        ("replace", "peer-new", [("mode", 2), ("peer", [peer])]),
        ("no entry", "map-del", [("map", [("vni", 100),
                                             ("mac", mac(0x99))])]),
        ("no such destination", "map-del", [("map", entry + [
            ("dst", [("peer", ip("192.0.2.3"))])])]),
        ("another state", "map-del", [("map", entry + [("state", 1)])]),
        ("no peer", "map-flush", [("map", [
            ("flush-peer", ip("192.0.2.99"))])]),
        ("no port", "map-flush", [("map", [("flush-port", other)])]),
        ("no neighbour", "neigh-del", [("neigh", [
            ("vni", 100), ("ip", ip("10.9.9.9"))])]),
        ("neighbour exists", "neigh-new", [("mode", 1), ("neigh", [
            ("vni", 100), ("ip", ip("10.0.0.10")), ("mac", mac(1))])]),
        ("no peer", "peer-del", [("peer", [("ip", ip("192.0.2.99"))])]),
        ("peer exists", "peer-new", [("mode", 1), ("peer", [peer])]),
        ("not flooded", "peer-del", [("peer", [peer, ("vni", 200)])]),
        ("one of two segments", "peer-set", [("peer", [
            peer, ("vni", 200), vni])]),
        ("by two ways", "trace-get", [("trace", [
            ("port", index), ("peer", ip("192.0.2.2")), ("vni", 100),
            ("frame", bytes(60))])]),
        ("by none", "trace-get", [("trace", [("frame", bytes(60))])]),
        # the switch has no fence address
        ("fence", "segment-new", [("segment", [("vni", 500), ("encap", 3)])]),
        ("fence", "segment-set", [("segment", [("vni", 100),
                                               ("encap", 3)])]),
        ("all hosts on the link", "segment-set", [("segment", [
            ("vni", 100), ("group", ALL_HOSTS)])]),
        ("a gateway on the link", "segment-set", [("segment", [
            ("vni", 100), ("gateway-vtep", host(2))])]),
        ("a host on the link", "peer-new", [("peer", [("ip", host(2))])]),
        ("a host on the link", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)), ("dst", [("peer", host(2))])])]),
        ("a host on the link", "map-flush", [("map", [
            ("flush-peer", host(2))])]),
        ("fence with an IP peer", "peer-set", [("peer", [peer,
                                                         ("encap", 3)])]),
        ("MAC for an IP address", "map-new", [("map", [
            ("vni", 100), ("mac", mac(0x99)), ("dst", [peer_dst()]),
            ("ip", mac(1))])]),
        ("MAC for an IP address", "neigh-get", [("neigh", [
            ("vni", 100), ("ip", mac(1))])]),
    ]


def no_fence(uplink):
    """The same where there is a fence address: see fence_requests()."""
    under = socket.if_nametoindex(uplink)
    fence, vxlan, known = ("vni", 10), ("vni", 20), ("ip", host(2))
    return [(what, op, [(nest, values)]) for what, op, nest, values in (
        ("another installation", "peer-new", "peer", [("ip", host(2, 2))]),
        ("own address", "peer-new", "peer", [("ip", host(1))]),
        ("no local address", "peer-new", "peer", [("ip", ip("192.0.2.2"))]),
        ("peer exists", "peer-new", "peer", [known, ("state", 1)]),
        ("a MAC address for one", "peer-set", "peer", [
            known, ("lladdr", bytes(6))]),
        ("VXLAN without IP", "peer-set", "peer", [known, ("encap", 0)]),
        ("VXLAN without IP", "peer-new", "peer", [
            ("ip", host(3)), ("encap", 0)]),
        ("all hosts", "peer-set", "peer", [("ip", ALL_HOSTS),
                                           ("limit", 9)]),
        ("all hosts elsewhere", "peer-set", "peer", [("ip", ALL_HOSTS),
                                                     vxlan]),
        ("all hosts of one", "peer-del", "peer", [("ip", ALL_HOSTS), fence]),
        ("all hosts", "peer-del", "peer", [("ip", ALL_HOSTS)]),
        ("all hosts", "peer-get", "peer", [("ip", ALL_HOSTS)]),
        ("all hosts", "map-flush", "map", [("flush-peer", ALL_HOSTS)]),
        ("all hosts", "map-new", "map", [
            fence, ("mac", mac(0x99)), ("dst", [("peer", ALL_HOSTS)])]),
        ("another installation", "map-new", "map", [
            fence, ("mac", mac(0x99)), ("dst", [("peer", host(2, 2))])]),
        ("own address", "map-new", "map", [
            fence, ("mac", mac(0x99)), ("dst", [("peer", host(1))])]),
        ("own address", "segment-set", "segment", [
            fence, ("gateway-vtep", host(1))]),
        ("all hosts by VXLAN", "segment-set", "segment", [
            vxlan, ("group", ALL_HOSTS)]),
        ("to VXLAN with all hosts", "segment-set", "segment", [
            fence, ("encap", 0), ("group", ALL_HOSTS)]),
        ("a group of IP", "segment-set", "segment", [
            fence, ("group", ip("239.1.1.1"))]),
        ("a group of IP", "segment-new", "segment", [
            ("vni", 500), ("encap", 3), ("group", ip("ff02::1:1"))]),
        ("all hosts by a device", "segment-set", "segment", [
            fence, ("group", ALL_HOSTS), ("group-dev", under)]),
        ("a device", "segment-set", "segment", [fence, ("group-dev", under)]),
        ("a device without group", "segment-set", "segment", [
            fence, ("group", bytes(6)), ("group-dev", under)]),
        ("an option", "segment-set", "segment", [fence, ("option", [
            ("class", 0x102), ("type", 1), ("data", bytes(4))])]),
        ("an option", "segment-new", "segment", [
            ("vni", 500), ("encap", 3), ("option", [
                ("class", 0x102), ("type", 1)])]))]


def check_fences(switch, uplink):
    """A switch with a fence address."""
    route, family = switch.route, switch.family
    made = route.ask(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
                     link_message("fenced", 0, attr(16, host(1))))
    fenced = Switch("fenced", family)
    verdict = Verdict(fenced)
    verdict.note(made.text)
    verdict.note(undo(fenced, [
        ("segment-new", [("segment", [("vni", 10), ("encap", 3)])]),
        ("segment-new", [("segment", [("vni", 20)])]),
        ("peer-new", [("peer", [("ip", host(2)), ("vni", 10)])])]))
    verdict.before = fenced.state()
    mutate(fenced, fence_requests(), verdict, " of fences")
    for what, op, values in no_fence(uplink):
        verdict.refused(f"{op}: {what}", family.do(
            op, 0, fenced.with_dev(values)))
        verdict.note(difference(verdict.before, fenced.state()))
        verdict.before = fenced.state()
    verdict.refused("none, but a segment needs it", route.ask(
        RTM_NEWLINK, 0, link_message(None, fenced.dev, attr(16, bytes(6)))))
    verdict.refused("that of another", route.ask(
        RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
        link_message("bad0", 0, attr(16, host(1)))))
    verdict.end("objects of fences that are not there, or in the way")
    route.ask(RTM_DELLINK, 0, struct.pack("BxHiII", 0, 0, fenced.dev, 0, 0))


def nobodys_vf(switch, port, uplink):
    """The same about VFs."""
    if not vf_requests(switch, uplink):
        return []
    nic, index = socket.if_nametoindex(uplink), socket.if_nametoindex(port)
    vlan, one = ("vlan", [("vni", 100)]), ("mac", mac(0x55))
    free = [("ifindex", nic), ("vf", 1)]
    return [(what, op, [("port", values)]) for what, op, values in (
        ("VF is a port", "port-new", [("ifindex", nic), ("vf", 0), vlan, one]),
        ("no such VF", "port-new", [("ifindex", nic), ("vf", 999), vlan,
                                    one]),
        ("no NIC", "port-new", [("ifindex", index), ("vf", 1), vlan, one]),
        ("no device", "port-new", [("ifindex", 9999), ("vf", 1), vlan, one]),
        ("no MAC", "port-new", free + [vlan]),
        ("any MAC", "port-new", free + [vlan, ("mac", bytes(6))]),
        ("no segment", "port-new", free + [("vlan", [("vni", 999)]), one]),
        ("a VLAN", "port-new", free + [
            ("vlan", [("vni", 100), ("vid", 7)]), one]),
        ("two segments", "port-new", free + [
            vlan, ("vlan", [("vni", 200)]), one]),
        ("another's MAC", "port-new", free + [vlan, ("mac", mac(0x50))]),
        ("VF is no port", "port-set", free + [vlan, one]),
        ("VF is no port", "port-del", free),
        ("VF is no port", "port-get", free),
        ("any MAC", "port-set", [("ifindex", nic), ("vf", 0),
                                 ("mac", bytes(6))]),
        ("another's MAC", "port-set", [("ifindex", nic), ("vf", 0),
                                       ("mac", mac(0x10))]))]


def peer_dst():
    """A peer as destination."""
    return ("peer", ip("192.0.2.2"))


def check_objects(switch, port, uplink, verdict):
    """What is not there."""
    for what, op, values in nobody(port) + nobodys_vf(switch, port, uplink):
        if values[0][0] != "dev":
            values = switch.with_dev(values)
        verdict.refused(f"{op}: {what}", switch.family.do(op, 0, values))
    verdict.end("objects that are not there, or in the way")
    answer = switch.family.do("segment-new", 0, switch.with_dev(
        [("segment", [("vni", 0)])]))
    if answer.error != errno.ERANGE or not answer.text:
        verdict.note(f"VNI 0: {answer.error} {answer.text}")
    verdict.end("VNI 0")


def check_heads(switch, verdict):
    """Headers of generic netlink."""
    family = switch.family
    body = family.pack("weft", switch.with_dev([]))
    for op in (0, len(family.ops) + 1, 255):
        verdict.refused(f"command {op}", family.raw(op, 0, body), False)
    for name, op in family.ops.items():
        if "notify" in op or "event" in op:
            verdict.refused(f"command {name}", family.raw(name, 0, body),
                            False)
    verdict.refused("reserved bits", family.raw("stats-get", 0, body, 1, 1),
                    False)
    for flag in (NLM_F_REPLACE, NLM_F_EXCL, NLM_F_CREATE, NLM_F_APPEND):
        verdict.refused(f"flag {flag:x}", family.raw("stats-get", flag, body))
    verdict.end("headers")


def check_dump(switch, port, uplink):
    """Attributes of dumps."""
    del port, uplink
    family, verdict = switch.family, Verdict(switch)
    pack = family.pack
    for op in ("segment-get", "port-get", "map-get", "neigh-get",
               "peer-get"):
        dev = family.sets["weft"]["dev"]
        bodies = [("no switch", b""), ("lo", pack("weft", [("dev", 1)])),
                  ("another", pack("weft", [("dev", 9999)])),
                  ("0", pack("weft", [("dev", 0)])),
                  ("dev twice", pack("weft", [("dev", switch.dev)] * 2)),
                  ("unknown", pack("weft", switch.with_dev([])) +
                   attr(200, bytes(4))),
                  ("tail", pack("weft", switch.with_dev([])) + b"\1\2\3")]
        bodies += [(f"dev of {n}", attr(dev.kind, bytes(n)))
                   for n in (0, 1, 3, 5, 8)]
        for what, body in bodies:
            verdict.refused(f"{op}: {what}", family.raw(op, NLM_F_DUMP, body))
    for what, values in (
            ("VNI 0", [("vni", 0)]), ("no segment", [("vni", 999)]),
            ("a MAC", [("vni", 100), ("mac", mac(1))]),
            ("a state", [("state", 2)]),
            ("twice", [("vni", 100), ("vni", 100)])):
        verdict.refused(f"map-get: {what}", family.dump(
            "map-get", switch.with_dev([("map", values)])))
    verdict.refused("nic-get is a dump", family.do("nic-get", 0, []), False)
    for op in ("stats-get", "trace-get", "map-new", "segment-del",
               "port-new"):
        verdict.refused(f"{op} is no dump", family.dump(
            op, switch.with_dev([])), False)
    verdict.end("dumps")
    check_interrupted(switch, verdict)
    verdict.end("dumps while something changes")


def check_interrupted(switch, verdict):
    """A dump during which something changes says so, and else is complete."""
    family = switch.family
    many = [("map", [("vni", 200), ("mac", bytes([2, 0, 0, 1, i >> 8,
                                                  i & 255])),
                     ("dst", [peer_dst()])]) for i in range(2000)]
    for i in range(0, 2000, 400):
        verdict.note(family.do("map-new", 0, switch.with_dev(
            many[i:i + 400])).text)
    found = switch.objects("map")
    if len(found) < 2000 or len(set(found)) != len(found):
        verdict.note("a dump without a change is not complete")
    other = Family()
    other.sock.send(other.id, NLM_F_DUMP, struct.pack(
        "BBH", other.ops["map-get"]["value"], 1, 0) +
        other.pack("weft", switch.with_dev([])))
    list(other.sock.datagram())
    family.do("map-del", 0, switch.with_dev([many[7]]))
    if not other.sock.collect().interrupted:
        verdict.note("a dump with a change is not interrupted")
    family.do("map-new", 0, switch.with_dev([many[7]]))
    for i in range(0, 2000, 400):
        verdict.note(family.do("map-del", 0, switch.with_dev(
            [("map", one[:2]) for _, one in many[i:i + 400]])).text)


def check_user(switch, port, uplink):
    """Who has no CAP_NET_ADMIN may look, and nothing more."""
    verdict = Verdict(switch)
    wanted = requests(switch, port, uplink)
    pipe, done = os.pipe()
    if not os.fork():
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        family = Family()
        for op, values, _ in wanted:
            error = family.do(op, 0, switch.with_dev(values)).error
            os.write(done, f"{op} {error}\n".encode())
        os._exit(0)
    os.close(done)
    with os.fdopen(pipe) as lines:
        results = [line.split() for line in lines]
    if len(results) != len(wanted):
        verdict.note("the other user did not finish")
    for op, error in results:
        looks = op.endswith("-get") and op != "trace-get"
        verdict.count += not looks
        if int(error) != (0 if looks else errno.EPERM):
            verdict.note(f"{op}: {errno.errorcode.get(int(error), 'taken')}")
    verdict.end("a user without privilege")


# --- rtnetlink ---

# IFLA_WEFT_*: type, a right value, wrong values
LINK = [
    ("local", 1, ip("192.0.2.1"), [ip("224.0.0.1"), ip("255.255.255.255")]),
    ("local6", 2, ip("2001:db8::1"), [ip("ff02::1")]),
    ("port", 3, b"\x12\xb5", [bytes(2)]),
    ("port-range", 4, b"\xc0\0\xff\xff", [b"\2\0\1\0", b"\0\0\1\0"]),
    ("ttl", 5, b"\x40", []),
    ("ttl-inherit", 6, b"\0", [b"\2", b"\xff"]),
    ("tos", 7, b"\x10", [b"\2", b"\3", b"\x11"]),
    ("df", 8, b"\1", [b"\3", b"\xff"]),
    ("udp-csum", 9, b"\1", [b"\2", b"\xff"]),
    ("udp-zero-csum6-tx", 10, b"\1", [b"\2", b"\xff"]),
    ("udp-zero-csum6-rx", 11, b"\1", [b"\2", b"\xff"]),
    ("fastpath", 12, b"\1", [b"\3", b"\xff"]),
    ("sources", 13, b"\1", [b"\2", b"\xff"]),
    ("limit", 14, b"\7\0\0\0", []),
    ("fence", 16, host(1), [b"\3" + host(1)[1:], ALL_HOSTS]),
]


def link_message(name, index, data):
    """A request to make (without index) or change a switch."""
    info = attr(1, b"weft\0") + attr(2 | NLA_F_NESTED, data)
    body = struct.pack("BxHiII", 0, 0, index, 0, 0)
    if name:
        body += attr(3, name.encode() + b"\0")
    return body + attr(18 | NLA_F_NESTED, info)


def link_bodies(uplink):
    """All (what, IFLA_INFO_DATA)."""
    right = {name: (kind, value) for name, kind, value, _ in LINK}
    under = struct.pack("I", socket.if_nametoindex(uplink))
    uplinks = attr(15 | NLA_F_NESTED, attr(1, under))
    rest = b"".join(attr(kind, value) for name, (kind, value) in
                    right.items() if name.startswith("local"))
    for name, kind, value, wrong in LINK:
        for data in wrong:
            yield f"{name} {data.hex()}", rest + attr(kind, data)
        for size in (0, 1, 2, 3, 4, 5, 6, 8, 15, 16, 17, 20, 64):
            if size != len(value):
                yield f"{name} of {size} bytes", attr(kind, b"\1" * size)
        yield f"{name} twice", attr(kind, value) * 2
        yield f"{name} too long for its place", \
            struct.pack("HH", 64 + len(value), kind) + value
    yield "TTL given and inherited", attr(5, b"\x40") + attr(6, b"\1")
    for kind in (0, 17, 18, 200, 0x3fff):
        yield f"attribute {kind}", rest + attr(kind, bytes(4))
    for what, inner in (
            ("uplink 0", attr(1, bytes(4))),
            ("uplink that is not there", attr(1, b"\x0f\x27\0\0")),
            ("uplink of 2 bytes", attr(1, bytes(2))),
            ("uplink of 8 bytes", attr(1, under * 2)),
            ("uplink twice", attr(1, under) * 2),
            ("uplink lo and a port", attr(1, b"\1\0\0\0") + attr(2, under)),
            ("17 uplinks", b"".join(attr(1, struct.pack("I", 1000 + i))
                                    for i in range(17)))):
        yield what, rest + attr(15 | NLA_F_NESTED, inner)
    yield "uplinks twice", rest + uplinks * 2
    yield "bytes after the last", rest + b"\1\2\3"


def check_link(switch, port, uplink):
    """IFLA_WEFT_*, for a new switch and for the one there is."""
    route, verdict = switch.route, Verdict(switch)
    for what, data in link_bodies(uplink):
        verdict.refused(f"new, {what}", route.ask(
            RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
            link_message("bad0", 0, data)))
    verdict.end("IFLA_WEFT_* of a new switch")
    for what, data in link_bodies(uplink):
        verdict.refused(f"change, {what}", route.ask(
            RTM_NEWLINK, 0, link_message(None, switch.dev, data)))
    taken = struct.pack("I", socket.if_nametoindex(port))
    verdict.refused("change, a port as uplink", route.ask(
        RTM_NEWLINK, 0, link_message(None, switch.dev, attr(
            15 | NLA_F_NESTED, attr(1, taken)))))
    own = struct.pack("I", switch.dev)
    verdict.refused("change, itself as uplink", route.ask(
        RTM_NEWLINK, 0, link_message(None, switch.dev, attr(
            15 | NLA_F_NESTED, attr(1, own)))))
    verdict.refused("new, another has the address", route.ask(
        RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
        link_message("bad0", 0, attr(1, ip("192.0.2.1")))))
    verdict.end("IFLA_WEFT_* of a switch that is there")
    for name, kind, value, _ in LINK:
        if name in ("local", "local6"):
            continue
        answer = route.ask(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
                           link_message("good0", 0, attr(kind, value)))
        if answer.error:
            verdict.note(f"{name}: the right one is refused too: "
                         f"{answer.text}")
        else:
            index = socket.if_nametoindex("good0")
            answer = route.ask(17, 0, struct.pack("BxHiII", 0, 0, index, 0,
                                                  0))
            verdict.note(answer.text)
    verdict.end("IFLA_WEFT_* in order")


# --- bridge fdb ---

NDA_DST, NDA_LLADDR, NDA_PORT, NDA_VNI, NDA_IFINDEX, NDA_SRC_VNI = \
    1, 2, 6, 7, 8, 11
NUD_PERMANENT, NTF_SELF = 0x80, 2


def fdb_message(switch, attrs, state=NUD_PERMANENT, flags=NTF_SELF):
    """A request about an entry of the switch."""
    return struct.pack("BxxxiHBB", AF_BRIDGE, switch.dev, state, flags, 0) + \
        b"".join(attr(kind, data) for kind, data in attrs)


def fdb_bodies(port):
    """All (what, attributes)."""
    lladdr, vni = (NDA_LLADDR, mac(0x99)), (NDA_SRC_VNI, b"\x64\0\0\0")
    dst = (NDA_DST, ip("192.0.2.2"))
    via = (NDA_IFINDEX, struct.pack("I", socket.if_nametoindex(port)))
    for size in (0, 1, 2, 3, 5, 6, 8, 15, 17, 32):
        yield f"dst of {size}", [lladdr, vni, (NDA_DST, b"\1" * size)]
    for size in (0, 1, 2, 3, 5, 8):
        yield f"src_vni of {size}", [lladdr, dst, (NDA_SRC_VNI,
                                                   b"\x64" * size)]
        yield f"vni of {size}", [lladdr, dst, vni, (NDA_VNI, b"\x64" * size)]
        yield f"via of {size}", [lladdr, vni, (NDA_IFINDEX, b"\1" * size)]
    for size in (0, 1, 5, 7, 12):
        yield f"lladdr of {size}", [(NDA_LLADDR, b"\2" * size), vni, dst]
    for value in (0, 1, 101, 1 << 24, 0xffffffff):
        yield f"src_vni {value}", [lladdr, dst, (NDA_SRC_VNI,
                                                 struct.pack("I", value))]
    yield "no lladdr", [vni, dst]
    yield "no src_vni", [lladdr, dst]
    yield "no destination", [lladdr, vni]
    yield "both", [lladdr, vni, dst, via]
    yield "port", [lladdr, vni, dst, (NDA_PORT, b"\x12\xb5")]
    for text in ("0.0.0.0", "255.255.255.255", "::", "239.1.1.1", "ff02::1",
                 "192.0.2.1"):
        yield f"dst {text}", [lladdr, vni, (NDA_DST, ip(text))]


def check_fdb(switch, port):
    """Attributes of bridge fdb."""
    route, verdict = switch.route, Verdict(switch)
    for what, attrs in fdb_bodies(port):
        body = fdb_message(switch, attrs)
        verdict.refused(f"add, {what}", route.ask(
            RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, body))
        verdict.refused(f"append, {what}", route.ask(
            RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND, body))
        # deleting needs no destination; but there is no such entry either
        verdict.refused(f"del, {what}", route.ask(RTM_DELNEIGH, 0, body))
        if "dst" in what or "via" in what or what in ("both", "port"):
            continue
        verdict.refused(f"get, {what}", route.ask(
            RTM_GETNEIGH, 0, fdb_message(
                switch, [one for one in attrs if one[0] != NDA_DST], 0)))
    for state in (0, 1, 4, 8, 0x10, 0x20, 0x40):
        verdict.refused(f"state {state}", route.ask(
            RTM_NEWNEIGH, NLM_F_CREATE, fdb_message(switch, [
                (NDA_LLADDR, mac(0x99)), (NDA_SRC_VNI, b"\x64\0\0\0"),
                (NDA_DST, ip("192.0.2.2"))], state)))
    verdict.end("attributes of bridge fdb")


def main():
    """See above."""
    what, name, *rest = sys.argv[1:]
    switch = Switch(name)
    if what == "fdb":
        check_fdb(switch, *rest)
        return
    {"genl": check_genl, "dump": check_dump, "user": check_user,
     "link": check_link}[what](switch, *rest)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(*sys.argv[2:])
    else:
        main()
