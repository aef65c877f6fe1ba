// SPDX-License-Identifier: GPL-2.0
/*
 * Forwarding: source check and learning, rules, suppression, lookup, decision
 * (in software, or over the adjacent switch), copies. Every frame takes this way, wherever it comes from, and so does
 * every question about one (explain.h).
 */

#include <linux/etherdevice.h>
#include <linux/pkt_sched.h>

#include "drop.h"
#include "egress.h"
#include "explain.h"
#include "forward.h"
#include "nic_explain.h"
#include "nic_heat.h"
#include "peer.h"
#include "port.h"
#include "rule.h"
#include "suppress.h"
#include "tracepoint.h"
#include "tunnel.h"

/* Ends the way of a frame. */
static void drop(struct sk_buff *skb, const struct weft_pkt *pkt,
		 enum weft_drop_reason reason)
{
	if (unlikely(pkt->explain)) {
		weft_explained(pkt, WEFT_PATH_DROP, reason);
		consume_skb(skb);
		return;
	}
	weft_stats_drop(pkt->segment->stats);
	weft_drop(pkt->sw, pkt->segment->vni, skb, reason);
}

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

static void explain_source(const struct weft_pkt *pkt, const u8 *mac,
			   const struct weft_entry *entry)
{
	struct weft_explain_step *step = weft_step(pkt, WEFT_STEP_SOURCE);

	step->has_mac = true;
	ether_addr_copy(step->mac, mac);
	if (!entry)
		return;
	step->state = READ_ONCE(entry->state);
	weft_step_dest(step, rcu_dereference(entry->dest));
}

/* Who sends back what goes over the adjacent switch, NULL if nobody does. */
static struct weft_dest *relay_of(const struct weft_segment *segment)
{
	struct weft_peer *vtep = READ_ONCE(segment->relay_vtep);
	struct weft_port_vlan *pv;

	if (vtep)
		return &vtep->dest;
	pv = rcu_dereference(segment->relay_port);
	return pv ? &pv->dest : NULL;
}

/* Does the frame come back from the adjacent switch? A port here must have sent
 * from its address just now; if that was long ago, a VM has moved.
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

/* Isolated ports are so on this way, too. Whatever its segment, it is inspected. */
static void take_returned(struct weft_pkt *pkt, struct weft_dest *dest,
			  unsigned int len)
{
	pkt->returned = dest;
	pkt->from_flags |= weft_egress_flags(dest) & WEFT_END_ISOLATED;
	pkt->from_flags |= WEFT_END_VEPA;
	if (unlikely(pkt->explain))
		weft_step_dest(weft_step(pkt, WEFT_STEP_RETURNED), dest);
	else
		weft_stats_rx(pkt->segment->relayed, len);
}

/* The address is new, has moved, or is not where an entry says. */
static enum weft_drop_reason source_elsewhere(struct weft_pkt *pkt,
					      const struct sk_buff *skb,
					      struct weft_entry *entry)
{
	const u8 *mac = eth_hdr(skb)->h_source;
	struct weft_dest *dest;

	if (entry) {
		dest = rcu_dereference(entry->dest);
		if (has_returned(pkt, entry, dest)) {
			take_returned(pkt, dest, skb->len);
			return WEFT_DROP_REASON_NONE;
		}
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
				    const struct sk_buff *skb, u32 now)
{
	const u8 *mac = eth_hdr(skb)->h_source;
	struct weft_entry *entry;

	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (unlikely(pkt->explain))
		explain_source(pkt, mac, entry);
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

/* --- one way out --- */

static enum weft_drop_reason explain_send(struct sk_buff *skb,
					  const struct weft_pkt *pkt,
					  struct weft_dest *to,
					  enum weft_drop_reason reason)
{
	struct weft_explain_step *step;

	if (!reason)
		reason = weft_egress_check(skb, pkt, to);
	if (!reason && to->type == WEFT_DEST_PEER)
		weft_nic_explain_tx(skb, pkt, weft_dest_peer(to));
	step = weft_step(pkt, reason ? WEFT_STEP_SKIP : WEFT_STEP_EGRESS);
	step->path = weft_egress_path(to);
	step->reason = reason;
	weft_step_dest(step, to);
	if (!reason)
		consume_skb(skb);
	return reason;
}

static enum weft_drop_reason send(struct sk_buff *skb,
				  const struct weft_pkt *pkt,
				  struct weft_dest *to, u32 flood,
				  unsigned int *mtu)
{
	enum weft_drop_reason reason;

	reason = weft_path_refuse(pkt->from_flags, weft_egress_flags(to),
				  pkt->from == to, flood);
	if (unlikely(pkt->explain))
		return explain_send(skb, pkt, to, reason);
	if (unlikely(reason))
		return reason;
	trace_weft_forward(pkt->sw->dev, pkt->segment->vni, skb,
			   weft_egress_path(to));
	return weft_egress(skb, pkt, to, mtu);
}

/* Too big for the tunnel: tells who sent it what would fit. */
static bool answer_too_big(struct sk_buff *skb, const struct weft_pkt *pkt,
			   struct weft_dest *to, unsigned int mtu)
{
	if (to->type != WEFT_DEST_PEER || pkt->from_flags & WEFT_END_TUNNEL)
		return false;
	if (!weft_tunnel_icmp(skb, weft_dest_peer(to), pkt->segment, mtu))
		return false;
	weft_dropped(pkt->sw, pkt->segment->vni, skb, WEFT_DROP_REASON_MTU);
	weft_egress_answer(skb, pkt);
	return true;
}

/* Inline, since nearly every frame takes this way. */
static __always_inline void send_only(struct sk_buff *skb,
				      const struct weft_pkt *pkt,
				      struct weft_dest *to)
{
	enum weft_drop_reason reason;
	unsigned int mtu = 0;

	reason = send(skb, pkt, to, 0, &mtu);
	if (likely(!reason)) {
		if (unlikely(pkt->explain))
			weft_explained(pkt, weft_egress_path(to), reason);
		return;
	}
	if (reason == WEFT_DROP_REASON_NO_MEMORY) {
		weft_dropped(pkt->sw, pkt->segment->vni, NULL, reason);
		return;
	}
	if (reason == WEFT_DROP_REASON_MTU && !pkt->explain &&
	    answer_too_big(skb, pkt, to, mtu))
		return;
	drop(skb, pkt, reason);
}

/* --- several ways out --- */

/**
 * struct copies - the copies of a frame, the last of which is the frame
 * @skb: the frame
 * @pkt: what is known of it
 * @flood: WEFT_END_*FLOOD that a way out must take, or 0
 * @next: where the next copy goes; known before it is made, so that the
 *	last can be the frame itself
 * @served: bits of NICs: one copy is for all VFs there
 * @relay: ports here get it when it comes back from there, or NULL
 * @sent: copies sent
 */
struct copies {
	struct sk_buff *skb;
	const struct weft_pkt *pkt;
	u32 flood;
	struct weft_dest *next;
	u8 served;
	struct weft_dest *relay;
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
	reason = send(skb, pkt, copies->next, copies->flood, &mtu);
	if (!reason)
		return;
	if (pkt->explain)
		consume_skb(skb);
	else if (reason == WEFT_DROP_REASON_NO_MEMORY)
		weft_dropped(pkt->sw, pkt->segment->vni, NULL, reason);
	else
		weft_drop(pkt->sw, pkt->segment->vni, skb, reason);
}

/* Does the way to another host offer what a rule asks for? An uplink port does not. */
static enum weft_drop_reason check_required(const struct weft_pkt *pkt,
					    struct weft_dest *to)
{
	if (likely(pkt->require != WEFT_REQUIRE_ENCRYPTION) ||
	    !(weft_egress_flags(to) & WEFT_END_TUNNEL))
		return WEFT_DROP_REASON_NONE;
	if (to->type == WEFT_DEST_PEER &&
	    weft_tunnel_encrypted(weft_dest_peer(to), pkt->segment))
		return WEFT_DROP_REASON_NONE;
	return WEFT_DROP_REASON_NOT_ENCRYPTED;
}

/* A copy that can't be sent, while others can. */
static void miss_copy(const struct copies *copies, struct weft_dest *to,
		      enum weft_drop_reason reason)
{
	const struct weft_pkt *pkt = copies->pkt;

	if (pkt->explain)
		explain_send(copies->skb, pkt, to, reason);
	else
		weft_dropped(pkt->sw, pkt->segment->vni, copies->skb, reason);
}

static void add_copy(struct copies *copies, struct weft_dest *to)
{
	const struct weft_pkt *pkt = copies->pkt;
	enum weft_drop_reason reason;

	if (copies->relay && !(weft_egress_flags(to) & WEFT_END_TUNNEL))
		return;
	if (copies->relay == to && copies->next)	/* it was the first */
		return;
	if (pkt->returned == to)
		return;
	reason = weft_path_refuse(pkt->from_flags, weft_egress_flags(to),
				  pkt->from == to, copies->flood);
	if (reason) {	/* not a drop: nothing was meant for there */
		if (unlikely(pkt->explain))
			explain_send(copies->skb, pkt, to, reason);
		return;
	}
	reason = check_required(pkt, to);
	if (unlikely(reason)) {
		miss_copy(copies, to, reason);
		return;
	}
	if (is_multicast_ether_addr(eth_hdr(copies->skb)->h_dest)) {
		u8 with = weft_egress_served(to);

		if (with & copies->served)
			return;
		copies->served |= with & ~WEFT_SERVED_TUNNEL;
	}
	if (copies->next)
		send_copy(copies, skb_clone(copies->skb, GFP_ATOMIC));
	copies->next = to;
}

static void add_copies(struct copies *copies, struct weft_dest *to)
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
	else
		drop(copies->skb, copies->pkt, none);
	if (unlikely(copies->pkt->explain) && copies->next)
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
		add_copies(copies, rcu_dereference(list->dest));
}

static void flood(struct sk_buff *skb, const struct weft_pkt *pkt,
		  struct weft_dest *relay)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	u32 kind = weft_path_flood(is_multicast_ether_addr(mac),
				   is_broadcast_ether_addr(mac));
	struct copies copies = {
		.skb = skb, .pkt = pkt, .flood = kind, .served = pkt->served,
		.relay = relay,
	};
	struct weft_port_vlan *pv;

	if (unlikely(pkt->explain))
		weft_step(pkt, WEFT_STEP_FLOOD);
	if (relay)
		add_copy(&copies, relay);
	hlist_for_each_entry_rcu(pv, &pkt->segment->ports, node)
		add_copy(&copies, &pv->dest);
	add_peers(&copies);
	finish_copies(&copies, kind == WEFT_END_FLOOD ?
			       WEFT_DROP_REASON_UNKNOWN_UNICAST :
			       WEFT_DROP_REASON_NO_LISTENER);
}

static void send_set(struct sk_buff *skb, const struct weft_pkt *pkt,
		     struct weft_dest *to, struct weft_dest *relay)
{
	struct copies copies = {
		.skb = skb, .pkt = pkt, .served = pkt->served, .relay = relay,
	};

	if (relay)
		add_copy(&copies, relay);
	add_copies(&copies, to);
	finish_copies(&copies, WEFT_DROP_REASON_NO_LISTENER);
}

/* --- destination --- */

static void explain_lookup(const struct weft_pkt *pkt, const u8 *mac,
			   const struct weft_entry *entry)
{
	struct weft_explain_step *step;

	step = weft_step(pkt, entry ? WEFT_STEP_LOOKUP : WEFT_STEP_MISS);
	step->has_mac = true;
	ether_addr_copy(step->mac, mac);
	if (!entry)
		return;
	step->state = READ_ONCE(entry->state);
	weft_step_dest(step, rcu_dereference(entry->dest));
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
		send_only(skb, pkt, pkt->from);
	else
		drop(skb, pkt, WEFT_DROP_REASON_SPLIT_HORIZON);
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
		explain_lookup(pkt, mac, entry);
	}
	if (!entry) {
		flood(skb, pkt, NULL);
		return;
	}
	if (likely(!pkt->explain)) {
		weft_entry_use(entry, now);
		weft_heat_use(pkt->sw, entry, skb);
	}
	to = rcu_dereference(entry->dest);
	if (unlikely(to->type == WEFT_DEST_SET)) {
		send_set(skb, pkt, to, NULL);
		return;
	}
	pkt->nics = READ_ONCE(entry->nics);
	send_only(skb, pkt, to);
}

/* --- what is inspected: rules, and the way over the adjacent switch --- */

/* To one port here, by way of @relay */
static void relay_only(struct sk_buff *skb, const struct weft_pkt *pkt,
		       struct weft_dest *relay)
{
	send_only(skb, pkt, relay);
	if (unlikely(pkt->explain) && pkt->explain->path != WEFT_PATH_DROP)
		pkt->explain->path = WEFT_PATH_VEPA;
}

static void relay_to(struct sk_buff *skb, const struct weft_pkt *pkt,
		     struct weft_dest *to, struct weft_dest *relay)
{
	if (likely(!pkt->explain))
		weft_stats_tx(pkt->segment->relayed, skb->len);
	if (!to)
		flood(skb, pkt, relay);
	else if (to->type == WEFT_DEST_SET)
		send_set(skb, pkt, to, relay);
	else
		relay_only(skb, pkt, relay);
}

/* Where what a rule asks for is offered, by one look at the map: it is that which is
 * checked. No NIC offers any of it.
 */
static void send_required(struct sk_buff *skb, const struct weft_pkt *pkt,
			  struct weft_entry *entry, struct weft_dest *to)
{
	enum weft_drop_reason reason;

	if (unlikely(pkt->explain))
		explain_lookup(pkt, eth_hdr(skb)->h_dest, entry);
	else if (entry)
		weft_entry_use(entry, weft_now());
	if (!to) {
		flood(skb, pkt, NULL);
		return;
	}
	if (to->type == WEFT_DEST_SET) {
		send_set(skb, pkt, to, NULL);
		return;
	}
	reason = check_required(pkt, to);
	if (reason)
		drop(skb, pkt, reason);
	else
		send_only(skb, pkt, to);
}

/* Sends a frame over the adjacent switch, if it is to go there. Returns whether
 * its way has ended.
 */
static bool relay(struct sk_buff *skb, struct weft_pkt *pkt, enum weft_via via)
{
	const u8 *mac = eth_hdr(skb)->h_dest;
	struct weft_dest *to = NULL, *relay;
	struct weft_entry *entry;
	bool local;

	if (unlikely(pkt->explain) && explain_own(skb, pkt))
		return true;
	entry = weft_map_lookup(&pkt->sw->map, pkt->segment->vni, mac);
	if (entry)
		to = rcu_dereference(entry->dest);
	local = !to || to->type == WEFT_DEST_SET ||
		!(weft_egress_flags(to) & WEFT_END_TUNNEL);
	if (pkt->require) {	/* what the adjacent switch does not offer */
		send_required(skb, pkt, entry, to);
		return true;
	}
	if (to == pkt->from ||
	    !weft_path_vepa(pkt->from_flags, READ_ONCE(pkt->segment->vepa),
			    via, local))
		return false;
	if (unlikely(pkt->explain))
		explain_lookup(pkt, mac, entry);
	relay = relay_of(pkt->segment);
	if (relay)
		relay_to(skb, pkt, to, relay);
	else
		drop(skb, pkt, WEFT_DROP_REASON_NO_RELAY);
	return true;
}

static bool has_rules(const struct weft_pkt *pkt)
{
	return rcu_access_pointer(pkt->segment->rules) ||
	       rcu_access_pointer(pkt->sw->rules);
}

/* What has come back is for ports that have not got it yet: that is for those it
 * was sent over the adjacent switch to, but not for who has sent it.
 */
static enum weft_drop_reason check_returned(const struct sk_buff *skb,
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
		reason = check_returned(skb, pkt, via);
	if (unlikely(reason)) {
		drop(skb, pkt, reason);
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
		drop(skb, pkt, reason);
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
