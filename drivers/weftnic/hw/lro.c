// SPDX-License-Identifier: GPL-2.0
/* Large receive offload: TCP segments that follow each other become one. */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/ip6_checksum.h>
#include <net/tcp.h>

#include "deliver.h"
#include "frame.h"
#include "nic.h"

#define SEGS_MAX	64

static struct tcphdr *tcp_of(const struct sk_buff *skb)
{
	return (void *)skb->data + hw_frame(skb)->l4;
}

/* Bytes of headers, if a frame can be coalesced, else 0: plain IP headers,
 * TCP, some payload, and nothing special.
 */
static unsigned int header_len(struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct iphdr *iph = (void *)skb->data + frame->l3;
	unsigned int hlen = frame->l4 + sizeof(struct tcphdr);

	if (hw_frame_csum(skb) != HW_CSUM_GOOD || frame->proto != IPPROTO_TCP)
		return 0;
	if (frame->v6 ? frame->l4 - frame->l3 != sizeof(struct ipv6hdr) :
	    iph->ihl != 5 || !(iph->frag_off & htons(IP_DF)))
		return 0;
	if (tcp_flag_word(tcp_of(skb)) & (TCP_FLAG_CWR | TCP_FLAG_ECE |
					  TCP_FLAG_URG | TCP_FLAG_RST |
					  TCP_FLAG_SYN) ||
	    !tcp_of(skb)->ack || tcp_of(skb)->doff < 5)
		return 0;
	hlen = frame->l4 + tcp_of(skb)->doff * 4;
	return hlen < frame->end && hlen <= HW_LRO_HEADERS ? hlen : 0;
}

/* The headers, less what may differ between segments. */
static void make_key(const struct sk_buff *skb, unsigned int hlen, u8 *key)
{
	const struct hw_frame *frame = hw_frame(skb);
	struct tcphdr *th = (void *)key + frame->l4;

	memcpy(key, skb->data, hlen);
	if (frame->v6) {
		struct ipv6hdr *ip6h = (void *)key + frame->l3;

		ip6h->payload_len = 0;
	} else {
		struct iphdr *iph = (void *)key + frame->l3;

		iph->tot_len = 0;
		iph->id = 0;
		iph->check = 0;
	}
	th->seq = 0;
	th->check = 0;
	th->psh = 0;
	th->fin = 0;
}

/* The same flow? What differs in its options alone is, too. */
static bool same_flow(const struct hw_flow *flow, struct hw_function *f,
		      const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct hw_frame *first = hw_frame(flow->skb);

	return flow->f == f && first->l3 == frame->l3 &&
		first->l4 == frame->l4 && first->hash == frame->hash;
}

static void set_lengths(struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	unsigned int len = skb->len - frame->l4;
	struct tcphdr *th = tcp_of(skb);
	__wsum sum;

	th->check = 0;
	sum = skb_checksum(skb, frame->l4, len, 0);
	if (frame->v6) {
		struct ipv6hdr *ip6h = (void *)skb->data + frame->l3;

		ip6h->payload_len = htons(skb->len - frame->l3 -
					  sizeof(*ip6h));
		th->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
					    IPPROTO_TCP, sum);
	} else {
		struct iphdr *iph = (void *)skb->data + frame->l3;

		iph->tot_len = htons(skb->len - frame->l3);
		iph->check = 0;
		iph->check = ip_fast_csum(iph, iph->ihl);
		th->check = csum_tcpudp_magic(iph->saddr, iph->daddr, len,
					      IPPROTO_TCP, sum);
	}
}

static void flush(struct hw_flow *flow)
{
	struct sk_buff *skb = flow->skb;

	if (!skb)
		return;
	if (flow->segs > 1) {
		set_lengths(skb);
		flow->info.flags |= cpu_to_le16(WEFTNIC_RX_LRO);
		flow->info.mss = cpu_to_le16(flow->mss);
		flow->info.segs = cpu_to_le16(flow->segs);
		flow->f->nic->counters.coalesced += flow->segs - 1;
	}
	hw_deliver(flow->f, skb, &flow->info);
	consume_skb(skb);
	flow->skb = NULL;
}

/* Does a segment continue the packet? */
static bool continues(const struct hw_flow *flow, const struct sk_buff *skb,
		      unsigned int hlen, const u8 *key,
		      const struct weftnic_rx_done *info)
{
	const struct hw_frame *frame = hw_frame(skb);
	unsigned int len = frame->end - hlen;

	return hlen == flow->hlen && !memcmp(key, flow->key, hlen) &&
		!memcmp(info, &flow->info, sizeof(*info)) &&
		ntohl(tcp_of(skb)->seq) == flow->next && len <= flow->mss &&
		flow->skb->len - frame->l3 + len <= U16_MAX;
}

static void append(struct hw_flow *flow, struct sk_buff *skb)
{
	unsigned int hlen = flow->hlen;
	struct tcphdr *th = tcp_of(flow->skb);

	th->psh |= tcp_of(skb)->psh;
	th->fin |= tcp_of(skb)->fin;
	skb_pull(skb, hlen);
	skb->next = NULL;
	if (flow->last)
		flow->last->next = skb;
	else
		skb_shinfo(flow->skb)->frag_list = skb;
	flow->last = skb;
	flow->skb->len += skb->len;
	flow->skb->data_len += skb->len;
	flow->next += skb->len;
	flow->segs++;
}

static struct hw_flow *start(struct hw_function *f, struct sk_buff *skb,
			     unsigned int hlen, const u8 *key,
			     const struct weftnic_rx_done *info)
{
	struct hw_lro *lro = &f->nic->lro;
	struct hw_flow *flow = &lro->flows[lro->victim++ % HW_LRO_FLOWS];

	flush(flow);
	flow->f = f;
	flow->skb = skb;
	flow->last = NULL;
	flow->info = *info;
	memcpy(flow->key, key, hlen);
	flow->hlen = hlen;
	flow->mss = hw_frame(skb)->end - hlen;
	flow->segs = 1;
	flow->next = ntohl(tcp_of(skb)->seq) + flow->mss;
	return flow;
}

static struct hw_flow *find_flow(struct hw_function *f,
				 const struct sk_buff *skb)
{
	struct hw_lro *lro = &f->nic->lro;
	unsigned int i;

	for (i = 0; i < HW_LRO_FLOWS; i++)
		if (lro->flows[i].skb && same_flow(&lro->flows[i], f, skb))
			return &lro->flows[i];
	return NULL;
}

/**
 * hw_lro_deliver() - deliver a frame off the wire, sooner or later
 * @f: to whom
 * @skb: the frame, parsed; consumed
 * @info: what the receiver is told
 */
void hw_lro_deliver(struct hw_function *f, struct sk_buff *skb,
		    const struct weftnic_rx_done *info)
{
	struct hw_flow *flow = find_flow(f, skb);
	u8 key[HW_LRO_HEADERS];
	unsigned int hlen = 0;

	/* what is behind the packet, and no padding, must not get lost */
	if (f->nic->sizes.features & WEFTNIC_FEATURE_LRO && hw_frame(skb)->l3 &&
	    skb->len <= max_t(u32, hw_frame(skb)->end, ETH_ZLEN))
		hlen = header_len(skb);
	if (!hlen) {
		if (flow)
			flush(flow);
		hw_deliver(f, skb, info);
		consume_skb(skb);
		return;
	}
	skb_trim(skb, hw_frame(skb)->end);
	make_key(skb, hlen, key);
	if (flow && continues(flow, skb, hlen, key, info)) {
		append(flow, skb);
	} else {
		if (flow)
			flush(flow);
		flow = start(f, skb, hlen, key, info);
	}
	/* a short segment or a flag is the end of what belongs together */
	if (hw_frame(skb)->end - hlen < flow->mss || tcp_of(flow->skb)->psh ||
	    tcp_of(flow->skb)->fin || flow->segs == SEGS_MAX)
		flush(flow);
}

/** hw_lro_flush() - deliver all that was coalesced */
void hw_lro_flush(struct hw_nic *nic)
{
	unsigned int i;

	for (i = 0; i < HW_LRO_FLOWS; i++)
		flush(&nic->lro.flows[i]);
}
