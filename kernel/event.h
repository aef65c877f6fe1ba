/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_EVENT_H
#define _WEFT_EVENT_H

#include <linux/notifier.h>

struct weft_switch;
struct weft_segment;
struct weft_port;
struct weft_peer;
struct weft_entry;
struct weft_neigh;
struct weft_rule;
struct weft_nic;
struct weft_dest;

/**
 * enum weft_event_kind - what happened
 *
 * NEW: an object was added or changed; DEL: it is about to go.
 */
enum weft_event_kind {
	WEFT_EVENT_SEGMENT_NEW,
	WEFT_EVENT_SEGMENT_DEL,
	WEFT_EVENT_SEGMENT_GONE,	/* no packet is in it any more */
	WEFT_EVENT_PORT_NEW,
	WEFT_EVENT_PORT_DEL,
	WEFT_EVENT_PEER_NEW,
	WEFT_EVENT_PEER_DEL,
	WEFT_EVENT_ENTRY_NEW,
	WEFT_EVENT_ENTRY_DEL,
	WEFT_EVENT_NEIGH_NEW,
	WEFT_EVENT_NEIGH_DEL,
	WEFT_EVENT_RULE_NEW,
	WEFT_EVENT_RULE_DEL,
	WEFT_EVENT_RULED,	/* rules may concern the frames of @segment, or
				 * do not any more
				 */
	WEFT_EVENT_RULES,	/* all of @segment, or of @sw, were replaced */
	WEFT_EVENT_MOVED,	/* a learned entry moved @from to @to */
	WEFT_EVENT_LIMIT,	/* a limit kept @mac at @to from being learned */
	WEFT_EVENT_CONFLICT,	/* @mac at @to contradicts a stronger entry */
	WEFT_EVENT_NIC_LOST,	/* @nic takes no commands and packets */
	WEFT_EVENT_NIC_BEGIN,	/* its tables are pushed anew */
	WEFT_EVENT_NIC_END,	/* they are complete */
	WEFT_EVENT_NIC_FULL,	/* it has not room for all entries */
	WEFT_EVENT_NIC_IN,	/* the entry of @mac got room in it */
	WEFT_EVENT_NIC_OUT,	/* the entry of @mac had to go for another */
	WEFT_EVENT_NIC_RULES,	/* it has @placed of the @wanted rules of @vni that
				 * concern it
				 */
};

/**
 * struct weft_event - a change, told to whoever listens
 * @type: what happened
 * @sw: the switch
 * @segment: the object of SEGMENT events; of RULES the segment, or NULL
 * @port: the object of PORT events
 * @peer: the object of PEER events
 * @entry: the object of ENTRY events and MOVED, the old one of CONFLICT
 * @neigh: the object of NEIGH events
 * @rule: the object of RULE events
 * @vni: of MOVED, LIMIT, CONFLICT, NIC_IN, NIC_OUT and NIC_RULES
 * @mac: of the first five of these
 * @from: where it was
 * @to: where it is seen
 * @nic: of NIC events
 * @rate: packets a second, of NIC_IN and NIC_OUT
 * @placed: of NIC_RULES
 * @wanted: likewise
 */
struct weft_event {
	enum weft_event_kind type;
	struct weft_switch *sw;
	union {
		const struct weft_segment *segment;
		const struct weft_port *port;
		const struct weft_peer *peer;
		const struct weft_entry *entry;
		const struct weft_neigh *neigh;
		const struct weft_rule *rule;
	};
	u32 vni;
	const u8 *mac;
	const struct weft_dest *from;
	const struct weft_dest *to;
	const struct weft_nic *nic;
	u32 rate;
	u32 placed;
	u32 wanted;
};

int weft_event_register(struct notifier_block *nb);
int weft_event_unregister(struct notifier_block *nb);
void weft_event(struct weft_event *event);

#endif /* _WEFT_EVENT_H */
