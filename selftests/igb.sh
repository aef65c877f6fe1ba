#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: vm
#
# V.VLANs and a NIC that has SR-IOV but no overlay engine: Intel's igb, as QEMU
# plays it. The port VLAN of a VF is the V.VLAN of its VM's segment; so the NIC
# puts tags on and takes them off, and switches between its VFs and the host.
#
#    a5 a6     d5 (VF 0)  d6 (VF 1)          c5 c6
#     |  |     :          :                   |  |
#  +--- h1 ----:----------:-+             +--- h2 --------+
#  | sw0       :          : |             | sw0           |
#  |   up (PF) = igb -------|---- lan ----|- igb = up     |
#  +------------------------+             +---------------+
#
# In both segments a is 10.0.0.1, c is 10.0.0.3 and d is 10.0.0.4.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	pairs
	streams
	tagged
	apart
	host_too
	another_vlan
	no_vlan
"

h1='' h2=''
a5='' a6='' c5='' c6='' d5='' d6=''
MAC_A=02:00:00:00:00:0a
MAC_C=02:00:00:00:00:0c
MAC_D=02:00:00:00:00:0d
DRIVERS=/sys/bus/pci/drivers
PF1=''
NAMES=()	# of the PFs, until the topic has them

# pf N: folder of the Nth PF
pf()
{
	find "$DRIVERS/igb" -name '0000:*' 2>/dev/null | sort | sed -n "$1p"
}

# vf N: folder of VF N of the first PF
vf()
{
	echo "$PF1/virtfn$1"
}

# What the topics that follow find is as it was, once the namespaces are gone.
give_back()
{
	local n

	echo 0 >"$PF1/sriov_numvfs"
	rmmod igbvf 2>/dev/null
	for n in 1 2; do
		busywait 10000 is_back "$n"
		ip link set dev "$(ls "$(pf "$n")/net")" name "${NAMES[n]}"
	done
}

# is_back N: it is in our namespace
is_back()
{
	[ -n "$(ls "$(pf "$1")/net" 2>/dev/null)" ]
}

carrier_is()
{
	[ "$(in_ns "$1" cat "/sys/class/net/$2/carrier" 2>/dev/null)" = 1 ]
}

# add_vf_vm VF NAME ADDRESS
add_vf_vm()
{
	setup_ns "$2"
	check "VF $1" ip link set dev "$(ls "$(vf "$1")/net")" \
		netns "${!2}" name eth0
	dress_vm "${!2}" "$3"
	check "link" busywait 20000 carrier_is "${!2}" eth0
}

setup()
{
	local n ns

	modprobe igb 2>/dev/null
	if [ -z "$(pf 2)" ]; then
		skip "no igb in this machine"
		exit 0
	fi
	check "load" load_weft
	PF1=$(pf 1)
	NAMES[1]=$(ls "$(pf 1)/net")
	NAMES[2]=$(ls "$(pf 2)/net")
	AT_END=(give_back)
	setup_ns h1 h2
	for n in 1 2; do
		ns=h$n
		check "its PF" ip link set dev "${NAMES[n]}" \
			netns "${!ns}" name up
		ip -n "${!ns}" -batch - <<-END
			link set dev up addrgenmode none up
			addr add 192.0.2.$n/24 dev up
		END
		check "link" busywait 20000 carrier_is "${!ns}" up
		add_switch "${!ns}" sw0 uplink up
		check "V.VLANs" weft -n "${!ns}" -b - <<-END
			segment add 5 dev sw0
			segment add 6 dev sw0
			port add up dev sw0 vni 5 vlan 5 vni 6 vlan 6
		END
	done
	check "VFs" sh -c "echo 2 >$PF1/sriov_numvfs"
	check "VF 0" ip -n "$h1" link set dev up vf 0 mac $MAC_D vlan 5
	check "VF 1" ip -n "$h1" link set dev up vf 1 mac $MAC_D vlan 6
	check "their driver" modprobe igbvf
	for n in 5 6; do
		add_quiet_vm "$h1" sw0 "a$n" "$n" $MAC_A 10.0.0.1/24
		add_quiet_vm "$h2" sw0 "c$n" "$n" $MAC_C 10.0.0.3/24
		add_vf_vm $((n - 5)) "d$n" 10.0.0.4/24
	done
	# A VF's frame to an address that the NIC has not goes to the LAN alone.
	# And this model, unlike the chip, has a sender hear its own broadcasts:
	# where a VM is must not be learned from them.
	check "behind the PF" bridge -n "$h1" fdb add $MAC_A dev up self
	check "registered" weft -n "$h1" -b - <<-END
		map add $MAC_A vni 5 dev sw0 port a5
		map add $MAC_A vni 6 dev sw0 port a6
	END
	check "registered" weft -n "$h2" -b - <<-END
		map add $MAC_C vni 5 dev sw0 port c5
		map add $MAC_C vni 6 dev sw0 port c6
	END
	setup_done
}

# Over the LAN, inside the NIC, and by switches alone
pairs()
{
	both_ways "$c5" 10.0.0.3 "$d5" 10.0.0.4
	both_ways "$a5" 10.0.0.1 "$d5" 10.0.0.4
	both_ways "$a5" 10.0.0.1 "$c5" 10.0.0.3
	both_ways "$c6" 10.0.0.3 "$d6" 10.0.0.4
	check_match "learned" "port up learned" \
		weft -n "$h1" map get "$MAC_D" vni 5 dev sw0
	check_match "learned" "port up learned" \
		weft -n "$h2" map get "$MAC_D" vni 5 dev sw0
	check_match "traced" "decision path port" weft -n "$h1" trace \
		dev sw0 port a5 src "$MAC_A" dst "$MAC_D"
	log_test "VMs on VFs of igb talk with VMs behind ports"
}

streams()
{
	serve "$d5" "$c5" "$a5"
	check "to a VF" stream "$c5" 1000000 10.0.0.4
	check "from a VF" stream "$d5" 1000000 10.0.0.3
	check "inside the NIC" stream "$a5" 1000000 10.0.0.4
	check "and back" stream "$d5" 1000000 10.0.0.1
	log_test "TCP by VFs of igb"
}

# What a VF sends has its segment's tag and no other.
tagged()
{
	local cap=$TMP/tagged

	capture "$h2" up "$cap" vlan and icmp
	check "ping" ping_vm "$d5" 10.0.0.3 -c 2 -i 0.05
	check "ping" ping_vm "$d6" 10.0.0.3 -c 3 -i 0.05
	capture_stop "$cap"
	check_eq "of segment 5" 2 packets "$cap" vlan 5 and "icmp[0] == 8"
	check_eq "of segment 6" 3 packets "$cap" vlan 6 and "icmp[0] == 8"
	log_test "the NIC puts the V.VLAN's tag on"
}

# The same addresses in both segments; one goes, the other does not answer.
apart()
{
	ip -n "$d5" link set dev eth0 down
	check "gone" no_ping_vm "$c5" 10.0.0.4
	check "gone" no_ping_vm "$a5" 10.0.0.4
	check "still there" ping_vm "$c6" 10.0.0.4
	check "still there" ping_vm "$a6" 10.0.0.4
	ip -n "$d5" link set dev eth0 up
	check "link" busywait 20000 carrier_is "$d5" eth0
	check "back" busywait 10000 ping_vm "$c5" 10.0.0.4
	log_test "segments on VFs stay apart"
}

host_too()
{
	check "hosts" in_ns "$h1" ping -q -c 1 -W 5 192.0.2.2
	check "VMs" ping_vm "$c5" 10.0.0.4
	log_test "the LAN itself is the hosts'"
}

# A VM moves to another segment.
another_vlan()
{
	ip -n "$d6" link set dev eth0 down
	check "V.VLAN 6" ip -n "$h1" link set dev up vf 0 vlan 6
	check "not in 5" busywait 10000 no_ping_vm "$c5" 10.0.0.4
	check "in 6" busywait 20000 ping_vm "$d5" 10.0.0.3
	check "V.VLAN 5" ip -n "$h1" link set dev up vf 0 vlan 5
	check "in 5" busywait 20000 ping_vm "$c5" 10.0.0.4
	check "not in 6" no_ping_vm "$c6" 10.0.0.4
	ip -n "$d6" link set dev eth0 up
	check "link" busywait 20000 carrier_is "$d6" eth0
	log_test "the port VLAN is the segment"
}

# Without one, a VF is on the LAN as any host, and in no segment.
no_vlan()
{
	check "none" ip -n "$h1" link set dev up vf 0 vlan 0
	check "not in 5" busywait 10000 no_ping_vm "$c5" 10.0.0.4
	check "not in 6" ping_vm "$d6" 10.0.0.3
	ip -n "$d5" addr add 192.0.2.4/24 dev eth0
	check "on the LAN" busywait 20000 \
		in_ns "$d5" ping -q -c 1 -W 2 192.0.2.2
	log_test "without a port VLAN a VF is in no segment"
}

setup
run_tests
