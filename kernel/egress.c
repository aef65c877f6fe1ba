// SPDX-License-Identifier: GPL-2.0
/* How a frame leaves: by a port, by the switch's own interface, to a peer. */

#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "compat/compat.h"
#include "drop.h"
#include "egress.h"
#include "nic.h"
#include "peer.h"
#include "tunnel.h"

/**
 * weft_egress_path() - which way does a destination lie?
 * @to: a port or a peer
 */
enum weft_path weft_egress_path(const struct weft_dest *to)
{
	if (to->type == WEFT_DEST_PEER)
		return WEFT_PATH_TUNNEL;
	return weft_port_host(weft_dest_port((struct weft_dest *)to)->port) ?
	       WEFT_PATH_HOST : WEFT_PATH_PORT;
}

/**
 * weft_egress_flags() - what the decision wants to know of a destination
 * @to: a port or a peer
 *
 * Context: RCU. Return: WEFT_END_*.
 */
u32 weft_egress_flags(const struct weft_dest *to)
{
	if (to->type == WEFT_DEST_PEER)
		return WEFT_END_TUNNEL | WEFT_END_FLOODS;
	return READ_ONCE(weft_dest_port((struct weft_dest *)to)->port->flags);
}

/**
 * weft_egress_served() - with whom would a destination have been served?
 * @to: a port or a peer
 *
 * Context: RCU. Return: the bit of a NIC for a VF, WEFT_SERVED_TUNNEL for a
 * peer, 0 for other ports.
 */
u8 weft_egress_served(const struct weft_dest *to)
{
	const struct weft_port *port;

	if (to->type == WEFT_DEST_PEER)
		return WEFT_SERVED_TUNNEL;
	port = weft_dest_port((struct weft_dest *)to)->port;
	return unlikely(port->nic) ? BIT(port->nic->index) : 0;
}

/**
 * weft_egress_serves() - all VFs of which NICs get a frame with this destination?
 * @pkt: what is known of the frame, which goes to many
 * @to: a port or a peer
 *
 * If VFs get it one by one none do, but not every NIC can do that.
 *
 * Context: RCU. Return: the bit of a NIC, or 0.
 */
u8 weft_egress_serves(const struct weft_pkt *pkt, const struct weft_dest *to)
{
	const struct weft_port *port;

	if (to->type != WEFT_DEST_PORT)
		return 0;
	port = weft_dest_port((struct weft_dest *)to)->port;
	if (!port->nic || (pkt->each && weft_nic_alone(port->nic, port->vf)))
		return 0;
	return BIT(port->nic->index);
}

/**
 * weft_egress_has() - has a destination got a frame to many already?
 * @served: who has got it
 * @to: a port or a peer
 *
 * Context: RCU.
 */
bool weft_egress_has(const struct weft_served *served,
		     const struct weft_dest *to)
{
	const struct weft_port *port;

	if (weft_egress_served(to) & served->nics)
		return true;
	if (!served->vfs || to->type != WEFT_DEST_PORT)
		return false;
	port = weft_dest_port((struct weft_dest *)to)->port;
	return port->nic && port->nic->index == served->nic &&
	       port->vf < BITS_PER_TYPE(served->vfs) &&
	       served->vfs & BIT_ULL(port->vf);
}

/* Does the frame fit on the device? */
static bool fits(const struct sk_buff *skb, const struct net_device *dev)
{
	unsigned int mtu = READ_ONCE(dev->mtu);

	/* a tag that stays in the frame may be on top of the MTU */
	return skb->len <= mtu + ETH_HLEN + VLAN_HLEN || skb_is_gso(skb);
}

static enum weft_drop_reason check_port(const struct sk_buff *skb,
					const struct weft_port *port)
{
	if (unlikely(!(port->dev->flags & IFF_UP)))
		return WEFT_DROP_REASON_NO_PORT;
	if (unlikely(!fits(skb, port->dev)))
		return WEFT_DROP_REASON_MTU;
	return WEFT_DROP_REASON_NONE;
}

/* Up the host's own stack, as if the interface had received it. */
static void deliver(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	skb->protocol = eth_type_trans(skb, dev);
	dev_sw_netstats_rx_add(dev, skb->len);
	netif_rx(skb);
}

static enum weft_drop_reason to_port(struct sk_buff *skb,
				     const struct weft_port_vlan *pv,
				     bool alone)
{
	struct weft_port *port = pv->port;
	enum weft_drop_reason reason;

	reason = check_port(skb, port);
	if (reason)
		return reason;
	if (port->nic) {
		unsigned int len = skb->len;

		reason = weft_nic_to_vf(skb, port, pv->segment->vni, alone);
		if (likely(!reason))
			weft_stats_tx(port->stats, len);
		return reason;
	}
	weft_stats_tx(port->stats, skb->len);
	if (pv->vid) {
		/* a tag of the VM's own goes inside */
		if (skb_vlan_tag_present(skb)) {
			skb = __vlan_hwaccel_push_inside(skb);
			if (!skb)
				return WEFT_DROP_REASON_NO_MEMORY;
		}
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), pv->vid);
	}
	if (unlikely(weft_port_host(port))) {
		deliver(skb, port->dev);
		return WEFT_DROP_REASON_NONE;
	}
	skb->dev = port->dev;
	dev_queue_xmit(skb);
	return WEFT_DROP_REASON_NONE;
}

/**
 * weft_egress() - send a frame
 * @skb: the frame, prepared by ingress
 * @pkt: what is known of it
 * @to: a port or a peer
 * @mtu: set, if the reason is WEFT_DROP_REASON_MTU and @to a peer, to what
 *	would fit
 *
 * Context: softirq or bottom halves off, RCU.
 *
 * Return: WEFT_DROP_REASON_NONE if @skb was consumed, else why it was not;
 * WEFT_DROP_REASON_NO_MEMORY alone means that it is gone all the same.
 */
enum weft_drop_reason weft_egress(struct sk_buff *skb,
				  const struct weft_pkt *pkt,
				  struct weft_dest *to, unsigned int *mtu)
{
	unsigned int len = skb->len;
	struct weft_peer *peer;
	int reason = -EOPNOTSUPP;

	if (to->type == WEFT_DEST_PORT) {
		reason = to_port(skb, weft_dest_port(to), pkt->each);
	} else {
		peer = weft_dest_peer(to);
		if (unlikely(pkt->nics))
			reason = weft_nic_encap(skb, pkt, peer);
		if (reason < 0)
			reason = weft_tunnel_xmit(skb, peer, pkt->segment,
						  mtu);
		if (likely(!reason))
			weft_stats_tx(peer->stats, len);
		else
			weft_stats_drop(peer->stats);
	}
	if (likely(!reason))
		weft_stats_tx(pkt->segment->stats, len);
	return reason;
}

/**
 * weft_egress_check() - would weft_egress() send a frame?
 * @skb: the frame
 * @pkt: what is known of it
 * @to: a port or a peer
 *
 * Context: as weft_egress(). Return: likewise; @skb stays.
 */
enum weft_drop_reason weft_egress_check(struct sk_buff *skb,
					const struct weft_pkt *pkt,
					struct weft_dest *to)
{
	if (to->type == WEFT_DEST_PORT)
		return check_port(skb, weft_dest_port(to)->port);
	return weft_tunnel_check(skb, weft_dest_peer(to), pkt->segment);
}

/**
 * weft_egress_answer() - send an answer of the switch to who sent a frame
 * @skb: the answer, data at its Ethernet header; consumed
 * @pkt: what is known of the frame; it came from a port
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_egress_answer(struct sk_buff *skb, const struct weft_pkt *pkt)
{
	enum weft_drop_reason reason;
	unsigned int mtu;

	reason = weft_egress(skb, pkt, pkt->from, &mtu);
	if (reason == WEFT_DROP_REASON_NO_MEMORY)
		weft_dropped(pkt->sw, pkt->segment->vni, NULL, reason);
	else if (reason)
		weft_drop(pkt->sw, pkt->segment->vni, skb, reason);
}
