// SPDX-License-Identifier: GPL-2.0
/* Drops: counted by reason, traced, and told to the core. */

#include "drop.h"
#include "switch.h"

#define CREATE_TRACE_POINTS
#include "tracepoint.h"

static enum skb_drop_reason core_reason(enum weft_drop_reason reason)
{
	switch (reason) {
	case WEFT_DROP_REASON_SHORT_FRAME:
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	case WEFT_DROP_REASON_BAD_SOURCE_MAC:
		return SKB_DROP_REASON_MAC_INVALID_SOURCE;
	case WEFT_DROP_REASON_SOURCE_CONFLICT:
		return SKB_DROP_REASON_VXLAN_ENTRY_EXISTS;
	case WEFT_DROP_REASON_NO_PORT:
		return SKB_DROP_REASON_DEV_READY;
	case WEFT_DROP_REASON_UNKNOWN_UNICAST:
	case WEFT_DROP_REASON_NO_LISTENER:
		return SKB_DROP_REASON_NO_TX_TARGET;
	case WEFT_DROP_REASON_MTU:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case WEFT_DROP_REASON_NO_ROUTE:
	case WEFT_DROP_REASON_ROUTE_LOOP:
		return SKB_DROP_REASON_IP_OUTNOROUTES;
	case WEFT_DROP_REASON_NO_MEMORY:
		return SKB_DROP_REASON_NOMEM;
	case WEFT_DROP_REASON_TUNNEL_HEADER:
	case WEFT_DROP_REASON_TUNNEL_FLAGS:
	case WEFT_DROP_REASON_TUNNEL_OPTION:
		return SKB_DROP_REASON_VXLAN_INVALID_HDR;
	case WEFT_DROP_REASON_UNKNOWN_VNI:
		return SKB_DROP_REASON_VXLAN_VNI_NOT_FOUND;
	case WEFT_DROP_REASON_IPSEC_POLICY:
		return SKB_DROP_REASON_XFRM_POLICY;
	case WEFT_DROP_REASON_ECN:
		return SKB_DROP_REASON_IP_TUNNEL_ECN;
	case WEFT_DROP_REASON_DENIED:
		return SKB_DROP_REASON_NETFILTER_DROP;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

/**
 * weft_dropped() - count and trace a drop
 * @sw: the switch
 * @vni: the segment, or 0 if it is not known
 * @skb: the frame, which stays or is not more than an address to trace
 * @reason: why
 *
 * Context: softirq or bottom halves off.
 */
void weft_dropped(struct weft_switch *sw, u32 vni, const struct sk_buff *skb,
		  enum weft_drop_reason reason)
{
	weft_count_drop(sw, reason);
	trace_weft_drop(sw->dev, vni, skb, reason);
}

/**
 * weft_drop() - drop a frame
 * @sw: the switch
 * @vni: the segment, or 0 if it is not known
 * @skb: the frame, consumed
 * @reason: why
 *
 * Context: softirq or bottom halves off.
 */
void weft_drop(struct weft_switch *sw, u32 vni, struct sk_buff *skb,
	       enum weft_drop_reason reason)
{
	weft_dropped(sw, vni, skb, reason);
	kfree_skb_reason(skb, core_reason(reason));
}
