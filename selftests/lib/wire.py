#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Frames for tests: sends what is described, tells who heard it.

Used through wire.sh. Commands come on the standard input, one a line, and
each is answered by a line:

open NAME NETNS DEVICE [ETHERTYPE]   a place to send and listen; only frames
                                     that the device's own stack gets, with
                                     ETHERTYPE
close NAME
peer NAME PLACE IP LOCAL-IP LOCAL-MAC [PORT]
                                     a VTEP (or group) behind a place that is
                                     an underlay
hear EXPECTED FROM FRAME             send; tell who heard it, in the words of
                                     EXPECTED: a comma between, "-" for none
send FROM FRAME
seen PLACE COUNT REGEXP              how many frames like that came since the
                                     last hear or clear, waiting for COUNT
show PLACE                           the frames that came
clear

wire.py storm NETNS DEVICE MAC       sends all kinds of frames, some of them in
                                     VXLAN to that MAC, until it is ended;
                                     the device may come and go

FROM is a place, or PEER/VNI. Who heard is PLACE, PLACE.VLAN, PEER/VNI;
a copy more is "*2".

MAC: m1 is short for 02:00:00:00:00:01 and so on, and all for broadcast.

FRAME: [count N] [src MAC] [dst MAC] [vlan VID]... [type HEX] [size BYTES]
and one of:
arp request|reply|gratuitous SENDER-IP TARGET-IP [sha MAC] [tha MAC]
rarp
ip SOURCE DESTINATION [proto N] [ttl N]
ns SOURCE TARGET [lladdr MAC]    source :: to look for a duplicate
na TARGET [to IP] [lladdr MAC]
vxlan LOCAL-IP REMOTE-IP VNI     what a VM might forge, in IP and UDP
or: forge LAYERS                 all of it in the words of forge.py
"""

import collections
import ctypes
import ipaddress
import os
import re
import select
import socket
import struct
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import forge  # noqa: E402

ETH_P_ALL = 3
SOL_PACKET = 263
PACKET_AUXDATA = 8
SO_RCVBUFFORCE = 33
VLAN_VALID, TPID_VALID = 1 << 4, 1 << 6
CLONE_NEWNET = 0x40000000
QUIET = 0.04        # so long nothing must come after the last frame
PATIENCE = 5

IPADDR = ipaddress.ip_address


def mac(text):
    """The bytes of a MAC address, given in full or in short."""
    if text == "all":
        return b"\xff" * 6
    if text[0] == "m":
        return b"\2\0\0\0\0" + bytes.fromhex(text[1:].zfill(2))
    return bytes.fromhex(text.replace(":", ""))


def mac_text(data):
    """A MAC address in words."""
    return ":".join(f"{byte:02x}" for byte in data)


def checksum(data):
    """The Internet checksum."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip_header(src, dst, proto, length, ttl=64):
    """An IPv4 or IPv6 header."""
    if src.version == 6:
        return struct.pack("!IHBB", 6 << 28, length, proto, ttl) + \
            src.packed + dst.packed
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 0, 0, ttl,
                       proto, 0, src.packed, dst.packed)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:]


def pseudo(src, dst, proto, length):
    """What a transport checksum also covers."""
    return src.packed + dst.packed + struct.pack("!II", length, proto)


def udp_packet(src, dst, sport, dport, data):
    """UDP in IP."""
    length = 8 + len(data)
    head = struct.pack("!HHHH", sport, dport, length, 0)
    check = checksum(pseudo(src, dst, 17, length) + head + data) or 0xffff
    head = struct.pack("!HHHH", sport, dport, length, check)
    return ip_header(src, dst, 17, length) + head + data


def vxlan_packet(src, dst, vni, frame, dport=4789, flags=8):
    """VXLAN in UDP in IP."""
    head = struct.pack("!II", flags << 24, vni << 8)
    return udp_packet(src, dst, 0xc000 | vni & 0xfff, dport, head + frame)


# --- building frames ---

class Words:
    """The words of a command, from left to right."""

    def __init__(self, words):
        self.words = words

    def next(self):
        """Take a word."""
        return self.words.pop(0)

    def take(self, word):
        """Take a word if it is this one."""
        if self.words and self.words[0] == word:
            return self.words.pop(0)
        return None

    def option(self, word, default):
        """Take a word and its value, if it is there."""
        return self.words.pop(0) if self.take(word) else default


def build_arp(words, src):
    """ARP, and where it goes by default."""
    kind = words.next()
    spa, tpa = IPADDR(words.next()), IPADDR(words.next())
    sha = mac(words.option("sha", mac_text(src)))
    tha = mac(words.option("tha", "00:00:00:00:00:00"))
    oper = 2 if kind == "reply" else 1
    return 0x0806, struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, oper, sha,
                               spa.packed, tha, tpa.packed), None


def build_rarp(_words, src):
    """What a hypervisor sends for a VM that has arrived."""
    return 0x8035, struct.pack("!HHBBH6s4s6s4s", 1, 0x800, 6, 4, 3, src,
                               bytes(4), src, bytes(4)), None


def build_ip(words, _src):
    """An IP packet."""
    src, dst = IPADDR(words.next()), IPADDR(words.next())
    proto = int(words.option("proto", "253"))
    ttl = int(words.option("ttl", "64"))
    size = int(words.option("size", "40"))
    head = ip_header(src, dst, proto, size, ttl)
    return 0x86dd if src.version == 6 else 0x800, \
        head + MARK.ljust(size, b"\0"), None


def icmp6(src, dst, body):
    """ICMPv6, its checksum filled in, in IPv6."""
    check = checksum(pseudo(src, dst, 58, len(body)) + body)
    body = body[:2] + struct.pack("!H", check) + body[4:]
    return ip_header(src, dst, 58, len(body), 255) + body


def build_ns(words, _src):
    """A neighbour solicitation."""
    src, target = IPADDR(words.next()), IPADDR(words.next())
    lladdr = words.option("lladdr", None)
    group = IPADDR("ff02::1:ff00:0").packed[:13] + target.packed[13:]
    body = struct.pack("!BBHI", 135, 0, 0, 0) + target.packed
    if lladdr:
        body += b"\1\1" + mac(lladdr)
    return 0x86dd, icmp6(src, IPADDR(group), body), b"\x33\x33" + group[12:]


def build_na(words, _src):
    """A neighbour advertisement."""
    target = IPADDR(words.next())
    dst = IPADDR(words.option("to", "ff02::1"))
    lladdr = words.option("lladdr", None)
    body = struct.pack("!BBHI", 136, 0, 0, 0x20000000) + target.packed
    if lladdr:
        body += b"\2\1" + mac(lladdr)
    return 0x86dd, icmp6(target, dst, body), None


def build_vxlan(words, src):
    """A frame in VXLAN, from the VM itself."""
    local, remote = IPADDR(words.next()), IPADDR(words.next())
    inner = b"\xff" * 6 + src + b"\x88\xb5" + MARK
    return 0x86dd if local.version == 6 else 0x800, \
        vxlan_packet(local, remote, int(words.next()), inner), None


BUILD = {
    "arp": build_arp, "rarp": build_rarp, "ip": build_ip, "ns": build_ns,
    "na": build_na, "vxlan": build_vxlan,
}
MARK = b""


def build(words):
    """The frame that the words describe, with the mark at its end."""
    tags, ethertype, size = [], 0x88b5, 60
    src, dst = b"\2\0\0\0\0\1", None
    payload, group = b"", None
    if words.take("forge"):
        frame = forge.build(forge.parse(" ".join(words.words))) + MARK
        return frame + bytes(max(0, size - len(frame)))
    while words.words:
        word = words.next()
        if word == "src":
            src = mac(words.next())
        elif word == "dst":
            dst = mac(words.next())
        elif word == "vlan":
            tags.append(int(words.next()))
        elif word == "type":
            ethertype = int(words.next(), 16)
        elif word == "size":
            size = int(words.next())
        else:
            ethertype, payload, group = BUILD[word](words, src)
    frame = (dst or group or b"\xff" * 6) + src
    for vid in tags:
        frame += struct.pack("!HH", 0x8100, vid)
    frame += struct.pack("!H", ethertype) + payload
    frame += MARK
    return frame + bytes(max(0, size - len(frame)))


# --- reading frames ---

def split_tags(frame):
    """VLANs of a frame, its type, and what follows."""
    tags, offset = [], 12
    while frame[offset:offset + 2] in (b"\x81\0", b"\x88\xa8"):
        tags.append(struct.unpack_from("!H", frame, offset + 2)[0] & 0xfff)
        offset += 4
    return tags, int.from_bytes(frame[offset:offset + 2], "big"), \
        frame[offset + 2:]


def arp_text(data):
    """An ARP packet in words."""
    if len(data) < 28:
        return "arp short"
    oper, sha, spa, tha, tpa = struct.unpack_from("!H6s4s6s4s", data, 6)
    kind = {1: "request", 2: "reply"}.get(oper, str(oper))
    return f"arp {kind} {IPADDR(spa)} {IPADDR(tpa)} " \
        f"sha {mac_text(sha)} tha {mac_text(tha)}"


def nd_text(data):
    """A neighbour discovery packet in words, None if it is none."""
    if len(data) < 64 or data[6] != 58 or data[40] not in (135, 136):
        return None
    kind = "ns" if data[40] == 135 else "na"
    src, dst = IPADDR(data[8:24]), IPADDR(data[24:40])
    text = f"{kind} {IPADDR(data[48:64])} from {src} to {dst}"
    if data[40] == 136:
        text += f" flags {data[44] >> 5}"
    if len(data) >= 72 and data[64] in (1, 2):
        text += f" lladdr {mac_text(data[66:72])}"
    body = data[40:40 + int.from_bytes(data[4:6], "big")]
    if checksum(pseudo(IPADDR(data[8:24]), IPADDR(data[24:40]), 58,
                       len(body)) + body):
        text += " bad checksum"
    return text


def read_vxlan(data, port):
    """VNI, addresses and frame of a VXLAN packet, None if it is none."""
    if len(data) >= 20 and data[0] == 0x45 and data[9] == 17:
        src, dst, at = data[12:16], data[16:20], 20
    elif len(data) >= 40 and data[0] >> 4 == 6 and data[6] == 17:
        src, dst, at = data[8:24], data[24:40], 40
    else:
        return None
    if len(data) < at + 30 or \
            int.from_bytes(data[at + 2:at + 4], "big") != port:
        return None
    vni = int.from_bytes(data[at + 12:at + 15], "big")
    return vni, IPADDR(src), IPADDR(dst), data[at + 16:]


def describe(frame):
    """A frame in words, for regular expressions."""
    tags, ethertype, data = split_tags(frame)
    text = f"{mac_text(frame[6:12])} > {mac_text(frame[:6])}"
    for vid in tags:
        text += f" vlan {vid}"
    if ethertype == 0x0806:
        return f"{text} {arp_text(data)}"
    if ethertype == 0x8035:
        return f"{text} rarp"
    if ethertype in (0x800, 0x86dd):
        tunnel = read_vxlan(data, 4789)
        if tunnel:
            vni, src, dst, inner = tunnel
            return f"{text} {src} > {dst} vni {vni}: {describe(inner)}"
        nd = ethertype == 0x86dd and nd_text(data)
        if nd:
            return f"{text} {nd}"
        if ethertype == 0x800 and len(data) >= 20:
            return f"{text} ip {IPADDR(data[12:16])} > " \
                f"{IPADDR(data[16:20])} proto {data[9]}"
        if len(data) >= 40:
            return f"{text} ip {IPADDR(data[8:24])} > " \
                f"{IPADDR(data[24:40])} proto {data[6]}"
    return f"{text} type {ethertype:04x}"


# --- places ---

def enter(netns):
    """Go to a network namespace."""
    fd = os.open(f"/run/netns/{netns}", os.O_RDONLY) \
        if netns != "-" else HOME
    if LIBC.setns(fd, CLONE_NEWNET):
        raise OSError(f"cannot enter {netns}")
    if fd != HOME:
        os.close(fd)


class Place:
    """A raw socket on a device."""

    def __init__(self, name, netns, device, ethertype=None):
        proto = int(ethertype, 16) if ethertype else ETH_P_ALL
        self.name = name
        self.peers = []
        self.frames = []
        enter(netns)
        try:
            self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.sock.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
            self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
            self.sock.bind((device, proto))
        finally:
            enter("-")
        self.sock.setblocking(False)

    def receive(self):
        """Take what has come."""
        while True:
            try:
                frame, control, _, address = self.sock.recvmsg(66000, 256)
            except BlockingIOError:
                return
            except OSError:     # the device is down
                return
            if address[2] == socket.PACKET_OUTGOING:
                continue
            self.frames.append(self.tagged(frame, control))

    @staticmethod
    def tagged(frame, control):
        """Put the tag back that the kernel has taken off."""
        for level, kind, data in control:
            if level != SOL_PACKET or kind != PACKET_AUXDATA:
                continue
            status, _, _, _, _, tci, tpid = struct.unpack_from("IIIHHHH",
                                                               data)
            if status & VLAN_VALID:
                tpid = tpid if status & TPID_VALID else 0x8100
                tag = struct.pack("!HH", tpid, tci)
                return frame[:12] + tag + frame[12:]
        return frame

    def who(self, frame):
        """Who heard a frame here."""
        _, _, data = split_tags(frame)
        for peer in self.peers:
            tunnel = read_vxlan(data, peer.port)
            if tunnel and tunnel[2] == peer.addr:
                return peer.name + "/" + str(tunnel[0]) + \
                    tag_text(tunnel[3])
        return self.name + tag_text(frame)

    def send(self, frame):
        """Send a frame."""
        self.sock.setblocking(True)
        try:
            self.sock.send(frame)
        finally:
            self.sock.setblocking(False)


Peer = collections.namedtuple("Peer", "name place addr local lladdr port")


def tag_text(frame):
    """VLANs of a frame, as they are told."""
    return "".join(f".{vid}" for vid in split_tags(frame)[0])


def told(counts):
    """Who heard what, in words."""
    if not counts:
        return "-"
    return ",".join(name if count == 1 else f"{name}*{count}"
                    for name, count in sorted(counts.items()))


def expectation(text):
    """The reverse of told()."""
    counts = collections.Counter()
    for word in text.split(","):
        if word and word != "-":
            name, _, count = word.partition("*")
            counts[name] += int(count or 1)
    return counts


# --- commands ---

class Wire:
    """All places, and the commands."""

    def __init__(self):
        self.places = {}
        self.peers = {}
        self.number = 0

    def open(self, words):
        """open NAME NETNS DEVICE [ETHERTYPE]"""
        place = Place(*words.words)
        self.places[place.name] = place
        return "ok"

    def close(self, words):
        """close NAME"""
        self.places.pop(words.next()).sock.close()
        return "ok"

    def peer(self, words):
        """peer NAME PLACE IP LOCAL-IP LOCAL-MAC [PORT]"""
        name, place, addr, local, lladdr, *port = words.words
        place = self.places[place]
        peer = Peer(name, place, IPADDR(addr), IPADDR(local), mac(lladdr),
                    int(port[0]) if port else 4789)
        self.peers[name] = peer
        place.peers.append(peer)
        return "ok"

    def collect(self, timeout):
        """Take what comes. Returns whether anything did."""
        ready, _, _ = select.select([p.sock for p in self.places.values()],
                                    [], [], timeout)
        for place in self.places.values():
            if place.sock in ready:
                place.receive()
        return bool(ready)

    def settle(self):
        """Wait until nothing comes any more."""
        end = time.monotonic() + PATIENCE
        while self.collect(QUIET) and time.monotonic() < end:
            pass

    def clear(self, _words=None):
        """Forget what has come."""
        self.collect(0)
        for place in self.places.values():
            place.receive()
            place.frames = []
        return "ok"

    def transmit(self, words):
        """Send a frame as described."""
        origin = words.next()
        count = int(words.option("count", "1"))
        name, _, vni = origin.partition("/")
        if vni:
            peer = self.peers[name]
            packet = vxlan_packet(peer.addr, peer.local, int(vni),
                                  build(words), peer.port)
            place = peer.place
            frame = peer.lladdr + b"\2\0\0\0\xfe\xfe" + \
                (b"\x86\xdd" if peer.addr.version == 6 else b"\x08\0") + \
                packet
        else:
            place, frame = self.places[name], build(words)
        for _ in range(count):
            place.send(frame)

    def heard(self, mark):
        """Who heard the frame with the mark."""
        counts = collections.Counter()
        for place in self.places.values():
            for frame in place.frames:
                if mark in frame:
                    counts[place.who(frame)] += 1
        return counts

    def hear(self, words):
        """hear EXPECTED FROM FRAME"""
        global MARK
        expected = words.next()
        wanted = expectation(expected)
        self.number += 1
        MARK = b"weft" + self.number.to_bytes(4, "big") + b"mark"
        self.clear()
        self.transmit(words)
        end = time.monotonic() + PATIENCE
        while wanted - self.heard(MARK) and time.monotonic() < end:
            self.collect(QUIET)
        self.settle()
        counts = self.heard(MARK)
        return expected if counts == wanted else told(counts)

    def send(self, words):
        """send FROM FRAME"""
        global MARK
        MARK = b""
        self.transmit(words)
        return "ok"

    def seen(self, words):
        """seen PLACE COUNT REGEXP"""
        place, wanted = self.places[words.next()], int(words.next())
        regexp = re.compile(" ".join(words.words))
        end = time.monotonic() + PATIENCE
        while True:
            count = sum(1 for frame in place.frames
                        if regexp.search(describe(frame)))
            if count >= wanted or time.monotonic() > end:
                break
            self.collect(QUIET)
        self.settle()
        return str(sum(1 for frame in place.frames
                       if regexp.search(describe(frame))))

    def show(self, words):
        """show PLACE"""
        self.settle()
        return "; ".join(describe(frame)
                         for frame in self.places[words.next()].frames)


def storm(netns, device, lladdr):
    """Send all kinds of frames until it is ended."""
    global MARK
    MARK = b"storm"
    inner = [build(Words(text.split())) for text in (
        "src m1 dst all", "src m2 dst m1", "src m3 dst m9",
        "src m1 dst 01:00:5e:00:00:01", "src m4 dst all vlan 10",
        "src m5 dst m1 vlan 20", "src m1 arp request 10.0.0.1 10.0.0.2",
        "src m2 arp gratuitous 10.0.0.2 10.0.0.2", "src m6 rarp",
        "src m1 ns fd00::1 fd00::2 lladdr m1",
        "src m2 dst all na fd00::2 lladdr m2",
        "src m1 dst m2 ip 10.0.0.1 10.0.0.2 proto 17 size 1400")]
    frames = inner + [
        mac(lladdr) + b"\2\0\0\0\xfe\2" + b"\x08\0" +
        vxlan_packet(IPADDR(f"192.0.2.{peer}"), IPADDR("192.0.2.1"), vni,
                     frame)
        for frame in inner for peer in (2, 9) for vni in (100, 200, 999)]
    place, sent = None, 0
    while True:
        try:
            place = place or Place("storm", netns, device)
            for _ in range(8):
                frame = bytearray(frames[sent % len(frames)])
                frame[11] ^= sent // len(frames) & 63
                place.send(bytes(frame))
                sent += 1
        except OSError:
            place = None
        select.select([], [], [], 0.02)


def main():
    """Take commands until there are no more."""
    wire = Wire()
    for line in sys.stdin:
        words = Words(line.split())
        try:
            answer = getattr(wire, words.next())(words)
        except Exception as error:  # pylint: disable=broad-except
            answer = f"error: {line.strip()}: {error!r}"
        print(answer, flush=True)


if __name__ == "__main__":
    LIBC = ctypes.CDLL(None, use_errno=True)
    HOME = os.open("/proc/self/ns/net", os.O_RDONLY)
    if len(sys.argv) > 1:
        storm(*sys.argv[2:])
    main()
