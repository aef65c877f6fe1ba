// SPDX-License-Identifier: GPL-2.0
/*
 * Messages between VFs and the PF: a VF asks, one question at a time, and the
 * PF answers; and the PF tells a VF what has changed. See enum weftnic_mbx.
 */

#include <linux/etherdevice.h>
#include <linux/unaligned.h>

#include "nic.h"

/** nic_mac_to_args() - put an address into two arguments */
void nic_mac_to_args(const u8 *mac, u32 *arg)
{
	arg[0] = get_unaligned_le32(mac);
	arg[1] = get_unaligned_le16(mac + 4);
}

/** nic_args_to_mac() - the reverse */
void nic_args_to_mac(const u32 *arg, u8 *mac)
{
	put_unaligned_le32(arg[0], mac);
	put_unaligned_le16(arg[1], mac + 4);
}

/**
 * nic_mailbox_send() - send a message
 * @nic: the function
 * @to: 1 + the VF, or 0 for the PF
 * @arg: NIC_MSG_ARGS arguments
 *
 * Context: process. Return: 0, -ENOENT if nobody is there, or another error of
 * the command.
 */
int nic_mailbox_send(struct nic *nic, unsigned int to, const u32 *arg)
{
	u32 args[NIC_CMD_ARGS] = { to };

	memcpy(&args[1], arg, NIC_MSG_ARGS * sizeof(*arg));
	return nic_cmd(nic, WEFTNIC_OP_MAILBOX, args);
}

/* --- the PF --- */

/** nic_mailbox_tell() - tell a VF's driver, if there is one, what has changed */
void nic_mailbox_tell(struct nic *nic, unsigned int vf)
{
	u32 arg[NIC_MSG_ARGS] = { WEFTNIC_MBX_CHANGED };

	nic_vf_describe(nic, vf, arg);
	nic_mailbox_send(nic, 1 + vf, arg);
}

/* The worker that is here ends before the handle is given back. */
static struct weft_nic *weft_of(struct nic *nic)
{
	return rcu_dereference_protected(nic->weft, true);
}

static u32 answer_mtu(struct nic *nic, unsigned int vf, u32 *arg)
{
	unsigned int max = WEFTNIC_MTU_MAX, mtu = arg[2];
	struct weft_nic *weft = weft_of(nic);
	int err = 0;

	if (weft && nic_vf_is_port(nic, vf))
		err = weft_nic_vf_mtu(weft, vf, mtu, &max);
	arg[2] = max;
	return err || mtu > max ? WEFTNIC_E_INVALID : WEFTNIC_OK;
}

static u32 answer_mac(struct nic *nic, unsigned int vf, const u32 *arg)
{
	struct weft_nic *weft = weft_of(nic);
	u8 mac[ETH_ALEN];
	int err;

	nic_args_to_mac(&arg[2], mac);
	if (!is_valid_ether_addr(mac))
		return WEFTNIC_E_INVALID;
	if (weft && nic_vf_is_port(nic, vf))
		err = weft_nic_vf_mac(weft, vf, mac);
	else
		err = nic_vf_take_mac(nic, vf, mac);
	return err ? WEFTNIC_E_FAILED : WEFTNIC_OK;
}

/**
 * nic_mailbox_serve() - answer a VF
 * @nic: the PF
 * @vf: which
 * @arg: its message
 *
 * Context: nic.service, without RTNL, which the VF's driver may have.
 */
void nic_mailbox_serve(struct nic *nic, int vf, const u32 *arg)
{
	u32 answer[NIC_MSG_ARGS];

	if (vf < 0 || vf >= nic->vf_count)
		return;
	memcpy(answer, arg, sizeof(answer));
	switch (arg[0]) {
	case WEFTNIC_MBX_HELLO:
		nic_vf_describe(nic, vf, answer);
		answer[1] = WEFTNIC_OK;
		break;
	case WEFTNIC_MBX_MTU:
		answer[1] = answer_mtu(nic, vf, answer);
		break;
	case WEFTNIC_MBX_MAC:
		answer[1] = answer_mac(nic, vf, arg);
		break;
	default:
		answer[1] = WEFTNIC_E_OPCODE;
	}
	nic_mailbox_send(nic, 1 + vf, answer);
}

/* --- VFs --- */

void nic_mailbox_init(struct nic *nic)
{
	mutex_init(&nic->mailbox.lock);
	spin_lock_init(&nic->mailbox.answer_lock);
	init_completion(&nic->mailbox.done);
}

/**
 * nic_mailbox_ask() - ask the PF
 * @nic: the VF
 * @arg: NIC_MSG_ARGS arguments, replaced by those of the answer
 *
 * Context: process. Return: 0, -ETIMEDOUT if there is no answer, what
 * nic_errno() makes of the answer, or an error of the command.
 */
int nic_mailbox_ask(struct nic *nic, u32 *arg)
{
	struct nic_mailbox *mailbox = &nic->mailbox;
	int err;

	mutex_lock(&mailbox->lock);
	reinit_completion(&mailbox->done);
	spin_lock(&mailbox->answer_lock);
	arg[NIC_MSG_COOKIE] = ++mailbox->cookie;
	mailbox->waiting = true;
	spin_unlock(&mailbox->answer_lock);

	err = nic_mailbox_send(nic, 0, arg);
	if (!err &&
	    !wait_for_completion_timeout(&mailbox->done, nic_timeout()))
		err = -ETIMEDOUT;

	spin_lock(&mailbox->answer_lock);
	mailbox->waiting = false;
	if (!err)
		memcpy(arg, mailbox->answer, sizeof(mailbox->answer));
	spin_unlock(&mailbox->answer_lock);
	mutex_unlock(&mailbox->lock);
	return err ?: nic_errno(arg[1]);
}

/**
 * nic_mailbox_answer() - take a message that may be an answer
 * @nic: the VF
 * @arg: the message
 *
 * Answers that came too late are known by their cookie. Context: process.
 * Return: false if it is none.
 */
bool nic_mailbox_answer(struct nic *nic, const u32 *arg)
{
	struct nic_mailbox *mailbox = &nic->mailbox;

	if (arg[0] == WEFTNIC_MBX_CHANGED)
		return false;
	spin_lock(&mailbox->answer_lock);
	if (mailbox->waiting && arg[NIC_MSG_COOKIE] == mailbox->cookie) {
		memcpy(mailbox->answer, arg, sizeof(mailbox->answer));
		mailbox->waiting = false;
		complete(&mailbox->done);
	}
	spin_unlock(&mailbox->answer_lock);
	return true;
}
