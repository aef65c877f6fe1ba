/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_RULE_H
#define _WEFT_RULE_H

#include "classifier.h"
#include "limit.h"
#include "port.h"
#include "segment.h"
#include "stats.h"
#include "switch.h"

/**
 * struct weft_rule - what becomes of which frames
 * @filter: which
 * @action: enum weft_action
 * @via: enum weft_via
 * @class: enum weft_class
 * @require: enum weft_require
 * @limit: of what it allows
 * @sw: the switch
 * @segment: whose frames alone it judges, NULL for those of all; RTNL
 * @port: the port whose frames alone it judges, NULL for any; RTNL
 * @dead: the port has gone, so nothing matches any more; RTNL
 * @stats: the frames that it has judged (rx)
 * @ref: the set's, and those of the plans of NICs
 * @rcu: frees it
 *
 * Does not change but for @dead and how full @limit is: another takes its place.
 */
struct weft_rule {
	struct weft_filter filter;
	u8 action;
	u8 via;
	u8 class;
	u8 require;
	struct weft_limit limit;
	struct weft_switch *sw;
	struct weft_segment *segment;
	struct weft_port *port;
	bool dead;
	struct weft_stats __percpu *stats;
	refcount_t ref;
	struct rcu_head rcu;
};

static inline struct weft_rule *
weft_filter_rule(const struct weft_filter *filter)
{
	return container_of(filter, struct weft_rule, filter);
}

int weft_rules_module_init(void);
void weft_rules_module_exit(void);
void weft_rules_destroy(struct weft_switch *sw);

struct weft_rule *weft_rule_alloc(struct weft_switch *sw,
				  struct weft_segment *segment,
				  struct weft_port *port);
void weft_rule_free(struct weft_rule *rule);
bool weft_rule_hold(struct weft_rule *rule);
void weft_rule_put(struct weft_rule *rule);
struct weft_rule *weft_rule_find(struct weft_switch *sw,
				 struct weft_segment *segment, u32 pref);
int weft_rule_add(struct weft_rule *rule, enum weft_mode mode,
		  struct netlink_ext_ack *extack);
int weft_rule_del(struct weft_rule *rule, struct netlink_ext_ack *extack);
int weft_rules_replace(struct weft_switch *sw, struct weft_segment *segment,
		       struct weft_rule **rules, unsigned int count,
		       struct netlink_ext_ack *extack);
u64 weft_rules_version(const struct weft_segment *segment);
unsigned int weft_rules_count(const struct weft_classifier *classifier);
struct weft_rule *weft_rules_first(const struct weft_switch *sw,
				   const struct weft_segment *segment,
				   const struct weft_flow *flow);

#endif /* _WEFT_RULE_H */
