#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# Rules: what they match, which of them counts, how they are changed, and what
# becomes of them when what they are about goes.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	none
	order
	ethernet
	tags
	addresses
	protocols
	ranges
	flags
	fragments
	cut_short
	by_port
	by_segment
	of_the_switch
	from_the_tunnel
	hosts_own
	counters
	set_replaced
	set_refused
	what_goes
	refused
	large
	told
	traced
	in_vain
	one_for_the_other
	to_the_last
"
FEW_TESTS="
	order
	ranges
	from_the_tunnel
	set_replaced
	in_vain
"

# rule WORDS...: of segment 100
rule()
{
	weft -n "$host" rule "$1" dev sw0 vni 100 "${@:2}"
}

# only MATCH...: what does not match is denied
only()
{
	check "rules for: $*" weft -n "$host" rule load dev sw0 vni 100 <<-END
		pref 10 $* action allow
		pref 20 action deny
	END
}

# shown FIELDS: these words of all rules
shown()
{
	weft -n "$host" rule show | cut -d " " -f "$1" | xargs
}

no_rules()
{
	check "no rules" weft -n "$host" rule flush dev sw0 vni 100
}

# passes LAYERS: from a to b
passes()
{
	check_heard "passes: $*" b a forge "$@"
}

stops()
{
	check_heard "stops: $*" - a forge "$@"
}

statics()
{
	weft_batch "$host" <<-END
		map add $(mac m1) vni 100 dev sw0 port pa
		map add $(mac m2) vni 100 dev sw0 port pb
		map add $(mac m3) vni 100 dev sw0 port pc
		map add $(mac m22) vni 100 dev sw0 peer $(vtep 2)
		map add $(mac m1) vni 200 dev sw0 port pd
	END
}

none()
{
	check_eq "no rules" "" weft -n "$host" rule show
	passes eth
	check "flush nothing" weft -n "$host" rule flush dev sw0
	log_test "without rules all passes"
}

order()
{
	check "deny" rule add pref 20 action deny
	stops eth
	check "allow before" rule add pref 10 type ip action allow
	passes eth / ip / udp
	stops eth
	check "deny before" rule add pref 5 proto udp dport 53 action deny
	stops eth / ip / udp dport=53
	passes eth / ip / udp dport=54
	check_eq "in their order" "pref 5 pref 10 pref 20" \
		shown 1,2
	check "the same again" rule replace pref 5 proto udp dport 53 \
		action allow
	passes eth / ip / udp dport=53
	check "no allow" rule del pref 10
	stops eth / ip / udp dport=54
	passes eth / ip / udp dport=53
	no_rules
	passes eth
	log_test "the first rule that matches counts"
}

ethernet()
{
	only src "$(mac m1)"
	passes eth
	check_heard "from another" - c forge eth src="$(mac m3)"
	only dst 02:00:00:00:00:02
	passes eth
	stops eth dst="$(mac m3)"
	only dst 02:00:00:00:00:00/ff:ff:ff:ff:ff:fc
	passes eth
	stops eth dst="$(mac m22)"
	only type 0x88b5
	passes eth
	stops eth type=0x88b6
	only type arp
	passes eth type=0x0806
	stops eth
	only cast unicast
	passes eth
	check_heard "broadcast" - a src m1 dst all
	only cast multicast
	check_heard "to a group" b,c,p2/100,p3/100 a src m1 \
		dst 01:00:5e:00:00:05
	check_heard "broadcast" - a src m1 dst all
	stops eth
	only cast broadcast
	check_heard "broadcast" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "to a group" - a src m1 dst 01:00:5e:00:00:05
	no_rules
	log_test "Ethernet addresses, types and casts"
}

tags()
{
	only vlan 5
	check_heard "the VLAN" b.5 a forge eth vlan=5
	check_heard "another" - a forge eth vlan=6
	stops eth
	only prio 3
	check_heard "the priority" b.5 a forge eth vlan=5 prio=3
	check_heard "another" - a forge eth vlan=5 prio=4
	check_heard "without a VLAN" b.0 a forge eth vlan=0 prio=3
	only untagged
	passes eth
	check_heard "tagged" - a forge eth vlan=5
	check_heard "priority alone" - a forge eth vlan=0 prio=1
	# what is in a tag is seen through it
	only proto udp dport 53
	check_heard "behind a tag" b.5 a forge eth vlan=5 type=0x800 / ip / \
		udp dport=53
	no_rules
	log_test "VLAN tags"
}

addresses()
{
	only from 10.0.0.0/24
	passes eth / ip src=10.0.0.255 / udp
	stops eth / ip src=10.0.1.0 / udp
	stops eth / ip6 / udp
	only to 10.0.0.2
	passes eth / ip / udp
	stops eth / ip dst=10.0.0.3 / udp
	only from 0.0.0.0/0
	passes eth / ip / udp
	stops eth / ip6 / udp
	only from 2001:db8:1::/48 to 2001:db8:1::2
	passes eth / ip6 src=2001:db8:1:ffff::1 / udp
	stops eth / ip6 src=2001:db8:2::1 / udp
	stops eth / ip6 dst=2001:db8:1::3 / udp
	stops eth / ip / udp
	no_rules
	log_test "IP addresses"
}

protocols()
{
	only proto udp
	passes eth / ip / udp
	passes eth / ip6 / udp
	stops eth / ip / tcp
	stops eth
	only type ipv6 proto tcp
	passes eth / ip6 / tcp
	stops eth / ip / tcp
	only dscp 46
	passes eth / ip tos=0xb8 / udp
	passes eth / ip tos=0xbb / udp
	passes eth / ip6 tos=0xb8 / udp
	stops eth / ip tos=0xb4 / udp
	only proto 58
	passes eth / ip6 proto=58 / raw size=8
	# behind hop-by-hop options and a routing header
	passes eth / ip6 proto=0 / \
		raw hex=2b000104000000003a000000000000008000000000000000
	no_rules
	log_test "IP protocols and DSCP"
}

ranges()
{
	local port

	only proto udp dport 100-1023
	for port in 100 101 511 512 1000 1023; do
		passes eth / ip / udp dport="$port"
	done
	for port in 0 99 1024 65535; do
		stops eth / ip / udp dport="$port"
	done
	only proto tcp sport 1024-65535 dport 22
	passes eth / ip / tcp sport=1024 dport=22
	passes eth / ip6 / tcp sport=65535 dport=22
	stops eth / ip / tcp sport=1023 dport=22
	stops eth / ip / tcp sport=1024 dport=23
	stops eth / ip / udp sport=1024 dport=22
	only proto udp sport 7 dport 0-65535
	passes eth / ip / udp sport=7 dport=0
	stops eth / ip / udp sport=8
	no_rules
	log_test "ranges of ports"
}

flags()
{
	only proto tcp tcp-flags syn/syn,ack
	passes eth / ip / tcp flags=syn
	passes eth / ip / tcp flags=syn,ece
	stops eth / ip / tcp flags=syn,ack
	stops eth / ip / tcp flags=ack
	only proto tcp tcp-flags ack
	passes eth / ip / tcp flags=syn,ack
	stops eth / ip / tcp flags=syn
	only proto tcp tcp-flags /syn,rst
	passes eth / ip / tcp flags=ack
	stops eth / ip / tcp flags=rst
	no_rules
	log_test "TCP flags"
}

fragments()
{
	local first="frag=32 part=1" later="frag=32 part=2"

	only proto udp dport 53
	# shellcheck disable=SC2086	# words
	{
		passes eth / ip $first / udp dport=53 / raw size=100
		stops eth / ip $later / udp dport=53 / raw size=100
		only frag later
		passes eth / ip $later / udp / raw size=100
		passes eth / ip6 $later / udp / raw size=100
		stops eth / ip $first / udp / raw size=100
		stops eth / ip / udp
		only frag first
		passes eth / ip6 $first / udp / raw size=100
		stops eth / ip6 $later / udp / raw size=100
		only frag any
		passes eth / ip $first / udp / raw size=100
		passes eth / ip $later / udp / raw size=100
		stops eth / ip / udp
		only frag none
		passes eth / ip / udp
		stops eth / ip $later / udp / raw size=100
		only proto udp frag later
		passes eth / ip $later / udp / raw size=100
		passes eth / ip6 $later / udp / raw size=100
		stops eth / ip $later / tcp / raw size=100
		stops eth / ip6 $later / tcp / raw size=100
	}
	no_rules
	log_test "fragments"
}

# What a filter can't see, it does not let by: RFC 1858, RFC 3128.
cut_short()
{
	local before

	before=$(drops "$host" sw0 unjudgeable)
	check "allow all" rule add pref 1 action allow
	passes eth / ip / tcp
	stops eth / ip mf=1 / tcp cut=13
	passes eth / ip mf=1 / tcp cut=14
	# it would overwrite the flags
	stops eth / ip proto=6 offset=8 / raw size=40
	passes eth / ip proto=6 offset=16 / raw size=40
	passes eth / ip proto=17 offset=8 / raw size=40
	stops eth / ip hlen=16 / udp
	stops eth / ip version=5 / udp
	stops eth / ip6 version=4 / udp
	check_eq "counted" $((before + 5)) drops "$host" sw0 unjudgeable
	no_rules
	passes eth / ip version=5 / udp
	log_test "headers that can't be judged"
}

by_port()
{
	check "deny" rule add pref 10 port pa action deny
	stops eth
	check_heard "from another" a c forge eth src="$(mac m3)" dst="$(mac m1)"
	check_match "shown" "pref 10 dev sw0 vni 100 port pa action deny" \
		rule show
	check "of the switch" weft -n "$host" rule add dev sw0 pref 5 port pa \
		action allow
	passes eth
	no_rules
	check "deny" weft -n "$host" rule replace dev sw0 pref 5 port pa \
		action deny
	stops eth
	check_heard "not another's" a c forge eth src="$(mac m3)" \
		dst="$(mac m1)"
	check "gone" weft -n "$host" rule del dev sw0 pref 5
	passes eth
	log_test "rules of a port"
}

by_segment()
{
	check "deny" rule add pref 10 action deny
	stops eth
	check_heard "the other segment" p2/200 d src m1 dst all
	check "there" weft -n "$host" rule add dev sw0 vni 200 pref 10 \
		action deny
	check_heard "the other segment" - d src m1 dst all
	no_rules
	passes eth
	check_heard "the other segment" - d src m1 dst all
	check "gone" weft -n "$host" rule flush dev sw0 vni 200
	log_test "rules of a segment are its own"
}

of_the_switch()
{
	check "deny" weft -n "$host" rule add dev sw0 pref 10 type ip \
		action deny
	stops eth / ip / udp
	check_heard "everywhere" - d forge eth dst=ff:ff:ff:ff:ff:ff / ip / udp
	check "a new segment, too" weft -n "$host" segment add 300 dev sw0
	check "a port of it" weft -n "$host" port set pd vni 300
	check_heard "everywhere" - d forge eth dst=ff:ff:ff:ff:ff:ff / ip / udp
	check_match "denied" "rule pref 10 action deny" weft -n "$host" \
		trace dev sw0 port pd src "$(mac m1)" dst "$(mac m2)" \
		from 10.0.0.1 to 10.0.0.2
	check "back" weft -n "$host" port set pd vni 200
	check "gone" weft -n "$host" segment del 300 dev sw0
	check "before" rule add pref 9 action allow
	passes eth / ip / udp
	check "at the same place" rule del pref 9
	check "at the same place" rule add pref 10 action allow
	passes eth / ip / udp
	check "behind" rule del pref 10
	check "behind" rule add pref 11 action allow
	stops eth / ip / udp
	no_rules
	check "none" weft -n "$host" rule flush dev sw0
	passes eth / ip / udp
	log_test "rules of the switch, and those of a segment"
}

from_the_tunnel()
{
	check "deny" rule add pref 10 proto udp dport 53 action deny
	check_heard "denied" - p2/100 forge eth src="$(mac m22)" / ip / \
		udp dport=53
	check_heard "allowed" b p2/100 forge eth src="$(mac m22)" / ip / \
		udp dport=54
	check_heard "into it, denied" - a forge eth dst="$(mac m22)" / ip / \
		udp dport=53
	check_heard "into it, allowed" p2/100 a forge eth dst="$(mac m22)" / \
		ip / udp dport=54
	# a port's rules are not for what comes from elsewhere
	only port pa
	check_heard "no port" - p2/100 forge eth src="$(mac m22)" / ip / udp
	no_rules
	log_test "out of the tunnel and into it"
}

hosts_own()
{
	check "join" weft -n "$host" port set sw0 vni 100
	ip -n "$host" -batch - <<-END
		link set dev sw0 up addrgenmode none
		addr add 10.0.0.100/24 dev sw0
		neigh replace 10.0.0.2 lladdr $(mac m2) nud permanent dev sw0
	END
	check "deny" rule add pref 10 port sw0 proto udp action deny
	check "say" wire clear
	in_ns "$host" bash -c 'echo x >/dev/udp/10.0.0.2/9'
	check_seen "nothing" 0 b "10.0.0.100"
	no_rules
	in_ns "$host" bash -c 'echo x >/dev/udp/10.0.0.2/9'
	check_seen "something" 1 b "10.0.0.100 > 10.0.0.2"
	check "leave" weft -n "$host" port del sw0 vni 100
	ip -n "$host" addr flush dev sw0
	log_test "what the host itself sends"
}

counted_rules()
{
	weft -n "$host" rule show | wc -l
}

# counts PREF: packets and bytes that a rule has judged
counts()
{
	weft -n "$host" -j rule get dev sw0 vni 100 pref "$1" |
		jq -r '.[0].stats | "\(.rx_packets) \(.rx_bytes)"'
}

counters()
{
	local before

	check "rules" rule add pref 10 type ip action deny
	check "rules" rule add pref 20 action allow
	before=$(drops "$host" sw0 denied)
	stops eth / ip / udp
	stops eth / ip / udp / raw size=958
	passes eth
	check_match "denied" "^2 10[0-9][0-9]$" counts 10
	check_match "allowed" "^1 [67][0-9]$" counts 20
	check_eq "drops" $((before + 2)) drops "$host" sw0 denied
	check_match "in text" "rx_packets 2" weft -n "$host" -s rule get \
		dev sw0 vni 100 pref 10
	# a change of another leaves them alone
	check "another" rule add pref 15 type arp action deny
	check_match "still" "^2 " counts 10
	no_rules
	log_test "counters"
}

set_replaced()
{
	check "load" weft -n "$host" rule load dev sw0 vni 100 <<-END
		# words as they are shown
		pref 10 dev sw0 vni 100 proto tcp dport 80-443 action allow

		pref 30 from 10.0.0.0/8 action deny
		pref 20 cast broadcast action allow
	END
	check_eq "in their order" "10 20 30" \
		shown 2
	weft -n "$host" rule show >"$TMP/shown"
	check "again" weft -n "$host" rule load dev sw0 vni 100 \
		file "$TMP/shown"
	check_eq "the same" "$(<"$TMP/shown")" weft -n "$host" rule show
	check "by standard input" weft -n "$host" rule load dev sw0 vni 100 \
		<"$TMP/shown"
	check_eq "the same" "$(<"$TMP/shown")" weft -n "$host" rule show
	no_rules
	check_eq "none" "" weft -n "$host" rule show
	log_test "a set of rules takes the place of another"
}

# refused_set WHAT MESSAGE LINE...
refused_set()
{
	local what=$1 message=$2

	shift 2
	printf '%s\n' "pref 7 action allow" "$@" >"$TMP/refused"
	check_refused "$what" "$message" weft -n "$host" rule load dev sw0 \
		vni 100 file "$TMP/refused"
	check_eq "$what: as it was" "pref 10 dev sw0 vni 100 action deny" \
		weft -n "$host" rule show
}

set_refused()
{
	check "deny" rule add pref 10 action deny
	refused_set "two at one place" "Two rules have the pref 9" \
		"pref 9 action deny" "pref 9 action deny"
	refused_set "no such match" "Rule refused $TMP/refused:3" \
		"pref 8 action deny" "pref 9 proto icmp dport 5 action deny"
	refused_set "no such word" 'for line 2 of "' "pref 8 foo"
	refused_set "no action" "Rule refused $TMP/refused:2" "pref 8"
	# two ranges of 30 prefixes each are 900 parts
	seq -f "pref %.0f proto tcp sport 1-65534 dport 1-65534 action allow" \
		11 311 >"$TMP/refused"
	check_refused "ranges that take too much room" "too much room" \
		weft -n "$host" rule load dev sw0 vni 100 file "$TMP/refused"
	for ((i = 1; i < 300; i++)); do
		printf 'pref %d src 02:00:00:00:%02x:%02x/ff:ff:ff:ff:%02x:%02x action deny\n' \
			"$i" 0 0 $((i / 256)) $((i % 256))
	done >"$TMP/refused"
	check_refused "too many masks" "more than 256 ways" \
		weft -n "$host" rule load dev sw0 vni 100 file "$TMP/refused"
	check_eq "as it was" "pref 10 dev sw0 vni 100 action deny" \
		weft -n "$host" rule show
	stops eth
	no_rules
	log_test "a set that is refused changes nothing"
}

what_goes()
{
	check "rules" weft_batch "$host" <<-END
		segment add 300 dev sw0
		port set pd vni 300
		rule add dev sw0 vni 300 pref 1 action deny
		rule add dev sw0 vni 100 pref 1 port pd action deny
		rule add dev sw0 pref 2 port pd action deny
		rule add dev sw0 vni 100 pref 3 action allow
	END
	check "the segment goes" weft -n "$host" segment del 300 dev sw0
	check_eq "with its rules" "" weft -n "$host" rule show vni 300
	check "the port goes" ip -n "$host" link set dev pd nomaster
	check_eq "with its rules" "pref 3 dev sw0 vni 100 action allow" \
		weft -n "$host" rule show
	check "it comes back" ip -n "$host" link set dev pd master sw0
	check "without them" weft -n "$host" port set pd vni 200
	check_heard "heard" p2/200 d src m1 dst all
	check "at the same place" rule add pref 1 action allow
	passes eth
	no_rules
	log_test "rules go with what they are about"
}

refused()
{
	check "a rule" rule add pref 10 action deny
	check_refused "there is one" "is a rule with this pref.*pref" \
		rule add pref 10 action allow
	check_refused "no such rule" "No such rule" rule del pref 11
	check_refused "no such segment" "No such segment" \
		weft -n "$host" rule add dev sw0 vni 999 pref 1 action deny
	check_refused "no port" "is no port of the switch" \
		rule add pref 1 port up action deny
	check_refused "no protocol" "need a protocol that has some" \
		rule add pref 1 dport 22 action deny
	check_refused "no ports" "need a protocol that has some" \
		rule add pref 1 proto icmp dport 22 action deny
	check_refused "no flags" "TCP alone has such flags" \
		rule add pref 1 proto udp tcp-flags syn action deny
	check_refused "no flag counts" "No flag counts" \
		rule add pref 1 proto tcp tcp-flags / action deny
	check_refused "later ones" "later fragment has no ports" \
		rule add pref 1 proto udp frag later dport 5 action deny
	check_refused "families" "types or families differ" \
		rule add pref 1 from 10.0.0.1 to 2001:db8::1 action deny
	check_refused "type" "types or families differ" \
		rule add pref 1 type arp from 10.0.0.1 action deny
	check_refused "no IP" "are not of IP" \
		rule add pref 1 type arp dscp 3 action deny
	check_refused "prefix" "bits beyond its prefix" \
		rule add pref 1 from 10.0.0.1/24 action deny
	check_refused "mask" "bits beside its mask" \
		rule add pref 1 src "$(mac m1)/ff:ff:ff:ff:ff:00" action deny
	check_refused "group" "No frame comes from a group" \
		rule add pref 1 src 01:00:5e:00:00:01 action deny
	check_refused "cast" "of another kind" \
		rule add pref 1 dst "$(mac m1)" cast broadcast action deny
	check_refused "tag" "has no VLAN and no priority" \
		rule add pref 1 untagged vlan 5 action deny
	check_refused "range" "ends before it begins" \
		rule add pref 1 proto udp dport 5-4 action deny
	check_eq "as it was" "pref 10 dev sw0 vni 100 action deny" \
		weft -n "$host" rule show
	no_rules
	log_test "what is refused"
}

# Many rules: the same answer, however many are there.
large()
{
	local i

	for ((i = 0; i < 10000; i++)); do
		echo "pref $((i + 10)) from 10.$((i / 256)).$((i % 256)).0/24" \
			"proto udp dport $((i % 1000)) action deny"
	done >"$TMP/large"
	check "load" weft -n "$host" rule load dev sw0 vni 100 \
		file "$TMP/large"
	weft -n "$host" rule show | sed "s/dev sw0 vni 100 //;s/type ip //" \
		>"$TMP/shown"
	check "all there, as they were" cmp "$TMP/large" "$TMP/shown"
	stops eth / ip src=10.39.15.1 / udp dport=999
	passes eth / ip src=10.39.15.1 / udp dport=998
	passes eth / ip src=10.39.16.1 / udp dport=999
	check "one more" rule add pref 1 from 10.39.15.1 action allow
	passes eth / ip src=10.39.15.1 / udp dport=999
	check "one less" rule del pref 1
	stops eth / ip src=10.39.15.1 / udp dport=999
	seq -f "pref %.0f action deny" 100000 >"$TMP/large"
	check_refused "too many" "at most 65536 rules" weft -n "$host" \
		rule load dev sw0 vni 100 file "$TMP/large"
	check_eq "as it was" 10000 counted_rules
	no_rules
	log_test "10000 rules, and 100000"
}

told()
{
	monitor_start "$host" sw0 100 "$TMP/monitor" config
	check "add" rule add pref 10 proto udp action deny
	check "change" rule replace pref 10 proto tcp action deny
	check "delete" rule del pref 10
	check "load" weft -n "$host" rule load dev sw0 vni 100 <<-END
		pref 1 action allow
		pref 2 action deny
	END
	no_rules
	check "told" busywait 5000 grep -q "count 0" "$TMP/monitor"
	check_eq "in their order" "$(cat <<-END
		rule pref 10 dev sw0 vni 100 proto udp action deny
		rule pref 10 dev sw0 vni 100 proto tcp action deny
		Deleted rule pref 10 dev sw0 vni 100 proto tcp action deny
		rules dev sw0 vni 100 count 2
		rules dev sw0 vni 100 count 0
	END
	)" grep rule "$TMP/monitor"
	log_test "listeners are told"
}

traced()
{
	check "rules" weft_batch "$host" <<-END
		rule add dev sw0 vni 100 pref 10 proto tcp dport 22 action deny
		rule add dev sw0 pref 20 proto tcp action allow
	END
	check_match "denied" \
		"rule pref 10 action deny vni 100.*path drop reason denied" \
		weft -n "$host" trace dev sw0 port pa src "$(mac m1)" \
		dst "$(mac m2)" from 10.0.0.1 to 10.0.0.2 proto tcp dport 22
	check_match "allowed" \
		"rule pref 20 action allow.*egress port pb.*path port" \
		weft -n "$host" trace dev sw0 port pa src "$(mac m1)" \
		dst "$(mac m2)" from 10.0.0.1 to 10.0.0.2 proto tcp dport 23
	check_match "from a peer" "rule pref 10 action deny" \
		weft -n "$host" trace dev sw0 peer "$(vtep 2)" vni 100 \
		src "$(mac m22)" dst "$(mac m2)" from 10.0.0.1 to 10.0.0.2 \
		proto tcp dport 22
	check_match "none" "lookup.*path port" \
		weft -n "$host" trace dev sw0 port pa src "$(mac m1)" \
		dst "$(mac m2)"
	check_match "not counted" "^0 " counts 10
	no_rules
	check "none" weft -n "$host" rule flush dev sw0
	log_test "trace tells the rule"
}

# churn CHANGE: again and again
churn()
{
	local i

	for ((i = 1; ; i++)); do
		"$1"
		echo "$i" >"$TMP/churning"
		mv "$TMP/churning" "$TMP/churned"
	done
}

churned()
{
	[ "$(<"$TMP/churned")" -ge "$1" ]
}

# nothing_passes CHANGE TIMES FROM TO LAYERS: forbidden frames (those for port 53)
# from a place, all the while something is changed: none arrives, but others do
nothing_passes()
{
	local cap=$TMP/vain.$4 churn

	capture "$WIRE" "$4" "$cap" udp
	echo 0 >"$TMP/churned"
	start churn "$1"
	churn=$!
	until churned "$2"; do
		check "send" forge "$WIRE" "$3" <<<"100*$5 / udp dport=53..54"
	done
	stop "$churn"
	capture_stop "$cap"
	check_eq "none of them" 0 packets "$cap" udp dst port 53
	check_match "others" "^[1-9][0-9]" packets "$cap" udp dst port 54
	wire clear >/dev/null
}

others_change()
{
	rule add pref 1 from 192.0.2.1 proto udp action deny
	rule del pref 1
	{
		echo "pref 1000 proto udp dport 53 action deny"
		seq -f "pref %.0f from 198.51.100.0/24 proto udp dport 7 action deny" \
			2000 3000
	} | rule load
}

in_vain()
{
	check "deny" rule add pref 1000 proto udp dport 53 action deny
	nothing_passes others_change 10 a b "eth / ip"
	no_rules
	log_test "no gap while rules change"
}

# From a rule of the port to one of all, and back.
kind_changes()
{
	local deny="proto udp dport 53 action deny"

	weft -n "$host" rule load dev sw0 <<<"pref 1 $deny"
	weft -n "$host" rule load dev sw0 <<<"pref 1 port pa $deny"
}

one_for_the_other()
{
	check "deny" kind_changes
	nothing_passes kind_changes 40 a b "eth / ip"
	check "none" weft -n "$host" rule flush dev sw0
	log_test "no gap when a rule of a port becomes one of all"
}

segment_dies()
{
	weft_batch "$host" <<-END
		segment add 300 dev sw0
		rule add dev sw0 vni 300 pref 1 proto udp dport 53 action deny
		port set pc vni 300
		port set pd vni 300
		segment del 300 dev sw0
	END
}

# Its rules count until its last port has left.
to_the_last()
{
	nothing_passes segment_dies 40 c d "eth dst=ff:ff:ff:ff:ff:ff / ip"
	check "back" weft_batch "$host" <<-END
		port set pc vni 100
		port set pd vni 200
	END
	log_test "no gap when a segment goes with its rules"
}

one_host
statics
run_tests
