/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NIC_PUSH_H
#define _WEFT_NIC_PUSH_H

#include "nic.h"

/*
 * What offload.c's worker does, by kind. All is called by it alone, in process
 * context, if nothing else is said.
 */

/* nic_hops.c: bottom halves off, RCU */
const struct weft_nic_hop *weft_nic_hop_of(struct weft_nic *nic,
					   struct weft_peer *peer,
					   const struct weft_encap_ops *encap);
void weft_nic_check_hops(struct weft_nic *nic);
void weft_nic_forget_hops(struct weft_nic *nic);

/* nic_segments.c */
void weft_nic_mark_segment(struct weft_nic *nic, u32 vni);
void weft_nic_mark_gone(struct weft_nic *nic, u32 vni);
bool weft_nic_segment_gone(struct weft_nic *nic, u32 vni);
int weft_nic_find_segments(struct weft_nic *nic, struct weft_switch *sw);
int weft_nic_push_segments(struct weft_nic *nic);
int weft_nic_lose_segments(struct weft_nic *nic);
void weft_nic_forget_segments(struct weft_nic *nic);

/* nic_rules.c */
void weft_nic_mark_rules(struct weft_nic *nic,
			 const struct weft_segment *segment);
bool weft_nic_rules_stale(struct weft_nic *nic, struct weft_nic_vni *known,
			  u64 version);
int weft_nic_push_rules(struct weft_nic *nic, struct weft_nic_vni *known,
			u64 version);
void weft_nic_forget_rules(struct weft_nic *nic, struct weft_nic_vni *known);
void weft_nic_lose_rules(struct weft_nic *nic, struct weft_nic_vni *known);
int weft_nic_count_rules(struct weft_nic *nic);

/* nic_entries.c */
void weft_nic_mark_entry(struct weft_nic *nic, const struct weft_key *key);
void weft_nic_find_entries(struct weft_nic *nic, struct weft_map *map);
int weft_nic_push_entries(struct weft_nic *nic);

#endif /* _WEFT_NIC_PUSH_H */
