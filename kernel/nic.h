/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NIC_H
#define _WEFT_NIC_H

#include <linux/bitfield.h>
#include <linux/hashtable.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/dst_metadata.h>
#include <net/weft_offload.h>

#include "packet.h"
#include "shadow.h"
#include "switch.h"

struct weft_encap_ops;
struct weft_event;
struct weft_heat_cpu;
struct weft_peer;
struct weft_plan;
struct weft_port;
struct weft_rule;

#define WEFT_NICS_MAX 7	/* bits in the entries of the map */

/* What is to be done, bits of weft_nic.todo, in the order it is done */
enum {
	WEFT_NIC_TODO_ALL,	/* begin anew and push all */
	WEFT_NIC_TODO_FIND,	/* mark all there is */
	WEFT_NIC_TODO_NEIGHS,	/* look at the next hops again */
	WEFT_NIC_TODO_VTEPS,
	WEFT_NIC_TODO_VFS_OUT,	/* dirty_vfs, those that leave their segment */
	WEFT_NIC_TODO_VNIS,	/* dirty_vnis */
	WEFT_NIC_TODO_VFS,	/* dirty_vfs */
	WEFT_NIC_TODO_HEAT,	/* see what is used most */
	WEFT_NIC_TODO_ENTRIES,	/* shadows that are dirty */
	WEFT_NIC_TODO_END,	/* all has been pushed */
	WEFT_NIC_TODO_COUNTS,	/* see what the NIC has counted */
};

/**
 * struct weft_nic_vni - a segment that a NIC has, or should have
 * @vni: which
 * @in: the NIC has it; read at any time
 * @err: why not; likewise
 * @encap: by what it encapsulates for it, NULL if it does not; read at any time
 * @judged: it gives all to the host, to be judged; read at any time
 * @plan: how it judges by itself, NULL if it does not; changed by the worker
 *	alone, read under RCU
 * @version: of the rules that @plan is of, or could not be of; the worker, read at
 *	any time
 * @room: for how many rules there was room then; the worker
 * @loaded: the NIC may have rules of it; the worker
 * @rules_hw: enum weft_hw of the rules that are not in @plan; the worker, read at
 *	any time
 * @tag: of packets to be encapsulated: without flags, and with
 *	WEFT_NIC_TAG_LOCAL
 * @rcu: frees it
 */
struct weft_nic_vni {
	u32 vni;
	bool in;
	int err;
	const struct weft_encap_ops *encap;
	bool judged;
	struct weft_plan __rcu *plan;
	u64 version;
	u32 room;
	bool loaded;
	u8 rules_hw;
	struct metadata_dst *tag[2];
	struct rcu_head rcu;
};

/**
 * struct weft_nic_hop - a VTEP that entries lead to
 * @node: by @ip
 * @ip: its address
 * @encap: by what it is reached
 * @mac: its MAC address, zero if it is behind the gateway
 * @err: 0, -EAGAIN while the MAC address is not known, -EPROTONOSUPPORT if it
 *	speaks another encapsulation, or why the NIC can't reach it
 */
struct weft_nic_hop {
	struct hlist_node node;
	struct weft_addr ip;
	const struct weft_encap_ops *encap;
	u8 mac[ETH_ALEN];
	int err;
};

/**
 * struct weft_nic - a PF whose driver has registered
 * @pf: its device
 * @caps: what it can do
 * @ops: what its driver does for us
 * @index: its bit in the entries of the map
 * @node: in the list of NICs
 * @sw: the switch it serves, NULL for none; RTNL to change, read under RCU
 * @vfs: struct weft_port by VF; RTNL to change, read under RCU
 * @ready: the driver can take commands; read at any time
 * @serving: packets may be tagged for it; read at any time
 * @todo: bits of WEFT_NIC_TODO_*
 * @dirty_vnis: segments to be looked at
 * @dirty_vfs: bits of VFs to be set up
 * @vf_tags: of packets for one VF, each for the segment that the VF is connected
 *	with, or NULL; changed by @work alone, read under RCU
 * @vf_vnis: the segment that each VF is connected with, 0 for none; @work alone
 * @walk: held by @work while it walks the tables of @sw
 * @shadows: the map, as the NIC knows it
 * @heat: samples of packets, while @heating; nic_heat.c, as what follows
 * @heating: it has not room for all; read at any time
 * @heat_side: which samples are written; read at any time
 * @heat_rcu: when the others are not any more
 * @vnis: struct weft_nic_vni; changed by @work alone, read under RCU
 * @rules: how many there are in the NIC; @work alone, read at any time
 * @hops: struct weft_nic_hop; @work alone
 * @gateway: next hop to other subnets, by family; @work alone
 * @generation: of what the NIC has; @work alone, read at any time
 * @err: of the last operation; likewise
 * @lost: that was told; @work alone
 * @delay: milliseconds until the next try; @work alone
 * @work: pushes
 * @wq: runs @work
 * @ways: which ways frames of VFs have gone; @work alone, read at any time
 * @ways_seen: what of that the NIC has told since its reset; @work alone
 * @fallback: packets that the driver gave back
 * @fallback_work: sends them
 * @counters: what happened
 * @tracker: of the reference to @pf
 * @rcu: frees it
 *
 * Whoever has found it under RTNL or in the list under RCU may use it until
 * then; the driver until weft_nic_unregister().
 */
struct weft_nic {
	struct net_device *pf;
	struct weft_nic_caps caps;
	const struct weft_nic_ops *ops;
	u8 index;
	struct list_head node;
	struct weft_switch __rcu *sw;
	struct xarray vfs;
	bool ready;
	bool serving;
	unsigned long todo;
	struct xarray dirty_vnis;
	unsigned long *dirty_vfs;
	struct metadata_dst __rcu **vf_tags;
	u32 *vf_vnis;
	struct mutex walk;
	struct weft_shadows shadows;
	struct weft_heat_cpu __percpu *heat;
	bool heating;
	u8 heat_side;
	unsigned long heat_rcu;
	struct xarray vnis;
	u32 rules;
	DECLARE_HASHTABLE(hops, 8);
	struct weft_nic_hop gateway[2];
	u32 generation;
	int err;
	bool lost;
	unsigned int delay;
	struct delayed_work work;
	struct workqueue_struct *wq;
	struct weft_nic_ways ways;
	struct weft_nic_ways ways_seen;
	struct sk_buff_head fallback;
	struct work_struct fallback_work;
	struct weft_nic_counters {
		atomic64_t miss;	/* events of that kind */
		atomic64_t full;
		atomic64_t reset;
		atomic64_t orphan;	/* frames received that are nobody's */
		atomic64_t given_back;	/* frames the driver could not encap */
		atomic64_t pushed;	/* entries */
		atomic64_t failed;	/* operations */
		atomic64_t moved_in;	/* entries, for others that went */
		atomic64_t moved_out;
	} counters;
	netdevice_tracker tracker;
	struct rcu_head rcu;
};

extern struct list_head weft_nics;	/* RTNL to change, read under RCU */

/* nic.c */
struct weft_nic *weft_nic_find(const struct net_device *pf);
void weft_nic_bind(struct weft_switch *sw);
void weft_nic_unbind(struct weft_switch *sw);
void weft_nic_event(const struct net_device *dev, unsigned long event);
struct weft_port *weft_nic_add_port(struct weft_switch *sw,
				    struct net_device *pf, u16 vf,
				    struct netlink_ext_ack *extack);
void weft_nic_del_port(struct weft_port *port);

/* offload.c */
int weft_offload_module_init(void);
void weft_offload_module_exit(void);
int weft_offload_init(struct weft_nic *nic);
void weft_offload_exit(struct weft_nic *nic);
void weft_offload_todo(struct weft_nic *nic, unsigned int what);
void weft_offload_vf(struct weft_nic *nic, u16 vf);
void weft_offload_tell(struct weft_nic *nic, struct weft_event *event);

/**
 * struct weft_nic_upper - takes the frames that come from NICs
 * @tunnel: see weft_upper_t
 * @port: a VF sent it, and @served have got it
 */
struct weft_nic_upper {
	void (*tunnel)(struct sk_buff *skb, struct weft_pkt *pkt);
	void (*port)(struct sk_buff *skb, struct weft_port *port,
		     struct weft_served served);
};

/** weft_nic_alone() - can a VF get a frame to many alone? Any context */
static inline bool weft_nic_alone(const struct weft_nic *nic, u16 vf)
{
	return nic->caps.features & WEFT_NIC_GROUPS &&
	       vf <= FIELD_MAX(WEFT_NIC_TAG_VF_MASK);
}

/* nic_rules.c */
int weft_nic_rule_hw(struct weft_nic *nic, const struct weft_rule *rule);

/* nic_packet.c */
void weft_nic_set_upper(const struct weft_nic_upper *upper);
void weft_nic_packet_init(struct weft_nic *nic);
void weft_nic_packet_exit(struct weft_nic *nic);
struct weft_nic *weft_nic_choose(struct sk_buff *skb,
				 const struct weft_pkt *pkt,
				 struct weft_peer *peer);
int weft_nic_encap(struct sk_buff *skb, const struct weft_pkt *pkt,
		   struct weft_peer *peer);
enum weft_drop_reason weft_nic_to_vf(struct sk_buff *skb,
				     const struct weft_port *port, u32 vni,
				     bool alone);
struct metadata_dst *weft_nic_make_tag(const struct weft_nic *nic, u32 tag);

#endif /* _WEFT_NIC_H */
