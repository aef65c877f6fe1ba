// SPDX-License-Identifier: GPL-2.0
/*
 * Packets to and from NICs: out with a tag that names the segment, in with
 * what the NIC knows of them, and back from a driver that can't encapsulate.
 */

#include <linux/if_vlan.h>

#include "drop.h"
#include "guard.h"
#include "nic.h"
#include "nic_want.h"
#include "peer.h"
#include "port.h"
#include "segment.h"
#include "tunnel.h"
#include "uplink.h"

#define FALLBACK_MAX 1024	/* packets that wait */

static const struct weft_nic_upper *upper __read_mostly;

/** weft_nic_set_upper() - who takes the frames; once, at start */
void weft_nic_set_upper(const struct weft_nic_upper *take)
{
	upper = take;
}

/* --- out --- */

/**
 * weft_nic_make_tag() - make what tells a NIC what is to become of packets
 * @nic: the NIC
 * @tag: the VNI, and WEFT_NIC_TAG_*
 *
 * Context: process. Return: the tag, or NULL.
 */
struct metadata_dst *weft_nic_make_tag(const struct weft_nic *nic, u32 tag)
{
	struct metadata_dst *md;

	md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
	if (!md)
		return NULL;
	md->u.port_info.port_id = tag;
	md->u.port_info.lower_dev = nic->pf;
	return md;
}

/* Gives a frame to the PF. Return: see weft_nic_encap(). */
static int send(struct sk_buff *skb, struct weft_nic *nic,
		struct metadata_dst *tag)
{
	if (skb_vlan_tag_present(skb)) {
		skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return WEFT_DROP_REASON_NO_MEMORY;
	}
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, &tag->dst);
	skb->dev = nic->pf;
	dev_queue_xmit(skb);
	return WEFT_DROP_REASON_NONE;
}

/* A segment that the NIC serves now, NULL if it does not. */
static const struct weft_nic_vni *served(struct weft_nic *nic, u32 vni)
{
	const struct weft_nic_vni *known = xa_load(&nic->vnis, vni);

	if (!known || !READ_ONCE(known->in) || !READ_ONCE(nic->serving))
		return NULL;
	return known;
}

/* Can the NIC write the outer headers as they are configured? */
static bool expressible(const struct weft_config *config)
{
	return !config->ttl_inherit && !config->tos_inherit;
}

/**
 * weft_nic_choose() - which NIC is to encapsulate a frame?
 * @skb: the frame, data at its Ethernet header
 * @pkt: what is known of it
 * @peer: where its only destination is
 *
 * Context: softirq or bottom halves off, RCU. Return: the NIC, or NULL if it
 * is for software.
 */
struct weft_nic *weft_nic_choose(struct sk_buff *skb,
				 const struct weft_pkt *pkt,
				 struct weft_peer *peer)
{
	const struct net_device *dev;
	struct weft_nic *nic;

	if (!expressible(rcu_dereference(pkt->sw->config)))
		return NULL;
	dev = weft_tunnel_dev(skb, peer, pkt->segment);
	nic = dev ? weft_nic_find(dev) : NULL;
	if (!nic || !(pkt->nics & BIT(nic->index)))
		return NULL;
	return nic;
}

/**
 * weft_nic_encap() - have a NIC encapsulate a frame, if one can
 * @skb: the frame, data at its Ethernet header
 * @pkt: what is known of it
 * @peer: where its only destination is
 *
 * Context: softirq or bottom halves off, RCU. Return: WEFT_DROP_REASON_NONE if
 * it was consumed, WEFT_DROP_REASON_NO_MEMORY if it is lost, or -EOPNOTSUPP if
 * it is for software.
 */
int weft_nic_encap(struct sk_buff *skb, const struct weft_pkt *pkt,
		   struct weft_peer *peer)
{
	struct weft_nic *nic = weft_nic_choose(skb, pkt, peer);
	const struct weft_nic_vni *known;

	known = nic ? served(nic, pkt->segment->vni) : NULL;
	if (!known || READ_ONCE(known->encap) !=
		      weft_segment_spoken(pkt->segment, peer))
		return -EOPNOTSUPP;
	return send(skb, nic, known->tag[0]);
}

/**
 * weft_nic_to_vf() - give a frame to a VF, or to all of a segment
 * @skb: the frame, data at its Ethernet header
 * @port: the VF; a frame to many goes to all VFs of the NIC in the segment
 * @vni: the segment
 * @alone: a frame to many goes to that VF alone, if the NIC can do that
 *
 * Context: softirq or bottom halves off, RCU. Return: as weft_egress().
 */
enum weft_drop_reason weft_nic_to_vf(struct sk_buff *skb,
				     const struct weft_port *port, u32 vni,
				     bool alone)
{
	const struct weft_nic_vni *known = served(port->nic, vni);
	struct metadata_dst *tag;

	if (!known)
		return WEFT_DROP_REASON_NO_PORT;
	tag = known->tag[1];
	if (alone && weft_nic_alone(port->nic, port->vf)) {
		tag = rcu_dereference(port->nic->vf_tags[port->vf]);
		/* it may be on its way from or to another segment */
		if (!tag ||
		    (tag->u.port_info.port_id & WEFT_NIC_VNI_MASK) != vni)
			return WEFT_DROP_REASON_NO_PORT;
	}
	return send(skb, port->nic, tag);
}

/* --- in --- */

static void set_src(struct weft_addr *addr, const struct in6_addr *ip)
{
	if (ipv6_addr_v4mapped(ip))
		weft_addr_set4(addr, ip->s6_addr32[3]);
	else
		weft_addr_set6(addr, ip);
}

/* A frame as the switch wants it, without what belongs to where it was. */
static struct sk_buff *tidy(struct sk_buff *skb, struct weft_switch *sw)
{
	skb_scrub_packet(skb, true);
	skb_forward_csum(skb);
	skb->dev = sw->dev;
	skb_reset_mac_header(skb);
	skb->protocol = eth_hdr(skb)->h_proto;
	if (!eth_proto_is_802_3(skb->protocol))
		skb->protocol = htons(ETH_P_802_2);
	if (eth_type_vlan(skb->protocol)) {
		__skb_pull(skb, ETH_HLEN);
		skb = skb_vlan_untag(skb);
		if (!skb)
			return NULL;
		__skb_push(skb, ETH_HLEN);
	}
	skb_set_network_header(skb, ETH_HLEN);
	return skb;
}

/* A frame that is nobody's. */
static void orphan(struct weft_nic *nic, struct sk_buff *skb,
		   enum skb_drop_reason reason)
{
	atomic64_inc(&nic->counters.orphan);
	kfree_skb_reason(skb, reason);
}

static void from_vf(struct weft_nic *nic, struct sk_buff *skb,
		    const struct weft_nic_rx *rx, struct weft_served served)
{
	struct weft_port *port = xa_load(&nic->vfs, rx->vf);
	const struct weft_port_vlan *pv;

	pv = port ? rcu_dereference(port->untagged) : NULL;
	/* the NIC may be behind what is configured */
	if (!pv || pv->segment->vni != rx->vni) {
		orphan(nic, skb, SKB_DROP_REASON_NOT_SPECIFIED);
		return;
	}
	if (rx->flags & WEFT_NIC_RX_GROUP)
		served.nics |= WEFT_SERVED_TUNNEL;
	upper->port(skb, port, served);
}

/* The encapsulation that a NIC has taken off, NULL for one that is none. */
static const struct weft_encap_ops *taken_off(u8 nic)
{
	unsigned int id;

	for (id = 0; nic && id < WEFT_ENCAPS; id++)
		if (weft_encap(id)->nic == nic)
			return weft_encap(id);
	return NULL;
}

static void from_tunnel(struct weft_nic *nic, struct weft_switch *sw,
			struct sk_buff *skb, const struct weft_nic_rx *rx,
			struct weft_served served)
{
	const struct weft_encap_ops *encap = taken_off(rx->encap);
	struct weft_pkt pkt = {
		.sw = sw, .from_flags = WEFT_END_TUNNEL, .served = served,
	};
	enum weft_drop_reason reason;
	struct weft_addr src;

	if (!encap) {
		orphan(nic, skb, SKB_DROP_REASON_NOT_SPECIFIED);
		return;
	}
	/* the outer packet, which a policy might refuse, is gone */
	if (weft_guard_ipsec_in(sw->net)) {
		orphan(nic, skb, SKB_DROP_REASON_XFRM_POLICY);
		return;
	}
	set_src(&src, &rx->src);
	pkt.src = &src;
	reason = weft_receive_check(sw, &src, rx->vni, encap, &pkt);
	if (!reason && !is_valid_ether_addr(eth_hdr(skb)->h_source))
		reason = WEFT_DROP_REASON_BAD_SOURCE_MAC;
	if (reason)
		weft_drop(sw, rx->vni, skb, reason);
	else
		upper->tunnel(skb, &pkt);
}

/**
 * weft_nic_receive() - a frame that the NIC has stripped, or that a VF sent
 * @nic: the NIC
 * @skb: the frame, data at its Ethernet header, checksum state set; consumed
 * @rx: what the NIC knows of it
 *
 * Without a switch behind the NIC it is dropped and counted. Context: softirq
 * or bottom halves off.
 */
void weft_nic_receive(struct weft_nic *nic, struct sk_buff *skb,
		      const struct weft_nic_rx *rx)
{
	struct weft_served served = { .nic = nic->index };
	struct weft_switch *sw;

	if (rx->flags & WEFT_NIC_RX_RETURNED) {
		weft_nic_tx_fallback(nic, skb, rx->vni);
		return;
	}
	if (rx->flags & WEFT_NIC_RX_SERVED)
		served.nics = BIT(nic->index);
	else if (rx->flags & WEFT_NIC_RX_MEMBERS)
		served.vfs = rx->members;
	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	if (!sw || !pskb_may_pull(skb, ETH_HLEN)) {
		orphan(nic, skb, SKB_DROP_REASON_NOT_SPECIFIED);
		goto unlock;
	}
	skb = tidy(skb, sw);
	if (!skb)
		weft_dropped(sw, rx->vni, NULL, WEFT_DROP_REASON_NO_MEMORY);
	else if (rx->flags & WEFT_NIC_RX_VF)
		from_vf(nic, skb, rx, served);
	else
		from_tunnel(nic, sw, skb, rx, served);
unlock:
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(weft_nic_receive);

/* --- back --- */

static void send_back(struct weft_nic *nic, struct sk_buff *skb, u32 tag)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	enum weft_drop_reason reason = WEFT_DROP_REASON_NO_PORT;
	struct weft_segment *segment;
	struct weft_entry *entry;
	struct weft_dest *dest;
	unsigned int mtu;
	u32 vni = tag & WEFT_NIC_VNI_MASK;

	segment = sw ? weft_segment_lookup(sw, vni) : NULL;
	if (!segment) {
		orphan(nic, skb, SKB_DROP_REASON_NOT_SPECIFIED);
		return;
	}
	entry = weft_map_lookup(&sw->map, vni, eth_hdr(skb)->h_dest);
	dest = entry ? rcu_dereference(entry->dest) : NULL;
	if (dest && dest->type == WEFT_DEST_PEER &&
	    !(tag & (WEFT_NIC_TAG_LOCAL | WEFT_NIC_TAG_VF)))
		reason = weft_tunnel_xmit(skb, weft_dest_peer(dest), segment,
					  &mtu);
	if (reason == WEFT_DROP_REASON_NO_MEMORY)
		weft_dropped(sw, vni, NULL, reason);
	else if (reason)
		weft_drop(sw, vni, skb, reason);
}

static u32 *tag_of(struct sk_buff *skb)
{
	return (u32 *)skb->cb;
}

static void fallback_work(struct work_struct *work)
{
	struct weft_nic *nic = container_of(work, struct weft_nic,
					    fallback_work);
	struct sk_buff *skb;

	rcu_read_lock();
	while ((skb = skb_dequeue(&nic->fallback)))
		send_back(nic, skb, *tag_of(skb));
	rcu_read_unlock();
}

/**
 * weft_nic_tx_fallback() - a packet that the NIC does not encapsulate now
 * @nic: the NIC
 * @skb: the packet, as it was given to transmit; consumed
 * @tag: of it, from weft_nic_tag()
 *
 * Software does it, a little later, for this may be called under the locks of
 * the transmit queue. Context: any.
 */
void weft_nic_tx_fallback(struct weft_nic *nic, struct sk_buff *skb, u32 tag)
{
	atomic64_inc(&nic->counters.given_back);
	if (skb_queue_len_lockless(&nic->fallback) >= FALLBACK_MAX) {
		kfree_skb(skb);
		return;
	}
	skb_dst_drop(skb);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	*tag_of(skb) = tag;
	skb_queue_tail(&nic->fallback, skb);
	queue_work(system_bh_wq, &nic->fallback_work);
}
EXPORT_SYMBOL_GPL(weft_nic_tx_fallback);

void weft_nic_packet_init(struct weft_nic *nic)
{
	skb_queue_head_init(&nic->fallback);
	INIT_WORK(&nic->fallback_work, fallback_work);
}

/** weft_nic_packet_exit() - nobody gives packets any more; context: process */
void weft_nic_packet_exit(struct weft_nic *nic)
{
	cancel_work_sync(&nic->fallback_work);
	skb_queue_purge(&nic->fallback);
}
