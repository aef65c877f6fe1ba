#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# VMs on virtual functions and VMs behind ports are in one segment, on one host
# and on two, and the NIC encapsulates for both. Its tables are those of the
# switch, whatever happens.
#
#       a        b (VF 0)                 c        d (VF 0)
#       |        :  e (VF 1, VNI 200)     |        :  f (VF 1, VNI 200)
#     +-|--- h1 -:--+                   +-|--- h2 -:--+
#     | sw0      :  |                   | sw0      :  |
#     |   up ==nic1 |- w1 --- mid --- w2| -nic2== up  |
#     +-------------+                   +-------------+
#
# a to d are 10.0.0.1 to .4 in segment 100; e and f are 10.0.0.1 and 10.0.0.4 in
# segment 200, with the MAC addresses of a and d.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"
# shellcheck source=selftests/lib/nic.sh
. "$(dirname "$0")/lib/nic.sh"

ALL_TESTS="
	shown
	pairs
	engine
	same_on_the_wire
	streams
	geneve
	nvgre
	tenants
	vf_limits
	changes
	options_too_long
	fenced
	peer_differs
	segment_again
	moves
	new_vtep
	reset
	commands_fail
	commands_hang
	stalled
	link_lost
	too_small
	vfs_go
	switch_goes
	modules_go
"
FEW_TESTS="
	shown
	pairs
	streams
	tenants
	moves
	reset
	modules_go
"

mid='' h1='' h2='' a='' b='' c='' d='' e='' f=''

setup()
{
	if ! has_nics; then
		skip "no PCI in this kernel"
		exit 0
	fi
	check "modules" load_nics || exit
	setup_ns mid h1 h2
	ip -n "$mid" -batch - <<-END
		link add name w1 mtu 1700 type veth peer name w2 mtu 1700
		link set dev w1 up
		link set dev w2 up
	END
	add_nic "$mid" 1 "$h1" 2 options 16
	add_nic "$mid" 2 "$h2" 2 options 16
	add_host "$h1" 1 2
	add_host "$h2" 2 1
	add_quiet_vm "$h1" sw0 a 100 02:00:00:00:00:0a 10.0.0.1/24 2001:db8:a::1/64
	add_vf_vm "$h1" 1 0 b 02:00:00:00:00:0b 100 10.0.0.2/24 2001:db8:a::2/64
	add_quiet_vm "$h2" sw0 c 100 02:00:00:00:00:0c 10.0.0.3/24 2001:db8:a::3/64
	add_vf_vm "$h2" 2 0 d 02:00:00:00:00:0d 100 10.0.0.4/24 2001:db8:a::4/64
	add_vf_vm "$h1" 1 1 e 02:00:00:00:00:0a 200 10.0.0.1/24 2001:db8:a::1/64
	add_vf_vm "$h2" 2 1 f 02:00:00:00:00:0d 200 10.0.0.4/24 2001:db8:a::4/64
	setup_done
}

# add_host NAMESPACE N OTHER
add_host()
{
	add_switch "$1" sw0 local "$(vtep "$2")" uplink up
	check "segments" weft -n "$1" -b - <<-END
		segment add 100 dev sw0
		segment add 200 dev sw0
		peer add $(vtep "$3") dev sw0 vni 100 vni 200
	END
	check "served" busywait 10000 serving "$1"
}

shown()
{
	check_match "NIC" "^up dev sw0 ready on serving on .*vxlan" \
		weft -n "$h1" nic show
	check_match "in JSON" '"serving": ?true' weft -n "$h1" -j nic show up
	check_match "VF" "^up vf 0 dev sw0 vni 100 mac 02:00:00:00:00:0b" \
		weft -n "$h1" port show up vf 0 dev sw0
	check_match "its entry" "port up vf 0 static nic up present" \
		weft -n "$h1" map get 02:00:00:00:00:0b vni 100 dev sw0
	check_refused "a VF twice" "is a port already" weft -n "$h1" port add \
		up vf 0 dev sw0 vni 100 mac 02:00:00:00:00:0b
	check_refused "a VF there is not" "no such VF" weft -n "$h1" port add \
		up vf 99 dev sw0 vni 100 mac 02:00:00:00:00:77
	check_refused "a VF without MAC" "needs the MAC" weft -n "$h1" port add \
		up vf 5 dev sw0 vni 100
	check_refused "a VLAN" "untagged" weft -n "$h1" port set \
		up vf 0 dev sw0 vni 200 vlan 7
	check_refused "no NIC" "no overlay offload" weft -n "$h1" port add \
		a vf 0 dev sw0 vni 100 mac 02:00:00:00:00:77
	check_tables "$h1" nic1
	check_tables "$h2" nic2
	log_test "NIC, VFs and entries are shown"
}

# all_talk: every VM of segment 100 with every other, over IPv4 and IPv6
all_talk()
{
	local from to vms=("$a" "$b" "$c" "$d") pairs=()

	for from in 0 1 2 3; do
		for to in 0 1 2 3; do
			[ "$from" = "$to" ] ||
				pairs+=("${vms[from]} 10.0.0.$((to + 1))"
					"${vms[from]} 2001:db8:a::$((to + 1))")
		done
	done
	talk "${pairs[@]}"
}

pairs()
{
	check "everybody with everybody" all_talk
	log_test "every pair talks"
}

# What the NICs have done, what the wire says.
engine()
{
	local cap=$TMP/engine before1 before2

	check "learn" ping_vm "$a" 10.0.0.3
	check_tables "$h1" nic1
	before1=$(nic_count nic1 encapsulated)
	before2=$(nic_count nic2 decapsulated)
	capture "$mid" w1 "$cap" udp port 4789
	check "many" ping_vm "$a" 10.0.0.3 -c 5 -i 0.05
	check "from a VF" ping_vm "$b" 10.0.0.4 -c 5 -i 0.05
	capture_stop "$cap"
	check "encapsulated by the NIC" \
		[ $(($(nic_count nic1 encapsulated) - before1)) -ge 10 ]
	check "decapsulated by the other" \
		[ $(($(nic_count nic2 decapsulated) - before2)) -ge 10 ]
	# "Bad" is 0; tshark takes long to start
	decode "$cap" -Y "icmp or _ws.malformed" -T fields -E separator=/s \
		-e vxlan.vni -e ip.checksum.status -e udp.checksum.status \
		-e _ws.malformed >"$TMP/fields" 2>/dev/null
	check_eq "20 of segment 100, all right" 20 \
		count_lines grep -x "100 1,1 1 *" "$TMP/fields"
	check_eq "and no others" 20 count_lines cat "$TMP/fields"
	log_test "the NIC encapsulates and decapsulates"
}

# silent: no VM probes a neighbour that it has talked to; a and c know each other
silent()
{
	local vm

	for vm in "$a" "$b" "$c" "$d" "$e" "$f"; do
		ip -n "$vm" neigh flush dev eth0
	done
	know "$a" eth0 10.0.0.3 02:00:00:00:00:0c
	know "$c" eth0 10.0.0.1 02:00:00:00:00:0a
}

talkative()
{
	ip -n "$a" neigh del 10.0.0.3 dev eth0
	ip -n "$c" neigh del 10.0.0.1 dev eth0
}

# alike FILTER FIELD...: the same packet, encapsulated by the NIC and by software,
# has equal headers, what tshark knows of UDP and these fields. (An inner TTL of
# 64 is the route's, too.)
alike()
{
	local filter=$1 cap=$TMP/same before

	shift
	silent
	check "known" ping_vm "$a" 10.0.0.3
	check_tables "$h1" nic1
	before=$(nic_count nic1 encapsulated)
	capture "$mid" w1 "$cap" "$filter" and src host "$(vtep 1)"
	check "by the NIC" ping_vm "$a" 10.0.0.3
	check_eq "once" $((before + 1)) nic_count nic1 encapsulated
	check "not the NIC's" weft -n "$h1" switch set sw0 ttl inherit
	check "by software" ping_vm "$a" 10.0.0.3
	check_eq "no more" $((before + 1)) nic_count nic1 encapsulated
	check "as it was" weft -n "$h1" switch set sw0 ttl auto
	capture_stop "$cap"
	talkative
	decode "$cap" -Y "icmp.type == 8" -T fields -e frame.len -e eth.src \
		-e eth.dst -e ip.src -e ip.dst -e ip.ttl -e ip.dsfield \
		-e ip.flags -e udp.dstport -e udp.length \
		-e udp.checksum.status -e _ws.malformed "${@/#/-e}" \
		>"$TMP/fields" 2>/dev/null
	check_eq "two" 2 count_lines cat "$TMP/fields"
	check_eq "alike" 1 count_lines sort -u "$TMP/fields"
}

# The source port is a hash, and differs.
same_on_the_wire()
{
	alike "udp port 4789" vxlan.flags vxlan.vni
	log_test "the NIC and software write the same headers"
}

count_lines()
{
	"$@" 2>/dev/null | wc -l
}

streams()
{
	serve "$b" "$c" "$d"
	check "a to d" stream "$a" 2000000 10.0.0.4
	check "b to c" stream "$b" 2000000 10.0.0.3
	check "b to d" stream "$b" 2000000 2001:db8:a::4
	check "a to b" stream "$a" 2000000 10.0.0.2
	check "c to d" stream "$c" 2000000 10.0.0.4
	log_test "TCP streams, segmented by the NIC"
}

# carried ENCAP [WORD...]: segment 100 is, by both hosts and their NICs
carried()
{
	local ns

	for ns in "$h1" "$h2"; do
		check "$1" weft -n "$ns" segment set 100 dev sw0 encap "$@"
	done
	check "told" busywait 5000 hw_carries nic1 100 "$1"
	check "told" busywait 5000 hw_carries nic2 100 "$1"
	check_tables "$h1" nic1
	check_tables "$h2" nic2
}

# by_engine FILTER: every pair talks, and streams of TCP are segmented; the NICs
# do what software did before
by_engine()
{
	local out in cap=$TMP/by_engine

	check "everybody with everybody" all_talk
	out=$(nic_count nic1 encapsulated)
	in=$(nic_count nic2 decapsulated)
	capture "$mid" w1 "$cap" "$1"
	check "from a port" ping_vm "$a" 10.0.0.3 -c 5 -i 0.05
	check "from a VF" ping_vm "$b" 10.0.0.4 -c 5 -i 0.05
	capture_stop "$cap"
	check "encapsulated" [ $(($(nic_count nic1 encapsulated) - out)) -ge 10 ]
	check "decapsulated" [ $(($(nic_count nic2 decapsulated) - in)) -ge 10 ]
	check_eq "all so" 20 count_lines decode "$cap" -Y "icmp"
	check_eq "sound" "" decode "$cap" -Y "_ws.malformed ||
		ip.checksum.status == 0 || udp.checksum.status == 0"
	# the servers of streams are still there
	check "a to d" stream "$a" 2000000 10.0.0.4
	check "b to c" stream "$b" 2000000 10.0.0.3
	check "b to d" stream "$b" 2000000 2001:db8:a::4
}

geneve()
{
	carried geneve option 0102:01:00880022 option 0103:81
	by_engine "udp port 6081"
	alike "udp port 6081" geneve.flags geneve.vni geneve.proto_type \
		geneve.option.class geneve.option.type geneve.option.length \
		geneve.option.unknown.data
	check_match "options" "0x0102,0x0103.*00880022" cat "$TMP/fields"
	carried vxlan option none
	log_test "the NIC encapsulates by GENEVE, with options"
}

nvgre()
{
	carried nvgre
	by_engine "proto 47"
	# without FlowID, which is a hash
	check "no flows" weft -n "$h1" switch set sw0 srcport 50000 50000
	alike "proto 47" gre.flags_and_version gre.proto gre.key
	check_match "its key" "0x00006400" cat "$TMP/fields"
	check "flows" weft -n "$h1" switch set sw0 srcport 49152 65535
	carried vxlan
	log_test "the NIC encapsulates by NVGRE"
}

# The same addresses in another segment; only they hear each other.
tenants()
{
	local cap=$TMP/tenants

	check "e to f" ping_vm "$e" 10.0.0.4
	check "f to e over IPv6" ping_vm "$f" 2001:db8:a::1
	check "nobody else" no_ping_vm "$e" 10.0.0.2
	check "nobody else there" no_ping_vm "$e" 10.0.0.3
	check "nor that way" no_ping_vm "$f" 10.0.0.2
	# what e asked for in vain is not meant
	capture "$f" eth0 "$cap" icmp or icmp6 or arp and host 10.0.0.99
	check "a to d" ping_vm "$a" 10.0.0.4
	in_ns "$a" ping -n -q -c 3 -i 0.1 -W 0.2 -b 10.0.0.255 >/dev/null 2>&1
	check "nobody" no_ping_vm "$a" 10.0.0.99
	capture_stop "$cap"
	check_eq "f hears nothing" 0 packets "$cap"
	log_test "segments stay apart"
}

# What a VF may do is what its port says.
vf_limits()
{
	local max

	max=$(ip -n "$b" -d -j link show dev eth0 |
		sed 's/.*"max_mtu":\([0-9]*\).*/\1/')
	check_eq "largest MTU" $((1600 - 50)) echo "$max"
	check "it" ip -n "$b" link set dev eth0 mtu "$max"
	check_fail "a larger one" ip -n "$b" link set dev eth0 mtu $((max + 1))
	check "as it was" ip -n "$b" link set dev eth0 mtu 1450
	check_fail "another address" ip -n "$b" link set dev eth0 \
		address 02:00:00:00:00:99
	check_match "administrator's settings are the switch's" "busy" \
		ip -n "$h1" link set dev up vf 0 mac 02:00:00:00:00:99
	check "still" ping_vm "$b" 10.0.0.3
	log_test "a VF is held to its port"
}

hw_has()
{
	hw_entries "$1" | grep -qx "$2"
}

hw_lacks()
{
	! hw_has "$@"
}

# Each kind of change comes to the NIC by itself.
changes()
{
	local m=02:00:00:00:01:01

	check "add" weft -n "$h1" map add "$m" vni 100 dev sw0 peer 192.0.2.2
	check "added" busywait 5000 hw_has nic1 "100 $m vtep 192.0.2.2"
	check "replace" weft -n "$h1" map replace "$m" vni 100 dev sw0 port a
	check "replaced" busywait 5000 hw_has nic1 "100 $m host"
	check "delete" weft -n "$h1" map del "$m" vni 100 dev sw0
	check "deleted" busywait 5000 hw_lacks nic1 "100 $m .*"
	check "a segment" weft -n "$h1" segment add 300 dev sw0
	check "an entry there" weft -n "$h1" map add "$m" vni 300 dev sw0 \
		peer 192.0.2.2
	check "both came" busywait 5000 hw_has nic1 "300 $m vtep 192.0.2.2"
	check "a group" weft -n "$h1" segment set 300 dev sw0 group 239.1.1.1
	check "came" busywait 5000 grep -q "^segment 300 .*239.1.1.1" \
		"$NICS/nic1/tables"
	check "the segment goes" weft -n "$h1" segment del 300 dev sw0
	check "its entry went" busywait 5000 hw_lacks nic1 "300 .*"
	check "nobody there" weft -n "$h1" map add "$m" vni 100 dev sw0 \
		peer 192.0.2.77
	check_match "is not in the NIC" "nic up no-mac" \
		weft -n "$h1" map get "$m" vni 100 dev sw0
	check "gone" weft -n "$h1" map del "$m" vni 100 dev sw0
	check_tables "$h1" nic1
	log_test "changes come to the NIC"
}

# dropped FILE: what has come to h2's drops since all_drops wrote it
dropped()
{
	drops_since "$1" "$h2" sw0
}

# carried_by_host: segment 200 is, for the NICs can't; they switch between a VF
# and the host
carried_by_host()
{
	check "told" busywait 5000 hw_carries nic1 200 none
	check "told" busywait 5000 hw_carries nic2 200 none
	check "e to f" ping_vm "$e" 10.0.0.4 -c 3 -i 0.05
	check "TCP" stream_to_f
	check_match "entry" "nic up encap" \
		weft -n "$h1" map get 02:00:00:00:00:0d vni 200 dev sw0
	check_match "explained" "encap" weft -n "$h1" trace dev sw0 port up \
		vf 1 src 02:00:00:00:00:0a dst 02:00:00:00:00:0d
}

# not_by_vxlan: a segment that the NIC does not carry is not reached by it
not_by_vxlan()
{
	local cap=$TMP/other

	all_drops "$h2" sw0 >"$TMP/drops"
	capture "$f" eth0 "$cap" udp and dst port 9
	check "VXLAN" forge "$mid" w1 <<-END
		eth src=$(mac_of "$h1" up) dst=$(mac_of "$h2" up) / ip src=$(vtep 1) dst=$(vtep 2) / udp dport=4789 / vxlan vni=200 / eth src=02:00:00:00:00:0a dst=ff:ff:ff:ff:ff:ff / ip src=10.0.0.1 dst=10.0.0.255 / udp dport=9
	END
	check "dropped" busywait 5000 counter_is "encap-mismatch 1" \
		dropped "$TMP/drops"
	capture_stop "$cap"
	check_eq "not heard" 0 packets "$cap"
}

# back_to_vxlan: and the NICs carry it again
back_to_vxlan()
{
	local ns before

	for ns in "$h1" "$h2"; do
		check "VXLAN" weft -n "$ns" segment set 200 dev sw0 encap vxlan
	done
	check "told" busywait 5000 hw_carries nic1 200 vxlan
	check "known" ping_vm "$e" 10.0.0.4
	check_tables "$h1" nic1
	check_tables "$h2" nic2
	before=$(nic_count nic1 encapsulated)
	check "e to f" ping_vm "$e" 10.0.0.4 -c 3 -i 0.05
	check "by the NIC" [ "$(nic_count nic1 encapsulated)" -ge \
		$((before + 3)) ]
}

# GENEVE that has more options than the NICs can add
options_too_long()
{
	local ns

	for ns in "$h1" "$h2"; do
		check "options" weft -n "$ns" segment set 200 dev sw0 \
			encap geneve option 0102:01:00112233445566778899aabbccddeeff
	done
	carried_by_host
	not_by_vxlan
	for ns in "$h1" "$h2"; do
		check "no options" weft -n "$ns" segment set 200 dev sw0 \
			option none
	done
	check "now they can" busywait 5000 hw_carries nic1 200 geneve
	check "now they can" busywait 5000 hw_carries nic2 200 geneve
	check "e to f" ping_vm "$e" 10.0.0.4 -c 3 -i 0.05
	back_to_vxlan
	log_test "options that the NIC can't add"
}

# An encapsulation that no NIC knows
fenced()
{
	local n ns

	for n in 1 2; do
		ns=h$n
		check "fence" weft -n "${!ns}" -b - <<-END
			switch set sw0 fence 02:57:46/1/$n
			peer del $(vtep $((3 - n))) dev sw0 vni 200
			segment set 200 dev sw0 encap fence
		END
	done
	carried_by_host
	not_by_vxlan
	for n in 1 2; do
		ns=h$n
		check "as it was" weft -n "${!ns}" -b - <<-END
			segment set 200 dev sw0 encap vxlan
			peer add $(vtep $((3 - n))) dev sw0 vni 200
			switch set sw0 fence none
		END
	done
	back_to_vxlan
	log_test "a fence, which the NIC can't carry"
}

# A peer that speaks another encapsulation than the segment is software's, which
# does not try the NIC first.
peer_differs()
{
	local before returned

	check "known" ping_vm "$a" 10.0.0.3
	check_tables "$h1" nic1
	check "GENEVE" weft -n "$h2" peer set "$(vtep 1)" dev sw0 encap geneve
	check "GENEVE" weft -n "$h1" peer set "$(vtep 2)" dev sw0 encap geneve
	check "noticed" busywait 5000 entry_is "nic up encap"
	before=$(nic_count nic1 encapsulated)
	returned=$(nic_word "$h1" returned)
	check "talk" ping_vm "$a" 10.0.0.3 -c 5 -i 0.05
	check_eq "not by the NIC" "$before" nic_count nic1 encapsulated
	check_eq "nor tried" "$returned" nic_word "$h1" returned
	check "as the segment" weft -n "$h1" peer set "$(vtep 2)" dev sw0 \
		encap segment
	check "as the segment" weft -n "$h2" peer set "$(vtep 1)" dev sw0 \
		encap segment
	check_tables "$h1" nic1
	check_tables "$h2" nic2
	check "talk" ping_vm "$a" 10.0.0.3 -c 5 -i 0.05
	check "by the NIC" [ "$(nic_count nic1 encapsulated)" -ge \
		$((before + 5)) ]
	log_test "a peer that speaks another encapsulation"
}

# A VF is out of a segment that is deleted, and not in another that takes its
# number.
segment_again()
{
	check "deleted and made" weft -n "$h1" -b - <<-END
		segment del 200 dev sw0
		segment add 200 dev sw0
		peer add $(vtep 2) dev sw0 vni 200
	END
	check "out" busywait 5000 vf_is_in 1 0
	check "there again" busywait 5000 hw_carries nic1 200 vxlan
	check "nobody" no_ping_vm "$e" 10.0.0.4
	check "joins" weft -n "$h1" port set up vf 1 dev sw0 vni 200
	check "in" busywait 5000 vf_is_in 1 200
	check_tables "$h1" nic1
	check "talk" ping_vm "$e" 10.0.0.4
	log_test "a segment is deleted, and made again"
}

# vf_is_in VF VNI: a VF of nic1, 0 for none
vf_is_in()
{
	grep -q "^vf $1 vni $2 " "$NICS/nic1/tables"
}

# entry_is WORDS: of c
entry_is()
{
	weft -n "$h1" map get 02:00:00:00:00:0c vni 100 dev sw0 | grep -q "$1"
}

stream_to_f()
{
	serve "$f"
	stream "$e" 500000 10.0.0.4
}

# A VM moves from host to host; the NIC follows from its first frame.
moves()
{
	local m=02:00:00:00:02:02

	check "speaks at a" learn_at "$a"
	check "known on h2" busywait 5000 hw_has nic2 "100 $m vtep 192.0.2.1"
	check "known on h1" busywait 5000 hw_has nic1 "100 $m host"
	check "speaks at c" learn_at "$c"
	check "followed on h2" busywait 5000 hw_has nic2 "100 $m host"
	check "followed on h1" busywait 5000 hw_has nic1 "100 $m vtep 192.0.2.2"
	check "forget" weft -n "$h1" map del "$m" vni 100 dev sw0
	check "forget" weft -n "$h2" map del "$m" vni 100 dev sw0
	check_tables "$h1" nic1
	check_tables "$h2" nic2
	log_test "a VM that moves is followed"
}

# learn_at NAMESPACE: a broadcast of another address
learn_at()
{
	forge "$1" eth0 <<-END
		eth src=02:00:00:00:02:02 dst=ff:ff:ff:ff:ff:ff / ip src=10.0.0.22 dst=10.0.0.255 / udp dport=9
	END
}

new_vtep()
{
	check "another address" ip -n "$h1" addr add 192.0.2.11/24 dev up
	check "is the VTEP" weft -n "$h1" switch set sw0 local 192.0.2.11
	check "pushed" busywait 5000 grep -q "^vtep ip 192.0.2.11 " \
		"$NICS/nic1/tables"
	check "peer" weft -n "$h2" peer add 192.0.2.11 dev sw0 vni 100 vni 200
	check "talk" all_talk
	check "as it was" weft -n "$h1" switch set sw0 local 192.0.2.1
	check "pushed" busywait 5000 grep -q "^vtep ip 192.0.2.1 " \
		"$NICS/nic1/tables"
	check "no peer" weft -n "$h2" peer del 192.0.2.11 dev sw0
	check "no address" ip -n "$h1" addr del 192.0.2.11/24 dev up
	check "talk" all_talk
	log_test "the VTEP address changes"
}

# under_traffic WHAT COMMAND...: while all sorts of VMs talk; afterwards all is
# well
under_traffic()
{
	local what=$1 pids=() pair from to

	shift
	for pair in "$a 10.0.0.3" "$a 10.0.0.2" "$b 10.0.0.4" "$c 10.0.0.4"; do
		read -r from to <<<"$pair"
		start nsenter "--net=/run/netns/$from" ping -n -q -i 0.01 "$to" \
			>/dev/null 2>&1
		pids+=($!)
	done
	"$@"
	stop "${pids[@]}"
	check "$what: serves again" busywait 30000 serving "$h1"
	check "$what: everybody talks" busywait 20000 all_talk
	check_tables "$h1" nic1
	check_tables "$h2" nic2
	check "$what: e to f" ping_vm "$e" 10.0.0.4
	check "$what: nobody else" no_ping_vm "$e" 10.0.0.2
}

generation_after()
{
	[ "$(nic_word "$h1" generation)" -gt "$1" ]
}

surprise()
{
	local before

	before=$(nic_word "$h1" generation)
	fault nic1 reset
	check "pushed anew" busywait 20000 generation_after "$before"
}

reset()
{
	under_traffic "reset" surprise
	log_test "a NIC that resets itself"
}

failing()
{
	local i

	fault nic1 error 5
	for i in 1 2 3; do
		check "add" weft -n "$h1" map add "02:00:00:00:03:0$i" vni 100 \
			dev sw0 peer 192.0.2.2
	done
	check "came at last" busywait 20000 \
		hw_has nic1 "100 02:00:00:00:03:03 vtep 192.0.2.2"
	for i in 1 2 3; do
		check "delete" weft -n "$h1" map del "02:00:00:00:03:0$i" vni 100 \
			dev sw0
	done
}

commands_fail()
{
	under_traffic "errors" failing
	log_test "commands that fail"
}

hanging()
{
	local before

	before=$(nic_word "$h1" generation)
	fault nic1 timeout 2
	check "add" weft -n "$h1" map add 02:00:00:00:03:01 vni 100 dev sw0 \
		peer 192.0.2.2
	check "pushed anew" busywait 30000 generation_after "$before"
	check "came at last" busywait 20000 \
		hw_has nic1 "100 02:00:00:00:03:01 vtep 192.0.2.2"
	check "delete" weft -n "$h1" map del 02:00:00:00:03:01 vni 100 dev sw0
}

commands_hang()
{
	under_traffic "time-out" hanging
	log_test "commands that are never done"
}

stalling()
{
	fault nic1 stall pf on
	check_fail "nothing by the PF" ping_vm "$a" 10.0.0.3 -w 1
	fault nic1 stall pf off
}

stalled()
{
	under_traffic "stall" stalling
	log_test "queues that stall"
}

no_carrier()
{
	ip -n "$h1" link show dev up | grep -q NO-CARRIER
}

losing_link()
{
	fault nic1 link off
	check "no carrier" busywait 5000 no_carrier
	check_fail "nobody" ping_vm "$a" 10.0.0.3 -w 1
	fault nic1 link on
}

link_lost()
{
	under_traffic "link" losing_link
	log_test "the link is lost"
}

is_full()
{
	weft -n "$h1" map show dev sw0 | grep -q "nic up full"
}

# More entries than fit: what does not is treated by software.
full_table()
{
	fault nic1 full on
	check "more" weft -n "$h1" map add 02:00:00:00:04:01 vni 100 dev sw0 \
		peer 192.0.2.2
	check "does not fit" busywait 10000 is_full
	check "reset" fault nic1 reset
	check "talk all the same" busywait 20000 all_talk
	fault nic1 full off
	check "make room" weft -n "$h1" map del 02:00:00:00:04:01 vni 100 \
		dev sw0
	fault nic1 reset
}

too_small()
{
	under_traffic "full" full_table
	log_test "a table that is full"
}

vfs_go()
{
	local pci

	pci=$(pci_of nic1)
	check "port of e goes" weft -n "$h1" port del up vf 1 dev sw0
	check "its entry too" busywait 5000 \
		hw_lacks nic1 "200 02:00:00:00:00:0a .*"
	check "e is alone" no_ping_vm "$e" 10.0.0.4
	start nsenter "--net=/run/netns/$b" ping -n -q -i 0.01 10.0.0.4 \
		>/dev/null 2>&1
	check "no VFs" sh -c "echo 0 >$pci/sriov_numvfs"
	stop $!
	check "a to c" ping_vm "$a" 10.0.0.3
	log_test "VFs go"
}

switch_goes()
{
	start nsenter "--net=/run/netns/$a" ping -n -q -i 0.01 10.0.0.4 \
		>/dev/null 2>&1
	check "delete" weft -n "$h1" switch del sw0
	stop $!
	check "nothing in the NIC" busywait 10000 hw_lacks nic1 ".*"
	check_match "it serves nobody" "^up ready on serving off" \
		weft -n "$h1" nic show up
	SWITCHES=("$h2 sw0")
	log_test "the switch goes"
}

modules_go()
{
	start nsenter "--net=/run/netns/$c" ping -n -q -i 0.01 10.0.0.4 \
		>/dev/null 2>&1
	check "unload" rmmod weftnic
	stop $!
	check "no port" check_no_vf
	check "load again" insmod "$NIC_MODULES/weftnic.ko"
	check "unload all" unload_nics
	SWITCHES=()
	log_test "the modules go, under traffic"
}

check_no_vf()
{
	! weft -n "$h2" port show dev sw0 | grep -q " vf "
}

setup
run_tests
