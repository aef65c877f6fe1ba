# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: the hosts, VMs and switches that packets are sent through.
#
#    T-vm1            T-h1                     T-h2            T-vm2
#   [ eth0 ]---[ p1  switch  u1 ]-------[ u2  switch  p2 ]---[ eth0 ]
#                         10.0.0.1     10.0.0.2
#
# T names the topology, and every box is a namespace.  A switch is of one of
# two kinds with the same functions: peer is the kernel's bridge with a vxlan
# device, weft is ours.  Both are left at their defaults (learning, a checksum
# in the outer UDP header of IPv4), and what they need to know is there before
# the first packet: static entries, and static neighbours on the underlay.

# shellcheck disable=SC2034	# arrival is for pktgen.sh

vni=100
encap=vxlan	# geneve, nvgre, fence, vvlan: how segments are carried

# Packets go to this address, which is behind vm2's port but is not vm2's own,
# so that vm2 frees them at once.  Tables are filled with those that follow it.
first_mac=02:01:00:00:00:00

vm_mac()
{
	echo "02:00:00:00:00:0$1"
}

vm_ip()
{
	echo "192.168.1.$1"
}

vtep_ip()
{
	echo "10.0.0.$1"
}

vtep_mac()
{
	echo "02:00:00:00:10:0$1"
}

# fence_mac N: the address of the Nth host of installation 1
fence_mac()
{
	echo "02:57:46:01:00:0$1"
}

add_netns()
{
	local netns

	for netns; do
		ip netns add "$netns"
		# No router solicitations among what is counted
		ip netns exec "$netns" sysctl -qw \
			net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1
		ip -n "$netns" link set lo up
	done
}

# delete_netns: all of them, and wait until nothing of them is left: the last
# to go is the thread that pktgen has in each
delete_netns()
{
	ip -all netns delete
	while [ "$(cat /proc/[0-9]*/comm 2>/dev/null |
		grep -c kpktgend)" -gt 1 ]; do
		sleep 0.1
	done
}

# add_vm TOPOLOGY VM HOST: the VM's port on the host is p followed by its number
add_vm()
{
	local far=$((3 - $2))

	add_netns "$1-vm$2"
	ip link add eth0 netns "$1-vm$2" address "$(vm_mac "$2")" mtu 1450 \
		type veth peer name "p$2" netns "$1-h$3"
	ip -n "$1-vm$2" addr add "$(vm_ip "$2")/24" dev eth0
	ip -n "$1-vm$2" link set eth0 up
	ip -n "$1-vm$2" neigh add "$(vm_ip "$far")" \
		lladdr "$(vm_mac "$far")" dev eth0 nud permanent
	ip -n "$1-h$3" link set "p$2" up
}

# set_uplink TOPOLOGY HOST: give its address to uN, and tell it of the other
set_uplink()
{
	local far=$((3 - $2))

	ip -n "$1-h$2" link set "u$2" address "$(vtep_mac "$2")" up
	ip -n "$1-h$2" addr add "$(vtep_ip "$2")/24" dev "u$2"
	ip -n "$1-h$2" neigh add "$(vtep_ip "$far")" \
		lladdr "$(vtep_mac "$far")" dev "u$2" nud permanent
}

# add_underlay TOPOLOGY
add_underlay()
{
	ip link add u1 netns "$1-h1" type veth peer name u2 netns "$1-h2"
	set_uplink "$1" 1
	set_uplink "$1" 2
}

# peer_switch TOPOLOGY HOST
peer_switch()
{
	# Without snooping it sends no IGMP that would be counted; what a unicast
	# frame costs is the same.
	ip -n "$1-h$2" link add sw0 type bridge mcast_snooping 0
	ip -n "$1-h$2" link set sw0 up
	peer_tunnel "$1" "$2" "$(vtep_ip "$2")" "$(vtep_ip $((3 - $2)))"
	ip -n "$1-h$2" link set vx0 master sw0 up
}

# peer_tunnel TOPOLOGY HOST LOCAL REMOTE: only vxlan has more than one remote.
# Of fence the kernel has nothing like.
peer_tunnel()
{
	case $encap in
	vxlan | fence)
		ip -n "$1-h$2" link add vx0 type vxlan id "$vni" dstport 4789 \
			local "$3" ;;
	geneve)	ip -n "$1-h$2" link add vx0 type geneve id "$vni" \
			dstport 6081 remote "$4" ;;
	nvgre)	ip -n "$1-h$2" link add vx0 type gretap local "$3" \
			remote "$4" key $((vni * 256)) ;;
	vvlan)	add_vlan "$1" "$2"
		ip -n "$1-h$2" link add link "u$2.10" name vx0 type vlan \
			id "$vni" ;;
	esac
}

# add_vlan TOPOLOGY HOST: the physical VLAN that V.VLANs are in
add_vlan()
{
	ip -n "$1-h$2" link add link "u$2" name "u$2.10" type vlan id 10
	ip -n "$1-h$2" link set "u$2.10" up
}

# peer_port TOPOLOGY HOST PORT
peer_port()
{
	ip -n "$1-h$2" link set "$3" master sw0
}

# peer_entry TOPOLOGY HOST MAC vtep|port IP|PORT
peer_entry()
{
	if [ "$4" = port ]; then
		bridge -n "$1-h$2" fdb add "$3" dev "$5" master static
	else
		bridge -n "$1-h$2" fdb add "$3" dev vx0 master static
		[[ $encap = geneve || $encap = nvgre ]] ||
			bridge -n "$1-h$2" fdb add "$3" dev vx0 dst "$5" self
	fi
}

weft_switch()
{
	if [ $encap = vvlan ]; then
		weft_trunk "$1" "$2"
	else
		weft_overlay "$1" "$2"
	fi
}

# weft_trunk TOPOLOGY HOST
weft_trunk()
{
	add_vlan "$1" "$2"
	weft -n "$1-h$2" switch add sw0 uplink "u$2.10"
	ip -n "$1-h$2" link set sw0 up
	weft -n "$1-h$2" segment add "$vni" dev sw0
	weft -n "$1-h$2" port add "u$2.10" dev sw0 vni "$vni" vlan "$vni"
}

# weft_overlay TOPOLOGY HOST
weft_overlay()
{
	local words=(local "$(vtep_ip "$2")")

	[ $encap != fence ] || words=(fence "02:57:46/1/$2")
	weft -n "$1-h$2" switch add sw0 "${words[@]}" uplink "u$2"
	ip -n "$1-h$2" link set sw0 up
	weft -n "$1-h$2" segment add "$vni" dev sw0 encap "$encap"
	weft -n "$1-h$2" peer add "$(weft_vtep $((3 - $2)))" dev sw0 \
		vni "$vni"
}

weft_vtep()
{
	if [ $encap = fence ]; then
		fence_mac "$1"
	else
		vtep_ip "$1"
	fi
}

weft_port()
{
	ip -n "$1-h$2" link set "$3" master sw0
	weft -n "$1-h$2" port set "$3" vni "$vni"
}

weft_entry()
{
	local kind=$4 to=$5

	if [ "$kind $encap" = "vtep vvlan" ]; then
		kind=port to=u$2.10
	elif [ "$kind" = vtep ]; then
		kind=peer to=$(weft_vtep "${5##*.}")
	fi
	weft -n "$1-h$2" map add "$3" vni "$vni" dev sw0 "$kind" "$to" static
}

# base_topology NAME: vm1 straight to a device that nobody listens on
base_topology()
{
	add_netns "$1-h1"
	add_vm "$1" 1 1
	arrival[$1]="$1-h1 p1 rx"
}

# local_topology NAME KIND: from vm1 to vm2 on one host
local_topology()
{
	add_netns "$1-h1"
	add_vm "$1" 1 1
	add_vm "$1" 2 1
	# A switch of ours has its VTEP address somewhere, though unused here
	ip -n "$1-h1" link add u1 type dummy
	set_uplink "$1" 1
	"$2_switch" "$1" 1
	"$2_port" "$1" 1 p1
	"$2_port" "$1" 1 p2
	"$2_entry" "$1" 1 "$first_mac" port p2
	arrival[$1]="$1-vm2 eth0 rx"
}

# vepa_topology NAME: the same over the adjacent switch, a bridge that sends back
vepa_topology()
{
	add_netns "$1-h1" "$1-h2"
	add_vm "$1" 1 1
	add_vm "$1" 2 1
	ip link add u1 netns "$1-h1" type veth peer name u2 netns "$1-h2"
	ip -n "$1-h1" link set u1 up
	ip -n "$1-h2" link add name br0 type bridge mcast_snooping 0
	ip -n "$1-h2" link set u2 master br0 up
	ip -n "$1-h2" link set br0 up
	bridge -n "$1-h2" link set dev u2 hairpin on
	bridge -n "$1-h2" fdb add "$first_mac" dev u2 master static
	weft -n "$1-h1" switch add sw0 uplink u1
	ip -n "$1-h1" link set sw0 up
	weft -n "$1-h1" segment add "$vni" dev sw0
	weft -n "$1-h1" port add u1 dev sw0 vni "$vni" vlan "$vni" relay on
	weft -n "$1-h1" segment set "$vni" dev sw0 vepa on
	weft_port "$1" 1 p1
	weft_port "$1" 1 p2
	weft_entry "$1" 1 "$first_mac" port p2
	arrival[$1]="$1-vm2 eth0 rx"
}

# empty_topology NAME KIND: one host, whose uplink frees what comes to it, and
# no entry in its table
empty_topology()
{
	add_netns "$1-h1"
	add_vm "$1" 1 1
	ip -n "$1-h1" link add u1 type dummy
	set_uplink "$1" 1
	"$2_switch" "$1" 1
	"$2_port" "$1" 1 p1
	arrival[$1]="$1-h1 u1 tx"
}

# encap_topology NAME KIND: from vm1 into the tunnel
encap_topology()
{
	empty_topology "$1" "$2"
	"$2_entry" "$1" 1 "$first_mac" vtep "$(vtep_ip 2)"
}

# half_topology NAME KIND: over the wire, freed at the far uplink because the
# address it has is not the one they are sent to
half_topology()
{
	add_netns "$1-h1" "$1-h2"
	add_vm "$1" 1 1
	add_underlay "$1"
	ip -n "$1-h2" link set u2 address 02:00:00:00:10:ff
	"$2_switch" "$1" 1
	"$2_port" "$1" 1 p1
	"$2_entry" "$1" 1 "$first_mac" vtep "$(vtep_ip 2)"
	arrival[$1]="$1-h2 u2 rx"
}

# whole_topology NAME KIND: from vm1 on one host to vm2 on the other
whole_topology()
{
	local near far

	add_netns "$1-h1" "$1-h2"
	add_vm "$1" 1 1
	add_vm "$1" 2 2
	add_underlay "$1"
	for near in 1 2; do
		far=$((3 - near))
		"$2_switch" "$1" "$near"
		"$2_port" "$1" "$near" "p$near"
		"$2_entry" "$1" "$near" "$(vm_mac "$near")" port "p$near"
		"$2_entry" "$1" "$near" "$(vm_mac "$far")" \
			vtep "$(vtep_ip "$far")"
	done
	"$2_entry" "$1" 1 "$first_mac" vtep "$(vtep_ip 2)"
	"$2_entry" "$1" 2 "$first_mac" port p2
	arrival[$1]="$1-vm2 eth0 rx"
}
