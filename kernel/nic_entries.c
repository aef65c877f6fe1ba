// SPDX-License-Identifier: GPL-2.0
/* The entries of the map that a NIC has. */

#include <linux/slab.h>

#include "nic_push.h"
#include "nic_want.h"

#define BATCH 256	/* elements of one operation */

/**
 * weft_nic_mark_entry() - an entry has changed, come or gone
 * @nic: the NIC
 * @key: of the entry
 *
 * Context: any, possibly with the map's lock held.
 */
void weft_nic_mark_entry(struct weft_nic *nic, const struct weft_key *key)
{
	static const u8 flood_mac[ETH_ALEN] __aligned(2);

	if (ether_addr_equal(key->mac, flood_mac)) {
		/* the host makes these copies, or a group does for all */
		weft_nic_mark_segment(nic, key->vni);
		return;
	}
	if (weft_shadow_mark(&nic->shadows, key, GFP_ATOMIC | __GFP_NOWARN))
		set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	/* of a new one the NIC is told first that there is one */
	if (is_multicast_ether_addr(key->mac))
		weft_nic_mark_segment(nic, key->vni);
	if (READ_ONCE(nic->shadows.pending) == 1)
		mod_delayed_work(nic->wq, &nic->work, 0);
}

static void find_entry(struct weft_nic *nic, struct weft_map *map,
		       struct weft_entry *entry)
{
	spin_lock_bh(&map->lock);
	entry->nics &= ~BIT(nic->index);
	weft_nic_mark_entry(nic, &entry->key);
	spin_unlock_bh(&map->lock);
}

/**
 * weft_nic_find_entries() - mark all of a map
 * @nic: the NIC
 * @map: the map
 */
void weft_nic_find_entries(struct weft_nic *nic, struct weft_map *map)
{
	struct rhashtable_iter iter;
	struct weft_entry *entry;
	unsigned int looked = 0;

	rhashtable_walk_enter(&map->table, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		if (IS_ERR(entry))	/* resized: some may be met again */
			continue;
		find_entry(nic, map, entry);
		if (++looked % BATCH == 0) {
			rhashtable_walk_stop(&iter);
			cond_resched();
			rhashtable_walk_start(&iter);
		}
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/**
 * struct batch - entries on their way
 * @items: what was taken
 * @hw: where each will stand if all goes well
 * @dest: what each is, or would be, in the NIC
 * @want: what is pushed
 * @index: which of @items each of @want is
 * @taken: number of @items
 * @count: number of @want
 */
struct batch {
	struct weft_shadow_item items[BATCH];
	enum weft_hw hw[BATCH];
	u8 dest[BATCH];
	struct weft_nic_entry want[BATCH];
	u16 index[BATCH];
	unsigned int taken;
	unsigned int count;
};

/* What should the NIC have under a key? Context: bottom halves off, RCU. */
static enum weft_hw want_entry(struct weft_nic *nic, struct weft_switch *sw,
			       const struct weft_key *key,
			       struct weft_nic_entry *want)
{
	const struct weft_nic_vni *known;
	struct weft_entry *entry;

	entry = sw ? weft_map_lookup(&sw->map, key->vni, key->mac) : NULL;
	if (!entry)
		return WEFT_HW_PENDING;
	known = xa_load(&nic->vnis, key->vni);
	if (!known || !known->in)
		return WEFT_HW_NO_SEGMENT;
	return weft_want_entry(nic, entry, known->encap, weft_nic_hop_of,
			       want);
}

/* What became of an item of a batch. A miss of a VF goes to the host as long as
 * the host knows more than the NIC.
 */
static void note(struct weft_nic *nic, const struct weft_shadow_item *item,
		 enum weft_hw hw, u8 dest, bool there)
{
	if (weft_shadow_note(&nic->shadows, &item->key, hw, dest, there))
		weft_nic_mark_segment(nic, item->key.vni);
}

/* Packets are tagged for it no more. Context: bottom halves off, RCU. */
static void shut(struct weft_nic *nic, struct weft_switch *sw,
		 const struct weft_key *key)
{
	struct weft_entry *entry;

	spin_lock(&sw->map.lock);
	entry = weft_map_lookup(&sw->map, key->vni, key->mac);
	if (entry)
		WRITE_ONCE(entry->nics, entry->nics & ~BIT(nic->index));
	spin_unlock(&sw->map.lock);
}

/* What an item of a batch comes to. Context: bottom halves off, RCU. */
static enum weft_hw decide(struct weft_nic *nic,
			   const struct weft_shadow_item *item, u32 room,
			   struct weft_nic_entry *want, u8 *dest)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	enum weft_hw hw;

	*want = (struct weft_nic_entry){ .vni = item->key.vni };
	ether_addr_copy(want->mac, item->key.mac);
	hw = want_entry(nic, sw, &item->key, want);
	*dest = want->dest;
	if (hw == WEFT_HW_PRESENT && item->cold)
		hw = WEFT_HW_COLD;
	else if (hw == WEFT_HW_PRESENT && !item->there && !room)
		hw = WEFT_HW_FULL;
	if (hw == WEFT_HW_PRESENT)
		return hw;
	want->dest = WEFT_NIC_TO_NONE;
	if (sw)
		shut(nic, sw, &item->key);
	return hw;
}

/* Context: bottom halves off, RCU. */
static void gather(struct weft_nic *nic, struct batch *batch)
{
	u32 room = nic->caps.map_entries -
		   min(nic->caps.map_entries, READ_ONCE(nic->shadows.there));
	const struct weft_shadow_item *item;
	struct weft_switch *sw = rcu_dereference(nic->sw);
	struct weft_nic_entry *want;
	unsigned int i;

	/* who marked one may hold the lock still, with the entry yet to go */
	if (sw) {
		spin_lock(&sw->map.lock);
		spin_unlock(&sw->map.lock);
	}
	batch->count = 0;
	for (i = 0; i < batch->taken; i++) {
		item = &batch->items[i];
		want = &batch->want[batch->count];
		batch->hw[i] = decide(nic, item, room, want, &batch->dest[i]);
		if (!item->there && want->dest == WEFT_NIC_TO_NONE) {
			note(nic, item, batch->hw[i], batch->dest[i], false);
			continue;
		}
		room += item->there;
		room -= want->dest != WEFT_NIC_TO_NONE;
		batch->index[batch->count++] = i;
	}
}

/* The NIC has the entry: packets may be tagged for it. */
static void open(struct weft_nic *nic, const struct weft_nic_entry *done,
		 const struct weft_key *key)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	struct weft_entry *entry;

	if (!sw || done->dest == WEFT_NIC_TO_HOST)
		return;
	spin_lock_bh(&sw->map.lock);
	entry = weft_map_lookup(&sw->map, key->vni, key->mac);
	if (entry && weft_shadow_settled(&nic->shadows, key))
		WRITE_ONCE(entry->nics, entry->nics | BIT(nic->index));
	spin_unlock_bh(&sw->map.lock);
}

static void settle(struct weft_nic *nic, const struct batch *batch)
{
	const struct weft_shadow_item *item;
	const struct weft_nic_entry *done;
	unsigned int i, at;
	enum weft_hw hw;
	int freed = 0;
	bool there;

	rcu_read_lock();
	for (i = 0; i < batch->count; i++) {
		done = &batch->want[i];
		at = batch->index[i];
		item = &batch->items[at];
		hw = batch->hw[at];
		there = !done->err && done->dest != WEFT_NIC_TO_NONE;
		if (done->err && hw == WEFT_HW_PRESENT)
			hw = done->err == -ENOSPC ? WEFT_HW_FULL :
						    WEFT_HW_REFUSED;
		freed += item->there - there;
		note(nic, item, hw, batch->dest[at], there);
		if (there)
			open(nic, done, &item->key);
	}
	rcu_read_unlock();
	atomic64_add(batch->count, &nic->counters.pushed);
	if (freed > 0)
		weft_shadow_thaw(&nic->shadows, freed);
}

static int push_some(struct weft_nic *nic, struct batch *batch)
{
	unsigned int i;
	int err;

	batch->taken = weft_shadow_take(&nic->shadows, batch->items, BATCH);
	local_bh_disable();
	rcu_read_lock();
	gather(nic, batch);
	rcu_read_unlock();
	local_bh_enable();
	if (!batch->count)
		return 0;
	err = nic->ops->set_entries(nic->pf, batch->want, batch->count);
	if (!err) {
		settle(nic, batch);
		return 0;
	}
	for (i = 0; i < batch->count; i++)
		if (weft_shadow_mark(&nic->shadows,
				     &batch->items[batch->index[i]].key,
				     GFP_KERNEL))
			set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	return err;
}

/**
 * weft_nic_push_entries() - push those that are marked
 * @nic: the NIC
 *
 * Return: 0 or a negative errno; what is left stays marked.
 */
int weft_nic_push_entries(struct weft_nic *nic)
{
	struct batch *batch;
	int err = 0;

	if (!READ_ONCE(nic->shadows.pending))
		return 0;
	batch = kvmalloc(sizeof(*batch), GFP_KERNEL);
	if (!batch)
		return -ENOMEM;
	while (!err && READ_ONCE(nic->shadows.pending) &&
	       !test_bit(WEFT_NIC_TODO_ALL, &nic->todo))
		err = push_some(nic, batch);
	kvfree(batch);
	return err;
}

