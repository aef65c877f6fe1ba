// SPDX-License-Identifier: GPL-2.0
/* The switch: a netdevice whose ports are the VMs of a host. */

#include <linux/ethtool.h>
#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "compat/netlink.h"
#include "ingress.h"
#include "netlink/fdb.h"
#include "netlink/link.h"
#include "nic.h"
#include "peer.h"
#include "port.h"
#include "reasm.h"
#include "rule.h"
#include "segment.h"
#include "template.h"
#include "trunk.h"
#include "tunnel.h"
#include "uplink.h"

static const struct net_device_ops netdev_ops;

bool weft_switch_is(const struct net_device *dev)
{
	return dev->netdev_ops == &netdev_ops;
}

/* --- ports --- */

static struct weft_port *port_of(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != weft_ingress_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static int check_port(struct net_device *dev, struct netlink_ext_ack *extack)
{
	if (dev->flags & IFF_LOOPBACK || dev->type != ARPHRD_ETHER ||
	    dev->addr_len != ETH_ALEN || !is_valid_ether_addr(dev->dev_addr)) {
		NL_SET_ERR_MSG(extack, "A port must be an Ethernet device");
		return -EINVAL;
	}
	if (weft_switch_is(dev)) {
		NL_SET_ERR_MSG(extack, "A switch can't be a port of a switch");
		return -ELOOP;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack,
			       "The device is an uplink, or has another use that takes its frames");
		return -EBUSY;
	}
	return 0;
}

/* ndo_add_slave */
static int add_port(struct net_device *swdev, struct net_device *dev,
		    struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = netdev_priv(swdev);
	struct weft_port *port;
	int err;

	err = check_port(dev, extack);
	if (err)
		return err;
	port = weft_port_new(sw, dev, NULL, 0, false);
	if (!port)
		return -ENOMEM;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto del_port;
	err = netdev_rx_handler_register(dev, weft_ingress_rx, port);
	if (err)
		goto reset_promiscuity;
	err = netdev_master_upper_dev_link(dev, swdev, NULL, NULL, extack);
	if (err)
		goto unregister_handler;
	dev_disable_lro(dev);
	netdev_set_rx_headroom(dev, sw->headroom);
	return 0;

unregister_handler:
	netdev_rx_handler_unregister(dev);
reset_promiscuity:
	dev_set_promiscuity(dev, -1);
del_port:
	weft_port_del(port);
	return err;
}

static void remove_port(struct weft_port *port)
{
	struct net_device *dev = port->dev;

	if (port->nic) {
		weft_nic_del_port(port);
		return;
	}
	if (port->uplink) {
		weft_trunk_del(port);
		return;
	}
	netdev_upper_dev_unlink(dev, port->sw->dev);
	netdev_rx_handler_unregister(dev);
	netdev_reset_rx_headroom(dev);
	dev_set_promiscuity(dev, -1);
	weft_port_del(port);
}

/* ndo_del_slave */
static int del_port(struct net_device *swdev, struct net_device *dev)
{
	struct weft_port *port = port_of(dev);

	if (!port || port->sw != netdev_priv(swdev))
		return -EINVAL;
	remove_port(port);
	return 0;
}

static void remove_ports(struct weft_switch *sw)
{
	struct weft_port *port, *next;

	list_for_each_entry_safe(port, next, &sw->ports, node)
		if (!weft_port_host(port))
			remove_port(port);
}

/* --- the underlay --- */

/* An uplink that is none any more carries no V.VLANs. */
static void remove_trunks(struct weft_switch *sw, const int *ifindex,
			  unsigned int count)
{
	struct weft_port *port, *next;
	unsigned int i;

	list_for_each_entry_safe(port, next, &sw->ports, node) {
		if (!port->uplink)
			continue;
		for (i = 0; i < count && ifindex[i] != port->dev->ifindex; i++)
			;
		if (i == count)
			weft_trunk_del(port);
	}
}

/* What a frame needs in front of it to leave by any uplink. */
static void set_headroom(struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = rtnl_dereference(sw->uplinks);
	struct weft_port *port;

	sw->headroom = uplinks->headroom + VLAN_HLEN +
		       weft_tunnel_overhead(weft_encap(WEFT_ENCAP_VXLAN),
					    AF_INET6);
	WRITE_ONCE(sw->dev->needed_headroom, sw->headroom);
	list_for_each_entry(port, &sw->ports, node)
		if (weft_port_enslaved(port))
			netdev_set_rx_headroom(port->dev, sw->headroom);
}

static int set_config(struct weft_switch *sw, const struct weft_config *config,
		      const int *uplinks, unsigned int count,
		      struct netlink_ext_ack *extack)
{
	struct weft_config *new, *old;
	int err;

	if (config->fence.family && !sw->reasm) {
		sw->reasm = weft_reasm_new(sw);
		if (!sw->reasm)
			return -ENOMEM;
	}
	new = kmemdup(config, sizeof(*config), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	err = weft_uplink_bind(sw, new, uplinks, count, extack);
	if (err) {
		kfree(new);
		return err;
	}
	if (uplinks)
		remove_trunks(sw, uplinks, count);
	old = rcu_replace_pointer(sw->config, new, lockdep_rtnl_is_held());
	kfree_rcu(old, rcu);
	WRITE_ONCE(sw->map.quota.limit, config->limit);
	WRITE_ONCE(sw->neighs.limit, config->limit);
	weft_template_stale(sw);
	set_headroom(sw);
	weft_nic_bind(sw);
	return 0;
}

/* As vxlan: what the first uplink carries is what the interface sends. Without
 * a local address that was IPv6, and still is.
 */
static void set_mtu(struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = rtnl_dereference(sw->uplinks);
	const struct weft_config *config = weft_config(sw);
	enum weft_encap encap = WEFT_ENCAP_DEFAULT;
	unsigned int overhead, mtu;

	if (!uplinks->count || sw->dev->mtu != ETH_DATA_LEN)
		return;
	if (config->fence.family && !config->local4.family &&
	    !config->local6.family)
		encap = WEFT_ENCAP_LINK;
	overhead = weft_tunnel_overhead(weft_encap(encap),
					config->local4.family ? AF_INET :
								AF_INET6);
	mtu = uplinks->uplink[0]->dev->mtu;
	if (mtu > overhead + ETH_MIN_MTU)
		dev_set_mtu(sw->dev, min_t(unsigned int, mtu - overhead,
					   ETH_MAX_MTU));
}

/**
 * weft_switch_create() - create a switch
 * @sw: the private part of a device that is not registered yet
 * @net: the namespace of the underlay
 * @config: what it shall be
 * @uplinks: interface indices in @net, or NULL for none
 * @count: how many
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error.
 */
int weft_switch_create(struct weft_switch *sw, struct net *net,
		       const struct weft_config *config,
		       const int *uplinks, unsigned int count,
		       struct netlink_ext_ack *extack)
{
	int err;

	sw->net = net;
	err = register_netdevice(sw->dev);
	if (err)
		return err;
	err = set_config(sw, config, uplinks, count, extack);
	if (err) {
		unregister_netdevice(sw->dev);
		return err;
	}
	set_mtu(sw);
	return 0;
}

/**
 * weft_switch_change() - change a switch
 * @sw: the switch
 * @config: all that it shall be
 * @uplinks: interface indices in the underlay, or NULL for those there are
 * @count: how many
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error; nothing is changed then.
 */
int weft_switch_change(struct weft_switch *sw,
		       const struct weft_config *config,
		       const int *uplinks, unsigned int count,
		       struct netlink_ext_ack *extack)
{
	return set_config(sw, config, uplinks, count, extack);
}

/* --- life --- */

static int init_tables(struct weft_switch *sw)
{
	int err;

	err = weft_map_init(&sw->map, sw);
	if (err)
		return err;
	err = weft_neighs_init(&sw->neighs, sw);
	if (err)
		goto destroy_map;
	err = weft_peers_init(sw);
	if (err)
		goto destroy_neighs;
	return 0;

destroy_neighs:
	weft_neighs_destroy(&sw->neighs);
destroy_map:
	weft_map_destroy(&sw->map);
	return err;
}

static void destroy_tables(struct weft_switch *sw)
{
	weft_peers_destroy(sw);
	weft_neighs_destroy(&sw->neighs);
	weft_map_destroy(&sw->map);
}

/* What the packet path may rely on: there is always some configuration and a
 * list of uplinks, be they empty.
 */
static int init_config(struct weft_switch *sw)
{
	struct weft_uplinks *uplinks;
	struct weft_config *config;

	config = kzalloc(sizeof(*config), GFP_KERNEL);
	uplinks = kzalloc(sizeof(*uplinks), GFP_KERNEL);
	if (!config || !uplinks) {
		kfree(config);
		kfree(uplinks);
		return -ENOMEM;
	}
	rcu_assign_pointer(sw->config, config);
	rcu_assign_pointer(sw->uplinks, uplinks);
	return 0;
}

static void free_config(struct weft_switch *sw)
{
	kfree_rcu(rtnl_dereference(sw->config), rcu);
	kfree_rcu(rtnl_dereference(sw->uplinks), rcu);
}

/* ndo_init */
static int init(struct net_device *dev)
{
	struct weft_switch *sw = netdev_priv(dev);
	int err;

	xa_init(&sw->segments);
	INIT_LIST_HEAD(&sw->ports);
	sw->drops = alloc_percpu(struct weft_drops);
	if (!sw->drops)
		return -ENOMEM;
	err = init_config(sw);
	if (err)
		goto free_drops;
	err = init_tables(sw);
	if (err)
		goto free_config;
	sw->host = weft_port_new(sw, dev, NULL, 0, false);
	if (!sw->host) {
		err = -ENOMEM;
		goto destroy_tables;
	}
	list_add_tail_rcu(&sw->node, &weft_net(sw->net)->switches);
	return 0;

destroy_tables:
	destroy_tables(sw);
free_config:
	free_config(sw);
free_drops:
	free_percpu(sw->drops);
	return err;
}

/* ndo_uninit: the device neither sends any more nor is found */
static void uninit(struct net_device *dev)
{
	struct weft_switch *sw = netdev_priv(dev);

	list_del_rcu(&sw->node);
	remove_ports(sw);
	weft_nic_unbind(sw);
	weft_uplink_unbind(sw);
	if (sw->reasm)
		weft_reasm_free(sw->reasm);
	weft_segment_del_all(sw);
	weft_rules_destroy(sw);
	weft_port_del(sw->host);
	destroy_tables(sw);
	xa_destroy(&sw->segments);
	kfree_rcu(rtnl_dereference(sw->config), rcu);
}

/* readers of the underlay's list may hold on to the switch a while longer */
static void destruct(struct net_device *dev)
{
	struct weft_switch *sw = netdev_priv(dev);

	free_percpu(sw->drops);
}

static int set_mac(struct net_device *dev, void *addr)
{
	struct weft_switch *sw = netdev_priv(dev);
	int err;

	err = eth_prepare_mac_addr_change(dev, addr);
	if (err)
		return err;
	err = weft_port_host_mac(sw->host,
				 ((struct sockaddr *)addr)->sa_data);
	if (!err)
		eth_commit_mac_addr_change(dev, addr);
	return err;
}

static const struct net_device_ops netdev_ops = {
	.ndo_init = init,
	.ndo_uninit = uninit,
	.ndo_start_xmit = weft_ingress_xmit,
	.ndo_set_mac_address = set_mac,
	.ndo_validate_addr = eth_validate_addr,
	.ndo_add_slave = add_port,
	.ndo_del_slave = del_port,
	.ndo_fdb_add = weft_fdb_add,
	.ndo_fdb_del = weft_fdb_del,
	.ndo_fdb_del_bulk = weft_fdb_del_bulk,
	.ndo_fdb_dump = weft_fdb_dump,
	.ndo_fdb_get = weft_fdb_get,
};

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, weft_link_ops.kind, sizeof(info->driver));
}

static const struct ethtool_ops ethtool_ops = {
	.get_drvinfo = get_drvinfo,
	.get_link = ethtool_op_get_link,
};

static const struct device_type device_type = {
	.name = "weft",
};

/**
 * weft_switch_setup() - the setup function of the link kind
 * @dev: a new device
 */
void weft_switch_setup(struct net_device *dev)
{
	struct weft_switch *sw = netdev_priv(dev);

	sw->dev = dev;
	ether_setup(dev);
	eth_hw_addr_random(dev);
	SET_NETDEV_DEVTYPE(dev, &device_type);
	dev->netdev_ops = &netdev_ops;
	dev->ethtool_ops = &ethtool_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = destruct;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	dev->lltx = true;
	weft_netns_immutable(dev);
	dev->priv_flags |= IFF_NO_QUEUE | IFF_LIVE_ADDR_CHANGE;
	dev->hw_features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM |
			   NETIF_F_RXCSUM | NETIF_F_GSO_SOFTWARE |
			   NETIF_F_HIGHDMA;
	dev->features = dev->hw_features;
	dev->vlan_features = dev->features;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
}

/**
 * weft_switch_event() - something happened to a device that may be a port
 * @dev: the device
 * @event: of the netdevice notifier
 *
 * Context: RTNL. Return: a notifier's answer.
 */
int weft_switch_event(struct net_device *dev, unsigned long event)
{
	struct weft_port *port = port_of(dev);

	if (event == NETDEV_UNREGISTER)
		weft_trunk_gone(dev);
	/* some kernels make a switch with a link-netns there and move it */
	if (event == NETDEV_REGISTER && weft_switch_is(dev))
		weft_netns_settle(dev, ((struct weft_switch *)
					netdev_priv(dev))->net);
	if (!port)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UNREGISTER:	/* also on its way to another namespace */
		remove_port(port);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	}
	return NOTIFY_DONE;
}
