# SPDX-License-Identifier: MIT
#
# What forklab says and how it ends: errors, exit status, files.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# A project of its own, with the runner and no programs; labs are written below
# $project/labs.
make_project() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build" "$project/labs" "$project/solutions"
    cp build/forklab "$project/build/"
}

# header LINE...: lab 07 of the project, whose comment has these lines.
header() {
    {
        printf '/* SPDX-License-Identifier: MIT\n *\n'
        printf ' * %s\n' "$@"
        printf ' */\nint main(void)\n{\n    return 0;\n}\n'
    } >"$project/labs/07-some-symptom.c"
}

# refused WORDS: reading the project's labs ends with one line that has them.
refused() {
    status=0
    "$project/build/forklab" list >"$out" 2>"$err" || status=$?
    is "$status" 2 "exit status"
    is "$(wc -l <"$err")" 1 "lines on stderr"
    grep -qF -e "$1" "$err" || {
        echo "the message does not say \"$1\":"
        show_run
        return 1
    }
}

# ---- usage: 2 ----

@test "no command: usage, 2" {
    forklab
    is "$status" 2 "exit status"
    grep -q '^usage: forklab' "$err"
}

@test "--help: usage on stdout, 0" {
    forklab --help
    is "$status" 0 "exit status"
    grep -q '^usage: forklab' "$out"
}

@test "an unknown command: 2" {
    error 2 '"rum"' rum 31
}

@test "an unknown option: 2" {
    error 2 '--colour' run 31 --colour
}

@test "run without a number, with two, with a word: 2" {
    error 2 'number of one lab' run
    error 2 'number of one lab' run 31 31
    error 2 '"thirty"' run thirty
    error 2 '"-1"' run -- -1
}

@test "an unknown lab: 2, and the nearest one" {
    error 2 'there is no lab 99; the nearest is 80' run 99
    error 2 'there is no lab 99; the nearest is 80' check 99
}

@test "a deadline that is none: 2" {
    for deadline in 0 -3 soon nan ''; do
        error 2 'time limit' run 31 --deadline "$deadline"
    done
    error 2 '--deadline' run 31 --deadline
}

@test "--json without a file: 2" {
    error 2 '--json' run 31 --json
}

@test "cage without a command: 2" {
    error 2 'command' cage --
}

@test "autopsy without a process, with a word: 2" {
    error 2 'process number' autopsy
    error 2 '"init"' autopsy init
    # The last of many numbers counts as much as the first.
    # shellcheck disable=SC2046 # one word for each
    error 2 '"init"' autopsy $(yes $$ | head -n 300) init
    # shellcheck disable=SC2046
    error 3 'there is no process 999999999' autopsy $(yes $$ | head -n 300) 999999999
}

# ---- this machine cannot: 3 ----

@test "--json to a file that cannot be written: 3, before the run" {
    error 3 "$tmp/no/such/directory" run 31 --json "$tmp/no/such/directory/x.json"
    is "$(cat "$out")" "" stdout
    error 3 /dev/full run 31 --quiet --json /dev/full
}

@test "stdout that is full: 3" {
    status=0
    build/forklab list >/dev/full 2>"$err" || status=$?
    is "$status" 3 "exit status"
}

@test "whoever reads stdout has seen enough: no word about it" {
    local both pipe path=$BATS_TEST_TMPDIR/pipe
    mkfifo "$path"
    exec {both}<>"$path"
    exec {pipe}>"$path"
    exec {both}<&-
    status=0
    build/forklab list all 2>"$err" 1>&"$pipe" || status=$?
    is "$status" 141 "exit status"
    is "$(cat "$err")" "" stderr
}

@test "a program that is not there: 3" {
    error 3 "$tmp/nothing" run 31 --program "$tmp/nothing"
    error 3 "$tmp/nothing" check 31 --program "$tmp/nothing"
    error 3 "$tmp/nothing" cage -- "$tmp/nothing"
}

@test "a program that is no program: 3" {
    echo '#!/no/such/interpreter' >"$BATS_TEST_TMPDIR/text"
    chmod +x "$BATS_TEST_TMPDIR/text"
    error 3 text cage -- "$BATS_TEST_TMPDIR/text"
    error 3 README.md cage -- ./README.md
}

@test "a lab that is not built, an attempt that is not there: 3" {
    make_project
    cp labs/31-*.c "$project/labs/"
    cd "$project"
    error 3 'make build' run 31
    error 3 'make build' run 31 --solution
    error 3 'attempt' check 31
    error 3 'attempt' run 31 --attempt
}

@test "autopsy of a process that is not there: 3" {
    error 3 'no process' autopsy 2147483647
}

# ---- 0 and 1 ----

@test "as wanted 0, another outcome 1" {
    local stem
    stem=$(basename labs/31-*.c .c)
    forklab run 31 --quiet
    is "$status" 0 "exit status of the lab"
    is "$(wc -l <"$out")" 1 "lines of --quiet"
    forklab check 31 --program "build/solutions/$stem"
    is "$status" 0 "exit status of check with the solution"
    forklab check 31 --program "build/labs/$stem" --json "$json"
    is "$status" 1 "exit status of check with the lab itself"
    field .outcome hazard
    keep
    forklab run 31 --program build/tests/programs/exit-with --json "$json"
    is "$status" 1 "exit status of another program"
    field .outcome broken
    keep
}

@test "the deadline is no evidence: broken, 1" {
    in_time no-progress forklab run 31 --deadline DEADLINE --json "$json" \
        --program build/tests/programs/sleep-long
    is "$status" 1 "exit status"
    field .outcome broken
    field .verdict no-progress
    keep
}

@test "leading zeros do not matter" {
    forklab run 001 --quiet
    is "$status" 0 "exit status"
    grep -q '^lab 01 lab: hazard' "$out"
}

@test "--json - writes JSON and nothing else to stdout" {
    forklab run 31 --json -
    is "$status" 0 "exit status"
    cp "$out" "$json"
    field .lab 31
    keep
}

@test "list all shows every lab, list --json too" {
    local labs
    labs=$(printf '%s\n' labs/[0-9][0-9]-*.c | sed 's|labs/||; s|\.c$||; /\./d')
    forklab list all
    is "$status" 0 "exit status"
    while IFS= read -r stem; do
        grep -qF -e "${stem#*-}" "$out" || is "(none)" "$stem" "list"
    done <<<"$labs"
    forklab list --json
    is "$status" 0 "exit status"
    cp "$out" "$json"
    is "$(jq -r '.[].name' "$json")" "$(cut -d- -f2- <<<"$labs")" names
}

@test "the page fits 80x24 and is plain text" {
    forklab run 31
    is "$status" 0 "exit status"
    [ "$(wc -l <"$out")" -le 24 ] || is "$(wc -l <"$out")" "<= 24" lines
    is "$(grep -E '^.{81}' "$out")" "" "lines of more than 80 columns"
    is "$(LC_ALL=C grep -c '[^ -~]' "$out" || true)" 0 "lines with other bytes"
}

@test "doctor: each line says what a thing is for, or what is lost without it" {
    forklab doctor
    is "$status" 0 "exit status"
    is "$(grep -cE '^  (ok|NO|--) ' "$out")" \
        "$(grep -cE '^  (ok|NO|--)  .{24}  [^ ]' "$out")" "lines with a consequence"
    is "$(grep -E ' $|^.{81}' "$out")" "" "blanks at the end, long lines"
    # Without anything: each loss has its cure.
    local bin=$BATS_TEST_TMPDIR/bin tool
    mkdir "$bin"
    for tool in env timeout sh mkfifo cat; do
        ln -s "$(command -v "$tool")" "$bin/"
    done
    PATH=$bin TMPDIR=/proc forklab doctor
    is "$(grep -E '^  (NO|--)' "$out" |
        grep -vE 'setup|install|TMPDIR|not needed|Linux|ptrace')" "" "losses without a cure"
    is "$(grep -E '^.{81}' "$out")" "" "long lines"
    [ "$(grep -cE '^  (NO|--)' "$out")" -ge 6 ] || is few "6 losses" doctor
}

@test "doctor: without musl-gcc, what is lost and how to get it" {
    local bin=$BATS_TEST_TMPDIR/bin tool
    mkdir "$bin"
    for tool in env timeout sh mkfifo cat; do
        ln -s "$(command -v "$tool")" "$bin/"
    done
    PATH=$bin forklab doctor
    is "$status" 0 "exit status"
    grep -qE '^  --  musl-gcc +no LIBC=musl; make setup check$' "$out" ||
        is "(not there)" "-- musl-gcc" doctor
    is "$(grep -E '^.{81}' "$out")" "" "lines of more than 80 columns"
    ln -s /bin/true "$bin/musl-gcc"
    PATH=$bin forklab doctor
    grep -qE '^  ok  musl-gcc +LIBC=musl$' "$out" || is "(not there)" "ok musl-gcc" doctor
}

# ---- whatever happens, nothing is left ----

nothing_runs() {
    ! grep -qlzxF "$mark" /proc/[0-9]*/environ 2>/dev/null
}

# ends SIGNAL: the runner gets it while its program sleeps; what is left is for
# teardown to find.
ends() {
    local started=$BATS_TEST_TMPDIR/started
    # shellcheck disable=SC2016
    env "$mark" TMPDIR="$tmp" build/forklab cage --deadline "$ample" -- sh -c \
        'echo >"$1" && exec build/tests/programs/sleep-long' sh "$started" \
        >"$out" 2>"$err" </dev/null 3>&- &
    while [ ! -s "$started" ]; do sleep 0.05; done
    kill -"$1" $!
    status=0
    wait $! || status=$?
}

@test "Ctrl-C ends the program, too" {
    # A shell starts what is in the background with SIGINT ignored.
    ends TERM
    [ "$status" -gt 128 ] || is "$status" "> 128" "exit status"
}

@test "a runner that is killed takes the program with it" {
    ends KILL
    is "$status" 137 "exit status"
    until_true "$ample" nothing_runs
}

# all_labs SIGNAL: all labs, one at a time; it gets the signal when a row is there.
all_labs() {
    env "$mark" TMPDIR="$tmp" MIB=64 build/forklab run --all --jobs 1 \
        >"$out" 2>"$err" </dev/null 3>&- &
    until grep -q '^01  ' "$out"; do sleep 0.05; done
    kill -"$1" $!
    status=0
    wait $! || status=$?
    until_true "$ample" nothing_runs
}

@test "all labs, ended by TERM: the rows that are there count, no other" {
    local rows
    all_labs TERM
    is "$status" 130 "exit status"
    rows=$(grep -cE '^[0-9]{2}  ' "$out")
    is "$(tail -n 1 "$out")" "$rows of $(build/forklab list --json | jq length) labs: \
$rows showed their hazard, $rows solutions were safe, 0 not as wanted, 0 skipped" "the sum"
    is "$(cat "$err")" "" stderr
}

@test "all labs, killed: what runs is taken along" {
    all_labs KILL
    is "$status" 137 "exit status"
}

@test "all labs: the number at a time is looked at, and progress is for a terminal" {
    forklab run --all --jobs 0
    is "$status" 2 "exit status"
    grep -qF -e '--jobs "0" is not a number' "$err"
    all_labs TERM
    is "$(grep -c 'are done; running' "$out")" 0 "lines of progress in a file"
    TERM=xterm script -qec 'timeout 5 build/forklab run --all --jobs 2' /dev/null \
        >"$out" </dev/null || true
    grep -q ' labs are done; running: ' "$out"
}

@test "all labs: those that need a MariaDB server share one, one after the other" {
    local server bin=$BATS_TEST_TMPDIR/bin
    server=$(command -v mariadbd || echo /usr/sbin/mariadbd)
    [ -x "$server" ] && [ -x build/labs/20-oops-for-an-answer ] ||
        skip "needs MariaDB: make setup check"
    mkdir "$bin"
    printf '#!/bin/sh\necho begun >>%s\nexec %s "$@"\n' "$bin/log" "$server" \
        >"$bin/mariadbd"
    chmod +x "$bin/mariadbd"
    PATH=$bin:$PATH forklab run --all
    is "$(grep -cE '^2[0-26]  .* EXIT 0 +EXIT 0 ' "$out")" 4 "rows"
    is "$(cat "$bin/log")" begun "servers"
    until_true "$ample" nothing_runs
}

# ---- the grammar of headers ----

good=('07-some-symptom: something is wrong.' ''
    'Hazard:  2 hello' '         [child] exit 42' 'Safe:    hello')

@test "a header that is right is read" {
    make_project
    header "${good[@]}" 'Needs:   mariadb, root' 'Output:  pipe'
    "$project/build/forklab" list --json >"$json"
    field '.[0].name' some-symptom
    field '.[0].needs | join(" ")' "mariadb root"
}

@test "a misspelt Safe: is an error that names the line" {
    make_project
    header "${good[@]/Safe:/Save:}"
    refused 'labs/07-some-symptom.c:7: '
    refused Save
}

@test "a header without Hazard: or without Safe:" {
    make_project
    header "${good[@]:0:4}"
    refused 'labs/07-some-symptom.c'
    header "${good[@]:0:2}" "${good[4]}"
    refused 'labs/07-some-symptom.c'
}

@test "a word that stands twice, an unknown word, a finding that is none" {
    make_project
    header "${good[@]}" 'Safe:    hello'
    refused 'labs/07-some-symptom.c:8: '
    header "${good[@]}" 'Hint:    hello'
    refused 'labs/07-some-symptom.c:8: '
    header "${good[@]}" '         [child] hangs in read'
    refused 'labs/07-some-symptom.c:8: '
    header "${good[@]}" 'Output:  tube'
    refused 'labs/07-some-symptom.c:8: '
}

@test "a header that names another file" {
    make_project
    header "${good[@]/07-some/08-some}"
    refused 'labs/07-some-symptom.c:3: '
}

@test "two labs with one number" {
    make_project
    header "${good[@]}"
    sed 's/07-some/07-other/' "$project/labs/07-some-symptom.c" \
        >"$project/labs/07-other-symptom.c"
    refused '07-some-symptom'
}

# ---- what a lab measures ----

@test "a lab that measures has a picture, and one for its cure" {
    make_project
    cp -a labs/72-* labs/*.h "$project/labs/"
    cp -a build/labs build/solutions "$project/build/"
    "$project/build/forklab" run 72 --quiet >"$out" 2>"$err" </dev/null 3>&-
    [ ! -e "$project/build/lab-72.svg" ] || is "a picture" none "with --quiet"
    "$project/build/forklab" run 72 >"$out" 2>"$err" </dev/null 3>&-
    "$project/build/forklab" run 72 --solution >>"$out" 2>"$err" </dev/null 3>&-
    for which in lab solution; do
        is "$(grep -c "^  plot    build/$which-72.svg " "$out")" 1 "its name"
        is "$(grep -c '<polyline' "$project/build/$which-72.svg")" 2 curves
    done
}

@test "a picture that cannot be drawn spoils no run" {
    make_project
    cp -a labs/72-* labs/*.h "$project/labs/"
    cp -a build/labs "$project/build/"
    mkdir "$project/build/lab-72.svg"
    "$project/build/forklab" run 72 >"$out" 2>"$err" </dev/null 3>&-
    is "$(cat "$err")" \
        "forklab: cannot draw build/lab-72.svg: Is a directory" stderr
    grep -q '^  plot ' "$out"
}

# ---- no room ----

# A disk that is full, as the run sees it: it has place for one more directory.
@test "a disk that is full: what could not be made, and nothing is left" {
    local disk=$tmp/disk
    status=0
    mkdir "$disk"
    # shellcheck disable=SC2016 # the inner shell's
    unshare -rm sh -c 'mount -t tmpfs -o nr_inodes=2 none "$1" || exit 77
        echo before
        TMPDIR=$1 build/forklab cage -- true
        echo "status $? and $(ls -A "$1" | wc -l) entries"' sh "$disk" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    rmdir "$disk"
    [ "$(cat "$out")" ] || skip "no namespaces, or no tmpfs in them"
    is "$(cat "$out")" "before
status 3 and 0 entries" "stdout"
    is "$(cat "$err")" "forklab: cannot make a temporary directory in $disk: \
No space left on device; free space there, or set TMPDIR to another directory" stderr
}

# ---- what is in the way is named, and what to do about that ----

# server LINE...: what stands in for mariadbd runs these lines of a shell.
server() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    printf '%s\n' '#!/bin/sh' "$@" >"$BATS_TEST_TMPDIR/bin/mariadbd"
    chmod +x "$BATS_TEST_TMPDIR/bin/mariadbd"
}

# not_started WORDS: lab 20 does not run, and says why; no word of building it.
not_started() {
    PATH=$BATS_TEST_TMPDIR/bin:$PATH error 3 "$1" run 20
    ! grep -q 'make build' "$err" || is "make build" "no such advice" "the error"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH error 3 "$1" run 20 --solution
    PATH=$BATS_TEST_TMPDIR/bin:$PATH error 3 "$1" check 20 solutions/20-*.c
}

@test "a MariaDB server that does not start: its own words, no other advice" {
    server 'echo "1 [Note] begin" >&2' 'echo "1 [ERROR] no such engine" >&2' \
        'echo "1 [ERROR] Aborting" >&2' 'exit 7'
    not_started 'ended before it was ready (status 7): no such engine'
    # shellcheck disable=SC2016
    server 'echo "illegal instruction, it seems" >&2' 'kill -ILL $$'
    not_started 'ended before it was ready (signal 4): illegal instruction, it seems'
}

@test "a MariaDB server without space: that is said, and what to do" {
    server 'echo "1 [ERROR] InnoDB: file ./ibdata1 failed with error 28" >&2' \
        'echo "1 [ERROR] Unknown/unsupported storage engine: InnoDB" >&2' \
        'exit 1'
    not_started "no space left in $tmp for MariaDB"
    grep -q 'free space there, or set TMPDIR' "$err"
    # It does not end, but waits for somebody who frees space.
    server 'echo "1 [Warning] Disk is full writing ./x (Errcode: 28). Waiting" >&2' \
        'echo "1 [Warning] mariadbd: Retry in 60 secs." >&2' \
        'exec sleep 1000'
    not_started "no space left in $tmp for MariaDB"
}

@test "a directory for temporary files that is full: with the real server" {
    command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ] ||
        skip "mariadbd is not installed: make setup"
    unshare -rm true 2>/dev/null || skip "no user namespaces here"
    for size in 4k 16k 8m; do
        status=0
        # shellcheck disable=SC2016
        env "$mark" SIZE=$size FULL="$tmp" unshare -rm sh -euc '
            mount -t tmpfs -o "size=$SIZE" none "$FULL"
            TMPDIR=$FULL exec build/forklab run 20' \
            >"$out" 2>"$err" </dev/null 3>&- || status=$?
        is "$status" 3 "exit status with $size"
        grep -q "no space left in $tmp for MariaDB" "$err" ||
            is "$(cat "$err")" "no space left" "the error with $size"
        ! grep -q 'make build' "$err" || is "make build" none "the advice"
    done
}

@test "no directory for temporary files: which one, and no word of building" {
    for words in 'run 31' 'run 20 --solution' 'check 31 solutions/31-*.c' \
        'cage -- true'; do
        status=0
        # shellcheck disable=SC2086
        TMPDIR=$BATS_TEST_TMPDIR/none build/forklab $words >"$out" 2>"$err" \
            </dev/null 3>&- || status=$?
        is "$status" 3 "exit status of $words"
        grep -qF "directory in $BATS_TEST_TMPDIR/none: No such file or directory; set TMPDIR" \
            "$err" || is "$(cat "$err")" "which directory" "$words"
        ! grep -q 'make build' "$err" || is "make build" none "the advice"
    done
}

@test "an attempt that is there, but not compiled: not told to start one" {
    make_project
    cp labs/31-*.c "$project/labs/"
    cd "$project"
    error 3 'make try-31' run 31 --attempt
    mkdir attempts
    cp labs/31-*.c attempts/
    error 3 'is not compiled: make check-31' run 31 --attempt
}

# labs.bats looks at the pages of all labs and solutions.
@test "pages fit on a terminal of 80x24 with their command, and make adds no line" {
    command -v script >/dev/null || skip "no script(1) here"
    local number
    for number in 49 60 71; do
        env -u COLUMNS -u LINES -u MAKEFLAGS -u MAKELEVEL "$mark" TMPDIR="$tmp" \
            script -qec "stty rows 24 cols 80; make lab-$number" /dev/null \
            >"$out" 2>"$err" </dev/null 3>&- || true
        tr -d '\r' <"$out" >"$out.text"
        grep -q VERDICT "$out.text" || is "$(cat "$out")" "a page" "make lab-$number"
        fits "$out.text" "make lab-$number"
    done
}

# a_root: a project whose labs are these, with nothing else, below $root_of_it.
a_root() {
    root_of_it=$BATS_TEST_TMPDIR/project
    mkdir -p "$root_of_it/labs"
    ln -s "$PWD/solutions" "$root_of_it"
    ln -s "$PWD"/labs/* "$root_of_it/labs"
    rm "$root_of_it/labs/site.txt"
    export FORKLAB_ROOT=$root_of_it
}

@test "the reference: its address where it is published, or the file that is here, or nothing" {
    a_root
    forklab explain 31
    is "$(grep -c 'In a browser' "$out")" 0 "lines without a site"
    mkdir -p "$root_of_it/build/site" "$BATS_TEST_TMPDIR/class/students/one"
    touch "$root_of_it/build/site/31-lock-nobody-holds.html"
    forklab explain 31
    grep -qx "In a browser: .*build/site/31-lock-nobody-holds.html" "$out"
    forklab explain 32
    is "$(grep -c 'In a browser' "$out")" 0 "lines without that page"
    forklab manual 7
    is "$(grep -c 31-lock-nobody-holds.html "$out")" 0 "a file in the manual"
    printf '# a comment\nhttps://forklab.example/fork\n' >"$root_of_it/labs/site.txt"
    local page=https://forklab.example/fork/31-lock-nobody-holds.html
    forklab explain 31
    grep -qx "In a browser: $page" "$out"
    forklab manual 7
    is "$(sed 's/\\//g' "$out" | grep -cx -e "$page" -e 'https://forklab.example/fork/index.html')" 2 "manual"
    forklab class "$BATS_TEST_TMPDIR/class"
    grep -q "<a href=\"$page\">" "$BATS_TEST_TMPDIR/class/class.html"
    rm "$root_of_it/labs/site.txt"
    forklab class "$BATS_TEST_TMPDIR/class"
    is "$(grep -c 'what it is about' "$BATS_TEST_TMPDIR/class/class.html")" 0 "rows"
}

# Each run opens a dozen; what one of them forgets to close, the next ones miss.
@test "a hundred runs in one process leave no descriptor open" {
    status=0
    (ulimit -n 48 && exec timeout "$net" build/forklab stress 61 --runs 100) \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$(cat "$out" "$err")" 'lab 61: 100 of 100 as expected
lab 61 --solution: 100 of 100 as expected' output
}
