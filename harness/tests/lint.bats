# SPDX-License-Identifier: MIT
#
# What `make lint` finds in files that are planted into a project with nothing
# else in it.
# shellcheck disable=SC2154,SC2016,SC2164

load helper

# A machine may have what tests need without what lint needs.
project() {
    local tool
    for tool in clang clang-format clang-tidy cppcheck shellcheck; do
        command -v "$tool" >/dev/null ||
            skip "lint needs $tool:  make setup lint"
    done
    project="$BATS_TEST_TMPDIR/a project"
    mkdir -p "$project"/harness/{scripts,tests/programs} "$project"/{labs,solutions}
    cp -R .ci .clang-format Makefile "$project"
    cp harness/scripts/{lint,references,walls}.sh "$project/harness/scripts/"
    cd "$project"
}

# lint FILE...: sets status; stdout is in $out, stderr in $err.
lint() {
    status=0
    bash harness/scripts/lint.sh "$@" >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# plant FILE LINE...: a file with these lines after the licence.
plant() {
    mkdir -p "${1%/*}"
    printf '%s\n' '/* SPDX-License-Identifier: MIT */' "${@:2}" >"$1"
}

says() {
    grep -qF -e "$2" "$1" || is "$(cat "$1")" "$2" "${1##*/}"
}

# A struct that is closed before all of it was opened.
half_open=('#include <unistd.h>'
    '' 'int half_open(void);'
    '' 'int half_open(void)' '{'
    '    struct {' '        int end[2];' '    } pair;'
    '' '    if (chdir("/") == -1 || pipe(pair.end) == -1)'
    '        return close(pair.end[1]);'
    '    return pair.end[0];' '}')

# complains FILE:LINE CHECK...: each check has said something about that line.
complains() {
    local check
    for check in "${@:2}"; do
        grep -q "^$1:.* \[$check\]$" "$out" ||
            is "$(cat "$out")" "a complaint about $1" "$check"
    done
}

@test "lint finds what is closed uninitialised in the runner and beside it" {
    project
    for file in harness/planted.c harness/bench/planted.c; do
        plant "$file" "${half_open[@]}"
    done
    lint
    is "$status" 1 "exit status"
    complains harness/planted.c:13 clang-tidy
    complains harness/bench/planted.c:13 clang-tidy
    grep -qE '^[0-9]+ passed, [1-9][0-9]* failed$' < <(tail -n 1 "$out")
}

@test "lint looks into each directory of the runner, with each tool" {
    project
    plant harness/a/b/planted.c 'int planted(void);' '' 'int planted(void)' \
        '{' '    int room, unused;' '' '    return room;' '}'
    # Freed twice: what -fanalyzer alone must see.
    plant harness/tests/unit/planted.c '#include <stdlib.h>' '' \
        'void planted(char *text);' '' 'void planted(char *text)' '{' \
        '    free(text);' '    free(text);' '}'
    lint harness/a/b/planted.c harness/tests/unit/planted.c
    is "$status" 1 "exit status"
    complains harness/a/b/planted.c:6 gcc clang
    complains harness/a/b/planted.c:8 cppcheck clang-tidy
    complains harness/tests/unit/planted.c:9 analyzer
}

@test "lint finds a mistake in a header of ours" {
    project
    plant harness/planted.h 'static inline int planted(int room)' '{' \
        '    if (room > 1)' '        return 2;' '    else' \
        '        return 2;' '}'
    plant harness/planted.c '#include "planted.h"' '' 'int of_it(void);' '' \
        'int of_it(void)' '{' '    return planted(1);' '}'
    lint harness/planted.c
    is "$status" 1 "exit status"
    complains harness/planted.h:4 clang-tidy
}

@test "lint finds a file that is not formatted, has no licence, is no script" {
    project
    plant harness/planted.c 'int planted( void );'
    echo 'int unlicensed;' >harness/planted.h
    mkdir harness/a
    printf '%s\n' '#!/bin/sh' 'cd $1' >harness/a/planted.sh
    printf '%s\n' 'def planted(:' >harness/a/planted.py
    lint harness/planted.[ch] harness/a/planted.sh harness/a/planted.py
    is "$status" 1 "exit status"
    says "$out" 'harness/planted.c: not formatted, line 2 [format]'
    says "$out" 'harness/planted.h: no SPDX-License-Identifier: MIT'
    complains harness/a/planted.sh:2 shellcheck
    complains harness/a/planted.py python
}

@test "a tool that fails without a complaint is a complaint" {
    project
    plant harness/planted.c 'extern int planted;'
    mkdir bin
    for tool in clang-tidy cppcheck; do
        printf '%s\n' '#!/bin/sh' 'echo "no memory" >&2; exit 1' >"bin/$tool"
        chmod +x "bin/$tool"
    done
    PATH=$PWD/bin:$PATH lint harness/planted.c
    is "$status" 1 "exit status"
    says "$out" 'harness/planted.c: clang-tidy fails: no memory [clang-tidy]'
    says "$out" 'harness/planted.c: cppcheck fails: no memory [cppcheck]'
}

# Tools that have nothing to say, but for cppcheck, which notes in the file log
# that it was started and does not like the word mistake.
fake_tools() {
    local tool
    mkdir bin
    for tool in clang clang-tidy clang-format shellcheck; do
        printf '%s\n' '#!/bin/sh' >"bin/$tool"
    done
    cat >bin/cppcheck <<'END'
#!/bin/sh
echo "$*" >>log
for file; do :; done
grep -q mistake "$file" && echo "$file:1:1: error: a mistake"
exit 0
END
    chmod +x bin/*
}

@test "lint does not look again at what was clean and is the same" {
    project
    fake_tools
    looks() {
        PATH=$PWD/bin:$PATH lint harness/planted.c
        is "$(wc -l <log)" "$1" "starts of cppcheck, $2"
    }
    plant harness/planted.h 'extern int planted;'
    plant harness/planted.c '#include "planted.h"' '' 'int planted;'
    looks 1 "the first time"
    is "$status" 0 "exit status"
    looks 1 "nothing has changed"
    is "$status" 0 "exit status"
    plant harness/planted.h 'extern int planted; /* changed */'
    looks 2 "its header has changed"
    # A complaint comes again each time.
    plant harness/planted.c '#include "planted.h"' '' \
        'int planted; /* mistake */'
    looks 3 "it has changed itself"
    is "$status" 1 "exit status"
    looks 4 "the mistake is still there"
    is "$status" 1 "exit status"
    complains harness/planted.c:1 cppcheck
}

@test "lint of a file that it does not look at says so" {
    project
    lint README.md
    is "$status" 2 "exit status"
    says "$err" 'README.md is no file that lint looks at'
}

# ---- the walls of harness/ ----

# plant_include FILE LINE: a copy of harness/ whose FILE begins with that line.
plant_include() {
    copy=$BATS_TEST_TMPDIR/copy
    rm -rf "$copy"
    mkdir "$copy"
    cp -R harness "$copy/"
    printf '%s\n' "$2" >>"$copy/$1"
    "$root/harness/scripts/walls.sh" "$copy" >"$out" 3>&-
}

@test "lint finds what is wrong in the table of strings" {
    project
    touch labs/31-lock.c solutions/31-lock.c
    {
        printf '%s\t%s\tsoftware\thttps://a.example/%s\n' \
            fits 31 1 nowhere '31 98' 2 fits 31 3
        printf '%s\n' $'plain\t31\tsoftware\thttp://a.example' \
            $'no lab\t\tsoftware\thttps://a.example' \
            $'five\t31\tsoftware\thttps://a.example\tmore'
    } >labs/strings.tsv
    lint labs/strings.tsv
    is "$status" 1 "exit status"
    is "$(grep -c '^labs/strings.tsv:[0-9]*: .* \[strings\]$' "$out")" 5 complaints
    says "$out" 'labs/strings.tsv:2: there is no lab 98'
    says "$out" 'labs/strings.tsv:3: the same string as in line 1'
    for line in 4 5 6; do
        says "$out" "labs/strings.tsv:$line: not STRING, LABS,"
    done
    head -n 1 labs/strings.tsv >"$tmp.table"
    mv "$tmp.table" labs/strings.tsv
    lint labs/strings.tsv
    is "$status" 0 "exit status: $(cat "$out")"
}

@test "walls: an include that reaches back is found, and its line" {
    local line
    for pair in base/files.c:print/printers.h cage/cage.c:oracle/labs.h \
        proof/verdict.c:report/report.h linux/proc.c:cage/cage.h \
        run/run.c:course/check.h print/page.c:course/check.h; do
        plant_include "harness/${pair%:*}" "#include \"${pair#*:}\" /* planted */"
        line=$(grep -n planted "$copy/harness/${pair%:*}" | cut -d: -f1)
        grep -qF "harness/${pair%:*}:$line: " "$out" ||
            is "$(cat "$out")" "harness/${pair%:*}:$line" "what walls.sh says"
    done
}

@test "walls: an include of a lower directory, or the same, is none" {
    plant_include harness/course/check.c '#include "base/files.h"'
    is "$(grep -c 'course/ must not include base' "$out")" 0 complaints
    plant_include harness/run/run.c '#include "run/watcher.h"'
    is "$(grep -c 'run/ must not include run' "$out")" 0 complaints
}
