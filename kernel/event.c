// SPDX-License-Identifier: GPL-2.0
/* Changes, told upward: state announces them without knowing who listens. */

#include "event.h"

static ATOMIC_NOTIFIER_HEAD(chain);

/**
 * weft_event_register() - listen to changes of all switches
 * @nb: called with the type and a struct weft_event, in atomic context and
 *	possibly with the lock of the map held: it may read what it is given,
 *	and must not call back into the state that tells
 */
int weft_event_register(struct notifier_block *nb)
{
	return atomic_notifier_chain_register(&chain, nb);
}

int weft_event_unregister(struct notifier_block *nb)
{
	return atomic_notifier_chain_unregister(&chain, nb);
}

/**
 * weft_event() - tell a change
 * @event: what happened
 *
 * Context: any.
 */
void weft_event(struct weft_event *event)
{
	atomic_notifier_call_chain(&chain, event->type, event);
}
