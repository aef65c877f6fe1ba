// SPDX-License-Identifier: GPL-2.0
/*
 * Templates: the outer headers for a {peer, encapsulation}, without Ethernet,
 * and the route. Built when the first packet needs them, and anew when the
 * configuration or the route has changed.
 */

#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/route.h>

#include "compat/compat.h"
#include "template.h"
#include "uplink.h"

static void free_template(struct rcu_head *rcu)
{
	struct weft_template *t = container_of(rcu, struct weft_template, rcu);

	dst_release(t->dst);
	kfree(t);
}

static struct dst_entry *route4(const struct weft_peer *peer,
				const struct weft_config *config,
				const struct weft_encap_ops *encap, int oif,
				struct weft_addr *src)
{
	struct weft_switch *sw = peer->sw;
	struct flowi4 fl4 = {
		.flowi4_oif = oif,
		.flowi4_proto = encap->protocol,
		.daddr = peer->key.ip.v4,
		.saddr = config->local4.v4,
	};
	struct rtable *rt;

	if (!weft_encap_bare(encap)) {
		fl4.fl4_dport = weft_vtep_port(encap, config);
		fl4.fl4_sport = htons(config->port_low);
	}
	weft_flowi4_set_dsfield(&fl4, config->tos);
	rt = ip_route_output_key(sw->net, &fl4);
	if (IS_ERR(rt))
		return ERR_CAST(rt);
	weft_addr_set4(src, fl4.saddr);
	return &rt->dst;
}

static struct dst_entry *route6(const struct weft_peer *peer,
				const struct weft_config *config,
				const struct weft_encap_ops *encap, int oif,
				struct weft_addr *src)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct weft_switch *sw = peer->sw;
	struct flowi6 fl6 = {
		.flowi6_oif = oif,
		.flowi6_proto = encap->protocol,
		.daddr = peer->key.ip.v6,
		.saddr = config->local6.v6,
		.flowlabel = ip6_make_flowinfo(config->tos, 0),
	};
	struct dst_entry *dst;

	if (!weft_encap_bare(encap)) {
		fl6.fl6_dport = weft_vtep_port(encap, config);
		fl6.fl6_sport = htons(config->port_low);
	}
	dst = ip6_dst_lookup_flow(sw->net,
				  weft_uplink_sk(sw, encap, AF_INET6), &fl6,
				  NULL);
	if (!IS_ERR(dst))
		weft_addr_set6(src, &fl6.saddr);
	return dst;
#else
	return ERR_PTR(-EAFNOSUPPORT);
#endif
}

/* Does the route lead back into the switch? */
static bool loops(const struct weft_switch *sw, const struct dst_entry *dst)
{
	struct net_device *dev = dst_dev(dst);

	return dev == sw->dev ||
	       netdev_master_upper_dev_get_rcu(dev) == sw->dev;
}

static struct dst_entry *route(const struct weft_peer *peer,
			       const struct weft_config *config,
			       const struct weft_encap_ops *encap,
			       struct weft_addr *src)
{
	const struct weft_uplinks *uplinks;
	struct dst_entry *dst;
	int oif;

	uplinks = rcu_dereference(peer->sw->uplinks);
	oif = peer->key.ifindex ?: uplinks->vrf;
	if (peer->key.ip.family == AF_INET6)
		dst = route6(peer, config, encap, oif, src);
	else
		dst = route4(peer, config, encap, oif, src);
	if (!IS_ERR(dst) && loops(peer->sw, dst)) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	return dst;
}

static u8 *header_of(struct weft_template *t)
{
	return t->header + WEFT_HEADER_MAX - t->len;
}

static void write_ip4(struct weft_template *t, const struct weft_peer *peer,
		      const struct weft_config *config)
{
	struct iphdr *iph = (struct iphdr *)header_of(t);

	*iph = (struct iphdr){
		.version = 4, .ihl = sizeof(*iph) / 4,
		.tos = config->tos, .ttl = t->ttl,
		.protocol = t->encap->protocol,
		.saddr = t->src.v4, .daddr = peer->key.ip.v4,
	};
}

static void write_ip6(struct weft_template *t, const struct weft_peer *peer,
		      const struct weft_config *config)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)header_of(t);

	ip6_flow_hdr(ip6h, config->tos, 0);
	ip6h->nexthdr = t->encap->protocol;
	ip6h->hop_limit = t->ttl;
	ip6h->saddr = t->src.v6;
	ip6h->daddr = peer->key.ip.v6;
}

static void write_headers(struct weft_template *t,
			  const struct weft_peer *peer,
			  const struct weft_config *config)
{
	const struct weft_encap_ops *encap = t->encap;
	bool v6 = peer->key.ip.family == AF_INET6;
	struct udphdr *uh;

	t->ttl = config->ttl;
	if (!t->ttl && weft_addr_multicast(&peer->key.ip))
		t->ttl = 1;	/* as vxlan: a group stays on the link */
	if (!t->ttl)
		t->ttl = v6 ? ip6_dst_hoplimit(t->dst) :
			      ip4_dst_hoplimit(t->dst);
	t->ip_len = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	t->tunnel = t->ip_len + weft_encap_base(encap);
	t->vni = t->tunnel + encap->vni_offset;
	t->len = t->tunnel + encap->hlen;
	if (v6)
		write_ip6(t, peer, config);
	else
		write_ip4(t, peer, config);
	if (!weft_encap_bare(encap)) {
		uh = (struct udphdr *)(header_of(t) + t->ip_len);
		uh->dest = weft_vtep_port(encap, config);
	}
	encap->template(header_of(t) + t->tunnel);
}

static struct weft_template *build(struct weft_peer *peer,
				   const struct weft_encap_ops *encap)
{
	struct weft_switch *sw = peer->sw;
	const struct weft_config *config = rcu_dereference(sw->config);
	struct weft_template *t;

	if (!weft_local(config, peer->key.ip.family)->family ||
	    !weft_uplink_speaks(sw, encap, peer->key.ip.family))
		return ERR_PTR(-EADDRNOTAVAIL);
	t = kzalloc(sizeof(*t), GFP_ATOMIC | __GFP_NOWARN);
	if (!t)
		return ERR_PTR(-ENOMEM);
	t->genid = READ_ONCE(sw->genid);
	t->encap = encap;
	t->dst = route(peer, config, encap, &t->src);
	if (IS_ERR(t->dst)) {
		int err = PTR_ERR(t->dst);

		kfree(t);
		return ERR_PTR(err);
	}
	if (peer->key.ip.family == AF_INET6)
		t->cookie = rt6_get_cookie(dst_rt6_info(t->dst));
	t->fast = !dst_xfrm(t->dst) && !t->dst->lwtstate &&
		  !weft_mtu_locked(peer, t->dst);
	t->mtu = dst_mtu(t->dst);
	write_headers(t, peer, config);
	return t;
}

/**
 * weft_template_rebuild() - weft_template(), if there is none that is good
 * @peer: the peer or group
 * @encap: the encapsulation
 */
struct weft_template *weft_template_rebuild(struct weft_peer *peer,
					    const struct weft_encap_ops *encap)
{
	struct weft_template *t, *old;

	spin_lock_bh(&peer->lock);
	old = rcu_dereference_protected(peer->template[encap->id],
					lockdep_is_held(&peer->lock));
	t = old;
	if (!weft_template_fresh(old, peer->sw)) {
		t = build(peer, encap);
		if (!IS_ERR(t)) {
			rcu_assign_pointer(peer->template[encap->id], t);
			if (old)
				call_rcu(&old->rcu, free_template);
		}
	}
	spin_unlock_bh(&peer->lock);
	return t;
}

/**
 * weft_template_forget() - free what a peer holds here
 * @peer: the peer, which nobody uses any more
 */
void weft_template_forget(struct weft_peer *peer)
{
	struct weft_template *t;
	int i;

	for (i = 0; i < WEFT_ENCAPS; i++) {
		t = rcu_dereference_protected(peer->template[i], true);
		if (t)
			free_template(&t->rcu);
	}
}
