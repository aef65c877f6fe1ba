/* SPDX-License-Identifier: GPL-2.0 */
/* What a rule matches, and what becomes of it. */
#ifndef WEFT_RULE_H
#define WEFT_RULE_H

struct args;
struct nl_msg;
struct nlattr;

int rule_put_word(struct nl_msg *msg, struct args *args, const char *word);
void rule_print_match(struct nlattr **tb);

#endif /* WEFT_RULE_H */
