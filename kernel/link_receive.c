// SPDX-License-Identifier: GPL-2.0
/*
 * In, from hosts on the same link. There is no socket behind: what is not for
 * a switch is left to the stack, which knows no such EtherType.
 */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "drop.h"
#include "link.h"
#include "reasm.h"
#include "uplink.h"

#define LOOK_MAX	32	/* bytes of a header that are looked at */

static const struct weft_sock *find_sock(const struct sk_buff *skb)
{
	const struct weft_net *wn = weft_net(dev_net(skb->dev));
	const struct weft_sock *ws;

	list_for_each_entry_rcu(ws, &wn->socks, node)
		if (weft_encap_link(ws->encap) &&
		    ws->encap->ethertype == skb->protocol)
			return ws;
	return NULL;
}

/* The switch of the sender's installation, if it is meant */
static struct weft_switch *find_switch(const struct weft_sock *ws,
				       const struct weft_addr *src,
				       const struct sk_buff *skb)
{
	const struct ethhdr *eth = eth_hdr(skb);
	const struct weft_vtep *vtep;

	hlist_for_each_entry_rcu(vtep, &ws->vteps, ws_node) {
		if (READ_ONCE(vtep->dev) != skb->dev ||
		    !weft_addr_neighbours(src, &vtep->addr))
			continue;
		if (is_broadcast_ether_addr(eth->h_dest) ||
		    ether_addr_equal(eth->h_dest, vtep->addr.mac))
			return vtep->sw;
	}
	return NULL;
}

/**
 * weft_link_ours() - is a packet for a switch of this host?
 * @skb: the packet, by its device, EtherType and Ethernet header
 *
 * Context: softirq, RCU.
 */
bool weft_link_ours(const struct sk_buff *skb)
{
	const struct weft_sock *ws = find_sock(skb);
	struct weft_addr src;

	if (!ws)
		return false;
	weft_addr_set_mac(&src, eth_hdr(skb)->h_source);
	return find_switch(ws, &src, skb);
}

/**
 * struct arrived - what has come in
 * @encap: the encapsulation
 * @src: who sent it
 * @hlen: bytes of the header
 * @is_piece: it is a fragment,
 * @piece: this
 */
struct arrived {
	const struct weft_encap_ops *encap;
	struct weft_addr src;
	unsigned int hlen;
	bool is_piece;
	struct weft_piece piece;
};

/* Looks at the header where it is: most of what is sent to all hosts is for
 * none here, and is dropped before anybody has copied it.
 */
static enum weft_drop_reason look(const struct sk_buff *skb,
				  struct arrived *arrived,
				  struct weft_pkt *pkt)
{
	const struct weft_encap_ops *encap = arrived->encap;
	unsigned int len = min_t(unsigned int, skb->len, encap->look);
	enum weft_drop_reason reason;
	u8 buf[LOOK_MAX] __aligned(4);
	const void *header;
	u32 vni;

	header = skb_header_pointer(skb, 0, len, buf);
	if (!header)
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	reason = encap->parse(header, len, &vni, &arrived->hlen);
	if (reason)
		return reason;
	reason = weft_receive_check(pkt->sw, &arrived->src, vni, encap, pkt);
	if (reason)
		return reason;
	if (hlist_empty(&pkt->segment->ports))
		return WEFT_DROP_REASON_NO_LISTENER;
	arrived->is_piece = encap->read_piece &&
			    encap->read_piece(header, &arrived->piece);
	return WEFT_DROP_REASON_NONE;
}

/* A fragment: the frame is what comes out with the last of them. */
static void receive_piece(struct sk_buff *skb, struct weft_pkt *pkt,
			  const struct arrived *arrived)
{
	weft_stats_rx(pkt->segment->fragments, skb->len - arrived->hlen);
	if (!pskb_may_pull(skb, arrived->hlen)) {
		weft_drop(pkt->sw, pkt->segment->vni, skb,
			  WEFT_DROP_REASON_TUNNEL_HEADER);
		return;
	}
	__skb_pull(skb, arrived->hlen);
	if (weft_reasm(skb, pkt, &arrived->src, &arrived->piece))
		weft_receive_frame(skb, pkt, 0, 0);
}

/**
 * weft_link_rx() - the rx handler of an uplink, for what is not IP
 * @pskb: the packet, data behind its Ethernet header
 *
 * Context: softirq, RCU.
 */
rx_handler_result_t weft_link_rx(struct sk_buff **pskb)
{
	struct weft_pkt pkt = { .from_flags = WEFT_END_TUNNEL };
	struct sk_buff *skb = *pskb;
	const struct weft_sock *ws;
	enum weft_drop_reason reason;
	struct arrived arrived;

	if (skb->pkt_type == PACKET_LOOPBACK)
		return RX_HANDLER_PASS;
	ws = find_sock(skb);
	if (!ws)
		return RX_HANDLER_PASS;
	weft_addr_set_mac(&arrived.src, eth_hdr(skb)->h_source);
	pkt.sw = find_switch(ws, &arrived.src, skb);
	if (!pkt.sw)
		return RX_HANDLER_PASS;
	arrived.encap = ws->encap;
	pkt.src = &arrived.src;
	reason = look(skb, &arrived, &pkt);
	if (reason) {
		if (pkt.segment)
			weft_stats_drop(pkt.segment->stats);
		weft_drop(pkt.sw, pkt.segment ? pkt.segment->vni : 0, skb,
			  reason);
		return RX_HANDLER_CONSUMED;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return RX_HANDLER_CONSUMED;
	skb->pkt_type = PACKET_HOST;
	if (arrived.is_piece)
		receive_piece(skb, &pkt, &arrived);
	else
		weft_receive_frame(skb, &pkt, arrived.hlen, 0);
	return RX_HANDLER_CONSUMED;
}
