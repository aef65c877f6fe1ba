// SPDX-License-Identifier: GPL-2.0
/* weft port: what VMs, containers and the host itself are attached by */
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "print.h"
#include "setting.h"
#include "show.h"

static const char usage[] =
"Usage: weft port set DEVICE [ SEGMENT ]... [ SETTINGS ]\n"
"       weft port del DEVICE [ SEGMENT ]...\n"
"       weft port add PF vf NUMBER dev SWITCH vni VNI mac MAC... [ SETTINGS ]\n"
"       weft port set PF vf NUMBER dev SWITCH [ SEGMENT ] [ SETTINGS ]\n"
"       weft port del PF vf NUMBER dev SWITCH\n"
"       weft port add UPLINK dev SWITCH [ SEGMENT ]... [ SETTINGS ]\n"
"       weft port set UPLINK dev SWITCH [ SEGMENT ]... [ SETTINGS ]\n"
"       weft port del UPLINK dev SWITCH [ SEGMENT ]...\n"
"       weft port show [ DEVICE [ vf NUMBER ] ] [ dev SWITCH ]\n"
"\n"
"SEGMENT := vni VNI [ vlan VID ]\n"
"SETTINGS := [ mac { MAC | any } ]... [ limit NUMBER ]\n"
"            [ learning { on | off } ] [ flood { on | off } ]\n"
"            [ mcast_flood { on | off } ] [ bcast_flood { on | off } ]\n"
"            [ hairpin { on | off } ] [ isolated { on | off } ]\n"
"            [ vepa { on | off } ] [ relay { on | off } ]\n"
"            [ rate { RATE | none } ] [ burst BYTES ] [ prio { 0..7 } ]\n"
"\n"
"DEVICE is enslaved to its switch before (ip link set DEVICE master SWITCH),\n"
"or is the switch itself, for the port of the host. A VF of a NIC whose PF is\n"
"an uplink of the switch becomes a port by port add, and so does an UPLINK that\n"
"carries segments by V.VLANs.\n";

static const struct setting settings[] = {
	{ "limit", &setting_number, WEFT_A_PORT_LIMIT, .max = UINT32_MAX },
	{ "learning", &setting_on_off, WEFT_A_PORT_LEARNING },
	{ "flood", &setting_on_off, WEFT_A_PORT_FLOOD },
	{ "mcast_flood", &setting_on_off, WEFT_A_PORT_MCAST_FLOOD },
	{ "bcast_flood", &setting_on_off, WEFT_A_PORT_BCAST_FLOOD },
	{ "hairpin", &setting_on_off, WEFT_A_PORT_HAIRPIN },
	{ "isolated", &setting_on_off, WEFT_A_PORT_ISOLATED },
	{ "vepa", &setting_on_off, WEFT_A_PORT_VEPA },
	{ "relay", &setting_on_off, WEFT_A_PORT_RELAY },
	{ "rate", &setting_rate, WEFT_A_PORT_RATE },
	{ "burst", &setting_number, WEFT_A_PORT_BURST, .max = UINT32_MAX },
	{ "prio", &setting_number8, WEFT_A_PORT_PRIO, .max = 7 },
};

/* The switch a port is on, and the port. */
struct port_key {
	uint32_t dev;
	uint32_t port;
	uint32_t vf;
	bool has_vf;
	const char *pf;
	const char *name;
};

/* DEVICE [ vf NUMBER ]. The PF is in the underlay of a switch which it does not
 * name.
 */
static int port_find(struct args *args, const char *name, struct port_key *key)
{
	struct link link;
	int err;

	if (args_take(args, "vf")) {
		key->has_vf = true;
		key->pf = name;
		return args_number(args, "vf", 0, UINT16_MAX, &key->vf);
	}

	err = link_get_by_name(name, &link);
	if (err)
		return err;
	key->port = link.ifindex;
	key->dev = link_is_switch(&link) ? link.ifindex : link.master;
	key->name = name;
	link_put(&link);
	return 0;
}

/* A device that is not enslaved must be an uplink, and these name the switch. */
static int check_dev(struct args *args, const struct port_key *key)
{
	if (key->dev)
		return 0;
	if (key->name)
		return error("\"%s\" is not a port of a switch", key->name);
	return args_missing(args, "\"dev\"");
}

/* When the switch is known, too. */
static int find_pf(struct port_key *key)
{
	int netnsid = key->dev ? switch_netnsid(key->dev) : NETNS_SAME;

	return key->pf ? dev_index_in(netnsid, key->pf, &key->port) : 0;
}

/* vni VNI [ vlan VID ] */
static int take_vlan(struct args *args, struct nl_msg *msg)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_PORT_VLAN);
	uint32_t vni, vid;
	int err;

	err = args_vni(args, &vni);
	if (err)
		return err;
	nla_put_u32(msg, WEFT_A_PORT_VLAN_VNI, vni);
	if (args_take(args, "vlan")) {
		err = args_vid(args, &vid);
		if (err)
			return err;
		nla_put_u16(msg, WEFT_A_PORT_VLAN_VID, vid);
	}
	return nest_end(msg, nest);
}

/* mac { MAC | any } */
static int take_mac(struct args *args, struct nl_msg *msg)
{
	uint8_t mac[ETH_ALEN] = {};
	int err = 0;

	if (!args_take(args, "any"))
		err = args_mac(args, "mac", mac);
	return err ?: nla_put(msg, WEFT_A_PORT_MAC, ETH_ALEN, mac);
}

static int take_word(struct args *args, const char *word, struct nl_msg *msg,
		     struct port_key *key)
{
	int err;

	err = settings_take(settings, ARRAY_SIZE(settings), word, args, msg);
	if (err != NO_SETTING)
		return err;
	if (!strcmp(word, "vni"))
		return take_vlan(args, msg);
	if (!strcmp(word, "mac"))
		return take_mac(args, msg);
	if (!strcmp(word, "dev"))
		return args_dev(args, word, &key->dev);
	if (!strcmp(word, "uplink"))	/* as shown; the device says so itself */
		return 0;
	return args_unknown(args, word);
}

static void put_port(struct nl_msg *msg, const void *arg)
{
	const struct port_key *key = arg;

	nla_put_u32(msg, WEFT_A_PORT_IFINDEX, key->port);
	if (key->has_vf)
		nla_put_u16(msg, WEFT_A_PORT_VF, key->vf);
}

static int build(struct args *args, struct nl_msg *msg)
{
	const char *word = args_next(args);
	struct port_key key = {};
	struct nlattr *nest;
	int err;

	if (!word)
		return args_missing(args, "the port");
	err = port_find(args, word, &key);
	if (err)
		return err;
	nest = nla_nest_start(msg, WEFT_A_PORT);
	while (!err && (word = args_next(args)))
		err = take_word(args, word, msg, &key);
	err = err ?: check_dev(args, &key) ?: find_pf(&key);
	if (!err)
		put_port(msg, &key);
	err = err ?: nest_end(msg, nest);
	return err ?: nla_put_u32(msg, WEFT_A_DEV, key.dev);
}

static int port_add(struct args *args)
{
	return weft_request(WEFT_CMD_PORT_NEW, 0, args, build, NULL, NULL);
}

static int port_set(struct args *args)
{
	return weft_request(WEFT_CMD_PORT_SET, 0, args, build, NULL, NULL);
}

static int port_del(struct args *args)
{
	return weft_request(WEFT_CMD_PORT_DEL, 0, args, build, NULL, NULL);
}

static void print_vlan(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_PORT_VLAN_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_PORT_VLAN_MAX, object, NULL))
		return;
	print_nest_open(NULL);
	if (tb[WEFT_A_PORT_VLAN_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_PORT_VLAN_VNI]));
	if (tb[WEFT_A_PORT_VLAN_VID] && nla_get_u16(tb[WEFT_A_PORT_VLAN_VID]))
		print_uint("vlan", nla_get_u16(tb[WEFT_A_PORT_VLAN_VID]));
	if (tb[WEFT_A_PORT_VLAN_LEARNED])
		print_json_uint("learned",
				nla_get_u32(tb[WEFT_A_PORT_VLAN_LEARNED]));
	print_nest_close();
}

/* Attributes that may be there many times. */
static void print_lists(const struct attrs *object)
{
	struct nlattr *attr;
	int rem;

	print_array_open("segments");
	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == WEFT_A_PORT_VLAN)
			print_vlan(attr);
	print_nest_close();
	print_array_open("macs");
	attrs_for_each(attr, object, rem)
		if (nla_type(attr) == WEFT_A_PORT_MAC)
			print_string("mac", format_mac(attr));
	print_nest_close();
}

static void print_state(struct nlattr **tb)
{
	static const struct setting state[] = {
		{ "learned", &setting_count, WEFT_A_PORT_LEARNED },
	};

	if (!opt.json && !opt.details)
		return;
	print_line();
	settings_print(state, ARRAY_SIZE(state), tb);
}

/* What -s adds: of a VF what its NIC has counted, and what went wrong. */
static void print_link_counters(struct nlattr **tb)
{
	static const struct {
		const char *word;
		int attr;
	} counters[] = {
		{ "rx_errors", WEFT_A_LINK_RX_ERRORS },
		{ "tx_errors", WEFT_A_LINK_TX_ERRORS },
		{ "rx_dropped", WEFT_A_LINK_RX_DROPPED },
		{ "tx_dropped", WEFT_A_LINK_TX_DROPPED },
	};
	unsigned int i;

	if (tb[WEFT_A_LINK_STATS])
		print_stats(tb[WEFT_A_LINK_STATS]);
	print_line();
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		if (tb[counters[i].attr])
			print_uint(counters[i].word,
				   nla_get_u64(tb[counters[i].attr]));
}

/* The device or VF of the port */
static void print_link(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_LINK_MAX + 1];

	if (!object || !(opt.json || opt.details || opt.stats) ||
	    nla_parse_nested(tb, WEFT_A_LINK_MAX, object, NULL))
		return;
	print_line();
	print_nest_open("link");
	if (tb[WEFT_A_LINK_STATE])
		print_string("state", words_get(&link_state_words,
			     nla_get_u32(tb[WEFT_A_LINK_STATE])));
	if (tb[WEFT_A_LINK_MTU])
		print_uint("mtu", nla_get_u32(tb[WEFT_A_LINK_MTU]));
	if (tb[WEFT_A_LINK_SPEED])
		print_uint("speed", nla_get_u32(tb[WEFT_A_LINK_SPEED]));
	if (tb[WEFT_A_LINK_PATH])
		print_string("path", words_get(&via_words,
			     nla_get_u32(tb[WEFT_A_LINK_PATH])));
	if (opt.json || opt.stats)
		print_link_counters(tb);
	print_nest_close();
}

/**
 * port_print - print a port in the words of port set
 * @dev: interface index of its switch
 * @object: its attributes
 */
void port_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_PORT_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_PORT_MAX))
		return;
	if (tb[WEFT_A_PORT_NAME])
		print_string_id("port", nla_get_string(tb[WEFT_A_PORT_NAME]));
	else if (tb[WEFT_A_PORT_IFINDEX])
		print_string_id("port",
			dev_name(nla_get_u32(tb[WEFT_A_PORT_IFINDEX])));
	if (tb[WEFT_A_PORT_VF])
		print_uint("vf", nla_get_u16(tb[WEFT_A_PORT_VF]));
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_PORT_UPLINK]) {
		print_word("uplink");
		print_json_bool("uplink", true);
	}
	print_lists(object);
	settings_print(settings, ARRAY_SIZE(settings), tb);
	print_state(tb);
	if (opt.stats)
		print_stats(tb[WEFT_A_PORT_STATS]);
	print_link(tb[WEFT_A_PORT_LINK]);
}

static int port_show(struct args *args)
{
	struct port_key key = {};
	struct show show = {
		.cmd = WEFT_CMD_PORT_GET,
		.attr = WEFT_A_PORT,
		.names = { WEFT_A_PORT_IFINDEX, WEFT_A_PORT_VF },
		.print = port_print,
		.arg = &key,
	};
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args))) {
		if (!strcmp(word, "dev")) {
			err = args_dev(args, word, &key.dev);
			continue;
		}
		err = port_find(args, word, &key);
		show.single = true;
		show.key = put_port;
	}
	if (key.name)
		err = err ?: check_dev(args, &key);
	err = err ?: find_pf(&key);
	return err ?: show_objects(&show, key.dev);
}

static const struct command commands[] = {
	{ "add", port_add },
	{ "set", port_set },
	{ "del", port_del },
	{ "show", port_show },
	{ "list", port_show },
	{}
};

const struct object port_object = {
	.name = "port",
	.usage = usage,
	.commands = commands,
};
