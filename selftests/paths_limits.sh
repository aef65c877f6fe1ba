#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Rates and priorities, of ports and of rules: two_hosts (lib/nic.sh), and what
# leaves h1 goes by a VLAN that turns priorities into its own.

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
	of_a_port
	of_a_rule
	of_a_vf
	priorities
	refused
"

MAC=02:00:00:00:00

setup()
{
	# shellcheck disable=SC2119	# a NIC as it is
	two_hosts
	check "talk" all_talk
	setup_done
}

# burst PORT COUNT: so many datagrams of 1000 bytes to c at once
burst()
{
	forge "$a" eth0 <<-END
		$2*eth src=$MAC:0a dst=$MAC:0c / ip dst=10.0.0.3 / udp dport=$1 / raw size=958
	END
}

# received COMMAND...: datagrams that c has got meanwhile
received()
{
	local cap=$TMP/burst

	capture "$c" eth0 "$cap" udp and greater 900
	check "$*" "$@"
	check "a last one" ping_vm "$e" 10.0.0.3
	capture_stop "$cap"
	got=$(packets "$cap")
}

# One byte in a millisecond, and 3000 at once: that is four datagrams, for the
# fourth finds room for a byte.
of_a_port()
{
	local before got

	before=$(drops "$h1" sw0 rate)
	received burst 9 10
	check_eq "without a limit" 10 echo "$got"
	check "limit" weft -n "$h1" port set a rate 8kbit burst 3000
	check_match "shown" "rate 8kbit burst 3000" weft -n "$h1" port show a
	received burst 9 10
	check_match "within" "^[45]$" echo "$got"
	check_eq "the others" $((10 - got)) \
		echo $(($(drops "$h1" sw0 rate) - before))
	check_match "counted by the port" "drops [1-9]" \
		weft -n "$h1" -s port show a
	check "others' ports" ping_vm "$b" 10.0.0.3
	check_match "its share comes" "^[1-9]" eval \
		'busywait 5000 more_room && echo 1'
	check "a larger one" weft -n "$h1" port set a rate 1gbit
	check_match "with a default burst" "rate 1gbit burst 1250000" \
		weft -n "$h1" port show a
	received burst 9 10
	check_eq "within" 10 echo "$got"
	check "none" weft -n "$h1" port set a rate none
	log_test "the rate of a port"
}

more_room()
{
	local before

	before=$(drops "$h1" sw0 rate)
	burst 9 1
	[ "$(drops "$h1" sw0 rate)" = "$before" ]
}

of_a_rule()
{
	local got

	check "limit" weft -n "$h1" rule add dev sw0 vni 100 pref 10 proto udp \
		dport 7 action allow rate 8kbit burst 3000
	check_match "shown" "action allow rate 8kbit burst 3000" \
		weft -n "$h1" rule show
	received burst 7 10
	check_match "within" "^[45]$" echo "$got"
	check_match "counted by the rule" "rx_packets 10 .*drops $((10 - got))" \
		weft -n "$h1" -s rule show
	received burst 9 10
	check_eq "others" 10 echo "$got"
	check "none" weft -n "$h1" rule flush dev sw0 vni 100
	log_test "the rate of a rule"
}

# The NIC limits its VFs, and they stay with it.
of_a_vf()
{
	check "limit" weft -n "$h1" port set up vf 0 dev sw0 rate 2500kbit
	check "in the NIC" busywait 5000 vf_rate 3
	check_match "not by the host" "nic nic up hw present" \
		asks up vf 0 src "$MAC:0b" dst "$MAC:0e"
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.3"
	check "none" weft -n "$h1" port set up vf 0 dev sw0 rate none
	check "in the NIC" busywait 5000 vf_rate 0
	log_test "the rate of a VF is its NIC's"
}

# vf_rate MBITS: of the first VF, says the NIC
vf_rate()
{
	grep -q "^vf 0 .* rate $1\b" "$NICS/nic1/tables"
}

# with_pcp PRIORITY COMMAND...: the frames that have it in the outer tag
with_pcp()
{
	local cap=$TMP/pcp

	capture "$h1" low "$cap" vlan
	check "$*" "${@:2}"
	capture_stop "$cap"
	check_match "with priority $1" "^[1-9]" pcp_frames "$1"
}

pcp_frames()
{
	decode "$TMP/pcp" -Y "vlan.priority == $1 && vxlan" -T fields \
		-e frame.number | wc -l
}

priorities()
{
	ip -n "$h1" -batch - <<-END
		link add name low type veth peer name end
		link set dev low up
		link set dev end up
		link add link low name low.9 type vlan id 9 egress-qos-map 2:1 6:5 4:4
		link set dev low.9 addrgenmode none up
		addr add 203.0.113.1/24 dev low.9
		neigh replace 203.0.113.2 lladdr $MAC:fe dev low.9
	END
	check "another switch" weft -n "$h1" switch add sw1 \
		local 203.0.113.1 uplink low.9
	check "up" ip -n "$h1" link set dev sw1 up
	check "segment" weft_batch "$h1" <<-END
		segment add 300 dev sw1
		map add $MAC:99 vni 300 dev sw1 peer 203.0.113.2
	END
	add_quiet_vm "$h1" sw1 f 300 "$MAC:0f" 10.0.3.1/24
	with_pcp 0 send_far 9
	check "of the port" weft -n "$h1" port set f prio 4
	check_match "shown" "prio 4" weft -n "$h1" port show f
	with_pcp 4 send_far 9
	check "of rules" weft_batch "$h1" <<-END
		rule add dev sw1 vni 300 pref 10 proto udp dport 5060 action allow class latency
		rule add dev sw1 vni 300 pref 20 proto udp dport 873 action allow class bulk
	END
	with_pcp 5 send_far 5060
	with_pcp 1 send_far 873
	with_pcp 4 send_far 9
	check "gone" ip -n "$h1" link del dev sw1
	log_test "priorities of ports and classes of rules"
}

f=''

send_far()
{
	forge "$f" eth0 <<-END
		eth src=$MAC:0f dst=$MAC:99 / ip / udp dport=$1
	END
}

refused()
{
	check_refused "a VF's priority" "has no priorities for its VFs" \
		weft -n "$h1" port set up vf 0 dev sw0 prio 3
	check_refused "what is denied" "has no class and rate" weft -n "$h1" \
		rule add dev sw0 vni 100 pref 1 action deny rate 1mbit
	check_refused "what is denied" "has no class and rate" weft -n "$h1" \
		rule add dev sw0 vni 100 pref 1 action deny class bulk
	check_refused "a burst alone" "needs the rate" weft -n "$h1" \
		rule add dev sw0 vni 100 pref 1 action allow burst 5000
	check_refused "too high" "more than the highest rate" weft -n "$h1" \
		port set a rate 1001gbit
	check_refused "no rate" "is not a valid rate" weft -n "$h1" \
		port set a rate 10mb
	check_eq "none" "" weft -n "$h1" rule show
	log_test "what is refused"
}

setup
run_tests
