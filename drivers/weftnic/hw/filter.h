/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_FILTER_H
#define _WEFTNIC_HW_FILTER_H

#include <linux/hashtable.h>

#include "../regs.h"

struct hw_function;
struct hw_nic;

/**
 * struct hw_filter - a function wants frames to an address
 * @node: in the hash table, or among those that are free
 * @mac: the address
 * @function: who, 0 for the PF; not less than HW_FUNCTIONS if free
 */
struct hw_filter {
	struct hlist_node node;
	u8 mac[ETH_ALEN];
	u16 function;
};

/**
 * struct hw_filters - what functions without an overlay receive
 * @macs: all MAC filters that there is room for
 * @hash: those that are used
 * @free: those that are not
 * @mac_count: MAC filters that are used
 * @vlan_count: VLAN filters that are used
 *
 * All of it is the NIC's lock's.
 */
struct hw_filters {
	struct hw_filter *macs;
	DECLARE_HASHTABLE(hash, 8);
	struct hlist_head free;
	u32 mac_count;
	u32 vlan_count;
};

int hw_filters_init(struct hw_nic *nic);
void hw_filters_free(struct hw_nic *nic);

/* --- with the NIC's lock --- */

enum weftnic_err hw_filter_set(struct hw_function *f,
			       const struct weftnic_filter *from);
void hw_filters_forget(struct hw_function *f);
void hw_filters_revoke(struct hw_function *f);
void hw_filters_match(struct hw_nic *nic, const u8 *mac, unsigned long *to);

#endif /* _WEFTNIC_HW_FILTER_H */
