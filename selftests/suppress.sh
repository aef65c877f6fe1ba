#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# ARP and neighbour discovery: what VMs say is learned, what is known is
# answered by the switch, and only what is not known goes out.
#
#     a     b     c     d     x           y (with stacks)
#     |     |     |     |     |           |
#   +-pa----pb----pc----pd----x- host ----y-+
#   | 100   100   100   200  100         100|
#   |                sw0                    |
#   +------------------------------ up -----+
#                                192.0.2.1
#                                    |
#                                    u    p2 192.0.2.2, p3 192.0.2.3

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	off_by_default
	arp_answered
	nd_answered
	from_the_tunnel
	tagged
	arp_learned
	nd_learned
	only_from_the_source
	malformed
	never_over_management
	moves_with_the_vm
	limit
	several_addresses
	gateway
	probes
	own_address
	duplicate_address
	other_segment
	stacks
	management
"

neigh()
{
	weft -n "$host" neigh get "$1" vni "${2:-100}" dev sw0 2>/dev/null |
		sed 's/^[^ ]* lladdr //; s/ vni .* dev sw0//'
}

off_by_default()
{
	check "known" weft -n "$host" neigh add 10.0.0.2 \
		lladdr 02:00:00:00:00:02 vni 100 dev sw0
	check_heard "flooded" b,c,p2/100,p3/100 \
		a src m1 dst all arp request 10.0.0.1 10.0.0.2
	check_seen "not answered" 0 a 'arp reply'
	check_eq "not learned" "" neigh 10.0.0.1
	check "on" weft -n "$host" segment set 100 dev sw0 suppress on
	log_test "without suppress nothing is answered or learned"
}

arp_answered()
{
	check_heard "not flooded" - \
		a src m1 dst all arp request 10.0.0.1 10.0.0.2
	check_seen "answered" 1 a "$(mac m2) > $(mac m1) arp reply \
10.0.0.2 10.0.0.1 sha $(mac m2) tha $(mac m1)\$"
	check_heard "by unicast too" - \
		a src m1 dst m2 arp request 10.0.0.1 10.0.0.2
	check_seen "answered" 1 a 'arp reply 10.0.0.2 10.0.0.1'
	check_heard "from a port elsewhere" - \
		c src m3 dst all arp request 10.0.0.3 10.0.0.2
	check_seen "answered" 1 c 'arp reply 10.0.0.2 10.0.0.3'
	check_heard "unknown goes out" b,c,p2/100,p3/100 \
		a src m1 dst all arp request 10.0.0.1 10.0.0.99
	check_heard "learn" a,c,p2/100,p3/100 b src m2 dst all
	check_heard "so do replies" b \
		a src m1 dst m2 arp reply 10.0.0.1 10.0.0.2 tha m2
	log_test "ARP is answered if it is known, else flooded"
}

nd_answered()
{
	check "known" weft -n "$host" neigh add fd00::2 \
		lladdr 02:00:00:00:00:02 vni 100 dev sw0
	check_heard "not flooded" - a src m1 ns fd00::1 fd00::2 lladdr m1
	check_seen "answered" 1 a "$(mac m2) > $(mac m1) na fd00::2 \
from fd00::2 to fd00::1 flags 3 lladdr $(mac m2)\$"
	check_heard "unicast too" - a src m1 dst m2 ns fd00::1 fd00::2
	check_seen "answered" 1 a 'na fd00::2 from fd00::2 to fd00::1'
	check_heard "unknown goes out" b,c,p2/100,p3/100 \
		a src m1 ns fd00::1 fd00::99 lladdr m1
	check_heard "so do advertisements" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:01 na fd00::1 lladdr m1
	log_test "neighbour discovery is answered if it is known"
}

# Whoever asks over the tunnel is answered by the VM, or by its own switch.
from_the_tunnel()
{
	check_heard "flooded" a,b,c \
		p2/100 src m22 dst all arp request 10.0.0.22 10.0.0.2
	check_seen "not answered" 0 u 'arp reply'
	check_heard "flooded" a,b,c p2/100 src m22 ns fd00::22 fd00::2
	check_seen "not answered" 0 u ' na '
	check_match "but who asked is learned" '^02:00:00:00:00:22' \
		neigh 10.0.0.22
	log_test "questions out of the tunnel are not answered"
}

tagged()
{
	check "ask" wire clear
	check_heard "a VM's VLAN is another network" b.5,c.5,p2/100.5,p3/100.5 \
		a src m1 dst all vlan 5 arp request 10.0.0.1 10.0.0.2
	check_seen "not answered" 0 a 'arp reply'
	check_heard "nor learned from" b.5,c.5,p2/100.5,p3/100.5 \
		a src m1 dst all vlan 5 arp gratuitous 10.0.0.55 10.0.0.55
	check_eq "nothing" "" neigh 10.0.0.55
	log_test "ARP inside a VLAN of VMs is left alone"
}

arp_learned()
{
	check_heard "by a request" b,c,p2/100,p3/100 \
		a src m1 arp request 10.0.0.11 10.0.0.99
	check_eq "learned" "02:00:00:00:00:01 learned" neigh 10.0.0.11
	check_heard "by a reply" b \
		a src m1 dst m2 arp reply 10.0.0.12 10.0.0.2 tha m2
	check_eq "learned" "02:00:00:00:00:01 learned" neigh 10.0.0.12
	check_heard "gratuitous" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.13 10.0.0.13
	check_eq "learned" "02:00:00:00:00:01 learned" neigh 10.0.0.13
	check_heard "from a peer" a,b,c \
		p2/100 src m22 arp gratuitous 10.0.0.22 10.0.0.22
	check_eq "learned" "02:00:00:00:00:22 learned" neigh 10.0.0.22
	check_heard "and answered" - \
		b src m2 arp request 10.0.0.2 10.0.0.22
	check_seen "for it" 1 b "arp reply 10.0.0.22 .* sha $(mac m22)"
	log_test "addresses are learned from ARP"
}

nd_learned()
{
	check_heard "by a solicitation" b,c,p2/100,p3/100 \
		a src m1 ns fd00::11 fd00::99 lladdr m1
	check_eq "learned" "02:00:00:00:00:01 learned" neigh fd00::11
	check_heard "by an advertisement" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:01 na fd00::12 lladdr m1
	check_eq "learned" "02:00:00:00:00:01 learned" neigh fd00::12
	check_heard "from a peer" a,b,c \
		p2/100 src m22 dst 33:33:00:00:00:01 na fd00::22 lladdr m22
	check_eq "learned" "02:00:00:00:00:22 learned" neigh fd00::22
	check_heard "link-local" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:01 na fe80::11 lladdr m1
	check_eq "learned" "02:00:00:00:00:01 learned" neigh fe80::11
	log_test "addresses are learned from neighbour discovery"
}

# A VM that tells lies about others is not believed.
only_from_the_source()
{
	check_heard "ARP request" b,c,p2/100,p3/100 \
		a src m1 arp request 10.0.0.66 10.0.0.99 sha m6
	check_heard "ARP reply" b,c,p2/100,p3/100 \
		a src m1 arp reply 10.0.0.66 10.0.0.99 sha m6
	check_eq "not learned" "" neigh 10.0.0.66
	check_heard "solicitation" b,c,p2/100,p3/100 \
		a src m1 ns fd00::66 fd00::99 lladdr m6
	check_heard "advertisement" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:01 na fd00::66 lladdr m6
	check_heard "without its address" b,c,p2/100,p3/100 \
		a src m1 dst 33:33:00:00:00:01 na fd00::66
	check_eq "not learned" "" neigh fd00::66
	check_heard "of nobody" b,c,p2/100,p3/100 \
		a src m1 arp request 0.0.0.0 10.0.0.99
	check_heard "of all" b,c,p2/100,p3/100 \
		a src m1 arp request 224.0.0.1 10.0.0.99
	check_eq "no such address" "" neigh 224.0.0.1
	log_test "a VM is believed about itself only"
}

malformed()
{
	local count

	count=$(detail "$host" sw0 neighs)
	check_heard "cut short" b,c,p2/100,p3/100 \
		a src m1 dst all type 0806 size 30
	check_heard "not of Ethernet" b,c,p2/100,p3/100 \
		a src m1 dst all type 0806 size 60
	check_heard "cut short" b,c,p2/100,p3/100 \
		a src m1 dst all type 86dd size 70
	check_eq "nothing was learned" "$count" detail "$host" sw0 neighs
	log_test "malformed ARP and neighbour discovery go their way"
}

never_over_management()
{
	local state

	for state in static controller; do
		check "add" weft -n "$host" neigh replace 10.0.0.30 \
			lladdr 02:00:00:00:00:30 vni 100 dev sw0 "$state"
		check "add" weft -n "$host" neigh replace fd00::30 \
			lladdr 02:00:00:00:00:30 vni 100 dev sw0 "$state"
		check_heard "somebody claims it" b,c,p2/100,p3/100 \
			a src m1 arp gratuitous 10.0.0.30 10.0.0.30
		check_heard "somebody claims it" b,c,p2/100,p3/100 \
			a src m1 dst 33:33:00:00:00:01 na fd00::30 lladdr m1
		check_eq "in vain" "02:00:00:00:00:30 $state" neigh 10.0.0.30
		check_eq "in vain" "02:00:00:00:00:30 $state" neigh fd00::30
		check "delete" weft_batch "$host" <<-END
			neigh del 10.0.0.30 vni 100 dev sw0
			neigh del fd00::30 vni 100 dev sw0
		END
	done
	check_heard "learned" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.31 10.0.0.31
	check "management" weft -n "$host" neigh add 10.0.0.31 \
		lladdr 02:00:00:00:00:31 vni 100 dev sw0 controller
	check_eq "overrides it" "02:00:00:00:00:31 controller" neigh 10.0.0.31
	log_test "traffic does not override neighbours of management"
}

moves_with_the_vm()
{
	check_heard "at a" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.40 10.0.0.40
	check_heard "another VM has it now" a,b,p2/100,p3/100 \
		c src m3 arp gratuitous 10.0.0.40 10.0.0.40
	check_eq "followed" "02:00:00:00:00:03 learned" neigh 10.0.0.40
	check_heard "ask" - b src m2 arp request 10.0.0.2 10.0.0.40
	check_seen "the new one" 1 b "arp reply 10.0.0.40 .* sha $(mac m3)"
	log_test "an address that goes to another VM"
}

limit()
{
	check_heard "one" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.41 10.0.0.41
	check "limit" weft -n "$host" switch set sw0 limit 1
	check_heard "another" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.42 10.0.0.42
	check_eq "not learned" "" neigh 10.0.0.42
	check "no limit" weft -n "$host" switch set sw0 limit 0
	check_heard "again" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.42 10.0.0.42
	check_eq "learned" "02:00:00:00:00:01 learned" neigh 10.0.0.42
	log_test "neighbours are limited"
}

several_addresses()
{
	local ip

	check "add" weft -n "$host" map add 02:00:00:00:00:50 vni 100 \
		dev sw0 peer "$(vtep 2)" ip 10.0.0.50 ip 10.0.1.50 \
		ip fd00::50 ip fe80::50
	for ip in 10.0.0.50 10.0.1.50 fd00::50 fe80::50; do
		check_eq "$ip" "02:00:00:00:00:50 static" neigh "$ip"
	done
	check_heard "ask" - a src m1 arp request 10.0.0.1 10.0.1.50
	check_seen "one" 1 a "arp reply 10.0.1.50 .* sha $(mac m50)"
	check_heard "ask" - a src m1 ns fe80::1 fe80::50
	check_seen "another" 1 a "na fe80::50 .* lladdr $(mac m50)"
	check "delete" weft_batch "$host" <<-END
		map del 02:00:00:00:00:50 vni 100 dev sw0 ip 10.0.0.50 ip 10.0.1.50
		neigh del fd00::50 vni 100 dev sw0
		neigh del fe80::50 vni 100 dev sw0
	END
	check_eq "with the entry" "" neigh 10.0.1.50
	log_test "a VM with several addresses"
}

gateway()
{
	check "set" weft -n "$host" segment set 100 dev sw0 \
		gateway 10.0.0.254 lladdr 02:00:00:00:00:fe
	check_eq "a neighbour" "02:00:00:00:00:fe static" neigh 10.0.0.254
	check_heard "ask" - a src m1 arp request 10.0.0.1 10.0.0.254
	check_seen "answered" 1 a "arp reply 10.0.0.254 .* sha $(mac mfe)"
	check_heard "a VM claims it" b,c,p2/100,p3/100 \
		a src m1 arp gratuitous 10.0.0.254 10.0.0.254
	check_eq "in vain" "02:00:00:00:00:fe static" neigh 10.0.0.254
	check "none" weft -n "$host" segment set 100 dev sw0 gateway none
	check_eq "gone" "" neigh 10.0.0.254
	log_test "the gateway is a neighbour"
}

# RFC 5227 and RFC 4862: who asks has no address yet
probes()
{
	check "known" weft -n "$host" neigh replace 10.0.0.2 \
		lladdr 02:00:00:00:00:02 vni 100 dev sw0
	check_heard "ARP probe" - a src m1 arp request 0.0.0.0 10.0.0.2
	check_seen "answered" 1 a "arp reply 10.0.0.2 0.0.0.0 sha $(mac m2)"
	check_heard "solicitation" - a src m1 ns :: fd00::2
	check_seen "answered to all" 1 a "$(mac m2) > 33:33:00:00:00:01 \
na fd00::2 from fd00::2 to ff02::1 flags 1 lladdr $(mac m2)\$"
	log_test "probes for an address that another has are answered"
}

own_address()
{
	check_heard "ARP probe" a,c,p2/100,p3/100 \
		b src m2 arp request 0.0.0.0 10.0.0.2
	check_heard "announcement" a,c,p2/100,p3/100 \
		b src m2 arp gratuitous 10.0.0.2 10.0.0.2
	check_heard "for its own" a,c,p2/100,p3/100 \
		b src m2 arp request 10.0.0.5 10.0.0.2
	check_heard "solicitation" a,c,p2/100,p3/100 b src m2 ns :: fd00::2
	check_seen "none is answered" 0 b "arp reply| na "
	log_test "probes for one's own address are not answered"
}

# Whole stacks: x takes an address, and again; y wants the same
duplicate_address()
{
	local x y dad="-6 addr show dev eth0 dadfailed"

	add_vm "$host" sw0 x 100 02:00:00:00:00:60
	add_vm "$host" sw0 y 100 02:00:00:00:00:61
	# who has found that his address is his own says so
	in_ns "$x" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/eth0/ndisc_notify'
	ip -n "$x" addr add fd00::60/64 dev eth0
	check "x has it" busywait 8000 settled "$x" fd00::60
	check "and is known" busywait 5000 \
		match "02:00:00:00:00:60 learned" neigh fd00::60
	ip -n "$x" addr del fd00::60/64 dev eth0
	ip -n "$x" addr add fd00::60/64 dev eth0
	check "again" busywait 8000 settled "$x" fd00::60
	# shellcheck disable=SC2086	# words
	check_eq "not refused" "" ip -n "$x" $dad
	ip -n "$x" link set dev eth0 down
	ip -n "$y" addr add fd00::60/64 dev eth0
	# shellcheck disable=SC2086
	check "y is refused it, by the switch alone" \
		busywait 8000 match fd00::60 ip -n "$y" $dad
	ip -n "$y" addr add fd00::61/64 dev eth0
	check "but has another" busywait 8000 settled "$y" fd00::61
	cleanup_ns "$x" "$y"
	log_test "duplicate address detection works"
}

match()
{
	local pattern=$1

	shift
	[[ $("$@") == *$pattern* ]]
}

# settled NAMESPACE ADDRESS: it is there and not tentative
settled()
{
	match "$2/" ip -n "$1" -6 addr show dev eth0 -tentative -dadfailed
}

other_segment()
{
	check "on" weft -n "$host" segment set 200 dev sw0 suppress on
	check_heard "not known there" p2/200 \
		d src m1 arp request 10.0.0.1 10.0.0.2
	check_seen "not answered" 0 d "arp reply"
	check "another" weft -n "$host" neigh add 10.0.0.2 \
		lladdr 02:00:00:00:00:88 vni 200 dev sw0
	check_heard "known" - d src m1 arp request 10.0.0.1 10.0.0.2
	check_seen "its own" 1 d "arp reply 10.0.0.2 .* sha $(mac m88)"
	check_heard "the first" - a src m1 arp request 10.0.0.1 10.0.0.2
	check_seen "has its own" 1 a "arp reply 10.0.0.2 .* sha $(mac m2)"
	check "off" weft -n "$host" segment set 200 dev sw0 suppress off
	log_test "neighbours belong to a segment"
}

# Two VMs find each other, and the underlay hears nothing of it.
stacks()
{
	local x y

	add_vm "$host" sw0 x 100 02:00:00:00:00:70 10.0.0.70/24 fd00::70/64
	add_vm "$host" sw0 y 100 02:00:00:00:00:71 10.0.0.71/24 fd00::71/64
	check "tell" weft_batch "$host" <<-END
		neigh add 10.0.0.70 lladdr 02:00:00:00:00:70 vni 100 dev sw0
		neigh add 10.0.0.71 lladdr 02:00:00:00:00:71 vni 100 dev sw0
		neigh add fd00::70 lladdr 02:00:00:00:00:70 vni 100 dev sw0
		neigh add fd00::71 lladdr 02:00:00:00:00:71 vni 100 dev sw0
	END
	check "clear" wire clear
	check "IPv4" ping_vm "$x" 10.0.0.71
	check "IPv6" ping_vm "$x" fd00::71
	check_seen "no request" 0 u 'arp request .* 10.0.0.7[01] '
	check_seen "no solicitation" 0 u 'ns fd00::7[01] '
	check_seen "for no port" 0 a 'arp request|ns fd00::7[01]'
	cleanup_ns "$x" "$y"
	log_test "VMs find each other without the underlay"
}

management()
{
	local key="10.0.0.80 vni 100 dev sw0"

	# shellcheck disable=SC2086	# words
	check "add" weft -n "$host" neigh add $key lladdr 02:00:00:00:00:80 \
		controller
	# shellcheck disable=SC2086
	check_refused "again" "exists" weft -n "$host" neigh add $key \
		lladdr 02:00:00:00:00:80 controller
	# shellcheck disable=SC2086
	check "replace" weft -n "$host" neigh replace $key \
		lladdr 02:00:00:00:00:81
	check_eq "replaced" "02:00:00:00:00:81 static" neigh 10.0.0.80
	# shellcheck disable=SC2086
	check_refused "static stays" "not changed by a controller" \
		weft -n "$host" neigh replace $key \
		lladdr 02:00:00:00:00:80 controller
	check_match "show" \
		"10.0.0.80 lladdr 02:00:00:00:00:81 vni 100 dev sw0 static" \
		weft -n "$host" neigh show dev sw0 vni 100 static
	# shellcheck disable=SC2086
	check "delete" weft -n "$host" neigh del $key
	# shellcheck disable=SC2086
	check_refused "gone" "No such neighbour" \
		weft -n "$host" neigh del $key
	check_refused "no host's" "No host can have" weft -n "$host" \
		neigh add 224.0.0.1 lladdr 02:00:00:00:00:80 vni 100 dev sw0
	check_refused "no host's" "No host can have" weft -n "$host" \
		neigh add 10.0.0.81 lladdr 01:00:00:00:00:80 vni 100 dev sw0
	log_test "neighbours by management"
}

one_host
run_tests
