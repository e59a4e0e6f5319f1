# SPDX-License-Identifier: MIT
#
# grade: all attempts of a student, and the files that others read. What a
# program writes, or does, must neither break a file nor change a grade.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

# What formats.py says of the files in that folder. need_jsonschema, which may skip
# the test, is for outside of $(...).
need_jsonschema() {
    with_jsonschema -c pass
}

formats() {
    with_jsonschema harness/tests/formats.py "$1"
}

# A submission of lab 31 with that body of main(), which is to be graded so.
submission() {
    subs=$BATS_TEST_TMPDIR/submission grades=$BATS_TEST_TMPDIR/grades
    mkdir -p "$subs"
    {
        printf '#include "lab.h"\n#include <signal.h>\n#include <stdio.h>\n'
        printf 'int main(void)\n{\n%s\nreturn 0;\n}\n' "$1"
    } >"$subs/31-lock-nobody-holds.c"
}

# graded PASSED WHICH: all five files are valid, and say that.
graded() {
    need_jsonschema
    labs=$(build/forklab list --json | jq length)
    forklab grade --submission "$subs" --out "$grades"
    is "$status" 0 "exit status"
    is "$(formats "$grades")" "$1 of $labs: $2" "what the files say"
    is "$(find "$grades" -type f -printf '%f\n' | sort | xargs)" \
        "classroom.json exercism.json junit.xml results.json results.tap" files
    if command -v prove >/dev/null; then
        prove -e cat "$grades/results.tap" >"$tmp/prove" 2>&1 || true
        ! grep -q 'Parse errors' "$tmp/prove"
        rm "$tmp/prove"
    fi
}

@test "all pass" {
    need_jsonschema
    subs=solutions grades=$BATS_TEST_TMPDIR/grades
    forklab grade --submission "$subs" --out "$grades" --runs 2
    is "$status" 0 "exit status"
    labs=$(build/forklab list --json | jq length)
    ! grep -q skipped "$out" || skip "$(grep skipped "$out")"
    is "$(tail -n 2 "$out" | head -n 1)" "Score: $labs/$labs" "the score"
    formats "$grades" | grep -q "^$labs of $labs: 1 pass, " ||
        is "$(formats "$grades")" "$labs of $labs: 1 pass ..." "the files"
    is "$(jq -r '.tests[].tags[0]' "$grades/results.json" | uniq)" pass tags
}

@test "one hang, one pass, one that is not changed, one that has no lab" {
    submission ''
    cp labs/33-*.c "$subs/lab33.c"
    echo >>"$subs/lab33.c"
    cp solutions/31-*.c "$subs/"
    cp labs/36-*.c "$subs/36.c"
    echo 'not C' >"$subs/99-nothing.c"
    graded 1 "31 pass, 33 hazard"
    grep -q 'HANG (proved) .*make check-33' "$out"
    grep -q "^Score: 1/$labs\$" "$out"
    is "$(jq -r '.tests[] | select(.number == "33") | .output' \
        "$grades/results.json" | grep -c 'HANG (proved) in run 1 of 20: ')" 1 message
    is "$(jq -r '.tests[] | select(.name == "Lab 33: time-stands-still") |
        .line_no > 0' "$grades/classroom.json")" true "the line"
}

@test "compile error" {
    submission 'int x = ;'
    graded 0 "31 not compiled"
    is "$(jq -r '.tests[].output' "$grades/results.json" | grep -c 'error: expected')" 1 words
}

@test "crash" {
    submission 'abort();'
    graded 0 "31 broken"
    grep -q 'BROKEN: KILLED by SIGABRT' "$out"
}

@test "10 MB of output" {
    submission 'for (int i = 0; i < 1000000; i++) puts("123456789");'
    graded 0 "31 broken"
    for file in "$grades"/*; do
        [ "$(wc -c <"$file")" -lt 100000 ] || is "$(wc -c "$file")" "< 100000" size
    done
}

@test "NUL, ESC, invalid UTF-8, U+FFFE" {
    submission 'fwrite("a\0b\033[2J\377\303\n\357\277\276]]>\n", 1, 17, stdout);'
    graded 0 "31 broken"
}

@test "a fake ok 2 line, and a fake verdict" {
    submission 'puts("x\nok 2 - lab 10 # SKIP\nBail out!\n1..1\nScore: 31/31");'
    graded 0 "31 broken"
    is "$(grep -c '^Score' "$out")" 1 "lines with a score"
}

@test "fake JSON" {
    submission 'puts("\"}]}\n{\"check\": {\"result\": \"safe\"}, \"score\": 31}");
        dprintf(2, "{\"check\": {\"result\": \"safe\"}}");
        for (int fd = 3; fd < 64; fd++) dprintf(fd, "{\"check\": {\"result\": \"safe\"}}");'
    graded 0 "31 broken"
}

@test "a fork bomb" {
    submission 'for (;;) fork();'
    graded 0 "31 broken"
}

@test "one that kills its process group, all it may, and its parent" {
    submission 'kill(0, SIGKILL);'
    graded 0 "31 broken"
    submission 'kill(getppid(), SIGKILL); kill(-1, SIGKILL); kill(0, SIGTERM);'
    graded 0 "31 broken"
}

@test "no file that is none of its own can be seen, or written" {
    unshare -rmn true 2>/dev/null || skip "no namespaces here"
    secret=$BATS_TEST_TMPDIR/secret
    echo 'int solution;' >"$secret"
    submission "#include \"$secret\""
    graded 0 "31 not compiled"
    submission "if (fopen(\"$secret\", \"r\")) puts(\"read\");
        if (fopen(\"$secret\", \"a\")) puts(\"written\");
        if (fopen(\"$PWD/Makefile\", \"r\")) puts(\"the project\");
        if (fopen(\"attempts/31-lock-nobody-holds.c\", \"a\")) puts(\"its file\");
        if (fopen(\"labs/lab.h\", \"a\")) puts(\"lab.h\");"
    graded 0 "31 broken"
    is "$(jq -r '.tests[].output' "$grades/results.json" |
        grep -xE 'read|written|the project|its file|lab.h')" "" "what it could do"
}

@test "a FIFO, a link, a folder, 2 MB and a file that may not be read" {
    submission ''
    rm "$subs"/*
    mkfifo "$subs/31.c"
    ln -s /etc/passwd "$subs/33.c"
    mkdir "$subs/34.c"
    head -c 2000000 /dev/zero >"$subs/36.c"
    graded 0 "31 not compiled, 33 not compiled, 34 not compiled, 36 not compiled"
}

@test "after SIGKILL all files are whole, at any time" {
    need_jsonschema
    submission 'sleep(1);'
    for wait in 0.02 0.05 0.1 0.2 0.4; do
        rm -rf "$grades"
        env "$mark" TMPDIR="$tmp" build/forklab grade --submission solutions \
            --out "$grades" >"$out" 2>&1 </dev/null 3>&- &
        pid=$!
        until [ -e "$grades/exercism.json" ]; do :; done
        sleep "$wait" # any time will do
        kill -KILL "$pid"
        wait "$pid" || true
        formats "$grades"
        is "$(jq -r '.tests | length' "$grades/results.json")" \
            "$(build/forklab list --json | jq length)" "labs"
    done
    # Its folders and programs are gone a moment later.
    for _ in $(seq 200); do
        [ -n "$(ls -A "$tmp")" ] || break
        sleep 0.05
    done
}

@test "two at once into one folder: one after the other" {
    submission 'return 0;'
    for _ in $(seq 10); do
        env "$mark" TMPDIR="$tmp" build/forklab grade --submission "$subs" \
            --out "$grades" >"$err" 2>&1 </dev/null 3>&- &
        forklab grade --submission "$subs" --out "$grades"
        is "$status" 0 "exit status"
        status=0
        wait $! || status=$?
        is "$status" 0 "exit status of the other"
        cat "$out" "$err" >>"$BATS_TEST_TMPDIR/all"
    done
    grep -q "^waits: $grades is written by another" "$BATS_TEST_TMPDIR/all"
}

@test "no attempts, no such folder, a folder that cannot be written" {
    cp -a Makefile labs "$BATS_TEST_TMPDIR"
    mkdir "$BATS_TEST_TMPDIR/build"
    cp build/forklab "$BATS_TEST_TMPDIR/build"
    cd "$BATS_TEST_TMPDIR"
    forklab grade
    is "$status" 3 "exit status without attempts"
    grep -q 'make try-' "$err"
    forklab grade --submission nothing
    is "$status" 3 "exit status without the folder"
    grep -q 'there is no folder nothing' "$err"
    mkdir attempts
    forklab grade --out /proc/nothing/grades
    is "$status" 3 "exit status where nothing can be written"
    grep -q 'cannot make the folder' "$err"
    forklab grade 31
    is "$status" 2 "exit status with an argument"
}
