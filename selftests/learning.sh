#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# The mapping table and traffic: learning, moves, limits, ageing, flushing,
# and who overrides whom.
#
#     a     b     c     d
#     |     |     |     |
#   +-pa----pb----pc----pd----- host -+
#   | 100   100   100   200           |
#   |           sw0                   |
#   +-------------------------- up ---+
#                            192.0.2.1
#                                |
#                                u    p2 192.0.2.2, p3 192.0.2.3

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	learned_where_seen
	learning_off
	moves_are_followed
	moves_are_told
	port_limit
	peer_limit
	segment_limit
	switch_limit
	limits_and_moves
	static_stays
	controller_stays
	management_over_learned
	management_over_management
	flush
	age_and_used
	ageing
	neighbours_age
	peers_come_and_go
"

# forget: all that was learned, and all entries but the flood lists
forget()
{
	local vni

	{
		echo map flush dev sw0
		echo map flush dev sw0 controller
		for vni in 100 200; do
			weft -n "$host" map show dev sw0 vni "$vni" static |
				sed -n '/^00:00:00:00:00:00/!s/ dev.*/ dev sw0/p' |
				sed 's/^/map del /'
		done
	} | weft_batch "$host" >/dev/null
}

learned_where_seen()
{
	check_heard "broadcast" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "to it" a b src m2 dst m1
	check_eq "at its port" "port pa learned" entry "$host" sw0 100 m1
	check_heard "from a peer" a,b,c p2/100 src m22 dst all
	check_eq "at its peer" "peer 192.0.2.2 learned" \
		entry "$host" sw0 100 m22
	check_heard "from a peer by IPv6" a,b,c q2/100 src m26 dst all
	check_eq "at its peer" "peer 2001:db8::2 learned" \
		entry "$host" sw0 100 m26
	check_heard "to it" q2/100 a src m1 dst m26
	check_heard "the same address elsewhere" p2/200 d src m1 dst all
	check_eq "is another entry" "port pd learned" entry "$host" sw0 200 m1
	check_eq "entries, with the flood list" 5 counted segment entries
	check_eq "learned in the segment" 4 counted segment learned
	forget
	check_eq "entries of the segment" 1 counted segment entries
	log_test "source addresses are learned where they are seen"
}

# counted OBJECT WORD: of segment 100
counted()
{
	weft -n "$host" -d segment show 100 dev sw0 |
		awk -v word="$2" 'NR > 1 { for (i = 1; i < NF; i += 2)
			if ($i == word) n = $(i + 1) }
			END { print word == "entries" ? n : n + 0 }'
}

learning_off()
{
	check "port" weft -n "$host" port set pa learning off
	check_heard "forwarded" b,c,p2/100,p3/100 a src m1 dst all
	check_eq "not learned" "" entry "$host" sw0 100 m1
	check_heard "others are" a,c,p2/100,p3/100 b src m2 dst all
	check_eq "learned" "port pb learned" entry "$host" sw0 100 m2
	check "port" weft -n "$host" port set pa learning on
	check "segment" weft -n "$host" segment set 100 dev sw0 learning off
	check_heard "forwarded" b,c,p2/100,p3/100 a src m1 dst all
	check_eq "not learned" "" entry "$host" sw0 100 m1
	check_heard "forwarded" a,b,c p2/100 src m22 dst all
	check_eq "nor from the tunnel" "" entry "$host" sw0 100 m22
	check_heard "the other segment" p2/200 d src m1 dst all
	check_eq "learns" "port pd learned" entry "$host" sw0 200 m1
	check "segment" weft -n "$host" segment set 100 dev sw0 learning on
	check_heard "again" b,c,p2/100,p3/100 a src m1 dst all
	check_eq "learned" "port pa learned" entry "$host" sw0 100 m1
	forget
	log_test "learning off, for a port and for a segment"
}

# A VM shows up elsewhere; the next frame to it must go there.
moves_are_followed()
{
	check_heard "at a" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "to a" a b src m2 dst m1
	check_heard "gratuitous ARP at c" a,b,p2/100,p3/100 \
		c src m1 arp gratuitous 10.0.0.1 10.0.0.1
	check_heard "to c" c b src m2 dst m1
	check_heard "RARP at a peer" a,b,c p2/100 src m1 rarp
	check_heard "to the peer" p2/100 b src m2 dst m1
	check_heard "any frame at another peer" b p3/100 src m1 dst m2
	check_heard "to that peer" p3/100 b src m2 dst m1
	check_heard "unicast at a" b a src m1 dst m2
	check_heard "to a" a b src m2 dst m1
	check_heard "a tagged frame at c" b.9 c src m1 dst m2 vlan 9
	check_heard "to c" c b src m2 dst m1
	forget
	log_test "a VM that moves is followed from its first frame"
}

moves_are_told()
{
	local moves events=$TMP/moved

	moves=$(detail "$host" sw0 moves)
	monitor_start "$host" sw0 100 "$events" events
	check_heard "at a" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "at b" a,c,p2/100,p3/100 b src m1 dst all
	check_heard "still at b" a,c,p2/100,p3/100 b src m1 dst all
	check_heard "at a peer" a,b,c p2/100 src m1 dst all
	check_heard "at a" b,c,p2/100,p3/100 a src m1 dst all
	check_eq "counted" $((moves + 3)) detail "$host" sw0 moves
	busywait 5000 grep -q 'from peer' "$events"
	check_eq "told" "$(cat <<-END
		event moved 02:00:00:00:00:01 vni 100 dev sw0 from port pa to port pb
		event moved 02:00:00:00:00:01 vni 100 dev sw0 from port pb to peer 192.0.2.2
		event moved 02:00:00:00:00:01 vni 100 dev sw0 from peer 192.0.2.2 to port pa
	END
	)" grep ^event "$events"
	stop $!
	forget
	log_test "moves are counted and told"
}

# refused_by_limit EXPECTED PLACE: the address m3 is not learned there, which
# is told, but its frames are forwarded
refused_by_limit()
{
	local limited

	limited=$(detail "$host" sw0 limited)
	check_heard "one more" "$1" "$2" src m3 dst all
	check_eq "not learned" "" entry "$host" sw0 100 m3
	check_eq "counted" $((limited + 1)) detail "$host" sw0 limited
}

# learned_now EXPECTED PLACE: m3 is, without the limit
learned_now()
{
	check_heard "without limit" "$1" "$2" src m3 dst all
	check_match "learned" "learned" entry "$host" sw0 100 m3
	forget
}

port_limit()
{
	check "limit" weft -n "$host" port set pa limit 2
	check_heard "one" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "two" b,c,p2/100,p3/100 a src m2 dst all
	refused_by_limit b,c,p2/100,p3/100 a
	check_match "the others are there" ' learned 2[^0-9]' \
		weft -n "$host" -d port show pa
	check_heard "another port has its own" a,b,p2/100,p3/100 \
		c src m4 dst all
	check_eq "learned" "port pc learned" entry "$host" sw0 100 m4
	check "no limit" weft -n "$host" port set pa limit 0
	learned_now b,c,p2/100,p3/100 a
	log_test "limit of a port"
}

peer_limit()
{
	check "limit" weft -n "$host" peer set "$(vtep 2)" dev sw0 limit 2
	check_heard "one" a,b,c p2/100 src m1 dst all
	check_heard "two" d p2/200 src m2 dst all
	refused_by_limit a,b,c p2/100
	check_heard "another peer has its own" a,b,c p3/100 src m4 dst all
	check_eq "learned" "peer 192.0.2.3 learned" entry "$host" sw0 100 m4
	check "no limit" weft -n "$host" peer set "$(vtep 2)" dev sw0 limit 0
	learned_now a,b,c p2/100
	log_test "limit of a peer"
}

segment_limit()
{
	check "limit" weft -n "$host" segment set 100 dev sw0 limit 2
	check_heard "one" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "two" a,b,c p2/100 src m2 dst all
	refused_by_limit b,c,p2/100,p3/100 a
	check_heard "another segment has its own" p2/200 d src m4 dst all
	check_eq "learned" "port pd learned" entry "$host" sw0 200 m4
	check "no limit" weft -n "$host" segment set 100 dev sw0 limit 0
	learned_now b,c,p2/100,p3/100 a
	log_test "limit of a segment"
}

# told FILE REGEXP FROM FRAME...: of a frame like that; of several in a second
# one is told
told()
{
	wire send "${@:3}"
	grep -q "$2" "$1"
}

switch_limit()
{
	local events=$TMP/limit pid

	monitor_start "$host" sw0 100 "$events" events
	pid=$!
	check "limit" weft -n "$host" switch set sw0 limit 2
	check_heard "one" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "two" p2/200 d src m2 dst all
	refused_by_limit b,c,p2/100,p3/100 a
	check "told" busywait 10000 told "$events" \
		"^event limit 02:00:00:00:00:03 vni 100 dev sw0" \
		a src m3 dst all
	check "static ones do not count" weft -n "$host" map add \
		02:00:00:00:00:99 vni 100 dev sw0 port pa
	check "no limit" weft -n "$host" switch set sw0 limit 0
	learned_now b,c,p2/100,p3/100 a
	stop "$pid"
	log_test "limit of a switch"
}

limits_and_moves()
{
	check_heard "at b" a,c,p2/100,p3/100 b src m1 dst all
	check "limits" weft_batch "$host" <<-END
		switch set sw0 limit 1
		segment set 100 dev sw0 limit 1
		port set pb limit 1
		port set pa limit 1
	END
	check_heard "a move takes no further entry" b,c,p2/100,p3/100 \
		a src m1 dst all
	check_eq "followed" "port pa learned" entry "$host" sw0 100 m1
	check "room" weft_batch "$host" <<-END
		switch set sw0 limit 0
		segment set 100 dev sw0 limit 0
	END
	check_heard "another at b" a,c,p2/100,p3/100 b src m2 dst all
	check_heard "moves to a, which is full" b,c,p2/100,p3/100 \
		a src m2 dst all
	check_eq "not followed" "port pb learned" entry "$host" sw0 100 m2
	check "no limit" weft_batch "$host" <<-END
		port set pa limit 0
		port set pb limit 0
	END
	forget
	log_test "moves and limits"
}

# stays STATE: an entry in that state is not touched by traffic
stays()
{
	local state=$1 before pid events=$TMP/$1

	monitor_start "$host" sw0 100 "$events" events
	pid=$!
	check "add" weft -n "$host" map add 02:00:00:00:00:01 vni 100 \
		dev sw0 port pa "$state"
	before=$(drops "$host" sw0 source-conflict)
	check_heard "from its place" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "from another port" - b src m1 dst all
	check_heard "from a peer" - p2/100 src m1 dst all
	check_heard "from a VTEP that is no peer" - q3/100 src m1 dst all
	check_eq "counted" $((before + 3)) drops "$host" sw0 source-conflict
	check_eq "stays" "port pa $state" entry "$host" sw0 100 m1
	check_heard "reached" a b src m2 dst m1
	check_heard "the other segment is another matter" p2/200 \
		d src m1 dst all
	check "told" busywait 10000 told "$events" \
		"^event conflict 02:00:00:00:00:01 vni 100 dev sw0" \
		b src m1 dst all
	stop "$pid"
	forget
}

static_stays()
{
	stays static
	log_test "traffic does not override a static entry"
}

controller_stays()
{
	stays controller
	log_test "traffic does not override a controller's entry"
}

management_over_learned()
{
	check_heard "learned" b,c,p2/100,p3/100 a src m1 dst all
	check "controller" weft -n "$host" map add 02:00:00:00:00:01 vni 100 \
		dev sw0 port pb controller
	check_eq "overrides it" "port pb controller" entry "$host" sw0 100 m1
	check_heard "learned" b,c,p2/100,p3/100 a src m3 dst all
	check "static" weft -n "$host" map add 02:00:00:00:00:03 vni 100 \
		dev sw0 peer "$(vtep 2)"
	check_eq "overrides it" "peer 192.0.2.2 static" \
		entry "$host" sw0 100 m3
	check_eq "nothing is learned now" 0 counted segment learned
	forget
	log_test "management overrides what was learned"
}

management_over_management()
{
	local key="02:00:00:00:00:01 vni 100 dev sw0"

	# shellcheck disable=SC2086	# words
	check "controller" weft -n "$host" map add $key port pa controller
	# shellcheck disable=SC2086
	check "static" weft -n "$host" map replace $key port pb static
	check_eq "overrides a controller" "port pb static" \
		entry "$host" sw0 100 m1
	# shellcheck disable=SC2086
	check_refused "controller" "not changed by a controller" \
		weft -n "$host" map replace $key port pc controller
	# shellcheck disable=SC2086
	check_refused "again" "Entry exists" \
		weft -n "$host" map add $key port pb static
	check_eq "stays" "port pb static" entry "$host" sw0 100 m1
	# shellcheck disable=SC2086
	check "replace" weft -n "$host" map replace $key port pc
	check_eq "replaced" "port pc static" entry "$host" sw0 100 m1
	# shellcheck disable=SC2086
	check "append" weft -n "$host" map append $key port pa
	check_eq "appended" "port pc port pa static" entry "$host" sw0 100 m1
	# shellcheck disable=SC2086
	check_refused "twice" "has this destination" \
		weft -n "$host" map append $key port pa
	# shellcheck disable=SC2086
	check_refused "no such" "no such destination" \
		weft -n "$host" map del $key port pb
	# shellcheck disable=SC2086
	check "one" weft -n "$host" map del $key port pc
	check_eq "one is left" "port pa static" entry "$host" sw0 100 m1
	# shellcheck disable=SC2086
	check "delete" weft -n "$host" map del $key
	# shellcheck disable=SC2086
	check_refused "gone" "No such entry" weft -n "$host" map del $key
	log_test "static, controller, and what add, replace and append do"
}

fill()
{
	check "fill" weft_batch "$host" <<-END
		map add 02:00:00:00:00:10 vni 100 dev sw0 port pa static
		map add 02:00:00:00:00:11 vni 100 dev sw0 peer $(vtep 2) static
		map add 02:00:00:00:00:12 vni 100 dev sw0 port pa controller
		map add 02:00:00:00:00:13 vni 100 dev sw0 peer $(vtep 2) controller
		map add 02:00:00:00:00:10 vni 200 dev sw0 port pd static
		map add 02:00:00:00:00:12 vni 200 dev sw0 port pd controller
		map add 01:00:5e:00:00:01 vni 100 dev sw0 port pa port pb static
	END
	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "learn" a,b,c p2/100 src m2 dst all
	check_heard "learn" p2/200 d src m1 dst all
	check_heard "learn" d p2/200 src m2 dst all
}

# check_flush WHAT FLUSHED REST WORDS...: REST are the entries that are left,
# without flood lists, as VNI and the first and last byte
check_flush()
{
	local what=$1 flushed=$2 rest=$3

	shift 3
	fill
	check_eq "$what: how many" "flushed $flushed" \
		weft -n "$host" map flush dev sw0 "$@"
	check_eq "$what: what is left" "$rest" left
	forget
}

left()
{
	weft -n "$host" map show dev sw0 |
		sed -n '/^00/!s/^\(..\).*:\(..\) vni \(...\) .*/\3:\1:\2/p' |
		sort | tr '\n' ' '
}

flush()
{
	local s1="100:01:01" s2="100:02:10 100:02:11" s3="200:02:10"
	local c1="100:02:12 100:02:13" c2="200:02:12"
	local all1="$s1 100:02:01 100:02:02 100:02:10 100:02:11 100:02:12 100:02:13"
	local all2="200:02:01 200:02:02 200:02:10 200:02:12"

	check_flush "learned" 4 "$s1 $s2 $c1 $s3 $c2 "
	check_flush "learned of a segment" 2 \
		"$s1 $s2 $c1 $all2 " vni 100
	check_flush "learned of a port" 1 \
		"$s1 100:02:02 $s2 $c1 $all2 " port pa
	check_flush "learned of a peer" 2 \
		"$s1 100:02:01 $s2 $c1 200:02:01 $s3 $c2 " peer "$(vtep 2)"
	check_flush "learned of a peer and segment" 1 \
		"$s1 100:02:01 $s2 $c1 $all2 " peer "$(vtep 2)" vni 100
	check_flush "controller" 3 \
		"$s1 100:02:01 100:02:02 $s2 200:02:01 200:02:02 $s3 " \
		controller
	check_flush "controller of a port" 1 \
		"$s1 100:02:01 100:02:02 $s2 100:02:13 $all2 " \
		port pa controller
	check_flush "static of a port, in sets too" 2 \
		"$s1 100:02:01 100:02:02 100:02:11 $c1 $all2 " port pa static
	check_flush "nothing" 0 "$all1 $all2 " port pc
	check_refused "no such segment" "No such segment" \
		weft -n "$host" map flush dev sw0 vni 999
	check_refused "no such peer" "No such peer" \
		weft -n "$host" map flush dev sw0 peer 192.0.2.99
	check_refused "both" "either a peer or a port" \
		weft -n "$host" map flush dev sw0 port pa peer "$(vtep 2)"
	log_test "flush by segment, port, peer and state"
}

# since WORD COMMAND...: seconds since m1 was age (seen) or used
since()
{
	weft -n "$host" -s map get 02:00:00:00:00:01 vni 100 dev sw0 |
		awk -v word="$1" 'NR > 1 { for (i = 1; i < NF; i += 2)
			if ($i == word) print $(i + 1) }'
}

at_least()
{
	local min=$1

	shift
	[ "$("$@")" -ge "$min" ]
}

age_and_used()
{
	check_heard "seen" b,c,p2/100,p3/100 a src m1 dst all
	check_match "young" '^[01]$' since age
	check_match "young" '^[01]$' since used
	check "time passes" busywait 5000 at_least 2 since age
	check "for both" at_least 2 since used
	check_heard "seen" b,c,p2/100,p3/100 a src m1 dst all
	check_match "seen now" '^[01]$' since age
	check "but not used" at_least 2 since used
	check "time passes" busywait 5000 at_least 2 since age
	check_heard "used" a b src m2 dst m1
	check_match "used now" '^[01]$' since used
	check "but not seen" at_least 2 since age
	check_match "and in JSON" '"age":[0-9]+,"used":[0-9]+}' \
		weft -n "$host" -j map get 02:00:00:00:00:01 vni 100 dev sw0
	forget
	log_test "age and used are told"
}

ageing()
{
	local events=$TMP/aged

	monitor_start "$host" sw0 100 "$events"
	check "set" weft_batch "$host" <<-END
		segment set 100 dev sw0 ageing 5
		map add 02:00:00:00:00:05 vni 100 dev sw0 port pa
		map add 02:00:00:00:00:06 vni 100 dev sw0 port pa controller
	END
	check_heard "of 100" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "of 100" a,b,c p2/100 src m2 dst all
	check_heard "of 200" p2/200 d src m1 dst all
	check_heard "of 100, kept alive" a,c,p2/100,p3/100 b src m3 dst all
	check "goes" busywait 20000 gone_beside entry "$host" sw0 100 m1
	check "goes" busywait 20000 gone_beside entry "$host" sw0 100 m2
	check_eq "one that is seen stays" "port pb learned" \
		entry "$host" sw0 100 m3
	check_eq "the other segment's stays" "port pd learned" \
		entry "$host" sw0 200 m1
	check_eq "static stays" "port pa static" entry "$host" sw0 100 m5
	check_eq "controller stays" "port pa controller" \
		entry "$host" sw0 100 m6
	busywait 5000 grep -q "Deleted map 02:00:00:00:00:01" "$events"
	check_match "told" "port pa learned" \
		grep "Deleted map 02:00:00:00:00:01 vni 100" "$events"
	check_heard "flooded again" a,c,p2/100,p3/100 b src m3 dst m1

	check "a shorter time" weft -n "$host" segment set 200 dev sw0 ageing 1
	check "holds for those there are" \
		busywait 20000 gone entry "$host" sw0 200 m1
	check "never" weft -n "$host" segment set 200 dev sw0 ageing 0
	check_heard "learn" p2/200 d src m1 dst all
	check "the others" busywait 20000 gone entry "$host" sw0 100 m3
	check_eq "never" "port pd learned" entry "$host" sw0 200 m1
	check "as it was" weft_batch "$host" <<-END
		segment set 100 dev sw0 ageing 300
		segment set 200 dev sw0 ageing 300
	END
	stop $!
	forget
	log_test "what is not seen is forgotten in time"
}

# gone_beside COMMAND...: as gone, while another address is seen
gone_beside()
{
	wire send b src m3 dst m3
	gone "$@"
}

neighbours_age()
{
	check "set" weft -n "$host" segment set 100 dev sw0 ageing 5 suppress on
	check "tell" wire send a src m1 dst all arp gratuitous 10.0.0.1 10.0.0.1
	check "learned" busywait 5000 has_neigh 10.0.0.1
	check "goes" busywait 20000 no_neigh 10.0.0.1
	check "as it was" weft -n "$host" segment set 100 dev sw0 ageing 300 \
		suppress off
	forget
	log_test "neighbours are forgotten in time"
}

has_neigh()
{
	weft -n "$host" neigh get "$1" vni 100 dev sw0
}

no_neigh()
{
	! has_neigh "$1"
}

peers_come_and_go()
{
	check_eq "not known" "" peers 2001:db8::3
	check_heard "its first frame" a,b,c q3/100 src m1 dst all
	check_eq "a peer now" "2001:db8::3 dev sw0 learned" \
		peers 2001:db8::3
	check_heard "moves" b,c,p2/100,p3/100 a src m1 dst all
	check_eq "and the peer goes" "" peers 2001:db8::3
	check_heard "again" a,b,c q3/100 src m1 dst all
	check "delete with all" weft -n "$host" peer del 2001:db8::3 dev sw0
	check_eq "the entry too" "" entry "$host" sw0 100 m1
	check "known ones only" weft -n "$host" switch set sw0 sources known
	check_heard "unknown" - q3/100 src m1 dst all
	check_match "counted" '^[1-9]' drops "$host" sw0 unknown-peer
	check_heard "known" a,b,c p3/100 src m1 dst all
	check "any" weft -n "$host" switch set sw0 sources any
	forget
	log_test "VTEPs are peers as long as they have entries"
}

peers()
{
	weft -n "$host" peer show "$1" dev sw0 2>/dev/null
}

one_host
run_tests
