// SPDX-License-Identifier: GPL-2.0
/*
 * Errors of the command line. They are kept until the command has returned,
 * so that a batch can first do what is pending and report errors in order.
 */
#include <stdarg.h>
#include <stdio.h>

#include "weft.h"

static struct error_text message;

/**
 * error - keep a message, without a full stop or newline
 * @fmt: as printf
 *
 * Return: FAIL_USAGE, for the caller to return
 */
int error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(message.text, sizeof(message.text), fmt, ap);
	va_end(ap);
	return FAIL_USAGE;
}

void error_print(void)
{
	if (!message.text[0])
		return;
	fflush(stdout);
	fprintf(stderr, "weft: %s\n", message.text);
	message.text[0] = '\0';
}

/* Take the message away, perhaps to put it back. */
struct error_text error_take(void)
{
	struct error_text taken = message;

	message.text[0] = '\0';
	return taken;
}

void error_put(const struct error_text *text)
{
	message = *text;
}
