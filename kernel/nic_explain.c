// SPDX-License-Identifier: GPL-2.0
/*
 * What a NIC would do with a frame, for weft trace: by the contract
 * (Documentation/offload.md) and by what it is known to have in its tables.
 */

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <net/ndisc.h>

#include "explain.h"
#include "nic_explain.h"
#include "nic_want.h"
#include "peer.h"
#include "plan.h"
#include "port.h"
#include "rule.h"
#include "segment.h"

static struct weft_explain_step *step_nic(const struct weft_pkt *pkt,
					  const struct weft_nic *nic, int hw)
{
	struct weft_explain_step *step = weft_step(pkt, WEFT_STEP_NIC);

	step->nic = nic->pf->ifindex;
	step->hw = hw;
	return step;
}

static int hw_of(struct weft_nic *nic, const struct weft_pkt *pkt,
		 const u8 *mac)
{
	struct weft_key key;

	weft_key_set(&key, pkt->segment->vni, mac);
	return weft_shadow_hw(&nic->shadows, &key);
}

/**
 * weft_nic_explain_tx() - would a NIC encapsulate a frame of the host?
 * @skb: the frame
 * @pkt: the question
 * @peer: where its only destination is
 *
 * Context: bottom halves off, RCU.
 */
void weft_nic_explain_tx(struct sk_buff *skb, const struct weft_pkt *pkt,
			 struct weft_peer *peer)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct weft_nic *nic;
	int hw;

	if (is_multicast_ether_addr(mac))
		return;
	nic = weft_nic_choose(skb, pkt, peer);
	if (nic) {
		step_nic(pkt, nic, WEFT_HW_PRESENT);
		return;
	}
	list_for_each_entry_rcu(nic, &weft_nics, node) {
		if (rcu_access_pointer(nic->sw) != pkt->sw)
			continue;
		hw = hw_of(nic, pkt, mac);
		/* it has it, but something else speaks against it */
		step_nic(pkt, nic, hw == WEFT_HW_PRESENT ? WEFT_HW_HOST : hw);
	}
}

/* The NIC has an entry for the destination. Return: whether the way ends. */
static bool known(struct weft_nic *nic, struct weft_pkt *pkt,
		  const struct weft_entry *entry)
{
	struct weft_dest *dest = rcu_dereference(entry->dest);
	struct weft_explain_step *step;
	const struct weft_port *port;

	step = step_nic(pkt, nic, WEFT_HW_PRESENT);
	if (dest->type == WEFT_DEST_PEER) {
		weft_step_dest(step, dest);
		weft_explained(pkt, WEFT_PATH_TUNNEL, 0);
		return true;
	}
	if (dest->type != WEFT_DEST_PORT)	/* it has just changed */
		return false;
	port = weft_dest_port(dest)->port;
	if (port->nic != nic)
		return false;
	weft_step_dest(step, dest);
	weft_explained(pkt, WEFT_PATH_PORT, 0);
	return true;
}

/* It has none: that is for the gateway, or for the host if it might know more. */
static bool missed(struct weft_nic *nic, const struct weft_pkt *pkt, int hw,
		   bool encap)
{
	struct weft_explain_step *step = step_nic(pkt, nic, hw);
	struct weft_peer *gateway = READ_ONCE(pkt->segment->gateway_vtep);

	if (!gateway || !encap ||
	    weft_shadow_absent(&nic->shadows, pkt->segment->vni, false) ||
	    READ_ONCE(pkt->segment->vepa) == WEFT_VEPA_REST)
		return false;
	weft_step_dest(step, &gateway->dest);
	weft_explained(pkt, WEFT_PATH_TUNNEL, 0);
	return true;
}

/* To all: the NIC serves its VFs, and a group if there is one. */
static void to_all(struct weft_nic *nic, struct weft_pkt *pkt, bool encap)
{
	struct weft_explain_step *step;
	struct weft_peer *group;

	group = encap ? weft_want_group(nic, pkt->segment) : NULL;
	step = step_nic(pkt, nic, -1);
	step->path = WEFT_PATH_FLOOD;
	pkt->served.nics = BIT(nic->index);
	if (!group)
		return;
	step->peer = group->key.ip;
	pkt->served.nics |= WEFT_SERVED_TUNNEL;
}

/* To many: the NIC serves those members of a group that it knows. */
static void to_many(struct weft_nic *nic, struct weft_pkt *pkt,
		    const struct weft_entry *group, u16 from, bool encap)
{
	int hw = group ? hw_of(nic, pkt, group->key.mac) : -1;
	struct weft_nic_entry want = {};

	if (!(nic->caps.features & WEFT_NIC_GROUPS) || (!group &&
	    !weft_shadow_absent(&nic->shadows, pkt->segment->vni, true))) {
		to_all(nic, pkt, encap);
		return;
	}
	if (hw == WEFT_HW_PRESENT) {
		weft_want_members(nic, group, &want);
		pkt->served.nic = nic->index;
		if (from < BITS_PER_TYPE(want.members))
			want.members &= ~BIT_ULL(from);
		pkt->served.vfs = want.members;
	}
	step_nic(pkt, nic, hw)->path = WEFT_PATH_FLOOD;
}

/* ARP and neighbour discovery; the frame of a question is linear. */
static bool is_neigh(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = (void *)skb->data + ETH_HLEN;
	const struct icmp6hdr *icmp6h = (void *)(ip6h + 1);

	if (skb->protocol == htons(ETH_P_ARP))
		return true;
	return skb->protocol == htons(ETH_P_IPV6) &&
	       skb->len >= ETH_HLEN + sizeof(*ip6h) + sizeof(*icmp6h) &&
	       ip6h->nexthdr == IPPROTO_ICMPV6 &&
	       (icmp6h->icmp6_type == NDISC_NEIGHBOUR_SOLICITATION ||
		icmp6h->icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

static void drop(struct weft_nic *nic, const struct weft_pkt *pkt, int hw,
		 enum weft_drop_reason reason)
{
	step_nic(pkt, nic, hw);
	weft_explained(pkt, WEFT_PATH_DROP, reason);
}

/* Can a NIC read the frame as far as rules might look? The frame of a question is
 * linear, and as long as weft_flow_read() found it.
 */
static bool is_readable(const struct sk_buff *skb, const struct weft_flow *flow)
{
	const struct vlan_ethhdr *veth = (void *)skb->data;
	__be16 type = veth->h_vlan_proto;
	const void *l3 = skb->data + ETH_HLEN;
	const struct iphdr *iph;

	if (eth_type_vlan(type)) {
		type = veth->h_vlan_encapsulated_proto;
		l3 += VLAN_HLEN;
		if (skb_vlan_tag_present(skb))
			return false;
	}
	if (type != flow->type ||
	    flow->kind & (WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER))
		return false;
	iph = l3;
	if (type == htons(ETH_P_IP))
		return iph->ihl * 4 == sizeof(*iph);
	return type != htons(ETH_P_IPV6) ||
	       ((const struct ipv6hdr *)l3)->nexthdr == flow->proto;
}

/* The NIC judges by itself. Return: whether the way ends; @host is set if the host
 * is to judge.
 */
static bool judged(struct weft_nic *nic, const struct sk_buff *skb,
		   const struct weft_pkt *pkt, const struct weft_plan *plan,
		   const struct weft_port *port, bool *host)
{
	const struct weft_plan_item *item = NULL;
	struct weft_explain_step *step;
	struct weft_flow flow;

	*host = !weft_flow_read(skb, port->number, &flow) ||
		!is_readable(skb, &flow);
	if (!*host)
		item = weft_plan_find(plan, &flow);
	*host = *host || (item && item->verdict == WEFT_NIC_TO_JUDGE);
	if (*host) {
		step_nic(pkt, nic, WEFT_HW_RULED);
		return false;
	}
	if (!item || !item->rule)
		return false;
	step = weft_step(pkt, WEFT_STEP_RULE);
	step->nic = nic->pf->ifindex;
	step->pref = item->rule->filter.pref;
	step->action = item->rule->action;
	step->vni = item->rule->segment ? pkt->segment->vni : 0;
	if (item->verdict != WEFT_NIC_DENY)
		return false;
	weft_explained(pkt, WEFT_PATH_DROP, WEFT_DROP_REASON_DENIED);
	return true;
}

/**
 * weft_nic_explain_vf() - what would a NIC do with a frame of a VF?
 * @skb: the frame
 * @pkt: the question; it is noted who has got a copy from the NIC
 * @port: the VF
 *
 * Context: bottom halves off, RCU.
 * Return: whether its way ends there; else the host goes on with it.
 */
bool weft_nic_explain_vf(const struct sk_buff *skb, struct weft_pkt *pkt,
			 const struct weft_port *port)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct weft_nic *nic = port->nic;
	const struct weft_nic_vni *vni;
	const struct weft_plan *plan;
	struct weft_entry *entry;
	bool host;

	vni = xa_load(&nic->vnis, pkt->segment->vni);
	if (!vni || !READ_ONCE(vni->in)) {
		drop(nic, pkt, WEFT_HW_NO_SEGMENT,
		     WEFT_DROP_REASON_NO_SEGMENT);
		return true;
	}
	if (is_link_local_ether_addr(mac)) {
		drop(nic, pkt, -1, WEFT_DROP_REASON_LINK_LOCAL);
		return true;
	}
	if (READ_ONCE(vni->judged) || weft_want_judged(port)) {
		step_nic(pkt, nic, WEFT_HW_RULED);
		return false;
	}
	if (READ_ONCE(pkt->segment->suppress) && is_neigh(skb)) {
		step_nic(pkt, nic, -1);
		return false;
	}
	plan = rcu_dereference(vni->plan);
	if (plan && plan->count) {
		if (judged(nic, skb, pkt, plan, port, &host))
			return true;
		if (host)
			return false;
	}
	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (is_multicast_ether_addr(mac)) {
		to_many(nic, pkt, entry, port->vf, READ_ONCE(vni->encap));
		return false;
	}
	if (entry && hw_of(nic, pkt, mac) == WEFT_HW_PRESENT)
		return known(nic, pkt, entry);
	return missed(nic, pkt, entry ? hw_of(nic, pkt, mac) : -1,
		      READ_ONCE(vni->encap));
}
