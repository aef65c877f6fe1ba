#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Nothing crosses between segments that are carried differently. All have a VM
# with the same addresses on one switch; the other host can forge anything.
#
#   a41    a42    a43   a44   a45      each 10.0.0.1
#  vxlan geneve nvgre fence V.VLAN
#  +-------------- h1 -----------+            +---- h2 ----+
#  | sw0           up 192.0.2.1  |------------| 192.0.2.2  |
#  +-----------------------------+            +------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

require_cmd jq

ALL_TESTS="
	forged
	from_known_peers
	sent
	locally
"

h1='' h2='' UP1='' UP2=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
VNIS=(41 42 43 44 45)
HOST=02:57:46:01:00

declare -A ENCAP=([41]=vxlan [42]=geneve [43]=nvgre [44]=fence)

setup()
{
	local vni

	setup_ns h1 h2
	check "load" load_weft
	make_underlay "$h1" "$h2"
	UP1=$(mac_of "$h1" up)
	UP2=$(mac_of "$h2" up)
	add_switch "$h1" sw0 local 192.0.2.1 fence 02:57:46/1/1 uplink up
	for vni in "${VNIS[@]}"; do
		# what V.VLANs carry could go by GENEVE, too
		check "segment" weft -n "$h1" segment add "$vni" dev sw0 \
			encap "${ENCAP[$vni]-geneve}"
		add_quiet_vm "$h1" sw0 "a$vni" "$vni" $MAC_A 10.0.0.1/24
	done
	check "trunk" weft -n "$h1" port add up dev sw0 vni 45 vlan 45
	check "peer" weft -n "$h1" peer add 192.0.2.2 dev sw0 \
		vni 41 vni 42 vni 43
}

# frame ENCAP VNI: to the VM, as that would carry it
frame()
{
	local inner="eth src=$MAC_B dst=$MAC_A / ip src=10.0.0.2 dst=10.0.0.1 / udp dport=9 / raw size=20"
	local outer

	outer="eth src=$UP2 dst=$UP1 / ip src=192.0.2.2 dst=192.0.2.1"
	case $1 in
	vxlan)	echo "$outer / udp dport=4789 / vxlan vni=$2 / $inner" ;;
	geneve)	echo "$outer / udp dport=6081 / geneve vni=$2 / $inner" ;;
	nvgre)	echo "$outer / gre vni=$2 / $inner" ;;
	fence)	echo "eth src=$HOST:02 dst=$HOST:01 / fence vni=$2 / $inner" ;;
	vvlan)	echo "${inner/ \/ ip/ vlan=$2 / ip}" ;;
	esac
}

# heard: how much each VM was given
heard()
{
	weft -n "$h1" -s -j port show dev sw0 | jq -r '.[] |
		select(.port | startswith("a")) |
		"\(.port[1:]) \(.stats.tx_packets)"' | sort
}

# who_heard: the segments whose VM has heard more than $TMP/heard tells
who_heard()
{
	heard | diff "$TMP/heard" - | sed -n 's/^> \([0-9]*\) .*/\1/p' |
		tr '\n' ' '
}

# try ENCAP EXPECTED: frames into all segments; those segments hear them
try()
{
	local vni

	heard >"$TMP/heard"
	for vni in "${VNIS[@]}"; do
		frame "$1" "$vni"
	done >"$TMP/frames"
	# not behind a pipe: its process stays for the next
	check "send" forge "$h2" up <"$TMP/frames"
	busywait 2000 counter_is "$2" who_heard
	check_eq "$1" "$2" who_heard
}

all_encapsulations()
{
	try vxlan "41 "
	try geneve "42 45 "
	try nvgre "43 "
	try fence "44 "
	try vvlan "45 "
}

forged()
{
	all_drops "$h1" sw0 >"$TMP/drops"
	all_encapsulations
	# of five each: one or two are right, and V.VLANs are left to the host
	check_match "mismatches" "encap-mismatch 15" \
		drops_since "$TMP/drops" "$h1" sw0
	log_test "each encapsulation into each segment"
}

# Peers may speak otherwise where they were told to, and only there.
from_known_peers()
{
	check "fence peer" weft -n "$h1" peer add "$HOST:02" dev sw0
	try fence "44 "
	check "of a segment" weft -n "$h1" peer add "$HOST:02" dev sw0 vni 41
	try fence "41 44 "
	check "told to" weft -n "$h1" peer set "$HOST:02" dev sw0 encap fence
	try fence "41 42 43 44 45 "
	try nvgre "43 "
	check "gone" weft -n "$h1" peer del "$HOST:02" dev sw0
	check "NVGRE peer" weft -n "$h1" peer set 192.0.2.2 dev sw0 \
		encap nvgre
	try vxlan "41 "
	try nvgre "41 42 43 44 45 "
	try fence "44 "
	check "as the segments" weft -n "$h1" peer set 192.0.2.2 dev sw0 \
		encap segment
	all_encapsulations
	log_test "peers that may speak otherwise"
}

# What each sends to all leaves in its own way.
sent()
{
	local vni vm cap=$TMP/sent

	check "no need to ask" in_ns "$h1" ping -q -c 1 -w 5 192.0.2.2
	for vni in "${VNIS[@]}"; do
		# but what h2 answers to tunnels that it has not, and what VMs ask
		capture "$h2" up "$cap.$vni" not arp and not icmp and \
			not ip6 and greater 340
		vm=a$vni
		forge "${!vm}" eth0 <<-END
			eth src=$MAC_A dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=330
		END
		capture_stop "$cap.$vni"
		check_eq "once" 1 packets "$cap.$vni"
	done
	check_eq "VXLAN" 1 packets "$cap.41" udp port 4789
	check_eq "GENEVE" 1 packets "$cap.42" udp port 6081
	check_eq "NVGRE" 1 packets "$cap.43" proto 47
	check_eq "fence" 1 packets "$cap.44" ether proto 0x88de
	check_eq "V.VLAN" 1 packets "$cap.45" vlan 45 and ether proto 0x88b5
	log_test "what is sent leaves in its own way"
}

locally()
{
	local vni vm

	for vni in "${VNIS[@]}"; do
		heard >"$TMP/heard"
		vm=a$vni
		forge "${!vm}" eth0 <<-END
			eth src=$MAC_B dst=$MAC_A type=0x88b5 / raw size=50
			eth src=$MAC_B dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=50
		END
		check_eq "from $vni" "" who_heard
	done
	log_test "nor does anything cross within the switch"
}

prepare
run_tests
