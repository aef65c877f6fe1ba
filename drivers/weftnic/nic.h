/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_NIC_H
#define _WEFTNIC_NIC_H

#include <linux/completion.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include <net/weft_offload.h>

#include "queue.h"
#include "regs.h"
#include "slot.h"

struct devlink;
struct devlink_health_reporter;
struct nic;

#define NIC_CMD_ARGS		10
#define NIC_MSG_ARGS		8
#define NIC_CMD_BUFFER		16384	/* bytes of elements of a command */
#define NIC_CMD_MAX(type)	(NIC_CMD_BUFFER / sizeof(type))

#define NIC_EVENTS_ORDER	8
#define NIC_EVENTS		BIT(NIC_EVENTS_ORDER)

#define NIC_MSG_COOKIE		7	/* see enum weftnic_mbx */

/* Bits of nic.state */
enum {
	NIC_FAILED,	/* needs a reset; commands are refused */
};

/**
 * struct nic_role - what the PF and VFs do differently
 * @netdev_ops: of the device
 * @start: find out the address and limits, before the device is registered
 * @restore: set up what a reset has lost. Context: RTNL.
 * @message: a message has arrived, from a VF or else from the PF
 */
struct nic_role {
	const struct net_device_ops *netdev_ops;
	int (*start)(struct nic *nic);
	int (*restore)(struct nic *nic);
	void (*message)(struct nic *nic, int vf, const u32 *arg);
};

/**
 * struct nic_adminq - commands and events
 * @lock: one command at a time; protects all to @tail
 * @ring: of commands
 * @ring_dma: its address on the bus
 * @buffer: elements of the command
 * @buffer_dma: its address on the bus
 * @tail: of @ring
 * @done: something has come of the command, or never will
 * @event_lock: protects what follows; taken inside @lock
 * @events: ring of events
 * @events_dma: its address on the bus
 * @event_head: of @events
 */
struct nic_adminq {
	struct mutex lock;
	struct weftnic_cmd *ring;
	dma_addr_t ring_dma;
	void *buffer;
	dma_addr_t buffer_dma;
	u32 tail;
	struct completion done;

	struct mutex event_lock;
	struct weftnic_event *events;
	dma_addr_t events_dma;
	u32 event_head;
};

/**
 * struct nic_filters - what the function shall receive
 * @lock: protects all
 * @macs: struct mac_filter by address
 * @vlans: VLANs
 * @promisc: all is received
 * @allmulti: all multicast is received
 */
struct nic_filters {
	struct mutex lock;
	DECLARE_HASHTABLE(macs, 6);
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	bool promisc;
	bool allmulti;
};

/**
 * struct nic_vf - a VF, as the PF's driver sees it
 * @mac: the administrator's address for it; zero if there is none
 * @own_mac: the address that it has taken without one
 * @vlan: put on and taken off; 0 for none
 * @rate: most that it may send, Mbit/s; 0 for no limit
 * @link: IFLA_VF_LINK_STATE_*
 * @spoofchk: drop what has another source address
 * @trust: it may set filters
 * @stale: what weft says is from before its last beginning
 * @weft: what weft says of it, which rules while @weft.active
 */
struct nic_vf {
	u8 mac[ETH_ALEN];
	u8 own_mac[ETH_ALEN];
	u16 vlan;
	u32 rate;
	int link;
	bool spoofchk;
	bool trust;
	bool stale;
	struct weft_nic_vf weft;
};

/**
 * struct nic_mailbox - what a VF asks the PF
 * @lock: one question at a time
 * @answer_lock: protects @cookie, @waiting and @answer
 * @cookie: of the last question
 * @waiting: for its answer
 * @answer: is there, with @done
 * @done: the answer is there
 * @mac: what the PF said the address is; zero for any
 * @sync: makes the device follow what the PF says
 */
struct nic_mailbox {
	struct mutex lock;
	spinlock_t answer_lock;
	u32 cookie;
	bool waiting;
	u32 answer[NIC_MSG_ARGS];
	struct completion done;
	u8 mac[ETH_ALEN];
	struct work_struct sync;
};

/**
 * struct nic_counts - what the driver counts
 * @resets: recoveries
 * @misses: events
 * @contradictions: events
 * @full: events
 * @events_lost: as events tell
 */
struct nic_counts {
	u64 resets;
	u64 misses;
	u64 contradictions;
	u64 full;
	u64 events_lost;
};

/**
 * struct nic - a function and its device
 * @pdev: the function
 * @netdev: its device, which holds this
 * @slot: its registers
 * @role: PF or VF
 * @state: NIC_*, atomic bits
 * @features: WEFTNIC_FEATURE_*
 * @irq_mask: vectors that do not interrupt, atomic bits
 * @adminq: commands and events
 * @service: looks after the function, at events and every second
 * @recover: resets it and sets it up again; off until it is set up
 * @why: it has failed, for the log
 * @recovered: jiffies of the last try to recover
 * @delay: before the next one, in ms; written by who sets NIC_FAILED
 * @rx_mode: brings @filters up to date
 * @filters: what is to be received
 * @queues: pairs, of which @queue_count are used; RTNL
 * @queue_count: see @queues; RTNL
 * @queue_max: pairs there are
 * @tx_order: log2 of slots of a transmit ring; RTNL
 * @rx_order: of a receive ring; RTNL
 * @up: the queues work; RTNL to change
 * @counts: what happened; written by @service and under RTNL alone
 * @stats: as last read; RTNL
 * @counters: as last read; RTNL
 * @vf_lock: protects @vfs; the lock of @adminq is taken inside
 * @vfs: PF: one for each VF there may be
 * @vf_count: PF: number of @vfs
 * @weft: PF: weft's handle
 * @devlink: PF: its instance
 * @reporter: PF: of failures
 * @mailbox: VF: to the PF
 */
struct nic {
	struct pci_dev *pdev;
	struct net_device *netdev;
	struct weftnic_slot *slot;
	const struct nic_role *role;
	unsigned long state;
	u32 features;
	unsigned long irq_mask;
	struct nic_adminq adminq;
	struct delayed_work service;
	struct delayed_work recover;
	const char *why;
	unsigned long recovered;
	unsigned int delay;
	struct delayed_work rx_mode;
	struct nic_filters filters;
	struct nic_queue *queues;
	unsigned int queue_count;
	unsigned int queue_max;
	unsigned int tx_order;
	unsigned int rx_order;
	bool up;
	struct nic_counts counts;
	struct weftnic_stats stats;
	struct weftnic_counters counters;

	struct mutex vf_lock;
	struct nic_vf *vfs;
	unsigned int vf_count;
	struct weft_nic __rcu *weft;
	struct devlink *devlink;
	struct devlink_health_reporter *reporter;

	struct nic_mailbox mailbox;
};

extern struct workqueue_struct *nic_wq;
extern const struct nic_role nic_pf_role;
extern const struct nic_role nic_vf_role;

static inline bool nic_is_pf(const struct nic *nic)
{
	return nic->role == &nic_pf_role;
}

/* adminq.c */
int nic_adminq_create(struct nic *nic);
void nic_adminq_destroy(struct nic *nic);
int nic_start(struct nic *nic);
void nic_reset(struct nic *nic);
void nic_ring_start(struct nic *nic, u32 reg, dma_addr_t addr,
		    unsigned int order);
void nic_ring_stop(struct nic *nic, u32 reg);
void nic_irq_mask(struct nic *nic, unsigned int vector);
void nic_irq_unmask(struct nic *nic, unsigned int vector);
void *nic_cmd_begin(struct nic *nic);
int nic_cmd_run(struct nic *nic, enum weftnic_op op, unsigned int count,
		u32 *args);
void nic_cmd_end(struct nic *nic);
int nic_cmd(struct nic *nic, enum weftnic_op op, u32 *args);
int nic_errno(u32 status);
unsigned long nic_timeout(void);

/* event.c */
void nic_service(struct work_struct *work);
void nic_link(struct nic *nic);

/* recover.c */
void nic_fail(struct nic *nic, const char *why);
void nic_halt(struct nic *nic);
int nic_recover(struct nic *nic);
void nic_recover_work(struct work_struct *work);

/* filter.c */
void nic_filters_init(struct nic *nic);
void nic_filters_free(struct nic *nic);
int nic_filters_sync(struct nic *nic);
int nic_filters_restore(struct nic *nic);
int nic_vlan_add(struct net_device *netdev, __be16 proto, u16 vid);
int nic_vlan_del(struct net_device *netdev, __be16 proto, u16 vid);

/* netdev.c */
void nic_netdev_setup(struct nic *nic);
int nic_open(struct net_device *netdev);
int nic_stop(struct net_device *netdev);
void nic_set_rx_mode(struct net_device *netdev);
void nic_tx_timeout(struct net_device *netdev, unsigned int queue);
void nic_get_stats64(struct net_device *netdev,
		     struct rtnl_link_stats64 *stats);
int nic_change_mac(struct nic *nic, const u8 *mac);

/* sriov.c */
int nic_vfs_create(struct nic *nic);
int nic_vfs_restore(struct nic *nic);
int nic_vfs_set_weft(struct nic *nic, const struct weft_nic_vf *vf);
void nic_vfs_set_stale(struct nic *nic);
int nic_vfs_end_stale(struct nic *nic);
void nic_vf_describe(struct nic *nic, unsigned int vf, u32 *arg);
int nic_vf_take_mac(struct nic *nic, unsigned int vf, const u8 *mac);
bool nic_vf_is_port(struct nic *nic, unsigned int vf);
int nic_sriov_configure(struct pci_dev *pdev, int count);
void nic_sriov_exit(struct nic *nic);
int nic_set_vf_mac(struct net_device *netdev, int vf, u8 *mac);
int nic_set_vf_vlan(struct net_device *netdev, int vf, u16 vlan, u8 qos,
		    __be16 proto);
int nic_set_vf_rate(struct net_device *netdev, int vf, int min, int max);
int nic_set_vf_spoofchk(struct net_device *netdev, int vf, bool on);
int nic_set_vf_trust(struct net_device *netdev, int vf, bool on);
int nic_set_vf_link_state(struct net_device *netdev, int vf, int state);
int nic_get_vf_config(struct net_device *netdev, int vf,
		      struct ifla_vf_info *info);
int nic_get_vf_stats(struct net_device *netdev, int vf,
		     struct ifla_vf_stats *stats);

/* mailbox.c */
void nic_mac_to_args(const u8 *mac, u32 *arg);
void nic_args_to_mac(const u32 *arg, u8 *mac);
int nic_mailbox_send(struct nic *nic, unsigned int to, const u32 *arg);
void nic_mailbox_tell(struct nic *nic, unsigned int vf);
void nic_mailbox_serve(struct nic *nic, int vf, const u32 *arg);
void nic_mailbox_init(struct nic *nic);
int nic_mailbox_ask(struct nic *nic, u32 *arg);
bool nic_mailbox_answer(struct nic *nic, const u32 *arg);

/* offload.c */
int nic_offload_register(struct nic *nic);
void nic_offload_unregister(struct nic *nic);
void nic_offload_down(struct nic *nic);
void nic_offload_up(struct nic *nic);
void nic_offload_event(struct nic *nic, const struct weftnic_event *event);
bool nic_offload_receive(struct nic *nic, struct sk_buff *skb,
			 const struct weftnic_rx_done *done);
bool nic_offload_give_back(struct nic *nic, struct sk_buff *skb, u32 tag);

/* stats.c */
int nic_stats_read(struct nic *nic, unsigned int vf,
		   struct weftnic_stats *stats);
int nic_counters_read(struct nic *nic);

/* ethtool.c */
extern const struct ethtool_ops nic_ethtool_ops;

/* devlink.c */
int nic_devlink_create(struct nic *nic);
void nic_devlink_register(struct nic *nic);
void nic_devlink_unregister(struct nic *nic);
void nic_devlink_destroy(struct nic *nic);
void nic_devlink_report(struct nic *nic);

#endif /* _WEFTNIC_NIC_H */
