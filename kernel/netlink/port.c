// SPDX-License-Identifier: GPL-2.0
/* Requests about ports. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "netlink.h"
#include "nic.h"
#include "port.h"
#include "port_link.h"
#include "trunk.h"

#define KEY	(BIT(WEFT_A_PORT_IFINDEX) | BIT(WEFT_A_PORT_VF))
#define CONFIG	(KEY | BIT(WEFT_A_PORT_VLAN) | BIT(WEFT_A_PORT_MAC) | \
		 BIT(WEFT_A_PORT_LIMIT) | BIT(WEFT_A_PORT_LEARNING) | \
		 BIT(WEFT_A_PORT_FLOOD) | BIT(WEFT_A_PORT_MCAST_FLOOD) | \
		 BIT(WEFT_A_PORT_BCAST_FLOOD) | BIT(WEFT_A_PORT_HAIRPIN) | \
		 BIT(WEFT_A_PORT_ISOLATED) | BIT(WEFT_A_PORT_VEPA) | \
		 BIT(WEFT_A_PORT_RELAY) | BIT(WEFT_A_PORT_RATE) | \
		 BIT(WEFT_A_PORT_BURST) | BIT(WEFT_A_PORT_PRIO))
#define MULTI	(BIT(WEFT_A_PORT_VLAN) | BIT(WEFT_A_PORT_MAC))
#define VLAN	(BIT(WEFT_A_PORT_VLAN_VID) | BIT(WEFT_A_PORT_VLAN_VNI))

static const struct {
	u8 attr;
	u32 flag;
} flags[] = {
	{ WEFT_A_PORT_FLOOD, WEFT_END_FLOOD },
	{ WEFT_A_PORT_MCAST_FLOOD, WEFT_END_MCAST_FLOOD },
	{ WEFT_A_PORT_BCAST_FLOOD, WEFT_END_BCAST_FLOOD },
	{ WEFT_A_PORT_HAIRPIN, WEFT_END_HAIRPIN },
	{ WEFT_A_PORT_ISOLATED, WEFT_END_ISOLATED },
	{ WEFT_A_PORT_VEPA, WEFT_END_VEPA },
	{ WEFT_A_PORT_RELAY, WEFT_END_RELAY },
};

/**
 * struct change - what a request asks of a port
 * @join_count: number of @join
 * @join: segments to join, by which VLAN, and the membership that is ready for
 *	it, NULL if it is there
 * @set_macs: @macs shall replace what there is
 * @macs: source addresses, NULL for any
 *
 * All is read, checked and made ready before anything is done.
 */
struct change {
	unsigned int join_count;
	struct join {
		struct weft_segment *segment;
		u16 vid;
		struct weft_port_vlan *pv;
	} *join;
	bool set_macs;
	struct weft_port_macs *macs;
};

static unsigned int count_attrs(const struct nlattr *nest, int type)
{
	const struct nlattr *attr;
	unsigned int count = 0;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		count += nla_type(attr) == type;
	return count;
}

/* --- VLANs --- */

static int check_join(struct weft_port *port, const struct change *change,
		      const struct join *join, const struct nlattr *nest,
		      struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *in = weft_port_in(port, join->segment);
	unsigned int i;

	if (in && in->vid != join->vid) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "The port is in this segment by another VLAN");
		return -EEXIST;
	}
	if (port->uplink && !join->vid) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "An uplink is in segments by V.VLANs: name a VLAN");
		return -EINVAL;
	}
	if (port->nic && join->vid) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "A VF is in one segment, untagged");
		return -EINVAL;
	}
	if (weft_port_host(port) && join->vid) {
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "The switch's own interface joins one segment, untagged");
		return -EINVAL;
	}
	for (i = 0; i < change->join_count; i++) {
		if (change->join[i].vid != join->vid &&
		    change->join[i].segment != join->segment)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, nest,
				    "The VLAN or segment is given twice");
		return -EINVAL;
	}
	return 0;
}

static int read_join(struct weft_port *port, const struct nlattr *nest,
		     struct change *change, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WEFT_A_PORT_VLAN_MAX + 1];
	struct join join = {};
	int err;

	err = weft_nl_parse(tb, WEFT_A_PORT_VLAN_MAX, nest, VLAN, 0, extack);
	if (err)
		return err;
	join.segment = weft_nl_segment(port->sw, nest,
				       tb[WEFT_A_PORT_VLAN_VNI],
				       WEFT_A_PORT_VLAN_VNI, extack);
	if (IS_ERR(join.segment))
		return PTR_ERR(join.segment);
	if (tb[WEFT_A_PORT_VLAN_VID])
		join.vid = nla_get_u16(tb[WEFT_A_PORT_VLAN_VID]);
	err = check_join(port, change, &join, nest, extack);
	if (err)
		return err;
	change->join[change->join_count++] = join;
	return 0;
}

static int read_joins(struct weft_port *port, const struct nlattr *nest,
		      struct change *change, struct netlink_ext_ack *extack)
{
	unsigned int count = count_attrs(nest, WEFT_A_PORT_VLAN);
	const struct nlattr *attr;
	int rem, err;

	if (!count)
		return 0;
	change->join = kvmalloc_array(count, sizeof(*change->join),
				      GFP_KERNEL);
	if (!change->join)
		return -ENOMEM;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PORT_VLAN)
			continue;
		err = read_join(port, attr, change, extack);
		if (err)
			return err;
	}
	return 0;
}

/* --- source addresses --- */

static int read_mac(const struct nlattr *attr, struct weft_port_macs *macs,
		    struct netlink_ext_ack *extack)
{
	if (!is_valid_ether_addr(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "No host can have this MAC address");
		return -EINVAL;
	}
	ether_addr_copy(macs->mac[macs->count - 1], nla_data(attr));
	return 0;
}

static int read_macs(const struct nlattr *nest, struct change *change,
		     struct netlink_ext_ack *extack)
{
	unsigned int count = count_attrs(nest, WEFT_A_PORT_MAC);
	struct weft_port_macs *macs;
	const struct nlattr *attr;
	int rem, err;

	change->set_macs = count;
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_PORT_MAC)
			continue;
		if (count == 1 && is_zero_ether_addr(nla_data(attr)))
			return 0;	/* any */
		if (!change->macs) {
			macs = kzalloc(struct_size(macs, mac, count),
				       GFP_KERNEL_ACCOUNT);
			if (!macs)
				return -ENOMEM;
			change->macs = macs;
		}
		if (change->macs->count == WEFT_PORT_MACS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "Too many MAC addresses for a port");
			return -ENOSPC;
		}
		change->macs->count++;
		err = read_mac(attr, change->macs, extack);
		if (err)
			return err;
	}
	return 0;
}

/* --- setting --- */

/* A NIC that limits its VFs sees to it. */
static bool is_limited(const struct weft_port *port)
{
	if (port->prio)
		return true;
	return port->limit.rate &&
	       !(port->nic && port->nic->caps.features & WEFT_NIC_VF_RATE);
}

static void set_limits(struct weft_port *port, struct nlattr **tb)
{
	const struct nlattr *burst = tb[WEFT_A_PORT_BURST];

	if (tb[WEFT_A_PORT_PRIO])
		WRITE_ONCE(port->prio, nla_get_u8(tb[WEFT_A_PORT_PRIO]));
	if (tb[WEFT_A_PORT_RATE])
		weft_limit_set(&port->limit,
			       nla_get_u64(tb[WEFT_A_PORT_RATE]),
			       burst ? nla_get_u32(burst) : 0);
}

static void set_flags(struct weft_port *port, struct nlattr **tb)
{
	u32 value = port->flags & ~WEFT_END_LIMITED;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!tb[flags[i].attr])
			continue;
		if (nla_get_u8(tb[flags[i].attr]))
			value |= flags[i].flag;
		else
			value &= ~flags[i].flag;
	}
	set_limits(port, tb);
	if (is_limited(port))
		value |= WEFT_END_LIMITED;
	weft_port_set_flags(port, value);
	if (tb[WEFT_A_PORT_LEARNING])
		WRITE_ONCE(port->learning,
			   nla_get_u8(tb[WEFT_A_PORT_LEARNING]));
	if (tb[WEFT_A_PORT_LIMIT])
		WRITE_ONCE(port->quota.limit,
			   nla_get_u32(tb[WEFT_A_PORT_LIMIT]));
}

static int refuse_setting(const struct nlattr *attr, const char *why,
			  struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG_FMT(extack, "%s", why);
	NL_SET_BAD_ATTR(extack, attr);
	return -EINVAL;
}

/* Is there an adjacent switch for all segments that the port is in, or is going
 * to be?
 */
static bool has_relays(struct weft_port *port, const struct change *change)
{
	struct weft_port_vlan *pv = rtnl_dereference(port->untagged);
	unsigned long vid;
	unsigned int i;

	if (pv && !weft_segment_relays(pv->segment))
		return false;
	xa_for_each(&port->vlans, vid, pv)
		if (!weft_segment_relays(pv->segment))
			return false;
	for (i = 0; i < change->join_count; i++)
		if (!weft_segment_relays(change->join[i].segment))
			return false;
	return true;
}

static int check_settings(struct weft_port *port, struct nlattr **tb,
			  const struct change *change,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *relay = tb[WEFT_A_PORT_RELAY];
	const struct nlattr *vepa = tb[WEFT_A_PORT_VEPA];

	if (tb[WEFT_A_PORT_BURST] && !tb[WEFT_A_PORT_RATE])
		return refuse_setting(tb[WEFT_A_PORT_BURST],
				   "A burst needs the rate", extack);
	if (tb[WEFT_A_PORT_PRIO] && port->nic)
		return refuse_setting(tb[WEFT_A_PORT_PRIO],
				   "A NIC has no priorities for its VFs",
				   extack);
	if (relay && nla_get_u8(relay) && !port->uplink)
		return refuse_setting(relay,
				   "The adjacent switch is behind an uplink, and this is none",
				   extack);
	if (!vepa || !nla_get_u8(vepa))
		return 0;
	if (port->uplink)
		return refuse_setting(vepa,
				   "What comes by an uplink does not go back over the adjacent switch",
				   extack);
	if (!has_relays(port, change))
		return refuse_setting(vepa,
				   "VEPA needs, in each segment of the port, an uplink port with relay on, or a relay-vtep",
				   extack);
	return 0;
}

static int prepare(struct weft_port *port, struct change *change,
		   struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *pv;
	struct join *join;
	unsigned int i;

	for (i = 0; i < change->join_count; i++) {
		join = &change->join[i];
		pv = weft_port_prepare(port, join->vid, join->segment, extack);
		if (IS_ERR(pv))
			return PTR_ERR(pv);
		join->pv = pv;
	}
	return 0;
}

/* Nothing can fail now. The addresses that the port is held to and its flags
 * count from its first frame in a segment on.
 */
static void commit(struct weft_port *port, struct nlattr **tb,
		   const struct change *change)
{
	unsigned int i;

	if (change->set_macs)
		weft_port_set_macs(port, change->macs);
	set_flags(port, tb);
	for (i = 0; i < change->join_count; i++)
		if (change->join[i].pv)
			weft_port_commit(change->join[i].pv);
	weft_port_changed(port);
}

static void forget(const struct change *change)
{
	unsigned int i;

	for (i = 0; i < change->join_count; i++)
		if (change->join[i].pv)
			weft_port_abort(change->join[i].pv);
	kfree(change->macs);
}

static struct weft_port *find(struct genl_info *info, struct nlattr **tb,
			      u32 take, u32 multi)
{
	int err;

	err = weft_nl_nest(info, WEFT_A_PORT, tb, WEFT_A_PORT_MAX, take,
			   multi);
	if (err)
		return ERR_PTR(err);
	return weft_nl_port(weft_nl_switch(info), info->attrs[WEFT_A_PORT],
			    tb[WEFT_A_PORT_IFINDEX], tb[WEFT_A_PORT_VF],
			    WEFT_A_PORT_IFINDEX, info->extack);
}

/* A VF's addresses are known from the start. */
static int claim(struct weft_port *port, const struct change *change,
		 struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *pv = rtnl_dereference(port->untagged);
	const struct weft_port_macs *macs = rtnl_dereference(port->macs);

	if (change->join_count && change->join[0].pv)
		pv = change->join[0].pv;
	if (change->set_macs)
		macs = change->macs;
	if (!pv)
		return 0;
	if (macs)
		return weft_port_claim(pv, macs, extack);
	NL_SET_ERR_MSG(extack,
		       "A VF in a segment needs the MAC address of its VM");
	return -EINVAL;
}

static void disclaim(struct weft_port *port, const struct change *change)
{
	struct weft_port_vlan *pv = rtnl_dereference(port->untagged);

	if (pv && change->set_macs)
		weft_port_disclaim(pv, rtnl_dereference(port->macs),
				   change->macs);
}

static int set(struct weft_port *port, const struct genl_info *info,
	       struct nlattr **tb)
{
	const struct nlattr *nest = info->attrs[WEFT_A_PORT];
	struct change change = {};
	int err;

	err = read_joins(port, nest, &change, info->extack);
	if (!err)
		err = read_macs(nest, &change, info->extack);
	if (!err)
		err = check_settings(port, tb, &change, info->extack);
	if (!err)
		err = prepare(port, &change, info->extack);
	if (!err && port->nic)
		err = claim(port, &change, info->extack);
	if (err) {
		weft_nl_blame(info->extack, nest);
		forget(&change);
	} else {
		if (port->nic)
			disclaim(port, &change);
		commit(port, tb, &change);
	}
	kvfree(change.join);
	return err;
}

int weft_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PORT_MAX + 1];
	struct weft_port *port;

	port = find(info, tb, CONFIG, MULTI);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return set(port, info, tb);
}

/* --- VFs and uplinks, which are no ports by being enslaved --- */

static struct weft_port *make(struct genl_info *info, struct nlattr **tb)
{
	struct weft_switch *sw = weft_nl_switch(info);
	const struct nlattr *nest = info->attrs[WEFT_A_PORT];
	const struct nlattr *attr = tb[WEFT_A_PORT_IFINDEX];
	struct weft_port *port;
	struct net_device *pf;

	if (!attr)
		return ERR_PTR(weft_nl_missing(info->extack, nest,
					       WEFT_A_PORT_IFINDEX));
	if (!tb[WEFT_A_PORT_VF]) {
		port = weft_trunk_add(sw, nla_get_u32(attr), info->extack);
		if (IS_ERR(port))
			weft_nl_blame(info->extack, attr);
		return port;
	}
	pf = __dev_get_by_index(sw->net, nla_get_u32(attr));
	if (!pf) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "No such device in the underlay");
		return ERR_PTR(-ENODEV);
	}
	port = weft_nic_add_port(sw, pf, nla_get_u16(tb[WEFT_A_PORT_VF]),
				 info->extack);
	if (IS_ERR(port))
		weft_nl_blame(info->extack, attr);
	return port;
}

static void unmake(struct weft_port *port)
{
	if (port->nic)
		weft_nic_del_port(port);
	else
		weft_trunk_del(port);
}

int weft_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PORT_MAX + 1];
	struct weft_port *port;
	int err;

	err = weft_nl_nest(info, WEFT_A_PORT, tb, WEFT_A_PORT_MAX, CONFIG,
			   MULTI);
	if (err)
		return err;
	port = make(info, tb);
	if (IS_ERR(port))
		return PTR_ERR(port);
	err = set(port, info, tb);
	if (err)
		unmake(port);
	return err;
}

/* --- leaving --- */

/* The membership that a VLAN nest means, NULL if there is none. */
static struct weft_port_vlan *find_vlan(struct weft_port *port,
					struct nlattr **tb)
{
	struct weft_segment *segment = NULL;
	struct weft_port_vlan *pv;

	if (tb[WEFT_A_PORT_VLAN_VNI]) {
		segment = weft_segment_lookup(port->sw,
					nla_get_u32(tb[WEFT_A_PORT_VLAN_VNI]));
		if (!segment)
			return NULL;
	}
	if (!tb[WEFT_A_PORT_VLAN_VID])
		return weft_port_in(port, segment);
	pv = weft_port_vlan(port, nla_get_u16(tb[WEFT_A_PORT_VLAN_VID]));
	return pv && segment && pv->segment != segment ? NULL : pv;
}

/* Checks a VLAN nest or, if @leave, takes the port out. */
static int leave(struct weft_port *port, const struct nlattr *nest, bool leave,
		 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WEFT_A_PORT_VLAN_MAX + 1];
	struct weft_port_vlan *pv;
	int err;

	err = weft_nl_parse(tb, WEFT_A_PORT_VLAN_MAX, nest, VLAN, 0, extack);
	if (err)
		return err;
	if (!tb[WEFT_A_PORT_VLAN_VNI] && !tb[WEFT_A_PORT_VLAN_VID])
		return weft_nl_missing(extack, nest, WEFT_A_PORT_VLAN_VNI);
	pv = find_vlan(port, tb);
	if (leave) {
		if (pv)	/* it may be named twice */
			weft_port_leave(pv);
		return 0;
	}
	if (pv)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, nest,
			    "The port is not in this segment or VLAN");
	return -ENOENT;
}

static int leave_given(struct weft_port *port, const struct nlattr *nest,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err, pass;

	for (pass = 0; pass < 2; pass++) {
		nla_for_each_nested(attr, nest, rem) {
			if (nla_type(attr) != WEFT_A_PORT_VLAN)
				continue;
			err = leave(port, attr, pass, extack);
			if (err)
				return err;
		}
	}
	return 0;
}

int weft_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_PORT];
	struct nlattr *tb[WEFT_A_PORT_MAX + 1];
	struct weft_port *port;
	int err = 0;

	port = find(info, tb, KEY | BIT(WEFT_A_PORT_VLAN),
		    BIT(WEFT_A_PORT_VLAN));
	if (IS_ERR(port))
		return PTR_ERR(port);
	if ((port->nic || port->uplink) &&
	    !netlink_ns_capable(skb, port->sw->net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(info->extack,
			       "The underlay's namespace demands CAP_NET_ADMIN");
		return -EPERM;
	}
	if (tb[WEFT_A_PORT_VLAN])
		err = leave_given(port, nest, info->extack);
	else
		weft_port_leave_all(port);
	if (err)
		return err;
	if ((port->nic && !rtnl_dereference(port->untagged)) ||
	    (port->uplink && !port->vlan_count))
		unmake(port);
	else
		weft_port_changed(port);
	return 0;
}

/* --- answers --- */

static int put_flags(struct sk_buff *skb, const struct weft_port *port)
{
	u32 not_its = port->uplink ? WEFT_END_VEPA : WEFT_END_RELAY;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (flags[i].flag != not_its &&
		    nla_put_u8(skb, flags[i].attr,
			       !!(port->flags & flags[i].flag)))
			return -EMSGSIZE;
	return nla_put_u8(skb, WEFT_A_PORT_LEARNING, port->learning);
}

static int put_limits(struct sk_buff *skb, const struct weft_port *port)
{
	if (nla_put_u64_64bit(skb, WEFT_A_PORT_RATE, port->limit.rate,
			      WEFT_A_PORT_PAD) ||
	    (port->limit.rate &&
	     nla_put_u32(skb, WEFT_A_PORT_BURST, port->limit.burst)))
		return -EMSGSIZE;
	return nla_put_u8(skb, WEFT_A_PORT_PRIO, port->prio);
}

static int put_macs(struct sk_buff *skb, const struct weft_port *port)
{
	const struct weft_port_macs *macs = rcu_dereference_rtnl(port->macs);
	unsigned int i;

	for (i = 0; macs && i < macs->count; i++)
		if (nla_put(skb, WEFT_A_PORT_MAC, ETH_ALEN, macs->mac[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_vlan(struct sk_buff *skb, const struct weft_port_vlan *pv)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_PORT_VLAN);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, WEFT_A_PORT_VLAN_VID, pv->vid) ||
	    nla_put_u32(skb, WEFT_A_PORT_VLAN_VNI, pv->segment->vni) ||
	    nla_put_u32(skb, WEFT_A_PORT_VLAN_LEARNED,
			READ_ONCE(pv->dest.learned))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Tells VLANs from *@vid on, and moves it on. */
static int put_vlans(struct sk_buff *skb, struct weft_port *port,
		     u32 *vid)
{
	struct weft_port_vlan *pv;
	unsigned long index;
	int err;

	xa_for_each_start(&port->vlans, index, pv, *vid) {
		err = put_vlan(skb, pv);
		if (err) {
			*vid = index;
			return err;
		}
	}
	return 0;
}

static int put_config(struct sk_buff *skb, const struct weft_port *port)
{
	const struct weft_port_vlan *pv = rcu_dereference_rtnl(port->untagged);

	if (put_flags(skb, port) || put_limits(skb, port) ||
	    put_macs(skb, port) ||
	    nla_put_u32(skb, WEFT_A_PORT_LIMIT, port->quota.limit) ||
	    nla_put_u32(skb, WEFT_A_PORT_LEARNED,
			READ_ONCE(port->quota.used)) ||
	    weft_nl_put_stats(skb, WEFT_A_PORT_STATS, port->stats))
		return -EMSGSIZE;
	return pv ? put_vlan(skb, pv) : 0;
}

/* The part is the next VLAN, 0 for the settings and the untagged one. */
static int fill(struct sk_buff *skb, struct weft_port *port, u32 *part,
		bool link)
{
	struct nlattr *nest;
	int err;

	nest = nla_nest_start(skb, WEFT_A_PORT);
	if (!nest ||
	    nla_put_u32(skb, WEFT_A_PORT_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(skb, WEFT_A_PORT_NAME, port->dev->name) ||
	    (port->nic && nla_put_u16(skb, WEFT_A_PORT_VF, port->vf)) ||
	    (port->uplink && nla_put_flag(skb, WEFT_A_PORT_UPLINK)))
		return -EMSGSIZE;
	if (!*part) {
		if (put_config(skb, port) ||
		    (link && weft_nl_put_link(skb, port)))
			return -EMSGSIZE;
		*part = 1;
	}
	err = put_vlans(skb, port, part);
	nla_nest_end(skb, nest);
	return err;
}

/* See weft_nl_fill_fn. Context: RTNL. */
int weft_nl_fill_port(struct sk_buff *skb, const void *object, u32 *part)
{
	return fill(skb, (struct weft_port *)object, part, false);
}

/* Likewise, for who asks. Context: RTNL, may sleep. */
static int fill_asked(struct sk_buff *skb, const void *object, u32 *part)
{
	return fill(skb, (struct weft_port *)object, part, true);
}

int weft_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_PORT_MAX + 1];
	struct weft_port *port;

	port = find(info, tb, KEY, 0);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return weft_nl_reply(info, fill_asked, port);
}

/* How far a dump has come: the next port, and how much of it was told. */
struct progress {
	u32 port;
	u32 part;
};

static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct progress *progress = (struct progress *)cb->ctx;
	struct weft_nl_head head;
	struct weft_switch *sw;
	struct weft_port *port;
	u32 i = 0;
	int err;

	sw = weft_nl_find(genl_info_dump(cb));
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	weft_nl_dump_head(cb, sw, &head);
	cb->seq = weft_nl_config_seq();
	list_for_each_entry(port, &sw->ports, node) {
		if (i++ < progress->port)
			continue;
		err = weft_nl_put(skb, &head, fill_asked, port,
				  &progress->part);
		if (err)
			return err;
		progress->port++;
		progress->part = 0;
	}
	return 0;
}

int weft_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	int err;

	rtnl_lock();
	err = dump(skb, cb);
	rtnl_unlock();
	return err;
}
