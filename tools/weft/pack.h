/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Map entries of consecutive lines of a batch go to the kernel in one
 * message. A command alone is a pack of one.
 */
#ifndef WEFT_PACK_H
#define WEFT_PACK_H

#include <stdint.h>

struct nlattr;

/**
 * struct pack_key - what entries of one message have in common
 * @dev: interface index of the switch
 * @mode: enum weft_mode
 * @cmd: WEFT_CMD_MAP_NEW or WEFT_CMD_MAP_DEL
 */
struct pack_key {
	uint32_t dev;
	uint8_t mode;
	uint8_t cmd;
};

void pack_add(const struct pack_key *key, const struct nlattr *entry);
void pack_flush(void);
int pack_status(void);

#endif /* WEFT_PACK_H */
