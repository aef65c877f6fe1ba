// SPDX-License-Identifier: GPL-2.0
/*
 * What the devices of PF and VFs have in common.
 */

#include <linux/etherdevice.h>

#include "nic.h"

/** nic_open() - ndo_open; context: RTNL */
int nic_open(struct net_device *netdev)
{
	struct nic *nic = netdev_priv(netdev);
	int err;

	if (test_bit(NIC_FAILED, &nic->state))
		return -EIO;
	err = nic_queues_up(nic);
	if (err)
		return err;
	nic_link(nic);
	return 0;
}

/** nic_stop() - ndo_stop; context: RTNL */
int nic_stop(struct net_device *netdev)
{
	nic_queues_down(netdev_priv(netdev));
	return 0;
}

/** nic_set_rx_mode() - ndo_set_rx_mode, where commands can't be waited for */
void nic_set_rx_mode(struct net_device *netdev)
{
	struct nic *nic = netdev_priv(netdev);

	mod_delayed_work(nic_wq, &nic->rx_mode, 0);
}

/** nic_tx_timeout() - ndo_tx_timeout */
void nic_tx_timeout(struct net_device *netdev, unsigned int queue)
{
	nic_fail(netdev_priv(netdev), "a transmit queue hangs");
}

static void add_tx(struct nic_tx *tx, struct rtnl_link_stats64 *stats)
{
	u64 packets, bytes, dropped;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&tx->syncp);
		packets = u64_stats_read(&tx->packets);
		bytes = u64_stats_read(&tx->bytes);
		dropped = u64_stats_read(&tx->dropped);
	} while (u64_stats_fetch_retry(&tx->syncp, start));
	stats->tx_packets += packets;
	stats->tx_bytes += bytes;
	stats->tx_dropped += dropped;
}

static void add_rx(struct nic_rx *rx, struct rtnl_link_stats64 *stats)
{
	u64 packets, bytes, multicast, dropped, errors;
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&rx->syncp);
		packets = u64_stats_read(&rx->packets);
		bytes = u64_stats_read(&rx->bytes);
		multicast = u64_stats_read(&rx->multicast);
		dropped = u64_stats_read(&rx->dropped);
		errors = u64_stats_read(&rx->errors);
	} while (u64_stats_fetch_retry(&rx->syncp, start));
	stats->rx_packets += packets;
	stats->rx_bytes += bytes;
	stats->multicast += multicast;
	stats->rx_dropped += dropped;
	stats->rx_errors += errors;
}

/** nic_get_stats64() - ndo_get_stats64; context: any */
void nic_get_stats64(struct net_device *netdev,
		     struct rtnl_link_stats64 *stats)
{
	struct nic *nic = netdev_priv(netdev);
	unsigned int i;

	for (i = 0; i < nic->queue_max; i++) {
		add_tx(&nic->queues[i].tx, stats);
		add_rx(&nic->queues[i].rx, stats);
	}
}

/**
 * nic_change_mac() - give the device another address
 * @nic: the function
 * @mac: the address
 *
 * Context: RTNL. Return: 0, or an error of a command, and nothing is changed.
 */
int nic_change_mac(struct nic *nic, const u8 *mac)
{
	u8 old[ETH_ALEN];
	int err;

	ether_addr_copy(old, nic->netdev->dev_addr);
	eth_hw_addr_set(nic->netdev, mac);
	err = nic_filters_sync(nic);
	if (err)
		eth_hw_addr_set(nic->netdev, old);
	return err;
}

/**
 * nic_netdev_setup() - what a device can do, before it is registered
 * @nic: the function
 */
void nic_netdev_setup(struct nic *nic)
{
	struct net_device *netdev = nic->netdev;
	netdev_features_t can = NETIF_F_SG, tunnel = 0;

	if (nic->features & WEFTNIC_FEATURE_CSUM)
		can |= NETIF_F_HW_CSUM | NETIF_F_RXCSUM;
	if (nic->features & WEFTNIC_FEATURE_TSO)
		can |= NETIF_F_TSO | NETIF_F_TSO6;
	if (nic->features & WEFTNIC_FEATURE_TUNNEL &&
	    nic->features & WEFTNIC_FEATURE_TSO)
		tunnel = NETIF_F_GSO_UDP_TUNNEL | NETIF_F_GSO_UDP_TUNNEL_CSUM;
	netdev->netdev_ops = nic->role->netdev_ops;
	netdev->ethtool_ops = &nic_ethtool_ops;
	netdev->vlan_features = can | NETIF_F_HIGHDMA;
	netdev->hw_enc_features = tunnel ? can | tunnel :
				  can & ~(NETIF_F_TSO | NETIF_F_TSO6);
	netdev->hw_features = can | tunnel | NETIF_F_HW_VLAN_CTAG_TX;
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA |
			   NETIF_F_HW_VLAN_CTAG_RX |
			   NETIF_F_HW_VLAN_CTAG_FILTER;
	netdev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = WEFTNIC_MTU_MAX;
	netif_keep_dst(netdev);
	netif_carrier_off(netdev);
}
