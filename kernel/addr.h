/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_ADDR_H
#define _WEFT_ADDR_H

#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#define WEFT_INSTALLATION_LEN	4	/* bytes of a MAC address: OUI, number */

/**
 * struct weft_addr - an address of the underlay, or an IP address
 * @v4: the address if @family is AF_INET, network byte order
 * @v6: the address if @family is AF_INET6
 * @mac: the address if @family is AF_PACKET: a host on the same link
 * @family: AF_INET, AF_INET6, AF_PACKET, or AF_UNSPEC for no address
 *
 * Unused bytes are zero, so that an address can be hashed and compared as
 * memory; the functions below keep it so.
 */
struct weft_addr {
	union {
		__be32 v4;
		struct in6_addr v6;
		u8 mac[ETH_ALEN] __aligned(2);
	};
	u32 family;
};

static inline void weft_addr_set4(struct weft_addr *addr, __be32 v4)
{
	*addr = (struct weft_addr){ .v6 = {}, .family = AF_INET };
	addr->v4 = v4;
}

static inline void weft_addr_set6(struct weft_addr *addr,
				  const struct in6_addr *v6)
{
	*addr = (struct weft_addr){ .v6 = *v6, .family = AF_INET6 };
}

static inline void weft_addr_set_mac(struct weft_addr *addr, const u8 *mac)
{
	*addr = (struct weft_addr){ .v6 = {}, .family = AF_PACKET };
	memcpy(addr->mac, mac, ETH_ALEN);
}

/** weft_addr_link() - is it a MAC address, with no IP between the hosts? */
static inline bool weft_addr_link(const struct weft_addr *addr)
{
	return addr->family == AF_PACKET;
}

/**
 * weft_addr_set() - take an address from its bytes
 * @addr: the address to set
 * @data: the bytes, network byte order
 * @len: 4 for IPv4, 16 for IPv6, 6 for a MAC address
 *
 * Return: false if @len is none of these; @addr is unchanged then.
 */
static inline bool weft_addr_set(struct weft_addr *addr, const void *data,
				 unsigned int len)
{
	struct weft_addr tmp = {};

	if (len == sizeof(struct in_addr))
		tmp.family = AF_INET;
	else if (len == sizeof(struct in6_addr))
		tmp.family = AF_INET6;
	else if (len == ETH_ALEN)
		tmp.family = AF_PACKET;
	else
		return false;
	memcpy(&tmp, data, len);
	*addr = tmp;
	return true;
}

/** weft_addr_len() - bytes of the address: 4, 16, 6, or 0 if there is none */
static inline unsigned int weft_addr_len(const struct weft_addr *addr)
{
	switch (addr->family) {
	case AF_INET:
		return sizeof(struct in_addr);
	case AF_INET6:
		return sizeof(struct in6_addr);
	case AF_PACKET:
		return ETH_ALEN;
	}
	return 0;
}

static inline bool weft_addr_equal(const struct weft_addr *a,
				   const struct weft_addr *b)
{
	return a->family == b->family && ipv6_addr_equal(&a->v6, &b->v6);
}

static inline bool weft_addr_any(const struct weft_addr *addr)
{
	return ipv6_addr_any(&addr->v6);
}

static inline bool weft_addr_multicast(const struct weft_addr *addr)
{
	if (likely(addr->family == AF_INET))
		return ipv4_is_multicast(addr->v4);
	if (weft_addr_link(addr))
		return is_multicast_ether_addr(addr->mac);
	return ipv6_addr_is_multicast(&addr->v6);
}

/** weft_addr_neighbours() - are two MAC addresses those of one installation? */
static inline bool weft_addr_neighbours(const struct weft_addr *a,
					const struct weft_addr *b)
{
	return !memcmp(a->mac, b->mac, WEFT_INSTALLATION_LEN);
}

/** weft_addr_unicast() - could the address be that of one host? */
static inline bool weft_addr_unicast(const struct weft_addr *addr)
{
	if (addr->family == AF_INET6)
		return ipv6_addr_type(&addr->v6) & IPV6_ADDR_UNICAST &&
		       !ipv6_addr_loopback(&addr->v6);
	if (weft_addr_link(addr))
		return is_valid_ether_addr(addr->mac);
	return !ipv4_is_multicast(addr->v4) && !ipv4_is_lbcast(addr->v4) &&
	       !ipv4_is_zeronet(addr->v4) && !ipv4_is_loopback(addr->v4);
}

#endif /* _WEFT_ADDR_H */
