# SPDX-License-Identifier: MIT
#
# mutate: the machinery of `make mutate`, on mutations that are quick to judge.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# mutation NAME IN BY EDIT: one in a directory of our own.
mutation() {
    mkdir -p "$BATS_TEST_TMPDIR/mutations"
    printf '# rule: a rule\n# in: %s\n# by: %s\n%s\n' "${@:2}" \
        >"$BATS_TEST_TMPDIR/mutations/$1.sed"
}

mutate() {
    status=0
    env "$mark" TMPDIR="$tmp" MUTATIONS="$BATS_TEST_TMPDIR/mutations" \
        timeout -k 5 "$net" bash harness/tests/mutate.bash "$@" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

@test "a mutation is killed, another one survives, one changes nothing" {
    local before
    before=$(cksum harness/oracle/*.c build/forklab)
    mutation killed 'harness/oracle/*.c' judge_test \
        's/if (report->output_kept < report->output_bytes)/if (report->limit)/'
    mutation survives harness/oracle/judge.h judge_test '1s/^/ /'
    mutate killed survives
    is "$status" 1 "exit status where one survives"
    grep -q '^killed    killed  by judge_test$' "$out"
    grep -q '^SURVIVED  survives: rule: a rule$' "$out"
    is "$(tail -n 1 "$out")" "1 killed, 1 survived" "the sum"
    is "$(cksum harness/oracle/*.c build/forklab)" "$before" "the work tree"
}

@test "a mutation that cannot be judged is an error" {
    mutation nothing 'harness/oracle/*.c' judge_test 's/no such text//'
    # shellcheck disable=SC2016
    mutation twice harness/oracle/judge.h judge_test '1s/^/ /;$s/$/ /'
    mutation no-test 'harness/oracle/*.c' 'judge.bats: no such test' 's/a/b/'
    mutate nothing twice no-test missing
    is "$status" 4 "exit status"
    grep -q '^error: nothing: it changes nothing in harness/oracle/\*\.c' "$err"
    grep -q '^error: twice: it changes 2 places in harness/oracle/judge\.h' "$err"
    grep -q '^error: no-test: .* fails without the mutation' "$err"
    grep -q '^error: missing: there is no mutation of that name' "$err"
    is "$(tail -n 1 "$out")" "0 killed, 0 survived, 4 in error" "the sum"
}

@test "each of our mutations changes one place" {
    status=0
    bash harness/tests/mutate.bash --applies >"$out" 2>"$err" 3>&- || status=$?
    is "$status" 0 "exit status"
    grep -qE '^[0-9]{2,} change one place, 0 do not$' "$out"
    mutation nothing 'harness/oracle/*.c' judge_test 's/no such text//'
    mutate --applies
    is "$status" 4 "exit status where one changes nothing"
    is "$(cat "$out")" "0 change one place, 1 do not" "the sum"
}
