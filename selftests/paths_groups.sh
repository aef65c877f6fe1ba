#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# What goes to many, where the NIC knows some of those it is for (E4 to E6): it
# serves these, and the vSwitch or the adjacent switch the others. That switch is a
# Linux bridge that sends back where a frame came from (hairpin): on the LAN, by
# V.VLAN 5, and later behind a VTEP.
#
#       a  s     b  e  f  g (VF 0 to 3)                    x
#       |  |     :  :  :  :                                |
#     +-|--|-h1 -:--:--:--:-+                   +---- h2 --|-----+
#     | sw0      :  :  :  : |                   | br5, br100     |
#     |    up ====== nic1 ==|-- w1 ------- up --|- up.5, vx100   |
#     +---------------------+   (mid)           +----------------+
#
# nic1 can name two VFs as members of a group.

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
	members
	more_members
	no_room
	after_reset
	refused
	rest_of_a_group
	rest_of_all
	rest_of_none
	not_tagged
	too_long
	judged_there
	traced
	over_a_vtep
	off_the_wire
	without_groups
"
FEW_TESTS="
	members
	no_room
	rest_of_a_group
"

require_cmd jq nft python3

VM=02:00:00:00:00
GROUP=01:00:5e:01:01:01
NAMES="a s b e f g x"

# shellcheck disable=SC2034	# some by their names only
mid='' h1='' h2='' a='' s='' b='' e='' f='' g='' x='' k='' l='' p='' q='' r=''

setup()
{
	local name ns

	if ! has_nics; then
		skip "no PCI in this kernel"
		exit 0
	fi
	check "modules" load_nics || exit
	setup_ns mid h1 h2
	ip -n "$mid" -batch - <<-END
		link add name w1 mtu 1700 type veth peer name up netns $h2
		link set dev w1 up
	END
	add_nic "$mid" 1 "$h1" 4 copies 2
	underlay_host "$h2" 2
	add_switch "$h1" sw0 local "$(vtep 1)" uplink up
	check "a segment on the LAN" weft_batch "$h1" <<-END
		segment add 100 dev sw0 ageing 0
		port add up dev sw0 vni 100 vlan 5 relay on
	END
	add_quiet_vm "$h1" sw0 a 100 "$VM:0a" 10.0.0.1/24
	add_quiet_vm "$h1" sw0 s 100 "$VM:05" 10.0.0.5/24
	add_vf_vm "$h1" 1 0 b "$VM:0b" 100 10.0.0.2/24
	add_vf_vm "$h1" 1 1 e "$VM:0e" 100 10.0.0.14/24
	add_vf_vm "$h1" 1 2 f "$VM:0f" 100 10.0.0.15/24
	add_vf_vm "$h1" 1 3 g "$VM:10" 100 10.0.0.16/24
	add_lan_bridge "$h2" 5
	check "hairpin" bridge -n "$h2" link set dev up.5 hairpin on
	add_bridge_vm "$h2" 5 x "$VM:11" 10.0.0.17/24
	check "serves" busywait 10000 serving "$h1"
	for name in $NAMES; do
		ns=$name
		capture "${!ns}" eth0 "$TMP/cap.$name" udp or \
			tcp or ether proto 0x88b5
	done
	setup_done
}

# send FROM MAC ADDRESS TO PORT [MORE]: a datagram to a group
send()
{
	local ns=$1

	check "$1 sends to $4" forge "${!ns}" eth0 <<-END
		eth src=$VM:$2 dst=$4 / ip src=$3 dst=239.1.1.1 / udp dport=$5 ${6-/ raw size=30}
	END
}

# check_got "NAME NUMBER..." PORT: these have it so often, and no more is on its way;
# a sender that does not hear itself, once
check_got()
{
	local name captures=()

	for name in $NAMES; do
		captures+=("$name=$TMP/cap.$name")
	done
	check_eq "heard" "$1" "${PYTHON[@]}" "$TOOLS/heard.py" "$1" "$2" 5 \
		"${captures[@]}"
}

# has_members MASK: the NIC's entry of the group
has_members()
{
	grep -q "^entry 100 $GROUP members $1 " "$NICS/nic1/tables"
}

# group DESTINATION...: who is a member
group()
{
	local dst words=()

	for dst; do
		case $dst in
		[0-9])	words+=(port up vf "$dst") ;;
		*)	words+=(port "$dst") ;;
		esac
	done
	weft -n "$h1" map replace "$GROUP" vni 100 dev sw0 "${words[@]}" static
}

# way NAME: how many frames have gone that way
way()
{
	weft -n "$h1" -j stats paths dev sw0 |
		jq ".[0].paths[] | select(.path == \"$1\") | .packets" |
		grep . || echo 0
}

# relayed WORD: of what went over the adjacent switch
relayed()
{
	weft -n "$h1" -s -j segment show 100 dev sw0 |
		jq ".[0].relayed.$1_packets"
}

vepa()
{
	weft -n "$h1" segment set 100 dev sw0 vepa "$@"
}

members()
{
	local before

	check "a group" group 1 2 a
	check "in the NIC" busywait 10000 has_members 0x6
	check_match "shown" "nic up present" weft -n "$h1" -d map get "$GROUP" \
		vni 100 dev sw0
	before=$(nic_count nic1 vf_inside)
	send b 0b 10.0.0.2 "$GROUP" 1001
	check_got "a1 b1 e1 f1" 1001
	check_eq "inside" $((before + 2)) nic_count nic1 vf_inside
	send e 0e 10.0.0.14 "$GROUP" 1002
	check_got "a1 e1 f1" 1002
	send a 0a 10.0.0.1 "$GROUP" 1003
	check_got "a1 e1 f1" 1003
	send s 05 10.0.0.5 "$GROUP" 1004
	check_got "a1 s1 e1 f1" 1004
	# one that is no VF: none of them gets it
	check "a alone" group a
	check "in the NIC" busywait 10000 has_members 0x0
	send b 0b 10.0.0.2 "$GROUP" 1005
	check_got "a1 b1" 1005
	check "one VF" group 3
	check "in the NIC" busywait 10000 has_members 0x8
	send b 0b 10.0.0.2 "$GROUP" 1006
	check_got "b1 g1" 1006
	send a 0a 10.0.0.1 "$GROUP" 1007
	check_got "a1 g1" 1007
	log_test "members of a group, and nobody else"
}

more_members()
{
	local before

	check "three VFs" group 1 2 3 s
	check "two in the NIC" busywait 10000 has_members 0x6
	before=$(nic_count nic1 vf_inside)
	send b 0b 10.0.0.2 "$GROUP" 1011
	check_got "s1 b1 e1 f1 g1" 1011
	check_eq "inside" $((before + 2)) nic_count nic1 vf_inside
	send g 10 10.0.0.16 "$GROUP" 1012
	check_got "s1 e1 f1 g1" 1012
	send s 05 10.0.0.5 "$GROUP" 1013
	check_got "s1 e1 f1 g1" 1013
	log_test "the vSwitch serves whom the NIC does not know"
}

no_room()
{
	local other=01:00:5e:01:01:02

	fault nic1 full on
	check "another group" weft -n "$h1" map add "$other" vni 100 dev sw0 \
		port up vf 1 port s static
	check_match "full" "nic up full" busy_map "$other" "nic up full"
	check "told" busywait 10000 has_flag 4
	send b 0b 10.0.0.2 "$other" 1021
	check_got "s1 b1 e1" 1021
	send a 0a 10.0.0.1 "$other" 1022
	check_got "a1 s1 e1" 1022
	check_match "trace" "nic nic up hw full.*egress port up vf 1.*egress port s" \
		asks up vf 0 src "$VM:0b" dst "$other"
	# no group, which the NIC can't know now
	send b 0b 10.0.0.2 ff:ff:ff:ff:ff:ff 1023
	check_got "a1 s1 b1 e1 f1 g1 x1" 1023
	fault nic1 full off
	check_match "room" "nic up present" busy_map "$other" "nic up present"
	check "told" busywait 10000 has_no_flag 4
	send b 0b 10.0.0.2 "$other" 1024
	check_got "s1 b1 e1" 1024
	check "no other" weft -n "$h1" map del "$other" vni 100 dev sw0
	log_test "a group that found no room is not flooded"
}

# In between, what goes to the group goes to the host.
after_reset()
{
	local i

	check "a group" group 1 2 a
	for i in 1 2 3; do
		fault nic1 reset
		check "there again" busywait 20000 has_members 0x6
		check "told" busywait 10000 has_no_flag 4
		send b 0b 10.0.0.2 "$GROUP" "103$i"
		check_got "a1 b1 e1 f1" "103$i"
	done
	log_test "a NIC that was reset has its groups again"
}

# has_flag N: of the segment in the NIC
has_flag()
{
	local flags

	flags=$(sed -n 's/^segment 100 .* flags \([0-9a-fx]*\).*/\1/p' \
		"$NICS/nic1/tables")
	[ $((flags >> $1 & 1)) = 1 ]
}

has_no_flag()
{
	! has_flag "$1"
}

# busy_map MAC WORDS: the entry, when it says so or after a while
busy_map()
{
	local end=$(($(now_ms) + 10000)) text

	until text=$(weft -n "$h1" -d map get "$1" vni 100 dev sw0) &&
		[[ $text == *$2* ]] || [ "$(now_ms)" -gt "$end" ]; do
		pause
	done
	echo "$text"
}

refused()
{
	check "no relay" weft -n "$h1" port set up dev sw0 relay off
	check_refused "rest" "VEPA needs an uplink port with relay on" vepa rest
	check_fail "something else" vepa some
	check "relay" weft -n "$h1" port set up dev sw0 relay on
	check "rest" vepa rest
	check_match "shown" "vepa rest" weft -n "$h1" segment show 100 dev sw0
	check_eq "JSON" rest eval "weft -n $h1 -j segment show 100 dev sw0 |
		jq -r '.[0].vepa'"
	check_eq "not judged" 0 eval "has_flag 3; echo \$((! \$?))"
	log_test "vepa rest"
}

# The copy on the LAN has a tag behind the packet. Neither x nor tshark minds it.
rest_of_a_group()
{
	local out back cap=$TMP/lan

	check "rest" vepa rest
	check "members" group 1 2 3 a s
	check "in the NIC" busywait 10000 has_members 0x6
	out=$(relayed tx) back=$(relayed rx)
	capture "$h2" up "$cap" vlan 5
	send b 0b 10.0.0.2 "$GROUP" 1036
	check_got "a1 s1 b1 e1 f1 g1 x1" 1036
	send g 10 10.0.0.16 "$GROUP" 1037
	check_got "a1 s1 e1 f1 g1 x1" 1037
	send a 0a 10.0.0.1 "$GROUP" 1038
	check_got "a1 s1 e1 f1 g1 x1" 1038
	# a short one, and one the checksum of which is left to the device
	send b 0b 10.0.0.2 "$GROUP" 1034 " "
	check_got "a1 s1 b1 e1 f1 g1 x1" 1034
	check "by a socket" in_ns "$a" python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.0.0.1"))
s.sendto(bytes(400), ("239.1.1.1", 1035))'
	check_got "a1 s1 e1 f1 g1 x1" 1035
	capture_stop "$cap"
	check_eq "out" $((out + 5)) relayed tx
	check_eq "and back" $((back + 5)) relayed rx
	check_eq "decoded" "" decode_bad "$cap"
	check_eq "there and back" 10 packets "$cap" vlan 5 and udp
	check_match "who has got it" "0000000000000006.*77656674$" \
		trailer "$cap" 1036
	check_match "from a port" "0000000000000000.*7f.*77656674$" \
		trailer "$cap" 1038
	check_eq "nothing of it in VMs" "" tags
	check_eq "a checksum that is right" "" decode_bad "$TMP/cap.s"
	log_test "the rest of a group by way of the adjacent switch"
}

# trailer CAPTURE PORT: bytes behind the packet
trailer()
{
	decode "$1" -Y "udp.dstport == $2" -T fields -e eth.trailer \
		-e vlan.trailer -e eth.padding -c 40 | head -n 1 | tr -d ':\t '
}

# tags: VMs of this host that have got the tag, too
tags()
{
	local name

	for name in a s b e f g; do
		! grep -qa weft "$TMP/cap.$name" || echo "$name"
	done
}

rest_of_all()
{
	check "rest" vepa rest
	send b 0b 10.0.0.2 ff:ff:ff:ff:ff:ff 1041
	check_got "a1 s1 b1 e1 f1 g1 x1" 1041
	send a 0a 10.0.0.1 ff:ff:ff:ff:ff:ff 1042
	check_got "a1 s1 b1 e1 f1 g1 x1" 1042
	send x 11 10.0.0.17 ff:ff:ff:ff:ff:ff 1043
	check_got "a1 s1 b1 e1 f1 g1 x1" 1043
	log_test "broadcast: VFs inside, ports when it is back"
}

# To an unknown address, with which VFs have nothing to do
rest_of_none()
{
	local out

	out=$(relayed tx)
	send b 0b 10.0.0.2 "$VM:77" 1051
	check_got "a1 s1 b1 x1" 1051
	send a 0a 10.0.0.1 "$VM:77" 1052
	check_got "a1 s1 x1" 1052
	check_eq "out" $((out + 2)) relayed tx
	# TCP, of which no device may take for padding what is behind it
	check "b sends TCP" forge "$b" eth0 <<-END
		eth src=$VM:0b dst=$VM:77 / ip src=10.0.0.2 dst=10.0.0.77 / tcp dport=1055 flags=ack / raw size=100
	END
	check_got "a1 s1 b1 x1" 1055
	check_eq "out" $((out + 3)) relayed tx
	# known ones stay inside
	send b 0b 10.0.0.2 "$VM:0e" 1053
	check_got "b1 e1" 1053
	send b 0b 10.0.0.2 "$VM:0a" 1054
	check_got "a1 b1" 1054
	check_eq "stays" $((out + 3)) relayed tx
	log_test "unknown unicast goes out, and comes back to ports alone"
}

# What does not say how long it is can't have something behind it.
not_tagged()
{
	local out echoes name ns

	out=$(relayed tx) echoes=$(drops "$h1" sw0 echo)
	check "send" forge "$b" eth0 <<-END
		eth src=$VM:0b dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=60
	END
	for name in a s e f g x; do
		busywait 5000 counter_is 1 packets "$TMP/cap.$name" \
			ether proto 0x88b5
	done
	busywait 5000 counter_is $((echoes + 1)) drops "$h1" sw0 echo
	for name in $NAMES; do
		check_eq "$name" 1 packets "$TMP/cap.$name" ether proto 0x88b5
	done
	check_eq "switched here" "$out" relayed tx
	check_eq "an echo" $((echoes + 1)) drops "$h1" sw0 echo
	log_test "what can't be tagged is switched here"
}

# There is room for the packet on the uplink, but not for the tag.
too_long()
{
	local out size

	out=$(relayed tx)
	check "MTU" ip -n "$h1" link set dev up mtu 1400
	# the last that has room, and the first that has not
	send a 0a 10.0.0.1 ff:ff:ff:ff:ff:ff 1056 "/ raw size=$((1376 - 28))"
	check_got "a1 s1 b1 e1 f1 g1 x1" 1056
	check_eq "out" $((out + 1)) relayed tx
	for size in 1377 1380 1400; do
		send a 0a 10.0.0.1 ff:ff:ff:ff:ff:ff "$size" \
			"/ raw size=$((size - 28))"
		check_got "a1 s1 b1 e1 f1 g1 x1" "$size"
	done
	check_eq "switched here" $((out + 1)) relayed tx
	check "MTU" ip -n "$h1" link set dev up mtu 1600
	log_test "what is too long with a tag is switched here"
}

# The adjacent switch still reads what it is, and may say no.
judged_there()
{
	check "members" group 1 2 3 a s
	check "in the NIC" busywait 10000 has_members 0x6
	check "rules there" in_ns "$h2" nft -f - <<-END
		table bridge t {
			chain c {
				type filter hook forward priority 0;
				udp dport 1061 counter drop
			}
		}
	END
	send b 0b 10.0.0.2 "$GROUP" 1061
	check_got "b1 e1 f1" 1061
	send b 0b 10.0.0.2 "$GROUP" 1062
	check_got "a1 s1 b1 e1 f1 g1 x1" 1062
	check "no rules" in_ns "$h2" nft flush ruleset
	# our own
	check "a rule" weft -n "$h1" rule add dev sw0 vni 100 pref 10 \
		proto udp dport 1063 action allow path vswitch
	send a 0a 10.0.0.1 "$GROUP" 1063
	check_got "a1 s1 e1 f1 g1" 1063
	check "none" weft -n "$h1" rule flush dev sw0 vni 100
	log_test "its rules count, and so do ours"
}

traced()
{
	check_match "from a VF" \
		"nic nic up hw present path flood.*egress port up vlan 5.*decision path vepa" \
		asks up vf 0 src "$VM:0b" dst "$GROUP" from 10.0.0.2 to 239.1.1.1
	check_match "from a port" \
		"egress port up vlan 5.*egress port up vf 1.*egress port up vf 2.*egress port up vf 3.*decision path vepa" \
		asks a src "$VM:0a" dst "$GROUP" from 10.0.0.2 to 239.1.1.1
	check_match "not tagged" "egress port s.*decision path flood" \
		asks a src "$VM:0a" dst "$GROUP" type 0x88b5
	check_match "to one" "egress port a.*decision path port" \
		asks up vf 0 src "$VM:0b" dst "$VM:0a" from 10.0.0.2 to 10.0.0.1
	log_test "trace tells of it"
}

over_a_vtep()
{
	local cap=$TMP/vtep other=01:00:5e:01:01:02

	check "not by the LAN" weft -n "$h1" port del up dev sw0
	add_vxlan "$h2" 100 local "$(vtep 2)" remote "$(vtep 1)"
	check "hairpin" bridge -n "$h2" link set dev vx100 hairpin on
	in_ns "$h2" ethtool -K up tx off >/dev/null
	check "by a VTEP" vepa rest relay-vtep "$(vtep 2)"
	check "told" busywait 10000 has_flag 5
	check "served" busywait 10000 serving "$h1"
	check "members" group 1 2 3 a s
	check "in the NIC" busywait 10000 has_members 0x6
	capture "$h2" up "$cap" udp port 4789
	send b 0b 10.0.0.2 "$GROUP" 1071
	check_got "a1 s1 b1 e1 f1 g1" 1071
	send a 0a 10.0.0.1 "$GROUP" 1072
	check_got "a1 s1 e1 f1 g1" 1072
	send b 0b 10.0.0.2 ff:ff:ff:ff:ff:ff 1073
	check_got "a1 s1 b1 e1 f1 g1" 1073
	send a 0a 10.0.0.1 ff:ff:ff:ff:ff:ff 1074
	check_got "a1 s1 b1 e1 f1 g1" 1074
	send b 0b 10.0.0.2 "$VM:77" 1075
	check_got "a1 s1 b1" 1075
	capture_stop "$cap"
	check_eq "decoded" "" decode_bad "$cap"
	# a group of nobody here, whatever goes over the adjacent switch
	check "someone" ip -n "$h1" neigh replace 192.0.2.9 lladdr \
		"$(mac_of "$h2" up)" dev up
	check "elsewhere" weft -n "$h1" map add "$other" vni 100 dev sw0 \
		peer 192.0.2.9 static
	capture "$h2" up "$cap.on" dst host 192.0.2.9
	send a 0a 10.0.0.1 "$other" 1076
	check "on" vepa on
	send a 0a 10.0.0.1 "$other" 1077
	busywait 5000 counter_is 2 packets "$cap.on"
	capture_stop "$cap.on"
	check_eq "out to there" 2 packets "$cap.on"
	check "no other" weft -n "$h1" map del "$other" vni 100 dev sw0
	check_eq "out" 5 packets "$cap" src host "$(vtep 1)"
	check_eq "and back" 5 packets "$cap" src host "$(vtep 2)"
	log_test "the rest by way of a VTEP"
}

# From another host, whose address the NIC knows, and whose it does not
off_the_wire()
{
	check "off" vepa off relay-vtep none
	check "peer" weft -n "$h1" peer add "$(vtep 2)" dev sw0 vni 100
	check "told" busywait 10000 has_no_flag 5
	check "x is there" ip -n "$h2" link set dev x master br100
	send x 11 10.0.0.17 "$GROUP" 1081
	check_got "a1 s1 e1 f1 g1 x1" 1081
	check "known" busywait 10000 grep -q "^entry 100 $VM:11 vtep" \
		"$NICS/nic1/tables"
	send x 11 10.0.0.17 "$GROUP" 1082
	check_got "a1 s1 e1 f1 g1 x1" 1082
	send x 11 10.0.0.17 ff:ff:ff:ff:ff:ff 1083
	check_got "a1 s1 b1 e1 f1 g1 x1" 1083
	log_test "a group off the wire"
}

# A NIC that does not know of groups: all of its VFs get it, but once.
without_groups()
{
	local name ns

	ip -n "$mid" -batch - <<-END
		link add name w3 type veth peer name w4
		link set dev w3 up
		link set dev w4 up
	END
	PF=up3 add_nic "$mid" 3 "$h1" 3 features 7ff
	check "PF" ip -n "$h1" link set dev up3 up
	add_switch "$h1" sw1 local "$(vtep 9)" uplink up3 port 4790
	check "a segment" weft -n "$h1" segment add 100 dev sw1
	add_quiet_vm "$h1" sw1 k 100 "$VM:21" 10.0.0.33/24
	add_quiet_vm "$h1" sw1 l 100 "$VM:22" 10.0.0.34/24
	PF=up3 SW=sw1 add_vf_vm "$h1" 3 0 p "$VM:23" 100 10.0.0.35/24
	PF=up3 SW=sw1 add_vf_vm "$h1" 3 1 q "$VM:24" 100 10.0.0.36/24
	PF=up3 SW=sw1 add_vf_vm "$h1" 3 2 r "$VM:25" 100 10.0.0.37/24
	PF=up3 check "serves" busywait 10000 serving "$h1"
	NAMES="k l p q r"
	for name in $NAMES; do
		ns=$name
		capture "${!ns}" eth0 "$TMP/cap.$name" udp
	done
	check "a group" weft -n "$h1" map add "$GROUP" vni 100 dev sw1 \
		port up3 vf 0 port up3 vf 1 port l static
	send p 23 10.0.0.35 "$GROUP" 1091
	check_got "l1 p1 q1 r1" 1091
	send k 21 10.0.0.33 "$GROUP" 1092
	check_got "k1 l1 p1 q1 r1" 1092
	# what is sent back would not get past this NIC
	check "rest" weft -n "$h1" segment set 100 dev sw1 vepa rest \
		relay-vtep "$(vtep 8)"
	check "the host's" busywait 10000 grep -q \
		"^segment 100 .* flags 0x[89a-f]" "$NICS/nic3/tables"
	log_test "a NIC without groups: once to each of its VFs"
}

setup
run_tests
