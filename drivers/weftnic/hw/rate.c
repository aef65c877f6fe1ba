// SPDX-License-Identifier: GPL-2.0
/* How much a VF may send: a bucket of bytes. */

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/timekeeping.h>

#include "nic.h"
#include "rate.h"

#define BUCKET_MIN	65536
#define BUCKET_MS	20	/* some ticks: the timer knows nothing finer */

/* Mbit/s are bytes in 8 microseconds. */
static u64 bytes_in(u32 rate, u64 ns)
{
	return mul_u64_u32_div(ns, rate, 8000);
}

static u64 time_of(u32 rate, u64 bytes)
{
	return mul_u64_u32_div(bytes, 8000, rate);
}

/* What is less than a byte is not lost: the clock stays behind. */
static void fill(struct hw_function *f)
{
	u32 rate = f->config.rate;
	u64 now = ktime_get_ns();
	s64 most, gained;
	u64 ns;

	most = max_t(s64, bytes_in(rate, BUCKET_MS * NSEC_PER_MSEC),
		     BUCKET_MIN);
	ns = min_t(u64, now - f->filled, NSEC_PER_SEC);
	gained = bytes_in(rate, ns);
	f->tokens = min(f->tokens + gained, most);
	f->filled = now - (ns - min(ns, time_of(rate, gained)));
}

/**
 * hw_rate_allows() - may a function send now?
 * @f: the function
 *
 * Return: false if it is to wait. The timer rings for it then.
 */
bool hw_rate_allows(struct hw_function *f)
{
	u64 ns;

	if (!f->config.rate)
		return true;
	if (f->tokens <= 0)
		fill(f);
	if (f->tokens > 0)
		return true;
	if (!test_and_set_bit(f->index, f->nic->waiting))
		f->stats.tx_over_rate++;
	ns = time_of(f->config.rate, -f->tokens);
	timer_reduce(&f->nic->timer, jiffies + nsecs_to_jiffies(ns) + 1);
	return false;
}

/**
 * hw_rate_charge() - a function has sent
 * @f: the function
 * @bytes: so much; it may owe some
 */
void hw_rate_charge(struct hw_function *f, unsigned int bytes)
{
	if (f->config.rate)
		f->tokens -= bytes;
}
