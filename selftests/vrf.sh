#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Tunnels in a VRF, and in another namespace than the switch.
#
#   va     +---- v -----+ up1             w21 up1 +-- h2 --+      b
#   -------| sw0, sw1   |------+---- r ---+-------| sw0    |-------
#   .3     |            |------|          |       +--------+      .2
#          +------------+ up2  |          |        VTEPs on lo
#           up1, up2, and a    |          |
#           dummy with the     |          |
#           VTEPs: VRF blue    |          |
#           up3: none, or red  |          |
#                              |          |
#   sa     +---- s -----+      +- u -+    |
#   -------| sw0        |......|     |----+
#   .4     +------------+ link +-----+ up1
#                         netns  VTEPs on lo

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/hosts.sh
. "$(dirname "$0")/lib/hosts.sh"

ALL_TESTS="
	vrf
	vrfs_differ
	vrf_left_and_joined
	vrf_left_and_joined_by_two
	vrf_vanishes
	link_netns
	link_netns_by_ip
	link_netns_deleted
"

v='' va='' s='' u='' sa=''

setup()
{
	setup_hosts v u
	setup_ns va s sa
	setup_v
	setup_s
}

setup_v()
{
	check "VRFs" ip -n "$v" -batch - <<-END
		link add name blue type vrf table 10
		link add name red type vrf table 11
		link set dev blue up
		link set dev red up
		route add unreachable 0.0.0.0/0 metric 9999 table 10
		route add unreachable ::/0 metric 9999 table 10
		link add name loop type dummy
		link set dev loop master blue
		link set dev loop up
		addr add $AT.3/32 dev loop
		addr add $AT6:3/128 dev loop nodad
		addr add $AT.33/32 dev loop
	END
	wire "$v" 3 1 2 3
	move_vrf blue up1 up2
	out_by "$v" 3 1 up1 10
	back_by 3 1
	add_switch "$v" sw0 local "$AT.3" local "$AT6:3" uplink up1 \
		uplink up2
	meet "$v" "$AT.3" "$AT6:3"
	add_guest "$v" sw0 va 3
}

setup_s()
{
	wire "$u" 4 1
	out_by "$u" 4 1
	back_by 4 1
	ip_batch "$u" "addr add $AT.4/32 dev lo" "addr add $AT6:4/128 dev lo"
	# It has the name of the uplink, but is not where the underlay is.
	ip -n "$s" link add name up1 type dummy
	add_switch "$s" sw0 local "$AT.4" local "$AT6:4" uplink up1 \
		link-netns "$u"
	meet "$s" "$AT.4" "$AT6:4"
	add_guest "$s" sw0 sa 4
}

##############################################################################
# VRFs

# move_vrf VRF|none DEV...: of v
move_vrf()
{
	local master=nomaster

	[ "$1" = none ] || master="master $1"
	check "to VRF $1: ${*:2}" ip -n "$v" -batch - < \
		<(printf "link set dev %s $master\n" "${@:2}")
}

vrf()
{
	active "$v" on
	talk_by_both "$v" "$va" 2
	WHAT="from there" talk "$b" 3
	out_by "$v" 3 2 up2 10
	back_by 3 2
	WHAT="by the other uplink" talk_by_both "$v" "$va" 2
	check_eq "ways" "out w32 back w32" carriers "$va"
	out_by "$v" 3 1 up1 10
	back_by 3 1
}

vrfs_differ()
{
	local sentence="The uplinks are in different VRFs"

	check_refused "in a VRF and in none" "$sentence" \
		weft -n "$v" switch set sw0 uplink up1 uplink up3
	move_vrf red up3
	check_refused "in two VRFs" "$sentence" \
		weft -n "$v" switch set sw0 uplink up1 uplink up3
	check_refused "of a new switch" "$sentence" weft -n "$v" switch add \
		sw8 port 4798 local "$AT.3" uplink up1 uplink up3
	check_fail "not made" ip -n "$v" link show dev sw8
	move_vrf none up3
	check_match "the uplinks stay" "uplink up1 uplink up2 " \
		weft -n "$v" switch show sw0
	WHAT="as before" talk "$va" 2
}

# leave_vrf: both uplinks and the VTEPs
leave_vrf()
{
	move_vrf none up1 up2 loop
	out_by "$v" 3 1
}

join_vrf()
{
	move_vrf blue up1 up2 loop
	out_by "$v" 3 1 up1 10
}

vrf_left_and_joined()
{
	leave_vrf
	WHAT="out of the VRF" talk_by_both "$v" "$va" 2
	join_vrf
	WHAT="in the VRF again" talk_by_both "$v" "$va" 2
}

# The other switch is another host for those in segment 4; it shares the
# socket.
vrf_left_and_joined_by_two()
{
	check "route" ip -n "$r" route replace "$AT.33/32" via 10.3.1.1 \
		dev w31
	check "the other" weft -n "$v" switch add sw1 local "$AT.33" \
		uplink up1
	check "host interface" weft -n "$v" -b - <<-END
		segment add 4 dev sw1
		peer add $AT.2 dev sw1 vni 4
		port set sw1 vni 4
	END
	check "peer" weft -n "$h2" peer add "$AT.33" dev sw0 vni 4
	ip -n "$v" addr add 10.0.4.33/24 dev sw1
	check "the other, in the VRF" ping_vm "$v" 10.0.4.2
	leave_vrf
	WHAT="out of the VRF" talk_by_both "$v" "$va" 2
	check "the other, out of the VRF" ping_vm "$v" 10.0.4.2
	join_vrf
	WHAT="in the VRF again" talk_by_both "$v" "$va" 2
	check "the other, in the VRF again" ping_vm "$v" 10.0.4.2
	weft -n "$v" switch del sw1
	weft -n "$h2" peer del "$AT.33" dev sw0
}

# The uplink goes, then its VRF, and the switch gets another elsewhere.
vrf_vanishes()
{
	check "in red" ip -n "$v" -batch - <<-END
		link add name gone type dummy
		link set dev gone master red
	END
	check "switch" weft -n "$v" switch add sw8 port 4798 \
		local "$AT.3" local "$AT6:3" uplink gone
	check "both go" ip -n "$v" -batch - <<-END
		link del dev gone
		link del dev red
	END
	check_match "no uplink is left" " local $AT6:3 port " \
		weft -n "$v" switch show sw8
	check "one in no VRF" weft -n "$v" switch set sw8 uplink up3
	check "one in a VRF" weft -n "$v" switch set sw8 uplink up1
	check "none" weft -n "$v" switch set sw8 uplink none
	check "one in no VRF again" weft -n "$v" switch set sw8 uplink up3
	weft -n "$v" switch del sw8
	WHAT="the other switch" talk "$va" 2
}

##############################################################################
# Another namespace

link_netns()
{
	active "$s" on
	talk_by_both "$s" "$sa" 2
	WHAT="from there" talk "$b" 4
	check_match "names are those there" "uplink up1 .*link-netns $u" \
		weft -n "$s" switch show sw0
	check_match "ip" "link-netns $u.* weft " \
		one_line ip -n "$s" -d link show dev sw0
	check_match "the next hop's device" "nexthop-dev up1" \
		weft -n "$s" -d peer show "$AT.2" dev sw0
	ip -n "$s" link add name only-here type dummy
	check_refused "only here" "only-here" \
		weft -n "$s" switch set sw0 uplink only-here
	WHAT="afterwards" talk "$sa" 2
}

one_line()
{
	"$@" | tr '\n' ' '
}

link_netns_by_ip()
{
	check "delete" weft -n "$s" switch del sw0
	check "make" ip -n "$s" link add name sw0 link-netns "$u" type weft
	check_match "show" "link-netns $u.* weft " \
		one_line ip -n "$s" -d link show dev sw0
	check "configure" weft -n "$s" switch set sw0 local "$AT.4" \
		local "$AT6:4" uplink up1 up
	flood_to_h2 "$s"
	check "port" ip -n "$s" link set dev sa master sw0
	check "port" weft -n "$s" port set sa vni 4 vni 6 vlan 6
	talk "$sa" 2
}

no_switch()
{
	! ip -n "$s" link show dev sw0
}

link_netns_deleted()
{
	traffic "$sa"
	cleanup_ns "$u"
	check "the switch goes" busywait 20000 no_switch
	no_traffic
	check_match "its port stays" " promiscuity 0 " \
		ip -n "$s" -d link show dev sa
	check "another switch" weft -n "$s" switch add sw0
	check "segment" weft -n "$s" segment add 4 dev sw0
	check "port" ip -n "$s" link set dev sa master sw0
	check "ports" weft -n "$s" -b - <<-END
		port set sa vni 4
		port set sw0 vni 4
	END
	ip -n "$s" addr add 10.0.4.104/24 dev sw0
	check "another switch" ping_vm "$sa" 10.0.4.104
}

prepare
run_tests
