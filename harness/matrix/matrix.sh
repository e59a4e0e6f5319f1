#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# matrix: runs every lab and every solution with the C libraries of several
# releases of Debian, and writes what came of it to harness/matrix.tsv.
#
#   harness/matrix/matrix.sh              bullseye, bookworm, trixie and sid
#   ON=trixie harness/matrix/matrix.sh    only these; ON="trixie sid"
#   ON=arm64                              in QEMU: linux-6.1, linux-6.12, arm64; vm.sh
#   LAB="31 12"                           only these labs
#   RUNS=20   JOBS=2   LIBC="glibc musl"  runs of each, labs at once, which libc
#
# Each release is a directory below build/matrix/, made by mmdebstrap with the
# mirror that this machine's apt uses; the project is copied to it, built and run
# there, in a mount namespace of its own: no mount is left. The kernel is this
# machine's. What has been measured with the same files is not measured again
# (AGAIN=1 does). It needs root, and some 600 MB for each release.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4

table=${table:-harness/matrix.tsv}
below=${below:-build/matrix}
runs=${RUNS:-20}
packages=gcc,libc6-dev,linux-libc-dev,make,libelf-dev,libdw-dev,libcjson-dev,pkg-config
packages+=,musl-tools,libmariadb-dev,libssl-dev,libsqlite3-dev,procps,diffutils

give_up() {
    printf 'error: %s\n' "$*" >&2
    exit 3
}

# All that is missing, once.
need() {
    local missing=()
    [ "$(id -u)" -eq 0 ] || missing+=("root (it makes directories with a system in them)")
    command -v mmdebstrap >/dev/null || missing+=("mmdebstrap: make setup matrix")
    command -v apt-get >/dev/null || missing+=("apt, which knows a mirror")
    for suite in ${ON-}; do
        ! is_vm "$suite" || mapfile -t -O "${#missing[@]}" missing < <(vm_missing "$suite")
    done
    [ "${#missing[@]}" -eq 0 ] || {
        printf 'error: make matrix cannot run here; missing:\n' >&2
        printf '  %s\n' "${missing[@]}" >&2
        exit 3
    }
    # shellcheck disable=SC2016  # apt-get fills it in
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' |
        grep '/debian/\{0,1\}$' | head -n 1)
    [ -n "$mirror" ] || give_up "this machine's apt has no mirror of Debian"
}

# make_root SUITE: the directory, unless it is there.
make_root() {
    local root=$below/$1 more=,mariadb-server-core
    [ "$1" != bullseye ] || more=,mariadb-server-core-10.5
    [ ! -e "$root/made" ] || return 0
    rm -rf --one-file-system "$root"
    mkdir -p "$below"
    echo "matrix: $1: mmdebstrap"
    mmdebstrap --quiet --mode=root --variant=minbase \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --include="$packages$more" "$1" "$root" "$mirror" >"$root.log" 2>&1 || {
        tail -n 3 "$root.log" >&2
        echo "matrix: $1: could not be made; see $root.log" >&2
        return 1
    }
    echo '127.0.0.1 localhost' >"$root/etc/hosts"
    touch "$root/made"
}

# The project as it is now, without what is built.
copy_project() {
    mkdir -p "$1/forklab"
    git ls-files -z | tar --null --files-from=- -c | tar -x -C "$1/forklab"
    cp harness/matrix/inside.sh "$1/inside.sh"
}

# inside ROOT COMMAND...: in that system, with /proc, /sys and /dev. Its root is
# really changed: in a chroot(2) the kernel makes no user namespace.
inside() {
    local root=$1
    shift
    # shellcheck disable=SC2016
    unshare --mount --propagation private sh -c '
        mount --bind "$0" "$0" && mount -t proc proc "$0/proc" && mount -t sysfs sysfs "$0/sys" &&
        mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp" || exit 3
        cd "$0" && pivot_root . . && umount -l . && cd / || exit 3
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            LC_ALL=C "$@"' "$root" "$@"
}

measure() {
    local root=$below/$1 libc
    ! is_vm "$1" || { measure_vm "$1"; return; }
    make_root "$1" || return
    copy_project "$root"
    echo "matrix: $1: build"
    inside "$root" sh /inside.sh build >"$root.build.log" 2>&1 || {
        grep -m 3 error: "$root.build.log" >&2
        echo "matrix: $1: forklab could not be built; see $root.build.log" >&2
        return 1
    }
    for libc in ${LIBC:-glibc musl}; do
        echo "matrix: $1: $libc, $runs runs of each"
        # shellcheck disable=SC2086  # LAB has several words
        inside "$root" sh /inside.sh run "$1" "$libc" "$runs" "${JOBS:-2}" \
            "${AGAIN-}" ${LAB-}
        merge
    done
}

# Rows replace those of the same lab, variant, system, libc and architecture.
merge() {
    local new rows=("$below"/*/rows/*/*.row)
    [ -e "${rows[0]}" ] || return 0
    new=$(mktemp) || exit 4
    {
        printf 'lab\twhich\tsystem\tlibc\tcompiler\tkernel\tarch\toutcome\tverdict\truns\tdate\n'
        { cat "${rows[@]}"; [ ! -e "$table" ] || sed 1d "$table"; } |
            awk -F '\t' '!seen[$1, $2, $3, $4, $7]++' | LC_ALL=C sort
    } >"$new" && cat "$new" >"$table"
    rm -f "$new"
}

# shellcheck source=harness/matrix/vm.sh disable=SC1091
. harness/matrix/vm.sh
need
# What is done is in the table, also of a run that is ended early.
trap merge EXIT
trap 'exit 130' INT TERM
worst=0
for suite in ${ON:-bullseye bookworm trixie sid}; do
    measure "$suite" || worst=1
done
echo "matrix: $table"
cut -f 3,4,2,8 "$table" | sed 1d | sort | uniq -c
exit "$worst"
