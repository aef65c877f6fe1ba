/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_FAULT_H
#define _WEFTNIC_HW_FAULT_H

struct hw_nic;

/* --- process context --- */

int hw_fault(struct hw_nic *nic, char *line);

#endif /* _WEFTNIC_HW_FAULT_H */
