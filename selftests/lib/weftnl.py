# SPDX-License-Identifier: GPL-2.0
"""Raw netlink for tests: messages as wrong as one likes, and what the kernel
says to them. Attributes come from the YAML specification of the family, and
are written as a list of (name, value); a list of those is a nest, and a value
that is bytes goes as it is.
"""

import collections
import errno
import os
import socket
import struct
import subprocess
import time

import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SPEC = TOP + "/Documentation/netlink/specs/weft.yaml"

NETLINK_ROUTE, NETLINK_GENERIC = 0, 16
NLMSG_ERROR, NLMSG_DONE = 2, 3
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLM_F_REPLACE, NLM_F_EXCL = 0x100, 0x200
NLM_F_CREATE, NLM_F_APPEND = 0x400, 0x800
NLM_F_DUMP_INTR, NLM_F_ACK_TLVS = 0x10, 0x200
NLA_F_NESTED = 0x8000
SOL_NETLINK, CAP_ACK, EXT_ACK, STRICT_CHK = 270, 10, 11, 12
RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK = 16, 17, 18
RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH = 28, 29, 30
AF_BRIDGE = 7

SCALARS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q"}

Answer = collections.namedtuple("Answer", "error text replies interrupted")


def attr(kind, data):
    """An attribute."""
    length = 4 + len(data)
    return struct.pack("HH", length, kind) + data + bytes(-length % 4)


def attrs_of(data):
    """The (type, value) of attributes."""
    found = []
    while len(data) >= 4:
        length, kind = struct.unpack_from("HH", data)
        if length < 4:
            break
        found.append((kind & 0x3fff, data[4:length]))
        data = data[(length + 3) & ~3:]
    return found


def ip(text):
    """The bytes of an IP address."""
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


def mac(last):
    """The bytes of a MAC address with that last byte."""
    return b"\2\0\0\0\0" + bytes([last])


ALL_HOSTS = b"\xff" * 6


def host(last, installation=1):
    """The bytes of a fence address."""
    return b"\2\x57\x46" + bytes([installation, 0, last])


class Socket:
    """A netlink socket that is told everything about a refusal."""

    def __init__(self, protocol):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW,
                                  protocol)
        self.sock.bind((0, 0))
        self.sock.settimeout(60)
        for option in CAP_ACK, EXT_ACK, STRICT_CHK:
            self.sock.setsockopt(SOL_NETLINK, option, 1)
        self.seq = 0

    def send(self, kind, flags, body):
        """Send a request."""
        self.seq += 1
        self.sock.send(struct.pack("IHHII", 16 + len(body), kind,
                                   flags | NLM_F_REQUEST, self.seq, 0) + body)

    def datagram(self):
        """The messages of a datagram, as (type, flags, payload)."""
        data = self.sock.recv(1 << 17)
        while len(data) >= 16:
            length, kind, flags, seq, _ = struct.unpack_from("IHHII", data)
            if seq == self.seq:
                yield kind, flags, data[16:length]
            data = data[(length + 3) & ~3:]

    @staticmethod
    def sentence(kind, flags, payload):
        """What the kernel says of a refusal."""
        if not flags & NLM_F_ACK_TLVS:
            return ""
        for what, value in attrs_of(payload[20 if kind == NLMSG_ERROR else
                                            4:]):
            if what == 1:       # NLMSGERR_ATTR_MSG
                return value.rstrip(b"\0").decode()
        return ""

    def collect(self):
        """Take all answers to what was sent."""
        replies, interrupted = [], False
        while True:
            for kind, flags, payload in self.datagram():
                interrupted |= bool(flags & NLM_F_DUMP_INTR)
                if kind in (NLMSG_ERROR, NLMSG_DONE):
                    error, = struct.unpack_from("i", payload)
                    return Answer(-error,
                                  self.sentence(kind, flags, payload),
                                  replies, interrupted)
                replies.append(payload)

    def ask(self, kind, flags, body):
        """Send a request and take all answers."""
        self.send(kind, flags | (0 if flags & NLM_F_DUMP == NLM_F_DUMP else
                                 NLM_F_ACK), body)
        return self.collect()


class Attr(collections.namedtuple("Attr", "name kind type nest multi checks "
                                  "enum")):
    """An attribute of the specification."""

    def pack(self, family, value):
        """The bytes of a value."""
        if isinstance(value, (bytes, bytearray)):
            return bytes(value)
        if self.type == "nest":
            return family.pack(self.nest, value)
        if self.type == "flag":
            return b""
        if self.type == "string":
            return value.encode() + b"\0"
        return struct.pack(SCALARS[self.type], value)


class Family:
    """The family, as its specification has it."""

    def __init__(self):
        with open(SPEC, encoding="utf-8") as stream:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            self.spec = yaml.load(stream, Loader=loader)
        self.consts = {entry["name"]: entry
                       for entry in self.spec["definitions"]}
        self.sets = {one["name"]: self.read_set(one)
                     for one in self.spec["attribute-sets"]}
        self.ops = {op["name"]: dict(op, value=number) for number, op in
                    enumerate(self.spec["operations"]["list"], 1)}
        self.sock = Socket(NETLINK_GENERIC)
        self.id = self.resolve(self.spec["name"])

    def number(self, value):
        """A number, or the value of a constant."""
        return self.consts[value]["value"] if value in self.consts else value

    def read_set(self, one):
        """The attributes of a set by name."""
        attrs = {}
        for kind, item in enumerate(one["attributes"], 1):
            checks = {check: self.number(value)
                      for check, value in item.get("checks", {}).items()}
            attrs[item["name"]] = Attr(
                item["name"], kind, item["type"],
                item.get("nested-attributes"), item.get("multi-attr", False),
                checks, item.get("enum"))
        return attrs

    def enum_max(self, name):
        """The last value of an enumeration."""
        return len(self.consts[name]["entries"]) - 1

    def resolve(self, name):
        """The number of the family."""
        answer = self.sock.ask(16, 0, struct.pack("BBH", 3, 1, 0) +
                               attr(2, name.encode() + b"\0"))
        if answer.error:
            raise OSError(answer.error, f"family {name}")
        for kind, value in attrs_of(answer.replies[0][4:]):
            if kind == 1:
                return struct.unpack("H", value)[0]
        raise OSError(f"family {name} has no number")

    def pack(self, space, values):
        """The bytes of attributes."""
        data = b""
        for name, value in values:
            one = self.sets[space][name]
            flag = NLA_F_NESTED if one.type == "nest" else 0
            data += attr(one.kind | flag, one.pack(self, value))
        return data

    def raw(self, op, flags, body, version=1, reserved=0):
        """Send a request with attributes in bytes."""
        head = struct.pack("BBH", self.ops[op]["value"] if
                           isinstance(op, str) else op, version, reserved)
        return self.sock.ask(self.id, flags, head + body)

    def do(self, op, flags, values):
        """Send a request."""
        return self.raw(op, flags, self.pack("weft", values))

    def dump(self, op, values):
        """Send a request for a dump."""
        return self.do(op, NLM_F_DUMP, values)


# What differs between two looks at the same state.
VOLATILE = {
    "switch": {"stats", "limited", "moves", "reassembly"},
    "segment": {"stats", "fragments", "relayed"},
    "port": {"stats", "link"}, "map": {"age", "used", "hw"}, "neigh": {"age"},
    "peer": {"stats", "mtu", "nexthop", "nexthop-dev"},
    "rule": {"stats", "hw"},
}


class Switch:
    """A switch to ask about."""

    def __init__(self, name, family=None):
        self.family = family or Family()
        self.name = name
        self.dev = socket.if_nametoindex(name)
        self.route = Socket(NETLINK_ROUTE)

    def with_dev(self, values):
        """The values, of this switch."""
        return [("dev", self.dev)] + values

    def objects(self, kind):
        """All objects of a kind, without what is volatile."""
        sets = self.family.sets
        skip = {sets[kind][name].kind for name in VOLATILE[kind]}
        for _ in range(20):
            answer = self.family.dump(
                f"{kind}-get", [] if kind == "switch" else self.with_dev([]))
            if answer.error:
                raise OSError(answer.error, f"dump of {kind}: {answer.text}")
            if not answer.interrupted:
                break
            time.sleep(0.05)    # a table that grows does so for a moment
        else:
            raise OSError(errno.EINTR, f"dump of {kind}: interrupted")
        found = []
        for reply in answer.replies:
            for number, value in attrs_of(reply[4:]):
                if number == sets["weft"][kind].kind:
                    found.append(tuple(sorted(
                        one for one in attrs_of(value)
                        if one[0] not in skip)))
        return sorted(found)

    def link(self):
        """What rtnetlink tells of all switches."""
        body = struct.pack("BxHiII", 0, 0, 0, 0, 0) + \
            attr(18 | NLA_F_NESTED, attr(1, b"weft\0"))
        found = []
        for reply in self.route.ask(RTM_GETLINK, NLM_F_DUMP, body).replies:
            values = dict(attrs_of(reply[16:]))
            found.append((values.get(3), values.get(4), values.get(18)))
        return found

    def state(self):
        """All there is to know of the switch."""
        return [self.objects(kind) for kind in VOLATILE] + [self.link()]


def difference(before, after):
    """What differs between two states, in few words."""
    for kind, one, two in zip(list(VOLATILE) + ["link"], before, after):
        gone = [item for item in one if item not in two]
        new = [item for item in two if item not in one]
        if gone or new:
            return f"{kind}: gone {gone[:2]} new {new[:2]}"
    return ""


def vf_requests(switch, uplink):
    """The same about VFs, if the uplink is the PF of a NIC; VF 0 is a port."""
    index = socket.if_nametoindex(uplink)
    nics = switch.family.dump("nic-get", []).replies
    if not any((switch.family.sets["nic"]["ifindex"].kind,
                struct.pack("I", index)) in attrs_of(value)
               for reply in nics for _, value in attrs_of(reply[4:])):
        return []
    port, other = [("ifindex", index), ("vf", 0)], [("ifindex", index),
                                                    ("vf", 1)]
    vlan = ("vlan", [("vni", 100)])
    return [
        ("port-new", [("port", other + [
            vlan, ("mac", mac(0x51)), ("mac", mac(0x52)), ("limit", 3),
            ("learning", 0), ("flood", 0), ("mcast-flood", 0),
            ("bcast-flood", 0), ("hairpin", 1), ("isolated", 1), ("vepa", 0),
            ("relay", 0), ("rate", 1000000), ("burst", 5000)])],
         [("port-del", [("port", other)])]),
        ("port-set", [("port", port + [
            ("vlan", [("vni", 200)]), ("mac", mac(0x53)),
            ("mac", mac(0x54)), ("limit", 3), ("learning", 0), ("flood", 1),
            ("mcast-flood", 0), ("bcast-flood", 0), ("hairpin", 1),
            ("isolated", 1), ("vepa", 0), ("relay", 0), ("rate", 1000000),
            ("burst", 5000)])],
         [("port-set", [("port", port + [
             vlan, ("mac", mac(0x50)), ("limit", 0), ("learning", 1),
             ("flood", 0), ("mcast-flood", 1), ("bcast-flood", 1),
             ("hairpin", 0), ("isolated", 0), ("rate", 0)])])]),
        ("port-get", [("port", port)], []),
        ("port-del", [("port", port)],
         [("port-new", [("port", port + [vlan, ("mac", mac(0x50))])])]),
    ]


def requests(switch, port, uplink):
    """A request of each kind that the kernel takes, and what undoes it, as
    (command, values, [undo command and values]...).
    """
    index, under = socket.if_nametoindex(port), socket.if_nametoindex(uplink)
    config = [
        ("encap", 1), ("option", [("class", 0x102), ("type", 0x80),
                                  ("data", bytes(4))]), ("learning", 1), ("ageing", 10), ("suppress", 1),
        ("group", ip("239.1.1.1")), ("group-dev", under),
        ("gateway", ip("10.0.0.254")), ("gateway-lladdr", mac(0xfe)),
        ("mtu", 1400), ("limit", 5), ("gateway-vtep", ip("192.0.2.9")),
        ("vepa", 1), ("relay-vtep", ip("192.0.2.10")),
    ]
    plain = [
        ("encap", 0), ("option", []), ("learning", 1), ("ageing", 300), ("suppress", 0),
        ("group", ip("0.0.0.0")), ("gateway", ip("0.0.0.0")),
        ("mtu", 0), ("limit", 0), ("gateway-vtep", ip("0.0.0.0")),
        ("vepa", 0), ("relay-vtep", ip("0.0.0.0")),
    ]
    flags = [("limit", 3), ("learning", 0), ("flood", 0), ("mcast-flood", 0),
             ("bcast-flood", 0), ("hairpin", 1), ("isolated", 1),
             ("vepa", 0), ("relay", 0), ("rate", 1000000), ("burst", 5000),
             ("prio", 3)]
    unflags = [("limit", 0), ("learning", 1), ("flood", 1),
               ("mcast-flood", 1), ("bcast-flood", 1), ("hairpin", 0),
               ("isolated", 0), ("rate", 0), ("prio", 0)]
    rule = [("pref", 5), ("action", 0), ("port", index), ("src", mac(1)),
            ("src-mask", b"\xff" * 6), ("dst", mac(2)),
            ("dst-mask", b"\xff" * 6), ("type", b"\x08\0"), ("vid", 5),
            ("prio", 3), ("from", ip("10.0.0.0")), ("from-len", 24),
            ("to", ip("10.0.0.1")), ("to-len", 32), ("proto", 6),
            ("sport", 1), ("sport-max", 1023), ("dport", 22),
            ("dport-max", 23), ("dscp", 46), ("tcp-flags", 2),
            ("tcp-flags-mask", 18), ("cast", 0), ("frag", 0), ("via", 1),
            ("class", 1), ("rate", 1000000), ("burst", 5000),
            ("require", 1)]
    seven = [("vni", 100), ("pref", 7)]
    entry = [("vni", 100), ("mac", mac(0x77)),
             ("dst", [("peer", ip("192.0.2.77"))]), ("dst", [("port", index)]),
             ("state", 2), ("ip", ip("10.0.0.77")), ("ip", ip("fd00::77"))]
    peer = [("ip", ip("192.0.2.88")), ("lladdr", mac(0x88)), ("vni", 100),
            ("vni", 200), ("state", 2), ("limit", 7), ("encap", 2)]
    known = [("vni", 100), ("mac", mac(0x10))]
    frame = b"\xff" * 6 + mac(1) + b"\x88\xb5" + bytes(46)
    neigh = [("vni", 100), ("ip", ip("10.0.0.78")), ("mac", mac(0x78)),
             ("state", 1)]
    return [
        ("switch-get", [], []),
        ("segment-new", [("segment", [("vni", 500)] + config)],
         [("segment-del", [("segment", [("vni", 500)])])]),
        ("segment-set", [("segment", [("vni", 100)] + config)],
         [("segment-set", [("segment", [("vni", 100)] + plain)])]),
        ("segment-get", [("segment", [("vni", 100)])], []),
        ("port-set", [("port", [
            ("ifindex", index), ("vlan", [("vid", 5), ("vni", 200)]),
            ("mac", mac(1)), ("mac", mac(2))] + flags)],
         [("port-set", [("port", [("ifindex", index),
                                  ("mac", bytes(6))] + unflags)]),
          ("port-del", [("port", [("ifindex", index), ("vlan", [
              ("vid", 5), ("vni", 200)])])])]),
        ("port-del", [("port", [("ifindex", index), ("vlan", [
            ("vid", 9), ("vni", 300)])])],
         [("port-set", [("port", [("ifindex", index), ("vlan", [
             ("vid", 9), ("vni", 300)])])])]),
        ("port-get", [("port", [("ifindex", index)])], []),
        ("map-new", [("map", entry), ("mode", 1)],
         [("map-del", [("map", entry[:2] + entry[5:])])]),
        ("map-del", [("map", known + [
            ("dst", [("peer", ip("192.0.2.2"))]), ("state", 2)])],
         [("map-new", [("map", known + [
             ("dst", [("peer", ip("192.0.2.2"))])])])]),
        ("map-get", [("map", known)], []),
        ("map-flush", [("map", [("vni", 100), ("state", 0),
                                ("flush-port", index)])], []),
        ("neigh-new", [("neigh", neigh), ("mode", 1)],
         [("neigh-del", [("neigh", neigh[:2])])]),
        ("neigh-del", [("neigh", [("vni", 100), ("ip", ip("10.0.0.10"))])],
         [("neigh-new", [("neigh", [
             ("vni", 100), ("ip", ip("10.0.0.10")), ("mac", mac(0x10))])])]),
        ("neigh-get", [("neigh", [("vni", 100), ("ip", ip("10.0.0.10"))])],
         []),
        ("peer-new", [("peer", peer), ("mode", 1)],
         [("peer-del", [("peer", peer[:1])])]),
        ("peer-set", [("peer", [
            ("ip", ip("192.0.2.3")), ("lladdr", mac(0x33)), ("vni", 200),
            ("state", 2), ("limit", 9), ("encap", 1)])],
         [("peer-set", [("peer", [("ip", ip("192.0.2.3")),
                                  ("lladdr", bytes(6)), ("limit", 0),
                                  ("encap-segment", True)])]),
          ("peer-del", [("peer", [("ip", ip("192.0.2.3")),
                                  ("vni", 200)])])]),
        ("peer-del", [("peer", [("ip", ip("192.0.2.2")), ("vni", 100)])],
         [("peer-new", [("peer", [("ip", ip("192.0.2.2")),
                                  ("vni", 100)])])]),
        ("peer-get", [("peer", [("ip", ip("192.0.2.2"))])], []),
        ("rule-new", [("rule", [("vni", 100)] + rule), ("mode", 1)],
         [("rule-del", [("rule", [("vni", 100), ("pref", 5)])])]),
        ("rule-del", [("rule", seven)],
         [("rule-new", [("rule", seven + [("action", 1)])])]),
        ("rule-get", [("rule", seven)], []),
        ("rule-replace", [("rules", [("vni", 200)]), ("rule", rule),
                          ("rule", [("pref", 6)] + rule[1:])],
         [("rule-replace", [("rules", [("vni", 200)])])]),
        ("stats-get", [], []),
        ("trace-get", [("trace", [("port", index), ("frame", frame)])],
         []),
        ("trace-get", [("trace", [("peer", ip("192.0.2.2")), ("vni", 100),
                                  ("frame", frame)])], []),
        ("segment-del", [("segment", [("vni", 400)])],
         [("segment-new", [("segment", [("vni", 400)])])]),
    ] + vf_requests(switch, uplink)


def fence_requests():
    """The same about a switch with the fence address host(1), segment 10 of
    fence and 20 of VXLAN, and the peer host(2) in segment 10.
    """
    config = [
        ("encap", 3), ("learning", 1), ("ageing", 10), ("suppress", 1),
        ("group", ALL_HOSTS), ("gateway", ip("10.0.0.254")),
        ("gateway-lladdr", mac(0xfe)), ("mtu", 9000), ("limit", 5),
        ("gateway-vtep", host(9)), ("vepa", 1), ("relay-vtep", host(10)),
    ]
    plain = [
        ("ageing", 300), ("suppress", 0), ("gateway", ip("0.0.0.0")),
        ("mtu", 0), ("limit", 0), ("gateway-vtep", bytes(6)), ("vepa", 0),
        ("relay-vtep", bytes(6)),
    ]
    entry = [("vni", 10), ("mac", mac(0x77)), ("dst", [("peer", host(7))]),
             ("state", 2), ("ip", ip("10.0.0.77"))]
    frame = ALL_HOSTS + mac(1) + b"\x88\xb5" + bytes(46)
    return [
        ("segment-new", [("segment", [("vni", 500)] + config)],
         [("segment-del", [("segment", [("vni", 500)])])]),
        ("segment-set", [("segment", [("vni", 10)] + config)],
         [("segment-set", [("segment", [("vni", 10)] + plain)])]),
        ("map-new", [("map", entry), ("mode", 1)],
         [("map-del", [("map", entry[:2] + entry[4:])])]),
        ("map-flush", [("map", [("vni", 10), ("state", 0),
                                ("flush-peer", host(2))])], []),
        ("peer-new", [("peer", [
            ("ip", host(8)), ("vni", 10), ("state", 2), ("limit", 7),
            ("encap", 3)]), ("mode", 1)],
         [("peer-del", [("peer", [("ip", host(8))])])]),
        ("peer-set", [("peer", [
            ("ip", host(2)), ("vni", 20), ("state", 2), ("limit", 9),
            ("encap", 3)])],
         [("peer-set", [("peer", [("ip", host(2)), ("limit", 0),
                                  ("encap-segment", True)])]),
          ("peer-del", [("peer", [("ip", host(2)), ("vni", 20)])])]),
        ("peer-del", [("peer", [("ip", host(2)), ("vni", 10)])],
         [("peer-new", [("peer", [("ip", host(2)), ("vni", 10)])])]),
        ("peer-get", [("peer", [("ip", host(2))])], []),
        ("trace-get", [("trace", [("peer", host(2)), ("vni", 10),
                                  ("frame", frame)])], []),
    ]


# What a request cannot do without, beside dev: the nest, and in it.
NEEDED = {
    "segment-new": ["vni"], "segment-set": ["vni"], "segment-del": ["vni"],
    "segment-get": ["vni"], "port-set": ["ifindex"],
    "port-new": ["ifindex", "vf"],
    "port-del": ["ifindex"], "port-get": ["ifindex"],
    "map-new": ["vni", "mac", "dst"], "map-del": ["vni", "mac"],
    "map-get": ["vni", "mac"], "neigh-new": ["vni", "ip", "mac"],
    "neigh-del": ["vni", "ip"], "neigh-get": ["vni", "ip"],
    "peer-new": ["ip"], "peer-set": ["ip"], "peer-del": ["ip"],
    "rule-new": ["pref", "action"], "rule-del": ["pref"],
    "rule-get": ["pref"], "rule-replace": ["pref", "action"],
    "peer-get": ["ip"], "trace-get": ["port", "frame", "peer", "vni"],
}

TOPOLOGY = """
segment add 100 dev {sw}
segment add 200 dev {sw}
segment add 300 dev {sw}
segment add 400 dev {sw}
peer add 192.0.2.2 dev {sw} vni 100
peer add 192.0.2.3 dev {sw} vni 100
map add 02:00:00:00:00:10 vni 100 dev {sw} peer 192.0.2.2 ip 10.0.0.10
map add 02:00:00:00:00:11 vni 100 dev {sw} peer 192.0.2.2 peer 192.0.2.3
port set {port} vni 100 vni 300 vlan 9
map add 02:00:00:00:00:12 vni 100 dev {sw} port {port} controller
rule add dev {sw} vni 100 pref 7 action deny
"""


VF_TOPOLOGY = """
port add {pf} vf 0 dev {sw} vni 100 mac 02:00:00:00:00:50
"""


def prepare(switch, port, pf=None):
    """Make what the requests are about; @pf is a PF that the switch has."""
    topology = TOPOLOGY + (VF_TOPOLOGY if pf else "")
    subprocess.run(["weft", "-b", "-"], check=True, text=True,
                   input=topology.format(sw=switch, port=port, pf=pf))


def undo(switch, steps):
    """Take back what a request has done. Returns what went wrong."""
    for op, values in steps:
        answer = switch.family.do(op, 0, switch.with_dev(values))
        if answer.error:
            return f"undo {op}: {os.strerror(answer.error)}: {answer.text}"
    return ""
