// SPDX-License-Identifier: GPL-2.0
/* Commands from a file or the standard input, one a line. */
#include <poll.h>
#include <stdio.h>

#include "batch.h"
#include "lines.h"
#include "link.h"
#include "pack.h"
#include "weft.h"

static struct {
	struct lines lines;
	bool failed;
	bool stopped;
} batch;

unsigned long batch_line(void)
{
	return batch.lines.number;
}

bool batch_stopped(void)
{
	return batch.stopped;
}

void batch_failed(unsigned long line)
{
	batch.failed = true;
	batch.stopped = !opt.force;
	if (!line)
		return;
	fflush(stdout);
	fprintf(stderr, "Command failed %s:%lu\n", batch.lines.name, line);
}

/* milliseconds that a writer has to add to the pack */
#define PACK_WAIT	1

/*
 * Nothing may be left pending while whoever writes the commands waits for
 * their effect. By then, devices may have changed, too.
 */
static bool before_wait(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	if (!poll(&poll_fd, 1, PACK_WAIT)) {
		pack_flush();
		fflush(stdout);
		dev_forget();
	}
	return !batch.stopped;
}

/*
 * What is pending comes first, so that errors are told in the order of the
 * lines, and nothing after a refused line is complained about.
 */
static void command_failed(void)
{
	struct error_text text = error_take();

	pack_flush();
	if (batch.stopped)
		return;
	error_put(&text);
	error_print();
	batch_failed(batch.lines.number);
}

static int run_lines(struct lines *lines)
{
	bool more;
	int err;

	while (!batch.stopped) {
		err = lines_next(lines, &more);
		if (!more)
			return err;
		if (!err && lines->count)
			err = run_command(lines->count, lines->words);
		if (err)
			command_failed();
	}
	return 0;
}

/**
 * batch_run - run the commands of a file
 * @name: the file, "-" for the standard input
 *
 * Return: 0 or FAIL_USAGE
 */
int batch_run(const char *name)
{
	struct lines *lines = &batch.lines;
	int err;

	lines->wait = before_wait;
	err = lines_open(lines, name);
	if (err)
		return err;
	err = run_lines(lines);
	pack_flush();
	if (err)
		error_print();
	lines_close(lines);
	return err || batch.failed ? FAIL_USAGE : 0;
}
