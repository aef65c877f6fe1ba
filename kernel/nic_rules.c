// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that a NIC has. For each segment these are a plan, made of the rules of
 * the segment and of the switch. While one takes the other's place the host judges,
 * and it goes on to do so where there is no room for any.
 */

#include <linux/slab.h>

#include "nic_push.h"
#include "nic_want.h"
#include "plan.h"
#include "port.h"
#include "rule.h"
#include "segment.h"

static struct weft_plan *plan_of(const struct weft_nic_vni *known)
{
	return rcu_dereference_protected(known->plan, true);
}

/**
 * weft_nic_mark_rules() - rules have changed
 * @nic: the NIC
 * @segment: those of a segment, or if it is NULL those of the switch
 *
 * Context: RCU.
 */
void weft_nic_mark_rules(struct weft_nic *nic,
			 const struct weft_segment *segment)
{
	struct weft_nic_vni *known;
	unsigned long vni;

	if (segment) {
		weft_nic_mark_segment(nic, segment->vni);
		return;
	}
	xa_for_each(&nic->vnis, vni, known)
		weft_nic_mark_segment(nic, vni);
}

/* --- the rules of a segment, in their order --- */

/**
 * struct walk - how far it went
 * @nic: the NIC that they are for
 * @set: those of the segment, and those of the switch; each may be NULL
 * @at: the next of each
 * @order: of the last rule
 */
struct walk {
	struct weft_nic *nic;
	const struct weft_classifier *set[2];
	unsigned int at[2];
	u64 order;
};

static void begin_walk(struct walk *walk, struct weft_nic *nic,
		       const struct weft_segment *segment)
{
	*walk = (struct walk){
		.nic = nic,
		.set[0] = rcu_dereference(segment->rules),
		.set[1] = rcu_dereference(segment->sw->rules),
	};
}

static const struct weft_filter *peek(const struct walk *walk,
				      unsigned int which)
{
	const struct weft_classifier *set = walk->set[which];

	return set && walk->at[which] < set->count ?
	       set->filter[walk->at[which]] : NULL;
}

/* Of two of the same preference that of the segment is first. */
static u64 order_of(u32 pref, bool shared)
{
	return (u64)pref << 1 | shared;
}

static struct weft_rule *next(struct walk *walk)
{
	const struct weft_filter *own = peek(walk, 0);
	const struct weft_filter *shared = peek(walk, 1);
	bool which;

	if (!own && !shared)
		return NULL;
	which = !own || (shared && shared->pref < own->pref);
	walk->at[which]++;
	own = which ? shared : own;
	walk->order = order_of(own->pref, which);
	return weft_filter_rule(own);
}

/* The VF that is a port, or -1. */
static int vf_of(struct weft_nic *nic, u32 number)
{
	const struct weft_port *port;
	unsigned long vf;

	xa_for_each(&nic->vfs, vf, port)
		if (port->number == number)
			return vf;
	return -1;
}

/* A NIC knows nothing but yes and no. */
static enum weft_nic_verdict verdict_of(const struct weft_rule *rule)
{
	if (rule->action == WEFT_ACTION_DENY)
		return WEFT_NIC_DENY;
	return (rule->via && rule->via != WEFT_VIA_VEB) || rule->class ||
	       rule->require || rule->limit.rate ?
	       WEFT_NIC_TO_JUDGE : WEFT_NIC_ALLOW;
}

/* The next that may match what the NIC is to judge. */
static bool next_item(struct walk *walk, struct weft_plan_item *item)
{
	struct weft_rule *rule;
	int vf;

	do {
		rule = next(walk);
		if (!rule)
			return false;
		vf = rule->filter.mask.port ?
		     vf_of(walk->nic, rule->filter.value.port) : 0;
	} while (vf < 0);
	*item = (struct weft_plan_item){
		.filter = rule->filter,
		.verdict = verdict_of(rule),
		.vf = vf,
	};
	item->rule = item->verdict == WEFT_NIC_TO_JUDGE ? NULL : rule;
	return true;
}

/* --- plans --- */

static void free_plan(struct weft_plan *plan)
{
	unsigned int i;

	for (i = 0; i < plan->exact; i++)
		if (plan->item[i].rule)
			weft_rule_put(plan->item[i].rule);
	kvfree_rcu(plan, rcu);
}

static struct weft_segment *find_segment(struct weft_nic *nic, u32 vni)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);

	return sw ? weft_segment_lookup(sw, vni) : NULL;
}

static int count_items(struct weft_nic *nic, u32 vni, u64 version)
{
	const struct weft_segment *segment;
	struct weft_plan_item item;
	struct walk walk;
	int count = 0;

	rcu_read_lock();
	segment = find_segment(nic, vni);
	if (!segment || weft_rules_version(segment) != version)
		count = -EAGAIN;
	else
		for (begin_walk(&walk, nic, segment); next_item(&walk, &item);)
			count++;
	rcu_read_unlock();
	return count;
}

/* Context: RCU. Return: whether these are still the same rules. */
static bool fill(struct weft_nic *nic, u32 vni, u64 version, int count,
		 struct weft_plan *plan)
{
	struct weft_segment *segment = find_segment(nic, vni);
	struct weft_plan_item item;
	struct walk walk;

	if (!segment || weft_rules_version(segment) != version)
		return false;
	begin_walk(&walk, nic, segment);
	while (next_item(&walk, &item)) {
		if (!count-- || (item.rule && !weft_rule_hold(item.rule)))
			return false;
		if (!weft_plan_add(plan, &item, walk.order) && item.rule)
			weft_rule_put(item.rule);
	}
	weft_plan_end(plan);
	return true;
}

/* Returns the plan, or -EAGAIN if the rules change meanwhile. */
static struct weft_plan *make_plan(struct weft_nic *nic, u32 vni, u64 version,
				   u32 room)
{
	struct weft_plan *plan;
	int count;
	bool same;

	count = count_items(nic, vni, version);
	if (count < 0)
		return ERR_PTR(count);
	plan = weft_plan_alloc(count, room);
	if (!plan)
		return ERR_PTR(-ENOMEM);
	rcu_read_lock();
	same = fill(nic, vni, version, count, plan);
	rcu_read_unlock();
	if (same)
		return plan;
	free_plan(plan);
	return ERR_PTR(-EAGAIN);
}

/* --- in the words of the hook --- */

static void fill_match(struct weft_nic_match *to, const struct weft_flow *from)
{
	ether_addr_copy(to->dst, from->dst);
	ether_addr_copy(to->src, from->src);
	to->type = from->type;
	to->tci = from->tci;
	to->kind = (from->kind & WEFT_FLOW_IP ? WEFT_NIC_MATCH_IP : 0) |
		   (from->kind & WEFT_FLOW_MULTICAST ?
		    WEFT_NIC_MATCH_MULTICAST : 0) |
		   (from->kind & WEFT_FLOW_BROADCAST ?
		    WEFT_NIC_MATCH_BROADCAST : 0) |
		   (from->kind & WEFT_FLOW_PORTS ? WEFT_NIC_MATCH_PORTS : 0);
	to->proto = from->proto;
	to->dscp = from->dscp;
	to->tcp_flags = from->tcp_flags;
	to->from = from->from;
	to->to = from->to;
}

static void fill_rule(struct weft_nic_rule *to,
		      const struct weft_plan_item *item)
{
	const struct weft_filter *filter = &item->filter;

	*to = (struct weft_nic_rule){
		.verdict = item->verdict,
		.from_vf = filter->mask.port,
		.vf = item->vf,
		.ports = filter->ports,
		.sport_low = filter->sport.low,
		.sport_high = filter->sport.high,
		.dport_low = filter->dport.low,
		.dport_high = filter->dport.high,
	};
	fill_match(&to->value, &filter->value);
	fill_match(&to->mask, &filter->mask);
}

static int set_rules(struct weft_nic *nic, u32 vni,
		     const struct weft_plan *plan)
{
	unsigned int i, count = plan ? plan->count : 0;
	struct weft_nic_rule *rules = NULL;
	int err;

	if (count) {
		rules = kvcalloc(count, sizeof(*rules), GFP_KERNEL);
		if (!rules)
			return -ENOMEM;
	}
	for (i = 0; i < count; i++)
		fill_rule(&rules[i], &plan->item[i]);
	err = nic->ops->set_rules(nic->pf, vni, rules, count);
	kvfree(rules);
	return err;
}

/* --- what they have counted --- */

static void count_item(struct weft_plan_item *item,
		       const struct weft_nic_rule *read)
{
	if (!item->rule || read->packets == item->packets)
		return;
	if (read->packets < item->packets)	/* it began anew */
		item->packets = item->bytes = 0;
	local_bh_disable();
	weft_stats_rx_many(item->rule->stats, read->packets - item->packets,
			   read->bytes - item->bytes);
	local_bh_enable();
	item->packets = read->packets;
	item->bytes = read->bytes;
}

static int count_plan(struct weft_nic *nic, u32 vni, struct weft_plan *plan)
{
	struct weft_nic_rule *rules;
	unsigned int i;
	int err;

	if (!plan->exact)
		return 0;
	rules = kvcalloc(plan->exact, sizeof(*rules), GFP_KERNEL);
	if (!rules)
		return -ENOMEM;
	err = nic->ops->read_rules(nic->pf, vni, rules, plan->exact);
	for (i = 0; !err && i < plan->exact; i++)
		count_item(&plan->item[i], &rules[i]);
	kvfree(rules);
	return err;
}

/* What the NIC's own limit refused is tried again. */
static bool was_refused(const struct weft_nic_vni *known)
{
	return known->in && known->rules_hw == WEFT_HW_REFUSED;
}

/**
 * weft_nic_count_rules() - see what rules have counted
 * @nic: the NIC
 *
 * Return: 0 or a negative errno.
 */
int weft_nic_count_rules(struct weft_nic *nic)
{
	struct weft_nic_vni *known;
	struct weft_plan *plan;
	unsigned long vni;
	int err;

	xa_for_each(&nic->vnis, vni, known) {
		if (was_refused(known)) {
			known->version = 0;
			weft_nic_mark_segment(nic, vni);
		}
		plan = plan_of(known);
		err = plan ? count_plan(nic, vni, plan) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* --- one plan for another --- */

static void set_plan(struct weft_nic *nic, struct weft_nic_vni *known,
		     struct weft_plan *plan)
{
	struct weft_plan *old = plan_of(known);

	WRITE_ONCE(nic->rules, nic->rules + (plan ? plan->count : 0) -
			       (old ? old->count : 0));
	rcu_assign_pointer(known->plan, plan);
	if (old)
		free_plan(old);
}

/* For how many there is room, beside those of other segments. */
static u32 room_for(const struct weft_nic *nic,
		    const struct weft_nic_vni *known)
{
	const struct weft_plan *plan = plan_of(known);
	u32 others = nic->rules - (plan ? plan->count : 0);

	if (!(nic->caps.features & WEFT_NIC_RULES))
		return 0;
	return nic->caps.rules - min(others, nic->caps.rules);
}

static bool is_complete(const struct weft_nic_vni *known)
{
	const struct weft_plan *plan = plan_of(known);

	return plan ? !plan->covered : !known->version;
}

/* There is room again for those that found too little. */
static void mark_starved(struct weft_nic *nic)
{
	struct weft_nic_vni *known;
	unsigned long vni;

	xa_for_each(&nic->vnis, vni, known)
		if (known->in && !is_complete(known))
			weft_nic_mark_segment(nic, vni);
}

/* Without a plan the host judges: @hw tells why. */
static void go_without(struct weft_nic *nic, struct weft_nic_vni *known,
		       u64 version, enum weft_hw hw)
{
	set_plan(nic, known, NULL);
	WRITE_ONCE(known->rules_hw, hw);
	WRITE_ONCE(known->version, version);
}

/**
 * weft_nic_forget_rules() - the NIC has none of a segment, nor will it
 * @nic: the NIC
 * @known: the segment
 */
void weft_nic_forget_rules(struct weft_nic *nic, struct weft_nic_vni *known)
{
	go_without(nic, known, 0, WEFT_HW_PENDING);
	known->loaded = false;
}

/** weft_nic_lose_rules() - likewise; others may have the room */
void weft_nic_lose_rules(struct weft_nic *nic, struct weft_nic_vni *known)
{
	bool had = plan_of(known);

	weft_nic_forget_rules(nic, known);
	if (had)
		mark_starved(nic);
}

/**
 * weft_nic_rules_stale() - are other rules wanted than those a NIC has?
 * @nic: the NIC
 * @known: the segment
 * @version: of what is wanted, 0 for none
 */
bool weft_nic_rules_stale(struct weft_nic *nic, struct weft_nic_vni *known,
			  u64 version)
{
	if (known->version != version || (known->loaded && !plan_of(known)))
		return true;
	return version && !is_complete(known) &&
	       room_for(nic, known) > known->room;
}

static void tell_placed(struct weft_nic *nic, u32 vni,
			const struct weft_plan *plan)
{
	struct weft_event event = {
		.type = WEFT_EVENT_NIC_RULES, .vni = vni,
		.placed = plan->wanted - plan->covered,
		.wanted = plan->wanted,
	};

	weft_offload_tell(nic, &event);
}

static int unload(struct weft_nic *nic, struct weft_nic_vni *known)
{
	int err = set_rules(nic, known->vni, NULL);

	if (!err)
		known->loaded = false;
	return err;
}

static int place(struct weft_nic *nic, struct weft_nic_vni *known, u64 version)
{
	struct weft_plan *plan;
	int err;

	known->room = room_for(nic, known);
	if (!known->room) {
		go_without(nic, known, version, WEFT_HW_FULL);
		return 0;
	}
	plan = make_plan(nic, known->vni, version, known->room);
	if (PTR_ERR_OR_ZERO(plan) == -EAGAIN) {
		weft_nic_mark_segment(nic, known->vni);
		return 0;
	}
	if (IS_ERR(plan))
		return PTR_ERR(plan);
	known->loaded = plan->count;
	err = set_rules(nic, known->vni, plan);
	if (err) {
		free_plan(plan);
		if (err != -ENOSPC)
			return err;
		go_without(nic, known, version, WEFT_HW_REFUSED);
		return unload(nic, known);
	}
	set_plan(nic, known, plan);
	WRITE_ONCE(known->rules_hw, WEFT_HW_FULL);
	WRITE_ONCE(known->version, version);
	tell_placed(nic, known->vni, plan);
	return 0;
}

/**
 * weft_nic_push_rules() - give a NIC the rules of a segment
 * @nic: the NIC
 * @known: the segment, of which the host judges all
 * @version: of the rules, 0 if there shall be none
 *
 * Return: 0 or a negative errno; there is no plan then.
 */
int weft_nic_push_rules(struct weft_nic *nic, struct weft_nic_vni *known,
			u64 version)
{
	struct weft_plan *old = plan_of(known);
	unsigned int had = old ? old->count : 0;
	int err = 0;

	if (old)
		count_plan(nic, known->vni, old);	/* or they are lost */
	go_without(nic, known, 0, WEFT_HW_PENDING);
	if (known->loaded)
		err = unload(nic, known);
	if (!err && version)
		err = place(nic, known, version);
	if (had && nic->rules < nic->caps.rules)
		mark_starved(nic);
	return err;
}

/* --- where a rule is --- */

/* Where one of @segment is with @nic, if it is among those of it. */
static enum weft_hw hw_in(const struct weft_nic_vni *known,
			  const struct weft_segment *segment,
			  const struct weft_rule *rule)
{
	const struct weft_plan *plan = rcu_dereference(known->plan);

	if (!READ_ONCE(known->in))
		return WEFT_HW_NO_SEGMENT;
	if (READ_ONCE(known->version) != weft_rules_version(segment))
		return READ_ONCE(known->judged) ? WEFT_HW_HOST :
						  WEFT_HW_PENDING;
	if (!plan)
		return READ_ONCE(known->rules_hw);
	if (verdict_of(rule) == WEFT_NIC_TO_JUDGE ||
	    rule->filter.value.kind & (WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER))
		return WEFT_HW_HOST;
	return order_of(rule->filter.pref, !rule->segment) <= plan->through ?
	       WEFT_HW_PRESENT : WEFT_HW_FULL;
}

/**
 * weft_nic_rule_hw() - where does a rule stand with a NIC?
 * @nic: the NIC
 * @rule: the rule
 *
 * One of the switch is there if it is so for all segments. Context: RTNL.
 *
 * Return: enum weft_hw, or -1 if the NIC has nothing to do with it.
 */
int weft_nic_rule_hw(struct weft_nic *nic, const struct weft_rule *rule)
{
	unsigned long vni = rule->segment ? rule->segment->vni : 0;
	unsigned long last = vni ?: ULONG_MAX;
	const struct weft_segment *segment;
	struct weft_nic_vni *known;
	int hw = -1;

	if (rule->port && rule->port->nic != nic)
		return -1;
	rcu_read_lock();
	xa_for_each_range(&nic->vnis, vni, known, vni, last) {
		segment = find_segment(nic, vni);
		if (!segment || !weft_want_rules(nic, segment))
			continue;
		hw = hw_in(known, segment, rule);
		if (hw != WEFT_HW_PRESENT)
			break;
	}
	rcu_read_unlock();
	return hw;
}
