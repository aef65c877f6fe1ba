// SPDX-License-Identifier: GPL-2.0
/* How the device or VF of a port does. */

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "../compat/compat.h"
#include "netlink.h"
#include "nic.h"
#include "nic_want.h"
#include "port.h"
#include "port_link.h"

static_assert((int)WEFT_LINK_STATE_UP == IF_OPER_UP);

static int put_speed(struct sk_buff *skb, struct net_device *dev)
{
	struct ethtool_link_ksettings settings;

	if (__ethtool_get_link_ksettings(dev, &settings) ||
	    !settings.base.speed ||
	    settings.base.speed == (u32)SPEED_UNKNOWN)
		return 0;
	return nla_put_u32(skb, WEFT_A_LINK_SPEED, settings.base.speed);
}

static int put_errors(struct sk_buff *skb, u64 rx_errors, u64 tx_errors,
		      u64 rx_dropped, u64 tx_dropped)
{
	return nla_put_u64_64bit(skb, WEFT_A_LINK_RX_ERRORS, rx_errors,
				 WEFT_A_LINK_PAD) ||
	       nla_put_u64_64bit(skb, WEFT_A_LINK_TX_ERRORS, tx_errors,
				 WEFT_A_LINK_PAD) ||
	       nla_put_u64_64bit(skb, WEFT_A_LINK_RX_DROPPED, rx_dropped,
				 WEFT_A_LINK_PAD) ||
	       nla_put_u64_64bit(skb, WEFT_A_LINK_TX_DROPPED, tx_dropped,
				 WEFT_A_LINK_PAD) ? -EMSGSIZE : 0;
}

static int put_dev(struct sk_buff *skb, struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return nla_put_u32(skb, WEFT_A_LINK_STATE, READ_ONCE(dev->operstate)) ||
	       nla_put_u32(skb, WEFT_A_LINK_MTU, READ_ONCE(dev->mtu)) ||
	       put_speed(skb, dev) ||
	       put_errors(skb, stats.rx_errors, stats.tx_errors,
			  stats.rx_dropped, stats.tx_dropped) ? -EMSGSIZE : 0;
}

/* What the VF sends the switch receives. */
static int put_vf_stats(struct sk_buff *skb, struct net_device *pf, u16 vf)
{
	struct ifla_vf_stats stats = {};
	int err = -EOPNOTSUPP;

	weft_lock_ops(pf);
	if (pf->netdev_ops->ndo_get_vf_stats && netif_device_present(pf))
		err = pf->netdev_ops->ndo_get_vf_stats(pf, vf, &stats);
	weft_unlock_ops(pf);
	if (err)
		return 0;
	return weft_nl_put_totals(skb, WEFT_A_LINK_STATS,
				  &(struct weft_totals){
					.rx_packets = stats.tx_packets,
					.rx_bytes = stats.tx_bytes,
					.tx_packets = stats.rx_packets,
					.tx_bytes = stats.rx_bytes,
				  }) ||
	       put_errors(skb, 0, 0, stats.tx_dropped, stats.rx_dropped) ?
	       -EMSGSIZE : 0;
}

/* Who switches what the VF sends, as far as the NIC has been told. */
static int put_path(struct sk_buff *skb, const struct weft_port *port,
		    const struct weft_nic_vf *want)
{
	const struct weft_nic_vni *known;
	bool judged = want->judged;

	if (!want->active)
		return 0;
	rcu_read_lock();
	known = xa_load(&port->nic->vnis, want->vni);
	judged = judged || (known && READ_ONCE(known->judged));
	rcu_read_unlock();
	return nla_put_u32(skb, WEFT_A_LINK_PATH,
			   judged ? WEFT_VIA_VSWITCH : WEFT_VIA_VEB);
}

static int put_vf(struct sk_buff *skb, const struct weft_port *port)
{
	struct weft_nic_vf want;
	u32 state;

	rcu_read_lock();
	weft_want_vf(port->nic, port->vf, &want);
	rcu_read_unlock();
	state = want.active && netif_carrier_ok(port->dev) ?
		WEFT_LINK_STATE_UP : WEFT_LINK_STATE_DOWN;
	return nla_put_u32(skb, WEFT_A_LINK_STATE, state) ||
	       (want.active && nla_put_u32(skb, WEFT_A_LINK_MTU, want.mtu)) ||
	       put_speed(skb, port->dev) || put_path(skb, port, &want) ||
	       put_vf_stats(skb, port->dev, port->vf) ? -EMSGSIZE : 0;
}

/**
 * weft_nl_put_link() - tell how the device or VF of a port does
 * @skb: the message
 * @port: the port
 *
 * Asks drivers. Context: RTNL, may sleep. Return: 0 or -EMSGSIZE.
 */
int weft_nl_put_link(struct sk_buff *skb, const struct weft_port *port)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_PORT_LINK);

	if (!nest || (port->nic ? put_vf(skb, port) :
				  put_dev(skb, port->dev)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
