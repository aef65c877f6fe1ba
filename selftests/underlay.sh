#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# What carries the tunnels: routes, several uplinks, gateways, MAC addresses,
# devices and addresses that go and come, several switches, or nothing at all.
#
#   a      +-- h1 --+ up1  w11        w21 up1 +-- h2 --+      b
#   -------| sw0    |------+--- r ---+--------| sw0    |-------
#   .1     |        |------|         |        | sw1    |-------
#          +--------+ up2  |         |        +--------+      e
#           VTEPs on   w12 |         |         VTEPs on lo    .2, .12
#           lo and a       |         |
#           dummy          |         |    up1 +-- d ---+      da, dc
#          up3, w13: the   |         +--------| sw0    |-------
#          same, no uplink |       w51        | sw1    |       .5
#                                             +--------+
#                                              VTEPs on up1 (sw1: on lo)

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/hosts.sh
. "$(dirname "$0")/lib/hosts.sh"

ALL_TESTS="
	routed
	uplinks_change
	no_uplink_of_ours
	multipath
	gateway_changes
	gateway_mac_changes
	peer_mac
	down_and_up
	address_removed
	uplink_vanishes
	several_addresses
	several_ports
	address_taken
	group_refused
	without_uplink
	without_address
"

h1='' a='' dc=''

setup()
{
	setup_hosts h1 d
	setup_ns a da dc e
	setup_h1
	setup_d
}

setup_h1()
{
	wire "$h1" 1 1 2 3
	ip_batch "$h1" "addr add $AT.1/32 dev lo" \
		"link add name loop type dummy" \
		"link set dev loop up" \
		"addr add $AT6:1/128 dev loop nodad"
	out_by "$h1" 1 1
	back_by 1 1
	add_switch "$h1" sw0 local "$AT.1" local "$AT6:1" uplink up1 \
		uplink up2
	meet "$h1" "$AT.1" "$AT6:1"
	add_guest "$h1" sw0 a 1
}

##############################################################################
# Routes

routed()
{
	active "$h1" on
	talk_by_both "$h1" "$a" 2
	WHAT="from there" talk "$b" 1
	check_eq "ways" "out w11 back w11" carriers "$a"
}

# One uplink after the other, each way on its own
uplinks_change()
{
	local path

	traffic "$a"
	for path in off auto; do
		check "fastpath $path" weft -n "$h1" switch set sw0 \
			fastpath "$path"
		out_by "$h1" 1 2
		check_eq "ways" "out w12 back w11" carriers "$a"
		back_by 1 2
		check_eq "ways" "out w12 back w12" carriers "$a"
		out_by "$h1" 1 1
		back_by 1 1
		check_eq "ways again" "out w11 back w11" carriers "$a"
		log_test "from one uplink to the other, fastpath $path"
	done
	no_traffic
}

no_uplink_of_ours()
{
	local before

	back_by 1 3
	check_dropped "$h1" not-uplink no_talk "$a" 2
	uplinks "$h1" up1 up2 up3
	check "statistics" dropped "$h1" not-uplink
	before=$DROPPED
	WHAT="by another uplink" talk "$a" 2
	check_fail "none counted as not-uplink" \
		has_dropped "$h1" not-uplink "$before"
	uplinks "$h1" up1 up2
	check_dropped "$h1" not-uplink no_talk "$a" 2
	back_by 1 1
	WHAT="by an uplink" talk "$a" 2
}

# can_multipath: does the kernel know such routes?
can_multipath()
{
	ip -n "$h1" -batch - 2>/dev/null <<-END
		route add 192.0.2.0/24 nexthop via 10.1.1.9 dev up1 nexthop via 10.1.2.9 dev up2
		route del 192.0.2.0/24
	END
}

# multipath_routes: both ways, by both uplinks
multipath_routes()
{
	check "multipath out" ip -n "$h1" -batch - <<-END
		route replace 0.0.0.0/0 nexthop via 10.1.1.9 dev up1 nexthop via 10.1.2.9 dev up2
		route replace ::/0 nexthop via 2001:db8:1:1::9 dev up1 nexthop via 2001:db8:1:2::9 dev up2
	END
	check "multipath back" ip -n "$r" -batch - <<-END
		route replace $AT.1/32 nexthop via 10.1.1.1 dev w11 nexthop via 10.1.2.1 dev w12
		route replace $AT6:1/128 nexthop via 2001:db8:1:1::1 dev w11 nexthop via 2001:db8:1:2::1 dev w12
	END
}

multipath()
{
	can_multipath || { skip "no multipath routes"; return; }
	multipath_routes
	WHAT="both up" talk "$a" 2
	traffic "$a"
	ip -n "$h1" link set dev up1 down
	WHAT="up1 is down" talk "$a" 2
	check_eq "ways, up1 is down" "out w12 back w12" carriers "$a"
	ip -n "$h1" link set dev up1 up
	multipath_routes
	ip -n "$h1" link set dev up2 down
	WHAT="up2 is down" talk "$a" 2
	check_eq "ways, up2 is down" "out w11 back w11" carriers "$a"
	ip -n "$h1" link set dev up2 up
	no_traffic
	out_by "$h1" 1 1
	back_by 1 1
	WHAT="afterwards" talk "$a" 2
}

# check_sent_to WHAT MAC: by that gateway packets for h2 leave h1
check_sent_to()
{
	capture "$h1" up1 "$TMP/sent" "udp dst port 4789 and
		(dst host $AT.2 or dst host $AT6:2)"
	WHAT="$1" talk "$a" 2
	capture_stop "$TMP/sent"
	tcpdump -ner "$TMP/sent" 2>"$TMP/sent.err" |
		awk '$3 == ">" { sub(",", "", $4); print $4 }' >"$TMP/sent.to"
	check_eq "$1" "$2" sort -u "$TMP/sent.to"
}

gateway_changes()
{
	local first second=02:00:00:00:09:02

	first=$(mac_of "$r" w11)
	ip -n "$r" -batch - <<-END || { skip "no macvlan"; return; }
		link add link w11 name gw address $second type macvlan mode bridge
		addr add 10.1.1.10/24 dev gw
		addr add 2001:db8:1:1::10/64 dev gw nodad
		link set dev gw up
	END
	traffic "$a"
	check "the gateway changes" ip -n "$h1" -batch - <<-END
		route replace 0.0.0.0/0 via 10.1.1.10 dev up1
		route replace ::/0 via 2001:db8:1:1::10 dev up1
	END
	check_sent_to "the second gateway" "$second"
	out_by "$h1" 1 1
	check_sent_to "the first gateway again" "$first"
	no_traffic
	ip -n "$r" link del dev gw
}

# neighbours MAC: both addresses of the gateway lead there
neighbours()
{
	ip -n "$h1" neigh show dev up1 >"$TMP/neighbours"
	grep -q "^10.1.1.9 lladdr $1" "$TMP/neighbours" &&
		grep -q "^2001:db8:1:1::9 lladdr $1" "$TMP/neighbours"
}

gateway_mac_changes()
{
	local mac=02:00:00:00:09:03

	traffic "$a"
	ip -n "$r" link set dev w11 address "$mac"
	check "the host is told" busywait 10000 neighbours "$mac"
	check_sent_to "the new address" "$mac"
	no_traffic
}

# has_each FILE FILTER...: one of each at least
has_each()
{
	local filter

	for filter in "${@:2}"; do
		[ "$(packets "$1" "$filter")" != 0 ] || return
	done
}

# flooded FILE FILTER...: what a broadcast in each segment leads to on the wire
# of up1, until there are packets that each filter lets pass
flooded()
{
	capture "$h1" up1 "$1" \
		"host 10.1.1.77 or host 2001:db8:1:1::77 or ip6[24:4] == 0xff020000"
	check "broadcasts" nsenter "--net=/run/netns/$a" bash -c \
		'echo >/dev/udp/10.0.4.77/9 && echo >/dev/udp/10.0.6.77/9'
	check "all have come" busywait 10000 has_each "$@"
	capture_stop "$1"
}

# What is sent to peers that nobody is
peer_mac()
{
	local mac=02:00:00:00:00:77
	local asks='arp[6:2] == 1'
	local asks6='icmp6 and ip6[40] == 135 and ip6[60:4] == 0x77'

	check "what the VM broadcasts" ip -n "$a" -batch - <<-END
		neigh add 10.0.4.77 lladdr ff:ff:ff:ff:ff:ff nud permanent dev eth0
		neigh add 10.0.6.77 lladdr ff:ff:ff:ff:ff:ff nud permanent dev eth0.6
	END
	check "peers" weft -n "$h1" -b - <<-END
		peer add 10.1.1.77 dev sw0 lladdr $mac vni 4
		peer add 2001:db8:1:1::77 dev sw0 lladdr $mac vni 6
	END
	flooded "$TMP/given" "udp and ip" "udp and ip6"
	check_eq "sent, IPv4" 1 packets "$TMP/given" \
		ether dst "$mac" and udp dst port 4789 and dst host 10.1.1.77
	check_eq "sent, IPv6" 1 packets "$TMP/given" ether dst "$mac" \
		and udp dst port 4789 and dst host 2001:db8:1:1::77
	check_eq "nobody is asked" 0 packets "$TMP/given" \
		"($asks) or ($asks6)"
	log_test "a peer's MAC address is used"

	check "no more" weft -n "$h1" -b - <<-END
		peer set 10.1.1.77 dev sw0 lladdr none
		peer set 2001:db8:1:1::77 dev sw0 lladdr none
	END
	flooded "$TMP/none" "$asks" "$asks6"
	check_eq "not sent" 0 packets "$TMP/none" udp
	weft -n "$h1" -b - <<-END
		peer del 10.1.1.77 dev sw0
		peer del 2001:db8:1:1::77 dev sw0
	END
	log_test "without it, the peer is asked"
}

##############################################################################
# Devices that go and come

down_and_up()
{
	WHAT="before" talk "$da" 2
	traffic "$da"
	ip -n "$d" link set dev up1 down
	WHAT="down" no_talk "$da" 2
	ip -n "$d" link set dev up1 up
	out_by "$d" 5 1
	WHAT="up" talk "$da" 2
	no_traffic
	active "$d" on
}

# Without the short cut the stack looks whether the address is assigned.
address_removed()
{
	weft -n "$d" switch set sw0 fastpath off
	traffic "$da"
	check "remove" ip -n "$d" -batch - <<-END
		addr del $HERE/24 dev up1
		addr del $HERE6/64 dev up1
	END
	check_dropped "$d" no-route no_talk "$da" 2
	check "add" ip -n "$d" -batch - <<-END
		addr add $HERE/24 dev up1
		addr add $HERE6/64 dev up1 nodad
	END
	out_by "$d" 5 1
	WHAT="added again" talk_by_both "$d" "$da" 2
	no_traffic
}

uplink_vanishes()
{
	traffic "$da"
	check "delete" ip -n "$d" link del dev up1
	check_match "no uplink is left" " local $HERE6 port " \
		weft -n "$d" switch show sw0
	check_dropped "$d" no-route no_talk "$da" 2
	wire "$d" 5 1
	out_by "$d" 5 1
	check_dropped "$d" not-uplink no_talk "$da" 2
	uplinks "$d" up1
	no_traffic
	WHAT="with the new one" talk "$da" 2
	active "$d" on
}

##############################################################################
# Several switches. sw1 of both hosts is another network, with the same VNIs,
# and in it dc, which has the addresses of da, and e.

second_tenant()
{
	local ns

	check "addresses" ip -n "$d" -batch - <<-END
		addr add $AT.5/32 dev lo
		addr add $AT6:5/128 dev lo
	END
	check "addresses" ip -n "$h2" -batch - <<-END
		addr add $AT.22/32 dev lo
		addr add $AT6:22/128 dev lo
	END
	check "routes" ip -n "$r" -batch - <<-END
		route replace $AT.22/32 via 10.2.1.1 dev w21
		route replace $AT6:22/128 via 2001:db8:2:1::1 dev w21
	END
	back_by 5 1
	check "sw1" weft -n "$d" switch add sw1 local "$AT.5" \
		local "$AT6:5" uplink up1
	check "sw1" weft -n "$h2" switch add sw1 local "$AT.22" \
		local "$AT6:22" uplink up1
	for ns in "$d" "$h2"; do
		check "segments" weft -n "$ns" -b - <<-END
			segment add 4 dev sw1
			segment add 6 dev sw1
		END
	done
	add_guest "$d" sw1 dc 5
	add_guest "$h2" sw1 e 12
}

# tenants_talk: each in its network, and nowhere else
tenants_talk()
{
	WHAT="each in its own" talk "$da" 2 "$dc" 12
	WHAT="from one to the other" no_talk "$da" 12 "$dc" 2
}

several_addresses()
{
	second_tenant
	check "peers" weft -n "$d" -b - <<-END
		peer add $AT.22 dev sw1 vni 4
		peer add $AT6:22 dev sw1 vni 6
	END
	check "peers" weft -n "$h2" -b - <<-END
		peer add $AT.5 dev sw1 vni 4
		peer add $AT6:5 dev sw1 vni 6
	END
	tenants_talk
	weft -n "$d" switch set sw1 fastpath off
	WHAT="one on the slow path" talk "$da" 2 "$dc" 12
	weft -n "$d" switch set sw1 fastpath auto
}

several_ports()
{
	check "the same address, another port" weft -n "$d" -b - <<-END
		peer del $AT.22 dev sw1
		peer del $AT6:22 dev sw1
		switch set sw1 local $HERE local $HERE6 port 4790
		peer add $AT.2 dev sw1 vni 4
		peer add $AT6:2 dev sw1 vni 6
	END
	check "the same address, another port" weft -n "$h2" -b - <<-END
		peer del $AT.5 dev sw1
		peer del $AT6:5 dev sw1
		switch set sw1 local $AT.2 local $AT6:2 port 4790
		peer add $HERE dev sw1 vni 4
		peer add $HERE6 dev sw1 vni 6
	END
	tenants_talk
}

address_taken()
{
	local sentence="Another switch has this local address and UDP port"

	check_refused "the same port" "$sentence" \
		weft -n "$d" switch set sw1 port 4789
	check_refused "of a new switch, IPv4" "$sentence" \
		weft -n "$d" switch add sw8 local "$HERE" uplink up1
	check_refused "of a new switch, IPv6" "$sentence" \
		weft -n "$d" switch add sw8 local "$HERE6" uplink up1
	check_fail "not made" ip -n "$d" link show dev sw8
	check_match "the port stays" " port 4790 " weft -n "$d" switch show sw1
	WHAT="as before" talk "$da" 2 "$dc" 12
	weft -n "$d" switch del sw1
	weft -n "$h2" switch del sw1
	check "now it is free" weft -n "$d" switch add sw8 local "$HERE" \
		port 4790 uplink up1
	weft -n "$d" switch del sw8
}

# joined GROUP: by how many on the uplink of d
joined()
{
	ip -n "$d" maddr show dev up1 |
		awk -v group="$1" '$1 == "inet" && $2 == group { n = $4 ? $4 : 1 }
			END { print n + 0 }'
}

# A switch that is refused another switch's socket, because it can't join one of
# its groups, has that switch keep its own.
group_refused()
{
	check "a device" ip -n "$d" link add name gone type veth \
		peer name gone2
	check "up" ip -n "$d" link set dev gone up
	check "groups" weft -n "$d" -b - <<-END
		segment set 6 dev sw0 group 239.0.0.3 group-dev up1
		switch add sw8 local 10.5.1.88 port 4790 uplink up1
		segment add 1 dev sw8 group 239.0.0.1 group-dev up1
		segment add 2 dev sw8 group 239.0.0.2 group-dev gone
		segment add 3 dev sw8 group 239.0.0.3 group-dev up1
	END
	check "delete" ip -n "$d" link del dev gone
	check_refused "the other's socket" "Can't join the multicast group" \
		weft -n "$d" switch set sw8 port 4789
	check "delete" weft -n "$d" switch del sw8
	check_eq "the other's group" 1 joined 239.0.0.3
	check_eq "its own are left" 0 joined 239.0.0.1
	check "as before" weft -n "$d" segment set 6 dev sw0 group none
	check_eq "left" 0 joined 239.0.0.3
}

##############################################################################
# Nothing

without_uplink()
{
	uplinks "$d" none
	active "$d" off
	check "the host takes part" weft -n "$d" port set sw0 vni 4
	ip -n "$d" addr add 10.0.4.105/24 dev sw0
	check "local switching" ping_vm "$da" 10.0.4.105
	check_dropped "$d" not-uplink no_talk "$da" 2
	weft -n "$d" switch set sw0 fastpath off
	check_dropped "$d" not-uplink no_talk "$da" 2
	uplinks "$d" up1
	WHAT="with an uplink" talk_by_both "$d" "$da" 2
	ip -n "$d" addr flush dev sw0
	weft -n "$d" port del sw0 vni 4
}

without_address()
{
	local family sentence="The switch has no local address of this family"

	check "no address" weft -n "$d" switch set sw0 local none
	check_dropped "$d" no-local-address no_talk "$da" 2
	check "one address" weft -n "$d" switch set sw0 local "$HERE"
	check "IPv4" ping_vm "$da" 10.0.4.2
	check_refused "no peer, IPv6" "$sentence" weft -n "$d" peer add \
		2001:db8::77 dev sw0 vni 6
	log_test "a switch loses its addresses"

	check "switch" weft -n "$d" switch add sw8
	check "segment" weft -n "$d" segment add 4 dev sw8
	for family in 10.0.0.77 2001:db8::77; do
		check_refused "no peer" "$sentence" weft -n "$d" peer add \
			"$family" dev sw8 vni 4
		check_refused "no entry" "$sentence" weft -n "$d" map add \
			02:00:00:00:00:77 vni 4 dev sw8 peer "$family"
	done
	check_eq "no peer" "" weft -n "$d" peer show dev sw8
	weft -n "$d" switch del sw8
	log_test "a switch without address"
}

prepare
run_tests
