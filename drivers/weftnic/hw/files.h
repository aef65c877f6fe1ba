/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_FILES_H
#define _WEFTNIC_HW_FILES_H

#include <linux/types.h>

struct hw_nic;

/* --- process context, may sleep --- */

int hw_files_add(struct hw_nic *nic, struct dentry *root);
void hw_files_remove(struct hw_nic *nic);
char *hw_files_line(const char __user *buf, size_t count);

#endif /* _WEFTNIC_HW_FILES_H */
