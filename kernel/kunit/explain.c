// SPDX-License-Identifier: GPL-2.0
/* The list of steps that weft trace shows. */

#include <kunit/test.h>

#include "../explain.c"

static struct weft_explain *new_explain(struct kunit *test)
{
	struct weft_explain *explain = kunit_kzalloc(test, sizeof(*explain),
						     GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, explain);
	return explain;
}

static void steps(struct kunit *test)
{
	struct weft_pkt pkt = { .explain = new_explain(test) };
	struct weft_explain_step *step = weft_step(&pkt, WEFT_STEP_LOOKUP);

	KUNIT_EXPECT_EQ(test, step->step, WEFT_STEP_LOOKUP);
	KUNIT_EXPECT_EQ(test, step->state, -1);
	KUNIT_EXPECT_EQ(test, step->path, -1);
	KUNIT_EXPECT_FALSE(test, step->has_mac);
	weft_explained(&pkt, WEFT_PATH_PORT, 0);
	KUNIT_EXPECT_EQ(test, pkt.explain->path, WEFT_PATH_PORT);
	KUNIT_EXPECT_EQ(test, pkt.explain->count, 1);
	weft_explained(&pkt, WEFT_PATH_DROP, WEFT_DROP_REASON_ISOLATED);
	KUNIT_EXPECT_EQ(test, pkt.explain->path, WEFT_PATH_DROP);
	KUNIT_EXPECT_EQ(test, pkt.explain->reason, WEFT_DROP_REASON_ISOLATED);
	KUNIT_EXPECT_EQ(test, pkt.explain->count, 2);
	KUNIT_EXPECT_EQ(test, pkt.explain->step[1].step, WEFT_STEP_DROP);
	KUNIT_EXPECT_EQ(test, pkt.explain->step[1].reason,
			WEFT_DROP_REASON_ISOLATED);
	KUNIT_EXPECT_FALSE(test, pkt.explain->truncated);
}

/* Too many steps are cut short, but the last one is told. */
static void too_many(struct kunit *test)
{
	struct weft_pkt pkt = { .explain = new_explain(test) };
	unsigned int i;

	for (i = 0; i < WEFT_STEPS_MAX; i++)
		weft_step(&pkt, WEFT_STEP_SKIP)->vni = i;
	KUNIT_EXPECT_FALSE(test, pkt.explain->truncated);
	KUNIT_EXPECT_EQ(test, pkt.explain->count, WEFT_STEPS_MAX);
	for (i = 0; i < 3; i++)
		weft_step(&pkt, WEFT_STEP_SKIP);
	weft_explained(&pkt, WEFT_PATH_DROP, WEFT_DROP_REASON_NO_LISTENER);
	KUNIT_EXPECT_TRUE(test, pkt.explain->truncated);
	KUNIT_EXPECT_EQ(test, pkt.explain->count, WEFT_STEPS_MAX);
	for (i = 0; i < WEFT_STEPS_MAX - 1; i++)
		KUNIT_EXPECT_EQ(test, pkt.explain->step[i].vni, i);
	KUNIT_EXPECT_EQ(test, pkt.explain->step[i].step, WEFT_STEP_DROP);
}

static void destinations(struct kunit *test)
{
	struct weft_pkt pkt = { .explain = new_explain(test) };
	struct net_device *dev = kunit_kzalloc(test, sizeof(*dev),
					       GFP_KERNEL);
	struct weft_peer *peer = kunit_kzalloc(test, sizeof(*peer),
					       GFP_KERNEL);
	struct weft_port port = {};
	struct weft_port_vlan pv = { .port = &port, .vid = 10 };
	struct weft_dest set = { .type = WEFT_DEST_SET };
	struct weft_explain_step *step;

	KUNIT_ASSERT_TRUE(test, dev && peer);
	dev->ifindex = 42;
	port.dev = dev;
	pv.dest.type = WEFT_DEST_PORT;
	peer->dest.type = WEFT_DEST_PEER;
	weft_addr_set4(&peer->key.ip, cpu_to_be32(0xc0000201));

	step = weft_step(&pkt, WEFT_STEP_EGRESS);
	weft_step_dest(step, &pv.dest);
	KUNIT_EXPECT_EQ(test, step->ifindex, 42);
	KUNIT_EXPECT_EQ(test, step->vid, 10);
	KUNIT_EXPECT_EQ(test, step->peer.family, AF_UNSPEC);

	step = weft_step(&pkt, WEFT_STEP_EGRESS);
	weft_step_dest(step, &peer->dest);
	KUNIT_EXPECT_EQ(test, step->ifindex, 0);
	KUNIT_EXPECT_TRUE(test, weft_addr_equal(&step->peer, &peer->key.ip));

	step = weft_step(&pkt, WEFT_STEP_LOOKUP);
	weft_step_dest(step, &set);
	KUNIT_EXPECT_EQ(test, step->ifindex, 0);
	KUNIT_EXPECT_EQ(test, step->peer.family, AF_UNSPEC);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(steps),
	KUNIT_CASE(too_many),
	KUNIT_CASE(destinations),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_explain",
	.test_cases = cases,
};

kunit_test_suite(suite);
