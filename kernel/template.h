/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_TEMPLATE_H
#define _WEFT_TEMPLATE_H

#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "peer.h"

/* Longest outer headers, without Ethernet */
#define WEFT_HEADER_MAX (sizeof(struct ipv6hdr) + sizeof(struct udphdr) + \
			 WEFT_ENCAP_HLEN_MAX)
static_assert(WEFT_HEADER_MAX % sizeof(u64) == 0);

/**
 * struct weft_template - the outer headers for a peer
 * @rcu: frees it
 * @dst: the route
 * @cookie: for dst_check()
 * @genid: of the switch when it was made
 * @fast: the headers may be used (no IPsec, no lightweight tunnel, no
 *	locked MTU)
 * @encap: the encapsulation
 * @ip_len: bytes of the IP header
 * @tunnel: bytes before the header of the encapsulation
 * @len: bytes of all headers
 * @vni: where in @header the VNI goes
 * @ttl: of the outer header, if not inherited
 * @mtu: what dst_mtu() says while no path MTU is known
 * @src: the local address
 * @header: IP, UDP and tunnel header, at its end
 */
struct weft_template {
	struct rcu_head rcu;
	struct dst_entry *dst;
	u32 cookie;
	u32 genid;
	bool fast;
	const struct weft_encap_ops *encap;
	u8 ip_len;
	u8 tunnel;
	u8 len;
	u8 vni;
	u8 ttl;
	u32 mtu;
	struct weft_addr src;
	u8 header[WEFT_HEADER_MAX] __aligned(8);
};

struct weft_template *weft_template_rebuild(struct weft_peer *peer,
					    const struct weft_encap_ops *encap);
void weft_template_forget(struct weft_peer *peer);

static inline bool weft_template_fresh(const struct weft_template *t,
				       const struct weft_switch *sw)
{
	return t && t->genid == READ_ONCE(sw->genid) &&
	       dst_check(t->dst, t->cookie);
}

/**
 * weft_template() - the outer headers and the route to a peer
 * @peer: the peer or group
 * @encap: the encapsulation
 *
 * Context: softirq or bottom halves off, RCU.
 *
 * Return: the template, good for now, or an error pointer: -EADDRNOTAVAIL
 * without a local address, -ELOOP for a route into the switch, -ENOMEM, or
 * what routing says.
 */
static inline struct weft_template *
weft_template(struct weft_peer *peer, const struct weft_encap_ops *encap)
{
	struct weft_template *t = rcu_dereference(peer->template[encap->id]);

	return likely(weft_template_fresh(t, peer->sw)) ?
	       t : weft_template_rebuild(peer, encap);
}

/** weft_template_stale() - have all templates of a switch built anew */
static inline void weft_template_stale(struct weft_switch *sw)
{
	WRITE_ONCE(sw->genid, sw->genid + 1);
}

/**
 * weft_path_mtu_known() - is the MTU of the path not that of the device?
 * @t: the template
 *
 * A path MTU is written into the route that is in use, and expires there,
 * without another sign. Context: any.
 */
static inline bool weft_path_mtu_known(const struct weft_template *t)
{
	return unlikely(READ_ONCE(t->dst->expires));
}

/**
 * weft_mtu_locked() - does the kernel's tunnel transmit send without DF?
 * @peer: the peer
 * @dst: the route to it
 *
 * Context: any.
 */
static inline bool weft_mtu_locked(const struct weft_peer *peer,
				   const struct dst_entry *dst)
{
	return peer->key.ip.family == AF_INET && ip_mtu_locked(dst);
}

#endif /* _WEFT_TEMPLATE_H */
