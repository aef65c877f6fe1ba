/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_TRUNK_H
#define _WEFT_TRUNK_H

#include <linux/netdevice.h>

#include "port.h"
#include "served.h"

/**
 * typedef weft_upper_port_t - takes the frames that come by V.VLANs
 * @skb: the frame, data at its Ethernet header, the V.VLAN beside it; consumed
 * @port: the uplink
 * @served: who has got it already
 *
 * Called in softirq, RCU.
 */
typedef void (*weft_upper_port_t)(struct sk_buff *skb, struct weft_port *port,
				  struct weft_served served);

void weft_trunk_set_upper(weft_upper_port_t take);
struct weft_port *weft_trunk_add(struct weft_switch *sw, int ifindex,
				 struct netlink_ext_ack *extack);
void weft_trunk_del(struct weft_port *port);
void weft_trunk_gone(struct net_device *dev);
rx_handler_result_t weft_trunk_rx(struct sk_buff **pskb);

#endif /* _WEFT_TRUNK_H */
