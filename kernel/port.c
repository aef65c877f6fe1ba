// SPDX-License-Identifier: GPL-2.0
/* Ports: what the VMs of a switch are connected to, and in which segments. */

#include <linux/slab.h>

#include "port.h"

static void tell(const struct weft_port *port, enum weft_event_kind type)
{
	struct weft_event event = {
		.type = type, .sw = port->sw, .port = port,
	};

	weft_event(&event);
}

/** weft_port_changed() - tell that a port was changed; context: RTNL */
void weft_port_changed(struct weft_port *port)
{
	tell(port, WEFT_EVENT_PORT_NEW);
}

/**
 * weft_port_new() - make a port
 * @sw: the switch
 * @dev: the device, or the switch's own
 *
 * It is in no segment yet. Context: RTNL. Return: the port or NULL without
 * memory.
 */
struct weft_port *weft_port_new(struct weft_switch *sw,
				struct net_device *dev)
{
	struct weft_port *port;

	ASSERT_RTNL();
	port = kzalloc(sizeof(*port), GFP_KERNEL);
	if (!port)
		return NULL;
	port->stats = weft_stats_alloc(GFP_KERNEL);
	if (!port->stats) {
		kfree(port);
		return NULL;
	}
	port->dev = dev;
	port->sw = sw;
	port->flags = WEFT_END_FLOODS;
	port->learning = true;
	xa_init(&port->vlans);
	list_add_tail_rcu(&port->node, &sw->ports);
	if (!weft_port_host(port)) {
		/* our own device must not keep itself from going */
		netdev_hold(dev, &port->tracker, GFP_KERNEL);
		sw->port_count++;
		tell(port, WEFT_EVENT_PORT_NEW);
	}
	return port;
}

static void free_port(struct rcu_head *rcu)
{
	struct weft_port *port = container_of(rcu, struct weft_port, rcu);

	kfree(rcu_dereference_protected(port->macs, true));
	free_percpu(port->stats);
	kfree(port);
}

/**
 * weft_port_del() - delete a port
 * @port: the port; frames come in by it no more
 *
 * Context: RTNL, may sleep.
 */
void weft_port_del(struct weft_port *port)
{
	ASSERT_RTNL();
	weft_port_leave_all(port);
	xa_destroy(&port->vlans);
	list_del_rcu(&port->node);
	if (!weft_port_host(port)) {
		port->sw->port_count--;
		tell(port, WEFT_EVENT_PORT_DEL);
		netdev_put(port->dev, &port->tracker);
	}
	call_rcu(&port->rcu, free_port);
}

/**
 * weft_port_find() - find a port
 * @sw: the switch
 * @ifindex: of its device
 *
 * Context: RTNL or RCU. Return: the port or NULL.
 */
struct weft_port *weft_port_find(struct weft_switch *sw, int ifindex)
{
	struct weft_port *port;

	list_for_each_entry_rcu(port, &sw->ports, node, lockdep_rtnl_is_held())
		if (port->dev->ifindex == ifindex)
			return port;
	return NULL;
}

/**
 * weft_port_in() - the membership of a port in a segment
 * @port: the port
 * @segment: the segment
 *
 * Context: RTNL. Return: the membership or NULL.
 */
struct weft_port_vlan *weft_port_in(struct weft_port *port,
				    const struct weft_segment *segment)
{
	struct weft_port_vlan *pv;

	ASSERT_RTNL();
	hlist_for_each_entry(pv, &segment->ports, node)
		if (pv->port == port)
			return pv;
	return NULL;
}

/* The switch's own interface hears what is sent to its address, as a bridge
 * does: a static entry says so.
 */
static int add_own_mac(struct weft_port_vlan *pv, const u8 *mac,
		       struct netlink_ext_ack *extack)
{
	struct weft_dest *dest = &pv->dest;

	if (!weft_port_host(pv->port))
		return 0;
	return weft_map_add(&pv->port->sw->map, &pv->segment->scope, mac,
			    &dest, 1, WEFT_STATE_STATIC, WEFT_MODE_ADD, extack);
}

/**
 * weft_port_host_mac() - the switch's own interface changes its address
 * @port: its port
 * @mac: the new address
 *
 * Context: RTNL. Return: 0 or an error; nothing is changed then.
 */
int weft_port_host_mac(struct weft_port *port, const u8 *mac)
{
	struct weft_port_vlan *pv = rtnl_dereference(port->untagged);
	struct weft_dest *dest;
	int err;

	if (!pv || ether_addr_equal(port->dev->dev_addr, mac))
		return 0;
	err = add_own_mac(pv, mac, NULL);
	if (err)
		return err;
	dest = &pv->dest;
	weft_map_del(&port->sw->map, pv->segment->vni, port->dev->dev_addr,
		     &dest, 1, NULL);
	return 0;
}

static int check_join(struct weft_port *port, u16 vid,
		      const struct weft_segment *segment,
		      struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *in = weft_port_in(port, segment);

	if (in && in->vid != vid) {
		NL_SET_ERR_MSG(extack,
			       "The port is in this segment by another VLAN");
		return -EEXIST;
	}
	if (weft_port_host(port) && vid) {
		NL_SET_ERR_MSG(extack,
			       "The switch's own interface joins one segment, untagged");
		return -EINVAL;
	}
	return 0;
}

/* Puts a membership where frames find it, in the place of what was there. */
static int place(struct weft_port_vlan *pv)
{
	struct weft_port *port = pv->port;
	void *old;

	if (!pv->vid) {
		rcu_assign_pointer(port->untagged, pv);
		return 0;
	}
	old = xa_store(&port->vlans, pv->vid, pv, GFP_KERNEL_ACCOUNT);
	if (xa_is_err(old))
		return xa_err(old);
	if (!old)
		WRITE_ONCE(port->trunk, port->trunk + 1);
	return 0;
}

/* Ends a membership that frames don't find any more. */
static void retire(struct weft_port_vlan *pv)
{
	hlist_del_rcu(&pv->node);
	pv->segment->port_count--;
	weft_map_forget(&pv->port->sw->map, &pv->dest);
	kfree_rcu(pv, rcu);
}

/**
 * weft_port_join() - put a port into a segment
 * @port: the port
 * @vid: VLAN of its frames, 0 for untagged; if that is in another segment,
 *	it moves
 * @segment: the segment
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 (also if it is there), -EEXIST,
 * -EINVAL or -ENOMEM.
 */
int weft_port_join(struct weft_port *port, u16 vid,
		   struct weft_segment *segment,
		   struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *pv, *old;
	int err;

	ASSERT_RTNL();
	err = check_join(port, vid, segment, extack);
	if (err)
		return err;
	old = weft_port_vlan(port, vid);
	if (old && old->segment == segment)
		return 0;

	pv = kzalloc(sizeof(*pv), GFP_KERNEL_ACCOUNT);
	if (!pv)
		return -ENOMEM;
	weft_dest_init(&pv->dest, WEFT_DEST_PORT, &port->quota, NULL);
	pv->port = port;
	pv->segment = segment;
	pv->vid = vid;
	err = add_own_mac(pv, port->dev->dev_addr, extack);
	if (!err)
		err = place(pv);
	if (err) {
		weft_map_forget(&port->sw->map, &pv->dest);
		kfree_rcu(pv, rcu);
		return err;
	}
	hlist_add_head_rcu(&pv->node, &segment->ports);
	segment->port_count++;
	if (old)
		retire(old);
	return 0;
}

/**
 * weft_port_leave() - take a port out of a segment
 * @pv: the membership, with its entries
 *
 * Context: RTNL, may sleep.
 */
void weft_port_leave(struct weft_port_vlan *pv)
{
	struct weft_port *port = pv->port;

	ASSERT_RTNL();
	if (pv->vid) {
		xa_erase(&port->vlans, pv->vid);
		WRITE_ONCE(port->trunk, port->trunk - 1);
	} else {
		RCU_INIT_POINTER(port->untagged, NULL);
	}
	retire(pv);
}

/** weft_port_leave_all() - take a port out of all segments; context: RTNL */
void weft_port_leave_all(struct weft_port *port)
{
	struct weft_port_vlan *pv = rtnl_dereference(port->untagged);
	unsigned long vid;

	if (pv)
		weft_port_leave(pv);
	xa_for_each(&port->vlans, vid, pv)
		weft_port_leave(pv);
}

/**
 * weft_port_set_macs() - hold a port to source addresses
 * @port: the port
 * @macs: the addresses
 * @count: how many, 0 to allow any
 *
 * Context: RTNL. Return: 0 or -ENOMEM.
 */
int weft_port_set_macs(struct weft_port *port, const u8 (*macs)[ETH_ALEN],
		       unsigned int count)
{
	struct weft_port_macs *new = NULL, *old;

	ASSERT_RTNL();
	if (count) {
		new = kzalloc(struct_size(new, mac, count),
			      GFP_KERNEL_ACCOUNT);
		if (!new)
			return -ENOMEM;
		new->count = count;
		memcpy(new->mac, macs, count * ETH_ALEN);
	}
	old = rcu_replace_pointer(port->macs, new, lockdep_rtnl_is_held());
	kfree_rcu(old, rcu);
	return 0;
}

/**
 * weft_port_allows() - may the port send from an address?
 * @port: the port
 * @mac: source address of a frame
 *
 * Context: RCU.
 */
bool weft_port_allows(const struct weft_port *port, const u8 *mac)
{
	const struct weft_port_macs *macs = rcu_dereference(port->macs);
	unsigned int i;

	if (!macs)
		return true;
	for (i = 0; i < macs->count; i++)
		if (ether_addr_equal(macs->mac[i], mac))
			return true;
	return false;
}
