/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NIC_HEAT_H
#define _WEFT_NIC_HEAT_H

#include <linux/jump_label.h>

#include "nic.h"

DECLARE_STATIC_KEY_FALSE(weft_heat_wanted);

void weft_heat_sample(const struct weft_switch *sw,
		      const struct weft_entry *entry,
		      const struct sk_buff *skb);

/**
 * weft_heat_use() - a frame goes where an entry says
 * @sw: the switch
 * @entry: the entry
 * @skb: the frame
 *
 * Context: bottom halves off, RCU.
 */
static inline void weft_heat_use(const struct weft_switch *sw,
				 const struct weft_entry *entry,
				 const struct sk_buff *skb)
{
	if (static_branch_unlikely(&weft_heat_wanted))
		weft_heat_sample(sw, entry, skb);
}

int weft_heat_init(struct weft_nic *nic);
void weft_heat_exit(struct weft_nic *nic);
int weft_heat_balance(struct weft_nic *nic);

#endif /* _WEFT_NIC_HEAT_H */
