# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what a packet costs from vm1 of a topology to where it ends.
#
# pktgen's packets are not shared (!SHARED): each is freed before the next is
# built, as a VM's are.  Shared ones would be cloned by every rx handler and
# copied by every encapsulation, which no real packet is.

# shellcheck disable=SC2154	# the globals of measure and the other files

# Where a topology's packets end, filled by topology.sh: the namespace, the
# device and the direction whose counter must grow by every packet sent.
declare -A arrival

# The result of race(): nanoseconds per packet, by topology
declare -A cost

# pg TOPOLOGY FILE COMMAND
pg()
{
	ip netns exec "$1-vm1" bash -c "echo '$3' >/proc/net/pktgen/$2" ||
		die "pktgen in $1 refuses \"$3\""
}

# setup_pktgen TOPOLOGY [COMMAND...]
setup_pktgen()
{
	local topology=$1 command

	shift
	pg "$topology" kpktgend_0 'add_device eth0'
	for command in 'pkt_size 64' 'clone_skb 0' 'delay 0' 'flag !SHARED' \
		"src_mac $(vm_mac 1)" "dst_mac $first_mac" \
		'src_min 192.168.1.1' 'src_max 192.168.1.1' \
		'dst 192.168.1.2' "$@"; do
		pg "$topology" eth0 "$command"
	done
}

arrived()
{
	local netns device direction

	read -r netns device direction <<<"${arrival[$1]}"
	ip netns exec "$netns" \
		cat "/sys/class/net/$device/statistics/${direction}_packets"
}

# send TOPOLOGY COUNT: prints nanoseconds per packet, without those of models
send()
{
	local before after model

	before=$(arrived "$1")
	model=$(model_time "$1")
	pg "$1" eth0 "count $2"
	pg "$1" pgctrl start
	after=$(arrived "$1")
	model=$(($(model_time "$1") - model))
	[ $((after - before)) -eq "$2" ] ||
		die "$1: $2 packets sent, $((after - before)) arrived"
	# Result: OK: 365210(c365210+d0) usec, ...
	ip netns exec "$1-vm1" cat /proc/net/pktgen/eth0 |
		awk -v count="$2" -v model="$model" '/^Result: OK/ {
			printf "%.1f\n", ($3 * 1000 - model) / count
		}'
}

# race TOPOLOGY...: send through each of them in turns; the best of its turns
# is what it costs, since nothing but noise makes a turn slower
race()
{
	local topology turn now

	for topology; do
		unset "cost[$topology]"
		send "$topology" $((packets / 20)) >/dev/null
	done
	for ((turn = 0; turn < turns; turn++)); do
		for topology; do
			now=$(send "$topology" "$packets")
			[ -n "$now" ] || die "$topology: pktgen did not finish"
			cost[$topology]=$(least "$now" "${cost[$topology]-}")
		done
	done
	if [ -n "$profile_packets" ]; then
		profile "${kinds[-1]}"
	fi
}

# profile TOPOLOGY: send while the host finds out where the time goes
profile()
{
	awk '$2 ~ /[tTwW]/ { print "symbol", $0 }' /proc/kallsyms
	pg "$1" eth0 "count $profile_packets"
	echo 'profile begins'
	[ "$clock" = ns ] || read -r
	pg "$1" pgctrl start
	echo 'profile ends'
	[ "$clock" = ns ] || read -r
}
