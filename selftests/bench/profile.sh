# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: where the time goes, function by function, while the guest sends
# through one topology.  The guest tells when that begins and ends, and what
# its symbols are.

# shellcheck disable=SC2154	# bench top

# In User-Mode Linux, perf takes samples of the process that is its kernel.
uml_profile_begins()
{
	local run

	run=$(dirname "$(grep -lF "$1/command" "$top"/build/run/*/command)")
	perf record -q -e cpu-clock -F 1999 -o "$1/samples" \
		-p "$(cat "$run/uml/pid")" 2>/dev/null &
	profiler=$!
}

uml_profile_ends()
{
	kill -INT "$profiler"
	wait "$profiler" || :
	perf script -F ip -i "$1/samples" 2>/dev/null |
		"$bench/name-addresses" "$1/symbols" >&2
}

# QEMU logs the address of every instruction, once its monitor is told to and
# to translate them one by one.  The guest waits for a line from here.
qemu_profile_begins()
{
	# Trace 0: 0x7f0e6c000100 [00000000/ffffffff81000000/...
	cut -s -d / -f 2 <"$1/trace" |
		"$bench/name-addresses" "$1/symbols" pktgen_xmit >&2 &
	profiler=$!
	tell_monitor "$1" 'singlestep on' "logfile $1/trace" 'log exec,nochain'
	echo >"$1/input"
}

qemu_profile_ends()
{
	tell_monitor "$1" 'log none' 'logfile /dev/null' 'singlestep off'
	wait "$profiler"
	echo >"$1/input"
}

# tell_monitor FOLDER COMMAND...: returns when it has done them
tell_monitor()
{
	local line

	printf '%s\n' "${@:2}" 'print /d 4700+11' >"$1/monitor.in"
	while read -r line; do
		[[ $line != 4711* ]] || break
	done <"$1/monitor.out"
}
