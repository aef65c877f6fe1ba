/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_COPIES_H
#define _WEFT_COPIES_H

#include "packet.h"

/**
 * struct weft_relay_way - the way over the adjacent switch, beside which copies go
 * @dest: where it begins; ports here get the frame when it comes back
 * @tagged: goes there, if it is not the frame itself; consumed
 * @now: bits of NICs, VFs of which get it now
 */
struct weft_relay_way {
	struct weft_dest *dest;
	struct sk_buff *tagged;
	u8 now;
};

void weft_copies_flood(struct sk_buff *skb, struct weft_pkt *pkt,
		       const struct weft_relay_way *relay);
void weft_copies_list(struct sk_buff *skb, struct weft_pkt *pkt,
		      struct weft_dest *list,
		      const struct weft_relay_way *relay);

#endif /* _WEFT_COPIES_H */
