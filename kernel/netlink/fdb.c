// SPDX-License-Identifier: GPL-2.0
/*
 * The mapping table as the forwarding table of a device, so that the bridge
 * tool of iproute2 works: src_vni is the segment, dst a peer, via a port, the
 * all-zeros address the flood list.
 */

#include <linux/etherdevice.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include "fdb.h"
#include "map.h"
#include "netlink.h"
#include "peer.h"
#include "port.h"
#include "segment.h"
#include "walk.h"

/* How states look: as vxlan shows what is permanent, what a routing daemon
 * put there, and what was learned.
 */
static const struct {
	u16 state;
	u8 flags;
} looks[] = {
	[WEFT_STATE_LEARNED] = { NUD_REACHABLE, NTF_SELF },
	[WEFT_STATE_CONTROLLER] = { NUD_NOARP | NUD_REACHABLE,
				    NTF_SELF | NTF_EXT_LEARNED },
	[WEFT_STATE_STATIC] = { NUD_NOARP | NUD_PERMANENT, NTF_SELF },
};

/* --- what is asked for --- */

/* The core hands over attributes that nobody has looked at. */
static int check_len(struct nlattr *tb[], int type, int len,
		     struct netlink_ext_ack *extack)
{
	if (!tb[type] || nla_len(tb[type]) == len)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, tb[type],
			    "The attribute has a wrong length");
	return -EINVAL;
}

static int check_attrs(struct nlattr *tb[], u16 vid,
		       struct netlink_ext_ack *extack)
{
	int err;

	if (vid) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_VLAN],
				    "A segment has a VNI, its VLAN is a matter of each port");
		return -EOPNOTSUPP;
	}
	if (tb[NDA_PORT]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_PORT],
				    "The UDP port is the switch's");
		return -EOPNOTSUPP;
	}
	if (tb[NDA_NH_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_NH_ID],
				    "Nexthop groups are not supported");
		return -EOPNOTSUPP;
	}
	err = check_len(tb, NDA_SRC_VNI, sizeof(u32), extack);
	if (!err)
		err = check_len(tb, NDA_VNI, sizeof(u32), extack);
	if (!err)
		err = check_len(tb, NDA_IFINDEX, sizeof(u32), extack);
	return err;
}

static struct weft_segment *find_segment(struct weft_switch *sw,
					 struct nlattr *tb[],
					 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[NDA_SRC_VNI] ?: tb[NDA_VNI];

	if (!attr) {
		NL_SET_ERR_MSG(extack, "Which segment? It needs src_vni");
		return ERR_PTR(-EINVAL);
	}
	if (tb[NDA_VNI] && nla_get_u32(tb[NDA_VNI]) != nla_get_u32(attr)) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_VNI],
				    "The VNI in the tunnel is that of the segment");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return weft_nl_segment(sw, NULL, attr, NDA_SRC_VNI, extack);
}

static struct weft_dest *find_port(struct weft_segment *segment,
				   const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	struct weft_port_vlan *pv;
	struct weft_port *port;

	port = weft_nl_port(segment->sw, NULL, attr, NULL, NDA_IFINDEX,
			    extack);
	if (IS_ERR(port))
		return ERR_CAST(port);
	pv = weft_port_in(port, segment);
	if (pv)
		return &pv->dest;
	NL_SET_ERR_MSG_ATTR(extack, attr, "The port is not in this segment");
	return ERR_PTR(-ENOENT);
}

/* Returns the peer pinned. */
static struct weft_dest *find_peer(struct weft_switch *sw,
				   const struct nlattr *attr, bool make,
				   struct netlink_ext_ack *extack)
{
	struct weft_peer *peer;
	struct weft_addr ip;
	int err;

	err = weft_nl_vtep(attr, &ip, extack);
	if (err)
		return ERR_PTR(err);
	if (weft_addr_multicast(&ip)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A group belongs to a segment, it is no peer");
		return ERR_PTR(-EADDRNOTAVAIL);
	}
	if (make) {
		peer = weft_peer_get(sw, &ip, 0, GFP_KERNEL, extack);
	} else {
		peer = weft_peer_find(sw, &ip, 0);
		if (!peer) {
			NL_SET_ERR_MSG(extack, "No such peer");
			peer = ERR_PTR(-ENOENT);
		}
	}
	if (!IS_ERR(peer))
		return &peer->dest;
	weft_nl_blame(extack, attr);
	return ERR_CAST(peer);
}

/* Returns a destination that put_dest() lets go, NULL if none is given. */
static struct weft_dest *get_dest(struct weft_segment *segment,
				  struct nlattr *tb[], bool make,
				  struct netlink_ext_ack *extack)
{
	if (tb[NDA_DST] && tb[NDA_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_IFINDEX],
				    "A destination is either a peer (dst) or a port (via)");
		return ERR_PTR(-EINVAL);
	}
	if (tb[NDA_IFINDEX])
		return find_port(segment, tb[NDA_IFINDEX], extack);
	if (tb[NDA_DST])
		return find_peer(segment->sw, tb[NDA_DST], make, extack);
	return NULL;
}

static void put_dest(struct weft_dest *dest)
{
	if (dest && dest->type == WEFT_DEST_PEER)
		weft_peer_put(weft_dest_peer(dest));
}

static int check_capable(const struct weft_switch *sw,
			 struct netlink_ext_ack *extack)
{
	if (ns_capable(sw->net->user_ns, CAP_NET_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "The underlay's namespace demands CAP_NET_ADMIN");
	return -EPERM;
}

/* --- add and del --- */

static int read_state(const struct ndmsg *ndm, struct nlattr *tb[],
		      enum weft_state *state, struct netlink_ext_ack *extack)
{
	if (ndm->ndm_flags & ~(NTF_SELF | NTF_MASTER | NTF_EXT_LEARNED) ||
	    tb[NDA_FLAGS_EXT]) {
		NL_SET_ERR_MSG(extack,
			       "Of the flags only extern_learn is supported");
		return -EOPNOTSUPP;
	}
	if (!(ndm->ndm_state & (NUD_PERMANENT | NUD_REACHABLE)) ||
	    ndm->ndm_state & ~(NUD_PERMANENT | NUD_REACHABLE | NUD_NOARP)) {
		NL_SET_ERR_MSG(extack,
			       "An entry is permanent or static, or extern_learn");
		return -EINVAL;
	}
	*state = WEFT_STATE_CONTROLLER;
	if (ndm->ndm_flags & NTF_EXT_LEARNED)
		return 0;
	*state = WEFT_STATE_STATIC;
	if (ndm->ndm_state & (NUD_PERMANENT | NUD_NOARP))
		return 0;
	NL_SET_ERR_MSG(extack, "What is learned comes from traffic alone");
	return -EINVAL;
}

static int add(struct weft_switch *sw, struct nlattr *tb[], const u8 *mac,
	       enum weft_state state, enum weft_mode op,
	       struct netlink_ext_ack *extack)
{
	struct weft_segment *segment;
	struct weft_dest *dest;
	int err;

	segment = find_segment(sw, tb, extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	dest = get_dest(segment, tb, true, extack);
	if (IS_ERR(dest))
		return PTR_ERR(dest);
	if (!dest) {
		NL_SET_ERR_MSG(extack,
			       "The entry needs a peer (dst) or a port (via)");
		return -EINVAL;
	}
	err = weft_map_add(&sw->map, &segment->scope, mac, &dest, 1, state, op,
			   extack);
	put_dest(dest);
	return err;
}

/* rtnetlink asks for one of them; bridge says append and replace. */
static enum weft_mode mode_of(u16 flags)
{
	if (flags & NLM_F_APPEND)
		return WEFT_MODE_APPEND;
	if (flags & NLM_F_REPLACE)
		return WEFT_MODE_REPLACE;
	return flags & NLM_F_EXCL ? WEFT_MODE_EXCLUSIVE : WEFT_MODE_ADD;
}

int weft_fdb_add(struct ndmsg *ndm, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 u16 flags, WEFT_FDB_NOTIFIED struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = netdev_priv(dev);
	enum weft_state state;
	int err;

	err = check_capable(sw, extack);
	if (!err)
		err = check_attrs(tb, vid, extack);
	if (!err)
		err = read_state(ndm, tb, &state, extack);
	WEFT_FDB_NOTIFIES();
	return err ?: add(sw, tb, mac, state, mode_of(flags), extack);
}

int weft_fdb_del(struct ndmsg *ndm, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 WEFT_FDB_NOTIFIED struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = netdev_priv(dev);
	struct weft_segment *segment;
	struct weft_dest *dest;
	int err;

	WEFT_FDB_NOTIFIES();
	err = check_capable(sw, extack);
	if (!err)
		err = check_attrs(tb, vid, extack);
	if (err)
		return err;
	segment = find_segment(sw, tb, extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	dest = get_dest(segment, tb, false, extack);
	if (IS_ERR(dest))
		return PTR_ERR(dest);
	err = weft_map_del(&sw->map, segment->vni, mac, &dest, !!dest, extack);
	put_dest(dest);
	return err;
}

/* --- flushing --- */

static const struct nla_policy flush_policy[NDA_MAX + 1] = {
	[NDA_SRC_VNI] = { .type = NLA_U32 },
	[NDA_VNI] = { .type = NLA_U32 },
	[NDA_IFINDEX] = { .type = NLA_U32 },
	[NDA_DST] = { .type = NLA_BINARY },
	[NDA_NDM_STATE_MASK] = { .type = NLA_U16 },
	[NDA_NDM_FLAGS_MASK] = { .type = NLA_U8 },
};

/* The states that look as the masks say. Without any only what was learned
 * goes: a switch is more than one tunnel, and much of it was configured.
 */
static unsigned int flush_states(const struct ndmsg *ndm, struct nlattr *tb[])
{
	unsigned int states = 0, i;
	u16 state_mask = 0;
	u8 flags_mask = 0;

	if (!tb[NDA_NDM_STATE_MASK] && !tb[NDA_NDM_FLAGS_MASK])
		return BIT(WEFT_STATE_LEARNED);
	if (tb[NDA_NDM_STATE_MASK])
		state_mask = nla_get_u16(tb[NDA_NDM_STATE_MASK]);
	if (tb[NDA_NDM_FLAGS_MASK])
		flags_mask = nla_get_u8(tb[NDA_NDM_FLAGS_MASK]);
	for (i = 0; i < ARRAY_SIZE(looks); i++)
		if (!((looks[i].state ^ ndm->ndm_state) & state_mask) &&
		    !((looks[i].flags ^ ndm->ndm_flags) & flags_mask))
			states |= BIT(i);
	return states;
}

static int flush(struct weft_switch *sw, const struct ndmsg *ndm,
		 struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	struct weft_map_filter filter = {
		.states = flush_states(ndm, tb),
	};
	struct weft_segment *segment;

	if (tb[NDA_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[NDA_IFINDEX],
				    "Entries of a port are flushed with weft map flush");
		return -EOPNOTSUPP;
	}
	if (tb[NDA_SRC_VNI] || tb[NDA_VNI]) {
		segment = find_segment(sw, tb, extack);
		if (IS_ERR(segment))
			return PTR_ERR(segment);
		filter.scope = &segment->scope;
	}
	if (tb[NDA_DST]) {
		filter.dest = find_peer(sw, tb[NDA_DST], false, extack);
		if (IS_ERR(filter.dest))
			return PTR_ERR(filter.dest);
	}
	weft_map_flush(&sw->map, &filter);
	put_dest(filter.dest);
	return 0;
}

int weft_fdb_del_bulk(struct nlmsghdr *nlh, struct net_device *dev,
		      struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = netdev_priv(dev);
	struct nlattr *tb[NDA_MAX + 1];
	int err;

	err = check_capable(sw, extack);
	if (!err)
		err = nlmsg_parse(nlh, sizeof(struct ndmsg), tb, NDA_MAX,
				  flush_policy, extack);
	return err ?: flush(sw, nlmsg_data(nlh), tb, extack);
}

/* --- showing --- */

static int put_dst(struct sk_buff *skb, const struct weft_dest *dest)
{
	const struct weft_addr *ip;

	if (dest->type == WEFT_DEST_PEER) {
		ip = &weft_dest_peer(dest)->key.ip;
		/* no tool expects a MAC address there */
		return weft_addr_link(ip) ? 0 :
		       weft_nl_put_addr(skb, NDA_DST, ip);
	}
	return nla_put_u32(skb, NDA_IFINDEX,
			   weft_dest_port(dest)->port->dev->ifindex);
}

static int put_entry(struct sk_buff *skb, const struct weft_entry *entry,
		     const struct weft_dest *dest)
{
	struct nda_cacheinfo ci = {
		.ndm_used = weft_nl_age(READ_ONCE(entry->used)) * USER_HZ,
		.ndm_updated = weft_nl_age(READ_ONCE(entry->seen)) * USER_HZ,
	};

	if (nla_put(skb, NDA_LLADDR, ETH_ALEN, entry->key.mac) ||
	    put_dst(skb, dest) ||
	    nla_put_u32(skb, NDA_SRC_VNI, entry->key.vni) ||
	    nla_put(skb, NDA_CACHEINFO, sizeof(ci), &ci))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct fdb_head - what messages begin with
 * @skb: where to
 * @cmd: RTM_NEWNEIGH or RTM_DELNEIGH
 * @dev: the device
 * @portid: who they are for
 * @seq: of the request
 * @flags: NLM_F_*
 */
struct fdb_head {
	struct sk_buff *skb;
	u16 cmd;
	const struct net_device *dev;
	u32 portid;
	u32 seq;
	int flags;
};

static int put_message(const struct fdb_head *head,
		       const struct weft_entry *entry,
		       const struct weft_dest *dest)
{
	u8 state = READ_ONCE(entry->state);
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	nlh = nlmsg_put(head->skb, head->portid, head->seq, head->cmd,
			sizeof(*ndm), head->flags);
	if (!nlh)
		return -EMSGSIZE;
	ndm = nlmsg_data(nlh);
	*ndm = (struct ndmsg){
		.ndm_family = AF_BRIDGE, .ndm_ifindex = head->dev->ifindex,
		.ndm_state = looks[state].state,
		.ndm_flags = looks[state].flags, .ndm_type = RTN_UNICAST,
	};
	if (put_entry(head->skb, entry, dest)) {
		nlmsg_cancel(head->skb, nlh);
		return -EMSGSIZE;
	}
	nlmsg_end(head->skb, nlh);
	return 0;
}

/* A message a destination; see weft_walk_fn. The part counts them. */
static int tell(void *object, u32 *part, void *arg)
{
	const struct weft_entry *entry = object;
	const struct weft_dest *dest = rcu_dereference(entry->dest);
	const struct weft_dest_set *set;
	const struct weft_dest *member;
	int err;

	if (dest->type != WEFT_DEST_SET)
		return put_message(arg, entry, dest);
	set = container_of(dest, struct weft_dest_set, dest);
	for (; *part < set->count; ++*part) {
		member = rcu_dereference(set->member[*part].dest);
		err = member ? put_message(arg, entry, member) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* The core counts messages for those who can only count, and forgets it for
 * the next device; what it leaves of the context holds our place.
 */
int weft_fdb_dump(struct sk_buff *skb, struct netlink_callback *cb,
		  struct net_device *dev, struct net_device *filter_dev,
		  int *idx)
{
	struct weft_walk *walk = (struct weft_walk *)&cb->args[3];
	struct weft_switch *sw = netdev_priv(dev);
	struct fdb_head head = {
		.skb = skb, .cmd = RTM_NEWNEIGH, .dev = dev,
		.flags = NLM_F_MULTI,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
	};
	int err;

	BUILD_BUG_ON(offsetof(struct netlink_callback, args[3]) +
		     sizeof(*walk) > offsetofend(struct netlink_callback, ctx));
	if (weft_fdb_dump_from(cb) <= *idx)
		*walk = (struct weft_walk){};
	rcu_read_lock();
	err = weft_walk(walk, &sw->map.table, tell, &head);
	rcu_read_unlock();
	if (err)
		++*idx;	/* to be gone on with */
	return err;
}

/* Tells the first destination, as vxlan does. */
static int get(struct weft_switch *sw, const struct fdb_head *head, u32 vni,
	       const u8 *mac)
{
	const struct weft_dest *dest, *member;
	const struct weft_dest_set *set;
	const struct weft_entry *entry;
	unsigned int i;

	entry = weft_map_lookup(&sw->map, vni, mac);
	if (!entry)
		return -ENOENT;
	dest = rcu_dereference(entry->dest);
	if (dest->type != WEFT_DEST_SET)
		return put_message(head, entry, dest);
	set = container_of(dest, struct weft_dest_set, dest);
	for (i = 0; i < set->count; i++) {
		member = rcu_dereference(set->member[i].dest);
		if (member)
			return put_message(head, entry, member);
	}
	return -ENOENT;
}

int weft_fdb_get(struct sk_buff *skb, struct nlattr *tb[],
		 struct net_device *dev, const unsigned char *mac, u16 vid,
		 u32 portid, u32 seq, struct netlink_ext_ack *extack)
{
	struct fdb_head head = {
		.skb = skb, .cmd = RTM_NEWNEIGH, .dev = dev,
		.portid = portid, .seq = seq,
	};
	struct weft_switch *sw = netdev_priv(dev);
	struct weft_segment *segment;
	int err;

	err = check_attrs(tb, vid, extack);
	if (err)
		return err;
	segment = find_segment(sw, tb, extack);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	rcu_read_lock();
	err = get(sw, &head, segment->vni, mac);
	rcu_read_unlock();
	if (err == -ENOENT)
		NL_SET_ERR_MSG(extack, "No such entry");
	return err;
}

/* --- announcing --- */

/**
 * weft_fdb_announce() - tell bridge monitor and its like
 * @dev: the switch's device
 * @entry: the entry
 * @gone: it goes; else it is new or has changed
 *
 * As a dump does, a message a destination. Context: RCU, possibly with the
 * map's lock held.
 */
void weft_fdb_announce(const struct net_device *dev,
		       const struct weft_entry *entry, bool gone)
{
	struct fdb_head head = {
		.cmd = gone ? RTM_DELNEIGH : RTM_NEWNEIGH, .dev = dev,
	};
	struct net *net = dev_net(dev);
	u32 part = 0;
	int err;

	do {
		head.skb = nlmsg_new(NLMSG_DEFAULT_SIZE,
				     GFP_ATOMIC | __GFP_NOWARN);
		if (!head.skb) {
			rtnl_set_sk_err(net, RTNLGRP_NEIGH, -ENOBUFS);
			return;
		}
		err = tell((void *)entry, &part, &head);
		if (!head.skb->len) {
			nlmsg_free(head.skb);
			return;
		}
		rtnl_notify(head.skb, net, 0, RTNLGRP_NEIGH, NULL, GFP_ATOMIC);
	} while (err);
}
