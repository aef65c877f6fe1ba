// SPDX-License-Identifier: GPL-2.0
/* The decision who may hear whom. */

#include <kunit/test.h>

#include "path.h"

#define PORT		WEFT_END_FLOODS		/* as it comes */
#define PEER		(WEFT_END_TUNNEL | WEFT_END_FLOODS)
#define HAIRPIN		(PORT | WEFT_END_HAIRPIN)
#define ISOLATED	(PORT | WEFT_END_ISOLATED)
#define REASON(r)	WEFT_DROP_REASON_##r

struct refuse_case {
	const char *name;
	u32 from;
	u32 to;
	bool same;
	u32 flood;
	enum weft_drop_reason reason;
};

static const struct refuse_case refusals[] = {
	{ "port to port", PORT, PORT },
	{ "port to peer", PORT, PEER },
	{ "peer to port", PEER, PORT },
	{ "peer to peer", PEER, PEER, .reason = REASON(SPLIT_HORIZON) },
	{ "peer to itself", PEER, PEER, true,
	  .reason = REASON(SPLIT_HORIZON) },
	{ "flood from peer to peer", PEER, PEER, false, WEFT_END_BCAST_FLOOD,
	  REASON(SPLIT_HORIZON) },
	{ "port to itself", PORT, PORT, true, .reason = REASON(SAME_PORT) },
	{ "flood from port to itself", PORT, PORT, true, WEFT_END_FLOOD,
	  REASON(SAME_PORT) },
	{ "hairpin", HAIRPIN, HAIRPIN, true },
	{ "flood with hairpin", HAIRPIN, HAIRPIN, true,
	  WEFT_END_MCAST_FLOOD },
	{ "isolated to isolated", ISOLATED, ISOLATED,
	  .reason = REASON(ISOLATED) },
	{ "isolated to port", ISOLATED, PORT },
	{ "port to isolated", PORT, ISOLATED },
	{ "isolated to peer", ISOLATED, PEER },
	{ "peer to isolated", PEER, ISOLATED },
	{ "isolated to itself, with hairpin", ISOLATED | HAIRPIN,
	  ISOLATED | HAIRPIN, true, .reason = REASON(ISOLATED) },
	{ "unknown unicast refused", PORT, PORT & ~WEFT_END_FLOOD, false,
	  WEFT_END_FLOOD, REASON(UNKNOWN_UNICAST) },
	{ "known unicast not refused", PORT, 0 },
	{ "multicast where only unicast is refused", PORT,
	  PORT & ~WEFT_END_FLOOD, false, WEFT_END_MCAST_FLOOD },
	{ "multicast refused", PORT, PORT & ~WEFT_END_MCAST_FLOOD, false,
	  WEFT_END_MCAST_FLOOD, REASON(UNKNOWN_UNICAST) },
	{ "broadcast refused", PORT, PORT & ~WEFT_END_BCAST_FLOOD, false,
	  WEFT_END_BCAST_FLOOD, REASON(UNKNOWN_UNICAST) },
	{ "broadcast where multicast is refused", PORT,
	  PORT & ~WEFT_END_MCAST_FLOOD, false, WEFT_END_BCAST_FLOOD },
};

KUNIT_ARRAY_PARAM_DESC(refusals, refusals, name);

static void refuse(struct kunit *test)
{
	const struct refuse_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, weft_path_refuse(c->from, c->to, c->same,
					       c->flood), c->reason);
}

/* Does a rule forbid it? All that are refused are refused by one. */
static bool forbidden(u32 from, u32 to, bool same, u32 flood)
{
	return (from & WEFT_END_TUNNEL && to & WEFT_END_TUNNEL) ||
	       (same && !(to & WEFT_END_HAIRPIN)) ||
	       (from & WEFT_END_ISOLATED && to & WEFT_END_ISOLATED) ||
	       (flood && !(to & flood));
}

static void combinations(struct kunit *test)
{
	static const u32 floods[] = {
		0, WEFT_END_FLOOD, WEFT_END_MCAST_FLOOD, WEFT_END_BCAST_FLOOD,
	};
	unsigned int from, to, same, i, wrong = 0;
	enum weft_drop_reason reason;

	for (from = 0; from < 64; from++)
		for (to = 0; to < 64; to++)
			for (same = 0; same < 2; same++)
				for (i = 0; i < ARRAY_SIZE(floods); i++) {
					reason = weft_path_refuse(from, to,
								  same,
								  floods[i]);
					wrong += !!reason !=
						 forbidden(from, to, same,
							   floods[i]);
				}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void kinds(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, weft_path_flood(false, false), WEFT_END_FLOOD);
	KUNIT_EXPECT_EQ(test, weft_path_flood(true, false),
			WEFT_END_MCAST_FLOOD);
	KUNIT_EXPECT_EQ(test, weft_path_flood(true, true),
			WEFT_END_BCAST_FLOOD);
	KUNIT_EXPECT_EQ(test, weft_path_flood(false, true),
			WEFT_END_BCAST_FLOOD);
}

struct vepa_case {
	const char *name;
	u32 from;
	enum weft_vepa segment;
	enum weft_via via;
	bool local;
	bool many;
	enum weft_vepa vepa;
};

static const struct vepa_case vepas[] = {
	{ "nothing asks", 0, WEFT_VEPA_OFF, WEFT_VIA_ANY, true, true,
	  WEFT_VEPA_OFF },
	{ "the segment", 0, WEFT_VEPA_ON, WEFT_VIA_ANY, true, false,
	  WEFT_VEPA_ON },
	{ "the port", WEFT_END_VEPA, WEFT_VEPA_OFF, WEFT_VIA_ANY, true, false,
	  WEFT_VEPA_ON },
	{ "both", WEFT_END_VEPA, WEFT_VEPA_ON, WEFT_VIA_ANY, true, true,
	  WEFT_VEPA_ON },
	{ "a rule", 0, WEFT_VEPA_OFF, WEFT_VIA_VEPA, true, false,
	  WEFT_VEPA_ON },
	{ "a rule against the segment", 0, WEFT_VEPA_ON, WEFT_VIA_VSWITCH,
	  true, true, WEFT_VEPA_OFF },
	{ "a rule against the port", WEFT_END_VEPA, WEFT_VEPA_OFF,
	  WEFT_VIA_VSWITCH, true, false, WEFT_VEPA_OFF },
	{ "to another host", WEFT_END_VEPA, WEFT_VEPA_ON, WEFT_VIA_VEPA,
	  false, false, WEFT_VEPA_OFF },
	{ "from another host", WEFT_END_TUNNEL, WEFT_VEPA_ON, WEFT_VIA_VEPA,
	  true, true, WEFT_VEPA_OFF },
	{ "back", WEFT_END_TUNNEL | WEFT_END_VEPA, WEFT_VEPA_ON, WEFT_VIA_ANY,
	  true, true, WEFT_VEPA_OFF },
	{ "other flags", WEFT_END_FLOODS | WEFT_END_HAIRPIN | WEFT_END_RULED |
	  WEFT_END_ISOLATED | WEFT_END_RELAY, WEFT_VEPA_OFF, WEFT_VIA_ANY,
	  true, true, WEFT_VEPA_OFF },
	{ "the rest, to many", 0, WEFT_VEPA_REST, WEFT_VIA_ANY, true, true,
	  WEFT_VEPA_REST },
	{ "the rest, to one", 0, WEFT_VEPA_REST, WEFT_VIA_ANY, true, false,
	  WEFT_VEPA_OFF },
	{ "the rest, and the port", WEFT_END_VEPA, WEFT_VEPA_REST,
	  WEFT_VIA_ANY, true, true, WEFT_VEPA_ON },
	{ "the rest, and a rule", 0, WEFT_VEPA_REST, WEFT_VIA_VEPA, true, true,
	  WEFT_VEPA_ON },
	{ "a rule against the rest", 0, WEFT_VEPA_REST, WEFT_VIA_VEB, true,
	  true, WEFT_VEPA_OFF },
	{ "the rest, back", WEFT_END_TUNNEL | WEFT_END_VEPA, WEFT_VEPA_REST,
	  WEFT_VIA_ANY, true, true, WEFT_VEPA_OFF },
};

KUNIT_ARRAY_PARAM_DESC(vepas, vepas, name);

static void vepa(struct kunit *test)
{
	const struct vepa_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, weft_path_vepa(c->from, c->segment, c->via,
					     c->local, c->many), c->vepa);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(refuse, refusals_gen_params),
	KUNIT_CASE(combinations),
	KUNIT_CASE(kinds),
	KUNIT_CASE_PARAM(vepa, vepas_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "weft_path",
	.test_cases = cases,
};

kunit_test_suite(suite);
