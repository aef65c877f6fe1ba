/* SPDX-License-Identifier: GPL-2.0 */
/* A file of commands or objects, one a line, in words. */
#ifndef WEFT_LINES_H
#define WEFT_LINES_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct lines - a file that is being read; memory grows with the longest line
 * @name: the file, "-" for the standard input
 * @number: of the line that was read last, from 1 on
 * @words: its words
 * @count: how many; a line may have none
 * @wait: called before more is read, which may take long; returns false to read
 *	no further; may be NULL
 */
struct lines {
	const char *name;
	unsigned long number;
	char **words;
	int count;
	bool (*wait)(int fd);
	/* lines.c alone */
	int fd;
	bool end;
	char *buf;
	size_t size;
	size_t start;
	size_t len;
	int words_size;
};

int lines_open(struct lines *lines, const char *name);
int lines_next(struct lines *lines, bool *more);
void lines_close(struct lines *lines);

#endif /* WEFT_LINES_H */
