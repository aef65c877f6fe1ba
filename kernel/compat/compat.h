/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels that weft is built for. The rest of the
 * code reads as if written for the newest; kernel/Kbuild probes the headers.
 */
#ifndef _WEFT_COMPAT_H
#define _WEFT_COMPAT_H

#include <linux/netdevice.h>
#include <net/flow.h>
#include <net/inet_dscp.h>
#include <net/udp_tunnel.h>

/* flowi4_dscp is flowi4_tos before 6.18 */
static inline void weft_flowi4_set_dsfield(struct flowi4 *fl4, u8 dsfield)
{
#ifdef WEFT_HAVE_FLOWI4_DSCP
	fl4->flowi4_dscp = inet_dsfield_to_dscp(dsfield);
#else
	fl4->flowi4_tos = dsfield & INET_DSCP_MASK;
#endif
}

/* netns_immutable is netns_local before 6.15 */
static inline void weft_netns_immutable(struct net_device *dev)
{
#ifdef WEFT_HAVE_NETNS_IMMUTABLE
	dev->netns_immutable = true;
#else
	dev->netns_local = true;
#endif
}

/* Operations of some drivers have a lock of the device's from 6.15 on. */
#ifdef WEFT_HAVE_LOCK_OPS
#include <net/netdev_lock.h>
#define weft_lock_ops(dev) netdev_lock_ops(dev)
#define weft_unlock_ops(dev) netdev_unlock_ops(dev)
#else
#define weft_lock_ops(dev) ((void)(dev))
#define weft_unlock_ops(dev) ((void)(dev))
#endif

/* timer_container_of() is from_timer() before 6.16 */
#ifndef timer_container_of
#define timer_container_of from_timer
#endif

/* Who kills a queue of fragments gives back the references from 6.15 (and
 * some earlier stable kernels) on.
 */
#ifdef WEFT_HAVE_FRAG_REFS
#define weft_frag_kill(q, refs) inet_frag_kill(q, refs)
#define weft_frag_put(q, refs) inet_frag_putn(q, refs)
#else
#define weft_frag_kill(q, refs) inet_frag_kill(q)
#define weft_frag_put(q, refs) inet_frag_put(q)
#endif

/* The transmit functions gain a flags argument in 6.17. */
#ifdef WEFT_HAVE_TUNNEL_XMIT_FLAGS
#define weft_xmit4(...) udp_tunnel_xmit_skb(__VA_ARGS__, 0)
#define weft_xmit6(...) udp_tunnel6_xmit_skb(__VA_ARGS__, 0)
#else
#define weft_xmit4(...) udp_tunnel_xmit_skb(__VA_ARGS__)
#define weft_xmit6(...) udp_tunnel6_xmit_skb(__VA_ARGS__)
#endif

static inline void weft_udp_tunnel_xmit(struct rtable *rt, struct sock *sk,
					struct sk_buff *skb, __be32 src,
					__be32 dst, u8 tos, u8 ttl, __be16 df,
					__be16 sport, __be16 dport,
					bool nocheck)
{
	weft_xmit4(rt, sk, skb, src, dst, tos, ttl, df, sport, dport, true,
		   nocheck);
}

static inline void weft_udp_tunnel6_xmit(struct dst_entry *dst,
					 struct sock *sk, struct sk_buff *skb,
					 const struct in6_addr *src,
					 const struct in6_addr *dst_addr,
					 u8 prio, u8 ttl, __be16 sport,
					 __be16 dport, bool nocheck)
{
#if IS_ENABLED(CONFIG_IPV6)
	weft_xmit6(dst, sk, skb, NULL, src, dst_addr, prio, ttl, 0, sport,
		   dport, nocheck);
#endif
}

static inline void weft_ip6_local_out(struct net *net, struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_IPV6)
	ip6_local_out(net, NULL, skb);
#endif
}

/* The tunnel socket functions take a struct sock from 7.1. */
#ifdef WEFT_HAVE_TUNNEL_SK
#define weft_tunnel_sock(sock) ((sock)->sk)
#else
#define weft_tunnel_sock(sock) (sock)
#endif

#define weft_setup_udp_tunnel_sock(net, sock, cfg) \
	setup_udp_tunnel_sock(net, weft_tunnel_sock(sock), cfg)
#define weft_udp_tunnel_sock_release(sock) \
	udp_tunnel_sock_release(weft_tunnel_sock(sock))
#define weft_udp_tunnel_notify_add_rx_port(sock, type) \
	udp_tunnel_notify_add_rx_port(weft_tunnel_sock(sock), type)
#define weft_udp_tunnel_notify_del_rx_port(sock, type) \
	udp_tunnel_notify_del_rx_port(weft_tunnel_sock(sock), type)
#define weft_udp_tunnel_push_rx_port(dev, sock, type) \
	udp_tunnel_push_rx_port(dev, weft_tunnel_sock(sock), type)
#define weft_udp_tunnel_drop_rx_port(dev, sock, type) \
	udp_tunnel_drop_rx_port(dev, weft_tunnel_sock(sock), type)

#endif /* _WEFT_COMPAT_H */
