# SPDX-License-Identifier: MIT
#
# make install: what is put where, and that forklab works from there, for a user
# who may write to none of it.

# The helper sets out, err, status ...
# shellcheck disable=SC2154
load helper

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    export stage=$BATS_FILE_TMPDIR/stage
    export share=$stage/opt/fl/share bin=$stage/opt/fl/bin
    env -u MAKEFLAGS -u MAKELEVEL make install DESTDIR="$stage" PREFIX=/opt/fl \
        >"$BATS_FILE_TMPDIR/out" 2>&1 3>&- || cat "$BATS_FILE_TMPDIR/out"
    chmod -R a-w "$stage"
}

teardown_file() {
    chmod -R u+w "$stage"
}

# installed COMMAND...: the installed forklab, in a directory and with a home of
# its own. Root may write anywhere: as root, it is nobody who runs it.
installed() {
    local user=()
    status=0
    home=$BATS_TEST_TMPDIR/home
    mkdir -p "$home"
    if [ "$(id -u)" -eq 0 ]; then
        user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
        chown 65534:65534 "$home" "$tmp"
        # Only what this test owns: the way to it must be open.
        chmod a+x "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/* "$BATS_TEST_TMPDIR" \
            "$BATS_FILE_TMPDIR"
    fi
    (cd "$home" && env -u FORKLAB_ROOT -u XDG_DATA_HOME "$mark" HOME="$home" \
        TMPDIR="$tmp" "${extra[@]}" "${user[@]}" timeout -k 5 "$net" \
        "$bin/forklab" "$@") >"$out" 2>"$err" </dev/null 3>&- || status=$?
    work=$home/.local/share/forklab
}
extra=()

says() {
    grep -qF -e "$2" "$1" || is "(not there)" "$2" "${1##*/}"
}

@test "install: each file where it belongs, and nothing else" {
    # Without msgfmt there is no catalogue to install.
    is "$(cd "$stage" && find . -path '*/locale' -prune -o -type d -name '[a-z]*' \
        -printf '%P\n' | sort | xargs)" \
        "$(printf 'opt/fl%s ' '' /bin /lib /lib/forklab /lib/forklab/labs \
            /lib/forklab/solutions /share /share/bash-completion \
            /share/bash-completion/completions /share/forklab \
            /share/forklab/labs /share/forklab/solutions /share/man \
            /share/man/man1 /share/man/man7 | sed 's/^/opt /; s/ $//')" directories
    is "$(cd "$share/forklab/labs" && printf '%s\n' *)" \
        "$(cd labs && printf '%s\n' *.*)" labs
    is "$(cd "$share" && find locale -type f 2>/dev/null)" \
        "$(cd build && find locale -type f -size +0)" catalogues
    for file in man/man1/forklab.1 man/man7/forklab-labs.7 \
        bash-completion/completions/forklab; do
        [ -s "$share/$file" ] || is missing there "$file"
    done
    # No file speaks of the place where it was made for the package.
    is "$(grep -rlF -e "$stage" "$stage")" "" "files with DESTDIR in them"
}

@test "install: --version, list, explain, why, diff, manual; no file is made" {
    installed --version
    is "$(cat "$out")" "$(build/forklab --version)" version
    installed list
    is "$status" 0 "exit status of list"
    says "$out" '31'
    for command in 'explain 31' 'why mutex' 'diff 31' 'manual 7'; do
        # shellcheck disable=SC2086 # several words
        installed $command
        is "$status" 0 "exit status of $command"
    done
    # A string of labs/strings.tsv, which no page has.
    installed why "$(sed -n 's/\t.*//p;q' labs/strings.tsv)"
    says "$out" "$(sed -n 's/.*\t//p;q' labs/strings.tsv)"
    is "$(ls -A "$home")" "" "what is in HOME"
}

@test "install: explain in Japanese, where there was msgfmt" {
    [ -s build/locale/ja/LC_MESSAGES/forklab.mo ] || skip "there is no catalogue"
    extra=(FORKLAB_LANG=ja)
    installed explain 31
    is "$status" 0 "exit status"
    says "$out" '子プロセスが pthread_mutex_lock でハングする'
}

@test "install: a lab, a solution, an attempt, a hint, a grade" {
    installed run 31
    is "$status" 0 "exit status of run"
    says "$out" 'HANG (proved)'
    installed run 31 --solution
    is "$status" 0 "exit status of the solution"
    installed try 31
    is "$status" 0 "exit status of try"
    says "$out" "$work/attempts/31-"
    says "$out" 'forklab check 31'
    installed hint 31
    is "$status" 0 "exit status of hint"
    says "$out" 'hint 1 of 3'
    installed check 31 --runs 2
    is "$status" 1 "exit status of check: nothing is changed"
    cat solutions/31-*.c >"$work/attempts/$(basename labs/31-*.c)"
    installed check 31 --runs 2
    is "$status" 0 "exit status of check"
    installed list
    says "$out" '1 of '
    installed grade --runs 1 --quiet
    is "$status" 0 "exit status of grade"
    is "$(jq '[.tests[] | select(.score > 0)] | length' \
        "$work/build/grade/results.json")" 1 "labs with a score"
}

@test "install: a lab with a shared object, and an attempt at it" {
    local number stem
    stem=$(basename labs/*.so.c .so.c) number=${stem%%-*}
    installed run "$number"
    is "$status" 0 "exit status of lab $number"
    installed try "$number"
    cat solutions/"$stem.c" >"$work/attempts/$stem.c"
    installed check "$number" --runs 2
    is "$status" 0 "exit status of check"
}

# No hint names what only a checkout has.
speaks_of_no_checkout() {
    ! grep -nE 'make (-C|setup|build|list|doctor|class|man|[a-z]+-[0-9])|build/forklab|harness/' "$1" || is "$(cat "$1")" "no make" "$2"
}

@test "install: what is said to type next is forklab, not make" {
    local command
    installed try 31
    for command in 'run 31' 'run 31 --solution' 'explain 31' 'hint 31' \
        'check 31 --runs 2' 'check 11' 'why mutex' 'why zzzz' doctor list \
        'run 99' 'run x' run explain stress class 'grade --runs 1' 'try 31' \
        'reset 31' start 'list 3' handin bug-report 'restore 31'; do
        # shellcheck disable=SC2086 # several words
        installed $command
        speaks_of_no_checkout "$out" "stdout of $command"
        speaks_of_no_checkout "$err" "stderr of $command"
    done
    installed run 31
    says "$out" '    forklab try 31 '
    cat solutions/31-*.c >"$work/attempts/$(basename labs/31-*.c)"
    installed check 31 --runs 2
    is "$status" 0 "exit status of check"
    speaks_of_no_checkout "$out" "stdout of a check that is safe"
    says "$out" '    forklab diff 31'
    cat labs/31-*.c >"$work/attempts/$(basename labs/31-*.c)"
    echo '/* */' >>"$work/attempts/$(basename labs/31-*.c)"
    installed check 31 --runs 2
    is "$status" 1 "exit status of check"
    says "$out" '    forklab check 31 --seed 1'
}

@test "install: watch checks an attempt when it is saved" {
    local attempt watcher tries pid
    installed try 31
    attempt=$work/attempts/$(basename labs/31-*.c)
    net=60
    installed watch 31 &
    watcher=$!
    for ((tries = 0; tries < 300; tries++)); do
        ! grep -q UNCHANGED "$out" || break
        sleep 0.1
    done
    says "$out" UNCHANGED
    cat solutions/31-*.c >"$attempt"
    for ((tries = 0; tries < 500; tries++)); do
        ! grep -q SAFE "$out" || break
        sleep 0.1
    done
    says "$out" SAFE
    says "$out" 'forklab diff 31'
    # timeout(1) passes the signal on.
    # shellcheck disable=SC2013 # words, one for each process
    for pid in $(grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3); do
        [ "$(cat "/proc/$pid/comm")" != timeout ] || kill -INT "$pid"
    done
    wait "$watcher" || true
}

@test "install: class reads the grades of others" {
    installed try 31
    cat solutions/31-*.c >"$work/attempts/$(basename labs/31-*.c)"
    installed grade --runs 1 --quiet --out "$home/grades/students/ann"
    is "$status" 0 "exit status of grade"
    installed class "$home/grades"
    is "$status" 0 "exit status of class"
    grep -q ann "$home/grades/class.csv" || is "(not there)" ann class.csv
}

@test "install: make in the user's directory knows the pages' targets" {
    installed try 31
    ln -s "$bin/forklab" "$BATS_TEST_TMPDIR/forklab"
    (cd "$work" && PATH=$BATS_TEST_TMPDIR:$PATH HOME=$home make -n \
        lab-31 solution-31 check-31 try-31 diff-31 list) >"$out" 2>&1
    says "$out" "forklab check '31'"
}

@test "FORKLAB_ROOT: other labs; one that is not there: 2" {
    extra=(FORKLAB_ROOT="$BATS_TEST_TMPDIR/none")
    installed list
    is "$status" 2 "exit status"
    says "$err" FORKLAB_ROOT
    mkdir -p "$BATS_TEST_TMPDIR/data/labs"
    cp labs/31-*.c "$BATS_TEST_TMPDIR/data/labs"
    extra=(FORKLAB_ROOT="$BATS_TEST_TMPDIR/data")
    installed list --json
    is "$(jq length "$out")" 1 labs
}

@test "no home: what only reads works, the rest says what to do" {
    extra=(HOME=)
    installed list
    is "$status" 0 "exit status of list"
    installed run 31
    is "$status" 3 "exit status of run"
    says "$err" XDG_DATA_HOME
}

@test "uninstall leaves no file" {
    local there=$BATS_TEST_TMPDIR/there
    for target in install uninstall; do
        env -u MAKEFLAGS -u MAKELEVEL make "$target" PREFIX="$there" >"$out" 2>&1 3>&-
    done
    is "$(find "$there" ! -type d)" "" "files that are left"
}

@test "CPPFLAGS, CFLAGS and LDFLAGS reach the compiler; no pkg-config: plain -l" {
    env -u MAKEFLAGS -u MAKELEVEL CPPFLAGS=-DONE CFLAGS='-O2 -DTWO' \
        LDFLAGS=-Wl,-z,now PKG_CONFIG=/no/pkg-config make -n V=1 \
        -W harness/main.c -W "$(echo labs/31-*.c)" build/forklab \
        build/labs/"$(basename labs/31-*.c .c)" >"$out" 2>"$err"
    for program in 'harness/main.c' 'labs/31-'; do
        grep -q -e "-DONE -O2 -DTWO.*$program" "$out" || is missing there "$program"
    done
    grep -q -e '-Wl,-z,now -o build/forklab .*-lcjson -lm' "$out" ||
        is missing there "what links forklab"
}

@test "one place says the version" {
    local version
    version=$(build/forklab --version | cut -d' ' -f2)
    grep -qF "\"$version\"" harness/base/version.h
    is "$(grep -rlF "\"$version\"" harness --include='*.[ch]' | grep -v /tests/ | xargs)" \
        harness/base/version.h files
    head -n 1 <(build/forklab manual 1) | grep -qF "forklab $version"
}
