/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_REASM_H
#define _WEFT_REASM_H

#include <linux/skbuff.h>

#include "encap/encap.h"
#include "packet.h"

#define WEFT_REASM_TIMEOUT	HZ		/* a link is fast */
#define WEFT_REASM_TOTAL	(4 << 20)	/* bytes, of a switch */
#define WEFT_REASM_SOURCE	(512 << 10)	/* bytes, of a host */

struct weft_reasm;

int weft_reasm_module_init(void);
void weft_reasm_module_exit(void);
struct weft_reasm *weft_reasm_new(struct weft_switch *sw);
void weft_reasm_free(struct weft_reasm *reasm);
unsigned long weft_reasm_used(const struct weft_reasm *reasm);
bool weft_reasm(struct sk_buff *skb, const struct weft_pkt *pkt,
		const struct weft_addr *src, const struct weft_piece *piece);

#endif /* _WEFT_REASM_H */
