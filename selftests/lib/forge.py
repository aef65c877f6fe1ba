#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""forge.py DEV

Send the frames that the standard input describes, one a line, by a device. A
line `sync` is answered when all before it have been sent.

A line is a number of layers between slashes, from the outside in, each a name
and settings:

    eth src=02::1 dst=02::2 / ip src=192.0.2.2 dst=192.0.2.1 tos=3 /
        udp dport=4789 / vxlan vni=100 / eth ... / ip ... / udp / raw size=100

Lengths, types and checksums are made to fit, unless a setting says otherwise.
A value `1..5` stands for a frame with each of these values. Every layer takes
cut=N: only the first N bytes of it and of what is in it; the layers around it
fit that. A line may begin with a number and `*`: that many of each. An IP
layer with frag=N part=1..2 is sent in two fragments, N bytes in the first.
"""

import itertools
import re
import socket
import struct
import sys


def csum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def mac(text):
    return bytes(int(byte, 16) for byte in text.split(":"))


def address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


class Layer:
    def __init__(self, words):
        self.name = words[0]
        self.values = dict(word.split("=", 1) for word in words[1:])

    def get(self, key, default):
        value = self.values.get(key)
        return default if value is None else int(value, 0)

    def text(self, key, default):
        return self.values.get(key, default)


def eth(layer, payload, inner, _):
    types = {"ip": 0x0800, "ip6": 0x86DD, "arp": 0x0806, "fence": 0x88DE}
    kind = layer.get("type", types.get(inner, 0x88B5))
    head = mac(layer.text("dst", "02:00:00:00:00:02"))
    head += mac(layer.text("src", "02:00:00:00:00:01"))
    if "vlan" in layer.values:
        head += struct.pack("!HH", 0x8100, layer.get("vlan", 0) |
                            layer.get("prio", 0) << 13)
    return head + struct.pack("!H", kind) + payload


def part(layer, payload):
    """That of a fragmented packet, its offset, and whether more follow."""
    at = layer.get("frag", 0)
    if not at:
        return payload, layer.get("offset", 0), layer.get("mf", 0)
    if layer.get("part", 1) == 1:
        return payload[:at], 0, 1
    return payload[at:], at, 0


def ip4(layer, payload, inner, _):
    options = bytes.fromhex(layer.text("options", ""))
    hlen = 20 + len(options)
    payload, offset, more = part(layer, payload)
    frag = offset // 8 | layer.get("df", 0) << 14 | more << 13
    head = struct.pack(
        "!BBHHHBBH4s4s",
        layer.get("version", 4) << 4 | layer.get("hlen", hlen) // 4,
        layer.get("tos", 0), layer.get("len", hlen + len(payload)),
        layer.get("id", 0), frag, layer.get("ttl", 64),
        layer.get("proto", PROTO.get(inner, 253)), 0,
        address(layer.text("src", "10.0.0.1")),
        address(layer.text("dst", "10.0.0.2"))) + options
    check = (csum(head) + layer.get("bad", 0)) & 0xFFFF
    return head[:10] + struct.pack("!H", check) + head[12:] + payload


def ip6(layer, payload, inner, _):
    proto = layer.get("proto", PROTO.get(inner, 253))
    payload, offset, more = part(layer, payload)
    if offset or more:
        payload = struct.pack("!BBHI", proto, 0, offset | more,
                              layer.get("id", 0)) + payload
        proto = 44
    head = struct.pack(
        "!IHBB", layer.get("version", 6) << 28 | layer.get("tos", 0) << 20,
        layer.get("len", len(payload)), proto, layer.get("ttl", 64))
    return (head + address(layer.text("src", "2001:db8:1::1")) +
            address(layer.text("dst", "2001:db8:1::2")) + payload)


def pseudo(outer, proto, length):
    """The pseudo header that checksums cover, too."""
    src = address(outer.text("src", "10.0.0.1"))
    dst = address(outer.text("dst", "10.0.0.2"))
    if outer.name == "ip6" and "src" not in outer.values:
        src, dst = address("2001:db8:1::1"), address("2001:db8:1::2")
    return src + dst + struct.pack("!II", length, proto)


def udp(layer, payload, _, outer):
    length = layer.get("len", 8 + len(payload))
    head = struct.pack("!HHHH", layer.get("sport", 49152),
                       layer.get("dport", 9), length, 0)
    check = 0
    if layer.text("csum", "good") != "zero":
        check = csum(pseudo(outer, 17, length) + head + payload) or 0xFFFF
        if layer.text("csum", "good") == "bad":
            check ^= 0x5555
    return head[:6] + struct.pack("!H", check) + payload


def tcp(layer, payload, _, outer):
    flags = sum(TCP_FLAGS[flag] for flag in
                layer.text("flags", "syn").split(",") if flag)
    head = struct.pack("!HHIIBBH", layer.get("sport", 49152),
                       layer.get("dport", 9), 0, 0, 5 << 4, flags, 65535)
    check = csum(pseudo(outer, 6, 20 + len(payload)) + head +
                 struct.pack("!HH", 0, 0) + payload)
    return head + struct.pack("!HH", check, 0) + payload


def vxlan(layer, payload, *_):
    return struct.pack("!II", layer.get("flags", 0x08000000),
                       layer.get("vni", 0) << 8 | layer.get("low", 0)) + payload


def geneve(layer, payload, *_):
    options = bytes.fromhex(layer.text("options", ""))
    length = layer.get("optlen", len(options) // 4)
    return struct.pack("!BBHI", layer.get("version", 0) << 6 | length,
                       layer.get("flags", 0), layer.get("proto", 0x6558),
                       layer.get("vni", 0) << 8) + options + payload


def gre(layer, payload, *_):
    return struct.pack("!HHI", layer.get("flags", 0x2000),
                       layer.get("proto", 0x6558),
                       layer.get("vni", 0) << 8 | layer.get("flow", 0)
                       ) + payload


def fence(layer, payload, *_):
    """A whole frame, or with from= and to= the fragment of these bytes."""
    dest = mac(layer.values["dst"]) if "dst" in layer.values else payload[:6]
    kind, number = 0, layer.get("number", 0)
    if "from" in layer.values:
        begin, end = layer.get("from", 0), layer.get("to", len(payload))
        kind = 1 if end < len(payload) else 2
        dest = struct.pack("!HHH", layer.get("id", 0),
                           layer.get("offset", begin), layer.get("zero", 0))
        payload = payload[begin:end]
    flags = (layer.get("version", 0) | layer.get("kind", kind) << 2 |
             number << 4)
    return struct.pack("<I", flags | layer.get("vni", 0) << 8) + dest + payload


def raw(layer, *_):
    if "hex" in layer.values:
        return bytes.fromhex(layer.text("hex", ""))
    size = layer.get("size", 0)
    return bytes(i & 0xFF for i in range(size))


BUILD = {"eth": eth, "ip": ip4, "ip6": ip6, "udp": udp, "tcp": tcp,
         "vxlan": vxlan,
         "geneve": geneve, "gre": gre, "fence": fence, "raw": raw}
PROTO = {"udp": 17, "tcp": 6, "gre": 47}
TCP_FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32,
             "ece": 64, "cwr": 128}


def build(layers):
    payload, inner = b"", None
    for i in range(len(layers) - 1, -1, -1):
        layer = layers[i]
        outer = layers[i - 1] if i else None
        payload = BUILD[layer.name](layer, payload, inner, outer)
        payload = payload[:layer.get("cut", len(payload))]
        inner = layer.name
    return payload


def expand(line):
    """The line with each value of its ranges."""
    parts = re.split(r"(?<==)(\d+)\.\.(\d+)(?=\s|$)", line)
    ranges = [range(int(a), int(b) + 1)
              for a, b in zip(parts[1::3], parts[2::3])]
    for values in itertools.product(*ranges):
        text = parts[0]
        for value, rest in zip(values, parts[3::3]):
            text += str(value) + rest
        yield text


def parse(text):
    layers = [Layer(part.split()) for part in text.split("/")]
    for layer in layers:
        if layer.name == "ip" and ":" in layer.text("src", ""):
            layer.name = "ip6"
    return layers


def send(sock, line):
    count = 1
    if "*" in line:
        number, line = line.split("*", 1)
        count = int(number)
    for text in expand(line):
        frame = build(parse(text))
        for _ in range(count):
            sock.send(frame)


def main():
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    sock.bind((sys.argv[1], 0))
    answer = "ok"
    for line in sys.stdin:
        line = line.split("#")[0].strip()
        if line == "sync":
            print(answer, flush=True)
            answer = "ok"
        elif line:
            try:
                send(sock, line)
            except (OSError, KeyError, ValueError) as error:
                answer = "%s: %r" % (line, error)


if __name__ == "__main__":
    main()
