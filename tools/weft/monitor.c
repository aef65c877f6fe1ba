// SPDX-License-Identifier: GPL-2.0
/* weft monitor: print what changes and what happens */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <netlink/genl/ctrl.h>

#include <linux/weft.h>

#include "link.h"
#include "objects.h"
#include "parse.h"
#include "print.h"

static const char usage[] =
"Usage: weft monitor [ config ] [ map ] [ events ] [ dev SWITCH ]\n"
"\n"
"Without config, map or events, all of it is printed.\n";

/* Much can happen while a line is printed. */
#define RECEIVE_BUFFER	(4 << 20)

static const char *const groups[] = {
	WEFT_MCGRP_CONFIG, WEFT_MCGRP_MAP, WEFT_MCGRP_EVENTS,
};

/**
 * struct notification - what a notification is about
 * @object: first word of its line
 * @deleted: it is gone
 * @attr: nest that holds it
 * @print: prints it
 */
struct notification {
	const char *object;
	bool deleted;
	int attr;
	void (*print)(uint32_t dev, const struct attrs *object);
};

static const struct notification notifications[] = {
	[WEFT_CMD_SEGMENT_NTF] = { "segment", false, WEFT_A_SEGMENT,
				   segment_print },
	[WEFT_CMD_SEGMENT_DEL_NTF] = { "segment", true, WEFT_A_SEGMENT,
				       segment_print },
	[WEFT_CMD_PORT_NTF] = { "port", false, WEFT_A_PORT, port_print },
	[WEFT_CMD_PORT_DEL_NTF] = { "port", true, WEFT_A_PORT, port_print },
	[WEFT_CMD_PEER_NTF] = { "peer", false, WEFT_A_PEER, peer_print },
	[WEFT_CMD_PEER_DEL_NTF] = { "peer", true, WEFT_A_PEER, peer_print },
	[WEFT_CMD_MAP_NTF] = { "map", false, WEFT_A_MAP, map_print },
	[WEFT_CMD_MAP_DEL_NTF] = { "map", true, WEFT_A_MAP, map_print },
	[WEFT_CMD_NEIGH_NTF] = { "neigh", false, WEFT_A_NEIGH, neigh_print },
	[WEFT_CMD_NEIGH_DEL_NTF] = { "neigh", true, WEFT_A_NEIGH,
				     neigh_print },
	[WEFT_CMD_RULE_NTF] = { "rule", false, WEFT_A_RULE, rule_print },
	[WEFT_CMD_RULE_DEL_NTF] = { "rule", true, WEFT_A_RULE, rule_print },
	[WEFT_CMD_RULES_NTF] = { "rules", false, WEFT_A_RULES, rules_print },
	[WEFT_CMD_EVENT_NTF] = { "event", false, WEFT_A_EVENT, event_print },
};

static void print_dst(const char *word, struct nlattr *dst)
{
	if (!dst)
		return;
	print_word(word);
	print_nest_open(word);
	dst_print(dst);
	print_nest_close();
}

/**
 * event_print - print an event
 * @dev: interface index of its switch
 * @object: its attributes
 */
void event_print(uint32_t dev, const struct attrs *object)
{
	struct nlattr *tb[WEFT_A_EVENT_MAX + 1];

	if (attrs_parse(object, tb, WEFT_A_EVENT_MAX))
		return;
	if (tb[WEFT_A_EVENT_TYPE])
		print_string_id("type", words_get(&event_words,
				nla_get_u32(tb[WEFT_A_EVENT_TYPE])));
	if (tb[WEFT_A_EVENT_MAC])
		print_string_id("mac", format_mac(tb[WEFT_A_EVENT_MAC]));
	if (tb[WEFT_A_EVENT_VNI])
		print_uint("vni", nla_get_u32(tb[WEFT_A_EVENT_VNI]));
	if (tb[WEFT_A_EVENT_NIC])
		print_string("nic",
			     dev_name(nla_get_u32(tb[WEFT_A_EVENT_NIC])));
	print_string("dev", dev_name(dev));
	if (tb[WEFT_A_EVENT_RATE])
		print_uint("rate", nla_get_u32(tb[WEFT_A_EVENT_RATE]));
	if (tb[WEFT_A_EVENT_PLACED])
		print_uint("placed", nla_get_u32(tb[WEFT_A_EVENT_PLACED]));
	if (tb[WEFT_A_EVENT_WANTED])
		print_uint("wanted", nla_get_u32(tb[WEFT_A_EVENT_WANTED]));
	print_dst("from", tb[WEFT_A_EVENT_FROM]);
	print_dst("to", tb[WEFT_A_EVENT_TO]);
}

/* As ip -timestamp does, but on the same line. */
static void print_time(void)
{
	char text[64], date[32];
	struct timeval now;

	if (!opt.timestamp)
		return;
	gettimeofday(&now, NULL);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S",
		 localtime(&now.tv_sec));
	snprintf(text, sizeof(text), opt.json ? "%s.%06ld" : "[%s.%06ld]",
		 date, (long)now.tv_usec);
	print_string_id("timestamp", text);
}

static void print_notification(struct nlmsghdr *nlh, uint32_t only)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	const struct notification *ntf;
	struct nlattr *tb[WEFT_A_MAX + 1];
	struct attrs object;
	uint32_t dev;

	if (weft_parse(nlh, tb) || !tb[WEFT_A_DEV] ||
	    genl->cmd >= ARRAY_SIZE(notifications))
		return;
	ntf = &notifications[genl->cmd];
	dev = nla_get_u32(tb[WEFT_A_DEV]);
	if (!ntf->print || !tb[ntf->attr] || (only && dev != only))
		return;
	print_open();
	print_time();
	if (ntf->deleted)
		print_word("Deleted");
	print_string_id("object", ntf->object);
	print_json_bool("deleted", ntf->deleted);
	object = attrs_of(tb[ntf->attr]);
	ntf->print(dev, &object);
	print_close();
	fflush(stdout);
}

static int receive(struct nl_sock *sk, uint32_t only)
{
	struct nlmsghdr *buf, *nlh;
	ssize_t received;
	int len;

	received = nl_receive(sk, &buf);
	if (received == -ENOBUFS) {
		fputs("Some changes were lost.\n", stderr);
		return 0;
	}
	if (received < 0) {
		error("netlink: %s", strerror(-received));
		return FAIL_KERNEL;
	}
	len = received;
	for (nlh = buf; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len))
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			print_notification(nlh, only);
	free(buf);
	return 0;
}

/* Nothing is waiting to be printed. */
static bool idle(struct nl_sock *sk)
{
	struct pollfd fd = { .fd = nl_socket_get_fd(sk), .events = POLLIN };

	return !poll(&fd, 1, 0);
}

static int join(struct nl_sock *sk, unsigned int wanted)
{
	unsigned int i;
	int group, err;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!(wanted & 1 << i))
			continue;
		group = genl_ctrl_resolve_grp(sk, WEFT_FAMILY_NAME, groups[i]);
		err = group < 0 ? group : nl_socket_add_membership(sk, group);
		if (err < 0) {
			error("group \"%s\": %s", groups[i], nl_geterror(err));
			return FAIL_KERNEL;
		}
	}
	return 0;
}

static int take_word(struct args *args, const char *word,
		     unsigned int *wanted, uint32_t *dev)
{
	unsigned int i;

	if (!strcmp(word, "dev"))
		return args_dev(args, word, dev);
	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!strcmp(word, groups[i])) {
			*wanted |= 1 << i;
			return 0;
		}
	}
	return args_unknown(args, word);
}

/* Remember names now: of a switch that is deleted it will be too late. */
static int remember(uint32_t dev, void *arg)
{
	(void)arg;
	dev_name(dev);
	return 0;
}

static int monitor(struct args *args)
{
	unsigned int wanted = 0;
	struct nl_sock *sk;
	uint32_t dev = 0;
	const char *word;
	int err = 0;
	int family;

	while (!err && (word = args_next(args)))
		err = take_word(args, word, &wanted, &dev);
	err = err ?: weft_open(&sk, &family);
	if (err)
		return err;
	nl_socket_set_buffer_size(sk, RECEIVE_BUFFER, 0);
	err = join(sk, wanted ?: ~0u) ?: each_switch(dev, remember, NULL);
	while (!err) {
		if (idle(sk))
			dev_suspect();
		err = receive(sk, dev);
	}
	nl_socket_free(sk);
	return err;
}

const struct object monitor_object = {
	.name = "monitor",
	.usage = usage,
	.run = monitor,
};
