# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced by every topic. A topic lists its cases in ALL_TESTS, each a function
# that calls check and its kin, and ends with run_tests. Every case prints one
# line, `ok - ...` or `not ok - ...`, which selftests/run numbers.
#
# A topic with a line `# Flavours: vm uml-6.12` runs only there.

ALL_TESTS=
EXIT_STATUS=0
RET=0		# of the case that runs
LOGGED=0	# lines that the case has printed

NAMESPACES=()	# made by setup_ns
NS_COUNT=0
SWITCHES=()	# "namespace name", made by add_switch; shown on failure
JOBS=()		# background processes to end
AT_END=()	# commands that undo what is not a namespace

TMP=$(mktemp -d)

# Nothing is ever written here, so reading it is a sleep that starts no process
mkfifo "$TMP/never"
exec {NEVER}<>"$TMP/never"

##############################################################################
# Results

# log_test DESCRIPTION: end what was checked so far as one line
log_test()
{
	if [ "$RET" = 0 ]; then
		echo "ok - $*"
	else
		echo "not ok - $*"
		EXIT_STATUS=1
	fi
	RET=0
	LOGGED=$((LOGGED + 1))
}

# skip REASON: the case cannot run here; return after it
skip()
{
	echo "ok - ${CASE:-all} # SKIP $*"
	RET=0
	LOGGED=$((LOGGED + 1))
}

# fail WHAT [LINE...]: the case has failed; tell why and show the tables
fail()
{
	local line

	for line in "$@"; do
		while IFS= read -r line; do
			echo "#   $line"
		done <<<"$line"
	done
	[ "$RET" != 0 ] || show_switches
	RET=1
}

show_switches()
{
	local at ns sw object

	for at in "${SWITCHES[@]}"; do
		read -r ns sw <<<"$at"
		for object in switch segment port map neigh peer stats; do
			echo "#   $ns: weft -s $object show dev $sw"
			weft -n "$ns" -s $object show dev "$sw" 2>&1 |
				sed 's/^/#     /'
		done
	done
}

# The output of the last command that was checked is in $TMP/out, and in $OUT
# when it failed.
check()
{
	local what=$1

	shift
	"$@" >"$TMP/out" 2>&1 && return 0
	OUT=$(<"$TMP/out")
	fail "$what" "expected success of: $*" "saw: $OUT"
	return 1
}

check_fail()
{
	local what=$1

	shift
	"$@" >"$TMP/out" 2>&1 || return 0
	OUT=$(<"$TMP/out")
	fail "$what" "expected failure of: $*" "saw: $OUT"
	return 1
}

# check_refused WHAT SENTENCE COMMAND...: it fails, and says so (a pattern)
check_refused()
{
	local what=$1 sentence=$2

	shift 2
	check_fail "$what" "$@" || return
	OUT=$(<"$TMP/out")
	[[ $OUT =~ $sentence ]] && return 0
	fail "$what" "expected refusal: $sentence" "of: $*" "saw: $OUT"
	return 1
}

# check_eq WHAT EXPECTED COMMAND...
check_eq()
{
	local what=$1 expected=$2

	shift 2
	"$@" >"$TMP/out" 2>&1
	OUT=$(<"$TMP/out")
	[ "$OUT" = "$expected" ] && return 0
	fail "$what" "expected: $expected" "of: $*" "saw: $OUT"
	return 1
}

# check_match WHAT REGEXP COMMAND...
check_match()
{
	local what=$1 expected=$2

	shift 2
	"$@" >"$TMP/out" 2>&1
	OUT=$(<"$TMP/out")
	[[ $OUT =~ $expected ]] && return 0
	fail "$what" "expected: $expected" "of: $*" "saw: $OUT"
	return 1
}

run_tests()
{
	local begin

	# An emulated machine runs those alone, where a topic has many, that
	# depend on the kernel as it is distributed.
	[ -z "$WEFT_FEW" ] || ALL_TESTS=${FEW_TESTS:-$ALL_TESTS}
	for CASE in $ALL_TESTS; do
		RET=0
		LOGGED=0
		begin=$(now_ms)
		"$CASE"
		# What a case has not ended itself ends under its name.
		if [ $LOGGED = 0 ] || [ $RET != 0 ]; then
			log_test "$CASE"
		fi
		begin=$(($(now_ms) - begin))
		[ $begin -lt 10000 ] || echo "# $CASE took $begin ms"
	done
	exit $EXIT_STATUS
}

# require_cmd COMMAND...: skip the whole topic where one is missing
require_cmd()
{
	local cmd

	for cmd in "$@"; do
		type "$cmd" >/dev/null 2>&1 && continue
		skip "no $cmd"
		exit 0
	done
}

##############################################################################
# Time

now_ms()
{
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# pause: give way for 20 ms
pause()
{
	read -r -t 0.02 -u "$NEVER" || :
}

# busywait TIMEOUT_MS COMMAND...: until it succeeds
busywait()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000))

	shift
	until "$@" >/dev/null 2>&1; do
		[ $((${EPOCHREALTIME/[.,]/})) -lt $end ] || return 1
		pause
	done
}

# slow: the machine is so slow that waits should be generous
slow()
{
	[ "$WEFT_FLAVOUR" != vm ]
}

##############################################################################
# Namespaces

# setup_ns NAME...: make a namespace for each and set the variable to its name
setup_ns()
{
	local _ns
	local _new=()

	for _ns in "$@"; do
		NS_COUNT=$((NS_COUNT + 1))
		printf -v "$_ns" '%s-%s.%s' "$_ns" $$ $NS_COUNT
		_new+=("${!_ns}")
	done
	printf 'netns add %s\n' "${_new[@]}" | ip -batch - || exit
	NAMESPACES+=("${_new[@]}")
	for _ns in "${_new[@]}"; do
		ip -n "$_ns" link set dev lo up
	done
}

# cleanup_ns NAMESPACE...: delete them now
cleanup_ns()
{
	local ns
	local left=()

	printf 'netns del %s\n' "$@" | ip -force -batch - 2>/dev/null
	for ns in "${NAMESPACES[@]}"; do
		[[ " $* " == *" $ns "* ]] || left+=("$ns")
	done
	NAMESPACES=("${left[@]}")
}

# in_ns NAMESPACE COMMAND...
in_ns()
{
	ip netns exec "$@"
}

# start COMMAND...: in the background until the topic ends; its pid is $!
start()
{
	"$@" &
	JOBS+=($!)
}

# stop PID...: end what start began, and wait until it is gone
stop()
{
	kill "$@" 2>/dev/null
	wait "$@" 2>/dev/null
}

cleanup()
{
	trap - EXIT
	[ ${#JOBS[@]} -eq 0 ] || stop "${JOBS[@]}"
	[ ${#NAMESPACES[@]} -eq 0 ] || cleanup_ns "${NAMESPACES[@]}"
	for CASE in "${AT_END[@]}"; do
		$CASE
	done
	rm -rf "$TMP"
	exit "${1:-$EXIT_STATUS}"
}
trap 'cleanup $?' EXIT
trap 'exit 1' INT TERM

##############################################################################
# The module

load_weft()
{
	local depends

	[ ! -d /sys/module/weft ] || return 0
	IFS=, read -ra depends < <(modinfo -F depends "$WEFT_MODULE")
	[ ${#depends[@]} -eq 0 ] || modprobe -qa "${depends[@]}" || :
	insmod "$WEFT_MODULE"
}

unload_weft()
{
	[ ! -d /sys/module/weft ] || rmmod weft
}

##############################################################################
# Captures

# capture_start NAMESPACE DEV FILE [FILTER...]: return when it listens
capture_start()
{
	local ns=$1 dev=$2 file=$3

	shift 3
	start ip netns exec "$ns" tcpdump -Z root -n -U --immediate-mode \
		-i "$dev" -w "$file" "$@" 2>"$file.log"
	printf '%s' $! >"$file.pid"
	busywait 10000 grep -q 'listening on' "$file.log" ||
		fail "capture on $ns $dev" "$(<"$file.log")"
}

asleep()
{
	local state

	read -r _ _ state _ <"/proc/$1/stat" && [ "$state" = S ]
}

# capture_stop FILE: once it has written what has arrived
capture_stop()
{
	local pid

	pid=$(<"$1.pid")
	pause
	busywait 5000 asleep "$pid"
	kill -INT "$pid"
	wait "$pid" 2>/dev/null
}

# decode FILE [TSHARK-OPTION...]: checksums are verified, UDP port $VXLAN_PORT
# (4789) is VXLAN, and what TCP carries is data, by whatever port it happens to
# go
decode()
{
	local file=$1

	shift
	tshark -n -r "$file" -d "udp.port==${VXLAN_PORT:-4789},vxlan" \
		-d tcp.port==1-65535,data \
		-o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
		-o tcp.check_checksum:TRUE "$@" 2>/dev/null
}

# decode_bad FILE: what is malformed or has a wrong checksum; a sender that
# leaves checksums to its veth (ethtool -K DEV tx off) has none that is right
decode_bad()
{
	decode "$1" -Y '_ws.malformed || ip.checksum.status == 0 ||
		udp.checksum.status == 0 || tcp.checksum.status == 0 ||
		icmp.checksum.status == 0 || icmpv6.checksum.status == 0'
}
