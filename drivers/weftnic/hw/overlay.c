// SPDX-License-Identifier: GPL-2.0
/* The overlay engine, outward: where does a frame of a segment go? */

#include <linux/bitfield.h>
#include <linux/etherdevice.h>
#include <net/ipv6.h>

#include "deliver.h"
#include "event.h"
#include "frame.h"
#include "nic.h"
#include "outer.h"
#include "overlay.h"
#include "rule.h"

/**
 * hw_overlay_vf() - can a VF receive frames of a segment?
 * @nic: the NIC
 * @vni: the segment
 * @vf: number of the VF
 *
 * Return: the VF or NULL.
 */
struct hw_function *hw_overlay_vf(struct hw_nic *nic, u32 vni,
				  unsigned int vf)
{
	struct hw_function *f = &nic->functions[1 + vf];

	if (f->config.vni != vni || !f->enabled || !hw_connected(f))
		return NULL;
	return f;
}

/**
 * hw_overlay_flood() - deliver a frame to all VFs of a segment
 * @nic: the NIC
 * @vni: the segment
 * @sender: index of the function that must not have it
 * @skb: the frame; not consumed
 *
 * Return: how many those were.
 */
unsigned int hw_overlay_flood(struct hw_nic *nic, u32 vni,
			      unsigned int sender, struct sk_buff *skb)
{
	struct weftnic_rx_done info;
	unsigned int i, count = 0;
	struct hw_function *f;

	hw_frame_info(nic, skb, &info);
	for (i = 0; i < nic->sizes.vfs; i++) {
		f = hw_overlay_vf(nic, vni, i);
		if (!f || f->index == sender)
			continue;
		hw_deliver(f, skb, &info);
		count++;
	}
	return count;
}

/**
 * hw_overlay_members() - deliver a frame to VFs of a group
 * @nic: the NIC
 * @group: entry of the group
 * @sender: index of the function that must not have it
 * @skb: the frame; not consumed
 *
 * Return: bits of the VFs that have got it.
 */
u64 hw_overlay_members(struct hw_nic *nic, struct hw_entry *group,
		       unsigned int sender, struct sk_buff *skb)
{
	struct weftnic_rx_done info;
	struct hw_function *f;
	unsigned int i;
	u64 got = 0;

	hw_frame_info(nic, skb, &info);
	group->hits++;
	for (i = 0; i < nic->sizes.vfs; i++) {
		f = group->members & BIT_ULL(i) ?
			hw_overlay_vf(nic, group->vni, i) : NULL;
		if (!f || f->index == sender)
			continue;
		hw_deliver(f, skb, &info);
		got |= BIT_ULL(i);
	}
	return got;
}

static void miss(struct hw_function *f, u32 vni, const struct sk_buff *skb)
{
	f->nic->counters.miss++;
	hw_event_miss(f->nic, vni, skb->data, f->index);
}

/* The VF that was given an address, be it in the table or not. */
static struct hw_function *owner(struct hw_nic *nic, u32 vni, const u8 *mac)
{
	struct hw_function *f;
	unsigned int i;

	for (i = 0; i < nic->sizes.vfs; i++) {
		f = hw_overlay_vf(nic, vni, i);
		if (f && ether_addr_equal(f->config.mac, mac))
			return f;
	}
	return NULL;
}

/* To a VF of this NIC. The sender never hears itself. */
static void to_vf(struct hw_function *sender, struct sk_buff *skb,
		  struct hw_function *f)
{
	struct hw_nic *nic = sender->nic;
	struct weftnic_rx_done info;

	if (f && f != sender) {
		hw_frame_info(nic, skb, &info);
		hw_deliver(f, skb, &info);
		nic->counters.to_vf++;
		nic->counters.vf_inside += sender->index != 0;
	} else {
		nic->counters.miss++;
	}
	kfree_skb(skb);
}

/* A frame of a VF, which counts as @why. With WEFTNIC_RX_MEMBERS @members have it. */
static void to_host(struct hw_function *sender, struct sk_buff *skb,
		    u16 flags, u64 members, u64 *why)
{
	struct hw_nic *nic = sender->nic;
	struct weftnic_rx_done info;

	hw_rule_undo(skb);
	hw_frame_info(nic, skb, &info);
	info.flags |= cpu_to_le16(WEFTNIC_RX_OVERLAY | WEFTNIC_RX_FROM_VF |
				  flags);
	info.vf = cpu_to_le16(sender->index - 1);
	info.vni = cpu_to_le32(sender->config.vni);
	info.members = cpu_to_le64(members);
	hw_deliver(&nic->functions[0], skb, &info);
	nic->counters.to_host++;
	++*why;
}

/* The host gets back what it has sent, to do it by itself. */
static void give_back(struct hw_function *pf, struct sk_buff *skb, u32 tag)
{
	struct weftnic_rx_done info;

	hw_frame_info(pf->nic, skb, &info);
	info.flags |= cpu_to_le16(WEFTNIC_RX_OVERLAY | WEFTNIC_RX_RETURNED);
	info.vni = cpu_to_le32(tag);
	hw_deliver(pf, skb, &info);
}

static void to_group(struct hw_function *f, struct sk_buff *skb,
		     const struct hw_segment *segment)
{
	if (ipv6_addr_any(&segment->group))
		kfree_skb(skb);
	else
		hw_encap(f, skb, segment, &segment->group,
			 segment->group_mac);
}

/* Who must not have a frame of the host's: it may be a VF's that the host sends
 * on.
 */
static unsigned int sender_of(struct hw_function *pf, u32 vni,
			      const struct sk_buff *skb)
{
	const u8 *mac = skb->data + ETH_ALEN;
	const struct hw_entry *entry = hw_entry_find(pf->nic, vni, mac);
	const struct hw_function *vf;

	if (entry)
		return entry->dest == WEFTNIC_TO_VF ? 1 + entry->vf :
						      pf->index;
	vf = owner(pf->nic, vni, mac);
	return vf ? vf->index : pf->index;
}

/* To one VF, whatever the table says of the address. */
static void to_one(struct hw_function *pf, struct sk_buff *skb, u32 vni,
		   u32 vf)
{
	to_vf(pf, skb, vf < pf->nic->sizes.vfs ?
		       hw_overlay_vf(pf->nic, vni, vf) : NULL);
}

/* To many: those VFs that the tables know. */
static void many_from_pf(struct hw_function *pf, u32 vni, struct sk_buff *skb)
{
	struct hw_entry *group = hw_entry_find(pf->nic, vni, skb->data);
	unsigned int sender = sender_of(pf, vni, skb);

	pf->nic->counters.to_vf += group ?
		hweight64(hw_overlay_members(pf->nic, group, sender, skb)) :
		hw_overlay_flood(pf->nic, vni, sender, skb);
}

/**
 * hw_overlay_from_pf() - a frame of the host's, for a segment
 * @pf: the PF
 * @skb: the frame; consumed
 * @tag: the segment, and WEFTNIC_TAG_*
 */
void hw_overlay_from_pf(struct hw_function *pf, struct sk_buff *skb, u32 tag)
{
	bool local = tag & WEFTNIC_TAG_LOCAL;
	u32 vni = tag & HW_VNI_MAX;
	struct hw_segment *segment = hw_segment_find(pf->nic, vni);
	struct hw_function *vf;
	struct hw_entry *entry;

	if (tag & WEFTNIC_TAG_VF) {
		to_one(pf, skb, vni, FIELD_GET(WEFTNIC_TAG_VF_MASK, tag));
		return;
	}
	if (!segment) {
		pf->nic->counters.no_segment++;
		goto drop;
	}
	if (is_multicast_ether_addr(skb->data)) {
		many_from_pf(pf, vni, skb);
		if (local)
			goto drop;
		to_group(pf, skb, segment);
		return;
	}
	entry = hw_entry_find(pf->nic, vni, skb->data);
	vf = entry ? NULL : owner(pf->nic, vni, skb->data);
	if (vf) {
		to_vf(pf, skb, vf);
		return;
	}
	if (!entry || entry->dest == WEFTNIC_TO_HOST ||
	    (entry->dest == WEFTNIC_TO_VTEP && (local || !segment->encap))) {
		miss(pf, vni, skb);
		give_back(pf, skb, tag);
		goto drop;
	}
	entry->hits++;
	if (entry->dest == WEFTNIC_TO_VF)
		to_vf(pf, skb, hw_overlay_vf(pf->nic, vni, entry->vf));
	else
		hw_encap(pf, skb, segment, &entry->ip, entry->vtep_mac);
	return;

drop:
	kfree_skb(skb);
}

/* To all: the host always has a copy, its vSwitched ports belong to the
 * segment too.
 */
static void flood_from_vf(struct hw_function *vf, struct sk_buff *skb,
			  const struct hw_segment *segment)
{
	struct hw_counters *counters = &vf->nic->counters;
	unsigned int copies;

	copies = hw_overlay_flood(vf->nic, segment->vni, vf->index, skb);
	counters->to_vf += copies;
	counters->vf_inside += copies;
	if (segment->flags & WEFTNIC_SEG_HOST_FLOOD) {
		to_host(vf, skb, WEFTNIC_RX_SERVED, 0, &counters->vf_many);
		kfree_skb(skb);
	} else {
		to_host(vf, skb, WEFTNIC_RX_SERVED | WEFTNIC_RX_GROUP, 0,
			&counters->vf_many);
		counters->vf_out += !ipv6_addr_any(&segment->group);
		to_group(vf, skb, segment);
	}
}

/* To those members of a group that are known. The others are the host's to serve, and
 * so is a group that is not known, if there may be one.
 */
static void many_from_vf(struct hw_function *vf, struct sk_buff *skb,
			 const struct hw_segment *segment)
{
	struct hw_counters *counters = &vf->nic->counters;
	struct hw_entry *group;
	u64 got;

	group = hw_entry_find(vf->nic, segment->vni, skb->data);
	if (group) {
		got = hw_overlay_members(vf->nic, group, vf->index, skb);
		counters->to_vf += hweight64(got);
		counters->vf_inside += hweight64(got);
		to_host(vf, skb, WEFTNIC_RX_MEMBERS, got, &counters->vf_many);
	} else if (segment->flags & WEFTNIC_SEG_HOST_GROUPS) {
		miss(vf, segment->vni, skb);
		to_host(vf, skb, 0, 0, &counters->vf_miss);
	} else {
		flood_from_vf(vf, skb, segment);
		return;
	}
	kfree_skb(skb);
}

static void miss_from_vf(struct hw_function *vf, struct sk_buff *skb,
			 const struct hw_segment *segment)
{
	miss(vf, segment->vni, skb);
	if (segment->flags & WEFTNIC_SEG_HOST_MISS) {
		to_host(vf, skb, 0, 0, &vf->nic->counters.vf_miss);
	} else if (!ipv6_addr_any(&segment->gateway)) {
		vf->nic->counters.vf_out++;
		hw_encap(vf, skb, segment, &segment->gateway,
			 segment->gateway_mac);
		return;
	}
	kfree_skb(skb);
}

static void unicast_from_vf(struct hw_function *vf, struct sk_buff *skb,
			    const struct hw_segment *segment)
{
	struct hw_entry *entry;

	entry = hw_entry_find(vf->nic, segment->vni, skb->data);
	if (!entry) {
		miss_from_vf(vf, skb, segment);
		return;
	}
	entry->hits++;
	if (entry->dest == WEFTNIC_TO_VTEP && segment->encap) {
		vf->nic->counters.vf_out++;
		hw_encap(vf, skb, segment, &entry->ip, entry->vtep_mac);
	} else if (entry->dest == WEFTNIC_TO_VF) {
		to_vf(vf, skb,
		      hw_overlay_vf(vf->nic, segment->vni, entry->vf));
	} else {
		to_host(vf, skb, 0, 0, &vf->nic->counters.vf_entry);
		kfree_skb(skb);
	}
}

/**
 * hw_overlay_from_vf() - a frame of a VF that belongs to a segment
 * @vf: the VF
 * @skb: the frame; consumed
 */
void hw_overlay_from_vf(struct hw_function *vf, struct sk_buff *skb)
{
	struct hw_counters *counters = &vf->nic->counters;
	enum weftnic_verdict verdict;
	struct hw_segment *segment;

	segment = hw_segment_find(vf->nic, vf->config.vni);
	if (!segment) {
		counters->no_segment++;
		kfree_skb(skb);
		return;
	}
	if (is_link_local_ether_addr(skb->data)) {
		counters->malformed++;
		kfree_skb(skb);
		return;
	}
	if (segment->flags & WEFTNIC_SEG_HOST_ALL ||
	    vf->config.flags & WEFTNIC_VF_JUDGED ||
	    (segment->flags & WEFTNIC_SEG_HOST_ARP && hw_frame_is_neigh(skb)))
		verdict = WEFTNIC_TO_JUDGE;
	else
		verdict = hw_rules_judge(vf->nic, segment, vf->index, skb);
	if (verdict == WEFTNIC_TO_JUDGE)
		to_host(vf, skb, 0, 0, &counters->vf_judge);
	if (verdict != WEFTNIC_ALLOW)
		kfree_skb(skb);
	else if (is_multicast_ether_addr(skb->data))
		many_from_vf(vf, skb, segment);
	else
		unicast_from_vf(vf, skb, segment);
}
