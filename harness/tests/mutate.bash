#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# mutate: is there a test for each rule? Called by `make mutate`. Each file in
# mutations/ takes one rule out of the runner; a test that it names must fail
# then. The last line is "N killed, N survived"; the status is 1 if one survives,
# 4 if a mutation cannot be judged: it changes nothing or more than one place,
# does not compile, or its tests also fail without it.
#
#   harness/tests/mutate.bash [NAME...]    only these
#   harness/tests/mutate.bash --applies    only: does each change one place?
#   MUTATIONS=directory                    of other ones
#
# mutations/NAME.sed is a sed script that starts with three comments:
#
#   # the rule, in one line
#   # in: harness/proof/*.c              it must change one line of one of these
#   # by: proof.bats: alive: relay     a test of a bats file, or a unit test:
#   # by: explore_test                 one a line
#
# The work tree is not touched: everything happens in a copy of it.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
mutations=${MUTATIONS:-harness/tests/mutations}
[ -x build/forklab ] || {
    echo "error: nothing is built; start with:  make mutate" >&2
    exit 3
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/mutate-XXXXXX") || exit 4
started=""
clean_up() {
    [ -z "$started" ] || kill -s KILL -- "-$started" 2>/dev/null
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

tree=$scratch/tree
mkdir -p "$tree/build"
cp -a Makefile harness labs solutions "$tree/"
copy_build() {
    local part
    for part in build/*; do
        case $part in
        build/musl) ;;
        *) cp -a "$part" "$tree/build/" ;;
        esac
    done
    rm -rf "$tree/build/tests/json"
    bash "$tree/harness/tests/check.bash" --write || exit
}

# in_group COMMAND...: in a session of its own, which ends with us. Its output
# goes to $scratch/output.
in_group() {
    setsid "$@" >"$scratch/output" 2>&1 </dev/null &
    started=$!
    wait "$started"
    local status=$?
    kill -s KILL -- "-$started" 2>/dev/null
    started=""
    return "$status"
}

# build TEST: the runner, and what this test runs.
build() {
    local goals=(build/forklab)
    [[ $1 != *_test ]] || goals=("build/tests/unit/$1")
    in_group env -u MAKEFLAGS -u MAKELEVEL make -C "$tree" "${goals[@]}" WERROR=
}

# run_test TEST [AMPLE]: "NAME_test", or "FILE.bats: the test's name". What is not
# proved any more lasts until the deadline, AMPLE seconds.
run_test() {
    local name file
    if [[ $1 = *_test ]]; then
        in_group timeout -k 5 600 "$tree/build/tests/unit/$1"
        return
    fi
    # shellcheck disable=SC2001 # a bracket expression
    name=$(sed 's/[][().*+?^$|{}\\]/\\&/g' <<<"${1#*.bats: }")
    file=$tree/harness/tests/${1%%: *}
    [ -e "$file" ] || file=$tree/build/tests/${1%%: *} # it is made, not written
    mkdir "$scratch/bats" || return
    in_group env NO_COLOR=1 FORKLAB_AMPLE="${2-}" TMPDIR="$scratch/bats" timeout -k 5 1800 \
        bats --tap --filter "^$name\$" "$file"
    local status=$?
    rm -rf "$scratch/bats"
    # A name that no test has would kill nothing: "1..0".
    grep -q '^1\.\.1$' "$scratch/output" || return 99
    ! grep -q '^ok .*# skip' "$scratch/output" || return 77
    return "$status"
}

# cannot NAME WHY: it cannot be judged.
cannot() {
    echo "error: $1: $2" >&2
    sed 's/^/    /' "$scratch/output" | tail -n 15 >&2
    errors=$((errors + 1))
}

# header NAME KEY: the text after each "# KEY: ".
header() {
    sed -n "s/^# $2: //p" "$mutations/$1.sed"
}

# apply NAME: prints the file that it has changed; else why not, status 1.
apply() {
    local file changed="" lines pattern
    pattern=$(header "$1" in)
    for file in "$tree"/$pattern; do
        sed -f "$mutations/$1.sed" "$file" >"$scratch/mutated"
        ! cmp -s "$scratch/mutated" "$file" || continue
        [ -z "$changed" ] || {
            echo "it changes more than one file of $pattern"
            return 1
        }
        lines=$(diff "$file" "$scratch/mutated" | grep -c '^[0-9,]*[acd][0-9,]*$')
        [ "$lines" -eq 1 ] || {
            echo "it changes $lines places in ${file#"$tree"/}"
            return 1
        }
        changed=$file
    done
    [ -n "$changed" ] || {
        echo "it changes nothing in $pattern"
        return 1
    }
    sed -f "$mutations/$1.sed" "$changed" >"$scratch/mutated"
    cp "$changed" "$scratch/original"
    cat "$scratch/mutated" >"$changed"
    echo "$changed"
}

# Does the test pass without a mutation, and in how many seconds? Asked once of
# each.
declare -A passes=() took=()
passes_as_it_is() {
    local status=0 began
    [ -n "${passes[$1]-}" ] || {
        build "$1" || status=$?
        began=$SECONDS
        [ "$status" -ne 0 ] || run_test "$1" || status=$?
        passes[$1]=$status took[$1]=$((SECONDS - began))
    }
    return "${passes[$1]}"
}

killed=0 survived=0 skipped=0 errors=0

# judge NAME
judge() {
    local name=$1 test file status by="" usable=0
    : >"$scratch/output"
    while IFS= read -r test; do
        status=0
        passes_as_it_is "$test" || status=$?
        case $status in
        0) usable=$((usable + 1)) ;;
        77) ;;
        *)
            cannot "$name" "\"$test\" fails without the mutation, too ($status)"
            return
            ;;
        esac
    done < <(header "$name" by)
    if [ "$usable" -eq 0 ]; then
        echo "skipped   $name: this machine cannot run its tests"
        skipped=$((skipped + 1))
        return
    fi
    file=$(apply "$name") || {
        cannot "$name" "$file"
        return
    }
    while [ -z "$by" ] && IFS= read -r test; do
        [ "${passes[$test]}" -eq 0 ] || continue
        if ! build "$test"; then
            cannot "$name" "it does not compile"
            cat "$scratch/original" >"$file"
            return
        fi
        run_test "$test" "$((30 + 10 * took[$test]))" || by=$test
    done < <(header "$name" by)
    cat "$scratch/original" >"$file"
    if [ -n "$by" ]; then
        killed=$((killed + 1))
        echo "killed    $name  by $by"
    else
        survived=$((survived + 1))
        echo "SURVIVED  $name: $(sed -n '1s/^# *//p' "$mutations/$name.sed")"
    fi
}

# The rules change, and a mutation that is left behind would be an error only
# when all are judged, which takes long.
only_apply() {
    local name file
    for name in "$@"; do
        : >"$scratch/output"
        if file=$(apply "$name"); then
            cat "$scratch/original" >"$file"
        else
            cannot "$name" "$file"
        fi
    done
    echo "$(($# - errors)) change one place, $errors do not"
    [ "$errors" -eq 0 ] || exit 4
    exit 0
}

asked=${1-}
[ "$asked" != --applies ] || shift
if [ $# -eq 0 ]; then
    for file in "$mutations"/*.sed; do
        file=${file##*/}
        set -- "$@" "${file%.sed}"
    done
fi
[ "$asked" != --applies ] || only_apply "$@"
copy_build
for name in "$@"; do
    if [ -e "$mutations/$name.sed" ]; then
        judge "$name"
    else
        : >"$scratch/output"
        cannot "$name" "there is no mutation of that name"
    fi
done
printf '%d killed, %d survived' "$killed" "$survived"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
[ "$errors" -eq 0 ] || printf ', %d in error' "$errors"
echo
[ "$errors" -eq 0 ] || exit 4
[ "$survived" -eq 0 ]
