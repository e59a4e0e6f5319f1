#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Grades a class: a directory with a directory for each student, whose C files
# (or those in its attempts/) are called as the labs are,
# 31-lock-nobody-holds.c.
#
#   harness/scripts/class.sh [--part I/N] SUBMISSIONS [OUT]       (OUT: build/class)
#
# An archive that was unpacked a directory too deep is no matter. What is looked
# at is said where it is nothing.
#
# OUT gets students/NAME/results.json and the other four files of `make grade`,
# a page for each attempt beside them, class.csv, class.html, which leads there,
# and joblog, GNU parallel's record of who took how long.
# A student who was graded, and has changed nothing since, is not graded again: a
# class that was interrupted goes on where it was.
#
# JOBS=n at a time (one more than there are CPUs), RUNS=k runs of each attempt, four
# of which are made at a time (BESIDE=m). First the solutions of what was handed
# in are graded, into OUT/base: an attempt may take 20 times what they took, and
# at least 3 s, but no longer than 10 s (see harness/course/base.h). A file that
# several have handed in, to the byte, is checked once.
# --part 3/100 grades a hundredth of the students, the third, for a cluster where
# all parts share OUT; `build/forklab class OUT` then makes the table.
#
# Status: 0 all are graded, 1 some could not be, 2 usage, 3 not possible here.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
export LC_ALL=C

give_up() {
    printf 'class: %s\n' "$2" >&2
    exit "$1"
}

# one NAME: GNU parallel calls it, in a process of its own.
one() {
    local place=$CLASS_OUT/students/$1
    [ -d "$place" ] || mkdir -p "$place" || return
    exec build/forklab grade --quiet --submission "$CLASS_SUBS/$1" --out "$place" \
        --stamp "$CLASS_STAMP" --pages --jobs "${BESIDE:-4}" \
        --base "$CLASS_OUT/base" --kept "$CLASS_OUT/kept" ${RUNS:+--runs "$RUNS"} \
        >"$place/log" 2>&1 </dev/null
}

# base N: how long does the solution of lab N take here? Graded as an attempt is.
base() {
    local place=$CLASS_OUT/base/$1 solution
    solution=$(echo "solutions/$1"-*.c)
    [ -e "$solution" ] || return 0
    mkdir -p "$place/solution" || return
    cp "$solution" "$place/solution/"
    build/forklab grade --quiet --submission "$place/solution" --out "$place" \
        --runs 2 >"$place/log" 2>&1 </dev/null
    printf '%s\n' "$CLASS_STAMP" >"$place/stamp"
}

# The numbers of the labs that anybody has handed in, and whose base is not known.
without_base() {
    find "$CLASS_SUBS" -mindepth 2 -maxdepth 7 -name '*.c' -printf '%f\0' 2>/dev/null |
        sed -zE 's/^(lab[-_]?)?0*([0-9]{1,2})[-_.].*/\2/; t; d' | sort -zun |
        while IFS= read -r -d '' number; do
            printf -v number %02d "$number"
            [ "$(cat "$CLASS_OUT/base/$number/stamp" 2>/dev/null)" = "$CLASS_STAMP" ] ||
                printf '%s\0' "$number"
        done
}

# Those who are to be graded, each name ended by a NUL. It reports on stderr who
# is not graded, and why.
students() {
    build/forklab students --stamp "$CLASS_STAMP" --part "$part" "$CLASS_SUBS" \
        "$CLASS_OUT"
}

# A student who has left the class does not stay in its table.
forget() {
    local place
    for place in "$CLASS_OUT"/students/*/; do
        place=${place%/}
        [ -e "$place/log" ] && [ ! -d "$CLASS_SUBS/${place##*/}" ] &&
            rm -r -- "$place"
    done
}

if [ "${1-}" = --one ] || [ "${1-}" = --base ]; then
    exec 9>&- # the lock is for the one who started us
    "${1#--}" "$2"
    exit
fi

part=1/1
if [ "${1-}" = --part ]; then
    part=${2-}
    if ! [[ $part =~ ^[1-9][0-9]*/[1-9][0-9]*$ ]] || [ "${part%/*}" -gt "${part#*/}" ]; then
        give_up 2 "--part needs I/N, 3/100 for example, not \"$part\""
    fi
    shift 2
fi
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ -z "$1" ]; then
    give_up 2 'which submissions? make class SUBS=DIR, with a directory for each student in it'
fi
# Empty is not set: `make class` hands both on, given or not.
for number in JOBS RUNS BESIDE; do
    [[ ${!number:-1} =~ ^[1-9][0-9]{0,4}$ ]] ||
        give_up 2 "$number is a number from 1 on, not \"${!number}\""
done
command -v parallel >/dev/null ||
    give_up 3 'GNU parallel is missing: sh harness/scripts/setup.sh class'
[ -x build/forklab ] || give_up 3 'forklab is not built yet: make build'
CLASS_SUBS=$(cd "$1" 2>/dev/null && pwd) ||
    give_up 3 "there is no directory $1"
mkdir -p "${2-build/class}/students" ||
    give_up 3 "cannot write ${2-build/class}"
CLASS_OUT=$(cd "${2-build/class}" && pwd)
CLASS_STAMP=$(build/forklab --version; echo "${RUNS-}"; cat labs/*.[ch] | sha256sum)
export CLASS_SUBS CLASS_OUT CLASS_STAMP

log=$CLASS_OUT/joblog list=$CLASS_OUT/ungraded
if [ "$part" != 1/1 ]; then
    log+=.${part%/*} list+=.${part%/*}
else
    exec 9>"$CLASS_OUT/lock"
    flock -n 9 || give_up 3 "somebody else is grading into ${2-build/class}"
fi
students >"$list" || exit
[ "$part" != 1/1 ] || forget
bar=()
[ ! -t 2 ] || bar=(--bar)
# With as many as there are CPUs, a fifth of their time is left.
jobs=${JOBS:-$(($(nproc) + 1))}
interrupted=
trap 'interrupted=yes' INT TERM
without_base | parallel --null --will-cite --ungroup --jobs "$jobs" \
    harness/scripts/class.sh --base
failed=1
if [ -z "$interrupted" ]; then
    parallel --null --will-cite --ungroup "${bar[@]}" --jobs "$jobs" \
        --joblog "+$log" harness/scripts/class.sh --one <"$list"
    failed=$?
fi
rm -f "$list"
[ "$part" = 1/1 ] || exit $((failed > 0))
left=0
[ "$failed" -eq 0 ] || left=$(students 2>/dev/null | tr -cd '\0' | wc -c)
[ -z "$interrupted" ] ||
    give_up 1 "interrupted: $left are not graded yet; the same command goes on"
[ "$left" -gt 0 ] || rm -rf "$CLASS_OUT/kept"
build/forklab class "$CLASS_OUT" || exit
[ "$left" -eq 0 ] || give_up 1 "$left could not be graded: see students/NAME/log"
