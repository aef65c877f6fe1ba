/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFTNIC_COMPAT_H
#define _WEFTNIC_COMPAT_H

#include <net/devlink.h>

/* Newer kernels have the period in the operations; there is none. */
static inline struct devlink_health_reporter *
nic_reporter_create(struct devlink *devlink,
		    const struct devlink_health_reporter_ops *ops, void *priv)
{
#ifdef WEFTNIC_HAVE_REPORTER_PERIOD
	return devl_health_reporter_create(devlink, ops, priv);
#else
	return devl_health_reporter_create(devlink, ops, 0, priv);
#endif
}

#endif /* _WEFTNIC_COMPAT_H */
