/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SEGMENT_H
#define _WEFT_SEGMENT_H

#include "encap/encap.h"
#include "map.h"
#include "peer.h"
#include "stats.h"
#include "switch.h"

struct weft_port_vlan;

/**
 * struct weft_segment_config - what the administrator says of a segment
 * @encap: enum weft_encap
 * @extra: its options; @extra.encap is what has made them
 * @ageing: seconds until a learned entry is forgotten, 0 for never
 * @limit: most learned entries, 0 for no limit
 * @mtu: longest network-layer packet of a VM, 0 for what the underlay carries
 * @learning: learn source addresses
 * @suppress: answer ARP and neighbour discovery
 * @group: multicast group of the underlay, AF_UNSPEC for none
 * @group_ifindex: where in the underlay it is joined, 0 for the first uplink
 * @vepa: enum weft_vepa: which of what ports of this host send each other goes over
 *	the adjacent switch
 * @relay_vtep: the VTEP that sends it back, AF_UNSPEC if an uplink port does
 * @gateway: the gateway inside the segment, AF_UNSPEC for none
 * @gateway_mac: its MAC address
 * @gateway_vtep: the VTEP that gets what goes to an unknown address, AF_UNSPEC
 *	for all that are in the flood list
 */
struct weft_segment_config {
	u8 encap;
	struct weft_extra extra;
	u32 ageing;
	u32 limit;
	u32 mtu;
	bool learning;
	bool suppress;
	u8 vepa;
	struct weft_addr relay_vtep;
	struct weft_addr group;
	int group_ifindex;
	struct weft_addr gateway;
	u8 gateway_mac[ETH_ALEN];
	struct weft_addr gateway_vtep;
};

/**
 * struct weft_segment - a tenant's Ethernet
 * @vni: its number
 * @learning: learn source addresses; read at any time
 * @suppress: answer ARP and neighbour discovery; read at any time
 * @ruled: there are rules that may concern any of its frames; RTNL, read at any
 *	time
 * @vepa: see struct weft_segment_config; read at any time
 * @inspect: @ruled or @vepa; read at any time
 * @cookie: its own, in tags that say who has got a frame
 * @mtu: see struct weft_segment_config; read at any time
 * @encap: the default encapsulation; RTNL to change, read at any time
 * @extra: what it adds to the header, NULL for nothing; RTNL to change, read
 *	under RCU
 * @sw: the switch
 * @scope: its part of the map
 * @ports: struct weft_port_vlan; RTNL, read under RCU
 * @port_count: number of them; RTNL
 * @group: the peer that stands for the multicast group, or NULL; RTNL, read
 *	under RCU
 * @group_ifindex: where the group was joined; RTNL
 * @gateway: see struct weft_segment_config; RTNL
 * @gateway_mac: likewise
 * @gateway_vtep: the peer that gets what goes to an unknown address, or NULL;
 *	RTNL, read under RCU
 * @relay_vtep: the peer that sends back, or NULL; RTNL, read under RCU
 * @relay_port: an uplink behind which the adjacent switch does, or NULL; RTNL,
 *	read under RCU
 * @rules: its own rules, NULL for none; RTNL, read under RCU
 * @rules_version: changes with them; RTNL, read at any time
 * @stats: what its ports and peers gave to it (rx) and took from it (tx)
 * @fragments: fragments of its frames received (rx) and sent (tx), and frames
 *	that were lost for want of some, or of room for one (drops)
 * @relayed: frames to the adjacent switch (tx) and back (rx)
 * @rcu: frees it
 */
struct weft_segment {
	u32 vni;
	bool learning;
	bool suppress;
	bool ruled;
	u8 vepa;
	bool inspect;
	u64 cookie;
	u32 mtu;
	const struct weft_encap_ops *encap;
	struct weft_extra __rcu *extra;
	struct weft_switch *sw;
	struct weft_scope scope;
	struct hlist_head ports;
	unsigned int port_count;
	struct weft_peer *group;
	int group_ifindex;
	struct weft_addr gateway;
	u8 gateway_mac[ETH_ALEN];
	struct weft_peer *gateway_vtep;
	struct weft_peer *relay_vtep;
	struct weft_port_vlan __rcu *relay_port;
	struct weft_classifier __rcu *rules;
	u32 rules_version;
	struct weft_stats __percpu *stats;
	struct weft_stats __percpu *fragments;
	struct weft_stats __percpu *relayed;
	struct rcu_head rcu;
};

/** weft_scope_segment() - whose part of the map it is */
static inline struct weft_segment *weft_scope_segment(struct weft_scope *scope)
{
	return container_of(scope, struct weft_segment, scope);
}

/**
 * weft_segment_lookup() - the segment of a VNI
 * @sw: the switch
 * @vni: its number
 *
 * Context: RCU or RTNL. Return: the segment or NULL.
 */
static inline struct weft_segment *weft_segment_lookup(struct weft_switch *sw,
						       u32 vni)
{
	return xa_load(&sw->segments, vni);
}

/**
 * weft_segment_extra() - what a segment adds to a tunnel header
 * @segment: the segment
 * @encap: the encapsulation
 *
 * Context: RCU. Return: that, or NULL.
 */
static inline const struct weft_extra *
weft_segment_extra(const struct weft_segment *segment,
		   const struct weft_encap_ops *encap)
{
	const struct weft_extra *extra = rcu_dereference(segment->extra);

	return unlikely(extra) && extra->encap == encap ? extra : NULL;
}

/**
 * weft_segment_spoken() - what is spoken with a peer in a segment
 * @segment: the segment
 * @peer: the peer
 *
 * What the peer is said to speak, else what the segment does, if that can reach
 * such an address; if not, what every switch has for it.
 *
 * Context: RCU.
 */
static inline const struct weft_encap_ops *
weft_segment_spoken(const struct weft_segment *segment,
		    const struct weft_peer *peer)
{
	const struct weft_encap_ops *encap = READ_ONCE(peer->encap);

	if (unlikely(encap))
		return encap;
	encap = READ_ONCE(segment->encap);
	if (likely(weft_encap_link(encap) == weft_addr_link(&peer->key.ip)))
		return encap;
	return weft_peer_default_encap(peer);
}

/** weft_segment_relays() - is there an adjacent switch that sends back? RTNL */
static inline bool weft_segment_relays(const struct weft_segment *segment)
{
	return segment->relay_vtep ||
	       rcu_access_pointer(segment->relay_port);
}

/** weft_segment_rest_by_vtep() - does a VTEP send back the rest? Any context */
static inline bool weft_segment_rest_by_vtep(const struct weft_segment *segment)
{
	return READ_ONCE(segment->vepa) == WEFT_VEPA_REST &&
	       READ_ONCE(segment->relay_vtep);
}

/** weft_segment_inspect() - have frames inspected that must be; RTNL */
static inline void weft_segment_inspect(struct weft_segment *segment)
{
	WRITE_ONCE(segment->inspect, segment->ruled || segment->vepa);
}

bool weft_segment_floods_to(const struct weft_segment *segment,
			    const struct weft_dest *dest);
bool weft_segment_in_group(const struct weft_segment *segment,
			   const struct weft_addr *group);
void weft_segment_config_get(const struct weft_segment *segment,
			     struct weft_segment_config *config);
void weft_segment_config_init(struct weft_segment_config *config);
int weft_segment_new(struct weft_switch *sw, u32 vni,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack);
int weft_segment_set(struct weft_segment *segment,
		     const struct weft_segment_config *config,
		     struct netlink_ext_ack *extack);
void weft_segment_del(struct weft_segment *segment);
void weft_segment_del_all(struct weft_switch *sw);

#endif /* _WEFT_SEGMENT_H */
