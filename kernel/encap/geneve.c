// SPDX-License-Identifier: GPL-2.0
/* GENEVE (RFC 8926). */

#include <linux/etherdevice.h>
#include <net/geneve.h>
#include <net/gro.h>
#include <net/udp_tunnel.h>
#include <net/weft_offload.h>

#include "encap.h"

#define OPTION_UNIT	4	/* bytes that lengths count */
#define OPTION_DATA_MAX	(31 * OPTION_UNIT)

static unsigned int options_len(const struct genevehdr *gh)
{
	return gh->opt_len * OPTION_UNIT;
}

static unsigned int option_len(const struct geneve_opt *opt)
{
	return sizeof(*opt) + opt->length * OPTION_UNIT;
}

static void geneve_template(void *header)
{
	struct genevehdr *gh = header;

	*gh = (struct genevehdr){ .proto_type = htons(ETH_P_TEB) };
}

/* Reserved bits are ignored (RFC 8926, 3.4). Control messages are for the
 * endpoint, which knows none.
 */
static enum weft_drop_reason geneve_parse(const void *header,
					  unsigned int len, u32 *vni,
					  unsigned int *hlen)
{
	const struct genevehdr *gh = header;

	if (len < sizeof(*gh))
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	if (gh->ver || gh->proto_type != htons(ETH_P_TEB))
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	if (gh->oam)
		return WEFT_DROP_REASON_TUNNEL_CONTROL;
	*vni = gh->vni[0] << 16 | gh->vni[1] << 8 | gh->vni[2];
	*hlen = sizeof(*gh) + options_len(gh);
	return WEFT_DROP_REASON_NONE;
}

/* --- options --- */

static const struct geneve_opt *find_option(const struct weft_extra *extra,
					    __be16 class, u8 type)
{
	const struct geneve_opt *opt;
	unsigned int i;

	for (i = 0; i < extra->len; i += option_len(opt)) {
		opt = (const struct geneve_opt *)(extra->data + i);
		if (opt->opt_class == class && opt->type == type)
			return opt;
	}
	return NULL;
}

/* What a critical option asks for must be known, and those of the segment are
 * (RFC 8926, 3.5).
 */
static enum weft_drop_reason geneve_options(const void *header,
					    unsigned int hlen,
					    const struct weft_extra *extra)
{
	const struct genevehdr *gh = header;
	const u8 *options = gh->options;
	unsigned int len = hlen - sizeof(*gh);
	const struct geneve_opt *opt;
	unsigned int i;

	for (i = 0; i < len; i += option_len(opt)) {
		opt = (const struct geneve_opt *)(options + i);
		if (option_len(opt) > len - i)
			return WEFT_DROP_REASON_TUNNEL_HEADER;
		if (opt->type & GENEVE_CRIT_OPT_TYPE &&
		    !(extra && find_option(extra, opt->opt_class, opt->type)))
			return WEFT_DROP_REASON_TUNNEL_OPTION;
	}
	return WEFT_DROP_REASON_NONE;
}

static int geneve_add_option(struct weft_extra *extra,
			     const struct weft_encap_option *option,
			     struct netlink_ext_ack *extack)
{
	struct geneve_opt *opt = (struct geneve_opt *)(extra->data +
						       extra->len);
	struct genevehdr gh = {};

	if (option->len % OPTION_UNIT || option->len > OPTION_DATA_MAX) {
		NL_SET_ERR_MSG(extack,
			       "The data of an option are 0 to 124 bytes, a multiple of 4");
		return -EINVAL;
	}
	if (extra->len + sizeof(*opt) + option->len > WEFT_EXTRA_MAX) {
		NL_SET_ERR_MSG(extack,
			       "All options together may have 252 bytes");
		return -EMSGSIZE;
	}
	if (find_option(extra, htons(option->class), option->type)) {
		NL_SET_ERR_MSG(extack, "The option is given twice");
		return -EEXIST;
	}
	*opt = (struct geneve_opt){
		.opt_class = htons(option->class), .type = option->type,
		.length = option->len / OPTION_UNIT,
	};
	memcpy(opt->opt_data, option->data, option->len);
	extra->len += sizeof(*opt) + option->len;

	memcpy(&gh, &extra->word, sizeof(extra->word));
	gh.opt_len = extra->len / OPTION_UNIT;
	gh.critical |= !!(option->type & GENEVE_CRIT_OPT_TYPE);
	memcpy(&extra->word, &gh, sizeof(extra->word));
	return 0;
}

static unsigned int geneve_read_option(const struct weft_extra *extra,
				       unsigned int offset,
				       struct weft_encap_option *option)
{
	const struct geneve_opt *opt;

	opt = (const struct geneve_opt *)(extra->data + offset);
	*option = (struct weft_encap_option){
		.class = ntohs(opt->opt_class), .type = opt->type,
		.len = opt->length * OPTION_UNIT, .data = opt->opt_data,
	};
	return offset + option_len(opt);
}

/* --- GRO --- */

static struct sk_buff *geneve_gro_receive(struct sock *sk,
					  struct list_head *head,
					  struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	const struct genevehdr *gh;

	gh = skb_gro_header(skb, off + sizeof(*gh), off);
	if (unlikely(!gh) || gh->ver || gh->oam ||
	    gh->proto_type != htons(ETH_P_TEB)) {
		NAPI_GRO_CB(skb)->flush = 1;
		return NULL;
	}
	return weft_encap_gro_receive(head, skb,
				      sizeof(*gh) + options_len(gh));
}

static int geneve_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff)
{
	const struct genevehdr *gh;

	gh = (const struct genevehdr *)(skb->data + nhoff);
	return eth_gro_complete(skb, nhoff + sizeof(*gh) + options_len(gh));
}

const struct weft_encap_ops weft_geneve_ops = {
	.id = WEFT_ENCAP_GENEVE,
	.protocol = IPPROTO_UDP,
	.port = cpu_to_be16(GENEVE_UDP_PORT),
	.gso_type = SKB_GSO_UDP_TUNNEL,
	.gso_type_csum = SKB_GSO_UDP_TUNNEL_CSUM,
	.hlen = sizeof(struct genevehdr),
	.vni_offset = offsetof(struct genevehdr, vni),
	.udp_tunnel = UDP_TUNNEL_TYPE_GENEVE,
	.nic = WEFT_NIC_ENCAP_GENEVE,
	.template = geneve_template,
	.parse = geneve_parse,
	.options = geneve_options,
	.add_option = geneve_add_option,
	.read_option = geneve_read_option,
	.gro_receive = geneve_gro_receive,
	.gro_complete = geneve_gro_complete,
};
