# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For topics about the tunnel, on top of topo.sh: the kernel's vxlan behind a
# bridge as the other end, forged frames, streams, and the counters that tell
# which way packets went.

TOOLS=${BASH_SOURCE[0]%/*}
PYTHON=(/usr/bin/python3 -SI)

##############################################################################
# bridge + vxlan
#
#    VM namespaces
#     | eth0
#     | NAME
#   +------- host --------+
#   | brVNI (bridge)      |
#   | vxVNI (vxlan)       |
#   |                up --|--
#   +---------------------+

# add_vxlan NAMESPACE VNI VXLAN-OPTION...
add_vxlan()
{
	local ns=$1 vni=$2

	shift 2
	check "add vxlan $vni" ip -n "$ns" -batch - <<-END
		link add name vx$vni type vxlan id $vni dstport 4789 $*
		link add name br$vni type bridge mcast_snooping 0
		link set dev vx$vni addrgenmode none
		link set dev br$vni addrgenmode none
		link set dev vx$vni master br$vni up
		link set dev br$vni up
	END
}

# add_lan_bridge NAMESPACE VID: a bridge brVID, into VLAN VID of the device up
add_lan_bridge()
{
	ip -n "$1" -batch - <<-END
		link add link up name up.$2 type vlan id $2
		link add name br$2 type bridge mcast_snooping 0
		link set dev up.$2 master br$2 addrgenmode none
		link set dev up.$2 up
		link set dev br$2 addrgenmode none
		link set dev br$2 up
	END
}

# dress_vm NAMESPACE ADDRESS/LENGTH...: set eth0 up, with these addresses and
# no other, and neighbours that are not probed any more once they are known, so
# that only what a test sends is on the wire
dress_vm()
{
	local ns=$1 addr table

	shift
	{
		echo "link set dev eth0 addrgenmode none"
		for table in arp_cache ndisc_cache; do
			echo "ntable change name $table dev eth0" \
				"base_reachable 3600000 delay_probe 3600000"
		done
		for addr in "$@"; do
			case $addr in
			*:*)	echo "addr add $addr dev eth0 nodad" ;;
			*)	echo "addr add $addr dev eth0" ;;
			esac
		done
		echo "link set dev eth0 up"
	} | ip -n "$ns" -batch -
}

# add_quiet_vm NAMESPACE SWITCH NAME VNI MAC ADDRESS/LENGTH...: as add_vm, but
# the VM says nothing of its own
add_quiet_vm()
{
	local ns=$1 sw=$2 name=$3 vni=$4 mac=$5

	shift 5
	setup_ns "$name"
	add_port "$ns" "$sw" "$name" "${!name}" "$mac" vni "$vni"
	dress_vm "${!name}" "$@"
}

# add_bridge_vm NAMESPACE VNI NAME MAC ADDRESS/LENGTH...: the same, behind the
# bridge of add_vxlan
add_bridge_vm()
{
	local ns=$1 vni=$2 name=$3 mac=$4

	shift 4
	setup_ns "$name"
	ip -n "$ns" -batch - <<-END
		link add name $name type veth peer name eth0 address $mac netns ${!name}
		link set dev $name addrgenmode none
		link set dev $name master br$vni up
	END
	dress_vm "${!name}" "$@"
}

# know NAMESPACE DEV [ADDRESS MAC]...: neighbours that need not be asked for
know()
{
	local ns=$1 dev=$2

	shift 2
	while [ $# -gt 0 ]; do
		echo "neigh replace $1 lladdr $2 nud permanent dev $dev"
		shift 2
	done | ip -n "$ns" -batch -
}

# mac_of NAMESPACE DEV
mac_of()
{
	in_ns "$1" cat "/sys/class/net/$2/address"
}

##############################################################################
# Traffic

declare -A FORGES	# "namespace device": the ends of its pipes

start_forge()
{
	local pipe=$TMP/forge.${#FORGES[@]} in out

	mkfifo "$pipe.in" "$pipe.out"
	exec {in}<>"$pipe.in" {out}<>"$pipe.out"
	# not by start: what that starts has no standard input
	nsenter "--net=/run/netns/$1" "${PYTHON[@]}" "$TOOLS/forge.py" "$2" \
		<"$pipe.in" >"$pipe.out" &
	JOBS+=($!)
	FORGES[$1 $2]="$in $out"
}

# forge NAMESPACE DEV <frames: send them, as lib/forge.py describes
forge()
{
	local frames in out answer

	mapfile -t frames
	[ -n "${FORGES[$1 $2]}" ] || start_forge "$1" "$2"
	read -r in out <<<"${FORGES[$1 $2]}"
	printf '%s\n' "${frames[@]}" sync >&"$in"
	read -r -t 60 -u "$out" answer
	[ "$answer" = ok ] && return
	echo "forge: ${answer:-no answer}"
	return 1
}

# serve NAMESPACE...: take streams on port 5001 until the topic ends
serve()
{
	local ns

	for ns in "$@"; do
		start nsenter "--net=/run/netns/$ns" "${PYTHON[@]}" \
			"$TOOLS/stream.py" serve 5001
	done
}

# stream NAMESPACE BYTES ADDRESS...: they arrive as they were sent
stream()
{
	nsenter "--net=/run/netns/$1" "${PYTHON[@]}" "$TOOLS/stream.py" \
		tcp 5001 "${@:2}"
}

# datagrams NAMESPACE COUNT SIZE ADDRESS...: they arrive as they were sent
datagrams()
{
	nsenter "--net=/run/netns/$1" "${PYTHON[@]}" "$TOOLS/stream.py" \
		udp 5001 "${@:2}"
}

# both_ways NAMESPACE1 ADDRESS1 NAMESPACE2 ADDRESS2 [PING-OPTION...]
both_ways()
{
	local ns1=$1 addr1=$2 ns2=$3 addr2=$4

	shift 4
	check "ping $addr2" ping_vm "$ns1" "$addr2" "$@"
	check "ping $addr1" ping_vm "$ns2" "$addr1" "$@"
}

# capture NAMESPACE DEV FILE [FILTER...]: as capture_start, with room for a burst
# of packets that might be large
capture()
{
	capture_start "$1" "$2" "$3" -B 16384 "${@:4}"
}

# packets FILE [FILTER...]: how many there are in a capture
packets()
{
	local file=$1

	shift
	tcpdump -nr "$file" --count "$@" 2>/dev/null | sed "s, .*,,"
}

# join_captures OUT FILE...: so that tshark, which takes long to start, has to
# be started once
join_captures()
{
	local out=$1 file

	shift
	head -c 24 "$1" >"$out"
	for file in "$@"; do
		tail -c +25 "$file" >>"$out"
	done
}

##############################################################################
# Counters

# snmp NAMESPACE NAME...: counters of the IP stack, as IpInReceives or
# Ip6OutRequests, in the order that the kernel has them
snmp()
{
	# shellcheck disable=SC2016
	nsenter "--net=/run/netns/$1" awk -v names=" ${*:2} " '
		function wanted(name) { return index(names, " " name " ") }
		!/^[^ ]*: / { if (wanted($1)) printf "%s ", $2; next }
		{ sub(":", "", $1) }
		$1 == proto { for (i = 2; i <= NF; i++)
				if (wanted($1 word[i])) printf "%s ", $i
			      next }
		{ proto = $1; split($0, word) }
	' /proc/net/snmp /proc/net/snmp6
}

# dev_counter NAMESPACE DEV rx_bytes|rx_packets|tx_bytes|tx_packets
dev_counter()
{
	local column

	case $3 in
	rx_bytes)	column=2 ;;
	rx_packets)	column=3 ;;
	tx_bytes)	column=10 ;;
	tx_packets)	column=11 ;;
	esac
	# shellcheck disable=SC2016
	nsenter "--net=/run/netns/$1" awk -v dev="$2:" -v column=$column \
		'$1 == dev { print $column }' /proc/net/dev
}

# all_drops NAMESPACE SWITCH: "reason number" a line
all_drops()
{
	weft -n "$1" stats show dev "$2" |
		awk '$1 == "reason" { print $2, $4 }' | sort
}

# drops_since FILE NAMESPACE SWITCH: what has come to what all_drops said then,
# but for what the host says of its own accord by the switch's interface
drops_since()
{
	# shellcheck disable=SC2016
	all_drops "$2" "$3" | awk -v file="$1" '
		BEGIN { while ((getline line <file) > 0) {
				split(line, word)
				n[word[1]] = word[2]
			} }
		$1 == "no-segment" || $1 == "no-listener" { next }
		$2 > n[$1] { print $1, $2 - n[$1] }'
}

# counter_is NUMBER COMMAND...: for busywait
counter_is()
{
	[ "$("${@:2}")" = "$1" ]
}

##############################################################################

# prepare: call setup; without what it makes, no case makes sense
prepare()
{
	RET=0
	setup
	[ "$RET" = 0 ] && return
	log_test setup
	exit
}
