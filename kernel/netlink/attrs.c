// SPDX-License-Identifier: GPL-2.0
/* Attributes that are read or written in more than one place. */

#include <linux/etherdevice.h>

#include "netlink.h"
#include "peer.h"
#include "port.h"
#include "segment.h"

/* --- requests --- */

/**
 * weft_nl_missing() - refuse a request for want of an attribute
 * @extack: gets the sentence
 * @nest: where it should be, NULL for the message itself
 * @type: of the attribute
 *
 * Return: -EINVAL.
 */
int weft_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		    u16 type)
{
	NL_SET_ERR_MSG(extack, "A needed attribute is missing");
	NL_SET_ERR_ATTR_MISS(extack, nest, type);
	return -EINVAL;
}

/**
 * weft_nl_blame() - tell the attribute that a refusal is about
 * @extack: of a refusal
 * @attr: the attribute, unless a more exact one is told already
 */
void weft_nl_blame(struct netlink_ext_ack *extack, const struct nlattr *attr)
{
	if (extack && !extack->bad_attr && !extack->miss_type)
		NL_SET_BAD_ATTR(extack, attr);
}

/**
 * weft_nl_once() - refuse attributes that are given twice
 * @attrs: the attributes
 * @len: of them
 * @tb: what parsing them gave
 * @multi: bits of those that may be there many times
 * @extack: gets the sentence of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int weft_nl_once(const struct nlattr *attrs, int len, struct nlattr **tb,
		 u64 multi, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nla_for_each_attr(attr, attrs, len, rem) {
		if (tb[nla_type(attr)] == attr || multi & BIT_ULL(nla_type(attr)))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The attribute is given twice");
		return -EINVAL;
	}
	return 0;
}

/**
 * weft_nl_parse() - read a nest
 * @tb: set to the attributes
 * @max: highest type
 * @nest: the nest; generic netlink has checked what is in it against the
 *	policies, which this need not do again
 * @take: bits of the attributes that the request takes
 * @multi: bits of those that may be there many times
 * @extack: gets the sentence of a refusal
 *
 * Return: 0 or an error.
 */
int weft_nl_parse(struct nlattr **tb, int max, const struct nlattr *nest,
		  u64 take, u64 multi, struct netlink_ext_ack *extack)
{
	int err, i;

	err = nla_parse_nested(tb, max, nest, NULL, extack);
	if (err)
		return err;
	for (i = 1; i <= max; i++) {
		if (!tb[i] || take & BIT_ULL(i))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, tb[i],
				    "The request does not take this attribute");
		return -EINVAL;
	}
	return weft_nl_once(nla_data(nest), nla_len(nest), tb, multi, extack);
}

/**
 * weft_nl_nest() - read the nest that a request is about
 * @info: the request
 * @attr: WEFT_A_*
 * @tb: set to the attributes
 * @max: highest type
 * @take: bits of the attributes that the request takes
 * @multi: bits of those that may be there many times
 *
 * Return: 0 or an error.
 */
int weft_nl_nest(const struct genl_info *info, int attr, struct nlattr **tb,
		 int max, u64 take, u64 multi)
{
	if (!info->attrs[attr])
		return weft_nl_missing(info->extack, NULL, attr);
	return weft_nl_parse(tb, max, info->attrs[attr], take, multi,
			     info->extack);
}

/** weft_nl_addr() - read an IP address; returns 0 or -EINVAL */
int weft_nl_addr(const struct nlattr *attr, struct weft_addr *addr,
		 struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != ETH_ALEN &&
	    weft_addr_set(addr, nla_data(attr), nla_len(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "An IP address has 4 or 16 bytes");
	return -EINVAL;
}

/** weft_nl_vtep() - read an address of the underlay; returns 0 or -EINVAL */
int weft_nl_vtep(const struct nlattr *attr, struct weft_addr *addr,
		 struct netlink_ext_ack *extack)
{
	if (weft_addr_set(addr, nla_data(attr), nla_len(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "An IP address has 4 or 16 bytes, a MAC address 6");
	return -EINVAL;
}

/** weft_nl_unicast() - read the IP address of a host; returns 0 or -EINVAL */
int weft_nl_unicast(const struct nlattr *attr, struct weft_addr *addr,
		    struct netlink_ext_ack *extack)
{
	int err;

	err = weft_nl_addr(attr, addr, extack);
	if (err || weft_addr_unicast(addr))
		return err;
	NL_SET_ERR_MSG_ATTR(extack, attr, "No host can have this IP address");
	return -EINVAL;
}

/**
 * weft_nl_state() - read the state that an object shall be in
 * @attr: the attribute, NULL for static
 * @state: set to it
 * @extack: gets the sentence of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int weft_nl_state(const struct nlattr *attr, enum weft_state *state,
		  struct netlink_ext_ack *extack)
{
	*state = attr ? nla_get_u32(attr) : WEFT_STATE_STATIC;
	if (*state != WEFT_STATE_LEARNED)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "What is learned comes from traffic alone");
	return -EINVAL;
}

/**
 * weft_nl_mode() - read what a request wants where there is an entry
 * @info: the request
 * @take: bits of the modes that make sense to it
 * @mode: set to one of them
 *
 * Return: 0 or -EINVAL.
 */
int weft_nl_mode(const struct genl_info *info, u32 take, enum weft_mode *mode)
{
	const struct nlattr *attr = info->attrs[WEFT_A_MODE];

	*mode = attr ? nla_get_u32(attr) : WEFT_MODE_ADD;
	if (take & BIT(*mode))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "The request does not take this mode");
	return -EINVAL;
}

/**
 * weft_nl_segment() - find the segment that a request names
 * @sw: the switch
 * @nest: where it is named
 * @attr: the VNI, NULL if it is missing
 * @type: of @attr
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL or RCU. Return: the segment or an error pointer.
 */
struct weft_segment *weft_nl_segment(struct weft_switch *sw,
				     const struct nlattr *nest,
				     const struct nlattr *attr, u16 type,
				     struct netlink_ext_ack *extack)
{
	struct weft_segment *segment;

	if (!attr)
		return ERR_PTR(weft_nl_missing(extack, nest, type));
	segment = weft_segment_lookup(sw, nla_get_u32(attr));
	if (segment)
		return segment;
	NL_SET_ERR_MSG_ATTR(extack, attr, "No such segment");
	return ERR_PTR(-ENOENT);
}

/**
 * weft_nl_port() - find the port that a request names
 * @sw: the switch
 * @nest: where it is named
 * @attr: the interface index, NULL if it is missing
 * @vf: which VF of that, NULL if the port is none
 * @type: of @attr
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL or RCU. Return: the port or an error pointer.
 */
struct weft_port *weft_nl_port(struct weft_switch *sw,
			       const struct nlattr *nest,
			       const struct nlattr *attr,
			       const struct nlattr *vf, u16 type,
			       struct netlink_ext_ack *extack)
{
	struct weft_port *port;

	if (!attr)
		return ERR_PTR(weft_nl_missing(extack, nest, type));
	port = weft_port_find(sw, nla_get_u32(attr),
			      vf ? nla_get_u16(vf) : -1);
	if (port)
		return port;
	if (vf)
		NL_SET_ERR_MSG_ATTR(extack, vf,
				    "The VF is no port of the switch");
	else
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The device is no port of the switch");
	return ERR_PTR(-ENOENT);
}

/* --- answers --- */

/** weft_nl_age() - seconds since a second of weft_now() */
u32 weft_nl_age(u32 then)
{
	s32 age = weft_now() - then;

	return max(age, 0);
}

int weft_nl_put_addr(struct sk_buff *skb, int type,
		     const struct weft_addr *addr)
{
	return nla_put(skb, type, weft_addr_len(addr), &addr->v6);
}

static int put_dst(struct sk_buff *skb, const struct weft_dest *dest)
{
	const struct weft_port_vlan *pv;

	if (dest->type == WEFT_DEST_PEER)
		return weft_nl_put_addr(skb, WEFT_A_DST_PEER,
					&weft_dest_peer(dest)->key.ip);
	pv = weft_dest_port(dest);
	if (nla_put_u32(skb, WEFT_A_DST_PORT, pv->port->dev->ifindex))
		return -EMSGSIZE;
	if (pv->port->nic &&
	    nla_put_u16(skb, WEFT_A_DST_VF, pv->port->vf))
		return -EMSGSIZE;
	return nla_put_u16(skb, WEFT_A_DST_VID, pv->vid);
}

/**
 * weft_nl_put_dst() - write a destination
 * @skb: the message
 * @type: of the attribute
 * @dest: a port or a peer
 *
 * Context: RCU. Return: 0 or -EMSGSIZE, nothing is written then.
 */
int weft_nl_put_dst(struct sk_buff *skb, int type,
		    const struct weft_dest *dest)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (put_dst(skb, dest)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, WEFT_A_STATS_PAD);
}

/** weft_nl_put_totals() - write counters; returns 0 or -EMSGSIZE */
int weft_nl_put_totals(struct sk_buff *skb, int type,
		       const struct weft_totals *totals)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (put_u64(skb, WEFT_A_STATS_RX_PACKETS, totals->rx_packets) ||
	    put_u64(skb, WEFT_A_STATS_RX_BYTES, totals->rx_bytes) ||
	    put_u64(skb, WEFT_A_STATS_TX_PACKETS, totals->tx_packets) ||
	    put_u64(skb, WEFT_A_STATS_TX_BYTES, totals->tx_bytes) ||
	    put_u64(skb, WEFT_A_STATS_DROPS, totals->drops)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/** weft_nl_put_stats() - write counters of all CPUs; returns 0 or -EMSGSIZE */
int weft_nl_put_stats(struct sk_buff *skb, int type,
		      const struct weft_stats __percpu *stats)
{
	struct weft_totals totals;

	weft_stats_sum(stats, &totals);
	return weft_nl_put_totals(skb, type, &totals);
}
