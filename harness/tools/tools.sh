#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# tools: measures what existing tools say of each lab and of its solution.
#
#   harness/tools/tools.sh              all labs; ON=31 (or ON="31 12") only these,
#                                       TOOL=helgrind only that tool
#   harness/tools/tools.sh show N TOOL  one run in full, and what follows from it
#   harness/tools/tools.sh table        runs nothing: the table from what is kept
#
# Which command is run, and what in its output counts as telling, is in rules.tsv.
# What came out is kept below build/tools/NN/; what is there, and no older than
# the lab and its rule, is not run again (AGAIN=1 does). The verdicts are in
# harness/tools.tsv. JOBS=n labs at a time, SECONDS_EACH=n at most for one run.
# shellcheck disable=SC1091,SC2154  # rules.sh: evidence, command, tells, says, why
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
. harness/tools/rules.sh
. harness/tools/labs.sh

table=${table:-harness/tools.tsv}
seconds=${SECONDS_EACH:-120}
export LC_ALL=C NO_COLOR=1

# The words of a Needs: line that a compiler must know, and a shared object.
flags_of() {
    local needs objects object
    needs=$(sed -n '/\*\//q; s/^ \* Needs: *//p' "$1" | tr ',' ' ')
    # shellcheck disable=SC2086
    [ -z "$needs" ] || build/forklab needs $needs || return
    objects=(labs/"$2"-*.so.c)
    [ ! -e "${objects[0]}" ] || {
        object=${objects[0]%.c}
        printf ' -Wl,--as-needed -Lbuild/labs -l:%s -Wl,-rpath,%s' "${object#labs/}" "$PWD/build/labs"
    }
}

# missing COMMAND SOURCE: says why it cannot be run here.
missing() {
    local word
    for word in gcc clang clang-tidy cppcheck valgrind strace; do
        [[ " $1" != *" $word "* ]] || command -v "$word" >/dev/null || {
            echo "$word is not installed (make setup tools)"
            return
        }
    done
    if [[ $1 == *"$made"* ]] && grep -q '^ \* Needs: .*mariadb' "$2"; then
        echo "needs the MariaDB that forklab starts"
    fi
}

# Where a command may leave what it likes, and nothing of it lives on.
alone() {
    if [ "$(id -u)" -eq 0 ]; then
        setsid unshare --pid --fork --kill-child --mount-proc "$@"
    else
        setsid unshare --user --map-root-user --pid --fork --kill-child --mount-proc "$@"
    fi
}

# kept FILE COMMAND SOURCE: is what is there still true?
kept() {
    [ -z "${AGAIN-}" ] && [ -e "$1" ] && [ "$1" -nt "$3" ] &&
        [ "$(head -n 1 "$1")" = "\$ $2" ] &&
        ! tail -n 1 "$1" | grep -q 'not run: still busy'
}

# one LAB TOOL lab|cure: runs it, unless that has been done.
one() {
    local source flags reason how file=$evidence/$1/$2.$3 made=$evidence/$1/$2.$3.program
    local directory=labs command tells
    [ "$3" = lab ] || directory=solutions
    for source in "$directory/$1"-*.c; do
        [[ $source == *.so.c ]] || break
    done
    mkdir -p "$evidence/$1"
    rule "$1" "$2"
    flags=$(flags_of "$source" "$1" 2>/dev/null) || reason="this machine has not what the lab needs"
    command=${command//'{build}'/"-std=gnu17 -O1 -g -pthread -Ilabs {source} -o {program} {flags}"}
    command=${command//'{source}'/$source}
    command=${command//'{program}'/$made}
    command=${command//'{flags}'/$flags}
    ! kept "$file" "$command" "$source" || return 0
    reason=${reason:-$(missing "$command" "$source")}
    how="not run: $reason"
    if [ -z "$reason" ]; then
        how='not run: no PID namespace here'
        rm -f "$file.end"
        alone bash harness/tools/watch.sh "$seconds" "$file.end" "$command" \
            >"$file.out" 2>"$file.err" </dev/null
        [ ! -s "$file.end" ] || how=$(<"$file.end")
        [ "$how" != deadline ] || how="not run: still busy after $seconds s"
    fi
    {
        printf '$ %s\n%%%% stdout\n' "$command"
        [ ! -e "$file.out" ] || head -c 100000 "$file.out"
        printf '\n%%%% stderr\n'
        [ ! -e "$file.err" ] || head -c 400000 "$file.err"
        printf '\n%%%% end: %s\n' "$how"
    } >"$file"
    rm -f "$file.out" "$file.err" "$file.end" "$made"
}

# The version of a tool, in a word.
version_of() {
    case $1 in
    gcc* | asan | tsan) echo "gcc $(gcc -dumpfullversion)" ;;
    clang*) echo "clang $(clang -dumpversion)" ;;
    cppcheck) cppcheck --version | tr '[:upper:]' '[:lower:]' ;;
    memcheck | helgrind | drd) valgrind --version | tr - ' ' ;;
    strace) strace -V | sed -n '1s/.*version /strace /p' ;;
    esac 2>/dev/null
}

versions() {
    local tool
    [ -n "${version_lines-}" ] || version_lines=$(for tool in $(all_tools); do
        printf '%s\t%s\n' "$tool" "$(version_of "$tool")"
    done)
    echo "$version_lines"
}

# rows LAB: the rows of the table that follow from what is kept of this lab.
rows() {
    local tool says why version day
    day=$(date -r "$evidence/$1" +%F)
    while IFS=$'\t' read -r tool version; do
        verdict "$1" "$tool" || continue
        printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$tool" "$says" "$version" "$day" "$why"
    done < <(versions) >"$evidence/$1/rows"
}

# measure LAB: runs all that is asked for.
measure() {
    local tool
    mkdir -p "$evidence/$1"
    for tool in plain ${TOOL:-$(all_tools)}; do
        one "$1" "$tool" lab
        one "$1" "$tool" cure
    done
    rows "$1"
    printf '  lab %s: %s\n' "$1" "$(cut -f 2,3 "$evidence/$1/rows" | grep -v 'silent$' |
        tr '\t\n' ' ;')"
}

# A row for each lab and tool, of which nobody has measured anything.
unmeasured() {
    local lab tool tools today
    tools=$(all_tools) today=$(date +%F)
    for lab in $(labs_of); do
        for tool in $tools; do
            printf '%s\t%s\tnot run\t\t%s\tnot measured yet\n' "$lab" "$tool" "$today"
        done
    done
}

# What was measured replaces what the table said of it; the rest stays.
merge() {
    local new
    new=$(mktemp) || exit 4
    {
        printf 'lab\ttool\tsays\tversion\tdate\twhy\n'
        { cat "${fresh[@]}"; [ ! -e "$table" ] || sed 1d "$table"; unmeasured; } |
            awk -F '\t' '!seen[$1, $2]++' |
            awk -F '\t' 'FNR == NR { order[$1] = NR; next } { print order[$2] "\t" $0 }' \
                <(all_tools) - | sort -t $'\t' -k 2,2 -k 1,1n | cut -f 2-
    } >"$new" && cat "$new" >"$table"
    rm -f "$new"
}

show() {
    local says why which
    rule "$1" "$2" || {
        echo "error: there is no tool '$2': $(all_tools | tr '\n' ' ')" >&2
        exit 2
    }
    one "$1" plain lab
    one "$1" plain cure
    for which in lab cure; do
        AGAIN=1 one "$1" "$2" "$which"
        printf '======== %s of lab %s ========\n' "$which" "$1"
        cat "$evidence/$1/$2.$which"
    done
    verdict "$1" "$2"
    printf '======== %s: %s%s\n' "$2" "$says" "${why:+: $why}"
    printf 'what counts as telling: %s\n' "$tells"
}

case ${1-} in
show)
    [ $# -eq 3 ] || { echo "usage: make tool-31 TOOL=helgrind" >&2; exit 2; }
    show "$(labs_of "$2")" "$3"
    ;;
measure) measure "$2" ;;
table | '')
    # shellcheck disable=SC2086
    mapfile -t labs < <(labs_of ${ON-})
    versions >/dev/null
    export version_lines
    if [ "${1-}" = table ]; then
        for lab in "${labs[@]}"; do [ ! -d "$evidence/$lab" ] || rows "$lab"; done
    else
        printf '%s\n' "${labs[@]}" | xargs -P "${JOBS:-2}" -n 1 "$0" measure
    fi
    fresh=("$evidence"/[0-9]*/rows)
    merge
    cut -f 3 "$table" | sed 1d | sort | uniq -c
    ;;
*)
    echo "usage: harness/tools/tools.sh [show N TOOL | table]" >&2
    exit 2
    ;;
esac
