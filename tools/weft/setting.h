/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Settings: a table makes a keyword of the command line an attribute, and the
 * attribute a word of the output.
 */
#ifndef WEFT_SETTING_H
#define WEFT_SETTING_H

#include "nl.h"
#include "parse.h"

struct setting;

/**
 * struct setting_type - how a value is read and shown
 * @take: read it and add the attribute; returns 0 or FAIL_*
 * @print: show the attribute
 */
struct setting_type {
	int (*take)(const struct setting *setting, const char *value,
		    struct nl_msg *msg);
	void (*print)(const struct setting *setting,
		      struct nlattr *attr);
};

/**
 * struct setting - a setting
 * @word: in the command, in text and in JSON
 * @type: its type
 * @attr: its attribute
 * @words: of setting_enum
 * @max: of setting_number
 */
struct setting {
	const char *word;
	const struct setting_type *type;
	int attr;
	const struct words *words;
	uint32_t max;
};

/* u8, "on" or "off" */
extern const struct setting_type setting_on_off;
/* u32; 0 stands for none and is not shown in text */
extern const struct setting_type setting_number;
/* the same, but 0 is shown */
extern const struct setting_type setting_count;
/* u8; 0 stands for none and is not shown in text */
extern const struct setting_type setting_number8;
/* u64, bits a second with a unit, or none, which is not shown in text */
extern const struct setting_type setting_rate;
/* u32 or u8, one of words */
extern const struct setting_type setting_enum, setting_enum8;

/* result of settings_take() for a word that is no setting */
#define NO_SETTING	(-1)

int settings_take(const struct setting *table, size_t count, const char *word,
		  struct args *args, struct nl_msg *msg);
void settings_print(const struct setting *table, size_t count,
		    struct nlattr **tb);

#endif /* WEFT_SETTING_H */
