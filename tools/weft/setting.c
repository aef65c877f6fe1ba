// SPDX-License-Identifier: GPL-2.0
/* Settings: keywords to attributes and back. */
#include <string.h>

#include "print.h"
#include "setting.h"

static int take_on_off(const struct setting *setting, const char *value,
		       struct nl_msg *msg)
{
	bool on;
	int err;

	err = parse_on_off(value, setting->word, &on);
	return err ?: nla_put_u8(msg, setting->attr, on);
}

static void print_on_off_attr(const struct setting *setting,
			      struct nlattr *attr)
{
	print_on_off(setting->word, nla_get_u8(attr));
}

const struct setting_type setting_on_off = {
	.take = take_on_off,
	.print = print_on_off_attr,
};

static int take_number(const struct setting *setting, const char *value,
		       struct nl_msg *msg)
{
	uint32_t number;
	int err;

	err = parse_number(value, setting->word, 0, setting->max, &number);
	return err ?: nla_put_u32(msg, setting->attr, number);
}

static void print_count(const struct setting *setting, struct nlattr *attr)
{
	print_uint(setting->word, nla_get_u32(attr));
}

static void print_number(const struct setting *setting, struct nlattr *attr)
{
	if (nla_get_u32(attr))
		print_count(setting, attr);
	else
		print_json_uint(setting->word, 0);
}

const struct setting_type setting_number = {
	.take = take_number,
	.print = print_number,
};

const struct setting_type setting_count = {
	.take = take_number,
	.print = print_count,
};

static int take_number8(const struct setting *setting, const char *value,
			struct nl_msg *msg)
{
	uint32_t n;
	int err;

	err = parse_number(value, setting->word, 0, setting->max, &n);
	return err ?: nla_put_u8(msg, setting->attr, n);
}

static void print_number8(const struct setting *setting, struct nlattr *attr)
{
	if (opt.json || nla_get_u8(attr))
		print_uint(setting->word, nla_get_u8(attr));
}

const struct setting_type setting_number8 = {
	.take = take_number8,
	.print = print_number8,
};

static int take_rate(const struct setting *setting, const char *value,
		     struct nl_msg *msg)
{
	uint64_t rate = 0;
	int err = 0;

	if (strcmp(value, "none"))
		err = parse_rate(value, setting->word, &rate);
	return err ?: nla_put_u64(msg, setting->attr, rate);
}

static void print_setting_rate(const struct setting *setting,
			       struct nlattr *attr)
{
	if (opt.json || nla_get_u64(attr))
		print_rate(setting->word, nla_get_u64(attr));
}

const struct setting_type setting_rate = {
	.take = take_rate,
	.print = print_setting_rate,
};

static int take_enum(const struct setting *setting, const char *value,
		     struct nl_msg *msg)
{
	uint32_t n;
	int err;

	err = parse_enum(value, setting->word, setting->words, &n);
	return err ?: nla_put_u32(msg, setting->attr, n);
}

static void print_enum(const struct setting *setting, struct nlattr *attr)
{
	print_string(setting->word,
		     words_get(setting->words, nla_get_u32(attr)));
}

const struct setting_type setting_enum = {
	.take = take_enum,
	.print = print_enum,
};

static int take_enum8(const struct setting *setting, const char *value,
		      struct nl_msg *msg)
{
	uint32_t n;
	int err;

	err = parse_enum(value, setting->word, setting->words, &n);
	return err ?: nla_put_u8(msg, setting->attr, n);
}

static void print_enum8(const struct setting *setting, struct nlattr *attr)
{
	print_string(setting->word,
		     words_get(setting->words, nla_get_u8(attr)));
}

const struct setting_type setting_enum8 = {
	.take = take_enum8,
	.print = print_enum8,
};

/**
 * settings_take - read a setting
 * @table: settings that are possible
 * @count: how many
 * @word: the word just read
 * @args: its value comes from here
 * @msg: the attribute goes here
 *
 * Return: 0, NO_SETTING if @word is none of them, or FAIL_*
 */
int settings_take(const struct setting *table, size_t count, const char *word,
		  struct args *args, struct nl_msg *msg)
{
	const struct setting *setting;
	const char *value;
	int err;

	for (setting = table; setting < table + count; setting++) {
		if (strcmp(setting->word, word))
			continue;
		err = args_value(args, word, &value);
		return err ?: setting->type->take(setting, value, msg);
	}
	return NO_SETTING;
}

/**
 * settings_print - show settings
 * @table: the settings
 * @count: how many
 * @tb: attributes
 */
void settings_print(const struct setting *table, size_t count,
		    struct nlattr **tb)
{
	const struct setting *setting;

	for (setting = table; setting < table + count; setting++)
		if (tb[setting->attr])
			setting->type->print(setting, tb[setting->attr]);
}
