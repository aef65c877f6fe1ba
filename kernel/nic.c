// SPDX-License-Identifier: GPL-2.0
/*
 * NICs: PFs whose drivers have registered, which switch each serves, and the
 * ports that are VFs. A NIC serves the first switch that has its PF as an
 * uplink and does not have fastpath off; others there do without it.
 */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "nic.h"
#include "nic_want.h"
#include "port.h"
#include "uplink.h"

LIST_HEAD(weft_nics);

/**
 * weft_nic_find() - the NIC of a PF
 * @pf: its device
 *
 * Context: RTNL or RCU. Return: the NIC, or NULL if it has not registered.
 */
struct weft_nic *weft_nic_find(const struct net_device *pf)
{
	struct weft_nic *nic;

	list_for_each_entry_rcu(nic, &weft_nics, node, lockdep_rtnl_is_held())
		if (nic->pf == pf)
			return nic;
	return NULL;
}

/* --- which switch it serves --- */

/* What all VFs are told has changed. */
static void mark_vfs(struct weft_nic *nic)
{
	unsigned int vf;

	for (vf = 0; vf < nic->caps.vfs; vf++)
		set_bit(vf, nic->dirty_vfs);
	weft_offload_todo(nic, WEFT_NIC_TODO_VFS);
}

static void serve(struct weft_nic *nic, struct weft_switch *sw)
{
	struct weft_switch *old = rtnl_dereference(nic->sw);
	struct weft_port *port;
	unsigned long vf;

	if (old == sw) {
		mark_vfs(nic);
		weft_offload_todo(nic, WEFT_NIC_TODO_VTEPS);
		return;
	}
	WRITE_ONCE(nic->serving, false);
	xa_for_each(&nic->vfs, vf, port)
		weft_nic_del_port(port);
	rcu_assign_pointer(nic->sw, sw);
	/* who has found the old one walks its table no more */
	mutex_lock(&nic->walk);
	mutex_unlock(&nic->walk);
	weft_offload_todo(nic, WEFT_NIC_TODO_ALL);
}

static struct weft_switch *choose(const struct weft_nic *nic)
{
	struct weft_net *wn = weft_net(dev_net(nic->pf));
	struct weft_switch *sw;

	list_for_each_entry(sw, &wn->switches, node)
		if (weft_uplink_has(sw, nic->pf->ifindex) &&
		    weft_config(sw)->fastpath != WEFT_FASTPATH_OFF)
			return sw;
	return NULL;
}

/**
 * weft_nic_bind() - the uplinks or addresses of a switch have changed
 * @sw: the switch
 *
 * Context: RTNL, may sleep.
 */
void weft_nic_bind(struct weft_switch *sw)
{
	struct weft_nic *nic;

	ASSERT_RTNL();
	list_for_each_entry(nic, &weft_nics, node)
		if (net_eq(dev_net(nic->pf), sw->net))
			serve(nic, choose(nic));
}

/**
 * weft_nic_event() - something happened to a device that may be a PF
 * @dev: the device
 * @event: of the netdevice notifier
 *
 * Context: RTNL.
 */
void weft_nic_event(const struct net_device *dev, unsigned long event)
{
	struct weft_nic *nic = weft_nic_find(dev);

	if (!nic)
		return;
	switch (event) {
	case NETDEV_UNREGISTER:	/* also on its way to another namespace */
	case NETDEV_REGISTER:
	case NETDEV_CHANGEADDR:
		serve(nic, choose(nic));
		break;
	case NETDEV_CHANGEMTU:
		mark_vfs(nic);
		break;
	}
}

/**
 * weft_nic_unbind() - a switch goes
 * @sw: the switch, not in the list of its underlay any more
 *
 * Context: RTNL, may sleep. The NIC is told later; it gets no more packets
 * when this returns, and those it delivers are for nobody.
 */
void weft_nic_unbind(struct weft_switch *sw)
{
	struct weft_nic *nic;
	bool any = false;

	ASSERT_RTNL();
	list_for_each_entry(nic, &weft_nics, node) {
		if (rtnl_dereference(nic->sw) != sw)
			continue;
		serve(nic, choose(nic));
		any = true;
	}
	if (any)
		synchronize_net();
}

/* --- ports that are VFs --- */

/**
 * weft_nic_add_port() - make a VF a port
 * @sw: the switch
 * @pf: the PF
 * @vf: which VF
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL. Return: the port, or -EOPNOTSUPP, -ENODEV, -ERANGE, -EEXIST
 * or -ENOMEM.
 */
struct weft_port *weft_nic_add_port(struct weft_switch *sw,
				    struct net_device *pf, u16 vf,
				    struct netlink_ext_ack *extack)
{
	struct weft_nic *nic = weft_nic_find(pf);
	struct weft_port *port;

	ASSERT_RTNL();
	if (!nic) {
		NL_SET_ERR_MSG(extack, "The driver of this device offers no overlay offload");
		return ERR_PTR(-EOPNOTSUPP);
	}
	if (rtnl_dereference(nic->sw) != sw) {
		NL_SET_ERR_MSG(extack, "The NIC does not serve this switch: make the PF its uplink");
		return ERR_PTR(-ENODEV);
	}
	if (vf >= nic->caps.vfs) {
		NL_SET_ERR_MSG(extack, "The NIC has no such VF");
		return ERR_PTR(-ERANGE);
	}
	if (xa_load(&nic->vfs, vf)) {
		NL_SET_ERR_MSG(extack, "The VF is a port already");
		return ERR_PTR(-EEXIST);
	}
	if (xa_reserve(&nic->vfs, vf, GFP_KERNEL))
		return ERR_PTR(-ENOMEM);
	port = weft_port_new(sw, pf, nic, vf, false);
	if (!port) {
		xa_release(&nic->vfs, vf);
		return ERR_PTR(-ENOMEM);
	}
	xa_store(&nic->vfs, vf, port, GFP_KERNEL);
	weft_offload_vf(nic, vf);
	return port;
}

/** weft_nic_del_port() - the reverse; context: RTNL, may sleep */
void weft_nic_del_port(struct weft_port *port)
{
	struct weft_nic *nic = port->nic;

	ASSERT_RTNL();
	xa_erase(&nic->vfs, port->vf);
	weft_offload_vf(nic, port->vf);
	weft_port_del(port);
}

/* --- what drivers call --- */

static int choose_index(void)
{
	struct weft_nic *nic;
	unsigned long used = 0;

	list_for_each_entry(nic, &weft_nics, node)
		used |= BIT(nic->index);
	return find_first_zero_bit(&used, WEFT_NICS_MAX);
}

/* No packet is tagged any more. */
static void free_vfs(struct weft_nic *nic)
{
	struct metadata_dst *tag;
	unsigned int vf;

	for (vf = 0; nic->vf_tags && vf < nic->caps.vfs; vf++) {
		tag = rcu_dereference_protected(nic->vf_tags[vf], true);
		if (tag)
			dst_release(&tag->dst);
	}
	kfree(nic->vf_tags);
	kfree(nic->vf_vnis);
	bitmap_free(nic->dirty_vfs);
}

static int make_vfs(struct weft_nic *nic)
{
	xa_init(&nic->vfs);
	nic->dirty_vfs = bitmap_zalloc(max_t(u16, nic->caps.vfs, 1),
				       GFP_KERNEL);
	nic->vf_vnis = kcalloc(nic->caps.vfs, sizeof(*nic->vf_vnis),
			       GFP_KERNEL);
	nic->vf_tags = kcalloc(nic->caps.vfs, sizeof(*nic->vf_tags),
			       GFP_KERNEL);
	return nic->dirty_vfs && nic->vf_vnis && nic->vf_tags ? 0 : -ENOMEM;
}

static void free_nic(struct weft_nic *nic)
{
	weft_nic_packet_exit(nic);
	weft_offload_exit(nic);
	xa_destroy(&nic->vfs);
	free_vfs(nic);
	kfree_rcu(nic, rcu);
}

static int publish(struct weft_nic *nic)
{
	int index;

	rtnl_lock();
	index = choose_index();
	if (index >= WEFT_NICS_MAX || weft_nic_find(nic->pf)) {
		rtnl_unlock();
		return index >= WEFT_NICS_MAX ? -ENOSPC : -EEXIST;
	}
	nic->index = index;
	netdev_hold(nic->pf, &nic->tracker, GFP_KERNEL);
	list_add_tail_rcu(&nic->node, &weft_nics);
	serve(nic, choose(nic));
	rtnl_unlock();
	return 0;
}

/**
 * weft_nic_register() - a PF that can encapsulate is there
 * @pf: its device, registered
 * @caps: what it can do; copied
 * @ops: what its driver does for us
 *
 * The NIC is taken to be ready, with empty tables. The device must be
 * unregistered from here before it goes.
 *
 * Context: process, without RTNL. Return: for the other functions, or -ENOMEM,
 * -ENOSPC if there are too many NICs, -EEXIST.
 */
struct weft_nic *weft_nic_register(struct net_device *pf,
				   const struct weft_nic_caps *caps,
				   const struct weft_nic_ops *ops)
{
	struct weft_nic *nic;
	int err;

	nic = kzalloc(sizeof(*nic), GFP_KERNEL);
	if (!nic)
		return ERR_PTR(-ENOMEM);
	nic->pf = pf;
	nic->caps = *caps;
	nic->ops = ops;
	nic->ready = true;
	err = make_vfs(nic) ?: weft_offload_init(nic);
	if (err) {
		free_vfs(nic);
		kfree(nic);
		return ERR_PTR(err);
	}
	weft_nic_packet_init(nic);
	err = publish(nic);
	if (!err)
		return nic;
	free_nic(nic);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(weft_nic_register);

/**
 * weft_nic_unregister() - the PF goes
 * @nic: from weft_nic_register()
 *
 * Its VFs are no ports any more. No operation is called when this returns,
 * and no packet is tagged. Context: process, without RTNL.
 */
void weft_nic_unregister(struct weft_nic *nic)
{
	struct weft_port *port;
	unsigned long vf;

	rtnl_lock();
	WRITE_ONCE(nic->ready, false);
	WRITE_ONCE(nic->serving, false);
	list_del_rcu(&nic->node);
	xa_for_each(&nic->vfs, vf, port)
		weft_nic_del_port(port);
	RCU_INIT_POINTER(nic->sw, NULL);
	netdev_put(nic->pf, &nic->tracker);
	rtnl_unlock();
	synchronize_net();
	free_nic(nic);
}
EXPORT_SYMBOL_GPL(weft_nic_unregister);

/**
 * weft_nic_reset() - the NIC has lost its tables
 * @nic: the NIC
 *
 * All is pushed again. Context: any.
 */
void weft_nic_reset(struct weft_nic *nic)
{
	WRITE_ONCE(nic->serving, false);
	atomic64_inc(&nic->counters.reset);
	weft_offload_todo(nic, WEFT_NIC_TODO_ALL);
}
EXPORT_SYMBOL_GPL(weft_nic_reset);

/**
 * weft_nic_ready() - can the NIC take commands and packets?
 * @nic: the NIC
 * @ready: it can; what was to be pushed meanwhile is, then
 *
 * Context: any.
 */
void weft_nic_ready(struct weft_nic *nic, bool ready)
{
	if (!ready)
		WRITE_ONCE(nic->serving, false);
	WRITE_ONCE(nic->ready, ready);
	weft_offload_todo(nic, WEFT_NIC_TODO_VTEPS);
}
EXPORT_SYMBOL_GPL(weft_nic_ready);

/**
 * weft_nic_miss() - an address was not in the NIC's table
 * @nic: the NIC
 * @vni: the segment
 * @mac: the address
 * @vf: the VF that sent there, or -1 for the host
 *
 * If it should be there it is pushed again. Context: any.
 */
void weft_nic_miss(struct weft_nic *nic, u32 vni, const u8 *mac, int vf)
{
	struct weft_switch *sw;
	struct weft_key key;

	atomic64_inc(&nic->counters.miss);
	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	weft_key_set(&key, vni, mac);
	if (sw && weft_map_lookup(&sw->map, vni, mac) &&
	    weft_shadow_hw(&nic->shadows, &key) == WEFT_HW_PRESENT) {
		local_bh_disable();
		weft_shadow_mark(&nic->shadows, &key,
				 GFP_ATOMIC | __GFP_NOWARN);
		local_bh_enable();
		weft_offload_todo(nic, WEFT_NIC_TODO_ENTRIES);
	}
	rcu_read_unlock();
}
EXPORT_SYMBOL_GPL(weft_nic_miss);

/** weft_nic_full() - an entry found no room in the NIC; context: any */
void weft_nic_full(struct weft_nic *nic)
{
	atomic64_inc(&nic->counters.full);
}
EXPORT_SYMBOL_GPL(weft_nic_full);

/* --- requests of VFs --- */

/**
 * weft_nic_vf_mtu() - may a VF have an MTU?
 * @nic: the NIC
 * @vf: the VF
 * @mtu: what its driver wants
 * @max: set to the largest there may be
 *
 * Context: process, without RTNL. Return: 0, or -EINVAL if it is too large.
 */
int weft_nic_vf_mtu(struct weft_nic *nic, u16 vf, unsigned int mtu,
		    unsigned int *max)
{
	const struct weft_port_vlan *pv;
	struct weft_port *port;

	rcu_read_lock();
	port = xa_load(&nic->vfs, vf);
	pv = port ? rcu_dereference(port->untagged) : NULL;
	*max = pv ? weft_want_mtu(nic, pv->segment) : READ_ONCE(nic->pf->mtu);
	rcu_read_unlock();
	return mtu > *max ? -EINVAL : 0;
}
EXPORT_SYMBOL_GPL(weft_nic_vf_mtu);

/**
 * weft_nic_vf_mac() - may a VF have an address?
 * @nic: the NIC
 * @vf: the VF
 * @mac: what its driver wants
 *
 * A port that is held to addresses may have the first of them. Context:
 * process, without RTNL. Return: 0 or -EPERM.
 */
int weft_nic_vf_mac(struct weft_nic *nic, u16 vf, const u8 *mac)
{
	const struct weft_port_macs *macs;
	struct weft_port *port;
	int err = 0;

	rcu_read_lock();
	port = xa_load(&nic->vfs, vf);
	macs = port ? rcu_dereference(port->macs) : NULL;
	if (macs && !ether_addr_equal(macs->mac[0], mac))
		err = -EPERM;
	rcu_read_unlock();
	return err;
}
EXPORT_SYMBOL_GPL(weft_nic_vf_mac);
