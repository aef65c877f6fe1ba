// SPDX-License-Identifier: GPL-2.0
/* Neighbours: who gives way to whom, the limit, ageing. */

#include <kunit/test.h>

#include "clock.h"
#include "../neigh.c"

static const u8 mac_a[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xa };
static const u8 mac_b[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xb };

static int neigh_init(struct kunit *test)
{
	struct weft_neighs *neighs = kunit_kzalloc(test, sizeof(*neighs),
						   GFP_KERNEL);

	if (!neighs || weft_neighs_init(neighs, NULL))
		return -ENOMEM;
	weft_kunit_begin();
	weft_wheel_stop(&neighs->wheel);	/* the test turns it */
	test->priv = neighs;
	return 0;
}

static void neigh_exit(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;

	weft_neigh_clear(neighs, 1);
	weft_neigh_clear(neighs, 2);
	KUNIT_EXPECT_EQ(test, neighs->count, 0);
	KUNIT_EXPECT_EQ(test, neighs->learned, 0);
	KUNIT_EXPECT_EQ(test, neighs->wheel.count, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&neighs->table.nelems), 0);
	weft_neighs_destroy(neighs);
}

/* --- shorter words --- */

static const struct weft_addr *ip4(unsigned int n)
{
	static struct weft_addr addr;

	weft_addr_set4(&addr, cpu_to_be32(0xc0000200 + n));
	return &addr;
}

static const struct weft_addr *ip6(unsigned int n)
{
	static struct weft_addr addr;
	struct in6_addr v6 = {};

	v6.s6_addr32[0] = cpu_to_be32(0x20010db8);
	v6.s6_addr32[3] = cpu_to_be32(n);
	weft_addr_set6(&addr, &v6);
	return &addr;
}

static void hear(struct weft_neighs *neighs, u32 vni,
		 const struct weft_addr *ip, const u8 *mac, u32 ageing)
{
	local_bh_disable();
	rcu_read_lock();
	weft_neigh_learn(neighs, vni, ip, mac, ageing);
	rcu_read_unlock();
	local_bh_enable();
}

static void age_by(struct weft_neighs *neighs, unsigned int seconds)
{
	weft_kunit_pass(&neighs->wheel, seconds);
}

static void expect(struct kunit *test, u32 vni, const struct weft_addr *ip,
		   int state, const u8 *mac, const char *what)
{
	struct weft_neigh *neigh;
	u8 is_mac[ETH_ALEN];
	int is = -1;

	rcu_read_lock();
	neigh = weft_neigh_lookup(test->priv, vni, ip);
	if (neigh) {
		is = neigh->state;
		weft_neigh_mac(neigh, is_mac);
	}
	rcu_read_unlock();
	KUNIT_EXPECT_EQ_MSG(test, is, state, "%s", what);
	if (is >= 0 && state >= 0)
		KUNIT_EXPECT_MEMEQ_MSG(test, is_mac, mac, ETH_ALEN, "%s",
				       what);
}

static void expect_none(struct kunit *test, u32 vni,
			const struct weft_addr *ip, const char *what)
{
	expect(test, vni, ip, -1, NULL, what);
}

/* --- precedence --- */

#define NONE		-1
#define LEARNED		WEFT_STATE_LEARNED
#define CONTROLLER	WEFT_STATE_CONTROLLER
#define STATIC		WEFT_STATE_STATIC

/* There is an entry with mac_a. Another one comes, with that or mac_b. */
struct precedence_case {
	const char *name;
	int there;
	enum weft_state state;
	bool other;
	bool replace;
	int err;
	int then;
	bool then_other;
	bool told;
};

static const struct precedence_case precedences[] = {
	{ "none, learn", NONE, LEARNED, true, false, 0, LEARNED, true, true },
	{ "none, controller", NONE, CONTROLLER, true, false, 0, CONTROLLER,
	  true, true },
	{ "none, static", NONE, STATIC, true, false, 0, STATIC, true, true },
	{ "none, replace", NONE, STATIC, true, true, 0, STATIC, true, true },

	{ "learned, learn same", LEARNED, LEARNED, false, false, 0, LEARNED,
	  false, false },
	{ "learned, learn other", LEARNED, LEARNED, true, false, 0, LEARNED,
	  true, true },
	{ "learned, controller", LEARNED, CONTROLLER, true, false, 0,
	  CONTROLLER, true, true },
	{ "learned, static same", LEARNED, STATIC, false, false, 0, STATIC,
	  false, true },

	{ "controller, learn same", CONTROLLER, LEARNED, false, false, 0,
	  CONTROLLER, false, false },
	{ "controller, learn other", CONTROLLER, LEARNED, true, false, 0,
	  CONTROLLER, false, false },
	{ "controller, same", CONTROLLER, CONTROLLER, false, false, 0,
	  CONTROLLER, false, true },
	{ "controller, other", CONTROLLER, CONTROLLER, true, false, -EEXIST,
	  CONTROLLER, false, false },
	{ "controller, replace", CONTROLLER, CONTROLLER, true, true, 0,
	  CONTROLLER, true, true },
	{ "controller, static same", CONTROLLER, STATIC, false, false,
	  -EEXIST, CONTROLLER, false, false },
	{ "controller, static replace", CONTROLLER, STATIC, true, true, 0,
	  STATIC, true, true },

	{ "static, learn other", STATIC, LEARNED, true, false, 0, STATIC,
	  false, false },
	{ "static, controller same", STATIC, CONTROLLER, false, false, -EPERM,
	  STATIC, false, false },
	{ "static, controller replace", STATIC, CONTROLLER, true, true,
	  -EPERM, STATIC, false, false },
	{ "static, other", STATIC, STATIC, true, false, -EEXIST, STATIC,
	  false, false },
	{ "static, replace", STATIC, STATIC, true, true, 0, STATIC, true,
	  true },
};

KUNIT_ARRAY_PARAM_DESC(precedences, precedences, name);

static int enter(struct weft_neighs *neighs, int state, const u8 *mac,
		 bool replace)
{
	if (state != LEARNED)
		return weft_neigh_add(neighs, 1, ip4(1), mac, state, replace,
				      NULL);
	hear(neighs, 1, ip4(1), mac, 300);
	return 0;
}

static void precedence(struct kunit *test)
{
	const struct precedence_case *c = test->param_value;
	struct weft_neighs *neighs = test->priv;
	unsigned int told;
	u32 generation;

	if (c->there != NONE)
		KUNIT_ASSERT_EQ(test, enter(neighs, c->there, mac_a, false),
				0);
	generation = neighs->generation;
	told = weft_kunit_events[WEFT_EVENT_NEIGH_NEW];

	weft_kunit_now++;
	KUNIT_EXPECT_EQ(test, enter(neighs, c->state,
				    c->other ? mac_b : mac_a, c->replace),
			c->err);
	expect(test, 1, ip4(1), c->then, c->then_other ? mac_b : mac_a,
	       "after");
	KUNIT_EXPECT_EQ(test, neighs->count, 1);
	KUNIT_EXPECT_EQ(test, neighs->learned, c->then == LEARNED);
	KUNIT_EXPECT_EQ(test, neighs->wheel.count, c->then == LEARNED);
	told = weft_kunit_events[WEFT_EVENT_NEIGH_NEW] - told;
	KUNIT_EXPECT_EQ(test, told, c->told);
	KUNIT_EXPECT_EQ(test, neighs->generation - generation, told);
}

/* --- identity --- */

static void identity(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;
	struct weft_addr addr;

	hear(neighs, 1, ip4(1), mac_a, 300);
	expect(test, 1, ip4(1), LEARNED, mac_a, "there");
	expect_none(test, 2, ip4(1), "another segment");
	expect_none(test, 1, ip4(2), "another address");
	expect_none(test, 1, ip6(1), "another family");
	addr = *ip4(1);			/* the same bytes */
	weft_addr_set6(&addr, &addr.v6);
	expect_none(test, 1, &addr, "another family, same bytes");

	/* a machine has several addresses, and a network several machines */
	hear(neighs, 1, ip6(1), mac_a, 300);
	hear(neighs, 2, ip4(1), mac_b, 300);
	expect(test, 1, ip4(1), LEARNED, mac_a, "IPv4");
	expect(test, 1, ip6(1), LEARNED, mac_a, "IPv6");
	expect(test, 2, ip4(1), LEARNED, mac_b, "other tenant");
	KUNIT_EXPECT_EQ(test, neighs->count, 3);
}

static void deletion(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;

	hear(neighs, 1, ip4(1), mac_a, 300);
	KUNIT_ASSERT_EQ(test, weft_neigh_add(neighs, 1, ip6(1), mac_a, STATIC,
					     false, NULL), 0);
	KUNIT_EXPECT_EQ(test, weft_neigh_del(neighs, 1, ip4(2), NULL),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, weft_neigh_del(neighs, 2, ip4(1), NULL),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, weft_neigh_del(neighs, 1, ip4(1), NULL), 0);
	KUNIT_EXPECT_EQ(test, weft_neigh_del(neighs, 1, ip4(1), NULL),
			-ENOENT);
	expect_none(test, 1, ip4(1), "deleted");
	expect(test, 1, ip6(1), STATIC, mac_a, "still there");
	KUNIT_EXPECT_EQ(test, weft_neigh_del(neighs, 1, ip6(1), NULL), 0);
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_NEIGH_DEL], 2);
}

static void clear(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;
	unsigned int i;

	for (i = 0; i < 500; i++)
		hear(neighs, 1 + i % 2, ip4(i), mac_a, 300);
	weft_neigh_clear(neighs, 1);
	KUNIT_EXPECT_EQ(test, neighs->count, 250);
	for (i = 0; i < 500; i++)
		expect(test, 1 + i % 2, ip4(i), i % 2 ? LEARNED : -1, mac_a,
		       "one of many");
}

/* --- limit and ageing --- */

static void full(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;

	neighs->limit = 2;
	hear(neighs, 1, ip4(1), mac_a, 300);
	hear(neighs, 1, ip4(2), mac_a, 300);
	hear(neighs, 1, ip4(3), mac_a, 300);
	expect_none(test, 1, ip4(3), "over the limit");
	KUNIT_EXPECT_EQ(test, neighs->learned, 2);

	weft_kunit_now++;
	hear(neighs, 1, ip4(2), mac_b, 300);
	expect(test, 1, ip4(2), LEARNED, mac_b, "changed at the limit");
	/* what was put in by hand does not count */
	KUNIT_EXPECT_EQ(test, weft_neigh_add(neighs, 1, ip4(4), mac_a, STATIC,
					     false, NULL), 0);
	KUNIT_EXPECT_EQ(test, weft_neigh_add(neighs, 1, ip4(1), mac_a, STATIC,
					     false, NULL), 0);
	hear(neighs, 1, ip4(3), mac_a, 300);
	expect(test, 1, ip4(3), LEARNED, mac_a, "room again");
	neighs->limit = 0;
	hear(neighs, 1, ip4(5), mac_a, 300);
	expect(test, 1, ip4(5), LEARNED, mac_a, "no limit");
}

static void ageing(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;

	hear(neighs, 1, ip4(1), mac_a, 10);
	hear(neighs, 1, ip4(2), mac_a, 200);
	hear(neighs, 1, ip4(3), mac_a, 0);
	KUNIT_ASSERT_EQ(test, weft_neigh_add(neighs, 1, ip4(4), mac_a,
					     CONTROLLER, false, NULL), 0);
	age_by(neighs, 9);
	expect(test, 1, ip4(1), LEARNED, mac_a, "after 9 s of 10");
	age_by(neighs, 1);
	expect_none(test, 1, ip4(1), "after 10 s of 10");
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_NEIGH_DEL], 1);
	age_by(neighs, 189);
	expect(test, 1, ip4(2), LEARNED, mac_a, "after 199 s of 200");
	age_by(neighs, 1);
	expect_none(test, 1, ip4(2), "after 200 s of 200");
	age_by(neighs, 1000);
	expect(test, 1, ip4(3), LEARNED, mac_a, "never");
	expect(test, 1, ip4(4), CONTROLLER, mac_a, "not learned");
}

static void ageing_heard(struct kunit *test)
{
	struct weft_neighs *neighs = test->priv;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		hear(neighs, 1, ip4(1), mac_a, 10);
		age_by(neighs, 9);
		expect(test, 1, ip4(1), LEARNED, mac_a, "heard again");
	}
	age_by(neighs, 1);
	expect_none(test, 1, ip4(1), "not heard any more");

	/* the last ageing time that was said holds */
	hear(neighs, 1, ip4(1), mac_a, 0);
	age_by(neighs, 1);
	hear(neighs, 1, ip4(1), mac_a, 5);
	age_by(neighs, WEFT_WHEEL_SLOTS);
	expect_none(test, 1, ip4(1), "ages now");
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(precedence, precedences_gen_params),
	KUNIT_CASE(identity),
	KUNIT_CASE(deletion),
	KUNIT_CASE(clear),
	KUNIT_CASE(full),
	KUNIT_CASE(ageing),
	KUNIT_CASE(ageing_heard),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_neigh",
	.init = neigh_init,
	.exit = neigh_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
