# SPDX-License-Identifier: MIT
#
# Random programs, see maze/maze.h: is a proof ever false, and how many of those
# that never end are proved? `make maze N=10000` runs as many as one likes.

# The helper sets out, err, status ...
# shellcheck disable=SC2030,SC2031,SC2154
load helper

maze=build/tests/maze/maze

# mazes ARG...: status, and the lines in $out.
mazes() {
    status=0
    env "$mark" TMPDIR="$tmp" FALSIFY="${FALSIFY:-1}" DEADLINE=30 JOBS=8 \
        bash harness/tests/maze.bash "$@" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
    cat "$out" "$err"
}

@test "no proof is false: 100 seeds" {
    mazes 100
    is "$status" 0 "exit status"
    tail -n 1 "$out" | grep -q '^100 programs: .* 0 false HANG, .* 0 broken'
}

# What was false once.
@test "no proof is false: plans that have been kept" {
    mazes harness/tests/maze/kept/*.plan
    is "$status" 0 "exit status"
}

@test "a plan is the same from its text" {
    local seed
    for seed in 1 2 3 4 5 6 7 8 9; do
        "$maze" show "$seed" >"$BATS_TEST_TMPDIR/plan"
        "$maze" show "$BATS_TEST_TMPDIR/plan" | cmp - "$BATS_TEST_TMPDIR/plan"
    done
}

@test "both kinds of programs are among them" {
    mazes 20
    is "$(sed -nE '$s/.*: ([0-9]+) end,.* ([0-9]+) never end;.*/\1 \2/p' "$out" |
        awk '{ print ($1 >= 3) ($2 >= 3) }')" 11 "some end, some never do"
}

# without_rule MUTATION: a runner that lacks this rule, $broken.
without_rule() {
    local file object new=$BATS_TEST_TMPDIR/mutated
    broken=$BATS_TEST_TMPDIR/forklab
    # shellcheck disable=SC2013 # a pattern of names without blanks
    for file in $(sed -n "s/^# in: //p" "harness/tests/mutations/$1.sed"); do
        sed -f "harness/tests/mutations/$1.sed" "$file" >"$new.c"
        cmp -s "$new.c" "$file" || break
    done
    object=build/${file%.c}.o
    # What make would do, with another source and other results.
    make -n V=1 -W "$file" "$object" | grep -F -e "-o $object" |
        sed "s|$object|$new.o|g; s| $file\$| $new.c|" >"$new.sh"
    make -n V=1 -W "$file" build/forklab | grep -e '-o build/forklab ' |
        sed "s|-o build/forklab |-o $broken |; s| $object | $new.o |" >>"$new.sh"
    is "$(grep -c -e "$new" "$new.sh")" 2 "commands of make"
    sh -e "$new.sh"
}

@test "it can fail: a runner to which an alarm clock is nothing" {
    without_rule run-alarm-heard
    mazes harness/tests/maze/alarm.plan
    is "$status" 0 "exit status of ours"
    FORKLAB=$broken mazes harness/tests/maze/alarm.plan
    is "$status" 1 "exit status of the other one"
    grep -q '^harness/tests/maze/alarm.plan false ' "$out"
}
