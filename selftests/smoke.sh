#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module loads and unloads, and a switch can be made with the stock ip.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"

ALL_TESTS="
	load_and_unload
	link_by_stock_ip
	unload_with_switches
"

load_and_unload()
{
	local i

	for i in 1 2 3 4 5; do
		check "load, time $i" load_weft
		check "unload, time $i" unload_weft
	done
}

link_by_stock_ip()
{
	local ns

	setup_ns ns
	check "load" load_weft
	check "create" ip -n "$ns" link add name sw0 type weft
	check_match "show" "sw0: .* weft " ip -n "$ns" -d link show sw0
	check "up" ip -n "$ns" link set dev sw0 up
	check "delete" ip -n "$ns" link del dev sw0
	check_fail "gone" ip -n "$ns" link show sw0
}

unload_with_switches()
{
	local ns

	setup_ns ns
	check "load" load_weft
	check "create" ip -n "$ns" -batch - <<-END
		link add name sw0 type weft
		link add name sw1 type weft
		link set dev sw0 up
	END
	check "unload" unload_weft
	check_fail "gone" ip -n "$ns" link show sw0
}

run_tests
