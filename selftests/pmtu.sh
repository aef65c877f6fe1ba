#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Packets that are too big for the underlay: told to the VM, or fragmented.
#
#   a 10.0.0.1                                          b 10.0.0.2
#   | 2001:db8:1::1                                     | 2001:db8:1::2
#   |                                                   |
#  +-- h1 --+            +----- r ------+            +-- h2 --+
#  | sw0    |            |              |            | sw0    |
#  |     up |------------| left   right |------------| up     |
#  +--------+ .1      .9 +--------------+ .9      .2 +--------+
#             192.0.2.0/24                198.51.100.0/24
#             2001:db8::/64               2001:db8:9::/64
#
# Segment 4 goes over IPv4, segment 6 over IPv6, the VMs are in one at a time.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	told
	told_by_slow_path
	inherited
	fragmented
	tagged
	segment_mtu
	host_interface
	router_tells
"

h1='' h2='' r='' a='' b=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
LOCAL1="local 192.0.2.1 local 2001:db8::1"
LOCAL2="local 198.51.100.2 local 2001:db8:9::2"

setup()
{
	setup_ns h1 h2 r a b
	check "load" load_weft
	ip -n "$r" -batch - <<-END
		link add name left mtu 1600 type veth peer name up mtu 1600 netns $h1
		link add name right mtu 1600 type veth peer name up mtu 1600 netns $h2
		addr add 192.0.2.9/24 dev left
		addr add 2001:db8::9/64 dev left nodad
		addr add 198.51.100.9/24 dev right
		addr add 2001:db8:9::9/64 dev right nodad
		link set dev left up
		link set dev right up
	END
	in_ns "$r" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	ip -n "$h1" -batch - <<-END
		addr add 192.0.2.1/24 dev up
		addr add 2001:db8::1/64 dev up nodad
		link set dev up up
		route add 198.51.100.0/24 via 192.0.2.9
		route add 2001:db8:9::/64 via 2001:db8::9
	END
	ip -n "$h2" -batch - <<-END
		addr add 198.51.100.2/24 dev up
		addr add 2001:db8:9::2/64 dev up nodad
		link set dev up up
		route add 192.0.2.0/24 via 198.51.100.9
		route add 2001:db8::/64 via 2001:db8:9::9
	END
	# shellcheck disable=SC2086	# it is several words
	{
		add_switch "$h1" sw0 $LOCAL1 uplink up
		add_switch "$h2" sw0 $LOCAL2 uplink up
	}
	weft -n "$h1" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
		peer add 198.51.100.2 dev sw0 vni 4
		peer add 2001:db8:9::2 dev sw0 vni 6
	END
	weft -n "$h2" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
		peer add 192.0.2.1 dev sw0 vni 4
		peer add 2001:db8::1 dev sw0 vni 6
	END
	add_port "$h1" sw0 a "$a" $MAC_A
	add_port "$h2" sw0 b "$b" $MAC_B
	dress_vm "$a" 10.0.0.1/24 2001:db8:1::1/64
	dress_vm "$b" 10.0.0.2/24 2001:db8:1::2/64
	serve "$b"
}

# segment 4|6: that is where the VMs are
segment()
{
	local ns port

	while read -r ns port; do
		weft -n "$ns" -b - <<-END
			port del $port
			port set $port vni $1
			segment set $1 dev sw0 mtu 0
		END
	done <<-END
		$h1 a
		$h2 b
	END
	fresh
	check "they talk" ping_vm "$a" 10.0.0.2
	check "they talk" ping_vm "$a" 2001:db8:1::2
}

# fresh: nobody knows of any path's MTU
fresh()
{
	local ns

	for ns in "$h1" "$a" "$b"; do
		ip -n "$ns" route flush cache
		ip -n "$ns" -6 route flush cache
	done
}

# underlay MTU: between h1 and r
underlay()
{
	ip -n "$h1" link set dev up mtu "$1"
	ip -n "$r" link set dev left mtu "$1"
}

# told_mtu MTU [FROM-NAMESPACE]: both inner families are told so, and TCP gets
# through
told_mtu()
{
	local mtu=$1 ns=${2:-$a}

	check_match "told by ICMP" "[Ff]rag needed.*mtu = $mtu\)" \
		told_when "$ns" -M "do" -s 1452 10.0.0.2
	check_match "path MTU" " mtu $mtu" ip -n "$ns" route get 10.0.0.2
	check_match "told by ICMPv6" "too big: mtu=$mtu" \
		told_when "$ns" -M "do" -s 1432 2001:db8:1::2
	check_match "path MTU" " mtu $mtu" ip -n "$ns" route get 2001:db8:1::2
	check "what fits" ping_vm "$ns" 10.0.0.2 -M "do" -s $((mtu - 28))
	check "what fits" ping_vm "$ns" 2001:db8:1::2 -M "do" -s $((mtu - 48))
	fresh
	check "TCP" stream "$ns" 300000 10.0.0.2 2001:db8:1::2
	check_match "TCP has learned" " mtu $mtu" ip -n "$ns" route get 10.0.0.2
	check_match "TCP has learned" " mtu $mtu" \
		ip -n "$ns" route get 2001:db8:1::2
	fresh
}

# told_when NAMESPACE PING-ARGUMENT...: what a ping that is too big is told
told_when()
{
	local ns=$1

	shift
	in_ns "$ns" ping -n -c 3 -i 0.3 -W 1 "$@"
}

# set_switches SETTING...
set_switches()
{
	check "set $*" weft -n "$h1" switch set sw0 "$@"
	check "set $*" weft -n "$h2" switch set sw0 "$@"
}

told()
{
	local family overhead

	set_switches df set fastpath auto
	for family in 4 6; do
		overhead=$((family == 4 ? 50 : 70))
		segment "$family"
		underlay 1400
		told_mtu $((1400 - overhead))
		check_match "the peer's MTU" " mtu $((1400 - overhead)) " \
			weft -n "$h1" -d peer show
		underlay 1600
		fresh
		check "all fits again" ping_vm "$a" 10.0.0.2 -M "do" -s 1452
		check "all fits again" ping_vm "$a" 2001:db8:1::2 -M "do" \
			-s 1432
		log_test "path MTU is told, IPv$family underlay"
	done
}

told_by_slow_path()
{
	set_switches df set fastpath off
	segment 4
	underlay 1400
	told_mtu 1350
	underlay 1600
	set_switches fastpath auto
}

# fragments FILE: outer fragments in a capture
fragments()
{
	packets "$1" '(ip[6:2] & 0x3fff) != 0 or (ip6 and ip6[6] == 44)'
}

# What is wrong with them. (A whole packet, as of a VM that asks whether a
# neighbour is still there, leaves its checksum to the device.)
fragments_bad()
{
	decode_bad "$TMP/fragmented" | grep -v " ARP "
}

# The outer packet may be fragmented if the inner may.
inherited()
{
	set_switches df inherit
	segment 4
	underlay 1400
	told_mtu 1350
	capture "$h1" up "$TMP/inherited"
	check "without DF" ping_vm "$a" 10.0.0.2 -M dont -s 1452
	capture_stop "$TMP/inherited"
	check "by fragments" [ "$(fragments "$TMP/inherited")" -ge 2 ]
	underlay 1600
}

fragmented()
{
	local family

	set_switches df unset
	for family in 4 6; do
		segment "$family"
		underlay 1400
		capture "$h1" up "$TMP/fragmented"
		check "with DF inside" ping_vm "$a" 10.0.0.2 -M "do" -s 1452
		check "IPv6 inside" ping_vm "$a" 2001:db8:1::2 -M "do" -s 1432
		capture_stop "$TMP/fragmented"
		check "by fragments" [ "$(fragments "$TMP/fragmented")" -ge 4 ]
		check_eq "malformed, or a wrong checksum" "" fragments_bad
		check "TCP" stream "$a" 300000 10.0.0.2
		check "TCP back" ping_vm "$b" 10.0.0.1 -s 1452
		underlay 1600
		log_test "outer fragments, IPv$family underlay"
	done
}

# A tag of the VM's own takes its share.
tagged()
{
	local ns n

	set_switches df set
	segment 4
	for ns in "$a" "$b"; do
		[ "$ns" = "$a" ] && n=1 || n=2
		ip -n "$ns" -batch - <<-END
			link add name eth0.10 link eth0 type vlan id 10
			link set dev eth0.10 addrgenmode none
			link set dev eth0.10 up
			addr add 10.0.10.$n/24 dev eth0.10
			addr add 2001:db8:10::$n/64 dev eth0.10 nodad
		END
	done
	check "they talk" ping_vm "$a" 10.0.10.2
	check "they talk" ping_vm "$a" 2001:db8:10::2
	underlay 1400
	check_match "told by ICMP" "[Ff]rag needed.*mtu = 1346\)" \
		told_when "$a" -M "do" -s 1452 10.0.10.2
	check_match "told by ICMPv6" "too big: mtu=1346" \
		told_when "$a" -M "do" -s 1432 2001:db8:10::2
	check "what fits" ping_vm "$a" 10.0.10.2 -M "do" -s $((1346 - 28))
	check "TCP" stream "$a" 300000 10.0.10.2 2001:db8:10::2
	underlay 1600
}

# It holds whatever the underlay could carry, with outer fragments or without.
segment_mtu()
{
	local before

	set_switches df unset
	segment 4
	weft -n "$h1" segment set 4 dev sw0 mtu 1300
	told_mtu 1300
	before=$(all_drops "$h1" sw0 | awk '$1 == "mtu" { print $2 }')
	check "nothing to tell" no_ping_vm "$a" 10.0.0.2 -M dont -s 1452
	check_eq "but dropped" "mtu $((${before:-0} + 3))" \
		grep '^mtu ' < <(all_drops "$h1" sw0)
	weft -n "$h1" segment set 4 dev sw0 mtu 0
}

# The host is told as a VM is.
host_interface()
{
	set_switches df set
	segment 4
	check "join" weft -n "$h1" port set sw0 vni 4
	ip -n "$h1" -batch - <<-END
		addr add 10.0.0.101/24 dev sw0
		addr add 2001:db8:1::101/64 dev sw0 nodad
	END
	check "it talks" ping_vm "$h1" 10.0.0.2
	check "it talks" ping_vm "$h1" 2001:db8:1::2
	underlay 1400
	told_mtu 1350 "$h1"
	underlay 1600
	ip -n "$h1" addr flush dev sw0
	weft -n "$h1" port del sw0 vni 4
}

# The bottleneck is not at the host: what the router says to the VTEP reaches
# the VM.
router_tells()
{
	local family overhead vtep path

	set_switches df set
	for path in auto off; do
		set_switches fastpath "$path"
		for family in 4 6; do
			overhead=$((family == 4 ? 50 : 70))
			vtep=198.51.100.2
			[ "$family" = 4 ] || vtep=2001:db8:9::2
			segment "$family"
			ip -n "$r" link set dev right mtu 1380
			check "find out" busywait 5000 finds_out $((1380 - overhead))
			check_match "the VTEP knows" " mtu 1380" \
				ip -n "$h1" route get "$vtep"
			told_after $((1380 - overhead))
			ip -n "$r" link set dev right mtu 1600
			fresh
			log_test "a router tells, IPv$family, fastpath $path"
		done
	done
}

# finds_out MTU: the ping that makes the router speak is lost
finds_out()
{
	told_when "$a" -M "do" -s 1452 10.0.0.2 | grep -q "mtu = $1)"
}

# told_after MTU: as told_mtu, but what is known of the underlay stays
told_after()
{
	check_match "path MTU" " mtu $1" ip -n "$a" route get 10.0.0.2
	check_match "told by ICMPv6" "too big: mtu=$1" \
		told_when "$a" -M "do" -s 1432 2001:db8:1::2
	check_match "path MTU" " mtu $1" ip -n "$a" route get 2001:db8:1::2
	fresh
	check "TCP" stream "$a" 300000 10.0.0.2 2001:db8:1::2
	check_match "TCP has learned" " mtu $1" ip -n "$a" route get 10.0.0.2
}

prepare
run_tests
