#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# The ways that frames take by NICs which encapsulate: over a router, to many, in
# from who forges them, asked for by ARP, over IPv6, by two NICs of a host; and
# what may be set on a VF, be it a port or not.
#
#     a        b, e (VF 0, 1)     c       d, f (VF 0, 1)            g
#     |        :                  |       :                         |
#   +-|-- h1 --:----------+     +-|-- h2 -:---+                +----|- h3 -+
#   | sw0      :  x, y    |     | sw0     :   |                | sw0       |
#   |   up == nic1 (2, 3) |     |  up == nic2 |                |   up      |
#   +----------|----------+     +---------|---+                +----|------+
#              w1                         w2                        |
#              p1 ------ mid (bridge) --- p2       198.51.100.0/24  |
#                         |        |                                |
#                  near .9|        |near2 .10                       |
#                       +---------------- r ------------------------+ far .9
#
# a to g are 10.0.0.1 to .7 in segment 100; x and y are on VFs that are no port.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/nic.sh
. "$(dirname "$0")/lib/nic.sh"

ALL_TESTS="
	routed
	gateway_moves
	another_gateway
	two_gateways
	to_list
	to_group
	sound
	forged
	contradictions
	moved_loses_nothing
	arp_flooded
	arp_answered
	vf_mtu
	vf_mtu_ipv6
	vf_mtu_options
	forged_geneve
	forged_nvgre
	vf_mac
	vf_ruled
	vf_alone
	vf_alone_vlan
	vf_vvlan
	vf_alone_link
	vf_alone_rate
	two_switches
	two_uplinks
	by_ethtool
	software_segments
	by_devlink
	over_ipv6
"
FEW_TESTS="
	routed
	to_list
	to_group
	sound
	arp_answered
	vf_mtu
	vf_alone
	vf_vvlan
	by_ethtool
	by_devlink
	over_ipv6
"

mid='' r='' h1='' h2='' h3=''
# shellcheck disable=SC2034	# used by name
a='' b='' c='' d='' e='' f='' g='' x='' y='' k='' m='' v1='' v2=''

FAR=198.51.100.3
FAR6=2001:db8:f::3
GW=02:00:00:00:fe:09
GW_NEW=02:00:00:00:fe:19
GW2=02:00:00:00:fe:10
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
MAC_C=02:00:00:00:00:0c
MAC_G=02:00:00:00:00:1a
UP1='' UP2=''		# MAC addresses of the PFs

##############################################################################
# Setup

wires()
{
	setup_ns mid r h1 h2 h3
	check "wires" ip -n "$mid" -batch - <<-END
		link add name br mtu 1700 type bridge mcast_snooping 0
		link add name w1 mtu 1700 type veth peer name p1 mtu 1700
		link add name w2 mtu 1700 type veth peer name p2 mtu 1700
		link add name q1 mtu 1700 type veth peer name near address $GW mtu 1700 netns $r
		link add name q2 mtu 1700 type veth peer name near2 address $GW2 mtu 1700 netns $r
		link set dev br addrgenmode none up
		link set dev w1 addrgenmode none up
		link set dev w2 addrgenmode none up
		link set dev p1 addrgenmode none master br up
		link set dev p2 addrgenmode none master br up
		link set dev q1 addrgenmode none master br up
		link set dev q2 addrgenmode none master br up
	END
	nsenter "--net=/run/netns/$r" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1 \
		net.ipv4.conf.{all,default,near,near2}.rp_filter=0 \
		net.ipv4.conf.{all,default}.arp_ignore=1 \
		net.ipv4.conf.near.arp_notify=1 net.ipv6.conf.near.ndisc_notify=1
	check "router" ip -n "$r" -batch - <<-END
		link add name far mtu 1700 type veth peer name up netns $h3
		addr add 192.0.2.9/24 dev near
		addr add 2001:db8::9/64 dev near nodad
		addr add 192.0.2.10/24 dev near2
		addr add 2001:db8::10/64 dev near2 nodad
		addr add 198.51.100.9/24 dev far
		addr add 2001:db8:f::9/64 dev far nodad
		link set dev near up
		link set dev near2 up
		link set dev far up
	END
	check "far host" ip -n "$h3" -batch - <<-END
		link set dev up mtu 1600
		addr add $FAR/24 dev up
		addr add $FAR6/64 dev up nodad
		link set dev up up
		route add 192.0.2.0/24 via 198.51.100.9
		route add 2001:db8::/64 via 2001:db8:f::9
	END
}

# add_host NAMESPACE LOCAL PEER...
add_host()
{
	add_switch "$1" sw0 local "$2" uplink up
	{
		echo "segment add 100 dev sw0"
		printf 'peer add %s dev sw0 vni 100\n' "${@:3}"
	} >"$TMP/batch"
	check "segments" weft -n "$1" -b "$TMP/batch"
}

# add_lone_vf NAME VF N: a VF of nic1 that is no port
add_lone_vf()
{
	local dev

	setup_ns "$1"
	dev=$(device_of "$(pci_of nic1)/virtfn$2")
	check "VF $2" ip link set dev "$dev" netns "${!1}" name eth0
	dress_vm "${!1}" "192.0.2.$3/24"
}

setup()
{
	local name

	if ! has_nics; then
		skip "no PCI in this kernel"
		exit 0
	fi
	check "modules" load_nics || exit
	wires
	add_nic "$mid" 1 "$h1" 4
	add_nic "$mid" 2 "$h2" 2
	for name in h1 h2; do
		check "route" ip -n "${!name}" -batch - <<-END
			route add 198.51.100.0/24 via 192.0.2.9
			route add 2001:db8:f::/64 via 2001:db8::9
		END
	done
	UP1=$(mac_of "$h1" up)
	UP2=$(mac_of "$h2" up)
	add_host "$h1" "$(vtep 1)" "$(vtep 2)" $FAR
	add_host "$h2" "$(vtep 2)" "$(vtep 1)" $FAR
	add_host "$h3" $FAR "$(vtep 1)" "$(vtep 2)"
	check "served" busywait 10000 serving "$h1"
	check "served" busywait 10000 serving "$h2"
	add_quiet_vm "$h1" sw0 a 100 $MAC_A 10.0.0.1/24
	add_vf_vm "$h1" 1 0 b $MAC_B 100 10.0.0.2/24
	add_quiet_vm "$h2" sw0 c 100 $MAC_C 10.0.0.3/24
	add_vf_vm "$h2" 2 0 d 02:00:00:00:00:0d 100 10.0.0.4/24
	add_vf_vm "$h1" 1 1 e 02:00:00:00:00:0e 100 10.0.0.5/24
	add_vf_vm "$h2" 2 1 f 02:00:00:00:00:0f 100 10.0.0.6/24
	add_quiet_vm "$h3" sw0 g 100 $MAC_G 10.0.0.7/24
	add_lone_vf x 2 31
	add_lone_vf y 3 32
	wire_start
	for name in a b c d e f g x y; do
		check "listen" wire open $name "${!name}" eth0
	done
	check "listen" wire open p1 "$mid" p1
	check "listen" wire open p2 "$mid" p2
	setup_done
}

check_both_tables()
{
	check_tables "$h1" nic1
	check_tables "$h2" nic2
}

##############################################################################
# A router between VTEPs

# gateway_is MAC: nic1 sends to other subnets by that
gateway_is()
{
	grep -q "^vtep ip $(vtep 1) .*gateway_mac $1" "$NICS/nic1/tables"
}

# check_next_hops CAPTURE GATEWAY-MAC: who each packet of the tunnel went to
check_next_hops()
{
	check "some to the near VTEP" [ "$(packets "$1" dst host "$(vtep 2)")" \
		-ge 2 ]
	check "some to the far one" [ "$(packets "$1" dst host "$FAR")" -ge 2 ]
	check_eq "near by its own MAC address" 0 packets "$1" \
		dst host "$(vtep 2)" and not ether dst "$UP2"
	check_eq "far by the gateway's" 0 packets "$1" dst host "$FAR" and \
		not ether dst "$2"
}

capture_out()
{
	capture "$mid" p1 "$1" udp port 4789 and src host "$(vtep 1)"
}

routed()
{
	local cap=$TMP/routed before
	local far=("$a 10.0.0.7" "$b 10.0.0.7") near=("$a 10.0.0.3"
		"$b 10.0.0.3" "$a 10.0.0.4" "$b 10.0.0.4")

	check "all" talk "${near[@]}" "${far[@]}" "$g 10.0.0.4" \
		"$d 10.0.0.7" "$g 10.0.0.2" "$e 10.0.0.6"
	check_both_tables
	check "the NIC knows the gateway" gateway_is "$GW"
	before=$(nic_count nic1 encapsulated)
	capture_out "$cap"
	check "all" talk "${near[@]}" "${far[@]}"
	capture_stop "$cap"
	check_next_hops "$cap" "$GW"
	check "all by the NIC" [ "$(nic_count nic1 encapsulated)" -ge \
		$((before + $(packets "$cap"))) ]
	log_test "a VTEP behind a router beside one on the subnet"
}

answers()
{
	grep -c "bytes from" "$TMP/ping.$1"
}

# more_answers VM NUMBER
more_answers()
{
	[ "$(answers "$1")" -ge "$2" ]
}

# Both kinds of VM, to g and to c
start_pings()
{
	local vm

	PINGS=()
	for vm in a b; do
		start nsenter "--net=/run/netns/${!vm}" ping -n -i 0.02 \
			10.0.0.7 >"$TMP/ping.$vm" 2>&1
		PINGS+=($!)
		start nsenter "--net=/run/netns/${!vm}" ping -n -q -i 0.02 \
			10.0.0.3 >/dev/null 2>&1
		PINGS+=($!)
	done
	check "a" busywait 5000 more_answers a 3
	check "b" busywait 5000 more_answers b 3
}

go_on()
{
	check "a goes on" busywait 5000 more_answers a $(($(answers a) + 5))
	check "b goes on" busywait 5000 more_answers b $(($(answers b) + 5))
}

# gateway_becomes MAC WHAT COMMAND...: under traffic, which follows
gateway_becomes()
{
	local mac=$1 what=$2 cap=$TMP/moves old

	shift 2
	old=$(sed -n "s/^vtep ip $(vtep 1) .*gateway_mac //p" \
		"$NICS/nic1/tables")
	start_pings
	capture_out "$cap"
	check "$what" "$@"
	check "$what: the NIC follows" busywait 10000 gateway_is "$mac"
	go_on
	capture_stop "$cap"
	check_eq "$what: to nobody else" 0 packets "$cap" \
		not ether dst "$UP2" and not ether dst "$old" and \
		not ether dst "$mac"
	capture_out "$cap"
	go_on
	capture_stop "$cap"
	check_next_hops "$cap" "$mac"
	stop "${PINGS[@]}"
	check_both_tables
}

gateway_moves()
{
	gateway_becomes "$GW_NEW" "address" \
		ip -n "$r" link set dev near address "$GW_NEW"
	gateway_becomes "$GW" "back" ip -n "$r" link set dev near address "$GW"
	log_test "the gateway's MAC address changes under traffic"
}

another_gateway()
{
	gateway_becomes "$GW2" "route" \
		ip -n "$h1" route replace 198.51.100.0/24 via 192.0.2.10
	gateway_becomes "$GW" "back" \
		ip -n "$h1" route replace 198.51.100.0/24 via 192.0.2.9
	log_test "the route leads to another gateway, under traffic"
}

# states STATE: how many entries of the two far VTEPs stand so
states()
{
	weft -n "$h1" map show dev sw0 | grep " peer 198.51.100." |
		grep -c "nic up $1"
}

# The NIC has room for one gateway: what is behind the other, software sends.
two_gateways()
{
	local cap=$TMP/gateways m=02:00:00:00:00:99 vm returned

	check "entry" weft -n "$h1" map add "$m" vni 100 dev sw0 \
		peer 198.51.100.33
	check "both for the NIC" busywait 5000 counter_is 2 states present
	check "route" ip -n "$h1" route add 198.51.100.33/32 via 192.0.2.10
	check "one for the host" busywait 5000 counter_is 1 states host
	check "one for the NIC" busywait 5000 counter_is 1 states present
	know "$a" eth0 10.0.0.99 "$m"
	know "$b" eth0 10.0.0.99 "$m"
	returned=$(nic_word "$h1" returned)
	capture_out "$cap"
	for vm in "$a" "$b"; do
		check "g" ping_vm "$vm" 10.0.0.7
		check "nobody" no_ping_vm "$vm" 10.0.0.99
	done
	check_eq "not tried with the NIC" "$returned" nic_word "$h1" returned
	capture_stop "$cap"
	check_eq "by the first" 2 packets "$cap" dst host "$FAR" and \
		ether dst "$GW"
	check_eq "by the second" 6 packets "$cap" dst host 198.51.100.33 and \
		ether dst "$GW2"
	check_eq "none by the wrong one" 0 packets "$cap" \( dst host "$FAR" \
		and not ether dst "$GW" \) or \( dst host 198.51.100.33 and \
		not ether dst "$GW2" \)
	check "no entry" weft -n "$h1" map del "$m" vni 100 dev sw0
	check "no route" ip -n "$h1" route del 198.51.100.33/32
	check "for the NIC" busywait 5000 counter_is 0 states host
	check_both_tables
	log_test "a second gateway is software's"
}

##############################################################################
# To many

# many_from SENDER WIRE-PLACE EXPECTED: each kind of frame to many
many_from()
{
	local from=$1 place=$2 expected=$3

	check_heard "$from: broadcast" "$expected" "$from" \
		src "$(mac_of_vm "$from")" dst all
	check_heard "$from: multicast" "$expected" "$from" \
		src "$(mac_of_vm "$from")" dst 01:00:5e:01:02:03
	check_heard "$from: ARP" "$expected" "$from" \
		src "$(mac_of_vm "$from")" arp request 10.0.0.50 10.0.0.51
	check_heard "$from: neighbour solicitation" "$expected" "$from" \
		src "$(mac_of_vm "$from")" ns 2001:db8:a::50 2001:db8:a::51
	[ -z "$4" ] || check_seen "$from: one to the group" 1 "$place" "$4"
}

# mac_of_vm NAME: in the words of wire.py
mac_of_vm()
{
	[ "$1" = g ] && echo m1a || echo "m$1"
}

# expected SENDER OUTER...: all others of segment 100
expected()
{
	local name list=()

	for name in $VMS; do
		[ "$name" = "$1" ] || list+=("$name")
	done
	list+=("${@:2}")
	(IFS=,; echo "${list[*]}")
}

to_list()
{
	local from

	VMS="a b c d e f g"
	for from in a b; do
		many_from "$from" p1 "$(expected "$from" "p1*2")"
	done
	for from in c d; do
		many_from "$from" p2 "$(expected "$from" "p2*2")"
	done
	many_from g p1 "$(expected g)"
	check_both_tables
	log_test "to many, by a flood list: one copy each"
}

# h1 and h2, or the group and nobody else
flood_by()
{
	local n other

	for n in 1 2; do
		other=$((3 - n))
		if [ "$1" = group ]; then
			cat <<-END
				segment set 100 dev sw0 group 239.1.1.1
				peer del $(vtep "$other") dev sw0 vni 100
				peer del $FAR dev sw0 vni 100
			END
		else
			cat <<-END
				segment set 100 dev sw0 group none
				peer add $(vtep "$other") dev sw0 vni 100
				peer add $FAR dev sw0 vni 100
			END
		fi >"$TMP/batch"
		other=h$n
		check "by $1" weft -n "${!other}" -b "$TMP/batch"
	done
}

nics_have_group()
{
	grep -q "^segment 100 .*group 239.1.1.1" "$NICS/nic1/tables" &&
		grep -q "^segment 100 .*group 239.1.1.1" "$NICS/nic2/tables"
}

nics_have_no_group()
{
	! grep -q "^segment 100 .*group" "$NICS/nic1/tables" &&
		! grep -q "^segment 100 .*group" "$NICS/nic2/tables"
}

to_group()
{
	local from

	flood_by group
	check "in the NICs" busywait 5000 nics_have_group
	VMS="a b c d e f"
	for from in a b; do
		many_from "$from" p1 "$(expected "$from" p1)" \
			"> 01:00:5e:01:01:01 $(vtep 1) > 239.1.1.1 vni 100:"
	done
	for from in c d; do
		many_from "$from" p2 "$(expected "$from" p2)" \
			"> 01:00:5e:01:01:01 $(vtep 2) > 239.1.1.1 vni 100:"
	done
	check "and they talk" talk "$a 10.0.0.4" "$b 10.0.0.4" "$e 10.0.0.3"
	flood_by list
	check "no more" busywait 5000 nics_have_no_group
	check_both_tables
	log_test "to many, by a multicast group: one copy each"
}

##############################################################################
# Forged

STATIC=02:00:00:00:00:71	# static, behind h2
ELSEWHERE=02:00:00:00:00:72	# static, behind h3

# what a frame from h2 to b begins with, and what is in it
OUTER() { echo "eth src=$UP2 dst=$UP1"; }
IP="ip src=192.0.2.2 dst=192.0.2.1"
VXLAN="udp dport=4789 / vxlan vni=100"
INNER="eth src=$STATIC dst=$MAC_B / ip src=10.0.0.66 dst=10.0.0.2 / udp / raw size=20"

# what has come to the drops of NIC and switch
dropped()
{
	nic_drops_since "$TMP/nic" nic1 | sed 's/^/nic /'
	drops_since "$TMP/host" "$h1" sw0 | sed 's/^/host /'
}

# remember: begin to count
remember()
{
	nic_drops nic1 >"$TMP/nic"
	all_drops "$h1" sw0 >"$TMP/host"
	check "listen" wire clear
}

# inject WHAT HEARD "WHERE REASON NUMBER"... <FRAMES: from the wire; so many come
# to b, others are dropped for that and nothing else, and nobody else has any
inject()
{
	local what=$1 heard=$2 expected name

	shift 2
	expected=$([ $# -eq 0 ] || printf '%s\n' "$@" | LC_ALL=C sort)
	remember
	check "send" forge "$mid" p1
	check_seen "$what: heard" "$heard" b "ip 10\.0\.0\.66 >"
	busywait 3000 counter_is "$expected" sorted_drops
	check_eq "$what: drops" "$expected" sorted_drops
	for name in a e x y; do
		check_seen "$what: by $name" 0 "$name" "ip 10\.0\.0\.66 >"
	done
}

sorted_drops()
{
	dropped | LC_ALL=C sort
}

# What is as it should be, unusual as it may be
sound()
{
	local outer

	outer=$(OUTER)
	check "entries" weft -n "$h1" -b - <<-END
		map add $STATIC vni 100 dev sw0 peer $(vtep 2)
		map add $ELSEWHERE vni 100 dev sw0 peer $FAR
	END
	check_tables "$h1" nic1
	inject "sound" 5 <<-END
		$outer / $IP / $VXLAN / $INNER
		$outer / $IP / udp dport=4789 csum=zero / vxlan vni=100 / $INNER
		$outer / $IP / $VXLAN / eth src=$STATIC dst=$MAC_B / ip src=10.0.0.66 / udp csum=zero / raw size=20
		$outer / $IP tos=1 / $VXLAN / eth src=$STATIC dst=$MAC_B / ip src=10.0.0.66 tos=1 / udp / raw size=20
		$outer / $IP options=01010101 / $VXLAN / $INNER
	END
	log_test "what is unusual but sound comes in"
}

forged()
{
	local outer

	outer=$(OUTER)
	inject "outer VLAN tag" 0 "nic wrong_vlan 1" <<-END
		$outer vlan=7 / $IP / $VXLAN / $INNER
	END
	inject "own source" 0 "nic wrong_vtep 1" <<-END
		$outer / ip src=192.0.2.1 dst=192.0.2.1 / $VXLAN / $INNER
	END
	inject "checksums" 0 "nic bad_csum 4" <<-END
		$outer / $IP bad=1 / $VXLAN / $INNER
		$outer / $IP / udp dport=4789 csum=bad / vxlan vni=100 / $INNER
		$outer / $IP / $VXLAN / eth src=$STATIC dst=$MAC_B / ip src=10.0.0.66 bad=1 / udp / raw size=20
		$outer / $IP / $VXLAN / eth src=$STATIC dst=$MAC_B / ip src=10.0.0.66 / udp csum=bad / raw size=20
	END
	inject "malformed" 0 "nic malformed 8" <<-END
		$outer / $IP / udp dport=4789 / vxlan vni=100 flags=0 / $INNER
		$outer / $IP / udp dport=4789 / vxlan vni=100 flags=0x0c000000 / $INNER
		$outer / $IP / udp dport=4789 / vxlan vni=100 flags=0x08000001 / $INNER
		$outer / $IP / udp dport=4789 / vxlan vni=100 low=1 / $INNER
		$outer / $IP / $VXLAN cut=20 / $INNER
		$outer / $IP / $VXLAN / eth src=01:00:5e:00:00:01 dst=$MAC_B / ip src=10.0.0.66 / udp
		$outer / $IP / $VXLAN / eth src=00:00:00:00:00:00 dst=$MAC_B / ip src=10.0.0.66 / udp
		$outer / $IP tos=3 / $VXLAN / $INNER
	END
	# not a tunnel's of this NIC: the host looks at them, and drops them
	inject "unknown VNI" 0 "host unknown-vni 1" <<-END
		$outer / $IP / udp dport=4789 / vxlan vni=999 / $INNER
	END
	inject "another VTEP" 0 <<-END
		$outer / ip src=192.0.2.2 dst=192.0.2.77 / $VXLAN / $INNER
		eth src=$UP2 dst=02:00:00:00:00:77 / $IP / $VXLAN / $INNER
		$outer / ip src=192.0.2.2 dst=239.9.9.9 / $VXLAN / $INNER
	END
	inject "short" 0 "nic malformed 14" "host tunnel-header 8" <<-END
		$outer / $IP / udp dport=4789 / vxlan vni=100 cut=0..21 / $INNER
	END
	inject "cut" 0 <<-END
		$outer cut=14..111 / $IP / $VXLAN / $INNER
	END
	check_eq "ethtool says the same" "$(nic_drops nic1)" \
		ethtool_drops "$h1" up
	check_both_tables
	log_test "what is forged is dropped and counted"
}

# Both VTEP addresses are held against the entries of both inner addresses.
contradictions()
{
	local outer

	outer=$(OUTER)
	inject "static source elsewhere" 0 "nic contradicts 2" <<-END
		$outer / ip src=$FAR dst=192.0.2.1 / $VXLAN / $INNER
		$outer / $IP / $VXLAN / eth src=$ELSEWHERE dst=$MAC_B / ip src=10.0.0.66 / udp
	END
	inject "source is a VF's" 0 "nic contradicts 1" <<-END
		$outer / $IP / $VXLAN / eth src=02:00:00:00:00:0e dst=$MAC_B / ip src=10.0.0.66 / udp
	END
	inject "static receiver elsewhere" 0 "nic contradicts 1" <<-END
		$outer / $IP / $VXLAN / eth src=$STATIC dst=$ELSEWHERE / ip src=10.0.0.66 / udp
	END
	inject "to many" 0 "nic contradicts 1" <<-END
		$outer / $IP / $VXLAN / eth src=$ELSEWHERE dst=ff:ff:ff:ff:ff:ff / ip src=10.0.0.66 / udp
	END
	check "c is known" ping_vm "$b" 10.0.0.3
	check_tables "$h1" nic1
	inject "learned receiver elsewhere" 0 "nic contradicts_learned 1" \
		"host split-horizon 1" <<-END
		$outer / $IP / $VXLAN / eth src=$STATIC dst=$MAC_C / ip src=10.0.0.66 / udp
	END
	check_both_tables
	log_test "what contradicts the table is dropped"
}

# A source that was learned may have moved: the host learns and delivers.
moved_loses_nothing()
{
	local outer m=02:00:00:00:00:61 from near far

	outer=$(OUTER)
	near="$outer / $IP / $VXLAN"
	far="$outer / ip src=$FAR dst=192.0.2.1 / $VXLAN"
	from="eth src=$m dst=$MAC_B / ip src=10.0.0.61 / udp / raw size=20"
	remember
	check "comes" forge "$mid" p1 <<-END
		10* $near / $from
	END
	check_seen "all of them" 10 b "ip 10\.0\.0\.61 >"
	check "known" busywait 5000 hw_is "100 $m vtep $(vtep 2)"
	check "moves" forge "$mid" p1 <<-END
		10* $far / $from
	END
	check_seen "and of these" 20 b "ip 10\.0\.0\.61 >"
	check "followed" busywait 5000 hw_is "100 $m vtep $FAR"
	check "is counted" moved
	check "moves back and forth" forge "$mid" p1 <<-END
		5* $near / $from
		5* $far / $from
		5* $near / $from
		5* $far / $from
	END
	check_seen "none is lost" 40 b "ip 10\.0\.0\.61 >"
	check "forget" weft -n "$h1" -b - <<-END
		map del $m vni 100 dev sw0
		map del $STATIC vni 100 dev sw0
		map del $ELSEWHERE vni 100 dev sw0
	END
	check_both_tables
	log_test "a VM that moved loses no frame"
}

hw_is()
{
	hw_entries nic1 | grep -qx "$1"
}

moved()
{
	nic_drops_since "$TMP/nic" nic1 | grep -q contradicts_learned
}

##############################################################################
# ARP

# arp_time CAPTURE: microseconds from the request to its answer
arp_time()
{
	tcpdump -nn -tt -r "$1" arp 2>/dev/null | awk '
		/Request/ { asked = $1 }
		/Reply/ { print int(($1 - asked) * 1000000); exit }'
}

# ask WHAT: b pings c, which it does not know; one question is enough, and the
# first packet is answered. (c would tell b where it is, by asking for it.)
ask()
{
	local cap=$TMP/ask

	check "c forgets" ip -n "$c" neigh flush dev eth0
	check "b forgets" ip -n "$b" neigh flush dev eth0
	check "the map forgets" weft -n "$h1" map del "$MAC_C" vni 100 dev sw0
	check "the NIC forgets" busywait 5000 hw_knows_not "100 $MAC_C"
	check "listen" wire clear
	capture "$b" eth0 "$cap" arp or icmp
	check "$1: first ping" ping_vm "$b" 10.0.0.3 -w 2
	capture_stop "$cap"
	check_eq "$1: one question" 1 packets "$cap" \
		"arp[7] = 1 and ether src $MAC_B" ||
		fail "what b sent and heard" "$(tcpdump -nne -r "$cap" 2>&1)"
	check_eq "$1: one answer" 1 packets "$cap" \
		"arp[7] = 2 and ether dst $MAC_B"
	check_eq "$1: one packet" 1 packets "$cap" \
		"icmp[icmptype] == icmp-echo"
	echo "# $1: ARP answered in $(arp_time "$cap") us"
}

hw_knows_not()
{
	! hw_entries nic1 | grep -q "^$1 "
}

arp_flooded()
{
	ask "flooded"
	check_seen "on the wire" 2 p1 "arp request 10.0.0.2 10.0.0.3"
	check "c is known" busywait 5000 hw_is "100 $MAC_C vtep $(vtep 2)"
	check_both_tables
	log_test "ARP of a VF for a peer that its NIC does not know"
}

# The host knows the neighbour, though not where it is.
arp_answered()
{
	check "suppress" weft -n "$h1" -b - <<-END
		segment set 100 dev sw0 suppress on
		neigh replace 10.0.0.3 lladdr $MAC_C vni 100 dev sw0
	END
	check "in the NIC" busywait 5000 grep -q "^segment 100 .*flags 0x7" \
		"$NICS/nic1/tables"
	ask "answered by the host"
	check_seen "not on the wire" 0 p1 "arp request 10.0.0.2 10.0.0.3"
	check "forget" weft -n "$h1" neigh del 10.0.0.3 vni 100 dev sw0
	VMS="a b c d e f g"
	check_heard "not known: to all others" "$(expected b "p1*2")" b \
		src mb arp request 10.0.0.2 10.0.0.51
	check_heard "not known: by IPv6" "$(expected b "p1*2")" b src mb \
		ns 2001:db8:a::2 2001:db8:a::51
	ask "learned by the host"
	ask "answered from what was learned"
	check_seen "not on the wire" 0 p1 "arp request 10.0.0.2 10.0.0.3"
	check "as it was" weft -n "$h1" segment set 100 dev sw0 suppress off
	check "in the NIC" busywait 5000 grep -q "^segment 100 .*flags 0x3" \
		"$NICS/nic1/tables"
	check_both_tables
	log_test "ARP of a VF, answered by the host"
}

##############################################################################
# What a VF may be

# link_word NAMESPACE WORD: of its eth0
link_word()
{
	ip -n "$1" -d link show dev eth0 |
		awk -v word="$2" '{ for (i = 1; i < NF; i++)
			if ($i == word) { print $(i + 1); exit } }'
}

vf_mtu()
{
	check_eq "largest" 1550 link_word "$b" maxmtu
	check "it" ip -n "$b" link set dev eth0 mtu 1550
	check "fills the wire" ping_vm "$b" 10.0.0.4 -s 1422 -M "do"
	check_refused "a larger one" "greater than device maximum" \
		ip -n "$b" link set dev eth0 mtu 1551
	check "the wire takes more" ip -n "$h1" link set dev up mtu 1680
	check "grows" busywait 5000 counter_is 1630 link_word "$b" maxmtu
	check_eq "MTU stays" 1550 link_word "$b" mtu
	check "larger" ip -n "$b" link set dev eth0 mtu 1630
	check "the wire takes less" ip -n "$h1" link set dev up mtu 1500
	check "shrinks" busywait 5000 counter_is 1450 link_word "$b" maxmtu
	check "MTU with it" busywait 5000 counter_is 1450 link_word "$b" mtu
	check "talk" ping_vm "$b" 10.0.0.4 -s 1422 -M "do"
	check "as it was" ip -n "$h1" link set dev up mtu 1600
	check "grows" busywait 5000 counter_is 1550 link_word "$b" maxmtu
	check "as it was" ip -n "$b" link set dev eth0 mtu 1500
	log_test "the MTU of a VF is what the wire leaves"
}

vf_mtu_ipv6()
{
	check "VTEP of IPv6" weft -n "$h1" switch set sw0 \
		local "$(vtep 1)" local "$(vtep6 1)"
	check "20 bytes less" busywait 5000 counter_is 1530 \
		link_word "$b" maxmtu
	check "no more" weft -n "$h1" switch set sw0 local none \
		local "$(vtep 1)"
	check "grows" busywait 5000 counter_is 1550 link_word "$b" maxmtu
	log_test "the MTU of a VF is less with IPv6"
}

vf_mtu_options()
{
	check "options" weft -n "$h1" segment set 100 dev sw0 encap geneve \
		option 0102:01:00112233
	check "8 bytes less" busywait 5000 counter_is 1542 \
		link_word "$b" maxmtu
	check "NVGRE" weft -n "$h1" segment set 100 dev sw0 encap nvgre \
		option none
	check "no UDP" busywait 5000 counter_is 1558 link_word "$b" maxmtu
	check "VXLAN" weft -n "$h1" segment set 100 dev sw0 encap vxlan
	check "as it was" busywait 5000 counter_is 1550 link_word "$b" maxmtu
	check "in the NIC" busywait 5000 hw_is "100 $MAC_B vf 0"
	check "talk" talk "$b 10.0.0.3" "$b 10.0.0.7"
	log_test "the MTU of a VF counts encapsulation and options"
}

# carried ENCAP...: segment 100 is, by all
carried()
{
	local ns

	for ns in "$h1" "$h2" "$h3"; do
		check "$1" weft -n "$ns" segment set 100 dev sw0 encap "$@"
	done
	check "told" busywait 5000 hw_carries nic1 100 "$1"
	check "told" busywait 5000 hw_carries nic2 100 "$1"
	check_both_tables
}

# What is not known, the host judges.
forged_geneve()
{
	local outer

	outer="$(OUTER) / $IP / udp dport=6081"
	check "static again" weft -n "$h1" map replace "$STATIC" vni 100 \
		dev sw0 peer "$(vtep 2)"
	carried geneve option 0102:81
	inject "sound" 5 <<-END
		$outer / geneve vni=100 / $INNER
		$outer / geneve vni=100 flags=0x3f / $INNER
		$outer / geneve vni=100 options=0909010100000000 / $INNER
		$outer / geneve vni=100 flags=0x40 options=01028100 / $INNER
		$outer csum=zero / geneve vni=100 flags=0x40 options=090901000102810100000000 / $INNER
	END
	inject "malformed" 0 "nic malformed 3" <<-END
		$outer / geneve vni=100 version=1 / $INNER
		$outer / geneve vni=100 proto=0x0800 / $INNER
		$outer / geneve vni=100 optlen=63 / $INNER
	END
	inject "the host's" 0 "host tunnel-control 1" "host tunnel-option 2" \
		"host tunnel-header 1" "host unknown-vni 1" <<-END
		$outer / geneve vni=100 flags=0x80 / $INNER
		$outer / geneve vni=100 flags=0x40 options=01028200 / $INNER
		$outer / geneve vni=100 flags=0x40 options=0102810009098100 / $INNER
		$outer / geneve vni=100 options=09090102 / $INNER
		$outer / geneve vni=999 / $INNER
	END
	inject "another encapsulation" 0 "host encap-mismatch 1" <<-END
		$(OUTER) / ip src=192.0.2.77 dst=192.0.2.1 / $VXLAN / $INNER
	END
	inject "short" 0 "nic malformed 14" "host tunnel-header 8" <<-END
		$outer / geneve vni=100 cut=0..21 / $INNER
	END
	inject "checksums" 0 "nic bad_csum 2" <<-END
		$(OUTER) / $IP / udp dport=6081 csum=bad / geneve vni=100 / $INNER
		$(OUTER) / $IP bad=1 / udp dport=6081 / geneve vni=100 / $INNER
	END
	inject "contradicts" 0 "nic contradicts 1" <<-END
		$(OUTER) / ip src=$FAR dst=192.0.2.1 / udp dport=6081 / geneve vni=100 / $INNER
	END
	check_both_tables
	log_test "forged GENEVE is dropped and counted"
}

# Other GRE is the host's own business, which has none.
forged_nvgre()
{
	local outer

	outer="$(OUTER) / $IP"
	carried nvgre option none
	inject "sound" 2 <<-END
		$outer / gre vni=100 / $INNER
		$outer / gre vni=100 flow=77 / $INNER
	END
	inject "the host's" 0 <<-END
		$outer / gre vni=999 / $INNER
		$outer / gre vni=100 flags=0xa000 / $INNER
		$outer / gre vni=100 flags=0x3000 / $INNER
		$outer / gre vni=100 flags=0 / $INNER
		$outer / gre vni=100 proto=0x0800 / $INNER
		$outer / gre vni=100 cut=0..7 / $INNER
	END
	inject "short" 0 "nic malformed 14" <<-END
		$outer / gre vni=100 cut=8..21 / $INNER
	END
	inject "contradicts" 0 "nic contradicts 1" <<-END
		$(OUTER) / ip src=$FAR dst=192.0.2.1 / gre vni=100 / $INNER
	END
	carried vxlan
	check "talk" talk "$b 10.0.0.3" "$b 10.0.0.7"
	log_test "forged NVGRE is dropped and counted, or left alone"
}

vf_mac()
{
	local new=02:00:00:00:00:4b

	check "another" weft -n "$h1" port set up vf 0 dev sw0 vni 100 mac "$new"
	check "the VF follows" busywait 5000 counter_is "$new" \
		link_word "$b" link/ether
	check "its entry" busywait 5000 hw_is "100 $new vf 0"
	check "not the old" busywait 5000 hw_knows_not "100 $MAC_B"
	check "talk" talk "$b 10.0.0.3" "$b 10.0.0.7"
	ip -n "$a" neigh flush dev eth0
	check "to it" talk "$a 10.0.0.2"
	check_heard "the old one is not its" - b src "$MAC_B" dst all
	check "as it was" weft -n "$h1" port set up vf 0 dev sw0 vni 100 \
		mac "$MAC_B"
	check "the VF follows" busywait 5000 counter_is "$MAC_B" \
		link_word "$b" link/ether
	check "its entry" busywait 5000 hw_is "100 $MAC_B vf 0"
	ip -n "$a" neigh flush dev eth0
	check "talk" talk "$b 10.0.0.3" "$a 10.0.0.2"
	check_both_tables
	log_test "a VF has the address of its port"
}

# vf N WORD...: the administrator says of a VF
vf()
{
	ip -n "$h1" link set dev up vf "$@"
}

# vf_stat N rx|tx: packets, as ip tells them
vf_stat()
{
	ip -n "$h1" -s -j link show dev up |
		jq ".[0].vfinfo_list[$1].stats.$2 | .packets // .$2_packets"
}

vf_ruled()
{
	local before

	check_refused "MAC" "busy" vf 0 mac 02:00:00:00:00:99
	check_refused "VLAN" "busy" vf 0 vlan 7
	check_refused "rate" "busy" vf 0 max_tx_rate 10
	check_refused "spoofchk" "busy" vf 0 spoofchk off
	check_match "as it was" "vf 0 .*$MAC_B.*spoof checking on" \
		ip -n "$h1" link show dev up
	before=$(vf_stat 0 tx)
	check "link down" vf 0 state disable
	check "it sees that" busywait 5000 carrier_is 0 "$b"
	check "nobody" no_ping_vm "$b" 10.0.0.3
	check_heard "not to it" "a,c,d,f,g,p1*2" e src me dst all
	check "link" vf 0 state auto
	check "it sees that" busywait 5000 carrier_is 1 "$b"
	check "talk" ping_vm "$b" 10.0.0.3 -c 3 -i 0.05
	check "counted" [ "$(vf_stat 0 tx)" -ge $((before + 3)) ]
	check "counted" [ "$(vf_stat 0 rx)" -ge 3 ]
	check_both_tables
	log_test "a VF that is a port is the switch's"
}

# carrier_is 0|1 NAMESPACE
carrier_is()
{
	[ "$(in_ns "$2" cat /sys/class/net/eth0/carrier)" = "$1" ]
}

# x and y are switched in the NIC by MAC address and VLAN.
vf_alone()
{
	local mac=02:00:00:00:00:31

	check "inside" ping_vm "$x" 192.0.2.32
	check "to the wire" ping_vm "$x" 192.0.2.2
	check "to the PF" ping_vm "$y" 192.0.2.1
	check "MAC" vf 2 mac "$mac"
	check "it follows" busywait 5000 counter_is "$mac" \
		link_word "$x" link/ether
	check_fail "no other" ip -n "$x" link set dev eth0 \
		address 02:00:00:00:00:99
	ip -n "$y" neigh flush dev eth0
	check "with that" ping_vm "$y" 192.0.2.31
	check_heard "to y alone" y x src "$mac" \
		dst "$(link_word "$y" link/ether)"
	check_heard "to the wire" p1 x src "$mac" dst 02:00:00:00:00:78
	check_heard "to all" y,p1 x src "$mac" dst all
	check_heard "a wrong source" - x src m99 dst all
	check "spoofchk off" vf 2 spoofchk off
	check_heard "any source" y,p1 x src m99 dst all
	check "spoofchk on" vf 2 spoofchk on
	check_fail "not trusted" promisc "$x" m78
	check "trust" vf 2 trust on
	check "trusted" promisc "$x" m78
	check "not" vf 2 trust off
	check_match "statistics" "^[1-9]" vf_stat 2 tx
	check_match "statistics" "^[1-9]" vf_stat 3 rx
	check_both_tables
	log_test "VFs that are no port: MAC addresses"
}

# promisc NAMESPACE MAC: does x hear what y sends there?
promisc()
{
	ip -n "$1" link set dev eth0 promisc off
	ip -n "$1" link set dev eth0 promisc on
	busywait 2000 counter_is x,p1 wire hear x,p1 y \
		src "$(link_word "$y" link/ether)" dst "$2"
}

vf_alone_vlan()
{
	check "VLAN" vf 2 vlan 7
	check_heard "out of y's" p1.7 x src m31 dst all
	check_heard "not to it" p1 y src "$(link_word "$y" link/ether)" dst all
	check "y too" vf 3 vlan 7
	check_heard "to it" y,p1.7 x src m31 dst all
	check "inside" ping_vm "$x" 192.0.2.32
	check "not to the wire" no_ping_vm "$x" 192.0.2.2
	check_heard "tagged itself" - x src m31 dst all vlan 8
	check "none" vf 2 vlan 0
	check "none" vf 3 vlan 0
	check "to the wire" ping_vm "$x" 192.0.2.2
	log_test "VFs that are no port: VLANs"
}

# The port VLAN of a VF is a V.VLAN: it is in a segment with VMs behind ports,
# here and elsewhere, and no longer with hosts.
vf_vvlan()
{
	local name host n=41

	for name in v1 v2; do
		host=h${name#v}
		check "V.VLAN" weft -n "${!host}" -b - <<-END
			segment add 107 dev sw0
			port add up dev sw0 vni 107 vlan 7
		END
		add_quiet_vm "${!host}" sw0 "$name" 107 "02:00:00:00:00:$n" \
			"192.0.2.$n/24"
		n=$((n + 1))
	done
	check "VLAN" vf 2 vlan 7
	check "on this host" ping_vm "$x" 192.0.2.41
	check "on the other" ping_vm "$x" 192.0.2.42
	check "back" ping_vm "$v2" 192.0.2.31
	check "with each other" ping_vm "$v1" 192.0.2.42
	check "no host" no_ping_vm "$x" 192.0.2.2
	check_match "learned" "port up learned" weft -n "$h2" \
		map get "$(link_word "$x" link/ether)" vni 107 dev sw0
	check "none" vf 2 vlan 0
	check "no VM" no_ping_vm "$x" 192.0.2.42
	check "hosts" ping_vm "$x" 192.0.2.2
	for host in h1 h2; do
		check "as it was" weft -n "${!host}" -b - <<-END
			port del up dev sw0
			segment del 107 dev sw0
		END
	done
	check_both_tables
	log_test "VFs that are no port: V.VLANs"
}

vf_alone_link()
{
	check "down" vf 2 state disable
	check "seen" busywait 5000 carrier_is 0 "$x"
	check "nobody" no_ping_vm "$y" 192.0.2.31
	check "up" vf 2 state enable
	check "seen" busywait 5000 carrier_is 1 "$x"
	check "talk" ping_vm "$y" 192.0.2.31
	fault nic1 link off
	check "x stays up" busywait 5000 carrier_is 0 "$y"
	check "up" carrier_is 1 "$x"
	fault nic1 link on
	check "y up" busywait 5000 carrier_is 1 "$y"
	check "auto" vf 2 state auto
	check "talk" ping_vm "$y" 192.0.2.31
	log_test "VFs that are no port: their link"
}

# took BYTES: milliseconds of a stream from x to y
took()
{
	local begin

	begin=$(now_ms)
	check "stream" stream "$x" "$1" 192.0.2.32
	TOOK=$(($(now_ms) - begin))
}

vf_alone_rate()
{
	serve "$y"
	took 400000
	echo "# without limit: $TOOK ms"
	check "2 Mbit/s" vf 2 max_tx_rate 2
	check_match "shown" "vf 2 .*max_tx_rate 2Mbps" \
		ip -n "$h1" link show dev up
	took 400000
	echo "# 2 Mbit/s: $TOOK ms"
	# so much is for nothing: 64 KiB
	check "limited" [ "$TOOK" -ge 1200 ]
	check_fail "no least rate" vf 2 min_tx_rate 1
	check "no limit" vf 2 max_tx_rate 0
	log_test "VFs that are no port: their rate"
}

##############################################################################
# A second NIC

# Its wire leads to h3, on a network of its own.
second_nic()
{
	check "wire" ip -n "$mid" link add name w3 mtu 1700 type veth \
		peer name up3 mtu 1700 netns "$h3"
	check "wire" ip -n "$mid" link set dev w3 addrgenmode none up
	check "far end" ip -n "$h3" -batch - <<-END
		addr add 203.0.113.3/24 dev up3
		link set dev up3 addrgenmode none up
	END
	PF=up3 add_nic "$mid" 3 "$h1" 2
	check "near end" ip -n "$h1" -batch - <<-END
		link set dev up3 mtu 1600 addrgenmode none
		addr add 203.0.113.1/24 dev up3
		link set dev up3 up
	END
}

# Each NIC serves a switch, with VMs of the same addresses in the same segment.
two_switches()
{
	second_nic
	add_switch "$h1" sw1 local 203.0.113.1 uplink up3
	add_switch "$h3" sw1 local 203.0.113.3 uplink up3
	check "segment" weft -n "$h1" -b - <<-END
		segment add 100 dev sw1
		peer add 203.0.113.3 dev sw1 vni 100
	END
	check "segment" weft -n "$h3" -b - <<-END
		segment add 100 dev sw1
		peer add 203.0.113.1 dev sw1 vni 100
	END
	PF=up3 check "served" busywait 10000 serving "$h1"
	PF=up3 SW=sw1 add_vf_vm "$h1" 3 0 k "$MAC_B" 100 10.0.0.2/24
	add_quiet_vm "$h3" sw1 m 100 "$MAC_C" 10.0.0.3/24
	check "listen" wire open k "$k" eth0
	check "listen" wire open m "$m" eth0
	check_match "the first serves sw0" "^up dev sw0 .*serving on" \
		weft -n "$h1" nic show up
	check_match "the second sw1" "^up3 dev sw1 .*serving on" \
		weft -n "$h1" nic show up3
	check_refused "no VF of the other's" "does not serve this switch" \
		weft -n "$h1" port add up3 vf 1 dev sw0 vni 100 \
		mac 02:00:00:00:00:77
	check "talk" talk "$b 10.0.0.3" "$k 10.0.0.3" "$m 10.0.0.2"
	VMS="a b c d e f g"
	check_heard "by the first" "$(expected b "p1*2")" b src mb dst all
	check_heard "by the second" m k src mb dst all
	check_heard "unicast" m k src mb dst mc
	check_heard "what the other knows" m k src mb dst ma
	check_both_tables
	PF=up3 SW=sw1 check_tables "$h1" nic3
	check "gone" weft -n "$h1" switch del sw1
	check "gone" weft -n "$h3" switch del sw1
	SWITCHES=("$h1 sw0" "$h2 sw0" "$h3 sw0")
	check_both_tables
	check "talk" talk "$b 10.0.0.3"
	log_test "two NICs of a host, a switch each"
}

# A switch with both NICs as uplinks: a VF of each, and a port.
two_uplinks()
{
	local mac=02:00:00:00:00:18 near

	check "uplinks" weft -n "$h1" switch set sw0 local "$(vtep 1)" \
		uplink up uplink up3
	PF=up3 check "served" busywait 10000 serving "$h1"
	check "port" weft -n "$h1" port add up3 vf 0 dev sw0 vni 100 mac "$mac"
	check "the VF follows" busywait 5000 counter_is "$mac" \
		link_word "$k" link/ether
	check "another address" ip -n "$k" -batch - <<-END
		addr flush dev eth0
		addr add 10.0.0.8/24 dev eth0
	END
	near=("$k 10.0.0.1" "$k 10.0.0.2" "$a 10.0.0.8" "$b 10.0.0.8")
	check "on the host" talk "${near[@]}"
	check "with others" talk "$k 10.0.0.3" "$k 10.0.0.4" "$k 10.0.0.7" \
		"$d 10.0.0.8" "$g 10.0.0.8"
	VMS="a b c d e f g k"
	check_heard "from the other NIC" "$(expected k "p1*2")" k src m18 \
		dst all
	check_heard "from the first" "$(expected b "p1*2")" b src mb dst all
	check_heard "from a port" "$(expected a "p1*2")" a src ma dst all
	check_heard "from the wire" "$(expected d "p2*2")" d src md dst all
	check "as it was" weft -n "$h1" switch set sw0 local "$(vtep 1)" \
		uplink up
	check_both_tables
	log_test "two NICs of a host, one switch"
}

##############################################################################
# Tools

# engine COUNTER: of nic1, as ethtool tells it
engine()
{
	in_ns "$h1" ethtool -S up | awk -v name="engine_$1:" \
		'$1 == name { print $2 }'
}

by_ethtool()
{
	check_match "driver" "^driver: weftnic" in_ns "$h1" ethtool -i up
	check_match "where" "bus-info: $(<"$NICS/nic1/address")" \
		in_ns "$h1" ethtool -i up
	check_match "link" "Link detected: yes" in_ns "$h1" ethtool up
	check_eq "counters" "$(nic_count nic1 encapsulated)" \
		engine encapsulated
	check_match "rings" "RX:[[:space:]]*512.*TX:[[:space:]]*128" \
		rings rx 512 tx 128
	check_match "one channel" "Combined:[[:space:]]*1" channels 1
	check "talk" talk "$a 10.0.0.3" "$b 10.0.0.4" "$g 10.0.0.2"
	check_match "two" "Combined:[[:space:]]*2" channels 2
	check "talk" talk "$a 10.0.0.3" "$b 10.0.0.4" "$g 10.0.0.2"
	check_fail "no more" in_ns "$h1" ethtool -L up combined 9
	check_match "segments in tunnels" \
		"tx-udp_tnl-csum-segmentation: on" \
		in_ns "$h1" ethtool -k up
	check_both_tables
	log_test "ethtool"
}

# What software encapsulates, the NIC segments: its device sees packets that are
# longer than its MTU.
software_segments()
{
	local cap=$TMP/segments bad

	serve "$c"
	bad=$(nic_count nic2 bad_csum)
	check "not the NIC's" weft -n "$h1" switch set sw0 ttl inherit
	capture "$h1" up "$cap" -s 100 udp port 4789 and greater 2000
	check "stream" stream "$a" 2000000 10.0.0.3
	capture_stop "$cap"
	check_match "long packets" "^[1-9]" packets "$cap"
	check_eq "with right checksums" "$bad" nic_count nic2 bad_csum
	check_match "nothing is wrong with them" "hw_tx_bad: 0" \
		in_ns "$h1" ethtool -S up
	check "as it was" weft -n "$h1" switch set sw0 ttl auto
	log_test "the NIC segments what software has encapsulated"
}

# rings WORD...: set them, and show
rings()
{
	in_ns "$h1" ethtool -G up "$@" && in_ns "$h1" ethtool -g up |
		sed -n '/^Current/,$p'
}

channels()
{
	in_ns "$h1" ethtool -L up combined "$1" &&
		in_ns "$h1" ethtool -l up | sed -n '/^Current/,$p'
}

# occupancy TABLE: of nic1, as devlink tells it
occupancy()
{
	devlink resource show "$DEVLINK" | awk -v name="$1" \
		'$2 == name { for (i = 3; i < NF; i++)
			if ($i == "occ") print $(i + 1) }'
}

by_devlink()
{
	local before

	DEVLINK=pci/$(<"$NICS/nic1/address")
	check_match "info" "driver weftnic" devlink dev info "$DEVLINK"
	check_match "info" "asic.id 4e544657" devlink dev info "$DEVLINK"
	check_eq "entries" "$(hw_entries nic1 | wc -l)" occupancy map
	check_eq "segments" 1 occupancy segments
	check_match "health" "state healthy" \
		devlink health show "$DEVLINK" reporter fw
	check_match "diagnosis" "works: true" \
		devlink health diagnose "$DEVLINK" reporter fw
	check "by hand" devlink health set "$DEVLINK" reporter fw \
		auto_recover false
	before=$(nic_word "$h1" generation)
	fault nic1 timeout 1
	check "a command" weft -n "$h1" map add 02:00:00:00:00:99 vni 100 \
		dev sw0 peer "$(vtep 2)"
	check "failed" busywait 10000 health_is error
	check_match "diagnosis" "works: false" \
		devlink health diagnose "$DEVLINK" reporter fw
	check_match "not ready" "ready off" weft -n "$h1" nic show up
	check "recover" devlink health recover "$DEVLINK" reporter fw
	check "pushed anew" busywait 20000 generation_after "$before"
	check "healthy" busywait 5000 health_is healthy
	check "as it was" devlink health set "$DEVLINK" reporter fw \
		auto_recover true
	check "delete" weft -n "$h1" map del 02:00:00:00:00:99 vni 100 dev sw0
	check "served" busywait 10000 serving "$h1"
	check "talk" busywait 10000 talk "$a 10.0.0.3" "$b 10.0.0.4" \
		"$g 10.0.0.2"
	check_both_tables
	log_test "devlink"
}

health_is()
{
	[[ $(devlink health show "$DEVLINK" reporter fw) == *"state $1 "* ]]
}

generation_after()
{
	[ "$(nic_word "$h1" generation)" -gt "$1" ]
}

##############################################################################
# IPv6

# other_peers NAMESPACE OLD OLD NEW NEW
other_peers()
{
	check "peers" weft -n "$1" -b - <<-END
		peer del $2 dev sw0
		peer del $3 dev sw0
		peer add $4 dev sw0 vni 100
		peer add $5 dev sw0 vni 100
	END
}

over_ipv6()
{
	local n host encap before far=("$a 10.0.0.7" "$b 10.0.0.7" "$g 10.0.0.4")

	for n in 1 2 3; do
		host=h$n
		case $n in
		3) check "VTEP" weft -n "$h3" switch set sw0 local "$FAR" \
			local "$FAR6" ;;
		*) check "VTEP" weft -n "${!host}" switch set sw0 \
			local "$(vtep "$n")" local "$(vtep6 "$n")" ;;
		esac
	done
	other_peers "$h1" "$(vtep 2)" "$FAR" "$(vtep6 2)" "$FAR6"
	other_peers "$h2" "$(vtep 1)" "$FAR" "$(vtep6 1)" "$FAR6"
	other_peers "$h3" "$(vtep 1)" "$(vtep 2)" "$(vtep6 1)" "$(vtep6 2)"
	check "talk" talk "$a 10.0.0.3" "$a 10.0.0.4" "$b 10.0.0.3" \
		"$b 10.0.0.4" "${far[@]}"
	check_both_tables
	for encap in geneve nvgre vxlan; do
		carried "$encap"
		before=$(nic_count nic1 encapsulated)
		check "$encap" talk "$a 10.0.0.3" "$b 10.0.0.4" "${far[@]}"
		check "by the NIC" [ $(($(nic_count nic1 encapsulated) -
			before)) -ge 4 ]
	done
	log_test "over IPv6"
}

setup
run_tests
