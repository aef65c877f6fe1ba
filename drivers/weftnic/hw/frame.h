/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_FRAME_H
#define _WEFTNIC_HW_FRAME_H

#include <linux/build_bug.h>
#include <linux/skbuff.h>

#include "../regs.h"

struct hw_nic;
struct hw_rule;

enum hw_csum {
	HW_CSUM_UNKNOWN,	/* not looked at */
	HW_CSUM_NONE,		/* none that is known here */
	HW_CSUM_GOOD,
	HW_CSUM_BAD,
};

/**
 * struct hw_frame - what is known of a frame
 * @l3: offset of the IP header, 0 if it is not IP
 * @l4: offset of what follows the IP headers
 * @end: offset of the end of the IP packet
 * @type: EtherType behind VLAN tags
 * @proto: protocol of what follows the IP headers
 * @v6: it is IPv6
 * @fragment: it is a fragment
 * @csum: enum hw_csum
 * @hash: of the flow that it belongs to
 * @rule: that has allowed it, or NULL
 *
 * A frame is an skb that is linear, begins with the Ethernet header, and keeps
 * this in its control block.
 */
struct hw_frame {
	u16 l3;
	u16 l4;
	u16 end;
	__be16 type;
	u8 proto;
	bool v6;
	bool fragment;
	u8 csum;
	u32 hash;
	struct hw_rule *rule;
};

static inline struct hw_frame *hw_frame(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct hw_frame) > sizeof(skb->cb));
	return (struct hw_frame *)skb->cb;
}

struct sk_buff *hw_frame_alloc(unsigned int len);
void hw_frame_parse(const struct hw_nic *nic, struct sk_buff *skb);
enum hw_csum hw_frame_csum(struct sk_buff *skb);
u8 hw_frame_tos(const struct sk_buff *skb);
bool hw_frame_df(const struct sk_buff *skb);
bool hw_frame_is_neigh(const struct sk_buff *skb);
void hw_frame_info(const struct hw_nic *nic, struct sk_buff *skb,
		   struct weftnic_rx_done *info);

#endif /* _WEFTNIC_HW_FRAME_H */
