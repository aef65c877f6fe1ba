// SPDX-License-Identifier: GPL-2.0
/* Tunnel headers: VXLAN (RFC 7348), GENEVE (RFC 8926), NVGRE (RFC 7637). */

#include <linux/if_tunnel.h>
#include <linux/udp.h>
#include <net/geneve.h>
#include <net/vxlan.h>

#include "frame.h"
#include "nic.h"
#include "tunnel.h"

/**
 * struct nvgrehdr - the GRE header of NVGRE
 * @flags: GRE_KEY
 * @protocol: Ethernet
 * @key: VSID, and the FlowID in the lowest 8 bits
 */
struct nvgrehdr {
	__be16 flags;
	__be16 protocol;
	__be32 key;
};

/* --- in --- */

static bool read_vxlan(const struct vxlanhdr *vxh, unsigned int len,
		       struct hw_tunnel *tunnel)
{
	if (len < sizeof(*vxh))
		return false;
	tunnel->encap = WEFTNIC_ENCAP_VXLAN;
	tunnel->vni = ntohl(vxh->vx_vni) >> 8;
	tunnel->len += sizeof(*vxh);
	tunnel->malformed = vxh->vx_flags != VXLAN_HF_VNI ||
			    vxh->vx_vni & ~VXLAN_VNI_MASK;
	return true;
}

/* Control messages are the host's. */
static bool read_geneve(const struct genevehdr *gh, unsigned int len,
			struct hw_tunnel *tunnel)
{
	if (len < sizeof(*gh) || gh->oam)
		return false;
	tunnel->encap = WEFTNIC_ENCAP_GENEVE;
	tunnel->vni = gh->vni[0] << 16 | gh->vni[1] << 8 | gh->vni[2];
	tunnel->len += sizeof(*gh) + gh->opt_len * 4;
	tunnel->malformed = gh->ver || gh->proto_type != htons(ETH_P_TEB);
	return true;
}

static bool read_udp(const struct udphdr *uh, unsigned int len,
		     const struct hw_vtep *vtep, struct hw_tunnel *tunnel)
{
	bool found = false;

	if (len < sizeof(*uh))
		return false;
	tunnel->len = sizeof(*uh);
	len -= sizeof(*uh);
	if (uh->dest == vtep->vxlan_port)
		found = read_vxlan((const void *)(uh + 1), len, tunnel);
	else if (uh->dest == vtep->geneve_port)
		found = read_geneve((const void *)(uh + 1), len, tunnel);
	tunnel->end = ntohs(uh->len);
	tunnel->no_csum = !uh->check;
	return found;
}

/* What is other GRE is the host's. */
static bool read_nvgre(const struct nvgrehdr *nh, unsigned int len,
		       struct hw_tunnel *tunnel)
{
	if (len < sizeof(*nh) || nh->flags != GRE_KEY ||
	    nh->protocol != htons(ETH_P_TEB))
		return false;
	tunnel->encap = WEFTNIC_ENCAP_NVGRE;
	tunnel->vni = ntohl(nh->key) >> 8;
	tunnel->len = sizeof(*nh);
	tunnel->end = len;
	return true;
}

/**
 * hw_tunnel_read() - look for a tunnel header
 * @skb: a frame that was parsed
 * @vtep: the VTEP that it is for
 * @tunnel: filled in
 *
 * Return: whether there is one of a kind that is known here.
 */
bool hw_tunnel_read(const struct sk_buff *skb, const struct hw_vtep *vtep,
		    struct hw_tunnel *tunnel)
{
	const struct hw_frame *frame = hw_frame(skb);
	const void *l4 = skb->data + frame->l4;
	unsigned int len = frame->end - frame->l4;
	bool found = false;

	*tunnel = (struct hw_tunnel){};
	if (frame->proto == IPPROTO_UDP)
		found = read_udp(l4, len, vtep, tunnel);
	else if (frame->proto == IPPROTO_GRE)
		found = read_nvgre(l4, len, tunnel);
	if (!found)
		return false;
	tunnel->malformed |= tunnel->end > len ||
			     tunnel->end < tunnel->len + ETH_HLEN;
	return true;
}

static unsigned int option_len(const struct geneve_opt *opt)
{
	return sizeof(*opt) + opt->length * 4;
}

static bool has_option(const struct hw_segment *segment,
		       const struct geneve_opt *wanted)
{
	const struct geneve_opt *opt;
	unsigned int i;

	for (i = 0; i < segment->options_len; i += option_len(opt)) {
		opt = (const void *)segment->options + i;
		if (opt->opt_class == wanted->opt_class &&
		    opt->type == wanted->type)
			return true;
	}
	return false;
}

/**
 * hw_tunnel_known() - does a header ask for nothing but what is known here?
 * @skb: the frame
 * @tunnel: the header, not malformed
 * @segment: the segment, whose own options are known
 *
 * Else the host has to judge.
 */
bool hw_tunnel_known(const struct sk_buff *skb, const struct hw_tunnel *tunnel,
		     const struct hw_segment *segment)
{
	const void *header = skb->data + hw_frame(skb)->l4;
	unsigned int i = sizeof(struct udphdr) + sizeof(struct genevehdr);
	const struct geneve_opt *opt;

	if (tunnel->encap != WEFTNIC_ENCAP_GENEVE)
		return true;
	for (; i < tunnel->len; i += option_len(opt)) {
		opt = header + i;
		if (option_len(opt) > tunnel->len - i)
			return false;
		if (opt->type & GENEVE_CRIT_OPT_TYPE &&
		    !has_option(segment, opt))
			return false;
	}
	return true;
}

/* --- out --- */

/** hw_tunnel_protocol() - of IP, for the headers of a segment */
u8 hw_tunnel_protocol(const struct hw_segment *segment)
{
	return segment->encap == WEFTNIC_ENCAP_NVGRE ? IPPROTO_GRE :
						       IPPROTO_UDP;
}

/** hw_tunnel_len() - bytes of UDP, tunnel header and options of a segment */
unsigned int hw_tunnel_len(const struct hw_segment *segment)
{
	switch (segment->encap) {
	case WEFTNIC_ENCAP_GENEVE:
		return sizeof(struct udphdr) + sizeof(struct genevehdr) +
		       segment->options_len;
	case WEFTNIC_ENCAP_NVGRE:
		return sizeof(struct nvgrehdr);
	default:
		return sizeof(struct udphdr) + sizeof(struct vxlanhdr);
	}
}

/* A flow keeps its source port. */
static void push_udp(struct sk_buff *skb, const struct hw_vtep *vtep,
		     __be16 port)
{
	u32 ports = vtep->sport_high - vtep->sport_low + 1;
	u32 hash = hw_frame(skb)->hash;
	struct udphdr *uh;

	uh = skb_push(skb, sizeof(*uh));
	uh->source = htons(vtep->sport_low + reciprocal_scale(hash, ports));
	uh->dest = port;
	uh->len = htons(skb->len);
	uh->check = 0;
}

static void push_vxlan(struct sk_buff *skb, u32 vni)
{
	struct vxlanhdr *vxh = skb_push(skb, sizeof(*vxh));

	vxh->vx_flags = VXLAN_HF_VNI;
	vxh->vx_vni = htonl(vni << 8);
}

static void push_geneve(struct sk_buff *skb, const struct hw_segment *segment)
{
	u32 vni = segment->vni;
	struct genevehdr *gh;

	memcpy(skb_push(skb, segment->options_len), segment->options,
	       segment->options_len);
	gh = skb_push(skb, sizeof(*gh));
	*gh = (struct genevehdr){
		.opt_len = segment->options_len / 4,
		.critical = segment->critical,
		.proto_type = htons(ETH_P_TEB),
		.vni = { vni >> 16, vni >> 8, vni },
	};
}

/* Where there is but one source port for UDP, flows are not to be told apart. */
static void push_nvgre(struct sk_buff *skb, const struct hw_vtep *vtep,
		       u32 vni)
{
	u8 flow = vtep->sport_low == vtep->sport_high ? 0 :
		  hw_frame(skb)->hash >> 24;
	struct nvgrehdr *nh = skb_push(skb, sizeof(*nh));

	nh->flags = GRE_KEY;
	nh->protocol = htons(ETH_P_TEB);
	nh->key = htonl(vni << 8 | flow);
}

/**
 * hw_tunnel_push() - put a tunnel header on, and UDP where it is in that
 * @skb: the frame, parsed, with room; UDP's checksum is left zero
 * @vtep: the VTEP that it comes from
 * @segment: its segment
 */
void hw_tunnel_push(struct sk_buff *skb, const struct hw_vtep *vtep,
		    const struct hw_segment *segment)
{
	switch (segment->encap) {
	case WEFTNIC_ENCAP_GENEVE:
		push_geneve(skb, segment);
		push_udp(skb, vtep, vtep->geneve_port);
		break;
	case WEFTNIC_ENCAP_NVGRE:
		push_nvgre(skb, vtep, segment->vni);
		break;
	default:
		push_vxlan(skb, segment->vni);
		push_udp(skb, vtep, vtep->vxlan_port);
	}
}

/**
 * hw_options_valid() - can these be the options of a GENEVE header?
 * @options: the bytes
 * @len: how many
 * @critical: set to whether one of them is
 */
bool hw_options_valid(const u8 *options, unsigned int len, bool *critical)
{
	const struct geneve_opt *opt;
	unsigned int i;

	*critical = false;
	for (i = 0; i < len; i += option_len(opt)) {
		opt = (const void *)options + i;
		if (len - i < sizeof(*opt) || option_len(opt) > len - i)
			return false;
		*critical |= !!(opt->type & GENEVE_CRIT_OPT_TYPE);
	}
	return true;
}
