#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# lint: what a compiler, a formatter or a rule of ours has against a file. Each
# complaint is a line "FILE: what"; the last line is "N passed, N failed", which
# counts each file once for each check.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4

for tool in gcc clang clang-format clang-tidy cppcheck shellcheck; do
    command -v "$tool" >/dev/null || {
        echo "error: lint needs $tool; install it:  make setup lint" >&2
        exit 3
    }
done
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
# lastpipe: tally, at the end of a pipe, counts for us.
shopt -s nullglob lastpipe

labs=(labs/[0-9]*.c)
solutions=(solutions/[0-9]*.c)
programs=("${labs[@]}" "${solutions[@]}" harness/tests/programs/*.c)
runner=(harness/*.c harness/*/*.c harness/tests/unit/*.c)
headers=(labs/*.h harness/*.h harness/*/*.h harness/tests/unit/*.h)
scripts=(.ci/run harness/scripts/*.sh harness/tests/*.{bash,bats}
    docker/*.sh)
warnings=(-Wall -Wextra -Wshadow -Wformat=2 -Wvla -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Werror)
common=(-std=gnu17 -pthread -Ilabs -iquote harness)
read -ra mariadb < <(mariadb_config --include 2>/dev/null)

passed=0 failed=0

# tally NAME FILE...: the complaints of one check are on stdin, as lines
# "FILE:...: what"; prints them with the check's name, counts the files.
tally() {
    local name=$1 file complaints bad
    shift
    complaints=$(sort -u)
    [ -z "$complaints" ] || printf '%s\n' "${complaints//$'\n'/ [$name]$'\n'} [$name]"
    bad=$(cut -d: -f1 <<<"$complaints" | sort -u | grep -c .)
    # One in a header that none of these files is: count it all the same.
    [ "$bad" -le $# ] || bad=$#
    failed=$((failed + bad))
    passed=$((passed + $# - bad))
}

# compile NAME COMMAND...: makes nothing of $files, keeps only complaints. A
# compiler that fails without one is a complaint, too.
compile() {
    local name=$1 file
    shift
    for file in "${files[@]}"; do
        "$@" "${common[@]}" "${mariadb[@]}" -c -o /dev/null "$file" \
            >"$work/$name.out" 2>&1 ||
            grep -q ': \(error\|fatal error\|warning\): ' "$work/$name.out" ||
            echo "$file: the compiler fails: $(tail -n 1 "$work/$name.out")"
        sed -nE 's/^([^: ]+:[0-9]+:[0-9]+): (fatal error|error|warning): /\1: /p' \
            "$work/$name.out"
    done >"$work/$name"
}

# Two at a time: this is most of the work.
files=("${runner[@]}" "${programs[@]}")
compile gcc gcc -O1 "${warnings[@]}" &
compile clang clang -O1 "${warnings[@]}" &
wait
tally gcc "${files[@]}" <"$work/gcc"
tally clang "${files[@]}" <"$work/clang"

files=("${programs[@]}")
compile gcc-O0 gcc -O0 "${warnings[@]}" &
compile gcc-O2 gcc -O2 "${warnings[@]}" &
wait
compile clang-O2 clang -O2 "${warnings[@]}" &
compile analyzer gcc -O1 -fanalyzer -Werror &
wait
for name in gcc-O0 gcc-O2 clang-O2 analyzer; do
    tally "$name" "${files[@]}" <"$work/$name"
done

# One line of cc is all that a reader needs.
for file in "${labs[@]}"; do
    cc -pthread "${mariadb[@]}" -fsyntax-only "$file" 2>&1 |
        sed -nE 's/^([^: ]+:[0-9]+:[0-9]+): (fatal )?error: /\1: /p'
done | tally alone "${labs[@]}"

files=("${runner[@]}" "${programs[@]}" "${headers[@]}")
clang-format --dry-run "${files[@]}" 2>&1 |
    sed -nE 's/^([^: ]+):([0-9]+):[0-9]+: warning: .*/\1: not formatted, line \2/p' |
    sort -u -t: -k1,1 | tally format "${files[@]}"

# What is taught must not hide behind what is merely wrong.
cppcheck --quiet --std=c17 --enable=warning,performance,portability \
    --inline-suppr -Ilabs "${programs[@]}" 2>&1 |
    sed -nE 's/^([^: ]+:[0-9]+:[0-9]+): /\1: /p' | tally cppcheck "${programs[@]}"
insecure=clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling
clang-tidy --quiet --checks="-*,bugprone-*,clang-analyzer-*,-$insecure" \
    "${programs[@]}" -- "${common[@]}" "${mariadb[@]}" 2>/dev/null |
    sed -nE "s|^$PWD/([^: ]+:[0-9]+:[0-9]+): warning: |\1: |p" |
    tally clang-tidy "${programs[@]}"

shellcheck -f gcc "${scripts[@]}" 2>&1 | tally shellcheck "${scripts[@]}"

# ---- rules of ours ----

# The comment at the top of a C file.
header_of() {
    sed '/\*\//q' "$1"
}

# FIX: comments in a file.
fixes() {
    grep -c 'FIX:' "$1"
}

pair() {
    local lab=$1 stem=${1#labs/}
    local page=${lab%.c}.md solution=solutions/$stem

    if [ ! -e "$solution" ]; then
        echo "$lab: there is no $solution"
    else
        [ "$(header_of "$lab")" = "$(header_of "$solution")" ] ||
            echo "$solution: its header comment differs from $lab"
        [ "$(fixes "$solution")" -eq 1 ] ||
            echo "$solution: has $(fixes "$solution") FIX: comments, not one"
    fi
    [ "$(fixes "$lab")" -eq 0 ] || echo "$lab: has a FIX: comment"
    [ -e "$page" ] || echo "$lab: there is no page $page"
}

# Order is made by events, never by sleeping.
sleeps() {
    grep -nE '\<(u|nano|clock_nano)?sleep *\(' "$1" |
        sed -E "s|^([0-9]+):.*|$1:\1: sleeps; order is made by events|"
}

# A page has all sections, in this order, and what is generated in its place.
headings='You see
In short
What is really going on
The run
The timeline
Cures and their cost
What does not help
Seen in the wild
Measured on
Three questions'

page() {
    local part
    [ "$(sed -n 's/^## //p' "$1")" = "$headings" ] ||
        echo "$1: its sections are not: ${headings//$'\n'/, }"
    for part in run timeline measured; do
        grep -qxF "<!-- $part:begin -->" "$1" ||
            echo "$1: no <!-- $part:begin -->"
        grep -qxF "<!-- $part:end -->" "$1" || echo "$1: no <!-- $part:end -->"
    done
}

shared=()
for file in "${labs[@]}"; do
    case ${file#labs/} in
    *.*.c) ;;
    *) shared+=("$file") ;;
    esac
done
for file in "${shared[@]}"; do pair "$file"; done |
    tally pair "${shared[@]}"

for file in "${labs[@]}" "${solutions[@]}"; do sleeps "$file"; done |
    tally sleep "${labs[@]}" "${solutions[@]}"

pages=(labs/[0-9]*.md)
for file in "${pages[@]}"; do page "$file"; done | tally page "${pages[@]}"

for file in "${solutions[@]}" "${pages[@]}"; do
    lab=labs/${file##*/}
    [ -e "${lab%.*}.c" ] || echo "$file: there is no ${lab%.*}.c"
done | tally orphan "${solutions[@]}" "${pages[@]}"

texts=(README.md labs/* solutions/*)
harness/scripts/references.sh "${texts[@]}" | tally reference "${texts[@]}"

files=("${runner[@]}" "${programs[@]}" "${headers[@]}" "${scripts[@]}" Makefile)
for file in "${files[@]}"; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT' ||
        echo "$file: no SPDX-License-Identifier: MIT in its first lines"
done | tally license "${files[@]}"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
