// SPDX-License-Identifier: GPL-2.0
/* What functions send: from descriptors to frames. */

#include <linux/etherdevice.h>

#include "frame.h"
#include "function.h"
#include "nic.h"
#include "overlay.h"
#include "rate.h"
#include "switch.h"
#include "transmit.h"
#include "tso.h"

#define LEN_MAX	(WEFTNIC_MTU_MAX + ETH_HLEN + VLAN_HLEN)

static const struct weftnic_tx_desc *descriptor(const struct hw_ring *ring,
						u32 n)
{
	return hw_ring_slot(ring, ring->head + n);
}

/* Descriptors of the first packet in the ring, 0 if it is not there yet. A full
 * ring without an end will never have one.
 */
static u32 count_pieces(const struct hw_ring *ring)
{
	u32 filled = hw_ring_filled(ring);
	u32 n;

	for (n = 0; n < filled; n++)
		if (descriptor(ring, n)->flags & cpu_to_le16(WEFTNIC_TX_EOP))
			return n + 1;
	return filled == 1u << ring->size ? filled : 0;
}

/**
 * hw_transmit_ready() - is there a packet to send?
 * @f: the function
 * @q: its queue
 */
bool hw_transmit_ready(struct hw_function *f, unsigned int q)
{
	return count_pieces(&f->queues[q].tx);
}

static void add_piece(struct hw_tx *tx, const struct weftnic_tx_desc *desc)
{
	unsigned int len = le16_to_cpu(desc->len);
	void *data = hw_dma(le64_to_cpu(desc->addr), len);

	if (!data || tx->pieces == HW_PIECES) {
		tx->bad = true;
		return;
	}
	tx->vec[tx->pieces].iov_base = data;
	tx->vec[tx->pieces++].iov_len = len;
	tx->len += len;
}

/* May the function ask for what it does? */
static bool valid(const struct hw_function *f, const struct hw_tx *tx)
{
	u32 features = f->nic->sizes.features;

	if (tx->bad || tx->len < ETH_HLEN)
		return false;
	if (tx->flags & WEFTNIC_TX_ENCAP &&
	    (f->index || !(features & WEFTNIC_FEATURE_ENGINE)))
		return false;
	if (tx->flags & WEFTNIC_TX_TUNNEL &&
	    !(features & WEFTNIC_FEATURE_TUNNEL))
		return false;
	if (tx->flags & WEFTNIC_TX_TSO)
		return features & WEFTNIC_FEATURE_TSO;
	return !(tx->flags & WEFTNIC_TX_CSUM) ||
		features & WEFTNIC_FEATURE_CSUM;
}

static void gather(const struct hw_ring *ring, u32 count, struct hw_tx *tx)
{
	const struct weftnic_tx_desc *desc = descriptor(ring, 0);
	u32 i;

	tx->tag = le32_to_cpu(desc->tag);
	tx->flags = le16_to_cpu(desc->flags);
	tx->vlan = le16_to_cpu(desc->vlan);
	tx->mss = le16_to_cpu(desc->mss);
	tx->l3 = le16_to_cpu(desc->l3);
	tx->l4 = le16_to_cpu(desc->l4);
	tx->csum = le16_to_cpu(desc->csum);
	tx->hdr_len = le16_to_cpu(desc->hdr_len);
	tx->outer_l3 = le16_to_cpu(desc->outer_l3);
	tx->outer_l4 = le16_to_cpu(desc->outer_l4);
	tx->bad = false;
	tx->pieces = 0;
	tx->len = 0;
	for (i = 0; i < count; i++)
		add_piece(tx, descriptor(ring, i));
}

static bool fill_csum(struct sk_buff *skb, const struct hw_tx *tx)
{
	__sum16 *csum = (__sum16 *)(skb->data + tx->csum);
	__wsum sum;

	if (tx->l4 < ETH_HLEN || tx->csum < tx->l4 ||
	    tx->csum + sizeof(*csum) > skb->len)
		return false;
	sum = skb_checksum(skb, tx->l4, skb->len - tx->l4, 0);
	put_unaligned(csum_fold(sum) ?: CSUM_MANGLED_0, csum);
	return true;
}

static struct sk_buff *make_frame(const struct hw_tx *tx)
{
	struct iov_iter iter;
	struct sk_buff *skb;

	skb = hw_frame_alloc(tx->len);
	if (!skb)
		return NULL;
	iov_iter_kvec(&iter, ITER_SOURCE, tx->vec, tx->pieces, tx->len);
	if (!copy_from_iter_full(skb_put(skb, tx->len), tx->len, &iter) ||
	    (tx->flags & WEFTNIC_TX_CSUM && !fill_csum(skb, tx))) {
		kfree_skb(skb);
		return NULL;
	}
	return skb;
}

static void make_frames(struct hw_function *f, const struct hw_tx *tx,
			struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	if (!valid(f, tx)) {
		f->stats.tx_bad++;
	} else if (tx->flags & WEFTNIC_TX_TSO) {
		if (!hw_tso(tx, frames))
			f->stats.tx_bad++;
	} else if (tx->len > LEN_MAX) {
		f->stats.tx_too_long++;
	} else {
		skb = make_frame(tx);
		if (skb)
			__skb_queue_tail(frames, skb);
		else
			f->stats.tx_bad++;
	}
}

/* What the PF has said of a VF holds whatever way its frames take. */
static bool admit(struct hw_function *f, const struct sk_buff *skb)
{
	const struct ethhdr *eth = (void *)skb->data;
	const struct hw_config *config = &f->config;
	unsigned int len = skb->len - ETH_HLEN;

	if (!f->index)
		return true;
	if (!hw_connected(f))
		return false;
	if (config->flags & WEFTNIC_VF_SPOOFCHK &&
	    !is_zero_ether_addr(config->mac) &&
	    !ether_addr_equal(config->mac, eth->h_source)) {
		f->stats.tx_spoofed++;
		return false;
	}
	if (eth_type_vlan(eth->h_proto) && len >= VLAN_HLEN)
		len -= VLAN_HLEN;
	if (len > config->mtu) {
		f->stats.tx_too_long++;
		return false;
	}
	return true;
}

static void forward(struct hw_function *f, struct sk_buff *skb,
		    const struct hw_tx *tx)
{
	if (tx->flags & WEFTNIC_TX_VLAN)
		skb = vlan_insert_tag(skb, htons(ETH_P_8021Q), tx->vlan);
	if (!skb)
		return;
	hw_frame_parse(f->nic, skb);
	hw_rate_charge(f, skb->len);
	if (!admit(f, skb)) {
		kfree_skb(skb);
		return;
	}
	f->stats.tx_packets++;
	f->stats.tx_bytes += skb->len;
	if (tx->flags & WEFTNIC_TX_ENCAP)
		hw_overlay_from_pf(f, skb, tx->tag);
	else if (f->config.vni)
		hw_overlay_from_vf(f, skb);
	else
		hw_switch_from(f, skb);
}

/**
 * hw_transmit() - send the first packet of a queue
 * @f: the function
 * @q: its queue; hw_transmit_ready()
 *
 * All is copied, so its memory is the driver's again at once.
 */
void hw_transmit(struct hw_function *f, unsigned int q)
{
	struct hw_ring *ring = &f->queues[q].tx;
	u32 count = count_pieces(ring);
	struct sk_buff_head frames;
	struct sk_buff *skb;

	__skb_queue_head_init(&frames);
	gather(ring, count, &f->nic->tx);
	make_frames(f, &f->nic->tx, &frames);
	hw_ring_consume(ring, count);
	hw_raise(f, WEFTNIC_VEC_QUEUE(q));
	while ((skb = __skb_dequeue(&frames)))
		forward(f, skb, &f->nic->tx);
}
