/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SUPPRESS_H
#define _WEFT_SUPPRESS_H

#include <linux/skbuff.h>

#include "packet.h"

bool weft_suppress(struct sk_buff *skb, const struct weft_pkt *pkt);

#endif /* _WEFT_SUPPRESS_H */
