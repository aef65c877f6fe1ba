// SPDX-License-Identifier: GPL-2.0
/*
 * By what MAC address a NIC reaches VTEPs: what routing and the neighbour
 * table said when they were last asked.
 */

#include <linux/jhash.h>
#include <linux/slab.h>

#include "nic_push.h"
#include "nic_want.h"
#include "peer.h"
#include "segment.h"

static struct weft_nic_hop *find_hop(struct weft_nic *nic,
				     const struct weft_addr *ip,
				     const struct weft_encap_ops *encap)
{
	struct weft_nic_hop *hop;

	hash_for_each_possible(nic->hops, hop, node, jhash(ip, sizeof(*ip), 0))
		if (weft_addr_equal(&hop->ip, ip) && hop->encap == encap)
			return hop;
	return NULL;
}

/* Takes a gateway: there is one a family. Returns whether it is this one. */
static bool take_gateway(struct weft_nic *nic,
			 const struct weft_nic_hop *gateway)
{
	struct weft_nic_hop *own;

	own = &nic->gateway[gateway->ip.family == AF_INET6];
	if (own->err == -ENOENT || !own->ip.family) {
		*own = *gateway;
		set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
		return true;
	}
	if (!weft_addr_equal(&own->ip, &gateway->ip))
		return false;
	if (own->err == gateway->err &&
	    ether_addr_equal(own->mac, gateway->mac))
		return true;
	own->err = gateway->err;
	ether_addr_copy(own->mac, gateway->mac);
	set_bit(WEFT_NIC_TODO_VTEPS, &nic->todo);
	return true;
}

static void look_up(struct weft_nic *nic, struct weft_peer *peer,
		    const struct weft_encap_ops *encap,
		    struct weft_nic_hop *hop)
{
	struct weft_nic_hop gateway;

	weft_want_hop(nic, peer, encap, hop, &gateway);
	if (gateway.ip.family && !take_gateway(nic, &gateway))
		hop->err = -EHOSTUNREACH;
}

/**
 * weft_nic_hop_of() - how the NIC reaches a peer
 * @nic: the NIC
 * @peer: the peer
 * @encap: by what
 *
 * Return: see weft_want_hop_fn.
 */
const struct weft_nic_hop *weft_nic_hop_of(struct weft_nic *nic,
					   struct weft_peer *peer,
					   const struct weft_encap_ops *encap)
{
	struct weft_nic_hop *hop = find_hop(nic, &peer->key.ip, encap);

	if (hop)
		return hop;
	hop = kzalloc(sizeof(*hop), GFP_ATOMIC | __GFP_NOWARN);
	if (!hop)
		return NULL;
	look_up(nic, peer, encap, hop);
	hash_add(nic->hops, &hop->node,
		 jhash(&hop->ip, sizeof(hop->ip), 0));
	return hop;
}

/* All entries that lead to a peer are to be pushed again. */
static void mark_peer(struct weft_nic *nic, struct weft_switch *sw,
		      struct weft_peer *peer)
{
	struct weft_entry *entry;

	spin_lock(&sw->map.lock);
	hlist_for_each_entry(entry, &peer->dest.direct, dest_node)
		if (weft_shadow_mark(&nic->shadows, &entry->key,
				     GFP_ATOMIC | __GFP_NOWARN))
			set_bit(WEFT_NIC_TODO_FIND, &nic->todo);
	spin_unlock(&sw->map.lock);
}

/* So are all segments whose gateway it is. */
static void mark_gateway(struct weft_nic *nic, struct weft_switch *sw,
			 const struct weft_peer *peer)
{
	struct weft_segment *segment;
	unsigned long vni;

	xa_for_each(&sw->segments, vni, segment)
		if (READ_ONCE(segment->gateway_vtep) == peer)
			weft_nic_mark_segment(nic, vni);
}

static bool same_hop(const struct weft_nic_hop *a,
		     const struct weft_nic_hop *b)
{
	return a->err == b->err && ether_addr_equal(a->mac, b->mac);
}

/**
 * weft_nic_check_hops() - look at all next hops again
 * @nic: the NIC
 *
 * Those of peers that went are forgotten; what leads to those that changed is
 * marked.
 */
void weft_nic_check_hops(struct weft_nic *nic)
{
	struct weft_switch *sw = rcu_dereference(nic->sw);
	struct weft_nic_hop *hop, old;
	struct hlist_node *next;
	struct weft_peer *peer;
	unsigned int i;

	if (!sw)
		return;
	nic->gateway[0].ip.family = AF_UNSPEC;
	nic->gateway[1].ip.family = AF_UNSPEC;
	hash_for_each_safe(nic->hops, i, next, hop, node) {
		peer = weft_peer_lookup(sw, &hop->ip, 0);
		if (!peer) {
			hash_del(&hop->node);
			kfree(hop);
			continue;
		}
		old = *hop;
		look_up(nic, peer, hop->encap, hop);
		if (same_hop(&old, hop))
			continue;
		mark_peer(nic, sw, peer);
		mark_gateway(nic, sw, peer);
	}
}

/** weft_nic_forget_hops() - ask anew for all */
void weft_nic_forget_hops(struct weft_nic *nic)
{
	struct weft_nic_hop *hop;
	struct hlist_node *next;
	unsigned int i;

	hash_for_each_safe(nic->hops, i, next, hop, node) {
		hash_del(&hop->node);
		kfree(hop);
	}
	memset(nic->gateway, 0, sizeof(nic->gateway));
}
