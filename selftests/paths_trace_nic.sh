#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Random frames of VFs under random rules, for some of which the NIC has no room:
# what trace says against what the first rule does that matches, who hears them, and
# what the NIC has counted.
# Another SEED makes others.

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
	by_chance
"

require_cmd jq

SEED=${SEED:-1}
ROUNDS=16
FRAMES=10
VMS="a b c e"
MAC=02:00:00:00:00

setup()
{
	two_hosts rules 6
	check "all are known" weft_batch "$h1" <<-END
		map add $MAC:0a vni 100 dev sw0 port a
		map add $MAC:0c vni 100 dev sw0 peer $(vtep 2)
	END
	check_tables "$h1" nic1
	setup_done
}

# decision FROM <answer of trace: who would hear the frame, what the NIC would
# count, and the reason. What software sends has an egress step of its own.
decision()
{
	jq -r --arg from "$1" '
		.[0] as $trace | $trace.steps as $steps |
		[ $steps[] | select(.step == "nic") ][0] as $nic |
		[ $steps[] | select(.step == "egress") |
		  if .peer then "c" elif .vf == 0 then "b" elif .vf == 1 then "e"
		  else .port end ] as $software |
		[ $steps[] | select(.step == "rule" and .nic) ][0] as $rule |
		($nic.path == "flood") as $many |
		(if $many then ["b", "e"] - [$from]
		 elif ($software | length) > 0 or $trace.path == "drop" then []
		 elif $trace.path == "tunnel" then ["c"]
		 else [if $nic.vf == 0 then "b" else "e" end] end) as $hardware |
		(if $nic.hw == "ruled" then "vf_judge"
		 elif $rule.action == "deny" then "denied"
		 elif $many then "vf_many"
		 elif $hardware == ["c"] then "vf_out"
		 elif ($hardware | length) > 0 then "vf_inside"
		 elif $nic.hw == "present" then "vf_entry"
		 else "vf_miss" end) as $counter |
		"\($software + $hardware | sort | join(" ")), \($counter) " +
		"\($trace.reason)"'
}

# heard: how many frames each VM has heard
declare -A heard
count_heard()
{
	local name

	for name in $VMS; do
		heard[$name]=$(packets "$TMP/$name")
	done
}

# has_heard NAMES: one more each, and nobody else
has_heard()
{
	local name want

	for name in $VMS; do
		want=${heard[$name]}
		[[ " $1 " != *" $name "* ]] || want=$((want + 1))
		counter_is "$want" packets "$TMP/$name" || return
	done
}

last_heard()
{
	local name

	for name in $VMS; do
		tcpdump -enr "$TMP/$name" 2>/dev/null | tail -n 1
	done
}

# one FROM VERDICT HEX FORGE-WORD...
one()
{
	local from=$1 verdict=$2 answer hears counter reason before vf=0

	[ "$from" = b ] || vf=1
	answer=$(weft -n "$h1" -j trace dev sw0 port up vf "$vf" hex "$3") ||
		fail "trace of ${*:4}" "$answer"
	IFS=, read -r hears counter < <(decision "$from" <<<"$answer")
	read -r counter reason <<<"$counter"
	[ "$reason" = none ] || reason=deny
	check_eq "round $round: $*" "$verdict" echo "${reason/none/allow}"
	count_heard
	before=$(nic_count nic1 "$counter")
	check "send" forge "${!from}" eth0 <<<"${*:4}"
	busywait 2000 counter_is $((before + 1)) nic_count nic1 "$counter"
	check_eq "round $round: $*, $counter" $((before + 1)) \
		nic_count nic1 "$counter"
	busywait 2000 has_heard "$hears" ||
		fail "round $round: $*" "expected to be heard by: $hears" \
			"before: $(declare -p heard)" \
			"after: $(count_heard; declare -p heard)" "$answer" \
			"last: $(last_heard)"
	seen[$counter]=1
	[ -z "$hears" ] || some=$((some + 1))
	[ "$verdict" = allow ] || dropped=$((dropped + 1))
}

configure()
{
	check "round $round: rules" weft -n "$h1" rule load dev sw0 vni 100 \
		<"$TMP/rules"
	busywait 10000 settled || fail "round $round: not settled" \
		"$(weft -n "$h1" -d rule show)"
}

# Is the NIC where it should be?
settled()
{
	weft -n "$h1" -d rule show dev sw0 vni 100 >"$TMP/shown" &&
		! grep -q "nic up pending" "$TMP/shown" && no_judge
}

# The host has been relieved.
no_judge()
{
	local flags

	flags=$(sed -n 's/^segment 100 .* flags \([0-9a-fx]*\).*/\1/p' \
		"$NICS/nic1/tables")
	[ $((flags >> 3 & 1)) = 0 ]
}

by_chance()
{
	local round=0 some=0 dropped=0 name ns kind words configured
	local -A seen

	echo "# SEED=$SEED"
	"${PYTHON[@]}" "$(dirname "$0")/lib/chance_nic.py" "$SEED" "$ROUNDS" \
		"$FRAMES" >"$TMP/chance" || fail "chance_nic.py"
	for name in $VMS; do
		ns=$name
		capture "${!ns}" eth0 "$TMP/$name" "not ether src" \
			"$MAC:0$name and (ether src $MAC:0b or ether src $MAC:0e)"
	done
	while read -r -u 9 kind words; do
		case $kind in
		round)	round=$words configured=''
			: >"$TMP/rules" ;;
		rule)	echo "$words" >>"$TMP/rules" ;;
		frame)	[ -n "$configured" ] || configure
			configured=1
			# shellcheck disable=SC2086	# they are words
			one $words ;;
		esac
		[ "$RET" = 0 ] || break
	done 9<"$TMP/chance"
	check_match "some were heard" "^[0-9][0-9]" echo "$some"
	check_match "some were dropped" "^[0-9][0-9]" echo "$dropped"
	for name in vf_judge denied vf_inside vf_out vf_entry vf_many; do
		check_eq "some: $name" 1 echo "${seen[$name]-}"
	done
	[ "$RET" = 0 ] || sed -n "/^round $round\$/,/^round/s/^rule/#   /p" \
		"$TMP/chance"
	log_test "what trace says of VFs is what happens"
}

PYTHON=(/usr/bin/python3 -SI)
setup
run_tests
