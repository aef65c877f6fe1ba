#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""failnl.py SWITCH PORT UPLINK SPARE
Have every allocation of every request fail in turn, and look that each failure
is clean: nothing has changed, and at last the request succeeds. SPARE is a
device that is no port yet. Prints lines as topics do.
"""

import errno
import os
import socket
import struct
import sys

from badnl import link_message
from weftnl import (
    NLA_F_NESTED, NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, RTM_DELLINK,
    RTM_NEWLINK, Switch, attr, difference, ip, mac, requests, undo)

FAIL_NTH = "/proc/thread-self/fail-nth"
FAILSLAB = "/sys/kernel/debug/failslab"
SLAB = "/sys/kernel/slab"
MOST = 2000


def write(path, text):
    """Write a setting."""
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def prepare():
    """Let caches fail that we use, and no other: kmemleak's would end it."""
    write(f"{FAILSLAB}/ignore-gfp-wait", "N")
    write(f"{FAILSLAB}/cache-filter", "Y")
    write(f"{FAILSLAB}/verbose", "0")
    for cache in os.listdir(SLAB):
        if cache.startswith((":", "kmemleak", "debug_")):
            continue
        if cache.startswith(("kmalloc", "weft", "skbuff", "radix_tree",
                             "net_namespace")):
            write(f"{SLAB}/{cache}/failslab", "1")


class Failing:
    """Requests with failing allocations."""

    def __init__(self, switch):
        self.switch = switch
        self.nth = os.open(FAIL_NTH, os.O_RDWR)

    def attempt(self, sock, kind, flags, body, number):
        """Send a request of which that allocation fails. Returns its error
        (ENOBUFS if the answer was lost), and whether anything failed.
        """
        head = struct.pack("IHHII", 16 + len(body), kind,
                           flags | NLM_F_ACK | 1, sock.seq + 1, 0)
        sock.seq += 1
        error = 0
        os.pwrite(self.nth, str(number).encode(), 0)
        try:
            sock.sock.send(head + body)
        except OSError as failure:
            error = failure.errno
        left = int(os.pread(self.nth, 32, 0).rstrip(b"\n\0"))
        os.pwrite(self.nth, b"0", 0)
        if error:
            return error, left == 0, True
        try:
            return sock.collect().error, left == 0, False
        except OSError as failure:
            return failure.errno, left == 0, True

    def all(self, what, request, back,
            expected=(errno.ENOMEM, errno.ENOBUFS)):
        """Let one allocation after the other fail. request() tells socket,
        type, flags and body; back() undoes what it does.
        """
        wrong, failures = [], 0
        before = self.switch.state()
        for number in range(1, MOST):
            error, failed, lost = self.attempt(*request(), number)
            if not failed:
                break
            after = difference(before, self.switch.state())
            if lost and after:      # it worked, only the answer is lost
                back()
                continue
            if not error and not after:
                continue            # no change was asked for
            if not error:           # it did without
                back()
                continue
            failures += 1
            if after:
                wrong.append(f"allocation {number}: {after}")
                back()
            elif error not in expected:
                wrong.append(f"allocation {number}: "
                             f"{errno.errorcode.get(error, error)}")
        if error:
            wrong.append(f"refused without a failure: {error}")
        back()
        wrong.append(difference(before, self.switch.state()))
        for line in wrong[:20]:
            if line:
                print(f"  {line}")
        good = failures and not any(wrong)
        print(f"{'ok' if good else 'not ok'} - {what}: {failures} failures, "
              "each clean", flush=True)


def check_requests(failing, port, uplink):
    """What the family is asked."""
    switch = failing.switch
    family = switch.family
    for op, values, steps in requests(switch, port, uplink):
        if op.endswith("-get"):
            continue
        body = struct.pack("BBH", family.ops[op]["value"], 1, 0) + \
            family.pack("weft", switch.with_dev(values))

        def request(body=body):
            return family.sock, family.id, 0, body

        def back(steps=steps):
            undo(switch, steps)

        failing.all(op, request, back)


def check_batch(failing):
    """A batch may stop in the middle, but each entry is there or not."""
    switch = failing.switch
    family = switch.family
    entries = [("map", [("vni", 100), ("mac", mac(0x80 + i)), (
        "dst", [("peer", ip("192.0.2.66"))])]) for i in range(3)]
    body = struct.pack("BBH", family.ops["map-new"]["value"], 1, 0) + \
        family.pack("weft", switch.with_dev(entries))
    before, wrong, failures = switch.state(), "", 0
    for number in range(1, MOST):
        _, failed, _ = failing.attempt(family.sock, family.id, 0, body,
                                       number)
        if not failed:
            break
        failures += 1
        for _, entry in entries:
            family.do("map-del", 0, switch.with_dev([("map", entry[:2])]))
        wrong = wrong or difference(before, switch.state())
    for _, entry in entries:
        family.do("map-del", 0, switch.with_dev([("map", entry[:2])]))
    wrong = wrong or difference(before, switch.state())
    if wrong:
        print(f"  {wrong}")
    print(f"{'not ok' if wrong or not failures else 'ok'} - map-new of "
          f"several: {failures} failures, each clean", flush=True)


def index_of(name):
    """The index of a device, 0 if there is none."""
    try:
        return socket.if_nametoindex(name)
    except OSError:
        return 0


def check_links(failing, uplink, spare):
    """What rtnetlink is asked."""
    route = failing.switch.route
    under = struct.pack("I", socket.if_nametoindex(uplink))
    data = attr(1, ip("192.0.2.99")) + attr(2, ip("2001:db8::99")) + \
        attr(15 | NLA_F_NESTED, attr(1, under))

    def add():
        return route, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, \
            link_message("fail0", 0, data)

    def delete():
        if index_of("fail0"):
            route.ask(RTM_DELLINK, 0, struct.pack(
                "BxHiII", 0, 0, index_of("fail0"), 0, 0))

    # the core, where most of this fails, calls it EINVAL once
    failing.all("switch add", add, delete,
                (errno.ENOMEM, errno.ENOBUFS, errno.EINVAL))

    switch = failing.switch.dev
    old = attr(1, ip("192.0.2.1")) + attr(5, b"\0")
    new = attr(1, ip("192.0.2.1")) + attr(5, b"\x40") + \
        attr(3, b"\x12\xb6") + attr(15 | NLA_F_NESTED, attr(1, under))

    def change():
        return route, RTM_NEWLINK, 0, link_message(None, switch, new)

    def change_back():
        route.ask(RTM_NEWLINK, 0, link_message(
            None, switch, old + attr(3, b"\x12\xb5")))

    failing.all("switch set", change, change_back)

    def master(index):
        return struct.pack("BxHiII", 0, 0, index_of(spare), 0, 0) + \
            attr(10, struct.pack("I", index))

    failing.all("port attached",
                lambda: (route, RTM_NEWLINK, 0, master(switch)),
                lambda: route.ask(RTM_NEWLINK, 0, master(0)))


def main():
    """See above."""
    name, port, uplink, spare = sys.argv[1:]
    switch = Switch(name)
    prepare()
    failing = Failing(switch)
    check_requests(failing, port, uplink)
    check_batch(failing)
    check_links(failing, uplink, spare)


if __name__ == "__main__":
    main()
