# SPDX-License-Identifier: MIT
#
# The course: attempts, hints, explanations, progress, symptoms.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

# A project of its own: what is tried there touches nobody's attempts.
make_project() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build"
    cp -a Makefile labs solutions "$project/"
    cp build/forklab "$project/build/"
    cd "$project" || return
    lab=$(echo labs/31-*.c) attempt=attempts/${lab#labs/}
}

# says FILE WORDS
says() {
    grep -qF -e "$2" "$1" || is "(not there)" "$2" "${1##*/}"
}

same() {
    cmp "$1" "$2" || is "differs from $2" same "$1"
}

# in_space SCRIPT: as the root of a mount namespace; skips where there is none.
in_space() {
    unshare -rm true 2>/dev/null || skip "no user namespaces here"
    status=0
    timeout -k 5 60 unshare -rm sh -euc "$1" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}

# ---- try and reset ----

@test "try copies the lab and says what comes next" {
    make_project
    forklab try 31
    is "$status" 0 "exit status"
    same "$attempt" "$lab"
    for word in "$attempt" check-31 hint-31 reset-31; do says "$out" "$word"; done
    is "$(grep -E '^.{80}' "$out")" "" "long lines"
}

@test "try never overwrites" {
    make_project
    mkdir attempts
    echo mine >"$attempt"
    forklab try 31
    is "$status" 0 "exit status"
    is "$(cat "$attempt")" mine "the attempt"
    says "$out" 'is not changed.'
    says "$out" 'make reset-31'
    cp "$lab" "$attempt"
    forklab try 31
    says "$out" 'it is still the unchanged lab'
}

@test "reset keeps every attempt" {
    make_project
    forklab reset 31
    is "$status" 0 "exit status where there is no attempt yet"
    same "$attempt" "$lab"
    for i in 1 2 3; do
        echo "mine $i" >"$attempt"
        forklab reset 31
        is "$status" 0 "exit status"
        says "$out" "$attempt.$i"
        same "$attempt" "$lab"
    done
    # Nothing to keep.
    forklab reset 31
    is "$status" 0 "exit status of a fresh one"
    is "$(cat "$attempt".*)" "$(printf 'mine %s\n' 1 2 3)" "what was kept"
    # A number in the middle that is free is taken, no other file touched.
    rm "$attempt.2"
    echo "mine 4" >"$attempt"
    forklab reset 31
    is "$(cat "$attempt".[123])" "$(printf 'mine %s\n' 1 4 3)" "what was kept"
    is "$(find attempts -type f ! -path "$attempt*")" "" "other files"
}

@test "try and reset from another directory name whole paths" {
    make_project
    cd "$BATS_TEST_TMPDIR"
    status=0
    project/build/forklab try 31 >"$out" || status=$?
    is "$status" 0 "exit status"
    says "$out" "$project/$attempt"
    says "$out" "make -C '$project' check-31"
    same "$project/$attempt" "$project/$lab"
}

@test "try and reset without a number, with an unknown one" {
    make_project
    for command in try reset; do
        error 2 "$command needs the number of one lab" "$command"
        error 2 "$command needs the number of one lab" "$command" 31 32
        error 2 '"thirty"' "$command" thirty
        error 2 'there is no lab 99' "$command" 99
    done
    [ ! -e attempts ] || is "a directory" none attempts
}

@test "forklab somewhere else: where it works" {
    mkdir -p "$BATS_TEST_TMPDIR/else/where"
    cp build/forklab "$BATS_TEST_TMPDIR/else/where/"
    for command in list "run 31" "hint 31" "check 31" "why zombie"; do
        status=0
        # shellcheck disable=SC2086
        "$BATS_TEST_TMPDIR/else/where/forklab" $command >"$out" 2>"$err" ||
            status=$?
        is "$status" 2 "exit status of $command"
        is "$(wc -l <"$err")" 1 "lines on stderr"
        says "$err" 'or build forklab there: make build'
    done
}

@test "attempts is a file" {
    make_project
    echo mine >attempts
    error 3 'cannot use attempts: Not a directory; move the file' try 31
    error 3 'cannot use attempts: Not a directory; move the file' reset 31
    is "$(cat attempts)" mine "the file"
}

@test "the attempt is a directory" {
    make_project
    mkdir -p "$attempt"
    error 3 "cannot use $attempt: File exists; move the file" try 31
}

@test "a directory where nobody may write: one line, nothing lost" {
    make_project
    mkdir attempts
    in_space 'mount -t tmpfs -o size=64k none attempts
        echo mine >attempts/'"${attempt#*/}"'
        mount -o remount,ro attempts
        for command in "try 31" "reset 31" "try 32"; do
            build/forklab $command || echo "status $?"
        done
        cat attempts/*'
    is "$(grep -v '^ \|^$' "$out")" "$attempt is not changed.
status 3
status 3
mine" stdout
    is "$(wc -l <"$err")" 2 "lines on stderr"
    is "$(grep -c 'Read-only file system; is this directory writable?' "$err")" 2 advice
}

@test "no space: one line, no half a copy, nothing lost" {
    make_project
    mkdir attempts
    in_space 'mount -t tmpfs -o size=8k none attempts
        echo mine >attempts/'"${attempt#*/}"'
        head -c 4096 /dev/zero >attempts/full
        for command in "try 32" "reset 31"; do
            build/forklab $command || echo "status $?"
        done
        ls -A attempts; cat '"$attempt"
    is "$(cat "$out")" "status 3
status 3
${attempt#*/}
full
mine" stdout
    is "$(grep -c 'No space left on device; free some' "$err")" 2 advice
}

# ---- hints, explanations ----

@test "hints come one at a time, and are counted" {
    make_project
    for i in 1 2 3; do
        forklab hint 31
        is "$status" 0 "exit status"
        says "$out" "hint $i of 3 for lab 31"
        is "$(grep -c '^hint ' "$out")" 1 "hints at a time"
    done
    says "$out" 'make diff-31'
    # Of another lab it is the first one; of this one all, from now on.
    forklab hint 33
    says "$out" 'hint 1 of 3 for lab 33'
    forklab hint 31
    is "$(grep -c '^hint ' "$out")" 3 "hints when all were shown"
    # Where they cannot be counted nobody is left with the first for ever.
    rm -r attempts
    echo >attempts
    forklab hint 31
    is "$status" 0 "exit status"
    says "$out" 'All hints, because attempts/.hints cannot be written: Not a directory.'
    is "$(grep -c '^hint ' "$out")" 3 "hints when they cannot be counted"
    says "$out" 'make diff-31'
}

# a_screen WHAT LINES: $out has so many lines at least, 24 at most, none too long,
# none with a blank at its end. Sets text to all of it.
a_screen() {
    local lines
    mapfile -t lines <"$out"
    [ ${#lines[@]} -le 24 ] || is "${#lines[@]}" "at most 24 lines" "$1"
    [ ${#lines[@]} -ge "$2" ] || is "${#lines[@]}" "at least $2 lines" "$1"
    no_long_lines "$out" "$1"
    contents "$out"
    [[ $text != *' '$'\n'* ]] || is "$(grep ' $' "$out")" "" "blanks at the end, $1"
}

@test "every lab has three hints and an explanation that fit a terminal" {
    local lab number i text
    make_project
    for lab in labs/[0-9]*.md; do
        number=${lab#labs/} number=${number%%-*}
        forklab explain "$number"
        is "$status" 0 "exit status of explain $number"
        a_screen "explain $number" 7
        [[ $text == *"${lab%.md}"* ]] || says "$out" "${lab%.md}"
        for i in 1 2 3; do
            forklab hint "$number"
            a_screen "hint $i of $number" 2
            [[ $text == *"hint $i of 3"* ]] || says "$out" "hint $i of 3"
            [[ $'\n'$text =~ $'\n'"  "[^\ ] ]] || is empty text "hint $i of $number"
        done
    done
}

# ---- progress ----

@test "make list knows what was cured, what was tried, and what is next" {
    make_project
    forklab list
    is "$(grep -cE 'cured' "$out")" 0 "lines on progress before the first attempt"
    forklab try 31
    forklab list
    says "$out" "0 of $(build/forklab list --json | jq length) cured (+), 1 tried (.); next: make lab-01"
    says "$out" '31. '
    cp solutions/31-*.c attempts/
    forklab check 31
    is "$status" 0 "exit status"
    forklab try 33
    echo 'not C' >attempts/33-time-stands-still.c
    forklab check 33
    is "$(cat attempts/progress)" "$(printf '31 safe %s\n33 not compiled %s\n' "$(date +%F)" "$(date +%F)")" progress
    forklab list
    says "$out" '31+ '
    says "$out" '33. '
    forklab list 3
    says "$out" '31 +lock'
    says "$out" '33 .time'
    says "$out" '1 of '
    is "$(grep -E '.{81}| $' "$out")" "" "long lines"
    # What is safe no longer is safe no longer; a damaged file is no matter.
    echo 'int x' >>attempts/31-lock-nobody-holds.c
    forklab check 31
    says attempts/progress '31 not compiled'
    printf 'x\n31\n31 safe\0\n-5 safe\n999999999999 safe' >attempts/progress
    forklab list
    is "$status" 0 "exit status"
    # Nobody is bothered where it cannot be written.
    rm attempts/progress
    mkdir attempts/progress
    cp solutions/31-*.c attempts/
    forklab check 31
    is "$status" 0 "exit status"
    grep -q "^forklab: attempts/progress cannot be written" "$err"
    is "$(find attempts -name '*.new')" "" "left behind"
}

# ---- why ----

# why WORDS LAB: is that lab among the answers?
why() {
    local text
    forklab why "$1"
    is "$status" 0 "exit status of why \"$1\""
    contents "$out"
    [[ $'\n'$text == *$'\n'"  $2  "* ]] || is "$text" "lab $2" "why \"$1\""
    no_long_lines "$out" "why \"$1\""
}

@test "every symptom of every page leads to its lab" {
    count=0
    for page in labs/[0-9]*.md; do
        number=${page#labs/} number=${number%%-*}
        while IFS= read -r symptom; do
            why "$symptom" "$number"
            count=$((count + 1))
        done < <(sed -n '/<summary>Symptoms/,/<\/details>/s/^- //p' "$page" | tr -d '`')
    done
    [ "$count" -ge 90 ] || is "$count" "at least 90" "symptoms"
}

@test "why: what people paste" {
    why __lll_lock_wait 31
    why '#0  __lll_lock_wait (futex=0x55d0c0a0) at lowlevellock.c:49' 31
    why 'CLOSE_WAIT' 11
    why 'tcp  1  0 127.0.0.1:4711  127.0.0.1:53022  CLOSE_WAIT  1234/server' 11
    why 'MySQL server has gone away' 20
    why "ERROR 2006 (HY000): MySQL server has gone away" 22
    why 'it prints twice' 01
    why '19576 19575 Z defunct worker' 60
    why 'bind: Address already in use' 50
    why 'getaddrinfo hangs in the child' 34
    why 'localtime_r' 33
    why 'Resource temporarily unavailable' 14
    why 'malloc_consolidate' 32 || why malloc 32
}

# The stack of the youngest thread that hangs, as the runner sees it, pasted.
pasted_stack() {
    jq -r '[.processes[].threads[] | select(.root and .stack)] | last | .stack[]' "$json" |
        sed 's/^/#0  0x00007f3a1c2b in /; s/labs\/[^:]*:/prog.c:/'
}

@test "why: the whole stack of a lab that hangs leads to it" {
    for number in 30 31 32 33 34 37 43 49 53; do
        lab "$number" hazard
        pasted_stack >"$tmp.stack"
        [ "$(wc -l <"$tmp.stack")" -ge 3 ] || is short "three frames" "lab $number"
        why "$(cat "$tmp.stack")" "$number"
    done
    # Every stack ends in main and __libc_start_main: they lead nowhere.
    forklab why "$(printf '#%s\n' '0 main ()' '1 __libc_start_main' '2 _start')"
    is "$status" 1 "exit status of frames that every program has"
}

@test "why: what is none of our labs' symptoms" {
    while IFS= read -r words; do
        forklab why "$words"
        is "$status" 1 "exit status of why \"$words\""
    done <<'END'
No route to host
kernel panic
502 Bad Gateway
Read-only file system
Permission denied
undefined reference to `main'
IndexError: list index out of range
Segmentation fault (core dumped)
%s%n%s
END
}

@test "why: a famous string comes first, with its source; or the nearest lab" {
    forklab why 'ERROR: MySQL server has gone away (2006)'
    is "$status" 0 "exit status of a famous string"
    says "$out" ': https://'
    head -n 1 "$out" | grep -qE '^  2[0-2]  ' || is "$(cat "$out")" "a lab of 20 to 22"
    forklab why 'workers stuck, unlike anything'
    is "$status" 0 "exit status of what is only near"
    says "$out" 'nearest: lab '
    for words in 'segmentation fault in my parser' '404 not found'; do
        forklab why "$words"
        is "$status" 1 "exit status of \"$words\""
        says "$out" 'none: '
    done
}

@test "explain: a string instead of a number" {
    forklab explain '[Errno 98] Address already in use'
    is "$status" 0 "exit status"
    says "$out" 'lab 50: '
    forklab explain 'kernel panic now'
    is "$status" 1 "exit status of what is nowhere"
    says "$out" 'none: '
}

@test "why: a table that is wrong is named, with its line" {
    make_project
    printf 'a string\t31 98\tC\thttps://a.example\n' >>labs/strings.tsv
    forklab why zombie
    is "$status" 3 "exit status"
    says "$err" "labs/strings.tsv:$(wc -l <labs/strings.tsv): "
}

@test "why: with colour, and with very much" {
    why $'\033[1;31mzombie\033[0m' 60
    for i in $(seq 400); do
        echo "#$i  0x00007f3a1c2b in frame_$i (argument=$i) at file$i.c:$i"
        [ "$i" != 200 ] || echo '#0  0x00007f in __run_prefork_handlers ()'
    done >"$tmp.stack"
    # Processor time, which nobody else can use up.
    (
        ulimit -t 10
        why "$(cat "$tmp.stack")" 43
    )
}

@test "why: no answer, no words" {
    forklab why 'quite another thing altogether'
    is "$status" 1 "exit status without an answer"
    says "$out" 'autopsy PID'
    forklab why
    is "$status" 2 "exit status without words"
    forklab why ''
    is "$status" 1 "exit status of nothing"
    forklab why --help-me
    is "$status" 1 "exit status of words with dashes"
}

# ---- watch ----

said_or_over() {
    grep -qF -e "$1" "$out" || ! kill -0 "$pid"
}

# watching LINE: until it stands in the output.
watching() {
    until_true "$ample" said_or_over "$1" || true
    grep -qF -e "$1" "$out" || is "(not there)" "$1" "what watch says"
}

# start_watch: on an attempt at lab 31 that is safe.
start_watch() {
    make_project
    mkdir attempts
    cp solutions/31-*.c "$attempt"
    env "$mark" TMPDIR="$tmp" build/forklab watch 31 >"$out" 2>"$err" \
        </dev/null 3>&- &
    pid=$!
    watching 'Each save is checked'
    says "$out" '20 of 20 runs'
}

end_watch() {
    kill -INT $pid
    status=0
    wait $pid || status=$?
    is "$status" 0 "exit status after Ctrl-C"
    is "$(cat "$err")" "" stderr
}

@test "watch checks each save, also by an editor that renames" {
    start_watch
    : >"$out"
    echo 'int x' >>"$attempt"
    watching 'NOT COMPILED'
    watching 'Each save is checked'
    : >"$out"
    { cat "$lab"; echo; } >attempts/.swap
    mv attempts/.swap "$attempt"
    watching 'HANG (proved)'
    watching 'Each save is checked'
    # Another file is none of its business.
    : >"$out"
    echo >attempts/33-time-stands-still.c
    sleep 0.7
    is "$(cat "$out")" "" "what it says of another file"
    end_watch
}

@test "watch sees a save that inotify does not tell of, by looking" {
    start_watch
    : >"$out"
    # A link is no write and no rename, as little as what another machine does in
    # a shared directory.
    echo 'int x' >attempts/.other
    rm "$attempt"
    ln attempts/.other "$attempt"
    watching 'NOT COMPILED'
    watching 'Each save is checked'
    end_watch
}

@test "watch without an attempt" {
    make_project
    forklab watch 31
    is "$status" 3 "exit status"
    says "$err" 'make try-31'
}

# ---- one source: --help, manual, completion ----

# The commands that --help names.
commands() {
    build/forklab --help | sed -n '/^  [a-z]/s/^  \([a-z-]*\).*/\1/p'
}

@test "--help, the manual and completion name the same commands, which exist" {
    commands >"$BATS_TEST_TMPDIR/commands"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/commands")" -ge 16 ]
    is "$(build/forklab manual 1 | sed -n '/^.SH COMMANDS/,/^.SH OPTIONS/s/^\.B \([a-z-]*\).*/\1/p')" \
        "$(cat "$BATS_TEST_TMPDIR/commands")" "the manual's"
    is "$(complete_words forklab '' | grep -v '^--' | sort)" \
        "$(sort "$BATS_TEST_TMPDIR/commands")" "completion's"
    while IFS= read -r command; do
        forklab "$command" --no-such-option
        ! grep -q 'there is no command' "$err" || is missing there "$command"
    done <"$BATS_TEST_TMPDIR/commands"
    is "$(build/forklab --help | grep -E '.{81}| $')" "" "long lines"
    # All three have the options from one table.
    build/forklab --help | sed -n 's/^  --\([a-z]*\).*/\1/p' | sort >"$BATS_TEST_TMPDIR/options"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/options")" -ge 12 ]
    is "$(build/forklab manual 1 | sed -n 's/^\.BI \\-\\-\([a-z]*\) .*/\1/p' | sort)" \
        "$(cat "$BATS_TEST_TMPDIR/options")" "the manual's"
    # shellcheck disable=SC2016,SC2046 # for the other bash; one word for each
    is "$(bash -c 'source <(build/forklab completion)
        for command; do
            COMP_WORDS=(forklab "$command" --) COMP_CWORD=2
            _forklab
            printf "%s\n" "${COMPREPLY[@]}"
        done' complete $(cat "$BATS_TEST_TMPDIR/commands") | grep '^--' | tr -d - | sort -u)" \
        "$(cat "$BATS_TEST_TMPDIR/options")" "completion's"
}

# complete_words WORD...: what bash would offer for the last one.
complete_words() {
    bash -c 'source <(build/forklab completion)
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _forklab
        printf "%s\n" "${COMPREPLY[@]}"' complete "$@"
}

@test "completion: commands, labs, options, files" {
    is "$(complete_words build/forklab ch)" check "ch"
    is "$(complete_words build/forklab run 3 | xargs)" \
        "$(build/forklab list --json | jq -r '.[].number | select(. >= 30 and . < 40)' | xargs)" "run 3"
    is "$(complete_words build/forklab check --s | xargs)" "--seed --sarif" "check --s"
    is "$(complete_words build/forklab run --s)" --solution "run --s"
    is "$(complete_words build/forklab run --libc '')" musl "--libc"
    is "$(complete_words build/forklab check 31 solutions/31)" "$(echo solutions/31-*.c)" files
    is "$(complete_words build/forklab doctor '')" "" "doctor"
}

@test "the manual pages are good roff, and have every lab" {
    for section in 1 7; do
        build/forklab manual $section >"$BATS_TEST_TMPDIR/$section"
        head -n 1 "$BATS_TEST_TMPDIR/$section" | grep -q "^.TH FORKLAB"
        command -v groff >/dev/null || continue
        groff -man -Tascii -ww "$BATS_TEST_TMPDIR/$section" >"$out" 2>"$err"
        is "$(cat "$err")" "" "groff's warnings on section $section"
    done
    is "$(grep -cE '^\.B [0-9]{2} ' "$BATS_TEST_TMPDIR/7")" \
        "$(build/forklab list --json | jq length)" "labs in forklab-labs(7)"
    forklab manual 2
    is "$status" 2 "exit status of manual 2"
}
