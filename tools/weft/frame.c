// SPDX-License-Identifier: GPL-2.0
/*
 * A frame from its description: complete, with valid lengths and checksums,
 * so that the decision about it is the one about a real frame.
 */
#include <arpa/inet.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>

#include "frame.h"

#define VLAN_LEN	4
/* IEEE 802, local experimental: a frame of which nothing is known */
#define TYPE_DEFAULT	0x88b5
#define PORT_DISCARD	9
#define TTL_DEFAULT	64
#define TTL_NEIGH	255

/* A frame as it grows. */
struct frame {
	uint8_t *data;
	size_t len;
};

static void *push(struct frame *frame, size_t len)
{
	void *p = frame->data + frame->len;

	memset(p, 0, len);
	frame->len += len;
	return p;
}

static void push_data(struct frame *frame, const void *data, size_t len)
{
	memcpy(push(frame, len), data, len);
}

static uint32_t sum_add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	return sum;
}

static uint16_t sum_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Checksum of a transport header and its data, with the pseudo header. */
static uint16_t transport_sum(const struct frame_spec *spec, uint8_t proto,
			      const void *data, size_t len)
{
	uint32_t sum = proto + len;

	sum = sum_add(sum, spec->from.data, spec->from.len);
	sum = sum_add(sum, spec->to.data, spec->to.len);
	return sum_fold(sum_add(sum, data, len));
}

static void push_ethernet(struct frame *frame, const struct frame_spec *spec,
			  uint16_t type)
{
	uint16_t tag[2] = {
		htons(ETHERTYPE_VLAN), htons(spec->prio << 13 | spec->vid),
	};

	push_data(frame, spec->dst, ETH_ALEN);
	push_data(frame, spec->src, ETH_ALEN);
	if (spec->has_vlan)
		push_data(frame, tag, VLAN_LEN);
	type = htons(type);
	push_data(frame, &type, sizeof(type));
}

/* The data of the last header, with zeros up to the size asked for. */
static void push_payload(struct frame *frame, const struct frame_spec *spec)
{
	push_data(frame, spec->payload, spec->payload_len);
	if (spec->size > frame->len)
		push(frame, spec->size - frame->len);
}

static void push_udp(struct frame *frame, const struct frame_spec *spec)
{
	struct udphdr *udp = push(frame, sizeof(*udp));
	size_t len;

	push_payload(frame, spec);
	len = frame->data + frame->len - (uint8_t *)udp;
	udp->source = htons(spec->sport ?: PORT_DISCARD);
	udp->dest = htons(spec->dport ?: PORT_DISCARD);
	udp->len = htons(len);
	/* 0 would stand for no checksum */
	udp->check = transport_sum(spec, IPPROTO_UDP, udp, len) ?: 0xffff;
}

static void push_tcp(struct frame *frame, const struct frame_spec *spec)
{
	struct tcphdr *tcp = push(frame, sizeof(*tcp));

	push_payload(frame, spec);
	tcp->source = htons(spec->sport ?: PORT_DISCARD);
	tcp->dest = htons(spec->dport ?: PORT_DISCARD);
	tcp->doff = sizeof(*tcp) / 4;
	tcp->syn = 1;
	tcp->window = htons(UINT16_MAX);
	tcp->check = transport_sum(spec, IPPROTO_TCP, tcp,
				   frame->data + frame->len - (uint8_t *)tcp);
}

/* An echo request. */
static void push_icmp(struct frame *frame, const struct frame_spec *spec)
{
	struct icmphdr *icmp = push(frame, sizeof(*icmp));
	size_t len;

	push_payload(frame, spec);
	len = frame->data + frame->len - (uint8_t *)icmp;
	if (spec->from.len == 4) {
		icmp->type = ICMP_ECHO;
		icmp->checksum = sum_fold(sum_add(0, icmp, len));
	} else {
		icmp->type = ICMP6_ECHO_REQUEST;
		icmp->checksum = transport_sum(spec, IPPROTO_ICMPV6, icmp,
					       len);
	}
}

static void push_transport(struct frame *frame, const struct frame_spec *spec,
			   uint8_t proto)
{
	switch (proto) {
	case IPPROTO_UDP:
		push_udp(frame, spec);
		break;
	case IPPROTO_TCP:
		push_tcp(frame, spec);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		push_icmp(frame, spec);
		break;
	default:
		push_payload(frame, spec);
	}
}

static void push_ipv4(struct frame *frame, const struct frame_spec *spec)
{
	struct iphdr *ip = push(frame, sizeof(*ip));

	ip->version = 4;
	ip->ihl = sizeof(*ip) / 4;
	ip->tos = spec->tos;
	ip->frag_off = htons(IP_DF);
	ip->ttl = spec->ttl ?: TTL_DEFAULT;
	ip->protocol = spec->proto ?: IPPROTO_UDP;
	memcpy(&ip->saddr, spec->from.data, 4);
	memcpy(&ip->daddr, spec->to.data, 4);
	push_transport(frame, spec, ip->protocol);
	ip->tot_len = htons(frame->data + frame->len - (uint8_t *)ip);
	ip->check = sum_fold(sum_add(0, ip, sizeof(*ip)));
}

static struct ip6_hdr *push_ipv6_header(struct frame *frame,
					const struct frame_spec *spec,
					uint8_t proto, uint8_t ttl)
{
	struct ip6_hdr *ip = push(frame, sizeof(*ip));

	ip->ip6_flow = htonl(6u << 28 | spec->tos << 20);
	ip->ip6_nxt = proto;
	ip->ip6_hlim = spec->ttl ?: ttl;
	memcpy(&ip->ip6_src, spec->from.data, 16);
	memcpy(&ip->ip6_dst, spec->to.data, 16);
	return ip;
}

static void set_ipv6_length(struct frame *frame, struct ip6_hdr *ip)
{
	ip->ip6_plen = htons(frame->data + frame->len - (uint8_t *)(ip + 1));
}

static void push_ipv6(struct frame *frame, const struct frame_spec *spec)
{
	uint8_t proto = spec->proto ?: IPPROTO_UDP;
	struct ip6_hdr *ip;

	if (proto == IPPROTO_ICMP)
		proto = IPPROTO_ICMPV6;
	ip = push_ipv6_header(frame, spec, proto, TTL_DEFAULT);
	push_transport(frame, spec, proto);
	set_ipv6_length(frame, ip);
}

static void push_arp(struct frame *frame, const struct frame_spec *spec)
{
	struct ether_arp *arp = push(frame, sizeof(*arp));

	arp->arp_hrd = htons(ARPHRD_ETHER);
	arp->arp_pro = htons(ETHERTYPE_IP);
	arp->arp_hln = ETH_ALEN;
	arp->arp_pln = 4;
	arp->arp_op = htons(ARPOP_REQUEST);
	memcpy(arp->arp_sha, spec->src, ETH_ALEN);
	memcpy(arp->arp_spa, spec->tell.data, 4);
	memcpy(arp->arp_tpa, spec->who_has.data, 4);
	push_payload(frame, spec);
}

/* A neighbour solicitation; the addresses of @spec are those of the frame. */
static void push_solicit(struct frame *frame, const struct frame_spec *spec)
{
	static const uint8_t none[16];
	struct nd_neighbor_solicit *ns;
	struct nd_opt_hdr *lladdr;
	struct ip6_hdr *ip;

	ip = push_ipv6_header(frame, spec, IPPROTO_ICMPV6, TTL_NEIGH);
	ns = push(frame, sizeof(*ns));
	ns->nd_ns_type = ND_NEIGHBOR_SOLICIT;
	memcpy(&ns->nd_ns_target, spec->who_has.data, 16);
	/* duplicate address detection asks from no address, without it */
	if (memcmp(spec->tell.data, none, 16)) {
		lladdr = push(frame, sizeof(*lladdr) + ETH_ALEN);
		lladdr->nd_opt_type = ND_OPT_SOURCE_LINKADDR;
		lladdr->nd_opt_len = 1;
		memcpy(lladdr + 1, spec->src, ETH_ALEN);
	}
	set_ipv6_length(frame, ip);
	ns->nd_ns_cksum = transport_sum(spec, IPPROTO_ICMPV6, ns,
					frame->data + frame->len -
					(uint8_t *)ns);
	push_payload(frame, spec);
}

/* Where neither "from" nor "to" were given: the addresses that ask. */
static void solicit_addresses(struct frame_spec *spec)
{
	static const uint8_t group[13] = {
		0xff, 0x02, [11] = 0x01, [12] = 0xff,
	};

	spec->from = spec->tell;
	spec->to.len = 16;
	memcpy(spec->to.data, group, sizeof(group));
	memcpy(spec->to.data + 13, spec->who_has.data + 13, 3);
	if (spec->has_dst)
		return;
	spec->has_dst = true;
	spec->dst[0] = spec->dst[1] = 0x33;
	memcpy(spec->dst + 2, spec->to.data + 12, 4);
}

static uint16_t type_of(const struct frame_spec *spec)
{
	if (spec->who_has.len == 4)
		return ETHERTYPE_ARP;
	if (spec->from.len == 4)
		return ETHERTYPE_IP;
	if (spec->who_has.len == 16 || spec->from.len == 16)
		return ETHERTYPE_IPV6;
	return spec->type ?: TYPE_DEFAULT;
}

static int check_addresses(const struct frame_spec *spec)
{
	if (spec->who_has.len != spec->tell.len)
		return error("\"who-has\" and \"tell\" go together");
	if (spec->from.len != spec->to.len)
		return error("\"from\" and \"to\" go together");
	if (spec->who_has.len && spec->from.len)
		return error("\"who-has\" and \"from\" exclude each other");
	if (spec->type == ETHERTYPE_ARP && !spec->who_has.len)
		return error("\"who-has\" and \"tell\" are missing");
	if ((spec->type == ETHERTYPE_IP || spec->type == ETHERTYPE_IPV6) &&
	    !spec->who_has.len && !spec->from.len)
		return error("\"from\" and \"to\" are missing");
	if (spec->type && spec->type != type_of(spec))
		return error("\"type\" contradicts the addresses");
	if ((spec->proto || spec->sport || spec->dport) && !spec->from.len)
		return error("\"from\" and \"to\" are missing");
	return 0;
}

static int check_size(const struct frame_spec *spec, size_t len)
{
	if (len > WEFT_FRAME_MAX)
		return error("the frame is longer than %u bytes",
			     WEFT_FRAME_MAX);
	if (spec->size && len > spec->size)
		return error("the frame takes %zu bytes", len);
	return 0;
}

static void push_frame(struct frame *frame, const struct frame_spec *spec)
{
	uint16_t type = type_of(spec);

	push_ethernet(frame, spec, type);
	if (spec->who_has.len == 4)
		push_arp(frame, spec);
	else if (spec->who_has.len == 16)
		push_solicit(frame, spec);
	else if (spec->from.len == 4)
		push_ipv4(frame, spec);
	else if (spec->from.len == 16)
		push_ipv6(frame, spec);
	else
		push_payload(frame, spec);
	/* what Ethernet would do */
	if (!spec->size && frame->len < ETH_ZLEN)
		push(frame, ETH_ZLEN - frame->len);
}

/**
 * frame_build - make the frame
 * @given: what it is to be like
 * @frame: WEFT_FRAME_MAX bytes
 * @len: its length
 *
 * Return: 0 or FAIL_USAGE
 */
int frame_build(const struct frame_spec *given, uint8_t *frame, size_t *len)
{
	/* two bytes more align the IP header, with and without a VLAN tag */
	_Alignas(4) uint8_t data[2 + 2 * WEFT_FRAME_MAX];
	struct frame built = { data + 2 };
	struct frame_spec spec = *given;
	int err;

	if (!spec.has_src && !spec.has_dst && spec.payload_len) {
		push_payload(&built, &spec);
	} else {
		err = check_addresses(&spec);
		if (err)
			return err;
		if (spec.who_has.len == 16)
			solicit_addresses(&spec);
		if (spec.who_has.len == 4 && !spec.has_dst)
			memset(spec.dst, 0xff, ETH_ALEN);
		else if (!spec.has_dst)
			return error("\"dst\" is missing");
		if (!spec.has_src)
			return error("\"src\" is missing");
		push_frame(&built, &spec);
	}
	err = check_size(&spec, built.len);
	if (err)
		return err;
	memcpy(frame, built.data, built.len);
	*len = built.len;
	return 0;
}

static int take_hex(struct args *args, struct frame_spec *spec)
{
	const char *text;

	return args_value(args, "hex", &text) ?:
	       parse_hex(text, spec->payload, sizeof(spec->payload),
			 &spec->payload_len);
}

/* A word whose value is a number. */
static int take_number(struct args *args, const char *word,
		       struct frame_spec *spec)
{
	const struct {
		const char *word;
		uint32_t min, max;
		uint32_t *value;
	} *field, fields[] = {
		{ "vlan", 0, WEFT_VID_MAX, &spec->vid },
		{ "prio", 0, 7, &spec->prio },
		{ "sport", 1, UINT16_MAX, &spec->sport },
		{ "dport", 1, UINT16_MAX, &spec->dport },
		{ "ttl", 1, UINT8_MAX, &spec->ttl },
		{ "tos", 0, UINT8_MAX, &spec->tos },
		{ "size", 1, WEFT_FRAME_MAX, &spec->size },
	};

	for (field = fields; field < fields + ARRAY_SIZE(fields); field++)
		if (!strcmp(field->word, word))
			return args_number(args, word, field->min, field->max,
					   field->value);
	return args_unknown(args, word);
}

/**
 * frame_take_word - read a word that describes the frame
 * @args: its value comes from here
 * @word: the word just read
 * @spec: what the frame is to be like
 *
 * Return: 0 or FAIL_USAGE
 */
int frame_take_word(struct args *args, const char *word,
		    struct frame_spec *spec)
{
	if (!strcmp(word, "src")) {
		spec->has_src = true;
		return args_mac(args, word, spec->src);
	}
	if (!strcmp(word, "dst")) {
		spec->has_dst = true;
		return args_mac(args, word, spec->dst);
	}
	if (!strcmp(word, "vlan") || !strcmp(word, "prio"))
		spec->has_vlan = true;
	if (!strcmp(word, "type"))
		return args_type(args, &spec->type);
	if (!strcmp(word, "from"))
		return args_ip(args, word, &spec->from);
	if (!strcmp(word, "to"))
		return args_ip(args, word, &spec->to);
	if (!strcmp(word, "who-has"))
		return args_ip(args, word, &spec->who_has);
	if (!strcmp(word, "tell"))
		return args_ip(args, word, &spec->tell);
	if (!strcmp(word, "proto"))
		return args_proto(args, &spec->proto);
	if (!strcmp(word, "hex"))
		return take_hex(args, spec);
	return take_number(args, word, spec);
}
