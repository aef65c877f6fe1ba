#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Open vSwitch at the other end, its userspace datapath, which needs nothing
# of the kernel.
#
#   a100  a200  ...                    b100  b200  ...
#    |     |                            |     |
#  +------ h1 -----+              +---------- h2 ---------+
#  | sw0 (weft)    |              | int (Open vSwitch)    |
#  |               |              | vx100 vx200 ...       |
#  |               |              | phy (Open vSwitch)    |
#  | up 192.0.2.1  |              |   192.0.2.2           |
#  |  2001:db8::1  |              |   2001:db8::2         |
#  |            up |--------------| up                    |
#  +---------------+              +-----------------------+
#
# All have the same VMs. 100 to 300 are VXLAN, 400 and 500 GENEVE, 600 is NVGRE;
# 300 and 500 go over IPv6.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	ping_in_each
	segments_apart
	learned_from_it
"

require_cmd ovs-vswitchd ovsdb-server ovsdb-tool ovs-vsctl

h1='' h2=''
OVS=$TMP/ovs
export OVS_RUNDIR=$OVS OVS_LOGDIR=$OVS OVS_DBDIR=$OVS

vsctl()
{
	ip netns exec "$h2" ovs-vsctl -t 30 "--db=unix:$OVS/db.sock" "$@"
}

start_ovs()
{
	mkdir "$OVS"
	ovsdb-tool create "$OVS/conf.db" \
		/usr/share/openvswitch/vswitch.ovsschema || return
	start ip netns exec "$h2" ovsdb-server "$OVS/conf.db" \
		"--remote=punix:$OVS/db.sock" --unixctl="$OVS/db.ctl" \
		>"$OVS/db.log" 2>&1
	check "database" busywait 20000 test -S "$OVS/db.sock"
	vsctl --no-wait init
	start ip netns exec "$h2" ovs-vswitchd "unix:$OVS/db.sock" \
		--disable-system --unixctl="$OVS/switch.ctl" \
		>"$OVS/switch.log" 2>&1
	check "bridges" vsctl \
		-- add-br phy -- set bridge phy datapath_type=netdev \
		-- add-port phy up \
		-- add-br int -- set bridge int datapath_type=netdev
	check "its devices" busywait 10000 ip -n "$h2" link show dev phy ||
		fail "Open vSwitch" "$(tail "$OVS/switch.log")"
}

# tunnel VNI REMOTE TYPE: with its VM, apart from the others by a VLAN
tunnel()
{
	local vni=$1 vm=b$1 key=$1

	[ "$3" != gre ] || key=$((vni * 256))	# all of it, with the FlowID

	setup_ns "$vm"
	ip -n "$h2" -batch - <<-END
		link add name $vm type veth peer name eth0 \
			address 02:00:00:00:00:0b netns ${!vm}
		link set dev $vm up
	END
	dress_vm "${!vm}" 10.0.0.2/24 2001:db8:1::2/64
	# it takes frames as they are on a wire
	in_ns "${!vm}" ethtool -K eth0 tx off >/dev/null
	check "tunnel" vsctl \
		-- add-port int "$vm" tag="$vni" \
		-- add-port int "vx$vni" tag="$vni" \
		-- set interface "vx$vni" type="$3" \
			options:remote_ip="$2" options:key="$key"
}

setup()
{
	local vni remote type

	modprobe -q tun		# for the bridges' own ports
	setup_ns h1 h2
	check "load" load_weft
	ip link add name up netns "$h1" mtu 1600 type veth \
		peer name up netns "$h2" mtu 1600
	ip -n "$h2" link set dev up up
	underlay_host "$h1" 1
	in_ns "$h1" ethtool -K up tx off >/dev/null
	start_ovs
	ip -n "$h2" -batch - <<-END
		link set dev phy up
		addr add $(vtep 2)/24 dev phy
		addr add $(vtep6 2)/64 dev phy nodad
	END
	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up \
		srcport 50000 50000
	while read -r vni remote type; do
		weft -n "$h1" -b - <<-END
			segment add $vni dev sw0 encap ${type/gre/nvgre}
			peer add ${remote%1}2 dev sw0 vni $vni
		END
		add_quiet_vm "$h1" sw0 "a$vni" "$vni" 02:00:00:00:00:0a \
			10.0.0.1/24 2001:db8:1::1/64
		tunnel "$vni" "$remote" "$type"
	done <<-END
		100 $(vtep 1) vxlan
		200 $(vtep 1) vxlan
		300 $(vtep6 1) vxlan
		400 $(vtep 1) geneve
		500 $(vtep6 1) geneve
		600 $(vtep 1) gre
	END
}

ping_in_each()
{
	local vni

	for vni in 100 200 300 400 500 600; do
		local -n vm_a=a$vni vm_b=b$vni
		both_ways "$vm_a" 10.0.0.1 "$vm_b" 10.0.0.2 -w 10
		both_ways "$vm_a" 2001:db8:1::1 "$vm_b" 2001:db8:1::2 -w 10
		check "long" ping_vm "$vm_a" 10.0.0.2 -s 1200
		log_test "VNI $vni"
	done
}

# The same addresses in both: one VM goes, the other does not answer for it.
segments_apart()
{
	# shellcheck disable=SC2154	# set by setup_ns
	ip -n "$b200" link set dev eth0 down
	# shellcheck disable=SC2154	# set by setup_ns
	check "gone" no_ping_vm "$a200" 10.0.0.2
	# shellcheck disable=SC2154	# set by setup_ns
	check "the other stays" ping_vm "$a100" 10.0.0.2
	ip -n "$b200" link set dev eth0 up
	check "back" ping_vm "$a200" 10.0.0.2
}

learned_from_it()
{
	check_match "learned" "peer $(vtep 2).* learned" weft -n "$h1" \
		map get 02:00:00:00:00:0b vni 100 dev sw0
	check_match "learned" "peer $(vtep6 2).* learned" weft -n "$h1" \
		map get 02:00:00:00:00:0b vni 300 dev sw0
}

prepare
run_tests
