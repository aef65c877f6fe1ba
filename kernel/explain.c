// SPDX-License-Identifier: GPL-2.0
/* Writes down the steps of the packet path, for weft trace. */

#include "explain.h"
#include "peer.h"
#include "port.h"

/**
 * weft_step() - the next step
 * @pkt: the question
 * @kind: what it tells
 *
 * Return: the step, to be filled in; never NULL: when there is no room left
 * the last one is written over and the answer says so.
 */
struct weft_explain_step *weft_step(const struct weft_pkt *pkt,
				    enum weft_step kind)
{
	struct weft_explain *explain = pkt->explain;
	struct weft_explain_step *step;

	if (explain->count == WEFT_STEPS_MAX) {
		explain->truncated = true;
		explain->count--;
	}
	step = &explain->step[explain->count++];
	*step = (struct weft_explain_step){
		.step = kind, .state = -1, .path = -1, .vf = -1, .hw = -1,
	};
	return step;
}

/**
 * weft_step_dest() - say where in a step
 * @step: the step
 * @dest: a port or a peer; of a set nothing is said
 *
 * Context: RCU.
 */
void weft_step_dest(struct weft_explain_step *step,
		    const struct weft_dest *dest)
{
	const struct weft_port_vlan *pv;

	if (dest->type == WEFT_DEST_PORT) {
		pv = container_of(dest, struct weft_port_vlan, dest);
		step->ifindex = pv->port->dev->ifindex;
		step->vf = pv->port->nic ? pv->port->vf : -1;
		step->vid = pv->vid;
	} else if (dest->type == WEFT_DEST_PEER) {
		step->peer = weft_dest_peer(dest)->key.ip;
	}
}

/**
 * weft_step_entry() - say what was found of an address
 * @pkt: the question
 * @kind: what the step tells
 * @mac: the address
 * @entry: its entry, NULL if there is none
 *
 * Context: RCU.
 */
void weft_step_entry(const struct weft_pkt *pkt, enum weft_step kind,
		     const u8 *mac, const struct weft_entry *entry)
{
	struct weft_explain_step *step = weft_step(pkt, kind);

	step->has_mac = true;
	ether_addr_copy(step->mac, mac);
	if (!entry)
		return;
	step->state = READ_ONCE(entry->state);
	weft_step_dest(step, rcu_dereference(entry->dest));
}

/**
 * weft_step_lookup() - say what was found of the destination
 * @pkt: the question
 * @mac: the address
 * @entry: its entry, NULL if there is none
 *
 * Context: RCU.
 */
void weft_step_lookup(const struct weft_pkt *pkt, const u8 *mac,
		      const struct weft_entry *entry)
{
	weft_step_entry(pkt, entry ? WEFT_STEP_LOOKUP : WEFT_STEP_MISS, mac,
			entry);
}

/**
 * weft_explained() - the end of the way
 * @pkt: the question
 * @path: where it led
 * @reason: why to nowhere, or WEFT_DROP_REASON_NONE
 */
void weft_explained(const struct weft_pkt *pkt, enum weft_path path,
		    enum weft_drop_reason reason)
{
	pkt->explain->path = path;
	pkt->explain->reason = reason;
	if (path == WEFT_PATH_DROP)
		weft_step(pkt, WEFT_STEP_DROP)->reason = reason;
}
