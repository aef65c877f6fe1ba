/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_LINK_H
#define _WEFT_NETLINK_LINK_H

struct rtnl_link_ops;

extern struct rtnl_link_ops weft_link_ops;

#endif /* _WEFT_NETLINK_LINK_H */
