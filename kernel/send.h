/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SEND_H
#define _WEFT_SEND_H

/* One way out of the switch, be it for a frame or for a question about one. */

#include "drop.h"
#include "egress.h"
#include "explain.h"
#include "tracepoint.h"

void weft_send_drop(struct sk_buff *skb, const struct weft_pkt *pkt,
		    enum weft_drop_reason reason);
enum weft_drop_reason weft_send_explain(struct sk_buff *skb,
					const struct weft_pkt *pkt,
					struct weft_dest *to,
					enum weft_drop_reason reason);
bool weft_send_too_big(struct sk_buff *skb, const struct weft_pkt *pkt,
		       struct weft_dest *to, unsigned int mtu);
enum weft_drop_reason weft_send_required(const struct weft_pkt *pkt,
					 const struct weft_dest *to);

/**
 * weft_send() - send a frame one way, if it may go there
 * @skb: the frame
 * @pkt: what is known of it
 * @to: a port or a peer
 * @flood: the WEFT_END_*FLOOD that @to must take, or 0
 * @mtu: as for weft_egress()
 *
 * Context: softirq or bottom halves off, RCU. Return: as weft_egress().
 */
static __always_inline enum weft_drop_reason
weft_send(struct sk_buff *skb, const struct weft_pkt *pkt,
	  struct weft_dest *to, u32 flood, unsigned int *mtu)
{
	enum weft_drop_reason reason;

	reason = weft_path_refuse(pkt->from_flags, weft_egress_flags(to),
				  pkt->from == to, flood);
	if (unlikely(pkt->explain))
		return weft_send_explain(skb, pkt, to, reason);
	if (unlikely(reason))
		return reason;
	trace_weft_forward(pkt->sw->dev, pkt->segment->vni, skb,
			   weft_egress_path(to));
	return weft_egress(skb, pkt, to, mtu);
}

/**
 * weft_send_only() - send a frame one way, which ends there or before
 * @skb: the frame; consumed
 * @pkt: what is known of it
 * @to: a port or a peer
 *
 * Inline, since nearly every frame takes this way. Context: as weft_send().
 */
static __always_inline void weft_send_only(struct sk_buff *skb,
					   const struct weft_pkt *pkt,
					   struct weft_dest *to)
{
	enum weft_drop_reason reason;
	unsigned int mtu = 0;

	reason = weft_send(skb, pkt, to, 0, &mtu);
	if (likely(!reason)) {
		if (unlikely(pkt->explain))
			weft_explained(pkt, weft_egress_path(to), reason);
		return;
	}
	if (reason == WEFT_DROP_REASON_NO_MEMORY) {
		weft_dropped(pkt->sw, pkt->segment->vni, NULL, reason);
		return;
	}
	if (reason == WEFT_DROP_REASON_MTU && !pkt->explain &&
	    weft_send_too_big(skb, pkt, to, mtu))
		return;
	weft_send_drop(skb, pkt, reason);
}

#endif /* _WEFT_SEND_H */
