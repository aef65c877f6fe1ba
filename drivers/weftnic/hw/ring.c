// SPDX-License-Identifier: GPL-2.0
/* Rings, and memory as a device on the bus reaches it. */

#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pfn.h>

#include "../regs.h"
#include "ring.h"

/**
 * hw_dma() - memory at an address on the bus
 * @addr: where
 * @len: bytes
 *
 * A driver may be wrong, and that must not be the machine's end.
 *
 * Return: the memory, or NULL if not all of it is.
 */
void *hw_dma(u64 addr, size_t len)
{
	unsigned long pfn, last;

	if (!len || addr + len < addr)
		return NULL;
	last = PHYS_PFN(addr + len - 1);
	for (pfn = PHYS_PFN(addr); pfn <= last; pfn++)
		if (!pfn_valid(pfn) || PageReserved(pfn_to_page(pfn)))
			return NULL;
	return phys_to_virt(addr);
}

/**
 * hw_ring_set() - start a ring, or end it
 * @ring: the ring, with its base
 * @size: of which power of two slots there are; 0 ends it
 * @bytes: size of a slot
 *
 * Context: with the NIC's lock. Nonsense makes a ring that does not serve.
 */
void hw_ring_set(struct hw_ring *ring, u32 size, unsigned int bytes)
{
	u64 base = ring->base_lo | (u64)ring->base_hi << 32;

	ring->slots = NULL;
	WRITE_ONCE(ring->head, 0);
	WRITE_ONCE(ring->tail, 0);
	WRITE_ONCE(ring->size, size);
	ring->bytes = bytes;
	if (size && size <= WEFTNIC_RING_SIZE_MAX && !(base & 7))
		ring->slots = hw_dma(base, bytes << size);
}

/**
 * hw_ring_filled() - slots that the driver has filled
 * @ring: a ring that the NIC consumes
 *
 * Context: with the NIC's lock. Return: 0 too if it does not serve.
 */
u32 hw_ring_filled(const struct hw_ring *ring)
{
	u32 filled;

	if (!ring->slots)
		return 0;
	/* pairs with the driver's write of the register */
	filled = smp_load_acquire(&ring->tail) - ring->head;
	return filled <= 1u << ring->size ? filled : 0;
}

/**
 * hw_ring_room() - slots that the driver has emptied
 * @ring: a ring that the NIC produces
 *
 * Context: with the NIC's lock. Return: 0 too if it does not serve.
 */
u32 hw_ring_room(const struct hw_ring *ring)
{
	u32 used;

	if (!ring->slots)
		return 0;
	/* pairs with the driver's write of the register */
	used = ring->tail - smp_load_acquire(&ring->head);
	return used <= 1u << ring->size ? (1u << ring->size) - used : 0;
}
