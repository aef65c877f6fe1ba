/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_STATS_H
#define _WEFT_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

/**
 * struct weft_stats - one CPU's packets and bytes of an object
 *
 * rx is what came from the object into the switch, tx what the switch gave
 * it. Updated in softirq context without locks.
 */
struct weft_stats {
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t drops;
	struct u64_stats_sync syncp;
};

/** struct weft_totals - the sum of all CPUs */
struct weft_totals {
	u64 rx_packets;
	u64 rx_bytes;
	u64 tx_packets;
	u64 tx_bytes;
	u64 drops;
};

/**
 * weft_stats_alloc() - counters, all zero
 * @gfp: GFP_KERNEL, or GFP_ATOMIC in softirq
 *
 * Return: the counters, NULL without memory; free_percpu() frees them.
 */
static inline struct weft_stats __percpu *weft_stats_alloc(gfp_t gfp)
{
	struct weft_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct weft_stats, gfp | __GFP_ZERO);
	if (stats)
		for_each_possible_cpu(cpu)
			u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

static inline void weft_stats_rx(struct weft_stats __percpu *stats,
				 unsigned int len)
{
	struct weft_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->rx_packets);
	u64_stats_add(&s->rx_bytes, len);
	u64_stats_update_end(&s->syncp);
}

/* As that many packets, with bottom halves off. */
static inline void weft_stats_rx_many(struct weft_stats __percpu *stats,
				      u64 packets, u64 bytes)
{
	struct weft_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->rx_packets, packets);
	u64_stats_add(&s->rx_bytes, bytes);
	u64_stats_update_end(&s->syncp);
}

static inline void weft_stats_tx(struct weft_stats __percpu *stats,
				 unsigned int len)
{
	struct weft_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->tx_packets);
	u64_stats_add(&s->tx_bytes, len);
	u64_stats_update_end(&s->syncp);
}

static inline void weft_stats_drop(struct weft_stats __percpu *stats)
{
	struct weft_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_inc(&s->drops);
	u64_stats_update_end(&s->syncp);
}

void weft_stats_sum(const struct weft_stats __percpu *stats,
		    struct weft_totals *totals);

#endif /* _WEFT_STATS_H */
