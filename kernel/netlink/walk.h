/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_WALK_H
#define _WEFT_NETLINK_WALK_H

#include <linux/rhashtable.h>

/**
 * struct weft_walk - how far a dump has come in a hash table
 * @table: seed of the bucket table that is being walked, each has its own
 * @bucket: bucket of the next element
 * @skip: elements of that bucket that have been told
 * @part: how much of the next element has been told
 * @resized: how often a resize was noticed
 *
 * Holds no pointer: between two calls of a dump the table may change or go.
 * All zeros is the beginning.
 */
struct weft_walk {
	u32 table;
	u32 bucket;
	u32 skip;
	u32 part;
	u32 resized;
};

/**
 * typedef weft_walk_fn - tell an element
 * @object: the element
 * @part: how much of it has been told, 0 for nothing; moved on
 * @arg: as given to weft_walk()
 *
 * Called under RCU. Return: 0 if all of it is told, or an error, by which the
 * walk stops and with which the next one begins.
 */
typedef int (*weft_walk_fn)(void *object, u32 *part, void *arg);

int weft_walk(struct weft_walk *walk, struct rhashtable *table,
	      weft_walk_fn tell, void *arg);
bool weft_walk_resizing(struct rhashtable *table);

#endif /* _WEFT_NETLINK_WALK_H */
