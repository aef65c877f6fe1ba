# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what one small packet costs on each path.

# shellcheck disable=SC2154	# the globals of measure and the other files

bench_encap()
{
	paths_of encap
}

bench_encap_geneve()
{
	encap=geneve paths_of encap _geneve
}

bench_encap_nvgre()
{
	encap=nvgre paths_of encap _nvgre
}

bench_encap_fence()
{
	encap=fence paths_of encap _fence
}

bench_local()
{
	paths_of local
}

# paths_of local|encap [SUFFIX]: both kinds against the base, one host each
paths_of()
{
	local kind topologies=(base)

	base_topology base
	for kind in "${kinds[@]}"; do
		"$1_topology" "$kind" "$kind"
		topologies+=("$kind")
	done
	prepare_and_race "${topologies[@]}"
	result "$1${2-}" "${cost[weft]-}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

bench_decap_geneve()
{
	encap=geneve whole_decap _geneve
}

bench_decap_nvgre()
{
	encap=nvgre whole_decap _nvgre
}

bench_decap_fence()
{
	encap=fence whole_decap _fence
}

bench_encap_vvlan()
{
	encap=vvlan paths_of encap _vvlan
}

bench_decap_vvlan()
{
	encap=vvlan whole_decap _vvlan
}

# What fragments cost: the longest packets by uplinks of the VMs' MTU (weft),
# and by larger ones (peer)
bench_fence_cut()
{
	encap=fence fence_cut
}

fence_cut()
{
	local topology

	base_topology base
	whole_topology weft weft
	whole_topology peer weft
	ip -n weft-h1 link set u1 mtu 1450
	for topology in base weft peer; do
		setup_pktgen "$topology" 'pkt_size 1464'
	done
	race base weft peer
	result fence_cut "${cost[weft]-}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

bench_whole_decap()
{
	whole_decap
}

# whole_decap [SUFFIX]: two hosts; and for decap, that without what it costs to
# get to the second
whole_decap()
{
	local kind topologies=(base)

	base_topology base
	for kind in "${kinds[@]}"; do
		whole_topology "$kind" "$kind"
		half_topology "$kind-half" "$kind"
		topologies+=("$kind" "$kind-half")
	done
	prepare_and_race "${topologies[@]}"
	if wanted whole; then
		result whole "${cost[weft]-}" "${cost[peer]}" "${cost[base]}" \
			"$per_packet"
	fi
	if wanted "decap${1-}"; then
		result "decap${1-}" \
			"$(difference "${cost[weft]-}" "${cost[weft-half]-}")" \
			"$(difference "${cost[peer]}" "${cost[peer-half]}")" \
			0 "$per_packet"
	fi
}

prepare_and_race()
{
	local topology

	for topology; do
		setup_pktgen "$topology"
	done
	race "$@"
}
