// SPDX-License-Identifier: GPL-2.0
/*
 * Out: from a frame to an outer packet. The template of the peer is written
 * before the frame and patched. Where that may not be, the packet takes the
 * kernel's tunnel transmit.
 */

#include <linux/icmp.h>
#include <linux/jhash.h>
#include <linux/prandom.h>
#include <net/arp.h>
#include <net/dst.h>
#include <net/dst_metadata.h>
#include <net/inet_ecn.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/neighbour.h>
#include <net/route.h>
#include <net/udp_tunnel.h>

#include "compat/compat.h"
#include "guard.h"
#include "link.h"
#include "outer.h"
#include "packet.h"
#include "template.h"
#include "tunnel.h"
#include "uplink.h"

static DEFINE_PER_CPU(struct rnd_state, ident_state);

/**
 * weft_tunnel_overhead() - bytes before the packet of a VM
 * @encap: the encapsulation
 * @family: of the underlay
 *
 * Return: outer IP, UDP and tunnel header, as far as the encapsulation has
 * them, and the inner Ethernet header, but for options of a segment.
 */
unsigned int weft_tunnel_overhead(const struct weft_encap_ops *encap,
				  u32 family)
{
	if (weft_encap_link(encap))
		return encap->hlen + ETH_HLEN;
	return (family == AF_INET6 ? sizeof(struct ipv6hdr) :
				     sizeof(struct iphdr)) +
	       weft_encap_base(encap) + encap->hlen + ETH_HLEN;
}

static enum weft_drop_reason no_template(int err)
{
	switch (err) {
	case -EADDRNOTAVAIL:
		return WEFT_DROP_REASON_NO_LOCAL_ADDRESS;
	case -ELOOP:
		return WEFT_DROP_REASON_ROUTE_LOOP;
	case -ENOMEM:
		return WEFT_DROP_REASON_NO_MEMORY;
	}
	return WEFT_DROP_REASON_NO_ROUTE;
}

/* --- what the outer header takes from the frame --- */

static void read_inner(struct sk_buff *skb, struct weft_inner *inner)
{
	*inner = (struct weft_inner){};
	if (skb->protocol == htons(ETH_P_IP)) {
		if (!pskb_network_may_pull(skb, sizeof(struct iphdr)))
			return;
		inner->dsfield = ip_hdr(skb)->tos;
		inner->ttl = ip_hdr(skb)->ttl;
		inner->df = ip_hdr(skb)->frag_off & htons(IP_DF);
		inner->ip = true;
	} else if (skb->protocol == htons(ETH_P_IPV6)) {
		if (!pskb_network_may_pull(skb, sizeof(struct ipv6hdr)))
			return;
		inner->dsfield = ipv6_get_dsfield(ipv6_hdr(skb));
		inner->ttl = ipv6_hdr(skb)->hop_limit;
		inner->df = true;
		inner->ip = true;
	}
}

static u32 ports_of(const struct sk_buff *skb, unsigned int offset, u8 proto)
{
	const __be32 *ports;
	__be32 buf;

	if (proto != IPPROTO_TCP && proto != IPPROTO_UDP)
		return proto;
	ports = skb_header_pointer(skb, skb_network_offset(skb) + offset,
				   sizeof(buf), &buf);
	return ports ? get_unaligned((u32 *)ports) : proto;
}

/* Spreads flows over source ports as the receiver's queues and the paths of
 * the underlay like it (RFC 7348, 5). A hash that is there is taken; else one
 * over addresses and ports that costs a tenth of the flow dissector.
 */
static u32 flow_hash(const struct sk_buff *skb, const struct weft_inner *inner)
{
	const u8 *mac = skb->data;	/* the last bytes of both differ most */
	u32 a = get_unaligned((u32 *)(mac + 2));
	u32 b = get_unaligned((u32 *)(mac + ETH_ALEN + 2));
	u32 c = 0;

	if (skb->l4_hash || skb->sw_hash)
		return skb->hash;
	if (!inner->ip)
		return jhash_3words(a, b, c, 0);

	if (skb->protocol == htons(ETH_P_IP)) {
		const struct iphdr *iph = ip_hdr(skb);

		a ^= (__force u32)iph->saddr;
		b ^= (__force u32)iph->daddr;
		if (!ip_is_fragment(iph))
			c = ports_of(skb, iph->ihl * 4, iph->protocol);
	} else {
		const struct ipv6hdr *ip6h = ipv6_hdr(skb);

		a ^= jhash2((const u32 *)&ip6h->saddr, 4, 0);
		b ^= jhash2((const u32 *)&ip6h->daddr, 4, 0);
		c = ports_of(skb, sizeof(*ip6h), ip6h->nexthdr);
	}
	return jhash_3words(a, b, c, 0);
}

/* --- size --- */

/* Bytes of the segment's options */
static unsigned int extra_len(const struct weft_segment *segment,
			      const struct weft_template *t)
{
	const struct weft_extra *extra = weft_segment_extra(segment, t->encap);

	return extra ? extra->len : 0;
}

static unsigned int room(const struct weft_template *t,
			 const struct weft_segment *segment)
{
	unsigned int limit = READ_ONCE(segment->mtu);
	unsigned int mtu = weft_path_mtu_known(t) ? dst_mtu(t->dst) : t->mtu;

	mtu -= t->len + ETH_HLEN;
	if (unlikely(rcu_access_pointer(segment->extra)))
		mtu -= extra_len(segment, t);
	return limit ? min(mtu, limit) : mtu;
}

/* May a packet that does not fit be sent all the same, in outer fragments? */
static bool may_fragment(const struct weft_config *config,
			 const struct weft_segment *segment,
			 const struct sk_buff *skb,
			 const struct weft_inner *inner)
{
	unsigned int limit = READ_ONCE(segment->mtu);

	return !weft_outer_df(config, inner) &&
	       (!limit || weft_frame_fits(skb, limit));
}

/* --- sending --- */

/**
 * struct way - what a frame is sent with
 * @config: of the switch
 * @peer: where to
 * @t: how
 * @extra: what the segment adds, or NULL
 * @inner: what the outer header takes from the frame
 * @vni: the segment
 * @hash: of the flow
 */
struct way {
	const struct weft_config *config;
	struct weft_peer *peer;
	const struct weft_template *t;
	const struct weft_extra *extra;
	struct weft_inner inner;
	u32 vni;
	u32 hash;
};

/* Of an aggregate: an outer UDP header may have a checksum. */
static u32 gso_type(const struct way *way)
{
	const struct weft_config *config = way->config;
	bool csum = way->peer->key.ip.family == AF_INET6 ?
		    !config->zero_csum6_tx : config->udp_csum;

	return csum ? way->t->encap->gso_type_csum : way->t->encap->gso_type;
}

/* Makes space and tells the offloads that there is an inner packet. */
static int prepare(struct sk_buff **pskb, const struct way *way)
{
	const struct weft_template *t = way->t;
	struct sk_buff *skb = *pskb;
	unsigned int headroom;

	headroom = LL_RESERVED_SPACE(dst_dev(t->dst)) + t->dst->header_len +
		   t->len;
	if (unlikely(way->extra))
		headroom += way->extra->len;
	if (skb_vlan_tag_present(skb)) {
		headroom += VLAN_HLEN;
		skb = __vlan_hwaccel_push_inside(skb);
		*pskb = skb;
		if (!skb)
			return -ENOMEM;
	}
	if (skb_cow_head(skb, headroom))
		return -ENOMEM;
	if (iptunnel_handle_offloads(skb, gso_type(way)))
		return -ENOMEM;
	skb_set_inner_protocol(skb, htons(ETH_P_TEB));
	return 0;
}

/* An IP ID that nobody off the path can foresee (RFC 7739), without a write
 * that CPUs share.
 */
static u16 next_ident(void)
{
	return prandom_u32_state(this_cpu_ptr(&ident_state));
}

static void finish_ip4(struct sk_buff *skb, const struct weft_config *config,
		       u8 ttl, u8 dsfield, bool df)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons(skb->len);
	iph->tos = dsfield;
	iph->ttl = ttl;
	/* it fits: only a router further on may cut it */
	if (df)
		iph->frag_off = htons(IP_DF);
	else
		iph->id = (__force __be16)next_ident();
	ip_send_check(iph);
	if (iph->protocol == IPPROTO_UDP)
		udp_set_csum(!config->udp_csum, skb, iph->saddr, iph->daddr,
			     skb->len - sizeof(*iph));
}

static void finish_ip6(struct sk_buff *skb, const struct weft_config *config,
		       u8 ttl, u8 dsfield)
{
	struct ipv6hdr *ip6h = ipv6_hdr(skb);

	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	ip6_flow_hdr(ip6h, dsfield, 0);
	ip6h->hop_limit = ttl;
	if (ip6h->nexthdr == IPPROTO_UDP)
		udp6_set_csum(config->zero_csum6_tx, skb, &ip6h->saddr,
			      &ip6h->daddr, skb->len - sizeof(*ip6h));
}

static struct neighbour *neighbour(const struct weft_template *t,
				   struct sk_buff *skb, bool *is_v6gw)
{
	struct net_device *dev = dst_dev(t->dst);
	struct neighbour *neigh;

	if (skb->protocol == htons(ETH_P_IP))
		return ip_neigh_for_gw(dst_rtable(t->dst), skb, is_v6gw);
	neigh = __ipv6_neigh_lookup_noref(dev,
			rt6_nexthop(dst_rt6_info(t->dst),
				    &ipv6_hdr(skb)->daddr));
	return neigh ?: ERR_PTR(-ENOENT);
}

/* @mac is given, or 0 and there is a neighbour. */
static int output(struct sk_buff *skb, const struct weft_template *t, u64 mac,
		  struct neighbour *neigh, bool is_v6gw)
{
	struct net_device *dev = dst_dev(t->dst);
	u8 lladdr[ETH_ALEN];

	skb->dev = dev;
	if (likely(!mac))
		return neigh_output(neigh, skb, is_v6gw);

	u64_to_ether_addr(mac, lladdr);
	if (dev_hard_header(skb, dev, ntohs(skb->protocol), lladdr, NULL,
			    skb->len) < 0) {
		kfree_skb(skb);
		return NET_XMIT_DROP;
	}
	return dev_queue_xmit(skb);
}

/* Is the template good for sending to @peer now? */
static bool may_be_fast(const struct weft_config *config,
			const struct weft_peer *peer,
			const struct weft_template *t)
{
	if (!t->fast || config->fastpath == WEFT_FASTPATH_OFF ||
	    !(dst_dev(t->dst)->flags & IFF_UP))
		return false;
	if (weft_path_mtu_known(t) && weft_mtu_locked(peer, t->dst))
		return false;
	return config->fastpath == WEFT_FASTPATH_ON ||
	       !weft_guard_out(peer->sw->net, peer->key.ip.family);
}

/* Finds the Ethernet address: a multicast group or a peer whose address was
 * given has no neighbour that would have to be resolved.
 */
static struct neighbour *resolved(const struct weft_template *t,
				  struct sk_buff *skb, bool *is_v6gw)
{
	struct neighbour *neigh = neighbour(t, skb, is_v6gw);

	if (IS_ERR(neigh) || !(READ_ONCE(neigh->nud_state) & NUD_VALID))
		return NULL;
	return neigh;
}

/* Copies whole words, the first of which may begin in the space before. */
static void copy_header(u8 *to, const struct weft_template *t)
{
	unsigned int len = round_up(t->len, sizeof(u64));
	const u8 *from = t->header + WEFT_HEADER_MAX - len;
	unsigned int i;

	to -= len - t->len;
	for (i = 0; i < len; i += sizeof(u64))
		put_unaligned(*(const u64 *)(from + i), (u64 *)(to + i));
}

static u32 flow_id(const struct way *way)
{
	if (likely(!way->t->encap->flow_mask) ||
	    way->config->port_low == way->config->port_high)
		return 0;
	return way->hash & way->t->encap->flow_mask;
}

/* What a template does not say: the segment, the flow, the options. */
static void patch_tunnel(u8 *header, const struct way *way)
{
	const struct weft_encap_ops *encap = way->t->encap;

	*(__be32 *)(header + encap->vni_offset) |=
		cpu_to_be32(way->vni << 8 | flow_id(way));
	if (unlikely(way->extra))
		*(__be32 *)header |= way->extra->word;
}

static void push_extra(struct sk_buff *skb, const struct weft_extra *extra)
{
	if (unlikely(extra))
		memcpy(__skb_push(skb, extra->len), extra->data, extra->len);
}

static void push_template(struct sk_buff *skb, const struct way *way)
{
	const struct weft_template *t = way->t;
	struct udphdr *uh;
	u8 *header;

	push_extra(skb, way->extra);
	header = __skb_push(skb, t->len);
	copy_header(header, t);
	patch_tunnel(header + t->tunnel, way);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, t->ip_len);
	if (weft_encap_bare(t->encap))
		return;
	uh = udp_hdr(skb);
	uh->source = htons(weft_outer_sport(way->config, way->hash));
	uh->len = htons(skb->len - t->ip_len);
}

static const u8 *tunnel_header_of(const struct weft_template *t)
{
	return t->header + WEFT_HEADER_MAX - t->len + t->tunnel;
}

/* The outer IP header as the frame has it, and what follows from it. */
static void finish_ip(struct sk_buff *skb, const struct way *way)
{
	const struct weft_config *config = way->config;
	u8 ttl = weft_outer_ttl(config, &way->inner, way->t->ttl);
	u8 dsfield = weft_outer_dsfield(config, &way->inner);

	if (way->peer->key.ip.family == AF_INET6)
		finish_ip6(skb, config, ttl, dsfield);
	else
		finish_ip4(skb, config, ttl, dsfield,
			   weft_outer_df(config, &way->inner));
}

static __be16 outer_protocol(const struct way *way)
{
	return way->peer->key.ip.family == AF_INET6 ? htons(ETH_P_IPV6) :
						      htons(ETH_P_IP);
}

/* What send_slow() does, for encapsulations right behind IP. */
static void send_bare(struct sk_buff *skb, const struct way *way)
{
	struct net *net = way->peer->sw->net;

	push_template(skb, way);
	skb_scrub_packet(skb, true);
	skb_clear_hash_if_not_l4(skb);
	skb_dst_set(skb, dst_clone(way->t->dst));
	skb->protocol = outer_protocol(way);
	skb->ignore_df = !weft_outer_df(way->config, &way->inner);
	skb->dev = NULL;
	memset(skb->cb, 0, sizeof(skb->cb));
	finish_ip(skb, way);
	if (skb->protocol == htons(ETH_P_IPV6))
		weft_ip6_local_out(net, skb);
	else
		ip_local_out(net, NULL, skb);
}

/* The kernel's tunnel transmit: netfilter, IPsec, fragments, resolution. */
static void send_slow(struct sk_buff *skb, const struct way *way)
{
	const struct weft_config *config = way->config;
	const struct weft_template *t = way->t;
	struct weft_peer *peer = way->peer;
	struct sock *sk = weft_uplink_sk(peer->sw, t->encap,
					 peer->key.ip.family);
	__be16 sport = htons(weft_outer_sport(config, way->hash));
	u8 ttl = weft_outer_ttl(config, &way->inner, t->ttl);
	u8 dsfield = weft_outer_dsfield(config, &way->inner);
	bool df = weft_outer_df(config, &way->inner);
	__be16 port = weft_vtep_port(t->encap, config);
	unsigned int hlen = t->len - t->tunnel;
	u8 *header;

	if (weft_encap_bare(t->encap)) {
		send_bare(skb, way);
		return;
	}
	push_extra(skb, way->extra);
	header = __skb_push(skb, hlen);
	memcpy(header, tunnel_header_of(t), hlen);
	patch_tunnel(header, way);
	skb->dev = NULL;	/* keep the device's statistics out of it */
	dst_hold(t->dst);
	if (peer->key.ip.family == AF_INET6) {
		skb->ignore_df = !df;
		weft_udp_tunnel6_xmit(t->dst, sk, skb, &t->src.v6,
				      &peer->key.ip.v6, dsfield, ttl, sport,
				      port, config->zero_csum6_tx);
	} else {
		weft_udp_tunnel_xmit(dst_rtable(t->dst), sk, skb, t->src.v4,
				     peer->key.ip.v4, dsfield, ttl,
				     df ? htons(IP_DF) : 0, sport, port,
				     !config->udp_csum);
	}
}

static void send_fast(struct sk_buff *skb, const struct way *way)
{
	const struct weft_template *t = way->t;
	u64 mac = READ_ONCE(way->peer->mac);
	struct neighbour *neigh = NULL;
	unsigned int len = skb->len;
	bool is_v6gw = false;

	push_template(skb, way);
	skb->protocol = outer_protocol(way);
	if (likely(!mac)) {
		neigh = resolved(t, skb, &is_v6gw);
		if (unlikely(!neigh)) {
			__skb_pull(skb, skb->len - len);
			send_slow(skb, way);
			return;
		}
	}
	finish_ip(skb, way);
	output(skb, t, mac, neigh, is_v6gw);
}

/* Is there a way, and does the frame fit? Sets *@fits to whether it does
 * without fragments, *@mtu to what would fit.
 */
static enum weft_drop_reason check(struct sk_buff *skb,
				   const struct weft_config *config,
				   const struct weft_segment *segment,
				   const struct weft_template *t,
				   const struct weft_inner *inner, bool *whole,
				   unsigned int *mtu)
{
	*mtu = room(t, segment);
	*whole = weft_frame_fits(skb, *mtu);
	if (*whole || may_fragment(config, segment, skb, inner))
		return WEFT_DROP_REASON_NONE;
	return WEFT_DROP_REASON_MTU;
}

/**
 * weft_tunnel_xmit() - send a frame to a peer
 * @skb: the frame, data at its Ethernet header, network header set
 * @peer: the peer or group
 * @segment: its segment
 * @mtu: set, if the reason is WEFT_DROP_REASON_MTU, to what would fit
 *
 * Context: softirq or bottom halves off, RCU.
 *
 * Return: WEFT_DROP_REASON_NONE if @skb was consumed (and may since have been
 * dropped by the underlay), else why it was not and still is the caller's;
 * WEFT_DROP_REASON_NO_MEMORY alone means that it is gone all the same.
 */
enum weft_drop_reason weft_tunnel_xmit(struct sk_buff *skb,
				       struct weft_peer *peer,
				       const struct weft_segment *segment,
				       unsigned int *mtu)
{
	const struct weft_encap_ops *encap = weft_segment_spoken(segment, peer);
	const struct weft_config *config = rcu_dereference(peer->sw->config);
	struct way way = { .config = config, .peer = peer,
			   .vni = segment->vni };
	const struct weft_template *t;
	enum weft_drop_reason reason;
	bool whole;

	if (unlikely(dev_recursion_level() > IP_TUNNEL_RECURSION_LIMIT))
		return WEFT_DROP_REASON_RECURSION;
	if (unlikely(weft_encap_link(encap)))
		return weft_link_xmit(skb, peer, encap, segment, mtu);
	t = weft_template(peer, encap);
	if (IS_ERR(t))
		return no_template(PTR_ERR(t));
	way.t = t;
	read_inner(skb, &way.inner);
	reason = check(skb, config, segment, t, &way.inner, &whole, mtu);
	if (reason)
		return reason;

	way.extra = weft_segment_extra(segment, t->encap);
	way.hash = flow_hash(skb, &way.inner);
	if (prepare(&skb, &way)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return WEFT_DROP_REASON_NO_MEMORY;
	}
	if (whole && may_be_fast(config, peer, t))
		send_fast(skb, &way);
	else
		send_slow(skb, &way);
	return WEFT_DROP_REASON_NONE;
}

/**
 * weft_tunnel_dev() - the device that a frame could be left to
 * @skb: the frame
 * @peer: the peer
 * @segment: its segment
 *
 * Context: as weft_tunnel_xmit(). Return: the device by which it would leave,
 * in one piece and without anybody else in the underlay having a say; else
 * NULL.
 */
struct net_device *weft_tunnel_dev(struct sk_buff *skb,
				   struct weft_peer *peer,
				   const struct weft_segment *segment)
{
	const struct weft_encap_ops *encap = weft_segment_spoken(segment, peer);
	const struct weft_config *config = rcu_dereference(peer->sw->config);
	const struct weft_template *t;

	if (weft_encap_link(encap))
		return NULL;
	t = weft_template(peer, encap);
	if (IS_ERR(t) || !may_be_fast(config, peer, t) ||
	    !weft_frame_fits(skb, room(t, segment)))
		return NULL;
	return dst_dev(t->dst);
}

/**
 * weft_tunnel_encrypted() - is what goes to a peer encrypted on the way?
 * @peer: the peer or group
 * @segment: the segment
 *
 * By IPsec, that is: by which algorithm is for its policy to say. Context: as
 * weft_tunnel_xmit().
 */
bool weft_tunnel_encrypted(struct weft_peer *peer,
			   const struct weft_segment *segment)
{
	const struct weft_encap_ops *encap = weft_segment_spoken(segment, peer);
	const struct weft_template *t;

	if (weft_encap_link(encap))
		return false;
	t = weft_template(peer, encap);
	return !IS_ERR(t) && dst_xfrm(t->dst);
}

/**
 * weft_tunnel_check() - would weft_tunnel_xmit() send a frame?
 * @skb: the frame
 * @peer: the peer or group
 * @segment: its segment
 *
 * Context: as weft_tunnel_xmit(). Return: likewise; @skb stays.
 */
enum weft_drop_reason weft_tunnel_check(struct sk_buff *skb,
					struct weft_peer *peer,
					const struct weft_segment *segment)
{
	const struct weft_encap_ops *encap = weft_segment_spoken(segment, peer);
	const struct weft_config *config = rcu_dereference(peer->sw->config);
	const struct weft_template *t;
	struct weft_inner inner;
	unsigned int mtu;
	bool whole;

	if (weft_encap_link(encap))
		return weft_link_check(skb, peer, encap, segment);
	t = weft_template(peer, encap);
	if (IS_ERR(t))
		return no_template(PTR_ERR(t));
	read_inner(skb, &inner);
	return check(skb, config, segment, t, &inner, &whole, &mtu);
}

/**
 * weft_tunnel_icmp() - turn a frame that is too big into the answer to it
 * @skb: the frame; on success an ICMP or ICMPv6 error for who sent it, with
 *	its Ethernet header
 * @peer: where it was to go
 * @segment: its segment
 * @mtu: what would fit
 *
 * Context: as weft_tunnel_xmit(). Return: false if no error may be sent for
 * such a frame, which is unchanged then.
 */
bool weft_tunnel_icmp(struct sk_buff *skb, struct weft_peer *peer,
		      const struct weft_segment *segment, unsigned int mtu)
{
	const struct weft_encap_ops *encap = weft_segment_spoken(segment, peer);
	const struct weft_template *t = NULL;

	if (!weft_encap_link(encap))
		t = weft_template(peer, encap);
	if (IS_ERR(t))
		return false;
	if (skb_vlan_tag_present(skb))
		mtu -= VLAN_HLEN;
	if (skb->protocol == htons(ETH_P_IP)) {
		if (!pskb_network_may_pull(skb, sizeof(struct iphdr)))
			return false;
		skb_set_transport_header(skb, skb_network_offset(skb) +
					 ip_hdrlen(skb));
		if (!pskb_may_pull(skb, skb_transport_offset(skb) +
				   sizeof(struct icmphdr)))
			return false;
	}
	if (!t)
		return weft_link_icmp(skb, mtu);
	return skb_tunnel_check_pmtu(skb, t->dst, dst_mtu(t->dst) - mtu,
				     true) > 0;
}

static int link_route(const struct weft_peer *peer,
		      const struct weft_encap_ops *encap,
		      struct weft_route *route)
{
	struct net_device *dev = weft_link_dev(peer, encap, &route->mtu);

	if (!dev)
		return -ENETUNREACH;
	route->plain = true;
	route->ifindex = dev->ifindex;
	route->nexthop = peer->key.ip;
	return 0;
}

/**
 * weft_tunnel_route() - tell how a peer is reached
 * @peer: the peer or group
 * @encap: the encapsulation
 * @route: filled in
 *
 * Context: process, bottom halves off, RCU. Return: 0 or an error: there is
 * no way now.
 */
int weft_tunnel_route(struct weft_peer *peer,
		      const struct weft_encap_ops *encap,
		      struct weft_route *route)
{
	const struct weft_template *t;

	if (weft_encap_link(encap))
		return link_route(peer, encap, route);
	t = weft_template(peer, encap);
	if (IS_ERR(t))
		return PTR_ERR(t);
	route->plain = t->fast;
	route->mtu = dst_mtu(t->dst) - t->len - ETH_HLEN;
	route->ifindex = dst_dev(t->dst)->ifindex;
	route->nexthop = peer->key.ip;
	if (peer->key.ip.family == AF_INET6)
		route->nexthop.v6 = *rt6_nexthop(dst_rt6_info(t->dst),
						 &peer->key.ip.v6);
	else if (dst_rtable(t->dst)->rt_gw_family == AF_INET)
		route->nexthop.v4 = dst_rtable(t->dst)->rt_gw4;
	else if (dst_rtable(t->dst)->rt_gw_family == AF_INET6)
		weft_addr_set6(&route->nexthop,
			       &dst_rtable(t->dst)->rt_gw6);
	return 0;
}

/** weft_tunnel_module_init() - once, at start */
void weft_tunnel_module_init(void)
{
	prandom_seed_full_state(&ident_state);
}
