/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SWITCH_H
#define _WEFT_SWITCH_H

#include <linux/netdevice.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <uapi/linux/weft.h>
#include <uapi/linux/weft_link.h>

#include "addr.h"
#include "encap/encap.h"
#include "map.h"
#include "neigh.h"
#include "stats.h"

struct weft_classifier;

#define WEFT_UPLINKS_MAX	16
#define WEFT_DROP_REASONS	(WEFT_DROP_REASON_NOT_ENCRYPTED + 1)

/**
 * struct weft_config - what the administrator says of the underlay
 * @local4: IPv4 VTEP address, AF_UNSPEC for none
 * @local6: IPv6 VTEP address, AF_UNSPEC for none
 * @fence: MAC address for hosts on the same link, AF_UNSPEC for none: an OUI,
 *	the number of the installation, two bytes for the host
 * @port: UDP destination port of encapsulations that have no other
 * @port_low: first UDP source port, host byte order
 * @port_high: last UDP source port
 * @ttl: of the outer header, 0 for the route's
 * @ttl_inherit: or the inner packet's
 * @tos: of the outer header (its DSCP), if not inherited
 * @tos_inherit: the inner packet's
 * @df: enum weft_df
 * @udp_csum: outer UDP checksum over IPv4
 * @zero_csum6_tx: no outer UDP checksum over IPv6
 * @zero_csum6_rx: accept none over IPv6
 * @fastpath: enum weft_fastpath
 * @sources: enum weft_sources
 * @limit: most entries that may be learned, 0 for no limit
 * @rcu: frees it
 */
struct weft_config {
	struct weft_addr local4;
	struct weft_addr local6;
	struct weft_addr fence;
	__be16 port;
	u16 port_low;
	u16 port_high;
	u8 ttl;
	bool ttl_inherit;
	u8 tos;
	bool tos_inherit;
	u8 df;
	bool udp_csum;
	bool zero_csum6_tx;
	bool zero_csum6_rx;
	u8 fastpath;
	u8 sources;
	u32 limit;
	struct rcu_head rcu;
};

/**
 * struct weft_uplinks - the devices that tunnel frames may come in by
 * @rcu: frees it
 * @vrf: interface index of the L3 master that all are enslaved to, or 0
 * @headroom: most space that one of them wants before a packet
 * @count: number of @uplink
 * @uplink: the devices, owned by uplink.c
 */
struct weft_uplinks {
	struct rcu_head rcu;
	int vrf;
	unsigned int headroom;
	unsigned int count;
	struct weft_uplink *uplink[] __counted_by(count);
};

/**
 * struct weft_drops - one CPU's packets dropped, by reason
 * @count: by enum weft_drop_reason
 */
struct weft_drops {
	u64 count[WEFT_DROP_REASONS];
};

/**
 * struct weft_switch - a switch; the private part of its netdevice
 * @dev: the netdevice
 * @net: the namespace of the underlay; fixed
 * @config: RCU; RTNL to change
 * @uplinks: RCU; RTNL to change; never NULL
 * @genid: counts changes that make the header templates of peers stale
 * @segments: struct weft_segment by VNI; RTNL to change, read under RCU
 * @segment_count: number of them; RTNL
 * @ports: struct weft_port, the host's own first; RTNL, read under RCU
 * @port_count: number of them, without the host's; RTNL
 * @port_number: of the last port that was made; RTNL
 * @host: the port of the switch's own interface
 * @peers: struct weft_peer by address; @map's lock, read under RCU
 * @peer_count: number of them; @map's lock
 * @map: the mapping table
 * @neighs: the neighbours
 * @drops: packets dropped, by reason
 * @headroom: what the encapsulation needs before a packet
 * @node: in the list of switches of @net; RTNL, read under RCU
 * @vteps: its local addresses by encapsulation, IPv4 and IPv6, NULL for none;
 *	an encapsulation without IP has the first alone; RCU, RTNL to change
 * @encap_users: segments and peers that want an encapsulation; RTNL
 * @reasm: frames of which fragments have come in, NULL until there is a
 *	fence address
 * @rules: those that are of no segment, NULL for none; RTNL, read under RCU
 * @rules_version: changes with them; RTNL, read at any time
 * @ruled: some of them may concern any frame; RTNL
 * @next_piece: number of the frame that was last cut into fragments
 */
struct weft_switch {
	struct net_device *dev;
	struct net *net;
	struct weft_config __rcu *config;
	struct weft_uplinks __rcu *uplinks;
	u32 genid;
	struct xarray segments;
	u32 segment_count;
	struct list_head ports;
	u32 port_count;
	u32 port_number;
	struct weft_port *host;
	struct rhashtable peers;
	u32 peer_count;
	struct weft_map map;
	struct weft_neighs neighs;
	struct weft_drops __percpu *drops;
	unsigned int headroom;
	struct list_head node;
	struct weft_vtep __rcu *vteps[WEFT_ENCAPS][2];
	u32 encap_users[WEFT_ENCAPS];
	struct weft_reasm *reasm;
	struct weft_classifier __rcu *rules;
	u32 rules_version;
	bool ruled;
	atomic_t next_piece;
};

/** weft_switch_is() - is it a switch of ours? */
bool weft_switch_is(const struct net_device *dev);

/** weft_config() - the configuration; context: RTNL */
static inline const struct weft_config *
weft_config(const struct weft_switch *sw)
{
	return rtnl_dereference(sw->config);
}

/** weft_local() - the VTEP address of a family; AF_UNSPEC if there is none */
static inline const struct weft_addr *
weft_local(const struct weft_config *config, u32 family)
{
	if (likely(family == AF_INET))
		return &config->local4;
	return family == AF_INET6 ? &config->local6 : &config->fence;
}

/**
 * weft_count_drop() - count a packet dropped
 * @sw: the switch
 * @reason: why
 *
 * Context: softirq or bottom halves off.
 */
static inline void weft_count_drop(struct weft_switch *sw,
				   enum weft_drop_reason reason)
{
	this_cpu_inc(sw->drops->count[reason]);
}

int weft_switch_create(struct weft_switch *sw, struct net *net,
		       const struct weft_config *config,
		       const int *uplinks, unsigned int count,
		       struct netlink_ext_ack *extack);
int weft_switch_change(struct weft_switch *sw,
		       const struct weft_config *config,
		       const int *uplinks, unsigned int count,
		       struct netlink_ext_ack *extack);
void weft_switch_setup(struct net_device *dev);
int weft_switch_event(struct net_device *dev, unsigned long event);

#endif /* _WEFT_SWITCH_H */
