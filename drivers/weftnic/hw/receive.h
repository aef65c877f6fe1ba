/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_RECEIVE_H
#define _WEFTNIC_HW_RECEIVE_H

#include <linux/skbuff.h>

struct hw_nic;

/* --- with the NIC's lock --- */

void hw_receive(struct hw_nic *nic, struct sk_buff *skb);

#endif /* _WEFTNIC_HW_RECEIVE_H */
