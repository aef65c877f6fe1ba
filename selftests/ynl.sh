#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own netlink client for Python, ynl of 7.2's source, takes the
# specification as it is. (User-Mode Linux does not see the cache.)
#
#         p
#         |
#   +-----pp----- host -+
#   |     sw0           |
#   +------------- up --+---- (nobody)
#             192.0.2.1

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	library
	command_line
"

python=/usr/bin/python3
spec=$(dirname "$0")/../Documentation/netlink/specs/weft.yaml
tree=

# The cache is that of who started the machine, whoever that is.
find_tree()
{
	for tree in "${XDG_CACHE_HOME:-/nowhere}" ~root/.cache /home/*/.cache; do
		tree=$tree/weft/linux-7.2
		[ ! -d "$tree/tools/net/ynl/pyynl" ] || return 0
	done
	return 1
}

setup()
{
	if ! find_tree; then
		skip "no source of 7.2 in the cache"
		exit 0
	fi
	load_weft || exit
	setup_ns host
	ip -n "$host" -batch - <<-END
		link add name up type veth peer name other
		link set dev other up
		link add name pp type veth peer name p
	END
	underlay_host "$host" 1
	add_switch "$host" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	ip -n "$host" link set dev pp master sw0 up
	setup_done
}

library()
{
	check "use it" in_ns "$host" "$python" -B \
		"$(dirname "$0")/lib/ynl_use.py" "$tree" sw0 pp
	report <"$TMP/out"
}

command_line()
{
	local ynl=("$python" -B "$tree/tools/net/ynl/pyynl/cli.py"
		--spec "$spec" --output-json)
	local dev

	read -r dev < <(in_ns "$host" cat /sys/class/net/sw0/ifindex)
	check_match "get" '"vni": 100.*"ageing": 5' in_ns "$host" "${ynl[@]}" \
		--schema "$tree/Documentation/netlink/genetlink.yaml" \
		--do segment-get \
		--json "{\"dev\": $dev, \"segment\": {\"vni\": 100}}"
	check_match "dump, and without a schema" '"switch": ."name": "sw0"' \
		in_ns "$host" "${ynl[@]}" --no-schema --dump switch-get
	log_test "ynl's command line"
}

setup
run_tests
