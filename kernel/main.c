// SPDX-License-Identifier: GPL-2.0
/* weft: an overlay switch for the VMs of many tenants. */

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>

#include "ingress.h"
#include "link.h"
#include "map.h"
#include "netlink/link.h"
#include "netlink/netlink.h"
#include "nic.h"
#include "reasm.h"
#include "rule.h"
#include "switch.h"
#include "trunk.h"
#include "tunnel.h"
#include "uplink.h"
#include "vtep.h"

static int device_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	int answer;

	answer = weft_switch_event(dev, event);
	if (answer == NOTIFY_DONE)
		answer = weft_uplink_event(dev, event);
	if (answer == NOTIFY_DONE)
		weft_nic_event(dev, event);
	return answer;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

static int __net_init net_init(struct net *net)
{
	weft_vtep_net_init(weft_net(net));
	return 0;
}

/* The switches of an underlay go with it, wherever they are themselves. */
static void __net_exit net_exit_batch(struct list_head *nets)
{
	struct weft_switch *sw;
	LIST_HEAD(devices);
	struct net *net;

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		list_for_each_entry(sw, &weft_net(net)->switches, node)
			unregister_netdevice_queue(sw->dev, &devices);
	unregister_netdevice_many(&devices);
	rtnl_unlock();
}

static struct pernet_operations net_ops = {
	.init = net_init,
	.exit_batch = net_exit_batch,
	.id = &weft_net_id,
	.size = sizeof(struct weft_net),
};

static const struct weft_nic_upper nic_upper = {
	.tunnel = weft_ingress_tunnel, .port = weft_ingress_port,
};

static int __init weft_init(void)
{
	int err;

	weft_tunnel_module_init();
	weft_uplink_set_upper(weft_ingress_tunnel);
	weft_trunk_set_upper(weft_ingress_port);
	weft_nic_set_upper(&nic_upper);
	err = weft_map_module_init();
	if (err)
		return err;
	err = weft_reasm_module_init();
	if (err)
		goto map_exit;
	err = register_pernet_subsys(&net_ops);
	if (err)
		goto reasm_exit;
	err = register_netdevice_notifier(&device_notifier);
	if (err)
		goto unregister_pernet;
	err = weft_rules_module_init();
	if (err)
		goto unregister_notifier;
	err = weft_offload_module_init();
	if (err)
		goto rules_exit;
	err = weft_nl_register();
	if (err)
		goto offload_exit;
	err = rtnl_link_register(&weft_link_ops);
	if (err)
		goto unregister_nl;
	weft_link_module_init();
	return 0;

unregister_nl:
	weft_nl_unregister();
offload_exit:
	weft_offload_module_exit();
rules_exit:
	weft_rules_module_exit();
unregister_notifier:
	unregister_netdevice_notifier(&device_notifier);
unregister_pernet:
	unregister_pernet_subsys(&net_ops);
reasm_exit:
	weft_reasm_module_exit();
map_exit:
	weft_map_module_exit();
	return err;
}
module_init(weft_init);

static void __exit weft_exit(void)
{
	rtnl_link_unregister(&weft_link_ops);
	weft_link_module_exit();
	weft_nl_unregister();
	weft_offload_module_exit();
	weft_rules_module_exit();
	unregister_netdevice_notifier(&device_notifier);
	unregister_pernet_subsys(&net_ops);
	rcu_barrier();	/* what was freed still runs our code */
	weft_reasm_module_exit();
	weft_map_module_exit();
}
module_exit(weft_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Overlay switch for the VMs of many tenants");
MODULE_ALIAS_RTNL_LINK("weft");
MODULE_ALIAS_GENL_FAMILY("weft");
