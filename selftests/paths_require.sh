#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Rules that ask for what only some ways offer: encryption.
#
#   a 10.0.0.1   e 10.0.0.5           b 10.0.0.2
#  +-|------ h1 --|------+          +-- h2 ----+
#  |        sw0          |          | bridge,  |
#  |       (weft)        |----------| vxlan    |
#  +---------------------+ up    up +----------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/xfrm.sh
. "$(dirname "$0")/lib/xfrm.sh"

ALL_TESTS="
	plain
	to_many
	not_by_vepa
	not_by_a_trunk
	encrypted
	refused
"

MAC=02:00:00:00:00
h1='' h2='' a='' b='' e=''

setup()
{
	local vm

	setup_ns h1 h2
	check "load" load_weft
	make_underlay "$h1" "$h2"
	add_switch "$h1" sw0 local "$(vtep 1)" uplink up
	weft_batch "$h1" <<-END
		segment add 100 dev sw0
		peer add $(vtep 2) dev sw0 vni 100
		map add $MAC:0b vni 100 dev sw0 peer $(vtep 2)
	END
	add_vxlan "$h2" 100 local "$(vtep 2)" remote "$(vtep 1)" dev up
	add_quiet_vm "$h1" sw0 a 100 "$MAC:0a" 10.0.0.1/24
	add_quiet_vm "$h1" sw0 e 100 "$MAC:0e" 10.0.0.5/24
	add_bridge_vm "$h2" 100 b "$MAC:0b" 10.0.0.2/24
	for vm in "$a" "$e" "$b"; do
		know "$vm" eth0 10.0.0.1 "$MAC:0a" 10.0.0.2 "$MAC:0b" \
			10.0.0.5 "$MAC:0e"
	done
	check "they talk" ping_vm "$a" 10.0.0.2
	check "they talk" ping_vm "$a" 10.0.0.5
}

require()
{
	check "require" weft -n "$h1" rule add dev sw0 vni 100 pref 10 \
		proto icmp action allow require encryption
	check_match "shown" "action allow require encryption" \
		weft -n "$h1" rule show
}

no_rules()
{
	check "none" weft -n "$h1" rule flush dev sw0 vni 100
}

asks()
{
	weft -n "$h1" trace dev sw0 port a src "$MAC:0a" from 10.0.0.1 \
		proto icmp "$@"
}

plain()
{
	local before

	require
	before=$(drops "$h1" sw0 not-encrypted)
	check "not to b" no_ping_vm "$a" 10.0.0.2
	check_match "counted" "^[1-9]" \
		echo $(($(drops "$h1" sw0 not-encrypted) - before))
	check "but to e" ping_vm "$a" 10.0.0.5
	check_match "trace" "rule pref 10.*decision path drop reason not-encrypted" \
		asks dst "$MAC:0b" to 10.0.0.2
	check_match "trace" "rule pref 10.*decision path port" \
		asks dst "$MAC:0e" to 10.0.0.5
	no_rules
	check "to b again" ping_vm "$a" 10.0.0.2
	log_test "what requires encryption does not go without"
}

# broadcast, until e has heard it
sends_to_all()
{
	capture "$e" eth0 "$TMP/e" ether proto 0x88b5
	capture "$b" eth0 "$TMP/b" ether proto 0x88b5
	check "send" forge "$a" eth0 <<-END
		eth src=$MAC:0a dst=ff:ff:ff:ff:ff:ff
	END
	busywait 5000 counter_is 1 packets "$TMP/e"
	[ "$1" = 0 ] || busywait 5000 counter_is "$1" packets "$TMP/b"
	capture_stop "$TMP/e"
	capture_stop "$TMP/b"
	check_eq "e hears" 1 packets "$TMP/e"
	check_eq "b hears" "$1" packets "$TMP/b"
}

to_many()
{
	local before

	sends_to_all 1
	check "require" weft -n "$h1" rule add dev sw0 vni 100 pref 10 \
		action allow require encryption
	before=$(drops "$h1" sw0 not-encrypted)
	sends_to_all 0
	check_eq "counted" 1 \
		echo $(($(drops "$h1" sw0 not-encrypted) - before))
	no_rules
	log_test "nor what goes to many"
}

not_by_vepa()
{
	check "VEPA" weft -n "$h1" segment set 100 dev sw0 \
		relay-vtep "$(vtep 2)" vepa on
	check_match "by the adjacent switch" "decision path vepa" \
		asks dst "$MAC:0e" to 10.0.0.5
	require
	check_match "not any more" "decision path port" \
		asks dst "$MAC:0e" to 10.0.0.5
	check "talk" ping_vm "$a" 10.0.0.5
	no_rules
	check "no VEPA" weft -n "$h1" segment set 100 dev sw0 vepa off
	log_test "the adjacent switch does not offer it"
}

# In the clear, an uplink port leads to other hosts just so.
not_by_a_trunk()
{
	local before

	check "a port" weft -n "$h1" port add up dev sw0 vni 100 vlan 5
	check "behind it" weft -n "$h1" map add "$MAC:77" vni 100 dev sw0 \
		port up
	require
	before=$(drops "$h1" sw0 not-encrypted)
	capture "$h2" up "$TMP/up" vlan 5
	check "send" forge "$a" eth0 <<-END
		eth src=$MAC:0a dst=$MAC:77 / ip proto=1 / raw size=60
		eth src=$MAC:0a dst=ff:ff:ff:ff:ff:ff / ip proto=1 / raw size=60
		eth src=$MAC:0a dst=$MAC:77 / ip / udp
	END
	busywait 5000 counter_is 1 packets "$TMP/up"
	capture_stop "$TMP/up"
	check_eq "what needs none" 1 packets "$TMP/up" vlan 5 and udp
	check_eq "and nothing else" 1 packets "$TMP/up"
	# the second went to the other host neither by that, nor by the tunnel
	check_eq "counted" 3 \
		echo $(($(drops "$h1" sw0 not-encrypted) - before))
	no_rules
	check "no port" weft -n "$h1" port del up dev sw0
	log_test "nor do uplink ports"
}

encrypted()
{
	xfrm "$h1" 1 2 || { skip "no IPsec"; return; }
	xfrm "$h2" 2 1
	require
	check "to b" busywait 10000 ping_vm "$a" 10.0.0.2
	capture "$h2" up "$TMP/up"
	check "to b" ping_vm "$a" 10.0.0.2
	check_match "trace" "rule pref 10.*decision path tunnel" \
		asks dst "$MAC:0b" to 10.0.0.2
	sends_to_all 1
	capture_stop "$TMP/up"
	check_eq "clear text" 0 packets "$TMP/up" udp port 4789
	check_match "encrypted" "^[1-9]" packets "$TMP/up" esp
	no_xfrm "$h1" "$h2"
	check "not to b" busywait 10000 no_ping_vm "$a" 10.0.0.2
	no_rules
	check "to b again" busywait 10000 ping_vm "$a" 10.0.0.2
	log_test "what requires encryption goes by IPsec"
}

refused()
{
	check_refused "VEPA" "does not get it encrypted" \
		weft -n "$h1" rule add dev sw0 pref 1 action allow path vepa \
		require encryption
	check_refused "denied" "What is denied" weft -n "$h1" rule add dev sw0 \
		pref 1 action deny require encryption
	check_eq "nothing" "" weft -n "$h1" rule show
	log_test "what contradicts itself is refused"
}

prepare
run_tests
