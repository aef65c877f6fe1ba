// SPDX-License-Identifier: GPL-2.0
/* Words, line by line, from a file or the standard input. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "weft.h"

#define READ_SIZE	65536

static int fill(struct lines *lines)
{
	ssize_t got;
	char *buf;

	if (lines->start)
		memmove(lines->buf, lines->buf + lines->start, lines->len);
	lines->start = 0;
	if (lines->size < lines->len + READ_SIZE) {
		buf = realloc(lines->buf, lines->len + READ_SIZE);
		if (!buf)
			return error("out of memory");
		lines->buf = buf;
		lines->size = lines->len + READ_SIZE;
	}
	if (lines->wait && !lines->wait(lines->fd)) {
		lines->end = true;
		lines->len = 0;
		return 0;
	}
	do {
		got = read(lines->fd, lines->buf + lines->len,
			   lines->size - lines->len - 1);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return error("%s: %s", lines->name, strerror(errno));
	lines->end = !got;
	lines->len += got;
	return 0;
}

/* Where the line at @start ends; @seen of its bytes hold no newline. */
static char *line_end(struct lines *lines, char *start, size_t seen)
{
	char *end = NULL;

	if (lines->len > seen)
		end = memchr(start + seen, '\n', lines->len - seen);
	if (!end && lines->end && lines->len)
		end = start + lines->len;
	return end;
}

/* Take the next line, NULL at the end. */
static int next_line(struct lines *lines, char **line)
{
	char *start, *end;
	size_t seen = 0;
	size_t taken;
	int err;

	*line = NULL;
	for (;;) {
		start = lines->buf + lines->start;
		end = line_end(lines, start, seen);
		if (end || lines->end)
			break;
		seen = lines->len;
		err = fill(lines);
		if (err)
			return err;
	}
	if (!end)
		return 0;
	*line = start;
	*end = '\0';
	taken = end - start;
	/* the last line may have no newline */
	taken += taken < lines->len;
	lines->start += taken;
	lines->len -= taken;
	return 0;
}

static int add_word(struct lines *lines, char *word)
{
	char **words;

	if (lines->count == lines->words_size) {
		lines->words_size = lines->words_size * 2 ?: 64;
		words = realloc(lines->words,
				lines->words_size * sizeof(*words));
		if (!words)
			return error("out of memory");
		lines->words = words;
	}
	lines->words[lines->count++] = word;
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

static int split(struct lines *lines, char *p)
{
	char *word, *end;
	int err;

	lines->count = 0;
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
		err = add_word(lines, word);
		if (err)
			return err;
	}
}

/**
 * lines_open - begin to read
 * @lines: zeroed but for @wait
 * @name: the file, "-" for the standard input
 *
 * Return: 0 or FAIL_USAGE
 */
int lines_open(struct lines *lines, const char *name)
{
	lines->name = name;
	if (strcmp(name, "-"))
		lines->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (lines->fd < 0)
		return error("cannot open \"%s\": %s", name, strerror(errno));
	return 0;
}

/**
 * lines_next - the words of the next line
 * @lines: the file
 * @more: false at the end, or if the file can't be read on
 *
 * Return: 0 or FAIL_USAGE; if @more, the next line can be read all the same
 */
int lines_next(struct lines *lines, bool *more)
{
	char *line;
	int err;

	err = next_line(lines, &line);
	*more = !err && line;
	if (!*more)
		return err;
	lines->number++;
	return split(lines, line);
}

/** lines_close - the reverse of lines_open(), even if that has failed */
void lines_close(struct lines *lines)
{
	if (lines->fd > 0)
		close(lines->fd);
	free(lines->buf);
	free(lines->words);
}
