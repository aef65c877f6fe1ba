// SPDX-License-Identifier: GPL-2.0
/*
 * The classifier against the plain way: filters tried one after the other, each
 * as its words say.
 */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "../classifier.c"

#define FILTERS	16
#define FLOWS	2000

struct fixture {
	struct rnd_state rnd;
	struct weft_classifier *classifier;
	struct weft_filter filter[FILTERS];
};

static int classifier_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void classifier_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	weft_classifier_free(f->classifier);
}

/* --- the plain way --- */

static const struct weft_filter *first(const struct fixture *f,
				       unsigned int count,
				       const struct weft_flow *flow)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (weft_filter_matches(&f->filter[i], flow))
			return &f->filter[i];
	return NULL;
}

/* --- shorter words --- */

static u32 below(struct fixture *f, u32 limit)
{
	return prandom_u32_state(&f->rnd) % limit;
}

static int build_filters(struct kunit *test, unsigned int count)
{
	struct fixture *f = test->priv;
	unsigned int i;

	weft_classifier_free(f->classifier);
	f->classifier = weft_classifier_alloc(count);
	KUNIT_ASSERT_NOT_NULL(test, f->classifier);
	for (i = 0; i < count; i++)
		f->classifier->filter[i] = &f->filter[i];
	return weft_classifier_build(f->classifier, NULL);
}

/* Values of few bits, so that many match. */
static void make_flow(struct fixture *f, struct weft_flow *flow)
{
	*flow = (struct weft_flow){
		.dst = { 2, 0, 0, 0, 0, below(f, 4) },
		.src = { 2, 0, 0, 0, 0, below(f, 4) },
		.type = htons(ETH_P_IP),
		.tci = below(f, 2) ? WEFT_FLOW_TAGGED | below(f, 3) : 0,
		.port = below(f, 3),
		.kind = WEFT_FLOW_IP | WEFT_FLOW_PORTS,
		.proto = below(f, 2) ? IPPROTO_TCP : IPPROTO_UDP,
		.dscp = below(f, 3),
		.tcp_flags = below(f, 4),
		.sport = htons(below(f, 64)),
		.dport = htons(below(f, 2) ? below(f, 64) : below(f, 65536)),
	};
	flow->from.s6_addr32[3] = htonl(0x0a000000 | below(f, 16));
	flow->to.s6_addr32[3] = htonl(0x0a000000 | below(f, 16));
}

static void make_range(struct fixture *f, struct weft_range *range)
{
	u32 a = below(f, 80), b = below(f, 8) ? below(f, 80) : U16_MAX;

	if (below(f, 4) == 0)
		a = 0;
	range->low = min(a, b);
	range->high = max(a, b);
}

static void make_filter(struct fixture *f, struct weft_filter *filter,
			u32 pref)
{
	struct weft_flow *mask = &filter->mask;
	unsigned int i;

	*filter = (struct weft_filter){ .pref = pref };
	make_flow(f, &filter->value);
	if (below(f, 3) == 0)
		eth_broadcast_addr(mask->dst);
	if (below(f, 6) == 0)
		mask->src[5] = 1 + below(f, 3);
	if (below(f, 6) == 0)
		mask->tci = WEFT_FLOW_TAGGED;
	if (below(f, 6) == 0)
		mask->port = U32_MAX;
	if (below(f, 2) == 0)
		mask->proto = U8_MAX;
	if (below(f, 6) == 0)
		mask->tcp_flags = 1 + below(f, 3);
	if (below(f, 3) == 0)
		mask->from.s6_addr32[3] = htonl(~0U << below(f, 5));
	if (below(f, 3) == 0)
		mask->to.s6_addr32[3] = htonl(~0U << below(f, 5));
	if (below(f, 3) == 0) {
		filter->ports = true;
		filter->sport = (struct weft_range){ 0, U16_MAX };
		if (below(f, 4) == 0)
			make_range(f, &filter->sport);
		make_range(f, &filter->dport);
	}
	filter->value.sport = 0;
	filter->value.dport = 0;
	for (i = 0; i < WEFT_FLOW_WORDS; i++)
		filter->value.word[i] &= mask->word[i];
}

/* --- the tests --- */

static void nothing(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_flow flow = {};

	KUNIT_ASSERT_EQ(test, build_filters(test, 0), 0);
	KUNIT_EXPECT_NULL(test, weft_classify(f->classifier, &flow));
}

static void everything(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_flow flow = { .port = 3 };

	f->filter[0].pref = 1;
	KUNIT_ASSERT_EQ(test, build_filters(test, 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, weft_classify(f->classifier, &flow),
			    (const struct weft_filter *)&f->filter[0]);
}

/* Many looks at each of some sets of random filters. */
static void as_the_plain_way(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int round, i, hits = 0;
	struct weft_flow flow;

	prandom_seed_state(&f->rnd, 42);
	for (round = 0; round < 60; round++) {
		for (i = 0; i < FILTERS; i++)
			make_filter(f, &f->filter[i], 10 * i);
		KUNIT_ASSERT_EQ(test, build_filters(test, FILTERS), 0);
		for (i = 0; i < FLOWS; i++) {
			make_flow(f, &flow);
			KUNIT_ASSERT_PTR_EQ(test,
					    weft_classify(f->classifier, &flow),
					    first(f, FILTERS, &flow));
			hits += !!first(f, FILTERS, &flow);
		}
	}
	/* neither does all match nor nothing */
	KUNIT_EXPECT_GT(test, hits, FLOWS);
}

/* Each port of each range, and those beside it. */
static void ranges(struct kunit *test)
{
	static const struct weft_range table[] = {
		{ 0, 0 }, { 0, U16_MAX }, { 1, U16_MAX }, { 0, U16_MAX - 1 },
		{ 1, U16_MAX - 1 }, { U16_MAX, U16_MAX }, { 80, 80 },
		{ 1024, U16_MAX }, { 0, 1023 }, { 5, 10 }, { 32767, 32768 },
	};
	struct fixture *f = test->priv;
	struct weft_flow flow = {};
	unsigned int i;
	u32 port;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		f->filter[0] = (struct weft_filter){
			.pref = 1, .ports = true, .sport = { 0, U16_MAX },
			.dport = table[i],
		};
		KUNIT_ASSERT_EQ(test, build_filters(test, 1), 0);
		for (port = 0; port <= U16_MAX; port++) {
			flow.dport = htons(port);
			KUNIT_ASSERT_EQ(test,
					!!weft_classify(f->classifier, &flow),
					port >= table[i].low &&
					port <= table[i].high);
		}
	}
}

/* The worst range is 30 prefixes, and no rule can be more than 900 parts. */
static void parts(struct kunit *test)
{
	struct weft_filter filter = {
		.ports = true, .sport = { 1, U16_MAX - 1 },
		.dport = { 1, U16_MAX - 1 },
	};

	KUNIT_EXPECT_EQ(test, count_parts(&filter), 900);
	filter.sport = (struct weft_range){ 1024, U16_MAX };
	filter.dport = (struct weft_range){ 22, 22 };
	KUNIT_EXPECT_EQ(test, count_parts(&filter), 6);
	filter.ports = false;
	KUNIT_EXPECT_EQ(test, count_parts(&filter), 1);
}

/* More masks than there is room for: refused, and no harm done. */
static void too_many(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	f->classifier = weft_classifier_alloc(WEFT_TUPLES_MAX + 1);
	KUNIT_ASSERT_NOT_NULL(test, f->classifier);
	for (i = 0; i <= WEFT_TUPLES_MAX; i++) {
		struct weft_filter *filter;

		filter = kunit_kzalloc(test, sizeof(*filter), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, filter);
		filter->pref = i;
		filter->mask.port = i;
		f->classifier->filter[i] = filter;
	}
	KUNIT_EXPECT_EQ(test, weft_classifier_build(f->classifier, NULL),
			-ENOSPC);
}

static struct kunit_case classifier_cases[] = {
	KUNIT_CASE(nothing),
	KUNIT_CASE(everything),
	KUNIT_CASE(as_the_plain_way),
	KUNIT_CASE(ranges),
	KUNIT_CASE(parts),
	KUNIT_CASE(too_many),
	{}
};

static struct kunit_suite classifier_suite = {
	.name = "weft_classifier",
	.init = classifier_init,
	.exit = classifier_exit,
	.test_cases = classifier_cases,
};
kunit_test_suite(classifier_suite);
