// SPDX-License-Identifier: GPL-2.0
/*
 * Frames built from their descriptions, against bytes that another program
 * (scapy) made of the same description.
 */
#include <stdio.h>
#include <string.h>

#include "frame.h"

#define MACS	"src 02:00:00:00:00:01 dst 02:00:00:00:00:02 "

static const struct frame_case {
	const char *words;
	/* the frame, or a "*" and how the message begins */
	const char *expected;
} cases[] = {
#include "frame_cases.h"
};

static int build(const char *words, uint8_t *frame, size_t *len)
{
	struct frame_spec spec = {};
	struct args args = { .object = "trace" };
	char *argv[64], line[1024];
	char *word;
	int err;

	snprintf(line, sizeof(line), "%s", words);
	args.argv = argv;
	for (word = strtok(line, " "); word; word = strtok(NULL, " "))
		argv[args.argc++] = word;
	while (args.argc) {
		err = frame_take_word(&args, args_next(&args), &spec);
		if (err)
			return err;
	}
	return frame_build(&spec, frame, len);
}

static bool run(const struct frame_case *test, char *text)
{
	uint8_t frame[WEFT_FRAME_MAX];
	size_t len = 0, i;

	text[0] = '\0';
	if (build(test->words, frame, &len)) {
		error_take();
		return test->expected[0] == '*';
	}
	for (i = 0; i < len; i++)
		sprintf(text + 2 * i, "%02x", frame[i]);
	return !strcmp(text, test->expected);
}

int main(int argc, char **argv)
{
	char text[2 * WEFT_FRAME_MAX + 1];
	unsigned int failed = 0;
	size_t i;

	(void)argv;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool ok = run(&cases[i], text);

		failed += !ok;
		printf("%s %zu - frame: %s\n", ok ? "ok" : "not ok", i + 1,
		       cases[i].words);
		if (!ok || argc > 1)
			printf("# %s\n", text);
	}
	printf("1..%zu\n", i);
	return !!failed;
}
