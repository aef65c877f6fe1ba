// SPDX-License-Identifier: GPL-2.0
/*
 * What the NIC counts.
 */

#include "nic.h"

/* The buffer holds what the NIC returns. */
static int read_block(struct nic *nic, enum weftnic_op op, u32 *args,
		      void *to, size_t size)
{
	void *buffer = nic_cmd_begin(nic);
	int err;

	memset(buffer, 0, size);
	err = nic_cmd_run(nic, op, 1, args);
	if (!err)
		memcpy(to, buffer, size);
	nic_cmd_end(nic);
	return err;
}

/**
 * nic_stats_read() - read the statistics of a function
 * @nic: the function that asks
 * @vf: 1 + the VF that the PF asks about, or 0 for the function itself
 * @stats: gets them
 *
 * Context: process. Return: 0 or an error of the command.
 */
int nic_stats_read(struct nic *nic, unsigned int vf,
		   struct weftnic_stats *stats)
{
	u32 args[NIC_CMD_ARGS] = { vf };

	return read_block(nic, WEFTNIC_OP_STATS, args, stats, sizeof(*stats));
}

/**
 * nic_counters_read() - read those of the engine into nic.counters
 * @nic: the PF
 *
 * Context: RTNL. Return: 0 or an error of the command.
 */
int nic_counters_read(struct nic *nic)
{
	return read_block(nic, WEFTNIC_OP_COUNTERS, NULL, &nic->counters,
			  sizeof(nic->counters));
}
