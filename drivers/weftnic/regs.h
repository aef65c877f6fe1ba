/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_REGS_H
#define _WEFTNIC_REGS_H

/*
 * The programming interface of the reference NIC: registers, rings, commands,
 * events, descriptors. The same for the physical function (PF) and virtual
 * functions (VFs), where nothing else is said. All is little endian but
 * addresses of packets, which are as in packets.
 *
 * Rings. A ring has 1 << SIZE slots at BASE, 8-byte aligned. The producer
 * writes slots and then TAIL, the number of the next slot it will write; the
 * consumer's HEAD is the next slot it will read. Both count without bound and
 * are taken modulo the size; a ring is empty if they are equal, and full if
 * they differ by the size. A ring serves from when its SIZE is written, which
 * also sets its HEAD and TAIL to 0; SIZE 0 ends it. The largest SIZE is
 * WEFTNIC_RING_SIZE_MAX.
 */

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/types.h>

/* Nobody's vendor number; it spells "WE". */
#define WEFTNIC_PCI_VENDOR	0x5745
#define WEFTNIC_PCI_PF		0x4e01
#define WEFTNIC_PCI_VF		0x4e02

#define WEFTNIC_VFS_MAX		64
#define WEFTNIC_QUEUES_MAX	8	/* pairs of a function */
#define WEFTNIC_RING_SIZE_MAX	12
#define WEFTNIC_MTU_MAX		9216
#define WEFTNIC_OPTIONS_MAX	252
#define WEFTNIC_VEC_ADMIN	0	/* admin completions and events */
#define WEFTNIC_VEC_QUEUE(q)	(1 + (q))
#define WEFTNIC_VECTORS		(1 + WEFTNIC_QUEUES_MAX)

/* --- registers --- */

#define WEFTNIC_ID		0x000	/* WEFTNIC_ID_VALUE; all ones if the
					 * function is gone
					 */
#define   WEFTNIC_ID_VALUE	0x4e544657
#define WEFTNIC_STATUS		0x004
#define   WEFTNIC_STATUS_READY	BIT(0)	/* cleared by a reset until ENABLE */
#define   WEFTNIC_STATUS_LINK	BIT(1)
#define   WEFTNIC_STATUS_RESET	BIT(2)	/* the NIC was reset by itself; cleared
					 * by CTRL_RESET
					 */
#define   WEFTNIC_STATUS_VF	BIT(3)	/* a VF: its number is in bits 31:16 */
#define   WEFTNIC_STATUS_VF_SHIFT 16
#define WEFTNIC_CTRL		0x008
#define   WEFTNIC_CTRL_ENABLE	BIT(0)	/* do what the rings say */
#define   WEFTNIC_CTRL_RESET	BIT(1)	/* forget all; done when the write
					 * returns. The PF's ends all VFs' too.
					 */
#define WEFTNIC_FEATURES	0x00c	/* WEFTNIC_FEATURE_*, read only */
#define   WEFTNIC_FEATURE_VXLAN	BIT(0)
#define   WEFTNIC_FEATURE_IPV6	BIT(1)	/* VTEPs with IPv6 addresses */
#define   WEFTNIC_FEATURE_CSUM	BIT(2)
#define   WEFTNIC_FEATURE_TSO	BIT(3)
#define   WEFTNIC_FEATURE_LRO	BIT(4)
#define   WEFTNIC_FEATURE_RATE	BIT(5)
#define   WEFTNIC_FEATURE_HITS	BIT(6)
#define   WEFTNIC_FEATURE_TUNNEL BIT(7)	/* segments TCP in UDP tunnels that
					 * software has written
					 */
#define   WEFTNIC_FEATURE_GENEVE BIT(8)
#define   WEFTNIC_FEATURE_NVGRE	BIT(9)
#define   WEFTNIC_FEATURE_RULES	BIT(10)
#define   WEFTNIC_FEATURE_GROUPS BIT(11)
#define   WEFTNIC_FEATURE_ENGINE (WEFTNIC_FEATURE_VXLAN | \
				  WEFTNIC_FEATURE_GENEVE | \
				  WEFTNIC_FEATURE_NVGRE)
#define WEFTNIC_MAP_SIZE	0x010	/* entries; read only, as what follows */
#define WEFTNIC_SEGMENT_SIZE	0x014
#define WEFTNIC_MAC_SIZE	0x018	/* filters of all functions together */
#define WEFTNIC_VLAN_SIZE	0x01c
#define WEFTNIC_VF_SIZE		0x020
#define WEFTNIC_QUEUES		0x024	/* pairs of this function */
#define WEFTNIC_MAC_LO		0x028	/* permanent address, first bytes low */
#define WEFTNIC_MAC_HI		0x02c
#define WEFTNIC_IRQ_MASK	0x030	/* bit a vector: does not interrupt; what
					 * came meanwhile does on unmasking
					 */
#define WEFTNIC_OPTIONS_SIZE	0x034	/* bytes of a segment's GENEVE options;
					 * read only, as what follows
					 */
#define WEFTNIC_RULE_SIZE	0x038	/* rules of all segments together */
#define WEFTNIC_COPIES_SIZE	0x03c	/* VFs that an entry of a group may have */
#define WEFTNIC_ADMIN		0x040	/* a ring of struct weftnic_cmd: the
					 * driver produces
					 */
#define WEFTNIC_EVENT		0x060	/* a ring of struct weftnic_event: the
					 * NIC produces
					 */
#define WEFTNIC_TX(q)		(0x1000 + 0x20 * (q))	/* weftnic_tx_desc */
#define WEFTNIC_RX(q)		(0x2000 + 0x20 * (q))	/* weftnic_rx_desc */
#define WEFTNIC_CQ(q)		(0x3000 + 0x20 * (q))	/* weftnic_rx_done: the
							 * NIC produces
							 */

/* Of a ring, from its first register on */
#define WEFTNIC_RING_BASE_LO	0x00
#define WEFTNIC_RING_BASE_HI	0x04
#define WEFTNIC_RING_SIZE	0x08
#define WEFTNIC_RING_HEAD	0x0c
#define WEFTNIC_RING_TAIL	0x10

/* --- commands --- */

/**
 * struct weftnic_cmd - a command, and its completion in the same slot
 * @opcode: enum weftnic_op
 * @count: of elements at @addr
 * @cookie: the driver's
 * @addr: elements, read or written by the NIC; 0 if there are none
 * @done: WEFTNIC_CMD_DONE, set last by the NIC
 * @status: enum weftnic_err
 * @arg: of the command
 *
 * The NIC takes commands in order, and interrupts by WEFTNIC_VEC_ADMIN after
 * each. HEAD of the ring says which it has taken.
 */
struct weftnic_cmd {
	__le16 opcode;
	__le16 count;
	__le32 cookie;
	__le64 addr;
	__le32 done;
	__le32 status;
	__le32 arg[10];
};

#define WEFTNIC_CMD_DONE	0x600d

enum weftnic_err {
	WEFTNIC_OK,
	WEFTNIC_E_OPCODE,	/* no such command, or not for a VF */
	WEFTNIC_E_INVALID,	/* an argument is out of range */
	WEFTNIC_E_FULL,		/* no room */
	WEFTNIC_E_NONE,		/* no such element */
	WEFTNIC_E_FAILED,	/* for no reason that is known */
};

/**
 * enum weftnic_op - commands
 *
 * What an array says of one element only goes into its own status, and the
 * command succeeds; the first error is the command's for all others. A VF has
 * WEFTNIC_OP_FILTER, WEFTNIC_OP_STATS and WEFTNIC_OP_MAILBOX alone.
 */
enum weftnic_op {
	/* Forget VTEPs, segments, entries: arg[0] is the generation */
	WEFTNIC_OP_BEGIN = 1,
	/* All of generation arg[0] was given */
	WEFTNIC_OP_END,
	/* struct weftnic_vtep[count], in place of those there were; at most
	 * one a family
	 */
	WEFTNIC_OP_VTEPS,
	/* struct weftnic_segment[count]: add, replace or delete */
	WEFTNIC_OP_SEGMENTS,
	/* struct weftnic_entry[count]: add, replace or delete */
	WEFTNIC_OP_ENTRIES,
	/* struct weftnic_entry[count]: fill in those that follow number
	 * arg[0] of the table; the NIC sets @count to what it found, fewer at
	 * the end, and arg[0] to where to go on
	 */
	WEFTNIC_OP_READ_ENTRIES,
	/* struct weftnic_entry[count]: set @hits and @status of each */
	WEFTNIC_OP_READ_HITS,
	/* The NIC sets arg[0] to generation, arg[1] to 1 after its end,
	 * arg[2] to entries, arg[3] to segments, arg[4] to MAC filters,
	 * arg[5] to VLAN filters, arg[6] to rules
	 */
	WEFTNIC_OP_TABLES,
	/* struct weftnic_vf_config[1] */
	WEFTNIC_OP_VF,
	/* struct weftnic_filter[count]: of this function */
	WEFTNIC_OP_FILTER,
	/* struct weftnic_stats[1]: of this function, or the PF may ask for
	 * VF arg[0] - 1
	 */
	WEFTNIC_OP_STATS,
	/* struct weftnic_counters[1]: of the engine */
	WEFTNIC_OP_COUNTERS,
	/* A message of arg[1..8]; a VF's goes to the PF, the PF's to VF
	 * arg[0] - 1. It arrives as an event. WEFTNIC_E_NONE if there is
	 * nobody.
	 */
	WEFTNIC_OP_MAILBOX,
	/* struct weftnic_rule[count]: of segment arg[0], behind the first
	 * arg[1] of its rules, which stay; those behind them go. All find room
	 * or none.
	 */
	WEFTNIC_OP_RULES,
	/* struct weftnic_rule[count]: fill in those of segment arg[0] behind the
	 * first arg[1]; the NIC sets arg[1] to how far it came
	 */
	WEFTNIC_OP_READ_RULES,
};

/** struct weftnic_vtep - as struct weft_nic_vtep */
struct weftnic_vtep {
	u8 ip[16];		/* IPv4 as ::ffff:a.b.c.d */
	u8 mac[ETH_ALEN];
	u8 gateway_mac[ETH_ALEN];
	u8 prefix;		/* of 32 bits for IPv4 */
	u8 ttl;
	u8 tos;
	u8 flags;
	__be16 vxlan_port;
	__be16 geneve_port;
	__le16 sport_low;
	__le16 sport_high;
	u8 group_ttl;
	u8 reserved;
};

#define WEFTNIC_VTEP_CSUM	BIT(0)
#define WEFTNIC_VTEP_DF		BIT(1)	/* else with an ID for each packet */
#define WEFTNIC_VTEP_DF_INHERIT	BIT(2)	/* DF if the inner packet has it or is
					 * IPv6
					 */

enum weftnic_encap {
	WEFTNIC_ENCAP_NONE,	/* nothing off the wire is for it */
	WEFTNIC_ENCAP_VXLAN,
	WEFTNIC_ENCAP_GENEVE,
	WEFTNIC_ENCAP_NVGRE,
};

/** struct weftnic_segment - as struct weft_nic_segment */
struct weftnic_segment {
	__le32 vni;
	__le32 flags;
	u8 group[16];
	u8 gateway[16];
	u8 group_mac[ETH_ALEN];
	u8 gateway_mac[ETH_ALEN];
	__le32 status;		/* enum weftnic_err */
	u8 encap;		/* enum weftnic_encap */
	u8 options_len;
	u8 options[WEFTNIC_OPTIONS_MAX];
	u8 reserved[2];
};

#define WEFTNIC_SEG_HOST_MISS	BIT(0)
#define WEFTNIC_SEG_HOST_FLOOD	BIT(1)
#define WEFTNIC_SEG_HOST_ARP	BIT(2)
#define WEFTNIC_SEG_HOST_ALL	BIT(3)
#define WEFTNIC_SEG_HOST_GROUPS	BIT(4)
#define WEFTNIC_SEG_HOST_OWN	BIT(5)
#define WEFTNIC_SEG_DELETE	BIT(31)	/* and all its entries */

enum weftnic_dest {
	WEFTNIC_TO_NONE,	/* delete it */
	WEFTNIC_TO_VTEP,
	WEFTNIC_TO_VF,
	WEFTNIC_TO_HOST,
	WEFTNIC_TO_MEMBERS,	/* of a group address, and of none else */
};

/** struct weftnic_entry - as struct weft_nic_entry */
struct weftnic_entry {
	__le32 vni;
	u8 mac[ETH_ALEN];
	u8 dest;		/* enum weftnic_dest */
	u8 flags;
	u8 ip[16];
	u8 vtep_mac[ETH_ALEN];
	__le16 vf;
	__le32 status;		/* enum weftnic_err */
	__le64 hits;
	__le64 members;		/* bits of VFs */
};

#define WEFTNIC_ENTRY_LEARNED	BIT(0)

/** struct weftnic_match - what rules see of a frame, as struct weft_nic_match */
struct weftnic_match {
	u8 dst[ETH_ALEN];
	u8 src[ETH_ALEN];
	__be16 type;
	__le16 tci;
	u8 kind;		/* WEFTNIC_MATCH_* */
	u8 proto;
	u8 dscp;
	u8 tcp_flags;
	u8 from[16];
	u8 to[16];
} __aligned(4);

#define WEFTNIC_MATCH_IP	BIT(0)
#define WEFTNIC_MATCH_MULTICAST	BIT(1)
#define WEFTNIC_MATCH_BROADCAST	BIT(2)
#define WEFTNIC_MATCH_PORTS	BIT(3)

/* What becomes of frames that a rule matches. The first one counts; what none
 * matches is allowed.
 */
enum weftnic_verdict {
	WEFTNIC_ALLOW,
	WEFTNIC_DENY,
	WEFTNIC_TO_JUDGE,	/* the host is to judge it */
};

/**
 * struct weftnic_rule - a rule for the frames of a segment
 * @verdict: enum weftnic_verdict
 * @flags: WEFTNIC_RULE_*
 * @vf: the VF that must have sent the frame, with WEFTNIC_RULE_VF
 * @sport_low: source port from here, with WEFTNIC_RULE_PORTS
 * @sport_high: to here
 * @dport_low: destination port likewise
 * @dport_high: to here
 * @value: what the bits of @mask must be
 * @mask: which bits count
 * @packets: frames that ended here by this rule; what went to the host did not
 * @bytes: of these
 *
 * A frame of a VF is judged, and one that came off the wire. What the NIC can't
 * read as far as rules might look goes to the host: fragments, options, extension
 * headers, more than one tag, headers that are cut short.
 */
struct weftnic_rule {
	__le64 packets;
	__le64 bytes;
	u8 verdict;
	u8 flags;
	__le16 vf;
	__le16 sport_low;
	__le16 sport_high;
	__le16 dport_low;
	__le16 dport_high;
	struct weftnic_match value;
	struct weftnic_match mask;
	u8 reserved[4];
};

#define WEFTNIC_RULE_VF		BIT(0)
#define WEFTNIC_RULE_PORTS	BIT(1)

/** struct weftnic_vf_config - what the PF says of a VF */
struct weftnic_vf_config {
	__le16 vf;
	__le16 flags;
	__le32 vni;		/* 0: no overlay, switched by MAC and VLAN */
	u8 mac[ETH_ALEN];
	__le16 vlan;		/* put on and taken off without an overlay, 0
				 * for none
				 */
	__le16 mtu;		/* longer packets are dropped */
	__le16 reserved;
	__le32 rate;		/* Mbit/s, 0 for no limit */
};

#define WEFTNIC_VF_SPOOFCHK	BIT(0)	/* source must be @mac */
#define WEFTNIC_VF_TRUST	BIT(1)	/* may set filters other than @mac, and
					 * hear all
					 */
#define WEFTNIC_VF_LINK		BIT(2)	/* link is up, else down */
#define WEFTNIC_VF_LINK_AUTO	BIT(3)	/* link is the wire's */
#define WEFTNIC_VF_JUDGED	BIT(4)	/* the host judges what it sends for the
					 * overlay
					 */

/** struct weftnic_filter - what a function receives without an overlay */
struct weftnic_filter {
	u8 mac[ETH_ALEN];
	__le16 vlan;
	__le16 type;		/* enum weftnic_filter_type */
	__le16 flags;
	__le32 status;		/* enum weftnic_err */
};

enum weftnic_filter_type {
	WEFTNIC_FILTER_MAC,	/* @mac, unicast or multicast */
	WEFTNIC_FILTER_VLAN,	/* @vlan; without any filter untagged only */
	WEFTNIC_FILTER_ALLMULTI,
	WEFTNIC_FILTER_PROMISC,
};

#define WEFTNIC_FILTER_DELETE	BIT(0)

/** struct weftnic_stats - of a function */
struct weftnic_stats {
	__le64 rx_packets, rx_bytes, rx_multicast, rx_broadcast;
	__le64 tx_packets, tx_bytes;
	__le64 rx_no_buffer;	/* dropped: no descriptor or completion */
	__le64 tx_spoofed;	/* dropped: wrong source address */
	__le64 tx_too_long;	/* dropped: longer than the MTU */
	__le64 tx_over_rate;	/* had to wait for the rate limit */
	__le64 tx_bad;		/* dropped: descriptors make no sense */
};

/** struct weftnic_counters - of the engine; dropped, where nothing else is said */
struct weftnic_counters {
	__le64 encapsulated;	/* packets, not dropped */
	__le64 decapsulated;	/* likewise */
	__le64 coalesced;	/* packets that became part of another */
	__le64 to_vf;		/* delivered inside the NIC */
	__le64 to_host;		/* a VF's frames handed to the host */
	__le64 miss;		/* looked up in vain */
	__le64 no_segment;
	__le64 no_vtep;		/* no local VTEP of that family */
	__le64 no_mac;		/* no MAC address to send to */
	__le64 wrong_vlan;
	__le64 wrong_vtep;	/* not for a local VTEP or group */
	__le64 contradicts;	/* an entry that is not learned */
	__le64 contradicts_learned;	/* not dropped: to the host */
	__le64 bad_csum;
	__le64 malformed;
	__le64 denied;		/* by a rule */
	__le64 to_judge;	/* not dropped: to the host, which is to judge */
	__le64 vf_inside;	/* frames of VFs, delivered to VFs */
	__le64 vf_out;		/* encapsulated */
	__le64 vf_in;		/* frames off the wire, delivered to VFs */
	__le64 vf_miss;		/* frames of VFs, to the host for want of an entry */
	__le64 vf_judge;	/* to be judged */
	__le64 vf_many;		/* that go to many */
	__le64 vf_entry;	/* or as their entry says */
	__le64 events_lost;	/* no room in the event ring */
	__le64 busy_ns;		/* time that the model itself took */
};

/* --- events --- */

/**
 * struct weftnic_event - what the NIC tells
 * @type: enum weftnic_event_type
 * @vf: 1 + the VF, or 0 for none
 * @vni: the segment
 * @mac: an address
 * @lost: events that there was no room for before this one, modulo 65536
 * @ip: a VTEP
 * @arg: of a message
 */
struct weftnic_event {
	__le16 type;
	__le16 vf;
	__le32 vni;
	u8 mac[ETH_ALEN];
	__le16 lost;
	u8 ip[16];
	__le32 arg[8];
};

enum weftnic_event_type {
	WEFTNIC_EV_MISS = 1,	/* no entry for @mac in @vni */
	WEFTNIC_EV_CONTRADICTS,	/* @mac of @vni was seen behind @ip; the frame
				 * went to the host
				 */
	WEFTNIC_EV_FULL,	/* an entry found no room */
	WEFTNIC_EV_LINK,	/* see STATUS */
	WEFTNIC_EV_RESET,	/* the NIC was reset by itself: all is lost */
	WEFTNIC_EV_MAILBOX,	/* @arg, from @vf or from the PF */
};

/* --- messages between VFs and PF --- */

/* arg[0] of a message of a VF; the PF answers with the same in arg[0], enum
 * weftnic_err in arg[1], and values from arg[2] on. In arg[7] is a number of the
 * VF's, which the answer repeats.
 */
enum weftnic_mbx {
	WEFTNIC_MBX_HELLO = 1,	/* answer: MAC in arg[2..3], as the MAC
				 * registers have it, largest MTU in arg[4], link in
				 * arg[5]
				 */
	WEFTNIC_MBX_MTU,	/* arg[2] is wanted; answer: largest in arg[2] */
	WEFTNIC_MBX_MAC,	/* arg[2..3] is wanted */
	WEFTNIC_MBX_CHANGED,	/* of the PF, unasked: as the answer to HELLO */
};

/* --- packets --- */

/**
 * struct weftnic_tx_desc - a piece of a packet to send
 * @addr: its bytes
 * @len: how many
 * @flags: WEFTNIC_TX_*; those of the first piece count, but for EOP
 * @tag: VNI and WEFTNIC_TAG_*, with WEFTNIC_TX_ENCAP; PF only
 * @vlan: VLAN tag, with WEFTNIC_TX_VLAN
 * @mss: bytes of payload in each packet, with WEFTNIC_TX_TSO
 * @l3: offset of the IP header
 * @l4: offset of the TCP or UDP header, where the checksum begins
 * @csum: offset of the checksum
 * @hdr_len: bytes that each segment begins with, with WEFTNIC_TX_TSO
 * @outer_l3: offset of the outer IP header, with WEFTNIC_TX_TUNNEL
 * @outer_l4: offset of the outer UDP header, likewise; its checksum is filled
 *	in if it is not 0
 *
 * All offsets are in the packet. With WEFTNIC_TX_CSUM the checksum field holds
 * that of the pseudo header. HEAD of the ring says what has been taken and may
 * be freed; the NIC interrupts after that.
 */
struct weftnic_tx_desc {
	__le64 addr;
	__le32 tag;
	__le16 len;
	__le16 flags;
	__le16 vlan;
	__le16 mss;
	__le16 l3;
	__le16 l4;
	__le16 csum;
	__le16 hdr_len;
	__le16 outer_l3;
	__le16 outer_l4;
};

#define WEFTNIC_TX_EOP		BIT(0)	/* the last piece */
#define WEFTNIC_TX_CSUM		BIT(1)
#define WEFTNIC_TX_TSO		BIT(2)
#define WEFTNIC_TX_VLAN		BIT(3)
#define WEFTNIC_TX_ENCAP	BIT(4)
#define WEFTNIC_TX_TUNNEL	BIT(5)	/* with WEFTNIC_TX_TSO: of TCP in a tunnel */

#define WEFTNIC_TAG_LOCAL	BIT(24)	/* to VFs only */
#define WEFTNIC_TAG_VF		BIT(25)	/* to one VF only, if it is in the segment */
#define WEFTNIC_TAG_VF_MASK	GENMASK(31, 26)	/* which */

#define WEFTNIC_TX_MSS_MIN	64	/* with WEFTNIC_TX_TSO */
#define WEFTNIC_TX_HDR_LEN_MAX	256	/* likewise */

/**
 * struct weftnic_rx_desc - room for a packet or a piece of it
 * @addr: where
 * @len: bytes there
 * @id: the driver's, for the completion
 */
struct weftnic_rx_desc {
	__le64 addr;
	__le32 len;
	__le32 id;
};

/**
 * struct weftnic_rx_done - a piece of a packet that was received
 * @id: of the room it is in
 * @len: bytes of the piece
 * @flags: WEFTNIC_RX_*; those of the last piece count
 * @vlan: VLAN tag, with WEFTNIC_RX_VLAN
 * @vf: who sent it, with WEFTNIC_RX_FROM_VF
 * @vni: segment, with WEFTNIC_RX_OVERLAY
 * @mss: payload of the packets it was coalesced from, with WEFTNIC_RX_LRO
 * @segs: how many those were
 * @src: outer source, with WEFTNIC_RX_OVERLAY but without WEFTNIC_RX_FROM_VF
 * @src_mac: likewise
 * @encap: enum weftnic_encap, likewise
 * @members: bits of VFs, with WEFTNIC_RX_MEMBERS
 */
struct weftnic_rx_done {
	__le32 id;
	__le16 len;
	__le16 flags;
	__le16 vlan;
	__le16 vf;
	__le32 vni;
	__le16 mss;
	__le16 segs;
	u8 src[16];
	u8 src_mac[ETH_ALEN];
	u8 encap;
	u8 reserved[5];
	__le64 members;
	u8 reserved2[8];
};

#define WEFTNIC_RX_EOP		BIT(0)
#define WEFTNIC_RX_CSUM_OK	BIT(1)	/* all checksums are right */
#define WEFTNIC_RX_VLAN		BIT(2)
#define WEFTNIC_RX_LRO		BIT(3)
#define WEFTNIC_RX_OVERLAY	BIT(4)	/* the NIC took the tunnel headers off */
#define WEFTNIC_RX_FROM_VF	BIT(5)	/* with OVERLAY: the host is to forward
					 * it
					 */
#define WEFTNIC_RX_SERVED	BIT(6)	/* VFs it was for have got it */
#define WEFTNIC_RX_RETURNED	BIT(7)	/* with OVERLAY: the host sent it with ENCAP
					 * and there is no entry; @vni is its tag
					 */
#define WEFTNIC_RX_GROUP	BIT(8)	/* with FROM_VF: so has the segment's group */
#define WEFTNIC_RX_MEMBERS	BIT(9)	/* of the VFs it was for, these have got it */

static_assert(sizeof(struct weftnic_cmd) == 64);
static_assert(sizeof(struct weftnic_event) == 64);
static_assert(sizeof(struct weftnic_tx_desc) == 32);
static_assert(sizeof(struct weftnic_rx_desc) == 16);
static_assert(sizeof(struct weftnic_rx_done) == 64);
static_assert(sizeof(struct weftnic_segment) == 312);
static_assert(sizeof(struct weftnic_entry) == 56);

#endif /* _WEFTNIC_REGS_H */
