#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2 uml-6.12
#
# Many segments and a large mapping table: it fills, shows, ages, flushes and
# goes without the machine standing still. In the virtual machine it has a
# million entries, and a tenth of that where every access to memory is checked.
#
#     a          (a packet generator)
#     |
#   +-pa--- host -+
#   |  sw0        |
#   +------- up --+---- (nobody)
#       192.0.2.1

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	segments
	entries
	dump
	dump_of_one
	changes
	flush
	learned_and_aged
	segment_goes
	switch_goes
"
FEW_TESTS="
	segments
	entries
	dump
	switch_goes
"

segments=10000 entries=1000000 learned=50000
slow && entries=100000 learned=10000

setup()
{
	load_weft || exit
	setup_ns host far
	in_ns "$far" sh -c \
		'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	ip -n "$host" -batch - <<-END
		link add name up type veth peer name other
		link set dev other up
		link add name pa type veth peer name a netns $far
	END
	ip -n "$far" link set dev a up
	underlay_host "$host" 1
	add_switch "$host" sw0 local "$(vtep 1)" uplink up limit 0
	SWITCHES=()	# too much to show
	ip -n "$host" link set dev pa master sw0 up
	setup_done
}

far=''

# took WHAT COMMAND...: it succeeds; tell in which time. What it says is in
# $TMP/said.
took()
{
	local what=$1 begin

	shift
	begin=$(now_ms)
	check "$what" "$@"
	cp "$TMP/out" "$TMP/said"
	echo "# $what took $(($(now_ms) - begin)) ms"
}

segments()
{
	took "$segments segments" weft_batch "$host" < <(
		seq -f "segment add %.0f dev sw0" 1 "$segments")
	check_eq "all are there" "$segments" detail "$host" sw0 segments
	check_eq "and shown" "$segments" count weft -n "$host" segment show
	check_match "the last" "^$segments dev sw0 " \
		weft -n "$host" segment show "$segments"
	log_test "$segments segments"
}

count()
{
	"$@" | wc -l
}

# lines add|replace|del VNI-COUNT COUNT: of a batch, an entry each, at 16 peers
lines()
{
	awk -v what="$1" -v vnis="$2" -v count="$3" 'BEGIN {
		for (i = 0; i < 256; i++) h[i] = sprintf("%02x", i)
		for (i = 0; i < count; i++)
			print "map " what " 02:00:00:" h[int(i / 65536) % 256] \
				":" h[int(i / 256) % 256] ":" h[i % 256] \
				" vni " (i % vnis + 1) " dev sw0" \
				(what != "del" ? " peer 192.0.3." (i % 16 + 1) : "")
	}'
}

entries()
{
	took "$entries entries" weft_batch "$host" < <(
		lines add "$segments" "$entries")
	check_eq "all are there" "$entries" detail "$host" sw0 entries
	check_eq "of a segment" $((entries / segments)) \
		detail_of_segment entries
	log_test "$entries entries"
}

detail_of_segment()
{
	weft -n "$host" -d segment show 1 dev sw0 |
		awk -v word="$1" 'NR > 1 { for (i = 1; i < NF; i++)
			if ($i == word) print $(i + 1) }'
}

show_all()
{
	weft -n "$host" map show dev sw0 >"$TMP/all" 2>"$TMP/err"
}

first_hundred()
{
	grep '^02:00:00:00:00:[0-5].\|^02:00:00:00:00:6[0-3]' "$TMP/all" |
		sort
}

dump()
{
	took "showing all" show_all
	check_eq "each once" "$entries" count cat "$TMP/all"
	check_eq "without interruption" "" cat "$TMP/err"
	check_eq "the first hundred" \
		"$(lines add "$segments" 100 | sed 's/map add //; s/$/ static/' |
			sort)" \
		first_hundred
	rm "$TMP/all"
	log_test "a dump of all is complete"
}

dump_of_one()
{
	took "showing a segment" weft -n "$host" map show dev sw0 vni 7
	check_eq "its entries" $((entries / segments)) count cat "$TMP/said"
	took "getting an entry" weft -n "$host" map get 02:00:00:00:00:06 \
		vni 7 dev sw0
	log_test "a dump of a segment"
}

# Refusals name the line, however long the batch.
changes()
{
	took "deleting 1000" weft_batch "$host" < <(lines del "$segments" 1000)
	check_eq "left" $((entries - 1000)) detail "$host" sw0 entries
	took "adding 1000" weft_batch "$host" < <(lines add "$segments" 1000)
	check_refused "again" "Entry exists.*Command failed -:1" \
		weft_batch "$host" < <(lines add "$segments" 1000)
	check_eq "as it was" "$entries" detail "$host" sw0 entries
	log_test "changes of a large table"
}

flush()
{
	took "flushing a peer" weft -n "$host" map flush dev sw0 \
		peer 192.0.3.7 static
	check_eq "a sixteenth" "flushed $((entries / 16))" cat "$TMP/said"
	took "flushing the rest" weft -n "$host" map flush dev sw0 static
	check_eq "all others" "flushed $((entries - entries / 16))" \
		cat "$TMP/said"
	check_eq "nothing is left" 0 detail "$host" sw0 entries
	check_eq "no peer either" 0 detail "$host" sw0 peers
	log_test "a large table is flushed"
}

pktgen()
{
	in_ns "$far" sh -c "echo '$2' >/proc/net/pktgen/$1"
}

learned_and_aged()
{
	[ -d /proc/net/pktgen ] || modprobe pktgen 2>/dev/null
	if ! in_ns "$far" test -d /proc/net/pktgen; then
		skip "no pktgen"
		return
	fi
	check "join" weft -n "$host" port set pa vni 5
	check "pktgen" pktgen kpktgend_0 "add_device a"
	for word in "count $learned" "pkt_size 60" "dst 10.0.0.2" \
		"dst_mac 02:ff:00:00:00:01" "src_mac 02:01:00:00:00:00" \
		"src_mac_count $learned" "delay 0"; do
		check "pktgen" pktgen a "$word"
	done
	took "learning $learned" busywait 60000 learns_all
	check "age" weft -n "$host" segment set 5 dev sw0 ageing 1
	took "forgetting them" busywait 60000 has_learned 0
	log_test "$learned entries are learned and forgotten"
}

# Some frames may find the backlog of their CPU full; they come again.
learns_all()
{
	pktgen pgctrl start && has_learned "$learned"
}

has_learned()
{
	[ "$(detail "$host" sw0 learned)" = "$1" ]
}

segment_goes()
{
	took "filling a segment" weft_batch "$host" < <(
		lines add 1 $((entries / 10)))
	took "deleting it" weft -n "$host" segment del 1 dev sw0
	check_eq "nothing is left" 0 detail "$host" sw0 entries
	took "deleting 1000 segments" weft_batch "$host" < <(
		seq -f "segment del %.0f dev sw0" 2 1001)
	check_eq "left" $((segments - 1001)) detail "$host" sw0 segments
	check "the first again" weft_batch "$host" < <(
		seq -f "segment add %.0f dev sw0" 1 1001)
	log_test "a large segment, and many"
}

switch_goes()
{
	took "filling" weft_batch "$host" < <(
		lines replace "$segments" $((entries / 2)))
	took "deleting the switch" weft -n "$host" switch del sw0
	took "unloading" unload_weft
	log_test "a large switch is deleted"
}

setup
run_tests
