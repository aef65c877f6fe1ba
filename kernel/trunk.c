// SPDX-License-Identifier: GPL-2.0
/*
 * Trunks: uplinks that carry segments by V.VLANs, without other headers. Such
 * an uplink is a port that counts as a tunnel, each V.VLAN a membership of it.
 * What has no V.VLAN is the host's.
 */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "port.h"
#include "trunk.h"
#include "uplink.h"

static weft_upper_port_t upper __read_mostly;

/** weft_trunk_set_upper() - who takes the frames; once, at start */
void weft_trunk_set_upper(weft_upper_port_t take)
{
	upper = take;
}

/* Does a VLAN device leave its tag to who sends? */
static bool keeps_tag(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_VLAN_8021Q)
	return is_vlan_dev(dev) &&
	       !(vlan_dev_priv(dev)->flags & VLAN_FLAG_REORDER_HDR);
#else
	return false;
#endif
}

static int check(const struct weft_switch *sw,
		 const struct weft_uplink *uplink,
		 struct netlink_ext_ack *extack)
{
	if (!uplink) {
		NL_SET_ERR_MSG(extack, "The device is no uplink of the switch");
		return -ENODEV;
	}
	if (!net_eq(sw->net, dev_net(sw->dev))) {
		NL_SET_ERR_MSG(extack,
			       "The uplinks are in another namespace than the switch");
		return -EOPNOTSUPP;
	}
	if (!uplink->handler) {
		NL_SET_ERR_MSG(extack,
			       "The uplink belongs to a bridge, macvlan or the like, so V.VLANs can't be received");
		return -EBUSY;
	}
	if (keeps_tag(uplink->dev)) {
		NL_SET_ERR_MSG(extack,
			       "The VLAN device has reorder_hdr off, so its tag would be lost");
		return -EOPNOTSUPP;
	}
	if (!rcu_access_pointer(uplink->trunk))
		return 0;
	if (rtnl_dereference(uplink->trunk)->sw == sw)
		NL_SET_ERR_MSG(extack, "The uplink is a port already");
	else
		NL_SET_ERR_MSG(extack,
			       "Another switch has the V.VLANs of this uplink");
	return -EEXIST;
}

/**
 * weft_trunk_add() - have an uplink carry V.VLANs
 * @sw: the switch
 * @ifindex: the uplink
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: the port, or -ENODEV, -EOPNOTSUPP, -EBUSY,
 * -EEXIST, -ENOMEM, or what the device says to being promiscuous.
 */
struct weft_port *weft_trunk_add(struct weft_switch *sw, int ifindex,
				 struct netlink_ext_ack *extack)
{
	struct weft_uplink *uplink = weft_uplink_find(sw, ifindex);
	struct weft_port *port;
	int err;

	ASSERT_RTNL();
	err = check(sw, uplink, extack);
	if (err)
		return ERR_PTR(err);
	/* the addresses of VMs are not the device's */
	err = dev_set_promiscuity(uplink->dev, 1);
	if (err)
		return ERR_PTR(err);
	port = weft_port_new(sw, uplink->dev, NULL, 0, true);
	if (!port) {
		dev_set_promiscuity(uplink->dev, -1);
		return ERR_PTR(-ENOMEM);
	}
	rcu_assign_pointer(uplink->trunk, port);
	return port;
}

static struct weft_uplink *uplink_of(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != weft_uplink_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/** weft_trunk_del() - the reverse; context: RTNL, may sleep */
void weft_trunk_del(struct weft_port *port)
{
	struct weft_uplink *uplink = uplink_of(port->dev);

	ASSERT_RTNL();
	/* it need not be an uplink of this switch any more */
	if (uplink && rcu_access_pointer(uplink->trunk) == port)
		RCU_INIT_POINTER(uplink->trunk, NULL);
	synchronize_net();
	dev_set_promiscuity(port->dev, -1);
	weft_port_del(port);
}

/** weft_trunk_gone() - a device goes, and its V.VLANs; context: RTNL */
void weft_trunk_gone(struct net_device *dev)
{
	struct weft_uplink *uplink = uplink_of(dev);
	struct weft_port *port;

	port = uplink ? rtnl_dereference(uplink->trunk) : NULL;
	if (port)
		weft_trunk_del(port);
}

/**
 * weft_trunk_rx() - the rx handler of an uplink, for what has a VLAN tag
 * @pskb: the packet, data behind its Ethernet header, the tag beside it
 *
 * A device for that VLAN has had its chance before. Link-local frames and
 * those that have a priority alone are the host's. Context: softirq, RCU.
 */
rx_handler_result_t weft_trunk_rx(struct sk_buff **pskb)
{
	const struct weft_uplink *uplink;
	struct sk_buff *skb = *pskb;
	struct weft_port *port;
	u16 vid;

	uplink = rcu_dereference(skb->dev->rx_handler_data);
	port = rcu_dereference(uplink->trunk);
	vid = skb_vlan_tag_get_id(skb);
	if (!port || !vid || skb->vlan_proto != htons(ETH_P_8021Q) ||
	    skb->pkt_type == PACKET_LOOPBACK || !weft_port_vlan(port, vid) ||
	    is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return RX_HANDLER_PASS;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	skb_push(skb, ETH_HLEN);
	upper(skb, port, (struct weft_served){});
	return RX_HANDLER_CONSUMED;
}
