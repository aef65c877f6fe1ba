/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_HW_NIC_H
#define _WEFTNIC_HW_NIC_H

/*
 * A NIC of the model. It plays hardware: it knows registers, rings,
 * descriptors and the bytes of packets, and nothing of those who drive it.
 *
 * One lock protects what the NIC holds. The engine runs in softirq context,
 * with that lock, and is alone in touching a driver's memory; so whoever has
 * the lock and ends a ring knows that its memory is used no more. What leaves
 * the NIC, frames to the wire and interrupts, does so after the lock is
 * dropped.
 */

#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uio.h>
#include <linux/workqueue.h>

#include "../regs.h"
#include "../slot.h"
#include "filter.h"
#include "lro.h"
#include "ring.h"
#include "table.h"

#define HW_FUNCTIONS	(1 + WEFTNIC_VFS_MAX)
#define HW_FEATURES	GENMASK(11, 0)
#define HW_VNI_MAX	GENMASK(23, 0)
#define HW_PIECES	64	/* most descriptors of a packet to send */
#define HW_CONFIG	0x140	/* configuration space that is not zero */

/**
 * struct hw_sizes - how large a NIC is
 * @map: entries of the mapping table
 * @segments: segments
 * @rules: rules of all segments together
 * @copies: VFs that an entry of a group may have
 * @macs: MAC filters
 * @vlans: VLAN filters
 * @vfs: virtual functions
 * @queues: pairs of queues of each function
 * @options: bytes of options of a segment's tunnel header
 * @features: WEFTNIC_FEATURE_*
 */
struct hw_sizes {
	u32 map;
	u32 segments;
	u32 rules;
	u32 copies;
	u32 macs;
	u32 vlans;
	u32 vfs;
	u32 queues;
	u32 options;
	u32 features;
};

/**
 * struct hw_fault - what is to go wrong; the NIC's lock
 * @timeouts: commands that will not be completed
 * @errors: commands that will fail
 * @status: and how
 * @lose: events that will be lost
 * @full: entries find no room
 * @unplugged: the link is down, whatever the wire says
 */
struct hw_fault {
	u32 timeouts;
	u32 errors;
	u32 status;
	u32 lose;
	bool full;
	bool unplugged;
};

/** struct hw_queue - a pair of queues: what is sent, and what is received */
struct hw_queue {
	struct hw_ring tx;
	struct hw_ring rx;
	struct hw_ring cq;
};

/** struct hw_vector - who is called; the function's irq_lock */
struct hw_vector {
	void (*handler)(void *data);
	void *data;
};

/** struct hw_config - what the PF says of a VF, see struct weftnic_vf_config */
struct hw_config {
	u32 vni;
	u32 rate;
	u16 flags;
	u16 vlan;
	u16 mtu;
	u8 mac[ETH_ALEN];
};

/** struct hw_stats - see struct weftnic_stats */
struct hw_stats {
	u64 rx_packets;
	u64 rx_bytes;
	u64 rx_multicast;
	u64 rx_broadcast;
	u64 tx_packets;
	u64 tx_bytes;
	u64 rx_no_buffer;
	u64 tx_spoofed;
	u64 tx_too_long;
	u64 tx_over_rate;
	u64 tx_bad;
};

/** struct hw_counters - see struct weftnic_counters */
struct hw_counters {
	u64 encapsulated;
	u64 decapsulated;
	u64 coalesced;
	u64 to_vf;
	u64 to_host;
	u64 miss;
	u64 no_segment;
	u64 no_vtep;
	u64 no_mac;
	u64 wrong_vlan;
	u64 wrong_vtep;
	u64 contradicts;
	u64 contradicts_learned;
	u64 bad_csum;
	u64 malformed;
	u64 denied;
	u64 to_judge;
	u64 vf_inside;
	u64 vf_out;
	u64 vf_in;
	u64 vf_miss;
	u64 vf_judge;
	u64 vf_many;
	u64 vf_entry;
	u64 events_lost;
	u64 busy_ns;
};

/**
 * struct hw_function - the PF or a VF
 * @slot: what the driver sees
 * @nic: whose it is
 * @index: 0 for the PF, else 1 + the number of the VF
 * @enabled: WEFTNIC_CTRL_ENABLE; NIC's lock, read at any time
 * @was_reset: WEFTNIC_STATUS_RESET; likewise
 * @link: WEFTNIC_STATUS_LINK; likewise
 * @stalled: a fault, its transmit queues stand still; NIC's lock
 * @irq_mask: register
 * @irq_pending: vectors that are to interrupt
 * @irq_lock: protects @vectors, and is held while a handler runs
 * @vectors: handlers
 * @admin: ring of commands
 * @event: ring of events
 * @queues: others
 * @lost: events that found no room since the last one; NIC's lock
 * @promisc: hears all; NIC's lock
 * @allmulti: hears all groups; NIC's lock
 * @vlans: VLAN filters; NIC's lock
 * @config: of a VF; NIC's lock
 * @tokens: bytes that it may send now; NIC's lock
 * @filled: when they were counted, ns; NIC's lock
 * @stats: counters; NIC's lock
 * @space: configuration space, dwords in the machine's byte order
 */
struct hw_function {
	struct weftnic_slot slot;
	struct hw_nic *nic;
	unsigned int index;
	bool enabled;
	bool was_reset;
	bool link;
	bool stalled;
	unsigned long irq_mask;
	unsigned long irq_pending;
	spinlock_t irq_lock;
	struct hw_vector vectors[WEFTNIC_VECTORS];
	struct hw_ring admin;
	struct hw_ring event;
	struct hw_queue queues[WEFTNIC_QUEUES_MAX];
	u16 lost;
	bool promisc;
	bool allmulti;
	DECLARE_BITMAP(vlans, VLAN_N_VID);
	struct hw_config config;
	s64 tokens;
	u64 filled;
	struct hw_stats stats;
	u32 space[HW_CONFIG / sizeof(u32)];
};

/**
 * struct hw_tx - a packet as descriptors say it, host byte order
 * @tag: see struct weftnic_tx_desc, as the others
 * @flags: likewise
 * @vlan: likewise
 * @mss: likewise
 * @l3: likewise
 * @l4: likewise
 * @csum: likewise
 * @hdr_len: likewise
 * @outer_l3: likewise
 * @outer_l4: likewise
 * @bad: it makes no sense
 * @pieces: used in @vec
 * @len: bytes in all
 * @vec: where they are
 */
struct hw_tx {
	u32 tag;
	u16 flags;
	u16 vlan;
	u16 mss;
	u16 l3;
	u16 l4;
	u16 csum;
	u16 hdr_len;
	u16 outer_l3;
	u16 outer_l4;
	bool bad;
	unsigned int pieces;
	unsigned int len;
	struct kvec vec[HW_PIECES];
};

/**
 * struct hw_nic - a NIC
 * @list: of all NICs; their mutex
 * @id: never used for another one
 * @name: its own
 * @sizes: how large it is
 * @mac: permanent address of the PF
 * @seed: of hashes
 * @functions: PF and VFs, whether enabled or not
 * @bridge: the host bridge it sits at
 * @vfs_enabled: VFs that can be seen on the bus
 * @resetting: functions that the bus has told to reset
 * @reset_work: does so
 * @lock: taken with bottom halves off. Protects what follows, as far as @turn,
 *	and the state of functions.
 * @table: the overlay engine's
 * @filters: the embedded switch's
 * @counters: of the engine
 * @fault: what is to go wrong
 * @carrier: the wire has one
 * @lro: packets that are being coalesced
 * @tx: the packet that is being taken from a function
 * @out: frames for the wire
 * @turn: function that is served first
 * @in: frames from the wire, with a lock of its own
 * @in_lost: frames from the wire that came too fast
 * @busy: time that the model took, ns
 * @doorbells: functions that have something to do
 * @waiting: functions that wait for their rate limit
 * @irqs: functions that are to interrupt
 * @timer: ends the waiting
 * @run: the engine
 * @wire: the device, changed under RTNL
 * @wire_tracker: of the reference to it
 * @dir: in debugfs
 */
struct hw_nic {
	struct list_head list;
	unsigned long id;
	char name[IFNAMSIZ];
	struct hw_sizes sizes;
	u8 mac[ETH_ALEN];
	u32 seed;
	struct hw_function *functions;
	struct pci_host_bridge *bridge;
	unsigned int vfs_enabled;
	DECLARE_BITMAP(resetting, HW_FUNCTIONS);
	struct work_struct reset_work;

	spinlock_t lock;
	struct hw_table table;
	struct hw_filters filters;
	struct hw_counters counters;
	struct hw_fault fault;
	bool carrier;
	struct hw_lro lro;
	struct hw_tx tx;
	struct sk_buff_head out;
	unsigned int turn;

	struct sk_buff_head in;
	atomic_t in_lost;
	atomic64_t busy;
	DECLARE_BITMAP(doorbells, HW_FUNCTIONS);
	DECLARE_BITMAP(waiting, HW_FUNCTIONS);
	DECLARE_BITMAP(irqs, HW_FUNCTIONS);
	struct timer_list timer;
	struct tasklet_struct run;
	struct net_device __rcu *wire;
	netdevice_tracker wire_tracker;
	struct dentry *dir;
};

/** hw_count() - functions that the NIC has, enabled or not */
static inline unsigned int hw_count(const struct hw_nic *nic)
{
	return 1 + nic->sizes.vfs;
}

/** hw_counters() - those of the engine; with the NIC's lock */
static inline const struct hw_counters *hw_counters(struct hw_nic *nic)
{
	nic->counters.busy_ns = atomic64_read(&nic->busy);
	return &nic->counters;
}

/** hw_connected() - has the PF not cut a function off? With the NIC's lock. */
static inline bool hw_connected(const struct hw_function *f)
{
	return !f->index || f->config.flags &
		(WEFTNIC_VF_LINK | WEFTNIC_VF_LINK_AUTO);
}

#endif /* _WEFTNIC_HW_NIC_H */
