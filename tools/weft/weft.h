/* SPDX-License-Identifier: GPL-2.0 */
/* What every file of the tool knows: options, exit codes, commands. */
#ifndef WEFT_TOOL_H
#define WEFT_TOOL_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define __printf(a, b)	__attribute__((format(printf, a, b)))

/* Functions that can fail return 0 or one of these, having complained. */
enum {
	FAIL_USAGE = 1,		/* the command was wrong */
	FAIL_KERNEL = 2,	/* the kernel refused it, or is not there */
};

/**
 * struct options - what stands before the object on the command line
 * @json: print JSON
 * @pretty: JSON for people
 * @stats: print counters
 * @details: print state beside configuration
 * @timestamp: monitor prints the time
 * @force: a batch goes on after an error
 */
struct options {
	bool json;
	bool pretty;
	bool stats;
	bool details;
	bool timestamp;
	bool force;
};

extern struct options opt;

/**
 * struct args - the words of a command that are still to be read
 * @object: first word of the command, for messages
 * @argc: how many words are left
 * @argv: the words left
 */
struct args {
	const char *object;
	int argc;
	char **argv;
};

/**
 * struct command - what can be done to an object
 * @name: the word, which may be abbreviated
 * @run: does it; returns 0 or FAIL_*
 * @packs: it only adds to the pack of map entries, see pack.h
 */
struct command {
	const char *name;
	int (*run)(struct args *args);
	bool packs;
};

/**
 * struct object - first word of a command
 * @name: the word, which may be abbreviated
 * @usage: text of its help
 * @commands: ended by one without a name; NULL if @run does it all
 * @run: for an object that has no commands
 */
struct object {
	const char *name;
	const char *usage;
	const struct command *commands;
	int (*run)(struct args *args);
};

extern const struct object switch_object, segment_object, port_object;
extern const struct object map_object, neigh_object, peer_object;
extern const struct object rule_object, nic_object;
extern const struct object stats_object, trace_object, monitor_object;

/**
 * struct error_text - a message
 * @text: the message, empty if there is none
 */
struct error_text {
	char text[512];
};

/* error.c */
int __printf(1, 2) error(const char *fmt, ...);
void error_print(void);
struct error_text error_take(void);
void error_put(const struct error_text *text);

/* main.c */
int run_command(int argc, char **argv);

#endif /* WEFT_TOOL_H */
