// SPDX-License-Identifier: GPL-2.0
/* Rules: which frames of a segment are dropped, and which are for the host to
 * judge. They are tried one after the other, as a TCAM would at once.
 */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>

#include "frame.h"
#include "nic.h"
#include "rule.h"

/* --- the table --- */

/** hw_rules_cut() - forget a segment's rules but the first @keep of them */
void hw_rules_cut(struct hw_table *table, struct hw_segment *segment, u32 keep)
{
	struct hw_rule *rule;

	while (segment->rule_count > keep) {
		rule = list_last_entry(&segment->rules, struct hw_rule, node);
		rule->segment = NULL;
		list_move(&rule->node, &table->free_rules);
		segment->rule_count--;
		table->rule_count--;
	}
}

static bool rule_valid(const struct hw_nic *nic,
		       const struct weftnic_rule *rule)
{
	return rule->verdict <= WEFTNIC_TO_JUDGE &&
		!(rule->flags & ~(WEFTNIC_RULE_VF | WEFTNIC_RULE_PORTS)) &&
		(!(rule->flags & WEFTNIC_RULE_VF) ||
		 le16_to_cpu(rule->vf) < nic->sizes.vfs);
}

static void add(struct hw_table *table, struct hw_segment *segment,
		const struct weftnic_rule *from)
{
	struct hw_rule *rule = list_first_entry(&table->free_rules,
						struct hw_rule, node);

	rule->rule = *from;
	rule->packets = 0;
	rule->bytes = 0;
	rule->segment = segment;
	list_move_tail(&rule->node, &segment->rules);
	segment->rule_count++;
	table->rule_count++;
}

/**
 * hw_rules_set() - give a segment rules
 * @nic: the NIC
 * @vni: the segment
 * @keep: of those it has, so many stay, and the new ones follow
 * @from: the new ones; it is the driver's memory
 * @count: how many
 */
enum weftnic_err hw_rules_set(struct hw_nic *nic, u32 vni, u32 keep,
			      const struct weftnic_rule *from,
			      unsigned int count)
{
	struct hw_segment *segment = hw_segment_find(nic, vni);
	struct hw_table *table = &nic->table;
	struct weftnic_rule rule;
	unsigned int i;
	u32 others;

	if (!segment)
		return WEFTNIC_E_NONE;
	if (keep > segment->rule_count)
		return WEFTNIC_E_INVALID;
	for (i = 0; i < count; i++)
		if (!rule_valid(nic, &from[i]))
			return WEFTNIC_E_INVALID;
	others = table->rule_count - (segment->rule_count - keep);
	if (count > nic->sizes.rules - others || (count && nic->fault.full))
		return WEFTNIC_E_FULL;
	hw_rules_cut(table, segment, keep);
	for (i = 0; i < count; i++) {
		/* it may have changed since */
		rule = from[i];
		rule.verdict = READ_ONCE(from[i].verdict);
		rule.flags = READ_ONCE(from[i].flags);
		if (rule.verdict > WEFTNIC_TO_JUDGE)
			rule.verdict = WEFTNIC_TO_JUDGE;
		add(table, segment, &rule);
	}
	return WEFTNIC_OK;
}

/** hw_rules_read() - those behind the first @skip; returns how many were read */
unsigned int hw_rules_read(struct hw_nic *nic, u32 vni, u32 skip,
			   struct weftnic_rule *to, unsigned int count)
{
	struct hw_segment *segment = hw_segment_find(nic, vni);
	const struct hw_rule *rule;
	unsigned int n = 0;

	if (!segment)
		return 0;
	list_for_each_entry(rule, &segment->rules, node) {
		if (skip) {
			skip--;
			continue;
		}
		if (n == count)
			break;
		to[n] = rule->rule;
		to[n].packets = cpu_to_le64(rule->packets);
		to[n++].bytes = cpu_to_le64(rule->bytes);
	}
	return n;
}

/* --- frames --- */

/**
 * struct hw_key - what rules may look at
 * @match: what is in the frame
 * @sport: source port
 * @dport: destination port
 */
struct hw_key {
	struct weftnic_match match;
	u16 sport;
	u16 dport;
};

static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
		proto == IPPROTO_UDPLITE || proto == IPPROTO_SCTP ||
		proto == IPPROTO_DCCP;
}

static bool read_ports(const struct sk_buff *skb, struct hw_key *key)
{
	const struct hw_frame *frame = hw_frame(skb);
	const u8 *l4 = skb->data + frame->l4;
	unsigned int len = frame->proto == IPPROTO_TCP ?
			   sizeof(struct tcphdr) : 4;

	if (!has_ports(frame->proto))
		return true;
	if (frame->l4 + len > frame->end || frame->end > skb->len)
		return false;
	key->sport = get_unaligned_be16(l4);
	key->dport = get_unaligned_be16(l4 + 2);
	key->match.kind |= WEFTNIC_MATCH_PORTS;
	if (frame->proto == IPPROTO_TCP)
		key->match.tcp_flags = l4[13];
	return true;
}

static bool read_ip(const struct sk_buff *skb, struct hw_key *key)
{
	const struct hw_frame *frame = hw_frame(skb);
	const void *l3 = skb->data + frame->l3;
	const struct ipv6hdr *ip6h = l3;
	const struct iphdr *iph = l3;

	if (!frame->l3 || frame->fragment ||
	    frame->l4 - frame->l3 != (frame->v6 ? sizeof(*ip6h) :
						  sizeof(*iph)))
		return false;
	key->match.kind |= WEFTNIC_MATCH_IP;
	key->match.proto = frame->proto;
	key->match.dscp = hw_frame_tos(skb) >> 2;
	if (frame->v6) {
		memcpy(key->match.from, &ip6h->saddr, sizeof(ip6h->saddr));
		memcpy(key->match.to, &ip6h->daddr, sizeof(ip6h->daddr));
	} else {
		memcpy(key->match.from + 12, &iph->saddr, sizeof(iph->saddr));
		memcpy(key->match.to + 12, &iph->daddr, sizeof(iph->daddr));
	}
	return read_ports(skb, key);
}

/* Can it be read as far as any rule might look? */
static bool read_key(const struct sk_buff *skb, struct hw_key *key)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct vlan_ethhdr *eth = (void *)skb->data;

	memset(key, 0, sizeof(*key));
	ether_addr_copy(key->match.dst, eth->h_dest);
	ether_addr_copy(key->match.src, eth->h_source);
	if (is_broadcast_ether_addr(eth->h_dest))
		key->match.kind = WEFTNIC_MATCH_BROADCAST;
	else if (is_multicast_ether_addr(eth->h_dest))
		key->match.kind = WEFTNIC_MATCH_MULTICAST;
	key->match.type = frame->type;
	if (eth_type_vlan(eth->h_vlan_proto)) {
		if (skb->len < VLAN_ETH_HLEN ||
		    frame->type != eth->h_vlan_encapsulated_proto)
			return false;
		key->match.tci = cpu_to_le16((ntohs(eth->h_vlan_TCI) &
					      ~VLAN_CFI_MASK) | VLAN_CFI_MASK);
	}
	if (!eth_proto_is_802_3(frame->type) || eth_type_vlan(frame->type))
		return false;
	if (frame->type != htons(ETH_P_IP) && frame->type != htons(ETH_P_IPV6))
		return true;
	return read_ip(skb, key);
}

static bool matches(const struct weftnic_rule *rule, const struct hw_key *key,
		    unsigned int sender)
{
	const u32 *value = (const u32 *)&rule->value;
	const u32 *mask = (const u32 *)&rule->mask;
	const u32 *word = (const u32 *)&key->match;
	unsigned int i;

	if (rule->flags & WEFTNIC_RULE_VF &&
	    sender != 1 + le16_to_cpu(rule->vf))
		return false;
	for (i = 0; i < sizeof(key->match) / sizeof(*word); i++)
		if ((word[i] & mask[i]) != value[i])
			return false;
	return !(rule->flags & WEFTNIC_RULE_PORTS) ||
		(key->sport >= le16_to_cpu(rule->sport_low) &&
		 key->sport <= le16_to_cpu(rule->sport_high) &&
		 key->dport >= le16_to_cpu(rule->dport_low) &&
		 key->dport <= le16_to_cpu(rule->dport_high));
}

static enum weftnic_verdict apply(struct hw_nic *nic, struct hw_rule *rule,
				  struct sk_buff *skb)
{
	if (rule->rule.verdict == WEFTNIC_TO_JUDGE) {
		nic->counters.to_judge++;
		return WEFTNIC_TO_JUDGE;
	}
	rule->packets++;
	rule->bytes += skb->len;
	if (rule->rule.verdict == WEFTNIC_DENY)
		nic->counters.denied++;
	else
		hw_frame(skb)->rule = rule;
	return rule->rule.verdict;
}

/**
 * hw_rules_judge() - what is to become of a frame?
 * @nic: the NIC
 * @segment: the frame's segment
 * @sender: index of the function that sent it, 0 for the wire
 * @skb: the frame, parsed; not consumed
 */
enum weftnic_verdict hw_rules_judge(struct hw_nic *nic,
				    struct hw_segment *segment,
				    unsigned int sender, struct sk_buff *skb)
{
	struct hw_rule *rule;
	struct hw_key key;

	if (!segment->rule_count)
		return WEFTNIC_ALLOW;
	if (!read_key(skb, &key)) {
		nic->counters.to_judge++;
		return WEFTNIC_TO_JUDGE;
	}
	list_for_each_entry(rule, &segment->rules, node)
		if (matches(&rule->rule, &key, sender))
			return apply(nic, rule, skb);
	return WEFTNIC_ALLOW;
}

/** hw_rule_undo() - the host takes a frame that was allowed, and counts it */
void hw_rule_undo(struct sk_buff *skb)
{
	struct hw_rule *rule = hw_frame(skb)->rule;

	if (!rule)
		return;
	rule->packets--;
	rule->bytes -= skb->len;
	hw_frame(skb)->rule = NULL;
}
