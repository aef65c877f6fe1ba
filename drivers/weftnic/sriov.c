// SPDX-License-Identifier: GPL-2.0
/*
 * VFs, as the PF's driver keeps them: what the administrator says of each by
 * the PF's device, and what weft says, which rules as long as the VF is a port
 * of a switch. The NIC gets what comes of both, again after each reset.
 */

#include <linux/etherdevice.h>
#include <linux/if_link.h>

#include "nic.h"

/* --- what comes of both --- */

static const u8 *mac_of(const struct nic_vf *v)
{
	if (v->weft.active)
		return v->weft.mac;
	return is_zero_ether_addr(v->mac) ? v->own_mac : v->mac;
}

static u16 mtu_of(const struct nic_vf *v)
{
	return v->weft.active ? v->weft.mtu : WEFTNIC_MTU_MAX;
}

static u32 rate_of(const struct nic_vf *v)
{
	return v->weft.active ? v->weft.rate : v->rate;
}

static bool spoofchk_of(const struct nic_vf *v)
{
	return v->weft.active ? v->weft.spoofchk : v->spoofchk;
}

/* Either may take the link down. */
static int link_of(const struct nic_vf *v)
{
	if (v->weft.active && !v->weft.link)
		return IFLA_VF_LINK_STATE_DISABLE;
	return v->link;
}

static u16 flags_of(const struct nic_vf *v)
{
	u16 flags = 0;

	if (spoofchk_of(v))
		flags |= WEFTNIC_VF_SPOOFCHK;
	if (v->weft.active && v->weft.judged)
		flags |= WEFTNIC_VF_JUDGED;
	if (v->trust)
		flags |= WEFTNIC_VF_TRUST;
	if (link_of(v) == IFLA_VF_LINK_STATE_ENABLE)
		flags |= WEFTNIC_VF_LINK;
	if (link_of(v) == IFLA_VF_LINK_STATE_AUTO)
		flags |= WEFTNIC_VF_LINK_AUTO;
	return flags;
}

static int push(struct nic *nic, unsigned int vf, const struct nic_vf *v)
{
	struct weftnic_vf_config *config = nic_cmd_begin(nic);
	int err;

	*config = (struct weftnic_vf_config){
		.vf = cpu_to_le16(vf),
		.flags = cpu_to_le16(flags_of(v)),
		.mtu = cpu_to_le16(mtu_of(v)),
		.rate = cpu_to_le32(rate_of(v)),
	};
	if (v->weft.active)
		config->vni = cpu_to_le32(v->weft.vni);
	else
		config->vlan = cpu_to_le16(v->vlan);
	ether_addr_copy(config->mac, mac_of(v));
	err = nic_cmd_run(nic, WEFTNIC_OP_VF, 1, NULL);
	nic_cmd_end(nic);
	return err;
}

/* What the VF's driver is told has changed. */
static bool visible(const struct nic_vf *a, const struct nic_vf *b)
{
	return mtu_of(a) != mtu_of(b) || link_of(a) != link_of(b) ||
	       !ether_addr_equal(mac_of(a), mac_of(b));
}

static int change(struct nic *nic, unsigned int vf, const struct nic_vf *new,
		  bool *tell)
{
	int err;

	lockdep_assert_held(&nic->vf_lock);
	err = push(nic, vf, new);
	if (err)
		return err;
	*tell = visible(new, &nic->vfs[vf]);
	nic->vfs[vf] = *new;
	return 0;
}

/* Ends what was begun with the lock; the VF is told without it. */
static int finish(struct nic *nic, unsigned int vf, const struct nic_vf *new)
{
	bool tell = false;
	int err;

	err = change(nic, vf, new, &tell);
	mutex_unlock(&nic->vf_lock);
	if (tell)
		nic_mailbox_tell(nic, vf);
	return err;
}

static void set_default(struct nic_vf *v)
{
	*v = (struct nic_vf){
		.link = IFLA_VF_LINK_STATE_AUTO,
		.spoofchk = true,
		.weft = v->weft,
		.stale = v->stale,
	};
}

/* --- for the rest of the driver --- */

/**
 * nic_vfs_create() - make what is kept of VFs
 * @nic: the PF
 *
 * It goes with the function's device. Return: 0 or -ENOMEM.
 */
int nic_vfs_create(struct nic *nic)
{
	unsigned int i;

	mutex_init(&nic->vf_lock);
	nic->vf_count = min_t(u32, weftnic_read(nic->slot, WEFTNIC_VF_SIZE),
			      WEFTNIC_VFS_MAX);
	nic->vfs = devm_kcalloc(&nic->pdev->dev, nic->vf_count,
				sizeof(*nic->vfs), GFP_KERNEL);
	if (!nic->vfs)
		return -ENOMEM;
	for (i = 0; i < nic->vf_count; i++)
		set_default(&nic->vfs[i]);
	return 0;
}

/**
 * nic_vfs_restore() - tell the NIC of all VFs again
 * @nic: the PF
 *
 * Context: process. Return: 0 or an error of a command.
 */
int nic_vfs_restore(struct nic *nic)
{
	unsigned int i;
	int err = 0;

	mutex_lock(&nic->vf_lock);
	for (i = 0; !err && i < nic->vf_count; i++)
		err = push(nic, i, &nic->vfs[i]);
	mutex_unlock(&nic->vf_lock);
	return err;
}

/**
 * nic_vfs_set_weft() - weft says what a VF is to be
 * @nic: the PF
 * @vf: what it says
 *
 * Context: process. Return: 0, -EINVAL if there is no such VF, or an error of
 * the command.
 */
int nic_vfs_set_weft(struct nic *nic, const struct weft_nic_vf *vf)
{
	struct nic_vf new;

	if (vf->vf >= nic->vf_count)
		return -EINVAL;
	mutex_lock(&nic->vf_lock);
	new = nic->vfs[vf->vf];
	new.weft = *vf;
	new.stale = false;
	return finish(nic, vf->vf, &new);
}

/** nic_vfs_set_stale() - weft will say all of it anew; context: process */
void nic_vfs_set_stale(struct nic *nic)
{
	unsigned int i;

	mutex_lock(&nic->vf_lock);
	for (i = 0; i < nic->vf_count; i++)
		nic->vfs[i].stale = nic->vfs[i].weft.active;
	mutex_unlock(&nic->vf_lock);
}

/**
 * nic_vfs_end_stale() - VFs that weft has said nothing of are no ports
 * @nic: the PF
 *
 * Context: process. Return: 0 or an error of a command.
 */
int nic_vfs_end_stale(struct nic *nic)
{
	struct nic_vf new;
	unsigned int i;
	int err;

	for (i = 0; i < nic->vf_count; i++) {
		mutex_lock(&nic->vf_lock);
		new = nic->vfs[i];
		if (!new.stale) {
			mutex_unlock(&nic->vf_lock);
			continue;
		}
		new.weft.active = false;
		new.stale = false;
		err = finish(nic, i, &new);
		if (err)
			return err;
	}
	return 0;
}

/**
 * nic_vf_describe() - what a VF's driver is told
 * @nic: the PF
 * @vf: which
 * @arg: of a message, see enum weftnic_mbx
 *
 * Context: process.
 */
void nic_vf_describe(struct nic *nic, unsigned int vf, u32 *arg)
{
	const struct nic_vf *v = &nic->vfs[vf];
	int link;

	mutex_lock(&nic->vf_lock);
	nic_mac_to_args(mac_of(v), &arg[2]);
	arg[4] = mtu_of(v);
	link = link_of(v);
	mutex_unlock(&nic->vf_lock);
	arg[5] = link == IFLA_VF_LINK_STATE_ENABLE ||
		 (link == IFLA_VF_LINK_STATE_AUTO &&
		  netif_carrier_ok(nic->netdev));
}

/** nic_vf_is_port() - does weft rule over a VF? Context: process. */
bool nic_vf_is_port(struct nic *nic, unsigned int vf)
{
	bool active;

	mutex_lock(&nic->vf_lock);
	active = nic->vfs[vf].weft.active;
	mutex_unlock(&nic->vf_lock);
	return active;
}

/**
 * nic_vf_take_mac() - a VF that is no port wants an address
 * @nic: the PF
 * @vf: which
 * @mac: the address
 *
 * Context: process. Return: 0, -EPERM if the administrator has set another,
 * or an error of the command.
 */
int nic_vf_take_mac(struct nic *nic, unsigned int vf, const u8 *mac)
{
	struct nic_vf new;
	int err = -EPERM;

	mutex_lock(&nic->vf_lock);
	new = nic->vfs[vf];
	if (ether_addr_equal(new.mac, mac)) {
		err = 0;
		goto unlock;
	}
	if (!is_zero_ether_addr(new.mac) && !new.trust)
		goto unlock;
	eth_zero_addr(new.mac);
	ether_addr_copy(new.own_mac, mac);
	return finish(nic, vf, &new);

unlock:
	mutex_unlock(&nic->vf_lock);
	return err;
}

/* --- netdevice operations of the PF --- */

/* Begins a change, with the lock; the caller changes @new. */
static int begin(struct nic *nic, int vf, struct nic_vf *new)
{
	if (vf < 0 || vf >= pci_num_vf(nic->pdev) || vf >= nic->vf_count)
		return -EINVAL;
	mutex_lock(&nic->vf_lock);
	*new = nic->vfs[vf];
	return 0;
}

/* The same for what is weft's to say while the VF is a port. */
static int begin_unruled(struct nic *nic, int vf, struct nic_vf *new)
{
	int err = begin(nic, vf, new);

	if (err || !new->weft.active)
		return err;
	mutex_unlock(&nic->vf_lock);
	netdev_notice_once(nic->netdev,
			   "VF %d is a port of a weft switch, which sets its address, VLAN, rate and source check\n",
			   vf);
	return -EBUSY;
}

/** nic_set_vf_mac() - ndo_set_vf_mac; zero for any */
int nic_set_vf_mac(struct net_device *netdev, int vf, u8 *mac)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	if (is_multicast_ether_addr(mac))
		return -EINVAL;
	err = begin_unruled(nic, vf, &new);
	if (err)
		return err;
	ether_addr_copy(new.mac, mac);
	return finish(nic, vf, &new);
}

/** nic_set_vf_vlan() - ndo_set_vf_vlan; the NIC sets no priority */
int nic_set_vf_vlan(struct net_device *netdev, int vf, u16 vlan, u8 qos,
		    __be16 proto)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	if (vlan >= VLAN_N_VID)
		return -EINVAL;
	if (proto != htons(ETH_P_8021Q))
		return -EPROTONOSUPPORT;
	if (qos)
		return -EOPNOTSUPP;
	err = begin_unruled(nic, vf, &new);
	if (err)
		return err;
	new.vlan = vlan;
	return finish(nic, vf, &new);
}

/** nic_set_vf_rate() - ndo_set_vf_rate */
int nic_set_vf_rate(struct net_device *netdev, int vf, int min, int max)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	if (min) {
		netdev_notice_once(netdev, "VFs have no minimal rate\n");
		return -EOPNOTSUPP;
	}
	if (!(nic->features & WEFTNIC_FEATURE_RATE))
		return -EOPNOTSUPP;
	if (max < 0)
		return -EINVAL;
	err = begin_unruled(nic, vf, &new);
	if (err)
		return err;
	new.rate = max;
	return finish(nic, vf, &new);
}

/** nic_set_vf_spoofchk() - ndo_set_vf_spoofchk */
int nic_set_vf_spoofchk(struct net_device *netdev, int vf, bool on)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	err = begin_unruled(nic, vf, &new);
	if (err)
		return err;
	new.spoofchk = on;
	return finish(nic, vf, &new);
}

/** nic_set_vf_trust() - ndo_set_vf_trust */
int nic_set_vf_trust(struct net_device *netdev, int vf, bool on)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	err = begin(nic, vf, &new);
	if (err)
		return err;
	new.trust = on;
	return finish(nic, vf, &new);
}

/** nic_set_vf_link_state() - ndo_set_vf_link_state */
int nic_set_vf_link_state(struct net_device *netdev, int vf, int state)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf new;
	int err;

	if (state < 0 || state >= __IFLA_VF_LINK_STATE_MAX)
		return -EINVAL;
	err = begin(nic, vf, &new);
	if (err)
		return err;
	new.link = state;
	return finish(nic, vf, &new);
}

/** nic_get_vf_config() - ndo_get_vf_config: what holds now */
int nic_get_vf_config(struct net_device *netdev, int vf,
		      struct ifla_vf_info *info)
{
	struct nic *nic = netdev_priv(netdev);
	struct nic_vf v;
	int err;

	err = begin(nic, vf, &v);
	if (err)
		return err;
	mutex_unlock(&nic->vf_lock);
	info->vf = vf;
	ether_addr_copy(info->mac, mac_of(&v));
	info->vlan = v.weft.active ? 0 : v.vlan;
	info->vlan_proto = htons(ETH_P_8021Q);
	info->max_tx_rate = rate_of(&v);
	info->spoofchk = spoofchk_of(&v);
	info->linkstate = link_of(&v);
	info->trusted = v.trust;
	return 0;
}

/** nic_get_vf_stats() - ndo_get_vf_stats; asks the NIC */
int nic_get_vf_stats(struct net_device *netdev, int vf,
		     struct ifla_vf_stats *stats)
{
	struct nic *nic = netdev_priv(netdev);
	struct weftnic_stats hw;
	int err;

	if (vf < 0 || vf >= nic->vf_count)
		return -EINVAL;
	err = nic_stats_read(nic, 1 + vf, &hw);
	if (err)
		return err;
	stats->rx_packets = le64_to_cpu(hw.rx_packets);
	stats->tx_packets = le64_to_cpu(hw.tx_packets);
	stats->rx_bytes = le64_to_cpu(hw.rx_bytes);
	stats->tx_bytes = le64_to_cpu(hw.tx_bytes);
	stats->broadcast = le64_to_cpu(hw.rx_broadcast);
	stats->multicast = le64_to_cpu(hw.rx_multicast);
	stats->rx_dropped = le64_to_cpu(hw.rx_no_buffer);
	stats->tx_dropped = le64_to_cpu(hw.tx_spoofed) +
			    le64_to_cpu(hw.tx_too_long) +
			    le64_to_cpu(hw.tx_bad);
	return 0;
}

/* --- their number --- */

/* New VFs begin with nothing of their predecessors' but what weft says. */
static int forget(struct nic *nic)
{
	unsigned int i;

	mutex_lock(&nic->vf_lock);
	for (i = 0; i < nic->vf_count; i++)
		set_default(&nic->vfs[i]);
	mutex_unlock(&nic->vf_lock);
	return nic_vfs_restore(nic);
}

static bool assigned(struct nic *nic)
{
	if (!pci_vfs_assigned(nic->pdev))
		return false;
	netdev_notice(nic->netdev, "VFs are in use by virtual machines\n");
	return true;
}

/**
 * nic_sriov_configure() - sriov_configure of the PCI driver
 * @pdev: the PF
 * @count: VFs there shall be
 *
 * The VFs' drivers bind inside, and ask the PF; so no lock is held.
 * Return: @count or a negative errno.
 */
int nic_sriov_configure(struct pci_dev *pdev, int count)
{
	struct nic *nic = netdev_priv(pci_get_drvdata(pdev));
	int err;

	if (!count && assigned(nic))
		return -EBUSY;
	if (!count) {
		pci_disable_sriov(pdev);
		return 0;
	}
	err = forget(nic);
	if (err)
		return err;
	err = pci_enable_sriov(pdev, count);
	return err ?: count;
}

/** nic_sriov_exit() - the PF's driver goes; VFs in use stay */
void nic_sriov_exit(struct nic *nic)
{
	if (pci_num_vf(nic->pdev) && !assigned(nic))
		pci_disable_sriov(nic->pdev);
}
