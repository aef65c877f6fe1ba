// SPDX-License-Identifier: GPL-2.0
/* weft peer: the other ends of tunnels */
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "print.h"
#include "setting.h"
#include "show.h"

static const char usage[] =
"Usage: weft peer add ADDRESS dev SWITCH [ SETTINGS ] [ vni VNI ]...\n"
"       weft peer set ADDRESS dev SWITCH SETTINGS\n"
"       weft peer del ADDRESS dev SWITCH [ vni VNI ]...\n"
"       weft peer show [ ADDRESS ] [ dev SWITCH ]\n"
"\n"
"SETTINGS := [ lladdr { MAC | none } ] [ limit NUMBER ]\n"
"            [ encap { vxlan | geneve | nvgre | fence | segment } ]\n"
"            [ static | controller ]\n"
"\n"
"With vni, the peer is in the flood lists of these segments. It is deleted\n"
"with all entries that lead to it, unless vni tells to take it off a list.\n";

static const struct setting settings[] = {
	{ "encap", &setting_enum, WEFT_A_PEER_ENCAP, &encap_words },
	{ "limit", &setting_number, WEFT_A_PEER_LIMIT, .max = UINT32_MAX },
};

static int take_vni(struct args *args, struct nl_msg *msg)
{
	uint32_t vni;

	return args_vni(args, &vni) ?: nla_put_u32(msg, WEFT_A_PEER_VNI, vni);
}

/* lladdr { MAC | none } */
static int take_lladdr(struct args *args, struct nl_msg *msg)
{
	uint8_t mac[ETH_ALEN] = {};
	int err = 0;

	if (!args_take(args, "none"))
		err = args_mac(args, "lladdr", mac);
	return err ?: nla_put(msg, WEFT_A_PEER_LLADDR, ETH_ALEN, mac);
}

static int take_word(struct args *args, const char *word, struct nl_msg *msg,
		     uint32_t *dev)
{
	int err, state;

	if (!strcmp(word, "encap") && args_take(args, "segment"))
		return nla_put_flag(msg, WEFT_A_PEER_ENCAP_SEGMENT);
	err = settings_take(settings, ARRAY_SIZE(settings), word, args, msg);
	if (err != NO_SETTING)
		return err;
	if (!strcmp(word, "dev"))
		return args_dev(args, word, dev);
	if (!strcmp(word, "vni"))
		return take_vni(args, msg);
	if (!strcmp(word, "lladdr"))
		return take_lladdr(args, msg);
	state = words_find(&state_words, word);
	if (state >= 0)
		return nla_put_u32(msg, WEFT_A_PEER_STATE, state);
	return args_unknown(args, word);
}

static int build(struct args *args, struct nl_msg *msg)
{
	const char *word = args_next(args);
	struct nlattr *nest;
	struct ip_addr ip;
	uint32_t dev = 0;
	int err;

	if (!word)
		return args_missing(args, "the address");
	err = parse_vtep(word, &ip);
	if (err)
		return err;
	nest = nla_nest_start(msg, WEFT_A_PEER);
	nla_put(msg, WEFT_A_PEER_IP, ip.len, ip.data);
	while (!err && (word = args_next(args)))
		err = take_word(args, word, msg, &dev);
	if (!err && !dev)
		err = args_missing(args, "\"dev\"");
	err = err ?: nest_end(msg, nest);
	return err ?: nla_put_u32(msg, WEFT_A_DEV, dev);
}

static int peer_add(struct args *args)
{
	return weft_request(WEFT_CMD_PEER_NEW, 0, args, build, NULL, NULL);
}

static int peer_set(struct args *args)
{
	return weft_request(WEFT_CMD_PEER_SET, 0, args, build, NULL, NULL);
}

static int peer_del(struct args *args)
{
	return weft_request(WEFT_CMD_PEER_DEL, 0, args, build, NULL, NULL);
}

static void print_vnis(const struct attrs *object)
{
	struct nlattr *attr;
	int rem;

	print_array_open("vnis");
	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == WEFT_A_PEER_VNI)
			print_uint("vni", nla_get_u32(attr));
	print_nest_close();
}

static void print_state(uint32_t dev, struct nlattr **tb)
{
	static const struct setting state[] = {
		{ "entries", &setting_count, WEFT_A_PEER_ENTRIES },
		{ "learned", &setting_count, WEFT_A_PEER_LEARNED },
		{ "mtu", &setting_number, WEFT_A_PEER_MTU },
	};
	struct nlattr *nexthop_dev = tb[WEFT_A_PEER_NEXTHOP_DEV];

	if (!opt.json && !opt.details)
		return;
	print_line();
	settings_print(state, ARRAY_SIZE(state), tb);
	if (tb[WEFT_A_PEER_NEXTHOP])
		print_string("nexthop", format_ip(tb[WEFT_A_PEER_NEXTHOP]));
	if (nexthop_dev && nla_get_u32(nexthop_dev))
		print_string("nexthop-dev",
			     dev_name_in(switch_netnsid(dev),
					 nla_get_u32(nexthop_dev)));
}

/**
 * peer_print - print a peer in the words of peer add
 * @dev: interface index of its switch
 * @object: its attributes
 */
void peer_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_PEER_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_PEER_MAX))
		return;
	if (tb[WEFT_A_PEER_IP])
		print_string_id("ip", format_ip(tb[WEFT_A_PEER_IP]));
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_PEER_LLADDR])
		print_string("lladdr", format_mac(tb[WEFT_A_PEER_LLADDR]));
	print_vnis(object);
	settings_print(settings, ARRAY_SIZE(settings), tb);
	if (tb[WEFT_A_PEER_STATE])
		print_string_id("state", words_get(&state_words,
				nla_get_u32(tb[WEFT_A_PEER_STATE])));
	print_state(dev, tb);
	if (opt.stats)
		print_stats(tb[WEFT_A_PEER_STATS]);
}

static void put_ip(struct nl_msg *msg, const void *arg)
{
	const struct ip_addr *ip = arg;

	nla_put(msg, WEFT_A_PEER_IP, ip->len, ip->data);
}

static int peer_show(struct args *args)
{
	struct show show = {
		.cmd = WEFT_CMD_PEER_GET,
		.attr = WEFT_A_PEER,
		.names = { WEFT_A_PEER_IP },
		.print = peer_print,
	};
	struct ip_addr ip;
	uint32_t dev = 0;
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args))) {
		if (!strcmp(word, "dev")) {
			err = args_dev(args, word, &dev);
			continue;
		}
		err = parse_vtep(word, &ip);
		show.single = true;
		show.key = put_ip;
		show.arg = &ip;
	}
	return err ?: show_objects(&show, dev);
}

static const struct command commands[] = {
	{ "add", peer_add },
	{ "set", peer_set },
	{ "del", peer_del },
	{ "show", peer_show },
	{ "list", peer_show },
	{}
};

const struct object peer_object = {
	.name = "peer",
	.usage = usage,
	.commands = commands,
};
