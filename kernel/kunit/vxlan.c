// SPDX-License-Identifier: GPL-2.0
/* The VXLAN header, as the switch sees it: through its operations. */

#include <kunit/test.h>

#include "../encap/vxlan.c"

#define HLEN	8

/* What is sent with a VNI: see push_template() in tunnel.c. */
static void make(const struct weft_encap_ops *ops, u8 *header, u32 vni)
{
	__be32 word;

	ops->template(header);
	memcpy(&word, header + ops->vni_offset, sizeof(word));
	word |= cpu_to_be32(vni << 8);
	memcpy(header + ops->vni_offset, &word, sizeof(word));
}

static void operations(struct kunit *test)
{
	const struct weft_encap_ops *ops = weft_encap(WEFT_ENCAP_VXLAN);

	KUNIT_ASSERT_PTR_EQ(test, ops, &weft_vxlan_ops);
	KUNIT_EXPECT_EQ(test, ops->id, WEFT_ENCAP_VXLAN);
	KUNIT_EXPECT_EQ(test, ops->hlen, HLEN);
	KUNIT_EXPECT_LE(test, ops->hlen, WEFT_ENCAP_HLEN_MAX);
	KUNIT_EXPECT_LE(test, ops->vni_offset + sizeof(__be32), ops->hlen);
	KUNIT_EXPECT_NOT_NULL(test, ops->gro_receive);
	KUNIT_EXPECT_NOT_NULL(test, ops->gro_complete);
}

/* RFC 7348, 5: the I flag, and zeros */
static void template(struct kunit *test)
{
	static const u8 expected[HLEN] = { 0x08 };
	u8 header[HLEN + 1];

	memset(header, 0xff, sizeof(header));
	weft_vxlan_ops.template(header);
	KUNIT_EXPECT_MEMEQ(test, header, expected, HLEN);
	KUNIT_EXPECT_EQ_MSG(test, header[HLEN], 0xff, "wrote too much");
}

struct vni_case {
	const char *name;
	u32 vni;
	u8 header[HLEN];
};

static const struct vni_case vnis[] = {
	{ "no segment", 0, { 0x08 } },
	{ "the first", 1, { 0x08, [6] = 0x01 } },
	{ "second byte", 0x100, { 0x08, [5] = 0x01 } },
	{ "third byte", 0x10000, { 0x08, [4] = 0x01 } },
	{ "highest bit", 0x800000, { 0x08, [4] = 0x80 } },
	{ "all bytes", 0x123456, { 0x08, [4] = 0x12, 0x34, 0x56 } },
	{ "the last", WEFT_VNI_MAX, { 0x08, [4] = 0xff, 0xff, 0xff } },
};

KUNIT_ARRAY_PARAM_DESC(vnis, vnis, name);

static void vni(struct kunit *test)
{
	const struct vni_case *c = test->param_value;
	unsigned int hlen = 0;
	u8 header[HLEN];
	u32 vni = ~0;

	make(&weft_vxlan_ops, header, c->vni);
	KUNIT_EXPECT_MEMEQ(test, header, c->header, HLEN);
	KUNIT_EXPECT_EQ(test, weft_vxlan_ops.parse(header, HLEN, &vni, &hlen),
			WEFT_DROP_REASON_NONE);
	KUNIT_EXPECT_EQ(test, vni, c->vni);
	KUNIT_EXPECT_EQ(test, hlen, HLEN);
}

/* Not a byte more is read than there is. */
static void truncated(struct kunit *test)
{
	unsigned int len, hlen;
	u8 header[HLEN];
	void *copy;
	u32 vni;

	make(&weft_vxlan_ops, header, 42);
	for (len = 0; len < HLEN; len++) {
		copy = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, header, len);
		KUNIT_EXPECT_EQ_MSG(test,
				    weft_vxlan_ops.parse(copy, len, &vni,
							 &hlen),
				    WEFT_DROP_REASON_TUNNEL_HEADER,
				    "%u bytes", len);
	}
}

/* A longer frame is no matter of the header. */
static void longer(struct kunit *test)
{
	u8 header[HLEN + 14];
	unsigned int hlen;
	u32 vni;

	memset(header, 0xff, sizeof(header));
	make(&weft_vxlan_ops, header, 42);
	KUNIT_EXPECT_EQ(test, weft_vxlan_ops.parse(header, sizeof(header),
						   &vni, &hlen),
			WEFT_DROP_REASON_NONE);
	KUNIT_EXPECT_EQ(test, vni, 42);
	KUNIT_EXPECT_EQ(test, hlen, HLEN);
}

/* Each bit but those of the VNI: the I flag must be set, the others not. */
static void reserved(struct kunit *test)
{
	unsigned int bit, hlen;
	u8 header[HLEN];
	u32 vni;

	for (bit = 0; bit < HLEN * 8; bit++) {
		if (bit / 8 >= 4 && bit / 8 < 7)
			continue;
		make(&weft_vxlan_ops, header, 42);
		header[bit / 8] ^= 0x80 >> bit % 8;
		KUNIT_EXPECT_EQ_MSG(test,
				    weft_vxlan_ops.parse(header, HLEN, &vni,
							 &hlen),
				    WEFT_DROP_REASON_TUNNEL_FLAGS,
				    "bit %u", bit);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(operations),
	KUNIT_CASE(template),
	KUNIT_CASE_PARAM(vni, vnis_gen_params),
	KUNIT_CASE(truncated),
	KUNIT_CASE(longer),
	KUNIT_CASE(reserved),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_vxlan",
	.test_cases = cases,
};

kunit_test_suite(suite);
