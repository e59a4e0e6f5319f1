#!/bin/sh
# SPDX-License-Identifier: MIT
#
# inside: the half of matrix.sh that is run in the other system, by its sh.
#
#   inside.sh build
#   inside.sh run SYSTEM LIBC RUNS JOBS AGAIN [LAB...]
#   inside.sh one SYSTEM LIBC RUNS AGAIN LAB lab|solution
#   inside.sh left LIBC RUNS LAB...    labs of which runs are missing
#
# A row for each lab and solution is written to /rows/LIBC/NN-which.row when all
# its runs are done; "NN-which.sum" says of which files the runs in NN-which.runs are.
set -u
cd "${FORKLAB:-/forklab}" || exit 4
rows=${ROWS:-/rows}

# one_run OPTION...: "hazard exit", "safe hang" ...; the verdict as in JSON, which
# stays in $file.json. One that is not $wanted stays in $file.surprise.json.
one_run() {
    timeout -k 5 200 build/forklab run "$@" --deadline 150 --json - \
        </dev/null 2>/dev/null | tr -d '\t' >"$file.new"
    ! grep -q '"machine":' "$file.new" || cp "$file.new" "$file.json"
    grep -q "^\"outcome\":\"$wanted\"" "$file.new" || cp "$file.new" "$file.surprise.json"
    # In one write: the machine may be switched off at any time.
    line=$(sed -n 's/^"outcome":"\([a-z]*\)".*/\1/p; s/^"verdict_title":"\(.*\)",$/\1/p' \
        "$file.new" | tr '\n' '\t')
    echo "${line:-none	none}"
}

# The most frequent line in column $1 of the runs, and the others with counts.
summary() {
    cut -f "$1" "$2" | sort | uniq -c | sort -rn |
        awk '{ n = $1; sub(/^ *[0-9]+ /, ""); if ($0 == "") $0 = "none"
               count[NR] = n; text[NR] = $0 }
             END { printf "%s", text[1]
                   for (i = 2; i <= NR; i++) printf ", %d %s", count[i], text[i] }'
}

# What the compiler has read for a lab and its solution, of the project's files. All
# headers where it was not built.
sources() {
    ls labs/"$1"-*.c solutions/"$1"-*.c
    cat build/labs/"$1"-*.d build/solutions/"$1"-*.d 2>/dev/null | tr -s ' ' '\n' |
        grep '^labs/.*\.h$' | sort -u | grep . || ls labs/*.h
}

sum_of() {
    sources "$1" | xargs cat | cksum
}

# is_done LIBC RUNS LAB WHICH: are there that many runs, of the files as they are?
is_done() {
    file=$rows/$1/$3-$4
    [ -e "$file.row" ] && [ "$(cat "$file.sum")" = "$(sum_of "$3")" ] &&
        ! grep -q '^skip' "$file.runs" && [ "$(grep -c . "$file.runs")" -ge "$2" ]
}

left() {
    libc=$1 runs=$2
    shift 2
    for lab in "$@"; do
        is_done "$libc" "$runs" "$lab" lab && is_done "$libc" "$runs" "$lab" solution ||
            echo "$lab"
    done
}

# shellcheck disable=SC2012  # two digits each
all_labs() {
    ls labs | sed -n 's/^\([0-9][0-9]\)-.*\.md$/\1/p'
}

one() {
    system=$1 libc=$2 runs=$3 again=$4 lab=$5 which=$6
    [ -n "$again" ] || ! is_done "$libc" "$runs" "$lab" "$which" || exit 0
    file=$rows/$libc/$lab-$which sum=$(sum_of "$lab")
    # Runs of the same files count, however often matrix.sh was ended.
    if [ -n "$again" ] || [ "$(cat "$file.sum" 2>/dev/null)" != "$sum" ] ||
        grep -q '^skip' "$file.runs"; then
        : >"$file.runs"
        rm -f "$file.surprise.json"
    fi
    echo "$sum" >"$file.sum"
    i=$(grep -c . "$file.runs")
    rm -f "$file.row"
    options="$lab" wanted=hazard
    [ "$which" = lab ] || options="$options --solution" wanted=safe
    [ "$libc" = glibc ] || options="$options --libc $libc"
    while [ "$i" -lt "$runs" ]; do
        # shellcheck disable=SC2086
        one_run $options >>"$file.runs"
        i=$((i + 1))
        # What this machine cannot run, it cannot run twenty times.
        ! grep -q '^skip' "$file.runs" || break
    done
    machine=$(sed -n '/"machine":/,/}/s/.*"\(libc\|kernel\|arch\)":"\([^"]*\)".*/\1=\2/p' \
        "$file.json")
    value() { echo "$machine" | sed -n "s/^$1=//p"; }
    version=$(value libc)
    # Of a program that could not be built, nobody knows with which version.
    [ "$version" != musl ] ||
        version="musl $(set -- /lib/ld-musl-*.so.1 && "$1" 2>&1 | sed -n 's/^Version //p')"
    compiler="gcc $(gcc -dumpfullversion)"
    printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$lab" "$which" "$system" \
        "$version" "$compiler" "$(value kernel | sed 's/[-+].*//')" "$(value arch)" \
        "$(summary 1 "$file.runs")" "$(summary 2 "$file.runs")" \
        "$(grep -c . "$file.runs")" "$(date +%F)" >"$file.row"
    rm -f "$file.new" "$file.json"
}

case $1 in
build)
    make -k -j2 build
    make -k -j2 build LIBC=musl
    test -x build/forklab
    ;;
run)
    shift
    system=$1 libc=$2 runs=$3 jobs=$4 again=$5
    shift 5
    mkdir -p "$rows/$libc"
    # shellcheck disable=SC2046  # two digits each
    [ $# -gt 0 ] || set -- $(all_labs)
    for lab in "$@"; do
        echo "$lab lab"
        echo "$lab solution"
    done | xargs -P "$jobs" -n 2 sh "$0" one "$system" "$libc" "$runs" "$again"
    ;;
one)
    shift
    one "$@"
    ;;
left)
    shift
    # shellcheck disable=SC2046
    [ $# -gt 2 ] || set -- "$@" $(all_labs)
    left "$@"
    ;;
esac
