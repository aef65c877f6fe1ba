#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Nothing crosses from one segment into another. Four segments on two hosts,
# two of them on a second pair of switches that has the same VNIs, and in each
# the same VMs: equal MAC and IP addresses everywhere.
#
#   a1  b1   a2  b2     c1   c2                 x1  y1   x2  y2     z1   z2
#    |   |    |   |      |    |                  |   |    |   |      |    |
#  +-100-100--200-200--+-100--200-+ h1      h2 +-100-100--200-200--+-100--200-+
#  |        sw0        |   sw1    |            |        sw0        |   sw1    |
#  +---------|---------+-----|----+            +---------|---------+-----|----+
#       192.0.2.1       198.51.100.1                192.0.2.2       198.51.100.2
#            `------- up -----'                          `------- up -----'
#                      |                                           |
#                      `----------------- bridge ------------------'
#                                           |
#                                           e  (192.0.2.66, an intruder)
#
# A frame carries a mark of its own; who heard it, anywhere, is counted.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	broadcast
	multicast
	unicast
	unknown_unicast
	address_resolution
	tags
	static_entries
	forged_by_a_vm
	forged_vni
	forged_target
	forged_source
	same_stacks
	by_counters
"

h1='' h2='' mid=''

# Segments: their members on the first and the second host
segments=(
	"a1 b1 x1 y1"
	"a2 b2 x2 y2"
	"c1 z1"
	"c2 z2"
)

setup()
{
	local n=0 ns

	load_weft || exit
	setup_ns mid h1 h2
	wire_start
	make_underlay_via "$mid" "$h1" "$h2"
	ip -n "$mid" -batch - <<-END
		link add name e0 mtu 1600 type veth peer name e netns $WIRE
		link set dev e0 master br up
	END
	ip -n "$WIRE" link set dev e mtu 1600 arp off up
	check "intruder" wire open e "$WIRE" e
	for ns in "$h1" "$h2"; do
		n=$((n + 1))
		ip -n "$ns" addr add 198.51.100.$n/24 dev up
		add_switch "$ns" sw0 local "$(vtep $n)" uplink up
		add_switch "$ns" sw1 local 198.51.100.$n uplink up
	done
	wire_ports "$h1" sw0 a1 b1 a2 b2
	wire_ports "$h1" sw1 c1 c2
	wire_ports "$h2" sw0 x1 y1 x2 y2
	wire_ports "$h2" sw1 z1 z2
	configure "$h1" "$(vtep 2)" 198.51.100.2 a1 b1 a2 b2 c1 c2
	configure "$h2" "$(vtep 1)" 198.51.100.1 x1 y1 x2 y2 z1 z2
	setup_done
}

# configure NAMESPACE PEER PEER-OF-SW1 PORT...
configure()
{
	check "configure" weft_batch "$1" <<-END
		segment add 100 dev sw0
		segment add 200 dev sw0
		segment add 100 dev sw1
		segment add 200 dev sw1
		peer add $2 dev sw0 vni 100 vni 200
		peer add $3 dev sw1 vni 100 vni 200
		port set p$4 vni 100
		port set p$5 vni 100
		port set p$6 vni 200
		port set p$7 vni 200
		port set p$8 vni 100
		port set p$9 vni 200
	END
}

# others MEMBERS SENDER: all but the sender, as wire.py tells them
others()
{
	local member all=()

	for member in $1; do
		[ "$member" = "$2" ] || all+=("$member")
	done
	IFS=,
	echo "${all[*]}"
	unset IFS
}

# each_sender WHAT FRAME...: all of its segment hear it, and nobody else
each_sender()
{
	local what=$1 members sender

	shift
	for members in "${segments[@]}"; do
		for sender in $members; do
			check_heard "$what from $sender" \
				"$(others "$members" "$sender")" \
				"$sender" "$@"
		done
	done
}

broadcast()
{
	each_sender "broadcast" src m1 dst all
	each_sender "DHCP" src m1 dst all ip 0.0.0.0 255.255.255.255 proto 17
	log_test "broadcast stays in its segment"
}

multicast()
{
	each_sender "IPv4 multicast" src m1 dst 01:00:5e:00:00:fb \
		ip 10.0.0.1 224.0.0.251
	each_sender "IPv6 multicast" src m1 dst 33:33:00:00:00:fb \
		ip fd00::1 ff02::fb
	log_test "multicast stays in its segment"
}

# In every segment m1 is at the first member and m2 at the last.
unicast()
{
	local members first last

	for members in "${segments[@]}"; do
		first=${members%% *}
		last=${members##* }
		check_heard "learn" "$(others "$members" "$first")" \
			"$first" src m1 dst all
		check_heard "learn" "$(others "$members" "$last")" \
			"$last" src m2 dst all
	done
	for members in "${segments[@]}"; do
		first=${members%% *}
		last=${members##* }
		check_heard "to the far host" "$last" "$first" src m1 dst m2 \
			ip 10.0.0.1 10.0.0.2
		check_heard "and back" "$first" "$last" src m2 dst m1 \
			ip 10.0.0.2 10.0.0.1
	done
	log_test "unicast reaches its own among equal addresses"
}

unknown_unicast()
{
	check_heard "known in one segment only" b1,x1,y1 \
		a1 src m1 dst m55
	check_heard "learn" a2,b2,y2 x2 src m55 dst all
	each_sender "elsewhere it is unknown" src m1 dst m56
	check_heard "there" x2 a2 src m1 dst m55
	check_heard "not here" b1,x1,y1 a1 src m1 dst m55
	check_heard "nor here" z2 c2 src m1 dst m55
	log_test "unknown unicast stays in its segment"
}

# The same question in every segment, with the same addresses
address_resolution()
{
	local members first last

	check "suppress" both set_suppress on
	for members in "${segments[@]}"; do
		first=${members%% *}
		last=${members##* }
		check_heard "says who it is" "$(others "$members" "$last")" \
			"$last" src m2 arp gratuitous 10.0.0.2 10.0.0.2
	done
	for members in "${segments[@]}"; do
		first=${members%% *}
		last=${members##* }
		check "clear" wire clear
		check "ask" wire send "$first" src m1 \
			arp request 10.0.0.1 10.0.0.2
		check_seen "answered" 1 "$first" 'arp reply 10.0.0.2 10.0.0.1'
		check_eq "and nobody asked" "$first" heard_any
	done
	check "moves in one segment" wire send b1 src m3 \
		arp gratuitous 10.0.0.2 10.0.0.2
	check "clear" wire clear
	check "ask" wire send a2 src m1 arp request 10.0.0.1 10.0.0.2
	check_seen "which the others do not see" 1 a2 \
		'arp reply 10.0.0.2 10.0.0.1 sha 02:00:00:00:00:02'
	check "as it was" both set_suppress off
	log_test "ARP is answered by segment"
}

# heard_any: the places, the intruder's left out, where any frame came
heard_any()
{
	local place heard=()

	# shellcheck disable=SC2048	# each is several
	for place in ${segments[*]}; do
		[ -z "$(wire show "$place")" ] || heard+=("$place")
	done
	echo "${heard[*]}"
}

set_suppress()
{
	weft_batch "$1" <<-END
		segment set 100 dev sw0 suppress $2
		segment set 200 dev sw0 suppress $2
		segment set 100 dev sw1 suppress $2
		segment set 200 dev sw1 suppress $2
	END
}

# both FUNCTION WORD...: on both hosts
both()
{
	local function=$1

	shift
	"$function" "$h1" "$@" && "$function" "$h2" "$@"
}

# A VM's tag is its own; it leads nowhere.
tags()
{
	local vid

	for vid in 1 100 200; do
		check_heard "VLAN $vid" "b1.$vid,x1.$vid,y1.$vid" \
			a1 src m1 dst all vlan "$vid"
		check_heard "VLAN $vid" "z2.$vid" c2 src m1 dst all \
			vlan "$vid"
	done
	log_test "tags of VMs lead nowhere"
}

static_entries()
{
	check "add" weft -n "$h1" map add 02:00:00:00:00:66 vni 100 dev sw0 \
		peer "$(vtep 2)"
	check_refused "a port of another segment" "not in this segment" \
		weft -n "$h1" map add 02:00:00:00:00:67 vni 100 dev sw0 \
		port pa2
	check_refused "a port of another switch" "no port of the switch" \
		weft -n "$h1" map add 02:00:00:00:00:67 vni 100 dev sw0 \
		port pc1
	check_heard "holds in its segment" x1,y1 a1 src m1 dst m66
	check_heard "and in no other" b2,x2,y2 a2 src m1 dst m66
	check_heard "and no other switch" z1 c1 src m1 dst m66
	check "delete" weft -n "$h1" map del 02:00:00:00:00:66 vni 100 dev sw0
	log_test "static entries hold in their segment"
}

# The host routes for its VM (sw0 is in the tenant's network), and so the VM
# can reach the VTEP address; but not by an uplink.
forged_by_a_vm()
{
	local before mac

	check "host" weft -n "$h1" port set sw0 vni 100
	ip -n "$h1" addr add 10.0.0.254/24 dev sw0
	ip -n "$h1" neigh replace 10.0.0.66 lladdr 02:00:00:00:00:01 dev sw0
	read -r mac < <(in_ns "$h1" cat /sys/class/net/sw0/address)
	in_ns "$h1" sh -c 'echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter
		echo 0 >/proc/sys/net/ipv4/conf/sw0/rp_filter
		echo 1 >/proc/sys/net/ipv4/ip_forward'
	before=$(drops "$h1" sw0 not-uplink)
	check_heard "to its own host, from itself" - a1 src m1 dst "$mac" \
		vxlan 10.0.0.66 "$(vtep 1)" 200
	check_heard "as if from the peer" - a1 src m1 dst "$mac" \
		vxlan "$(vtep 2)" "$(vtep 1)" 200
	check_heard "to the other address" - a1 src m1 dst "$mac" \
		vxlan 198.51.100.2 198.51.100.1 200
	check_eq "counted" $((before + 2)) drops "$h1" sw0 not-uplink
	in_ns "$h1" sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
	ip -n "$h1" addr del 10.0.0.254/24 dev sw0
	check "host" weft -n "$h1" port del sw0
	log_test "a VM that can route to the VTEP cannot inject"
}

# intruder WHAT EXPECTED SOURCE DESTINATION VNI: sends on the underlay
intruder()
{
	local mac

	read -r mac < <(in_ns "$h1" cat /sys/class/net/up/address)
	check_heard "$1" "$2" e dst "$mac" src 02:00:00:00:fe:66 \
		vxlan "$3" "$4" "$5"
}

forged_vni()
{
	local before vni

	before=$(drops "$h1" sw0 unknown-vni)
	for vni in 0 1 99 101 201 300 16777215; do
		intruder "VNI $vni" - "$(vtep 2)" "$(vtep 1)" "$vni"
	done
	check_eq "counted" $((before + 7)) drops "$h1" sw0 unknown-vni
	intruder "VNI 100 reaches 100 alone" a1,b1 "$(vtep 2)" "$(vtep 1)" 100
	intruder "VNI 200 reaches 200 alone" a2,b2 "$(vtep 2)" "$(vtep 1)" 200
	intruder "of the other switch" c1 198.51.100.2 198.51.100.1 100
	intruder "of the other switch" c2 198.51.100.2 198.51.100.1 200
	log_test "forged VNIs reach no segment but their own"
}

forged_target()
{
	intruder "an address of the host, but of no switch" - \
		192.0.2.66 192.0.2.7 100
	intruder "broadcast" - 192.0.2.66 192.0.2.255 100
	intruder "a group that nobody joined" - 192.0.2.66 239.1.1.1 100
	check_match "nothing else was hurt" "^sw0 " \
		weft -n "$h1" switch show sw0
	log_test "forged destinations reach nobody"
}

forged_source()
{
	local before

	before=$(drops "$h1" sw0 own-source)
	intruder "the switch's own address" - "$(vtep 1)" "$(vtep 1)" 100
	check "known ones" weft -n "$h1" switch set sw0 sources known
	before=$(drops "$h1" sw0 unknown-peer)
	intruder "unknown" - 192.0.2.66 "$(vtep 1)" 100
	check_eq "counted" $((before + 1)) drops "$h1" sw0 unknown-peer
	intruder "known" a1,b1 "$(vtep 2)" "$(vtep 1)" 100
	intruder "known to the other switch only" - \
		198.51.100.2 "$(vtep 1)" 100
	check "any" weft -n "$h1" switch set sw0 sources any
	log_test "forged sources"
}

# Whole copies of two VMs, with their stacks, in three segments at once
same_stacks()
{
	local copy one two
	local one1='' one2='' one3='' two1='' two2='' two3=''
	local switches=(sw0 sw0 sw1) vnis=(100 200 100)

	for copy in 1 2 3; do
		add_vm "$h1" "${switches[copy - 1]}" "one$copy" \
			"${vnis[copy - 1]}" 02:00:00:00:01:01 10.9.0.1/24
		add_vm "$h2" "${switches[copy - 1]}" "two$copy" \
			"${vnis[copy - 1]}" 02:00:00:00:01:02 10.9.0.2/24
	done
	for copy in 1 2 3; do
		one=one$copy
		two=two$copy
		check "$one to $two" ping_vm "${!one}" 10.9.0.2
		check "$two to $one" ping_vm "${!two}" 10.9.0.1
	done
	ip -n "$two2" link set dev eth0 down
	check "without its own" no_ping_vm "$one2" 10.9.0.2
	check "the others" ping_vm "$one1" 10.9.0.2
	check "the others" ping_vm "$one3" 10.9.0.2
	cleanup_ns "$one1" "$one2" "$one3" "$two1" "$two2" "$two3"
	log_test "equal VMs with their stacks side by side"
}

# What segment counters say: 50 frames in one, and none in the others
by_counters()
{
	local before after

	# the VMs of stacks say good-bye when their namespaces go
	check "they are gone" busywait 10000 no_stacks
	before=$(rx_of_all)
	check_heard "fifty" "b1*50,x1*50,y1*50" a1 count 50 src m1 dst all \
		ip 10.0.0.1 10.0.0.255
	after=$(rx_of_all)
	check_eq "of the segment alone" "50 0 0 0 50 0 0 0" \
		paste_minus "$after" "$before"
	log_test "the counters of the other segments stand still"
}

no_stacks()
{
	! weft -n "$h1" port show | grep -q "^one"
}

rx_of_all()
{
	local ns sw vni

	for ns in "$h1" "$h2"; do
		for sw in sw0 sw1; do
			for vni in 100 200; do
				weft -n "$ns" -s segment show "$vni" dev "$sw" |
					sed -n 's/.*rx_packets \([0-9]*\) .*/\1/p'
			done
		done
	done
}

# paste_minus NUMBERS NUMBERS: their differences
paste_minus()
{
	paste <(echo "$1") <(echo "$2") | awk '{ printf "%s%d", sep, $1 - $2
		sep = " " } END { print "" }'
}

setup
run_tests
