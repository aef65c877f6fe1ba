// SPDX-License-Identifier: GPL-2.0
/* The wire is any Ethernet device of the host, which belongs to the NIC then.
 */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/gso.h>
#include <net/net_namespace.h>

#include "engine.h"
#include "function.h"
#include "nic.h"
#include "wire.h"

#define BACKLOG	1024	/* frames that wait for the engine */
#define LEN_MAX	(WEFTNIC_MTU_MAX + ETH_HLEN + 2 * VLAN_HLEN)

void hw_wire_relink(struct hw_nic *nic)
{
	unsigned int i;

	spin_lock_bh(&nic->lock);
	for (i = 0; i < hw_count(nic); i++)
		hw_relink(&nic->functions[i]);
	spin_unlock_bh(&nic->lock);
	hw_kick(nic);
}

static void set_carrier(struct hw_nic *nic, bool carrier)
{
	spin_lock_bh(&nic->lock);
	nic->carrier = carrier;
	spin_unlock_bh(&nic->lock);
	hw_wire_relink(nic);
}

static bool has_carrier(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev);
}

/* Takes a frame in, as it would be on a real wire. */
static void take(struct hw_nic *nic, struct sk_buff *skb)
{
	skb = skb_unshare(skb, GFP_ATOMIC);
	if (!skb)
		return;
	if ((skb->ip_summed == CHECKSUM_PARTIAL &&
	     skb_csum_hwoffload_help(skb, 0)) ||
	    skb_linearize(skb) || skb->len < ETH_HLEN || skb->len > LEN_MAX ||
	    skb_queue_len_lockless(&nic->in) >= BACKLOG) {
		atomic_inc(&nic->in_lost);
		kfree_skb(skb);
		return;
	}
	skb_orphan(skb);
	skb_queue_tail(&nic->in, skb);
}

/* A packet that software has not yet cut in segments. */
static void take_segments(struct hw_nic *nic, struct sk_buff *skb)
{
	struct sk_buff *segments, *next;

	segments = __skb_gso_segment(skb, 0, false);
	if (IS_ERR_OR_NULL(segments)) {
		atomic_inc(&nic->in_lost);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segments, skb, next) {
		skb_mark_not_on_list(skb);
		take(nic, skb);
	}
}

static void take_any(struct hw_nic *nic, struct sk_buff *skb)
{
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return;
	if (READ_ONCE(nic->fault.unplugged)) {
		kfree_skb(skb);
		return;
	}
	skb_push(skb, skb->data - skb_mac_header(skb));
	if (skb_vlan_tag_present(skb))
		skb = __vlan_hwaccel_push_inside(skb);
	if (!skb)
		return;
	if (skb_is_gso(skb))
		take_segments(nic, skb);
	else
		take(nic, skb);
}

static rx_handler_result_t receive(struct sk_buff **pskb)
{
	u64 begun = hw_busy_begin();
	struct sk_buff *skb = *pskb;
	struct hw_nic *nic;

	if (skb->pkt_type == PACKET_LOOPBACK)
		return RX_HANDLER_PASS;
	nic = rcu_dereference(skb->dev->rx_handler_data);
	take_any(nic, skb);
	hw_busy_end(nic, begun);
	hw_kick(nic);
	return RX_HANDLER_CONSUMED;
}

/**
 * hw_wire_mtu() - how long may an IP packet be?
 * @nic: the NIC
 */
unsigned int hw_wire_mtu(const struct hw_nic *nic)
{
	unsigned int mtu = WEFTNIC_MTU_MAX;
	const struct net_device *wire;

	rcu_read_lock();
	wire = rcu_dereference(nic->wire);
	if (wire)
		mtu = min(mtu, READ_ONCE(wire->mtu));
	rcu_read_unlock();
	return mtu;
}

/**
 * hw_wire_send() - send frames on the wire
 * @nic: the NIC
 * @frames: consumed
 *
 * Without the NIC's lock.
 */
void hw_wire_send(struct hw_nic *nic, struct sk_buff_head *frames)
{
	struct net_device *wire;
	struct sk_buff *skb;

	rcu_read_lock();
	wire = rcu_dereference(nic->wire);
	while ((skb = __skb_dequeue(frames))) {
		if (!wire || !READ_ONCE(nic->functions[0].link)) {
			kfree_skb(skb);
			continue;
		}
		memset(skb->cb, 0, sizeof(skb->cb));
		skb_reset_mac_header(skb);
		skb_set_network_header(skb, ETH_HLEN);
		skb->protocol = eth_hdr(skb)->h_proto;
		skb->dev = wire;
		dev_queue_xmit(skb);
	}
	rcu_read_unlock();
}

static void unplug(struct hw_nic *nic)
{
	struct net_device *wire = rtnl_dereference(nic->wire);

	if (!wire)
		return;
	RCU_INIT_POINTER(nic->wire, NULL);
	/* waits for those that still use it */
	netdev_rx_handler_unregister(wire);
	dev_set_promiscuity(wire, -1);
	netdev_put(wire, &nic->wire_tracker);
	set_carrier(nic, false);
}

/** hw_wire_unplug() - take the wire out */
void hw_wire_unplug(struct hw_nic *nic)
{
	rtnl_lock();
	unplug(nic);
	rtnl_unlock();
}

static int plug(struct hw_nic *nic, struct net_device *dev)
{
	int err;

	if (!dev)
		return -ENODEV;
	if (dev->type != ARPHRD_ETHER)
		return -EINVAL;
	if (dev == rtnl_dereference(nic->wire))
		return 0;
	if (netdev_is_rx_handler_busy(dev))
		return -EBUSY;
	unplug(nic);
	err = netdev_rx_handler_register(dev, receive, nic);
	if (err)
		return err;
	err = dev_set_promiscuity(dev, 1);
	if (err) {
		netdev_rx_handler_unregister(dev);
		return err;
	}
	dev_disable_lro(dev);
	netdev_hold(dev, &nic->wire_tracker, GFP_KERNEL);
	rcu_assign_pointer(nic->wire, dev);
	set_carrier(nic, has_carrier(dev));
	return 0;
}

/**
 * hw_wire_plug() - plug a wire in, instead of the one that may be there
 * @nic: the NIC
 * @net: where the device is
 * @name: its name
 *
 * Return: 0 or a negative errno.
 */
int hw_wire_plug(struct hw_nic *nic, struct net *net, const char *name)
{
	int err;

	rtnl_lock();
	err = plug(nic, __dev_get_by_name(net, name));
	rtnl_unlock();
	return err;
}

/**
 * hw_wire_name() - which device is the wire?
 * @nic: the NIC
 * @buf: gets its name and a newline, or the newline alone
 * @size: of @buf
 *
 * Return: length, as scnprintf().
 */
int hw_wire_name(struct hw_nic *nic, char *buf, size_t size)
{
	const struct net_device *wire;
	int len;

	rtnl_lock();
	wire = rtnl_dereference(nic->wire);
	len = scnprintf(buf, size, "%s\n", wire ? wire->name : "");
	rtnl_unlock();
	return len;
}

static int notify(struct notifier_block *nb, unsigned long event, void *info)
{
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	struct hw_nic *nic;

	if (rcu_access_pointer(dev->rx_handler) != receive)
		return NOTIFY_DONE;
	nic = rtnl_dereference(dev->rx_handler_data);
	switch (event) {
	case NETDEV_UNREGISTER:
		unplug(nic);
		break;
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		/* while it is being plugged in, that will see to it */
		if (dev == rtnl_dereference(nic->wire))
			set_carrier(nic, has_carrier(dev));
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = notify,
};

/** hw_wires_init() - look after wires. Context: process. */
int hw_wires_init(void)
{
	return register_netdevice_notifier(&notifier);
}

/** hw_wires_exit() - and no more, there are none. Context: process. */
void hw_wires_exit(void)
{
	unregister_netdevice_notifier(&notifier);
}
