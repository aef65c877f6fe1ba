# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what the host has to do where a NIC encapsulates and strips, beside
# the same switch and the same driver with a NIC that has no overlay engine;
# and how soon the NIC has what the switch knows.
#
# The NIC is a model that runs in this very machine. It counts the time that it
# takes itself, from the end of a write to its doorbell on, and that of the wire
# behind it; this is not the host's and is subtracted. What is left is the work
# of stack, switch and driver, interrupt handlers, reads and writes of registers
# included, and what it takes to call the model.

# shellcheck disable=SC2154,SC2034	# the globals of measure and the other files

nic_files=/sys/kernel/debug/weftnic
no_engine=0xfe	# WEFTNIC_FEATURE_* but for VXLAN

# The NICs of a topology, filled by add_nic
declare -A nics

load_nics()
{
	[ ! -d $nic_files ] || return 0
	mount -t debugfs debug /sys/kernel/debug
	insmod "$folder/nic/weftnic_hw.ko"
	insmod "$folder/nic/weftnic.ko"
}

# add_nic TOPOLOGY HOST WIRE [WORD...]: its PF is uN, WIRE a device of the host
add_nic()
{
	local netns=$1-h$2 name=$1-$2 pf

	load_nics
	nsenter "--net=/run/netns/$netns" bash -c \
		"echo '$name wire $3 vfs 0 ${*:4}' >$nic_files/new"
	pf=/sys/bus/pci/devices/$(cat "$nic_files/$name/address")/net
	ip link set "$(ls "$pf")" netns "$netns" name "u$2"
	nics[$1]+=" $name"
}

# delete_nics: all of them
delete_nics()
{
	local name

	# shellcheck disable=SC2048	# words of names
	for name in ${nics[*]}; do
		echo 1 >"$nic_files/$name/delete"
	done
	nics=()
}

# model_time TOPOLOGY: nanoseconds that its NICs have taken
model_time()
{
	local name sum=0

	for name in ${nics[$1]-}; do
		sum=$((sum + $(awk '$1 == "counters" {
			for (i = 2; i < NF; i += 2)
				if ($i == "busy_ns")
					n = $(i + 1)
			print n + 0
			exit
		}' "$nic_files/$name/tables")))
	done
	echo $sum
}

# nic_says TOPOLOGY HOST WORD: what weft nic show says
nic_says()
{
	weft -n "$1-h$2" nic show "u$2" | awk -v word="$3" '{
		for (i = 1; i < NF; i++)
			if ($i == word)
				print $(i + 1)
	}'
}

# settled TOPOLOGY HOST [GENERATION]: wait until the NIC, which has begun that
# generation or a later one, has all
settled()
{
	until [ "$(nic_says "$1" "$2" serving) $(nic_says "$1" "$2" pending)" = \
		"on 0" ] && [ "$(nic_says "$1" "$2" generation)" -ge "${3-1}" ]
	do
		:
	done
}

# entries_of TOPOLOGY HOST: how many entries the NIC has
entries_of()
{
	awk -F '[ /]' '$1 == "used" { print $3; exit }' \
		"$nic_files/$1-$2/tables"
}

# engine_of peer|weft: the word for add_nic
engine_of()
{
	[ "$1" = weft ] || echo "features $no_engine"
}

##############################################################################
# Packets

# nic_encap_topology NAME KIND: from vm1 into the tunnel, out by a NIC, freed by
# the wire behind it
nic_encap_topology()
{
	add_netns "$1-h1"
	add_vm "$1" 1 1
	ip -n "$1-h1" link add wire mtu 1600 type dummy
	ip -n "$1-h1" link set wire up
	# shellcheck disable=SC2046	# two words
	add_nic "$1" 1 wire $(engine_of "$2")
	set_uplink "$1" 1
	weft_switch "$1" 1
	weft_port "$1" 1 p1
	weft_entry "$1" 1 "$first_mac" vtep "$(vtep_ip 2)"
	[ "$2" = peer ] || settled "$1" 1
	arrival[$1]="$1-h1 wire tx"
}

# nic_underlay TOPOLOGY KIND: the second host has a NIC at the end of the wire
nic_underlay()
{
	ip link add u1 netns "$1-h1" mtu 1600 type veth \
		peer name wire mtu 1600 netns "$1-h2"
	ip -n "$1-h2" link set wire up
	# shellcheck disable=SC2046	# two words
	add_nic "$1" 2 wire $(engine_of "$2")
	set_uplink "$1" 1
	set_uplink "$1" 2
}

# nic_whole_topology NAME KIND: from vm1, encapsulated by software, in by a NIC,
# to vm2
nic_whole_topology()
{
	add_netns "$1-h1" "$1-h2"
	add_vm "$1" 1 1
	add_vm "$1" 2 2
	nic_underlay "$1" "$2"
	weft_switch "$1" 1
	weft_switch "$1" 2
	weft_port "$1" 1 p1
	weft_port "$1" 2 p2
	weft_entry "$1" 1 "$first_mac" vtep "$(vtep_ip 2)"
	weft_entry "$1" 2 "$first_mac" port p2
	weft_entry "$1" 2 "$(vm_mac 1)" vtep "$(vtep_ip 1)"
	[ "$2" = peer ] || settled "$1" 2
	arrival[$1]="$1-vm2 eth0 rx"
}

# nic_half_topology NAME KIND: the same, but the NIC drops them, since the
# address they are sent to is not its own
nic_half_topology()
{
	nic_whole_topology "$1" "$2"
	ip -n "$1-h2" link set u2 address 02:00:00:00:10:ff
	[ "$2" = peer ] || settled "$1" 2
	arrival[$1]="$1-h2 wire rx"
}

bench_nic_tx()
{
	local kind

	base_topology base
	for kind in "${kinds[@]}"; do
		nic_encap_topology "$kind" "$kind"
	done
	prepare_and_race base "${kinds[@]}"
	result nic_tx "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
	delete_nics
}

bench_nic_rx()
{
	local kind topologies=()

	for kind in "${kinds[@]}"; do
		nic_whole_topology "$kind" "$kind"
		nic_half_topology "$kind-half" "$kind"
		topologies+=("$kind" "$kind-half")
	done
	prepare_and_race "${topologies[@]}"
	result nic_rx "$(difference "${cost[weft]}" "${cost[weft-half]}")" \
		"$(difference "${cost[peer]}" "${cost[peer-half]}")" 0 \
		"$per_packet"
	delete_nics
}

# add_vf_vm TOPOLOGY VM FOLDER: it has the VF of its number less one
add_vf_vm()
{
	local vf=$(($2 - 1)) far=$((3 - $2)) dev

	add_netns "$1-vm$2"
	dev=$(ls "$3/virtfn$vf/net")
	ip link set "$dev" netns "$1-vm$2" name eth0
	weft -n "$1-h1" port add u1 vf "$vf" dev sw0 vni "$vni" \
		mac "$(vm_mac "$2")"
	ip -n "$1-vm$2" addr add "$(vm_ip "$2")/24" dev eth0
	ip -n "$1-vm$2" link set eth0 address "$(vm_mac "$2")" mtu 1450 up
	ip -n "$1-vm$2" neigh add "$(vm_ip "$far")" \
		lladdr "$(vm_mac "$far")" dev eth0 nud permanent
}

# veb_topology NAME KIND: from vm1 to vm2, both on VFs of a NIC that switches
# between them (weft), or has software do so (peer)
veb_topology()
{
	local pf vm

	add_netns "$1-h1"
	ip -n "$1-h1" link add wire mtu 1600 type dummy
	ip -n "$1-h1" link set wire up
	add_nic "$1" 1 wire vfs 2
	pf=/sys/bus/pci/devices/$(cat "$nic_files/$1-1/address")
	echo 2 >"$pf/sriov_numvfs"
	set_uplink "$1" 1
	weft_switch "$1" 1
	for vm in 1 2; do
		add_vf_vm "$1" "$vm" "$pf"
	done
	weft -n "$1-h1" map add "$first_mac" vni "$vni" dev sw0 port u1 vf 1 \
		static
	[ "$2" = weft ] || weft -n "$1-h1" rule add dev sw0 vni "$vni" pref 1 \
		action allow path vswitch
	settled "$1" 1
	# the rule, too
	until [ "$2" = weft ] || [ "$(nic_says "$1" 1 rules)" = 1 ]; do
		:
	done
	arrival[$1]="$1-vm2 eth0 rx"
}

bench_veb()
{
	local kind

	for kind in "${kinds[@]}"; do
		veb_topology "$kind" "$kind"
	done
	prepare_and_race "${kinds[@]}"
	result veb "${cost[weft]}" "${cost[peer]}" 0 "$per_packet"
	delete_nics
}

# nic_stream_topology NAME KIND: from vm1 to vm2, a NIC at each end of the wire
nic_stream_topology()
{
	local near

	add_netns "$1-h1" "$1-h2"
	add_vm "$1" 1 1
	add_vm "$1" 2 2
	ip link add wire netns "$1-h1" mtu 1600 type veth \
		peer name wire mtu 1600 netns "$1-h2"
	for near in 1 2; do
		ip -n "$1-h$near" link set wire up
		# shellcheck disable=SC2046	# two words
		add_nic "$1" "$near" wire $(engine_of "$2")
		set_uplink "$1" "$near"
		weft_switch "$1" "$near"
		weft_port "$1" "$near" "p$near"
		weft_entry "$1" "$near" "$(vm_mac "$near")" port "p$near"
		weft_entry "$1" "$near" "$(vm_mac $((3 - near)))" \
			vtep "$(vtep_ip $((3 - near)))"
		[ "$2" = peer ] || settled "$1" "$near"
	done
}

# nic_stream TOPOLOGY: prints what 64 KiB take, without the models' part
nic_stream()
{
	local model took

	model=$(model_time "$1")
	took=$(timeout 300 stream "/run/netns/$1-vm1" "/run/netns/$1-vm2" \
		"$(vm_ip 2)" $nic_stream_mib)
	model=$(($(model_time "$1") - model))
	# also the model has warmed up
	awk -v took="$took" -v model="$model" -v mib=$nic_stream_mib \
		'BEGIN { printf "%.1f\n", took - model / (mib * 16 + 256) }'
}

nic_stream_mib=64

bench_nic_tso()
{
	local kind
	local -A cost

	direct_topology base
	cost[base]=$(nic_stream base)
	for kind in "${kinds[@]}"; do
		nic_stream_topology "$kind" "$kind"
		cost[$kind]=$(nic_stream "$kind")
	done
	result nic_tso "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$tick per 64 KiB"
	delete_nics
}

##############################################################################
# Tables

pushed=10000

# nic_table_topology NAME KIND: a host with room in its NIC for all
nic_table_topology()
{
	add_netns "$1-h1"
	ip -n "$1-h1" link add wire mtu 1600 type dummy
	ip -n "$1-h1" link set wire up
	# shellcheck disable=SC2046	# two words
	add_nic "$1" 1 wire map 131072 $(engine_of "$2")
	set_uplink "$1" 1
	weft_switch "$1" 1
	[ "$2" = peer ] || settled "$1" 1
}

# fill NAME KIND: with the first entries, as far as the NIC if it has an engine
fill()
{
	weft -n "$1-h1" -b /tmp/push
	[ "$2" = peer ] || settled "$1" 1
}

# host_time_of TOPOLOGY COMMAND...: as time_of, without the model's
host_time_of()
{
	local model took

	model=$(model_time "$1")
	took=$(time_of "${@:2}")
	echo $((took - $(model_time "$1") + model))
}

# has_entries TOPOLOGY NUMBER: or else all is lost
has_entries()
{
	[ "$(entries_of "$1" 1)" = "$2" ] ||
		die "the NIC of $1 has $(entries_of "$1" 1) entries, not $2"
}

bench_nic_tables()
{
	local kind
	local -A took

	if wanted nic_push; then
		head -n $pushed "$folder/batches/add.weft" >/tmp/push
		for kind in "${kinds[@]}"; do
			nic_table_topology "$kind" "$kind"
			took[$kind]=$(host_time_of "$kind" fill "$kind" "$kind")
		done
		has_entries weft $pushed
		result nic_push \
			"$(quotient ${pushed}000000000 "${took[weft]}")" \
			"$(quotient ${pushed}000000000 "${took[peer]}")" 0 \
			"entries per $second"
		delete_nics
		delete_netns
	fi
	if wanted nic_replay; then
		nic_table_topology weft weft
		weft -n weft-h1 -b "$folder/batches/add.weft"
		settled weft 1
		has_entries weft "$some"
		took[weft]=$(host_time_of weft replay weft)
		has_entries weft "$some"
		figure nic_replay "$(quotient "${took[weft]}" "$some")" \
			"$tick per entry"
		delete_nics
	fi
}

# replay TOPOLOGY: the NIC loses all, and gets it back
replay()
{
	local generation

	generation=$(nic_says "$1" 1 generation)
	echo reset >"$nic_files/$1-1/fault"
	settled "$1" 1 $((generation + 1))
}

##############################################################################
# A VM that moves

trace=/sys/kernel/tracing

# nic_entry TOPOLOGY: where the second host's NIC thinks vm1 is
nic_entry()
{
	awk -v mac="$(vm_mac 1)" '$1 == "entry" && $3 == mac { print $5 }' \
		"$nic_files/$1-2/tables"
}

# speaks_at TOPOLOGY IP: a frame of vm1 comes from there, and the NIC knows
speaks_at()
{
	weft -n "$1-h1" switch set sw0 local "$2"
	pg "$1" eth0 'count 1'
	pg "$1" pgctrl start
	until [ "$(nic_entry "$1")" = "$2" ]; do
		:
	done
}

# Two probes tell the time: a frame comes off the wire, an entry goes into the
# table.
bench_nic_move()
{
	nic_whole_topology weft weft
	ip -n weft-h1 addr add "$(vtep_ip 3)/24" dev u1
	ip -n weft-h2 neigh add "$(vtep_ip 3)" lladdr "$(vtep_mac 1)" dev u2 \
		nud permanent
	weft -n weft-h2 map del "$(vm_mac 1)" vni "$vni" dev sw0
	setup_pktgen weft
	speaks_at weft "$(vtep_ip 1)"

	mount -t tracefs trace $trace
	echo mono >$trace/trace_clock
	echo 'p:arrives hw_receive' >$trace/kprobe_events
	echo 'p:follows hw_entry_set' >>$trace/kprobe_events
	echo 1 >$trace/events/kprobes/enable
	speaks_at weft "$(vtep_ip 3)"
	echo 0 >$trace/events/kprobes/enable
	figure nic_move "$(awk '
		{ sub(":", "", $4) }
		/ arrives: / { begin = $4 }
		/ follows: / { printf "%d\n", ($4 - begin) * 1e6 }
	' $trace/trace)" microseconds
	delete_nics
}
