// SPDX-License-Identifier: GPL-2.0
/*
 * Out, to hosts on the same link: from a frame to one behind an Ethernet
 * header between hosts. What does not fit is cut into fragments, an aggregate
 * into its frames before that.
 */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/dst.h>
#include <net/gso.h>

#include "compat/compat.h"
#include "link.h"
#include "uplink.h"

/**
 * struct link - what frames for a peer are sent with
 * @sw: the switch
 * @segment: the segment
 * @encap: the encapsulation
 * @dev: the uplink
 * @src: the host's own address there
 * @dst: the peer's
 * @room: bytes that fit behind the header
 */
struct link {
	struct weft_switch *sw;
	const struct weft_segment *segment;
	const struct weft_encap_ops *encap;
	struct net_device *dev;
	const u8 *src;
	const u8 *dst;
	unsigned int room;
};

static enum weft_drop_reason find_link(const struct weft_peer *peer,
				       const struct weft_encap_ops *encap,
				       struct link *link)
{
	const struct weft_vtep *vtep;
	unsigned int mtu;

	vtep = weft_uplink_vtep(peer->sw, encap, peer->key.ip.family);
	if (!vtep)
		return WEFT_DROP_REASON_NO_LOCAL_ADDRESS;
	link->sw = peer->sw;
	link->encap = encap;
	link->dev = READ_ONCE(vtep->dev);
	if (!link->dev || !(link->dev->flags & IFF_UP))
		return WEFT_DROP_REASON_NO_ROUTE;
	mtu = READ_ONCE(link->dev->mtu);
	if (mtu <= encap->hlen + ETH_HLEN)
		return WEFT_DROP_REASON_NO_ROUTE;
	link->src = vtep->addr.mac;
	link->dst = peer->key.ip.mac;
	link->room = mtu - encap->hlen;
	return WEFT_DROP_REASON_NONE;
}

/**
 * weft_link_dev() - how a peer is reached
 * @peer: the peer, on a link
 * @encap: the encapsulation
 * @mtu: set to the longest network-layer packet of a VM that needs no
 *	fragments
 *
 * Context: RCU. Return: the uplink, NULL if there is no way now.
 */
struct net_device *weft_link_dev(const struct weft_peer *peer,
				 const struct weft_encap_ops *encap,
				 unsigned int *mtu)
{
	struct link link;

	if (find_link(peer, encap, &link))
		return NULL;
	*mtu = link.room - ETH_HLEN;
	return link.dev;
}

/* --- size --- */

static unsigned int longest(const struct link *link)
{
	return min(link->room * max_t(unsigned int, link->encap->pieces, 1),
		   WEFT_PIECES_LEN_MAX);
}

/* Sets *@mtu, where the frame is too big, to what would do. */
static enum weft_drop_reason check(const struct sk_buff *skb,
				   const struct link *link,
				   unsigned int *mtu)
{
	unsigned int limit = READ_ONCE(link->segment->mtu);

	*mtu = longest(link) - ETH_HLEN;
	if (limit)
		*mtu = min(*mtu, limit);
	return weft_frame_fits(skb, *mtu) ? WEFT_DROP_REASON_NONE :
					    WEFT_DROP_REASON_MTU;
}

/* --- sending --- */

/* Both headers, before the frame or the piece. */
static void send(struct sk_buff *skb, const struct link *link,
		 const struct weft_piece *piece)
{
	const struct weft_encap_ops *encap = link->encap;

	encap->write(__skb_push(skb, encap->hlen), link->segment->vni, piece);
	skb_reset_network_header(skb);
	skb->protocol = encap->ethertype;
	skb->dev = link->dev;
	if (dev_hard_header(skb, link->dev, ntohs(encap->ethertype),
			    link->dst, link->src, skb->len) < 0) {
		kfree_skb(skb);
		return;
	}
	skb_reset_mac_header(skb);
	dev_queue_xmit(skb);
}

static unsigned int headroom(const struct link *link)
{
	return LL_RESERVED_SPACE(link->dev) + link->encap->hlen;
}

static int send_piece(const struct sk_buff *frame, const struct link *link,
		      const struct weft_piece *piece, unsigned int len)
{
	struct sk_buff *skb;

	skb = alloc_skb(headroom(link) + len + link->dev->needed_tailroom,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return -ENOMEM;
	skb_reserve(skb, headroom(link));
	skb->priority = frame->priority;
	skb->mark = frame->mark;
	skb_copy_hash(skb, frame);
	if (skb_copy_bits(frame, piece->offset, skb_put(skb, len), len)) {
		kfree_skb(skb);
		return -EFAULT;
	}
	weft_stats_tx(link->segment->fragments, len);
	send(skb, link, piece);
	return 0;
}

/* Cuts a frame into as few pieces as will do, of about the same length, so that
 * none but of a very small MTU is so short that Ethernet would pad it. Consumes
 * the frame.
 */
static int send_pieces(struct sk_buff *skb, const struct link *link)
{
	unsigned int count = DIV_ROUND_UP(skb->len, link->room);
	unsigned int each = DIV_ROUND_UP(skb->len, count), len;
	struct weft_piece piece = {};
	int err;

	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_csum_hwoffload_help(skb, 0)) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	/* a number is not taken twice before all others are */
	piece.id = atomic_inc_return_relaxed(&link->sw->next_piece);
	do {
		len = min(each, skb->len - piece.offset);
		piece.last = piece.offset + len == skb->len;
		err = send_piece(skb, link, &piece, len);
		piece.offset += len;
		piece.number++;
	} while (!err && !piece.last);
	if (err)
		kfree_skb(skb);
	else
		consume_skb(skb);
	return err;
}

static int send_frame(struct sk_buff *skb, const struct link *link)
{
	if (unlikely(skb->len > link->room))
		return send_pieces(skb, link);
	if (skb_cow_head(skb, headroom(link))) {
		kfree_skb(skb);
		return -ENOMEM;
	}
	send(skb, link, NULL);
	return 0;
}

/* No device can do it behind this header. */
static int send_aggregate(struct sk_buff *skb, const struct link *link)
{
	netdev_features_t features = link->dev->features & ~NETIF_F_GSO_MASK;
	struct sk_buff *segs, *next;
	int err = 0;

	skb_reset_mac_header(skb);
	segs = skb_gso_segment(skb, features);
	if (IS_ERR_OR_NULL(segs)) {
		kfree_skb(skb);
		return segs ? PTR_ERR(segs) : -EINVAL;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, skb, next) {
		skb_mark_not_on_list(skb);
		err = send_frame(skb, link) ?: err;
	}
	return err;
}

/**
 * weft_link_xmit() - send a frame to a peer on a link
 * @skb: the frame, data at its Ethernet header, network header set
 * @peer: the peer, or all hosts
 * @encap: the encapsulation, weft_encap_link()
 * @segment: its segment
 * @mtu: set, if the reason is WEFT_DROP_REASON_MTU, to what would fit
 *
 * Context: softirq or bottom halves off, RCU. Return: see weft_tunnel_xmit().
 */
enum weft_drop_reason weft_link_xmit(struct sk_buff *skb,
				     struct weft_peer *peer,
				     const struct weft_encap_ops *encap,
				     const struct weft_segment *segment,
				     unsigned int *mtu)
{
	struct link link = { .segment = segment };
	enum weft_drop_reason reason;
	int err;

	reason = find_link(peer, encap, &link);
	if (!reason)
		reason = check(skb, &link, mtu);
	if (unlikely(reason))
		return reason;
	if (skb_vlan_tag_present(skb)) {
		skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return WEFT_DROP_REASON_NO_MEMORY;
	}
	if (skb_is_gso(skb))
		err = send_aggregate(skb, &link);
	else
		err = send_frame(skb, &link);
	return err ? WEFT_DROP_REASON_NO_MEMORY : WEFT_DROP_REASON_NONE;
}

/**
 * weft_link_check() - would weft_link_xmit() send a frame?
 * @skb: the frame
 * @peer: the peer, or all hosts
 * @encap: the encapsulation
 * @segment: its segment
 *
 * Context: as weft_link_xmit(). Return: likewise; @skb stays.
 */
enum weft_drop_reason weft_link_check(struct sk_buff *skb,
				      struct weft_peer *peer,
				      const struct weft_encap_ops *encap,
				      const struct weft_segment *segment)
{
	struct link link = { .segment = segment };
	enum weft_drop_reason reason;
	unsigned int mtu;

	reason = find_link(peer, encap, &link);
	return reason ?: check(skb, &link, &mtu);
}

/* --- the answer to what is too big --- */

/* Stands for a route of which nothing but its MTU is asked. */
struct mtu_only {
	struct dst_entry dst;
	unsigned int mtu;
};

static unsigned int mtu_of(const struct dst_entry *dst)
{
	return container_of(dst, struct mtu_only, dst)->mtu;
}

static struct dst_ops mtu_only_ops = {
	.mtu = mtu_of,
};

/**
 * weft_link_icmp() - turn a frame that is too big into the answer to it
 * @skb: the frame, see weft_tunnel_icmp()
 * @mtu: what would fit
 *
 * Context: as weft_link_xmit(). Return: see weft_tunnel_icmp().
 */
bool weft_link_icmp(struct sk_buff *skb, unsigned int mtu)
{
	struct mtu_only route = { .dst.ops = &mtu_only_ops, .mtu = mtu };

	return skb_tunnel_check_pmtu(skb, &route.dst, 0, true) > 0;
}
