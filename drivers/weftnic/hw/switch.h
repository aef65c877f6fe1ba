/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_SWITCH_H
#define _WEFTNIC_HW_SWITCH_H

#include <linux/skbuff.h>

struct hw_function;
struct hw_nic;

/* --- with the NIC's lock --- */

void hw_switch_from(struct hw_function *f, struct sk_buff *skb);
void hw_switch_from_wire(struct hw_nic *nic, struct sk_buff *skb);

#endif /* _WEFTNIC_HW_SWITCH_H */
