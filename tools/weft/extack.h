/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's sentence about a request, and what in it was wrong. */
#ifndef WEFT_EXTACK_H
#define WEFT_EXTACK_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/netlink.h>

/**
 * struct extack - what the kernel answered
 * @error: 0, or a negative error number
 * @message: the kernel's sentence, may be empty
 * @offset: of the attribute it is about in the request, 0 if unknown
 * @missing: attribute that should have been there, 0 if none
 * @missing_nest: offset of the nest it should have been in, 0 for the top
 * @has_min: @min is valid
 * @has_max: @max is valid
 * @min: smallest value
 * @max: largest value
 */
struct extack {
	int error;
	char message[256];
	uint32_t offset;
	uint32_t missing;
	uint32_t missing_nest;
	bool has_min;
	bool has_max;
	int64_t min;
	int64_t max;
};

void extack_parse(struct extack *ack, const struct nlmsghdr *nlh);
void extack_print(const struct extack *ack, const struct nlmsghdr *request);

#endif /* WEFT_EXTACK_H */
