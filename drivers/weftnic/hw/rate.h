/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_RATE_H
#define _WEFTNIC_HW_RATE_H

#include <linux/types.h>

struct hw_function;

/* --- with the NIC's lock --- */

bool hw_rate_allows(struct hw_function *f);
void hw_rate_charge(struct hw_function *f, unsigned int bytes);

#endif /* _WEFTNIC_HW_RATE_H */
