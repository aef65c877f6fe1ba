/* SPDX-License-Identifier: GPL-2.0 */
/* Netlink: sockets, requests and their answers. */
#ifndef WEFT_NL_H
#define WEFT_NL_H

#include <stdint.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "extack.h"
#include "weft.h"

/**
 * struct attrs - attributes of an object
 * @head: the first
 * @len: length of all, which may be more than a nest can have
 */
struct attrs {
	struct nlattr *head;
	int len;
};

#define attrs_for_each(pos, attrs, rem) \
	nla_for_each_attr(pos, (attrs)->head, (attrs)->len, rem)

typedef void nl_reply_fn(struct nlmsghdr *nlh, void *arg);

struct nl_sock *nl_open(int protocol);
int nl_exchange(struct nl_sock *sk, struct nl_msg *msg, nl_reply_fn *reply,
		void *arg, struct extack *ack);
int nl_talk(struct nl_sock *sk, struct nl_msg *msg, nl_reply_fn *reply,
	    void *arg);
ssize_t nl_receive(struct nl_sock *sk, struct nlmsghdr **nlh);

/* the generic netlink family weft */
int weft_open(struct nl_sock **sk, int *family);
struct nl_msg *weft_message(uint8_t cmd, int flags);
int weft_exchange(struct nl_msg *msg, nl_reply_fn *reply, void *arg,
		  struct extack *ack);
int weft_talk(struct nl_msg *msg, nl_reply_fn *reply, void *arg);
int weft_request(uint8_t cmd, int flags, struct args *args,
		 int (*build)(struct args *args, struct nl_msg *msg),
		 nl_reply_fn *reply, void *arg);
int weft_parse(struct nlmsghdr *nlh, struct nlattr **tb);

/* attributes */
int nest_end(struct nl_msg *msg, struct nlattr *nest);
struct attrs attrs_of(const struct nlattr *nest);
int attrs_parse(const struct attrs *attrs, struct nlattr **tb, int max);
struct nlattr *attrs_find(const struct attrs *attrs, int type);

/* every switch of the namespace, or the one given */
int each_switch(uint32_t dev, int (*fn)(uint32_t dev, void *arg), void *arg);

#endif /* WEFT_NL_H */
