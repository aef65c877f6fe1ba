// SPDX-License-Identifier: GPL-2.0
/* Netlink: sockets, requests and their answers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/genl/ctrl.h>

#include <linux/weft.h>

#include "nl.h"
#include "weft.h"

#define RECEIVE_SIZE	65536
#define SEND_BUFFER	(32 << 20)
/* twice what a nest can hold */
#define MESSAGE_SIZE	131072

/* requests to the family weft; opened by the first */
static struct nl_sock *weft_sock;
static int weft_id;

/**
 * nl_open - open a socket that is told everything about a refusal
 * @protocol: NETLINK_GENERIC or NETLINK_ROUTE
 *
 * Return: the socket, NULL having complained
 */
struct nl_sock *nl_open(int protocol)
{
	struct nl_sock *sk = nl_socket_alloc();
	int err, fd, on = 1, send = SEND_BUFFER;

	if (!sk) {
		error("out of memory");
		return NULL;
	}
	err = nl_connect(sk, protocol);
	if (err < 0) {
		error("netlink: %s", nl_geterror(err));
		nl_socket_free(sk);
		return NULL;
	}
	fd = nl_socket_get_fd(sk);
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
	nl_socket_set_buffer_size(sk, 1 << 20, 1 << 18);
	/* a large set of rules goes in one piece; who may not, can't change any */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &send, sizeof(send));
	nl_socket_set_msg_buf_size(sk, RECEIVE_SIZE);
	nl_socket_disable_msg_peek(sk);
	return sk;
}

/**
 * nl_receive - receive a datagram of the kernel
 * @sk: the socket
 * @nlh: its first message, to be freed
 *
 * Return: length, or a negative error number
 */
ssize_t nl_receive(struct nl_sock *sk, struct nlmsghdr **nlh)
{
	struct sockaddr_nl from;
	unsigned char *buf;
	int len;

	do {
		buf = NULL;
		errno = 0;
		len = nl_recv(sk, &from, &buf, NULL);
		if (len <= 0)
			return errno ? -errno : -EIO;
		if (from.nl_pid)
			free(buf);
	} while (from.nl_pid);

	*nlh = (struct nlmsghdr *)buf;
	return len;
}

/* What is being waited for, and what became of it. */
struct exchange {
	uint32_t seq;
	nl_reply_fn *reply;
	void *arg;
	struct extack *ack;
	bool interrupted;
};

/* Return: true if it was the last one. */
static bool take_message(struct exchange *ex, struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_seq != ex->seq)
		return false;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		ex->interrupted = true;
	if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
		extack_parse(ex->ack, nlh);
		return true;
	}
	if (ex->reply && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
		ex->reply(nlh, ex->arg);
	return false;
}

/* Return: 1 at the end, 0 if there is more, a negative error number. */
static int take_datagram(struct exchange *ex, struct nl_sock *sk)
{
	struct nlmsghdr *buf, *nlh;
	ssize_t received;
	bool done = false;
	int len;

	received = nl_receive(sk, &buf);
	if (received < 0)
		return received;
	len = received;
	for (nlh = buf; !done && nlmsg_ok(nlh, len);
	     nlh = nlmsg_next(nlh, &len))
		done = take_message(ex, nlh);
	free(buf);
	return done;
}

/**
 * nl_exchange - send a request and take all answers
 * @sk: the socket
 * @msg: the request; stays the caller's
 * @reply: called for every answer, may be NULL
 * @arg: for @reply
 * @ack: what the kernel said in the end
 *
 * Return: 0, or a negative error number, the same as in @ack
 */
int nl_exchange(struct nl_sock *sk, struct nl_msg *msg, nl_reply_fn *reply,
		void *arg, struct extack *ack)
{
	struct exchange ex = { .reply = reply, .arg = arg, .ack = ack };
	int ret;

	memset(ack, 0, sizeof(*ack));
	errno = 0;
	ret = nl_send_auto(sk, msg);
	if (ret < 0) {
		ack->error = errno ? -errno : -EIO;
		return ack->error;
	}
	ex.seq = nlmsg_hdr(msg)->nlmsg_seq;
	do {
		ret = take_datagram(&ex, sk);
	} while (!ret);
	if (ret < 0)
		ack->error = ret;
	if (ex.interrupted) {
		fflush(stdout);
		fputs("Dump was interrupted and may be inconsistent.\n",
		      stderr);
	}
	return ack->error;
}

/**
 * nl_talk - send a request, take all answers, print what the kernel says
 * @sk: the socket
 * @msg: the request; freed
 * @reply: called for every answer, may be NULL
 * @arg: for @reply
 *
 * Return: 0 or FAIL_KERNEL
 */
int nl_talk(struct nl_sock *sk, struct nl_msg *msg, nl_reply_fn *reply,
	    void *arg)
{
	struct extack ack;
	int err;

	err = nl_exchange(sk, msg, reply, arg, &ack);
	extack_print(&ack, nlmsg_hdr(msg));
	nlmsg_free(msg);
	return err ? FAIL_KERNEL : 0;
}

/**
 * weft_open - open a socket of the generic netlink family
 * @sk: the socket
 * @family: number of the family
 *
 * Return: 0 or FAIL_KERNEL
 */
int weft_open(struct nl_sock **sk, int *family)
{
	*sk = nl_open(NETLINK_GENERIC);
	if (!*sk)
		return FAIL_KERNEL;
	*family = genl_ctrl_resolve(*sk, WEFT_FAMILY_NAME);
	if (*family >= 0)
		return 0;
	nl_socket_free(*sk);
	*sk = NULL;
	error("the kernel module weft is not loaded");
	return FAIL_KERNEL;
}

/**
 * weft_message - start a request to the family
 * @cmd: WEFT_CMD_*
 * @flags: NLM_F_*
 *
 * The family need not be there yet, so that a command is first checked.
 *
 * Return: the message
 */
struct nl_msg *weft_message(uint8_t cmd, int flags)
{
	struct nl_msg *msg;

	msg = nlmsg_alloc_size(MESSAGE_SIZE);
	if (!msg || !genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, 0, 0, flags,
				 cmd, WEFT_FAMILY_VERSION)) {
		fputs("weft: out of memory\n", stderr);
		exit(FAIL_KERNEL);
	}
	return msg;
}

/* The family's number goes into the message when it is sent. */
static int weft_ready(struct nl_msg *msg)
{
	int err = weft_sock ? 0 : weft_open(&weft_sock, &weft_id);

	nlmsg_hdr(msg)->nlmsg_type = weft_id;
	return err;
}

/**
 * weft_exchange - as nl_exchange(), which see, with the family
 * @msg: the request; stays the caller's
 * @reply: called for every answer, may be NULL
 * @arg: for @reply
 * @ack: what the kernel said in the end
 *
 * Return: 0, a negative error number, or FAIL_KERNEL having complained
 */
int weft_exchange(struct nl_msg *msg, nl_reply_fn *reply, void *arg,
		  struct extack *ack)
{
	return weft_ready(msg) ?: nl_exchange(weft_sock, msg, reply, arg, ack);
}

/**
 * weft_talk - as nl_talk(), which see, with the family
 * @msg: the request; freed
 * @reply: called for every answer, may be NULL
 * @arg: for @reply
 *
 * Return: 0 or FAIL_KERNEL
 */
int weft_talk(struct nl_msg *msg, nl_reply_fn *reply, void *arg)
{
	if (weft_ready(msg)) {
		nlmsg_free(msg);
		return FAIL_KERNEL;
	}
	return nl_talk(weft_sock, msg, reply, arg);
}

/**
 * weft_request - make a request of the words of a command
 * @cmd: WEFT_CMD_*
 * @flags: NLM_F_*
 * @args: the words
 * @build: reads the words and adds attributes; returns 0 or FAIL_*
 * @reply: called for every answer, may be NULL
 * @arg: for @reply
 *
 * Return: 0 or FAIL_*
 */
int weft_request(uint8_t cmd, int flags, struct args *args,
		 int (*build)(struct args *args, struct nl_msg *msg),
		 nl_reply_fn *reply, void *arg)
{
	struct nl_msg *msg = weft_message(cmd, flags);
	int err;

	err = build(args, msg);
	if (!err)
		return weft_talk(msg, reply, arg);
	nlmsg_free(msg);
	return err;
}

/* A nest is limited to 64 KiB, and so are the words of a command. */
int nest_end(struct nl_msg *msg, struct nlattr *nest)
{
	if (!nest || nla_nest_end(msg, nest))
		return error("too many words");
	return 0;
}

struct attrs attrs_of(const struct nlattr *nest)
{
	return (struct attrs) { nla_data(nest), nla_len(nest) };
}

int attrs_parse(const struct attrs *attrs, struct nlattr **tb, int max)
{
	return nla_parse(tb, max, attrs->head, attrs->len, NULL);
}

struct nlattr *attrs_find(const struct attrs *attrs, int type)
{
	return nla_find(attrs->head, attrs->len, type);
}

/**
 * weft_parse - attributes of a message of the family
 * @nlh: the message
 * @tb: WEFT_A_MAX + 1 of them
 *
 * Return: 0 if it is one, and well formed
 */
int weft_parse(struct nlmsghdr *nlh, struct nlattr **tb)
{
	return genlmsg_parse(nlh, 0, tb, WEFT_A_MAX, NULL);
}

struct switch_list {
	uint32_t *dev;
	size_t count;
};

static void add_switch(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[WEFT_A_MAX + 1];
	struct switch_list *list = arg;
	uint32_t *dev;

	if (weft_parse(nlh, tb) || !tb[WEFT_A_DEV])
		return;
	dev = realloc(list->dev, (list->count + 1) * sizeof(*dev));
	if (!dev)
		return;
	list->dev = dev;
	dev[list->count++] = nla_get_u32(tb[WEFT_A_DEV]);
}

/**
 * each_switch - do something for a switch or all
 * @dev: interface index, 0 for every switch of the namespace
 * @fn: returns 0 or FAIL_*, which ends it
 * @arg: for @fn
 *
 * Return: 0 or FAIL_*
 */
int each_switch(uint32_t dev, int (*fn)(uint32_t dev, void *arg), void *arg)
{
	struct switch_list list = {};
	struct nl_msg *msg;
	size_t i;
	int err;

	if (dev)
		return fn(dev, arg);
	msg = weft_message(WEFT_CMD_SWITCH_GET, NLM_F_DUMP);
	err = weft_talk(msg, add_switch, &list);
	for (i = 0; !err && i < list.count; i++)
		err = fn(list.dev[i], arg);
	free(list.dev);
	return err;
}
