// SPDX-License-Identifier: GPL-2.0
/*
 * Events, and a look at the function every second: an event may be lost, and a
 * function that is gone sends none.
 */

#include <linux/etherdevice.h>

#include "nic.h"

#define PERIOD HZ

/**
 * nic_link() - see whether the link is up
 * @nic: the function
 *
 * Context: process.
 */
void nic_link(struct nic *nic)
{
	u32 status = weftnic_read(nic->slot, WEFTNIC_STATUS);
	bool up = status & WEFTNIC_STATUS_LINK;

	/* before that, nobody would hear of it */
	if (nic->netdev->reg_state != NETREG_REGISTERED ||
	    test_bit(NIC_FAILED, &nic->state) ||
	    up == netif_carrier_ok(nic->netdev))
		return;
	if (up)
		netif_carrier_on(nic->netdev);
	else
		netif_carrier_off(nic->netdev);
}

/* Under the lock nothing resets the function, so what is seen is true. */
static const char *look(struct nic *nic)
{
	u32 id, status;

	lockdep_assert_held(&nic->adminq.event_lock);
	if (test_bit(NIC_FAILED, &nic->state))
		return NULL;
	id = weftnic_read(nic->slot, WEFTNIC_ID);
	status = weftnic_read(nic->slot, WEFTNIC_STATUS);
	if (id != WEFTNIC_ID_VALUE)
		return "the function is gone";
	if (status & WEFTNIC_STATUS_RESET)
		return "the NIC was reset by itself";
	if (!(status & WEFTNIC_STATUS_READY))
		return "the function has lost its settings";
	return NULL;
}

static bool take(struct nic *nic, struct weftnic_event *event)
{
	struct nic_adminq *q = &nic->adminq;
	u32 reg = WEFTNIC_EVENT, there;
	bool any = false;

	mutex_lock(&q->event_lock);
	if (test_bit(NIC_FAILED, &nic->state))
		goto out;
	there = weftnic_read(nic->slot, reg + WEFTNIC_RING_TAIL) -
		q->event_head;
	if (there > NIC_EVENTS) {
		nic_fail(nic, "the event ring makes no sense");
		goto out;
	}
	if (!there)
		goto out;
	dma_rmb();	/* the number before the event */
	*event = q->events[q->event_head & (NIC_EVENTS - 1)];
	weftnic_write(nic->slot, reg + WEFTNIC_RING_HEAD, ++q->event_head);
	any = true;
out:
	mutex_unlock(&q->event_lock);
	return any;
}

static void message(struct nic *nic, const struct weftnic_event *event)
{
	u32 arg[NIC_MSG_ARGS];
	unsigned int i;

	for (i = 0; i < NIC_MSG_ARGS; i++)
		arg[i] = le32_to_cpu(event->arg[i]);
	nic->role->message(nic, le16_to_cpu(event->vf) - 1, arg);
}

static void handle(struct nic *nic, const struct weftnic_event *event)
{
	nic->counts.events_lost += le16_to_cpu(event->lost);
	switch (le16_to_cpu(event->type)) {
	case WEFTNIC_EV_MAILBOX:
		message(nic, event);
		break;
	case WEFTNIC_EV_LINK:
	case WEFTNIC_EV_RESET:
		break;		/* the status is looked at anyway */
	default:
		nic_offload_event(nic, event);
	}
}

/** nic_service() - work function of nic.service */
void nic_service(struct work_struct *work)
{
	struct nic *nic = container_of(to_delayed_work(work), struct nic,
				       service);
	struct weftnic_event event;
	const char *why;

	mutex_lock(&nic->adminq.event_lock);
	why = look(nic);
	if (why)
		nic_fail(nic, why);
	mutex_unlock(&nic->adminq.event_lock);
	nic_link(nic);
	while (take(nic, &event))
		handle(nic, &event);
	queue_delayed_work(nic_wq, &nic->service, PERIOD);
}
