/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_UPLINK_H
#define _WEFT_UPLINK_H

#include "packet.h"
#include "switch.h"
#include "vtep.h"

struct weft_port;

/**
 * struct weft_uplink - a device of the underlay that tunnel frames come in by
 * @dev: the device
 * @users: switches that name it; RTNL
 * @handler: we are its rx handler; RTNL
 * @trunk: the port that takes its V.VLANs, NULL for none; RTNL to change, read
 *	under RCU
 * @node: in the namespace's list; RTNL
 * @tracker: of the reference to @dev
 * @rcu: frees it
 */
struct weft_uplink {
	struct net_device *dev;
	unsigned int users;
	bool handler;
	struct weft_port __rcu *trunk;
	struct list_head node;
	netdevice_tracker tracker;
	struct rcu_head rcu;
};

/**
 * typedef weft_upper_t - takes the frames that come out of the tunnel
 * @skb: the frame, as struct weft_pkt says; consumed
 * @pkt: filled in but for @pkt->from of an unknown source
 *
 * Called in softirq, RCU.
 */
typedef void (*weft_upper_t)(struct sk_buff *skb, struct weft_pkt *pkt);

void weft_uplink_set_upper(weft_upper_t upper);

int weft_uplink_bind(struct weft_switch *sw, const struct weft_config *config,
		     const int *ifindex, unsigned int count,
		     struct netlink_ext_ack *extack);
void weft_uplink_unbind(struct weft_switch *sw);
int weft_uplink_first(const struct weft_switch *sw);
int weft_uplink_vrf(const struct weft_switch *sw);
unsigned int weft_uplink_mtu(const struct weft_switch *sw, bool first);
struct weft_vtep *weft_uplink_vtep(const struct weft_switch *sw,
				   const struct weft_encap_ops *encap,
				   u32 family);
struct sock *weft_uplink_sk(const struct weft_switch *sw,
			    const struct weft_encap_ops *encap, u32 family);
bool weft_uplink_speaks(const struct weft_switch *sw,
			const struct weft_encap_ops *encap, u32 family);
int weft_uplink_use(struct weft_switch *sw, const struct weft_encap_ops *encap,
		    struct netlink_ext_ack *extack);
void weft_uplink_unuse(struct weft_switch *sw,
		       const struct weft_encap_ops *encap);
bool weft_uplink_fast(const struct weft_switch *sw);

int weft_uplink_join_group(struct weft_switch *sw,
			   const struct weft_addr *group, int ifindex,
			   struct netlink_ext_ack *extack);
void weft_uplink_leave_group(struct weft_switch *sw,
			     const struct weft_addr *group, int ifindex);
int weft_uplink_event(struct net_device *dev, unsigned long event);

struct weft_uplink *weft_uplink_find(const struct weft_switch *sw, int ifindex);
bool weft_uplink_has(const struct weft_switch *sw, int ifindex);
enum weft_drop_reason weft_receive_check(struct weft_switch *sw,
					 const struct weft_addr *src, u32 vni,
					 const struct weft_encap_ops *encap,
					 struct weft_pkt *pkt);
void weft_receive_frame(struct sk_buff *skb, struct weft_pkt *pkt,
			unsigned int hlen, u8 dsfield);
rx_handler_result_t weft_uplink_rx(struct sk_buff **pskb);

#endif /* _WEFT_UPLINK_H */
