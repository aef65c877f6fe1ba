/* SPDX-License-Identifier: GPL-2.0 */
/* The words of the enumerations in linux/weft.h and linux/weft_link.h. */
#ifndef WEFT_WORDS_H
#define WEFT_WORDS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct words - one word for each value of an enumeration
 * @count: how many
 * @words: by value
 */
struct words {
	unsigned int count;
	const char *const *words;
};

/**
 * struct numbers - names of some of many numbers
 * @count: how many
 * @named: the names and their numbers
 */
struct numbers {
	unsigned int count;
	const struct named {
		const char *name;
		uint32_t number;
	} *named;
};

extern const struct numbers type_numbers, proto_numbers, tcp_flag_numbers;

extern const struct words rate_units;	/* each a thousand of the one before */
extern const struct words class_words, action_words, via_words, cast_words;
extern const struct words vepa_words;
extern const struct words require_words, frag_words;
extern const struct words encap_words, state_words, path_words, way_words, link_state_words;
extern const struct words hw_words, feature_words;
extern const struct words drop_words, step_words, event_words;
extern const struct words df_words, fastpath_words, sources_words;

const char *words_get(const struct words *words, uint32_t value);
int words_find(const struct words *words, const char *word);
const char *numbers_get(const struct numbers *numbers, uint32_t number);
int numbers_find(const struct numbers *numbers, const char *name);
void words_list(const struct words *words, char *text, size_t size);

#endif /* WEFT_WORDS_H */
