// SPDX-License-Identifier: GPL-2.0
/* The mapping table, segments and local VTEPs: of fixed size, as memory in a
 * NIC is.
 */

#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <net/ipv6.h>

#include "event.h"
#include "nic.h"
#include "rule.h"
#include "tunnel.h"

#define SPORT_LOW	0xc000	/* of those ports that are nobody's */
#define SPORT_HIGH	0xffff
#define SEG_FLAGS	(WEFTNIC_SEG_HOST_MISS | WEFTNIC_SEG_HOST_FLOOD | \
			 WEFTNIC_SEG_HOST_ARP | WEFTNIC_SEG_HOST_ALL | \
			 WEFTNIC_SEG_HOST_GROUPS | WEFTNIC_SEG_HOST_OWN)

static struct hlist_head *entry_head(struct hw_nic *nic, u32 vni,
				     const u8 *mac)
{
	u32 key = get_unaligned((const u32 *)mac);

	key = jhash_3words(key, get_unaligned((const u16 *)(mac + 4)), vni,
			   nic->seed);
	return &nic->table.entry_hash[key >> (32 - nic->table.entry_bits)];
}

static struct hlist_head *segment_head(struct hw_nic *nic, u32 vni)
{
	return &nic->table.segment_hash[hash_32(vni, nic->table.segment_bits)];
}

/**
 * hw_table_init() - make the tables, of the NIC's sizes
 * @nic: the NIC
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int hw_table_init(struct hw_nic *nic)
{
	struct hw_table *table = &nic->table;

	table->entry_bits = max(order_base_2(nic->sizes.map), 1);
	table->segment_bits = max(order_base_2(nic->sizes.segments), 1);
	table->entries = kvcalloc(nic->sizes.map, sizeof(*table->entries),
				  GFP_KERNEL);
	table->segments = kvcalloc(nic->sizes.segments,
				   sizeof(*table->segments), GFP_KERNEL);
	table->rules = kvcalloc(max(nic->sizes.rules, 1),
				sizeof(*table->rules), GFP_KERNEL);
	table->entry_hash = kvcalloc(1 << table->entry_bits,
				     sizeof(*table->entry_hash), GFP_KERNEL);
	table->segment_hash = kvcalloc(1 << table->segment_bits,
				       sizeof(*table->segment_hash),
				       GFP_KERNEL);
	if (!table->entries || !table->segments || !table->rules ||
	    !table->entry_hash || !table->segment_hash) {
		hw_table_free(nic);
		return -ENOMEM;
	}
	hw_table_clear(nic);
	return 0;
}

/** hw_table_free() - free the tables. Context: process. */
void hw_table_free(struct hw_nic *nic)
{
	kvfree(nic->table.entries);
	kvfree(nic->table.segments);
	kvfree(nic->table.rules);
	kvfree(nic->table.entry_hash);
	kvfree(nic->table.segment_hash);
}

/** hw_table_clear() - forget entries, segments and VTEPs */
void hw_table_clear(struct hw_nic *nic)
{
	struct hw_table *table = &nic->table;
	u32 i;

	memset(table->entry_hash, 0,
	       sizeof(*table->entry_hash) << table->entry_bits);
	memset(table->segment_hash, 0,
	       sizeof(*table->segment_hash) << table->segment_bits);
	memset(table->vteps, 0, sizeof(table->vteps));
	INIT_HLIST_HEAD(&table->free_entries);
	INIT_HLIST_HEAD(&table->free_segments);
	for (i = nic->sizes.map; i--;) {
		table->entries[i].dest = WEFTNIC_TO_NONE;
		hlist_add_head(&table->entries[i].node, &table->free_entries);
	}
	for (i = nic->sizes.segments; i--;) {
		table->segments[i].used = false;
		hlist_add_head(&table->segments[i].node,
			       &table->free_segments);
	}
	INIT_LIST_HEAD(&table->free_rules);
	for (i = nic->sizes.rules; i--;) {
		table->rules[i].segment = NULL;
		list_add(&table->rules[i].node, &table->free_rules);
	}
	table->entry_count = 0;
	table->segment_count = 0;
	table->rule_count = 0;
	table->generation = 0;
	table->complete = false;
}

/** hw_segment_find() - the segment @vni, or NULL */
struct hw_segment *hw_segment_find(struct hw_nic *nic, u32 vni)
{
	struct hw_segment *segment;

	hlist_for_each_entry(segment, segment_head(nic, vni), node)
		if (segment->vni == vni)
			return segment;
	return NULL;
}

/** hw_entry_find() - the entry of {@vni, @mac}, or NULL */
struct hw_entry *hw_entry_find(struct hw_nic *nic, u32 vni, const u8 *mac)
{
	struct hw_entry *entry;

	hlist_for_each_entry(entry, entry_head(nic, vni, mac), node)
		if (entry->vni == vni && ether_addr_equal(entry->mac, mac))
			return entry;
	return NULL;
}

static void del_entry(struct hw_table *table, struct hw_entry *entry)
{
	hlist_del(&entry->node);
	hlist_del(&entry->sibling);
	entry->dest = WEFTNIC_TO_NONE;
	hlist_add_head(&entry->node, &table->free_entries);
	table->entry_count--;
}

static enum weftnic_err del_segment(struct hw_table *table,
				    struct hw_segment *segment)
{
	struct hlist_node *next;
	struct hw_entry *entry;

	if (!segment)
		return WEFTNIC_E_NONE;
	hlist_for_each_entry_safe(entry, next, &segment->entries, sibling)
		del_entry(table, entry);
	hw_rules_cut(table, segment, 0);
	hlist_del(&segment->node);
	segment->used = false;
	hlist_add_head(&segment->node, &table->free_segments);
	table->segment_count--;
	return WEFTNIC_OK;
}

static struct hw_segment *add_segment(struct hw_nic *nic, u32 vni)
{
	struct hw_table *table = &nic->table;
	struct hw_segment *segment;

	if (hlist_empty(&table->free_segments))
		return NULL;
	segment = hlist_entry(table->free_segments.first, struct hw_segment,
			      node);
	hlist_del(&segment->node);
	memset(segment, 0, sizeof(*segment));
	segment->used = true;
	segment->vni = vni;
	INIT_LIST_HEAD(&segment->rules);
	hlist_add_head(&segment->node, segment_head(nic, vni));
	table->segment_count++;
	return segment;
}

static bool is_multicast(const struct in6_addr *ip)
{
	if (ipv6_addr_v4mapped(ip))
		return ipv4_is_multicast(ip->s6_addr32[3]);
	return ipv6_addr_is_multicast(ip);
}

/* Can a NIC with these features use such an address? */
static bool usable(struct hw_nic *nic, const struct in6_addr *ip)
{
	return ipv6_addr_v4mapped(ip) ||
		nic->sizes.features & WEFTNIC_FEATURE_IPV6;
}

static bool encap_valid(struct hw_nic *nic, const struct weftnic_segment *from)
{
	bool critical;

	switch (from->encap) {
	case WEFTNIC_ENCAP_NONE:
		return !from->options_len;
	case WEFTNIC_ENCAP_VXLAN:
		return !from->options_len &&
			nic->sizes.features & WEFTNIC_FEATURE_VXLAN;
	case WEFTNIC_ENCAP_GENEVE:
		return nic->sizes.features & WEFTNIC_FEATURE_GENEVE &&
			from->options_len <= nic->sizes.options &&
			hw_options_valid(from->options, from->options_len,
					 &critical);
	case WEFTNIC_ENCAP_NVGRE:
		return !from->options_len &&
			nic->sizes.features & WEFTNIC_FEATURE_NVGRE;
	}
	return false;
}

/* Without an encapsulation there is nobody to send to. */
static bool segment_valid(struct hw_nic *nic,
			  const struct weftnic_segment *from,
			  const struct in6_addr *group,
			  const struct in6_addr *gateway)
{
	u32 vni = le32_to_cpu(from->vni);

	if (!vni || vni > HW_VNI_MAX ||
	    le32_to_cpu(from->flags) & ~SEG_FLAGS || !encap_valid(nic, from))
		return false;
	if (!from->encap &&
	    !(ipv6_addr_any(group) && ipv6_addr_any(gateway)))
		return false;
	if (!ipv6_addr_any(group) &&
	    !(usable(nic, group) && is_multicast(group) &&
	      is_multicast_ether_addr(from->group_mac)))
		return false;
	return ipv6_addr_any(gateway) ||
		(usable(nic, gateway) && !is_multicast(gateway));
}

/** hw_segment_set() - add, replace or delete a segment */
enum weftnic_err hw_segment_set(struct hw_nic *nic,
				const struct weftnic_segment *elem)
{
	/* it is the driver's memory, and may change meanwhile */
	const struct weftnic_segment copy = *elem, *from = &copy;
	u32 vni = le32_to_cpu(from->vni);
	struct in6_addr group, gateway;
	struct hw_segment *segment;

	segment = hw_segment_find(nic, vni);
	if (le32_to_cpu(from->flags) & WEFTNIC_SEG_DELETE)
		return del_segment(&nic->table, segment);
	memcpy(&group, from->group, sizeof(group));
	memcpy(&gateway, from->gateway, sizeof(gateway));
	if (!segment_valid(nic, from, &group, &gateway))
		return WEFTNIC_E_INVALID;
	if (!segment)
		segment = add_segment(nic, vni);
	if (!segment)
		return WEFTNIC_E_FULL;
	segment->flags = le32_to_cpu(from->flags);
	segment->encap = from->encap;
	segment->options_len = from->options_len;
	memcpy(segment->options, from->options, from->options_len);
	hw_options_valid(segment->options, segment->options_len,
			 &segment->critical);
	segment->group = group;
	segment->gateway = gateway;
	ether_addr_copy(segment->group_mac, from->group_mac);
	ether_addr_copy(segment->gateway_mac, from->gateway_mac);
	return WEFTNIC_OK;
}

static struct hw_entry *add_entry(struct hw_nic *nic,
				  struct hw_segment *segment, const u8 *mac)
{
	struct hw_table *table = &nic->table;
	struct hw_entry *entry;

	if (hlist_empty(&table->free_entries) || nic->fault.full) {
		struct weftnic_event event = {
			.type = cpu_to_le16(WEFTNIC_EV_FULL),
			.vni = cpu_to_le32(segment->vni),
		};

		ether_addr_copy(event.mac, mac);
		hw_event(&nic->functions[0], &event);
		return NULL;
	}
	entry = hlist_entry(table->free_entries.first, struct hw_entry, node);
	hlist_del(&entry->node);
	memset(entry, 0, sizeof(*entry));
	entry->vni = segment->vni;
	ether_addr_copy(entry->mac, mac);
	hlist_add_head(&entry->node, entry_head(nic, segment->vni, mac));
	hlist_add_head(&entry->sibling, &segment->entries);
	table->entry_count++;
	return entry;
}

static bool members_valid(const struct hw_nic *nic,
			  const struct weftnic_entry *from)
{
	u64 members = le64_to_cpu(from->members);

	return nic->sizes.features & WEFTNIC_FEATURE_GROUPS &&
		is_multicast_ether_addr(from->mac) &&
		hweight64(members) <= nic->sizes.copies &&
		fls64(members) <= nic->sizes.vfs;
}

static bool entry_valid(struct hw_nic *nic, const struct weftnic_entry *from,
			const struct in6_addr *ip)
{
	if (from->dest == WEFTNIC_TO_MEMBERS)
		return members_valid(nic, from);
	if (!is_valid_ether_addr(from->mac))
		return false;
	switch (from->dest) {
	case WEFTNIC_TO_VTEP:
		return !ipv6_addr_any(ip) && usable(nic, ip) &&
			!is_multicast(ip);
	case WEFTNIC_TO_VF:
		return le16_to_cpu(from->vf) < nic->sizes.vfs;
	default:
		return from->dest == WEFTNIC_TO_HOST;
	}
}

/** hw_entry_set() - add, replace or delete an entry */
enum weftnic_err hw_entry_set(struct hw_nic *nic,
			      const struct weftnic_entry *from)
{
	u32 vni = le32_to_cpu(from->vni);
	struct hw_segment *segment;
	struct hw_entry *entry;
	struct in6_addr ip;

	entry = hw_entry_find(nic, vni, from->mac);
	if (from->dest == WEFTNIC_TO_NONE) {
		if (!entry)
			return WEFTNIC_E_NONE;
		del_entry(&nic->table, entry);
		return WEFTNIC_OK;
	}
	memcpy(&ip, from->ip, sizeof(ip));
	if (!entry_valid(nic, from, &ip))
		return WEFTNIC_E_INVALID;
	segment = hw_segment_find(nic, vni);
	if (!segment)
		return WEFTNIC_E_NONE;
	if (!entry)
		entry = add_entry(nic, segment, from->mac);
	if (!entry)
		return WEFTNIC_E_FULL;
	entry->dest = from->dest;
	entry->flags = from->flags;
	entry->ip = ip;
	ether_addr_copy(entry->vtep_mac, from->vtep_mac);
	entry->vf = le16_to_cpu(from->vf);
	entry->members = le64_to_cpu(from->members);
	return WEFTNIC_OK;
}

/* The ports are ours to choose if the driver names none. */
static bool read_vtep(struct hw_vtep *vtep, const struct weftnic_vtep *from)
{
	bool v4;

	*vtep = (struct hw_vtep){
		.used = true,
		.vxlan_port = from->vxlan_port,
		.geneve_port = from->geneve_port,
		.prefix = from->prefix,
		.ttl = from->ttl,
		.group_ttl = from->group_ttl,
		.tos = from->tos,
		.csum = from->flags & WEFTNIC_VTEP_CSUM,
		.df = from->flags & WEFTNIC_VTEP_DF,
		.df_inherit = from->flags & WEFTNIC_VTEP_DF_INHERIT,
		.sport_low = le16_to_cpu(from->sport_low) ?: SPORT_LOW,
		.sport_high = le16_to_cpu(from->sport_high) ?: SPORT_HIGH,
	};
	memcpy(&vtep->ip, from->ip, sizeof(vtep->ip));
	ether_addr_copy(vtep->mac, from->mac);
	ether_addr_copy(vtep->gateway_mac, from->gateway_mac);
	v4 = ipv6_addr_v4mapped(&vtep->ip);
	if (vtep->prefix > (v4 ? 32 : 128))
		return false;
	vtep->prefix += v4 ? 96 : 0;
	return vtep->vxlan_port && vtep->sport_low <= vtep->sport_high &&
		is_valid_ether_addr(vtep->mac) && !ipv6_addr_any(&vtep->ip) &&
		!is_multicast(&vtep->ip);
}

/** hw_vteps_set() - these are the local VTEPs, at most one a family */
enum weftnic_err hw_vteps_set(struct hw_nic *nic,
			      const struct weftnic_vtep *from,
			      unsigned int count)
{
	struct hw_vtep vteps[2] = {};
	struct hw_vtep vtep;
	unsigned int i, v6;

	for (i = 0; i < count; i++) {
		if (!read_vtep(&vtep, &from[i]) || !usable(nic, &vtep.ip))
			return WEFTNIC_E_INVALID;
		v6 = !ipv6_addr_v4mapped(&vtep.ip);
		if (vteps[v6].used)
			return WEFTNIC_E_FULL;
		vteps[v6] = vtep;
	}
	memcpy(nic->table.vteps, vteps, sizeof(vteps));
	return WEFTNIC_OK;
}
