// SPDX-License-Identifier: GPL-2.0
/* Requests about the mapping table. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "map.h"
#include "netlink.h"
#include "nic.h"
#include "peer.h"
#include "port.h"
#include "segment.h"

#define KEY	(BIT(WEFT_A_MAP_VNI) | BIT(WEFT_A_MAP_MAC))
#define ENTRY	(KEY | BIT(WEFT_A_MAP_DST) | BIT(WEFT_A_MAP_STATE) | \
		 BIT(WEFT_A_MAP_IP))
#define MULTI	(BIT(WEFT_A_MAP_DST) | BIT(WEFT_A_MAP_IP))
#define FLUSH	(BIT(WEFT_A_MAP_VNI) | BIT(WEFT_A_MAP_STATE) | \
		 BIT(WEFT_A_MAP_FLUSH_PORT) | BIT(WEFT_A_MAP_FLUSH_PEER))
#define MODES	(BIT(WEFT_MODE_ADD) | BIT(WEFT_MODE_EXCLUSIVE) | \
		 BIT(WEFT_MODE_REPLACE) | BIT(WEFT_MODE_APPEND))
#define DST	(BIT(WEFT_A_DST_PEER) | BIT(WEFT_A_DST_PORT) | \
		 BIT(WEFT_A_DST_VF))

#define FEW	16	/* destinations for which no memory is needed */

/**
 * struct dests - destinations that a request names
 * @count: number of @dest
 * @dest: ports, and peers that are pinned
 * @few: where they are, if they are few
 */
struct dests {
	unsigned int count;
	struct weft_dest **dest;
	struct weft_dest *few[FEW];
};

/**
 * struct batch - a request for many entries
 * @sw: the switch
 * @mode: what to do where there is an entry
 * @extack: gets the sentence of a refusal
 * @port: the port that was looked up last, or NULL
 * @pv: and its membership in a segment, which nothing takes away meanwhile
 */
struct batch {
	struct weft_switch *sw;
	enum weft_mode mode;
	struct netlink_ext_ack *extack;
	struct weft_port *port;
	struct weft_port_vlan *pv;
};

/* --- destinations --- */

static struct weft_dest *find_port(struct batch *batch,
				   const struct weft_segment *segment,
				   const struct nlattr *attr,
				   const struct nlattr *vf)
{
	int ifindex = nla_get_u32(attr);

	if (batch->pv && batch->pv->segment == segment && !vf &&
	    batch->port->dev->ifindex == ifindex && !batch->port->nic)
		return &batch->pv->dest;
	batch->port = weft_nl_port(batch->sw, NULL, attr, vf, WEFT_A_DST_PORT,
				   batch->extack);
	batch->pv = NULL;
	if (IS_ERR(batch->port))
		return ERR_CAST(batch->port);
	batch->pv = weft_port_in(batch->port, segment);
	if (batch->pv)
		return &batch->pv->dest;
	NL_SET_ERR_MSG_ATTR(batch->extack, attr,
			    "The port is not in this segment");
	return ERR_PTR(-ENOENT);
}

/* Returns the peer pinned. Only a request that adds makes it. */
static struct weft_dest *find_peer(struct batch *batch,
				   const struct nlattr *attr, bool make)
{
	struct weft_peer *peer;
	struct weft_addr ip;
	int err;

	err = weft_nl_vtep(attr, &ip, batch->extack);
	if (err)
		return ERR_PTR(err);
	if (weft_addr_multicast(&ip)) {
		NL_SET_ERR_MSG_ATTR(batch->extack, attr,
				    "A group belongs to a segment, it is no peer");
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (make) {
		peer = weft_peer_get(batch->sw, &ip, 0, GFP_KERNEL,
				     batch->extack);
	} else {
		peer = weft_peer_find(batch->sw, &ip, 0);
		if (!peer) {
			NL_SET_ERR_MSG(batch->extack, "No such peer");
			peer = ERR_PTR(-ENOENT);
		}
	}
	if (!IS_ERR(peer))
		return &peer->dest;
	weft_nl_blame(batch->extack, attr);
	return ERR_CAST(peer);
}

static struct weft_dest *find_dest(struct batch *batch,
				   const struct weft_segment *segment,
				   const struct nlattr *nest, bool make)
{
	struct nlattr *tb[WEFT_A_DST_MAX + 1];
	int err;

	err = weft_nl_parse(tb, WEFT_A_DST_MAX, nest, DST, 0, batch->extack);
	if (err)
		return ERR_PTR(err);
	if (tb[WEFT_A_DST_VF] && !tb[WEFT_A_DST_PORT])
		return ERR_PTR(weft_nl_missing(batch->extack, nest,
					       WEFT_A_DST_PORT));
	if (tb[WEFT_A_DST_PEER] && tb[WEFT_A_DST_PORT]) {
		NL_SET_ERR_MSG_ATTR(batch->extack, nest,
				    "A destination is either a peer or a port");
		return ERR_PTR(-EINVAL);
	}
	if (tb[WEFT_A_DST_PORT])
		return find_port(batch, segment, tb[WEFT_A_DST_PORT],
				 tb[WEFT_A_DST_VF]);
	if (tb[WEFT_A_DST_PEER])
		return find_peer(batch, tb[WEFT_A_DST_PEER], make);
	return ERR_PTR(weft_nl_missing(batch->extack, nest, WEFT_A_DST_PEER));
}

static void put_dests(struct dests *dests)
{
	while (dests->count) {
		struct weft_dest *dest = dests->dest[--dests->count];

		if (dest->type == WEFT_DEST_PEER)
			weft_peer_put(weft_dest_peer(dest));
	}
	if (dests->dest != dests->few)
		kvfree(dests->dest);
}

static int alloc_dests(struct dests *dests, const struct nlattr *entry)
{
	const struct nlattr *attr;
	unsigned int count = 0;
	int rem;

	nla_for_each_nested(attr, entry, rem)
		count += nla_type(attr) == WEFT_A_MAP_DST;
	dests->count = 0;
	dests->dest = dests->few;
	if (count > FEW)
		dests->dest = kvmalloc_array(count, sizeof(*dests->dest),
					     GFP_KERNEL);
	return dests->dest ? 0 : -ENOMEM;
}

/* Finds the destinations of @entry, which put_dests() lets go. */
static int get_dests(struct batch *batch, const struct weft_segment *segment,
		     const struct nlattr *entry, bool make,
		     struct dests *dests)
{
	const struct nlattr *attr;
	struct weft_dest *dest;
	int rem, err;

	err = alloc_dests(dests, entry);
	if (err)
		return err;
	nla_for_each_nested(attr, entry, rem) {
		if (nla_type(attr) != WEFT_A_MAP_DST)
			continue;
		dest = find_dest(batch, segment, attr, make);
		if (IS_ERR(dest)) {
			put_dests(dests);
			return PTR_ERR(dest);
		}
		dests->dest[dests->count++] = dest;
	}
	return 0;
}

/* --- one entry --- */

static struct weft_segment *read_key(struct batch *batch,
				     const struct nlattr *nest,
				     struct nlattr **tb)
{
	int err;

	err = weft_nl_parse(tb, WEFT_A_MAP_MAX, nest, ENTRY, MULTI,
			    batch->extack);
	if (err)
		return ERR_PTR(err);
	if (!tb[WEFT_A_MAP_MAC])
		return ERR_PTR(weft_nl_missing(batch->extack, nest,
					       WEFT_A_MAP_MAC));
	return weft_nl_segment(batch->sw, nest, tb[WEFT_A_MAP_VNI],
			       WEFT_A_MAP_VNI, batch->extack);
}

/* Are the addresses of the VM, if any are given, in order? */
static int check_ips(const struct nlattr *nest, const struct nlattr *mac,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	struct weft_addr ip;
	int rem, err;

	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_MAP_IP)
			continue;
		err = weft_nl_unicast(attr, &ip, extack);
		if (err)
			return err;
		if (is_valid_ether_addr(nla_data(mac)))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "No host can have this MAC address and so an IP address");
		return -EINVAL;
	}
	return 0;
}

/**
 * struct ips - addresses of a VM that a request names
 * @nest: where
 * @vni: its segment
 * @mac: its MAC address
 * @state: of the neighbours
 * @fresh: a bit for each that is not known yet
 */
struct ips {
	const struct nlattr *nest;
	u32 vni;
	const u8 *mac;
	enum weft_state state;
	unsigned long *fresh;
};

/* Nothing is done for an entry of which one address would be refused. */
static int prepare_ips(struct batch *batch, struct ips *ips)
{
	bool replace = batch->mode == WEFT_MODE_REPLACE;
	const struct nlattr *attr;
	unsigned int count = 0;
	struct weft_addr ip;
	int rem, ret;

	nla_for_each_nested(attr, ips->nest, rem)
		count += nla_type(attr) == WEFT_A_MAP_IP;
	ips->fresh = count ? bitmap_zalloc(count, GFP_KERNEL) : NULL;
	if (!count || !ips->fresh)
		return count ? -ENOMEM : 0;
	count = 0;
	nla_for_each_nested(attr, ips->nest, rem) {
		if (nla_type(attr) != WEFT_A_MAP_IP)
			continue;
		weft_nl_addr(attr, &ip, NULL);
		ret = weft_neigh_may_add(&batch->sw->neighs, ips->vni, &ip,
					 ips->mac, ips->state, replace,
					 batch->extack);
		if (ret < 0) {
			weft_nl_blame(batch->extack, attr);
			bitmap_free(ips->fresh);
			return ret;
		}
		__assign_bit(count++, ips->fresh, !ret);
	}
	return 0;
}

/* Takes away the first @count addresses, of those that were not known. */
static void undo_ips(struct batch *batch, const struct ips *ips,
		     unsigned int count)
{
	const struct nlattr *attr;
	unsigned int i = 0;
	struct weft_addr ip;
	int rem;

	nla_for_each_nested(attr, ips->nest, rem) {
		if (nla_type(attr) != WEFT_A_MAP_IP)
			continue;
		if (i == count)
			break;
		weft_nl_addr(attr, &ip, NULL);
		if (test_bit(i++, ips->fresh))
			weft_neigh_del(&batch->sw->neighs, ips->vni, &ip,
				       NULL);
	}
}

static int add_ips(struct batch *batch, const struct ips *ips)
{
	bool replace = batch->mode == WEFT_MODE_REPLACE;
	const struct nlattr *attr;
	unsigned int count = 0;
	struct weft_addr ip;
	int rem, err;

	nla_for_each_nested(attr, ips->nest, rem) {
		if (nla_type(attr) != WEFT_A_MAP_IP)
			continue;
		weft_nl_addr(attr, &ip, NULL);
		err = weft_neigh_add(&batch->sw->neighs, ips->vni, &ip,
				     ips->mac, ips->state, replace,
				     batch->extack);
		if (err) {
			weft_nl_blame(batch->extack, attr);
			undo_ips(batch, ips, count);
			return err;
		}
		count++;
	}
	return 0;
}

static int add(struct batch *batch, struct weft_segment *segment,
	       const struct ips *ips)
{
	struct weft_map *map = &batch->sw->map;
	struct dests dests;
	int err;

	err = get_dests(batch, segment, ips->nest, true, &dests);
	if (err)
		return err;
	err = weft_map_add(map, &segment->scope, ips->mac, dests.dest,
			   dests.count, ips->state, batch->mode,
			   batch->extack);
	put_dests(&dests);
	if (err || !ips->fresh)
		return err;
	err = add_ips(batch, ips);
	/* a new entry does not stay without its addresses */
	if (err && batch->mode == WEFT_MODE_EXCLUSIVE)
		weft_map_del(map, segment->vni, ips->mac, NULL, 0, NULL);
	return err;
}

static int new_entry(struct batch *batch, const struct nlattr *nest)
{
	struct nlattr *tb[WEFT_A_MAP_MAX + 1];
	struct ips ips = { .nest = nest };
	struct weft_segment *segment;
	int err;

	segment = read_key(batch, nest, tb);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	if (!tb[WEFT_A_MAP_DST])
		return weft_nl_missing(batch->extack, nest, WEFT_A_MAP_DST);
	err = weft_nl_state(tb[WEFT_A_MAP_STATE], &ips.state, batch->extack);
	if (err)
		return err;
	ips.vni = segment->vni;
	ips.mac = nla_data(tb[WEFT_A_MAP_MAC]);
	if (tb[WEFT_A_MAP_IP]) {
		err = check_ips(nest, tb[WEFT_A_MAP_MAC], batch->extack);
		if (!err)
			err = prepare_ips(batch, &ips);
		if (err)
			return err;
	}
	err = add(batch, segment, &ips);
	bitmap_free(ips.fresh);
	return err;
}

/* Is there an entry in the state that the request names? */
static int check_state(struct batch *batch, const struct weft_segment *segment,
		       struct nlattr **tb)
{
	const struct weft_entry *entry;
	bool same = true;

	if (!tb[WEFT_A_MAP_STATE])
		return 0;
	rcu_read_lock();
	entry = weft_map_lookup(&batch->sw->map, segment->vni,
				nla_data(tb[WEFT_A_MAP_MAC]));
	if (entry)
		same = READ_ONCE(entry->state) ==
		       nla_get_u32(tb[WEFT_A_MAP_STATE]);
	rcu_read_unlock();
	if (same)
		return 0;
	NL_SET_ERR_MSG_ATTR(batch->extack, tb[WEFT_A_MAP_STATE],
			    "The entry is in another state");
	return -ENOENT;
}

static void del_ips(struct batch *batch, const struct nlattr *nest, u32 vni)
{
	const struct nlattr *attr;
	struct weft_addr ip;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == WEFT_A_MAP_IP &&
		    !weft_nl_addr(attr, &ip, NULL))
			weft_neigh_del(&batch->sw->neighs, vni, &ip, NULL);
}

static int del_entry(struct batch *batch, const struct nlattr *nest)
{
	struct nlattr *tb[WEFT_A_MAP_MAX + 1];
	struct weft_segment *segment;
	struct dests dests;
	int err;

	segment = read_key(batch, nest, tb);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	err = check_state(batch, segment, tb);
	if (!err && tb[WEFT_A_MAP_IP])
		err = check_ips(nest, tb[WEFT_A_MAP_MAC], batch->extack);
	if (err)
		return err;
	err = get_dests(batch, segment, nest, false, &dests);
	if (err)
		return err;
	err = weft_map_del(&batch->sw->map, segment->vni,
			   nla_data(tb[WEFT_A_MAP_MAC]), dests.dest,
			   dests.count, batch->extack);
	put_dests(&dests);
	if (!err)
		del_ips(batch, nest, segment->vni);
	return err;
}

/* --- batches --- */

/* Takes one entry after the other, up to one that is refused: what came before
 * stays, and the answer tells where it was.
 */
static int each_entry(struct genl_info *info, struct batch *batch,
		      int (*change)(struct batch *batch,
				    const struct nlattr *nest))
{
	const struct nlattr *attr;
	int rem, err;

	if (!info->attrs[WEFT_A_MAP])
		return weft_nl_missing(info->extack, NULL, WEFT_A_MAP);
	nla_for_each_attr(attr, nlmsg_attrdata(info->nlhdr, GENL_HDRLEN),
			  nlmsg_attrlen(info->nlhdr, GENL_HDRLEN), rem) {
		if (nla_type(attr) != WEFT_A_MAP)
			continue;
		err = change(batch, attr);
		if (err) {
			weft_nl_blame(info->extack, attr);
			return err;
		}
		cond_resched();
	}
	return 0;
}

int weft_nl_map_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct batch batch = {
		.sw = weft_nl_switch(info), .extack = info->extack,
	};
	int err;

	err = weft_nl_mode(info, MODES, &batch.mode);
	return err ?: each_entry(info, &batch, new_entry);
}

int weft_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct batch batch = {
		.sw = weft_nl_switch(info), .extack = info->extack,
	};

	return each_entry(info, &batch, del_entry);
}

/* --- answers --- */

/* Tells destinations from number *@part on, and moves it on. */
static int put_set(struct sk_buff *skb, const struct weft_dest_set *set,
		   u32 *part)
{
	const struct weft_dest *dest;
	unsigned int i;

	for (i = *part; i < set->count; i++) {
		dest = rcu_dereference(set->member[i].dest);
		if (dest && weft_nl_put_dst(skb, WEFT_A_MAP_DST, dest)) {
			*part = i;
			return -EMSGSIZE;
		}
	}
	return 0;
}

static int put_hw(struct sk_buff *skb, struct weft_nic *nic,
		  const struct weft_key *key)
{
	const struct weft_shadow *shadow = weft_shadow_find(&nic->shadows,
							    key);

	return weft_nl_put_hw(skb, WEFT_A_MAP_HW, nic,
			      weft_shadow_hw(&nic->shadows, key),
			      shadow ? READ_ONCE(shadow->rate) : 0);
}

/* Where the entry stands with the NICs of its switch. */
static int put_nics(struct sk_buff *skb, const struct weft_entry *entry)
{
	const struct weft_switch *sw = weft_scope_segment(entry->scope)->sw;
	struct weft_nic *nic;

	if (is_zero_ether_addr(entry->key.mac))
		return 0;
	list_for_each_entry_rcu(nic, &weft_nics, node) {
		if (rcu_access_pointer(nic->sw) != sw)
			continue;
		if (put_hw(skb, nic, &entry->key))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_entry(struct sk_buff *skb, const struct weft_entry *entry)
{
	if (nla_put_u32(skb, WEFT_A_MAP_VNI, entry->key.vni) ||
	    nla_put(skb, WEFT_A_MAP_MAC, ETH_ALEN, entry->key.mac) ||
	    nla_put_u32(skb, WEFT_A_MAP_STATE, READ_ONCE(entry->state)) ||
	    nla_put_u32(skb, WEFT_A_MAP_AGE,
			weft_nl_age(READ_ONCE(entry->seen))) ||
	    nla_put_u32(skb, WEFT_A_MAP_USED,
			weft_nl_age(READ_ONCE(entry->used))))
		return -EMSGSIZE;
	return put_nics(skb, entry);
}

/* See weft_nl_fill_fn. The part is the next destination of a set. Context: RCU,
 * possibly with the map's lock held.
 */
int weft_nl_fill_entry(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_entry *entry = object;
	const struct weft_dest *dest = rcu_dereference(entry->dest);
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, WEFT_A_MAP);
	if (!nest || put_entry(skb, entry))
		return -EMSGSIZE;
	if (dest->type == WEFT_DEST_SET)
		err = put_set(skb, container_of(dest, struct weft_dest_set,
						dest), part);
	else
		err = weft_nl_put_dst(skb, WEFT_A_MAP_DST, dest);
	nla_nest_end(skb, nest);
	return err;
}

/* An entry to be found anew for every part of it. */
struct wanted {
	struct weft_map *map;
	u32 vni;
	const u8 *mac;
};

static int fill_wanted(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct wanted *wanted = object;
	const struct weft_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	entry = weft_map_lookup(wanted->map, wanted->vni, wanted->mac);
	if (entry)
		err = weft_nl_fill_entry(skb, entry, part);
	rcu_read_unlock();
	return err;
}

int weft_nl_map_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_MAP];
	struct weft_switch *sw = weft_nl_switch(info);
	struct nlattr *tb[WEFT_A_MAP_MAX + 1];
	struct weft_segment *segment;
	struct wanted wanted;
	int err;

	err = weft_nl_nest(info, WEFT_A_MAP, tb, WEFT_A_MAP_MAX, KEY, 0);
	if (err)
		return err;
	if (!tb[WEFT_A_MAP_MAC])
		return weft_nl_missing(info->extack, nest, WEFT_A_MAP_MAC);
	segment = weft_nl_segment(sw, nest, tb[WEFT_A_MAP_VNI],
				  WEFT_A_MAP_VNI, info->extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	wanted = (struct wanted){
		.map = &sw->map, .vni = segment->vni,
		.mac = nla_data(tb[WEFT_A_MAP_MAC]),
	};
	err = weft_nl_reply(info, fill_wanted, &wanted);
	if (err == -ENOENT)
		NL_SET_ERR_MSG_ATTR(info->extack, nest, "No such entry");
	return err;
}

static u32 generation(const struct weft_switch *sw)
{
	return READ_ONCE(sw->map.generation);
}

static bool is_in(const void *object, u32 vni)
{
	const struct weft_entry *entry = object;

	return entry->key.vni == vni;
}

/* See weft_nl_table_fn. */
static int choose(struct weft_switch *sw, const struct genl_info *info,
		  struct weft_nl_table *table)
{
	const struct nlattr *nest = info->attrs[WEFT_A_MAP];
	struct nlattr *tb[WEFT_A_MAP_MAX + 1];
	struct weft_segment *segment;
	int err;

	*table = (struct weft_nl_table){
		.table = &sw->map.table, .generation = generation,
		.fill = weft_nl_fill_entry,
	};
	if (!nest)
		return 0;
	err = weft_nl_parse(tb, WEFT_A_MAP_MAX, nest, BIT(WEFT_A_MAP_VNI), 0,
			    info->extack);
	if (err || !tb[WEFT_A_MAP_VNI])
		return err;
	segment = weft_nl_segment(sw, nest, tb[WEFT_A_MAP_VNI],
				  WEFT_A_MAP_VNI, info->extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	table->match = is_in;
	table->vni = segment->vni;
	return 0;
}

int weft_nl_map_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return weft_nl_dump_table(skb, cb, choose);
}

/* --- flushing --- */

static int fill_flushed(struct sk_buff *skb, const void *object, u32 *part)
{
	const unsigned int *flushed = object;
	struct nlattr *nest;

	nest = nla_nest_start(skb, WEFT_A_MAP);
	if (!nest || nla_put_u32(skb, WEFT_A_MAP_FLUSHED, *flushed))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* All memberships of a port, one after the other: each is a destination. */
static unsigned int flush_port(struct weft_map *map, struct weft_port *port,
			       struct weft_map_filter *filter)
{
	struct weft_scope *scope = filter->scope;
	struct weft_port_vlan *pv;
	unsigned int flushed = 0;
	unsigned long vid;

	pv = rtnl_dereference(port->untagged);
	if (pv && (!scope || scope == &pv->segment->scope)) {
		filter->dest = &pv->dest;
		flushed += weft_map_flush(map, filter);
	}
	xa_for_each(&port->vlans, vid, pv) {
		if (scope && scope != &pv->segment->scope)
			continue;
		filter->dest = &pv->dest;
		flushed += weft_map_flush(map, filter);
	}
	return flushed;
}

static int flush(struct genl_info *info, struct nlattr **tb,
		 struct weft_map_filter *filter, unsigned int *flushed)
{
	struct batch batch = {
		.sw = weft_nl_switch(info), .extack = info->extack,
	};
	struct weft_map *map = &batch.sw->map;
	struct weft_dest *peer = NULL;
	struct weft_port *port = NULL;

	if (tb[WEFT_A_MAP_FLUSH_PORT]) {
		port = weft_nl_port(batch.sw, NULL, tb[WEFT_A_MAP_FLUSH_PORT], NULL,
				    WEFT_A_MAP_FLUSH_PORT, info->extack);
		if (IS_ERR(port))
			return PTR_ERR(port);
	}
	if (tb[WEFT_A_MAP_FLUSH_PEER]) {
		peer = find_peer(&batch, tb[WEFT_A_MAP_FLUSH_PEER], false);
		if (IS_ERR(peer))
			return PTR_ERR(peer);
	}
	filter->dest = peer;
	if (port)
		*flushed = flush_port(map, port, filter);
	else
		*flushed = weft_map_flush(map, filter);
	if (peer)
		weft_peer_put(weft_dest_peer(peer));
	return 0;
}

int weft_nl_map_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_MAP];
	struct weft_map_filter filter = {
		.states = BIT(WEFT_STATE_LEARNED),
	};
	struct nlattr *tb[WEFT_A_MAP_MAX + 1] = {};
	struct weft_segment *segment;
	unsigned int flushed;
	int err = 0;

	if (nest)
		err = weft_nl_nest(info, WEFT_A_MAP, tb, WEFT_A_MAP_MAX,
				   FLUSH, 0);
	if (err)
		return err;
	if (tb[WEFT_A_MAP_FLUSH_PORT] && tb[WEFT_A_MAP_FLUSH_PEER]) {
		NL_SET_ERR_MSG_ATTR(info->extack, nest,
				    "A destination is either a peer or a port");
		return -EINVAL;
	}
	if (tb[WEFT_A_MAP_STATE])
		filter.states = BIT(nla_get_u32(tb[WEFT_A_MAP_STATE]));
	if (tb[WEFT_A_MAP_VNI]) {
		segment = weft_nl_segment(weft_nl_switch(info), nest,
					  tb[WEFT_A_MAP_VNI], WEFT_A_MAP_VNI,
					  info->extack);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
		filter.scope = &segment->scope;
	}
	err = flush(info, tb, &filter, &flushed);
	return err ?: weft_nl_reply(info, fill_flushed, &flushed);
}
