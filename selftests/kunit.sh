#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Flavours: uml-7.2 uml-6.12
# The tables of cases inside the module, as KUnit reports them in debugfs.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

results=/sys/kernel/debug/kunit

# complaints SUITE: what its cases have found wrong
complaints()
{
	grep -A 5 -E "FAILED at|timed out" "$1/results" | grep -v "^ *KTAP version" |
		head -n 20
}

load_weft || exit
for module in "${WEFT_MODULE%/*}"/{,kunit/}weft*kunit*.ko; do
	[ ! -e "$module" ] || insmod "$module" || exit
done
for suite in "$results"/weft*; do
	[ -e "$suite/results" ] || continue
	while IFS= read -r line; do
		[[ $line =~ ^\ {4}((not )?ok)\ [0-9]+\ (.*) ]] || continue
		[ "${BASH_REMATCH[1]}" = ok ] ||
			fail "${suite##*/}" "$(complaints "$suite")"
		if [[ ${BASH_REMATCH[3]} == *"# SKIP"* ]]; then
			RET=0
		fi
		log_test "${suite##*/}.${BASH_REMATCH[3]}"
	done <"$suite/results"
done
rmmod weft_kunit 2>/dev/null
unload_weft
exit $EXIT_STATUS
