// SPDX-License-Identifier: GPL-2.0
/* A root bus of its own for each NIC, and the configuration space of PF and
 * VFs. The PCI core does the rest.
 */

#include <linux/pci.h>
#include <linux/rcupdate.h>

#include "bus.h"
#include "engine.h"
#include "function.h"
#include "nic.h"

#define EXP		0x40	/* PCI Express capability */
#define IOV		0x100	/* SR-IOV extended capability */
#define COMMAND		(PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | \
			 PCI_COMMAND_INTX_DISABLE)
#define PAGE_SIZES	0x553	/* 4K to 4M */

/**
 * struct place - private part of the host bridge
 * @sysdata: that of the architecture, first, if it has some
 * @busn: the bus number
 * @nic: the NIC; NULL when it is gone, the bus may outlive it
 */
struct place {
#ifdef CONFIG_X86
	struct pci_sysdata sysdata;
#endif
	struct resource busn;
	struct hw_nic __rcu *nic;
};

#ifdef CONFIG_X86
#define FIRST_DOMAIN	0x20000
#define DOMAINS		0x1000

/* A domain that is nobody's. */
static int find_bus(struct place *place)
{
	int domain;

	for (domain = FIRST_DOMAIN; domain < FIRST_DOMAIN + DOMAINS; domain++)
		if (!pci_find_bus(domain, 0)) {
			place->sysdata.domain = domain;
			place->sysdata.node = NUMA_NO_NODE;
			return 0;
		}
	return -ENOSPC;
}
#else
#define FIRST_BUS	0x40
#define LAST_BUS	0xff

/* There is but one domain: a bus number that is nobody's. */
static int find_bus(struct place *place)
{
	int busnr;

	for (busnr = FIRST_BUS; busnr <= LAST_BUS; busnr++)
		if (!pci_find_bus(0, busnr))
			return busnr;
	return -ENOSPC;
}
#endif

static u32 *dword(struct hw_function *f, int where)
{
	return &f->space[where / sizeof(u32)];
}

static void init_common(struct hw_function *f)
{
	*dword(f, PCI_COMMAND) = PCI_STATUS_CAP_LIST << 16;
	*dword(f, PCI_CLASS_REVISION) = PCI_CLASS_NETWORK_ETHERNET << 16 | 1;
	*dword(f, PCI_SUBSYSTEM_VENDOR_ID) = WEFTNIC_PCI_VENDOR |
		WEFTNIC_PCI_PF << 16;
	*dword(f, PCI_CAPABILITY_LIST) = EXP;
	*dword(f, EXP) = PCI_CAP_ID_EXP |
		(2 | PCI_EXP_TYPE_RC_END << 4) << 16;
	*dword(f, EXP + PCI_EXP_DEVCAP) = PCI_EXP_DEVCAP_RBER |
		PCI_EXP_DEVCAP_FLR;
}

/* A VF has no vendor of its own, so that nobody finds it by looking. */
static void init_space(struct hw_function *f)
{
	u32 vfs = f->nic->sizes.vfs;

	memset(f->space, 0, sizeof(f->space));
	init_common(f);
	if (f->index) {
		*dword(f, PCI_VENDOR_ID) = ~0;
		return;
	}
	*dword(f, PCI_VENDOR_ID) = WEFTNIC_PCI_VENDOR | WEFTNIC_PCI_PF << 16;
	if (!vfs)
		return;
	*dword(f, IOV) = PCI_EXT_CAP_ID_SRIOV | 1 << 16;
	*dword(f, IOV + PCI_SRIOV_INITIAL_VF) = vfs | vfs << 16;
	*dword(f, IOV + PCI_SRIOV_VF_OFFSET) = 1 | 1 << 16;
	*dword(f, IOV + PCI_SRIOV_VF_OFFSET + 4) = WEFTNIC_PCI_VF << 16;
	*dword(f, IOV + PCI_SRIOV_SUP_PGSIZE) = PAGE_SIZES;
	*dword(f, IOV + PCI_SRIOV_SYS_PGSIZE) = 1;
}

/* Bits that can be written. */
static u32 writable(const struct hw_function *f, int where)
{
	switch (where) {
	case PCI_COMMAND:
		return COMMAND;
	case PCI_CACHE_LINE_SIZE:
	case PCI_INTERRUPT_LINE:
		return 0xff;
	case EXP + PCI_EXP_DEVCTL:
		return 0x7fff;
	}
	if (f->index || !f->nic->sizes.vfs)
		return 0;
	switch (where) {
	case IOV + PCI_SRIOV_CTRL:
		return PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE;
	case IOV + PCI_SRIOV_NUM_VF:
		return 0xffff;
	case IOV + PCI_SRIOV_SYS_PGSIZE:
		return ~0;
	default:
		return 0;
	}
}

/* The bus must not wait; the function is away until it is done. */
static void start_reset(struct hw_nic *nic, unsigned int first,
			unsigned int last)
{
	for (; first <= last; first++)
		set_bit(first, nic->resetting);
	queue_work(system_dfl_wq, &nic->reset_work);
}

static void set_vfs(struct hw_function *pf)
{
	u32 wanted = *dword(pf, IOV + PCI_SRIOV_NUM_VF) & 0xffff;
	struct hw_nic *nic = pf->nic;
	u32 enabled = nic->vfs_enabled;

	if (!(*dword(pf, IOV + PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_VFE))
		wanted = 0;
	else if (enabled)
		return;
	WRITE_ONCE(nic->vfs_enabled, min(wanted, nic->sizes.vfs));
	if (!wanted && enabled)
		start_reset(nic, 1, enabled);
}

static void reset_function(struct hw_nic *nic, unsigned int i)
{
	struct hw_function *f = &nic->functions[i];

	spin_lock_bh(&nic->lock);
	hw_reset(f);
	spin_unlock_bh(&nic->lock);
	init_space(f);
	if (!i)
		WRITE_ONCE(nic->vfs_enabled, 0);
	/* who sees that the reset is over sees what it has left */
	clear_bit_unlock(i, nic->resetting);
	/* a reset of the PF has interrupted the VFs */
	hw_kick(nic);
}

static void reset_functions(struct work_struct *work)
{
	struct hw_nic *nic = container_of(work, struct hw_nic, reset_work);
	unsigned int i;

	for_each_set_bit(i, nic->resetting, hw_count(nic))
		reset_function(nic, i);
}

static void write_dword(struct hw_function *f, int where, u32 value, u32 mask)
{
	u32 *space = dword(f, where);

	if (where == EXP + PCI_EXP_DEVCTL &&
	    value & mask & PCI_EXP_DEVCTL_BCR_FLR) {
		start_reset(f->nic, f->index, f->index);
		return;
	}
	mask &= writable(f, where);
	WRITE_ONCE(*space, (*space & ~mask) | (value & mask));
	if (where == IOV + PCI_SRIOV_CTRL && mask)
		set_vfs(f);
}

/* The function behind an address, if it answers. Under RCU. */
static struct hw_function *find_function(struct pci_bus *bus,
					 unsigned int devfn)
{
	struct pci_host_bridge *bridge = to_pci_host_bridge(bus->bridge);
	struct place *place = pci_host_bridge_priv(bridge);
	struct hw_nic *nic = rcu_dereference(place->nic);

	if (!nic || devfn >= hw_count(nic) || hw_gone(&nic->functions[devfn]))
		return NULL;
	return &nic->functions[devfn];
}

static int read_config(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	struct hw_function *f;
	u32 all = 0;

	rcu_read_lock();
	f = find_function(bus, devfn);
	if (f && where < HW_CONFIG)
		all = READ_ONCE(*dword(f, where));
	rcu_read_unlock();
	if (!f) {
		PCI_SET_ERROR_RESPONSE(value);
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	all >>= where % sizeof(u32) * BITS_PER_BYTE;
	*value = all & GENMASK(size * BITS_PER_BYTE - 1, 0);
	return PCIBIOS_SUCCESSFUL;
}

static int write_config(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	int shift = where % sizeof(u32) * BITS_PER_BYTE;
	u32 mask = GENMASK(size * BITS_PER_BYTE - 1, 0);
	struct hw_function *f;

	rcu_read_lock();
	f = find_function(bus, devfn);
	if (f && where < HW_CONFIG)
		write_dword(f, where - where % (int)sizeof(u32),
			    value << shift, mask << shift);
	rcu_read_unlock();
	return f ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

static struct pci_ops config_ops = {
	.read = read_config,
	.write = write_config,
};

/**
 * hw_bus_add() - plug a NIC in
 * @nic: the NIC, ready
 *
 * A driver may be bound to the PF when this returns. Context: process, with
 * the mutex of all NICs, which keeps others from the place that was found.
 * Return: 0 or a negative errno.
 */
int hw_bus_add(struct hw_nic *nic)
{
	struct pci_host_bridge *bridge;
	struct place *place;
	unsigned int i;
	int ret;

	INIT_WORK(&nic->reset_work, reset_functions);
	for (i = 0; i < hw_count(nic); i++)
		init_space(&nic->functions[i]);
	bridge = pci_alloc_host_bridge(sizeof(*place));
	if (!bridge)
		return -ENOMEM;
	place = pci_host_bridge_priv(bridge);
	ret = find_bus(place);
	if (ret < 0)
		goto free_bridge;
	place->busn = DEFINE_RES_NAMED(ret, 1, nic->name, IORESOURCE_BUS);
	pci_add_resource(&bridge->windows, &place->busn);
	rcu_assign_pointer(place->nic, nic);
	bridge->busnr = ret;
	bridge->sysdata = place;
	bridge->ops = &config_ops;
	nic->bridge = bridge;
	ret = pci_host_probe(bridge);
	if (ret)
		goto free_bridge;
	return 0;

free_bridge:
	pci_free_host_bridge(bridge);
	return ret;
}

/**
 * hw_bus_remove() - unplug a NIC: its drivers are told, and gone on return
 * @nic: the NIC
 */
void hw_bus_remove(struct hw_nic *nic)
{
	struct pci_host_bridge *bridge = nic->bridge;
	struct place *place = pci_host_bridge_priv(bridge);

	pci_lock_rescan_remove();
	pci_stop_root_bus(bridge->bus);
	pci_remove_root_bus(bridge->bus);
	pci_unlock_rescan_remove();
	RCU_INIT_POINTER(place->nic, NULL);
	synchronize_rcu();
	cancel_work_sync(&nic->reset_work);
	pci_free_host_bridge(bridge);
}

/**
 * hw_bus_address() - where the PF is
 * @nic: the NIC
 * @buf: gets the address, as pci_name(), or what has become of it
 * @size: of @buf
 *
 * Return: length, as scnprintf().
 */
int hw_bus_address(struct hw_nic *nic, char *buf, size_t size)
{
	struct pci_dev *pf;
	int len;

	pf = pci_get_slot(nic->bridge->bus, 0);
	if (!pf)
		return scnprintf(buf, size, "none\n");
	len = scnprintf(buf, size, "%s\n", pci_name(pf));
	pci_dev_put(pf);
	return len;
}

struct weftnic_slot *weftnic_slot(struct pci_dev *pdev)
{
	struct weftnic_slot *slot = NULL;
	struct hw_function *f;

	if (pdev->bus->ops != &config_ops)
		return NULL;
	rcu_read_lock();
	f = find_function(pdev->bus, pdev->devfn);
	if (f)
		slot = &f->slot;
	rcu_read_unlock();
	return slot;
}
EXPORT_SYMBOL_GPL(weftnic_slot);
