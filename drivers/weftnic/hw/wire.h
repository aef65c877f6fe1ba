/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_WIRE_H
#define _WEFTNIC_HW_WIRE_H

#include <linux/skbuff.h>

struct hw_nic;
struct net;

int hw_wires_init(void);
void hw_wires_exit(void);

/* --- process context, without RTNL --- */

int hw_wire_plug(struct hw_nic *nic, struct net *net, const char *name);
void hw_wire_unplug(struct hw_nic *nic);
int hw_wire_name(struct hw_nic *nic, char *buf, size_t size);

/* --- softirq --- */

void hw_wire_send(struct hw_nic *nic, struct sk_buff_head *frames);
unsigned int hw_wire_mtu(const struct hw_nic *nic);

/** hw_wire_relink() - see whether links have changed. Context: process. */
void hw_wire_relink(struct hw_nic *nic);

#endif /* _WEFTNIC_HW_WIRE_H */
