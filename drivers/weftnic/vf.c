// SPDX-License-Identifier: GPL-2.0
/*
 * The device of a VF. Its data go through the NIC; what it may be, it asks the
 * PF.
 */

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>

#include "nic.h"

/* --- what the PF says --- */

static void note_mac(struct nic *nic, const u8 *mac)
{
	spin_lock(&nic->mailbox.answer_lock);
	ether_addr_copy(nic->mailbox.mac, mac);
	spin_unlock(&nic->mailbox.answer_lock);
}

static void heed_mtu(struct nic *nic, u32 max)
{
	WRITE_ONCE(nic->netdev->max_mtu,
		   clamp_t(u32, max, ETH_MIN_MTU, WEFTNIC_MTU_MAX));
}

/* Takes what HELLO is answered, and CHANGED tells. The link is in the status
 * too, where events of it lead.
 */
static void heed(struct nic *nic, const u32 *arg)
{
	u8 mac[ETH_ALEN];

	nic_args_to_mac(&arg[2], mac);
	note_mac(nic, mac);
	heed_mtu(nic, arg[4]);
}

static void told_mac(struct nic *nic, u8 *mac)
{
	spin_lock(&nic->mailbox.answer_lock);
	ether_addr_copy(mac, nic->mailbox.mac);
	spin_unlock(&nic->mailbox.answer_lock);
}

static int hello(struct nic *nic)
{
	u32 arg[NIC_MSG_ARGS] = { WEFTNIC_MBX_HELLO };
	int err;

	err = nic_mailbox_ask(nic, arg);
	if (!err)
		heed(nic, arg);
	return err;
}

static int ask_mac(struct nic *nic, const u8 *mac)
{
	u32 arg[NIC_MSG_ARGS] = { WEFTNIC_MBX_MAC };

	nic_mac_to_args(mac, &arg[2]);
	return nic_mailbox_ask(nic, arg);
}

/* The operations of the device ask the PF again, who has said so itself. */
static void follow(struct nic *nic)
{
	struct net_device *netdev = nic->netdev;
	struct sockaddr_storage address = {
		.ss_family = netdev->type,
	};
	void *sa = &address;	/* its type is not the same in all kernels */
	u8 mac[ETH_ALEN];

	ASSERT_RTNL();
	if (!netif_device_present(netdev))
		return;
	if (netdev->mtu > netdev->max_mtu)
		dev_set_mtu(netdev, netdev->max_mtu);
	told_mac(nic, mac);
	if (!is_valid_ether_addr(mac) ||
	    ether_addr_equal(mac, netdev->dev_addr))
		return;
	ether_addr_copy(((struct sockaddr *)sa)->sa_data, mac);
	dev_set_mac_address(netdev, sa, NULL);
}

static void sync(struct work_struct *work)
{
	struct nic *nic = container_of(work, struct nic, mailbox.sync);

	rtnl_lock();
	follow(nic);
	rtnl_unlock();
}

static void message(struct nic *nic, int vf, const u32 *arg)
{
	if (nic_mailbox_answer(nic, arg))
		return;
	heed(nic, arg);
	queue_work(nic_wq, &nic->mailbox.sync);
}

/* --- netdevice operations --- */

static int set_mac_address(struct net_device *netdev, void *addr)
{
	struct nic *nic = netdev_priv(netdev);
	const struct sockaddr *sa = addr;
	int err;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	err = ask_mac(nic, sa->sa_data);
	if (err)
		return err == -EIO ? -EPERM : err;
	note_mac(nic, sa->sa_data);
	return nic_change_mac(nic, sa->sa_data);
}

static int change_mtu(struct net_device *netdev, int mtu)
{
	u32 arg[NIC_MSG_ARGS] = { WEFTNIC_MBX_MTU, 0, mtu };
	int err;

	err = nic_mailbox_ask(netdev_priv(netdev), arg);
	if (err == -EINVAL)
		heed_mtu(netdev_priv(netdev), arg[2]);
	if (!err)
		WRITE_ONCE(netdev->mtu, mtu);
	return err;
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = nic_open,
	.ndo_stop = nic_stop,
	.ndo_start_xmit = nic_xmit,
	.ndo_features_check = nic_features_check,
	.ndo_set_rx_mode = nic_set_rx_mode,
	.ndo_set_mac_address = set_mac_address,
	.ndo_change_mtu = change_mtu,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_tx_timeout = nic_tx_timeout,
	.ndo_get_stats64 = nic_get_stats64,
	.ndo_vlan_rx_add_vid = nic_vlan_add,
	.ndo_vlan_rx_kill_vid = nic_vlan_del,
};

/* --- the role --- */

static int start(struct nic *nic)
{
	struct net_device *netdev = nic->netdev;
	u8 mac[ETH_ALEN];
	int err;

	INIT_WORK(&nic->mailbox.sync, sync);
	err = hello(nic);
	if (err)
		return err;
	netdev->mtu = min(netdev->mtu, netdev->max_mtu);
	told_mac(nic, mac);
	if (is_valid_ether_addr(mac)) {
		eth_hw_addr_set(netdev, mac);
		return 0;
	}
	eth_hw_addr_random(netdev);
	return ask_mac(nic, netdev->dev_addr);
}

/* A PF that was reset too may have forgotten our address. */
static int restore(struct nic *nic)
{
	u8 mac[ETH_ALEN];
	int err;

	err = hello(nic);
	if (err)
		return err;
	told_mac(nic, mac);
	if (is_valid_ether_addr(mac)) {
		queue_work(nic_wq, &nic->mailbox.sync);
		return 0;
	}
	return ask_mac(nic, nic->netdev->dev_addr);
}

const struct nic_role nic_vf_role = {
	.netdev_ops = &netdev_ops,
	.start = start,
	.restore = restore,
	.message = message,
};
