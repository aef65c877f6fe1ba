#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# What weft trace says is what happens: random frames by random configurations.
# Always the same ones; others by
#
#   selftests/vm/in uml-7.2 env SEED=N selftests/run paths_trace

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	by_chance
"

require_cmd jq

SEED=${SEED:-1}
ROUNDS=18
FRAMES=12

# decision VNI TAG <answer of trace: who would hear the frame, in the words of
# wire.py, the reason if nobody does, and the path
decision()
{
	jq -r --arg vni "$1" --arg tag "${2#.}" '
		.[0] as $trace | [ $trace.steps[] | select(.step == "egress") |
		  (if .peer then "p\(.peer | split(".")[3])/\($vni)"
		   else .port[1:] end) +
		  (if $tag == "" then "" else "." + $tag end) ] |
		(if length == 0 then "-" else sort | join(",") end) +
		" \($trace.reason) \($trace.path)"'
}

# asks FROM VNI HEX: what trace says
asks()
{
	local origin=(port "p$1")

	[[ $1 != p*/* ]] || origin=(peer "192.0.2.${1:1:1}" vni "$2")
	weft -n "$host" -j trace dev sw0 "${origin[@]}" hex "$3"
}

# one FROM VNI TAG HEX FORGE-WORD...
one()
{
	local from=$1 vni=$2 tag=$3 hex=$4 answer expected reason path before

	shift 4
	answer=$(asks "$from" "$vni" "$hex") || fail "trace of $*" "$answer"
	read -r expected reason path < <(decision "$vni" "$tag" <<<"$answer")
	[ "$reason" = none ] || before=$(drops "$host" sw0 "$reason")
	check_eq "round $round: $from $* ($path)" \
		"$expected" wire hear "$expected" "$from" forge "$@"
	if [ "$reason" != none ]; then
		check_eq "round $round: $from $*, $reason" $((before + 1)) \
			drops "$host" sw0 "$reason"
		dropped=$((dropped + 1))
	fi
	[ "$expected" = - ] || heard=$((heard + 1))
}

configure()
{
	check "round $round: configuration" weft_batch "$host" \
		<"$TMP/configuration"
	: >"$TMP/configuration"
}

by_chance()
{
	local round=0 heard=0 dropped=0 kind words

	echo "# SEED=$SEED"
	: >"$TMP/configuration"
	"${PYTHON[@]}" "$(dirname "$0")/lib/chance.py" "$SEED" "$ROUNDS" "$FRAMES" \
		>"$TMP/chance" || fail "chance.py"
	while read -r -u 9 kind words; do
		case $kind in
		round)	round=$words ;;
		weft)	echo "$words" >>"$TMP/configuration" ;;
		frame)	[ ! -s "$TMP/configuration" ] || configure
			# shellcheck disable=SC2086	# they are words
			one $words ;;
		esac
		[ "$RET" = 0 ] || break
	done 9<"$TMP/chance"
	check_match "some were heard" "^[0-9][0-9]" echo "$heard"
	check_match "some were dropped" "^[0-9][0-9]" echo "$dropped"
	[ "$RET" = 0 ] || sed -n "/^round $round\$/,/^round/s/^weft/#   /p" \
		"$TMP/chance"
	log_test "what trace says is what happens"
}

PYTHON=(/usr/bin/python3 -SI)
one_host
run_tests
