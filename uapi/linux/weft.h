/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/weft.yaml */
/* YNL-GEN uapi header */

#ifndef _UAPI_LINUX_WEFT_H
#define _UAPI_LINUX_WEFT_H

#define WEFT_FAMILY_NAME	"weft"
#define WEFT_FAMILY_VERSION	1

#define WEFT_VNI_MAX		16777215
#define WEFT_VID_MAX		4094
#define WEFT_AGEING_MAX		1000000
#define WEFT_AGEING_DEFAULT	300
#define WEFT_PORT_MACS_MAX	64
#define WEFT_FRAME_MAX		2048
#define WEFT_RATE_MAX		1000000000000
#define WEFT_RULES_MAX		65536

/**
 * enum weft_encap - encapsulations
 */
enum weft_encap {
	WEFT_ENCAP_VXLAN,
	WEFT_ENCAP_GENEVE,
	WEFT_ENCAP_NVGRE,
	WEFT_ENCAP_FENCE,
};

/**
 * enum weft_state - where an entry, a neighbour or a peer comes from; one of a
 *   higher value is never overwritten by one of a lower value
 * @WEFT_STATE_LEARNED: from traffic; ages
 * @WEFT_STATE_CONTROLLER: from an orchestration agent; does not age
 * @WEFT_STATE_STATIC: from the administrator; does not age
 */
enum weft_state {
	WEFT_STATE_LEARNED,
	WEFT_STATE_CONTROLLER,
	WEFT_STATE_STATIC,
};

/**
 * enum weft_mode - what map-new, neigh-new and peer-new do where there is an
 *   entry; a learned one always gives way
 * @WEFT_MODE_ADD: nothing if it is the same, else refuse
 * @WEFT_MODE_EXCLUSIVE: refuse
 * @WEFT_MODE_REPLACE: the new destinations or address replace the old
 * @WEFT_MODE_APPEND: the new destinations join the old
 */
enum weft_mode {
	WEFT_MODE_ADD,
	WEFT_MODE_EXCLUSIVE,
	WEFT_MODE_REPLACE,
	WEFT_MODE_APPEND,
};

/**
 * enum weft_path - where a packet goes
 * @WEFT_PATH_DROP: nowhere, the drop reason tells why
 * @WEFT_PATH_PORT: to a port of this switch
 * @WEFT_PATH_HOST: to the switch's own interface
 * @WEFT_PATH_TUNNEL: encapsulated to a peer
 * @WEFT_PATH_FLOOD: to several ports and peers
 * @WEFT_PATH_SUPPRESS: answered by the switch itself (ARP or neighbour
 *   discovery)
 * @WEFT_PATH_LOCAL: not switched, left to the network stack of the receiving
 *   device
 * @WEFT_PATH_PMTU: too big, answered with an ICMP error
 * @WEFT_PATH_VEPA: to the adjacent switch, which sends it back for this host
 */
enum weft_path {
	WEFT_PATH_DROP,
	WEFT_PATH_PORT,
	WEFT_PATH_HOST,
	WEFT_PATH_TUNNEL,
	WEFT_PATH_FLOOD,
	WEFT_PATH_SUPPRESS,
	WEFT_PATH_LOCAL,
	WEFT_PATH_PMTU,
	WEFT_PATH_VEPA,
};

/**
 * enum weft_link_state - operational state of a device (RFC 2863)
 */
enum weft_link_state {
	WEFT_LINK_STATE_UNKNOWN,
	WEFT_LINK_STATE_NOTPRESENT,
	WEFT_LINK_STATE_DOWN,
	WEFT_LINK_STATE_LOWERLAYERDOWN,
	WEFT_LINK_STATE_TESTING,
	WEFT_LINK_STATE_DORMANT,
	WEFT_LINK_STATE_UP,
};

/**
 * enum weft_way - which ways frames have gone, and why
 * @WEFT_WAY_PORT: by software to a port
 * @WEFT_WAY_VF: by software to a VF
 * @WEFT_WAY_HOST: by software to the switch's own interface
 * @WEFT_WAY_TUNNEL: by software, or a NIC that it asked, to another host
 * @WEFT_WAY_VEPA: to the adjacent switch, to come back
 * @WEFT_WAY_RETURNED: came back from there
 * @WEFT_WAY_NIC_INSIDE: from VF to VF, inside the NIC
 * @WEFT_WAY_NIC_OUT: from a VF to another host, by the NIC alone
 * @WEFT_WAY_NIC_IN: from another host to a VF, by the NIC alone
 * @WEFT_WAY_NIC_DENIED: dropped by the rules that the NIC has
 * @WEFT_WAY_NIC_MISS: from a VF to software, since the NIC has no entry for
 *   the destination
 * @WEFT_WAY_NIC_JUDGE: from a VF to software, which judges it
 * @WEFT_WAY_NIC_MANY: from a VF to software, a copy of what goes to many
 * @WEFT_WAY_NIC_ENTRY: from a VF to software, where the destination is
 */
enum weft_way {
	WEFT_WAY_PORT,
	WEFT_WAY_VF,
	WEFT_WAY_HOST,
	WEFT_WAY_TUNNEL,
	WEFT_WAY_VEPA,
	WEFT_WAY_RETURNED,
	WEFT_WAY_NIC_INSIDE,
	WEFT_WAY_NIC_OUT,
	WEFT_WAY_NIC_IN,
	WEFT_WAY_NIC_DENIED,
	WEFT_WAY_NIC_MISS,
	WEFT_WAY_NIC_JUDGE,
	WEFT_WAY_NIC_MANY,
	WEFT_WAY_NIC_ENTRY,
};

/**
 * enum weft_drop_reason - why the switch dropped a packet
 * @WEFT_DROP_REASON_NONE: not dropped
 * @WEFT_DROP_REASON_SHORT_FRAME: shorter than the headers it must have
 * @WEFT_DROP_REASON_BAD_SOURCE_MAC: source MAC address is multicast or zero
 * @WEFT_DROP_REASON_NO_SEGMENT: the port or its VLAN belongs to no segment
 * @WEFT_DROP_REASON_SOURCE_CHECK: source MAC address is not one the port may
 *   use
 * @WEFT_DROP_REASON_SOURCE_CONFLICT: source MAC address has a static or
 *   controller entry elsewhere
 * @WEFT_DROP_REASON_NO_PORT: the destination port went away or is down
 * @WEFT_DROP_REASON_SAME_PORT: destination is the port the frame came from,
 *   without hairpin
 * @WEFT_DROP_REASON_ISOLATED: both ports are isolated
 * @WEFT_DROP_REASON_SPLIT_HORIZON: came from the tunnel, would go to the
 *   tunnel
 * @WEFT_DROP_REASON_UNKNOWN_UNICAST: destination is unknown and nobody takes
 *   unknown unicast
 * @WEFT_DROP_REASON_NO_LISTENER: flooded, but nobody was there to take it
 * @WEFT_DROP_REASON_MTU: too big for the way out
 * @WEFT_DROP_REASON_NO_ROUTE: no route to the peer
 * @WEFT_DROP_REASON_ROUTE_LOOP: the route to the peer leads into the switch
 *   itself
 * @WEFT_DROP_REASON_NO_LOCAL_ADDRESS: the switch has no VTEP address of the
 *   peer's family
 * @WEFT_DROP_REASON_TX_ERROR: the way out refused the packet
 * @WEFT_DROP_REASON_NO_MEMORY: out of memory
 * @WEFT_DROP_REASON_TUNNEL_HEADER: tunnel header truncated or malformed
 * @WEFT_DROP_REASON_TUNNEL_FLAGS: reserved bits or flags that a receiver must
 *   not accept
 * @WEFT_DROP_REASON_UNKNOWN_VNI: no segment has this VNI here
 * @WEFT_DROP_REASON_NOT_UPLINK: tunnel frame arrived on a device that is not
 *   an uplink
 * @WEFT_DROP_REASON_WRONG_VTEP: outer destination is not an address of this
 *   switch
 * @WEFT_DROP_REASON_UNKNOWN_PEER: outer source is not a known peer
 * @WEFT_DROP_REASON_OWN_SOURCE: outer source is this switch's own address
 * @WEFT_DROP_REASON_BAD_SOURCE_VTEP: outer source is not a unicast address, or
 *   of another installation
 * @WEFT_DROP_REASON_ECN: inner and outer congestion marks contradict (RFC
 *   6040)
 * @WEFT_DROP_REASON_ENCAP_MISMATCH: the segment or peer uses another
 *   encapsulation
 * @WEFT_DROP_REASON_LINK_LOCAL: link-local frame out of the tunnel
 * @WEFT_DROP_REASON_RECURSION: nested too deeply in other virtual devices
 * @WEFT_DROP_REASON_TUNNEL_OPTION: critical option in the tunnel header that
 *   the segment does not know
 * @WEFT_DROP_REASON_TUNNEL_CONTROL: control message to the tunnel endpoint,
 *   not a frame
 * @WEFT_DROP_REASON_IPSEC_POLICY: the underlay's IPsec policy might refuse it,
 *   and can't be asked for this encapsulation
 * @WEFT_DROP_REASON_FRAGMENT: a fragment that contradicts others of its frame,
 *   which is lost with all of them
 * @WEFT_DROP_REASON_FRAGMENT_DUPLICATE: a fragment that is there already
 * @WEFT_DROP_REASON_FRAGMENT_TIMEOUT: the other fragments of a frame did not
 *   come in time
 * @WEFT_DROP_REASON_FRAGMENT_LIMIT: incomplete frames of its sender, or of
 *   all, take too much memory
 * @WEFT_DROP_REASON_DENIED: a rule denies it
 * @WEFT_DROP_REASON_UNJUDGEABLE: there are rules, and a header that they may
 *   look at is cut short, or a later fragment would overwrite it
 * @WEFT_DROP_REASON_NO_RELAY: to go over the adjacent switch, and no uplink of
 *   the segment and no VTEP sends back
 * @WEFT_DROP_REASON_ECHO: comes back from the adjacent switch, and was
 *   switched here already
 * @WEFT_DROP_REASON_RATE: more than the rate of the port, or of the rule that
 *   allows it
 * @WEFT_DROP_REASON_NOT_ENCRYPTED: a rule requires encryption, and nothing
 *   encrypts the way to the other host
 */
enum weft_drop_reason {
	WEFT_DROP_REASON_NONE,
	WEFT_DROP_REASON_SHORT_FRAME,
	WEFT_DROP_REASON_BAD_SOURCE_MAC,
	WEFT_DROP_REASON_NO_SEGMENT,
	WEFT_DROP_REASON_SOURCE_CHECK,
	WEFT_DROP_REASON_SOURCE_CONFLICT,
	WEFT_DROP_REASON_NO_PORT,
	WEFT_DROP_REASON_SAME_PORT,
	WEFT_DROP_REASON_ISOLATED,
	WEFT_DROP_REASON_SPLIT_HORIZON,
	WEFT_DROP_REASON_UNKNOWN_UNICAST,
	WEFT_DROP_REASON_NO_LISTENER,
	WEFT_DROP_REASON_MTU,
	WEFT_DROP_REASON_NO_ROUTE,
	WEFT_DROP_REASON_ROUTE_LOOP,
	WEFT_DROP_REASON_NO_LOCAL_ADDRESS,
	WEFT_DROP_REASON_TX_ERROR,
	WEFT_DROP_REASON_NO_MEMORY,
	WEFT_DROP_REASON_TUNNEL_HEADER,
	WEFT_DROP_REASON_TUNNEL_FLAGS,
	WEFT_DROP_REASON_UNKNOWN_VNI,
	WEFT_DROP_REASON_NOT_UPLINK,
	WEFT_DROP_REASON_WRONG_VTEP,
	WEFT_DROP_REASON_UNKNOWN_PEER,
	WEFT_DROP_REASON_OWN_SOURCE,
	WEFT_DROP_REASON_BAD_SOURCE_VTEP,
	WEFT_DROP_REASON_ECN,
	WEFT_DROP_REASON_ENCAP_MISMATCH,
	WEFT_DROP_REASON_LINK_LOCAL,
	WEFT_DROP_REASON_RECURSION,
	WEFT_DROP_REASON_TUNNEL_OPTION,
	WEFT_DROP_REASON_TUNNEL_CONTROL,
	WEFT_DROP_REASON_IPSEC_POLICY,
	WEFT_DROP_REASON_FRAGMENT,
	WEFT_DROP_REASON_FRAGMENT_DUPLICATE,
	WEFT_DROP_REASON_FRAGMENT_TIMEOUT,
	WEFT_DROP_REASON_FRAGMENT_LIMIT,
	WEFT_DROP_REASON_DENIED,
	WEFT_DROP_REASON_UNJUDGEABLE,
	WEFT_DROP_REASON_NO_RELAY,
	WEFT_DROP_REASON_ECHO,
	WEFT_DROP_REASON_RATE,
	WEFT_DROP_REASON_NOT_ENCRYPTED,
};

/**
 * enum weft_step - what a trace step tells
 * @WEFT_STEP_INGRESS: where the frame came in (port and VLAN, or peer)
 * @WEFT_STEP_SEGMENT: the segment it belongs to
 * @WEFT_STEP_SOURCE: the entry of the source address, if any
 * @WEFT_STEP_LEARN: the source address would be learned or moved
 * @WEFT_STEP_LEARN_REFUSED: learning is refused, by a limit or a stronger
 *   entry
 * @WEFT_STEP_SUPPRESS: a neighbour entry answers
 * @WEFT_STEP_LOOKUP: the entry of the destination address
 * @WEFT_STEP_MISS: the destination address has no entry
 * @WEFT_STEP_FLOOD: the frame is flooded
 * @WEFT_STEP_EGRESS: a copy leaves (by path, to port or peer)
 * @WEFT_STEP_SKIP: a possible destination is left out, the drop reason tells
 *   why
 * @WEFT_STEP_DROP: the frame is dropped, the drop reason tells why
 * @WEFT_STEP_NIC: what the tables of a NIC say
 * @WEFT_STEP_RULE: a rule that matches, the first of all
 * @WEFT_STEP_RETURNED: the source address is that of a port here, which sent
 *   the frame over the adjacent switch
 */
enum weft_step {
	WEFT_STEP_INGRESS,
	WEFT_STEP_SEGMENT,
	WEFT_STEP_SOURCE,
	WEFT_STEP_LEARN,
	WEFT_STEP_LEARN_REFUSED,
	WEFT_STEP_SUPPRESS,
	WEFT_STEP_LOOKUP,
	WEFT_STEP_MISS,
	WEFT_STEP_FLOOD,
	WEFT_STEP_EGRESS,
	WEFT_STEP_SKIP,
	WEFT_STEP_DROP,
	WEFT_STEP_NIC,
	WEFT_STEP_RULE,
	WEFT_STEP_RETURNED,
};

/**
 * enum weft_action - what becomes of the frames that a rule matches
 * @WEFT_ACTION_ALLOW: they go their way, and no further rule counts
 * @WEFT_ACTION_DENY: they are dropped
 */
enum weft_action {
	WEFT_ACTION_ALLOW,
	WEFT_ACTION_DENY,
};

/**
 * enum weft_class - what matters to frames where queues have priorities
 * @WEFT_CLASS_NONE: as the port has it
 * @WEFT_CLASS_BULK: that much gets through
 * @WEFT_CLASS_LATENCY: that it gets through soon
 */
enum weft_class {
	WEFT_CLASS_NONE,
	WEFT_CLASS_BULK,
	WEFT_CLASS_LATENCY,
};

/**
 * enum weft_require - what the way of a frame must offer
 * @WEFT_REQUIRE_ENCRYPTION: it leaves the host encrypted (IPsec), or not at
 *   all
 */
enum weft_require {
	WEFT_REQUIRE_NONE,
	WEFT_REQUIRE_ENCRYPTION,
};

/**
 * enum weft_vepa - which frames between ports of the host go over the adjacent
 *   switch
 * @WEFT_VEPA_OFF: none, but what a port or a rule says
 * @WEFT_VEPA_ON: all
 * @WEFT_VEPA_REST: those to many or to an unknown address, for ports that no
 *   NIC has served
 */
enum weft_vepa {
	WEFT_VEPA_OFF,
	WEFT_VEPA_ON,
	WEFT_VEPA_REST,
};

/**
 * enum weft_via - by which way frames go that might stay on the host
 * @WEFT_VIA_ANY: as the port and the segment say
 * @WEFT_VIA_VSWITCH: switched in software
 * @WEFT_VIA_VEPA: over the adjacent switch, which sends them back
 * @WEFT_VIA_VEB: on this host, in the NIC where it can
 */
enum weft_via {
	WEFT_VIA_ANY,
	WEFT_VIA_VSWITCH,
	WEFT_VIA_VEPA,
	WEFT_VIA_VEB,
};

/**
 * enum weft_cast - to whom a frame goes by its Ethernet destination
 * @WEFT_CAST_MULTICAST: to a group, but not to all
 */
enum weft_cast {
	WEFT_CAST_UNICAST,
	WEFT_CAST_MULTICAST,
	WEFT_CAST_BROADCAST,
};

/**
 * enum weft_frag - is an IP packet a fragment?
 * @WEFT_FRAG_NONE: no fragment
 * @WEFT_FRAG_ANY: a fragment
 * @WEFT_FRAG_FIRST: the first one, which has the ports
 * @WEFT_FRAG_LATER: another one, without ports
 */
enum weft_frag {
	WEFT_FRAG_NONE,
	WEFT_FRAG_ANY,
	WEFT_FRAG_FIRST,
	WEFT_FRAG_LATER,
};

/**
 * enum weft_event_type - what an event tells
 * @WEFT_EVENT_TYPE_MOVED: a learned address moved
 * @WEFT_EVENT_TYPE_LIMIT: a limit keeps an address from being learned
 * @WEFT_EVENT_TYPE_CONFLICT: traffic contradicts a static or controller entry
 * @WEFT_EVENT_TYPE_NIC_LOST: a NIC takes no commands and packets for now
 * @WEFT_EVENT_TYPE_NIC_BEGIN: the tables of a NIC are pushed anew
 * @WEFT_EVENT_TYPE_NIC_END: they are complete
 * @WEFT_EVENT_TYPE_NIC_FULL: a NIC has not room for all entries
 * @WEFT_EVENT_TYPE_NIC_IN: an entry is used so much that it got room in a NIC
 * @WEFT_EVENT_TYPE_NIC_OUT: an entry had to go from a NIC for one that is used
 *   more
 * @WEFT_EVENT_TYPE_NIC_RULES: the rules of a segment that a NIC has are others
 *   now
 */
enum weft_event_type {
	WEFT_EVENT_TYPE_MOVED,
	WEFT_EVENT_TYPE_LIMIT,
	WEFT_EVENT_TYPE_CONFLICT,
	WEFT_EVENT_TYPE_NIC_LOST,
	WEFT_EVENT_TYPE_NIC_BEGIN,
	WEFT_EVENT_TYPE_NIC_END,
	WEFT_EVENT_TYPE_NIC_FULL,
	WEFT_EVENT_TYPE_NIC_IN,
	WEFT_EVENT_TYPE_NIC_OUT,
	WEFT_EVENT_TYPE_NIC_RULES,
};

/**
 * enum weft_hw - where an entry of the map stands with a NIC
 * @WEFT_HW_PENDING: it is to be pushed
 * @WEFT_HW_PRESENT: the NIC has it
 * @WEFT_HW_FULL: the table of the NIC is full
 * @WEFT_HW_NO_SEGMENT: the NIC does not have the segment
 * @WEFT_HW_NO_MAC: the MAC address of the next hop is not known yet
 * @WEFT_HW_HOST: the NIC can't express it, the host serves it
 * @WEFT_HW_REFUSED: the NIC refused it
 * @WEFT_HW_COLD: there is no room, and others are used more
 * @WEFT_HW_ENCAP: the NIC does not know how to write the header, the host
 *   serves it
 * @WEFT_HW_RULED: there are rules for its segment, and the host judges every
 *   frame
 */
enum weft_hw {
	WEFT_HW_PENDING,
	WEFT_HW_PRESENT,
	WEFT_HW_FULL,
	WEFT_HW_NO_SEGMENT,
	WEFT_HW_NO_MAC,
	WEFT_HW_HOST,
	WEFT_HW_REFUSED,
	WEFT_HW_COLD,
	WEFT_HW_ENCAP,
	WEFT_HW_RULED,
};

/**
 * enum weft_nic_feature - what a NIC can do
 */
enum weft_nic_feature {
	WEFT_NIC_FEATURE_VXLAN = 1,
	WEFT_NIC_FEATURE_GENEVE = 2,
	WEFT_NIC_FEATURE_NVGRE = 4,
	WEFT_NIC_FEATURE_IPV6 = 8,
	WEFT_NIC_FEATURE_CSUM = 16,
	WEFT_NIC_FEATURE_TSO = 32,
	WEFT_NIC_FEATURE_LRO = 64,
	WEFT_NIC_FEATURE_VF_RATE = 128,
	WEFT_NIC_FEATURE_VF_SPOOFCHK = 256,
	WEFT_NIC_FEATURE_HITS = 512,
	WEFT_NIC_FEATURE_RULES = 1024,
	WEFT_NIC_FEATURE_VF_JUDGED = 2048,
};

enum {
	WEFT_A_DEV = 1,
	WEFT_A_SWITCH,
	WEFT_A_SEGMENT,
	WEFT_A_PORT,
	WEFT_A_MAP,
	WEFT_A_NEIGH,
	WEFT_A_PEER,
	WEFT_A_DROPS,
	WEFT_A_TRACE,
	WEFT_A_EVENT,
	WEFT_A_MODE,
	WEFT_A_NIC,
	WEFT_A_RULE,
	WEFT_A_RULES,
	WEFT_A_WAYS,

	__WEFT_A_MAX,
	WEFT_A_MAX = (__WEFT_A_MAX - 1)
};

enum {
	WEFT_A_STATS_PAD = 1,
	WEFT_A_STATS_RX_PACKETS,
	WEFT_A_STATS_RX_BYTES,
	WEFT_A_STATS_TX_PACKETS,
	WEFT_A_STATS_TX_BYTES,
	WEFT_A_STATS_DROPS,

	__WEFT_A_STATS_MAX,
	WEFT_A_STATS_MAX = (__WEFT_A_STATS_MAX - 1)
};

enum {
	WEFT_A_SWITCH_NAME = 1,
	WEFT_A_SWITCH_SEGMENTS,
	WEFT_A_SWITCH_PORTS,
	WEFT_A_SWITCH_PEERS,
	WEFT_A_SWITCH_ENTRIES,
	WEFT_A_SWITCH_LEARNED,
	WEFT_A_SWITCH_LIMIT,
	WEFT_A_SWITCH_NEIGHS,
	WEFT_A_SWITCH_MOVES,
	WEFT_A_SWITCH_LIMITED,
	WEFT_A_SWITCH_FASTPATH,
	WEFT_A_SWITCH_STATS,
	WEFT_A_SWITCH_REASSEMBLY,

	__WEFT_A_SWITCH_MAX,
	WEFT_A_SWITCH_MAX = (__WEFT_A_SWITCH_MAX - 1)
};

enum {
	WEFT_A_SEGMENT_VNI = 1,
	WEFT_A_SEGMENT_ENCAP,
	WEFT_A_SEGMENT_LEARNING,
	WEFT_A_SEGMENT_AGEING,
	WEFT_A_SEGMENT_SUPPRESS,
	WEFT_A_SEGMENT_GROUP,
	WEFT_A_SEGMENT_GROUP_DEV,
	WEFT_A_SEGMENT_GATEWAY,
	WEFT_A_SEGMENT_GATEWAY_LLADDR,
	WEFT_A_SEGMENT_MTU,
	WEFT_A_SEGMENT_LIMIT,
	WEFT_A_SEGMENT_ENTRIES,
	WEFT_A_SEGMENT_LEARNED,
	WEFT_A_SEGMENT_PORTS,
	WEFT_A_SEGMENT_OVERHEAD,
	WEFT_A_SEGMENT_STATS,
	WEFT_A_SEGMENT_GATEWAY_VTEP,
	WEFT_A_SEGMENT_OPTION,
	WEFT_A_SEGMENT_VM_MTU,
	WEFT_A_SEGMENT_UPLINK_MTU,
	WEFT_A_SEGMENT_FRAGMENTS,
	WEFT_A_SEGMENT_VEPA,
	WEFT_A_SEGMENT_RELAY_VTEP,
	WEFT_A_SEGMENT_RELAYED,

	__WEFT_A_SEGMENT_MAX,
	WEFT_A_SEGMENT_MAX = (__WEFT_A_SEGMENT_MAX - 1)
};

enum {
	WEFT_A_OPTION_CLASS = 1,
	WEFT_A_OPTION_TYPE,
	WEFT_A_OPTION_DATA,

	__WEFT_A_OPTION_MAX,
	WEFT_A_OPTION_MAX = (__WEFT_A_OPTION_MAX - 1)
};

enum {
	WEFT_A_PORT_VLAN_VID = 1,
	WEFT_A_PORT_VLAN_VNI,
	WEFT_A_PORT_VLAN_LEARNED,

	__WEFT_A_PORT_VLAN_MAX,
	WEFT_A_PORT_VLAN_MAX = (__WEFT_A_PORT_VLAN_MAX - 1)
};

enum {
	WEFT_A_PORT_IFINDEX = 1,
	WEFT_A_PORT_NAME,
	WEFT_A_PORT_VLAN,
	WEFT_A_PORT_MAC,
	WEFT_A_PORT_LIMIT,
	WEFT_A_PORT_LEARNING,
	WEFT_A_PORT_FLOOD,
	WEFT_A_PORT_MCAST_FLOOD,
	WEFT_A_PORT_BCAST_FLOOD,
	WEFT_A_PORT_HAIRPIN,
	WEFT_A_PORT_ISOLATED,
	WEFT_A_PORT_LEARNED,
	WEFT_A_PORT_STATS,
	WEFT_A_PORT_VF,
	WEFT_A_PORT_UPLINK,
	WEFT_A_PORT_VEPA,
	WEFT_A_PORT_RELAY,
	WEFT_A_PORT_PAD,
	WEFT_A_PORT_RATE,
	WEFT_A_PORT_BURST,
	WEFT_A_PORT_PRIO,
	WEFT_A_PORT_LINK,

	__WEFT_A_PORT_MAX,
	WEFT_A_PORT_MAX = (__WEFT_A_PORT_MAX - 1)
};

enum {
	WEFT_A_LINK_PAD = 1,
	WEFT_A_LINK_STATE,
	WEFT_A_LINK_MTU,
	WEFT_A_LINK_SPEED,
	WEFT_A_LINK_PATH,
	WEFT_A_LINK_STATS,
	WEFT_A_LINK_RX_ERRORS,
	WEFT_A_LINK_TX_ERRORS,
	WEFT_A_LINK_RX_DROPPED,
	WEFT_A_LINK_TX_DROPPED,

	__WEFT_A_LINK_MAX,
	WEFT_A_LINK_MAX = (__WEFT_A_LINK_MAX - 1)
};

enum {
	WEFT_A_DST_PEER = 1,
	WEFT_A_DST_PORT,
	WEFT_A_DST_VID,
	WEFT_A_DST_VF,

	__WEFT_A_DST_MAX,
	WEFT_A_DST_MAX = (__WEFT_A_DST_MAX - 1)
};

enum {
	WEFT_A_MAP_VNI = 1,
	WEFT_A_MAP_MAC,
	WEFT_A_MAP_DST,
	WEFT_A_MAP_STATE,
	WEFT_A_MAP_IP,
	WEFT_A_MAP_AGE,
	WEFT_A_MAP_USED,
	WEFT_A_MAP_FLUSH_PORT,
	WEFT_A_MAP_FLUSH_PEER,
	WEFT_A_MAP_FLUSHED,
	WEFT_A_MAP_HW,

	__WEFT_A_MAP_MAX,
	WEFT_A_MAP_MAX = (__WEFT_A_MAP_MAX - 1)
};

enum {
	WEFT_A_MAP_HW_IFINDEX = 1,
	WEFT_A_MAP_HW_STATE,
	WEFT_A_MAP_HW_RATE,

	__WEFT_A_MAP_HW_MAX,
	WEFT_A_MAP_HW_MAX = (__WEFT_A_MAP_HW_MAX - 1)
};

enum {
	WEFT_A_NEIGH_VNI = 1,
	WEFT_A_NEIGH_IP,
	WEFT_A_NEIGH_MAC,
	WEFT_A_NEIGH_STATE,
	WEFT_A_NEIGH_AGE,

	__WEFT_A_NEIGH_MAX,
	WEFT_A_NEIGH_MAX = (__WEFT_A_NEIGH_MAX - 1)
};

enum {
	WEFT_A_PEER_IP = 1,
	WEFT_A_PEER_LLADDR,
	WEFT_A_PEER_VNI,
	WEFT_A_PEER_STATE,
	WEFT_A_PEER_LIMIT,
	WEFT_A_PEER_ENTRIES,
	WEFT_A_PEER_LEARNED,
	WEFT_A_PEER_MTU,
	WEFT_A_PEER_NEXTHOP,
	WEFT_A_PEER_NEXTHOP_DEV,
	WEFT_A_PEER_STATS,
	WEFT_A_PEER_ENCAP,
	WEFT_A_PEER_ENCAP_SEGMENT,

	__WEFT_A_PEER_MAX,
	WEFT_A_PEER_MAX = (__WEFT_A_PEER_MAX - 1)
};

enum {
	WEFT_A_DROPS_PAD = 1,
	WEFT_A_DROPS_REASON,
	WEFT_A_DROPS_PACKETS,

	__WEFT_A_DROPS_MAX,
	WEFT_A_DROPS_MAX = (__WEFT_A_DROPS_MAX - 1)
};

enum {
	WEFT_A_WAYS_PAD = 1,
	WEFT_A_WAYS_WAY,
	WEFT_A_WAYS_NIC,
	WEFT_A_WAYS_PACKETS,
	WEFT_A_WAYS_BYTES,

	__WEFT_A_WAYS_MAX,
	WEFT_A_WAYS_MAX = (__WEFT_A_WAYS_MAX - 1)
};

enum {
	WEFT_A_TRACE_STEP_STEP = 1,
	WEFT_A_TRACE_STEP_VNI,
	WEFT_A_TRACE_STEP_MAC,
	WEFT_A_TRACE_STEP_PORT,
	WEFT_A_TRACE_STEP_VID,
	WEFT_A_TRACE_STEP_PEER,
	WEFT_A_TRACE_STEP_STATE,
	WEFT_A_TRACE_STEP_PATH,
	WEFT_A_TRACE_STEP_REASON,
	WEFT_A_TRACE_STEP_VF,
	WEFT_A_TRACE_STEP_NIC,
	WEFT_A_TRACE_STEP_HW,
	WEFT_A_TRACE_STEP_PREF,
	WEFT_A_TRACE_STEP_ACTION,

	__WEFT_A_TRACE_STEP_MAX,
	WEFT_A_TRACE_STEP_MAX = (__WEFT_A_TRACE_STEP_MAX - 1)
};

enum {
	WEFT_A_TRACE_PORT = 1,
	WEFT_A_TRACE_PEER,
	WEFT_A_TRACE_VNI,
	WEFT_A_TRACE_FRAME,
	WEFT_A_TRACE_PATH,
	WEFT_A_TRACE_REASON,
	WEFT_A_TRACE_STEP,
	WEFT_A_TRACE_TRUNCATED,
	WEFT_A_TRACE_VF,

	__WEFT_A_TRACE_MAX,
	WEFT_A_TRACE_MAX = (__WEFT_A_TRACE_MAX - 1)
};

enum {
	WEFT_A_EVENT_TYPE = 1,
	WEFT_A_EVENT_VNI,
	WEFT_A_EVENT_MAC,
	WEFT_A_EVENT_FROM,
	WEFT_A_EVENT_TO,
	WEFT_A_EVENT_NIC,
	WEFT_A_EVENT_RATE,
	WEFT_A_EVENT_PLACED,
	WEFT_A_EVENT_WANTED,

	__WEFT_A_EVENT_MAX,
	WEFT_A_EVENT_MAX = (__WEFT_A_EVENT_MAX - 1)
};

enum {
	WEFT_A_NIC_PAD = 1,
	WEFT_A_NIC_IFINDEX,
	WEFT_A_NIC_NAME,
	WEFT_A_NIC_SWITCH,
	WEFT_A_NIC_FEATURES,
	WEFT_A_NIC_MAP_SIZE,
	WEFT_A_NIC_SEGMENT_SIZE,
	WEFT_A_NIC_VFS,
	WEFT_A_NIC_READY,
	WEFT_A_NIC_SERVING,
	WEFT_A_NIC_GENERATION,
	WEFT_A_NIC_ENTRIES,
	WEFT_A_NIC_PENDING,
	WEFT_A_NIC_ERROR,
	WEFT_A_NIC_MISSES,
	WEFT_A_NIC_FULL,
	WEFT_A_NIC_RESETS,
	WEFT_A_NIC_ORPHANS,
	WEFT_A_NIC_RETURNED,
	WEFT_A_NIC_PUSHED,
	WEFT_A_NIC_FAILED,
	WEFT_A_NIC_MOVED_IN,
	WEFT_A_NIC_MOVED_OUT,
	WEFT_A_NIC_RULES,
	WEFT_A_NIC_RULE_SIZE,

	__WEFT_A_NIC_MAX,
	WEFT_A_NIC_MAX = (__WEFT_A_NIC_MAX - 1)
};

enum {
	WEFT_A_RULE_VNI = 1,
	WEFT_A_RULE_PREF,
	WEFT_A_RULE_ACTION,
	WEFT_A_RULE_PORT,
	WEFT_A_RULE_VF,
	WEFT_A_RULE_SRC,
	WEFT_A_RULE_SRC_MASK,
	WEFT_A_RULE_DST,
	WEFT_A_RULE_DST_MASK,
	WEFT_A_RULE_TYPE,
	WEFT_A_RULE_VID,
	WEFT_A_RULE_PRIO,
	WEFT_A_RULE_UNTAGGED,
	WEFT_A_RULE_FROM,
	WEFT_A_RULE_FROM_LEN,
	WEFT_A_RULE_TO,
	WEFT_A_RULE_TO_LEN,
	WEFT_A_RULE_PROTO,
	WEFT_A_RULE_SPORT,
	WEFT_A_RULE_SPORT_MAX,
	WEFT_A_RULE_DPORT,
	WEFT_A_RULE_DPORT_MAX,
	WEFT_A_RULE_DSCP,
	WEFT_A_RULE_TCP_FLAGS,
	WEFT_A_RULE_TCP_FLAGS_MASK,
	WEFT_A_RULE_CAST,
	WEFT_A_RULE_FRAG,
	WEFT_A_RULE_STATS,
	WEFT_A_RULE_VIA,
	WEFT_A_RULE_CLASS,
	WEFT_A_RULE_PAD,
	WEFT_A_RULE_RATE,
	WEFT_A_RULE_BURST,
	WEFT_A_RULE_HW,
	WEFT_A_RULE_REQUIRE,

	__WEFT_A_RULE_MAX,
	WEFT_A_RULE_MAX = (__WEFT_A_RULE_MAX - 1)
};

enum {
	WEFT_A_RULES_VNI = 1,
	WEFT_A_RULES_COUNT,

	__WEFT_A_RULES_MAX,
	WEFT_A_RULES_MAX = (__WEFT_A_RULES_MAX - 1)
};

enum {
	WEFT_CMD_SWITCH_GET = 1,
	WEFT_CMD_SEGMENT_NEW,
	WEFT_CMD_SEGMENT_SET,
	WEFT_CMD_SEGMENT_DEL,
	WEFT_CMD_SEGMENT_GET,
	WEFT_CMD_PORT_SET,
	WEFT_CMD_PORT_DEL,
	WEFT_CMD_PORT_GET,
	WEFT_CMD_MAP_NEW,
	WEFT_CMD_MAP_DEL,
	WEFT_CMD_MAP_GET,
	WEFT_CMD_MAP_FLUSH,
	WEFT_CMD_NEIGH_NEW,
	WEFT_CMD_NEIGH_DEL,
	WEFT_CMD_NEIGH_GET,
	WEFT_CMD_PEER_NEW,
	WEFT_CMD_PEER_SET,
	WEFT_CMD_PEER_DEL,
	WEFT_CMD_PEER_GET,
	WEFT_CMD_STATS_GET,
	WEFT_CMD_TRACE_GET,
	WEFT_CMD_SEGMENT_NTF,
	WEFT_CMD_SEGMENT_DEL_NTF,
	WEFT_CMD_PORT_NTF,
	WEFT_CMD_PORT_DEL_NTF,
	WEFT_CMD_PEER_NTF,
	WEFT_CMD_PEER_DEL_NTF,
	WEFT_CMD_MAP_NTF,
	WEFT_CMD_MAP_DEL_NTF,
	WEFT_CMD_NEIGH_NTF,
	WEFT_CMD_NEIGH_DEL_NTF,
	WEFT_CMD_EVENT_NTF,
	WEFT_CMD_PORT_NEW,
	WEFT_CMD_NIC_GET,
	WEFT_CMD_RULE_NEW,
	WEFT_CMD_RULE_DEL,
	WEFT_CMD_RULE_REPLACE,
	WEFT_CMD_RULE_GET,
	WEFT_CMD_RULE_NTF,
	WEFT_CMD_RULE_DEL_NTF,
	WEFT_CMD_RULES_NTF,

	__WEFT_CMD_MAX,
	WEFT_CMD_MAX = (__WEFT_CMD_MAX - 1)
};

#define WEFT_MCGRP_CONFIG	"config"
#define WEFT_MCGRP_MAP		"map"
#define WEFT_MCGRP_EVENTS	"events"

#endif /* _UAPI_LINUX_WEFT_H */
