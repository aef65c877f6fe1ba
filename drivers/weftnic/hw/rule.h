/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_RULE_H
#define _WEFTNIC_HW_RULE_H

#include <linux/skbuff.h>

#include "../regs.h"

struct hw_nic;
struct hw_segment;
struct hw_table;

/* --- with the NIC's lock --- */

void hw_rules_cut(struct hw_table *table, struct hw_segment *segment,
		  u32 keep);
enum weftnic_err hw_rules_set(struct hw_nic *nic, u32 vni, u32 keep,
			      const struct weftnic_rule *from,
			      unsigned int count);
unsigned int hw_rules_read(struct hw_nic *nic, u32 vni, u32 skip,
			   struct weftnic_rule *to, unsigned int count);
enum weftnic_verdict hw_rules_judge(struct hw_nic *nic,
				    struct hw_segment *segment,
				    unsigned int sender, struct sk_buff *skb);
void hw_rule_undo(struct sk_buff *skb);

#endif /* _WEFTNIC_HW_RULE_H */
