#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The command line, without a kernel module: cli.sh WEFT WEFT_FAKE

weft=$1
fake=$2
failed=0
n=0
out=$(mktemp)
mkfifo "$out.in"
trap 'rm -f "$out" "$out.in" "$out.lines"' EXIT

# expect STATUS PATTERN COMMAND...: the command's exit status and output
expect()
{
	status=$1
	pattern=$2
	shift 2
	n=$((n + 1))
	"$@" >"$out" 2>&1
	got=$?
	if [ $got -eq "$status" ] && grep -q -e "$pattern" "$out"; then
		echo "ok $n - cli: ${weft##*/} $pattern"
	else
		echo "not ok $n - cli: $* (status $got)"
		sed 's/^/# /' "$out"
		failed=1
	fi
}

# batch STATUS EXPECTED [OPTION]: run the standard input as a batch
batch()
{
	status=$1
	expected=$2
	shift 2
	n=$((n + 1))
	"$fake" "$@" -b - >"$out" 2>&1
	got=$?
	if [ $got -eq "$status" ] && [ "$(cat "$out")" = "$expected" ]; then
		echo "ok $n - cli: batch"
	else
		echo "not ok $n - cli: batch (status $got)"
		sed 's/^/# /' "$out"
		failed=1
	fi
}

mac=02:00:00:00:00:01

# help and abbreviations
expect 0 '^Usage: weft \[' "$weft" help
expect 0 '^Usage: weft \[' "$weft" -h
expect 1 '^Usage: weft \[' "$weft"
for object in switch segment port map neigh peer rule nic stats trace \
		monitor; do
	expect 0 "^Usage: weft $object" "$weft" $object help
	expect 0 "^Usage: weft $object" "$weft" help $object
done
expect 0 '^Usage: weft segment' "$weft" seg add help
expect 0 '^Usage: weft switch' "$weft" s help
expect 0 '^weft [0-9]' "$weft" -V
expect 0 '^weft [0-9]' "$weft" --Version

# words
expect 1 'unknown word "foo", try "weft help"' "$weft" foo
expect 1 'unknown word "foo", try "weft map help"' "$weft" map foo
expect 1 'unknown option "-x"' "$weft" -x
expect 1 'option "-n" needs a value' "$weft" -n
expect 1 'unknown word "foo", try "weft segment help"' \
	"$weft" segment add 5 foo
expect 1 '"vni" needs a value' "$weft" map add $mac vni
expect 1 'the MAC address is missing' "$weft" map add vni 1 dev lo
expect 1 '"vni" is missing' "$weft" map add $mac dev lo peer 10.0.0.1
expect 1 '"dev" is missing' "$weft" map add $mac vni 1 peer 10.0.0.1
expect 1 '"peer" or "port" is missing' "$weft" map add $mac vni 1 dev lo
expect 1 'unknown word' "$weft" map show $mac

# values
for vni in 0 16777216 -1 +1 ' 1' 1x '' 0x 99999999999999999999; do
	expect 1 'is not a valid VNI' "$weft" segment add "$vni" dev lo
done
for bad in 02:00:00:00:00 02:00:00:00:00:0 02:00:00:00:00:01:02 \
	   02-00-00-00-00-01 0200.0000.0001 02:00:00:00:00:0g ''; do
	expect 1 'is not a MAC address' "$weft" map add "$bad"
done
for bad in 10.0.0 10.0.0.256 fd00::g 10.0.0.1/24 ''; do
	expect 1 'is not an IP address' "$weft" peer add "$bad" dev lo
done
# peers may be MAC addresses, nothing else may
for bad in 02:57:46:01:00:0g 02:57:46:01:00 02:57:46:01:00:02:03 \
	   02-57-46-01-00-02; do
	expect 1 'is not a[n]* .* address' "$weft" peer add "$bad" dev lo
	expect 1 'is not a[n]* .* address' \
		"$weft" map add $mac vni 1 dev lo peer "$bad"
	expect 1 'is not a[n]* .* address' \
		"$weft" trace dev lo peer "$bad" vni 1 src $mac dst $mac
done
expect 1 'is not an IP address' "$weft" segment add 1 gateway $mac
expect 1 'is not an IP address' "$weft" switch add s local $mac
expect 1 'is not an IP address' "$weft" neigh add $mac
for bad in 02:57/1/7 02:57:4g/1/7 002:57:46/1/7 02-57-46/1/7 57:46/1/7 \
	   02:57:46:00/1/7 02:57:46/256/7 02:57:46/-1/7 02:57:46//7 \
	   02:57:46/x/7 02:57:46/1/65536 02:57:46/1/-1 02:57:46/1/ \
	   02:57:46/1 02:57:46 02:57:46/1/7/ 02:57:46/1/7x '02:57:46/1/7 ' \
	   02:57:46/1/655360 02:57:46:01:00:07 10.0.0.1 ''; do
	expect 1 "\"$bad\" is not a fence address (OUI/INSTALLATION/HOST)" \
		"$weft" switch add s fence "$bad"
done
expect 1 '"fence" needs a value' "$weft" switch add s fence
for good in 02:57:46/1/7 fe:FF:0a/255/65535 02:57:46/0/0 none; do
	expect 1 'unknown word "foo"' "$weft" switch add s fence $good foo
done
expect 1 '"yes" is not a valid learning (on or off)' \
	"$weft" segment add 1 learning yes
expect 1 '"gre" is not a valid encap (vxlan, geneve, nvgre, fence)' \
	"$weft" segment add 1 encap gre
expect 1 '"mac" is not a valid encap (vxlan, geneve, nvgre, fence)' \
	"$weft" peer add 02:57:46:01:00:02 encap mac
for bad in 0102 0102:8 x:80:00; do
	expect 1 "\"$bad\" is n" "$weft" segment add 1 option "$bad"
done
expect 1 '"x" is not a valid df (unset, set, inherit)' \
	"$weft" switch add sw0 df x
expect 1 '"256" is not a valid ttl (1 to 255)' "$weft" switch add s ttl 256
expect 1 'twice for IPv4' "$weft" switch add s local 10.0.0.1 local 10.0.0.2
expect 1 'too long' "$weft" switch add a123456789012345
expect 1 'cannot find device "none0"' "$weft" segment show dev none0
expect 1 'network namespace "none0"' "$weft" -n none0 segment show
expect 1 '"lo" is not a weft switch' "$weft" switch del lo
expect 1 '"lo" is not a port of a switch' "$weft" port set lo vni 1
expect 1 '"lo" is not a port of a switch' "$weft" port show lo
expect 1 'cannot open "/none"' "$weft" -b /none

# batches: consecutive entries go in one message
one="map add $mac vni 1 dev lo peer 10.0.0.1"
bad="map add ee:00:00:00:00:01 vni 1 dev lo peer 10.0.0.1"
exists='Error: Entry exists. Attribute mac.'
new='request 9 mode 1 entries'

batch 0 "$new 3" <<END
$one # with a comment

# alone
	map  'add' "02:00:00:00:00:02"	vni 1 dev lo peer 10.0.0.1
$one
END
batch 0 "$new 1
request 9 mode 2 entries 1
request 9 mode 3 entries 1
request 10 mode 0 entries 1
request 9 mode 1 entries 1" <<END
$one
map replace $mac vni 1 dev lo peer 10.0.0.1
map append $mac vni 1 dev lo peer 10.0.0.1
map del $mac vni 1 dev lo
$one
END
batch 1 "$new 1
$exists
Command failed -:2" <<END
$one
$bad
$one
END
batch 1 "$new 1
$exists
Command failed -:2
$new 1
$exists
Command failed -:4
$new 1" -force <<END
$one
$bad
$one
$bad
$one
END
batch 1 "$new 1
weft: \"x\" is not a MAC address
Command failed -:2" <<END
$one
map add x
$one
END
batch 1 "$new 1
$exists
Command failed -:2
$new 1
weft: \"x\" is not a MAC address
Command failed -:4
$new 1" -force <<END
$one
$bad
$one
map add x
$one
END
batch 1 "$new 0
$exists
Command failed -:1" <<END
$bad
map add x
END
batch 1 'weft: a quote is not closed
Command failed -:1' <<END
map "add
END

# fences, and peers that are MAC addresses
peer=02:57:46:01:00:02
batch 0 'request 2 mode 0 entries 0
request 3 mode 0 entries 0
request 3 mode 0 entries 0
request 16 mode 0 entries 0
request 17 mode 0 entries 0
request 9 mode 1 entries 2
request 10 mode 0 entries 1
request 18 mode 0 entries 0' <<END
segment add 5 dev lo encap fence
segment set 5 dev lo group ff:ff:ff:ff:ff:ff
segment set 5 dev lo group none gateway-vtep $peer
peer add $peer dev lo vni 5
peer set $peer dev lo encap fence
map add $mac vni 5 dev lo peer $peer
map add 02:00:00:00:00:02 vni 5 dev lo peer $peer peer 10.0.0.1
map del $mac vni 5 dev lo peer $peer
peer del $peer dev lo
END
expect 0 '^learn-refused' \
	"$fake" trace dev lo peer $peer vni 5 src $mac dst $mac
expect 0 '^flushed 9$' "$fake" map flush dev lo peer $peer

# uplinks as ports, which do not name their switch by themselves
batch 0 'request 33 mode 0 entries 0
request 33 mode 0 entries 0
request 6 mode 0 entries 0
request 9 mode 1 entries 1
request 7 mode 0 entries 0
request 7 mode 0 entries 0' <<END
port add lo dev lo vni 5 vlan 5 vni 6 vlan 4094 learning off
port add lo vni 5 vlan 5 dev lo
port set lo dev lo vni 7 vlan 7 flood off mcast_flood off bcast_flood off
map add $mac vni 5 dev lo port lo
port del lo dev lo vni 5 vlan 5
port del lo dev lo
END
for command in add set del; do
	expect 1 'the port is missing' "$weft" port $command
	expect 1 'cannot find device "none0"' "$weft" port $command none0 dev lo
	expect 1 'cannot find device "none0"' "$weft" port $command lo dev none0
	expect 1 '"lo" is not a port of a switch' \
		"$weft" port $command lo vni 5 vlan 5
	expect 1 '"dev" is missing' "$weft" port $command lo vf 1 vni 5
	expect 1 '"vlan" needs a value' \
		"$weft" port $command lo dev lo vni 5 vlan
	expect 1 'unknown word "vlan"' "$weft" port $command lo dev lo vlan 5
	for bad in 4095 -1 5x 65541 ''; do
		expect 1 "\"$bad\" is not a valid VLAN (0 to 4094)" \
			"$weft" port $command lo dev lo vni 5 vlan "$bad"
	done
done

# rules
# shellcheck disable=SC2086	# $rule is words
{
rule="rule add dev lo pref 1 action deny"
expect 0 '^request' "$fake" $rule
expect 0 '^request' "$fake" $rule vni 5 port lo vf 2 src $mac dst $mac/$mac \
	cast unicast vlan 3 prio 7 type ip from 10.0.0.0/8 to 10.1.2.3 \
	proto tcp dscp 46 frag none sport 1-1023 dport 22 tcp-flags syn/syn,ack
expect 1 'is not a valid action' "$fake" rule add dev lo pref 1 action drop
expect 1 '"dev" is missing' "$fake" rule add pref 1 action deny
expect 1 '"pref" is missing' "$fake" rule add dev lo action deny
expect 1 'not a valid pref' "$fake" rule del dev lo pref 0
expect 1 'is not a MAC address' "$fake" $rule src $mac/
expect 1 'not a valid prefix length' "$fake" $rule from 10.0.0.0/33
expect 1 'is not an IP address' "$fake" $rule to 10.0.0/8
expect 1 'not a valid dport' "$fake" $rule proto udp dport 65536
expect 1 'not a valid sport' "$fake" $rule proto udp sport 5-
expect 1 'is not a TCP flag' "$fake" $rule proto tcp tcp-flags syn,foo
expect 1 'not a valid proto' "$fake" $rule proto 256
expect 1 'not a valid cast' "$fake" $rule cast anycast
expect 1 'not a valid frag' "$fake" $rule frag second
expect 1 'unknown word' "$fake" $rule foo
expect 1 'is of a rule' "$fake" rule flush dev lo pref 1
printf 'pref 1 action deny\n\n# none\npref 2 dev lo vni 5 action allow\n' >"$out.lines"
expect 0 '^request' "$fake" rule load dev lo vni 5 file "$out.lines"
expect 1 'of another set' "$fake" rule load dev lo vni 6 file "$out.lines"
expect 1 'for line 4' "$fake" rule load dev lo vni 6 file "$out.lines"
expect 1 'cannot open' "$fake" rule load dev lo file /nowhere
}

# what is shown are the words that the commands take
again()
{
	"$fake" "$1" show dev lo | sed "s/^/$1 $2 /" >"$out.lines"
	expect 0 '^request' "$fake" -b "$out.lines"
}
again segment add
again port set
again map add
again neigh add
again peer add
again rule add

# an object that comes in two messages is one
expect 0 '^lo dev lo vni 100 vni 200 vlan 5 vni 300 vlan 6 mac .* learning' \
	"$fake" port show dev lo

n=$((n + 1))
for object in segment port map neigh peer rule stats; do
	"$fake" -j -s $object show dev lo
done >"$out"
if python3 -c 'import json, sys
for line in sys.stdin: assert len(json.loads(line)) == 1' <"$out"; then
	echo "ok $n - cli: JSON"
else
	echo "not ok $n - cli: JSON"
	failed=1
fi

# the last line needs no newline, and 501 entries are two messages
expect 0 "^$new 1$" sh -c "printf '$one' | $fake -b -"
yes "$one" | head -n 501 >"$out.lines"
batch 0 "$new 500
$new 1" <"$out.lines"
# what is pending is sent before the writer is waited for
(echo "$one"; sleep 0.2; echo "$one") >"$out.in" &
batch 0 "$new 1
$new 1" <"$out.in"
wait

echo "1..$n"
exit $failed
