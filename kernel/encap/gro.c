// SPDX-License-Identifier: GPL-2.0
/* What the tunnel sockets' GRO has in common: a header, and a frame in it. */

#include <linux/etherdevice.h>
#include <net/gro.h>

#include "encap.h"

/**
 * weft_encap_gro_receive() - look for the flow of a frame inside a tunnel
 * @head: packets that are held
 * @skb: the packet, at the header of the encapsulation
 * @hlen: bytes of that; frames of a flow have the same ones
 *
 * Context: softirq, RCU. Return: see struct udp_tunnel_sock_cfg.
 */
struct sk_buff *weft_encap_gro_receive(struct list_head *head,
				       struct sk_buff *skb, unsigned int hlen)
{
	unsigned int off = skb_gro_offset(skb);
	struct sk_buff *pp = NULL;
	struct sk_buff *p;
	int flush = 1;
	void *header;

	header = skb_gro_header(skb, off + hlen, off);
	if (unlikely(!header))
		goto out;
	skb_gro_postpull_rcsum(skb, header, hlen);
	skb_gro_pull(skb, hlen);

	list_for_each_entry(p, head, list)
		if (NAPI_GRO_CB(p)->same_flow &&
		    memcmp(header, p->data + off, hlen))
			NAPI_GRO_CB(p)->same_flow = 0;
	pp = call_gro_receive(eth_gro_receive, head, skb);
	flush = 0;
out:
	skb_gro_flush_final(skb, pp, flush);
	return pp;
}
