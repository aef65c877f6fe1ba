// SPDX-License-Identifier: GPL-2.0
/* The generic netlink family: what all its requests have in common. */

#include <linux/delay.h>
#include <linux/rtnetlink.h>

#include "netlink.h"
#include "walk.h"

/* --- the switch that a request is about --- */

/* Which requests need CAP_NET_ADMIN where the underlay lives?
 *
 * A switch may be in the namespace of a tenant and its underlay in another.
 * Who rules the former then may look, may take his ports out of segments, and
 * tell the addresses of his VMs apart. What decides who reaches which tenant's
 * network, by which addresses and where its frames are sent is for who rules
 * the underlay: segments, peers, rules, the mapping table and, since a port in a
 * segment has the underlay before it and its limits and addresses are what
 * holds it, all settings of ports.
 */
static bool reaches_underlay(u8 cmd)
{
	switch (cmd) {
	case WEFT_CMD_SEGMENT_NEW:
	case WEFT_CMD_SEGMENT_SET:
	case WEFT_CMD_SEGMENT_DEL:
	case WEFT_CMD_PORT_NEW:
	case WEFT_CMD_PORT_SET:
	case WEFT_CMD_MAP_NEW:
	case WEFT_CMD_MAP_DEL:
	case WEFT_CMD_MAP_FLUSH:
	case WEFT_CMD_PEER_NEW:
	case WEFT_CMD_PEER_SET:
	case WEFT_CMD_PEER_DEL:
	case WEFT_CMD_RULE_NEW:
	case WEFT_CMD_RULE_DEL:
	case WEFT_CMD_RULE_REPLACE:
		return true;
	}
	return false;
}

/* Attributes of the message itself that may be there many times. */
static u32 multi_attrs(u8 cmd)
{
	switch (cmd) {
	case WEFT_CMD_MAP_NEW:
	case WEFT_CMD_MAP_DEL:
		return BIT(WEFT_A_MAP);
	case WEFT_CMD_RULE_REPLACE:
		return BIT(WEFT_A_RULE);
	}
	return 0;
}

static int check_attrs(const struct genl_info *info)
{
	if (!info->attrs || !info->attrs[WEFT_A_DEV])
		return weft_nl_missing(info->extack, NULL, WEFT_A_DEV);
	return weft_nl_once(nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			    nlmsg_attrlen(info->nlhdr, GENL_HDRLEN),
			    info->attrs, multi_attrs(info->genlhdr->cmd),
			    info->extack);
}

/**
 * weft_nl_find() - find the switch that a request names
 * @info: the request
 *
 * Context: RTNL or RCU. Return: the switch or an error pointer.
 */
struct weft_switch *weft_nl_find(const struct genl_info *info)
{
	const struct nlattr *attr;
	struct net_device *dev;
	int err;

	err = check_attrs(info);
	if (err)
		return ERR_PTR(err);
	attr = info->attrs[WEFT_A_DEV];
	rcu_read_lock();
	dev = dev_get_by_index_rcu(genl_info_net(info), nla_get_u32(attr));
	if (dev && !weft_switch_is(dev))
		dev = NULL;
	rcu_read_unlock();
	if (dev)
		return netdev_priv(dev);
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "No such switch");
	return ERR_PTR(-ENODEV);
}

/* Called before every request but dumps; takes RTNL, which keeps the switch. */
int weft_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info)
{
	struct weft_switch *sw;
	int err;

	rtnl_lock();
	sw = weft_nl_find(info);
	if (IS_ERR(sw)) {
		err = PTR_ERR(sw);
		goto unlock;
	}
	if (reaches_underlay(ops->cmd) &&
	    !netlink_ns_capable(skb, sw->net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "The underlay's namespace demands CAP_NET_ADMIN");
		err = -EPERM;
		goto unlock;
	}
	info->user_ptr[0] = sw;
	return 0;

unlock:
	rtnl_unlock();
	return err;
}

void weft_nl_post_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		       struct genl_info *info)
{
	rtnl_unlock();
}

/** weft_nl_switch() - the switch of a request that is no dump */
struct weft_switch *weft_nl_switch(const struct genl_info *info)
{
	return info->user_ptr[0];
}

/* --- answers --- */

/**
 * weft_nl_put() - write a message about an object, or a part of it
 * @skb: where to
 * @head: what it begins with
 * @fill: writes what is the object's
 * @object: the object
 * @part: see @fill
 *
 * Return: what @fill returned, or -EMSGSIZE. Nothing is written if that is an
 * error and @part has not moved.
 */
int weft_nl_put(struct sk_buff *skb, const struct weft_nl_head *head,
		weft_nl_fill_fn fill, const void *object, u32 *part)
{
	u32 before = *part;
	void *msg;
	int err;

	msg = genlmsg_put(skb, head->portid, head->seq, &weft_nl_family,
			  head->flags, head->cmd);
	if (!msg)
		return -EMSGSIZE;
	err = nla_put_u32(skb, WEFT_A_DEV, head->sw->dev->ifindex);
	if (!err)
		err = fill(skb, object, part);
	if (err && *part == before) {
		genlmsg_cancel(skb, msg);
		return err;
	}
	if (head->cb)
		genl_dump_check_consistent(head->cb, msg);
	genlmsg_end(skb, msg);
	return err;
}

/**
 * weft_nl_reply() - answer with an object
 * @info: the request
 * @fill: writes it
 * @object: the object
 *
 * Context: process, may sleep. Return: 0 or an error.
 */
int weft_nl_reply(struct genl_info *info, weft_nl_fill_fn fill,
		  const void *object)
{
	struct weft_nl_head head = {
		.sw = weft_nl_switch(info), .portid = info->snd_portid,
		.seq = info->snd_seq, .cmd = info->genlhdr->cmd,
	};
	u32 part = 0, before;
	struct sk_buff *skb;
	int err, sent;

	do {
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
		if (!skb)
			return -ENOMEM;
		before = part;
		err = weft_nl_put(skb, &head, fill, object, &part);
		if (err && part == before) {
			nlmsg_free(skb);
			return err;
		}
		sent = genlmsg_reply(skb, info);
	} while (err && !sent);
	return sent;
}

/* --- dumps --- */

/** weft_nl_dump_head() - what the messages of a dump begin with */
void weft_nl_dump_head(struct netlink_callback *cb,
		       const struct weft_switch *sw,
		       struct weft_nl_head *head)
{
	const struct genl_info *info = genl_info_dump(cb);

	*head = (struct weft_nl_head){
		.sw = sw, .cb = cb, .portid = info->snd_portid,
		.seq = info->snd_seq, .flags = NLM_F_MULTI,
		.cmd = info->genlhdr->cmd,
	};
}

/* What tell() needs to know. */
struct telling {
	struct sk_buff *skb;
	struct weft_nl_table table;
	struct weft_nl_head head;
};

static int tell(void *object, u32 *part, void *arg)
{
	struct telling *telling = arg;
	const struct weft_nl_table *table = &telling->table;

	if (table->match && !table->match(object, table->vni))
		return 0;
	return weft_nl_put(telling->skb, &telling->head, table->fill, object,
			   part);
}

/* 0 would mean that it is not known. */
static u32 consistent_seq(const struct weft_switch *sw,
			  const struct weft_nl_table *table,
			  const struct weft_walk *walk)
{
	return table->generation(sw) + 1 + walk->resized ?: 1;
}

/* Returns -EAGAIN if @wait and it would better not begin now. */
static int dump_table(struct sk_buff *skb, struct netlink_callback *cb,
		      weft_nl_table_fn choose, bool wait)
{
	struct weft_walk *walk = (struct weft_walk *)cb->ctx;
	const struct genl_info *info = genl_info_dump(cb);
	struct telling telling = { .skb = skb };
	struct weft_switch *sw;
	int err;

	sw = weft_nl_find(info);
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	err = choose(sw, info, &telling.table);
	if (err)
		return err;
	if (wait && !walk->table && weft_walk_resizing(telling.table.table))
		return -EAGAIN;
	weft_nl_dump_head(cb, sw, &telling.head);
	cb->seq = consistent_seq(sw, &telling.table, walk);
	err = weft_walk(walk, telling.table.table, tell, &telling);
	cb->seq = consistent_seq(sw, &telling.table, walk);
	return err;
}

/**
 * weft_nl_dump_table() - dump a hash table, or go on with it
 * @skb: where to
 * @cb: the dump; its context is a struct weft_walk
 * @choose: says what to dump
 *
 * Context: process, may sleep. Return: 0 at the end, -EMSGSIZE if there is
 * more, or another error.
 */
int weft_nl_dump_table(struct sk_buff *skb, struct netlink_callback *cb,
		       weft_nl_table_fn choose)
{
	int tries = 50;
	int err;

	BUILD_BUG_ON(sizeof(struct weft_walk) > sizeof(cb->ctx));
	for (;;) {
		rcu_read_lock();
		err = dump_table(skb, cb, choose, tries);
		rcu_read_unlock();
		if (err != -EAGAIN)
			return err;
		/* it would be told to be interrupted; a resize is soon over */
		msleep(20);
		tries--;
	}
}

/* --- the family --- */

/** weft_nl_register() - register the family; returns 0 or an error */
int __init weft_nl_register(void)
{
	int err;

	err = genl_register_family(&weft_nl_family);
	if (err)
		return err;
	err = weft_event_register(&weft_nl_notifier);
	if (err)
		genl_unregister_family(&weft_nl_family);
	return err;
}

/** weft_nl_unregister() - the reverse; no request is running on return */
void weft_nl_unregister(void)
{
	weft_event_unregister(&weft_nl_notifier);
	genl_unregister_family(&weft_nl_family);
}
