#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 uml-6.12
#
# The stock bridge tool on the switch: bridge fdb is weft map by another name.
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
	add_and_del
	flood_list
	via_a_port
	replace
	controller
	get
	flush
	told
	bridge_told
	as_weft_shows
	dump_many
	refusals
	bad_attributes
"
FEW_TESTS="
	add_and_del
	flood_list
	told
	dump_many
"

fdb()
{
	bridge -n "$host" fdb "$@"
}

# shown MAC: what bridge shows of an address, sorted
shown()
{
	fdb show dev sw0 | sed -n "s/^$(mac "$1") //p" | sed 's/ *$//' | sort
}

add_and_del()
{
	check "add" fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check_eq "show" "dst 192.0.2.2 src_vni 100 self permanent" shown m1
	check_eq "weft shows" "peer 192.0.2.2 static" entry "$host" sw0 100 m1
	check_heard "it leads there" p2/100 a src m2 dst m1
	check_heard "in its segment" p2/200 d src m2 dst m1
	check "another segment" fdb add 02:00:00:00:00:01 dev sw0 \
		dst 2001:db8::3 src_vni 200
	check_heard "leads elsewhere" q3/200 d src m2 dst m1
	check_eq "both" "$(cat <<-END
		dst 192.0.2.2 src_vni 100 self permanent
		dst 2001:db8::3 src_vni 200 self permanent
	END
	)" shown m1
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 200
	check_eq "the other is left" "peer 192.0.2.2 static" \
		entry "$host" sw0 100 m1
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check_eq "none" "" shown m1
	check_fail "nor again" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	log_test "bridge fdb add and del"
}

flood_list()
{
	check "append" fdb append 00:00:00:00:00:00 dev sw0 dst "$(vtep 3)" \
		src_vni 200
	check_heard "flooded" p2/200,p3/200 d src m4 dst all
	check_eq "weft shows" "peer 192.0.2.2 peer 192.0.2.3 static" \
		entry "$host" sw0 200 00:00:00:00:00:00
	check_match "and the peer" "vni 100 vni 200|vni 200 vni 100" \
		weft -n "$host" peer show "$(vtep 3)" dev sw0
	check_match "bridge shows" \
		"dst 192.0.2.2 src_vni 200 .*dst 192.0.2.3 src_vni 200 " \
		shown 00:00:00:00:00:00
	check "delete" fdb del 00:00:00:00:00:00 dev sw0 dst "$(vtep 3)" \
		src_vni 200
	check_heard "less" p2/200 d src m4 dst all
	check_refused "twice" "has this destination" \
		fdb append 00:00:00:00:00:00 dev sw0 dst "$(vtep 2)" \
		src_vni 200
	log_test "the all-zeros address is the flood list"
}

via_a_port()
{
	check "add" fdb add 02:00:00:00:00:01 dev sw0 via pb src_vni 100
	check_eq "weft shows" "port pb static" entry "$host" sw0 100 m1
	check_match "bridge shows" "via pb .*src_vni 100|src_vni 100 .*via pb" \
		shown m1
	check_heard "it leads there" b a src m2 dst m1
	check_refused "not a port of the segment" "not in this segment" \
		fdb add 02:00:00:00:00:05 dev sw0 via pd src_vni 100
	check_refused "no port" "no port of the switch" \
		fdb add 02:00:00:00:00:05 dev sw0 via up src_vni 100
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 via pb src_vni 100
	check "a group" fdb add 01:00:5e:00:00:07 dev sw0 via pa src_vni 100
	check "one more" fdb append 01:00:5e:00:00:07 dev sw0 via pb \
		src_vni 100
	check "a peer" fdb append 01:00:5e:00:00:07 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check_heard "a static group" a,b,p2/100 \
		c src m3 dst 01:00:5e:00:00:07
	check "delete" fdb del 01:00:5e:00:00:07 dev sw0 src_vni 100
	log_test "via names a port"
}

replace()
{
	check "add" fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check_refused "add again" "exists" fdb add 02:00:00:00:00:01 dev sw0 \
		dst "$(vtep 3)" src_vni 100
	check "replace" fdb replace 02:00:00:00:00:01 dev sw0 \
		dst "$(vtep 3)" src_vni 100
	check_eq "replaced" "peer 192.0.2.3 static" entry "$host" sw0 100 m1
	check_heard "it leads there" p3/100 a src m2 dst m1
	check "append" fdb append 02:00:00:00:00:01 dev sw0 \
		dst "$(vtep 2)" src_vni 100
	check_heard "both" p2/100,p3/100 a src m2 dst m1
	check "replace both" fdb replace 02:00:00:00:00:01 dev sw0 via pb \
		src_vni 100
	check_heard "one" b a src m2 dst m1
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	check "replace what is not there" fdb replace 02:00:00:00:00:01 \
		dev sw0 via pb src_vni 100
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	log_test "bridge fdb replace and append"
}

controller()
{
	check "add" fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 extern_learn
	check_eq "weft shows" "peer 192.0.2.2 controller" \
		entry "$host" sw0 100 m1
	check_match "bridge shows" "extern_learn" shown m1
	check "static" fdb replace 02:00:00:00:00:01 dev sw0 \
		dst "$(vtep 3)" src_vni 100
	check_refused "static stays" "not changed by a controller" \
		fdb replace 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 extern_learn
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	log_test "extern_learn is a controller's"
}

get()
{
	check "add" fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check_match "get" "02:00:00:00:00:01 .*dst 192.0.2.2 src_vni 100" \
		fdb get 02:00:00:00:00:01 dev sw0 vni 100 self
	check_refused "not in the other segment" "No such entry" \
		fdb get 02:00:00:00:00:01 dev sw0 vni 200 self
	check_refused "no such segment" "No such segment" \
		fdb get 02:00:00:00:00:01 dev sw0 vni 300 self
	check_fail "which segment?" fdb get 02:00:00:00:00:01 dev sw0 self
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	log_test "bridge fdb get"
}

flush()
{
	check "fill" weft_batch "$host" <<-END
		map add 02:00:00:00:00:10 vni 100 dev sw0 port pa
		map add 02:00:00:00:00:11 vni 100 dev sw0 peer $(vtep 2) controller
	END
	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "learn" a,b,c p2/100 src m2 dst all
	check "flush" fdb flush dev sw0 self
	check_eq "what was learned" "" shown m1
	check_eq "is gone" "" shown m2
	check_match "the others stay" "src_vni 100" shown m10
	check_match "the others stay" "src_vni 100" shown m11
	check_match "flood lists too" "dst" shown 00:00:00:00:00:00
	check "what is permanent" fdb flush dev sw0 self permanent
	check_eq "is gone" "" shown m10
	check_match "the controller's is not" "src_vni 100" shown m11
	check "as it was" weft_batch "$host" <<-END
		map del 02:00:00:00:00:11 vni 100 dev sw0
		peer add $(vtep 2) dev sw0 vni 100 vni 200
		peer add $(vtep 3) dev sw0 vni 100
	END
	log_test "bridge fdb flush"
}

# Both tools tell what happens, whoever did it.
told()
{
	local events=$TMP/fdb

	monitor_start "$host" sw0 100 "$events"
	check "add" fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100
	check "delete" fdb del 02:00:00:00:00:01 dev sw0 src_vni 100
	busywait 5000 grep -q "^Deleted map 02:00:00:00:00:01" "$events"
	check_eq "weft monitor" "$(cat <<-END
		map 02:00:00:00:00:01 vni 100 dev sw0 peer 192.0.2.2 static
		Deleted map 02:00:00:00:00:01 vni 100 dev sw0 peer 192.0.2.2 static
	END
	)" grep "02:00:00:00:00:01" "$events"
	stop $!
	log_test "weft monitor tells what bridge did"
}

bridge_told()
{
	local pid

	start bridge -n "$host" monitor fdb >"$TMP/monitor" 2>&1
	pid=$!
	check "it listens" busywait 10000 bridge_listens
	check "a frame" wire send a src m6 dst all
	check_told "learned" "^$(mac m6) dev sw0 src_vni 100 via pa"
	check "another" wire send b src m6 dst all
	check_told "moved" "^$(mac m6) dev sw0 src_vni 100 via pb"
	check "flush" weft -n "$host" map flush dev sw0 vni 100 learned
	check_told "gone" "^Deleted $(mac m6) dev sw0 src_vni 100 via pb"
	check "delete" fdb del "$(mac m7)" dev sw0 src_vni 100
	check_told "gone" "^Deleted $(mac m7) "
	stop "$pid"
	log_test "bridge monitor tells what is learned and what is set"
}

# check_told WHAT REGEXP: a line of bridge monitor
check_told()
{
	busywait 5000 grep -q "$2" "$TMP/monitor"
	check_match "$1" . grep "$2" "$TMP/monitor"
}

# What changes nothing is not told: an entry is new each time.
bridge_listens()
{
	fdb del "$(mac m7)" dev sw0 src_vni 100
	fdb add "$(mac m7)" dev sw0 dst "$(vtep 2)" src_vni 100
	grep -q "^$(mac m7) " "$TMP/monitor"
}

# Lines of both tools, brought to the same form
as_bridge()
{
	fdb show dev sw0 | awk '{
		vni = dst = state = ""
		for (i = 2; i <= NF; i++) {
			if ($i == "src_vni") vni = $++i
			else if ($i == "dst") dst = dst " peer " $++i
			else if ($i == "via") dst = dst " port " $++i
			else if ($i == "permanent") state = " static"
			else if ($i == "extern_learn") state = " controller"
		}
		print $1, "vni", vni dst (state ? state : " learned")
	}' | sort
}

as_weft()
{
	weft -n "$host" map show dev sw0 | awk '{
		for (i = 6; i < NF; i += 2)
			print $1, $2, $3, $i, $(i + 1), $NF
	}' | sort
}

as_weft_shows()
{
	check "fill" weft_batch "$host" <<-END
		map add 02:00:00:00:00:10 vni 100 dev sw0 port pa port pb
		map add 02:00:00:00:00:11 vni 100 dev sw0 peer $(vtep 2) peer $(vtep6 3) controller
		map add 02:00:00:00:00:12 vni 200 dev sw0 port pd
	END
	check_heard "learn" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "learn" a,b,c p2/100 src m2 dst all
	check_eq "the same" "$(as_weft)" as_bridge
	check_match "and not nothing" "controller.*static" as_bridge
	check "empty" weft_batch "$host" <<-END
		map del 02:00:00:00:00:10 vni 100 dev sw0
		map del 02:00:00:00:00:11 vni 100 dev sw0
		map del 02:00:00:00:00:12 vni 200 dev sw0
	END
	log_test "bridge fdb show and weft map show agree"
}

dump_many()
{
	local i

	check "fill" weft_batch "$host" < <(
		for ((i = 0; i < 2000; i++)); do
			printf 'map add 02:00:00:01:%02x:%02x vni %d ' \
				$((i >> 8)) $((i & 255)) $((100 + i % 2 * 100))
			printf 'dev sw0 peer 192.0.2.2 peer 192.0.2.3\n'
		done)
	check_eq "each destination once" 4000 count_shown
	check_eq "of a device among others" 4000 count_shown_of_all
	check_eq "weft" 2000 count_weft
	check "controller's alone" fdb flush dev sw0 self permanent
	check_eq "none is left" 0 count_shown
	check "as it was" weft_batch "$host" <<-END
		peer add $(vtep 2) dev sw0 vni 100 vni 200
		peer add $(vtep 3) dev sw0 vni 100
	END
	log_test "a dump of many"
}

count_shown()
{
	fdb show dev sw0 | grep ^02:00:00:01 | sort -u | wc -l
}

count_shown_of_all()
{
	fdb show | grep ^02:00:00:01 | sort -u | wc -l
}

count_weft()
{
	weft -n "$host" map show dev sw0 | grep ^02:00:00:01 | sort -u | wc -l
}

refusals()
{
	local before

	before=$(as_weft)
	check_refused "no segment" "src_vni" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)"
	check_refused "no such segment" "No such segment" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" src_vni 300
	check_refused "no destination" "dst.*via" \
		fdb add 02:00:00:00:00:01 dev sw0 src_vni 100
	check_refused "two destinations" "either" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" via pa \
		src_vni 100
	check_refused "a group" "." \
		fdb add 02:00:00:00:00:01 dev sw0 dst 239.1.1.1 src_vni 100
	check_refused "own address" "own local address" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 1)" src_vni 100
	check_refused "another VNI in the tunnel" "VNI" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 vni 200
	check_refused "a UDP port" "UDP port" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 port 8472
	check_refused "a VLAN" "VLAN" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 vlan 5
	check_refused "a nexthop" "[Nn]exthop" \
		fdb add 02:00:00:00:00:01 dev sw0 nhid 1 src_vni 100
	check_refused "learned" "traffic alone" \
		fdb add 02:00:00:00:00:01 dev sw0 dst "$(vtep 2)" \
		src_vni 100 dynamic
	check_fail "by the port" fdb add 02:00:00:00:00:01 dev pa master \
		static
	check_eq "nothing has changed" "$before" as_weft
	log_test "what bridge fdb cannot do here is refused with a sentence"
}

bad_attributes()
{
	local before

	before=$(as_weft)
	check "helper" in_ns "$host" /usr/bin/python3 -B \
		"$(dirname "$0")/lib/badnl.py" fdb sw0 pa
	report <"$TMP/out"
	check_eq "nothing has changed" "$before" as_weft
	log_test "state after bad attributes"
}

one_host
run_tests
