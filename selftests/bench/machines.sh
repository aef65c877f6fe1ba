# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: the two machines to measure in, and what they need.

# shellcheck disable=SC2154	# bench top kinds perf

work=$top/build/bench

# in_qemu NAME...: measure with one instruction a nanosecond
in_qemu()
{
	local folder=$work/qemu release profiling=()

	release=$(vm_release) || die 'no 6.12 kernel with headers: run make deps'
	prepare "$folder" "/lib/modules/$release/build" "build/$release"
	echo "/bench/guest/measure icount '${kinds[*]}' $perf $*" \
		>"$folder/command"
	"$bench/initramfs" "$release" "$folder" >"$work/initramfs"
	mkfifo "$folder"/{input,trace,monitor.in,monitor.out}
	exec 3<>"$folder/input" 4<>"$folder/monitor.out"
	if [ -n "$perf" ]; then
		profiling=(-monitor "pipe:$folder/monitor")
	fi
	timeout 1200 qemu-system-x86_64 -accel tcg \
		-icount shift=0,sleep=off -cpu qemu64,+rdrand \
		-smp 1 -m 2G "${profiling[@]}" \
		-nodefaults -nographic -no-reboot \
		-serial "file:$folder/console" -serial stdio \
		-kernel "/boot/vmlinuz-$release" -initrd "$work/initramfs" \
		-append "console=ttyS0 quiet nokaslr panic=-1 \
			rdinit=/bench/guest/init" <&3 |
		results qemu "$folder" || {
			tail -n 50 "$folder/console" >&2
			die 'failed in QEMU'
		}
}

# in_uml NAME...: measure at native speed
in_uml()
{
	local folder=$work/uml kernel

	kernel=$("$top/selftests/vm/uml-kernel" 6.12-plain)
	prepare "$folder" "$kernel" build/uml-6.12-plain ARCH=um
	cat >"$folder/command" <<-END
		for module in $folder/modules/*; do
			[ ! -e \$module ] || insmod \$module || exit
		done
		$folder/guest/measure ns '${kinds[*]}' $perf $*
		echo exit \$?
	END
	"$top/selftests/vm/uml" 6.12-plain bash "$folder/command" |
		results uml "$folder" || die 'failed in User-Mode Linux'
}

# prepare FOLDER KDIR BUILD [ARCH=um]: build weft for a kernel, and put what
# guest/measure needs into FOLDER
prepare()
{
	rm -rf "$1"
	mkdir -p "$1"/{bin,batches,modules,nic}
	cp -r "$bench/guest" "$1"
	"$bench/batches" "$1/batches"
	gcc -O2 -Wall -static -o "$1/bin/stream" "$bench/stream.c"
	if [[ ${kinds[*]} = *weft* ]]; then
		# The options of an outer make would reach the kernel's build.
		unset MAKEFLAGS MFLAGS MAKELEVEL
		make -s -C "$top" tool >&2
		make -s -C "$top" modules "KDIR=$2" "BUILD=$3" "${@:4}" >&2
		cp "$top/$3/kernel/weft.ko" "$1/modules"
		cp "$top/$3"/drivers/weftnic/*.ko "$1/nic" 2>/dev/null || :
		cp "$top/build/tools/weft" "$1/bin"
	fi
}

# results MACHINE FOLDER: take what guest/measure prints: JSON goes to the
# standard output, other lines are for the profile or for people; fails without
# the line that says that all went well
results()
{
	local machine=$1 folder=$2 line status=1

	while read -r line; do
		case $line in
		'{'*)			echo "$line" ;;
		'symbol '*)		echo "${line#* }" >>"$folder/symbols" ;;
		'profile begins')	"${machine}_profile_begins" "$folder" ;;
		'profile ends')		"${machine}_profile_ends" "$folder" ;;
		'exit '*)		status=${line#exit } ;;
		*)			echo "$line" >&2 ;;
		esac
	done
	return "$status"
}
