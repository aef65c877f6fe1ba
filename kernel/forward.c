// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding: source check and learning, rules, suppression, lookup, decision. Every
 * frame takes this way, wherever it comes from, and so does every question about one
 * (explain.h). How it goes on: send.h, copies.c, relay.c.
 */

#include <linux/etherdevice.h>
#include <linux/pkt_sched.h>

#include "copies.h"
#include "forward.h"
#include "nic_explain.h"
#include "nic_heat.h"
#include "peer.h"
#include "port.h"
#include "relay.h"
#include "rule.h"
#include "send.h"
#include "suppress.h"

/* --- source --- */

static bool learns(const struct weft_pkt *pkt)
{
	if (!READ_ONCE(pkt->segment->learning))
		return false;
	return !pkt->from || pkt->from->type == WEFT_DEST_PEER ||
	       READ_ONCE(weft_dest_port(pkt->from)->port->learning);
}

/* Learns from a VTEP that is no peer yet: it becomes one if that works. */
static int learn_new_peer(struct weft_pkt *pkt, const u8 *mac)
{
	struct weft_peer *peer;
	int err;

	peer = weft_peer_get(pkt->sw, pkt->src, 0, GFP_ATOMIC | __GFP_NOWARN,
			     NULL);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = weft_map_learn(&pkt->sw->map, &pkt->segment->scope, mac,
			     &peer->dest);
	if (!err)	/* else it may be gone with the next grace period */
		pkt->from = &peer->dest;
	weft_peer_put(peer);
	return err;
}

static int explain_learn(const struct weft_pkt *pkt, const u8 *mac)
{
	struct weft_explain_step *step;
	int err = 0;

	if (pkt->from)
		err = weft_map_may_learn(&pkt->sw->map, &pkt->segment->scope,
					 mac, pkt->from);
	step = weft_step(pkt, err ? WEFT_STEP_LEARN_REFUSED :
				    WEFT_STEP_LEARN);
	step->has_mac = true;
	ether_addr_copy(step->mac, mac);
	pkt->explain->learned = !err;
	return err;
}

static int learn(struct weft_pkt *pkt, const u8 *mac)
{
	if (unlikely(pkt->explain))
		return explain_learn(pkt, mac);
	if (!pkt->from)
		return learn_new_peer(pkt, mac);
	return weft_map_learn(&pkt->sw->map, &pkt->segment->scope, mac,
			      pkt->from);
}

/* The address is new, has moved, or is not where an entry says. */
static enum weft_drop_reason source_elsewhere(struct weft_pkt *pkt,
					      struct sk_buff *skb,
					      struct weft_entry *entry)
{
	const u8 *mac = eth_hdr(skb)->h_source;
	struct weft_dest *dest;

	weft_relay_untag(skb, pkt);
	if (entry) {
		dest = rcu_dereference(entry->dest);
		if (weft_relay_returned(skb, pkt, entry, dest))
			return WEFT_DROP_REASON_NONE;
		if (pkt->from && weft_dest_leads_to(dest, pkt->from))
			return WEFT_DROP_REASON_NONE;
		if (READ_ONCE(entry->state) != WEFT_STATE_LEARNED) {
			/* has it told */
			if (!pkt->explain && pkt->from)
				weft_map_learn(&pkt->sw->map,
					       &pkt->segment->scope, mac,
					       pkt->from);
			return WEFT_DROP_REASON_SOURCE_CONFLICT;
		}
	}
	/* what can't be learned is forwarded all the same */
	if (learns(pkt) && learn(pkt, mac) == -EEXIST)
		return WEFT_DROP_REASON_SOURCE_CONFLICT;
	return WEFT_DROP_REASON_NONE;
}

static enum weft_drop_reason source(struct weft_pkt *pkt,
				    struct sk_buff *skb, u32 now)
{
	const u8 *mac = eth_hdr(skb)->h_source;
	struct weft_entry *entry;

	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (unlikely(pkt->explain))
		weft_step_entry(pkt, WEFT_STEP_SOURCE, mac, entry);
	if (likely(entry && rcu_dereference(entry->dest) == pkt->from)) {
		if (likely(!pkt->explain))
			weft_entry_see(entry, now);
		return WEFT_DROP_REASON_NONE;
	}
	return source_elsewhere(pkt, skb, entry);
}

/* --- rules --- */

static void explain_rule(const struct weft_pkt *pkt,
			 const struct weft_rule *rule)
{
	struct weft_explain_step *step = weft_step(pkt, WEFT_STEP_RULE);

	step->pref = rule->filter.pref;
	step->action = rule->action;
	step->vni = rule->segment ? pkt->segment->vni : 0;
}

/* Number of the port that the frame came from, 0 for the tunnel */
static u32 port_number(const struct weft_pkt *pkt)
{
	const struct weft_dest *from = pkt->returned ?: pkt->from;

	if (!from || from->type != WEFT_DEST_PORT)
		return 0;
	return weft_dest_port((struct weft_dest *)from)->port->number;
}

/* What queueing disciplines make of a class */
static const u8 priorities[] = {
	[WEFT_CLASS_BULK] = TC_PRIO_BULK,
	[WEFT_CLASS_LATENCY] = TC_PRIO_INTERACTIVE,
};

/* What comes back is judged again, for who knows what it is now; counted it was.
 */
static enum weft_drop_reason judge(struct sk_buff *skb, struct weft_pkt *pkt,
				   enum weft_via *via)
{
	struct weft_rule *rule;
	struct weft_flow flow;

	if (!weft_flow_read(skb, port_number(pkt), &flow))
		return WEFT_DROP_REASON_UNJUDGEABLE;
	rule = weft_rules_first(pkt->sw, pkt->segment, &flow);
	if (!rule)
		return WEFT_DROP_REASON_NONE;
	if (unlikely(pkt->explain))
		explain_rule(pkt, rule);
	else if (!pkt->returned)
		weft_stats_rx(rule->stats, skb->len);
	if (rule->action == WEFT_ACTION_DENY)
		return WEFT_DROP_REASON_DENIED;
	*via = rule->via;
	pkt->require = rule->require;
	if (rule->class)
		skb->priority = priorities[rule->class];
	if (pkt->explain || pkt->returned ||
	    weft_limit_pass(&rule->limit, skb->len))
		return WEFT_DROP_REASON_NONE;
	weft_stats_drop(rule->stats);
	return WEFT_DROP_REASON_RATE;
}

/* What the port says of all that it sends, a VM's own tag included. */
static enum weft_drop_reason limit(struct sk_buff *skb,
				   const struct weft_pkt *pkt)
{
	struct weft_port *port;

	if (!(pkt->from_flags & WEFT_END_LIMITED))
		return WEFT_DROP_REASON_NONE;
	port = weft_dest_port(pkt->from)->port;
	if (READ_ONCE(port->prio))
		skb->priority = READ_ONCE(port->prio);
	if (pkt->explain || weft_limit_pass(&port->limit, skb->len))
		return WEFT_DROP_REASON_NONE;
	weft_stats_drop(port->stats);
	return WEFT_DROP_REASON_RATE;
}

/* --- destination --- */

/* Of a group there may be a single member, and a NIC may have served that. */
static bool is_list(const struct weft_dest *to, const u8 *mac)
{
	return to->type == WEFT_DEST_SET || is_multicast_ether_addr(mac);
}

/* To its own source: what would be learned is found when it is looked up. Returns
 * whether its way has ended.
 */
static bool explain_own(struct sk_buff *skb, struct weft_pkt *pkt)
{
	const struct ethhdr *eth = eth_hdr(skb);

	if (!pkt->explain->learned ||
	    !ether_addr_equal(eth->h_source, eth->h_dest))
		return false;
	if (pkt->from)
		weft_send_only(skb, pkt, pkt->from);
	else
		weft_send_drop(skb, pkt, WEFT_DROP_REASON_SPLIT_HORIZON);
	return true;
}

static void destination(struct sk_buff *skb, struct weft_pkt *pkt,
			const u8 *mac, u32 now)
{
	struct weft_entry *entry;
	struct weft_dest *to;

	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (unlikely(pkt->explain)) {
		if (explain_own(skb, pkt))
			return;
		weft_step_lookup(pkt, mac, entry);
	}
	if (!entry) {
		weft_copies_flood(skb, pkt, NULL);
		return;
	}
	if (likely(!pkt->explain)) {
		weft_entry_use(entry, now);
		weft_heat_use(pkt->sw, entry, skb);
	}
	to = rcu_dereference(entry->dest);
	if (unlikely(is_list(to, mac))) {
		weft_copies_list(skb, pkt, to, NULL);
		return;
	}
	pkt->nics = READ_ONCE(entry->nics);
	weft_send_only(skb, pkt, to);
}

/* --- what is inspected: rules, and the way over the adjacent switch --- */

/* Where what a rule asks for is offered, by one look at the map: it is that which is
 * checked. No NIC offers any of it.
 */
static void send_required(struct sk_buff *skb, struct weft_pkt *pkt,
			  struct weft_entry *entry, struct weft_dest *to)
{
	enum weft_drop_reason reason;

	if (unlikely(pkt->explain))
		weft_step_lookup(pkt, eth_hdr(skb)->h_dest, entry);
	else if (entry)
		weft_entry_use(entry, weft_now());
	if (!to) {
		weft_copies_flood(skb, pkt, NULL);
		return;
	}
	if (is_list(to, eth_hdr(skb)->h_dest)) {
		weft_copies_list(skb, pkt, to, NULL);
		return;
	}
	reason = weft_send_required(pkt, to);
	if (reason)
		weft_send_drop(skb, pkt, reason);
	else
		weft_send_only(skb, pkt, to);
}

/* Sends a frame over the adjacent switch, if it is to go there. Returns whether
 * its way has ended.
 */
static bool relay(struct sk_buff *skb, struct weft_pkt *pkt, enum weft_via via)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct weft_dest *to = NULL;
	struct weft_entry *entry;
	enum weft_vepa how;
	bool local, many;

	if (unlikely(pkt->explain) && explain_own(skb, pkt))
		return true;
	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (entry)
		to = rcu_dereference(entry->dest);
	many = !to || is_list(to, mac);
	local = !to || to->type == WEFT_DEST_SET ||
		!(weft_egress_flags(to) & WEFT_END_TUNNEL);
	if (pkt->require) {	/* what the adjacent switch does not offer */
		send_required(skb, pkt, entry, to);
		return true;
	}
	how = weft_path_vepa(pkt->from_flags, READ_ONCE(pkt->segment->vepa),
			     via, local, many);
	if (to == pkt->from || how == WEFT_VEPA_OFF)
		return false;
	return weft_relay(skb, pkt, entry, how);
}

static bool has_rules(const struct weft_pkt *pkt)
{
	return rcu_access_pointer(pkt->segment->rules) ||
	       rcu_access_pointer(pkt->sw->rules);
}

/* In a segment with suppression. Returns whether the way of the frame has ended. */
static bool suppressed(struct sk_buff *skb, struct weft_pkt *pkt)
{
	if (!weft_suppress(skb, pkt))
		return false;
	if (unlikely(pkt->explain)) {
		weft_step(pkt, WEFT_STEP_SUPPRESS);
		weft_explained(pkt, WEFT_PATH_SUPPRESS, 0);
	}
	consume_skb(skb);
	return true;
}

/* All that most frames leave without, and therefore apart. An answer to what has
 * come back would go to the adjacent switch. Returns whether the way of the frame
 * has ended.
 */
static noinline bool inspect(struct sk_buff *skb, struct weft_pkt *pkt)
{
	enum weft_via via = WEFT_VIA_ANY;
	enum weft_drop_reason reason;

	reason = limit(skb, pkt);
	if (!reason && has_rules(pkt))
		reason = judge(skb, pkt, &via);
	if (!reason && pkt->returned)
		reason = weft_relay_check(skb, pkt, via);
	if (unlikely(reason)) {
		weft_send_drop(skb, pkt, reason);
		return true;
	}
	if (READ_ONCE(pkt->segment->suppress) && !pkt->returned &&
	    suppressed(skb, pkt))
		return true;
	return relay(skb, pkt, via);
}

/* Returns whether a NIC ends the way before software sees anything of it. */
static bool explain_nic(struct sk_buff *skb, struct weft_pkt *pkt)
{
	const struct weft_port *port;

	if (!pkt->from || pkt->from->type != WEFT_DEST_PORT)
		return false;
	port = weft_dest_port(pkt->from)->port;
	if (!port->nic || !weft_nic_explain_vf(skb, pkt, port))
		return false;
	consume_skb(skb);
	return true;
}

/**
 * weft_forward() - decide on a frame and send it where it belongs
 * @skb: the frame, as struct weft_pkt says, with a valid source address;
 *	consumed
 * @pkt: what is known of it
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_forward(struct sk_buff *skb, struct weft_pkt *pkt)
{
	enum weft_drop_reason reason;
	u32 now = weft_now();

	if (unlikely(pkt->explain) && explain_nic(skb, pkt))
		return;
	reason = source(pkt, skb, now);
	if (unlikely(reason)) {
		weft_send_drop(skb, pkt, reason);
		return;
	}
	if (unlikely(READ_ONCE(pkt->segment->inspect) ||
		     pkt->from_flags & WEFT_END_INSPECT)) {
		if (inspect(skb, pkt))
			return;
	} else if (READ_ONCE(pkt->segment->suppress) && suppressed(skb, pkt)) {
		return;
	}
	destination(skb, pkt, eth_hdr(skb)->h_dest, now);
}
