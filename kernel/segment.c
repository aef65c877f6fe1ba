// SPDX-License-Identifier: GPL-2.0
/* Segments: the tenants' Ethernets on a switch. */

#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "peer.h"
#include "port.h"
#include "segment.h"
#include "uplink.h"

static const u8 flood_mac[ETH_ALEN];

static void tell(const struct weft_segment *segment, enum weft_event_kind type)
{
	struct weft_event event = {
		.type = type, .sw = segment->sw, .segment = segment,
	};

	weft_event(&event);
}

/** weft_segment_config_init() - what a segment is where nothing is said */
void weft_segment_config_init(struct weft_segment_config *config)
{
	*config = (struct weft_segment_config){
		.encap = WEFT_ENCAP_VXLAN,
		.ageing = WEFT_AGEING_DEFAULT,
		.learning = true,
	};
}

/** weft_segment_config_get() - what a segment is now; context: RTNL */
void weft_segment_config_get(const struct weft_segment *segment,
			     struct weft_segment_config *config)
{
	*config = (struct weft_segment_config){
		.encap = segment->encap->id,
		.ageing = segment->scope.ageing,
		.limit = segment->scope.quota.limit,
		.mtu = segment->mtu,
		.learning = segment->learning,
		.suppress = segment->suppress,
		.group_ifindex = segment->group_ifindex,
		.gateway = segment->gateway,
	};
	if (rcu_access_pointer(segment->extra))
		config->extra = *rtnl_dereference(segment->extra);
	if (segment->group)
		config->group = segment->group->key.ip;
	if (segment->gateway_vtep)
		config->gateway_vtep = segment->gateway_vtep->key.ip;
	config->vepa = segment->vepa;
	if (segment->relay_vtep)
		config->relay_vtep = segment->relay_vtep->key.ip;
	ether_addr_copy(config->gateway_mac, segment->gateway_mac);
}

/* --- the encapsulation --- */

/* Who builds a header with @extra looks at whose it is. */
static void set_extra(struct weft_segment *segment, struct weft_extra *extra)
{
	extra = rcu_replace_pointer(segment->extra, extra,
				    lockdep_rtnl_is_held());
	if (extra)
		kfree_rcu(extra, rcu);
}

static int set_encap(struct weft_segment *segment,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack)
{
	const struct weft_encap_ops *encap = weft_encap(config->encap);
	const struct weft_encap_ops *old = segment->encap;
	struct weft_extra *extra = NULL;
	int err;

	if (config->extra.len && config->extra.encap != encap) {
		NL_SET_ERR_MSG(extack,
			       "The segment's options are not of this encapsulation");
		return -EINVAL;
	}
	if (config->extra.len) {
		extra = kmemdup(&config->extra, sizeof(*extra),
				GFP_KERNEL_ACCOUNT);
		if (!extra)
			return -ENOMEM;
	}
	err = weft_uplink_use(segment->sw, encap, extack);
	if (err) {
		kfree(extra);
		return err;
	}
	WRITE_ONCE(segment->encap, encap);
	set_extra(segment, extra);
	if (old)
		weft_uplink_unuse(segment->sw, old);
	return 0;
}

/* --- the multicast group: a peer in the flood list --- */

static void leave_group(struct weft_segment *segment)
{
	struct weft_peer *group = segment->group;
	struct weft_dest *dest;

	if (!group)
		return;
	/* the packet path must not find it any more when it is let go */
	WRITE_ONCE(segment->group, NULL);
	dest = &group->dest;
	weft_map_del(&segment->sw->map, segment->vni, flood_mac, &dest, 1,
		     NULL);
	weft_uplink_leave_group(segment->sw, &group->key.ip,
				segment->group_ifindex);
	weft_peer_put(group);
	segment->group_ifindex = 0;
}

static int flood_to(struct weft_segment *segment, struct weft_peer *group,
		    struct netlink_ext_ack *extack)
{
	struct weft_dest *dest = &group->dest;

	return weft_map_add(&segment->sw->map, &segment->scope, flood_mac,
			    &dest, 1, WEFT_STATE_STATIC, WEFT_MODE_APPEND,
			    extack);
}

static int check_group(const struct weft_segment_config *config,
		       struct netlink_ext_ack *extack)
{
	const struct weft_addr *group = &config->group;

	if (!group->family)
		return 0;
	if (!weft_addr_multicast(group)) {
		NL_SET_ERR_MSG(extack, "The group is no multicast address");
		return -EADDRNOTAVAIL;
	}
	if (weft_addr_link(group) != weft_encap_link(weft_encap(config->encap))) {
		NL_SET_ERR_MSG(extack,
			       "The segment's encapsulation has groups of another kind");
		return -EAFNOSUPPORT;
	}
	if (!weft_addr_link(group))
		return 0;
	if (!is_broadcast_ether_addr(group->mac)) {
		NL_SET_ERR_MSG(extack,
			       "The group of hosts on a link is the broadcast address");
		return -EADDRNOTAVAIL;
	}
	if (config->group_ifindex) {
		NL_SET_ERR_MSG(extack,
			       "Hosts on a link are reached by the first uplink");
		return -EINVAL;
	}
	return 0;
}

static int join_group(struct weft_segment *segment,
		      const struct weft_addr *group, int ifindex,
		      struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = segment->sw;
	struct weft_peer *peer;
	int err;

	if (!ifindex && !weft_addr_link(group))
		ifindex = weft_uplink_first(sw);
	if (!ifindex && !weft_addr_link(group)) {
		NL_SET_ERR_MSG(extack,
			       "A group needs a device, and the switch has no uplink");
		return -ENODEV;
	}
	peer = weft_peer_get(sw, group, ifindex, GFP_KERNEL, extack);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = weft_uplink_join_group(sw, group, ifindex, extack);
	if (err)
		goto put_peer;
	err = flood_to(segment, peer, extack);
	if (err)
		goto leave;
	WRITE_ONCE(segment->group, peer);
	segment->group_ifindex = ifindex;
	return 0;

leave:
	weft_uplink_leave_group(sw, group, ifindex);
put_peer:
	weft_peer_put(peer);
	return err;
}

static int set_group(struct weft_segment *segment,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack)
{
	struct weft_peer *old = segment->group;
	struct weft_segment_config was;
	int err;

	if (!config->group.family) {
		leave_group(segment);
		return 0;
	}
	if (old && weft_addr_equal(&old->key.ip, &config->group) &&
	    (!config->group_ifindex ||
	     segment->group_ifindex == config->group_ifindex)) {
		err = flood_to(segment, old, extack);
		return err == -EEXIST ? 0 : err;
	}

	weft_segment_config_get(segment, &was);
	leave_group(segment);
	err = join_group(segment, &config->group, config->group_ifindex,
			 extack);
	if (err && was.group.family)
		join_group(segment, &was.group, was.group_ifindex, NULL);
	return err;
}

/**
 * weft_segment_floods_to() - is a peer in the flood list?
 * @segment: the segment
 * @dest: the peer
 *
 * Context: RCU.
 */
bool weft_segment_floods_to(const struct weft_segment *segment,
			    const struct weft_dest *dest)
{
	const struct weft_entry *list;

	list = weft_map_lookup(&segment->sw->map, segment->vni, flood_mac);
	return list && weft_dest_leads_to(rcu_dereference(list->dest), dest);
}

/**
 * weft_segment_in_group() - does the segment take what is sent to a group?
 * @segment: the segment
 * @group: a multicast address of the underlay
 *
 * Context: RCU.
 */
bool weft_segment_in_group(const struct weft_segment *segment,
			   const struct weft_addr *group)
{
	const struct weft_peer *peer = READ_ONCE(segment->group);

	return peer && weft_addr_equal(&peer->key.ip, group);
}

/* --- the gateway: a static neighbour --- */

static int set_gateway(struct weft_segment *segment,
		       const struct weft_segment_config *config,
		       struct netlink_ext_ack *extack)
{
	struct weft_neighs *neighs = &segment->sw->neighs;
	int err;

	if (config->gateway.family) {
		err = weft_neigh_add(neighs, segment->vni, &config->gateway,
				     config->gateway_mac, WEFT_STATE_STATIC,
				     true, extack);
		if (err)
			return err;
	}
	if (segment->gateway.family &&
	    !weft_addr_equal(&segment->gateway, &config->gateway))
		weft_neigh_del(neighs, segment->vni, &segment->gateway, NULL);
	segment->gateway = config->gateway;
	ether_addr_copy(segment->gateway_mac, config->gateway_mac);
	return 0;
}

/* --- peers with a part: gateway to what nobody knows, and who sends back --- */

static void put_peer(struct weft_peer **place)
{
	struct weft_peer *peer = *place;

	WRITE_ONCE(*place, NULL);
	if (peer)
		weft_peer_put(peer);
}

static int set_peer(struct weft_segment *segment, struct weft_peer **place,
		    const struct weft_addr *addr,
		    struct netlink_ext_ack *extack)
{
	struct weft_peer *peer = NULL;

	if (addr->family) {
		peer = weft_peer_get(segment->sw, addr, 0, GFP_KERNEL, extack);
		if (IS_ERR(peer))
			return PTR_ERR(peer);
	}
	put_peer(place);
	WRITE_ONCE(*place, peer);
	return 0;
}

static int set_peers(struct weft_segment *segment,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack)
{
	struct weft_addr was = {};
	int err;

	if (segment->gateway_vtep)
		was = segment->gateway_vtep->key.ip;
	err = set_peer(segment, &segment->gateway_vtep, &config->gateway_vtep,
		       extack);
	if (err)
		return err;
	err = set_peer(segment, &segment->relay_vtep, &config->relay_vtep,
		       extack);
	if (err)
		set_peer(segment, &segment->gateway_vtep, &was, NULL);
	return err;
}

/* --- life --- */

static int check(const struct weft_segment_config *config,
		 struct netlink_ext_ack *extack)
{
	if (config->mtu && config->mtu < ETH_MIN_MTU) {
		NL_SET_ERR_MSG(extack, "MTU below 68, the least for IPv4");
		return -EINVAL;
	}
	if (config->gateway.family &&
	    !is_valid_ether_addr(config->gateway_mac)) {
		NL_SET_ERR_MSG(extack,
			       "A gateway needs a unicast MAC address");
		return -EINVAL;
	}
	return check_group(config, extack);
}

/* Who can send back? A new segment has no uplink port yet. */
static int check_vepa(const struct weft_segment *segment,
		      const struct weft_segment_config *config,
		      struct netlink_ext_ack *extack)
{
	if (!config->vepa || config->relay_vtep.family ||
	    (segment && rcu_access_pointer(segment->relay_port)))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "VEPA needs an uplink port with relay on, or a relay-vtep");
	return -EINVAL;
}

/* Takes over what can't fail. */
static void set_plain(struct weft_segment *segment,
		      const struct weft_segment_config *config)
{
	bool reage = segment->scope.ageing != config->ageing;

	WRITE_ONCE(segment->learning, config->learning);
	WRITE_ONCE(segment->suppress, config->suppress);
	WRITE_ONCE(segment->vepa, config->vepa);
	weft_segment_inspect(segment);
	WRITE_ONCE(segment->mtu, config->mtu);
	WRITE_ONCE(segment->scope.quota.limit, config->limit);
	WRITE_ONCE(segment->scope.ageing, config->ageing);
	if (reage)
		weft_wheel_hurry(&segment->sw->map.wheel);
}

static void free_segment(struct rcu_head *rcu)
{
	struct weft_segment *segment = container_of(rcu, struct weft_segment,
						    rcu);

	free_percpu(segment->stats);
	free_percpu(segment->fragments);
	free_percpu(segment->relayed);
	kfree(rcu_dereference_protected(segment->extra, true));
	kfree(segment);
}

/* The packet path must not find the segment any more. */
static void discard(struct weft_segment *segment)
{
	struct weft_switch *sw = segment->sw;

	tell(segment, WEFT_EVENT_SEGMENT_GONE);
	leave_group(segment);
	put_peer(&segment->gateway_vtep);
	put_peer(&segment->relay_vtep);
	if (segment->encap)
		weft_uplink_unuse(sw, segment->encap);
	weft_map_clear(&sw->map, &segment->scope);
	weft_neigh_clear(&sw->neighs, segment->vni);
	call_rcu(&segment->rcu, free_segment);
}

/**
 * weft_segment_new() - create a segment
 * @sw: the switch
 * @vni: its number, 1 to WEFT_VNI_MAX
 * @config: what it shall be
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0, -EEXIST, -EINVAL, -ENOMEM or what
 * joining the group returns.
 */
int weft_segment_new(struct weft_switch *sw, u32 vni,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack)
{
	struct weft_segment *segment;
	int err;

	ASSERT_RTNL();
	if (weft_segment_lookup(sw, vni)) {
		NL_SET_ERR_MSG(extack, "Segment exists");
		return -EEXIST;
	}
	err = check(config, extack) ?: check_vepa(NULL, config, extack);
	if (err)
		return err;
	segment = kzalloc(sizeof(*segment), GFP_KERNEL_ACCOUNT);
	if (!segment)
		return -ENOMEM;
	segment->stats = weft_stats_alloc(GFP_KERNEL_ACCOUNT);
	segment->fragments = weft_stats_alloc(GFP_KERNEL_ACCOUNT);
	segment->relayed = weft_stats_alloc(GFP_KERNEL_ACCOUNT);
	if (!segment->stats || !segment->fragments || !segment->relayed) {
		free_segment(&segment->rcu);
		return -ENOMEM;
	}
	segment->vni = vni;
	segment->sw = sw;
	segment->scope.vni = vni;
	segment->cookie = get_random_u64();
	segment->ruled = sw->ruled;
	set_plain(segment, config);

	err = set_encap(segment, config, extack);
	if (err)
		goto discard;
	err = set_group(segment, config, extack);
	if (err)
		goto discard;
	err = set_gateway(segment, config, extack);
	if (err)
		goto discard;
	err = set_peers(segment, config, extack);
	if (err)
		goto discard;
	err = xa_insert(&sw->segments, vni, segment, GFP_KERNEL_ACCOUNT);
	if (err)
		goto discard;
	sw->segment_count++;
	tell(segment, WEFT_EVENT_SEGMENT_NEW);
	return 0;

discard:
	discard(segment);
	return err;
}

/* Peers of one kind of address are not reached by an encapsulation of the
 * other, so what led to them would be lost until it is too old.
 */
static void forget_other_kind(struct weft_segment *segment,
			      const struct weft_encap_ops *old)
{
	struct weft_map_filter filter = {
		.scope = &segment->scope, .states = BIT(WEFT_STATE_LEARNED),
	};

	if (weft_encap_link(segment->encap) == weft_encap_link(old))
		return;
	synchronize_net();	/* with who still learns by the old one */
	weft_map_flush(&segment->sw->map, &filter);
}

/**
 * weft_segment_set() - change a segment
 * @segment: the segment
 * @config: all that it shall be, see weft_segment_config_get()
 * @extack: gets the sentence of a refusal
 *
 * What was learned is forgotten if the addresses of its peers become MAC addresses
 * or cease to be. Context: RTNL, may sleep. Return: 0 or an error; nothing is
 * changed then.
 */
int weft_segment_set(struct weft_segment *segment,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack)
{
	struct weft_segment_config was;
	int err;

	ASSERT_RTNL();
	err = check(config, extack) ?: check_vepa(segment, config, extack);
	if (err)
		return err;
	weft_segment_config_get(segment, &was);
	err = set_encap(segment, config, extack);
	if (err)
		return err;
	err = set_group(segment, config, extack);
	if (err)
		goto restore_group;
	err = set_gateway(segment, config, extack);
	if (err)
		goto restore_group;
	err = set_peers(segment, config, extack);
	if (err)
		goto restore_gateway;
	set_plain(segment, config);
	forget_other_kind(segment, weft_encap(was.encap));
	tell(segment, WEFT_EVENT_SEGMENT_NEW);
	return 0;

restore_gateway:
	set_gateway(segment, &was, NULL);
restore_group:	/* of the kind that the encapsulation has */
	set_encap(segment, &was, NULL);
	set_group(segment, &was, NULL);
	/* a NIC may have been told meanwhile */
	if (config->encap != was.encap)
		tell(segment, WEFT_EVENT_SEGMENT_NEW);
	return err;
}

/* Takes it out of the packet path's sight. */
static void unlink_segment(struct weft_segment *segment)
{
	struct weft_port_vlan *pv;
	struct hlist_node *next;
	struct weft_port *port;

	/* who is told must not find it any more */
	xa_erase(&segment->sw->segments, segment->vni);
	tell(segment, WEFT_EVENT_SEGMENT_DEL);
	segment->sw->segment_count--;
	hlist_for_each_entry_safe(pv, next, &segment->ports, node) {
		port = pv->port;
		weft_port_leave(pv);
		if (!weft_port_host(port))
			weft_port_changed(port);
	}
}

/**
 * weft_segment_del() - delete a segment, its entries and neighbours
 * @segment: the segment
 *
 * Context: RTNL, may sleep.
 */
void weft_segment_del(struct weft_segment *segment)
{
	ASSERT_RTNL();
	unlink_segment(segment);
	synchronize_net();
	discard(segment);
}

/**
 * weft_segment_del_all() - the switch goes
 * @sw: the switch; its packet path is at rest
 *
 * Context: RTNL, may sleep.
 */
void weft_segment_del_all(struct weft_switch *sw)
{
	struct weft_segment *segment;
	unsigned long vni;

	ASSERT_RTNL();
	xa_for_each(&sw->segments, vni, segment) {
		unlink_segment(segment);
		discard(segment);
		cond_resched();
	}
}
