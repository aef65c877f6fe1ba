// SPDX-License-Identifier: GPL-2.0
/*
 * Registers, rings and commands. Commands go one at a time, through one buffer
 * that is as old as the function's rings: what the NIC may still touch after a
 * time-out is not freed before the function was reset.
 */

#include <linux/dma-mapping.h>
#include <linux/moduleparam.h>

#include "nic.h"

#define ADMIN_ORDER	4

static unsigned int cmd_timeout = 500;
module_param(cmd_timeout, uint, 0644);
MODULE_PARM_DESC(cmd_timeout, "How long to wait for a command, in ms");

/** nic_timeout() - how long to wait for a command, in jiffies */
unsigned long nic_timeout(void)
{
	return msecs_to_jiffies(READ_ONCE(cmd_timeout));
}

/** nic_errno() - what an enum weftnic_err is in errors of the kernel */
int nic_errno(u32 status)
{
	static const int errnos[] = {
		[WEFTNIC_OK] = 0,
		[WEFTNIC_E_OPCODE] = -EOPNOTSUPP,
		[WEFTNIC_E_INVALID] = -EINVAL,
		[WEFTNIC_E_FULL] = -ENOSPC,
		[WEFTNIC_E_NONE] = -ENOENT,
		[WEFTNIC_E_FAILED] = -EIO,
	};

	return status < ARRAY_SIZE(errnos) ? errnos[status] : -EIO;
}

/* --- registers --- */

/**
 * nic_ring_start() - have a ring served
 * @nic: the function
 * @reg: its first register
 * @addr: its memory, on the bus
 * @order: log2 of its slots
 */
void nic_ring_start(struct nic *nic, u32 reg, dma_addr_t addr,
		    unsigned int order)
{
	weftnic_write(nic->slot, reg + WEFTNIC_RING_BASE_LO,
		      lower_32_bits(addr));
	weftnic_write(nic->slot, reg + WEFTNIC_RING_BASE_HI,
		      upper_32_bits(addr));
	weftnic_write(nic->slot, reg + WEFTNIC_RING_SIZE, order);
}

/** nic_ring_stop() - the NIC uses a ring no more */
void nic_ring_stop(struct nic *nic, u32 reg)
{
	weftnic_write(nic->slot, reg + WEFTNIC_RING_SIZE, 0);
}

/* One register has the bits of all vectors. Whoever wrote what is not true any
 * more writes again, so no lock is needed that an interrupt would meet.
 */
static void write_mask(struct nic *nic)
{
	unsigned long mask;

	do {
		mask = READ_ONCE(nic->irq_mask);
		weftnic_write(nic->slot, WEFTNIC_IRQ_MASK, mask);
		smp_mb();	/* write before looking again */
	} while (mask != READ_ONCE(nic->irq_mask));
}

/** nic_irq_mask() - no interrupts from a vector; context: any */
void nic_irq_mask(struct nic *nic, unsigned int vector)
{
	set_bit(vector, &nic->irq_mask);
	write_mask(nic);
}

/** nic_irq_unmask() - interrupts again, and what was missed; context: any */
void nic_irq_unmask(struct nic *nic, unsigned int vector)
{
	clear_bit(vector, &nic->irq_mask);
	write_mask(nic);
}

/* --- the function as a whole --- */

static void interrupt(void *data)
{
	struct nic *nic = data;

	complete(&nic->adminq.done);
	mod_delayed_work(nic_wq, &nic->service, 0);
}

/**
 * nic_adminq_create() - make the rings of commands and events
 * @nic: the function
 *
 * Their memory goes with the device's, after nic_adminq_destroy(). Return: 0
 * or a negative errno.
 */
int nic_adminq_create(struct nic *nic)
{
	struct nic_adminq *q = &nic->adminq;
	struct device *dev = &nic->pdev->dev;

	mutex_init(&q->lock);
	mutex_init(&q->event_lock);
	init_completion(&q->done);
	q->ring = dmam_alloc_coherent(dev, sizeof(*q->ring) << ADMIN_ORDER,
				      &q->ring_dma, GFP_KERNEL);
	q->events = dmam_alloc_coherent(dev, sizeof(*q->events) << NIC_EVENTS_ORDER,
					&q->events_dma, GFP_KERNEL);
	q->buffer = dmam_alloc_coherent(dev, NIC_CMD_BUFFER, &q->buffer_dma,
					GFP_KERNEL);
	if (!q->ring || !q->events || !q->buffer)
		return -ENOMEM;
	return nic->slot->ops->request_irq(nic->slot, WEFTNIC_VEC_ADMIN,
					   interrupt, nic);
}

/** nic_adminq_destroy() - the reverse: no more commands, events, interrupts */
void nic_adminq_destroy(struct nic *nic)
{
	nic_reset(nic);
	nic->slot->ops->free_irq(nic->slot, WEFTNIC_VEC_ADMIN);
}

static void reset(struct nic *nic)
{
	struct nic_adminq *q = &nic->adminq;

	weftnic_write(nic->slot, WEFTNIC_CTRL, WEFTNIC_CTRL_RESET);
	memset(q->ring, 0, sizeof(*q->ring) << ADMIN_ORDER);
	q->tail = 0;
	q->event_head = 0;
}

/**
 * nic_reset() - have the function forget all, and refuse commands
 * @nic: the function
 *
 * When this returns, the function touches no memory. Context: process.
 */
void nic_reset(struct nic *nic)
{
	struct nic_adminq *q = &nic->adminq;

	set_bit(NIC_FAILED, &nic->state);
	complete(&q->done);
	mutex_lock(&q->lock);
	mutex_lock(&q->event_lock);
	reset(nic);
	mutex_unlock(&q->event_lock);
	mutex_unlock(&q->lock);
}

/**
 * nic_start() - reset the function and have it take commands
 * @nic: the function
 *
 * Context: process. Return: 0, or -ENODEV if it is gone.
 */
int nic_start(struct nic *nic)
{
	struct nic_adminq *q = &nic->adminq;
	int err = -ENODEV;
	u32 status;

	mutex_lock(&q->lock);
	mutex_lock(&q->event_lock);
	reset(nic);
	if (weftnic_read(nic->slot, WEFTNIC_ID) != WEFTNIC_ID_VALUE)
		goto out;
	nic_ring_start(nic, WEFTNIC_ADMIN, q->ring_dma, ADMIN_ORDER);
	nic_ring_start(nic, WEFTNIC_EVENT, q->events_dma, NIC_EVENTS_ORDER);
	WRITE_ONCE(nic->irq_mask, 0);
	write_mask(nic);
	weftnic_write(nic->slot, WEFTNIC_CTRL, WEFTNIC_CTRL_ENABLE);
	status = weftnic_read(nic->slot, WEFTNIC_STATUS);
	if (!(status & WEFTNIC_STATUS_READY))
		goto out;
	clear_bit(NIC_FAILED, &nic->state);
	err = 0;
out:
	mutex_unlock(&q->event_lock);
	mutex_unlock(&q->lock);
	return err;
}

/* --- commands --- */

/**
 * nic_cmd_begin() - begin a command
 * @nic: the function
 *
 * Context: process; commands of others wait until nic_cmd_end(). Return:
 * NIC_CMD_BUFFER bytes for its elements, of any content.
 */
void *nic_cmd_begin(struct nic *nic)
{
	mutex_lock(&nic->adminq.lock);
	return nic->adminq.buffer;
}

/** nic_cmd_end() - the buffer is not needed any more */
void nic_cmd_end(struct nic *nic)
{
	mutex_unlock(&nic->adminq.lock);
}

static int await(struct nic *nic, const struct weftnic_cmd *cmd)
{
	unsigned long left = nic_timeout();

	while (!READ_ONCE(cmd->done)) {
		if (test_bit(NIC_FAILED, &nic->state))
			return -EIO;
		if (!left) {
			nic_fail(nic, "a command timed out");
			return -ETIMEDOUT;
		}
		left = wait_for_completion_timeout(&nic->adminq.done, left);
	}
	dma_rmb();	/* done is set last */
	return 0;
}

static int complete_cmd(struct nic *nic, const struct weftnic_cmd *cmd,
			u32 cookie, u32 *args)
{
	u32 status = le32_to_cpu(cmd->status);
	unsigned int i;

	if (le32_to_cpu(cmd->done) != WEFTNIC_CMD_DONE ||
	    le32_to_cpu(cmd->cookie) != cookie || status > WEFTNIC_E_FAILED) {
		nic_fail(nic, "the completion of a command makes no sense");
		return -EIO;
	}
	for (i = 0; args && i < NIC_CMD_ARGS; i++)
		args[i] = le32_to_cpu(cmd->arg[i]);
	return nic_errno(status);
}

/**
 * nic_cmd_run() - have the NIC do a command
 * @nic: the function
 * @op: what to do
 * @count: elements in the buffer
 * @args: NIC_CMD_ARGS arguments, given and returned; or NULL
 *
 * Context: between nic_cmd_begin() and nic_cmd_end(). Return: 0, -ETIMEDOUT,
 * -EIO if the function has failed and waits for its reset, or what
 * nic_errno() makes of the NIC's answer.
 */
int nic_cmd_run(struct nic *nic, enum weftnic_op op, unsigned int count,
		u32 *args)
{
	struct nic_adminq *q = &nic->adminq;
	struct weftnic_cmd *cmd;
	unsigned int i;
	u32 cookie;
	int err;

	lockdep_assert_held(&q->lock);
	if (test_bit(NIC_FAILED, &nic->state))
		return -EIO;
	cookie = q->tail;
	cmd = q->ring + (q->tail & (BIT(ADMIN_ORDER) - 1));
	memset(cmd, 0, sizeof(*cmd));
	cmd->opcode = cpu_to_le16(op);
	cmd->count = cpu_to_le16(count);
	cmd->cookie = cpu_to_le32(cookie);
	cmd->addr = cpu_to_le64(count ? q->buffer_dma : 0);
	for (i = 0; args && i < NIC_CMD_ARGS; i++)
		cmd->arg[i] = cpu_to_le32(args[i]);

	reinit_completion(&q->done);
	dma_wmb();	/* the command before its number */
	weftnic_write(nic->slot, WEFTNIC_ADMIN + WEFTNIC_RING_TAIL,
		      ++q->tail);
	err = await(nic, cmd);
	return err ?: complete_cmd(nic, cmd, cookie, args);
}

/** nic_cmd() - nic_cmd_run() of a command that has no elements */
int nic_cmd(struct nic *nic, enum weftnic_op op, u32 *args)
{
	int err;

	nic_cmd_begin(nic);
	err = nic_cmd_run(nic, op, 0, args);
	nic_cmd_end(nic);
	return err;
}
