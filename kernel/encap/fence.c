// SPDX-License-Identifier: GPL-2.0
/* Fenced MAC-in-MAC: the VM's frame behind an Ethernet header between hosts,
 * the number of its fence, and its destination or its place among fragments.
 * See Documentation/fence.md for the header.
 */

#include <linux/etherdevice.h>
#include <linux/unaligned.h>

#include "encap.h"

#define ETH_P_FENCE		0x88de

#define FENCE_VERSION		0
#define FENCE_VERSION_MASK	0x03
#define FENCE_TYPE_MASK		0x0c
#define FENCE_TYPE_WHOLE	0x00
#define FENCE_TYPE_MORE		0x04
#define FENCE_TYPE_LAST		0x08
#define FENCE_NUMBER_SHIFT	4

struct fence_piece {
	__be16 id;
	__be16 offset;
	__be16 zero;
} __packed;

struct fencehdr {
	u8 flags;
	u8 vni[3];	/* least significant byte first */
	union {
		u8 dest[ETH_ALEN];
		struct fence_piece piece;
	};
} __packed;

static void fence_write(void *header, u32 vni, const struct weft_piece *piece)
{
	struct fencehdr *fh = header;

	fh->flags = FENCE_VERSION | FENCE_TYPE_WHOLE;
	put_unaligned_le24(vni, fh->vni);
	if (!piece) {
		memcpy(fh->dest, fh + 1, ETH_ALEN);
		return;
	}
	fh->flags |= piece->last ? FENCE_TYPE_LAST : FENCE_TYPE_MORE;
	fh->flags |= piece->number << FENCE_NUMBER_SHIFT;
	fh->piece.id = htons(piece->id);
	fh->piece.offset = htons(piece->offset);
	fh->piece.zero = 0;
}

static enum weft_drop_reason check_whole(const struct fencehdr *fh,
					 unsigned int len)
{
	if (fh->flags >> FENCE_NUMBER_SHIFT)
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	if (len < sizeof(*fh) + ETH_ALEN)
		return WEFT_DROP_REASON_SHORT_FRAME;
	if (memcmp(fh->dest, fh + 1, ETH_ALEN))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	return WEFT_DROP_REASON_NONE;
}

/* The first piece, and it alone, begins where the frame does. */
static enum weft_drop_reason check_piece(const struct fencehdr *fh)
{
	bool first = !(fh->flags >> FENCE_NUMBER_SHIFT);

	if (fh->piece.zero)
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	if (first != !fh->piece.offset)
		return WEFT_DROP_REASON_FRAGMENT;
	return WEFT_DROP_REASON_NONE;
}

static enum weft_drop_reason fence_parse(const void *header, unsigned int len,
					 u32 *vni, unsigned int *hlen)
{
	const struct fencehdr *fh = header;

	if (len < sizeof(*fh))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	if ((fh->flags & FENCE_VERSION_MASK) != FENCE_VERSION)
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	*vni = get_unaligned_le24(fh->vni);
	*hlen = sizeof(*fh);
	switch (fh->flags & FENCE_TYPE_MASK) {
	case FENCE_TYPE_WHOLE:
		return check_whole(fh, len);
	case FENCE_TYPE_MORE:
	case FENCE_TYPE_LAST:
		return check_piece(fh);
	}
	return WEFT_DROP_REASON_TUNNEL_FLAGS;
}

static bool fence_read_piece(const void *header, struct weft_piece *piece)
{
	const struct fencehdr *fh = header;
	u8 type = fh->flags & FENCE_TYPE_MASK;

	if (type == FENCE_TYPE_WHOLE)
		return false;
	*piece = (struct weft_piece){
		.id = ntohs(fh->piece.id),
		.offset = ntohs(fh->piece.offset),
		.number = fh->flags >> FENCE_NUMBER_SHIFT,
		.last = type == FENCE_TYPE_LAST,
	};
	return true;
}

const struct weft_encap_ops weft_fence_ops = {
	.id = WEFT_ENCAP_FENCE,
	.ethertype = htons(ETH_P_FENCE),
	.hlen = sizeof(struct fencehdr),
	.look = sizeof(struct fencehdr) + ETH_ALEN,
	.pieces = 16,
	.parse = fence_parse,
	.write = fence_write,
	.read_piece = fence_read_piece,
};
