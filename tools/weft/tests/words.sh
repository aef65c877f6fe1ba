#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The words in words.c are those of the header's enumerations, in order.

header=../../uapi/linux/weft.h
failed=0
n=0

# of an enumeration: its values, as words
header_words()
{
	sed -n "/^enum $1 {/,/^};/s/^\t\([A-Z0-9_]*\),.*/\1/p" "$header" |
		sed "s/^$2//" | tr 'A-Z_' 'a-z-'
}

# of a table: its words
table_words()
{
	awk -v start="WORDS($1," 'index($0, start) == 1 { found = 1 }
		found { print }
		/\);$/ { found = 0 }' words.c | grep -o '"[^"]*"' | tr -d '"'
}

check()
{
	n=$((n + 1))
	if [ -n "$(header_words "$2" "$3")" ] &&
	   [ "$(header_words "$2" "$3")" = "$(table_words "$1")" ]; then
		echo "ok $n - words: $2"
	else
		echo "not ok $n - words: $2"
		failed=1
	fi
}

check encap weft_encap WEFT_ENCAP_
check state weft_state WEFT_STATE_
check path weft_path WEFT_PATH_
check drop weft_drop_reason WEFT_DROP_REASON_
check step weft_step WEFT_STEP_
check action weft_action WEFT_ACTION_
check via weft_via WEFT_VIA_
check class weft_class WEFT_CLASS_
check cast weft_cast WEFT_CAST_
check frag weft_frag WEFT_FRAG_
check hw weft_hw WEFT_HW_
check event weft_event_type WEFT_EVENT_TYPE_
header=../../uapi/linux/weft_link.h
check df weft_df WEFT_DF_
check fastpath weft_fastpath WEFT_FASTPATH_
check sources weft_sources WEFT_SOURCES_
echo "1..$n"
exit $failed
