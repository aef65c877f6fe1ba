/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_PEER_H
#define _WEFT_PEER_H

#include "encap/encap.h"
#include "map.h"
#include "stats.h"
#include "switch.h"

/**
 * struct weft_peer_key - what a peer is found by
 * @ip: its VTEP address, or a multicast group
 * @ifindex: device of the underlay by which it is reached, for groups; or 0
 */
struct weft_peer_key {
	struct weft_addr ip;
	int ifindex;
};

/**
 * struct weft_peer - another VTEP, or a group of them
 * @dest: what map entries point to
 * @node: in the switch's table
 * @key: what it is found by
 * @state: static or controller if it was configured, learned if entries alone
 *	keep it; the map's lock
 * @sw: the switch
 * @mac: its MAC address if it must not be resolved, else 0; RTNL, read at any
 *	time
 * @encap: the encapsulation it speaks, NULL for each segment's; RTNL to change,
 *	read at any time
 * @quota: limits what is learned from it
 * @template: headers to put before packets for it, by encapsulation; see
 *	template.h
 * @lock: changes of @template, with bottom halves off
 * @stats: rx is what came from it
 * @rcu: frees it
 */
struct weft_peer {
	struct weft_dest dest;
	struct rhash_head node;
	struct weft_peer_key key;
	u8 state;
	struct weft_switch *sw;
	u64 mac;
	const struct weft_encap_ops *encap;
	struct weft_quota quota;
	struct weft_template __rcu *template[WEFT_ENCAPS];
	spinlock_t lock;
	struct weft_stats __percpu *stats;
	struct rcu_head rcu;
};

static inline struct weft_peer *weft_dest_peer(const struct weft_dest *dest)
{
	return container_of(dest, struct weft_peer, dest);
}

/** weft_peer_default_encap() - what every switch has for such an address */
static inline const struct weft_encap_ops *
weft_peer_default_encap(const struct weft_peer *peer)
{
	return weft_encap(weft_addr_link(&peer->key.ip) ? WEFT_ENCAP_LINK :
							  WEFT_ENCAP_DEFAULT);
}

int weft_peers_init(struct weft_switch *sw);
void weft_peers_destroy(struct weft_switch *sw);

struct weft_peer *weft_peer_lookup(struct weft_switch *sw,
				   const struct weft_addr *ip, int ifindex);
struct weft_peer *weft_peer_find(struct weft_switch *sw,
				 const struct weft_addr *ip, int ifindex);
struct weft_peer *weft_peer_get(struct weft_switch *sw,
				const struct weft_addr *ip, int ifindex,
				gfp_t gfp, struct netlink_ext_ack *extack);
void weft_peer_put(struct weft_peer *peer);

void weft_peer_set_state(struct weft_peer *peer, enum weft_state state);
void weft_peer_set_mac(struct weft_peer *peer, const u8 *mac);
int weft_peer_set_encap(struct weft_peer *peer,
			const struct weft_encap_ops *encap,
			struct netlink_ext_ack *extack);
void weft_peer_changed(struct weft_peer *peer);
void weft_peer_del(struct weft_peer *peer);

#endif /* _WEFT_PEER_H */
