// SPDX-License-Identifier: GPL-2.0
/* Text and JSON from one path. Objects are printed when they are complete. */
#define _GNU_SOURCE	/* a million entries: output without locking */
#include <arpa/inet.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>
#include <linux/weft.h>

#include "print.h"
#include "words.h"
#include "weft.h"

#define DEPTH_MAX	8

/* JSON: the object being built, and what is open inside it */
static json_t *stack[DEPTH_MAX];
static int depth;
/* JSON: a list is open; it has elements */
static bool in_list, in_list_more;
/* text: the line has words */
static bool in_line;

void print_list_open(void)
{
	if (!opt.json)
		return;
	in_list = true;
	in_list_more = false;
	putchar('[');
}

void print_list_close(void)
{
	if (!opt.json)
		return;
	in_list = false;
	puts("]");
}

void print_open(void)
{
	if (opt.json)
		stack[depth = 0] = json_object();
}

static int json_write(const char *text, size_t len, void *arg)
{
	(void)arg;
	return fwrite_unlocked(text, 1, len, stdout) == len ? 0 : -1;
}

static void json_flush(json_t *object)
{
	if (in_list && in_list_more)
		putchar(',');
	in_list_more = true;
	json_dump_callback(object, json_write, NULL,
			   opt.pretty ? JSON_INDENT(4) : JSON_COMPACT);
	if (!in_list)
		putchar('\n');
	json_decref(object);
}

void print_close(void)
{
	if (opt.json) {
		json_flush(stack[0]);
		return;
	}
	print_break();
}

/* Add @value, whose reference it takes, to what is open. */
static void json_add(const char *word, json_t *value)
{
	json_t *parent = stack[depth];
	char key[64];
	size_t i;

	if (json_is_array(parent)) {
		json_array_append_new(parent, value);
		return;
	}
	for (i = 0; word[i] && i < sizeof(key) - 1; i++)
		key[i] = word[i] == '-' ? '_' : word[i];
	key[i] = '\0';
	json_object_set_new_nocheck(parent, key, value);
}

static void nest_open(const char *key, json_t *nest)
{
	assert(depth < DEPTH_MAX - 1);
	json_add(key, nest);
	stack[++depth] = nest;
}

void print_nest_open(const char *key)
{
	if (opt.json)
		nest_open(key, json_object());
}

void print_array_open(const char *key)
{
	if (opt.json)
		nest_open(key, json_array());
}

void print_nest_close(void)
{
	if (opt.json)
		depth--;
}

void print_line(void)
{
	if (opt.json)
		return;
	fputs("\n   ", stdout);
	in_line = true;
}

void print_break(void)
{
	if (opt.json)
		return;
	putchar('\n');
	in_line = false;
}

void print_word(const char *word)
{
	if (opt.json)
		return;
	if (in_line)
		putchar_unlocked(' ');
	in_line = true;
	fputs_unlocked(word, stdout);
}

static void print_number_word(uint64_t value)
{
	char text[24];
	char *p = text + sizeof(text) - 1;

	*p = '\0';
	do {
		*--p = '0' + value % 10;
		value /= 10;
	} while (value);
	print_word(p);
}

void print_string_id(const char *key, const char *value)
{
	print_word(value);
	print_json_string(key, value);
}

void print_uint_id(const char *key, uint64_t value)
{
	if (opt.json)
		print_json_uint(key, value);
	else
		print_number_word(value);
}

void print_string(const char *word, const char *value)
{
	print_word(word);
	print_string_id(word, value);
}

void print_uint(const char *word, uint64_t value)
{
	print_word(word);
	print_uint_id(word, value);
}

void print_rate(const char *word, uint64_t rate)
{
	unsigned int unit = 0;
	char text[32];

	if (opt.json) {
		print_uint(word, rate);
		return;
	}
	while (unit < rate_units.count - 1 && rate && !(rate % 1000)) {
		rate /= 1000;
		unit++;
	}
	snprintf(text, sizeof(text), "%llu%s", (unsigned long long)rate,
		 rate_units.words[unit]);
	print_string(word, text);
}

void print_on_off(const char *word, bool on)
{
	print_word(word);
	print_word(on ? "on" : "off");
	print_json_bool(word, on);
}

void print_json_bool(const char *key, bool value)
{
	if (opt.json)
		json_add(key, json_boolean(value));
}

void print_json_uint(const char *key, uint64_t value)
{
	if (opt.json)
		json_add(key, json_integer(value));
}

void print_json_string(const char *key, const char *value)
{
	if (opt.json)
		json_add(key, json_string(value) ?: json_string("?"));
}

/* An address of 4 or 16 bytes. */
const char *format_ip(const struct nlattr *attr)
{
	static char text[INET6_ADDRSTRLEN];
	int len = nla_len(attr);

	if (len == 6)
		return format_mac(attr);
	if (len != 4 && len != 16)
		return "?";
	return inet_ntop(len == 4 ? AF_INET : AF_INET6, nla_data(attr), text,
			 sizeof(text));
}

const char *format_mac(const struct nlattr *attr)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *mac = nla_data(attr);
	static char text[18];
	int i;

	if (nla_len(attr) != 6)
		return "?";
	for (i = 0; i < 6; i++) {
		text[3 * i] = digit[mac[i] >> 4];
		text[3 * i + 1] = digit[mac[i] & 15];
		text[3 * i + 2] = i < 5 ? ':' : '\0';
	}
	return text;
}

static void print_totals(const char *name, const struct nlattr *attr)
{
	static const char *const words[WEFT_A_STATS_MAX + 1] = {
		[WEFT_A_STATS_RX_PACKETS] = "rx_packets",
		[WEFT_A_STATS_RX_BYTES] = "rx_bytes",
		[WEFT_A_STATS_TX_PACKETS] = "tx_packets",
		[WEFT_A_STATS_TX_BYTES] = "tx_bytes",
		[WEFT_A_STATS_DROPS] = "drops",
	};
	struct nlattr *tb[WEFT_A_STATS_MAX + 1];
	unsigned int i;

	if (nla_parse_nested(tb, WEFT_A_STATS_MAX, (struct nlattr *)attr,
			     NULL))
		return;
	print_nest_open(name);
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i] && tb[i])
			print_uint(words[i], nla_get_u64(tb[i]));
	print_nest_close();
}

/* Counters, nested; in text on a line of their own. */
void print_stats(const struct nlattr *attr)
{
	if (!attr)
		return;
	print_line();
	print_totals("stats", attr);
}

/* Has any of them counted? */
static bool counted(const struct nlattr *attr)
{
	struct nlattr *one;
	int rem;

	nla_for_each_nested(one, (struct nlattr *)attr, rem)
		if (nla_len(one) == sizeof(uint64_t) && nla_get_u64(one))
			return true;
	return false;
}

/* Those of something rare, likewise, with a word before them; in text if there
 * were any.
 */
void print_more_stats(const char *name, const struct nlattr *attr)
{
	if (!attr || (!opt.json && !counted(attr)))
		return;
	print_line();
	print_word(name);
	print_totals(name, attr);
}
