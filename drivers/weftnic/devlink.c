// SPDX-License-Identifier: GPL-2.0
/*
 * The PF's devlink instance: what it is, how full its tables are, and its
 * health.
 */

#include <net/devlink.h>

#include "compat.h"
#include "nic.h"

static struct nic *nic_of(struct devlink *devlink)
{
	return *(struct nic **)devlink_priv(devlink);
}

static int info_get(struct devlink *devlink, struct devlink_info_req *req,
		    struct netlink_ext_ack *extack)
{
	struct nic *nic = nic_of(devlink);
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%x",
		 weftnic_read(nic->slot, WEFTNIC_ID));
	err = devlink_info_version_fixed_put(req,
			DEVLINK_INFO_VERSION_GENERIC_ASIC_ID, text);
	if (err)
		return err;
	snprintf(text, sizeof(text), "%u", nic->pdev->revision);
	return devlink_info_version_fixed_put(req,
			DEVLINK_INFO_VERSION_GENERIC_ASIC_REV, text);
}

static const struct devlink_ops devlink_ops = {
	.info_get = info_get,
};

/* --- resources --- */

static u64 occupancy(struct nic *nic, unsigned int arg)
{
	u32 args[NIC_CMD_ARGS] = {};

	return nic_cmd(nic, WEFTNIC_OP_TABLES, args) ? 0 : args[arg];
}

static u64 map_occupancy(void *nic)
{
	return occupancy(nic, 2);
}

static u64 segments_occupancy(void *nic)
{
	return occupancy(nic, 3);
}

static u64 macs_occupancy(void *nic)
{
	return occupancy(nic, 4);
}

static u64 vlans_occupancy(void *nic)
{
	return occupancy(nic, 5);
}

static u64 rules_occupancy(void *nic)
{
	return occupancy(nic, 6);
}

/**
 * struct table - a table of the NIC
 * @name: as devlink shows it
 * @reg: register with its size
 * @occupancy: how full it is
 */
struct table {
	const char *name;
	u32 reg;
	devlink_resource_occ_get_t *occupancy;
};

static const struct table tables[] = {
	{ "map", WEFTNIC_MAP_SIZE, map_occupancy },
	{ "segments", WEFTNIC_SEGMENT_SIZE, segments_occupancy },
	{ "rules", WEFTNIC_RULE_SIZE, rules_occupancy },
	{ "mac_filters", WEFTNIC_MAC_SIZE, macs_occupancy },
	{ "vlan_filters", WEFTNIC_VLAN_SIZE, vlans_occupancy },
};

static int add_table(struct nic *nic, const struct table *table, u64 id)
{
	u32 size = weftnic_read(nic->slot, table->reg);
	struct devlink_resource_size_params params;
	int err;

	devlink_resource_size_params_init(&params, size, size, 1,
					  DEVLINK_RESOURCE_UNIT_ENTRY);
	err = devl_resource_register(nic->devlink, table->name, size, id,
				     DEVLINK_RESOURCE_ID_PARENT_TOP, &params);
	if (err)
		return err;
	devl_resource_occ_get_register(nic->devlink, id, table->occupancy,
				       nic);
	return 0;
}

static int add_tables(struct nic *nic)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < ARRAY_SIZE(tables); i++)
		err = add_table(nic, &tables[i], 1 + i);
	if (err)
		devl_resources_unregister(nic->devlink);
	return err;
}

/* --- health --- */

static int recover(struct devlink_health_reporter *reporter, void *context,
		   struct netlink_ext_ack *extack)
{
	struct nic *nic = devlink_health_reporter_priv(reporter);
	int err = nic_recover(nic);

	if (err)
		NL_SET_ERR_MSG(extack, "The NIC could not be set up again yet");
	return err;
}

static int diagnose(struct devlink_health_reporter *reporter,
		    struct devlink_fmsg *fmsg, struct netlink_ext_ack *extack)
{
	struct nic *nic = devlink_health_reporter_priv(reporter);
	const char *why = READ_ONCE(nic->why);

	devlink_fmsg_bool_pair_put(fmsg, "works",
				   !test_bit(NIC_FAILED, &nic->state));
	if (why)
		devlink_fmsg_string_pair_put(fmsg, "failure", why);
	devlink_fmsg_u64_pair_put(fmsg, "resets", nic->counts.resets);
	return 0;
}

static int dump(struct devlink_health_reporter *reporter,
		struct devlink_fmsg *fmsg, void *context,
		struct netlink_ext_ack *extack)
{
	static const struct {
		const char *name;
		u32 reg;
	} regs[] = {
		{ "id", WEFTNIC_ID },
		{ "status", WEFTNIC_STATUS },
		{ "irq_mask", WEFTNIC_IRQ_MASK },
		{ "admin_head", WEFTNIC_ADMIN + WEFTNIC_RING_HEAD },
		{ "admin_tail", WEFTNIC_ADMIN + WEFTNIC_RING_TAIL },
		{ "event_head", WEFTNIC_EVENT + WEFTNIC_RING_HEAD },
		{ "event_tail", WEFTNIC_EVENT + WEFTNIC_RING_TAIL },
	};
	struct nic *nic = devlink_health_reporter_priv(reporter);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		devlink_fmsg_u32_pair_put(fmsg, regs[i].name,
					  weftnic_read(nic->slot,
						       regs[i].reg));
	return 0;
}

static const struct devlink_health_reporter_ops reporter_ops = {
	.name = "fw",
	.recover = recover,
	.diagnose = diagnose,
	.dump = dump,
};

/**
 * nic_devlink_report() - report a failure, which recovers unless forbidden
 * @nic: the PF
 *
 * devlink recovers once; if that has failed, going on is up to us. Context:
 * process, without RTNL.
 */
void nic_devlink_report(struct nic *nic)
{
	const char *why = READ_ONCE(nic->why) ?: "it works again";
	int err;

	err = devlink_health_report(nic->reporter, why, nic);
	if (err != -ECANCELED || nic_recover(nic))
		return;
	devlink_health_reporter_state_update(nic->reporter,
			DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
}

/* --- the instance --- */

static int add_parts(struct nic *nic)
{
	int err;

	err = add_tables(nic);
	if (err)
		return err;
	nic->reporter = nic_reporter_create(nic->devlink, &reporter_ops, nic);
	if (!IS_ERR(nic->reporter))
		return 0;
	devl_resources_unregister(nic->devlink);
	return PTR_ERR(nic->reporter);
}

/**
 * nic_devlink_create() - make the instance
 * @nic: the PF
 *
 * Context: process. Return: 0 or a negative errno.
 */
int nic_devlink_create(struct nic *nic)
{
	struct devlink *devlink;
	int err;

	devlink = devlink_alloc(&devlink_ops, sizeof(nic), &nic->pdev->dev);
	if (!devlink)
		return -ENOMEM;
	*(struct nic **)devlink_priv(devlink) = nic;
	nic->devlink = devlink;
	devl_lock(devlink);
	err = add_parts(nic);
	devl_unlock(devlink);
	if (err)
		devlink_free(devlink);
	return err;
}

/** nic_devlink_register() - show it; it may be asked to recover from now */
void nic_devlink_register(struct nic *nic)
{
	devlink_register(nic->devlink);
}

/** nic_devlink_unregister() - the reverse */
void nic_devlink_unregister(struct nic *nic)
{
	devlink_unregister(nic->devlink);
}

/** nic_devlink_destroy() - free it; context: process, recovery is off */
void nic_devlink_destroy(struct nic *nic)
{
	devl_lock(nic->devlink);
	devl_health_reporter_destroy(nic->reporter);
	devl_resources_unregister(nic->devlink);
	devl_unlock(nic->devlink);
	devlink_free(nic->devlink);
}
