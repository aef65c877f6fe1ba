/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_NIC_EXPLAIN_H
#define _WEFT_NIC_EXPLAIN_H

#include "nic.h"

void weft_nic_explain_tx(struct sk_buff *skb, const struct weft_pkt *pkt,
			 struct weft_peer *peer);
bool weft_nic_explain_vf(const struct sk_buff *skb, struct weft_pkt *pkt,
			 const struct weft_port *port);

#endif /* _WEFT_NIC_EXPLAIN_H */
