/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_LINK_H
#define _WEFT_LINK_H

#include <linux/netdevice.h>

#include "peer.h"
#include "segment.h"

enum weft_drop_reason weft_link_xmit(struct sk_buff *skb,
				     struct weft_peer *peer,
				     const struct weft_encap_ops *encap,
				     const struct weft_segment *segment,
				     unsigned int *mtu);
enum weft_drop_reason weft_link_check(struct sk_buff *skb,
				      struct weft_peer *peer,
				      const struct weft_encap_ops *encap,
				      const struct weft_segment *segment);
bool weft_link_icmp(struct sk_buff *skb, unsigned int mtu);
struct net_device *weft_link_dev(const struct weft_peer *peer,
				 const struct weft_encap_ops *encap,
				 unsigned int *mtu);

/* link_receive.c */
rx_handler_result_t weft_link_rx(struct sk_buff **pskb);
bool weft_link_ours(const struct sk_buff *skb);

/* link_gro.c */
void weft_link_module_init(void);
void weft_link_module_exit(void);

#endif /* _WEFT_LINK_H */
