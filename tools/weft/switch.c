// SPDX-License-Identifier: GPL-2.0
/* weft switch: the device itself, over rtnetlink */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/weft.h>
#include <linux/weft_link.h>

#include "link.h"
#include "print.h"
#include "setting.h"

static const char usage[] =
"Usage: weft switch add NAME [ SETTINGS ] [ link-netns NETNS ] [ down ]\n"
"       weft switch set NAME SETTINGS [ up | down ]\n"
"       weft switch del NAME\n"
"       weft switch show [ NAME ]\n"
"\n"
"SETTINGS := [ local { ADDRESS | none } ]... [ uplink { DEVICE | none } ]...\n"
"            [ fence { OUI/INSTALLATION/HOST | none } ]\n"
"            [ port NUMBER ] [ srcport LOW HIGH ]\n"
"            [ ttl { NUMBER | inherit | auto } ] [ tos { NUMBER | inherit } ]\n"
"            [ df { unset | set | inherit } ] [ udpcsum { on | off } ]\n"
"            [ udp6zerocsumtx { on | off } ] [ udp6zerocsumrx { on | off } ]\n"
"            [ fastpath { auto | on | off } ] [ sources { any | known } ]\n"
"            [ limit NUMBER ] [ mtu BYTES ]\n";

static const struct setting settings[] = {
	{ "df", &setting_enum8, IFLA_WEFT_DF, &df_words },
	{ "udpcsum", &setting_on_off, IFLA_WEFT_UDP_CSUM },
	{ "udp6zerocsumtx", &setting_on_off, IFLA_WEFT_UDP_ZERO_CSUM6_TX },
	{ "udp6zerocsumrx", &setting_on_off, IFLA_WEFT_UDP_ZERO_CSUM6_RX },
	{ "fastpath", &setting_enum8, IFLA_WEFT_FASTPATH, &fastpath_words },
	{ "sources", &setting_enum8, IFLA_WEFT_SOURCES, &sources_words },
	{ "limit", &setting_count, IFLA_WEFT_LIMIT, .max = UINT32_MAX },
};

#define UPLINKS_MAX	64

/* What is not an attribute of its own in IFLA_INFO_DATA. */
struct switch_words {
	bool no_local;
	bool up, down;
	bool no_uplink;
	bool has_netns;
	unsigned int uplinks;
	const char *uplink[UPLINKS_MAX];
	int netnsid;
	uint32_t mtu;
	struct ip_addr local, local6;
};

static int take_local(struct args *args, struct switch_words *words)
{
	struct ip_addr *known;
	struct ip_addr ip;
	int err;

	if (args_take(args, "none")) {
		words->no_local = true;
		return 0;
	}
	err = args_ip(args, "local", &ip);
	if (err)
		return err;
	known = ip.len == 4 ? &words->local : &words->local6;
	if (known->len)
		return error("\"local\" is given twice for %s",
			     ip.len == 4 ? "IPv4" : "IPv6");
	*known = ip;
	return 0;
}

static int take_uplink(struct args *args, struct switch_words *words)
{
	const char *name;
	int err;

	if (args_take(args, "none")) {
		words->no_uplink = true;
		return 0;
	}
	err = args_value(args, "uplink", &name);
	if (err)
		return err;
	if (words->uplinks == UPLINKS_MAX)
		return error("more than %u uplinks", UPLINKS_MAX);
	words->uplink[words->uplinks++] = name;
	return 0;
}

/* Zeros stand for none. */
static int take_fence(struct args *args, struct nl_msg *msg)
{
	uint8_t mac[ETH_ALEN] = {};
	const char *text;
	int err = 0;

	if (!args_take(args, "none"))
		err = args_value(args, "fence", &text) ?:
		      parse_fence(text, mac);
	return err ?: nla_put(msg, IFLA_WEFT_FENCE, ETH_ALEN, mac);
}

static int take_port(struct args *args, struct nl_msg *msg)
{
	uint32_t port;

	return args_number(args, "port", 1, UINT16_MAX, &port) ?:
	       nla_put_u16(msg, IFLA_WEFT_PORT, htons(port));
}

static int take_srcport(struct args *args, struct nl_msg *msg)
{
	struct weft_port_range range;
	uint32_t low, high;
	int err;

	err = args_number(args, "srcport", 1, UINT16_MAX, &low) ?:
	      args_number(args, "srcport", low, UINT16_MAX, &high);
	if (err)
		return err;
	range.low = htons(low);
	range.high = htons(high);
	return nla_put(msg, IFLA_WEFT_PORT_RANGE, sizeof(range), &range);
}

static int take_ttl(struct args *args, struct nl_msg *msg)
{
	uint32_t ttl = 0;
	int err = 0;

	if (args_take(args, "inherit"))
		return nla_put_u8(msg, IFLA_WEFT_TTL_INHERIT, 1);
	if (!args_take(args, "auto"))
		err = args_number(args, "ttl", 1, UINT8_MAX, &ttl);
	return err ?: nla_put_u8(msg, IFLA_WEFT_TTL, ttl) ?:
	       nla_put_u8(msg, IFLA_WEFT_TTL_INHERIT, 0);
}

/* The value 1 stands for inherit, as for vxlan. */
static int take_tos(struct args *args, struct nl_msg *msg)
{
	uint32_t tos = 1;
	int err = 0;

	if (!args_take(args, "inherit")) {
		err = args_number(args, "tos", 0, UINT8_MAX, &tos);
		if (!err && tos == 1)
			err = error("\"tos 1\" is \"tos inherit\"");
	}
	return err ?: nla_put_u8(msg, IFLA_WEFT_TOS, tos);
}

static int take_netns(struct args *args, struct switch_words *words)
{
	const char *name;

	words->has_netns = true;
	return args_value(args, "link-netns", &name) ?:
	       netns_id(name, &words->netnsid);
}

/* What is shown for a namespace that has no name. */
static int take_netnsid(struct args *args, struct switch_words *words)
{
	uint32_t netnsid;
	int err;

	err = args_number(args, "link-netnsid", 0, INT32_MAX, &netnsid);
	words->has_netns = true;
	words->netnsid = netnsid;
	return err;
}

static int take_word(struct args *args, const char *word, struct nl_msg *msg,
		     struct switch_words *words)
{
	int err;

	err = settings_take(settings, ARRAY_SIZE(settings), word, args, msg);
	if (err != NO_SETTING)
		return err;
	if (!strcmp(word, "local"))
		return take_local(args, words);
	if (!strcmp(word, "uplink"))
		return take_uplink(args, words);
	if (!strcmp(word, "fence"))
		return take_fence(args, msg);
	if (!strcmp(word, "port"))
		return take_port(args, msg);
	if (!strcmp(word, "srcport"))
		return take_srcport(args, msg);
	if (!strcmp(word, "ttl"))
		return take_ttl(args, msg);
	if (!strcmp(word, "tos"))
		return take_tos(args, msg);
	if (!strcmp(word, "mtu"))
		return args_number(args, word, 68, UINT16_MAX, &words->mtu);
	if (!strcmp(word, "link-netns"))
		return take_netns(args, words);
	if (!strcmp(word, "link-netnsid"))
		return take_netnsid(args, words);
	if (!strcmp(word, "up"))
		words->up = true;
	else if (!strcmp(word, "down"))
		words->down = true;
	else
		return args_unknown(args, word);
	return 0;
}

/* Zeros stand for no address. */
static int put_locals(struct nl_msg *msg, struct switch_words *words)
{
	if (words->no_local || words->local.len)
		nla_put(msg, IFLA_WEFT_LOCAL, 4, words->local.data);
	if (words->no_local || words->local6.len)
		nla_put(msg, IFLA_WEFT_LOCAL6, 16, words->local6.data);
	return 0;
}

static int put_uplinks(struct nl_msg *msg, const struct switch_words *words)
{
	struct nlattr *nest;
	uint32_t ifindex;
	unsigned int i;
	int err;

	if (!words->uplinks && !words->no_uplink)
		return 0;
	nest = nla_nest_start(msg, IFLA_WEFT_UPLINKS);
	for (i = 0; i < words->uplinks; i++) {
		err = dev_index_in(words->netnsid, words->uplink[i],
				   &ifindex);
		if (err)
			return err;
		nla_put_u32(msg, IFLA_WEFT_UPLINK, ifindex);
	}
	nla_nest_end_keep_empty(msg, nest);
	return 0;
}

/* The words of @args. @words->netnsid is where the underlay is so far. */
static int put_words(struct args *args, struct nl_msg *msg,
		     struct switch_words *words)
{
	struct nlattr *info, *data;
	const char *word;
	int err = 0;

	info = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, WEFT_KIND);
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	while (!err && (word = args_next(args)))
		err = take_word(args, word, msg, words);
	err = err ?: put_locals(msg, words) ?: put_uplinks(msg, words);
	if (err)
		return err;
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	if (words->mtu)
		nla_put_u32(msg, IFLA_MTU, words->mtu);
	if (words->has_netns)
		nla_put_u32(msg, IFLA_LINK_NETNSID, words->netnsid);
	return 0;
}

static void set_flags(struct nl_msg *msg, const struct switch_words *words)
{
	struct ifinfomsg *ifi = nlmsg_data(nlmsg_hdr(msg));

	if (!words->up && !words->down)
		return;
	ifi->ifi_change = IFF_UP;
	ifi->ifi_flags = words->up && !words->down ? IFF_UP : 0;
}

static int switch_name(struct args *args, const char **name)
{
	*name = args_next(args);
	if (!*name)
		return args_missing(args, "the name");
	if (strlen(*name) >= IFNAMSIZ)
		return error("\"%s\" is too long for the name of a device",
			     *name);
	return 0;
}

/* Other names may now stand for other devices. */
static int talk(struct nl_msg *msg)
{
	dev_forget();
	return link_talk(msg);
}

static int switch_up(const char *name)
{
	struct ifinfomsg ifi = { .ifi_change = IFF_UP, .ifi_flags = IFF_UP };
	struct nl_msg *msg = link_message(RTM_NEWLINK, 0, &ifi);

	if (!msg)
		return FAIL_KERNEL;
	nla_put_string(msg, IFLA_IFNAME, name);
	return talk(msg);
}

static int switch_add(struct args *args)
{
	struct switch_words words = { .netnsid = NETNS_SAME, .up = true };
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	const char *name;
	int err;

	err = switch_name(args, &name);
	if (err)
		return err;
	msg = link_message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi);
	if (!msg)
		return FAIL_KERNEL;
	nla_put_string(msg, IFLA_IFNAME, name);
	err = put_words(args, msg, &words);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	/* it comes from the underlay's namespace, and would go down again */
	if (!words.has_netns)
		set_flags(msg, &words);
	err = talk(msg);
	if (!err && words.has_netns && !words.down)
		err = switch_up(name);
	return err;
}

/* The switch of that name, and nothing else. */
static int switch_find(struct args *args, struct link *link)
{
	const char *name;
	int err;

	err = switch_name(args, &name);
	if (err)
		return err;
	err = link_get_by_name(name, link);
	if (!err && !link_is_switch(link)) {
		link_put(link);
		return error("\"%s\" is not a weft switch", name);
	}
	return err;
}

static int switch_set(struct args *args)
{
	struct switch_words words = {};
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	struct link link;
	int err;

	err = switch_find(args, &link);
	if (err)
		return err;
	link_put(&link);
	words.netnsid = link.netnsid;
	ifi.ifi_index = link.ifindex;
	msg = link_message(RTM_NEWLINK, 0, &ifi);
	if (!msg)
		return FAIL_KERNEL;
	err = put_words(args, msg, &words);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	set_flags(msg, &words);
	return talk(msg);
}

static int switch_del(struct args *args)
{
	struct ifinfomsg ifi = {};
	struct nl_msg *msg;
	struct link link;
	int err;

	err = switch_find(args, &link) ?: args_end(args);
	if (err)
		return err;
	link_put(&link);
	ifi.ifi_index = link.ifindex;
	msg = link_message(RTM_DELLINK, 0, &ifi);
	return msg ? talk(msg) : FAIL_KERNEL;
}

static bool is_zero(struct nlattr *attr)
{
	static const uint8_t zero[16];

	return nla_len(attr) <= 16 &&
	       !memcmp(nla_data(attr), zero, nla_len(attr));
}

static void print_locals(struct nlattr **tb)
{
	print_array_open("local");
	if (tb[IFLA_WEFT_LOCAL] && !is_zero(tb[IFLA_WEFT_LOCAL]))
		print_string("local", format_ip(tb[IFLA_WEFT_LOCAL]));
	if (tb[IFLA_WEFT_LOCAL6] && !is_zero(tb[IFLA_WEFT_LOCAL6]))
		print_string("local", format_ip(tb[IFLA_WEFT_LOCAL6]));
	print_nest_close();
}

static void print_fence(struct nlattr *attr)
{
	char text[sizeof("oo:oo:oo/255/65535")];
	const uint8_t *mac;

	if (!attr || nla_len(attr) != ETH_ALEN || is_zero(attr))
		return;
	mac = nla_data(attr);
	snprintf(text, sizeof(text), "%02x:%02x:%02x/%u/%u", mac[0], mac[1],
		 mac[2], mac[3], mac[4] << 8 | mac[5]);
	print_string("fence", text);
}

static void print_uplinks(struct nlattr *uplinks, int netnsid)
{
	struct nlattr *attr;
	int rem;

	print_array_open("uplinks");
	if (uplinks)
		nla_for_each_nested(attr, uplinks, rem)
			print_string("uplink", dev_name_in(netnsid,
							   nla_get_u32(attr)));
	print_nest_close();
}

static void print_ports(struct nlattr **tb)
{
	struct weft_port_range range;

	if (tb[IFLA_WEFT_PORT])
		print_uint("port", ntohs(nla_get_u16(tb[IFLA_WEFT_PORT])));
	if (!tb[IFLA_WEFT_PORT_RANGE])
		return;
	nla_memcpy(&range, tb[IFLA_WEFT_PORT_RANGE], sizeof(range));
	print_word("srcport");
	print_array_open("srcport");
	print_uint_id(NULL, ntohs(range.low));
	print_uint_id(NULL, ntohs(range.high));
	print_nest_close();
}

static void print_ttl_tos(struct nlattr **tb)
{
	struct nlattr *inherit = tb[IFLA_WEFT_TTL_INHERIT];
	struct nlattr *ttl = tb[IFLA_WEFT_TTL];
	struct nlattr *tos = tb[IFLA_WEFT_TOS];

	if (inherit && nla_get_u8(inherit))
		print_string("ttl", "inherit");
	else if (ttl && nla_get_u8(ttl))
		print_uint("ttl", nla_get_u8(ttl));
	else if (ttl)
		print_string("ttl", "auto");
	if (tos && nla_get_u8(tos) == 1)
		print_string("tos", "inherit");
	else if (tos)
		print_uint("tos", nla_get_u8(tos));
}

static void print_netns(int netnsid)
{
	const char *name;

	if (netnsid == NETNS_SAME)
		return;
	name = netns_name(netnsid);
	if (name)
		print_string("link-netns", name);
	else
		print_uint("link-netnsid", netnsid);
}

/* What rtnetlink knows. */
static void print_config(struct link *link)
{
	struct nlattr *tb[IFLA_WEFT_MAX + 1] = {};

	print_string_id("name", link->name);
	print_json_uint("ifindex", link->ifindex);
	if (link->data)
		nla_parse_nested(tb, IFLA_WEFT_MAX, link->data, NULL);
	print_locals(tb);
	print_uplinks(tb[IFLA_WEFT_UPLINKS], link->netnsid);
	print_fence(tb[IFLA_WEFT_FENCE]);
	print_ports(tb);
	print_ttl_tos(tb);
	settings_print(settings, ARRAY_SIZE(settings), tb);
	print_uint("mtu", link->mtu);
	print_netns(link->netnsid);
	print_json_bool("up", link->flags & IFF_UP);
	if (!(link->flags & IFF_UP))
		print_word("down");
}

/* What the family weft knows. */
static void print_state(struct nlmsghdr *nlh, void *arg)
{
	static const struct setting state[] = {
		{ "segments", &setting_count, WEFT_A_SWITCH_SEGMENTS },
		{ "ports", &setting_count, WEFT_A_SWITCH_PORTS },
		{ "peers", &setting_count, WEFT_A_SWITCH_PEERS },
		{ "entries", &setting_count, WEFT_A_SWITCH_ENTRIES },
		{ "learned", &setting_count, WEFT_A_SWITCH_LEARNED },
		{ "neighs", &setting_count, WEFT_A_SWITCH_NEIGHS },
		{ "moves", &setting_count, WEFT_A_SWITCH_MOVES },
		{ "limited", &setting_count, WEFT_A_SWITCH_LIMITED },
		{ "reassembly", &setting_count, WEFT_A_SWITCH_REASSEMBLY },
		{ "fastpath-active", &setting_on_off, WEFT_A_SWITCH_FASTPATH },
	};
	struct nlattr *tb[WEFT_A_SWITCH_MAX + 1];
	struct nlattr *top[WEFT_A_MAX + 1];

	(void)arg;
	if (weft_parse(nlh, top) || !top[WEFT_A_SWITCH] ||
	    nla_parse_nested(tb, WEFT_A_SWITCH_MAX, top[WEFT_A_SWITCH], NULL))
		return;
	if (opt.json || opt.details) {
		print_line();
		settings_print(state, ARRAY_SIZE(state), tb);
	}
	if (opt.stats)
		print_stats(tb[WEFT_A_SWITCH_STATS]);
}

static int show_switch(uint32_t dev, void *arg)
{
	struct nl_msg *msg;
	struct link link;
	int err;

	(void)arg;
	err = link_get(dev, &link);
	if (err)
		return err;
	print_open();
	print_config(&link);
	link_put(&link);
	msg = weft_message(WEFT_CMD_SWITCH_GET, 0);
	nla_put_u32(msg, WEFT_A_DEV, dev);
	err = weft_talk(msg, print_state, NULL);
	print_close();
	return err;
}

static int switch_show(struct args *args)
{
	struct link link = {};
	int err = 0;

	args_take(args, "dev");
	if (args->argc)
		err = switch_find(args, &link) ?: args_end(args);
	if (err)
		return err;
	link_put(&link);
	print_list_open();
	err = each_switch(link.ifindex, show_switch, NULL);
	print_list_close();
	return err;
}

static const struct command commands[] = {
	{ "add", switch_add },
	{ "set", switch_set },
	{ "del", switch_del },
	{ "show", switch_show },
	{ "list", switch_show },
	{}
};

const struct object switch_object = {
	.name = "switch",
	.usage = usage,
	.commands = commands,
};
