// SPDX-License-Identifier: GPL-2.0
/* The embedded switch: functions without an overlay, by MAC and VLAN. */

#include <linux/etherdevice.h>

#include "deliver.h"
#include "frame.h"
#include "nic.h"
#include "switch.h"
#include "wire.h"

#define NOBODY	HW_FUNCTIONS

/* The VLAN tag of a frame; false if there is none. */
static bool read_tag(const struct sk_buff *skb, u16 *tci)
{
	const struct vlan_ethhdr *veth = (void *)skb->data;

	if (skb->len < sizeof(*veth) ||
	    veth->h_vlan_proto != htons(ETH_P_8021Q))
		return false;
	*tci = ntohs(veth->h_vlan_TCI);
	return true;
}

static bool takes_part(const struct hw_function *f)
{
	return f->enabled && !f->config.vni && hw_connected(f);
}

static bool hears_vlan(const struct hw_function *f, u16 vlan)
{
	if (f->config.vlan)
		return vlan == f->config.vlan;
	return !vlan || f->promisc || test_bit(vlan, f->vlans);
}

static bool hears_mac(const struct hw_function *f, const u8 *mac)
{
	if (is_broadcast_ether_addr(mac))
		return true;
	if (is_multicast_ether_addr(mac))
		return f->allmulti;
	return f->index && ether_addr_equal(f->config.mac, mac);
}

/* Who hears a frame that @sender has sent, or the wire? Returns whether it is
 * meant for one of them, so that no other needs to have it.
 */
static bool find_receivers(struct hw_nic *nic, const struct sk_buff *skb,
			   unsigned int sender, unsigned long *to)
{
	bool known = false;
	u16 tci = 0, vlan;
	unsigned int i;

	read_tag(skb, &tci);
	vlan = tci & VLAN_VID_MASK;
	bitmap_zero(to, HW_FUNCTIONS);
	hw_filters_match(nic, skb->data, to);
	for (i = 0; i < hw_count(nic); i++) {
		const struct hw_function *f = &nic->functions[i];

		if (hears_mac(f, skb->data))
			__set_bit(i, to);
		if (i == sender || !takes_part(f) || !hears_vlan(f, vlan))
			__clear_bit(i, to);
		else if (test_bit(i, to))
			known = true;
		else if (f->promisc)
			__set_bit(i, to);
	}
	return known && !is_multicast_ether_addr(skb->data);
}

/* Takes the tag off, and tells of it. */
static void untag(struct hw_nic *nic, struct sk_buff *skb,
		  struct weftnic_rx_done *info)
{
	u16 tci;

	if (!read_tag(skb, &tci)) {
		hw_frame_info(nic, skb, info);
		return;
	}
	memmove(skb->data + VLAN_HLEN, skb->data, 2 * ETH_ALEN);
	skb_pull(skb, VLAN_HLEN);
	hw_frame_parse(nic, skb);
	hw_frame_info(nic, skb, info);
	info->flags |= cpu_to_le16(WEFTNIC_RX_VLAN);
	info->vlan = cpu_to_le16(tci);
}

static void deliver(struct hw_nic *nic, struct sk_buff *skb,
		    const unsigned long *to)
{
	struct weftnic_rx_done info, plain;
	struct hw_function *f = NULL;
	unsigned int i;

	untag(nic, skb, &info);
	/* a port VLAN is none of the VF's business */
	plain = info;
	plain.flags &= ~cpu_to_le16(WEFTNIC_RX_VLAN);
	plain.vlan = 0;
	for_each_set_bit(i, to, HW_FUNCTIONS) {
		if (f)
			hw_deliver(f, skb, f->config.vlan ? &plain : &info);
		f = &nic->functions[i];
	}
	if (f)
		hw_lro_deliver(f, skb, f->config.vlan ? &plain : &info);
	else
		kfree_skb(skb);
}

/* Consumes the frame. */
static void to_wire(struct hw_function *f, struct sk_buff *skb)
{
	unsigned int len = skb->len - ETH_HLEN;
	u16 tci;

	if (read_tag(skb, &tci))
		len -= VLAN_HLEN;
	if (len > hw_wire_mtu(f->nic)) {
		f->stats.tx_too_long++;
		kfree_skb(skb);
		return;
	}
	__skb_queue_tail(&f->nic->out, skb);
}

/* A VF in a port VLAN sends into that alone. */
static struct sk_buff *put_port_vlan(struct hw_function *f,
				     struct sk_buff *skb)
{
	u16 tci;

	if (!f->config.vlan)
		return skb;
	if (read_tag(skb, &tci)) {
		f->stats.tx_spoofed++;
		kfree_skb(skb);
		return NULL;
	}
	skb = vlan_insert_tag(skb, htons(ETH_P_8021Q), f->config.vlan);
	if (skb)
		hw_frame_parse(f->nic, skb);
	return skb;
}

/**
 * hw_switch_from() - a frame of a function without an overlay
 * @f: the function
 * @skb: the frame; consumed
 */
void hw_switch_from(struct hw_function *f, struct sk_buff *skb)
{
	DECLARE_BITMAP(to, HW_FUNCTIONS);
	struct sk_buff *copy;
	bool known;

	skb = put_port_vlan(f, skb);
	if (!skb)
		return;
	known = find_receivers(f->nic, skb, f->index, to);
	if (bitmap_empty(to, HW_FUNCTIONS)) {
		to_wire(f, skb);
		return;
	}
	if (!known) {
		copy = skb_copy(skb, GFP_ATOMIC);
		if (copy)
			to_wire(f, copy);
	}
	deliver(f->nic, skb, to);
}

/**
 * hw_switch_from_wire() - a frame off the wire that is not the overlay's
 * @nic: the NIC
 * @skb: the frame; consumed
 */
void hw_switch_from_wire(struct hw_nic *nic, struct sk_buff *skb)
{
	DECLARE_BITMAP(to, HW_FUNCTIONS);

	find_receivers(nic, skb, NOBODY, to);
	deliver(nic, skb, to);
}
