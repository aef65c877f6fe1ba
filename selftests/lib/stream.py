#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""stream.py serve PORT
stream.py tcp PORT BYTES ADDRESS...
stream.py udp PORT COUNT SIZE ADDRESS...

serve takes TCP streams and UDP datagrams until it is ended. tcp sends a stream
to servers, udp datagrams, all of one size; both fail unless every server says
that everything has arrived as it was sent.
"""

import os
import random
import select
import socket
import sys
import time
import zlib

BLOCK = 1 << 16


def serve(port):
    tcp = socket.create_server(("::", port), family=socket.AF_INET6,
                               dualstack_ipv6=True)
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    udp.bind(("::", port))
    datagrams = {}
    while True:
        for sock in select.select([tcp, udp], [], [])[0]:
            if sock is udp:
                data, _ = udp.recvfrom(1 << 16)
                tag = data[:8]
                count, check = datagrams.get(tag, (0, 0))
                # the order may be another
                datagrams[tag] = count + 1, check ^ zlib.crc32(data)
                continue
            conn, _ = tcp.accept()
            answer(conn, datagrams)


def answer(conn, datagrams):
    length, check = 0, 0
    first = b""
    with conn:
        while True:
            data = conn.recv(BLOCK)
            if not data:
                break
            first = first or data[:16]
            length += len(data)
            check = zlib.crc32(data, check)
        if length == 12 and first[:4] == b"udp?":
            length, check = datagrams.get(first[4:12], (0, 0))
        conn.sendall(b"%d %d" % (length, check))


def connect(address, port):
    """The server may only just have been started."""
    end = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection((address, port), 30)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise


def ask(conn):
    conn.shutdown(socket.SHUT_WR)
    said = b""
    while True:
        data = conn.recv(64)
        if not data:
            return tuple(int(word) for word in said.split())
        said += data


def verdict(sent, said):
    print("sent %d (%08x), received %d (%08x)" % (sent + said))
    return sent != said


def send_tcp(address, port, total):
    data = random.Random(total).randbytes(BLOCK)
    length, check = 0, 0
    with connect(address, port) as conn:
        while length < total:
            block = data[:total - length]
            conn.sendall(block)
            length += len(block)
            check = zlib.crc32(block, check)
        return verdict((length, check), ask(conn))


def send_udp(address, port, count, size):
    connect(address, port).close()  # it is there, and the way is known
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    tag, check = os.urandom(8), 0
    rest = random.Random(size).randbytes(size - 10)
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
        sock.connect((address, port))
        for i in range(count):
            data = tag + i.to_bytes(2, "big") + rest
            check ^= zlib.crc32(data)
            sock.send(data)
    end = time.monotonic() + 5
    while True:
        with connect(address, port) as conn:
            conn.sendall(b"udp?" + tag)
            said = ask(conn)
        if said[0] >= count or time.monotonic() > end:
            return verdict((count, check), said)


def main():
    command, *args = sys.argv[1:]
    if command == "serve":
        serve(int(args[0]))
        return
    bad = False
    if command == "tcp":
        for address in args[2:]:
            bad |= send_tcp(address, int(args[0]), int(args[1]))
    else:
        for address in args[3:]:
            bad |= send_udp(address, *map(int, args[:3]))
    sys.exit(bad)


main()
