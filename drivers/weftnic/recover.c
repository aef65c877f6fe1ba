// SPDX-License-Identifier: GPL-2.0
/*
 * Failures: whoever finds that the function does not do what it should says so
 * by nic_fail(), and it is reset and set up again. What fails meanwhile is
 * tried again, up to a second later, for as long as it takes.
 */

#include <linux/rtnetlink.h>

#include "nic.h"

#define CALM		(5 * HZ)
#define RETRY_MIN	50	/* ms */
#define RETRY_MAX	1000

static void failed(struct nic *nic, const char *why)
{
	if (!READ_ONCE(nic->why)) {
		netdev_err(nic->netdev, "%s: resetting\n", why);
		WRITE_ONCE(nic->why, why);
	}
	nic_offload_down(nic);
	complete(&nic->adminq.done);
	if (time_before(jiffies, READ_ONCE(nic->recovered) + CALM))
		nic->delay = clamp(nic->delay * 2, RETRY_MIN, RETRY_MAX);
	else
		nic->delay = 0;
	queue_delayed_work(nic_wq, &nic->recover,
			   msecs_to_jiffies(nic->delay));
}

/**
 * nic_fail() - the function must be reset
 * @nic: the function
 * @why: a string constant, for the log and devlink
 *
 * Context: any.
 */
void nic_fail(struct nic *nic, const char *why)
{
	if (!test_and_set_bit(NIC_FAILED, &nic->state))
		failed(nic, why);
}

/**
 * nic_halt() - stop all and reset the function
 * @nic: the function
 *
 * Context: RTNL.
 */
void nic_halt(struct nic *nic)
{
	ASSERT_RTNL();
	nic_offload_down(nic);
	netif_device_detach(nic->netdev);
	nic_reset(nic);
	nic_queues_down(nic);
}

static int set_up(struct nic *nic)
{
	int err;

	err = nic_start(nic);
	if (err)
		return err;
	err = nic->role->restore(nic);
	if (err)
		return err;
	err = nic_filters_restore(nic);
	if (err || !netif_running(nic->netdev))
		return err;
	return nic_queues_up(nic);
}

/* The reverse of nic_halt(): all is as it was before, or is tried again. */
static int revive(struct nic *nic)
{
	int err;

	ASSERT_RTNL();
	WRITE_ONCE(nic->recovered, jiffies);
	nic->counts.resets++;
	err = set_up(nic);
	if (err) {
		set_bit(NIC_FAILED, &nic->state);
		failed(nic, "it could not be set up again");
		return err;
	}
	netif_device_attach(nic->netdev);
	nic_link(nic);
	nic_offload_up(nic);
	if (READ_ONCE(nic->why))
		netdev_info(nic->netdev, "set up again\n");
	WRITE_ONCE(nic->why, NULL);
	return 0;
}

/**
 * nic_recover() - reset the function and set it up again
 * @nic: the function
 *
 * Context: process, without RTNL. Return: 0 or a negative errno; it is tried
 * again then.
 */
int nic_recover(struct nic *nic)
{
	int err;

	rtnl_lock();
	nic_halt(nic);
	err = revive(nic);
	rtnl_unlock();
	return err;
}

/** nic_recover_work() - work function of nic.recover */
void nic_recover_work(struct work_struct *work)
{
	struct nic *nic = container_of(to_delayed_work(work), struct nic,
				       recover);

	if (!test_bit(NIC_FAILED, &nic->state))
		return;		/* somebody asked for it meanwhile */
	if (nic_is_pf(nic))
		nic_devlink_report(nic);
	else
		nic_recover(nic);
}
