// SPDX-License-Identifier: GPL-2.0
/*
 * Rules for a place that may not have room for all of them: as many of the first
 * as fit, and for the others a few that are coarser and have the host judge.
 */

#include <linux/bitops.h>
#include <linux/slab.h>

#include "plan.h"

#define UNREAD	(WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER)

/**
 * weft_plan_alloc() - begin a plan
 * @rules: how many will be added
 * @room: how many items there is room for, at least 1
 *
 * Context: process. Return: the plan or NULL.
 */
struct weft_plan *weft_plan_alloc(unsigned int rules, unsigned int room)
{
	unsigned int size = min(max(rules, 1), room);
	struct weft_plan *plan;

	plan = kvzalloc(struct_size(plan, item, size), GFP_KERNEL);
	if (!plan)
		return NULL;
	plan->room = size;
	if (rules > room)
		plan->reserve = min(DIV_ROUND_UP(room, 4), WEFT_PLAN_COVERS);
	return plan;
}

/* A port is named or it is not. */
static void mend_port(struct weft_filter *filter)
{
	if (filter->mask.port == U32_MAX)
		return;
	filter->mask.port = 0;
	filter->value.port = 0;
}

/* How many bits of @cover would have to go for it to match what @filter does. */
static unsigned int loss(const struct weft_filter *cover,
			 const struct weft_filter *filter)
{
	unsigned int i, bits = 0;
	u64 differ;

	for (i = 0; i < WEFT_FLOW_WORDS; i++) {
		differ = cover->value.word[i] ^ filter->value.word[i];
		bits += hweight64(cover->mask.word[i] &
				  (differ | ~filter->mask.word[i]));
	}
	return bits;
}

static void join_range(struct weft_range *range, const struct weft_range *with)
{
	range->low = min(range->low, with->low);
	range->high = max(range->high, with->high);
}

static void join(struct weft_filter *cover, const struct weft_filter *filter)
{
	unsigned int i;

	for (i = 0; i < WEFT_FLOW_WORDS; i++) {
		cover->mask.word[i] &= filter->mask.word[i] &
				       ~(cover->value.word[i] ^
					 filter->value.word[i]);
		cover->value.word[i] &= cover->mask.word[i];
	}
	mend_port(cover);
	cover->ports = cover->ports && filter->ports;
	if (!cover->ports)
		return;
	join_range(&cover->sport, &filter->sport);
	join_range(&cover->dport, &filter->dport);
}

/* Has the host judge what a rule concerns that there is no room for. */
static void cover(struct weft_plan *plan, const struct weft_plan_item *item)
{
	struct weft_plan_item *best = NULL, *at;
	unsigned int lost, least = UINT_MAX;

	plan->covered++;
	for (at = plan->item + plan->exact; at < plan->item + plan->count;
	     at++) {
		lost = loss(&at->filter, &item->filter);
		if (lost < least) {
			least = lost;
			best = at;
		}
	}
	if (best && (!least || plan->count == plan->room)) {
		join(&best->filter, &item->filter);
		return;
	}
	at = &plan->item[plan->count++];
	at->filter = item->filter;
	at->vf = item->vf;
	at->verdict = WEFT_NIC_TO_JUDGE;
}

/**
 * weft_plan_add() - add the next rule
 * @plan: the plan
 * @item: the rule
 * @order: of the rule, more than that of the one before
 *
 * A NIC gives all fragments to the host, if it judges at all: a rule for them needs
 * no room. Context: any; a pure function.
 *
 * Return: whether the plan has taken @item->rule.
 */
bool weft_plan_add(struct weft_plan *plan, const struct weft_plan_item *item,
		   u64 order)
{
	struct weft_plan_item *at;

	plan->wanted++;
	if (item->filter.value.kind & UNREAD) {
		plan->unread = true;
		if (!plan->covered)
			plan->through = order;
		return false;
	}
	if (plan->covered || plan->exact >= plan->room - plan->reserve) {
		cover(plan, item);
		return false;
	}
	at = &plan->item[plan->exact++];
	*at = *item;
	at->filter.mask.kind &= ~UNREAD;
	plan->count = plan->exact;
	plan->through = order;
	return at->rule;
}

/**
 * weft_plan_end() - all rules were added
 * @plan: the plan
 *
 * A NIC that has nothing to judge by does not read frames, and fragments neither.
 */
void weft_plan_end(struct weft_plan *plan)
{
	if (!plan->unread || plan->count)
		return;
	plan->item[plan->exact++].verdict = WEFT_NIC_ALLOW;
	plan->count = plan->exact;
}

/**
 * weft_plan_find() - the item that decides on a frame
 * @plan: the plan
 * @flow: what rules may match of the frame
 *
 * Context: any; RCU for the plan. Return: the item, or NULL if it is allowed.
 */
const struct weft_plan_item *weft_plan_find(const struct weft_plan *plan,
					    const struct weft_flow *flow)
{
	unsigned int i;

	for (i = 0; i < plan->count; i++)
		if (weft_filter_matches(&plan->item[i].filter, flow))
			return &plan->item[i];
	return NULL;
}
