# SPDX-License-Identifier: MIT
#
# The table of what is never proved (harness/README.md), both ways: with the help
# of a row the program ends by itself, and is not proved stuck before; its twin
# without that help is proved.

# The helper sets json, out, status ...
# shellcheck disable=SC2030,SC2031,SC2154
load helper

programs=build/tests/programs

# ends PROGRAM ARG...: by itself.
ends() {
    cage "$ample" "$@"
    [ "$(jq -r '.verdict + " \(.status)"' "$json")" != "exit 77" ] ||
        skip "the machine refuses it"
    field '.verdict + " \(.status)"' "exit 7"
}

# proved PROGRAM ARG...: without a wait for the deadline.
proved() {
    cage "$ample" "$@"
    field .verdict hang
    field .proved true
    field '.ms.total < .deadline_s * 1000' true
}

both() {
    ends "$1" "$2" with
    proved "$1" "$2" without
}

is_ready() {
    [ -e "$1.ready" ] || ! kill -0 "$2" 2>/dev/null
}

# acted PROGRAM ROW: with the one who acts outside of the cage, and without.
acted() {
    local directory=$BATS_TEST_TMPDIR/outside file actor
    mkdir "$directory"
    chmod 777 "$directory"
    file=$directory/file.$$
    timeout "$net" "$programs/$1" "$2" "$file" act >"$directory/output" 2>&1 \
        </dev/null 3>&- &
    actor=$!
    until_true "$ample" is_ready "$file" "$actor" || true
    ends "$1" "$2" "$file" with || status=1
    kill "$actor" 2>/dev/null || true
    wait "$actor" || true
    [ "$status" -eq 0 ] || [ "$status" -eq 1 ]
    field '.verdict + " \(.status)"' "exit 7" || {
        cat "$directory/output"
        return 1
    }
    rm -rf "$file" "$file".*
    proved "$1" "$2" "$file" without
}

plainly() {
    export FORKLAB_CAGE=plain
    acted "$@"
}

# shellcheck disable=SC2016 # backquotes of Markdown
@test "each row has its test, and stands in the table" {
    local program
    for program in help sockets outside passed elsewhere; do
        is "$(sed -n "s/^@test \"$program: \([^ \"]*\).*/\1/p" \
            "$BATS_TEST_FILENAME" | sort)" \
            "$("$programs/$program" list | sort)" "the rows of $program"
    done
    is "$(sed -n 's/^| .* | `\([a-z]* .*\)` |$/\1/p' harness/README.md |
        sed 's/`, `/\n/g' | sort)" \
        "$(for program in help sockets outside passed elsewhere; do
            "$programs/$program" list | sed "s/^/$program /"
        done | sort)" "the programs in the table"
}

@test "help: runs" { both help runs; }
@test "help: sleeps" { both help sleeps; }
@test "help: vfork" { both help vfork; }
@test "help: restarted" { both help restarted; }
@test "help: foreign" { both help foreign; }
@test "help: traced" { both help traced; }
@test "help: alarm" { both help alarm; }
@test "help: posix-timer" { both help posix-timer; }
@test "help: timerfd" { both help timerfd; }
@test "help: stale-member" { both help stale-member; }
@test "help: uring" { both help uring; }
@test "help: uring-completion" { both help uring-completion; }
@test "help: aio" { both help aio; }
@test "sockets: socket-limit" { both sockets socket-limit; }
@test "sockets: tcp-full" { both sockets tcp-full; }
@test "sockets: connect" { both sockets connect; }
@test "outside: futex" { acted outside futex; }
@test "outside: futexes" { acted outside futexes; }
@test "outside: fifo" { acted outside fifo; }
@test "outside: o-async" { acted outside o-async; }
@test "outside: lease" { acted outside lease; }
@test "outside: inotify" { acted outside inotify; }
@test "outside: flock" { acted outside flock; }
@test "outside: ofd-ring" { acted outside ofd-ring; }
@test "outside: caught" { plainly outside caught; }
@test "outside: awaited" { plainly outside awaited; }
@test "outside: mq-notify" { plainly outside mq-notify; }
@test "outside: queue" { plainly outside queue; }
@test "outside: stopped" { plainly outside stopped; }
@test "outside: client" { acted outside client; }
@test "passed: pipe" { acted passed pipe; }
@test "passed: socketpair" { acted passed socketpair; }
@test "passed: eventfd" { acted passed eventfd; }
@test "passed: tcp" { acted passed tcp; }
@test "passed: memfd" { acted passed memfd; }
@test "passed: polled" { acted passed polled; }
@test "passed: former" { acted passed former; }
@test "elsewhere: received" { acted elsewhere received; }
@test "elsewhere: futex-replaced" { acted elsewhere futex-replaced; }
@test "elsewhere: futex-moved" { acted elsewhere futex-moved; }
@test "elsewhere: futex-again" { acted elsewhere futex-again; }
@test "elsewhere: fifo-replaced" { acted elsewhere fifo-replaced; }
@test "elsewhere: fifo-relinked" { acted elsewhere fifo-relinked; }
@test "elsewhere: fifo-chdir" { acted elsewhere fifo-chdir; }
@test "elsewhere: datagram" { acted elsewhere datagram; }
@test "elsewhere: datagram-reconnected" { acted elsewhere datagram-reconnected; }
@test "elsewhere: urgent" { acted elsewhere urgent; }
@test "elsewhere: queue-passed" { acted elsewhere queue-passed; }
@test "elsewhere: named-datagram" { acted elsewhere named-datagram; }

# ---- what the page says of signals ----

# A signal ends the wait, or may unlock: nobody inside is left to send one.
@test "in the cage a proof of a wait for a signal names its assumption" {
    proved stuck sigwait
    field .unless "somebody outside signals it"
    tr -s ' \n' ' ' <"$out" | grep -q 'unless somebody outside signals it'
    proved stuck semaphore
    field .unless null
}

# One who was always alone has a handler and pauses: it can only mean a signal
# from outside, even in the cage.
@test "alone with a handler, in pause: not proved" {
    cage 2 alone
    field .proved false
    field .verdict no-progress
}

# ---- numbers of a nested PID namespace ----

@test "the owner of a lock is looked for in the waiter's PID namespace" {
    cage "$ample" pidns
    [ "$(jq -r .status "$json")" != 77 ] || skip "no PID namespace to be had"
    field .proved true
    field '[.processes[1].threads[].owner_is] | join(" ")' 'thread thread'
    field '[.processes[1].threads[].owner] | join(" ")' '2 1'
    field '.processes[0].threads[0].why' \
        'parent waits for the end of child, which is stuck'
}

# ---- file locks: who holds them ----

@test "a ring of locks of open file descriptions names both holders" {
    proved outside ofd-ring "$BATS_TEST_TMPDIR/file" without
    field '[.processes[].threads[].why] | join("; ")' \
        'parent waits for a file lock that child holds, which is stuck too; child waits for a file lock that parent holds, which is stuck too'
}
