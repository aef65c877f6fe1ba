/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Printing of objects, for "show" and for "monitor", between print_open() and
 * print_close(). @dev is the interface index of the switch.
 */
#ifndef WEFT_OBJECTS_H
#define WEFT_OBJECTS_H

#include <stdint.h>

struct attrs;
struct nlattr;

void segment_print(uint32_t dev, const struct attrs *object);
void port_print(uint32_t dev, const struct attrs *object);
void nics_print(const struct attrs *object, int type);
void map_print(uint32_t dev, const struct attrs *object);
void neigh_print(uint32_t dev, const struct attrs *object);
void peer_print(uint32_t dev, const struct attrs *object);
void rule_print(uint32_t dev, const struct attrs *object);
void rules_print(uint32_t dev, const struct attrs *object);
void event_print(uint32_t dev, const struct attrs *object);

/* a destination of a map entry or an event, in words */
void dst_print(struct nlattr *object);

#endif /* WEFT_OBJECTS_H */
