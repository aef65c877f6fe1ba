// SPDX-License-Identifier: GPL-2.0
/*
 * What rules may match of a frame. The flow dissector looks deeper than a filter
 * should (into tunnels) and costs 690 instructions; this takes some 100.
 */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "flow.h"

#define TAGS_MAX 2
#define TCP_FLAGS_END 14	/* bytes of a TCP header up to its flags */

/**
 * weft_flow_has_ports() - do packets of an IP protocol begin with two ports?
 * @proto: the protocol
 */
bool weft_flow_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_UDPLITE || proto == IPPROTO_SCTP ||
	       proto == IPPROTO_DCCP;
}

static void set_tag(struct weft_flow *flow, u16 tci)
{
	if (!flow->tci)
		flow->tci = (tci & ~VLAN_CFI_MASK) | WEFT_FLOW_TAGGED;
}

/* Sets the tag and the type behind all tags. Returns where that packet begins,
 * or 0 if the frame ends in a tag.
 */
static unsigned int read_tags(const struct sk_buff *skb,
			      struct weft_flow *flow)
{
	unsigned int i, offset = ETH_HLEN;
	const struct vlan_hdr *tag;
	struct vlan_hdr copy;

	flow->type = eth_hdr(skb)->h_proto;
	if (skb_vlan_tag_present(skb))
		set_tag(flow, skb_vlan_tag_get(skb));
	for (i = 0; i < TAGS_MAX && eth_type_vlan(flow->type); i++) {
		tag = skb_header_pointer(skb, offset, sizeof(copy), &copy);
		if (!tag)
			return 0;
		set_tag(flow, ntohs(tag->h_vlan_TCI));
		flow->type = tag->h_vlan_encapsulated_proto;
		offset += VLAN_HLEN;
	}
	if (unlikely(!eth_proto_is_802_3(flow->type)))
		flow->type = htons(ETH_P_802_2);
	return offset;
}

/* Where a packet ends. An aggregate may be longer than its header can say; what
 * is behind a packet is padding, and none of it.
 */
static unsigned int end_of(const struct sk_buff *skb, unsigned int offset,
			   unsigned int len)
{
	return unlikely(!len) ? skb->len : offset + len;
}

/* Ports and flags of a packet that is no later fragment. */
static bool read_transport(const struct sk_buff *skb, unsigned int offset,
			   unsigned int end, struct weft_flow *flow)
{
	unsigned int len = flow->proto == IPPROTO_TCP ? TCP_FLAGS_END : 4;
	u8 copy[TCP_FLAGS_END];
	const __be16 *port;

	if (!weft_flow_has_ports(flow->proto))
		return true;
	if (offset + len > end)
		return false;
	port = skb_header_pointer(skb, offset, len, copy);
	if (!port)
		return false;
	flow->sport = port[0];
	flow->dport = port[1];
	if (flow->proto == IPPROTO_TCP)
		flow->tcp_flags = ((const u8 *)port)[TCP_FLAGS_END - 1];
	flow->kind |= WEFT_FLOW_PORTS;
	return true;
}

static bool read_ip4(const struct sk_buff *skb, unsigned int offset,
		     struct weft_flow *flow)
{
	const struct iphdr *iph;
	unsigned int end, transport;
	struct iphdr copy;
	u16 at;

	iph = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	if (!iph || iph->version != 4 || iph->ihl < sizeof(copy) / 4)
		return false;
	flow->kind |= WEFT_FLOW_IP;
	flow->proto = iph->protocol;
	flow->dscp = iph->tos >> 2;
	flow->from.s6_addr32[3] = iph->saddr;
	flow->to.s6_addr32[3] = iph->daddr;
	end = end_of(skb, offset, ntohs(iph->tot_len));
	transport = offset + iph->ihl * 4;
	if (likely(!ip_is_fragment(iph)))
		return read_transport(skb, transport, end, flow);

	flow->kind |= WEFT_FLOW_FRAGMENT;
	at = (ntohs(iph->frag_off) & IP_OFFSET) * 8;
	if (!at)
		return read_transport(skb, transport, end, flow);
	flow->kind |= WEFT_FLOW_LATER;
	/* it would overwrite the flags that the first one was judged by */
	return iph->protocol != IPPROTO_TCP || at >= TCP_FLAGS_END;
}

static bool read_ip6(const struct sk_buff *skb, unsigned int offset,
		     struct weft_flow *flow)
{
	const struct ipv6hdr *ip6h;
	struct ipv6hdr copy;
	__be16 frag_off = 0;
	unsigned int end;
	int transport;

	ip6h = skb_header_pointer(skb, offset, sizeof(copy), &copy);
	if (!ip6h || ip6h->version != 6)
		return false;
	flow->kind |= WEFT_FLOW_IP;
	flow->proto = ip6h->nexthdr;
	flow->dscp = ipv6_get_dsfield(ip6h) >> 2;
	flow->from = ip6h->saddr;
	flow->to = ip6h->daddr;
	if (flow->proto == IPPROTO_NONE)
		return true;
	end = end_of(skb, offset + sizeof(copy), ntohs(ip6h->payload_len));
	transport = ipv6_skip_exthdr(skb, offset + sizeof(copy), &flow->proto,
				     &frag_off);
	if (transport < 0)
		return false;
	if (frag_off)
		flow->kind |= WEFT_FLOW_FRAGMENT;
	if (!(frag_off & htons(IP6_OFFSET)))
		return read_transport(skb, transport, end, flow);
	flow->kind |= WEFT_FLOW_LATER;
	/* that of the first one is in the fragment header */
	return !skb_copy_bits(skb, transport, &flow->proto, 1);
}

/**
 * weft_flow_read() - what rules may match of a frame
 * @skb: the frame, as struct weft_pkt says
 * @port: number of the port it comes from, 0 for the tunnel
 * @flow: filled in
 *
 * A header that is cut short, or of which a later fragment would overwrite
 * what is looked at (RFC 1858, RFC 3128), can't be judged.
 *
 * Context: any.
 *
 * Return: whether the frame can be judged; if not @flow is not complete.
 */
bool weft_flow_read(const struct sk_buff *skb, u32 port,
		    struct weft_flow *flow)
{
	const struct ethhdr *eth = eth_hdr(skb);
	unsigned int offset;

	BUILD_BUG_ON(sizeof(*flow) != sizeof(flow->word));
	*flow = (struct weft_flow){ .port = port };
	ether_addr_copy(flow->dst, eth->h_dest);
	ether_addr_copy(flow->src, eth->h_source);
	if (is_multicast_ether_addr(eth->h_dest))
		flow->kind = is_broadcast_ether_addr(eth->h_dest) ?
			     WEFT_FLOW_BROADCAST : WEFT_FLOW_MULTICAST;
	offset = read_tags(skb, flow);
	if (!offset)
		return false;
	if (flow->type == htons(ETH_P_IP))
		return read_ip4(skb, offset, flow);
	if (flow->type == htons(ETH_P_IPV6))
		return read_ip6(skb, offset, flow);
	return true;
}
