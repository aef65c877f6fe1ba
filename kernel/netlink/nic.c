// SPDX-License-Identifier: GPL-2.0
/* Requests about NICs. */

#include <linux/rtnetlink.h>

#include "netlink.h"
#include "nic.h"

/**
 * weft_nl_put_hw() - tell where something stands with a NIC
 * @skb: the message
 * @type: of the attribute, a nest of WEFT_A_MAP_HW_*
 * @nic: the NIC
 * @hw: enum weft_hw
 * @rate: packets a second, 0 if they are not counted
 *
 * Context: RTNL or RCU. Return: 0 or -EMSGSIZE.
 */
int weft_nl_put_hw(struct sk_buff *skb, int type, const struct weft_nic *nic,
		   enum weft_hw hw, u32 rate)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    nla_put_u32(skb, WEFT_A_MAP_HW_IFINDEX, nic->pf->ifindex) ||
	    nla_put_u32(skb, WEFT_A_MAP_HW_STATE, hw) ||
	    (rate && nla_put_u32(skb, WEFT_A_MAP_HW_RATE, rate)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_caps(struct sk_buff *skb, const struct weft_nic *nic)
{
	const struct weft_nic_caps *caps = &nic->caps;

	return nla_put_u32(skb, WEFT_A_NIC_FEATURES, caps->features) ||
	       nla_put_u32(skb, WEFT_A_NIC_MAP_SIZE, caps->map_entries) ||
	       nla_put_u32(skb, WEFT_A_NIC_SEGMENT_SIZE, caps->segments) ||
	       nla_put_u32(skb, WEFT_A_NIC_RULE_SIZE, caps->rules) ||
	       nla_put_u32(skb, WEFT_A_NIC_VFS, caps->vfs);
}

static int put_state(struct sk_buff *skb, struct weft_nic *nic)
{
	const struct weft_switch *sw = rtnl_dereference(nic->sw);
	const struct weft_shadows *shadows = &nic->shadows;

	if (sw && nla_put_u32(skb, WEFT_A_NIC_SWITCH, sw->dev->ifindex))
		return -EMSGSIZE;
	return nla_put_u8(skb, WEFT_A_NIC_READY, READ_ONCE(nic->ready)) ||
	       nla_put_u8(skb, WEFT_A_NIC_SERVING, READ_ONCE(nic->serving)) ||
	       nla_put_u32(skb, WEFT_A_NIC_GENERATION,
			   READ_ONCE(nic->generation)) ||
	       nla_put_u32(skb, WEFT_A_NIC_ENTRIES,
			   READ_ONCE(shadows->there)) ||
	       nla_put_u32(skb, WEFT_A_NIC_RULES, READ_ONCE(nic->rules)) ||
	       nla_put_u32(skb, WEFT_A_NIC_PENDING,
			   READ_ONCE(shadows->pending)) ||
	       nla_put_s32(skb, WEFT_A_NIC_ERROR, READ_ONCE(nic->err));
}

static int put_counters(struct sk_buff *skb, struct weft_nic *nic)
{
	struct weft_nic_counters *counters = &nic->counters;
	const struct {
		int attr;
		const atomic64_t *count;
	} all[] = {
		{ WEFT_A_NIC_MISSES, &counters->miss },
		{ WEFT_A_NIC_FULL, &counters->full },
		{ WEFT_A_NIC_RESETS, &counters->reset },
		{ WEFT_A_NIC_ORPHANS, &counters->orphan },
		{ WEFT_A_NIC_RETURNED, &counters->given_back },
		{ WEFT_A_NIC_PUSHED, &counters->pushed },
		{ WEFT_A_NIC_FAILED, &counters->failed },
		{ WEFT_A_NIC_MOVED_IN, &counters->moved_in },
		{ WEFT_A_NIC_MOVED_OUT, &counters->moved_out },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (nla_put_u64_64bit(skb, all[i].attr,
				      atomic64_read(all[i].count),
				      WEFT_A_NIC_PAD))
			return -EMSGSIZE;
	return 0;
}

/* See weft_nl_fill_fn. Context: RTNL. */
static int fill(struct sk_buff *skb, struct weft_nic *nic)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_NIC);

	if (!nest || nla_put_u32(skb, WEFT_A_NIC_IFINDEX, nic->pf->ifindex) ||
	    nla_put_string(skb, WEFT_A_NIC_NAME, nic->pf->name) ||
	    put_caps(skb, nic) || put_state(skb, nic) ||
	    put_counters(skb, nic))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put(struct sk_buff *skb, struct netlink_callback *cb,
	       struct weft_nic *nic)
{
	const struct genl_info *info = genl_info_dump(cb);
	void *head;

	head = genlmsg_put(skb, info->snd_portid, info->snd_seq,
			   &weft_nl_family, NLM_F_MULTI,
			   info->genlhdr->cmd);
	if (!head)
		return -EMSGSIZE;
	if (fill(skb, nic)) {
		genlmsg_cancel(skb, head);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, head);
	genlmsg_end(skb, head);
	return 0;
}

static int dump(struct sk_buff *skb, struct netlink_callback *cb, u32 only)
{
	struct net *net = genl_info_net(genl_info_dump(cb));
	unsigned long *next = (unsigned long *)cb->ctx;
	struct weft_nic *nic;
	unsigned long i = 0;
	int err;

	cb->seq = net->dev_base_seq ?: 1;
	list_for_each_entry(nic, &weft_nics, node) {
		if (!net_eq(dev_net(nic->pf), net))
			continue;
		if (only && nic->pf->ifindex != only)
			continue;
		if (i++ < *next)
			continue;
		err = put(skb, cb, nic);
		if (err)
			return err;
		++*next;
	}
	return 0;
}

/* Of a NIC only, if one is named. */
static int read_only(const struct genl_info *info, u32 *only)
{
	struct nlattr *tb[WEFT_A_NIC_MAX + 1];
	int err;

	*only = 0;
	if (!info->attrs[WEFT_A_NIC])
		return 0;
	err = weft_nl_nest(info, WEFT_A_NIC, tb, WEFT_A_NIC_MAX,
			   BIT(WEFT_A_NIC_IFINDEX), 0);
	if (!err && tb[WEFT_A_NIC_IFINDEX])
		*only = nla_get_u32(tb[WEFT_A_NIC_IFINDEX]);
	return err;
}

int weft_nl_nic_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	u32 only;
	int err;

	err = read_only(genl_info_dump(cb), &only);
	if (err)
		return err;
	rtnl_lock();
	err = dump(skb, cb, only);
	rtnl_unlock();
	return err;
}
