// SPDX-License-Identifier: GPL-2.0
/* Commands from a file or the standard input, one a line. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "link.h"
#include "pack.h"
#include "weft.h"

static struct {
	const char *name;
	unsigned long line;
	bool failed;
	bool stopped;
} batch;

unsigned long batch_line(void)
{
	return batch.line;
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
	fprintf(stderr, "Command failed %s:%lu\n", batch.name, line);
}

/* Lines of a file. Memory grows with the longest line. */
struct reader {
	int fd;
	bool end;
	char *buf;
	size_t size;
	size_t start;
	size_t len;
};

#define READ_SIZE	65536
/* milliseconds that a writer has to add to the pack */
#define PACK_WAIT	1

/*
 * Nothing may be left pending while whoever writes the commands waits for
 * their effect. By then, devices may have changed, too.
 */
static void before_wait(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	if (poll(&poll_fd, 1, PACK_WAIT))
		return;
	pack_flush();
	fflush(stdout);
	dev_forget();
}

static int fill(struct reader *reader)
{
	ssize_t got;
	char *buf;

	if (reader->start)
		memmove(reader->buf, reader->buf + reader->start, reader->len);
	reader->start = 0;
	if (reader->size < reader->len + READ_SIZE) {
		buf = realloc(reader->buf, reader->len + READ_SIZE);
		if (!buf)
			return error("out of memory");
		reader->buf = buf;
		reader->size = reader->len + READ_SIZE;
	}
	before_wait(reader->fd);
	if (batch.stopped)
		return 0;
	do {
		got = read(reader->fd, reader->buf + reader->len,
			   reader->size - reader->len - 1);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return error("%s: %s", batch.name, strerror(errno));
	reader->end = !got;
	reader->len += got;
	return 0;
}

/* Where the line at @start ends; @seen of its bytes hold no newline. */
static char *line_end(struct reader *reader, char *start, size_t seen)
{
	char *end = NULL;

	if (reader->len > seen)
		end = memchr(start + seen, '\n', reader->len - seen);
	if (!end && reader->end && reader->len)
		end = start + reader->len;
	return end;
}

/* Take the next line, NULL at the end. */
static int next_line(struct reader *reader, char **line)
{
	char *start, *end;
	size_t seen = 0;
	size_t taken;
	int err;

	*line = NULL;
	for (;;) {
		start = reader->buf + reader->start;
		end = line_end(reader, start, seen);
		if (end || reader->end)
			break;
		seen = reader->len;
		err = fill(reader);
		if (err || batch.stopped)
			return err;
	}
	if (!end)
		return 0;
	*line = start;
	*end = '\0';
	taken = end - start;
	/* the last line may have no newline */
	taken += taken < reader->len;
	reader->start += taken;
	reader->len -= taken;
	return 0;
}

/* The words of a line; the array is used again for the next. */
struct split {
	char **words;
	int count;
	int size;
};

static int add_word(struct split *split, char *word)
{
	char **words;

	if (split->count == split->size) {
		split->size = split->size * 2 ?: 64;
		words = realloc(split->words, split->size * sizeof(*words));
		if (!words)
			return error("out of memory");
		split->words = words;
	}
	split->words[split->count++] = word;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Find the end of the word at @p, and take the quotes out of it. */
static char *word_end(char *p, char **end)
{
	char quote = '\0';
	char *to = p;

	for (; *p && (quote || !is_blank(*p)); p++) {
		if (*p == quote)
			quote = '\0';
		else if (!quote && (*p == '"' || *p == '\''))
			quote = *p;
		else
			*to++ = *p;
	}
	*end = to;
	return quote ? NULL : p;
}

static int split_line(struct split *split, char *p)
{
	char *word, *end;
	int err;

	split->count = 0;
	for (;;) {
		while (is_blank(*p))
			p++;
		if (!*p || *p == '#')
			return 0;
		word = p;
		p = word_end(word, &end);
		if (!p)
			return error("a quote is not closed");
		p += !!*p;
		*end = '\0';
		err = add_word(split, word);
		if (err)
			return err;
	}
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
	batch_failed(batch.line);
}

static int run_lines(struct reader *reader)
{
	struct split split = {};
	char *line;
	int err;

	for (;;) {
		err = next_line(reader, &line);
		if (err || !line)
			break;
		batch.line++;
		err = split_line(&split, line);
		if (!err && split.count)
			err = run_command(split.count, split.words);
		if (err)
			command_failed();
		if (batch.stopped)
			break;
	}
	free(split.words);
	return line ? 0 : err;
}

/**
 * batch_run - run the commands of a file
 * @name: the file, "-" for the standard input
 *
 * Return: 0 or FAIL_USAGE
 */
int batch_run(const char *name)
{
	struct reader reader = {};
	int err;

	batch.name = name;
	if (strcmp(name, "-"))
		reader.fd = open(name, O_RDONLY | O_CLOEXEC);
	if (reader.fd < 0)
		return error("cannot open \"%s\": %s", name, strerror(errno));
	err = run_lines(&reader);
	pack_flush();
	if (err)
		error_print();
	if (reader.fd)
		close(reader.fd);
	free(reader.buf);
	return err || batch.failed ? FAIL_USAGE : 0;
}
