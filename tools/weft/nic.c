// SPDX-License-Identifier: GPL-2.0
/* weft nic: PFs that encapsulate for their switch */
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "nl.h"
#include "objects.h"
#include "parse.h"
#include "print.h"
#include "words.h"

static const char usage[] =
"Usage: weft nic show [ DEVICE ]\n";

/* What to show: all, or the NIC of a device */
struct wanted {
	uint32_t dev;
	bool found;
};

static void print_features(const struct nlattr *attr)
{
	uint32_t features = nla_get_u32(attr);
	unsigned int i;

	print_array_open("features");
	for (i = 0; i < feature_words.count; i++)
		if (features & (1U << i))
			print_string_id(NULL, feature_words.words[i]);
	print_nest_close();
}

static void print_numbers(struct nlattr **tb)
{
	static const struct {
		const char *word;
		int attr;
	} numbers[] = {
		{ "entries", WEFT_A_NIC_ENTRIES },
		{ "size", WEFT_A_NIC_MAP_SIZE },
		{ "pending", WEFT_A_NIC_PENDING },
		{ "segments", WEFT_A_NIC_SEGMENT_SIZE },
		{ "rules", WEFT_A_NIC_RULES },
		{ "rule-size", WEFT_A_NIC_RULE_SIZE },
		{ "vfs", WEFT_A_NIC_VFS },
		{ "generation", WEFT_A_NIC_GENERATION },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (tb[numbers[i].attr])
			print_uint(numbers[i].word,
				   nla_get_u32(tb[numbers[i].attr]));
}

static void print_counters(struct nlattr **tb)
{
	static const struct {
		const char *word;
		int attr;
	} counters[] = {
		{ "pushed", WEFT_A_NIC_PUSHED },
		{ "failed", WEFT_A_NIC_FAILED },
		{ "misses", WEFT_A_NIC_MISSES },
		{ "full", WEFT_A_NIC_FULL },
		{ "resets", WEFT_A_NIC_RESETS },
		{ "orphans", WEFT_A_NIC_ORPHANS },
		{ "returned", WEFT_A_NIC_RETURNED },
		{ "moved-in", WEFT_A_NIC_MOVED_IN },
		{ "moved-out", WEFT_A_NIC_MOVED_OUT },
	};
	unsigned int i;

	print_line();
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		if (tb[counters[i].attr])
			print_uint(counters[i].word,
				   nla_get_u64(tb[counters[i].attr]));
}

/* Why it is not serving, if it is not. */
static void print_state(struct nlattr **tb)
{
	int32_t err = tb[WEFT_A_NIC_ERROR] ?
		      nla_get_s32(tb[WEFT_A_NIC_ERROR]) : 0;

	if (tb[WEFT_A_NIC_READY])
		print_on_off("ready", nla_get_u8(tb[WEFT_A_NIC_READY]));
	if (tb[WEFT_A_NIC_SERVING])
		print_on_off("serving", nla_get_u8(tb[WEFT_A_NIC_SERVING]));
	if (err)
		print_string("error", strerror(-err));
}

static void print_nic(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[WEFT_A_NIC_MAX + 1];
	struct nlattr *top[WEFT_A_MAX + 1];
	struct wanted *wanted = arg;

	if (weft_parse(nlh, top) || !top[WEFT_A_NIC] ||
	    nla_parse_nested(tb, WEFT_A_NIC_MAX, top[WEFT_A_NIC], NULL) ||
	    !tb[WEFT_A_NIC_IFINDEX])
		return;
	if (wanted->dev && nla_get_u32(tb[WEFT_A_NIC_IFINDEX]) != wanted->dev)
		return;
	wanted->found = true;
	print_open();
	print_string_id("nic", tb[WEFT_A_NIC_NAME] ?
			nla_get_string(tb[WEFT_A_NIC_NAME]) : "");
	if (tb[WEFT_A_NIC_SWITCH])
		print_string("dev", dev_name(nla_get_u32(tb[WEFT_A_NIC_SWITCH])));
	print_state(tb);
	print_numbers(tb);
	if (tb[WEFT_A_NIC_FEATURES])
		print_features(tb[WEFT_A_NIC_FEATURES]);
	if (opt.json || opt.stats)
		print_counters(tb);
	print_close();
}

/* nic PF STATE; in JSON a list of objects */
static void print_hw(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_MAP_HW_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_MAP_HW_MAX, object, NULL) ||
	    !tb[WEFT_A_MAP_HW_IFINDEX] || !tb[WEFT_A_MAP_HW_STATE])
		return;
	print_nest_open(NULL);
	print_string("nic", dev_name(nla_get_u32(tb[WEFT_A_MAP_HW_IFINDEX])));
	print_string_id("state", words_get(&hw_words,
			nla_get_u32(tb[WEFT_A_MAP_HW_STATE])));
	if (tb[WEFT_A_MAP_HW_RATE] && (opt.json || opt.stats))
		print_uint("rate", nla_get_u32(tb[WEFT_A_MAP_HW_RATE]));
	print_nest_close();
}

/**
 * nics_print - print where something stands with each NIC
 * @object: its attributes
 * @type: those of them that tell
 */
void nics_print(const struct attrs *object, int type)
{
	struct nlattr *attr;
	int rem;

	if (!attrs_find(object, type))
		return;
	print_array_open("nics");
	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == type)
			print_hw(attr);
	print_nest_close();
}

static int nic_show(struct args *args)
{
	struct wanted wanted = {};
	struct nl_msg *msg;
	int err = 0;

	if (args->argc)
		err = args_dev(args, "the NIC", &wanted.dev) ?: args_end(args);
	if (err)
		return err;
	print_list_open();
	msg = weft_message(WEFT_CMD_NIC_GET, NLM_F_DUMP);
	err = weft_talk(msg, print_nic, &wanted);
	print_list_close();
	if (err || !wanted.dev || wanted.found)
		return err;
	error("the driver of this device offers no overlay offload");
	return FAIL_KERNEL;
}

static const struct command commands[] = {
	{ "show", nic_show },
	{ "list", nic_show },
	{}
};

const struct object nic_object = {
	.name = "nic",
	.usage = usage,
	.commands = commands,
};
