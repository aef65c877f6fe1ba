// SPDX-License-Identifier: GPL-2.0
/* VXLAN (RFC 7348). */

#include <linux/etherdevice.h>
#include <net/gro.h>
#include <net/udp_tunnel.h>
#include <net/vxlan.h>
#include <net/weft_offload.h>

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
	return weft_encap_gro_receive(head, skb, sizeof(struct vxlanhdr));
}

static int vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff)
{
	return eth_gro_complete(skb, nhoff + sizeof(struct vxlanhdr));
}

const struct weft_encap_ops weft_vxlan_ops = {
	.id = WEFT_ENCAP_VXLAN,
	.protocol = IPPROTO_UDP,
	.gso_type = SKB_GSO_UDP_TUNNEL,
	.gso_type_csum = SKB_GSO_UDP_TUNNEL_CSUM,
	.hlen = sizeof(struct vxlanhdr),
	.vni_offset = offsetof(struct vxlanhdr, vx_vni),
	.udp_tunnel = UDP_TUNNEL_TYPE_VXLAN,
	.nic = WEFT_NIC_ENCAP_VXLAN,
	.template = vxlan_template,
	.parse = vxlan_parse,
	.gro_receive = vxlan_gro_receive,
	.gro_complete = vxlan_gro_complete,
};
