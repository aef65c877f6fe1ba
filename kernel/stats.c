// SPDX-License-Identifier: GPL-2.0
/* Packet and byte counters. */

#include "stats.h"

/**
 * weft_stats_sum() - add up the CPUs
 * @stats: counters of an object
 * @totals: where the sums go
 *
 * Context: any.
 */
void weft_stats_sum(const struct weft_stats __percpu *stats,
		    struct weft_totals *totals)
{
	struct weft_totals t;
	unsigned int start;
	int cpu;

	*totals = (struct weft_totals){};
	for_each_possible_cpu(cpu) {
		const struct weft_stats *s = per_cpu_ptr(stats, cpu);

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			t.rx_packets = u64_stats_read(&s->rx_packets);
			t.rx_bytes = u64_stats_read(&s->rx_bytes);
			t.tx_packets = u64_stats_read(&s->tx_packets);
			t.tx_bytes = u64_stats_read(&s->tx_bytes);
			t.drops = u64_stats_read(&s->drops);
		} while (u64_stats_fetch_retry(&s->syncp, start));

		totals->rx_packets += t.rx_packets;
		totals->rx_bytes += t.rx_bytes;
		totals->tx_packets += t.tx_packets;
		totals->tx_bytes += t.tx_bytes;
		totals->drops += t.drops;
	}
}
