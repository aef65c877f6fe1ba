// SPDX-License-Identifier: GPL-2.0
/* Ingress: who is a frame from, and which segment is it in? */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>

#include "drop.h"
#include "explain.h"
#include "forward.h"
#include "ingress.h"
#include "peer.h"
#include "port.h"
#include "uplink.h"

static void refuse(struct sk_buff *skb, struct weft_port *port,
		   const struct weft_pkt *pkt, enum weft_drop_reason reason)
{
	if (unlikely(pkt->explain)) {
		weft_explained(pkt, WEFT_PATH_DROP, reason);
		consume_skb(skb);
		return;
	}
	weft_stats_drop(port->stats);
	weft_drop(port->sw, pkt->segment ? pkt->segment->vni : 0, skb,
		  reason);
}

/* Which membership does the frame fall under? A tag that means the port is
 * taken off; on a port without VLANs the tag is the VM's own and stays.
 */
static struct weft_port_vlan *classify(struct sk_buff *skb,
				       struct weft_port *port)
{
	u16 vid;

	if (likely(!skb_vlan_tag_present(skb)) || !READ_ONCE(port->vlan_count))
		return rcu_dereference(port->untagged);
	if (skb->vlan_proto != htons(ETH_P_8021Q))
		return NULL;
	vid = skb_vlan_tag_get_id(skb);
	__vlan_hwaccel_clear_tag(skb);
	return weft_port_vlan(port, vid);
}

/* @skb has its data at the Ethernet header. */
static void from_port(struct sk_buff *skb, struct weft_port *port,
		      struct weft_served served, struct weft_explain *explain)
{
	struct weft_pkt pkt = {
		.sw = port->sw, .served = served, .explain = explain,
	};
	const u8 *source = eth_hdr(skb)->h_source;
	struct weft_port_vlan *pv;

	pv = classify(skb, port);
	if (unlikely(!pv)) {
		refuse(skb, port, &pkt, WEFT_DROP_REASON_NO_SEGMENT);
		return;
	}
	pkt.segment = pv->segment;
	pkt.from = &pv->dest;
	pkt.from_flags = READ_ONCE(port->flags);
	if (unlikely(explain)) {
		weft_step_dest(weft_step(&pkt, WEFT_STEP_INGRESS), pkt.from);
		weft_step(&pkt, WEFT_STEP_SEGMENT)->vni = pkt.segment->vni;
	} else {
		weft_stats_rx(port->stats, skb->len);
		weft_stats_rx(pkt.segment->stats, skb->len);
	}
	if (unlikely(!is_valid_ether_addr(source))) {
		refuse(skb, port, &pkt, WEFT_DROP_REASON_BAD_SOURCE_MAC);
		return;
	}
	if (unlikely(!weft_port_allows(port, source))) {
		refuse(skb, port, &pkt, WEFT_DROP_REASON_SOURCE_CHECK);
		return;
	}
	weft_forward(skb, &pkt);
}

/* Takes off what belongs to the place the frame comes from: conntrack, route,
 * marks, extensions, timestamps. Nothing later puts anything on, so this is
 * for every egress.
 */
static void prepare(struct sk_buff *skb)
{
	skb_scrub_packet(skb, true);
	skb_init_secmark(skb);
	skb_forward_csum(skb);
}

/**
 * weft_ingress_rx() - the rx handler of a port
 * @pskb: the frame, data at its network header
 *
 * Link-local frames (IEEE 802.1Q, 8.6.3) are the host's. Context: softirq,
 * RCU.
 */
rx_handler_result_t weft_ingress_rx(struct sk_buff **pskb)
{
	struct weft_port *port;
	struct sk_buff *skb;

	if (unlikely((*pskb)->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	skb = skb_share_check(*pskb, GFP_ATOMIC);
	if (unlikely(!skb))
		return RX_HANDLER_CONSUMED;
	*pskb = skb;
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest)))
		return RX_HANDLER_PASS;

	port = rcu_dereference(skb->dev->rx_handler_data);
	prepare(skb);
	skb_push(skb, ETH_HLEN);
	from_port(skb, port, (struct weft_served){}, NULL);
	return RX_HANDLER_CONSUMED;
}

/**
 * weft_ingress_port() - a frame of a port that is not enslaved: of a VF whose NIC
 * hands it to the host, or of a V.VLAN
 * @skb: the frame, as struct weft_pkt says; consumed
 * @port: the VF, or the uplink
 * @served: who has got it already
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_ingress_port(struct sk_buff *skb, struct weft_port *port,
		       struct weft_served served)
{
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest))) {
		weft_drop(port->sw, 0, skb, WEFT_DROP_REASON_LINK_LOCAL);
		return;
	}
	prepare(skb);
	from_port(skb, port, served, NULL);
}

/**
 * weft_ingress_xmit() - transmit of the switch's own interface
 * @skb: the frame
 * @dev: the switch's device
 *
 * The host is one more VM. Context: bottom halves off, RCU.
 */
netdev_tx_t weft_ingress_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct weft_switch *sw = netdev_priv(dev);
	const struct ethhdr *eth;

	skb_tx_timestamp(skb);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN))) {
		weft_drop(sw, 0, skb, WEFT_DROP_REASON_SHORT_FRAME);
		return NETDEV_TX_OK;
	}
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	eth = eth_hdr(skb);
	if (is_link_local_ether_addr(eth->h_dest)) {
		weft_drop(sw, 0, skb, WEFT_DROP_REASON_LINK_LOCAL);
		return NETDEV_TX_OK;
	}
	skb->protocol = eth_proto_is_802_3(eth->h_proto) ?
			eth->h_proto : htons(ETH_P_802_2);
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	prepare(skb);
	rcu_read_lock();
	from_port(skb, sw->host, (struct weft_served){}, NULL);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static void explain_tunnel(const struct weft_pkt *pkt)
{
	struct weft_explain_step *step = weft_step(pkt, WEFT_STEP_INGRESS);

	step->peer = *pkt->src;
	weft_step(pkt, WEFT_STEP_SEGMENT)->vni = pkt->segment->vni;
}

/**
 * weft_ingress_tunnel() - a frame out of the tunnel
 * @skb: the frame, as struct weft_pkt says; consumed
 * @pkt: what is known of it
 *
 * Context: softirq or bottom halves off, RCU.
 */
void weft_ingress_tunnel(struct sk_buff *skb, struct weft_pkt *pkt)
{
	if (unlikely(pkt->explain)) {
		explain_tunnel(pkt);
	} else {
		if (likely(pkt->from))
			weft_stats_rx(weft_dest_peer(pkt->from)->stats,
				      skb->len);
		weft_stats_rx(pkt->segment->stats, skb->len);
	}
	if (unlikely(is_link_local_ether_addr(eth_hdr(skb)->h_dest))) {
		if (pkt->explain) {
			weft_explained(pkt, WEFT_PATH_DROP,
				       WEFT_DROP_REASON_LINK_LOCAL);
			consume_skb(skb);
		} else {
			weft_drop(pkt->sw, pkt->segment->vni, skb,
				  WEFT_DROP_REASON_LINK_LOCAL);
		}
		return;
	}
	weft_forward(skb, pkt);
}

/* --- questions (explain.h) --- */

static struct sk_buff *make_frame(const void *frame, unsigned int len,
				  struct weft_switch *sw)
{
	struct sk_buff *skb;

	skb = alloc_skb(LL_MAX_HEADER + sw->headroom + len, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_MAX_HEADER + sw->headroom);
	skb_put_data(skb, frame, len);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->dev = sw->dev;
	skb->protocol = eth_proto_is_802_3(eth_hdr(skb)->h_proto) ?
			eth_hdr(skb)->h_proto : htons(ETH_P_802_2);
	return skb;
}

/* As the receive path of a device does it. */
static struct sk_buff *untag(struct sk_buff *skb)
{
	if (!eth_type_vlan(skb->protocol))
		return skb;
	skb_pull(skb, ETH_HLEN);
	skb = skb_vlan_untag(skb);
	if (skb)
		skb_push(skb, ETH_HLEN);
	return skb;
}

static void explain_lost(struct weft_switch *sw, struct weft_explain *explain,
			 enum weft_drop_reason reason)
{
	struct weft_pkt pkt = { .sw = sw, .explain = explain };

	weft_explained(&pkt, WEFT_PATH_DROP, reason);
}

/* Does it end in its tag, so that no device would take that off? */
static bool ends_in_tag(const void *frame, unsigned int len)
{
	const struct ethhdr *eth = frame;

	return eth_type_vlan(eth->h_proto) &&
	       len < ETH_HLEN + VLAN_HLEN + sizeof(__be16);
}

/* Would the frame not come here, but to the host? */
static bool is_hosts(const struct sk_buff *skb, struct weft_port *port)
{
	if (is_link_local_ether_addr(eth_hdr(skb)->h_dest))
		return !port->nic;
	return port->uplink && !(skb_vlan_tag_present(skb) &&
				 weft_port_vlan(port,
						skb_vlan_tag_get_id(skb)));
}

/**
 * weft_explain_port() - what would become of a frame from a port?
 * @port: the port
 * @frame: the frame, from its Ethernet header on
 * @len: its length, at least ETH_HLEN
 * @explain: the answer, zeroed before
 *
 * Context: bottom halves off, RCU.
 */
void weft_explain_port(struct weft_port *port, const void *frame,
		       unsigned int len, struct weft_explain *explain)
{
	struct weft_pkt pkt = { .sw = port->sw, .explain = explain };
	struct sk_buff *skb;

	if (ends_in_tag(frame, len)) {
		explain_lost(port->sw, explain, WEFT_DROP_REASON_SHORT_FRAME);
		return;
	}
	skb = make_frame(frame, len, port->sw);
	if (skb)
		skb = untag(skb);
	if (!skb) {
		explain_lost(port->sw, explain, WEFT_DROP_REASON_NO_MEMORY);
		return;
	}
	if (is_hosts(skb, port)) {
		weft_explained(&pkt, WEFT_PATH_LOCAL, 0);
		consume_skb(skb);
		return;
	}
	from_port(skb, port, (struct weft_served){}, explain);
}

/**
 * weft_explain_tunnel() - what would become of a frame out of the tunnel?
 * @sw: the switch
 * @src: outer source
 * @vni: of the tunnel header
 * @frame: the frame, from its Ethernet header on
 * @len: its length, at least ETH_HLEN
 * @explain: the answer, zeroed before
 *
 * Context: bottom halves off, RCU.
 */
void weft_explain_tunnel(struct weft_switch *sw, const struct weft_addr *src,
			 u32 vni, const void *frame, unsigned int len,
			 struct weft_explain *explain)
{
	struct weft_pkt pkt = {
		.sw = sw, .src = src, .from_flags = WEFT_END_TUNNEL,
		.explain = explain,
	};
	enum weft_drop_reason reason;
	struct sk_buff *skb;

	reason = weft_receive_check(sw, src, vni, NULL, &pkt);
	skb = make_frame(frame, len, sw);
	if (!reason && skb && !is_valid_ether_addr(eth_hdr(skb)->h_source))
		reason = WEFT_DROP_REASON_BAD_SOURCE_MAC;
	if (!skb)
		reason = WEFT_DROP_REASON_NO_MEMORY;
	if (reason) {
		weft_explained(&pkt, WEFT_PATH_DROP, reason);
		consume_skb(skb);
		return;
	}
	weft_ingress_tunnel(skb, &pkt);
}
