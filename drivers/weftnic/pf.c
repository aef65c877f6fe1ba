// SPDX-License-Identifier: GPL-2.0
/*
 * The PF's device.
 */

#include <linux/etherdevice.h>

#include "nic.h"

static int set_mac_address(struct net_device *netdev, void *addr)
{
	const struct sockaddr *sa = addr;

	if (!is_valid_ether_addr(sa->sa_data))
		return -EADDRNOTAVAIL;
	return nic_change_mac(netdev_priv(netdev), sa->sa_data);
}

static const struct net_device_ops netdev_ops = {
	.ndo_open = nic_open,
	.ndo_stop = nic_stop,
	.ndo_start_xmit = nic_xmit,
	.ndo_features_check = nic_features_check,
	.ndo_set_rx_mode = nic_set_rx_mode,
	.ndo_set_mac_address = set_mac_address,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_tx_timeout = nic_tx_timeout,
	.ndo_get_stats64 = nic_get_stats64,
	.ndo_vlan_rx_add_vid = nic_vlan_add,
	.ndo_vlan_rx_kill_vid = nic_vlan_del,
	.ndo_set_vf_mac = nic_set_vf_mac,
	.ndo_set_vf_vlan = nic_set_vf_vlan,
	.ndo_set_vf_rate = nic_set_vf_rate,
	.ndo_set_vf_spoofchk = nic_set_vf_spoofchk,
	.ndo_set_vf_trust = nic_set_vf_trust,
	.ndo_set_vf_link_state = nic_set_vf_link_state,
	.ndo_get_vf_config = nic_get_vf_config,
	.ndo_get_vf_stats = nic_get_vf_stats,
};

static int start(struct nic *nic)
{
	u32 arg[] = {
		weftnic_read(nic->slot, WEFTNIC_MAC_LO),
		weftnic_read(nic->slot, WEFTNIC_MAC_HI),
	};
	u8 mac[ETH_ALEN];
	int err;

	nic_args_to_mac(arg, mac);
	if (is_valid_ether_addr(mac))
		eth_hw_addr_set(nic->netdev, mac);
	else
		eth_hw_addr_random(nic->netdev);
	ether_addr_copy(nic->netdev->perm_addr, nic->netdev->dev_addr);
	err = nic_vfs_create(nic);
	return err ?: nic_vfs_restore(nic);
}

const struct nic_role nic_pf_role = {
	.netdev_ops = &netdev_ops,
	.start = start,
	.restore = nic_vfs_restore,
	.message = nic_mailbox_serve,
};
