#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# What guards the underlay is obeyed: netfilter and IPsec see the packets, for
# which these must not take the fast path; where nothing guards, they do.
#
#   a 10.0.0.1             b 10.0.0.2
#  +-- h1 --+            +-- h2 ----+
#  | sw0    |            | bridge,  |
#  | (weft) |------------| vxlan    |
#  +--------+ up      up +----------+
#
# Segment 4 goes over IPv4, segment 6 over IPv6, each with its own VMs. The
# neighbours of the underlay are known, so that the counters of its IP stack
# count nothing but tunnel packets, and only those on the slow path.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/xfrm.sh
. "$(dirname "$0")/lib/xfrm.sh"

ALL_TESTS="
	settings
	rules_see_packets
	raw_hooks_see_packets
	rules_drop
	device_rules
	ipsec
"

require_cmd nft

h1='' h2='' a4='' a6=''

setup()
{
	local family

	setup_ns h1 h2
	check "load" load_weft
	make_underlay "$h1" "$h2"
	know "$h1" up "$(vtep 2)" "$(mac_of "$h2" up)" \
		"$(vtep6 2)" "$(mac_of "$h2" up)"
	know "$h2" up "$(vtep 1)" "$(mac_of "$h1" up)" \
		"$(vtep6 1)" "$(mac_of "$h1" up)"
	in_ns "$h2" ethtool -K up tx off >/dev/null
	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	weft -n "$h1" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
		peer add $(vtep 2) dev sw0 vni 4
		peer add $(vtep6 2) dev sw0 vni 6
	END
	add_vxlan "$h2" 4 local "$(vtep 2)" remote "$(vtep 1)" dev up
	add_vxlan "$h2" 6 local "$(vtep6 2)" remote "$(vtep6 1)" dev up
	for family in 4 6; do
		add_quiet_vm "$h1" sw0 "a$family" "$family" 02:00:00:00:00:0a \
			10.0.0.1/24
		add_bridge_vm "$h2" "$family" "b$family" 02:00:00:00:00:0b \
			10.0.0.2/24
		local -n vm_a=a$family vm_b=b$family
		know "$vm_a" eth0 10.0.0.2 02:00:00:00:00:0b
		know "$vm_b" eth0 10.0.0.1 02:00:00:00:00:0a
	done
	check "they talk" ping_vm "$a4" 10.0.0.2
	check "they talk" ping_vm "$a6" 10.0.0.2
}

# stack_saw 4|6: "in out", the packets of the underlay's IP stack at h1
stack_saw()
{
	if [ "$1" = 4 ]; then
		snmp "$h1" IpInReceives IpOutRequests
	else
		snmp "$h1" Ip6InReceives Ip6OutTransmits
	fi
}

# ping_five 4|6
ping_five()
{
	local -n vm=a$1

	in_ns "$vm" ping -n -q -c 5 -i 0.05 -w 5 10.0.0.2
}

# path_is fast|slow 4|6: five packets go each way, and they take that path; it
# is seen anew if the host has said something else meanwhile
path_is()
{
	local count=0

	[ "$1" = fast ] || count=5
	busywait 20000 stack_saw_more "$2" "$count"
	check_eq "$1 in and out, IPv$2" "$count $count" cat "$TMP/more"
}

# stack_saw_more 4|6 COUNT: when five packets go each way
stack_saw_more()
{
	local in out in2 out2

	read -r in out < <(stack_saw "$1"; echo)
	check "ping, IPv$1" ping_five "$1"
	read -r in2 out2 < <(stack_saw "$1"; echo)
	echo "$((in2 - in)) $((out2 - out))" >"$TMP/more"
	[ "$(<"$TMP/more")" = "$2 $2" ]
}

# both_are fast|slow
both_are()
{
	path_is "$1" 4
	path_is "$1" 6
}

fastpath()
{
	check "fastpath $1" weft -n "$h1" switch set sw0 fastpath "$1"
}

settings()
{
	fastpath auto
	both_are fast
	fastpath off
	both_are slow
	fastpath on
	both_are fast
	fastpath auto
	both_are fast
}

# rules <RULES
rules()
{
	check "rules" in_ns "$h1" nft -f -
}

no_rules()
{
	in_ns "$h1" nft flush ruleset
}

# counted NAME: by a named counter
counted()
{
	in_ns "$h1" nft list counter inet t "$1" |
		sed -n 's/.*packets \([0-9]*\).*/\1/p'
}

all_counted()
{
	echo "$(counted out4) $(counted in4) $(counted out6) $(counted in6)"
}

rules_see_packets()
{
	local family seen

	rules <<-END
		table inet t {
			counter out4 {}
			counter out6 {}
			counter in4 {}
			counter in6 {}
			chain output {
				type filter hook output priority 0
				ip daddr $(vtep 2) udp dport 4789 counter name out4
				ip6 daddr $(vtep6 2) udp dport 4789 counter name out6
			}
			chain input {
				type filter hook input priority 0
				ip saddr $(vtep 2) udp dport 4789 counter name in4
				ip6 saddr $(vtep6 2) udp dport 4789 counter name in6
			}
		}
	END
	both_are slow
	for family in 4 6; do
		check "out, IPv$family" [ "$(counted "out$family")" -ge 5 ]
		check "in, IPv$family" [ "$(counted "in$family")" -ge 5 ]
	done
	log_test "rules see the packets, fastpath auto"

	# It is said that it does not care.
	seen=$(all_counted)
	fastpath on
	both_are fast
	check_eq "in and out" "$seen" all_counted
	log_test "rules do not see the packets, fastpath on"

	fastpath auto
	no_rules
	both_are fast
	log_test "without rules the fast path is used again"
}

# The hooks before and after routing, and those of one family alone
raw_hooks_see_packets()
{
	rules <<-END
		table ip t {
			chain before { type filter hook prerouting priority -300; }
			chain after { type filter hook postrouting priority 100; }
		}
	END
	path_is slow 4
	path_is fast 6
	no_rules
	log_test "hooks before and after routing, IPv4"
	rules <<-END
		table ip6 t {
			chain before { type filter hook prerouting priority -300; }
			chain after { type filter hook postrouting priority 100; }
		}
	END
	path_is fast 4
	path_is slow 6
	no_rules
	log_test "hooks before and after routing, IPv6"
	both_are fast
	log_test "and without them"
}

# no_answer 4|6
no_answer()
{
	local -n vm=a$1

	no_ping_vm "$vm" 10.0.0.2
}

rules_drop()
{
	local hook

	for hook in output input prerouting postrouting; do
		rules <<-END
			table inet t {
				counter dropped {}
				chain c {
					type filter hook $hook priority 0
					udp dport 4789 counter name dropped drop
				}
			}
		END
		check "IPv4 dropped" no_answer 4
		check "IPv6 dropped" no_answer 6
		check_eq "counted" 6 counted dropped
		no_rules
		both_are fast
		log_test "rules drop, $hook"
	done
}

# These are before the fast path, and so always obeyed.
device_rules()
{
	local setting

	for setting in auto on; do
		fastpath "$setting"
		rules <<-END
			table netdev t {
				chain c {
					type filter hook ingress device up priority 0
					udp dport 4789 drop
				}
			}
		END
		check "IPv4 dropped" no_answer 4
		check "IPv6 dropped" no_answer 6
		no_rules
		both_are fast
		log_test "rules of the uplink drop, fastpath $setting"
	done
	fastpath auto
}

# clear_text: frames as b4 and b6 would send, but not encrypted
clear_text()
{
	local from to

	from=$(mac_of "$h2" up)
	to=$(mac_of "$h1" up)
	forge "$h2" up <<-END
		5 * eth src=$from dst=$to / ip src=$(vtep 2) dst=$(vtep 1) / udp dport=4789 / vxlan vni=4 / eth src=02:00:00:00:00:0b dst=02:00:00:00:00:0a / ip src=10.0.0.2 dst=10.0.0.1 / udp
		5 * eth src=$from dst=$to / ip src=$(vtep6 2) dst=$(vtep6 1) / udp dport=4789 / vxlan vni=6 / eth src=02:00:00:00:00:0b dst=02:00:00:00:00:0a / ip src=10.0.0.2 dst=10.0.0.1 / udp
	END
}

# heard: "a4 a6", the packets that they received
heard()
{
	echo "$(dev_counter "$a4" eth0 rx_packets) $(dev_counter "$a6" eth0 \
		rx_packets)"
}

ipsec()
{
	local setting before

	xfrm "$h1" 1 2 || { skip "no IPsec"; return; }
	xfrm "$h2" 2 1
	for setting in auto on off; do
		fastpath "$setting"
		capture "$h2" up "$TMP/ipsec"
		check "IPv4" ping_five 4
		check "IPv6" ping_five 6
		check "long, IPv4" ping_vm "$a4" 10.0.0.2 -s 1400
		check "long, IPv6" ping_vm "$a6" 10.0.0.2 -s 1400
		capture_stop "$TMP/ipsec"
		check_eq "clear text" 0 packets "$TMP/ipsec" udp port 4789
		check_eq "encrypted" 24 packets "$TMP/ipsec" esp
		log_test "the tunnel is encrypted, fastpath $setting"

		before=$(heard)
		clear_text
		check "still" ping_five 4
		check "still" ping_five 6
		check_eq "no clear text is taken" \
			"$((${before% *} + 5)) $((${before#* } + 5))" heard
		log_test "clear text is refused, fastpath $setting"
	done
	fastpath auto
	no_xfrm "$h1" "$h2"
	both_are fast
	before=$(heard)
	clear_text
	check "clear text is taken again" busywait 3000 counter_is \
		"$((${before% *} + 5)) $((${before#* } + 5))" heard
	log_test "without IPsec the fast path is used again"
}

prepare
run_tests
