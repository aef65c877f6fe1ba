// SPDX-License-Identifier: GPL-2.0
/* The tag that says who has got a frame. */

#include <kunit/test.h>

#include "../served.c"

#define COOKIE 0x0123456789abcdefULL

static void there_and_back(struct kunit *test)
{
	const struct weft_served served = {
		.vfs = BIT_ULL(63) | 6, .nics = 0x7e | WEFT_SERVED_TUNNEL,
		.nic = 3,
	};
	struct weft_served_tag tag;
	struct weft_served got;

	weft_served_put(&tag, &served, COOKIE);
	KUNIT_EXPECT_EQ(test, sizeof(tag), 24);
	KUNIT_ASSERT_TRUE(test, weft_served_get(&tag, COOKIE, &got));
	KUNIT_EXPECT_EQ(test, got.vfs, served.vfs);
	KUNIT_EXPECT_EQ(test, got.nics, 0x7e);
	KUNIT_EXPECT_EQ(test, got.nic, 3);
}

/* Whatever byte is another one, who has got it is what there is, or nobody's word. */
static void another_byte(struct kunit *test)
{
	const struct weft_served served = { .vfs = 6, .nics = 1, .nic = 1 };
	const struct weft_served none = {};
	struct weft_served_tag tag;
	struct weft_served got;
	bool is, has;
	size_t i;

	for (i = 0; i < sizeof(tag); i++) {
		weft_served_put(&tag, &served, COOKIE);
		((u8 *)&tag)[i] ^= 0x40;
		got = none;
		is = i < offsetof(struct weft_served_tag, cookie) ||
		     i == offsetof(struct weft_served_tag, nics) ||
		     i == offsetof(struct weft_served_tag, nic);
		has = weft_served_get(&tag, COOKIE, &got);
		KUNIT_EXPECT_EQ_MSG(test, has, is, "byte %zu", i);
		if (!has)
			KUNIT_EXPECT_MEMEQ(test, &got, &none, sizeof(got));
	}
	weft_served_put(&tag, &served, COOKIE);
	KUNIT_EXPECT_FALSE(test, weft_served_get(&tag, ~COOKIE, &got));
}

/* What the other hosts have is not for a tag to say. */
static void never_the_tunnel(struct kunit *test)
{
	const struct weft_served served = { .nics = 1 };
	struct weft_served_tag tag;
	struct weft_served got;

	weft_served_put(&tag, &served, COOKIE);
	tag.nics |= WEFT_SERVED_TUNNEL;
	KUNIT_ASSERT_TRUE(test, weft_served_get(&tag, COOKIE, &got));
	KUNIT_EXPECT_EQ(test, got.nics, 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(there_and_back),
	KUNIT_CASE(another_byte),
	KUNIT_CASE(never_the_tunnel),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_served",
	.test_cases = cases,
};

kunit_test_suite(suite);
