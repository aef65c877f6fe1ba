/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_SERVED_H
#define _WEFT_SERVED_H

#include <linux/types.h>

#define WEFT_SERVED_TUNNEL	BIT(7)	/* beside the bits of NICs */

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

#endif /* _WEFT_SERVED_H */
