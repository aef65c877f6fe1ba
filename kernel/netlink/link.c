// SPDX-License-Identifier: GPL-2.0
/* The link kind: making, changing and showing switches over rtnetlink. */

#include <linux/etherdevice.h>
#include <linux/rtnetlink.h>
#include <net/inet_ecn.h>

#include "compat/netlink.h"
#include "link.h"
#include "netlink.h"
#include "switch.h"
#include "uplink.h"

#define PORT_DEFAULT	4789	/* VXLAN, RFC 7348 */
#define PORT_LOW	49152	/* the range that RFC 7348 recommends */
#define PORT_HIGH	65535
#define LIMIT_DEFAULT	(1 << 20)
#define TOS_INHERIT	1

static const struct nla_policy uplink_policy[IFLA_WEFT_UPLINK_MAX + 1] = {
	[IFLA_WEFT_UPLINK] = NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy policy[IFLA_WEFT_MAX + 1] = {
	[IFLA_WEFT_LOCAL] = NLA_POLICY_EXACT_LEN(sizeof(struct in_addr)),
	[IFLA_WEFT_LOCAL6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_WEFT_PORT] = { .type = NLA_U16 },
	[IFLA_WEFT_PORT_RANGE] =
		NLA_POLICY_EXACT_LEN(sizeof(struct weft_port_range)),
	[IFLA_WEFT_TTL] = { .type = NLA_U8 },
	[IFLA_WEFT_TTL_INHERIT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_WEFT_TOS] = { .type = NLA_U8 },
	[IFLA_WEFT_DF] = NLA_POLICY_MAX(NLA_U8, WEFT_DF_INHERIT),
	[IFLA_WEFT_UDP_CSUM] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_WEFT_UDP_ZERO_CSUM6_TX] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_WEFT_UDP_ZERO_CSUM6_RX] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_WEFT_FASTPATH] = NLA_POLICY_MAX(NLA_U8, WEFT_FASTPATH_OFF),
	[IFLA_WEFT_SOURCES] = NLA_POLICY_MAX(NLA_U8, WEFT_SOURCES_KNOWN),
	[IFLA_WEFT_LIMIT] = { .type = NLA_U32 },
	[IFLA_WEFT_UPLINKS] = NLA_POLICY_NESTED(uplink_policy),
	[IFLA_WEFT_FENCE] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
};

/* --- what is asked for --- */

static void init_config(struct weft_config *config)
{
	*config = (struct weft_config){
		.port = htons(PORT_DEFAULT),
		.port_low = PORT_LOW,
		.port_high = PORT_HIGH,
		.df = WEFT_DF_INHERIT,
		.udp_csum = true,
		.fastpath = WEFT_FASTPATH_AUTO,
		.sources = WEFT_SOURCES_ANY,
		.limit = LIMIT_DEFAULT,
	};
}

static int read_local(const struct nlattr *attr, struct weft_addr *local,
		      struct netlink_ext_ack *extack)
{
	int err;

	if (!attr)
		return 0;
	err = weft_nl_addr(attr, local, extack);
	if (err)
		return err;
	if (weft_addr_any(local)) {
		*local = (struct weft_addr){};
		return 0;
	}
	if (weft_addr_unicast(local))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The local address must be a unicast address");
	return -EADDRNOTAVAIL;
}

/* An OUI, the number of the installation, and two bytes for the host */
static int read_fence(const struct nlattr *attr, struct weft_addr *fence,
		      struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	weft_addr_set_mac(fence, nla_data(attr));
	if (weft_addr_any(fence))
		*fence = (struct weft_addr){};
	if (!fence->family || weft_addr_unicast(fence))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The OUI of a fence address must not be a group's");
	return -EADDRNOTAVAIL;
}

static int read_ports(struct nlattr *data[], struct weft_config *config,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = data[IFLA_WEFT_PORT];
	const struct weft_port_range *range;

	if (attr) {
		config->port = nla_get_be16(attr);
		if (!config->port) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "0 is no UDP port");
			return -EINVAL;
		}
	}
	attr = data[IFLA_WEFT_PORT_RANGE];
	if (!attr)
		return 0;
	range = nla_data(attr);
	config->port_low = ntohs(range->low);
	config->port_high = ntohs(range->high);
	if (config->port_low && config->port_low <= config->port_high)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The range of source ports goes from a lower to a higher one, above 0");
	return -EINVAL;
}

static int read_ttl(struct nlattr *data[], struct weft_config *config,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *inherit = data[IFLA_WEFT_TTL_INHERIT];
	const struct nlattr *ttl = data[IFLA_WEFT_TTL];

	if (ttl) {
		config->ttl = nla_get_u8(ttl);
		config->ttl_inherit = false;
	}
	if (!inherit)
		return 0;
	config->ttl_inherit = nla_get_u8(inherit);
	if (!config->ttl_inherit)
		return 0;
	if (ttl && nla_get_u8(ttl)) {
		NL_SET_ERR_MSG_ATTR(extack, inherit,
				    "The TTL is either given or inherited");
		return -EINVAL;
	}
	config->ttl = 0;
	return 0;
}

static int read_tos(const struct nlattr *attr, struct weft_config *config,
		    struct netlink_ext_ack *extack)
{
	u8 tos;

	if (!attr)
		return 0;
	tos = nla_get_u8(attr);
	config->tos_inherit = tos == TOS_INHERIT;
	config->tos = config->tos_inherit ? 0 : tos;
	if (!(config->tos & INET_ECN_MASK))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The lower two bits of the TOS are for congestion marks (1 alone inherits)");
	return -EINVAL;
}

static void read_flag(const struct nlattr *attr, bool *flag)
{
	if (attr)
		*flag = nla_get_u8(attr);
}

static void read_plain(struct nlattr *data[], struct weft_config *config)
{
	if (data[IFLA_WEFT_DF])
		config->df = nla_get_u8(data[IFLA_WEFT_DF]);
	if (data[IFLA_WEFT_FASTPATH])
		config->fastpath = nla_get_u8(data[IFLA_WEFT_FASTPATH]);
	if (data[IFLA_WEFT_SOURCES])
		config->sources = nla_get_u8(data[IFLA_WEFT_SOURCES]);
	if (data[IFLA_WEFT_LIMIT])
		config->limit = nla_get_u32(data[IFLA_WEFT_LIMIT]);
	read_flag(data[IFLA_WEFT_UDP_CSUM], &config->udp_csum);
	read_flag(data[IFLA_WEFT_UDP_ZERO_CSUM6_TX], &config->zero_csum6_tx);
	read_flag(data[IFLA_WEFT_UDP_ZERO_CSUM6_RX], &config->zero_csum6_rx);
}

static int read_config(struct nlattr *data[], struct weft_config *config,
		       struct netlink_ext_ack *extack)
{
	int err;

	if (!data)
		return 0;
	read_plain(data, config);
	err = read_local(data[IFLA_WEFT_LOCAL], &config->local4, extack);
	if (!err)
		err = read_local(data[IFLA_WEFT_LOCAL6], &config->local6,
				 extack);
	if (!err)
		err = read_fence(data[IFLA_WEFT_FENCE], &config->fence,
				 extack);
	if (!err)
		err = read_ports(data, config, extack);
	if (!err)
		err = read_ttl(data, config, extack);
	if (!err)
		err = read_tos(data[IFLA_WEFT_TOS], config, extack);
	return err;
}

/**
 * struct uplinks - the uplinks that a request names
 * @given: it does
 * @count: number of @ifindex
 * @ifindex: interface indices in the underlay
 */
struct uplinks {
	bool given;
	unsigned int count;
	int ifindex[WEFT_UPLINKS_MAX];
};

static int read_uplink(const struct nlattr *attr, struct uplinks *uplinks,
		       struct netlink_ext_ack *extack)
{
	int ifindex = nla_get_u32(attr);
	unsigned int i;

	if (uplinks->count == WEFT_UPLINKS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "Too many uplinks");
		return -ENOSPC;
	}
	for (i = 0; i < uplinks->count; i++) {
		if (uplinks->ifindex[i] != ifindex)
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "The uplink is given twice");
		return -EINVAL;
	}
	uplinks->ifindex[uplinks->count++] = ifindex;
	return 0;
}

static int read_uplinks(struct nlattr *data[], struct uplinks *uplinks,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem, err;

	uplinks->given = data && data[IFLA_WEFT_UPLINKS];
	uplinks->count = 0;
	if (!uplinks->given)
		return 0;
	nla_for_each_nested(attr, data[IFLA_WEFT_UPLINKS], rem) {
		err = read_uplink(attr, uplinks, extack);
		if (err)
			return err;
	}
	return 0;
}

static int check_mac(struct nlattr *tb[], struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[IFLA_ADDRESS];

	if (!attr)
		return 0;
	if (nla_len(attr) == ETH_ALEN && is_valid_ether_addr(nla_data(attr)))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The address must be a unicast MAC address");
	return -EADDRNOTAVAIL;
}

/* The core has read the attributes as leniently as it does for old kinds. We
 * take none that is unknown, too long, or there twice; only the flag of
 * nests may be missing, which ip does not set.
 */
static int validate(struct nlattr *tb[], struct nlattr *data[],
		    struct netlink_ext_ack *extack)
{
	const unsigned int strictly = NL_VALIDATE_STRICT & ~NL_VALIDATE_NESTED;
	struct nlattr *again[IFLA_WEFT_MAX + 1];
	const struct nlattr *info;
	int err;

	err = check_mac(tb, extack);
	if (err || !data || !tb[IFLA_LINKINFO])
		return err;
	info = nla_find_nested(tb[IFLA_LINKINFO], IFLA_INFO_DATA);
	if (!info)
		return 0;
	err = __nla_parse(again, IFLA_WEFT_MAX, nla_data(info), nla_len(info),
			  policy, strictly, extack);
	return err ?: weft_nl_once(nla_data(info), nla_len(info), again, 0,
				   extack);
}

/* --- making and changing --- */

static int newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		   struct netlink_ext_ack *extack)
{
	struct uplinks uplinks;
	struct weft_config config;
	int err;

	init_config(&config);
	err = read_config(params->data, &config, extack);
	if (!err)
		err = read_uplinks(params->data, &uplinks, extack);
	if (err)
		return err;
	return weft_switch_create(netdev_priv(dev),
				  rtnl_newlink_link_net(params), &config,
				  uplinks.ifindex, uplinks.count, extack);
}
WEFT_NEWLINK(newlink)

/* The underlay of a switch is where it was made, for good. */
static int check_link_net(const struct weft_switch *sw, struct nlattr *tb[],
			  struct netlink_ext_ack *extack)
{
	struct nlattr *attr = tb[IFLA_LINK_NETNSID];
	struct net *net;
	bool same;

	if (!ns_capable(sw->net->user_ns, CAP_NET_ADMIN)) {
		NL_SET_ERR_MSG(extack,
			       "The underlay's namespace demands CAP_NET_ADMIN");
		return -EPERM;
	}
	if (!attr)
		return 0;
	net = get_net_ns_by_id(dev_net(sw->dev), nla_get_s32(attr));
	same = net && net_eq(net, sw->net);
	if (net)
		put_net(net);
	if (same)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "The namespace of the underlay can't be changed");
	return -EOPNOTSUPP;
}

static int changelink(struct net_device *dev, struct nlattr *tb[],
		      struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct weft_switch *sw = netdev_priv(dev);
	struct uplinks uplinks;
	struct weft_config config;
	int err;

	err = check_link_net(sw, tb, extack);
	if (err)
		return err;
	config = *weft_config(sw);
	err = read_config(data, &config, extack);
	if (!err)
		err = read_uplinks(data, &uplinks, extack);
	if (err)
		return err;
	return weft_switch_change(sw, &config,
				  uplinks.given ? uplinks.ifindex : NULL,
				  uplinks.count, extack);
}

static void dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);
}

/* --- showing --- */

static size_t get_size(const struct net_device *dev)
{
	return nla_total_size(sizeof(struct in_addr)) +
	       nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(ETH_ALEN) +	/* FENCE */
	       nla_total_size(sizeof(__be16)) +	/* PORT */
	       nla_total_size(sizeof(struct weft_port_range)) +
	       nla_total_size(sizeof(u8)) * 9 +	/* TTL to SOURCES */
	       nla_total_size(sizeof(u32)) +	/* LIMIT */
	       nla_total_size(0) +		/* UPLINKS */
	       nla_total_size(sizeof(u32)) * WEFT_UPLINKS_MAX;
}

static int put_addresses(struct sk_buff *skb, const struct weft_config *config)
{
	struct weft_port_range range = {
		.low = htons(config->port_low),
		.high = htons(config->port_high),
	};

	if (nla_put_in_addr(skb, IFLA_WEFT_LOCAL, config->local4.v4) ||
	    nla_put_in6_addr(skb, IFLA_WEFT_LOCAL6, &config->local6.v6) ||
	    nla_put(skb, IFLA_WEFT_FENCE, ETH_ALEN, config->fence.mac) ||
	    nla_put_be16(skb, IFLA_WEFT_PORT, config->port) ||
	    nla_put(skb, IFLA_WEFT_PORT_RANGE, sizeof(range), &range))
		return -EMSGSIZE;
	return 0;
}

static int put_plain(struct sk_buff *skb, const struct weft_config *config)
{
	u8 tos = config->tos_inherit ? TOS_INHERIT : config->tos;

	if (nla_put_u8(skb, IFLA_WEFT_TTL, config->ttl) ||
	    nla_put_u8(skb, IFLA_WEFT_TTL_INHERIT, config->ttl_inherit) ||
	    nla_put_u8(skb, IFLA_WEFT_TOS, tos) ||
	    nla_put_u8(skb, IFLA_WEFT_DF, config->df) ||
	    nla_put_u8(skb, IFLA_WEFT_UDP_CSUM, config->udp_csum) ||
	    nla_put_u8(skb, IFLA_WEFT_UDP_ZERO_CSUM6_TX,
		       config->zero_csum6_tx) ||
	    nla_put_u8(skb, IFLA_WEFT_UDP_ZERO_CSUM6_RX,
		       config->zero_csum6_rx) ||
	    nla_put_u8(skb, IFLA_WEFT_FASTPATH, config->fastpath) ||
	    nla_put_u8(skb, IFLA_WEFT_SOURCES, config->sources) ||
	    nla_put_u32(skb, IFLA_WEFT_LIMIT, config->limit))
		return -EMSGSIZE;
	return 0;
}

static int put_uplinks(struct sk_buff *skb, const struct weft_switch *sw)
{
	const struct weft_uplinks *uplinks = rtnl_dereference(sw->uplinks);
	struct nlattr *nest = nla_nest_start(skb, IFLA_WEFT_UPLINKS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < uplinks->count; i++)
		if (nla_put_u32(skb, IFLA_WEFT_UPLINK,
				uplinks->uplink[i]->dev->ifindex))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct weft_switch *sw = netdev_priv(dev);
	const struct weft_config *config = weft_config(sw);

	if (put_addresses(skb, config) || put_plain(skb, config) ||
	    put_uplinks(skb, sw))
		return -EMSGSIZE;
	return 0;
}

static struct net *get_link_net(const struct net_device *dev)
{
	const struct weft_switch *sw = netdev_priv(dev);

	return READ_ONCE(sw->net);
}

struct rtnl_link_ops weft_link_ops = {
	.kind = "weft",
	.priv_size = sizeof(struct weft_switch),
	.setup = weft_switch_setup,
	.maxtype = IFLA_WEFT_MAX,
	.policy = policy,
	.validate = validate,
	.newlink = WEFT_NEWLINK_OP(newlink),
	.changelink = changelink,
	.dellink = dellink,
	.get_size = get_size,
	.fill_info = fill_info,
	.get_link_net = get_link_net,
};
