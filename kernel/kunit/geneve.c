// SPDX-License-Identifier: GPL-2.0
/* The GENEVE header and its options, and the NVGRE header. */

#include <kunit/test.h>

#include "../encap/geneve.c"
#include "../encap/gro.c"
#include "../encap/nvgre.c"

#define HLEN	8

struct parse_case {
	const char *name;
	const struct weft_encap_ops *ops;
	u8 header[HLEN];
	enum weft_drop_reason reason;
	u32 vni;
	unsigned int hlen;
};

#define GENEVE	.ops = &weft_geneve_ops
#define NVGRE	.ops = &weft_nvgre_ops

static const struct parse_case parses[] = {
	{ "geneve", GENEVE, { 0, 0, 0x65, 0x58, 0x12, 0x34, 0x56, 0 },
	  .vni = 0x123456, .hlen = 8 },
	{ "one option", GENEVE, { 1, 0, 0x65, 0x58, 0, 0, 1, 0 },
	  .vni = 1, .hlen = 12 },
	{ "longest options", GENEVE, { 63, 0x40, 0x65, 0x58, 0, 0, 1, 0 },
	  .vni = 1, .hlen = 260 },
	{ "reserved bits", GENEVE, { 0, 0x3f, 0x65, 0x58, 0, 0, 1, 0xff },
	  .vni = 1, .hlen = 8 },
	{ "version", GENEVE, { 0x40, 0, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "IPv4 inside", GENEVE, { 0, 0, 0x08, 0x00, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "control", GENEVE, { 0, 0x80, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_CONTROL },
	{ "nvgre", NVGRE, { 0x20, 0, 0x65, 0x58, 0x12, 0x34, 0x56, 0 },
	  .vni = 0x123456, .hlen = 8 },
	{ "flow", NVGRE, { 0x20, 0, 0x65, 0x58, 0, 0, 1, 0xff },
	  .vni = 1, .hlen = 8 },
	{ "no key", NVGRE, { 0, 0, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "checksum", NVGRE, { 0xa0, 0, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "sequence", NVGRE, { 0x30, 0, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "PPTP", NVGRE, { 0x20, 1, 0x65, 0x58, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "IPv4 in GRE", NVGRE, { 0x20, 0, 0x08, 0x00, 0, 0, 1, 0 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
};

KUNIT_ARRAY_PARAM_DESC(parses, parses, name);

static void parse(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	unsigned int hlen = 0, len;
	u32 vni = 0;
	void *copy;

	KUNIT_EXPECT_EQ(test, c->ops->parse(c->header, HLEN, &vni, &hlen),
			c->reason);
	if (c->reason)
		return;
	KUNIT_EXPECT_EQ(test, vni, c->vni);
	KUNIT_EXPECT_EQ(test, hlen, c->hlen);
	/* not a byte more is read than there is */
	for (len = 0; len < HLEN; len++) {
		copy = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		memcpy(copy, c->header, len);
		KUNIT_EXPECT_EQ(test, c->ops->parse(copy, len, &vni, &hlen),
				WEFT_DROP_REASON_TUNNEL_HEADER);
	}
}

/* What is written for a VNI is what is read. */
static void template(struct kunit *test)
{
	static const struct weft_encap_ops *const all[] = {
		&weft_geneve_ops, &weft_nvgre_ops,
	};
	u8 header[HLEN + 1];
	unsigned int i, hlen;
	u32 vni;

	for (i = 0; i < ARRAY_SIZE(all); i++) {
		memset(header, 0xff, sizeof(header));
		all[i]->template(header);
		KUNIT_EXPECT_EQ_MSG(test, header[HLEN], 0xff, "wrote too much");
		*(__be32 *)(header + all[i]->vni_offset) |=
			cpu_to_be32(0xabcdef << 8);
		KUNIT_EXPECT_EQ(test, all[i]->parse(header, HLEN, &vni, &hlen),
				WEFT_DROP_REASON_NONE);
		KUNIT_EXPECT_EQ(test, vni, 0xabcdef);
		KUNIT_EXPECT_EQ(test, hlen, HLEN);
	}
}

static int add(struct weft_extra *extra, u16 class, u8 type, unsigned int len)
{
	static const u8 data[256] = { 1, 2, 3, 4 };
	struct weft_encap_option option = {
		.class = class, .type = type, .len = len, .data = data,
	};

	return weft_geneve_ops.add_option(extra, &option, NULL);
}

static void add_options(struct kunit *test)
{
	struct weft_encap_option option;
	struct weft_extra extra = {};
	u8 *word = (u8 *)&extra.word;
	unsigned int offset;

	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 1, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 1, 128), -EINVAL);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 1, 256), -EINVAL);
	KUNIT_EXPECT_EQ(test, extra.len, 0);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 1, 4), 0);
	KUNIT_EXPECT_EQ(test, word[0], 2);
	KUNIT_EXPECT_EQ(test, word[1], 0);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 1, 0), -EEXIST);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x102, 0x81, 0), 0);
	KUNIT_EXPECT_EQ(test, word[0], 3);
	KUNIT_EXPECT_EQ_MSG(test, word[1], 0x40, "critical");
	KUNIT_EXPECT_EQ(test, add(&extra, 0x103, 1, 124), 0);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x104, 1, 124), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x104, 1, 108), 0);
	KUNIT_EXPECT_EQ(test, extra.len, WEFT_EXTRA_MAX);
	KUNIT_EXPECT_EQ(test, word[0], 63);
	KUNIT_EXPECT_EQ(test, add(&extra, 0x105, 1, 0), -EMSGSIZE);

	offset = weft_geneve_ops.read_option(&extra, 0, &option);
	KUNIT_EXPECT_EQ(test, offset, 8);
	KUNIT_EXPECT_EQ(test, option.class, 0x102);
	KUNIT_EXPECT_EQ(test, option.type, 1);
	KUNIT_EXPECT_EQ(test, option.len, 4);
	offset = weft_geneve_ops.read_option(&extra, offset, &option);
	KUNIT_EXPECT_EQ(test, option.type, 0x81);
	KUNIT_EXPECT_EQ(test, option.len, 0);
}

struct option_case {
	const char *name;
	u8 bytes[16];
	unsigned int len;
	enum weft_drop_reason reason;
};

/* The segment knows the critical option 0102:81. */
static const struct option_case options[] = {
	{ "unknown", { 0x9, 0x9, 1, 0 }, 4 },
	{ "unknown and critical", { 0x9, 0x9, 0x81, 0 }, 4,
	  WEFT_DROP_REASON_TUNNEL_OPTION },
	{ "known and critical", { 1, 2, 0x81, 1, 0, 0, 0, 0 }, 8 },
	{ "type of another class", { 1, 3, 0x81, 0 }, 4,
	  WEFT_DROP_REASON_TUNNEL_OPTION },
	{ "second critical", { 9, 9, 1, 1, 0, 0, 0, 0, 9, 9, 0xff, 0 }, 12,
	  WEFT_DROP_REASON_TUNNEL_OPTION },
	{ "one byte too long", { 9, 9, 1, 2, 0, 0, 0, 0 }, 8,
	  WEFT_DROP_REASON_TUNNEL_HEADER },
	{ "longest, cut", { 9, 9, 1, 31 }, 4, WEFT_DROP_REASON_TUNNEL_HEADER },
	{ "reserved bits", { 9, 9, 1, 0xe0 }, 4 },
};

KUNIT_ARRAY_PARAM_DESC(options, options, name);

static void check_options(struct kunit *test)
{
	const struct option_case *c = test->param_value;
	struct weft_extra known = {};
	u8 *header;

	header = kunit_kzalloc(test, HLEN + c->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, header);
	memcpy(header + HLEN, c->bytes, c->len);
	KUNIT_ASSERT_EQ(test, add(&known, 0x102, 0x81, 0), 0);
	KUNIT_EXPECT_EQ(test, weft_geneve_ops.options(header, HLEN + c->len,
						      &known), c->reason);
	if (c->bytes[2] & 0x80)
		KUNIT_EXPECT_EQ(test,
				weft_geneve_ops.options(header, HLEN + c->len,
							NULL),
				WEFT_DROP_REASON_TUNNEL_OPTION);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(parse, parses_gen_params),
	KUNIT_CASE(template),
	KUNIT_CASE(add_options),
	KUNIT_CASE_PARAM(check_options, options_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_geneve",
	.test_cases = cases,
};

kunit_test_suite(suite);
