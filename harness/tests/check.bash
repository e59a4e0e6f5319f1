#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# check: runs all tests, each as a line of TAP; called by `make check`. The last
# line is "N passed, N failed[, N skipped]"; the status is 0 only if nothing
# failed and something passed.
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

mkdir -p "$made"
rm -rf "$made/json"
make_labs_bats >"$made/labs.bats"
make_mutants_bats >"$made/mutants.bats"
make_cures_bats >"$made/cures.bats"
if [ $# -eq 0 ]; then
    for program in "$made"/unit/*_test; do
        [ -x "$program" ] || continue
        count "${program##*/}" < <(timeout -k 5 120 "$program" 2>&1 </dev/null)
    done
    # The last one looks at the reports of all others.
    all=("$tests"/*.bats)
    set -- labs.bats mutants.bats cures.bats "${all[@]/*schema.bats/}" schema.bats
fi
for file in "$@"; do
    [ -n "$file" ] || continue
    path=$tests/${file##*/}
    [ -e "$path" ] || path=$made/${file##*/}
    [ -e "$path" ] || path=harness/${file##*/}
    count "${file##*/}" < <(NO_COLOR=1 bats --tap "$path" 2>&1 </dev/null)
done

echo "1..$number"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
