#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Makes frame_cases.h with scapy: frame_cases.py > frame_cases.h

from scapy.all import (ARP, ICMP, IP, TCP, UDP, Dot1Q, Ether,
                       ICMPv6EchoRequest, ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr,
                       IPv6)

SRC = '02:00:00:00:00:01'
DST = '02:00:00:00:00:02'
MACS = f'src {SRC} dst {DST} '


def ether(dst=DST, **fields):
    return Ether(src=SRC, dst=dst, **fields)


def ip4(**fields):
    return IP(src='10.0.0.1', dst='10.0.0.2', id=0, flags='DF',
              **{'ttl': 64, **fields})


def ip6(**fields):
    return IPv6(src='fd00::1', dst='fd00::2', hlim=64, **fields)


def tcp(dport, sport=9):
    return TCP(sport=sport, dport=dport, flags='S', window=65535)


def arp(dst):
    return ether(dst) / ARP(op=1, hwsrc=SRC, psrc='10.0.0.1',
                            hwdst='00:00:00:00:00:00', pdst='10.0.0.2')


def solicit(src, *option):
    frame = ether('33:33:ff:00:00:02')
    frame /= IPv6(src=src, dst='ff02::1:ff00:2', hlim=255)
    frame /= ICMPv6ND_NS(tgt='fd00::2')
    for one in option:
        frame /= one
    return frame


V4 = MACS + 'from 10.0.0.1 to 10.0.0.2'
V6 = MACS + 'from fd00::1 to fd00::2'
NS = f'src {SRC} who-has fd00::2 tell'

GOOD = [
    (MACS, ether(type=0x88b5)),
    (MACS + 'type 0x9000 hex c0ffee', ether(type=0x9000) / b'\xc0\xff\xee'),
    (MACS + 'vlan 5 prio 3 type 0x9000',
     ether() / Dot1Q(vlan=5, prio=3, type=0x9000)),
    (V4, ether() / ip4() / UDP(sport=9, dport=9)),
    (V4 + ' proto udp sport 1000 dport 53 hex 01',
     ether() / ip4() / UDP(sport=1000, dport=53) / b'\x01'),
    (V4 + ' proto tcp dport 80 ttl 7 tos 184 vlan 9',
     ether() / Dot1Q(vlan=9) / ip4(ttl=7, tos=184) / tcp(80)),
    (V4 + ' type ip proto icmp size 98',
     ether() / ip4() / ICMP(id=0, seq=0) / bytes(98 - 42)),
    (V4 + ' proto 47', ether() / ip4(proto=47)),
    (V6 + ' proto tcp sport 1234 dport 443', ether() / ip6() / tcp(443, 1234)),
    (V6 + ' proto udp tos 3 size 80',
     ether() / ip6(tc=3) / UDP(sport=9, dport=9) / bytes(80 - 62)),
    (V6 + ' proto icmp hex 0102030405',
     ether() / ip6() / ICMPv6EchoRequest(id=0, seq=0, data=b'\1\2\3\4\5')),
    (f'src {SRC} who-has 10.0.0.2 tell 10.0.0.1', arp('ff:ff:ff:ff:ff:ff')),
    (MACS + 'type arp who-has 10.0.0.2 tell 10.0.0.1', arp(DST)),
    (NS + ' fd00::1', solicit('fd00::1', ICMPv6NDOptSrcLLAddr(lladdr=SRC))),
    (NS + ' ::', solicit('::')),
]

# the whole frame is given, and not padded
WHOLE = '0200000000020200000000018100'

BAD = [
    f'src {SRC}',
    f'dst {DST}',
    MACS + 'from 10.0.0.1',
    MACS + 'type ip',
    MACS + 'type arp',
    MACS + 'proto tcp',
    MACS + 'type arp from 10.0.0.1 to 10.0.0.2',
    MACS + 'from 10.0.0.1 to fd00::2',
    MACS + 'size 2049',
    MACS + 'size 13',
    V4 + ' size 41',
    MACS + 'vlan 4095',
    MACS + 'prio 8',
    MACS + 'hex 0',
    MACS + 'hex xy',
    MACS + 'sport 0',
    MACS + 'foo 1',
]


def case(words, expected):
    if words.startswith(MACS):
        words = f'MACS "{words[len(MACS):]}"'
    else:
        words = f'"{words}"'
    print('{ ' + words + ',')
    lines = [expected[i:i + 64] for i in range(0, len(expected), 64)]
    print('\n'.join(f'  "{line}"' for line in lines) + ' },')


print('/* SPDX-License-Identifier: GPL-2.0 */')
for words, frame in GOOD:
    case(words, bytes(frame).ljust(60, b'\0').hex())
case('hex ' + WHOLE, WHOLE)
for words in BAD:
    case(words, '*')
