// SPDX-License-Identifier: GPL-2.0
/* The words of the enumerations, those of the netlink specification. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <linux/weft.h>
#include <linux/weft_link.h>

#include "weft.h"
#include "words.h"

/* @last is the header's last value: a table that lacks one does not build. */
#define WORDS(name, last, ...)						\
	static const char *const name##_table[] = { __VA_ARGS__ };	\
	static_assert(ARRAY_SIZE(name##_table) == (last) + 1,		\
		      "the words of " #name " and the header differ");	\
	const struct words name##_words = {				\
		.count = ARRAY_SIZE(name##_table),			\
		.words = name##_table,					\
	}

WORDS(encap, WEFT_ENCAP_FENCE, "vxlan", "geneve", "nvgre", "fence");

WORDS(state, WEFT_STATE_STATIC, "learned", "controller", "static");

WORDS(path, WEFT_PATH_VEPA,
	"drop", "port", "host", "tunnel", "flood", "suppress", "local", "pmtu",
	"vepa");

WORDS(link_state, WEFT_LINK_STATE_UP,
	"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant",
	"up");

WORDS(way, WEFT_WAY_NIC_ENTRY,
	"port", "vf", "host", "tunnel", "vepa", "returned", "nic-inside",
	"nic-out", "nic-in", "nic-denied", "nic-miss", "nic-judge",
	"nic-many", "nic-entry");

WORDS(drop, WEFT_DROP_REASON_NOT_ENCRYPTED,
	"none", "short-frame", "bad-source-mac", "no-segment", "source-check",
	"source-conflict", "no-port", "same-port", "isolated",
	"split-horizon", "unknown-unicast", "no-listener", "mtu", "no-route",
	"route-loop", "no-local-address", "tx-error", "no-memory",
	"tunnel-header", "tunnel-flags", "unknown-vni", "not-uplink",
	"wrong-vtep", "unknown-peer", "own-source", "bad-source-vtep", "ecn",
	"encap-mismatch", "link-local", "recursion", "tunnel-option",
	"tunnel-control", "ipsec-policy", "fragment", "fragment-duplicate",
	"fragment-timeout", "fragment-limit", "denied", "unjudgeable",
	"no-relay", "echo", "rate", "not-encrypted");

WORDS(step, WEFT_STEP_RETURNED,
	"ingress", "segment", "source", "learn", "learn-refused", "suppress",
	"lookup", "miss", "flood", "egress", "skip", "drop", "nic",
	"rule", "returned");

WORDS(action, WEFT_ACTION_DENY, "allow", "deny");

WORDS(require, WEFT_REQUIRE_ENCRYPTION, "none", "encryption");

WORDS(class, WEFT_CLASS_LATENCY, "none", "bulk", "latency");

static const char *const units[] = { "bit", "kbit", "mbit", "gbit" };

const struct words rate_units = { ARRAY_SIZE(units), units };

WORDS(vepa, WEFT_VEPA_REST, "off", "on", "rest");

WORDS(via, WEFT_VIA_VEB, "any", "vswitch", "vepa", "veb");

WORDS(cast, WEFT_CAST_BROADCAST, "unicast", "multicast", "broadcast");

WORDS(frag, WEFT_FRAG_LATER, "none", "any", "first", "later");

WORDS(event, WEFT_EVENT_TYPE_NIC_RULES,
	"moved", "limit", "conflict", "nic-lost", "nic-begin", "nic-end",
	"nic-full", "nic-in", "nic-out", "nic-rules");

WORDS(hw, WEFT_HW_RULED,
	"pending", "present", "full", "no-segment", "no-mac", "host",
	"refused", "cold", "encap", "ruled");

/* by bit */
WORDS(feature, 12,
	"vxlan", "geneve", "nvgre", "ipv6", "csum", "tso", "lro", "vf-rate",
	"vf-spoofchk", "hits", "rules", "vf-judged", "groups");

WORDS(df, WEFT_DF_INHERIT, "unset", "set", "inherit");

WORDS(fastpath, WEFT_FASTPATH_OFF, "auto", "on", "off");

WORDS(sources, WEFT_SOURCES_KNOWN, "any", "known");

#define NUMBERS(name, ...)						\
	static const struct named name##_table[] = { __VA_ARGS__ };	\
	const struct numbers name##_numbers = {				\
		.count = ARRAY_SIZE(name##_table),			\
		.named = name##_table,					\
	}

NUMBERS(type, { "arp", 0x0806 }, { "ip", 0x0800 }, { "ipv6", 0x86dd });

NUMBERS(proto, { "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "icmpv6", 58 },
	{ "sctp", 132 }, { "dccp", 33 }, { "udplite", 136 });

NUMBERS(tcp_flag, { "fin", 1 }, { "syn", 2 }, { "rst", 4 }, { "psh", 8 },
	{ "ack", 16 }, { "urg", 32 }, { "ece", 64 }, { "cwr", 128 });

/* The name of a number, NULL if it has none. */
const char *numbers_get(const struct numbers *numbers, uint32_t number)
{
	unsigned int i;

	for (i = 0; i < numbers->count; i++)
		if (numbers->named[i].number == number)
			return numbers->named[i].name;
	return NULL;
}

/* The number that has a name, -1 if none has. */
int numbers_find(const struct numbers *numbers, const char *name)
{
	unsigned int i;

	for (i = 0; i < numbers->count; i++)
		if (!strcmp(numbers->named[i].name, name))
			return numbers->named[i].number;
	return -1;
}

/* The word of a value; of one that a newer kernel may know, its number. */
const char *words_get(const struct words *words, uint32_t value)
{
	static char number[11];

	if (value < words->count)
		return words->words[value];
	snprintf(number, sizeof(number), "%u", value);
	return number;
}

/* The value of a word, -1 if there is no such word. */
int words_find(const struct words *words, const char *word)
{
	unsigned int i;

	for (i = 0; i < words->count; i++)
		if (!strcmp(words->words[i], word))
			return i;
	return -1;
}

/* "a, b, c" for messages. */
void words_list(const struct words *words, char *text, size_t size)
{
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	for (i = 0; i < words->count && len < size; i++)
		len += snprintf(text + len, size - len, "%s%s",
				i ? ", " : "", words->words[i]);
}
