/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_WHEEL_H
#define _WEFT_WHEEL_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#define WEFT_WHEEL_SLOTS 64

struct weft_wheel;

/**
 * typedef weft_expire_t - is an element of a wheel too old?
 * @wheel: the wheel
 * @node: the element, taken off the wheel
 *
 * Called with the wheel's lock held. Return: seconds until the element shall
 * be looked at again, 0 if it is not to stay on the wheel (or is gone).
 */
typedef unsigned int (*weft_expire_t)(struct weft_wheel *wheel,
				      struct hlist_node *node);

/**
 * struct weft_wheel - things that age, looked at only when one may be due
 * @lock: the owner's lock; protects all that follows
 * @expire: asks the owner
 * @slots: elements by the second in which they are next looked at, modulo
 *	WEFT_WHEEL_SLOTS; what lies further ahead is looked at once a turn
 * @due: elements of a slot that is being worked off
 * @count: elements on the wheel; it turns only while there are any
 * @hand: the second up to which the slots were worked off
 * @hurry: look at all elements with the next turn
 * @stopped: no more turning
 * @work: turns it, once a second
 *
 * The cost of ageing is thus one look an element and turn, in small portions
 * between which the lock is dropped; nobody walks the whole table.
 */
struct weft_wheel {
	spinlock_t *lock;
	weft_expire_t expire;
	struct hlist_head slots[WEFT_WHEEL_SLOTS];
	struct hlist_head due;
	unsigned int count;
	u32 hand;
	bool hurry;
	bool stopped;
	struct delayed_work work;
};

void weft_wheel_init(struct weft_wheel *wheel, spinlock_t *lock,
		     weft_expire_t expire);
void weft_wheel_stop(struct weft_wheel *wheel);
void weft_wheel_add(struct weft_wheel *wheel, struct hlist_node *node,
		    unsigned int seconds);
void weft_wheel_hurry(struct weft_wheel *wheel);
void weft_wheel_del(struct weft_wheel *wheel, struct hlist_node *node);

/** weft_now() - seconds since boot, as kept in tables; wraps */
static inline u32 weft_now(void)
{
	return div_u64(get_jiffies_64(), HZ);
}

#endif /* _WEFT_WHEEL_H */
