/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SHADOW_H
#define _WEFT_SHADOW_H

#include "map.h"

/**
 * struct weft_shadow - what a NIC knows of an entry of the map
 * @node: in the table
 * @key: of the entry
 * @hw: enum weft_hw; the table's lock, read at any time
 * @there: the NIC has something under this key, be it old; the table's lock
 * @queued: it is on the list; the table's lock
 * @list: of what is to be pushed, or found no room; the table's lock
 * @rcu: frees it
 */
struct weft_shadow {
	struct rhash_head node;
	struct weft_key key;
	u8 hw;
	bool there;
	bool queued;
	struct list_head list;
	struct rcu_head rcu;
};

/**
 * struct weft_shadows - what a NIC knows of the map
 * @table: struct weft_shadow by key
 * @lock: all changes, with bottom halves off; inside the map's lock
 * @dirty: those to be pushed
 * @cold: those that found no room
 * @pending: number of @dirty; @lock
 * @there: number of entries that the NIC has; @lock
 */
struct weft_shadows {
	struct rhashtable table;
	spinlock_t lock;
	struct list_head dirty;
	struct list_head cold;
	u32 pending;
	u32 there;
};

/**
 * struct weft_shadow_item - an entry that is to be pushed
 * @key: of the entry
 * @there: the NIC has something under this key
 */
struct weft_shadow_item {
	struct weft_key key;
	bool there;
};

int weft_shadows_init(struct weft_shadows *shadows);
void weft_shadows_destroy(struct weft_shadows *shadows);

int weft_shadow_mark(struct weft_shadows *shadows, const struct weft_key *key,
		     gfp_t gfp);
unsigned int weft_shadow_take(struct weft_shadows *shadows,
			      struct weft_shadow_item *items,
			      unsigned int max);
void weft_shadow_thaw(struct weft_shadows *shadows, unsigned int count);
void weft_shadow_note(struct weft_shadows *shadows, const struct weft_key *key,
		      enum weft_hw hw, bool there);
bool weft_shadow_settled(struct weft_shadows *shadows,
			 const struct weft_key *key);
void weft_shadow_lose(struct weft_shadows *shadows);
int weft_shadow_hw(struct weft_shadows *shadows, const struct weft_key *key);

#endif /* _WEFT_SHADOW_H */
