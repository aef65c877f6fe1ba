# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Raw frames instead of VMs, on top of topo.sh: one process (wire.py, where
# the words of frames are explained) holds the far ends of all ports, and can
# play peers on the underlay. So a test says in a line who sends what and who
# must hear it.

WIRE=		# namespace of the far ends
host=		# namespace of one_host

# Opening a pipe waits for who opens the other end.
wire_run()
{
	exec /usr/bin/python3 -SI "$1" <"$TMP/wire.in" >"$TMP/wire.out"
}

wire_start()
{
	setup_ns WIRE
	# nothing is on the wire but what a test sends
	in_ns "$WIRE" sh -c \
		'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
	mkfifo "$TMP/wire.in" "$TMP/wire.out"
	start wire_run "${BASH_SOURCE[0]%.sh}.py"
	exec {WIRE_IN}>"$TMP/wire.in" {WIRE_OUT}<"$TMP/wire.out"
}

# wire COMMAND...: print the answer
wire()
{
	local answer

	echo "$*" >&"$WIRE_IN"
	IFS= read -r -t 60 -u "$WIRE_OUT" answer || answer="error: no answer"
	echo "$answer"
	[[ $answer != error:* ]]
}

# wire_ports NAMESPACE SWITCH NAME...: for each a port pNAME of the switch,
# whose far end is NAME; the host says nothing of its own there
wire_ports()
{
	local ns=$1 sw=$2 name

	shift 2
	check "add ports $*" ip -n "$ns" -batch - < <(for name in "$@"; do
		echo "link add name p$name type veth" \
			"peer name $name netns $WIRE"
		echo "link set dev p$name master $sw addrgenmode none"
		echo "link set dev p$name up"
	done)
	printf 'link set dev %s arp off up\n' "$@" | ip -n "$WIRE" -batch -
	for name in "$@"; do
		check "open $name" wire open "$name" "$WIRE" "$name"
	done
}

# wire_underlay NAMESPACE [PEER-NUMBER...]: a device up, 192.0.2.1, with the
# peers p2 192.0.2.2 and so on, also by IPv6 as q2
wire_underlay()
{
	local ns=$1 n mac

	shift
	ip link add name up netns "$ns" type veth peer name u netns "$WIRE"
	underlay_host "$ns" 1
	ip -n "$WIRE" link set dev u mtu "${UNDERLAY_MTU:-1600}" arp off up
	for n in "$@"; do
		echo "neigh replace $(vtep "$n") lladdr 02:00:00:00:fe:0$n" \
			"nud permanent dev up"
		echo "neigh replace $(vtep6 "$n") lladdr 02:00:00:00:fe:0$n" \
			"nud permanent dev up"
	done | ip -n "$ns" -force -batch - 2>/dev/null
	read -r mac < <(in_ns "$ns" cat /sys/class/net/up/address)
	check "open u" wire open u "$WIRE" u
	for n in "$@"; do
		check "peer" wire peer "p$n" u "$(vtep "$n")" "$(vtep 1)" "$mac"
		check "peer" wire peer "q$n" u "$(vtep6 "$n")" "$(vtep6 1)" \
			"$mac"
	done
}

# check_heard WHAT EXPECTED FROM FRAME...: send it; nobody else must hear it
check_heard()
{
	local what=$1 expected=$2

	shift 2
	check_eq "$what" "$expected" wire hear "$expected" "$@"
}

# check_seen WHAT COUNT PLACE REGEXP: so many frames like that came there
check_seen()
{
	check_eq "$1" "$2" wire seen "$3" "$2" "${*:4}"
}

# one_host: what most topics begin with
#
#     a     b     c     d         (raw, in namespace WIRE)
#     |     |     |     |
#   +-pa----pb----pc----pd----- host -+
#   | 100   100   100   200           |
#   |           sw0                   |
#   +-------------------------- up ---+
#                            192.0.2.1
#                                |
#                                u    p2 192.0.2.2, p3 192.0.2.3
one_host()
{
	load_weft || exit
	setup_ns host
	wire_start
	wire_underlay "$host" 2 3
	add_switch "$host" sw0 local "$(vtep 1)" local "$(vtep6 1)" uplink up
	wire_ports "$host" sw0 a b c d
	check "configure" weft_batch "$host" <<-END
		segment add 100 dev sw0
		segment add 200 dev sw0
		peer add $(vtep 2) dev sw0 vni 100 vni 200
		peer add $(vtep 3) dev sw0 vni 100
		port set pa vni 100
		port set pb vni 100
		port set pc vni 100
		port set pd vni 200
	END
	setup_done
}

# setup_done: without what setup makes there is no point in going on
setup_done()
{
	[ "$RET" != 0 ] || return
	log_test "setup"
	exit 1
}

##############################################################################
# What the switch tells

# weft_batch NAMESPACE [OPTION...]: of the commands on the standard input
weft_batch()
{
	local ns=$1

	shift
	weft -n "$ns" "$@" -b -
}

# drops NAMESPACE SWITCH REASON: so many packets were dropped for that
drops()
{
	weft -n "$1" stats show dev "$2" |
		awk -v reason="$3" '$1 == "reason" && $2 == reason { n = $4 }
			END { print n + 0 }'
}

# detail NAMESPACE SWITCH WORD: a number of `weft -d switch show`
detail()
{
	weft -n "$1" -d switch show "$2" |
		awk -v word="$3" 'NR > 1 { for (i = 1; i < NF; i += 2)
			if ($i == word) print $(i + 1) }'
}

# mac MAC: what wire.py knows as m1 and so on
mac()
{
	case $1 in
	m?)	echo "02:00:00:00:00:0${1#m}" ;;
	m??)	echo "02:00:00:00:00:${1#m}" ;;
	*)	echo "$1" ;;
	esac
}

# entry NAMESPACE SWITCH VNI MAC: what the map says of an address, in the
# words of the tool behind the switch ("port pa static"), or nothing
entry()
{
	weft -n "$1" map get "$(mac "$4")" vni "$3" dev "$2" 2>/dev/null |
		sed "s/.* dev $2 //"
}

# gone COMMAND...: prints nothing any more
gone()
{
	[ -z "$("$@")" ]
}

# monitor_start NAMESPACE SWITCH VNI FILE [MONITOR-WORD...]: return when it
# listens, which a passing neighbour entry tells
monitor_start()
{
	local ns=$1 sw=$2 vni=$3 file=$4

	shift 4
	start weft -n "$ns" monitor "$@" map >"$file" 2>"$file.err"
	busywait 10000 monitor_probe "$ns" "$sw" "$vni" "$file" ||
		fail "monitor" "$(<"$file.err")"
}

monitor_probe()
{
	weft -n "$1" neigh replace 203.0.113.254 lladdr 02:ff:ff:ff:ff:ff \
		vni "$3" dev "$2" &&
		weft -n "$1" neigh del 203.0.113.254 vni "$3" dev "$2"
	grep -q 203.0.113.254 "$4"
}

# report: of what a helper found, on the standard input, in the lines of a
# topic
report()
{
	local line

	while IFS= read -r line; do
		case $line in
		"ok - "*)	log_test "${line#ok - }" ;;
		"not ok - "*)	fail "$line"
				log_test "${line#not ok - }" ;;
		*)		echo "# $line" ;;
		esac
	done
}
