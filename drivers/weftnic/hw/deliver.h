/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_DELIVER_H
#define _WEFTNIC_HW_DELIVER_H

#include <linux/skbuff.h>

#include "../regs.h"

struct hw_function;

/* --- with the NIC's lock --- */

void hw_deliver(struct hw_function *f, const struct sk_buff *skb,
		const struct weftnic_rx_done *info);

#endif /* _WEFTNIC_HW_DELIVER_H */
