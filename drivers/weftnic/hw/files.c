// SPDX-License-Identifier: GPL-2.0
/* The files of a NIC in debugfs. */

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "bus.h"
#include "dump.h"
#include "fault.h"
#include "files.h"
#include "main.h"
#include "nic.h"
#include "wire.h"

#define LINE_MAX	256

/**
 * hw_files_line() - what was written to a file, a line
 * @buf: what
 * @count: how much
 *
 * Return: a string to be freed, or an error pointer.
 */
char *hw_files_line(const char __user *buf, size_t count)
{
	if (count > LINE_MAX)
		return ERR_PTR(-E2BIG);
	return memdup_user_nul(buf, count);
}

static ssize_t read_wire(struct file *file, char __user *buf, size_t count,
			 loff_t *pos)
{
	char line[IFNAMSIZ + 1];
	int len;

	len = hw_wire_name(file_inode(file)->i_private, line, sizeof(line));
	return simple_read_from_buffer(buf, count, pos, line, len);
}

static ssize_t write_wire(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos)
{
	struct hw_nic *nic = file_inode(file)->i_private;
	char *line, *name;
	int err = 0;

	line = hw_files_line(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	name = strim(line);
	if (*name)
		err = hw_wire_plug(nic, current->nsproxy->net_ns, name);
	else
		hw_wire_unplug(nic);
	if (err)
		pr_notice("weftnic_hw: '%s' can't be the wire: %d\n", name,
			  err);
	kfree(line);
	return err ?: count;
}

static const struct file_operations wire_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = read_wire,
	.write = write_wire,
};

static ssize_t read_address(struct file *file, char __user *buf, size_t count,
			    loff_t *pos)
{
	char line[32];
	int len;

	len = hw_bus_address(file_inode(file)->i_private, line, sizeof(line));
	return simple_read_from_buffer(buf, count, pos, line, len);
}

static const struct file_operations address_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = read_address,
};

static ssize_t write_fault(struct file *file, const char __user *buf,
			   size_t count, loff_t *pos)
{
	char *line;
	int err;

	line = hw_files_line(buf, count);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = hw_fault(file_inode(file)->i_private, line);
	kfree(line);
	return err ?: count;
}

static const struct file_operations fault_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = write_fault,
};

/* Its own file goes while this runs, and another may be faster: the NIC is not
 * known by its place in memory but by its number.
 */
static ssize_t write_delete(struct file *file, const char __user *buf,
			    size_t count, loff_t *pos)
{
	bool yes;
	int err;

	err = kstrtobool_from_user(buf, count, &yes);
	if (err)
		return err;
	if (!yes)
		return -EINVAL;
	err = hw_delete((unsigned long)file_inode(file)->i_private);
	return err ?: count;
}

static const struct file_operations delete_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = write_delete,
};

/**
 * hw_files_add() - make the files
 * @nic: the NIC
 * @root: the folder they have theirs in
 *
 * Return: 0, or -EEXIST if the name is taken, or another negative errno.
 */
int hw_files_add(struct hw_nic *nic, struct dentry *root)
{
	nic->dir = debugfs_create_dir(nic->name, root);
	if (IS_ERR(nic->dir))
		return PTR_ERR(nic->dir);
	debugfs_create_file("wire", 0600, nic->dir, nic, &wire_fops);
	debugfs_create_file("address", 0400, nic->dir, nic, &address_fops);
	debugfs_create_file("fault", 0200, nic->dir, nic, &fault_fops);
	debugfs_create_file("tables", 0400, nic->dir, nic, &hw_dump_fops);
	debugfs_create_file_unsafe("delete", 0200, nic->dir,
				   (void *)nic->id, &delete_fops);
	return 0;
}

/** hw_files_remove() - and no more; none but delete is in use on return */
void hw_files_remove(struct hw_nic *nic)
{
	debugfs_remove(nic->dir);
}
