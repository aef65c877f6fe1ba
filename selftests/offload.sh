#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Large packets and checksums: what the VM leaves to its device goes through
# the tunnel in large pieces, and is right at the end, whoever does the work.
# A server in every VM checks what it gets.
#
#   a4, a6                       b4, b6
#  +-- h1 --+                   +-- h2 ---+
#  | sw0    |                   | bridge, |
#  | (weft) |-------------------| vxlan   |
#  +--------+ up             up +---------+
#
#   c4, c6                       d4, d6
#  +-- h3 --+                   +-- h4 --+
#  | sw0    |-------------------| sw0    |
#  +--------+ up             up +--------+
#
# The VMs with 4 are in segment 4, over IPv4, those with 6 in segment 6.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	tso_to_vxlan
	tso_to_weft
	gro_with_vxlan
	gro_with_weft
	checksums
	no_outer_checksum
	udp_is_not_merged
"

h1='' h2='' h3='' h4='' a4='' a6='' b4='' b6='' c4='' c6='' d4='' d6=''
BYTES=1000000
LARGE=3000	# the average packet is longer where packets are large

# weft_host NAMESPACE NUMBER PEER-NUMBER VM
weft_host()
{
	add_switch "$1" sw0 local "$(vtep "$2")" local "$(vtep6 "$2")" uplink up
	weft -n "$1" -b - <<-END
		segment add 4 dev sw0
		segment add 6 dev sw0
		peer add $(vtep "$3") dev sw0 vni 4
		peer add $(vtep6 "$3") dev sw0 vni 6
	END
	add_quiet_vm "$1" sw0 "$4"4 4 "02:00:00:00:04:0$2" "10.0.0.$2/24" \
		"2001:db8:1::$2/64"
	add_quiet_vm "$1" sw0 "$4"6 6 "02:00:00:00:06:0$2" "10.0.0.$2/24" \
		"2001:db8:1::$2/64"
}

setup()
{
	setup_ns h1 h2 h3 h4
	check "load" load_weft
	make_underlay "$h1" "$h2"
	make_underlay "$h3" "$h4"
	weft_host "$h1" 1 2 a
	weft_host "$h3" 1 2 c
	weft_host "$h4" 2 1 d
	add_vxlan "$h2" 4 local "$(vtep 2)" remote "$(vtep 1)" dev up
	add_vxlan "$h2" 6 local "$(vtep6 2)" remote "$(vtep6 1)" dev up
	add_bridge_vm "$h2" 4 b4 02:00:00:00:04:02 10.0.0.2/24 \
		2001:db8:1::2/64
	add_bridge_vm "$h2" 6 b6 02:00:00:00:06:02 10.0.0.2/24 \
		2001:db8:1::2/64
	serve "$a4" "$a6" "$b4" "$b6" "$c4" "$c6" "$d4" "$d6"
}

# features NAMESPACE DEV FEATURE on|off...
features()
{
	in_ns "$1" ethtool -K "${@:2}" >/dev/null
}

# lengths NAMESPACE DEV: "packets bytes" sent by it
lengths()
{
	# shellcheck disable=SC2016
	nsenter "--net=/run/netns/$1" awk -v dev="$2:" \
		'$1 == dev { print $11, $10 }' /proc/net/dev
}

# average "PACKETS BYTES" "PACKETS BYTES": the mean length of what came
# between
average()
{
	# shellcheck disable=SC2086	# these are four numbers
	set -- $1 $2
	[ "$3" -gt "$1" ] || set -- 0 0 1 0
	echo $((($4 - $2) / ($3 - $1)))
}

# large_way HOST-FROM VM-FROM HOST-TO PORT-TO NUMBER WIRE: streams to the VM of
# that number, whose packets are large where they leave at the end; on the wire
# they are, or not
large_way()
{
	local from=$1 vm=$2 to=$3 port=$4 n=$5 wire=$6
	local wire0 port0 mean

	wire0=$(lengths "$from" up)
	port0=$(lengths "$to" "$port")
	check "streams" stream "$vm" "$BYTES" "10.0.0.$n" "2001:db8:1::$n"
	mean=$(average "$wire0" "$(lengths "$from" up)")
	if [ "$wire" = large ]; then
		check "large on the wire: $mean" [ "$mean" -ge "$LARGE" ]
	else
		check "small on the wire: $mean" [ "$mean" -le 1600 ]
	fi
	mean=$(average "$port0" "$(lengths "$to" "$port")")
	check "large at the port: $mean" [ "$mean" -ge "$LARGE" ]
}

# large HOST VM HOST VM WIRE: both ways, both inner families; VM is the letter
large()
{
	local host1=$1 vms1=$2 host2=$3 vms2=$4 wire=$5 family

	for family in 4 6; do
		local -n vm1=$vms1$family vm2=$vms2$family
		large_way "$host1" "$vm1" "$host2" "$vms2$family" 2 "$wire"
		large_way "$host2" "$vm2" "$host1" "$vms1$family" 1 "$wire"
		log_test "$CASE, IPv$family underlay"
	done
}

# The underlay's device takes large packets as they are.
tso_to_vxlan()
{
	large "$h1" a "$h2" b large
}

tso_to_weft()
{
	large "$h3" c "$h4" d large
}

# Now it does not, so that they are segmented by software; the receiving
# device puts them together.
gro_on()
{
	features "$1" up tso off gro on
	features "$2" up tso off gro on
}

gro_off()
{
	features "$1" up tso on gro off
	features "$2" up tso on gro off
}

gro_with_vxlan()
{
	gro_on "$h1" "$h2"
	large "$h1" a "$h2" b small
	gro_off "$h1" "$h2"
}

gro_with_weft()
{
	gro_on "$h3" "$h4"
	large "$h3" c "$h4" d small
	gro_off "$h3" "$h4"
}

# Whoever computes them: the VM or the underlay's device of the sender, in
# software or not at all, because the frame never leaves the host.
checksums()
{
	local vm up ns family

	for vm in on off; do
		for up in on off; do
			for ns in "$a4" "$b4" "$a6" "$b6"; do
				features "$ns" eth0 tx "$vm"
			done
			features "$h1" up tx "$up"
			features "$h2" up tx "$up"
			# with offload, what a capture shows is unfinished
			[ "$up" = on ] ||
				capture "$h2" up "$TMP/csum.$vm" udp
			for family in 4 6; do
				local -n vm_a=a$family vm_b=b$family
				check "to vxlan" stream "$vm_a" 30000 \
					10.0.0.2 2001:db8:1::2
				check "from vxlan" stream "$vm_b" 30000 \
					10.0.0.1 2001:db8:1::1
			done
			[ "$up" = on ] || capture_stop "$TMP/csum.$vm"
			log_test "checksums by device: VM $vm, underlay $up"
		done
	done
	for ns in "$a4" "$b4" "$a6" "$b6"; do
		features "$ns" eth0 tx on tso on
	done
	features "$h1" up tx on tso on
	features "$h2" up tx on tso on

	join_captures "$TMP/csum" "$TMP/csum.on" "$TMP/csum.off"
	check "captured" [ "$(packets "$TMP/csum")" -ge 200 ]
	check_eq "wrong on the wire" "" decode_bad "$TMP/csum"
	log_test "checksums on the wire"
}

no_outer_checksum()
{
	local ns

	for ns in "$h3" "$h4"; do
		check "set" weft -n "$ns" switch set sw0 udpcsum off \
			udp6zerocsumtx on udp6zerocsumrx on
	done
	gro_on "$h3" "$h4"
	large "$h3" c "$h4" d small
	gro_off "$h3" "$h4"
	for ns in "$h3" "$h4"; do
		weft -n "$ns" switch set sw0 udpcsum on udp6zerocsumtx off \
			udp6zerocsumrx off
	done
}

# Tunnel frames of one length and one flow look like what UDP GRO merges.
udp_is_not_merged()
{
	local feature

	gro_on "$h3" "$h4"
	for feature in rx-udp-gro-forwarding rx-gro-list; do
		features "$h4" up "$feature" on
		all_drops "$h4" sw0 >"$TMP/before"
		check "IPv4" datagrams "$c4" 40 1000 10.0.0.2 2001:db8:1::2
		check "IPv6" datagrams "$c6" 40 1000 10.0.0.2 2001:db8:1::2
		check_eq "drops" "" drops_since "$TMP/before" "$h4" sw0
		check "TCP too" stream "$c4" 100000 10.0.0.2
		features "$h4" up "$feature" off
		log_test "UDP is not merged, $feature"
	done
	gro_off "$h3" "$h4"
}

prepare
run_tests
