// SPDX-License-Identifier: GPL-2.0
/* The header of fences, before whole frames and fragments. */

#include <kunit/test.h>

#include "../encap/fence.c"

#define HLEN	10
#define LOOK	16
#define SHIFTS	4	/* a header is aligned to nothing */

#define DEST	0x02, 0x11, 0x22, 0x33, 0x44, 0x55

struct parse_case {
	const char *name;
	u8 bytes[LOOK];
	enum weft_drop_reason reason;
	u32 vni;
	bool is_piece;
	struct weft_piece piece;
};

static const struct parse_case parses[] = {
	{ "whole", { 0, 0x56, 0x34, 0x12, DEST, DEST }, .vni = 0x123456 },
	{ "fence 0", { 0, 0, 0, 0, DEST, DEST } },
	{ "last fence", { 0, 0xff, 0xff, 0xff, DEST, DEST }, .vni = 0xffffff },
	{ "to all", { 0, 10, 0, 0, [4 ... 15] = 0xff }, .vni = 10 },
	{ "first piece", { 0x04, 0x56, 0x34, 0x12, 0xab, 0xcd },
	  .vni = 0x123456, .is_piece = true, .piece = { .id = 0xabcd } },
	{ "second piece", { 0x14, 10, 0, 0, 0, 1, 0x05, 0xd2 },
	  .vni = 10, .is_piece = true,
	  .piece = { .id = 1, .offset = 1490, .number = 1 } },
	{ "last piece", { 0xf8, 10, 0, 0, 0xff, 0xfe, 0xff, 0xff },
	  .vni = 10, .is_piece = true,
	  .piece = { .id = 0xfffe, .offset = 65535, .number = 15,
		     .last = true } },
	{ "the only piece", { 0x08, 10, 0, 0, 0, 7 },
	  .vni = 10, .is_piece = true,
	  .piece = { .id = 7, .last = true } },
	{ "version 1", { 0x01, 10, 0, 0, DEST, DEST },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "version 2", { 0x02, 10, 0, 0, DEST, DEST },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "version 3 of a piece", { 0x07, 10, 0, 0, 0, 1 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "type 3", { 0x0c, 10, 0, 0, DEST, DEST },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "type 3, as a piece", { 0x0c, 10, 0, 0, 0, 1 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "number of a whole one", { 0x10, 10, 0, 0, DEST, DEST },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "last number of a whole one", { 0xf0, 10, 0, 0, DEST, DEST },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "another's first byte", { 0, 10, 0, 0, DEST, 0x06, 0x11, 0x22, 0x33,
				    0x44, 0x55 },
	  WEFT_DROP_REASON_TUNNEL_HEADER },
	{ "another's last byte", { 0, 10, 0, 0, DEST, 0x02, 0x11, 0x22, 0x33,
				   0x44, 0x54 },
	  WEFT_DROP_REASON_TUNNEL_HEADER },
	{ "to all, but not inside", { 0, 10, 0, 0, [4 ... 9] = 0xff, DEST },
	  WEFT_DROP_REASON_TUNNEL_HEADER },
	{ "first piece at 1", { 0x04, 10, 0, 0, 0, 1, 0, 1 },
	  WEFT_DROP_REASON_FRAGMENT },
	{ "first piece at 256", { 0x04, 10, 0, 0, 0, 1, 1, 0 },
	  WEFT_DROP_REASON_FRAGMENT },
	{ "the only piece at 1", { 0x08, 10, 0, 0, 0, 1, 0, 1 },
	  WEFT_DROP_REASON_FRAGMENT },
	{ "second piece at 0", { 0x14, 10, 0, 0, 0, 1 },
	  WEFT_DROP_REASON_FRAGMENT },
	{ "last piece at 0", { 0xf8, 10, 0, 0, 0, 1 },
	  WEFT_DROP_REASON_FRAGMENT },
	{ "lowest bit that is not zero", { 0x04, 10, 0, 0, 0, 1, 0, 0, 0, 1 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
	{ "highest bit that is not zero", { 0x18, 10, 0, 0, 0, 1, 1, 0, 0x80 },
	  WEFT_DROP_REASON_TUNNEL_FLAGS },
};

KUNIT_ARRAY_PARAM_DESC(parses, parses, name);

/* A buffer that ends with the last of @len bytes, @shift bytes after an aligned
 * address
 */
static u8 *copy_of(struct kunit *test, const u8 *bytes, unsigned int len,
		   unsigned int shift)
{
	u8 *copy = kunit_kmalloc(test, shift + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy + shift, bytes, len);
	return copy + shift;
}

static void expect_piece(struct kunit *test, const void *header,
			 const struct weft_piece *expected)
{
	struct weft_piece piece = { .id = 0x5555, .offset = 0x5555 };

	KUNIT_EXPECT_EQ(test, weft_fence_ops.read_piece(header, &piece),
			!!expected);
	if (!expected)
		return;
	KUNIT_EXPECT_EQ(test, piece.id, expected->id);
	KUNIT_EXPECT_EQ(test, piece.offset, expected->offset);
	KUNIT_EXPECT_EQ(test, piece.number, expected->number);
	KUNIT_EXPECT_EQ(test, piece.last, expected->last);
}

static void parse(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	unsigned int shift, hlen;
	u8 *header;
	u32 vni;

	for (shift = 0; shift < SHIFTS; shift++) {
		header = copy_of(test, c->bytes, LOOK, shift);
		hlen = 0;
		vni = ~0;
		KUNIT_EXPECT_EQ(test, weft_fence_ops.parse(header, LOOK, &vni,
							   &hlen), c->reason);
		if (c->reason)
			continue;
		KUNIT_EXPECT_EQ(test, vni, c->vni);
		KUNIT_EXPECT_EQ(test, hlen, HLEN);
		expect_piece(test, header, c->is_piece ? &c->piece : NULL);
	}
}

/* What is too short for a header, and for the frame behind that of a whole one.
 * Not a byte more is read than there is.
 */
static enum weft_drop_reason cut_reason(const struct parse_case *c,
					unsigned int len)
{
	bool flags = c->reason == WEFT_DROP_REASON_TUNNEL_FLAGS;

	if (len < HLEN)
		return WEFT_DROP_REASON_TUNNEL_HEADER;
	if (!flags && !(c->bytes[0] & 0x0c))
		return WEFT_DROP_REASON_SHORT_FRAME;
	return c->reason;
}

static void cut(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	unsigned int len, hlen;
	u8 *header;
	u32 vni;

	for (len = 0; len < LOOK; len++) {
		header = copy_of(test, c->bytes, len, len % SHIFTS);
		KUNIT_EXPECT_EQ_MSG(test, weft_fence_ops.parse(header, len,
							       &vni, &hlen),
				    cut_reason(c, len), "%u bytes", len);
	}
}

static enum weft_drop_reason flags_reason(u8 flags, bool begins)
{
	bool first = !(flags & 0xf0);

	if ((flags & 0x03) || (flags & 0x0c) == 0x0c)
		return WEFT_DROP_REASON_TUNNEL_FLAGS;
	if (!(flags & 0x0c))
		return first ? WEFT_DROP_REASON_NONE :
			       WEFT_DROP_REASON_TUNNEL_FLAGS;
	return first == begins ? WEFT_DROP_REASON_NONE :
				 WEFT_DROP_REASON_FRAGMENT;
}

/* Each first byte, where the rest is good for a whole frame and a piece. */
static void all_flags(struct kunit *test)
{
	static const u8 offsets[] = { 0, 1, 0xff };
	unsigned int flags, i, hlen;
	u8 header[LOOK] = { 0, 10 };
	u32 vni;

	for (flags = 0; flags <= U8_MAX; flags++) {
		for (i = 0; i < ARRAY_SIZE(offsets); i++) {
			header[0] = flags;
			header[7] = offsets[i];
			header[13] = offsets[i];
			KUNIT_EXPECT_EQ_MSG(test,
					    weft_fence_ops.parse(header, LOOK,
								 &vni, &hlen),
					    flags_reason(flags, !offsets[i]),
					    "flags %#x offset %u", flags,
					    offsets[i]);
		}
	}
}

struct write_case {
	const char *name;
	u32 vni;
	bool is_piece;
	struct weft_piece piece;
	u8 bytes[HLEN];
};

static const struct write_case writes[] = {
	{ "whole", 0x123456, .bytes = { 0, 0x56, 0x34, 0x12, DEST } },
	{ "fence 1", 1, .bytes = { 0, 1, 0, 0, DEST } },
	{ "last fence", 0xffffff, .bytes = { 0, 0xff, 0xff, 0xff, DEST } },
	{ "first piece", 0x123456, true, { .id = 0x1234 },
	  { 0x04, 0x56, 0x34, 0x12, 0x12, 0x34, 0, 0, 0, 0 } },
	{ "second piece", 10, true,
	  { .id = 0xfffe, .offset = 1490, .number = 1 },
	  { 0x14, 10, 0, 0, 0xff, 0xfe, 0x05, 0xd2, 0, 0 } },
	{ "last of two", 10, true,
	  { .id = 1, .offset = 757, .number = 1, .last = true },
	  { 0x18, 10, 0, 0, 0, 1, 0x02, 0xf5, 0, 0 } },
	{ "last of sixteen", 10, true,
	  { .id = 0xffff, .offset = 65535, .number = 15, .last = true },
	  { 0xf8, 10, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(writes, writes, name);

/* Nothing but the header is written, and it is read as it was meant. */
static void write(struct kunit *test)
{
	static const u8 frame[ETH_ALEN] = { DEST };
	const struct write_case *c = test->param_value;
	const struct weft_piece *piece = c->is_piece ? &c->piece : NULL;
	u8 buf[SHIFTS + LOOK + 1], expected[sizeof(buf)];
	unsigned int shift, hlen;
	u32 vni;

	for (shift = 0; shift < SHIFTS; shift++) {
		memset(buf, 0xa5, sizeof(buf));
		memcpy(buf + shift + HLEN, frame, ETH_ALEN);
		memcpy(expected, buf, sizeof(buf));
		memcpy(expected + shift, c->bytes, HLEN);
		weft_fence_ops.write(buf + shift, c->vni, piece);
		KUNIT_EXPECT_MEMEQ(test, buf, expected, sizeof(buf));

		KUNIT_EXPECT_EQ(test, weft_fence_ops.parse(buf + shift, LOOK,
							   &vni, &hlen),
				WEFT_DROP_REASON_NONE);
		KUNIT_EXPECT_EQ(test, vni, c->vni);
		KUNIT_EXPECT_EQ(test, hlen, HLEN);
		expect_piece(test, buf + shift, piece);
	}
}

/* Each number and type, with numbers of frames that wrap */
static void all_pieces(struct kunit *test)
{
	struct weft_piece piece;
	unsigned int i, hlen;
	u8 header[LOOK];
	u32 vni;

	for (i = 0; i < 2 * weft_fence_ops.pieces; i++) {
		piece = (struct weft_piece){
			.id = 0xfff0 + i, .number = i / 2, .last = i % 2,
			.offset = i / 2 * 4369,
		};
		weft_fence_ops.write(header, 0xabcdef, &piece);
		KUNIT_EXPECT_EQ(test, weft_fence_ops.parse(header, LOOK, &vni,
							   &hlen),
				WEFT_DROP_REASON_NONE);
		KUNIT_EXPECT_EQ(test, vni, 0xabcdef);
		expect_piece(test, header, &piece);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(parse, parses_gen_params),
	KUNIT_CASE_PARAM(cut, parses_gen_params),
	KUNIT_CASE(all_flags),
	KUNIT_CASE_PARAM(write, writes_gen_params),
	KUNIT_CASE(all_pieces),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_fence",
	.test_cases = cases,
};

kunit_test_suite(suite);
