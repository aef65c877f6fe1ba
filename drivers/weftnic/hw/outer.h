/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_OUTER_H
#define _WEFTNIC_HW_OUTER_H

#include <linux/in6.h>
#include <linux/skbuff.h>

struct hw_function;
struct hw_segment;

/* --- with the NIC's lock --- */

void hw_encap(struct hw_function *f, struct sk_buff *skb,
	      const struct hw_segment *segment, const struct in6_addr *ip,
	      const u8 *mac);

#endif /* _WEFTNIC_HW_OUTER_H */
