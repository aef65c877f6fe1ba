/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables under test run by a clock that the test sets, and what they tell is
 * counted. Include this first, and then the source that is tested: so it is
 * built once more here, with all that is static in it within reach.
 */
#ifndef _WEFT_KUNIT_CLOCK_H
#define _WEFT_KUNIT_CLOCK_H

#include "event.h"
#include "wheel.h"

/* seconds, in the place of weft_now() */
extern u32 weft_kunit_now;
#define weft_now() (weft_kunit_now)

/* events since weft_kunit_begin(), by kind */
extern unsigned int weft_kunit_events[WEFT_EVENT_CONFLICT + 1];

void weft_kunit_begin(void);
void weft_kunit_turn(struct weft_wheel *wheel);
void weft_kunit_pass(struct weft_wheel *wheel, unsigned int seconds);

#endif /* _WEFT_KUNIT_CLOCK_H */
