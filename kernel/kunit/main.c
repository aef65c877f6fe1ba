// SPDX-License-Identifier: GPL-2.0
/* What the tests have in common, and the module that they are in. */

#include <linux/module.h>

#include "clock.h"

u32 weft_kunit_now;
unsigned int weft_kunit_events[WEFT_EVENT_CONFLICT + 1];

/** weft_kunit_begin() - a clock that is soon going to wrap; no event yet */
void weft_kunit_begin(void)
{
	weft_kunit_now = -100;
	memset(weft_kunit_events, 0, sizeof(weft_kunit_events));
}

/** weft_kunit_pass() - time passes, second by second, and a wheel turns */
void weft_kunit_pass(struct weft_wheel *wheel, unsigned int seconds)
{
	while (seconds--) {
		weft_kunit_now++;
		weft_kunit_turn(wheel);
	}
}

/* In the place of event.c */
void weft_event(struct weft_event *event)
{
	weft_kunit_events[event->type]++;
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit tests of the weft switch");
