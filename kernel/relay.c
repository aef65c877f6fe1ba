// SPDX-License-Identifier: GPL-2.0
/*
 * The way over the adjacent switch, which sends back what is for this host
 * (Documentation/vepa.md): out, and in again.
 */

#include <linux/etherdevice.h>

#include "copies.h"
#include "port.h"
#include "relay.h"
#include "send.h"

/* Who sends back, NULL if nobody does. */
static struct weft_dest *relay_of(const struct weft_segment *segment)
{
	struct weft_peer *vtep = READ_ONCE(segment->relay_vtep);
	struct weft_port_vlan *pv;

	if (vtep)
		return &vtep->dest;
	pv = rcu_dereference(segment->relay_port);
	return pv ? &pv->dest : NULL;
}

/* --- in again --- */

/* A port here must have sent from its address just now; if that was long ago, a VM
 * has moved.
 */
static bool has_returned(const struct weft_pkt *pkt,
			 const struct weft_entry *entry,
			 const struct weft_dest *dest)
{
	if (!(pkt->from_flags & WEFT_END_TUNNEL) ||
	    dest->type != WEFT_DEST_PORT || !pkt->from ||
	    pkt->from != relay_of(pkt->segment) ||
	    weft_egress_flags(dest) & WEFT_END_TUNNEL)
		return false;
	/* seen on another CPU, it may be of a second that begins now */
	return (s32)(weft_now() - READ_ONCE(entry->seen)) <= 1;
}

/**
 * weft_relay_returned() - does a frame come back from the adjacent switch?
 * @skb: the frame
 * @pkt: what is known of it; if it has, its sender is noted
 * @entry: entry of its source
 * @dest: of that
 *
 * Isolated ports are so on this way, too. Whatever its segment, it is inspected.
 *
 * Context: softirq or bottom halves off, RCU.
 */
bool weft_relay_returned(const struct sk_buff *skb, struct weft_pkt *pkt,
			 const struct weft_entry *entry,
			 struct weft_dest *dest)
{
	if (!has_returned(pkt, entry, dest))
		return false;
	pkt->returned = dest;
	pkt->from_flags |= weft_egress_flags(dest) & WEFT_END_ISOLATED;
	pkt->from_flags |= WEFT_END_VEPA;
	if (unlikely(pkt->explain))
		weft_step_dest(weft_step(pkt, WEFT_STEP_RETURNED), dest);
	else
		weft_stats_rx(pkt->segment->relayed, skb->len);
	return true;
}

/**
 * weft_relay_check() - may what has come back go on?
 * @skb: the frame
 * @pkt: what is known of it
 * @via: enum weft_via that a rule says, WEFT_VIA_ANY if none does
 *
 * It is for ports that have not got it yet: that is for those it was sent over the
 * adjacent switch to, but not for who has sent it.
 *
 * Context: RCU. Return: WEFT_DROP_REASON_NONE if it may, else why not.
 */
enum weft_drop_reason weft_relay_check(const struct sk_buff *skb,
				       const struct weft_pkt *pkt,
				       enum weft_via via)
{
	const struct weft_entry *entry;

	if (pkt->require ||
	    !weft_path_vepa(weft_egress_flags(pkt->returned),
			    READ_ONCE(pkt->segment->vepa), via, true))
		return WEFT_DROP_REASON_ECHO;
	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni,
				eth_hdr(skb)->h_dest);
	return entry && rcu_dereference(entry->dest) == pkt->returned ?
	       WEFT_DROP_REASON_SAME_PORT : WEFT_DROP_REASON_NONE;
}

/* --- out --- */

/* To one port here, by way of @relay */
static void relay_only(struct sk_buff *skb, const struct weft_pkt *pkt,
		       struct weft_dest *relay)
{
	weft_send_only(skb, pkt, relay);
	if (unlikely(pkt->explain) && pkt->explain->path != WEFT_PATH_DROP)
		pkt->explain->path = WEFT_PATH_VEPA;
}

static void relay_to(struct sk_buff *skb, struct weft_pkt *pkt,
		     struct weft_dest *to, struct weft_dest *relay)
{
	if (likely(!pkt->explain))
		weft_stats_tx(pkt->segment->relayed, skb->len);
	if (!to)
		weft_copies_flood(skb, pkt, relay);
	else if (to->type == WEFT_DEST_SET)
		weft_copies_list(skb, pkt, to, relay);
	else
		relay_only(skb, pkt, relay);
}

/**
 * weft_relay() - send a frame over the adjacent switch
 * @skb: the frame; consumed
 * @pkt: what is known of it
 * @entry: of its destination, which is on this host or may be; NULL if it is unknown
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_relay(struct sk_buff *skb, struct weft_pkt *pkt,
		const struct weft_entry *entry)
{
	struct weft_dest *to = entry ? rcu_dereference(entry->dest) : NULL;
	struct weft_dest *relay = relay_of(pkt->segment);

	if (unlikely(pkt->explain))
		weft_step_lookup(pkt, eth_hdr(skb)->h_dest, entry);
	if (relay)
		relay_to(skb, pkt, to, relay);
	else
		weft_send_drop(skb, pkt, WEFT_DROP_REASON_NO_RELAY);
}
