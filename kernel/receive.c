// SPDX-License-Identifier: GPL-2.0
/*
 * In: from an outer packet to a frame. The tunnel socket takes what the
 * network stack hands it; the rx handler of an uplink is its short cut, and
 * leaves to the stack all that the stack might treat otherwise.
 */

#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip6_checksum.h>
#include <net/ip_tunnels.h>
#include <net/l3mdev.h>
#include <net/udp_tunnel.h>
#include <net/xfrm.h>

#include "compat/compat.h"
#include "drop.h"
#include "guard.h"
#include "link.h"
#include "peer.h"
#include "segment.h"
#include "trunk.h"
#include "uplink.h"

/**
 * struct outer - what an outer packet says
 * @src: who sent it
 * @dst: to whom
 * @dsfield: its TOS or traffic class
 * @protocol: what IP carries
 * @ifindex: the device it came in by
 */
struct outer {
	struct weft_addr src;
	struct weft_addr dst;
	u8 dsfield;
	u8 protocol;
	int ifindex;
};

static weft_upper_t upper __read_mostly;

/** weft_uplink_set_upper() - who takes the frames; once, at start */
void weft_uplink_set_upper(weft_upper_t take)
{
	upper = take;
}

/* --- whose packet is it? --- */

static struct weft_switch *find_group(const struct weft_sock *ws, u32 vni,
				      const struct outer *outer)
{
	struct weft_segment *segment;
	struct weft_vtep *vtep;

	hlist_for_each_entry_rcu(vtep, &ws->vteps, ws_node) {
		segment = weft_segment_lookup(vtep->sw, vni);
		if (segment && weft_uplink_has(vtep->sw, outer->ifindex) &&
		    weft_segment_in_group(segment, &outer->dst))
			return vtep->sw;
	}
	return NULL;
}

/* A switch to count a drop at where the packet was meant for none. */
static struct weft_switch *any_switch(const struct weft_sock *ws)
{
	struct weft_vtep *vtep;

	vtep = hlist_entry_safe(rcu_dereference(hlist_first_rcu(&ws->vteps)),
				struct weft_vtep, ws_node);
	return vtep ? vtep->sw : NULL;
}

static struct weft_switch *find_switch(const struct weft_sock *ws, u32 vni,
				       const struct outer *outer)
{
	struct weft_vtep *vtep;

	if (weft_addr_multicast(&outer->dst))
		return find_group(ws, vni, outer);
	vtep = weft_vtep_lookup(weft_net(ws->net), &outer->dst, ws->port);
	return vtep ? vtep->sw : NULL;
}

/* --- what is in it? --- */

static enum weft_drop_reason check_source(const struct weft_config *config,
					  const struct weft_addr *src)
{
	const struct weft_addr *local = weft_local(config, src->family);

	if (!weft_addr_unicast(src))
		return WEFT_DROP_REASON_BAD_SOURCE_VTEP;
	if (weft_addr_equal(src, local))
		return WEFT_DROP_REASON_OWN_SOURCE;
	if (weft_addr_link(src) && !weft_addr_neighbours(src, local))
		return WEFT_DROP_REASON_BAD_SOURCE_VTEP;
	return WEFT_DROP_REASON_NONE;
}

/* May what is spoken by @peer (NULL for one that is none) be that? Another
 * encapsulation than the segment's takes a peer that was told to speak it, or
 * that the segment floods to in it.
 */
static bool may_speak(const struct weft_segment *segment,
		      const struct weft_peer *peer,
		      const struct weft_encap_ops *encap)
{
	const struct weft_encap_ops *told;

	if (likely(READ_ONCE(segment->encap) == encap) || !encap)
		return true;
	if (!peer)
		return false;
	told = READ_ONCE(peer->encap);
	if (told)
		return told == encap;
	return weft_segment_spoken(segment, peer) == encap &&
	       weft_segment_floods_to(segment, &peer->dest);
}

/**
 * weft_receive_check() - may a VTEP send into a segment?
 * @sw: the switch
 * @src: the VTEP
 * @vni: the segment
 * @encap: what it spoke, NULL for what it should
 * @pkt: gets the segment, and the peer if it is one
 *
 * Context: RCU. Return: WEFT_DROP_REASON_NONE, or why not.
 */
enum weft_drop_reason weft_receive_check(struct weft_switch *sw,
					 const struct weft_addr *src, u32 vni,
					 const struct weft_encap_ops *encap,
					 struct weft_pkt *pkt)
{
	const struct weft_config *config = rcu_dereference(sw->config);
	enum weft_drop_reason reason;
	struct weft_peer *peer;

	reason = check_source(config, src);
	if (unlikely(reason))
		return reason;
	pkt->segment = weft_segment_lookup(sw, vni);
	if (unlikely(!pkt->segment))
		return WEFT_DROP_REASON_UNKNOWN_VNI;
	peer = weft_peer_lookup(sw, src, 0);
	if (unlikely(!may_speak(pkt->segment, peer, encap)))
		return WEFT_DROP_REASON_ENCAP_MISMATCH;
	if (likely(peer))
		pkt->from = &peer->dest;
	else if (config->sources == WEFT_SOURCES_KNOWN)
		return WEFT_DROP_REASON_UNKNOWN_PEER;
	return WEFT_DROP_REASON_NONE;
}

/* Who sends an aggregate on wants to know where its transport header is, and
 * that can't be the outer one any more. Aggregates leave their checksum to be
 * finished, which tells.
 */
static bool find_transport(struct sk_buff *skb)
{
	int offset;

	if (likely(!skb_is_gso(skb)))
		return true;
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return false;
	offset = skb_checksum_start_offset(skb);
	if (offset < ETH_HLEN || offset >= skb_headlen(skb))
		return false;
	skb_set_transport_header(skb, offset);
	return true;
}

static enum weft_drop_reason check_options(struct sk_buff *skb,
					   unsigned int base,
					   unsigned int hlen,
					   const struct weft_encap_ops *encap,
					   const struct weft_pkt *pkt)
{
	if (!pskb_may_pull(skb, base + hlen))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	return encap->options(skb->data + base, hlen,
			      weft_segment_extra(pkt->segment, encap));
}

/* Takes the headers off. On success the frame is as struct weft_pkt says. */
static enum weft_drop_reason strip(struct sk_buff *skb, unsigned int hlen,
				   const struct weft_switch *sw, u8 dsfield)
{
	struct ethhdr *eth;

	if (__iptunnel_pull_header(skb, hlen, htons(ETH_P_TEB), false, true))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb_init_secmark(skb);
	skb_forward_csum(skb);
	eth = eth_hdr(skb);
	if (!is_valid_ether_addr(eth->h_source))
		return WEFT_DROP_REASON_BAD_SOURCE_MAC;
	if (!find_transport(skb))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	skb->dev = sw->dev;

	if (likely(!(dsfield & INET_ECN_MASK)))
		return WEFT_DROP_REASON_NONE;
	if (skb->protocol == htons(ETH_P_IP) &&
	    pskb_network_may_pull(skb, sizeof(struct iphdr)) &&
	    INET_ECN_decapsulate(skb, dsfield, ip_hdr(skb)->tos) > 1)
		return WEFT_DROP_REASON_ECN;
	if (skb->protocol == htons(ETH_P_IPV6) &&
	    pskb_network_may_pull(skb, sizeof(struct ipv6hdr)) &&
	    INET_ECN_decapsulate(skb, dsfield,
				 ipv6_get_dsfield(ipv6_hdr(skb))) > 1)
		return WEFT_DROP_REASON_ECN;
	return WEFT_DROP_REASON_NONE;
}

static void drop(struct weft_switch *sw, struct sk_buff *skb,
		 const struct weft_pkt *pkt, enum weft_drop_reason reason)
{
	if (sw)
		weft_drop(sw, pkt->segment ? pkt->segment->vni : 0, skb,
			  reason);
	else
		kfree_skb(skb);
}

/**
 * weft_receive_frame() - take a frame out of its headers and up
 * @skb: the packet; consumed
 * @pkt: what weft_receive_check() has found of it
 * @hlen: bytes before the frame
 * @dsfield: TOS or traffic class of the outer header, 0 for none
 *
 * Context: softirq, RCU.
 */
void weft_receive_frame(struct sk_buff *skb, struct weft_pkt *pkt,
			unsigned int hlen, u8 dsfield)
{
	enum weft_drop_reason reason = strip(skb, hlen, pkt->sw, dsfield);

	if (unlikely(reason))
		drop(pkt->sw, skb, pkt, reason);
	else
		upper(skb, pkt);
}

/* @skb has its data behind the IP header and is consumed. @sw: whose it is, if
 * that is known.
 */
static void receive(const struct weft_sock *ws, struct weft_switch *sw,
		    struct sk_buff *skb, const struct outer *outer)
{
	struct weft_pkt pkt = { .from_flags = WEFT_END_TUNNEL,
				.src = &outer->src };
	unsigned int base = weft_encap_base(ws->encap);
	unsigned int len = min_t(unsigned int, skb->len,
				 base + ws->encap->hlen);
	enum weft_drop_reason reason;
	unsigned int hlen;
	u32 vni;

	if (!pskb_may_pull(skb, len) || len < base) {
		drop(any_switch(ws), skb, &pkt,
		     WEFT_DROP_REASON_TUNNEL_HEADER);
		return;
	}
	reason = ws->encap->parse(skb->data + base, len - base, &vni, &hlen);
	if (reason) {
		drop(any_switch(ws), skb, &pkt, reason);
		return;
	}
	pkt.sw = sw ?: find_switch(ws, vni, outer);
	if (unlikely(!pkt.sw)) {
		drop(any_switch(ws), skb, &pkt, WEFT_DROP_REASON_WRONG_VTEP);
		return;
	}
	if (likely(weft_uplink_has(pkt.sw, outer->ifindex)))
		reason = weft_receive_check(pkt.sw, &outer->src, vni,
					    ws->encap, &pkt);
	else
		reason = WEFT_DROP_REASON_NOT_UPLINK;
	if (likely(!reason) && unlikely(hlen > ws->encap->hlen))
		reason = check_options(skb, base, hlen, ws->encap, &pkt);
	if (unlikely(reason))
		drop(pkt.sw, skb, &pkt, reason);
	else
		weft_receive_frame(skb, &pkt, base + hlen, outer->dsfield);
}

/* --- by the socket --- */

static void read_outer4(const struct iphdr *iph, struct outer *outer)
{
	weft_addr_set4(&outer->src, iph->saddr);
	weft_addr_set4(&outer->dst, iph->daddr);
	outer->dsfield = iph->tos;
	outer->protocol = iph->protocol;
}

static void read_outer6(const struct ipv6hdr *ip6h, struct outer *outer)
{
	weft_addr_set6(&outer->src, &ip6h->saddr);
	weft_addr_set6(&outer->dst, &ip6h->daddr);
	outer->dsfield = ipv6_get_dsfield(ip6h);
	outer->protocol = ip6h->nexthdr;
}

/**
 * weft_receive() - a packet for the tunnel socket
 * @sk: the socket
 * @skb: the packet, data at its UDP header
 *
 * See struct udp_tunnel_sock_cfg. Context: softirq, RCU. Return: 0, consumed.
 */
int weft_receive(struct sock *sk, struct sk_buff *skb)
{
	const struct weft_sock *ws = rcu_dereference_sk_user_data(sk);
	struct outer outer;

	if (!ws) {
		kfree_skb(skb);
		return 0;
	}
	/* in a VRF skb->dev is the VRF, and the device itself the slave */
	if (ws->family == AF_INET6) {
		read_outer6(ipv6_hdr(skb), &outer);
		outer.ifindex = inet6_sdif(skb) ?: skb->dev->ifindex;
	} else {
		read_outer4(ip_hdr(skb), &outer);
		outer.ifindex = inet_sdif(skb) ?: skb->dev->ifindex;
	}
	receive(ws, NULL, skb, &outer);
	return 0;
}

/**
 * weft_receive_err() - is an ICMP error about a packet of ours?
 * @sk: the socket
 * @skb: the error, its transport header at the UDP header it is about
 *
 * Lets the core note a smaller path MTU. Context: softirq, RCU. Return: 0 if
 * it is, else -ENOENT or -EINVAL.
 */
int weft_receive_err(struct sock *sk, struct sk_buff *skb)
{
	const struct weft_sock *ws = rcu_dereference_sk_user_data(sk);
	unsigned int hlen;
	u32 vni;

	if (!ws)
		return -ENOENT;
	hlen = sizeof(struct udphdr) + ws->encap->hlen;
	if (!pskb_may_pull(skb, skb_transport_offset(skb) + hlen))
		return -EINVAL;
	if (ws->encap->parse(skb_transport_header(skb) +
			     sizeof(struct udphdr), ws->encap->hlen, &vni,
			     &hlen))
		return -EINVAL;
	return 0;
}

/* --- by the short cut --- */

static bool is_ours(u8 protocol)
{
	return protocol == IPPROTO_UDP || protocol == IPPROTO_GRE;
}

/* Is it a whole, sound packet? Returns the length of its IP header, trimmed
 * to what that says, or 0.
 */
static unsigned int check_ip4(struct sk_buff *skb, struct outer *outer)
{
	const struct iphdr *iph;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*iph) + sizeof(struct udphdr)))
		return 0;
	iph = ip_hdr(skb);
	len = ntohs(iph->tot_len);
	if (iph->version != 4 || iph->ihl != sizeof(*iph) / 4 ||
	    !is_ours(iph->protocol) || ip_is_fragment(iph) ||
	    ip_fast_csum(iph, sizeof(*iph) / 4) || len > skb->len ||
	    len < sizeof(*iph) + sizeof(struct udphdr))
		return 0;
	read_outer4(iph, outer);
	if (len < skb->len && pskb_trim_rcsum(skb, len))
		return 0;
	return sizeof(*iph);
}

static unsigned int check_ip6(struct sk_buff *skb, struct outer *outer)
{
	const struct ipv6hdr *ip6h;
	unsigned int len;

	if (!pskb_may_pull(skb, sizeof(*ip6h) + sizeof(struct udphdr)))
		return 0;
	ip6h = ipv6_hdr(skb);
	len = ntohs(ip6h->payload_len) + sizeof(*ip6h);
	if (ip6h->version != 6 || !is_ours(ip6h->nexthdr) ||
	    len == sizeof(*ip6h) || len > skb->len ||
	    len < sizeof(*ip6h) + sizeof(struct udphdr))
		return 0;
	read_outer6(ip6h, outer);
	if (len < skb->len && pskb_trim_rcsum(skb, len))
		return 0;
	return sizeof(*ip6h);
}

static bool check_udp(struct sk_buff *skb, const struct weft_sock *ws)
{
	const struct udphdr *uh = udp_hdr(skb);

	/* a padded UDP length is for the stack to judge */
	if (ntohs(uh->len) != skb->len && !skb_is_gso(skb))
		return false;
	if (ws->family == AF_INET6) {
		if (!uh->check && !ws->zero_csum6_rx)
			return false;
		if (skb_checksum_validate_zero_check(skb, IPPROTO_UDP,
						     uh->check,
						     ip6_compute_pseudo))
			return false;
		if (uh->check)
			skb_checksum_try_convert(skb, IPPROTO_UDP,
						 ip6_compute_pseudo);
		return true;
	}
	if (skb_checksum_validate_zero_check(skb, IPPROTO_UDP, uh->check,
					     inet_compute_pseudo))
		return false;
	if (uh->check)
		skb_checksum_try_convert(skb, IPPROTO_UDP,
					 inet_compute_pseudo);
	return true;
}

static const struct weft_vtep *find_vtep(const struct net *net,
					 const struct outer *outer,
					 __be16 port)
{
	const struct weft_config *config;
	struct weft_vtep *vtep;

	vtep = weft_vtep_lookup(weft_net(net), &outer->dst, port);
	if (!vtep)
		return NULL;
	config = rcu_dereference(vtep->sw->config);
	if (config->fastpath == WEFT_FASTPATH_OFF || weft_guard_ipsec_in(net))
		return NULL;
	if (config->fastpath == WEFT_FASTPATH_AUTO &&
	    weft_guard_in(net, outer->dst.family))
		return NULL;
	return vtep;
}

/* Returns the length of the IP header, or 0. */
static unsigned int check_ip(struct sk_buff *skb, struct outer *outer)
{
	outer->ifindex = skb->dev->ifindex;
	return skb->protocol == htons(ETH_P_IP) ? check_ip4(skb, outer) :
						  check_ip6(skb, outer);
}

/* --- encapsulations right behind IP, which come in here or not at all --- */

/* A packet for a segment of ours? Others are for the stack, which may have
 * tunnels of its own. Sets the switch.
 */
static const struct weft_sock *find_bare(struct sk_buff *skb,
					 const struct outer *outer,
					 unsigned int offset,
					 struct weft_switch **sw)
{
	const struct weft_net *wn = weft_net(dev_net(skb->dev));
	unsigned int hlen;
	struct weft_sock *ws;
	u32 vni;

	list_for_each_entry_rcu(ws, &wn->socks, node) {
		if (ws->sock || ws->family != outer->dst.family ||
		    ws->encap->protocol != outer->protocol ||
		    !pskb_may_pull(skb, offset + ws->encap->hlen) ||
		    ws->encap->parse(skb->data + offset, ws->encap->hlen, &vni,
				     &hlen))
			continue;
		*sw = find_switch(ws, vni, outer);
		if (*sw && weft_segment_lookup(*sw, vni))
			return ws;
	}
	return NULL;
}

/* See okfn of NF_HOOK(). Data at the network header. */
static int receive_bare(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct weft_sock *ws = NULL;
	struct weft_switch *sw;
	unsigned int offset;
	struct outer outer;

	offset = check_ip(skb, &outer);
	if (offset)
		ws = find_bare(skb, &outer, offset, &sw);
	if (!ws) {	/* translated: not for a switch any more */
		kfree_skb(skb);
		return 0;
	}
	skb_pull_rcsum(skb, offset);
	receive(ws, sw, skb, &outer);
	return 0;
}

static u8 nf_family(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ? NFPROTO_IPV4 : NFPROTO_IPV6;
}

static int prerouted(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return NF_HOOK(nf_family(skb), NF_INET_LOCAL_IN, net, NULL, skb,
		       skb->dev, NULL, receive_bare);
}

/* What the stack keeps of a packet that it takes in */
static void tell_stack(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP)) {
		memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
		IPCB(skb)->iif = skb->skb_iif;
	} else {
		memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));
		IP6CB(skb)->iif = skb->skb_iif;
		IP6CB(skb)->nhoff = offsetof(struct ipv6hdr, nexthdr);
	}
}

static rx_handler_result_t take_bare(struct sk_buff *skb,
				     const struct outer *outer,
				     unsigned int offset)
{
	struct net *net = dev_net(skb->dev);
	const struct weft_config *config;
	const struct weft_sock *ws;
	struct weft_switch *sw;

	ws = find_bare(skb, outer, offset, &sw);
	if (!ws)
		return RX_HANDLER_PASS;
	if (weft_guard_ipsec_in(net)) {
		weft_drop(sw, 0, skb, WEFT_DROP_REASON_IPSEC_POLICY);
		return RX_HANDLER_CONSUMED;
	}
	config = rcu_dereference(sw->config);
	if (config->fastpath != WEFT_FASTPATH_ON &&
	    weft_guard_in(net, outer->dst.family)) {
		tell_stack(skb);
		NF_HOOK(nf_family(skb), NF_INET_PRE_ROUTING, net, NULL, skb,
			skb->dev, NULL, prerouted);
		return RX_HANDLER_CONSUMED;
	}
	skb_pull_rcsum(skb, offset);
	receive(ws, sw, skb, outer);
	return RX_HANDLER_CONSUMED;
}

/* --- the handler --- */

#define TUNNEL_GSO (SKB_GSO_UDP_TUNNEL | SKB_GSO_UDP_TUNNEL_CSUM | SKB_GSO_GRE)

/**
 * weft_uplink_rx() - the rx handler of an uplink
 * @pskb: the packet, data at its network header
 *
 * Takes whole and sound unicast tunnel packets for a VTEP of ours, if no
 * firewall or IPsec policy wants to see them; the socket takes the others. Of
 * encapsulations without a socket all whole packets for a segment of ours, and
 * what other hosts on the link send.
 * Context: softirq, RCU.
 */
rx_handler_result_t weft_uplink_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	const struct weft_vtep *vtep;
	struct outer outer;
	unsigned int hlen;

	if (skb_vlan_tag_present(skb))
		return weft_trunk_rx(pskb);
	if (skb->protocol != htons(ETH_P_IP) &&
	    skb->protocol != htons(ETH_P_IPV6))
		return weft_link_rx(pskb);
	if (skb->pkt_type != PACKET_HOST &&
	    skb->pkt_type != PACKET_MULTICAST)
		return RX_HANDLER_PASS;
	if (skb_is_gso(skb) && !(skb_shinfo(skb)->gso_type & TUNNEL_GSO))
		return RX_HANDLER_PASS;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return RX_HANDLER_CONSUMED;
	*pskb = skb;

	skb_reset_network_header(skb);
	hlen = check_ip(skb, &outer);
	if (!hlen)
		return RX_HANDLER_PASS;
	skb_set_transport_header(skb, hlen);
	if (outer.protocol != IPPROTO_UDP)
		return take_bare(skb, &outer, hlen);
	if (skb->pkt_type != PACKET_HOST)
		return RX_HANDLER_PASS;
	vtep = find_vtep(dev_net(skb->dev), &outer, udp_hdr(skb)->dest);
	if (!vtep)
		return RX_HANDLER_PASS;

	skb_pull_rcsum(skb, hlen);
	if (!check_udp(skb, vtep->ws)) {
		skb_push_rcsum(skb, hlen);
		return RX_HANDLER_PASS;
	}
	receive(vtep->ws, vtep->sw, skb, &outer);
	return RX_HANDLER_CONSUMED;
}
