#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# generate: fills the generated parts of README.md and labs/*.md, which stand
# between <!-- NAME:begin --> and <!-- NAME:end -->, from real runs.
#
#   harness/scripts/generate.sh [FILE...]           writes what is no longer true
#   harness/scripts/generate.sh --check [FILE...]   only says so; status 1 if there is
#   harness/scripts/generate.sh --measure N [FILE...]
#                                           runs lab and solution N times each,
#                                           and writes what came of it
#   ONLY=matrix harness/scripts/generate.sh ...   parts of that name only
#
# No two runs are the same: process numbers, times, the order of what happens at
# once. So a part stays as it is while a run shows the same lines, in any order,
# with those numbers blotted out; one of a few runs does.
# shellcheck disable=SC2317  # the parts are called by their names
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4

command -v jq >/dev/null || {
    echo "error: generate needs jq; install it:  make setup check" >&2
    exit 3
}
# A bare run's number, for pages that stay the same.
export NO_COLOR=1 COLUMNS=80 LC_ALL=C FORKLAB_N=bare
unset LINES FORKLAB_LANG
runs=10

# ---- the parts: each function prints one ----

# shellcheck disable=SC2016
fence() {
    printf '```text\n%s\n```\n' "$1"
}

# page_of LAB: what make lab-N prints, the command above it. Status 3: the
# machine cannot; another: it did not show the hazard.
page_of() {
    local page
    page=$(build/forklab run "$1" 2>&1 </dev/null) || return
    printf '$ make lab-%s\n%s\n' "$1" "$page"
}

# all_of LAB, run_of LAB, timeline_of LAB: the page; the page without its
# timeline, which stands between the first empty line and VERDICT; the timeline,
# not cut to the size of a screen.
all_of() {
    local page
    page=$(page_of "$1") && fence "$page"
}

run_of() {
    local page
    page=$(page_of "$1") && fence "$(awk '
        /^VERDICT/ { rest = 1 }
        rest || !middle { print }
        /^$/ { middle = 1 }' <<<"$page")"
}

timeline_of() {
    local page
    page=$(LINES=200 page_of "$1") && fence "$(awk '
        /^VERDICT/ { exit }
        middle { print }
        /^$/ { middle = 1 }' <<<"$page")"
}

# What a run shows with glibc and with musl, in a word each, by the lists of the
# header. jq: from a lab of `list --json`.
# shellcheck disable=SC2016
outcomes='
def seen: map(.fact) |
    if any(startswith("[") and test("\\] hang in ")) then "hangs"
    elif any(startswith("[") and test("\\] killed by ")) then "is killed"
    elif any(startswith("[") and test("\\] (zombie|socket|descriptor|left)"))
    then "leaves things"
    elif any(test("%")) then "costs"
    else "wrong result" end;
def dear(word): if .chapter == "the price" then "costs more" else word end;
def with_glibc:
    if .cured_in_linux then "cured: Linux \(.cured_in_linux)"
    else dear(.hazard | seen) end;
def with_musl:
    if .needs - ["root", "x86-64", "localhost", "namespace"] != [] then "-"
    elif .hazard_musl == [] then "cured"
    elif .hazard_musl == null and .safe_musl == null then with_glibc
    else (.hazard_musl // .hazard | seen) + " (!)" end;'

# A table of labs for each chapter, below its sentence.
labs_table() {
    build/forklab list --json | jq -r "$outcomes"'
        .[] | [.chapter, (.number | tostring), .name, .title,
               (.needs | join(", ")), with_glibc, with_musl] | join("\t")' |
        awk -F '\t' '
            FILENAME == "labs/chapters.tsv" {
                sentence[$1] = $2
                next
            }
            {
                number = sprintf("%02d", $2)
                if ($1 != chapter) {
                    printf "%s## %d %s\n\n", chapter == "" ? "" : "\n", $2 / 10, $1
                    printf "%s\n\n", sentence[int($2 / 10)]
                    print "| | lab | what goes wrong | glibc | musl |"
                    print "|---|---|---|---|---|"
                }
                chapter = $1
                printf "| %s | [%s](%s-%s.md) | %s%s | %s | %s |\n",
                    number, $3, number, $3, $4,
                    $5 == "" ? "" : " *(needs " $5 ")*", $6, $7
            }' labs/chapters.tsv -
}

# A line for each chapter: its sentence, and its labs.
chapters_table() {
    echo '| | chapter | labs |'
    echo '|---|---|---|'
    build/forklab list --json | jq -r 'group_by(.number / 10 | floor)[] |
        [(.[0].number / 10 | floor | tostring), .[0].chapter,
         (map((.number | tostring | if length < 2 then "0" + . else . end) as $n |
              "[\($n) \(.name)](labs/\($n)-\(.name).md)") | join(", "))] |
        join("\t")' |
        awk -F '\t' '
            FILENAME == "labs/chapters.tsv" { sentence[$1] = $2; next }
            { printf "| %s | **%s**: %s | %s |\n", $1, $2, sentence[$1], $3 }
        ' labs/chapters.tsv -
    sed -n '/^[^#]/ s/.*/\nThe same in a browser, with an index of symptoms: <&>/p' \
        labs/site.txt
}

# libc_of LAB [OPTION...]: "glibc 2.36"
libc_of() {
    build/forklab run "$@" --json - </dev/null | jq -r .machine.libc
}

# counted LAB [OPTION...]: what came of $measure runs of the lab and of its
# solution, as half a sentence. Status 3: the machine cannot.
counted() {
    local i status as_wanted=0 safe=0
    for ((i = 0; i < measure; i++)); do
        build/forklab run "$@" --quiet >/dev/null 2>&1 </dev/null
        status=$?
        [ $status -ne 3 ] || return 3
        [ $status -ne 0 ] || as_wanted=$((as_wanted + 1))
        build/forklab run "$@" --solution --quiet >/dev/null 2>&1 </dev/null &&
            safe=$((safe + 1))
    done
    # Where this C library or this kernel has cured it, safe is as wanted.
    if [ "$(build/forklab run "$@" --json - </dev/null | jq -r .outcome)" = safe ]; then
        printf 'the lab, too, was safe'
    else
        printf 'the lab showed its hazard'
    fi
    printf ' in %d of %d runs, the solution was safe in %d of %d.' \
        "$as_wanted" "$measure" "$safe" "$measure"
}

# measured_of LAB: the machine, the day, and the counts; and those of the same lab
# built with musl, where that is another C library than this machine's.
measured_of() {
    local machine counts musl
    machine=$(build/forklab run "$1" --json - </dev/null | jq -r '.machine |
        "\(.libc), Linux \(.kernel | sub("-.*"; "")), \(.arch)"')
    counts=$(counted "$1") || return
    if "$with_musl" && [[ $machine != musl* ]] &&
        musl=$(counted "$1" --libc musl); then
        counts+=" With $(libc_of "$1" --libc musl) $musl"
    fi
    printf '%s, gcc %s, %d CPUs, %s:\n' "$machine" \
        "$(gcc -dumpfullversion)" "$(nproc)" "$(date +%F)"
    fold -s -w 78 <<<"$counts" | sed 's/ *$//'
}

# ---- the files ----

# Takes from a text what differs from run to run: numbers of processes and
# threads, times, the width of the columns that they stand in, the order of lines.
blot() {
    sed -E -e 's/[0-9]+\.[0-9]+/N/g' \
        -e 's/\b(pid|process|thread) [0-9]+/\1 N/g' \
        -e 's/^ *(N|[0-9]+)  +/N /' -e 's/\b(N|[0-9]+) (us|ms|s)\b/T/g' \
        -e 's/ +/ /g' | sort
}

# The text of part $2 in file $1.
written() {
    sed -n "/^<!-- $2:begin -->\$/,/^<!-- $2:end -->\$/p" "$1" | sed '1d; $d'
}

# Writes $3 as part $2 of file $1.
write() {
    local new
    new=$(mktemp) || exit 4
    NEW=$3 awk -v name="$2" '
        $0 == "<!-- " name ":end -->" { inside = 0 }
        !inside { print }
        $0 == "<!-- " name ":begin -->" { print ENVIRON["NEW"]; inside = 1 }
    ' "$1" >"$new" && cat "$new" >"$1"
    rm -f "$new"
}

check=false measure=0
case ${1-} in
--check)
    check=true
    shift
    ;;
--measure)
    measure=${2-}
    [[ $measure =~ ^[1-9][0-9]*$ ]] || {
        echo "usage: harness/scripts/generate.sh [--check | --measure N] [FILE...]" >&2
        exit 2
    }
    shift 2
    ;;
esac
# `make check` has built everything already.
"$check" || make build >/dev/null || exit 3
with_musl=false
[ "$measure" -eq 0 ] || ! make build LIBC=musl >/dev/null || with_musl=true
[ $# -gt 0 ] || set -- README.md labs/LABS.md labs/TOOLS.md labs/SYSTEMS.md \
    labs/CLAIMS.md labs/[0-9][0-9]-*.md

stale=0
harness/scripts/claims.sh check || stale=1
# Measuring takes long, and what was measured once stays true: only that there is
# something is checked.
measured() {
    local new
    if [ "$measure" -gt 0 ]; then
        new=$(measured_of "$2") && write "$1" measured "$new"
        echo "$1: measured: ${new//$'\n'/ }"
    elif [ -z "$(written "$1" measured)" ]; then
        echo "$1: nothing measured yet: harness/scripts/generate.sh --measure 200 $1"
        ! "$check" || stale=1
    fi
}

# part FILE NAME COMMAND...: the command makes the part.
part() {
    local file=$1 name=$2 old was new='' same=blot
    shift 2
    case $name in
    labs | chapters | claims | tools | tools-table | matrix | systems* | wild) same='cat' ;; # no run in them
    esac
    old=$(written "$file" "$name")
    was=$($same <<<"$old")
    for ((i = 0; i < runs; i++)); do
        new=$("$@")
        case $? in
        0) ;;
        3)
            echo "$file: $name: not made, this machine cannot"
            return
            ;;
        *)
            echo "$file: $name: not made, the run is not as wanted"
            stale=1
            return
            ;;
        esac
        [ "$($same <<<"$new")" != "$was" ] || return 0
        [ -n "$old" ] || break
    done
    if "$check"; then
        echo "$file: $name is no longer what a run shows: harness/scripts/generate.sh"
        diff <(echo "$was") <($same <<<"$new")
        stale=1
    else
        write "$file" "$name" "$new"
        echo "$file: $name written"
    fi
}

for file in "$@"; do
    number=$(basename "$file" | grep -oE '^[0-9]+')
    while IFS= read -r name; do
        [ "$measure" -eq 0 ] || [ "$name" = measured ] || continue
        [ -z "${ONLY-}" ] || [ "$name" = "$ONLY" ] || continue
        case $name in
        labs) part "$file" "$name" labs_table ;;
        chapters) part "$file" "$name" chapters_table ;;
        claims) part "$file" "$name" harness/scripts/claims.sh table ;;
        lab-*) part "$file" "$name" all_of "${name#lab-}" ;;
        run | timeline) part "$file" "$name" "${name}_of" "$number" ;;
        measured) measured "$file" "$number" ;;
        tools) part "$file" "$name" harness/tools/pages.sh page "$number" ;;
        tools-table) part "$file" "$name" harness/tools/pages.sh table ;;
        wild) part "$file" "$name" harness/unstaged/wild.sh page "$number" ;;
        matrix) part "$file" "$name" harness/matrix/pages.sh page "$number" ;;
        systems*) part "$file" "$name" harness/matrix/pages.sh "${name#systems-}" ;;
        *)
            echo "$file: <!-- $name:begin -->: nobody knows that part"
            stale=1
            ;;
        esac
    done < <(sed -nE 's/^<!-- (.*):begin -->$/\1/p' "$file")
done
exit "$stale"
