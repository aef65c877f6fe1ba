// SPDX-License-Identifier: GPL-2.0
/*
 * What a NIC knows of the map, and what it is yet to be told: keys alone, for
 * what is to be pushed is read from the map when its turn comes.
 */

#include <linux/sched.h>
#include <linux/slab.h>

#include "shadow.h"

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct weft_shadow, node),
	.key_offset = offsetof(struct weft_shadow, key),
	.key_len = sizeof(struct weft_key),
	.hashfn = weft_key_hash,
	.automatic_shrinking = true,
};

/** weft_shadow_find() - context: RCU; the worker may keep it */
struct weft_shadow *weft_shadow_find(struct weft_shadows *shadows,
				     const struct weft_key *key)
{
	return rhashtable_lookup_fast(&shadows->table, key, params);
}

static void queue(struct weft_shadows *shadows, struct weft_shadow *shadow)
{
	WRITE_ONCE(shadow->hw, WEFT_HW_PENDING);
	if (shadow->queued)
		return;
	shadow->queued = true;
	list_move_tail(&shadow->list, &shadows->dirty);
	WRITE_ONCE(shadows->pending, shadows->pending + 1);
}

static void dequeue(struct weft_shadows *shadows, struct weft_shadow *shadow)
{
	shadow->queued = false;
	list_del_init(&shadow->list);
	WRITE_ONCE(shadows->pending, shadows->pending - 1);
}

static void set_there(struct weft_shadows *shadows,
		      struct weft_shadow *shadow, bool there)
{
	if (shadow->there == there)
		return;
	shadow->there = there;
	shadow->hits = 0;
	shadow->second = weft_now();
	WRITE_ONCE(shadows->there, shadows->there + (there ? 1 : -1));
}

static u32 absent_index(u32 vni, bool group)
{
	return group ? vni | BIT(24) : vni;
}

/* Returns whether there is one, where there was none, or the reverse. */
static bool count_absent(struct weft_shadows *shadows,
			 struct weft_shadow *shadow, bool absent)
{
	u32 index = absent_index(shadow->key.vni,
				 is_multicast_ether_addr(shadow->key.mac));
	unsigned long was, is;
	void *old;

	if (shadow->absent == absent)
		return false;
	old = xa_load(&shadows->absent, index);
	was = old ? xa_to_value(old) : 0;
	is = was + (absent ? 1 : -1);
	/* only the first of a VNI needs memory */
	if (xa_err(xa_store(&shadows->absent, index, is ? xa_mk_value(is) : NULL,
			    GFP_ATOMIC | __GFP_NOWARN)))
		return false;
	shadow->absent = absent;
	return !was != !is;
}

/**
 * weft_shadow_mark() - an entry has changed, come or gone
 * @shadows: of the NIC
 * @key: of the entry
 * @gfp: how to allocate
 *
 * Until the NIC has a group it must not take its address for nobody's.
 *
 * Context: as @gfp says; the map's lock may be held.
 * Return: 0 or -ENOMEM.
 */
int weft_shadow_mark(struct weft_shadows *shadows, const struct weft_key *key,
		     gfp_t gfp)
{
	struct weft_shadow *shadow, *new = NULL;
	int err = 0;

	if (!weft_shadow_find(shadows, key)) {
		new = kzalloc(sizeof(*new), gfp);
		if (new) {
			new->key = *key;
			INIT_LIST_HEAD(&new->list);
		}
	}
	spin_lock_bh(&shadows->lock);
	shadow = weft_shadow_find(shadows, key);
	if (!shadow && new) {
		err = rhashtable_insert_fast(&shadows->table, &new->node,
					     params);
		if (!err)
			shadow = new;
	}
	if (shadow && shadow == new && is_multicast_ether_addr(key->mac))
		count_absent(shadows, shadow, true);
	if (shadow)
		queue(shadows, shadow);
	spin_unlock_bh(&shadows->lock);
	if (new && shadow != new)
		kfree(new);
	return shadow ? 0 : -ENOMEM;
}

/**
 * weft_shadow_take() - take some of what is to be pushed, oldest first
 * @shadows: of the NIC
 * @items: filled in
 * @max: how many at most
 *
 * Context: process. Return: how many.
 */
unsigned int weft_shadow_take(struct weft_shadows *shadows,
			      struct weft_shadow_item *items,
			      unsigned int max)
{
	struct weft_shadow *shadow;
	unsigned int n = 0;

	spin_lock_bh(&shadows->lock);
	while (n < max && !list_empty(&shadows->dirty)) {
		shadow = list_first_entry(&shadows->dirty, struct weft_shadow,
					  list);
		dequeue(shadows, shadow);
		items[n++] = (struct weft_shadow_item){
			.key = shadow->key, .there = shadow->there,
			.cold = shadow->cold,
		};
	}
	spin_unlock_bh(&shadows->lock);
	return n;
}

/* The NIC does not have it, and so does not know what software knows. */
static bool is_absent(enum weft_hw hw)
{
	return hw != WEFT_HW_PRESENT && hw != WEFT_HW_PENDING &&
	       hw != WEFT_HW_NO_SEGMENT;
}

static void settle(struct weft_shadows *shadows, struct weft_shadow *shadow,
		   enum weft_hw hw)
{
	WRITE_ONCE(shadow->hw, hw);
	if (hw == WEFT_HW_FULL || hw == WEFT_HW_COLD)
		list_move_tail(&shadow->list, &shadows->cold);
	if (hw == WEFT_HW_PRESENT && shadow->dest != WEFT_NIC_TO_VF &&
	    shadow->dest != WEFT_NIC_TO_MEMBERS)
		list_move_tail(&shadow->list, &shadows->present);
	if (hw != WEFT_HW_PENDING)
		return;
	rhashtable_remove_fast(&shadows->table, &shadow->node, params);
	kfree_rcu(shadow, rcu);
}

/**
 * weft_shadow_thaw() - there is room for some that found none
 * @shadows: of the NIC
 * @count: for how many
 *
 * Context: process.
 */
void weft_shadow_thaw(struct weft_shadows *shadows, unsigned int count)
{
	struct weft_shadow *shadow;

	spin_lock_bh(&shadows->lock);
	while (count-- && !list_empty(&shadows->cold)) {
		shadow = list_first_entry(&shadows->cold, struct weft_shadow,
					  list);
		shadow->cold = false;
		queue(shadows, shadow);
	}
	spin_unlock_bh(&shadows->lock);
}

/**
 * weft_shadow_swap() - one goes, and so there is room for another
 * @shadows: of the NIC
 * @out: which the NIC has
 * @in: which found no room
 *
 * Context: the worker.
 */
void weft_shadow_swap(struct weft_shadows *shadows, struct weft_shadow *out,
		      struct weft_shadow *in)
{
	spin_lock_bh(&shadows->lock);
	out->cold = true;
	in->cold = false;
	queue(shadows, out);
	queue(shadows, in);
	spin_unlock_bh(&shadows->lock);
}

/**
 * weft_shadow_note() - note what became of an entry that was taken
 * @shadows: of the NIC
 * @key: of the entry
 * @hw: where it stands, or WEFT_HW_PENDING if the map has it no more
 * @dest: what it is in the NIC, or would be
 * @there: the NIC has it, or what was there before
 *
 * An entry that has changed since stays to be pushed. Context: process.
 * Return: whether weft_shadow_absent() has changed for its VNI.
 */
bool weft_shadow_note(struct weft_shadows *shadows, const struct weft_key *key,
		      enum weft_hw hw, enum weft_nic_dest dest, bool there)
{
	struct weft_shadow *shadow;
	bool changed = false;

	spin_lock_bh(&shadows->lock);
	shadow = weft_shadow_find(shadows, key);
	if (shadow) {
		shadow->dest = dest;
		changed = count_absent(shadows, shadow, is_absent(hw));
		set_there(shadows, shadow, there);
		if (!shadow->queued)
			settle(shadows, shadow, hw);
	}
	spin_unlock_bh(&shadows->lock);
	return changed;
}

/**
 * weft_shadow_absent() - lacks the NIC an entry?
 * @shadows: of the NIC
 * @vni: the entry's
 * @group: of a group, else of a single address
 *
 * Context: any.
 */
bool weft_shadow_absent(struct weft_shadows *shadows, u32 vni, bool group)
{
	return xa_load(&shadows->absent, absent_index(vni, group));
}

/**
 * weft_shadow_settled() - does the NIC have an entry as the map has it?
 * @shadows: of the NIC
 * @key: of the entry
 *
 * Context: the map's lock held, so that the answer stays true.
 */
bool weft_shadow_settled(struct weft_shadows *shadows,
			 const struct weft_key *key)
{
	return weft_shadow_hw(shadows, key) == WEFT_HW_PRESENT;
}

/**
 * weft_shadow_lose() - the NIC has forgotten all: it is to be told again
 * @shadows: of the NIC
 *
 * Groups are absent until it has them again.
 *
 * Context: process, may sleep.
 */
void weft_shadow_lose(struct weft_shadows *shadows)
{
	struct rhashtable_iter iter;
	struct weft_shadow *shadow;
	unsigned int looked = 0;

	rhashtable_walk_enter(&shadows->table, &iter);
	rhashtable_walk_start(&iter);
	while ((shadow = rhashtable_walk_next(&iter))) {
		if (IS_ERR(shadow))	/* resized: some may be met again */
			continue;
		spin_lock_bh(&shadows->lock);
		set_there(shadows, shadow, false);
		if (is_multicast_ether_addr(shadow->key.mac))
			count_absent(shadows, shadow, true);
		queue(shadows, shadow);
		spin_unlock_bh(&shadows->lock);
		if (++looked % 1024 == 0) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/**
 * weft_shadow_hw() - where does an entry stand with the NIC?
 * @shadows: of the NIC
 * @key: of the entry
 *
 * Context: RCU, or the map's lock held. Return: enum weft_hw; an entry that
 * is not known (yet) is pending.
 */
int weft_shadow_hw(struct weft_shadows *shadows, const struct weft_key *key)
{
	const struct weft_shadow *shadow;
	int hw = WEFT_HW_PENDING;

	rcu_read_lock();
	shadow = weft_shadow_find(shadows, key);
	if (shadow)
		hw = READ_ONCE(shadow->hw);
	rcu_read_unlock();
	return hw;
}

/** weft_shadows_init() - nothing yet; return: 0 or -ENOMEM */
int weft_shadows_init(struct weft_shadows *shadows)
{
	*shadows = (struct weft_shadows){};
	spin_lock_init(&shadows->lock);
	xa_init(&shadows->absent);
	INIT_LIST_HEAD(&shadows->dirty);
	INIT_LIST_HEAD(&shadows->present);
	INIT_LIST_HEAD(&shadows->cold);
	return rhashtable_init(&shadows->table, &params);
}

static void free_shadow(void *object, void *arg)
{
	struct weft_shadow *shadow = object;

	kfree_rcu(shadow, rcu);
}

/** weft_shadows_destroy() - free all; context: process, nobody marks any more */
void weft_shadows_destroy(struct weft_shadows *shadows)
{
	rhashtable_free_and_destroy(&shadows->table, free_shadow, NULL);
	xa_destroy(&shadows->absent);
}
