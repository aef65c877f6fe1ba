/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NIC_WANT_H
#define _WEFT_NIC_WANT_H

#include "nic.h"

struct weft_encap_ops;
struct weft_segment;

/**
 * typedef weft_want_hop_fn - tells how the NIC reaches a peer
 * @nic: the NIC
 * @peer: the peer
 * @encap: by what
 *
 * Context: RCU. Return: the way, or NULL if it is not known yet.
 */
typedef const struct weft_nic_hop *(*weft_want_hop_fn)(struct weft_nic *nic,
						       struct weft_peer *peer,
			      const struct weft_encap_ops *encap);

unsigned int weft_want_vteps(const struct weft_nic *nic,
			     struct weft_switch *sw,
			     struct weft_nic_vtep *vteps);
void weft_want_hop(struct weft_nic *nic, struct weft_peer *peer,
		   const struct weft_encap_ops *encap,
		   struct weft_nic_hop *hop, struct weft_nic_hop *gateway);
const struct weft_encap_ops *
weft_want_segment(struct weft_nic *nic, const struct weft_segment *segment,
		  weft_want_hop_fn hop, struct weft_nic_segment *want);
enum weft_hw weft_want_entry(struct weft_nic *nic,
			     const struct weft_entry *entry,
			     const struct weft_encap_ops *encap,
			     weft_want_hop_fn hop,
			     struct weft_nic_entry *want);
bool weft_want_rules(const struct weft_nic *nic,
		     const struct weft_segment *segment);
struct weft_peer *weft_want_group(const struct weft_nic *nic,
				  const struct weft_segment *segment);
bool weft_want_judged(const struct weft_port *port);
void weft_want_vf(struct weft_nic *nic, u16 vf, struct weft_nic_vf *want);
void weft_want_members(const struct weft_nic *nic,
		       const struct weft_entry *entry,
		       struct weft_nic_entry *want);
unsigned int weft_want_mtu(const struct weft_nic *nic,
			   const struct weft_segment *segment);

#endif /* _WEFT_NIC_WANT_H */
