// SPDX-License-Identifier: GPL-2.0
/* The words of a rule, to attributes and back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <linux/weft.h>

#include "nl.h"
#include "parse.h"
#include "print.h"
#include "rule.h"

/* --- words to attributes --- */

/* The value of a word, cut in two where there is a separator; @rest is NULL where
 * there is none.
 */
static int take_parts(struct args *args, const char *word, char separator,
		      char *first, size_t size, char **rest)
{
	const char *text;

	if (args_value(args, word, &text))
		return FAIL_USAGE;
	snprintf(first, size, "%s", text);
	*rest = strchr(first, separator);
	if (*rest)
		*(*rest)++ = '\0';
	return 0;
}

static int put_mac(struct nl_msg *msg, struct args *args, const char *word,
		   int attr, int mask_attr)
{
	uint8_t mac[ETH_ALEN];
	char copy[64];
	char *slash;

	if (take_parts(args, word, '/', copy, sizeof(copy), &slash))
		return FAIL_USAGE;
	if (parse_mac(copy, mac))
		return FAIL_USAGE;
	nla_put(msg, attr, ETH_ALEN, mac);
	if (!slash)
		return 0;
	if (parse_mac(slash, mac))
		return FAIL_USAGE;
	nla_put(msg, mask_attr, ETH_ALEN, mac);
	return 0;
}

static int put_prefix(struct nl_msg *msg, struct args *args, const char *word,
		      int attr, int len_attr)
{
	struct ip_addr ip = {};
	char copy[64];
	uint32_t len;
	char *slash;

	if (take_parts(args, word, '/', copy, sizeof(copy), &slash))
		return FAIL_USAGE;
	if (parse_ip(copy, &ip))
		return FAIL_USAGE;
	nla_put(msg, attr, ip.len, ip.data);
	if (!slash)
		return 0;
	if (parse_number(slash, "prefix length", 0, 8 * ip.len, &len))
		return FAIL_USAGE;
	nla_put_u8(msg, len_attr, len);
	return 0;
}

static int put_range(struct nl_msg *msg, struct args *args, const char *word,
		     int attr, int max_attr)
{
	uint32_t low, high;
	char copy[32];
	char *dash;

	if (take_parts(args, word, '-', copy, sizeof(copy), &dash))
		return FAIL_USAGE;
	if (parse_number(copy, word, 0, UINT16_MAX, &low))
		return FAIL_USAGE;
	nla_put_u16(msg, attr, low);
	if (!dash)
		return 0;
	if (parse_number(dash, word, 0, UINT16_MAX, &high))
		return FAIL_USAGE;
	nla_put_u16(msg, max_attr, high);
	return 0;
}

/* "syn,ack"; nothing is no flag */
static int parse_flags(char *text, uint8_t *flags)
{
	char *name, *rest = NULL;
	int flag;

	*flags = 0;
	for (name = strtok_r(text, ",", &rest); name;
	     name = strtok_r(NULL, ",", &rest)) {
		flag = numbers_find(&tcp_flag_numbers, name);
		if (flag < 0)
			return error("\"%s\" is not a TCP flag (fin, syn, rst, psh, ack, urg, ece, cwr)",
				     name);
		*flags |= flag;
	}
	return 0;
}

static int put_tcp_flags(struct nl_msg *msg, struct args *args)
{
	uint8_t flags, mask;
	char copy[128];
	char *slash;

	if (take_parts(args, "tcp-flags", '/', copy, sizeof(copy), &slash))
		return FAIL_USAGE;
	if (parse_flags(copy, &flags) || (slash && parse_flags(slash, &mask)))
		return FAIL_USAGE;
	nla_put_u8(msg, WEFT_A_RULE_TCP_FLAGS, flags);
	if (slash)
		nla_put_u8(msg, WEFT_A_RULE_TCP_FLAGS_MASK, mask);
	return 0;
}

static int put_enum(struct nl_msg *msg, struct args *args, const char *word,
		    const struct words *words, int attr)
{
	const char *text;
	uint32_t value;

	if (args_value(args, word, &text) ||
	    parse_enum(text, word, words, &value))
		return FAIL_USAGE;
	nla_put_u32(msg, attr, value);
	return 0;
}

static int put_rate(struct nl_msg *msg, struct args *args)
{
	const char *text;
	uint64_t rate;

	if (args_value(args, "rate", &text) ||
	    parse_rate(text, "rate", &rate))
		return FAIL_USAGE;
	nla_put_u64(msg, WEFT_A_RULE_RATE, rate);
	return 0;
}

static int put_burst(struct nl_msg *msg, struct args *args)
{
	uint32_t burst;

	if (args_number(args, "burst", 0, UINT32_MAX, &burst))
		return FAIL_USAGE;
	nla_put_u32(msg, WEFT_A_RULE_BURST, burst);
	return 0;
}

/* How what is allowed goes. */
static int put_how(struct nl_msg *msg, struct args *args, const char *word)
{
	if (!strcmp(word, "path"))
		return put_enum(msg, args, word, &via_words, WEFT_A_RULE_VIA);
	if (!strcmp(word, "class"))
		return put_enum(msg, args, word, &class_words,
				WEFT_A_RULE_CLASS);
	if (!strcmp(word, "require"))
		return put_enum(msg, args, word, &require_words,
				WEFT_A_RULE_REQUIRE);
	if (!strcmp(word, "rate"))
		return put_rate(msg, args);
	return put_burst(msg, args);
}

/* A word whose value is a number of one byte or two. */
static int put_number(struct nl_msg *msg, struct args *args, const char *word)
{
	const struct {
		const char *word;
		uint32_t max;
		int attr;
		bool wide;
	} *field, fields[] = {
		{ "vlan", WEFT_VID_MAX, WEFT_A_RULE_VID, true },
		{ "prio", 7, WEFT_A_RULE_PRIO },
		{ "dscp", 63, WEFT_A_RULE_DSCP },
		{ "vf", UINT16_MAX, WEFT_A_RULE_VF, true },
	};
	uint32_t value;

	for (field = fields; field < fields + ARRAY_SIZE(fields); field++) {
		if (strcmp(field->word, word))
			continue;
		if (args_number(args, word, 0, field->max, &value))
			return FAIL_USAGE;
		if (field->wide)
			nla_put_u16(msg, field->attr, value);
		else
			nla_put_u8(msg, field->attr, value);
		return 0;
	}
	return args_unknown(args, word);
}

static int put_ip_word(struct nl_msg *msg, struct args *args,
		       const char *word)
{
	uint32_t value;

	if (!strcmp(word, "from"))
		return put_prefix(msg, args, word, WEFT_A_RULE_FROM,
				  WEFT_A_RULE_FROM_LEN);
	if (!strcmp(word, "to"))
		return put_prefix(msg, args, word, WEFT_A_RULE_TO,
				  WEFT_A_RULE_TO_LEN);
	if (!strcmp(word, "sport"))
		return put_range(msg, args, word, WEFT_A_RULE_SPORT,
				 WEFT_A_RULE_SPORT_MAX);
	if (!strcmp(word, "dport"))
		return put_range(msg, args, word, WEFT_A_RULE_DPORT,
				 WEFT_A_RULE_DPORT_MAX);
	if (!strcmp(word, "frag"))
		return put_enum(msg, args, word, &frag_words,
				WEFT_A_RULE_FRAG);
	if (!strcmp(word, "tcp-flags"))
		return put_tcp_flags(msg, args);
	if (strcmp(word, "proto"))
		return put_number(msg, args, word);
	if (args_proto(args, &value))
		return FAIL_USAGE;
	nla_put_u8(msg, WEFT_A_RULE_PROTO, value);
	return 0;
}

/**
 * rule_put_word - add what a word of a rule means to its nest
 * @msg: the request
 * @args: the value comes from here
 * @word: the word just read
 *
 * Return: 0 or FAIL_USAGE
 */
int rule_put_word(struct nl_msg *msg, struct args *args, const char *word)
{
	uint32_t value;

	if (!strcmp(word, "action"))
		return put_enum(msg, args, word, &action_words,
				WEFT_A_RULE_ACTION);
	if (!strcmp(word, "path") || !strcmp(word, "class") ||
	    !strcmp(word, "require") || !strcmp(word, "rate") ||
	    !strcmp(word, "burst"))
		return put_how(msg, args, word);
	if (!strcmp(word, "src"))
		return put_mac(msg, args, word, WEFT_A_RULE_SRC,
			       WEFT_A_RULE_SRC_MASK);
	if (!strcmp(word, "dst"))
		return put_mac(msg, args, word, WEFT_A_RULE_DST,
			       WEFT_A_RULE_DST_MASK);
	if (!strcmp(word, "cast"))
		return put_enum(msg, args, word, &cast_words,
				WEFT_A_RULE_CAST);
	if (!strcmp(word, "untagged"))
		return nla_put_flag(msg, WEFT_A_RULE_UNTAGGED);
	if (!strcmp(word, "port")) {
		if (args_dev(args, word, &value))
			return FAIL_USAGE;
		nla_put_u32(msg, WEFT_A_RULE_PORT, value);
		return 0;
	}
	if (strcmp(word, "type"))
		return put_ip_word(msg, args, word);
	if (args_type(args, &value))
		return FAIL_USAGE;
	nla_put_u16(msg, WEFT_A_RULE_TYPE, htons(value));
	return 0;
}

/* --- attributes to words --- */

static void print_mac(const char *word, const char *mask_key,
		      const struct nlattr *attr, const struct nlattr *mask)
{
	char text[64];
	int len;

	if (!attr)
		return;
	len = snprintf(text, sizeof(text), "%s", format_mac(attr));
	if (mask && !opt.json)
		snprintf(text + len, sizeof(text) - len, "/%s",
			 format_mac(mask));
	print_string(word, text);
	if (mask)
		print_json_string(mask_key, format_mac(mask));
}

static void print_prefix(const char *word, const struct nlattr *attr,
			 const struct nlattr *len)
{
	char text[64];

	if (!attr || !len)
		return;
	if (nla_get_u8(len) == 8 * nla_len(attr))
		snprintf(text, sizeof(text), "%s", format_ip(attr));
	else
		snprintf(text, sizeof(text), "%s/%u", format_ip(attr),
			 nla_get_u8(len));
	print_string(word, text);
}

static void print_range(const char *word, const struct nlattr *low,
			const struct nlattr *high)
{
	char text[16];

	if (!low || !high)
		return;
	if (nla_get_u16(low) == nla_get_u16(high))
		snprintf(text, sizeof(text), "%u", nla_get_u16(low));
	else
		snprintf(text, sizeof(text), "%u-%u", nla_get_u16(low),
			 nla_get_u16(high));
	print_string(word, text);
}

static void print_number(const char *word, const struct numbers *numbers,
			 uint32_t value, const char *format)
{
	const char *name = numbers_get(numbers, value);
	char text[16];

	snprintf(text, sizeof(text), format, value);
	print_string(word, name ?: text);
}

static size_t format_flags(char *text, size_t size, uint8_t flags)
{
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	for (i = 0; i < 8; i++)
		if (flags & 1 << i)
			len += snprintf(text + len, size - len, "%s%s",
					len ? "," : "",
					numbers_get(&tcp_flag_numbers,
						    1 << i));
	return len;
}

static void print_flags(const struct nlattr *flags, const struct nlattr *mask)
{
	char text[80];
	size_t len;

	if (!flags || !mask)
		return;
	len = format_flags(text, sizeof(text), nla_get_u8(flags));
	if (nla_get_u8(flags) != nla_get_u8(mask)) {
		text[len++] = '/';
		format_flags(text + len, sizeof(text) - len, nla_get_u8(mask));
	}
	print_string("tcp-flags", text);
}

static void print_ethernet(struct nlattr **tb)
{
	print_mac("src", "src_mask", tb[WEFT_A_RULE_SRC],
		  tb[WEFT_A_RULE_SRC_MASK]);
	print_mac("dst", "dst_mask", tb[WEFT_A_RULE_DST],
		  tb[WEFT_A_RULE_DST_MASK]);
	if (tb[WEFT_A_RULE_CAST])
		print_string("cast", words_get(&cast_words,
			     nla_get_u32(tb[WEFT_A_RULE_CAST])));
	if (tb[WEFT_A_RULE_VID])
		print_uint("vlan", nla_get_u16(tb[WEFT_A_RULE_VID]));
	if (tb[WEFT_A_RULE_PRIO])
		print_uint("prio", nla_get_u8(tb[WEFT_A_RULE_PRIO]));
	if (tb[WEFT_A_RULE_UNTAGGED]) {
		print_word("untagged");
		print_json_bool("untagged", true);
	}
	if (tb[WEFT_A_RULE_TYPE])
		print_number("type", &type_numbers,
			     ntohs(nla_get_u16(tb[WEFT_A_RULE_TYPE])),
			     "0x%04x");
}

static void print_ip(struct nlattr **tb)
{
	print_prefix("from", tb[WEFT_A_RULE_FROM], tb[WEFT_A_RULE_FROM_LEN]);
	print_prefix("to", tb[WEFT_A_RULE_TO], tb[WEFT_A_RULE_TO_LEN]);
	if (tb[WEFT_A_RULE_PROTO])
		print_number("proto", &proto_numbers,
			     nla_get_u8(tb[WEFT_A_RULE_PROTO]), "%u");
	if (tb[WEFT_A_RULE_DSCP])
		print_uint("dscp", nla_get_u8(tb[WEFT_A_RULE_DSCP]));
	if (tb[WEFT_A_RULE_FRAG])
		print_string("frag", words_get(&frag_words,
			     nla_get_u32(tb[WEFT_A_RULE_FRAG])));
	print_range("sport", tb[WEFT_A_RULE_SPORT],
		    tb[WEFT_A_RULE_SPORT_MAX]);
	print_range("dport", tb[WEFT_A_RULE_DPORT],
		    tb[WEFT_A_RULE_DPORT_MAX]);
	print_flags(tb[WEFT_A_RULE_TCP_FLAGS],
		    tb[WEFT_A_RULE_TCP_FLAGS_MASK]);
}

/**
 * rule_print_match - print what a rule matches, in the words of rule add
 * @tb: its attributes
 */
void rule_print_match(struct nlattr **tb)
{
	print_ethernet(tb);
	print_ip(tb);
}
