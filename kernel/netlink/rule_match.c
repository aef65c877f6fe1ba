// SPDX-License-Identifier: GPL-2.0
/* What a rule matches: attributes to bits of a flow, and back. */

#include <linux/etherdevice.h>

#include "netlink.h"
#include "rule_match.h"

/* What a rule asks, and what it says so far. */
struct reading {
	const struct nlattr *nest;
	struct nlattr **tb;
	struct weft_filter *filter;
	struct netlink_ext_ack *extack;
};

static int refuse(struct reading *reading, int attr, const char *why)
{
	NL_SET_ERR_MSG_FMT(reading->extack, "%s", why);
	NL_SET_BAD_ATTR(reading->extack, reading->tb[attr] ?: reading->nest);
	return -EINVAL;
}

/* --- Ethernet --- */

static int read_mac(struct reading *reading, int attr, int mask_attr,
		    u8 *value, u8 *mask)
{
	struct nlattr **tb = reading->tb;
	unsigned int i;

	if (!tb[attr])
		return tb[mask_attr] ? refuse(reading, mask_attr,
					      "A mask needs the address") : 0;
	nla_memcpy(value, tb[attr], ETH_ALEN);
	if (tb[mask_attr])
		nla_memcpy(mask, tb[mask_attr], ETH_ALEN);
	else
		eth_broadcast_addr(mask);
	for (i = 0; i < ETH_ALEN; i++)
		if (value[i] & ~mask[i])
			return refuse(reading, attr,
				      "The address has bits beside its mask");
	return 0;
}

static int read_macs(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	int err;

	err = read_mac(reading, WEFT_A_RULE_SRC, WEFT_A_RULE_SRC_MASK,
		       filter->value.src, filter->mask.src);
	if (err)
		return err;
	if (is_multicast_ether_addr(filter->value.src))
		return refuse(reading, WEFT_A_RULE_SRC,
			      "No frame comes from a group address");
	return read_mac(reading, WEFT_A_RULE_DST, WEFT_A_RULE_DST_MASK,
			filter->value.dst, filter->mask.dst);
}

static int read_cast(struct reading *reading)
{
	static const u8 kinds[] = {
		[WEFT_CAST_MULTICAST] = WEFT_FLOW_MULTICAST,
		[WEFT_CAST_BROADCAST] = WEFT_FLOW_BROADCAST,
	};
	const struct nlattr *attr = reading->tb[WEFT_A_RULE_CAST];
	struct weft_filter *filter = reading->filter;
	bool group;
	u32 cast;

	if (!attr)
		return 0;
	cast = nla_get_u32(attr);
	filter->value.kind |= kinds[cast];
	filter->mask.kind |= WEFT_FLOW_MULTICAST | WEFT_FLOW_BROADCAST;
	group = is_multicast_ether_addr(filter->value.dst);
	if (is_multicast_ether_addr(filter->mask.dst) &&
	    group != (cast != WEFT_CAST_UNICAST))
		return refuse(reading, WEFT_A_RULE_CAST,
			      "The destination address is of another kind");
	return 0;
}

static int read_tag(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	struct nlattr **tb = reading->tb;

	if (tb[WEFT_A_RULE_UNTAGGED]) {
		if (tb[WEFT_A_RULE_VID] || tb[WEFT_A_RULE_PRIO])
			return refuse(reading, WEFT_A_RULE_UNTAGGED,
				      "What has no tag has no VLAN and no priority");
		filter->mask.tci = WEFT_FLOW_TAGGED;
		return 0;
	}
	if (tb[WEFT_A_RULE_VID]) {
		filter->value.tci |= nla_get_u16(tb[WEFT_A_RULE_VID]);
		filter->mask.tci |= VLAN_VID_MASK | WEFT_FLOW_TAGGED;
	}
	if (tb[WEFT_A_RULE_PRIO]) {
		filter->value.tci |= nla_get_u8(tb[WEFT_A_RULE_PRIO]) <<
				     VLAN_PRIO_SHIFT;
		filter->mask.tci |= VLAN_PRIO_MASK | WEFT_FLOW_TAGGED;
	}
	filter->value.tci |= filter->mask.tci & WEFT_FLOW_TAGGED;
	return 0;
}

/* --- IP --- */

static int set_type(struct reading *reading, int attr, __be16 type)
{
	struct weft_filter *filter = reading->filter;

	if (filter->mask.type && filter->value.type != type)
		return refuse(reading, attr,
			      "No packet has all of these: the types or families differ");
	filter->value.type = type;
	filter->mask.type = htons(U16_MAX);
	return 0;
}

static void set_prefix(struct in6_addr *mask, unsigned int family,
		       unsigned int len)
{
	unsigned int i;

	if (family == AF_INET) {
		mask->s6_addr32[3] = len ? htonl(~0U << (32 - len)) : 0;
		return;
	}
	for (i = 0; i < len; i++)
		mask->s6_addr[i / 8] |= 0x80 >> i % 8;
}

static int read_prefix(struct reading *reading, int attr, int len_attr,
		       struct in6_addr *value, struct in6_addr *mask)
{
	struct nlattr **tb = reading->tb;
	struct weft_addr addr;
	unsigned int i, max;
	int err;

	if (!tb[attr])
		return tb[len_attr] ? refuse(reading, len_attr,
					     "A prefix needs the address") : 0;
	err = weft_nl_addr(tb[attr], &addr, reading->extack);
	if (err)
		return err;
	max = 8 * weft_addr_len(&addr);
	if (tb[len_attr] && nla_get_u8(tb[len_attr]) > max)
		return refuse(reading, len_attr,
			      "The prefix is longer than the address");
	if (addr.family == AF_INET)
		value->s6_addr32[3] = addr.v4;
	else
		*value = addr.v6;
	set_prefix(mask, addr.family,
		   tb[len_attr] ? nla_get_u8(tb[len_attr]) : max);
	for (i = 0; i < ARRAY_SIZE(value->s6_addr32); i++)
		if (value->s6_addr32[i] & ~mask->s6_addr32[i])
			return refuse(reading, attr,
				      "The address has bits beyond its prefix");
	return set_type(reading, attr, addr.family == AF_INET ?
			htons(ETH_P_IP) : htons(ETH_P_IPV6));
}

static int read_addrs(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	int err;

	err = read_prefix(reading, WEFT_A_RULE_FROM, WEFT_A_RULE_FROM_LEN,
			  &filter->value.from, &filter->mask.from);
	return err ?: read_prefix(reading, WEFT_A_RULE_TO, WEFT_A_RULE_TO_LEN,
				  &filter->value.to, &filter->mask.to);
}

static int check_ip(struct reading *reading, int attr)
{
	struct weft_filter *filter = reading->filter;

	if (filter->mask.type && filter->value.type != htons(ETH_P_IP) &&
	    filter->value.type != htons(ETH_P_IPV6))
		return refuse(reading, attr,
			      "Packets of this type are not of IP");
	filter->value.kind |= WEFT_FLOW_IP;
	filter->mask.kind |= WEFT_FLOW_IP;
	return 0;
}

static int read_ip(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	struct nlattr **tb = reading->tb;
	int err;

	if (tb[WEFT_A_RULE_PROTO]) {
		filter->value.proto = nla_get_u8(tb[WEFT_A_RULE_PROTO]);
		filter->mask.proto = U8_MAX;
		err = check_ip(reading, WEFT_A_RULE_PROTO);
		if (err)
			return err;
	}
	if (tb[WEFT_A_RULE_DSCP]) {
		filter->value.dscp = nla_get_u8(tb[WEFT_A_RULE_DSCP]);
		filter->mask.dscp = U8_MAX;
		return check_ip(reading, WEFT_A_RULE_DSCP);
	}
	return 0;
}

static int read_frag(struct reading *reading)
{
	static const struct {
		u8 value;
		u8 mask;
	} kinds[] = {
		[WEFT_FRAG_NONE] = { 0, WEFT_FLOW_FRAGMENT },
		[WEFT_FRAG_ANY] = { WEFT_FLOW_FRAGMENT, WEFT_FLOW_FRAGMENT },
		[WEFT_FRAG_FIRST] = { WEFT_FLOW_FRAGMENT,
				      WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER },
		[WEFT_FRAG_LATER] = { WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER,
				      WEFT_FLOW_FRAGMENT | WEFT_FLOW_LATER },
	};
	const struct nlattr *attr = reading->tb[WEFT_A_RULE_FRAG];
	u32 frag;

	if (!attr)
		return 0;
	frag = nla_get_u32(attr);
	reading->filter->value.kind |= kinds[frag].value;
	reading->filter->mask.kind |= kinds[frag].mask;
	return check_ip(reading, WEFT_A_RULE_FRAG);
}

/* --- what is behind IP --- */

static int need_ports(struct reading *reading, int attr)
{
	struct weft_filter *filter = reading->filter;

	if (!filter->mask.proto || !weft_flow_has_ports(filter->value.proto))
		return refuse(reading, attr,
			      "Ports need a protocol that has some: TCP, UDP, UDP-Lite, SCTP or DCCP");
	if (filter->value.kind & WEFT_FLOW_LATER)
		return refuse(reading, attr,
			      "A later fragment has no ports and flags");
	filter->value.kind |= WEFT_FLOW_PORTS;
	filter->mask.kind |= WEFT_FLOW_PORTS;
	return 0;
}

static int read_range(struct reading *reading, int attr, int max_attr,
		      struct weft_range *range)
{
	struct nlattr **tb = reading->tb;

	*range = (struct weft_range){ .high = U16_MAX };
	if (!tb[attr])
		return tb[max_attr] ? refuse(reading, max_attr,
					     "A range needs its first port") : 0;
	range->low = nla_get_u16(tb[attr]);
	range->high = tb[max_attr] ? nla_get_u16(tb[max_attr]) : range->low;
	if (range->low > range->high)
		return refuse(reading, max_attr,
			      "The range ends before it begins");
	reading->filter->ports = true;
	return need_ports(reading, attr);
}

static int read_ports(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	int err;

	err = read_range(reading, WEFT_A_RULE_SPORT, WEFT_A_RULE_SPORT_MAX,
			 &filter->sport);
	return err ?: read_range(reading, WEFT_A_RULE_DPORT,
				 WEFT_A_RULE_DPORT_MAX, &filter->dport);
}

static int read_tcp_flags(struct reading *reading)
{
	struct weft_filter *filter = reading->filter;
	struct nlattr **tb = reading->tb;
	u8 value, mask;

	if (!tb[WEFT_A_RULE_TCP_FLAGS])
		return tb[WEFT_A_RULE_TCP_FLAGS_MASK] ?
		       refuse(reading, WEFT_A_RULE_TCP_FLAGS_MASK,
			      "A mask needs the flags") : 0;
	if (!filter->mask.proto || filter->value.proto != IPPROTO_TCP)
		return refuse(reading, WEFT_A_RULE_TCP_FLAGS,
			      "TCP alone has such flags");
	value = nla_get_u8(tb[WEFT_A_RULE_TCP_FLAGS]);
	mask = tb[WEFT_A_RULE_TCP_FLAGS_MASK] ?
	       nla_get_u8(tb[WEFT_A_RULE_TCP_FLAGS_MASK]) : value;
	if (!mask || value & ~mask)
		return refuse(reading, WEFT_A_RULE_TCP_FLAGS,
			      "No flag counts, or one beside the mask is set");
	filter->value.tcp_flags = value;
	filter->mask.tcp_flags = mask;
	return need_ports(reading, WEFT_A_RULE_TCP_FLAGS);
}

/**
 * weft_nl_read_match() - read what a rule matches
 * @nest: the rule
 * @tb: its attributes
 * @filter: filled in, but for what is not of the frame alone
 * @extack: gets the sentence of a refusal
 *
 * Return: 0 or -EINVAL.
 */
int weft_nl_read_match(const struct nlattr *nest, struct nlattr **tb,
		       struct weft_filter *filter,
		       struct netlink_ext_ack *extack)
{
	struct reading reading = {
		.nest = nest, .tb = tb, .filter = filter, .extack = extack,
	};
	static int (*const parts[])(struct reading *reading) = {
		read_macs, read_cast, read_tag, read_addrs, read_ip,
		read_frag, read_ports, read_tcp_flags,
	};
	unsigned int i;
	int err;

	if (tb[WEFT_A_RULE_TYPE])
		set_type(&reading, WEFT_A_RULE_TYPE,
			 nla_get_be16(tb[WEFT_A_RULE_TYPE]));
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i](&reading);
		if (err)
			return err;
	}
	return 0;
}

/* --- answers --- */

static int put_mac(struct sk_buff *skb, int attr, int mask_attr,
		   const u8 *value, const u8 *mask)
{
	if (is_zero_ether_addr(mask))
		return 0;
	if (nla_put(skb, attr, ETH_ALEN, value))
		return -EMSGSIZE;
	return is_broadcast_ether_addr(mask) ? 0 :
	       nla_put(skb, mask_attr, ETH_ALEN, mask);
}

static int put_tag(struct sk_buff *skb, const struct weft_filter *filter)
{
	u16 value = filter->value.tci, mask = filter->mask.tci;

	if (mask && !value)
		return nla_put_flag(skb, WEFT_A_RULE_UNTAGGED);
	if (mask & VLAN_VID_MASK &&
	    nla_put_u16(skb, WEFT_A_RULE_VID, value & VLAN_VID_MASK))
		return -EMSGSIZE;
	return mask & VLAN_PRIO_MASK ?
	       nla_put_u8(skb, WEFT_A_RULE_PRIO, value >> VLAN_PRIO_SHIFT) : 0;
}

static int put_cast(struct sk_buff *skb, const struct weft_filter *filter)
{
	u32 cast = WEFT_CAST_UNICAST;

	if (!(filter->mask.kind & WEFT_FLOW_MULTICAST))
		return 0;
	if (filter->value.kind & WEFT_FLOW_MULTICAST)
		cast = WEFT_CAST_MULTICAST;
	else if (filter->value.kind & WEFT_FLOW_BROADCAST)
		cast = WEFT_CAST_BROADCAST;
	return nla_put_u32(skb, WEFT_A_RULE_CAST, cast);
}

static int put_ethernet(struct sk_buff *skb, const struct weft_filter *filter)
{
	if (put_mac(skb, WEFT_A_RULE_SRC, WEFT_A_RULE_SRC_MASK,
		    filter->value.src, filter->mask.src) ||
	    put_mac(skb, WEFT_A_RULE_DST, WEFT_A_RULE_DST_MASK,
		    filter->value.dst, filter->mask.dst) ||
	    put_cast(skb, filter) || put_tag(skb, filter))
		return -EMSGSIZE;
	return filter->mask.type ?
	       nla_put_be16(skb, WEFT_A_RULE_TYPE, filter->value.type) : 0;
}

static unsigned int prefix_len(const struct in6_addr *mask)
{
	unsigned int i, len = 0;

	for (i = 0; i < ARRAY_SIZE(mask->s6_addr32); i++)
		len += hweight32((__force u32)mask->s6_addr32[i]);
	return len;
}

static int put_prefix(struct sk_buff *skb, int attr, int len_attr,
		      const struct in6_addr *value,
		      const struct in6_addr *mask, bool v4)
{
	unsigned int len = prefix_len(mask);

	if (!len)
		return 0;
	if (nla_put(skb, attr, v4 ? 4 : sizeof(*value),
		    v4 ? &value->s6_addr32[3] : &value->s6_addr32[0]))
		return -EMSGSIZE;
	return nla_put_u8(skb, len_attr, len);
}

static int put_frag(struct sk_buff *skb, const struct weft_filter *filter)
{
	u32 frag = WEFT_FRAG_NONE;

	if (!(filter->mask.kind & WEFT_FLOW_FRAGMENT))
		return 0;
	if (filter->value.kind & WEFT_FLOW_LATER)
		frag = WEFT_FRAG_LATER;
	else if (filter->mask.kind & WEFT_FLOW_LATER)
		frag = WEFT_FRAG_FIRST;
	else if (filter->value.kind & WEFT_FLOW_FRAGMENT)
		frag = WEFT_FRAG_ANY;
	return nla_put_u32(skb, WEFT_A_RULE_FRAG, frag);
}

static int put_ip(struct sk_buff *skb, const struct weft_filter *filter)
{
	const struct weft_flow *value = &filter->value, *mask = &filter->mask;
	bool v4 = value->type == htons(ETH_P_IP);

	if (put_prefix(skb, WEFT_A_RULE_FROM, WEFT_A_RULE_FROM_LEN,
		       &value->from, &mask->from, v4) ||
	    put_prefix(skb, WEFT_A_RULE_TO, WEFT_A_RULE_TO_LEN, &value->to,
		       &mask->to, v4) ||
	    (mask->proto && nla_put_u8(skb, WEFT_A_RULE_PROTO, value->proto)))
		return -EMSGSIZE;
	if (mask->dscp && nla_put_u8(skb, WEFT_A_RULE_DSCP, value->dscp))
		return -EMSGSIZE;
	return put_frag(skb, filter);
}

static int put_range(struct sk_buff *skb, int attr, int max_attr,
		     const struct weft_range *range)
{
	if (!range->low && range->high == U16_MAX)
		return 0;
	if (nla_put_u16(skb, attr, range->low))
		return -EMSGSIZE;
	return nla_put_u16(skb, max_attr, range->high);
}

static int put_transport(struct sk_buff *skb, const struct weft_filter *filter)
{
	if (filter->ports &&
	    (put_range(skb, WEFT_A_RULE_SPORT, WEFT_A_RULE_SPORT_MAX,
		       &filter->sport) ||
	     put_range(skb, WEFT_A_RULE_DPORT, WEFT_A_RULE_DPORT_MAX,
		       &filter->dport)))
		return -EMSGSIZE;
	if (!filter->mask.tcp_flags)
		return 0;
	if (nla_put_u8(skb, WEFT_A_RULE_TCP_FLAGS, filter->value.tcp_flags))
		return -EMSGSIZE;
	return nla_put_u8(skb, WEFT_A_RULE_TCP_FLAGS_MASK,
			  filter->mask.tcp_flags);
}

/** weft_nl_put_match() - the reverse; returns 0 or -EMSGSIZE */
int weft_nl_put_match(struct sk_buff *skb, const struct weft_filter *filter)
{
	if (put_ethernet(skb, filter) || put_ip(skb, filter))
		return -EMSGSIZE;
	return put_transport(skb, filter);
}
