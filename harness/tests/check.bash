#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check: runs all tests, each as a line of TAP; called by `make check`. The last
# line is "N passed, N failed[, N skipped]"; the status is 0 only if nothing
# failed and something passed.
#
# On INT, TERM and HUP all that was started is ended first: the tests run in a
# session of their own, and carry our mark in their environment. TERM lets them
# clear up; 2 s later they are killed.
#
#   harness/tests/check.bash [FILE.bats...]    only these; labs.bats and mutants.bats
#                                          are made from the folders
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

# What the tests leave is in here, and goes with us.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bats-XXXXXX") || exit 4
trap 'rm -rf "$scratch"' EXIT
export FORKLAB_SUITE=$$.${scratch##*-}
suite=""
files=0

# Who of the tests is there: of the session, with our mark, or with a file in our
# folder, as a lab's server, which has no environment. A line of pids. What looks
# must not have the mark: it would find itself.
running() {
    {
        # Behind the name, which may have blanks: state, parent, group, session.
        cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (.*)/ /' |
            awk -v suite="$suite" '$5 == suite && $2 != "Z" { print $1 }'
        {
            grep -lzxF "FORKLAB_SUITE=$FORKLAB_SUITE" /proc/[0-9]*/environ
            grep -laF -f <(echo "$scratch") /proc/[0-9]*/cmdline
        } 2>/dev/null | tr -cd '0-9\n'
    } | sort -u | grep -vxF "$$" | xargs
}

# end_with SIGNAL SECONDS: sends it to all of them, until none is left or the time
# is up. Then the status is 1.
end_with() {
    local pids end=$((SECONDS + $2))
    while pids=$(running) && [ -n "$pids" ]; do
        # shellcheck disable=SC2086 # several
        kill -s "$1" $pids 2>/dev/null
        [ "$SECONDS" -le "$end" ] || return 1
        sleep 0.1
    done
}

# The trap runs within a read, which has an IFS of its own.
interrupted() {
    local IFS=$' \t\n'
    trap '' INT TERM HUP
    export -n FORKLAB_SUITE
    [ -z "$suite" ] || end_with TERM 2 || end_with KILL 10
    rm -rf "$scratch"
    echo "interrupted by $1: $passed passed, $failed failed so far" >&2
    trap - EXIT "$1"
    kill -s "$1" $$
}
for signal in INT TERM HUP; do
    # shellcheck disable=SC2064 # now
    trap "interrupted $signal" "$signal"
done

# One test for each lab and each solution: the folders are the list.
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
# each solution that it changes.
make_mutants_bats() {
    local file name solution number
    echo "load ../../$tests/helper"
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

# What a student may write: cures/NN-NAME.sed makes a lab safe in another way than
# the solution does, sly/NN-NAME.sed only makes it look so.
make_cures_bats() {
    local file name kind
    echo "load ../../$tests/helper"
    for kind in cures sly; do
        for file in "$tests/$kind"/*.sed; do
            name=${file##*/} name=${name%.sed}
            case $kind in
            cures) echo "@test \"lab ${name%%-*}, cured by ${name#*-}: safe\" {" ;;
            sly) echo "@test \"lab ${name%%-*}, ${name#*-}: not safe\" {" ;;
            esac
            echo "    attempt_by $kind $name; }"
        done
    done
}

# Reads TAP, shows it as a part of ours, with NAME in front, and adds it up. A
# plan that is missing or not fulfilled is a failure: something broke off.
passed=0 failed=0 skipped=0 number=0
count() {
    local name=$1 line rest plan=-1 seen=0
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
    if [ "$plan" -ne "$seen" ]; then
        failed=$((failed + 1)) number=$((number + 1))
        echo "not ok $number $name: broke off after $seen of $plan tests"
    fi
}

# counted NAME COMMAND...: counts what the command says, in its own session.
counted() {
    exec 7< <(exec setsid "${@:2}" 2>&1 </dev/null)
    suite=$!
    count "$1" <&7
    exec 7<&-
}

mkdir -p "$made"
rm -rf "$made/json"
make_labs_bats >"$made/labs.bats"
make_mutants_bats >"$made/mutants.bats"
make_cures_bats >"$made/cures.bats"
if [ $# -eq 0 ]; then
    for program in "$made"/unit/*_test; do
        [ -x "$program" ] || continue
        counted "${program##*/}" timeout -k 5 120 "$program"
    done
    # The last one looks at the reports of all others; docker.bats is for `make
    # check-docker`.
    all=("$tests"/*.bats)
    all=("${all[@]/*schema.bats/}")
    set -- labs.bats mutants.bats cures.bats "${all[@]/*docker.bats/}" schema.bats
fi
for file in "$@"; do
    [ -n "$file" ] || continue
    path=$tests/${file##*/}
    [ -e "$path" ] || path=$made/${file##*/}
    counted "${file##*/}" env NO_COLOR=1 bats --tap \
        --tempdir "$scratch/$((++files))" "$path"
done

echo "1..$number"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
