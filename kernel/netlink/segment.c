// SPDX-License-Identifier: GPL-2.0
/* Requests about segments. */

#include <linux/rtnetlink.h>

#include "netlink.h"
#include "peer.h"
#include "port.h"
#include "segment.h"
#include "tunnel.h"
#include "uplink.h"

#define KEY	BIT(WEFT_A_SEGMENT_VNI)
#define CONFIG	(KEY | BIT(WEFT_A_SEGMENT_ENCAP) | \
		 BIT(WEFT_A_SEGMENT_LEARNING) | BIT(WEFT_A_SEGMENT_AGEING) | \
		 BIT(WEFT_A_SEGMENT_SUPPRESS) | BIT(WEFT_A_SEGMENT_GROUP) | \
		 BIT(WEFT_A_SEGMENT_GROUP_DEV) | \
		 BIT(WEFT_A_SEGMENT_GATEWAY) | \
		 BIT(WEFT_A_SEGMENT_GATEWAY_LLADDR) | \
		 BIT(WEFT_A_SEGMENT_GATEWAY_VTEP) | \
		 BIT(WEFT_A_SEGMENT_VEPA) | BIT(WEFT_A_SEGMENT_RELAY_VTEP) | \
		 BIT(WEFT_A_SEGMENT_MTU) | BIT(WEFT_A_SEGMENT_LIMIT) | \
		 MULTI)
#define MULTI	BIT(WEFT_A_SEGMENT_OPTION)
#define OPTION	(BIT(WEFT_A_OPTION_CLASS) | BIT(WEFT_A_OPTION_TYPE) | \
		 BIT(WEFT_A_OPTION_DATA))

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* --- what is asked for --- */

/* Takes the encapsulation, and away the group of an encapsulation of another
 * kind. Hosts on a link need not be told to begin with how to reach all.
 */
static void read_encap(struct nlattr **tb, struct weft_segment_config *config,
		       bool new)
{
	bool link, was = weft_encap_link(weft_encap(config->encap));

	if (tb[WEFT_A_SEGMENT_ENCAP])
		config->encap = nla_get_u32(tb[WEFT_A_SEGMENT_ENCAP]);
	link = weft_encap_link(weft_encap(config->encap));
	if (link == was && !new)
		return;
	config->group = (struct weft_addr){};
	config->group_ifindex = 0;
	if (link)
		weft_addr_set_mac(&config->group, broadcast);
}

static void read_plain(struct nlattr **tb, struct weft_segment_config *config)
{
	if (tb[WEFT_A_SEGMENT_LEARNING])
		config->learning = nla_get_u8(tb[WEFT_A_SEGMENT_LEARNING]);
	if (tb[WEFT_A_SEGMENT_AGEING])
		config->ageing = nla_get_u32(tb[WEFT_A_SEGMENT_AGEING]);
	if (tb[WEFT_A_SEGMENT_SUPPRESS])
		config->suppress = nla_get_u8(tb[WEFT_A_SEGMENT_SUPPRESS]);
	if (tb[WEFT_A_SEGMENT_VEPA])
		config->vepa = nla_get_u8(tb[WEFT_A_SEGMENT_VEPA]);
	if (tb[WEFT_A_SEGMENT_LIMIT])
		config->limit = nla_get_u32(tb[WEFT_A_SEGMENT_LIMIT]);
}

static int read_option(const struct nlattr *nest, struct weft_extra *extra,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WEFT_A_OPTION_MAX + 1];
	struct weft_encap_option option = {};
	int err;

	err = weft_nl_parse(tb, WEFT_A_OPTION_MAX, nest, OPTION, 0, extack);
	if (err)
		return err;
	if (!tb[WEFT_A_OPTION_CLASS])
		return weft_nl_missing(extack, nest, WEFT_A_OPTION_CLASS);
	if (!tb[WEFT_A_OPTION_TYPE])
		return weft_nl_missing(extack, nest, WEFT_A_OPTION_TYPE);
	option.class = nla_get_u16(tb[WEFT_A_OPTION_CLASS]);
	option.type = nla_get_u8(tb[WEFT_A_OPTION_TYPE]);
	if (tb[WEFT_A_OPTION_DATA]) {
		option.len = nla_len(tb[WEFT_A_OPTION_DATA]);
		option.data = nla_data(tb[WEFT_A_OPTION_DATA]);
	}
	err = extra->encap->add_option(extra, &option, extack);
	if (err)
		NL_SET_BAD_ATTR(extack, nest);
	return err;
}

/* Those given replace those there were; an empty one stands for none. */
static int read_options(const struct nlattr *nest, struct nlattr **tb,
			struct weft_segment_config *config,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err = 0;

	if (!tb[WEFT_A_SEGMENT_OPTION])
		return 0;
	config->extra = (struct weft_extra){
		.encap = weft_encap(config->encap),
	};
	nla_for_each_nested(attr, nest, rem) {
		if (nla_type(attr) != WEFT_A_SEGMENT_OPTION || !nla_len(attr))
			continue;
		if (!config->extra.encap->add_option) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "The encapsulation has no options");
			return -EOPNOTSUPP;
		}
		err = read_option(attr, &config->extra, extack);
		if (err)
			break;
	}
	return err;
}

static int read_mtu(struct nlattr **tb, struct weft_segment_config *config,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[WEFT_A_SEGMENT_MTU];

	if (!attr)
		return 0;
	config->mtu = nla_get_u32(attr);
	if (!config->mtu || config->mtu >= ETH_MIN_MTU)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "MTU below 68, the least for IPv4");
	return -EINVAL;
}

static int read_group_dev(struct nlattr **tb,
			  struct weft_segment_config *config,
			  struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[WEFT_A_SEGMENT_GROUP_DEV];

	if (!attr)
		return 0;
	if (!config->group.family) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A device for the group, but there is no group");
		return -EINVAL;
	}
	config->group_ifindex = nla_get_u32(attr);
	return 0;
}

static int read_group(struct nlattr **tb, struct weft_segment_config *config,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[WEFT_A_SEGMENT_GROUP];
	int err;

	if (attr) {
		err = weft_nl_vtep(attr, &config->group, extack);
		if (err)
			return err;
		if (weft_addr_any(&config->group)) {
			config->group = (struct weft_addr){};
			config->group_ifindex = 0;
		} else if (!weft_addr_multicast(&config->group)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "The group is no multicast address");
			return -EADDRNOTAVAIL;
		}
	}
	return read_group_dev(tb, config, extack);
}

static int read_gateway_lladdr(const struct nlattr *attr,
			       struct weft_segment_config *config,
			       struct netlink_ext_ack *extack)
{
	if (!config->gateway.family) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A MAC address for the gateway, but there is no gateway");
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "No gateway can have this MAC address");
		return -EINVAL;
	}
	ether_addr_copy(config->gateway_mac, nla_data(attr));
	return 0;
}

static int read_gateway(const struct nlattr *nest, struct nlattr **tb,
			struct weft_segment_config *config,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[WEFT_A_SEGMENT_GATEWAY];
	int err;

	if (attr) {
		err = weft_nl_addr(attr, &config->gateway, extack);
		if (err)
			return err;
		if (weft_addr_any(&config->gateway)) {
			config->gateway = (struct weft_addr){};
			eth_zero_addr(config->gateway_mac);
		} else if (!weft_addr_unicast(&config->gateway)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "No gateway can have this IP address");
			return -EADDRNOTAVAIL;
		}
	}
	if (tb[WEFT_A_SEGMENT_GATEWAY_LLADDR])
		return read_gateway_lladdr(tb[WEFT_A_SEGMENT_GATEWAY_LLADDR],
					   config, extack);
	if (config->gateway.family &&
	    is_zero_ether_addr(config->gateway_mac)) {
		NL_SET_ERR_MSG(extack, "A gateway needs a MAC address");
		NL_SET_ERR_ATTR_MISS(extack, nest,
				     WEFT_A_SEGMENT_GATEWAY_LLADDR);
		return -EINVAL;
	}
	return 0;
}

/* A VTEP, or none. */
static int read_vtep(const struct nlattr *attr, struct weft_addr *vtep,
		     struct netlink_ext_ack *extack)
{
	int err;

	if (!attr)
		return 0;
	err = weft_nl_vtep(attr, vtep, extack);
	if (err)
		return err;
	if (weft_addr_any(vtep)) {
		*vtep = (struct weft_addr){};
	} else if (!weft_addr_unicast(vtep)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "No VTEP can have this address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int read_config(const struct nlattr *nest, struct nlattr **tb,
		       struct weft_segment_config *config, bool new,
		       struct netlink_ext_ack *extack)
{
	int err;

	read_encap(tb, config, new);
	read_plain(tb, config);
	err = read_options(nest, tb, config, extack);
	if (!err)
		err = read_mtu(tb, config, extack);
	if (!err)
		err = read_group(tb, config, extack);
	if (!err)
		err = read_gateway(nest, tb, config, extack);
	if (!err)
		err = read_vtep(tb[WEFT_A_SEGMENT_GATEWAY_VTEP],
				&config->gateway_vtep, extack);
	if (!err)
		err = read_vtep(tb[WEFT_A_SEGMENT_RELAY_VTEP],
				&config->relay_vtep, extack);
	return err;
}

/* --- requests --- */

int weft_nl_segment_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_SEGMENT];
	struct nlattr *tb[WEFT_A_SEGMENT_MAX + 1];
	struct weft_segment_config config;
	int err;

	err = weft_nl_nest(info, WEFT_A_SEGMENT, tb, WEFT_A_SEGMENT_MAX,
			   CONFIG, MULTI);
	if (err)
		return err;
	if (!tb[WEFT_A_SEGMENT_VNI])
		return weft_nl_missing(info->extack, nest,
				       WEFT_A_SEGMENT_VNI);
	weft_segment_config_init(&config);
	err = read_config(nest, tb, &config, true, info->extack);
	if (!err)
		err = weft_segment_new(weft_nl_switch(info),
				       nla_get_u32(tb[WEFT_A_SEGMENT_VNI]),
				       &config, info->extack);
	if (err)
		weft_nl_blame(info->extack, nest);
	return err;
}

/* Finds the segment of a request. Its other attributes are those in @take. */
static struct weft_segment *find(struct genl_info *info, struct nlattr **tb,
				 u32 take)
{
	int err;

	err = weft_nl_nest(info, WEFT_A_SEGMENT, tb, WEFT_A_SEGMENT_MAX, take,
			   take & MULTI);
	if (err)
		return ERR_PTR(err);
	return weft_nl_segment(weft_nl_switch(info),
			       info->attrs[WEFT_A_SEGMENT],
			       tb[WEFT_A_SEGMENT_VNI], WEFT_A_SEGMENT_VNI,
			       info->extack);
}

int weft_nl_segment_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *nest = info->attrs[WEFT_A_SEGMENT];
	struct nlattr *tb[WEFT_A_SEGMENT_MAX + 1];
	struct weft_segment_config config;
	struct weft_segment *segment;
	int err;

	segment = find(info, tb, CONFIG);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	weft_segment_config_get(segment, &config);
	err = read_config(nest, tb, &config, false, info->extack);
	if (!err)
		err = weft_segment_set(segment, &config, info->extack);
	if (err)
		weft_nl_blame(info->extack, nest);
	return err;
}

int weft_nl_segment_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_SEGMENT_MAX + 1];
	struct weft_segment *segment;

	segment = find(info, tb, KEY);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	weft_segment_del(segment);
	return 0;
}

/* --- answers --- */

static int put_group(struct sk_buff *skb, const struct weft_segment *segment)
{
	if (!segment->group)
		return 0;
	if (weft_nl_put_addr(skb, WEFT_A_SEGMENT_GROUP,
			     &segment->group->key.ip))
		return -EMSGSIZE;
	if (!segment->group_ifindex)
		return 0;
	return nla_put_u32(skb, WEFT_A_SEGMENT_GROUP_DEV,
			   segment->group_ifindex);
}

static int put_gateway(struct sk_buff *skb, const struct weft_segment *segment)
{
	if (!segment->gateway.family)
		return 0;
	if (weft_nl_put_addr(skb, WEFT_A_SEGMENT_GATEWAY, &segment->gateway))
		return -EMSGSIZE;
	return nla_put(skb, WEFT_A_SEGMENT_GATEWAY_LLADDR, ETH_ALEN,
		       segment->gateway_mac);
}

static int put_vtep(struct sk_buff *skb, int attr,
		    const struct weft_peer *peer)
{
	return peer ? weft_nl_put_addr(skb, attr, &peer->key.ip) : 0;
}

static int put_vepa(struct sk_buff *skb, const struct weft_segment *segment)
{
	if (nla_put_u8(skb, WEFT_A_SEGMENT_VEPA, segment->vepa) ||
	    put_vtep(skb, WEFT_A_SEGMENT_RELAY_VTEP, segment->relay_vtep))
		return -EMSGSIZE;
	return weft_nl_put_stats(skb, WEFT_A_SEGMENT_RELAYED,
				 segment->relayed);
}

static int put_options(struct sk_buff *skb, const struct weft_segment *segment)
{
	const struct weft_extra *extra = rtnl_dereference(segment->extra);
	struct weft_encap_option option;
	unsigned int offset = 0;
	struct nlattr *nest;

	while (extra && offset < extra->len) {
		offset = extra->encap->read_option(extra, offset, &option);
		nest = nla_nest_start(skb, WEFT_A_SEGMENT_OPTION);
		if (!nest ||
		    nla_put_u16(skb, WEFT_A_OPTION_CLASS, option.class) ||
		    nla_put_u8(skb, WEFT_A_OPTION_TYPE, option.type) ||
		    nla_put(skb, WEFT_A_OPTION_DATA, option.len, option.data))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

static int put_config(struct sk_buff *skb, const struct weft_segment *segment)
{
	const struct weft_scope *scope = &segment->scope;

	if (nla_put_u32(skb, WEFT_A_SEGMENT_VNI, segment->vni) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_ENCAP, segment->encap->id) ||
	    nla_put_u8(skb, WEFT_A_SEGMENT_LEARNING, segment->learning) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_AGEING, scope->ageing) ||
	    nla_put_u8(skb, WEFT_A_SEGMENT_SUPPRESS, segment->suppress) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_MTU, segment->mtu) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_LIMIT, scope->quota.limit))
		return -EMSGSIZE;
	return put_options(skb, segment) ?: put_group(skb, segment) ?:
	       put_gateway(skb, segment) ?:
	       put_vtep(skb, WEFT_A_SEGMENT_GATEWAY_VTEP,
			segment->gateway_vtep) ?:
	       put_vepa(skb, segment);
}

/* What fits, and what would have to be done that all does */
static int put_mtus(struct sk_buff *skb, const struct weft_segment *segment,
		    unsigned int overhead)
{
	bool link = weft_encap_link(segment->encap);
	unsigned int uplink = weft_uplink_mtu(segment->sw, link), port = 0;
	const struct weft_port_vlan *pv;

	hlist_for_each_entry(pv, &segment->ports, node)
		port = max(port, pv->port->dev->mtu);
	if (uplink > overhead &&
	    nla_put_u32(skb, WEFT_A_SEGMENT_VM_MTU, uplink - overhead))
		return -EMSGSIZE;
	return port ? nla_put_u32(skb, WEFT_A_SEGMENT_UPLINK_MTU,
				  port + overhead) : 0;
}

static int put_state(struct sk_buff *skb, const struct weft_segment *segment)
{
	const struct weft_scope *scope = &segment->scope;
	unsigned int overhead;

	overhead = weft_tunnel_overhead(segment->encap, AF_INET);
	if (rcu_access_pointer(segment->extra))
		overhead += rtnl_dereference(segment->extra)->len;
	if (nla_put_u32(skb, WEFT_A_SEGMENT_ENTRIES,
			READ_ONCE(scope->entries)) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_LEARNED,
			READ_ONCE(scope->quota.used)) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_PORTS, segment->port_count) ||
	    nla_put_u32(skb, WEFT_A_SEGMENT_OVERHEAD, overhead) ||
	    put_mtus(skb, segment, overhead) ||
	    weft_nl_put_stats(skb, WEFT_A_SEGMENT_FRAGMENTS,
			      segment->fragments))
		return -EMSGSIZE;
	return weft_nl_put_stats(skb, WEFT_A_SEGMENT_STATS, segment->stats);
}

/* See weft_nl_fill_fn. Context: RTNL. */
int weft_nl_fill_segment(struct sk_buff *skb, const void *object, u32 *part)
{
	const struct weft_segment *segment = object;
	struct nlattr *nest;

	nest = nla_nest_start(skb, WEFT_A_SEGMENT);
	if (!nest || put_config(skb, segment) || put_state(skb, segment))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

int weft_nl_segment_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *tb[WEFT_A_SEGMENT_MAX + 1];
	struct weft_segment *segment;

	segment = find(info, tb, KEY);
	if (IS_ERR(segment))
		return PTR_ERR(segment);
	return weft_nl_reply(info, weft_nl_fill_segment, segment);
}

/* How far a dump has come. */
struct progress {
	unsigned long vni;
};

static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct progress *progress = (struct progress *)cb->ctx;
	struct weft_segment *segment;
	struct weft_nl_head head;
	struct weft_switch *sw;
	unsigned long vni;
	u32 part = 0;
	int err;

	sw = weft_nl_find(genl_info_dump(cb));
	if (IS_ERR(sw))
		return PTR_ERR(sw);
	weft_nl_dump_head(cb, sw, &head);
	cb->seq = weft_nl_config_seq();
	xa_for_each_start(&sw->segments, vni, segment, progress->vni) {
		err = weft_nl_put(skb, &head, weft_nl_fill_segment, segment,
				  &part);
		if (err) {
			progress->vni = vni;
			return err;
		}
	}
	progress->vni = WEFT_VNI_MAX + 1;
	return 0;
}

int weft_nl_segment_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb)
{
	int err;

	rtnl_lock();
	err = dump(skb, cb);
	rtnl_unlock();
	return err;
}
