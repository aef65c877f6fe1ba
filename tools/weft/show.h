/* SPDX-License-Identifier: GPL-2.0 */
/* What all "show" and "get" have in common. */
#ifndef WEFT_SHOW_H
#define WEFT_SHOW_H

#include "nl.h"

/**
 * struct show - how objects of a kind are shown
 * @cmd: WEFT_CMD_*_GET
 * @attr: nest that holds the object
 * @names: attributes that name an object, ended by 0
 * @print: prints it, between print_open() and print_close()
 * @skip: true if it is not to be shown; may be NULL
 * @key: adds what names one object, or filters a dump; may be NULL
 * @single: @key names one object
 * @arg: for @skip and @key
 */
struct show {
	uint8_t cmd;
	int attr;
	uint8_t names[3];
	void (*print)(uint32_t dev, const struct attrs *object);
	bool (*skip)(const struct attrs *object, const void *arg);
	void (*key)(struct nl_msg *msg, const void *arg);
	bool single;
	const void *arg;
};

int show_objects(const struct show *show, uint32_t dev);

#endif /* WEFT_SHOW_H */
