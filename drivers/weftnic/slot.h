/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_SLOT_H
#define _WEFTNIC_SLOT_H

/*
 * What a bus would give: the simulated functions can be enumerated, but
 * accesses to their memory can't be trapped and they can't send messages. So
 * the driver reaches the registers of a function by its slot, and the function
 * raises its interrupts there.
 *
 * A function reaches all memory: an address on the bus, from the DMA API, is a
 * physical address.
 */

#include <linux/types.h>

struct pci_dev;
struct weftnic_slot;

/**
 * struct weftnic_slot_ops - a function, seen from the bus
 * @read: read a register. Any context.
 * @write: write a register, a doorbell among them. Any context, but for a
 *	reset, which may sleep: the function uses no memory afterwards.
 * @request_irq: have @handler called for a vector. It is called with
 *	interrupts off, by one CPU at a time. Process context.
 * @free_irq: and no more; waits for the end of @handler. Process context.
 */
struct weftnic_slot_ops {
	u32 (*read)(struct weftnic_slot *slot, u32 reg);
	void (*write)(struct weftnic_slot *slot, u32 reg, u32 value);
	int (*request_irq)(struct weftnic_slot *slot, unsigned int vector,
			   void (*handler)(void *data), void *data);
	void (*free_irq)(struct weftnic_slot *slot, unsigned int vector);
};

/**
 * struct weftnic_slot - where a function is plugged in
 * @ops: the function
 */
struct weftnic_slot {
	const struct weftnic_slot_ops *ops;
};

/**
 * weftnic_slot() - the slot of a function
 * @pdev: the function
 *
 * It stays as long as a driver is bound to the function. Context: process.
 * Return: the slot or NULL if the function is not one of ours.
 */
struct weftnic_slot *weftnic_slot(struct pci_dev *pdev);

static inline u32 weftnic_read(struct weftnic_slot *slot, u32 reg)
{
	return slot->ops->read(slot, reg);
}

static inline void weftnic_write(struct weftnic_slot *slot, u32 reg,
				 u32 value)
{
	slot->ops->write(slot, reg, value);
}

#endif /* _WEFTNIC_SLOT_H */
