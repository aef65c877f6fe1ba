// SPDX-License-Identifier: GPL-2.0
/* Tells changes to those who listen, in the namespace of the switch. */

#include <linux/rtnetlink.h>

#include "event.h"
#include "fdb.h"
#include "neigh.h"
#include "netlink.h"
#include "nic.h"
#include "peer.h"
#include "rule.h"

/* What traffic causes is told so often a second, and what is more is not, so
 * that a flood of new addresses does not become one of messages. A listener
 * is told that it missed some, as if it had been too slow, and asks again.
 */
#define TRAFFIC_RATE	10000

static atomic_t config_seq;
static atomic_t peer_seq;
static atomic_t rule_seq;

/** weft_nl_config_seq() - counts changes of segments and ports; never 0 */
u32 weft_nl_config_seq(void)
{
	return (u32)atomic_read(&config_seq) + 1 ?: 1;
}

/** weft_nl_rule_seq() - counts changes of rules; never 0 */
u32 weft_nl_rule_seq(void)
{
	return (u32)atomic_read(&rule_seq) + 1 ?: 1;
}

/** weft_nl_peer_seq() - counts changes of peers */
u32 weft_nl_peer_seq(void)
{
	return atomic_read(&peer_seq);
}

/**
 * struct news - how a kind of event is told
 * @cmd: WEFT_CMD_*_NTF
 * @group: to whom
 * @fill: writes what the event is about, NULL if it is not told
 * @whole: @fill wants the event, not its object
 * @seq: counts it, so that dumps are known to be inconsistent; may be NULL
 */
struct news {
	u8 cmd;
	u8 group;
	weft_nl_fill_fn fill;
	atomic_t *seq;
	bool whole;
};

/* --- events that are no change of configuration --- */

static const u8 event_types[] = {
	[WEFT_EVENT_MOVED] = WEFT_EVENT_TYPE_MOVED,
	[WEFT_EVENT_LIMIT] = WEFT_EVENT_TYPE_LIMIT,
	[WEFT_EVENT_CONFLICT] = WEFT_EVENT_TYPE_CONFLICT,
	[WEFT_EVENT_NIC_LOST] = WEFT_EVENT_TYPE_NIC_LOST,
	[WEFT_EVENT_NIC_BEGIN] = WEFT_EVENT_TYPE_NIC_BEGIN,
	[WEFT_EVENT_NIC_END] = WEFT_EVENT_TYPE_NIC_END,
	[WEFT_EVENT_NIC_FULL] = WEFT_EVENT_TYPE_NIC_FULL,
	[WEFT_EVENT_NIC_IN] = WEFT_EVENT_TYPE_NIC_IN,
	[WEFT_EVENT_NIC_OUT] = WEFT_EVENT_TYPE_NIC_OUT,
	[WEFT_EVENT_NIC_RULES] = WEFT_EVENT_TYPE_NIC_RULES,
};

static int put_end(struct sk_buff *skb, int type, const struct weft_dest *dest)
{
	if (!dest || dest->type == WEFT_DEST_SET)
		return 0;
	return weft_nl_put_dst(skb, type, dest);
}

/* What it is about, a VM's address or a NIC or both. */
static int put_what(struct sk_buff *skb, const struct weft_event *event)
{
	if (event->vni && nla_put_u32(skb, WEFT_A_EVENT_VNI, event->vni))
		return -EMSGSIZE;
	if (event->mac &&
	    nla_put(skb, WEFT_A_EVENT_MAC, ETH_ALEN, event->mac))
		return -EMSGSIZE;
	if (event->nic &&
	    nla_put_u32(skb, WEFT_A_EVENT_NIC, event->nic->pf->ifindex))
		return -EMSGSIZE;
	return event->rate ?
	       nla_put_u32(skb, WEFT_A_EVENT_RATE, event->rate) : 0;
}

static int put_placed(struct sk_buff *skb, const struct weft_event *event)
{
	if (event->type != WEFT_EVENT_NIC_RULES)
		return 0;
	return nla_put_u32(skb, WEFT_A_EVENT_PLACED, event->placed) ||
	       nla_put_u32(skb, WEFT_A_EVENT_WANTED, event->wanted);
}

/* See weft_nl_fill_fn. */
static int fill_event(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_event *event = object;
	struct nlattr *nest;

	nest = nla_nest_start(skb, WEFT_A_EVENT);
	if (!nest ||
	    nla_put_u32(skb, WEFT_A_EVENT_TYPE, event_types[event->type]) ||
	    put_what(skb, event) || put_placed(skb, event) ||
	    put_end(skb, WEFT_A_EVENT_FROM, event->from) ||
	    put_end(skb, WEFT_A_EVENT_TO, event->to))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* See weft_nl_fill_fn. */
static int fill_rules(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_event *event = object;
	const struct weft_classifier *rules;
	struct nlattr *nest;

	rules = rtnl_dereference(event->segment ? event->segment->rules :
						  event->sw->rules);
	nest = nla_nest_start(skb, WEFT_A_RULES);
	if (!nest ||
	    (event->segment &&
	     nla_put_u32(skb, WEFT_A_RULES_VNI, event->segment->vni)) ||
	    nla_put_u32(skb, WEFT_A_RULES_COUNT, weft_rules_count(rules)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static const struct news news[] = {
	[WEFT_EVENT_SEGMENT_NEW] = { WEFT_CMD_SEGMENT_NTF, WEFT_NLGRP_CONFIG,
				     weft_nl_fill_segment, &config_seq },
	[WEFT_EVENT_SEGMENT_DEL] = { WEFT_CMD_SEGMENT_DEL_NTF,
				     WEFT_NLGRP_CONFIG,
				     weft_nl_fill_segment, &config_seq },
	[WEFT_EVENT_PORT_NEW] = { WEFT_CMD_PORT_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_port, &config_seq },
	[WEFT_EVENT_PORT_DEL] = { WEFT_CMD_PORT_DEL_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_port, &config_seq },
	[WEFT_EVENT_PEER_NEW] = { WEFT_CMD_PEER_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_peer_brief, &peer_seq },
	[WEFT_EVENT_PEER_DEL] = { WEFT_CMD_PEER_DEL_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_peer_brief, &peer_seq },
	[WEFT_EVENT_ENTRY_NEW] = { WEFT_CMD_MAP_NTF, WEFT_NLGRP_MAP,
				   weft_nl_fill_entry },
	[WEFT_EVENT_ENTRY_DEL] = { WEFT_CMD_MAP_DEL_NTF, WEFT_NLGRP_MAP,
				   weft_nl_fill_entry },
	[WEFT_EVENT_NEIGH_NEW] = { WEFT_CMD_NEIGH_NTF, WEFT_NLGRP_MAP,
				   weft_nl_fill_neigh },
	[WEFT_EVENT_NEIGH_DEL] = { WEFT_CMD_NEIGH_DEL_NTF, WEFT_NLGRP_MAP,
				   weft_nl_fill_neigh },
	[WEFT_EVENT_RULE_NEW] = { WEFT_CMD_RULE_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_rule, &rule_seq },
	[WEFT_EVENT_RULE_DEL] = { WEFT_CMD_RULE_DEL_NTF, WEFT_NLGRP_CONFIG,
				  weft_nl_fill_rule, &rule_seq },
	[WEFT_EVENT_RULES] = { WEFT_CMD_RULES_NTF, WEFT_NLGRP_CONFIG,
			       fill_rules, &rule_seq, true },
	[WEFT_EVENT_RULED] = { },
	[WEFT_EVENT_SEGMENT_GONE] = { },
	[WEFT_EVENT_MOVED ... WEFT_EVENT_NIC_RULES] = {
		WEFT_CMD_EVENT_NTF, WEFT_NLGRP_EVENTS, fill_event, NULL, true
	},
};

/* --- how much is told --- */

static bool by_traffic(const struct weft_event *event)
{
	switch (event->type) {
	case WEFT_EVENT_PEER_NEW:
	case WEFT_EVENT_PEER_DEL:
		return READ_ONCE(event->peer->state) == WEFT_STATE_LEARNED;
	case WEFT_EVENT_ENTRY_NEW:
	case WEFT_EVENT_ENTRY_DEL:
		return READ_ONCE(event->entry->state) == WEFT_STATE_LEARNED;
	case WEFT_EVENT_NEIGH_NEW:
	case WEFT_EVENT_NEIGH_DEL:
		return READ_ONCE(event->neigh->state) == WEFT_STATE_LEARNED;
	case WEFT_EVENT_MOVED:
	case WEFT_EVENT_LIMIT:
	case WEFT_EVENT_CONFLICT:
		return true;
	default:
		return false;
	}
}

static void missed(struct net *net, u8 group)
{
	genl_set_err(&weft_nl_family, net, 0, group, -ENOBUFS);
	if (group == WEFT_NLGRP_MAP)
		rtnl_set_sk_err(net, RTNLGRP_NEIGH, -ENOBUFS);
}

/* Two CPUs at the turn of a second may grant a few too many. */
static bool may_tell(struct net *net, u8 group)
{
	static atomic_t left[WEFT_NLGRP_EVENTS + 1];
	static u32 second[WEFT_NLGRP_EVENTS + 1];
	u32 now = weft_now();
	int rest;

	if (READ_ONCE(second[group]) != now) {
		WRITE_ONCE(second[group], now);
		atomic_set(&left[group], TRAFFIC_RATE);
	}
	rest = atomic_dec_return(&left[group]);
	if (rest == -1)
		missed(net, group);
	return rest >= 0;
}

/* --- telling --- */

static void tell(const struct weft_event *event, const struct news *news,
		 const void *object)
{
	struct net *net = dev_net(event->sw->dev);
	struct weft_nl_head head = { .sw = event->sw, .cmd = news->cmd };
	u32 part = 0, before;
	struct sk_buff *skb;
	int err;

	do {
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE,
				  GFP_ATOMIC | __GFP_NOWARN);
		if (!skb) {
			missed(net, news->group);
			return;
		}
		before = part;
		err = weft_nl_put(skb, &head, news->fill, object, &part);
		if (err && part == before) {
			nlmsg_free(skb);
			return;
		}
		genlmsg_multicast_netns(&weft_nl_family, net, skb, 0,
					news->group, GFP_ATOMIC);
	} while (err);
}

static bool is_entry(unsigned long kind)
{
	return kind == WEFT_EVENT_ENTRY_NEW || kind == WEFT_EVENT_ENTRY_DEL;
}

/* Called in atomic context, under RCU, possibly with the map's lock held. */
static int notify(struct notifier_block *nb, unsigned long kind, void *data)
{
	const struct news *item = &news[kind];
	const struct weft_event *event = data;
	struct net *net = dev_net(event->sw->dev);
	bool ours = item->fill &&
		    genl_has_listeners(&weft_nl_family, net, item->group);
	bool stock = is_entry(kind) && rtnl_has_listeners(net, RTNLGRP_NEIGH);

	if (item->seq)
		atomic_inc(item->seq);
	if (!ours && !stock)
		return NOTIFY_DONE;
	if (by_traffic(event) && !may_tell(net, item->group))
		return NOTIFY_DONE;
	/* the object, whatever it is, is in a union */
	if (ours)
		tell(event, item, item->whole ? (void *)event : event->entry);
	if (stock)
		weft_fdb_announce(event->sw->dev, event->entry,
				  kind == WEFT_EVENT_ENTRY_DEL);
	return NOTIFY_DONE;
}

struct notifier_block weft_nl_notifier = {
	.notifier_call = notify,
};
