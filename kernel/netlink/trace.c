// SPDX-License-Identifier: GPL-2.0
/* Requests about what would become of a frame. */

#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "explain.h"
#include "netlink.h"
#include "port.h"

#define TRACE	(BIT(WEFT_A_TRACE_PORT) | BIT(WEFT_A_TRACE_VF) | \
		 BIT(WEFT_A_TRACE_PEER) | BIT(WEFT_A_TRACE_VNI) | \
		 BIT(WEFT_A_TRACE_FRAME))

/* An upper bound of what a step takes in a message. */
#define STEP_SIZE 128

/* What is asked. */
struct question {
	struct weft_port *port;
	struct weft_addr peer;
	u32 vni;
	const struct nlattr *frame;
};

/* --- the question --- */

static int read_port(struct weft_switch *sw, struct nlattr **tb,
		     struct question *question,
		     struct netlink_ext_ack *extack)
{
	if (tb[WEFT_A_TRACE_PEER] || tb[WEFT_A_TRACE_VNI]) {
		NL_SET_ERR_MSG_ATTR(extack,
				    tb[WEFT_A_TRACE_PEER] ?:
				    tb[WEFT_A_TRACE_VNI],
				    "A frame comes either by a port or from a peer with a VNI");
		return -EINVAL;
	}
	question->port = weft_nl_port(sw, NULL, tb[WEFT_A_TRACE_PORT],
				      tb[WEFT_A_TRACE_VF], WEFT_A_TRACE_PORT,
				      extack);
	return PTR_ERR_OR_ZERO(question->port);
}

static int read_peer(const struct nlattr *nest, struct nlattr **tb,
		     struct question *question,
		     struct netlink_ext_ack *extack)
{
	if (!tb[WEFT_A_TRACE_PEER]) {
		NL_SET_ERR_MSG(extack,
			       "Does the frame come by a port or from a peer?");
		NL_SET_ERR_ATTR_MISS(extack, nest, WEFT_A_TRACE_PORT);
		return -EINVAL;
	}
	if (tb[WEFT_A_TRACE_VF]) {
		NL_SET_ERR_MSG_ATTR(extack, tb[WEFT_A_TRACE_VF],
				    "A VF needs the port that is its PF");
		return -EINVAL;
	}
	if (!tb[WEFT_A_TRACE_VNI])
		return weft_nl_missing(extack, nest, WEFT_A_TRACE_VNI);
	question->vni = nla_get_u32(tb[WEFT_A_TRACE_VNI]);
	return weft_nl_vtep(tb[WEFT_A_TRACE_PEER], &question->peer, extack);
}

static int read_frame(const struct nlattr *nest, const struct nlattr *attr,
		      struct question *question,
		      struct netlink_ext_ack *extack)
{
	if (!attr)
		return weft_nl_missing(extack, nest, WEFT_A_TRACE_FRAME);
	question->frame = attr;
	if (nla_len(attr) >= ETH_HLEN && nla_len(attr) <= WEFT_FRAME_MAX)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "An Ethernet frame has 14 bytes and more, and trace takes 2048");
	return -EINVAL;
}

static int read_question(struct genl_info *info, struct question *question)
{
	const struct nlattr *nest = info->attrs[WEFT_A_TRACE];
	struct nlattr *tb[WEFT_A_TRACE_MAX + 1];
	int err;

	*question = (struct question){};
	err = weft_nl_nest(info, WEFT_A_TRACE, tb, WEFT_A_TRACE_MAX, TRACE, 0);
	if (err)
		return err;
	if (tb[WEFT_A_TRACE_PORT])
		err = read_port(weft_nl_switch(info), tb, question,
				info->extack);
	else
		err = read_peer(nest, tb, question, info->extack);
	return err ?: read_frame(nest, tb[WEFT_A_TRACE_FRAME], question,
				 info->extack);
}

static void ask(struct weft_switch *sw, const struct question *question,
		struct weft_explain *explain)
{
	const void *frame = nla_data(question->frame);
	unsigned int len = nla_len(question->frame);

	local_bh_disable();
	rcu_read_lock();
	if (question->port)
		weft_explain_port(question->port, frame, len, explain);
	else
		weft_explain_tunnel(sw, &question->peer, question->vni, frame,
				    len, explain);
	rcu_read_unlock();
	local_bh_enable();
}

/* --- the answer --- */

static int put_where(struct sk_buff *skb, const struct weft_explain_step *step)
{
	if (step->vni &&
	    nla_put_u32(skb, WEFT_A_TRACE_STEP_VNI, step->vni))
		return -EMSGSIZE;
	if (step->has_mac &&
	    nla_put(skb, WEFT_A_TRACE_STEP_MAC, ETH_ALEN, step->mac))
		return -EMSGSIZE;
	if (step->ifindex &&
	    nla_put_u32(skb, WEFT_A_TRACE_STEP_PORT, step->ifindex))
		return -EMSGSIZE;
	if (step->vf >= 0 && nla_put_u16(skb, WEFT_A_TRACE_STEP_VF, step->vf))
		return -EMSGSIZE;
	if (step->vid && nla_put_u16(skb, WEFT_A_TRACE_STEP_VID, step->vid))
		return -EMSGSIZE;
	if (step->peer.family &&
	    weft_nl_put_addr(skb, WEFT_A_TRACE_STEP_PEER, &step->peer))
		return -EMSGSIZE;
	return 0;
}

static int put_how(struct sk_buff *skb, const struct weft_explain_step *step)
{
	if (step->state >= 0 &&
	    nla_put_u32(skb, WEFT_A_TRACE_STEP_STATE, step->state))
		return -EMSGSIZE;
	if (step->path >= 0 &&
	    nla_put_u32(skb, WEFT_A_TRACE_STEP_PATH, step->path))
		return -EMSGSIZE;
	if (step->reason &&
	    nla_put_u32(skb, WEFT_A_TRACE_STEP_REASON, step->reason))
		return -EMSGSIZE;
	return 0;
}

static int put_nic(struct sk_buff *skb, const struct weft_explain_step *step)
{
	if (step->nic && nla_put_u32(skb, WEFT_A_TRACE_STEP_NIC, step->nic))
		return -EMSGSIZE;
	return step->hw >= 0 ?
	       nla_put_u32(skb, WEFT_A_TRACE_STEP_HW, step->hw) : 0;
}

static int put_rule(struct sk_buff *skb, const struct weft_explain_step *step)
{
	if (!step->pref)
		return 0;
	if (nla_put_u32(skb, WEFT_A_TRACE_STEP_PREF, step->pref))
		return -EMSGSIZE;
	return nla_put_u32(skb, WEFT_A_TRACE_STEP_ACTION, step->action);
}

static int put_step(struct sk_buff *skb, const struct weft_explain_step *step)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_TRACE_STEP);

	if (!nest || nla_put_u32(skb, WEFT_A_TRACE_STEP_STEP, step->step) ||
	    put_where(skb, step) || put_how(skb, step) || put_nic(skb, step) ||
	    put_rule(skb, step))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_answer(struct sk_buff *skb, const struct weft_explain *explain)
{
	struct nlattr *nest = nla_nest_start(skb, WEFT_A_TRACE);
	unsigned int i;

	if (!nest || nla_put_u32(skb, WEFT_A_TRACE_PATH, explain->path) ||
	    nla_put_u32(skb, WEFT_A_TRACE_REASON, explain->reason))
		return -EMSGSIZE;
	for (i = 0; i < explain->count; i++)
		if (put_step(skb, &explain->step[i]))
			return -EMSGSIZE;
	if (explain->truncated && nla_put_flag(skb, WEFT_A_TRACE_TRUNCATED))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int reply(struct genl_info *info, const struct weft_explain *explain)
{
	const struct weft_switch *sw = weft_nl_switch(info);
	struct sk_buff *skb;
	void *msg;

	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE + explain->count * STEP_SIZE,
			  GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	msg = genlmsg_iput(skb, info);
	if (!msg || nla_put_u32(skb, WEFT_A_DEV, sw->dev->ifindex) ||
	    put_answer(skb, explain)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, msg);
	return genlmsg_reply(skb, info);
}

int weft_nl_trace_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct weft_explain *explain;
	struct question question;
	int err;

	err = read_question(info, &question);
	if (err)
		return err;
	explain = kzalloc(sizeof(*explain), GFP_KERNEL);
	if (!explain)
		return -ENOMEM;
	ask(weft_nl_switch(info), &question, explain);
	err = reply(info, explain);
	kfree(explain);
	return err;
}
