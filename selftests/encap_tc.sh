#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The other end is the kernel's geneve, told by tc for each packet what to do with
# it: options go and come with each.
#
#    a 10.0.0.1                 eth0 10.0.0.3
#    |                           |
#  +-|--- h1 -------+          +-|------ c ---------+
#  | sw0 (weft)     |          | p = tc = gx (geneve,|
#  |                |          |           external) |
#  | up 192.0.2.1   |----------| up 192.0.2.2        |
#  +----------------+          +---------------------+
#
# Flavours: uml-7.2
# (Debian's 6.12 warns of how its geneve copies options, whoever sends them.)

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	options_both_ways
	other_options
"

h1='' c='' a=''

# What p sends gets the option, and what has the option comes to p.
steer()
{
	in_ns "$c" tc qdisc add dev p clsact &&
		in_ns "$c" tc qdisc add dev gx clsact &&
		in_ns "$c" tc filter add dev p ingress matchall \
			action tunnel_key set src_ip 192.0.2.2 \
			dst_ip 192.0.2.1 dst_port 6081 id 14 \
			geneve_opts 0102:80:00880022 \
			action mirred egress redirect dev gx &&
		in_ns "$c" tc filter add dev gx ingress protocol all flower \
			enc_key_id 14 geneve_opts 0102:80:00880022 \
			action mirred egress redirect dev p
}

setup()
{
	setup_ns h1 c
	check "load" load_weft
	make_underlay "$h1" "$c"
	check "geneve" ip -n "$c" -batch - <<-END
		link add name gx type geneve external
		link add name p type veth peer name eth0 address 02:00:00:00:00:0c
		link set dev gx up
		link set dev p up
		addr add 10.0.0.3/24 dev eth0
		link set dev eth0 up
	END
	check "tc" steer
	add_switch "$h1" sw0 local "$(vtep 1)" uplink up
	check "segment" weft -n "$h1" -b - <<-END
		segment add 14 dev sw0 encap geneve option 0102:80:00880022
		peer add $(vtep 2) dev sw0 vni 14
	END
	add_quiet_vm "$h1" sw0 a 14 02:00:00:00:00:0a 10.0.0.1/24
}

options_both_ways()
{
	both_ways "$a" 10.0.0.3 "$c" 10.0.0.1
	log_test "a critical option that both know"
}

other_options()
{
	check "another value" weft -n "$h1" segment set 14 dev sw0 \
		option 0102:80:00880023
	check "the other end does not take it" no_ping_vm "$a" 10.0.0.3
	check "unknown" weft -n "$h1" segment set 14 dev sw0 option none
	check "nor do we" no_ping_vm "$c" 10.0.0.1
	check_match "counted" "reason tunnel-option packets [1-9]" \
		weft -n "$h1" stats show dev sw0
	check "as it was" weft -n "$h1" segment set 14 dev sw0 \
		option 0102:80:00880022
	check "talk" ping_vm "$a" 10.0.0.3
	log_test "options that only one end knows"
}

prepare
run_tests
