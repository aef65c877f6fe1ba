// SPDX-License-Identifier: GPL-2.0
/* What all "show" and "get" have in common: ask every switch, print. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/weft.h>

#include "print.h"
#include "show.h"

/**
 * struct showing - how far it has come
 * @show: how
 * @all_switches: no switch was named
 * @found: an object was printed
 * @dev: switch of the object that is still to be printed
 * @object: what there is of it so far, nothing if @object.len is 0
 * @size: memory there is for it
 *
 * An object that does not fit in one message comes in several, one after the
 * other. Each begins with what names the object.
 */
struct showing {
	const struct show *show;
	bool all_switches;
	bool found;
	uint32_t dev;
	struct attrs object;
	size_t size;
};

static void print_object(struct showing *showing)
{
	const struct show *show = showing->show;
	struct attrs *object = &showing->object;

	if (object->len && !(show->skip && show->skip(object, show->arg))) {
		showing->found = true;
		print_open();
		show->print(showing->dev, object);
		print_close();
	}
	object->len = 0;
}

static void add_attrs(struct showing *showing, const struct attrs *more)
{
	struct attrs *object = &showing->object;
	size_t needed = object->len + NLA_ALIGN(more->len);
	void *head;

	if (needed > showing->size) {
		head = realloc(object->head, 2 * needed);
		if (!head)
			return;
		object->head = head;
		showing->size = 2 * needed;
	}
	memcpy((char *)object->head + object->len, more->head, more->len);
	object->len = needed;
}

static bool same_attr(const struct attrs *a, const struct attrs *b, int type)
{
	struct nlattr *in_a = attrs_find(a, type);
	struct nlattr *in_b = attrs_find(b, type);

	if (!in_a && !in_b)
		return true;
	return in_a && in_b && nla_len(in_a) == nla_len(in_b) &&
	       !memcmp(nla_data(in_a), nla_data(in_b), nla_len(in_a));
}

/* Is it a further part of the object that is still to be printed? */
static bool is_part(const struct showing *showing, uint32_t dev,
		    const struct attrs *more)
{
	const uint8_t *name;

	if (!showing->object.len || dev != showing->dev)
		return false;
	for (name = showing->show->names; *name; name++)
		if (!same_attr(&showing->object, more, *name))
			return false;
	return true;
}

static void take_object(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[WEFT_A_MAX + 1];
	struct showing *showing = arg;
	struct attrs more;
	uint32_t dev;

	if (weft_parse(nlh, tb) || !tb[WEFT_A_DEV] ||
	    !tb[showing->show->attr])
		return;
	dev = nla_get_u32(tb[WEFT_A_DEV]);
	more = attrs_of(tb[showing->show->attr]);
	if (!is_part(showing, dev, &more))
		print_object(showing);
	showing->dev = dev;
	add_attrs(showing, &more);
}

static int show_switch(uint32_t dev, void *arg)
{
	struct showing *showing = arg;
	const struct show *show = showing->show;
	struct nlattr *nest;
	struct nl_msg *msg;
	struct extack ack;
	int err;

	msg = weft_message(show->cmd, show->single ? 0 : NLM_F_DUMP);
	nla_put_u32(msg, WEFT_A_DEV, dev);
	if (show->key) {
		nest = nla_nest_start(msg, show->attr);
		show->key(msg, show->arg);
		nla_nest_end(msg, nest);
	}
	err = weft_exchange(msg, take_object, showing, &ack);
	print_object(showing);
	/* where all switches are looked through, some need not have it */
	if (err == -ENOENT && showing->all_switches)
		err = 0;
	else if (err <= 0)
		extack_print(&ack, nlmsg_hdr(msg));
	nlmsg_free(msg);
	return err ? FAIL_KERNEL : 0;
}

/**
 * show_objects - show objects of a switch or all
 * @show: how
 * @dev: interface index of the switch, 0 for all
 *
 * Return: 0 or FAIL_*
 */
int show_objects(const struct show *show, uint32_t dev)
{
	struct showing showing = { .show = show, .all_switches = !dev };
	int err;

	print_list_open();
	err = each_switch(dev, show_switch, &showing);
	print_list_close();
	free(showing.object.head);
	if (err || !show->single || showing.found)
		return err;
	error("no switch has it");
	return FAIL_KERNEL;
}
