// SPDX-License-Identifier: GPL-2.0
/* MAC and VLAN filters, of which there are few. */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/mm.h>

#include "filter.h"
#include "nic.h"

/**
 * hw_filters_init() - make room for filters, of the NIC's sizes
 * @nic: the NIC
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int hw_filters_init(struct hw_nic *nic)
{
	struct hw_filters *filters = &nic->filters;
	u32 i;

	filters->macs = kvcalloc(nic->sizes.macs, sizeof(*filters->macs),
				 GFP_KERNEL);
	if (!filters->macs)
		return -ENOMEM;
	hash_init(filters->hash);
	for (i = nic->sizes.macs; i--;) {
		filters->macs[i].function = HW_FUNCTIONS;
		hlist_add_head(&filters->macs[i].node, &filters->free);
	}
	return 0;
}

/** hw_filters_free() - free them. Context: process. */
void hw_filters_free(struct hw_nic *nic)
{
	kvfree(nic->filters.macs);
}

static u32 key_of(const u8 *mac)
{
	return get_unaligned((const u32 *)(mac + 2));
}

static struct hw_filter *find(struct hw_function *f, const u8 *mac)
{
	struct hw_filter *filter;

	hash_for_each_possible(f->nic->filters.hash, filter, node, key_of(mac))
		if (filter->function == f->index &&
		    ether_addr_equal(filter->mac, mac))
			return filter;
	return NULL;
}

static void del_mac(struct hw_filters *filters, struct hw_filter *filter)
{
	hash_del(&filter->node);
	filter->function = HW_FUNCTIONS;
	hlist_add_head(&filter->node, &filters->free);
	filters->mac_count--;
}

/* An address of its own is all that the host's owner grants to a VF that is
 * not trusted. Groups are harmless.
 */
static bool may_hear(const struct hw_function *f, const u8 *mac)
{
	return !f->index || f->config.flags & WEFTNIC_VF_TRUST ||
		is_multicast_ether_addr(mac) ||
		is_zero_ether_addr(f->config.mac) ||
		ether_addr_equal(f->config.mac, mac);
}

static enum weftnic_err set_mac(struct hw_function *f, const u8 *mac,
				bool delete)
{
	struct hw_filters *filters = &f->nic->filters;
	struct hw_filter *filter = find(f, mac);

	if (delete) {
		if (!filter)
			return WEFTNIC_E_NONE;
		del_mac(filters, filter);
		return WEFTNIC_OK;
	}
	if (is_zero_ether_addr(mac) || !may_hear(f, mac))
		return WEFTNIC_E_INVALID;
	if (filter)
		return WEFTNIC_OK;
	if (hlist_empty(&filters->free))
		return WEFTNIC_E_FULL;
	filter = hlist_entry(filters->free.first, struct hw_filter, node);
	hlist_del(&filter->node);
	ether_addr_copy(filter->mac, mac);
	filter->function = f->index;
	hash_add(filters->hash, &filter->node, key_of(mac));
	filters->mac_count++;
	return WEFTNIC_OK;
}

static enum weftnic_err set_vlan(struct hw_function *f, u16 vlan, bool delete)
{
	struct hw_filters *filters = &f->nic->filters;

	if (vlan >= VLAN_N_VID || f->config.vlan)
		return WEFTNIC_E_INVALID;
	if (delete) {
		if (!__test_and_clear_bit(vlan, f->vlans))
			return WEFTNIC_E_NONE;
		filters->vlan_count--;
		return WEFTNIC_OK;
	}
	if (test_bit(vlan, f->vlans))
		return WEFTNIC_OK;
	if (filters->vlan_count >= f->nic->sizes.vlans)
		return WEFTNIC_E_FULL;
	__set_bit(vlan, f->vlans);
	filters->vlan_count++;
	return WEFTNIC_OK;
}

static enum weftnic_err set_mode(struct hw_function *f, bool *mode, bool on)
{
	if (on && f->index && !(f->config.flags & WEFTNIC_VF_TRUST))
		return WEFTNIC_E_INVALID;
	*mode = on;
	return WEFTNIC_OK;
}

/** hw_filter_set() - add or delete a filter of a function */
enum weftnic_err hw_filter_set(struct hw_function *f,
			       const struct weftnic_filter *from)
{
	bool delete = le16_to_cpu(from->flags) & WEFTNIC_FILTER_DELETE;

	switch (le16_to_cpu(from->type)) {
	case WEFTNIC_FILTER_MAC:
		return set_mac(f, from->mac, delete);
	case WEFTNIC_FILTER_VLAN:
		return set_vlan(f, le16_to_cpu(from->vlan), delete);
	case WEFTNIC_FILTER_ALLMULTI:
		return set_mode(f, &f->allmulti, !delete);
	case WEFTNIC_FILTER_PROMISC:
		return set_mode(f, &f->promisc, !delete);
	default:
		return WEFTNIC_E_INVALID;
	}
}

/** hw_filters_forget() - delete all filters of a function */
void hw_filters_forget(struct hw_function *f)
{
	struct hw_filters *filters = &f->nic->filters;
	u32 i;

	for (i = 0; i < f->nic->sizes.macs; i++)
		if (filters->macs[i].function == f->index)
			del_mac(filters, &filters->macs[i]);
	filters->vlan_count -= bitmap_weight(f->vlans, VLAN_N_VID);
	bitmap_zero(f->vlans, VLAN_N_VID);
	f->allmulti = false;
	f->promisc = false;
}

/** hw_filters_revoke() - delete those that a VF may not have any more */
void hw_filters_revoke(struct hw_function *f)
{
	struct hw_filters *filters = &f->nic->filters;
	struct hw_filter *filter;
	u32 i;

	for (i = 0; i < f->nic->sizes.macs; i++) {
		filter = &filters->macs[i];
		if (filter->function == f->index && !may_hear(f, filter->mac))
			del_mac(filters, filter);
	}
	if (!(f->config.flags & WEFTNIC_VF_TRUST)) {
		f->allmulti = false;
		f->promisc = false;
	}
}

/** hw_filters_match() - which functions have a filter for @mac? */
void hw_filters_match(struct hw_nic *nic, const u8 *mac, unsigned long *to)
{
	struct hw_filter *filter;

	hash_for_each_possible(nic->filters.hash, filter, node, key_of(mac))
		if (ether_addr_equal(filter->mac, mac))
			__set_bit(filter->function, to);
}
