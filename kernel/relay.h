/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_RELAY_H
#define _WEFT_RELAY_H

#include "packet.h"

struct weft_entry;

void weft_relay_untag(struct sk_buff *skb, struct weft_pkt *pkt);
bool weft_relay_returned(const struct sk_buff *skb, struct weft_pkt *pkt,
			 const struct weft_entry *entry,
			 struct weft_dest *dest);
enum weft_drop_reason weft_relay_check(const struct sk_buff *skb,
				       const struct weft_pkt *pkt,
				       enum weft_via via);
bool weft_relay(struct sk_buff *skb, struct weft_pkt *pkt,
		const struct weft_entry *entry, enum weft_vepa how);

#endif /* _WEFT_RELAY_H */
