#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Fence: hosts on one LAN whose MTU is that of the VMs, so that what is large
# goes in fragments. Fences 10 and 20 have VMs of the same addresses; the third
# host is no member of fence 10.
#
#  a10 a20 10.0.0.1   b10 b20 10.0.0.2        c20 10.0.0.3
#    |  |               |  |                    |
#  +--- h1 ---+       +--- h2 ---+          +--- h3 ---+
#  | sw0 :1   |       | sw0 :2   |          | sw0 :3   |
#  |   up     |       |   up     |          |   up     |
#  +----|-----+       +----|-----+          +----|-----+
#       p1                 p2                    p3
#       +------------------ lan -----------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	talk
	decoded
	by_the_book
	decoded_by_lua
	copies
	members_only
	streams
	coalesced
	fragments
	too_long
	two_ways_around
	turned_around
	moves
	traced
	forged
	truncated
	forged_outside
	fragments_in_order
	fragments_contradict
	fragments_lost
	fragments_forged
	flooded
	installations
	tagged
	far_away
	into_others
	settings
	refused
	comes_and_goes
"
FEW_TESTS="
	talk
	by_the_book
	streams
	fragments
	comes_and_goes
"

lan='' h1='' h2='' h3=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b
MAC_C=02:00:00:00:00:0c
FENCE=02:57:46/1
UNDERLAY_MTU=1500

# host N: the fence address of the Nth host
host()
{
	printf '02:57:46:01:00:%02x' "$1"
}

setup()
{
	local n ns vni

	setup_ns lan h1 h2 h3
	check "load" load_weft
	make_underlay_via "$lan" "$h1" "$h2" "$h3"
	for n in 1 2 3; do
		ns=h$n
		add_switch "${!ns}" sw0 fence $FENCE/$n uplink up
		# what is forged teaches the LAN nothing
		bridge -n "$lan" fdb add "$(host $n)" dev p$n master static sticky
		# no question about a host of the underlay among what is counted
		ip -n "${!ns}" link set dev up addrgenmode none
		ip -n "${!ns}" addr flush dev up
		for vni in 10 20; do
			[ "$n$vni" != 310 ] || continue
			check "fence" weft -n "${!ns}" segment add $vni \
				dev sw0 encap fence
		done
	done
	for vni in 10 20; do
		add_quiet_vm "$h1" sw0 a$vni $vni $MAC_A 10.0.0.1/24 \
			2001:db8:1::1/64
		add_quiet_vm "$h2" sw0 b$vni $vni $MAC_B 10.0.0.2/24 \
			2001:db8:1::2/64
	done
	add_quiet_vm "$h3" sw0 c20 20 $MAC_C 10.0.0.3/24
}

# fragments_of HOST FIELD: rx_packets, tx_packets or drops of fence 10
fragments_of()
{
	weft -n "$1" -s -j segment show 10 dev sw0 | jq ".[0].fragments.$2"
}

##############################################################################
# What goes through

require_cmd jq tshark

talk()
{
	local a=a10 b=b10

	both_ways "${!a}" 10.0.0.1 "${!b}" 10.0.0.2
	both_ways "${!a}" 2001:db8:1::1 "${!b}" 2001:db8:1::2
	check_match "learned" "peer $(host 2).* learned" \
		weft -n "$h1" map get "$MAC_B" vni 10 dev sw0
	check_match "a peer" "$(host 2) .*learned" \
		weft -n "$h1" -d peer show "$(host 2)" dev sw0
	check_match "reached" "mtu 1476 nexthop $(host 2) nexthop-dev up" \
		weft -n "$h1" -d peer show "$(host 2)" dev sw0
	check_match "shown" "10 dev sw0 encap fence .*group ff:ff:ff:ff:ff:ff" \
		weft -n "$h1" segment show 10 dev sw0
	check_match "the switch" "fence $FENCE/1" \
		weft -n "$h1" switch show sw0
	log_test "VMs talk within a fence"
}

# What tshark's own dissector for this EtherType sees.
decoded()
{
	local a=a10 cap=$TMP/decoded

	in_ns "$h1" ethtool -K up tx off >/dev/null	# checksums on the wire
	capture "$h1" up "$cap"
	check "ping" ping_vm "${!a}" 10.0.0.2 -c 3 -i 0.05
	capture_stop "$cap"
	in_ns "$h1" ethtool -K up tx on >/dev/null
	decode "$cap" -Y "icmp.type == 8" -T fields -E separator=/s \
		-e eth.src -e eth.dst -e vmlab.unknown1 -e vmlab.fragment \
		-e vmlab.unknown2 -e vmlab.pgrp -e vmlab.addr -e vmlab.dst \
		-e vmlab.src -e vmlab.subtype | sort -u >"$TMP/fields"
	check_eq "fields" "$(host 1) $(host 2) 0x00 0 0x00 10 $MAC_B $MAC_B $MAC_A 0x0800" \
		cat "$TMP/fields"
	check_eq "three" 3 packets "$cap" \
		"ether proto 0x88de and ether src $(host 1) and len > 100"
	check_eq "sound" "" decode_bad "$cap"
	log_test "tshark decodes fence"
}

# bytes_of CAPTURE: a packet a line
bytes_of()
{
	# shellcheck disable=SC2016
	tcpdump -nr "$1" -xx 2>/dev/null | awk '
		/^\t/ { $1 = ""; gsub(" ", ""); line = line $0; next }
		line { print line; line = "" }
		END { print line }'
}

# The bytes of a frame, of one to all, and of fragments.
by_the_book()
{
	local a=a10 cap=$TMP/book

	check "fence" weft -n "$h1" segment add $((0x123456)) dev sw0 \
		encap fence
	check "port" weft -n "$h1" port set a10 vni $((0x123456))
	check "entry" weft -n "$h1" map add "$MAC_B" vni $((0x123456)) dev sw0 \
		peer "$(host 2)"
	capture "$h1" up "$cap" ether proto 0x88de
	forge "${!a}" eth0 <<-END
		eth src=$MAC_A dst=$MAC_B type=0x88b5 / raw hex=000102030405
		eth src=$MAC_A dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw hex=060708
	END
	ip -n "$h1" link set dev up mtu 68
	forge "${!a}" eth0 <<-END
		eth src=$MAC_A dst=$MAC_B type=0x88b5 / raw size=70
	END
	ip -n "$h1" link set dev up mtu "$UNDERLAY_MTU"
	capture_stop "$cap"
	bytes_of "$cap" >"$TMP/bytes"
	check_match "whole" "^02574601000202574601000188de0056341202000000000b02000000000b02000000000a88b5000102030405
ffffffffffff02574601000188de00563412ffffffffffffffffffffffff02000000000a88b5060708
" cat "$TMP/bytes"
	check_match "fragments" "
02574601000202574601000188de04563412000[0-9a-f]0000000002000000000b02000000000a88b5000102030405060708090a0b0c0d0e0f101112131415161718191a1b
02574601000202574601000188de18563412000[0-9a-f]002a00001c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445$" \
		cat "$TMP/bytes"
	check "port" weft -n "$h1" port set a10 vni 10
	check "gone" weft -n "$h1" segment del $((0x123456)) dev sw0
	log_test "headers by the book"
}

# Fragments become the frame again where the last of them is.
decoded_by_lua()
{
	local a=a10 cap=$TMP/lua to from

	to=$(host 1),0,10 from=$(host 2),0,10
	capture "$h1" up "$cap" ether proto 0x88de
	check "small" ping_vm "${!a}" 10.0.0.2
	check "large" ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	capture_stop "$cap"
	# the last two: sum of ICMP, and what there is to complain about
	decode "$cap" -X lua_script:"$TOOLS/../../tools/wireshark/fence.lua" \
		-Y '!arp' -T fields -E occurrence=f -E separator=, \
		-e eth.src -e fence.version -e fence.id -e fence.type \
		-e fence.number -e fence.dst -e fence.offset \
		-e fence.reassembled.length -e ip.len -e icmp.type -e data.len \
		-e icmp.checksum.status -e _ws.expert.message >"$TMP/fields"
	check_eq "fields" "$(cat <<-END
		$to,0,0,$MAC_B,,,84,8,48,1,
		$from,0,0,$MAC_A,,,84,0,48,1,
		$to,1,0,,0,,,,757,,
		$to,2,1,,757,1514,1500,8,1464,1,
		$from,1,0,,0,,,,757,,
		$from,2,1,,757,1514,1500,0,1464,1,
	END
	)" cat "$TMP/fields"
	log_test "our dissector for Wireshark decodes fence"
}

# The same VMs in both: one goes, the other does not answer for it.
copies()
{
	local a=a10 a2=a20 b2=b20

	both_ways "${!a2}" 10.0.0.1 "${!b2}" 10.0.0.2
	ip -n "$h2" link set dev b10 down
	check "gone" no_ping_vm "${!a}" 10.0.0.2
	check "still there" ping_vm "${!a2}" 10.0.0.2
	ip -n "$h2" link set dev b10 up
	check "back" ping_vm "${!a}" 10.0.0.2
	log_test "the same VMs in two fences"
}

dropped_at()
{
	drops_since "$TMP/drops.$1" "${!1}" sw0 | sort
}

# drops_begin HOST..., check_drops WHAT HOST "REASON NUMBER"...: of what was
# dropped since
drops_begin()
{
	local host

	for host in "$@"; do
		all_drops "${!host}" sw0 >"$TMP/drops.$host"
	done
}

check_drops()
{
	local what=$1 host=$2 expected

	shift 2
	expected=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
	busywait 3000 counter_is "$expected" dropped_at "$host"
	check_eq "$what" "$expected" dropped_at "$host"
}

# no-listener is left out of drops_since, so it is asked for here
unheard()
{
	all_drops "$h3" sw0 | awk '$1 == "no-listener" { print $2 }'
}

members_only()
{
	local a=a10 c=c20 cap=$TMP/members before

	capture "${!c}" eth0 "$cap"
	drops_begin h3
	forge "${!a}" eth0 <<-END
		3*eth src=$MAC_A dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=20
	END
	check_drops "no such fence" h3 "unknown-vni 3"
	check "a fence without members" weft -n "$h3" segment add 10 \
		dev sw0 encap fence
	before=$(unheard)
	forge "${!a}" eth0 <<-END
		3*eth src=$MAC_A dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=20
	END
	busywait 3000 counter_is $((before + 3)) unheard
	check_eq "nobody is in it" $((before + 3)) unheard
	# it was dropped before anybody looked at the frame
	check_eq "nothing learned" "" weft -n "$h3" map show dev sw0 vni 10 \
		learned
	check "gone" weft -n "$h3" segment del 10 dev sw0
	capture_stop "$cap"
	check_eq "heard" 0 packets "$cap"
	log_test "what is sent to all is for hosts with members"
}

streams()
{
	local a=a10 b=b10

	serve "${!b}" "${!a}"
	check "out" stream "${!a}" 2000000 10.0.0.2
	check "in" stream "${!b}" 2000000 2001:db8:1::1
	check "datagrams" datagrams "${!a}" 5 20000 10.0.0.2
	log_test "TCP and UDP through a fence"
}

# tx_packets NAMESPACE PORT
tx_packets()
{
	weft -n "$1" -s -j port show "$2" dev sw0 | jq '.[0].stats.tx_packets'
}

# 2 MB are some 1400 packets on the LAN, and fewer for a VM whose host coalesces.
coalesced()
{
	local a=a10 b=b10 before apart together

	mtu_all 1476	# fragments are not coalesced
	before=$(tx_packets "$h2" b10)
	check "apart" stream "${!a}" 2000000 10.0.0.2
	apart=$(($(tx_packets "$h2" b10) - before))
	# which a veth does for a peer that does not segment
	check "no TSO" in_ns "$lan" ethtool -K p2 tso off
	check "GRO" in_ns "$h2" ethtool -K up gro on
	before=$(tx_packets "$h2" b10)
	check "together" stream "${!a}" 2000000 10.0.0.2
	check "IPv6" stream "${!a}" 2000000 2001:db8:1::2
	together=$(($(tx_packets "$h2" b10) - before))
	check "as before" in_ns "$h2" ethtool -K up gro off
	check "as before" in_ns "$lan" ethtool -K p2 tso on
	mtu_all 1500
	check "two of them take half" [ $((together * 2)) -lt "$apart" ]
	log_test "TCP through a fence is coalesced ($together of $apart)"
}

# mtu_all VM-MTU: of VMs in fence 10, and of their ports
mtu_all()
{
	local a=a10 b=b10

	ip -n "$h1" link set dev a10 mtu "$1"
	ip -n "$h2" link set dev b10 mtu "$1"
	ip -n "${!a}" link set dev eth0 mtu "$1"
	ip -n "${!b}" link set dev eth0 mtu "$1"
}

# counted HOST FIELD NUMBER COMMAND...: that many fragments come or go
counted()
{
	local host=$1 field=$2 number=$3 before

	shift 3
	before=$(fragments_of "$host" "$field")
	"$@" || return
	number=$((before + number))
	busywait 3000 counter_is "$number" fragments_of "$host" "$field" && return
	echo "expected $number, is $(fragments_of "$host" "$field")"
	return 1
}

fragments()
{
	local a=a10 cap=$TMP/fragments

	check "none" counted "$h1" tx_packets 0 \
		ping_vm "${!a}" 10.0.0.2 -s $((1476 - 28)) -M "do"
	check "two" counted "$h1" tx_packets 2 \
		ping_vm "${!a}" 10.0.0.2 -s $((1477 - 28)) -M "do"
	check "and back" counted "$h1" rx_packets 2 \
		ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	mtu_all 9000
	capture "$h1" up "$cap" "ether src $(host 1)"
	check "seven" counted "$h1" tx_packets 7 \
		ping_vm "${!a}" 10.0.0.2 -s $((9000 - 28)) -M "do"
	capture_stop "$cap"
	check_eq "of a length" "1310 1312 " lengths "$cap"
	check "TCP" stream "${!a}" 2000000 10.0.0.2
	check_match "shown" "fragments .*rx_packets [1-9].*tx_packets [1-9].*drops 0" \
		weft -n "$h1" -s segment show 10 dev sw0
	mtu_all 1500
	log_test "what is too long goes in fragments"
}

lengths()
{
	tcpdump -nr "$1" -e 2>/dev/null |
		sed -n 's/.*length \([0-9]*\):.*/\1/p' | sort -u | tr '\n' ' '
}

# A fence has 16 fragments to a frame, and a segment can have a limit.
too_long()
{
	local a=a10 most=$((16 * 1490 - 14))

	mtu_all $((most + 100))
	check "most" ping_vm "${!a}" 10.0.0.2 -s $((most - 28)) -M "do"
	check_fail "one more" ping_vm "${!a}" 10.0.0.2 -s $((most - 27)) \
		-M "do" -w 1
	check_match "told" "^10.0.0.2 .* mtu $most" \
		ip -n "${!a}" route get 10.0.0.2
	ip -n "${!a}" route flush cache
	check_fail "IPv6" ping_vm "${!a}" 2001:db8:1::2 -s $((most - 47)) \
		-M "do" -w 1
	check_match "told" "^2001:db8:1::2 .* mtu $most" \
		ip -n "${!a}" route get 2001:db8:1::2
	mtu_all 1500
	check "limit" weft -n "$h1" segment set 10 dev sw0 mtu 1400
	check "fits" ping_vm "${!a}" 10.0.0.2 -s $((1400 - 28)) -M "do"
	check_fail "one more" ping_vm "${!a}" 10.0.0.2 -s $((1401 - 28)) \
		-M "do" -w 1
	check_match "told" "^10.0.0.2 .* mtu 1400" \
		ip -n "${!a}" route get 10.0.0.2
	ip -n "${!a}" route flush cache
	check "no limit" weft -n "$h1" segment set 10 dev sw0 mtu 0
	log_test "what is longer than fragments can carry is answered"
}

# What the numbers of segment show are good for
two_ways_around()
{
	local a=a10 numbers vm_mtu uplink_mtu n

	numbers=$(weft -n "$h1" -j segment show 10 dev sw0 |
		jq -r '.[0] | "\(.overhead) \(.vm_mtu) \(.uplink_mtu)"')
	check_eq "numbers" "24 1476 1524" echo "$numbers"
	read -r _ vm_mtu uplink_mtu <<<"$numbers"
	mtu_all "$vm_mtu"
	check "smaller VMs" counted "$h1" tx_packets 0 \
		stream "${!a}" 500000 10.0.0.2
	mtu_all 1500
	check "fragments" counted "$h1" tx_packets 2 \
		ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	for n in 1 2 3; do
		ip -n "$lan" link set dev p"$n" mtu "$uplink_mtu"
	done
	ip -n "$lan" link set dev br mtu "$uplink_mtu"
	ip -n "$h1" link set dev up mtu "$uplink_mtu"
	ip -n "$h2" link set dev up mtu "$uplink_mtu"
	check "larger uplinks" counted "$h1" tx_packets 0 \
		stream "${!a}" 500000 10.0.0.2
	check "packets" counted "$h1" tx_packets 0 \
		ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	ip -n "$h1" link set dev up mtu 1500
	ip -n "$h2" link set dev up mtu 1500
	log_test "the two ways around fragments"
}

turned_around()
{
	local a=a10 d=d10 cap=$TMP/around

	add_quiet_vm "$h1" sw0 d10 10 02:00:00:00:00:0d 10.0.0.4/24
	check "ping" ping_vm "${!d}" 10.0.0.1
	capture "$h1" up "$cap"
	check "ping" ping_vm "${!a}" 10.0.0.4 -c 3 -i 0.05
	check "large" ping_vm "${!a}" 10.0.0.4 -s 1472 -M "do"
	capture_stop "$cap"
	check_eq "on the LAN" 0 packets "$cap" ether proto 0x88de
	ip -n "$h1" link del dev d10
	log_test "members of one host talk within it"
}

# A VM that moved is known by its first frame.
moves()
{
	local a=a20 c=c20 d=d20

	check "there" ping_vm "${!a}" 10.0.0.3
	check_match "there" "peer $(host 3)" \
		weft -n "$h1" map get "$MAC_C" vni 20 dev sw0
	ip -n "$h3" link set dev c20 down
	add_quiet_vm "$h2" sw0 d20 20 "$MAC_C" 10.0.0.3/24
	forge "${!d}" eth0 <<-END
		eth src=$MAC_C dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=20
	END
	check "moved" busywait 3000 is_at "$(host 2)"
	check "talks" ping_vm "${!a}" 10.0.0.3
	ip -n "$h2" link del dev d20
	ip -n "$h3" link set dev c20 up
	check "back" ping_vm "${!c}" 10.0.0.1
	log_test "a VM that moved to another host"
}

is_at()
{
	weft -n "$h1" map get "$MAC_C" vni 20 dev sw0 | grep -q "peer $1"
}

traced()
{
	check_match "to a host" "peer $(host 2).*decision path tunnel" \
		weft -n "$h1" trace dev sw0 port a10 src "$MAC_A" dst "$MAC_B"
	check_match "to all" "peer ff:ff:ff:ff:ff:ff" \
		weft -n "$h1" trace dev sw0 port a10 src "$MAC_A" \
		dst 02:00:00:00:00:77
	check_match "from a host" "path port" weft -n "$h1" trace dev sw0 \
		peer "$(host 2)" vni 10 src "$MAC_B" dst "$MAC_A"
	check_match "from another installation" "bad-source-vtep" \
		weft -n "$h1" trace dev sw0 peer 02:57:46:02:00:02 vni 10 \
		src "$MAC_B" dst "$MAC_A"
	log_test "trace tells of fences"
}

##############################################################################
# Forged, by h3

# inject HEARD "REASON NUMBER"... <FRAMES: so many come to a10, the others are
# dropped by h1 for that and nothing else
inject()
{
	local heard=$1 cap=$TMP/inject a=a10

	shift
	drops_begin h1
	capture "${!a}" eth0 "$cap" udp and src 10.0.0.2
	check "send" forge "$h3" up
	check_drops "drops" h1 "$@"
	capture_stop "$cap"
	check_eq "heard" "$heard" packets "$cap"
}

INNER="eth src=$MAC_B dst=$MAC_A / ip src=10.0.0.2 dst=10.0.0.1 / udp dport=9"
SMALL="$INNER / raw size=20"
LARGE="$INNER / raw size=2000"

# from HOST: what is before the fence header, to h1
from()
{
	echo "eth src=$(host "$1") dst=$(host 1)"
}

forged()
{
	local o all

	o=$(from 2)
	all="eth src=$(host 2) dst=ff:ff:ff:ff:ff:ff"
	inject 3 <<-END
		$o / fence vni=10 / $SMALL
		$all / fence vni=10 / $SMALL
		$o / fence vni=10 from=0 to=9999 id=7 kind=2 / $SMALL
	END
	inject 0 "tunnel-flags 7" "tunnel-header 1" "unknown-vni 1" \
		"fragment 2" <<-END
		$o / fence vni=10 version=1 / $SMALL
		$o / fence vni=10 version=2 / $SMALL
		$o / fence vni=10 version=3 / $SMALL
		$o / fence vni=10 kind=3 / $SMALL
		$o / fence vni=10 number=1 / $SMALL
		$o / fence vni=10 from=0 to=9999 kind=2 zero=1 / $SMALL
		$o / fence vni=10 from=0 to=20 zero=256 / $SMALL
		$o / fence vni=10 dst=$MAC_C / $SMALL
		$o / fence vni=999 / $SMALL
		$o / fence vni=10 from=0 to=20 offset=8 / $SMALL
		$o / fence vni=10 from=8 to=20 number=0 / $SMALL
	END
	inject 0 "own-source 1" "bad-source-mac 1" <<-END
		$(from 1) / fence vni=10 / $SMALL
		$o / fence vni=10 / eth src=01:00:00:00:00:01 dst=$MAC_A / ip / udp
	END
	log_test "forged frames are dropped and counted"
}

truncated()
{
	inject 0 "tunnel-header 18" "short-frame 6" <<-END
		$(from 2) / fence vni=10 cut=0..9 / $SMALL
		$(from 2) / fence vni=10 cut=10..15 / $SMALL
		$(from 2) / fence vni=10 cut=16..23 / $SMALL
	END
	log_test "truncation at every byte"
}

# What is another's never comes in, and is not counted as ours.
forged_outside()
{
	inject 0 <<-END
		eth src=02:57:47:01:00:02 dst=$(host 1) / fence vni=10 / $SMALL
		eth src=02:57:46:02:00:02 dst=$(host 1) / fence vni=10 / $SMALL
		eth src=02:57:46:02:00:02 dst=ff:ff:ff:ff:ff:ff / fence vni=10 / $SMALL
		eth src=$(host 2) dst=$(host 9) / fence vni=10 / $SMALL
		eth src=$(host 2) dst=01:57:46:01:00:01 / fence vni=10 / $SMALL
		eth src=$(host 2) dst=$(host 1) type=0x88b5 / fence vni=10 / $SMALL
		eth src=$(host 2) dst=$(host 1) vlan=5 / fence vni=10 / $SMALL
		eth src=$MAC_B dst=$MAC_A / ip src=10.0.0.2 dst=10.0.0.1 / udp
		eth src=$MAC_B dst=ff:ff:ff:ff:ff:ff / ip src=10.0.0.2 dst=10.0.0.1 / udp
	END
	log_test "what is not of the installation stays outside"
}

##############################################################################
# Fragments

# piece ID NUMBER FROM TO [SETTING...]: of a frame of 2042 bytes
piece()
{
	echo "$(from 2) / fence vni=10 id=$1 number=$2 from=$3 to=$4 ${*:5} / $LARGE"
}

fragments_in_order()
{
	mtu_all 9000
	inject 1 <<-END
		$(piece 1 0 0 700)
		$(piece 1 1 700 1400)
		$(piece 1 2 1400 9999)
	END
	inject 3 <<-END
		$(piece 2 2 1400 9999)
		$(piece 2 1 700 1400)
		$(piece 2 0 0 700)
		$(piece 3 1 700 1400)
		$(piece 3 0 0 700)
		$(piece 3 2 1400 9999)
		$(piece 4 1 701 1401)
		$(piece 4 2 1401 9999)
		$(piece 4 0 0 701)
	END
	inject 1 "fragment-duplicate 2" <<-END
		$(piece 5 1 700 1400)
		$(piece 5 0 0 700)
		$(piece 5 0 0 700)
		$(piece 5 1 700 1400)
		$(piece 5 2 1400 9999)
	END
	# two frames at a time, of one host and of two with one number
	inject 3 <<-END
		$(piece 6 0 0 1000)
		$(piece 7 0 0 900)
		eth src=$(host 3) dst=$(host 1) / fence vni=10 id=7 from=0 to=800 / $LARGE
		$(piece 6 1 1000 9999)
		$(piece 7 1 900 9999)
		eth src=$(host 3) dst=$(host 1) / fence vni=10 id=7 number=1 from=800 to=9999 / $LARGE
	END
	log_test "fragments in any order, and twice"
}

# each a case: fragments of a frame that contradict each other
CONTRADICT="
	piece 11 0 0 700; piece 11 1 699 1400
	piece 12 1 700 1400; piece 12 0 0 701
	piece 13 0 0 700; piece 13 0 0 699
	piece 14 0 0 700; piece 14 1 701 1400
	piece 15 1 700 9999; piece 15 2 1400 9999
	piece 16 2 1400 9999; piece 16 1 700 9999
	piece 17 1 700 9999; piece 17 2 1400 1500
	piece 18 0 0 700; piece 18 2 700 1400; piece 18 1 1400 1500
	piece 19 0 0 0
	piece 20 1 0 700 offset=65000
"

# contradict CASE...: each is found
contradict()
{
	inject 0 "fragment $#" <<<"$(for case; do eval "$case"; done)"
	[ "$RET" = 0 ] || fail "in" "$@"
}

# What contradicts takes the whole frame with it.
fragments_contradict()
{
	local case cases

	mapfile -t cases < <(grep piece <<<"$CONTRADICT")
	contradict "${cases[@]}"
	# which of them?
	[ "$RET" = 0 ] || for case in "${cases[@]}"; do
		contradict "$case"
	done
	check "none stays" busywait 3000 nothing_kept
	log_test "fragments that contradict are dropped with all others"
}

# nothing_kept: no memory is taken by incomplete frames
nothing_kept()
{
	[ "$(weft -n "$h1" -j switch show sw0 | jq '.[0].reassembly')" = 0 ]
}

fragments_lost()
{
	local before

	before=$(fragments_of "$h1" drops)
	inject 0 "fragment-timeout 3" <<-END
		$(piece 21 0 0 700)
		$(piece 21 1 700 1400)
		$(piece 22 1 1000 9999)
		$(piece 23 0 0 700)
		$(piece 23 2 1400 9999)
	END
	check_eq "lost" $((before + 3)) fragments_of "$h1" drops
	check "none stays" busywait 3000 nothing_kept
	log_test "frames whose fragments are lost are forgotten in time"
}

# Of others, and into other fences
fragments_forged()
{
	inject 0 "unknown-vni 1" "own-source 1" "fragment-timeout 2" <<-END
		$(piece 31 0 0 1000)
		$(from 1) / fence vni=10 id=31 number=1 from=1000 to=9999 / $LARGE
		eth src=$(host 3) dst=$(host 1) / fence vni=10 id=31 number=1 from=1000 to=9999 / $LARGE
		$(from 2) / fence vni=999 id=31 number=1 from=1000 to=9999 / $LARGE
	END
	# fence 20 has the rest
	inject 0 "fragment-timeout 2" <<-END
		$(piece 32 0 0 1000)
		$(from 2) / fence vni=20 id=32 number=1 from=1000 to=9999 / $LARGE
	END
	inject 0 "tunnel-header 1" "fragment-timeout 1" <<-END
		$(from 2) / fence vni=10 id=33 from=0 to=9 / $SMALL
		$(from 2) / fence vni=10 id=34 from=0 to=7 kind=2 / $SMALL
	END
	mtu_all 1500
	log_test "fragments of others complete nothing"
}

# One host sends first fragments, and nothing after: others go on.
flooded()
{
	local a=a10 b=b10 kept n

	drops_begin h1
	check "flood" forge "$h3" up <<-END
		eth src=$(host 3) dst=$(host 1) / fence vni=10 id=1..3000 from=0 to=700 / $LARGE
	END
	kept=$(weft -n "$h1" -j switch show sw0 | jq '.[0].reassembly')
	check "bounded" [ "$kept" -le $((600 << 10)) ]
	check "honest" ping_vm "${!b}" 10.0.0.1 -s 1472 -M "do"
	check_match "limited" "fragment-limit [1-9]" dropped_at h1
	check "forgotten" busywait 5000 nothing_kept
	for n in 10 11 12 13 14 15 16 17 18 19; do
		echo "eth src=$(host "$n") dst=$(host 1) / fence vni=10 id=1..300 from=0 to=700 / $LARGE"
	done | check "all hosts" forge "$h3" up
	kept=$(weft -n "$h1" -j switch show sw0 | jq '.[0].reassembly')
	check "bounded" [ "$kept" -le $((5 << 20)) ]
	check "whole frames" ping_vm "${!b}" 10.0.0.1
	check "forgotten" busywait 5000 nothing_kept
	check "fragments" ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	log_test "a flood of first fragments"
}

##############################################################################
# Around it

# Another installation on the same LAN, with the same fences and hosts.
installations()
{
	local n ns a=a10 other=o1

	for n in 1 2; do
		ns=h$n
		add_switch "${!ns}" sw1 fence 02:57:46/2/"$n" uplink up
		check "fence" weft -n "${!ns}" segment add 10 dev sw1 \
			encap fence
		add_quiet_vm "${!ns}" sw1 o"$n" 10 02:00:00:00:00:0"$n" \
			10.0.0.$((n + 10))/24
	done
	check "its own" ping_vm "${!other}" 10.0.0.12 -s 1472 -M "do"
	check "not the other" no_ping_vm "${!other}" 10.0.0.2
	check "nor back" no_ping_vm "${!a}" 10.0.0.12
	check "as before" ping_vm "${!a}" 10.0.0.2
	for n in 1 2; do
		ns=h$n
		ip -n "${!ns}" link del dev o"$n"
		ip -n "${!ns}" link del dev sw1
	done
	log_test "two installations on one LAN"
}

# Uplinks that are VLANs
tagged()
{
	local n ns a=a10 cap=$TMP/tagged

	for n in 1 2; do
		ns=h$n
		check "VLAN" ip -n "${!ns}" -batch - <<-END
			link add link up name up.7 type vlan id 7
			link set dev up.7 addrgenmode none
			link set dev up.7 up
		END
		check "uplink" weft -n "${!ns}" switch set sw0 uplink up.7
	done
	capture "$h1" up "$cap" "ether src $(host 1)"
	check "ping" ping_vm "${!a}" 10.0.0.2 -s 1472 -M "do"
	check "TCP" stream "${!a}" 500000 10.0.0.2
	capture_stop "$cap"
	check_match "tagged" "^[1-9]" packets "$cap" vlan 7 and \
		ether proto 0x88de
	check_eq "all" 0 packets "$cap" not vlan
	for n in 1 2; do
		ns=h$n
		check "uplink" weft -n "${!ns}" switch set sw0 uplink up
		ip -n "${!ns}" link del dev up.7
	done
	check "ping" ping_vm "${!a}" 10.0.0.2
	log_test "a tagged underlay"
}

# F11: a host that is not on the LAN, by VXLAN, in the same segment
far_away()
{
	local a=a10 b=b10 f=f10 n ns cap=$TMP/far

	setup_ns h4
	for n in 1 2; do
		ns=h$n
		ip -n "${!ns}" link add name far type veth peer name up"$n" \
			netns "$h4"
		ip -n "${!ns}" -batch - <<-END
			addr add 198.51.100.$n/30 dev far
			link set dev far addrgenmode none
			link set dev far mtu 1600 up
		END
	done
	far_host
	capture "$h1" far "$cap" udp
	check "by VXLAN" ping_vm "${!a}" 10.0.0.9
	check "and back" ping_vm "${!f}" 10.0.0.1
	check "by fence" ping_vm "${!a}" 10.0.0.2
	check "both" ping_vm "${!f}" 10.0.0.2
	capture_stop "$cap"
	check_match "VXLAN" "^[1-9]" packets "$cap" port 4789
	check_match "one map" "peer 198.51.100.9" \
		weft -n "$h1" map get 02:00:00:00:00:09 vni 10 dev sw0
	check_match "one map" "peer $(host 2)" \
		weft -n "$h1" map get "$MAC_B" vni 10 dev sw0
	check "forgotten" weft -n "$h1" peer del 198.51.100.9 dev sw0
	check "no peer" no_ping_vm "${!f}" 10.0.0.1
	log_test "a far host by VXLAN in the same segment"
	for n in 1 2; do
		ns=h$n
		ip -n "${!ns}" link del dev far
		weft -n "${!ns}" switch set sw0 local none
	done
	check "still" ping_vm "${!a}" 10.0.0.2
	log_test "and without it"
}
h4=''

# The far host: bridge and vxlan, with an address that both others route to
far_host()
{
	local n ns

	ip -n "$h4" -batch - <<-END
		addr add 198.51.100.9/32 dev lo
		link set dev up1 mtu 1600 up
		link set dev up2 mtu 1600 up
		route add 198.51.100.1/32 dev up1
		route add 198.51.100.2/32 dev up2
	END
	add_vxlan "$h4" 10 local 198.51.100.9
	for n in 1 2; do
		ns=h$n
		check "peer of the far host" in_ns "$h4" bridge fdb append \
			00:00:00:00:00:00 dev vx10 dst 198.51.100."$n"
		ip -n "${!ns}" route add 198.51.100.9/32 dev far
		check "local" weft -n "${!ns}" switch set sw0 uplink up \
			uplink far local 198.51.100."$n"
		check "peer" weft -n "${!ns}" peer add 198.51.100.9 dev sw0 \
			vni 10
	done
	add_bridge_vm "$h4" 10 f10 02:00:00:00:00:09 10.0.0.9/24
}

# Not even between encapsulations does anything cross.
into_others()
{
	local a=a10

	check "local" weft -n "$h1" switch set sw0 local 192.0.2.1
	ip -n "$h1" addr add 192.0.2.1/24 dev up
	check "VXLAN" weft -n "$h1" segment add 30 dev sw0
	inject 0 "encap-mismatch 3" <<-END
		$(from 2) / fence vni=30 / $SMALL
		$(from 2) / fence vni=30 from=0 to=20 / $SMALL
		eth src=02:00:00:00:00:03 dst=$(mac_of "$h1" up) / ip src=192.0.2.3 dst=192.0.2.1 / udp dport=4789 / vxlan vni=10 / $SMALL
	END
	check "VXLAN" weft -n "$h1" segment del 30 dev sw0
	ip -n "$h1" addr flush dev up
	check "local" weft -n "$h1" switch set sw0 local none
	check "as before" ping_vm "${!a}" 10.0.0.2
	log_test "neither fence into VXLAN nor the reverse"
}

settings()
{
	local a=a10

	check "to hosts alone" weft -n "$h1" segment set 10 dev sw0 group none
	check "flush" weft -n "$h1" map flush dev sw0 vni 10
	check "nobody is asked" no_ping_vm "${!a}" 10.0.0.2
	check "a peer" weft -n "$h1" peer add "$(host 2)" dev sw0 vni 10
	check "asked" ping_vm "${!a}" 10.0.0.2
	check "gone" weft -n "$h1" peer del "$(host 2)" dev sw0
	check "all" weft -n "$h1" segment set 10 dev sw0 \
		group ff:ff:ff:ff:ff:ff
	check "asked" ping_vm "${!a}" 10.0.0.2
	check "to VXLAN" weft -n "$h1" switch set sw0 local 192.0.2.1
	check "to VXLAN" weft -n "$h1" segment set 10 dev sw0 encap vxlan
	check_match "no group" "encap vxlan learning" \
		weft -n "$h1" segment show 10 dev sw0
	check "not understood" no_ping_vm "${!a}" 10.0.0.2
	check "to fence" weft -n "$h1" segment set 10 dev sw0 encap fence
	check "again" ping_vm "${!a}" 10.0.0.2
	check "local" weft -n "$h1" switch set sw0 local none
	check "another host" weft -n "$h1" switch set sw0 fence "$FENCE"/300
	check "by that" ping_vm "${!a}" 10.0.0.2
	check "back" weft -n "$h1" switch set sw0 fence "$FENCE"/1
	check "by that" ping_vm "${!a}" 10.0.0.2
	log_test "settings of fences"
}

refused()
{
	local monitor

	check_refused "address" "fence address" weft -n "$h1" switch set sw0 \
		fence none
	check_refused "group's" "must not be a group's" weft -n "$h1" \
		switch add sw9 fence 03:57:46/1/1
	check_refused "twice" "has this fence address" weft -n "$h1" \
		switch add sw9 fence "$FENCE"/1
	check_refused "installation" "uplink and installation" weft -n "$h1" \
		switch add sw9 fence "$FENCE"/9 uplink up
	add_switch "$h1" sw2
	check_refused "none" "needs a fence address" weft -n "$h1" \
		segment add 10 dev sw2 encap fence
	check_refused "no peer" "no local address" weft -n "$h1" \
		peer add "$(host 2)" dev sw2
	# who listens hears of what goes
	start weft -n "$h1" monitor config >"$TMP/monitor" 2>&1
	monitor=$!
	check "heard" busywait 5000 heard_of_segment
	check "segment" weft -n "$h1" segment add 12 dev sw2
	ip -n "$h1" link del dev sw2
	check "heard" busywait 5000 grep -q "Deleted segment 12" "$TMP/monitor"
	stop "$monitor"
	check_refused "another's" "another installation" weft -n "$h1" \
		peer add 02:57:46:02:00:02 dev sw0
	check_refused "itself" "own local address" weft -n "$h1" \
		peer add "$(host 1)" dev sw0
	check_refused "lladdr" "MAC address already" weft -n "$h1" \
		peer add "$(host 2)" dev sw0 lladdr 02:00:00:00:00:01
	check_refused "encap" "of another kind" weft -n "$h1" \
		peer add "$(host 2)" dev sw0 encap vxlan
	check_refused "group" "broadcast address" weft -n "$h1" \
		segment set 10 dev sw0 group 01:00:5e:00:00:01
	check_refused "IP group" "of another kind" weft -n "$h1" \
		segment set 10 dev sw0 group 239.0.0.1
	check_refused "group-dev" "first uplink" weft -n "$h1" \
		segment set 10 dev sw0 group ff:ff:ff:ff:ff:ff group-dev up
	check_match "as it was" "group ff:ff:ff:ff:ff:ff" \
		weft -n "$h1" segment show 10 dev sw0
	check_refused "gateway" "not an IP address" weft -n "$h1" \
		segment set 10 dev sw0 gateway "$MAC_B" lladdr "$MAC_B"
	ip -n "$h1" link add name br9 type bridge
	check_refused "bridge" "does not hand up" weft -n "$h1" \
		switch add sw9 fence 02:57:46/3/1 uplink br9
	ip -n "$h1" link del dev br9
	log_test "what can't be is refused"
}

heard_of_segment()
{
	weft -n "$h1" segment add 11 dev sw2 &&
		weft -n "$h1" segment del 11 dev sw2
	grep -q "segment 11" "$TMP/monitor"
}

# The uplink goes, and comes back.
comes_and_goes()
{
	local a=a10

	ip -n "$h1" link set dev up down
	check "down" no_ping_vm "${!a}" 10.0.0.2
	ip -n "$h1" link set dev up up
	check "up" ping_vm "${!a}" 10.0.0.2
	ip -n "$lan" link del dev p1
	check_match "none" "fence $FENCE/1" weft -n "$h1" switch show sw0
	check "gone" no_ping_vm "${!a}" 10.0.0.2
	ip -n "$lan" link add name p1 type veth peer name up netns "$h1"
	ip -n "$lan" link set dev p1 master br up
	ip -n "$h1" link set dev up addrgenmode none
	ip -n "$h1" link set dev up up
	check "uplink" weft -n "$h1" switch set sw0 uplink up
	check "back" ping_vm "${!a}" 10.0.0.2
	log_test "the uplink comes and goes"
}

prepare
run_tests
