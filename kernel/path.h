/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_PATH_H
#define _WEFT_PATH_H

#include <linux/bits.h>
#include <linux/types.h>
#include <uapi/linux/weft.h>

/* What the decision wants to know of where a frame comes from or may go. */
#define WEFT_END_TUNNEL		BIT(0)	/* a peer, or a group of them */
#define WEFT_END_HAIRPIN	BIT(1)	/* may hear itself */
#define WEFT_END_ISOLATED	BIT(2)	/* no traffic with others such */
#define WEFT_END_FLOOD		BIT(3)	/* takes unknown unicast */
#define WEFT_END_MCAST_FLOOD	BIT(4)	/* takes multicast */
#define WEFT_END_BCAST_FLOOD	BIT(5)	/* takes broadcast */
#define WEFT_END_RULED		BIT(6)	/* there are rules for what it sends */
#define WEFT_END_VEPA		BIT(7)	/* what it sends goes over the adjacent
					 * switch
					 */
#define WEFT_END_RELAY		BIT(8)	/* the adjacent switch behind it sends
					 * back what is for this host
					 */

#define WEFT_END_LIMITED	BIT(9)	/* what it sends has a limit or a
					 * priority, and nobody else sees to it
					 */

#define WEFT_END_INSPECT	(WEFT_END_RULED | WEFT_END_VEPA | \
				 WEFT_END_LIMITED)
#define WEFT_END_FLOODS		(WEFT_END_FLOOD | WEFT_END_MCAST_FLOOD | \
				 WEFT_END_BCAST_FLOOD)

/**
 * weft_path_refuse() - may a frame go this way?
 * @from: WEFT_END_* of where it comes from
 * @to: WEFT_END_* of where it would go
 * @same: both are the same
 * @flood: the WEFT_END_*FLOOD that it takes, 0 if it is meant for there
 *
 * Split horizon: what came from a tunnel never goes to one. A port does not
 * hear itself without hairpin. Isolated ports do not talk to each other.
 *
 * Context: any; a pure function.
 *
 * Return: WEFT_DROP_REASON_NONE if it may, else why not.
 */
static inline enum weft_drop_reason weft_path_refuse(u32 from, u32 to,
						     bool same, u32 flood)
{
	if (from & to & WEFT_END_TUNNEL)
		return WEFT_DROP_REASON_SPLIT_HORIZON;
	if (same && !(to & WEFT_END_HAIRPIN))
		return WEFT_DROP_REASON_SAME_PORT;
	if (from & to & WEFT_END_ISOLATED)
		return WEFT_DROP_REASON_ISOLATED;
	if (flood & ~to)
		return WEFT_DROP_REASON_UNKNOWN_UNICAST;
	return WEFT_DROP_REASON_NONE;
}

/**
 * weft_path_vepa() - does a frame go over the adjacent switch?
 * @from: WEFT_END_* of where it comes from
 * @segment: what the segment says
 * @via: enum weft_via that a rule says, WEFT_VIA_ANY if none does
 * @local: its destination is on this host, or may be
 * @many: it has several, or is unknown
 *
 * What would leave the host anyway is the adjacent switch's already. What comes
 * from there never goes there again.
 *
 * Context: any; a pure function.
 *
 * Return: WEFT_VEPA_ON if it does, WEFT_VEPA_REST if it does for those that no NIC
 * serves, else WEFT_VEPA_OFF.
 */
static inline enum weft_vepa weft_path_vepa(u32 from, enum weft_vepa segment,
					    enum weft_via via, bool local,
					    bool many)
{
	if (from & WEFT_END_TUNNEL || !local)
		return WEFT_VEPA_OFF;
	if (via != WEFT_VIA_ANY)
		return via == WEFT_VIA_VEPA ? WEFT_VEPA_ON : WEFT_VEPA_OFF;
	if (segment == WEFT_VEPA_ON || from & WEFT_END_VEPA)
		return WEFT_VEPA_ON;
	return many ? segment : WEFT_VEPA_OFF;
}

/**
 * weft_path_flood() - which kind of flooding does a destination take?
 * @multicast: a group address
 * @broadcast: the broadcast address
 *
 * Return: one WEFT_END_*FLOOD.
 */
static inline u32 weft_path_flood(bool multicast, bool broadcast)
{
	if (broadcast)
		return WEFT_END_BCAST_FLOOD;
	return multicast ? WEFT_END_MCAST_FLOOD : WEFT_END_FLOOD;
}

#endif /* _WEFT_PATH_H */
