/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NEIGH_H
#define _WEFT_NEIGH_H

#include <linux/etherdevice.h>
#include <linux/netlink.h>
#include <linux/rhashtable.h>
#include <uapi/linux/weft.h>

#include "addr.h"
#include "event.h"
#include "wheel.h"

/**
 * struct weft_neigh_key - what a neighbour is found by
 * @ip: an address of a VM
 * @vni: its segment
 */
struct weft_neigh_key {
	struct weft_addr ip;
	u32 vni;
};

/**
 * struct weft_neigh - {VNI, IP} to the MAC behind it
 * @node: in the table
 * @key: what it is found by
 * @state: enum weft_state; the table's lock, read at any time
 * @mac: the address; the table's lock, read with weft_neigh_mac()
 * @seen: when it was last confirmed, see weft_now()
 * @ageing: seconds, of its segment when it was confirmed; 0 for never
 * @age_node: on the wheel, if learned; the table's lock
 * @rcu: frees it, when it is off the wheel
 */
struct weft_neigh {
	struct rhash_head node;
	struct weft_neigh_key key;
	u8 state;
	u64 mac;
	u32 seen;
	u32 ageing;
	union {
		struct hlist_node age_node;
		struct rcu_head rcu;
	};
};

/**
 * struct weft_neighs - the neighbours of all segments of a switch
 * @table: by key
 * @sw: for events
 * @lock: all changes, with bottom halves off
 * @limit: most learned ones, 0 for no limit
 * @count: how many there are; @lock
 * @learned: how many of them are learned; @lock
 * @generation: counts changes other than refreshes; @lock
 * @wheel: the learned ones
 */
struct weft_neighs {
	struct rhashtable table;
	struct weft_switch *sw;
	spinlock_t lock;
	u32 limit;
	u32 count;
	u32 learned;
	u32 generation;
	struct weft_wheel wheel;
};

/** weft_neigh_mac() - the MAC address in one piece; context: RCU */
static inline void weft_neigh_mac(const struct weft_neigh *neigh, u8 *mac)
{
	u64_to_ether_addr(READ_ONCE(neigh->mac), mac);
}

int weft_neighs_init(struct weft_neighs *neighs, struct weft_switch *sw);
void weft_neighs_destroy(struct weft_neighs *neighs);

struct weft_neigh *weft_neigh_lookup(struct weft_neighs *neighs, u32 vni,
				     const struct weft_addr *ip);
void weft_neigh_learn(struct weft_neighs *neighs, u32 vni,
		      const struct weft_addr *ip, const u8 *mac, u32 ageing);
int weft_neigh_may_add(struct weft_neighs *neighs, u32 vni,
		       const struct weft_addr *ip, const u8 *mac,
		       enum weft_state state, bool replace,
		       struct netlink_ext_ack *extack);
int weft_neigh_add(struct weft_neighs *neighs, u32 vni,
		   const struct weft_addr *ip, const u8 *mac,
		   enum weft_state state, bool replace,
		   struct netlink_ext_ack *extack);
int weft_neigh_del(struct weft_neighs *neighs, u32 vni,
		   const struct weft_addr *ip, struct netlink_ext_ack *extack);
void weft_neigh_clear(struct weft_neighs *neighs, u32 vni);

#endif /* _WEFT_NEIGH_H */
