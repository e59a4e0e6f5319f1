# SPDX-License-Identifier: MIT
#
# helper: what the .bats files share. Programs are started with their output in
# files and without bats' descriptor 3: a child that is left behind would hold
# the suite otherwise.
# shellcheck shell=bash disable=SC2034

root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

setup() {
    prepare
}

prepare() {
    export NO_COLOR=1 COLUMNS=80 LC_ALL=C
    # What whoever runs the tests has set for commands of their own.
    unset YES HOLD PREDICT PLAIN FORKLAB_LANG
    cd "$root" || return
    out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err
    json=$BATS_TEST_TMPDIR/report.json
    tmp=$BATS_TEST_TMPDIR/tmp
    mark=FORKLAB_TEST=$$.$BATS_TEST_NUMBER
    mkdir "$tmp"
}

# What the programs left on this machine would show here: each has our mark in
# its environment and its temporary files in our directory.
teardown() {
    local left
    left=$(grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null)
    if [ -n "$left" ] || ! nothing_in_tmp; then
        echo "left behind: $left"
        ls -lAR "$tmp"
        return 1
    fi
}

# Time decides no test: other programs may have the machine. A deadline of
# $ample seconds is for what ends by itself, or is proved, as soon as it can;
# $net is longer than any such run, so that nothing waits for ever.
ample=${FORKLAB_AMPLE:-600} net=1500 # mutate.bash does not wait for so long

# After each proof the program is watched on for so many seconds; what moves
# then is a bug of ours, and fails the test. FALSIFY=2 makes it 2 s.
falsify=${FALSIFY:-0.3}

# Runs build/forklab: sets status; stdout is in $out, stderr in $err.
forklab() {
    status=0
    FORKLAB_TEST=${mark#*=} TMPDIR=$tmp timeout -k 5 "$net" build/forklab "$@" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# contents FILE: sets text. A process costs as much as a short run: a test that
# looks into many files does it so.
contents() {
    IFS= read -r -d '' text <"$1" || true
}

# no_long_lines FILE WHAT: none has more than 80 characters.
no_long_lines() {
    local text
    contents "$1"
    [[ ! $text =~ [^$'\n']{81} ]] || is "$(grep -E '.{81}' "$1")" "" "long lines of $2"
}

show_run() {
    echo "status $status"
    cat "$out" "$err"
    [ ! -e "$json" ] || jq -c 'del(.records, .processes[]?.threads[]?.stack)' "$json" ||
        cat "$json"
}

# is VALUE WANTED WHAT: shows the run if they differ.
is() {
    [ "$1" = "$2" ] || {
        echo "$3: wanted \"$2\", got \"$1\""
        show_run
        return 1
    }
}

field() {
    is "$(jq -r "$1" "$json")" "$2" "$1"
}

# fields FILTER WANTED [FILTER WANTED...]: as field, by one start of jq; only that
# what is wanted is one line.
fields() {
    local filters='' wanted='' found
    local -a pairs=("$@")
    while [ $# -gt 0 ]; do
        filters+=${filters:+, }"($1)" wanted+=${wanted:+$'\n'}$2
        shift 2
    done
    found=$(jq -r "$filters" "$json") || true
    [ "$found" != "$wanted" ] || return 0
    set -- "${pairs[@]}"
    while [ $# -gt 0 ]; do
        field "$1" "$2" || return
        shift 2
    done
    is "$found" "$wanted" "$filters"
}

# Keeps the report for schema.bats, which looks at all of them.
keep() {
    [ -d build/tests/json ] || mkdir -p build/tests/json
    cp "$json" "build/tests/json/${BATS_TEST_FILENAME##*/}.$BATS_TEST_NUMBER.$$.json"
}

# fits FILE COMMAND...: at most 22 lines, so that the command and the prompt are
# on a screen of 24, too; none is longer than 80.
fits() {
    local lines
    mapfile -t lines <"$1"
    [ ${#lines[@]} -le 22 ] || is "${#lines[@]}" "<= 22" "lines of ${*:2}" || return
    no_long_lines "$1" "${*:2}"
}

# lab NUMBER OUTCOME [OPTION]: one run of a lab or its solution.
lab() {
    forklab run "$1" --deadline "$ample" --falsify "$falsify" "${@:3}" \
        --json "$json"
    if [ "$status" -eq 3 ] && [ -e "$json" ]; then
        field .outcome skip
        keep
        skip "$(jq -r .reason "$json")"
    fi
    is "$status" 0 "exit status"
    # The page: forklab prints it where the JSON goes to a file.
    fits "$out" "lab $1 ${*:3}"
    grep -q '^VERDICT ' "$out" || is "$(cat "$out")" "a page" "lab $1 ${*:3}"
    # What this kernel has cured is safe. A hang counts only if it was proved.
    fields .outcome "$(jq -r --arg wanted "$2" 'if .cured then "safe" else $wanted end' "$json")" \
        .still_there 0 '.proved == (.verdict == "hang")' true \
        .falsified.moved null
    keep
}

# cage DEADLINE PROGRAM [ARG...]: one of our programs, and its report.
cage() {
    local text='' none='"still_there":[[:space:]]*0[,}[:space:]]'
    local moved='"moved":[[:space:]]*"'
    forklab cage --deadline "$1" --falsify "$falsify" --json "$json" -- \
        "build/tests/programs/$2" "${@:3}"
    [ -s "$json" ] || {
        show_run
        return 1
    }
    contents "$json"
    [[ $text =~ $none ]] || field .still_there 0
    [[ ! $text =~ $moved ]] || field .falsified.moved null
    keep
}

# in_time VERDICT COMMAND...: for a verdict that only comes at the deadline. In
# place of the word DEADLINE the command gets a short one, then longer ones if
# the program had not come so far; what has been proved is never tried again.
in_time() {
    local wanted=$1 deadline
    shift
    for deadline in 1 5 25; do
        "${@/DEADLINE/$deadline}"
        case $(jq -r .verdict "$json") in
        "$wanted") return 0 ;;
        running | no-progress) ;;
        *) return 0 ;;
        esac
    done
}

# until_true SECONDS COMMAND...: waits for it, so long at most; false: in vain.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

# Starts nothing. Whoever sets GLOBIGNORE gets dot files, but not . and ..
nothing_in_tmp() {
    local GLOBIGNORE=.:.. entry
    for entry in "$tmp"/*; do
        [ ! -e "$entry" ] && [ ! -L "$entry" ] || return 1
    done
}

# error STATUS WORDS COMMAND...: refuses in one line that contains the words.
error() {
    forklab "${@:3}"
    is "$status" "$1" "exit status of forklab ${*:3}"
    is "$(wc -l <"$err")" 1 "lines on stderr"
    grep -qF -e "$2" "$err" || {
        echo "the message does not say \"$2\":"
        show_run
        return 1
    }
}

# attempt_by KIND NAME: checks lab NN after KIND/NN-NAME.sed, as a student's file.
attempt_by() {
    local number=${2%%-*} edit=harness/tests/$1/$2.sed
    local lab attempt=$BATS_TEST_TMPDIR/attempt.c
    for lab in labs/"$number"-*.c; do
        [[ $lab = *.so.c ]] || break
    done
    sed -f "$edit" "$lab" >"$attempt"
    if cmp -s "$attempt" "$lab"; then
        echo "$edit changes nothing in $lab"
        return 1
    fi
    local deadline=5 runs=20 # what looks safe at no time is not safe
    # Two runs on one CPU, two on all: a cure is one in each of them.
    [ "$1" = sly ] || deadline=$ample runs=4
    forklab check "$number" "$attempt" --deadline "$deadline" --runs "$runs" \
        --json "$json"
    [ "$status" -ne 3 ] || skip "$(jq -r .reason "$json" 2>/dev/null || cat "$err")"
    if [ "$1" = cures ]; then
        fields .check.compiler null .check.result safe
    elif [ "$1" = flagged ]; then
        fields .check.compiler null .check.result safe \
            '.check.flag | type' string
    else
        fields .check.compiler null \
            '.check.result == "hazard" or .check.result == "broken"' true
    fi
    keep
}

# damaged NUMBER NAME: the solution of the lab, after mutants/NAME.sed.
damaged() {
    local solution
    for solution in solutions/"$1"-*.c; do
        sed -f "harness/tests/mutants/$2.sed" "$solution"
    done
}

# Makes all that the tests of this file ask for by "mutant NUMBER NAME", by one
# make. A source that is the same as the last time is left as it is. Where parts
# of the file run at once, the first one makes them for all.
compile_mutants() {
    local made=build/tests/mutants
    cd "$root" || return
    mkdir -p "$made"
    (
        flock 9
        [ "$(cat "$made/made" 2>/dev/null)" != "${FORKLAB_SUITE-$$}" ] || exit 0
        make_mutants 3>&-
        echo "${FORKLAB_SUITE-$$}" >"$made/made"
    ) 9>"$made/lock"
}

make_mutants() {
    local number name directory=build/tests/mutants sources=()
    while read -r number name; do
        damaged "$number" "$name" >"$directory/new"
        cmp -s "$directory/new" "$directory/$number-$name.c" ||
            cp "$directory/new" "$directory/$number-$name.c"
        sources+=("$directory/$number-$name")
    done < <(sed -n 's/^ *mutant \([0-9]*\) \([^;]*\);.*/\1 \2/p' \
        "$BATS_TEST_FILENAME")
    rm -f "$directory/new"
    # One that cannot be made is missed by its test.
    env -u MAKEFLAGS -u MAKELEVEL make -k -j"$(nproc)" "${sources[@]}" WERROR= \
        WARNINGS=-w >"$BATS_FILE_TMPDIR/make" 2>&1 9>&- || true
}

# mutant NUMBER NAME: the solution of the lab, damaged by mutants/NAME.sed; the
# first line of that file says what the judge must make of it.
mutant() {
    local number=$1 edit=harness/tests/mutants/$2.sed
    local made=build/tests/mutants/$1-$2 wanted outcome
    damaged "$number" "$2" | cmp - "$made.c"
    if cmp -s "$made.c" solutions/"$number"-*.c; then
        echo "$edit changes nothing in the solution"
        return 1
    fi
    [ -x "$made" ] || mutant_is_left_out "$made"
    # Some only end at the deadline. The hazard is seen before, or it is not.
    local deadline=5
    ! grep -q '^# hazard:' "$edit" || deadline=$ample
    # Lab 70 touches all the memory that it may, and most of that for its picture.
    MIB=64 forklab run "$number" --program "$made" --deadline "$deadline" \
        --json "$json"
    outcome=$(jq -r .outcome "$json")
    [ "$outcome" != skip ] || skip "$(jq -r .reason "$json")"
    is "$status" 1 "exit status"
    wanted=$(sed -n '1s/^# \(.*\):.*/\1/p' "$edit")
    if [ "$wanted" = "not safe" ] && [ "$outcome" = hazard ]; then
        wanted=hazard
    elif [ "$wanted" = "not safe" ]; then
        wanted=broken
    fi
    is "$outcome" "$wanted" .outcome
    keep
}

# A library is missing, or else it does not compile, which is a failure.
mutant_is_left_out() {
    env -u MAKEFLAGS -u MAKELEVEL make "$1" WERROR= WARNINGS=-w >"$out" 2>&1 3>&- || {
        cat "$out"
        return 1
    }
    [ -x "$1" ] || skip "a library is missing"
}

# python3 with jsonschema: the system's, or the first one in PATH. Skips where
# neither has it. Each look for it costs as much as a run of ours (what is first
# in PATH may be a script), so that one is enough for all that a bats starts.
with_jsonschema() {
    local found=$BATS_RUN_TMPDIR/python python
    if [ ! -s "$found" ]; then
        for python in /usr/bin/python3 python3; do
            "$python" -c 'import jsonschema' 2>/dev/null || continue
            echo "$python" >"$found"
            break
        done
    fi
    [ -s "$found" ] || skip "needs Python's jsonschema: make setup check"
    "$(<"$found")" "$@"
}
