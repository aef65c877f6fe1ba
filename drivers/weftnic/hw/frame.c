// SPDX-License-Identifier: GPL-2.0
/* What is in a frame. */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "frame.h"
#include "nic.h"

#define HEADROOM	384	/* for the outer headers with options, and the
				 * wire's driver
				 */
#define VLAN_DEPTH	2

/**
 * hw_frame_alloc() - an empty frame
 * @len: bytes that it will have, beside outer headers and a VLAN tag
 *
 * Context: any. Return: NULL if there is no memory.
 */
struct sk_buff *hw_frame_alloc(unsigned int len)
{
	struct sk_buff *skb;

	skb = alloc_skb(HEADROOM + len, GFP_ATOMIC | __GFP_NOWARN);
	if (skb)
		skb_reserve(skb, HEADROOM);
	return skb;
}

static bool parse_v4(const struct sk_buff *skb, struct hw_frame *frame)
{
	const struct iphdr *iph = (void *)skb->data + frame->l3;
	unsigned int len = skb->len - frame->l3;

	if (len < sizeof(*iph) || iph->version != 4 || iph->ihl < 5 ||
	    ntohs(iph->tot_len) > len ||
	    ntohs(iph->tot_len) < iph->ihl * 4)
		return false;
	frame->l4 = frame->l3 + iph->ihl * 4;
	frame->end = frame->l3 + ntohs(iph->tot_len);
	frame->proto = iph->protocol;
	frame->fragment = ip_is_fragment(iph);
	return true;
}

static bool parse_v6(const struct sk_buff *skb, struct hw_frame *frame)
{
	const struct ipv6hdr *ip6h = (void *)skb->data + frame->l3;
	unsigned int len = skb->len - frame->l3;
	__be16 frag_off;
	int l4;

	if (len < sizeof(*ip6h) || ip6h->version != 6 ||
	    ntohs(ip6h->payload_len) > len - sizeof(*ip6h))
		return false;
	frame->end = frame->l3 + sizeof(*ip6h) + ntohs(ip6h->payload_len);
	frame->proto = ip6h->nexthdr;
	frame->v6 = true;
	l4 = ipv6_skip_exthdr(skb, frame->l3 + sizeof(*ip6h), &frame->proto,
			      &frag_off);
	if (l4 < 0 || l4 > frame->end)
		return false;
	frame->l4 = l4;
	frame->fragment = frag_off != 0;
	return true;
}

static u32 hash_flow(const struct hw_nic *nic, const struct sk_buff *skb,
		     const struct hw_frame *frame)
{
	const void *l3 = skb->data + frame->l3;
	u32 hash, ports = 0;

	if (!frame->l3)
		return jhash(skb->data, 2 * ETH_ALEN,
			     nic->seed + ntohs(frame->type));
	if (!frame->fragment && frame->l4 + sizeof(ports) <= frame->end &&
	    (frame->proto == IPPROTO_TCP || frame->proto == IPPROTO_UDP ||
	     frame->proto == IPPROTO_SCTP))
		ports = get_unaligned((const u32 *)(skb->data + frame->l4));
	if (frame->v6)
		hash = jhash(l3 + offsetof(struct ipv6hdr, saddr),
			     2 * sizeof(struct in6_addr), nic->seed);
	else
		hash = jhash(l3 + offsetof(struct iphdr, saddr),
			     2 * sizeof(__be32), nic->seed);
	return jhash_2words(ports, frame->proto, hash);
}

/**
 * hw_frame_parse() - look at a frame that is new or was changed
 * @nic: the NIC
 * @skb: the frame, at least of ETH_HLEN bytes
 */
void hw_frame_parse(const struct hw_nic *nic, struct sk_buff *skb)
{
	struct hw_frame *frame = hw_frame(skb);
	unsigned int l3 = ETH_HLEN;
	bool is_ip = false;
	int depth;

	memset(frame, 0, sizeof(*frame));
	frame->type = ((struct ethhdr *)skb->data)->h_proto;
	for (depth = 0; depth < VLAN_DEPTH && eth_type_vlan(frame->type) &&
	     l3 + VLAN_HLEN <= skb->len; depth++) {
		frame->type = get_unaligned((__be16 *)(skb->data + l3 + 2));
		l3 += VLAN_HLEN;
	}
	frame->l3 = l3;
	if (frame->type == htons(ETH_P_IP))
		is_ip = parse_v4(skb, frame);
	else if (frame->type == htons(ETH_P_IPV6))
		is_ip = parse_v6(skb, frame);
	if (!is_ip)
		frame->l3 = 0;
	frame->hash = hash_flow(nic, skb, frame);
}

/* Of TCP or UDP: is the checksum of that many bytes right? */
static enum hw_csum check(const struct sk_buff *skb, unsigned int len)
{
	const struct hw_frame *frame = hw_frame(skb);
	const void *l3 = skb->data + frame->l3;
	__wsum sum = skb_checksum(skb, frame->l4, len, 0);
	__sum16 rest;

	if (frame->v6) {
		const struct ipv6hdr *ip6h = l3;

		rest = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				       frame->proto, sum);
	} else {
		const struct iphdr *iph = l3;

		rest = csum_tcpudp_magic(iph->saddr, iph->daddr, len,
					 frame->proto, sum);
	}
	return rest ? HW_CSUM_BAD : HW_CSUM_GOOD;
}

static enum hw_csum check_udp(const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct udphdr *uh = (void *)skb->data + frame->l4;
	unsigned int len = frame->end - frame->l4;

	if (len < sizeof(*uh) || ntohs(uh->len) > len ||
	    ntohs(uh->len) < sizeof(*uh))
		return HW_CSUM_NONE;
	if (!uh->check)
		return frame->v6 ? HW_CSUM_NONE : HW_CSUM_GOOD;
	return check(skb, ntohs(uh->len));
}

static enum hw_csum check_all(const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct iphdr *iph = (void *)skb->data + frame->l3;

	if (!frame->l3)
		return HW_CSUM_NONE;
	if (!frame->v6 && ip_fast_csum(iph, iph->ihl))
		return HW_CSUM_BAD;
	if (frame->fragment)
		return HW_CSUM_NONE;
	if (frame->proto == IPPROTO_UDP)
		return check_udp(skb);
	if (frame->proto == IPPROTO_TCP &&
	    frame->end - frame->l4 >= sizeof(struct tcphdr))
		return check(skb, frame->end - frame->l4);
	return HW_CSUM_NONE;
}

/**
 * hw_frame_csum() - are the checksums of IPv4, TCP and UDP right?
 * @skb: a frame that was parsed
 */
enum hw_csum hw_frame_csum(struct sk_buff *skb)
{
	struct hw_frame *frame = hw_frame(skb);

	if (frame->csum == HW_CSUM_UNKNOWN)
		frame->csum = check_all(skb);
	return frame->csum;
}

/** hw_frame_tos() - traffic class of a frame that was parsed, 0 if not IP */
u8 hw_frame_tos(const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const void *l3 = skb->data + frame->l3;

	if (!frame->l3)
		return 0;
	if (frame->v6)
		return ipv6_get_dsfield(l3);
	return ipv4_get_dsfield(l3);
}

/** hw_frame_df() - may a frame that was parsed not be fragmented? */
bool hw_frame_df(const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct iphdr *iph = (void *)skb->data + frame->l3;

	return frame->l3 &&
	       (frame->v6 || iph->frag_off & htons(IP_DF));
}

/** hw_frame_is_neigh() - is it ARP or neighbour discovery? */
bool hw_frame_is_neigh(const struct sk_buff *skb)
{
	const struct hw_frame *frame = hw_frame(skb);
	const struct icmp6hdr *icmp6h = (void *)skb->data + frame->l4;

	if (frame->type == htons(ETH_P_ARP))
		return true;
	return frame->l3 && frame->v6 && !frame->fragment &&
		frame->proto == IPPROTO_ICMPV6 &&
		frame->end - frame->l4 >= sizeof(*icmp6h) &&
		(icmp6h->icmp6_type == NDISC_NEIGHBOUR_SOLICITATION ||
		 icmp6h->icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/**
 * hw_frame_info() - what its receiver is told of a frame
 * @nic: the NIC
 * @skb: the frame, parsed
 * @info: set up, for others to add to
 */
void hw_frame_info(const struct hw_nic *nic, struct sk_buff *skb,
		   struct weftnic_rx_done *info)
{
	*info = (struct weftnic_rx_done){};
	if (nic->sizes.features & WEFTNIC_FEATURE_CSUM &&
	    hw_frame_csum(skb) == HW_CSUM_GOOD)
		info->flags = cpu_to_le16(WEFTNIC_RX_CSUM_OK);
}
