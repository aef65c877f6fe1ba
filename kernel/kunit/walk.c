// SPDX-License-Identifier: GPL-2.0
/* Dumps that go on where they stopped. */

#include <kunit/test.h>
#include <linux/delay.h>

#include "../netlink/walk.c"

#define ITEMS 1000

struct item {
	struct rhash_head node;
	u32 key;
	unsigned int told;
	unsigned int parts;	/* that it takes */
};

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct item, node),
	.key_offset = offsetof(struct item, key),
	.key_len = sizeof(u32),
	.automatic_shrinking = true,
};

struct fixture {
	struct rhashtable table;
	unsigned int room;	/* what fits into a message */
	struct item item[ITEMS];
};

static int walk_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f || rhashtable_init(&f->table, &params))
		return -ENOMEM;
	test->priv = f;
	return 0;
}

static void walk_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	rhashtable_destroy(&f->table);
}

static bool settled(struct rhashtable *table)
{
	unsigned int elements = atomic_read(&table->nelems);
	struct bucket_table *tbl;
	bool settled;

	rcu_read_lock();
	tbl = rht_dereference_rcu(table->tbl, table);
	settled = !weft_walk_resizing(table) && elements <= tbl->size / 4 * 3 &&
		  (elements >= tbl->size / 10 * 3 ||
		   tbl->size <= table->p.min_size);
	rcu_read_unlock();
	return settled;
}

/* Waits until the table has the size that it wants. */
static void settle(struct rhashtable *table)
{
	unsigned int i;

	for (i = 0; i < 5000 && !settled(table); i++)
		usleep_range(1000, 2000);
}

static void insert(struct kunit *test, unsigned int from, unsigned int to)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = from; i < to; i++) {
		f->item[i].key = i;
		f->item[i].parts = 1;
		KUNIT_ASSERT_EQ(test, rhashtable_insert_fast(&f->table,
							     &f->item[i].node,
							     params), 0);
	}
	settle(&f->table);
}

static int tell(void *object, u32 *part, void *arg)
{
	struct fixture *f = arg;
	struct item *item = object;

	for (; *part < item->parts; ++*part) {
		if (!f->room)
			return -EMSGSIZE;
		f->room--;
		item->told++;
	}
	return 0;
}

/* One message of a dump. Returns whether there is more. */
static bool message(struct kunit *test, struct weft_walk *walk,
		    unsigned int room)
{
	struct fixture *f = test->priv;
	int err;

	f->room = room;
	rcu_read_lock();
	err = weft_walk(walk, &f->table, tell, f);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, !err || err == -EMSGSIZE);
	return err;
}

static void expect_told(struct kunit *test, unsigned int count)
{
	struct fixture *f = test->priv;
	unsigned int i, wrong = 0;

	for (i = 0; i < ITEMS; i++)
		wrong += f->item[i].told != (i < count ? f->item[i].parts : 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void empty(struct kunit *test)
{
	struct weft_walk walk = {};

	KUNIT_EXPECT_FALSE(test, message(test, &walk, 10));
	KUNIT_EXPECT_FALSE(test, message(test, &walk, 10));
}

/* However much fits into a message, each is told once. */
static void pieces(struct kunit *test)
{
	static const unsigned int rooms[] = { 1, 2, 3, 10, 64, 999, 1000 };
	struct fixture *f = test->priv;
	struct weft_walk walk;
	unsigned int i, j;

	insert(test, 0, ITEMS);
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		walk = (struct weft_walk){};
		for (j = 0; j < ITEMS; j++)
			f->item[j].told = 0;
		while (message(test, &walk, rooms[i]))
			;
		expect_told(test, ITEMS);
		KUNIT_EXPECT_EQ(test, walk.resized, 0);
	}
}

/* What does not fit into one message is told in parts. */
static void parts(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_walk walk = {};
	unsigned int i;

	insert(test, 0, ITEMS);
	for (i = 0; i < ITEMS; i++)
		f->item[i].parts = i % 7;
	while (message(test, &walk, 4))
		;
	expect_told(test, ITEMS);
}

/* A table that is exchanged under the walk: it ends, and is known. */
static void resize(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_walk walk = {};
	unsigned int i;

	insert(test, 0, 100);
	KUNIT_ASSERT_TRUE(test, message(test, &walk, 50));
	KUNIT_EXPECT_EQ(test, walk.resized, 0);
	insert(test, 100, ITEMS);
	while (message(test, &walk, 50))
		;
	KUNIT_EXPECT_GT(test, walk.resized, 0);

	walk = (struct weft_walk){};
	KUNIT_ASSERT_TRUE(test, message(test, &walk, ITEMS - 10));
	for (i = 10; i < ITEMS; i++)
		KUNIT_ASSERT_EQ(test, rhashtable_remove_fast(&f->table,
							     &f->item[i].node,
							     params), 0);
	settle(&f->table);
	while (message(test, &walk, 50))
		;
	KUNIT_EXPECT_GT(test, walk.resized, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(empty),
	KUNIT_CASE(pieces),
	KUNIT_CASE(parts),
	KUNIT_CASE(resize),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_walk",
	.init = walk_init,
	.exit = walk_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
