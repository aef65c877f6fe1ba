/* SPDX-License-Identifier: GPL-2.0 */
/* Words of the command line to values. All complain and return FAIL_USAGE. */
#ifndef WEFT_PARSE_H
#define WEFT_PARSE_H

#include <net/ethernet.h>
#include <netinet/in.h>

#include "weft.h"
#include "words.h"

/**
 * struct ip_addr - an IPv4, IPv6 or (of peers) MAC address
 * @len: 4, 16 or 6, 0 if there is none
 * @data: network byte order
 */
struct ip_addr {
	unsigned int len;
	uint8_t data[16];
};

/* the words of a command */
const char *args_next(struct args *args);
bool args_take(struct args *args, const char *word);
int args_value(struct args *args, const char *word, const char **value);
int args_end(struct args *args);
int args_unknown(struct args *args, const char *word);
int args_missing(struct args *args, const char *what);

/* values */
int parse_number(const char *text, const char *what, uint32_t min,
		 uint32_t max, uint32_t *value);
int parse_vni(const char *text, uint32_t *vni);
int parse_vid(const char *text, uint32_t *vid);
int parse_on_off(const char *text, const char *what, bool *on);
int parse_enum(const char *text, const char *what, const struct words *words,
	       uint32_t *value);
int parse_mac(const char *text, uint8_t mac[ETH_ALEN]);
int parse_ip(const char *text, struct ip_addr *ip);
int parse_vtep(const char *text, struct ip_addr *ip);
int parse_fence(const char *text, uint8_t mac[ETH_ALEN]);
int parse_rate(const char *text, const char *what, uint64_t *rate);
int parse_hex(const char *text, uint8_t *data, size_t size, size_t *len);

/* a keyword and its value */
int args_number(struct args *args, const char *word, uint32_t min,
		uint32_t max, uint32_t *value);
int args_vni(struct args *args, uint32_t *vni);
int args_vid(struct args *args, uint32_t *vid);
int args_on_off(struct args *args, const char *word, bool *on);
int args_mac(struct args *args, const char *word, uint8_t mac[ETH_ALEN]);
int args_ip(struct args *args, const char *word, struct ip_addr *ip);
int args_vtep(struct args *args, const char *word, struct ip_addr *ip);
int args_type(struct args *args, uint32_t *type);
int args_proto(struct args *args, uint32_t *proto);
int args_dev(struct args *args, const char *word, uint32_t *ifindex);

#endif /* WEFT_PARSE_H */
