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

#define TAG_LEN sizeof(struct weft_served_tag)

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

/* The NIC may have told of others meanwhile. */
static void add_served(struct weft_served *to, const struct weft_served *more)
{
	to->nics |= more->nics;
	if (to->vfs && more->vfs && to->nic != more->nic)
		return;
	if (more->vfs)
		to->nic = more->nic;
	to->vfs |= more->vfs;
}

/**
 * weft_relay_untag() - read who has got a frame, and take that off
 * @skb: the frame
 * @pkt: what is known of it
 *
 * Only of what comes from the adjacent switch, while a segment has such tags; be
 * its sender known or not. Context: softirq or bottom halves off, RCU.
 */
void weft_relay_untag(struct sk_buff *skb, struct weft_pkt *pkt)
{
	unsigned int len = skb->len - TAG_LEN;
	struct weft_served_tag tag;
	struct weft_served served;

	if (READ_ONCE(pkt->segment->vepa) != WEFT_VEPA_REST || !pkt->from ||
	    pkt->from != relay_of(pkt->segment))
		return;
	if (skb->len < ETH_HLEN + TAG_LEN || skb_is_gso(skb) ||
	    skb_copy_bits(skb, len, &tag, TAG_LEN) ||
	    !weft_served_get(&tag, pkt->segment->cookie, &served) ||
	    pskb_trim_rcsum(skb, len))
		return;
	add_served(&pkt->served, &served);
	pkt->tagged = true;
}

/**
 * weft_relay_returned() - does a frame come back from the adjacent switch?
 * @skb: the frame, without a tag
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
 * adjacent switch to, but not for who has sent it. A tag says that it was.
 *
 * Context: RCU. Return: WEFT_DROP_REASON_NONE if it may, else why not.
 */
enum weft_drop_reason weft_relay_check(const struct sk_buff *skb,
				       const struct weft_pkt *pkt,
				       enum weft_via via)
{
	const struct weft_entry *entry;

	if (pkt->require ||
	    (!pkt->tagged &&
	     weft_path_vepa(weft_egress_flags(pkt->returned),
			    READ_ONCE(pkt->segment->vepa), via, true,
			    false) != WEFT_VEPA_ON))
		return WEFT_DROP_REASON_ECHO;
	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni,
				eth_hdr(skb)->h_dest);
	return entry && rcu_dereference(entry->dest) == pkt->returned ?
	       WEFT_DROP_REASON_SAME_PORT : WEFT_DROP_REASON_NONE;
}

/* --- out --- */

/* Can it carry a tag? Who does not know of that takes it for padding, for the packet
 * says how long it is.
 */
static bool carries(const struct sk_buff *skb)
{
	__be16 type = eth_hdr(skb)->h_proto;

	return !skb_is_gso(skb) &&
	       (type == htons(ETH_P_IP) || type == htons(ETH_P_IPV6) ||
		type == htons(ETH_P_ARP));
}

/* Padding goes in front of the tag, or the wire would pad behind it. */
static bool add_tag(struct sk_buff *skb, const struct weft_pkt *pkt,
		    const struct weft_served *served, unsigned int pad)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_csum_hwoffload_help(skb, 0))
		return false;
	skb->ip_summed = CHECKSUM_NONE;
	skb_put_zero(skb, pad);
	weft_served_put(skb_put(skb, TAG_LEN), served,
			pkt->segment->cookie);
	return true;
}

/* The tag of a V.VLAN comes on top of a port's MTU, but not one that the VM put. */
static bool fits(struct sk_buff *skb, const struct weft_pkt *pkt,
		 struct weft_dest *relay)
{
	const struct net_device *dev;

	if (relay->type == WEFT_DEST_PORT) {
		dev = weft_dest_port(relay)->port->dev;
		return weft_frame_fits(skb, READ_ONCE(dev->mtu));
	}
	return weft_egress_check(skb, pkt, relay) != WEFT_DROP_REASON_MTU;
}

/* The frame with a tag, NULL if there can't be one. */
static struct sk_buff *tagged(const struct sk_buff *skb,
			      const struct weft_pkt *pkt,
			      const struct weft_served *served,
			      struct weft_dest *relay)
{
	unsigned int pad = 0;
	struct sk_buff *copy;

	if (!carries(skb))
		return NULL;
	if (skb->len + TAG_LEN < ETH_ZLEN)
		pad = ETH_ZLEN - TAG_LEN - skb->len;
	copy = skb_copy_expand(skb, skb_headroom(skb), pad + TAG_LEN,
			       GFP_ATOMIC);
	if (!copy)
		return NULL;
	if (!add_tag(copy, pkt, served, pad) || !fits(copy, pkt, relay)) {
		kfree_skb(copy);
		return NULL;
	}
	return copy;
}

static void begin(const struct sk_buff *skb, const struct weft_pkt *pkt,
		  const struct weft_entry *entry)
{
	if (unlikely(pkt->explain))
		weft_step_lookup(pkt, eth_hdr(skb)->h_dest, entry);
	else
		weft_stats_tx(pkt->segment->relayed, skb->len);
}

/* VFs get it now, but for those of a NIC that has served some of them: these are
 * all that it knows, and the others get it with the ports, when it is back. Returns
 * whether the way of the frame has ended; else it is switched here.
 */
static bool relay_rest(struct sk_buff *skb, struct weft_pkt *pkt,
		       const struct weft_entry *entry, struct weft_dest *dest)
{
	struct weft_relay_way way = { .dest = dest };
	struct weft_served served = pkt->served;

	served.nics = WEFT_SERVED_NICS;
	if (served.vfs)
		served.nics &= ~BIT(served.nic);
	way.now = served.nics;
	way.tagged = tagged(skb, pkt, &served, dest);
	if (!way.tagged)
		return false;
	begin(skb, pkt, entry);
	if (entry)
		weft_copies_list(skb, pkt, rcu_dereference(entry->dest), &way);
	else
		weft_copies_flood(skb, pkt, &way);
	return true;
}

static void relay_all(struct sk_buff *skb, struct weft_pkt *pkt,
		      const struct weft_entry *entry, struct weft_dest *dest)
{
	struct weft_dest *to = entry ? rcu_dereference(entry->dest) : NULL;
	struct weft_relay_way way = { .dest = dest };

	begin(skb, pkt, entry);
	if (!to) {
		weft_copies_flood(skb, pkt, &way);
	} else if (to->type == WEFT_DEST_SET) {
		weft_copies_list(skb, pkt, to, &way);
	} else {	/* one port here */
		weft_send_only(skb, pkt, dest);
		if (unlikely(pkt->explain) &&
		    pkt->explain->path != WEFT_PATH_DROP)
			pkt->explain->path = WEFT_PATH_VEPA;
	}
}

/**
 * weft_relay() - send a frame over the adjacent switch
 * @skb: the frame; consumed if its way ends
 * @pkt: what is known of it
 * @entry: of its destination, which is on this host or may be; NULL if it is unknown
 * @how: WEFT_VEPA_ON, or WEFT_VEPA_REST if it goes to many or is unknown
 *
 * Context: softirq or bottom halves off, RCU. Return: whether its way has ended;
 * else it is to be switched here.
 */
bool weft_relay(struct sk_buff *skb, struct weft_pkt *pkt,
		const struct weft_entry *entry, enum weft_vepa how)
{
	struct weft_dest *dest = relay_of(pkt->segment);

	if (dest && how == WEFT_VEPA_REST)
		return relay_rest(skb, pkt, entry, dest);
	if (dest) {
		relay_all(skb, pkt, entry, dest);
		return true;
	}
	if (unlikely(pkt->explain))
		weft_step_lookup(pkt, eth_hdr(skb)->h_dest, entry);
	weft_send_drop(skb, pkt, WEFT_DROP_REASON_NO_RELAY);
	return true;
}
