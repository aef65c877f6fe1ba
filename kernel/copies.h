/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_COPIES_H
#define _WEFT_COPIES_H

#include "packet.h"

void weft_copies_flood(struct sk_buff *skb, struct weft_pkt *pkt,
		       struct weft_dest *relay);
void weft_copies_list(struct sk_buff *skb, struct weft_pkt *pkt,
		      struct weft_dest *list, struct weft_dest *relay);

#endif /* _WEFT_COPIES_H */
