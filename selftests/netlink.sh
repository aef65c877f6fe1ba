#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 uml-6.12
#
# Requests that are wrong in every way there is: each attribute of each command
# of the specification, and of the link kind, missing, doubled, out of range,
# too short, too long, in the wrong place. Each is refused with a sentence and
# changes nothing.
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
	generic_netlink
	dumps
	link_attributes
	without_privilege
	sentences
"

helper=$(dirname "$0")/lib/badnl.py

setup()
{
	load_weft || exit
	setup_ns host
	lone_underlay "$host"
	ip -n "$host" -batch - <<-END
		link add name pp type veth peer name p
		link set dev p addrgenmode none
	END
	add_switch "$host" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	ip -n "$host" link set dev pp master sw0 up
	check "fill" in_ns "$host" /usr/bin/python3 -B "$helper" prepare sw0 pp ${NIC:+up}
	setup_done
}

# bad WHAT: what the helper found
bad()
{
	check "helper" in_ns "$host" /usr/bin/python3 -B "$helper" "$1" \
		sw0 pp up
	report <"$TMP/out"
}

generic_netlink()
{
	bad genl
}

dumps()
{
	bad dump
}

link_attributes()
{
	bad link
}

without_privilege()
{
	bad user
}

# The tool tells the kernel's sentence, and which attribute it is about.
sentences()
{
	check_refused "VNI 0" "VNI|vni" \
		weft -n "$host" segment add 0 dev sw0
	check_refused "exists" "^Error: Segment exists\." \
		weft -n "$host" segment add 100 dev sw0
	check_refused "no host" "^Error: No such segment\. Attribute vni\." \
		weft -n "$host" neigh add 10.0.0.1 \
		lladdr 02:00:00:00:00:01 vni 999 dev sw0
	check_refused "by ip" "^Error: .*unicast" \
		ip -n "$host" link add name sw1 address 01:00:00:00:00:01 type weft
	check_refused "a second of the same address" "Another switch has" \
		weft -n "$host" switch add sw1 local "$(vtep 1)" uplink up
	check_fail "nothing is left" ip -n "$host" link show sw1
	log_test "the tool tells the kernel's sentence"
}

setup
run_tests
