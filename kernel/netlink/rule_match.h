/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NETLINK_RULE_MATCH_H
#define _WEFT_NETLINK_RULE_MATCH_H

#include <net/netlink.h>

#include "classifier.h"

int weft_nl_read_match(const struct nlattr *nest, struct nlattr **tb,
		       struct weft_filter *filter,
		       struct netlink_ext_ack *extack);
int weft_nl_put_match(struct sk_buff *skb, const struct weft_filter *filter);

#endif /* _WEFT_NETLINK_RULE_MATCH_H */
