/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_BUS_H
#define _WEFTNIC_HW_BUS_H

#include <linux/types.h>

struct hw_nic;

/* --- process context, may sleep --- */

int hw_bus_add(struct hw_nic *nic);
void hw_bus_remove(struct hw_nic *nic);
int hw_bus_address(struct hw_nic *nic, char *buf, size_t size);

#endif /* _WEFTNIC_HW_BUS_H */
