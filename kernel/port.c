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
 * @dev: the device, the PF of a VF, or the switch's own
 * @nic: the NIC of a VF, else NULL
 * @vf: which VF
 * @uplink: the device is an uplink, which carries V.VLANs
 *
 * A VF takes no unknown unicast. It is in no segment yet. Context: RTNL. Return:
 * the port or NULL without memory.
 */
struct weft_port *weft_port_new(struct weft_switch *sw,
				struct net_device *dev, struct weft_nic *nic,
				u16 vf, bool uplink)
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
	port->nic = nic;
	port->vf = vf;
	port->number = ++sw->port_number;
	port->flags = nic ? WEFT_END_FLOODS & ~WEFT_END_FLOOD : WEFT_END_FLOODS;
	port->uplink = uplink;
	if (uplink)
		port->flags |= WEFT_END_TUNNEL;
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
 * @ifindex: of its device, or of the PF
 * @vf: which VF, or -1
 *
 * Context: RTNL or RCU. Return: the port or NULL.
 */
struct weft_port *weft_port_find(struct weft_switch *sw, int ifindex, int vf)
{
	struct weft_port *port;

	list_for_each_entry_rcu(port, &sw->ports, node, lockdep_rtnl_is_held())
		if (port->dev->ifindex == ifindex &&
		    (port->nic ? port->vf : -1) == vf)
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

static bool has_mac(const struct weft_port_macs *macs, const u8 *mac)
{
	unsigned int i;

	for (i = 0; macs && i < macs->count; i++)
		if (ether_addr_equal(macs->mac[i], mac))
			return true;
	return false;
}

/**
 * weft_port_disclaim() - the reverse of weft_port_claim()
 * @pv: the membership
 * @macs: the addresses, may be NULL
 * @keep: those of them that stay, may be NULL
 *
 * Context: RTNL.
 */
void weft_port_disclaim(struct weft_port_vlan *pv,
			const struct weft_port_macs *macs,
			const struct weft_port_macs *keep)
{
	struct weft_dest *dest = &pv->dest;
	unsigned int i;

	for (i = 0; macs && i < macs->count; i++)
		if (!has_mac(keep, macs->mac[i]))
			weft_map_del(&pv->port->sw->map, pv->segment->vni,
				     macs->mac[i], &dest, 1, NULL);
}

/**
 * weft_port_claim() - say where the addresses of a VF's VM are
 * @pv: the membership of the VF
 * @macs: the addresses
 * @extack: gets the sentence of a refusal
 *
 * Its frames may never come to the switch, to be learned from. Context: RTNL.
 * Return: 0 or an error; nothing is changed then.
 */
int weft_port_claim(struct weft_port_vlan *pv,
		    const struct weft_port_macs *macs,
		    struct netlink_ext_ack *extack)
{
	const struct weft_port_macs *had;
	struct weft_dest *dest = &pv->dest;
	unsigned int i;
	int err = 0;

	ASSERT_RTNL();
	had = rtnl_dereference(pv->port->macs);
	for (i = 0; i < macs->count && !err; i++)
		err = weft_map_add(&pv->port->sw->map, &pv->segment->scope,
				   macs->mac[i], &dest, 1, WEFT_STATE_STATIC,
				   WEFT_MODE_ADD, extack);
	if (err)
		weft_port_disclaim(pv, macs, had);
	return err;
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

/* Puts a membership where frames find it, in the place of what was there. The
 * room for it was made before.
 */
static void place(struct weft_port_vlan *pv)
{
	struct weft_port *port = pv->port;

	if (!pv->vid) {
		rcu_assign_pointer(port->untagged, pv);
		return;
	}
	if (!xa_store(&port->vlans, pv->vid, pv, GFP_KERNEL_ACCOUNT))
		WRITE_ONCE(port->vlan_count, port->vlan_count + 1);
}

/* Looks for an uplink behind which the adjacent switch sends back. */
static void find_relay(struct weft_segment *segment)
{
	struct weft_port_vlan *pv;

	hlist_for_each_entry(pv, &segment->ports, node)
		if (pv->port->flags & WEFT_END_RELAY)
			break;
	rcu_assign_pointer(segment->relay_port, pv);
}

/**
 * weft_port_set_flags() - change the flags of a port
 * @port: the port
 * @flags: WEFT_END_*
 *
 * Context: RTNL.
 */
void weft_port_set_flags(struct weft_port *port, u32 flags)
{
	bool relay = (port->flags ^ flags) & WEFT_END_RELAY;
	struct weft_port_vlan *pv;
	unsigned long vid;

	ASSERT_RTNL();
	WRITE_ONCE(port->flags, flags);
	if (!relay)
		return;
	/* an uplink has no untagged membership */
	xa_for_each(&port->vlans, vid, pv)
		find_relay(pv->segment);
}

/* Ends a membership that frames don't find any more. */
static void retire(struct weft_port_vlan *pv)
{
	hlist_del_rcu(&pv->node);
	pv->segment->port_count--;
	if (rcu_access_pointer(pv->segment->relay_port) == pv)
		find_relay(pv->segment);
	weft_map_forget(&pv->port->sw->map, &pv->dest);
	kfree_rcu(pv, rcu);
}

static struct weft_port_vlan *new_vlan(struct weft_port *port, u16 vid,
				       struct weft_segment *segment)
{
	struct weft_port_vlan *pv;

	pv = kzalloc(sizeof(*pv), GFP_KERNEL_ACCOUNT);
	if (!pv)
		return NULL;
	if (vid && xa_reserve(&port->vlans, vid, GFP_KERNEL_ACCOUNT)) {
		kfree(pv);
		return NULL;
	}
	weft_dest_init(&pv->dest, WEFT_DEST_PORT, &port->quota, NULL);
	pv->port = port;
	pv->segment = segment;
	pv->vid = vid;
	return pv;
}

/**
 * weft_port_prepare() - do all of putting a port into a segment that can fail
 * @port: the port
 * @vid: VLAN of its frames, 0 for untagged; if that is in another segment,
 *	it is going to move
 * @segment: the segment
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep.
 *
 * Return: the membership, for weft_port_commit() or weft_port_abort(), NULL if
 * there is nothing to do, or -EEXIST, -EINVAL or -ENOMEM.
 */
struct weft_port_vlan *weft_port_prepare(struct weft_port *port, u16 vid,
					 struct weft_segment *segment,
					 struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *pv, *old;
	int err;

	ASSERT_RTNL();
	err = check_join(port, vid, segment, extack);
	if (err)
		return ERR_PTR(err);
	old = weft_port_vlan(port, vid);
	if (old && old->segment == segment)
		return NULL;
	pv = new_vlan(port, vid, segment);
	if (!pv)
		return ERR_PTR(-ENOMEM);
	err = add_own_mac(pv, port->dev->dev_addr, extack);
	if (err) {
		weft_port_abort(pv);
		return ERR_PTR(err);
	}
	return pv;
}

/** weft_port_abort() - think better of it; context: RTNL, may sleep */
void weft_port_abort(struct weft_port_vlan *pv)
{
	if (pv->vid)
		xa_release(&pv->port->vlans, pv->vid);
	weft_map_forget(&pv->port->sw->map, &pv->dest);
	kfree_rcu(pv, rcu);
}

/** weft_port_commit() - put the port into the segment; context as before */
void weft_port_commit(struct weft_port_vlan *pv)
{
	struct weft_port_vlan *old = weft_port_vlan(pv->port, pv->vid);

	ASSERT_RTNL();
	place(pv);
	hlist_add_head_rcu(&pv->node, &pv->segment->ports);
	pv->segment->port_count++;
	if (pv->port->flags & WEFT_END_RELAY)
		find_relay(pv->segment);
	if (old)
		retire(old);
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
		WRITE_ONCE(port->vlan_count, port->vlan_count - 1);
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
 * @macs: the addresses, the port's from now on, NULL to allow any
 *
 * Context: RTNL.
 */
void weft_port_set_macs(struct weft_port *port, struct weft_port_macs *macs)
{
	struct weft_port_macs *old;

	old = rcu_replace_pointer(port->macs, macs, lockdep_rtnl_is_held());
	kfree_rcu(old, rcu);
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

	return !macs || has_mac(macs, mac);
}
