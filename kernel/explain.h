/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_EXPLAIN_H
#define _WEFT_EXPLAIN_H

#include <linux/etherdevice.h>
#include <uapi/linux/weft.h>

#include "packet.h"

#define WEFT_STEPS_MAX 64

/**
 * struct weft_explain_step - one thing that the packet path found or did
 * @step: enum weft_step
 * @vni: segment, or 0
 * @has_mac: @mac is set
 * @mac: an address looked up or learned
 * @ifindex: port, or 0
 * @vf: which VF of that, or -1
 * @vid: VLAN on that port
 * @peer: VTEP, AF_UNSPEC for none
 * @state: enum weft_state of the entry found, or -1
 * @path: enum weft_path, or -1
 * @reason: enum weft_drop_reason, or WEFT_DROP_REASON_NONE
 * @nic: interface index of a PF whose tables were asked, or 0
 * @hw: enum weft_hw of the entry there, or -1
 * @pref: of the rule, or 0
 * @action: enum weft_action of that
 */
struct weft_explain_step {
	u8 step;
	u32 vni;
	bool has_mac;
	u8 mac[ETH_ALEN];
	int ifindex;
	int vf;
	u16 vid;
	struct weft_addr peer;
	int state;
	int path;
	u8 reason;
	int nic;
	int hw;
	u32 pref;
	u8 action;
};

/**
 * struct weft_explain - what would become of a frame
 * @path: enum weft_path that it would take
 * @reason: enum weft_drop_reason if that is WEFT_PATH_DROP
 * @learned: the source address would be learned where it comes from
 * @truncated: there were more than WEFT_STEPS_MAX steps
 * @count: number of @step
 * @step: one after the other
 *
 * The packet path runs as for a real frame; where it would learn, send or
 * drop it writes a step instead.
 */
struct weft_explain {
	u8 path;
	u8 reason;
	bool learned;
	bool truncated;
	unsigned int count;
	struct weft_explain_step step[WEFT_STEPS_MAX];
};

struct weft_entry;
struct weft_port;

void weft_explain_port(struct weft_port *port, const void *frame,
		       unsigned int len, struct weft_explain *explain);
void weft_explain_tunnel(struct weft_switch *sw, const struct weft_addr *src,
			 u32 vni, const void *frame, unsigned int len,
			 struct weft_explain *explain);

struct weft_explain_step *weft_step(const struct weft_pkt *pkt, enum weft_step kind);
void weft_step_dest(struct weft_explain_step *step, const struct weft_dest *dest);
void weft_step_entry(const struct weft_pkt *pkt, enum weft_step kind,
		     const u8 *mac, const struct weft_entry *entry);
void weft_step_lookup(const struct weft_pkt *pkt, const u8 *mac,
		      const struct weft_entry *entry);
void weft_explained(const struct weft_pkt *pkt, enum weft_path path,
		    enum weft_drop_reason reason);

#endif /* _WEFT_EXPLAIN_H */
