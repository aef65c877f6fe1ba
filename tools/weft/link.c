// SPDX-License-Identifier: GPL-2.0
/* Network devices over rtnetlink. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "link.h"
#include "weft.h"

static struct nl_sock *route_sock;

/**
 * link_message - start a request about a link
 * @type: RTM_*LINK
 * @flags: NLM_F_*
 * @ifinfo: struct ifinfomsg
 *
 * Return: the message, NULL having complained (FAIL_KERNEL is due)
 */
struct nl_msg *link_message(int type, int flags, const void *ifinfo)
{
	struct nl_msg *msg;

	if (!route_sock)
		route_sock = nl_open(NETLINK_ROUTE);
	if (!route_sock)
		return NULL;
	msg = nlmsg_alloc_simple(type, flags);
	if (!msg || nlmsg_append(msg, (void *)ifinfo,
				 sizeof(struct ifinfomsg), NLMSG_ALIGNTO)) {
		error("out of memory");
		return NULL;
	}
	return msg;
}

/* Send a request that changes a link, and print what the kernel says. */
int link_talk(struct nl_msg *msg)
{
	return nl_talk(route_sock, msg, NULL, NULL);
}

static void parse_info(struct nlattr *attr, struct link *link)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];

	if (nla_parse_nested(tb, IFLA_INFO_MAX, attr, NULL))
		return;
	if (tb[IFLA_INFO_KIND])
		nla_strlcpy(link->kind, tb[IFLA_INFO_KIND],
			    sizeof(link->kind));
	if (!tb[IFLA_INFO_DATA])
		return;
	link->data = malloc(nla_total_size(nla_len(tb[IFLA_INFO_DATA])));
	if (link->data)
		memcpy(link->data, tb[IFLA_INFO_DATA],
		       NLA_HDRLEN + nla_len(tb[IFLA_INFO_DATA]));
}

/**
 * link_parse - read a link message
 * @nlh: the message
 * @link: filled in, to be put
 *
 * Return: true if it is one
 */
bool link_parse(struct nlmsghdr *nlh, struct link *link)
{
	struct ifinfomsg *ifi = nlmsg_data(nlh);
	struct nlattr *tb[IFLA_MAX + 1];

	memset(link, 0, sizeof(*link));
	if (nlmsg_parse(nlh, sizeof(*ifi), tb, IFLA_MAX, NULL) ||
	    !tb[IFLA_IFNAME])
		return false;
	link->ifindex = ifi->ifi_index;
	link->flags = ifi->ifi_flags;
	nla_strlcpy(link->name, tb[IFLA_IFNAME], sizeof(link->name));
	if (tb[IFLA_MASTER])
		link->master = nla_get_u32(tb[IFLA_MASTER]);
	if (tb[IFLA_MTU])
		link->mtu = nla_get_u32(tb[IFLA_MTU]);
	link->netnsid = NETNS_SAME;
	if (tb[IFLA_LINK_NETNSID])
		link->netnsid = nla_get_u32(tb[IFLA_LINK_NETNSID]);
	if (tb[IFLA_LINKINFO])
		parse_info(tb[IFLA_LINKINFO], link);
	return true;
}

static void take_link(struct nlmsghdr *nlh, void *arg)
{
	link_parse(nlh, arg);
}

/*
 * Ask for a link by index or, if that is 0, by name. Nothing is printed.
 * Return: 0 or a negative error number
 */
static int query(int netnsid, uint32_t ifindex, const char *name,
		 struct link *link)
{
	struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct extack ack;
	struct nl_msg *msg;
	int err;

	memset(link, 0, sizeof(*link));
	msg = link_message(RTM_GETLINK, 0, &ifi);
	if (!msg)
		return -ENOMEM;
	if (!ifindex && name)
		nla_put_string(msg, strlen(name) < IFNAMSIZ ? IFLA_IFNAME :
			       IFLA_ALT_IFNAME, name);
	if (netnsid != NETNS_SAME)
		nla_put_u32(msg, IFLA_TARGET_NETNSID, netnsid);
	nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	err = nl_exchange(route_sock, msg, take_link, link, &ack);
	nlmsg_free(msg);
	return err;
}

static int fail(int err, const char *name)
{
	if (err == -ENODEV)
		return error("cannot find device \"%s\"", name);
	error("device \"%s\": %s", name, strerror(-err));
	return FAIL_KERNEL;
}

int link_get(uint32_t ifindex, struct link *link)
{
	int err = query(NETNS_SAME, ifindex, NULL, link);

	return err ? fail(err, dev_name(ifindex)) : 0;
}

int link_get_by_name(const char *name, struct link *link)
{
	int err = query(NETNS_SAME, 0, name, link);

	return err ? fail(err, name) : 0;
}

void link_put(struct link *link)
{
	free(link->data);
	link->data = NULL;
}

bool link_is_switch(const struct link *link)
{
	return !strcmp(link->kind, WEFT_KIND);
}

/* the switch that switch_netnsid() was last asked about */
static struct {
	uint32_t ifindex;
	int netnsid;
} last_switch;

/* Identifier of the namespace that the underlay of a switch is in. */
int switch_netnsid(uint32_t ifindex)
{
	struct link link;

	if (ifindex == last_switch.ifindex)
		return last_switch.netnsid;
	if (query(NETNS_SAME, ifindex, NULL, &link))
		return NETNS_SAME;
	last_switch.ifindex = ifindex;
	last_switch.netnsid = link.netnsid;
	link_put(&link);
	return last_switch.netnsid;
}

/*
 * Names are remembered: a batch names the same few devices in every line, and
 * so do the entries of a table that is shown.
 */
struct dev {
	struct dev *next;
	int netnsid;
	uint32_t ifindex;
	char *name;
	bool stale;
};

#define DEV_BUCKETS	1024

static struct dev *by_index[DEV_BUCKETS];
static struct dev *by_name[DEV_BUCKETS];

static unsigned int hash_name(const char *name)
{
	unsigned int hash = 5381;

	while (*name)
		hash = hash * 33 + (unsigned char)*name++;
	return hash % DEV_BUCKETS;
}

static struct dev *dev_add(struct dev **bucket, int netnsid,
				 uint32_t ifindex, const char *name)
{
	struct dev *dev = malloc(sizeof(*dev));

	if (!dev)
		return NULL;
	*dev = (struct dev) {
		.next = *bucket,
		.netnsid = netnsid,
		.ifindex = ifindex,
		.name = strdup(name),
	};
	*bucket = dev;
	return dev;
}

/* if17 stands for a device without a name here, as it does for ip */
static bool numbered(const char *name, uint32_t *ifindex)
{
	unsigned long n;
	char *end;

	if (strncmp(name, "if", 2) || name[2] < '1' || name[2] > '9')
		return false;
	n = strtoul(name + 2, &end, 10);
	*ifindex = n;
	return !*end && n <= INT32_MAX;
}

/**
 * dev_index_in - interface index of a device
 * @netnsid: namespace it is in
 * @name: its name
 * @ifindex: the result
 *
 * Return: 0 or FAIL_*
 */
int dev_index_in(int netnsid, const char *name, uint32_t *ifindex)
{
	struct dev **bucket = &by_name[hash_name(name)];
	struct link link;
	struct dev *dev;
	int err;

	for (dev = *bucket; dev; dev = dev->next) {
		if (dev->netnsid == netnsid && !strcmp(dev->name, name)) {
			*ifindex = dev->ifindex;
			return 0;
		}
	}
	err = query(netnsid, 0, name, &link);
	if (err && numbered(name, ifindex))
		return 0;
	if (err)
		return fail(err, name);
	*ifindex = link.ifindex;
	link_put(&link);
	dev_add(bucket, netnsid, *ifindex, name);
	return 0;
}

/* The device may have been renamed; if it is gone, its last name stays. */
static void dev_refresh(struct dev *dev)
{
	struct link link;

	dev->stale = false;
	if (query(dev->netnsid, dev->ifindex, NULL, &link))
		return;
	free(dev->name);
	dev->name = strdup(link.name);
	link_put(&link);
}

/* Name of a device; if it has none (any more), "if" and the index. */
const char *dev_name_in(int netnsid, uint32_t ifindex)
{
	struct dev **bucket = &by_index[ifindex % DEV_BUCKETS];
	struct link link;
	struct dev *dev;

	for (dev = *bucket; dev; dev = dev->next) {
		if (dev->netnsid != netnsid || dev->ifindex != ifindex)
			continue;
		if (dev->stale)
			dev_refresh(dev);
		return dev->name;
	}
	if (query(netnsid, ifindex, NULL, &link))
		snprintf(link.name, sizeof(link.name), "if%u", ifindex);
	link_put(&link);
	dev = dev_add(bucket, netnsid, ifindex, link.name);
	return dev ? dev->name : "?";
}

int dev_index(const char *name, uint32_t *ifindex)
{
	return dev_index_in(NETNS_SAME, name, ifindex);
}

const char *dev_name(uint32_t ifindex)
{
	return dev_name_in(NETNS_SAME, ifindex);
}

static void forget(struct dev **bucket)
{
	struct dev *dev;

	while ((dev = *bucket)) {
		*bucket = dev->next;
		free(dev->name);
		free(dev);
	}
}

/* Devices may have come, gone or been renamed. */
void dev_forget(void)
{
	unsigned int i;

	for (i = 0; i < DEV_BUCKETS; i++) {
		forget(&by_index[i]);
		forget(&by_name[i]);
	}
	last_switch.ifindex = 0;
}

/* Devices may have been renamed, but of those that are gone names are kept. */
void dev_suspect(void)
{
	struct dev *dev;
	unsigned int i;

	for (i = 0; i < DEV_BUCKETS; i++)
		for (dev = by_index[i]; dev; dev = dev->next)
			dev->stale = true;
}
