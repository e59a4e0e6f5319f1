#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# wild: how often a lab's hazard bites where nobody stages it (trials.h), with the
# 95 % interval of Clopper and Pearson. What is measured here is a rate of this
# machine, C library and load, and of these few lines of work: the order of a
# size, not a constant.
#
#   harness/unstaged/wild.sh run N [FORKS]      says it; 1000 forks
#   harness/unstaged/wild.sh measure [N...]     writes it to harness/unstaged/unstaged.tsv
#   harness/unstaged/wild.sh page N             a row of that, as in the page
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
table=${table:-harness/unstaged/unstaged.tsv}
most=300 # seconds; with these, none has come near it
export LC_ALL=C

give_up() {
    printf 'error: %s\n' "$2" >&2
    exit "$1"
}

all() {
    printf '%s\n' harness/unstaged/[0-9][0-9].c | grep -o '[0-9]*\.c$' | cut -c 1-2
}

# trial N FORKS: sets bitten, forks and first.
trial() {
    local program=build/harness/unstaged/$1
    make -s "$program" >&2 || give_up 3 "lab $1 without a stage could not be built"
    [ -e "$program" ] || give_up 3 "lab $1 without a stage was not built"
    read -r bitten forks first < <(timeout "$most" "$program" "$2" </dev/null) ||
        give_up 3 "lab $1: $2 forks gave no result in $most s"
}

# says BITTEN FORKS: "3 of 1000 forks, 0.3 % (95 %: 0.06 to 0.87 %)"
says() {
    awk -v k="$1" -v n="$2" -f harness/unstaged/interval.awk | awk -v k="$1" -v n="$2" '{
        printf "%d of %d forks, %.3g %% (95 %%: %.2g to %.3g %%)", k, n, 100 * k / n,
            100 * $1, 100 * $2 }'
}

run() {
    compgen -G "harness/unstaged/$1.c" >/dev/null ||
        give_up 2 "lab $1 has no variant without a stage; there is one of $(all | xargs)"
    [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || give_up 2 "$2: not a number of forks, 1 to 999999"
    trial "$1" "$2"
    printf 'lab %s without a stage: bitten in %s' "$1" "$(says "$bitten" "$forks")"
    [ "$first" -eq 0 ] || printf ', first in fork %d' "$first"
    echo
}

# Enough forks to see one in some hundred, and of lab 36 one in some thousand; lab
# 42 bites always, and OpenMP spins for a while before it sleeps.
measure() {
    local lab new
    for lab in "$@"; do
        case $lab in
        36) trial "$lab" 20000 ;;
        42) trial "$lab" 200 ;;
        *) trial "$lab" 2000 ;;
        esac
        new=$(mktemp) || exit 4
        {
            printf 'lab\tbitten\tforks\tfirst\tlibc\tkernel\tarch\tcpus\tload\tdate\n'
            {
                printf '%s\t%d\t%d\t%d\t%s\t%s\t%s\t%d\t%s\t%s\n' "$lab" "$bitten" \
                    "$forks" "$first" "$(getconf GNU_LIBC_VERSION)" \
                    "$(uname -r | sed 's/-.*//')" "$(uname -m)" "$(nproc)" \
                    "$(cut -d ' ' -f 1 /proc/loadavg)" "$(date +%F)"
                [ ! -e "$table" ] || sed 1d "$table"
            } | awk -F '\t' '!seen[$1]++' | sort
        } >"$new" && cat "$new" >"$table"
        rm -f "$new"
        printf 'lab %s: %s\n' "$lab" "$(says "$bitten" "$forks")"
    done
}

# shellcheck disable=SC2016
page() {
    local lab bitten forks first libc kernel arch cpus load date
    while IFS=$'\t' read -r lab bitten forks first libc kernel arch cpus load date; do
        [ "$lab" = "$1" ] || continue
        printf 'Without a stage (`make wild-%s`: no events, threads at full speed) it bit in\n' "$lab"
        printf '%s.\n' "$(says "$bitten" "$forks")"
        printf '%s, Linux %s, %s, %d CPUs, load %s, %s.\n' "$libc" "$kernel" "$arch" \
            "$cpus" "$load" "$date"
        return
    done < <(sed 1d "$table")
    printf 'Not measured yet: `harness/unstaged/wild.sh measure %s`.\n' "$1"
}

case ${1-} in
run | page)
    [[ ${2-} =~ ^[0-9]{1,2}$ ]] || give_up 2 "usage: harness/unstaged/wild.sh $1 N"
    "$1" "$(printf '%02d' "$((10#$2))")" "${3:-1000}"
    ;;
measure)
    shift
    [ $# -gt 0 ] || mapfile -t labs < <(all)
    measure "${@:-${labs[@]}}"
    ;;
*)
    give_up 2 "usage: harness/unstaged/wild.sh run N [FORKS] | measure [N...] | page N"
    ;;
esac
