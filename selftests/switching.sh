#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Who gets a frame: unicast, flooding, split horizon, multicast sets, what
# stays local, and the host as a member of a segment.
#
#     a     b     c     d         vm (with a network stack)
#     |     |     |     |         |
#   +-pa----pb----pc----pd--------vm--- host -+
#   | 100   100   100   200   (none, later)   |
#   |                  sw0                    |
#   +------------------------------- up ------+
#                                 192.0.2.1
#                                     |
#                                     u    p2 192.0.2.2, p3 192.0.2.3

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	broadcast_to_all_but_sender
	unicast_to_one
	unknown_unicast
	nobody_there
	from_the_tunnel
	into_the_tunnel
	flood_list
	multicast_set
	set_of_peers
	link_local_stays_local
	bad_source
	vm_tags_are_carried
	counters
	host_interface
	host_interface_by_tunnel
	host_interface_moves
	tracepoints
	three_hosts
"

vm=''
tracing=/sys/kernel/tracing

broadcast_to_all_but_sender()
{
	check_heard "from a port" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "from another" a,c,p2/100,p3/100 b src m2 dst all
	check_heard "IPv4 multicast" b,c,p2/100,p3/100 \
		a src m1 dst 01:00:5e:00:00:05
	check_heard "IPv6 multicast" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:05
	check_heard "in the other segment" p2/200 d src m1 dst all
	log_test "broadcast and multicast reach all but the sender"
}

unicast_to_one()
{
	check_heard "b was learned" b a src m1 dst m2
	check_heard "a was learned" a b src m2 dst m1
	check_heard "from another" a c src m3 dst m1
	check_heard "c was learned" c a src m1 dst m3
	check_eq "the map tells" "port pb learned" entry "$host" sw0 100 m2
	check_eq "the other segment" "port pd learned" \
		entry "$host" sw0 200 m1
	log_test "unicast reaches its owner alone"
}

unknown_unicast()
{
	check_heard "flooded" b,c,p2/100,p3/100 \
		a src m1 dst m99
	check_heard "known in the other segment only" p2/200 \
		d src m1 dst m2
	log_test "unknown unicast is flooded"
}

nobody_there()
{
	local before

	check "a segment of one" weft -n "$host" segment add 300 dev sw0
	check "move" weft -n "$host" port set pd vni 300
	before=$(drops "$host" sw0 no-listener)
	check_heard "broadcast" - d src m1 dst all
	check_eq "counted" $((before + 1)) drops "$host" sw0 no-listener
	before=$(drops "$host" sw0 unknown-unicast)
	check_heard "unicast" - d src m1 dst m2
	check_eq "counted" $((before + 1)) drops "$host" sw0 unknown-unicast
	check "back" weft -n "$host" port set pd vni 200
	check "delete" weft -n "$host" segment del 300 dev sw0
	log_test "what nobody can get is dropped with a reason"
}

from_the_tunnel()
{
	check_heard "broadcast, to ports only" a,b,c p2/100 src m22 dst all
	check_heard "unicast" a p2/100 src m22 dst m1
	check_heard "unknown unicast" a,b,c p2/100 src m22 \
		dst m99
	check_heard "from another peer" a,b,c p3/100 src m23 dst all
	check_eq "learned" "peer 192.0.2.2 learned" entry "$host" sw0 100 m22
	check_eq "learned" "peer 192.0.2.3 learned" entry "$host" sw0 100 m23
	check_heard "not back into the tunnel" - p2/100 src m22 dst m23
	check_match "counted" '^[1-9]' drops "$host" sw0 split-horizon
	log_test "frames out of the tunnel go to ports alone"
}

into_the_tunnel()
{
	check_heard "unicast" p2/100 a src m1 dst m22
	check_heard "unicast" p3/100 b src m2 dst m23
	check_heard "flooded where it is not known" p2/200 d src m1 dst m23
	log_test "frames go to the peer that has the address"
}

flood_list()
{
	check "one peer less" weft -n "$host" peer del "$(vtep 3)" dev sw0 \
		vni 100
	check_heard "broadcast" b,c,p2/100 a src m1 dst all
	check_heard "still known" p3/100 a src m1 dst m23
	check "none" weft -n "$host" map del 00:00:00:00:00:00 vni 100 dev sw0
	check_heard "broadcast" b,c a src m1 dst all
	check "again" weft -n "$host" peer add "$(vtep 3)" dev sw0 vni 100
	check "again" weft -n "$host" peer add "$(vtep 2)" dev sw0 vni 100
	check_heard "broadcast" b,c,p2/100,p3/100 a src m1 dst all
	log_test "peers join and leave the flood list"
}

multicast_set()
{
	local group=01:00:5e:01:01:01

	check "add" weft -n "$host" map add "$group" vni 100 dev sw0 \
		port pa port pb peer "$(vtep 2)"
	check_heard "members get it" a,b,p2/100 c src m3 dst "$group"
	check_heard "but not the sender" b,p2/100 a src m1 dst "$group"
	check_heard "nor the tunnel" a,b p2/100 src m22 dst "$group"
	check "append" weft -n "$host" map append "$group" vni 100 dev sw0 \
		peer "$(vtep 3)"
	check_heard "one more" b,p2/100,p3/100 a src m1 dst "$group"
	check "one less" weft -n "$host" map del "$group" vni 100 dev sw0 port pb
	check_heard "one less" p2/100,p3/100 a src m1 dst "$group"
	check_heard "other groups are flooded" b,c,p2/100,p3/100 \
		a src m1 dst 01:00:5e:01:01:02
	check "delete" weft -n "$host" map del "$group" vni 100 dev sw0
	check_heard "flooded again" b,c,p2/100,p3/100 a src m1 dst "$group"
	log_test "a static set gets its multicast"
}

set_of_peers()
{
	check "add" weft -n "$host" map add 02:00:00:00:00:77 vni 100 dev sw0 \
		peer "$(vtep 2)" peer "$(vtep 3)"
	check_heard "unicast to a set" p2/100,p3/100 \
		a src m1 dst m77
	check_heard "a member may send" a p3/100 src m77 dst m1
	check_eq "which changes nothing" \
		"peer 192.0.2.2 peer 192.0.2.3 static" \
		entry "$host" sw0 100 m77
	check "delete" weft -n "$host" map del 02:00:00:00:00:77 vni 100 \
		dev sw0
	log_test "unicast to a set of peers"
}

link_local_stays_local()
{
	local before

	check "listen" wire open stack "$host" pa 88cc
	check_heard "LLDP" stack a src m1 dst 01:80:c2:00:00:0e type 88cc
	check_heard "pause" - a src m1 dst 01:80:c2:00:00:01 type 8808
	check_heard "spanning tree" - a src m1 dst 01:80:c2:00:00:00
	before=$(drops "$host" sw0 link-local)
	check_heard "out of the tunnel" - p2/100 src m22 dst 01:80:c2:00:00:0e
	check_eq "is dropped" $((before + 1)) drops "$host" sw0 link-local
	check_heard "other groups are not link-local" b,c,p2/100,p3/100 \
		a src m1 dst 01:80:c2:00:00:10
	check "close" wire close stack
	log_test "link-local frames are the host's"
}

bad_source()
{
	local before

	before=$(drops "$host" sw0 bad-source-mac)
	check_heard "multicast" - a src 01:00:00:00:00:01 dst all
	check_heard "zero" - a src 00:00:00:00:00:00 dst all
	check_heard "multicast" - p2/100 src 01:00:00:00:00:01 dst all
	check_heard "zero" - p2/100 src 00:00:00:00:00:00 dst all
	check_eq "counted" $((before + 4)) drops "$host" sw0 bad-source-mac
	log_test "impossible source addresses are dropped"
}

vm_tags_are_carried()
{
	check_heard "broadcast" b.7,c.7,p2/100.7,p3/100.7 \
		a src m1 dst all vlan 7
	check_heard "unicast" b.7 a src m1 dst m2 vlan 7
	check_heard "two tags" b.7.8 a src m1 dst m2 vlan 7 vlan 8
	check_heard "into the tunnel" p2/100.7 a src m1 dst m22 vlan 7
	check_heard "out of the tunnel" a.7 p2/100 src m22 dst m1 vlan 7
	check_heard "two tags" a.7.8 p2/100 src m22 dst m1 vlan 7 vlan 8
	log_test "VLAN tags of VMs are carried"
}

# rx_packets and tx_packets of an object
packets()
{
	weft -n "$host" -s "$@" | sed -n \
		's/.*rx_packets \([0-9]*\) .*tx_packets \([0-9]*\) .*/\1 \2/p'
}

# delta COMMAND...: run it, and print by how much the counters of port pa,
# segment 100 and peer 192.0.2.2 grew
delta()
{
	local before after i
	local words=()

	read -ra before <<<"$(counts)"
	"$@" >/dev/null
	read -ra after <<<"$(counts)"
	for i in "${!after[@]}"; do
		words+=($((after[i] - before[i])))
	done
	echo "${words[*]}"
}

counts()
{
	{
		packets port show pa
		packets segment show 100 dev sw0
		packets peer show "$(vtep 2)" dev sw0
	} | tr '\n' ' '
}

counters()
{
	check_eq "port to port" "5 0 5 5 0 0" delta \
		wire hear "b*5" a count 5 src m1 dst m2
	check_eq "back" "0 5 5 5 0 0" delta \
		wire hear "a*5" b count 5 src m2 dst m1
	check_eq "flooded to two ports and two peers" "5 0 5 20 0 5" delta \
		wire hear "b*5,c*5,p2/100*5,p3/100*5" \
		a count 5 src m1 dst all
	check_eq "to a peer" "5 0 5 5 0 5" delta \
		wire hear "p2/100*5" a count 5 src m1 dst m22
	check_eq "from a peer" "0 5 5 5 5 0" delta \
		wire hear "a*5" p2/100 count 5 src m22 dst m1
	check_eq "the other segment" "0 0 0 0 0 5" delta \
		wire hear "p2/200*5" d count 5 src m1 dst all
	log_test "packets are counted by port, segment and peer"
}

# A VM with a network stack, in the segment of a, b and c
host_interface()
{
	add_vm "$host" sw0 vm 100 02:00:00:00:00:10 10.0.0.10/24 fd00::10/64
	check "join" weft -n "$host" port set sw0 vni 100
	ip -n "$host" addr add 10.0.0.254/24 dev sw0
	ip -n "$host" addr add fd00::254/64 dev sw0 nodad
	check "host to VM" ping_vm "$host" 10.0.0.10
	check "VM to host" ping_vm "$vm" 10.0.0.254
	check "host to VM, IPv6" ping_vm "$host" fd00::10
	check "VM to host, IPv6" ping_vm "$vm" fd00::254
	check_match "its address is in the map" '^port sw0 static$' entry \
		"$host" sw0 100 \
		"$(in_ns "$host" cat /sys/class/net/sw0/address)"
	log_test "the host in a segment, and a VM"
}

host_interface_by_tunnel()
{
	check "clear" wire clear
	start ip netns exec "$host" ping -n -q -c 1 -w 2 10.0.0.99 >/dev/null
	check_seen "asks the peers" 1 u \
		'> 192.0.2.2 vni 100: .* arp request 10.0.0.254 10.0.0.99 '
	stop $!
	check "clear" wire clear
	check "ask" wire send p2/100 src m22 dst all \
		arp request 10.0.0.98 10.0.0.254
	check_seen "answers a peer" 1 u \
		'> 192.0.2.2 vni 100: .* arp reply 10.0.0.254 10.0.0.98 '
	log_test "the host in a segment, and a peer"
}

host_interface_moves()
{
	local mac=02:00:00:00:00:fe

	check "its address changes" ip -n "$host" link set dev sw0 address "$mac"
	check_eq "and the map" "port sw0 static" entry "$host" sw0 100 "$mac"
	in_ns "$vm" ip neigh flush dev eth0
	check "ping" ping_vm "$vm" 10.0.0.254
	check_refused "no VLAN" "joins one segment, untagged" \
		weft -n "$host" port set sw0 vni 200 vlan 5
	check "the other segment" weft -n "$host" port set sw0 vni 200
	check_eq "not in the old" "" entry "$host" sw0 100 "$mac"
	check_eq "in the new" "port sw0 static" entry "$host" sw0 200 "$mac"
	check "no answer" no_ping_vm "$vm" 10.0.0.254
	check "leave" weft -n "$host" port del sw0
	check_eq "in none" "" entry "$host" sw0 200 "$mac"
	ip -n "$host" addr flush dev sw0
	log_test "the host goes to another segment and leaves"
}

# WEFT_PATH_PORT is 1, WEFT_DROP_REASON_BAD_SOURCE_MAC is 2
tracepoints()
{
	[ -d "$tracing"/events ] ||
		mount -t tracefs tracefs "$tracing" 2>/dev/null
	if [ ! -d "$tracing"/events/weft ]; then
		skip "no tracing"
		return
	fi
	echo >"$tracing"/trace
	echo 1 >"$tracing"/events/weft/enable
	check "known" wire send b src m2 dst m1
	check_heard "unicast" b a src m1 dst m2
	check_heard "from a multicast address" - a \
		src 01:00:5e:00:00:01 dst m2
	echo 0 >"$tracing"/events/weft/enable
	check_match "forwarded, with its path" \
		"weft_forward: sw=sw0 vni=100 skbaddr=[0-9a-f]+ len=[0-9]+ path=1" \
		cat "$tracing"/trace
	check_match "dropped, with its reason" \
		"weft_drop: sw=sw0 vni=100 skbaddr=[0-9a-f]+ len=[0-9]+ reason=2" \
		cat "$tracing"/trace
	log_test "tracepoints tell what is forwarded and dropped"
}

# x1 - n1 (sw) --- n2 (sw) - x2
#        \          |
#         `------ n3 (sw) - x3
three_hosts()
{
	local n n1 n2 n3 mid ns peer

	setup_ns mid n1 n2 n3
	make_underlay_via "$mid" "$n1" "$n2" "$n3"
	for n in 1 2 3; do
		ns=n$n
		add_switch "${!ns}" sw local "$(vtep "$n")" uplink up
		wire_ports "${!ns}" sw "x$n"
		check "configure $n" weft_batch "${!ns}" < <(
			echo segment add 100 dev sw
			echo port set "px$n" vni 100
			for peer in 1 2 3; do
				[ "$peer" = "$n" ] ||
					echo peer add "$(vtep "$peer")" dev sw \
						vni 100
			done)
	done
	check_heard "broadcast" x2,x3 x1 src m1 dst all
	check_heard "broadcast" x1,x3 x2 src m2 dst all
	check_heard "broadcast" x1,x2 x3 src m3 dst all
	check_heard "unknown unicast" x2,x3 x1 src m1 dst m99
	check_heard "unicast" x2 x1 src m1 dst m2
	check_heard "unicast" x3 x2 src m2 dst m3
	check_heard "unicast" x1 x3 src m3 dst m1
	log_test "three hosts: one copy each, none comes back"
}

one_host
run_tests
