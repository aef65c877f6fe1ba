/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between kernels in rtnetlink and its operations of devices. */
#ifndef _WEFT_COMPAT_NETLINK_H
#define _WEFT_COMPAT_NETLINK_H

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/rtnetlink.h>

#include "compat.h"

/* ndo_fdb_add and ndo_fdb_del gain an argument in 6.13. */
#ifdef WEFT_HAVE_FDB_NOTIFIED
#define WEFT_FDB_NOTIFIED bool *notified,
#define WEFT_FDB_NOTIFIES() (*notified = true)
#else
#define WEFT_FDB_NOTIFIED
#define WEFT_FDB_NOTIFIES() do { } while (0)
#endif

/* Where ndo_fdb_dump is to go on; the cursor moves in 6.14. */
static inline unsigned long
weft_fdb_dump_from(const struct netlink_callback *cb)
{
#ifdef WEFT_HAVE_FDB_DUMP_CONTEXT
	return ((const struct ndo_fdb_dump_context *)cb->ctx)->fdb_idx;
#else
	return cb->args[2];
#endif
}

/* newlink() takes a structure from 6.15, which makes the device in its own
 * namespace. Before, one with a link-netns is made there and moved after.
 */
#ifdef WEFT_HAVE_NEWLINK_PARAMS
#define WEFT_NEWLINK(fn)
#define WEFT_NEWLINK_OP(fn) fn

static inline void weft_netns_settle(struct net_device *dev,
				     const struct net *link_net)
{
}
#else
struct rtnl_newlink_params {
	struct net *link_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->link_net;
}

static inline void weft_netns_movable(struct net_device *dev)
{
#ifdef WEFT_HAVE_NETNS_IMMUTABLE
	dev->netns_immutable = false;
#else
	dev->netns_local = false;
#endif
}

/* Such a device has arrived when it is not in @link_net any more. */
static inline void weft_netns_settle(struct net_device *dev,
				     const struct net *link_net)
{
	if (!net_eq(dev_net(dev), link_net))
		weft_netns_immutable(dev);
}

#define WEFT_NEWLINK(fn)						\
static int fn##_in(struct net *net, struct net_device *dev,		\
		   struct nlattr *tb[], struct nlattr *data[],		\
		   struct netlink_ext_ack *extack)			\
{									\
	struct rtnl_newlink_params params = {				\
		.link_net = net, .tb = tb, .data = data,		\
	};								\
									\
	if (tb[IFLA_LINK_NETNSID])					\
		weft_netns_movable(dev);				\
	return fn(dev, &params, extack);				\
}
#define WEFT_NEWLINK_OP(fn) fn##_in
#endif

#endif /* _WEFT_COMPAT_NETLINK_H */
