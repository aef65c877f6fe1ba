// SPDX-License-Identifier: GPL-2.0
/* The engine: serves what rings the doorbell, and what comes off the wire. */

#include <linux/bitmap.h>
#include <linux/interrupt.h>
#include <linux/timekeeping.h>

#include "command.h"
#include "engine.h"
#include "function.h"
#include "nic.h"
#include "rate.h"
#include "receive.h"
#include "transmit.h"
#include "wire.h"

#define QUANTUM	16	/* packets of a queue before it is another's turn */
#define BUDGET	256	/* packets of a run */

/** hw_busy_begin() - what follows, until hw_busy_end(), is the model's work */
u64 hw_busy_begin(void)
{
	return ktime_get_ns();
}

/**
 * hw_busy_end() - count it
 * @nic: the NIC
 * @begun: from hw_busy_begin()
 */
void hw_busy_end(struct hw_nic *nic, u64 begun)
{
	atomic64_add(ktime_get_ns() - begun, &nic->busy);
}

/**
 * hw_kick() - have the engine run
 * @nic: the NIC
 */
void hw_kick(struct hw_nic *nic)
{
	u64 begun = hw_busy_begin();

	tasklet_schedule(&nic->run);
	hw_busy_end(nic, begun);
}

/**
 * hw_doorbell() - a function has something to do
 * @f: the function
 */
void hw_doorbell(struct hw_function *f)
{
	set_bit(f->index, f->nic->doorbells);
	hw_kick(f->nic);
}

/* Is there more to send? What waits for the rate limit does not count, its
 * timer rings.
 */
static bool serve_queue(struct hw_function *f, unsigned int q, int *budget)
{
	int i;

	for (i = 0; i < QUANTUM; i++) {
		if (!hw_transmit_ready(f, q) || !hw_rate_allows(f))
			return false;
		hw_transmit(f, q);
		--*budget;
	}
	return true;
}

static bool serve_function(struct hw_function *f, int *budget)
{
	unsigned int q;
	bool more;

	if (!f->enabled)
		return false;
	more = hw_commands(f);
	/* a command may be the driver's last wish */
	for (q = 0; q < f->nic->sizes.queues && f->enabled && !f->stalled; q++)
		more |= serve_queue(f, q, budget);
	return more;
}

static bool serve_functions(struct hw_nic *nic)
{
	unsigned int i, first = nic->turn;
	int budget = BUDGET;

	for_each_set_bit_wrap(i, nic->doorbells, hw_count(nic), first) {
		nic->turn = i;
		if (budget <= 0)
			return true;
		clear_bit(i, nic->doorbells);
		/* what rings from now on is seen, or rings again */
		smp_mb__after_atomic();
		if (serve_function(&nic->functions[i], &budget))
			set_bit(i, nic->doorbells);
		nic->turn = (i + 1) % hw_count(nic);
	}
	return !bitmap_empty(nic->doorbells, hw_count(nic));
}

static bool serve_wire(struct hw_nic *nic)
{
	struct sk_buff *skb;
	int budget;

	for (budget = BUDGET; budget; budget--) {
		skb = skb_dequeue(&nic->in);
		if (!skb)
			return false;
		hw_receive(nic, skb);
	}
	return true;
}

/* All of it is the model's work, the wire's driver included, but for interrupt
 * handlers, which are of the driver. (A tasklet, since what it takes to call it
 * can't be told from the host's work, and is least for that.)
 */
static void run(struct tasklet_struct *tasklet)
{
	struct hw_nic *nic = container_of(tasklet, struct hw_nic, run);
	u64 begun = hw_busy_begin();
	struct sk_buff_head out;
	unsigned int i;
	bool more;

	__skb_queue_head_init(&out);
	spin_lock(&nic->lock);
	more = serve_functions(nic);
	more |= serve_wire(nic);
	hw_lro_flush(nic);
	skb_queue_splice_tail_init(&nic->out, &out);
	spin_unlock(&nic->lock);

	hw_wire_send(nic, &out);
	hw_busy_end(nic, begun);
	/* the bit is a full barrier between pending vectors and the mask */
	for_each_set_bit(i, nic->irqs, hw_count(nic))
		if (test_and_clear_bit(i, nic->irqs))
			hw_interrupt(&nic->functions[i]);
	if (more)
		hw_kick(nic);
}

static void timeout(struct timer_list *timer)
{
	struct hw_nic *nic = container_of(timer, struct hw_nic, timer);
	unsigned int i;

	for_each_set_bit(i, nic->waiting, hw_count(nic)) {
		clear_bit(i, nic->waiting);
		set_bit(i, nic->doorbells);
	}
	hw_kick(nic);
}

/** hw_engine_init() - make it, not running. Context: process. */
void hw_engine_init(struct hw_nic *nic)
{
	spin_lock_init(&nic->lock);
	__skb_queue_head_init(&nic->out);
	skb_queue_head_init(&nic->in);
	tasklet_setup(&nic->run, run);
	timer_setup(&nic->timer, timeout, 0);
}

/** hw_engine_stop() - stop it for good; nothing rings any more
 *
 * Context: process, may sleep.
 */
void hw_engine_stop(struct hw_nic *nic)
{
	timer_shutdown_sync(&nic->timer);
	tasklet_kill(&nic->run);
	skb_queue_purge(&nic->in);
}
