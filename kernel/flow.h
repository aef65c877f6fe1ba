/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_FLOW_H
#define _WEFT_FLOW_H

#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/in6.h>
#include <linux/types.h>

struct sk_buff;

/* What kind of frame it is, in struct weft_flow */
#define WEFT_FLOW_IP		BIT(0)	/* IPv4 or IPv6 */
#define WEFT_FLOW_MULTICAST	BIT(1)	/* to a group, but not to all */
#define WEFT_FLOW_BROADCAST	BIT(2)
#define WEFT_FLOW_FRAGMENT	BIT(3)
#define WEFT_FLOW_LATER		BIT(4)	/* not the first one, without ports */
#define WEFT_FLOW_PORTS		BIT(5)	/* the protocol has ports, and they are
					 * in the frame
					 */

#define WEFT_FLOW_TAGGED	VLAN_CFI_MASK	/* in @tci, in the place of DEI */

/**
 * struct weft_flow - what rules may match of a frame; what it lacks is zero
 * @dst: Ethernet destination
 * @src: Ethernet source
 * @type: Ethernet type behind all tags
 * @tci: outermost tag that the frame carries in the segment: VLAN and priority,
 *	with WEFT_FLOW_TAGGED; host byte order
 * @port: number of the port it comes from, 0 for the tunnel
 * @kind: WEFT_FLOW_*
 * @proto: IP protocol, behind IPv6's extension headers
 * @dscp: differentiated services code point
 * @tcp_flags: byte 13 of the TCP header
 * @sport: source port of TCP, UDP, UDP-Lite, SCTP or DCCP
 * @dport: destination port
 * @zero: fills it up
 * @from: IP source, of IPv4 in the last four bytes
 * @to: IP destination, likewise
 * @word: all of it
 */
struct weft_flow {
	union {
		struct {
			u8 dst[ETH_ALEN];
			u8 src[ETH_ALEN];
			__be16 type;
			u16 tci;
			u32 port;
			u8 kind;
			u8 proto;
			u8 dscp;
			u8 tcp_flags;
			__be16 sport;
			__be16 dport;
			u32 zero;
			struct in6_addr from;
			struct in6_addr to;
		};
		u64 word[8];
	};
};

#define WEFT_FLOW_WORDS ARRAY_SIZE(((struct weft_flow *)0)->word)

bool weft_flow_read(const struct sk_buff *skb, u32 port,
		    struct weft_flow *flow);
bool weft_flow_has_ports(u8 proto);

#endif /* _WEFT_FLOW_H */
