// SPDX-License-Identifier: GPL-2.0
/*
 * Peers: the other VTEPs of a switch, and the multicast groups that stand for
 * several of them. A peer that was not configured lives as long as entries
 * of the map lead to it.
 */

#include <linux/jhash.h>
#include <linux/slab.h>

#include "peer.h"
#include "template.h"
#include "uplink.h"

static u32 hash_key(const void *data, u32 len, u32 seed)
{
	const struct weft_peer_key *key = data;

	if (likely(key->ip.family == AF_INET))
		return jhash_2words((__force u32)key->ip.v4, key->ifindex,
				    seed);
	return jhash2((const u32 *)&key->ip.v6, 4, seed ^ key->ifindex);
}

static int cmp_key(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct weft_peer_key *a = arg->key;
	const struct weft_peer *peer = obj;

	return a->ifindex != peer->key.ifindex ||
	       !weft_addr_equal(&a->ip, &peer->key.ip);
}

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct weft_peer, node),
	.key_offset = offsetof(struct weft_peer, key),
	.key_len = sizeof(struct weft_peer_key),
	.hashfn = hash_key,
	.obj_cmpfn = cmp_key,
	.automatic_shrinking = true,
};

/** weft_peers_init() - a switch begins without peers; returns 0 or -ENOMEM */
int weft_peers_init(struct weft_switch *sw)
{
	return rhashtable_init(&sw->peers, &params);
}

static void tell(const struct weft_peer *peer, enum weft_event_kind type)
{
	struct weft_event event = {
		.type = type, .sw = peer->sw, .peer = peer,
	};

	weft_event(&event);
}

static void free_peer(struct rcu_head *rcu)
{
	struct weft_peer *peer = container_of(rcu, struct weft_peer, rcu);

	weft_template_forget(peer);
	free_percpu(peer->stats);
	kfree(peer);
}

static void unlink_peer(struct weft_peer *peer)
{
	struct weft_switch *sw = peer->sw;

	lockdep_assert_held(&sw->map.lock);
	peer->dest.dead = true;
	rhashtable_remove_fast(&sw->peers, &peer->node, params);
	WRITE_ONCE(sw->peer_count, sw->peer_count - 1);
	tell(peer, WEFT_EVENT_PEER_DEL);
	call_rcu(&peer->rcu, free_peer);
}

static void peer_idle(struct weft_dest *dest)
{
	struct weft_peer *peer = weft_dest_peer(dest);

	if (peer->state == WEFT_STATE_LEARNED)
		unlink_peer(peer);
}

/**
 * weft_peer_lookup() - find a peer
 * @sw: the switch
 * @ip: its VTEP address
 * @ifindex: device of the underlay for a multicast group, else 0
 *
 * Context: RCU. Return: the peer or NULL.
 */
struct weft_peer *weft_peer_lookup(struct weft_switch *sw,
				   const struct weft_addr *ip, int ifindex)
{
	struct weft_peer_key key;

	memset(&key, 0, sizeof(key));
	key.ip = *ip;
	key.ifindex = ifindex;
	return rhashtable_lookup(&sw->peers, &key, params);
}

static struct weft_peer *alloc_peer(struct weft_switch *sw,
				    const struct weft_addr *ip, int ifindex,
				    gfp_t gfp)
{
	struct weft_peer *peer;

	peer = kzalloc(sizeof(*peer), gfp);
	if (!peer)
		return NULL;
	peer->stats = weft_stats_alloc(gfp);
	if (!peer->stats) {
		kfree(peer);
		return NULL;
	}
	weft_dest_init(&peer->dest, WEFT_DEST_PEER, &peer->quota, peer_idle);
	spin_lock_init(&peer->lock);
	peer->key.ip = *ip;
	peer->key.ifindex = ifindex;
	peer->state = WEFT_STATE_LEARNED;
	peer->sw = sw;
	return peer;
}

/* Links @new unless there is one by now. Returns it pinned, or an error. */
static struct weft_peer *link_peer(struct weft_peer *new)
{
	struct weft_switch *sw = new->sw;
	struct weft_peer *peer;

	peer = rhashtable_lookup_get_insert_fast(&sw->peers, &new->node,
						 params);
	if (IS_ERR(peer))
		return peer;
	if (peer)
		return weft_dest_pin(&peer->dest) ? peer : ERR_PTR(-ESHUTDOWN);
	WRITE_ONCE(sw->peer_count, sw->peer_count + 1);
	weft_dest_pin(&new->dest);
	tell(new, WEFT_EVENT_PEER_NEW);
	return new;
}

static void discard(struct weft_peer *peer)
{
	free_percpu(peer->stats);
	kfree(peer);
}

static int check_local(const struct weft_addr *local,
		       const struct weft_addr *ip,
		       struct netlink_ext_ack *extack)
{
	if (!local->family) {
		NL_SET_ERR_MSG(extack,
			       "The switch has no local address of this family");
		return -EAFNOSUPPORT;
	}
	if (weft_addr_equal(local, ip)) {
		NL_SET_ERR_MSG(extack,
			       "The address is the switch's own local address");
		return -EADDRINUSE;
	}
	if (weft_addr_link(ip) && !weft_addr_multicast(ip) &&
	    !weft_addr_neighbours(local, ip)) {
		NL_SET_ERR_MSG(extack,
			       "The address is of another installation than the switch's");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int check_ip(const struct weft_switch *sw, const struct weft_addr *ip,
		    struct netlink_ext_ack *extack)
{
	const struct weft_config *config;
	int err;

	if (!weft_addr_unicast(ip) && !weft_addr_multicast(ip)) {
		NL_SET_ERR_MSG(extack, "A peer can't have this address");
		return -EADDRNOTAVAIL;
	}
	rcu_read_lock();
	config = rcu_dereference(sw->config);
	err = check_local(weft_local(config, ip->family), ip, extack);
	rcu_read_unlock();
	return err;
}

/**
 * weft_peer_find() - find a peer, and keep it
 * @sw: the switch
 * @ip: its VTEP address
 * @ifindex: device of the underlay for a multicast group, else 0
 *
 * Context: any. Return: the peer, which weft_peer_put() lets go, NULL if there
 * is none, or -ESHUTDOWN if it is going.
 */
struct weft_peer *weft_peer_find(struct weft_switch *sw,
				 const struct weft_addr *ip, int ifindex)
{
	struct weft_peer *peer;

	rcu_read_lock();
	spin_lock_bh(&sw->map.lock);
	peer = weft_peer_lookup(sw, ip, ifindex);
	if (peer && !weft_dest_pin(&peer->dest))
		peer = ERR_PTR(-ESHUTDOWN);
	spin_unlock_bh(&sw->map.lock);
	rcu_read_unlock();
	return peer;
}

/**
 * weft_peer_get() - find or make a peer, and keep it
 * @sw: the switch
 * @ip: its VTEP address
 * @ifindex: device of the underlay for a multicast group, else 0
 * @gfp: for making it; GFP_ATOMIC in softirq
 * @extack: gets the sentence of a refusal, may be NULL
 *
 * Context: any; bottom halves off if @gfp is not GFP_KERNEL.
 *
 * Return: the peer, which weft_peer_put() lets go, or an error pointer.
 */
struct weft_peer *weft_peer_get(struct weft_switch *sw,
				const struct weft_addr *ip, int ifindex,
				gfp_t gfp, struct netlink_ext_ack *extack)
{
	struct weft_peer *peer, *new;
	int err;

	peer = weft_peer_find(sw, ip, ifindex);
	if (peer)
		return peer;

	err = check_ip(sw, ip, extack);
	if (err)
		return ERR_PTR(err);
	new = alloc_peer(sw, ip, ifindex, gfp);
	if (!new)
		return ERR_PTR(-ENOMEM);

	spin_lock_bh(&sw->map.lock);
	peer = link_peer(new);
	spin_unlock_bh(&sw->map.lock);
	if (peer != new)
		discard(new);
	return peer;
}

/** weft_peer_put() - let a peer go that was found or got */
void weft_peer_put(struct weft_peer *peer)
{
	struct weft_map *map = &peer->sw->map;

	spin_lock_bh(&map->lock);
	weft_dest_unpin(&peer->dest);
	spin_unlock_bh(&map->lock);
}

/**
 * weft_peer_set_state() - configure a peer, so that it stays without entries
 * @peer: the peer
 * @state: WEFT_STATE_*
 *
 * Context: RTNL.
 */
void weft_peer_set_state(struct weft_peer *peer, enum weft_state state)
{
	spin_lock_bh(&peer->sw->map.lock);
	WRITE_ONCE(peer->state, state);
	spin_unlock_bh(&peer->sw->map.lock);
}

/**
 * weft_peer_set_mac() - say the MAC address of a peer
 * @peer: the peer
 * @mac: the address, all zeros to have it resolved
 *
 * Context: RTNL.
 */
void weft_peer_set_mac(struct weft_peer *peer, const u8 *mac)
{
	WRITE_ONCE(peer->mac, ether_addr_to_u64(mac));
}

/**
 * weft_peer_set_encap() - say what a peer speaks
 * @peer: the peer
 * @encap: the encapsulation, NULL for what each segment speaks
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error; nothing is changed then.
 */
int weft_peer_set_encap(struct weft_peer *peer,
			const struct weft_encap_ops *encap,
			struct netlink_ext_ack *extack)
{
	const struct weft_encap_ops *old = peer->encap;
	int err;

	ASSERT_RTNL();
	if (encap == old)
		return 0;
	if (encap && weft_encap_link(encap) != weft_addr_link(&peer->key.ip)) {
		NL_SET_ERR_MSG(extack,
			       "The encapsulation needs a peer address of another kind");
		return -EAFNOSUPPORT;
	}
	if (encap) {
		err = weft_uplink_use(peer->sw, encap, extack);
		if (err)
			return err;
	}
	WRITE_ONCE(peer->encap, encap);
	if (old)
		weft_uplink_unuse(peer->sw, old);
	return 0;
}

/** weft_peer_changed() - tell that a peer was changed */
void weft_peer_changed(struct weft_peer *peer)
{
	tell(peer, WEFT_EVENT_PEER_NEW);
}

/**
 * weft_peer_del() - delete a peer with all entries that lead to it
 * @peer: the peer, pinned; not to be used after
 *
 * Context: RTNL, may sleep.
 */
void weft_peer_del(struct weft_peer *peer)
{
	struct weft_map *map = &peer->sw->map;

	weft_map_forget(map, &peer->dest);
	weft_peer_set_encap(peer, NULL, NULL);
	spin_lock_bh(&map->lock);
	unlink_peer(peer);
	spin_unlock_bh(&map->lock);
}

/**
 * weft_peers_destroy() - the switch goes
 * @sw: the switch; nothing adds peers to it any more
 *
 * Context: RTNL, may sleep.
 */
void weft_peers_destroy(struct weft_switch *sw)
{
	struct rhashtable_iter iter;
	struct weft_peer *peer;

	rhashtable_walk_enter(&sw->peers, &iter);
	rhashtable_walk_start(&iter);
	while ((peer = rhashtable_walk_next(&iter))) {
		if (IS_ERR(peer))
			continue;
		spin_lock_bh(&sw->map.lock);
		if (!peer->dest.dead)
			unlink_peer(peer);
		spin_unlock_bh(&sw->map.lock);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	rhashtable_destroy(&sw->peers);
}
