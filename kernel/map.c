// SPDX-License-Identifier: GPL-2.0
/*
 * The mapping table: where every {VNI, MAC} lives. One hash table a switch,
 * read under RCU; one lock for changes. Entries are also listed by segment
 * and by destination, so that neither going costs a walk of the table.
 */

#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "map.h"

#define SET_MAX 4096	/* most destinations of an entry */

static struct kmem_cache *entry_cache;

u32 weft_map_hash_key[4] __read_mostly;	/* random */

static struct weft_dest *dest_of(const struct weft_map *map,
				 const struct weft_entry *entry)
{
	return rcu_dereference_protected(entry->dest,
					 lockdep_is_held(&map->lock));
}

static struct weft_dest *member_dest(const struct weft_map *map,
				     const struct weft_member *member)
{
	return rcu_dereference_protected(member->dest,
					 lockdep_is_held(&map->lock));
}

static bool quota_full(const struct weft_quota *quota)
{
	u32 limit = READ_ONCE(quota->limit);

	return limit && READ_ONCE(quota->used) >= limit;
}

/* Would a further learned entry of @scope at @dest go over a limit? @from is
 * where the address is now, if it is known.
 */
static bool over_limit(const struct weft_map *map,
		       const struct weft_scope *scope,
		       const struct weft_dest *dest,
		       const struct weft_dest *from)
{
	if (!from && (quota_full(&map->quota) || quota_full(&scope->quota)))
		return true;
	return (!from || from->quota != dest->quota) && quota_full(dest->quota);
}

/* --- which entries lead to a destination --- */

static void count_learned(struct weft_map *map, struct weft_entry *entry,
			  struct weft_dest *dest, int by)
{
	WRITE_ONCE(dest->learned, dest->learned + by);
	WRITE_ONCE(dest->quota->used, dest->quota->used + by);
	WRITE_ONCE(entry->scope->quota.used, entry->scope->quota.used + by);
	WRITE_ONCE(map->quota.used, map->quota.used + by);
}

static void idle(struct weft_dest *dest)
{
	if (!dest->entries && !dest->pins && dest->idle)
		dest->idle(dest);
}

static void unlist_member(struct weft_member *member, struct weft_dest *dest)
{
	hlist_del_init(&member->node);
	WRITE_ONCE(dest->entries, dest->entries - 1);
	idle(dest);
}

static void clear_member(struct weft_map *map, struct weft_member *member)
{
	struct weft_dest *dest = member_dest(map, member);

	/* before it may be found idle, and go */
	RCU_INIT_POINTER(member->dest, NULL);
	unlist_member(member, dest);
}

/* Lists @entry with the destination that it is about to have, or has. */
static void attach(struct weft_map *map, struct weft_entry *entry,
		   struct weft_dest *dest)
{
	struct weft_dest_set *set;
	struct weft_dest *one;
	unsigned int i;

	if (dest->type != WEFT_DEST_SET) {
		hlist_add_head(&entry->dest_node, &dest->direct);
		WRITE_ONCE(dest->entries, dest->entries + 1);
		if (entry->state == WEFT_STATE_LEARNED)
			count_learned(map, entry, dest, 1);
		return;
	}

	set = weft_dest_set(dest);
	set->entry = entry;
	for (i = 0; i < set->count; i++) {
		one = member_dest(map, &set->member[i]);
		hlist_add_head(&set->member[i].node, &one->members);
		WRITE_ONCE(one->entries, one->entries + 1);
	}
}

/* The reverse, when readers find @entry no more, or with another one. */
static void detach(struct weft_map *map, struct weft_entry *entry,
		   struct weft_dest *dest)
{
	struct weft_dest_set *set;
	struct weft_dest *one;
	unsigned int i;

	if (dest->type != WEFT_DEST_SET) {
		hlist_del_init(&entry->dest_node);
		WRITE_ONCE(dest->entries, dest->entries - 1);
		if (entry->state == WEFT_STATE_LEARNED)
			count_learned(map, entry, dest, -1);
		idle(dest);
		return;
	}

	set = weft_dest_set(dest);
	for (i = 0; i < set->count; i++) {
		one = member_dest(map, &set->member[i]);
		if (one)
			unlist_member(&set->member[i], one);
	}
	kfree_rcu(set, rcu);
}

/**
 * weft_dest_leads_to() - is @to the destination @dest, or one of the set?
 * @dest: of an entry
 * @to: a port or a peer
 *
 * Context: RCU.
 */
bool weft_dest_leads_to(const struct weft_dest *dest,
			const struct weft_dest *to)
{
	const struct weft_dest_set *set;
	unsigned int i;

	if (dest == to)
		return true;
	if (dest->type != WEFT_DEST_SET)
		return false;
	set = container_of(dest, struct weft_dest_set, dest);
	for (i = 0; i < set->count; i++)
		if (rcu_access_pointer(set->member[i].dest) == to)
			return true;
	return false;
}

/**
 * weft_dest_pin() - keep a destination while it has no entry
 * @dest: it
 *
 * Context: any, with the map's lock held. Return: false if it is going.
 */
bool weft_dest_pin(struct weft_dest *dest)
{
	if (dest->dead)
		return false;
	dest->pins++;
	return true;
}

/** weft_dest_unpin() - the reverse; context: the map's lock held */
void weft_dest_unpin(struct weft_dest *dest)
{
	dest->pins--;
	if (!dest->dead)
		idle(dest);
}

/* --- entries come and go --- */

static void tell(struct weft_map *map, enum weft_event_kind type,
		 const struct weft_entry *entry)
{
	struct weft_event event = {
		.type = type, .sw = map->sw, .entry = entry,
	};

	map->generation++;
	weft_event(&event);
}

static unsigned int ages_in(const struct weft_entry *entry)
{
	u32 ageing = READ_ONCE(entry->scope->ageing);
	u32 idle = weft_now() - READ_ONCE(entry->seen);

	if (!ageing)
		return WEFT_WHEEL_SLOTS;
	return idle < ageing ? ageing - idle : 0;
}

static void unlink_entry(struct weft_map *map, struct weft_entry *entry)
{
	tell(map, WEFT_EVENT_ENTRY_DEL, entry);
	rhashtable_remove_fast(&map->table, &entry->node, weft_map_params);
	weft_wheel_del(&map->wheel, &entry->age_node);
	detach(map, entry, dest_of(map, entry));
	hlist_del_init(&entry->scope_node);
	WRITE_ONCE(entry->scope->entries, entry->scope->entries - 1);
	WRITE_ONCE(map->entries, map->entries - 1);
	kfree_rcu(entry, rcu);
}

static unsigned int expire(struct weft_wheel *wheel, struct hlist_node *node)
{
	struct weft_entry *entry = hlist_entry(node, struct weft_entry,
					       age_node);
	unsigned int left = ages_in(entry);

	if (!left)
		unlink_entry(container_of(wheel, struct weft_map, wheel),
			     entry);
	return left;
}

static struct weft_entry *alloc_entry(struct weft_scope *scope, const u8 *mac,
				      enum weft_state state, gfp_t gfp)
{
	struct weft_entry *entry;

	entry = kmem_cache_alloc(entry_cache, gfp);
	if (!entry)
		return NULL;
	*entry = (struct weft_entry){
		.state = state, .scope = scope,
		.seen = weft_now(), .used = weft_now(),
	};
	weft_key_set(&entry->key, scope->vni, mac);
	return entry;
}

static int link_entry(struct weft_map *map, struct weft_entry *entry,
		      struct weft_dest *dest)
{
	struct weft_scope *scope = entry->scope;
	int err;

	RCU_INIT_POINTER(entry->dest, dest);
	err = rhashtable_insert_fast(&map->table, &entry->node,
				     weft_map_params);
	if (err)
		return err;

	attach(map, entry, dest);
	hlist_add_head(&entry->scope_node, &scope->list);
	WRITE_ONCE(scope->entries, scope->entries + 1);
	WRITE_ONCE(map->entries, map->entries + 1);
	if (entry->state == WEFT_STATE_LEARNED)
		weft_wheel_add(&map->wheel, &entry->age_node, ages_in(entry));
	tell(map, WEFT_EVENT_ENTRY_NEW, entry);
	return 0;
}

/* Gives @entry another destination and state. */
static void change_entry(struct weft_map *map, struct weft_entry *entry,
			 struct weft_dest *dest, enum weft_state state)
{
	struct weft_dest *old = dest_of(map, entry);

	/* before, lest a packet for the new one be tagged for the old one */
	WRITE_ONCE(entry->nics, 0);
	rcu_assign_pointer(entry->dest, dest);
	detach(map, entry, old);
	if (state != WEFT_STATE_LEARNED)
		weft_wheel_del(&map->wheel, &entry->age_node);
	WRITE_ONCE(entry->state, state);
	attach(map, entry, dest);
	tell(map, WEFT_EVENT_ENTRY_NEW, entry);
}

/* --- learning --- */

/* Tells what kept @mac from being learned, once a second at most. */
static void tell_refused(struct weft_map *map, int err,
			 struct weft_scope *scope, const u8 *mac,
			 struct weft_dest *dest)
{
	struct weft_event event = {
		.type = err == -EEXIST ? WEFT_EVENT_CONFLICT :
					 WEFT_EVENT_LIMIT,
		.sw = map->sw, .vni = scope->vni, .mac = mac, .to = dest,
	};
	u32 now = weft_now();

	if (err == -ENOSPC)
		this_cpu_inc(*map->limited);
	if (READ_ONCE(map->told) == now)
		return;
	WRITE_ONCE(map->told, now);
	weft_event(&event);
}

/**
 * weft_map_may_learn() - could a source address be learned?
 * @map: the map
 * @scope: the segment
 * @mac: the address
 * @dest: where it was seen
 *
 * Changes nothing. Context: RCU, or the map's lock held.
 *
 * Return: 0 if yes or if it is known there, -EEXIST if a static or controller
 * entry says otherwise, -ENOSPC if a limit is reached.
 */
int weft_map_may_learn(struct weft_map *map, struct weft_scope *scope,
		       const u8 *mac, struct weft_dest *dest)
{
	struct weft_dest *old = NULL;
	struct weft_entry *entry;

	entry = weft_map_lookup(map, scope->vni, mac);
	if (entry) {
		old = rcu_dereference_check(entry->dest,
					    lockdep_is_held(&map->lock));
		if (weft_dest_leads_to(old, dest))
			return 0;
		if (READ_ONCE(entry->state) != WEFT_STATE_LEARNED)
			return -EEXIST;
	}
	return over_limit(map, scope, dest, old) ? -ENOSPC : 0;
}

static void move_entry(struct weft_map *map, struct weft_entry *entry,
		       struct weft_dest *dest)
{
	struct weft_event event = {
		.type = WEFT_EVENT_MOVED, .sw = map->sw, .entry = entry,
		.vni = entry->key.vni, .mac = entry->key.mac,
		.from = dest_of(map, entry), .to = dest,
	};

	WRITE_ONCE(map->moves, map->moves + 1);
	weft_event(&event);
	WRITE_ONCE(entry->seen, weft_now());
	change_entry(map, entry, dest, WEFT_STATE_LEARNED);
}

static int learn(struct weft_map *map, struct weft_scope *scope,
		 const u8 *mac, struct weft_dest *dest)
{
	struct weft_entry *entry;
	int err;

	if (dest->dead || scope->dead)
		return -ESHUTDOWN;
	err = weft_map_may_learn(map, scope, mac, dest);
	if (err)
		return err;

	entry = weft_map_lookup(map, scope->vni, mac);
	if (entry) {
		if (!weft_dest_leads_to(dest_of(map, entry), dest))
			move_entry(map, entry, dest);
		return 0;
	}

	entry = alloc_entry(scope, mac, WEFT_STATE_LEARNED,
			    GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		return -ENOMEM;
	err = link_entry(map, entry, dest);
	if (err)
		kmem_cache_free(entry_cache, entry);
	return err;
}

/**
 * weft_map_learn() - learn where an address is, or that it moved
 * @map: the map
 * @scope: the segment
 * @mac: source address of a frame
 * @dest: where the frame came from
 *
 * Context: RCU, bottom halves off.
 *
 * Return: 0 if the map says so now, -EEXIST if a static or controller entry
 * says otherwise, -ENOSPC if a limit is reached, -ESHUTDOWN if the segment or
 * the destination is going, -ENOMEM.
 */
int weft_map_learn(struct weft_map *map, struct weft_scope *scope,
		   const u8 *mac, struct weft_dest *dest)
{
	int err;

	/* a flood of new addresses must not become a fight for the lock */
	err = weft_map_may_learn(map, scope, mac, dest);
	if (!err) {
		spin_lock(&map->lock);
		err = learn(map, scope, mac, dest);
		spin_unlock(&map->lock);
	}
	if (err == -EEXIST || err == -ENOSPC)
		tell_refused(map, err, scope, mac, dest);
	return err;
}

/** weft_map_limited() - how often a limit kept an address out */
u32 weft_map_limited(const struct weft_map *map)
{
	u32 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += *per_cpu_ptr(map->limited, cpu);
	return sum;
}

/* --- management --- */

static bool any_dead(struct weft_dest **dests, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (dests[i]->dead)
			return true;
	return false;
}

static bool any_twice(struct weft_dest **dests, unsigned int count)
{
	unsigned int i, j;

	for (i = 1; i < count; i++)
		for (j = 0; j < i; j++)
			if (dests[i] == dests[j])
				return true;
	return false;
}

static struct weft_dest_set *alloc_set(unsigned int count, gfp_t gfp)
{
	struct weft_dest_set *set;

	set = kzalloc(struct_size(set, member, count), gfp);
	if (!set)
		return NULL;
	set->dest.type = WEFT_DEST_SET;
	set->count = count;
	return set;
}

static void set_member(struct weft_dest_set *set, unsigned int i,
		       struct weft_dest *dest)
{
	RCU_INIT_POINTER(set->member[i].dest, dest);
	set->member[i].set = set;
}

/* The one destination, or a set of the several. */
static struct weft_dest *make_dest(struct weft_dest **dests,
				   unsigned int count)
{
	struct weft_dest_set *set;
	unsigned int i;

	if (count == 1)
		return dests[0];
	set = alloc_set(count, GFP_KERNEL_ACCOUNT);
	if (!set)
		return NULL;
	for (i = 0; i < count; i++)
		set_member(set, i, dests[i]);
	return &set->dest;
}

static void drop_dest(struct weft_dest *dest)
{
	if (dest->type == WEFT_DEST_SET)
		kfree(weft_dest_set(dest));
}

/* Makes a set of what @entry has and @dests. */
static int append(struct weft_map *map, struct weft_entry *entry,
		  struct weft_dest **dests, unsigned int count,
		  enum weft_state state, struct netlink_ext_ack *extack)
{
	struct weft_dest *old = dest_of(map, entry);
	struct weft_dest_set *set, *from = NULL;
	unsigned int i, n = 0, have = 1;

	if (old->type == WEFT_DEST_SET) {
		from = weft_dest_set(old);
		have = 0;
		for (i = 0; i < from->count; i++)
			have += !!member_dest(map, &from->member[i]);
	}
	for (i = 0; i < count; i++) {
		if (!weft_dest_leads_to(old, dests[i]))
			continue;
		NL_SET_ERR_MSG(extack, "The entry has this destination already");
		return -EEXIST;
	}
	if (have + count > SET_MAX) {
		NL_SET_ERR_MSG(extack, "Too many destinations for one entry");
		return -ENOSPC;
	}

	set = alloc_set(have + count, GFP_ATOMIC);
	if (!set)
		return -ENOMEM;
	if (!from)
		set_member(set, n++, old);
	for (i = 0; from && i < from->count; i++)
		if (member_dest(map, &from->member[i]))
			set_member(set, n++, member_dest(map,
							 &from->member[i]));
	for (i = 0; i < count; i++)
		set_member(set, n++, dests[i]);

	/* a destination in both must not look idle in between */
	if (!from)
		old->pins++;
	else
		for (i = 0; i < have; i++)
			member_dest(map, &set->member[i])->pins++;
	change_entry(map, entry, &set->dest, state);
	for (i = 0; i < have; i++)
		member_dest(map, &set->member[i])->pins--;
	return 0;
}

static bool same_dest(struct weft_map *map, const struct weft_entry *entry,
		      struct weft_dest **dests, unsigned int count)
{
	struct weft_dest *old = dest_of(map, entry);
	struct weft_dest_set *set;
	unsigned int i, have = 1;

	if (old->type == WEFT_DEST_SET) {
		set = weft_dest_set(old);
		for (i = 0, have = 0; i < set->count; i++)
			have += !!member_dest(map, &set->member[i]);
	}
	for (i = 0; i < count; i++)
		if (!weft_dest_leads_to(old, dests[i]))
			return false;
	return have == count;
}

/* What is to be done with the entry that is there: 0 to change it, 1 for
 * nothing, or a refusal.
 */
static int may_change(struct weft_map *map, const struct weft_entry *entry,
		      struct weft_dest **dests, unsigned int count,
		      enum weft_state state, enum weft_mode mode,
		      struct netlink_ext_ack *extack)
{
	if (entry->state == WEFT_STATE_LEARNED)
		return 0;
	if (entry->state > state) {
		NL_SET_ERR_MSG(extack,
			       "A static entry is not changed by a controller");
		return -EPERM;
	}
	if (mode == WEFT_MODE_EXCLUSIVE) {
		NL_SET_ERR_MSG(extack, "Entry exists");
		return -EEXIST;
	}
	if (mode == WEFT_MODE_APPEND)
		return 0;
	if (entry->state == state && same_dest(map, entry, dests, count))
		return 1;
	if (mode == WEFT_MODE_REPLACE)
		return 0;
	NL_SET_ERR_MSG(extack, "Entry exists with another destination");
	return -EEXIST;
}

static int add(struct weft_map *map, struct weft_entry *new,
	       struct weft_dest *dest, struct weft_dest **dests,
	       unsigned int count, enum weft_mode mode,
	       struct netlink_ext_ack *extack)
{
	struct weft_entry *entry;
	int err;

	if (new->scope->dead || any_dead(dests, count)) {
		NL_SET_ERR_MSG(extack, "Segment or destination is being deleted");
		return -ESHUTDOWN;
	}
	entry = rhashtable_lookup_fast(&map->table, &new->key,
				       weft_map_params);
	if (!entry) {
		err = link_entry(map, new, dest);
		if (err)
			NL_SET_ERR_MSG(extack, "The table can't grow");
		return err;
	}
	err = may_change(map, entry, dests, count, new->state, mode, extack);
	if (err)
		return err;
	if (mode == WEFT_MODE_APPEND && entry->state != WEFT_STATE_LEARNED) {
		err = append(map, entry, dests, count, new->state, extack);
		return err ?: 1;
	}
	change_entry(map, entry, dest, new->state);
	return 2;
}

/**
 * weft_map_add() - add or change an entry by management
 * @map: the map
 * @scope: the segment
 * @mac: the address; all zeros for the flood list
 * @dests: ports and peers of this switch, pinned or otherwise sure to stay
 * @count: how many, at least one
 * @state: WEFT_STATE_STATIC or WEFT_STATE_CONTROLLER
 * @mode: what to do where there is an entry; a learned one always gives way
 * @extack: gets the sentence of a refusal
 *
 * Context: process, may sleep.
 *
 * Return: 0, -EEXIST, -EPERM if the entry there is of a higher state,
 * -EINVAL, -ENOSPC, -ESHUTDOWN, -ENOMEM. Nothing is changed then.
 */
int weft_map_add(struct weft_map *map, struct weft_scope *scope,
		 const u8 *mac, struct weft_dest **dests, unsigned int count,
		 enum weft_state state, enum weft_mode mode,
		 struct netlink_ext_ack *extack)
{
	struct weft_entry *entry;
	struct weft_dest *dest;
	unsigned int i;
	int ret;

	if (count > SET_MAX || any_twice(dests, count)) {
		NL_SET_ERR_MSG(extack,
			       "Too many destinations, or one of them twice");
		return -EINVAL;
	}
	dest = make_dest(dests, count);
	if (!dest)
		return -ENOMEM;
	entry = alloc_entry(scope, mac, state, GFP_KERNEL_ACCOUNT);
	if (!entry) {
		drop_dest(dest);
		return -ENOMEM;
	}

	spin_lock_bh(&map->lock);
	/* one that the entry has already must not look idle in between */
	for (i = 0; i < count; i++)
		dests[i]->pins++;
	ret = add(map, entry, dest, dests, count, mode, extack);
	for (i = 0; i < count; i++)
		dests[i]->pins--;
	spin_unlock_bh(&map->lock);

	if (ret)	/* not linked: refused, or an entry there was changed */
		kmem_cache_free(entry_cache, entry);
	if (ret && ret != 2)
		drop_dest(dest);
	return min(ret, 0);
}

static int del(struct weft_map *map, struct weft_entry *entry,
	       struct weft_dest **dests, unsigned int count,
	       struct netlink_ext_ack *extack)
{
	struct weft_dest *dest = dest_of(map, entry);
	struct weft_dest_set *set;
	unsigned int i, left = 0;

	for (i = 0; i < count; i++) {
		if (weft_dest_leads_to(dest, dests[i]))
			continue;
		NL_SET_ERR_MSG(extack, "The entry has no such destination");
		return -ENOENT;
	}
	if (!count || dest->type != WEFT_DEST_SET) {
		unlink_entry(map, entry);
		return 0;
	}

	set = weft_dest_set(dest);
	for (i = 0; i < set->count; i++) {
		struct weft_dest *one = member_dest(map, &set->member[i]);
		unsigned int j;

		for (j = 0; one && j < count && dests[j] != one; j++)
			;
		if (one && j < count)
			clear_member(map, &set->member[i]);
		else if (one)
			left++;
	}
	if (left)
		tell(map, WEFT_EVENT_ENTRY_NEW, entry);
	else
		unlink_entry(map, entry);
	return 0;
}

/**
 * weft_map_del() - delete an entry, or destinations of it
 * @map: the map
 * @vni: the segment
 * @mac: the address
 * @dests: destinations to take from it
 * @count: how many, 0 to delete it whatever its destinations
 * @extack: gets the sentence of a refusal
 *
 * Context: process. Return: 0 or -ENOENT.
 */
int weft_map_del(struct weft_map *map, u32 vni, const u8 *mac,
		 struct weft_dest **dests, unsigned int count,
		 struct netlink_ext_ack *extack)
{
	struct weft_entry *entry;
	struct weft_key key;
	int err;

	weft_key_set(&key, vni, mac);
	spin_lock_bh(&map->lock);
	entry = rhashtable_lookup_fast(&map->table, &key, weft_map_params);
	if (entry) {
		err = del(map, entry, dests, count, extack);
	} else {
		NL_SET_ERR_MSG(extack, "No such entry");
		err = -ENOENT;
	}
	spin_unlock_bh(&map->lock);
	return err;
}

/* --- many at once --- */

#define PORTION 256	/* entries between two breaths */

static void breathe(struct weft_map *map, unsigned int *count)
{
	if (++*count % PORTION)
		return;
	spin_unlock_bh(&map->lock);
	cond_resched();
	spin_lock_bh(&map->lock);
}

/* Takes one destination out of a set; the entry goes with the last. */
static void leave_set(struct weft_map *map, struct weft_member *member)
{
	struct weft_dest_set *set = member->set;
	unsigned int i;

	clear_member(map, member);
	for (i = 0; i < set->count; i++) {
		if (member_dest(map, &set->member[i])) {
			tell(map, WEFT_EVENT_ENTRY_NEW, set->entry);
			return;
		}
	}
	unlink_entry(map, set->entry);
}

/**
 * weft_map_forget() - a destination goes, and all that leads to it
 * @map: the map
 * @dest: it is dead from now on
 *
 * Context: process, may sleep. The owner may free it after a grace period.
 */
void weft_map_forget(struct weft_map *map, struct weft_dest *dest)
{
	struct weft_entry *entry;
	unsigned int count = 0;

	spin_lock_bh(&map->lock);
	dest->dead = true;
	dest->idle = NULL;
	while (!hlist_empty(&dest->direct)) {
		entry = hlist_entry(dest->direct.first, struct weft_entry,
				    dest_node);
		unlink_entry(map, entry);
		breathe(map, &count);
	}
	while (!hlist_empty(&dest->members)) {
		leave_set(map, hlist_entry(dest->members.first,
					   struct weft_member, node));
		breathe(map, &count);
	}
	spin_unlock_bh(&map->lock);
}

/**
 * weft_map_clear() - a segment goes, and all its entries
 * @map: the map
 * @scope: the segment's part, dead from now on
 *
 * Context: process, may sleep.
 */
void weft_map_clear(struct weft_map *map, struct weft_scope *scope)
{
	unsigned int count = 0;

	spin_lock_bh(&map->lock);
	scope->dead = true;
	while (!hlist_empty(&scope->list)) {
		unlink_entry(map, hlist_entry(scope->list.first,
					      struct weft_entry, scope_node));
		breathe(map, &count);
	}
	spin_unlock_bh(&map->lock);
}

/* Takes @entry away as far as it matches. Returns whether it did. */
static bool flush_entry(struct weft_map *map, struct weft_entry *entry,
			const struct weft_map_filter *filter)
{
	struct weft_dest *dest = dest_of(map, entry);
	struct weft_dest_set *set;
	unsigned int i;

	if (!(filter->states & BIT(entry->state)))
		return false;
	if (filter->scope && entry->scope != filter->scope)
		return false;
	if (!filter->dest || filter->dest == dest) {
		unlink_entry(map, entry);
		return true;
	}
	if (dest->type != WEFT_DEST_SET)
		return false;
	set = weft_dest_set(dest);
	for (i = 0; i < set->count; i++) {
		if (member_dest(map, &set->member[i]) != filter->dest)
			continue;
		leave_set(map, &set->member[i]);
		return true;
	}
	return false;
}

/**
 * weft_map_flush() - take entries away
 * @map: the map
 * @filter: which
 *
 * Walks the table in portions; entries that come meanwhile may stay.
 * Context: process, may sleep. Return: how many went.
 */
unsigned int weft_map_flush(struct weft_map *map,
			    const struct weft_map_filter *filter)
{
	unsigned int looked = 0, flushed = 0;
	struct rhashtable_iter iter;
	struct weft_entry *entry;

	rhashtable_walk_enter(&map->table, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		if (IS_ERR(entry))	/* resized: some may be met again */
			continue;
		spin_lock_bh(&map->lock);
		if (!hlist_unhashed(&entry->scope_node))
			flushed += flush_entry(map, entry, filter);
		spin_unlock_bh(&map->lock);
		if (++looked % PORTION == 0) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			/* what went does not count: begin the bucket anew */
			iter.skip = 0;
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return flushed;
}

/**
 * weft_map_init() - an empty map
 * @map: the map
 * @sw: its switch, for events
 *
 * Return: 0 or -ENOMEM.
 */
int weft_map_init(struct weft_map *map, struct weft_switch *sw)
{
	int err;

	*map = (struct weft_map){ .sw = sw };
	spin_lock_init(&map->lock);
	weft_wheel_init(&map->wheel, &map->lock, expire);
	map->limited = alloc_percpu(u32);
	if (!map->limited)
		return -ENOMEM;
	err = rhashtable_init(&map->table, &weft_map_params);
	if (err)
		free_percpu(map->limited);
	return err;
}

/**
 * weft_map_destroy() - free an empty map
 * @map: all its segments were cleared
 *
 * Context: process, may sleep.
 */
void weft_map_destroy(struct weft_map *map)
{
	WARN_ON_ONCE(map->entries);
	weft_wheel_stop(&map->wheel);
	rhashtable_destroy(&map->table);
	free_percpu(map->limited);
}

int weft_map_module_init(void)
{
	get_random_bytes(weft_map_hash_key, sizeof(weft_map_hash_key));
	entry_cache = KMEM_CACHE(weft_entry, 0);
	return entry_cache ? 0 : -ENOMEM;
}

void weft_map_module_exit(void)
{
	kmem_cache_destroy(entry_cache);
}
