/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_PORT_H
#define _WEFT_PORT_H

#include <linux/if_vlan.h>

#include "limit.h"
#include "map.h"
#include "path.h"
#include "segment.h"
#include "stats.h"
#include "switch.h"

/**
 * struct weft_port_macs - source addresses a port is held to
 * @rcu: frees it
 * @count: number of @mac
 * @mac: the addresses
 */
struct weft_port_macs {
	struct rcu_head rcu;
	unsigned int count;
	u8 mac[][ETH_ALEN] __counted_by(count);
};

/**
 * struct weft_port_vlan - a port's membership in a segment
 * @dest: what map entries of the segment point to
 * @port: the port
 * @segment: the segment; a port is in it at most once
 * @vid: VLAN of its frames on the port, 0 for untagged
 * @node: in the segment's list; RTNL, read under RCU
 * @rcu: frees it
 */
struct weft_port_vlan {
	struct weft_dest dest;
	struct weft_port *port;
	struct weft_segment *segment;
	u16 vid;
	struct hlist_node node;
	struct rcu_head rcu;
};

/**
 * struct weft_port - what a VM is connected to
 * @dev: the enslaved device, or the switch's own
 * @sw: the switch
 * @uplink: it is an uplink, the VLANs of which are V.VLANs
 * @nic: if it is a VF, the NIC, and @dev the PF; else NULL
 * @vf: which VF
 * @number: no other port of the switch has it, nor had
 * @flags: WEFT_END_* of the path decision; RTNL, read at any time
 * @learning: learn source addresses; RTNL, read at any time
 * @macs: source addresses it is held to, NULL for any; RTNL, read under RCU
 * @untagged: membership of untagged frames; RTNL, read under RCU
 * @vlans: struct weft_port_vlan by VLAN; RTNL, read under RCU
 * @vlan_count: number of @vlans; RTNL, read at any time
 * @ruled: there are rules of the switch for what it sends; RTNL, @flags has it
 *	for the packet path
 * @limit: of what it sends; RTNL to change
 * @prio: priority of what it sends, 0 for none; RTNL, read at any time
 * @quota: limits what is learned through it
 * @stats: rx is what came in by it
 * @node: in the switch's list; RTNL, read under RCU
 * @tracker: of the reference to @dev
 * @rcu: frees it
 */
struct weft_port {
	struct net_device *dev;
	struct weft_switch *sw;
	bool uplink;
	struct weft_nic *nic;
	u16 vf;
	u32 number;
	u32 flags;
	bool learning;
	bool ruled;
	u8 prio;
	struct weft_limit limit;
	struct weft_port_macs __rcu *macs;
	struct weft_port_vlan __rcu *untagged;
	struct xarray vlans;
	unsigned int vlan_count;
	struct weft_quota quota;
	struct weft_stats __percpu *stats;
	struct list_head node;
	netdevice_tracker tracker;
	struct rcu_head rcu;
};

/** weft_port_host() - is it the port of the switch's own interface? */
static inline bool weft_port_host(const struct weft_port *port)
{
	return port->dev == port->sw->dev;
}

/** weft_port_enslaved() - is the device a slave of the switch's? */
static inline bool weft_port_enslaved(const struct weft_port *port)
{
	return !weft_port_host(port) && !port->nic && !port->uplink;
}

/**
 * weft_port_vlan() - the membership that a VLAN of a port gives
 * @port: the port
 * @vid: the VLAN, 0 for untagged
 *
 * Context: RCU or RTNL. Return: the membership, or NULL for none.
 */
static inline struct weft_port_vlan *weft_port_vlan(struct weft_port *port,
						    u16 vid)
{
	if (!vid)
		return rcu_dereference_rtnl(port->untagged);
	return xa_load(&port->vlans, vid);
}

static inline struct weft_port_vlan *
weft_dest_port(const struct weft_dest *dest)
{
	return container_of(dest, struct weft_port_vlan, dest);
}

struct weft_port *weft_port_new(struct weft_switch *sw,
				struct net_device *dev, struct weft_nic *nic,
				u16 vf, bool uplink);
void weft_port_del(struct weft_port *port);
struct weft_port *weft_port_find(struct weft_switch *sw, int ifindex, int vf);
struct weft_port_vlan *weft_port_in(struct weft_port *port,
				    const struct weft_segment *segment);

struct weft_port_vlan *weft_port_prepare(struct weft_port *port, u16 vid,
					 struct weft_segment *segment,
					 struct netlink_ext_ack *extack);
int weft_port_claim(struct weft_port_vlan *pv,
		    const struct weft_port_macs *macs,
		    struct netlink_ext_ack *extack);
void weft_port_disclaim(struct weft_port_vlan *pv,
			const struct weft_port_macs *macs,
			const struct weft_port_macs *keep);
void weft_port_commit(struct weft_port_vlan *pv);
void weft_port_abort(struct weft_port_vlan *pv);
void weft_port_leave(struct weft_port_vlan *pv);
void weft_port_leave_all(struct weft_port *port);
void weft_port_set_flags(struct weft_port *port, u32 flags);
void weft_port_set_macs(struct weft_port *port, struct weft_port_macs *macs);
bool weft_port_allows(const struct weft_port *port, const u8 *mac);
void weft_port_changed(struct weft_port *port);
int weft_port_host_mac(struct weft_port *port, const u8 *mac);

#endif /* _WEFT_PORT_H */
