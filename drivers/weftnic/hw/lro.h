/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_LRO_H
#define _WEFTNIC_HW_LRO_H

#include <linux/skbuff.h>

#include "../regs.h"

struct hw_function;
struct hw_nic;

#define HW_LRO_FLOWS	8
#define HW_LRO_HEADERS	128	/* most bytes before the payload */

/**
 * struct hw_flow - a packet that is being coalesced
 * @f: who is to have it
 * @skb: its first segment, with the payload of the others as its fragments;
 *	NULL if there is none
 * @last: the last of those
 * @info: what the receiver is told
 * @key: headers, less what differs between segments
 * @hlen: length of headers
 * @mss: payload of the first segment
 * @segs: number of segments
 * @next: next sequence number
 */
struct hw_flow {
	struct hw_function *f;
	struct sk_buff *skb;
	struct sk_buff *last;
	struct weftnic_rx_done info;
	u8 key[HW_LRO_HEADERS];
	unsigned int hlen;
	unsigned int mss;
	unsigned int segs;
	u32 next;
};

/**
 * struct hw_lro - what is being coalesced; the NIC's lock, empty without it
 * @flows: packets
 * @victim: the flow whose place is taken next
 */
struct hw_lro {
	struct hw_flow flows[HW_LRO_FLOWS];
	unsigned int victim;
};

/* --- with the NIC's lock --- */

void hw_lro_deliver(struct hw_function *f, struct sk_buff *skb,
		    const struct weftnic_rx_done *info);
void hw_lro_flush(struct hw_nic *nic);

#endif /* _WEFTNIC_HW_LRO_H */
