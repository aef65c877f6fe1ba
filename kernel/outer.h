/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_OUTER_H
#define _WEFT_OUTER_H

#include <linux/kernel.h>
#include <net/inet_ecn.h>

#include "switch.h"

/**
 * struct weft_inner - what the outer header takes from the inner one
 * @dsfield: its TOS or traffic class, 0 if it is not IP
 * @ttl: its TTL or hop limit
 * @df: it must not be fragmented
 * @ip: it is IP
 */
struct weft_inner {
	u8 dsfield;
	u8 ttl;
	bool df;
	bool ip;
};

/**
 * weft_outer_dsfield() - TOS or traffic class of the outer header
 * @config: the switch's
 * @inner: the frame's
 *
 * The DSCP is as configured. The congestion marks are the inner ones, but
 * ECT(0) for a packet that has met congestion, as all of the kernel's tunnels
 * have it (RFC 3168, 9.1.1).
 *
 * Context: any; a pure function.
 */
static inline u8 weft_outer_dsfield(const struct weft_config *config,
				    const struct weft_inner *inner)
{
	u8 dsfield = config->tos_inherit ? inner->dsfield : config->tos;

	return INET_ECN_encapsulate(dsfield, inner->dsfield);
}

/** weft_outer_df() - may the outer packet not be fragmented?; likewise */
static inline bool weft_outer_df(const struct weft_config *config,
				 const struct weft_inner *inner)
{
	return config->df == WEFT_DF_SET ||
	       (config->df == WEFT_DF_INHERIT && inner->df);
}

/**
 * weft_outer_ttl() - TTL or hop limit of the outer header
 * @config: the switch's
 * @inner: the frame's
 * @ttl: what it is if it is not the inner packet's
 *
 * Context: any; a pure function.
 */
static inline u8 weft_outer_ttl(const struct weft_config *config,
				const struct weft_inner *inner, u8 ttl)
{
	return config->ttl_inherit && inner->ip ? inner->ttl : ttl;
}

/**
 * weft_outer_sport() - UDP source port of a flow
 * @config: the switch's
 * @hash: of the flow
 *
 * Context: any; a pure function. Return: one of the range, host byte order.
 */
static inline u16 weft_outer_sport(const struct weft_config *config, u32 hash)
{
	return config->port_low +
	       reciprocal_scale(hash, config->port_high -
				      config->port_low + 1);
}

#endif /* _WEFT_OUTER_H */
