#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# maze: random programs, natively and in the cage; called by `make maze`.
# harness/tests/maze/maze.h says what such a program is. Whatever waits for time
# there has waited after 2 s, so that what has not ended natively after 3 s never
# ends.
#
#   harness/tests/maze.bash COUNT [FIRST]    so many seeds, from FIRST on
#   harness/tests/maze.bash PLAN...          these, files that `maze show` wrote
#
#   JOBS=n        so many at once (8: they sleep most of the time)
#   FALSIFY=s     how long a proof is watched on (2)
#   DEADLINE=s    of the cage (6)
#   FORKLAB=, MAZE=  other programs than those in build/
#
# A line for each program that is not as it should be:
#   false     proved, and moved after that: a false HANG
#   differs   proved, though natively it ended, each of three times: a race that
#             comes out another way in the cage, or a change that the cage makes;
#             it is to be looked at, and does not count
#   missed    never ends, and is not proved before the deadline
#   broken    anything else that the runner said
# One that somebody outside could wake, a client or by SIGCONT, is neither.
# The last line has the two figures. Status 1: a false HANG, or less than 95 % of
# those that never end are proved (of fewer than 150: less than 85 %), or more than
# a tenth of all were interrupted.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
forklab=${FORKLAB:-build/forklab} maze=${MAZE:-build/tests/maze/maze}
falsify=${FALSIFY:-2} deadline=${DEADLINE:-6} jobs=${JOBS:-8}

# in_cage DEADLINE PLAN: sets status, and line to what the runner said. With
# interrupted, it says that the cage has changed the program (a signal came before
# it had heard a call), so that it proves nothing.
in_cage() {
    status=0
    line=$(timeout -k 5 120 "$forklab" cage --deadline "$1" \
        --falsify "$falsify" -- "$maze" run "$2" </dev/null 2>&1) || status=$?
    interrupted=
    [[ $line != *'A signal interrupted a system call'* ]] || interrupted=yes
    line=$(tr -s '\n ' '  ' <<<"$line" |
        sed -E 's/.* VERDICT //; s/ seen .*//; s/ left .*//')
}

# ends PLAN: natively, within 3 s.
ends() {
    timeout -k 5 60 "$maze" native "$1" 3 </dev/null >/dev/null 2>&1
}

# Proved, and it held. Natively it should not end either; which of the two comes
# may be decided by a race, so that only what always differs counts.
judge_hang() {
    wait "$beside" || {
        echo "$1 proved"
        return
    }
    for _ in 1 2; do
        in_cage "$deadline" "$1"
        [ "$status" -ne 4 ] || {
            echo "$1 false $line"
            return
        }
        if [[ $line != 'HANG (proved)'* ]] || ! ends "$1"; then
            echo "$1 race"
            return
        fi
    done
    echo "$1 differs $line"
}

# Not proved, and not ended.
judge_rest() {
    if wait "$beside"; then
        echo "$1 slow"
    elif [[ $line = *'a client may come'* || $line = *'(SIGCONT)'* ]]; then
        echo "$1 open"
    elif [ -n "$interrupted" ]; then
        echo "$1 interrupted"
    else
        echo "$1 missed $line"
    fi
}

# A short deadline first: then a part of it may be proved, beside what lives.
# Natively it runs at the same time.
judge() {
    local limit beside
    ends "$1" &
    beside=$!
    for limit in 0.5 "$deadline"; do
        in_cage "$limit" "$1"
        case $status:$line in
        4:*)
            echo "$1 false $line"
            ;;
        1:'HANG (proved)'*)
            judge_hang "$1"
            ;;
        [01]:'EXIT '* | [01]:'KILLED by '*)
            echo "$1 ended"
            ;;
        1:'NO PROGRESS'* | 1:'STILL RUNNING'*) continue ;;
        *)
            echo "$1 broken $status $line"
            ;;
        esac
        wait
        return
    done
    judge_rest "$1"
}

if [ "${1-}" = --judge ]; then
    judge "$2"
    exit
fi
[ $# -gt 0 ] || {
    echo "usage: maze.bash COUNT [FIRST] | PLAN..." >&2
    exit 2
}

if [[ $1 = [0-9]* ]]; then
    seq "${2:-1}" "$((${2:-1} + $1 - 1))"
else
    printf '%s\n' "$@"
fi | xargs -P "$jobs" -n 1 "$BASH" "harness/tests/maze.bash" --judge | awk '
    $2 ~ /^(false|differs|missed|broken)$/ { print; fflush() }
    { count[$2]++; all++ }
    END {
        never = count["proved"] + count["missed"]
        wrong = count["false"] + count["broken"]
        share = never ? 100 * count["proved"] / never : 100
        # A few tell nothing.
        few = never < 150 && share >= 85
        printf "%d programs: %d end, %d may do either, %d wait for others, " \
            "%d were interrupted by the cage, %d never end; ", all,
            count["ended"] + count["slow"], count["race"], count["open"],
            count["interrupted"], never
        printf "%d false HANG, %d differ, %d broken; ", count["false"],
            count["differs"], count["broken"]
        printf "of those that never end, %.1f %% are proved\n", share
        exit all == 0 || wrong > 0 || (share < 95 && !few) ||
            10 * count["interrupted"] > all
    }'
