/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_ENCAP_H
#define _WEFT_ENCAP_H

#include <linux/skbuff.h>
#include <net/sock.h>
#include <uapi/linux/weft.h>

#define WEFT_ENCAPS		(WEFT_ENCAP_VXLAN + 1)
#define WEFT_ENCAP_HLEN_MAX	64	/* longest header behind UDP */

/**
 * struct weft_encap_ops - an encapsulation
 * @id: its number
 * @hlen: bytes of its header, behind UDP
 * @vni_offset: where in the header the VNI stands, in the upper 24 bits of a
 *	big-endian word whose lower 8 bits are zero in what @template makes
 * @udp_tunnel: enum udp_parsable_tunnel_type, to tell NICs
 * @template: write the header, without VNI; pure
 * @parse: recognise a header; pure. @header: as many bytes as @len says,
 *	behind UDP; @vni, @hlen: what is found. Returns
 *	WEFT_DROP_REASON_NONE, or why the frame must be dropped
 * @gro_receive: of the tunnel socket, see struct udp_tunnel_sock_cfg
 * @gro_complete: likewise
 *
 * The packet path knows no encapsulation by its name.
 */
struct weft_encap_ops {
	enum weft_encap id;
	u8 hlen;
	u8 vni_offset;
	u16 udp_tunnel;
	void (*template)(void *header);
	enum weft_drop_reason (*parse)(const void *header, unsigned int len,
				       u32 *vni, unsigned int *hlen);
	struct sk_buff *(*gro_receive)(struct sock *sk, struct list_head *head,
				       struct sk_buff *skb);
	int (*gro_complete)(struct sock *sk, struct sk_buff *skb, int nhoff);
};

extern const struct weft_encap_ops weft_vxlan_ops;

/** weft_encap() - the encapsulation of a number, which must be a valid one */
static inline const struct weft_encap_ops *weft_encap(enum weft_encap id)
{
	static const struct weft_encap_ops *const ops[WEFT_ENCAPS] = {
		[WEFT_ENCAP_VXLAN] = &weft_vxlan_ops,
	};

	return ops[id];
}

#endif /* _WEFT_ENCAP_H */
