/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_TABLE_H
#define _WEFTNIC_HW_TABLE_H

#include <linux/in6.h>
#include <linux/list.h>

#include "../regs.h"

struct hw_nic;

/**
 * struct hw_segment - a segment
 * @node: in the hash table, or among those that are free
 * @used: there is one
 * @vni: which
 * @flags: WEFTNIC_SEG_*
 * @encap: enum weftnic_encap
 * @critical: one of @options is
 * @options_len: bytes of @options
 * @options: of the GENEVE header
 * @group: multicast address, unspecified for none
 * @gateway: VTEP for what is not in the table, unspecified for none
 * @group_mac: MAC address of @group
 * @gateway_mac: of @gateway
 * @entries: its entries
 * @rules: its rules, in their order
 * @rule_count: how many
 */
struct hw_segment {
	struct hlist_node node;
	bool used;
	u32 vni;
	u32 flags;
	u8 encap;
	bool critical;
	u8 options_len;
	u8 options[WEFTNIC_OPTIONS_MAX] __aligned(4);
	struct in6_addr group;
	struct in6_addr gateway;
	u8 group_mac[ETH_ALEN];
	u8 gateway_mac[ETH_ALEN];
	struct hlist_head entries;
	struct list_head rules;
	u32 rule_count;
};

/**
 * struct hw_entry - an entry of the mapping table
 * @node: in the hash table, or among those that are free
 * @sibling: of the same segment
 * @vni: the segment
 * @mac: the address
 * @dest: enum weftnic_dest, WEFTNIC_TO_NONE if the entry is free
 * @flags: WEFTNIC_ENTRY_*
 * @ip: the VTEP
 * @vtep_mac: its MAC address, may be zero
 * @vf: the VF
 * @members: bits of VFs, of a group
 * @hits: how often it was used
 */
struct hw_entry {
	struct hlist_node node;
	struct hlist_node sibling;
	u32 vni;
	u8 mac[ETH_ALEN];
	u8 dest;
	u8 flags;
	struct in6_addr ip;
	u8 vtep_mac[ETH_ALEN];
	u16 vf;
	u64 members;
	u64 hits;
};

/**
 * struct hw_rule - a rule
 * @node: among those of the segment, or those that are free
 * @segment: whose it is, NULL if it is free
 * @rule: as the driver said it, but for the counters
 * @packets: frames that ended by it
 * @bytes: of these
 */
struct hw_rule {
	struct list_head node;
	const struct hw_segment *segment;
	struct weftnic_rule rule;
	u64 packets;
	u64 bytes;
};

/**
 * struct hw_vtep - a local VTEP
 * @used: there is one of this family
 * @vxlan_port: UDP port
 * @geneve_port: likewise, 0 for none
 * @ip: its address, mapped if it is IPv4
 * @prefix: length of its subnet's prefix, of 128 bits
 * @mac: its MAC address
 * @gateway_mac: MAC address of the gateway, zero for none
 * @ttl: of outer headers
 * @group_ttl: likewise, to a group
 * @tos: likewise
 * @csum: send UDP checksums
 * @df: set the don't fragment flag of IPv4
 * @df_inherit: set it if the inner packet has it
 * @id: of the next IPv4 packet without that flag
 * @sport_low: first source port
 * @sport_high: last source port
 */
struct hw_vtep {
	bool used;
	__be16 vxlan_port;
	__be16 geneve_port;
	struct in6_addr ip;
	u8 prefix;
	u8 mac[ETH_ALEN];
	u8 gateway_mac[ETH_ALEN];
	u8 ttl;
	u8 group_ttl;
	u8 tos;
	bool csum;
	bool df;
	bool df_inherit;
	u16 id;
	u16 sport_low;
	u16 sport_high;
};

/**
 * struct hw_table - what the overlay engine looks up
 * @entries: all that there is room for
 * @segments: likewise
 * @rules: likewise
 * @entry_hash: entries by VNI and MAC
 * @segment_hash: segments by VNI
 * @free_entries: those of no use
 * @free_segments: likewise
 * @free_rules: likewise
 * @entry_bits: of the size of @entry_hash
 * @segment_bits: likewise
 * @entry_count: entries that are used
 * @segment_count: likewise
 * @rule_count: likewise
 * @vteps: of IPv4 and of IPv6
 * @generation: given with WEFTNIC_OP_BEGIN
 * @complete: and its end was told
 *
 * All of it is the NIC's lock's.
 */
struct hw_table {
	struct hw_entry *entries;
	struct hw_segment *segments;
	struct hw_rule *rules;
	struct hlist_head *entry_hash;
	struct hlist_head *segment_hash;
	struct hlist_head free_entries;
	struct hlist_head free_segments;
	struct list_head free_rules;
	unsigned int entry_bits;
	unsigned int segment_bits;
	u32 entry_count;
	u32 segment_count;
	u32 rule_count;
	struct hw_vtep vteps[2];
	u32 generation;
	bool complete;
};

int hw_table_init(struct hw_nic *nic);
void hw_table_free(struct hw_nic *nic);

/* --- with the NIC's lock --- */

void hw_table_clear(struct hw_nic *nic);
struct hw_segment *hw_segment_find(struct hw_nic *nic, u32 vni);
enum weftnic_err hw_segment_set(struct hw_nic *nic,
				const struct weftnic_segment *elem);
struct hw_entry *hw_entry_find(struct hw_nic *nic, u32 vni, const u8 *mac);
enum weftnic_err hw_entry_set(struct hw_nic *nic,
			      const struct weftnic_entry *from);
enum weftnic_err hw_vteps_set(struct hw_nic *nic,
			      const struct weftnic_vtep *from,
			      unsigned int count);

/** hw_vtep() - where the local VTEP of an address's family is kept */
#define hw_vtep(nic, ip) (&(nic)->table.vteps[!ipv6_addr_v4mapped(ip)])

#endif /* _WEFTNIC_HW_TABLE_H */
