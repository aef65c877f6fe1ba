// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps the tables of NICs as the switches are. What changes is marked; one
 * worker a NIC reads what is marked from the switch when its turn comes and
 * pushes it, until nothing is. Nothing here is called from the packet path,
 * and no lock is held while a driver works.
 */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netevent.h>

#include "nic.h"
#include "nic_want.h"
#include "peer.h"
#include "port.h"
#include "segment.h"

#define BATCH 256	/* elements of one operation */

#define RETRY_MIN 20	/* ms */
#define RETRY_MAX 5000

/**
 * weft_offload_todo() - have something pushed
 * @nic: the NIC
 * @what: WEFT_NIC_TODO_*
 *
 * Context: any.
 */
void weft_offload_todo(struct weft_nic *nic, unsigned int what)
{
	set_bit(what, &nic->todo);
	mod_delayed_work(nic->wq, &nic->work, 0);
}

/** weft_offload_vf() - have a VF set up; context: any */
void weft_offload_vf(struct weft_nic *nic, u16 vf)
{
	set_bit(vf, nic->dirty_vfs);
	weft_offload_todo(nic, WEFT_NIC_TODO_VFS);
}

/* --- what has changed --- */

static void mark_entry(struct weft_nic *nic, const struct weft_key *key)
{
	static const u8 flood_mac[ETH_ALEN] __aligned(2);

	if (ether_addr_equal(key->mac, flood_mac))
		return;		/* the host makes these copies */
	if (weft_shadow_mark(&nic->shadows, key, GFP_ATOMIC | __GFP_NOWARN))
		set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	if (READ_ONCE(nic->shadows.pending) == 1)
		mod_delayed_work(nic->wq, &nic->work, 0);
}

static void mark_segment(struct weft_nic *nic, u32 vni)
{
	if (xa_err(xa_store(&nic->dirty_vnis, vni, xa_mk_value(1),
			    GFP_ATOMIC | __GFP_NOWARN)))
		set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	weft_offload_todo(nic, WEFT_NIC_TODO_VNIS);
}

static void mark(struct weft_nic *nic, const struct weft_event *event)
{
	switch (event->type) {
	case WEFT_EVENT_ENTRY_NEW:
	case WEFT_EVENT_ENTRY_DEL:
		mark_entry(nic, &event->entry->key);
		break;
	case WEFT_EVENT_SEGMENT_NEW:
	case WEFT_EVENT_SEGMENT_DEL:
		mark_segment(nic, event->segment->vni);
		break;
	case WEFT_EVENT_PORT_NEW:
	case WEFT_EVENT_PORT_DEL:
		if (event->port->nic == nic)
			weft_offload_vf(nic, event->port->vf);
		break;
	case WEFT_EVENT_PEER_NEW:
		weft_offload_todo(nic, WEFT_NIC_TODO_NEIGHS);
		break;
	default:
		break;
	}
}

/* Atomic, possibly with the map's lock held. */
static int changed(struct notifier_block *nb, unsigned long kind, void *data)
{
	const struct weft_event *event = data;
	struct weft_nic *nic;

	if (list_empty(&weft_nics))
		return NOTIFY_DONE;
	rcu_read_lock();
	list_for_each_entry_rcu(nic, &weft_nics, node)
		if (rcu_access_pointer(nic->sw) == event->sw)
			mark(nic, event);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block event_notifier = { .notifier_call = changed };

static int neighbour(struct notifier_block *nb, unsigned long kind, void *data)
{
	const struct neighbour *neigh = data;
	struct weft_nic *nic;

	if (kind != NETEVENT_NEIGH_UPDATE)
		return NOTIFY_DONE;
	rcu_read_lock();
	nic = weft_nic_find(neigh->dev);
	if (nic)
		weft_offload_todo(nic, WEFT_NIC_TODO_NEIGHS);
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block neigh_notifier = { .notifier_call = neighbour };

/* Addresses have come or gone, and with them prefixes. */
static int addresses(struct notifier_block *nb, unsigned long kind, void *data)
{
	struct weft_nic *nic;

	rcu_read_lock();
	list_for_each_entry_rcu(nic, &weft_nics, node) {
		set_bit(WEFT_NIC_TODO_NEIGHS, &nic->todo);
		weft_offload_todo(nic, WEFT_NIC_TODO_VTEPS);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block addr4_notifier = { .notifier_call = addresses };
static struct notifier_block addr6_notifier = { .notifier_call = addresses };

/* --- how it went --- */

static int result(struct weft_nic *nic, int err)
{
	WRITE_ONCE(nic->err, err);
	if (err)
		atomic64_inc(&nic->counters.failed);
	return err;
}

/* --- next hops: worker, bottom halves off, RCU --- */

static struct weft_nic_hop *find_hop(struct weft_nic *nic,
				     const struct weft_addr *ip)
{
	struct weft_nic_hop *hop;

	hash_for_each_possible(nic->hops, hop, node, jhash(ip, sizeof(*ip), 0))
		if (weft_addr_equal(&hop->ip, ip))
			return hop;
	return NULL;
}

/* Takes a gateway: there is one a family. Returns whether it is this one. */
static bool take_gateway(struct weft_nic *nic,
			 const struct weft_nic_hop *gateway)
{
	struct weft_nic_hop *own;

	own = &nic->gateway[gateway->ip.family == AF_INET6];
	if (own->err == -ENOENT || !own->ip.family) {
		*own = *gateway;
		set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
		return true;
	}
	if (!weft_addr_equal(&own->ip, &gateway->ip))
		return false;
	if (own->err == gateway->err &&
	    ether_addr_equal(own->mac, gateway->mac))
		return true;
	own->err = gateway->err;
	ether_addr_copy(own->mac, gateway->mac);
	set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
	return true;
}

static void look_up(struct weft_nic *nic, struct weft_peer *peer,
		    struct weft_nic_hop *hop)
{
	struct weft_nic_hop gateway;

	weft_want_hop(nic, peer, weft_encap(WEFT_ENCAP_VXLAN), hop, &gateway);
	if (gateway.ip.family && !take_gateway(nic, &gateway))
		hop->err = -EHOSTUNREACH;
}

/* See weft_want_hop_fn. */
static const struct weft_nic_hop *hop_of(struct weft_nic *nic,
					 struct weft_peer *peer)
{
	struct weft_nic_hop *hop = find_hop(nic, &peer->key.ip);

	if (hop)
		return hop;
	hop = kzalloc(sizeof(*hop), GFP_ATOMIC | __GFP_NOWARN);
	if (!hop)
		return NULL;
	look_up(nic, peer, hop);
	hash_add(nic->hops, &hop->node,
		 jhash(&hop->ip, sizeof(hop->ip), 0));
	return hop;
}

/* All entries that lead to a peer are to be pushed again. */
static void mark_peer(struct weft_nic *nic, struct weft_switch *sw,
		      struct weft_peer *peer)
{
	struct weft_entry *entry;

	spin_lock(&sw->map.lock);
	hlist_for_each_entry(entry, &peer->dest.direct, dest_node)
		if (weft_shadow_mark(&nic->shadows, &entry->key,
				     GFP_ATOMIC | __GFP_NOWARN))
			set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	spin_unlock(&sw->map.lock);
}

static bool same_hop(const struct weft_nic_hop *a,
		     const struct weft_nic_hop *b)
{
	return a->err == b->err && ether_addr_equal(a->mac, b->mac);
}

/* Looks at all next hops again, and forgets those of peers that went. */
static void check_hops(struct weft_nic *nic)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	struct weft_nic_hop *hop, old;
	struct hlist_node *next;
	struct weft_peer *peer;
	unsigned int i;

	if (!sw)
		return;
	nic->gateway[0].ip.family = AF_UNSPEC;
	nic->gateway[1].ip.family = AF_UNSPEC;
	hash_for_each_safe(nic->hops, i, next, hop, node) {
		peer = weft_peer_lookup(sw, &hop->ip, 0);
		if (!peer) {
			hash_del(&hop->node);
			kfree(hop);
			continue;
		}
		old = *hop;
		look_up(nic, peer, hop);
		if (!same_hop(&old, hop))
			mark_peer(nic, sw, peer);
	}
}

static void forget_hops(struct weft_nic *nic)
{
	struct weft_nic_hop *hop;
	struct hlist_node *next;
	unsigned int i;

	hash_for_each_safe(nic->hops, i, next, hop, node) {
		hash_del(&hop->node);
		kfree(hop);
	}
	memset(nic->gateway, 0, sizeof(nic->gateway));
}

/* --- what was missed for want of memory, or before we were there --- */

static int find_segments(struct weft_nic *nic, struct weft_switch *sw)
{
	struct weft_segment *segment;
	unsigned long vni;
	int err;

	rcu_read_lock();
	xa_for_each(&sw->segments, vni, segment) {
		err = xa_err(xa_store(&nic->dirty_vnis, vni, xa_mk_value(1),
				      GFP_ATOMIC | __GFP_NOWARN));
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

static void find_entry(struct weft_nic *nic, struct weft_map *map,
		       struct weft_entry *entry)
{
	spin_lock_bh(&map->lock);
	entry->nics &= ~BIT(nic->index);
	mark_entry(nic, &entry->key);
	spin_unlock_bh(&map->lock);
}

static void find_entries(struct weft_nic *nic, struct weft_map *map)
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

static int find(struct weft_nic *nic)
{
	struct weft_switch *sw;
	int err = 0;

	mutex_lock(&nic->walk);
	sw = rcu_dereference_protected(nic->sw, lockdep_is_held(&nic->walk));
	if (sw)
		err = find_segments(nic, sw);
	if (sw && !err) {
		set_bit(WEFT_NIC_TODO_VNIS, &nic->todo);
		find_entries(nic, &sw->map);
	}
	mutex_unlock(&nic->walk);
	return err;
}

/* --- segments --- */

static void free_vni(struct rcu_head *rcu)
{
	struct weft_nic_vni *known = container_of(rcu, struct weft_nic_vni,
						  rcu);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known->tag); i++)
		if (known->tag[i])
			dst_release(&known->tag[i]->dst);
	kfree(known);
}

static struct metadata_dst *make_tag(const struct weft_nic *nic, u32 tag)
{
	struct metadata_dst *md;

	md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
	if (!md)
		return NULL;
	md->u.port_info.port_id = tag;
	md->u.port_info.lower_dev = nic->pf;
	return md;
}

static struct weft_nic_vni *know(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_vni *known = xa_load(&nic->vnis, vni);

	if (known)
		return known;
	known = kzalloc(sizeof(*known), GFP_KERNEL);
	if (!known)
		return NULL;
	known->vni = vni;
	known->tag[0] = make_tag(nic, vni);
	known->tag[1] = make_tag(nic, vni | WEFT_NIC_TAG_LOCAL);
	if (!known->tag[0] || !known->tag[1] ||
	    xa_err(xa_store(&nic->vnis, vni, known, GFP_KERNEL))) {
		free_vni(&known->rcu);
		return NULL;
	}
	return known;
}

static void forget_vni(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_vni *known = xa_erase(&nic->vnis, vni);

	if (known)
		call_rcu(&known->rcu, free_vni);
}

/* The NIC has a segment now: what waited for that can be pushed. */
static void mark_scope(struct weft_nic *nic, u32 vni)
{
	struct weft_segment *segment;
	struct weft_entry *entry;
	struct weft_switch *sw;

	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	segment = sw ? weft_segment_lookup(sw, vni) : NULL;
	if (segment) {
		spin_lock_bh(&sw->map.lock);
		hlist_for_each_entry(entry, &segment->scope.list, scope_node)
			mark_entry(nic, &entry->key);
		spin_unlock_bh(&sw->map.lock);
	}
	rcu_read_unlock();
}

static bool want_segment(struct weft_nic *nic, u32 vni,
			 struct weft_nic_segment *want)
{
	struct weft_segment *segment;
	struct weft_switch *sw;

	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	segment = sw ? weft_segment_lookup(sw, vni) : NULL;
	if (segment)
		weft_want_segment(sw, segment, want);
	rcu_read_unlock();
	return segment;
}

static int push_vni(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_segment want;
	struct weft_nic_vni *known;
	int err;

	if (!want_segment(nic, vni, &want)) {
		err = nic->ops->del_segments(nic->pf, &vni, 1);
		if (!err)
			forget_vni(nic, vni);
		return err;
	}
	known = know(nic, vni);
	if (!known)
		return -ENOMEM;
	err = nic->ops->set_segments(nic->pf, &want, 1);
	WRITE_ONCE(known->err, err ?: want.err);
	if (err)
		return err;
	if (known->in != !want.err) {
		WRITE_ONCE(known->in, !want.err);
		mark_scope(nic, vni);
	}
	return 0;
}

static int push_vnis(struct weft_nic *nic)
{
	unsigned long vni;
	void *mark;
	int err;

	xa_for_each(&nic->dirty_vnis, vni, mark) {
		xa_erase(&nic->dirty_vnis, vni);
		err = push_vni(nic, vni);
		if (!err)
			continue;
		if (xa_err(xa_store(&nic->dirty_vnis, vni, xa_mk_value(1),
				    GFP_KERNEL)))
			set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
		return err;
	}
	return 0;
}

/* --- VTEPs and VFs --- */

static int push_vteps(struct weft_nic *nic)
{
	struct weft_nic_vtep vteps[2];
	struct weft_switch *sw;
	unsigned int count = 0;

	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	if (sw)
		count = weft_want_vteps(nic, sw, vteps);
	rcu_read_unlock();
	return nic->ops->set_vteps(nic->pf, vteps, count);
}

static int push_vfs(struct weft_nic *nic)
{
	struct weft_nic_vf want;
	unsigned int vf;
	int err;

	for_each_set_bit(vf, nic->dirty_vfs, nic->caps.vfs) {
		clear_bit(vf, nic->dirty_vfs);
		rcu_read_lock();
		weft_want_vf(nic, vf, &want);
		rcu_read_unlock();
		err = nic->ops->set_vf(nic->pf, &want);
		if (err) {
			set_bit(vf, nic->dirty_vfs);
			return err;
		}
	}
	return 0;
}

/* --- entries --- */

/**
 * struct batch - entries on their way
 * @items: what was taken
 * @hw: where each will stand if all goes well
 * @want: what is pushed
 * @index: which of @items each of @want is
 * @taken: number of @items
 * @count: number of @want
 */
struct batch {
	struct weft_shadow_item items[BATCH];
	enum weft_hw hw[BATCH];
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
	return weft_want_entry(nic, entry, hop_of, want);
}

/* Context: bottom halves off, RCU. */
static void gather(struct weft_nic *nic, struct batch *batch)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	u32 room = nic->caps.map_entries -
		   min(nic->caps.map_entries, READ_ONCE(nic->shadows.there));
	struct weft_shadow_item *item;
	struct weft_nic_entry *want;
	unsigned int i;

	batch->count = 0;
	for (i = 0; i < batch->taken; i++) {
		item = &batch->items[i];
		want = &batch->want[batch->count];
		*want = (struct weft_nic_entry){ .vni = item->key.vni };
		ether_addr_copy(want->mac, item->key.mac);
		batch->hw[i] = want_entry(nic, sw, &item->key, want);
		if (batch->hw[i] == WEFT_HW_PRESENT && !item->there && !room)
			batch->hw[i] = WEFT_HW_FULL;
		if (batch->hw[i] != WEFT_HW_PRESENT)
			want->dest = WEFT_NIC_TO_NONE;
		if (!item->there && want->dest == WEFT_NIC_TO_NONE) {
			weft_shadow_note(&nic->shadows, &item->key,
					 batch->hw[i], false);
			continue;
		}
		room -= !item->there;
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
	unsigned int i, freed = 0;
	enum weft_hw hw;
	bool there;

	rcu_read_lock();
	for (i = 0; i < batch->count; i++) {
		done = &batch->want[i];
		item = &batch->items[batch->index[i]];
		hw = batch->hw[batch->index[i]];
		there = !done->err && done->dest != WEFT_NIC_TO_NONE;
		if (done->err && hw == WEFT_HW_PRESENT)
			hw = done->err == -ENOSPC ? WEFT_HW_FULL :
						    WEFT_HW_REFUSED;
		freed += item->there && !there;
		weft_shadow_note(&nic->shadows, &item->key, hw, there);
		if (there)
			open(nic, done, &item->key);
	}
	rcu_read_unlock();
	atomic64_add(batch->count, &nic->counters.pushed);
	weft_shadow_thaw(&nic->shadows, freed);
}

static int push_entries(struct weft_nic *nic, struct batch *batch)
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

/* --- the worker --- */

/* Begins anew: the NIC forgets all, and all is to be pushed. */
static int begin(struct weft_nic *nic)
{
	u32 generation = nic->generation + 1;
	struct weft_nic_vni *known;
	unsigned long vni;
	int err;

	WRITE_ONCE(nic->serving, false);
	err = nic->ops->begin(nic->pf, generation);
	if (err)
		return err;
	WRITE_ONCE(nic->generation, generation);
	xa_for_each(&nic->vnis, vni, known) {
		WRITE_ONCE(known->in, false);
		if (xa_err(xa_store(&nic->dirty_vnis, vni, xa_mk_value(1),
				    GFP_KERNEL)))
			return -ENOMEM;
	}
	forget_hops(nic);
	weft_shadow_lose(&nic->shadows);
	bitmap_fill(nic->dirty_vfs, nic->caps.vfs);
	set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
	set_bit(WEFT_NIC_TODO_VNIS, &nic->todo);
	set_bit(WEFT_NIC_TODO_VFS, &nic->todo);
	set_bit(WEFT_NIC_TODO_END, &nic->todo);
	return 0;
}

static int look_again(struct weft_nic *nic)
{
	local_bh_disable();
	rcu_read_lock();
	check_hops(nic);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

static int end(struct weft_nic *nic)
{
	return nic->ops->end(nic->pf, nic->generation);
}

static int push_all_entries(struct weft_nic *nic)
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
		err = push_entries(nic, batch);
	kvfree(batch);
	return err;
}

/* What is done for each of WEFT_NIC_TODO_*, in this order. */
static int (*const steps[])(struct weft_nic *nic) = {
	[WEFT_NIC_TODO_ALL] = begin,
	[WEFT_NIC_TODO_FIND] = find,
	[WEFT_NIC_TODO_NEIGHS] = look_again,
	[WEFT_NIC_TODO_VTEPS] = push_vteps,
	[WEFT_NIC_TODO_VNIS] = push_vnis,
	[WEFT_NIC_TODO_VFS] = push_vfs,
	[WEFT_NIC_TODO_ENTRIES] = push_all_entries,
	[WEFT_NIC_TODO_END] = end,
};

static int push(struct weft_nic *nic)
{
	unsigned int i;
	int err;

	set_bit(WEFT_NIC_TODO_ENTRIES, &nic->todo);
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (!READ_ONCE(nic->ready))
			return 0;
		if (!test_and_clear_bit(i, &nic->todo))
			continue;
		err = result(nic, steps[i](nic));
		if (err) {
			set_bit(i, &nic->todo);
			return err;
		}
		if (i == WEFT_NIC_TODO_VNIS && rcu_access_pointer(nic->sw))
			WRITE_ONCE(nic->serving, true);
	}
	return 0;
}

static void work(struct work_struct *work)
{
	struct weft_nic *nic = container_of(to_delayed_work(work),
					    struct weft_nic, work);

	if (!READ_ONCE(nic->ready))
		return;		/* it tells when it is */
	if (push(nic)) {
		nic->delay = clamp(nic->delay * 2, RETRY_MIN, RETRY_MAX);
		queue_delayed_work(nic->wq, &nic->work,
				   msecs_to_jiffies(nic->delay));
		return;
	}
	nic->delay = 0;
	if (READ_ONCE(nic->todo) || READ_ONCE(nic->shadows.pending)) {
		queue_delayed_work(nic->wq, &nic->work, 0);
	} else if (!hash_empty(nic->hops)) {
		/* routes change without telling */
		set_bit(WEFT_NIC_TODO_NEIGHS, &nic->todo);
		queue_delayed_work(nic->wq, &nic->work, HZ);
	}
}

/**
 * weft_offload_init() - a NIC is there
 * @nic: the NIC
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int weft_offload_init(struct weft_nic *nic)
{
	int err;

	hash_init(nic->hops);
	xa_init(&nic->vnis);
	xa_init(&nic->dirty_vnis);
	mutex_init(&nic->walk);
	INIT_DELAYED_WORK(&nic->work, work);
	err = weft_shadows_init(&nic->shadows);
	if (err)
		return err;
	nic->wq = alloc_ordered_workqueue("weft-%s", WQ_MEM_RECLAIM,
					  netdev_name(nic->pf));
	if (nic->wq)
		return 0;
	weft_shadows_destroy(&nic->shadows);
	return -ENOMEM;
}

/**
 * weft_offload_exit() - a NIC goes
 * @nic: the NIC, which nobody finds any more
 *
 * Context: process; waits for the driver to return from what it does.
 */
void weft_offload_exit(struct weft_nic *nic)
{
	struct weft_nic_vni *known;
	unsigned long vni;

	cancel_delayed_work_sync(&nic->work);
	destroy_workqueue(nic->wq);
	forget_hops(nic);
	xa_for_each(&nic->vnis, vni, known)
		forget_vni(nic, vni);
	xa_destroy(&nic->vnis);
	xa_destroy(&nic->dirty_vnis);
	weft_shadows_destroy(&nic->shadows);
}

int weft_offload_module_init(void)
{
	int err;

	err = weft_event_register(&event_notifier);
	if (err)
		return err;
	err = register_netevent_notifier(&neigh_notifier);
	if (err)
		goto unregister_event;
	err = register_inetaddr_notifier(&addr4_notifier);
	if (err)
		goto unregister_neigh;
	err = register_inet6addr_notifier(&addr6_notifier);
	if (err)
		goto unregister_addr4;
	return 0;

unregister_addr4:
	unregister_inetaddr_notifier(&addr4_notifier);
unregister_neigh:
	unregister_netevent_notifier(&neigh_notifier);
unregister_event:
	weft_event_unregister(&event_notifier);
	return err;
}

void weft_offload_module_exit(void)
{
	unregister_inet6addr_notifier(&addr6_notifier);
	unregister_inetaddr_notifier(&addr4_notifier);
	unregister_netevent_notifier(&neigh_notifier);
	weft_event_unregister(&event_notifier);
}
