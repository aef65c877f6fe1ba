#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# GENEVE and NVGRE: one end is weft, the other a bridge with the kernel's geneve
# or gretap. Each segment has VMs of the same addresses, and VXLAN is beside.
#
#   aVNI 10.0.0.1                  bVNI 10.0.0.2
#     |  2001:db8:1::1               |  2001:db8:1::2
#  +------- h1 --------+          +-------- h2 -----------+
#  | sw0 (weft)        |          | brVNI (bridge)        |
#  |                   |          | tVNI (geneve, gretap) |
#  | up 192.0.2.1      |----------| up 192.0.2.2          |
#  |    2001:db8::1    |          |    2001:db8::2        |
#  +-------------------+          +-----------------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	talk_each
	decoded
	streams
	fit
	firewalled
	apart
	forged_geneve
	forged_nvgre
	options_sent
	flows
	beside_gretap
	peers_differ
	another_encapsulation
	refused
"
FEW_TESTS="
	talk_each
	streams
	firewalled
	beside_gretap
"

h1='' h2='' h3=''
MAC_A=02:00:00:00:00:0a
MAC_B=02:00:00:00:00:0b

# VNI, kind of the other end, family; those that this kernel has not go
SEGMENTS="
	14 geneve 4
	16 geneve 6
	24 gretap 4
	26 gretap 6
	34 vxlan 4
"

encap_of()
{
	[ "$1" = gretap ] && echo nvgre || echo "$1"
}

# vtep_of N 4|6
vtep_of()
{
	if [ "$2" = 6 ]; then vtep6 "$1"; else vtep "$1"; fi
}

# add_tunnel VNI KIND FAMILY: the other end
add_tunnel()
{
	local vni=$1 kind=$2 family=$3 words

	case $kind in
	vxlan)	words="vxlan id $vni dstport 4789 local $(vtep_of 2 "$family")
			remote $(vtep_of 1 "$family")" ;;
	geneve)	words="geneve id $vni dstport 6081
			remote $(vtep_of 1 "$family")" ;;
	gretap)	words="gretap local $(vtep 2) remote $(vtep 1)
			key $((vni * 256)) nopmtudisc"
		[ "$family" = 4 ] ||
			words="ip6gretap local $(vtep6 2) remote $(vtep6 1)
				key $((vni * 256)) encaplimit none" ;;
	esac
	# shellcheck disable=SC2086	# words
	ip -n "$h2" link add name "t$vni" type $words 2>/dev/null || return
	check "bridge" ip -n "$h2" -batch - <<-END
		link add name br$vni type bridge mcast_snooping 0
		link set dev t$vni addrgenmode none
		link set dev br$vni addrgenmode none
		link set dev t$vni master br$vni up
		link set dev br$vni up
	END
}

require_cmd nft jq tshark

setup()
{
	local vni kind family rest=''

	setup_ns h1 h2
	check "load" load_weft
	make_underlay "$h1" "$h2"
	# one source port: gretap wants to know the whole key, which has the flow
	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up \
		srcport 50000 50000
	while read -r vni kind family; do
		[ -n "$vni" ] || continue
		if ! add_tunnel "$vni" "$kind" "$family"; then
			echo "# no $kind over IPv$family in this kernel"
			continue
		fi
		rest+="$vni $kind $family"$'\n'
		check "segment" weft -n "$h1" -b - <<-END
			segment add $vni dev sw0 encap $(encap_of "$kind")
			peer add $(vtep_of 2 "$family") dev sw0 vni $vni
		END
		add_quiet_vm "$h1" sw0 "a$vni" "$vni" "$MAC_A" 10.0.0.1/24 \
			2001:db8:1::1/64
		add_bridge_vm "$h2" "$vni" "b$vni" "$MAC_B" 10.0.0.2/24 \
			2001:db8:1::2/64
	done <<<"$SEGMENTS"
	SEGMENTS=$rest
}

# each COMMAND...: for each segment, with vni, kind, family, a and b set
each()
{
	local vni kind family a b

	while read -r vni kind family <&9; do
		[ -n "$vni" ] || continue
		a=a$vni b=b$vni
		a=${!a} b=${!b}
		"$@"
	done 9<<<"$SEGMENTS"
}

has()
{
	grep -q "^$1 " <<<"$SEGMENTS"
}

talk_one()
{
	both_ways "$a" 10.0.0.1 "$b" 10.0.0.2
	both_ways "$a" 2001:db8:1::1 "$b" 2001:db8:1::2
	check_match "learned" "peer $(vtep_of 2 "$family").* learned" \
		weft -n "$h1" map get "$MAC_B" vni "$vni" dev sw0
	check_match "shown" "encap $(encap_of "$kind")" \
		weft -n "$h1" segment show "$vni" dev sw0
	check_match "traced" "decision path tunnel" weft -n "$h1" trace \
		dev sw0 port "a$vni" src "$MAC_A" dst "$MAC_B"
	log_test "$(encap_of "$kind") with the kernel's $kind, IPv$family underlay"
}

talk_each()
{
	each talk_one
}

# What tshark sees of ping from here: the segment, and nothing amiss. An
# NVGRE key is the VSID and the FlowID.
expected_one()
{
	local n

	for n in 1 2 3; do
		case $kind in
		geneve)	printf 'geneve 0x%06x\n' "$vni" ;;
		gretap)	printf 'nvgre 0x%08x\n' $((vni * 256)) ;;
		esac
	done
}

ping_one()
{
	check "ping" ping_vm "$a" 10.0.0.2 -c 3 -i 0.05
}

decoded()
{
	local cap=$TMP/decoded

	in_ns "$h1" ethtool -K up tx off >/dev/null	# checksums on the wire
	capture "$h1" up "$cap" "src $(vtep 1) or src $(vtep6 1)"
	each ping_one
	capture_stop "$cap"
	in_ns "$h1" ethtool -K up tx on >/dev/null
	decode "$cap" -Y "icmp.type == 8" -T fields -E separator=, \
		-e geneve.vni -e gre.key -e vxlan.vni |
		sed -n 's/^\(0x[^,]*\),,/geneve \1/p
			s/^,\(0x[^,]*\),/nvgre \1/p' | sort >"$TMP/fields"
	check_eq "segments" "$(each expected_one | sort)" cat "$TMP/fields"
	check_eq "sound" "" decode_bad "$cap"
	log_test "tshark decodes GENEVE and NVGRE"
}

stream_one()
{
	serve "$b" "$a"
	check "out" stream "$a" 2000000 10.0.0.2
	check "in" stream "$b" 2000000 2001:db8:1::1
	log_test "TCP by $(encap_of "$kind"), IPv$family underlay"
}

streams()
{
	each stream_one
}

# What is told to fit does, and not a byte more.
fit_one()
{
	local overhead mtu

	overhead=$(weft -n "$h1" -j segment show "$vni" dev sw0 |
		jq '.[0].overhead')
	[ "$family" = 4 ] || overhead=$((overhead + 20))
	mtu=$((1600 - overhead))
	ip -n "$a" link set dev eth0 mtu 1600
	ip -n "$h1" link set dev "a$vni" mtu 1600
	ip -n "$b" link set dev eth0 mtu 1600
	ip -n "$h2" -batch - <<-END
		link set dev b$vni mtu 1600
		link set dev t$vni mtu $mtu
		link set dev br$vni mtu $mtu
	END
	check "$mtu bytes" ping_vm "$a" 10.0.0.2 -s $((mtu - 28)) -M "do"
	check_fail "one more" ping_vm "$a" 10.0.0.2 -s $((mtu - 27)) -M "do" -w 1
	check_match "told" "^10.0.0.2 .* mtu $mtu" \
		ip -n "$a" route get 10.0.0.2
	ip -n "$a" route flush cache
	log_test "MTU by $(encap_of "$kind"), IPv$family underlay"
}

fit()
{
	each fit_one
}

# A firewall of the underlay sees the tunnel, and is obeyed.
firewalled_one()
{
	local match="meta l4proto 47"

	[ "$kind" = gretap ] || match="udp dport { 4789, 6081 }"
	check "rules" in_ns "$h1" nft -f - <<-END
		table inet t {
			chain in {
				type filter hook input priority 0
				$match counter
			}
			chain out {
				type filter hook output priority 0
				$match counter
			}
		}
	END
	check "ping" ping_vm "$a" 10.0.0.2 -c 3 -i 0.05
	check_match "seen coming" "^[3-9]" hits in
	check_match "seen going" "^[3-9]" hits out
	check "forbid" in_ns "$h1" nft "insert rule inet t in $match drop"
	check "nobody" no_ping_vm "$a" 10.0.0.2
	in_ns "$h1" nft flush ruleset
	check "ping" ping_vm "$a" 10.0.0.2
	log_test "a firewall and $(encap_of "$kind"), IPv$family underlay"
}

# hits CHAIN: packets of its rule
hits()
{
	in_ns "$h1" nft list chain inet t "$1" |
		sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'
}

firewalled()
{
	each firewalled_one
}

# The same VMs in all: one goes, the others do not answer for it.
apart()
{
	local gone=b14 from=a14

	has 14 || { skip "no geneve"; return; }
	ip -n "${!gone}" link set dev eth0 down
	check "gone" no_ping_vm "${!from}" 10.0.0.2
	each still_there
	ip -n "${!gone}" link set dev eth0 up
	check "back" ping_vm "${!from}" 10.0.0.2
	log_test "segments stay apart, whatever they are carried by"
}

still_there()
{
	[ "$vni" = 14 ] || check "$kind" ping_vm "$a" 10.0.0.2
}

##############################################################################
# Forged

dropped()
{
	drops_since "$TMP/drops" "$h1" sw0 | sort
}

# inject VM-NAMESPACE HEARD "REASON NUMBER"... <FRAMES: from h2; so many come to
# the VM, the others are dropped for that and nothing else
inject()
{
	local vm=$1 heard=$2 cap=$TMP/inject expected

	shift 2
	expected=$([ $# -eq 0 ] || printf '%s\n' "$@" | sort)
	all_drops "$h1" sw0 >"$TMP/drops"
	capture "$vm" eth0 "$cap" udp and src 10.0.0.2
	check "send" forge "$h2" up
	busywait 3000 counter_is "$expected" dropped
	check_eq "drops" "$expected" dropped
	capture_stop "$cap"
	check_eq "heard" "$heard" packets "$cap"
}

OUTER="eth src=02:00:00:00:00:01 dst=%s / ip src=192.0.2.2 dst=192.0.2.1"
INNER="eth src=$MAC_B dst=$MAC_A / ip src=10.0.0.2 dst=10.0.0.1 / udp dport=9 / raw size=20"

outer()
{
	# shellcheck disable=SC2059
	printf "$OUTER" "$(mac_of "$h1" up)"
}

forged_geneve()
{
	local o vm=a14

	has 14 || { skip "no geneve"; return; }
	o="$(outer) / udp dport=6081"
	inject "${!vm}" 4 <<-END
		$o / geneve vni=14 / $INNER
		$o / geneve vni=14 flags=0x3f / $INNER
		$o / geneve vni=14 options=0909010100000000 / $INNER
		$o / geneve vni=14 flags=0x40 options=09090100 / $INNER
	END
	inject "${!vm}" 0 "tunnel-flags 2" "tunnel-control 1" \
		"tunnel-option 2" "tunnel-header 1" "unknown-vni 1" \
		"encap-mismatch 2" <<-END
		$o / geneve vni=14 version=1 / $INNER
		$o / geneve vni=14 proto=0x0800 / $INNER
		$o / geneve vni=14 flags=0x80 / $INNER
		$o / geneve vni=14 flags=0x40 options=09098100 / $INNER
		$o / geneve vni=14 options=0909010009098100 / $INNER
		$o / geneve vni=14 options=09090102 / $INNER
		$o / geneve vni=999 / $INNER
		$o / geneve vni=34 / $INNER
		$(outer) / udp dport=4789 / vxlan vni=14 / $INNER
	END
	inject "${!vm}" 0 "tunnel-header 22" <<-END
		$o / geneve vni=14 cut=0..21 / $INNER
	END
	inject "${!vm}" 0 "tunnel-header 33" "bad-source-mac 1" <<-END
		$o / geneve vni=14 optlen=63 cut=8..40 / $INNER
		$o / geneve vni=14 / eth src=01:00:00:00:00:01 dst=$MAC_A / ip / udp
	END
	log_test "forged GENEVE is dropped and counted"
}

# What is no NVGRE of ours is the stack's, which drops it.
forged_nvgre()
{
	local o vm=a24

	has 24 || { skip "no gretap"; return; }
	o=$(outer)
	inject "${!vm}" 2 <<-END
		$o / gre vni=24 / $INNER
		$o / gre vni=24 flow=77 / $INNER
	END
	inject "${!vm}" 0 "encap-mismatch 1" <<-END
		$o / gre vni=34 / $INNER
		$o / gre vni=999 / $INNER
		$o / gre vni=24 flags=0xa000 / $INNER
		$o / gre vni=24 flags=0x3000 / $INNER
		$o / gre vni=24 flags=0 / $INNER
		$o / gre vni=24 proto=0x0800 / $INNER
		$o / gre vni=24 cut=0..7 / $INNER
	END
	inject "${!vm}" 0 "tunnel-header 14" <<-END
		$o / gre vni=24 cut=8..21 / $INNER
	END
	log_test "forged NVGRE is dropped and counted, or left alone"
}

##############################################################################
# Options, flows

options_sent()
{
	local cap=$TMP/options vm=a14

	has 14 || { skip "no geneve"; return; }
	check "options" weft -n "$h1" segment set 14 dev sw0 \
		option 0102:01:00880022 option 0102:81 option 0103:7f:0102030405060708
	check_match "shown" "option 0102:01:00880022 option 0102:81 option 0103:7f:0102030405060708" \
		weft -n "$h1" segment show 14 dev sw0
	check_match "in JSON" '"0102:81"' weft -n "$h1" -j segment show 14 dev sw0
	check_match "overhead" "overhead 74" weft -n "$h1" -d segment show 14 dev sw0
	capture "$h1" up "$cap" src "$(vtep 1)" and udp port 6081
	ip netns exec "${!vm}" ping -q -c 1 -W 0.2 10.0.0.2 >/dev/null
	capture_stop "$cap"
	decode "$cap" -Y "icmp" -T fields -E separator=/s -e geneve.flags \
		-e geneve.option.class -e geneve.option.type \
		-e geneve.option.length >"$TMP/fields" 2>/dev/null
	check_match "decoded" "0x0102,0x0102,0x0103 .*0x01,0x81,0x7f" \
		cat "$TMP/fields"
	check_eq "sound" "" decode "$cap" -Y "_ws.malformed"
	inject "${!vm}" 1 "tunnel-option 1" <<-END
		$(outer) / udp dport=6081 / geneve vni=14 flags=0x40 options=01028100 / $INNER
		$(outer) / udp dport=6081 / geneve vni=14 flags=0x40 options=01028200 / $INNER
	END
	check "not critical" weft -n "$h1" segment set 14 dev sw0 \
		option 0102:01:00880022
	check "ping" ping_vm "${!vm}" 10.0.0.2
	# the server of streams is still there
	check "TCP" stream "${!vm}" 2000000 10.0.0.2
	check "none" weft -n "$h1" segment set 14 dev sw0 option none
	check_match "none" "overhead 50" weft -n "$h1" -d segment show 14 dev sw0
	check "ping" ping_vm "${!vm}" 10.0.0.2
	log_test "GENEVE options of a segment"
}

# gre_keys CAPTURE: how many there are
gre_keys()
{
	decode "$1" -Y gre -T fields -e gre.key 2>/dev/null | sort -u | wc -l
}

flows()
{
	local cap=$TMP/flows vm=a24 n

	has 24 || { skip "no gretap"; return; }
	check "flows" weft -n "$h1" switch set sw0 srcport 49152 65535
	capture "$h1" up "$cap" proto 47 and src "$(vtep 1)"
	for n in 1 2 3 4 5 6 7 8; do
		echo "eth src=$MAC_A dst=$MAC_B / ip / udp sport=$n dport=9"
	done | check "send" forge "${!vm}" eth0
	capture_stop "$cap"
	check "several FlowIDs" [ "$(gre_keys "$cap")" -ge 3 ]
	check "none" weft -n "$h1" switch set sw0 srcport 50000 50000
	capture "$h1" up "$cap" proto 47 and src "$(vtep 1)"
	check "ping" ping_vm "${!vm}" 10.0.0.2
	capture_stop "$cap"
	check_eq "one key" 1 gre_keys "$cap"
	log_test "NVGRE tells flows apart by the FlowID"
}

# A tunnel of the host's own, between the same addresses.
beside_gretap()
{
	local n host vm=a24

	has 24 || { skip "no gretap"; return; }
	for n in 1 2; do
		host=h$n
		check "gretap" ip -n "${!host}" -batch - <<-END
			link add name own type gretap local 192.0.2.$n remote 192.0.2.$((3 - n)) key 77
			addr add 10.9.0.$n/24 dev own
			link set dev own up
		END
	done
	check "the host's" ping_vm "$h1" 10.9.0.2
	check "the VM's" ping_vm "${!vm}" 10.0.0.2
	ip -n "$h1" link del dev own
	ip -n "$h2" link del dev own
	log_test "NVGRE beside a tunnel of the host"
}

# A third host that speaks GENEVE in a segment of VXLAN, by another uplink.
third_host()
{
	setup_ns h3
	ip -n "$h1" link add name up3 type veth peer name up netns "$h3"
	check "underlay" ip -n "$h1" -batch - <<-END
		addr add 203.0.113.1/24 dev up3
		link set dev up3 mtu 1600 up
	END
	check "geneve" ip -n "$h3" -batch - <<-END
		addr add 203.0.113.3/24 dev up
		link set dev up mtu 1600 up
		route add 192.0.2.1/32 via 203.0.113.1
		link add name t34 type geneve id 34 dstport 6081 remote 192.0.2.1
		link add name br34 type bridge mcast_snooping 0
		link set dev t34 addrgenmode none
		link set dev br34 addrgenmode none
		link set dev t34 master br34 up
		link set dev br34 up
	END
	add_bridge_vm "$h3" 34 c34 02:00:00:00:00:0c 10.0.0.3/24
	check "uplinks" weft -n "$h1" switch set sw0 local "$(vtep 1)" \
		local "$(vtep6 1)" uplink up uplink up3 srcport 50000 50000
}

peers_differ()
{
	local a=a34 c=c34 cap=$TMP/third

	has 14 || { skip "no geneve"; return; }
	third_host
	check "peer" weft -n "$h1" peer add 203.0.113.3 dev sw0 encap geneve \
		vni 34
	check_match "shown" "203.0.113.3 .*encap geneve" \
		weft -n "$h1" peer show 203.0.113.3 dev sw0
	capture "$h1" up3 "$cap" udp
	check "by GENEVE" ping_vm "${!a}" 10.0.0.3
	check "and back" ping_vm "${!c}" 10.0.0.1
	check "by VXLAN" ping_vm "${!a}" 10.0.0.2
	capture_stop "$cap"
	check_match "packets" "^[1-9]" packets "$cap" port 6081
	check_eq "no others" 0 packets "$cap" not port 6081
	check "as the segment" weft -n "$h1" peer set 203.0.113.3 dev sw0 \
		encap segment
	check "not understood" no_ping_vm "${!a}" 10.0.0.3
	check "again" weft -n "$h1" peer set 203.0.113.3 dev sw0 encap geneve
	check "by GENEVE" ping_vm "${!a}" 10.0.0.3
	check "gone" weft -n "$h1" peer del 203.0.113.3 dev sw0
	check "uplinks" weft -n "$h1" switch set sw0 local "$(vtep 1)" \
		local "$(vtep6 1)" uplink up srcport 50000 50000
	log_test "peers of one segment that speak differently"
}

another_encapsulation()
{
	local vm=a34

	has 14 || { skip "no geneve"; return; }
	check "leave VXLAN" weft -n "$h1" segment set 34 dev sw0 encap geneve
	check "not understood" no_ping_vm "${!vm}" 10.0.0.2
	ip -n "$h2" link del dev t34
	check "there, too" add_tunnel_to_bridge
	check "talk" ping_vm "${!vm}" 10.0.0.2
	log_test "a segment changes its encapsulation"
}

add_tunnel_to_bridge()
{
	ip -n "$h2" link add name t34 type geneve id 34 dstport 6081 \
		remote "$(vtep 1)" &&
		ip -n "$h2" link set dev t34 addrgenmode none master br34 up
}

refused()
{
	check_refused "options of VXLAN" "no options" weft -n "$h1" segment add \
		99 dev sw0 option 0102:01
	check_refused "odd data" "multiple of 4" weft -n "$h1" segment add \
		99 dev sw0 encap geneve option 0102:01:00
	check_refused "twice" "given twice" weft -n "$h1" segment add \
		99 dev sw0 encap geneve option 0102:01 option 0102:01
	check "GENEVE" weft -n "$h1" segment add 99 dev sw0 encap geneve \
		option 0102:01
	check_refused "options stay" "not of this encapsulation" \
		weft -n "$h1" segment set 99 dev sw0 encap nvgre
	check_match "as it was" "encap geneve .*option 0102:01" \
		weft -n "$h1" segment show 99 dev sw0
	check "without" weft -n "$h1" segment set 99 dev sw0 encap nvgre \
		option none
	check "gone" weft -n "$h1" segment del 99 dev sw0
	ip -n "$h1" link add name du type dummy
	ip -n "$h1" link set dev du up
	ip -n "$h1" link add name mv link du type macvlan
	add_switch "$h1" sw1 local 198.51.100.1 uplink du
	check_refused "no handler" "can't be received" weft -n "$h1" \
		segment add 99 dev sw1 encap nvgre
	check "VXLAN" weft -n "$h1" segment add 99 dev sw1
	check_refused "nor later" "can't be received" weft -n "$h1" \
		segment set 99 dev sw1 encap nvgre
	check_match "as it was" "encap vxlan" weft -n "$h1" \
		segment show 99 dev sw1
	check_refused "UDP port taken" "in use" port_taken
	log_test "what can't be is refused"
}

port_taken()
{
	ip -n "$h1" link add name gn type geneve id 5 remote 192.0.2.99 \
		dstport 6082
	ip -n "$h1" link set dev gn up
	weft -n "$h1" switch set sw1 local 198.51.100.1 port 6082
}

prepare
run_tests
