/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_DROP_H
#define _WEFT_DROP_H

#include <linux/skbuff.h>
#include <uapi/linux/weft.h>

struct weft_switch;

void weft_drop(struct weft_switch *sw, u32 vni, struct sk_buff *skb,
	       enum weft_drop_reason reason);
void weft_dropped(struct weft_switch *sw, u32 vni, const struct sk_buff *skb,
		  enum weft_drop_reason reason);

#endif /* _WEFT_DROP_H */
