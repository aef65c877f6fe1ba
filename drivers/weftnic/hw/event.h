/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_EVENT_H
#define _WEFTNIC_HW_EVENT_H

#include <linux/in6.h>

#include "../regs.h"

struct hw_function;
struct hw_nic;

/* --- with the NIC's lock --- */

bool hw_event(struct hw_function *f, struct weftnic_event *event);
void hw_event_miss(struct hw_nic *nic, u32 vni, const u8 *mac,
		   unsigned int sender);
void hw_event_contradicts(struct hw_nic *nic, u32 vni, const u8 *mac,
			  const struct in6_addr *ip);

#endif /* _WEFTNIC_HW_EVENT_H */
