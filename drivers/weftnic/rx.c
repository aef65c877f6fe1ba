// SPDX-License-Identifier: GPL-2.0
/*
 * Receive: a page for each piece of a packet, the first with room for headers
 * before it, so that it becomes the packet's linear part as it is.
 */

#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/ip6_checksum.h>
#include <net/page_pool/helpers.h>
#include <net/tcp.h>

#include "nic.h"

static void count(struct nic_rx *rx, u64_stats_t *counter)
{
	u64_stats_update_begin(&rx->syncp);
	u64_stats_inc(counter);
	u64_stats_update_end(&rx->syncp);
}

/* --- memory --- */

/* The pool does not map its pages: what is still in a socket when the function
 * goes would be unmapped later, and not all kernels remember it in time.
 */
static int make_pool(struct nic_queue *queue)
{
	struct page_pool_params params = {
		.pool_size = queue->rx.size,
		.nid = NUMA_NO_NODE,
		.napi = &queue->napi,
		.netdev = queue->nic->netdev,
		.queue_idx = queue->index,
	};
	struct page_pool *pool = page_pool_create(&params);

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	queue->rx.pool = pool;
	return 0;
}

static void free_rings(struct nic_queue *queue)
{
	struct device *dev = &queue->nic->pdev->dev;
	struct nic_rx *rx = &queue->rx;

	if (rx->ring)
		dma_free_coherent(dev, rx->size * sizeof(*rx->ring), rx->ring,
				  rx->dma);
	if (rx->done)
		dma_free_coherent(dev, rx->size * sizeof(*rx->done), rx->done,
				  rx->done_dma);
	kvfree(rx->slots);
}

/* Puts a new page into a slot. */
static bool put_page_in(struct nic_queue *queue, struct nic_rx_slot *slot)
{
	struct device *dev = &queue->nic->pdev->dev;
	struct nic_rx *rx = &queue->rx;

	slot->page = page_pool_dev_alloc_pages(rx->pool);
	if (!slot->page)
		return false;
	slot->addr = dma_map_page(dev, slot->page, NIC_RX_HEADROOM, NIC_RX_LEN,
				  DMA_FROM_DEVICE);
	if (!dma_mapping_error(dev, slot->addr))
		return true;
	page_pool_put_full_page(rx->pool, slot->page, true);
	slot->page = NULL;
	return false;
}

static struct page *take_page(struct nic_queue *queue,
			      struct nic_rx_slot *slot)
{
	struct page *page = slot->page;

	dma_unmap_page(&queue->nic->pdev->dev, slot->addr, NIC_RX_LEN,
		       DMA_FROM_DEVICE);
	slot->page = NULL;
	return page;
}

/* Gives the NIC all pages there is room for; returns how many it has. */
static u32 fill(struct nic_queue *queue)
{
	struct nic_rx *rx = &queue->rx;
	u32 tail = rx->tail, at;

	while (tail - rx->head < rx->size) {
		at = tail & (rx->size - 1);
		if (rx->slots[at].page || !put_page_in(queue, &rx->slots[at]))
			break;
		rx->ring[at] = (struct weftnic_rx_desc){
			.addr = cpu_to_le64(rx->slots[at].addr),
			.len = cpu_to_le32(NIC_RX_LEN),
			.id = cpu_to_le32(at),
		};
		tail++;
	}
	if (tail != rx->tail) {
		rx->tail = tail;
		dma_wmb();	/* descriptors before their number */
		weftnic_write(queue->nic->slot, WEFTNIC_RX(queue->index) +
						WEFTNIC_RING_TAIL, tail);
	}
	return tail - rx->head;
}

/**
 * nic_rx_alloc() - make the rings
 * @queue: the pair, whose NAPI is there
 *
 * Context: process. Return: 0 or a negative errno.
 */
int nic_rx_alloc(struct nic_queue *queue)
{
	struct device *dev = &queue->nic->pdev->dev;
	struct nic_rx *rx = &queue->rx;
	int err = -ENOMEM;

	rx->size = BIT(queue->nic->rx_order);
	rx->tail = 0;
	rx->head = 0;
	rx->skb = NULL;
	rx->skip = false;
	rx->slots = kvcalloc(rx->size, sizeof(*rx->slots), GFP_KERNEL);
	rx->ring = dma_alloc_coherent(dev, rx->size * sizeof(*rx->ring),
				      &rx->dma, GFP_KERNEL);
	rx->done = dma_alloc_coherent(dev, rx->size * sizeof(*rx->done),
				      &rx->done_dma, GFP_KERNEL);
	if (rx->slots && rx->ring && rx->done)
		err = make_pool(queue);
	if (err)
		free_rings(queue);
	return err;
}

/**
 * nic_rx_free() - free the rings and what is in them
 * @queue: the pair, which neither the NIC nor NAPI uses
 *
 * Context: process.
 */
void nic_rx_free(struct nic_queue *queue)
{
	struct nic_rx *rx = &queue->rx;
	unsigned int i;

	for (i = 0; i < rx->size; i++)
		if (rx->slots[i].page)
			page_pool_put_full_page(rx->pool,
						take_page(queue, &rx->slots[i]),
						false);
	kfree_skb(rx->skb);
	page_pool_destroy(rx->pool);
	free_rings(queue);
}

/**
 * nic_rx_start() - have the NIC receive
 * @queue: the pair
 *
 * Context: process. NAPI gives it its first pages.
 */
void nic_rx_start(struct nic_queue *queue)
{
	struct nic *nic = queue->nic;

	nic_ring_start(nic, WEFTNIC_CQ(queue->index), queue->rx.done_dma,
		       nic->rx_order);
	nic_ring_start(nic, WEFTNIC_RX(queue->index), queue->rx.dma,
		       nic->rx_order);
	local_bh_disable();
	napi_schedule(&queue->napi);
	local_bh_enable();
}

/* --- packets --- */

static struct sk_buff *start(struct nic_rx *rx, struct page *page,
			     unsigned int len)
{
	struct sk_buff *skb = napi_build_skb(page_address(page), PAGE_SIZE);

	if (!skb) {
		page_pool_recycle_direct(rx->pool, page);
		return NULL;
	}
	skb_mark_for_recycle(skb);
	skb_reserve(skb, NIC_RX_HEADROOM);
	skb_put(skb, len);
	return skb;
}

/* Adds a page to the packet, or drops what there is of the packet. */
static void add(struct nic_rx *rx, struct page *page, unsigned int len)
{
	if (rx->skip) {
		page_pool_recycle_direct(rx->pool, page);
	} else if (!rx->skb) {
		rx->skb = start(rx, page, len);
		rx->skip = !rx->skb;
	} else if (skb_shinfo(rx->skb)->nr_frags < MAX_SKB_FRAGS) {
		skb_add_rx_frag(rx->skb, skb_shinfo(rx->skb)->nr_frags, page,
				NIC_RX_HEADROOM, len, PAGE_SIZE);
	} else {
		page_pool_recycle_direct(rx->pool, page);
		kfree_skb(rx->skb);
		rx->skb = NULL;
		rx->skip = true;
	}
}

static struct sk_buff *finish(struct nic_rx *rx)
{
	struct sk_buff *skb = rx->skb;

	rx->skb = NULL;
	if (rx->skip) {
		rx->skip = false;
		count(rx, &rx->dropped);
		return NULL;
	}
	if (skb_headlen(skb) < ETH_HLEN) {
		count(rx, &rx->errors);
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static bool set_ipv4(struct sk_buff *skb)
{
	struct tcphdr *th;
	struct iphdr *iph;
	unsigned int l4;

	if (skb_headlen(skb) < ETH_HLEN + sizeof(*iph))
		return false;
	iph = (struct iphdr *)(skb->data + ETH_HLEN);
	l4 = ETH_HLEN + iph->ihl * 4;
	if (iph->protocol != IPPROTO_TCP || iph->ihl < 5 ||
	    skb_headlen(skb) < l4 + sizeof(*th))
		return false;
	skb_set_transport_header(skb, l4);
	th = tcp_hdr(skb);
	th->check = ~tcp_v4_check(skb->len - l4, iph->saddr, iph->daddr, 0);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return true;
}

static bool set_ipv6(struct sk_buff *skb)
{
	unsigned int l4 = ETH_HLEN + sizeof(struct ipv6hdr);
	struct ipv6hdr *ip6h;
	struct tcphdr *th;

	if (skb_headlen(skb) < l4 + sizeof(*th))
		return false;
	ip6h = (struct ipv6hdr *)(skb->data + ETH_HLEN);
	if (ip6h->nexthdr != IPPROTO_TCP)
		return false;
	skb_set_transport_header(skb, l4);
	th = tcp_hdr(skb);
	th->check = ~tcp_v6_check(skb->len - l4, &ip6h->saddr, &ip6h->daddr,
				  0);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6;
	return true;
}

/* What the NIC has coalesced is left as GRO leaves it: to be segmented again
 * if it is forwarded.
 */
static void set_gso(struct nic_rx *rx, struct sk_buff *skb,
		    const struct weftnic_rx_done *done)
{
	__be16 proto = ((struct ethhdr *)skb->data)->h_proto;

	if (!done->mss || !(proto == htons(ETH_P_IP) ? set_ipv4(skb) :
			    proto == htons(ETH_P_IPV6) && set_ipv6(skb)))
		return;
	skb_set_network_header(skb, ETH_HLEN);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = le16_to_cpu(done->mss);
	skb_shinfo(skb)->gso_segs = le16_to_cpu(done->segs);
	count(rx, &rx->coalesced);
}

/* Takes what the last completion tells of the packet. */
static void describe(struct nic_queue *queue, struct sk_buff *skb,
		     const struct weftnic_rx_done *done)
{
	u16 flags = le16_to_cpu(done->flags);

	skb->dev = queue->nic->netdev;
	skb_record_rx_queue(skb, queue->index);
	if (flags & WEFTNIC_RX_CSUM_OK && skb->dev->features & NETIF_F_RXCSUM)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (flags & WEFTNIC_RX_LRO)
		set_gso(&queue->rx, skb, done);
	if (flags & WEFTNIC_RX_VLAN)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       le16_to_cpu(done->vlan));
}

static void deliver(struct nic_queue *queue, struct sk_buff *skb,
		    const struct weftnic_rx_done *done)
{
	struct nic_rx *rx = &queue->rx;
	struct nic *nic = queue->nic;
	bool overlay, multicast;

	/* a VF sees its frames as a device would that knows of no overlay */
	overlay = le16_to_cpu(done->flags) & WEFTNIC_RX_OVERLAY &&
		  nic_is_pf(nic);
	multicast = is_multicast_ether_addr(skb->data) &&
		    !is_broadcast_ether_addr(skb->data);
	u64_stats_update_begin(&rx->syncp);
	u64_stats_inc(&rx->packets);
	u64_stats_add(&rx->bytes, skb->len);
	u64_stats_add(&rx->multicast, multicast);
	u64_stats_add(&rx->overlay, overlay);
	u64_stats_update_end(&rx->syncp);

	describe(queue, skb, done);
	if (overlay) {
		if (!nic_offload_receive(nic, skb, done))
			count(rx, &rx->dropped);
		return;
	}
	skb->protocol = eth_type_trans(skb, skb->dev);
	napi_gro_receive(&queue->napi, skb);
}

/* Takes one completion, if it makes sense. */
static bool take(struct nic_queue *queue, const struct weftnic_rx_done *done)
{
	u32 id = le32_to_cpu(done->id), len = le16_to_cpu(done->len);
	struct nic_rx *rx = &queue->rx;
	struct sk_buff *skb;

	if (id >= rx->size || !rx->slots[id].page || len > NIC_RX_LEN) {
		nic_fail(queue->nic, "a received packet makes no sense");
		return false;
	}
	add(rx, take_page(queue, &rx->slots[id]), len);
	if (!(done->flags & cpu_to_le16(WEFTNIC_RX_EOP)))
		return true;
	skb = finish(rx);
	if (skb)
		deliver(queue, skb, done);
	return true;
}

/**
 * nic_rx_poll() - take what was received
 * @queue: the pair
 * @budget: most completions to take
 *
 * Context: NAPI. Return: completions taken; @budget to be called again.
 */
int nic_rx_poll(struct nic_queue *queue, int budget)
{
	u32 reg = WEFTNIC_CQ(queue->index), there;
	struct weftnic_slot *slot = queue->nic->slot;
	struct nic_rx *rx = &queue->rx;
	int done = 0;

	if (test_bit(NIC_FAILED, &queue->nic->state))
		return 0;	/* its interrupts are of no use either */
	there = weftnic_read(slot, reg + WEFTNIC_RING_TAIL) - rx->head;
	if (there > rx->size) {
		nic_fail(queue->nic, "a receive ring makes no sense");
		return 0;
	}
	dma_rmb();	/* the number before the completions */
	for (; done < budget && done < there; done++, rx->head++)
		if (!take(queue, &rx->done[rx->head & (rx->size - 1)]))
			return 0;
	if (done)
		weftnic_write(slot, reg + WEFTNIC_RING_HEAD, rx->head);
	/* no page, no packet, no interrupt: try again */
	return fill(queue) ? done : budget;
}
