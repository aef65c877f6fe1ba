/* SPDX-License-Identifier: GPL-2.0 */
/* Devices and namespaces over rtnetlink. */
#ifndef WEFT_LINK_H
#define WEFT_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "nl.h"

#define NETNS_SAME	(-1)
#define WEFT_KIND	"weft"

/**
 * struct link - a network device
 * @ifindex: interface index
 * @name: name
 * @kind: kind of rtnetlink, empty if it has none
 * @master: interface index of the device it is enslaved to, 0 for none
 * @flags: IFF_*
 * @mtu: MTU
 * @netnsid: identifier of the underlay's namespace, NETNS_SAME for its own
 * @data: copy of IFLA_INFO_DATA, or NULL
 */
struct link {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	char kind[16];
	uint32_t master;
	uint32_t flags;
	uint32_t mtu;
	int netnsid;
	struct nlattr *data;
};

int link_get(uint32_t ifindex, struct link *link);
int link_get_by_name(const char *name, struct link *link);
void link_put(struct link *link);
bool link_is_switch(const struct link *link);
bool link_parse(struct nlmsghdr *nlh, struct link *link);
int switch_netnsid(uint32_t ifindex);

/* requests that change links */
struct nl_msg *link_message(int type, int flags, const void *ifinfo);
int link_talk(struct nl_msg *msg);

/* names, remembered */
int dev_index(const char *name, uint32_t *ifindex);
const char *dev_name(uint32_t ifindex);
int dev_index_in(int netnsid, const char *name, uint32_t *ifindex);
const char *dev_name_in(int netnsid, uint32_t ifindex);
void dev_forget(void);
void dev_suspect(void);

/* namespaces */
int netns_enter(const char *name);
int netns_id(const char *name, int *netnsid);
const char *netns_name(int netnsid);

#endif /* WEFT_LINK_H */
