/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_QUEUE_H
#define _WEFTNIC_QUEUE_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

#include "regs.h"

struct nic;
struct page_pool;

#define NIC_RING_ORDER_MIN	7
#define NIC_RING_ORDER_DEFAULT	8

/* Room before a packet, in which outer headers of a tunnel may be put. */
#define NIC_RX_HEADROOM		128
#define NIC_RX_LEN		(SKB_WITH_OVERHEAD(PAGE_SIZE) - NIC_RX_HEADROOM)

/* The length of a piece has 16 bits. */
#define NIC_TX_PIECE		32768
/* Most pieces of a packet: of fragments, and what is cut from larger ones */
#define NIC_TX_STOP		(MAX_SKB_FRAGS + 1 + GSO_LEGACY_MAX_SIZE / \
				 NIC_TX_PIECE + 1)
#define NIC_TX_WAKE		(2 * NIC_TX_STOP)

static_assert(NIC_TX_WAKE < 1 << NIC_RING_ORDER_MIN);

/**
 * struct nic_tx_slot - what a descriptor stands for
 * @addr: mapped
 * @len: bytes there
 * @page: mapped as a page, not as memory of the kernel's
 * @skb: the packet, in its last slot
 */
struct nic_tx_slot {
	dma_addr_t addr;
	u32 len;
	bool page;
	struct sk_buff *skb;
};

/**
 * struct nic_tx - a transmit ring
 * @ring: descriptors
 * @dma: their address on the bus
 * @slots: what they stand for
 * @size: how many
 * @tail: next to be written; the transmit lock
 * @rung: @tail, as the NIC knows it; likewise
 * @head: next to be freed; NAPI
 * @syncp: of what follows; the transmit lock
 * @packets: sent
 * @bytes: likewise
 * @dropped: for lack of memory, or because of a reset
 * @given_back: to be encapsulated by weft
 * @stopped: how often the ring was full
 */
struct nic_tx {
	struct weftnic_tx_desc *ring;
	dma_addr_t dma;
	struct nic_tx_slot *slots;
	u32 size;
	u32 tail;
	u32 rung;

	u32 head ____cacheline_aligned_in_smp;

	struct u64_stats_sync syncp ____cacheline_aligned_in_smp;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t dropped;
	u64_stats_t given_back;
	u64_stats_t stopped;
};

/**
 * struct nic_rx_slot - what a descriptor stands for
 * @page: the page; NULL if the NIC does not have it
 * @addr: mapped, behind the headroom
 */
struct nic_rx_slot {
	struct page *page;
	dma_addr_t addr;
};

/**
 * struct nic_rx - a receive ring and its completions; NAPI
 * @ring: descriptors
 * @dma: their address on the bus
 * @done: completions
 * @done_dma: their address on the bus
 * @slots: what the NIC has
 * @pool: where they come from
 * @size: slots of either ring
 * @tail: of @ring
 * @head: of @done
 * @skb: pieces of a packet that is not whole
 * @skip: it is to be dropped
 * @syncp: of what follows
 * @packets: received
 * @bytes: likewise
 * @multicast: likewise
 * @overlay: of @packets: without their tunnel headers, for weft
 * @coalesced: of @packets: those made of several
 * @dropped: for lack of memory, or of weft
 * @errors: packets that make no sense
 */
struct nic_rx {
	struct weftnic_rx_desc *ring;
	dma_addr_t dma;
	struct weftnic_rx_done *done;
	dma_addr_t done_dma;
	struct nic_rx_slot *slots;
	struct page_pool *pool;
	u32 size;
	u32 tail;
	u32 head;
	struct sk_buff *skb;
	bool skip;

	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
	u64_stats_t multicast;
	u64_stats_t overlay;
	u64_stats_t coalesced;
	u64_stats_t dropped;
	u64_stats_t errors;
};

/**
 * struct nic_queue - a pair of queues
 * @nic: whose
 * @index: number of the pair
 * @napi: serves both
 * @tx: what is sent
 * @rx: what is received
 */
struct nic_queue {
	struct nic *nic;
	unsigned int index;
	struct napi_struct napi;
	struct nic_tx tx;
	struct nic_rx rx;
};

/* queue.c */
int nic_queues_create(struct nic *nic);
int nic_queues_up(struct nic *nic);
void nic_queues_down(struct nic *nic);
int nic_queues_change(struct nic *nic, unsigned int count,
		      unsigned int tx_order, unsigned int rx_order);

/* tx.c */
int nic_tx_alloc(struct nic_queue *queue);
void nic_tx_free(struct nic_queue *queue);
void nic_tx_clean(struct nic_queue *queue, int budget);
netdev_tx_t nic_xmit(struct sk_buff *skb, struct net_device *netdev);
netdev_features_t nic_features_check(struct sk_buff *skb,
				     struct net_device *netdev,
				     netdev_features_t features);

/* rx.c */
int nic_rx_alloc(struct nic_queue *queue);
void nic_rx_free(struct nic_queue *queue);
void nic_rx_start(struct nic_queue *queue);
int nic_rx_poll(struct nic_queue *queue, int budget);

#endif /* _WEFTNIC_QUEUE_H */
