# SPDX-License-Identifier: MIT
#
# Labs and solutions that were built with a sanitizer, as a student may do: the
# same outcomes, or a skip that says why.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# build COMPILER SANITIZER KIND NUMBER [FLAG...]: sets program.
build() {
    local compiler=$1 sanitizer=$2 kind=$3 number=$4 source works
    shift 4
    for source in "$kind/$number"-*.c; do
        [[ $source = *.so.c || $source = *.exec.c ]] || break
    done
    program=$BATS_TEST_TMPDIR/${source##*/} program=${program%.c}
    command -v "$compiler" >/dev/null || skip "$compiler is missing"
    works=$BATS_FILE_TMPDIR/$compiler-$sanitizer # found out once
    if [ ! -e "$works" ]; then
        echo 'int main(void) { return 0; }' |
            "$compiler" "-fsanitize=$sanitizer" -x c -o "$program" - 2>"$err" ||
            skip "$compiler has no -fsanitize=$sanitizer here"
        "$program" 2>"$err" || skip "-fsanitize=$sanitizer does not work here"
        touch "$works"
    fi
    "$compiler" -std=gnu17 -O1 -g -w -pthread "-fsanitize=$sanitizer" -Ilabs \
        "$@" -o "$program" "$source"
}

# as_wanted NUMBER OUTCOME: runs the program.
as_wanted() {
    forklab run "$1" --program "$program" --json "$json"
    field .outcome "$2"
    field '.missing + .unexpected' '[]'
    keep
}

# outcome COMPILER SANITIZER KIND NUMBER OUTCOME
outcome() {
    build "${@:1:4}"
    as_wanted "$4" "$5"
}

@test "ASan: lab 01 shows its hazard" { outcome gcc address labs 01 hazard; }
@test "ASan: lab 10 shows its hazard" { outcome gcc address labs 10 hazard; }
@test "ASan: lab 13 shows its hazard" { outcome gcc address labs 13 hazard; }
@test "ASan: lab 33 shows its hazard" { outcome gcc address labs 33 hazard; }
@test "ASan: lab 48 shows its hazard" { outcome gcc address labs 48 hazard; }
@test "ASan: lab 57 shows its hazard" { outcome gcc address labs 57 hazard; }
@test "ASan: solution 31 is safe" { outcome gcc address solutions 31 safe; }
@test "ASan: solution 48 is safe" { outcome gcc address solutions 48 safe; }
@test "ASan of clang: lab 10" { outcome clang address labs 10 hazard; }
@test "ASan of clang: lab 31" { outcome clang address labs 31 hazard; }
@test "ASan of clang: lab 48" { outcome clang address labs 48 hazard; }
@test "LSan: lab 01 shows its hazard" { outcome gcc leak labs 01 hazard; }
@test "UBSan: lab 01 shows its hazard" { outcome gcc undefined labs 01 hazard; }

@test "ASan: lab 32 and its solution are skipped: its malloc is another one" {
    for kind in labs solutions; do
        build gcc address "$kind" 32
        forklab run 32 --program "$program" --json "$json"
        is "$status" 3 "exit status"
        field .outcome skip
        field '.reason | test("malloc; here is another")' true
        keep
    done
}

@test "ASan: where the call is, not where an earlier one was" {
    build gcc address labs 10
    as_wanted 10 hazard
    # Both are read() in the program, through a function of the sanitizer.
    field '[.processes[].threads[] | .function] | unique | join(" ")' read
    field '[.processes[] | select(.role == "customers") | .threads[].stack[] |
        select(startswith("say "))] | length' 0
}

# What leaks is not what a lab is about; with the sanitizer's own status, 23, it
# would be broken.
leaking() {
    cat >"$BATS_TEST_TMPDIR/leak.h" <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
__attribute__((constructor)) static void leak(void)
{
    void *volatile memory = malloc(10);
    memory = NULL;
}
END
    build gcc "$1" labs 01 -include "$BATS_TEST_TMPDIR/leak.h"
}

@test "ASan: a leak is not looked for" {
    leaking address
    as_wanted 01 hazard
}

@test "LSan: a leak is not looked for" {
    leaking leak
    as_wanted 01 hazard
}

@test "ASan: who asks for leaks gets them, by the user's own options" {
    leaking address
    export ASAN_OPTIONS=detect_leaks=1:exitcode=7
    forklab run 01 --program "$program" --json "$json"
    field .status 7
    field '[.records[].text | select(test("LeakSanitizer"))] | length > 0' true
}

@test "the process that looks for leaks is nobody's child" {
    build gcc address solutions 31
    cage 20 ../../../"$(realpath --relative-to=. "$program")"
    field '[.processes[].role] | join(" ")' "parent child"
    field '.findings | join(", ")' "[child] exit 42"
}
