/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SERVED_H
#define _WEFT_SERVED_H

#include <linux/bits.h>
#include <linux/types.h>

#define WEFT_SERVED_NICS	GENMASK(6, 0)	/* bits of NICs */
#define WEFT_SERVED_TUNNEL	BIT(7)		/* beside them */

/**
 * struct weft_served - who has got a frame that goes to many
 * @vfs: bits of VFs of the NIC @nic, if these alone
 * @nics: bits of NICs, all VFs of which have got it, and WEFT_SERVED_TUNNEL if
 *	it was sent to the other hosts
 * @nic: index of a NIC
 */
struct weft_served {
	u64 vfs;
	u8 nics;
	u8 nic;
};

/**
 * struct weft_served_tag - who has got a frame, behind the frame
 * @vfs: as in struct weft_served
 * @cookie: of the segment; nobody else's word counts
 * @nics: as in struct weft_served
 * @nic: likewise
 * @version: 0
 * @magic: WEFT_SERVED_MAGIC
 *
 * The last bytes of the frame, so that who does not know it reads the packet in
 * front of it, the length of which is in its own header.
 */
struct weft_served_tag {
	__be64 vfs;
	__be64 cookie;
	u8 nics;
	u8 nic;
	__be16 version;
	__be32 magic;
} __packed;

#define WEFT_SERVED_MAGIC	0x77656674

void weft_served_put(struct weft_served_tag *tag,
		     const struct weft_served *served, u64 cookie);
bool weft_served_get(const struct weft_served_tag *tag, u64 cookie,
		     struct weft_served *served);

#endif /* _WEFT_SERVED_H */
