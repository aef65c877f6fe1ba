/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SHADOW_H
#define _WEFT_SHADOW_H

#include <net/weft_offload.h>

#include "map.h"

/**
 * struct weft_shadow - what a NIC knows of an entry of the map
 * @node: in the table
 * @key: of the entry
 * @hw: enum weft_hw; the table's lock, read at any time
 * @dest: enum weft_nic_dest that the NIC should have, or that it would if there
 *	was room; the worker
 * @there: the NIC has something under this key, be it old; the table's lock
 * @queued: it is on the list of what is to be pushed; the table's lock
 * @cold: others are used more; the table's lock
 * @absent: the NIC should have it, and has not; counted; the table's lock
 * @list: of struct weft_shadows; the table's lock
 * @rate: uses a second, of late, as of @second; nic_heat.c
 * @second: see weft_now(); likewise
 * @hits: the NIC's count when it was last read; likewise
 * @fresh: samples, not in @rate yet; likewise
 * @rcu: frees it
 *
 * The worker alone frees it.
 */
struct weft_shadow {
	struct rhash_head node;
	struct weft_key key;
	u8 hw;
	u8 dest;
	bool there;
	bool queued;
	bool cold;
	bool absent;
	struct list_head list;
	u32 rate;
	u32 second;
	u64 hits;
	u32 fresh;
	struct rcu_head rcu;
};

/**
 * struct weft_shadows - what a NIC knows of the map
 * @table: struct weft_shadow by key
 * @lock: all changes, with bottom halves off; inside the map's lock
 * @dirty: those to be pushed
 * @present: those that the NIC has and might do without: not VFs, nor groups
 * @cold: those that found no room
 * @pending: number of @dirty; @lock
 * @there: number of entries that the NIC has; @lock
 * @absent: by VNI, and apart for groups, how many the NIC should have and has not;
 *	@lock
 */
struct weft_shadows {
	struct rhashtable table;
	spinlock_t lock;
	struct list_head dirty;
	struct list_head present;
	struct list_head cold;
	u32 pending;
	u32 there;
	struct xarray absent;
};

/**
 * struct weft_shadow_item - an entry that is to be pushed
 * @key: of the entry
 * @there: the NIC has something under this key
 * @cold: there is to be no room for it
 */
struct weft_shadow_item {
	struct weft_key key;
	bool there;
	bool cold;
};

int weft_shadows_init(struct weft_shadows *shadows);
void weft_shadows_destroy(struct weft_shadows *shadows);

int weft_shadow_mark(struct weft_shadows *shadows, const struct weft_key *key,
		     gfp_t gfp);
unsigned int weft_shadow_take(struct weft_shadows *shadows,
			      struct weft_shadow_item *items,
			      unsigned int max);
void weft_shadow_thaw(struct weft_shadows *shadows, unsigned int count);
bool weft_shadow_absent(struct weft_shadows *shadows, u32 vni, bool group);
bool weft_shadow_note(struct weft_shadows *shadows, const struct weft_key *key,
		      enum weft_hw hw, enum weft_nic_dest dest, bool there);
void weft_shadow_swap(struct weft_shadows *shadows, struct weft_shadow *out,
		      struct weft_shadow *in);
struct weft_shadow *weft_shadow_find(struct weft_shadows *shadows,
				     const struct weft_key *key);
bool weft_shadow_settled(struct weft_shadows *shadows,
			 const struct weft_key *key);
void weft_shadow_lose(struct weft_shadows *shadows);
int weft_shadow_hw(struct weft_shadows *shadows, const struct weft_key *key);

#endif /* _WEFT_SHADOW_H */
