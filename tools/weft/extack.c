// SPDX-License-Identifier: GPL-2.0
/* libnl does not parse extended acknowledgements, so this does. */
#include <stdio.h>
#include <string.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "attrs.h"
#include "extack.h"

static void parse_policy(struct extack *ack, struct nlattr *attr)
{
	struct nlattr *tb[NL_POLICY_TYPE_ATTR_MAX + 1];
	struct nlattr *min, *max;

	if (nla_parse_nested(tb, NL_POLICY_TYPE_ATTR_MAX, attr, NULL))
		return;
	min = tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_U] ?:
	      tb[NL_POLICY_TYPE_ATTR_MIN_VALUE_S];
	max = tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_U] ?:
	      tb[NL_POLICY_TYPE_ATTR_MAX_VALUE_S];
	ack->has_min = min;
	ack->has_max = max;
	if (min)
		ack->min = nla_get_u64(min);
	if (max)
		ack->max = nla_get_u64(max);
}

static void parse_attrs(struct extack *ack, struct nlattr *head, int len)
{
	struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];

	if (nla_parse(tb, NLMSGERR_ATTR_MAX, head, len, NULL))
		return;
	if (tb[NLMSGERR_ATTR_MSG])
		nla_strlcpy(ack->message, tb[NLMSGERR_ATTR_MSG],
			    sizeof(ack->message));
	if (tb[NLMSGERR_ATTR_OFFS])
		ack->offset = nla_get_u32(tb[NLMSGERR_ATTR_OFFS]);
	if (tb[NLMSGERR_ATTR_MISS_TYPE])
		ack->missing = nla_get_u32(tb[NLMSGERR_ATTR_MISS_TYPE]);
	if (tb[NLMSGERR_ATTR_MISS_NEST])
		ack->missing_nest = nla_get_u32(tb[NLMSGERR_ATTR_MISS_NEST]);
	if (tb[NLMSGERR_ATTR_POLICY])
		parse_policy(ack, tb[NLMSGERR_ATTR_POLICY]);
}

/**
 * extack_parse - read what the kernel answered
 * @ack: filled in
 * @nlh: message of type NLMSG_ERROR or NLMSG_DONE
 */
void extack_parse(struct extack *ack, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	int len = nlmsg_datalen(nlh);
	int skip = sizeof(int);

	memset(ack, 0, sizeof(*ack));
	if (len < (int)sizeof(int))
		return;
	ack->error = err->error;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		skip = sizeof(*err);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) && len >= skip)
			skip += NLMSG_ALIGN(err->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS && len > skip)
		parse_attrs(ack, (struct nlattr *)((char *)err + skip),
			    len - skip);
}

static void print_attribute(const struct extack *ack,
			    const struct nlmsghdr *request)
{
	char name[64];

	if (ack->missing) {
		attr_missing_name(request, ack->missing_nest, ack->missing,
				  name, sizeof(name));
		fprintf(stderr, " Attribute %s is missing.", name);
		return;
	}
	if (!ack->offset ||
	    !attr_offset_name(request, ack->offset, name, sizeof(name)))
		return;
	fprintf(stderr, " Attribute %s", name);
	if (ack->has_min && ack->has_max)
		fprintf(stderr, " (%lld to %lld)", (long long)ack->min,
			(long long)ack->max);
	else if (ack->has_max)
		fprintf(stderr, " (up to %lld)", (long long)ack->max);
	else if (ack->has_min)
		fprintf(stderr, " (from %lld)", (long long)ack->min);
	fputc('.', stderr);
}

/**
 * extack_print - print the kernel's sentence, as ip does
 * @ack: what the kernel answered; nothing is printed if it had nothing to say
 * @request: what it was asked, NULL if no longer known
 */
void extack_print(const struct extack *ack, const struct nlmsghdr *request)
{
	const char *text = ack->message;
	size_t len = strlen(text);

	if (!ack->error && !len)
		return;
	if (!len)
		text = strerror(-ack->error);
	fflush(stdout);
	fprintf(stderr, "%s: %s%s", ack->error ? "Error" : "Warning", text,
		len && text[len - 1] == '.' ? "" : ".");
	if (request)
		print_attribute(ack, request);
	fputc('\n', stderr);
}
