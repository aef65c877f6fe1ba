/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_H
#define _WEFT_NETLINK_H

#include <linux/notifier.h>
#include <net/genetlink.h>

#include "addr.h"
#include "map.h"
#include "stats.h"
#include "switch.h"
#include "weft_gen.h"

struct weft_nic;
struct weft_port;
struct weft_segment;

/**
 * typedef weft_nl_fill_fn - write the attribute of an object
 * @skb: the message
 * @object: the object
 * @part: how much of it earlier messages told, 0 for nothing; moved on
 *
 * An object that is too big for one message goes into several: then the
 * attribute is complete in itself, @part has moved, and the answer is
 * -EMSGSIZE. If @part has not moved the message is of no use.
 *
 * Return: 0 if all of it is told, or an error.
 */
typedef int (*weft_nl_fill_fn)(struct sk_buff *skb, const void *object,
			       u32 *part);

/**
 * struct weft_nl_head - what messages begin with
 * @sw: the switch
 * @cb: the dump that they are part of, or NULL
 * @portid: who they are for
 * @seq: of the request
 * @flags: NLM_F_*
 * @cmd: WEFT_CMD_*
 */
struct weft_nl_head {
	const struct weft_switch *sw;
	struct netlink_callback *cb;
	u32 portid;
	u32 seq;
	u16 flags;
	u8 cmd;
};

/**
 * struct weft_nl_table - a hash table to be dumped
 * @table: it
 * @generation: counts its changes
 * @match: is an object wanted? NULL if all are
 * @vni: for @match
 * @fill: tells an object
 */
struct weft_nl_table {
	struct rhashtable *table;
	u32 (*generation)(const struct weft_switch *sw);
	bool (*match)(const void *object, u32 vni);
	u32 vni;
	weft_nl_fill_fn fill;
};

/**
 * typedef weft_nl_table_fn - choose what to dump
 * @sw: the switch
 * @info: the request
 * @table: filled in
 *
 * Called under RCU. Return: 0 or an error.
 */
typedef int (*weft_nl_table_fn)(struct weft_switch *sw,
				const struct genl_info *info,
				struct weft_nl_table *table);

/* netlink.c */
int weft_nl_register(void);
void weft_nl_unregister(void);

struct weft_switch *weft_nl_find(const struct genl_info *info);
struct weft_switch *weft_nl_switch(const struct genl_info *info);
int weft_nl_put(struct sk_buff *skb, const struct weft_nl_head *head,
		weft_nl_fill_fn fill, const void *object, u32 *part);
void weft_nl_dump_head(struct netlink_callback *cb,
		       const struct weft_switch *sw,
		       struct weft_nl_head *head);
int weft_nl_dump_table(struct sk_buff *skb, struct netlink_callback *cb,
		       weft_nl_table_fn choose);
int weft_nl_reply(struct genl_info *info, weft_nl_fill_fn fill,
		  const void *object);

/* attrs.c */
int weft_nl_once(const struct nlattr *attrs, int len, struct nlattr **tb,
		 u64 multi, struct netlink_ext_ack *extack);
int weft_nl_parse(struct nlattr **tb, int max, const struct nlattr *nest,
		  u64 take, u64 multi, struct netlink_ext_ack *extack);
int weft_nl_nest(const struct genl_info *info, int attr, struct nlattr **tb,
		 int max, u64 take, u64 multi);
int weft_nl_missing(struct netlink_ext_ack *extack, const struct nlattr *nest,
		    u16 type);
void weft_nl_blame(struct netlink_ext_ack *extack, const struct nlattr *attr);
int weft_nl_vtep(const struct nlattr *attr, struct weft_addr *addr,
		 struct netlink_ext_ack *extack);
int weft_nl_addr(const struct nlattr *attr, struct weft_addr *addr,
		 struct netlink_ext_ack *extack);
int weft_nl_unicast(const struct nlattr *attr, struct weft_addr *addr,
		    struct netlink_ext_ack *extack);
int weft_nl_state(const struct nlattr *attr, enum weft_state *state,
		  struct netlink_ext_ack *extack);
int weft_nl_mode(const struct genl_info *info, u32 take, enum weft_mode *mode);
struct weft_segment *weft_nl_segment(struct weft_switch *sw,
				     const struct nlattr *nest,
				     const struct nlattr *attr, u16 type,
				     struct netlink_ext_ack *extack);
struct weft_port *weft_nl_port(struct weft_switch *sw,
			       const struct nlattr *nest,
			       const struct nlattr *attr,
			       const struct nlattr *vf, u16 type,
			       struct netlink_ext_ack *extack);

u32 weft_nl_age(u32 then);
int weft_nl_put_addr(struct sk_buff *skb, int type,
		     const struct weft_addr *addr);
int weft_nl_put_dst(struct sk_buff *skb, int type,
		    const struct weft_dest *dest);
int weft_nl_put_totals(struct sk_buff *skb, int type,
		       const struct weft_totals *totals);
int weft_nl_put_hw(struct sk_buff *skb, int type, const struct weft_nic *nic,
		   enum weft_hw hw, u32 rate);
int weft_nl_put_stats(struct sk_buff *skb, int type,
		      const struct weft_stats __percpu *stats);

/* one each */
int weft_nl_fill_segment(struct sk_buff *skb, const void *object, u32 *part);
int weft_nl_fill_port(struct sk_buff *skb, const void *object, u32 *part);
int weft_nl_fill_entry(struct sk_buff *skb, const void *object, u32 *part);
int weft_nl_fill_neigh(struct sk_buff *skb, const void *object, u32 *part);
int weft_nl_fill_rule(struct sk_buff *skb, const void *object, u32 *part);
int weft_nl_fill_peer_brief(struct sk_buff *skb, const void *object,
			    u32 *part);
u64 weft_nl_drops(const struct weft_switch *sw, enum weft_drop_reason reason);

/* event.c */
extern struct notifier_block weft_nl_notifier;
u32 weft_nl_config_seq(void);
u32 weft_nl_rule_seq(void);
u32 weft_nl_peer_seq(void);

#endif /* _WEFT_NETLINK_H */
