// SPDX-License-Identifier: GPL-2.0
/* Finds, among many filters, the first that matches a frame. */

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "classifier.h"

/**
 * struct weft_tuple - filters that look at the same bits
 * @pref: of the best one
 * @words: number of @word
 * @word: which words of the flow have bits that count
 * @mask: the bits, by @word
 */
struct weft_tuple {
	u32 pref;
	unsigned int words;
	u8 word[WEFT_FLOW_WORDS];
	u64 mask[WEFT_FLOW_WORDS];
};

/**
 * struct weft_part - a filter, or a part of it
 * @tuple: number of its tuple
 * @value: of the words of that, zero after
 * @filter: whose it is
 */
struct weft_part {
	u32 tuple;
	u64 value[WEFT_FLOW_WORDS];
	const struct weft_filter *filter;
};

/**
 * struct weft_slot - place of a part in the hash table
 * @hash: of tuple and value
 * @part: number of the part plus one, 0 if there is none
 */
struct weft_slot {
	u32 hash;
	u32 part;
};

static u64 mix(u64 hash, u64 word)
{
	return (rol64(hash, 5) ^ word) * GOLDEN_RATIO_64;
}

static u32 finish(u64 hash)
{
	return hash >> 32;
}

static bool is_part(const struct weft_part *part, u32 tuple, const u64 *value,
		    unsigned int words)
{
	unsigned int i;

	if (part->tuple != tuple)
		return false;
	for (i = 0; i < words; i++)
		if (part->value[i] != value[i])
			return false;
	return true;
}

/* --- looking up --- */

static bool has_port(const struct weft_range *range, __be16 port)
{
	return ntohs(port) >= range->low && ntohs(port) <= range->high;
}

/**
 * weft_filter_matches() - does one filter match?
 * @filter: the filter
 * @flow: of the frame
 *
 * Context: any; a pure function.
 */
bool weft_filter_matches(const struct weft_filter *filter,
			 const struct weft_flow *flow)
{
	unsigned int i;

	for (i = 0; i < WEFT_FLOW_WORDS; i++)
		if ((flow->word[i] ^ filter->value.word[i]) &
		    filter->mask.word[i])
			return false;
	return !filter->ports || (has_port(&filter->sport, flow->sport) &&
				  has_port(&filter->dport, flow->dport));
}

static const struct weft_filter *find(const struct weft_classifier *classifier,
				      u32 number, const struct weft_flow *flow)
{
	const struct weft_tuple *tuple = &classifier->tuple[number];
	const struct weft_slot *slot;
	u64 value[WEFT_FLOW_WORDS];
	u64 mixed = number;
	unsigned int i;
	u32 hash, at;

	for (i = 0; i < tuple->words; i++) {
		value[i] = flow->word[tuple->word[i]] & tuple->mask[i];
		mixed = mix(mixed, value[i]);
	}
	hash = finish(mixed);
	at = hash & classifier->slot_mask;
	for (slot = &classifier->slot[at]; slot->part;
	     slot = &classifier->slot[at]) {
		if (slot->hash == hash &&
		    is_part(&classifier->part[slot->part - 1], number, value,
			    tuple->words))
			return classifier->part[slot->part - 1].filter;
		at = (at + 1) & classifier->slot_mask;
	}
	return NULL;
}

/**
 * weft_classify() - the first filter that matches
 * @classifier: the filters
 * @flow: of the frame
 *
 * Context: any; RCU for the classifier.
 *
 * Return: the filter, or NULL if none matches.
 */
const struct weft_filter *
weft_classify(const struct weft_classifier *classifier,
	      const struct weft_flow *flow)
{
	const struct weft_filter *found, *best = NULL;
	u32 i;

	for (i = 0; i < classifier->tuples; i++) {
		if (best && best->pref <= classifier->tuple[i].pref)
			break;
		found = find(classifier, i, flow);
		if (found && (!best || found->pref < best->pref))
			best = found;
	}
	return best;
}

/* --- ranges --- */

/**
 * struct prefix - ports that have their first bits in common
 * @value: these
 * @mask: the bits
 */
struct prefix {
	u16 value;
	u16 mask;
};

/* Takes the largest prefix off the beginning of a range. */
static bool next_prefix(u32 *low, u32 high, struct prefix *prefix)
{
	u32 size;

	if (*low > high)
		return false;
	size = *low ? *low & -*low : U16_MAX + 1;
	while (size > high - *low + 1)
		size >>= 1;
	prefix->value = *low;
	prefix->mask = ~(size - 1);
	*low += size;
	return true;
}

static unsigned int count_prefixes(const struct weft_range *range)
{
	struct prefix prefix;
	unsigned int n = 0;
	u32 low = range->low;

	while (next_prefix(&low, range->high, &prefix))
		n++;
	return n;
}

static unsigned int count_parts(const struct weft_filter *filter)
{
	return filter->ports ? count_prefixes(&filter->sport) *
			       count_prefixes(&filter->dport) : 1;
}

/* --- building --- */

/**
 * struct build - a classifier that is being built
 * @classifier: it
 * @parts: number of its parts so far
 * @extack: gets the sentence of a refusal
 */
struct build {
	struct weft_classifier *classifier;
	u32 parts;
	struct netlink_ext_ack *extack;
};

static bool has_mask(const struct weft_tuple *tuple,
		     const struct weft_flow *mask)
{
	unsigned int i, n = 0;

	for (i = 0; i < WEFT_FLOW_WORDS; i++) {
		if (!mask->word[i])
			continue;
		if (n == tuple->words || tuple->word[n] != i ||
		    tuple->mask[n] != mask->word[i])
			return false;
		n++;
	}
	return n == tuple->words;
}

/* Filters come in their order, and so do tuples therefore. */
static int get_tuple(struct build *build, const struct weft_flow *mask,
		     u32 pref)
{
	struct weft_classifier *classifier = build->classifier;
	struct weft_tuple *tuple = classifier->tuple;
	unsigned int i;

	for (i = 0; i < classifier->tuples; i++)
		if (has_mask(&tuple[i], mask))
			return i;
	if (i == WEFT_TUPLES_MAX) {
		NL_SET_ERR_MSG_FMT(build->extack,
				   "The rules look at packets in more than %u ways",
				   WEFT_TUPLES_MAX);
		return -ENOSPC;
	}
	tuple += i;
	tuple->pref = pref;
	for (i = 0; i < WEFT_FLOW_WORDS; i++) {
		if (!mask->word[i])
			continue;
		tuple->word[tuple->words] = i;
		tuple->mask[tuple->words++] = mask->word[i];
	}
	return classifier->tuples++;
}

static u32 hash_part(const struct weft_part *part, unsigned int words)
{
	u64 mixed = part->tuple;
	unsigned int i;

	for (i = 0; i < words; i++)
		mixed = mix(mixed, part->value[i]);
	return finish(mixed);
}

/* A part that is there already is of a better filter. */
static void add_part(struct build *build, const struct weft_tuple *tuple)
{
	struct weft_classifier *classifier = build->classifier;
	struct weft_part *part = &classifier->part[build->parts];
	u32 hash = hash_part(part, tuple->words);
	struct weft_slot *slot;
	u32 at;

	at = hash & classifier->slot_mask;
	for (slot = &classifier->slot[at]; slot->part;
	     slot = &classifier->slot[at]) {
		if (slot->hash == hash &&
		    is_part(&classifier->part[slot->part - 1], part->tuple,
			    part->value, tuple->words))
			return;
		at = (at + 1) & classifier->slot_mask;
	}
	slot->hash = hash;
	slot->part = ++build->parts;
}

static int add_ports(struct build *build, const struct weft_filter *filter,
		     const struct prefix *sport, const struct prefix *dport)
{
	struct weft_flow value = filter->value, mask = filter->mask;
	const struct weft_tuple *tuple;
	struct weft_part *part;
	unsigned int i;
	int number;

	value.sport = htons(sport->value);
	value.dport = htons(dport->value);
	mask.sport = htons(sport->mask);
	mask.dport = htons(dport->mask);
	number = get_tuple(build, &mask, filter->pref);
	if (number < 0)
		return number;
	tuple = &build->classifier->tuple[number];
	part = &build->classifier->part[build->parts];
	part->tuple = number;
	part->filter = filter;
	for (i = 0; i < tuple->words; i++)
		part->value[i] = value.word[tuple->word[i]] & tuple->mask[i];
	add_part(build, tuple);
	return 0;
}

static int add_filter(struct build *build, const struct weft_filter *filter)
{
	struct prefix sport = {}, dport = {};
	u32 slow, dlow;
	int err;

	if (!filter->ports)
		return add_ports(build, filter, &sport, &dport);
	slow = filter->sport.low;
	while (next_prefix(&slow, filter->sport.high, &sport)) {
		dlow = filter->dport.low;
		while (next_prefix(&dlow, filter->dport.high, &dport)) {
			err = add_ports(build, filter, &sport, &dport);
			if (err)
				return err;
		}
	}
	return 0;
}

static int alloc_tables(struct weft_classifier *classifier, u32 parts)
{
	u32 slots = roundup_pow_of_two(2 * parts + 2);

	classifier->slot_mask = slots - 1;
	classifier->tuple = kvcalloc(min(parts, WEFT_TUPLES_MAX),
				     sizeof(*classifier->tuple),
				     GFP_KERNEL_ACCOUNT);
	classifier->part = kvcalloc(parts, sizeof(*classifier->part),
				    GFP_KERNEL_ACCOUNT);
	classifier->slot = kvcalloc(slots, sizeof(*classifier->slot),
				    GFP_KERNEL_ACCOUNT);
	return classifier->tuple && classifier->part && classifier->slot ?
	       0 : -ENOMEM;
}

/**
 * weft_classifier_alloc() - make room for filters
 * @count: how many
 *
 * Context: process, may sleep. Return: a classifier, the filters of which are
 * to be set, or NULL.
 */
struct weft_classifier *weft_classifier_alloc(unsigned int count)
{
	struct weft_classifier *classifier;

	classifier = kvzalloc(struct_size(classifier, filter, count),
			      GFP_KERNEL_ACCOUNT);
	if (classifier)
		classifier->count = count;
	return classifier;
}

/**
 * weft_classifier_build() - arrange filters
 * @classifier: new; its filters are set, in their order, and must outlive it
 * @extack: gets the sentence of a refusal
 *
 * Context: process, may sleep.
 *
 * Return: 0, -ENOMEM, or -ENOSPC if there would be too many parts or tuples.
 */
int weft_classifier_build(struct weft_classifier *classifier,
			  struct netlink_ext_ack *extack)
{
	struct build build = { .classifier = classifier, .extack = extack };
	unsigned int i;
	u32 parts = 0;
	int err;

	for (i = 0; i < classifier->count && parts <= WEFT_PARTS_MAX; i++)
		parts += count_parts(classifier->filter[i]);
	if (parts > WEFT_PARTS_MAX) {
		NL_SET_ERR_MSG(extack,
			       "The ranges of ports of all rules together take too much room");
		return -ENOSPC;
	}
	err = alloc_tables(classifier, parts);
	for (i = 0; i < classifier->count && !err; i++) {
		err = add_filter(&build, classifier->filter[i]);
		cond_resched();
	}
	return err;
}

/** weft_classifier_free() - the reverse of both; NULL is nothing */
void weft_classifier_free(struct weft_classifier *classifier)
{
	if (!classifier)
		return;
	kvfree(classifier->tuple);
	kvfree(classifier->part);
	kvfree(classifier->slot);
	kvfree(classifier);
}

static void free_rcu(struct rcu_head *rcu)
{
	weft_classifier_free(container_of(rcu, struct weft_classifier, rcu));
}

/** weft_classifier_free_rcu() - likewise, when no reader has it any more */
void weft_classifier_free_rcu(struct weft_classifier *classifier)
{
	if (classifier)
		call_rcu(&classifier->rcu, free_rcu);
}
