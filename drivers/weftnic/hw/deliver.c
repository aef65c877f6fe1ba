// SPDX-License-Identifier: GPL-2.0
/* Into a function's receive ring. */

#include <linux/etherdevice.h>

#include "deliver.h"
#include "frame.h"
#include "function.h"
#include "nic.h"

static u32 piece_size(const struct weftnic_rx_desc *desc)
{
	return min_t(u32, le32_to_cpu(desc->len), U16_MAX);
}

/* How many descriptors have room for so many bytes? 0 if there is none. */
static unsigned int find_room(const struct hw_queue *queue, unsigned int len)
{
	u32 filled = hw_ring_filled(&queue->rx);
	u32 room = hw_ring_room(&queue->cq);
	const struct weftnic_rx_desc *desc;
	unsigned int n;

	for (n = 0; n < min(filled, room) && len; n++) {
		desc = hw_ring_slot(&queue->rx, queue->rx.head + n);
		if (!hw_dma(le64_to_cpu(desc->addr), piece_size(desc)))
			return 0;
		len -= min(len, piece_size(desc));
	}
	return len ? 0 : n;
}

static void fill(struct hw_queue *queue, unsigned int pieces,
		 const struct sk_buff *skb, const struct weftnic_rx_done *info)
{
	const struct weftnic_rx_desc *desc;
	struct weftnic_rx_done *done;
	unsigned int i, len, off = 0;

	for (i = 0; i < pieces; i++) {
		desc = hw_ring_slot(&queue->rx, queue->rx.head + i);
		done = hw_ring_slot(&queue->cq, queue->cq.tail + i);
		len = min(piece_size(desc), skb->len - off);
		skb_copy_bits(skb, off, phys_to_virt(le64_to_cpu(desc->addr)),
			      len);
		off += len;
		*done = *info;
		done->id = desc->id;
		done->len = cpu_to_le16(len);
	}
	done->flags |= cpu_to_le16(WEFTNIC_RX_EOP);
	hw_ring_consume(&queue->rx, pieces);
	hw_ring_produce(&queue->cq, pieces);
}

/* The queue for a flow, among those that serve; -1 if none does. */
static int choose(const struct hw_function *f, u32 hash)
{
	u8 serving[WEFTNIC_QUEUES_MAX];
	unsigned int q, n = 0;

	for (q = 0; q < f->nic->sizes.queues; q++)
		if (f->queues[q].rx.slots && f->queues[q].cq.slots)
			serving[n++] = q;
	return n ? serving[reciprocal_scale(hash, n)] : -1;
}

/**
 * hw_deliver() - have a function receive a frame, if it can
 * @f: the function
 * @skb: the frame; not changed, nor consumed
 * @info: what the driver is told of it, all but @id, @len and WEFTNIC_RX_EOP
 */
void hw_deliver(struct hw_function *f, const struct sk_buff *skb,
		const struct weftnic_rx_done *info)
{
	int q = choose(f, hw_frame(skb)->hash);
	struct hw_stats *stats = &f->stats;
	unsigned int pieces = 0;

	if (!f->enabled)
		return;
	if (q >= 0)
		pieces = find_room(&f->queues[q], skb->len);
	if (!pieces) {
		stats->rx_no_buffer++;
		return;
	}
	fill(&f->queues[q], pieces, skb, info);
	hw_raise(f, WEFTNIC_VEC_QUEUE(q));
	stats->rx_packets++;
	stats->rx_bytes += skb->len;
	stats->rx_broadcast += is_broadcast_ether_addr(skb->data);
	stats->rx_multicast += is_multicast_ether_addr(skb->data) &&
		!is_broadcast_ether_addr(skb->data);
}
