/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_EGRESS_H
#define _WEFT_EGRESS_H

#include <linux/skbuff.h>

#include "packet.h"
#include "port.h"

enum weft_drop_reason weft_egress(struct sk_buff *skb,
				  const struct weft_pkt *pkt,
				  struct weft_dest *to, unsigned int *mtu);
enum weft_drop_reason weft_egress_check(struct sk_buff *skb,
					const struct weft_pkt *pkt,
					struct weft_dest *to);
void weft_egress_answer(struct sk_buff *skb, const struct weft_pkt *pkt);
enum weft_path weft_egress_path(const struct weft_dest *to);
u8 weft_egress_served(const struct weft_dest *to);
u8 weft_egress_serves(const struct weft_pkt *pkt, const struct weft_dest *to);
bool weft_egress_has(const struct weft_served *served,
		     const struct weft_dest *to);
u32 weft_egress_flags(const struct weft_dest *to);

#endif /* _WEFT_EGRESS_H */
