// SPDX-License-Identifier: GPL-2.0
/* What is written into the outer header. */

#include <kunit/test.h>

#include "outer.h"

struct dsfield_case {
	const char *name;
	u8 inner;
	u8 tos;
	bool inherit;
	u8 outer;
};

/* DSCP EF is 0xb8, AF11 0x28 */
static const struct dsfield_case dsfields[] = {
	{ "none, not ECT", 0x00, 0x00, false, 0x00 },
	{ "none, ECT(1)", 0x01, 0x00, false, 0x01 },
	{ "none, ECT(0)", 0x02, 0x00, false, 0x02 },
	{ "none, CE", 0x03, 0x00, false, 0x02 },
	{ "EF set, not ECT", 0x28, 0xb8, false, 0xb8 },
	{ "EF set, ECT(1)", 0x29, 0xb8, false, 0xb9 },
	{ "EF set, ECT(0)", 0x2a, 0xb8, false, 0xba },
	{ "EF set, CE", 0x2b, 0xb8, false, 0xba },
	{ "EF set with marks", 0x28, 0xbb, false, 0xb8 },
	{ "EF inherited, not ECT", 0xb8, 0x28, true, 0xb8 },
	{ "EF inherited, ECT(1)", 0xb9, 0x28, true, 0xb9 },
	{ "EF inherited, ECT(0)", 0xba, 0x28, true, 0xba },
	{ "EF inherited, CE", 0xbb, 0x28, true, 0xba },
	{ "inherited from what is not IP", 0x00, 0x28, true, 0x00 },
};

KUNIT_ARRAY_PARAM_DESC(dsfields, dsfields, name);

static void dsfield(struct kunit *test)
{
	const struct dsfield_case *c = test->param_value;
	const struct weft_config config = {
		.tos = c->tos, .tos_inherit = c->inherit,
	};
	const struct weft_inner inner = { .dsfield = c->inner };

	KUNIT_EXPECT_EQ(test, weft_outer_dsfield(&config, &inner), c->outer);
}

static void df(struct kunit *test)
{
	static const struct {
		u8 df;
		bool inner;
		bool outer;
	} table[] = {
		{ WEFT_DF_UNSET, false, false },
		{ WEFT_DF_UNSET, true, false },
		{ WEFT_DF_SET, false, true },
		{ WEFT_DF_SET, true, true },
		{ WEFT_DF_INHERIT, false, false },
		{ WEFT_DF_INHERIT, true, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		const struct weft_config config = { .df = table[i].df };
		const struct weft_inner inner = { .df = table[i].inner };

		KUNIT_EXPECT_EQ_MSG(test, weft_outer_df(&config, &inner),
				    table[i].outer, "case %u", i);
	}
}

static void ttl(struct kunit *test)
{
	struct weft_config config = {};
	struct weft_inner inner = { .ttl = 7, .ip = true };

	KUNIT_EXPECT_EQ(test, weft_outer_ttl(&config, &inner, 64), 64);
	config.ttl_inherit = true;
	KUNIT_EXPECT_EQ(test, weft_outer_ttl(&config, &inner, 64), 7);
	inner = (struct weft_inner){};
	KUNIT_EXPECT_EQ(test, weft_outer_ttl(&config, &inner, 64), 64);
}

struct sport_case {
	const char *name;
	u16 low;
	u16 high;
	u32 hash;
	u16 port;
};

static const struct sport_case sports[] = {
	{ "first", 32768, 60999, 0, 32768 },
	{ "last", 32768, 60999, U32_MAX, 60999 },
	{ "middle", 10000, 19999, 0x80000000, 15000 },
	{ "one port, low", 5000, 5000, 0, 5000 },
	{ "one port, high", 5000, 5000, U32_MAX, 5000 },
	{ "all ports, low", 1, 65535, 0, 1 },
	{ "all ports, high", 1, 65535, U32_MAX, 65535 },
	{ "from zero, high", 0, 65535, U32_MAX, 65535 },
};

KUNIT_ARRAY_PARAM_DESC(sports, sports, name);

static void sport(struct kunit *test)
{
	const struct sport_case *c = test->param_value;
	const struct weft_config config = {
		.port_low = c->low, .port_high = c->high,
	};

	KUNIT_EXPECT_EQ(test, weft_outer_sport(&config, c->hash), c->port);
}

/* All ports of a range are used, about equally. */
static void spread(struct kunit *test)
{
	const struct weft_config config = {
		.port_low = 40000, .port_high = 40009,
	};
	unsigned int used[10] = {};
	unsigned int i, port;

	for (i = 0; i < 1000; i++) {
		port = weft_outer_sport(&config, i * (U32_MAX / 1000));
		KUNIT_ASSERT_GE(test, port, 40000);
		KUNIT_ASSERT_LE(test, port, 40009);
		used[port - 40000]++;
	}
	for (i = 0; i < ARRAY_SIZE(used); i++)
		KUNIT_EXPECT_GE(test, used[i], 90);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(dsfield, dsfields_gen_params),
	KUNIT_CASE(df),
	KUNIT_CASE(ttl),
	KUNIT_CASE_PARAM(sport, sports_gen_params),
	KUNIT_CASE(spread),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_outer",
	.test_cases = cases,
};

kunit_test_suite(suite);
