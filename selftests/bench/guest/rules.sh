# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what rules cost on the way into the tunnel, where none of them matches
# but the last, which allows all; and the way over the adjacent switch.
#
# The batches rules-N.weft, and rules-1000.flower and .nft with the same ones,
# are made by rules_of.

# shellcheck disable=SC2154	# the globals of measure and the other files

# rules_of KIND COUNT: so many rules, that look at packets in five ways
rules_of()
{
	awk -v kind="$1" -v count="$2" '
	# what it matches, in the words of each
	function match_of(i, a, b, p) {
		a = int(i / 1280) % 256
		b = int(i / 5) % 256
		p = 1 + i % 60000
		if (i % 5 == 0)
			return words("src " net(a, b, 0, 24) \
				" proto tcp dport " p)
		if (i % 5 == 1)
			return words("dst " net(a, b, 7, 32) \
				" proto udp dport " p)
		if (i % 5 == 2)
			return words("mac 02:22:00:00:" hex(a) ":" hex(b))
		if (i % 5 == 3)
			return words("src " net(a, b, 0, 24) " dst " \
				net(b, a, 0, 24))
		return words("proto tcp sport " p " dport " p + 1)
	}
	function net(a, b, c, len) {
		return "10." a "." b "." c "/" len
	}
	function hex(n) {
		return sprintf("%02x", n)
	}
	function words(text) {
		if (kind == "weft") {
			gsub(/src /, "from ", text)
			gsub(/dst /, "to ", text)
			gsub(/mac /, "src ", text)
		} else if (kind == "flower") {
			gsub(/proto /, "ip_proto ", text)
			gsub(/src /, "src_ip ", text)
			gsub(/dst /, "dst_ip ", text)
			gsub(/dport /, "dst_port ", text)
			gsub(/sport /, "src_port ", text)
			gsub(/mac /, "src_mac ", text)
		} else {
			gsub(/proto tcp sport/, "tcp sport", text)
			gsub(/proto tcp dport/, "tcp dport", text)
			gsub(/proto udp dport/, "udp dport", text)
			if (text ~ /tcp sport/)
				sub(/ dport/, " tcp dport", text)
			gsub(/src /, "ip saddr ", text)
			gsub(/dst /, "ip daddr ", text)
			gsub(/mac /, "ether saddr ", text)
		}
		return text
	}
	BEGIN {
		if (kind == "nft")
			print "add table bridge t\nadd chain bridge t c" \
				" { type filter hook prerouting priority 0; }"
		for (i = 0; i < count; i++) {
			if (kind == "weft")
				print "pref " i + 1, match_of(i), "action deny"
			else if (kind == "flower")
				print "filter add dev p1 ingress pref 1" \
					" protocol ip flower", match_of(i),
					"action drop"
			else
				print "add rule bridge t c", match_of(i), "drop"
		}
		if (kind == "weft")
			print "pref", count + 1, "action allow"
	}'
}

# load_rules TOPOLOGY VNI COUNT
load_rules()
{
	weft -n "$1-h1" rule load dev sw0 vni "$2" \
		file "$folder/batches/rules-$3.weft"
}

# A segment without rules, where another has 1000 (weft) and none has any (peer)
bench_rules_none()
{
	base_topology base
	encap_topology weft weft
	weft -n weft-h1 segment add 200 dev sw0
	load_rules weft 200 1000
	encap_topology peer weft
	prepare_and_race base weft peer
	result rules_none "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

# rules_many COUNT: so many rules (weft) beside one (peer)
rules_many()
{
	base_topology base
	encap_topology weft weft
	load_rules weft "$vni" "$1"
	encap_topology peer weft
	load_rules peer "$vni" 0
	prepare_and_race base weft peer
	result "rules_$1" "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

bench_rules_1000()
{
	rules_many 1000
}

bench_rules_10000()
{
	rules_many 10000
}

# rules_beside KIND: 1000 rules, and the same at the bridge
rules_beside()
{
	base_topology base
	encap_topology weft weft
	load_rules weft "$vni" 1000
	encap_topology peer peer
	"${1}_rules" peer-h1
	prepare_and_race base weft peer
	result "rules_vs_$1" "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

flower_rules()
{
	tc -n "$1" qdisc add dev p1 ingress
	tc -n "$1" -batch "$folder/batches/rules-1000.flower"
}

nft_rules()
{
	ip netns exec "$1" nft -f "$folder/batches/rules-1000.nft"
}

# Over the adjacent switch (weft), whose part is in it, and inside (peer)
bench_vepa()
{
	base_topology base
	vepa_topology weft
	local_topology peer weft
	prepare_and_race base weft peer
	result vepa "${cost[weft]}" "${cost[peer]}" "${cost[base]}" \
		"$per_packet"
}

bench_rules_vs_flower()
{
	rules_beside flower
}

bench_rules_vs_nft()
{
	rules_beside nft
}
