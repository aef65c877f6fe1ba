/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/weft.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_WEFT_GEN_H
#define _LINUX_WEFT_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/weft.h>

/* Common nested types */
extern const struct nla_policy weft_dst_nl_policy[WEFT_A_DST_VF + 1];
extern const struct nla_policy weft_link_nl_policy[WEFT_A_LINK_TX_DROPPED + 1];
extern const struct nla_policy weft_map_nl_policy[WEFT_A_MAP_HW + 1];
extern const struct nla_policy weft_map_hw_nl_policy[WEFT_A_MAP_HW_RATE + 1];
extern const struct nla_policy weft_neigh_nl_policy[WEFT_A_NEIGH_AGE + 1];
extern const struct nla_policy weft_nic_nl_policy[WEFT_A_NIC_RULE_SIZE + 1];
extern const struct nla_policy weft_option_nl_policy[WEFT_A_OPTION_DATA + 1];
extern const struct nla_policy weft_peer_nl_policy[WEFT_A_PEER_ENCAP_SEGMENT + 1];
extern const struct nla_policy weft_port_nl_policy[WEFT_A_PORT_LINK + 1];
extern const struct nla_policy weft_port_vlan_nl_policy[WEFT_A_PORT_VLAN_LEARNED + 1];
extern const struct nla_policy weft_rule_nl_policy[WEFT_A_RULE_REQUIRE + 1];
extern const struct nla_policy weft_rules_nl_policy[WEFT_A_RULES_COUNT + 1];
extern const struct nla_policy weft_segment_nl_policy[WEFT_A_SEGMENT_RELAYED + 1];
extern const struct nla_policy weft_stats_nl_policy[WEFT_A_STATS_DROPS + 1];
extern const struct nla_policy weft_trace_nl_policy[WEFT_A_TRACE_VF + 1];
extern const struct nla_policy weft_trace_step_nl_policy[WEFT_A_TRACE_STEP_ACTION + 1];

int weft_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		     struct genl_info *info);
void
weft_nl_post_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		  struct genl_info *info);

int weft_nl_switch_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_switch_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_segment_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_segment_set_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_segment_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_segment_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_segment_get_dumpit(struct sk_buff *skb,
			       struct netlink_callback *cb);
int weft_nl_port_set_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_port_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_port_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_port_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_map_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_map_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_map_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_map_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_map_flush_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_neigh_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_neigh_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_neigh_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_neigh_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_peer_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_stats_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_trace_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_port_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_nic_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int weft_nl_rule_new_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_rule_del_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_rule_replace_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_rule_get_doit(struct sk_buff *skb, struct genl_info *info);
int weft_nl_rule_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

enum {
	WEFT_NLGRP_CONFIG,
	WEFT_NLGRP_MAP,
	WEFT_NLGRP_EVENTS,
};

extern struct genl_family weft_nl_family;

#endif /* _LINUX_WEFT_GEN_H */
