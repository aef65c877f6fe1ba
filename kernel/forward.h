/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_FORWARD_H
#define _WEFT_FORWARD_H

#include <linux/skbuff.h>

#include "packet.h"

void weft_forward(struct sk_buff *skb, struct weft_pkt *pkt);

#endif /* _WEFT_FORWARD_H */
