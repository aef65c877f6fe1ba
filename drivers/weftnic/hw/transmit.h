/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_TRANSMIT_H
#define _WEFTNIC_HW_TRANSMIT_H

#include <linux/types.h>

struct hw_function;

/* --- with the NIC's lock --- */

bool hw_transmit_ready(struct hw_function *f, unsigned int q);
void hw_transmit(struct hw_function *f, unsigned int q);

#endif /* _WEFTNIC_HW_TRANSMIT_H */
