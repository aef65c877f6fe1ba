/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_PACKET_H
#define _WEFT_PACKET_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/gso.h>

#include "addr.h"
#include "path.h"
#include "served.h"

struct weft_dest;
struct weft_explain;
struct weft_segment;
struct weft_switch;

/**
 * struct weft_pkt - what the switch knows of a frame on its way
 * @sw: the switch
 * @segment: its segment
 * @from: where it came from: membership of a port, or peer; NULL for a VTEP
 *	that is no peer (yet)
 * @from_flags: WEFT_END_* of that
 * @src: outer source, if it came from the tunnel
 * @nics: bits of the NICs that have the entry of its destination
 * @require: enum weft_require, of the way that it takes
 * @each: VFs get it one by one, not all of a segment
 * @tagged: it has come back with a tag that says who has got it
 * @served: who has got it already
 * @returned: the port that has sent it over the adjacent switch, from where it
 *	comes now; else NULL
 * @explain: it is not a frame but a question; see explain.h
 *
 * Lives on the stack of whoever took the frame in. The frame itself has its
 * data at the Ethernet header, the network header set, a VLAN tag that means
 * the port taken off, other tags where the VM put them.
 */
struct weft_pkt {
	struct weft_switch *sw;
	struct weft_segment *segment;
	struct weft_dest *from;
	u32 from_flags;
	const struct weft_addr *src;
	u8 nics;
	u8 require;
	bool each;
	bool tagged;
	struct weft_served served;
	struct weft_dest *returned;
	struct weft_explain *explain;
};

/**
 * weft_frame_fits() - is the network-layer packet in a frame short enough?
 * @skb: the frame, or an aggregate, all frames of which are meant
 * @mtu: longest packet; a tag beside or in the frame counts as part of it
 *
 * Context: any.
 */
static inline bool weft_frame_fits(const struct sk_buff *skb, unsigned int mtu)
{
	if (skb_vlan_tag_present(skb))
		mtu -= VLAN_HLEN;
	if (skb_is_gso(skb))
		return skb_gso_validate_network_len(skb, mtu);
	return skb->len - ETH_HLEN <= mtu;
}

#endif /* _WEFT_PACKET_H */
