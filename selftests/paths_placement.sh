#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# Rules in the NIC: two_hosts (lib/nic.sh), where nic1 has room for 16 of them.
# What it has not room for is the host's to judge.

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
	inside
	off_the_wire
	to_many
	of_a_vf
	fields
	unread
	what_it_cannot
	veb
	ways
	no_room
	shared_room
	of_the_switch
	refused
	explained
	one_of_them
	moves
	in_vain
"
FEW_TESTS="
	inside
	no_room
	in_vain
"

ROOM=16
VM=02:00:00:00:00

setup()
{
	two_hosts rules $ROOM
	check "talk" all_talk
	setup_done
}

##############################################################################
# What is where

# states [VNI]: of the rules of a segment, how many are how with the NIC
states()
{
	weft -n "$h1" -j -d rule show dev sw0 vni "${1:-100}" |
		jq -r '.[] | .nics[]? | .state' | sort | uniq -c |
		awk '{ print $2, $1 }' | xargs
}

# check_states "STATE NUMBER..." [VNI]
check_states()
{
	busywait 10000 counter_is "$1" states "${2:-100}"
	check_eq "rules are" "$1" states "${2:-100}"
}

# load VNI <RULES: of a segment
load()
{
	weft -n "$h1" rule load dev sw0 vni "$1"
}

# placed STATES [VNI] <RULES: load them, and see where they are
placed()
{
	check "load" load "${2:-100}"
	check_states "$1" "${2:-100}"
}

no_rules()
{
	check "no rules" weft -n "$h1" rule flush dev sw0 vni 100
	check "nothing there" busywait 10000 counter_is 0 nic_word "$h1" rules
}

# hits PREF: what a rule has counted, in the NIC or here
hits()
{
	weft -n "$h1" -j -s rule show dev sw0 vni 100 |
		jq ".[] | select(.pref == $1) | .stats.rx_packets"
}

# counts PREF NUMBER: the NIC is asked every second
counts()
{
	busywait 5000 counter_is "$2" hits "$1"
	check_eq "counted by $1" "$2" hits "$1"
}

# since: nic_count of these now, less what was kept; keep: keep it
declare -A kept
keep()
{
	local word

	for word in denied to_judge to_host to_vf; do
		kept[$word]=$(nic_count nic1 "$word")
	done
}

# check_since "WORD NUMBER"...
check_since()
{
	local pair word number

	for pair; do
		read -r word number <<<"$pair"
		check_eq "$word" "$number" \
			echo $(($(nic_count nic1 "$word") - kept[$word]))
	done
}

# b sends the frames of the standard input to e; the last one is not stopped
heard=0
b_sends()
{
	local pass=$1

	check "send" forge "$b" eth0
	heard=$((heard + pass))
	busywait 5000 counter_is "$heard" packets "$TMP/e"
	check_eq "arrived at e, of $pass" "$heard" packets "$TMP/e"
}

listen()
{
	heard=0
	capture "$e" eth0 "$TMP/e" ether src "$VM:0b"
}

##############################################################################

TO_E="eth src=$VM:0b dst=$VM:0e"

inside()
{
	placed "present 2" <<-END
		pref 10 proto udp dport 53 action deny
		pref 20 proto udp action allow
	END
	check_eq "rules in the NIC" 2 nic_word "$h1" rules
	check_eq "as it says itself" 2 count_rules
	listen
	keep
	b_sends 7 <<-END
		5*$TO_E / ip / udp dport=53
		7*$TO_E / ip / udp dport=54
	END
	check_since "denied 5" "to_host 0" "to_judge 0" "to_vf 7"
	counts 10 5
	counts 20 7
	capture_stop "$TMP/e"
	# what has been counted stays, with another rule beside it
	check "another" weft -n "$h1" rule add dev sw0 vni 100 pref 30 \
		proto tcp action deny
	check_states "present 3"
	counts 10 5
	counts 20 7
	no_rules
	log_test "VF to VF, judged inside the NIC"
}

# In the NIC's own table
count_rules()
{
	grep -c "^rule 100 " "$NICS/nic1/tables"
}

off_the_wire()
{
	placed "present 1" <<<"pref 10 proto udp dport 53 action deny"
	capture "$b" eth0 "$TMP/b" udp
	capture "$a" eth0 "$TMP/a" udp
	keep
	check "send" forge "$c" eth0 <<-END
		eth src=$VM:0c dst=$VM:0b / ip src=10.0.0.3 dst=10.0.0.2 / udp dport=53..54
		eth src=$VM:0c dst=$VM:0a / ip src=10.0.0.3 dst=10.0.0.1 / udp dport=53..54
	END
	busywait 5000 counter_is 1 packets "$TMP/b"
	busywait 5000 counter_is 1 packets "$TMP/a"
	capture_stop "$TMP/a"
	capture_stop "$TMP/b"
	check_eq "a hears" 1 packets "$TMP/a"
	check_eq "b hears" 1 packets "$TMP/b" udp dst port 54
	check_eq "nothing else" 1 packets "$TMP/b"
	check_since "denied 2"
	counts 10 2
	no_rules
	log_test "what comes off the wire is judged in the NIC"
}

# One of these is allowed by a rule: the host has a copy and counts it, once.
to_many()
{
	local name ns

	placed "present 2" <<-END
		pref 10 type 0x88b6 action deny
		pref 20 type 0x88b5 action allow
	END
	for name in a e c; do
		ns=$name
		capture "${!ns}" eth0 "$TMP/many.$name" ether src "$VM:0b"
	done
	keep
	check "send" forge "$b" eth0 <<-END
		eth src=$VM:0b dst=ff:ff:ff:ff:ff:ff type=0x88b6 / raw size=60
		eth src=$VM:0b dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=60
	END
	for name in a e c; do
		busywait 5000 counter_is 1 packets "$TMP/many.$name"
		capture_stop "$TMP/many.$name"
		check_eq "$name hears" 1 packets "$TMP/many.$name" \
			ether proto 0x88b5
		check_eq "nothing else" 1 packets "$TMP/many.$name"
	done
	check_since "denied 1" "to_host 1"
	counts 10 1
	counts 20 1
	no_rules
	log_test "broadcast, judged and counted once"
}

of_a_vf()
{
	placed "present 1" <<<"pref 10 port up vf 0 proto icmp action deny"
	keep
	check "not b" no_ping_vm "$b" 10.0.0.5
	check_match "denied" "^[1-9]" \
		echo $(($(nic_count nic1 denied) - kept[denied]))
	check "but e" talk "$e 10.0.0.1" "$e 10.0.0.3"
	# that of a vSwitched VM is none of the NIC's business
	check "load" load 100 <<<"pref 10 port a proto icmp action deny"
	check "none there" busywait 10000 counter_is 0 nic_word "$h1" rules
	check_states ""
	check "b again" talk "$b 10.0.0.5"
	# nor does it hide what comes behind it
	placed "present 1" <<-END
		pref 5 port a action allow
		pref 10 proto udp dport 53 action deny
		pref 15 port a proto udp action allow
	END
	listen
	keep
	b_sends 1 <<-END
		$TO_E / ip / udp dport=53..54
	END
	check_since "denied 1" "to_host 0"
	capture_stop "$TMP/e"
	no_rules
	log_test "rules of a VF"
}

# Each rule denies what is before the bar, and not what is behind it.
fields()
{
	local words yes no

	listen
	while IFS='|' read -r words yes no; do
		placed "present 1" <<<"pref 10 $words action deny"
		keep
		b_sends 1 <<-END
			$TO_E $yes
			$TO_E $no
		END
		check_since "denied 1" "to_judge 0" "to_host 0"
		[ "$RET" = 0 ] || break
	done <<-END
		src $VM:08/ff:ff:ff:ff:ff:fc dst $VM:0e type 0x88b5| / raw size=46|type=0x88b6 / raw size=46
		cast unicast type 0x88b5| / raw size=46|type=0x88b6 / raw size=46
		vlan 5|vlan=5 / raw size=46|vlan=6 / raw size=46
		vlan 5|vlan=5 / raw size=46| / raw size=46
		prio 3|vlan=5 prio=3 / raw size=46|vlan=5 prio=4 / raw size=46
		untagged| / raw size=46|vlan=5 / raw size=46
		from 10.0.0.0/24|/ ip src=10.0.0.255 / udp|/ ip src=10.0.1.0 / udp
		to 10.0.0.2|/ ip / udp|/ ip dst=10.0.0.3 / udp
		from 0.0.0.0/0|/ ip / udp|/ ip6 / udp
		from 2001:db8:1::/48|/ ip6 src=2001:db8:1:ff::1 / udp|/ ip6 src=2001:db8:2::1 / udp
		to 2001:db8:1::2|/ ip6 / udp|/ ip6 dst=2001:db8:1::3 / udp
		proto udp|/ ip6 / udp|/ ip6 / tcp
		type ip proto 253|/ ip|/ ip proto=252
		dscp 46|/ ip tos=0xbb / udp|/ ip tos=0xb4 / udp
		dscp 46|/ ip6 tos=0xb8 / udp|/ ip6 tos=0xb4 / udp
		proto tcp tcp-flags syn/syn,ack|/ ip / tcp flags=syn|/ ip / tcp flags=syn,ack
		proto udp dport 100-200|/ ip / udp dport=200|/ ip / udp dport=201
		proto tcp sport 1000 dport 100-200|/ ip6 / tcp sport=1000 dport=100|/ ip6 / tcp sport=1001 dport=100
		vlan 5 proto udp dport 53|vlan=5 / ip / udp dport=53|vlan=5 / ip / udp dport=54
		frag none proto udp|/ ip / udp|/ ip / tcp
	END
	capture_stop "$TMP/e"
	no_rules
	log_test "every field"
}

# What the NIC does not read, the host does.
unread()
{
	listen
	placed "host 1" <<<"pref 10 frag any action deny"
	keep
	b_sends 1 <<-END
		$TO_E / ip frag=16 part=1..2 / udp / raw size=32
		$TO_E / ip / udp
	END
	check_since "denied 0" "to_judge 2" "to_host 2"
	placed "present 1" <<<"pref 10 proto udp dport 53 action deny"
	keep
	b_sends 2 <<-END
		$TO_E / ip options=01010101 / udp dport=53
		$TO_E / ip6 proto=0 / raw hex=110001040000000000090035000800000000000000000000
		$TO_E type=0x8100 / raw hex=000581000006080045000020000000004011000000000000000000000009003500080000
		$TO_E / ip / udp cut=3
		$TO_E / ip frag=16 part=1..2 / udp dport=54 / raw size=32
	END
	check_since "denied 0" "to_judge 6" "to_host 6"
	capture_stop "$TMP/e"
	no_rules
	log_test "what the NIC can't read is the host's"
}

# What the NIC can't do it leaves to the host, and no more than that.
what_it_cannot()
{
	listen
	placed "host 3 present 1" <<-END
		pref 10 proto udp dport 53 action allow path vswitch
		pref 20 proto udp dport 54 action allow rate 1gbit
		pref 30 proto udp dport 55 action allow class bulk
		pref 40 proto udp dport 56 action deny
	END
	keep
	b_sends 4 <<-END
		$TO_E / ip / udp dport=53..57
	END
	check_since "denied 1" "to_judge 3" "to_host 3" "to_vf 4"
	counts 10 1
	counts 20 1
	counts 30 1
	counts 40 1
	capture_stop "$TMP/e"
	no_rules
	log_test "paths, rates and classes are the host's"
}

veb()
{
	listen
	placed "host 1 present 1" <<-END
		pref 10 proto udp dport 53 action allow path veb
		pref 20 action allow path vswitch
	END
	keep
	b_sends 2 <<-END
		$TO_E / ip / udp dport=53..54
	END
	check_since "to_judge 1" "to_host 1"
	check_match "shown" "pref 10 .* action allow path veb" \
		weft -n "$h1" rule show dev sw0 vni 100
	capture_stop "$TMP/e"
	no_rules
	log_test "a rule keeps frames in the NIC"
}

# way WAY: how many frames went it
way()
{
	weft -n "$h1" -j stats paths dev sw0 |
		jq "[.[].ways[] | select(.way == \"$1\") | .packets] | add // 0"
}

# Frames of known ways, and no others: those to c and from it as well.
ways()
{
	local all=(nic-inside nic-out nic-in nic-denied nic-judge nic-many
		nic-entry nic-miss vf port tunnel) name
	local -A before

	placed "host 1 present 1" <<-END
		pref 10 proto udp dport 53 action deny
		pref 20 proto udp dport 54 action allow path vswitch
	END
	pause_ways
	for name in "${all[@]}"; do
		before[$name]=$(way "$name")
	done
	check "b sends" forge "$b" eth0 <<-END
		3*$TO_E
		2*eth src=$VM:0b dst=$VM:0c
		4*eth src=$VM:0b dst=$VM:0a
		5*$TO_E / ip / udp dport=53
		6*$TO_E / ip / udp dport=54
		eth src=$VM:0b dst=ff:ff:ff:ff:ff:ff
		eth src=$VM:0b dst=$VM:77
	END
	check "c sends" forge "$c" eth0 <<-END
		7*eth src=$VM:0c dst=$VM:0b
	END
	check "a sends" forge "$a" eth0 <<-END
		8*eth src=$VM:0a dst=$VM:0e
	END
	# e has the broadcast inside, and a and c what goes to all, twice
	check_vf_link
	check_ways nic-inside 4 nic-out 2 nic-in 7 nic-denied 5 nic-judge 6 \
		nic-many 1 nic-entry 4 nic-miss 1 vf 14 port 6 tunnel 2
	no_rules
	log_test "which ways frames went"
}

# What b is said to have sent is what its NIC has seen, wherever it went.
check_vf_link()
{
	local sent

	sent=$(in_ns "$b" cat /sys/class/net/eth0/statistics/tx_packets)
	check_match "link of b" \
		"state up mtu 1550 speed 10000.*rx_packets $sent .*rx_errors 0" \
		weft -n "$h1" -s port show up vf 0
}

# check_ways "WAY NUMBER"...
check_ways()
{
	while [ $# -gt 0 ]; do
		busywait 5000 counter_is $((before[$1] + $2)) way "$1"
		check_eq "$1" $((before[$1] + $2)) way "$1"
		shift 2
	done
}

# until what was counted before has been read
pause_ways()
{
	pause_ways_of "$b" "$VM:0b" "$VM:0e"
}

# pause_ways_of NAMESPACE SRC DST: likewise, by a frame from VF to VF
pause_ways_of()
{
	local seen

	seen=$(way nic-inside)
	while busywait 1500 ways_changed "$seen"; do
		seen=$(way nic-inside)
	done
	check "a frame" forge "$1" eth0 <<<"eth src=$2 dst=$3"
	check "counted" busywait 5000 ways_changed "$seen"
}

ways_changed()
{
	[ "$(way nic-inside)" -gt "$1" ]
}

# many FIRST LAST: rules for one port each, to one address
many()
{
	seq "$1" "$2" | awk '{ print "pref", $1, "to 198.51.100.1 proto udp",
		"dport", $1 - 999, "action deny" }'
}

no_room()
{
	monitor_start "$h1" sw0 100 "$TMP/monitor" events
	listen
	{
		echo "pref 1 proto udp dport 53 action deny"
		many 1000 1099
	} >"$TMP/rules"
	placed "full 89 present 12" <"$TMP/rules"
	check_eq "and one for all others" 13 nic_word "$h1" rules
	check "told" busywait 5000 grep -q \
		"nic-rules vni 100 nic up dev sw0 placed 12 wanted 101" \
		"$TMP/monitor"
	keep
	# the first rules inside, the last ones by the host, what none concerns
	# is not bothered
	b_sends 3 <<-END
		$TO_E / ip / udp dport=53
		$TO_E / ip dst=198.51.100.1 / udp dport=5
		$TO_E / ip dst=198.51.100.1 / udp dport=90
		$TO_E / ip dst=198.51.100.1 / udp dport=9000
		$TO_E / ip dst=198.51.101.1 / udp dport=90
		$TO_E / ip dst=198.51.100.1 / tcp dport=90
	END
	check_since "denied 2" "to_judge 1" "to_host 1"
	counts 1 1
	counts 1004 1
	counts 1089 1
	# as soon as all fit, they are there
	check "fewer" load 100 <<<"$(head -n 16 "$TMP/rules")"
	check_states "present 16"
	check "told" busywait 5000 grep -q \
		"nic-rules vni 100 nic up dev sw0 placed 16 wanted 16" \
		"$TMP/monitor"
	keep
	b_sends 1 <<-END
		$TO_E / ip dst=198.51.100.1 / udp dport=5
		$TO_E / ip dst=198.51.100.1 / udp dport=90
	END
	check_since "denied 1" "to_host 0"
	check "one more" weft -n "$h1" rule add dev sw0 vni 100 pref 2000 \
		action deny
	check_states "full 5 present 12"
	keep
	b_sends 0 <<-END
		$TO_E / ip dst=198.51.100.1 / udp dport=5
		$TO_E / ip / udp dport=90
	END
	check_since "denied 1" "to_host 1"
	capture_stop "$TMP/e"
	no_rules
	log_test "without room the host judges what it must"
}

# What one segment leaves, another has.
shared_room()
{
	check "another segment" weft -n "$h1" segment add 200 dev sw0
	check "a VF" weft -n "$h1" port set up vf 1 dev sw0 vni 200
	check "in the NIC" busywait 10000 hw_carries nic1 200 vxlan
	placed "present 14" < <(many 1000 1013)
	placed "full 3 present 1" 200 < <(many 1000 1003)
	placed "present 12" < <(many 1000 1011)
	check_states "present 4" 200
	check "and gone" weft -n "$h1" rule flush dev sw0 vni 200
	placed "present 16" < <(many 1000 1015)
	check "back" weft -n "$h1" port set up vf 1 dev sw0 vni 100
	check "gone" weft -n "$h1" segment del 200 dev sw0
	no_rules
	log_test "segments share the room"
}

of_the_switch()
{
	check "a rule" weft -n "$h1" rule add dev sw0 pref 10 proto udp \
		dport 53 action deny
	check "there" busywait 10000 switch_rule
	listen
	keep
	b_sends 1 <<-END
		$TO_E / ip / udp dport=53..54
	END
	check_since "denied 1" "to_host 0"
	# of two of the same preference, that of the segment is first
	placed "present 1" <<<"pref 10 proto udp dport 53 action allow"
	b_sends 1 <<-END
		$TO_E / ip / udp dport=53
	END
	capture_stop "$TMP/e"
	check "none" weft -n "$h1" rule flush dev sw0
	no_rules
	log_test "rules of the switch"
}

switch_rule()
{
	weft -n "$h1" -d rule show dev sw0 | grep "nic up present"
}

refused()
{
	check "no room" fault nic1 full on
	placed "refused 1" <<<"pref 10 proto udp dport 53 action deny"
	listen
	keep
	b_sends 1 <<-END
		$TO_E / ip / udp dport=53..54
	END
	check_since "denied 0" "to_host 2"
	check "room" fault nic1 full off
	check_states "present 1"
	keep
	b_sends 1 <<-END
		$TO_E / ip / udp dport=53..54
	END
	check_since "denied 1" "to_host 0"
	capture_stop "$TMP/e"
	no_rules
	log_test "what the NIC refuses is tried again"
}

explained()
{
	placed "host 1 present 2" <<-END
		pref 10 type 0x88b5 action deny
		pref 20 type 0x88b6 action allow
		pref 30 type 0x88b7 action allow path vswitch
	END
	check_match "denied" \
		"segment vni 100.rule nic up pref 10 action deny vni 100.*path drop reason denied" \
		asks up vf 0 src "$VM:0b" dst "$VM:0e"
	check_match "allowed" \
		"rule nic up pref 20 action allow vni 100.*nic nic up hw present port up vf 1.*decision path port" \
		asks up vf 0 src "$VM:0b" dst "$VM:0e" type 0x88b6
	check_match "by the host" \
		"nic nic up hw ruled.*rule pref 30 action allow vni 100.*egress port up vf 1" \
		asks up vf 0 src "$VM:0b" dst "$VM:0e" type 0x88b7
	check_match "none" "nic nic up hw present port up vf 1" \
		asks up vf 0 src "$VM:0b" dst "$VM:0e" type 0x88b8
	no_rules
	log_test "trace tells what the NIC decides"
}

# path_of VF: who switches what it sends
path_of()
{
	weft -n "$h1" -d port show up vf "$1" |
		sed -n 's/.* path \([a-z]*\).*/\1/p'
}

# judged VF: is all that it sends left to the host?
judged()
{
	grep -q "^vf $1 .* judged" "$NICS/nic1/tables"
}

not_judged()
{
	! judged "$1"
}

# A bridge on the other host sends back what it gets in VLAN 5.
add_relay()
{
	add_lan_bridge "$h2" 5
	bridge -n "$h2" link set dev up.5 hairpin on
	weft -n "$h1" port add up dev sw0 vni 100 vlan 5 relay on
}

# Only b goes over the adjacent switch.
one_of_them()
{
	local -A before
	local name

	check "an adjacent switch" add_relay
	check_eq "b" veb path_of 0
	check "VEPA" weft -n "$h1" port set up vf 0 dev sw0 vepa on
	check "told" busywait 10000 judged 0
	check_eq "b" vswitch path_of 0
	check_eq "e" veb path_of 1
	pause_ways_of "$e" "$VM:0e" "$VM:0b"
	for name in nic-judge nic-inside vepa returned; do
		before[$name]=$(way "$name")
	done
	check "b sends" forge "$b" eth0 <<-END
		3*eth src=$VM:0b dst=$VM:0e / raw size=60
	END
	check "e sends" forge "$e" eth0 <<-END
		5*eth src=$VM:0e dst=$VM:0b / raw size=60
	END
	check_ways nic-judge 3 vepa 3 returned 3 nic-inside 5
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.1" "$b 10.0.0.3" \
		"$e 10.0.0.2" "$a 10.0.0.2"
	check_match "trace of b" "hw ruled.*decision path vepa" \
		asks up vf 0 src "$VM:0b" dst "$VM:0e"
	check_match "trace of e" "hw present port up vf 0.*decision path port" \
		asks up vf 1 src "$VM:0e" dst "$VM:0b"
	check "off" weft -n "$h1" port set up vf 0 dev sw0 vepa off
	check "told" busywait 10000 not_judged 0
	check_eq "b" veb path_of 0
	check "no relay" weft -n "$h1" port del up dev sw0
	ip -n "$h2" link del dev up.5
	log_test "one VF over the adjacent switch, the others inside"
}

# From one segment to the other and back, where it stays, with a rule of its own,
# which is in force in both.
move()
{
	local i

	for ((i = 1; i <= 20; i++)); do
		weft -n "$h1" port set up vf 0 dev sw0 vni 200
		pause
		weft -n "$h1" port set up vf 0 dev sw0 vni 100
		pause
		turned "$i"
	done
}

moves()
{
	check "another segment" weft -n "$h1" segment add 200 dev sw0
	check "a rule" weft -n "$h1" rule add dev sw0 pref 10 port up vf 0 \
		proto udp dport 53 action deny
	check "there" busywait 10000 switch_rule
	# what c sends to b goes to all while that is not there
	check "another for c" weft -n "$h2" rule add dev sw0 pref 10 \
		port c proto udp dport 53 action deny
	in_vain_while move 20
	check "none" weft -n "$h2" rule flush dev sw0
	check "gone" weft -n "$h1" segment del 200 dev sw0
	check "none" weft -n "$h1" rule flush dev sw0
	check "talk" all_talk
	log_test "no gap while a VF changes its segment"
}

# Rules come and go around the one that denies, 10,000 of them, so that it is in
# the NIC, covered, or the host's; and the NIC resets.
churn()
{
	local i deny="proto udp dport 53 action deny"

	many 20001 30000 >"$TMP/10000"
	for ((i = 1; ; i++)); do
		load 100 <<<"pref $((i % 3 + 1)) $deny"
		pause
		{ echo "pref 5 $deny"; cat "$TMP/10000"; } | load 100
		pause
		echo reset >"$NICS/nic1/fault"
		{ cat "$TMP/10000"; echo "pref 40000 $deny"; } | load 100
		pause
		weft -n "$h1" rule add dev sw0 vni 100 pref 1 from 192.0.2.1 \
			action deny
		turned "$i"
	done
}

# A reset clears them.
who_denied()
{
	inside=$((inside + $(nic_count nic1 denied)))
	outside=$((outside + $(nic_count nic1 to_judge)))
}

in_vain()
{
	local inside=0 outside=0

	placed "present 1" <<<"pref 1 proto udp dport 53 action deny"
	in_vain_while churn 4 who_denied
	check_match "some denied in the NIC" "^[1-9]" echo "$inside"
	check_match "some by the host" "^[1-9]" echo "$outside"
	no_rules
	check "talk" all_talk
	check_tables "$h1" nic1
	log_test "no gap while placements move and the NIC resets"
}

setup
run_tests
