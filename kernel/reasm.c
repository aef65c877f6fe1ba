// SPDX-License-Identifier: GPL-2.0
/*
 * Reassembly: frames of which fragments have come in. The queues, the limit
 * on all of them, and the strictness about overlaps are those that the kernel
 * has for IP (inet_frag.h); the limit on what one host may hold is ours.
 */

#include <linux/etherdevice.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <net/inet_frag.h>

#include "compat/compat.h"
#include "drop.h"
#include "reasm.h"
#include "segment.h"
#include "switch.h"

/**
 * struct weft_reasm - the incomplete frames of a switch
 * @sw: the switch
 * @fqdir: the queues, one a frame
 * @used: bytes that hosts hold, by the last byte of their address
 */
struct weft_reasm {
	struct weft_switch *sw;
	struct fqdir *fqdir;
	atomic_t used[U8_MAX + 1];
};

/* Whose fragment is it? */
struct frag_key {
	u32 vni;
	u8 src[ETH_ALEN];
	u16 id;
};

/* Where in the frame is a fragment? */
struct place {
	u32 offset;
	u32 end;
};

/**
 * struct queue - the fragments of a frame
 * @q: the kernel's part; its lock guards the rest
 * @reasm: where it belongs
 * @vni: the segment
 * @source: of @reasm->used
 * @bytes: of that, what is in this queue
 * @numbers: bits of the fragments that are here
 * @place: where they are
 */
struct queue {
	struct inet_frag_queue q;
	struct weft_reasm *reasm;
	u32 vni;
	u8 source;
	u32 bytes;
	u16 numbers;
	struct place place[16];
};

static u8 source_of(const struct weft_addr *src)
{
	return src->mac[ETH_ALEN - 1];
}

static u32 hash_key(const void *data, u32 len, u32 seed)
{
	BUILD_BUG_ON(sizeof(struct frag_key) % sizeof(u32));
	return jhash2(data, sizeof(struct frag_key) / sizeof(u32), seed);
}

static u32 hash_obj(const void *data, u32 len, u32 seed)
{
	const struct inet_frag_queue *q = data;

	return hash_key(&q->key, 0, seed);
}

static int cmp_key(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct inet_frag_queue *q = obj;

	return !!memcmp(&q->key, arg->key, sizeof(struct frag_key));
}

static void init_queue(struct inet_frag_queue *q, const void *key)
{
	BUILD_BUG_ON(sizeof(struct frag_key) > sizeof(q->key));
	memcpy(&q->key, key, sizeof(struct frag_key));
}

/* Gives back what the queue holds of its source's; with the lock of a queue
 * that is still ours to kill.
 */
static void uncharge(struct queue *queue)
{
	if (queue->reasm)
		atomic_sub(queue->bytes, &queue->reasm->used[queue->source]);
	queue->bytes = 0;
}

static void kill(struct queue *queue, int *refs)
{
	uncharge(queue);
	weft_frag_kill(&queue->q, refs);
}

static void count_lost(struct weft_switch *sw, u32 vni,
		       enum weft_drop_reason reason)
{
	struct weft_segment *segment = weft_segment_lookup(sw, vni);

	if (segment)
		weft_stats_drop(segment->fragments);
	weft_dropped(sw, vni, NULL, reason);
}

/* The frame will never be complete; with the lock. */
static void lose(struct queue *queue, int *refs)
{
	queue->q.flags |= INET_FRAG_DROP;
	kill(queue, refs);
}

/* What is complete or dead has nothing left to lose, nor a switch to tell. */
static void expire(struct timer_list *t)
{
	struct inet_frag_queue *q = timer_container_of(q, t, timer);
	struct queue *queue = container_of(q, struct queue, q);
	int refs = 1;

	rcu_read_lock();
	spin_lock(&q->lock);
	if (!(q->flags & INET_FRAG_COMPLETE)) {
		if (READ_ONCE(q->fqdir->dead))	/* and the switch goes */
			queue->reasm = NULL;
		if (queue->reasm)
			count_lost(queue->reasm->sw, queue->vni,
				   WEFT_DROP_REASON_FRAGMENT_TIMEOUT);
		lose(queue, &refs);
	}
	spin_unlock(&q->lock);
	rcu_read_unlock();
	weft_frag_put(q, refs);
}

static struct inet_frags frags = {
	.qsize = sizeof(struct queue),
	.constructor = init_queue,
	.frag_expire = expire,
	.frags_cache_name = "weft-frags",
	.rhash_params = {
		.head_offset = offsetof(struct inet_frag_queue, node),
		.hashfn = hash_key,
		.obj_hashfn = hash_obj,
		.obj_cmpfn = cmp_key,
		.automatic_shrinking = true,
	},
};

/** weft_reasm_module_init() - once, at start; returns 0 or -ENOMEM */
int weft_reasm_module_init(void)
{
	return inet_frags_init(&frags);
}

/** weft_reasm_module_exit() - waits for all that is being freed */
void weft_reasm_module_exit(void)
{
	inet_frags_fini(&frags);
}

/**
 * weft_reasm_new() - a switch begins without fragments
 * @sw: the switch
 *
 * Context: process. Return: NULL without memory.
 */
struct weft_reasm *weft_reasm_new(struct weft_switch *sw)
{
	struct weft_reasm *reasm = kzalloc(sizeof(*reasm), GFP_KERNEL);

	if (!reasm)
		return NULL;
	if (fqdir_init(&reasm->fqdir, &frags, sw->net)) {
		kfree(reasm);
		return NULL;
	}
	reasm->sw = sw;
	reasm->fqdir->high_thresh = WEFT_REASM_TOTAL;
	reasm->fqdir->low_thresh = WEFT_REASM_TOTAL;
	reasm->fqdir->timeout = WEFT_REASM_TIMEOUT;
	return reasm;
}

/**
 * weft_reasm_free() - the switch goes
 * @reasm: of a switch that nothing comes in to any more
 *
 * Context: process, may sleep. On return no timer looks at the switch.
 */
void weft_reasm_free(struct weft_reasm *reasm)
{
	fqdir_pre_exit(reasm->fqdir);
	synchronize_net();	/* timers look whether it is dead */
	fqdir_exit(reasm->fqdir);
	kfree(reasm);
}

/** weft_reasm_used() - bytes that incomplete frames take; context: any */
unsigned long weft_reasm_used(const struct weft_reasm *reasm)
{
	return frag_mem_limit(reasm->fqdir);
}

/* --- a fragment --- */

static void charge(struct queue *queue, unsigned int bytes)
{
	queue->bytes += bytes;
	atomic_add(bytes, &queue->reasm->used[queue->source]);
}

/* Have all come in? The numbers up to the last, and all bytes. */
static bool all_in(const struct queue *queue)
{
	return queue->q.flags == (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) &&
	       queue->q.meat == queue->q.len &&
	       !(queue->numbers & (queue->numbers + 1));
}

/* Does the end of the fragment agree with what is known of the frame's? */
static bool take_end(struct queue *queue, const struct weft_piece *piece,
		     unsigned int end)
{
	struct inet_frag_queue *q = &queue->q;

	if (piece->last) {
		if (end < q->len || q->flags & INET_FRAG_LAST_IN ||
		    queue->numbers >> piece->number)
			return false;
		q->flags |= INET_FRAG_LAST_IN;
		q->len = end;
		return true;
	}
	if (end > q->len) {
		if (q->flags & INET_FRAG_LAST_IN)
			return false;
		q->len = end;
	}
	return true;
}

/* Does the fragment follow the one with the number before, and the like? */
static bool in_order(const struct queue *queue, unsigned int number,
		     const struct place *place)
{
	if (number && queue->numbers & BIT(number - 1) &&
	    queue->place[number - 1].end != place->offset)
		return false;
	return !(queue->numbers & BIT(number + 1)) ||
	       queue->place[number + 1].offset == place->end;
}

/* Returns NONE if the fragment is in the queue now. */
static enum weft_drop_reason insert(struct queue *queue, struct sk_buff *skb,
				    const struct weft_piece *piece)
{
	struct place place = { piece->offset, piece->offset + skb->len };
	struct place *known = &queue->place[piece->number];
	struct inet_frag_queue *q = &queue->q;

	if (queue->numbers & BIT(piece->number))
		return memcmp(known, &place, sizeof(place)) ?
		       WEFT_DROP_REASON_FRAGMENT :
		       WEFT_DROP_REASON_FRAGMENT_DUPLICATE;
	if (!skb->len || place.end > WEFT_PIECES_LEN_MAX ||
	    !in_order(queue, piece->number, &place) ||
	    !take_end(queue, piece, place.end) ||
	    inet_frag_queue_insert(q, skb, place.offset, place.end))
		return WEFT_DROP_REASON_FRAGMENT;
	*known = place;
	queue->numbers |= BIT(piece->number);
	if (!piece->offset)
		q->flags |= INET_FRAG_FIRST_IN;
	q->stamp = skb->tstamp;
	q->tstamp_type = skb->tstamp_type;
	q->meat += skb->len;
	add_frag_mem_limit(q->fqdir, skb->truesize);
	charge(queue, skb->truesize);
	return WEFT_DROP_REASON_NONE;
}

/* The fragments become the frame, in @skb; without memory they stay. */
static bool join(struct queue *queue, struct sk_buff *skb,
		 struct sk_buff *before, struct net_device *dev)
{
	struct inet_frag_queue *q = &queue->q;
	void *state = inet_frag_reasm_prepare(q, skb, before);

	if (!state)
		return false;
	inet_frag_reasm_finish(q, skb, state, true);
	skb->dev = dev;
	q->rb_fragments = RB_ROOT;
	q->fragments_tail = NULL;
	q->last_run_head = NULL;
	return true;
}

/* With the lock. Returns whether @skb is the frame now; else it is gone. */
static bool add(struct queue *queue, struct sk_buff *skb,
		const struct weft_pkt *pkt, const struct weft_piece *piece,
		int *refs)
{
	struct weft_switch *sw = pkt->sw;
	struct sk_buff *before = queue->q.fragments_tail;
	struct net_device *dev = skb->dev;
	enum weft_drop_reason reason;

	skb->dev = NULL;	/* shares its place with that in the queue */
	reason = insert(queue, skb, piece);
	if (reason) {
		skb->dev = dev;
		if (reason == WEFT_DROP_REASON_FRAGMENT) {
			weft_stats_drop(pkt->segment->fragments);
			lose(queue, refs);
		}
		weft_drop(sw, queue->vni, skb, reason);
		return false;
	}
	if (!all_in(queue))
		return false;
	kill(queue, refs);
	if (join(queue, skb, before, dev))
		return true;
	count_lost(sw, queue->vni, WEFT_DROP_REASON_NO_MEMORY);
	return false;
}

static struct queue *find_queue(struct weft_reasm *reasm,
				const struct weft_addr *src, u32 vni, u16 id)
{
	struct inet_frag_queue *q;
	struct frag_key key = { .vni = vni, .id = id };

	ether_addr_copy(key.src, src->mac);
	q = inet_frag_find(reasm->fqdir, &key);
	return q ? container_of(q, struct queue, q) : NULL;
}

/* Makes a queue that was just created the switch's; with the lock. */
static void own(struct queue *queue, struct weft_reasm *reasm,
		const struct weft_addr *src, u32 vni)
{
	if (queue->reasm)
		return;
	queue->reasm = reasm;
	queue->vni = vni;
	queue->source = source_of(src);
	charge(queue, frags.qsize);
}

/**
 * weft_reasm() - take in a fragment
 * @skb: the fragment, data behind the headers; consumed, or the frame
 * @pkt: what is known of it
 * @src: who sent it
 * @piece: which it is
 *
 * Context: softirq, RCU. Return: whether @skb is the frame now, its data at
 * the Ethernet header. Fragments that are no good have been counted.
 */
bool weft_reasm(struct sk_buff *skb, const struct weft_pkt *pkt,
		const struct weft_addr *src, const struct weft_piece *piece)
{
	struct weft_reasm *reasm = pkt->sw->reasm;
	u32 vni = pkt->segment->vni;
	struct queue *queue = NULL;
	bool whole = false;
	int refs = 0;

	if (atomic_read(&reasm->used[source_of(src)]) < WEFT_REASM_SOURCE)
		queue = find_queue(reasm, src, vni, piece->id);
	if (!queue) {
		weft_stats_drop(pkt->segment->fragments);
		weft_drop(pkt->sw, vni, skb, WEFT_DROP_REASON_FRAGMENT_LIMIT);
		return false;
	}
	skb_orphan(skb);	/* as IP does */
	skb->ip_summed = CHECKSUM_NONE;	/* pieces may be cut at odd bytes */
	skb_reset_network_header(skb);
	spin_lock(&queue->q.lock);
	if (queue->q.flags & INET_FRAG_COMPLETE) {
		weft_drop(pkt->sw, vni, skb, WEFT_DROP_REASON_FRAGMENT);
	} else {
		own(queue, reasm, src, vni);
		whole = add(queue, skb, pkt, piece, &refs);
	}
	spin_unlock(&queue->q.lock);
	weft_frag_put(&queue->q, refs);
	return whole;
}
