# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what 64 KiB of a TCP stream cost, at the sender and the receiver.

# shellcheck disable=SC2154,SC2034	# the globals of measure and the other files

stream_mib=512

bench_tso()
{
	local kind turn now topologies=(base)
	local -A cost

	direct_topology base
	for kind in "${kinds[@]}"; do
		whole_topology "$kind" "$kind"
		topologies+=("$kind")
	done
	for ((turn = 0; turn < turns; turn++)); do
		for kind in "${topologies[@]}"; do
			now=$(stream_through "$kind")
			cost[$kind]=$(least "$now" "${cost[$kind]-}")
		done
	done
	result tso "${cost[weft]-}" "${cost[peer]}" "${cost[base]}" \
		"$tick per 64 KiB"
}

# direct_topology NAME: vm1 and vm2 are each other's network
direct_topology()
{
	add_netns "$1-h1" "$1-vm2"
	add_vm "$1" 1 1
	ip -n "$1-h1" link set p1 netns "$1-vm2" name eth0
	ip -n "$1-vm2" link set eth0 address "$(vm_mac 2)" mtu 1450 up
	ip -n "$1-vm2" addr add "$(vm_ip 2)/24" dev eth0
	ip -n "$1-vm2" neigh add "$(vm_ip 1)" lladdr "$(vm_mac 1)" dev eth0 \
		nud permanent
	arrival[$1]="$1-vm2 eth0 rx"
}

# stream_through TOPOLOGY: prints the time of 64 KiB; what arrives must be
# large packets, else something on the way has cut them into segments
stream_through()
{
	local before after

	before=$(arrived "$1")
	timeout 100 stream "/run/netns/$1-vm1" "/run/netns/$1-vm2" \
		"$(vm_ip 2)" "$stream_mib"
	after=$(arrived "$1")
	[ $((after - before)) -lt $((stream_mib * 64)) ] ||
		die "$1: $stream_mib MiB came in $((after - before)) packets"
}
