// SPDX-License-Identifier: GPL-2.0
/* What a NIC holds, for people to read: a row at a time, so that the engine is
 * not kept waiting.
 */

#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <net/ipv6.h>

#include "dump.h"
#include "nic.h"

static const char * const counter_names[] = {
	"encapsulated", "decapsulated", "coalesced", "to_vf", "to_host",
	"miss", "no_segment", "no_vtep", "no_mac", "wrong_vlan", "wrong_vtep",
	"contradicts", "contradicts_learned", "bad_csum", "malformed",
	"denied", "to_judge", "vf_inside", "vf_out", "vf_in", "vf_miss",
	"vf_judge", "vf_many", "vf_entry", "events_lost", "busy_ns",
};

static const char * const stat_names[] = {
	"rx_packets", "rx_bytes", "rx_multicast", "rx_broadcast",
	"tx_packets", "tx_bytes", "rx_no_buffer", "tx_spoofed", "tx_too_long",
	"tx_over_rate", "tx_bad",
};

static void show_ip(struct seq_file *m, const char *what,
		    const struct in6_addr *ip)
{
	if (ipv6_addr_any(ip))
		return;
	if (ipv6_addr_v4mapped(ip))
		seq_printf(m, " %s %pI4", what, &ip->s6_addr32[3]);
	else
		seq_printf(m, " %s %pI6c", what, ip);
}

static void show_numbers(struct seq_file *m, const char *const *names,
			 const u64 *numbers, unsigned int count)
{
	for (; count--; names++, numbers++)
		if (*numbers)
			seq_printf(m, " %s %llu", *names, *numbers);
	seq_putc(m, '\n');
}

static void show_nic(struct seq_file *m, struct hw_nic *nic)
{
	const struct hw_table *table = &nic->table;
	unsigned int i;

	static_assert(ARRAY_SIZE(counter_names) * sizeof(u64) ==
		      sizeof(struct hw_counters));
	seq_printf(m, "nic %s link %s features %#x generation %u%s\n",
		   nic->name, nic->functions[0].link ? "up" : "down",
		   nic->sizes.features, table->generation,
		   table->complete ? " complete" : "");
	seq_printf(m, "used entries %u/%u segments %u/%u rules %u/%u macs %u/%u vlans %u/%u\n",
		   table->entry_count, nic->sizes.map,
		   table->segment_count, nic->sizes.segments,
		   table->rule_count, nic->sizes.rules,
		   nic->filters.mac_count, nic->sizes.macs,
		   nic->filters.vlan_count, nic->sizes.vlans);
	seq_printf(m, "counters in_lost %d", atomic_read(&nic->in_lost));
	show_numbers(m, counter_names, (const u64 *)hw_counters(nic),
		     ARRAY_SIZE(counter_names));
	for (i = 0; i < ARRAY_SIZE(table->vteps); i++) {
		const struct hw_vtep *vtep = &table->vteps[i];

		if (!vtep->used)
			continue;
		seq_puts(m, "vtep");
		show_ip(m, "ip", &vtep->ip);
		seq_printf(m, " prefix %u vxlan_port %u geneve_port %u mac %pM gateway_mac %pM\n",
			   vtep->prefix, ntohs(vtep->vxlan_port),
			   ntohs(vtep->geneve_port), vtep->mac,
			   vtep->gateway_mac);
	}
}

static void show_function(struct seq_file *m, const struct hw_function *f)
{
	static_assert(ARRAY_SIZE(stat_names) * sizeof(u64) ==
		      sizeof(struct hw_stats));
	if (!f->enabled)
		return;
	if (f->index)
		seq_printf(m, "vf %u vni %u mac %pM vlan %u mtu %u rate %u",
			   f->index - 1, f->config.vni, f->config.mac,
			   f->config.vlan, f->config.mtu, f->config.rate);
	else
		seq_puts(m, "pf");
	seq_printf(m, " link %s%s%s%s%s", f->link ? "up" : "down",
		   f->config.flags & WEFTNIC_VF_JUDGED ? " judged" : "",
		   f->promisc ? " promisc" : "",
		   f->allmulti ? " allmulti" : "",
		   f->stalled ? " stalled" : "");
	show_numbers(m, stat_names, (const u64 *)&f->stats,
		     ARRAY_SIZE(stat_names));
}

static void show_segment(struct seq_file *m, const struct hw_segment *segment)
{
	static const char * const encaps[] = {
		"none", "vxlan", "geneve", "nvgre",
	};
	unsigned int i;

	if (!segment->used)
		return;
	seq_printf(m, "segment %u encap %s flags %#x", segment->vni,
		   encaps[segment->encap], segment->flags);
	if (segment->options_len)
		seq_puts(m, " options ");
	for (i = 0; i < segment->options_len; i++)
		seq_printf(m, "%02x", segment->options[i]);
	show_ip(m, "group", &segment->group);
	show_ip(m, "gateway", &segment->gateway);
	if (segment->rule_count)
		seq_printf(m, " rules %u", segment->rule_count);
	seq_putc(m, '\n');
}

/* Which bits it looks at, by their bytes; enough to tell one from another. */
static void show_rule(struct seq_file *m, const struct hw_rule *rule)
{
	static const char * const verdicts[] = { "allow", "deny", "to_judge" };
	const struct weftnic_rule *r = &rule->rule;

	if (!rule->segment)
		return;
	seq_printf(m, "rule %u %s", rule->segment->vni, verdicts[r->verdict]);
	if (r->flags & WEFTNIC_RULE_VF)
		seq_printf(m, " vf %u", le16_to_cpu(r->vf));
	seq_printf(m, " value %*phN mask %*phN", (int)sizeof(r->value),
		   &r->value, (int)sizeof(r->mask), &r->mask);
	if (r->flags & WEFTNIC_RULE_PORTS)
		seq_printf(m, " sport %u-%u dport %u-%u",
			   le16_to_cpu(r->sport_low),
			   le16_to_cpu(r->sport_high),
			   le16_to_cpu(r->dport_low),
			   le16_to_cpu(r->dport_high));
	seq_printf(m, " packets %llu\n", rule->packets);
}

static void show_entry(struct seq_file *m, const struct hw_entry *entry)
{
	if (entry->dest == WEFTNIC_TO_NONE)
		return;
	seq_printf(m, "entry %u %pM", entry->vni, entry->mac);
	if (entry->dest == WEFTNIC_TO_HOST)
		seq_puts(m, " host");
	else if (entry->dest == WEFTNIC_TO_VF)
		seq_printf(m, " vf %u", entry->vf);
	else if (entry->dest == WEFTNIC_TO_MEMBERS)
		seq_printf(m, " members %#llx", entry->members);
	else
		show_ip(m, "vtep", &entry->ip);
	if (entry->dest == WEFTNIC_TO_VTEP)
		seq_printf(m, " mac %pM", entry->vtep_mac);
	seq_printf(m, "%s hits %llu\n",
		   entry->flags & WEFTNIC_ENTRY_LEARNED ? " learned" : "",
		   entry->hits);
}

static void show_filter(struct seq_file *m, const struct hw_filter *filter)
{
	if (filter->function == 0)
		seq_printf(m, "filter pf %pM\n", filter->mac);
	else if (filter->function < HW_FUNCTIONS)
		seq_printf(m, "filter vf %u %pM\n", filter->function - 1,
			   filter->mac);
}

static u64 count_rows(const struct hw_nic *nic)
{
	return 1 + hw_count(nic) + nic->sizes.segments + nic->sizes.map +
		nic->sizes.macs + nic->sizes.rules;
}

static void show_row(struct seq_file *m, struct hw_nic *nic, u64 row)
{
	if (row == 0) {
		show_nic(m, nic);
		return;
	}
	row -= 1;
	if (row < hw_count(nic)) {
		show_function(m, &nic->functions[row]);
		return;
	}
	row -= hw_count(nic);
	if (row < nic->sizes.segments) {
		show_segment(m, &nic->table.segments[row]);
		return;
	}
	row -= nic->sizes.segments;
	if (row < nic->sizes.map) {
		show_entry(m, &nic->table.entries[row]);
		return;
	}
	row -= nic->sizes.map;
	if (row < nic->sizes.macs)
		show_filter(m, &nic->filters.macs[row]);
	else
		show_rule(m, &nic->table.rules[row - nic->sizes.macs]);
}

/* The position in the file is the number of the row, and stands for it. */
static void *start(struct seq_file *m, loff_t *pos)
{
	return *pos < count_rows(m->private) ? pos : NULL;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return start(m, pos);
}

static void stop(struct seq_file *m, void *v)
{
}

static int show(struct seq_file *m, void *v)
{
	struct hw_nic *nic = m->private;

	spin_lock_bh(&nic->lock);
	show_row(m, nic, *(loff_t *)v);
	spin_unlock_bh(&nic->lock);
	return 0;
}

static const struct seq_operations ops = {
	.start = start,
	.next = next,
	.stop = stop,
	.show = show,
};

static int open(struct inode *inode, struct file *file)
{
	int err;

	err = seq_open(file, &ops);
	if (!err)
		((struct seq_file *)file->private_data)->private =
			inode->i_private;
	return err;
}

const struct file_operations hw_dump_fops = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release,
};
