// SPDX-License-Identifier: GPL-2.0
/*
 * Local VTEPs: the addresses that a switch is reached at in the underlay, and
 * the tunnel sockets behind them, which all switches of a namespace share.
 */

#include <linux/igmp.h>
#include <linux/jhash.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/netns/generic.h>
#include <net/udp_tunnel.h>

#include "compat/compat.h"
#include "uplink.h"
#include "vtep.h"

unsigned int weft_net_id __read_mostly;

/**
 * struct group - a multicast group that a socket has joined
 * @addr: the group
 * @ifindex: where
 * @users: segments that want it
 * @node: in the socket's list
 */
struct group {
	struct weft_addr addr;
	int ifindex;
	unsigned int users;
	struct list_head node;
};

void weft_vtep_net_init(struct weft_net *wn)
{
	INIT_LIST_HEAD(&wn->switches);
	INIT_LIST_HEAD(&wn->socks);
	INIT_LIST_HEAD(&wn->uplinks);
	hash_init(wn->vteps);
}

static u32 hash(const struct weft_addr *addr, __be16 port)
{
	if (addr->family == AF_INET)
		return jhash_2words((__force u32)addr->v4, (__force u32)port,
				    0);
	return jhash2((const u32 *)&addr->v6, 4, (__force u32)port);
}

/**
 * weft_vtep_lookup() - whose address is it?
 * @wn: the namespace
 * @addr: an address of the underlay
 * @port: UDP port, or 0
 *
 * Context: RCU or RTNL. Return: the VTEP or NULL.
 */
struct weft_vtep *weft_vtep_lookup(const struct weft_net *wn,
				   const struct weft_addr *addr, __be16 port)
{
	struct weft_vtep *vtep;

	hash_for_each_possible_rcu(wn->vteps, vtep, node, hash(addr, port),
				   lockdep_rtnl_is_held())
		if (vtep->ws->port == port &&
		    weft_addr_equal(&vtep->addr, addr))
			return vtep;
	return NULL;
}

/* --- sockets --- */

static int create_sock(struct weft_sock *ws)
{
	struct udp_tunnel_sock_cfg tunnel = {
		.sk_user_data = ws,
		.encap_type = 1,
		.encap_rcv = weft_receive,
		.encap_err_lookup = weft_receive_err,
		.gro_receive = ws->encap->gro_receive,
		.gro_complete = ws->encap->gro_complete,
	};
	struct udp_port_cfg cfg = {
		.family = ws->family,
		.local_udp_port = ws->port,
		.bind_ifindex = ws->vrf,
		.use_udp6_rx_checksums = !ws->zero_csum6_rx,
		.ipv6_v6only = ws->family == AF_INET6,
	};
	int err;

	if (weft_encap_bare(ws->encap))
		return 0;
	err = udp_sock_create(ws->net, &cfg, &ws->sock);
	if (err)
		return err;
	ws->sk = ws->sock->sk;
	udp_allow_gso(ws->sk);
	weft_setup_udp_tunnel_sock(ws->net, ws->sock, &tunnel);
	weft_udp_tunnel_notify_add_rx_port(ws->sock, ws->encap->udp_tunnel);
	return 0;
}

/* Would all who share the socket with @sw have it in that VRF by now? */
static bool may_move(const struct weft_sock *ws, const struct weft_switch *sw,
		     int vrf)
{
	struct weft_vtep *vtep;

	hlist_for_each_entry(vtep, &ws->vteps, ws_node)
		if (vtep->sw != sw && weft_uplink_vrf(vtep->sw) != vrf)
			return false;
	return true;
}

/* The port can't be bound anew where only the VRF is another, so a socket
 * that nobody wants where it is will be moved (weft_vtep_publish()).
 */
static struct weft_sock *find_sock(struct weft_net *wn,
				   const struct weft_sock *like,
				   const struct weft_switch *sw)
{
	struct weft_sock *ws, *elsewhere = NULL;

	list_for_each_entry(ws, &wn->socks, node) {
		if (ws->family != like->family || ws->port != like->port ||
		    ws->encap != like->encap)
			continue;
		if (ws->vrf == like->vrf)
			return ws;
		if (may_move(ws, sw, like->vrf))
			elsewhere = ws;
	}
	return elsewhere;
}

static void move_sock(struct weft_sock *ws, int vrf)
{
	struct sock *sk = ws->sk;

	if (ws->vrf == vrf)
		return;
	ws->vrf = vrf;
	if (!sk)
		return;
	/* not sock_bindtoindex(): it asks for rights of who moves a device */
	lock_sock(sk);
	WRITE_ONCE(sk->sk_bound_dev_if, vrf);
	sk_dst_reset(sk);
	release_sock(sk);
}

/* Does another switch than @sw use the socket? */
static bool shared(const struct weft_sock *ws, const struct weft_switch *sw)
{
	struct weft_vtep *vtep;

	hlist_for_each_entry(vtep, &ws->vteps, ws_node)
		if (vtep->sw != sw)
			return true;
	return false;
}

static struct weft_sock *get_sock(const struct weft_sock *like,
				  const struct weft_switch *sw,
				  struct netlink_ext_ack *extack)
{
	struct weft_net *wn = weft_net(like->net);
	struct weft_sock *ws;
	int err;

	ws = find_sock(wn, like, sw);
	if (ws && ws->zero_csum6_rx != like->zero_csum6_rx &&
	    shared(ws, sw)) {
		NL_SET_ERR_MSG(extack,
			       "Another switch shares the UDP port and says otherwise on zero checksums");
		return ERR_PTR(-EBUSY);
	}
	if (ws)
		return ws;

	ws = kmemdup(like, sizeof(*like), GFP_KERNEL);
	if (!ws)
		return ERR_PTR(-ENOMEM);
	INIT_HLIST_HEAD(&ws->vteps);
	INIT_LIST_HEAD(&ws->groups);
	err = create_sock(ws);
	if (err) {
		if (err == -EADDRINUSE)
			NL_SET_ERR_MSG(extack,
				       "The UDP port is in use in the underlay");
		else
			NL_SET_ERR_MSG(extack,
				       "Can't create the tunnel socket");
		kfree(ws);
		return ERR_PTR(err);
	}
	list_add_rcu(&ws->node, &wn->socks);
	return ws;
}

static void put_sock(struct weft_sock *ws)
{
	if (!hlist_empty(&ws->vteps))
		return;
	WARN_ON_ONCE(!list_empty(&ws->groups));
	list_del_rcu(&ws->node);
	if (ws->sock) {
		weft_udp_tunnel_notify_del_rx_port(ws->sock,
						   ws->encap->udp_tunnel);
		weft_udp_tunnel_sock_release(ws->sock);	/* waits for readers */
	}
	kfree_rcu(ws, rcu);
}

/* --- addresses --- */

static int check_taken(const struct weft_switch *sw,
		       const struct weft_addr *addr, __be16 port,
		       struct netlink_ext_ack *extack)
{
	struct weft_vtep *vtep = weft_vtep_lookup(weft_net(sw->net), addr,
						  port);

	if (!vtep || vtep->sw == sw)
		return 0;
	if (weft_addr_link(addr))
		NL_SET_ERR_MSG(extack, "Another switch has this fence address");
	else
		NL_SET_ERR_MSG(extack,
			       "Another switch has this local address and UDP port");
	return -EADDRINUSE;
}

/**
 * weft_vtep_open() - prepare a local VTEP; nothing is received by it yet
 * @sw: the switch
 * @config: has the address and the port
 * @encap: the encapsulation
 * @family: which of the addresses
 * @vrf: L3 master device of the uplinks, or 0
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: the VTEP, NULL if there is no address of
 * the family, or an error pointer.
 */
struct weft_vtep *weft_vtep_open(struct weft_switch *sw,
				 const struct weft_config *config,
				 const struct weft_encap_ops *encap,
				 u32 family, int vrf,
				 struct netlink_ext_ack *extack)
{
	const struct weft_addr *addr = weft_local(config, family);
	struct weft_sock like = {
		.net = sw->net, .encap = encap, .family = family,
		.port = weft_vtep_port(encap, config), .vrf = vrf,
		.zero_csum6_rx = family == AF_INET6 && config->zero_csum6_rx,
	};
	struct weft_vtep *vtep;
	struct weft_sock *ws;
	int err;

	ASSERT_RTNL();
	if (!addr->family)
		return NULL;
	err = check_taken(sw, addr, like.port, extack);
	if (err)
		return ERR_PTR(err);
	vtep = kzalloc(sizeof(*vtep), GFP_KERNEL);
	if (!vtep)
		return ERR_PTR(-ENOMEM);
	ws = get_sock(&like, sw, extack);
	if (IS_ERR(ws)) {
		kfree(vtep);
		return ERR_CAST(ws);
	}
	vtep->sw = sw;
	vtep->ws = ws;
	vtep->vrf = vrf;
	vtep->addr = *addr;
	INIT_HLIST_NODE(&vtep->node);
	hlist_add_head_rcu(&vtep->ws_node, &ws->vteps);
	return vtep;
}

/**
 * weft_vtep_publish() - begin to receive by a VTEP
 * @vtep: the VTEP
 * @config: of its switch
 *
 * Context: RTNL, may sleep.
 */
void weft_vtep_publish(struct weft_vtep *vtep,
		       const struct weft_config *config)
{
	struct weft_net *wn = weft_net(vtep->sw->net);
	struct weft_sock *ws = vtep->ws;

	move_sock(ws, vtep->vrf);
	if (ws->family == AF_INET6 && ws->sk) {
		ws->zero_csum6_rx = config->zero_csum6_rx;
		udp_set_no_check6_rx(ws->sk, ws->zero_csum6_rx);
	}
	hash_add_rcu(wn->vteps, &vtep->node,
		     hash(&vtep->addr, vtep->ws->port));
}

/** weft_vtep_close() - the reverse of both; context: RTNL, may sleep */
void weft_vtep_close(struct weft_vtep *vtep)
{
	ASSERT_RTNL();
	if (!hlist_unhashed(&vtep->node))
		hash_del_rcu(&vtep->node);
	hlist_del_rcu(&vtep->ws_node);
	put_sock(vtep->ws);
	kfree_rcu(vtep, rcu);
}

/* --- multicast groups --- */

static int join(struct weft_sock *ws, const struct weft_addr *group,
		int ifindex)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = group->v4,
		.imr_ifindex = ifindex,
	};
	int err;

	lock_sock(ws->sk);
	if (ws->family == AF_INET6)
		err = ipv6_sock_mc_join(ws->sk, ifindex, &group->v6);
	else
		err = ip_mc_join_group(ws->sk, &mreq);
	release_sock(ws->sk);
	return err;
}

static void leave(struct weft_sock *ws, const struct group *group)
{
	struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = group->addr.v4,
		.imr_ifindex = group->ifindex,
	};

	lock_sock(ws->sk);
	if (ws->family == AF_INET6)
		ipv6_sock_mc_drop(ws->sk, group->ifindex,
				       &group->addr.v6);
	else
		ip_mc_leave_group(ws->sk, &mreq);
	release_sock(ws->sk);
}

static struct group *find_group(struct weft_sock *ws,
				const struct weft_addr *addr, int ifindex)
{
	struct group *group;

	list_for_each_entry(group, &ws->groups, node)
		if (group->ifindex == ifindex &&
		    weft_addr_equal(&group->addr, addr))
			return group;
	return NULL;
}

/**
 * weft_vtep_join() - receive what is sent to a multicast group
 * @vtep: a VTEP of the group's family
 * @group: the group
 * @ifindex: device of the underlay
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL, may sleep. Return: 0 or an error.
 */
int weft_vtep_join(struct weft_vtep *vtep, const struct weft_addr *group,
		   int ifindex, struct netlink_ext_ack *extack)
{
	struct weft_sock *ws = vtep->ws;
	struct group *joined = find_group(ws, group, ifindex);
	int err;

	if (joined) {
		joined->users++;
		return 0;
	}
	joined = kzalloc(sizeof(*joined), GFP_KERNEL);
	if (!joined)
		return -ENOMEM;
	joined->addr = *group;
	joined->ifindex = ifindex;
	joined->users = 1;
	err = join(ws, group, ifindex);
	if (err) {
		NL_SET_ERR_MSG(extack, "Can't join the multicast group");
		kfree(joined);
		return err;
	}
	list_add(&joined->node, &ws->groups);
	return 0;
}

/** weft_vtep_leave() - the reverse; context: RTNL, may sleep */
void weft_vtep_leave(struct weft_vtep *vtep, const struct weft_addr *group,
		     int ifindex)
{
	struct group *joined = find_group(vtep->ws, group, ifindex);

	if (!joined || --joined->users)
		return;
	leave(vtep->ws, joined);
	list_del(&joined->node);
	kfree(joined);
}

/**
 * weft_vtep_ports() - tell a NIC which UDP ports are tunnels, or no more
 * @dev: the NIC
 * @push: tell, or take back
 *
 * Context: RTNL.
 */
void weft_vtep_ports(struct net_device *dev, bool push)
{
	struct weft_sock *ws;

	list_for_each_entry(ws, &weft_net(dev_net(dev))->socks, node) {
		if (!ws->sock)
			continue;
		if (push)
			weft_udp_tunnel_push_rx_port(dev, ws->sock,
						     ws->encap->udp_tunnel);
		else
			weft_udp_tunnel_drop_rx_port(dev, ws->sock,
						     ws->encap->udp_tunnel);
	}
}
