// SPDX-License-Identifier: GPL-2.0
/*
 * From an offset in a request to the name of the attribute there. The names
 * are those of the netlink specification.
 */
#include <stdio.h>

#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/weft.h>
#include <linux/weft_link.h>

#include "attrs.h"
#include "weft.h"

struct attr_set;

struct attr_name {
	const char *name;
	const struct attr_set *nest;
};

struct attr_set {
	unsigned int count;
	const struct attr_name *names;
};

#define ATTR_SET(set, ...)						\
	static const struct attr_name set##_names[] = { __VA_ARGS__ };	\
	static const struct attr_set set = {				\
		.count = ARRAY_SIZE(set##_names),			\
		.names = set##_names,					\
	}

ATTR_SET(option_set,
	[WEFT_A_OPTION_CLASS] = { "class" },
	[WEFT_A_OPTION_TYPE] = { "type" },
	[WEFT_A_OPTION_DATA] = { "data" });

ATTR_SET(segment_set,
	[WEFT_A_SEGMENT_VNI] = { "vni" },
	[WEFT_A_SEGMENT_ENCAP] = { "encap" },
	[WEFT_A_SEGMENT_LEARNING] = { "learning" },
	[WEFT_A_SEGMENT_AGEING] = { "ageing" },
	[WEFT_A_SEGMENT_SUPPRESS] = { "suppress" },
	[WEFT_A_SEGMENT_GROUP] = { "group" },
	[WEFT_A_SEGMENT_GROUP_DEV] = { "group-dev" },
	[WEFT_A_SEGMENT_GATEWAY] = { "gateway" },
	[WEFT_A_SEGMENT_GATEWAY_LLADDR] = { "gateway-lladdr" },
	[WEFT_A_SEGMENT_GATEWAY_VTEP] = { "gateway-vtep" },
	[WEFT_A_SEGMENT_VEPA] = { "vepa" },
	[WEFT_A_SEGMENT_RELAY_VTEP] = { "relay-vtep" },
	[WEFT_A_SEGMENT_MTU] = { "mtu" },
	[WEFT_A_SEGMENT_LIMIT] = { "limit" },
	[WEFT_A_SEGMENT_OPTION] = { "option", &option_set });

ATTR_SET(vlan_set,
	[WEFT_A_PORT_VLAN_VID] = { "vid" },
	[WEFT_A_PORT_VLAN_VNI] = { "vni" });

ATTR_SET(port_set,
	[WEFT_A_PORT_IFINDEX] = { "ifindex" },
	[WEFT_A_PORT_VLAN] = { "vlan", &vlan_set },
	[WEFT_A_PORT_MAC] = { "mac" },
	[WEFT_A_PORT_LIMIT] = { "limit" },
	[WEFT_A_PORT_LEARNING] = { "learning" },
	[WEFT_A_PORT_FLOOD] = { "flood" },
	[WEFT_A_PORT_MCAST_FLOOD] = { "mcast-flood" },
	[WEFT_A_PORT_BCAST_FLOOD] = { "bcast-flood" },
	[WEFT_A_PORT_HAIRPIN] = { "hairpin" },
	[WEFT_A_PORT_ISOLATED] = { "isolated" },
	[WEFT_A_PORT_VEPA] = { "vepa" },
	[WEFT_A_PORT_RELAY] = { "relay" },
	[WEFT_A_PORT_RATE] = { "rate" },
	[WEFT_A_PORT_BURST] = { "burst" },
	[WEFT_A_PORT_PRIO] = { "prio" },
	[WEFT_A_PORT_VF] = { "vf" });

ATTR_SET(dst_set,
	[WEFT_A_DST_PEER] = { "peer" },
	[WEFT_A_DST_PORT] = { "port" },
	[WEFT_A_DST_VID] = { "vid" },
	[WEFT_A_DST_VF] = { "vf" });

ATTR_SET(map_set,
	[WEFT_A_MAP_VNI] = { "vni" },
	[WEFT_A_MAP_MAC] = { "mac" },
	[WEFT_A_MAP_DST] = { "dst", &dst_set },
	[WEFT_A_MAP_STATE] = { "state" },
	[WEFT_A_MAP_IP] = { "ip" },
	[WEFT_A_MAP_FLUSH_PORT] = { "flush-port" },
	[WEFT_A_MAP_FLUSH_PEER] = { "flush-peer" });

ATTR_SET(neigh_set,
	[WEFT_A_NEIGH_VNI] = { "vni" },
	[WEFT_A_NEIGH_IP] = { "ip" },
	[WEFT_A_NEIGH_MAC] = { "mac" },
	[WEFT_A_NEIGH_STATE] = { "state" });

ATTR_SET(peer_set,
	[WEFT_A_PEER_IP] = { "ip" },
	[WEFT_A_PEER_LLADDR] = { "lladdr" },
	[WEFT_A_PEER_VNI] = { "vni" },
	[WEFT_A_PEER_STATE] = { "state" },
	[WEFT_A_PEER_LIMIT] = { "limit" },
	[WEFT_A_PEER_ENCAP] = { "encap" },
	[WEFT_A_PEER_ENCAP_SEGMENT] = { "encap-segment" });

ATTR_SET(rule_set,
	[WEFT_A_RULE_VNI] = { "vni" },
	[WEFT_A_RULE_PREF] = { "pref" },
	[WEFT_A_RULE_ACTION] = { "action" },
	[WEFT_A_RULE_PORT] = { "port" },
	[WEFT_A_RULE_VF] = { "vf" },
	[WEFT_A_RULE_SRC] = { "src" },
	[WEFT_A_RULE_SRC_MASK] = { "src-mask" },
	[WEFT_A_RULE_DST] = { "dst" },
	[WEFT_A_RULE_DST_MASK] = { "dst-mask" },
	[WEFT_A_RULE_TYPE] = { "type" },
	[WEFT_A_RULE_VID] = { "vid" },
	[WEFT_A_RULE_PRIO] = { "prio" },
	[WEFT_A_RULE_UNTAGGED] = { "untagged" },
	[WEFT_A_RULE_FROM] = { "from" },
	[WEFT_A_RULE_FROM_LEN] = { "from-len" },
	[WEFT_A_RULE_TO] = { "to" },
	[WEFT_A_RULE_TO_LEN] = { "to-len" },
	[WEFT_A_RULE_PROTO] = { "proto" },
	[WEFT_A_RULE_SPORT] = { "sport" },
	[WEFT_A_RULE_SPORT_MAX] = { "sport-max" },
	[WEFT_A_RULE_DPORT] = { "dport" },
	[WEFT_A_RULE_DPORT_MAX] = { "dport-max" },
	[WEFT_A_RULE_DSCP] = { "dscp" },
	[WEFT_A_RULE_TCP_FLAGS] = { "tcp-flags" },
	[WEFT_A_RULE_TCP_FLAGS_MASK] = { "tcp-flags-mask" },
	[WEFT_A_RULE_CAST] = { "cast" },
	[WEFT_A_RULE_FRAG] = { "frag" },
	[WEFT_A_RULE_VIA] = { "via" },
	[WEFT_A_RULE_CLASS] = { "class" },
	[WEFT_A_RULE_RATE] = { "rate" },
	[WEFT_A_RULE_BURST] = { "burst" },
	[WEFT_A_RULE_REQUIRE] = { "require" });

ATTR_SET(rules_set,
	[WEFT_A_RULES_VNI] = { "vni" });

ATTR_SET(trace_set,
	[WEFT_A_TRACE_PORT] = { "port" },
	[WEFT_A_TRACE_VF] = { "vf" },
	[WEFT_A_TRACE_PEER] = { "peer" },
	[WEFT_A_TRACE_VNI] = { "vni" },
	[WEFT_A_TRACE_FRAME] = { "frame" });

ATTR_SET(weft_set,
	[WEFT_A_DEV] = { "dev" },
	[WEFT_A_SEGMENT] = { "segment", &segment_set },
	[WEFT_A_PORT] = { "port", &port_set },
	[WEFT_A_MAP] = { "map", &map_set },
	[WEFT_A_NEIGH] = { "neigh", &neigh_set },
	[WEFT_A_PEER] = { "peer", &peer_set },
	[WEFT_A_TRACE] = { "trace", &trace_set },
	[WEFT_A_RULE] = { "rule", &rule_set },
	[WEFT_A_RULES] = { "rules", &rules_set },
	[WEFT_A_MODE] = { "mode" });

ATTR_SET(uplink_set,
	[IFLA_WEFT_UPLINK] = { "uplink" });

ATTR_SET(data_set,
	[IFLA_WEFT_LOCAL] = { "local" },
	[IFLA_WEFT_LOCAL6] = { "local6" },
	[IFLA_WEFT_PORT] = { "port" },
	[IFLA_WEFT_PORT_RANGE] = { "srcport" },
	[IFLA_WEFT_TTL] = { "ttl" },
	[IFLA_WEFT_TTL_INHERIT] = { "ttl inherit" },
	[IFLA_WEFT_TOS] = { "tos" },
	[IFLA_WEFT_DF] = { "df" },
	[IFLA_WEFT_UDP_CSUM] = { "udpcsum" },
	[IFLA_WEFT_UDP_ZERO_CSUM6_TX] = { "udp6zerocsumtx" },
	[IFLA_WEFT_UDP_ZERO_CSUM6_RX] = { "udp6zerocsumrx" },
	[IFLA_WEFT_FASTPATH] = { "fastpath" },
	[IFLA_WEFT_SOURCES] = { "sources" },
	[IFLA_WEFT_LIMIT] = { "limit" },
	[IFLA_WEFT_UPLINKS] = { "uplinks", &uplink_set });

ATTR_SET(info_set,
	[IFLA_INFO_KIND] = { "kind" },
	[IFLA_INFO_DATA] = { "data", &data_set });

ATTR_SET(link_set,
	[IFLA_IFNAME] = { "name" },
	[IFLA_MTU] = { "mtu" },
	[IFLA_LINK_NETNSID] = { "link-netns" },
	[IFLA_LINKINFO] = { "linkinfo", &info_set });

/*
 * Generic netlink families are numbered from where the link messages end, so
 * the type tells which of the two it is.
 */
static const struct attr_set *request_set(const struct nlmsghdr *request,
					  int *hdrlen)
{
	static_assert(RTM_GETLINK < GENL_START_ALLOC, "types overlap");

	if (request->nlmsg_type <= RTM_GETLINK) {
		*hdrlen = sizeof(struct ifinfomsg);
		return &link_set;
	}
	*hdrlen = GENL_HDRLEN;
	return &weft_set;
}

static const struct attr_name *find_name(const struct attr_set *set,
					 unsigned int type)
{
	if (!set || type >= set->count || !set->names[type].name)
		return NULL;
	return &set->names[type];
}

/*
 * Walk down to the attribute at @offset. Sets @set to the attributes it may
 * hold; the result is its name, NULL if there is none or it is not known.
 */
static const char *find_attr(const struct nlmsghdr *request, uint32_t offset,
			     const struct attr_set **set)
{
	const struct attr_name *found;
	struct nlattr *attr;
	uint32_t start;
	int hdrlen, len;

	*set = request_set(request, &hdrlen);
	attr = nlmsg_attrdata(request, hdrlen);
	len = nlmsg_attrlen(request, hdrlen);
	while (nla_ok(attr, len)) {
		start = (char *)attr - (char *)request;
		if (offset < start)
			return NULL;
		if (offset >= start + nla_total_size(nla_len(attr))) {
			attr = nla_next(attr, &len);
			continue;
		}
		found = find_name(*set, nla_type(attr));
		*set = found ? found->nest : NULL;
		if (offset < start + NLA_HDRLEN || !*set)
			return found ? found->name : NULL;
		len = nla_len(attr);
		attr = nla_data(attr);
	}
	return NULL;
}

/**
 * attr_offset_name - name of the attribute at an offset
 * @request: the request
 * @offset: as the kernel gave it
 * @name: the name, or the number if it has none
 * @size: size of @name
 *
 * Return: false if no attribute is there
 */
bool attr_offset_name(const struct nlmsghdr *request, uint32_t offset,
		      char *name, size_t size)
{
	const struct attr_set *set;
	const char *found;

	found = find_attr(request, offset, &set);
	if (found)
		snprintf(name, size, "%s", found);
	return found;
}

/**
 * attr_missing_name - name of an attribute that should have been there
 * @request: the request
 * @nest_offset: offset of the nest it should have been in, 0 for the top
 * @type: the attribute
 * @name: the name, or the number if it has none
 * @size: size of @name
 */
void attr_missing_name(const struct nlmsghdr *request, uint32_t nest_offset,
		       unsigned int type, char *name, size_t size)
{
	const struct attr_name *found;
	const struct attr_set *set;
	int hdrlen;

	if (nest_offset)
		find_attr(request, nest_offset, &set);
	else
		set = request_set(request, &hdrlen);
	found = find_name(set, type);
	if (found)
		snprintf(name, size, "%s", found->name);
	else
		snprintf(name, size, "%u", type);
}
