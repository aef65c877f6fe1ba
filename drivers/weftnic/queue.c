// SPDX-License-Identifier: GPL-2.0
/*
 * Pairs of queues: their making, their interrupts, and NAPI.
 */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "nic.h"

/* The NIC remembers what comes while the vector is masked. */
static void interrupt(void *data)
{
	struct nic_queue *queue = data;

	nic_irq_mask(queue->nic, WEFTNIC_VEC_QUEUE(queue->index));
	napi_schedule(&queue->napi);
}

static int poll(struct napi_struct *napi, int budget)
{
	struct nic_queue *queue = container_of(napi, struct nic_queue, napi);
	int done;

	nic_tx_clean(queue, budget);
	done = budget ? nic_rx_poll(queue, budget) : 0;
	if (done < budget && napi_complete_done(napi, done))
		nic_irq_unmask(queue->nic, WEFTNIC_VEC_QUEUE(queue->index));
	return done;
}

static int queue_up(struct nic *nic, struct nic_queue *queue)
{
	unsigned int vector = WEFTNIC_VEC_QUEUE(queue->index);
	int err;

	err = nic_tx_alloc(queue);
	if (err)
		return err;
	netif_napi_add(nic->netdev, &queue->napi, poll);
	err = nic_rx_alloc(queue);
	if (err)
		goto del;
	napi_enable(&queue->napi);
	err = nic->slot->ops->request_irq(nic->slot, vector, interrupt, queue);
	if (err)
		goto disable;
	nic_irq_unmask(nic, vector);
	nic_rx_start(queue);
	nic_ring_start(nic, WEFTNIC_TX(queue->index), queue->tx.dma,
		       nic->tx_order);
	return 0;

disable:
	napi_disable(&queue->napi);
	nic_rx_free(queue);
del:
	netif_napi_del(&queue->napi);
	nic_tx_free(queue);
	return err;
}

/* First the NIC stops, then NAPI, then nothing wakes the transmit queue. */
static void queue_down(struct nic *nic, struct nic_queue *queue)
{
	nic_ring_stop(nic, WEFTNIC_TX(queue->index));
	nic_ring_stop(nic, WEFTNIC_RX(queue->index));
	nic_ring_stop(nic, WEFTNIC_CQ(queue->index));
	nic->slot->ops->free_irq(nic->slot, WEFTNIC_VEC_QUEUE(queue->index));
	napi_disable(&queue->napi);
}

static void queue_free(struct nic_queue *queue)
{
	nic_rx_free(queue);
	netif_napi_del(&queue->napi);
	nic_tx_free(queue);
}

static void queues_down(struct nic *nic, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		queue_down(nic, &nic->queues[i]);
	netif_tx_disable(nic->netdev);
	for (i = 0; i < count; i++)
		queue_free(&nic->queues[i]);
}

/**
 * nic_queues_up() - have the queues work
 * @nic: the function
 *
 * Context: RTNL. Return: 0 or a negative errno.
 */
int nic_queues_up(struct nic *nic)
{
	unsigned int i;
	int err;

	ASSERT_RTNL();
	err = netif_set_real_num_queues(nic->netdev, nic->queue_count,
					nic->queue_count);
	if (err)
		return err;
	for (i = 0; i < nic->queue_count; i++) {
		err = queue_up(nic, &nic->queues[i]);
		if (err) {
			queues_down(nic, i);
			return err;
		}
	}
	WRITE_ONCE(nic->up, true);
	netif_tx_wake_all_queues(nic->netdev);
	return 0;
}

/**
 * nic_queues_down() - the reverse, if they work
 * @nic: the function
 *
 * Context: RTNL.
 */
void nic_queues_down(struct nic *nic)
{
	ASSERT_RTNL();
	if (!nic->up)
		return;
	WRITE_ONCE(nic->up, false);
	queues_down(nic, nic->queue_count);
}

/**
 * nic_queues_change() - have other queues
 * @nic: the function
 * @count: how many pairs
 * @tx_order: log2 of slots of a transmit ring
 * @rx_order: of a receive ring
 *
 * Context: RTNL. Return: 0, or a negative errno, and all is as it was.
 */
int nic_queues_change(struct nic *nic, unsigned int count,
		      unsigned int tx_order, unsigned int rx_order)
{
	unsigned int old_count = nic->queue_count;
	unsigned int old_tx = nic->tx_order;
	unsigned int old_rx = nic->rx_order;
	bool was_up = nic->up;
	int err;

	nic_queues_down(nic);
	nic->queue_count = count;
	nic->tx_order = tx_order;
	nic->rx_order = rx_order;
	err = was_up ? nic_queues_up(nic) :
		       netif_set_real_num_queues(nic->netdev, count, count);
	if (!err)
		return 0;
	nic->queue_count = old_count;
	nic->tx_order = old_tx;
	nic->rx_order = old_rx;
	if (was_up && nic_queues_up(nic))
		nic_fail(nic, "its queues could not be made again");
	return err;
}

/**
 * nic_queues_create() - make the pairs, without rings
 * @nic: the function
 *
 * They go with the function's device. Return: 0 or -ENOMEM.
 */
int nic_queues_create(struct nic *nic)
{
	struct nic_queue *queue;
	unsigned int i;

	nic->queues = devm_kcalloc(&nic->pdev->dev, nic->queue_max,
				   sizeof(*nic->queues), GFP_KERNEL);
	if (!nic->queues)
		return -ENOMEM;
	for (i = 0; i < nic->queue_max; i++) {
		queue = &nic->queues[i];
		queue->nic = nic;
		queue->index = i;
		u64_stats_init(&queue->tx.syncp);
		u64_stats_init(&queue->rx.syncp);
	}
	return 0;
}
