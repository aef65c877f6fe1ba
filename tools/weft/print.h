/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One path for text and JSON. In text, an object is a line of words that a
 * command would take; in JSON it is an object of a list, with the words as
 * keys ("-" becomes "_").
 */
#ifndef WEFT_PRINT_H
#define WEFT_PRINT_H

#include <stdbool.h>
#include <stdint.h>

struct nlattr;

/* a list of objects, all that a command shows */
void print_list_open(void);
void print_list_close(void);

/* an object */
void print_open(void);
void print_close(void);

/* an object or a list inside an object; @key is NULL inside a list */
void print_nest_open(const char *key);
void print_array_open(const char *key);
void print_nest_close(void);

/* text only: a further, indented line of the object; a new line; a word */
void print_line(void);
void print_break(void);
void print_word(const char *word);

/* a word and its value; of those that end in _id text has only the value */
void print_string(const char *word, const char *value);
void print_uint(const char *word, uint64_t value);
/* bits a second; in JSON the plain number */
void print_rate(const char *word, uint64_t rate);
void print_on_off(const char *word, bool on);
void print_string_id(const char *key, const char *value);
void print_uint_id(const char *key, uint64_t value);

/* JSON only */
void print_json_bool(const char *key, bool value);
void print_json_uint(const char *key, uint64_t value);
void print_json_string(const char *key, const char *value);

/* attributes */
const char *format_ip(const struct nlattr *attr);
const char *format_mac(const struct nlattr *attr);
void print_stats(const struct nlattr *attr);
void print_more_stats(const char *name, const struct nlattr *attr);

#endif /* WEFT_PRINT_H */
