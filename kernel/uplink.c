// SPDX-License-Identifier: GPL-2.0
/*
 * Uplinks: the devices of the underlay that a switch takes tunnel frames
 * from, and nothing else, so that a VM that can route to the VTEP address
 * can't inject any.
 */

#include <linux/slab.h>
#include <net/l3mdev.h>
#include <net/udp_tunnel.h>

#include "peer.h"
#include "segment.h"
#include "template.h"
#include "uplink.h"

static struct weft_uplinks *uplinks_of(const struct weft_switch *sw)
{
	return rcu_dereference_rtnl(sw->uplinks);
}

/**
 * weft_uplink_find() - the uplink that a device is
 * @sw: the switch
 * @ifindex: the device
 *
 * Context: RCU or RTNL. Return: the uplink or NULL.
 */
struct weft_uplink *weft_uplink_find(const struct weft_switch *sw, int ifindex)
{
	const struct weft_uplinks *uplinks = uplinks_of(sw);
	unsigned int i;

	for (i = 0; i < uplinks->count; i++)
		if (uplinks->uplink[i]->dev->ifindex == ifindex)
			return uplinks->uplink[i];
	return NULL;
}

/**
 * weft_uplink_has() - does the switch take tunnel frames from a device?
 * @sw: the switch
 * @ifindex: the device
 *
 * Context: RCU or RTNL.
 */
bool weft_uplink_has(const struct weft_switch *sw, int ifindex)
{
	return weft_uplink_find(sw, ifindex);
}

/** weft_uplink_first() - ifindex of the first uplink or 0; context: RTNL */
int weft_uplink_first(const struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = uplinks_of(sw);

	return uplinks->count ? uplinks->uplink[0]->dev->ifindex : 0;
}

/**
 * weft_uplink_mtu() - what the uplinks carry
 * @sw: the switch
 * @first: of the first alone, else the least of all
 *
 * Context: RTNL. Return: the MTU, 0 without uplinks.
 */
unsigned int weft_uplink_mtu(const struct weft_switch *sw, bool first)
{
	const struct weft_uplinks *uplinks = uplinks_of(sw);
	unsigned int i, mtu = 0;

	if (!uplinks)	/* the switch goes, and its segments are told to */
		return 0;
	for (i = 0; i < (first ? min(uplinks->count, 1U) : uplinks->count); i++)
		if (!mtu || uplinks->uplink[i]->dev->mtu < mtu)
			mtu = uplinks->uplink[i]->dev->mtu;
	return mtu;
}

/**
 * weft_uplink_vtep() - the local address of an encapsulation and family
 * @sw: the switch
 * @encap: the encapsulation
 * @family: AF_INET or AF_INET6; any if the encapsulation is without IP
 *
 * Context: RCU or RTNL. Return: the VTEP, NULL if there is none.
 */
struct weft_vtep *weft_uplink_vtep(const struct weft_switch *sw,
				   const struct weft_encap_ops *encap,
				   u32 family)
{
	return rcu_dereference_rtnl(sw->vteps[encap->id][family == AF_INET6]);
}

/**
 * weft_uplink_sk() - the tunnel socket of an encapsulation and family
 * @sw: the switch
 * @encap: the encapsulation
 * @family: AF_INET or AF_INET6
 *
 * Context: RCU. Return: the socket, NULL if there is none.
 */
struct sock *weft_uplink_sk(const struct weft_switch *sw,
			    const struct weft_encap_ops *encap, u32 family)
{
	const struct weft_vtep *vtep = weft_uplink_vtep(sw, encap, family);

	return vtep ? vtep->ws->sk : NULL;
}

/**
 * weft_uplink_speaks() - can the switch use an encapsulation?
 * @sw: the switch
 * @encap: the encapsulation
 * @family: AF_INET or AF_INET6
 *
 * Context: RCU. Return: false if it has no address of the family, or nobody has
 * asked for the encapsulation (weft_uplink_use()).
 */
bool weft_uplink_speaks(const struct weft_switch *sw,
			const struct weft_encap_ops *encap, u32 family)
{
	return weft_uplink_vtep(sw, encap, family);
}

/** weft_uplink_fast() - is the receive short cut in place?; context: RTNL */
bool weft_uplink_fast(const struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = uplinks_of(sw);
	unsigned int i;

	if (weft_config(sw)->fastpath == WEFT_FASTPATH_OFF)
		return false;
	for (i = 0; i < uplinks->count; i++)
		if (!uplinks->uplink[i]->handler)
			return false;
	return uplinks->count;
}

/* --- devices --- */

static struct weft_uplink *find(const struct weft_net *wn,
				const struct net_device *dev)
{
	struct weft_uplink *uplink;

	list_for_each_entry(uplink, &wn->uplinks, node)
		if (uplink->dev == dev)
			return uplink;
	return NULL;
}

static int check_device(const struct weft_switch *sw, struct net_device *dev,
			struct netlink_ext_ack *extack)
{
	struct net_device *master;

	if (!dev) {
		NL_SET_ERR_MSG(extack, "No such uplink in the underlay");
		return -ENODEV;
	}
	if (dev == sw->dev || weft_switch_is(dev)) {
		NL_SET_ERR_MSG(extack, "A switch can't be an uplink");
		return -ELOOP;
	}
	master = netdev_master_upper_dev_get(dev);
	if (master && weft_switch_is(master)) {
		NL_SET_ERR_MSG(extack, "The uplink is a port of a switch");
		return -EBUSY;
	}
	if (netif_is_bridge_port(dev) || netif_is_lag_port(dev)) {
		NL_SET_ERR_MSG(extack,
			       "A bridge port or bond slave is no uplink: name its master");
		return -EINVAL;
	}
	return 0;
}

static struct weft_uplink *get_uplink(struct weft_switch *sw, int ifindex,
				      struct netlink_ext_ack *extack)
{
	struct weft_net *wn = weft_net(sw->net);
	struct net_device *dev = __dev_get_by_index(sw->net, ifindex);
	struct weft_uplink *uplink;
	int err;

	err = check_device(sw, dev, extack);
	if (err)
		return ERR_PTR(err);
	uplink = find(wn, dev);
	if (uplink) {
		uplink->users++;
		return uplink;
	}
	uplink = kzalloc(sizeof(*uplink), GFP_KERNEL);
	if (!uplink)
		return ERR_PTR(-ENOMEM);
	uplink->dev = dev;
	uplink->users = 1;
	netdev_hold(dev, &uplink->tracker, GFP_KERNEL);
	/* a macvlan's parent...: the socket serves */
	uplink->handler = !netdev_rx_handler_register(dev, weft_uplink_rx,
						      uplink);
	list_add(&uplink->node, &wn->uplinks);
	return uplink;
}

static void put_uplink(struct weft_uplink *uplink)
{
	if (--uplink->users)
		return;
	if (uplink->handler)
		netdev_rx_handler_unregister(uplink->dev);
	list_del(&uplink->node);
	netdev_put(uplink->dev, &uplink->tracker);
	kfree_rcu(uplink, rcu);
}

static void put_uplinks(struct weft_uplinks *uplinks)
{
	unsigned int i;

	if (!uplinks)
		return;
	for (i = 0; i < uplinks->count; i++)
		put_uplink(uplinks->uplink[i]);
	kfree_rcu(uplinks, rcu);
}

/* The L3 master that all uplinks have by now, 0 for none, or -1 if they
 * differ.
 */
static int vrf_of(const struct weft_uplinks *uplinks)
{
	unsigned int i;
	int vrf = 0, one;

	for (i = 0; i < uplinks->count; i++) {
		one = l3mdev_master_ifindex(uplinks->uplink[i]->dev);
		if (i && one != vrf)
			return -1;
		vrf = one;
	}
	return vrf;
}

/** weft_uplink_vrf() - the VRF of the uplinks, -1 for several; context: RTNL */
int weft_uplink_vrf(const struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = uplinks_of(sw);

	return uplinks->count ? vrf_of(uplinks) : uplinks->vrf;
}

/* All uplinks are in one VRF, or none is. Without uplinks a switch stays
 * where it is, as long as there is such a VRF.
 */
static int find_vrf(const struct weft_switch *sw,
		    struct weft_uplinks *uplinks,
		    struct netlink_ext_ack *extack)
{
	const struct weft_uplinks *old = uplinks_of(sw);

	if (!uplinks->count) {
		if (old && __dev_get_by_index(sw->net, old->vrf))
			uplinks->vrf = old->vrf;
		return 0;
	}
	uplinks->vrf = vrf_of(uplinks);
	if (uplinks->vrf >= 0)
		return 0;
	NL_SET_ERR_MSG(extack, "The uplinks are in different VRFs");
	return -EINVAL;
}

static struct weft_uplinks *make_uplinks(struct weft_switch *sw,
					 const int *ifindex,
					 unsigned int count,
					 struct netlink_ext_ack *extack)
{
	struct weft_uplinks *uplinks;
	struct weft_uplink *uplink;
	unsigned int i;
	int err;

	uplinks = kzalloc(struct_size(uplinks, uplink, count), GFP_KERNEL);
	if (!uplinks)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++) {
		uplink = get_uplink(sw, ifindex[i], extack);
		if (IS_ERR(uplink)) {
			err = PTR_ERR(uplink);
			goto put;
		}
		uplinks->count = i + 1;
		uplinks->uplink[i] = uplink;
		uplinks->headroom = max_t(unsigned int, uplinks->headroom,
					  LL_RESERVED_SPACE(uplink->dev));
	}
	err = find_vrf(sw, uplinks, extack);
	if (!err)
		return uplinks;
put:
	put_uplinks(uplinks);
	return ERR_PTR(err);
}

/* --- binding a switch to the underlay --- */

/* A group is joined once for all encapsulations, which costs nothing: the
 * network stack and the device ask for the address alone.
 */
static bool wants_group(const struct weft_segment *segment,
			const struct weft_vtep *vtep)
{
	return vtep->ws->encap == weft_encap(WEFT_ENCAP_DEFAULT) &&
	       segment->group &&
	       segment->group->key.ip.family == vtep->addr.family;
}

/* Has @vtep leave the groups of the segments, up to that of @end. */
static void leave_groups(struct weft_switch *sw, struct weft_vtep *vtep,
			 const struct weft_segment *end)
{
	struct weft_segment *segment;
	unsigned long vni;

	xa_for_each(&sw->segments, vni, segment) {
		if (segment == end)
			return;
		if (wants_group(segment, vtep))
			weft_vtep_leave(vtep, &segment->group->key.ip,
					segment->group_ifindex);
	}
}

static int join_groups(struct weft_switch *sw, struct weft_vtep *vtep,
		       struct netlink_ext_ack *extack)
{
	struct weft_segment *segment;
	unsigned long vni;
	int err;

	xa_for_each(&sw->segments, vni, segment) {
		if (!wants_group(segment, vtep))
			continue;
		err = weft_vtep_join(vtep, &segment->group->key.ip,
				     segment->group_ifindex, extack);
		if (err) {
			leave_groups(sw, vtep, segment);
			return err;
		}
	}
	return 0;
}

/* A MAC address that is not the device's own */
static void leave_link(struct weft_vtep *vtep)
{
	if (!vtep->dev)
		return;
	dev_uc_del(vtep->dev, vtep->addr.mac);
	WRITE_ONCE(vtep->dev, NULL);
}

static void close_vtep(struct weft_switch *sw, struct weft_vtep *vtep)
{
	if (!vtep)
		return;
	leave_link(vtep);
	leave_groups(sw, vtep, NULL);
	weft_vtep_close(vtep);
}

static struct weft_vtep *open_vtep(struct weft_switch *sw,
				   const struct weft_config *config,
				   const struct weft_encap_ops *encap,
				   u32 family, int vrf,
				   struct netlink_ext_ack *extack)
{
	struct weft_vtep *vtep;
	int err;

	vtep = weft_vtep_open(sw, config, encap, family, vrf, extack);
	if (IS_ERR_OR_NULL(vtep))
		return vtep;
	err = join_groups(sw, vtep, extack);
	if (err) {
		weft_vtep_close(vtep);
		return ERR_PTR(err);
	}
	return vtep;
}

/* Does the switch get all that comes in by an encapsulation? */
static int check_handlers(const struct weft_uplinks *uplinks,
			  const struct weft_encap_ops *encap,
			  struct netlink_ext_ack *extack)
{
	unsigned int i, count = uplinks->count;

	if (!weft_encap_bare(encap))
		return 0;
	if (weft_encap_link(encap))
		count = min(count, 1U);
	for (i = 0; i < count; i++) {
		if (uplinks->uplink[i]->handler)
			continue;
		NL_SET_ERR_MSG(extack,
			       "An uplink belongs to a bridge, macvlan or the like, so this encapsulation can't be received");
		return -EBUSY;
	}
	return 0;
}

/* What one host sends to all of an installation is for one switch of another. */
static int check_link(const struct weft_switch *sw,
		      const struct weft_vtep *vtep,
		      const struct net_device *dev,
		      struct netlink_ext_ack *extack)
{
	const struct weft_vtep *other;

	if (netif_is_bridge_master(dev)) {
		NL_SET_ERR_MSG(extack,
			       "A bridge does not hand up what is for a fence address: name one of its ports' devices");
		return -EOPNOTSUPP;
	}
	hlist_for_each_entry(other, &vtep->ws->vteps, ws_node) {
		if (other->sw == sw || other->dev != dev ||
		    !weft_addr_neighbours(&other->addr, &vtep->addr))
			continue;
		NL_SET_ERR_MSG(extack,
			       "Another switch has this uplink and installation");
		return -EADDRINUSE;
	}
	return 0;
}

/* The address of a switch on the link of its first uplink */
static struct weft_vtep *open_link(struct weft_switch *sw,
				   const struct weft_config *config,
				   const struct weft_encap_ops *encap,
				   const struct weft_uplinks *uplinks,
				   struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	struct weft_vtep *vtep;
	int err;

	vtep = weft_vtep_open(sw, config, encap, AF_PACKET, 0, extack);
	if (!vtep && sw->encap_users[encap->id]) {
		NL_SET_ERR_MSG(extack,
			       "A segment or peer needs the switch's fence address");
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (IS_ERR_OR_NULL(vtep) || !uplinks->count)
		return vtep;
	dev = uplinks->uplink[0]->dev;
	err = check_link(sw, vtep, dev, extack);
	if (!err)
		err = dev_uc_add(dev, vtep->addr.mac);
	if (err) {
		weft_vtep_close(vtep);
		return ERR_PTR(err);
	}
	vtep->dev = dev;
	return vtep;
}

/* Those of an encapsulation, one a family */
struct pair {
	struct weft_vtep *vtep[2];
};

static void close_pair(struct weft_switch *sw, struct pair *pair)
{
	close_vtep(sw, pair->vtep[0]);
	close_vtep(sw, pair->vtep[1]);
}

static int open_pair(struct weft_switch *sw, const struct weft_config *config,
		     const struct weft_encap_ops *encap,
		     const struct weft_uplinks *uplinks, struct pair *pair,
		     struct netlink_ext_ack *extack)
{
	int vrf = uplinks->vrf;
	int err = 0;

	*pair = (struct pair){};
	if (!weft_encap_link(encap) || config->fence.family)
		err = check_handlers(uplinks, encap, extack);
	if (err)
		return err;
	if (weft_encap_link(encap)) {
		pair->vtep[0] = open_link(sw, config, encap, uplinks, extack);
		return PTR_ERR_OR_ZERO(pair->vtep[0]);
	}
	pair->vtep[0] = open_vtep(sw, config, encap, AF_INET, vrf, extack);
	if (IS_ERR(pair->vtep[0]))
		return PTR_ERR(pair->vtep[0]);
	pair->vtep[1] = open_vtep(sw, config, encap, AF_INET6, vrf, extack);
	if (!IS_ERR(pair->vtep[1]))
		return 0;
	close_vtep(sw, pair->vtep[0]);
	return PTR_ERR(pair->vtep[1]);
}

/* Exchanges VTEPs under the packet path's eyes. */
static void replace_pair(struct weft_switch *sw, unsigned int id,
			 const struct pair *pair,
			 const struct weft_config *config)
{
	struct weft_vtep *old;
	int i;

	for (i = 0; i < ARRAY_SIZE(pair->vtep); i++) {
		if (pair->vtep[i])
			weft_vtep_publish(pair->vtep[i], config);
		old = rcu_replace_pointer(sw->vteps[id][i], pair->vtep[i],
					  lockdep_rtnl_is_held());
		close_vtep(sw, old);
	}
}

static bool used(const struct weft_switch *sw, unsigned int id)
{
	return id == WEFT_ENCAP_DEFAULT || id == WEFT_ENCAP_LINK ||
	       sw->encap_users[id];
}

/* Opens the VTEPs of all encapsulations that are in use. */
static int open_all(struct weft_switch *sw, const struct weft_config *config,
		    const struct weft_uplinks *uplinks, struct pair *pairs,
		    struct netlink_ext_ack *extack)
{
	unsigned int id;
	int err;

	for (id = 0; id < WEFT_ENCAPS; id++) {
		if (!used(sw, id))
			continue;
		err = open_pair(sw, config, weft_encap(id), uplinks,
				&pairs[id], extack);
		if (err)
			goto close;
	}
	return 0;

close:
	while (id--)
		close_pair(sw, &pairs[id]);
	return err;
}

/**
 * weft_uplink_bind() - connect a switch with the underlay, anew if it was
 * @sw: the switch
 * @config: what it is going to be; takes effect here as far as receiving goes
 * @ifindex: uplinks in the underlay, or NULL for those there are
 * @count: how many
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error; nothing is changed then.
 */
int weft_uplink_bind(struct weft_switch *sw, const struct weft_config *config,
		     const int *ifindex, unsigned int count,
		     struct netlink_ext_ack *extack)
{
	struct weft_uplinks *old = uplinks_of(sw), *uplinks;
	struct pair pairs[WEFT_ENCAPS] = {};
	int same[WEFT_UPLINKS_MAX];
	unsigned int id;
	int err;

	ASSERT_RTNL();
	if (!ifindex) {
		for (count = 0; old && count < old->count; count++)
			same[count] = old->uplink[count]->dev->ifindex;
		ifindex = same;
	}
	uplinks = make_uplinks(sw, ifindex, count, extack);
	if (IS_ERR(uplinks))
		return PTR_ERR(uplinks);
	err = open_all(sw, config, uplinks, pairs, extack);
	if (err) {
		put_uplinks(uplinks);
		return err;
	}

	rcu_assign_pointer(sw->uplinks, uplinks);
	for (id = 0; id < WEFT_ENCAPS; id++)
		replace_pair(sw, id, &pairs[id], config);
	put_uplinks(old);
	weft_template_stale(sw);
	return 0;
}

/**
 * weft_uplink_use() - have the switch receive an encapsulation
 * @sw: the switch
 * @encap: the encapsulation
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error.
 */
int weft_uplink_use(struct weft_switch *sw, const struct weft_encap_ops *encap,
		    struct netlink_ext_ack *extack)
{
	const struct weft_config *config = weft_config(sw);
	struct pair pair;
	int err;

	if (weft_encap_link(encap) && !weft_uplink_speaks(sw, encap, 0)) {
		NL_SET_ERR_MSG(extack,
			       "The encapsulation needs a fence address of the switch");
		return -EADDRNOTAVAIL;
	}
	if (!used(sw, encap->id)) {
		err = open_pair(sw, config, encap, uplinks_of(sw), &pair,
				extack);
		if (err)
			return err;
		replace_pair(sw, encap->id, &pair, config);
		weft_template_stale(sw);
	}
	sw->encap_users[encap->id]++;
	return 0;
}

/** weft_uplink_unuse() - the reverse; context: RTNL, may sleep */
void weft_uplink_unuse(struct weft_switch *sw,
		       const struct weft_encap_ops *encap)
{
	static const struct pair none;

	sw->encap_users[encap->id]--;
	if (used(sw, encap->id))
		return;
	replace_pair(sw, encap->id, &none, weft_config(sw));
	weft_template_stale(sw);
}

/**
 * weft_uplink_unbind() - the switch goes
 * @sw: the switch
 *
 * Context: RTNL, may sleep. On return no tunnel frame is on its way in.
 */
void weft_uplink_unbind(struct weft_switch *sw)
{
	struct weft_uplinks *uplinks = uplinks_of(sw);
	static const struct pair none;
	unsigned int id;

	for (id = 0; id < WEFT_ENCAPS; id++)
		replace_pair(sw, id, &none, NULL);
	synchronize_net();	/* who found a VTEP looks at the uplinks */
	RCU_INIT_POINTER(sw->uplinks, NULL);
	put_uplinks(uplinks);
}

/**
 * weft_uplink_join_group() - receive what is sent to a multicast group
 * @sw: the switch
 * @group: the group
 * @ifindex: device of the underlay
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error.
 */
int weft_uplink_join_group(struct weft_switch *sw,
			   const struct weft_addr *group, int ifindex,
			   struct netlink_ext_ack *extack)
{
	struct weft_vtep *vtep;

	if (weft_addr_link(group))	/* all hosts are in it */
		return 0;
	vtep = weft_uplink_vtep(sw, weft_encap(WEFT_ENCAP_DEFAULT),
				group->family);
	if (!vtep) {
		NL_SET_ERR_MSG(extack,
			       "The switch has no local address of this family");
		return -EAFNOSUPPORT;
	}
	if (!__dev_get_by_index(sw->net, ifindex)) {
		NL_SET_ERR_MSG(extack, "No such device in the underlay");
		return -ENODEV;
	}
	return weft_vtep_join(vtep, group, ifindex, extack);
}

/** weft_uplink_leave_group() - the reverse; context: RTNL, may sleep */
void weft_uplink_leave_group(struct weft_switch *sw,
			     const struct weft_addr *group, int ifindex)
{
	struct weft_vtep *vtep;

	if (weft_addr_link(group))
		return;
	vtep = weft_uplink_vtep(sw, weft_encap(WEFT_ENCAP_DEFAULT),
				group->family);
	if (vtep)
		weft_vtep_leave(vtep, group, ifindex);
}

/* --- changes of the underlay --- */

/* Takes @dev away from a switch; @dev NULL: looks at the VRFs again. */
static void rebind(struct weft_switch *sw, const struct net_device *dev)
{
	struct weft_uplinks *uplinks = uplinks_of(sw);
	int ifindex[WEFT_UPLINKS_MAX];
	unsigned int i, count = 0;
	int err;

	for (i = 0; i < uplinks->count; i++)
		if (uplinks->uplink[i]->dev != dev)
			ifindex[count++] = uplinks->uplink[i]->dev->ifindex;
	err = weft_uplink_bind(sw, weft_config(sw), ifindex, count, NULL);
	if (err)
		netdev_warn(sw->dev, "can't follow a change of the uplinks: %pe\n",
			    ERR_PTR(err));
}

/* The device goes: without memory to write a new list, strike it out. */
static void strike(struct weft_switch *sw, const struct net_device *dev)
{
	struct weft_uplinks *uplinks = uplinks_of(sw);
	struct weft_vtep *vtep;
	unsigned int i;

	rebind(sw, dev);
	if (uplinks_of(sw) != uplinks)
		return;
	vtep = weft_uplink_vtep(sw, weft_encap(WEFT_ENCAP_LINK), AF_PACKET);
	if (vtep && vtep->dev == dev)
		leave_link(vtep);
	for (i = 0; i < uplinks->count; i++) {
		if (uplinks->uplink[i]->dev != dev)
			continue;
		put_uplink(uplinks->uplink[i]);
		uplinks->uplink[i] = uplinks->uplink[uplinks->count - 1];
		uplinks->count--;
	}
}

/**
 * weft_uplink_event() - a device of the underlay changed
 * @dev: the device
 * @event: of the netdevice notifier
 *
 * Context: RTNL, may sleep. Return: a notifier's answer.
 */
int weft_uplink_event(struct net_device *dev, unsigned long event)
{
	struct weft_net *wn = weft_net(dev_net(dev));
	struct weft_switch *sw;

	if (event == NETDEV_UDP_TUNNEL_PUSH_INFO ||
	    event == NETDEV_UDP_TUNNEL_DROP_INFO) {
		weft_vtep_ports(dev, event == NETDEV_UDP_TUNNEL_PUSH_INFO);
		return NOTIFY_DONE;
	}
	if (event == NETDEV_CHANGEMTU) {	/* any may be a route's */
		list_for_each_entry(sw, &wn->switches, node)
			weft_template_stale(sw);
		return NOTIFY_DONE;
	}
	if (event != NETDEV_UNREGISTER && event != NETDEV_CHANGEUPPER)
		return NOTIFY_DONE;
	if (!find(wn, dev))
		return NOTIFY_DONE;
	list_for_each_entry(sw, &wn->switches, node) {
		if (event == NETDEV_UNREGISTER) {
			if (weft_uplink_has(sw, dev->ifindex))
				strike(sw, dev);
		} else if (weft_uplink_vrf(sw) != uplinks_of(sw)->vrf) {
			/* or it waited for another that shares its socket */
			rebind(sw, NULL);
		}
	}
	return NOTIFY_DONE;
}
