// SPDX-License-Identifier: GPL-2.0
/* Requests about peers. */

#include <linux/rtnetlink.h>

#include "netlink.h"
#include "peer.h"
#include "segment.h"
#include "tunnel.h"

#define KEY	BIT(WEFT_A_PEER_IP)
#define VNIS	BIT(WEFT_A_PEER_VNI)
#define CONFIG	(KEY | VNIS | BIT(WEFT_A_PEER_LLADDR) | \
		 BIT(WEFT_A_PEER_STATE) | BIT(WEFT_A_PEER_LIMIT) | \
		 BIT(WEFT_A_PEER_ENCAP) | BIT(WEFT_A_PEER_ENCAP_SEGMENT))
#define MODES	(BIT(WEFT_MODE_ADD) | BIT(WEFT_MODE_EXCLUSIVE))

static const u8 flood_mac[ETH_ALEN];

/* --- what is asked for --- */

static int read_ip(struct genl_info *info, struct nlattr **tb, u32 take,
		   struct weft_addr *ip)
{
	int err;

	err = weft_nl_nest(info, WEFT_A_PEER, tb, WEFT_A_PEER_MAX, take,
			   take & VNIS);
	if (err)
		return err;
	if (!tb[WEFT_A_PEER_IP])
		return weft_nl_missing(info->extack, info->attrs[WEFT_A_PEER],
				       WEFT_A_PEER_IP);
	return weft_nl_vtep(tb[WEFT_A_PEER_IP], ip, info->extack);
}

/* Returns the peer pinned. */
static struct weft_peer *find(struct genl_info *info, struct nlattr **tb,
			      u32 take)
{
	struct weft_peer *peer;
	struct weft_addr ip;
	int err;

	err = read_ip(info, tb, take, &ip);
	if (err)
		return ERR_PTR(err);
	/* what stands for a group belongs to a segment */
	peer = weft_addr_multicast(&ip) ? NULL :
	       weft_peer_find(weft_nl_switch(info), &ip, 0);
	if (peer)
		return peer;
	NL_SET_ERR_MSG_ATTR(info->extack, tb[WEFT_A_PEER_IP], "No such peer");
	return ERR_PTR(-ENOENT);
}

static int check_lladdr(const struct nlattr *attr, const struct nlattr *ip,
			struct netlink_ext_ack *extack)
{
	if (attr && nla_len(ip) == ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The peer's address is a MAC address already");
		return -EINVAL;
	}
	if (!attr || is_zero_ether_addr(nla_data(attr)) ||
	    is_valid_ether_addr(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "No VTEP can have this MAC address");
	return -EINVAL;
}

static int check_vnis(struct weft_switch *sw, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	const struct weft_segment *segment;
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PEER_VNI)
			continue;
		segment = weft_nl_segment(sw, nest, attr, WEFT_A_PEER_VNI,
					  extack);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
	}
	return 0;
}

static int check(struct genl_info *info, struct nlattr **tb,
		 enum weft_state *state)
{
	int err;

	err = weft_nl_state(tb[WEFT_A_PEER_STATE], state, info->extack);
	if (!err)
		err = check_lladdr(tb[WEFT_A_PEER_LLADDR], tb[WEFT_A_PEER_IP],
				   info->extack);
	if (!err)
		err = check_vnis(weft_nl_switch(info),
				 info->attrs[WEFT_A_PEER], info->extack);
	return err;
}

/* --- flood lists --- */

/* They are static, so under RTNL nobody else changes them. */
static bool is_flooded(struct weft_switch *sw, u32 vni,
		       const struct weft_dest *dest)
{
	const struct weft_segment *segment;
	bool is;

	rcu_read_lock();
	segment = weft_segment_lookup(sw, vni);
	is = segment && weft_segment_floods_to(segment, dest);
	rcu_read_unlock();
	return is;
}

static int flood(struct weft_peer *peer, u32 vni,
		 struct netlink_ext_ack *extack)
{
	struct weft_segment *segment = weft_segment_lookup(peer->sw, vni);
	struct weft_dest *dest = &peer->dest;

	if (is_flooded(peer->sw, vni, dest))
		return 0;
	return weft_map_add(&peer->sw->map, &segment->scope, flood_mac, &dest,
			    1, WEFT_STATE_STATIC, WEFT_MODE_APPEND, extack);
}

/* Takes the peer out of the flood lists again that have a bit, up to @end. */
static void undo_flood(struct weft_peer *peer, const struct nlattr *nest,
		       const struct nlattr *end, const unsigned long *added)
{
	struct weft_dest *dest = &peer->dest;
	const struct nlattr *attr;
	unsigned int i = 0;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (attr == end)
			break;
		if (nla_type(attr) == WEFT_A_PEER_VNI &&
		    test_bit(i++, added))
			weft_map_del(&peer->sw->map, nla_get_u32(attr),
				     flood_mac, &dest, 1, NULL);
	}
}

/* All lists or none. */
static int flood_lists(struct weft_peer *peer, const struct nlattr *nest,
		       unsigned long *added, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	unsigned int i = 0;
	int rem, err;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PEER_VNI)
			continue;
		__assign_bit(i++, added, !is_flooded(peer->sw,
						     nla_get_u32(attr),
						     &peer->dest));
		err = flood(peer, nla_get_u32(attr), extack);
		if (err) {
			weft_nl_blame(extack, attr);
			undo_flood(peer, nest, attr, added);
			return err;
		}
		cond_resched();
	}
	return 0;
}

static int flood_all(struct weft_peer *peer, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	unsigned int count = 0;
	unsigned long *added;
	int rem, err;

	nla_for_each_nested(attr, nest, rem)
		count += nla_type(attr) == WEFT_A_PEER_VNI;
	if (!count)
		return 0;
	added = bitmap_zalloc(count, GFP_KERNEL);
	if (!added)
		return -ENOMEM;
	err = flood_lists(peer, nest, added, extack);
	bitmap_free(added);
	return err;
}

static int check_flooded(struct weft_peer *peer, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PEER_VNI ||
		    is_flooded(peer->sw, nla_get_u32(attr), &peer->dest))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The peer is not in the flood list of this segment");
		return -ENOENT;
	}
	return 0;
}

static int unflood_all(struct weft_peer *peer, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	struct weft_dest *dest = &peer->dest;
	const struct nlattr *attr;
	int rem, err;

	err = check_flooded(peer, nest, extack);
	if (err)
		return err;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PEER_VNI)
			continue;
		/* a VNI that is given twice has no such entry any more */
		weft_map_del(&peer->sw->map, nla_get_u32(attr), flood_mac,
			     &dest, 1, NULL);
		cond_resched();
	}
	return 0;
}

/* --- requests --- */

/* Changes a peer to what was checked; if memory is wanting, nothing. */
static int apply(struct genl_info *info, struct nlattr **tb,
		 struct weft_peer *peer, enum weft_state state)
{
	const struct weft_encap_ops *old = peer->encap, *encap = old;
	int err;

	if (tb[WEFT_A_PEER_ENCAP_SEGMENT] && tb[WEFT_A_PEER_ENCAP]) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[WEFT_A_PEER_ENCAP_SEGMENT],
				    "Both an encapsulation and the segment's");
		return -EINVAL;
	}
	if (tb[WEFT_A_PEER_ENCAP_SEGMENT])
		encap = NULL;
	if (tb[WEFT_A_PEER_ENCAP])
		encap = weft_encap(nla_get_u32(tb[WEFT_A_PEER_ENCAP]));
	err = weft_peer_set_encap(peer, encap, info->extack);
	if (err)
		return err;
	err = flood_all(peer, info->attrs[WEFT_A_PEER], info->extack);
	if (err) {
		weft_peer_set_encap(peer, old, NULL);
		return err;
	}
	if (tb[WEFT_A_PEER_LLADDR])
		weft_peer_set_mac(peer, nla_data(tb[WEFT_A_PEER_LLADDR]));
	if (tb[WEFT_A_PEER_LIMIT])
		WRITE_ONCE(peer->quota.limit,
			   nla_get_u32(tb[WEFT_A_PEER_LIMIT]));
	weft_peer_set_state(peer, state);
	weft_peer_changed(peer);
	return 0;
}

/* May a peer that is there become what the request says? */
static int check_state(const struct weft_peer *peer, enum weft_state state,
		       bool excl, struct netlink_ext_ack *extack)
{
	u8 now = READ_ONCE(peer->state);

	if (excl && now != WEFT_STATE_LEARNED) {
		NL_SET_ERR_MSG(extack, "Peer exists");
		return -EEXIST;
	}
	if (now <= state)
		return 0;
	NL_SET_ERR_MSG(extack, "A static peer is not changed by a controller");
	return -EPERM;
}

/* Makes a peer, or changes one that is there. One that is new and can't be
 * what it shall be goes again, since nothing leads to it.
 */
static int create(struct genl_info *info, struct nlattr **tb,
		  const struct weft_addr *ip, enum weft_state state, bool excl)
{
	struct weft_switch *sw = weft_nl_switch(info);
	struct weft_peer *peer;
	int err;

	if (weft_addr_multicast(ip)) {
		NL_SET_ERR_MSG(info->extack,
			       "A group belongs to a segment, it is no peer");
		return -EADDRNOTAVAIL;
	}
	peer = weft_peer_get(sw, ip, 0, GFP_KERNEL, info->extack);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = check_state(peer, state, excl, info->extack);
	if (!err)
		err = apply(info, tb, peer, state);
	weft_peer_put(peer);
	return err;
}

int weft_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PEER_MAX + 1];
	enum weft_state state;
	struct weft_addr ip;
	enum weft_mode mode;
	int err;

	err = weft_nl_mode(info, MODES, &mode);
	if (!err)
		err = read_ip(info, tb, CONFIG, &ip);
	if (!err)
		err = check(info, tb, &state);
	if (err)
		return err;
	err = create(info, tb, &ip, state, mode == WEFT_MODE_EXCLUSIVE);
	if (err)
		weft_nl_blame(info->extack, tb[WEFT_A_PEER_IP]);
	return err;
}

int weft_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PEER_MAX + 1];
	enum weft_state state;
	struct weft_peer *peer;
	int err;

	peer = find(info, tb, CONFIG);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = check(info, tb, &state);
	if (!tb[WEFT_A_PEER_STATE])
		state = READ_ONCE(peer->state);
	else if (!err)
		err = check_state(peer, state, false, info->extack);
	if (!err)
		err = apply(info, tb, peer, state);
	if (err)
		weft_nl_blame(info->extack, tb[WEFT_A_PEER_IP]);
	weft_peer_put(peer);
	return err;
}

/* May the peer go? Entries that lead to it go with it, settings don't. */
static int check_unused(const struct weft_peer *peer,
			struct netlink_ext_ack *extack)
{
	const struct weft_segment *segment;
	unsigned long vni;

	xa_for_each(&peer->sw->segments, vni, segment) {
		if (segment->gateway_vtep != peer &&
		    segment->relay_vtep != peer)
			continue;
		NL_SET_ERR_MSG_FMT(extack, "The peer is %s of segment %u",
				   segment->gateway_vtep == peer ?
				   "gateway-vtep" : "relay-vtep",
				   segment->vni);
		return -EBUSY;
	}
	return 0;
}

int weft_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PEER_MAX + 1];
	struct weft_peer *peer;
	int err;

	peer = find(info, tb, KEY | VNIS);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	if (!tb[WEFT_A_PEER_VNI]) {
		err = check_unused(peer, info->extack);
		if (err) {
			NL_SET_BAD_ATTR(info->extack, tb[WEFT_A_PEER_IP]);
			weft_peer_put(peer);
			return err;
		}
		weft_peer_del(peer);
		return 0;
	}
	err = unflood_all(peer, info->attrs[WEFT_A_PEER], info->extack);
	if (!err)
		weft_peer_changed(peer);
	weft_peer_put(peer);
	return err;
}

/* --- answers --- */

static int put_config(struct sk_buff *skb, const struct weft_peer *peer)
{
	u64 mac = READ_ONCE(peer->mac);
	u8 lladdr[ETH_ALEN];

	if (weft_nl_put_addr(skb, WEFT_A_PEER_IP, &peer->key.ip) ||
	    nla_put_u32(skb, WEFT_A_PEER_STATE, READ_ONCE(peer->state)) ||
	    nla_put_u32(skb, WEFT_A_PEER_LIMIT,
			READ_ONCE(peer->quota.limit)) ||
	    nla_put_u32(skb, WEFT_A_PEER_ENTRIES,
			READ_ONCE(peer->dest.entries)) ||
	    nla_put_u32(skb, WEFT_A_PEER_LEARNED,
			READ_ONCE(peer->dest.learned)) ||
	    weft_nl_put_stats(skb, WEFT_A_PEER_STATS, peer->stats))
		return -EMSGSIZE;
	if (READ_ONCE(peer->encap) &&
	    nla_put_u32(skb, WEFT_A_PEER_ENCAP, READ_ONCE(peer->encap)->id))
		return -EMSGSIZE;
	if (!mac)
		return 0;
	u64_to_ether_addr(mac, lladdr);
	return nla_put(skb, WEFT_A_PEER_LLADDR, ETH_ALEN, lladdr);
}

static int put_route(struct sk_buff *skb, const struct weft_peer *peer)
{
	const struct weft_encap_ops *encap = READ_ONCE(peer->encap) ?:
					     weft_peer_default_encap(peer);
	struct weft_route route;
	int err;

	local_bh_disable();
	rcu_read_lock();
	err = weft_tunnel_route((struct weft_peer *)peer, encap, &route);
	rcu_read_unlock();
	local_bh_enable();
	if (err)
		return 0;	/* no way is no mistake of the request */
	if (nla_put_u32(skb, WEFT_A_PEER_MTU, route.mtu) ||
	    weft_nl_put_addr(skb, WEFT_A_PEER_NEXTHOP, &route.nexthop))
		return -EMSGSIZE;
	return nla_put_u32(skb, WEFT_A_PEER_NEXTHOP_DEV, route.ifindex);
}

/* See weft_nl_fill_fn. Leaves out flood lists and route. Context: RCU, possibly
 * with the map's lock held.
 */
int weft_nl_fill_peer_brief(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_peer *peer = object;
	struct nlattr *nest;

	nest = nla_nest_start(skb, WEFT_A_PEER);
	if (!nest || put_config(skb, peer))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * struct vnis - telling the segments whose flood list a peer is in
 * @skb: where to
 * @skip: how many earlier messages told
 * @count: how many were met
 */
struct vnis {
	struct sk_buff *skb;
	u32 skip;
	u32 count;
};

static int put_vni(struct vnis *vnis, const struct weft_entry *entry)
{
	if (!is_zero_ether_addr(entry->key.mac))
		return 0;
	if (vnis->count >= vnis->skip &&
	    nla_put_u32(vnis->skb, WEFT_A_PEER_VNI, entry->key.vni))
		return -EMSGSIZE;
	vnis->count++;
	return 0;
}

/* Flood lists that the peer shares with others. */
static int put_shared(struct vnis *vnis, const struct weft_peer *peer)
{
	const struct weft_member *member;

	lockdep_assert_held(&peer->sw->map.lock);
	hlist_for_each_entry(member, &peer->dest.members, node)
		if (put_vni(vnis, member->set->entry))
			return -EMSGSIZE;
	return 0;
}

/* Flood lists that the peer has alone, among all entries that lead to it. */
static int put_own(struct vnis *vnis, const struct weft_peer *peer)
{
	const struct weft_entry *entry;

	lockdep_assert_held(&peer->sw->map.lock);
	hlist_for_each_entry(entry, &peer->dest.direct, dest_node)
		if (put_vni(vnis, entry))
			return -EMSGSIZE;
	return 0;
}

/* The same where looking at the segments is less work. */
static int search_own(struct vnis *vnis, const struct weft_peer *peer)
{
	const struct weft_segment *segment;
	const struct weft_entry *entry;
	unsigned long vni;
	int err = 0;

	rcu_read_lock();
	xa_for_each(&peer->sw->segments, vni, segment) {
		entry = weft_map_lookup(&peer->sw->map, vni, flood_mac);
		if (entry && rcu_access_pointer(entry->dest) == &peer->dest)
			err = put_vni(vnis, entry);
		if (err)
			break;
	}
	rcu_read_unlock();
	return err;
}

static int put_vnis(struct vnis *vnis, const struct weft_peer *peer)
{
	struct weft_map *map = &peer->sw->map;
	bool search;
	int err;

	spin_lock_bh(&map->lock);
	search = peer->dest.entries > peer->sw->segment_count;
	err = put_shared(vnis, peer);
	if (!err && !search)
		err = put_own(vnis, peer);
	spin_unlock_bh(&map->lock);
	if (!err && search)
		err = search_own(vnis, peer);
	return err;
}

/* See weft_nl_fill_fn. The part counts VNIs from 1 on; 0 is for the rest. */
static int fill(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_peer *peer = object;
	struct vnis vnis = { .skb = skb };
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, WEFT_A_PEER);
	if (!nest)
		return -EMSGSIZE;
	if (!*part) {
		if (put_config(skb, peer) || put_route(skb, peer))
			return -EMSGSIZE;
		*part = 1;
	} else if (weft_nl_put_addr(skb, WEFT_A_PEER_IP, &peer->key.ip)) {
		return -EMSGSIZE;
	}
	vnis.skip = *part - 1;
	err = put_vnis(&vnis, peer);
	if (err && vnis.count > vnis.skip)
		*part = vnis.count + 1;
	nla_nest_end(skb, nest);
	return err;
}

int weft_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PEER_MAX + 1];
	struct weft_peer *peer;
	int err;

	peer = find(info, tb, KEY);
	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = weft_nl_reply(info, fill, peer);
	weft_peer_put(peer);
	return err;
}

static u32 generation(const struct weft_switch *sw)
{
	return weft_nl_peer_seq();
}

/* What stands for a multicast group belongs to a segment. */
static bool is_peer(const void *object, u32 vni)
{
	const struct weft_peer *peer = object;

	return !weft_addr_multicast(&peer->key.ip);
}

/* See weft_nl_table_fn. */
static int choose(struct weft_switch *sw, const struct genl_info *info,
		  struct weft_nl_table *table)
{
	*table = (struct weft_nl_table){
		.table = &sw->peers, .generation = generation,
		.match = is_peer, .fill = fill,
	};
	return 0;
}

int weft_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return weft_nl_dump_table(skb, cb, choose);
}
