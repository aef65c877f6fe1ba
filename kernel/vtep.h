/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_VTEP_H
#define _WEFT_VTEP_H

#include <linux/hashtable.h>
#include <net/netns/generic.h>
#include <net/net_namespace.h>

#include "addr.h"
#include "encap/encap.h"
#include "switch.h"

/**
 * struct weft_net - what weft keeps of a namespace as an underlay
 * @switches: struct weft_switch whose underlay it is; RTNL, read under RCU
 * @socks: struct weft_sock; RTNL to change, read under RCU
 * @uplinks: struct weft_uplink; RTNL
 * @vteps: struct weft_vtep by address and port; RTNL, read under RCU
 */
struct weft_net {
	struct list_head switches;
	struct list_head socks;
	struct list_head uplinks;
	DECLARE_HASHTABLE(vteps, 6);
};

/**
 * struct weft_sock - a tunnel socket, shared by the switches of a namespace
 * @sock: the socket; NULL for an encapsulation that only the receive handlers
 *	of uplinks take in
 * @sk: its other half
 * @net: the namespace
 * @encap: what is spoken on it
 * @family: AF_INET, AF_INET6 or AF_PACKET
 * @port: UDP port, or 0
 * @vrf: L3 master device it is bound to, or 0
 * @zero_csum6_rx: no checksum needed over IPv6
 * @vteps: struct weft_vtep; RTNL, read under RCU
 * @groups: multicast groups it joined; RTNL
 * @node: in the namespace's list
 * @rcu: frees it
 */
struct weft_sock {
	struct socket *sock;
	struct sock *sk;
	struct net *net;
	const struct weft_encap_ops *encap;
	u32 family;
	__be16 port;
	int vrf;
	bool zero_csum6_rx;
	struct hlist_head vteps;
	struct list_head groups;
	struct list_head node;
	struct rcu_head rcu;
};

/**
 * struct weft_vtep - a local address of a switch
 * @sw: the switch
 * @ws: its socket
 * @vrf: L3 master device of the switch's uplinks, or 0; the socket's, once
 *	published
 * @addr: the address
 * @dev: where it is, if it is a MAC address; NULL for nowhere; RTNL to change,
 *	read under RCU
 * @node: in the hash of the namespace
 * @ws_node: in the list of the socket
 * @rcu: frees it
 */
struct weft_vtep {
	struct weft_switch *sw;
	struct weft_sock *ws;
	int vrf;
	struct weft_addr addr;
	struct net_device *dev;
	struct hlist_node node;
	struct hlist_node ws_node;
	struct rcu_head rcu;
};

extern unsigned int weft_net_id;

static inline struct weft_net *weft_net(const struct net *net)
{
	return net_generic(net, weft_net_id);
}

void weft_vtep_net_init(struct weft_net *wn);

/** weft_vtep_port() - UDP port of an encapsulation on a switch, or 0 */
static inline __be16 weft_vtep_port(const struct weft_encap_ops *encap,
				    const struct weft_config *config)
{
	if (weft_encap_bare(encap))
		return 0;
	return encap->port ?: config->port;
}

struct weft_vtep *weft_vtep_open(struct weft_switch *sw,
				 const struct weft_config *config,
				 const struct weft_encap_ops *encap,
				 u32 family, int vrf,
				 struct netlink_ext_ack *extack);
void weft_vtep_publish(struct weft_vtep *vtep,
		       const struct weft_config *config);
void weft_vtep_close(struct weft_vtep *vtep);
struct weft_vtep *weft_vtep_lookup(const struct weft_net *wn,
				   const struct weft_addr *addr, __be16 port);

int weft_vtep_join(struct weft_vtep *vtep, const struct weft_addr *group,
		   int ifindex, struct netlink_ext_ack *extack);
void weft_vtep_leave(struct weft_vtep *vtep, const struct weft_addr *group,
		     int ifindex);
void weft_vtep_ports(struct net_device *dev, bool push);

int weft_receive(struct sock *sk, struct sk_buff *skb);
int weft_receive_err(struct sock *sk, struct sk_buff *skb);

#endif /* _WEFT_VTEP_H */
