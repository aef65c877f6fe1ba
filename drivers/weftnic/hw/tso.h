/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_TSO_H
#define _WEFTNIC_HW_TSO_H

#include <linux/skbuff.h>

struct hw_tx;

/* --- any context --- */

bool hw_tso(const struct hw_tx *tx, struct sk_buff_head *frames);

#endif /* _WEFTNIC_HW_TSO_H */
