// SPDX-License-Identifier: GPL-2.0
/* Network namespaces, named as ip netns names them. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include "link.h"
#include "weft.h"

#define NETNS_DIR	"/run/netns"

static int netns_open(const char *name)
{
	char path[PATH_MAX];

	if (strchr(name, '/'))
		return open(name, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), NETNS_DIR "/%s", name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int fail(const char *name)
{
	return error("network namespace \"%s\": %s", name, strerror(errno));
}

/**
 * netns_enter - become a process of a network namespace
 * @name: its name, or the path of a file that stands for it
 *
 * Return: 0 or FAIL_USAGE
 */
int netns_enter(const char *name)
{
	int fd, err;

	fd = netns_open(name);
	if (fd < 0)
		return fail(name);
	err = setns(fd, CLONE_NEWNET);
	close(fd);
	return err ? fail(name) : 0;
}

static void take_id(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[NETNSA_MAX + 1];
	int *netnsid = arg;

	if (!nlmsg_parse(nlh, sizeof(struct rtgenmsg), tb, NETNSA_MAX, NULL) &&
	    tb[NETNSA_NSID])
		*netnsid = nla_get_u32(tb[NETNSA_NSID]);
}

/* RTM_GETNSID or RTM_NEWNSID, which has the kernel choose an identifier. */
static int exchange_id(int type, int fd, int *netnsid)
{
	struct rtgenmsg gen = {};
	struct extack ack;
	struct nl_sock *sk;
	struct nl_msg *msg;
	int err;

	sk = nl_open(NETLINK_ROUTE);
	if (!sk)
		return -ENOMEM;
	msg = nlmsg_alloc_simple(type, 0);
	if (!msg) {
		nl_socket_free(sk);
		return -ENOMEM;
	}
	nlmsg_append(msg, &gen, sizeof(gen), NLMSG_ALIGNTO);
	nla_put_u32(msg, NETNSA_FD, fd);
	if (type == RTM_NEWNSID)
		nla_put_u32(msg, NETNSA_NSID, NETNSA_NSID_NOT_ASSIGNED);
	err = nl_exchange(sk, msg, take_id, netnsid, &ack);
	nlmsg_free(msg);
	nl_socket_free(sk);
	return err;
}

/**
 * netns_id - identifier of a namespace, as seen from this one
 * @name: its name or path
 * @netnsid: the result; one is assigned if there was none
 *
 * Return: 0 or FAIL_*
 */
int netns_id(const char *name, int *netnsid)
{
	int fd, err;

	fd = netns_open(name);
	if (fd < 0)
		return fail(name);
	*netnsid = NETNSA_NSID_NOT_ASSIGNED;
	err = exchange_id(RTM_GETNSID, fd, netnsid);
	if (!err && *netnsid == NETNSA_NSID_NOT_ASSIGNED) {
		err = exchange_id(RTM_NEWNSID, fd, netnsid);
		if (!err)
			err = exchange_id(RTM_GETNSID, fd, netnsid);
	}
	close(fd);
	if (err) {
		errno = -err;
		fail(name);
		return FAIL_KERNEL;
	}
	return 0;
}

static bool has_id(const char *name, int netnsid)
{
	int found = NETNSA_NSID_NOT_ASSIGNED;
	int fd = netns_open(name);

	if (fd < 0)
		return false;
	if (exchange_id(RTM_GETNSID, fd, &found))
		found = NETNSA_NSID_NOT_ASSIGNED;
	close(fd);
	return found == netnsid;
}

/**
 * netns_name - name of a namespace
 * @netnsid: its identifier
 *
 * Return: the name, valid until the next call, or NULL if it has none
 */
const char *netns_name(int netnsid)
{
	static char name[NAME_MAX + 1];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	dir = opendir(NETNS_DIR);
	if (!dir)
		return NULL;
	while (!found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		found = has_id(entry->d_name, netnsid);
		if (found)
			snprintf(name, sizeof(name), "%s", entry->d_name);
	}
	closedir(dir);
	return found ? name : NULL;
}
