// SPDX-License-Identifier: GPL-2.0
/*
 * What the function shall receive: addresses, VLANs, all. The driver remembers
 * what it has set, so that only differences are sent, and all after a reset.
 */

#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "nic.h"

#define BATCH NIC_CMD_MAX(struct weftnic_filter)

/**
 * struct mac_filter - an address to be received
 * @node: in nic_filters.macs
 * @mac: the address
 * @want: it is still wanted
 * @set: the NIC has it
 */
struct mac_filter {
	struct hlist_node node;
	u8 mac[ETH_ALEN];
	bool want;
	bool set;
};

static u32 hash_of(const u8 *mac)
{
	return jhash(mac, ETH_ALEN, 0);
}

static struct mac_filter *find(struct nic_filters *filters, const u8 *mac)
{
	struct mac_filter *filter;

	hash_for_each_possible(filters->macs, filter, node, hash_of(mac))
		if (ether_addr_equal(filter->mac, mac))
			return filter;
	return NULL;
}

static int want(struct nic_filters *filters, const u8 *mac)
{
	struct mac_filter *filter = find(filters, mac);

	if (!filter) {
		filter = kzalloc(sizeof(*filter), GFP_ATOMIC);
		if (!filter)
			return -ENOMEM;
		ether_addr_copy(filter->mac, mac);
		hash_add(filters->macs, &filter->node, hash_of(mac));
	}
	filter->want = true;
	return 0;
}

/**
 * struct modes - modes that are wanted beside filters
 * @promisc: all is to be received
 * @allmulti: all multicast
 */
struct modes {
	bool promisc;
	bool allmulti;
};

/* Notes what the device wants now. */
static void gather(struct nic *nic, struct modes *modes)
{
	struct nic_filters *filters = &nic->filters;
	struct net_device *netdev = nic->netdev;
	struct netdev_hw_addr *ha;
	struct mac_filter *filter;
	unsigned int i;

	hash_for_each(filters->macs, i, filter, node)
		filter->want = false;
	netif_addr_lock_bh(netdev);
	modes->promisc = netdev->flags & IFF_PROMISC;
	modes->allmulti = netdev->flags & (IFF_ALLMULTI | IFF_PROMISC);
	if (want(filters, netdev->dev_addr))
		modes->promisc = true;
	netdev_for_each_uc_addr(ha, netdev)
		if (want(filters, ha->addr))
			modes->promisc = true;
	netdev_for_each_mc_addr(ha, netdev)
		if (want(filters, ha->addr))
			modes->allmulti = true;
	netif_addr_unlock_bh(netdev);
}

static void fill_mac(struct weftnic_filter *elem, const u8 *mac, u16 flags)
{
	memset(elem, 0, sizeof(*elem));
	elem->type = cpu_to_le16(WEFTNIC_FILTER_MAC);
	elem->flags = cpu_to_le16(flags);
	ether_addr_copy(elem->mac, mac);
}

static void drop(struct mac_filter *filter)
{
	hash_del(&filter->node);
	kfree(filter);
}

/* Deletes what is not wanted any more, as much as goes into a command. */
static int del_batch(struct nic *nic)
{
	struct weftnic_filter *elems = nic_cmd_begin(nic);
	struct mac_filter *filter;
	struct hlist_node *next;
	unsigned int i, count = 0;
	int err = 0;

	hash_for_each_safe(nic->filters.macs, i, next, filter, node) {
		if (filter->want || count == BATCH)
			continue;
		if (filter->set)
			fill_mac(&elems[count++], filter->mac,
				 WEFTNIC_FILTER_DELETE);
		else
			drop(filter);
	}
	if (count)
		err = nic_cmd_run(nic, WEFTNIC_OP_FILTER, count, NULL);
	for (i = 0; !err && i < count; i++) {
		filter = find(&nic->filters, elems[i].mac);
		if (filter)
			drop(filter);
	}
	nic_cmd_end(nic);
	return err ?: count;
}

/* Too many addresses: receive all of their kind instead. */
static void note(struct nic *nic, const struct weftnic_filter *elem,
		 struct modes *modes)
{
	struct mac_filter *filter = find(&nic->filters, elem->mac);

	if (filter)
		filter->set = elem->status == cpu_to_le32(WEFTNIC_OK);
	if (elem->status != cpu_to_le32(WEFTNIC_E_FULL))
		return;
	if (is_multicast_ether_addr(elem->mac))
		modes->allmulti = true;
	else
		modes->promisc = true;
}

/* Sets what is wanted and behind number @skip of those, as above. */
static int add_batch(struct nic *nic, unsigned int *skip, struct modes *modes)
{
	struct weftnic_filter *elems = nic_cmd_begin(nic);
	unsigned int i, count = 0, seen = 0;
	struct mac_filter *filter;
	int err = 0;

	hash_for_each(nic->filters.macs, i, filter, node) {
		if (seen++ < *skip || count == BATCH)
			continue;
		++*skip;
		if (!filter->set)
			fill_mac(&elems[count++], filter->mac, 0);
	}
	if (count)
		err = nic_cmd_run(nic, WEFTNIC_OP_FILTER, count, NULL);
	for (i = 0; !err && i < count; i++)
		note(nic, &elems[i], modes);
	nic_cmd_end(nic);
	return err ?: count;
}

/* One filter that is no address. */
static int set_one(struct nic *nic, enum weftnic_filter_type type, u16 vlan,
		   bool on)
{
	struct weftnic_filter *elem = nic_cmd_begin(nic);
	int err;

	memset(elem, 0, sizeof(*elem));
	elem->type = cpu_to_le16(type);
	elem->vlan = cpu_to_le16(vlan);
	elem->flags = cpu_to_le16(on ? 0 : WEFTNIC_FILTER_DELETE);
	err = nic_cmd_run(nic, WEFTNIC_OP_FILTER, 1, NULL);
	if (!err)
		err = nic_errno(le32_to_cpu(elem->status));
	nic_cmd_end(nic);
	return !on && err == -ENOENT ? 0 : err;
}

/* What is refused to a VF that is not trusted is no error. */
static int set_mode(struct nic *nic, enum weftnic_filter_type type, bool on,
		    bool *is)
{
	int err;

	if (on == *is)
		return 0;
	err = set_one(nic, type, 0, on);
	if (!err)
		*is = on;
	return test_bit(NIC_FAILED, &nic->state) ? err : 0;
}

static int sync(struct nic *nic)
{
	struct nic_filters *filters = &nic->filters;
	unsigned int skip = 0;
	struct modes modes;
	int ret;

	lockdep_assert_held(&filters->lock);
	gather(nic, &modes);
	do
		ret = del_batch(nic);
	while (ret > 0);
	while (ret >= 0) {
		ret = add_batch(nic, &skip, &modes);
		if (!ret)
			break;
	}
	if (ret < 0)
		return ret;
	return set_mode(nic, WEFTNIC_FILTER_PROMISC, modes.promisc,
			&filters->promisc) ?:
	       set_mode(nic, WEFTNIC_FILTER_ALLMULTI, modes.allmulti,
			&filters->allmulti);
}

/**
 * nic_filters_sync() - have the NIC receive what the device wants
 * @nic: the function
 *
 * Context: process. Return: 0, or an error of the command.
 */
int nic_filters_sync(struct nic *nic)
{
	int err;

	mutex_lock(&nic->filters.lock);
	err = sync(nic);
	mutex_unlock(&nic->filters.lock);
	return err;
}

/**
 * nic_filters_restore() - set all filters again
 * @nic: the function, which has been reset
 *
 * Context: process. Return: 0, or an error of a command.
 */
int nic_filters_restore(struct nic *nic)
{
	struct nic_filters *filters = &nic->filters;
	struct mac_filter *filter;
	unsigned int i;
	int err = 0;

	mutex_lock(&filters->lock);
	hash_for_each(filters->macs, i, filter, node)
		filter->set = false;
	filters->promisc = false;
	filters->allmulti = false;
	for_each_set_bit(i, filters->vlans, VLAN_N_VID) {
		err = set_one(nic, WEFTNIC_FILTER_VLAN, i, true);
		if (test_bit(NIC_FAILED, &nic->state))
			goto out;
	}
	err = sync(nic);
out:
	mutex_unlock(&filters->lock);
	return err;
}

static void work(struct work_struct *work)
{
	struct nic *nic = container_of(to_delayed_work(work), struct nic,
				       rx_mode);

	if (nic_filters_sync(nic))
		queue_delayed_work(nic_wq, &nic->rx_mode, HZ);
}

/** nic_vlan_add() - ndo_vlan_rx_add_vid; packets of none, 0, come anyway */
int nic_vlan_add(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct nic *nic = netdev_priv(netdev);
	int err;

	if (!vid)
		return 0;
	mutex_lock(&nic->filters.lock);
	err = set_one(nic, WEFTNIC_FILTER_VLAN, vid, true);
	if (!err)
		set_bit(vid, nic->filters.vlans);
	mutex_unlock(&nic->filters.lock);
	return err;
}

/** nic_vlan_del() - the reverse; a NIC that has failed forgets it anyway */
int nic_vlan_del(struct net_device *netdev, __be16 proto, u16 vid)
{
	struct nic *nic = netdev_priv(netdev);

	mutex_lock(&nic->filters.lock);
	if (test_and_clear_bit(vid, nic->filters.vlans))
		set_one(nic, WEFTNIC_FILTER_VLAN, vid, false);
	mutex_unlock(&nic->filters.lock);
	return 0;
}

void nic_filters_init(struct nic *nic)
{
	mutex_init(&nic->filters.lock);
	hash_init(nic->filters.macs);
	INIT_DELAYED_WORK(&nic->rx_mode, work);
}

void nic_filters_free(struct nic *nic)
{
	struct mac_filter *filter;
	struct hlist_node *next;
	unsigned int i;

	hash_for_each_safe(nic->filters.macs, i, next, filter, node)
		drop(filter);
}
