// SPDX-License-Identifier: GPL-2.0
/* weft: the tool for weft switches. Options, and who does what. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "link.h"
#include "pack.h"
#include "weft.h"

#ifndef VERSION
#define VERSION	"0"
#endif

#define OUTPUT_SIZE	65536

struct options opt;

static const char usage[] =
"Usage: weft [ OPTIONS ] OBJECT { COMMAND | help }\n"
"       weft [ -force ] -batch FILE\n"
"\n"
"OBJECT := { switch | segment | port | map | neigh | peer | rule | nic |\n"
"            stats | trace | monitor }\n"
"OPTIONS := { -j[son] | -p[retty] | -s[tatistics] | -d[etails] |\n"
"             -n[etns] NETNS | -b[atch] FILE | -force | -t[imestamp] |\n"
"             -V[ersion] }\n";

/* The first that an abbreviation fits is meant. */
static const struct object *const objects[] = {
	&switch_object, &segment_object, &port_object, &map_object,
	&neigh_object, &peer_object, &rule_object, &nic_object, &stats_object,
	&trace_object, &monitor_object,
};

static bool abbreviates(const char *word, const char *full)
{
	return *word && !strncmp(word, full, strlen(word));
}

static const struct object *find_object(const char *word)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		if (abbreviates(word, objects[i]->name))
			return objects[i];
	return NULL;
}

static const struct command *find_command(const struct object *object,
					  const char *word)
{
	const struct command *command;

	for (command = object->commands; command->name; command++)
		if (abbreviates(word, command->name))
			return command;
	return NULL;
}

static int help(const char *text)
{
	fputs(text, stdout);
	return 0;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "-h") ||
	       !strcmp(word, "-help") || !strcmp(word, "--help");
}

/* What is pending must have happened before anything else does. */
static int run_pending(int (*run)(struct args *args), struct args *args,
		       bool packs)
{
	int err;

	if (!packs)
		pack_flush();
	if (batch_stopped())
		return 0;
	err = run(args);
	/* a message could not take an attribute */
	return err < 0 ? error("too many words") : err;
}

static int run_object(const struct object *object, struct args *args)
{
	const struct command *command;
	const char *word = "show";

	if (!object->commands)
		return run_pending(object->run, args, false);
	if (args->argc) {
		word = *args->argv++;
		args->argc--;
	}
	command = find_command(object, word);
	if (!command)
		return error("unknown word \"%s\", try \"weft %s help\"", word,
			     object->name);
	/* "weft map add help" */
	if (args->argc == 1 && is_help(args->argv[0]))
		return help(object->usage);
	return run_pending(command->run, args, command->packs);
}

/**
 * run_command - run a command, without options
 * @argc: how many words
 * @argv: the words, the object first
 *
 * Return: 0 or FAIL_*; the message, if any, is up to error_print()
 */
int run_command(int argc, char **argv)
{
	bool wants_help = is_help(argv[0]);
	const struct object *object;
	struct args args;

	/* "weft help", "weft help map", "weft map help" */
	if (wants_help && argc == 1)
		return help(usage);
	if (wants_help) {
		argc--;
		argv++;
	}
	object = find_object(argv[0]);
	if (!object)
		return error("unknown word \"%s\", try \"weft help\"",
			     argv[0]);
	args = (struct args) { object->name, argc - 1, argv + 1 };
	if (wants_help || (args.argc && is_help(args.argv[0])))
		return help(object->usage);
	return run_object(object, &args);
}

/**
 * struct option - an option
 * @name: its name, which may be abbreviated
 * @flag: set by it
 * @value: takes the next word
 */
struct option {
	const char *name;
	bool *flag;
	const char **value;
};

static const char *batch_name, *netns;
static bool want_version, want_help;

static const struct option options[] = {
	{ "json", &opt.json },
	{ "pretty", &opt.pretty },
	{ "statistics", &opt.stats },
	{ "stats", &opt.stats },
	{ "details", &opt.details },
	{ "netns", NULL, &netns },
	{ "batch", NULL, &batch_name },
	{ "force", &opt.force },
	{ "timestamp", &opt.timestamp },
	{ "Version", &want_version },
	{ "help", &want_help },
};

static const struct option *find_option(const char *word)
{
	unsigned int i;

	/* -json and --json */
	word += strncmp(word, "--", 2) ? 1 : 2;
	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (abbreviates(word, options[i].name))
			return &options[i];
	return NULL;
}

/* Take the options away; what is left is a command. */
static int take_options(struct args *args)
{
	const struct option *option;
	const char *word;

	while (args->argc && args->argv[0][0] == '-') {
		word = *args->argv++;
		args->argc--;
		option = find_option(word);
		if (!option)
			return error("unknown option \"%s\", try \"weft help\"",
				     word);
		if (option->flag) {
			*option->flag = true;
			continue;
		}
		if (!args->argc)
			return error("option \"%s\" needs a value", word);
		*option->value = *args->argv++;
		args->argc--;
	}
	return 0;
}

static int run(struct args *args)
{
	int err;

	if (want_version) {
		puts("weft " VERSION);
		return 0;
	}
	if (want_help)
		return help(usage);
	err = netns ? netns_enter(netns) : 0;
	if (err)
		return err;
	if (batch_name)
		return batch_run(batch_name);
	if (args->argc)
		return run_command(args->argc, args->argv) ?: pack_status();
	fputs(usage, stderr);
	return FAIL_USAGE;
}

int main(int argc, char **argv)
{
	struct args args = { NULL, argc - 1, argv + 1 };
	int err;

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, OUTPUT_SIZE);
	err = take_options(&args) ?: run(&args);
	error_print();
	if (fflush(stdout) || ferror(stdout)) {
		perror("weft: standard output");
		return FAIL_USAGE;
	}
	return err;
}
