// SPDX-License-Identifier: GPL-2.0
/*
 * Packs of map entries. The kernel takes the entries of a message one after
 * the other and stops at one that it refuses; the offset in its answer tells
 * which, and so the line.
 */
#include <string.h>

#include <linux/weft.h>

#include "batch.h"
#include "nl.h"
#include "pack.h"

#define PACK_ENTRIES	500
/* sent when it is that long; an entry is up to 64 KiB */
#define PACK_BYTES	32768

static struct {
	struct pack_key key;
	unsigned int count;
	size_t len;
	unsigned long line[PACK_ENTRIES];
	size_t end[PACK_ENTRIES];
	char data[PACK_BYTES + 65536 + NLA_ALIGNTO];
	int status;
} pack;

static size_t start_of(unsigned int entry)
{
	return entry ? pack.end[entry - 1] : 0;
}

/* The message for the entries from @first on; they begin at @offset. */
static struct nl_msg *pack_message(unsigned int first, size_t *offset)
{
	size_t start = start_of(first);
	struct nl_msg *msg;

	msg = weft_message(pack.key.cmd, 0);
	nla_put_u32(msg, WEFT_A_DEV, pack.key.dev);
	if (pack.key.mode)
		nla_put_u32(msg, WEFT_A_MODE, pack.key.mode);
	*offset = nlmsg_hdr(msg)->nlmsg_len;
	nlmsg_append(msg, pack.data + start, pack.len - start, NLMSG_ALIGNTO);
	return msg;
}

/* The entry that the kernel means, PACK_ENTRIES if it means none. */
static unsigned int refused(const struct extack *ack, unsigned int first,
			    size_t offset)
{
	uint32_t at = ack->offset ?: ack->missing_nest;
	unsigned int i;

	if (at < offset)
		return PACK_ENTRIES;
	at += start_of(first) - offset;
	for (i = first; i < pack.count; i++)
		if (at < pack.end[i])
			return i;
	return PACK_ENTRIES;
}

/*
 * Send the entries from @first on.
 * Return: the entry to go on with
 */
static unsigned int send_from(unsigned int first)
{
	struct extack ack;
	struct nl_msg *msg;
	unsigned int bad;
	size_t offset;
	int err;

	msg = pack_message(first, &offset);
	err = weft_exchange(msg, NULL, NULL, &ack);
	if (err <= 0)
		extack_print(&ack, nlmsg_hdr(msg));
	nlmsg_free(msg);
	if (!err)
		return pack.count;

	pack.status = FAIL_KERNEL;
	error_print();
	bad = refused(&ack, first, offset);
	if (bad < pack.count) {
		batch_failed(pack.line[bad]);
		return bad + 1;
	}
	/* not about an entry: none of them has a chance */
	while (first < pack.count && !batch_stopped())
		batch_failed(pack.line[first++]);
	return pack.count;
}

/**
 * pack_flush - send what is pending
 *
 * A refusal is reported with its line and remembered in pack_status().
 */
void pack_flush(void)
{
	unsigned int next = 0;

	while (next < pack.count && !batch_stopped())
		next = send_from(next);
	pack.count = 0;
	pack.len = 0;
}

/**
 * pack_add - add an entry, after sending what does not go with it
 * @key: what it must have in common with the others
 * @entry: attribute WEFT_A_MAP
 */
void pack_add(const struct pack_key *key, const struct nlattr *entry)
{
	if (pack.key.dev != key->dev || pack.key.mode != key->mode ||
	    pack.key.cmd != key->cmd)
		pack_flush();
	if (batch_stopped())
		return;
	pack.key = *key;
	memcpy(pack.data + pack.len, entry, NLA_ALIGN(entry->nla_len));
	pack.len += NLA_ALIGN(entry->nla_len);
	pack.line[pack.count] = batch_line();
	pack.end[pack.count++] = pack.len;
	if (pack.count == PACK_ENTRIES || pack.len >= PACK_BYTES ||
	    !batch_line())
		pack_flush();
}

/* 0, or FAIL_KERNEL if an entry was refused. */
int pack_status(void)
{
	return pack.status;
}
