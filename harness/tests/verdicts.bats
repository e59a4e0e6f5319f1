# SPDX-License-Identifier: MIT
#
# The runner's verdicts, on small programs of its own. A false HANG is the worst
# defect that this project can have, so most of these look stuck and are not.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2030,SC2031
load helper

# hang: it is proved, and nobody waited for the deadline to say so.
hang() {
    cage "$ample" "$@"
    is "$status" 1 "exit status"
    fields .verdict hang .proved true '.ms.total < .deadline_s * 1000' true
}

# waits PROGRAM: nothing moves until the deadline, and yet it is no hang.
waits() {
    in_time no-progress cage DEADLINE "$@"
    is "$status" 1 "exit status"
    fields .verdict no-progress .proved false
}

# ---- it ends ----

@test "exit 0" {
    cage "$ample" exit-with 0
    is "$status" 0 "exit status"
    field .verdict exit
    field .status 0
    field .proved false
    field '.evidence | join("|")' evidence
}

@test "exit 3" {
    cage "$ample" exit-with 3
    is "$status" 1 "exit status"
    field .verdict exit
    field .status 3
}

@test "a crash: killed by SIGSEGV" {
    cage "$ample" crash
    is "$status" 1 "exit status"
    field .verdict killed
    field '.findings | join("|")' "[parent] killed by SIGSEGV"
}

@test "slow but alive: exit" {
    cage "$ample" slow-but-alive
    field .verdict exit
    field .status 0
}

@test "a pipe whose writer takes its time: exit" {
    cage "$ample" pipe-slow-writer
    field .verdict exit
    field .status 0
}

@test "a child that is left behind, and ends later" {
    cage "$ample" child-left-behind
    field .verdict exit
    field .left_behind 1
}

@test "signals that the runner ignores are not ignored in the program" {
    # shellcheck disable=SC2016 # the inner shell's
    (
        trap '' USR1
        forklab cage --deadline "$ample" --json "$json" -- \
            sh -c 'kill -USR1 $$; exit 5'
    )
    field .verdict_title 'KILLED by SIGUSR1'
    keep
}

# ---- it is stuck ----

@test "two mutexes in opposite order: HANG" {
    hang mutex-abba
    field '[.processes[].threads[].waits] | join(" ")' "mutex mutex"
    field '[.processes[].threads[].owner_is] | join(" ")' "thread thread"
    field '[.processes[].threads[].object] | sort | join(" ")' "first second"
}

@test "a mutex whose thread was not copied: HANG, owner vanished" {
    hang mutex-orphaned
    field '.processes[] | select(.role == "child").threads[0] |
        [.function, .object, .owner_is] | join(" ")' \
        "pthread_mutex_lock lock vanished"
    field '.processes[] | select(.role == "child").threads[0].file' \
        harness/tests/programs/mutex-orphaned.c
}

@test "a pipe whose write end the reader holds itself: HANG" {
    hang pipe-own-writer
    field '.processes[0].threads[0].function' read
}

@test "a wait for a child that is stuck: HANG, and the child is the root" {
    hang child-stuck
    field '.findings | join("|")' "[child] hang in read"
}

@test "the first process has ended, a child of it is stuck: HANG" {
    hang child-stuck and end
    field .left_behind 1
    field '.processes[] | select(.role == "child").end' stuck
}

@test "pause with nobody to send a signal: HANG" {
    hang pause-alone
    field '.processes[0].threads[0].function' pause
}

@test "a named pipe that only the tree can open: HANG" {
    # shellcheck disable=SC2016
    forklab cage --deadline "$ample" --json "$json" -- sh -c \
        'mkfifo "$TMPDIR/f" && exec build/tests/programs/fifo-reader "$TMPDIR/f"'
    keep
    field .verdict hang
}

# ---- it looks stuck ----

@test "nanosleep for 1000 s: NO PROGRESS" {
    waits sleep-long
}

@test "a busy loop: STILL RUNNING" {
    cage 1 busy
    is "$status" 1 "exit status"
    field .verdict running
}

@test "stopped by a signal: no hang, and the page says what could continue it" {
    cage 1 stop-itself
    field .proved false
    field '.verdict == "hang"' false
    field '.processes[0].threads[0].why' "somebody may continue it (SIGCONT)"
}

@test "waits for a client: no hang" {
    cage 1 accept-client
    field .proved false
    field '.verdict == "hang"' false
}

@test "a named pipe that others may open: no hang" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    waits fifo-reader "$BATS_TEST_TMPDIR/fifo"
}

@test "pause, alarm pending: no hang" {
    waits timers alarm
}

@test "pause, setitimer pending: no hang" {
    waits timers setitimer
}

@test "pause, timer_create pending: no hang" {
    waits timers timer_create
}

@test "read of an armed timerfd: no hang" {
    waits timers timerfd
}

@test "epoll_wait for an armed timerfd: no hang" {
    waits timers epoll-timerfd
}

@test "sigwait, alarm pending: no hang" {
    waits timers sigwait
}

@test "poll with a timeout: no hang" {
    waits timers poll
}

@test "select with a timeout: no hang" {
    waits timers select
}

@test "read of a socket with SO_RCVTIMEO: no hang" {
    waits timers receive
}

@test "pthread_cond_timedwait: no hang" {
    waits timers condition
}

@test "pthread_mutex_timedlock: no hang" {
    waits timers mutex
}

# ---- what this machine, or this program, does not have ----

# skipped WORDS: the last run was a skip for this reason.
skipped() {
    is "$status" 3 "exit status"
    field .outcome skip
    field ".reason | contains(\"$1\")" true
    keep
}

# LLVM's OpenMP starts new threads in a child: its lab is safe, its solution is
# aborted. That is no outcome of ours.
@test "lab 42 with LLVM's OpenMP: a skip that says so" {
    local kind program=$BATS_TEST_TMPDIR/openmp
    command -v clang >/dev/null || skip "clang is missing"
    for kind in labs solutions; do
        clang -std=gnu17 -O1 -w -fopenmp -pthread -Ilabs -o "$program" \
            "$kind"/42-*.c 2>"$err" || skip "clang has no OpenMP here"
        forklab run 42 --program "$program" --json "$json"
        skipped libgomp
    done
    # gcc's code with LLVM's library.
    gcc -std=gnu17 -O1 -w -fopenmp -pthread -Ilabs -c -o "$program.o" \
        labs/42-*.c
    clang -fopenmp -pthread -o "$program" "$program.o"
    forklab run 42 --program "$program" --json "$json"
    skipped libgomp
}

@test "lab 34 where localhost is not known: a skip that says so" {
    local hosts=$BATS_TEST_TMPDIR/hosts option
    unshare -rm true 2>/dev/null || skip "no namespaces here"
    ! grep -q myhostname /etc/nsswitch.conf ||
        skip "localhost is known without /etc/hosts here"
    [ -e /etc/hosts ] || skip "there is no /etc/hosts to be hidden"
    # localhost in a comment, or as a part of a word, is none.
    printf '%s\n' '127.0.0.2 other # localhost' '127.0.0.3 localhost.lan' \
        >"$hosts"
    for option in '' --solution; do
        status=0
        # shellcheck disable=SC2016
        env "$mark" TMPDIR="$tmp" timeout -k 5 120 unshare -rm sh -euc '
            mount --bind "$1" /etc/hosts
            exec build/forklab run 34 $3 --json "$2"' \
            sh "$hosts" "$json" "$option" >"$out" 2>"$err" </dev/null 3>&- ||
            status=$?
        skipped /etc/hosts
    done
}

# skips_in SCRIPT LAB WORDS: the lab and its solution, in namespaces of ours that
# the script has changed, skip for this reason.
skips_in() {
    local option
    unshare -rm true 2>/dev/null || skip "no namespaces here"
    for option in '' --solution; do
        status=0
        # shellcheck disable=SC2016
        env "$mark" TMPDIR="$tmp" timeout -k 5 120 unshare -rm sh -euc "$1
            "'exec build/forklab run $1 $3 --json "$2"' \
            sh "$2" "$json" "$option" >"$out" 2>"$err" </dev/null 3>&- ||
            status=$?
        skipped "$3"
    done
}

@test "lab 76 where no PID namespace can be made: a skip that says so" {
    skips_in 'echo 0 >/proc/sys/user/max_user_namespaces' 76 "PID namespace"
}

@test "lab 73 with another overcommit_memory: a skip that says so" {
    # A cage with namespaces has a /proc of its own, which shows the real one.
    # shellcheck disable=SC2016 # the shell in there
    skips_in 'export FORKLAB_CAGE=plain
        echo 1 >"$BATS_TEST_TMPDIR/one"
        mount --bind "$BATS_TEST_TMPDIR/one" /proc/sys/vm/overcommit_memory' \
        73 "overcommit_memory"
}

@test "lab 65 without a PID namespace: a skip that says so, and nothing is run" {
    local variant
    for variant in "" --solution; do
        # shellcheck disable=SC2086 # nothing is no argument
        FORKLAB_CAGE=plain forklab run 65 $variant --json "$json"
        is "$status" 3 "exit status"
        fields .outcome skip '.reason | startswith("no PID namespace")' true \
            '.processes | length' 0
    done
}

@test "lab 74 where the kernel has no huge pages: a skip that says so" {
    python3 -c 'import ctypes; ctypes.CDLL(None).prctl' 2>/dev/null ||
        skip "python3 is missing"
    status=0
    env "$mark" TMPDIR="$tmp" timeout -k 5 120 python3 -c '
import ctypes, os, sys
ctypes.CDLL(None).prctl(41, 1, 0, 0, 0)  # PR_SET_THP_DISABLE
os.execv("build/forklab", ["forklab", "run", "74", "--json", sys.argv[1]])' \
        "$json" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    skipped "huge pages"
}

# ---- the limits of the runner ----

@test "a limit that ends the run is named, and is no deadline" {
    # shellcheck disable=SC2016
    forklab cage --deadline "$ample" --json "$json" -- sh -c 'f() { f | f & }; f; sleep 100'
    is "$status" 1 "exit status"
    field .verdict running
    field .limit '256 processes at once'
    grep -q 'ENDED AT A LIMIT .*limit: 256 processes at once' "$out" ||
        is "(not there)" "the limit" "the page"
    ! grep -q deadline "$out" || is deadline none "the page"
    keep
    # shellcheck disable=SC2016
    forklab cage --json "$json" -- sh -c 'ulimit -f 1; exec head -c 9999 /dev/zero >"$TMPDIR/x"'
    field .verdict killed
    field .limit null
    grep -q 'why     A file reached the size limit' "$out" ||
        is "(not there)" "the limit" "the page"
    keep
}

@test "a busy loop: the place of it, seen after the verdict" {
    cage 1 busy
    field '.processes[0].threads[0] | "\(.function) \(.file)"' \
        'main harness/tests/programs/busy.c'
    grep -q 'where   parent spins in main, at harness/tests/programs/busy.c:' "$out" ||
        is "(not there)" "the place" "the page"
}

# The kernel allows one seccomp listener, and that would be the witness: the
# program is begun again without it.
listens() {
    cage "$ample" listener
    field '.verdict + " \(.status)"' "exit 0"
    field '.notes[0] | startswith("It makes a seccomp listener of its own")' true
    cage 1 listener stuck
    field .verdict no-progress
    field .proved false
}

@test "a seccomp listener of its own: it runs as elsewhere, and nothing is proved" {
    listens
}

@test "a seccomp listener of its own, without namespaces" {
    FORKLAB_CAGE=plain listens
}

@test "a seccomp listener of its own, as a user" {
    local place
    [ "$(id -u)" -eq 0 ] || skip "the tests are run by a user"
    command -v setpriv >/dev/null || skip "setpriv is missing"
    place=$(mktemp -d)
    cp build/forklab build/tests/programs/listener "$place"
    chmod -R a+rX "$place" && mkdir -m 777 "$place/tmp"
    status=0
    setpriv --reuid 54321 --regid 54321 --clear-groups \
        env "$mark" TMPDIR="$place/tmp" timeout -k 5 "$net" "$place/forklab" \
        cage --json "$place/tmp/json" -- "$place/listener" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    cp "$place/tmp/json" "$json"
    rm -rf "$place"
    field '.verdict + " \(.status)"' "exit 0"
    field '.notes[0] | startswith("It makes a seccomp listener of its own")' true
}

# lab_one VERSION OUTCOME: of a run of lab 01, with a header that says: from that
# version of glibc on, hello comes nine times.
lab_one() {
    sed "s/^ \* Number: .*/&\n * Hazard (glibc $1):  9 {n}/" labs/01-*.c \
        >"$FORKLAB_ROOT/labs/01-said-once-read-twice.c"
    forklab run 01 --json "$json"
    field .outcome "$2"
}

@test "a list since a version of glibc is what a run with that version is judged by" {
    local version
    version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "no glibc here"
    version=${version#glibc }
    export FORKLAB_ROOT=$BATS_TEST_TMPDIR/project
    mkdir -p "$FORKLAB_ROOT/build" "$FORKLAB_ROOT/labs"
    ln -s "$root"/build/labs "$FORKLAB_ROOT/build/labs"
    cp labs/*.h labs/01-*.md "$FORKLAB_ROOT/labs"
    lab_one "${version%.*}.$((${version#*.} + 1))" hazard
    lab_one "$version" broken
    lab_one 2.1 broken
}
