/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_ENGINE_H
#define _WEFTNIC_HW_ENGINE_H

#include <linux/types.h>

struct hw_function;
struct hw_nic;

void hw_engine_init(struct hw_nic *nic);
void hw_engine_stop(struct hw_nic *nic);

/* --- any context --- */

u64 hw_busy_begin(void);
void hw_busy_end(struct hw_nic *nic, u64 begun);
void hw_kick(struct hw_nic *nic);
void hw_doorbell(struct hw_function *f);

#endif /* _WEFTNIC_HW_ENGINE_H */
