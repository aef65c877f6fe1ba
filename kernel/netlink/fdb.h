/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_FDB_H
#define _WEFT_NETLINK_FDB_H

#include "compat/netlink.h"

struct ndmsg;
struct weft_entry;

/* The operations of the same name of the switch's device. */
int weft_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 u16 flags, WEFT_FDB_NOTIFIED struct netlink_ext_ack *extack);
int weft_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 WEFT_FDB_NOTIFIED struct netlink_ext_ack *extack);
int weft_fdb_del_bulk(struct nlmsghdr *nlh, struct net_device *dev,
		      struct netlink_ext_ack *extack);
int weft_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		  struct net_device *dev, struct net_device *filter_dev,
		  int *idx);
int weft_fdb_get(struct sk_buff *skb, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 u32 portid, u32 seq, struct netlink_ext_ack *extack);

void weft_fdb_announce(const struct net_device *dev,
		       const struct weft_entry *entry, bool gone);

#endif /* _WEFT_NETLINK_FDB_H */
