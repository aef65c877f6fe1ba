#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# One end is weft, the other bridge and the kernel's vxlan. Each case has a
# segment of its own, with VM $a here and VM $b there, or several.
#
#   a 10.0.0.1                     b 10.0.0.2
#   | 2001:db8:1::1                | 2001:db8:1::2
#   | eth0                         | eth0
#   |                              |
#   | aVNI                         | bVNI
#  +------- h1 --------+          +-------- h2 -----------+
#  | sw0 (weft)        |          | brVNI (bridge)        |
#  |                   |          | vxVNI (vxlan)         |
#  | up 192.0.2.1      |----------| up 192.0.2.2          |
#  |    2001:db8::1    |          |    2001:db8::2        |
#  +-------------------+          +-----------------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	static_entries
	flood_list
	flood_list_by_stock_bridge
	multicast_group
	arp_and_nd
	duplicate_address
	suppressed
	ageing
	vm_moves
	tagged_inside
	trunk
"
FEW_TESTS="
	static_entries
	multicast_group
	arp_and_nd
	trunk
"

h1='' h2='' a='' b='' m='' t=''
ZERO=00:00:00:00:00:00
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
MAC_M=02:00:00:00:00:0e

# local1 4|6, local2 4|6: the VTEPs
local1()
{
	if [ "$1" = 6 ]; then vtep6 1; else vtep 1; fi
}

local2()
{
	if [ "$1" = 6 ]; then vtep6 2; else vtep 2; fi
}

# ends VNI 4|6 VXLAN-OPTION...: the segment at both ends, with a VM each
ends()
{
	local vni=$1 family=$2

	shift 2
	check "segment" weft -n "$h1" segment add "$vni" dev sw0
	add_quiet_vm "$h1" sw0 "a$vni" "$vni" "$MAC_A" 10.0.0.1/24 \
		2001:db8:1::1/64
	add_vxlan "$h2" "$vni" local "$(local2 "$family")" dev up "$@"
	add_bridge_vm "$h2" "$vni" "b$vni" "$MAC_B" 10.0.0.2/24 2001:db8:1::2/64
	local -n vm_a=a$vni vm_b=b$vni
	a=$vm_a b=$vm_b
}

# flood_ends VNI 4|6: they flood to each other
flood_ends()
{
	ends "$1" "$2"
	check "flood here" weft -n "$h1" peer add "$(local2 "$2")" dev sw0 \
		vni "$1"
	check "flood there" bridge -n "$h2" fdb append "$ZERO" dev "vx$1" \
		dst "$(local1 "$2")"
}

ping_all()
{
	both_ways "$a" 10.0.0.1 "$b" 10.0.0.2 -s 1400
	both_ways "$a" 2001:db8:1::1 "$b" 2001:db8:1::2 -s 1400
}

# learned VNI MAC PEER: the map says so
learned()
{
	check_match "learned $2" "peer $3.* learned" weft -n "$h1" map get "$2" \
		vni "$1" dev sw0
}

# learned_there VNI MAC VTEP
learned_there()
{
	check_match "vxlan learned $2" "$2 dst $3 " \
		bridge -n "$h2" fdb show dev "vx$1"
}

setup()
{
	setup_ns h1 h2
	check "load" load_weft
	make_underlay "$h1" "$h2"
	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
}

# No flooding, no learning: all is said, on both sides.
static_entries()
{
	local family vni

	for family in 4 6; do
		vni=1$family
		ends "$vni" "$family" nolearning
		weft -n "$h1" -b - <<-END
			segment set $vni dev sw0 learning off
			map add $MAC_A vni $vni dev sw0 port a$vni
			map add $MAC_B vni $vni dev sw0 peer $(local2 "$family")
		END
		check "entry there" bridge -n "$h2" fdb add "$MAC_A" dev vx"$vni" \
			dst "$(local1 "$family")"
		know "$a" eth0 10.0.0.2 "$MAC_B" 2001:db8:1::2 "$MAC_B"
		know "$b" eth0 10.0.0.1 "$MAC_A" 2001:db8:1::1 "$MAC_A"
		ping_all
		check_eq "nothing learned" "" weft -n "$h1" map show dev sw0 \
			vni "$vni" learned
		log_test "static entries, IPv$family underlay"
	done
}

flood_list()
{
	local family vni

	for family in 4 6; do
		vni=2$family
		flood_ends "$vni" "$family"
		ping_all
		learned "$vni" "$MAC_B" "$(local2 "$family")"
		learned_there "$vni" "$MAC_A" "$(local1 "$family")"
		log_test "flood list, IPv$family underlay"
	done
}

# As one would with vxlan.
flood_list_by_stock_bridge()
{
	local family vni

	for family in 4 6; do
		vni=3$family
		ends "$vni" "$family"
		check "append" bridge -n "$h1" fdb append "$ZERO" dev sw0 \
			src_vni "$vni" dst "$(local2 "$family")"
		check "flood there" bridge -n "$h2" fdb append "$ZERO" \
			dev vx"$vni" dst "$(local1 "$family")"
		ping_all
		check "delete" bridge -n "$h1" fdb del "$ZERO" dev sw0 \
			src_vni "$vni" dst "$(local2 "$family")"
		capture "$h1" up "$TMP/arp" "(udp[16:4] = 0xffffffff or
			ip6[56:4] = 0xffffffff) and src $(local1 "$family")"
		check "an unknown VM" no_ping_vm "$a" 10.0.0.99
		capture_stop "$TMP/arp"
		check_eq "is not asked for by the tunnel" 0 packets "$TMP/arp"
		log_test "flood list by bridge fdb, IPv$family underlay"
	done
}

multicast_group()
{
	local family vni group

	for family in 4 6; do
		vni=4$family
		group=239.1.1.$family
		[ "$family" = 4 ] || group=ff05::1:$family
		ends "$vni" "$family" group "$group"
		check "group" weft -n "$h1" segment set "$vni" dev sw0 \
			group "$group" group-dev up
		ping_all
		learned "$vni" "$MAC_B" "$(local2 "$family")"
		learned_there "$vni" "$MAC_A" "$(local1 "$family")"

		# Left the group, the others are not heard any more.
		check "leave" weft -n "$h1" segment set "$vni" dev sw0 group none
		ip -n "$b" neigh flush dev eth0
		bridge -n "$h2" fdb del "$MAC_A" dev vx"$vni" dst "$(local1 "$family")"
		check "left" no_ping_vm "$b" 10.0.0.1
		log_test "multicast group, IPv$family underlay"
	done
}

arp_and_nd()
{
	flood_ends 50 4
	check "ARP" ping_vm "$a" 10.0.0.2
	check "ND" ping_vm "$a" 2001:db8:1::2
	check_match "ARP's answer" "lladdr $MAC_B" \
		ip -n "$a" neigh show 10.0.0.2 dev eth0
	check_match "ND's answer" "lladdr $MAC_B" \
		ip -n "$a" neigh show 2001:db8:1::2 dev eth0

	# What a VM says of itself is heard on the other side.
	ip -n "$b" link set dev eth0 address 02:00:00:00:00:1b
	check "gratuitous ARP" in_ns "$b" arping -q -U -c 1 -I eth0 10.0.0.2
	check "followed" busywait 5000 neigh_is 10.0.0.2 02:00:00:00:00:1b
	learned 50 02:00:00:00:00:1b "$(vtep 2)"
}

# neigh_is ADDRESS MAC: that is what $a believes
neigh_is()
{
	ip -n "$a" neigh show "$1" dev eth0 | grep -q "lladdr $2"
}

# dad_failed NAMESPACE ADDRESS
dad_failed()
{
	ip -n "$1" addr show to "$2" dev eth0 | grep -q dadfailed
}

dad_done()
{
	[ -z "$(ip -n "$1" addr show to "$2" dev eth0 tentative)" ]
}

# $a wants the address of $b, with and without suppression.
duplicate_address()
{
	local suppress

	flood_ends 55 6
	for suppress in off on; do
		weft -n "$h1" segment set 55 dev sw0 suppress "$suppress"
		check "ping" ping_vm "$b" 2001:db8:1::1
		ip -n "$a" addr add 2001:db8:1::2/128 dev eth0
		check "it is taken" busywait 5000 dad_failed "$a" 2001:db8:1::2
		ip -n "$a" addr del 2001:db8:1::2/128 dev eth0
		ip -n "$a" addr add 2001:db8:1::3/128 dev eth0
		check "it is free" busywait 5000 dad_done "$a" 2001:db8:1::3
		check_fail "nobody has it" dad_failed "$a" 2001:db8:1::3
		ip -n "$a" addr del 2001:db8:1::3/128 dev eth0
		log_test "duplicate address detection, suppress $suppress"
	done
}

# Known neighbours are not asked for over the underlay.
suppressed()
{
	flood_ends 56 4
	weft -n "$h1" segment set 56 dev sw0 suppress on
	both_ways "$a" 10.0.0.1 "$b" 10.0.0.2
	both_ways "$a" 2001:db8:1::1 "$b" 2001:db8:1::2
	ip -n "$a" neigh flush dev eth0
	capture "$b" eth0 "$TMP/suppressed" \
		'arp[6:2] == 1 or (icmp6 and ip6[40] == 135)'
	check "ping again" ping_vm "$a" 10.0.0.2
	check "ping again" ping_vm "$a" 2001:db8:1::2
	capture_stop "$TMP/suppressed"
	check_eq "not asked for" 0 packets "$TMP/suppressed" \
		ether src "$MAC_A"
}

has_entry()
{
	weft -n "$h1" map get "$2" vni "$1" dev sw0
}

no_entry()
{
	! has_entry "$@"
}

ageing()
{
	local begin

	flood_ends 60 4
	weft -n "$h1" segment set 60 dev sw0 ageing 2
	check "in use" in_ns "$a" ping -q -n -c 8 -i 0.5 -W 1 10.0.0.2
	check "kept while in use" has_entry 60 "$MAC_B"
	begin=$(now_ms)
	check "forgotten" busywait 10000 no_entry 60 "$MAC_B"
	check "not too early" [ $(($(now_ms) - begin)) -ge 900 ]
	ip -n "$a" neigh flush dev eth0
	ip -n "$b" neigh flush dev eth0
	both_ways "$a" 10.0.0.1 "$b" 10.0.0.2
	learned 60 "$MAC_B" "$(vtep 2)"

	# The other end forgets: it floods, and learns again.
	check "forget there" bridge -n "$h2" fdb del "$MAC_A" dev vx60 \
		dst "$(vtep 1)"
	check "ping from there" ping_vm "$b" 10.0.0.1
	learned_there 60 "$MAC_A" "$(vtep 1)"
}

# The VM's interface at a host stays as it is, but the VM uses another one.
vm_moves()
{
	flood_ends 70 4
	setup_ns m
	add_port "$h1" sw0 m1 "$m" "$MAC_M" vni 70
	dress_vm "$m" 10.0.0.9/24
	check "ping at home" ping_vm "$a" 10.0.0.9
	check "ping over" ping_vm "$b" 10.0.0.9
	check_match "at home" "port m1.* learned" weft -n "$h1" map get \
		"$MAC_M" vni 70 dev sw0
	learned_there 70 "$MAC_M" "$(vtep 1)"

	# Away, announced by gratuitous ARP.
	ip -n "$m" -batch - <<-END
		link set dev eth0 down
		link set dev eth0 name home
		addr flush dev home
	END
	ip -n "$h2" -batch - <<-END
		link add name m2 type veth peer name eth0 address $MAC_M netns $m
		link set dev m2 addrgenmode none
		link set dev m2 master br70 up
	END
	dress_vm "$m" 10.0.0.9/24
	check "announce" in_ns "$m" arping -q -U -c 1 -I eth0 10.0.0.9
	check "followed" busywait 5000 learned_quietly 70 "$MAC_M" "$(vtep 2)"
	check "ping away" ping_vm "$a" 10.0.0.9
	check "ping at its new home" ping_vm "$b" 10.0.0.9
	check_match "the move is counted" "moves [1-9]" weft -n "$h1" -d \
		switch show sw0

	# Back, announced by nothing but its first packet.
	ip -n "$m" -batch - <<-END
		link del dev eth0
		link set dev home name eth0
	END
	dress_vm "$m" 10.0.0.9/24
	check "back" ping_vm "$m" 10.0.0.2
	check_match "at home again" "port m1.* learned" weft -n "$h1" map get \
		"$MAC_M" vni 70 dev sw0
	learned_there 70 "$MAC_M" "$(vtep 1)"
	check "ping at home again" ping_vm "$a" 10.0.0.9
	check "ping over again" ping_vm "$b" 10.0.0.9
}

learned_quietly()
{
	weft -n "$h1" map get "$2" vni "$1" dev sw0 | grep -q "peer $3.*learned"
}

# vlan_vm NAMESPACE HOST-NUMBER: a VLAN, and a VLAN inside a service VLAN
vlan_vm()
{
	ip -n "$1" -batch - <<-END
		link add name eth0.10 link eth0 type vlan id 10
		link set dev eth0.10 up
		addr add 10.0.10.$2/24 dev eth0.10
		link add name eth0.s link eth0 type vlan proto 802.1ad id 20
		link set dev eth0.s up
		link add name eth0.q link eth0.s type vlan id 30
		link set dev eth0.q up
		addr add 10.0.30.$2/24 dev eth0.q
	END
}

# An access port leaves tags to the VMs.
tagged_inside()
{
	local family

	for family in 4 6; do
		flood_ends "8$family" "$family"
		vlan_vm "$a" 1
		vlan_vm "$b" 2
		both_ways "$a" 10.0.10.1 "$b" 10.0.10.2 -s 1400
		both_ways "$a" 10.0.30.1 "$b" 10.0.30.2 -s 1400
		log_test "VLANs inside, IPv$family underlay"
	done
}

# The VLANs of a trunk are segments.
trunk()
{
	local vni

	setup_ns t
	add_port "$h1" sw0 t1 "$t" "$MAC_A"
	dress_vm "$t"
	for vni in 91 92; do
		check "segment" weft -n "$h1" segment add "$vni" dev sw0
		check "member" weft -n "$h1" port set t1 vni "$vni" vlan "$vni"
		check "peer" weft -n "$h1" peer add "$(vtep 2)" dev sw0 vni "$vni"
		add_vxlan "$h2" "$vni" local "$(vtep 2)" remote "$(vtep 1)" dev up
		add_bridge_vm "$h2" "$vni" "b$vni" "$MAC_B" 10.0.0.2/24 "10.0.$vni.2/24"
		ip -n "$t" -batch - <<-END
			link add name eth0.$vni link eth0 type vlan id $vni
			link set dev eth0.$vni up
			addr add 10.0.$vni.1/24 dev eth0.$vni
		END
		local -n vm_b=b$vni
		both_ways "$t" "10.0.$vni.1" "$vm_b" "10.0.$vni.2"
	done
	# shellcheck disable=SC2154	# set by setup_ns
	check "the other segment does not answer" no_ping_vm "$b91" 10.0.92.1
}

prepare
run_tests
