// SPDX-License-Identifier: GPL-2.0
/* A function as its driver sees it: registers and interrupts. */

#include <linux/etherdevice.h>
#include <linux/mm.h>

#include "engine.h"
#include "event.h"
#include "function.h"
#include "nic.h"

#define RING_BYTES	0x20	/* of registers */

/**
 * hw_gone() - is the function not there, or in a reset?
 * @f: the function
 *
 * Context: any.
 */
bool hw_gone(const struct hw_function *f)
{
	return f->index > READ_ONCE(f->nic->vfs_enabled) ||
		test_bit(f->index, f->nic->resetting);
}

/** hw_mac() - the address that the MAC registers show */
void hw_mac(const struct hw_function *f, u8 *mac)
{
	if (!is_zero_ether_addr(f->config.mac)) {
		ether_addr_copy(mac, f->config.mac);
		return;
	}
	ether_addr_copy(mac, f->nic->mac);
	mac[5] += f->index;
}

static struct hw_ring *find_ring(struct hw_function *f, u32 reg,
				 unsigned int *bytes)
{
	unsigned int q = reg % 0x1000 / RING_BYTES;

	reg -= reg % RING_BYTES;
	if (reg == WEFTNIC_ADMIN) {
		*bytes = sizeof(struct weftnic_cmd);
		return &f->admin;
	}
	if (reg == WEFTNIC_EVENT) {
		*bytes = sizeof(struct weftnic_event);
		return &f->event;
	}
	if (q >= f->nic->sizes.queues)
		return NULL;
	if (reg == WEFTNIC_TX(q)) {
		*bytes = sizeof(struct weftnic_tx_desc);
		return &f->queues[q].tx;
	}
	if (reg == WEFTNIC_RX(q)) {
		*bytes = sizeof(struct weftnic_rx_desc);
		return &f->queues[q].rx;
	}
	if (reg == WEFTNIC_CQ(q)) {
		*bytes = sizeof(struct weftnic_rx_done);
		return &f->queues[q].cq;
	}
	return NULL;
}

static u32 read_ring(const struct hw_ring *ring, u32 reg)
{
	switch (reg) {
	case WEFTNIC_RING_BASE_LO:
		return READ_ONCE(ring->base_lo);
	case WEFTNIC_RING_BASE_HI:
		return READ_ONCE(ring->base_hi);
	case WEFTNIC_RING_SIZE:
		return READ_ONCE(ring->size);
	case WEFTNIC_RING_HEAD:
		/* the slots before it are the driver's again */
		return smp_load_acquire(&ring->head);
	case WEFTNIC_RING_TAIL:
		/* the slots before it are the driver's to read */
		return smp_load_acquire(&ring->tail);
	default:
		return 0;
	}
}

/* Only the driver's end of a ring can be written. */
static void write_ring(struct hw_function *f, struct hw_ring *ring,
		       unsigned int bytes, u32 reg, u32 value)
{
	bool produces = bytes == sizeof(struct weftnic_tx_desc) ||
		bytes == sizeof(struct weftnic_rx_desc) || ring == &f->admin;

	switch (reg) {
	case WEFTNIC_RING_BASE_LO:
		WRITE_ONCE(ring->base_lo, value);
		break;
	case WEFTNIC_RING_BASE_HI:
		WRITE_ONCE(ring->base_hi, value);
		break;
	case WEFTNIC_RING_SIZE:
		spin_lock_bh(&f->nic->lock);
		hw_ring_set(ring, value, bytes);
		spin_unlock_bh(&f->nic->lock);
		break;
	case WEFTNIC_RING_HEAD:
		if (produces)
			break;
		/* the driver has read what it gives back */
		smp_store_release(&ring->head, value);
		break;
	case WEFTNIC_RING_TAIL:
		if (!produces)
			break;
		/* the driver has written what it hands over */
		smp_store_release(&ring->tail, value);
		if (bytes != sizeof(struct weftnic_rx_desc))
			hw_doorbell(f);
		break;
	}
}

static u32 read_status(const struct hw_function *f)
{
	u32 status = 0;

	if (READ_ONCE(f->enabled))
		status |= WEFTNIC_STATUS_READY;
	if (READ_ONCE(f->link))
		status |= WEFTNIC_STATUS_LINK;
	if (READ_ONCE(f->was_reset))
		status |= WEFTNIC_STATUS_RESET;
	if (f->index)
		status |= WEFTNIC_STATUS_VF |
			(f->index - 1) << WEFTNIC_STATUS_VF_SHIFT;
	return status;
}

static u32 read_global(const struct hw_function *f, u32 reg)
{
	const struct hw_sizes *sizes = &f->nic->sizes;
	u8 mac[ETH_ALEN];

	hw_mac(f, mac);
	switch (reg) {
	case WEFTNIC_ID:
		return WEFTNIC_ID_VALUE;
	case WEFTNIC_STATUS:
		return read_status(f);
	case WEFTNIC_CTRL:
		return READ_ONCE(f->enabled) ? WEFTNIC_CTRL_ENABLE : 0;
	case WEFTNIC_FEATURES:
		return sizes->features;
	case WEFTNIC_RULE_SIZE:
		return sizes->rules;
	case WEFTNIC_COPIES_SIZE:
		return sizes->copies;
	case WEFTNIC_MAP_SIZE:
		return sizes->map;
	case WEFTNIC_SEGMENT_SIZE:
		return sizes->segments;
	case WEFTNIC_MAC_SIZE:
		return sizes->macs;
	case WEFTNIC_VLAN_SIZE:
		return sizes->vlans;
	case WEFTNIC_VF_SIZE:
		return sizes->vfs;
	case WEFTNIC_QUEUES:
		return sizes->queues;
	case WEFTNIC_MAC_LO:
		return get_unaligned_le32(mac);
	case WEFTNIC_MAC_HI:
		return get_unaligned_le16(mac + 4);
	case WEFTNIC_OPTIONS_SIZE:
		return sizes->options;
	case WEFTNIC_IRQ_MASK:
		return READ_ONCE(f->irq_mask);
	default:
		return 0;
	}
}

static u32 read(struct weftnic_slot *slot, u32 reg)
{
	struct hw_function *f = container_of(slot, struct hw_function, slot);
	struct hw_ring *ring;
	unsigned int bytes;

	if (hw_gone(f))
		return ~0;
	ring = find_ring(f, reg, &bytes);
	if (ring)
		return read_ring(ring, reg % RING_BYTES);
	return read_global(f, reg);
}

static void control(struct hw_function *f, u32 value)
{
	struct hw_nic *nic = f->nic;

	spin_lock_bh(&nic->lock);
	if (value & WEFTNIC_CTRL_RESET)
		hw_reset(f);
	WRITE_ONCE(f->enabled, value & WEFTNIC_CTRL_ENABLE);
	spin_unlock_bh(&nic->lock);
	hw_doorbell(f);
}

static void write(struct weftnic_slot *slot, u32 reg, u32 value)
{
	struct hw_function *f = container_of(slot, struct hw_function, slot);
	struct hw_ring *ring;
	unsigned int bytes;

	if (hw_gone(f))
		return;
	ring = find_ring(f, reg, &bytes);
	if (ring) {
		write_ring(f, ring, bytes, reg % RING_BYTES, value);
	} else if (reg == WEFTNIC_CTRL) {
		control(f, value);
	} else if (reg == WEFTNIC_IRQ_MASK) {
		WRITE_ONCE(f->irq_mask, value);
		/* the engine sets what is pending and then reads the mask */
		smp_mb();
		if (READ_ONCE(f->irq_pending) & ~value) {
			set_bit(f->index, f->nic->irqs);
			hw_kick(f->nic);
		}
	}
}

void hw_raise(struct hw_function *f, unsigned int vector)
{
	set_bit(vector, &f->irq_pending);
	set_bit(f->index, f->nic->irqs);
}

void hw_interrupt(struct hw_function *f)
{
	unsigned long pending, flags;
	unsigned int v;

	pending = READ_ONCE(f->irq_pending);
	for_each_set_bit(v, &pending, WEFTNIC_VECTORS) {
		spin_lock_irqsave(&f->irq_lock, flags);
		if (!test_bit(v, &f->irq_mask) &&
		    test_and_clear_bit(v, &f->irq_pending) &&
		    f->vectors[v].handler)
			f->vectors[v].handler(f->vectors[v].data);
		spin_unlock_irqrestore(&f->irq_lock, flags);
	}
}

static int take_vector(struct weftnic_slot *slot, unsigned int vector,
		       void (*handler)(void *data), void *data)
{
	struct hw_function *f = container_of(slot, struct hw_function, slot);
	int err = -EBUSY;

	if (vector > f->nic->sizes.queues)
		return -EINVAL;
	spin_lock_irq(&f->irq_lock);
	if (!f->vectors[vector].handler) {
		f->vectors[vector].handler = handler;
		f->vectors[vector].data = data;
		err = 0;
	}
	spin_unlock_irq(&f->irq_lock);
	return err;
}

static void leave_vector(struct weftnic_slot *slot, unsigned int vector)
{
	struct hw_function *f = container_of(slot, struct hw_function, slot);

	if (vector >= WEFTNIC_VECTORS)
		return;
	spin_lock_irq(&f->irq_lock);
	f->vectors[vector].handler = NULL;
	spin_unlock_irq(&f->irq_lock);
}

/** hw_relink() - see whether the link of a function has changed */
void hw_relink(struct hw_function *f)
{
	struct weftnic_event event = {
		.type = cpu_to_le16(WEFTNIC_EV_LINK),
	};
	bool link = f->nic->carrier && !f->nic->fault.unplugged;

	if (f->index && !(f->config.flags & WEFTNIC_VF_LINK_AUTO))
		link = f->config.flags & WEFTNIC_VF_LINK;
	if (link == f->link)
		return;
	WRITE_ONCE(f->link, link);
	hw_event(f, &event);
}

static void forget(struct hw_function *f)
{
	WRITE_ONCE(f->enabled, false);
	memset(&f->admin, 0, sizeof(f->admin));
	memset(&f->event, 0, sizeof(f->event));
	memset(f->queues, 0, sizeof(f->queues));
	hw_filters_forget(f);
	WRITE_ONCE(f->irq_mask, 0);
	WRITE_ONCE(f->irq_pending, 0);
	f->lost = 0;
	f->tokens = 0;
}

static void default_config(struct hw_function *f)
{
	f->config = (struct hw_config){
		.flags = WEFTNIC_VF_LINK_AUTO,
		.mtu = WEFTNIC_MTU_MAX,
	};
}

/** hw_reset_nic() - forget all: tables, functions, and what is said of VFs
 *
 * A driver whose function was in use is told by its admin vector.
 */
void hw_reset_nic(struct hw_nic *nic)
{
	unsigned int i;

	hw_table_clear(nic);
	memset(&nic->counters, 0, sizeof(nic->counters));
	atomic64_set(&nic->busy, 0);
	for (i = 0; i < hw_count(nic); i++) {
		struct hw_function *f = &nic->functions[i];
		bool was_enabled = f->enabled;

		forget(f);
		default_config(f);
		memset(&f->stats, 0, sizeof(f->stats));
		hw_relink(f);
		if (was_enabled) {
			WRITE_ONCE(f->was_reset, true);
			hw_raise(f, WEFTNIC_VEC_ADMIN);
		}
	}
}

/** hw_reset() - reset a function because its driver, or the bus, wants it
 *
 * The PF's reset is that of the whole NIC.
 */
void hw_reset(struct hw_function *f)
{
	if (f->index)
		forget(f);
	else
		hw_reset_nic(f->nic);
	WRITE_ONCE(f->was_reset, false);
	WRITE_ONCE(f->irq_pending, 0);
}

static const struct weftnic_slot_ops slot_ops = {
	.read = read,
	.write = write,
	.request_irq = take_vector,
	.free_irq = leave_vector,
};

/**
 * hw_functions_init() - make the PF and all VFs
 * @nic: the NIC, with its sizes
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int hw_functions_init(struct hw_nic *nic)
{
	unsigned int i;

	nic->functions = kvcalloc(hw_count(nic), sizeof(*nic->functions),
				  GFP_KERNEL);
	if (!nic->functions)
		return -ENOMEM;
	for (i = 0; i < hw_count(nic); i++) {
		struct hw_function *f = &nic->functions[i];

		f->slot.ops = &slot_ops;
		f->nic = nic;
		f->index = i;
		spin_lock_init(&f->irq_lock);
		default_config(f);
	}
	return 0;
}

/** hw_functions_free() - free them. Context: process. */
void hw_functions_free(struct hw_nic *nic)
{
	kvfree(nic->functions);
}
