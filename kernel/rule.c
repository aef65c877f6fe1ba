// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: of a switch and of each segment, in their order. A set of them never
 * changes under the packet path; a new one takes its place.
 */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "event.h"
#include "rule.h"

static void tell(const struct weft_rule *rule, enum weft_event_kind type)
{
	struct weft_event event = {
		.type = type, .sw = rule->sw, .rule = rule,
	};

	weft_event(&event);
}

static void tell_set(struct weft_switch *sw, struct weft_segment *segment)
{
	struct weft_event event = {
		.type = WEFT_EVENT_RULES, .sw = sw, .segment = segment,
	};

	weft_event(&event);
}

/* Where the rules of the segment are, or if it is NULL those of the switch. */
static struct weft_classifier __rcu **place(struct weft_switch *sw,
					    struct weft_segment *segment)
{
	return segment ? &segment->rules : &sw->rules;
}

/* --- one rule --- */

/**
 * weft_rule_alloc() - make a rule that matches all
 * @sw: the switch
 * @segment: whose frames alone it judges, or NULL
 * @port: the port whose frames alone it judges, or NULL
 *
 * Context: RTNL, may sleep. Return: the rule, to be filled in and added or
 * freed, or NULL.
 */
struct weft_rule *weft_rule_alloc(struct weft_switch *sw,
				  struct weft_segment *segment,
				  struct weft_port *port)
{
	struct weft_rule *rule = kzalloc(sizeof(*rule), GFP_KERNEL_ACCOUNT);

	if (!rule)
		return NULL;
	rule->stats = weft_stats_alloc(GFP_KERNEL_ACCOUNT);
	if (!rule->stats) {
		kfree(rule);
		return NULL;
	}
	refcount_set(&rule->ref, 1);
	rule->sw = sw;
	rule->segment = segment;
	rule->port = port;
	if (port) {
		rule->filter.value.port = port->number;
		rule->filter.mask.port = U32_MAX;
	}
	return rule;
}

/** weft_rule_free() - free a rule that was not added */
void weft_rule_free(struct weft_rule *rule)
{
	free_percpu(rule->stats);
	kfree(rule);
}

static void free_rule(struct rcu_head *rcu)
{
	weft_rule_free(container_of(rcu, struct weft_rule, rcu));
}

/**
 * weft_rule_hold() - keep a rule for its counters, be it in force or not
 * @rule: the rule, which is in a set
 *
 * Context: RCU. Return: whether that is so; else it goes.
 */
bool weft_rule_hold(struct weft_rule *rule)
{
	return refcount_inc_not_zero(&rule->ref);
}

/** weft_rule_put() - the reverse; frees it after a grace period; context: any */
void weft_rule_put(struct weft_rule *rule)
{
	if (refcount_dec_and_test(&rule->ref))
		call_rcu(&rule->rcu, free_rule);
}

/* --- whom they concern --- */

static void tell_ruled(struct weft_segment *segment)
{
	struct weft_event event = {
		.type = WEFT_EVENT_RULED, .sw = segment->sw,
		.segment = segment,
	};

	weft_event(&event);
}

static bool is_ruled(const struct weft_segment *segment)
{
	return segment->sw->ruled || rcu_access_pointer(segment->rules);
}

static void set_ruled(struct weft_segment *segment, bool ruled)
{
	if (segment->ruled == ruled)
		return;
	WRITE_ONCE(segment->ruled, ruled);
	weft_segment_inspect(segment);
	tell_ruled(segment);
}

static void set_port_ruled(struct weft_port *port, bool ruled)
{
	struct weft_port_vlan *pv;
	unsigned long vid;

	if (!!(port->flags & WEFT_END_RULED) == ruled)
		return;
	WRITE_ONCE(port->flags, port->flags ^ WEFT_END_RULED);
	pv = rtnl_dereference(port->untagged);
	if (pv)
		tell_ruled(pv->segment);
	xa_for_each(&port->vlans, vid, pv)
		tell_ruled(pv->segment);
}

/* Of all ports and segments, those that are @ruled. */
static void mark(struct weft_switch *sw, bool ruled)
{
	struct weft_segment *segment;
	struct weft_port *port;
	unsigned long vni;

	list_for_each_entry(port, &sw->ports, node)
		if (port->ruled == ruled)
			set_port_ruled(port, ruled);
	xa_for_each(&sw->segments, vni, segment)
		if (is_ruled(segment) == ruled)
			set_ruled(segment, ruled);
}

/* Every frame of the switch, or only those of some ports? Where one thing takes
 * the other's place, there is no moment with neither.
 */
static void mark_all(struct weft_switch *sw)
{
	const struct weft_classifier *rules = rtnl_dereference(sw->rules);
	const struct weft_rule *rule;
	struct weft_port *port;
	unsigned int i;

	sw->ruled = false;
	list_for_each_entry(port, &sw->ports, node)
		port->ruled = false;
	for (i = 0; rules && i < rules->count; i++) {
		rule = weft_filter_rule(rules->filter[i]);
		if (rule->dead)
			continue;
		if (rule->port)
			rule->port->ruled = true;
		else
			sw->ruled = true;
	}
	mark(sw, true);
	mark(sw, false);
}

/* --- sets --- */

/* Who has compiled the set sees that it has changed; see weft_rules_version(). */
static void count_change(struct weft_switch *sw, struct weft_segment *segment)
{
	u32 *version = segment ? &segment->rules_version : &sw->rules_version;

	smp_store_release(version, *version + 1);	/* behind the set */
}

/* Frees a set that nobody finds any more, after a grace period, and of its rules
 * those that are dead, or all.
 */
static void dispose(struct weft_classifier *old, bool all)
{
	struct weft_rule *rule;
	unsigned int i;

	for (i = 0; old && i < old->count; i++) {
		rule = weft_filter_rule(old->filter[i]);
		if (all || rule->dead)
			weft_rule_put(rule);
	}
	weft_classifier_free_rcu(old);
}

/* Puts a set in the place of another, which is returned. */
static struct weft_classifier *publish(struct weft_switch *sw,
				       struct weft_segment *segment,
				       struct weft_classifier *rules)
{
	struct weft_classifier *old;

	old = rcu_replace_pointer(*place(sw, segment), rules,
				  lockdep_rtnl_is_held());
	count_change(sw, segment);
	if (segment)
		set_ruled(segment, is_ruled(segment));
	else
		mark_all(sw);
	return old;
}

/* Builds what is to take the place of @old: without those that are dead, without
 * @out, and with @in, each of which may be NULL. NULL if that is nothing.
 */
static struct weft_classifier *
rebuild(const struct weft_classifier *old, const struct weft_rule *out,
	const struct weft_rule *in, struct netlink_ext_ack *extack)
{
	struct weft_classifier *rules;
	const struct weft_rule *rule;
	unsigned int i, n = 0;
	int err;

	rules = weft_classifier_alloc((old ? old->count : 0) + !!in);
	if (!rules)
		return ERR_PTR(-ENOMEM);
	for (i = 0; old && i < old->count; i++) {
		rule = weft_filter_rule(old->filter[i]);
		if (rule->dead || rule == out)
			continue;
		if (in && in->filter.pref < rule->filter.pref) {
			rules->filter[n++] = &in->filter;
			in = NULL;
		}
		rules->filter[n++] = &rule->filter;
	}
	if (in)
		rules->filter[n++] = &in->filter;
	rules->count = n;
	if (!n) {
		weft_classifier_free(rules);
		return NULL;
	}
	err = weft_classifier_build(rules, extack);
	if (!err)
		return rules;
	weft_classifier_free(rules);
	return ERR_PTR(err);
}

static int change(struct weft_switch *sw, struct weft_segment *segment,
		  const struct weft_rule *out, const struct weft_rule *in,
		  struct netlink_ext_ack *extack)
{
	struct weft_classifier *old = rtnl_dereference(*place(sw, segment));
	struct weft_classifier *rules = rebuild(old, out, in, extack);

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	dispose(publish(sw, segment, rules), false);
	return 0;
}

/**
 * weft_rules_count() - how many there are
 * @classifier: the set, may be NULL
 *
 * Context: RTNL.
 */
unsigned int weft_rules_count(const struct weft_classifier *classifier)
{
	unsigned int i, n = 0;

	for (i = 0; classifier && i < classifier->count; i++)
		n += !weft_filter_rule(classifier->filter[i])->dead;
	return n;
}

/**
 * weft_rule_find() - find a rule
 * @sw: the switch
 * @segment: whose it is, NULL for the switch
 * @pref: its place
 *
 * Context: RTNL. Return: the rule or NULL.
 */
struct weft_rule *weft_rule_find(struct weft_switch *sw,
				 struct weft_segment *segment, u32 pref)
{
	struct weft_classifier *rules = rtnl_dereference(*place(sw, segment));
	unsigned int low = 0, high = rules ? rules->count : 0, mid;
	struct weft_rule *rule;

	while (low < high) {
		mid = (low + high) / 2;
		rule = weft_filter_rule(rules->filter[mid]);
		if (rule->filter.pref == pref)
			return rule->dead ? NULL : rule;
		if (rule->filter.pref < pref)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool is_same(const struct weft_rule *a, const struct weft_rule *b)
{
	return a->action == b->action && a->via == b->via &&
	       a->class == b->class && a->require == b->require &&
	       a->limit.rate == b->limit.rate &&
	       a->limit.burst == b->limit.burst &&
	       a->port == b->port &&
	       !memcmp(&a->filter, &b->filter, sizeof(a->filter));
}

/**
 * weft_rule_add() - add a rule
 * @rule: the rule; consumed unless there is an error
 * @mode: what to do where there is one with this pref
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep.
 *
 * Return: 0, -EEXIST, -ENOSPC or -ENOMEM; nothing is changed then.
 */
int weft_rule_add(struct weft_rule *rule, enum weft_mode mode,
		  struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = rule->sw;
	struct weft_rule *old;
	int err;

	ASSERT_RTNL();
	old = weft_rule_find(sw, rule->segment, rule->filter.pref);
	if (old && mode == WEFT_MODE_ADD && is_same(old, rule)) {
		weft_rule_free(rule);
		return 0;
	}
	if (old && mode != WEFT_MODE_REPLACE) {
		NL_SET_ERR_MSG(extack, "There is a rule with this pref");
		return -EEXIST;
	}
	if (!old && weft_rules_count(rtnl_dereference(*place(sw,
					rule->segment))) >= WEFT_RULES_MAX) {
		NL_SET_ERR_MSG_FMT(extack, "A set has at most %u rules",
				   WEFT_RULES_MAX);
		return -ENOSPC;
	}
	err = change(sw, rule->segment, old, rule, extack);
	if (err)
		return err;
	if (old)
		weft_rule_put(old);
	tell(rule, WEFT_EVENT_RULE_NEW);
	return 0;
}

/**
 * weft_rule_del() - delete a rule
 * @rule: the rule
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or -ENOMEM; nothing is changed then.
 */
int weft_rule_del(struct weft_rule *rule, struct netlink_ext_ack *extack)
{
	int err;

	ASSERT_RTNL();
	err = change(rule->sw, rule->segment, rule, NULL, extack);
	if (err)
		return err;
	tell(rule, WEFT_EVENT_RULE_DEL);
	weft_rule_put(rule);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct weft_filter *const *x = a, *const *y = b;

	return (*x)->pref < (*y)->pref ? -1 : (*x)->pref > (*y)->pref;
}

static int check_order(const struct weft_classifier *rules,
		       struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 1; i < rules->count; i++) {
		if (rules->filter[i - 1]->pref != rules->filter[i]->pref)
			continue;
		NL_SET_ERR_MSG_FMT(extack, "Two rules have the pref %u",
				   rules->filter[i]->pref);
		return -EINVAL;
	}
	return 0;
}

static struct weft_classifier *build(struct weft_rule **rule,
				     unsigned int count,
				     struct netlink_ext_ack *extack)
{
	struct weft_classifier *rules;
	unsigned int i;
	int err;

	if (!count)
		return NULL;
	rules = weft_classifier_alloc(count);
	if (!rules)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++)
		rules->filter[i] = &rule[i]->filter;
	sort(rules->filter, count, sizeof(rules->filter[0]), compare, NULL);
	err = check_order(rules, extack);
	if (!err)
		err = weft_classifier_build(rules, extack);
	if (!err)
		return rules;
	weft_classifier_free(rules);
	return ERR_PTR(err);
}

/**
 * weft_rules_replace() - put other rules in the place of all there are
 * @sw: the switch
 * @segment: whose rules, NULL for those of the switch
 * @rules: the new ones; consumed unless there is an error
 * @count: how many
 * @extack: gets the sentence of a refusal
 *
 * A frame is judged either by the old ones or by the new ones. Context: RTNL,
 * may sleep.
 *
 * Return: 0, -EINVAL, -ENOSPC or -ENOMEM; nothing is changed then.
 */
int weft_rules_replace(struct weft_switch *sw, struct weft_segment *segment,
		       struct weft_rule **rules, unsigned int count,
		       struct netlink_ext_ack *extack)
{
	struct weft_classifier *new;

	ASSERT_RTNL();
	new = build(rules, count, extack);
	if (IS_ERR(new))
		return PTR_ERR(new);
	dispose(publish(sw, segment, new), true);
	tell_set(sw, segment);
	return 0;
}

/* --- the packet path --- */

/**
 * weft_rules_version() - changes with the rules that concern a segment
 * @segment: the segment
 *
 * Context: RCU. Whoever reads it and then the rules has these or newer ones.
 */
u64 weft_rules_version(const struct weft_segment *segment)
{
	/* pairs with count_change(): the sets are read after it */
	u64 shared = smp_load_acquire(&segment->sw->rules_version);
	u32 own = smp_load_acquire(&segment->rules_version);	/* likewise */

	return shared << 32 | own;
}

/**
 * weft_rules_first() - the rule that judges a frame
 * @sw: the switch
 * @segment: the frame's segment
 * @flow: what rules may match of it
 *
 * Context: RCU. Return: the rule, or NULL if none matches.
 */
struct weft_rule *weft_rules_first(const struct weft_switch *sw,
				   const struct weft_segment *segment,
				   const struct weft_flow *flow)
{
	const struct weft_filter *own = NULL, *shared = NULL;
	const struct weft_classifier *rules;

	rules = rcu_dereference(segment->rules);
	if (rules)
		own = weft_classify(rules, flow);
	rules = rcu_dereference(sw->rules);
	if (rules)
		shared = weft_classify(rules, flow);
	if (shared && (!own || shared->pref < own->pref))
		own = shared;
	return own ? weft_filter_rule(own) : NULL;
}

/* --- what goes --- */

static void forget_port_in(struct weft_switch *sw,
			   struct weft_segment *segment,
			   const struct weft_port *port)
{
	const struct weft_classifier *rules;
	struct weft_rule *rule;
	unsigned int i;

	rules = rtnl_dereference(*place(sw, segment));

	for (i = 0; rules && i < rules->count; i++) {
		rule = weft_filter_rule(rules->filter[i]);
		if (rule->port != port)
			continue;
		count_change(sw, segment);
		tell(rule, WEFT_EVENT_RULE_DEL);
		rule->port = NULL;
		rule->dead = true;
	}
}

/* No port has its number again, so nothing matches what judges its frames. The
 * next change of the set takes that out: here there may be no memory for it.
 */
static void forget_port(struct weft_switch *sw, const struct weft_port *port)
{
	struct weft_segment *segment;
	unsigned long vni;

	forget_port_in(sw, NULL, port);
	xa_for_each(&sw->segments, vni, segment)
		forget_port_in(sw, segment, port);
}

static void clear(struct weft_classifier __rcu **where)
{
	dispose(rcu_replace_pointer(*where, NULL, lockdep_rtnl_is_held()),
		true);
}

/** weft_rules_destroy() - the switch goes; context: RTNL */
void weft_rules_destroy(struct weft_switch *sw)
{
	clear(&sw->rules);
}

static int notify(struct notifier_block *nb, unsigned long kind, void *data)
{
	struct weft_event *event = data;

	switch (kind) {
	case WEFT_EVENT_PORT_DEL:
		forget_port(event->sw, event->port);
		break;
	case WEFT_EVENT_SEGMENT_GONE:	/* until then they judge */
		clear(&((struct weft_segment *)event->segment)->rules);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/** weft_rules_module_init() - returns 0 or an error */
int __init weft_rules_module_init(void)
{
	return weft_event_register(&notifier);
}

/** weft_rules_module_exit() - the reverse; all rules have gone */
void weft_rules_module_exit(void)
{
	weft_event_unregister(&notifier);
}
