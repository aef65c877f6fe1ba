// SPDX-License-Identifier: GPL-2.0
/* Several ways out of the switch: to all of a segment, or to those of a list. */

#include <linux/etherdevice.h>

#include "copies.h"
#include "peer.h"
#include "port.h"
#include "send.h"

/**
 * struct copies - the copies of a frame, the last of which is the frame
 * @skb: the frame
 * @pkt: what is known of it; @pkt->served grows
 * @flood: WEFT_END_*FLOOD that a way out must take, or 0
 * @next: where the next copy goes; known before it is made, so that the
 *	last can be the frame itself
 * @relay: the way over the adjacent switch, or NULL
 * @relayed: that way has been taken
 * @sent: copies sent
 */
struct copies {
	struct sk_buff *skb;
	struct weft_pkt *pkt;
	u32 flood;
	struct weft_dest *next;
	const struct weft_relay_way *relay;
	bool relayed;
	unsigned int sent;
};

static void send_copy(struct copies *copies, struct sk_buff *skb)
{
	const struct weft_pkt *pkt = copies->pkt;
	enum weft_drop_reason reason;
	unsigned int mtu;

	if (!skb) {
		weft_dropped(pkt->sw, pkt->segment->vni, NULL,
			     WEFT_DROP_REASON_NO_MEMORY);
		return;
	}
	copies->sent++;
	reason = weft_send(skb, pkt, copies->next, copies->flood, &mtu);
	if (!reason)
		return;
	if (pkt->explain)
		consume_skb(skb);
	else if (reason == WEFT_DROP_REASON_NO_MEMORY)
		weft_dropped(pkt->sw, pkt->segment->vni, NULL, reason);
	else
		weft_drop(pkt->sw, pkt->segment->vni, skb, reason);
}

/* A copy that can't be sent, while others can. */
static void miss_copy(const struct copies *copies, struct weft_dest *to,
		      enum weft_drop_reason reason)
{
	const struct weft_pkt *pkt = copies->pkt;

	if (pkt->explain)
		weft_send_explain(copies->skb, pkt, to, reason);
	else
		weft_dropped(pkt->sw, pkt->segment->vni, copies->skb, reason);
}

/* Does it get the frame by way of the adjacent switch, or is it that? */
static bool by_relay(const struct copies *copies, const struct weft_dest *to)
{
	const struct weft_relay_way *relay = copies->relay;

	if (!relay)
		return false;
	if (relay->dest == to)
		return copies->relayed;
	return !(weft_egress_flags(to) & WEFT_END_TUNNEL) &&
	       !(weft_egress_served(to) & relay->now);
}

static void add_copy(struct copies *copies, struct weft_dest *to)
{
	struct weft_pkt *pkt = copies->pkt;
	enum weft_drop_reason reason;

	if (by_relay(copies, to) || pkt->returned == to)
		return;
	reason = weft_path_refuse(pkt->from_flags, weft_egress_flags(to),
				  pkt->from == to, copies->flood);
	if (reason) {	/* not a drop: nothing was meant for there */
		if (unlikely(pkt->explain))
			weft_send_explain(copies->skb, pkt, to, reason);
		return;
	}
	reason = weft_send_required(pkt, to);
	if (unlikely(reason)) {
		miss_copy(copies, to, reason);
		return;
	}
	if (is_multicast_ether_addr(eth_hdr(copies->skb)->h_dest)) {
		if (weft_egress_has(&pkt->served, to))
			return;
		pkt->served.nics |= weft_egress_serves(pkt, to);
	}
	if (copies->next)
		send_copy(copies, skb_clone(copies->skb, GFP_ATOMIC));
	copies->next = to;
}

static void take_relay(struct copies *copies)
{
	const struct weft_relay_way *relay = copies->relay;

	if (!relay)
		return;
	if (relay->tagged) {
		copies->next = relay->dest;
		send_copy(copies, relay->tagged);
		copies->next = NULL;
	} else {
		add_copy(copies, relay->dest);
	}
	copies->relayed = true;
}

static void add_list(struct copies *copies, struct weft_dest *to)
{
	struct weft_dest_set *set;
	struct weft_dest *one;
	unsigned int i;

	if (to->type != WEFT_DEST_SET) {
		add_copy(copies, to);
		return;
	}
	set = weft_dest_set(to);
	for (i = 0; i < set->count; i++) {
		one = rcu_dereference(set->member[i].dest);
		if (one)
			add_copy(copies, one);
	}
}

static void finish_copies(struct copies *copies, enum weft_drop_reason none)
{
	if (copies->next)
		send_copy(copies, copies->skb);
	else if (copies->sent)
		consume_skb(copies->skb);
	else
		weft_send_drop(copies->skb, copies->pkt, none);
	if (unlikely(copies->pkt->explain) && copies->sent)
		weft_explained(copies->pkt, copies->relay ? WEFT_PATH_VEPA :
							    WEFT_PATH_FLOOD, 0);
}

/* To the other hosts: what goes to an unknown address goes to the gateway alone,
 * if there is one.
 */
static void add_peers(struct copies *copies)
{
	static const u8 flood_mac[ETH_ALEN] __aligned(2);
	const struct weft_pkt *pkt = copies->pkt;
	struct weft_peer *gateway = READ_ONCE(pkt->segment->gateway_vtep);
	struct weft_entry *list;

	if (gateway && copies->flood == WEFT_END_FLOOD) {
		add_copy(copies, &gateway->dest);
		return;
	}
	list = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, flood_mac);
	if (list)
		add_list(copies, rcu_dereference(list->dest));
}

/**
 * weft_copies_flood() - send a frame to all of its segment
 * @skb: the frame; consumed
 * @pkt: what is known of it
 * @relay: the way over the adjacent switch, or NULL
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_copies_flood(struct sk_buff *skb, struct weft_pkt *pkt,
		       const struct weft_relay_way *relay)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	u32 kind = weft_path_flood(is_multicast_ether_addr(mac),
				   is_broadcast_ether_addr(mac));
	struct copies copies = {
		.skb = skb, .pkt = pkt, .flood = kind, .relay = relay,
	};
	struct weft_port_vlan *pv;

	/* some VFs have it: the others get one each */
	pkt->each = pkt->served.vfs;
	if (unlikely(pkt->explain))
		weft_step(pkt, WEFT_STEP_FLOOD);
	take_relay(&copies);
	hlist_for_each_entry_rcu(pv, &pkt->segment->ports, node)
		add_copy(&copies, &pv->dest);
	add_peers(&copies);
	finish_copies(&copies, kind == WEFT_END_FLOOD ?
			       WEFT_DROP_REASON_UNKNOWN_UNICAST :
			       WEFT_DROP_REASON_NO_LISTENER);
}

/**
 * weft_copies_list() - send a frame to all of a list
 * @skb: the frame; consumed
 * @pkt: what is known of it
 * @list: a set, or one of a group
 * @relay: as for weft_copies_flood()
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_copies_list(struct sk_buff *skb, struct weft_pkt *pkt,
		      struct weft_dest *list,
		      const struct weft_relay_way *relay)
{
	struct copies copies = { .skb = skb, .pkt = pkt, .relay = relay };

	pkt->each = true;
	take_relay(&copies);
	add_list(&copies, list);
	finish_copies(&copies, WEFT_DROP_REASON_NO_LISTENER);
}
