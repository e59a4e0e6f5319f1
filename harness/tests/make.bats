# SPDX-License-Identifier: MIT
#
# The face: make, setup, the generated parts.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016
load helper

# Runs make as somebody at a terminal would, not as a part of `make check`.
run_make() {
    status=0
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "$mark" TMPDIR="$tmp" \
        timeout -k 5 "$net" make "$@" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}

# says FILE WORDS
says() {
    grep -qF -e "$2" "$1" || is "(not there)" "$2" "${1##*/}"
}

@test "make help, on one screen of 80x24" {
    run_make help
    is "$status" 0 "exit status"
    # 24, less the line with the command.
    [ "$(wc -l <"$out")" -le 23 ] || is "$(wc -l <"$out")" "<= 23" lines
    is "$(grep -E '^.{80}' "$out")" "" "long lines"
    for word in setup doctor labs list list-N lab-N solution-N diff-N try-N reset-N \
        explain-N hint-N check-N watch-N restore-N handin demo grade class check lint \
        clean; do
        grep -qE "[ (]$word  " "$out" || is "(not there)" "$word" help
    done
}

@test "make lab-1 and make lab-01 are the same" {
    for name in lab-1 lab-01; do
        run_make "$name"
        is "$status" 0 "exit status of $name"
        says "$out" 'said-once-read-twice'
    done
}

@test "make labs: a row for each lab, and the sum" {
    MIB=64 run_make labs
    is "$status" 0 "exit status"
    local count
    count=$(build/forklab list --json | jq length)
    is "$(grep -cE '^[0-9]{2}  ' "$out")" "$count" rows
    says "$out" "$count labs: "
    says "$out" ' 0 not as wanted'
}

# The labs of list --json that have their outcome with musl, by a jq filter.
with_musl() {
    build/forklab list --json | jq "
        map(select(.needs - [\"root\", \"x86-64\", \"localhost\", \"namespace\"] == [])) | map(select($1)) | length"
}

# Is there a compiler for musl? Else the test is skipped, and says why.
need_musl() {
    command -v musl-gcc >/dev/null ||
        skip "musl-gcc is not installed (make setup check)"
}

@test "make labs LIBC=musl: a row for each lab, what musl cures, and the sum" {
    need_musl
    MIB=64 run_make labs LIBC=musl
    is "$status" 0 "exit status"
    local count all cured verb=are
    count=$(build/forklab list --json | jq length)
    all=$(with_musl true)
    cured=$(with_musl '.hazard_musl == [] or .cured_in_linux != null')
    [ "$cured" -ne 1 ] || verb=is
    is "$(grep -cE '^[0-9]{2}  ' "$out")" "$count" rows
    # A lab and its solution are skipped each.
    is "$(tail -n 1 "$out")" "$count labs: $((all - cured)) showed their hazard, \
$cured $verb cured here, $all solutions were safe, 0 not as wanted, \
$((2 * (count - all))) skipped" "the sum"
    is "$(grep -c 'skip: .*musl' "$out")" "$((count - all))" "rows with a reason"
}

@test "make lab-33 LIBC=musl says that musl has cured it" {
    need_musl
    run_make lab-33 LIBC=musl
    is "$status" 0 "exit status"
    says "$out" 'safe: musl has cured it'
    says "$out" 'make explain-33'
    # With glibc it is a hang: nothing of the one is left in the other.
    run_make lab-33
    is "$status" 0 "exit status"
    says "$out" 'HANG (proved)'
}

@test "LIBC=musl without musl-gcc: one message, and what to install" {
    local project=$BATS_TEST_TMPDIR/project
    mkdir "$project"
    cp -a Makefile harness labs solutions build "$project/"
    cd "$project"
    rm -rf build/musl
    run_make lab-33 LIBC=musl MUSL_CC=/no/musl-gcc
    is "$status" 2 "exit status"
    says "$err" 'error: labs cannot be built with musl: the compiler for musl missing'
    says "$err" 'make setup check'
    [ ! -e build/musl/labs ] || is "$(ls build/musl/labs)" "" "what was built"
}

@test "lab 31 hangs without the runner, too" {
    status=0
    timeout -s KILL 1 build/labs/"$(basename labs/31-*.c .c)" >"$out" 2>&1 \
        </dev/null 3>&- || status=$?
    is "$status" 137 "exit status"
}

@test "make solution-31" {
    run_make solution-31
    is "$status" 0 "exit status"
    says "$out" 'safe'
}

@test "an unknown lab: one line, and the nearest" {
    for name in lab-99 solution-99 diff-99 try-99 check-99 stress-99; do
        run_make "$name"
        is "$status" 2 "exit status of $name"
        # The line of make itself comes last.
        is "$(wc -l <"$err")" 2 "lines on stderr"
        says "$err" 'there is no lab 99'
    done
}

@test "an unknown target: what may have been meant" {
    run_make lab31
    is "$status" 2 "exit status"
    says "$err" "make lab-31"
    run_make 31
    says "$err" "make lab-31"
    run_make list-labs
    says "$err" "make list"
    # Those that share a line of the help; the number that was given.
    run_make watch
    says "$err" "Did you mean:  make watch-N"
    run_make watchh-7
    says "$err" "Did you mean:  make watch-7"
    run_make chekc-31
    says "$err" "Did you mean:  make check-31"
    run_make "it's"
    is "$status" 2 "exit status"
    says "$err" "no target 'it's'"
}

@test "a blank for the hyphen: what was meant, and nothing is done" {
    local project=$BATS_TEST_TMPDIR/project verb
    mkdir "$project"
    cp -a Makefile harness labs solutions "$project/"
    cd "$project"
    for verb in lab solution diff try reset check watch hint explain stress; do
        run_make "$verb" 31
        is "$status" 2 "exit status of make $verb 31"
        is "$(cat "$out")" "" "output of make $verb 31"
        is "$(wc -l <"$err")" 1 "lines on stderr"
        says "$err" "Did you mean:  make $verb-31 ?"
    done
    for words in '31 check' 'check 31-lock' 'build check 31' '-j2 check- 31' \
        '-k check N=31' 'N=31 check' 'check-7 check 31'; do
        # shellcheck disable=SC2086 # several words
        run_make $words
        is "$status" 2 "exit status of make $words"
        says "$err" 'make check-31 ?'
    done
    run_make 07
    is "$status" 2 "exit status of make 07"
    says "$err" 'make lab-07 ?'
    is "$(ls -d build attempts 2>/dev/null)" "" "what was made"
    # Numbers that are none of this.
    run_make -n check RUNS=3 JOBS=2
    is "$status" 0 "exit status of make check RUNS=3"
    run_make -n stress-31 check N=3
    is "$status" 0 "exit status of make stress-31 check N=3"
}

@test "make diff-31 shows the cure" {
    run_make diff-31
    is "$status" 0 "exit status"
    says "$out" '+++ solutions/31-'
    grep -q '^+.*FIX:' "$out"
}

@test "make stress-31 N=2 counts" {
    run_make stress-31 N=2
    is "$status" 0 "exit status"
    is "$(wc -l <"$out")" 2 lines
    says "$out" '2 of 2 as expected'
}

@test "a lab whose library is missing is left out, the others are built" {
    local project=$BATS_TEST_TMPDIR/project
    mkdir "$project"
    cp -a Makefile harness labs solutions build "$project/"
    cd "$project"
    rm -f build/labs/20-*
    mkdir bin
    printf '#!/bin/sh\nexit 1\n' >bin/mariadb_config
    chmod +x bin/mariadb_config
    PATH=$PWD/bin:$PATH run_make build
    is "$status" 0 "exit status"
    says "$out" 'mariadb is missing (make setup)'
    forklab run 20 --json "$json"
    is "$status" 3 "exit status of the lab"
    field .outcome skip
    keep
}

# glibc 2.31 of Debian 11: its <sys/syscall.h> ends with clone3, 435.
@test "an older C library: the runner compiles, with the numbers of a newer one" {
    local shim=$BATS_TEST_TMPDIR/shim.h file
    echo '#include <sys/syscall.h>' >"$shim"
    echo '#include <asm/unistd.h>' | cc -E -dM - | awk '
        $2 ~ /^__NR_/ && $3 + 0 > 435 {
            sub("__NR_", "SYS_", $2)
            print "#undef", $2
        }' >>"$shim"
    grep -q SYS_close_range "$shim" || skip "the headers here are as old"
    for file in harness/*.c harness/*/*.c harness/tests/programs/alive.c; do
        grep -q SYS_ "$file" || continue
        cc -std=gnu17 -pthread -fsyntax-only -Wall -Werror -Ilabs -iquote harness \
            -include "$shim" "$file"
    done
    sed -n 's/^#ifndef SYS_\(.*\)/#undef SYS_\1\
#include "harness\/linux\/syscalls.h"\
#ifdef __NR_\1 \/* these headers may be older *\/\
_Static_assert(SYS_\1 == __NR_\1, "SYS_\1");\
#endif\
#undef FORKLAB_SYSCALLS_H/p' harness/linux/syscalls.h >"$out"
    cc -std=gnu17 -fsyntax-only -include sys/syscall.h -I. -x c "$out"
}

@test "a path with spaces in it" {
    local project="$BATS_TEST_TMPDIR/a b  c"
    mkdir "$project"
    cp -a Makefile harness labs solutions build "$project/"
    touch "$project/harness/report/report.c" "$project"/labs/31-*.c
    cd "$project"
    run_make lab-31
    is "$status" 0 "exit status"
    says "$out" HANG
}

@test "the generated parts of README.md and the pages are current" {
    harness/scripts/generate.sh --check 3>&- </dev/null
}

# ---- setup, on machines that are made up ----

# machine COMMAND...: a PATH with nothing but what setup needs and these.
machine() {
    fake=$BATS_TEST_TMPDIR/fake
    mkdir -p "$fake"
    for tool in sh env cat sed tr grep tail dirname mktemp rm mkdir "$@"; do
        [ -e "$fake/$tool" ] || ln -s "$(command -v "$tool")" "$fake/$tool"
    done
}

# stub NAME LINE...: a command of that machine, a shell script.
stub() {
    # Not through a link to the real one.
    rm -f "$fake/$1"
    printf '%s\n' '#!/bin/sh' "${@:2}" >"$fake/$1"
    chmod +x "$fake/$1"
}

fake_setup() {
    status=0
    env -i PATH="$fake" LOG="$BATS_TEST_TMPDIR/log" "${environment[@]}" \
        /bin/sh harness/scripts/setup.sh "$@" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}
environment=()

@test "setup where nothing is missing does nothing" {
    run_make setup
    is "$status" 0 "exit status"
    is "$(cat "$out")" "setup: nothing to install" stdout
    run_make setup
    is "$(cat "$out")" "setup: nothing to install" "stdout of the second time"
}

@test "setup as root installs what is missing, and nothing else" {
    machine make diff
    stub id 'echo 0'
    stub apt-get "echo \"\$@\" >>\"\$LOG\"; : >'$fake/cc'; : >'$fake/gcc'" \
        "chmod +x '$fake/cc'"
    fake_setup
    says "$out" 'missing: a C compiler'
    grep -qx 'install -y --no-install-recommends .*\<gcc\>.*' \
        "$BATS_TEST_TMPDIR/log"
    is "$(grep -wc make "$BATS_TEST_TMPDIR/log" || true)" 0 "make, which is there"
    is "$(grep -wc bats "$BATS_TEST_TMPDIR/log" || true)" 0 "bats, for the tests"
}

@test "setup fetches package lists only when it must" {
    machine make diff
    stub id 'echo 0'
    stub apt-get "echo \"\$@\" >>\"\$LOG\"" \
        'case "$*" in update) : >"$LOG.new" ;; *) [ -e "$LOG.new" ] ;; esac'
    fake_setup
    is "$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/log" | tr '\n' ' ')" \
        "install update install " "calls of apt-get"
}

@test "setup without root and without a terminal installs nothing" {
    machine make diff
    stub id 'echo 1000'
    stub apt-get "echo \"\$@\" >>\"\$LOG\""
    fake_setup
    is "$status" 3 "exit status without sudo"
    says "$err" 'this needs root:  apt-get install'
    stub sudo 'echo "sudo $*" >>"$LOG"; [ "$1" = -v ] || "$@"'
    fake_setup
    is "$status" 3 "exit status with sudo"
    says "$err" 'sudo apt-get install'
    is "$(ls "$BATS_TEST_TMPDIR/log" 2>/dev/null)" "" "calls of apt-get, sudo"
    environment=(YES=1)
    fake_setup
    says "$BATS_TEST_TMPDIR/log" 'sudo env DEBIAN_FRONTEND=noninteractive apt-get install'
}

@test "setup without a network says so" {
    machine make diff
    stub id 'echo 0'
    stub apt-get 'echo "E: cannot resolve"; exit 100'
    fake_setup
    is "$status" 3 "exit status"
    says "$err" 'is there a network?'
}

@test "setup with an unknown package manager lists what is missing" {
    machine make diff
    fake_setup check
    is "$status" 3 "exit status"
    says "$out" 'a C compiler'
    says "$out" 'bats'
    says "$err" 'no package manager that I know'
}

@test "dnf, apk and pacman get their own names" {
    local -A word=([dnf]=elfutils-devel [apk]=musl-dev [pacman]=libelf)
    for manager in dnf apk pacman; do
        rm -rf "$BATS_TEST_TMPDIR/fake" "$BATS_TEST_TMPDIR/log"
        machine make diff
        stub id 'echo 0'
        # A compiler that finds no header.
        stub cc 'exit 1'
        stub "$manager" "echo \"\$@\" >>\"\$LOG\""
        fake_setup
        grep -qw -e "${word[$manager]}" "$out" ||
            is "$(cat "$out")" "${word[$manager]}" "$manager"
    done
}

@test "a compiler that is not there: one message, nothing compiled" {
    local project=$BATS_TEST_TMPDIR/project
    mkdir "$project"
    cp -a Makefile harness labs "$project/"
    cd "$project"
    run_make lab-31 CC=no-such-compiler
    is "$status" 2 "exit status of make"
    says "$err" 'CC=no-such-compiler is no compiler here; try it without CC='
    is "$(wc -l <"$err")" 2 "lines on stderr"
    is "$(find build -name '*.o' 2>/dev/null)" "" "object files"
}

@test "a build without a compiler, or where nobody may write: one message" {
    machine make diff
    stub apt-get
    fake_setup --probe
    is "$status" 3 "exit status"
    says "$err" 'forklab cannot be built: a C compiler'
    says "$err" 'make setup'
    local project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project"
    cp -a Makefile harness labs "$project/"
    : >"$project/build"
    cd "$project"
    run_make build
    is "$status" 2 "exit status of make"
    says "$err" 'cannot write to'
    is "$(wc -l <"$err")" 2 "lines on stderr"
}

@test "a compiler that cannot build forklab: one message says why" {
    local odd=$BATS_TEST_TMPDIR/odd
    printf '#!/bin/sh\ncase "$*" in *-MMD*) exit 1 ;; esac\n' >"$odd"
    chmod +x "$odd"
    local project=$BATS_TEST_TMPDIR/project
    mkdir "$project"
    cp -a Makefile harness labs "$project/"
    cd "$project"
    run_make lab-31 CC="$odd"
    says "$err" "CC=$odd refuses the options that forklab is built with"
    is "$(wc -l <"$err")" 2 "lines on stderr"
    run_make lab-31 CC=false
    says "$err" 'the compiler false does not work here'
    command -v musl-gcc >/dev/null || skip "no musl-gcc here: make setup check"
    run_make lab-31 CC=musl-gcc
    says "$err" 'CC=musl-gcc does not find what is installed'
    is "$(find build -name '*.o' 2>/dev/null)" "" "object files"
}
