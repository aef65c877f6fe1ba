// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/weft.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "weft_gen.h"

#include <uapi/linux/weft.h>

/* Integer value ranges */
static const struct netlink_range_validation weft_a_segment_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_segment_ageing_range = {
	.max	= WEFT_AGEING_MAX,
};

static const struct netlink_range_validation weft_a_segment_mtu_range = {
	.max	= 65535ULL,
};

static const struct netlink_range_validation weft_a_port_vlan_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_port_rate_range = {
	.max	= WEFT_RATE_MAX,
};

static const struct netlink_range_validation weft_a_map_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_neigh_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_peer_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_trace_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_rule_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

static const struct netlink_range_validation weft_a_rule_rate_range = {
	.max	= WEFT_RATE_MAX,
};

static const struct netlink_range_validation weft_a_rules_vni_range = {
	.min	= 1ULL,
	.max	= WEFT_VNI_MAX,
};

/* Common nested types */
const struct nla_policy weft_dst_nl_policy[WEFT_A_DST_VF + 1] = {
	[WEFT_A_DST_PEER] = { .type = NLA_BINARY, },
	[WEFT_A_DST_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_DST_VID] = { .type = NLA_U16, },
	[WEFT_A_DST_VF] = { .type = NLA_U16, },
};

const struct nla_policy weft_link_nl_policy[WEFT_A_LINK_TX_DROPPED + 1] = {
	[WEFT_A_LINK_STATE] = NLA_POLICY_MAX(NLA_U32, 6),
	[WEFT_A_LINK_MTU] = { .type = NLA_U32, },
	[WEFT_A_LINK_SPEED] = { .type = NLA_U32, },
	[WEFT_A_LINK_PATH] = NLA_POLICY_MAX(NLA_U32, 3),
	[WEFT_A_LINK_STATS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_LINK_RX_ERRORS] = { .type = NLA_U64, },
	[WEFT_A_LINK_TX_ERRORS] = { .type = NLA_U64, },
	[WEFT_A_LINK_RX_DROPPED] = { .type = NLA_U64, },
	[WEFT_A_LINK_TX_DROPPED] = { .type = NLA_U64, },
};

const struct nla_policy weft_map_nl_policy[WEFT_A_MAP_HW + 1] = {
	[WEFT_A_MAP_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_map_vni_range),
	[WEFT_A_MAP_MAC] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_MAP_DST] = NLA_POLICY_NESTED(weft_dst_nl_policy),
	[WEFT_A_MAP_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_MAP_IP] = { .type = NLA_BINARY, },
	[WEFT_A_MAP_AGE] = { .type = NLA_U32, },
	[WEFT_A_MAP_USED] = { .type = NLA_U32, },
	[WEFT_A_MAP_FLUSH_PORT] = { .type = NLA_U32, },
	[WEFT_A_MAP_FLUSH_PEER] = { .type = NLA_BINARY, },
	[WEFT_A_MAP_FLUSHED] = { .type = NLA_U32, },
	[WEFT_A_MAP_HW] = NLA_POLICY_NESTED(weft_map_hw_nl_policy),
};

const struct nla_policy weft_map_hw_nl_policy[WEFT_A_MAP_HW_RATE + 1] = {
	[WEFT_A_MAP_HW_IFINDEX] = { .type = NLA_U32, },
	[WEFT_A_MAP_HW_STATE] = NLA_POLICY_MAX(NLA_U32, 9),
	[WEFT_A_MAP_HW_RATE] = { .type = NLA_U32, },
};

const struct nla_policy weft_neigh_nl_policy[WEFT_A_NEIGH_AGE + 1] = {
	[WEFT_A_NEIGH_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_neigh_vni_range),
	[WEFT_A_NEIGH_IP] = { .type = NLA_BINARY, },
	[WEFT_A_NEIGH_MAC] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_NEIGH_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_NEIGH_AGE] = { .type = NLA_U32, },
};

const struct nla_policy weft_nic_nl_policy[WEFT_A_NIC_RULE_SIZE + 1] = {
	[WEFT_A_NIC_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_NIC_NAME] = { .type = NLA_NUL_STRING, },
	[WEFT_A_NIC_SWITCH] = { .type = NLA_U32, },
	[WEFT_A_NIC_FEATURES] = NLA_POLICY_MASK(NLA_U32, 0xfff),
	[WEFT_A_NIC_MAP_SIZE] = { .type = NLA_U32, },
	[WEFT_A_NIC_SEGMENT_SIZE] = { .type = NLA_U32, },
	[WEFT_A_NIC_VFS] = { .type = NLA_U32, },
	[WEFT_A_NIC_READY] = { .type = NLA_U8, },
	[WEFT_A_NIC_SERVING] = { .type = NLA_U8, },
	[WEFT_A_NIC_GENERATION] = { .type = NLA_U32, },
	[WEFT_A_NIC_ENTRIES] = { .type = NLA_U32, },
	[WEFT_A_NIC_PENDING] = { .type = NLA_U32, },
	[WEFT_A_NIC_ERROR] = { .type = NLA_S32, },
	[WEFT_A_NIC_MISSES] = { .type = NLA_U64, },
	[WEFT_A_NIC_FULL] = { .type = NLA_U64, },
	[WEFT_A_NIC_RESETS] = { .type = NLA_U64, },
	[WEFT_A_NIC_ORPHANS] = { .type = NLA_U64, },
	[WEFT_A_NIC_RETURNED] = { .type = NLA_U64, },
	[WEFT_A_NIC_PUSHED] = { .type = NLA_U64, },
	[WEFT_A_NIC_FAILED] = { .type = NLA_U64, },
	[WEFT_A_NIC_MOVED_IN] = { .type = NLA_U64, },
	[WEFT_A_NIC_MOVED_OUT] = { .type = NLA_U64, },
	[WEFT_A_NIC_RULES] = { .type = NLA_U32, },
	[WEFT_A_NIC_RULE_SIZE] = { .type = NLA_U32, },
};

const struct nla_policy weft_option_nl_policy[WEFT_A_OPTION_DATA + 1] = {
	[WEFT_A_OPTION_CLASS] = { .type = NLA_U16, },
	[WEFT_A_OPTION_TYPE] = { .type = NLA_U8, },
	[WEFT_A_OPTION_DATA] = { .type = NLA_BINARY, },
};

const struct nla_policy weft_peer_nl_policy[WEFT_A_PEER_ENCAP_SEGMENT + 1] = {
	[WEFT_A_PEER_IP] = { .type = NLA_BINARY, },
	[WEFT_A_PEER_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_PEER_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_peer_vni_range),
	[WEFT_A_PEER_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_PEER_LIMIT] = { .type = NLA_U32, },
	[WEFT_A_PEER_ENTRIES] = { .type = NLA_U32, },
	[WEFT_A_PEER_LEARNED] = { .type = NLA_U32, },
	[WEFT_A_PEER_MTU] = { .type = NLA_U32, },
	[WEFT_A_PEER_NEXTHOP] = { .type = NLA_BINARY, },
	[WEFT_A_PEER_NEXTHOP_DEV] = { .type = NLA_U32, },
	[WEFT_A_PEER_STATS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_PEER_ENCAP] = NLA_POLICY_MAX(NLA_U32, 3),
	[WEFT_A_PEER_ENCAP_SEGMENT] = { .type = NLA_FLAG, },
};

const struct nla_policy weft_port_nl_policy[WEFT_A_PORT_LINK + 1] = {
	[WEFT_A_PORT_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PORT_NAME] = { .type = NLA_NUL_STRING, },
	[WEFT_A_PORT_VLAN] = NLA_POLICY_NESTED(weft_port_vlan_nl_policy),
	[WEFT_A_PORT_MAC] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_PORT_LIMIT] = { .type = NLA_U32, },
	[WEFT_A_PORT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_MCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_BCAST_FLOOD] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_HAIRPIN] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_ISOLATED] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_LEARNED] = { .type = NLA_U32, },
	[WEFT_A_PORT_STATS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_PORT_VF] = { .type = NLA_U16, },
	[WEFT_A_PORT_UPLINK] = { .type = NLA_FLAG, },
	[WEFT_A_PORT_VEPA] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_RELAY] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_PORT_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &weft_a_port_rate_range),
	[WEFT_A_PORT_BURST] = { .type = NLA_U32, },
	[WEFT_A_PORT_PRIO] = NLA_POLICY_MAX(NLA_U8, 7),
	[WEFT_A_PORT_LINK] = NLA_POLICY_NESTED(weft_link_nl_policy),
};

const struct nla_policy weft_port_vlan_nl_policy[WEFT_A_PORT_VLAN_LEARNED + 1] = {
	[WEFT_A_PORT_VLAN_VID] = NLA_POLICY_MAX(NLA_U16, WEFT_VID_MAX),
	[WEFT_A_PORT_VLAN_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_port_vlan_vni_range),
	[WEFT_A_PORT_VLAN_LEARNED] = { .type = NLA_U32, },
};

const struct nla_policy weft_rule_nl_policy[WEFT_A_RULE_REQUIRE + 1] = {
	[WEFT_A_RULE_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_rule_vni_range),
	[WEFT_A_RULE_PREF] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULE_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
	[WEFT_A_RULE_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULE_VF] = { .type = NLA_U16, },
	[WEFT_A_RULE_SRC] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_RULE_SRC_MASK] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_RULE_DST] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_RULE_DST_MASK] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_RULE_TYPE] = { .type = NLA_U16, },
	[WEFT_A_RULE_VID] = NLA_POLICY_MAX(NLA_U16, WEFT_VID_MAX),
	[WEFT_A_RULE_PRIO] = NLA_POLICY_MAX(NLA_U8, 7),
	[WEFT_A_RULE_UNTAGGED] = { .type = NLA_FLAG, },
	[WEFT_A_RULE_FROM] = { .type = NLA_BINARY, },
	[WEFT_A_RULE_FROM_LEN] = { .type = NLA_U8, },
	[WEFT_A_RULE_TO] = { .type = NLA_BINARY, },
	[WEFT_A_RULE_TO_LEN] = { .type = NLA_U8, },
	[WEFT_A_RULE_PROTO] = { .type = NLA_U8, },
	[WEFT_A_RULE_SPORT] = { .type = NLA_U16, },
	[WEFT_A_RULE_SPORT_MAX] = { .type = NLA_U16, },
	[WEFT_A_RULE_DPORT] = { .type = NLA_U16, },
	[WEFT_A_RULE_DPORT_MAX] = { .type = NLA_U16, },
	[WEFT_A_RULE_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[WEFT_A_RULE_TCP_FLAGS] = { .type = NLA_U8, },
	[WEFT_A_RULE_TCP_FLAGS_MASK] = { .type = NLA_U8, },
	[WEFT_A_RULE_CAST] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_RULE_FRAG] = NLA_POLICY_MAX(NLA_U32, 3),
	[WEFT_A_RULE_STATS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_RULE_VIA] = NLA_POLICY_MAX(NLA_U32, 3),
	[WEFT_A_RULE_CLASS] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_RULE_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &weft_a_rule_rate_range),
	[WEFT_A_RULE_BURST] = { .type = NLA_U32, },
	[WEFT_A_RULE_HW] = NLA_POLICY_NESTED(weft_map_hw_nl_policy),
	[WEFT_A_RULE_REQUIRE] = NLA_POLICY_MAX(NLA_U32, 1),
};

const struct nla_policy weft_rules_nl_policy[WEFT_A_RULES_COUNT + 1] = {
	[WEFT_A_RULES_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_rules_vni_range),
	[WEFT_A_RULES_COUNT] = { .type = NLA_U32, },
};

const struct nla_policy weft_segment_nl_policy[WEFT_A_SEGMENT_RELAYED + 1] = {
	[WEFT_A_SEGMENT_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_segment_vni_range),
	[WEFT_A_SEGMENT_ENCAP] = NLA_POLICY_MAX(NLA_U32, 3),
	[WEFT_A_SEGMENT_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_SEGMENT_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_segment_ageing_range),
	[WEFT_A_SEGMENT_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[WEFT_A_SEGMENT_GROUP] = { .type = NLA_BINARY, },
	[WEFT_A_SEGMENT_GROUP_DEV] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_GATEWAY] = { .type = NLA_BINARY, },
	[WEFT_A_SEGMENT_GATEWAY_LLADDR] = NLA_POLICY_EXACT_LEN(6),
	[WEFT_A_SEGMENT_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_segment_mtu_range),
	[WEFT_A_SEGMENT_LIMIT] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_ENTRIES] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_LEARNED] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_PORTS] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_OVERHEAD] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_STATS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_SEGMENT_GATEWAY_VTEP] = { .type = NLA_BINARY, },
	[WEFT_A_SEGMENT_OPTION] = NLA_POLICY_NESTED(weft_option_nl_policy),
	[WEFT_A_SEGMENT_VM_MTU] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_UPLINK_MTU] = { .type = NLA_U32, },
	[WEFT_A_SEGMENT_FRAGMENTS] = NLA_POLICY_NESTED(weft_stats_nl_policy),
	[WEFT_A_SEGMENT_VEPA] = NLA_POLICY_MAX(NLA_U8, 2),
	[WEFT_A_SEGMENT_RELAY_VTEP] = { .type = NLA_BINARY, },
	[WEFT_A_SEGMENT_RELAYED] = NLA_POLICY_NESTED(weft_stats_nl_policy),
};

const struct nla_policy weft_stats_nl_policy[WEFT_A_STATS_DROPS + 1] = {
	[WEFT_A_STATS_RX_PACKETS] = { .type = NLA_U64, },
	[WEFT_A_STATS_RX_BYTES] = { .type = NLA_U64, },
	[WEFT_A_STATS_TX_PACKETS] = { .type = NLA_U64, },
	[WEFT_A_STATS_TX_BYTES] = { .type = NLA_U64, },
	[WEFT_A_STATS_DROPS] = { .type = NLA_U64, },
};

const struct nla_policy weft_trace_nl_policy[WEFT_A_TRACE_VF + 1] = {
	[WEFT_A_TRACE_PORT] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_TRACE_PEER] = { .type = NLA_BINARY, },
	[WEFT_A_TRACE_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &weft_a_trace_vni_range),
	[WEFT_A_TRACE_FRAME] = { .type = NLA_BINARY, },
	[WEFT_A_TRACE_PATH] = NLA_POLICY_MAX(NLA_U32, 8),
	[WEFT_A_TRACE_REASON] = NLA_POLICY_MAX(NLA_U32, 42),
	[WEFT_A_TRACE_STEP] = NLA_POLICY_NESTED(weft_trace_step_nl_policy),
	[WEFT_A_TRACE_TRUNCATED] = { .type = NLA_FLAG, },
	[WEFT_A_TRACE_VF] = { .type = NLA_U16, },
};

const struct nla_policy weft_trace_step_nl_policy[WEFT_A_TRACE_STEP_ACTION + 1] = {
	[WEFT_A_TRACE_STEP_STEP] = NLA_POLICY_MAX(NLA_U32, 14),
	[WEFT_A_TRACE_STEP_VNI] = { .type = NLA_U32, },
	[WEFT_A_TRACE_STEP_MAC] = { .type = NLA_BINARY, },
	[WEFT_A_TRACE_STEP_PORT] = { .type = NLA_U32, },
	[WEFT_A_TRACE_STEP_VID] = { .type = NLA_U16, },
	[WEFT_A_TRACE_STEP_PEER] = { .type = NLA_BINARY, },
	[WEFT_A_TRACE_STEP_STATE] = NLA_POLICY_MAX(NLA_U32, 2),
	[WEFT_A_TRACE_STEP_PATH] = NLA_POLICY_MAX(NLA_U32, 8),
	[WEFT_A_TRACE_STEP_REASON] = NLA_POLICY_MAX(NLA_U32, 42),
	[WEFT_A_TRACE_STEP_VF] = { .type = NLA_U16, },
	[WEFT_A_TRACE_STEP_NIC] = { .type = NLA_U32, },
	[WEFT_A_TRACE_STEP_HW] = NLA_POLICY_MAX(NLA_U32, 9),
	[WEFT_A_TRACE_STEP_PREF] = { .type = NLA_U32, },
	[WEFT_A_TRACE_STEP_ACTION] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* WEFT_CMD_SWITCH_GET - do */
static const struct nla_policy weft_switch_get_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_SEGMENT_NEW - do */
static const struct nla_policy weft_segment_new_nl_policy[WEFT_A_SEGMENT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_SEGMENT] = NLA_POLICY_NESTED(weft_segment_nl_policy),
};

/* WEFT_CMD_SEGMENT_SET - do */
static const struct nla_policy weft_segment_set_nl_policy[WEFT_A_SEGMENT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_SEGMENT] = NLA_POLICY_NESTED(weft_segment_nl_policy),
};

/* WEFT_CMD_SEGMENT_DEL - do */
static const struct nla_policy weft_segment_del_nl_policy[WEFT_A_SEGMENT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_SEGMENT] = NLA_POLICY_NESTED(weft_segment_nl_policy),
};

/* WEFT_CMD_SEGMENT_GET - do */
static const struct nla_policy weft_segment_get_do_nl_policy[WEFT_A_SEGMENT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_SEGMENT] = NLA_POLICY_NESTED(weft_segment_nl_policy),
};

/* WEFT_CMD_SEGMENT_GET - dump */
static const struct nla_policy weft_segment_get_dump_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_PORT_SET - do */
static const struct nla_policy weft_port_set_nl_policy[WEFT_A_PORT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PORT] = NLA_POLICY_NESTED(weft_port_nl_policy),
};

/* WEFT_CMD_PORT_DEL - do */
static const struct nla_policy weft_port_del_nl_policy[WEFT_A_PORT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PORT] = NLA_POLICY_NESTED(weft_port_nl_policy),
};

/* WEFT_CMD_PORT_GET - do */
static const struct nla_policy weft_port_get_do_nl_policy[WEFT_A_PORT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PORT] = NLA_POLICY_NESTED(weft_port_nl_policy),
};

/* WEFT_CMD_PORT_GET - dump */
static const struct nla_policy weft_port_get_dump_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_MAP_NEW - do */
static const struct nla_policy weft_map_new_nl_policy[WEFT_A_MODE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_MAP] = NLA_POLICY_NESTED(weft_map_nl_policy),
	[WEFT_A_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* WEFT_CMD_MAP_DEL - do */
static const struct nla_policy weft_map_del_nl_policy[WEFT_A_MAP + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_MAP] = NLA_POLICY_NESTED(weft_map_nl_policy),
};

/* WEFT_CMD_MAP_GET - do */
static const struct nla_policy weft_map_get_do_nl_policy[WEFT_A_MAP + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_MAP] = NLA_POLICY_NESTED(weft_map_nl_policy),
};

/* WEFT_CMD_MAP_GET - dump */
static const struct nla_policy weft_map_get_dump_nl_policy[WEFT_A_MAP + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_MAP] = NLA_POLICY_NESTED(weft_map_nl_policy),
};

/* WEFT_CMD_MAP_FLUSH - do */
static const struct nla_policy weft_map_flush_nl_policy[WEFT_A_MAP + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_MAP] = NLA_POLICY_NESTED(weft_map_nl_policy),
};

/* WEFT_CMD_NEIGH_NEW - do */
static const struct nla_policy weft_neigh_new_nl_policy[WEFT_A_MODE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_NEIGH] = NLA_POLICY_NESTED(weft_neigh_nl_policy),
	[WEFT_A_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* WEFT_CMD_NEIGH_DEL - do */
static const struct nla_policy weft_neigh_del_nl_policy[WEFT_A_NEIGH + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_NEIGH] = NLA_POLICY_NESTED(weft_neigh_nl_policy),
};

/* WEFT_CMD_NEIGH_GET - do */
static const struct nla_policy weft_neigh_get_do_nl_policy[WEFT_A_NEIGH + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_NEIGH] = NLA_POLICY_NESTED(weft_neigh_nl_policy),
};

/* WEFT_CMD_NEIGH_GET - dump */
static const struct nla_policy weft_neigh_get_dump_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_PEER_NEW - do */
static const struct nla_policy weft_peer_new_nl_policy[WEFT_A_MODE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PEER] = NLA_POLICY_NESTED(weft_peer_nl_policy),
	[WEFT_A_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* WEFT_CMD_PEER_SET - do */
static const struct nla_policy weft_peer_set_nl_policy[WEFT_A_PEER + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PEER] = NLA_POLICY_NESTED(weft_peer_nl_policy),
};

/* WEFT_CMD_PEER_DEL - do */
static const struct nla_policy weft_peer_del_nl_policy[WEFT_A_PEER + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PEER] = NLA_POLICY_NESTED(weft_peer_nl_policy),
};

/* WEFT_CMD_PEER_GET - do */
static const struct nla_policy weft_peer_get_do_nl_policy[WEFT_A_PEER + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PEER] = NLA_POLICY_NESTED(weft_peer_nl_policy),
};

/* WEFT_CMD_PEER_GET - dump */
static const struct nla_policy weft_peer_get_dump_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_STATS_GET - do */
static const struct nla_policy weft_stats_get_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* WEFT_CMD_TRACE_GET - do */
static const struct nla_policy weft_trace_get_nl_policy[WEFT_A_TRACE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_TRACE] = NLA_POLICY_NESTED(weft_trace_nl_policy),
};

/* WEFT_CMD_PORT_NEW - do */
static const struct nla_policy weft_port_new_nl_policy[WEFT_A_PORT + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_PORT] = NLA_POLICY_NESTED(weft_port_nl_policy),
};

/* WEFT_CMD_NIC_GET - dump */
static const struct nla_policy weft_nic_get_nl_policy[WEFT_A_NIC + 1] = {
	[WEFT_A_NIC] = NLA_POLICY_NESTED(weft_nic_nl_policy),
};

/* WEFT_CMD_RULE_NEW - do */
static const struct nla_policy weft_rule_new_nl_policy[WEFT_A_RULE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULE] = NLA_POLICY_NESTED(weft_rule_nl_policy),
	[WEFT_A_MODE] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* WEFT_CMD_RULE_DEL - do */
static const struct nla_policy weft_rule_del_nl_policy[WEFT_A_RULE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULE] = NLA_POLICY_NESTED(weft_rule_nl_policy),
};

/* WEFT_CMD_RULE_REPLACE - do */
static const struct nla_policy weft_rule_replace_nl_policy[WEFT_A_RULES + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULES] = NLA_POLICY_NESTED(weft_rules_nl_policy),
	[WEFT_A_RULE] = NLA_POLICY_NESTED(weft_rule_nl_policy),
};

/* WEFT_CMD_RULE_GET - do */
static const struct nla_policy weft_rule_get_do_nl_policy[WEFT_A_RULE + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
	[WEFT_A_RULE] = NLA_POLICY_NESTED(weft_rule_nl_policy),
};

/* WEFT_CMD_RULE_GET - dump */
static const struct nla_policy weft_rule_get_dump_nl_policy[WEFT_A_DEV + 1] = {
	[WEFT_A_DEV] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* Ops table for weft */
static const struct genl_split_ops weft_nl_ops[] = {
	{
		.cmd		= WEFT_CMD_SWITCH_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_switch_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_switch_get_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= WEFT_CMD_SWITCH_GET,
		.dumpit	= weft_nl_switch_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_SEGMENT_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_segment_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_segment_new_nl_policy,
		.maxattr	= WEFT_A_SEGMENT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_SEGMENT_SET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_segment_set_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_segment_set_nl_policy,
		.maxattr	= WEFT_A_SEGMENT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_SEGMENT_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_segment_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_segment_del_nl_policy,
		.maxattr	= WEFT_A_SEGMENT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_SEGMENT_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_segment_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_segment_get_do_nl_policy,
		.maxattr	= WEFT_A_SEGMENT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_SEGMENT_GET,
		.dumpit		= weft_nl_segment_get_dumpit,
		.policy		= weft_segment_get_dump_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_PORT_SET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_port_set_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_port_set_nl_policy,
		.maxattr	= WEFT_A_PORT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PORT_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_port_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_port_del_nl_policy,
		.maxattr	= WEFT_A_PORT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PORT_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_port_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_port_get_do_nl_policy,
		.maxattr	= WEFT_A_PORT,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PORT_GET,
		.dumpit		= weft_nl_port_get_dumpit,
		.policy		= weft_port_get_dump_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_MAP_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_map_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_map_new_nl_policy,
		.maxattr	= WEFT_A_MODE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_MAP_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_map_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_map_del_nl_policy,
		.maxattr	= WEFT_A_MAP,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_MAP_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_map_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_map_get_do_nl_policy,
		.maxattr	= WEFT_A_MAP,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_MAP_GET,
		.dumpit		= weft_nl_map_get_dumpit,
		.policy		= weft_map_get_dump_nl_policy,
		.maxattr	= WEFT_A_MAP,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_MAP_FLUSH,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_map_flush_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_map_flush_nl_policy,
		.maxattr	= WEFT_A_MAP,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_NEIGH_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_neigh_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_neigh_new_nl_policy,
		.maxattr	= WEFT_A_MODE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_NEIGH_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_neigh_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_neigh_del_nl_policy,
		.maxattr	= WEFT_A_NEIGH,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_NEIGH_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_neigh_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_neigh_get_do_nl_policy,
		.maxattr	= WEFT_A_NEIGH,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_NEIGH_GET,
		.dumpit		= weft_nl_neigh_get_dumpit,
		.policy		= weft_neigh_get_dump_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_PEER_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_peer_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_peer_new_nl_policy,
		.maxattr	= WEFT_A_MODE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PEER_SET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_peer_set_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_peer_set_nl_policy,
		.maxattr	= WEFT_A_PEER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PEER_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_peer_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_peer_del_nl_policy,
		.maxattr	= WEFT_A_PEER,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PEER_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_peer_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_peer_get_do_nl_policy,
		.maxattr	= WEFT_A_PEER,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PEER_GET,
		.dumpit		= weft_nl_peer_get_dumpit,
		.policy		= weft_peer_get_dump_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_STATS_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_stats_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_stats_get_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_TRACE_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_trace_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_trace_get_nl_policy,
		.maxattr	= WEFT_A_TRACE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_PORT_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_port_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_port_new_nl_policy,
		.maxattr	= WEFT_A_PORT,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_NIC_GET,
		.dumpit		= weft_nl_nic_get_dumpit,
		.policy		= weft_nic_get_nl_policy,
		.maxattr	= WEFT_A_NIC,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= WEFT_CMD_RULE_NEW,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_rule_new_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_rule_new_nl_policy,
		.maxattr	= WEFT_A_RULE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_RULE_DEL,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_rule_del_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_rule_del_nl_policy,
		.maxattr	= WEFT_A_RULE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_RULE_REPLACE,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_rule_replace_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_rule_replace_nl_policy,
		.maxattr	= WEFT_A_RULES,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_RULE_GET,
		.pre_doit	= weft_nl_pre_doit,
		.doit		= weft_nl_rule_get_doit,
		.post_doit	= weft_nl_post_doit,
		.policy		= weft_rule_get_do_nl_policy,
		.maxattr	= WEFT_A_RULE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= WEFT_CMD_RULE_GET,
		.dumpit		= weft_nl_rule_get_dumpit,
		.policy		= weft_rule_get_dump_nl_policy,
		.maxattr	= WEFT_A_DEV,
		.flags		= GENL_CMD_CAP_DUMP,
	},
};

static const struct genl_multicast_group weft_nl_mcgrps[] = {
	[WEFT_NLGRP_CONFIG] = { "config", },
	[WEFT_NLGRP_MAP] = { "map", },
	[WEFT_NLGRP_EVENTS] = { "events", },
};

struct genl_family weft_nl_family __ro_after_init = {
	.name		= WEFT_FAMILY_NAME,
	.version	= WEFT_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.split_ops	= weft_nl_ops,
	.n_split_ops	= ARRAY_SIZE(weft_nl_ops),
	.mcgrps		= weft_nl_mcgrps,
	.n_mcgrps	= ARRAY_SIZE(weft_nl_mcgrps),
};
