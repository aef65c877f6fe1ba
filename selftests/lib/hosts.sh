# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For topics about what carries the tunnels, on top of tunnel.sh: hosts around
# a router. Segment 4 goes over IPv4, segment 6 over IPv6; to a VM the latter
# is VLAN 6. Every look at them is at both families at once.
#
#     VM N                                                VM 2 (b)
#      | eth0, 10.0.4.N                                    | eth0, 10.0.4.2
#      | eth0.6, 10.0.6.N                                  | eth0.6, 10.0.6.2
#      |                                                   |
#      | NAME                                              | b
#   +------ host N --------+       +-- r --+       +------ h2 ------------+
#   | sw0                  |       |       |       | sw0                  |
#   | 10.N.K.1         upK |-------| wNK   |-------| up1                  |
#   | 2001:db8:N:K::1      |       |  .9   |       | lo: $AT.2, $AT6:2    |
#   | $AT.N, $AT6:N        |       +-------+       +----------------------+
#   +----------------------+

# addresses that are on no wire; the last part is the host's number
AT=203.0.113
AT6=2001:db8:ff:

# host 5 has its VTEPs on its uplink
HERE=10.5.1.1
HERE6=2001:db8:5:1::1

# shellcheck disable=SC2034 # topics use b and da
r='' h2='' b='' d='' da=''

ROUTER=		# a process in the router's namespace
TRAFFIC=()

##############################################################################
# Hosts and wires

# ip_batch NAMESPACE COMMAND...: of ip
ip_batch()
{
	printf '%s\n' "${@:2}" >"$TMP/batch"
	check "ip" ip -n "$1" -batch "$TMP/batch"
}

# wire NAMESPACE N K...: for each a device upK of host N, wNK of the router
wire()
{
	local ns=$1 n=$2 k there=() here=()

	shift 2
	for k in "$@"; do
		there+=(
			"link add name w$n$k mtu 1600 type veth peer name up$k mtu 1600 netns $ns"
			"addr add 10.$n.$k.9/24 dev w$n$k"
			"addr add 2001:db8:$n:$k::9/64 dev w$n$k nodad"
			"link set dev w$n$k up"
		)
		here+=(
			"addr add 10.$n.$k.1/24 dev up$k"
			"addr add 2001:db8:$n:$k::1/64 dev up$k nodad"
			"link set dev up$k up"
		)
	done
	ip_batch "$r" "${there[@]}"
	ip_batch "$ns" "${here[@]}"
}

# out_by NAMESPACE N K [DEV [TABLE]]: the host's way out
out_by()
{
	local dev=${4:-up$3} table=${5:+table $5}

	check "out by $dev" ip -n "$1" -batch - <<-END
		route replace 0.0.0.0/0 via 10.$2.$3.9 dev $dev $table
		route replace ::/0 via 2001:db8:$2:$3::9 dev $dev $table
	END
}

# back_by N K: the router's way to the addresses at N
back_by()
{
	check "back by w$1$2" ip -n "$r" -batch - <<-END
		route replace $AT.$1/32 via 10.$1.$2.1 dev w$1$2
		route replace $AT6:$1/128 via 2001:db8:$1:$2::1 dev w$1$2
	END
}

# flood_to_h2 NAMESPACE: the segments there
flood_to_h2()
{
	check "segments and peers" weft -n "$1" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
		peer add $AT.2 dev sw0 vni 4
		peer add $AT6:2 dev sw0 vni 6
	END
}

# meet NAMESPACE IPV4 IPV6: it and h2 flood to each other
meet()
{
	flood_to_h2 "$1"
	check "peers" weft -n "$h2" -b - <<-END
		peer add $2 dev sw0 vni 4
		peer add $3 dev sw0 vni 6
	END
}

# add_guest NAMESPACE SWITCH NAME N: the VM in namespace NAME is in both
# segments; it need not ask for the others, so that what fails now does not
# fail later
add_guest()
{
	local ns=$1 sw=$2 name=$3 n=$4 mac other
	local dress=()

	printf -v mac '02:00:00:00:00:%02d' "$n"
	add_port "$ns" "$sw" "$name" "${!name}" "$mac" vni 4 vni 6 vlan 6
	dress=(
		"link set dev eth0 addrgenmode none"
		"link add link eth0 name eth0.6 type vlan id 6"
		"link set dev eth0.6 addrgenmode none"
		"addr add 10.0.4.$n/24 dev eth0"
		"addr add 10.0.6.$n/24 dev eth0.6"
		"link set dev eth0 up"
		"link set dev eth0.6 up"
	)
	for other in 1 2 3 4 5 12; do
		[ "$other" != "$n" ] || continue
		printf -v mac '02:00:00:00:00:%02d' "$other"
		dress+=(
			"neigh add 10.0.4.$other lladdr $mac nud permanent dev eth0"
			"neigh add 10.0.6.$other lladdr $mac nud permanent dev eth0.6"
		)
	done
	ip_batch "${!name}" "${dress[@]}"
}

# has_wire: has that process entered the router's namespace?
has_wire()
{
	grep -q w21: "/proc/$ROUTER/net/dev"
}

# setup_hosts HOST...: the router, h2 with b, and namespaces for other hosts,
# where addresses are of use as soon as they are there
setup_hosts()
{
	local host

	check "load" load_weft
	setup_ns r h2 b "$@"
	for host in r h2 "$@"; do
		nsenter "--net=/run/netns/${!host}" sysctl -qw \
			net.ipv4.conf.{all,default}.rp_filter=0 \
			net.ipv4.conf.{all,default}.arp_ignore=1 \
			net.ipv4.conf.{all,default}.arp_notify=1 \
			net.ipv6.conf.{all,default}.accept_dad=0 \
			net.ipv6.conf.{all,default}.ndisc_notify=1 \
			net.ipv{4,6}.conf.default.ignore_routes_with_linkdown=1 \
			net.ipv6.conf.{all,default}.keep_addr_on_down=1
	done
	nsenter "--net=/run/netns/$r" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv6.conf.all.forwarding=1
	start nsenter "--net=/run/netns/$r" sleep infinity
	ROUTER=$!

	wire "$h2" 2 1
	check "process of the router" busywait 10000 has_wire
	out_by "$h2" 2 1
	back_by 2 1
	ip_batch "$h2" "addr add $AT.2/32 dev lo" "addr add $AT6:2/128 dev lo"
	add_switch "$h2" sw0 local "$AT.2" local "$AT6:2" uplink up1
	check "segments" weft -n "$h2" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
	END
	add_guest "$h2" sw0 b 2
}

# setup_d: host d, with da, which has number 5
setup_d()
{
	wire "$d" 5 1
	out_by "$d" 5 1
	add_switch "$d" sw0 local $HERE local $HERE6 uplink up1
	meet "$d" $HERE $HERE6
	add_guest "$d" sw0 da 5
}

# uplinks NAMESPACE DEV...
uplinks()
{
	local ns=$1 dev words=()

	shift
	for dev in "$@"; do
		words+=(uplink "$dev")
	done
	check "uplinks $*" weft -n "$ns" switch set sw0 "${words[@]}"
}

##############################################################################
# What a case looks at

# pings STATUS PING-OPTIONS [VM N]...: each with the VM of host N, all at once;
# does each ping end with that status?
pings()
{
	local expected=$1 ended=0 net pid options pids=()

	read -ra options <<<"$2"
	shift 2
	while [ $# -gt 0 ]; do
		for net in 10.0.4 10.0.6; do
			nsenter "--net=/run/netns/$1" ping -n -q \
				"${options[@]}" "$net.$2" &
			pids+=($!)
		done
		shift 2
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
		[ $? = "$expected" ] || ended=1
	done
	return $ended
}

# talk [VM N]...: with the VM of host N; $WHAT says when
talk()
{
	check "${WHAT:-talk}" pings 0 "-c 1 -w 5" "$@"
}

# no_talk [VM N]...: ping ends with status 1 if there is no answer
no_talk()
{
	check "${WHAT:-talk}: no answer" pings 1 "-c 2 -i 0.05 -W 0.3" "$@"
}

# talk_by_both NAMESPACE [VM N]...: by the slow path of its switch, then by the
# fast one
talk_by_both()
{
	local path

	for path in off auto; do
		check "fastpath $path" weft -n "$1" switch set sw0 \
			fastpath "$path"
		WHAT="${WHAT:+$WHAT, }fastpath $path" talk "${@:2}"
	done
}

# active NAMESPACE on|off: do all uplinks have the short cut?
active()
{
	check_match "short cut $2" "fastpath-active $2" \
		weft -n "$1" -d switch show sw0
}

# dropped NAMESPACE REASON: so many by sw0, into $DROPPED
dropped()
{
	local word reason number

	DROPPED=0
	weft -n "$1" stats show dev sw0 >"$TMP/stats" || return
	while read -r word reason _ number _; do
		[ "$word $reason" != "reason $2" ] || DROPPED=$number
	done <"$TMP/stats"
}

# has_dropped NAMESPACE REASON NUMBER: more than that
has_dropped()
{
	dropped "$1" "$2" && [ "$DROPPED" -gt "$3" ]
}

# check_dropped NAMESPACE REASON COMMAND...: which makes it drop for that
check_dropped()
{
	local ns=$1 reason=$2 before

	shift 2
	check "statistics" dropped "$ns" "$reason"
	before=$DROPPED
	"$@"
	check "counted as $reason" busywait 5000 \
		has_dropped "$ns" "$reason" "$before"
}

# wire_bytes FUNCTION: call it with each of the router's wires, and the bytes
# in and out
wire_bytes()
{
	local dev rx tx

	while read -r dev rx _ _ _ _ _ _ _ tx _; do
		[[ $dev != w*: ]] || "$1" "${dev%:}" "$rx" "$tx"
	done <"/proc/$ROUTER/net/dev"
}

declare -A RX TX	# bytes of each wire

remember_wire()
{
	RX[$1]=$2
	TX[$1]=$3
}

# name_carrier: in $out and $back, if it carried more than the other traffic is
name_carrier()
{
	[ "$1" != w21 ] || return
	[ $(($2 - RX[$1])) -le 3000 ] || out+=" $1"
	[ $(($3 - TX[$1])) -le 3000 ] || back+=" $1"
}

# carriers VM: of the router, the wires that carry what it sends to b, and what
# comes back
carriers()
{
	local out='' back=''

	wire_bytes remember_wire
	pings 0 "-c 4 -i 0.01 -w 10 -s 1000" "$1" 2 >/dev/null ||
		echo "no answer"
	wire_bytes name_carrier
	echo "out$out back$back"
}

# traffic VM: to b, until no_traffic
traffic()
{
	local net

	TRAFFIC=()
	for net in 10.0.4 10.0.6; do
		start nsenter "--net=/run/netns/$1" ping -n -q -i 0.2 \
			"$net.2" >/dev/null 2>&1
		TRAFFIC+=($!)
	done
}

no_traffic()
{
	stop "${TRAFFIC[@]}"
}
