# SPDX-License-Identifier: MIT
#
# check N: a student's file becomes a program, is run 20 times, and is told what
# is still wrong.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

file=31-lock-nobody-holds.c

# A project of its own, with the solution of lab 31 as the attempt.
attempt() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build" "$project/attempts" \
        "$project"/harness/{scripts,course}
    cp -a Makefile labs solutions "$project/"
    # What make reads of the runner's sources, but none of them: it builds none.
    cp harness/build.mk "$project/harness/"
    cp harness/scripts/setup.sh "$project/harness/scripts/"
    cp harness/course/flags.h "$project/harness/course/"
    cp build/forklab "$project/build/"
    cd "$project" || return
    attempt=attempts/$file
    cp "solutions/$file" "$attempt"
}

# change OLD NEW: in the attempt, where OLD must be.
change() {
    grep -qF -e "$1" "$attempt" || is "(not there)" "$1" "the attempt"
    OLD=$1 NEW=$2 awk '{
        at = index($0, ENVIRON["OLD"])
        if (at) $0 = substr($0, 1, at - 1) ENVIRON["NEW"] \
            substr($0, at + length(ENVIRON["OLD"]))
        print
    }' "$attempt" >"$attempt.new"
    mv "$attempt.new" "$attempt"
}

# says WORDS: on the page.
says() {
    grep -qF -e "$1" "$out" || is "(not there)" "$1" "the page"
}

# Nothing stays in build/attempts; what stays elsewhere teardown() finds.
nothing_left() {
    is "$(ls -A build/attempts 2>/dev/null)" "" "left in build/attempts"
}

# result WORD STATUS [OPTION...]: checks, and what came of it.
result() {
    forklab check 31 "${@:3}" --json "$json"
    is "$status" "$2" "exit status"
    field .check.result "$1"
    keep_here
    nothing_left
}

# As keep(), from a project of its own.
keep_here() {
    (cd "$root" && keep)
}

@test "an attempt that is safe: 20 runs, the cure by name, the next lab" {
    attempt
    result safe 0
    field '"\(.check.run) of \(.check.runs)"' "20 of 20"
    field .outcome safe
    for words in SAFE '20 of 20 runs' pthread_atfork 'make lab-3' diff-31; do
        says "$words"
    done
    is "$(grep -E '^.{81}' "$out")" "" "long lines"
}

@test "a number for each run: a typed line is broken, what is begun earlier is bare" {
    attempt
    change 'show("child saw %d %d", orders, bills);' 'show("child saw 1 1");'
    result broken 1
    field .check.flag null
    FORKLAB_N=47 result broken 1
    field .n 47
    field '.missing[0]' 'child saw 47 47'
    # No attempt gets past it by hiding that it knows of numbers: it is flagged.
    change ' * Number:  1' ' *'
    result safe 0
    field .n 1
    says 'look at it: it was begun from an earlier text'
    says 'the line "child saw 1 1" is typed in it'
}

@test "an untouched copy is told so, and not run" {
    attempt
    cp "labs/$file" "$attempt"
    result unchanged 1
    says UNCHANGED
    says 'make hint-31'
    # A blank is a change: then it is run.
    echo >>"$attempt"
    result hazard 1
}

@test "the hazard: where, wanted, likely, and the same run once more" {
    attempt
    change 'pthread_atfork(' '0 && pthread_atfork('
    FORKLAB_N=bare result hazard 1
    line=$(awk '/child: wants lock/ { asks = 1 }
        asks && /pthread_mutex_lock/ { print NR; exit }' "$attempt")
    for words in 'HANG (proved)' '1 of 20, with seed 1' 'wanted  child saw 1 1' \
        "at $attempt:$line" 'likely  the lock is held' 'make check-31 SEED=1'; do
        says "$words"
    done
    [ "$(wc -l <"$out")" -le 24 ] || is "$(wc -l <"$out")" 24 "lines"
    make check-31 SEED=1 >"$out" 2>&1 3>&- </dev/null || status=$?
    says 'HANG (proved)'
}

@test "luck: stops at the first run that is not safe; its seed repeats it" {
    attempt
    change 'pthread_atfork(' 'atoi(getenv("FORKLAB_SEED")) < 3 && pthread_atfork('
    result hazard 1
    field '"\(.check.run) of \(.check.runs), \(.check.seed)"' "3 of 20, 3"
    says '2 runs before this one passed'
    result hazard 1 --seed 3
    field .check.runs 1
    result safe 0 --seed 2
    result safe 0 --runs 2
}

@test "it must do the work: other words are broken, not safe" {
    attempt
    change '"child saw' '"child sees'
    FORKLAB_N=bare result broken 1
    says 'missing'
    says 'child sees 1 1'
    says 'likely'
}

@test "the compiler's own words, and that this is not the hazard" {
    attempt
    echo 'int x' >>"$attempt"
    result 'not compiled' 1
    says "$attempt:"
    says 'error: expected'
    says 'NOT COMPILED'
    says 'not the hazard'
    field '.check.run' null
}

@test "a warning is passed on" {
    attempt
    echo 'static int nobody_needs_me;' >>"$attempt"
    result safe 0
    says 'The compiler warns:'
    says nobody_needs_me
}

@test "a file that no compiler comes to an end with" {
    attempt
    echo '#include "'"$file"'"' >"$attempt"
    result 'not compiled' 1
    printf 'char big[1UL << 40] = {1};\nint main(void) { return 0; }\n' >"$attempt"
    result 'not compiled' 1
    head -c 3000000 /dev/zero >"$attempt"
    forklab check 31
    is "$status" 3 "exit status for 3 MB"
    grep -q 'at most 1 MiB' "$err" || is "$(cat "$err")" 'at most 1 MiB' "the error"
}

# What a program does to others is not what this suite could forgive.
hostile() {
    attempt
    {
        printf '#include "lab.h"\n#include <signal.h>\n#include <stdio.h>\n'
        printf 'int main(void)\n{\n%s\nreturn 0;\n}\n' "$1"
    } >"$attempt"
    result broken 1
}

@test "10 MB of output" {
    hostile 'for (int i = 0; i < 1000000; i++) puts("123456789");'
    field '.output.bytes > 1000000' true
}

@test "NUL, ESC, invalid UTF-8 and a fake verdict in the output" {
    hostile 'fwrite("a\0b\033[2J\377\nSAFE 20 of 20 runs\n", 1, 30, stdout);'
    is "$(tr -d '\n\t' <"$out" | tr -d ' -~')" "" "bytes that are not printable"
    [ "$(head -n 1 "$out" | cut -c 1-10)" = "attempt 31" ]
}

@test "a fork bomb" {
    hostile 'for (;;) fork();'
}

@test "one that kills whom it can" {
    hostile 'kill(0, SIGKILL); kill(-1, SIGKILL);'
}

@test "no attempt, no compiler, no such file, no number" {
    attempt
    rm "$attempt"
    forklab check 31
    is "$status" 3 "exit status without an attempt"
    grep -q 'make try-31' "$err"
    cp "solutions/$file" "$attempt"
    CC=no-such-compiler forklab check 31
    is "$status" 3 "exit status without a compiler"
    grep -q 'no C compiler: no-such-compiler is not in PATH; install one' "$err"
    forklab check 31 nothing.c
    is "$status" 3 "exit status without the file"
    forklab check 31 --runs none
    is "$status" 2 "exit status of --runs none"
    forklab check 31 "$attempt" more
    is "$status" 2 "exit status of one argument too many"
}

@test "any file can be checked, from any directory" {
    attempt
    mv "$attempt" "$tmp/mine.c"
    result safe 0 "$tmp/mine.c"
    rm "$tmp/mine.c"
}

@test "where nothing can be written" {
    [ "$(id -u)" -ne 0 ] || unshare -rm true 2>/dev/null || skip "no user namespaces here"
    attempt
    mkdir -p build/attempts
    status=0
    unshare -rm sh -euc '
        mount --bind . . && mount -o remount,ro,bind . && cd .
        TMPDIR='"$tmp"' build/forklab check 31' >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
    is "$status" 0 "exit status"
    says SAFE
}

@test "where programs may not be executed: in build/, and not left there" {
    unshare -rm true 2>/dev/null || skip "no user namespaces here"
    attempt
    status=0
    env "$mark" TMPDIR="$tmp" unshare -rm sh -euc '
        mount -t tmpfs -o noexec none "$TMPDIR"
        exec build/forklab check 31' >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "exit status"
    says SAFE
    nothing_left
}

@test "without namespaces, too: no process, no file is left" {
    export FORKLAB_CAGE=plain
    attempt
    result safe 0
    is "$(ls -A "$tmp")" "" "files that are left"
}

@test "... and none that kills whom it can" {
    export FORKLAB_CAGE=plain
    hostile 'kill(0, SIGKILL);'
    is "$(ls -A "$tmp")" "" "files that are left"
}

@test "killed at any time: no process, no file is left" {
    attempt
    for ms in 002 004 010 030 060 100 150 200; do
        env "$mark" TMPDIR="$tmp" timeout -s KILL "0.$ms" build/forklab check 31 \
            >"$out" 2>"$err" </dev/null 3>&- || true
    done
    # Its guard waits until the programs have ended.
    until_true "$ample" nothing_in_tmp || true
    nothing_left
}

@test "where there is no space: says so, and that is not the student's fault" {
    unshare -rm true 2>/dev/null || skip "no user namespaces here"
    attempt
    status=0
    env "$mark" TMPDIR="$tmp" unshare -rm sh -euc '
        mount -t tmpfs -o size=24k none "$TMPDIR"
        exec build/forklab check 31' >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 3 "exit status"
    grep -q 'no space left for the compiler: free some' "$err" || is "$(cat "$err")" 'no space left' error
    nothing_left
}

@test "Ctrl-C: a word, status 130, nothing left" {
    attempt
    change 'pthread_atfork(' 'sleep(2) == 0 && pthread_atfork('
    env "$mark" TMPDIR="$tmp" build/forklab check 31 >"$out" 2>"$err" \
        </dev/null 3>&- &
    pid=$!
    # Until it runs the program: then there is a process below the runner's.
    until pgrep -f "^$tmp/forklab.*/31-" >/dev/null ||
        ! kill -0 $pid; do sleep 0.05; done
    kill -INT $pid
    status=0
    wait $pid || status=$?
    is "$status" 130 "exit status"
    grep -q 'interrupted in run 1 of 20' "$err" || is "$(cat "$err")" interrupted err
    nothing_left
}

@test "an attempt built with musl" {
    command -v musl-gcc >/dev/null || skip "no musl-gcc here: make setup"
    attempt
    result safe 0 --libc musl
    field '.machine.libc | startswith("musl")' true
}

@test "an attempt at a lab with a shared object of its own" {
    attempt
    mkdir -p build/labs
    cp -a "$root"/build/labs/49-*.so build/labs/
    attempt=attempts/$(cd labs && echo 49-*[!o].c)
    cp "labs/${attempt#*/}" "$attempt"
    echo >>"$attempt"
    forklab check 49 --json "$json"
    field .check.result hazard
    cp "solutions/${attempt#*/}" "$attempt"
    forklab check 49 --json "$json"
    field .check.result safe
}

# cannot WORDS: forklab says so, in one line, and does not blame the attempt.
cannot() {
    is "$status" 3 "exit status"
    is "$(wc -l <"$err")" 1 "lines on stderr"
    grep -qF -e "$1" "$err" || is "$(cat "$err")" "$1" "the error"
    is "$(cat "$out")" "" stdout
}

@test "a compiler that is not found, or does not work, is not the attempt's fault" {
    attempt
    printf '#!/bin/sh\necho "odd: error: unknown option -Wvla" >&2\nexit 1\n' \
        >"$BATS_TEST_TMPDIR/odd"
    chmod +x "$BATS_TEST_TMPDIR/odd"
    CC=$BATS_TEST_TMPDIR/odd forklab check 31
    cannot 'cannot compile even an empty main(): odd: error: unknown option'
    CC=/etc/passwd forklab check 31
    cannot 'no C compiler: /etc/passwd: Permission denied'
    CC=false forklab check 31
    cannot 'the C compiler false cannot compile even an empty main()'
    for path in PATH= PATH=/nonexistent -u\ PATH; do
        status=0
        # shellcheck disable=SC2086
        env $path "$mark" TMPDIR="$tmp" "$project/build/forklab" check 31 \
            >"$out" 2>"$err" </dev/null 3>&- || status=$?
        cannot 'no C compiler: cc is not in PATH'
    done
    nothing_left
}

# ---- the reason is the one that it is ----

# because DECLARATIONS BODY [CGROUP]: an attempt at lab 31 of these lines; it is
# broken. In that control group, if there is one.
because() {
    cd "$root" || return
    attempt
    {
        printf '#include "lab.h"\n'
        printf '#include <%s.h>\n' assert fcntl sched stdlib string sys/wait unistd
        printf '%s\nint main(void)\n{\n%s\n}\n' "$1" "$2"
    } >"$attempt"
    if [ $# -lt 3 ]; then
        forklab check 31 --deadline "${deadline:-5}" --json "$json"
    else
        status=0
        # shellcheck disable=SC2016
        env "$mark" TMPDIR="$tmp" GROUP="$3" sh -c 'echo $$ >"$GROUP/cgroup.procs"
            exec build/forklab check 31 --json "$0"' "$json" >"$out" 2>"$err" \
            </dev/null 3>&- || status=$?
    fi
    is "$status" 1 "exit status"
    field .check.result broken
    keep_here
}

# denies WORDS...: they are not on the page.
denies() {
    for words; do
        ! grep -qF -e "$words" "$out" || is "$words" none "the page"
    done
}

# line_of WORDS: in the attempt.
line_of() {
    grep -nF -m 1 -e "$1" "$attempt" | cut -d: -f1
}

@test "a crash of the child: who, in which function, at which line" {
    because 'static int *volatile nothing;
__attribute__((noinline)) static void add(void)
{
    *nothing = 3;
}' '    if (fork() == 0) {
        add();
        _exit(42);
    }
    wait(NULL);'
    field .check.where "child in add, at $attempt:$(line_of '*nothing = 3') (a null pointer)"
    says 'where       child in add, at'
    says 'SIGSEGV ended child'
    denies 'not a cure' 'a sleep'
}

@test "... in a library: the line that called it; a thread's; a false assertion" {
    because 'static char *volatile nothing;' '    return (int)strlen(strdup(nothing));'
    field '.check.where | contains("in main") or contains("called by main")' true
    field ".check.where | contains(\":$(line_of strdup)\")" true
    because '#include <pthread.h>
static void *work(void *zero)
{
    return (void *)(size_t)(7 / *(int *)zero);
}' '    int zero = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, work, &zero);
    pthread_join(thread, NULL);'
    field .check.where "parent in work, at $attempt:$(line_of '7 /')"
    says 'SIGFPE ended parent'
    because '' '    assert(getpid() == 0);'
    field ".check.where | contains(\"main, at $attempt:$(line_of 'assert(')\")" true
    says 'SIGABRT ended parent'
}

@test "... that a handler survives is none" {
    because '#include <setjmp.h>
#include <signal.h>
static sigjmp_buf back;
static int *volatile nothing;
static void leave(int number)
{
    (void)number;
    siglongjmp(back, 1);
}' '    signal(SIGSEGV, leave);
    if (sigsetjmp(back, 1) == 0)
        *nothing = 1;
    abort();'
    says 'SIGABRT ended parent'
    field ".check.where | contains(\":$(line_of 'abort();')\")" true
}

@test "a loop that does not end: which, and the reason once" {
    deadline=1 because 'static volatile int turns;
__attribute__((noinline)) static void turn(void)
{
    for (int i = 0; i < 100; i++)
        turns++;
}' '    if (fork() == 0) {
        while (turns != -1)
            turn();
        _exit(42);
    }
    wait(NULL);'
    # In the loop: in main, or in what it calls.
    field '.processes[] | select(.role == "child").threads[0].why |
        test("child spins in (main|turn), at '"$attempt"':[0-9]+")' true
    says 'where       child spins in'
    says 'an endless loop'
    is "$(grep -c 'which is not evidence' "$out")" 1 "times the reason"
    is "$(grep -c '^  why' "$out")" 0 "rows that say it again"
    deadline=1 because '' '    volatile int i = 0;
    for (;;)
        i++;'
    line=$(line_of 'for (;;)')
    grep -qE "parent spins in main, at $attempt:($line|$((line + 1)))$" "$out" ||
        is "(not there)" "line $line" "the page"
}

@test "a fork bomb and a flood: the limit, not the deadline" {
    local deadline=$ample
    because '' '    for (;;)
        fork();'
    field .limit '256 processes at once'
    says 'limit: 256 processes at once'
    says 'creates processes without end'
    denies deadline 'a sleep' 'STILL RUNNING'
    because '' '    for (;;)
        if (write(1, "once more\n", 10) == -1)
            return 3;'
    field '.limit | contains("of output")' true
    says 'it reached the limit of'
    says 'writes without end'
    denies deadline 'a sleep'
}

@test "a file that is too large: the limit of its size" {
    because '' '    int fd = open("file", O_CREAT | O_WRONLY, 0600);
    return pwrite(fd, "x", 1, (off_t)1 << 31) == 1 ? 0 : 3;'
    field '.reason | contains("a file reached the size limit (1 GiB")' true
    says 'writes too much'
    denies 'not a cure' deadline
}

@test "memory that runs out: that, and not a kill() of somebody" {
    local group
    for group in /sys/fs/cgroup/memory /sys/fs/cgroup; do
        group=$group/forklab-test-$$
        mkdir "$group" 2>/dev/null || continue
        break
    done
    [ -d "$group" ] || skip "no cgroup of our own here"
    echo 60M >"$group/memory.limit_in_bytes" 2>/dev/null ||
        echo 60M >"$group/memory.max" 2>/dev/null || {
        rmdir "$group"
        skip "no limit of memory here"
    }
    echo 0 >"$group/memory.swap.max" 2>/dev/null || true
    grep -q '^oom_kill ' /proc/vmstat || skip "this kernel counts no such kills"
    because '' '    if (fork() == 0)
        for (;;) {
            char *some = malloc(1 << 20);
            if (some == NULL)
                _exit(3);
            memset(some, 1, 1 << 20);
        }
    wait(NULL);' "$group"
    for _ in $(seq 200); do
        rmdir "$group" 2>/dev/null && break
        sleep 0.02
    done
    field '.reason | contains("ran out of memory, and child was killed")' true
    says 'uses more and more memory'
    denies 'not a cure'
}

@test "lines that differ: which instead of which, and what that means" {
    attempt
    sed -f "$root/harness/tests/sly/31-timed-lock.sed" "labs/$file" >"$attempt"
    FORKLAB_N=bare result broken 1
    says 'it says "child saw 1 0" where "child saw 1 1" was expected'
    field '.check.likely | contains("the lock was not held")' true
}

# left_over LAB EDIT WORDS: the lab's solution, damaged by sed.
left_over() {
    local mine=$BATS_TEST_TMPDIR/mine.c solution
    solution=$(echo "$root/solutions/$1"-*.c)
    sed "$2" "$solution" >"$mine"
    ! cmp -s "$solution" "$mine" || is unchanged changed "$solution"
    forklab check "$1" "$mine" --json "$json"
    field .check.result broken
    says "$3"
    denies 'in another way' 'not a cure'
    keep_here
}

@test "sockets and zombies that are left: they are what is wrong" {
    # The worker's socket stays open in the parent, under another number.
    left_over 11 '/FIX:/,/close(c/s/^ *close(connection);/dup2(connection, 500 + connection);&/' \
        'parent still holds 1 TCP connection whose peer has closed'
    # Only the first one is waited for.
    left_over 60 's/while (waitpid/static int once; while (once++ == 0 \&\& waitpid/' \
        'children of server ended, and no process waited for them'
}
