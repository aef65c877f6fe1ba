/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_DUMP_H
#define _WEFTNIC_HW_DUMP_H

extern const struct file_operations hw_dump_fops;

#endif /* _WEFTNIC_HW_DUMP_H */
