# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: tables of up to a million entries.
#
# The batches of commands add.peer and add.weft have the first entries,
# add-rest.weft those up to a million.  Entry N is of the address that is N
# more than first_mac.

# shellcheck disable=SC2154	# the globals of measure and the other files

few=10
some=100000
all=1000000

# The benchmarks share one table that only grows, since filling it takes long.
bench_tables()
{
	local kind took some_took all_took empty
	local -A rate bytes

	for kind in "${kinds[@]}"; do
		[ "$kind" = weft ] || wanted map_add map_mem || continue
		empty_topology "$kind" "$kind"
		empty=$(free_memory)
		took=$(time_of "add_some_$kind")
		rate[$kind]=$(quotient ${some}000000000 "$took")
		bytes[$kind]=$(quotient $((empty - $(free_memory))) $some)
	done
	if wanted map_add; then
		result map_add "${rate[weft]-}" "${rate[peer]}" 0 \
			"entries per $second"
	fi
	if [ -n "${rate[weft]-}" ]; then
		some_took=$(time_of show_weft)
		weft -n weft-h1 -b "$folder/batches/add-rest.weft"
		bytes[weft]=$(quotient $((empty - $(free_memory))) $all)
	fi
	if wanted map_mem; then
		result map_mem "${bytes[weft]-}" "${bytes[peer]}" 0 \
			'bytes per entry'
	fi
	[ -n "${rate[weft]-}" ] || return 0

	if wanted map_dump; then
		all_took=$(time_of show_weft)
		result map_dump "$(quotient "$all_took" $all)" \
			"$(quotient "$some_took" $some)" 0 "$tick per entry"
	fi
	if wanted scale; then
		scale
	fi
}

add_some_peer()
{
	bridge -n peer-h1 -batch "$folder/batches/add.peer"
}

add_some_weft()
{
	weft -n weft-h1 -b "$folder/batches/add.weft"
}

show_weft()
{
	weft -n weft-h1 map show dev sw0
}

# scale: encapsulation towards destinations at random, of which there are few
# or all
scale()
{
	local flag='flag MACDST_RND' i

	base_topology base
	encap_topology few weft
	for ((i = 1; i < few; i++)); do
		weft_entry few 1 "${first_mac%0}$i" vtep "$(vtep_ip 2)"
	done
	setup_pktgen base "$flag" "dst_mac_count $few"
	setup_pktgen few "$flag" "dst_mac_count $few"
	setup_pktgen weft "$flag" "dst_mac_count $all"
	race base few weft
	result scale "${cost[weft]}" "${cost[few]}" "${cost[base]}" \
		"$per_packet"
}

# time_of COMMAND...: prints nanoseconds
time_of()
{
	local start=${EPOCHREALTIME/./} end

	"$@" >/dev/null
	end=${EPOCHREALTIME/./}
	echo $(((end - start) * 1000))
}

# free_memory: prints bytes, those on the lists of CPUs included, once nothing
# is on its way there any more
free_memory()
{
	local now=0 before=

	until [ "$now" = "$before" ]; do
		before=$now
		sleep 0.1
		echo 3 >/proc/sys/vm/drop_caches
		now=$(awk '
			$1 == "nr_free_pages" || $1 == "count:" { n += $2 }
			END { print n * 4096 }
		' /proc/zoneinfo)
	done
	echo "$now"
}
