/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_RING_H
#define _WEFTNIC_HW_RING_H

#include <asm/barrier.h>
#include <linux/types.h>

/**
 * struct hw_ring - a ring of slots in the driver's memory
 * @base_lo: as the driver wrote it
 * @base_hi: likewise
 * @size: likewise; NIC's lock
 * @head: next slot that the consumer will read
 * @tail: next slot that the producer will write
 * @slots: the memory, NULL if the ring does not serve; NIC's lock
 * @bytes: size of a slot; NIC's lock
 *
 * Of @head and @tail the driver writes one, at any time; the other is the
 * engine's, with the NIC's lock.
 */
struct hw_ring {
	u32 base_lo;
	u32 base_hi;
	u32 size;
	u32 head;
	u32 tail;
	void *slots;
	unsigned int bytes;
};

void *hw_dma(u64 addr, size_t len);
void hw_ring_set(struct hw_ring *ring, u32 size, unsigned int bytes);
u32 hw_ring_filled(const struct hw_ring *ring);
u32 hw_ring_room(const struct hw_ring *ring);

/** hw_ring_slot() - slot number @n of a ring that serves */
static inline void *hw_ring_slot(const struct hw_ring *ring, u32 n)
{
	return ring->slots + (n & ((1u << ring->size) - 1)) * ring->bytes;
}

/** hw_ring_consume() - @n slots have been read */
static inline void hw_ring_consume(struct hw_ring *ring, u32 n)
{
	/* pairs with the driver's reading of the register */
	smp_store_release(&ring->head, ring->head + n);
}

/** hw_ring_produce() - @n slots have been written */
static inline void hw_ring_produce(struct hw_ring *ring, u32 n)
{
	/* pairs with the driver's reading of the register */
	smp_store_release(&ring->tail, ring->tail + n);
}

#endif /* _WEFTNIC_HW_RING_H */
