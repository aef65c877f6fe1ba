// SPDX-License-Identifier: GPL-2.0
/* The segments that a NIC has, and the tags of packets for them. */

#include <linux/slab.h>

#include "nic_push.h"
#include "nic_want.h"
#include "rule.h"
#include "segment.h"

/* What is in weft_nic.dirty_vnis */
#define CHANGED	xa_mk_value(1)
#define GONE	xa_mk_value(2)	/* it was deleted, even if there is one again */

/* Who says so does not undo that it was gone. */
static int mark_changed(struct weft_nic *nic, u32 vni, gfp_t gfp)
{
	return xa_err(xa_cmpxchg_bh(&nic->dirty_vnis, vni, NULL, CHANGED,
				    gfp));
}

/* All is to be pushed anew where there is no memory to say what. */
static void mark_gone(struct weft_nic *nic, u32 vni, gfp_t gfp)
{
	if (xa_err(xa_store_bh(&nic->dirty_vnis, vni, GONE, gfp)))
		set_bit(WEFT_NIC_TODO_ALL, &nic->todo);
}

/** weft_nic_mark_segment() - a segment is to be looked at; context: any */
void weft_nic_mark_segment(struct weft_nic *nic, u32 vni)
{
	if (mark_changed(nic, vni, GFP_ATOMIC | __GFP_NOWARN))
		set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	weft_offload_todo(nic, WEFT_NIC_TODO_VNIS);
}

/**
 * weft_nic_mark_gone() - a segment was deleted
 * @nic: the NIC
 * @vni: which
 *
 * One that takes its number must find nothing of it. Context: any.
 */
void weft_nic_mark_gone(struct weft_nic *nic, u32 vni)
{
	mark_gone(nic, vni, GFP_ATOMIC | __GFP_NOWARN);
	weft_offload_todo(nic, WEFT_NIC_TODO_VNIS);
}

/** weft_nic_segment_gone() - does the NIC still have one that was deleted? */
bool weft_nic_segment_gone(struct weft_nic *nic, u32 vni)
{
	return xa_load(&nic->dirty_vnis, vni) == GONE;
}

/**
 * weft_nic_find_segments() - mark all of a switch
 * @nic: the NIC
 * @sw: the switch
 *
 * Return: 0 or -ENOMEM.
 */
int weft_nic_find_segments(struct weft_nic *nic, struct weft_switch *sw)
{
	struct weft_segment *segment;
	unsigned long vni;
	int err = 0;

	rcu_read_lock();
	xa_for_each(&sw->segments, vni, segment) {
		err = mark_changed(nic, vni, GFP_ATOMIC | __GFP_NOWARN);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

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

static struct weft_nic_vni *know(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_vni *known = xa_load(&nic->vnis, vni);

	if (known)
		return known;
	known = kzalloc(sizeof(*known), GFP_KERNEL);
	if (!known)
		return NULL;
	known->vni = vni;
	known->tag[0] = weft_nic_make_tag(nic, vni);
	known->tag[1] = weft_nic_make_tag(nic, vni | WEFT_NIC_TAG_LOCAL);
	if (!known->tag[0] || !known->tag[1] ||
	    xa_err(xa_store_bh(&nic->vnis, vni, known, GFP_KERNEL))) {
		free_vni(&known->rcu);
		return NULL;
	}
	return known;
}

static void forget_vni(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_vni *known = xa_erase_bh(&nic->vnis, vni);

	if (known)
		call_rcu(&known->rcu, free_vni);
}

/* The NIC serves a segment, or does so otherwise: what waited for that can be pushed. */
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
			weft_nic_mark_entry(nic, &entry->key);
		spin_unlock_bh(&sw->map.lock);
	}
	rcu_read_unlock();
}

/**
 * struct want - what is to be pushed of a segment
 * @segment: in the words of the hook; the host judges all for another reason than
 *	rules if that is among its flags
 * @encap: by what the NIC encapsulates, or NULL
 * @rules: version of the rules that concern the NIC, 0 for none
 */
struct want {
	struct weft_nic_segment segment;
	const struct weft_encap_ops *encap;
	u64 rules;
};

static bool want_segment(struct weft_nic *nic, u32 vni, struct want *want)
{
	struct weft_segment *segment;
	struct weft_switch *sw;

	local_bh_disable();
	rcu_read_lock();
	sw = rcu_dereference(nic->sw);
	segment = sw ? weft_segment_lookup(sw, vni) : NULL;
	if (segment) {
		want->encap = weft_want_segment(nic, segment, weft_nic_hop_of,
						&want->segment);
		want->rules = 0;
		if (!(want->segment.flags & WEFT_NIC_SEG_HOST_ALL) &&
		    weft_want_rules(nic, segment))
			want->rules = weft_rules_version(segment);
	}
	rcu_read_unlock();
	local_bh_enable();
	return segment;
}

/* In the next turn, when the VFs of the one that had its number are out. */
static void push_again(struct weft_nic *nic, u32 vni)
{
	if (mark_changed(nic, vni, GFP_KERNEL))
		set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	set_bit(WEFT_NIC_TODO_VNIS, &nic->todo);
}

static int push_gone(struct weft_nic *nic, u32 vni)
{
	struct weft_nic_vni *known = xa_load(&nic->vnis, vni);
	int err = nic->ops->del_segments(nic->pf, &vni, 1);

	if (err)
		return err;
	if (known) {
		WRITE_ONCE(known->in, false);
		weft_nic_lose_rules(nic, known);
		forget_vni(nic, vni);
	}
	return 0;
}

/* Pushes the segment, but not its rules: the host judges, if it is to do so for
 * another reason, or if @judged.
 */
static int set_segment(struct weft_nic *nic, struct weft_nic_vni *known,
		       const struct want *want, bool judged)
{
	struct weft_nic_segment segment = want->segment;
	int err;

	if (judged)
		segment.flags |= WEFT_NIC_SEG_HOST_ALL;
	err = nic->ops->set_segments(nic->pf, &segment, 1);
	WRITE_ONCE(known->err, err ?: segment.err);
	if (!err && segment.err && known->in) {	/* it has the old one still */
		err = nic->ops->del_segments(nic->pf, &known->vni, 1);
		if (!err)
			weft_nic_lose_rules(nic, known);
	}
	if (err)
		return err;
	WRITE_ONCE(known->judged, !segment.err &&
				  segment.flags & WEFT_NIC_SEG_HOST_ALL);
	if (known->in != !segment.err || known->encap != want->encap) {
		WRITE_ONCE(known->in, !segment.err);
		WRITE_ONCE(known->encap, want->encap);
		mark_scope(nic, known->vni);
	}
	return 0;
}

static int push_vni(struct weft_nic *nic, u32 vni, bool gone)
{
	struct weft_nic_vni *known;
	struct want want;
	bool there;
	int err;

	there = want_segment(nic, vni, &want);
	if (!there || gone) {
		err = push_gone(nic, vni);
		if (!err && there)
			push_again(nic, vni);
		return err;
	}
	known = know(nic, vni);
	if (!known)
		return -ENOMEM;
	if (weft_nic_rules_stale(nic, known, want.rules)) {
		err = set_segment(nic, known, &want, true);
		if (!err && known->in)
			err = weft_nic_push_rules(nic, known, want.rules);
		if (err)
			return err;
	}
	return set_segment(nic, known, &want,
			   want.rules && !rcu_access_pointer(known->plan));
}

/**
 * weft_nic_push_segments() - push those that are marked
 * @nic: the NIC
 *
 * Return: 0 or a negative errno; what is left stays marked.
 */
int weft_nic_push_segments(struct weft_nic *nic)
{
	unsigned long vni;
	void *mark;
	int err;

	xa_for_each(&nic->dirty_vnis, vni, mark) {
		mark = xa_erase_bh(&nic->dirty_vnis, vni);
		err = push_vni(nic, vni, mark == GONE);
		if (!err)
			continue;
		if (mark == GONE)
			mark_gone(nic, vni, GFP_KERNEL);
		else if (mark_changed(nic, vni, GFP_KERNEL))
			set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
		return err;
	}
	return 0;
}

/**
 * weft_nic_lose_segments() - the NIC has forgotten all
 * @nic: the NIC
 *
 * Return: 0 or -ENOMEM.
 */
int weft_nic_lose_segments(struct weft_nic *nic)
{
	struct weft_nic_vni *known;
	unsigned long vni;

	xa_for_each(&nic->vnis, vni, known) {
		WRITE_ONCE(known->in, false);
		weft_nic_forget_rules(nic, known);
		if (xa_err(xa_store_bh(&nic->dirty_vnis, vni, CHANGED,
				       GFP_KERNEL)))
			return -ENOMEM;
	}
	return 0;
}

/** weft_nic_forget_segments() - the NIC goes */
void weft_nic_forget_segments(struct weft_nic *nic)
{
	struct weft_nic_vni *known;
	unsigned long vni;

	xa_for_each(&nic->vnis, vni, known) {
		weft_nic_forget_rules(nic, known);
		forget_vni(nic, vni);
	}
	xa_destroy(&nic->vnis);
	xa_destroy(&nic->dirty_vnis);
}
