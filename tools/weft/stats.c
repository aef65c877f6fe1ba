// SPDX-License-Identifier: GPL-2.0
/* weft stats: counters of switches, which ways packets went, and why they were
 * dropped
 */
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "parse.h"
#include "print.h"
#include "nl.h"

static const char usage[] =
"Usage: weft stats { show | paths } [ dev SWITCH ]\n";

static void print_drop(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_DROPS_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_DROPS_MAX, object, NULL) ||
	    !tb[WEFT_A_DROPS_REASON] || !tb[WEFT_A_DROPS_PACKETS])
		return;
	print_line();
	print_nest_open(NULL);
	print_string("reason", words_get(&drop_words,
		     nla_get_u32(tb[WEFT_A_DROPS_REASON])));
	print_uint("packets", nla_get_u64(tb[WEFT_A_DROPS_PACKETS]));
	print_nest_close();
}

/* All reasons come in one answer, each in a nest of its own. */
static void print_drops(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attr;
	int rem;

	(void)arg;
	nla_for_each_attr(attr, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rem)
		if (nla_type(attr) == WEFT_A_DROPS)
			print_drop(attr);
}

static void print_way(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_WAYS_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_WAYS_MAX, object, NULL) ||
	    !tb[WEFT_A_WAYS_WAY] || !tb[WEFT_A_WAYS_PACKETS])
		return;
	print_line();
	print_nest_open(NULL);
	print_string("way", words_get(&way_words,
		     nla_get_u32(tb[WEFT_A_WAYS_WAY])));
	if (tb[WEFT_A_WAYS_NIC])
		print_string("nic",
			     dev_name(nla_get_u32(tb[WEFT_A_WAYS_NIC])));
	print_uint("packets", nla_get_u64(tb[WEFT_A_WAYS_PACKETS]));
	if (tb[WEFT_A_WAYS_BYTES])
		print_uint("bytes", nla_get_u64(tb[WEFT_A_WAYS_BYTES]));
	print_nest_close();
}

static void print_ways(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attr;
	int rem;

	(void)arg;
	nla_for_each_attr(attr, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rem)
		if (nla_type(attr) == WEFT_A_WAYS)
			print_way(attr);
}

static void print_totals(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *sw[WEFT_A_SWITCH_MAX + 1];
	struct nlattr *tb[WEFT_A_MAX + 1];

	(void)arg;
	if (weft_parse(nlh, tb) || !tb[WEFT_A_SWITCH] ||
	    nla_parse_nested(sw, WEFT_A_SWITCH_MAX, tb[WEFT_A_SWITCH], NULL))
		return;
	print_stats(sw[WEFT_A_SWITCH_STATS]);
}

static int ask(uint8_t cmd, uint32_t dev, nl_reply_fn *reply)
{
	struct nl_msg *msg = weft_message(cmd, 0);

	nla_put_u32(msg, WEFT_A_DEV, dev);
	return weft_talk(msg, reply, NULL);
}

static int show_switch(uint32_t dev, void *arg)
{
	int err;

	(void)arg;
	print_open();
	print_string_id("dev", dev_name(dev));
	err = ask(WEFT_CMD_SWITCH_GET, dev, print_totals);
	print_array_open("drops");
	err = err ?: ask(WEFT_CMD_STATS_GET, dev, print_drops);
	print_nest_close();
	print_close();
	return err;
}

static int show_paths(uint32_t dev, void *arg)
{
	int err;

	(void)arg;
	print_open();
	print_string_id("dev", dev_name(dev));
	print_array_open("ways");
	err = ask(WEFT_CMD_STATS_GET, dev, print_ways);
	print_nest_close();
	print_array_open("drops");
	err = err ?: ask(WEFT_CMD_STATS_GET, dev, print_drops);
	print_nest_close();
	print_close();
	return err;
}

/* Of all switches, or of one. */
static int show(struct args *args, int (*show_one)(uint32_t dev, void *arg))
{
	uint32_t dev = 0;
	int err = 0;

	if (args_take(args, "dev"))
		err = args_dev(args, "dev", &dev);
	err = err ?: args_end(args);
	if (err)
		return err;
	print_list_open();
	err = each_switch(dev, show_one, NULL);
	print_list_close();
	return err;
}

static int stats_show(struct args *args)
{
	return show(args, show_switch);
}

static int stats_paths(struct args *args)
{
	return show(args, show_paths);
}

static const struct command commands[] = {
	{ "show", stats_show },
	{ "list", stats_show },
	{ "paths", stats_paths },
	{}
};

const struct object stats_object = {
	.name = "stats",
	.usage = usage,
	.commands = commands,
};
