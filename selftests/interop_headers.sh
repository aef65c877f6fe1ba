#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# The same host twice, once with weft and once with bridge and vxlan, down to
# the MAC addresses. Both get the same settings and the same frames, and what
# leaves them must be the same but for the source port, the IP ID and the
# checksums, which must be right. The far ends only listen, or send what is
# forged.
#
#     vm1              vm2       02:00:00:00:00:01
#      | eth0           | eth0
#      | vm             | vm
#  +-- h1 ---+      +-- h2 ----+
#  | sw0     |      | br100    |
#  | (weft)  |      | vx4, vx6 |
#  |     up  |      |     up   | 192.0.2.1, 2001:db8::1
#  +------|--+      +------|---+ 02:00:00:00:01:01
#         |                |
#         | up             | up  192.0.2.2, 2001:db8::2
#        far1             far2   02:00:00:00:01:02
#
# In the segment, $VIA4 and $VIA6 are behind 192.0.2.2 and 2001:db8::2.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/tunnel.sh
. "$(dirname "$0")/lib/tunnel.sh"

ALL_TESTS="
	sound
	same_headers
	tagged_df
	multicast
	source_ports
	ecn_out
	ecn_in
	zero_checksum_in
"

h1='' h2='' vm1='' vm2='' far1='' far2=''
VM=02:00:00:00:00:01
VIA4=02:00:00:00:00:04
VIA6=02:00:00:00:00:06
HOST=02:00:00:00:01:01
FAR=02:00:00:00:01:02
VNI=1193046		# 0x123456

# host NAMESPACE VM-NAMESPACE FAR-NAMESPACE
host()
{
	ip -n "$1" link add name up address $HOST type veth \
		peer name up address $FAR netns "$3"
	underlay_host "$1" 1
	know "$1" up "$(vtep 2)" $FAR "$(vtep6 2)" $FAR
	ip -n "$3" -batch - <<-END
		link set dev up addrgenmode none
		link set dev up mtu 1600 up
	END
	# What leaves must be what a wire would see.
	in_ns "$1" ethtool -K up tx off >/dev/null
	ip -n "$1" link add name vm type veth peer name eth0 address $VM netns "$2"
	ip -n "$2" -batch - <<-END
		link set dev eth0 addrgenmode none
		link set dev eth0 up
	END
}

setup()
{
	setup_ns h1 h2 vm1 vm2 far1 far2
	check "load" load_weft
	host "$h1" "$vm1" "$far1"
	host "$h2" "$vm2" "$far2"

	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	ip -n "$h1" link set dev vm master sw0 up
	weft -n "$h1" -b - <<-END
		segment add $VNI dev sw0
		port set vm vni $VNI
		map add $VM vni $VNI dev sw0 port vm
		map add $VIA4 vni $VNI dev sw0 peer $(vtep 2)
		map add $VIA6 vni $VNI dev sw0 peer $(vtep6 2)
	END

	ip -n "$h2" -batch - <<-END
		link add name br100 type bridge mcast_snooping 0
		link set dev br100 addrgenmode none
		link set dev br100 up
		link set dev vm addrgenmode none
		link set dev vm master br100 up
	END
	bridge -n "$h2" fdb add $VM dev vm master static
	record
}

# set_weft SETTING...: as it is told, the rest as it was at first
set_weft()
{
	local words=("$@") default

	for default in "srcport 49152 65535" "ttl auto" "tos 0" "df unset" \
		"udpcsum on" "udp6zerocsumtx off" "udp6zerocsumrx off"; do
		# shellcheck disable=SC2206	# it is several words
		[[ " $* " == *" ${default%% *} "* ]] || words+=($default)
	done
	check "set $*" weft -n "$h1" switch set sw0 "${words[@]}"
}

# set_vxlan [OPTION...]: likewise
set_vxlan()
{
	local df=

	[[ " $* " == *" df "* ]] || df="df unset"
	printf 'link del dev %s\n' vx4 vx6 | ip -n "$h2" -force -batch - 2>/dev/null
	check "vxlan $*" ip -n "$h2" -batch - <<-END
		link add name vx4 type vxlan id $VNI local $(vtep 1) dev up \
			dstport 4789 srcport 49152 65535 nolearning $df $*
		link add name vx6 type vxlan id $VNI local $(vtep6 1) dev up \
			dstport 4789 srcport 49152 65535 nolearning $df $*
		link set dev vx4 addrgenmode none
		link set dev vx6 addrgenmode none
		link set dev vx4 master br100 up
		link set dev vx6 master br100 up
	END
	bridge -n "$h2" -batch - <<-END
		fdb add $VIA4 dev vx4 dst $(vtep 2)
		fdb add $VIA6 dev vx6 dst $(vtep6 2)
		fdb add $VIA4 dev vx4 master static
		fdb add $VIA6 dev vx6 master static
	END
}

# The words of weft, and those of vxlan
SETTINGS=(
	"ttl auto|"
	"ttl 7|ttl 7"
	"ttl inherit|ttl inherit"
	"tos 0xb8|tos 0xb8"
	"tos inherit|tos inherit"
	"df set|df set"
	"df inherit|df inherit"
	"udpcsum off udp6zerocsumtx on|noudpcsum udp6zerocsumtx"
	"ttl inherit tos inherit df inherit|ttl inherit tos inherit df inherit"
)

# Every kind of frame a VM might send, to both peers, but for what vxlan treats
# otherwise and a case of its own is about: congestion marks, and the DF bit of
# what has a VLAN tag
frames()
{
	local to

	for to in $VIA4 $VIA6; do
		cat <<-END
			eth src=$VM dst=$to / ip tos=0xb8 ttl=33 id=1 / udp / raw size=50
			eth src=$VM dst=$to / ip tos=0x49 df=1 ttl=1 / udp / raw size=300
			eth src=$VM dst=$to / ip tos=0x02 df=1 / raw size=40
			eth src=$VM dst=$to / ip mf=1 id=7 ttl=255 / raw size=80
			eth src=$VM dst=$to / ip6 tos=0xba ttl=44 / udp / raw size=50
			eth src=$VM dst=$to / ip6 tos=0x01 ttl=2 / udp / raw size=200
			eth src=$VM dst=$to vlan=10 / ip tos=0x28 ttl=9 / udp / raw size=60
			eth src=$VM dst=$VIA6 vlan=11 / ip6 tos=0x29 ttl=10 / udp / raw size=60
			eth src=$VM dst=$to type=0x0806 / raw size=46
			eth src=$VM dst=$to type=0x88b5 / raw size=46
		END
	done
}

##############################################################################
# First everything is sent and captured, then all captures are decoded, and
# the cases look at what that gave. The inner UDP destination port tells which
# of them a frame is for.

# record_settings NAMESPACE FAR VM SETTER FIELD FILE
record_settings()
{
	local far=$1 vm=$2 setter=$3 half=$4 file=$5
	local line words

	capture "$far" up "$file" udp
	for line in "${SETTINGS[@]}"; do
		case $half in
		1)	words=${line%|*} ;;
		2)	words=${line#*|} ;;
		esac
		# shellcheck disable=SC2086	# it is several words
		$setter $words
		check "send" forge "$vm" eth0 <"$TMP/frames"
	done
	capture_stop "$file"
}

broadcast()
{
	check "send" forge "$1" eth0 <<-END
		eth src=$VM dst=ff:ff:ff:ff:ff:ff / ip ttl=20 / udp dport=1001 / raw size=50
		eth src=$VM dst=33:33:00:00:00:01 / ip6 ttl=20 / udp dport=1001 / raw size=50
	END
}

# record_others FILE: the frames of the other cases
record_others()
{
	local path=$2 tos

	capture "$far1" up "$1" udp
	set_weft fastpath "$path"
	weft -n "$h1" segment set "$VNI" dev sw0 group 239.1.1.1 group-dev up
	broadcast "$vm1"
	weft -n "$h1" segment set "$VNI" dev sw0 group none
	set_weft fastpath "$path" df inherit
	check "send" forge "$vm1" eth0 <<-END
		eth src=$VM dst=$VIA4 vlan=10 / ip df=1 / udp dport=1002
		eth src=$VM dst=$VIA4 vlan=10 / ip df=0 / udp dport=1002
		eth src=$VM dst=$VIA4 vlan=10 / ip6 / udp dport=1002
	END
	set_weft fastpath "$path" srcport 5000 5031
	check "send" forge "$vm1" eth0 <<-END
		eth src=$VM dst=$VIA4 / ip / udp sport=1..40 dport=1003
		eth src=$VM dst=$VIA6 / ip6 / udp sport=1..40 dport=1003
		eth src=$VM dst=$VIA4 / ip id=1..10 ttl=11..12 / udp dport=1004
	END
	for tos in 0 0xb8 inherit; do
		set_weft fastpath "$path" tos "$tos"
		check "send" forge "$vm1" eth0 <<-END
			eth src=$VM dst=$VIA4 / ip tos=0..3 / udp dport=1005
			eth src=$VM dst=$VIA4 / ip6 tos=0..3 / udp dport=1005
			eth src=$VM dst=$VIA6 / ip6 tos=0..3 / udp dport=1005
			eth src=$VM dst=$VIA6 / ip tos=0..3 / udp dport=1005
		END
	done
	capture_stop "$1"
}

# ecn_frames: with all marks inside and outside; the inner source port tells
# which
ecn_frames()
{
	local inner outer src dst

	while read -r src dst; do
		for outer in 0 1 2 3; do
			for inner in 0 1 2 3; do
				cat <<-END
					eth src=$FAR dst=$HOST / ip src=$src dst=$dst tos=$outer / udp dport=4789 / vxlan vni=$VNI / eth src=$VIA4 dst=$VM / ip tos=$inner / udp sport=10$inner$outer dport=1006
					eth src=$FAR dst=$HOST / ip src=$src dst=$dst tos=$outer / udp dport=4789 / vxlan vni=$VNI / eth src=$VIA4 dst=$VM / ip6 tos=$inner / udp sport=10$inner$outer dport=1006
				END
			done
		done
	done <<-END
		$(vtep 2) $(vtep 1)
		$(vtep6 2) $(vtep6 1)
	END
}

# zero_frames PORT: without an outer checksum
zero_frames()
{
	cat <<-END
		eth src=$FAR dst=$HOST / ip src=$(vtep 2) dst=$(vtep 1) / udp dport=4789 csum=zero / vxlan vni=$VNI / eth src=$VIA4 dst=$VM / ip / udp sport=4 dport=$1
		eth src=$FAR dst=$HOST / ip src=$(vtep6 2) dst=$(vtep6 1) / udp dport=4789 csum=zero / vxlan vni=$VNI / eth src=$VIA4 dst=$VM / ip / udp sport=6 dport=$1
	END
}

# record_received FILE PATH
record_received()
{
	set_weft fastpath "$2"
	all_drops "$h1" sw0 >"$TMP/before"
	capture "$vm1" eth0 "$1" udp
	check "send" forge "$far1" up <"$TMP/ecn.frames"
	drops_since "$TMP/before" "$h1" sw0 >"$1.drops"
	check "send" forge "$far1" up < <(zero_frames 1007)
	set_weft fastpath "$2" udp6zerocsumrx on
	check "send" forge "$far1" up < <(zero_frames 1008)
	capture_stop "$1"
}

FIELDS=(
	eth.dst eth.src ip.version ip.hdr_len ip.dsfield ip.len ip.flags
	ip.frag_offset ip.ttl ip.proto ip.src ip.dst ipv6.tclass ipv6.flow
	ipv6.plen ipv6.hlim ipv6.src ipv6.dst udp.dstport udp.length
	udp.payload vxlan.vni ip.checksum.status udp.checksum.status
	ip.dsfield.ecn ipv6.tclass.ecn udp.srcport _ws.malformed
)

# Takes the last field off twice: the source port and what follows may differ.
comparable()
{
	awk 'BEGIN { FS = OFS = "\t" } { NF -= 2 } 1' "$1"
}

# decode_them NAME...: $TMP/NAME.text gets a line for each packet
decode_them()
{
	local name field options=() from=1 count

	for field in "${FIELDS[@]}"; do
		options+=(-e "$field")
	done
	join_captures "$TMP/all" "${@/#/$TMP/}"
	decode "$TMP/all" -T fields "${options[@]}" >"$TMP/all.text"
	for name in "$@"; do
		count=$(packets "$TMP/$name")
		tail -n +$from "$TMP/all.text" | head -n "$count" \
			>"$TMP/$name.text"
		from=$((from + count))
	done
}

record()
{
	local path

	frames >"$TMP/frames"
	ecn_frames >"$TMP/ecn.frames"
	record_settings "$far2" "$vm2" set_vxlan 2 "$TMP/vxlan"
	for path in auto off; do
		weft -n "$h1" switch set sw0 fastpath "$path"
		record_settings "$far1" "$vm1" set_weft 1 "$TMP/$path"
		record_others "$TMP/others.$path" "$path"
	done

	# the entry must not contradict where the frames come from
	check "entry" weft -n "$h1" map replace $VIA4 vni "$VNI" dev sw0 \
		peer "$(vtep 2)" peer "$(vtep6 2)"
	for path in auto off; do
		record_received "$TMP/received.$path" "$path"
	done
	set_vxlan ttl auto
	capture "$vm2" eth0 "$TMP/received.vxlan" udp
	check "send" forge "$far2" up <"$TMP/ecn.frames"
	capture_stop "$TMP/received.vxlan"

	capture "$far2" up "$TMP/group" udp
	# it floods to the group, which it can have of one family only
	ip -n "$h2" link del dev vx6
	bridge -n "$h2" fdb append 00:00:00:00:00:00 dev vx4 dst 239.1.1.1 via up
	broadcast "$vm2"
	capture_stop "$TMP/group"
	decode_them vxlan auto off others.auto others.off received.auto \
		received.off received.vxlan group
}

##############################################################################

# column FIELD: its number
column()
{
	local i

	for i in "${!FIELDS[@]}"; do
		[ "${FIELDS[i]}" != "$1" ] || echo $((i + 1))
	done
}

# of PORT FILE FIELD...: these fields of the frames with that inner port
of()
{
	local port=$1 file=$2 field columns=''

	shift 2
	for field in "$@"; do
		columns+=" $(column "$field")"
	done
	awk -F '\t' -v port="$port" -v columns="$columns" \
		-v at="$(column udp.dstport)" '
		$at ~ "(^|,)" port "$" {
			n = split(columns, c, " ")
			for (i = 1; i <= n; i++)
				printf "%s%s", $c[i], i < n ? " " : "\n"
		}' "$TMP/$file.text"
}

# bad FILE: what is malformed or has a wrong checksum
bad()
{
	awk -F '\t' -v ip="$(column ip.checksum.status)" \
		-v udp="$(column udp.checksum.status)" \
		-v malformed="$(column _ws.malformed)" '
		$ip ~ /0/ || $udp ~ /0/ || $malformed != ""' "$TMP/$1.text"
}

sound()
{
	local name

	for name in auto off others.auto others.off received.auto \
		received.off; do
		check "something in $name" test -s "$TMP/$name.text"
		check_eq "malformed or wrong in $name" "" bad "$name"
	done
}

same_headers()
{
	local path

	for path in auto off; do
		compare "$path"
		log_test "headers as vxlan's, fastpath $path"
	done
}

# compare NAME: is what the far ends heard the same?
compare()
{
	local line=0 count ours theirs

	count=$(wc -l <"$TMP/frames")
	comparable "$TMP/$1.text" >"$TMP/ours"
	comparable "$TMP/vxlan.text" >"$TMP/theirs"
	check_eq "frames" $((${#SETTINGS[@]} * count)) wc -l <"$TMP/ours"
	cmp -s "$TMP/ours" "$TMP/theirs" && return
	while IFS= read -r -u 3 ours && IFS= read -r -u 4 theirs; do
		[ "$ours" = "$theirs" ] ||
			fail "not the same" "${SETTINGS[line / count]}:" \
				"$(sed -n $((line % count + 1))p "$TMP/frames")" \
				"weft:  ${ours:0:200}" "vxlan: ${theirs:0:200}"
		line=$((line + 1))
	done 3<"$TMP/ours" 4<"$TMP/theirs"
}

tagged_df()
{
	local path

	for path in auto off; do
		check_eq "outer and inner DF" "0x02,0x02
0x00,0x00
0x02" of 1002 others."$path" ip.flags
		log_test "DF inherited from under a VLAN tag, fastpath $path"
	done
}

# What is sent to a group stays on the link.
multicast()
{
	local path fields=(eth.dst ip.dsfield ip.flags ip.ttl ip.src ip.dst
		ipv6.hlim udp.payload)

	for path in auto off; do
		check_eq "TTL and group" "1,20 192.0.2.1,10.0.0.1 239.1.1.1,10.0.0.2
1 192.0.2.1 239.1.1.1" of 1001 others."$path" ip.ttl ip.src ip.dst
		check_eq "as vxlan's" "$(of 1001 group "${fields[@]}")" \
			of 1001 others."$path" "${fields[@]}"
		log_test "multicast, fastpath $path"
	done
}

# outer_ports PORT FILE: each once
outer_ports()
{
	of "$1" "$2" udp.srcport | sed 's/,.*//' | sort -u
}

source_ports()
{
	local path ports

	for path in auto off; do
		ports=$(outer_ports 1003 others."$path")
		check_eq "outside of the range" "" \
			grep -vE '^50([0-2][0-9]|3[01])$' <<<"$ports"
		check "flows are spread: $ports" [ "$(wc -l <<<"$ports")" -ge 8 ]
		check_eq "a flow keeps its port" 1 wc -l \
			< <(outer_ports 1004 others."$path")
		log_test "source ports, fastpath $path"
	done
}

# how_many FILE: of each line
how_many()
{
	sort "$1" | uniq -c | sed 's/^ *//'
}

# The outer mark is the inner one, whatever TOS is set, but for that of
# congestion, which the kernel's tunnels do not tell (RFC 3168, 9.1.1).
ecn_out()
{
	local path

	for path in auto off; do
		of 1005 others."$path" ip.dsfield.ecn ipv6.tclass.ecn |
			sed 's/[ ,]//g' >"$TMP/marks"
		# outer and inner, but the other way round for IPv4 in IPv6
		check_eq "marks" "12 00
12 11
12 22
9 23
3 32" how_many "$TMP/marks"
		log_test "ECN out, fastpath $path"
	done
}

# RFC 6040, 4.2: "inner outer result", - for a drop
ECN_TABLE="
	0 0 0	0 1 0	0 2 0	0 3 -
	1 0 1	1 1 1	1 2 1	1 3 3
	2 0 2	2 1 1	2 2 2	2 3 3
	3 0 3	3 1 3	3 2 3	3 3 3
"

# marks FILE: "inner outer result" of what was received
marks()
{
	of 1006 "$1" udp.srcport ip.dsfield.ecn ipv6.tclass.ecn |
		awk '{ print int($1 / 10) % 10, $1 % 10, $2 }' | sort
}

ecn_in()
{
	local name expected

	# four of each: both families inside and outside
	# shellcheck disable=SC2086	# it is a list
	expected=$(printf '%s %s %s\n' $ECN_TABLE | grep -v -e - | sort |
		awk '{ for (i = 0; i < 4; i++) print }')
	for name in auto off; do
		check_eq "as the table says" "$expected" marks received."$name"
		check_eq "drops" "ecn 4" cat "$TMP/received.$name.drops"
		log_test "ECN in, fastpath $name"
	done
	check_eq "so does vxlan" "$expected" marks received.vxlan
	log_test "ECN in, vxlan"
}

zero_checksum_in()
{
	local path

	for path in auto off; do
		check_eq "refused over IPv6" 4 of 1007 received."$path" \
			udp.srcport
		check_eq "accepted" "4
6" of 1008 received."$path" udp.srcport
		log_test "zero checksums in, fastpath $path"
	done
}

prepare
run_tests
