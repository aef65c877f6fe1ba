// SPDX-License-Identifier: GPL-2.0
/*
 * The device model of the reference NIC: simulated PCI functions, with an
 * overlay engine that works on the bytes of packets. The file weftnic/new in
 * debugfs makes a NIC, its file delete unplugs it.
 */

#include <linux/debugfs.h>
#include <linux/etherdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nsproxy.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "bus.h"
#include "engine.h"
#include "files.h"
#include "function.h"
#include "main.h"
#include "nic.h"
#include "wire.h"

/**
 * struct size - a word that says how large a NIC is
 * @word: the word
 * @offset: in struct hw_sizes
 * @least: smallest value
 * @most: largest value
 * @standard: value if the word is not there
 */
struct size {
	const char *word;
	size_t offset;
	u32 least;
	u32 most;
	u32 standard;
};

static const struct size sizes[] = {
	{ "map", offsetof(struct hw_sizes, map), 1, 1 << 20, 4096 },
	{ "segments", offsetof(struct hw_sizes, segments), 1, 1 << 16, 256 },
	{ "rules", offsetof(struct hw_sizes, rules), 0, 1 << 16, 256 },
	{ "copies", offsetof(struct hw_sizes, copies), 0, WEFTNIC_VFS_MAX,
		WEFTNIC_VFS_MAX },
	{ "macs", offsetof(struct hw_sizes, macs), 1, 1 << 12, 128 },
	{ "vlans", offsetof(struct hw_sizes, vlans), 0, VLAN_N_VID, 64 },
	{ "vfs", offsetof(struct hw_sizes, vfs), 0, WEFTNIC_VFS_MAX, 8 },
	{ "queues", offsetof(struct hw_sizes, queues), 1, WEFTNIC_QUEUES_MAX,
		2 },
	{ "options", offsetof(struct hw_sizes, options), 0,
		WEFTNIC_OPTIONS_MAX, WEFTNIC_OPTIONS_MAX },
	{ "features", offsetof(struct hw_sizes, features), 0, HW_FEATURES,
		HW_FEATURES },
};

/* protects the list of NICs, and the making of them */
static DEFINE_MUTEX(mutex);
static LIST_HEAD(nics);
static unsigned long last_id;
static struct dentry *root;

static u32 *size_of(struct hw_nic *nic, const struct size *size)
{
	return (void *)&nic->sizes + size->offset;
}

static int refuse(const char *word, const char *why, int err)
{
	pr_notice("weftnic_hw: '%s' %s\n", word, why);
	return err;
}

/* Features are always hexadecimal, as they are shown. */
static int read_size(struct hw_nic *nic, const char *word, const char *value)
{
	unsigned int i;
	u32 number;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		if (!strcmp(sizes[i].word, word))
			break;
	if (i == ARRAY_SIZE(sizes))
		return refuse(word, "is not known", -EINVAL);
	if (kstrtou32(value, strcmp(word, "features") ? 0 : 16, &number))
		return refuse(value, "is no number", -EINVAL);
	if (number < sizes[i].least || number > sizes[i].most)
		return refuse(value, "is out of range", -ERANGE);
	*size_of(nic, &sizes[i]) = number;
	return 0;
}

static char *next_word(char **line)
{
	char *word;

	do
		word = strsep(line, " \t\n");
	while (word && !*word);
	return word;
}

/* The name of the NIC, then pairs of words. */
static int read_line(struct hw_nic *nic, char *line, const char **wire)
{
	const char *word, *value;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		*size_of(nic, &sizes[i]) = sizes[i].standard;
	word = next_word(&line);
	if (!word || !dev_valid_name(word))
		return refuse(word ?: "", "can't be a name", -EINVAL);
	strscpy(nic->name, word);
	while ((word = next_word(&line))) {
		value = next_word(&line);
		if (!value)
			return refuse(word, "needs a value", -EINVAL);
		if (!strcmp(word, "wire")) {
			*wire = value;
			continue;
		}
		err = read_size(nic, word, value);
		if (err)
			return err;
	}
	return 0;
}

/* The first address is the PF's, those that follow are the VFs'. */
static void choose_address(struct hw_nic *nic)
{
	eth_random_addr(nic->mac);
	nic->mac[5] = 0;
}

static int make_parts(struct hw_nic *nic)
{
	int err;

	hw_engine_init(nic);
	choose_address(nic);
	nic->seed = get_random_u32();
	err = hw_functions_init(nic);
	if (err)
		return err;
	err = hw_table_init(nic);
	if (err)
		goto free_functions;
	err = hw_filters_init(nic);
	if (err)
		goto free_table;
	return 0;

free_table:
	hw_table_free(nic);
free_functions:
	hw_functions_free(nic);
	return err;
}

static void free_parts(struct hw_nic *nic)
{
	hw_engine_stop(nic);
	hw_filters_free(nic);
	hw_table_free(nic);
	hw_functions_free(nic);
}

static int start(struct hw_nic *nic, const char *wire)
{
	int err;

	lockdep_assert_held(&mutex);
	err = make_parts(nic);
	if (err)
		return err;
	if (wire) {
		err = hw_wire_plug(nic, current->nsproxy->net_ns, wire);
		if (err) {
			refuse(wire, "can't be the wire", err);
			goto free;
		}
	}
	err = hw_bus_add(nic);
	if (err)
		goto unplug;
	nic->id = ++last_id;
	err = hw_files_add(nic, root);
	if (err) {
		refuse(nic->name, "is taken", err);
		goto remove_bus;
	}
	list_add_tail(&nic->list, &nics);
	return 0;

remove_bus:
	hw_bus_remove(nic);
unplug:
	hw_wire_unplug(nic);
free:
	free_parts(nic);
	return err;
}

static void destroy(struct hw_nic *nic)
{
	hw_files_remove(nic);
	hw_bus_remove(nic);
	hw_wire_unplug(nic);
	free_parts(nic);
	kvfree(nic);
}

static struct hw_nic *find_name(const char *name)
{
	struct hw_nic *nic;

	list_for_each_entry(nic, &nics, list)
		if (!strcmp(nic->name, name))
			return nic;
	return NULL;
}

static int create(char *line)
{
	const char *wire = NULL;
	struct hw_nic *nic;
	int err;

	nic = kvzalloc(sizeof(*nic), GFP_KERNEL);
	if (!nic)
		return -ENOMEM;
	err = read_line(nic, line, &wire);
	if (err)
		goto free;
	mutex_lock(&mutex);
	if (find_name(nic->name))
		err = refuse(nic->name, "is taken", -EEXIST);
	else
		err = start(nic, wire);
	mutex_unlock(&mutex);
	if (err)
		goto free;
	return 0;

free:
	kvfree(nic);
	return err;
}

int hw_delete(unsigned long id)
{
	struct hw_nic *nic;

	mutex_lock(&mutex);
	list_for_each_entry(nic, &nics, list)
		if (nic->id == id)
			break;
	if (list_entry_is_head(nic, &nics, list)) {
		mutex_unlock(&mutex);
		return -ENODEV;
	}
	list_del(&nic->list);
	mutex_unlock(&mutex);
	destroy(nic);
	return 0;
}

static ssize_t write_new(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos)
{
	char *line;
	int err;

	line = hw_files_line(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = create(line);
	kfree(line);
	return err ?: count;
}

static const struct file_operations new_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = write_new,
};

static int __init load(void)
{
	int err;

	err = hw_wires_init();
	if (err)
		return err;
	root = debugfs_create_dir("weftnic", NULL);
	debugfs_create_file("new", 0200, root, NULL, &new_fops);
	return 0;
}

/* With no file in use, nobody else makes or deletes NICs. */
static void __exit unload(void)
{
	struct hw_nic *nic, *next;

	list_for_each_entry_safe(nic, next, &nics, list) {
		list_del(&nic->list);
		destroy(nic);
	}
	debugfs_remove(root);
	hw_wires_exit();
}

module_init(load);
module_exit(unload);

MODULE_DESCRIPTION("Device model of the weftnic reference NIC");
MODULE_LICENSE("GPL");
