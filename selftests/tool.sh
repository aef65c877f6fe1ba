#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 vm
#
# The tool against the kernel: what it shows, that its words come in as they
# go out, what it says of errors, batches, monitor, and that trace tells what
# really happens.
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
	show_text
	show_json
	show_one
	details_and_statistics
	words_out_are_words_in
	errors
	batch_stops
	batch_goes_on
	monitor_config
	monitor_map_and_events
	monitor_json
	trace_agrees
	trace_agrees_on_drops
	trace_agrees_on_suppression
	trace_changes_nothing
	help
"

require_cmd jq

w()
{
	weft -n "$host" "$@"
}

setup()
{
	one_host
	check "configure" weft_batch "$host" <<-END
		segment set 200 dev sw0 suppress on gateway 10.0.0.254 lladdr 02:00:00:00:00:fe mtu 1400 limit 50 ageing 77
		segment add 300 dev sw0 learning off group 239.1.1.1 group-dev up
		port set pd vni 300 vlan 7 mac 02:00:00:00:00:04 mac 02:00:00:00:00:14 limit 5 flood off mcast_flood off bcast_flood off isolated on hairpin on learning off
		peer set $(vtep 3) dev sw0 limit 9 lladdr 02:00:00:00:fe:03
		peer add $(vtep6 2) dev sw0 controller
		map add 02:00:00:00:00:10 vni 100 dev sw0 peer $(vtep 2) ip 10.0.0.10 ip fd00::10
		map add 02:00:00:00:00:11 vni 200 dev sw0 peer $(vtep6 2) controller
		map add 01:00:5e:01:01:01 vni 100 dev sw0 peer $(vtep 2) port pa port pb
		neigh add 10.0.0.11 lladdr 02:00:00:00:00:11 vni 200 dev sw0 controller
	END
	setup_done
}

show_text()
{
	check_match "switch" "^sw0 local 192.0.2.1 local 2001:db8::1 uplink up \
port 4789 srcport 49152 65535 ttl auto tos 0 df inherit udpcsum on .*fastpath \
auto sources any limit [0-9]+ mtu [0-9]+$" w switch show
	check_match "segment" "200 dev sw0 encap vxlan learning on ageing 77 \
suppress on vepa off mtu 1400 limit 50 gateway 10.0.0.254 lladdr 02:00:00:00:00:fe" \
		w segment show
	check_match "segment" "300 dev sw0 encap vxlan learning off ageing 300 \
suppress off vepa off group 239.1.1.1 group-dev up" w segment show
	check_match "port" "pd dev sw0 vni 200 vni 300 vlan 7 \
mac 02:00:00:00:00:04 mac 02:00:00:00:00:14 limit 5 learning off flood off \
mcast_flood off bcast_flood off hairpin on isolated on vepa off" w port show
	check_match "peer" "192.0.2.3 dev sw0 .*vni 100.*" w peer show
	check_match "map" "02:00:00:00:00:10 vni 100 dev sw0 peer 192.0.2.2 \
static" w map show
	check_match "map" "01:00:5e:01:01:01 vni 100 dev sw0 peer 192.0.2.2 \
port pa port pb static" w map show
	check_match "neigh" "fd00::10 lladdr 02:00:00:00:00:10 vni 100 dev sw0 \
static" w neigh show
	log_test "objects in words"
}

# check_json WHAT FILTER COMMAND...: jq finds it true of the output
check_json()
{
	local what=$1 filter=$2

	shift 2
	"$@" >"$TMP/json" 2>"$TMP/out"
	check "$what" jq -e "$filter" "$TMP/json"
}

show_json()
{
	check_json "switch" '.[0] | .name == "sw0" and .uplinks == ["up"] and
		.local == ["192.0.2.1", "2001:db8::1"] and
		.srcport == [49152, 65535] and .segments == 3 and .up and
		.udpcsum == true' w -j switch show
	check_json "segment" 'length == 3 and (.[] | select(.vni == 200) |
		.gateway == "10.0.0.254" and .suppress == true and
		.limit == 50 and .ports == 1)' w -j segment show
	check_json "port" 'length == 5 and (.[] | select(.port == "pd") |
		.macs == ["02:00:00:00:00:04", "02:00:00:00:00:14"] and
		.isolated == true and .flood == false and
		.segments[1].vlan == 7)' w -j port show
	check_json "peer" '[.[] | select(.ip == "192.0.2.3")] == [.[] |
		select(.limit == 9 and .vnis == [100] and
			.lladdr == "02:00:00:00:fe:03")]' w -j peer show
	check_json "map" '.[] | select(.mac == "01:00:5e:01:01:01") |
		.peers == ["192.0.2.2"] and .ports == ["pa", "pb"] and
		.state == "static" and .age >= 0' w -j map show
	check_json "neigh" '[.[].ip] | sort == ["10.0.0.10", "10.0.0.11",
		"10.0.0.254", "fd00::10"]' w -j neigh show
	check_json "stats" '.[0].dev == "sw0" and
		(.[0].drops | type == "array")' w -j stats show
	check_json "pretty" 'length == 3' w -j -p segment show
	check_json "trace" '.[0] | .path == "flood" and
		(.steps | map(.step) | index("ingress") == 0)' \
		w -j trace dev sw0 port pa src 02:00:00:00:00:01 \
		dst ff:ff:ff:ff:ff:ff
	log_test "objects in JSON"
}

show_one()
{
	check_match "switch" "^sw0 [^"$'\n'"]*$" w switch show sw0
	check_match "segment" "^200 dev sw0 [^"$'\n'"]*$" w segment show 200
	check_match "port" "^pd dev sw0 [^"$'\n'"]*$" w port show pd
	check_match "peer" "^192.0.2.3 dev sw0 [^"$'\n'"]*$" \
		w peer show 192.0.2.3
	check_match "map" "^02:00:00:00:00:10 [^"$'\n'"]*$" \
		w map get 02:00:00:00:00:10 vni 100 dev sw0
	check_match "neigh" "^fd00::10 [^"$'\n'"]*$" \
		w neigh get fd00::10 vni 100 dev sw0
	check_eq "map of a segment and state" \
		"02:00:00:00:00:11 vni 200 dev sw0 peer 2001:db8::2 controller" \
		w map show vni 200 controller
	check_eq "neighbours of a segment and state" \
		"10.0.0.11 lladdr 02:00:00:00:00:11 vni 200 dev sw0 controller" \
		w neigh show vni 200 controller
	check_fail "no such segment" w segment show 999
	check_fail "no such entry" w map get 02:00:00:00:00:99 vni 100 dev sw0
	log_test "one object of several"
}

details_and_statistics()
{
	check_match "switch" "segments 3 ports 4 peers [0-9]+ entries" \
		w -d switch show
	check_match "switch" "rx_packets [0-9]+ rx_bytes" w -s switch show
	check_match "segment" "entries 3 learned 0 ports 3 overhead 50" \
		w -d segment show 100
	check_match "port" "learned 0" w -d port show pa
	check_match "peer" "entries [0-9]+ .*mtu 1550 nexthop 192.0.2.2 " \
		w -d peer show "$(vtep 2)"
	check_match "map" "age [0-9]+ used [0-9]+" \
		w -s map get 02:00:00:00:00:10 vni 100 dev sw0
	check_match "both" "entries 3.*rx_packets" w -d -s segment show 100
	check_json "JSON" '.[0].stats.rx_packets >= 0' \
		w -j -s segment show 100
	log_test "details and statistics"
}

# The lines that one switch prints make another like it.
words_out_are_words_in()
{
	local copy port object

	setup_ns copy
	ip link add name up netns "$copy" type veth peer name far \
		netns "$WIRE"
	underlay_host "$copy" 1
	for port in pa pb pc pd; do
		ip -n "$copy" link add name "$port" type dummy
	done
	check "switch" weft_batch "$copy" < <(w switch show |
		sed 's/^/switch add /')
	for port in pa pb pc pd; do
		ip -n "$copy" link set dev "$port" master sw0
	done
	check "the others" weft_batch "$copy" < <(
		w segment show | sed 's/^/segment add /'
		w port show | sed 's/^/port set /'
		w peer show | sed 's/^/peer add /'
		w map show static | sed '/^00/d; s/^/map add /'
		w map show controller | sed 's/^/map add /'
		w neigh show static | sed '/ lladdr .*:fe /d; /:10 /d
			s/^/neigh add /'
		w neigh show controller | sed 's/^/neigh add /')
	check "neighbours" weft_batch "$copy" < <(
		w neigh show static | sed 's/^/neigh replace /')
	for object in switch segment port peer map neigh; do
		check_eq "$object" "$(shown "$host" "$object")" \
			shown "$copy" "$object"
	done
	cleanup_ns "$copy"
	log_test "words out are words in"
}

# shown NAMESPACE OBJECT: the order of a flood list is that of its making, and
# peers tell who is in it
shown()
{
	weft -n "$1" "$2" show | sed /^00:/d | sort
}

# check_status WHAT STATUS COMMAND...: what it said is in $TMP/said
check_status()
{
	local what=$1 expected=$2 status

	shift 2
	"$@" >"$TMP/said" 2>&1
	status=$?
	[ "$status" = "$expected" ] && return
	fail "$what" "expected status: $expected" "of: $*" "saw: $status" \
		"$(<"$TMP/said")"
}

errors()
{
	check_status "success" 0 w segment show
	check_status "command line" 1 w segment frobnicate
	check_match "says so" '^weft: unknown word "frobnicate"' \
		cat "$TMP/said"
	check_status "value" 1 w segment add x dev sw0
	check_status "no device" 1 w segment add 500 dev nosuch
	check_status "kernel" 2 w segment add 100 dev sw0
	check_match "its sentence" '^Error: Segment exists\.' cat "$TMP/said"
	check_status "kernel" 2 w map add 02:00:00:00:00:01 vni 100 dev sw0 \
		port pd
	check_match "and the attribute" \
		'^Error: The port is not in this segment\. Attribute port' \
		cat "$TMP/said"
	check_status "kernel" 2 w segment set 100 dev sw0 mtu 60
	check_match "and the attribute" 'Attribute mtu' cat "$TMP/said"
	check_status "kernel" 2 w switch set sw0 tos 3
	check_match "of the link, too" '^Error: .*congestion' cat "$TMP/said"
	check_status "no namespace" 1 weft -n nosuch switch show
	check_eq "nothing on the standard output" "" \
		bash -c "weft -n $host segment add 100 dev sw0 2>/dev/null"
	log_test "errors: sentence, attribute, exit status"
}

batch_of_errors()
{
	cat >"$TMP/batch" <<-END
		# a comment, then a good line
		segment add 501 dev sw0
		segment add 501 dev sw0

		map add 02:00:00:00:05:01 vni 501 dev sw0 peer 192.0.2.2
		map add 02:00:00:00:05:02 vni 999 dev sw0 peer 192.0.2.2
		map add 02:00:00:00:05:03 vni 501 dev sw0 peer 192.0.2.2
		frobnicate
		segment add 502 dev sw0
	END
}

batch_stops()
{
	batch_of_errors
	check_status "fails" 1 w -b "$TMP/batch"
	check_eq "where" "$(printf '%s\n' "Error: Segment exists. Attribute segment." \
		"Command failed $TMP/batch:3")" cat "$TMP/said"
	check "before it" w segment show 501
	check_fail "after it" w segment show 502
	check_eq "nothing after it" "" w map show vni 501
	check "as it was" w segment del 501 dev sw0
	sed -i 3d "$TMP/batch"
	check_status "in a pack" 1 w -b "$TMP/batch"
	check_match "where" "No such segment.*Command failed $TMP/batch:5" \
		cat "$TMP/said"
	check_eq "up to there" "02:00:00:00:05:01 vni 501 dev sw0 \
peer 192.0.2.2 static" w map show vni 501
	check "as it was" w segment del 501 dev sw0
	log_test "a batch with an error stops and names the line"
}

batch_goes_on()
{
	batch_of_errors
	check_status "fails" 1 w -force -b "$TMP/batch"
	check_eq "where" "3 6 8 " failed_lines
	check_eq "all that could be done" 2 count_lines w map show vni 501
	check "the last" w segment show 502
	check "by the standard input" weft_batch "$host" <<-END
		segment del 501 dev sw0
		segment del 502 dev sw0
	END
	log_test "a batch with errors goes on with -force"
}

failed_lines()
{
	sed -n 's/^Command failed .*:\([0-9]*\)$/\1/p' "$TMP/said" | tr '\n' ' '
}

count_lines()
{
	"$@" | wc -l
}

# told FILE WHAT...: exactly these lines, beside those of the probe
told()
{
	local file=$1 last

	shift
	last=${*: -1}
	busywait 5000 grep -qxF "$last" "$file"
	# a peer begins as one that nobody has configured
	check_eq "told" "$(printf '%s\n' "$@")" \
		grep -v '203.0.113.254\|^peer .* learned$' "$file"
}

flags_off="learning on flood on mcast_flood on bcast_flood on hairpin off"

monitor_config()
{
	local events=$TMP/config

	monitor_start "$host" sw0 100 "$events" config
	check "change" weft_batch "$host" <<-END
		segment add 400 dev sw0 suppress on
		segment set 400 dev sw0 suppress off
		port set pc isolated on
		peer add 192.0.2.7 dev sw0
		peer del 192.0.2.7 dev sw0
		port set pc isolated off
		segment del 400 dev sw0
	END
	told "$events" \
		"segment 400 dev sw0 encap vxlan learning on ageing 300 suppress on vepa off" \
		"segment 400 dev sw0 encap vxlan learning on ageing 300 suppress off vepa off" \
		"port pc dev sw0 vni 100 $flags_off isolated on vepa off" \
		"peer 192.0.2.7 dev sw0 static" \
		"Deleted peer 192.0.2.7 dev sw0 static" \
		"port pc dev sw0 vni 100 $flags_off isolated off vepa off" \
		"Deleted segment 400 dev sw0 encap vxlan learning on ageing 300 suppress off vepa off"
	stop $!
	log_test "monitor: configuration"
}

monitor_map_and_events()
{
	local events=$TMP/events

	monitor_start "$host" sw0 100 "$events" events
	check "add" w map add 02:00:00:00:00:77 vni 100 dev sw0 port pc
	check "delete" w map del 02:00:00:00:00:77 vni 100 dev sw0
	check_heard "learned" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "moved" a,c,p2/100,p3/100 b src m1 dst all
	check "flush" w map flush dev sw0
	told "$events" \
		"map 02:00:00:00:00:77 vni 100 dev sw0 port pc static" \
		"Deleted map 02:00:00:00:00:77 vni 100 dev sw0 port pc static" \
		"map 02:00:00:00:00:01 vni 100 dev sw0 port pa learned" \
		"event moved 02:00:00:00:00:01 vni 100 dev sw0 from port pa to port pb" \
		"map 02:00:00:00:00:01 vni 100 dev sw0 port pb learned" \
		"Deleted map 02:00:00:00:00:01 vni 100 dev sw0 port pb learned"
	stop $!
	log_test "monitor: entries and events"
}

monitor_json()
{
	local events=$TMP/json.events

	start weft -n "$host" -j -t monitor dev sw0 >"$events"
	busywait 10000 monitor_probe "$host" sw0 100 "$events" ||
		fail "monitor" "$(<"$events")"
	check_heard "learned" b,c,p2/100,p3/100 a src m1 dst all
	check_heard "moved" a,c,p2/100,p3/100 b src m1 dst all
	check "flush" w map flush dev sw0
	busywait 5000 grep -q '"deleted":true,"mac"' "$events"
	stop $!
	check_json "each line an object" '[., inputs] | length >= 5 and
		all(.timestamp and .object and has("deleted"))' \
		cat "$events"
	check_json "the move" '[., inputs] | map(select(.object == "event")) |
		length == 1 and (.[0] | .type == "moved" and
			.from.port == "pa" and .to.port == "pb")' \
		cat "$events"
	log_test "monitor: JSON with time"
}

# traced FROM WORDS...: path and ways out, as wire.py would tell who heard it.
# FROM is a place, or a peer and VNI.
traced()
{
	local from=$1 port=(port "p$1")

	shift
	[[ $from != */* ]] ||
		port=(peer "$(vtep "${from:1:1}")" vni "${from#*/}")
	w -j trace dev sw0 "${port[@]}" "$@" | jq -r '.[0] |
		(.steps | map(select(.step == "segment") | .vni)[0]) as $vni |
		(.steps | map(select(.step == "egress") |
			if .peer then "p" + .peer[-1:] + "/\($vni)"
			else (.port | ltrimstr("p")) + (if .vlan then ".\(.vlan)" else ""
				end) end) | sort | join(",")) as $heard |
		.path + " " + (if $heard == "" then "-" else $heard end) +
		(if .reason == "none" then "" else " " + .reason end)'
}

# agree WHAT PATH EXPECTED FROM SRC DST: trace says so, then it happens
agree()
{
	local what=$1 path=$2 expected=$3 from=$4 src=$5 dst=$6

	check_eq "$what: trace" "$path $expected" \
		traced "$from" src "$(mac "$src")" dst "$(real_mac "$dst")"
	check_heard "$what: wire" "$expected" "$from" src "$src" dst "$dst"
}

real_mac()
{
	if [ "$1" = all ]; then
		echo ff:ff:ff:ff:ff:ff
	else
		mac "$1"
	fi
}

trace_agrees()
{
	agree "broadcast" flood b,c,p2/100,p3/100 a m1 all
	agree "unknown unicast" flood a,c,p2/100,p3/100 b m2 m99
	agree "unicast" port b a m1 m2
	agree "into the tunnel" tunnel p2/100 a m1 m10
	agree "out of the tunnel" port a p2/100 m22 m1
	agree "flooded out of the tunnel" flood a,b,c p3/100 m23 all
	agree "a set" flood b,p2/100 a m1 01:00:5e:01:01:01
	check "trunk" w port set pc vni 200 vlan 20
	agree "a trunk" flood c.20,p2/200 d m4 all
	check "no trunk" w port del pc vni 200
	check_match "learning is told" "learn mac 02:00:00:00:00:33" \
		w trace dev sw0 port pa src 02:00:00:00:00:33 \
		dst ff:ff:ff:ff:ff:ff
	check_eq "link-local" "local -" traced a src "$(mac m1)" \
		dst 01:80:c2:00:00:0e
	check "host" w port set sw0 vni 100
	check_eq "to the host" "host sw0" traced a src "$(mac m1)" \
		dst "$(in_ns "$host" cat /sys/class/net/sw0/address)"
	check "no host" w port del sw0
	log_test "trace and the packet path agree"
}

# agree_drop WHAT REASON FROM SRC DST: also, it is counted for that reason
agree_drop()
{
	local what=$1 reason=$2 from=$3 src=$4 dst=$5 before

	check_eq "$what: trace" "drop - $reason" \
		traced "$from" src "$(mac "$src")" dst "$(real_mac "$dst")"
	before=$(drops "$host" sw0 "$reason")
	check_heard "$what: wire" - "$from" src "$src" dst "$dst"
	check_eq "$what: counted" $((before + 1)) drops "$host" sw0 "$reason"
}

trace_agrees_on_drops()
{
	check "configure" weft_batch "$host" <<-END
		port set pb isolated on
		port set pc isolated on
		port set pa mac 02:00:00:00:00:01
		map replace 02:00:00:00:00:02 vni 100 dev sw0 port pb
		map replace 02:00:00:00:00:03 vni 100 dev sw0 port pc
		map add 02:00:00:00:00:88 vni 100 dev sw0 peer 203.0.113.9
	END
	agree_drop "source check" source-check a m55 all
	agree_drop "isolated" isolated b m2 m3
	agree_drop "same port" same-port b m2 m2
	agree_drop "a static entry elsewhere" source-conflict c m2 all
	agree_drop "split horizon" split-horizon p2/100 m22 m10
	agree_drop "no such segment" unknown-vni p2/999 m22 all
	agree_drop "no route" no-route c m3 m88
	agree_drop "bad source" bad-source-mac c 01:00:00:00:00:01 all
	agree_drop "link-local" link-local p2/100 m22 01:80:c2:00:00:0e
	ip -n "$host" link set dev pb down
	agree_drop "port down" no-port a m1 m2
	ip -n "$host" link set dev pb up
	check "as it was" weft_batch "$host" <<-END
		port set pb isolated off
		port set pc isolated off
		port set pa mac any
		map del 02:00:00:00:00:02 vni 100 dev sw0
		map del 02:00:00:00:00:03 vni 100 dev sw0
		map del 02:00:00:00:00:88 vni 100 dev sw0
	END
	log_test "trace and the packet path agree on drops"
}

trace_agrees_on_suppression()
{
	check "on" w segment set 100 dev sw0 suppress on
	check_eq "ARP: trace" "suppress -" traced a src "$(mac m1)" \
		who-has 10.0.0.10 tell 10.0.0.1
	check_heard "ARP: wire" - a src m1 arp request 10.0.0.1 10.0.0.10
	check_seen "answered" 1 a "arp reply 10.0.0.10 "
	check_eq "ND: trace" "suppress -" traced a src "$(mac m1)" \
		who-has fd00::10 tell fd00::1
	check_heard "ND: wire" - a src m1 ns fd00::1 fd00::10 lladdr m1
	check_seen "answered" 1 a "na fd00::10 "
	check_eq "unknown: trace" "flood b,c,p2/100,p3/100" \
		traced a src "$(mac m1)" who-has 10.0.0.99 tell 10.0.0.1
	check_heard "unknown: wire" b,c,p2/100,p3/100 \
		a src m1 arp request 10.0.0.1 10.0.0.99
	check "off" w segment set 100 dev sw0 suppress off
	log_test "trace and the packet path agree on suppression"
}

trace_changes_nothing()
{
	local before

	check "flush" w map flush dev sw0
	check "clear" wire clear
	before=$(w -s port show; w map show | sort; w neigh show | sort
		w -s stats show)
	check_match "trace" "learn" w trace dev sw0 port pa \
		src 02:00:00:00:00:66 dst ff:ff:ff:ff:ff:ff
	check_match "trace" "learn" w trace dev sw0 peer "$(vtep 2)" vni 100 \
		src 02:00:00:00:00:67 dst ff:ff:ff:ff:ff:ff
	check_match "of a VTEP that is no peer" "learn" \
		w trace dev sw0 peer 192.0.2.44 vni 100 \
		src 02:00:00:00:00:67 dst ff:ff:ff:ff:ff:ff
	check_eq "nothing" "$before" eval 'w -s port show; w map show | sort
		w neigh show | sort; w -s stats show'
	check_seen "and nothing is heard" 0 b "02:00:00:00:00:6[67]"
	check_match "the frame" "frame hex ffffffffffff02000000006688b5" \
		w -d trace dev sw0 port pa src 02:00:00:00:00:66 \
		dst ff:ff:ff:ff:ff:ff
	check_refused "a port that is none" "no port" \
		w trace dev sw0 port up src 02:00:00:00:00:66 \
		dst ff:ff:ff:ff:ff:ff
	log_test "trace changes nothing"
}

help()
{
	local object

	check_match "help" "^Usage: weft" weft help
	for object in switch segment port map neigh peer stats trace monitor; do
		check_match "$object" "^Usage: weft $object" weft "$object" help
	done
	check_match "version" "^weft " weft -V
	check_status "nothing" 1 weft
	log_test "help"
}

setup
run_tests
