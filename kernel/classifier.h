/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_CLASSIFIER_H
#define _WEFT_CLASSIFIER_H

#include <linux/netlink.h>
#include <linux/rcupdate.h>

#include "flow.h"

#define WEFT_TUPLES_MAX	256
#define WEFT_PARTS_MAX	(1 << 18)

/**
 * struct weft_range - from one port number to another, host byte order
 * @low: the first
 * @high: the last
 */
struct weft_range {
	u16 low;
	u16 high;
};

/**
 * struct weft_filter - which frames, and before which other filters
 * @pref: order; the lowest that matches counts
 * @value: what the bits of @mask must be; the ports are in the ranges
 * @mask: which bits count
 * @sport: source ports, if @ports
 * @dport: destination ports, if @ports
 * @ports: the ranges count
 */
struct weft_filter {
	u32 pref;
	struct weft_flow value;
	struct weft_flow mask;
	struct weft_range sport;
	struct weft_range dport;
	bool ports;
};

struct weft_tuple;
struct weft_part;
struct weft_slot;

/**
 * struct weft_classifier - filters, so arranged that one look finds the first
 * that matches
 * @rcu: frees it
 * @tuples: number of @tuple
 * @tuple: the masks, in the order of the best filter that has them
 * @part: filters, each once for every pair of port prefixes
 * @slot: the parts by hash
 * @slot_mask: number of @slot less one
 * @count: number of @filter
 * @filter: the filters, by @pref
 *
 * Never changes: with other filters, another takes its place. This is
 * tuple-space search (Srinivasan, Suri, Varghese, 1999): the cost is that of
 * the number of masks, not of filters. A range of ports is cut into prefixes.
 */
struct weft_classifier {
	struct rcu_head rcu;
	unsigned int tuples;
	struct weft_tuple *tuple;
	struct weft_part *part;
	struct weft_slot *slot;
	u32 slot_mask;
	unsigned int count;
	const struct weft_filter *filter[] __counted_by(count);
};

struct weft_classifier *weft_classifier_alloc(unsigned int count);
int weft_classifier_build(struct weft_classifier *classifier,
			  struct netlink_ext_ack *extack);
void weft_classifier_free(struct weft_classifier *classifier);
void weft_classifier_free_rcu(struct weft_classifier *classifier);
bool weft_filter_matches(const struct weft_filter *filter,
			 const struct weft_flow *flow);
const struct weft_filter *
weft_classify(const struct weft_classifier *classifier,
	      const struct weft_flow *flow);

#endif /* _WEFT_CLASSIFIER_H */
