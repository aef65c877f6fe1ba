#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Flavours: uml-7.2
#
# Who may do what. A tenant rules a user namespace and the network namespace
# that belongs to it; his switch has its underlay in a namespace of the host.
#
#        a                      (the tenant's)
#        |
#   +----pa-- tenant --+
#   |    sw0           |
#   +---------|--------+
#             | link-netns
#   +--- up --|-- host +-------- (nobody)
#   |  192.0.2.1       |
#   +------------------+

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/lib/lib.sh"
# shellcheck source=selftests/lib/topo.sh
. "$(dirname "$0")/lib/topo.sh"
# shellcheck source=selftests/lib/wire.sh
. "$(dirname "$0")/lib/wire.sh"

ALL_TESTS="
	tenant_looks
	tenant_changes_nothing
	tenant_uses_bridge
	tenant_keeps_to_himself
	tenant_makes_no_switch_into_the_host
	tenant_in_the_host
	tenant_alone
	plain_user
	host_rules
	tenant_leaves
"

tenant=
demands="demands CAP_NET_ADMIN|Operation not permitted"

# as_tenant COMMAND...: as root of the user namespace, who is nobody outside
as_tenant()
{
	nsenter -t "$tenant_pid" -U -n -S 0 -G 0 "$@"
}

# as_nobody COMMAND...: in the host's namespace
as_nobody()
{
	in_ns "$host" setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# other_net PID: it has a network namespace of its own by now
other_net()
{
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

setup()
{
	load_weft || exit
	start setpriv --reuid 65534 --regid 65534 --clear-groups \
		unshare --user --map-root-user --net tail -f /dev/null
	tenant_pid=$!
	if ! busywait 5000 other_net $tenant_pid; then
		skip "no user namespaces"
		exit 0
	fi
	setup_ns host
	tenant=tenant-$$
	check "attach" ip netns attach $tenant $tenant_pid
	NAMESPACES+=("$tenant")
	ip -n "$host" -batch - <<-END
		link add name up type veth peer name other
		link set dev other up
	END
	underlay_host "$host" 1
	add_switch "$tenant" sw0 local "$(vtep 1)" uplink up link-netns "$host"
	check "a port of his own" as_tenant ip link add name pa type veth \
		peer name a
	check "attached" as_tenant ip link set dev pa master sw0 up
	check "configure" weft_batch "$tenant" <<-END
		segment add 100 dev sw0
		segment add 200 dev sw0
		peer add $(vtep 2) dev sw0 vni 100
		port set pa vni 100 mac 02:00:00:00:00:01 limit 1
		map add 02:00:00:00:00:10 vni 100 dev sw0 peer $(vtep 2)
		map add 02:00:00:00:00:11 vni 100 dev sw0 port pa
	END
	setup_done
}

# All that is configured
all()
{
	weft_batch "$tenant" <<-END
		switch show sw0
		segment show dev sw0
		port show dev sw0
		peer show dev sw0
		map show dev sw0
		neigh show dev sw0
	END
	ip -n "$tenant" -o link show type weft
}

# each_refused AS-WHOM: the commands on the standard input, one by one
each_refused()
{
	local as=$1 line before

	before=$(all)
	while read -r line; do
		# shellcheck disable=SC2086	# words
		check_refused "$line" "$demands" "$as" $line
	done
	check_eq "nothing has changed" "$before" all
}

tenant_looks()
{
	local object

	check "neigh" as_tenant weft neigh show
	for object in switch segment port map peer stats; do
		check_match "$object" "sw0" as_tenant weft "$object" show
	done
	check_match "trace" "decision path" as_tenant weft trace dev sw0 \
		port pa src 02:00:00:00:00:01 dst ff:ff:ff:ff:ff:ff
	log_test "a tenant may look"
}

tenant_changes_nothing()
{
	each_refused as_tenant <<-END
		weft segment add 300 dev sw0
		weft segment set 100 dev sw0 learning off
		weft segment set 100 dev sw0 group 239.1.1.1
		weft segment del 100 dev sw0
		weft port set pa vni 200
		weft port set pa mac any
		weft port set pa limit 0
		weft port set sw0 vni 100
		weft map add 02:00:00:00:00:20 vni 100 dev sw0 peer $(vtep 2)
		weft map add 02:00:00:00:00:20 vni 100 dev sw0 peer $(vtep 9)
		weft map add 02:00:00:00:00:20 vni 100 dev sw0 port pa
		weft map replace 02:00:00:00:00:11 vni 100 dev sw0 peer $(vtep 2)
		weft map append 00:00:00:00:00:00 vni 100 dev sw0 peer $(vtep 9)
		weft map del 02:00:00:00:00:10 vni 100 dev sw0
		weft map flush dev sw0
		weft map flush dev sw0 static
		weft peer add $(vtep 9) dev sw0 vni 100
		weft peer set $(vtep 2) dev sw0 limit 1
		weft peer del $(vtep 2) dev sw0
		weft peer del $(vtep 2) dev sw0 vni 100
		weft switch set sw0 ttl 9
		weft switch set sw0 uplink none
		weft switch set sw0 local 192.0.2.7
		weft switch set sw0 sources any
	END
	log_test "what reaches the underlay is refused to a tenant"
}

tenant_uses_bridge()
{
	local key="02:00:00:00:00:20 dev sw0 src_vni 100"

	each_refused as_tenant <<-END
		bridge fdb add $key dst $(vtep 2)
		bridge fdb add $key via pa
		bridge fdb append 00:00:00:00:00:00 dev sw0 src_vni 100 dst $(vtep 9)
		bridge fdb replace 02:00:00:00:00:11 dev sw0 src_vni 100 dst $(vtep 2)
		bridge fdb del 02:00:00:00:00:10 dev sw0 src_vni 100
		bridge fdb flush dev sw0 self
	END
	check_match "but he may look" "192.0.2.2" \
		as_tenant bridge fdb show dev sw0
	log_test "by bridge and ip, too"
}

# His own devices and addresses are his.
tenant_keeps_to_himself()
{
	check "neighbour" as_tenant weft neigh add 10.0.0.1 \
		lladdr 02:00:00:00:00:01 vni 100 dev sw0
	check "no more" as_tenant weft neigh del 10.0.0.1 vni 100 dev sw0
	check "out of the segment" as_tenant weft port del pa
	check_refused "not in again" "$demands" \
		as_tenant weft port set pa vni 100
	check "released" as_tenant ip link set dev pa nomaster
	check "attached" as_tenant ip link set dev pa master sw0
	check_refused "not in again" "$demands" \
		as_tenant weft port set pa vni 100
	check "down" as_tenant ip link set dev sw0 down
	check "up" as_tenant ip link set dev sw0 up
	check "the host puts it in" weft -n "$tenant" port set pa vni 100
	log_test "a tenant rules his own devices"
}

tenant_makes_no_switch_into_the_host()
{
	each_refused as_tenant <<-END
		weft switch add sw9 local 192.0.2.9 link-netns $host
		weft switch add sw9 link-netns $host
		ip link add name sw9 link-netnsid 0 type weft
	END
	check_fail "none" as_tenant ip link show sw9
	log_test "a tenant makes no switch with its underlay in the host"
}

# With the capability, but not in the namespace that counts
in_host()
{
	in_ns "$host" nsenter -t "$tenant_pid" -U -S 0 -G 0 "$@"
}

tenant_in_the_host()
{
	check "a switch of the host" weft -n "$host" switch add swh \
		local 192.0.2.3 uplink up
	check "segment" weft -n "$host" segment add 100 dev swh
	each_refused in_host <<-END
		weft segment add 300 dev swh
		weft segment del 100 dev swh
		weft neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 vni 100 dev swh
		weft trace dev swh port swh src 02:00:00:00:00:01 dst ff:ff:ff:ff:ff:ff
		weft switch set swh ttl 9
		weft switch del swh
		weft switch add sw9 local 192.0.2.9 uplink up
		bridge fdb add 02:00:00:00:00:20 dev swh src_vni 100 dst $(vtep 2)
	END
	check_match "it is as it was" "^100 dev swh" \
		weft -n "$host" segment show dev swh
	check "delete" weft -n "$host" switch del swh
	log_test "a tenant's capability counts for nothing in the host"
}

# Wholly in his own: everything works
tenant_alone()
{
	check "underlay" as_tenant ip link add name own type veth \
		peer name other
	check "underlay" as_tenant ip link set dev own up
	check "underlay" as_tenant ip addr add 198.51.100.1/24 dev own
	check "port" as_tenant ip link add name pz type veth peer name z
	check "all" as_tenant weft -b - <<-END
		switch add sw1 local 198.51.100.1 uplink own
		switch set sw1 ttl 9
		segment add 100 dev sw1 group 239.1.1.1
		segment set 100 dev sw1 learning off
		peer add 198.51.100.2 dev sw1 vni 100
		map add 02:00:00:00:00:10 vni 100 dev sw1 peer 198.51.100.2
	END
	check "port" as_tenant ip link set dev pz master sw1 up
	check "port" as_tenant weft port set pz vni 100
	check "bridge" as_tenant bridge fdb add 02:00:00:00:00:20 dev sw1 \
		src_vni 100 dst 198.51.100.2
	check_match "there" "pz dev sw1 vni 100 " \
		as_tenant weft port show dev sw1
	check "delete" as_tenant weft -b - <<-END
		map flush dev sw1 static
		peer del 198.51.100.2 dev sw1
		segment del 100 dev sw1
		switch del sw1
	END
	log_test "a tenant's own switch is all his"
}

plain_user()
{
	check "a switch of the host" weft -n "$host" switch add swh \
		local 192.0.2.3 uplink up
	check "segment" weft -n "$host" segment add 100 dev swh
	check_match "he may look" "^100 dev swh" as_nobody weft segment show
	each_refused as_nobody <<-END
		weft switch add sw9 local 192.0.2.9 uplink up
		weft switch set swh ttl 9
		weft switch del swh
		weft segment add 300 dev swh
		weft segment set 100 dev swh learning off
		weft segment del 100 dev swh
		weft port set swh vni 100
		weft port del swh
		weft map add 02:00:00:00:00:20 vni 100 dev swh peer $(vtep 2)
		weft map del 02:00:00:00:00:20 vni 100 dev swh
		weft map flush dev swh
		weft neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 vni 100 dev swh
		weft neigh del 10.0.0.1 vni 100 dev swh
		weft peer add $(vtep 2) dev swh
		weft peer set $(vtep 2) dev swh limit 1
		weft peer del $(vtep 2) dev swh
		weft trace dev swh port swh src 02:00:00:00:00:01 dst ff:ff:ff:ff:ff:ff
		bridge fdb add 02:00:00:00:00:20 dev swh src_vni 100 dst $(vtep 2)
		bridge fdb flush dev swh self
	END
	check_match "it is as it was" "^100 dev swh .*learning on" \
		weft -n "$host" segment show dev swh
	check "delete" weft -n "$host" switch del swh
	log_test "a user without privilege changes nothing"
}

host_rules()
{
	check "set" weft -n "$tenant" switch set sw0 ttl 9
	check "segment" weft -n "$tenant" segment add 300 dev sw0
	check "map" weft -n "$tenant" map add 02:00:00:00:00:20 vni 300 \
		dev sw0 peer "$(vtep 2)"
	check_match "shown with its underlay" "ttl 9 .*link-netns $host" \
		weft -n "$tenant" switch show sw0
	check "delete" weft -n "$tenant" segment del 300 dev sw0
	log_test "who rules the host may do it all"
}

tenant_leaves()
{
	check "his switch" as_tenant weft switch del sw0
	check_fail "gone" ip -n "$tenant" link show sw0
	check "the address is free" weft -n "$host" switch add swh \
		local "$(vtep 1)" uplink up
	log_test "a tenant may delete his switch"
}

setup
run_tests
