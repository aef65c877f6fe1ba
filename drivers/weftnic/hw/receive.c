// SPDX-License-Identifier: GPL-2.0
/* The overlay engine, inward: what comes off the wire. */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <net/inet_ecn.h>
#include <net/ipv6.h>

#include "deliver.h"
#include "event.h"
#include "frame.h"
#include "nic.h"
#include "overlay.h"
#include "receive.h"
#include "rule.h"
#include "switch.h"
#include "tunnel.h"

/**
 * struct outer - outer headers
 * @src: address
 * @dst: address
 * @src_mac: address
 * @dst_mac: address
 * @tos: traffic class
 * @tunnel: tunnel header
 * @vtep: local VTEP of the same family
 * @segment: the segment
 */
struct outer {
	struct in6_addr src;
	struct in6_addr dst;
	u8 src_mac[ETH_ALEN];
	u8 dst_mac[ETH_ALEN];
	u8 tos;
	struct hw_tunnel tunnel;
	const struct hw_vtep *vtep;
	struct hw_segment *segment;
};

/* Outer headers, if they may be some. */
static bool read_outer(struct hw_nic *nic, const struct sk_buff *skb,
		       struct outer *outer)
{
	const struct hw_frame *frame = hw_frame(skb);
	const void *l3 = skb->data + frame->l3;
	const struct ipv6hdr *ip6h = l3;
	const struct iphdr *iph = l3;

	if (!frame->l3 || frame->fragment)
		return false;
	if (frame->v6) {
		outer->src = ip6h->saddr;
		outer->dst = ip6h->daddr;
	} else {
		ipv6_addr_set_v4mapped(iph->saddr, &outer->src);
		ipv6_addr_set_v4mapped(iph->daddr, &outer->dst);
	}
	ether_addr_copy(outer->dst_mac, skb->data);
	ether_addr_copy(outer->src_mac, skb->data + ETH_ALEN);
	outer->tos = hw_frame_tos(skb);
	outer->vtep = hw_vtep(nic, &outer->dst);
	return outer->vtep->used &&
	       hw_tunnel_read(skb, outer->vtep, &outer->tunnel);
}

static bool to_group(const struct outer *outer)
{
	return ipv6_addr_equal(&outer->dst, &outer->segment->group) &&
		ether_addr_equal(outer->dst_mac, outer->segment->group_mac);
}

/* Is it for the overlay? All else is the embedded switch's. */
static bool is_ours(struct hw_nic *nic, const struct sk_buff *skb,
		    struct outer *outer)
{
	const struct hw_tunnel *tunnel = &outer->tunnel;

	outer->segment = hw_segment_find(nic, tunnel->vni);
	if (!outer->segment || outer->segment->encap != tunnel->encap)
		return false;
	/* whether a checksum may be missing is software's to say */
	if (!ipv6_addr_v4mapped(&outer->dst) && tunnel->no_csum)
		return false;
	if (!tunnel->malformed &&
	    !hw_tunnel_known(skb, tunnel, outer->segment))
		return false;
	/* with a group of its own, no other group's is a segment's business */
	if (is_multicast_ether_addr(outer->dst_mac))
		return !ipv6_addr_any(&outer->segment->group);
	return ipv6_addr_equal(&outer->dst, &outer->vtep->ip) &&
		ether_addr_equal(outer->dst_mac, outer->vtep->mac);
}

/* Returns what is to be counted, NULL if all is well. */
static u64 *check_outer(struct hw_nic *nic, struct sk_buff *skb,
			const struct outer *outer)
{
	struct hw_counters *counters = &nic->counters;
	struct hw_frame *frame = hw_frame(skb);

	if (frame->l3 != ETH_HLEN)
		return &counters->wrong_vlan;
	if (hw_frame_csum(skb) == HW_CSUM_BAD)
		return &counters->bad_csum;
	if (outer->tunnel.malformed)
		return &counters->malformed;
	if (is_multicast_ether_addr(outer->dst_mac) && !to_group(outer))
		return &counters->wrong_vtep;
	if (ipv6_addr_equal(&outer->src, &outer->vtep->ip))
		return &counters->wrong_vtep;
	return NULL;
}

static void strip(struct hw_nic *nic, struct sk_buff *skb,
		  const struct outer *outer)
{
	skb_pull(skb, hw_frame(skb)->l4);
	skb_trim(skb, outer->tunnel.end);
	skb_pull(skb, outer->tunnel.len);
	hw_frame_parse(nic, skb);
}

/* Congestion that the outer header tells; false if the inner can't say it. */
static bool merge_ecn(struct sk_buff *skb, u8 tos)
{
	const struct hw_frame *frame = hw_frame(skb);
	void *l3 = skb->data + frame->l3;
	bool congested = false;
	int ret;

	if (!frame->l3)
		return true;
	ret = __INET_ECN_decapsulate(tos, hw_frame_tos(skb), &congested);
	if (ret == 2)
		return false;
	if (congested && frame->v6)
		IP6_ECN_set_ce(skb, l3);
	else if (congested)
		IP_ECN_set_ce(l3);
	else if (!ret && (tos & INET_ECN_MASK) == INET_ECN_ECT_1 && frame->v6)
		IP6_ECN_set_ect1(skb, l3);
	else if (!ret && (tos & INET_ECN_MASK) == INET_ECN_ECT_1)
		IP_ECN_set_ect1(l3);
	return true;
}

static u64 *check_inner(struct hw_nic *nic, struct sk_buff *skb,
			const struct outer *outer)
{
	if (!is_valid_ether_addr(skb->data + ETH_ALEN))
		return &nic->counters.malformed;
	if (hw_frame_csum(skb) == HW_CSUM_BAD)
		return &nic->counters.bad_csum;
	if (!merge_ecn(skb, outer->tos))
		return &nic->counters.malformed;
	return NULL;
}

enum source {
	SOURCE_UNKNOWN,
	SOURCE_AGREES,
	SOURCE_MOVED,		/* says a learned entry */
	SOURCE_WRONG,
	SOURCE_OWN,		/* of this host, or may be */
};

/* Does the entry of the sender's address say that it is behind that VTEP? */
static enum source check_source(struct hw_nic *nic, const struct sk_buff *skb,
				const struct outer *outer)
{
	const u8 *mac = skb->data + ETH_ALEN;
	u32 vni = outer->segment->vni;
	struct hw_entry *entry;

	entry = hw_entry_find(nic, vni, mac);
	if (outer->segment->flags & WEFTNIC_SEG_HOST_OWN &&
	    (!entry || entry->dest != WEFTNIC_TO_VTEP))
		return SOURCE_OWN;
	if (!entry)
		return SOURCE_UNKNOWN;
	if (entry->dest == WEFTNIC_TO_VTEP &&
	    ipv6_addr_equal(&entry->ip, &outer->src)) {
		entry->hits++;
		return SOURCE_AGREES;
	}
	if (!(entry->flags & WEFTNIC_ENTRY_LEARNED)) {
		nic->counters.contradicts++;
		return SOURCE_WRONG;
	}
	nic->counters.contradicts_learned++;
	hw_event_contradicts(nic, vni, mac, &outer->src);
	return SOURCE_MOVED;
}

/* Does the entry of the receiver's address say that it is not here, and was not
 * learned? Of a learned one the host may know better.
 */
static bool is_elsewhere(struct hw_nic *nic, const struct sk_buff *skb,
			 u32 vni)
{
	const struct hw_entry *entry = hw_entry_find(nic, vni, skb->data);

	if (!entry || entry->dest != WEFTNIC_TO_VTEP)
		return false;
	if (entry->flags & WEFTNIC_ENTRY_LEARNED) {
		nic->counters.contradicts_learned++;
		return false;
	}
	nic->counters.contradicts++;
	return true;
}

/* The VF that a frame is for, NULL for the host. Before a VF may have a frame,
 * the host wants to know who sent it.
 */
static struct hw_function *find_vf(struct hw_nic *nic,
				   const struct sk_buff *skb, u32 vni,
				   enum source source)
{
	struct hw_entry *entry;

	entry = hw_entry_find(nic, vni, skb->data);
	if (!entry)
		return NULL;
	entry->hits++;
	if (entry->dest != WEFTNIC_TO_VF || source != SOURCE_AGREES)
		return NULL;
	return hw_overlay_vf(nic, vni, entry->vf);
}

static void to_host(struct hw_nic *nic, struct sk_buff *skb,
		    const struct outer *outer, u16 flags, u64 members)
{
	struct weftnic_rx_done info;

	hw_rule_undo(skb);
	hw_frame_info(nic, skb, &info);
	info.flags |= cpu_to_le16(WEFTNIC_RX_OVERLAY | flags);
	info.vni = cpu_to_le32(outer->segment->vni);
	info.encap = outer->tunnel.encap;
	memcpy(info.src, &outer->src, sizeof(info.src));
	ether_addr_copy(info.src_mac, outer->src_mac);
	info.members = cpu_to_le64(members);
	hw_lro_deliver(&nic->functions[0], skb, &info);
}

static void to_many(struct hw_nic *nic, struct sk_buff *skb,
		    const struct outer *outer)
{
	const struct hw_segment *segment = outer->segment;
	struct hw_entry *group;
	u64 got;

	group = hw_entry_find(nic, segment->vni, skb->data);
	if (group) {
		got = hw_overlay_members(nic, group, 0, skb);
		nic->counters.vf_in += hweight64(got);
		to_host(nic, skb, outer, WEFTNIC_RX_MEMBERS, got);
	} else if (segment->flags & WEFTNIC_SEG_HOST_GROUPS) {
		to_host(nic, skb, outer, 0, 0);
	} else {
		nic->counters.vf_in +=
			hw_overlay_flood(nic, segment->vni, 0, skb);
		to_host(nic, skb, outer, WEFTNIC_RX_SERVED, 0);
	}
}

static void deliver(struct hw_nic *nic, struct sk_buff *skb,
		    const struct outer *outer, enum source source)
{
	struct weftnic_rx_done info;
	struct hw_function *vf;

	if (is_multicast_ether_addr(skb->data)) {
		if (source == SOURCE_MOVED)
			to_host(nic, skb, outer, 0, 0);
		else
			to_many(nic, skb, outer);
		return;
	}
	vf = find_vf(nic, skb, outer->segment->vni, source);
	if (!vf) {
		to_host(nic, skb, outer, 0, 0);
		return;
	}
	nic->counters.vf_in++;
	hw_frame_info(nic, skb, &info);
	hw_lro_deliver(vf, skb, &info);
}

/* What no bridge forwards is for the host to judge, too. */
static enum weftnic_verdict judge(struct hw_nic *nic, struct sk_buff *skb,
				  struct hw_segment *segment)
{
	if (is_link_local_ether_addr(skb->data))
		return WEFTNIC_TO_JUDGE;
	return hw_rules_judge(nic, segment, 0, skb);
}

static void decap(struct hw_nic *nic, struct sk_buff *skb,
		  const struct outer *outer)
{
	enum source source;
	u64 *wrong;

	wrong = check_outer(nic, skb, outer);
	if (!wrong) {
		strip(nic, skb, outer);
		wrong = check_inner(nic, skb, outer);
	}
	if (wrong) {
		++*wrong;
		goto drop;
	}
	if (outer->segment->flags & WEFTNIC_SEG_HOST_ALL) {
		nic->counters.decapsulated++;
		to_host(nic, skb, outer, 0, 0);
		return;
	}
	source = check_source(nic, skb, outer);
	if (source == SOURCE_WRONG ||
	    is_elsewhere(nic, skb, outer->segment->vni))
		goto drop;
	nic->counters.decapsulated++;
	if (source == SOURCE_OWN) {
		to_host(nic, skb, outer, 0, 0);
		return;
	}
	switch (judge(nic, skb, outer->segment)) {
	case WEFTNIC_ALLOW:
		deliver(nic, skb, outer, source);
		return;
	case WEFTNIC_TO_JUDGE:
		to_host(nic, skb, outer, 0, 0);
		return;
	case WEFTNIC_DENY:
		break;
	}

drop:
	kfree_skb(skb);
}

/**
 * hw_receive() - a frame came off the wire
 * @nic: the NIC
 * @skb: the frame; consumed
 */
void hw_receive(struct hw_nic *nic, struct sk_buff *skb)
{
	struct outer outer;

	hw_frame_parse(nic, skb);
	if (read_outer(nic, skb, &outer) && is_ours(nic, skb, &outer))
		decap(nic, skb, &outer);
	else
		hw_switch_from_wire(nic, skb);
}
