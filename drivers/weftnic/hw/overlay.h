/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_OVERLAY_H
#define _WEFTNIC_HW_OVERLAY_H

#include <linux/skbuff.h>

struct hw_entry;
struct hw_function;
struct hw_nic;

/* --- with the NIC's lock --- */

void hw_overlay_from_pf(struct hw_function *pf, struct sk_buff *skb, u32 tag);
void hw_overlay_from_vf(struct hw_function *vf, struct sk_buff *skb);
struct hw_function *hw_overlay_vf(struct hw_nic *nic, u32 vni,
				  unsigned int vf);
unsigned int hw_overlay_flood(struct hw_nic *nic, u32 vni,
			      unsigned int sender, struct sk_buff *skb);
u64 hw_overlay_members(struct hw_nic *nic, struct hw_entry *group,
		       unsigned int sender, struct sk_buff *skb);

#endif /* _WEFTNIC_HW_OVERLAY_H */
