#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check: runs tests, each as a line of TAP; called by `make check` and `make
# check-long`, which are all of them, each one once. The last line is
# "N passed, N failed[, N skipped]"; the status is 0 only if nothing failed and
# something passed. Before it stands a table: the seconds that each suite took,
# its parts added up, and the processor time that it used.
#
# Most tests wait. So suites are cut into parts of some tests each, and several
# parts run at once, those of `long` suites first, so that none of them is left
# with one processor at the end; what they print comes in the order of the list.
# (bats --jobs needs more processor time than most of our tests.) A suite in
# `alone` runs when nothing else does.
#
# On INT, TERM and HUP everything that was started is ended first: each part
# runs in a session of its own, and carries our mark in its environment. TERM
# lets the tests clean up; 2 s later they are killed.
#
#   harness/tests/check.bash                   those that take some minutes
#   harness/tests/check.bash --long            the others: see `rare`
#   harness/tests/check.bash [FILE.bats...]    only these; labs.bats, cures.bats
#                        and mutants.bats are made from the directories
#   harness/tests/check.bash --write           writes these three, runs nothing
#   JOBS=n               so many parts at once (default: three a processor)
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
tests=harness/tests
made=build/tests

for tool in bats jq; do
    command -v "$tool" >/dev/null || {
        echo "error: the tests need $tool; install it:  make setup check" >&2
        exit 3
    }
done

# What a change seldom breaks that leaves the others green, and what takes long:
# the judge on damaged solutions, whatever may want out of the cage, processes of
# others under autopsy, attempts, grades and classes, random programs; and the
# project's own tools.
rare=" bench.bats mutants.bats cures.bats escape.bats autopsy.bats course.bats table.bats
    attempt.bats grade.bats class.bats maze.bats make.bats newlab.bats lint.bats install.bats
    suite.bats mutate.bats sanitizer.bats tools.bats
    matrix.bats "

# schema.bats reads the reports that all other suites have left. As root the fork
# bombs of escape.bats have users of their own; else they are those of all tests.
alone=" schema.bats "
[ "$EUID" -eq 0 ] || alone+="escape.bats "

# Those whose parts take longest; and how many tests a part has where that is not
# $part, for what each part costs (0.5 s of a processor) or how long it takes.
long=(class.bats grade.bats make.bats escape.bats course.bats proof.bats)
part=20
declare -A part_of=([class.bats]=2 [grade.bats]=4 [make.bats]=5 [course.bats]=8
    [escape.bats]=10)

jobs=${JOBS:-$((3 * $(nproc)))}
unset JOBS # it means something to class.sh, too

interruptible=(env --default-signal=INT --default-signal=QUIT)
"${interruptible[@]}" true 2>/dev/null || interruptible=(env)

# Everything that the tests leave is in here, and is removed with it.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bats-XXXXXX") || exit 4
# An ordinary user finds what a test gives to one.
chmod 711 "$scratch"
trap 'rm -rf "$scratch"' EXIT
export FORKLAB_SUITE=$$.${scratch##*-}

# The parts, in the order in which they are printed: the suite, which of its
# tests (a pattern of their names; none: all) and how many that are. What runs a
# part is in session[i], 0 if it is not started yet; ended[i] is set when it has
# ended.
names=() filters=() sizes=() session=() ended=()

# The pids of the tests: processes of their sessions, with our mark, or with a
# file in our directory among their arguments (a lab's server has an empty
# environment). What looks must not carry the mark: it would find itself.
running() {
    {
        # After the name, which may have blanks: state, parent, group, session.
        cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*)/ /' |
            awk -v sessions=" ${session[*]} " \
                '$5 != 0 && $2 != "Z" && index(sessions, " " $5 " ") {
                    print $1 }'
        {
            grep -lzxF "FORKLAB_SUITE=$FORKLAB_SUITE" /proc/[0-9]*/environ
            grep -laF -f <(echo "$scratch") /proc/[0-9]*/cmdline
        } 2>/dev/null | tr -cd '0-9\n'
    } | sort -u | grep -vxF "$$" | xargs
}

# end_with SIGNAL SECONDS: sends it to all of them, until none is left or the
# time is up. Then the status is 1.
end_with() {
    local pids end=$((SECONDS + $2))
    while pids=$(running) && [ -n "$pids" ]; do
        # shellcheck disable=SC2086 # several
        kill -s "$1" $pids 2>/dev/null
        [ "$SECONDS" -le "$end" ] || return 1
        sleep 0.1
    done
}

# The trap may run within a read, which has an IFS of its own.
interrupted() {
    local IFS=$' \t\n'
    trap '' INT TERM HUP
    export -n FORKLAB_SUITE
    [ ${#names[@]} -eq 0 ] || end_with TERM 2 || end_with KILL 10
    rm -rf "$scratch"
    echo "interrupted by $1: $passed passed, $failed failed so far" >&2
    trap - EXIT "$1"
    kill -s "$1" $$
}
for signal in INT TERM HUP; do
    # shellcheck disable=SC2064 # now
    trap "interrupted $signal" "$signal"
done

# One test for each lab and each solution: the directories are the list.
make_labs_bats() {
    local file stem number
    echo "load ../../$tests/helper"
    for file in labs/[0-9][0-9]-*.c; do
        stem=${file##*/} stem=${stem%.c}
        case $stem in *.*) continue ;; esac
        number=${stem%%-*}
        echo "@test \"lab $stem shows its hazard\" { lab $number hazard; }"
        echo "@test \"solution $stem is safe\" { lab $number safe --solution; }"
    done
}

# Likewise for mutants: NN-NAME.sed damages the solution of lab NN, any-NAME.sed
# each solution that it changes. They are compiled together, before the tests,
# and only if they have changed since the last time.
make_mutants_bats() {
    local file name solution number
    echo "load ../../$tests/helper"
    echo "setup_file() { compile_mutants; }"
    for file in "$tests"/mutants/*.sed; do
        name=${file##*/} name=${name%.sed}
        for solution in solutions/[0-9][0-9]-*.c; do
            number=${solution##*/} number=${number%%-*}
            case $name in
            any-*) ! sed -f "$file" "$solution" | cmp -s - "$solution" || continue ;;
            *) [ "${name%%-*}" = "$number" ] || continue ;;
            esac
            echo "@test \"solution $number with $name is$(sed -n '1s/^#//p' "$file")\" {"
            echo "    mutant $number $name; }"
        done
    done
}

# What a student may write: cures/NN-NAME.sed makes a lab safe in another way
# than the solution does, sly/NN-NAME.sed only makes it look so. What no run can
# tell from a cure, flagged/NN-NAME.sed, is safe, and flagged.
make_cures_bats() {
    local file name kind
    echo "load ../../$tests/helper"
    for kind in cures sly flagged; do
        for file in "$tests/$kind"/*.sed; do
            name=${file##*/} name=${name%.sed}
            case $kind in
            cures) echo "@test \"lab ${name%%-*}, cured by ${name#*-}: safe\" {" ;;
            sly) echo "@test \"lab ${name%%-*}, ${name#*-}: not safe\" {" ;;
            flagged) echo "@test \"lab ${name%%-*}, ${name#*-}: flagged\" {" ;;
            esac
            echo "    attempt_by $kind $name; }"
        done
    done
}

# count NAME [SIZE]: reads TAP, shows it as a part of ours, with NAME in front,
# and adds it up. A plan that is missing, not fulfilled or not of that size is a
# failure: something broke off.
passed=0 failed=0 skipped=0 number=0
count() {
    local name=$1 size=${2-} line rest plan=-1 seen=0
    while IFS= read -r line; do
        case $line in
        1..*)
            plan=${line#1..} plan=${plan%% *}
            continue
            ;;
        'not ok '*)
            failed=$((failed + 1)) seen=$((seen + 1))
            ;;
        'ok '*'# skip'* | 'ok '*'# SKIP'*)
            skipped=$((skipped + 1)) seen=$((seen + 1))
            ;;
        'ok '*) passed=$((passed + 1)) seen=$((seen + 1)) ;;
        esac
        case $line in
        'ok '* | 'not ok '*)
            number=$((number + 1))
            rest=${line#*ok * }
            line="${line%%ok *}ok $number $name: ${rest#- }"
            ;;
        esac
        printf '%s\n' "$line"
    done
    [ -z "$size" ] || plan=$size
    if [ "$plan" -ne "$seen" ]; then
        failed=$((failed + 1)) number=$((number + 1))
        echo "not ok $number $name: broke off after $seen of $plan tests"
    fi
}

# The suites: a unit test is a program that prints TAP, the others are bats
# files.
list_suites() {
    local file
    for file in "$made"/unit/*_test; do
        [ ! -x "$file" ] || echo "${file##*/}"
    done
    printf '%s\n' labs.bats mutants.bats cures.bats
    # For `make check-docker`, check-site and check-wild.
    for file in "$tests"/*.bats; do
        case ${file##*/} in
        docker.bats | escape.bats | schema.bats | site.bats | wild.bats) ;;
        *) echo "${file##*/}" ;;
        esac
    done
    printf '%s\n' escape.bats schema.bats
}

# sort_out daily|rare: of the suites on stdin. What the reports of a run are worth
# is looked at in both.
sort_out() {
    local suite kind
    while read -r suite; do
        kind=daily
        [[ $rare != *[[:space:]]"$suite"[[:space:]]* ]] || kind=rare
        [ "$kind" != "$1" ] && [ "$suite" != schema.bats ] || echo "$suite"
    done
}

# Where the suite is: one of those in the tree, or made by us.
path_of() {
    if [ -e "$tests/$1" ]; then
        echo "$tests/$1"
    else
        echo "$made/$1"
    fi
}

add_part() {
    names+=("$1") filters+=("$2") sizes+=("$3") session+=(0) ended+=('')
}

# The names of the tests in a bats file, those that are written plainly.
test_names() {
    sed -n 's/^@test "\([^"\\$`]*\)" {.*/\1/p' "$1"
}

# add_suite NAME: in parts of some tests. A file in which a test has another kind
# of name stays whole; so does the one that builds an image first; and for an
# ordinary user, the one with the fork bomb: the limit that ends it counts all
# processes of a user.
add_suite() {
    local path filter="" size=0 name part=${part_of[$1]-$part}
    path=$(path_of "$1")
    if [[ $1 = *_test ]] || [ "$(test_names "$path" | wc -l)" -le "$part" ] ||
        [ "$(test_names "$path" | wc -l)" -ne "$(grep -c '^@test ' "$path")" ] ||
        [[ $1 = docker.bats || ($1 = escape.bats && $EUID -ne 0) ]]; then
        add_part "$1" "" ""
        return
    fi
    while IFS= read -r name; do
        filter+=${filter:+|}$name size=$((size + 1))
        if [ "$size" -eq "$part" ]; then
            add_part "$1" "^($filter)\$" "$size"
            filter="" size=0
        fi
    done < <(test_names "$path" | sed 's/[][().*+?^|{}]/\\&/g')
    [ "$size" -eq 0 ] || add_part "$1" "^($filter)\$" "$size"
}

# start INDEX: what it prints goes to $scratch/INDEX.tap, and the seconds it
# took, real and processor time, to INDEX.times.
start() {
    local name=${names[$1]} command
    case $name in
    *_test) command=(timeout -k 5 600 "$made/unit/$name") ;;
    *)
        mkdir "$scratch/$1"
        command=(env NO_COLOR=1 bats --tap --tempdir "$scratch/$1/bats"
            ${filters[$1]:+--filter "${filters[$1]}"} "$(path_of "$name")")
        ;;
    esac
    # What is in the background has SIGINT ignored, and hands that on.
    # shellcheck disable=SC2016 # the inner shell's
    setsid "${interruptible[@]}" bash -c 'TIMEFORMAT="%R %U %S"
        { time "$@" >"$0.tap" 2>&1; } 2>"$0.times"' "$scratch/$1" \
        "${command[@]}" </dev/null &
    session[$1]=$!
}

# May part INDEX start now?
may_start() {
    local i busy=0
    for i in "${!names[@]}"; do
        if [ "${session[$i]}" -eq 0 ] || [ -n "${ended[$i]}" ]; then
            continue
        fi
        busy=$((busy + 1))
        # A suite that runs alone runs with other parts of itself.
        if [ "${names[$i]}" != "${names[$1]}" ] &&
            [[ $alone = *" ${names[$i]} "* ||
                $alone = *" ${names[$1]} "* ]]; then
            return 1
        fi
    done
    [ "$busy" -lt "$jobs" ]
}

# Waits until a part has ended; several may have by then. The times are what a
# part writes last; one that was killed has none. (By the pid alone it cannot be
# told: another process may have it by then.)
wait_for_one() {
    local i any=""
    until [ -n "$any" ]; do
        sleep 0.2
        for i in "${!names[@]}"; do
            if [ "${session[$i]}" -ne 0 ] && [ -z "${ended[$i]}" ] &&
                { [ -s "$scratch/$i.times" ] ||
                    ! kill -0 "${session[$i]}" 2>/dev/null; }; then
                ended[i]=yes any=yes
            fi
        done
    done
}

# The parts in the order in which they start: of each suite that is long, the
# first comes before the second of any.
in_order() {
    local i suite turn
    local -A seen=()
    {
        for i in "${!names[@]}"; do
            suite=${names[$i]} turn=$((${#long[@]} * 1000))
            if [[ " ${long[*]} " = *" $suite "* && $alone != *" $suite "* ]]; then
                turn=$((seen[$suite] += 1))
            fi
            echo "$turn $i"
        done
    } | sort -k1,1n -k2,2n | cut -d' ' -f2
}

run_parts() {
    local next=0 printed=0 order
    mapfile -t order < <(in_order)
    while [ "$printed" -lt ${#names[@]} ]; do
        while [ "$next" -lt ${#order[@]} ] && may_start "${order[$next]}"; do
            start "${order[$next]}"
            next=$((next + 1))
        done
        wait_for_one
        while [ "$printed" -lt ${#names[@]} ] && [ -n "${ended[$printed]}" ]; do
            count "${names[$printed]}" "${sizes[$printed]}" \
                <"$scratch/$printed.tap"
            rm -rf "${scratch:?}/$printed"
            printed=$((printed + 1))
        done
    done
}

# Of each suite, its parts added up: seconds on the clock, and of processors.
print_times() {
    local i real user system
    for i in "${!names[@]}"; do
        read -r real user system 2>/dev/null <"$scratch/$i.times" ||
            real=0 user=0 system=0
        echo "$real $user $system ${names[$i]}"
    done | awk -v all="$SECONDS" '
        !($4 in real) { order[++count] = $4 }
        { real[$4] += $1; used[$4] += $2 + $3; sum += $2 + $3 }
        END {
            for (i = 1; i <= count; i++)
                printf "# %7.1f s  %7.1f s of processors  %s\n", real[order[i]],
                    used[order[i]], order[i]
            printf "# %7.1f s  %7.1f s of processors  in all\n", all, sum
        }'
}

mkdir -p "$made"
if [ "${1-}" = --write ]; then
    make_labs_bats >"$made/labs.bats"
    make_mutants_bats >"$made/mutants.bats"
    make_cures_bats >"$made/cures.bats"
    exit
fi
rm -rf "$made/json"
# shellcheck disable=SC2046 # a word each
case ${1-} in
'') set -- $(list_suites | sort_out daily) ;;
--long) set -- $(list_suites | sort_out rare) ;;
esac
for suite in "$@"; do
    suite=${suite##*/}
    case $suite in
    labs.bats) make_labs_bats >"$made/labs.bats" ;;
    mutants.bats) make_mutants_bats >"$made/mutants.bats" ;;
    cures.bats) make_cures_bats >"$made/cures.bats" ;;
    esac
    add_suite "$suite"
done
run_parts

print_times
echo "1..$number"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
