// SPDX-License-Identifier: GPL-2.0
/*
 * Plans against the rules that they are of: with whatever room, what is decided
 * is what the first rule says, or it is left to who has all of them.
 */

#include <kunit/test.h>
#include <linux/prandom.h>

#include "../plan.c"

#define RULES	40
#define FLOWS	300

struct fixture {
	struct rnd_state rnd;
	struct weft_plan_item rule[RULES];
	struct weft_plan *plan;
};

static int plan_init(struct kunit *test)
{
	struct fixture *f;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	prandom_seed_state(&f->rnd, 42);
	test->priv = f;
	return 0;
}

static void plan_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	kvfree(f->plan);
}

static u32 below(struct fixture *f, u32 limit)
{
	return prandom_u32_state(&f->rnd) % limit;
}

static void make_flow(struct fixture *f, struct weft_flow *flow)
{
	*flow = (struct weft_flow){
		.type = htons(ETH_P_IP),
		.port = below(f, 3),
		.kind = WEFT_FLOW_IP | WEFT_FLOW_PORTS,
		.proto = below(f, 2) ? IPPROTO_TCP : IPPROTO_UDP,
		.dport = htons(below(f, 16)),
	};
	flow->to.s6_addr32[3] = htonl(0x0a000000 | below(f, 256));
}

static void make_rule(struct fixture *f, struct weft_plan_item *rule)
{
	struct weft_filter *filter = &rule->filter;
	unsigned int i;

	*rule = (struct weft_plan_item){ .verdict = below(f, 3) };
	make_flow(f, &filter->value);
	filter->value.dport = 0;
	if (below(f, 4) == 0)
		filter->mask.port = U32_MAX;
	if (below(f, 2))
		filter->mask.proto = U8_MAX;
	filter->mask.to.s6_addr32[3] = htonl(~0U << below(f, 7));
	if (below(f, 2)) {
		filter->ports = true;
		filter->sport = (struct weft_range){ 0, U16_MAX };
		filter->dport.low = below(f, 16);
		filter->dport.high = filter->dport.low + below(f, 4);
	}
	for (i = 0; i < WEFT_FLOW_WORDS; i++)
		filter->value.word[i] &= filter->mask.word[i];
}

static void make_plan(struct kunit *test, unsigned int rules,
		      unsigned int room)
{
	struct fixture *f = test->priv;
	unsigned int i;

	kvfree(f->plan);
	f->plan = weft_plan_alloc(rules, room);
	KUNIT_ASSERT_NOT_NULL(test, f->plan);
	for (i = 0; i < rules; i++)
		weft_plan_add(f->plan, &f->rule[i], i);
	weft_plan_end(f->plan);
	KUNIT_ASSERT_LE(test, f->plan->count, room);
	KUNIT_EXPECT_EQ(test, f->plan->wanted, rules);
}

static const struct weft_plan_item *first(const struct fixture *f,
					  unsigned int rules,
					  const struct weft_flow *flow)
{
	unsigned int i;

	for (i = 0; i < rules; i++)
		if (weft_filter_matches(&f->rule[i].filter, flow))
			return &f->rule[i];
	return NULL;
}

/* What it decides by itself, of some flows. */
static unsigned int check_flows(struct kunit *test, unsigned int rules)
{
	struct fixture *f = test->priv;
	const struct weft_plan_item *found, *right;
	unsigned int i, decided = 0;
	struct weft_flow flow;

	for (i = 0; i < FLOWS; i++) {
		make_flow(f, &flow);
		found = weft_plan_find(f->plan, &flow);
		if (found && found->verdict == WEFT_NIC_TO_JUDGE)
			continue;
		right = first(f, rules, &flow);
		KUNIT_ASSERT_EQ(test, !found, !right);
		if (found)
			KUNIT_ASSERT_EQ(test, found->verdict, right->verdict);
		decided++;
	}
	return decided;
}

static void whatever_room(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int room, round, i, decided = 0;

	for (round = 0; round < 40; round++) {
		for (i = 0; i < RULES; i++)
			make_rule(f, &f->rule[i]);
		for (room = 1; room <= RULES; room += 1 + room / 4) {
			make_plan(test, RULES, room);
			decided += check_flows(test, RULES);
		}
	}
	/* it does not leave it all to others */
	KUNIT_EXPECT_GT(test, decided, 40 * FLOWS);
}

/* With room for all nothing stands for others. */
static void all_fit(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < RULES; i++)
		make_rule(f, &f->rule[i]);
	make_plan(test, RULES, RULES);
	KUNIT_EXPECT_EQ(test, f->plan->exact, RULES);
	KUNIT_EXPECT_EQ(test, f->plan->count, RULES);
	KUNIT_EXPECT_EQ(test, f->plan->covered, 0);
	KUNIT_EXPECT_EQ(test, f->plan->through, RULES - 1);
}

/* What the rules that find no room have in common is what is left to others. */
static void only_concerned(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_flow flow = {
		.type = htons(ETH_P_IP), .proto = IPPROTO_UDP,
		.dport = htons(1), .to.s6_addr32[3] = htonl(0x0a000001),
	};
	unsigned int i;

	for (i = 0; i < RULES; i++) {
		f->rule[i] = (struct weft_plan_item){
			.verdict = WEFT_NIC_DENY,
			.filter.ports = true,
			.filter.sport = { 0, U16_MAX },
			.filter.dport = { 100 + i, 100 + i },
			.filter.value.proto = IPPROTO_UDP,
			.filter.mask.proto = U8_MAX,
		};
	}
	make_plan(test, RULES, 4);
	KUNIT_EXPECT_EQ(test, f->plan->exact, 3);
	KUNIT_EXPECT_EQ(test, f->plan->count, 4);
	KUNIT_EXPECT_EQ(test, f->plan->covered, RULES - 3);
	KUNIT_EXPECT_NULL(test, weft_plan_find(f->plan, &flow));
	flow.dport = htons(102);
	KUNIT_ASSERT_NOT_NULL(test, weft_plan_find(f->plan, &flow));
	KUNIT_EXPECT_EQ(test, weft_plan_find(f->plan, &flow)->verdict,
			WEFT_NIC_DENY);
	flow.dport = htons(120);
	KUNIT_ASSERT_NOT_NULL(test, weft_plan_find(f->plan, &flow));
	KUNIT_EXPECT_EQ(test, weft_plan_find(f->plan, &flow)->verdict,
			WEFT_NIC_TO_JUDGE);
	flow.proto = IPPROTO_TCP;
	KUNIT_EXPECT_NULL(test, weft_plan_find(f->plan, &flow));
}

/* Rules for fragments alone still have the NIC look. */
static void fragments(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->rule[0] = (struct weft_plan_item){
		.verdict = WEFT_NIC_DENY,
		.filter.value.kind = WEFT_FLOW_FRAGMENT,
		.filter.mask.kind = WEFT_FLOW_FRAGMENT,
	};
	make_plan(test, 1, 4);
	KUNIT_ASSERT_EQ(test, f->plan->count, 1);
	KUNIT_EXPECT_EQ(test, f->plan->item[0].verdict, WEFT_NIC_ALLOW);
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(whatever_room),
	KUNIT_CASE(all_fit),
	KUNIT_CASE(only_concerned),
	KUNIT_CASE(fragments),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "weft_plan",
	.init = plan_init,
	.exit = plan_exit,
	.test_cases = plan_cases,
};

kunit_test_suite(plan_suite);
