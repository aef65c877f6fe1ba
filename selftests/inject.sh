#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Nobody gets a frame in who should not: neither a VM by way of the host, nor
# somebody on the underlay who forges frames. Each is dropped for its own
# reason, no VM hears a thing, and afterwards honest traffic still works.
#
#    a 10.0.0.1   c               v (a VM on a network     b 10.0.0.2
#    |            |               |  of the host's own)    |
#    |            |               |                        |
#  +-+------------+---- h1 -------+--+                 +- h2 -------+
#  | 100         200       mgmt      |                 | bridge,    |
#  |     sw0 (10.0.0.254)  10.9.0.1  |                 | vxlan      |
#  |                                 |                 |            |
#  | up 192.0.2.1, 2001:db8::1       |-----------------| up   .2    |
#  |    192.0.2.11, 2001:db8::11     |                 +------------+
#  +---------------------------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	by_the_host
	by_the_other_host
	forged_ipv4
	forged_ipv6
	truncated
	unusual_but_sound
"

require_cmd nft

h1='' h2='' a='' b='' c='' v=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
MAC_C=02:00:00:00:00:0c
MAC_X=02:00:00:00:00:0e		# behind another peer
UP=02:00:00:00:01:01
FAR=02:00:00:00:01:02
HOST=02:00:00:00:00:fe
MGMT=02:00:00:00:09:01

setup()
{
	setup_ns h1 h2 v
	check "load" load_weft
	ip -n "$h1" link add name up address $UP mtu 1600 type veth \
		peer name up address $FAR mtu 1600 netns "$h2"
	underlay_host "$h1" 1
	underlay_host "$h2" 2
	ip -n "$h1" -batch - <<-END
		addr add 192.0.2.11/24 dev up
		addr add 2001:db8::11/64 dev up nodad
		link add name mgmt address $MGMT type veth peer name eth0 netns $v
		addr add 10.9.0.1/24 dev mgmt
		addr add 2001:db8:9::1/64 dev mgmt nodad
		link set dev mgmt up
	END
	# The host routes, and believes every address.
	in_ns "$h1" sysctl -qw net.ipv4.ip_forward=1 \
		net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.up.rp_filter=0 \
		net.ipv4.conf.mgmt.rp_filter=0 \
		net.ipv4.conf.all.accept_local=1 \
		net.ipv6.conf.all.forwarding=1

	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up \
		sources known
	weft -n "$h1" -b - <<-END
		segment add 100 dev sw0
		segment add 200 dev sw0
		peer add $(vtep 2) dev sw0 vni 100
		peer add $(vtep6 2) dev sw0
		map add $MAC_X vni 100 dev sw0 peer $(vtep 3)
	END
	add_quiet_vm "$h1" sw0 a 100 $MAC_A 10.0.0.1/24
	add_quiet_vm "$h1" sw0 c 200 $MAC_C
	ip -n "$h1" -batch - <<-END
		link set dev sw0 address $HOST
		addr add 10.0.0.254/24 dev sw0
		addr add 2001:db8:1::254/64 dev sw0 nodad
	END
	in_ns "$h1" sysctl -qw net.ipv4.conf.sw0.rp_filter=0
	weft -n "$h1" port set sw0 vni 100
	weft -n "$h1" map add $MAC_A vni 100 dev sw0 port a
	dress_vm "$v" 10.9.0.2/24

	add_vxlan "$h2" 100 local "$(vtep 2)" remote "$(vtep 1)" dev up
	add_bridge_vm "$h2" 100 b $MAC_B 10.0.0.2/24
	know "$b" eth0 10.0.0.1 $MAC_A
	know "$a" eth0 10.0.0.2 $MAC_B
	count_heard "$a"
	count_heard "$c"
	check "they talk" ping_vm "$a" 10.0.0.2
}

# count_heard NAMESPACE: what comes to a VM, but for what the host itself says
count_heard()
{
	check "count" in_ns "$1" nft -f - <<-END
		table netdev t {
			counter heard {}
			chain in {
				type filter hook ingress device eth0 priority 0
				ether saddr != $HOST counter name heard
			}
		}
	END
}

counted()
{
	in_ns "$1" nft list counter netdev t heard |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

# heard: the packets that the VMs received
heard()
{
	echo "$(counted "$a") $(counted "$c")"
}

# expect WHAT "REASON NUMBER"... <FRAMES, with whom: sent by $SENDER $DEV, they
# are dropped for that and nothing else, and nobody hears them
expect()
{
	local what=$1 before expected

	shift
	expected=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
	before=$(heard)
	all_drops "$h1" sw0 >"$TMP/before"
	check "send" forge "$SENDER" "$DEV"
	busywait 3000 counter_is "$expected" drops_since "$TMP/before" "$h1" \
		sw0
	check_eq "$what: drops" "$expected" drops_since "$TMP/before" "$h1" sw0
	busywait 1000 counter_is "$before" heard
	check_eq "$what: nobody hears it" "$before" heard
}

# b first: a forged frame may have moved its entry
honest()
{
	both_ways "$b" 10.0.0.2 "$a" 10.0.0.1
}

fastpath()
{
	check "fastpath $1" weft -n "$h1" switch set sw0 fastpath "$1"
}

# A frame in a tunnel packet, as far as a VM's own headers
INNER4="eth src=$MAC_X dst=ff:ff:ff:ff:ff:ff / ip src=10.0.0.7 / udp / raw size=20"

# The host takes what is for its own address; that it has an address in the
# underlay is no reason to take it for a tunnel packet.
by_the_host()
{
	local path

	for path in auto off on; do
		fastpath "$path"
		SENDER=$a DEV=eth0
		expect "by its segment" "not-uplink 4" <<-END
			eth src=$MAC_A dst=$HOST / ip src=10.0.0.1 dst=192.0.2.1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_A dst=$HOST / ip src=192.0.2.2 dst=192.0.2.1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_A dst=$HOST / ip src=2001:db8:1::1 dst=2001:db8::1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_A dst=$HOST / ip src=2001:db8::2 dst=2001:db8::1 / udp dport=4789 / vxlan vni=100 / $INNER4
		END
		SENDER=$v DEV=eth0
		expect "by another device" "not-uplink 4" <<-END
			eth src=$MAC_C dst=$MGMT / ip src=10.9.0.2 dst=192.0.2.1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_C dst=$MGMT / ip src=192.0.2.2 dst=192.0.2.1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_C dst=$MGMT / ip src=2001:db8:9::2 dst=2001:db8::1 / udp dport=4789 / vxlan vni=200 / $INNER4
			eth src=$MAC_C dst=$MGMT / ip src=2001:db8::2 dst=2001:db8::1 / udp dport=4789 / vxlan vni=100 / $INNER4
		END
		honest
		log_test "from a VM by way of its host, fastpath $path"
	done
}

# The VM's host sends it on to the VTEP of another host, where it comes in by
# the uplink; only that its source is no peer tells it from others.
by_the_other_host()
{
	setup_ns h3 d
	# shellcheck disable=SC2154	# set by setup_ns
	ip -n "$h1" link add name up3 address "$UP" type veth \
		peer name up address "$FAR" netns "$h3"
	ip -n "$h1" -batch - <<-END
		addr add 198.51.100.1/24 dev up3
		link set dev up3 up
		neigh add 198.51.100.3 lladdr $FAR nud permanent dev up3
	END
	ip -n "$h3" -batch - <<-END
		addr add 198.51.100.3/24 dev up
		link set dev up up
	END
	add_switch "$h3" sw0 local 198.51.100.3 uplink up sources known
	weft -n "$h3" segment add 200 dev sw0
	# shellcheck disable=SC2154	# set by setup_ns
	add_port "$h3" sw0 d "$d" "$MAC_C" vni 200
	dress_vm "$d"
	forge "$a" eth0 <<-END
		eth src=$MAC_A dst=$HOST / ip src=10.0.0.1 dst=198.51.100.3 / udp dport=4789 / vxlan vni=200 / $INNER4
	END
	check "dropped there" busywait 5000 counter_is "unknown-peer 1" \
		drops_since /dev/null "$h3" sw0
	check_eq "not heard" 0 dev_counter "$d" eth0 rx_packets
}

# outer SRC DST [IP-SETTING...]: of a packet on the underlay
outer()
{
	echo "eth src=$FAR dst=$UP / ip src=$1 dst=$2 ${*:3} / udp dport=4789"
}

inner()
{
	echo "eth src=$MAC_B dst=$MAC_A / ip / udp / raw size=20"
}

# counted_frames PEER VTEP OTHER-ADDRESS STRANGER: those that the switch itself
# has to refuse
counted_frames()
{
	local peer=$1 mine=$2 other=$3 stranger=$4 ok bit

	ok=$(outer "$peer" "$mine")
	# unknown-vni 4
	echo "$ok / vxlan vni=0 / $(inner)"
	echo "$ok / vxlan vni=99 / $(inner)"
	echo "$ok / vxlan vni=101 / $(inner)"
	echo "$ok / vxlan vni=16777215 / $(inner)"
	# wrong-vtep 2
	echo "2 * $(outer "$peer" "$other") / vxlan vni=100 / $(inner)"
	# unknown-peer 3
	echo "3 * $(outer "$stranger" "$mine") / vxlan vni=100 / $(inner)"
	# own-source 5
	echo "5 * $(outer "$mine" "$mine") / vxlan vni=100 / $(inner)"
	# tunnel-flags 39: without the I flag, with any other, a reserved byte
	echo "$ok / vxlan vni=100 flags=0 / $(inner)"
	for bit in {0..31}; do
		[ "$bit" = 27 ] || echo "$ok / vxlan vni=100" \
			"flags=$((1 << bit | 1 << 27)) / $(inner)"
	done
	for bit in {1..7}; do
		echo "$ok / vxlan vni=100 low=$((1 << bit)) / $(inner)"
	done
	# bad-source-mac 3
	echo "$ok / vxlan vni=100 / eth src=00:00:00:00:00:00 dst=$MAC_A / raw size=46"
	echo "$ok / vxlan vni=100 / eth src=01:00:5e:00:00:01 dst=$MAC_A / raw size=46"
	echo "$ok / vxlan vni=100 / eth src=ff:ff:ff:ff:ff:ff dst=$MAC_A / raw size=46"
	# link-local 2
	echo "$ok / vxlan vni=100 / eth src=$MAC_B dst=01:80:c2:00:00:00 / raw size=46"
	echo "$ok / vxlan vni=100 / eth src=$MAC_B dst=01:80:c2:00:00:0e / raw size=46"
	# ecn 1
	echo "$(outer "$peer" "$mine" tos=3) / vxlan vni=100 / $(inner)"
	# split-horizon 6
	echo "6 * $ok / vxlan vni=100 / eth src=$MAC_B dst=$MAC_X / raw size=46"
	# source-conflict 7: these are elsewhere
	echo "4 * $ok / vxlan vni=100 / eth src=$MAC_A dst=ff:ff:ff:ff:ff:ff / raw size=46"
	echo "3 * $ok / vxlan vni=100 / eth src=$MAC_X dst=$MAC_A / raw size=46"
}

COUNTED=(
	"unknown-vni 4" "wrong-vtep 2" "unknown-peer 3" "own-source 5"
	"tunnel-flags 39" "bad-source-mac 3" "link-local 2" "ecn 1"
	"split-horizon 6" "source-conflict 7"
)

# unsound_frames PEER VTEP: those that the stack drops, and we leave to it
unsound_frames()
{
	local ok

	ok=$(outer "$1" "$2")
	echo "${ok/dst=$UP/dst=02:00:00:00:01:99} / vxlan vni=100 / $(inner)"
	echo "${ok/dst=$UP/dst=$UP vlan=7} / vxlan vni=100 / $(inner)"
	echo "$ok csum=bad / vxlan vni=100 / $(inner)"
	echo "$ok len=7 / vxlan vni=100 / $(inner)"
	echo "$ok len=3000 / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" version=5) / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" len=3000) / vxlan vni=100 / $(inner)"
	if [[ $1 == *:* ]]; then
		echo "$ok csum=zero / vxlan vni=100 / $(inner)"
		return
	fi
	echo "$(outer "$1" "$2" bad=1) / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" hlen=16) / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" hlen=60) / vxlan vni=100 cut=20 / $(inner)"
	echo "$(outer "$1" "$2" len=27) / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" mf=1) / vxlan vni=100 / $(inner)"
	echo "$(outer "$1" "$2" offset=64 id=9) / vxlan vni=100 / $(inner)"
}

forged_ipv4()
{
	local path source

	SENDER=$h2 DEV=up
	for path in auto off; do
		fastpath "$path"
		counted_frames 192.0.2.2 192.0.2.1 192.0.2.11 192.0.2.77 \
			>"$TMP/frames"
		expect "forged" "${COUNTED[@]}" <"$TMP/frames"
		unsound_frames 192.0.2.2 192.0.2.1 >"$TMP/frames"
		expect "unsound" <"$TMP/frames"
		# the stack alone does not let these through either
		for source in 224.0.0.5 239.1.1.1 0.0.0.0 127.0.0.1 \
			255.255.255.255; do
			echo "$(outer "$source" 192.0.2.1) / vxlan vni=100 / $(inner)"
		done >"$TMP/frames"
		if [ "$path" = auto ]; then
			expect "bad source" "bad-source-vtep 5" <"$TMP/frames"
		else
			expect "bad source" <"$TMP/frames"
		fi
		honest
		log_test "forged, IPv4 underlay, fastpath $path"
	done
}

forged_ipv6()
{
	local path source

	SENDER=$h2 DEV=up
	for path in auto off; do
		fastpath "$path"
		counted_frames 2001:db8::2 2001:db8::1 2001:db8::11 \
			2001:db8::77 >"$TMP/frames"
		expect "forged" "${COUNTED[@]}" <"$TMP/frames"
		unsound_frames 2001:db8::2 2001:db8::1 >"$TMP/frames"
		expect "unsound" <"$TMP/frames"
		for source in ff02::1 ff05::7 ::1; do
			echo "$(outer "$source" 2001:db8::1) / vxlan vni=100 / $(inner)"
		done >"$TMP/frames"
		if [ "$path" = auto ]; then
			expect "bad source" "bad-source-vtep 3" <"$TMP/frames"
		else
			expect "bad source" <"$TMP/frames"
		fi
		expect "no source" "bad-source-vtep 1" <<-END
			$(outer :: 2001:db8::1) / vxlan vni=100 / $(inner)
		END
		honest
		log_test "forged, IPv6 underlay, fastpath $path"
	done
}

truncated()
{
	local path peer mine hlen

	SENDER=$h2 DEV=up
	for path in auto off; do
		fastpath "$path"
		while read -r peer mine hlen; do
			# behind UDP, with lengths that say so: eight bytes of
			# VXLAN and fourteen of Ethernet are needed
			expect "short" "tunnel-header 22" <<-END
				$(outer "$peer" "$mine") / vxlan vni=100 cut=0..21 / $(inner)
			END
			# the sender says that there is more
			expect "cut" <<-END
				eth cut=14..$((14 + hlen + 8 + 8 + 14 + 47)) src=$FAR dst=$UP / ip src=$peer dst=$mine / udp dport=4789 / vxlan vni=100 / $(inner)
			END
			# and inside: no matter for the switch, but for the VM
			check "inside" forge "$SENDER" "$DEV" <<-END
				$(outer "$peer" "$mine") / vxlan vni=100 / eth src=$MAC_B dst=$MAC_A cut=14..61 / ip / udp / raw size=20
				$(outer "$peer" "$mine" tos=3) / vxlan vni=100 / eth src=$MAC_B dst=$MAC_A cut=14..61 / ip tos=1 / udp / raw size=20
				$(outer "$peer" "$mine" tos=3) / vxlan vni=100 / eth src=$MAC_B dst=$MAC_A cut=14..81 / ip6 tos=1 / udp / raw size=20
				$(outer "$peer" "$mine") / vxlan vni=100 / eth src=$MAC_B dst=$MAC_A vlan=5 cut=14..40 / ip / udp / raw size=20
			END
		done <<-END
			192.0.2.2 192.0.2.1 20
			2001:db8::2 2001:db8::1 40
		END
		honest
		log_test "truncated, fastpath $path"
	done
}

# Nothing is wrong with these: the stack takes them, so must we.
unusual_but_sound()
{
	local path before expected

	for path in auto off; do
		fastpath "$path"
		before=$(heard)
		all_drops "$h1" sw0 >"$TMP/before"
		forge "$h2" up <<-END
			$(outer 192.0.2.2 192.0.2.1 options=01010101) / vxlan vni=100 / $(inner)
			$(outer 192.0.2.2 192.0.2.1 df=1 ttl=1 tos=0xb8) csum=zero sport=1 / vxlan vni=100 / $(inner)
			$(outer 192.0.2.2 192.0.2.1 id=77 frag=24 part=1..2) / vxlan vni=100 / $(inner)
			$(outer 2001:db8::2 2001:db8::1 ttl=1 tos=0xb8) sport=1 / vxlan vni=100 / $(inner)
			$(outer 2001:db8::2 2001:db8::1 id=77 frag=24 part=1..2) / vxlan vni=100 / $(inner)
		END
		expected="$((${before% *} + 5)) ${before#* }"
		busywait 3000 counter_is "$expected" heard
		check_eq "heard" "$expected" heard
		check_eq "drops" "" drops_since "$TMP/before" "$h1" sw0
		log_test "unusual but sound, fastpath $path"
	done
}

prepare
run_tests
