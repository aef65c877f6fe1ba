// SPDX-License-Identifier: GPL-2.0
/* Ageing: nothing goes early, and nothing stays. */

#include <kunit/test.h>

#include "clock.h"
#include "../wheel.c"

/** weft_kunit_turn() - what a wheel does once a second, now */
void weft_kunit_turn(struct weft_wheel *wheel)
{
	turn(&wheel->work.work);
}

struct owner {
	spinlock_t lock;
	struct weft_wheel wheel;
	unsigned int gone;
};

struct item {
	struct hlist_node node;
	struct owner *owner;
	u32 due;
	unsigned int looked;
	bool gone;
	struct item *kills;	/* which it takes off, too */
	unsigned int stays;	/* looks that it survives */
	unsigned int takes;	/* seconds that a look takes */
};

static unsigned int look(struct weft_wheel *wheel, struct hlist_node *node)
{
	struct item *item = hlist_entry(node, struct item, node);

	item->looked++;
	weft_kunit_now += item->takes;
	if (item->kills)
		weft_wheel_del(wheel, &item->kills->node);
	if (item->stays) {
		item->stays--;
		return 1;
	}
	if ((s32)(item->due - weft_now()) > 0)
		return item->due - weft_now();
	item->gone = true;
	item->owner->gone++;
	return 0;
}

static struct owner *new_owner(struct kunit *test)
{
	struct owner *owner = kunit_kzalloc(test, sizeof(*owner), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, owner);
	weft_kunit_begin();
	spin_lock_init(&owner->lock);
	weft_wheel_init(&owner->wheel, &owner->lock, look);
	weft_wheel_stop(&owner->wheel);		/* the test turns it */
	return owner;
}

static struct item *new_items(struct kunit *test, struct owner *owner,
			      unsigned int count)
{
	struct item *items = kunit_kcalloc(test, count, sizeof(*items),
					   GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, items);
	for (i = 0; i < count; i++)
		items[i].owner = owner;
	return items;
}

static void put_on(struct item *item, unsigned int seconds)
{
	item->due = weft_now() + seconds;
	spin_lock_bh(&item->owner->lock);
	weft_wheel_add(&item->owner->wheel, &item->node, seconds);
	spin_unlock_bh(&item->owner->lock);
}

static void take_off(struct item *item)
{
	spin_lock_bh(&item->owner->lock);
	weft_wheel_del(&item->owner->wheel, &item->node);
	spin_unlock_bh(&item->owner->lock);
}

/* --- one element --- */

struct due_case {
	const char *name;
	unsigned int after;
	unsigned int step;	/* seconds between two turns */
};

static const struct due_case dues[] = {
	{ "in 1 s", 1, 1 },
	{ "in 2 s", 2, 1 },
	{ "in 62 s", 62, 1 },
	{ "in 63 s", 63, 1 },
	{ "in 64 s", 64, 1 },
	{ "in 65 s", 65, 1 },
	{ "in 127 s", 127, 1 },
	{ "in 128 s", 128, 1 },
	{ "in 300 s", 300, 1 },
	{ "in 1000 s", 1000, 1 },
	{ "in 1 s, turned late", 1, 7 },
	{ "in 63 s, turned late", 63, 7 },
	{ "in 64 s, turned late", 64, 7 },
	{ "in 300 s, turned late", 300, 7 },
	{ "in 10 s, turned once a round", 10, 64 },
	{ "in 300 s, turned once a round", 300, 64 },
	{ "in 10 s, turned less than once a round", 10, 65 },
	{ "in 300 s, turned less than once a round", 300, 65 },
	{ "in 1 s, after a long sleep", 1, 100000 },
	{ "in 300 s, after a long sleep", 300, 100000 },
};

KUNIT_ARRAY_PARAM_DESC(dues, dues, name);

static void due(struct kunit *test)
{
	const struct due_case *c = test->param_value;
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);
	unsigned int passed = 0;

	put_on(item, c->after);
	while (passed < c->after) {
		KUNIT_ASSERT_FALSE_MSG(test, item->gone, "after %u s", passed);
		KUNIT_ASSERT_EQ(test, owner->wheel.count, 1);
		weft_kunit_now += c->step;
		passed += c->step;
		weft_kunit_turn(&owner->wheel);
	}
	KUNIT_EXPECT_TRUE(test, item->gone);
	KUNIT_EXPECT_TRUE(test, hlist_unhashed(&item->node));
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);
	if (c->step == 1)	/* far ahead: looked at once a turn */
		KUNIT_EXPECT_LE(test, item->looked, c->after / 63 + 1);
}

/* The same, whichever slot the wheel begins at. */
static void every_slot(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);
	unsigned int begin;

	for (begin = 0; begin < 2 * WEFT_WHEEL_SLOTS; begin++) {
		item->gone = false;
		put_on(item, 3);
		weft_kunit_pass(&owner->wheel, 2);
		KUNIT_ASSERT_FALSE_MSG(test, item->gone, "at %u", begin);
		weft_kunit_pass(&owner->wheel, 1);
		KUNIT_ASSERT_TRUE_MSG(test, item->gone, "at %u", begin);
	}
}

static void at_once(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);

	put_on(item, 0);
	weft_kunit_turn(&owner->wheel);
	KUNIT_EXPECT_EQ(test, item->looked, 0);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_TRUE(test, item->gone);
}

/* Looks go on while the owner says so, once a second. */
static void stays(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);

	item->stays = 10;
	put_on(item, 1);
	weft_kunit_pass(&owner->wheel, 10);
	KUNIT_EXPECT_EQ(test, item->looked, 10);
	KUNIT_EXPECT_FALSE(test, item->gone);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_EQ(test, item->looked, 11);
	KUNIT_EXPECT_TRUE(test, item->gone);
}

/* The clock goes on while the only element is looked at: the wheel, which is
 * empty at that moment, must not end up ahead of itself.
 */
static void slow_look(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);

	item->stays = 1;
	item->takes = 2;
	put_on(item, 1);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_EQ(test, item->looked, 1);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 1);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_EQ(test, item->looked, 2);
	KUNIT_EXPECT_TRUE(test, item->gone);
}

/* --- several --- */

/* More than are looked at in one go, due in one second and spread. */
static void many(struct kunit *test)
{
	const unsigned int count = 5 * PORTION;
	struct owner *owner = new_owner(test);
	struct item *items = new_items(test, owner, count);
	unsigned int i, second;

	for (i = 0; i < count; i++)
		put_on(&items[i], i % 2 ? 10 : 1 + i % 20);
	for (second = 1; second <= 20; second++) {
		weft_kunit_pass(&owner->wheel, 1);
		for (i = 0; i < count; i++)
			KUNIT_ASSERT_EQ(test, items[i].gone,
					(s32)(weft_now() - items[i].due) >= 0);
	}
	KUNIT_EXPECT_EQ(test, owner->gone, count);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);
}

/* All are found after a long sleep, wherever they are. */
static void overslept(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *items = new_items(test, owner, 200);
	unsigned int i;

	for (i = 0; i < 200; i++)
		put_on(&items[i], 1 + i);
	weft_kunit_now += 500;
	weft_kunit_turn(&owner->wheel);
	KUNIT_EXPECT_EQ(test, owner->gone, 200);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);
}

static void deletion(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *items = new_items(test, owner, 3);
	unsigned int i;

	for (i = 0; i < 3; i++)
		put_on(&items[i], 5);
	take_off(&items[1]);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 2);
	take_off(&items[1]);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 2);
	weft_kunit_pass(&owner->wheel, 100);
	KUNIT_EXPECT_EQ(test, owner->gone, 2);
	KUNIT_EXPECT_EQ(test, items[1].looked, 0);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);

	put_on(&items[1], 5);	/* off and on again */
	take_off(&items[1]);
	put_on(&items[1], 10);
	weft_kunit_pass(&owner->wheel, 9);
	KUNIT_EXPECT_FALSE(test, items[1].gone);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_TRUE(test, items[1].gone);
}

/* What goes may take others with it, that are due in the same second. */
static void deletion_of_due(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *items = new_items(test, owner, 2);

	items[0].kills = &items[1];
	items[1].kills = &items[0];
	put_on(&items[0], 5);
	put_on(&items[1], 5);
	weft_kunit_pass(&owner->wheel, 10);
	KUNIT_EXPECT_EQ(test, owner->gone, 1);
	KUNIT_EXPECT_EQ(test, items[0].looked + items[1].looked, 1);
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);
}

/* What was far ahead is due at once. */
static void hurry(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *items = new_items(test, owner, 200);
	unsigned int i;

	for (i = 0; i < 200; i++)
		put_on(&items[i], 1 + i);
	for (i = 0; i < 100; i++)
		items[i].due = weft_now();
	weft_wheel_hurry(&owner->wheel);
	weft_kunit_pass(&owner->wheel, 1);
	KUNIT_EXPECT_EQ(test, owner->gone, 100);
	for (i = 0; i < 200; i++)
		KUNIT_EXPECT_GT(test, items[i].looked, 0);
	for (i = 100; i < 200; i++) {
		KUNIT_ASSERT_EQ(test, owner->gone, i);
		weft_kunit_now = items[i].due;
		weft_kunit_turn(&owner->wheel);
		KUNIT_EXPECT_TRUE(test, items[i].gone);
	}
	KUNIT_EXPECT_EQ(test, owner->wheel.count, 0);
}

/* It turns by itself while there is something on it, until it is stopped. */
static void work(struct kunit *test)
{
	struct owner *owner = new_owner(test);
	struct item *item = new_items(test, owner, 1);
	struct weft_wheel *wheel = &owner->wheel;

	weft_wheel_init(wheel, &owner->lock, look);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&wheel->work));
	put_on(item, 5);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(&wheel->work));
	weft_wheel_stop(wheel);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&wheel->work));
	take_off(item);
	put_on(item, 5);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&wheel->work));
	take_off(item);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(due, dues_gen_params),
	KUNIT_CASE(every_slot),
	KUNIT_CASE(at_once),
	KUNIT_CASE(stays),
	KUNIT_CASE(slow_look),
	KUNIT_CASE(many),
	KUNIT_CASE(overslept),
	KUNIT_CASE(deletion),
	KUNIT_CASE(deletion_of_due),
	KUNIT_CASE(hurry),
	KUNIT_CASE(work),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_wheel",
	.test_cases = cases,
};

kunit_test_suite(suite);
