# SPDX-License-Identifier: MIT
#
# forklab autopsy: processes that it has not started, compiled in many ways. It
# looks at them and does not touch them.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016
load helper

teardown() {
    local path left=()
    for path in $(ours); do
        kill -KILL "${path//[^0-9]/}" || left+=("$path")
    done
    [ ${#left[@]} -eq 0 ]
}

# All processes of this test have its mark.
ours() {
    grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null || true
}

switches() {
    local path
    for path in $(ours); do
        # A thread may end while we look.
        grep -H _ctxt_switches "${path%/environ}"/task/*/status 2>/dev/null ||
            true
    done
}

# begin COUNT COMMAND...: starts it; returns when it has COUNT threads, in all
# of its processes, and they have not moved for a while. Sets pid.
begin() {
    local count=$1 now before=
    shift
    env "$mark" "$@" >"$out" 2>"$err" </dev/null 3>&- &
    pid=$!
    disown # no word about its end
    for _ in {1..200}; do
        now=$(switches)
        if [ "$now" = "$before" ] &&
            [ "$(grep -c nonvoluntary <<<"$now")" -eq "$count" ]; then
            return
        fi
        before=$now
        sleep 0.05
    done
    is "$now" "$count threads that wait" "$*"
}

# autopsy PID...: says something, and nobody has noticed it.
autopsy() {
    local before path
    before=$(switches)
    forklab autopsy "$@" --json "$json"
    is "$status" 0 "exit status"
    is "$(switches)" "$before" "context switches"
    for path in $(ours); do
        is "$(sed -n 's/^TracerPid:\t//p' "${path%/environ}/status")" 0 TracerPid
        grep -q '^State:.[SD]' "${path%/environ}/status"
    done
    keep
}

# The thread that is the cause: "waits object owner_is file:line".
cause() {
    is "$(jq -r '[.processes[].threads[] | select(.root and .waits != "futex") |
        [.waits, .object, .owner_is, "\(.file):\(.line)"] | map(. // "-") |
        join(" ")] | join(", ")' "$json")" "$1" cause
}

proved() {
    field .verdict hang
    field .proved true
    cause "$1"
}

not_proved() {
    field .proved false
    field '.verdict == "hang"' false
    is "$(jq '[.processes[].threads[] | select(.stuck)] | length' "$json")" 0 \
        "threads that are said to be stuck"
}

# says WORDS: on the page, where lines are broken.
says() {
    tr -s ' \n' ' ' <"$out" | grep -qF "$1" || is "" "$1" "the page"
}

# proved_or_alarm CAUSE: what has alarm(2) in it may have set its alarm clock,
# which would end it. From outside, nobody can see whether one is set.
proved_or_alarm() {
    if [ "$(jq -r .verdict "$json")" = hang ]; then
        proved "$1"
    else
        not_proved
        says 'a SIGALRM, if one is set, would end it'
    fi
}

orphaned=harness/tests/programs/mutex-orphaned.c
line=$(grep -n 'mutex_lock(&lock);$' "$root/$orphaned" | sed -n '2s/:.*//p')
place=$orphaned:$line

# orphan COMPILER FLAG...: mutex-orphaned, compiled so; two processes with three
# threads.
orphan() {
    command -v "$1" >/dev/null || skip "$1 is missing"
    "$@" -w -pthread -Ilabs -o "$BATS_TEST_TMPDIR/orphan" "$orphaned" \
        2>"$err" || skip "$* does not work here"
    begin 3 "$BATS_TEST_TMPDIR/orphan"
    autopsy "$pid"
}

# ---- a mutex whose thread was not copied ----

@test "autopsy of an orphaned mutex: lock, owner, line" {
    orphan cc -O1 -g
    proved "mutex lock vanished $place"
    grep -q '^VERDICT  HANG (proved)' "$out"
    field '.processes[] | select(.role == "child").threads[0].function' \
        pthread_mutex_lock
    field '.processes[] | select(.role == "parent").end' stuck
}

@test "autopsy of the child alone" {
    orphan cc -O1 -g
    autopsy "$(jq '.processes[] | select(.role == "child").pid' "$json")"
    field .proved true
    cause "mutex lock vanished $place"
}

@test "autopsy: no PIE" {
    orphan cc -O1 -g -no-pie
    proved "mutex lock vanished $place"
}

@test "autopsy: PIE, -O2" {
    orphan cc -O2 -g -pie -fPIE
    proved "mutex lock vanished $place"
}

@test "autopsy: -O0 without frame pointers" {
    orphan cc -O0 -g -fomit-frame-pointer
    proved "mutex lock vanished $place"
}

@test "autopsy: compiled by clang" {
    orphan clang -O1 -g
    proved "mutex lock vanished $place"
}

@test "autopsy: without -g" {
    orphan cc -O1 -g0
    proved "mutex lock vanished null:null"
}

@test "autopsy: stripped" {
    orphan cc -O1 -s
    proved "mutex - vanished null:null"
}

@test "autopsy: static" {
    orphan cc -O1 -g -static
    proved_or_alarm "mutex lock vanished $place"
}

@test "autopsy: static and stripped" {
    orphan cc -O1 -s -static
    proved_or_alarm "mutex - vanished null:null"
}

# Its mutex does not say who has locked it.
@test "autopsy: musl" {
    orphan musl-gcc -O1 -g
    proved "mutex lock unknown $place"
}

@test "autopsy: musl, static" {
    orphan musl-gcc -O1 -g -static
    proved "mutex lock unknown $place"
}

# ---- what a program could have called ----

# self_lock [FILE...]: a program without handlers locks a mutex twice; before, it
# maps the files for reading.
self_lock() {
    cat >"$BATS_TEST_TMPDIR/self.c" <<'END'
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int fd = open(argv[i], O_RDONLY);
        if (mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
            return 1;
    }
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    return 0;
}
END
    cc -O1 -g -pthread -o "$BATS_TEST_TMPDIR/self" "$BATS_TEST_TMPDIR/self.c"
    begin 1 "$BATS_TEST_TMPDIR/self" "$@"
}

# A process in a UTF-8 locale maps .../gconv-modules.cache, which is no ELF.
@test "autopsy: a file is mapped that is no program" {
    mkdir "$BATS_TEST_TMPDIR/xx"
    head -c 4096 /dev/zero >"$BATS_TEST_TMPDIR/xx/modules.cache"
    self_lock "$BATS_TEST_TMPDIR/xx/modules.cache"
    autopsy "$pid"
    proved "mutex lock self $BATS_TEST_TMPDIR/self.c:13"
}

# alive imports alarm(2), and does not run here.
@test "autopsy: a program is mapped, but not as code" {
    mkdir "$BATS_TEST_TMPDIR/xx"
    cp build/tests/programs/alive "$BATS_TEST_TMPDIR/xx"
    self_lock "$BATS_TEST_TMPDIR/xx/alive"
    autopsy "$pid"
    proved "mutex lock self $BATS_TEST_TMPDIR/self.c:13"
}

@test "autopsy: the program's file has been deleted" {
    self_lock
    rm "$BATS_TEST_TMPDIR/self"
    autopsy "$pid"
    field .verdict hang
    field .proved true
    field '.processes[0].threads[0] | [.function, .waits, .owner_is] |
        join(" ")' 'pthread_mutex_lock mutex self'
}

@test "autopsy: another program has the deleted one's name" {
    self_lock
    rm "$BATS_TEST_TMPDIR/self"
    cp build/tests/programs/alive "$BATS_TEST_TMPDIR/self"
    autopsy "$pid"
    field .verdict hang
    field .proved true
}

# may_ring HOW: the program has alarm(2) in it. What becomes of SIGALRM?
may_ring() {
    cat >"$BATS_TEST_TMPDIR/ring.c" <<'END'
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void ring(int number)
{
    (void)number;
}
int main(int argc, char **argv)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    if (argv[argc - 1][0] == 'c')
        signal(SIGALRM, ring);
    if (argv[argc - 1][0] == 'i')
        signal(SIGALRM, SIG_IGN);
    if (argv[argc - 1][0] == 'b')
        sigprocmask(SIG_BLOCK, &set, NULL);
    alarm(1000);
    pthread_mutex_lock(&lock);
    pthread_mutex_lock(&lock);
    return 0;
}
END
    cc -O1 -g -pthread -o "$BATS_TEST_TMPDIR/ring" "$BATS_TEST_TMPDIR/ring.c"
    begin 1 "$BATS_TEST_TMPDIR/ring" "$1"
    autopsy "$pid"
}

@test "autopsy: an alarm clock that is caught may ring" {
    may_ring caught
    not_proved
    says 'an alarm clock may ring'
}

@test "autopsy: an alarm clock that is not caught would end it" {
    may_ring default
    not_proved
    says 'a SIGALRM, if one is set, would end it'
}

@test "autopsy: an alarm clock that is ignored wakes nobody" {
    may_ring ignored
    field .verdict hang
    field .proved true
}

@test "autopsy: an alarm clock that is blocked may be waited for" {
    may_ring blocked
    not_proved
}

# ---- locks of libraries ----

@test "autopsy of OpenMP in a child" {
    cat >"$BATS_TEST_TMPDIR/team.c" <<'END'
#include <sys/wait.h>
#include <unistd.h>
static volatile int seen;
static void work_in_parallel(void)
{
#pragma omp parallel num_threads(2)
    seen = 1;
}
int main(void)
{
    work_in_parallel();
    if (fork() == 0) {
        work_in_parallel();
        _exit(0);
    }
    wait(NULL);
    return 0;
}
END
    gcc -O1 -g -fopenmp -o "$BATS_TEST_TMPDIR/team" "$BATS_TEST_TMPDIR/team.c" \
        2>"$err" || skip "gcc -fopenmp is missing"
    begin 3 "$BATS_TEST_TMPDIR/team"
    autopsy "$pid"
    field .verdict hang
    field .proved true
    field '.processes[] | select(.role == "child").threads[0] |
        [.stuck, .root, .function] | map(tostring) | join(" ")' \
        'true true GOMP_parallel'
}

@test "autopsy of localtime_r, whose lock a thread of the parent holds" {
    cat >"$BATS_TEST_TMPDIR/zone.c" <<'END'
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void *read_zone(void *unused)
{
    struct tm broken_down;
    time_t now = 0;
    localtime_r(&now, &broken_down);
    return unused;
}
int main(int argc, char **argv)
{
    pthread_t thread;
    pthread_create(&thread, NULL, read_zone, NULL);
    int fifo = open(argv[argc - 1], O_WRONLY);
    if (fork() == 0) {
        read_zone(NULL);
        _exit(0);
    }
    wait(NULL);
    return fifo;
}
END
    cc -O1 -g -pthread -o "$BATS_TEST_TMPDIR/zone" "$BATS_TEST_TMPDIR/zone.c"
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    begin 3 env TZ=":$BATS_TEST_TMPDIR/fifo" "$BATS_TEST_TMPDIR/zone" \
        "$BATS_TEST_TMPDIR/fifo"
    autopsy "$pid"
    field .verdict hang
    field .proved true
    field '.processes[] | select(.role == "child").threads[0] |
        [.stuck, .root, .waits, .function] | map(tostring) | join(" ")' \
        'true true library lock localtime_r'
}

@test "autopsy of CPython: a lock that a thread held at os.fork" {
    command -v python3 >/dev/null || skip "python3 is missing"
    cat >"$BATS_TEST_TMPDIR/lock.py" <<'END'
import os, threading
lock = threading.Lock()
held = threading.Event()
def hold():
    with lock:
        held.set()
        threading.Event().wait()
threading.Thread(target=hold, daemon=True).start()
held.wait()
if os.fork() == 0:
    lock.acquire()
os.wait()
END
    # python3 may be a script that starts another one.
    python=$(python3 -c 'import sys; print(sys.executable)')
    begin 3 "$python" "$BATS_TEST_TMPDIR/lock.py"
    autopsy "$pid"
    field '[.processes[].threads[].function] | any(. != null)' true
    # It has alarm(2) in it. In the background SIGINT is ignored: no handler.
    not_proved
    says 'a SIGALRM, if one is set, would end it'
}

# ---- not stuck ----

@test "autopsy of a process that sleeps: no hang" {
    begin 1 build/tests/programs/sleep-long
    autopsy "$pid"
    not_proved
    grep -q 'it sleeps until a time' "$out"
}

@test "autopsy of pause: somebody may send a signal" {
    begin 1 build/tests/programs/pause-alone
    autopsy "$pid"
    not_proved
    grep -q 'somebody may send it a signal' "$out"
}

# Whatever the library function is called: a handler may end the wait.
handler() {
    begin "$1" build/tests/programs/alive "$2"
    autopsy "$pid"
    not_proved
    autopsy "$(jq '.processes[] | select(.role == "child").pid' "$json")"
    not_proved
    says 'a signal that it catches may wake it'
}

@test "autopsy of a lock, with a handler that returns: no hang" {
    handler 2 handler-returns
}

@test "autopsy of a lock, with a handler that unlocks: no hang" {
    handler 2 handler-unlocks
}

@test "autopsy of aio_suspend, with a handler: no hang" {
    handler 3 aio-suspend
}

@test "autopsy of a named pipe that others may open: no hang" {
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    begin 1 build/tests/programs/fifo-reader "$BATS_TEST_TMPDIR/fifo"
    autopsy "$pid"
    not_proved
}

@test "autopsy of a busy loop: no hang" {
    env "$mark" build/tests/programs/busy >"$out" 2>"$err" </dev/null 3>&- &
    busy=$!
    disown
    forklab autopsy "$busy" --json "$json"
    is "$status" 0 "exit status"
    not_proved
}

# ---- not ours ----

@test "autopsy of another user's process: one error, 3" {
    [ "$EUID" -eq 0 ] || skip "it needs root"
    command -v setpriv >/dev/null || skip "setpriv is missing"
    begin 1 build/tests/programs/pause-alone
    place=$(mktemp -d /tmp/forklab-test.XXXXXX)
    chmod 755 "$place"
    cp build/forklab "$place/"
    status=0
    setpriv --reuid 54321 --regid 54321 --clear-groups "$place/forklab" \
        autopsy "$pid" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    rm -r "$place"
    is "$status" 3 "exit status"
    is "$(cat "$out")" "" stdout
    is "$(wc -l <"$err")" 1 "lines on stderr"
    grep -q "process $pid is not yours" "$err"
}

# ---- C libraries that say more than usual, or less ----

names_the_call() {
    field '[.processes[].threads[] | select(.waits == "mutex") |
        "\(.function) \(.file):\(.line)"] | join(", ")' \
        "pthread_mutex_lock $place"
}

# with_debug FLAG...: as orphan, static, where pthread_mutex_lock of the C library
# comes with line numbers (libc.a of Debian 11 has them) and a version's name.
with_debug() {
    local folder=$BATS_TEST_TMPDIR/build/glibc-2.31/nptl
    local program=$BATS_TEST_TMPDIR/orphan
    mkdir -p "$folder"
    cat >"$folder/lock.c" <<'END'
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>
__attribute__((noinline)) static void wait_for(int *word)
{
    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        syscall(SYS_futex, word, 128 /* FUTEX_WAIT_PRIVATE */, 2, NULL);
}
int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    int *word = &mutex->__data.__lock, free_word = 0;
    if (!__atomic_compare_exchange_n(word, &free_word, 1, 0, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        wait_for(word);
    mutex->__data.__owner = gettid();
    mutex->__data.__nusers++;
    return 0;
}
END
    (cd "$folder" && gcc -g -O1 -w "$@" -c lock.c) || skip "gcc is missing"
    gcc -g -w -pthread -Ilabs -static -Wl,-z,muldefs -o "$program" \
        "$orphaned" "$folder/lock.o" 2>"$err" || skip "no static glibc here"
    objcopy --redefine-sym \
        pthread_mutex_lock=pthread_mutex_lock@@GLIBC_2.2.5 "$program"
    begin 3 "$program"
    autopsy "$pid"
    proved_or_alarm "mutex lock vanished $place"
    names_the_call
}

@test "autopsy: static, libc.a with line numbers" {
    with_debug
}

@test "autopsy: static, libc.a with line numbers and without its folder" {
    with_debug -ffile-prefix-map="$BATS_TEST_TMPDIR/build/glibc-2.31=." \
        -frounding-math -fmerge-all-constants
}

# musl's library with nothing but its dynamic symbols, in a folder that is
# nobody's: sets loader.
stripped_musl() {
    command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
    loader=$(echo /lib/ld-musl-*.so.1)
    [ -e "$loader" ] || skip "musl is not where it is looked for"
    strip -o "$BATS_TEST_TMPDIR/${loader##*/}" "$loader"
    loader=$BATS_TEST_TMPDIR/${loader##*/}
    musl-gcc -g -w -pthread -Ilabs -idirafter /usr/include -idirafter \
        "/usr/include/$(gcc -print-multiarch)" \
        -Wl,--dynamic-linker="$loader" -o "$BATS_TEST_TMPDIR/orphan" "$orphaned"
}

musl_proved() {
    autopsy "$pid"
    # A normal mutex of musl does not say who holds it.
    proved "mutex lock unknown $place"
    names_the_call
}

@test "autopsy: musl stripped, at a place of its own" {
    stripped_musl
    begin 3 "$BATS_TEST_TMPDIR/orphan"
    musl_proved
}

@test "autopsy: musl stripped, its loader is what was executed" {
    stripped_musl
    begin 3 "$loader" "$BATS_TEST_TMPDIR/orphan"
    musl_proved
}

# ---- another root, another file ----

can_mount() {
    [ "$(id -u)" -eq 0 ] || skip "needs root: it mounts"
    unshare -m true 2>/dev/null || skip "needs CAP_SYS_ADMIN: it mounts"
}

# The machine's own folders in a root that is a mount point, as schroot, mock and
# pbuilder make it: the runner then names each library by a path from outside.
@test "a run in a chroot that is a mount point: the same words" {
    can_mount
    mkdir "$BATS_TEST_TMPDIR/root"
    env "$mark" timeout -k 5 120 unshare -m sh -euc '
        mount -t tmpfs -o size=16m none "$1"
        cd "$1"
        mkdir usr etc proc dev tmp forklab
        for folder in bin lib lib32 lib64 libx32 sbin; do
            if [ -L /$folder ]; then
                cp -P /$folder $folder
            elif [ -d /$folder ]; then
                mkdir $folder
                mount --rbind /$folder $folder
            fi
        done
        mount --rbind /usr usr
        mount --rbind /etc etc
        mount --rbind /dev dev
        mount --bind "$2" forklab
        mount --bind "$3" tmp
        mount -t proc proc proc
        exec chroot . sh -c "cd /forklab
            TMPDIR=/tmp/tmp exec build/forklab run 31 --json /tmp/report.json"
        ' sh "$BATS_TEST_TMPDIR/root" "$root" "$BATS_TEST_TMPDIR" \
        >"$out" 2>"$err" </dev/null 3>&- || {
        show_run
        return 1
    }
    field .outcome hazard
    field '[.processes[].threads[] | select(.root) | .function][0]' \
        pthread_mutex_lock
    field '[.processes[].threads[] | select(.root) | .line > 0][0]' true
}

# abroad HOW: mutex-orphaned with its own copy of libc, in a directory that is
# its root and no mount point, or one, or that is no longer ours at all.
abroad() {
    local place=$BATS_TEST_TMPDIR/root from
    can_mount
    mkdir "$place" "$place/old"
    # "name => path (address)", or "path (address)" for the loader.
    ldd build/tests/programs/mutex-orphaned | grep -o '/[^ ]*' >"$err" ||
        skip "the test programs are static"
    while read -r from; do
        mkdir -p "$place/${from%/*}"
        cp -L "$from" "$place$from"
    done <"$err"
    cp build/tests/programs/mutex-orphaned "$place/orphan"
    case $1 in
    chroot) begin 3 chroot "$place" /orphan ;;
    mount) begin 3 unshare -m sh -ec '
        mount --bind "$1" "$1"; exec chroot "$1" /orphan' sh "$place" ;;
    pivot) begin 3 unshare -m sh -ec '
        mount --bind "$1" "$1"; cd "$1"; pivot_root . old; exec /orphan' \
        sh "$place" ;;
    esac
}

# What the kernel's links to mapped files would tell is kept from us: others
# than root have to do without them.
abroad_autopsy() {
    autopsy "$pid"
    proved "mutex lock vanished $place"
    setpriv --bounding-set -sys_admin,-checkpoint_restore true ||
        skip "setpriv does not work here"
    setpriv --bounding-set -sys_admin,-checkpoint_restore build/forklab \
        autopsy "$pid" --json "$json" >"$out" 2>"$err"
    proved "mutex lock vanished $place"
}

@test "autopsy of a process in a chroot" {
    abroad chroot
    abroad_autopsy
}

@test "autopsy of a process in a chroot that is a mount point" {
    abroad mount
    abroad_autopsy
}

@test "autopsy of a process behind pivot_root" {
    abroad pivot
    abroad_autopsy
}

@test "autopsy of a process whose libraries were deleted" {
    abroad mount
    rm -r "$BATS_TEST_TMPDIR"/root/lib*
    abroad_autopsy
}
