// SPDX-License-Identifier: GPL-2.0
/*
 * ARP and neighbour discovery: what VMs say of their addresses is learned, and
 * what they ask is answered here if it is known, so that the question need
 * not be flooded over the underlay.
 */

#include <linux/if_arp.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "egress.h"
#include "explain.h"
#include "neigh.h"
#include "segment.h"
#include "suppress.h"

/* Whoever has the address, if it is known and not who asks: a VM that looks
 * whether its own address is taken must hear nothing.
 */
static bool find(const struct weft_pkt *pkt, const struct weft_addr *ip,
		 const u8 *asker, u8 *mac)
{
	struct weft_neigh *neigh;

	neigh = weft_neigh_lookup(&pkt->sw->neighs, pkt->segment->vni, ip);
	if (!neigh)
		return false;
	weft_neigh_mac(neigh, mac);
	return !ether_addr_equal(mac, asker);
}

static void learn(const struct weft_pkt *pkt, const struct weft_addr *ip,
		  const u8 *mac)
{
	if (pkt->explain || !READ_ONCE(pkt->segment->learning))
		return;
	weft_neigh_learn(&pkt->sw->neighs, pkt->segment->vni, ip, mac,
			 READ_ONCE(pkt->segment->scope.ageing));
}

static bool answer(struct sk_buff *reply, const struct weft_pkt *pkt)
{
	if (!reply)
		return false;
	weft_egress_answer(reply, pkt);
	return true;
}

/* --- ARP (RFC 826) --- */

/* struct arphdr and what follows it on Ethernet with IPv4 */
struct arp_packet {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 sip;
	u8 tha[ETH_ALEN];
	__be32 tip;
} __packed;

static bool arp_valid(const struct arp_packet *arp)
{
	return arp->hdr.ar_hrd == htons(ARPHRD_ETHER) &&
	       arp->hdr.ar_pro == htons(ETH_P_IP) &&
	       arp->hdr.ar_hln == ETH_ALEN && arp->hdr.ar_pln == 4 &&
	       (arp->hdr.ar_op == htons(ARPOP_REQUEST) ||
		arp->hdr.ar_op == htons(ARPOP_REPLY));
}

static bool suppress_arp(struct sk_buff *skb, const struct weft_pkt *pkt)
{
	const struct arp_packet *arp;
	struct weft_addr sip, tip;
	struct sk_buff *reply;
	u8 mac[ETH_ALEN];

	if (!pskb_network_may_pull(skb, sizeof(*arp)))
		return false;
	arp = (struct arp_packet *)skb_network_header(skb);
	if (!arp_valid(arp) ||
	    !ether_addr_equal(arp->sha, eth_hdr(skb)->h_source))
		return false;
	weft_addr_set4(&sip, arp->sip);
	weft_addr_set4(&tip, arp->tip);
	if (weft_addr_unicast(&sip))
		learn(pkt, &sip, arp->sha);

	if (pkt->from_flags & WEFT_END_TUNNEL ||
	    arp->hdr.ar_op != htons(ARPOP_REQUEST) || arp->sip == arp->tip ||
	    !find(pkt, &tip, arp->sha, mac))
		return false;
	if (pkt->explain)
		return true;
	reply = arp_create(ARPOP_REPLY, ETH_P_ARP, arp->sip, pkt->sw->dev,
			   arp->tip, arp->sha, mac, arp->sha);
	if (!reply)
		return false;
	skb_reset_mac_header(reply);
	return answer(reply, pkt);
}

/* --- neighbour discovery (RFC 4861) --- */

/* The link-layer address that a message tells, NULL for none. */
static const u8 *nd_lladdr(const struct nd_msg *msg, unsigned int len, u8 type)
{
	const u8 *opt = msg->opt;
	unsigned int olen;

	len -= sizeof(*msg);
	while (len >= 8) {
		olen = opt[1] * 8;
		if (!olen || olen > len)
			return NULL;
		if (opt[0] == type && olen == 8)
			return opt + 2;
		opt += olen;
		len -= olen;
	}
	return NULL;
}

static bool nd_valid(const struct sk_buff *skb, const struct nd_msg *msg,
		     unsigned int len)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);

	if (msg->icmph.icmp6_code || ipv6_addr_is_multicast(&msg->target))
		return false;
	/* it must be sound, since what it says outlives it */
	return skb->ip_summed == CHECKSUM_PARTIAL ||
	       !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				IPPROTO_ICMPV6, csum_partial(msg, len, 0));
}

/* Advertises @mac for the target of the solicitation in @skb. */
static struct sk_buff *make_advert(const struct sk_buff *skb,
				   const struct nd_msg *ns, const u8 *mac)
{
	const struct ipv6hdr *asked = ipv6_hdr(skb);
	bool dad = ipv6_addr_any(&asked->saddr);
	unsigned int len = sizeof(struct nd_msg) + 8;
	struct ipv6hdr *ip6h;
	struct sk_buff *reply;
	struct nd_msg *na;

	reply = alloc_skb(LL_MAX_HEADER + ETH_HLEN + sizeof(*ip6h) + len,
			  GFP_ATOMIC);
	if (!reply)
		return NULL;
	skb_reserve(reply, LL_MAX_HEADER);
	skb_reset_mac_header(reply);
	skb_put(reply, ETH_HLEN);
	if (dad)
		ipv6_eth_mc_map(&in6addr_linklocal_allnodes,
				eth_hdr(reply)->h_dest);
	else
		ether_addr_copy(eth_hdr(reply)->h_dest,
				eth_hdr(skb)->h_source);
	ether_addr_copy(eth_hdr(reply)->h_source, mac);
	eth_hdr(reply)->h_proto = htons(ETH_P_IPV6);
	reply->protocol = htons(ETH_P_IPV6);

	skb_set_network_header(reply, ETH_HLEN);
	ip6h = skb_put_zero(reply, sizeof(*ip6h));
	ip6h->version = 6;
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = IPPROTO_ICMPV6;
	ip6h->hop_limit = 255;
	ip6h->saddr = ns->target;
	ip6h->daddr = dad ? in6addr_linklocal_allnodes : asked->saddr;

	na = skb_put_zero(reply, len);
	na->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	na->icmph.icmp6_solicited = !dad;
	na->icmph.icmp6_override = 1;
	na->target = ns->target;
	na->opt[0] = ND_OPT_TARGET_LL_ADDR;
	na->opt[1] = 1;
	ether_addr_copy(&na->opt[2], mac);
	na->icmph.icmp6_cksum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr,
						len, IPPROTO_ICMPV6,
						csum_partial(na, len, 0));
	reply->ip_summed = CHECKSUM_UNNECESSARY;
	return reply;
}

static void learn_nd(const struct sk_buff *skb, const struct weft_pkt *pkt,
		     const struct nd_msg *msg, unsigned int len)
{
	bool na = msg->icmph.icmp6_type == NDISC_NEIGHBOUR_ADVERTISEMENT;
	const u8 *mac = nd_lladdr(msg, len, na ? ND_OPT_TARGET_LL_ADDR :
						 ND_OPT_SOURCE_LL_ADDR);
	struct weft_addr ip;

	if (!mac || !ether_addr_equal(mac, eth_hdr(skb)->h_source))
		return;
	weft_addr_set6(&ip, na ? &msg->target : &ipv6_hdr(skb)->saddr);
	if (weft_addr_unicast(&ip))
		learn(pkt, &ip, mac);
}

static bool suppress_nd(struct sk_buff *skb, const struct weft_pkt *pkt)
{
	const unsigned int hlen = sizeof(struct ipv6hdr);
	const struct nd_msg *msg;
	struct sk_buff *reply;
	struct weft_addr ip;
	u8 mac[ETH_ALEN];
	unsigned int len;

	if (!pskb_network_may_pull(skb, hlen + sizeof(*msg)) ||
	    ipv6_hdr(skb)->nexthdr != IPPROTO_ICMPV6 ||
	    ipv6_hdr(skb)->hop_limit != 255)
		return false;
	len = ntohs(ipv6_hdr(skb)->payload_len);
	if (len < sizeof(*msg) || !pskb_network_may_pull(skb, hlen + len))
		return false;
	msg = (struct nd_msg *)(ipv6_hdr(skb) + 1);
	if (msg->icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION &&
	    msg->icmph.icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return false;
	if (!nd_valid(skb, msg, len))
		return false;
	learn_nd(skb, pkt, msg, len);

	weft_addr_set6(&ip, &msg->target);
	if (pkt->from_flags & WEFT_END_TUNNEL ||
	    msg->icmph.icmp6_type != NDISC_NEIGHBOUR_SOLICITATION ||
	    !find(pkt, &ip, eth_hdr(skb)->h_source, mac))
		return false;
	if (pkt->explain)
		return true;
	reply = make_advert(skb, msg, mac);
	return answer(reply, pkt);
}

/**
 * weft_suppress() - learn from ARP and neighbour discovery, and answer it
 * @skb: any frame; stays
 * @pkt: what is known of it; its segment has suppression on
 *
 * Context: softirq or bottom halves off, RCU.
 *
 * Return: true if it was answered (or would be, if it is only a question)
 * and need not go further.
 */
bool weft_suppress(struct sk_buff *skb, const struct weft_pkt *pkt)
{
	/* a VLAN of the VMs' own is a network with addresses of its own */
	if (skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb))
		return false;
	switch (skb->protocol) {
	case htons(ETH_P_ARP):
		return suppress_arp(skb, pkt);
	case htons(ETH_P_IPV6):
		return IS_ENABLED(CONFIG_IPV6) && suppress_nd(skb, pkt);
	}
	return false;
}
