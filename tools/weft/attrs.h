/* SPDX-License-Identifier: GPL-2.0 */
/* Names of attributes, for the kernel's answers. */
#ifndef WEFT_ATTRS_H
#define WEFT_ATTRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;

bool attr_offset_name(const struct nlmsghdr *request, uint32_t offset,
		      char *name, size_t size);
void attr_missing_name(const struct nlmsghdr *request, uint32_t nest_offset,
		       unsigned int type, char *name, size_t size);

#endif /* WEFT_ATTRS_H */
