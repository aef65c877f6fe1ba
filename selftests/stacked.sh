#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Uplinks on top of other devices, or below them.
#
#   da     +-- d ---+                       +-- h2 --+      b
#   -------| sw0    |  bridge, bond, VLAN,  | sw0    |-------
#   .5     |        |  macvlan, or nothing  |        |      .2
#          +--------+    |                  +--------+
#           VTEPs on     | up1     r    up1  VTEPs on lo
#           that, or     +-------- . --------+
#           on up1        w51     .9   w21

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/hosts.sh
. "$(dirname "$0")/lib/hosts.sh"

ALL_TESTS="
	bridge_uplink
	bridge_port
	bond_uplink
	bond_slave
	vlan_uplink
	macvlan_parent
"

setup()
{
	setup_hosts d
	setup_ns da
	setup_d
}

# plug [none]: d has its uplink, and nothing else of what the cases below make
plug()
{
	printf 'link del dev %s\n' mv0 br0 bnd up1 |
		ip -n "$d" -force -batch - 2>/dev/null
	wire "$d" 5 1
	out_by "$d" 5 1
	check "plug" weft -n "$d" switch set sw0 local "$HERE" \
		local "$HERE6" \
		uplink "${1:-up1}" fastpath auto
}

# readdress FROM TO: the VTEPs of d
readdress()
{
	check "from $1 to $2" ip -n "$d" -batch - <<-END
		addr del $HERE/24 dev $1
		addr del $HERE6/64 dev $1
		addr add $HERE/24 dev $2
		addr add $HERE6/64 dev $2 nodad
	END
	out_by "$d" 5 1 "$2"
	ip -n "$r" neigh flush dev w51
}

# master_of NAME TYPE-AND-OPTIONS...: up1 is its port, and it has the VTEPs
master_of()
{
	plug none
	check "make $1" add_master "$@"
	readdress up1 "$1"
}

add_master()
{
	ip -n "$d" -batch - <<-END
		link add name $1 type ${*:2}
		link set dev up1 down
		link set dev up1 master $1
		link set dev up1 up
		link set dev $1 up
	END
}

# has_type TYPE
has_type()
{
	printf 'link add name probe type %s\nlink del dev probe\n' "$1" |
		ip -n "$d" -batch - 2>/dev/null
}

bridge_uplink()
{
	has_type bridge || { skip "no bridge"; return; }
	master_of br0 bridge mcast_snooping 0
	uplinks "$d" br0
	active "$d" on
	talk_by_both "$d" "$da" 2
	plug
	check "another bridge" ip -n "$d" link add name br0 type bridge
	check_refused "a port while it is an uplink" "busy" \
		ip -n "$d" link set dev up1 master br0
}

# Its packets come by the bridge.
bridge_port()
{
	has_type bridge || { skip "no bridge"; return; }
	master_of br0 bridge mcast_snooping 0
	check_refused "as the uplink" "name its master" \
		weft -n "$d" switch set sw0 uplink up1
	check_refused "beside the bridge" "name its master" \
		weft -n "$d" switch set sw0 uplink br0 uplink up1
	log_test "a bridge's port is no uplink"
}

bond_uplink()
{
	has_type bond || { skip "no bond"; return; }
	master_of bnd bond mode active-backup miimon 50
	uplinks "$d" bnd
	active "$d" on
	talk "$da" 2
}

bond_slave()
{
	has_type bond || { skip "no bond"; return; }
	master_of bnd bond mode active-backup miimon 50
	check_refused "as the uplink" "name its master" \
		weft -n "$d" switch set sw0 uplink up1
}

vlan_uplink()
{
	plug
	ip -n "$r" -batch - <<-END || { skip "no VLAN"; return; }
		link add link w51 name w51.10 type vlan id 10
		addr del 10.5.1.9/24 dev w51
		addr del 2001:db8:5:1::9/64 dev w51
		addr add 10.5.1.9/24 dev w51.10
		addr add 2001:db8:5:1::9/64 dev w51.10 nodad
		link set dev w51.10 up
	END
	check "VLAN" ip -n "$d" -batch - <<-END
		link add link up1 name up1.10 type vlan id 10
		link set dev up1.10 up
	END
	readdress up1 up1.10
	WHAT="what it is on is the uplink" \
		check_dropped "$d" not-uplink no_talk "$da" 2
	uplinks "$d" up1.10
	active "$d" on
	talk "$da" 2
	check "the VLAN goes" ip -n "$d" link del dev up1.10
	check_match "no uplink is left" " local $HERE6 port " \
		weft -n "$d" switch show sw0
}

# Another has the rx handler, and leaves to the stack what is not its own.
macvlan_parent()
{
	plug none
	ip -n "$d" -batch - <<-END || { skip "no macvlan"; return; }
		link add link up1 name mv0 type macvlan mode bridge
		link set dev mv0 up
	END
	uplinks "$d" up1
	active "$d" off
	WHAT="the parent" talk_by_both "$d" "$da" 2
	readdress up1 mv0
	uplinks "$d" mv0
	active "$d" on
	WHAT="the macvlan" talk_by_both "$d" "$da" 2
}

prepare
run_tests
