// SPDX-License-Identifier: GPL-2.0
/*
 * ethtool: statistics, rings, channels.
 */

#include <linux/ethtool.h>
#include <linux/log2.h>

#include "nic.h"

static void get_drvinfo(struct net_device *netdev,
			struct ethtool_drvinfo *info)
{
	struct nic *nic = netdev_priv(netdev);

	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(nic->pdev), sizeof(info->bus_info));
	snprintf(info->fw_version, sizeof(info->fw_version), "%x.%u",
		 WEFTNIC_ID_VALUE, nic->pdev->revision);
}

/* The wire is any device; bonds want to hear of some speed. */
static int get_link_ksettings(struct net_device *netdev,
			      struct ethtool_link_ksettings *settings)
{
	settings->base.speed = SPEED_10000;
	settings->base.duplex = DUPLEX_FULL;
	settings->base.port = PORT_OTHER;
	settings->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

/* --- statistics --- */

/**
 * struct counter - a statistic
 * @name: as ethtool shows it
 * @offset: where it is
 */
struct counter {
	char name[ETH_GSTRING_LEN];
	size_t offset;
};

#define TX(field) { "tx_queue_%u_" #field, offsetof(struct nic_tx, field) }
#define RX(field) { "rx_queue_%u_" #field, offsetof(struct nic_rx, field) }
#define HW(field) { "hw_" #field, offsetof(struct weftnic_stats, field) }
#define ENGINE(field) \
	{ "engine_" #field, offsetof(struct weftnic_counters, field) }
#define DRIVER(field) { "driver_" #field, offsetof(struct nic_counts, field) }

static const struct counter tx_counters[] = {
	TX(packets), TX(bytes), TX(dropped), TX(given_back), TX(stopped),
};

static const struct counter rx_counters[] = {
	RX(packets), RX(bytes), RX(multicast), RX(overlay), RX(coalesced),
	RX(dropped), RX(errors),
};

static const struct counter hw_counters[] = {
	HW(rx_packets), HW(rx_bytes), HW(rx_multicast), HW(rx_broadcast),
	HW(tx_packets), HW(tx_bytes), HW(rx_no_buffer), HW(tx_spoofed),
	HW(tx_too_long), HW(tx_over_rate), HW(tx_bad),
};

static const struct counter driver_counters[] = {
	DRIVER(resets), DRIVER(misses), DRIVER(contradictions), DRIVER(full),
	DRIVER(events_lost),
};

static const struct counter engine_counters[] = {
	ENGINE(encapsulated), ENGINE(decapsulated), ENGINE(coalesced),
	ENGINE(to_vf), ENGINE(to_host), ENGINE(miss), ENGINE(no_segment),
	ENGINE(no_vtep), ENGINE(no_mac), ENGINE(wrong_vlan),
	ENGINE(wrong_vtep), ENGINE(contradicts), ENGINE(contradicts_learned),
	ENGINE(bad_csum), ENGINE(malformed), ENGINE(denied), ENGINE(to_judge),
	ENGINE(vf_inside), ENGINE(vf_out), ENGINE(vf_in), ENGINE(vf_miss),
	ENGINE(vf_judge), ENGINE(vf_many), ENGINE(vf_entry),
	ENGINE(events_lost),
	ENGINE(busy_ns),
};

static int get_sset_count(struct net_device *netdev, int set)
{
	struct nic *nic = netdev_priv(netdev);
	int count;

	if (set != ETH_SS_STATS)
		return -EOPNOTSUPP;
	count = nic->queue_max * (ARRAY_SIZE(tx_counters) +
				  ARRAY_SIZE(rx_counters));
	count += ARRAY_SIZE(driver_counters) + ARRAY_SIZE(hw_counters);
	if (nic_is_pf(nic))
		count += ARRAY_SIZE(engine_counters);
	return count;
}

/* The names are formats if they are of a queue. */
static void put_names(u8 **at, const struct counter *counters,
		      unsigned int count, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		ethtool_sprintf(at, counters[i].name, queue);
}

static void get_strings(struct net_device *netdev, u32 set, u8 *at)
{
	struct nic *nic = netdev_priv(netdev);
	unsigned int i;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < nic->queue_max; i++) {
		put_names(&at, tx_counters, ARRAY_SIZE(tx_counters), i);
		put_names(&at, rx_counters, ARRAY_SIZE(rx_counters), i);
	}
	put_names(&at, driver_counters, ARRAY_SIZE(driver_counters), 0);
	put_names(&at, hw_counters, ARRAY_SIZE(hw_counters), 0);
	if (nic_is_pf(nic))
		put_names(&at, engine_counters, ARRAY_SIZE(engine_counters),
			  0);
}

static void put_queue(u64 **at, const struct counter *counters,
		      unsigned int count, const void *from,
		      const struct u64_stats_sync *syncp)
{
	unsigned int i, start;

	do {
		start = u64_stats_fetch_begin(syncp);
		for (i = 0; i < count; i++)
			(*at)[i] = u64_stats_read(from + counters[i].offset);
	} while (u64_stats_fetch_retry(syncp, start));
	*at += count;
}

static void put_le(u64 **at, const struct counter *counters,
		   unsigned int count, const void *from)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		*(*at)++ = le64_to_cpup(from + counters[i].offset);
}

static void put_driver(u64 **at, const struct nic *nic)
{
	const void *from = &nic->counts;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(driver_counters); i++)
		*(*at)++ = *(const u64 *)(from + driver_counters[i].offset);
}

/* A NIC that does not answer shows what it said last. */
static void get_ethtool_stats(struct net_device *netdev,
			      struct ethtool_stats *stats, u64 *at)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_queue *queue;
	unsigned int i;

	nic_stats_read(nic, 0, &nic->stats);
	if (nic_is_pf(nic))
		nic_counters_read(nic);
	for (i = 0; i < nic->queue_max; i++) {
		queue = &nic->queues[i];
		put_queue(&at, tx_counters, ARRAY_SIZE(tx_counters),
			  &queue->tx, &queue->tx.syncp);
		put_queue(&at, rx_counters, ARRAY_SIZE(rx_counters),
			  &queue->rx, &queue->rx.syncp);
	}
	put_driver(&at, nic);
	put_le(&at, hw_counters, ARRAY_SIZE(hw_counters), &nic->stats);
	if (nic_is_pf(nic))
		put_le(&at, engine_counters, ARRAY_SIZE(engine_counters),
		       &nic->counters);
}

/* --- rings and channels --- */

static void get_ringparam(struct net_device *netdev,
			  struct ethtool_ringparam *ring,
			  struct kernel_ethtool_ringparam *kernel_ring,
			  struct netlink_ext_ack *extack)
{
	struct nic *nic = netdev_priv(netdev);

	ring->rx_max_pending = BIT(WEFTNIC_RING_SIZE_MAX);
	ring->tx_max_pending = BIT(WEFTNIC_RING_SIZE_MAX);
	ring->rx_pending = BIT(nic->rx_order);
	ring->tx_pending = BIT(nic->tx_order);
}

/* Rings are powers of two: of what is asked for, or the next. */
static unsigned int order_of(u32 pending)
{
	return clamp(order_base_2(pending), NIC_RING_ORDER_MIN,
		     WEFTNIC_RING_SIZE_MAX);
}

static int set_ringparam(struct net_device *netdev,
			 struct ethtool_ringparam *ring,
			 struct kernel_ethtool_ringparam *kernel_ring,
			 struct netlink_ext_ack *extack)
{
	struct nic *nic = netdev_priv(netdev);

	return nic_queues_change(nic, nic->queue_count,
				 order_of(ring->tx_pending),
				 order_of(ring->rx_pending));
}

static void get_channels(struct net_device *netdev,
			 struct ethtool_channels *channels)
{
	struct nic *nic = netdev_priv(netdev);

	channels->max_combined = nic->queue_max;
	channels->combined_count = nic->queue_count;
}

static int set_channels(struct net_device *netdev,
			struct ethtool_channels *channels)
{
	struct nic *nic = netdev_priv(netdev);

	return nic_queues_change(nic, channels->combined_count, nic->tx_order,
				 nic->rx_order);
}

const struct ethtool_ops nic_ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = get_link_ksettings,
	.get_sset_count = get_sset_count,
	.get_strings = get_strings,
	.get_ethtool_stats = get_ethtool_stats,
	.get_ringparam = get_ringparam,
	.set_ringparam = set_ringparam,
	.get_channels = get_channels,
	.set_channels = set_channels,
	.get_ts_info = ethtool_op_get_ts_info,
};
