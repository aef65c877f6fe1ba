/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_PORT_LINK_H
#define _WEFT_NETLINK_PORT_LINK_H

struct sk_buff;
struct weft_port;

int weft_nl_put_link(struct sk_buff *skb, const struct weft_port *port);

#endif /* _WEFT_NETLINK_PORT_LINK_H */
