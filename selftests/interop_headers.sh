#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
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
	same_headers
	multicast_ttl
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
	ip -n "$1" link add vm type veth peer name eth0 address $VM netns "$2"
	ip -n "$2" -batch - <<-END
		link set eth0 addrgenmode none
		link set eth0 up
	END
}

setup()
{
	setup_ns h1 h2 vm1 vm2 far1 far2
	check "load" load_weft
	host "$h1" "$vm1" "$far1"
	host "$h2" "$vm2" "$far2"

	add_switch "$h1" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	ip -n "$h1" link set vm master sw0 up
	weft -n "$h1" -b - <<-END
		segment add $VNI dev sw0
		port set vm vni $VNI
		map add $VM vni $VNI dev sw0 port vm
		map add $VIA4 vni $VNI dev sw0 peer $(vtep 2)
		map add $VIA6 vni $VNI dev sw0 peer $(vtep6 2)
	END

	ip -n "$h2" -batch - <<-END
		link add br100 type bridge mcast_snooping 0
		link set br100 addrgenmode none
		link set br100 up
		link set vm addrgenmode none
		link set vm master br100 up
	END
	bridge -n "$h2" fdb add $VM dev vm master static
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
	printf 'link del %s\n' vx4 vx6 | ip -n "$h2" -force -batch - 2>/dev/null
	check "vxlan $*" ip -n "$h2" -batch - <<-END
		link add vx4 type vxlan id $VNI local $(vtep 1) dev up \
			dstport 4789 srcport 49152 65535 nolearning $df $*
		link add vx6 type vxlan id $VNI local $(vtep6 1) dev up \
			dstport 4789 srcport 49152 65535 nolearning $df $*
		link set vx4 addrgenmode none
		link set vx6 addrgenmode none
		link set vx4 master br100 up
		link set vx6 master br100 up
	END
	bridge -n "$h2" -batch - <<-END
		fdb add $VIA4 dev vx4 dst $(vtep 2)
		fdb add $VIA6 dev vx6 dst $(vtep6 2)
		fdb add $VIA4 dev vx4 master static
		fdb add $VIA6 dev vx6 master static
	END
}

# Every kind of frame a VM might send, to both peers
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
			eth src=$VM dst=$to vlan=10 / ip tos=0x28 df=1 ttl=9 / udp / raw size=60
			eth src=$VM dst=$to vlan=11 / ip6 tos=0x29 ttl=10 / udp / raw size=60
			eth src=$VM dst=$to type=0x0806 / raw size=46
			eth src=$VM dst=$to type=0x88b5 / raw size=46
		END
	done
}

# fields FILE: what must be the same of each frame, a line each
fields()
{
	decode "$1" -Y vxlan -T fields -E occurrence=f -e eth.dst -e eth.src \
		-e ip.version -e ip.hdr_len -e ip.dsfield -e ip.len \
		-e ip.flags -e ip.frag_offset -e ip.ttl -e ip.proto \
		-e ip.checksum.status -e ip.src -e ip.dst -e ipv6.tclass \
		-e ipv6.flow -e ipv6.plen -e ipv6.hlim -e ipv6.src \
		-e ipv6.dst -e udp.dstport -e udp.length \
		-e udp.checksum.status -e udp.payload
}

# The words of weft, and those of vxlan
SETTINGS=(
	"ttl auto|"
	"ttl 7|ttl 7"
	"ttl 255|ttl 255"
	"ttl inherit|ttl inherit"
	"tos 0xb8|tos 0xb8"
	"tos 0x48|tos 0x48"
	"tos inherit|tos inherit"
	"df set|df set"
	"df inherit|df inherit"
	"udpcsum off|noudpcsum"
	"udp6zerocsumtx on|udp6zerocsumtx"
	"ttl inherit tos inherit df inherit|ttl inherit tos inherit df inherit"
)

# send_all NAMESPACE SETTER FIELD FILE: the frames with all settings
send_all()
{
	local vm=$1 setter=$2 half=$3 file=$4
	local line words

	for line in "${SETTINGS[@]}"; do
		case $half in
		1)	words=${line%|*} ;;
		2)	words=${line#*|} ;;
		esac
		# shellcheck disable=SC2086	# it is several words
		$setter $words
		forge "$vm" eth0 <"$TMP/frames"
	done
	capture_stop "$file"
}

# compare NAME: is what the far ends heard the same?
compare()
{
	local line=0 count ours theirs

	count=$(wc -l <"$TMP/frames")
	check_eq "frames captured" $((${#SETTINGS[@]} * count)) \
		wc -l <"$TMP/$1.fields"
	cmp -s "$TMP/$1.fields" "$TMP/vxlan.fields" && return
	while IFS= read -r -u 3 ours && IFS= read -r -u 4 theirs; do
		[ "$ours" = "$theirs" ] ||
			fail "not the same" "${SETTINGS[line / count]}:" \
				"$(sed -n $((line % count + 1))p "$TMP/frames")" \
				"weft:  ${ours:0:200}" "vxlan: ${theirs:0:200}"
		line=$((line + 1))
	done 3<"$TMP/$1.fields" 4<"$TMP/vxlan.fields"
}

same_headers()
{
	local path

	frames >"$TMP/frames"
	set_vxlan
	capture_start "$far2" up "$TMP/vxlan" udp
	send_all "$vm2" set_vxlan 2 "$TMP/vxlan"
	fields "$TMP/vxlan" >"$TMP/vxlan.fields"
	for path in auto off; do
		weft -n "$h1" switch set sw0 fastpath "$path"
		capture_start "$far1" up "$TMP/$path" udp
		send_all "$vm1" set_weft 1 "$TMP/$path"
		check_eq "malformed, or a wrong checksum" "" \
			decode_bad "$TMP/$path"
		fields "$TMP/$path" >"$TMP/$path.fields"
		compare "$path"
		log_test "headers as vxlan's, fastpath $path"
	done
}

# What is sent to a group stays on the link, unless it is told otherwise.
multicast_ttl()
{
	local path

	set_vxlan group 239.1.1.1
	capture_start "$far2" up "$TMP/vxlan.group" udp
	forge "$vm2" eth0 <<-END
		eth src=$VM dst=ff:ff:ff:ff:ff:ff / ip ttl=20 / udp / raw size=50
	END
	capture_stop "$TMP/vxlan.group"
	check "group" weft -n "$h1" segment set "$VNI" dev sw0 group 239.1.1.1 \
		group-dev up
	set_weft
	for path in auto off; do
		weft -n "$h1" switch set sw0 fastpath "$path"
		capture_start "$far1" up "$TMP/group" udp
		forge "$vm1" eth0 <<-END
			eth src=$VM dst=ff:ff:ff:ff:ff:ff / ip ttl=20 / udp / raw size=50
		END
		capture_stop "$TMP/group"
		check_eq "as vxlan's" \
			"$(fields "$TMP/vxlan.group" | grep 239.1.1.1)" \
			fields "$TMP/group"
		check_match "TTL" "^1,20	01:00:5e:01:01:01$" \
			decode "$TMP/group" -T fields -E occurrence=a \
			-e ip.ttl -e eth.dst -E aggregator=,
		log_test "multicast, fastpath $path"
	done
	weft -n "$h1" segment set "$VNI" dev sw0 group none
}

# ports_of FILE: the outer source ports, each once
ports_of()
{
	decode "$1" -Y vxlan -T fields -E occurrence=f -e udp.srcport | sort -u
}

# within LOW HIGH: all that comes is
within()
{
	awk -v low="$1" -v high="$2" '$1 < low || $1 > high { exit 1 }'
}

source_ports()
{
	local path ports

	for path in auto off; do
		set_weft fastpath "$path" srcport 5000 5031
		capture_start "$far1" up "$TMP/ports" udp
		forge "$vm1" eth0 <<-END
			eth src=$VM dst=$VIA4 / ip / udp sport=1..40 / raw size=20
			eth src=$VM dst=$VIA6 / ip6 / udp sport=1..40 / raw size=20
		END
		capture_stop "$TMP/ports"
		ports=$(ports_of "$TMP/ports")
		check "in the range: $ports" within 5000 5031 <<<"$ports"
		check "flows are spread: $ports" [ "$(wc -l <<<"$ports")" -ge 8 ]

		capture_start "$far1" up "$TMP/flow" udp
		forge "$vm1" eth0 <<-END
			eth src=$VM dst=$VIA4 / ip id=1..10 ttl=11..12 / udp / raw size=20
		END
		capture_stop "$TMP/flow"
		check_eq "a flow keeps its port" 1 wc -l < <(ports_of "$TMP/flow")
		log_test "source ports, fastpath $path"
	done
}

# RFC 6040, 4.1: the outer mark is the inner one, whatever TOS is set.
ecn_out()
{
	local path tos

	for path in auto off; do
		capture_start "$far1" up "$TMP/ecn" udp
		for tos in 0 0xb8 inherit; do
			set_weft fastpath "$path" tos "$tos"
			forge "$vm1" eth0 <<-END
				eth src=$VM dst=$VIA4 / ip tos=0..3 / udp / raw size=20
				eth src=$VM dst=$VIA4 / ip6 tos=0..3 / udp / raw size=20
				eth src=$VM dst=$VIA6 / ip6 tos=0..3 / udp / raw size=20
				eth src=$VM dst=$VIA6 / ip tos=0..3 / udp / raw size=20
			END
		done
		capture_stop "$TMP/ecn"
		check_eq "frames" 48 packets "$TMP/ecn"
		check_eq "outer mark is not the inner" "" ecn_differs "$TMP/ecn"
		log_test "ECN out, fastpath $path"
	done
}

# ecn_differs FILE
ecn_differs()
{
	decode "$1" -Y vxlan -T fields -E aggregator=' ' -e frame.number \
		-e ip.dsfield.ecn -e ipv6.tclass.ecn | awk '$2 != $3'
}

# RFC 6040, 4.2: "inner outer result", - for a drop
ECN_TABLE="
	0 0 0	0 1 0	0 2 0	0 3 -
	1 0 1	1 1 1	1 2 1	1 3 3
	2 0 2	2 1 1	2 2 2	2 3 3
	3 0 3	3 1 3	3 2 3	3 3 3
"

# Whatever is inside and outside; the inner ID or source port tells which.
ecn_frames()
{
	local inner outer src dst

	for outer in 0 1 2 3; do
		for inner in 0 1 2 3; do
			while read -r src dst; do
				echo "eth src=$FAR dst=$HOST /" \
					"ip src=$src dst=$dst tos=$outer /" \
					"udp dport=4789 / vxlan vni=$VNI /" \
					"eth src=$VIA4 dst=$VM / ip tos=$inner /" \
					"udp sport=$inner$outer / raw size=20"
				echo "eth src=$FAR dst=$HOST /" \
					"ip src=$src dst=$dst tos=$outer /" \
					"udp dport=4789 / vxlan vni=$VNI /" \
					"eth src=$VIA4 dst=$VM / ip6 tos=$inner /" \
					"udp sport=$inner$outer / raw size=20"
			done <<-END
				$(vtep 2) $(vtep 1)
				$(vtep6 2) $(vtep6 1)
			END
		done
	done
}

# seen_ecn FILE: "inner outer result" of each
seen_ecn()
{
	decode "$1" -T fields -e udp.srcport -e ip.dsfield.ecn \
		-e ipv6.tclass.ecn |
		awk '{ printf "%d %d %s\n", $1 / 10, $1 % 10, $2 }' | sort
}

ecn_in()
{
	local path expected

	# four of each: both families inside and outside
	# shellcheck disable=SC2086	# it is a list
	expected=$(printf '%s %s %s\n' $ECN_TABLE | grep -v -e - | sort |
		awk '{ for (i = 0; i < 4; i++) print }')
	ecn_frames >"$TMP/ecn.frames"
	set_weft
	# the entry must not contradict where the frames come from
	check "entry" weft -n "$h1" map replace "$VIA4" vni "$VNI" dev sw0 \
		peer "$(vtep 2)" peer "$(vtep6 2)"
	for path in auto off; do
		weft -n "$h1" switch set sw0 fastpath "$path"
		all_drops "$h1" sw0 >"$TMP/before"
		capture_start "$vm1" eth0 "$TMP/ecn" udp
		forge "$far1" up <"$TMP/ecn.frames"
		capture_stop "$TMP/ecn"
		check_eq "as the table says" "$expected" seen_ecn "$TMP/ecn"
		check_eq "malformed, or a wrong checksum" "" \
			decode_bad "$TMP/ecn"
		check_eq "drops" "ecn 4" drops_since "$TMP/before" "$h1" sw0
		log_test "ECN in, fastpath $path"
	done
	weft -n "$h1" map replace "$VIA4" vni "$VNI" dev sw0 peer "$(vtep 2)"

	set_vxlan
	capture_start "$vm2" eth0 "$TMP/ecn" udp
	forge "$far2" up <"$TMP/ecn.frames"
	capture_stop "$TMP/ecn"
	check_eq "so does vxlan" "$expected" seen_ecn "$TMP/ecn"
	log_test "ECN in, vxlan"
}

# heard SETTING: how many frames without a checksum arrive, of one by IPv4 and
# one by IPv6
heard()
{
	set_weft "$@"
	capture_start "$vm1" eth0 "$TMP/zero" udp
	forge "$far1" up <<-END
		eth src=$FAR dst=$HOST / ip src=$(vtep 2) dst=$(vtep 1) / udp dport=4789 csum=zero / vxlan vni=$VNI / eth src=$VIA4 dst=$VM / ip / udp sport=4
		eth src=$FAR dst=$HOST / ip src=$(vtep6 2) dst=$(vtep6 1) / udp dport=4789 csum=zero / vxlan vni=$VNI / eth src=$VIA6 dst=$VM / ip / udp sport=6
	END
	capture_stop "$TMP/zero"
	decode "$TMP/zero" -T fields -e udp.srcport
}

zero_checksum_in()
{
	local path

	for path in auto off; do
		check_eq "refused over IPv6" 4 heard fastpath "$path"
		check_eq "accepted" "4
6" heard fastpath "$path" udp6zerocsumrx on
		set_weft udp6zerocsumrx off
		log_test "zero checksums in, fastpath $path"
	done
}

prepare
run_tests
