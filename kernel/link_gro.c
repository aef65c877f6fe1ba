// SPDX-License-Identifier: GPL-2.0
/*
 * GRO of what hosts on the same link send: TCP in the tunnel becomes larger
 * packets before it is looked at. What is not for a switch of this host is left
 * as it is, for it may have to go on as it came.
 */

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/gro.h>

#include "link.h"

static const struct weft_encap_ops *link_encap(void)
{
	return weft_encap(WEFT_ENCAP_LINK);
}

/* Bytes of the header of a whole frame, 0 for anything else. */
static unsigned int header_len(struct sk_buff *skb)
{
	const struct weft_encap_ops *encap = link_encap();
	unsigned int hlen, off = skb_gro_offset(skb);
	struct weft_piece piece;
	const void *header;
	u32 vni;

	header = skb_gro_header(skb, off + encap->look, off);
	if (!header || encap->parse(header, encap->look, &vni, &hlen) ||
	    (encap->read_piece && encap->read_piece(header, &piece)))
		return 0;
	return hlen;
}

static struct sk_buff *gro_receive(struct list_head *head, struct sk_buff *skb)
{
	unsigned int hlen = weft_link_ours(skb) ? header_len(skb) : 0;

	if (hlen)
		return weft_encap_gro_receive(head, skb, hlen);
	NAPI_GRO_CB(skb)->flush = 1;
	return NULL;
}

static int gro_complete(struct sk_buff *skb, int nhoff)
{
	return eth_gro_complete(skb, nhoff + link_encap()->hlen);
}

static struct packet_offload offload __read_mostly = {
	.callbacks = {
		.gro_receive = gro_receive,
		.gro_complete = gro_complete,
	},
};

/** weft_link_module_init() - begin to coalesce; context: process */
void weft_link_module_init(void)
{
	offload.type = link_encap()->ethertype;
	dev_add_offload(&offload);
}

/**
 * weft_link_module_exit() - the reverse
 *
 * There are no switches any more, so no packets of ours are held. Context:
 * process, may sleep.
 */
void weft_link_module_exit(void)
{
	dev_remove_offload(&offload);
}
