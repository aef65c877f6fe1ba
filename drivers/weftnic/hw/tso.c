// SPDX-License-Identifier: GPL-2.0
/* TCP segmentation offload. */

#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip6_checksum.h>

#include "frame.h"
#include "nic.h"
#include "tso.h"

#define MSS_MIN		64	/* or a packet would be a thousand */
#define HEADERS_MAX	256
#define LEN_MAX		(U16_MAX + ETH_HLEN + VLAN_HLEN)

static bool outer_valid(const struct hw_tx *tx)
{
	return tx->outer_l3 >= ETH_HLEN &&
		tx->outer_l4 >= tx->outer_l3 + sizeof(struct iphdr) &&
		tx->l3 >= tx->outer_l4 + sizeof(struct udphdr) + ETH_HLEN;
}

static bool offsets_valid(const struct hw_tx *tx)
{
	if (tx->flags & WEFTNIC_TX_TUNNEL && !outer_valid(tx))
		return false;
	return tx->mss >= MSS_MIN && tx->l3 >= ETH_HLEN &&
		tx->l4 >= tx->l3 + sizeof(struct iphdr) &&
		tx->hdr_len >= tx->l4 + sizeof(struct tcphdr) &&
		tx->hdr_len <= HEADERS_MAX && tx->len > tx->hdr_len &&
		tx->len <= LEN_MAX &&
		tx->hdr_len - tx->l3 + tx->mss <= WEFTNIC_MTU_MAX;
}

/* Is there an IP header of that length, with that protocol in it? */
static bool ip_valid(const void *l3, unsigned int len, u8 proto)
{
	const struct iphdr *iph = l3;

	if (iph->version == 4)
		return iph->ihl * 4 == len && iph->protocol == proto;
	return iph->version == 6 && len >= sizeof(struct ipv6hdr);
}

static bool headers_valid(const struct hw_tx *tx, const void *headers)
{
	const struct tcphdr *th = headers + tx->l4;

	if (th->doff * 4 != tx->hdr_len - tx->l4)
		return false;
	if (tx->flags & WEFTNIC_TX_TUNNEL &&
	    !ip_valid(headers + tx->outer_l3, tx->outer_l4 - tx->outer_l3,
		      IPPROTO_UDP))
		return false;
	return ip_valid(headers + tx->l3, tx->l4 - tx->l3, IPPROTO_TCP);
}

/* Writes what an IP header says of the segment @i, and returns the checksum of
 * what is in it, of which @l4 is the offset and @sum the sum.
 */
static __sum16 write_ip(struct sk_buff *skb, unsigned int l3, unsigned int l4,
			unsigned int i, u8 proto, __wsum sum)
{
	struct ipv6hdr *ip6h = (void *)skb->data + l3;
	struct iphdr *iph = (void *)skb->data + l3;
	unsigned int len = skb->len - l4;

	if (iph->version == 4) {
		iph->tot_len = htons(skb->len - l3);
		iph->id = htons(ntohs(iph->id) + i);
		iph->check = 0;
		iph->check = ip_fast_csum(iph, iph->ihl);
		return csum_tcpudp_magic(iph->saddr, iph->daddr, len, proto,
					 sum);
	}
	ip6h->payload_len = htons(skb->len - l3 - sizeof(*ip6h));
	return csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, proto, sum);
}

static void write_outer(struct sk_buff *skb, const struct hw_tx *tx,
			unsigned int i)
{
	struct udphdr *uh = (void *)skb->data + tx->outer_l4;
	bool csum = uh->check;
	__sum16 check;

	uh->len = htons(skb->len - tx->outer_l4);
	uh->check = 0;
	check = write_ip(skb, tx->outer_l3, tx->outer_l4, i, IPPROTO_UDP,
			 skb_checksum(skb, tx->outer_l4,
				      skb->len - tx->outer_l4, 0));
	if (csum)
		uh->check = check ?: CSUM_MANGLED_0;
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
	th->check = write_ip(skb, tx->l3, tx->l4, i, IPPROTO_TCP,
			     skb_checksum(skb, tx->l4, skb->len - tx->l4, 0));
	if (tx->flags & WEFTNIC_TX_TUNNEL)
		write_outer(skb, tx, i);
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
