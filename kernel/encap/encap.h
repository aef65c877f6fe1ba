/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_ENCAP_H
#define _WEFT_ENCAP_H

#include <linux/in.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/sock.h>
#include <uapi/linux/weft.h>

#define WEFT_ENCAPS		(WEFT_ENCAP_FENCE + 1)
#define WEFT_ENCAP_DEFAULT	WEFT_ENCAP_VXLAN	/* every switch has it */
#define WEFT_ENCAP_LINK		WEFT_ENCAP_FENCE	/* of hosts on one link */
#define WEFT_ENCAP_HLEN_MAX	64	/* longest header behind UDP */

#define WEFT_EXTRA_MAX		252	/* bytes of a segment's options */
#define WEFT_PIECES_LEN_MAX	65535	/* longest frame that is cut */

/**
 * struct weft_encap_option - an option of the tunnel header
 * @class: who defines it
 * @type: which it is of those
 * @len: bytes of @data
 * @data: what it says
 */
struct weft_encap_option {
	u16 class;
	u8 type;
	unsigned int len;
	const void *data;
};

/**
 * struct weft_extra - what a segment adds to the header of its encapsulation
 * @encap: the encapsulation
 * @word: to be set in the first word of the header
 * @len: bytes of @data
 * @data: what follows the header
 * @rcu: frees it
 */
struct weft_extra {
	const struct weft_encap_ops *encap;
	__be32 word;
	u8 len;
	u8 data[WEFT_EXTRA_MAX] __aligned(4);
	struct rcu_head rcu;
};

/**
 * struct weft_piece - a fragment of a frame
 * @id: number of the frame, which its sender will not use again soon
 * @offset: of the first byte in the frame
 * @number: of the fragment, counted from 0
 * @last: there is none after it
 */
struct weft_piece {
	u16 id;
	u16 offset;
	u8 number;
	bool last;
};

/**
 * struct weft_encap_ops - an encapsulation
 * @id: its number
 * @protocol: of IP, which its header is in: IPPROTO_UDP or IPPROTO_GRE; 0 if
 *	it is right behind Ethernet
 * @ethertype: then, which tells it there
 * @port: UDP destination port; 0 for the switch's, or without UDP
 * @hlen: bytes of its header, behind UDP if there is that, without options
 * @look: bytes that @parse looks at, if those are more
 * @vni_offset: where in the header the VNI stands, in the upper 24 bits of a
 *	big-endian word whose lower 8 bits are zero in what @template makes
 * @flow_mask: those of the lower 8 bits that tell flows apart, for the
 *	multipath of the underlay; 0 where UDP's source port does, the range
 *	of which governs them: one port alone stands for no flows
 * @gso_type: SKB_GSO_* of aggregates, without outer checksum
 * @gso_type_csum: and with one
 * @udp_tunnel: enum udp_parsable_tunnel_type, to tell devices of ports
 * @nic: enum weft_nic_encap, to tell NICs that encapsulate
 * @template: write the header, without VNI; pure
 * @parse: recognise a header; pure. @header: as many bytes as @len says, at
 *	least @look if the packet has them; @vni, @hlen: what is found, the
 *	latter with options, which may be more than @len. Returns
 *	WEFT_DROP_REASON_NONE, or why the frame must be dropped
 * @options: look at the options of a header that is there as a whole, @hlen
 *	bytes, with those that the segment knows, or NULL; pure. Returns as
 *	@parse. NULL if the encapsulation has none, as are the next two
 * @add_option: add one to what a segment adds; pure. Returns 0 or an error
 * @read_option: read the one at @offset, and return the offset of the next;
 *	pure
 * @pieces: most fragments that a frame can be cut into, 0 if the encapsulation
 *	has none. Only such right behind Ethernet have
 * @write: write the header before a frame or a piece of it; pure. NULL but
 *	right behind Ethernet, where it does what @template does elsewhere.
 *	@header is followed by the frame; @piece is NULL for a whole one
 * @read_piece: is it a fragment?; pure. @header is one that @parse likes
 * @gro_receive: of the tunnel socket, see struct udp_tunnel_sock_cfg
 * @gro_complete: likewise
 *
 * The packet path knows no encapsulation by its name.
 */
struct weft_encap_ops {
	enum weft_encap id;
	u8 protocol;
	__be16 ethertype;
	__be16 port;
	u8 hlen;
	u8 look;
	u8 pieces;
	u8 vni_offset;
	u8 flow_mask;
	u32 gso_type;
	u32 gso_type_csum;
	u16 udp_tunnel;
	u8 nic;
	void (*template)(void *header);
	enum weft_drop_reason (*parse)(const void *header, unsigned int len,
				       u32 *vni, unsigned int *hlen);
	enum weft_drop_reason (*options)(const void *header, unsigned int hlen,
					 const struct weft_extra *extra);
	int (*add_option)(struct weft_extra *extra,
			  const struct weft_encap_option *option,
			  struct netlink_ext_ack *extack);
	unsigned int (*read_option)(const struct weft_extra *extra,
				    unsigned int offset,
				    struct weft_encap_option *option);
	void (*write)(void *header, u32 vni, const struct weft_piece *piece);
	bool (*read_piece)(const void *header, struct weft_piece *piece);
	struct sk_buff *(*gro_receive)(struct sock *sk, struct list_head *head,
				       struct sk_buff *skb);
	int (*gro_complete)(struct sock *sk, struct sk_buff *skb, int nhoff);
};

struct sk_buff *weft_encap_gro_receive(struct list_head *head,
				       struct sk_buff *skb, unsigned int hlen);

extern const struct weft_encap_ops weft_vxlan_ops;
extern const struct weft_encap_ops weft_geneve_ops;
extern const struct weft_encap_ops weft_nvgre_ops;
extern const struct weft_encap_ops weft_fence_ops;

/** weft_encap() - the encapsulation of a number, which must be a valid one */
static inline const struct weft_encap_ops *weft_encap(enum weft_encap id)
{
	static const struct weft_encap_ops *const ops[WEFT_ENCAPS] = {
		[WEFT_ENCAP_VXLAN] = &weft_vxlan_ops,
		[WEFT_ENCAP_GENEVE] = &weft_geneve_ops,
		[WEFT_ENCAP_NVGRE] = &weft_nvgre_ops,
		[WEFT_ENCAP_FENCE] = &weft_fence_ops,
	};

	return ops[id];
}

/** weft_encap_link() - is it right behind Ethernet, without IP? */
static inline bool weft_encap_link(const struct weft_encap_ops *encap)
{
	return encap->ethertype;
}

/** weft_encap_bare() - is there no socket, but the handlers of uplinks alone? */
static inline bool weft_encap_bare(const struct weft_encap_ops *encap)
{
	return encap->protocol != IPPROTO_UDP;
}

/** weft_encap_base() - bytes between the IP header and the encapsulation's */
static inline unsigned int weft_encap_base(const struct weft_encap_ops *encap)
{
	return weft_encap_bare(encap) ? 0 : sizeof(struct udphdr);
}

#endif /* _WEFT_ENCAP_H */
