// SPDX-License-Identifier: GPL-2.0
/* The mapping table: who gives way to whom, limits, sets, ageing, and that
 * nothing is left over.
 */

#include <kunit/test.h>

#include "clock.h"
#include <linux/slab.h>

/* the name of the cache must not be that of the module's own */
#undef KMEM_CACHE
#define KMEM_CACHE(s, flags)						\
	kmem_cache_create("kunit_" #s, sizeof(struct s),		\
			  __alignof__(struct s), flags, NULL)
#include "../map.c"

#define DESTS	4

/* As a peer or a membership of a port has it. */
struct place {
	struct weft_dest dest;
	struct weft_quota quota;
	unsigned int idled;
	unsigned int found;	/* times that an entry still led there then */
};

struct fixture {
	struct weft_map map;
	struct weft_scope scope[2];
	struct place place[DESTS];
};

static const u8 mac_a[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 0xa };
static const u8 mac_b[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 0xb };
static const u8 zeros[ETH_ALEN] __aligned(2);

static struct fixture *fixture;		/* for count_idle() */

/* Its owner begins to free it now, so no reader may find it any more. */
static void count_idle(struct weft_dest *dest)
{
	struct place *place = container_of(dest, struct place, dest);
	static const u8 *const macs[] = { mac_a, mac_b, zeros };
	struct weft_entry *entry;
	unsigned int i;

	place->idled++;
	rcu_read_lock();
	for (i = 0; i < 2 * ARRAY_SIZE(macs); i++) {
		entry = weft_map_lookup(&fixture->map, 1 + i % 2, macs[i / 2]);
		if (entry)
			place->found +=
				weft_dest_leads_to(rcu_dereference(entry->dest),
						   dest);
	}
	rcu_read_unlock();
}

static int map_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	if (!f || weft_map_init(&f->map, NULL))
		return -ENOMEM;
	weft_kunit_begin();
	weft_wheel_stop(&f->map.wheel);		/* the test turns it */
	for (i = 0; i < ARRAY_SIZE(f->scope); i++)
		f->scope[i] = (struct weft_scope){
			.vni = i + 1, .ageing = 300,
		};
	for (i = 0; i < DESTS; i++)
		weft_dest_init(&f->place[i].dest, WEFT_DEST_PEER,
			       &f->place[i].quota, count_idle);
	test->priv = f;
	fixture = f;
	return 0;
}

/* Whatever a test did: when all is gone no counter says otherwise. */
static void map_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(f->scope); i++)
		weft_map_clear(&f->map, &f->scope[i]);
	KUNIT_EXPECT_EQ(test, f->map.entries, 0);
	KUNIT_EXPECT_EQ(test, f->map.quota.used, 0);
	KUNIT_EXPECT_EQ(test, f->map.wheel.count, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&f->map.table.nelems), 0);
	for (i = 0; i < ARRAY_SIZE(f->scope); i++) {
		KUNIT_EXPECT_EQ(test, f->scope[i].entries, 0);
		KUNIT_EXPECT_EQ(test, f->scope[i].quota.used, 0);
		KUNIT_EXPECT_TRUE(test, hlist_empty(&f->scope[i].list));
	}
	for (i = 0; i < DESTS; i++) {
		const struct place *place = &f->place[i];

		KUNIT_EXPECT_EQ(test, place->dest.entries, 0);
		KUNIT_EXPECT_EQ(test, place->dest.learned, 0);
		KUNIT_EXPECT_EQ(test, place->quota.used, 0);
		KUNIT_EXPECT_EQ(test, place->dest.pins, 0);
		KUNIT_EXPECT_EQ(test, place->found, 0);
		KUNIT_EXPECT_TRUE(test, hlist_empty(&place->dest.direct));
		KUNIT_EXPECT_TRUE(test, hlist_empty(&place->dest.members));
	}
	weft_map_destroy(&f->map);
}

static int suite_init(struct kunit_suite *suite)
{
	return weft_map_module_init();
}

static void suite_exit(struct kunit_suite *suite)
{
	rcu_barrier();
	weft_map_module_exit();
}

/* --- shorter words --- */

/* The packet path sees a source address. */
static int see_at(struct fixture *f, unsigned int scope, const u8 *mac,
		  unsigned int place)
{
	int err;

	local_bh_disable();
	rcu_read_lock();
	err = weft_map_learn(&f->map, &f->scope[scope], mac,
			     &f->place[place].dest);
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

/* The administrator's word; @places has a bit for each destination. */
static int put(struct fixture *f, unsigned int scope, const u8 *mac,
	       unsigned int places, enum weft_state state,
	       enum weft_mode mode)
{
	struct weft_dest *dests[DESTS];
	unsigned int i, count = 0;

	for (i = 0; i < DESTS; i++)
		if (places & BIT(i))
			dests[count++] = &f->place[i].dest;
	return weft_map_add(&f->map, &f->scope[scope], mac, dests, count,
			    state, mode, NULL);
}

static int take(struct fixture *f, unsigned int scope, const u8 *mac,
		unsigned int places)
{
	struct weft_dest *dests[DESTS];
	unsigned int i, count = 0;

	for (i = 0; i < DESTS; i++)
		if (places & BIT(i))
			dests[count++] = &f->place[i].dest;
	return weft_map_del(&f->map, f->scope[scope].vni, mac, dests, count,
			    NULL);
}

static void age_by(struct fixture *f, unsigned int seconds)
{
	weft_kunit_pass(&f->map.wheel, seconds);
}

static const u8 *nth_mac(u8 *mac, unsigned int n)
{
	u64_to_ether_addr(0x020000000000ull + n, mac);
	return mac;
}

/* What the table says: the state or -1, and bits of the destinations. */
static int look(struct fixture *f, unsigned int scope, const u8 *mac,
		unsigned int *places)
{
	struct weft_entry *entry;
	int i, state = -1;

	*places = 0;
	rcu_read_lock();
	entry = weft_map_lookup(&f->map, f->scope[scope].vni, mac);
	if (entry) {
		state = entry->state;
		for (i = 0; i < DESTS; i++)
			if (weft_dest_leads_to(rcu_dereference(entry->dest),
					       &f->place[i].dest))
				*places |= BIT(i);
	}
	rcu_read_unlock();
	return state;
}

static void expect_entry(struct kunit *test, unsigned int scope,
			 const u8 *mac, int state, unsigned int places,
			 const char *what)
{
	unsigned int is_at;
	int is;

	is = look(test->priv, scope, mac, &is_at);
	KUNIT_EXPECT_EQ_MSG(test, is, state, "state: %s", what);
	KUNIT_EXPECT_EQ_MSG(test, is_at, places, "destinations: %s", what);
}

static void expect_none(struct kunit *test, unsigned int scope, const u8 *mac,
			const char *what)
{
	expect_entry(test, scope, mac, -1, 0, what);
}

/* --- precedence --- */

#define NONE		-1
#define LEARNED		WEFT_STATE_LEARNED
#define CONTROLLER	WEFT_STATE_CONTROLLER
#define STATIC		WEFT_STATE_STATIC
#define ADD		WEFT_MODE_ADD
#define EXCL		WEFT_MODE_EXCLUSIVE
#define REPLACE		WEFT_MODE_REPLACE
#define APPEND		WEFT_MODE_APPEND
#define AT_0		BIT(0)
#define AT_1		BIT(1)
#define BOTH		(BIT(0) | BIT(1))

/* There is an entry that leads to place 0. Something is done with it. */
struct precedence_case {
	const char *name;
	int there;
	enum weft_mode mode;
	enum weft_state state;
	unsigned int places;
	int err;
	int then;
	unsigned int then_places;
};

static const struct precedence_case precedences[] = {
	{ "none, add", NONE, ADD, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "none, add by controller", NONE, ADD, CONTROLLER, AT_1, 0,
	  CONTROLLER, AT_1 },
	{ "none, add set", NONE, ADD, STATIC, BOTH, 0, STATIC, BOTH },
	{ "none, excl", NONE, EXCL, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "none, replace", NONE, REPLACE, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "none, append", NONE, APPEND, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "none, append set", NONE, APPEND, STATIC, BOTH, 0, STATIC, BOTH },

	{ "learned, add", LEARNED, ADD, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "learned, add same", LEARNED, ADD, CONTROLLER, AT_0, 0, CONTROLLER,
	  AT_0 },
	{ "learned, add set", LEARNED, ADD, STATIC, BOTH, 0, STATIC, BOTH },
	{ "learned, excl", LEARNED, EXCL, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "learned, replace", LEARNED, REPLACE, CONTROLLER, AT_1, 0,
	  CONTROLLER, AT_1 },
	{ "learned, append gives way", LEARNED, APPEND, STATIC, AT_1, 0,
	  STATIC, AT_1 },

	{ "controller, add same", CONTROLLER, ADD, CONTROLLER, AT_0, 0,
	  CONTROLLER, AT_0 },
	{ "controller, add other", CONTROLLER, ADD, CONTROLLER, AT_1, -EEXIST,
	  CONTROLLER, AT_0 },
	{ "controller, add more", CONTROLLER, ADD, CONTROLLER, BOTH, -EEXIST,
	  CONTROLLER, AT_0 },
	{ "controller, excl same", CONTROLLER, EXCL, CONTROLLER, AT_0,
	  -EEXIST, CONTROLLER, AT_0 },
	{ "controller, replace", CONTROLLER, REPLACE, CONTROLLER, AT_1, 0,
	  CONTROLLER, AT_1 },
	{ "controller, replace by set", CONTROLLER, REPLACE, CONTROLLER, BOTH,
	  0, CONTROLLER, BOTH },
	{ "controller, replace same", CONTROLLER, REPLACE, CONTROLLER, AT_0,
	  0, CONTROLLER, AT_0 },
	{ "controller, append", CONTROLLER, APPEND, CONTROLLER, AT_1, 0,
	  CONTROLLER, BOTH },
	{ "controller, append same", CONTROLLER, APPEND, CONTROLLER, AT_0,
	  -EEXIST, CONTROLLER, AT_0 },
	{ "controller, append partly same", CONTROLLER, APPEND, CONTROLLER,
	  BOTH, -EEXIST, CONTROLLER, AT_0 },

	{ "controller, static add same", CONTROLLER, ADD, STATIC, AT_0,
	  -EEXIST, CONTROLLER, AT_0 },
	{ "controller, static add other", CONTROLLER, ADD, STATIC, AT_1,
	  -EEXIST, CONTROLLER, AT_0 },
	{ "controller, static excl", CONTROLLER, EXCL, STATIC, AT_1, -EEXIST,
	  CONTROLLER, AT_0 },
	{ "controller, static replace", CONTROLLER, REPLACE, STATIC, AT_1, 0,
	  STATIC, AT_1 },
	{ "controller, static replace same", CONTROLLER, REPLACE, STATIC,
	  AT_0, 0, STATIC, AT_0 },
	{ "controller, static append", CONTROLLER, APPEND, STATIC, AT_1, 0,
	  STATIC, BOTH },

	{ "static, add same", STATIC, ADD, STATIC, AT_0, 0, STATIC, AT_0 },
	{ "static, add other", STATIC, ADD, STATIC, AT_1, -EEXIST, STATIC,
	  AT_0 },
	{ "static, excl same", STATIC, EXCL, STATIC, AT_0, -EEXIST, STATIC,
	  AT_0 },
	{ "static, replace", STATIC, REPLACE, STATIC, AT_1, 0, STATIC, AT_1 },
	{ "static, append", STATIC, APPEND, STATIC, AT_1, 0, STATIC, BOTH },
	{ "static, controller add same", STATIC, ADD, CONTROLLER, AT_0,
	  -EPERM, STATIC, AT_0 },
	{ "static, controller add other", STATIC, ADD, CONTROLLER, AT_1,
	  -EPERM, STATIC, AT_0 },
	{ "static, controller excl", STATIC, EXCL, CONTROLLER, AT_1, -EPERM,
	  STATIC, AT_0 },
	{ "static, controller replace", STATIC, REPLACE, CONTROLLER, AT_1,
	  -EPERM, STATIC, AT_0 },
	{ "static, controller append", STATIC, APPEND, CONTROLLER, AT_1,
	  -EPERM, STATIC, AT_0 },

	{ "none, learn", NONE, ADD, LEARNED, AT_1, 0, LEARNED, AT_1 },
	{ "learned, learn same", LEARNED, ADD, LEARNED, AT_0, 0, LEARNED,
	  AT_0 },
	{ "learned, moves", LEARNED, ADD, LEARNED, AT_1, 0, LEARNED, AT_1 },
	{ "controller, learn same", CONTROLLER, ADD, LEARNED, AT_0, 0,
	  CONTROLLER, AT_0 },
	{ "controller, learn other", CONTROLLER, ADD, LEARNED, AT_1, -EEXIST,
	  CONTROLLER, AT_0 },
	{ "static, learn same", STATIC, ADD, LEARNED, AT_0, 0, STATIC, AT_0 },
	{ "static, learn other", STATIC, ADD, LEARNED, AT_1, -EEXIST, STATIC,
	  AT_0 },
};

KUNIT_ARRAY_PARAM_DESC(precedences, precedences, name);

static int enter(struct fixture *f, int state, unsigned int places,
		 enum weft_mode mode)
{
	if (state == LEARNED)
		return see_at(f, 0, mac_a, places == AT_1);
	return put(f, 0, mac_a, places, state, mode);
}

static void precedence(struct kunit *test)
{
	const struct precedence_case *c = test->param_value;
	struct fixture *f = test->priv;
	unsigned int told;
	u32 generation;

	if (c->there != NONE)
		KUNIT_ASSERT_EQ(test, enter(f, c->there, AT_0, ADD), 0);
	generation = f->map.generation;
	told = weft_kunit_events[WEFT_EVENT_ENTRY_NEW];

	KUNIT_EXPECT_EQ(test, enter(f, c->state, c->places, c->mode), c->err);
	expect_entry(test, 0, mac_a, c->then, c->then_places, "after");
	expect_none(test, 1, mac_a, "in another segment");
	KUNIT_EXPECT_EQ(test, f->map.entries, 1);
	KUNIT_EXPECT_EQ(test, f->scope[0].entries, 1);
	KUNIT_EXPECT_EQ(test, f->map.quota.used, c->then == LEARNED);
	KUNIT_EXPECT_EQ(test, f->map.wheel.count, c->then == LEARNED);
	KUNIT_EXPECT_EQ(test, f->place[0].dest.entries,
			!!(c->then_places & AT_0));
	KUNIT_EXPECT_EQ(test, f->place[1].dest.entries,
			!!(c->then_places & AT_1));

	/* a change is told, and counted, once; else nothing is */
	told = weft_kunit_events[WEFT_EVENT_ENTRY_NEW] - told;
	KUNIT_EXPECT_EQ(test, told, c->there != c->then ||
				    c->then_places != AT_0);
	KUNIT_EXPECT_EQ(test, f->map.generation - generation, told);
}

/* --- learning --- */

static void moves(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_entry *entry;

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	rcu_read_lock();
	entry = weft_map_lookup(&f->map, 1, mac_a);
	rcu_read_unlock();
	weft_kunit_now += 7;
	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 1), 0);
	rcu_read_lock();
	KUNIT_EXPECT_PTR_EQ(test, weft_map_lookup(&f->map, 1, mac_a), entry);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, entry->seen, weft_kunit_now);
	KUNIT_EXPECT_EQ(test, f->map.moves, 1);
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_MOVED], 1);
	KUNIT_EXPECT_EQ(test, f->place[0].dest.learned, 0);
	KUNIT_EXPECT_EQ(test, f->place[0].quota.used, 0);
	KUNIT_EXPECT_EQ(test, f->place[0].idled, 1);
	KUNIT_EXPECT_EQ(test, f->place[1].dest.learned, 1);
	KUNIT_EXPECT_EQ(test, f->place[1].quota.used, 1);
	KUNIT_EXPECT_EQ(test, f->map.quota.used, 1);

	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 1), 0);
	KUNIT_EXPECT_EQ(test, f->map.moves, 1);
}

/* Equal addresses of several segments have nothing to do with each other. */
static void segments(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, see_at(f, 1, mac_a, 1), 0);
	KUNIT_EXPECT_EQ(test, f->map.moves, 0);
	expect_entry(test, 0, mac_a, LEARNED, AT_0, "first");
	expect_entry(test, 1, mac_a, LEARNED, AT_1, "second");
	KUNIT_EXPECT_EQ(test, take(f, 0, mac_a, 0), 0);
	expect_none(test, 0, mac_a, "deleted");
	expect_entry(test, 1, mac_a, LEARNED, AT_1, "still there");
}

/* Contradictions and limits are told, but not more than once a second. */
static void refusals(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, put(f, 0, mac_a, AT_0, STATIC, ADD), 0);
	f->map.quota.limit = 1;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_b, 0), 0);
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 1), -EEXIST);
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_CONFLICT], 1);
	KUNIT_EXPECT_EQ(test, weft_map_limited(&f->map), 0);

	weft_kunit_now++;
	for (i = 0; i < 10; i++)
		KUNIT_EXPECT_EQ(test, see_at(f, 1, mac_b, 1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_LIMIT], 1);
	KUNIT_EXPECT_EQ(test, weft_map_limited(&f->map), 10);
	expect_none(test, 1, mac_b, "over the limit");
}

/* --- limits --- */

enum where { SWITCH, SEGMENT, DEST };

struct limit_case {
	const char *name;
	enum where where;
	/* with 3 of 3 learned in segment 0 at place 0, may one be learned? */
	int same;		/* there */
	int other_segment;
	int other_dest;
	int move_there;		/* from place 1 to place 0 */
};

static const struct limit_case limits[] = {
	{ "of the switch", SWITCH, -ENOSPC, -ENOSPC, -ENOSPC },
	{ "of the segment", SEGMENT, -ENOSPC, 0, -ENOSPC },
	{ "of the destination", DEST, -ENOSPC, -ENOSPC, 0, -ENOSPC },
};

KUNIT_ARRAY_PARAM_DESC(limits, limits, name);

static struct weft_quota *quota_of(struct fixture *f, enum where where)
{
	switch (where) {
	case SWITCH:
		return &f->map.quota;
	case SEGMENT:
		return &f->scope[0].quota;
	case DEST:
		break;
	}
	return &f->place[0].quota;
}

static void limit(struct kunit *test)
{
	const struct limit_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct weft_quota *quota = quota_of(f, c->where);
	unsigned int i;
	u8 mac[ETH_ALEN];

	if (c->where == DEST)	/* else it would be one too many */
		KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_b, 1), 0);
	quota->limit = 3;
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, i), 0), 0);
	KUNIT_EXPECT_EQ(test, quota->used, 3);

	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 0), c->same);
	KUNIT_EXPECT_EQ(test, see_at(f, 1, mac_a, 0), c->other_segment);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 1), c->other_dest);
	if (c->where == DEST) {
		KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_b, 0), c->move_there);
		expect_entry(test, 0, mac_b, LEARNED, AT_1, "did not move");
	}

	/* what is known is no more, and may go elsewhere */
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 0), 0), 0);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 0), 2), 0);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 0), 0), 0);

	/* what was put in by hand does not count */
	KUNIT_EXPECT_EQ(test, put(f, 0, mac_a, AT_0, STATIC, REPLACE), 0);
	KUNIT_EXPECT_EQ(test, put(f, 0, nth_mac(mac, 0), AT_0, STATIC, ADD),
			0);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 4), 0), 0);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 5), 0), -ENOSPC);

	/* a change counts at once */
	quota->limit++;
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 5), 0), 0);
	quota->limit = 1;
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 6), 0), -ENOSPC);
	quota->limit = 0;
	KUNIT_EXPECT_EQ(test, see_at(f, 0, nth_mac(mac, 6), 0), 0);
}

/* The memberships of a port share its limit: within it addresses may move. */
static void shared_quota(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->place[1].dest.quota = &f->place[0].quota;
	f->place[0].quota.limit = 1;
	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_EXPECT_EQ(test, see_at(f, 1, mac_b, 1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 1), 0);
	expect_entry(test, 0, mac_a, LEARNED, AT_1, "moved");
	KUNIT_EXPECT_EQ(test, f->place[0].quota.used, 1);
}

/* --- sets --- */

static void sets(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x3, STATIC, APPEND), 0);
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x4, STATIC, APPEND), 0);
	expect_entry(test, 0, zeros, STATIC, 0x7, "appended");
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0xc, STATIC, APPEND), -EEXIST);
	expect_entry(test, 0, zeros, STATIC, 0x7, "one of them twice");
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x7, STATIC, ADD), 0);
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x3, STATIC, ADD), -EEXIST);

	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0x9), -ENOENT);
	expect_entry(test, 0, zeros, STATIC, 0x7, "unknown member");
	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0x2), 0);
	expect_entry(test, 0, zeros, STATIC, 0x5, "one taken");
	KUNIT_EXPECT_EQ(test, f->place[1].idled, 1);
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x5, STATIC, ADD), 0);
	/* into the place of the one that went */
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x8, STATIC, APPEND), 0);
	expect_entry(test, 0, zeros, STATIC, 0xd, "appended again");
	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0x5), 0);
	expect_entry(test, 0, zeros, STATIC, 0x8, "one left");
	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0x8), 0);
	expect_none(test, 0, zeros, "none left");
	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0), -ENOENT);

	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0xf, STATIC, ADD), 0);
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x1, STATIC, REPLACE), 0);
	expect_entry(test, 0, zeros, STATIC, 0x1, "replaced");
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0xe, STATIC, REPLACE), 0);
	expect_entry(test, 0, zeros, STATIC, 0xe, "replaced by a set");
	KUNIT_EXPECT_EQ(test, take(f, 0, zeros, 0), 0);
	expect_none(test, 0, zeros, "deleted as a whole");
}

/* Appending must not look as if those that stay were let go meanwhile. */
static void append_keeps(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x1, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x2, STATIC, APPEND), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x4, STATIC, APPEND), 0);
	KUNIT_EXPECT_EQ(test, f->place[0].idled, 0);
	KUNIT_EXPECT_EQ(test, f->place[1].idled, 0);
	KUNIT_EXPECT_EQ(test, f->place[0].dest.pins, 0);
	KUNIT_EXPECT_EQ(test, f->place[1].dest.pins, 0);
}

static void members(struct kunit *test)
{
	const unsigned int count = SET_MAX + 1;
	struct fixture *f = test->priv;
	struct weft_dest **dests;
	struct place *places;
	unsigned int i;

	places = kunit_kcalloc(test, count, sizeof(*places), GFP_KERNEL);
	dests = kunit_kcalloc(test, count, sizeof(*dests), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, places && dests);
	for (i = 0; i < count; i++) {
		weft_dest_init(&places[i].dest, WEFT_DEST_PEER,
			       &places[i].quota, NULL);
		dests[i] = &places[i].dest;
	}
	KUNIT_EXPECT_EQ(test, weft_map_add(&f->map, &f->scope[0], zeros,
					   dests, count, STATIC, ADD, NULL),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, weft_map_add(&f->map, &f->scope[0], zeros,
					   dests, 100, STATIC, ADD, NULL), 0);
	KUNIT_EXPECT_EQ(test, weft_map_add(&f->map, &f->scope[0], zeros,
					   dests + 100, SET_MAX - 99, STATIC,
					   APPEND, NULL), -ENOSPC);
	KUNIT_EXPECT_EQ(test, places[100].dest.entries, 0);
	dests[99] = dests[0];
	KUNIT_EXPECT_EQ(test, weft_map_add(&f->map, &f->scope[0], mac_a,
					   dests, 100, STATIC, ADD, NULL),
			-EINVAL);
	weft_map_clear(&f->map, &f->scope[0]);
	KUNIT_EXPECT_EQ(test, places[0].dest.entries, 0);
}

/* --- destinations that go --- */

static void forget(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, put(f, 1, mac_a, 0x1, CONTROLLER, ADD), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, mac_b, 0x2, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x7, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, put(f, 1, zeros, 0x3, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, take(f, 1, zeros, 0x2), 0);

	weft_map_forget(&f->map, &f->place[0].dest);
	expect_none(test, 0, mac_a, "learned");
	expect_none(test, 1, mac_a, "controller");
	expect_entry(test, 0, mac_b, STATIC, 0x2, "elsewhere");
	expect_entry(test, 0, zeros, STATIC, 0x6, "one of several");
	expect_none(test, 1, zeros, "last one of a set");
	KUNIT_EXPECT_EQ(test, f->place[0].dest.entries, 0);
	KUNIT_EXPECT_EQ(test, f->place[0].idled, 0);

	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 0), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, put(f, 0, mac_a, 0x1, STATIC, ADD),
			-ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, put(f, 0, mac_b, 0x3, STATIC, REPLACE),
			-ESHUTDOWN);
	expect_entry(test, 0, mac_b, STATIC, 0x2, "unchanged");
	KUNIT_EXPECT_EQ(test, put(f, 0, zeros, 0x8, STATIC, APPEND), 0);
	expect_entry(test, 0, zeros, STATIC, 0xe, "appended after");
	KUNIT_EXPECT_FALSE(test, weft_dest_pin(&f->place[0].dest));
}

/* More entries than are taken away in one go */
static void forget_many(struct kunit *test)
{
	const unsigned int count = 2 * PORTION + 1;
	struct fixture *f = test->priv;
	unsigned int i;
	u8 mac[ETH_ALEN];

	for (i = 0; i < count; i++)
		KUNIT_ASSERT_EQ(test, see_at(f, 0, nth_mac(mac, i), 0), 0);
	for (i = 0; i < count; i++)
		KUNIT_ASSERT_EQ(test, put(f, 1, nth_mac(mac, i), 0x3, STATIC,
					  ADD), 0);
	KUNIT_EXPECT_EQ(test, f->place[0].dest.entries, 2 * count);
	weft_map_forget(&f->map, &f->place[0].dest);
	KUNIT_EXPECT_EQ(test, f->place[0].dest.entries, 0);
	KUNIT_EXPECT_EQ(test, f->map.entries, count);
	KUNIT_EXPECT_EQ(test, f->place[1].dest.entries, count);
}

static void pins(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct place *place = &f->place[0];

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_EXPECT_EQ(test, take(f, 0, mac_a, 0), 0);
	KUNIT_EXPECT_EQ(test, place->idled, 1);

	spin_lock_bh(&f->map.lock);
	KUNIT_EXPECT_TRUE(test, weft_dest_pin(&place->dest));
	KUNIT_EXPECT_TRUE(test, weft_dest_pin(&place->dest));
	spin_unlock_bh(&f->map.lock);
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_EXPECT_EQ(test, take(f, 0, mac_a, 0), 0);
	KUNIT_EXPECT_EQ(test, place->idled, 1);
	spin_lock_bh(&f->map.lock);
	weft_dest_unpin(&place->dest);
	KUNIT_EXPECT_EQ(test, place->idled, 1);
	weft_dest_unpin(&place->dest);
	KUNIT_EXPECT_EQ(test, place->idled, 2);
	spin_unlock_bh(&f->map.lock);
}

/* --- many at once --- */

static void clear(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x3, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, see_at(f, 1, mac_a, 0), 0);
	weft_map_clear(&f->map, &f->scope[0]);
	expect_none(test, 0, mac_a, "cleared");
	expect_none(test, 0, zeros, "set cleared");
	expect_entry(test, 1, mac_a, LEARNED, AT_0, "other segment");
	KUNIT_EXPECT_EQ(test, f->scope[0].entries, 0);
	KUNIT_EXPECT_EQ(test, see_at(f, 0, mac_a, 0), -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, put(f, 0, mac_a, 0x1, STATIC, ADD),
			-ESHUTDOWN);
}

struct flush_case {
	const char *name;
	int scope;		/* or -1 */
	int place;		/* or -1 */
	unsigned int states;
	unsigned int flushed;
	u32 left;		/* entries */
};

#define ANY	(BIT(LEARNED) | BIT(CONTROLLER) | BIT(STATIC))

/* Of segment 0: learned at 0 and 1, controller's at 1, static at 0, a static
 * set of 0 and 1. Of segment 1: learned at 0, static at 1.
 */
static const struct flush_case flushes[] = {
	{ "all", -1, -1, ANY, 7, 0 },
	{ "learned", -1, -1, BIT(LEARNED), 3, 4 },
	{ "controller's", -1, -1, BIT(CONTROLLER), 1, 6 },
	{ "static", -1, -1, BIT(STATIC), 3, 4 },
	{ "no state", -1, -1, 0, 0, 7 },
	{ "segment 0", 0, -1, ANY, 5, 2 },
	{ "segment 1", 1, -1, ANY, 2, 5 },
	{ "segment 0, learned", 0, -1, BIT(LEARNED), 2, 5 },
	{ "place 0", -1, 0, ANY, 4, 4 },
	{ "place 1", -1, 1, ANY, 4, 4 },
	{ "place 2", -1, 2, ANY, 0, 7 },
	{ "place 0, learned", -1, 0, BIT(LEARNED), 2, 5 },
	{ "place 0, static", -1, 0, BIT(STATIC), 2, 6 },
	{ "place 1, segment 1", 1, 1, ANY, 1, 6 },
	{ "place 1, segment 1, learned", 1, 1, BIT(LEARNED), 0, 7 },
};

KUNIT_ARRAY_PARAM_DESC(flushes, flushes, name);

static void flush(struct kunit *test)
{
	const struct flush_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct weft_map_filter filter = {
		.scope = c->scope < 0 ? NULL : &f->scope[c->scope],
		.dest = c->place < 0 ? NULL : &f->place[c->place].dest,
		.states = c->states,
	};
	u8 mac[ETH_ALEN];

	KUNIT_ASSERT_EQ(test, see_at(f, 0, nth_mac(mac, 0), 0), 0);
	KUNIT_ASSERT_EQ(test, see_at(f, 0, nth_mac(mac, 1), 1), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, nth_mac(mac, 2), 0x2, CONTROLLER,
				  ADD), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, nth_mac(mac, 3), 0x1, STATIC, ADD),
			0);
	KUNIT_ASSERT_EQ(test, put(f, 0, zeros, 0x3, STATIC, ADD), 0);
	KUNIT_ASSERT_EQ(test, see_at(f, 1, nth_mac(mac, 0), 0), 0);
	KUNIT_ASSERT_EQ(test, put(f, 1, nth_mac(mac, 3), 0x2, STATIC, ADD),
			0);

	KUNIT_EXPECT_EQ(test, weft_map_flush(&f->map, &filter), c->flushed);
	KUNIT_EXPECT_EQ(test, f->map.entries, c->left);
	if (filter.dest)
		KUNIT_EXPECT_EQ(test, weft_map_flush(&f->map, &filter), 0);
}

static void flush_many(struct kunit *test)
{
	struct weft_map_filter filter = { .states = BIT(LEARNED) };
	struct fixture *f = test->priv;
	unsigned int i;
	u8 mac[ETH_ALEN];

	for (i = 0; i < 3000; i++)
		KUNIT_ASSERT_EQ(test, see_at(f, i % 2, nth_mac(mac, i), 0), 0);
	filter.scope = &f->scope[0];
	KUNIT_EXPECT_EQ(test, weft_map_flush(&f->map, &filter), 1500);
	KUNIT_EXPECT_EQ(test, f->scope[1].entries, 1500);
	filter.scope = NULL;
	KUNIT_EXPECT_EQ(test, weft_map_flush(&f->map, &filter), 1500);
}

/* --- ageing --- */

static void ageing(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->scope[0].ageing = 10;
	f->scope[1].ageing = 200;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, see_at(f, 1, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, mac_b, 0x1, CONTROLLER, ADD), 0);
	age_by(f, 9);
	expect_entry(test, 0, mac_a, LEARNED, AT_0, "after 9 s of 10");
	age_by(f, 1);
	expect_none(test, 0, mac_a, "after 10 s of 10");
	KUNIT_EXPECT_EQ(test, weft_kunit_events[WEFT_EVENT_ENTRY_DEL], 1);
	age_by(f, 189);
	expect_entry(test, 1, mac_a, LEARNED, AT_0, "after 199 s of 200");
	age_by(f, 1);
	expect_none(test, 1, mac_a, "after 200 s of 200");
	age_by(f, 1000);
	expect_entry(test, 0, mac_b, CONTROLLER, AT_0, "not learned");
	KUNIT_EXPECT_EQ(test, f->map.wheel.count, 0);
}

static void ageing_never(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->scope[0].ageing = 0;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	age_by(f, 1000);
	expect_entry(test, 0, mac_a, LEARNED, AT_0, "after 1000 s");
	/* but it is still looked at, so that it may begin to age */
	f->scope[0].ageing = 10;
	age_by(f, WEFT_WHEEL_SLOTS);
	expect_none(test, 0, mac_a, "begun to age");
}

/* An address that sends, or moves, stays. */
static void ageing_seen(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_entry *entry;
	unsigned int i;

	f->scope[0].ageing = 10;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	for (i = 0; i < 5; i++) {
		age_by(f, 8);
		rcu_read_lock();
		entry = weft_map_lookup(&f->map, 1, mac_a);
		if (entry)
			weft_entry_see(entry, weft_kunit_now);
		rcu_read_unlock();
		KUNIT_ASSERT_NOT_NULL(test, entry);
	}
	age_by(f, 8);
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 1), 0);
	age_by(f, 9);
	expect_entry(test, 0, mac_a, LEARNED, AT_1, "9 s after its move");
	age_by(f, 1);
	expect_none(test, 0, mac_a, "10 s after its move");
}

/* To be a destination does not keep an entry. */
static void ageing_used(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_entry *entry;

	f->scope[0].ageing = 10;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	age_by(f, 9);
	rcu_read_lock();
	entry = weft_map_lookup(&f->map, 1, mac_a);
	if (entry)
		weft_entry_use(entry, weft_kunit_now);
	rcu_read_unlock();
	age_by(f, 1);
	expect_none(test, 0, mac_a, "used, not seen");
}

/* A new ageing time holds for entries that are there, too. */
static void reage(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->scope[0].ageing = 1000;
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	KUNIT_ASSERT_EQ(test, put(f, 0, mac_b, 0x1, STATIC, ADD), 0);
	age_by(f, 5);
	f->scope[0].ageing = 8;
	weft_wheel_hurry(&f->map.wheel);
	age_by(f, 2);
	expect_entry(test, 0, mac_a, LEARNED, AT_0, "after 7 s of 8");
	age_by(f, 1);
	expect_none(test, 0, mac_a, "after 8 s of 8");

	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	age_by(f, 5);
	f->scope[0].ageing = 3;	/* is over already */
	weft_wheel_hurry(&f->map.wheel);
	age_by(f, 1);
	expect_none(test, 0, mac_a, "too old now");
	expect_entry(test, 0, mac_b, STATIC, AT_0, "not learned");
	KUNIT_EXPECT_EQ(test, f->map.wheel.count, 0);
}

/* --- keys and entries --- */

static void keys(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 mac[ETH_ALEN];
	unsigned int bit;

	KUNIT_EXPECT_EQ(test, sizeof(struct weft_key), 12);
	KUNIT_ASSERT_EQ(test, see_at(f, 0, mac_a, 0), 0);
	for (bit = 0; bit < 48; bit++) {
		ether_addr_copy(mac, mac_a);
		mac[bit / 8] ^= BIT(bit % 8);
		expect_none(test, 0, mac, "another address");
	}
	for (bit = 0; bit < 24; bit++) {
		f->scope[1].vni = 1 ^ BIT(bit);
		expect_none(test, 1, mac_a, "another segment");
	}
}

/* The longest chain of a small table that has addresses in a row. */
static unsigned int longest_chain(u32 seed)
{
	unsigned int chain[64] = {}, i, longest = 0;
	struct weft_key key;
	u8 mac[ETH_ALEN];
	u32 hash;

	for (i = 0; i < 48; i++) {
		weft_key_set(&key, 1, nth_mac(mac, i));
		hash = weft_key_hash(&key, sizeof(key), seed);
		longest = max(longest, ++chain[hash % ARRAY_SIZE(chain)]);
	}
	return longest;
}

/* A table that has chains of 16 while it grows takes no more (-EBUSY). */
static void spread(struct kunit *test)
{
	u32 seed;

	for (seed = 0; seed < 1000; seed++)
		KUNIT_ASSERT_LT(test, longest_chain(seed * GOLDEN_RATIO_32),
				16);
}

/* 128 bytes with all that belongs to it is the most it may take. */
static void memory(struct kunit *test)
{
	KUNIT_EXPECT_LE(test, sizeof(struct weft_entry) + 2 * sizeof(void *),
			128);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(precedence, precedences_gen_params),
	KUNIT_CASE(moves),
	KUNIT_CASE(segments),
	KUNIT_CASE(refusals),
	KUNIT_CASE_PARAM(limit, limits_gen_params),
	KUNIT_CASE(shared_quota),
	KUNIT_CASE(sets),
	KUNIT_CASE(append_keeps),
	KUNIT_CASE(members),
	KUNIT_CASE(forget),
	KUNIT_CASE(forget_many),
	KUNIT_CASE(pins),
	KUNIT_CASE(clear),
	KUNIT_CASE_PARAM(flush, flushes_gen_params),
	KUNIT_CASE(flush_many),
	KUNIT_CASE(ageing),
	KUNIT_CASE(ageing_never),
	KUNIT_CASE(ageing_seen),
	KUNIT_CASE(ageing_used),
	KUNIT_CASE(reage),
	KUNIT_CASE(keys),
	KUNIT_CASE(spread),
	KUNIT_CASE(memory),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_map",
	.suite_init = suite_init,
	.suite_exit = suite_exit,
	.init = map_init,
	.exit = map_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
