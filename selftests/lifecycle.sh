#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Things come and go while packets fly: the module, switches, namespaces, ports
# and uplinks. Storms of frames come from the far ends of ports and from the
# underlay all the while.
#
#     a     b          (storm)
#     |     |
#   +-pa----pb------ host -+
#   | 100   trunk          |
#   |    sw0               |
#   +-------------- up ----+
#              192.0.2.1
#                  |
#                  u          (storm: 192.0.2.2 and others)

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	load_and_unload
	switch_comes_and_goes
	host_deleted
	vm_deleted
	underlay_deleted
	underlay_deleted_with_many
	ports_vanish
	uplinks_vanish
	uplink_into_vrf
	segments_vanish
	two_who_configure
"
FEW_TESTS="
	load_and_unload
	underlay_deleted
	ports_vanish
	two_who_configure
"

far='' rounds=3

helper=$(dirname "$0")/lib/wire.py

# storm NAMESPACE DEVICE: of frames, until the topic ends
storm()
{
	start /usr/bin/python3 -SI "$helper" storm "$1" "$2" \
		02:00:00:00:fe:01
}

# The far ends stay, whatever becomes of the host.
setup()
{
	check "load" load_weft
	setup_ns far
	in_ns "$far" sh -c \
		'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	storm "$far" a
	storm "$far" b
	storm "$far" u
	setup_done
}

# new_host: with all that it takes
new_host()
{
	setup_ns host
	wire_host "$host"
	wire_switch "$host" uplink up
}

# wire_host NAMESPACE: join it with the far ends
wire_host()
{
	ip -n "$1" -batch - <<-END
		link add name pa type veth peer name a netns $far
		link add name pb type veth peer name b netns $far
		link add name up address 02:00:00:00:fe:01 mtu 1600 type veth peer name u netns $far
		addr add 192.0.2.1/24 dev up
		link set dev up up
		neigh add 192.0.2.2 lladdr 02:00:00:00:fe:02 nud permanent dev up
	END
	ip -n "$far" -batch - <<-END
		link set dev a up
		link set dev b up
		link set dev u up
	END
}

# wire_switch NAMESPACE WORD...: with ports, segments, entries
wire_switch()
{
	local ns=$1

	shift
	check "switch" weft -n "$ns" switch add sw0 local "$(vtep 1)" "$@"
	ip -n "$ns" -batch - <<-END
		link set dev pa master sw0 up
		link set dev pb master sw0 up
	END
	check "configure" weft_batch "$ns" <<-END
		segment add 100 dev sw0 suppress on
		segment add 200 dev sw0 group 239.1.1.1
		peer add $(vtep 2) dev sw0 vni 100 vni 200
		peer add $(vtep 3) dev sw0 vni 100
		port set pa vni 100
		port set pb vni 100 vlan 10 vni 200 vlan 20
		map add 02:00:00:00:00:09 vni 100 dev sw0 peer $(vtep 2) ip 10.0.0.9
		map add 01:00:5e:00:00:01 vni 100 dev sw0 port pa port pb peer $(vtep 2)
	END
}

# busy: the storm has reached the switch
busy()
{
	check "traffic" busywait 10000 packets_more_than 200
}

packets_more_than()
{
	[ "$(weft -n "$host" -s switch show sw0 |
		sed -n 's/.*rx_packets \([0-9]*\) .*/\1/p')" -gt "$1" ]
}

gone_host()
{
	cleanup_ns "$host"
	check "the far ends go too" busywait 10000 no_link a
	check "the far ends go too" busywait 10000 no_link u
}

no_link()
{
	! ip -n "$far" link show dev "$1"
}

load_and_unload()
{
	local i

	for ((i = 0; i < rounds; i++)); do
		check "load" load_weft
		new_host
		busy
		check "unload" unload_weft
		check_fail "the switch is gone" ip -n "$host" link show sw0
		check_match "ports are free" " promiscuity 0 " \
			ip -n "$host" -d link show dev pa
		check "load" load_weft
		wire_switch "$host" uplink up
		busy
		gone_host
		check "unload without a switch" unload_weft
	done
	check "load" load_weft
	log_test "load and unload under traffic"
}

switch_comes_and_goes()
{
	local i

	new_host
	for ((i = 0; i < rounds; i++)); do
		busy
		check "delete" weft -n "$host" switch del sw0
		wire_switch "$host" uplink up
	done
	busy
	gone_host
	log_test "a switch is deleted and made under traffic"
}

host_deleted()
{
	local i

	for ((i = 0; i < rounds; i++)); do
		new_host
		busy
		gone_host
	done
	log_test "the host's namespace is deleted under traffic"
}

vm_deleted()
{
	local i vm=''

	new_host
	for ((i = 0; i < rounds; i++)); do
		add_vm "$host" sw0 vm 100 02:00:00:00:01:10 10.0.0.10/24
		check "host side" weft -n "$host" port set sw0 vni 100
		start ip netns exec "$vm" \
			ping -q -b -i 0.01 10.0.0.255 >/dev/null 2>&1
		check "its first frame" busywait 5000 \
			learned 02:00:00:00:01:10
		cleanup_ns "$vm"
		stop $!		# the last that holds it
		check "the port is gone" busywait 10000 no_port vm
		check_eq "its entries too" "" \
			entry "$host" sw0 100 02:00:00:00:01:10
	done
	gone_host
	log_test "a VM's namespace is deleted under traffic"
}

learned()
{
	weft -n "$host" map get "$1" vni 100 dev sw0
}

no_port()
{
	! weft -n "$host" port show "$1"
}

# The switch is in one namespace, its underlay in another.
underlay_deleted()
{
	local i under=''

	for ((i = 0; i < rounds; i++)); do
		setup_ns host under
		wire_host "$host"
		ip -n "$host" link set dev up netns "$under"
		ip -n "$under" -batch - <<-END
			addr add 192.0.2.1/24 dev up
			link set dev up up
		END
		wire_switch "$host" uplink up link-netns "$under"
		busy
		cleanup_ns "$under"
		check "the switch goes with it" busywait 20000 no_switch
		check_match "its ports stay" " promiscuity 0 " \
			ip -n "$host" -d link show dev pa
		cleanup_ns "$host"
		check "the far ends go too" busywait 10000 no_link a
	done
	log_test "the underlay's namespace is deleted under traffic"
}

no_switch()
{
	! ip -n "$host" link show sw0
}

# All at once, each switch with its underlay in the next namespace (where some
# kernels want its name to be free)
underlay_deleted_with_many()
{
	local i names=() ns n1='' n2='' n3='' n4='' n5='' n6=''

	setup_ns n1 n2 n3 n4 n5 n6
	names=("$n1" "$n2" "$n3" "$n4" "$n5" "$n6")
	for i in 0 1 2 3 4 5; do
		ns=${names[(i + 1) % 6]}
		ip -n "$ns" link add name up type dummy
		ip -n "$ns" link set dev up up
	done
	for i in 0 1 2 3 4 5; do
		check "switch" weft -n "${names[i]}" switch add "sw$i" \
			local 192.0.2.1 uplink up \
			link-netns "${names[(i + 1) % 6]}"
		check "segment" weft -n "${names[i]}" segment add 100 \
			dev "sw$i"
	done
	cleanup_ns "${names[@]}"
	check "unload" busywait 20000 unload_weft
	check "load" load_weft
	log_test "namespaces that hold each other's underlays are deleted"
}

ports_vanish()
{
	local i

	new_host
	for ((i = 0; i < rounds; i++)); do
		busy
		check "release" ip -n "$host" link set dev pa nomaster
		check "attach" ip -n "$host" link set dev pa master sw0
		check "join" weft -n "$host" port set pa vni 100
		check "down" ip -n "$host" link set dev pb down
		check "rename" ip -n "$host" link set dev pb name px
		check "up" ip -n "$host" link set dev px up
		check "one segment less" weft -n "$host" port del px vni 200
		check "delete" ip -n "$host" link del dev px
		check "delete" ip -n "$host" link del dev pa
		check_eq "no port" 0 detail "$host" sw0 ports
		ip -n "$host" -batch - <<-END
			link add name pa type veth peer name a netns $far
			link add name pb type veth peer name b netns $far
			link set dev pa master sw0 up
			link set dev pb master sw0 up
		END
		ip -n "$far" -batch - <<-END
			link set dev a up
			link set dev b up
		END
		check "configure" weft_batch "$host" <<-END
			port set pa vni 100
			port set pb vni 100 vlan 10 vni 200 vlan 20
			map replace 01:00:5e:00:00:01 vni 100 dev sw0 port pa port pb peer $(vtep 2)
		END
	done
	gone_host
	log_test "ports vanish under traffic"
}

uplinks_vanish()
{
	local i other

	new_host
	for ((i = 0; i < rounds; i++)); do
		busy
		check "down" ip -n "$host" link set dev up down
		check "up" ip -n "$host" link set dev up up
		check "none" weft -n "$host" switch set sw0 uplink none
		check "again" weft -n "$host" switch set sw0 uplink up
		setup_ns other
		check "move" ip -n "$host" link set dev up netns "$other"
		check_fail "no uplink" has_uplink
		check "back" ip -n "$other" link set dev up netns "$host"
		cleanup_ns "$other"
		check "delete" ip -n "$host" link del dev up
		ip -n "$host" -batch - <<-END
			link add name up address 02:00:00:00:fe:01 mtu 1600 type veth peer name u netns $far
			addr add 192.0.2.1/24 dev up
			link set dev up up
			neigh add 192.0.2.2 lladdr 02:00:00:00:fe:02 nud permanent dev up
		END
		ip -n "$far" link set dev u up
		check "again" weft -n "$host" switch set sw0 uplink up
		check "an uplink" has_uplink
	done
	check "it receives" busywait 10000 received_more_than 10
	gone_host
	log_test "uplinks vanish under traffic"
}

has_uplink()
{
	weft -n "$host" switch show sw0 | grep -q ' uplink '
}

received_more_than()
{
	[ "$(weft -n "$host" -s peer show "$(vtep 2)" dev sw0 |
		sed -n 's/.*rx_packets \([0-9]*\) .*/\1/p')" -gt "$1" ]
}

uplink_into_vrf()
{
	local i

	new_host
	ip -n "$host" link add name vrf0 type vrf table 10
	ip -n "$host" link set dev vrf0 up
	for ((i = 0; i < rounds; i++)); do
		busy
		check "into" ip -n "$host" link set dev up master vrf0
		check "out of" ip -n "$host" link set dev up nomaster
	done
	check "into" ip -n "$host" link set dev up master vrf0
	check "delete" ip -n "$host" link del dev vrf0
	busy
	gone_host
	log_test "an uplink goes into a VRF and out under traffic"
}

segments_vanish()
{
	local i

	new_host
	for ((i = 0; i < rounds; i++)); do
		busy
		check "delete" weft -n "$host" segment del 100 dev sw0
		check "and peers" weft -n "$host" peer del "$(vtep 2)" dev sw0
		check "again" weft_batch "$host" <<-END
			segment add 100 dev sw0 suppress on ageing 1
			peer add $(vtep 2) dev sw0 vni 100 vni 200
			port set pa vni 100
			port set pb vni 100 vlan 10
			map flush dev sw0
			segment set 100 dev sw0 limit 3
			segment set 100 dev sw0 limit 0
			segment set 200 dev sw0 group none
			segment set 200 dev sw0 group 239.1.1.2
			switch set sw0 fastpath off
			switch set sw0 fastpath auto
			switch set sw0 port 4790
			switch set sw0 port 4789
		END
	done
	gone_host
	log_test "segments and peers vanish under traffic"
}

# configure_for_ever N: segment N, over and over, and looks at everything
configure_for_ever()
{
	local n=$1

	while :; do
		weft_batch "$host" -force <<-END
			segment add $n dev sw0
			peer add 192.0.2.$n dev sw0 vni $n
			port set pa vni $n vlan $n
			map add 02:00:00:00:00:$n vni $n dev sw0 port pa peer 192.0.2.$n peer $(vtep 2)
			map append 02:00:00:00:00:$n vni $n dev sw0 peer $(vtep 3)
			neigh add 10.0.0.$n lladdr 02:00:00:00:00:$n vni $n dev sw0
			map show dev sw0
			peer show dev sw0
			port set pa vni 100 isolated on
			map flush dev sw0
			peer del $(vtep 2) dev sw0
			peer add $(vtep 2) dev sw0 vni 100 vni 200
			port show dev sw0
			segment show dev sw0
			map del 02:00:00:00:00:$n vni $n dev sw0 port pa
			segment set $n dev sw0 suppress on ageing 1
			port del pa vni $n
			peer del 192.0.2.$n dev sw0
			neigh show dev sw0
			segment del $n dev sw0
		END
	done >/dev/null 2>&1
}

two_who_configure()
{
	local jobs=() end

	new_host
	start configure_for_ever 31
	jobs+=($!)
	start configure_for_ever 32
	jobs+=($!)
	end=$(($(now_ms) + 4000))
	while [ "$(now_ms)" -lt "$end" ]; do
		bridge -n "$host" fdb show dev sw0 >"$TMP/fdb"
		check "still there" weft -n "$host" switch show sw0
	done
	stop "${jobs[@]}"
	busy
	# theirs may be there or not
	weft_batch "$host" -force 2>/dev/null <<-END
		segment del 31 dev sw0
		segment del 32 dev sw0
	END
	check "delete ours" weft_batch "$host" <<-END
		segment del 100 dev sw0
		segment del 200 dev sw0
	END
	check_eq "nothing is left" "" weft -n "$host" map show dev sw0
	check_eq "nothing is left" "" weft -n "$host" segment show dev sw0
	check_eq "nothing is left" "" weft -n "$host" neigh show dev sw0
	gone_host
	log_test "two who configure at once, and one who looks, under traffic"
}

setup
run_tests
