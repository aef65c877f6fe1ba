// SPDX-License-Identifier: GPL-2.0
/* Ageing without scans. */

#include <linux/sched.h>

#include "wheel.h"

#define PORTION 64	/* elements looked at before the lock is dropped */

static struct hlist_head *slot(struct weft_wheel *wheel, u32 second)
{
	return &wheel->slots[second % WEFT_WHEEL_SLOTS];
}

static void turn_again(struct weft_wheel *wheel)
{
	if (!wheel->stopped)
		queue_delayed_work(system_power_efficient_wq, &wheel->work, HZ);
}

/**
 * weft_wheel_add() - put an element on the wheel
 * @wheel: the wheel
 * @node: the element, not on a wheel
 * @seconds: look at it after so long, at least 1
 *
 * Context: any, with the wheel's lock held.
 */
void weft_wheel_add(struct weft_wheel *wheel, struct hlist_node *node,
		    unsigned int seconds)
{
	u32 now = weft_now();

	lockdep_assert_held(wheel->lock);
	if (!wheel->count++) {
		wheel->hand = now;
		turn_again(wheel);
	}
	seconds = clamp(seconds, 1u, WEFT_WHEEL_SLOTS - 1u);
	hlist_add_head(node, slot(wheel, now + seconds));
}

/**
 * weft_wheel_del() - take an element off
 * @wheel: the wheel
 * @node: the element; nothing happens if it is not on the wheel
 *
 * Context: any, with the wheel's lock held.
 */
void weft_wheel_del(struct weft_wheel *wheel, struct hlist_node *node)
{
	lockdep_assert_held(wheel->lock);
	if (hlist_unhashed(node))
		return;
	hlist_del_init(node);
	wheel->count--;
}

/* Looks at up to PORTION due elements. Returns false when none is left. */
static bool work_off(struct weft_wheel *wheel)
{
	struct hlist_node *node;
	unsigned int again;
	int i;

	for (i = 0; i < PORTION; i++) {
		node = wheel->due.first;
		if (!node)
			return false;
		hlist_del_init(node);
		wheel->count--;
		again = wheel->expire(wheel, node);
		if (again)
			weft_wheel_add(wheel, node, again);
	}
	return true;
}

static void turn(struct work_struct *work)
{
	struct weft_wheel *wheel = container_of(to_delayed_work(work),
						struct weft_wheel, work);
	u32 now = weft_now();

	spin_lock_bh(wheel->lock);
	/* a turn and more was slept through: once round is enough */
	if (wheel->hurry || now - wheel->hand > WEFT_WHEEL_SLOTS)
		wheel->hand = now - WEFT_WHEEL_SLOTS;
	wheel->hurry = false;
	/* an add to the empty wheel may have set the hand to a later second */
	while ((s32)(now - wheel->hand) > 0) {
		hlist_move_list(slot(wheel, ++wheel->hand), &wheel->due);
		while (work_off(wheel)) {
			spin_unlock_bh(wheel->lock);
			cond_resched();
			spin_lock_bh(wheel->lock);
		}
	}
	if (wheel->count)
		turn_again(wheel);
	spin_unlock_bh(wheel->lock);
}

/**
 * weft_wheel_hurry() - elements may be due earlier than they were
 * @wheel: the wheel; all its elements are looked at within a second
 *
 * Context: process.
 */
void weft_wheel_hurry(struct weft_wheel *wheel)
{
	spin_lock_bh(wheel->lock);
	wheel->hurry = true;
	spin_unlock_bh(wheel->lock);
}

/**
 * weft_wheel_init() - an empty wheel
 * @wheel: the wheel
 * @lock: lock of the elements, taken with bottom halves off
 * @expire: see weft_expire_t
 */
void weft_wheel_init(struct weft_wheel *wheel, spinlock_t *lock,
		     weft_expire_t expire)
{
	*wheel = (struct weft_wheel){ .lock = lock, .expire = expire };
	INIT_DELAYED_WORK(&wheel->work, turn);
}

/**
 * weft_wheel_stop() - turn no more
 * @wheel: the wheel; elements may still be taken off, and added to no effect
 *
 * Context: process, may sleep. On return nothing is running.
 */
void weft_wheel_stop(struct weft_wheel *wheel)
{
	spin_lock_bh(wheel->lock);
	wheel->stopped = true;
	spin_unlock_bh(wheel->lock);
	cancel_delayed_work_sync(&wheel->work);
}
