/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WEFT_GUARD_H
#define _WEFT_GUARD_H

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/xfrm.h>
#include <net/net_namespace.h>

/*
 * Does the underlay have a firewall or IPsec policy that must see our packets?
 * Then neither the header template nor the receive short cut may be used.
 * (IPsec on the way out shows in the route.)
 */

#ifdef CONFIG_NETFILTER
/* AppArmor's hook is in every namespace, at a priority that is reserved for
 * security modules, and lets pass what has no security mark. Ours have none.
 */
static inline bool weft_guard_hook(const struct nf_hook_entries *hooks)
{
	const struct nf_hook_ops *ops;

	if (!hooks)
		return false;
	if (hooks->num_hook_entries != 1)
		return true;
	ops = nf_hook_entries_get_hook_ops(hooks)[0];
	return ops->priority != NF_IP_PRI_SELINUX_FIRST ||
	       ops->hook_ops_type != NF_HOOK_OP_UNDEFINED ||
	       ops->hooknum != NF_INET_POST_ROUTING;
}
#endif

/**
 * weft_guard_out() - must a packet for the underlay take the stack's way?
 * @net: the underlay's namespace
 * @family: AF_INET or AF_INET6
 *
 * Context: RCU.
 */
static inline bool weft_guard_out(const struct net *net, u32 family)
{
#ifdef CONFIG_NETFILTER
	struct nf_hook_entries __rcu *const *hooks =
		family == AF_INET6 ? net->nf.hooks_ipv6 : net->nf.hooks_ipv4;

	return rcu_access_pointer(hooks[NF_INET_LOCAL_OUT]) ||
	       weft_guard_hook(rcu_dereference(hooks[NF_INET_POST_ROUTING]));
#else
	return false;
#endif
}

/**
 * weft_guard_in() - must a packet from the underlay take the stack's way?
 * @net: the underlay's namespace
 * @family: AF_INET or AF_INET6
 *
 * Looks at netfilter. Context: RCU.
 */
static inline bool weft_guard_in(const struct net *net, u32 family)
{
#ifdef CONFIG_NETFILTER
	struct nf_hook_entries __rcu *const *hooks =
		family == AF_INET6 ? net->nf.hooks_ipv6 : net->nf.hooks_ipv4;

	return rcu_access_pointer(hooks[NF_INET_PRE_ROUTING]) ||
	       rcu_access_pointer(hooks[NF_INET_LOCAL_IN]);
#else
	return false;
#endif
}

/**
 * weft_guard_ipsec_in() - may an IPsec policy refuse packets that come in?
 * @net: the underlay's namespace
 *
 * Context: any.
 */
static inline bool weft_guard_ipsec_in(const struct net *net)
{
#ifdef CONFIG_XFRM
	return net->xfrm.policy_count[XFRM_POLICY_IN] ||
	       net->xfrm.policy_default[XFRM_POLICY_IN] ==
			XFRM_USERPOLICY_BLOCK;
#else
	return false;
#endif
}

#endif /* _WEFT_GUARD_H */
