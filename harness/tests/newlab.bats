# SPDX-License-Identifier: MIT
#
# newlab: `forklab new-lab` makes three files that can be run at once, and that
# lint accepts when their blanks are filled; `forklab handout` makes a PDF of A4
# with a page for each lab, or says what is missing.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# A copy of the project, which may be written to.
copy() {
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/build/labs" "$project/build/solutions"
    cp -a Makefile harness labs solutions .clang-format "$project"
    cp build/forklab "$project/build"
    cd "$project" || return
    export FORKLAB_ROOT=$project
}

@test "three files: they run, lint names the blanks, and accepts them filled" {
    copy
    forklab new-lab 29-lock-left-behind
    is "$status" 0 "exit status"
    files=(labs/29-lock-left-behind.c solutions/29-lock-left-behind.c labs/29-lock-left-behind.md)
    grep -q 'free there: ' "$out"
    cc -Ilabs -pthread -o build/labs/29-lock-left-behind "${files[0]}"
    cc -Ilabs -pthread -o build/solutions/29-lock-left-behind "${files[1]}"
    forklab run 29 --quiet --deadline "$ample"
    is "$status" 0 "exit status of the lab: as wanted"
    forklab run 29 --solution --quiet --deadline "$ample"
    is "$status" 0 "exit status of the solution"
    # Lint: nothing but blanks. The tools are tried on each lab by `make lint`.
    lint() {
        status=0
        harness/scripts/lint.sh "${files[@]}" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    }
    command -v clang-tidy >/dev/null && command -v cppcheck >/dev/null ||
        skip "lint needs clang-tidy and cppcheck: make setup check"
    lint
    is "$status" 1 "exit status of lint with blanks"
    is "$(grep -c 'a blank is not filled \[blank\]$' "$out")" \
        "$(cat "${files[@]}" | grep -c TODO)" "blanks that are named"
    is "$(grep -v -e '\[blank\]$' -e ' passed, ' "$out")" "" "what else lint says"
    sed -i 's/TODO/This is/' "${files[@]}"
    lint
    is "$status" 0 "exit status of lint without blanks"
}

@test "a name that is none, a number that is taken, nothing overwritten" {
    copy
    for name in '' 'Two Words' ../../x 00-nothing -rf "$(printf 'x%.0s' {1..40})"; do
        forklab new-lab -- "$name"
        is "$status" 2 "exit status of \"$name\""
        is "$(wc -l <"$err")" 1 "lines of the error"
    done
    forklab new-lab 31-again
    is "$status" 3 "exit status of a number that is taken"
    before=$(find labs solutions | wc -l)
    forklab new-lab x
    is "$status" 0 "exit status of one word without a number"
    is "$(find labs solutions -newer "$err" -o -name '*-x.*' | grep -c -- '-x\.')" 3 "files"
    is "$(find labs solutions | wc -l)" $((before + 3)) "files in all"
}

@test "a page of A4 for each lab, or one clear error" {
    copy
    mkdir "$BATS_TEST_TMPDIR/bin"
    for tool in bash sed awk grep mktemp rm mkdir mv cat wc cut basename env tail; do
        ln -s "$(command -v "$tool")" "$BATS_TEST_TMPDIR/bin/$tool"
    done
    status=0
    PATH=$BATS_TEST_TMPDIR/bin build/forklab handout "$BATS_TEST_TMPDIR/none.pdf" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 3 "exit status without a program for it"
    is "$(wc -l <"$err")" 1 "lines of the error"
    grep -q 'needs weasyprint or chromium' "$err"
    [ ! -e "$BATS_TEST_TMPDIR/none.pdf" ]
    command -v weasyprint >/dev/null || command -v chromium >/dev/null ||
        command -v chromium-browser >/dev/null || skip "needs a browser: make setup check"
    forklab handout "$BATS_TEST_TMPDIR/labs.pdf"
    is "$status" 0 "exit status"
    labs=$(build/forklab list --json | jq length)
    is "$(head -c 4 "$BATS_TEST_TMPDIR/labs.pdf")" %PDF "how it begins"
    is "$(grep -ac '/Type /Page$' "$BATS_TEST_TMPDIR/labs.pdf")" "$labs" pages
    # A4: 595 x 842 points.
    is "$(grep -aoE '/MediaBox \[0 0 59[45][^ ]* 84[12][^]]*\]' "$BATS_TEST_TMPDIR/labs.pdf" | wc -l)" \
        "$labs" "pages of A4"
}
