/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_INGRESS_H
#define _WEFT_INGRESS_H

#include <linux/netdevice.h>

#include "packet.h"

struct weft_port;

rx_handler_result_t weft_ingress_rx(struct sk_buff **pskb);
netdev_tx_t weft_ingress_xmit(struct sk_buff *skb, struct net_device *dev);
void weft_ingress_port(struct sk_buff *skb, struct weft_port *port,
			struct weft_served served);
void weft_ingress_tunnel(struct sk_buff *skb, struct weft_pkt *pkt);

#endif /* _WEFT_INGRESS_H */
