#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# Makes frame_cases.h with scapy: frame_cases.py > frame_cases.h
from scapy.all import *
M="src 02:00:00:00:00:01 dst 02:00:00:00:00:02 "
e=lambda **k: Ether(src="02:00:00:00:00:01",dst="02:00:00:00:00:02",**k)
def pad(p,n=60):
    b=bytes(p); return b+bytes(max(0,n-len(b)))
v4=dict(src="10.0.0.1",dst="10.0.0.2",id=0,flags="DF",ttl=64)
v6=dict(src="fd00::1",dst="fd00::2")
c=[]
c.append(("",pad(e(type=0x88b5))))
c.append(("type 0x9000 hex c0ffee",pad(e(type=0x9000)/b"\xc0\xff\xee")))
c.append(("vlan 5 prio 3 type 0x9000",pad(e()/Dot1Q(vlan=5,prio=3,type=0x9000))))
c.append(("from 10.0.0.1 to 10.0.0.2",pad(e()/IP(**v4)/UDP(sport=9,dport=9))))
c.append(("from 10.0.0.1 to 10.0.0.2 proto udp sport 1000 dport 53 hex 01",pad(e()/IP(**v4)/UDP(sport=1000,dport=53)/b"\x01")))
c.append(("from 10.0.0.1 to 10.0.0.2 proto tcp dport 80 ttl 7 tos 184 vlan 9",pad(e()/Dot1Q(vlan=9)/IP(**{**v4,'ttl':7,'tos':184})/TCP(sport=9,dport=80,flags="S",window=65535))))
c.append(("type ip from 10.0.0.1 to 10.0.0.2 proto icmp size 98",bytes(e()/IP(**v4)/ICMP(id=0,seq=0)/bytes(98-14-28))))
c.append(("from 10.0.0.1 to 10.0.0.2 proto 47",pad(e()/IP(proto=47,**v4))))
c.append(("from fd00::1 to fd00::2 proto tcp sport 1234 dport 443",pad(e()/IPv6(hlim=64,**v6)/TCP(sport=1234,dport=443,flags="S",window=65535))))
c.append(("from fd00::1 to fd00::2 proto udp tos 3 size 80",bytes(e()/IPv6(hlim=64,tc=3,**v6)/UDP(sport=9,dport=9)/bytes(80-14-48))))
c.append(("from fd00::1 to fd00::2 proto icmp hex 0102030405",pad(e()/IPv6(hlim=64,**v6)/ICMPv6EchoRequest(id=0,seq=0,data=b"\1\2\3\4\5"))))
out=[(M+w).rstrip() for w,_ in c]; res=[(o,b.hex()) for o,(_,b) in zip(out,c)]
res.append(("src 02:00:00:00:00:01 who-has 10.0.0.2 tell 10.0.0.1",pad(Ether(src="02:00:00:00:00:01",dst="ff:ff:ff:ff:ff:ff")/ARP(op=1,hwsrc="02:00:00:00:00:01",psrc="10.0.0.1",hwdst="00:00:00:00:00:00",pdst="10.0.0.2")).hex()))
res.append((M+"type arp who-has 10.0.0.2 tell 10.0.0.1",pad(e()/ARP(op=1,hwsrc="02:00:00:00:00:01",psrc="10.0.0.1",hwdst="00:00:00:00:00:00",pdst="10.0.0.2")).hex()))
ns=lambda s,ll: (Ether(src="02:00:00:00:00:01",dst="33:33:ff:00:00:02")/IPv6(src=s,dst="ff02::1:ff00:2",hlim=255)/ICMPv6ND_NS(tgt="fd00::2")/(ICMPv6NDOptSrcLLAddr(lladdr="02:00:00:00:00:01") if ll else b""))
res.append(("src 02:00:00:00:00:01 who-has fd00::2 tell fd00::1",pad(ns("fd00::1",1)).hex()))
res.append(("src 02:00:00:00:00:01 who-has fd00::2 tell ::",pad(ns("::",0)).hex()))
res.append(("hex 0200000000020200000000018100",("0200000000020200000000018100")))
for w in ["src 02:00:00:00:00:01","dst 02:00:00:00:00:02",M+"from 10.0.0.1",M+"type ip",M+"type arp",M+"proto tcp",M+"type arp from 10.0.0.1 to 10.0.0.2",M+"from 10.0.0.1 to fd00::2",M+"size 2049",M+"size 13",M+"from 10.0.0.1 to 10.0.0.2 size 41",M+"vlan 4095",M+"prio 8",M+"hex 0",M+"hex xy",M+"sport 0",M+"foo 1"]:
    res.append((w,"*"))
print("/* SPDX-License-Identifier: GPL-2.0 */")
for w,h in res:
    if w.startswith(M): print('{ MACS "%s",'%w[len(M):]) 
    elif w==M.strip(): print('{ MACS,')
    else: print('{ "%s",'%w)
    parts=[h[i:i+64] for i in range(0,len(h),64)]
    print("\n".join('  "%s"'%p for p in parts)+" },")
