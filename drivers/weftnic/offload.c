// SPDX-License-Identifier: GPL-2.0
/*
 * What weft asks of the NIC, as commands; and what the NIC tells weft.
 */

#include <linux/etherdevice.h>

#include "nic.h"

/* weft's flags are the NIC's */
static_assert(WEFT_NIC_SEG_HOST_MISS == WEFTNIC_SEG_HOST_MISS);
static_assert(WEFT_NIC_SEG_HOST_FLOOD == WEFTNIC_SEG_HOST_FLOOD);
static_assert(WEFT_NIC_SEG_HOST_ARP == WEFTNIC_SEG_HOST_ARP);
static_assert(WEFT_NIC_SEG_HOST_ALL == WEFTNIC_SEG_HOST_ALL);
static_assert((int)WEFT_NIC_ENCAP_NONE == (int)WEFTNIC_ENCAP_NONE);
static_assert((int)WEFT_NIC_ENCAP_VXLAN == (int)WEFTNIC_ENCAP_VXLAN);
static_assert((int)WEFT_NIC_ENCAP_GENEVE == (int)WEFTNIC_ENCAP_GENEVE);
static_assert((int)WEFT_NIC_ENCAP_NVGRE == (int)WEFTNIC_ENCAP_NVGRE);
static_assert(WEFT_NIC_OPTIONS_MAX == WEFTNIC_OPTIONS_MAX);
static_assert((int)WEFT_NIC_TO_NONE == (int)WEFTNIC_TO_NONE);
static_assert((int)WEFT_NIC_TO_VTEP == (int)WEFTNIC_TO_VTEP);
static_assert((int)WEFT_NIC_TO_VF == (int)WEFTNIC_TO_VF);
static_assert((int)WEFT_NIC_TO_HOST == (int)WEFTNIC_TO_HOST);
static_assert((int)WEFT_NIC_ALLOW == (int)WEFTNIC_ALLOW);
static_assert((int)WEFT_NIC_DENY == (int)WEFTNIC_DENY);
static_assert((int)WEFT_NIC_TO_JUDGE == (int)WEFTNIC_TO_JUDGE);
static_assert(WEFT_NIC_MATCH_IP == WEFTNIC_MATCH_IP);
static_assert(WEFT_NIC_MATCH_MULTICAST == WEFTNIC_MATCH_MULTICAST);
static_assert(WEFT_NIC_MATCH_BROADCAST == WEFTNIC_MATCH_BROADCAST);
static_assert(WEFT_NIC_MATCH_PORTS == WEFTNIC_MATCH_PORTS);
static_assert((int)WEFT_NIC_TO_MEMBERS == (int)WEFTNIC_TO_MEMBERS);
static_assert(WEFT_NIC_TAG_LOCAL == WEFTNIC_TAG_LOCAL);
static_assert(WEFT_NIC_TAG_VF == WEFTNIC_TAG_VF);
static_assert(WEFT_NIC_TAG_VF_MASK == WEFTNIC_TAG_VF_MASK);
static_assert(WEFT_NIC_SEG_HOST_GROUPS == WEFTNIC_SEG_HOST_GROUPS);
static_assert(WEFT_NIC_SEG_HOST_OWN == WEFTNIC_SEG_HOST_OWN);

static int simple(struct net_device *pf, enum weftnic_op op, u32 generation)
{
	u32 args[NIC_CMD_ARGS] = { generation };

	return nic_cmd(netdev_priv(pf), op, args);
}

/* VFs keep what they have until the end: without an overlay, what they send
 * would reach the wire as it is. The NIC has no segments for them meanwhile.
 */
static int begin(struct net_device *pf, u32 generation)
{
	nic_vfs_set_stale(netdev_priv(pf));
	return simple(pf, WEFTNIC_OP_BEGIN, generation);
}

static int end(struct net_device *pf, u32 generation)
{
	int err = nic_vfs_end_stale(netdev_priv(pf));

	return err ?: simple(pf, WEFTNIC_OP_END, generation);
}

static void fill_vtep(struct weftnic_vtep *to, const struct weft_nic_vtep *from)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->ip, &from->ip, sizeof(to->ip));
	ether_addr_copy(to->mac, from->mac);
	ether_addr_copy(to->gateway_mac, from->gateway_mac);
	to->prefix = from->prefix;
	to->ttl = from->ttl;
	to->group_ttl = from->group_ttl;
	to->tos = from->tos;
	to->flags = (from->csum ? WEFTNIC_VTEP_CSUM : 0) |
		    (from->df ? WEFTNIC_VTEP_DF : 0) |
		    (from->df_inherit ? WEFTNIC_VTEP_DF_INHERIT : 0);
	to->vxlan_port = from->vxlan_port;
	to->geneve_port = from->geneve_port;
	to->sport_low = cpu_to_le16(from->sport_low);
	to->sport_high = cpu_to_le16(from->sport_high);
}

static int set_vteps(struct net_device *pf, const struct weft_nic_vtep *vteps,
		     unsigned int count)
{
	struct nic *nic = netdev_priv(pf);
	struct weftnic_vtep *elems;
	unsigned int i;
	int err;

	if (count > NIC_CMD_MAX(*elems))
		return -E2BIG;
	elems = nic_cmd_begin(nic);
	for (i = 0; i < count; i++)
		fill_vtep(&elems[i], &vteps[i]);
	err = nic_cmd_run(nic, WEFTNIC_OP_VTEPS, count, NULL);
	nic_cmd_end(nic);
	return err;
}

/* --- segments --- */

static void fill_segment(struct weftnic_segment *to,
			 const struct weft_nic_segment *from)
{
	memset(to, 0, sizeof(*to));
	to->vni = cpu_to_le32(from->vni);
	to->flags = cpu_to_le32(from->flags);
	to->encap = from->encap;
	to->options_len = from->options_len;
	memcpy(to->options, from->options, from->options_len);
	memcpy(to->group, &from->group, sizeof(to->group));
	memcpy(to->gateway, &from->gateway, sizeof(to->gateway));
	ether_addr_copy(to->group_mac, from->group_mac);
	ether_addr_copy(to->gateway_mac, from->gateway_mac);
}

static int set_some(struct nic *nic, struct weft_nic_segment *segments,
		    unsigned int count)
{
	struct weftnic_segment *elems = nic_cmd_begin(nic);
	unsigned int i;
	int err;

	for (i = 0; i < count; i++)
		fill_segment(&elems[i], &segments[i]);
	err = nic_cmd_run(nic, WEFTNIC_OP_SEGMENTS, count, NULL);
	for (i = 0; !err && i < count; i++)
		segments[i].err = nic_errno(le32_to_cpu(elems[i].status));
	nic_cmd_end(nic);
	return err;
}

static int set_segments(struct net_device *pf,
			struct weft_nic_segment *segments, unsigned int count)
{
	unsigned int done, n;
	int err = 0;

	for (done = 0; !err && done < count; done += n) {
		n = min(count - done, NIC_CMD_MAX(struct weftnic_segment));
		err = set_some(netdev_priv(pf), segments + done, n);
	}
	return err;
}

static int del_some(struct nic *nic, const u32 *vnis, unsigned int count)
{
	struct weftnic_segment *elems = nic_cmd_begin(nic);
	unsigned int i;
	int err;

	memset(elems, 0, count * sizeof(*elems));
	for (i = 0; i < count; i++) {
		elems[i].vni = cpu_to_le32(vnis[i]);
		elems[i].flags = cpu_to_le32(WEFTNIC_SEG_DELETE);
	}
	err = nic_cmd_run(nic, WEFTNIC_OP_SEGMENTS, count, NULL);
	nic_cmd_end(nic);
	return err;
}

static int del_segments(struct net_device *pf, const u32 *vnis,
			unsigned int count)
{
	unsigned int done, n;
	int err = 0;

	for (done = 0; !err && done < count; done += n) {
		n = min(count - done, NIC_CMD_MAX(struct weftnic_segment));
		err = del_some(netdev_priv(pf), vnis + done, n);
	}
	return err;
}

/* --- entries --- */

static void fill_entry(struct weftnic_entry *to,
		       const struct weft_nic_entry *from)
{
	memset(to, 0, sizeof(*to));
	to->vni = cpu_to_le32(from->vni);
	ether_addr_copy(to->mac, from->mac);
	to->dest = from->dest;
	to->flags = from->learned ? WEFTNIC_ENTRY_LEARNED : 0;
	memcpy(to->ip, &from->ip, sizeof(to->ip));
	ether_addr_copy(to->vtep_mac, from->vtep_mac);
	to->vf = cpu_to_le16(from->vf);
	to->members = cpu_to_le64(from->members);
}

/* What is not there need not be deleted. */
static void read_entry(struct weft_nic_entry *to,
		       const struct weftnic_entry *from)
{
	to->err = nic_errno(le32_to_cpu(from->status));
	if (to->err == -ENOENT && to->dest == WEFT_NIC_TO_NONE)
		to->err = 0;
	to->hits = le64_to_cpu(from->hits);
}

static int some_entries(struct nic *nic, enum weftnic_op op,
			struct weft_nic_entry *entries, unsigned int count)
{
	struct weftnic_entry *elems = nic_cmd_begin(nic);
	unsigned int i;
	int err;

	for (i = 0; i < count; i++)
		fill_entry(&elems[i], &entries[i]);
	err = nic_cmd_run(nic, op, count, NULL);
	for (i = 0; !err && i < count; i++)
		read_entry(&entries[i], &elems[i]);
	nic_cmd_end(nic);
	return err;
}

static int all_entries(struct net_device *pf, enum weftnic_op op,
		       struct weft_nic_entry *entries, unsigned int count)
{
	unsigned int done, n;
	int err = 0;

	for (done = 0; !err && done < count; done += n) {
		n = min(count - done, NIC_CMD_MAX(struct weftnic_entry));
		err = some_entries(netdev_priv(pf), op, entries + done, n);
	}
	return err;
}

static int set_entries(struct net_device *pf, struct weft_nic_entry *entries,
		       unsigned int count)
{
	return all_entries(pf, WEFTNIC_OP_ENTRIES, entries, count);
}

static int read_hits(struct net_device *pf, struct weft_nic_entry *entries,
		     unsigned int count)
{
	return all_entries(pf, WEFTNIC_OP_READ_HITS, entries, count);
}

/* --- rules --- */

static void fill_match(struct weftnic_match *to,
		       const struct weft_nic_match *from)
{
	ether_addr_copy(to->dst, from->dst);
	ether_addr_copy(to->src, from->src);
	to->type = from->type;
	to->tci = cpu_to_le16(from->tci);
	to->kind = from->kind;
	to->proto = from->proto;
	to->dscp = from->dscp;
	to->tcp_flags = from->tcp_flags;
	memcpy(to->from, &from->from, sizeof(to->from));
	memcpy(to->to, &from->to, sizeof(to->to));
}

static void fill_rule(struct weftnic_rule *to,
		      const struct weft_nic_rule *from)
{
	memset(to, 0, sizeof(*to));
	to->verdict = from->verdict;
	to->flags = (from->from_vf ? WEFTNIC_RULE_VF : 0) |
		    (from->ports ? WEFTNIC_RULE_PORTS : 0);
	to->vf = cpu_to_le16(from->vf);
	to->sport_low = cpu_to_le16(from->sport_low);
	to->sport_high = cpu_to_le16(from->sport_high);
	to->dport_low = cpu_to_le16(from->dport_low);
	to->dport_high = cpu_to_le16(from->dport_high);
	fill_match(&to->value, &from->value);
	fill_match(&to->mask, &from->mask);
}

static int some_rules(struct nic *nic, u32 vni, u32 keep,
		      const struct weft_nic_rule *rules, unsigned int count)
{
	struct weftnic_rule *elems = nic_cmd_begin(nic);
	u32 args[NIC_CMD_ARGS] = { vni, keep };
	unsigned int i;
	int err;

	for (i = 0; i < count; i++)
		fill_rule(&elems[i], &rules[i]);
	err = nic_cmd_run(nic, WEFTNIC_OP_RULES, count, args);
	nic_cmd_end(nic);
	return err;
}

static int set_rules(struct net_device *pf, u32 vni,
		     const struct weft_nic_rule *rules, unsigned int count)
{
	unsigned int done = 0, n;
	int err;

	do {
		n = min(count - done, NIC_CMD_MAX(struct weftnic_rule));
		err = some_rules(netdev_priv(pf), vni, done, rules + done, n);
		done += n;
	} while (!err && done < count);
	return err;
}

static int read_some(struct nic *nic, u32 vni, u32 skip,
		     struct weft_nic_rule *rules, unsigned int count)
{
	const struct weftnic_rule *elems = nic_cmd_begin(nic);
	u32 args[NIC_CMD_ARGS] = { vni, skip };
	unsigned int i;
	int err;

	err = nic_cmd_run(nic, WEFTNIC_OP_READ_RULES, count, args);
	if (!err && args[1] != skip + count)
		err = -ENOENT;
	for (i = 0; !err && i < count; i++) {
		rules[i].packets = le64_to_cpu(elems[i].packets);
		rules[i].bytes = le64_to_cpu(elems[i].bytes);
	}
	nic_cmd_end(nic);
	return err;
}

static int read_rules(struct net_device *pf, u32 vni,
		      struct weft_nic_rule *rules, unsigned int count)
{
	unsigned int done, n;
	int err = 0;

	for (done = 0; !err && done < count; done += n) {
		n = min(count - done, NIC_CMD_MAX(struct weftnic_rule));
		err = read_some(netdev_priv(pf), vni, done, rules + done, n);
	}
	return err;
}

static int read_ways(struct net_device *pf, struct weft_nic_ways *ways)
{
	struct nic *nic = netdev_priv(pf);
	const struct weftnic_counters *from = nic_cmd_begin(nic);
	int err;

	err = nic_cmd_run(nic, WEFTNIC_OP_COUNTERS, 1, NULL);
	*ways = (struct weft_nic_ways){
		.inside = le64_to_cpu(from->vf_inside),
		.out = le64_to_cpu(from->vf_out),
		.in = le64_to_cpu(from->vf_in),
		.denied = le64_to_cpu(from->denied),
		.miss = le64_to_cpu(from->vf_miss),
		.judge = le64_to_cpu(from->vf_judge),
		.many = le64_to_cpu(from->vf_many),
		.entry = le64_to_cpu(from->vf_entry),
	};
	nic_cmd_end(nic);
	return err;
}

static int set_vf(struct net_device *pf, struct weft_nic_vf *vf)
{
	return nic_vfs_set_weft(netdev_priv(pf), vf);
}

static const struct weft_nic_ops ops = {
	.begin = begin,
	.end = end,
	.set_vteps = set_vteps,
	.set_segments = set_segments,
	.del_segments = del_segments,
	.set_entries = set_entries,
	.read_hits = read_hits,
	.set_rules = set_rules,
	.read_rules = read_rules,
	.read_ways = read_ways,
	.set_vf = set_vf,
};

/* --- registration --- */

static u32 features_of(const struct nic *nic)
{
	static const struct {
		u32 nic;
		u32 weft;
	} table[] = {
		{ WEFTNIC_FEATURE_VXLAN, WEFT_NIC_VXLAN },
		{ WEFTNIC_FEATURE_GENEVE, WEFT_NIC_GENEVE },
		{ WEFTNIC_FEATURE_NVGRE, WEFT_NIC_NVGRE },
		{ WEFTNIC_FEATURE_IPV6, WEFT_NIC_IPV6 },
		{ WEFTNIC_FEATURE_CSUM, WEFT_NIC_CSUM },
		{ WEFTNIC_FEATURE_TSO, WEFT_NIC_TSO },
		{ WEFTNIC_FEATURE_LRO, WEFT_NIC_LRO },
		{ WEFTNIC_FEATURE_RATE, WEFT_NIC_VF_RATE },
		{ WEFTNIC_FEATURE_HITS, WEFT_NIC_HITS },
		{ WEFTNIC_FEATURE_RULES, WEFT_NIC_RULES },
		{ WEFTNIC_FEATURE_GROUPS, WEFT_NIC_GROUPS },
	};
	u32 features = WEFT_NIC_VF_SPOOFCHK | WEFT_NIC_VF_JUDGED;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(table); i++)
		if (nic->features & table[i].nic)
			features |= table[i].weft;
	return features;
}

/**
 * nic_offload_register() - tell weft of the PF
 * @nic: the PF, whose device is registered
 *
 * One that has no overlay engine is a device like any other. Context: process,
 * without RTNL. Return: 0 or a negative errno.
 */
int nic_offload_register(struct nic *nic)
{
	struct weft_nic_caps caps = {
		.features = features_of(nic),
		.map_entries = weftnic_read(nic->slot, WEFTNIC_MAP_SIZE),
		.segments = weftnic_read(nic->slot, WEFTNIC_SEGMENT_SIZE),
		.options = weftnic_read(nic->slot, WEFTNIC_OPTIONS_SIZE),
		.rules = weftnic_read(nic->slot, WEFTNIC_RULE_SIZE),
		.copies = weftnic_read(nic->slot, WEFTNIC_COPIES_SIZE),
		.vfs = nic->vf_count,
		.max_mtu = WEFTNIC_MTU_MAX,
	};
	struct weft_nic *weft;

	if (!(nic->features & WEFTNIC_FEATURE_ENGINE))
		return 0;
	weft = weft_nic_register(nic->netdev, &caps, &ops);
	if (IS_ERR(weft))
		return PTR_ERR(weft);
	rcu_assign_pointer(nic->weft, weft);
	return 0;
}

/**
 * nic_offload_unregister() - the reverse
 * @nic: the PF, neither served nor recovered any more
 *
 * Until it returns, weft may use the PF. Context: process, without RTNL.
 */
void nic_offload_unregister(struct nic *nic)
{
	struct weft_nic *weft = rcu_replace_pointer(nic->weft, NULL, true);

	synchronize_net();	/* with packets that are being received */
	if (weft)
		weft_nic_unregister(weft);
}

/** nic_offload_down() - the NIC takes neither commands nor tags; any context */
void nic_offload_down(struct nic *nic)
{
	struct weft_nic *weft;

	rcu_read_lock();
	weft = rcu_dereference(nic->weft);
	if (weft)
		weft_nic_ready(weft, false);
	rcu_read_unlock();
}

/** nic_offload_up() - it does again, and has lost its tables; any context */
void nic_offload_up(struct nic *nic)
{
	struct weft_nic *weft;

	rcu_read_lock();
	weft = rcu_dereference(nic->weft);
	if (weft) {
		weft_nic_reset(weft);
		weft_nic_ready(weft, true);
	}
	rcu_read_unlock();
}

/* --- events and packets --- */

/**
 * nic_offload_event() - take an event that is about the overlay
 * @nic: the function
 * @event: the event
 *
 * Context: process.
 */
void nic_offload_event(struct nic *nic, const struct weftnic_event *event)
{
	struct weft_nic *weft;

	rcu_read_lock();
	weft = rcu_dereference(nic->weft);
	switch (le16_to_cpu(event->type)) {
	case WEFTNIC_EV_MISS:
		nic->counts.misses++;
		if (weft)
			weft_nic_miss(weft, le32_to_cpu(event->vni),
				      event->mac, le16_to_cpu(event->vf) - 1);
		break;
	case WEFTNIC_EV_CONTRADICTS:
		/* weft learns from the frame, which comes by itself */
		nic->counts.contradictions++;
		break;
	case WEFTNIC_EV_FULL:
		nic->counts.full++;
		if (weft)
			weft_nic_full(weft);
		break;
	}
	rcu_read_unlock();
}

static void fill_rx(struct weft_nic_rx *rx, const struct weftnic_rx_done *done)
{
	u16 flags = le16_to_cpu(done->flags);

	*rx = (struct weft_nic_rx){
		.vni = le32_to_cpu(done->vni),
		.vf = le16_to_cpu(done->vf),
		.encap = done->encap,
		.members = le64_to_cpu(done->members),
	};
	if (flags & WEFTNIC_RX_FROM_VF)
		rx->flags |= WEFT_NIC_RX_VF;
	if (flags & WEFTNIC_RX_SERVED)
		rx->flags |= WEFT_NIC_RX_SERVED;
	if (flags & WEFTNIC_RX_GROUP)
		rx->flags |= WEFT_NIC_RX_GROUP;
	if (flags & WEFTNIC_RX_MEMBERS)
		rx->flags |= WEFT_NIC_RX_MEMBERS;
	if (flags & WEFTNIC_RX_RETURNED)
		rx->flags |= WEFT_NIC_RX_RETURNED;
	memcpy(&rx->src, done->src, sizeof(rx->src));
	ether_addr_copy(rx->src_mac, done->src_mac);
}

/**
 * nic_offload_receive() - give weft a frame that the NIC has stripped
 * @nic: the PF
 * @skb: the frame, consumed: its data is the Ethernet header, its device the
 *	PF; its protocol is not set
 * @done: what the NIC says of it
 *
 * Context: NAPI. Return: false if there was nobody to take it.
 */
bool nic_offload_receive(struct nic *nic, struct sk_buff *skb,
			 const struct weftnic_rx_done *done)
{
	struct weft_nic_rx rx;
	struct weft_nic *weft;

	fill_rx(&rx, done);
	skb_reset_mac_header(skb);

	rcu_read_lock();
	weft = rcu_dereference(nic->weft);
	if (weft)
		weft_nic_receive(weft, skb, &rx);
	else
		kfree_skb(skb);
	rcu_read_unlock();
	return weft;
}

/**
 * nic_offload_give_back() - have weft encapsulate a packet
 * @nic: the PF
 * @skb: the packet, consumed if that is done
 * @tag: its tag
 *
 * Context: ndo_start_xmit. Return: true if it is done.
 */
bool nic_offload_give_back(struct nic *nic, struct sk_buff *skb, u32 tag)
{
	struct weft_nic *weft;

	rcu_read_lock();
	weft = rcu_dereference(nic->weft);
	if (weft)
		weft_nic_tx_fallback(weft, skb, tag);
	rcu_read_unlock();
	return weft;
}
