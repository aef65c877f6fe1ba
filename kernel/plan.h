/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_PLAN_H
#define _WEFT_PLAN_H

#include <net/weft_offload.h>

#include "classifier.h"

/* The most items that stand for rules which there is no room for */
#define WEFT_PLAN_COVERS 8

/**
 * struct weft_plan_item - what is to become of some frames
 * @filter: which; its order is that of the items
 * @verdict: enum weft_nic_verdict
 * @vf: which VF must have sent them, if @filter asks for a port
 * @rule: the rule that this is, whose reference is the plan's; NULL if it stands
 *	for others, or has the host judge
 * @packets: what the NIC had counted when it was last asked; its worker
 * @bytes: likewise
 */
struct weft_plan_item {
	struct weft_filter filter;
	u8 verdict;
	u16 vf;
	struct weft_rule *rule;
	u64 packets;
	u64 bytes;
};

/**
 * struct weft_plan - how a NIC is to judge the frames of a segment
 * @rcu: frees it
 * @through: order of the last rule that is there as it is
 * @wanted: rules that may concern the NIC
 * @covered: of these, for how many others stand
 * @exact: how many of @item are rules
 * @count: number of @item
 * @room: how many @item there may be
 * @reserve: how many of these are to stand for rules that find no room
 * @unread: there is a rule for frames that no NIC can read
 * @item: in their order
 *
 * The first rules are there as they are. Behind them come items that have the host
 * judge all frames which the others might concern, and as few more as that takes:
 * so the first item that matches is right, and what none matches no rule does.
 */
struct weft_plan {
	struct rcu_head rcu;
	u64 through;
	unsigned int wanted;
	unsigned int covered;
	unsigned int exact;
	unsigned int count;
	unsigned int room;
	unsigned int reserve;
	bool unread;
	struct weft_plan_item item[] __counted_by(room);
};

struct weft_plan *weft_plan_alloc(unsigned int rules, unsigned int room);
bool weft_plan_add(struct weft_plan *plan, const struct weft_plan_item *item,
		   u64 order);
void weft_plan_end(struct weft_plan *plan);
const struct weft_plan_item *weft_plan_find(const struct weft_plan *plan,
					    const struct weft_flow *flow);

#endif /* _WEFT_PLAN_H */
