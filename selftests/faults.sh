#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 uml-6.12
#
# Every allocation of every request fails once, by the kernel's fault
# injection: each failure must be clean, with nothing changed and nothing lost.
#
#         p
#         |
#   +-----pp----- host -+
#   |     sw0           |
#   +------------- up --+---- (nobody)
#             192.0.2.1

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/nic.sh
. "$(dirname "$0")/lib/nic.sh"

ALL_TESTS="
	failing_allocations
"

lib=$(dirname "$0")/lib

setup()
{
	if [ ! -e /proc/self/fail-nth ] ||
		[ ! -d /sys/kernel/debug/failslab ]; then
		skip "no fault injection"
		exit 0
	fi
	load_weft || exit
	setup_ns host
	lone_underlay "$host"
	ip -n "$host" -batch - <<-END
		link add name pp type veth peer name p
		link set dev p addrgenmode none
		link add name spare type dummy
	END
	add_switch "$host" sw0 local "$(vtep 1)" uplink up
	ip -n "$host" link set dev pp master sw0 up
	check "fill" in_ns "$host" /usr/bin/python3 -B "$lib/badnl.py" \
		prepare sw0 pp ${NIC:+up}
	setup_done
}

# By nsenter, since ip netns exec would hide /sys
failing_allocations()
{
	check "helper" nsenter --net="/run/netns/$host" \
		/usr/bin/python3 -B "$lib/failnl.py" sw0 pp up spare
	report <"$TMP/out"
}

setup
run_tests
