/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_TUNNEL_H
#define _WEFTNIC_HW_TUNNEL_H

#include <linux/skbuff.h>

struct hw_segment;
struct hw_vtep;

/**
 * struct hw_tunnel - a tunnel header and, where there is one, the UDP header
 *	before it
 * @encap: enum weftnic_encap
 * @vni: the segment
 * @len: bytes from the end of the IP headers to the frame inside
 * @end: bytes from there to the end of that frame
 * @no_csum: UDP without a checksum
 * @malformed: it contradicts itself, or what it must be
 */
struct hw_tunnel {
	u8 encap;
	u32 vni;
	unsigned int len;
	unsigned int end;
	bool no_csum;
	bool malformed;
};

/* --- with the NIC's lock --- */

bool hw_tunnel_read(const struct sk_buff *skb, const struct hw_vtep *vtep,
		    struct hw_tunnel *tunnel);
bool hw_tunnel_known(const struct sk_buff *skb, const struct hw_tunnel *tunnel,
		     const struct hw_segment *segment);
u8 hw_tunnel_protocol(const struct hw_segment *segment);
unsigned int hw_tunnel_len(const struct hw_segment *segment);
void hw_tunnel_push(struct sk_buff *skb, const struct hw_vtep *vtep,
		    const struct hw_segment *segment);

/* --- pure --- */

bool hw_options_valid(const u8 *options, unsigned int len, bool *critical);

#endif /* _WEFTNIC_HW_TUNNEL_H */
