#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""ynl_use.py KERNEL-TREE SWITCH PORT
Use the specification with the kernel's own client, ynl, as it is: get, dump,
new, set, del, flush, trace, notifications, and what it makes of a refusal.
Prints lines as topics do.
"""

import os
import socket
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SPEC = TOP + "/Documentation/netlink/specs/weft.yaml"


def client(tree):
    """The client's class, and a schema it can be told to use."""
    for path in "tools/net/ynl/pyynl", "tools/net/ynl":
        if os.path.isdir(f"{tree}/{path}/lib"):
            sys.path.insert(0, f"{tree}/{path}")
            break
    from lib import NlError, YnlFamily
    return YnlFamily, NlError, f"{tree}/Documentation/netlink/genetlink.yaml"


def expect(what, condition, seen):
    """A line for a check."""
    if not condition:
        print(f"  saw: {seen}")
    print(f"{'ok' if condition else 'not ok'} - {what}")


def check_segment(weft, switch, error):
    """new, get, set, dump, refusal, del"""
    weft.do("segment-new", {**switch, "segment": {
        "vni": 100, "ageing": 77, "suppress": 1,
        "gateway": "10.0.0.254", "gateway-lladdr": "02:00:00:00:00:fe"}})
    seen = weft.do("segment-get", {**switch, "segment": {"vni": 100}})
    segment = seen["segment"]
    expect("new and get", segment["ageing"] == 77 and
           segment["encap"] == "vxlan" and
           segment["gateway"] == "10.0.0.254" and
           segment["stats"]["rx-packets"] == 0, seen)
    weft.do("segment-set", {**switch, "segment": {"vni": 100, "ageing": 5}})
    for vni in range(200, 210):
        weft.do("segment-new", {**switch, "segment": {"vni": vni}})
    seen = weft.dump("segment-get", switch)
    expect("set and dump", [one["segment"]["vni"] for one in seen] ==
           [100] + list(range(200, 210)) and
           seen[0]["segment"]["ageing"] == 5, seen)
    try:
        weft.do("segment-new", {**switch, "segment": {"vni": 0}})
        expect("refusal", False, "taken")
    except error as refusal:
        extack = refusal.nl_msg.extack
        expect("refusal, and the attribute",
               extack.get("bad-attr") == ".segment.vni" and
               extack.get("msg"), extack)
    weft.do("segment-del", {**switch, "segment": {"vni": 209}})
    seen = weft.dump("segment-get", switch)
    expect("del", len(seen) == 10, seen)


def check_map(weft, switch, port):
    """A batch, and what becomes of it"""
    weft.do("port-set", {**switch, "port": {
        "ifindex": port, "vlan": [{"vni": 100}, {"vid": 7, "vni": 200}],
        "mac": ["02:00:00:00:00:01"], "isolated": 1}})
    seen = weft.do("port-get", {**switch, "port": {"ifindex": port}})["port"]
    expect("port", seen["isolated"] == 1 and
           {vlan["vni"] for vlan in seen["vlan"]} == {100, 200} and
           seen["mac"] == ["02:00:00:00:00:01"], seen)
    weft.do("map-new", {**switch, "map": [{
        "vni": 100, "mac": f"02:00:00:00:01:{i:02x}", "state": "controller",
        "dst": [{"peer": "192.0.2.2"}, {"port": port}],
        "ip": ["10.0.0.1"] if not i else []} for i in range(100)]})
    seen = weft.dump("map-get", {**switch, "map": [{"vni": 100}]})
    one = seen[0]["map"][0]
    expect("map in a batch", len(seen) == 100 and
           one["state"] == "controller" and
           one["dst"][0]["peer"] == "192.0.2.2" and
           one["dst"][1]["port"] == port, one)
    seen = weft.dump("neigh-get", switch)
    expect("neigh", {one["neigh"]["ip"] for one in seen} ==
           {"10.0.0.1", "10.0.0.254"}, seen)
    seen = weft.do("map-flush", {**switch, "map": [
        {"vni": 100, "state": "controller"}]})
    expect("flush", seen["map"][0]["flushed"] == 100, seen)


def check_rest(weft, switch, port):
    """Peers, switches, counters, trace"""
    weft.do("peer-new", {**switch, "peer": {
        "ip": "192.0.2.3", "vni": [100, 200], "limit": 9}})
    weft.do("peer-new", {**switch, "peer": {"ip": "2001:db8::3"}})
    seen = weft.dump("peer-get", switch)
    peers = {one["peer"]["ip"]: one["peer"] for one in seen}
    expect("peer", peers["192.0.2.3"]["vni"] in ([100, 200], [200, 100]) and
           peers["192.0.2.3"]["state"] == "static" and
           "2001:db8::3" in peers, seen)
    seen = weft.dump("switch-get", {})
    expect("switch", seen[0]["switch"]["segments"] == 10 and
           seen[0]["dev"] == switch["dev"], seen)
    frame = "ff:ff:ff:ff:ff:ff 02:00:00:00:00:01 88b5".replace(":", "")
    seen = weft.do("trace-get", {**switch, "trace": {
        "port": port, "frame": bytes.fromhex(frame) + bytes(46)}})["trace"]
    expect("trace", seen["path"] == "flood" and
           seen["step"][0]["step"] == "ingress" and
           seen["step"][-1]["peer"] == "192.0.2.3", seen)
    seen = weft.do("stats-get", switch)
    expect("stats", seen["dev"] == switch["dev"], seen)


def heard(listener):
    """What has come to a client since"""
    listener.check_ntf()
    seen = []
    while not listener.async_msg_queue.empty():
        seen.append(listener.async_msg_queue.get())
    return seen


def check_notifications(weft, listeners, switch):
    """What is told of changes; the client can listen to one group"""
    for group, listener in listeners.items():
        listener.ntf_subscribe(group)
    weft.do("segment-new", {**switch, "segment": {"vni": 300}})
    weft.do("map-new", {**switch, "map": [{
        "vni": 300, "mac": "02:00:00:00:00:09",
        "dst": [{"peer": "192.0.2.3"}]}]})
    weft.do("segment-del", {**switch, "segment": {"vni": 300}})
    seen = {group: heard(listener) for group, listener in listeners.items()}
    names = {group: [one["name"] for one in msgs]
             for group, msgs in seen.items()}
    expect("notifications", names == {
        "config": ["segment-ntf", "segment-del-ntf"],
        "map": ["map-ntf", "map-del-ntf"], "events": []} and
        seen["map"][0]["msg"]["map"][0]["mac"] == "02:00:00:00:00:09", seen)


def main():
    """See above."""
    tree, name, port = sys.argv[1:]
    family, error, schema = client(tree)
    switch = {"dev": socket.if_nametoindex(name)}
    weft = family(SPEC, schema)
    index = socket.if_nametoindex(port)
    check_segment(weft, switch, error)
    check_map(weft, switch, index)
    check_rest(weft, switch, index)
    listeners = {group: family(SPEC, schema)
                 for group in ("config", "map", "events")}
    check_notifications(weft, listeners, switch)


if __name__ == "__main__":
    main()
