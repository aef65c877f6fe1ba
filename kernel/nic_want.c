// SPDX-License-Identifier: GPL-2.0
/*
 * What a NIC should have: the switch's tables in the words of the hook. Asks
 * routing and the neighbour table for what the NIC needs to know of them.
 */

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ip6_route.h>
#include <net/ip6_fib.h>
#include <net/neighbour.h>
#include <net/route.h>

#include "nic_want.h"
#include "peer.h"
#include "port.h"
#include "segment.h"
#include "template.h"
#include "tunnel.h"
#include "uplink.h"

static void set_ip(struct in6_addr *ip, const struct weft_addr *addr)
{
	if (addr->family == AF_INET)
		ipv6_addr_set_v4mapped(addr->v4, ip);
	else if (addr->family == AF_INET6)
		*ip = addr->v6;
	else
		*ip = in6addr_any;
}

/* --- the local addresses --- */

static u8 prefix4(struct net *net, __be32 ip)
{
	const struct in_ifaddr *ifa;
	struct in_device *in_dev;
	struct net_device *dev;

	for_each_netdev_rcu(net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev)
			if (ifa->ifa_local == ip)
				return ifa->ifa_prefixlen;
	}
	return 32;
}

static u8 prefix6(struct net *net, const struct in6_addr *ip)
{
	u8 prefix = 128;
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_ifaddr *ifa;
	struct inet6_dev *idev;
	struct net_device *dev;

	for_each_netdev_rcu(net, dev) {
		idev = __in6_dev_get(dev);
		if (!idev)
			continue;
		list_for_each_entry_rcu(ifa, &idev->addr_list, if_list)
			if (ipv6_addr_equal(&ifa->addr, ip))
				prefix = ifa->prefix_len;
	}
#endif
	return prefix;
}

static u8 prefix_of(struct net *net, const struct weft_addr *local)
{
	return local->family == AF_INET ? prefix4(net, local->v4) :
					  prefix6(net, &local->v6);
}

/**
 * weft_want_vteps() - the local addresses of a switch
 * @nic: the NIC
 * @sw: the switch
 * @vteps: filled in, up to 2
 *
 * Context: process, RCU. Return: how many.
 */
unsigned int weft_want_vteps(const struct weft_nic *nic,
			     struct weft_switch *sw,
			     struct weft_nic_vtep *vteps)
{
	const struct weft_config *config = rcu_dereference(sw->config);
	unsigned int i, n = 0;

	for (i = 0; i < 2; i++) {
		u32 family = i ? AF_INET6 : AF_INET;
		const struct weft_addr *local = weft_local(config, family);
		struct weft_nic_vtep *vtep = &vteps[n];

		if (!local->family)
			continue;
		if (i && !(nic->caps.features & WEFT_NIC_IPV6))
			continue;
		*vtep = (struct weft_nic_vtep){
			.prefix = prefix_of(sw->net, local),
			.vxlan_port = config->port,
			.geneve_port = weft_geneve_ops.port,
			.ttl = config->ttl ?: 64,
			.group_ttl = config->ttl ?: 1,
			.tos = config->tos,
			.sport_low = config->port_low,
			.sport_high = config->port_high,
			.df = config->df == WEFT_DF_SET,
			.df_inherit = config->df == WEFT_DF_INHERIT,
			.csum = i ? !config->zero_csum6_tx : config->udp_csum,
		};
		set_ip(&vtep->ip, local);
		ether_addr_copy(vtep->mac, nic->pf->dev_addr);
		if (!nic->gateway[i].err)
			ether_addr_copy(vtep->gateway_mac,
					nic->gateway[i].mac);
		n++;
	}
	return n;
}

/* --- the next hop --- */

/* Reads the MAC address of a neighbour, and has it resolved if it is not
 * known.
 */
static int read_neigh(struct neighbour *neigh, u8 *mac)
{
	int err = 0;

	if (!neigh)
		return -ENOMEM;
	if (READ_ONCE(neigh->nud_state) & NUD_VALID) {
		neigh_ha_snapshot(mac, neigh, neigh->dev);
	} else {
		neigh_event_send(neigh, NULL);
		err = -EAGAIN;
	}
	neigh_release(neigh);
	return err;
}

static bool on_subnet(const struct weft_switch *sw,
		      const struct weft_addr *ip)
{
	const struct weft_config *config = rcu_dereference(sw->config);
	const struct weft_addr *local = weft_local(config, ip->family);
	u8 prefix = prefix_of(sw->net, local);

	if (ip->family == AF_INET)
		return !((ip->v4 ^ local->v4) & inet_make_mask(prefix));
	return ipv6_prefix_equal(&ip->v6, &local->v6, prefix);
}

/* The next hop of a route that is known to be by the PF. */
static int read_hop(const struct weft_route *route, struct weft_nic *nic,
		    u8 *mac)
{
	struct neighbour *neigh;

	if (route->nexthop.family == AF_INET)
		neigh = neigh_lookup(&arp_tbl, &route->nexthop.v4, nic->pf) ?:
			neigh_create(&arp_tbl, &route->nexthop.v4, nic->pf);
#if IS_ENABLED(CONFIG_IPV6)
	else
		neigh = neigh_lookup(&nd_tbl, &route->nexthop.v6, nic->pf) ?:
			neigh_create(&nd_tbl, &route->nexthop.v6, nic->pf);
#else
	else
		neigh = NULL;
#endif
	if (IS_ERR(neigh))
		return PTR_ERR(neigh);
	return read_neigh(neigh, mac);
}

/**
 * weft_want_hop() - how does the NIC reach a peer?
 * @nic: the NIC
 * @peer: the peer
 * @encap: the encapsulation
 * @hop: filled in but for its place in a table
 * @gateway: filled in if the way leads over one, likewise
 *
 * Context: process, bottom halves off, RCU.
 */
void weft_want_hop(struct weft_nic *nic, struct weft_peer *peer,
		   const struct weft_encap_ops *encap,
		   struct weft_nic_hop *hop, struct weft_nic_hop *gateway)
{
	u64 mac = READ_ONCE(peer->mac);
	struct weft_route route;
	bool direct, near;

	hop->ip = peer->key.ip;
	hop->encap = encap;
	eth_zero_addr(hop->mac);
	gateway->ip.family = AF_UNSPEC;
	if (weft_addr_link(&peer->key.ip) ||
	    (READ_ONCE(peer->encap) && READ_ONCE(peer->encap) != encap)) {
		hop->err = -EPROTONOSUPPORT;
		return;
	}
	near = on_subnet(peer->sw, &peer->key.ip);
	hop->err = weft_tunnel_route(peer, encap, &route);
	if (hop->err)
		return;
	direct = weft_addr_equal(&route.nexthop, &peer->key.ip);
	/* the NIC goes by the prefix; where routing does not, it can't serve */
	if (route.ifindex != nic->pf->ifindex || near != direct ||
	    !route.plain) {
		hop->err = -EHOSTUNREACH;
		return;
	}
	if (near && mac) {
		u64_to_ether_addr(mac, hop->mac);
	} else if (near) {
		hop->err = read_hop(&route, nic, hop->mac);
	} else {
		gateway->ip = route.nexthop;
		gateway->err = read_hop(&route, nic, gateway->mac);
		hop->err = gateway->err;
	}
}

/* --- segments --- */

/* The segment's encapsulation; NULL if the NIC does not know that, or can't add
 * what the segment does. It switches between its VFs then, and leaves the rest
 * to the host.
 */
static const struct weft_encap_ops *
choose_encap(const struct weft_nic *nic, const struct weft_segment *segment,
	     const struct weft_extra **extrap)
{
	const struct weft_encap_ops *encap = READ_ONCE(segment->encap);
	const struct weft_extra *extra = weft_segment_extra(segment, encap);

	*extrap = extra;
	if (!encap->nic || !(nic->caps.features & WEFT_NIC_KNOWS(encap->nic)) ||
	    (extra && extra->len > nic->caps.options))
		return NULL;
	return encap;
}

static void set_encap(struct weft_nic_segment *want,
		      const struct weft_encap_ops *encap,
		      const struct weft_extra *extra)
{
	static_assert(WEFT_EXTRA_MAX <= WEFT_NIC_OPTIONS_MAX);
	want->encap = encap->nic;
	if (!extra)
		return;
	want->options_len = extra->len;
	memcpy(want->options, extra->data, extra->len);
}

/* Can the NIC send to such an address? */
static bool speaks(const struct weft_nic *nic, const struct weft_addr *ip)
{
	return ip->family == AF_INET ||
	       (ip->family == AF_INET6 && nic->caps.features & WEFT_NIC_IPV6);
}

/* The host leaves misses to the gateway, if the NIC knows all the host knows, and
 * the adjacent switch is not to have them.
 */
static void set_gateway(struct weft_nic *nic,
			const struct weft_segment *segment,
			const struct weft_encap_ops *encap,
			weft_want_hop_fn hop, struct weft_nic_segment *want)
{
	struct weft_peer *gateway = READ_ONCE(segment->gateway_vtep);
	const struct weft_nic_hop *way;

	if (!gateway)
		return;
	way = hop(nic, gateway, encap);
	if (!way || way->err || !speaks(nic, &way->ip))
		return;
	set_ip(&want->gateway, &way->ip);
	ether_addr_copy(want->gateway_mac, way->mac);
	if (!weft_shadow_absent(&nic->shadows, segment->vni, false) &&
	    READ_ONCE(segment->vepa) != WEFT_VEPA_REST)
		want->flags &= ~WEFT_NIC_SEG_HOST_MISS;
}

/**
 * weft_want_group() - may a NIC send what goes to many to the group alone?
 * @nic: the NIC, which encapsulates for the segment
 * @segment: the segment
 *
 * The flood list may have peers beside it. Context: RCU. Return: the group, or
 * NULL if there is none or it is not enough.
 */
struct weft_peer *weft_want_group(const struct weft_nic *nic,
				  const struct weft_segment *segment)
{
	static const u8 flood_mac[ETH_ALEN] __aligned(2);
	struct weft_peer *group = READ_ONCE(segment->group);
	const struct weft_entry *list;

	list = weft_map_lookup(&segment->sw->map, segment->vni, flood_mac);
	return group && speaks(nic, &group->key.ip) && list &&
	       rcu_dereference(list->dest) == &group->dest ? group : NULL;
}

/* Does the host say any of @flags of what a VF of the segment sends? */
static bool any_vf(const struct weft_nic *nic,
		   const struct weft_segment *segment, u32 flags)
{
	const struct weft_port_vlan *pv;

	hlist_for_each_entry_rcu(pv, &segment->ports, node)
		if (pv->port->nic == nic &&
		    READ_ONCE(pv->port->flags) & flags)
			return true;
	return false;
}

/**
 * weft_want_rules() - are there rules that may concern what VFs send or get?
 * @nic: the NIC
 * @segment: the segment
 *
 * Context: RCU.
 */
bool weft_want_rules(const struct weft_nic *nic,
		     const struct weft_segment *segment)
{
	return READ_ONCE(segment->ruled) ||
	       any_vf(nic, segment, WEFT_END_RULED);
}

/* Must the host see all, whatever the rules say? What a VTEP sends back comes off
 * the wire, from addresses of VFs.
 */
static bool is_judged(const struct weft_nic *nic,
		      const struct weft_segment *segment)
{
	u32 flags = WEFT_END_INSPECT & ~WEFT_END_RULED;

	if (READ_ONCE(segment->vepa) == WEFT_VEPA_ON ||
	    (weft_segment_rest_by_vtep(segment) &&
	     !(nic->caps.features & WEFT_NIC_GROUPS)) ||
	    (READ_ONCE(segment->relay_vtep) && weft_want_rules(nic, segment)))
		return true;
	if (nic->caps.features & WEFT_NIC_VF_JUDGED)
		flags = READ_ONCE(segment->relay_vtep) ? WEFT_END_VEPA : 0;
	return any_vf(nic, segment, flags);
}

/**
 * weft_want_judged() - must the host see all that a VF sends?
 * @port: the VF
 *
 * If the NIC can't tell one VF from the others, it is the segment of which the host
 * sees all. Context: any.
 */
bool weft_want_judged(const struct weft_port *port)
{
	return port->nic->caps.features & WEFT_NIC_VF_JUDGED &&
	       READ_ONCE(port->flags) & WEFT_END_INSPECT & ~WEFT_END_RULED;
}

/* What the NIC must know beside entries, to serve those of groups. */
static u32 group_flags(struct weft_nic *nic, const struct weft_segment *segment)
{
	u32 flags = 0;

	if (weft_shadow_absent(&nic->shadows, segment->vni, true))
		flags |= WEFT_NIC_SEG_HOST_GROUPS;
	if (weft_segment_rest_by_vtep(segment))
		flags |= WEFT_NIC_SEG_HOST_OWN;
	return flags;
}

/**
 * weft_want_segment() - a segment, in the words of the hook
 * @nic: the NIC
 * @segment: its segment
 * @hop: tells how a peer is reached
 * @want: filled in
 *
 * What goes to many is the host's where there is no group: it has the flood
 * list. Context: RCU.
 *
 * Return: by what the NIC is to encapsulate, NULL if it is not.
 */
const struct weft_encap_ops *
weft_want_segment(struct weft_nic *nic, const struct weft_segment *segment,
		  weft_want_hop_fn hop, struct weft_nic_segment *want)
{
	const struct weft_peer *group = READ_ONCE(segment->group);
	const struct weft_encap_ops *encap;
	const struct weft_extra *extra;

	*want = (struct weft_nic_segment){
		.vni = segment->vni, .flags = WEFT_NIC_SEG_HOST_MISS,
	};
	if (READ_ONCE(segment->suppress))
		want->flags |= WEFT_NIC_SEG_HOST_ARP;
	if (is_judged(nic, segment))
		want->flags |= WEFT_NIC_SEG_HOST_ALL;
	if (nic->caps.features & WEFT_NIC_GROUPS)
		want->flags |= group_flags(nic, segment);
	encap = choose_encap(nic, segment, &extra);
	if (!encap) {
		want->flags |= WEFT_NIC_SEG_HOST_FLOOD;
		return NULL;
	}
	set_encap(want, encap, extra);
	set_gateway(nic, segment, encap, hop, want);
	if (!weft_want_group(nic, segment))
		want->flags |= WEFT_NIC_SEG_HOST_FLOOD;
	if (!group || !speaks(nic, &group->key.ip))
		return encap;
	set_ip(&want->group, &group->key.ip);
	if (group->key.ip.family == AF_INET)
		ip_eth_mc_map(group->key.ip.v4, want->group_mac);
	else
		ipv6_eth_mc_map(&group->key.ip.v6, want->group_mac);
	return encap;
}

/* --- entries --- */

static u64 member_of(const struct weft_nic *nic, const struct weft_dest *dest)
{
	const struct weft_port *port;

	if (!dest || dest->type != WEFT_DEST_PORT)
		return 0;
	port = weft_dest_port(dest)->port;
	return port->nic == nic && port->vf < BITS_PER_TYPE(u64) ?
	       BIT_ULL(port->vf) : 0;
}

/**
 * weft_want_members() - the members of a group that a NIC should serve
 * @nic: the NIC, which knows groups
 * @entry: entry of the group
 * @want: filled in but for the key
 *
 * If there are more than the NIC can name, the host serves the others, as it does
 * those who are not VFs. Context: RCU.
 */
void weft_want_members(const struct weft_nic *nic,
		       const struct weft_entry *entry,
		       struct weft_nic_entry *want)
{
	struct weft_dest *dest = rcu_dereference(entry->dest);
	struct weft_dest_set *set;
	unsigned int i;
	u64 members = 0;

	if (dest->type == WEFT_DEST_SET) {
		set = weft_dest_set(dest);
		for (i = 0; i < set->count; i++)
			members |= member_of(nic, rcu_dereference(
						set->member[i].dest));
	} else {
		members = member_of(nic, dest);
	}
	while (hweight64(members) > nic->caps.copies)
		members &= ~BIT_ULL(fls64(members) - 1);
	want->dest = WEFT_NIC_TO_MEMBERS;
	want->members = members;
}

/**
 * weft_want_entry() - an entry, in the words of the hook
 * @nic: the NIC
 * @entry: the entry
 * @encap: by what it encapsulates for the segment, or NULL
 * @hop: tells how a peer is reached
 * @want: filled in but for the key
 *
 * Context: RCU.
 *
 * Return: WEFT_HW_PRESENT if that is what the NIC should have, or why it should
 * have nothing.
 */
enum weft_hw weft_want_entry(struct weft_nic *nic,
			     const struct weft_entry *entry,
			     const struct weft_encap_ops *encap,
			     weft_want_hop_fn hop,
			     struct weft_nic_entry *want)
{
	struct weft_dest *dest = rcu_dereference(entry->dest);
	const struct weft_nic_hop *way;
	struct weft_port *port;

	want->dest = WEFT_NIC_TO_HOST;
	want->learned = READ_ONCE(entry->state) == WEFT_STATE_LEARNED;
	if (nic->caps.features & WEFT_NIC_GROUPS &&
	    is_multicast_ether_addr(entry->key.mac)) {
		weft_want_members(nic, entry, want);
		return WEFT_HW_PRESENT;
	}
	switch (dest->type) {
	case WEFT_DEST_PORT:
		port = weft_dest_port(dest)->port;
		if (port->nic != nic)
			return WEFT_HW_PRESENT;
		want->dest = WEFT_NIC_TO_VF;
		want->vf = port->vf;
		return WEFT_HW_PRESENT;
	case WEFT_DEST_PEER:
		if (!encap)
			return WEFT_HW_ENCAP;
		way = hop(nic, weft_dest_peer(dest), encap);
		if (!way || way->err == -EAGAIN)
			return WEFT_HW_NO_MAC;
		if (way->err == -EPROTONOSUPPORT)
			return WEFT_HW_ENCAP;
		if (way->err)
			return WEFT_HW_HOST;
		want->dest = WEFT_NIC_TO_VTEP;
		set_ip(&want->ip, &way->ip);
		ether_addr_copy(want->vtep_mac, way->mac);
		return WEFT_HW_PRESENT;
	default:	/* the host makes the copies */
		return WEFT_HW_HOST;
	}
}

/* --- VFs --- */

/**
 * weft_want_vf() - a VF, in the words of the hook
 * @nic: the NIC
 * @vf: which
 * @want: filled in
 *
 * Context: RCU.
 */
void weft_want_vf(struct weft_nic *nic, u16 vf, struct weft_nic_vf *want)
{
	struct weft_port *port = xa_load(&nic->vfs, vf);
	const struct weft_port_macs *macs;
	const struct weft_port_vlan *pv;

	*want = (struct weft_nic_vf){ .vf = vf };
	pv = port ? rcu_dereference(port->untagged) : NULL;
	if (!pv)
		return;
	want->active = true;
	want->vni = pv->segment->vni;
	want->mtu = weft_want_mtu(nic, pv->segment);
	want->link = true;
	want->judged = weft_want_judged(port);
	if (nic->caps.features & WEFT_NIC_VF_RATE)
		want->rate = min_t(u64, DIV_ROUND_UP_ULL(
					READ_ONCE(port->limit.rate), 1000000),
				   U32_MAX);
	macs = rcu_dereference(port->macs);
	if (!macs)
		return;
	ether_addr_copy(want->mac, macs->mac[0]);
	want->spoofchk = true;
}

/**
 * weft_want_mtu() - the largest MTU of a VM that fits
 * @nic: the NIC, which serves a switch
 * @segment: that of the VM; its encapsulation and options count
 *
 * What one segment limits is told to the VM by software. Context: RCU.
 */
unsigned int weft_want_mtu(const struct weft_nic *nic,
			   const struct weft_segment *segment)
{
	const struct weft_encap_ops *encap = READ_ONCE(segment->encap);
	const struct weft_switch *sw = rcu_dereference(nic->sw);
	const struct weft_extra *extra;
	const struct weft_config *config;
	unsigned int mtu = READ_ONCE(nic->pf->mtu);
	u32 family;

	if (!sw)
		return mtu;
	config = rcu_dereference(sw->config);
	family = config->local6.family ?: AF_INET;
	extra = weft_segment_extra(segment, encap);
	return mtu - weft_tunnel_overhead(encap, family) -
	       (extra ? extra->len : 0);
}
