# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Topologies, on top of lib.sh.
#
#    vm namespaces                          vm namespaces
#     | eth0                                 | eth0
#     |                                      |
#     | NAME                                 | NAME
#   +------ host 1 ------+                 +------ host 2 ------+
#   | SW (weft)          |                 | SW (weft)          |
#   |   up 192.0.2.1     |-----------------|   up 192.0.2.2     |
#   |      2001:db8::1   |   veth, or the  |      2001:db8::2   |
#   +--------------------+   bridge of     +--------------------+
#                            another
#                            namespace

# vtep N, vtep6 N: the underlay addresses of the Nth host
vtep()
{
	echo "192.0.2.$1"
}

vtep6()
{
	echo "2001:db8::$1"
}

# underlay_host NAMESPACE N
underlay_host()
{
	ip -n "$1" -batch - <<-END
		link set dev up mtu ${UNDERLAY_MTU:-1600}
		addr add 192.0.2.$2/24 dev up
		addr add 2001:db8::$2/64 dev up nodad
		link set dev up up
	END
}

# make_underlay NAMESPACE1 NAMESPACE2: joined by a veth pair
make_underlay()
{
	ip link add name up netns "$1" type veth peer name up netns "$2"
	underlay_host "$1" 1
	underlay_host "$2" 2
}

# make_underlay_via MIDDLE NAMESPACE...: joined by the bridge br of a namespace
# of its own, where the Nth host's port is pN
make_underlay_via()
{
	local mid=$1 n=0 ns

	shift
	{
		echo "link add name br mtu ${UNDERLAY_MTU:-1600} type bridge" \
			"mcast_snooping 0"
		echo "link set dev br up"
		for ns in "$@"; do
			n=$((n + 1))
			echo "link add name p$n mtu ${UNDERLAY_MTU:-1600} type veth" \
				"peer name up netns $ns"
			echo "link set dev p$n master br up"
		done
	} | ip -n "$mid" -batch -
	n=0
	for ns in "$@"; do
		n=$((n + 1))
		underlay_host "$ns" $n
	done
}

# add_switch NAMESPACE NAME [local IP]... [uplink DEV]... [...]: it has no IPv6
# address of its own that it would speak of
add_switch()
{
	local ns=$1 sw=$2

	shift 2
	check "add switch $sw" weft -n "$ns" switch add "$sw" "$@"
	ip -n "$ns" -batch - <<-END
		link set dev $sw down
		link set dev $sw addrgenmode none
		link set dev $sw up
	END
	SWITCHES+=("$ns $sw")
}

# add_port NAMESPACE SWITCH NAME VM-NAMESPACE MAC PORT-SETTING...: a veth from
# port NAME to eth0 in the other namespace
add_port()
{
	local ns=$1 sw=$2 name=$3 vm=$4 mac=$5

	shift 5
	ip -n "$ns" -batch - <<-END
		link add name $name type veth peer name eth0 address $mac netns $vm
		link set dev $name master $sw addrgenmode none
		link set dev $name up
	END
	check "set port $name" weft -n "$ns" port set "$name" "$@"
}

# add_vm NAMESPACE SWITCH NAME VNI MAC ADDRESS/LENGTH...: a namespace, whose
# name goes to variable NAME, with an interface in that segment
add_vm()
{
	local ns=$1 sw=$2 name=$3 vni=$4 mac=$5 addr

	shift 5
	setup_ns "$name"
	add_port "$ns" "$sw" "$name" "${!name}" "$mac" vni "$vni"
	{
		for addr in "$@"; do
			case $addr in
			*:*)	echo "addr add $addr dev eth0 nodad" ;;
			*)	echo "addr add $addr dev eth0" ;;
			esac
		done
		echo "link set dev eth0 up"
	} | ip -n "${!name}" -batch -
}

# ping_vm NAMESPACE ADDRESS [PING-OPTION...]: one answer within a few seconds
ping_vm()
{
	local ns=$1 addr=$2

	shift 2
	ip netns exec "$ns" ping -n -q -c 1 -w 5 "$@" "$addr"
}

# no_ping_vm NAMESPACE ADDRESS [PING-OPTION...]: no answer
no_ping_vm()
{
	local ns=$1 addr=$2

	shift 2
	! ip netns exec "$ns" ping -n -q -c 3 -i 0.1 -W 0.3 "$@" "$addr"
}
