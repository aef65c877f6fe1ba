// SPDX-License-Identifier: GPL-2.0
/* Words of the command line to values, strictly and with a message. */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <linux/weft.h>

#include "link.h"
#include "parse.h"

/* The next word, NULL at the end. */
const char *args_next(struct args *args)
{
	if (!args->argc)
		return NULL;
	args->argc--;
	return *args->argv++;
}

/* Take the next word if it is @word. */
bool args_take(struct args *args, const char *word)
{
	if (!args->argc || strcmp(args->argv[0], word))
		return false;
	args_next(args);
	return true;
}

/* The word after @word, which must be there. */
int args_value(struct args *args, const char *word, const char **value)
{
	*value = args_next(args);
	if (!*value)
		return error("\"%s\" needs a value, try \"weft %s help\"",
			     word, args->object);
	return 0;
}

int args_unknown(struct args *args, const char *word)
{
	return error("unknown word \"%s\", try \"weft %s help\"", word,
		     args->object);
}

int args_missing(struct args *args, const char *what)
{
	return error("%s is missing, try \"weft %s help\"", what,
		     args->object);
}

int args_end(struct args *args)
{
	return args->argc ? args_unknown(args, args->argv[0]) : 0;
}

int parse_number(const char *text, const char *what, uint32_t min,
		 uint32_t max, uint32_t *value)
{
	unsigned long long n;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)text[0]) || *end || errno || n < min ||
	    n > max)
		return error("\"%s\" is not a valid %s (%u to %u)", text, what,
			     min, max);
	*value = n;
	return 0;
}

int parse_vni(const char *text, uint32_t *vni)
{
	return parse_number(text, "VNI", 1, WEFT_VNI_MAX, vni);
}

int parse_vid(const char *text, uint32_t *vid)
{
	return parse_number(text, "VLAN", 0, WEFT_VID_MAX, vid);
}

int parse_on_off(const char *text, const char *what, bool *on)
{
	*on = !strcmp(text, "on");
	if (!*on && strcmp(text, "off"))
		return error("\"%s\" is not a valid %s (on or off)", text,
			     what);
	return 0;
}

int parse_enum(const char *text, const char *what, const struct words *words,
	       uint32_t *value)
{
	char list[256];
	int n;

	n = words_find(words, text);
	if (n < 0) {
		words_list(words, list, sizeof(list));
		return error("\"%s\" is not a valid %s (%s)", text, what,
			     list);
	}
	*value = n;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int parse_mac(const char *text, uint8_t mac[ETH_ALEN])
{
	const char *p = text;
	int high, low, i;

	for (i = 0; i < ETH_ALEN; i++) {
		high = hex_digit(p[0]);
		low = high < 0 ? -1 : hex_digit(p[1]);
		if (low < 0 || p[2] != (i < ETH_ALEN - 1 ? ':' : '\0'))
			return error("\"%s\" is not a MAC address", text);
		mac[i] = high << 4 | low;
		p += 3;
	}
	return 0;
}

int parse_ip(const char *text, struct ip_addr *ip)
{
	if (inet_pton(AF_INET, text, ip->data) == 1)
		ip->len = 4;
	else if (inet_pton(AF_INET6, text, ip->data) == 1)
		ip->len = 16;
	else
		return error("\"%s\" is not an IP address", text);
	return 0;
}

/* An address of the underlay: one of IP, or a MAC address, which alone has as
 * many colons
 */
int parse_vtep(const char *text, struct ip_addr *ip)
{
	unsigned int colons = 0;
	const char *p;

	for (p = text; *p; p++)
		colons += *p == ':';
	if (colons != ETH_ALEN - 1 || strstr(text, "::"))
		return parse_ip(text, ip);
	ip->len = ETH_ALEN;
	return parse_mac(text, ip->data);
}

/* As many digits as make a number up to @max, and then @end */
static const char *fence_part(const char *text, unsigned int max, char end,
			      unsigned int *value)
{
	const char *p = text;

	for (*value = 0; isdigit((unsigned char)*p) && *value <= max; p++)
		*value = *value * 10 + *p - '0';
	return p > text && *value <= max && *p == end ? p + 1 : NULL;
}

/* An OUI, the number of an installation, and that of a host in it: what a
 * fence address consists of.
 */
int parse_fence(const char *text, uint8_t mac[ETH_ALEN])
{
	unsigned int installation, host;
	const char *p = text;
	int high, low, i;

	for (i = 0; i < 3; i++) {
		high = hex_digit(p[0]);
		low = high < 0 ? -1 : hex_digit(p[1]);
		if (low < 0 || p[2] != (i < 2 ? ':' : '/')) {
			p = NULL;
			break;
		}
		mac[i] = high << 4 | low;
		p += 3;
	}
	p = p ? fence_part(p, UINT8_MAX, '/', &installation) : NULL;
	if (!p || !fence_part(p, UINT16_MAX, '\0', &host))
		return error("\"%s\" is not a fence address (OUI/INSTALLATION/HOST)",
			     text);
	mac[3] = installation;
	mac[4] = host >> 8;
	mac[5] = host;
	return 0;
}

/* Bits a second, as tc writes them: 500kbit, 10mbit, 1gbit */
int parse_rate(const char *text, const char *what, uint64_t *rate)
{
	unsigned long long n;
	uint64_t unit = 1;
	unsigned int i;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	for (i = 0; i < rate_units.count; i++)
		if (!strcmp(rate_units.words[i], end))
			break;
	if (!isdigit((unsigned char)text[0]) || errno ||
	    i == rate_units.count)
		return error("\"%s\" is not a valid %s (such as 500kbit, 10mbit, 1gbit)",
			     text, what);
	while (i--)
		unit *= 1000;
	if (n > WEFT_RATE_MAX / unit)
		return error("\"%s\" is more than the highest %s, 1000gbit",
			     text, what);
	*rate = n * unit;
	return 0;
}

/* Bytes as hexadecimal digits; colons and dots between bytes are allowed. */
int parse_hex(const char *text, uint8_t *data, size_t size, size_t *len)
{
	const char *p = text;
	int high, low;

	for (*len = 0; *p; (*len)++) {
		if (*len && (*p == ':' || *p == '.'))
			p++;
		high = hex_digit(p[0]);
		low = high < 0 ? -1 : hex_digit(p[1]);
		if (low < 0)
			return error("\"%s\" is not hexadecimal bytes", text);
		if (*len == size)
			return error("more than %zu hexadecimal bytes", size);
		data[*len] = high << 4 | low;
		p += 2;
	}
	return 0;
}

int args_number(struct args *args, const char *word, uint32_t min,
		uint32_t max, uint32_t *value)
{
	const char *text;

	return args_value(args, word, &text) ?:
	       parse_number(text, word, min, max, value);
}

int args_vni(struct args *args, uint32_t *vni)
{
	const char *text;

	return args_value(args, "vni", &text) ?: parse_vni(text, vni);
}

int args_vid(struct args *args, uint32_t *vid)
{
	const char *text;

	return args_value(args, "vlan", &text) ?: parse_vid(text, vid);
}

int args_on_off(struct args *args, const char *word, bool *on)
{
	const char *text;

	return args_value(args, word, &text) ?: parse_on_off(text, word, on);
}

int args_mac(struct args *args, const char *word, uint8_t mac[ETH_ALEN])
{
	const char *text;

	return args_value(args, word, &text) ?: parse_mac(text, mac);
}

int args_ip(struct args *args, const char *word, struct ip_addr *ip)
{
	const char *text;

	return args_value(args, word, &text) ?: parse_ip(text, ip);
}

int args_vtep(struct args *args, const char *word, struct ip_addr *ip)
{
	const char *text;

	return args_value(args, word, &text) ?: parse_vtep(text, ip);
}

/* A name, or a number that need have none */
static int args_named(struct args *args, const char *word,
		      const struct numbers *numbers, uint32_t min,
		      uint32_t max, uint32_t *value)
{
	const char *text;
	int number;

	if (args_value(args, word, &text))
		return FAIL_USAGE;
	number = numbers_find(numbers, text);
	if (number < 0)
		return parse_number(text, word, min, max, value);
	*value = number;
	return 0;
}

int args_type(struct args *args, uint32_t *type)
{
	/* what is less is a length */
	return args_named(args, "type", &type_numbers, 0x600, UINT16_MAX,
			  type);
}

int args_proto(struct args *args, uint32_t *proto)
{
	return args_named(args, "proto", &proto_numbers, 1, UINT8_MAX, proto);
}

int args_dev(struct args *args, const char *word, uint32_t *ifindex)
{
	const char *text;

	return args_value(args, word, &text) ?: dev_index(text, ifindex);
}
