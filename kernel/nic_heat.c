// SPDX-License-Identifier: GPL-2.0
/*
 * Which entries are to be in a NIC that has not room for all: those that are
 * used most. The NIC counts the uses of what it has. Of what it has not,
 * software sees the packets: each CPU keeps a sample of them, of equal
 * probability for each however many there are (Vitter's algorithm R), so that
 * the path writes to nothing that is shared, and to little of its own.
 */

#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "nic_heat.h"
#include "nic_push.h"
#include "segment.h"
#include "tracepoint.h"

#define SAMPLES	256	/* a CPU, between two looks */
#define MOVES	64	/* most at a look */
#define READS	4096	/* entries whose hits are read at a look */
#define BATCH	256	/* of these, in one operation */

/* What comes in must be used so much more than what goes out for it, as
 * otherwise two that are used alike would change places for ever.
 */
#define TIMES	2
#define MORE	4

DEFINE_STATIC_KEY_FALSE(weft_heat_wanted);

/**
 * struct samples - some of the packets that a CPU has seen
 * @seen: packets there were
 * @count: number of @sample
 * @sample: the entry that each used, and what it will be on the wire
 */
struct samples {
	u32 seen;
	u32 count;
	struct {
		struct weft_key key;
		u32 packets;
	} sample[SAMPLES];
};

/**
 * struct weft_heat_cpu - what a CPU samples
 * @random: decides which
 * @samples: one is written while the other is read
 */
struct weft_heat_cpu {
	struct rnd_state random;
	struct samples samples[2];
};

/* --- packets --- */

static void add_sample(struct weft_nic *nic, const struct weft_key *key,
		       const struct sk_buff *skb)
{
	struct weft_heat_cpu *cpu = this_cpu_ptr(nic->heat);
	struct samples *samples = &cpu->samples[READ_ONCE(nic->heat_side)];
	u32 at = samples->count;

	samples->seen++;
	if (at < SAMPLES)
		samples->count++;
	else
		at = reciprocal_scale(prandom_u32_state(&cpu->random),
				      samples->seen);
	if (at >= SAMPLES)
		return;
	samples->sample[at].key = *key;
	samples->sample[at].packets = max_t(u32, 1, skb_shinfo(skb)->gso_segs);
}

void weft_heat_sample(const struct weft_switch *sw,
		      const struct weft_entry *entry,
		      const struct sk_buff *skb)
{
	u8 there = READ_ONCE(entry->nics);
	struct weft_nic *nic;

	list_for_each_entry_rcu(nic, &weft_nics, node)
		if (READ_ONCE(nic->heating) && !(there & BIT(nic->index)) &&
		    rcu_access_pointer(nic->sw) == sw)
			add_sample(nic, &entry->key, skb);
}

/* --- how much each is used --- */

/* The rate of late: what was counted since it was last told goes in, and the
 * past loses half of its weight a second.
 */
static void age(struct weft_shadow *shadow, u64 count)
{
	u32 now = weft_now(), seconds = max_t(u32, now - shadow->second, 1);
	u64 rate = div_u64(count, seconds);

	rate = (shadow->rate >> min_t(u32, seconds, 31)) +
	       rate - (rate >> min_t(u32, seconds, 31));
	WRITE_ONCE(shadow->rate, min_t(u64, rate, U32_MAX));
	shadow->second = now;
}

/* Is it for want of room that the NIC has not got it? */
static bool is_cold(const struct weft_shadow *shadow)
{
	return !shadow->queued && (shadow->hw == WEFT_HW_FULL ||
				   shadow->hw == WEFT_HW_COLD);
}

/* Reads what a CPU has sampled, as if it were all there was. What was used goes
 * to the front of the queue.
 */
static void read_samples(struct weft_nic *nic, struct samples *samples)
{
	struct weft_shadow *shadow;
	u32 i, each;

	if (!samples->count)
		return;
	each = samples->seen / samples->count;
	spin_lock_bh(&nic->shadows.lock);
	for (i = 0; i < samples->count; i++) {
		shadow = weft_shadow_find(&nic->shadows,
					  &samples->sample[i].key);
		if (!shadow || !is_cold(shadow))
			continue;
		shadow->fresh += samples->sample[i].packets * each;
		list_move(&shadow->list, &nic->shadows.cold);
	}
	spin_unlock_bh(&nic->shadows.lock);
	samples->seen = 0;
	samples->count = 0;
}

/* Reads the side that is not written any more, and changes sides. */
static void read_cpus(struct weft_nic *nic)
{
	unsigned int cpu, side = !nic->heat_side;

	if (!poll_state_synchronize_rcu(nic->heat_rcu))
		return;
	rcu_read_lock();
	for_each_possible_cpu(cpu)
		read_samples(nic, &per_cpu_ptr(nic->heat, cpu)->samples[side]);
	rcu_read_unlock();
	WRITE_ONCE(nic->heat_side, side);
	nic->heat_rcu = get_state_synchronize_rcu();
}

/* --- those that are used most and least --- */

/**
 * struct top - the greatest of some
 * @count: number of @shadow
 * @shadow: them, the greatest first
 * @rank: of each
 */
struct top {
	unsigned int count;
	struct weft_shadow *shadow[MOVES];
	s64 rank[MOVES];
};

static void enter(struct top *top, struct weft_shadow *shadow, s64 rank)
{
	unsigned int at = top->count;

	if (at == MOVES && rank <= top->rank[--at])
		return;
	if (top->count < MOVES)
		top->count++;
	for (; at && top->rank[at - 1] < rank; at--) {
		top->shadow[at] = top->shadow[at - 1];
		top->rank[at] = top->rank[at - 1];
	}
	top->shadow[at] = shadow;
	top->rank[at] = rank;
}

/**
 * struct look - at what is where
 * @in: those that should come in
 * @out: those that may go for them, by what is left of their rate
 * @want: asks for hits
 * @shadow: of each of @want
 */
struct look {
	struct top in;
	struct top out;
	struct weft_nic_entry want[BATCH];
	struct weft_shadow *shadow[BATCH];
};

static void find_hot(struct weft_nic *nic, struct top *in)
{
	struct weft_shadow *shadow;

	spin_lock_bh(&nic->shadows.lock);
	list_for_each_entry(shadow, &nic->shadows.cold, list) {
		if (!shadow->fresh)
			break;
		age(shadow, shadow->fresh);
		shadow->fresh = 0;
		/* what the host takes anyway needs no room */
		if (shadow->dest != WEFT_NIC_TO_HOST)
			enter(in, shadow, shadow->rate);
	}
	spin_unlock_bh(&nic->shadows.lock);
}

/* The next of those that the NIC has; they go to the end of the queue. Where it
 * began is @first.
 */
static unsigned int next_present(struct weft_nic *nic, struct look *look,
				 const struct weft_shadow **first)
{
	struct list_head *present = &nic->shadows.present;
	struct weft_shadow *shadow;
	unsigned int n;

	spin_lock_bh(&nic->shadows.lock);
	for (n = 0; n < BATCH && !list_empty(present); n++) {
		shadow = list_first_entry(present, struct weft_shadow, list);
		if (shadow == *first)
			break;
		*first = *first ?: shadow;
		list_move_tail(&shadow->list, present);
		look->shadow[n] = shadow;
		look->want[n] = (struct weft_nic_entry){
			.vni = shadow->key.vni, .dest = shadow->dest,
		};
		ether_addr_copy(look->want[n].mac, shadow->key.mac);
	}
	spin_unlock_bh(&nic->shadows.lock);
	return n;
}

static void take_hits(struct weft_shadow *shadow,
		      const struct weft_nic_entry *entry)
{
	u64 hits = entry->err ? shadow->hits : entry->hits;

	/* an entry that was replaced may count anew */
	age(shadow, hits < shadow->hits ? hits : hits - shadow->hits);
	shadow->hits = hits;
}

static void look_at(struct look *look, unsigned int n)
{
	struct weft_shadow *shadow;
	unsigned int i;

	for (i = 0; i < n; i++) {
		shadow = look->shadow[i];
		take_hits(shadow, &look->want[i]);
		enter(&look->out, shadow, shadow->dest == WEFT_NIC_TO_HOST ?
					  0 : -(s64)shadow->rate);
	}
}

/* Those of the NIC that are used least; of some of them, if it has many. */
static int find_cold(struct weft_nic *nic, struct look *look)
{
	const struct weft_shadow *first = NULL;
	unsigned int looked, n;
	int err;

	for (looked = 0; looked < READS; looked += n) {
		n = next_present(nic, look, &first);
		if (!n)
			break;
		err = nic->ops->read_hits(nic->pf, look->want, n);
		if (err)
			return err;
		look_at(look, n);
	}
	return 0;
}

/* --- moves --- */

static void tell(struct weft_nic *nic, const struct weft_shadow *shadow,
		 bool in)
{
	atomic64_inc(in ? &nic->counters.moved_in : &nic->counters.moved_out);
	trace_weft_nic_move(nic->pf, shadow->key.vni, shadow->key.mac, in,
			    shadow->rate);
	weft_offload_tell(nic, &(struct weft_event){
		.type = in ? WEFT_EVENT_NIC_IN : WEFT_EVENT_NIC_OUT,
		.vni = shadow->key.vni, .mac = shadow->key.mac,
		.rate = shadow->rate,
	});
}

static void move(struct weft_nic *nic, const struct look *look)
{
	unsigned int i;

	for (i = 0; i < min(look->in.count, look->out.count); i++) {
		/* both are sorted, so there are no more */
		if (look->in.rank[i] <= -look->out.rank[i] * TIMES + MORE)
			return;
		weft_shadow_swap(&nic->shadows, look->out.shadow[i],
				 look->in.shadow[i]);
		tell(nic, look->out.shadow[i], false);
		tell(nic, look->in.shadow[i], true);
	}
}

static int balance(struct weft_nic *nic)
{
	struct look *look;
	int err = 0;

	look = kvzalloc(sizeof(*look), GFP_KERNEL);
	if (!look)
		return -ENOMEM;
	read_cpus(nic);
	find_hot(nic, &look->in);
	if (look->in.count && look->in.rank[0] > MORE)
		err = find_cold(nic, look);
	if (!err)
		move(nic, look);
	kvfree(look);
	return err;
}

static void set_heating(struct weft_nic *nic, bool on)
{
	if (nic->heating == on)
		return;
	WRITE_ONCE(nic->heating, on);
	if (on) {
		static_branch_inc(&weft_heat_wanted);
		weft_offload_tell(nic, &(struct weft_event){
			.type = WEFT_EVENT_NIC_FULL,
		});
	} else {
		static_branch_dec(&weft_heat_wanted);
	}
}

/**
 * weft_heat_balance() - see whether what is used most is in the NIC
 * @nic: the NIC
 *
 * To be called once a second. Costs nothing while there is room for all.
 * Context: the worker. Return: 0 or a negative errno.
 */
int weft_heat_balance(struct weft_nic *nic)
{
	u32 there = READ_ONCE(nic->shadows.there);

	/* a NIC may have found room since it had none */
	if (there < nic->caps.map_entries)
		weft_shadow_thaw(&nic->shadows,
				 min(nic->caps.map_entries - there, BATCH));
	if (!(nic->caps.features & WEFT_NIC_HITS))
		return 0;
	set_heating(nic, !list_empty(&nic->shadows.cold));
	return nic->heating ? balance(nic) : 0;
}

/** weft_heat_init() - a NIC is there; return: 0 or -ENOMEM */
int weft_heat_init(struct weft_nic *nic)
{
	unsigned int cpu;

	nic->heat = alloc_percpu(struct weft_heat_cpu);
	if (!nic->heat)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		prandom_seed_state(&per_cpu_ptr(nic->heat, cpu)->random,
				   get_random_u64());
	nic->heat_rcu = get_state_synchronize_rcu();
	return 0;
}

/** weft_heat_exit() - a NIC goes, a grace period after nobody finds it */
void weft_heat_exit(struct weft_nic *nic)
{
	set_heating(nic, false);
	free_percpu(nic->heat);
}
