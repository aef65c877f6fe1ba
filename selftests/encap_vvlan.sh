#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# V.VLANs: segments by tags under the tag of the physical VLAN, beside what the
# host itself has there. The other ends are stacked VLAN devices, and a bridge
# that is aware of VLANs.
#
#   a5 a6 10.0.0.1                 b5 10.0.0.2     c5 c6 10.0.0.3
#    |  |                           |                |  |
#  +--- h1 ----+                  +-- h2 --+      +-- h3 ------+
#  | sw0       |                  | br5    |      | br, VLANs  |
#  |  up.100   |                  | up.100.5      |  up.100    |
#  |  up.200   |                  | up.100 |      |  up        |
#  |  up       |                  | up     |      +-----|------+
#  +---|-------+                  +---|----+            |
#      p1                             p2                p3
#      +------------------------------ lan -------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	stacked
	aware
	decoded
	streams
	in_software
	service_tag
	apart
	the_host_too
	forged
	several_vlans
	registered
	among_themselves
	mixed
	traced
	told
	refused
	comes_and_goes
"
FEW_TESTS="
	stacked
	aware
	streams
	in_software
	service_tag
	the_host_too
	comes_and_goes
"

lan='' h1='' h2='' h3='' h4=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
MAC_C=02:00:00:00:00:0c

require_cmd jq tshark

# vlan NAMESPACE PARENT VID [PROTOCOL]: a quiet VLAN device
vlan()
{
	check "VLAN $3" ip -n "$1" -batch - <<-END
		link add link $2 name $2.$3 type vlan id $3 proto ${4:-802.1q}
		link set dev $2.$3 addrgenmode none
		link set dev $2.$3 up
	END
}

setup()
{
	local n ns

	setup_ns lan h1 h2 h3
	check "load" load_weft
	make_underlay_via "$lan" "$h1" "$h2" "$h3"
	for n in 1 2 3; do
		ns=h$n
		vlan "${!ns}" up 100
	done
	vlan "$h1" up 200
	add_switch "$h1" sw0 uplink up.100 uplink up.200
	for n in 5 6; do
		check "segment" weft -n "$h1" segment add $n dev sw0
		add_quiet_vm "$h1" sw0 "a$n" "$n" $MAC_A 10.0.0.1/24 \
			2001:db8:1::1/64
	done
	check "trunk" weft -n "$h1" port add up.100 dev sw0 \
		vni 5 vlan 5 vni 6 vlan 6

	vlan "$h2" up.100 5
	ip -n "$h2" link add name br5 type bridge mcast_snooping 0
	ip -n "$h2" link set dev br5 addrgenmode none
	ip -n "$h2" link set dev up.100.5 master br5
	ip -n "$h2" link set dev br5 up
	add_bridge_vm "$h2" 5 b5 $MAC_B 10.0.0.2/24 2001:db8:1::2/64
	bridge_setup
}

# h3: one bridge for all V.VLANs
bridge_setup()
{
	local n

	ip -n "$h3" link add name br type bridge mcast_snooping 0 \
		vlan_filtering 1 vlan_default_pvid 0
	ip -n "$h3" link set dev br addrgenmode none
	ip -n "$h3" link set dev up.100 master br
	ip -n "$h3" link set dev br up
	for n in 5 6; do
		bridge -n "$h3" vlan add vid $n dev up.100
		setup_ns "c$n"
		ns=c$n
		ip -n "$h3" -batch - <<-END
			link add name c$n type veth peer name eth0 address $MAC_C netns ${!ns}
			link set dev c$n addrgenmode none
			link set dev c$n master br up
		END
		bridge -n "$h3" vlan add vid $n dev "c$n" pvid untagged
		dress_vm "${!ns}" 10.0.0.3/24 2001:db8:1::3/64
	done
}

stacked()
{
	local a=a5 b=b5

	both_ways "${!a}" 10.0.0.1 "${!b}" 10.0.0.2
	both_ways "${!a}" 2001:db8:1::1 "${!b}" 2001:db8:1::2
	check "longest" ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	check_match "learned" "port up.100 .*learned" \
		weft -n "$h1" map get "$MAC_B" vni 5 dev sw0
	check_match "shown" "up.100 dev sw0 uplink vni 5 vlan 5 vni 6 vlan 6" \
		weft -n "$h1" port show up.100 dev sw0
	log_test "with the kernel's stacked VLAN devices"
}

aware()
{
	local a=a5 c=c5 other=a6 there=c6

	both_ways "${!a}" 10.0.0.1 "${!c}" 10.0.0.3
	both_ways "${!other}" 2001:db8:1::1 "${!there}" 2001:db8:1::3
	check "longest" ping_vm "${!other}" 10.0.0.3 -s 1472 -M "do"
	log_test "with a bridge that is aware of VLANs"
}

decoded()
{
	local a=a5 cap=$TMP/decoded

	in_ns "$h1" ethtool -K up tx off >/dev/null
	capture "$h1" up "$cap"
	check "ping" ping_vm "${!a}" 10.0.0.2 -c 3 -i 0.05
	capture_stop "$cap"
	in_ns "$h1" ethtool -K up tx on >/dev/null
	decode "$cap" -Y "icmp.type == 8" -T fields -E separator=/s \
		-e eth.src -e eth.dst -e vlan.id -e vlan.etype |
		sort -u >"$TMP/fields"
	check_eq "fields" "$MAC_A $MAC_B 100,5 0x8100,0x0800" \
		cat "$TMP/fields"
	check_eq "sound" "" decode_bad "$cap"
	log_test "tshark decodes V.VLANs"
}

streams()
{
	local a=a5 b=b5 c=c5

	serve "${!b}" "${!a}" "${!c}"
	check "out" stream "${!a}" 2000000 10.0.0.2
	check "in" stream "${!b}" 2000000 2001:db8:1::1
	check "aware" stream "${!a}" 2000000 10.0.0.3
	check "datagrams" datagrams "${!a}" 50 1400 10.0.0.2
	log_test "TCP and UDP by V.VLANs"
}

# As good where the device inserts and strips no tags.
in_software()
{
	local a=a5 what

	for what in "txvlan off rxvlan off" "txvlan on rxvlan on"; do
		# shellcheck disable=SC2086	# words
		check "$what" in_ns "$h1" ethtool -K up $what
		check "ping" ping_vm "${!a}" 10.0.0.2
		check "TCP" stream "${!a}" 500000 10.0.0.2
		check "TCP" stream "${!a}" 500000 10.0.0.3
	done
	log_test "tags by the device, and without it"
}

# 802.1ad outside
service_tag()
{
	local a=a5 b=b5 cap=$TMP/service

	vlan "$h1" up 300 802.1ad
	vlan "$h2" up 300 802.1ad
	vlan "$h2" up.300 5
	check "uplink" weft -n "$h1" switch set sw0 uplink up.300
	check_fail "others went" weft -n "$h1" port show up.100 dev sw0
	check "trunk" weft -n "$h1" port add up.300 dev sw0 vni 5 vlan 5
	ip -n "$h2" link set dev up.300.5 master br5
	ip -n "$h2" link set dev up.100.5 nomaster
	capture "$h1" up "$cap"
	both_ways "${!a}" 10.0.0.1 "${!b}" 10.0.0.2
	check "TCP" stream "${!a}" 500000 10.0.0.2
	capture_stop "$cap"
	decode "$cap" -Y "icmp.type == 8 && eth.src == $MAC_A" -T fields \
		-E separator=/s -e eth.type -e ieee8021ad.id -e vlan.id |
		sort -u >"$TMP/fields"
	check_match "fields" "0x88a8 .*300.*5" cat "$TMP/fields"
	ip -n "$h2" link set dev up.100.5 master br5
	ip -n "$h2" link del dev up.300
	check "uplinks" weft -n "$h1" switch set sw0 uplink up.100 \
		uplink up.200
	check "trunk" weft -n "$h1" port add up.100 dev sw0 \
		vni 5 vlan 5 vni 6 vlan 6
	ip -n "$h1" link del dev up.300
	check "back" ping_vm "${!a}" 10.0.0.2
	log_test "under a service tag (802.1ad)"
}

# The same addresses in both
apart()
{
	local a=a5 other=a6

	ip -n "$h3" link set dev c5 down
	check "gone" no_ping_vm "${!a}" 10.0.0.3
	check "the other" ping_vm "${!other}" 10.0.0.3
	ip -n "$h3" link set dev c5 up
	check "back" busywait 5000 ping_vm "${!a}" 10.0.0.3
	log_test "the same VMs by two V.VLANs"
}

# What has no V.VLAN is the host's, in all VLANs; and what is link-local.
the_host_too()
{
	local cap=$TMP/host a=a5

	ip -n "$h1" addr add 198.51.100.1/24 dev up.100
	ip -n "$h2" addr add 198.51.100.2/24 dev up.100
	check "untagged" ping_vm "$h1" 192.0.2.2
	check "in the VLAN" ping_vm "$h1" 198.51.100.2
	vlan "$h1" up.100 7
	vlan "$h2" up.100 7
	ip -n "$h1" addr add 203.0.113.1/24 dev up.100.7
	ip -n "$h2" addr add 203.0.113.2/24 dev up.100.7
	check "by a VLAN of its own" ping_vm "$h1" 203.0.113.2
	capture "${!a}" eth0 "$cap" not arp
	capture "$h1" up.100 "$cap.up" ether proto 0x88cc or ether proto 0x8808
	forge "$lan" p1 <<-END
		eth dst=01:80:c2:00:00:0e type=0x8100 / raw hex=006488cc0207040200000000010403
		eth dst=01:80:c2:00:00:0e type=0x8100 / raw hex=0064810000058cc0
		eth dst=01:80:c2:00:00:01 type=0x8100 / raw hex=006488080001ffff
	END
	busywait 2000 counter_is 2 packets "$cap.up"
	capture_stop "$cap.up"
	capture_stop "$cap"
	check_eq "LLDP and pause" 2 packets "$cap.up"
	check_eq "not the VM's" 0 packets "$cap"
	ip -n "$h1" link del dev up.100.7
	ip -n "$h2" link del dev up.100.7
	ip -n "$h1" addr flush dev up.100
	log_test "frames without a V.VLAN are the host's"
}

# tagged OUTER INNER: a frame to the VM with these tags
tagged()
{
	printf 'eth src=%s dst=%s type=0x8100 / raw hex=%04x8100%04x' \
		"$MAC_B" "$MAC_A" "$1" "$2"
	echo "88b5$(printf '00%.0s' {1..46})"
}

# heard NUMBER <FRAMES: so many come to VMs
heard()
{
	local number=$1 cap=$TMP/heard a=a5 other=a6

	capture "${!a}" eth0 "$cap" ether proto 0x88b5
	capture "${!other}" eth0 "$cap.6" ether proto 0x88b5
	check "send" forge "$lan" p1
	busywait 1000 counter_is "$number" packets "$cap"
	capture_stop "$cap"
	capture_stop "$cap.6"
	check_eq "heard" "$number" packets "$cap"
	check_eq "by the other" 0 packets "$cap.6"
}

forged()
{
	heard 2 <<-END
		$(tagged 100 5)
		$(tagged 100 $((0xe005)))
	END
	heard 0 <<-END
		eth src=$MAC_B dst=$MAC_A type=0x88b5 / raw size=50
		$(tagged 100 0)
		$(tagged 100 7)
		$(tagged 100 4095)
		$(tagged 101 5)
		$(tagged 200 5)
		$(tagged 5 100)
		$(tagged 5 5)
		$(tagged 0 5)
	END
	all_drops "$h1" sw0 >"$TMP/drops"
	heard 0 <<-END
		eth src=01:00:00:00:00:01 dst=$MAC_A type=0x8100 / raw hex=00648100000588b5$(printf '00%.0s' {1..46})
		eth src=$MAC_B dst=$MAC_A type=0x8100 / raw cut=0..7 hex=00648100000588b5
	END
	check_match "source" "bad-source-mac [1-9]" \
		drops_since "$TMP/drops" "$h1" sw0
	log_test "forged tags lead nowhere"
}

# One V.VLAN over two physical VLANs
several_vlans()
{
	local a=a5 b=b5 c=c5 cap=$TMP/several

	vlan "$h2" up 200
	vlan "$h2" up.200 5
	ip -n "$h2" link set dev up.100.5 nomaster
	ip -n "$h2" link set dev up.200.5 master br5
	check "not there" no_ping_vm "${!a}" 10.0.0.2
	check "trunk" weft -n "$h1" port add up.200 dev sw0 vni 5 vlan 5
	check "moved" ping_vm "${!b}" 10.0.0.1
	check "one" ping_vm "${!a}" 10.0.0.2
	check "the other" ping_vm "${!a}" 10.0.0.3
	check_match "learned" "port up.200" \
		weft -n "$h1" map get "$MAC_B" vni 5 dev sw0
	check_match "learned" "port up.100" \
		weft -n "$h1" map get "$MAC_C" vni 5 dev sw0
	# what comes by one does not leave by the other: no loop
	capture "${!a}" eth0 "$cap" ether proto 0x88b5
	capture "$h3" up "$cap.h3" vlan 100 and vlan 5 and ether proto 0x88b5
	check "send" forge "${!b}" eth0 <<-END
		eth src=$MAC_B dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=50
	END
	busywait 2000 counter_is 1 packets "$cap"
	capture_stop "$cap.h3"
	capture_stop "$cap"
	check_eq "heard" 1 packets "$cap"
	check_eq "not relayed" 0 packets "$cap.h3"
	check "nor answered" no_ping_vm "${!c}" 10.0.0.2
	log_test "one V.VLAN over two physical VLANs"
}

# I7: where a VM is may be told instead of learned.
registered()
{
	local a=a5

	check "no learning" weft -n "$h1" segment set 5 dev sw0 learning off
	check "flush" weft -n "$h1" map flush dev sw0 vni 5
	check "quiet" weft -n "$h1" port set up.100 dev sw0 flood off \
		bcast_flood off
	check "quiet" weft -n "$h1" port set up.200 dev sw0 flood off
	check "register" weft -n "$h1" map add "$MAC_C" vni 5 dev sw0 \
		port up.100
	check "register" weft -n "$h1" map add "$MAC_B" vni 5 dev sw0 \
		port up.200
	know "${!a}" eth0 10.0.0.3 "$MAC_C"
	know "${!a}" eth0 10.0.0.2 "$MAC_B"
	check "one" ping_vm "${!a}" 10.0.0.3
	check "the other" ping_vm "${!a}" 10.0.0.2
	check "gone" weft -n "$h1" map del "$MAC_C" vni 5 dev sw0
	check "not flooded" no_ping_vm "${!a}" 10.0.0.3
	check "flags" weft -n "$h1" port set up.100 dev sw0 flood on \
		bcast_flood on
	check "learn" weft -n "$h1" segment set 5 dev sw0 learning on
	check "gone" weft -n "$h1" map del "$MAC_B" vni 5 dev sw0
	check "one VLAN" weft -n "$h1" port del up.200 dev sw0
	ip -n "$h2" link set dev up.200.5 nomaster
	ip -n "$h2" link set dev up.100.5 master br5
	ip -n "$h2" link del dev up.200
	check "as before" ping_vm "${!a}" 10.0.0.2
	log_test "VMs are registered at physical VLANs"
}

# Two switches: another number there, and one trunk VLAN for all
among_themselves()
{
	local a=a5 d=d5 other=a6

	setup_ns h4
	ip -n "$lan" link add name p4 mtu 1600 type veth peer name up netns "$h4"
	ip -n "$lan" link set dev p4 master br up
	ip -n "$h4" link set dev up addrgenmode none
	ip -n "$h4" link set dev up mtu 1600 up
	vlan "$h4" up 100
	add_switch "$h4" sw0 uplink up.100
	check "segment" weft -n "$h4" segment add 77 dev sw0
	add_quiet_vm "$h4" sw0 d5 77 02:00:00:00:00:0d 10.0.0.4/24
	check "trunk" weft -n "$h4" port add up.100 dev sw0 vni 77 vlan 5
	both_ways "${!a}" 10.0.0.1 "${!d}" 10.0.0.4
	check "not the other" no_ping_vm "${!other}" 10.0.0.4
	serve "${!d}"
	check "TCP" stream "${!a}" 2000000 10.0.0.4
	log_test "switches among themselves"
}

# A host that is reached by VXLAN, in the same segment
mixed()
{
	local a=a5 f=f5 b=b5

	check "local" weft -n "$h1" switch set sw0 local 192.0.2.1 \
		uplink up.100 uplink up.200 uplink up
	check_match "stays" "up.100 dev sw0 uplink vni 5" \
		weft -n "$h1" port show up.100 dev sw0
	add_vxlan "$h3" 5 local 192.0.2.3 remote 192.0.2.1
	add_bridge_vm "$h3" 5 f5 02:00:00:00:00:0f 10.0.0.5/24
	check "peer" weft -n "$h1" peer add 192.0.2.3 dev sw0 vni 5
	both_ways "${!a}" 10.0.0.1 "${!f}" 10.0.0.5
	check "by the V.VLAN" ping_vm "${!a}" 10.0.0.2
	check "not relayed" no_ping_vm "${!f}" 10.0.0.2
	check "nor back" no_ping_vm "${!b}" 10.0.0.5
	check "gone" weft -n "$h1" peer del 192.0.2.3 dev sw0
	log_test "V.VLAN and VXLAN in one segment"
}

# Whoever listens hears that it is an uplink from the first.
told()
{
	monitor_start "$h1" sw0 5 "$TMP/monitor" config
	check "trunk" weft -n "$h1" port add up.200 dev sw0 vni 6 vlan 6
	check "told" busywait 5000 grep -q up.200 "$TMP/monitor"
	check_match "an uplink" " uplink" grep -m 1 up.200 "$TMP/monitor"
	check "no trunk" weft -n "$h1" port del up.200 dev sw0
	log_test "listeners are told of trunks"
}

traced()
{
	check_match "out" "port up.100.*decision path port" weft -n "$h1" \
		trace dev sw0 port a5 src "$MAC_A" dst "$MAC_B"
	check_match "in" "port up.100.*vni 5.*decision path port" \
		weft -n "$h1" trace dev sw0 port up.100 vlan 5 \
		src "$MAC_B" dst "$MAC_A"
	check_match "the host's" "decision path local" weft -n "$h1" \
		trace dev sw0 port up.100 src "$MAC_B" dst "$MAC_A"
	check_match "not on" "reason split-horizon" weft -n "$h1" \
		trace dev sw0 port up.100 vlan 5 src "$MAC_B" dst "$MAC_C"
	log_test "trace tells of V.VLANs"
}

refused()
{
	check_refused "no uplink" "no uplink of the switch" weft -n "$h1" \
		port add a5 dev sw0 vni 5 vlan 5
	check_refused "twice" "port already" weft -n "$h1" \
		port add up.100 dev sw0 vni 5 vlan 9
	check "segment" weft -n "$h1" segment add 9 dev sw0
	check_refused "no VLAN" "name a VLAN" weft -n "$h1" \
		port set up.100 dev sw0 vni 9
	check_refused "another VLAN" "another VLAN" weft -n "$h1" \
		port set up.100 dev sw0 vni 5 vlan 9
	ip -n "$h1" link add link up name up.8 type vlan id 8 reorder_hdr off
	add_switch "$h1" sw1 uplink up.8
	check_refused "tags that get lost" "reorder_hdr off" weft -n "$h1" \
		port add up.8 dev sw1
	ip -n "$h1" link del dev sw1
	ip -n "$h1" link del dev up.8
	add_switch "$h1" sw1 uplink up.100
	check "segment" weft -n "$h1" segment add 5 dev sw1
	check_refused "another switch" "Another switch" weft -n "$h1" \
		port add up.100 dev sw1 vni 5 vlan 9
	ip -n "$h1" link del dev sw1
	check_refused "nothing" "not a port" weft -n "$h1" port show up.200
	check_match "as it was" "vni 5 vlan 5 vni 6 vlan 6" \
		weft -n "$h1" port show up.100 dev sw0
	log_test "what can't be is refused"
}

comes_and_goes()
{
	local a=a5

	ip -n "$h1" link set dev up.100 down
	check "down" no_ping_vm "${!a}" 10.0.0.2
	ip -n "$h1" link set dev up.100 up
	check "up" ping_vm "${!a}" 10.0.0.2
	check "one leaves" weft -n "$h1" port del up.100 dev sw0 vni 5 vlan 5
	check "gone" no_ping_vm "${!a}" 10.0.0.2
	check "and comes" weft -n "$h1" port set up.100 dev sw0 vni 5 vlan 5
	check "back" ping_vm "${!a}" 10.0.0.2
	check_match "promiscuous" "promiscuity 1" ip -n "$h1" -d link show \
		dev up.100
	ip -n "$h1" link del dev up.100
	check_fail "went" weft -n "$h1" port show up.100 dev sw0
	vlan "$h1" up 100
	check "uplink" weft -n "$h1" switch set sw0 uplink up.100
	check "trunk" weft -n "$h1" port add up.100 dev sw0 vni 5 vlan 5
	check "back" ping_vm "${!a}" 10.0.0.2
	check "all" weft -n "$h1" port del up.100 dev sw0
	check_match "no more" "promiscuity 0" ip -n "$h1" -d link show \
		dev up.100
	check "again" weft -n "$h1" port add up.100 dev sw0 vni 5 vlan 5
	ip -n "$h1" link del dev sw0
	check_match "no more" "promiscuity 0" ip -n "$h1" -d link show \
		dev up.100
	log_test "uplinks, V.VLANs and the switch come and go"
}

prepare
run_tests
