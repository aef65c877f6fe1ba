// SPDX-License-Identifier: GPL-2.0
/* ARP and neighbour discovery: what is learned, what is answered, and how. */

#include <kunit/test.h>

#include "clock.h"
#include "../suppress.c"

struct fixture {
	struct weft_switch sw;
	struct weft_segment segment;
	struct weft_pkt pkt;
	struct sk_buff *reply;
};

static struct fixture *fixture;		/* for weft_egress_answer() */

static const u8 asker[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 0xa };
static const u8 owner[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 0xb };
static const u8 nobody[ETH_ALEN] __aligned(2) = { 2, 0, 0, 0, 0, 0xc };

/* In the place of egress.c */
void weft_egress_answer(struct sk_buff *skb, const struct weft_pkt *pkt)
{
	kfree_skb(fixture->reply);
	fixture->reply = skb;
}

static int suppress_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->sw.dev = alloc_etherdev(0);
	if (!f->sw.dev)
		return -ENOMEM;
	if (weft_neighs_init(&f->sw.neighs, NULL)) {
		free_netdev(f->sw.dev);
		return -ENOMEM;
	}
	weft_kunit_begin();
	f->segment.vni = 1;
	f->segment.learning = true;
	f->segment.scope.ageing = 300;
	f->pkt = (struct weft_pkt){ .sw = &f->sw, .segment = &f->segment };
	test->priv = f;
	fixture = f;
	return 0;
}

static void suppress_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	kfree_skb(f->reply);
	weft_neigh_clear(&f->sw.neighs, 1);
	weft_neighs_destroy(&f->sw.neighs);
	free_netdev(f->sw.dev);
}

/* --- shorter words --- */

static struct sk_buff *make_skb(struct kunit *test, const void *frame,
				unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len + 64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, 64);
	skb_put_data(skb, frame, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = eth_hdr(skb)->h_proto;
	return skb;
}

/* Was the frame answered? The reply, if any, is in the fixture. */
static bool ask_skb(struct kunit *test, struct sk_buff *skb)
{
	struct fixture *f = test->priv;
	bool answered;

	kfree_skb(f->reply);
	f->reply = NULL;
	local_bh_disable();
	rcu_read_lock();
	answered = weft_suppress(skb, &f->pkt);
	rcu_read_unlock();
	local_bh_enable();
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, answered, f->reply || (answered &&
						     f->pkt.explain));
	return answered;
}

static bool ask(struct kunit *test, const void *frame, unsigned int len)
{
	return ask_skb(test, make_skb(test, frame, len));
}

static void know(struct kunit *test, const struct weft_addr *ip,
		 const u8 *mac)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, weft_neigh_add(&f->sw.neighs, 1, ip, mac,
					     WEFT_STATE_STATIC, true, NULL),
			0);
}

/* Who has an address, as far as is known; all zeros for nobody. */
static void who_has(struct kunit *test, const struct weft_addr *ip, u8 *mac)
{
	struct fixture *f = test->priv;
	struct weft_neigh *neigh;

	eth_zero_addr(mac);
	rcu_read_lock();
	neigh = weft_neigh_lookup(&f->sw.neighs, 1, ip);
	if (neigh)
		weft_neigh_mac(neigh, mac);
	rcu_read_unlock();
}

/* --- ARP --- */

#define ASKER	0xc000020a	/* 192.0.2.10 */
#define OWNER	0xc000020b

struct arp_frame {
	struct ethhdr eth;
	struct arp_packet arp;
} __packed;

struct arp_case {
	const char *name;
	u16 op;
	u32 sip;
	u32 tip;
	const u8 *sha;		/* the frame is from the asker */
	const u8 *known;	/* who has OWNER already, or NULL */
	bool answered;
	bool learned;		/* that the asker has sip */
	bool tunnel;
	bool deaf;		/* segment with learning off */
};

static const struct arp_case arps[] = {
	{ "known", ARPOP_REQUEST, ASKER, OWNER, asker, owner, true, true },
	{ "unknown", ARPOP_REQUEST, ASKER, OWNER, asker, NULL, false, true },
	{ "known to be the asker", ARPOP_REQUEST, ASKER, OWNER, asker, asker,
	  false, true },
	{ "probe for a taken address", ARPOP_REQUEST, 0, OWNER, asker, owner,
	  true, false },
	{ "probe for one's own address", ARPOP_REQUEST, 0, OWNER, asker,
	  asker, false, false },
	{ "announcement", ARPOP_REQUEST, ASKER, ASKER, asker, owner, false,
	  true },
	{ "reply", ARPOP_REPLY, ASKER, OWNER, asker, owner, false, true },
	{ "for another", ARPOP_REQUEST, ASKER, OWNER, nobody, owner, false,
	  false },
	{ "from the tunnel", ARPOP_REQUEST, ASKER, OWNER, asker, owner, false,
	  true, .tunnel = true },
	{ "without learning", ARPOP_REQUEST, ASKER, OWNER, asker, owner, true,
	  false, .deaf = true },
	{ "reverse ARP", ARPOP_RREQUEST, ASKER, OWNER, asker, owner, false,
	  false },
	{ "from broadcast", ARPOP_REQUEST, 0xffffffff, OWNER, asker, owner,
	  true, false },
};

KUNIT_ARRAY_PARAM_DESC(arps, arps, name);

static void make_arp(struct arp_frame *frame, const struct arp_case *c)
{
	*frame = (struct arp_frame){
		.eth.h_proto = htons(ETH_P_ARP),
		.arp.hdr = {
			.ar_hrd = htons(ARPHRD_ETHER),
			.ar_pro = htons(ETH_P_IP),
			.ar_hln = ETH_ALEN, .ar_pln = 4,
			.ar_op = htons(c->op),
		},
		.arp.sip = htonl(c->sip), .arp.tip = htonl(c->tip),
	};
	memset(frame->eth.h_dest, 0xff, ETH_ALEN);
	memcpy(frame->eth.h_source, asker, ETH_ALEN);
	memcpy(frame->arp.sha, c->sha, ETH_ALEN);
}

static void expect_arp_reply(struct kunit *test, const struct arp_case *c)
{
	struct fixture *f = test->priv;
	const struct arp_frame *reply;

	KUNIT_ASSERT_GE(test, f->reply->len, sizeof(*reply));
	KUNIT_EXPECT_EQ(test, skb_mac_offset(f->reply), 0);
	KUNIT_EXPECT_TRUE(test, f->reply->protocol == htons(ETH_P_ARP));
	reply = (const void *)f->reply->data;
	KUNIT_EXPECT_MEMEQ(test, reply->eth.h_dest, asker, ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, reply->eth.h_source, owner, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, arp_valid(&reply->arp));
	KUNIT_EXPECT_TRUE(test, reply->arp.hdr.ar_op == htons(ARPOP_REPLY));
	KUNIT_EXPECT_MEMEQ(test, reply->arp.sha, owner, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, reply->arp.sip == htonl(c->tip));
	KUNIT_EXPECT_MEMEQ(test, reply->arp.tha, asker, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, reply->arp.tip == htonl(c->sip));
}

static void arp(struct kunit *test)
{
	const struct arp_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct weft_addr sip, tip;
	struct arp_frame frame;
	u8 mac[ETH_ALEN];

	weft_addr_set4(&sip, htonl(c->sip));
	weft_addr_set4(&tip, htonl(OWNER));
	if (c->known)
		know(test, &tip, c->known);
	f->pkt.from_flags = c->tunnel ? WEFT_END_TUNNEL : 0;
	f->segment.learning = !c->deaf;
	make_arp(&frame, c);
	KUNIT_EXPECT_EQ(test, ask(test, &frame, sizeof(frame)), c->answered);
	if (f->reply)
		expect_arp_reply(test, c);
	who_has(test, &sip, mac);
	KUNIT_EXPECT_EQ(test, ether_addr_equal(mac, asker), c->learned);
}

/* What is cut short or not ARP over Ethernet for IPv4 is none of ours. */
static void arp_malformed(struct kunit *test)
{
	struct weft_addr sip, tip;
	struct arp_frame frame;
	unsigned int i;
	u8 mac[ETH_ALEN];

	weft_addr_set4(&sip, htonl(ASKER));
	weft_addr_set4(&tip, htonl(OWNER));
	know(test, &tip, owner);
	make_arp(&frame, &arps[0]);
	for (i = ETH_HLEN; i < sizeof(frame); i++)
		KUNIT_EXPECT_FALSE_MSG(test, ask(test, &frame, i), "%u bytes",
				       i);
	for (i = 0; i < sizeof(struct arphdr); i++) {
		((u8 *)&frame.arp)[i] ^= 0x40;
		KUNIT_EXPECT_FALSE_MSG(test, ask(test, &frame, sizeof(frame)),
				       "byte %u", i);
		((u8 *)&frame.arp)[i] ^= 0x40;
	}
	who_has(test, &sip, mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));
	KUNIT_EXPECT_TRUE(test, ask(test, &frame, sizeof(frame)));
}

/* A VLAN of the VMs' own is another network; VLAN 0 is not. */
static void arp_tagged(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_addr sip, tip;
	struct arp_frame frame;
	struct sk_buff *skb;
	u8 mac[ETH_ALEN];

	weft_addr_set4(&sip, htonl(ASKER));
	weft_addr_set4(&tip, htonl(OWNER));
	know(test, &tip, owner);
	make_arp(&frame, &arps[0]);
	skb = make_skb(test, &frame, sizeof(frame));
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 123);
	KUNIT_EXPECT_FALSE(test, ask_skb(test, skb));
	KUNIT_EXPECT_NULL(test, f->reply);
	who_has(test, &sip, mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));

	skb = make_skb(test, &frame, sizeof(frame));
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0);
	KUNIT_EXPECT_TRUE(test, ask_skb(test, skb));
}

/* A question about a frame neither teaches nor is answered. */
static void arp_explained(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct weft_addr sip, tip;
	struct arp_frame frame;
	u8 mac[ETH_ALEN];

	f->pkt.explain = kunit_kzalloc(test, sizeof(*f->pkt.explain),
				       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->pkt.explain);
	weft_addr_set4(&sip, htonl(ASKER));
	weft_addr_set4(&tip, htonl(OWNER));
	know(test, &tip, owner);
	make_arp(&frame, &arps[0]);
	KUNIT_EXPECT_TRUE(test, ask(test, &frame, sizeof(frame)));
	KUNIT_EXPECT_NULL(test, f->reply);
	who_has(test, &sip, mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));
}

/* --- neighbour discovery --- */

struct nd_frame {
	struct ethhdr eth;
	struct ipv6hdr ip6h;
	struct nd_msg msg;
	u8 opt[8];
} __packed;

struct nd_case {
	const char *name;
	u8 type;
	const u8 *lladdr;	/* in the option; the frame is from the asker */
	const u8 *known;	/* who has the owner's address already */
	bool answered;
	bool learned;		/* that the asker has the address it tells */
	bool dad;		/* from the unspecified address */
	bool tunnel;
	u8 hop_limit;		/* 0: as it should be */
	u8 code;
	bool bad_csum;
	bool multicast;		/* target */
};

#define NS NDISC_NEIGHBOUR_SOLICITATION
#define NA NDISC_NEIGHBOUR_ADVERTISEMENT

static const struct nd_case nds[] = {
	{ "known", NS, asker, owner, true, true },
	{ "unknown", NS, asker, NULL, false, true },
	{ "known to be the asker", NS, asker, asker, false, true },
	{ "detection of a duplicate", NS, asker, owner, true, .dad = true },
	{ "detection of oneself", NS, asker, asker, false, .dad = true },
	{ "advertisement", NA, asker, NULL, false, true },
	{ "for another", NS, nobody, owner, true, false },
	{ "advertisement for another", NA, nobody, NULL, false, false },
	{ "from the tunnel", NS, asker, owner, false, true, .tunnel = true },
	{ "routed", NS, asker, owner, .hop_limit = 254 },
	{ "unknown code", NS, asker, owner, .code = 1 },
	{ "wrong checksum", NS, asker, owner, .bad_csum = true },
	{ "for a group", NS, asker, owner, .multicast = true },
	{ "router solicitation", NDISC_ROUTER_SOLICITATION, asker, owner },
	{ "redirect", NDISC_REDIRECT, asker, owner },
};

KUNIT_ARRAY_PARAM_DESC(nds, nds, name);

static const struct in6_addr asker6 = { { { 0xfe, 0x80, [15] = 0xa } } };
static const struct in6_addr owner6 = { { { 0xfe, 0x80, [15] = 0xb } } };
static const struct in6_addr group6 = { { { 0xff, 0x02, [15] = 0xb } } };

static void make_nd(struct nd_frame *frame, const struct nd_case *c)
{
	const unsigned int len = sizeof(frame->msg) + sizeof(frame->opt);

	*frame = (struct nd_frame){
		.eth.h_proto = htons(ETH_P_IPV6),
		.ip6h = {
			.version = 6, .nexthdr = IPPROTO_ICMPV6,
			.hop_limit = c->hop_limit ?: 255,
			.payload_len = htons(len),
			.saddr = c->dad ? in6addr_any : asker6,
			.daddr = group6,
		},
		.msg.icmph = {
			.icmp6_type = c->type, .icmp6_code = c->code,
		},
		.msg.target = owner6,
		.opt = { c->type == NA ? ND_OPT_TARGET_LL_ADDR :
					 ND_OPT_SOURCE_LL_ADDR, 1 },
	};
	memcpy(frame->eth.h_source, asker, ETH_ALEN);
	ipv6_eth_mc_map(&group6, frame->eth.h_dest);
	memcpy(frame->opt + 2, c->lladdr, ETH_ALEN);
	if (c->multicast)
		frame->msg.target = group6;
	frame->msg.icmph.icmp6_cksum =
		csum_ipv6_magic(&frame->ip6h.saddr, &frame->ip6h.daddr, len,
				IPPROTO_ICMPV6,
				csum_partial(&frame->msg, len, 0));
	if (c->bad_csum)
		frame->msg.icmph.icmp6_cksum ^= (__force __sum16)1;
}

static void expect_advert(struct kunit *test, const struct nd_case *c)
{
	const unsigned int len = sizeof(struct nd_msg) + 8;
	struct fixture *f = test->priv;
	const struct nd_frame *reply;
	u8 all_nodes[ETH_ALEN];

	KUNIT_ASSERT_EQ(test, f->reply->len, sizeof(*reply));
	KUNIT_EXPECT_EQ(test, skb_mac_offset(f->reply), 0);
	KUNIT_EXPECT_TRUE(test, f->reply->protocol == htons(ETH_P_IPV6));
	reply = (const void *)f->reply->data;
	ipv6_eth_mc_map(&in6addr_linklocal_allnodes, all_nodes);
	KUNIT_EXPECT_MEMEQ(test, reply->eth.h_dest, c->dad ? all_nodes : asker,
			   ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, reply->eth.h_source, owner, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&reply->ip6h.saddr, &owner6));
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&reply->ip6h.daddr, c->dad ?
						&in6addr_linklocal_allnodes :
						&asker6));
	KUNIT_EXPECT_TRUE(test, reply->ip6h.version == 6);
	KUNIT_EXPECT_EQ(test, reply->ip6h.nexthdr, IPPROTO_ICMPV6);
	KUNIT_EXPECT_EQ(test, reply->ip6h.hop_limit, 255);
	KUNIT_EXPECT_TRUE(test, reply->ip6h.payload_len == htons(len));
	KUNIT_EXPECT_EQ(test, reply->msg.icmph.icmp6_type, NA);
	KUNIT_EXPECT_EQ(test, reply->msg.icmph.icmp6_code, 0);
	KUNIT_EXPECT_TRUE(test, reply->msg.icmph.icmp6_solicited == !c->dad);
	KUNIT_EXPECT_TRUE(test, reply->msg.icmph.icmp6_override);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&reply->msg.target, &owner6));
	KUNIT_EXPECT_EQ(test, reply->opt[0], ND_OPT_TARGET_LL_ADDR);
	KUNIT_EXPECT_EQ(test, reply->opt[1], 1);
	KUNIT_EXPECT_MEMEQ(test, reply->opt + 2, owner, ETH_ALEN);
	KUNIT_EXPECT_FALSE(test, csum_ipv6_magic(&reply->ip6h.saddr,
						 &reply->ip6h.daddr, len,
						 IPPROTO_ICMPV6,
						 csum_partial(&reply->msg, len,
							      0)));
}

static void nd(struct kunit *test)
{
	const struct nd_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct weft_addr said, target;
	struct nd_frame frame;
	u8 mac[ETH_ALEN];

	weft_addr_set6(&said, c->type == NA ? &owner6 : &asker6);
	weft_addr_set6(&target, &owner6);
	if (c->known)
		know(test, &target, c->known);
	f->pkt.from_flags = c->tunnel ? WEFT_END_TUNNEL : 0;
	make_nd(&frame, c);
	KUNIT_EXPECT_EQ(test, ask(test, &frame, sizeof(frame)), c->answered);
	if (f->reply)
		expect_advert(test, c);
	who_has(test, &said, mac);
	KUNIT_EXPECT_EQ(test, ether_addr_equal(mac, asker), c->learned);
}

static void nd_truncated(struct kunit *test)
{
	struct weft_addr said, target;
	struct nd_frame frame;
	u8 mac[ETH_ALEN];
	unsigned int len;

	weft_addr_set6(&said, &asker6);
	weft_addr_set6(&target, &owner6);
	know(test, &target, owner);
	make_nd(&frame, &nds[0]);
	for (len = ETH_HLEN; len < sizeof(frame); len++)
		KUNIT_EXPECT_FALSE_MSG(test, ask(test, &frame, len),
				       "%u bytes", len);
	/* the length in the header says less than a message */
	for (len = 0; len < sizeof(struct nd_msg); len++) {
		frame.ip6h.payload_len = htons(len);
		KUNIT_EXPECT_FALSE_MSG(test, ask(test, &frame, sizeof(frame)),
				       "payload of %u bytes", len);
	}
	who_has(test, &said, mac);
	KUNIT_EXPECT_TRUE(test, is_zero_ether_addr(mac));
}

struct option_case {
	const char *name;
	unsigned int len;
	u8 opt[24];
	int found;		/* where the address begins, -1 for nowhere */
};

static const struct option_case options[] = {
	{ "none", 0, {}, -1 },
	{ "it", 8, { 1, 1 }, 2 },
	{ "another", 8, { 2, 1 }, -1 },
	{ "behind another", 16, { 14, 1, [8] = 1, 1 }, 10 },
	{ "behind a long one", 24, { 14, 2, [16] = 1, 1 }, 18 },
	{ "before another", 16, { 1, 1, [8] = 14, 1 }, 2 },
	{ "twice", 16, { 1, 1, [8] = 1, 1 }, 2 },
	{ "too long for an Ethernet address", 16, { 1, 2 }, -1 },
	{ "behind one too long", 24, { 1, 2, [16] = 1, 1 }, 18 },
	{ "of no length", 16, { 14, 0, [8] = 1, 1 }, -1 },
	{ "longer than there is", 8, { 1, 2 }, -1 },
	{ "beyond the end", 8, { 14, 255 }, -1 },
	{ "cut short", 7, { 1, 1 }, -1 },
	{ "cut short behind another", 15, { 14, 1, [8] = 1, 1 }, -1 },
	{ "one byte", 1, { 1 }, -1 },
};

KUNIT_ARRAY_PARAM_DESC(options, options, name);

static void option(struct kunit *test)
{
	const struct option_case *c = test->param_value;
	unsigned int len = sizeof(struct nd_msg) + c->len;
	struct nd_msg *msg = kunit_kzalloc(test, len, GFP_KERNEL);
	const u8 *found;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	memcpy(msg->opt, c->opt, c->len);
	found = nd_lladdr(msg, len, ND_OPT_SOURCE_LL_ADDR);
	if (c->found < 0)
		KUNIT_EXPECT_NULL(test, found);
	else
		KUNIT_EXPECT_PTR_EQ(test, found, msg->opt + c->found);
}

/* --- all else --- */

static void other_protocols(struct kunit *test)
{
	u8 frame[64] = {};

	memcpy(frame + ETH_ALEN, asker, ETH_ALEN);
	frame[12] = ETH_P_IP >> 8;
	KUNIT_EXPECT_FALSE(test, ask(test, frame, sizeof(frame)));
	frame[12] = ETH_P_8021Q >> 8;
	KUNIT_EXPECT_FALSE(test, ask(test, frame, sizeof(frame)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(arp, arps_gen_params),
	KUNIT_CASE(arp_malformed),
	KUNIT_CASE(arp_tagged),
	KUNIT_CASE(arp_explained),
	KUNIT_CASE_PARAM(nd, nds_gen_params),
	KUNIT_CASE(nd_truncated),
	KUNIT_CASE_PARAM(option, options_gen_params),
	KUNIT_CASE(other_protocols),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_suppress",
	.init = suppress_init,
	.exit = suppress_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
