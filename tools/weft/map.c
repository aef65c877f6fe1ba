// SPDX-License-Identifier: GPL-2.0
/* weft map: where every MAC address of every segment lives */
#include <stdio.h>
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "pack.h"
#include "parse.h"
#include "print.h"
#include "show.h"

static const char usage[] =
"Usage: weft map { add | replace | append } MAC vni VNI dev SWITCH\n"
"                DESTINATION... [ ip ADDRESS ]... [ static | controller ]\n"
"       weft map del MAC vni VNI dev SWITCH [ DESTINATION ]...\n"
"       weft map get MAC vni VNI dev SWITCH\n"
"       weft map show [ dev SWITCH ] [ vni VNI ] [ STATE ]\n"
"       weft map flush dev SWITCH [ vni VNI ] [ port DEVICE ]\n"
"                [ peer ADDRESS ] [ STATE ]\n"
"\n"
"DESTINATION := { peer ADDRESS | port DEVICE [ vf NUMBER ] }\n"
"STATE := { learned | controller | static }\n"
"\n"
"The MAC address 00:00:00:00:00:00 is the flood list of the segment.\n";

/* What a command names; @msg takes the attributes that may be there often. */
struct map_words {
	uint32_t dev;
	uint32_t vni;
	uint32_t state;
	bool has_state;
	bool has_mac;
	bool has_dst;
	uint8_t mac[ETH_ALEN];
	struct nl_msg *msg;
};

static int take_peer(struct args *args, struct map_words *words)
{
	struct nlattr *nest;
	struct ip_addr ip;
	int err;

	err = args_vtep(args, "peer", &ip);
	if (err)
		return err;
	words->has_dst = true;
	nest = nla_nest_start(words->msg, WEFT_A_MAP_DST);
	nla_put(words->msg, WEFT_A_DST_PEER, ip.len, ip.data);
	return nest_end(words->msg, nest);
}

static int take_port(struct args *args, struct map_words *words)
{
	struct nlattr *nest;
	uint32_t port, vf;
	bool has_vf;
	int err;

	err = args_dev(args, "port", &port);
	has_vf = !err && args_take(args, "vf");
	if (has_vf)
		err = args_number(args, "vf", 0, UINT16_MAX, &vf);
	if (err)
		return err;
	words->has_dst = true;
	nest = nla_nest_start(words->msg, WEFT_A_MAP_DST);
	nla_put_u32(words->msg, WEFT_A_DST_PORT, port);
	if (has_vf)
		nla_put_u16(words->msg, WEFT_A_DST_VF, vf);
	return nest_end(words->msg, nest);
}

static int take_ip(struct args *args, struct map_words *words)
{
	struct ip_addr ip;

	return args_ip(args, "ip", &ip) ?:
	       nla_put(words->msg, WEFT_A_MAP_IP, ip.len, ip.data);
}

static bool take_state(const char *word, struct map_words *words)
{
	int state = words_find(&state_words, word);

	if (state < 0)
		return false;
	words->state = state;
	words->has_state = true;
	return true;
}

static int take_mac(struct args *args, const char *word,
		    struct map_words *words)
{
	if (words->has_mac)
		return args_unknown(args, word);
	words->has_mac = true;
	return parse_mac(word, words->mac);
}

/* A word that names the entry. */
static int take_key_word(struct args *args, const char *word,
			 struct map_words *words)
{
	if (!strcmp(word, "vni"))
		return args_vni(args, &words->vni);
	if (!strcmp(word, "dev"))
		return args_dev(args, word, &words->dev);
	return take_mac(args, word, words);
}

static int take_word(struct args *args, const char *word,
		     struct map_words *words)
{
	if (!strcmp(word, "peer"))
		return take_peer(args, words);
	if (!strcmp(word, "port"))
		return take_port(args, words);
	if (!strcmp(word, "ip"))
		return take_ip(args, words);
	if (take_state(word, words))
		return 0;
	return take_key_word(args, word, words);
}

static int check_key(struct args *args, const struct map_words *words)
{
	if (!words->has_mac)
		return args_missing(args, "the MAC address");
	if (!words->vni)
		return args_missing(args, "\"vni\"");
	if (!words->dev)
		return args_missing(args, "\"dev\"");
	return 0;
}

static void put_key(struct nl_msg *msg, const void *arg)
{
	const struct map_words *words = arg;

	if (words->vni)
		nla_put_u32(msg, WEFT_A_MAP_VNI, words->vni);
	if (words->has_mac)
		nla_put(msg, WEFT_A_MAP_MAC, ETH_ALEN, words->mac);
}

/* Attributes are built here before they go to the pack. */
static struct nl_msg *scratch(void)
{
	static struct nl_msg *msg;

	if (!msg)
		msg = weft_message(WEFT_CMD_MAP_NEW, 0);
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN;
	return msg;
}

static int pack_entry(struct args *args, uint8_t cmd,
		      enum weft_mode mode)
{
	struct map_words words = {
		.msg = scratch(),
		.state = WEFT_STATE_STATIC,
	};
	struct pack_key key = { .mode = mode, .cmd = cmd };
	struct nlattr *nest;
	const char *word;
	int err = 0;

	nest = nla_nest_start(words.msg, WEFT_A_MAP);
	while (!err && (word = args_next(args)))
		err = take_word(args, word, &words);
	err = err ?: check_key(args, &words);
	if (!err && cmd == WEFT_CMD_MAP_NEW && !words.has_dst)
		err = args_missing(args, "\"peer\" or \"port\"");
	if (err)
		return err;
	put_key(words.msg, &words);
	if (cmd == WEFT_CMD_MAP_NEW || words.has_state)
		nla_put_u32(words.msg, WEFT_A_MAP_STATE, words.state);
	err = nest_end(words.msg, nest);
	if (err)
		return err;
	key.dev = words.dev;
	pack_add(&key, nest);
	return 0;
}

static int map_add(struct args *args)
{
	return pack_entry(args, WEFT_CMD_MAP_NEW, WEFT_MODE_EXCLUSIVE);
}

static int map_replace(struct args *args)
{
	return pack_entry(args, WEFT_CMD_MAP_NEW, WEFT_MODE_REPLACE);
}

static int map_append(struct args *args)
{
	return pack_entry(args, WEFT_CMD_MAP_NEW, WEFT_MODE_APPEND);
}

static int map_del(struct args *args)
{
	return pack_entry(args, WEFT_CMD_MAP_DEL, 0);
}

/* A VF is "DEVICE vf NUMBER", in JSON one string. */
static void print_port(struct nlattr **tb)
{
	const char *dev = dev_name(nla_get_u32(tb[WEFT_A_DST_PORT]));
	char name[64];

	if (tb[WEFT_A_DST_VF]) {
		snprintf(name, sizeof(name), "%s vf %u", dev,
			 nla_get_u16(tb[WEFT_A_DST_VF]));
		dev = name;
	}
	print_string("port", dev);
}

/**
 * dst_print - print a destination
 * @object: its attributes
 *
 * In JSON, the caller has the list open that it belongs to.
 */
void dst_print(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_DST_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_DST_MAX, object, NULL))
		return;
	if (tb[WEFT_A_DST_PEER])
		print_string("peer", format_ip(tb[WEFT_A_DST_PEER]));
	if (tb[WEFT_A_DST_PORT])
		print_port(tb);
	if (tb[WEFT_A_DST_VID] && nla_get_u16(tb[WEFT_A_DST_VID]) &&
	    opt.details && !opt.json)
		print_uint("vlan", nla_get_u16(tb[WEFT_A_DST_VID]));
}

static bool leads_to(struct nlattr *dst, int attr)
{
	return nla_find(nla_data(dst), nla_len(dst), attr);
}

/* In JSON, peers and ports are lists of their own. */
static void print_dsts(const struct attrs *object, const char *list, int attr)
{
	struct nlattr *dst;
	int rem;

	print_array_open(list);
	attrs_for_each(dst, object, rem)
		if (nla_type(dst) == WEFT_A_MAP_DST && leads_to(dst, attr))
			dst_print(dst);
	print_nest_close();
}

static void print_ips(const struct attrs *object)
{
	struct nlattr *attr;
	int rem;

	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == WEFT_A_MAP_IP)
			print_string("ip", format_ip(attr));
}

static void print_times(struct nlattr **tb)
{
	if (!opt.json && !opt.details && !opt.stats)
		return;
	if (!tb[WEFT_A_MAP_AGE] && !tb[WEFT_A_MAP_USED])
		return;
	print_line();
	if (tb[WEFT_A_MAP_AGE])
		print_uint("age", nla_get_u32(tb[WEFT_A_MAP_AGE]));
	if (tb[WEFT_A_MAP_USED])
		print_uint("used", nla_get_u32(tb[WEFT_A_MAP_USED]));
}

/**
 * map_print - print a map entry in the words of map add
 * @dev: interface index of its switch
 * @object: its attributes
 */
void map_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_MAP_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_MAP_MAX))
		return;
	if (tb[WEFT_A_MAP_MAC])
		print_string_id("mac", format_mac(tb[WEFT_A_MAP_MAC]));
	if (tb[WEFT_A_MAP_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_MAP_VNI]));
	print_string("dev", dev_name(dev));
	print_dsts(object, "peers", WEFT_A_DST_PEER);
	print_dsts(object, "ports", WEFT_A_DST_PORT);
	if (tb[WEFT_A_MAP_IP]) {
		print_array_open("ips");
		print_ips(object);
		print_nest_close();
	}
	if (tb[WEFT_A_MAP_STATE])
		print_string_id("state", words_get(&state_words,
				nla_get_u32(tb[WEFT_A_MAP_STATE])));
	nics_print(object, WEFT_A_MAP_HW);
	print_times(tb);
}

static int map_get(struct args *args)
{
	struct map_words words = {};
	struct show show = {
		.cmd = WEFT_CMD_MAP_GET,
		.attr = WEFT_A_MAP,
		.names = { WEFT_A_MAP_VNI, WEFT_A_MAP_MAC },
		.print = map_print,
		.key = put_key,
		.single = true,
		.arg = &words,
	};
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args)))
		err = take_key_word(args, word, &words);
	err = err ?: check_key(args, &words);
	return err ?: show_objects(&show, words.dev);
}

static bool skip(const struct attrs *object, const void *arg)
{
	const struct map_words *words = arg;
	struct nlattr *state;

	if (!words->has_state)
		return false;
	state = attrs_find(object, WEFT_A_MAP_STATE);
	return state && nla_get_u32(state) != words->state;
}

static int map_show(struct args *args)
{
	struct map_words words = {};
	struct show show = {
		.cmd = WEFT_CMD_MAP_GET,
		.attr = WEFT_A_MAP,
		.names = { WEFT_A_MAP_VNI, WEFT_A_MAP_MAC },
		.print = map_print,
		.skip = skip,
		.key = put_key,
		.arg = &words,
	};
	const char *word;
	int err = 0;

	/* a MAC address would be for "get" */
	words.has_mac = true;
	while (!err && (word = args_next(args)))
		if (!take_state(word, &words))
			err = take_key_word(args, word, &words);
	words.has_mac = false;
	return err ?: show_objects(&show, words.dev);
}

static int take_flush_word(struct args *args, const char *word,
			   struct nl_msg *msg, uint32_t *dev)
{
	struct map_words words = {};
	struct ip_addr ip;
	uint32_t value;

	if (!strcmp(word, "dev"))
		return args_dev(args, word, dev);
	if (!strcmp(word, "vni"))
		return args_vni(args, &value) ?:
		       nla_put_u32(msg, WEFT_A_MAP_VNI, value);
	if (!strcmp(word, "port"))
		return args_dev(args, word, &value) ?:
		       nla_put_u32(msg, WEFT_A_MAP_FLUSH_PORT, value);
	if (!strcmp(word, "peer"))
		return args_vtep(args, word, &ip) ?:
		       nla_put(msg, WEFT_A_MAP_FLUSH_PEER, ip.len, ip.data);
	if (take_state(word, &words))
		return nla_put_u32(msg, WEFT_A_MAP_STATE, words.state);
	return args_unknown(args, word);
}

static int build_flush(struct args *args, struct nl_msg *msg)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_MAP);
	uint32_t dev = 0;
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args)))
		err = take_flush_word(args, word, msg, &dev);
	if (!err && !dev)
		err = args_missing(args, "\"dev\"");
	err = err ?: nest_end(msg, nest);
	return err ?: nla_put_u32(msg, WEFT_A_DEV, dev);
}

static void print_flushed(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *map[WEFT_A_MAP_MAX + 1];
	struct nlattr *tb[WEFT_A_MAX + 1];

	(void)arg;
	if (weft_parse(nlh, tb) || !tb[WEFT_A_MAP] ||
	    nla_parse_nested(map, WEFT_A_MAP_MAX, tb[WEFT_A_MAP], NULL) ||
	    !map[WEFT_A_MAP_FLUSHED])
		return;
	print_list_open();
	print_open();
	print_uint("flushed", nla_get_u32(map[WEFT_A_MAP_FLUSHED]));
	print_close();
	print_list_close();
}

static int map_flush(struct args *args)
{
	return weft_request(WEFT_CMD_MAP_FLUSH, 0, args, build_flush,
			    print_flushed, NULL);
}

static const struct command commands[] = {
	{ "add", map_add, .packs = true },
	{ "replace", map_replace, .packs = true },
	{ "append", map_append, .packs = true },
	{ "del", map_del, .packs = true },
	{ "get", map_get },
	{ "show", map_show },
	{ "list", map_show },
	{ "flush", map_flush },
	{}
};

const struct object map_object = {
	.name = "map",
	.usage = usage,
	.commands = commands,
};
