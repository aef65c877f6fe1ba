// SPDX-License-Identifier: GPL-2.0
/* NVGRE (RFC 7637): the GRE of RFC 2784 and 2890, without checksum and
 * sequence number, whose key is a VSID and a FlowID.
 */

#include <linux/if_ether.h>
#include <linux/if_tunnel.h>
#include <net/weft_offload.h>

#include "encap.h"

struct nvgrehdr {
	__be16 flags;
	__be16 protocol;
	__be32 key;
};

static void nvgre_template(void *header)
{
	struct nvgrehdr *nh = header;

	*nh = (struct nvgrehdr){
		.flags = GRE_KEY, .protocol = htons(ETH_P_TEB),
	};
}

/* The FlowID says nothing to the receiver. */
static enum weft_drop_reason nvgre_parse(const void *header, unsigned int len,
					 u32 *vni, unsigned int *hlen)
{
	const struct nvgrehdr *nh = header;

	if (len < sizeof(*nh))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	if (nh->flags != GRE_KEY || nh->protocol != htons(ETH_P_TEB))
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	*vni = be32_to_cpu(nh->key) >> 8;
	*hlen = sizeof(*nh);
	return WEFT_DROP_REASON_NONE;
}

const struct weft_encap_ops weft_nvgre_ops = {
	.id = WEFT_ENCAP_NVGRE,
	.protocol = IPPROTO_GRE,
	.gso_type = SKB_GSO_GRE,
	.gso_type_csum = SKB_GSO_GRE,
	.hlen = sizeof(struct nvgrehdr),
	.vni_offset = offsetof(struct nvgrehdr, key),
	.flow_mask = 0xff,
	.nic = WEFT_NIC_ENCAP_NVGRE,
	.template = nvgre_template,
	.parse = nvgre_parse,
};
