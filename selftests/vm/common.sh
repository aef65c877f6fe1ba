# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by the scripts of this folder: where things are.

# shellcheck disable=SC2034	# used by those that source this
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/weft
mkdir -p "$cache"

# Debian's Python has the modules we need; another one in PATH may not.
python=/usr/bin/python3
[ -x "$python" ] || python=python3

die()
{
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# source_tar 6.12|7.2: the tarball of that kernel's source
source_tar()
{
	local dir

	for dir in /usr/src "$cache/src"; do
		[ -e "$dir/linux-source-$1.tar.xz" ] || continue
		echo "$dir/linux-source-$1.tar.xz"
		return 0
	done
	return 1
}

# find_qemu: that which make deps has unpacked, or the machine's own
find_qemu()
{
	local qemu=$cache/qemu/usr/bin/qemu-system-x86_64

	if [ -x "$qemu" ]; then
		echo "$qemu"
	else
		command -v qemu-system-x86_64
	fi
}

# has_igb QEMU: it has that NIC, as version 8 and later ones
has_igb()
{
	"$1" -device igb,help >/dev/null 2>&1
}

# vm_release: the newest 6.12 kernel that has an image and headers here
vm_release()
{
	local image release=

	while read -r image; do
		image=${image#/boot/vmlinuz-}
		[ -e "/lib/modules/$image/build" ] && release=$image
	done < <(find /boot -name 'vmlinuz-6.12*' ! -name '*cloud*' \
		! -name '*rt*' | sort -V)
	[ -n "$release" ] && echo "$release"
}
