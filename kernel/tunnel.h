/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_TUNNEL_H
#define _WEFT_TUNNEL_H

#include <linux/skbuff.h>

#include "peer.h"
#include "segment.h"

/**
 * struct weft_route - how a peer is reached now
 * @mtu: longest network-layer packet of a VM that fits in one outer packet
 * @plain: without IPsec or a lightweight tunnel
 * @ifindex: device of the underlay
 * @nexthop: neighbour of the underlay, or the peer itself
 */
struct weft_route {
	unsigned int mtu;
	bool plain;
	int ifindex;
	struct weft_addr nexthop;
};

void weft_tunnel_module_init(void);

enum weft_drop_reason weft_tunnel_xmit(struct sk_buff *skb,
				       struct weft_peer *peer,
				       const struct weft_segment *segment,
				       unsigned int *mtu);
struct net_device *weft_tunnel_dev(struct sk_buff *skb,
				   struct weft_peer *peer,
				   const struct weft_segment *segment);
bool weft_tunnel_encrypted(struct weft_peer *peer,
			   const struct weft_segment *segment);
enum weft_drop_reason weft_tunnel_check(struct sk_buff *skb,
					struct weft_peer *peer,
					const struct weft_segment *segment);
bool weft_tunnel_icmp(struct sk_buff *skb, struct weft_peer *peer,
		      const struct weft_segment *segment, unsigned int mtu);
int weft_tunnel_route(struct weft_peer *peer,
		      const struct weft_encap_ops *encap,
		      struct weft_route *route);
unsigned int weft_tunnel_overhead(const struct weft_encap_ops *encap,
				  u32 family);

#endif /* _WEFT_TUNNEL_H */
