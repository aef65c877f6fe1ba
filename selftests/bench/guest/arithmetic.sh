# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: sums with fractions, where nothing stands for "not measured".

# shellcheck disable=SC2154	# the globals of measure and the other files

# least A B
least()
{
	awk -v a="$1" -v b="$2" 'BEGIN { print (b == "" || a + 0 < b + 0) ? a : b }'
}

# difference A B
difference()
{
	awk -v a="$1" -v b="$2" 'BEGIN { if (a != "") printf "%.1f\n", a - b }'
}

# quotient A B
quotient()
{
	awk -v a="$1" -v b="$2" 'BEGIN { if (a != "") printf "%.1f\n", a / b }'
}

# result NAME WEFT PEER BASE UNIT
result()
{
	awk -v name="$1$suffix" -v weft="$2" -v peer="$3" -v base="$4" \
		-v unit="$5" '
	BEGIN {
		ratio = "null"
		if (weft != "" && peer != base)
			ratio = sprintf("%.3f", (weft - base) / (peer - base))
		if (weft == "")
			weft = "null"
		printf "{\"name\": \"%s\", \"weft\": %s, \"peer\": %s, ",
			name, weft, peer
		printf "\"base\": %s, \"ratio\": %s, \"unit\": \"%s\"}\n",
			base, ratio, unit
	}'
}

# figure NAME WEFT UNIT: one that has nothing beside it
figure()
{
	printf '{"name": "%s", "weft": %s, "unit": "%s"}\n' "$1$suffix" "$2" "$3"
}
