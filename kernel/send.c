// SPDX-License-Identifier: GPL-2.0
/* One way out of the switch: what is not inline of it. */

#include "nic_explain.h"
#include "peer.h"
#include "port.h"
#include "send.h"
#include "tunnel.h"

/**
 * weft_send_drop() - end the way of a frame
 * @skb: the frame; consumed
 * @pkt: what is known of it
 * @reason: why
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_send_drop(struct sk_buff *skb, const struct weft_pkt *pkt,
		    enum weft_drop_reason reason)
{
	if (unlikely(pkt->explain)) {
		weft_explained(pkt, WEFT_PATH_DROP, reason);
		consume_skb(skb);
		return;
	}
	weft_stats_drop(pkt->segment->stats);
	weft_drop(pkt->sw, pkt->segment->vni, skb, reason);
}

/**
 * weft_send_explain() - tell of a way out
 * @skb: the frame of a question; consumed if it could go there
 * @pkt: the question
 * @to: a port or a peer
 * @reason: why it is not to go there, or WEFT_DROP_REASON_NONE
 *
 * Context: bottom halves off, RCU. Return: why it can't go there, or
 * WEFT_DROP_REASON_NONE.
 */
enum weft_drop_reason weft_send_explain(struct sk_buff *skb,
					const struct weft_pkt *pkt,
					struct weft_dest *to,
					enum weft_drop_reason reason)
{
	struct weft_explain_step *step;

	if (!reason)
		reason = weft_egress_check(skb, pkt, to);
	if (!reason && to->type == WEFT_DEST_PEER)
		weft_nic_explain_tx(skb, pkt, weft_dest_peer(to));
	step = weft_step(pkt, reason ? WEFT_STEP_SKIP : WEFT_STEP_EGRESS);
	step->path = weft_egress_path(to);
	step->reason = reason;
	weft_step_dest(step, to);
	if (!reason)
		consume_skb(skb);
	return reason;
}

/**
 * weft_send_too_big() - tell who sent a frame, too big for the tunnel, what would fit
 * @skb: the frame
 * @pkt: what is known of it
 * @to: where it was to go
 * @mtu: what would fit
 *
 * Context: softirq or bottom halves off, RCU. Return: whether that was done, and
 * @skb was consumed.
 */
bool weft_send_too_big(struct sk_buff *skb, const struct weft_pkt *pkt,
		       struct weft_dest *to, unsigned int mtu)
{
	if (to->type != WEFT_DEST_PEER || pkt->from_flags & WEFT_END_TUNNEL)
		return false;
	if (!weft_tunnel_icmp(skb, weft_dest_peer(to), pkt->segment, mtu))
		return false;
	weft_dropped(pkt->sw, pkt->segment->vni, skb, WEFT_DROP_REASON_MTU);
	weft_egress_answer(skb, pkt);
	return true;
}

/**
 * weft_send_required() - does the way to another host offer what a rule asks for?
 * @pkt: what is known of the frame
 * @to: a port or a peer; an uplink port does not
 *
 * Context: RCU. Return: WEFT_DROP_REASON_NONE if it does, or nothing is asked.
 */
enum weft_drop_reason weft_send_required(const struct weft_pkt *pkt,
					 const struct weft_dest *to)
{
	if (likely(pkt->require != WEFT_REQUIRE_ENCRYPTION) ||
	    !(weft_egress_flags(to) & WEFT_END_TUNNEL))
		return WEFT_DROP_REASON_NONE;
	if (to->type == WEFT_DEST_PEER &&
	    weft_tunnel_encrypted(weft_dest_peer((struct weft_dest *)to),
				  pkt->segment))
		return WEFT_DROP_REASON_NONE;
	return WEFT_DROP_REASON_NOT_ENCRYPTED;
}
