// SPDX-License-Identifier: GPL-2.0
/*
 * Transmit: a descriptor for each piece of a packet. What weft has tagged is
 * encapsulated by the NIC, segments of TCP one by one.
 */

#include <linux/dma-mapping.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/netdev_queues.h>

#include "nic.h"

static u32 room(const struct nic_tx *tx)
{
	return tx->size - (READ_ONCE(tx->tail) - READ_ONCE(tx->head));
}

static struct weftnic_tx_desc *desc_at(const struct nic_tx *tx, u32 at)
{
	return &tx->ring[at & (tx->size - 1)];
}

static struct nic_tx_slot *slot_at(const struct nic_tx *tx, u32 at)
{
	return &tx->slots[at & (tx->size - 1)];
}

static struct netdev_queue *txq_of(const struct nic_queue *queue)
{
	return netdev_get_tx_queue(queue->nic->netdev, queue->index);
}

static void count(struct nic_tx *tx, u64_stats_t *counter)
{
	u64_stats_update_begin(&tx->syncp);
	u64_stats_inc(counter);
	u64_stats_update_end(&tx->syncp);
}

/* --- memory --- */

static void unmap(struct nic_queue *queue, struct nic_tx_slot *slot)
{
	struct device *dev = &queue->nic->pdev->dev;

	if (slot->page)
		dma_unmap_page(dev, slot->addr, slot->len, DMA_TO_DEVICE);
	else
		dma_unmap_single(dev, slot->addr, slot->len, DMA_TO_DEVICE);
}

/**
 * nic_tx_alloc() - make a ring
 * @queue: the pair
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int nic_tx_alloc(struct nic_queue *queue)
{
	struct device *dev = &queue->nic->pdev->dev;
	struct nic_tx *tx = &queue->tx;

	tx->size = BIT(queue->nic->tx_order);
	tx->tail = 0;
	tx->rung = 0;
	tx->head = 0;
	tx->slots = kvcalloc(tx->size, sizeof(*tx->slots), GFP_KERNEL);
	if (!tx->slots)
		return -ENOMEM;
	tx->ring = dma_alloc_coherent(dev, tx->size * sizeof(*tx->ring),
				      &tx->dma, GFP_KERNEL);
	if (tx->ring)
		return 0;
	kvfree(tx->slots);
	return -ENOMEM;
}

/**
 * nic_tx_free() - drop what was not sent, and free a ring
 * @queue: the pair, which neither the NIC nor anybody uses
 *
 * Context: process.
 */
void nic_tx_free(struct nic_queue *queue)
{
	struct nic_tx *tx = &queue->tx;
	struct nic_tx_slot *slot;

	for (; tx->head != tx->tail; tx->head++) {
		slot = slot_at(tx, tx->head);
		unmap(queue, slot);
		if (!slot->skb)
			continue;
		count(tx, &tx->dropped);
		dev_kfree_skb(slot->skb);
	}
	netdev_tx_reset_queue(txq_of(queue));
	dma_free_coherent(&queue->nic->pdev->dev, tx->size * sizeof(*tx->ring),
			  tx->ring, tx->dma);
	kvfree(tx->slots);
}

/**
 * nic_tx_clean() - free what was sent
 * @queue: the pair
 * @budget: of NAPI
 *
 * Context: NAPI.
 */
void nic_tx_clean(struct nic_queue *queue, int budget)
{
	struct nic_tx *tx = &queue->tx;
	unsigned int packets = 0, bytes = 0;
	struct nic *nic = queue->nic;
	struct nic_tx_slot *slot;
	u32 at = tx->head, head;

	head = weftnic_read(nic->slot, WEFTNIC_TX(queue->index) +
				       WEFTNIC_RING_HEAD);
	if (head - at > READ_ONCE(tx->tail) - at) {
		nic_fail(nic, "a transmit ring makes no sense");
		return;
	}
	for (; at != head; at++) {
		slot = slot_at(tx, at);
		unmap(queue, slot);
		if (!slot->skb)
			continue;
		packets++;
		bytes += slot->skb->len;
		napi_consume_skb(slot->skb, budget);
	}
	WRITE_ONCE(tx->head, head);
	__netif_txq_completed_wake(txq_of(queue), packets, bytes, room(tx),
				   NIC_TX_WAKE, !READ_ONCE(nic->up));
}

/* --- descriptors --- */

static unsigned int pieces_of(const struct sk_buff *skb)
{
	unsigned int i, n = DIV_ROUND_UP(skb_headlen(skb), NIC_TX_PIECE);

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		n += DIV_ROUND_UP(skb_frag_size(&skb_shinfo(skb)->frags[i]),
				  NIC_TX_PIECE);
	return n;
}

static int add_piece(struct nic_queue *queue, u32 at, dma_addr_t addr,
		     unsigned int len, bool page)
{
	struct weftnic_tx_desc *desc = desc_at(&queue->tx, at);
	struct nic_tx_slot *slot = slot_at(&queue->tx, at);

	if (dma_mapping_error(&queue->nic->pdev->dev, addr))
		return -ENOMEM;
	*slot = (struct nic_tx_slot){
		.addr = addr, .len = len, .page = page,
	};
	*desc = (struct weftnic_tx_desc){
		.addr = cpu_to_le64(addr), .len = cpu_to_le16(len),
	};
	return 0;
}

static int map_linear(struct nic_queue *queue, const struct sk_buff *skb,
		      u32 *at)
{
	struct device *dev = &queue->nic->pdev->dev;
	unsigned int done, len;
	dma_addr_t addr;

	for (done = 0; done < skb_headlen(skb); done += len, ++*at) {
		len = min(skb_headlen(skb) - done, NIC_TX_PIECE);
		addr = dma_map_single(dev, skb->data + done, len,
				      DMA_TO_DEVICE);
		if (add_piece(queue, *at, addr, len, false))
			return -ENOMEM;
	}
	return 0;
}

static int map_frag(struct nic_queue *queue, const skb_frag_t *frag, u32 *at)
{
	struct device *dev = &queue->nic->pdev->dev;
	unsigned int done, len;
	dma_addr_t addr;

	for (done = 0; done < skb_frag_size(frag); done += len, ++*at) {
		len = min(skb_frag_size(frag) - done, NIC_TX_PIECE);
		addr = skb_frag_dma_map(dev, frag, done, len, DMA_TO_DEVICE);
		if (add_piece(queue, *at, addr, len, true))
			return -ENOMEM;
	}
	return 0;
}

/* Writes descriptors from the tail to *@at, none if that fails. */
static int map(struct nic_queue *queue, const struct sk_buff *skb, u32 *at)
{
	struct nic_tx *tx = &queue->tx;
	unsigned int i;
	int err;

	*at = tx->tail;
	err = map_linear(queue, skb, at);
	for (i = 0; !err && i < skb_shinfo(skb)->nr_frags; i++)
		err = map_frag(queue, &skb_shinfo(skb)->frags[i], at);
	while (err && *at != tx->tail)
		unmap(queue, slot_at(tx, --*at));
	return err;
}

/* Fills in the first descriptor; returns the bytes all segments begin with. */
static unsigned int describe(const struct sk_buff *skb, u32 tag,
			     struct weftnic_tx_desc *desc)
{
	unsigned int l4 = 0, hdr_len = 0;
	const struct tcphdr *th;
	u16 flags = 0;

	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		l4 = skb_checksum_start_offset(skb);
		desc->l3 = cpu_to_le16(skb->encapsulation ?
				       skb_inner_network_offset(skb) :
				       skb_network_offset(skb));
		desc->l4 = cpu_to_le16(l4);
		desc->csum = cpu_to_le16(l4 + skb->csum_offset);
		flags |= WEFTNIC_TX_CSUM;
	}
	if (skb_is_gso(skb)) {
		th = (const struct tcphdr *)skb_checksum_start(skb);
		hdr_len = l4 + __tcp_hdrlen(th);
		desc->mss = cpu_to_le16(skb_shinfo(skb)->gso_size);
		desc->hdr_len = cpu_to_le16(hdr_len);
		flags |= WEFTNIC_TX_TSO;
	}
	if (skb_is_gso(skb) && skb->encapsulation) {
		desc->outer_l3 = cpu_to_le16(skb_network_offset(skb));
		desc->outer_l4 = cpu_to_le16(skb_transport_offset(skb));
		flags |= WEFTNIC_TX_TUNNEL;
	}
	if (skb_vlan_tag_present(skb)) {
		desc->vlan = cpu_to_le16(skb_vlan_tag_get(skb));
		flags |= WEFTNIC_TX_VLAN;
	}
	if (tag) {
		desc->tag = cpu_to_le32(tag);
		flags |= WEFTNIC_TX_ENCAP;
	}
	desc->flags |= cpu_to_le16(flags);
	return hdr_len;
}

/* --- packets --- */

static void ring_doorbell(struct nic_queue *queue)
{
	struct nic_tx *tx = &queue->tx;

	if (tx->rung == tx->tail)
		return;
	dma_wmb();	/* descriptors before their number */
	weftnic_write(queue->nic->slot, WEFTNIC_TX(queue->index) +
					WEFTNIC_RING_TAIL, tx->tail);
	tx->rung = tx->tail;
}

static void send(struct nic_queue *queue, struct sk_buff *skb, u32 at, u32 tag)
{
	struct nic_tx *tx = &queue->tx;
	unsigned int hdr_len, segs;

	desc_at(tx, at - 1)->flags = cpu_to_le16(WEFTNIC_TX_EOP);
	hdr_len = describe(skb, tag, desc_at(tx, tx->tail));
	slot_at(tx, at - 1)->skb = skb;
	segs = max_t(unsigned int, skb_shinfo(skb)->gso_segs, 1);

	u64_stats_update_begin(&tx->syncp);
	u64_stats_add(&tx->packets, segs);
	u64_stats_add(&tx->bytes, skb->len + (segs - 1) * hdr_len);
	u64_stats_update_end(&tx->syncp);
	skb_tx_timestamp(skb);
	WRITE_ONCE(tx->tail, at);
	if (!netif_txq_maybe_stop(txq_of(queue), room(tx), NIC_TX_STOP,
				  NIC_TX_WAKE))
		count(tx, &tx->stopped);
	if (__netdev_tx_sent_queue(txq_of(queue), skb->len,
				   netdev_xmit_more()))
		ring_doorbell(queue);
}

/* This packet goes no further: others that wait for the doorbell must not. */
static netdev_tx_t no_further(struct nic_queue *queue, u64_stats_t *counter)
{
	count(&queue->tx, counter);
	if (!netdev_xmit_more())
		ring_doorbell(queue);
	return NETDEV_TX_OK;
}

static netdev_tx_t drop(struct nic_queue *queue, struct sk_buff *skb)
{
	dev_kfree_skb_any(skb);
	return no_further(queue, &queue->tx.dropped);
}

/* Also a NIC that waits for its reset can't encapsulate. */
static bool can_encap(const struct nic *nic)
{
	return nic->features & WEFTNIC_FEATURE_ENGINE &&
	       !test_bit(NIC_FAILED, &nic->state);
}

/** nic_xmit() - ndo_start_xmit */
netdev_tx_t nic_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_queue *queue = &nic->queues[skb_get_queue_mapping(skb)];
	u32 tag = weft_nic_tag(skb, netdev);
	u32 at;

	if (tag && !can_encap(nic)) {
		if (nic_offload_give_back(nic, skb, tag))
			return no_further(queue, &queue->tx.given_back);
		return drop(queue, skb);
	}
	/* The VLAN is inside the tunnel; the NIC would put it outside. */
	if (tag && skb_vlan_tag_present(skb)) {
		skb = __vlan_hwaccel_push_inside(skb);
		if (!skb)
			return no_further(queue, &queue->tx.dropped);
	}
	if (unlikely(room(&queue->tx) < pieces_of(skb))) {
		netif_tx_stop_queue(txq_of(queue));
		ring_doorbell(queue);
		return NETDEV_TX_BUSY;
	}
	if (map(queue, skb, &at))
		return drop(queue, skb);
	send(queue, skb, at, tag);
	return NETDEV_TX_OK;
}

/** nic_features_check() - ndo_features_check: what the NIC does not segment */
netdev_features_t nic_features_check(struct sk_buff *skb,
				     struct net_device *netdev,
				     netdev_features_t features)
{
	unsigned int hdr_len;

	if (skb_is_gso(skb) && skb_is_gso_tcp(skb)) {
		hdr_len = skb->encapsulation ? skb_inner_tcp_all_headers(skb) :
					       skb_tcp_all_headers(skb);
		if (skb_shinfo(skb)->gso_size < WEFTNIC_TX_MSS_MIN ||
		    hdr_len > WEFTNIC_TX_HDR_LEN_MAX)
			features &= ~NETIF_F_GSO_MASK;
	}
	return vlan_features_check(skb, features);
}
