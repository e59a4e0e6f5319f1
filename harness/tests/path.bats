# SPDX-License-Identifier: MIT
#
# The path through an exercise: what each screen says comes next, who is asked
# before a cure is shown, what an edited lab changes, and what is handed in.
# Nothing here depends on which lab it is; they use 31 and 01.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

# A project of its own, with the labs as forklab was built with them.
make_project() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build/original" "$project"/harness/{scripts,course}
    cp -a Makefile labs solutions "$project/"
    cp -a labs "$project/build/original/"
    cp -a build/labs build/solutions build/forklab "$project/build/"
    # What make reads of the runner's sources, but none of them: it builds none.
    cp harness/build.mk "$project/harness/"
    cp harness/scripts/setup.sh "$project/harness/scripts/"
    cp harness/course/flags.h "$project/harness/course/"
    cd "$project" || return
    lab=$(echo labs/31-*.c) attempt=attempts/${lab#labs/}
}

# says WORDS, says_not WORDS: in $out.
says() {
    grep -qF -e "$1" "$out" || is "(not there)" "$1" "${2-the page}"
}

says_not() {
    ! grep -qF -e "$1" "$out" || is "(there)" "not: $1" "${2-the page}"
}

# In a terminal of 80x24, with the answers typed ahead: terminal ANSWER COMMAND...
# $out is what the terminal shows, without carriage returns.
terminal() {
    status=0
    printf '%b' "$1" | env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "$mark" TMPDIR="$tmp" \
        timeout -k 5 300 script -qefc "stty rows 24 cols 80 -echo; ${*:2}" \
        /dev/null 2>&1 3>&- | tr -d '\r' >"$out" || true
    status=${PIPESTATUS[1]}
}

in_pipe() {
    status=0
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "$mark" TMPDIR="$tmp" \
        timeout -k 5 300 "$@" >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# ---- where to begin ----

@test "make alone: the one next command, whether something is built or not" {
    make_project
    in_pipe make
    is "$status" 0 "exit status"
    is "$(grep -cE '^    make ' "$out")" 1 "next commands"
    says 'make lab-01'
    mkdir attempts
    echo '1 safe 2026-01-01' >attempts/progress
    in_pipe make
    says "make lab-$(build/forklab list --json | jq -r '.[1].number | if . < 10 then "0\(.)" else . end')"
    says '1 of '
    cp "$lab" attempts/
    in_pipe make
    says 'make check-31'
    # All are cured: there is nothing to do but to hand them in.
    build/forklab list --json | jq -r '.[] | "\(.number) safe 2026-01-01"' >attempts/progress
    in_pipe make
    says 'make handin'
    rm build/forklab
    in_pipe make
    is "$status" 0 "exit status with nothing built"
    is "$(grep -cE '^    make ' "$out")" 1 "next commands with nothing built"
    says 'make setup lab-01'
}

@test "make list fits a screen: a line a chapter; list-3 opens one" {
    make_project
    in_pipe make list
    is "$status" 0 "exit status"
    fits "$out" list
    is "$(grep -cE '^[0-9]  ' "$out")" \
        "$(build/forklab list --json | jq '[.[].number / 10 | floor] | unique | length')" chapters
    is "$(grep -E '^[0-9]  ' "$out" | grep -oE ' [0-9][0-9]' | wc -l)" \
        "$(build/forklab list --json | jq length)" "labs in the list"
    in_pipe make list-3
    says lock-nobody-holds
    says_not said-once-read-twice
    cp "$out" three
    in_pipe make list-31
    cmp "$out" three
    in_pipe make list-9
    is "$status" 2 "exit status of a chapter that is not there"
    in_pipe build/forklab list x
    is "$status" 2 "exit status of no chapter"
}

@test "a lab has two digits wherever it is named" {
    make_project
    in_pipe build/forklab run 1
    says 'lab 01: said-once'
    says 'make try-01'
    for command in 'explain 1' 'hint 1' 'try 1' 'list 0'; do
        # shellcheck disable=SC2086 # two words
        in_pipe build/forklab $command
        is "$(grep -nE '(lab |[a-z]-)1([^0-9]|$)' "$out")" "" "one digit, $command"
    done
}

# ---- the path ----

@test "a lab leads to the exercise, never to the answer" {
    make_project
    in_pipe build/forklab run 31
    is "$status" 0 "exit status"
    is "$(tail -n 1 "$out")" "    make try-31         why it happens: make explain-31" "the last line"
    says_not solution
    says_not diff-31
    in_pipe build/forklab explain 31
    says 'make try-31'
    in_pipe build/forklab try 31
    says 'make check-31'
    in_pipe build/forklab explain 31
    says 'make check-31'
    says_not 'make try-31'
    echo >>"$attempt"
    in_pipe build/forklab check 31
    is "$status" 1 "exit status of the hazard"
    says 'a hint: make hint-31'
    for i in 1 2; do
        in_pipe build/forklab hint 31
        says 'make hint-31'
        says_not diff-31 "hint $i"
    done
    in_pipe build/forklab hint 31
    says 'make diff-31'
    cp solutions/31-*.c attempts/
    in_pipe build/forklab check 31 --runs 2
    is "$status" 0 "exit status of the cure"
    # Why it works: the words of our own cure, then the difference, then the next.
    says 'fork() itself waits for lock'
    for word in 'make diff-31' 'make explain-31' 'make lab-32'; do says "$word"; done
    fits "$out" check
}

@test "two commands that are too long for one line have a line each" {
    make_project
    cd /
    in_pipe "$project/build/forklab" run 31
    is "$(tail -n 2 "$out" | grep -cE '^    .*(try|explain)-31')" 2 "lines with a command"
}

@test "a lab that cannot run here leads to the next one" {
    make_project
    rm build/labs/42-*
    in_pipe build/forklab run 42
    is "$status" 3 "exit status"
    says 'make lab-43'
    says_not try-42
}

@test "a cure is asked for once, at a terminal" {
    make_project
    terminal 'n\n' build/forklab diff 31
    is "$status" 0 "exit status"
    says 'Show it? [y/N]'
    says 'make hint-31'
    says_not '+++'
    terminal 'n\n' build/forklab run 31 --solution
    says 'Show it? [y/N]'
    says_not VERDICT
    terminal 'y\n' build/forklab diff 31
    says '+++ solutions/31-'
    says 'make lab-32'
    # The yes is remembered, for this lab.
    terminal '' build/forklab run 31 --solution
    says VERDICT
    says_not 'Show it?'
    terminal 'n\n' build/forklab diff 33
    says 'Show it? [y/N]'
}

@test "a cure is not asked for after SAFE, after the last hint, with YES=1, in a pipe" {
    make_project
    mkdir attempts
    terminal 'n\n' YES=1 build/forklab diff 31
    says '+++'
    terminal 'n\n' make diff-31 YES=1
    says '+++'
    in_pipe build/forklab diff 31
    grep -q '^+++' "$out" || is "(not there)" '+++' "the difference"
    says_not 'make lab-32' "what a program reads"
    for i in 1 2; do in_pipe build/forklab hint 31; done
    terminal 'n\n' build/forklab diff 31
    says 'Show it?'
    in_pipe build/forklab hint 31
    terminal 'n\n' build/forklab diff 31
    says_not 'Show it?'
    echo '33 safe 2026-01-01' >attempts/progress
    terminal 'n\n' build/forklab diff 33
    says_not 'Show it?'
}

@test "a failed check: make adds no line at a terminal, and its status stays" {
    make_project
    build/forklab try 31 >/dev/null
    terminal '' make check-31
    says UNCHANGED
    says_not '***'
    [ "$status" -ne 0 ] || is "$status" "not 0" "exit status at a terminal"
    terminal '' 'make check-31 && echo it-is-safe'
    says_not it-is-safe
    # A script, and who has more than one goal, gets make's own.
    in_pipe make check-31
    is "$status" 2 "exit status in a pipe"
    grep -qF '*** [' "$err" || is "(not there)" '***' "make's line"
    terminal '' make check-31 check-31
    says '***'
}

# ---- a lab that was edited ----

# The solution of lab 31 in the place of the lab, as who has mistaken it does.
edit_the_lab() {
    make_project
    cp "$lab" "$BATS_TEST_TMPDIR/was.c"
    cp solutions/31-*.c labs/
}

@test "an edited lab: check and reset do not take it for the lab" {
    edit_the_lab
    mkdir attempts
    cp "$BATS_TEST_TMPDIR/was.c" "$attempt"
    in_pipe build/forklab check 31 --runs 1
    is "$status" 1 "exit status"
    says UNCHANGED
    says 'make restore-31'
    # What is the edited lab byte by byte is no unchanged lab: it is run.
    cp "$lab" "$attempt"
    in_pipe build/forklab check 31 --runs 1 --json "$json"
    field .check.result safe
    field '.check.note | contains("make restore-31")' true
    (cd "$root" && keep)
    in_pipe build/forklab reset 31
    cmp "$attempt" "$BATS_TEST_TMPDIR/was.c"
    in_pipe build/forklab diff 31
    grep -q '^+.*pthread_atfork' "$out" || is "(not there)" pthread_atfork "the difference"
}

@test "an edited lab: run, try and check without an attempt say so" {
    edit_the_lab
    in_pipe build/forklab run 31 --json "$json"
    (cd "$root" && keep)
    tr '\n' ' ' <"$out" | tr -s ' ' >"$err"
    grep -qF "The file $lab was changed since forklab was built; make restore-31" "$err" ||
        is "(not there)" "was changed" "the page"
    fits "$out" "the page of an edited lab"
    in_pipe build/forklab check 31
    is "$status" 3 "exit status without an attempt"
    grep -qF "copies $lab as you changed it" "$err"
    in_pipe build/forklab try 31
    says 'make restore-31'
    cmp "$attempt" "$lab"
}

@test "an edited header does not change what a check asks for" {
    make_project
    # The cure, with words that only the edited header asks for.
    sed -i 's/^ \* Safe:    child saw/ * Safe:    easy/' "$lab"
    grep -q 'Safe:    easy' "$lab"
    mkdir attempts
    sed 's/show("child saw/show("easy/' solutions/31-*.c >"$attempt"
    in_pipe build/forklab check 31 --runs 1 --json "$json"
    field .check.result broken
    field '.check.wanted | startswith("child saw")' true
}

@test "restore brings the lab back, and keeps what was there" {
    edit_the_lab
    in_pipe make restore-31
    is "$status" 0 "exit status"
    cmp "$lab" "$BATS_TEST_TMPDIR/was.c"
    says "kept as $attempt"
    cmp "$attempt" solutions/31-*.c
    # Beside an attempt it gets a number; a lab and a header that are gone or
    # cannot be read come back, too.
    echo mine >"$attempt"
    echo 'no lab at all' >"$lab"
    in_pipe build/forklab run 31
    grep -qF 'as it was: make restore-31' "$err"
    echo '/* more */' >>labs/lab.h
    in_pipe build/forklab restore 31
    is "$status" 0 "exit status"
    cmp "$lab" "$BATS_TEST_TMPDIR/was.c"
    cmp labs/lab.h build/original/labs/lab.h
    is "$(cat "$attempt" "$attempt.1")" "$(printf '%s\n' mine 'no lab at all')" "what was kept"
    rm "$lab"
    in_pipe build/forklab restore 31
    cmp "$lab" "$BATS_TEST_TMPDIR/was.c"
    in_pipe build/forklab restore 31
    says 'nothing to bring back'
}

@test "what is not known about labs/ is not claimed" {
    edit_the_lab
    mkdir -p .git
    touch -d 'next hour' .git/FETCH_HEAD
    in_pipe build/forklab run 31
    says_not 'was changed'
    in_pipe build/forklab restore 31
    is "$status" 3 "exit status after git fetch"
    rm -r .git build/original
    in_pipe build/forklab run 31
    says_not 'was changed'
    in_pipe build/forklab restore 31
    is "$status" 3 "exit status without the originals"
    cmp "$lab" solutions/31-*.c
}

# ---- predict, hold, plain ----

@test "PREDICT=1 asks before it shows, and never without a terminal" {
    make_project
    terminal '3\n' make lab-31 PREDICT=1
    is "$status" 0 "exit status"
    says 'What will happen?'
    says 'You predicted it: it hangs'
    terminal '2\n' PREDICT=1 build/forklab run 31
    says 'You predicted: it ends, and the result is wrong.'
    says 'It was: it hangs'
    # The question comes before anything is shown of the run.
    is "$(grep -nE 'What will happen|VERDICT' "$out" | cut -d: -f2 | cut -c1-7 | xargs)" \
        "Read la VERDICT" "the order"
    terminal '\n' PREDICT=1 build/forklab run 31
    says_not 'You predicted'
    PREDICT=1 in_pipe build/forklab run 31
    says_not 'What will happen'
    is "$(cat attempts/.predictions)" "$(printf '31 said 3 saw 3\n31 said 2 saw 3')" "what is noted"
}

# hold_and_look [COMMAND...]: holds lab 31, and types what its screen offers, all by
# that command in front: somebody else than root.
hold_and_look() {
    "$@" env "$mark" TMPDIR="$tmp" HOME="$project" HOLD=60 build/forklab run 31 \
        >"$out" 2>&1 </dev/null 3>&- &
    held=$!
    until_true 60 grep -q 'then comes the page' "$out"
    says 'HANG (proved)'
    says_not VERDICT
    grep -E '^    (sudo )?(gdb|strace|cat|build/forklab)' "$out" >commands
    is "$(wc -l <commands)" 4 commands
    typed autopsy 'pthread_mutex_lock' "$@"
    typed cat 'State:.*S' "$@"
    ! command -v gdb >/dev/null || typed gdb '31-lock-nobody-holds.c:[0-9]' "$@"
    ! command -v strace >/dev/null || typed strace 'futex(' "$@"
    status=0
    kill -INT "$held"
    wait "$held" || status=$?
    is "$status" 130 "exit status after Ctrl-C"
    says VERDICT
}

# typed NAME WORDS [COMMAND...]: what the command of that name must show.
typed() {
    local line
    line=$(grep -w "$1" commands)
    timeout -s INT -k 20 "$([ "$1" = strace ] && echo 3 || echo 60)" "${@:3}" \
        bash -c "$line" >look 2>&1 </dev/null 3>&- || true
    grep -q "$2" look || is "$(cat look)" "$2" "$1"
}

@test "HOLD keeps a hang alive, with commands that work" {
    make_project
    hold_and_look
}

@test "HOLD as an ordinary user" {
    [ "$EUID" -eq 0 ] || skip "all tests run as one"
    [[ ! -e /proc/sys/kernel/yama/ptrace_scope || $(cat /proc/sys/kernel/yama/ptrace_scope) = 0 ]] ||
        skip "gdb needs sudo here"
    make_project
    # Where bats keeps this test may be root's alone.
    local place
    place=$(mktemp -d)
    cp -a "$project/." "$place"
    mkdir "$place/tmp"
    chown -R 65534:65534 "$place"
    project=$place tmp=$place/tmp
    cd "$place"
    hold_and_look setpriv --reuid 65534 --regid 65534 --clear-groups
    cd "$root"
    rm -r "$place"
    tmp=$BATS_TEST_TMPDIR/tmp
}

@test "HOLD ends by itself, by Enter, and where nothing is left" {
    make_project
    HOLD=2 in_pipe build/forklab run 31
    is "$status" 0 "exit status"
    says 'kept alive for 2 seconds'
    says VERDICT
    terminal '\n' HOLD=1 build/forklab run 31
    is "$status" 0 "exit status after Enter"
    says 'kept alive for 10 minutes'
    says VERDICT
    HOLD=1 in_pipe build/forklab run 1
    is "$status" 0 "exit status of what ends"
    says_not 'kept alive'
    HOLD=long in_pipe build/forklab run 31
    is "$status" 2 "exit status of HOLD=long"
}

@test "PLAIN=1: no columns, no marks, each thing a line" {
    make_project
    PLAIN=1 in_pipe build/forklab run 31
    is "$status" 0 "exit status"
    is "$(grep -nE '[^ ]   +[^ ]' "$out" | grep -v 'as expected')" "" "columns"
    grep -qE '^[0-9.]+ ms, parent: forks$' "$out" || says 'ms, parent: forks'
    says 'who: child'
    says 'next: make try-31'
    mkdir attempts
    echo '31 safe 2026-01-01' >attempts/progress
    PLAIN=1 in_pipe build/forklab list
    says '31 cured, 32'
    FORCE_COLOR=1 PLAIN=1 in_pipe build/forklab list 3
    is "$(grep -c "$(printf '\033')" "$out")" 0 "lines with colour"
}

# ---- to take along ----

@test "demo: five hazards, none of which needs anything" {
    make_project
    in_pipe build/forklab demo
    is "$status" 0 "exit status"
    is "$(grep -c '^VERDICT ' "$out")" 5 pages
    is "$(grep -c 'as expected' "$out")" 5 "as expected"
    says 'make lab-01'
    # At a terminal a page stays until Enter.
    terminal '\n\n\n\n' build/forklab demo
    is "$(grep -c '^VERDICT ' "$out")" 5 "pages at a terminal"
    says '4 of 5; Enter'
}

@test "handin: the attempts, the progress and the doctor, with their sums" {
    make_project
    in_pipe build/forklab handin
    is "$status" 3 "exit status without an attempt"
    grep -q 'make try-01' "$err"
    build/forklab try 31 >/dev/null
    build/forklab hint 31 >/dev/null
    mv "$attempt" "$attempt.1"
    cp solutions/31-*.c attempts/
    ln -s /etc/passwd attempts/33-time-stands-still.c
    echo secret >attempts/diary.txt
    in_pipe make handin
    is "$status" 0 "exit status"
    says 'left out: attempts/33-time-stands-still.c'
    says "$(sha256sum attempts/handin.tar | cut -d' ' -f1)"
    mkdir there
    tar -C there -xf attempts/handin.tar
    (cd there && sha256sum --quiet -c SHA256SUMS)
    is "$(cd there && find . -type f | sort | xargs)" \
        "./SHA256SUMS ./attempts/.hints ./$attempt ./$attempt.1 ./doctor.txt" "what is in it"
    cmp "there/$attempt" "$attempt"
    grep -q 'a hang can be proved' there/doctor.txt
    is "$(tar -tvf attempts/handin.tar | awk '{ print $2 }' | sort -u)" 0/0 owners
    # It is not packed into the next one, and that takes its place.
    in_pipe make handin
    is "$(tar -tf attempts/handin.tar | grep -c handin)" 0 "an archive in the archive"
    # A teacher unpacks it, and grades.
    in_pipe build/forklab grade --submission there/attempts --runs 1
    is "$status" 0 "exit status of grade"
    says 'Score: 1/'
}

@test "bug-report says what the machine is, and not whose" {
    make_project
    HOME=$BATS_TEST_TMPDIR in_pipe make bug-report-31
    is "$status" 0 "exit status"
    says attempts/bug-report.md
    grep -q 'a hang can be proved' attempts/bug-report.md
    grep -qE '"verdict":.*"hang"' attempts/bug-report.md
    is "$(grep -nF -e "$BATS_TEST_TMPDIR" -e "$(hostname)" attempts/bug-report.md)" "" "paths and hosts"
}
