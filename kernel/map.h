/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_MAP_H
#define _WEFT_MAP_H

#include <linux/etherdevice.h>
#include <linux/hash.h>
#include <linux/netlink.h>
#include <linux/rhashtable.h>
#include <uapi/linux/weft.h>

#include "event.h"
#include "wheel.h"

/**
 * struct weft_quota - how much may be learned by way of an object
 * @limit: most learned entries, 0 for no limit; read and written at any time
 * @used: learned entries there are; the map's lock
 */
struct weft_quota {
	u32 limit;
	u32 used;
};

enum weft_dest_type {
	WEFT_DEST_PORT,
	WEFT_DEST_PEER,
	WEFT_DEST_SET,
};

/**
 * struct weft_dest - where an entry leads; embedded in what it stands for
 * @type: what that is
 * @dead: no new entries; the map's lock
 * @pins: holders that keep @idle from being called; the map's lock
 * @idle: called, with the map's lock held, when the last entry is gone and
 *	nobody pins it
 * @quota: limits what is learned through it, may be shared
 * @learned: learned entries that lead here; the map's lock
 * @entries: entries that lead here, in sets too; the map's lock
 * @direct: entries whose only destination it is; the map's lock
 * @members: its memberships in sets; the map's lock
 *
 * The map knows no more of a destination than this. Readers reach it from an
 * entry under RCU, so its owner frees it only a grace period after
 * weft_map_forget().
 */
struct weft_dest {
	u8 type;
	bool dead;
	u32 pins;
	void (*idle)(struct weft_dest *dest);
	struct weft_quota *quota;
	u32 learned;
	u32 entries;
	struct hlist_head direct;
	struct hlist_head members;
};

/**
 * struct weft_dest_set - several destinations of one entry
 * @dest: what the entry points to, of type WEFT_DEST_SET
 * @entry: the entry
 * @rcu: frees it
 * @count: number of @member
 * @member: the destinations
 * @member.dest: one of them, or NULL since it was forgotten
 * @member.node: in its list of memberships; the map's lock
 * @member.set: back to the set
 *
 * Once readers can see it only one change happens to it, that a member is
 * cleared: forgetting must not need memory. More members make a new set.
 */
struct weft_dest_set {
	struct weft_dest dest;
	struct weft_entry *entry;
	struct rcu_head rcu;
	unsigned int count;
	struct weft_member {
		struct weft_dest __rcu *dest;
		struct hlist_node node;
		struct weft_dest_set *set;
	} member[] __counted_by(count);
};

/**
 * struct weft_scope - what the map keeps of a segment; embedded in it
 * @vni: the segment's
 * @ageing: seconds, 0 for never; read at any time
 * @quota: limits what is learned in the segment
 * @entries: number of entries; the map's lock
 * @dead: no new entries; the map's lock
 * @list: the entries; the map's lock
 */
struct weft_scope {
	u32 vni;
	u32 ageing;
	struct weft_quota quota;
	u32 entries;
	bool dead;
	struct hlist_head list;
};

/**
 * struct weft_key - what an entry is found by
 * @vni: the segment
 * @mac: an address in it; all zeros is the flood list
 * @zero: fills it up
 */
struct weft_key {
	u32 vni;
	u8 mac[ETH_ALEN];
	u16 zero;
};

/**
 * struct weft_entry - {VNI, MAC} to a destination
 * @node: in the map
 * @key: what it is found by
 * @state: enum weft_state; the map's lock, read at any time
 * @nics: bits of the NICs that have it as it is; the map's lock, read at any
 *	time
 * @seen: when it was last a source, see weft_now(); written once a second
 * @used: when it was last a destination; likewise
 * @dest: where it leads, never NULL
 * @scope: its segment
 * @dest_node: in @dest's list of direct entries; the map's lock
 * @scope_node: in @scope's list; the map's lock
 * @age_node: on the wheel, if learned; the map's lock
 * @rcu: frees it, when it is off the wheel
 */
struct weft_entry {
	struct rhash_head node;
	struct weft_key key;
	u8 state;
	u8 nics;
	u32 seen;
	u32 used;
	struct weft_dest __rcu *dest;
	struct weft_scope *scope;
	struct hlist_node dest_node;
	struct hlist_node scope_node;
	union {
		struct hlist_node age_node;
		struct rcu_head rcu;
	};
};

/**
 * struct weft_map - the mapping table of a switch
 * @table: the entries by key
 * @sw: for events
 * @lock: all changes, with bottom halves off
 * @quota: limits what is learned in the switch
 * @entries: number of entries; @lock
 * @generation: counts changes other than refreshes; @lock
 * @moves: learned entries that moved; @lock
 * @limited: entries that a limit kept out
 * @told: second of the last LIMIT or CONFLICT event
 * @wheel: the learned entries
 */
struct weft_map {
	struct rhashtable table;
	struct weft_switch *sw;
	spinlock_t lock;
	struct weft_quota quota;
	u32 entries;
	u32 generation;
	u32 moves;
	u32 __percpu *limited;
	u32 told;
	struct weft_wheel wheel;
};

extern u32 weft_map_hash_key[4];

/**
 * struct weft_map_filter - which entries to flush
 * @scope: only of this segment, or NULL
 * @dest: only ones that lead here, or NULL
 * @states: bits of enum weft_state
 */
struct weft_map_filter {
	struct weft_scope *scope;
	struct weft_dest *dest;
	unsigned int states;
};

/* NH, the universal hash inside UMAC (RFC 4418), with keys that nobody knows:
 * tenants choose their MAC addresses, and a fifth of jhash's cost.
 */
static inline u32 weft_key_hash(const void *data, u32 len, u32 seed)
{
	const u32 *word = data;
	u64 sum;

	sum = (u64)(word[0] + weft_map_hash_key[0]) *
	      (u32)(word[1] + weft_map_hash_key[1]);
	sum += (u64)(word[2] + weft_map_hash_key[2]) *
	       (u32)(seed ^ weft_map_hash_key[3]);
	/* addresses in a row make sums in a row, by steps of any size */
	sum ^= sum >> 32;
	return (sum * GOLDEN_RATIO_32) >> 32;
}

static inline int weft_key_cmp(struct rhashtable_compare_arg *arg,
			       const void *obj)
{
	const struct weft_entry *entry = obj;
	const u32 *a = arg->key, *b = (const u32 *)&entry->key;

	return (a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]);
}

static const struct rhashtable_params weft_map_params = {
	.head_offset = offsetof(struct weft_entry, node),
	.key_offset = offsetof(struct weft_entry, key),
	.key_len = sizeof(struct weft_key),
	.hashfn = weft_key_hash,
	.obj_cmpfn = weft_key_cmp,
	.automatic_shrinking = true,
};

static inline void weft_key_set(struct weft_key *key, u32 vni, const u8 *mac)
{
	key->vni = vni;
	key->zero = 0;
	ether_addr_copy(key->mac, mac);
}

/**
 * weft_map_lookup() - the entry of an address
 * @map: the map
 * @vni: the segment
 * @mac: the address; all zeros for the flood list
 *
 * Context: RCU. Return: the entry or NULL.
 */
static inline struct weft_entry *weft_map_lookup(struct weft_map *map, u32 vni,
						 const u8 *mac)
{
	struct weft_key key;

	weft_key_set(&key, vni, mac);
	return rhashtable_lookup(&map->table, &key, weft_map_params);
}

/** weft_entry_see() - note that the address sent; context: RCU */
static inline void weft_entry_see(struct weft_entry *entry, u32 now)
{
	if (READ_ONCE(entry->seen) != now)
		WRITE_ONCE(entry->seen, now);
}

/** weft_entry_use() - note that a frame went to the address; context: RCU */
static inline void weft_entry_use(struct weft_entry *entry, u32 now)
{
	if (READ_ONCE(entry->used) != now)
		WRITE_ONCE(entry->used, now);
}

static inline struct weft_dest_set *weft_dest_set(struct weft_dest *dest)
{
	return container_of(dest, struct weft_dest_set, dest);
}

/**
 * weft_dest_init() - make something a possible destination
 * @dest: embedded in it
 * @type: what it is
 * @quota: limits what is learned through it
 * @idle: see struct weft_dest, may be NULL
 */
static inline void weft_dest_init(struct weft_dest *dest,
				  enum weft_dest_type type,
				  struct weft_quota *quota,
				  void (*idle)(struct weft_dest *dest))
{
	*dest = (struct weft_dest){
		.type = type, .quota = quota, .idle = idle,
	};
}

int weft_map_module_init(void);
void weft_map_module_exit(void);

int weft_map_init(struct weft_map *map, struct weft_switch *sw);
void weft_map_destroy(struct weft_map *map);

int weft_map_learn(struct weft_map *map, struct weft_scope *scope,
		   const u8 *mac, struct weft_dest *dest);
int weft_map_may_learn(struct weft_map *map, struct weft_scope *scope,
		       const u8 *mac, struct weft_dest *dest);
int weft_map_add(struct weft_map *map, struct weft_scope *scope,
		 const u8 *mac, struct weft_dest **dests, unsigned int count,
		 enum weft_state state, enum weft_mode mode,
		 struct netlink_ext_ack *extack);
int weft_map_del(struct weft_map *map, u32 vni, const u8 *mac,
		 struct weft_dest **dests, unsigned int count,
		 struct netlink_ext_ack *extack);
bool weft_dest_pin(struct weft_dest *dest);
void weft_dest_unpin(struct weft_dest *dest);
bool weft_dest_leads_to(const struct weft_dest *dest,
			const struct weft_dest *to);
u32 weft_map_limited(const struct weft_map *map);
void weft_map_forget(struct weft_map *map, struct weft_dest *dest);
void weft_map_clear(struct weft_map *map, struct weft_scope *scope);
unsigned int weft_map_flush(struct weft_map *map,
			    const struct weft_map_filter *filter);

#endif /* _WEFT_MAP_H */
