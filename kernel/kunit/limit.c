// SPDX-License-Identifier: GPL-2.0
/* Token buckets. */

#include <kunit/test.h>
#include <uapi/linux/weft.h>

#include "limit.h"

/* Bytes that pass within so many seconds, from a sender that never rests. */
static u64 passed(u64 rate, u32 burst, u32 len, u32 seconds)
{
	u64 cost = weft_limit_ns(rate, len), end = seconds * NSEC_PER_SEC;
	u64 now, next, due = 0, bytes = 0;

	for (now = 1; now < end; now += NSEC_PER_SEC / 10000) {
		next = weft_limit_next(due, now, cost,
				       weft_limit_ns(rate, burst));
		if (!next)
			continue;
		due = next;
		bytes += len;
	}
	return bytes;
}

/* In the long run the rate, and no more before than burst and a frame. */
static void in_the_long_run(struct kunit *test)
{
	static const struct {
		u64 rate;
		u32 burst;
		u32 len;
	} table[] = {
		{ 8000, 3000, 1000 }, { 1000000, 0, 1500 },
		{ 1000000, 100000, 60 }, { 10000000, 65536, 65536 },
		{ 3333333, 1, 1499 },
	};
	u64 bytes, most;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++) {
		bytes = passed(table[i].rate, table[i].burst, table[i].len, 10);
		most = table[i].rate * 10 / 8;
		KUNIT_EXPECT_LE(test, bytes, most + table[i].burst +
					     2 * table[i].len);
		/* sent often enough, all that may pass does */
		KUNIT_EXPECT_GE(test, bytes, min_t(u64, most,
				(u64)table[i].len * 99000) * 98 / 100);
	}
}

static void at_once(struct kunit *test)
{
	u64 cost = weft_limit_ns(8000, 1000), burst = weft_limit_ns(8000, 3000);
	u64 now = 5 * NSEC_PER_SEC, due = 0;
	unsigned int n = 0;

	while ((due = weft_limit_next(due, now, cost, burst)))
		n++;
	KUNIT_EXPECT_EQ(test, n, 4);
}

static void defaults(struct kunit *test)
{
	struct weft_limit limit = {};

	weft_limit_set(&limit, 1000000000, 0);
	KUNIT_EXPECT_EQ(test, limit.burst, 1250000);
	weft_limit_set(&limit, 1000, 0);
	KUNIT_EXPECT_EQ(test, limit.burst, WEFT_BURST_MIN);
	weft_limit_set(&limit, WEFT_RATE_MAX, 0);
	KUNIT_EXPECT_EQ(test, limit.burst, 1250000000);
	weft_limit_set(&limit, 1000, 7);
	KUNIT_EXPECT_EQ(test, limit.burst, 7);
	weft_limit_set(&limit, 0, 0);
	KUNIT_EXPECT_TRUE(test, weft_limit_pass(&limit, U32_MAX));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(in_the_long_run),
	KUNIT_CASE(at_once),
	KUNIT_CASE(defaults),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_limit",
	.test_cases = cases,
};

kunit_test_suite(suite);
