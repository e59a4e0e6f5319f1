# SPDX-License-Identifier: MIT
#
# suite: the tests end with all that they have started when they are interrupted.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016
load helper

# Whoever has one of these words among its arguments or in its environment: each
# process of the suite below, a server of a lab included.
who_has() {
    printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/words"
    env -u STARTED grep -laF -f "$BATS_TEST_TMPDIR/words" /proc/[0-9]*/cmdline \
        /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | sort -u | xargs -r -n 1 \
        sh -c 'tr "\0" " " </proc/$0/cmdline; echo'
}

# A project with one test, which starts what tests start: a program in a cage, a
# lab with its server, something in a process group of its own, in a session of
# its own, and one that spares itself. It says so, and lasts.
long_test() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build/tests"
    cp -a Makefile harness labs solutions "$project/"
    cp -a build/forklab build/labs "$project/build/"
    mv "$project/harness/tests/helper.bash" "$BATS_TEST_TMPDIR/"
    rm "$project"/harness/tests/*.bats
    mv "$BATS_TEST_TMPDIR/helper.bash" "$project/harness/tests/"
    sed 's/^TEST/@test/' >"$project/harness/tests/long.bats" <<'END'
load helper
started() {
    echo 'echo "$0" >>"$STARTED"; exec sleep 300'
}
TEST "lasts" {
    program=$BATS_TEST_TMPDIR/program
    { echo '#!/bin/sh'; started; } >"$program"
    chmod +x "$program"
    forklab cage --deadline 300 -- "$program" &
    # A lab's program can write to no file of ours.
    printf '#!/bin/sh\nexec sleep 300.20\n' >"$program-20"
    chmod +x "$program-20"
    forklab run 20 --program "$program-20" --deadline 300 &
    (until grep -qs '300[.]20' /proc/[0-9]*/cmdline; do sleep 0.1; done
     echo "$program-20" >>"$STARTED") &
    timeout 300 sh -c "$(started)" group 3>&- &
    setsid sh -c "$(started)" session 3>&- &
    sh -c "trap '' TERM INT HUP; $(started)" deaf 3>&- &
    wait
}
END
}

# How many things the test says it has started.
wait_for_lines() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        [ "$(wc -l 2>/dev/null <"$STARTED")" != "$1" ] || return 0
        sleep 0.1
    done
    is "$(cat "$STARTED" "$out" "$err")" "$1 lines" "what was started"
}

# interrupt SIGNAL: the suite, started as a shell with job control starts it.
interrupt() {
    local suite
    place=$(mktemp -d /tmp/suite-XXXXXX)
    STARTED=$BATS_TEST_TMPDIR/started
    : >"$STARTED"
    # Whoever runs us with nohup has HUP ignored, and a shell cannot change that.
    local default=(env --default-signal=HUP)
    "${default[@]}" true 2>/dev/null || default=(env)
    set -m
    STARTED=$STARTED TMPDIR=$place "${default[@]}" bash "$project/harness/tests/check.bash" long.bats \
        >"$out" 2>"$err" </dev/null 3>&- &
    suite=$!
    set +m
    wait_for_lines "$2"
    kill -s "$1" "$suite"
    status=0
    wait "$suite" || status=$?
    is "$status" $((128 + $(kill -l "$1"))) "exit status after $1"
    left=$(who_has "$place" "$STARTED" 2>/dev/null)
    # shellcheck disable=SC2046 # several
    [ -z "$left" ] || kill -s KILL $(cut -d' ' -f1 <<<"$left") || true
    is "$left" "" "who is left"
    is "$(ls -A "$place")" "" "the files that are left"
    rmdir "$place"
    grep -q "^interrupted by $1: 0 passed, 0 failed" "$err"
}

@test "INT, TERM and HUP end it, and nothing is left" {
    long_test
    local things=5
    [ -x build/labs/20-oops-for-an-answer ] &&
        build/forklab run 20 >/dev/null 2>&1 || things=4
    for signal in INT TERM HUP; do
        interrupt "$signal" "$things"
    done
}
