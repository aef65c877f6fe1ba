# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# For topics about NICs that encapsulate, on top of topo.sh: reference NICs on
# the two ends of a wire, VFs as VMs, and what is in the NIC's tables.
#
#      VM namespaces: behind a port, and on a VF
#       | NAME               : eth0 (a VF)
#     +-|------ host N ------:--+
#     | SW                   :  |
#     |   up (PF) ========= nicN (device model)
#     +---------------------|---+
#                           | wN (in the wire's namespace)

# PF and SW name another PF and another switch: PF=up3 SW=sw1 add_vf_vm ...

# shellcheck disable=SC2034	# topics use PF and SW
PF=up SW=sw0

NICS=/sys/kernel/debug/weftnic
NIC_MODULES=$(dirname "$WEFT_MODULE")/../drivers/weftnic

# load_nics: until the topic ends
load_nics()
{
	load_weft || return
	AT_END=(drop_nics)
	[ -d /sys/module/weftnic_hw ] || insmod "$NIC_MODULES/weftnic_hw.ko" ||
		return
	[ -d /sys/module/weftnic ] || insmod "$NIC_MODULES/weftnic.ko"
}

drop_nics()
{
	rmmod weftnic weftnic_hw 2>/dev/null
}

unload_nics()
{
	local name

	for name in weftnic weftnic_hw weft; do
		[ ! -d "/sys/module/$name" ] || rmmod "$name" || return
	done
}

# has_nics: can there be any here?
has_nics()
{
	[ -e "$NIC_MODULES/weftnic_hw.ko" ] && [ -d /sys/bus/pci ]
}

# new_nic NAMESPACE NAME [WORD...]: a NIC; a wire is looked up there
new_nic()
{
	nsenter "--net=/run/netns/$1" sh -c "echo '${*:2}' >$NICS/new"
}

# fault NIC WORD...
fault()
{
	check "fault $2" sh -c "echo '${*:2}' >$NICS/$1/fault"
}

# pci_of NIC: folder of its PF in sysfs
pci_of()
{
	echo "/sys/bus/pci/devices/$(<"$NICS/$1/address")"
}

has_device()
{
	[ -n "$(ls "$1/net" 2>/dev/null)" ]
}

# device_of FOLDER: the network device of a function, while it is in our
# namespace
device_of()
{
	busywait 5000 has_device "$1"
	ls "$1/net"
}

# add_nic WIRE-NAMESPACE N HOST-NAMESPACE VFS [WORD...]: nicN on wN, its PF up in
# the host, and its VFs
add_nic()
{
	local mid=$1 n=$2 host=$3 vfs=$4 pci

	check "new NIC" new_nic "$mid" "nic$n" wire "w$n" "${@:5}"
	pci=$(pci_of "nic$n")
	check "VFs" sh -c "echo $vfs >$pci/sriov_numvfs"
	check "its PF" ip link set dev "$(device_of "$pci")" \
		netns "$host" name "$PF"
	[ "$PF" != up ] || underlay_host "$host" "$n"
}

# lone_underlay NAMESPACE: its device up has nobody at the other end; it is the
# PF of a NIC with 2 VFs where there can be one, which is told by $NIC then
lone_underlay()
{
	NIC=''
	if has_nics && load_nics; then
		NIC=nic1
		ip -n "$1" link add name w1 type veth peer name other
		ip -n "$1" link set dev w1 up
		ip -n "$1" link set dev other up
		add_nic "$1" 1 "$1" 2
		return
	fi
	ip -n "$1" link add name up type veth peer name other
	ip -n "$1" link set dev other up
	underlay_host "$1" 1
}

# add_vf_vm HOST-NAMESPACE N VF NAME MAC VNI ADDRESS/LENGTH...: a namespace, whose
# name goes to variable NAME, with that VF of nicN as eth0
add_vf_vm()
{
	local host=$1 n=$2 vf=$3 name=$4 mac=$5 vni=$6 dev

	shift 6
	setup_ns "$name"
	dev=$(device_of "$(pci_of "nic$n")/virtfn$vf")
	check "VF $vf is a port" weft -n "$host" port add "$PF" vf "$vf" \
		dev "$SW" vni "$vni" mac "$mac"
	check "VF $vf" ip link set dev "$dev" netns "${!name}" name eth0
	check "its address" ip -n "${!name}" link set dev eth0 address "$mac" \
		addrgenmode none
	dress_vm "${!name}" "$@"
}

# hw_carries NIC VNI ENCAP: by what it carries a segment; none if software does
hw_carries()
{
	grep -q "^segment $2 encap $3 " "$NICS/$1/tables"
}

# hw_entries NIC: its table, as {VNI, MAC, where} a line
hw_entries()
{
	awk '$1 == "entry" { print $2, $3, $4 ($4 == "host" ? "" : " " $5) }' \
		"$NICS/$1/tables" | sort
}

# sw_entries NAMESPACE: what should be there
sw_entries()
{
	weft -n "$1" map show dev "$SW" | awk '
		/^00:00:00:00:00:00/ { next }
		{
			where = ""
			for (i = 1; i < NF; i++) {
				if ($i == "peer")
					where = "vtep " $(i + 1)
				else if ($i == "port" && $(i + 2) == "vf")
					where = "vf " $(i + 3)
				else if ($i == "port")
					where = "host"
			}
			print $3, $1, where
		}' | sort
}

# same_tables NAMESPACE NIC
same_tables()
{
	[ "$(hw_entries "$2")" = "$(sw_entries "$1")" ]
}

# check_tables NAMESPACE NIC: are they the same, at last?
check_tables()
{
	busywait 20000 same_tables "$@" ||
		fail "tables of $2" "in software:" "$(sw_entries "$1")" \
			"in the NIC:" "$(hw_entries "$2")" \
			"$(weft -n "$1" -s nic show)"
}

# nic_count NIC COUNTER: of its engine; 0 ones are not shown
nic_count()
{
	awk -v word="$2" '$1 == "counters" { for (i = 2; i < NF; i += 2)
		if ($i == word) n = $(i + 1) } END { print n + 0 }' \
		"$NICS/$1/tables"
}

# nic_word NAMESPACE WORD: what weft -s nic show says of the PF
nic_word()
{
	weft -n "$1" -s nic show "$PF" | awk -v word="$2" '{ for (i = 1; i < NF; i++)
		if ($i == word) { print $(i + 1); exit } }'
}

# serving NAMESPACE
serving()
{
	[ "$(nic_word "$1" serving) $(nic_word "$1" pending)" = "on 0" ]
}

DROPS="no_segment no_vtep no_mac wrong_vlan wrong_vtep contradicts"
DROPS+=" contradicts_learned bad_csum malformed"

# nic_drops NIC: what its engine has dropped or doubted, "counter number" a
# line; 0 ones are not shown
nic_drops()
{
	awk -v words=" $DROPS " '$1 == "counters" {
		for (i = 2; i < NF; i += 2)
			if (index(words, " " $i " ") && $(i + 1))
				print $i, $(i + 1) }' "$NICS/$1/tables" | sort
}

# ethtool_drops NAMESPACE DEV: the same, as ethtool tells it
ethtool_drops()
{
	in_ns "$1" ethtool -S "$2" | awk -v words=" $DROPS " '
		/^ *engine_/ { sub("engine_", "", $1); sub(":", "", $1)
			if (index(words, " " $1 " ") && $2)
				print $1, $2 }' | sort
}

# nic_drops_since FILE NIC: what has come to what nic_drops said then
nic_drops_since()
{
	nic_drops "$2" | awk -v file="$1" '
		BEGIN { while ((getline line <file) > 0) {
				split(line, word)
				n[word[1]] = word[2]
			} }
		$2 > n[$1] { print $1, $2 - n[$1] }'
}

# talk "NAMESPACE ADDRESS"...: each has an answer, all at once
talk()
{
	local pair from to pids=() pid bad=0

	for pair; do
		read -r from to <<<"$pair"
		ping_vm "$from" "$to" -i 0.2 >/dev/null &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || bad=$((bad + 1))
	done
	[ "$bad" = 0 ] || echo "$bad of ${#pids[@]} have no answer"
	[ "$bad" = 0 ]
}

##############################################################################
# Two hosts

# two_hosts [WORD...]: the topology of topics that need little; WORDs are nic1's
#
#       a        b (VF 0)  e (VF 1)             c        d
#       |        :         :                    |        |
#     +-|--- h1 -:---------:--+               +-|-- h2 --|--+
#     | sw0      :         :  |               | sw0         |
#     |   up ===== nic1 ====  |- w1 ---- w2 - |             |
#     +-----------------------+   (mid)       +---- nic2 ---+
#
# All are in segment 100, 10.0.0.1 to .5, and know each other.
mid='' h1='' h2='' a='' b='' c='' d='' e=''

two_hosts()
{
	local n ns

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
	add_nic "$mid" 1 "$h1" 2 "$@"
	add_nic "$mid" 2 "$h2" 0
	for n in 1 2; do
		ns=h$n
		add_switch "${!ns}" sw0 local "$(vtep $n)" uplink up
		weft_batch "${!ns}" <<-END
			segment add 100 dev sw0 ageing 0
			peer add $(vtep $((3 - n))) dev sw0 vni 100
		END
	done
	add_quiet_vm "$h1" sw0 a 100 02:00:00:00:00:0a 10.0.0.1/24
	add_vf_vm "$h1" 1 0 b 02:00:00:00:00:0b 100 10.0.0.2/24
	add_vf_vm "$h1" 1 1 e 02:00:00:00:00:0e 100 10.0.0.5/24
	add_quiet_vm "$h2" sw0 c 100 02:00:00:00:00:0c 10.0.0.3/24
	add_quiet_vm "$h2" sw0 d 100 02:00:00:00:00:0d 10.0.0.4/24
	check "serves" busywait 10000 serving "$h1"
	know_all "$a" "$b" "$c" "$d" "$e"
}

# know_all NAMESPACE...: all know all, and none asks
know_all()
{
	local ns n

	for ns; do
		for n in 1:0a 2:0b 3:0c 4:0d 5:0e; do
			echo "neigh replace 10.0.0.${n%:*} lladdr 02:00:00:00:00:${n#*:} dev eth0"
		done | ip -n "$ns" -batch -
	done
}

all_talk()
{
	talk "$a 10.0.0.3" "$a 10.0.0.4" "$b 10.0.0.3" "$b 10.0.0.4" \
		"$a 10.0.0.2" "$b 10.0.0.5"
}

# asks VM...: what becomes of a frame of a port to an address
asks()
{
	weft -n "$h1" trace dev sw0 port "$@"
}

##############################################################################
# Forbidden frames

# turned NUMBER: what in_vain_while has run has made as many turns
turned()
{
	echo "$1" >"$TMP/turning"
	mv "$TMP/turning" "$TMP/turned"
}

has_turned()
{
	[ "$(<"$TMP/turned")" -ge "$1" ]
}

# some_others CAPTURE: twenty of those that are allowed
some_others()
{
	[ "$(packets "$1" udp dst port 54)" -ge 20 ]
}

send_in_vain()
{
	local vm=02:00:00:00:00

	# shellcheck disable=SC2154	# namespaces of two_hosts
	check "send" forge "$b" eth0 <<-END
		20*eth src=$vm:0b dst=$vm:0e / ip src=10.0.0.2 dst=10.0.0.5 / udp dport=53..54
		20*eth src=$vm:0b dst=$vm:0c / ip src=10.0.0.2 dst=10.0.0.3 / udp dport=53..54
		20*eth src=$vm:0b dst=$vm:0a / ip src=10.0.0.2 dst=10.0.0.1 / udp dport=53..54
	END
	check "send" forge "$c" eth0 <<-END
		20*eth src=$vm:0c dst=$vm:0b / ip src=10.0.0.3 dst=10.0.0.2 / udp dport=53..54
	END
}

# in_vain_while COMMAND TURNS [EACH]: while it makes these turns, between two_hosts:
# UDP to port 53, which a rule denies at any time, and to 54. None of the former
# arrives, and some of the latter. EACH is called in between.
in_vain_while()
{
	local cap=$TMP/vain vm=02:00:00:00:00 pid name ns

	for name in a b e c; do
		ns=$name
		capture "${!ns}" eth0 "$cap.$name" udp
	done
	turned 0
	start "$1"
	pid=$!
	until has_turned "$2"; do
		send_in_vain
		[ -z "${3-}" ] || $3
	done
	stop "$pid"
	check "serves again" busywait 20000 serving "$h1"
	check "talk" talk "$b 10.0.0.5" "$b 10.0.0.3"
	# of those before, all may have met a NIC in reset
	send_in_vain
	for name in a b e c; do
		busywait 2000 some_others "$cap.$name"
		capture_stop "$cap.$name"
		check_eq "none of them at $name" 0 packets "$cap.$name" \
			udp dst port 53 and not ether src "$vm:0$name"
		check_match "others at $name" "^[1-9][0-9]" packets \
			"$cap.$name" udp dst port 54 and \
			not ether src "$vm:0$name"
	done
}
