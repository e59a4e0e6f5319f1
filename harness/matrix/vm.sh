# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# vm: what matrix.sh does for linux-6.1, linux-6.12 and arm64: every lab with another
# kernel, in QEMU. An emulator of programs alone (qemu-user) is no Linux: its vfork
# is fork.
#
#   RUNS=5 of each here: a processor that is emulated takes 10 to 100 times as long
#   ACCEL=tcg   kvm: faster, where it works; inside a virtual machine it may hang
#   LIMIT=3000  seconds until the machine is switched off; what is not done by then
#               is counted, and the same command goes on with it
#   BOOT=600    seconds within which it must have started
#
# All of the system is an initramfs: the directory of the release, the modules that
# labs and the console need, and init.sh. Debian's kernel is taken from its package.
# The rows come back through a directory that host and machine share (9p).
# matrix.sh includes this file; below, mirror, make_root() and the like are there.

# shellcheck disable=SC2154  # below, mirror and packages: see there

vm_names='linux-6.1 linux-6.12 arm64'

# Modules that labs, the proof (other ends of unix sockets) and 9p need.
vm_modules='unix_diag tcp_diag udp_diag af_packet virtio_pci 9p 9pnet_virtio'

# vm_describe NAME: what it is, in vm_*; fails if there is none.
vm_describe() {
    vm_arch=amd64 vm_image=linux-image-amd64
    vm_qemu='qemu-system-x86_64 -M q35 -cpu max' vm_console=ttyS0
    vm_libcs=${LIBC:-glibc musl}
    case $1 in
    linux-6.1) vm_suite=bookworm vm_root=$below/bookworm ;;
    linux-6.12) vm_suite=trixie vm_root=$below/trixie ;;
    arm64)
        vm_root=$below/arm64/tools/target
        vm_suite=bookworm vm_arch=arm64 vm_image=linux-image-arm64
        # Signed pointers by the standard's cipher take most of the emulator's time.
        vm_qemu='qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on'
        vm_console=ttyAMA0
        # The compiler for arm64 knows glibc alone.
        vm_libcs=glibc
        ;;
    *) return 1 ;;
    esac
}

is_vm() {
    case $1 in
    linux-* | arm64) return 0 ;;
    *) return 1 ;;
    esac
}

# vm_missing NAME: a line for each thing that is not there.
vm_missing() {
    local tool tools
    vm_describe "$1"
    tools=("${vm_qemu%% *}" cpio depmod modprobe xz setpriv)
    case $1-$HOSTTYPE in
    arm64-* | linux-*-x86_64) ;;
    *) echo "a processor of x86-64, for $1" ;;
    esac
    for tool in "${tools[@]}"; do
        command -v "$tool" >/dev/null || echo "$tool: make setup matrix"
    done
}

# extract INCLUDE DIRECTORY: packages of that suite and architecture, unpacked and
# not installed: nothing of another architecture is run.
vm_extract() {
    # shellcheck disable=SC2016  # mmdebstrap gives the hook its directory
    mmdebstrap --quiet --mode=root --variant=extract --architectures="$vm_arch" \
        --setup-hook='for d in bin lib sbin; do
            mkdir -p "$1/usr/$d" && ln -s "usr/$d" "$1/$d" || exit; done' \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$1" "$vm_suite" "$2" "$mirror" >"$2.log" 2>&1 && return 0
    tail -n 3 "$2.log" >&2
    echo "matrix: $2: could not be made; see $2.log" >&2
    return 1
}

# The system of another architecture: what its maintainer scripts would have made,
# as far as labs need it, is made here.
vm_foreign_root() {
    local root=$vm_root more=base-files,base-passwd,bash,dash,coreutils,util-linux
    more+=,grep,sed,mawk,findutils,hostname,libgomp1,mariadb-server-core
    [ ! -e "$root/made" ] || return 0
    rm -rf --one-file-system "$root"
    echo "matrix: arm64: mmdebstrap"
    vm_extract "$packages,$more" "$root" || return
    cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
    cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
    ln -sf dash "$root/bin/sh"
    ln -sf gcc "$root/usr/bin/cc"
    ln -sf mawk "$root/usr/bin/awk"
    echo '127.0.0.1 localhost' >"$root/etc/hosts"
    touch "$root/made"
}

# A system that compiles for arm64; the one for arm64 lies in it, at /target. On
# this machine itself that compiler may not be had: it conflicts with gcc -m32.
vm_tools() {
    local root=$below/arm64/tools
    [ ! -e "$root/made" ] || return 0
    rm -rf --one-file-system "$root"
    echo "matrix: arm64: mmdebstrap, the compiler"
    mmdebstrap --quiet --mode=root --variant=minbase \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$packages,gcc-aarch64-linux-gnu" "$vm_suite" "$root" "$mirror" \
        >"$root.log" 2>&1 || {
        tail -n 3 "$root.log" >&2
        echo "matrix: $root: could not be made; see $root.log" >&2
        return 1
    }
    touch "$root/made"
}

# The project for arm64. What a Needs: line asks of the compiler is told by a runner
# that can be run here, so the labs come first, and then the runner for there.
vm_cross_build() {
    local root=$below/arm64/tools
    copy_project "$root"
    # shellcheck disable=SC2016  # for the shell inside
    inside "$root" sh -c '
        cd /forklab && make -j2 build/forklab && cd /target/forklab || exit
        cc="aarch64-linux-gnu-gcc --sysroot=/target"
        mkdir -p build && cp /forklab/build/forklab build/
        make -k -j2 -o build/forklab CC="$cc" PKG_CONFIG=false build
        rm build/forklab
        make -j2 CC="$cc" PKG_CONFIG=false build/forklab'
}

# The system and the project in it.
vm_system() {
    if [ "$1" = arm64 ]; then
        vm_tools && vm_foreign_root || return
    else
        make_root "$vm_suite" || return
    fi
    copy_project "$vm_root"
    echo "matrix: $1: build"
    if [ "$1" = arm64 ]; then
        vm_cross_build
    else
        inside "$vm_root" sh /inside.sh build
    fi >"$below/$1/build.log" 2>&1 || {
        grep -m 3 error: "$below/$1/build.log" >&2
        echo "matrix: $1: forklab could not be built; see $below/$1/build.log" >&2
        return 1
    }
}

# The kernel, and all of its modules; the version in vm_version.
vm_kernel() {
    local kernel=$below/$1/kernel
    [ -e "$kernel/made" ] || {
        rm -rf --one-file-system "$kernel"
        vm_extract "$vm_image,busybox-static" "$kernel" || return
        touch "$kernel/made"
    }
    vm_version=$(cd "$kernel/lib/modules" && echo *)
    depmod -b "$kernel" "$vm_version"
}

# vm_left NAME LIBC LAB...: which of them are to be run. It is found out here: there
# it takes an emulated minute.
vm_left() {
    local rows=$below/$1/rows
    [ -z "${AGAIN-}" ] || rows=/nowhere
    FORKLAB=$vm_root/forklab ROWS=$(realpath -m "$rows") \
        sh harness/matrix/inside.sh left "$2" "$runs" "${@:3}" 2>/dev/null | tr '\n' ' '
}

# vm_overlay NAME LAB...: /init and /vm, which are not in the directory of the
# release.
vm_overlay() {
    local name=$1 kernel=$below/$1/kernel over=$below/$1/overlay path libc left
    shift
    rm -rf "$over"
    mkdir -p "$over/vm"
    for path in $vm_modules; do
        modprobe -d "$kernel" -S "$vm_version" --show-depends "$path"
    done | sed -n 's/^insmod //p' | awk '!seen[$1]++ { print $1 }' |
        while read -r path; do
            path=${path%.xz}
            if [ -e "$path.xz" ]; then
                xz -dc "$path.xz" >"$over/vm/${path##*/}"
            else
                cp "$path" "$over/vm/"
            fi
            echo "${path##*/}"
        done >"$over/modules"
    mv "$over/modules" "$over/vm/modules"
    cp "$kernel/bin/busybox" "$over/vm/busybox"
    cp harness/matrix/inside.sh "$over/vm/inside.sh"
    cp harness/matrix/init.sh "$over/init"
    chmod 755 "$over/init"
    for libc in $vm_libcs; do
        left=$(vm_left "$name" "$libc" "$@")
        [ -z "$left" ] || printf "sh /vm/inside.sh run %s %s %s %s '%s' %s\n" \
            "$name" "$libc" "$runs" "${JOBS:-2}" "${AGAIN-}" "$left"
    done >"$over/vm/work"
}

# Not compressed: an emulated processor takes longer to unpack it than to boot.
vm_initramfs() {
    local over=$below/$1/overlay
    {
        (cd "$vm_root" && find . -xdev \( -path ./rows -o -path ./boot -o \
            -path ./var/cache -o -path ./var/lib/apt -o -path ./usr/share/doc -o \
            -path ./usr/share/man -o -path ./usr/share/locale -o \
            -path ./usr/share/info -o -path ./usr/share/mysql \) -prune \
            -o -print0 | cpio --quiet --null -o -H newc)
        (cd "$over" && find . -print0 | cpio --quiet --null -o -H newc)
    } >"$below/$1/initramfs"
}

vm_stop() {
    [ -z "${vm_pid-}" ] || kill "$vm_pid" 2>/dev/null
}

# vm_boot NAME: until the machine is off, silent for too long or out of time.
vm_boot() {
    local here=$below/$1 boot=${BOOT:-600} limit=${LIMIT:-3000} start=$SECONDS
    local options=(-accel "${ACCEL:-tcg}" -smp 2 -m 4G -nographic -no-reboot)
    rm -f "$here/rows/started" "$here/rows/done"
    # shellcheck disable=SC2086  # QEMU and its machine
    setpriv --pdeathsig TERM timeout -k 5 "$limit" setpriv --pdeathsig KILL \
        $vm_qemu "${options[@]}" -nic none -kernel "$here/kernel/boot/vmlinuz-$vm_version" \
        -initrd "$here/initramfs" -append "console=$vm_console quiet panic=-1 mitigations=off" \
        -virtfs "local,path=$here/rows,mount_tag=rows,security_model=none" \
        </dev/null >"$here/console" 2>&1 &
    vm_pid=$!
    disown "$vm_pid" # bash would tell how it ended
    while kill -0 "$vm_pid" 2>/dev/null; do
        [ -e "$here/rows/started" ] || [ $((SECONDS - start)) -lt "$boot" ] || {
            vm_stop
            echo "matrix: $1: it has not started within $boot s; see $here/console" >&2
            boot=$limit
        }
        sleep 1
    done
    vm_pid=
    [ -e "$here/rows/started" ] || {
        echo "matrix: $1: the machine did not start; see $here/console" >&2
        tail -n 3 "$here/console" >&2
        return 1
    }
    grep '^  NO ' "$here/rows/doctor"
    [ -e "$here/rows/done" ] || {
        echo "matrix: $1: out of time after $(find "$here/rows" -name '*.row' -newer \
            "$here/rows/started" | wc -l) rows; the same command goes on with the rest" >&2
        return 1
    }
}

measure_vm() {
    local name=$1 runs=${RUNS:-5} status
    vm_describe "$name" || return
    mkdir -p "$below/$name/rows"
    vm_system "$name" && vm_kernel "$name" || return
    # shellcheck disable=SC2086  # several words
    vm_overlay "$name" ${LAB-}
    [ -s "$below/$name/overlay/vm/work" ] || {
        echo "matrix: $name: all runs are there"
        merge
        return
    }
    vm_initramfs "$name"
    echo "matrix: $name: Linux $vm_version, $runs runs of each"
    trap 'vm_stop; merge' EXIT
    vm_boot "$name"
    status=$?
    merge
    return "$status"
}

for suite in ${ON-}; do
    if is_vm "$suite" && ! vm_describe "$suite"; then
        echo "error: there is no $suite here; kernels are: $vm_names" >&2
        exit 2
    fi
done
