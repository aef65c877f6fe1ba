/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_LIMIT_H
#define _WEFT_LIMIT_H

#include <linux/atomic.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

#define WEFT_BURST_MIN		65536	/* one aggregate */
#define WEFT_BURST_MS		10

/**
 * struct weft_limit - a token bucket
 * @rate: bits a second, 0 for no limit
 * @burst: bytes that may go at once
 * @due: nanosecond at which the bucket is full again
 *
 * The generic cell rate algorithm of ITU-T I.371: one number says how full it
 * is. Read and written at any time; whoever is limited shares a cache line.
 */
struct weft_limit {
	u64 rate;
	u32 burst;
	atomic64_t due;
};

/** weft_limit_ns() - how long a number of bytes takes at a rate that is not 0 */
static inline u64 weft_limit_ns(u64 rate, u32 bytes)
{
	return div64_u64((u64)bytes * 8 * NSEC_PER_SEC, rate);
}

/**
 * weft_limit_next() - when is the bucket full again?
 * @due: when it was going to be, without what is to be sent now
 * @now: nanoseconds, of the same clock
 * @cost: what is to be sent, in nanoseconds
 * @burst: what may go at once, likewise
 *
 * As long as there is room for a byte, there is for all of it: an aggregate may be
 * larger than the bucket.
 *
 * Context: any; a pure function. Return: 0 if it may not be sent.
 */
static inline u64 weft_limit_next(u64 due, u64 now, u64 cost, u64 burst)
{
	u64 start = max(due, now);

	return start - now > burst ? 0 : start + cost;
}

/**
 * weft_limit_set() - set the limit
 * @limit: the limit
 * @rate: bits a second, 0 for none
 * @burst: bytes, 0 for ten milliseconds of that, but not less than an aggregate
 */
static inline void weft_limit_set(struct weft_limit *limit, u64 rate,
				  u32 burst)
{
	u64 bytes = div_u64(rate * WEFT_BURST_MS, 8 * MSEC_PER_SEC);

	if (!burst)
		burst = clamp_t(u64, bytes, WEFT_BURST_MIN, U32_MAX);
	WRITE_ONCE(limit->burst, burst);
	WRITE_ONCE(limit->rate, rate);
	atomic64_set(&limit->due, 0);
}

/**
 * weft_limit_pass() - may a frame go?
 * @limit: the limit
 * @len: its length
 *
 * Context: any.
 */
static inline bool weft_limit_pass(struct weft_limit *limit, u32 len)
{
	u64 rate = READ_ONCE(limit->rate), now, cost, burst, next;
	s64 due;

	if (!rate)
		return true;
	now = ktime_get_ns();
	cost = weft_limit_ns(rate, len);
	burst = weft_limit_ns(rate, READ_ONCE(limit->burst));
	due = atomic64_read(&limit->due);
	do {
		next = weft_limit_next(due, now, cost, burst);
		if (!next)
			return false;
	} while (!atomic64_try_cmpxchg(&limit->due, &due, next));
	return true;
}

#endif /* _WEFT_LIMIT_H */
