// SPDX-License-Identifier: GPL-2.0
/* Requests about switches; rtnetlink makes and changes them, see link.c. */

#include <linux/rtnetlink.h>

#include "netlink.h"
#include "reasm.h"
#include "segment.h"
#include "uplink.h"

static int put_counts(struct sk_buff *skb, const struct weft_switch *sw)
{
	if (nla_put_string(skb, WEFT_A_SWITCH_NAME, sw->dev->name) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_SEGMENTS, sw->segment_count) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_PORTS, sw->port_count) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_PEERS,
			READ_ONCE(sw->peer_count)) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_NEIGHS,
			READ_ONCE(sw->neighs.count)) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_REASSEMBLY,
			sw->reasm ? weft_reasm_used(sw->reasm) : 0))
		return -EMSGSIZE;
	return nla_put_u8(skb, WEFT_A_SWITCH_FASTPATH, weft_uplink_fast(sw));
}

static int put_map(struct sk_buff *skb, const struct weft_map *map)
{
	if (nla_put_u32(skb, WEFT_A_SWITCH_ENTRIES, READ_ONCE(map->entries)) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_LEARNED,
			READ_ONCE(map->quota.used)) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_LIMIT, map->quota.limit) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_MOVES, READ_ONCE(map->moves)) ||
	    nla_put_u32(skb, WEFT_A_SWITCH_LIMITED, weft_map_limited(map)))
		return -EMSGSIZE;
	return 0;
}

/* What ports and peers gave to the segments there are, and took from them, and
 * all packets that were dropped.
 */
static void sum(struct weft_switch *sw, struct weft_totals *totals)
{
	enum weft_drop_reason reason;
	struct weft_segment *segment;
	struct weft_totals one;
	unsigned long vni;

	*totals = (struct weft_totals){};
	xa_for_each(&sw->segments, vni, segment) {
		weft_stats_sum(segment->stats, &one);
		totals->rx_packets += one.rx_packets;
		totals->rx_bytes += one.rx_bytes;
		totals->tx_packets += one.tx_packets;
		totals->tx_bytes += one.tx_bytes;
	}
	for (reason = 0; reason < WEFT_DROP_REASONS; reason++)
		totals->drops += weft_nl_drops(sw, reason);
}

/* See weft_nl_fill_fn. */
static int fill(struct sk_buff *skb, const void *object, u32 *part)
{
	struct weft_switch *sw = (struct weft_switch *)object;
	struct weft_totals totals;
	struct nlattr *nest;

	sum(sw, &totals);
	nest = nla_nest_start(skb, WEFT_A_SWITCH);
	if (!nest || put_counts(skb, sw) || put_map(skb, &sw->map) ||
	    weft_nl_put_totals(skb, WEFT_A_SWITCH_STATS, &totals))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int weft_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return weft_nl_reply(info, fill, weft_nl_switch(info));
}

/* How far a dump has come. */
struct progress {
	unsigned long ifindex;
};

/* Older kernels do not look at attributes where there is no policy. */
static int check(const struct genl_info *info)
{
	if (!nlmsg_attrlen(info->nlhdr, GENL_HDRLEN))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack,
			    nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			    "A dump of all switches takes no attributes");
	return -EINVAL;
}

static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct progress *progress = (struct progress *)cb->ctx;
	struct net *net = genl_info_net(genl_info_dump(cb));
	struct weft_nl_head head;
	struct net_device *dev;
	u32 part = 0;
	int err;

	err = check(genl_info_dump(cb));
	if (err)
		return err;
	cb->seq = net->dev_base_seq ?: 1;
	for_each_netdev_dump(net, dev, progress->ifindex) {
		if (!weft_switch_is(dev))
			continue;
		weft_nl_dump_head(cb, netdev_priv(dev), &head);
		err = weft_nl_put(skb, &head, fill, netdev_priv(dev), &part);
		if (err)
			return err;
	}
	return 0;
}

int weft_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int err;

	rtnl_lock();
	err = dump(skb, cb);
	rtnl_unlock();
	return err;
}
