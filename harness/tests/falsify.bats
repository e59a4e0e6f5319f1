# SPDX-License-Identifier: MIT
#
# --falsify: after a proof the program is watched on, and what moves then is a
# bug of forklab. Here it is moved from outside, which no proof excludes.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# processes NAME: the pids of the programs of that name with our mark.
processes() {
    local pid
    # shellcheck disable=SC2013 # numbers
    for pid in $(grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null |
        cut -d/ -f3); do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "${1:0:15}" ] || echo "$pid"
    done
}

# disturb NAME WHICH: stops and continues the first or the last process of that
# name, again and again until the background job $! has ended: so it moves at
# some time after the proof, whenever that comes. Not before it has been in one
# call for a while: a stop would interrupt a call that the cage is about to hear,
# and nothing be proved.
disturb() {
    local pid call before='' runner=$!
    while kill -0 "$runner" 2>/dev/null; do
        pid=$(processes "$1" | sort -n | "$2" -n 1)
        call=$(cat "/proc/$pid/syscall" 2>/dev/null) || true
        if [ -n "$call" ] && [ "$call" = "$before" ]; then
            kill -STOP "$pid" 2>/dev/null || true
            kill -CONT "$pid" 2>/dev/null || true
        fi
        before=$call
        sleep 0.2
    done
}

# watched SECONDS DEADLINE PROGRAM...
watched() {
    forklab cage --falsify "$1" --deadline "$2" --json "$json" -- \
        "build/tests/programs/$3" "${@:4}"
    echo "$status" >"$BATS_TEST_TMPDIR/status"
    keep
}

@test "what is stuck stays so" {
    watched 1 "$ample" mutex-abba
    is "$status" 1 "exit status"
    field .verdict hang
    field .falsified.seconds 1
    field '.falsified.after_ms >= 1000' true
    field .falsified.part false
    field .falsified.moved null
    field '.falsified.before + .falsified.after | length' 0
}

@test "no proof, nothing to falsify" {
    watched 1 "$ample" exit-with 3
    is "$status" 1 "exit status"
    field .falsified null
}

@test "without --falsify there is none" {
    forklab cage --deadline "$ample" --json "$json" -- \
        build/tests/programs/mutex-abba
    field .verdict hang
    field .falsified null
}

@test "what moves after the proof: 4, with both snapshots" {
    watched "$ample" "$ample" mutex-abba 3>&- &
    disturb mutex-abba head
    wait "$!"
    status=$(cat "$BATS_TEST_TMPDIR/status")
    is "$status" 4 "exit status"
    field .verdict hang
    field '.falsified.moved | test("^thread [0-9]+ \\(mutex-abba\\) ")' true
    field '.falsified.before | length' 2
    field '.falsified.after | length' 2
    field '.falsified | .before == .after' false
    field '.falsified.before | map(.call) | join(" ")' "futex futex"
}

@test "the page says it, too" {
    env "$mark" TMPDIR="$tmp" timeout -k 5 "$net" build/forklab cage --falsify "$ample" \
        --deadline "$ample" -- build/tests/programs/mutex-abba \
        >"$out" 2>"$err" </dev/null 3>&- &
    disturb mutex-abba head
    status=0
    wait "$!" || status=$?
    is "$status" 4 "exit status"
    grep -q 'FALSE: proved after' "$out" || show_run
    tr -s '\n ' '  ' <"$out" | grep -q 'after the proof: a bug of forklab'
}

@test "of a part, only the part is watched" {
    in_time hang watched 1 DEADLINE part-stuck
    is "$status" 1 "exit status"
    field .verdict hang
    field .falsified.part true
    field .falsified.moved null
}

@test "of a part: its own move is one" {
    in_time hang watched_and_disturbed DEADLINE tail
    is "$status" 4 "exit status"
    field .falsified.part true
}

watched_and_disturbed() {
    watched "$ample" "$1" part-stuck 3>&- &
    disturb part-stuck "$2"
    wait "$!"
    status=$(cat "$BATS_TEST_TMPDIR/status")
}

@test "of a part: the rest may kill it" {
    in_time hang killed_later
    is "$status" 1 "exit status"
    field .verdict hang
    field .falsified.part true
    field .falsified.moved null
    field '.falsified.after_ms < 60000' true
}

# The deadline, 1 s, comes before the kill, and the proof with it; or else the
# program has ended, which is tried again.
killed_later() {
    local milliseconds
    for milliseconds in 2500 10000 40000; do
        watched "$ample" 1 part-stuck "$milliseconds"
        [ "$(jq -r .verdict "$json")" != exit ] || continue
        return 0
    done
}

@test "a time to watch on that is none: 2" {
    for seconds in 0 -1 soon ''; do
        error 2 'time to watch on' cage --falsify "$seconds" -- true
    done
    error 2 '--falsify' run 31 --falsify
}
