// SPDX-License-Identifier: GPL-2.0
/* Addresses of the underlay. */

#include <kunit/test.h>

#include "addr.h"

#define IP(a, b, c, d) { (a), (b), (c), (d) }
#define IP6(...) { __VA_ARGS__ }
#define MAC(...) { __VA_ARGS__ }

struct kind_case {
	const char *name;
	u8 len;
	u8 bytes[16];
	bool any;
	bool unicast;
	bool multicast;
};

static const struct kind_case kinds[] = {
	{ "a host", 4, IP(192, 0, 2, 1), .unicast = true },
	{ "a class E address", 4, IP(240, 0, 0, 1), .unicast = true },
	{ "unspecified", 4, IP(0, 0, 0, 0), .any = true },
	{ "the first", 4, IP(0, 0, 0, 1), .unicast = true },
	{ "loopback", 4, IP(127, 0, 0, 1) },
	{ "the end of loopback", 4, IP(127, 255, 255, 255) },
	{ "next to loopback", 4, IP(128, 0, 0, 1), .unicast = true },
	{ "broadcast", 4, IP(255, 255, 255, 255) },
	{ "next to broadcast", 4, IP(255, 255, 255, 254), .unicast = true },
	{ "the last before multicast", 4, IP(223, 255, 255, 255),
	  .unicast = true },
	{ "the first multicast", 4, IP(224, 0, 0, 0), .multicast = true },
	{ "the last multicast", 4, IP(239, 255, 255, 255),
	  .multicast = true },
	{ "a host, v6", 16, IP6(0x20, 1, 0xd, 0xb8, [15] = 1),
	  .unicast = true },
	{ "link-local, v6", 16, IP6(0xfe, 0x80, [15] = 1), .unicast = true },
	{ "unique local, v6", 16, IP6(0xfd, [15] = 1), .unicast = true },
	{ "unspecified, v6", 16, IP6(0), .any = true },
	{ "loopback, v6", 16, IP6([15] = 1) },
	{ "next to loopback, v6", 16, IP6([15] = 2), .unicast = true },
	{ "v4-mapped", 16, IP6([10] = 0xff, 0xff, 192, 0, 2, 1) },
	{ "v4-compatible", 16, IP6([12] = 192, 0, 2, 1), .unicast = true },
	{ "multicast, v6", 16, IP6(0xff, 2, [15] = 1), .multicast = true },
	{ "the last before multicast, v6", 16,
	  IP6(0xfe, 0xff, 0xff, [15] = 1), .unicast = true },
	{ "a host on the link", 6, MAC(2, 0x57, 0x46, 1, 0, 1),
	  .unicast = true },
	{ "the first MAC address", 6, MAC(0, 0, 0, 0, 0, 1), .unicast = true },
	{ "unspecified MAC address", 6, MAC(0), .any = true },
	{ "all hosts on the link", 6, MAC(0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
	  .multicast = true },
	{ "a group on the link", 6, MAC(1, 0, 0x5e, 1, 1, 1),
	  .multicast = true },
	{ "the last host on the link", 6,
	  MAC(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff), .unicast = true },
	/* these would be something else as IP addresses */
	{ "MAC address like multicast", 6, MAC(224, 0, 0, 1), .unicast = true },
	{ "MAC address like loopback", 6, MAC(127, 0, 0, 1),
	  .multicast = true },
};

KUNIT_ARRAY_PARAM_DESC(kinds, kinds, name);

static void kind(struct kunit *test)
{
	const struct kind_case *c = test->param_value;
	struct weft_addr addr;

	KUNIT_ASSERT_TRUE(test, weft_addr_set(&addr, c->bytes, c->len));
	KUNIT_EXPECT_EQ(test, weft_addr_len(&addr), c->len);
	KUNIT_EXPECT_EQ(test, weft_addr_any(&addr), c->any);
	KUNIT_EXPECT_EQ(test, weft_addr_unicast(&addr), c->unicast);
	KUNIT_EXPECT_EQ(test, weft_addr_multicast(&addr), c->multicast);
	KUNIT_EXPECT_EQ(test, weft_addr_link(&addr), c->len == 6);
}

static void lengths(struct kunit *test)
{
	static const u8 bytes[20] = { 192, 0, 2, 1 };
	const struct weft_addr before = {
		.v6 = IN6ADDR_LOOPBACK_INIT, .family = AF_INET6,
	};
	struct weft_addr addr;
	unsigned int len;
	bool good;

	for (len = 0; len <= sizeof(bytes); len++) {
		addr = before;
		good = weft_addr_set(&addr, bytes, len);
		KUNIT_EXPECT_EQ(test, good, len == 4 || len == 6 || len == 16);
		if (!good)
			KUNIT_EXPECT_MEMEQ(test, &addr, &before,
					   sizeof(addr));
	}
}

static void none(struct kunit *test)
{
	const struct weft_addr addr = {};

	KUNIT_EXPECT_EQ(test, weft_addr_len(&addr), 0);
	KUNIT_EXPECT_TRUE(test, weft_addr_any(&addr));
	KUNIT_EXPECT_FALSE(test, weft_addr_unicast(&addr));
	KUNIT_EXPECT_FALSE(test, weft_addr_multicast(&addr));
	KUNIT_EXPECT_FALSE(test, weft_addr_link(&addr));
}

/* Whatever was there before, equal addresses are equal as memory. */
static void equal(struct kunit *test)
{
	static const u8 bytes[16] = { 192, 0, 2, 1 };
	struct weft_addr a, b, c;

	memset(&a, 0xff, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	weft_addr_set4(&a, cpu_to_be32(0xc0000201));
	KUNIT_ASSERT_TRUE(test, weft_addr_set(&b, bytes, 4));
	KUNIT_EXPECT_TRUE(test, weft_addr_equal(&a, &b));
	KUNIT_EXPECT_MEMEQ(test, &a, &b, sizeof(a));

	memset(&a, 0xff, sizeof(a));
	weft_addr_set6(&a, (const struct in6_addr *)bytes);
	KUNIT_ASSERT_TRUE(test, weft_addr_set(&c, bytes, 16));
	KUNIT_EXPECT_TRUE(test, weft_addr_equal(&a, &c));
	KUNIT_EXPECT_MEMEQ(test, &a, &c, sizeof(a));

	/* 192.0.2.1 and c000:201:: have the same bytes */
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&b, &c));
	weft_addr_set4(&a, cpu_to_be32(0xc0000202));
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&a, &b));
	c.v6.s6_addr[15]++;
	weft_addr_set6(&a, (const struct in6_addr *)bytes);
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&a, &c));
}

static void equal_macs(struct kunit *test)
{
	static const u8 bytes[16] = { 2, 0x57, 0x46, 1, 0, 1 };
	struct weft_addr a, b, c;

	memset(&a, 0xff, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	weft_addr_set_mac(&a, bytes);
	KUNIT_ASSERT_TRUE(test, weft_addr_set(&b, bytes, 6));
	KUNIT_EXPECT_EQ(test, a.family, AF_PACKET);
	KUNIT_EXPECT_MEMEQ(test, a.mac, bytes, ETH_ALEN);
	KUNIT_EXPECT_TRUE(test, weft_addr_equal(&a, &b));
	KUNIT_EXPECT_MEMEQ(test, &a, &b, sizeof(a));
	b.mac[5]++;
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&a, &b));

	/* the same bytes as an IP address */
	weft_addr_set6(&c, (const struct in6_addr *)bytes);
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&a, &c));
	weft_addr_set4(&c, cpu_to_be32(0xc0000201));
	weft_addr_set_mac(&a, (const u8[]){ 192, 0, 2, 1, 0, 0 });
	KUNIT_EXPECT_FALSE(test, weft_addr_equal(&a, &c));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(kind, kinds_gen_params),
	KUNIT_CASE(lengths),
	KUNIT_CASE(none),
	KUNIT_CASE(equal),
	KUNIT_CASE(equal_macs),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_addr",
	.test_cases = cases,
};

kunit_test_suite(suite);
