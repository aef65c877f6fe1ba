// SPDX-License-Identifier: GPL-2.0
/* Requests about neighbours. */

#include "neigh.h"
#include "netlink.h"
#include "segment.h"

#define KEY	(BIT(WEFT_A_NEIGH_VNI) | BIT(WEFT_A_NEIGH_IP))
#define NEIGH	(KEY | BIT(WEFT_A_NEIGH_MAC) | BIT(WEFT_A_NEIGH_STATE))
#define MODES	(BIT(WEFT_MODE_ADD) | BIT(WEFT_MODE_EXCLUSIVE) | \
		 BIT(WEFT_MODE_REPLACE))

/* What a request names. */
struct wanted {
	struct weft_switch *sw;
	u32 vni;
	struct weft_addr ip;
};

static int read_key(struct genl_info *info, struct nlattr **tb, u32 take,
		    struct wanted *wanted)
{
	const struct nlattr *nest = info->attrs[WEFT_A_NEIGH];
	struct weft_segment *segment;
	int err;

	err = weft_nl_nest(info, WEFT_A_NEIGH, tb, WEFT_A_NEIGH_MAX, take, 0);
	if (err)
		return err;
	wanted->sw = weft_nl_switch(info);
	segment = weft_nl_segment(wanted->sw, nest, tb[WEFT_A_NEIGH_VNI],
				  WEFT_A_NEIGH_VNI, info->extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	wanted->vni = segment->vni;
	if (!tb[WEFT_A_NEIGH_IP])
		return weft_nl_missing(info->extack, nest, WEFT_A_NEIGH_IP);
	return weft_nl_unicast(tb[WEFT_A_NEIGH_IP], &wanted->ip,
			       info->extack);
}

static int read_mac(const struct nlattr *nest, const struct nlattr *attr,
		    struct netlink_ext_ack *extack)
{
	if (!attr)
		return weft_nl_missing(extack, nest, WEFT_A_NEIGH_MAC);
	if (is_valid_ether_addr(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "No host can have this MAC address");
	return -EINVAL;
}

/* What was not learned comes and goes under RTNL, as this does. */
static int check_excl(const struct wanted *wanted,
		      struct netlink_ext_ack *extack)
{
	const struct weft_neigh *neigh;
	bool exists;

	rcu_read_lock();
	neigh = weft_neigh_lookup(&wanted->sw->neighs, wanted->vni,
				  &wanted->ip);
	exists = neigh && READ_ONCE(neigh->state) != WEFT_STATE_LEARNED;
	rcu_read_unlock();
	if (!exists)
		return 0;
	NL_SET_ERR_MSG(extack, "Neighbour entry exists");
	return -EEXIST;
}

int weft_nl_neigh_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_NEIGH];
	struct nlattr *tb[WEFT_A_NEIGH_MAX + 1];
	enum weft_state state;
	struct wanted wanted;
	enum weft_mode mode;
	int err;

	err = weft_nl_mode(info, MODES, &mode);
	if (!err)
		err = read_key(info, tb, NEIGH, &wanted);
	if (!err)
		err = read_mac(nest, tb[WEFT_A_NEIGH_MAC], info->extack);
	if (!err)
		err = weft_nl_state(tb[WEFT_A_NEIGH_STATE], &state,
				    info->extack);
	if (!err && mode == WEFT_MODE_EXCLUSIVE)
		err = check_excl(&wanted, info->extack);
	if (!err)
		err = weft_neigh_add(&wanted.sw->neighs, wanted.vni,
				     &wanted.ip,
				     nla_data(tb[WEFT_A_NEIGH_MAC]), state,
				     mode == WEFT_MODE_REPLACE, info->extack);
	if (err && nest)
		weft_nl_blame(info->extack, nest);
	return err;
}

int weft_nl_neigh_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_NEIGH_MAX + 1];
	struct wanted wanted;
	int err;

	err = read_key(info, tb, KEY, &wanted);
	if (err)
		return err;
	err = weft_neigh_del(&wanted.sw->neighs, wanted.vni, &wanted.ip,
			     info->extack);
	if (err)
		weft_nl_blame(info->extack, info->attrs[WEFT_A_NEIGH]);
	return err;
}

/* --- answers --- */

/* See weft_nl_fill_fn. Context: RCU. */
int weft_nl_fill_neigh(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_neigh *neigh = object;
	struct nlattr *nest;
	u8 mac[ETH_ALEN];

	weft_neigh_mac(neigh, mac);
	nest = nla_nest_start(skb, WEFT_A_NEIGH);
	if (!nest || nla_put_u32(skb, WEFT_A_NEIGH_VNI, neigh->key.vni) ||
	    weft_nl_put_addr(skb, WEFT_A_NEIGH_IP, &neigh->key.ip) ||
	    nla_put(skb, WEFT_A_NEIGH_MAC, ETH_ALEN, mac) ||
	    nla_put_u32(skb, WEFT_A_NEIGH_STATE, READ_ONCE(neigh->state)) ||
	    nla_put_u32(skb, WEFT_A_NEIGH_AGE,
			weft_nl_age(READ_ONCE(neigh->seen))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_wanted(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct wanted *wanted = object;
	const struct weft_neigh *neigh;
	int err = -ENOENT;

	rcu_read_lock();
	neigh = weft_neigh_lookup(&wanted->sw->neighs, wanted->vni,
				  &wanted->ip);
	if (neigh)
		err = weft_nl_fill_neigh(skb, neigh, part);
	rcu_read_unlock();
	return err;
}

int weft_nl_neigh_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_NEIGH_MAX + 1];
	struct wanted wanted;
	int err;

	err = read_key(info, tb, KEY, &wanted);
	if (err)
		return err;
	err = weft_nl_reply(info, fill_wanted, &wanted);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[WEFT_A_NEIGH],
				    "No such neighbour entry");
	return err;
}

static u32 generation(const struct weft_switch *sw)
{
	return READ_ONCE(sw->neighs.generation);
}

/* See weft_nl_table_fn. */
static int choose(struct weft_switch *sw, const struct genl_info *info,
		  struct weft_nl_table *table)
{
	*table = (struct weft_nl_table){
		.table = &sw->neighs.table, .generation = generation,
		.fill = weft_nl_fill_neigh,
	};
	return 0;
}

int weft_nl_neigh_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return weft_nl_dump_table(skb, cb, choose);
}
