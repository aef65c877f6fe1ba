/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM weft

#if !defined(_WEFT_TRACEPOINT_H) || defined(TRACE_HEADER_MULTI_READ)
#define _WEFT_TRACEPOINT_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>

TRACE_EVENT(weft_forward,
	TP_PROTO(const struct net_device *sw, u32 vni,
		 const struct sk_buff *skb, u32 path),
	TP_ARGS(sw, vni, skb, path),
	TP_STRUCT__entry(
		__string(sw, sw->name)
		__field(u32, vni)
		__field(const void *, skbaddr)
		__field(u32, len)
		__field(u32, path)
	),
	TP_fast_assign(
		__assign_str(sw);
		__entry->vni = vni;
		__entry->skbaddr = skb;
		__entry->len = skb ? skb->len : 0;
		__entry->path = path;
	),
	TP_printk("sw=%s vni=%u skbaddr=%p len=%u path=%u", __get_str(sw),
		  __entry->vni, __entry->skbaddr, __entry->len,
		  __entry->path)
);

TRACE_EVENT(weft_drop,
	TP_PROTO(const struct net_device *sw, u32 vni,
		 const struct sk_buff *skb, u32 reason),
	TP_ARGS(sw, vni, skb, reason),
	TP_STRUCT__entry(
		__string(sw, sw->name)
		__field(u32, vni)
		__field(const void *, skbaddr)
		__field(u32, len)
		__field(u32, reason)
	),
	TP_fast_assign(
		__assign_str(sw);
		__entry->vni = vni;
		__entry->skbaddr = skb;
		__entry->len = skb ? skb->len : 0;
		__entry->reason = reason;
	),
	TP_printk("sw=%s vni=%u skbaddr=%p len=%u reason=%u", __get_str(sw),
		  __entry->vni, __entry->skbaddr, __entry->len,
		  __entry->reason)
);

TRACE_EVENT(weft_nic_move,
	TP_PROTO(const struct net_device *pf, u32 vni, const u8 *mac, bool in,
		 u32 rate),
	TP_ARGS(pf, vni, mac, in, rate),
	TP_STRUCT__entry(
		__string(pf, pf->name)
		__field(u32, vni)
		__array(u8, mac, ETH_ALEN)
		__field(bool, in)
		__field(u32, rate)
	),
	TP_fast_assign(
		__assign_str(pf);
		__entry->vni = vni;
		memcpy(__entry->mac, mac, ETH_ALEN);
		__entry->in = in;
		__entry->rate = rate;
	),
	TP_printk("pf=%s vni=%u mac=%pM %s rate=%u", __get_str(pf),
		  __entry->vni, __entry->mac, __entry->in ? "in" : "out",
		  __entry->rate)
);

#endif /* _WEFT_TRACEPOINT_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoint
#include <trace/define_trace.h>
