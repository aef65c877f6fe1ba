#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""heard.py EXPECTED PORT SECONDS NAME=CAPTURE...

Who has got how many UDP or TCP packets over IPv4 to a port, as `NAME NUMBER` in
the order of the captures, which are still being written. Prints it when it has
been EXPECTED for a while, so that no more is on its way, or SECONDS are over.
"""

import struct
import sys
import time

QUIET = 0.2
RECORD = struct.Struct("=IIII")


def frames(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 24
    while at + RECORD.size <= len(data):
        length = RECORD.unpack_from(data, at)[2]
        at += RECORD.size
        yield data[at:at + length]
        at += length


def port_of(frame):
    """The destination port, None if there is none."""
    if frame[12:14] != b"\x08\x00" or len(frame) < 38:
        return None
    l4 = 14 + (frame[14] & 15) * 4
    return int.from_bytes(frame[l4 + 2:l4 + 4], "big")


def heard(port, captures):
    counts = ((name, sum(port_of(frame) == port for frame in frames(path)))
              for name, path in captures)
    return " ".join(f"{name}{count}" for name, count in counts if count)


def main():
    expected, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    captures = [word.split("=", 1) for word in sys.argv[4:]]
    end = time.monotonic() + seconds
    since = None
    while True:
        now, is_so = time.monotonic(), heard(port, captures)
        if is_so != expected:
            since = None
        elif since is None:
            since = now
        if now > end or (since is not None and now > since + QUIET):
            break
        time.sleep(0.02)
    print(is_so)


main()
