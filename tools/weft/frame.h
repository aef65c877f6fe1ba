/* SPDX-License-Identifier: GPL-2.0 */
/* A frame from its description. */
#ifndef WEFT_FRAME_H
#define WEFT_FRAME_H

#include "parse.h"

#include <linux/weft.h>

/**
 * struct frame_spec - what a frame is to be like
 * @has_src: @src was given
 * @has_dst: @dst was given
 * @src: source MAC address
 * @dst: destination MAC address
 * @has_vlan: carries a VLAN tag
 * @vid: VLAN
 * @prio: priority in the VLAN tag
 * @type: Ethernet type, 0 for what the addresses tell
 * @from: IP source address
 * @to: IP destination address
 * @who_has: address that ARP or neighbour discovery asks for
 * @tell: address that asks
 * @proto: IP protocol, 0 for the default
 * @sport: source port
 * @dport: destination port
 * @ttl: TTL or hop limit, 0 for the default
 * @tos: TOS or traffic class
 * @size: length of the frame, 0 for what it takes
 * @payload_len: length of @payload
 * @payload: what follows the last header; the whole frame if nothing else
 *	     was given
 */
struct frame_spec {
	bool has_src, has_dst, has_vlan;
	uint8_t src[ETH_ALEN], dst[ETH_ALEN];
	uint32_t vid, prio;
	uint32_t type;
	struct ip_addr from, to;
	struct ip_addr who_has, tell;
	uint32_t proto;
	uint32_t sport, dport;
	uint32_t ttl, tos;
	uint32_t size;
	size_t payload_len;
	uint8_t payload[WEFT_FRAME_MAX];
};

int frame_take_word(struct args *args, const char *word,
		    struct frame_spec *spec);
int frame_build(const struct frame_spec *spec, uint8_t *frame, size_t *len);

#endif /* WEFT_FRAME_H */
