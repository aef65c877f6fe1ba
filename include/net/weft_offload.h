/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NET_WEFT_OFFLOAD_H
#define _NET_WEFT_OFFLOAD_H

/*
 * How a NIC's PF driver and weft work together. A driver that includes this
 * needs to know nothing else of weft; Documentation/offload.md tells the rest.
 *
 * The driver registers its PF with weft_nic_register(). As long as the PF is
 * an uplink of a switch, weft keeps the tables of that switch in the NIC by
 * the operations of struct weft_nic_ops. Software's table is the truth, and
 * the NIC's a cache of it: it may be lost, too small, late, or refuse, and all
 * traffic takes its way in software then.
 *
 * Addresses of VTEPs are IPv6 addresses, IPv4 ones as ::ffff:a.b.c.d.
 */

#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/dst_metadata.h>

struct weft_nic;

#define WEFT_NIC_VNI_MASK	GENMASK(23, 0)
#define WEFT_NIC_SPORTS_DEFAULT	0
#define WEFT_NIC_OPTIONS_MAX	252

/**
 * enum weft_nic_encap - encapsulations that a NIC can be told of
 * @WEFT_NIC_ENCAP_NONE: one that it does not know, or can't add the options of
 * @WEFT_NIC_ENCAP_VXLAN: RFC 7348
 * @WEFT_NIC_ENCAP_GENEVE: RFC 8926
 * @WEFT_NIC_ENCAP_NVGRE: RFC 7637; the FlowID tells flows apart, unless there
 *	is but one source port for UDP
 */
enum weft_nic_encap {
	WEFT_NIC_ENCAP_NONE,
	WEFT_NIC_ENCAP_VXLAN,
	WEFT_NIC_ENCAP_GENEVE,
	WEFT_NIC_ENCAP_NVGRE,
};

/** WEFT_NIC_KNOWS() - the bit of an encapsulation that is not NONE */
#define WEFT_NIC_KNOWS(encap)	BIT((encap) - 1)

/* What a NIC can do, in struct weft_nic_caps. */
#define WEFT_NIC_VXLAN		WEFT_NIC_KNOWS(WEFT_NIC_ENCAP_VXLAN)
#define WEFT_NIC_GENEVE		WEFT_NIC_KNOWS(WEFT_NIC_ENCAP_GENEVE)
#define WEFT_NIC_NVGRE		WEFT_NIC_KNOWS(WEFT_NIC_ENCAP_NVGRE)
#define WEFT_NIC_IPV6		BIT(3)	/* VTEPs with IPv6 addresses */
#define WEFT_NIC_CSUM		BIT(4)	/* inner and outer checksums */
#define WEFT_NIC_TSO		BIT(5)	/* segments TCP in the tunnel */
#define WEFT_NIC_LRO		BIT(6)	/* coalesces TCP in the tunnel */
#define WEFT_NIC_VF_RATE	BIT(7)	/* limits what a VF sends */
#define WEFT_NIC_VF_SPOOFCHK	BIT(8)	/* holds a VF to its MAC address */
#define WEFT_NIC_HITS		BIT(9)	/* counts uses of map entries */
#define WEFT_NIC_RULES		BIT(10)	/* judges frames by rules */
#define WEFT_NIC_VF_JUDGED	BIT(11)	/* leaves all of a VF to the host */
#define WEFT_NIC_GROUPS		BIT(12)	/* knows the members of groups */

/**
 * struct weft_nic_caps - what a NIC can do and how much of it
 * @features: WEFT_NIC_*
 * @map_entries: size of the mapping table
 * @segments: how many segments it can serve
 * @options: how many bytes of GENEVE options it can add for a segment
 * @rules: how many rules it has room for, of all segments together
 * @copies: how many VFs it can name as members of a group
 * @vfs: how many VFs it may have
 * @max_mtu: largest MTU of the wire
 */
struct weft_nic_caps {
	u32 features;
	u32 map_entries;
	u32 segments;
	u32 options;
	u32 rules;
	u32 copies;
	u16 vfs;
	u16 max_mtu;
};

/**
 * struct weft_nic_vtep - a local VTEP address
 * @ip: the address; unspecified for none
 * @prefix: length of the prefix of its subnet, of 32 bits for IPv4; other
 *	VTEPs in it are reached by their own MAC address, all others by that
 *	of the gateway
 * @mac: MAC address that goes with it on the wire
 * @gateway_mac: MAC address of the next hop to other subnets; zero if there
 *	is none (known)
 * @vxlan_port: UDP destination port of VXLAN
 * @geneve_port: of GENEVE
 * @sport_low: first UDP source port, host byte order
 * @sport_high: last UDP source port
 * @ttl: of the outer header
 * @group_ttl: likewise, to a group
 * @tos: of the outer header
 * @csum: send UDP checksums
 * @df: set the don't fragment flag of IPv4
 * @df_inherit: set it if the inner packet must not be fragmented
 */
struct weft_nic_vtep {
	struct in6_addr ip;
	u8 prefix;
	u8 mac[ETH_ALEN];
	u8 gateway_mac[ETH_ALEN];
	__be16 vxlan_port;
	__be16 geneve_port;
	u16 sport_low;
	u16 sport_high;
	u8 ttl;
	u8 group_ttl;
	u8 tos;
	bool csum;
	bool df;
	bool df_inherit;
};

/* Of struct weft_nic_segment */
#define WEFT_NIC_SEG_HOST_MISS	BIT(0)	/* a VF's frame to an address that is
					 * not in the table goes to the host,
					 * not to the gateway: the host knows
					 * more than the table holds
					 */
#define WEFT_NIC_SEG_HOST_FLOOD	BIT(1)	/* and so does what goes to many */
#define WEFT_NIC_SEG_HOST_ARP	BIT(2)	/* and so do ARP and neighbour
					 * discovery, which the host answers
					 */
#define WEFT_NIC_SEG_HOST_ALL	BIT(3)	/* the host judges every frame: what a
					 * VF sends and what comes off the wire
					 * for the segment goes to the host,
					 * and a VF gets what the host sends
					 */
#define WEFT_NIC_SEG_HOST_GROUPS BIT(4)	/* what goes to a group that is not in
					 * the table goes to the host, not to all
					 * VFs of the segment; only with
					 * WEFT_NIC_GROUPS, as is
					 */
#define WEFT_NIC_SEG_HOST_OWN	BIT(5)	/* what comes off the wire from an address
					 * that the table does not have behind a
					 * VTEP goes to the host, not yet served,
					 * with all that is behind the packet:
					 * somebody may have sent it back
					 */

/**
 * struct weft_nic_segment - a segment
 * @vni: which
 * @flags: WEFT_NIC_SEG_*
 * @encap: enum weft_nic_encap; with WEFT_NIC_ENCAP_NONE the NIC switches
 *	between its VFs and the host, and strips nothing for it
 * @options_len: bytes of @options
 * @options: of GENEVE, as they are in its header; all packets of the segment
 *	have them, and critical ones among them are known where they come in
 * @group: multicast address for what goes to many; unspecified for none
 * @group_mac: MAC address that belongs to it, which the NIC accepts
 * @gateway: VTEP that gets what a VF sends to an address that is not in the
 *	table; unspecified for none
 * @gateway_mac: its MAC address
 * @err: set by the driver to 0 or a negative errno
 */
struct weft_nic_segment {
	u32 vni;
	u32 flags;
	u8 encap;
	u8 options_len;
	u8 options[WEFT_NIC_OPTIONS_MAX] __aligned(4);
	struct in6_addr group;
	u8 group_mac[ETH_ALEN];
	struct in6_addr gateway;
	u8 gateway_mac[ETH_ALEN];
	int err;
};

enum weft_nic_dest {
	WEFT_NIC_TO_NONE,	/* the entry is to be deleted */
	WEFT_NIC_TO_VTEP,	/* behind the VTEP @ip */
	WEFT_NIC_TO_VF,		/* the VF @vf of this NIC */
	WEFT_NIC_TO_HOST,	/* the host takes it */
	WEFT_NIC_TO_MEMBERS,	/* of a group: VFs @members, but not the sender,
				 * and the host, which is told of them
				 */
};

/**
 * struct weft_nic_entry - an entry of the mapping table
 * @vni: its segment
 * @mac: the VM's address
 * @dest: where it is; an entry that is there is replaced
 * @learned: it was learned: a frame that contradicts it goes to the host, not
 *	to the ground
 * @ip: the VTEP
 * @vtep_mac: its MAC address; zero if it is behind the gateway
 * @vf: the VF
 * @members: bits of VFs, the number of which is less than 64
 * @hits: how often it was used, set by weft_nic_ops.read_hits
 * @err: set by the driver to 0 or a negative errno; -ENOSPC if the table is
 *	full
 */
struct weft_nic_entry {
	u32 vni;
	u8 mac[ETH_ALEN];
	u8 dest;
	bool learned;
	struct in6_addr ip;
	u8 vtep_mac[ETH_ALEN];
	u16 vf;
	u64 members;
	u64 hits;
	int err;
};

/* What kind of frame it is, in struct weft_nic_match */
#define WEFT_NIC_MATCH_IP		BIT(0)	/* IPv4 or IPv6 */
#define WEFT_NIC_MATCH_MULTICAST	BIT(1)	/* to a group, but not to all */
#define WEFT_NIC_MATCH_BROADCAST	BIT(2)
#define WEFT_NIC_MATCH_PORTS		BIT(3)	/* the protocol has ports: TCP, UDP,
						 * UDP-Lite, SCTP, DCCP
						 */

/**
 * struct weft_nic_match - what rules may see of a frame
 * @dst: Ethernet destination
 * @src: Ethernet source
 * @type: Ethernet type behind the tag
 * @tci: VLAN and priority of its tag, with VLAN_CFI_MASK if it has one
 * @kind: WEFT_NIC_MATCH_*
 * @proto: IP protocol
 * @dscp: differentiated services code point
 * @tcp_flags: byte 13 of the TCP header
 * @from: IP source, of IPv4 in the last four bytes and zero before
 * @to: IP destination, likewise
 *
 * What the frame lacks is zero.
 */
struct weft_nic_match {
	u8 dst[ETH_ALEN];
	u8 src[ETH_ALEN];
	__be16 type;
	u16 tci;
	u8 kind;
	u8 proto;
	u8 dscp;
	u8 tcp_flags;
	struct in6_addr from;
	struct in6_addr to;
};

enum weft_nic_verdict {
	WEFT_NIC_ALLOW,
	WEFT_NIC_DENY,
	WEFT_NIC_TO_JUDGE,	/* the host is to judge it */
};

/**
 * struct weft_nic_rule - what is to become of which frames of a segment
 * @verdict: enum weft_nic_verdict
 * @from_vf: only what @vf sent
 * @ports: the ranges count
 * @vf: which VF
 * @sport_low: source port from here, host byte order
 * @sport_high: to here
 * @dport_low: destination port likewise
 * @dport_high: to here
 * @value: what the bits of @mask must be, all others are zero
 * @mask: which bits count
 * @packets: frames that ended in the NIC by it, set by weft_nic_ops.read_rules;
 *	the host counts what goes to it
 * @bytes: of these
 */
struct weft_nic_rule {
	u8 verdict;
	bool from_vf;
	bool ports;
	u16 vf;
	u16 sport_low;
	u16 sport_high;
	u16 dport_low;
	u16 dport_high;
	struct weft_nic_match value;
	struct weft_nic_match mask;
	u64 packets;
	u64 bytes;
};

/**
 * struct weft_nic_vf - how a VF is to be set up
 * @vf: which
 * @active: it is a port of a switch; else it sends and receives nothing by
 *	the overlay
 * @vni: its segment
 * @mac: its address; zero for any
 * @mtu: largest MTU that fits the wire with what the NIC puts around it
 * @rate: most that it may send, Mbit/s, 0 for no limit
 * @spoofchk: drop what has another source address than @mac
 * @link: the link that the VF sees is up
 * @judged: the host judges all that it sends; only with WEFT_NIC_VF_JUDGED
 */
struct weft_nic_vf {
	u16 vf;
	bool active;
	u32 vni;
	u8 mac[ETH_ALEN];
	u16 mtu;
	u32 rate;
	bool spoofchk;
	bool link;
	bool judged;
};

/**
 * struct weft_nic_ways - which ways the frames of VFs have gone, since the NIC was
 * reset
 * @inside: from VF to VF, inside the NIC
 * @out: from VFs, encapsulated by the NIC
 * @in: off the wire to VFs
 * @denied: dropped by rules, whoever sent them
 * @miss: from VFs to the host, for want of an entry
 * @judge: likewise, for the host is to judge
 * @many: likewise, a copy of what goes to many
 * @entry: likewise, for their entry says so
 */
struct weft_nic_ways {
	u64 inside;
	u64 out;
	u64 in;
	u64 denied;
	u64 miss;
	u64 judge;
	u64 many;
	u64 entry;
};

/**
 * struct weft_nic_ops - what a driver does for weft
 *
 * All are called in process context by one worker a NIC, never two at a time,
 * without any lock held; they may sleep, but should end, with -ETIMEDOUT if
 * the NIC does not answer. An error for all is the return value; an error of
 * one element goes into that element. What failed is tried again later. After
 * the return of weft_nic_unregister() none is called.
 */
struct weft_nic_ops {
	/**
	 * @begin: forget all that was set by the operations below. What
	 * follows, until @end, is the whole of generation @generation. No
	 * packet may be encapsulated meanwhile but by what has been set.
	 */
	int (*begin)(struct net_device *pf, u32 generation);
	/** @end: all of the generation is there, as far as there was room */
	int (*end)(struct net_device *pf, u32 generation);
	/** @set_vteps: these are the local VTEP addresses, and no others */
	int (*set_vteps)(struct net_device *pf,
			 const struct weft_nic_vtep *vteps,
			 unsigned int count);
	/**
	 * @set_segments: add or replace; one that is refused is as it was. One
	 * with a flag that the driver does not know is to be refused: what flags
	 * ask for, VMs must not do without
	 */
	int (*set_segments)(struct net_device *pf,
			    struct weft_nic_segment *segments,
			    unsigned int count);
	/** @del_segments: and all their entries and rules */
	int (*del_segments)(struct net_device *pf, const u32 *vnis,
			    unsigned int count);
	/** @set_entries: add, replace or delete, in this order */
	int (*set_entries)(struct net_device *pf,
			   struct weft_nic_entry *entries,
			   unsigned int count);
	/** @read_hits: of these entries; only with WEFT_NIC_HITS */
	int (*read_hits)(struct net_device *pf,
			 struct weft_nic_entry *entries, unsigned int count);
	/**
	 * @set_rules: judge what VFs send and what comes off the wire for a
	 * segment by these, the first that matches, in place of those there
	 * were; what none matches is allowed. What can't be read as far as rules
	 * might look goes to the host: fragments, extension headers, several
	 * tags, what is cut short. While it is called the segment has
	 * WEFT_NIC_SEG_HOST_ALL, so that the rules may come and go one by one.
	 * -ENOSPC if there is no room for all: then it has any of them, and
	 * keeps the flag. Only with WEFT_NIC_RULES, as @read_rules.
	 */
	int (*set_rules)(struct net_device *pf, u32 vni,
			 const struct weft_nic_rule *rules,
			 unsigned int count);
	/** @read_rules: what the first @count rules of a segment have counted */
	int (*read_rules)(struct net_device *pf, u32 vni,
			  struct weft_nic_rule *rules, unsigned int count);
	/** @read_ways: which ways frames have gone; NULL if that is not counted */
	int (*read_ways)(struct net_device *pf, struct weft_nic_ways *ways);
	/** @set_vf: set up a VF */
	int (*set_vf)(struct net_device *pf, struct weft_nic_vf *vf);
};

/* --- registration: process context, without RTNL --- */

struct weft_nic *weft_nic_register(struct net_device *pf,
				   const struct weft_nic_caps *caps,
				   const struct weft_nic_ops *ops);
void weft_nic_unregister(struct weft_nic *nic);

/* --- events upward: any context --- */

void weft_nic_reset(struct weft_nic *nic);
void weft_nic_ready(struct weft_nic *nic, bool ready);
void weft_nic_miss(struct weft_nic *nic, u32 vni, const u8 *mac, int vf);
void weft_nic_full(struct weft_nic *nic);

/* --- requests of VFs: process context, without RTNL --- */

int weft_nic_vf_mtu(struct weft_nic *nic, u16 vf, unsigned int mtu,
		    unsigned int *max);
int weft_nic_vf_mac(struct weft_nic *nic, u16 vf, const u8 *mac);

/* --- packets --- */

/* Of a transmit tag, beside the VNI */
#define WEFT_NIC_TAG_LOCAL	BIT(24)	/* to VFs of this NIC only */
#define WEFT_NIC_TAG_VF		BIT(25)	/* to one VF only, if it is in the
					 * segment; with WEFT_NIC_GROUPS
					 */
#define WEFT_NIC_TAG_VF_MASK	GENMASK(31, 26)	/* which */

/**
 * weft_nic_tag() - is a packet to be encapsulated?
 * @skb: a packet that the PF is to transmit
 * @pf: the PF
 *
 * The frame inside is the VM's; the NIC looks up where it goes and puts the
 * headers on. A driver that can't do that (any more) gives it to
 * weft_nic_tx_fallback(). Tags can't be forged: their form is weft's alone,
 * and names the PF. The driver must keep the dst of packets
 * (netif_keep_dst()).
 *
 * Context: any, as ndo_start_xmit. Return: 0 if not, else the VNI and
 * WEFT_NIC_TAG_*.
 */
static inline u32 weft_nic_tag(const struct sk_buff *skb,
			       const struct net_device *pf)
{
	const struct metadata_dst *md = skb_metadata_dst(skb);

	if (!md || md->type != METADATA_HW_PORT_MUX ||
	    md->u.port_info.lower_dev != pf)
		return 0;
	return md->u.port_info.port_id;
}

void weft_nic_tx_fallback(struct weft_nic *nic, struct sk_buff *skb, u32 tag);

/* Of struct weft_nic_rx */
#define WEFT_NIC_RX_VF		BIT(0)	/* a VF's frame that the host is to
					 * forward: @vf sent it
					 */
#define WEFT_NIC_RX_SERVED	BIT(1)	/* VFs of this NIC that it was for have
					 * got it
					 */
#define WEFT_NIC_RX_RETURNED	BIT(2)	/* a packet of the host for which there
					 * was no entry: software sends it
					 */
#define WEFT_NIC_RX_GROUP	BIT(3)	/* with VF: the segment's group has got
					 * it
					 */
#define WEFT_NIC_RX_MEMBERS	BIT(4)	/* it goes to a group, of which the VFs
					 * @members have got it
					 */

/**
 * struct weft_nic_rx - what a NIC knows of a frame that it has stripped
 * @vni: the segment
 * @flags: WEFT_NIC_RX_*
 * @vf: the sender, with WEFT_NIC_RX_VF
 * @encap: else the encapsulation, enum weft_nic_encap
 * @src: likewise the VTEP that sent it
 * @src_mac: and the MAC address that it came from
 * @members: bits of VFs, with WEFT_NIC_RX_MEMBERS
 */
struct weft_nic_rx {
	u32 vni;
	u32 flags;
	u16 vf;
	u8 encap;
	struct in6_addr src;
	u8 src_mac[ETH_ALEN];
	u64 members;
};

void weft_nic_receive(struct weft_nic *nic, struct sk_buff *skb,
		      const struct weft_nic_rx *rx);

#endif /* _NET_WEFT_OFFLOAD_H */
