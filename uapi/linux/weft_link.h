/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Attributes of a link of kind "weft", nested in IFLA_INFO_DATA. What the
 * switch holds (segments, ports, map...) is configured over generic netlink,
 * see linux/weft.h.
 */
#ifndef _UAPI_LINUX_WEFT_LINK_H
#define _UAPI_LINUX_WEFT_LINK_H

#include <linux/types.h>

/**
 * enum weft_df - the Don't Fragment bit of the outer IPv4 header
 * @WEFT_DF_UNSET: clear; a packet that is too big is fragmented outside
 * @WEFT_DF_SET: set; a packet that is too big is answered with ICMP
 * @WEFT_DF_INHERIT: as in the inner IPv4 header, set for IPv6, else clear
 */
enum weft_df {
	WEFT_DF_UNSET,
	WEFT_DF_SET,
	WEFT_DF_INHERIT,
};

/**
 * enum weft_fastpath - use of the header template and the receive short cut
 * @WEFT_FASTPATH_AUTO: where netfilter, XFRM or the route do not forbid it
 * @WEFT_FASTPATH_ON: the same, and the hooks of netfilter are bypassed
 * @WEFT_FASTPATH_OFF: never
 */
enum weft_fastpath {
	WEFT_FASTPATH_AUTO,
	WEFT_FASTPATH_ON,
	WEFT_FASTPATH_OFF,
};

/**
 * enum weft_sources - outer sources that tunnel frames are accepted from
 * @WEFT_SOURCES_ANY: any; unknown ones become peers when they teach an entry
 * @WEFT_SOURCES_KNOWN: peers only
 */
enum weft_sources {
	WEFT_SOURCES_ANY,
	WEFT_SOURCES_KNOWN,
};

/**
 * struct weft_port_range - UDP source ports
 * @low: first port, network byte order
 * @high: last port, network byte order
 */
struct weft_port_range {
	__be16 low;
	__be16 high;
};

enum {
	IFLA_WEFT_UNSPEC,
	IFLA_WEFT_LOCAL,		/* 4 bytes, all zeros: none */
	IFLA_WEFT_LOCAL6,		/* 16 bytes, all zeros: none */
	IFLA_WEFT_PORT,			/* __be16, UDP destination port */
	IFLA_WEFT_PORT_RANGE,		/* struct weft_port_range */
	IFLA_WEFT_TTL,			/* __u8, 0: the route's */
	IFLA_WEFT_TTL_INHERIT,		/* __u8, 1: the inner packet's */
	IFLA_WEFT_TOS,			/* __u8, 1: the inner packet's */
	IFLA_WEFT_DF,			/* __u8, enum weft_df */
	IFLA_WEFT_UDP_CSUM,		/* __u8, IPv4 outer checksum */
	IFLA_WEFT_UDP_ZERO_CSUM6_TX,	/* __u8 */
	IFLA_WEFT_UDP_ZERO_CSUM6_RX,	/* __u8 */
	IFLA_WEFT_FASTPATH,		/* __u8, enum weft_fastpath */
	IFLA_WEFT_SOURCES,		/* __u8, enum weft_sources */
	IFLA_WEFT_LIMIT,		/* __u32, learned entries, 0: none */
	IFLA_WEFT_UPLINKS,		/* nest, replaces those there were */
	IFLA_WEFT_FENCE,		/* 6 bytes, all zeros: none */
	__IFLA_WEFT_MAX
};
#define IFLA_WEFT_MAX (__IFLA_WEFT_MAX - 1)

enum {
	IFLA_WEFT_UPLINK_UNSPEC,
	IFLA_WEFT_UPLINK,		/* __u32 interface index in the underlay */
	__IFLA_WEFT_UPLINK_MAX
};
#define IFLA_WEFT_UPLINK_MAX (__IFLA_WEFT_UPLINK_MAX - 1)

#endif /* _UAPI_LINUX_WEFT_LINK_H */
