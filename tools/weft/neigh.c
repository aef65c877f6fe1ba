// SPDX-License-Identifier: GPL-2.0
/* weft neigh: the MAC addresses behind VMs' IP addresses */
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
"Usage: weft neigh { add | replace } ADDRESS lladdr MAC vni VNI dev SWITCH\n"
"                  [ static | controller ]\n"
"       weft neigh del ADDRESS vni VNI dev SWITCH\n"
"       weft neigh get ADDRESS vni VNI dev SWITCH\n"
"       weft neigh show [ dev SWITCH ] [ vni VNI ]\n";

struct neigh_words {
	uint32_t dev;
	uint32_t vni;
	uint32_t state;
	bool has_state;
	bool has_mac;
	uint8_t mac[ETH_ALEN];
	struct ip_addr ip;
};

static int take_word(struct args *args, const char *word,
		     struct neigh_words *words)
{
	int state;

	if (!strcmp(word, "dev"))
		return args_dev(args, word, &words->dev);
	if (!strcmp(word, "vni"))
		return args_vni(args, &words->vni);
	if (!strcmp(word, "lladdr")) {
		words->has_mac = true;
		return args_mac(args, word, words->mac);
	}
	state = words_find(&state_words, word);
	if (state >= 0) {
		words->has_state = true;
		words->state = state;
		return 0;
	}
	if (!words->ip.len)
		return parse_ip(word, &words->ip);
	return args_unknown(args, word);
}

static int take_words(struct args *args, struct neigh_words *words)
{
	const char *word;
	int err = 0;

	memset(words, 0, sizeof(*words));
	while (!err && (word = args_next(args)))
		err = take_word(args, word, words);
	return err;
}

static int take_key(struct args *args, struct neigh_words *words)
{
	int err = take_words(args, words);

	if (err)
		return err;
	if (!words->ip.len)
		return args_missing(args, "the IP address");
	if (!words->vni)
		return args_missing(args, "\"vni\"");
	if (!words->dev)
		return args_missing(args, "\"dev\"");
	return 0;
}

static void put_key(struct nl_msg *msg, const void *arg)
{
	const struct neigh_words *words = arg;

	nla_put_u32(msg, WEFT_A_NEIGH_VNI, words->vni);
	nla_put(msg, WEFT_A_NEIGH_IP, words->ip.len, words->ip.data);
}

static int build(struct args *args, struct nl_msg *msg)
{
	struct neigh_words words;
	struct nlattr *nest;
	int err;

	err = take_key(args, &words);
	if (err)
		return err;
	nla_put_u32(msg, WEFT_A_DEV, words.dev);
	nest = nla_nest_start(msg, WEFT_A_NEIGH);
	put_key(msg, &words);
	if (words.has_mac)
		nla_put(msg, WEFT_A_NEIGH_MAC, ETH_ALEN, words.mac);
	if (words.has_state)
		nla_put_u32(msg, WEFT_A_NEIGH_STATE, words.state);
	return nest_end(msg, nest);
}

static int build_add(struct args *args, struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_MODE, WEFT_MODE_EXCLUSIVE);
	return build(args, msg);
}

static int build_replace(struct args *args, struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_MODE, WEFT_MODE_REPLACE);
	return build(args, msg);
}

static int neigh_add(struct args *args)
{
	return weft_request(WEFT_CMD_NEIGH_NEW, 0, args, build_add, NULL,
			    NULL);
}

static int neigh_replace(struct args *args)
{
	return weft_request(WEFT_CMD_NEIGH_NEW, 0, args, build_replace, NULL,
			    NULL);
}

static int neigh_del(struct args *args)
{
	return weft_request(WEFT_CMD_NEIGH_DEL, 0, args, build, NULL, NULL);
}

/**
 * neigh_print - print a neighbour in the words of neigh add
 * @dev: interface index of its switch
 * @object: its attributes
 */
void neigh_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_NEIGH_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_NEIGH_MAX))
		return;
	if (tb[WEFT_A_NEIGH_IP])
		print_string_id("ip", format_ip(tb[WEFT_A_NEIGH_IP]));
	if (tb[WEFT_A_NEIGH_MAC])
		print_string("lladdr", format_mac(tb[WEFT_A_NEIGH_MAC]));
	if (tb[WEFT_A_NEIGH_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_NEIGH_VNI]));
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_NEIGH_STATE])
		print_string_id("state", words_get(&state_words,
				nla_get_u32(tb[WEFT_A_NEIGH_STATE])));
	if (!tb[WEFT_A_NEIGH_AGE])
		return;
	if (opt.json || opt.stats || opt.details) {
		print_line();
		print_uint("age", nla_get_u32(tb[WEFT_A_NEIGH_AGE]));
	}
}

static int neigh_get(struct args *args)
{
	struct neigh_words words;
	struct show show = {
		.cmd = WEFT_CMD_NEIGH_GET,
		.attr = WEFT_A_NEIGH,
		.names = { WEFT_A_NEIGH_VNI, WEFT_A_NEIGH_IP },
		.print = neigh_print,
		.key = put_key,
		.single = true,
		.arg = &words,
	};

	return take_key(args, &words) ?: show_objects(&show, words.dev);
}

/* The kernel dumps all neighbours of a switch. */
static bool skip(const struct attrs *object, const void *arg)
{
	struct nlattr *tb[WEFT_A_NEIGH_MAX + 1];
	const struct neigh_words *words = arg;

	if (attrs_parse(object, tb, WEFT_A_NEIGH_MAX))
		return true;
	if (words->vni && tb[WEFT_A_NEIGH_VNI] &&
	    nla_get_u32(tb[WEFT_A_NEIGH_VNI]) != words->vni)
		return true;
	return words->has_state && tb[WEFT_A_NEIGH_STATE] &&
	       nla_get_u32(tb[WEFT_A_NEIGH_STATE]) != words->state;
}

static int neigh_show(struct args *args)
{
	struct neigh_words words;
	struct show show = {
		.cmd = WEFT_CMD_NEIGH_GET,
		.attr = WEFT_A_NEIGH,
		.names = { WEFT_A_NEIGH_VNI, WEFT_A_NEIGH_IP },
		.print = neigh_print,
		.skip = skip,
		.arg = &words,
	};

	return take_words(args, &words) ?: show_objects(&show, words.dev);
}

static const struct command commands[] = {
	{ "add", neigh_add },
	{ "replace", neigh_replace },
	{ "del", neigh_del },
	{ "get", neigh_get },
	{ "show", neigh_show },
	{ "list", neigh_show },
	{}
};

const struct object neigh_object = {
	.name = "neigh",
	.usage = usage,
	.commands = commands,
};
