// SPDX-License-Identifier: GPL-2.0
/* VXLAN (RFC 7348). */

#include <linux/etherdevice.h>
#include <net/gro.h>
#include <net/udp_tunnel.h>
#include <net/vxlan.h>

#include "encap.h"

static void vxlan_template(void *header)
{
	struct vxlanhdr *vxh = header;

	vxh->vx_flags = VXLAN_HF_VNI;
	vxh->vx_vni = 0;
}

/* RFC 7348 has receivers ignore reserved bits. The kernel's vxlan drops what
 * sets them, since extensions give them meanings that it would get wrong;
 * so does this.
 */
static enum weft_drop_reason vxlan_parse(const void *header, unsigned int len,
					 u32 *vni, unsigned int *hlen)
{
	const struct vxlanhdr *vxh = header;

	if (len < sizeof(*vxh))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	if (vxh->vx_flags != VXLAN_HF_VNI || vxh->vx_vni & ~VXLAN_VNI_MASK)
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	*vni = be32_to_cpu(vxh->vx_vni) >> 8;
	*hlen = sizeof(*vxh);
	return WEFT_DROP_REASON_NONE;
}

static struct sk_buff *vxlan_gro_receive(struct sock *sk,
					 struct list_head *head,
					 struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	struct vxlanhdr *vxh, *vxh2;
	struct sk_buff *pp = NULL;
	struct sk_buff *p;
	int flush = 1;

	vxh = skb_gro_header(skb, off + sizeof(*vxh), off);
	if (unlikely(!vxh))
		goto out;
	skb_gro_postpull_rcsum(skb, vxh, sizeof(*vxh));
	skb_gro_pull(skb, sizeof(*vxh));

	list_for_each_entry(p, head, list) {
		if (!NAPI_GRO_CB(p)->same_flow)
			continue;
		vxh2 = (struct vxlanhdr *)(p->data + off);
		if (vxh->vx_flags != vxh2->vx_flags ||
		    vxh->vx_vni != vxh2->vx_vni)
			NAPI_GRO_CB(p)->same_flow = 0;
	}
	pp = call_gro_receive(eth_gro_receive, head, skb);
	flush = 0;
out:
	skb_gro_flush_final(skb, pp, flush);
	return pp;
}

static int vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff)
{
	return eth_gro_complete(skb, nhoff + sizeof(struct vxlanhdr));
}

const struct weft_encap_ops weft_vxlan_ops = {
	.id = WEFT_ENCAP_VXLAN,
	.hlen = sizeof(struct vxlanhdr),
	.vni_offset = offsetof(struct vxlanhdr, vx_vni),
	.udp_tunnel = UDP_TUNNEL_TYPE_VXLAN,
	.template = vxlan_template,
	.parse = vxlan_parse,
	.gro_receive = vxlan_gro_receive,
	.gro_complete = vxlan_gro_complete,
};
