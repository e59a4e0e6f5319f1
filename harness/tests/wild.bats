# SPDX-License-Identifier: MIT
#
# forklab autopsy on real software: `make check-wild`. Each test starts a program
# of wild/, looks at it and its child, then at the child alone. What is missing
# here skips the test and says so; harness/scripts/setup.sh wild installs it.

# shellcheck disable=SC2013,SC2016,SC2030,SC2031,SC2154
load helper

wild=harness/tests/wild

teardown() {
    local path
    for path in $(grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null); do
        kill -KILL "${path//[^0-9]/}" || true
    done
}

needs() {
    command -v "$1" >/dev/null || skip "$1 is missing"
}

# compile SOURCE FLAG...: sets program.
compile() {
    local source=$wild/$1 compiler=gcc
    [[ $1 != *.cc ]] || compiler=g++
    needs "$compiler"
    program=$BATS_TEST_TMPDIR/${1%.*}
    "$compiler" -g -O1 -pthread -o "$program" "$source" "${@:2}" 2>"$err" ||
        skip "$1 does not compile here: $(head -c 200 "$err")"
}

# start COMMAND...: returns when it has said its numbers and rests. Sets parent
# and child.
start() {
    local said=$BATS_TEST_TMPDIR/said before='' now
    # What an earlier program of this test has said is not this one's.
    : >"$said"
    env "$mark" timeout -s KILL 120 "$@" >"$said" 2>"$err" </dev/null 3>&- &
    for _ in {1..300}; do
        ! grep -q ^PIDS "$said" || break
        sleep 0.1
    done
    read -r _ parent child < <(grep ^PIDS "$said") ||
        is "" "PIDS ..." "$(cat "$said" "$err")"
    for _ in {1..100}; do
        now=$(cat /proc/{"$parent","$child"}/task/*/{syscall,stat} 2>/dev/null |
            cut -d' ' -f1-15)
        [ "$now" != "$before" ] || return 0
        before=$now
        sleep 0.3
    done
}

# look: both, then the child alone: page is both pages, in one line.
look() {
    forklab autopsy "$parent" "$child" --json "$json"
    is "$status" 0 "exit status"
    keep
    proofs=$(jq .proved "$json")
    page=$(tr -s ' \n' ' ' <"$out")
    [ "$(wc -l <"$out")" -le 24 ] || is "$(wc -l <"$out")" 24 "lines at most"
    forklab autopsy "$child" --json "$json"
    is "$status" 0 "exit status"
    keep
    proofs+=" $(jq .proved "$json")"
    alone=$(tr -s ' \n' ' ' <"$out")
}

# says REGEX...: on both pages.
says() {
    local wanted
    for wanted; do
        [[ $page =~ $wanted ]] || is "$page" "$wanted" "page of both"
        [[ $alone =~ $wanted ]] || is "$alone" "$wanted" "page of the child"
    done
}

never() {
    local not
    for not in 'alarm clock' "$@"; do
        [[ ! $page =~ $not ]] || is "$page" "without $not" "page of both"
        [[ ! $alone =~ $not ]] || is "$alone" "without $not" "page of the child"
    done
}

proved() {
    is "$proofs" "true true" "proved, of both and of the child alone"
}

healthy() {
    is "$proofs" "false false" "proved, of both and of the child alone"
    is "$(jq -r '[.processes[].threads[] | select(.stuck)] | length' "$json")" 0 \
        "threads that are said to be stuck"
}

copies='fork copies locks, (not threads|but no other threads)'

@test "wild: CPython, the lock of a queue" {
    needs python3
    start python3 -u $wild/python-lock.py
    look
    says 'waits for the semaphore' "$copies" 'sem_[a-z]*wait < PyThread_acquire_lock' \
        'only a signal could wake it: it handles INT'
    never 'HANG'
}

# Whatever CPythons are here: python3 of the system, and those of pyenv.
pythons() {
    command -v python3
    ls -d "$HOME"/.pyenv/versions/3.1[1-3].*/bin/python3 2>/dev/null || true
}

@test "wild: CPython 3.11 to 3.13, the lines of the script" {
    local line python held put
    needs python3
    put=$(grep -n 'jobs.put' $wild/python-lock.py | cut -d: -f1)
    held=$(grep -n 'time.sleep(1000)' $wild/python-lock.py | cut -d: -f1)
    while read -r python; do
        case $("$python" -V) in
        'Python 3.1'[123].*) ;;
        *) continue ;;
        esac
        start "$python" -u $wild/python-lock.py
        look
        says "Python: Condition.__enter__ \(threading.py:[0-9]+\) < Queue.put \(queue.py:[0-9]+\) < <module> \([^ ]*python-lock.py:$put\)"
        is "$(jq -r '[.processes[] | select(.role == "parent").threads[1].script[0]] | join(" ")' "$json")" \
            "hold ($root/$wild/python-lock.py:$held)" "the thread that holds it"
        is "$(jq -r '.processes[] | select(.role == "child").threads[0] | "\(.file):\(.line)"' "$json")" \
            "$root/$wild/python-lock.py:$put" "the place"
        line=tested
        kill -KILL "$child" "$parent"
    done < <(pythons)
    [ -n "$line" ] || skip "no CPython 3.11 to 3.13 is here"
}

@test "wild: CPython, join() of a process whose queue is full" {
    needs python3
    start python3 -u $wild/python-join.py
    look
    says 'why Nothing changed, but that is no proof: child waits for room in a pipe, fd [0-9]+: the read end is open in' \
        "parent \(pid $parent\) as fd [0-9]+, which is in wait4"
    never 'no thread is left'
}

@test "wild: CPython, a lock of several processes whose holder was killed" {
    needs python3
    start python3 -u $wild/python-killed.py
    look
    says 'waits for the semaphore \(value 0\); it lies in memory that is also mapped in' \
        "parent \(pid $parent\), which is in wait4" 'sem_wait < '
    never 'HANG' 'futex word'
}

@test "wild: OpenBLAS with OpenMP in a child" {
    local library
    needs python3
    library=$(ls /usr/lib/*/openblas-openmp/libopenblas.so.0 2>/dev/null) ||
        skip "libopenblas0-openmp is missing"
    # Else its threads spin for a while before they sleep.
    export OMP_NUM_THREADS=4 OMP_WAIT_POLICY=passive
    start python3 -u $wild/openblas.py "$library"
    look
    # Which of the two it does is the scheduler's choice: it waits for the others
    # there, or yields to them in one of OpenBLAS's functions without a name.
    says "the barrier of OpenMP's threads|is running: two looks, 5 ms apart, both found" \
        '(GOMP_parallel < exec_blas|sched_yield < GOMP_parallel)'
    never 'libc_start_main' "lock, taken in"
}

@test "wild: Ruby, a pipe whose write end the parent keeps" {
    needs ruby
    start ruby $wild/pipe-kept.rb
    look
    says 'waits for data or the end of a pipe' \
        "the write end is open in parent \(pid $parent\) as fd"
    never
}

# line WORD FILE: of the comment with this word.
line() {
    grep -n "# $1$\|// $1$" "$wild/$2" | cut -d: -f1
}

# script ROLE NUMBER: the places in the script of one thread, from the report of
# the last look.
script() {
    jq -r --arg role "$1" --argjson number "$2" \
        '[.processes[] | select(.role == $role).threads[$number].script[]] | join(" < ")' "$json"
}

@test "wild: Ruby 3.1, the lines of the script" {
    local file=$wild/queue.rb
    needs ruby
    [ "$(ruby -e 'print RUBY_VERSION[0, 4]')" = 3.1. ] ||
        skip "lines are known of Ruby 3.1 only"
    start ruby $file
    look
    says "Ruby: block in take \($file:$(line READS queue.rb)\) < take"
    is "$(script child 0)" "block in take ($file:$(line READS queue.rb)) < take ($file:$(($(line READS queue.rb) - 1))) < take ($file:$(line AGAIN queue.rb)) < take ($file:$(line AGAIN queue.rb)) < block in <main> ($file:$(line TAKES queue.rb)) < <main> ($file:$(line FORKS queue.rb))" \
        "the child's script"
    is "$(script parent 0)" "<main> ($file:$(line WAITS queue.rb))" \
        "the parent's script"
    is "$(script parent 1)" "block in keep ($file:$(line KEEPS queue.rb)) < keep ($file:$(($(line KEEPS queue.rb) - 1))) < block in <main> ($file:$(line STARTS queue.rb))" \
        "the script of its thread"
    is "$(jq -r '.processes[] | select(.role == "child").threads[0] | "\(.file):\(.line) \(.language)"' "$json")" \
        "$file:$(line READS queue.rb) Ruby" "the place"
}

@test "wild: PHP 8.2, the lines of the script" {
    local file=$root/$wild/take.php flags
    needs php
    [ "$(php -r 'echo PHP_MAJOR_VERSION, PHP_MINOR_VERSION, PHP_ZTS, PHP_DEBUG;')" = 8200 ] ||
        skip "lines are known of PHP 8.2 without threads only"
    for flags in opcache.enable_cli=0 opcache.enable_cli=1; do
        start php -d "$flags" -d opcache.jit=tracing \
            -d opcache.jit_buffer_size=16M "$file"
        look
        says "PHP: fgets < Worker::\{closure\} \($file:$(line READS take.php)\) < array_map < "
        is "$(script child 0)" "fgets < Worker::{closure} ($file:$(line READS take.php)) < array_map < Worker::take ($file:$(line MAPS take.php)) < eval ($file($(line EVALUATES take.php)) : eval()'d code:1) < {main} ($file:$(line EVALUATES take.php))" \
            "the child's script, $flags"
        is "$(script parent 0)" "pcntl_waitpid < {main} ($file:$(line WAITS take.php))" \
            "the parent's script, $flags"
        is "$(jq -r '.processes[] | select(.role == "child").threads[0] | "\(.file):\(.line) \(.language)"' "$json")" \
            "$file:$(line READS take.php) PHP" "the place"
        kill -KILL "$child" "$parent"
    done
}

@test "wild: Perl, IPC::Open2, two full pipes" {
    needs perl
    start perl $wild/open2.pl
    look
    says 'cat waits for room in a pipe, fd 1|process waits for room in a pipe, fd 1' \
        "the read end is open in (parent|perl) \(pid $parent\) as fd [0-9]+, which is in write"
    never
}

@test "wild: PHP, a file lock that the parent holds" {
    needs php
    start php $wild/flock.php "$BATS_TEST_TMPDIR/lock"
    look
    says "waits for a file lock, fd [0-9]+, held by parent \(pid $parent\), which is in wait4"
    never
}

@test "wild: bash, a substitution that a daemon keeps open" {
    start bash -c 'echo "PIDS $$ $$"
        x=$(cat /dev/null; sleep 100 & echo started); echo "$x"'
    look
    says 'the write end is open in sleep \(pid [0-9]+\) as fd 1'
    never 'somebody outside'
}

@test "wild: Rust, a mutex" {
    needs rustc
    rustc -g -O -o "$BATS_TEST_TMPDIR/mutex" $wild/mutex.rs 2>"$err" ||
        skip "mutex.rs does not compile here"
    start "$BATS_TEST_TMPDIR/mutex"
    look
    says 'waits for the mutex mutex::LOCK' "$copies" 'only a signal could wake it'
    never '_ZN' '_RNv'
}

@test "wild: Rust, println between fork and exec" {
    needs rustc
    rustc -g -O -o "$BATS_TEST_TMPDIR/stdout" $wild/stdout.rs 2>"$err" ||
        skip "stdout.rs does not compile here"
    start "$BATS_TEST_TMPDIR/stdout"
    look
    says 'waits for the mutex std::io::stdio::STDOUT' "$copies" \
        'Mutex::lock_contended' 'std::io::stdio::_print'
    never '_ZN' '_RNv'
}

@test "wild: musl, the lock of a stream, in a static program" {
    needs musl-gcc
    program=$BATS_TEST_TMPDIR/stream
    musl-gcc -g -O1 -static -o "$program" $wild/stream.c 2>"$err" ||
        skip "stream.c does not compile here"
    start "$program"
    look
    proved
    says 'waits for the lock of a stream, taken in f[a-z]*, and no thread is left that could unlock it: fork copies locks' \
        '__lockfile < .*main \(harness/tests/wild/stream.c:'
    never '__stderr_FILE'
}

@test "wild: C++, the initialiser of a static variable" {
    compile guard.cc
    start "$program"
    look
    proved
    says "waits until the initialisation of config\(\)::c is done, and no thread is left that does it: fork copies no other threads" \
        'called at harness/tests/wild/guard.cc:'
    never '_ZG'
}

@test "wild: C++, a shared mutex, and the line of the call" {
    local line
    line=$(grep -n HERE $wild/shared-mutex.cc | cut -d: -f1)
    compile shared-mutex.cc
    start "$program"
    look
    proved
    says 'waits for the rwlock table, locked by a thread that fork did not copy' \
        "called at harness/tests/wild/shared-mutex.cc:$line" \
        "It is thread [0-9]+ of parent \(pid $parent\), now in sleep"
    never '/usr/include'
}

@test "wild: C++, std::future" {
    compile future.cc
    start "$program"
    look
    proved
    says 'waits for the value of a std::future, and no thread is left that could end it: fork copies no other threads'
    never '_ZN'
}

@test "wild: Abseil, a mutex" {
    needs pkg-config
    # shellcheck disable=SC2046
    compile absl.cc $(pkg-config --cflags --libs absl_synchronization 2>/dev/null)
    start "$program"
    look
    proved
    says 'waits for the mutex, and no thread is left that could unlock it' \
        'absl::[a-z0-9]*(::)?Mutex::Lock'
    never '_ZN' 'library lock'
}

@test "wild: C++, exit() destroys a condition for which threads wait" {
    compile exit-condition.cc
    start "$program"
    look
    proved
    says 'destroys the condition ready, and waits until no thread waits for that' \
        'pthread_cond_destroy < exit'
    never 'library lock' 'unlock'
}

@test "wild: C++, an idle pool is not the cause of a ring of pipes" {
    compile pool-and-ring.cc
    start "$program"
    look
    [[ $page =~ 'why Cat waits for room in a pipe' ]] || is "$page" "the ring" why
    says 'waits for room in a pipe'
    never 'library lock' 'why [A-Za-z]* waits for the condition'
}

@test "wild: GLib, a GMutex" {
    needs pkg-config
    # shellcheck disable=SC2046
    compile gmutex.c $(pkg-config --cflags --libs glib-2.0 2>/dev/null)
    start "$program"
    look
    proved
    says 'waits for the mutex table' "$copies"
    never 'library lock'
}

@test "wild: GLib, a queue that nobody fills" {
    needs pkg-config
    # shellcheck disable=SC2046
    compile gqueue.c $(pkg-config --cflags --libs glib-2.0 2>/dev/null)
    start "$program"
    look
    proved
    says 'waits for the condition, and no thread is left that could signal it: fork copies no other threads' \
        'g_cond_wait < g_async_queue_pop'
    never 'unlock'
}

@test "wild: GLib, a bus whose thread is in the parent" {
    needs pkg-config
    needs dbus-run-session
    # shellcheck disable=SC2046
    compile gdbus.c $(pkg-config --cflags --libs gio-2.0 2>/dev/null)
    start dbus-run-session "$program"
    look
    says "waits for an event on an eventfd, fd [0-9]+; it has no other thread, while parent \(pid $parent\), which it was forked from, has [2-9]: fork copies no other threads" \
        'poll < .*g_dbus_connection_call_sync < main \(harness/tests/wild/gdbus.c:'
    never 'HANG'
}

@test "wild: SQLite, a database that a thread of the parent uses" {
    compile sqlite.c -lsqlite3
    start "$program"
    look
    proved
    says 'waits for the mutex, locked by a thread that fork did not copy' \
        'pthread_mutex_lock < (sqlite3_mutex_enter < )?sqlite3_exec' \
        "It is thread [0-9]+ of parent \(pid $parent\), now in"
    never 'library lock'
}

@test "wild: OpenSSL, the lock of a context" {
    compile openssl.c -lssl -lcrypto
    start "$program"
    look
    proved
    says 'waits for the rwlock, locked by a thread that fork did not copy' \
        'pthread_rwlock_wrlock < CRYPTO_THREAD_write_lock < SSL_CTX_flush_sessions < SSL_CTX_free'
    never malloc
}

@test "wild: jemalloc, with its names and without" {
    compile jemalloc.c -ljemalloc
    start "$program"
    look
    proved
    says 'waits for (the mutex|a lock of jemalloc), locked by a thread that fork did not copy' \
        "It is thread [0-9]+ of parent \(pid $parent\), now in pause"
    # The stack of that thread comes next.
    [[ $page =~ 'pause < wait_inside' ]] || is "$page" wait_inside "its stack"
    never "malloc's lock" 'C library'
    # Linked into the program it has names.
    compile jemalloc.c -l:libjemalloc.a -lstdc++ -lm -ldl
    start "$program"
    look
    proved
    says 'waits for a lock of jemalloc, locked by a thread that fork did not copy' \
        'pthread_mutex_lock < je_malloc_mutex_lock_slow'
}

@test "wild: tcmalloc, a spin lock" {
    compile tcmalloc.cc -ltcmalloc
    start "$program"
    look
    healthy # it looks again and again
    says 'child waits for a spin lock of tcmalloc, with a time limit'
    never "malloc's lock"
}

@test "wild: OpenMP, critical sections" {
    compile critical.c -fopenmp
    start "$program"
    look
    proved
    says 'waits for the lock of an OpenMP critical section, and no thread is left that could unlock it'
    start "$program" table
    look
    proved
    says 'waits for the mutex .gomp_critical_user_table, and no thread is left that could unlock it'
}

@test "wild: OpenMP, a thread that does not come" {
    local mode
    local -A waits=(
        [barrier]="the barrier of OpenMP's threads.* GOMP_barrier <"
        [loop]="the barrier of OpenMP's threads.* GOMP_loop_end <"
        [sections]="the barrier of OpenMP's threads.* GOMP_sections_end <"
        [ordered]='the turn in an ordered loop of OpenMP.* GOMP_ordered_start <'
        [taskwait]='the end of tasks of OpenMP.* GOMP_taskwait <'
        [lock]='the mutex lock.* omp_set_lock <'
        [nest]='the mutex nest.* omp_set_nest_lock <')
    compile openmp.c -fopenmp
    export OMP_WAIT_POLICY=passive
    for mode in "${!waits[@]}"; do
        start "$program" "$mode"
        look
        healthy # a signal would end the pause of the other one
        says "waits for ${waits[$mode]}"
        kill -KILL "$parent"
    done
}

@test "wild: Rust, a lock for reading and writing, and what is done once" {
    local mode
    local -A waits=([read]='the rwlock locks::TABLE'
        [write]='the rwlock locks::TABLE'
        [once]='until the first call of locks::SETUP is done')
    needs rustc
    rustc -g -O -o "$BATS_TEST_TMPDIR/locks" $wild/locks.rs 2>"$err" ||
        skip "locks.rs does not compile here"
    for mode in "${!waits[@]}"; do
        start "$BATS_TEST_TMPDIR/locks" "$mode"
        look
        says "waits (for )?${waits[$mode]}" "$copies" 'only a signal could wake it'
        never '_ZN' '_RNv' 'u7b'
        kill -KILL "$child" "$parent"
    done
}

@test "wild: Abseil, a reader and two conditions" {
    local mode
    local -A waits=([read]='the mutex, and no thread is left that could unlock it'
        [await]='a condition of an absl::Mutex, and no thread is left that could signal it'
        [wait]='the condition, and no thread is left that could signal it')
    needs pkg-config
    # shellcheck disable=SC2046
    compile absl-waits.cc $(pkg-config --cflags --libs absl_synchronization 2>/dev/null)
    for mode in "${!waits[@]}"; do
        start "$program" "$mode"
        look
        proved
        says "waits for ${waits[$mode]}"
        never '_ZN' 'library lock'
        kill -KILL "$child" "$parent"
    done
}

@test "wild: Java, a child without the threads of its JVM" {
    local home
    needs javac
    home=$(readlink -f "$(command -v javac)")
    home=${home%/bin/javac}
    compile forks.c -shared -fPIC -I"$home/include" -I"$home/include/linux"
    javac -d "$BATS_TEST_TMPDIR" $wild/Forks.java 2>"$err" ||
        skip "Forks.java does not compile here"
    start java -cp "$BATS_TEST_TMPDIR" Forks "$program"
    look
    says "waits for the JVM's VM thread" "$copies" 'only a signal could wake it' \
        'VMThread::wait_until_executed < VMThread::execute'
    never HANG
}

@test "wild: Go, a child without the threads of its runtime" {
    needs go
    GOCACHE=$BATS_TEST_TMPDIR/go go build -o "$BATS_TEST_TMPDIR/notesleep" \
        $wild/notesleep.go 2>"$err" || skip "notesleep.go does not compile here"
    start "$BATS_TEST_TMPDIR/notesleep"
    look
    says "waits for a note of Go's runtime" "$copies" \
        'runtime.notesleep < runtime.stopm' 'only a signal could wake it'
}

# Whatever JVMs are here: the one that is called java, and those beside it.
jvms() {
    command -v java
    ls -d /usr/lib/jvm/*/bin/java 2>/dev/null || true
}

# owners: "left-right right-left ..." who has what these threads wait for.
owners() {
    jq -r '[.processes[].threads[]] as $all | $all[] |
        select(.name == "left-right" or .name == "right-left") |
        "\(.name) \(.owner as $owner | $all[] | select(.tid == $owner).name)"' "$json"
}

@test "wild: Java, who has the monitors" {
    local java seen=
    needs javac
    javac --release 17 -d "$BATS_TEST_TMPDIR" $wild/Monitors.java 2>"$err" ||
        skip "Monitors.java does not compile here"
    while read -r java; do
        [[ " $seen " != *" $(readlink -f "$java") "* ]] || continue
        seen+=" $(readlink -f "$java")"
        "$java" -cp "$BATS_TEST_TMPDIR" -version 2>"$err" || continue
        start "$java" -cp "$BATS_TEST_TMPDIR" Monitors
        look
        healthy
        says "(no proof:|in the last look,) process, thread (left-right|right-left), waits for the monitor of a Java object, locked by thread [0-9]+, now in InterpreterRuntime::monitorenter"
        is "$(owners | sort)" $'left-right right-left\nright-left left-right' \
            "who has what, of $java"
        kill -KILL "$parent"
    done < <(jvms)
}

@test "wild: Ruby 3.1, who has a mutex" {
    needs ruby
    [ "$(ruby -e 'print RUBY_VERSION[0, 4]')" = 3.1. ] ||
        skip "mutexes are known of Ruby 3.1 only"
    start ruby $wild/mutexes.rb
    look
    healthy
    says "thread mutexes.rb:$(line WAITS mutexes.rb), waits for a Mutex of Ruby, locked by thread [0-9]+, now at $wild/mutexes.rb:$(line KEEPS mutexes.rb)"
    # Two are locked, one after the other, by the thread that keeps them.
    is "$(jq -r '[.processes[].threads[]] as $all | $all[] | select(.waits == "mutex").owner as $owner |
        $all[] | select(.tid == $owner).script[0]' "$json" | uniq -c | tr -s ' ')" \
        " 2 block in <main> ($wild/mutexes.rb:$(line KEEPS mutexes.rb))" "the owner"
}

@test "wild: Java, two monitors, Object.wait and LockSupport.park" {
    needs javac
    javac -d "$BATS_TEST_TMPDIR" $wild/Monitors.java 2>"$err" ||
        skip "Monitors.java does not compile here"
    start java -cp "$BATS_TEST_TMPDIR" Monitors
    look
    healthy # other threads of the JVM wake by themselves
    says 'thread (left-right|right-left), waits for the monitor of a Java object' \
        'ObjectMonitor::[A-Za-z_]+ < ObjectMonitor::enter'
    jq -r '.processes[].threads[].why' "$json" >"$BATS_TEST_TMPDIR/whys"
    grep -q "^process waits for the end of thread [0-9]*, now in " \
        "$BATS_TEST_TMPDIR/whys"
    grep -q 'thread waiter, waits for a notification of a Java object' "$BATS_TEST_TMPDIR/whys"
    grep -q 'thread parked, waits for a LockSupport.unpark of its Java thread' \
        "$BATS_TEST_TMPDIR/whys"
    grep -q 'thread Signal Dispatch, waits for the semaphore (value 0)' "$BATS_TEST_TMPDIR/whys"
}

@test "wild: a 32-bit program, and one that only has a stack below 4 GiB" {
    [ "$(uname -m)" = x86_64 ] || skip "numbers are known of i386 only"
    compile pause32.c -m32 -nostdlib -static -ffreestanding -fno-stack-protector
    start bash -c '"$0" & echo "PIDS $$ $!"; wait' "$program"
    look
    healthy
    says 'is in pause, a system call of a 32-bit program: of those no more is read'
    compile low-stack.c
    start "$program"
    look
    healthy
    says 'is in a system call'
    never '32-bit' 'waitpid'
}

@test "wild: healthy, nginx waits for clients" {
    PATH=$PATH:/usr/sbin
    needs nginx
    local directory=$BATS_TEST_TMPDIR/nginx
    mkdir "$directory"
    # Its parts have sockets to each other: what else is in their epoll sets is
    # named all the same.
    printf '%s\n' 'daemon off; pid pid; error_log errors; worker_processes 1;' \
        'events {}' "http { access_log off; server { listen unix:$directory/s; } }" \
        >"$directory/settings"
    start bash -c 'nginx -p "$0" -c settings &
        until child=$(pgrep -P $!); do sleep 0.1; done
        echo "PIDS $! $child"; wait' "$directory"
    look
    healthy
    says 'child.* waits for a client' 'it handles HUP'
}

@test "wild: healthy, GLib and libevent wait for a signal" {
    needs pkg-config
    # shellcheck disable=SC2046
    compile gsignal.c $(pkg-config --cflags --libs glib-2.0 2>/dev/null)
    start "$program"
    look
    healthy
    says 'it handles HUP'
    compile libevent.c -levent
    start "$program"
    look
    healthy
    says 'it handles HUP'
}
