// SPDX-License-Identifier: GPL-2.0
/* Requests about rules. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "netlink.h"
#include "nic.h"
#include "port.h"
#include "rule.h"
#include "rule_match.h"
#include "segment.h"

#define KEY	(BIT(WEFT_A_RULE_VNI) | BIT(WEFT_A_RULE_PREF))
#define RULE	(GENMASK_ULL(WEFT_A_RULE_FRAG, WEFT_A_RULE_VNI) | \
		 BIT_ULL(WEFT_A_RULE_VIA) | BIT_ULL(WEFT_A_RULE_CLASS) | \
		 BIT_ULL(WEFT_A_RULE_RATE) | BIT_ULL(WEFT_A_RULE_BURST) | \
		 BIT_ULL(WEFT_A_RULE_REQUIRE))
#define MODES	(BIT(WEFT_MODE_ADD) | BIT(WEFT_MODE_EXCLUSIVE) | \
		 BIT(WEFT_MODE_REPLACE))

/* Whose rules, NULL for the switch's. */
static int read_segment(struct weft_switch *sw, const struct nlattr *nest,
			const struct nlattr *vni, u16 type,
			struct weft_segment **segment,
			struct netlink_ext_ack *extack)
{
	*segment = NULL;
	if (!vni)
		return 0;
	*segment = weft_nl_segment(sw, nest, vni, type, extack);
	return PTR_ERR_OR_ZERO(*segment);
}

static struct weft_rule *alloc(struct weft_switch *sw,
			       struct weft_segment *segment,
			       const struct nlattr *nest, struct nlattr **tb,
			       struct netlink_ext_ack *extack)
{
	struct weft_port *port = NULL;
	struct weft_rule *rule;

	if (tb[WEFT_A_RULE_VF] && !tb[WEFT_A_RULE_PORT])
		return ERR_PTR(weft_nl_missing(extack, nest,
					       WEFT_A_RULE_PORT));
	if (tb[WEFT_A_RULE_PORT])
		port = weft_nl_port(sw, nest, tb[WEFT_A_RULE_PORT],
				    tb[WEFT_A_RULE_VF], WEFT_A_RULE_PORT,
				    extack);
	if (IS_ERR(port))
		return ERR_CAST(port);
	rule = weft_rule_alloc(sw, segment, port);
	return rule ?: ERR_PTR(-ENOMEM);
}

static int check_action(const struct weft_rule *rule,
			const struct nlattr *nest, struct nlattr **tb,
			struct netlink_ext_ack *extack)
{
	if (tb[WEFT_A_RULE_BURST] && !rule->limit.rate) {
		NL_SET_ERR_MSG_ATTR(extack, tb[WEFT_A_RULE_BURST],
				    "A burst needs the rate");
		return -EINVAL;
	}
	if (rule->action == WEFT_ACTION_DENY &&
	    (rule->via || rule->class || rule->limit.rate || rule->require)) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "What is denied goes no way, and has no class and rate");
		return -EINVAL;
	}
	if (rule->require && rule->via == WEFT_VIA_VEPA) {
		NL_SET_ERR_MSG_ATTR(extack, tb[WEFT_A_RULE_REQUIRE],
				    "The adjacent switch does not get it encrypted");
		return -EINVAL;
	}
	if (rule->via == WEFT_VIA_VEPA && rule->segment &&
	    !weft_segment_relays(rule->segment)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[WEFT_A_RULE_VIA],
				    "VEPA needs an uplink port with relay on, or a relay-vtep");
		return -EINVAL;
	}
	return 0;
}

static struct weft_rule *read_rule(struct weft_switch *sw,
				   struct weft_segment *segment,
				   const struct nlattr *nest,
				   struct nlattr **tb,
				   struct netlink_ext_ack *extack)
{
	struct weft_rule *rule;
	int err;

	if (!tb[WEFT_A_RULE_PREF])
		return ERR_PTR(weft_nl_missing(extack, nest,
					       WEFT_A_RULE_PREF));
	if (!tb[WEFT_A_RULE_ACTION])
		return ERR_PTR(weft_nl_missing(extack, nest,
					       WEFT_A_RULE_ACTION));
	rule = alloc(sw, segment, nest, tb, extack);
	if (IS_ERR(rule))
		return rule;
	rule->filter.pref = nla_get_u32(tb[WEFT_A_RULE_PREF]);
	rule->action = nla_get_u32(tb[WEFT_A_RULE_ACTION]);
	if (tb[WEFT_A_RULE_VIA])
		rule->via = nla_get_u32(tb[WEFT_A_RULE_VIA]);
	if (tb[WEFT_A_RULE_CLASS])
		rule->class = nla_get_u32(tb[WEFT_A_RULE_CLASS]);
	if (tb[WEFT_A_RULE_REQUIRE])
		rule->require = nla_get_u32(tb[WEFT_A_RULE_REQUIRE]);
	if (tb[WEFT_A_RULE_RATE])
		weft_limit_set(&rule->limit,
			       nla_get_u64(tb[WEFT_A_RULE_RATE]),
			       tb[WEFT_A_RULE_BURST] ?
			       nla_get_u32(tb[WEFT_A_RULE_BURST]) : 0);
	err = check_action(rule, nest, tb, extack);
	if (err)
		goto free;
	err = weft_nl_read_match(nest, tb, &rule->filter, extack);
	if (!err)
		return rule;
free:
	weft_rule_free(rule);
	return ERR_PTR(err);
}

int weft_nl_rule_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_RULE];
	struct weft_switch *sw = weft_nl_switch(info);
	struct nlattr *tb[WEFT_A_RULE_MAX + 1];
	struct weft_segment *segment;
	struct weft_rule *rule;
	enum weft_mode mode;
	int err;

	err = weft_nl_mode(info, MODES, &mode);
	err = err ?: weft_nl_nest(info, WEFT_A_RULE, tb, WEFT_A_RULE_MAX,
				  RULE, 0);
	err = err ?: read_segment(sw, nest, tb[WEFT_A_RULE_VNI],
				  WEFT_A_RULE_VNI, &segment, info->extack);
	if (err)
		return err;
	rule = read_rule(sw, segment, nest, tb, info->extack);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	err = weft_rule_add(rule, mode, info->extack);
	if (!err)
		return 0;
	weft_nl_blame(info->extack, err == -EEXIST ? tb[WEFT_A_RULE_PREF] :
						     nest);
	weft_rule_free(rule);
	return err;
}

static struct weft_rule *find(struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_RULE];
	struct weft_switch *sw = weft_nl_switch(info);
	struct nlattr *tb[WEFT_A_RULE_MAX + 1];
	struct weft_segment *segment;
	struct weft_rule *rule;
	int err;

	err = weft_nl_nest(info, WEFT_A_RULE, tb, WEFT_A_RULE_MAX, KEY, 0);
	err = err ?: read_segment(sw, nest, tb[WEFT_A_RULE_VNI],
				  WEFT_A_RULE_VNI, &segment, info->extack);
	if (!err && !tb[WEFT_A_RULE_PREF])
		err = weft_nl_missing(info->extack, nest, WEFT_A_RULE_PREF);
	if (err)
		return ERR_PTR(err);
	rule = weft_rule_find(sw, segment, nla_get_u32(tb[WEFT_A_RULE_PREF]));
	if (rule)
		return rule;
	NL_SET_ERR_MSG_ATTR(info->extack, tb[WEFT_A_RULE_PREF],
			    "No such rule");
	return ERR_PTR(-ENOENT);
}

int weft_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct weft_rule *rule = find(info);

	if (IS_ERR(rule))
		return PTR_ERR(rule);
	return weft_rule_del(rule, info->extack);
}

/* --- a set --- */

static unsigned int count_rules(const struct genl_info *info)
{
	const struct nlattr *attr;
	unsigned int count = 0;
	int rem;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem)
		count += nla_type(attr) == WEFT_A_RULE;
	return count;
}

static struct weft_rule *read_one(struct genl_info *info,
				  struct weft_segment *segment,
				  const struct nlattr *nest)
{
	struct nlattr *tb[WEFT_A_RULE_MAX + 1];
	int err;

	err = weft_nl_parse(tb, WEFT_A_RULE_MAX, nest,
			    RULE & ~BIT(WEFT_A_RULE_VNI), 0, info->extack);
	if (err)
		return ERR_PTR(err);
	return read_rule(weft_nl_switch(info), segment, nest, tb,
			 info->extack);
}

/* Returns how many were read, or an error. */
static int read_rules(struct genl_info *info, struct weft_segment *segment,
		      struct weft_rule **rules)
{
	const struct nlattr *attr;
	struct weft_rule *rule;
	int rem, n = 0;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rem) {
		if (nla_type(attr) != WEFT_A_RULE)
			continue;
		rule = read_one(info, segment, attr);
		if (IS_ERR(rule)) {
			while (n)
				weft_rule_free(rules[--n]);
			return PTR_ERR(rule);
		}
		rules[n++] = rule;
		cond_resched();
	}
	return n;
}

static int replace(struct genl_info *info, struct weft_segment *segment,
		   struct weft_rule **rules)
{
	int n, err;

	n = read_rules(info, segment, rules);
	if (n < 0)
		return n;
	err = weft_rules_replace(weft_nl_switch(info), segment, rules, n,
				 info->extack);
	if (err)
		while (n)
			weft_rule_free(rules[--n]);
	return err;
}

/* Whose set shall be replaced? */
static int read_set(struct genl_info *info, struct weft_segment **segment)
{
	const struct nlattr *nest = info->attrs[WEFT_A_RULES];
	struct nlattr *tb[WEFT_A_RULES_MAX + 1];
	int err;

	*segment = NULL;
	if (!nest)
		return 0;
	err = weft_nl_parse(tb, WEFT_A_RULES_MAX, nest,
			    BIT(WEFT_A_RULES_VNI), 0, info->extack);
	return err ?: read_segment(weft_nl_switch(info), nest,
				   tb[WEFT_A_RULES_VNI], WEFT_A_RULES_VNI,
				   segment, info->extack);
}

int weft_nl_rule_replace_doit(struct sk_buff *skb, struct genl_info *info)
{
	unsigned int count = count_rules(info);
	struct weft_segment *segment;
	struct weft_rule **rules;
	int err;

	err = read_set(info, &segment);
	if (err)
		return err;
	if (count > WEFT_RULES_MAX) {
		NL_SET_ERR_MSG_FMT(info->extack, "A set has at most %u rules",
				   WEFT_RULES_MAX);
		return -ENOSPC;
	}
	rules = kvmalloc_array(count, sizeof(*rules), GFP_KERNEL);
	if (!rules)
		return -ENOMEM;
	err = replace(info, segment, rules);
	kvfree(rules);
	return err;
}

/* --- answers --- */

static int put_key(struct sk_buff *skb, const struct weft_rule *rule)
{
	if (rule->segment &&
	    nla_put_u32(skb, WEFT_A_RULE_VNI, rule->segment->vni))
		return -EMSGSIZE;
	if (nla_put_u32(skb, WEFT_A_RULE_PREF, rule->filter.pref))
		return -EMSGSIZE;
	if (!rule->port)
		return 0;
	if (nla_put_u32(skb, WEFT_A_RULE_PORT, rule->port->dev->ifindex))
		return -EMSGSIZE;
	return rule->port->nic ?
	       nla_put_u16(skb, WEFT_A_RULE_VF, rule->port->vf) : 0;
}

/* How what is allowed goes. */
static int put_way(struct sk_buff *skb, const struct weft_rule *rule)
{
	if (rule->via && nla_put_u32(skb, WEFT_A_RULE_VIA, rule->via))
		return -EMSGSIZE;
	if (rule->class && nla_put_u32(skb, WEFT_A_RULE_CLASS, rule->class))
		return -EMSGSIZE;
	if (rule->require &&
	    nla_put_u32(skb, WEFT_A_RULE_REQUIRE, rule->require))
		return -EMSGSIZE;
	if (!rule->limit.rate)
		return 0;
	if (nla_put_u64_64bit(skb, WEFT_A_RULE_RATE, rule->limit.rate,
			      WEFT_A_RULE_PAD))
		return -EMSGSIZE;
	return nla_put_u32(skb, WEFT_A_RULE_BURST, rule->limit.burst);
}

/* Where it stands with the NICs of its switch. */
static int put_nics(struct sk_buff *skb, const struct weft_rule *rule)
{
	struct weft_nic *nic;
	int hw;

	list_for_each_entry(nic, &weft_nics, node) {
		if (rcu_access_pointer(nic->sw) != rule->sw)
			continue;
		hw = weft_nic_rule_hw(nic, rule);
		if (hw >= 0 && weft_nl_put_hw(skb, WEFT_A_RULE_HW, nic, hw, 0))
			return -EMSGSIZE;
	}
	return 0;
}

/* See weft_nl_fill_fn. Context: RTNL. */
int weft_nl_fill_rule(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_rule *rule = object;
	struct nlattr *nest;

	nest = nla_nest_start(skb, WEFT_A_RULE);
	if (!nest || put_key(skb, rule) ||
	    weft_nl_put_match(skb, &rule->filter) ||
	    nla_put_u32(skb, WEFT_A_RULE_ACTION, rule->action) ||
	    put_way(skb, rule) || put_nics(skb, rule) ||
	    weft_nl_put_stats(skb, WEFT_A_RULE_STATS, rule->stats))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int weft_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct weft_rule *rule = find(info);

	if (IS_ERR(rule))
		return PTR_ERR(rule);
	return weft_nl_reply(info, weft_nl_fill_rule, rule);
}

/* How far a dump has come: rules of @vni (those of the switch are of 0) from
 * @pref on.
 */
struct progress {
	unsigned long vni;
	u64 pref;
};

static int dump_set(struct sk_buff *skb, const struct weft_nl_head *head,
		    const struct weft_classifier *rules,
		    struct progress *progress)
{
	const struct weft_rule *rule;
	unsigned int i;
	u32 part = 0;
	int err;

	for (i = 0; rules && i < rules->count; i++) {
		rule = weft_filter_rule(rules->filter[i]);
		if (rule->dead || rule->filter.pref < progress->pref)
			continue;
		err = weft_nl_put(skb, head, weft_nl_fill_rule, rule, &part);
		if (err) {
			progress->pref = rule->filter.pref;
			return err;
		}
	}
	progress->pref = 0;
	return 0;
}

static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct progress *progress = (struct progress *)cb->ctx;
	struct weft_segment *segment;
	struct weft_nl_head head;
	struct weft_switch *sw;
	unsigned long vni;
	int err;

	sw = weft_nl_find(genl_info_dump(cb));
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	weft_nl_dump_head(cb, sw, &head);
	cb->seq = weft_nl_rule_seq();
	if (!progress->vni) {
		err = dump_set(skb, &head, rtnl_dereference(sw->rules),
			       progress);
		if (err)
			return err;
	}
	xa_for_each_start(&sw->segments, vni, segment, progress->vni) {
		progress->vni = vni;
		err = dump_set(skb, &head, rtnl_dereference(segment->rules),
			       progress);
		if (err)
			return err;
	}
	progress->vni = WEFT_VNI_MAX + 1;
	return 0;
}

int weft_nl_rule_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int err;

	rtnl_lock();
	err = dump(skb, cb);
	rtnl_unlock();
	return err;
}
