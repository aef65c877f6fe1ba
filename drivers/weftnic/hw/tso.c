// SPDX-License-Identifier: GPL-2.0
/* TCP segmentation offload. */

#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>

#include "frame.h"
#include "nic.h"
#include "tso.h"

#define MSS_MIN		64	/* or a packet would be a thousand */
#define HEADERS_MAX	256
#define LEN_MAX		(U16_MAX + ETH_HLEN + VLAN_HLEN)

static bool offsets_valid(const struct hw_tx *tx)
{
	return tx->mss >= MSS_MIN && tx->l3 >= ETH_HLEN &&
		tx->l4 >= tx->l3 + sizeof(struct iphdr) &&
		tx->hdr_len >= tx->l4 + sizeof(struct tcphdr) &&
		tx->hdr_len <= HEADERS_MAX && tx->len > tx->hdr_len &&
		tx->len <= LEN_MAX &&
		tx->hdr_len - tx->l3 + tx->mss <= WEFTNIC_MTU_MAX;
}

static bool headers_valid(const struct hw_tx *tx, const void *headers)
{
	const struct ipv6hdr *ip6h = headers + tx->l3;
	const struct tcphdr *th = headers + tx->l4;
	const struct iphdr *iph = headers + tx->l3;

	if (th->doff * 4 != tx->hdr_len - tx->l4)
		return false;
	if (iph->version == 4)
		return iph->ihl * 4 == tx->l4 - tx->l3 &&
			iph->protocol == IPPROTO_TCP;
	return iph->version == 6 && tx->l4 - tx->l3 >= sizeof(*ip6h);
}

static void write_ip(struct sk_buff *skb, const struct hw_tx *tx,
		     unsigned int i, __wsum sum)
{
	struct tcphdr *th = (void *)skb->data + tx->l4;
	void *l3 = skb->data + tx->l3;
	struct iphdr *iph = l3;
	struct ipv6hdr *ip6h = l3;

	if (iph->version == 4) {
		iph->tot_len = htons(skb->len - tx->l3);
		iph->id = htons(ntohs(iph->id) + i);
		iph->check = 0;
		iph->check = ip_fast_csum(iph, iph->ihl);
		th->check = csum_tcpudp_magic(iph->saddr, iph->daddr,
					      skb->len - tx->l4, IPPROTO_TCP,
					      sum);
	} else {
		ip6h->payload_len = htons(skb->len - tx->l3 - sizeof(*ip6h));
		th->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr,
					    skb->len - tx->l4, IPPROTO_TCP,
					    sum);
	}
}

/* Segment @i, that begins @done bytes into the payload. */
static void write_headers(struct sk_buff *skb, const struct hw_tx *tx,
			  unsigned int i, unsigned int done, bool last)
{
	struct tcphdr *th = (void *)skb->data + tx->l4;

	th->seq = htonl(ntohl(th->seq) + done);
	if (i)
		th->cwr = 0;
	if (!last) {
		th->fin = 0;
		th->psh = 0;
	}
	th->check = 0;
	write_ip(skb, tx, i, skb_checksum(skb, tx->l4, skb->len - tx->l4, 0));
}

/**
 * hw_tso() - cut a packet in segments
 * @tx: the packet
 * @frames: gets them
 *
 * Return: false if it can't be done.
 */
bool hw_tso(const struct hw_tx *tx, struct sk_buff_head *frames)
{
	unsigned int i, n, done, payload = tx->len - tx->hdr_len;
	u8 headers[HEADERS_MAX] __aligned(4);
	struct iov_iter iter;
	struct sk_buff *skb;

	if (!offsets_valid(tx))
		return false;
	iov_iter_kvec(&iter, ITER_SOURCE, tx->vec, tx->pieces, tx->len);
	if (!copy_from_iter_full(headers, tx->hdr_len, &iter) ||
	    !headers_valid(tx, headers))
		return false;
	for (i = 0, done = 0; done < payload; i++, done += n) {
		n = min_t(unsigned int, tx->mss, payload - done);
		skb = hw_frame_alloc(tx->hdr_len + n);
		if (!skb)
			return false;
		skb_put_data(skb, headers, tx->hdr_len);
		if (!copy_from_iter_full(skb_put(skb, n), n, &iter)) {
			kfree_skb(skb);
			return false;
		}
		write_headers(skb, tx, i, done, done + n == payload);
		__skb_queue_tail(frames, skb);
	}
	return true;
}
