// SPDX-License-Identifier: GPL-2.0
/* The admin ring: commands of drivers. */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "command.h"
#include "engine.h"
#include "event.h"
#include "function.h"
#include "nic.h"
#include "rule.h"

#define BURST	16	/* commands before others have their turn */

/**
 * struct op - a command
 * @run: does it
 * @size: of an element; 0 if it takes none
 * @one: it takes one element
 * @pf: not for VFs
 * @feature: of which it needs one, 0 for none
 */
struct op {
	enum weftnic_err (*run)(struct hw_function *f,
				struct weftnic_cmd *cmd, void *elements,
				unsigned int count);
	unsigned int size;
	bool one;
	bool pf;
	u32 feature;
};

static enum weftnic_err begin(struct hw_function *f, struct weftnic_cmd *cmd,
			      void *elements, unsigned int count)
{
	hw_table_clear(f->nic);
	f->nic->table.generation = le32_to_cpu(cmd->arg[0]);
	return WEFTNIC_OK;
}

static enum weftnic_err end(struct hw_function *f, struct weftnic_cmd *cmd,
			    void *elements, unsigned int count)
{
	struct hw_table *table = &f->nic->table;

	if (table->generation != le32_to_cpu(cmd->arg[0]))
		return WEFTNIC_E_INVALID;
	table->complete = true;
	return WEFTNIC_OK;
}

static enum weftnic_err vteps(struct hw_function *f, struct weftnic_cmd *cmd,
			      void *elements, unsigned int count)
{
	return hw_vteps_set(f->nic, elements, count);
}

static enum weftnic_err segments(struct hw_function *f,
				 struct weftnic_cmd *cmd, void *elements,
				 unsigned int count)
{
	struct weftnic_segment *segment = elements;
	unsigned int i;

	for (i = 0; i < count; i++)
		segment[i].status =
			cpu_to_le32(hw_segment_set(f->nic, &segment[i]));
	return WEFTNIC_OK;
}

static enum weftnic_err entries(struct hw_function *f,
				struct weftnic_cmd *cmd, void *elements,
				unsigned int count)
{
	struct weftnic_entry *entry = elements;
	unsigned int i;

	for (i = 0; i < count; i++)
		entry[i].status =
			cpu_to_le32(hw_entry_set(f->nic, &entry[i]));
	return WEFTNIC_OK;
}

static void write_entry(struct weftnic_entry *to, const struct hw_entry *from)
{
	*to = (struct weftnic_entry){
		.vni = cpu_to_le32(from->vni),
		.dest = from->dest,
		.flags = from->flags,
		.vf = cpu_to_le16(from->vf),
		.hits = cpu_to_le64(from->hits),
		.members = cpu_to_le64(from->members),
	};
	ether_addr_copy(to->mac, from->mac);
	ether_addr_copy(to->vtep_mac, from->vtep_mac);
	memcpy(to->ip, &from->ip, sizeof(to->ip));
}

static enum weftnic_err read_entries(struct hw_function *f,
				     struct weftnic_cmd *cmd, void *elements,
				     unsigned int count)
{
	const struct hw_entry *entry = f->nic->table.entries;
	u32 next = le32_to_cpu(cmd->arg[0]);
	struct weftnic_entry *to = elements;
	unsigned int found = 0;

	for (; next < f->nic->sizes.map && found < count; next++)
		if (entry[next].dest != WEFTNIC_TO_NONE)
			write_entry(&to[found++], &entry[next]);
	cmd->count = cpu_to_le16(found);
	cmd->arg[0] = cpu_to_le32(next);
	return WEFTNIC_OK;
}

static enum weftnic_err read_hits(struct hw_function *f,
				  struct weftnic_cmd *cmd, void *elements,
				  unsigned int count)
{
	struct weftnic_entry *to = elements;
	const struct hw_entry *entry;
	unsigned int i;

	for (i = 0; i < count; i++) {
		entry = hw_entry_find(f->nic, le32_to_cpu(to[i].vni),
				      to[i].mac);
		to[i].hits = cpu_to_le64(entry ? entry->hits : 0);
		to[i].status = cpu_to_le32(entry ? WEFTNIC_OK :
					   WEFTNIC_E_NONE);
	}
	return WEFTNIC_OK;
}

static enum weftnic_err tables(struct hw_function *f, struct weftnic_cmd *cmd,
			       void *elements, unsigned int count)
{
	const struct hw_nic *nic = f->nic;

	cmd->arg[0] = cpu_to_le32(nic->table.generation);
	cmd->arg[1] = cpu_to_le32(nic->table.complete);
	cmd->arg[2] = cpu_to_le32(nic->table.entry_count);
	cmd->arg[3] = cpu_to_le32(nic->table.segment_count);
	cmd->arg[4] = cpu_to_le32(nic->filters.mac_count);
	cmd->arg[5] = cpu_to_le32(nic->filters.vlan_count);
	cmd->arg[6] = cpu_to_le32(nic->table.rule_count);
	return WEFTNIC_OK;
}

static bool config_valid(const struct hw_nic *nic,
			 const struct hw_config *config)
{
	u32 features = nic->sizes.features;

	return config->vni <= HW_VNI_MAX && config->vlan < VLAN_N_VID &&
		config->mtu <= WEFTNIC_MTU_MAX &&
		!is_multicast_ether_addr(config->mac) &&
		(!config->vni || features & WEFTNIC_FEATURE_ENGINE) &&
		(!config->rate || features & WEFTNIC_FEATURE_RATE);
}

static enum weftnic_err set_vf(struct hw_function *f, struct weftnic_cmd *cmd,
			       void *elements, unsigned int count)
{
	const struct weftnic_vf_config *from = elements;
	struct hw_config config = {
		.vni = le32_to_cpu(from->vni),
		.rate = le32_to_cpu(from->rate),
		.flags = le16_to_cpu(from->flags),
		.vlan = le16_to_cpu(from->vlan),
		.mtu = le16_to_cpu(from->mtu) ?: WEFTNIC_MTU_MAX,
	};
	u16 index = le16_to_cpu(from->vf);
	struct hw_function *vf;

	ether_addr_copy(config.mac, from->mac);
	if (index >= f->nic->sizes.vfs || !config_valid(f->nic, &config))
		return WEFTNIC_E_INVALID;
	vf = &f->nic->functions[1 + index];
	vf->config = config;
	hw_filters_revoke(vf);
	hw_relink(vf);
	/* it may have waited for a rate that is no more */
	hw_doorbell(vf);
	return WEFTNIC_OK;
}

static enum weftnic_err filter(struct hw_function *f, struct weftnic_cmd *cmd,
			       void *elements, unsigned int count)
{
	struct weftnic_filter *filter = elements;
	unsigned int i;

	for (i = 0; i < count; i++)
		filter[i].status = cpu_to_le32(hw_filter_set(f, &filter[i]));
	return WEFTNIC_OK;
}

/* Both are lists of 64-bit numbers in the same order. */
static void write_numbers(__le64 *to, const u64 *from, unsigned int count)
{
	for (; count--; to++, from++)
		*to = cpu_to_le64(*from);
}

static enum weftnic_err stats(struct hw_function *f, struct weftnic_cmd *cmd,
			      void *elements, unsigned int count)
{
	u32 index = f->index ?: le32_to_cpu(cmd->arg[0]);

	static_assert(sizeof(struct weftnic_stats) == sizeof(struct hw_stats));
	if (index >= hw_count(f->nic))
		return WEFTNIC_E_NONE;
	write_numbers(elements, (u64 *)&f->nic->functions[index].stats,
		      sizeof(struct hw_stats) / sizeof(u64));
	return WEFTNIC_OK;
}

static enum weftnic_err counters(struct hw_function *f,
				 struct weftnic_cmd *cmd, void *elements,
				 unsigned int count)
{
	static_assert(sizeof(struct weftnic_counters) ==
		      sizeof(struct hw_counters));
	write_numbers(elements, (const u64 *)hw_counters(f->nic),
		      sizeof(struct hw_counters) / sizeof(u64));
	return WEFTNIC_OK;
}

static enum weftnic_err mailbox(struct hw_function *f,
				struct weftnic_cmd *cmd, void *elements,
				unsigned int count)
{
	u32 to = f->index ? 0 : le32_to_cpu(cmd->arg[0]);
	struct weftnic_event event = {
		.type = cpu_to_le16(WEFTNIC_EV_MAILBOX),
		.vf = cpu_to_le16(f->index),
	};
	struct hw_function *other;

	if (to >= hw_count(f->nic) || (!f->index && !to))
		return WEFTNIC_E_NONE;
	other = &f->nic->functions[to];
	if (!other->enabled || !other->event.slots)
		return WEFTNIC_E_NONE;
	memcpy(event.arg, &cmd->arg[1], sizeof(event.arg));
	/* a message that the fault loses was sent */
	if (!hw_event(other, &event) && !hw_ring_room(&other->event))
		return WEFTNIC_E_FULL;
	return WEFTNIC_OK;
}

static enum weftnic_err rules(struct hw_function *f, struct weftnic_cmd *cmd,
			      void *elements, unsigned int count)
{
	return hw_rules_set(f->nic, le32_to_cpu(cmd->arg[0]),
			    le32_to_cpu(cmd->arg[1]), elements, count);
}

static enum weftnic_err read_rules(struct hw_function *f,
				   struct weftnic_cmd *cmd, void *elements,
				   unsigned int count)
{
	u32 skip = le32_to_cpu(cmd->arg[1]);
	unsigned int found;

	found = hw_rules_read(f->nic, le32_to_cpu(cmd->arg[0]), skip, elements,
			      count);
	cmd->arg[1] = cpu_to_le32(skip + found);
	return WEFTNIC_OK;
}

#define ENGINE WEFTNIC_FEATURE_ENGINE

static const struct op ops[] = {
	[WEFTNIC_OP_BEGIN] = { begin, .pf = true, .feature = ENGINE },
	[WEFTNIC_OP_END] = { end, .pf = true, .feature = ENGINE },
	[WEFTNIC_OP_VTEPS] = { vteps, sizeof(struct weftnic_vtep),
		.pf = true, .feature = ENGINE },
	[WEFTNIC_OP_SEGMENTS] = { segments, sizeof(struct weftnic_segment),
		.pf = true, .feature = ENGINE },
	[WEFTNIC_OP_ENTRIES] = { entries, sizeof(struct weftnic_entry),
		.pf = true, .feature = ENGINE },
	[WEFTNIC_OP_READ_ENTRIES] = { read_entries,
		sizeof(struct weftnic_entry), .pf = true, .feature = ENGINE },
	[WEFTNIC_OP_READ_HITS] = { read_hits, sizeof(struct weftnic_entry),
		.pf = true, .feature = WEFTNIC_FEATURE_HITS },
	[WEFTNIC_OP_TABLES] = { tables, .pf = true },
	[WEFTNIC_OP_VF] = { set_vf, sizeof(struct weftnic_vf_config),
		.one = true, .pf = true },
	[WEFTNIC_OP_FILTER] = { filter, sizeof(struct weftnic_filter) },
	[WEFTNIC_OP_STATS] = { stats, sizeof(struct weftnic_stats),
		.one = true },
	[WEFTNIC_OP_COUNTERS] = { counters, sizeof(struct weftnic_counters),
		.one = true, .pf = true },
	[WEFTNIC_OP_MAILBOX] = { mailbox },
	[WEFTNIC_OP_RULES] = { rules, sizeof(struct weftnic_rule),
		.pf = true, .feature = WEFTNIC_FEATURE_RULES },
	[WEFTNIC_OP_READ_RULES] = { read_rules, sizeof(struct weftnic_rule),
		.pf = true, .feature = WEFTNIC_FEATURE_RULES },
};

static enum weftnic_err execute(struct hw_function *f,
				struct weftnic_cmd *cmd)
{
	u16 opcode = le16_to_cpu(cmd->opcode);
	u16 count = le16_to_cpu(cmd->count);
	void *elements = NULL;
	const struct op *op;

	if (opcode >= ARRAY_SIZE(ops))
		return WEFTNIC_E_OPCODE;
	op = &ops[opcode];
	if (!op->run || (op->pf && f->index) ||
	    (op->feature && !(op->feature & f->nic->sizes.features)))
		return WEFTNIC_E_OPCODE;
	if (op->one && count != 1)
		return WEFTNIC_E_INVALID;
	if (op->size && count) {
		elements = hw_dma(le64_to_cpu(cmd->addr), op->size * count);
		if (!elements)
			return WEFTNIC_E_INVALID;
	}
	return op->run(f, cmd, elements, count);
}

/* The driver may look at the slot at any time: what says that it is done comes
 * last.
 */
static void finish(struct hw_function *f, struct weftnic_cmd *cmd)
{
	struct hw_fault *fault = &f->nic->fault;
	u32 status;

	if (fault->timeouts) {
		fault->timeouts--;
		return;
	}
	if (fault->errors) {
		fault->errors--;
		status = fault->status;
	} else {
		status = execute(f, cmd);
	}
	cmd->status = cpu_to_le32(status);
	/* with all else that was written for the driver */
	smp_store_release(&cmd->done, cpu_to_le32(WEFTNIC_CMD_DONE));
	hw_raise(f, WEFTNIC_VEC_ADMIN);
}

/**
 * hw_commands() - do what a function's driver has commanded, in order
 * @f: the function, enabled
 *
 * Return: whether there is more.
 */
bool hw_commands(struct hw_function *f)
{
	u32 filled = hw_ring_filled(&f->admin);
	u32 i;

	for (i = 0; i < min_t(u32, filled, BURST); i++) {
		finish(f, hw_ring_slot(&f->admin, f->admin.head));
		hw_ring_consume(&f->admin, 1);
	}
	return filled > BURST;
}
