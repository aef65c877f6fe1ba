/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_ADDR_H
#define _WEFT_ADDR_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>

/**
 * struct weft_addr - an IPv4 or IPv6 address
 * @v4: the address if @family is AF_INET, network byte order
 * @v6: the address if @family is AF_INET6
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for no address
 *
 * Unused bytes are zero, so that an address can be hashed and compared as
 * memory; the functions below keep it so.
 */
struct weft_addr {
	union {
		__be32 v4;
		struct in6_addr v6;
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

/**
 * weft_addr_set() - take an address from its bytes
 * @addr: the address to set
 * @data: the bytes, network byte order
 * @len: 4 for IPv4, 16 for IPv6
 *
 * Return: false if @len is neither; @addr is unchanged then.
 */
static inline bool weft_addr_set(struct weft_addr *addr, const void *data,
				 unsigned int len)
{
	struct weft_addr tmp = {};

	if (len == sizeof(struct in_addr))
		tmp.family = AF_INET;
	else if (len == sizeof(struct in6_addr))
		tmp.family = AF_INET6;
	else
		return false;
	memcpy(&tmp, data, len);
	*addr = tmp;
	return true;
}

/** weft_addr_len() - bytes of the address: 4, 16, or 0 if there is none */
static inline unsigned int weft_addr_len(const struct weft_addr *addr)
{
	switch (addr->family) {
	case AF_INET:
		return sizeof(struct in_addr);
	case AF_INET6:
		return sizeof(struct in6_addr);
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
	return addr->family == AF_INET6 ? ipv6_addr_is_multicast(&addr->v6) :
					  ipv4_is_multicast(addr->v4);
}

/** weft_addr_unicast() - could the address be that of one host? */
static inline bool weft_addr_unicast(const struct weft_addr *addr)
{
	if (addr->family == AF_INET6)
		return ipv6_addr_type(&addr->v6) & IPV6_ADDR_UNICAST &&
		       !ipv6_addr_loopback(&addr->v6);
	return !ipv4_is_multicast(addr->v4) && !ipv4_is_lbcast(addr->v4) &&
	       !ipv4_is_zeronet(addr->v4) && !ipv4_is_loopback(addr->v4);
}

#endif /* _WEFT_ADDR_H */
