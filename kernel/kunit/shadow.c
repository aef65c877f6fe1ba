// SPDX-License-Identifier: GPL-2.0
/* What a NIC knows of the map. */

#include <kunit/test.h>

#include "../shadow.c"

static struct weft_key key_of(u32 i)
{
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, i >> 8, i };
	struct weft_key key;

	weft_key_set(&key, 100, mac);
	return key;
}

static int shadow_init(struct kunit *test)
{
	struct weft_shadows *shadows;

	shadows = kunit_kzalloc(test, sizeof(*shadows), GFP_KERNEL);
	if (!shadows)
		return -ENOMEM;
	test->priv = shadows;
	return weft_shadows_init(shadows);
}

static void shadow_exit(struct kunit *test)
{
	weft_shadows_destroy(test->priv);
}

static void mark(struct kunit *test, u32 i)
{
	struct weft_key key = key_of(i);

	KUNIT_ASSERT_EQ(test, weft_shadow_mark(test->priv, &key, GFP_KERNEL),
			0);
}

/* Takes one, and expects it to be the ith. */
static struct weft_shadow_item take_item(struct kunit *test, u32 i)
{
	struct weft_key key = key_of(i);
	struct weft_shadow_item item = {};

	KUNIT_EXPECT_EQ(test, weft_shadow_take(test->priv, &item, 1), 1);
	KUNIT_EXPECT_MEMEQ(test, &item.key, &key, sizeof(key));
	return item;
}

/* Returns whether it is there. */
static bool take(struct kunit *test, u32 i)
{
	return take_item(test, i).there;
}

static void note(struct kunit *test, u32 i, enum weft_hw hw, bool there)
{
	struct weft_key key = key_of(i);

	weft_shadow_note(test->priv, &key, hw, WEFT_NIC_TO_VTEP, there);
}

static void expect_hw(struct kunit *test, u32 i, enum weft_hw hw)
{
	struct weft_key key = key_of(i);

	KUNIT_EXPECT_EQ(test, weft_shadow_hw(test->priv, &key), hw);
}

static void expect_none(struct kunit *test)
{
	struct weft_shadow_item item;

	KUNIT_EXPECT_EQ(test, weft_shadow_take(test->priv, &item, 1), 0);
}

static void in_order(struct kunit *test)
{
	struct weft_shadows *shadows = test->priv;

	mark(test, 1);
	mark(test, 2);
	mark(test, 1);
	KUNIT_EXPECT_EQ(test, shadows->pending, 2);
	KUNIT_EXPECT_FALSE(test, take(test, 1));
	note(test, 1, WEFT_HW_PRESENT, true);
	KUNIT_EXPECT_FALSE(test, take(test, 2));
	expect_none(test);
	KUNIT_EXPECT_EQ(test, shadows->there, 1);
	expect_hw(test, 1, WEFT_HW_PRESENT);
	expect_hw(test, 2, WEFT_HW_PENDING);
}

static void changed_meanwhile(struct kunit *test)
{
	struct weft_key key = key_of(1);

	mark(test, 1);
	take(test, 1);
	mark(test, 1);
	note(test, 1, WEFT_HW_PRESENT, true);
	expect_hw(test, 1, WEFT_HW_PENDING);
	KUNIT_EXPECT_FALSE(test, weft_shadow_settled(test->priv, &key));
	KUNIT_EXPECT_TRUE(test, take(test, 1));
	note(test, 1, WEFT_HW_PRESENT, true);
	KUNIT_EXPECT_TRUE(test, weft_shadow_settled(test->priv, &key));
}

static void gone(struct kunit *test)
{
	struct weft_shadows *shadows = test->priv;

	mark(test, 1);
	take(test, 1);
	note(test, 1, WEFT_HW_PRESENT, true);
	mark(test, 1);
	KUNIT_EXPECT_TRUE(test, take(test, 1));
	note(test, 1, WEFT_HW_PENDING, false);
	KUNIT_EXPECT_EQ(test, shadows->there, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&shadows->table.nelems), 0);
}

static void no_room(struct kunit *test)
{
	mark(test, 1);
	mark(test, 2);
	take(test, 1);
	take(test, 2);
	note(test, 1, WEFT_HW_FULL, false);
	note(test, 2, WEFT_HW_FULL, false);
	expect_none(test);
	weft_shadow_thaw(test->priv, 1);
	take(test, 1);
	expect_none(test);
	note(test, 1, WEFT_HW_FULL, false);
	mark(test, 1);	/* the map changes it: it does not wait any more */
	take(test, 1);
	note(test, 1, WEFT_HW_PRESENT, true);
	weft_shadow_thaw(test->priv, 5);
	take(test, 2);
	expect_none(test);
}

static void swapped(struct kunit *test)
{
	struct weft_key one = key_of(1), two = key_of(2);
	struct weft_shadow *out, *in;

	mark(test, 1);
	mark(test, 2);
	take(test, 1);
	take(test, 2);
	note(test, 1, WEFT_HW_PRESENT, true);
	note(test, 2, WEFT_HW_FULL, false);
	rcu_read_lock();
	out = weft_shadow_find(test->priv, &one);
	in = weft_shadow_find(test->priv, &two);
	rcu_read_unlock();
	weft_shadow_swap(test->priv, out, in);
	/* first, so that there is room */
	KUNIT_EXPECT_TRUE(test, take_item(test, 1).cold);
	KUNIT_EXPECT_FALSE(test, take_item(test, 2).cold);
	note(test, 1, WEFT_HW_COLD, false);
	note(test, 2, WEFT_HW_PRESENT, true);
	mark(test, 1);	/* the map changes it: that is no reason to come in */
	KUNIT_EXPECT_TRUE(test, take_item(test, 1).cold);
	note(test, 1, WEFT_HW_COLD, false);
	weft_shadow_thaw(test->priv, 1);
	KUNIT_EXPECT_FALSE(test, take_item(test, 1).cold);
}

static void lacking(struct kunit *test)
{
	struct weft_shadows *shadows = test->priv;

	KUNIT_EXPECT_FALSE(test, weft_shadow_absent(shadows, 100, false));
	mark(test, 1);
	mark(test, 2);
	take(test, 1);
	take(test, 2);
	note(test, 1, WEFT_HW_NO_MAC, false);
	KUNIT_EXPECT_TRUE(test, weft_shadow_absent(shadows, 100, false));
	KUNIT_EXPECT_FALSE(test, weft_shadow_absent(shadows, 101, false));
	note(test, 2, WEFT_HW_FULL, false);
	mark(test, 1);
	take(test, 1);
	note(test, 1, WEFT_HW_PRESENT, true);
	KUNIT_EXPECT_TRUE(test, weft_shadow_absent(shadows, 100, false));
	mark(test, 2);
	take(test, 2);
	note(test, 2, WEFT_HW_PENDING, false);	/* it is gone */
	KUNIT_EXPECT_FALSE(test, weft_shadow_absent(shadows, 100, false));
}

static void lost(struct kunit *test)
{
	struct weft_shadows *shadows = test->priv;
	u32 i;

	for (i = 0; i < 3000; i++) {
		mark(test, i);
		take(test, i);
		note(test, i, i % 2 ? WEFT_HW_PRESENT : WEFT_HW_HOST, i % 2);
	}
	KUNIT_EXPECT_EQ(test, shadows->there, 1500);
	weft_shadow_lose(shadows);
	KUNIT_EXPECT_EQ(test, shadows->there, 0);
	KUNIT_EXPECT_EQ(test, shadows->pending, 3000);
}

/* Of a group it counts from when it is known here, to when the NIC has it. */
static void groups(struct kunit *test)
{
	static const u8 mac[ETH_ALEN] = { 0x01, 0x00, 0x5e, 1, 1, 1 };
	struct weft_shadows *shadows = test->priv;
	struct weft_shadow_item item;
	struct weft_key key;
	unsigned int i;

	weft_key_set(&key, 100, mac);
	KUNIT_ASSERT_EQ(test, weft_shadow_mark(shadows, &key, GFP_KERNEL), 0);
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_TRUE(test, weft_shadow_absent(shadows, 100, true));
		KUNIT_EXPECT_FALSE(test,
				   weft_shadow_absent(shadows, 100, false));
		KUNIT_EXPECT_EQ(test, weft_shadow_take(shadows, &item, 1), 1);
		KUNIT_EXPECT_TRUE(test,
				  weft_shadow_note(shadows, &key,
						   WEFT_HW_PRESENT,
						   WEFT_NIC_TO_MEMBERS, true));
		KUNIT_EXPECT_FALSE(test,
				   weft_shadow_absent(shadows, 100, true));
		/* no other may have its place */
		KUNIT_EXPECT_TRUE(test, list_empty(&shadows->present));
		weft_shadow_lose(shadows);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(in_order),
	KUNIT_CASE(changed_meanwhile),
	KUNIT_CASE(gone),
	KUNIT_CASE(no_room),
	KUNIT_CASE(swapped),
	KUNIT_CASE(lacking),
	KUNIT_CASE(lost),
	KUNIT_CASE(groups),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_shadow",
	.init = shadow_init,
	.exit = shadow_exit,
	.test_cases = cases,
};
kunit_test_suite(suite);
