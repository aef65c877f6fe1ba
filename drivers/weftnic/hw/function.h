/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_FUNCTION_H
#define _WEFTNIC_HW_FUNCTION_H

#include <linux/types.h>

struct hw_function;
struct hw_nic;

int hw_functions_init(struct hw_nic *nic);
void hw_functions_free(struct hw_nic *nic);
bool hw_gone(const struct hw_function *f);

/** hw_raise() - interrupt by a vector, soon. Context: any. */
void hw_raise(struct hw_function *f, unsigned int vector);

/** hw_interrupt() - call the handlers. Context: softirq, the engine only,
 * without the NIC's lock
 */
void hw_interrupt(struct hw_function *f);

/* --- with the NIC's lock --- */

void hw_reset(struct hw_function *f);
void hw_reset_nic(struct hw_nic *nic);
void hw_relink(struct hw_function *f);
void hw_mac(const struct hw_function *f, u8 *mac);

#endif /* _WEFTNIC_HW_FUNCTION_H */
