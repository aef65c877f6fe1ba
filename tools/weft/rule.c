// SPDX-License-Identifier: GPL-2.0
/* weft rule: what becomes of which frames */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/weft.h>

#include "lines.h"
#include "link.h"
#include "objects.h"
#include "parse.h"
#include "print.h"
#include "rule.h"
#include "show.h"

static const char usage[] =
"Usage: weft rule { add | replace } dev SWITCH [ vni VNI ] pref NUMBER\n"
"                 [ MATCH ] action { allow [ HOW ] | deny }\n"
"       weft rule { del | get } dev SWITCH [ vni VNI ] pref NUMBER\n"
"       weft rule load dev SWITCH [ vni VNI ] [ file FILE ]\n"
"       weft rule flush dev SWITCH [ vni VNI ]\n"
"       weft rule show [ dev SWITCH ] [ vni VNI ]\n"
"\n"
"MATCH := [ port DEVICE [ vf N ] ] [ src MAC[/MASK] ] [ dst MAC[/MASK] ]\n"
"         [ cast { unicast | multicast | broadcast } ]\n"
"         [ vlan VID ] [ prio NUMBER ] [ untagged ]\n"
"         [ type { arp | ip | ipv6 | NUMBER } ]\n"
"         [ from PREFIX ] [ to PREFIX ] [ proto { tcp | udp | icmp | icmpv6 |\n"
"         sctp | dccp | udplite | NUMBER } ] [ dscp NUMBER ]\n"
"         [ frag { none | any | first | later } ]\n"
"         [ sport PORT[-PORT] ] [ dport PORT[-PORT] ]\n"
"         [ tcp-flags FLAG[,FLAG]...[/FLAG[,FLAG]...] ]\n"
"\n"
"HOW := [ path { any | vswitch | vepa | veb } ]\n"
"       [ class { none | bulk | latency } ] [ require { none | encryption } ]\n"
"       [ rate RATE [ burst BYTES ] ]\n"
"\n"
"load puts the rules of a file, one a line, in the place of all there are.\n";

/* --- requests --- */

/* Whose rule it is, and which. */
struct rule_key {
	uint32_t dev;
	uint32_t vni;
	uint32_t pref;
};

/* Returns -1 if the word is none of the key's. */
static int take_key(struct args *args, const char *word, struct rule_key *key)
{
	if (!strcmp(word, "dev"))
		return args_dev(args, word, &key->dev);
	if (!strcmp(word, "vni"))
		return args_vni(args, &key->vni);
	if (!strcmp(word, "pref"))
		return args_number(args, word, 1, UINT32_MAX, &key->pref);
	return -1;
}

static int take_keys(struct args *args, struct rule_key *key)
{
	const char *word;
	int err = 0;

	memset(key, 0, sizeof(*key));
	while (!err && (word = args_next(args))) {
		err = take_key(args, word, key);
		if (err < 0)
			return args_unknown(args, word);
	}
	return err;
}

static int check_key(struct args *args, const struct rule_key *key)
{
	if (!key->dev)
		return args_missing(args, "\"dev\"");
	if (!key->pref)
		return args_missing(args, "\"pref\"");
	return 0;
}

static void put_key(struct nl_msg *msg, const void *arg)
{
	const struct rule_key *key = arg;

	if (key->vni)
		nla_put_u32(msg, WEFT_A_RULE_VNI, key->vni);
	nla_put_u32(msg, WEFT_A_RULE_PREF, key->pref);
}

/* The words of a rule, with a key where one is asked for. */
static int put_rule(struct nl_msg *msg, struct args *args,
		    struct rule_key *key)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_RULE);
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args))) {
		err = take_key(args, word, key);
		if (err < 0)
			err = rule_put_word(msg, args, word);
	}
	if (err)
		return err;
	if (!key->pref)
		return args_missing(args, "\"pref\"");
	put_key(msg, key);
	return nest_end(msg, nest);
}

static int build(struct args *args, struct nl_msg *msg)
{
	struct rule_key key = {};
	int err;

	err = put_rule(msg, args, &key);
	if (err)
		return err;
	if (!key.dev)
		return args_missing(args, "\"dev\"");
	nla_put_u32(msg, WEFT_A_DEV, key.dev);
	return 0;
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

static int rule_add(struct args *args)
{
	return weft_request(WEFT_CMD_RULE_NEW, 0, args, build_add, NULL, NULL);
}

static int rule_replace(struct args *args)
{
	return weft_request(WEFT_CMD_RULE_NEW, 0, args, build_replace, NULL,
			    NULL);
}

static int build_del(struct args *args, struct nl_msg *msg)
{
	struct rule_key key;
	struct nlattr *nest;
	int err;

	err = take_keys(args, &key) ?: check_key(args, &key);
	if (err)
		return err;
	nla_put_u32(msg, WEFT_A_DEV, key.dev);
	nest = nla_nest_start(msg, WEFT_A_RULE);
	put_key(msg, &key);
	return nest_end(msg, nest);
}

static int rule_del(struct args *args)
{
	return weft_request(WEFT_CMD_RULE_DEL, 0, args, build_del, NULL, NULL);
}

/* --- whole sets --- */

/* Whose set, where it is read from, and the lines of its rules. */
struct load {
	struct rule_key key;
	const char *file;
	struct lines lines;
	unsigned long *line;
	size_t count;
	size_t size;
};

static int put_set(struct nl_msg *msg, struct args *args,
		   const struct rule_key *key)
{
	struct nlattr *nest;

	if (!key->dev)
		return args_missing(args, "\"dev\"");
	if (key->pref)
		return error("\"pref\" is of a rule, not of a set");
	nla_put_u32(msg, WEFT_A_DEV, key->dev);
	nest = nla_nest_start(msg, WEFT_A_RULES);
	if (key->vni)
		nla_put_u32(msg, WEFT_A_RULES_VNI, key->vni);
	return nest_end(msg, nest);
}

static int build_flush(struct args *args, struct nl_msg *msg)
{
	struct rule_key key;

	return take_keys(args, &key) ?: put_set(msg, args, &key);
}

static int rule_flush(struct args *args)
{
	return weft_request(WEFT_CMD_RULE_REPLACE, 0, args, build_flush, NULL,
			    NULL);
}

static int remember_line(struct load *load)
{
	unsigned long *line;

	if (load->count == load->size) {
		load->size = load->size * 2 ?: 64;
		line = realloc(load->line, load->size * sizeof(*line));
		if (!line)
			return error("out of memory");
		load->line = line;
	}
	load->line[load->count++] = load->lines.number;
	return 0;
}

/* A line: a rule as it is shown, whose set is known. */
static int put_line(struct nl_msg *msg, struct args *args, struct load *load)
{
	struct args words = {
		.object = args->object, .argc = load->lines.count,
		.argv = load->lines.words,
	};
	struct rule_key key = {};
	struct nlattr *nest;
	const char *word;
	int err = 0;

	if (!words.argc)
		return 0;
	if (remember_line(load))
		return FAIL_USAGE;
	nest = nla_nest_start(msg, WEFT_A_RULE);
	while (!err && (word = args_next(&words))) {
		err = take_key(&words, word, &key);
		if (err < 0)
			err = rule_put_word(msg, &words, word);
	}
	if (err)
		return err;
	if ((key.dev && key.dev != load->key.dev) ||
	    (key.vni && key.vni != load->key.vni))
		return error("the rule is of another set");
	if (!key.pref)
		return args_missing(args, "\"pref\"");
	nla_put_u32(msg, WEFT_A_RULE_PREF, key.pref);
	return nest_end(msg, nest);
}

/* The message grows with what is read. */
static int make_room(struct nl_msg **msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(*msg);
	struct nl_msg *larger;
	size_t size = nlmsg_get_max_size(*msg);

	if (nlh->nlmsg_len < size - UINT16_MAX - NLA_HDRLEN)
		return 0;
	larger = nlmsg_alloc_size(2 * size);
	if (!larger)
		return error("out of memory");
	memcpy(nlmsg_hdr(larger), nlh, nlh->nlmsg_len);
	nlmsg_free(*msg);
	*msg = larger;
	return 0;
}

static int put_lines(struct nl_msg **msg, struct args *args,
		     struct load *load)
{
	bool more;
	int err;

	for (;;) {
		err = lines_next(&load->lines, &more);
		if (!more)
			return err;
		err = err ?: make_room(msg) ?: put_line(*msg, args, load);
		if (!err)
			continue;
		error_print();
		return error("no rule was changed, for line %lu of \"%s\"",
			     load->lines.number, load->lines.name);
	}
}

static int take_load(struct args *args, struct load *load)
{
	const char *word;
	int err = 0;

	load->file = "-";
	while (!err && (word = args_next(args))) {
		if (!strcmp(word, "file")) {
			err = args_value(args, word, &load->file);
			continue;
		}
		err = take_key(args, word, &load->key);
		if (err < 0)
			return args_unknown(args, word);
	}
	return err;
}

static int read_set(struct nl_msg **msg, struct args *args, struct load *load)
{
	int err;

	err = take_load(args, load) ?: put_set(*msg, args, &load->key);
	err = err ?: lines_open(&load->lines, load->file);
	if (err)
		return err;
	err = put_lines(msg, args, load);
	lines_close(&load->lines);
	return err;
}

/* The line of the rule that the kernel refuses, if it is one alone. */
static void blame_line(struct nlmsghdr *nlh, const struct extack *ack,
		       const struct load *load)
{
	uint32_t offset = ack->missing_nest ?: ack->offset;
	struct nlattr *attr;
	size_t n = 0;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		if (nla_type(attr) != WEFT_A_RULE)
			continue;
		if ((char *)attr - (char *)nlh + nla_total_size(nla_len(attr)) >
		    offset)
			break;
		n++;
	}
	if (!offset || n >= load->count)
		return;
	fflush(stdout);
	fprintf(stderr, "Rule refused %s:%lu\n", load->lines.name,
		load->line[n]);
}

static int send_set(struct nl_msg *msg, const struct load *load)
{
	struct extack ack;
	int err;

	err = weft_exchange(msg, NULL, NULL, &ack);
	if (err > 0)
		return err;
	extack_print(&ack, nlmsg_hdr(msg));
	if (err)
		blame_line(nlmsg_hdr(msg), &ack, load);
	return err ? FAIL_KERNEL : 0;
}

static int rule_load(struct args *args)
{
	struct nl_msg *msg = weft_message(WEFT_CMD_RULE_REPLACE, 0);
	struct load load = {};
	int err;

	err = read_set(&msg, args, &load) ?: send_set(msg, &load);
	nlmsg_free(msg);
	free(load.line);
	return err;
}

/* --- attributes to words --- */

/**
 * rule_print - print a rule in the words of rule add
 * @dev: interface index of its switch
 * @object: its attributes
 */
void rule_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_RULE_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_RULE_MAX))
		return;
	if (tb[WEFT_A_RULE_PREF])
		print_uint("pref", nla_get_u32(tb[WEFT_A_RULE_PREF]));
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_RULE_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_RULE_VNI]));
	if (tb[WEFT_A_RULE_PORT])
		print_string("port",
			     dev_name(nla_get_u32(tb[WEFT_A_RULE_PORT])));
	if (tb[WEFT_A_RULE_VF])
		print_uint("vf", nla_get_u16(tb[WEFT_A_RULE_VF]));
	rule_print_match(tb);
	if (tb[WEFT_A_RULE_ACTION])
		print_string("action", words_get(&action_words,
			     nla_get_u32(tb[WEFT_A_RULE_ACTION])));
	if (tb[WEFT_A_RULE_VIA])
		print_string("path", words_get(&via_words,
			     nla_get_u32(tb[WEFT_A_RULE_VIA])));
	if (tb[WEFT_A_RULE_CLASS])
		print_string("class", words_get(&class_words,
			     nla_get_u32(tb[WEFT_A_RULE_CLASS])));
	if (tb[WEFT_A_RULE_REQUIRE])
		print_string("require", words_get(&require_words,
			     nla_get_u32(tb[WEFT_A_RULE_REQUIRE])));
	if (tb[WEFT_A_RULE_RATE])
		print_rate("rate", nla_get_u64(tb[WEFT_A_RULE_RATE]));
	if (tb[WEFT_A_RULE_BURST])
		print_uint("burst", nla_get_u32(tb[WEFT_A_RULE_BURST]));
	if (opt.json || opt.details)
		nics_print(object, WEFT_A_RULE_HW);
	if (tb[WEFT_A_RULE_STATS] && (opt.json || opt.stats))
		print_stats(tb[WEFT_A_RULE_STATS]);
}

/**
 * rules_print - print that a set was replaced
 * @dev: interface index of its switch
 * @object: its attributes
 */
void rules_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_RULES_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_RULES_MAX))
		return;
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_RULES_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_RULES_VNI]));
	if (tb[WEFT_A_RULES_COUNT])
		print_uint("count", nla_get_u32(tb[WEFT_A_RULES_COUNT]));
}

static int rule_get(struct args *args)
{
	struct rule_key key;
	struct show show = {
		.cmd = WEFT_CMD_RULE_GET,
		.attr = WEFT_A_RULE,
		.names = { WEFT_A_RULE_VNI, WEFT_A_RULE_PREF },
		.print = rule_print,
		.key = put_key,
		.single = true,
		.arg = &key,
	};

	return take_keys(args, &key) ?: check_key(args, &key) ?:
	       show_objects(&show, key.dev);
}

/* The kernel dumps all rules of a switch. */
static bool skip(const struct attrs *object, const void *arg)
{
	struct nlattr *tb[WEFT_A_RULE_MAX + 1];
	const struct rule_key *key = arg;

	if (attrs_parse(object, tb, WEFT_A_RULE_MAX))
		return true;
	return key->vni && (!tb[WEFT_A_RULE_VNI] ||
			    nla_get_u32(tb[WEFT_A_RULE_VNI]) != key->vni);
}

static int rule_show(struct args *args)
{
	struct rule_key key;
	struct show show = {
		.cmd = WEFT_CMD_RULE_GET,
		.attr = WEFT_A_RULE,
		.names = { WEFT_A_RULE_VNI, WEFT_A_RULE_PREF },
		.print = rule_print,
		.skip = skip,
		.arg = &key,
	};

	return take_keys(args, &key) ?: show_objects(&show, key.dev);
}

static const struct command commands[] = {
	{ "add", rule_add },
	{ "replace", rule_replace },
	{ "del", rule_del },
	{ "get", rule_get },
	{ "load", rule_load },
	{ "flush", rule_flush },
	{ "show", rule_show },
	{ "list", rule_show },
	{}
};

const struct object rule_object = {
	.name = "rule",
	.usage = usage,
	.commands = commands,
};
