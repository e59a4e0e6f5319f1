# SPDX-License-Identifier: MIT
#
# forklab autopsy: processes that it has not started, compiled in many ways. It
# looks at them and does not touch them.

# The helper sets json, out, status ...
# shellcheck disable=SC2016,SC2030,SC2031,SC2154
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
    local path files=()
    for path in $(ours); do
        files+=("${path%/environ}"/task/*/status)
    done
    # A thread may end while we look.
    [ ${#files[@]} -eq 0 ] ||
        grep -H _ctxt_switches "${files[@]}" 2>/dev/null || true
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
    local page
    page=$(tr -s ' \n' ' ' <"$out")
    [[ $page == *"$1"* ]] || is "$page" "...$1..." page
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

# At -O0 the unwinding ends at the first function of the program unless the frame
# pointer is guessed, which /proc does not show.
@test "autopsy: -O0, all callers of the function that waits" {
    local lab=labs/43-two-handlers-one-deadlock.c
    cc -O0 -g -fno-omit-frame-pointer -w -pthread -Ilabs \
        -o "$BATS_TEST_TMPDIR/handlers" "$lab"
    begin 2 "$BATS_TEST_TMPDIR/handlers"
    autopsy "$pid"
    # The innermost function first; of the library's, only the called one.
    is "$(jq -r '.processes[].threads[].stack | map(sub(" .*"; "") |
        select(. != "?" and . != "__libc_start_main" and . != "_start")) |
        join(" ")' "$json")" "pthread_mutex_lock take_bank fork main
pthread_mutex_lock take_log pay" stacks
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

# self_lock [FILE...]: a program without handlers locks a mutex twice. Before,
# it maps the files for reading.
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
    says 'process sleeps in clock_nanosleep'
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
    says 'only a signal could wake it: it handles USR1'
}

@test "autopsy of a lock, with a handler that returns: no hang" {
    handler 2 handler-returns
    says 'locked by the thread that called fork: that is this one under its old number'
}

@test "autopsy of a lock, with a handler that unlocks: no hang" {
    handler 2 handler-unlocks
    says 'locked by the thread that called fork: that is this one under its old number'
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
    local directory=$BATS_TEST_TMPDIR/build/glibc-2.31/nptl
    local program=$BATS_TEST_TMPDIR/orphan
    mkdir -p "$directory"
    cat >"$directory/lock.c" <<'END'
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
    (cd "$directory" && gcc -g -O1 -w "$@" -c lock.c) || skip "gcc is missing"
    gcc -g -w -pthread -Ilabs -static -Wl,-z,muldefs -o "$program" \
        "$orphaned" "$directory/lock.o" 2>"$err" || skip "no static glibc here"
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

@test "autopsy: static, libc.a with line numbers and without its directory" {
    with_debug -ffile-prefix-map="$BATS_TEST_TMPDIR/build/glibc-2.31=." \
        -frounding-math -fmerge-all-constants
}

# musl's library with nothing but its dynamic symbols, in a directory that is
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

# What earlier calls have left on the stack are pointers to a function here, and
# what lies before that function is a call of _exit(): no return addresses.
@test "autopsy: musl, pointers to functions on the stack" {
    command -v musl-gcc >/dev/null || skip "musl-gcc is missing"
    local program=$BATS_TEST_TMPDIR/pointers ends line
    cat >"$program.c" <<'END'
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
__attribute__((noreturn, noinline)) void leave(void)
{
    _exit(1);
}
__attribute__((noinline)) void fill(int depth)
{
    void (*volatile pointer[64])(int);
    for (int i = 0; i < 64; i++)
        pointer[i] = fill;
    if (depth > 0)
        fill(depth - 1);
    if (pointer[0] == NULL)
        leave();
}
int main(void)
{
    pthread_mutex_lock(&lock);
    fill(4);
    pthread_mutex_lock(&lock); /* for ever */
    return 0;
}
END
    musl-gcc -g -O1 -w -pthread -fno-toplevel-reorder -fno-align-functions \
        -fcf-protection=none -o "$program" "$program.c"
    ends=$(nm -S "$program" | awk '$4 == "leave" { print $1, $2 }')
    is "$(nm "$program" | awk '$3 == "fill" { print $1 }')" \
        "$(printf '%016x' $((16#${ends% *} + 16#${ends#* })))" "what follows"
    begin 1 "$program"
    autopsy "$pid"
    line=$(grep -n 'for ever' "$program.c")
    field '.processes[0].threads[0] | "\(.function):\(.line)"' \
        "pthread_mutex_lock:${line%%:*}"
}

# ---- another root, another file ----

can_mount() {
    [ "$(id -u)" -eq 0 ] || skip "needs root: it mounts"
    unshare -m true 2>/dev/null || skip "needs CAP_SYS_ADMIN: it mounts"
}

# The machine's own directories in a root that is a mount point, as schroot,
# mock and pbuilder make it: the runner then names each library by a path from
# outside.
@test "a run in a chroot that is a mount point: the same words" {
    can_mount
    mkdir "$BATS_TEST_TMPDIR/root"
    env "$mark" timeout -k 5 120 unshare -m sh -euc '
        mount -t tmpfs -o size=16m none "$1"
        cd "$1"
        mkdir usr etc proc dev tmp forklab
        for directory in bin lib lib32 lib64 libx32 sbin; do
            if [ -L /$directory ]; then
                cp -P /$directory $directory
            elif [ -d /$directory ]; then
                mkdir $directory
                mount --rbind /$directory $directory
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

# ---- what a process has that nobody asked about ----

# healthy_program MODE: starts it; sets parent and child.
healthy_program() {
    local said=$BATS_TEST_TMPDIR/said
    [ -x "$BATS_TEST_TMPDIR/healthy" ] ||
        cc -w -g -O1 -pthread -o "$BATS_TEST_TMPDIR/healthy" \
            harness/tests/wild/healthy.c
    rm -f "$said"
    mkfifo "$said"
    env "$mark" "$BATS_TEST_TMPDIR/healthy" "$1" >"$said" 2>"$err" \
        </dev/null 3>&- &
    disown
    read -r _ parent child <"$said"
    # Until the child rests, with the program that it is to have.
    for _ in {1..200}; do
        ! grep -qsE '^(0|202) ' "/proc/$child/syscall" || break
        sleep 0.05
    done
    sleep 0.3
}

# Both, then the child alone.
look_at_both() {
    forklab autopsy "$parent" "$child" --json "$json"
    keep
    proofs=$(jq .proved "$json")
    page=$(tr -s ' \n' ' ' <"$out")
    forklab autopsy "$child" --json "$json"
    keep
    proofs+=" $(jq .proved "$json")"
    alone=$(tr -s ' \n' ' ' <"$out")
}

is_healthy() {
    is "$proofs" "false false" "proved, of both and of the child alone"
    is "$(jq '[.processes[].threads[] | select(.stuck)] | length' "$json")" 0 \
        "threads that are said to be stuck"
}

both_say() {
    [[ $page =~ $1 ]] || is "$page" "$1" "page of both"
    [[ $alone =~ $1 ]] || is "$alone" "$1" "page of the child"
}

neither_says() {
    local not
    for not; do
        [[ ! "$page $alone" =~ $not ]] || is "$page $alone" "without $not" pages
    done
}

@test "autopsy, healthy: a handler posts a semaphore" {
    healthy_program signal
    look_at_both
    is_healthy
    both_say 'only a signal could wake it: it handles HUP'
}

@test "autopsy, healthy: another process runs in the same memory" {
    healthy_program memory
    look_at_both
    is_healthy
    both_say 'another process runs in the same memory'
    neither_says 'only a signal'
}

@test "autopsy, healthy: the parent holds a mutex in shared memory" {
    healthy_program mutex
    look_at_both
    is_healthy
    both_say "locked by parent \(pid $parent\)"
    neither_says 'nobody can unlock'
}

# The child and its parent wait for nothing else: only who was not named lives.
@test "autopsy, healthy: a sibling runs in the same memory, or has mapped it" {
    healthy_program sibling-memory
    forklab autopsy "$child" --json "$json"
    field .proved false
    says 'its memory is also that of healthy (pid '
    kill -KILL "$child" "$parent"
    healthy_program sibling-mutex
    forklab autopsy "$child" --json "$json"
    field .proved false
    says ' of healthy (pid '
    says "it lies in memory that is also mapped in parent (pid $parent), which is in wait4, and in healthy (pid "
}

@test "autopsy, healthy: the parent has the same descriptor" {
    local mode
    for mode in eventfd timerfd pipe eventfdx timerfdx pipex; do
        healthy_program "$mode"
        look_at_both
        is_healthy
        both_say "(open|and) in (parent|healthy) \(pid $parent\) as fd [0-9]+, which is in clock_nanosleep"
        neither_says 'only it could' 'no other process'
        kill -KILL "$child" "$parent"
    done
}

# ---- numbers that are no plain process ----

# odd NAME [ARG...]: starts a mode of programs/odd.c; returns when it has said
# its numbers, which are then in ${numbers[@]}: its own first.
odd() {
    local said=$BATS_TEST_TMPDIR/said
    rm -f "$said"
    mkfifo "$said"
    env "$mark" build/tests/programs/odd "$@" >"$said" 2>"$err" \
        </dev/null 3>&- &
    disown
    read -ra numbers <"$said"
    pid=${numbers[0]}
}

# look PID...: status 0, a page, and a valid report. Sets page, in one line.
look() {
    forklab autopsy "$@" --json "$json"
    is "$status" 0 "exit status"
    keep
    page=$(tr -s ' \n' ' ' <"$out")
}

# cannot STATUS SENTENCE PID...: one line on stderr; with status 3 that is also
# the report's reason.
cannot() {
    local wanted=$1 sentence=$2
    shift 2
    rm -f "$json"
    forklab autopsy --json "$json" "$@"
    is "$status" "$wanted" "exit status of autopsy $*"
    is "$(cat "$out")" "" stdout
    is "$(cat "$err")" "forklab: $sentence" stderr
    [ "$wanted" -eq 3 ] || return 0
    field .reason "$sentence"
    field '.processes | length' 0
    field .proved false
    keep
}

# roles ROLE...: of all processes, in the report's order.
roles() {
    is "$(jq -r '[.processes[].role] | join(" ")' "$json")" "$*" roles
}

# as_user ARG...: forklab as one who owns nothing here.
as_user() {
    [ "$EUID" -eq 0 ] || skip "it needs root"
    command -v setpriv >/dev/null || skip "setpriv is missing"
    place=$(mktemp -d /tmp/forklab-test.XXXXXX)
    chmod 755 "$place"
    cp build/forklab "$place/"
    status=0
    setpriv --reuid 54321 --regid 54321 --clear-groups "$place/forklab" \
        "$@" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    rm -r "$place"
    page=$(tr -s ' \n' ' ' <"$out")
}

@test "autopsy of a zombie: how it ended, and whose it is" {
    odd zombie 42
    look "${numbers[1]}"
    says "Process ${numbers[1]} (odd) is a zombie: it has exited with status 42, and its parent, process $pid (odd), has not waited for it; look at the parent: forklab autopsy $pid."
    says 'VERDICT EXIT 42'
    field '.processes[0] | "\(.end) \(.code) \(.zombie)"' 'exit 42 true'
    field .verdict exit
    field .status 42
    field .program odd
}

@test "autopsy of a zombie that was killed" {
    odd zombie killed
    look "${numbers[1]}"
    says 'it was killed by SIGKILL'
    field .verdict killed
}

@test "autopsy of a zombie and its parent, in any order" {
    local order
    odd zombie 7
    for order in "$pid ${numbers[1]}" "${numbers[1]} $pid"; do
        # shellcheck disable=SC2086
        look $order
        roles parent child
        field '.notes | length' 1
        says "(odd) is a zombie: it has exited with status 7, and its parent, process $pid (odd), has not waited for it."
        field '.processes[1] | "\(.end) \(.code) \(.zombie)"' 'exit 7 true'
        field '.processes[1].threads | length' 0
        not_proved
    done
}

@test "autopsy of somebody else's zombie: its status is not to be seen" {
    odd zombie 42
    as_user autopsy "${numbers[1]}"
    is "$status" 0 "exit status"
    says 'is a zombie: it has ended, and its parent'
    [[ $page != *'EXIT 0'* ]]
}

@test "autopsy of a kernel thread: there is nothing to look into" {
    grep -qx $'Name:\tkthreadd' /proc/2/status 2>/dev/null ||
        skip "no kernel thread is to be seen: this is a PID namespace"
    cannot 3 "process 2 (kthreadd) is a kernel thread: it runs no program and has no memory of its own to look into" 2
}

@test "autopsy of a thread's number: its process is looked at" {
    odd thread
    look "${numbers[1]}"
    says "${numbers[1]} is a thread of process $pid, so that process is looked at."
    roles process
    field '.processes[0].pid' "$pid"
    field '.processes[0].threads | length' 2
    grep -q "^process $pid: " "$out"
    look "${numbers[1]}" "$pid" "${numbers[1]}"
    roles process
    field '.notes | length' 1
    look "$pid" "$pid"
    roles process
    field '.notes | length' 0
}

@test "autopsy where the first thread has ended: the others are looked at" {
    odd leader
    look "$pid"
    says "The first thread of process $pid has ended, others have not."
    field '.processes[0] | "\(.end) \(.threads | length)"' 'alive 1'
    field .program "$root/build/tests/programs/odd"
    look "${numbers[1]}"
    roles process
}

@test "autopsy of a stopped process: SIGCONT lets it go on" {
    odd stopped
    look "${numbers[1]}"
    says "Child (pid ${numbers[1]}) is stopped by a signal, and goes on when it gets SIGCONT: kill -CONT ${numbers[1]}."
    field .verdict no-progress
    not_proved
    look "$pid"
    says "Child (pid ${numbers[1]}) is stopped by a signal"
}

@test "autopsy of a traced process: its tracer is named" {
    odd traced
    look "${numbers[1]}"
    says "Child (pid ${numbers[1]}) is stopped by its tracer, process $pid (odd), which can let it go on."
    field .verdict no-progress
    not_proved
}

@test "autopsy of who waits for a connection: to whom that leads" {
    odd connected
    look "$pid"
    says ", to 127.0.0.1:${numbers[1]}: the other end is open in itself as fd"
    field '.processes[0].threads[0].detail' "to 127.0.0.1:${numbers[1]}"
    odd connected-by "forklab-$$"
    look "$pid"
    says ", to @forklab-$$: the other end is open in itself as fd"
}

@test "autopsy of a busy loop: it is running" {
    odd busy
    look "$pid"
    field .verdict running
    not_proved
    says 'VERDICT STILL RUNNING'
    says 'Process is running: two looks, 5 ms apart, both found it in main, at harness/tests/programs/odd.c:'
    [[ $page != *[Nn]'othing moved'* ]]
}

@test "autopsy --all: by name" {
    cp build/tests/programs/pause-alone "$BATS_TEST_TMPDIR/forklab-a-name"
    begin 1 "$BATS_TEST_TMPDIR/forklab-a-name"
    look --all forklab-a-name
    field '[.processes[].pid] | join(" ")' "$pid"
    roles process
    kill -KILL "$pid"
    forklab autopsy --all forklab-a-name
    is "$status" 3 "exit status"
    is "$(cat "$err")" 'forklab: there is no process called "forklab-a-name"' stderr
}

@test "autopsy --all: who ends meanwhile is left out" {
    local short=$BATS_TEST_TMPDIR/forklab-short loops=() i
    cp "$(command -v sleep)" "$short"
    begin 1 "$short" 600
    for i in 1 2 3; do
        (for _ in {1..1000}; do env "$mark" "$short" 0.005; done) >/dev/null 2>&1 3>&- &
        loops+=($!)
    done
    for i in {1..12}; do
        forklab autopsy --all forklab-short
        is "$status" 0 "exit status, look $i"
    done
    kill "${loops[@]}"
}

@test "autopsy --watch: a page at each change, until it has ended" {
    begin 1 build/tests/programs/pause-alone
    env "FORKLAB_TEST=${mark#*=}" build/forklab autopsy --watch "$pid" \
        >"$BATS_TEST_TMPDIR/watched" 2>&1 </dev/null 3>&- &
    local watcher=$!
    for _ in {1..300}; do
        ! grep -q VERDICT "$BATS_TEST_TMPDIR/watched" || break
        sleep 0.1
    done
    kill -STOP "$pid"
    for _ in {1..300}; do
        ! grep -q SIGCONT "$BATS_TEST_TMPDIR/watched" || break
        sleep 0.1
    done
    kill -KILL "$pid"
    wait "$watcher"
    is "$(grep -c VERDICT "$BATS_TEST_TMPDIR/watched")" 2 pages
    tail -n 1 "$BATS_TEST_TMPDIR/watched" | grep -qE "there is no process $pid|has ended"
}

@test "autopsy of a number that is none, or nobody's" {
    local number most
    for number in 0 00 -1 -12 +3 x 3x '' ' 3' 1.5; do
        cannot 2 "\"$number\" is not a process number: those are 1, 2, 3 ..." \
            "$number"
    done
    most=$(cat /proc/sys/kernel/pid_max)
    for number in "$((most + 1))" 2147483648 99999999999999999999; do
        cannot 3 "there is no process $number" "$number"
    done
    odd thread
    cannot 3 "there is no process $((most + 1))" "$pid" "$((most + 1))"
    forklab autopsy
    is "$status" 2 "exit status"
}

# What is wrong with the command must not cost a report of before.
@test "autopsy of no number leaves the report alone" {
    echo before >"$json"
    forklab autopsy 0 --json "$json"
    is "$status" 2 "exit status"
    is "$(cat "$json")" before report
}

# The victim ends at the moment at which its program is read.
@test "autopsy of a process that ends meanwhile" {
    cat >"$BATS_TEST_TMPDIR/end.c" <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
ssize_t readlink(const char *path, char *text, size_t size)
{
    ssize_t (*real)(const char *, char *, size_t) =
        (ssize_t(*)(const char *, char *, size_t))dlsym(RTLD_NEXT, "readlink");
    ssize_t length = real(path, text, size);
    int error = errno;
    pid_t victim = atoi(getenv("VICTIM"));
    if (strncmp(path, "/proc/self", 10) != 0 && strstr(path, "/exe") != NULL)
        for (kill(victim, SIGKILL); kill(victim, 0) == 0;)
            usleep(1000);
    errno = error;
    return length;
}
END
    cc -w -shared -fPIC -o "$BATS_TEST_TMPDIR/end.so" \
        "$BATS_TEST_TMPDIR/end.c" -ldl
    local who
    for who in victim both; do
        odd reaped
        export VICTIM=${numbers[1]}
        [ "$who" = both ] || pid=
        LD_PRELOAD=$BATS_TEST_TMPDIR/end.so \
            cannot 3 "process $VICTIM has ended while it was looked at" \
            "$VICTIM" ${pid:+"$pid"}
    done
}

@test "autopsy: who is no parent is not called so" {
    odd family
    look "${numbers[1]}"
    roles parent child
    field '[.processes[].unasked] | join(" ")' 'true false'
    look "$pid"
    roles parent child
    look "${numbers[1]}" "$pid"
    roles parent child
    field '.processes[0].pid' "$pid"
    local before=$pid
    odd thread
    look "$pid" "$before"
    roles parent child process
}

@test "autopsy of 300 processes: each of them is looked at" {
    odd family 300
    is "${#numbers[@]}" 301 "numbers"
    look "${numbers[@]:1}"
    field '[.processes[] | select(.unasked | not)] | length' 300
    field '[.processes[].threads | length] | add' 301
}

@test "autopsy of more processes than it looks at: says so" {
    odd family 400
    cannot 3 "these are more than 400 processes, with all that they have started: name fewer" "$pid"
}

@test "autopsy of poll on 3,000 descriptors, and of 60,000 mappings: proved" {
    local mode
    for mode in "polls 3000" "maps 60000"; do
        # shellcheck disable=SC2086 # two words
        odd $mode
        look "$pid"
        field .verdict_title "HANG (proved)"
        field '.processes[0].threads[0].function' poll
    done
}

@test "autopsy of a deleted program" {
    cp build/tests/programs/pause-alone "$BATS_TEST_TMPDIR/gone"
    begin 1 "$BATS_TEST_TMPDIR/gone"
    rm "$BATS_TEST_TMPDIR/gone"
    look "$pid"
    says "The program file of process $pid was deleted or replaced after the start."
    roles process
    field .program "$BATS_TEST_TMPDIR/gone"
}

@test "autopsy into a PID namespace: the numbers are those of outside" {
    local tids
    unshare --pid --fork true 2>"$err" || skip "unshare --pid does not work here"
    begin 3 unshare --pid --fork --kill-child \
        build/tests/programs/mutex-abba
    pid=$(cat "/proc/$pid/task/$pid/children") pid=${pid% }
    look "$pid"
    field .verdict hang
    field '.processes[0].inner_pid' 1
    says "(pid $pid)"
    tids=$(cd "/proc/$pid/task" && printf '%s\n' [0-9]* | sort)
    is "$(jq -r '.processes[].threads[].tid' "$json" | sort)" "$tids" tids
    # shellcheck disable=SC2016
    field '[.processes[] | .threads as $all | $all[] | select(.root) |
        .owner as $owner | any($all[]; .tid == $owner)] | all' true
    is "$(grep -o 'thread [0-9]*' "$out" | cut -d' ' -f2 |
        grep -vxF "$tids")" "" "numbers of nobody"
}

@test "autopsy of one's own process that nobody may look into" {
    [ "$EUID" -eq 0 ] || skip "it needs root"
    odd undumpable
    as_user autopsy "$pid"
    is "$status" 3 "exit status"
    is "$(cat "$err")" "forklab: process $pid is yours, but lets nobody look into it (see PR_SET_DUMPABLE): look at it as root" stderr
}

@test "autopsy of several, one of another user: names that one" {
    [ "$EUID" -eq 0 ] || skip "it needs root"
    odd user
    as_user autopsy "$pid"
    is "$status" 0 "exit status"
    as_user autopsy "$pid" "$$"
    is "$status" 3 "exit status"
    is "$(cat "$err")" "forklab: process $$ is not yours: look at it as its owner or as root" stderr
}
