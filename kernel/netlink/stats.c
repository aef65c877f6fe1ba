// SPDX-License-Identifier: GPL-2.0
/* Requests about which ways packets went, and why they were dropped. */

#include <linux/rtnetlink.h>

#include "netlink.h"
#include "nic.h"
#include "peer.h"
#include "port.h"
#include "segment.h"

/** weft_nl_drops() - packets dropped for a reason, on all CPUs */
u64 weft_nl_drops(const struct weft_switch *sw, enum weft_drop_reason reason)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(sw->drops, cpu)->count[reason]);
	return sum;
}

static int put_drops(struct sk_buff *skb, u32 reason, u64 packets)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_DROPS);

	if (!nest || nla_put_u32(skb, WEFT_A_DROPS_REASON, reason) ||
	    nla_put_u64_64bit(skb, WEFT_A_DROPS_PACKETS, packets,
			      WEFT_A_DROPS_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* --- ways --- */

/* What went a way, by software's counters or by those of @nic. */
static int put_way(struct sk_buff *skb, enum weft_way way, u64 packets,
		   u64 bytes, const struct weft_nic *nic)
{
	struct nlattr *nest;

	if (!packets)
		return 0;
	nest = nla_nest_start(skb, WEFT_A_WAYS);
	if (!nest || nla_put_u32(skb, WEFT_A_WAYS_WAY, way) ||
	    (nic && nla_put_u32(skb, WEFT_A_WAYS_NIC, nic->pf->ifindex)) ||
	    nla_put_u64_64bit(skb, WEFT_A_WAYS_PACKETS, packets,
			      WEFT_A_WAYS_PAD) ||
	    (!nic && nla_put_u64_64bit(skb, WEFT_A_WAYS_BYTES, bytes,
				       WEFT_A_WAYS_PAD)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* While the table changes its size, some peer may be left out. */
static void sum_peers(struct weft_switch *sw, struct weft_totals *sum)
{
	struct rhashtable_iter iter;
	struct weft_totals totals;
	struct weft_peer *peer;

	rhashtable_walk_enter(&sw->peers, &iter);
	rhashtable_walk_start(&iter);
	while ((peer = rhashtable_walk_next(&iter))) {
		if (IS_ERR(peer)) {	/* it begins again, in the new table */
			*sum = (struct weft_totals){};
			continue;
		}
		weft_stats_sum(peer->stats, &totals);
		sum->tx_packets += totals.tx_packets;
		sum->tx_bytes += totals.tx_bytes;
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/* Who was sent what keeps the count of it, and takes it along. */
static int put_software(struct sk_buff *skb, struct weft_switch *sw)
{
	struct weft_totals sum[WEFT_WAY_RETURNED + 1] = {}, totals;
	struct weft_segment *segment;
	struct weft_port *port;
	enum weft_way way;
	unsigned long vni;

	list_for_each_entry(port, &sw->ports, node) {
		way = port->nic ? WEFT_WAY_VF :
		      weft_port_host(port) ? WEFT_WAY_HOST : WEFT_WAY_PORT;
		weft_stats_sum(port->stats, &totals);
		sum[way].tx_packets += totals.tx_packets;
		sum[way].tx_bytes += totals.tx_bytes;
	}
	xa_for_each(&sw->segments, vni, segment) {
		weft_stats_sum(segment->relayed, &totals);
		sum[WEFT_WAY_VEPA].tx_packets += totals.tx_packets;
		sum[WEFT_WAY_VEPA].tx_bytes += totals.tx_bytes;
		sum[WEFT_WAY_RETURNED].tx_packets += totals.rx_packets;
		sum[WEFT_WAY_RETURNED].tx_bytes += totals.rx_bytes;
	}
	sum_peers(sw, &sum[WEFT_WAY_TUNNEL]);
	for (way = 0; way < ARRAY_SIZE(sum); way++)
		if (put_way(skb, way, sum[way].tx_packets, sum[way].tx_bytes,
			    NULL))
			return -EMSGSIZE;
	return 0;
}

static int put_nic(struct sk_buff *skb, const struct weft_nic *nic)
{
	const struct weft_nic_ways *ways = &nic->ways;
	const struct {
		enum weft_way way;
		const u64 *count;
	} all[] = {
		{ WEFT_WAY_NIC_INSIDE, &ways->inside },
		{ WEFT_WAY_NIC_OUT, &ways->out },
		{ WEFT_WAY_NIC_IN, &ways->in },
		{ WEFT_WAY_NIC_DENIED, &ways->denied },
		{ WEFT_WAY_NIC_MISS, &ways->miss },
		{ WEFT_WAY_NIC_JUDGE, &ways->judge },
		{ WEFT_WAY_NIC_MANY, &ways->many },
		{ WEFT_WAY_NIC_ENTRY, &ways->entry },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (put_way(skb, all[i].way, READ_ONCE(*all[i].count), 0, nic))
			return -EMSGSIZE;
	return 0;
}

static int put_ways(struct sk_buff *skb, struct weft_switch *sw)
{
	const struct weft_nic *nic;
	int err;

	err = put_software(skb, sw);
	list_for_each_entry(nic, &weft_nics, node)
		if (!err && rcu_access_pointer(nic->sw) == sw)
			err = put_nic(skb, nic);
	return err;
}

/* See weft_nl_fill_fn. Context: RTNL. */
static int fill(struct sk_buff *skb, const void *object, u32 *part)
{
	struct weft_switch *sw = (void *)object;
	enum weft_drop_reason reason;
	u64 packets;

	for (reason = 0; reason < WEFT_DROP_REASONS; reason++) {
		packets = weft_nl_drops(sw, reason);
		if (packets && put_drops(skb, reason, packets))
			return -EMSGSIZE;
	}
	return put_ways(skb, sw);
}

int weft_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return weft_nl_reply(info, fill, weft_nl_switch(info));
}
