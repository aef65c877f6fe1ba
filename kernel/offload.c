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

#include "nic_heat.h"
#include "nic_push.h"
#include "nic_want.h"
#include "peer.h"
#include "port.h"
#include "rule.h"
#include "segment.h"

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
	set_bit(WEFT_NIC_TODO_VFS_OUT, &nic->todo);
	weft_offload_todo(nic, WEFT_NIC_TODO_VFS);
}

/**
 * weft_offload_tell() - tell an event of a NIC
 * @nic: the NIC
 * @event: the event; its switch and NIC are filled in
 *
 * Those of a NIC without a switch concern nobody. Context: process.
 */
void weft_offload_tell(struct weft_nic *nic, struct weft_event *event)
{
	rcu_read_lock();
	event->sw = rcu_dereference(nic->sw);
	event->nic = nic;
	if (event->sw)
		weft_event(event);
	rcu_read_unlock();
}

static void tell(struct weft_nic *nic, enum weft_event_kind type)
{
	weft_offload_tell(nic, &(struct weft_event){ .type = type });
}

/* --- what has changed --- */

/* What the encapsulation leaves of the wire is the MTU of the VFs. */
static void mark_segment(struct weft_nic *nic,
			 const struct weft_segment *segment)
{
	const struct weft_port_vlan *pv;

	weft_nic_mark_segment(nic, segment->vni);
	hlist_for_each_entry_rcu(pv, &segment->ports, node)
		if (pv->port->nic == nic)
			weft_offload_vf(nic, pv->port->vf);
}

/* What is said of a VF may have the host judge for the segment that it is in, and
 * not any more for the one that it was in.
 */
static void mark_port(struct weft_nic *nic, const struct weft_port *port)
{
	const struct weft_port_vlan *pv;

	if (READ_ONCE(port->flags) & WEFT_END_INSPECT) {
		weft_offload_todo(nic, WEFT_NIC_TODO_FIND);
		return;
	}
	pv = rcu_dereference(port->untagged);
	if (pv)
		weft_nic_mark_segment(nic, pv->segment->vni);
}

static void mark(struct weft_nic *nic, const struct weft_event *event)
{
	switch (event->type) {
	case WEFT_EVENT_ENTRY_NEW:
	case WEFT_EVENT_ENTRY_DEL:
		weft_nic_mark_entry(nic, &event->entry->key);
		break;
	case WEFT_EVENT_SEGMENT_NEW:
		mark_segment(nic, event->segment);
		break;
	case WEFT_EVENT_RULED:
		weft_nic_mark_segment(nic, event->segment->vni);
		break;
	case WEFT_EVENT_RULE_NEW:
	case WEFT_EVENT_RULE_DEL:
		weft_nic_mark_rules(nic, event->rule->segment);
		break;
	case WEFT_EVENT_RULES:
		weft_nic_mark_rules(nic, event->segment);
		break;
	case WEFT_EVENT_SEGMENT_DEL:
		weft_nic_mark_gone(nic, event->segment->vni);
		break;
	case WEFT_EVENT_PORT_NEW:
	case WEFT_EVENT_PORT_DEL:
		if (event->port->nic != nic)
			break;
		weft_offload_vf(nic, event->port->vf);
		mark_port(nic, event->port);
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

/* --- what was missed for want of memory, or before we were there --- */

static int find(struct weft_nic *nic)
{
	struct weft_switch *sw;
	int err = 0;

	mutex_lock(&nic->walk);
	sw = rcu_dereference_protected(nic->sw, lockdep_is_held(&nic->walk));
	if (sw)
		err = weft_nic_find_segments(nic, sw);
	if (sw && !err) {
		set_bit(WEFT_NIC_TODO_VNIS, &nic->todo);
		weft_nic_find_entries(nic, &sw->map);
	}
	mutex_unlock(&nic->walk);
	return err;
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

/* What tags a frame for one VF has its segment, too: a VF that has left it while the
 * frame was on its way does not get it.
 */
static int set_vf_tag(struct weft_nic *nic, u16 vf, u32 vni)
{
	struct metadata_dst *tag = NULL;

	if (vni && weft_nic_alone(nic, vf)) {
		tag = weft_nic_make_tag(nic, vni | WEFT_NIC_TAG_VF |
					FIELD_PREP(WEFT_NIC_TAG_VF_MASK, vf));
		if (!tag)
			return -ENOMEM;
	}
	tag = rcu_replace_pointer(nic->vf_tags[vf], tag, true);
	if (tag)
		dst_release(&tag->dst);
	return 0;
}

static int set_vf(struct weft_nic *nic, struct weft_nic_vf *want)
{
	u32 vni = want->active && want->link ? want->vni : 0;
	int err = 0;

	if (vni != nic->vf_vnis[want->vf])
		err = set_vf_tag(nic, want->vf, vni);
	if (!err)
		err = nic->ops->set_vf(nic->pf, want);
	if (!err)
		nic->vf_vnis[want->vf] = vni;
	return err;
}

static void want_vf(struct weft_nic *nic, unsigned int vf,
		    struct weft_nic_vf *want)
{
	rcu_read_lock();
	weft_want_vf(nic, vf, want);
	rcu_read_unlock();
}

/* What is said of its segment may not be right for a VF any more that leaves it: it
 * goes first, and hears and says nothing until it is where it belongs.
 */
static int push_vfs_out(struct weft_nic *nic)
{
	struct weft_nic_vf want;
	unsigned int vf;
	int err;

	for_each_set_bit(vf, nic->dirty_vfs, nic->caps.vfs) {
		want_vf(nic, vf, &want);
		if (!nic->vf_vnis[vf] ||
		    (want.active && want.vni == nic->vf_vnis[vf]))
			continue;
		want.link = false;
		err = set_vf(nic, &want);
		if (err)
			return err;
	}
	return 0;
}

/* Nor is one let into a segment of which the NIC has not been told all: rules, or
 * that it is another one than that which had the number.
 */
static bool is_ready(struct weft_nic *nic, const struct weft_nic_vf *want)
{
	return nic->vf_vnis[want->vf] == want->vni ?
	       !weft_nic_segment_gone(nic, want->vni) :
	       !xa_load(&nic->dirty_vnis, want->vni) &&
	       !test_bit(WEFT_NIC_TODO_FIND, &nic->todo);
}

static int push_vfs(struct weft_nic *nic)
{
	struct weft_nic_vf want;
	unsigned int vf;
	int err;

	for_each_set_bit(vf, nic->dirty_vfs, nic->caps.vfs) {
		clear_bit(vf, nic->dirty_vfs);
		want_vf(nic, vf, &want);
		if (want.active && !is_ready(nic, &want)) {
			want.link = false;
			weft_offload_vf(nic, vf);
		}
		err = set_vf(nic, &want);
		if (err) {
			set_bit(vf, nic->dirty_vfs);
			return err;
		}
	}
	return 0;
}

/* --- counters --- */

/* They are all of one kind, and begin anew when the NIC is reset. */
static int count_ways(struct weft_nic *nic)
{
	u64 *seen = (u64 *)&nic->ways_seen, *sum = (u64 *)&nic->ways;
	struct weft_nic_ways ways;
	const u64 *now = (u64 *)&ways;
	unsigned int i;
	int err;

	if (!nic->ops->read_ways)
		return 0;
	err = nic->ops->read_ways(nic->pf, &ways);
	if (err)
		return err;
	for (i = 0; i < sizeof(ways) / sizeof(u64); i++) {
		WRITE_ONCE(sum[i], sum[i] + now[i] -
				   (now[i] < seen[i] ? 0 : seen[i]));
		seen[i] = now[i];
	}
	return 0;
}

static int count(struct weft_nic *nic)
{
	int err = count_ways(nic);

	return err ?: weft_nic_count_rules(nic);
}

/* --- the worker --- */

/* Begins anew: the NIC forgets all, and all is to be pushed. */
static int begin(struct weft_nic *nic)
{
	u32 generation = nic->generation + 1;
	int err;

	WRITE_ONCE(nic->serving, false);
	err = nic->ops->begin(nic->pf, generation);
	if (err)
		return err;
	WRITE_ONCE(nic->generation, generation);
	tell(nic, WEFT_EVENT_NIC_BEGIN);
	err = weft_nic_lose_segments(nic);
	if (err)
		return err;
	weft_nic_forget_hops(nic);
	weft_shadow_lose(&nic->shadows);
	bitmap_fill(nic->dirty_vfs, nic->caps.vfs);
	set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
	set_bit(WEFT_NIC_TODO_VNIS, &nic->todo);
	set_bit(WEFT_NIC_TODO_VFS_OUT, &nic->todo);
	set_bit(WEFT_NIC_TODO_VFS, &nic->todo);
	set_bit(WEFT_NIC_TODO_END, &nic->todo);
	return 0;
}

static int look_again(struct weft_nic *nic)
{
	local_bh_disable();
	rcu_read_lock();
	weft_nic_check_hops(nic);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

static int end(struct weft_nic *nic)
{
	int err = nic->ops->end(nic->pf, nic->generation);

	if (!err)
		tell(nic, WEFT_EVENT_NIC_END);
	return err;
}

/* What is done for each of WEFT_NIC_TODO_*, in this order. */
static int (*const steps[])(struct weft_nic *nic) = {
	[WEFT_NIC_TODO_ALL] = begin,
	[WEFT_NIC_TODO_FIND] = find,
	[WEFT_NIC_TODO_NEIGHS] = look_again,
	[WEFT_NIC_TODO_VTEPS] = push_vteps,
	[WEFT_NIC_TODO_VFS_OUT] = push_vfs_out,
	[WEFT_NIC_TODO_VNIS] = weft_nic_push_segments,
	[WEFT_NIC_TODO_VFS] = push_vfs,
	[WEFT_NIC_TODO_HEAT] = weft_heat_balance,
	[WEFT_NIC_TODO_COUNTS] = count,
	[WEFT_NIC_TODO_ENTRIES] = weft_nic_push_entries,
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

static void tell_lost(struct weft_nic *nic)
{
	bool lost = !READ_ONCE(nic->ready);

	if (lost && !nic->lost)
		tell(nic, WEFT_EVENT_NIC_LOST);
	nic->lost = lost;
}

static void work(struct work_struct *work)
{
	struct weft_nic *nic = container_of(to_delayed_work(work),
					    struct weft_nic, work);

	tell_lost(nic);
	if (nic->lost)
		return;		/* it tells when it is not */
	if (push(nic)) {
		nic->delay = clamp(nic->delay * 2, RETRY_MIN, RETRY_MAX);
		queue_delayed_work(nic->wq, &nic->work,
				   msecs_to_jiffies(nic->delay));
		return;
	}
	nic->delay = 0;
	if (READ_ONCE(nic->todo) || READ_ONCE(nic->shadows.pending)) {
		queue_delayed_work(nic->wq, &nic->work, 0);
	} else if (rcu_access_pointer(nic->sw) || nic->heating) {
		/* routes and uses change without telling */
		set_bit(WEFT_NIC_TODO_NEIGHS, &nic->todo);
		set_bit(WEFT_NIC_TODO_HEAT, &nic->todo);
		set_bit(WEFT_NIC_TODO_COUNTS, &nic->todo);
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
	xa_init_flags(&nic->vnis, XA_FLAGS_LOCK_BH);
	xa_init_flags(&nic->dirty_vnis, XA_FLAGS_LOCK_BH);
	mutex_init(&nic->walk);
	INIT_DELAYED_WORK(&nic->work, work);
	err = weft_shadows_init(&nic->shadows);
	if (err)
		return err;
	err = weft_heat_init(nic);
	if (err)
		goto destroy_shadows;
	nic->wq = alloc_ordered_workqueue("weft-%s", WQ_MEM_RECLAIM,
					  netdev_name(nic->pf));
	if (nic->wq)
		return 0;
	err = -ENOMEM;
	weft_heat_exit(nic);
destroy_shadows:
	weft_shadows_destroy(&nic->shadows);
	return err;
}

/**
 * weft_offload_exit() - a NIC goes
 * @nic: the NIC, which nobody finds any more
 *
 * Context: process; waits for the driver to return from what it does.
 */
void weft_offload_exit(struct weft_nic *nic)
{
	cancel_delayed_work_sync(&nic->work);
	destroy_workqueue(nic->wq);
	weft_heat_exit(nic);
	weft_nic_forget_hops(nic);
	weft_nic_forget_segments(nic);
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
