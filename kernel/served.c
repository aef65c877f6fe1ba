// SPDX-License-Identifier: GPL-2.0
/* Who has got a frame that goes to many: as a tag that goes with it. */

#include <asm/byteorder.h>

#include "served.h"

/**
 * weft_served_put() - write a tag
 * @tag: where to
 * @served: who has got the frame; the other hosts are not told of
 * @cookie: of the segment
 *
 * Context: any; a pure function.
 */
void weft_served_put(struct weft_served_tag *tag,
		     const struct weft_served *served, u64 cookie)
{
	*tag = (struct weft_served_tag){
		.vfs = cpu_to_be64(served->vfs),
		.cookie = cpu_to_be64(cookie),
		.nics = served->nics & WEFT_SERVED_NICS,
		.nic = served->nic,
		.magic = cpu_to_be32(WEFT_SERVED_MAGIC),
	};
}

/**
 * weft_served_get() - read what may be a tag
 * @tag: the last bytes of a frame
 * @cookie: of the segment
 * @served: filled in if it is one
 *
 * Context: any; a pure function. Return: whether it is a tag of this segment.
 */
bool weft_served_get(const struct weft_served_tag *tag, u64 cookie,
		     struct weft_served *served)
{
	if (tag->magic != cpu_to_be32(WEFT_SERVED_MAGIC) || tag->version ||
	    tag->cookie != cpu_to_be64(cookie))
		return false;
	*served = (struct weft_served){
		.vfs = be64_to_cpu(tag->vfs),
		.nics = tag->nics & WEFT_SERVED_NICS,
		.nic = tag->nic,
	};
	return true;
}
