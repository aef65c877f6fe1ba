// SPDX-License-Identifier: GPL-2.0
/* weft segment: tenants' networks */
#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "print.h"
#include "setting.h"
#include "show.h"

static const char usage[] =
"Usage: weft segment add VNI dev SWITCH [ SETTINGS ]\n"
"       weft segment set VNI dev SWITCH SETTINGS\n"
"       weft segment del VNI dev SWITCH\n"
"       weft segment show [ VNI ] [ dev SWITCH ]\n"
"\n"
"SETTINGS := [ encap { vxlan | geneve | nvgre | fence } ] [ option OPTION ]...\n"
"            [ learning { on | off } ] [ ageing SECONDS ]\n"
"            [ suppress { on | off } ] [ mtu BYTES ] [ limit NUMBER ]\n"
"            [ group { ADDRESS [ group-dev DEVICE ] | none } ]\n"
"            [ gateway { ADDRESS lladdr MAC | none } ]\n"
"            [ gateway-vtep { ADDRESS | none } ]\n"
"            [ vepa { off | on | rest } ] [ relay-vtep { ADDRESS | none } ]\n"
"OPTION := { CLASS:TYPE[:DATA] | none }, in hexadecimal digits\n";

static const struct setting settings[] = {
	{ "encap", &setting_enum, WEFT_A_SEGMENT_ENCAP, &encap_words },
	{ "learning", &setting_on_off, WEFT_A_SEGMENT_LEARNING },
	{ "ageing", &setting_count, WEFT_A_SEGMENT_AGEING,
	  .max = WEFT_AGEING_MAX },
	{ "suppress", &setting_on_off, WEFT_A_SEGMENT_SUPPRESS },
	{ "vepa", &setting_enum8, WEFT_A_SEGMENT_VEPA, &vepa_words },
	{ "mtu", &setting_number, WEFT_A_SEGMENT_MTU, .max = 65535 },
	{ "limit", &setting_number, WEFT_A_SEGMENT_LIMIT, .max = UINT32_MAX },
};

/* What must be put together when all words are known. */
struct segment_words {
	uint32_t dev;
	const char *group_dev;
};

#define OPTION_HEAD	3	/* bytes of class and type */
#define OPTION_MAX	(OPTION_HEAD + 255)

/* CLASS:TYPE[:DATA], as tc writes them, or "none" */
static int take_option(struct args *args, struct nl_msg *msg)
{
	uint8_t bytes[OPTION_MAX];
	const char *text;
	struct nlattr *nest;
	size_t len;
	int err;

	if (args_take(args, "none"))
		return nla_put(msg, WEFT_A_SEGMENT_OPTION | NLA_F_NESTED, 0,
			       NULL);
	err = args_value(args, "option", &text) ?:
	      parse_hex(text, bytes, sizeof(bytes), &len);
	if (err)
		return err;
	if (len < OPTION_HEAD)
		return error("\"%s\" is no option (CLASS:TYPE:DATA)", text);
	nest = nla_nest_start(msg, WEFT_A_SEGMENT_OPTION);
	nla_put_u16(msg, WEFT_A_OPTION_CLASS, bytes[0] << 8 | bytes[1]);
	nla_put_u8(msg, WEFT_A_OPTION_TYPE, bytes[2]);
	err = nla_put(msg, WEFT_A_OPTION_DATA, len - OPTION_HEAD,
		      bytes + OPTION_HEAD);
	return err ?: nest_end(msg, nest);
}

/* An address, or "none", for which zeros stand. */
static int take_address(struct args *args, const char *word, int attr,
			struct nl_msg *msg)
{
	struct ip_addr ip = { .len = 4 };
	int err = 0;

	if (args_take(args, "none"))
		;
	else if (attr == WEFT_A_SEGMENT_GATEWAY)
		err = args_ip(args, word, &ip);
	else
		err = args_vtep(args, word, &ip);
	return err ?: nla_put(msg, attr, ip.len, ip.data);
}

static int take_word(struct args *args, const char *word, struct nl_msg *msg,
		     struct segment_words *words)
{
	uint8_t mac[ETH_ALEN];
	int err;

	err = settings_take(settings, ARRAY_SIZE(settings), word, args, msg);
	if (err != NO_SETTING)
		return err;
	if (!strcmp(word, "dev"))
		return args_dev(args, word, &words->dev);
	if (!strcmp(word, "option"))
		return take_option(args, msg);
	if (!strcmp(word, "group"))
		return take_address(args, word, WEFT_A_SEGMENT_GROUP, msg);
	if (!strcmp(word, "group-dev"))
		return args_value(args, word, &words->group_dev);
	if (!strcmp(word, "gateway"))
		return take_address(args, word, WEFT_A_SEGMENT_GATEWAY, msg);
	if (!strcmp(word, "gateway-vtep"))
		return take_address(args, word, WEFT_A_SEGMENT_GATEWAY_VTEP,
				    msg);
	if (!strcmp(word, "relay-vtep"))
		return take_address(args, word, WEFT_A_SEGMENT_RELAY_VTEP,
				    msg);
	if (!strcmp(word, "lladdr"))
		return args_mac(args, word, mac) ?:
		       nla_put(msg, WEFT_A_SEGMENT_GATEWAY_LLADDR, ETH_ALEN,
			       mac);
	return args_unknown(args, word);
}

static int put_group_dev(struct nl_msg *msg, const struct segment_words *words)
{
	uint32_t ifindex;
	int err;

	if (!words->group_dev)
		return 0;
	err = dev_index_in(switch_netnsid(words->dev), words->group_dev,
			   &ifindex);
	return err ?: nla_put_u32(msg, WEFT_A_SEGMENT_GROUP_DEV, ifindex);
}

static int build(struct args *args, struct nl_msg *msg)
{
	struct segment_words words = {};
	const char *word = args_next(args);
	struct nlattr *nest;
	uint32_t vni;
	int err;

	if (!word)
		return args_missing(args, "the VNI");
	err = parse_vni(word, &vni);
	if (err)
		return err;
	nest = nla_nest_start(msg, WEFT_A_SEGMENT);
	nla_put_u32(msg, WEFT_A_SEGMENT_VNI, vni);
	while (!err && (word = args_next(args)))
		err = take_word(args, word, msg, &words);
	if (!err && !words.dev)
		err = args_missing(args, "\"dev\"");
	err = err ?: put_group_dev(msg, &words) ?: nest_end(msg, nest);
	return err ?: nla_put_u32(msg, WEFT_A_DEV, words.dev);
}

static int segment_add(struct args *args)
{
	return weft_request(WEFT_CMD_SEGMENT_NEW, 0, args, build, NULL, NULL);
}

static int segment_set(struct args *args)
{
	return weft_request(WEFT_CMD_SEGMENT_SET, 0, args, build, NULL, NULL);
}

static int segment_del(struct args *args)
{
	return weft_request(WEFT_CMD_SEGMENT_DEL, 0, args, build, NULL, NULL);
}

static void print_addresses(uint32_t dev, struct nlattr **tb)
{
	struct nlattr *group_dev = tb[WEFT_A_SEGMENT_GROUP_DEV];

	if (tb[WEFT_A_SEGMENT_GROUP])
		print_string("group", format_ip(tb[WEFT_A_SEGMENT_GROUP]));
	if (group_dev && nla_get_u32(group_dev))
		print_string("group-dev",
			     dev_name_in(switch_netnsid(dev),
					 nla_get_u32(group_dev)));
	if (tb[WEFT_A_SEGMENT_GATEWAY])
		print_string("gateway",
			     format_ip(tb[WEFT_A_SEGMENT_GATEWAY]));
	if (tb[WEFT_A_SEGMENT_GATEWAY_LLADDR])
		print_string("lladdr",
			     format_mac(tb[WEFT_A_SEGMENT_GATEWAY_LLADDR]));
	if (tb[WEFT_A_SEGMENT_GATEWAY_VTEP])
		print_string("gateway-vtep",
			     format_ip(tb[WEFT_A_SEGMENT_GATEWAY_VTEP]));
	if (tb[WEFT_A_SEGMENT_RELAY_VTEP])
		print_string("relay-vtep",
			     format_ip(tb[WEFT_A_SEGMENT_RELAY_VTEP]));
}

static void print_option(struct nlattr *object)
{
	char text[sizeof("CCCC:TT:") + 2 * OPTION_MAX];
	struct nlattr *tb[WEFT_A_OPTION_MAX + 1];
	const uint8_t *data;
	int i, len, count;

	if (nla_parse_nested(tb, WEFT_A_OPTION_MAX, object, NULL) ||
	    !tb[WEFT_A_OPTION_CLASS] || !tb[WEFT_A_OPTION_TYPE])
		return;
	len = sprintf(text, "%04x:%02x", nla_get_u16(tb[WEFT_A_OPTION_CLASS]),
		      nla_get_u8(tb[WEFT_A_OPTION_TYPE]));
	if (tb[WEFT_A_OPTION_DATA]) {
		data = nla_data(tb[WEFT_A_OPTION_DATA]);
		count = nla_len(tb[WEFT_A_OPTION_DATA]);
		if (count > OPTION_MAX)
			return;
		for (i = 0; i < count; i++)
			len += sprintf(text + len, "%s%02x", i ? "" : ":",
				       data[i]);
	}
	print_string("option", text);
}

static void print_options(const struct attrs *object)
{
	struct nlattr *attr;
	int rem;

	print_array_open("options");
	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == WEFT_A_SEGMENT_OPTION)
			print_option(attr);
	print_nest_close();
}

static void print_state(struct nlattr **tb)
{
	static const struct setting state[] = {
		{ "entries", &setting_count, WEFT_A_SEGMENT_ENTRIES },
		{ "learned", &setting_count, WEFT_A_SEGMENT_LEARNED },
		{ "ports", &setting_count, WEFT_A_SEGMENT_PORTS },
		{ "overhead", &setting_count, WEFT_A_SEGMENT_OVERHEAD },
		{ "vm-mtu", &setting_count, WEFT_A_SEGMENT_VM_MTU },
		{ "uplink-mtu", &setting_count, WEFT_A_SEGMENT_UPLINK_MTU },
	};

	if (!opt.json && !opt.details)
		return;
	print_line();
	settings_print(state, ARRAY_SIZE(state), tb);
}

/**
 * segment_print - print a segment in the words of segment add
 * @dev: interface index of its switch
 * @object: its attributes
 */
void segment_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_SEGMENT_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_SEGMENT_MAX))
		return;
	if (tb[WEFT_A_SEGMENT_VNI])
		print_uint_id("vni", nla_get_u32(tb[WEFT_A_SEGMENT_VNI]));
	print_string("dev", dev_name(dev));
	settings_print(settings, ARRAY_SIZE(settings), tb);
	print_options(object);
	print_addresses(dev, tb);
	print_state(tb);
	if (opt.stats) {
		print_stats(tb[WEFT_A_SEGMENT_STATS]);
		print_more_stats("fragments", tb[WEFT_A_SEGMENT_FRAGMENTS]);
		print_more_stats("relayed", tb[WEFT_A_SEGMENT_RELAYED]);
	}
}

static void put_vni(struct nl_msg *msg, const void *arg)
{
	nla_put_u32(msg, WEFT_A_SEGMENT_VNI, *(const uint32_t *)arg);
}

static int segment_show(struct args *args)
{
	struct show show = {
		.cmd = WEFT_CMD_SEGMENT_GET,
		.attr = WEFT_A_SEGMENT,
		.names = { WEFT_A_SEGMENT_VNI },
		.print = segment_print,
	};
	uint32_t dev = 0, vni;
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args))) {
		if (!strcmp(word, "dev")) {
			err = args_dev(args, word, &dev);
			continue;
		}
		if (!strcmp(word, "vni"))
			err = args_value(args, "vni", &word);
		err = err ?: parse_vni(word, &vni);
		show.single = true;
		show.key = put_vni;
		show.arg = &vni;
	}
	return err ?: show_objects(&show, dev);
}

static const struct command commands[] = {
	{ "add", segment_add },
	{ "set", segment_set },
	{ "del", segment_del },
	{ "show", segment_show },
	{ "list", segment_show },
	{}
};

const struct object segment_object = {
	.name = "segment",
	.usage = usage,
	.commands = commands,
};
