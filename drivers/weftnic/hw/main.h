/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_MAIN_H
#define _WEFTNIC_HW_MAIN_H

/**
 * hw_delete() - unplug a NIC, and forget it
 * @id: its number
 *
 * Context: process, may sleep. Return: 0, or -ENODEV if it has gone already.
 */
int hw_delete(unsigned long id);

#endif /* _WEFTNIC_HW_MAIN_H */
