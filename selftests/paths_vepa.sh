#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# VMs of one host that talk over the adjacent switch. That is a Linux bridge which
# sends back where a frame came from (hairpin) and has rules of its own: on the
# LAN for segment 5, a V.VLAN, and behind a VTEP for segment 7.
#
#   a b 10.0.0.1, .2   d e 10.0.1.1, .2       c 10.0.0.3
#   |_|_ segment 5     |_|_ segment 7         |
#  +----- h1 ------------+               +--- h2 ---+    +-- svc ------+
#  | sw0                 |               | br5      |    | br7, vx7    |
#  |    up (V.VLAN 5)    |               |   up.5   |    |   (hairpin) |
#  +----|----------------+               +----|-----+    +------|------+
#       p1 (hairpin)                          p2                p3
#       +------------------- lan (bridge) ----+-----------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	refused
	over_the_lan
	enforced
	to_many
	to_many_inside
	over_a_vtep
	by_port
	by_rule
	judged_once
	isolated
	moved
	traced
	not_back
	twice
	no_relay
	told
"

require_cmd jq nft tc

lan='' h1='' h2='' svc='' a='' b='' c='' d='' e=''
MAC=02:00:00:00:00

setup()
{
	local ns

	setup_ns lan h1 h2 svc
	check "load" load_weft
	make_underlay_via "$lan" "$h1" "$h2" "$svc"
	add_switch "$h1" sw0 local "$(vtep 1)" uplink up
	check "segments" weft_batch "$h1" <<-END
		segment add 5 dev sw0
		segment add 7 dev sw0
		port add up dev sw0 vni 5 vlan 5
	END
	add_quiet_vm "$h1" sw0 a 5 "$MAC:0a" 10.0.0.1/24 2001:db8:1::1/64
	add_quiet_vm "$h1" sw0 b 5 "$MAC:0b" 10.0.0.2/24 2001:db8:1::2/64
	add_quiet_vm "$h1" sw0 d 7 "$MAC:0d" 10.0.1.1/24 2001:db8:2::1/64
	add_quiet_vm "$h1" sw0 e 7 "$MAC:0e" 10.0.1.2/24 2001:db8:2::2/64

	add_lan_bridge "$h2" 5
	add_bridge_vm "$h2" 5 c "$MAC:0c" 10.0.0.3/24 2001:db8:1::3/64
	for ns in "$h1 up" "$svc up" "$d eth0" "$e eth0"; do
		# shellcheck disable=SC2086	# words
		in_ns ${ns% *} ethtool -K ${ns#* } tx off >/dev/null
	done
	add_vxlan "$svc" 7 local "$(vtep 3)" remote "$(vtep 1)"
	check "hairpin" bridge -n "$svc" link set dev vx7 hairpin on
	# nobody asks, which would go out, too
	for ns in "$a" "$b" "$c"; do
		[ "$ns" = "$a" ] || know "$ns" eth0 10.0.0.1 "$MAC:0a"
		[ "$ns" = "$b" ] || know "$ns" eth0 10.0.0.2 "$MAC:0b"
		[ "$ns" = "$c" ] || know "$ns" eth0 10.0.0.3 "$MAC:0c"
	done
	check "talk" ping_vm "$c" 10.0.0.1
	check "talk" ping_vm "$c" 10.0.0.2
}

# relayed VNI WORD: a counter of what went over the adjacent switch
relayed()
{
	weft -n "$h1" -s -j segment show "$1" dev sw0 |
		jq -r ".[0].relayed.$2"
}

# as_many BEFORE: since relayed said that, as many came back as went out
as_many()
{
	local out back out_before back_before

	read -r out_before back_before <<<"$1"
	read -r out back < <(relayed 5 'tx_packets, .[0].relayed.rx_packets' |
		xargs)
	[ "$out" -gt "$out_before" ] &&
		[ $((out - out_before)) = $((back - back_before)) ] ||
		! echo "out $out_before to $out, back $back_before to $back"
}

# goes_out COMMAND...: over the LAN's switch, and back
goes_out()
{
	local before

	before=$(relayed 5 'tx_packets, .[0].relayed.rx_packets' | xargs)
	check "${*:2}" "$@"
	check "what went out came back" busywait 2000 as_many "$before"
}

# goes_out_too COMMAND...: in longer pieces than come back
goes_out_too()
{
	local before

	before=$(relayed 5 tx_packets)
	check "${*:2}" "$@"
	check_match "went out" "^[1-9]" \
		echo $(($(relayed 5 tx_packets) - before))
}

# stays COMMAND...: nothing went out
stays()
{
	local out

	out=$(relayed 5 tx_packets)
	check "${*:2}" "$@"
	check_eq "nothing went out" "$out" relayed 5 tx_packets
}

refused()
{
	local why="VEPA needs.* relay"

	check_refused "a segment" "$why" weft -n "$h1" segment set 5 dev sw0 \
		vepa on
	check_refused "a new one" "$why" weft -n "$h1" segment add 6 dev sw0 \
		vepa on
	check_refused "a port" "$why" weft -n "$h1" port set a vepa on
	check_refused "a rule" "$why" weft -n "$h1" rule add dev sw0 vni 5 \
		pref 1 action allow path vepa
	check_refused "denied" "goes no way" weft -n "$h1" rule add dev sw0 \
		vni 5 pref 1 action deny path vswitch
	check_refused "no uplink" "behind an uplink, and this is none" \
		weft -n "$h1" port set a relay on
	check_refused "an uplink" "does not go back" \
		weft -n "$h1" port set up dev sw0 vepa on
	check_refused "no VTEP" "No VTEP can have" weft -n "$h1" segment set 7 \
		dev sw0 relay-vtep 224.0.0.1
	check_match "as it was" "vepa off" weft -n "$h1" segment show 5
	check "talk" ping_vm "$a" 10.0.0.2
	log_test "without reflective relay, VEPA is refused"
}

over_the_lan()
{
	local cap=$TMP/lan

	stays ping_vm "$a" 10.0.0.2
	check "relay" weft -n "$h1" port set up dev sw0 relay on
	check "hairpin" bridge -n "$lan" link set dev p1 hairpin on
	check_match "shown" "up dev sw0 uplink .*relay on" \
		weft -n "$h1" port show up dev sw0
	stays ping_vm "$a" 10.0.0.2
	check "on" weft -n "$h1" segment set 5 dev sw0 vepa on
	capture "$h1" up "$cap.out" -Q out vlan 5 and icmp
	capture "$h1" up "$cap.in" -Q in vlan 5 and icmp
	goes_out ping_vm "$a" 10.0.0.2
	capture_stop "$cap.out"
	capture_stop "$cap.in"
	check_match "out" "^[2-9]" packets "$cap.out"
	check_eq "and back" "$(packets "$cap.out")" packets "$cap.in"
	goes_out ping_vm "$b" 2001:db8:1::1
	stays ping_vm "$a" 10.0.0.3
	check "from outside" ping_vm "$c" 10.0.0.2
	serve "$b"
	goes_out_too stream "$a" 200000 10.0.0.2
	check_match "not learned anew" "port a learned" \
		weft -n "$h1" map get "$MAC:0a" vni 5 dev sw0
	check "the other segment" ping_vm "$d" 10.0.1.2
	check_eq "has its own way" 0 relayed 7 tx_packets
	log_test "over the LAN's switch and back"
}

# What the adjacent switch forbids is forbidden.
enforced()
{
	check "rules there" in_ns "$lan" nft -f - <<-END
		table bridge t {
			chain c {
				type filter hook forward priority 0;
				vlan id 5 ip protocol icmp counter drop
			}
		}
	END
	check "not a to b" no_ping_vm "$a" 10.0.0.2
	check "but IPv6" ping_vm "$a" 2001:db8:1::2
	check_match "it counts" "packets [1-9]" in_ns "$lan" nft list ruleset
	check "off" weft -n "$h1" segment set 5 dev sw0 vepa off
	stays ping_vm "$a" 10.0.0.2
	check "on" weft -n "$h1" segment set 5 dev sw0 vepa on
	check "not a to b" no_ping_vm "$a" 10.0.0.2
	check "no rules" in_ns "$lan" nft flush ruleset
	goes_out ping_vm "$a" 10.0.0.2
	log_test "the adjacent switch's rules count"
}

# once_to_each: what a sends to many; there is only what it has sent itself
once_to_each()
{
	local cap=$TMP/many dst name ns

	for name in a b c; do
		ns=$name
		capture "${!ns}" eth0 "$cap.$name" ether proto 0x88b5
	done
	for dst in ff:ff:ff:ff:ff:ff 01:00:5e:00:00:05 "$MAC:99"; do
		check "send" forge "$a" eth0 <<-END
			eth src=$MAC:0a dst=$dst type=0x88b5 / raw size=60
		END
	done
	busywait 2000 counter_is 3 packets "$cap.b" ether src "$MAC:0a"
	for name in a b c; do
		capture_stop "$cap.$name"
		check_eq "$name" 3 packets "$cap.$name"
	done
}

to_many()
{
	once_to_each
	log_test "to many, and to an unknown address: once to each"
}

# The adjacent switch sends back what was for others, too.
to_many_inside()
{
	local before

	before=$(drops "$h1" sw0 echo)
	check "off" weft -n "$h1" segment set 5 dev sw0 vepa off
	once_to_each
	check_match "came back in vain" "^[1-9]" \
		echo $(($(drops "$h1" sw0 echo) - before))
	check_match "not learned there" "port a learned" \
		weft -n "$h1" map get "$MAC:0a" vni 5 dev sw0
	check "on" weft -n "$h1" segment set 5 dev sw0 vepa on
	log_test "echoes of what is switched inside"
}

over_a_vtep()
{
	local cap=$TMP/vtep

	check "relay" weft -n "$h1" segment set 7 dev sw0 \
		relay-vtep "$(vtep 3)" vepa on
	check_match "shown" "vepa on.*relay-vtep $(vtep 3)" \
		weft -n "$h1" segment show 7
	capture "$svc" up "$cap" udp dst port 4789
	check "a to b" ping_vm "$d" 10.0.1.2
	check "and back, IPv6" ping_vm "$e" 2001:db8:2::1
	capture_stop "$cap"
	check_eq "decoded" "" decode_bad "$cap"
	check_match "there" "^[1-9]" packets "$cap" src host "$(vtep 1)"
	check_eq "and back" "$(packets "$cap" src host "$(vtep 1)")" \
		packets "$cap" src host "$(vtep 3)"
	check_eq "counted" "$(relayed 7 tx_packets)" relayed 7 rx_packets
	serve "$e"
	check "TCP" stream "$d" 200000 10.0.1.2
	check "rules there" in_ns "$svc" nft -f - <<-END
		table bridge t {
			chain c {
				type filter hook forward priority 0;
				ip protocol icmp counter drop
			}
		}
	END
	check "not a to b" no_ping_vm "$d" 10.0.1.2
	check "no rules" in_ns "$svc" nft flush ruleset
	check "a to b" ping_vm "$d" 10.0.1.2
	check_refused "the peer stays" "is relay-vtep of segment 7" \
		weft -n "$h1" peer del "$(vtep 3)" dev sw0
	check "off" weft -n "$h1" segment set 7 dev sw0 vepa off
	check "gone" weft -n "$h1" segment set 7 dev sw0 relay-vtep none
	check "talk" ping_vm "$d" 10.0.1.2
	log_test "over a VTEP and back"
}

by_port()
{
	local before

	check "off" weft -n "$h1" segment set 5 dev sw0 vepa off
	stays ping_vm "$a" 10.0.0.2
	check "on" weft -n "$h1" port set a vepa on
	check_match "shown" "vepa on" weft -n "$h1" port show a
	goes_out ping_vm "$a" 10.0.0.2
	# one way out, the other inside
	before=$(relayed 5 tx_packets)
	check "ping" in_ns "$a" ping -n -q -c 4 -i 0.2 10.0.0.2
	check_eq "half of it" $((before + 4)) relayed 5 tx_packets
	check "off" weft -n "$h1" port set a vepa off
	stays ping_vm "$a" 10.0.0.2
	log_test "a port's own choice"
}

by_rule()
{
	check "rule" weft -n "$h1" rule add dev sw0 vni 5 pref 10 proto tcp \
		dport 5001 action allow path vepa
	check_match "shown" "action allow path vepa" weft -n "$h1" rule show
	stays ping_vm "$a" 10.0.0.2
	goes_out_too stream "$a" 100000 10.0.0.2
	check "on" weft -n "$h1" segment set 5 dev sw0 vepa on
	goes_out ping_vm "$a" 10.0.0.2
	check "rule" weft -n "$h1" rule add dev sw0 vni 5 pref 5 proto icmp \
		action allow path vswitch
	stays ping_vm "$a" 10.0.0.2
	goes_out_too stream "$a" 100000 10.0.0.2
	check "no rules" weft -n "$h1" rule flush dev sw0 vni 5
	log_test "the choice of a rule"
}

# counts PREF: frames that a rule has judged
counts()
{
	weft -n "$h1" -j rule get dev sw0 vni 5 pref "$1" |
		jq ".[0].stats.rx_packets"
}

# What comes back is judged by the same rules, and counted once.
judged_once()
{
	check "rules" weft_batch "$h1" <<-END
		rule add dev sw0 vni 5 pref 10 port a proto icmp action allow
		rule add dev sw0 vni 5 pref 20 port b proto icmp action allow
		rule add dev sw0 vni 5 pref 30 proto icmp action deny
	END
	goes_out in_ns "$a" ping -n -q -c 3 -i 0.2 10.0.0.2
	check_eq "counted once" 3 counts 10
	check_eq "none denied" 0 counts 30
	check "from outside" no_ping_vm "$c" 10.0.0.2
	check "no rules" weft -n "$h1" rule flush dev sw0 vni 5
	log_test "rules judge what comes back"
}

isolated()
{
	check "isolated" weft -n "$h1" port set a isolated on
	check "one alone" ping_vm "$a" 10.0.0.2
	check "isolated" weft -n "$h1" port set b isolated on
	check "both" no_ping_vm "$a" 10.0.0.2
	check "outside" ping_vm "$a" 10.0.0.3
	check "no more" weft -n "$h1" port set a isolated off
	check "no more" weft -n "$h1" port set b isolated off
	log_test "isolated ports are so on this way, too"
}

# A VM that moves to another host sends from there what looks as if it had come
# back.
moved()
{
	check_match "here" "port a " weft -n "$h1" map get "$MAC:0a" vni 5 dev sw0
	arrives()
	{
		forge "$c" eth0 <<<"eth src=$MAC:0a dst=$MAC:0b / raw size=60"
		weft -n "$h1" map get "$MAC:0a" vni 5 dev sw0 | grep -q "port up"
	}
	check "there" busywait 10000 arrives
	check "here again" ping_vm "$a" 10.0.0.2
	check_match "here" "port a " weft -n "$h1" map get "$MAC:0a" vni 5 dev sw0
	log_test "a VM that moves is not taken for an echo"
}

traced()
{
	check "send" ping_vm "$a" 10.0.0.2
	check_match "out" "egress port up vlan 5 path port.*decision path vepa" \
		weft -n "$h1" trace dev sw0 port a src "$MAC:0a" dst "$MAC:0b"
	check_match "to all" "flood.*egress port up.*decision path vepa" \
		weft -n "$h1" trace dev sw0 port a src "$MAC:0a" \
		dst ff:ff:ff:ff:ff:ff
	check "send" ping_vm "$a" 10.0.0.2
	check_match "back" "returned port a.*egress port b.*path port" \
		weft -n "$h1" trace dev sw0 port up vlan 5 src "$MAC:0a" \
		dst "$MAC:0b"
	check_match "not to who sent it" "reason same-port" \
		weft -n "$h1" trace dev sw0 port up vlan 5 src "$MAC:0a" \
		dst "$MAC:0a"
	check_match "to another host" "decision path port" \
		weft -n "$h1" trace dev sw0 port a src "$MAC:0a" dst "$MAC:0c"
	log_test "trace tells of both ways"
}

not_back()
{
	local out back

	out=$(relayed 5 tx_packets)
	back=$(relayed 5 rx_packets)
	check "no hairpin" bridge -n "$lan" link set dev p1 hairpin off
	check "nothing arrives" no_ping_vm "$a" 10.0.0.2
	check_match "it went out" "^[1-9]" echo $(($(relayed 5 tx_packets) - out))
	check_eq "nothing came back" "$back" relayed 5 rx_packets
	check "outside" ping_vm "$a" 10.0.0.3
	check "hairpin" bridge -n "$lan" link set dev p1 hairpin on
	goes_out ping_vm "$a" 10.0.0.2
	log_test "a switch that sends nothing back"
}

# A second copy of everything comes back at once.
twice()
{
	local cap=$TMP/twice name ns

	check "mirror" tc -n "$lan" qdisc add dev p1 ingress
	check "mirror" tc -n "$lan" filter add dev p1 ingress matchall action \
		mirred egress mirror dev p1
	for name in a b d; do
		ns=$name
		capture "${!ns}" eth0 "$cap.$name" ether proto 0x88b5
	done
	check "send" forge "$a" eth0 <<-END
		eth src=$MAC:0a dst=$MAC:0b type=0x88b5 / raw size=60
		eth src=$MAC:0a dst=ff:ff:ff:ff:ff:ff type=0x88b5 / raw size=60
	END
	busywait 2000 counter_is 4 packets "$cap.b"
	for name in a b d; do
		capture_stop "$cap.$name"
	done
	check_eq "twice" 4 packets "$cap.b"
	check_eq "the sender hears nothing, but has sent" 2 packets "$cap.a"
	check_eq "nor another tenant" 0 packets "$cap.d"
	check "no mirror" tc -n "$lan" qdisc del dev p1 ingress
	log_test "a switch that sends twice"
}

no_relay()
{
	local before

	before=$(drops "$h1" sw0 no-relay)
	check "off" weft -n "$h1" port set up dev sw0 relay off
	check "nothing arrives" no_ping_vm "$a" 10.0.0.2
	check_match "counted" "^[1-9]" \
		echo $(($(drops "$h1" sw0 no-relay) - before))
	check_match "told" "reason no-relay" weft -n "$h1" trace dev sw0 \
		port a src "$MAC:0a" dst "$MAC:0b"
	check "on" weft -n "$h1" port set up dev sw0 relay on
	goes_out ping_vm "$a" 10.0.0.2
	check "no uplink" weft -n "$h1" port del up dev sw0
	check "nothing arrives" no_ping_vm "$a" 10.0.0.2
	check "again" weft -n "$h1" port add up dev sw0 vni 5 vlan 5 relay on
	goes_out ping_vm "$a" 10.0.0.2
	log_test "without a relay, nothing goes inside instead"
}

told()
{
	monitor_start "$h1" sw0 5 "$TMP/monitor" config
	check "off" weft -n "$h1" segment set 5 dev sw0 vepa off
	check "told" busywait 5000 grep -q "segment 5 .*vepa off" "$TMP/monitor"
	check "on" weft -n "$h1" port set a vepa on
	check "told" busywait 5000 grep -q "port a .*vepa on" "$TMP/monitor"
	log_test "listeners are told"
}

prepare
run_tests
