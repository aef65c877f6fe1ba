// SPDX-License-Identifier: GPL-2.0
/* Outer headers, put on; ECN as RFC 6040. */

#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "frame.h"
#include "nic.h"
#include "outer.h"
#include "tunnel.h"
#include "wire.h"

/* The MAC address that leads to a VTEP, or to a group; NULL if none does. */
static const u8 *next_hop(const struct hw_vtep *vtep,
			  const struct in6_addr *ip, const u8 *mac)
{
	if (is_multicast_ether_addr(mac))
		return mac;
	if (is_zero_ether_addr(mac) ||
	    !ipv6_prefix_equal(ip, &vtep->ip, vtep->prefix))
		mac = vtep->gateway_mac;
	return is_zero_ether_addr(mac) ? NULL : mac;
}

static u8 ttl_to(const struct hw_vtep *vtep, const struct in6_addr *ip)
{
	bool group = ipv6_addr_v4mapped(ip) ?
		     ipv4_is_multicast(ip->s6_addr32[3]) :
		     ipv6_addr_is_multicast(ip);

	return group ? vtep->group_ttl : vtep->ttl;
}

static void push_v4(struct sk_buff *skb, struct hw_vtep *vtep,
		    const struct in6_addr *ip, u8 proto, u8 tos, bool df)
{
	unsigned int len = skb->len;
	struct udphdr *uh = (void *)skb->data;
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	*iph = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tos = tos,
		.tot_len = htons(skb->len),
		.id = df ? 0 : htons(vtep->id++),
		.frag_off = df ? htons(IP_DF) : 0,
		.ttl = ttl_to(vtep, ip),
		.protocol = proto,
		.saddr = vtep->ip.s6_addr32[3],
		.daddr = ip->s6_addr32[3],
	};
	iph->check = ip_fast_csum(iph, iph->ihl);
	if (proto == IPPROTO_UDP && vtep->csum)
		uh->check = csum_tcpudp_magic(iph->saddr, iph->daddr, len,
					      IPPROTO_UDP,
					      csum_partial(uh, len, 0)) ?:
			CSUM_MANGLED_0;
}

static void push_v6(struct sk_buff *skb, const struct hw_vtep *vtep,
		    const struct in6_addr *ip, u8 proto, u8 tos)
{
	unsigned int len = skb->len;
	struct udphdr *uh = (void *)skb->data;
	struct ipv6hdr *ip6h = skb_push(skb, sizeof(*ip6h));

	ip6_flow_hdr(ip6h, tos, 0);
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = proto;
	ip6h->hop_limit = ttl_to(vtep, ip);
	ip6h->saddr = vtep->ip;
	ip6h->daddr = *ip;
	if (proto != IPPROTO_UDP)
		return;
	uh->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				    IPPROTO_UDP, csum_partial(uh, len, 0)) ?:
		CSUM_MANGLED_0;
}

static void push_headers(struct sk_buff *skb, struct hw_vtep *vtep,
			 const struct hw_segment *segment,
			 const struct in6_addr *ip, const u8 *mac)
{
	u8 proto = hw_tunnel_protocol(segment);
	bool v6 = !ipv6_addr_v4mapped(ip);
	struct ethhdr *eth;
	bool df;
	u8 tos;

	df = vtep->df || (vtep->df_inherit && hw_frame_df(skb));
	tos = (vtep->tos & ~INET_ECN_MASK) |
		(hw_frame_tos(skb) & INET_ECN_MASK);
	hw_tunnel_push(skb, vtep, segment);
	if (v6)
		push_v6(skb, vtep, ip, proto, tos);
	else
		push_v4(skb, vtep, ip, proto, tos, df);
	eth = skb_push(skb, sizeof(*eth));
	ether_addr_copy(eth->h_dest, mac);
	ether_addr_copy(eth->h_source, vtep->mac);
	eth->h_proto = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
}

/* Bytes that come before the frame, less the outer Ethernet header. */
static unsigned int overhead(const struct hw_segment *segment,
			     const struct in6_addr *ip)
{
	unsigned int l3 = ipv6_addr_v4mapped(ip) ? sizeof(struct iphdr) :
		sizeof(struct ipv6hdr);

	return l3 + hw_tunnel_len(segment);
}

/**
 * hw_encap() - send a frame through the tunnel
 * @f: whose frame it is
 * @skb: the frame, made by hw_frame_alloc(), parsed; consumed
 * @segment: its segment, which has an encapsulation
 * @ip: VTEP or group that it goes to
 * @mac: MAC address that belongs to it, may be zero
 */
void hw_encap(struct hw_function *f, struct sk_buff *skb,
	      const struct hw_segment *segment, const struct in6_addr *ip,
	      const u8 *mac)
{
	struct hw_nic *nic = f->nic;
	struct hw_vtep *vtep = hw_vtep(nic, ip);

	if (!vtep->used) {
		nic->counters.no_vtep++;
		goto drop;
	}
	mac = next_hop(vtep, ip, mac);
	if (!mac) {
		nic->counters.no_mac++;
		goto drop;
	}
	if (skb->len + overhead(segment, ip) > hw_wire_mtu(nic)) {
		f->stats.tx_too_long++;
		goto drop;
	}
	push_headers(skb, vtep, segment, ip, mac);
	nic->counters.encapsulated++;
	__skb_queue_tail(&nic->out, skb);
	return;

drop:
	kfree_skb(skb);
}
