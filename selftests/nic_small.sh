#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# A NIC whose table is too small has the entries that are used most; what goes
# by the others takes its way through software. What a NIC would do with a
# frame, and what it does with its table, can be asked and watched.
#
# two_hosts (lib/nic.sh), where nic1 has room for 6 entries. Behind h2 are also ten
# addresses that nobody has, 10.0.0.31 to .40, which a knows.

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
	explained
	gateway
	overflow
	hottest
	no_flapping
	room
	refused_for_a_time
"

ROOM=6

setup()
{
	local n

	two_hosts map "$ROOM"
	for n in 31 32 33 34 35 36 37 38 39 40; do
		echo "neigh replace 10.0.0.$n lladdr $(far "$n") dev eth0"
	done | ip -n "$a" -batch -
	check "talk" all_talk
	setup_done
}

# far N: MAC address of 10.0.0.N behind h2
far()
{
	echo "02:00:00:00:01:$1"
}

# hw MAC: where the entry stands with the NIC
hw()
{
	weft -n "$h1" map get "$1" vni 100 dev sw0 | sed -n 's/.* nic up //p'
}

hw_is()
{
	[ "$(hw "$1")" = "$2" ]
}

explained()
{
	local mac=02:00:00:00:00

	check "tables" check_tables "$h1" nic1
	check_match "a VF to another host" \
		"nic .*up hw present peer 192.0.2.2" \
		asks up vf 0 src "$mac:0b" dst "$mac:0c"
	check_match "leaves from there" "decision path tunnel" \
		asks up vf 0 src "$mac:0b" dst "$mac:0c"
	check_match "a VF to a VF" "nic .*up hw present port up vf 1" \
		asks up vf 0 src "$mac:0b" dst "$mac:0e"
	check_match "a VF to a port" "decision path port" \
		asks up vf 0 src "$mac:0b" dst "$mac:0a"
	check_match "a port to another host" "nic .*up hw present" \
		asks a src "$mac:0a" dst "$mac:0c"
	check_match "a VF to all" "nic .*up path flood" \
		asks up vf 0 src "$mac:0b" dst ff:ff:ff:ff:ff:ff
	check_match "another address" "reason source-check" \
		asks up vf 0 src "$mac:99" dst "$mac:0c"
	check_match "link-local" "reason link-local" \
		asks up vf 0 src "$mac:0b" dst 01:80:c2:00:00:0e
	check_refused "a VF that is no port" "no port" \
		asks up vf 7 src "$mac:0b" dst "$mac:0c"
	log_test "what the NIC would do is told"
}

# host_had: frames of VFs that the host had to forward
host_had()
{
	nic_count nic1 to_host
}

leaves_misses()
{
	grep -q "^segment 100 encap vxlan flags 0x[0246] .*gateway 192.0.2.2" \
		"$NICS/nic1/tables"
}

# What nobody knows goes to the gateway: from a VF by the NIC alone, which says
# so, from a port by software, and to no other host.
gateway()
{
	local cap=$TMP/gateway before misses

	check "another host" weft -n "$h1" peer add 192.0.2.77 dev sw0 vni 100
	ip -n "$h1" neigh replace 192.0.2.77 lladdr 02:77:77:77:77:77 dev up
	check "gateway" weft -n "$h1" segment set 100 dev sw0 \
		gateway-vtep 192.0.2.2
	check_match "shown" "gateway-vtep 192.0.2.2" \
		weft -n "$h1" segment show 100 dev sw0
	check_refused "in use" "gateway-vtep of segment 100" \
		weft -n "$h1" peer del 192.0.2.2 dev sw0
	check "misses are its own" busywait 5000 leaves_misses
	before=$(host_had)
	misses=$(nic_word "$h1" misses)
	capture "$mid" w1 "$cap" udp port 4789
	check "from the VF" send_unknown "$b" 02:00:00:00:00:0b
	check "from the port" send_unknown "$a" 02:00:00:00:00:0a
	capture_stop "$cap"
	check_eq "both to the gateway" 2 packets "$cap" dst host 192.0.2.2
	check_eq "to nobody else" 0 packets "$cap" dst host 192.0.2.77
	check_eq "not by the host" "$before" host_had
	check "told" busywait 5000 missed_more "$misses"
	check_match "explained" "nic .*up peer 192.0.2.2" asks up vf 0 \
		src 02:00:00:00:00:0b dst 02:00:00:00:00:99
	check "an entry the NIC has not" weft -n "$h1" map add \
		02:00:00:00:00:98 vni 100 dev sw0 peer 192.0.2.78
	check "misses are the host's" busywait 5000 keeps_misses
	check "gone" weft -n "$h1" map del 02:00:00:00:00:98 vni 100 dev sw0
	check "its own again" busywait 5000 leaves_misses
	check "none" weft -n "$h1" segment set 100 dev sw0 gateway-vtep none
	check "misses are the host's" busywait 5000 keeps_misses
	check_refused "a group" "No VTEP can have" weft -n "$h1" segment set \
		100 dev sw0 gateway-vtep 239.1.1.1
	check "one host less" weft -n "$h1" peer del 192.0.2.77 dev sw0
	log_test "a gateway gets what nobody knows"
}

keeps_misses()
{
	! leaves_misses
}

missed_more()
{
	[ "$(nic_word "$h1" misses)" -gt "$1" ]
}

# send_unknown NAMESPACE MAC: a frame to an address that nobody has
send_unknown()
{
	forge "$1" eth0 <<-END
		eth src=$2 dst=02:00:00:00:00:99 / ip src=10.0.0.9 dst=10.0.0.99 / udp dport=9
	END
}

overflow()
{
	local n

	for n in 31 32 33 34 35 36 37 38 39 40; do
		echo "map add $(far "$n") vni 100 dev sw0 peer 192.0.2.2"
	done >"$TMP/far"
	check "ten more" weft_batch "$h1" <"$TMP/far"
	check "as many as fit" busywait 5000 has_entries "$ROOM"
	check "not the last" busywait 5000 hw_is "$(far 40)" full
	check "all talk" all_talk
	log_test "entries that find no room"
}

has_entries()
{
	[ "$(hw_entries nic1 | wc -l)" = "$1" ]
}

# use MS N...: packets to addresses behind h2, one every MS milliseconds each
use()
{
	local ms=$1 n

	shift
	for n; do
		start nsenter "--net=/run/netns/$a" ping -n -q -i "0.0$ms" \
			"10.0.0.$n" >/dev/null 2>&1
		USING+=($!)
	done
}

no_use()
{
	stop "${USING[@]}"
	USING=()
}

# present N...: are these in the NIC?
present()
{
	local n

	for n; do
		hw_is "$(far "$n")" present || return
	done
}

# All of it is used: b and e are the NIC's own, so there is room for four.
hottest()
{
	monitor_start "$h1" sw0 100 "$TMP/monitor" events
	use 20 40 39 38
	check "they come in" busywait 30000 present 38 39 40
	check "told" busywait 5000 grep -q \
		"event nic-in $(far 40) vni 100 nic up dev sw0 rate" \
		"$TMP/monitor"
	check "and what went" busywait 5000 grep -q "event nic-out " \
		"$TMP/monitor"
	check "counted" [ "$(nic_word "$h1" moved-in)" -ge 3 ]
	check_match "a rate" "nic up present rate" \
		weft -n "$h1" -s map get "$(far 40)" vni 100 dev sw0
	check_eq "not more than fit" "$ROOM" count_lines hw_entries nic1
	check "all talk" all_talk
	no_use
	use 20 31 32 33 34
	check "others come in" busywait 30000 present 31 32 33 34
	check "the others went" gone_cold 38 39 40
	check "all talk" all_talk
	no_use
	log_test "what is used most is in the NIC"
}

gone_cold()
{
	local n

	for n; do
		hw_is "$(far "$n")" cold || return
	done
}

count_lines()
{
	"$@" 2>/dev/null | wc -l
}

# Ten that are used alike and room for four: nothing moves.
no_flapping()
{
	local before

	use 50 31 32 33 34 35 36 37 38 39 40
	check "they are used" busywait 30000 rates 10
	check "and all is quiet" busywait 30000 quiet
	no_use
	log_test "entries that are used alike stay where they are"
}

# rates N: so many have one
rates()
{
	[ "$(weft -n "$h1" -s map show dev sw0 | grep -c \
		"02:00:00:00:01:.* rate [1-9]")" -ge "$1" ]
}

# quiet: for three seconds and more, in which a NIC looks as often
quiet()
{
	local before until

	before=$(nic_word "$h1" moved-in)
	until=$(($(now_ms) + 3500))
	while [ "$(now_ms)" -lt "$until" ]; do
		[ "$(nic_word "$h1" moved-in)" = "$before" ] || return
	done
}

room()
{
	local n

	for n in 31 32 33 34 35 36; do
		echo "map del $(far "$n") vni 100 dev sw0"
	done >"$TMP/less"
	check "six go" weft_batch "$h1" <"$TMP/less"
	for n in 37 38 39 40; do
		echo "map del $(far "$n") vni 100 dev sw0"
	done >"$TMP/less"
	check "four go" weft_batch "$h1" <"$TMP/less"
	check_tables "$h1" nic1
	check "all talk" all_talk
	log_test "entries come in when there is room"
}

# The NIC says that it is full though it should not be, and then it is not.
refused_for_a_time()
{
	fault nic1 full on
	check "one more" weft -n "$h1" map add "$(far 31)" vni 100 dev sw0 \
		peer 192.0.2.2
	check "no room" busywait 5000 hw_is "$(far 31)" full
	fault nic1 full off
	check "room" busywait 10000 present 31
	check "one less" weft -n "$h1" map del "$(far 31)" vni 100 dev sw0
	check_tables "$h1" nic1
	log_test "a NIC that finds room after all"
}

setup
run_tests
