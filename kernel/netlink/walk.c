// SPDX-License-Identifier: GPL-2.0
/*
 * Walks a hash table in many calls, at a cost that does not depend on how far
 * it has come. The iterator of rhashtable is linked into the table, which it
 * must not outlive, while a dump lasts as long as its reader likes; so this
 * goes by the number of the bucket.
 */

#include "walk.h"

/**
 * weft_walk_resizing() - are the elements being moved to another table?
 * @table: the hash table
 *
 * Context: RCU.
 */
bool weft_walk_resizing(struct rhashtable *table)
{
	struct bucket_table *tbl = rht_dereference_rcu(table->tbl, table);

	return rcu_access_pointer(tbl->future_tbl);
}

static int walk_bucket(struct weft_walk *walk, struct rhashtable *table,
		       struct bucket_table *tbl, weft_walk_fn tell, void *arg)
{
	struct rhash_head *pos;
	u32 i = 0;
	int err;

	rht_for_each_rcu(pos, tbl, walk->bucket) {
		if (i++ < walk->skip)
			continue;
		err = tell((void *)pos - table->p.head_offset, &walk->part,
			   arg);
		if (err)
			return err;
		walk->part = 0;
		walk->skip++;
	}
	return 0;
}

/* Goes on in a table that was exchanged. Where an element is there has nothing
 * to do with where it was, so some are told twice and some not at all; but
 * there is an end, and it is known to the reader, who may ask again.
 */
static void check_table(struct weft_walk *walk, const struct bucket_table *tbl)
{
	if (walk->table == tbl->hash_rnd)
		return;
	if (walk->bucket || walk->skip)
		walk->resized++;
	walk->table = tbl->hash_rnd;
	walk->skip = 0;
	walk->part = 0;
}

/**
 * weft_walk() - tell the elements of a hash table
 * @walk: where to go on; moved on
 * @table: the hash table
 * @tell: tells one
 * @arg: for @tell
 *
 * Elements that come and go meanwhile may be told or not; if
 * @walk->resized has grown, others too may be missing or told twice.
 *
 * Context: RCU.
 *
 * Return: 0 at the end, or what @tell returned.
 */
int weft_walk(struct weft_walk *walk, struct rhashtable *table,
	      weft_walk_fn tell, void *arg)
{
	struct bucket_table *tbl = rht_dereference_rcu(table->tbl, table);
	int err = 0;

	check_table(walk, tbl);
	for (; walk->bucket < tbl->size; walk->bucket++) {
		err = walk_bucket(walk, table, tbl, tell, arg);
		if (err)
			break;
		walk->skip = 0;
	}
	if (rcu_access_pointer(table->tbl) != tbl ||
	    rcu_access_pointer(tbl->future_tbl))
		walk->resized++;
	return err;
}
