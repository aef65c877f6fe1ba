#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# Rules for VMs on VFs: two_hosts (lib/nic.sh), with a NIC that has no rules and
# leaves all to the host.

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
	denied
	to_many
	of_a_vf
	moved_vf
	explained
	in_vain
	over_a_vtep
"
FEW_TESTS="
	denied
	to_many
	in_vain
"

DENY="pref 1000 proto udp dport 53 action deny"

setup()
{
	two_hosts rules 0
	check "talk" all_talk
	setup_done
}

# judged STATE: does the NIC leave the segment to the host (1) or not (0)?
judged()
{
	local flags

	flags=$(sed -n 's/^segment 100 .* flags \([0-9a-fx]*\).*/\1/p' \
		"$NICS/nic1/tables")
	[ $((flags >> 3 & 1)) = "$1" ]
}

# rule WORDS...: of segment 100 on h1, until the NIC follows
rule()
{
	weft -n "$h1" rule "$1" dev sw0 vni 100 "${@:2}" &&
		busywait 10000 judged "${JUDGED:-1}"
}

no_rules()
{
	JUDGED=0 check "no rules" rule flush
}

none_talks()
{
	local pair from to

	for pair; do
		read -r from to <<<"$pair"
		check "not $pair" no_ping_vm "$from" "$to"
	done
}

denied()
{
	local before

	check "as without rules" judged 0
	check "deny" rule add pref 10 proto icmp action deny
	before=$(nic_count nic1 to_host)
	none_talks "$b 10.0.0.5" "$e 10.0.0.2" "$b 10.0.0.1" "$a 10.0.0.2" \
		"$b 10.0.0.3" "$c 10.0.0.2" "$a 10.0.0.3"
	check_match "by the host" "^[1-9]" \
		echo $(($(nic_count nic1 to_host) - before))
	check "but one" rule add pref 5 from 10.0.0.2 action allow
	check "but its answers" rule add pref 6 to 10.0.0.2 action allow
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.1" "$b 10.0.0.3" \
		"$c 10.0.0.2"
	none_talks "$e 10.0.0.3"
	serve "$c" "$e"
	check "TCP" stream "$b" 200000 10.0.0.3 10.0.0.5
	no_rules
	check "talk" all_talk
	check_tables "$h1" nic1
	log_test "what VFs send and get is judged"
}

# Once to each, not to the sender, and to the other host.
to_many()
{
	local cap=$TMP/many name ns

	check "a rule" rule add pref 10 type 0x88b6 action deny
	for name in a b e c; do
		ns=$name
		capture "${!ns}" eth0 "$cap.$name" ether proto 0x88b5 or \
			ether proto 0x88b6
	done
	check "send" forge "$b" eth0 <<-END
		eth src=02:00:00:00:00:0b dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=60
		eth src=02:00:00:00:00:0b dst=ff:ff:ff:ff:ff:ff type=0x88b6 / raw size=60
	END
	check "send" forge "$c" eth0 <<-END
		eth src=02:00:00:00:00:0c dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=60
		eth src=02:00:00:00:00:0c dst=ff:ff:ff:ff:ff:ff type=0x88b6 / raw size=60
	END
	for name in a b e c; do
		busywait 2000 counter_is 1 packets "$cap.$name" ether src \
			02:00:00:00:00:0c and ether proto 0x88b5
	done
	for name in a b e c; do
		capture_stop "$cap.$name"
	done
	for name in a e c; do
		check_eq "$name, from b" 1 packets "$cap.$name" \
			ether src 02:00:00:00:00:0b and ether proto 0x88b5
		check_eq "$name, what is denied" 0 packets "$cap.$name" \
			ether src 02:00:00:00:00:0b and ether proto 0x88b6
	done
	for name in a b e; do
		check_eq "$name, from c" 1 packets "$cap.$name" \
			ether src 02:00:00:00:00:0c and ether proto 0x88b5
		check_eq "$name, what is denied" 0 packets "$cap.$name" \
			ether src 02:00:00:00:00:0c and ether proto 0x88b6
	done
	no_rules
	log_test "broadcast, once to each"
}

of_a_vf()
{
	check "deny" rule add pref 10 port up vf 0 proto icmp action deny
	none_talks "$b 10.0.0.5" "$b 10.0.0.1" "$b 10.0.0.3"
	check "others" talk "$e 10.0.0.1" "$e 10.0.0.3" "$a 10.0.0.3"
	no_rules
	check "of the switch" weft -n "$h1" rule add dev sw0 pref 10 \
		port up vf 1 proto icmp action deny
	check "judged" busywait 10000 judged 1
	none_talks "$e 10.0.0.2" "$e 10.0.0.3"
	check "others" talk "$b 10.0.0.1" "$b 10.0.0.3"
	check "none" weft -n "$h1" rule flush dev sw0
	check "not judged" busywait 10000 judged 0
	check "talk" all_talk
	log_test "rules of a VF"
}

# The rule of the switch follows the VF to another segment.
moved_vf()
{
	check "a rule" weft -n "$h1" rule add dev sw0 pref 10 port up vf 1 \
		action deny
	check "judged" busywait 10000 judged 1
	check "another segment" weft -n "$h1" segment add 200 dev sw0
	check "move" weft -n "$h1" port set up vf 1 dev sw0 vni 200
	check "not judged here" busywait 10000 judged 0
	check "back" weft -n "$h1" port set up vf 1 dev sw0 vni 100
	check "judged" busywait 10000 judged 1
	check "gone" weft -n "$h1" segment del 200 dev sw0
	check "none" weft -n "$h1" rule flush dev sw0
	check "not judged" busywait 10000 judged 0
	check "talk" all_talk
	log_test "a rule follows its VF"
}

explained()
{
	local mac=02:00:00:00:00

	check "deny" rule add pref 10 type 0x88b5 action deny
	check_match "denied" \
		"rule pref 10 action deny vni 100.*path drop reason denied" \
		asks up vf 0 src "$mac:0b" dst "$mac:0e"
	check_match "allowed" \
		"nic nic up hw ruled.*egress port up vf 1.*decision path port" \
		asks up vf 0 src "$mac:0b" dst "$mac:0e" from 10.0.0.2 \
		to 10.0.0.5
	check_match "to another host" "hw ruled.*decision path tunnel" \
		asks up vf 0 src "$mac:0b" dst "$mac:0c" from 10.0.0.2 \
		to 10.0.0.3
	no_rules
	check_match "without" "nic nic up hw present port up vf 1" \
		asks up vf 0 src "$mac:0b" dst "$mac:0e"
	log_test "trace tells who judges"
}

# Changes what is around the rule that denies, and resets the NIC, again and
# again.
churn()
{
	local i

	for ((i = 1; ; i++)); do
		{
			echo "$DENY"
			seq -f "pref %.0f from 198.51.100.0/24 proto udp dport 7 action deny" \
				2000 3000
		} | weft -n "$h1" rule load dev sw0 vni 100
		echo reset >"$NICS/nic1/fault"
		weft -n "$h1" rule add dev sw0 vni 100 pref 1 \
			from 192.0.2.1 action deny
		turned "$i"
	done
}

in_vain()
{
	# shellcheck disable=SC2086	# words
	check "deny" rule add $DENY
	in_vain_while churn 5
	check "judged" busywait 10000 judged 1
	no_rules
	check "talk" all_talk
	log_test "no gap while rules change and the NIC resets"
}

# The other host's bridge sends back what it gets by its VTEP: no weft there any
# more, so this is the last.
over_a_vtep()
{
	local before

	check "no switch there" ip -n "$h2" link del dev sw0
	add_vxlan "$h2" 100 local "$(vtep 2)" remote "$(vtep 1)"
	check "hairpin" bridge -n "$h2" link set dev vx100 hairpin on
	check "on" weft -n "$h1" segment set 100 dev sw0 \
		relay-vtep "$(vtep 2)" vepa on
	check "judged" busywait 10000 judged 1
	before=$(in_ns "$h2" cat /sys/class/net/vx100/statistics/rx_packets)
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.1" "$a 10.0.0.2"
	check_match "by the other host" "^[1-9]" echo $(($(in_ns "$h2" \
		cat /sys/class/net/vx100/statistics/rx_packets) - before))
	check_match "trace tells" "hw ruled.*decision path vepa" \
		asks up vf 0 src 02:00:00:00:00:0b dst 02:00:00:00:00:0e
	check "rules there" in_ns "$h2" nft -f - <<-END
		table bridge t {
			chain c {
				type filter hook forward priority 0;
				ip protocol icmp drop
			}
		}
	END
	none_talks "$b 10.0.0.5" "$b 10.0.0.1" "$a 10.0.0.2"
	# by a rule, just so: the other host drops it
	check "off" weft -n "$h1" segment set 100 dev sw0 vepa off
	check "a rule" rule add pref 10 proto icmp action allow path vepa
	none_talks "$b 10.0.0.5" "$a 10.0.0.2"
	check "no rules there" in_ns "$h2" nft flush ruleset
	check "talk" talk "$b 10.0.0.5" "$a 10.0.0.2"
	no_rules
	check "not judged" busywait 10000 judged 0
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.1" "$a 10.0.0.2"
	log_test "VFs talk over the adjacent switch"
}

setup
run_tests
