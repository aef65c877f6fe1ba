/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_COMMAND_H
#define _WEFTNIC_HW_COMMAND_H

#include <linux/types.h>

struct hw_function;

/* --- with the NIC's lock --- */

bool hw_commands(struct hw_function *f);

#endif /* _WEFTNIC_HW_COMMAND_H */
