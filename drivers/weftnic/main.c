// SPDX-License-Identifier: GPL-2.0
/*
 * Driver of the reference NIC, its PF and its VFs: where functions come and
 * go.
 */

#include <linux/dma-mapping.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "nic.h"

struct workqueue_struct *nic_wq;

static const struct nic_role *const roles[] = { &nic_pf_role, &nic_vf_role };

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(WEFTNIC_PCI_VENDOR, WEFTNIC_PCI_PF), .driver_data = 0 },
	{ PCI_DEVICE(WEFTNIC_PCI_VENDOR, WEFTNIC_PCI_VF), .driver_data = 1 },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

static struct nic *nic_of(struct pci_dev *pdev)
{
	return netdev_priv(pci_get_drvdata(pdev));
}

static struct nic *create(struct pci_dev *pdev, const struct nic_role *role)
{
	struct net_device *netdev;
	struct nic *nic;

	netdev = alloc_etherdev_mq(sizeof(*nic), WEFTNIC_QUEUES_MAX);
	if (!netdev)
		return NULL;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	pci_set_drvdata(pdev, netdev);
	nic = netdev_priv(netdev);
	nic->pdev = pdev;
	nic->netdev = netdev;
	nic->role = role;
	set_bit(NIC_FAILED, &nic->state);	/* until it is started */
	nic_filters_init(nic);
	nic_mailbox_init(nic);
	INIT_DELAYED_WORK(&nic->service, nic_service);
	INIT_DELAYED_WORK(&nic->recover, nic_recover_work);
	disable_delayed_work(&nic->recover);
	return nic;
}

static int enable(struct pci_dev *pdev)
{
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err) {
		pci_disable_device(pdev);
		return err;
	}
	pci_set_master(pdev);
	return 0;
}

static int read_sizes(struct nic *nic)
{
	nic->features = weftnic_read(nic->slot, WEFTNIC_FEATURES);
	nic->queue_max = clamp(weftnic_read(nic->slot, WEFTNIC_QUEUES), 1U,
			       (u32)WEFTNIC_QUEUES_MAX);
	nic->queue_count = min(nic->queue_max, num_online_cpus());
	nic->tx_order = NIC_RING_ORDER_DEFAULT;
	nic->rx_order = NIC_RING_ORDER_DEFAULT;
	return nic_queues_create(nic);
}

/* The function takes commands when this returns 0, and its events are taken:
 * the PF's answer to a VF is one.
 */
static int start(struct nic *nic)
{
	int err;

	err = nic_adminq_create(nic);
	if (err)
		return err;
	err = nic_start(nic);
	if (err)
		goto destroy;
	err = read_sizes(nic);
	if (err)
		goto destroy;
	queue_delayed_work(nic_wq, &nic->service, 0);
	nic_netdev_setup(nic);
	err = nic->role->start(nic);
	if (err)
		goto stop;
	return 0;

stop:
	disable_delayed_work_sync(&nic->service);
destroy:
	nic_adminq_destroy(nic);
	return err;
}

static void stop(struct nic *nic)
{
	disable_delayed_work_sync(&nic->service);
	disable_delayed_work_sync(&nic->rx_mode);
	nic_adminq_destroy(nic);
	nic_filters_free(nic);
}

/* What only the PF has, around the registration of the device. */
static int register_device(struct nic *nic)
{
	int err;

	if (!nic_is_pf(nic))
		return register_netdev(nic->netdev);
	err = nic_devlink_create(nic);
	if (err)
		return err;
	err = register_netdev(nic->netdev);
	if (err)
		goto destroy;
	err = nic_offload_register(nic);
	if (err)
		goto unregister;
	nic_devlink_register(nic);
	return 0;

unregister:
	unregister_netdev(nic->netdev);
destroy:
	nic_devlink_destroy(nic);
	return err;
}

static void unregister_device(struct nic *nic)
{
	if (!nic_is_pf(nic)) {
		disable_work_sync(&nic->mailbox.sync);
		unregister_netdev(nic->netdev);
		return;
	}
	nic_devlink_unregister(nic);
	disable_delayed_work_sync(&nic->service);
	nic_offload_unregister(nic);
	unregister_netdev(nic->netdev);
	nic_devlink_destroy(nic);
}

/* What has failed before is recovered from now. */
static void allow_recovery(struct nic *nic)
{
	enable_delayed_work(&nic->recover);
	if (test_bit(NIC_FAILED, &nic->state))
		queue_delayed_work(nic_wq, &nic->recover, 0);
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct nic *nic;
	int err;

	nic = create(pdev, roles[id->driver_data]);
	if (!nic)
		return -ENOMEM;
	err = enable(pdev);
	if (err)
		goto free;
	err = -ENODEV;
	nic->slot = weftnic_slot(pdev);
	if (!nic->slot)
		goto disable;
	err = start(nic);
	if (err)
		goto disable;
	err = register_device(nic);
	if (err)
		goto stop;
	allow_recovery(nic);
	return 0;

stop:
	stop(nic);
disable:
	pci_disable_device(pdev);
free:
	free_netdev(nic->netdev);
	return err;
}

static void remove(struct pci_dev *pdev)
{
	struct nic *nic = nic_of(pdev);

	if (nic_is_pf(nic))
		nic_sriov_exit(nic);
	disable_delayed_work_sync(&nic->recover);
	unregister_device(nic);
	stop(nic);
	pci_disable_device(pdev);
	free_netdev(nic->netdev);
}

/* Ends all use of memory; the driver stays, and does nothing any more. */
static void shutdown(struct pci_dev *pdev)
{
	struct nic *nic = nic_of(pdev);

	disable_delayed_work_sync(&nic->recover);
	disable_delayed_work_sync(&nic->service);
	rtnl_lock();
	nic_halt(nic);
	rtnl_unlock();
	pci_disable_device(pdev);
}

static void reset_prepare(struct pci_dev *pdev)
{
	struct nic *nic = nic_of(pdev);

	disable_delayed_work_sync(&nic->recover);
	rtnl_lock();
	nic_halt(nic);
	rtnl_unlock();
}

static void reset_done(struct pci_dev *pdev)
{
	struct nic *nic = nic_of(pdev);

	nic_recover(nic);
	allow_recovery(nic);
}

static const struct pci_error_handlers err_handler = {
	.reset_prepare = reset_prepare,
	.reset_done = reset_done,
};

static struct pci_driver driver = {
	.name = "weftnic",
	.id_table = ids,
	.probe = probe,
	.remove = remove,
	.shutdown = shutdown,
	.sriov_configure = nic_sriov_configure,
	.err_handler = &err_handler,
};

static int __init init(void)
{
	int err;

	nic_wq = alloc_workqueue("weftnic", WQ_UNBOUND, 0);
	if (!nic_wq)
		return -ENOMEM;
	err = pci_register_driver(&driver);
	if (err)
		destroy_workqueue(nic_wq);
	return err;
}
module_init(init);

/* VFs are devices that go, for which the PCI core wants its lock. In remove()
 * it may be held or not.
 */
static void __exit disable_vfs(void)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(WEFTNIC_PCI_VENDOR, WEFTNIC_PCI_PF,
				      pdev))) {
		device_lock(&pdev->dev);
		pci_lock_rescan_remove();
		if (pdev->driver == &driver)
			nic_sriov_exit(netdev_priv(pci_get_drvdata(pdev)));
		pci_unlock_rescan_remove();
		device_unlock(&pdev->dev);
	}
}

static void __exit leave(void)
{
	disable_vfs();
	pci_unregister_driver(&driver);
	destroy_workqueue(nic_wq);
}
module_exit(leave);

MODULE_DESCRIPTION("Reference NIC of the weft overlay switch");
MODULE_LICENSE("GPL");
