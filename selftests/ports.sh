#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Ports: trunks, source check, flags, and what happens to their devices.
#
#     a     b     c     d     t
#     |     |     |     |     |
#   +-pa----pb----pc----pd----pt-- host -+
#   | 100   100   100   200   trunk      |
#   |            sw0                     |
#   +----------------------------- up ---+
#                               192.0.2.1
#                                   |
#                                   u    p2 192.0.2.2, p3 192.0.2.3

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	trunk
	trunk_and_vm_tags
	trunk_and_untagged
	trunk_refusals
	trunk_learns_by_segment
	leave_segments
	source_check
	flood_flags
	hairpin
	isolated
	isolated_and_tunnel
	not_a_port
	down_and_up
	renamed
	moved_to_another_namespace
	deleted
	released
	full_house
	link
"

trunk()
{
	wire_ports "$host" sw0 t
	check "join" weft -n "$host" port set pt vni 100 vlan 10 \
		vni 200 vlan 20
	check_heard "tagged in 100" a,b,c,p2/100,p3/100 \
		t src m9 dst all vlan 10
	check_heard "tagged in 200" d,p2/200 t src m9 dst all vlan 20
	check_heard "to a tag" b,c,p2/100,p3/100,t.10 a src m1 dst all
	check_heard "to the other" p2/200,t.20 d src m1 dst all
	check_heard "unicast" t.10 a src m1 dst m9
	check_heard "unicast" t.20 d src m1 dst m9
	check_heard "unicast back" a t src m9 dst m1 vlan 10
	check_heard "unicast back" d t src m9 dst m1 vlan 20
	check_heard "out of the tunnel" t.20 p2/200 src m22 dst m9
	check_heard "into the tunnel" p2/200 t src m9 dst m22 vlan 20
	log_test "a trunk's VLANs are segments"
}

trunk_and_vm_tags()
{
	check_heard "two tags" a.7,b.7,c.7,p2/100.7,p3/100.7 \
		t src m9 dst all vlan 10 vlan 7
	check_heard "unicast" a.7 t src m9 dst m1 vlan 10 vlan 7
	check_heard "back" t.10.7 a src m1 dst m9 vlan 7
	check_heard "out of the tunnel" t.20.7 p2/200 src m22 dst m9 vlan 7
	log_test "VLAN tags of VMs under those of a trunk"
}

# port_drops PORT
port_drops()
{
	weft -n "$host" -s port show "$1" | sed -n 's/.* drops //p'
}

trunk_and_untagged()
{
	local before

	before=$(port_drops pt)
	check_heard "untagged" - t src m9 dst all
	check_heard "another VLAN" - t src m9 dst all vlan 30
	check_heard "VLAN 0" - t src m9 dst all vlan 0
	check_eq "counted" $((before + 3)) port_drops pt
	check "has a reason" [ "$(drops "$host" sw0 no-segment)" -ge 3 ]
	check "untagged too" weft_batch "$host" <<-END
		segment add 300 dev sw0
		port set pt vni 300
		port set pd vni 300 vlan 3
	END
	check_heard "untagged" d.3 t src m9 dst all
	check_heard "VLAN 0 is untagged" d.3 t src m9 dst all vlan 0
	check_heard "back" t d src m1 dst m9 vlan 3
	check_heard "VLANs are as before" d,p2/200 t src m9 dst all vlan 20
	check_heard "another VLAN" - t src m9 dst all vlan 30
	check "as it was" weft -n "$host" segment del 300 dev sw0
	check_heard "untagged" - t src m9 dst all
	check_heard "untagged again in 200" p2/200,t.20 d src m1 dst all
	log_test "untagged frames of a trunk"
}

trunk_refusals()
{
	local before

	check "another segment" weft -n "$host" segment add 300 dev sw0
	check "and one" weft -n "$host" segment add 301 dev sw0
	before=$(weft -n "$host" port show pt)
	check_refused "twice in a segment" "by another VLAN" \
		weft -n "$host" port set pt vni 100 vlan 11
	check_refused "twice in a request" "given twice" \
		weft -n "$host" port set pt vni 300 vlan 40 vni 300 vlan 41
	check_refused "a VLAN for two segments" "given twice" \
		weft -n "$host" port set pt vni 300 vlan 40 vni 301 vlan 40
	check_refused "no such segment" "No such segment" \
		weft -n "$host" port set pt vni 999 vlan 40
	check_refused "one of several" "No such segment" \
		weft -n "$host" port set pt isolated on vni 999 vlan 40
	check_refused "no VLAN" "." \
		weft -n "$host" port set pt vni 100 vlan 4095
	check_refused "not in it" "not in this segment" \
		weft -n "$host" port del pt vni 100 vlan 11
	check_eq "nothing has changed" "$before" weft -n "$host" port show pt
	check "the same again" weft -n "$host" port set pt vni 100 vlan 10
	check "as it was" weft -n "$host" segment del 300 dev sw0
	check "as it was" weft -n "$host" segment del 301 dev sw0
	log_test "VLANs that a trunk cannot have"
}

trunk_learns_by_segment()
{
	check_eq "in one" "port pt learned" entry "$host" sw0 100 m9
	check_eq "and in the other" "port pt learned" entry "$host" sw0 200 m9
	check "limit" weft -n "$host" port set pt limit 2
	check_heard "the limit is the port's" a,b,c,p2/100,p3/100 \
		t src m8 dst all vlan 10
	check_eq "not learned" "" entry "$host" sw0 100 m8
	check "no limit" weft -n "$host" port set pt limit 0
	check_match "JSON tells for each" '"vlan":20,"learned":1}' \
		weft -n "$host" -j port show pt
	log_test "a trunk learns by segment"
}

leave_segments()
{
	check "one" weft -n "$host" port del pt vni 200
	check_eq "its entries go" "" entry "$host" sw0 200 m9
	check_eq "the others stay" "port pt learned" entry "$host" sw0 100 m9
	check_heard "not in it" - t src m9 dst all vlan 20
	check_heard "nor reached" p2/200 d src m1 dst all
	check_heard "in the other" a,b,c,p2/100,p3/100 \
		t src m9 dst all vlan 10
	check "all" weft -n "$host" port del pt
	check_heard "in none" - t src m9 dst all vlan 10
	check_eq "none" "" entry "$host" sw0 100 m9
	check_match "still a port" "^pt dev sw0 " weft -n "$host" port show pt
	check "to another segment" weft -n "$host" port set pd vni 100
	check_heard "an access port moves" a,b,c,p2/100,p3/100 \
		d src m4 dst all
	check "back" weft -n "$host" port set pd vni 200
	check_eq "its entries have gone" "" entry "$host" sw0 100 m4
	check_heard "back" p2/200 d src m4 dst all
	log_test "ports leave segments"
}

source_check()
{
	local before

	check "hold" weft -n "$host" port set pa mac 02:00:00:00:00:01 \
		mac 02:00:00:00:00:11
	before=$(drops "$host" sw0 source-check)
	check_heard "one" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "the other" b,c,p2/100,p3/100 a src m11 dst all
	check_heard "a third" - a src m2 dst all
	check_heard "ARP does not help" - a src m2 arp gratuitous \
		10.0.0.1 10.0.0.1 sha m1
	check_eq "not learned" "" entry "$host" sw0 100 m2
	check_eq "counted" $((before + 2)) drops "$host" sw0 source-check
	check_heard "another port may" a,c,p2/100,p3/100 b src m2 dst all
	check "replace" weft -n "$host" port set pa mac 02:00:00:00:00:03
	check_heard "not any more" - a src m1 dst all
	check_heard "but this" b,c,p2/100,p3/100 a src m3 dst all
	check "any" weft -n "$host" port set pa mac any
	check_heard "all may" b,c,p2/100,p3/100 a src m1 dst all
	check_refused "multicast" "No host can have this MAC" \
		weft -n "$host" port set pa mac 01:00:00:00:00:01
	log_test "a port is held to its addresses"
}

flood_flags()
{
	local unknown=m99 group=01:00:5e:00:00:09

	check "unicast off" weft -n "$host" port set pb flood off
	check_heard "unknown unicast" c,p2/100,p3/100 a src m1 dst "$unknown"
	check_heard "multicast" b,c,p2/100,p3/100 a src m1 dst "$group"
	check_heard "broadcast" b,c,p2/100,p3/100 a src m1 dst all
	check "multicast off" weft -n "$host" port set pb flood on \
		mcast_flood off
	check_heard "unknown unicast" b,c,p2/100,p3/100 \
		a src m1 dst "$unknown"
	check_heard "multicast" c,p2/100,p3/100 a src m1 dst "$group"
	check_heard "broadcast" b,c,p2/100,p3/100 a src m1 dst all
	check "broadcast off" weft -n "$host" port set pb mcast_flood on \
		bcast_flood off
	check_heard "unknown unicast" b,c,p2/100,p3/100 \
		a src m1 dst "$unknown"
	check_heard "multicast" b,c,p2/100,p3/100 a src m1 dst "$group"
	check_heard "broadcast" c,p2/100,p3/100 a src m1 dst all
	check_heard "out of the tunnel" a,c p2/100 src m22 dst all
	check_heard "it may send" a,c,p2/100,p3/100 b src m2 dst all
	check_heard "and be sent to" b a src m1 dst m2
	check_match "shown" ' flood on mcast_flood on bcast_flood off ' \
		weft -n "$host" port show pb
	check "as it was" weft -n "$host" port set pb bcast_flood on
	log_test "ports that take no unknown unicast, multicast, broadcast"
}

hairpin()
{
	local before

	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "learn" b,c,p2/100,p3/100 a src m11 dst all
	before=$(drops "$host" sw0 same-port)
	check_heard "two VMs behind a port" - a src m1 dst m11
	check_eq "counted" $((before + 1)) drops "$host" sw0 same-port
	check "on" weft -n "$host" port set pa hairpin on
	check_heard "unicast" a a src m1 dst m11
	check_heard "broadcast" a,b,c,p2/100,p3/100 a src m1 dst all
	check_heard "another port" a,c,p2/100,p3/100 b src m2 dst all
	check "off" weft -n "$host" port set pa hairpin off
	check_heard "unicast" - a src m1 dst m11
	log_test "hairpin"
}

isolated()
{
	local before

	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "learn" a,c,p2/100,p3/100 b src m2 dst all
	check_heard "learn" a,b,p2/100,p3/100 c src m3 dst all
	check "on" weft -n "$host" port set pa isolated on
	check_heard "one alone" b,c,p2/100,p3/100 a src m1 dst all
	check "on" weft -n "$host" port set pb isolated on
	check_heard "broadcast" c,p2/100,p3/100 a src m1 dst all
	before=$(drops "$host" sw0 isolated)
	check_heard "unicast" - a src m1 dst m2
	check_heard "unicast" - b src m2 dst m1
	check_eq "counted" $((before + 2)) drops "$host" sw0 isolated
	check_heard "unknown unicast" c,p2/100,p3/100 b src m2 dst m99
	check_heard "with the third" c a src m1 dst m3
	check_heard "with the third" b c src m3 dst m2
	log_test "isolated ports do not reach each other"
}

isolated_and_tunnel()
{
	check_heard "peers" a,b,c p2/100 src m22 dst all
	check_heard "peers" a p2/100 src m22 dst m1
	check_heard "peers" p2/100 a src m1 dst m22
	check "off" weft -n "$host" port set pa isolated off
	check "off" weft -n "$host" port set pb isolated off
	check_heard "as before" b a src m1 dst m2
	log_test "isolated ports reach peers"
}

not_a_port()
{
	check_fail "loopback" ip -n "$host" link set dev lo master sw0
	check_refused "uplink" "uplink" ip -n "$host" link set dev up \
		master sw0
	check "another switch" ip -n "$host" link add name sw1 type weft
	check_refused "switch" "switch" ip -n "$host" link set dev sw1 master sw0
	check_refused "not of this switch" "not a port" \
		weft -n "$host" port set up vni 100
	ip -n "$host" -batch - <<-END
		link add name dummy0 type dummy
		link set dev dummy0 master sw0
	END
	check_refused "a port of another switch" "port of a switch" \
		weft -n "$host" switch set sw1 local 192.0.2.9 uplink pa
	check_match "a dummy may" "dummy0 dev sw0" \
		weft -n "$host" port show dummy0
	ip -n "$host" -batch - <<-END
		link del dev dummy0
		link del dev sw1
	END
	log_test "devices that cannot be ports"
}

down_and_up()
{
	local before

	check_heard "learn" a,b,p2/100,p3/100 c src m3 dst all
	check "port down" ip -n "$host" link set dev pc down
	before=$(drops "$host" sw0 no-port)
	check_heard "unicast" - a src m1 dst m3
	check_eq "counted" $((before + 1)) drops "$host" sw0 no-port
	check_heard "broadcast" b,p2/100,p3/100 a src m1 dst all
	check "port up" ip -n "$host" link set dev pc up
	check_heard "unicast" c a src m1 dst m3
	check "switch down" ip -n "$host" link set dev sw0 down
	check "switch up" ip -n "$host" link set dev sw0 up
	check_heard "unicast" c a src m1 dst m3
	log_test "ports and the switch go down and up"
}

renamed()
{
	local name=renamed

	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	ip -n "$host" link set dev pa down
	check "rename" ip -n "$host" link set dev pa name "$name"
	ip -n "$host" link set dev "$name" up
	check_match "port show" "^$name dev sw0 vni 100 " \
		weft -n "$host" port show "$name"
	check_fail "not by the old name" weft -n "$host" port show pa
	check_eq "map show" "port $name learned" entry "$host" sw0 100 m1
	check_heard "still switched" a b src m2 dst m1
	check_heard "both ways" b a src m1 dst m2
	ip -n "$host" link set dev "$name" down
	check "back" ip -n "$host" link set dev "$name" name pa
	ip -n "$host" link set dev pa up
	check "and the switch" ip -n "$host" link set dev sw0 down
	check "and the switch" ip -n "$host" link set dev sw0 name "$name"
	check "and the switch" ip -n "$host" link set dev "$name" up
	check_eq "map show" "port pa learned" \
		entry "$host" "$name" 100 m1
	check_heard "still switched" a b src m2 dst m1
	ip -n "$host" link set dev "$name" down
	check "back" ip -n "$host" link set dev "$name" name sw0
	ip -n "$host" link set dev sw0 up
	log_test "ports and the switch are renamed"
}

moved_to_another_namespace()
{
	local other ports

	setup_ns other
	ports=$(detail "$host" sw0 ports)
	check "static" weft -n "$host" map add 02:00:00:00:00:55 vni 100 \
		dev sw0 port pb
	check "set" weft -n "$host" map add 01:00:5e:00:00:55 vni 100 \
		dev sw0 port pb port pc
	check_heard "learn" a,c,p2/100,p3/100 b src m2 dst all
	check "move" ip -n "$host" link set dev pb netns "$other"
	check_eq "a port less" $((ports - 1)) detail "$host" sw0 ports
	check_eq "learned" "" entry "$host" sw0 100 m2
	check_eq "static" "" entry "$host" sw0 100 m55
	check_eq "of a set" "port pc static" \
		entry "$host" sw0 100 01:00:5e:00:00:55
	check_heard "not reached" c,p2/100,p3/100 a src m1 dst all
	ip -n "$other" link set dev pb up
	check_heard "nor heard" - b src m2 dst all
	check "back" ip -n "$other" link set dev pb netns "$host"
	check_fail "no port by itself" weft -n "$host" port show pb
	check "attach" ip -n "$host" link set dev pb master sw0 up
	check "join" weft -n "$host" port set pb vni 100
	check_heard "a port again" a,c,p2/100,p3/100 b src m2 dst all
	check_refused "the switch stays" "." \
		ip -n "$host" link set dev sw0 netns "$other"
	log_test "a port that is moved to another namespace leaves"
}

deleted()
{
	local ports

	ports=$(detail "$host" sw0 ports)
	check_heard "learn" a,b,p2/100,p3/100 c src m3 dst all
	check "close" wire close c
	check "delete" ip -n "$host" link del dev pc
	check_eq "a port less" $((ports - 1)) detail "$host" sw0 ports
	check_eq "its entries go" "" entry "$host" sw0 100 m3
	check_eq "and from sets" "" entry "$host" sw0 100 01:00:5e:00:00:55
	check_heard "the others" b,p2/100,p3/100 a src m1 dst all
	wire_ports "$host" sw0 c
	check "join" weft -n "$host" port set pc vni 100
	check_heard "a new one" a,b,p2/100,p3/100 c src m3 dst all
	log_test "a port that is deleted"
}

released()
{
	local ports

	ports=$(detail "$host" sw0 ports)
	check "release" ip -n "$host" link set dev pc nomaster
	check_eq "a port less" $((ports - 1)) detail "$host" sw0 ports
	check_heard "not reached" b,p2/100,p3/100 a src m1 dst all
	check_match "its promiscuity ends" " promiscuity 0 " \
		ip -n "$host" -d link show pc
	check "attach" ip -n "$host" link set dev pc master sw0
	check_match "no settings are left" "^pc dev sw0 learning on " \
		weft -n "$host" port show pc
	check "join" weft -n "$host" port set pc vni 100
	check_heard "as before" b,c,p2/100,p3/100 a src m1 dst all
	log_test "a port that is released"
}

# All VLANs of a trunk, and as many addresses as a port can have
full_house()
{
	local i macs=()

	check "segments" weft_batch "$host" < <(
		for ((i = 1; i <= 4094; i++)); do
			echo "segment add $((10000 + i)) dev sw0"
		done)
	check "join all" weft_batch "$host" < <(
		# a message has room for no more
		for ((i = 1; i <= 4094; i++)); do
			[ $((i % 2000)) != 1 ] || echo -en "\nport set pt"
			echo -n " vni $((10000 + i)) vlan $i"
		done)
	check_eq "all are told" 4094 vlans_of pt
	check "in another" weft -n "$host" port set pd vni 14094
	check_heard "the last" t.4094 d src m1 dst all
	check_heard "the last" d t src m9 dst all vlan 4094
	check "leave all" weft -n "$host" port del pt
	check_heard "left" - t src m9 dst all vlan 4094
	check "as it was" weft_batch "$host" < <(
		echo port set pd vni 200
		for ((i = 1; i <= 4094; i++)); do
			echo "segment del $((10000 + i)) dev sw0"
		done)
	for ((i = 16; i < 80; i++)); do
		macs+=(mac "02:00:00:00:00:$(printf %02x "$i")")
	done
	check "64 addresses" weft -n "$host" port set pa "${macs[@]}"
	check_heard "the last" b,c,p2/100,p3/100 a src m4f dst all
	check_heard "no other" - a src m1 dst all
	check_refused "one more" "Too many MAC" weft -n "$host" \
		port set pa "${macs[@]}" mac 02:00:00:00:00:01
	check "any" weft -n "$host" port set pa mac any
	log_test "a trunk with all VLANs, a port with 64 addresses"
}

vlans_of()
{
	weft -n "$host" port show "$1" | grep -o ' vlan ' | wc -l
}

# link_is REGEXP: what is told of the device of port pa
link_is()
{
	weft -n "$host" -s port show pa | grep -q "$1"
}

check_link()
{
	busywait 5000 link_is "$1"
	check_match "link" "$1" weft -n "$host" -s port show pa
}

link()
{
	check_link "state up mtu 1500 speed 10000"
	check_link "rx_errors 0 tx_errors 0 rx_dropped 0 tx_dropped [0-9]"
	check "MTU" ip -n "$host" link set dev pa mtu 1400
	check "no carrier" ip -n "$WIRE" link set dev a down
	check_link "state down mtu 1400"
	check "carrier" ip -n "$WIRE" link set dev a up
	check_link "state up mtu 1400"
	check "MTU" ip -n "$host" link set dev pa mtu 1500
	check_match "the switch itself" "state .* mtu" \
		weft -n "$host" -d port show sw0
	log_test "state, MTU, speed and errors of a port"
}

one_host
run_tests
