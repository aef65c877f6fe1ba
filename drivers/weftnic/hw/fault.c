// SPDX-License-Identifier: GPL-2.0
/* What goes wrong, on command. */

#include <linux/kstrtox.h>
#include <linux/string.h>

#include "engine.h"
#include "fault.h"
#include "function.h"
#include "nic.h"
#include "wire.h"

#define WORDS	3	/* most in a line */

/**
 * struct fault - a word that names a fault
 * @word: the word
 * @least: words that follow it, at least
 * @most: and at most
 * @set: does it; words that are not there are NULL
 */
struct fault {
	const char *word;
	unsigned int least;
	unsigned int most;
	int (*set)(struct hw_nic *nic, char **words);
};

static int refuse(const char *word, int err)
{
	pr_notice("weftnic_hw: fault: can't make sense of '%s'\n", word);
	return err;
}

static int read_u32(const char *word, u32 *value)
{
	return kstrtou32(word, 0, value) ? refuse(word, -EINVAL) : 0;
}

static int read_on_off(const char *word, bool *on)
{
	*on = !strcmp(word, "on");
	return *on || !strcmp(word, "off") ? 0 : refuse(word, -EINVAL);
}

static int set_timeout(struct hw_nic *nic, char **words)
{
	return read_u32(words[0], &nic->fault.timeouts);
}

static int set_error(struct hw_nic *nic, char **words)
{
	u32 status = WEFTNIC_E_FAILED;
	u32 errors;
	int err;

	err = read_u32(words[0], &errors);
	if (!err && words[1])
		err = read_u32(words[1], &status);
	if (err)
		return err;
	if (!status || status > WEFTNIC_E_FAILED)
		return refuse(words[1], -ERANGE);
	nic->fault.errors = errors;
	nic->fault.status = status;
	return 0;
}

static int set_full(struct hw_nic *nic, char **words)
{
	return read_on_off(words[0], &nic->fault.full);
}

static int set_lose(struct hw_nic *nic, char **words)
{
	return read_u32(words[0], &nic->fault.lose);
}

/* The PF is "pf", a VF its number. */
static int set_stall(struct hw_nic *nic, char **words)
{
	struct hw_function *f = &nic->functions[0];
	bool on;
	u32 vf;
	int err;

	if (strcmp(words[0], "pf")) {
		err = read_u32(words[0], &vf);
		if (err)
			return err;
		if (vf >= nic->sizes.vfs)
			return refuse(words[0], -ERANGE);
		f = &nic->functions[1 + vf];
	}
	err = read_on_off(words[1], &on);
	if (err)
		return err;
	f->stalled = on;
	hw_doorbell(f);
	return 0;
}

static int set_reset(struct hw_nic *nic, char **words)
{
	hw_reset_nic(nic);
	return 0;
}

static int set_link(struct hw_nic *nic, char **words)
{
	bool on;
	int err;

	err = read_on_off(words[0], &on);
	if (err)
		return err;
	WRITE_ONCE(nic->fault.unplugged, !on);
	return 0;
}

static const struct fault faults[] = {
	{ "timeout", 1, 1, set_timeout },
	{ "error", 1, 2, set_error },
	{ "full", 1, 1, set_full },
	{ "lose", 1, 1, set_lose },
	{ "stall", 2, 2, set_stall },
	{ "reset", 0, 0, set_reset },
	{ "link", 1, 1, set_link },
};

static int set(struct hw_nic *nic, const struct fault *fault, char **words,
	       unsigned int count)
{
	int err;

	if (count < fault->least || count > fault->most)
		return refuse(fault->word, -EINVAL);
	spin_lock_bh(&nic->lock);
	err = fault->set(nic, words);
	spin_unlock_bh(&nic->lock);
	/* links may have changed, and functions have something to tell */
	hw_wire_relink(nic);
	return err;
}

/**
 * hw_fault() - have something go wrong, or not any more
 * @nic: the NIC
 * @line: what; cut in words
 *
 * Return: 0, or a negative errno for what makes no sense.
 */
int hw_fault(struct hw_nic *nic, char *line)
{
	char *words[WORDS + 1] = {};
	unsigned int i, count = 0;
	char *word;

	while ((word = strsep(&line, " \t\n")))
		if (*word && count < ARRAY_SIZE(words))
			words[count++] = word;
	if (!count)
		return -EINVAL;
	if (count > WORDS)
		return refuse(words[WORDS], -EINVAL);
	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(faults[i].word, words[0]))
			return set(nic, &faults[i], words + 1, count - 1);
	return refuse(words[0], -EINVAL);
}
