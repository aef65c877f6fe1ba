// SPDX-License-Identifier: GPL-2.0
/* weft trace: ask the kernel what it would do with a frame, and why */
#include <stdio.h>
#include <string.h>

#include <linux/weft.h>

#include "frame.h"
#include "link.h"
#include "nl.h"
#include "print.h"

static const char usage[] =
"Usage: weft trace dev SWITCH { port DEVICE [ vf N ] | peer ADDRESS vni VNI } FRAME\n"
"\n"
"FRAME := src MAC dst MAC [ vlan VID [ prio NUMBER ] ]\n"
"         [ type { arp | ip | ipv6 | NUMBER } ] [ from ADDRESS to ADDRESS ]\n"
"         [ who-has ADDRESS tell ADDRESS ]\n"
"         [ proto { tcp | udp | icmp | NUMBER } ] [ sport NUMBER ]\n"
"         [ dport NUMBER ] [ ttl NUMBER ] [ tos NUMBER ] [ size BYTES ]\n"
"         [ hex DIGITS ]\n"
"\n"
"Nothing is sent and nothing is learned. With hex alone, the digits are the\n"
"whole frame; else they follow its last header.\n";

/* the frame that was asked about */
static uint8_t frame[WEFT_FRAME_MAX];
static size_t frame_len;

struct trace_words {
	uint32_t dev;
	uint32_t port;
	uint32_t vf;
	bool has_vf;
	uint32_t vni;
	struct ip_addr peer;
	struct frame_spec spec;
};

static int take_word(struct args *args, const char *word,
		     struct trace_words *words)
{
	if (!strcmp(word, "dev"))
		return args_dev(args, word, &words->dev);
	if (!strcmp(word, "port"))
		return args_dev(args, word, &words->port);
	if (!strcmp(word, "vf")) {
		words->has_vf = true;
		return args_number(args, word, 0, UINT16_MAX, &words->vf);
	}
	if (!strcmp(word, "vni"))
		return args_vni(args, &words->vni);
	if (!strcmp(word, "peer"))
		return args_vtep(args, word, &words->peer);
	return frame_take_word(args, word, &words->spec);
}

static int check(struct args *args, const struct trace_words *words)
{
	if (!words->dev)
		return args_missing(args, "\"dev\"");
	if (!words->port && !words->peer.len)
		return args_missing(args, "\"port\" or \"peer\"");
	if (words->has_vf && !words->port)
		return args_missing(args, "\"port\"");
	if (words->port && words->peer.len)
		return error("\"port\" and \"peer\" exclude each other");
	if (words->peer.len && !words->vni)
		return args_missing(args, "\"vni\"");
	return 0;
}

/* The frame, in words that describe it again. */
static void print_frame(void)
{
	char text[2 * WEFT_FRAME_MAX + 1];
	size_t i;

	if (!opt.details)
		return;
	for (i = 0; i < frame_len; i++)
		sprintf(text + 2 * i, "%02x", frame[i]);
	print_word("frame");
	print_word("hex");
	print_string_id("frame", text);
	print_break();
}

static int build(struct args *args, struct nl_msg *msg)
{
	struct trace_words words = {};
	struct nlattr *nest;
	const char *word;
	int err = 0;

	while (!err && (word = args_next(args)))
		err = take_word(args, word, &words);
	err = err ?: check(args, &words);
	err = err ?: frame_build(&words.spec, frame, &frame_len);
	if (err)
		return err;
	nla_put_u32(msg, WEFT_A_DEV, words.dev);
	nest = nla_nest_start(msg, WEFT_A_TRACE);
	if (words.port)
		nla_put_u32(msg, WEFT_A_TRACE_PORT, words.port);
	if (words.has_vf)
		nla_put_u16(msg, WEFT_A_TRACE_VF, words.vf);
	if (words.peer.len)
		nla_put(msg, WEFT_A_TRACE_PEER, words.peer.len,
			words.peer.data);
	if (words.vni)
		nla_put_u32(msg, WEFT_A_TRACE_VNI, words.vni);
	nla_put(msg, WEFT_A_TRACE_FRAME, frame_len, frame);
	return nest_end(msg, nest);
}

/* What a NIC knows. */
static void print_step_nic(struct nlattr **tb)
{
	if (tb[WEFT_A_TRACE_STEP_NIC])
		print_string("nic",
			dev_name(nla_get_u32(tb[WEFT_A_TRACE_STEP_NIC])));
	if (tb[WEFT_A_TRACE_STEP_HW])
		print_string("hw", words_get(&hw_words,
			     nla_get_u32(tb[WEFT_A_TRACE_STEP_HW])));
}

static void print_step_rule(struct nlattr **tb)
{
	if (tb[WEFT_A_TRACE_STEP_PREF])
		print_uint("pref", nla_get_u32(tb[WEFT_A_TRACE_STEP_PREF]));
	if (tb[WEFT_A_TRACE_STEP_ACTION])
		print_string("action", words_get(&action_words,
			     nla_get_u32(tb[WEFT_A_TRACE_STEP_ACTION])));
}

/* What the step is about, in the order in which a packet meets it. */
static void print_step_words(struct nlattr **tb)
{
	if (tb[WEFT_A_TRACE_STEP_PORT])
		print_string("port",
			dev_name(nla_get_u32(tb[WEFT_A_TRACE_STEP_PORT])));
	if (tb[WEFT_A_TRACE_STEP_VF])
		print_uint("vf", nla_get_u16(tb[WEFT_A_TRACE_STEP_VF]));
	if (tb[WEFT_A_TRACE_STEP_PEER])
		print_string("peer", format_ip(tb[WEFT_A_TRACE_STEP_PEER]));
	if (tb[WEFT_A_TRACE_STEP_VID])
		print_uint("vlan", nla_get_u16(tb[WEFT_A_TRACE_STEP_VID]));
	if (tb[WEFT_A_TRACE_STEP_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_TRACE_STEP_VNI]));
	if (tb[WEFT_A_TRACE_STEP_MAC])
		print_string("mac", format_mac(tb[WEFT_A_TRACE_STEP_MAC]));
	if (tb[WEFT_A_TRACE_STEP_STATE])
		print_string("state", words_get(&state_words,
			     nla_get_u32(tb[WEFT_A_TRACE_STEP_STATE])));
	if (tb[WEFT_A_TRACE_STEP_PATH])
		print_string("path", words_get(&path_words,
			     nla_get_u32(tb[WEFT_A_TRACE_STEP_PATH])));
	if (tb[WEFT_A_TRACE_STEP_REASON])
		print_string("reason", words_get(&drop_words,
			     nla_get_u32(tb[WEFT_A_TRACE_STEP_REASON])));
}

static void print_step(struct nlattr *object)
{
	struct nlattr *tb[WEFT_A_TRACE_STEP_MAX + 1];

	if (nla_parse_nested(tb, WEFT_A_TRACE_STEP_MAX, object, NULL))
		return;
	print_nest_open(NULL);
	if (tb[WEFT_A_TRACE_STEP_STEP])
		print_string_id("step", words_get(&step_words,
				nla_get_u32(tb[WEFT_A_TRACE_STEP_STEP])));
	print_step_nic(tb);
	print_step_rule(tb);
	print_step_words(tb);
	print_nest_close();
	print_break();
}

static void print_decision(struct nlattr **tb)
{
	uint32_t path = WEFT_PATH_DROP, reason = WEFT_DROP_REASON_NONE;

	if (tb[WEFT_A_TRACE_PATH])
		path = nla_get_u32(tb[WEFT_A_TRACE_PATH]);
	if (tb[WEFT_A_TRACE_REASON])
		reason = nla_get_u32(tb[WEFT_A_TRACE_REASON]);
	print_word("decision");
	print_string("path", words_get(&path_words, path));
	if (opt.json || reason != WEFT_DROP_REASON_NONE)
		print_string("reason", words_get(&drop_words, reason));
	if (tb[WEFT_A_TRACE_TRUNCATED])
		print_word("truncated");
	print_json_bool("truncated", tb[WEFT_A_TRACE_TRUNCATED]);
}

static void print_trace(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *trace[WEFT_A_TRACE_MAX + 1];
	struct nlattr *tb[WEFT_A_MAX + 1];
	struct nlattr *attr;
	int rem;

	(void)arg;
	if (weft_parse(nlh, tb) || !tb[WEFT_A_TRACE] ||
	    nla_parse_nested(trace, WEFT_A_TRACE_MAX, tb[WEFT_A_TRACE], NULL))
		return;
	print_list_open();
	print_open();
	print_frame();
	print_array_open("steps");
	nla_for_each_nested(attr, tb[WEFT_A_TRACE], rem)
		if (nla_type(attr) == WEFT_A_TRACE_STEP)
			print_step(attr);
	print_nest_close();
	print_decision(trace);
	print_close();
	print_list_close();
}

static int trace(struct args *args)
{
	return weft_request(WEFT_CMD_TRACE_GET, 0, args, build, print_trace,
			    NULL);
}

const struct object trace_object = {
	.name = "trace",
	.usage = usage,
	.run = trace,
};
