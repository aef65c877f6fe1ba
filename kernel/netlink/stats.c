// SPDX-License-Identifier: GPL-2.0
/* Requests about packets that were dropped. */

#include "netlink.h"

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

/* See weft_nl_fill_fn. */
static int fill(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_switch *sw = object;
	enum weft_drop_reason reason;
	u64 packets;

	for (reason = 0; reason < WEFT_DROP_REASONS; reason++) {
		packets = weft_nl_drops(sw, reason);
		if (packets && put_drops(skb, reason, packets))
			return -EMSGSIZE;
	}
	return 0;
}

int weft_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	return weft_nl_reply(info, fill, weft_nl_switch(info));
}
