// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel with one switch, the device lo, in place of libnl's functions:
 * linked in with --wrap, it serves to test without a module what the tool
 * sends and what it prints.
 *
 * It tells what it is sent (command, mode and number of map entries),
 * refuses map entries whose MAC address begins with ee, as the real one
 * would, by the offset of an attribute in them, and answers every "get" with
 * one object that has all attributes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include <linux/weft.h>

#define FAMILY	0x700

int __real_nl_send_auto(struct nl_sock *sk, struct nl_msg *msg);
int __wrap_nl_send_auto(struct nl_sock *sk, struct nl_msg *msg);
int __real_nl_recv(struct nl_sock *sk, struct sockaddr_nl *from,
		   unsigned char **buf, struct ucred **creds);
int __wrap_nl_recv(struct nl_sock *sk, struct sockaddr_nl *from,
		   unsigned char **buf, struct ucred **creds);
int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name);

/* the answer that is waiting to be received */
static struct {
	size_t len;
	uint32_t seq;
	_Alignas(4) unsigned char data[16384];
} answer;

static void queue(struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);

	nlh->nlmsg_seq = answer.seq;
	memcpy(answer.data + answer.len, nlh, nlh->nlmsg_len);
	answer.len += NLMSG_ALIGN(nlh->nlmsg_len);
	nlmsg_free(msg);
}

static void answer_end(int error, const char *text, uint32_t offset)
{
	struct nlmsgerr err = { .error = error };
	struct nl_msg *msg = nlmsg_alloc();

	nlmsg_put(msg, 0, 0, NLMSG_ERROR, 0, NLM_F_CAPPED | NLM_F_ACK_TLVS);
	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	if (error) {
		nla_put_string(msg, NLMSGERR_ATTR_MSG, text);
		nla_put_u32(msg, NLMSGERR_ATTR_OFFS, offset);
	}
	queue(msg);
}

static void put_ip(struct nl_msg *msg, int attr, uint8_t last)
{
	uint8_t ip[4] = { 192, 0, 2, last };

	nla_put(msg, attr, sizeof(ip), ip);
}

static void put_ip6(struct nl_msg *msg, int attr)
{
	uint8_t ip[16] = { 0xfd, [15] = 1 };

	nla_put(msg, attr, sizeof(ip), ip);
}

static void put_mac(struct nl_msg *msg, int attr)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

	nla_put(msg, attr, sizeof(mac), mac);
}

static void put_stats(struct nl_msg *msg, int attr)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	int i;

	for (i = WEFT_A_STATS_RX_PACKETS; i <= WEFT_A_STATS_MAX; i++)
		nla_put_u64(msg, i, 0x100000000ull + i);
	nla_nest_end(msg, nest);
}

static void put_u32s(struct nl_msg *msg, int first, int last)
{
	int i;

	for (i = first; i <= last; i++)
		nla_put_u32(msg, i, i);
}

static void put_segment(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_SEGMENT_VNI, 100);
	nla_put_u32(msg, WEFT_A_SEGMENT_ENCAP, WEFT_ENCAP_VXLAN);
	nla_put_u8(msg, WEFT_A_SEGMENT_LEARNING, 1);
	nla_put_u32(msg, WEFT_A_SEGMENT_AGEING, 300);
	nla_put_u8(msg, WEFT_A_SEGMENT_SUPPRESS, 0);
	put_ip(msg, WEFT_A_SEGMENT_GROUP, 1);
	nla_put_u32(msg, WEFT_A_SEGMENT_GROUP_DEV, 1);
	put_ip6(msg, WEFT_A_SEGMENT_GATEWAY);
	put_mac(msg, WEFT_A_SEGMENT_GATEWAY_LLADDR);
	put_u32s(msg, WEFT_A_SEGMENT_MTU, WEFT_A_SEGMENT_OVERHEAD);
	put_stats(msg, WEFT_A_SEGMENT_STATS);
}

static void put_vlan(struct nl_msg *msg, uint32_t vni, uint16_t vid)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_PORT_VLAN);

	nla_put_u16(msg, WEFT_A_PORT_VLAN_VID, vid);
	nla_put_u32(msg, WEFT_A_PORT_VLAN_VNI, vni);
	nla_nest_end(msg, nest);
}

static void put_port(struct nl_msg *msg)
{
	int i;

	nla_put_u32(msg, WEFT_A_PORT_IFINDEX, 1);
	nla_put_string(msg, WEFT_A_PORT_NAME, "lo");
	put_vlan(msg, 100, 0);
	put_vlan(msg, 200, 5);
	put_mac(msg, WEFT_A_PORT_MAC);
	nla_put_u32(msg, WEFT_A_PORT_LIMIT, 0);
	for (i = WEFT_A_PORT_LEARNING; i <= WEFT_A_PORT_ISOLATED; i++)
		nla_put_u8(msg, i, i & 1);
	nla_put_u64(msg, WEFT_A_PORT_RATE, 10000000);
	nla_put_u32(msg, WEFT_A_PORT_BURST, 70000);
	nla_put_u8(msg, WEFT_A_PORT_PRIO, 5);
	nla_put_u32(msg, WEFT_A_PORT_LEARNED, 7);
	put_stats(msg, WEFT_A_PORT_STATS);
}

/* What did not fit into the first message. */
static void put_port_rest(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_PORT_IFINDEX, 1);
	nla_put_string(msg, WEFT_A_PORT_NAME, "lo");
	put_vlan(msg, 300, 6);
}

static void put_dst(struct nl_msg *msg, uint8_t peer)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_MAP_DST);

	if (peer) {
		put_ip(msg, WEFT_A_DST_PEER, peer);
	} else {
		nla_put_u32(msg, WEFT_A_DST_PORT, 1);
		nla_put_u16(msg, WEFT_A_DST_VID, 5);
	}
	nla_nest_end(msg, nest);
}

static void put_map(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_MAP_VNI, 100);
	put_mac(msg, WEFT_A_MAP_MAC);
	put_dst(msg, 2);
	put_dst(msg, 3);
	put_dst(msg, 0);
	nla_put_u32(msg, WEFT_A_MAP_STATE, WEFT_STATE_STATIC);
	nla_put_u32(msg, WEFT_A_MAP_AGE, 3);
	nla_put_u32(msg, WEFT_A_MAP_USED, 4);
	nla_put_u32(msg, WEFT_A_MAP_FLUSHED, 9);
}

static void put_neigh(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_NEIGH_VNI, 100);
	put_ip6(msg, WEFT_A_NEIGH_IP);
	put_mac(msg, WEFT_A_NEIGH_MAC);
	nla_put_u32(msg, WEFT_A_NEIGH_STATE, WEFT_STATE_CONTROLLER);
	nla_put_u32(msg, WEFT_A_NEIGH_AGE, 8);
}

static void put_peer(struct nl_msg *msg)
{
	put_ip(msg, WEFT_A_PEER_IP, 2);
	put_mac(msg, WEFT_A_PEER_LLADDR);
	nla_put_u32(msg, WEFT_A_PEER_VNI, 100);
	nla_put_u32(msg, WEFT_A_PEER_VNI, 200);
	nla_put_u32(msg, WEFT_A_PEER_STATE, WEFT_STATE_STATIC);
	put_u32s(msg, WEFT_A_PEER_LIMIT, WEFT_A_PEER_MTU);
	put_ip(msg, WEFT_A_PEER_NEXTHOP, 254);
	nla_put_u32(msg, WEFT_A_PEER_NEXTHOP_DEV, 1);
	put_stats(msg, WEFT_A_PEER_STATS);
}

static void put_rule(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_RULE_VNI, 100);
	nla_put_u32(msg, WEFT_A_RULE_PREF, 10);
	nla_put_u32(msg, WEFT_A_RULE_PORT, 1);
	put_mac(msg, WEFT_A_RULE_SRC);
	put_mac(msg, WEFT_A_RULE_DST);
	put_mac(msg, WEFT_A_RULE_DST_MASK);
	nla_put_u32(msg, WEFT_A_RULE_CAST, WEFT_CAST_UNICAST);
	nla_put_u16(msg, WEFT_A_RULE_VID, 7);
	nla_put_u8(msg, WEFT_A_RULE_PRIO, 5);
	nla_put_u16(msg, WEFT_A_RULE_TYPE, htons(0x0800));
	put_ip(msg, WEFT_A_RULE_FROM, 0);
	nla_put_u8(msg, WEFT_A_RULE_FROM_LEN, 24);
	put_ip(msg, WEFT_A_RULE_TO, 2);
	nla_put_u8(msg, WEFT_A_RULE_TO_LEN, 32);
	nla_put_u8(msg, WEFT_A_RULE_PROTO, 6);
	nla_put_u8(msg, WEFT_A_RULE_DSCP, 46);
	nla_put_u32(msg, WEFT_A_RULE_FRAG, WEFT_FRAG_NONE);
	nla_put_u16(msg, WEFT_A_RULE_SPORT, 1024);
	nla_put_u16(msg, WEFT_A_RULE_SPORT_MAX, 65535);
	nla_put_u16(msg, WEFT_A_RULE_DPORT, 22);
	nla_put_u16(msg, WEFT_A_RULE_DPORT_MAX, 22);
	nla_put_u8(msg, WEFT_A_RULE_TCP_FLAGS, 0x02);
	nla_put_u8(msg, WEFT_A_RULE_TCP_FLAGS_MASK, 0x12);
	nla_put_u32(msg, WEFT_A_RULE_ACTION, WEFT_ACTION_ALLOW);
	nla_put_u32(msg, WEFT_A_RULE_VIA, WEFT_VIA_VEPA);
	nla_put_u32(msg, WEFT_A_RULE_CLASS, WEFT_CLASS_BULK);
	nla_put_u64(msg, WEFT_A_RULE_RATE, 2500000);
	nla_put_u32(msg, WEFT_A_RULE_BURST, 3000);
	put_stats(msg, WEFT_A_RULE_STATS);
}

static void put_switch(struct nl_msg *msg)
{
	nla_put_string(msg, WEFT_A_SWITCH_NAME, "lo");
	put_u32s(msg, WEFT_A_SWITCH_SEGMENTS, WEFT_A_SWITCH_LIMITED);
	nla_put_u8(msg, WEFT_A_SWITCH_FASTPATH, 1);
	put_stats(msg, WEFT_A_SWITCH_STATS);
}

static void put_drops(struct nl_msg *msg)
{
	nla_put_u32(msg, WEFT_A_DROPS_REASON,
		    WEFT_DROP_REASON_UNKNOWN_UNICAST);
	nla_put_u64(msg, WEFT_A_DROPS_PACKETS, 12);
}

static void put_step(struct nl_msg *msg, uint32_t step)
{
	struct nlattr *nest = nla_nest_start(msg, WEFT_A_TRACE_STEP);

	nla_put_u32(msg, WEFT_A_TRACE_STEP_STEP, step);
	nla_put_u32(msg, WEFT_A_TRACE_STEP_VNI, 100);
	put_mac(msg, WEFT_A_TRACE_STEP_MAC);
	nla_put_u32(msg, WEFT_A_TRACE_STEP_PORT, 1);
	nla_put_u16(msg, WEFT_A_TRACE_STEP_VID, 5);
	put_ip(msg, WEFT_A_TRACE_STEP_PEER, 2);
	nla_put_u32(msg, WEFT_A_TRACE_STEP_STATE, WEFT_STATE_LEARNED);
	nla_put_u32(msg, WEFT_A_TRACE_STEP_PATH, WEFT_PATH_TUNNEL);
	nla_put_u32(msg, WEFT_A_TRACE_STEP_REASON, WEFT_DROP_REASON_MTU);
	nla_nest_end(msg, nest);
}

static void put_trace(struct nl_msg *msg)
{
	put_step(msg, WEFT_STEP_INGRESS);
	put_step(msg, WEFT_STEP_LEARN_REFUSED);
	nla_put_u32(msg, WEFT_A_TRACE_PATH, WEFT_PATH_DROP);
	nla_put_u32(msg, WEFT_A_TRACE_REASON, WEFT_DROP_REASON_ISOLATED);
}

static const struct object {
	int attr;
	void (*put)(struct nl_msg *msg);
	void (*put_rest)(struct nl_msg *msg);
} objects[] = {
	[WEFT_CMD_SWITCH_GET] = { WEFT_A_SWITCH, put_switch },
	[WEFT_CMD_SEGMENT_GET] = { WEFT_A_SEGMENT, put_segment },
	[WEFT_CMD_PORT_GET] = { WEFT_A_PORT, put_port, put_port_rest },
	[WEFT_CMD_MAP_GET] = { WEFT_A_MAP, put_map },
	[WEFT_CMD_MAP_FLUSH] = { WEFT_A_MAP, put_map },
	[WEFT_CMD_NEIGH_GET] = { WEFT_A_NEIGH, put_neigh },
	[WEFT_CMD_PEER_GET] = { WEFT_A_PEER, put_peer },
	[WEFT_CMD_RULE_GET] = { WEFT_A_RULE, put_rule },
	[WEFT_CMD_STATS_GET] = { WEFT_A_DROPS, put_drops },
	[WEFT_CMD_TRACE_GET] = { WEFT_A_TRACE, put_trace },
};

static void answer_object(uint8_t cmd, void (*put)(struct nl_msg *msg))
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlattr *nest;

	genlmsg_put(msg, 0, 0, FAMILY, 0, 0, cmd, 1);
	nla_put_u32(msg, WEFT_A_DEV, 1);
	nest = nla_nest_start(msg, objects[cmd].attr);
	put(msg);
	nla_nest_end(msg, nest);
	queue(msg);
}

/* Return: offset of the MAC address if the entry is refused, else 0. */
static uint32_t refuse(struct nlmsghdr *nlh, struct nlattr *map)
{
	struct nlattr *mac;

	mac = nla_find(nla_data(map), nla_len(map), WEFT_A_MAP_MAC);
	if (!mac || *(uint8_t *)nla_data(mac) != 0xee)
		return 0;
	return (char *)mac - (char *)nlh;
}

static void take_change(struct nlmsghdr *nlh, uint8_t cmd)
{
	struct nlattr *attr, *mode;
	unsigned int count = 0;
	uint32_t bad = 0;
	int rem;

	nla_for_each_attr(attr, nlmsg_attrdata(nlh, GENL_HDRLEN),
			  nlmsg_attrlen(nlh, GENL_HDRLEN), rem) {
		if (nla_type(attr) != WEFT_A_MAP)
			continue;
		bad = refuse(nlh, attr);
		if (bad)
			break;
		count++;
	}
	mode = nlmsg_find_attr(nlh, GENL_HDRLEN, WEFT_A_MODE);
	printf("request %u mode %u entries %u\n", cmd,
	       mode ? nla_get_u32(mode) : WEFT_MODE_ADD, count);
	answer_end(bad ? -EEXIST : 0, "Entry exists", bad);
}

int __wrap_nl_send_auto(struct nl_sock *sk, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	uint8_t cmd;

	if (nlh->nlmsg_type != FAMILY)
		return __real_nl_send_auto(sk, msg);
	nl_complete_msg(sk, msg);
	cmd = ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
	answer.seq = nlh->nlmsg_seq;
	answer.len = 0;
	if (cmd < sizeof(objects) / sizeof(objects[0]) && objects[cmd].put) {
		answer_object(cmd, objects[cmd].put);
		if (objects[cmd].put_rest)
			answer_object(cmd, objects[cmd].put_rest);
		answer_end(0, NULL, 0);
	} else {
		take_change(nlh, cmd);
	}
	return nlh->nlmsg_len;
}

int __wrap_nl_recv(struct nl_sock *sk, struct sockaddr_nl *from,
		   unsigned char **buf, struct ucred **creds)
{
	int len;

	if (!answer.len)
		return __real_nl_recv(sk, from, buf, creds);
	*buf = malloc(answer.len);
	memcpy(*buf, answer.data, answer.len);
	memset(from, 0, sizeof(*from));
	len = answer.len;
	answer.len = 0;
	return len;
}

int __wrap_genl_ctrl_resolve(struct nl_sock *sk, const char *name)
{
	(void)sk;
	(void)name;
	return FAMILY;
}
