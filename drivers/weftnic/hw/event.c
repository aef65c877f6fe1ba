// SPDX-License-Identifier: GPL-2.0
/* What a function tells its driver. */

#include <linux/etherdevice.h>

#include "event.h"
#include "function.h"
#include "nic.h"

/**
 * hw_event() - tell a function's driver
 * @f: the function
 * @event: what; @lost is filled in
 *
 * Return: false if there was no room.
 */
bool hw_event(struct hw_function *f, struct weftnic_event *event)
{
	struct hw_nic *nic = f->nic;

	if (!f->enabled)
		return false;
	if (nic->fault.lose || !hw_ring_room(&f->event)) {
		nic->fault.lose -= !!nic->fault.lose;
		nic->counters.events_lost++;
		f->lost++;
		return false;
	}
	event->lost = cpu_to_le16(f->lost);
	f->lost = 0;
	memcpy(hw_ring_slot(&f->event, f->event.tail), event, sizeof(*event));
	hw_ring_produce(&f->event, 1);
	hw_raise(f, WEFTNIC_VEC_ADMIN);
	return true;
}

/**
 * hw_event_miss() - there is no entry
 * @nic: the NIC
 * @vni: the segment
 * @mac: the address
 * @sender: the function whose frame it is
 */
void hw_event_miss(struct hw_nic *nic, u32 vni, const u8 *mac,
		   unsigned int sender)
{
	struct weftnic_event event = {
		.type = cpu_to_le16(WEFTNIC_EV_MISS),
		.vf = cpu_to_le16(sender),
		.vni = cpu_to_le32(vni),
	};

	ether_addr_copy(event.mac, mac);
	hw_event(&nic->functions[0], &event);
}

/**
 * hw_event_contradicts() - a learned entry is wrong
 * @nic: the NIC
 * @vni: the segment
 * @mac: the address
 * @ip: VTEP that it was seen behind
 */
void hw_event_contradicts(struct hw_nic *nic, u32 vni, const u8 *mac,
			  const struct in6_addr *ip)
{
	struct weftnic_event event = {
		.type = cpu_to_le16(WEFTNIC_EV_CONTRADICTS),
		.vni = cpu_to_le32(vni),
	};

	ether_addr_copy(event.mac, mac);
	memcpy(event.ip, ip, sizeof(event.ip));
	hw_event(&nic->functions[0], &event);
}
