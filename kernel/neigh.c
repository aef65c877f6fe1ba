// SPDX-License-Identifier: GPL-2.0
/* Neighbours: the MAC behind each address of a tenant's VMs. */

#include <linux/slab.h>

#include "neigh.h"

static const struct rhashtable_params params = {
	.head_offset = offsetof(struct weft_neigh, node),
	.key_offset = offsetof(struct weft_neigh, key),
	.key_len = sizeof(struct weft_neigh_key),
	.automatic_shrinking = true,
};

static void tell(struct weft_neighs *neighs, enum weft_event_kind type,
		 const struct weft_neigh *neigh)
{
	struct weft_event event = {
		.type = type, .sw = neighs->sw, .neigh = neigh,
	};

	neighs->generation++;
	weft_event(&event);
}

static struct weft_neigh *lookup(struct weft_neighs *neighs, u32 vni,
				 const struct weft_addr *ip)
{
	struct weft_neigh_key key;

	memset(&key, 0, sizeof(key));
	key.ip = *ip;
	key.vni = vni;
	return rhashtable_lookup(&neighs->table, &key, params);
}

/**
 * weft_neigh_lookup() - who has an address?
 * @neighs: the table
 * @vni: the segment
 * @ip: the address
 *
 * Context: RCU. Return: the neighbour or NULL.
 */
struct weft_neigh *weft_neigh_lookup(struct weft_neighs *neighs, u32 vni,
				     const struct weft_addr *ip)
{
	return lookup(neighs, vni, ip);
}

static void unlink_neigh(struct weft_neighs *neighs, struct weft_neigh *neigh)
{
	tell(neighs, WEFT_EVENT_NEIGH_DEL, neigh);
	rhashtable_remove_fast(&neighs->table, &neigh->node, params);
	weft_wheel_del(&neighs->wheel, &neigh->age_node);
	if (neigh->state == WEFT_STATE_LEARNED)
		neighs->learned--;
	WRITE_ONCE(neighs->count, neighs->count - 1);
	kfree_rcu(neigh, rcu);
}

static unsigned int ages_in(const struct weft_neigh *neigh)
{
	u32 idle = weft_now() - READ_ONCE(neigh->seen);
	u32 ageing = READ_ONCE(neigh->ageing);

	if (!ageing)
		return WEFT_WHEEL_SLOTS;
	return idle < ageing ? ageing - idle : 0;
}

static unsigned int expire(struct weft_wheel *wheel, struct hlist_node *node)
{
	struct weft_neigh *neigh = hlist_entry(node, struct weft_neigh,
					       age_node);
	unsigned int left = ages_in(neigh);

	if (!left)
		unlink_neigh(container_of(wheel, struct weft_neighs, wheel),
			     neigh);
	return left;
}

static struct weft_neigh *alloc_neigh(u32 vni, const struct weft_addr *ip,
				      const u8 *mac, enum weft_state state,
				      gfp_t gfp)
{
	struct weft_neigh *neigh;

	neigh = kzalloc(sizeof(*neigh), gfp);
	if (!neigh)
		return NULL;
	neigh->key.ip = *ip;
	neigh->key.vni = vni;
	neigh->state = state;
	neigh->mac = ether_addr_to_u64(mac);
	neigh->seen = weft_now();
	return neigh;
}

static int link_neigh(struct weft_neighs *neighs, struct weft_neigh *neigh)
{
	int err;

	err = rhashtable_insert_fast(&neighs->table, &neigh->node, params);
	if (err)
		return err;
	WRITE_ONCE(neighs->count, neighs->count + 1);
	if (neigh->state == WEFT_STATE_LEARNED) {
		neighs->learned++;
		weft_wheel_add(&neighs->wheel, &neigh->age_node,
			       ages_in(neigh));
	}
	tell(neighs, WEFT_EVENT_NEIGH_NEW, neigh);
	return 0;
}

static void learn(struct weft_neighs *neighs, u32 vni,
		  const struct weft_addr *ip, const u8 *mac, u32 ageing)
{
	u32 limit = READ_ONCE(neighs->limit);
	struct weft_neigh *neigh;

	neigh = lookup(neighs, vni, ip);
	if (neigh) {
		if (neigh->state != WEFT_STATE_LEARNED)
			return;
		WRITE_ONCE(neigh->ageing, ageing);
		WRITE_ONCE(neigh->seen, weft_now());
		if (neigh->mac == ether_addr_to_u64(mac))
			return;
		WRITE_ONCE(neigh->mac, ether_addr_to_u64(mac));
		tell(neighs, WEFT_EVENT_NEIGH_NEW, neigh);
		return;
	}

	if (limit && neighs->learned >= limit)
		return;
	neigh = alloc_neigh(vni, ip, mac, WEFT_STATE_LEARNED,
			    GFP_ATOMIC | __GFP_NOWARN);
	if (!neigh)
		return;
	neigh->ageing = ageing;
	if (link_neigh(neighs, neigh))
		kfree(neigh);
}

/**
 * weft_neigh_learn() - a VM said that it has an address
 * @neighs: the table
 * @vni: the segment
 * @ip: the address
 * @mac: the VM's, checked to be the source of the frame
 * @ageing: seconds until it is forgotten, 0 for never
 *
 * A static or controller entry stays as it is. Context: RCU, bottom halves
 * off.
 */
void weft_neigh_learn(struct weft_neighs *neighs, u32 vni,
		      const struct weft_addr *ip, const u8 *mac, u32 ageing)
{
	struct weft_neigh *neigh = lookup(neighs, vni, ip);

	if (neigh && READ_ONCE(neigh->mac) == ether_addr_to_u64(mac) &&
	    READ_ONCE(neigh->seen) == weft_now())
		return;
	spin_lock(&neighs->lock);
	learn(neighs, vni, ip, mac, ageing);
	spin_unlock(&neighs->lock);
}

static void change(struct weft_neighs *neighs, struct weft_neigh *neigh,
		   const u8 *mac, enum weft_state state)
{
	if (neigh->state == WEFT_STATE_LEARNED) {
		weft_wheel_del(&neighs->wheel, &neigh->age_node);
		neighs->learned--;
	}
	WRITE_ONCE(neigh->state, state);
	WRITE_ONCE(neigh->mac, ether_addr_to_u64(mac));
	WRITE_ONCE(neigh->seen, weft_now());
	tell(neighs, WEFT_EVENT_NEIGH_NEW, neigh);
}

static int may_change(const struct weft_neigh *neigh, const u8 *mac,
		      enum weft_state state, bool replace,
		      struct netlink_ext_ack *extack)
{
	if (neigh->state > state) {
		NL_SET_ERR_MSG(extack,
			       "A static entry is not changed by a controller");
		return -EPERM;
	}
	if (neigh->state == WEFT_STATE_LEARNED || replace ||
	    (neigh->state == state && neigh->mac == ether_addr_to_u64(mac)))
		return 0;
	NL_SET_ERR_MSG(extack, "The address has another neighbour entry");
	return -EEXIST;
}

static int add(struct weft_neighs *neighs, struct weft_neigh *new,
	       const u8 *mac, bool replace, struct netlink_ext_ack *extack)
{
	struct weft_neigh *neigh;
	int err;

	neigh = rhashtable_lookup_fast(&neighs->table, &new->key, params);
	if (!neigh)
		return link_neigh(neighs, new);
	err = may_change(neigh, mac, new->state, replace, extack);
	if (err)
		return err;
	change(neighs, neigh, mac, new->state);
	return 1;
}

/**
 * weft_neigh_may_add() - would weft_neigh_add() be refused?
 * @neighs: the table
 * @vni: the segment
 * @ip: the address
 * @mac: who has it
 * @state: WEFT_STATE_STATIC or WEFT_STATE_CONTROLLER
 * @replace: change one that is there
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, under which what was not learned comes and goes. Return: 0,
 * 1 if there is one already, -EEXIST or -EPERM.
 */
int weft_neigh_may_add(struct weft_neighs *neighs, u32 vni,
		       const struct weft_addr *ip, const u8 *mac,
		       enum weft_state state, bool replace,
		       struct netlink_ext_ack *extack)
{
	struct weft_neigh *neigh;
	int ret = 0;

	rcu_read_lock();
	spin_lock_bh(&neighs->lock);
	neigh = lookup(neighs, vni, ip);
	if (neigh)
		ret = may_change(neigh, mac, state, replace, extack) ?: 1;
	spin_unlock_bh(&neighs->lock);
	rcu_read_unlock();
	return ret;
}

/**
 * weft_neigh_add() - add or change a neighbour by management
 * @neighs: the table
 * @vni: the segment
 * @ip: the address
 * @mac: who has it
 * @state: WEFT_STATE_STATIC or WEFT_STATE_CONTROLLER
 * @replace: change one that is there; a learned one always gives way
 * @extack: gets the sentence of a refusal
 *
 * Context: process. Return: 0, -EEXIST, -EPERM or -ENOMEM.
 */
int weft_neigh_add(struct weft_neighs *neighs, u32 vni,
		   const struct weft_addr *ip, const u8 *mac,
		   enum weft_state state, bool replace,
		   struct netlink_ext_ack *extack)
{
	struct weft_neigh *neigh;
	int ret;

	neigh = alloc_neigh(vni, ip, mac, state, GFP_KERNEL_ACCOUNT);
	if (!neigh)
		return -ENOMEM;
	spin_lock_bh(&neighs->lock);
	ret = add(neighs, neigh, mac, replace, extack);
	spin_unlock_bh(&neighs->lock);
	if (ret)
		kfree(neigh);
	return min(ret, 0);
}

/**
 * weft_neigh_del() - delete a neighbour
 * @neighs: the table
 * @vni: the segment
 * @ip: the address
 * @extack: gets the sentence of a refusal
 *
 * Context: process. Return: 0 or -ENOENT.
 */
int weft_neigh_del(struct weft_neighs *neighs, u32 vni,
		   const struct weft_addr *ip, struct netlink_ext_ack *extack)
{
	struct weft_neigh *neigh;

	rcu_read_lock();
	spin_lock_bh(&neighs->lock);
	neigh = lookup(neighs, vni, ip);
	if (neigh)
		unlink_neigh(neighs, neigh);
	spin_unlock_bh(&neighs->lock);
	rcu_read_unlock();
	if (neigh)
		return 0;
	NL_SET_ERR_MSG(extack, "No such neighbour entry");
	return -ENOENT;
}

/**
 * weft_neigh_clear() - a segment goes, and its neighbours
 * @neighs: the table
 * @vni: the segment, which the packet path finds no more
 *
 * Context: process, may sleep.
 */
void weft_neigh_clear(struct weft_neighs *neighs, u32 vni)
{
	struct rhashtable_iter iter;
	struct weft_neigh *neigh;

	if (!READ_ONCE(neighs->count))
		return;
	rhashtable_walk_enter(&neighs->table, &iter);
	rhashtable_walk_start(&iter);
	while ((neigh = rhashtable_walk_next(&iter))) {
		if (IS_ERR(neigh) || neigh->key.vni != vni)
			continue;
		spin_lock_bh(&neighs->lock);
		if (lookup(neighs, vni, &neigh->key.ip) == neigh)
			unlink_neigh(neighs, neigh);
		spin_unlock_bh(&neighs->lock);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/**
 * weft_neighs_init() - an empty table
 * @neighs: the table
 * @sw: its switch, for events
 *
 * Return: 0 or -ENOMEM.
 */
int weft_neighs_init(struct weft_neighs *neighs, struct weft_switch *sw)
{
	*neighs = (struct weft_neighs){ .sw = sw };
	spin_lock_init(&neighs->lock);
	weft_wheel_init(&neighs->wheel, &neighs->lock, expire);
	return rhashtable_init(&neighs->table, &params);
}

/**
 * weft_neighs_destroy() - free an empty table
 * @neighs: all segments were cleared
 *
 * Context: process, may sleep.
 */
void weft_neighs_destroy(struct weft_neighs *neighs)
{
	WARN_ON_ONCE(neighs->count);
	weft_wheel_stop(&neighs->wheel);
	rhashtable_destroy(&neighs->table);
}
