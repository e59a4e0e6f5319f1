#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# lint: what a compiler, a formatter or a rule of ours has against a file. Each
# complaint is a line "FILE: what"; the last line is "N passed, N failed", which
# counts each file once for each check.
#
#   harness/scripts/lint.sh [FILE...]      only these files; a complaint in a header is
#                                  found through the .c files that include it
#
# A file in which a check found nothing is not given to that check again while
# all of these stay as they were: the file, each header it includes (those of
# the system, too), the tools, the command line, .clang-format, and how this
# script reads complaints. build/lint/ remembers that, one file for each check
# of a file; without it everything is looked at anew. The rules at the end are
# not remembered, nor is Python's.
set -u
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd) || exit 4
asked=() # from the root; none: all files
for file; do
    asked+=("$(realpath -s --relative-to="$root" -- "$file")") || exit 4
done
cd "$root" || exit 4

for tool in gcc clang clang-format clang-tidy cppcheck shellcheck python3; do
    command -v "$tool" >/dev/null || {
        echo "error: lint needs $tool; install it:  make setup lint" >&2
        exit 3
    }
done
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
# lastpipe: tally, at the end of a pipe, counts for us.
shopt -s nullglob lastpipe

# below DIR TEST...: the files there that find(1) selects by name.
below() {
    find "$1" -type f \( "${@:2}" \) | LC_ALL=C sort
}

labs=(labs/[0-9]*.c)
solutions=(solutions/[0-9]*.c)
pages=(labs/[0-9]*.md)
mapfile -t tested < <(below harness/tests/programs -name '*.c')
# Those of tests/wild/ need the headers of libraries that are optional.
mapfile -t runner < <(below harness -name '*.c' \
    ! -path 'harness/tests/programs/*' ! -path 'harness/tests/wild/*')
mapfile -t headers < <(below labs -name '*.h' &&
    below harness -name '*.h' ! -path 'harness/tests/wild/*')
mapfile -t scripts < <(below harness \
    -name '*.sh' -o -name '*.bash' -o -name '*.bats')
mapfile -t pythons < <(below harness -name '*.py')
scripts+=(.ci/run docker/*.sh)
tables=(labs/*.tsv)

# only NAME: of the files in that array, those that were asked for.
only() {
    local -n list=$1
    local file some=()
    for file in "${list[@]}"; do
        [[ " ${asked[*]} " != *" $file "* ]] || some+=("$file")
    done
    list=("${some[@]}")
}

if [ "${#asked[@]}" -gt 0 ]; then
    for name in labs solutions pages tested runner headers scripts pythons \
        tables; do
        only "$name"
    done
    known=" ${labs[*]} ${solutions[*]} ${pages[*]} ${tested[*]} ${runner[*]}"
    known+=" ${headers[*]} ${scripts[*]} ${pythons[*]} ${tables[*]} Makefile harness/build.mk "
    for file in "${asked[@]}"; do
        [[ $known == *" $file "* ]] || {
            echo "error: $file is no file that lint looks at" >&2
            exit 2
        }
    done
fi
programs=("${labs[@]}" "${solutions[@]}" "${tested[@]}")

warnings=(-Wall -Wextra -Wshadow -Wformat=2 -Wvla -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Werror)
common=(-std=gnu17 -pthread -Ilabs -iquote harness)
read -ra mariadb < <(mariadb_config --include 2>/dev/null)
common+=("${mariadb[@]}")

# What is taught must not hide behind what is merely wrong. These are off:
# - DeprecatedOrUnsafeBufferHandling wants functions of C11's Annex K, which no
#   libc of Linux has;
# - easily-swappable-parameters: (root, path), (first, last) are not confused by
#   having one type;
# - Padding: a struct is in the order in which it is read;
# - analyzer-malloc-leak, for the runner only: gcc 12 loses what is stored in an
#   array that grows.
# The runner may say _GNU_SOURCE, as feature_test_macros(7) wants it. For each
# function clang's analyzer takes 30,000 steps at most, not 225,000: in a third
# of the time.
tidy='-*,clang-diagnostic-*,bugprone-*,clang-analyzer-*'
tidy+=,-bugprone-easily-swappable-parameters
tidy+=,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling
tidy+=,-clang-analyzer-optin.performance.Padding
allowed='{CheckOptions: [{key: bugprone-reserved-identifier.AllowedIdentifiers,
    value: _GNU_SOURCE}]}'

mapfile -t openmp < <(grep -l '#pragma omp ' /dev/null "${programs[@]}" harness/unstaged/*.c)

# command_of CHECK FILE: sets command, which complains about the file.
command_of() {
    local mild=() needs=()
    [[ $2 != harness/* || $2 == harness/tests/programs/* ]] ||
        mild=(-Wno-analyzer-malloc-leak)
    # As its Needs: line wants it; gcc does not like pragmas that do nothing.
    [[ $1 != gcc* && $1 != analyzer || " ${openmp[*]} " != *" $2 "* ]] || needs=(-fopenmp)
    case $1 in
    gcc-O0 | gcc-O2 | clang-O2)
        command=("${1%-*}" "-${1#*-}" "${warnings[@]}")
        ;;
    analyzer) command=(gcc -O1 -fanalyzer "${warnings[@]}" "${mild[@]}") ;;
    # One line of cc is all that a reader needs.
    alone) command=(cc -pthread "${mariadb[@]}" -fsyntax-only "$2") ;;
    format) command=(clang-format --dry-run "$2") ;;
    cppcheck)
        command=(cppcheck --quiet --std=c17 --inline-suppr --suppress=toomanyconfigs -Ilabs -Iharness
            "--enable=warning,performance,portability" "$2")
        ;;
    clang-tidy)
        command=(clang-tidy --quiet --config="$allowed" --checks="$tidy"
            --header-filter='(^|/)(labs|harness)/' "$2" -- -O1
            "${warnings[@]/-Werror/-Wno-error}" "${common[@]}"
            -Xclang -analyzer-config -Xclang max-nodes=30000)
        ;;
    shellcheck) command=(shellcheck -f gcc "$2") ;;
    python)
        command=(env PYTHONPYCACHEPREFIX="$work" python3 -m py_compile "$2")
        ;;
    esac
    case $1 in
    gcc* | clang-O2 | analyzer)
        command+=("${needs[@]}" "${common[@]}" -c -o /dev/null "$2")
        ;;
    esac
}

# Two checks take place within another one, which has read the file and its
# headers anyway: the warnings of gcc and clang do not depend on what else looks
# at the file. (Those of clang come from its front end, which knows of -O1 only
# that it is not -O0.) mine_in CHECK: of the complaints on stdin, those of CHECK.
declare -A within=([gcc]=analyzer [clang]=clang-tidy)
mine_in() {
    case $1 in
    gcc) grep -v '\[-W[a-z=]*analyzer-' ;;
    analyzer) grep '\[-W[a-z=]*analyzer-' ;;
    clang) grep '\[clang-diagnostic-' ;;
    clang-tidy) grep -v '\[clang-diagnostic-' ;;
    esac
}

# complaints_of CHECK FILE: makes lines "FILE:...: what" of what a tool says.
complaints_of() {
    local at='^([^: ]+:[0-9]+(:[0-9]+)?)'
    case $1 in
    format)
        sed -nE 's/^([^: ]+):([0-9]+):.*/\1: not formatted, line \2/p' |
            head -n 1
        ;;
    cppcheck) sed -nE "s/$at: /\1: /p" ;;
    shellcheck) cat ;;
    python) sed -nE "s|^([A-Za-z]*Error): |$2: \1: |p" ;;
    alone) sed -nE "s/$at: (fatal )?error: /\1: /p" ;;
    *) sed -nE "s/$at: (fatal )?(error|warning): /\1: /p" ;;
    esac
}

# was_clean CHECK FILE: was it, when all was the same? Sets command, stamp, and
# key, which is what must be the same ('' if that is not known). Starts nothing.
was_clean() {
    local print='' old=''
    command_of "$1" "$2"
    stamp=build/lint/$1/$2.clean key=''
    [ "$1" != python ] && [ -s "$work/prints/$2" ] || return 1
    read -r print <"$work/prints/$2"
    key="$tools $print ${command[*]//$'\n'/ }"
    [ ! -e "$stamp" ] || read -r old <"$stamp"
    [ "$key" = "$old" ]
}

# Complaints are on stdin: those of $check about $file go to its directory, those
# of a check within it to that one's.
hand_out() {
    local other part all
    all=$(cat)
    for other in "${!within[@]}"; do
        [ "${within[$other]}" = "$check" ] || continue
        part=$(mine_in "$other" <<<"$all") &&
            printf '%s\n' "$part" >"$work/$other/${file//\//%}"
        all=$(mine_in "$check" <<<"$all")
    done
    [ -z "$all" ] || printf '%s\n' "$all" >"$work/$check/${file//\//%}"
}

# analyse CHECK FILE: complaints, if any, go to a file below $work. A tool that
# fails without one is a complaint, too.
analyse() {
    local check=$1 file=$2 output status complaints=''

    output=$("${command[@]}" 2>&1)
    status=$?
    # A tool may say the whole path.
    output=${output//"$PWD/"/}
    [ -z "$output" ] ||
        complaints=$(complaints_of "$check" "$file" <<<"$output")
    [ "$status" -eq 0 ] || [ -n "$complaints" ] ||
        complaints="$file: $check fails: $(tail -n 1 <<<"$output")"
    if [ -n "$complaints" ]; then
        hand_out <<<"$complaints"
    elif [ -n "$key" ]; then
        [ -d "${stamp%/*}" ] || mkdir -p "${stamp%/*}"
        printf '%s\n' "$key" >"$stamp"
    fi 2>/dev/null
}

# What an analysis of the file depends on, as one number. Nothing where that is
# not known, as a header is missing.
fingerprint() {
    local file=$1 parts
    parts=$file
    if [[ $file == *.c ]]; then
        parts=$(gcc "${common[@]}" -M "$file" 2>/dev/null) || return 0
        parts=${parts#*:}
    fi
    [ -d "$work/prints/${file%/*}" ] || mkdir -p "$work/prints/${file%/*}"
    # A list for make: a backslash is at the end of a line.
    xargs sha256sum <<<"${parts//\\/}" 2>/dev/null |
        sha256sum >"$work/prints/$file"
}

# at_a_time COMMAND...: in the background, as many as there are cores; a wait
# for all of them comes after the last.
cores=$(nproc)
running=0
at_a_time() {
    if [ "$running" -ge "$cores" ]; then
        wait -n
        running=$((running - 1))
    fi
    "$@" &
    running=$((running + 1))
}

declare -A files_of # of each check, a line each
checks=(clang-tidy analyzer gcc clang gcc-O0 gcc-O2 clang-O2 alone format
    cppcheck shellcheck python)
plan() {
    local check=$1
    shift
    files_of[$check]=$(printf '%s\n' "$@")
}
everything=("${runner[@]}" "${programs[@]}")
for check in gcc clang analyzer cppcheck clang-tidy; do
    plan "$check" "${everything[@]}"
done
for check in gcc-O0 gcc-O2 clang-O2; do plan "$check" "${programs[@]}"; done
plan alone "${labs[@]}"
plan format "${everything[@]}" "${headers[@]}"
plan shellcheck "${scripts[@]}"
plan python "${pythons[@]}"

passed=0 failed=0

# tally NAME FILE...: the complaints of one check are on stdin, as lines
# "FILE:...: what"; prints them with the check's name, counts the files.
tally() {
    local name=$1 complaints bad
    shift
    [ $# -gt 0 ] || return 0
    complaints=$(sort -u)
    [ -z "$complaints" ] ||
        printf '%s\n' "${complaints//$'\n'/ [$name]$'\n'} [$name]"
    bad=$(cut -d: -f1 <<<"$complaints" | sort -u | grep -c .)
    # One in a header that none of these files is: count it all the same.
    [ "$bad" -le $# ] || bad=$#
    failed=$((failed + bad))
    passed=$((passed + $# - bad))
}

# A new version of a tool is another file.
tools=$({
    mapfile -t paths < <(command -v gcc cc clang clang-format clang-tidy \
        cppcheck shellcheck)
    stat -L -c '%n %s %y' "${paths[@]}"
    cat .clang-format
    declare -f complaints_of mine_in
} | sha256sum)
analysed=0
mkdir -p "${checks[@]/#/$work/}"
for file in "${everything[@]}" "${headers[@]}" "${scripts[@]}" \
    "${pythons[@]}"; do
    at_a_time fingerprint "$file"
done
wait
running=0
# Those that take long come first, so that no core is left with one at the end.
for check in "${checks[@]}"; do
    [ -z "${within[$check]-}" ] || continue
    for file in ${files_of[$check]}; do
        was_clean "$check" "$file" && continue
        analysed=$((analysed + 1))
        at_a_time analyse "$check" "$file"
    done
done
wait
for check in "${checks[@]}"; do
    read -d '' -ra files <<<"${files_of[$check]}"
    [ "${#files[@]}" -gt 0 ] || continue
    cat /dev/null "$work/$check"/* | tally "$check" "${files[@]}"
done
echo "lint: checked $analysed of $((passed + failed)); the rest was" \
    "clean before and has not changed: build/lint" >&2

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
In your language
Seen in the wild
Measured on
Which tool would have told?
Three questions
Teach'

page() {
    local part found
    found=$(sed -n 's/^## //p' "$1")
    [ "$found" = "$headings" ] ||
        echo "$1: its sections are not: ${headings//$'\n'/, }"
    for part in run timeline measured matrix tools; do
        grep -qxF "<!-- $part:begin -->" "$1" ||
            echo "$1: no <!-- $part:begin -->"
        grep -qxF "<!-- $part:end -->" "$1" || echo "$1: no <!-- $part:end -->"
    done
}

# What new-lab leaves to be written.
blanks() {
    grep -n 'TODO' "$1" | sed -E "s|^([0-9]+):.*|$1:\1: a blank is not filled|"
}
written=("${labs[@]}" "${solutions[@]}" "${pages[@]}")
for file in "${written[@]}"; do blanks "$file"; done | tally blank "${written[@]}"

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

for file in "${pages[@]}"; do page "$file"; done | tally page "${pages[@]}"

for file in "${solutions[@]}" "${pages[@]}"; do
    lab=labs/${file##*/}
    [ -e "${lab%.*}.c" ] || echo "$file: there is no ${lab%.*}.c"
done | tally orphan "${solutions[@]}" "${pages[@]}"

# strings TABLE: a string, the labs it leads to, the software, the report.
strings() {
    local string numbers software source number at=0 there
    local -A before=()
    while IFS=$'\t' read -r string numbers software source; do
        at=$((at + 1))
        [[ $numbers =~ ^[0-9]{2}( [0-9]{2})*$ && -n $software &&
            $source =~ ^https://[^[:space:]]+$ ]] || {
            echo "$1:$at: not STRING, LABS, SOFTWARE, https://..., with tabs"
            continue
        }
        for number in $numbers; do
            there=(labs/"$number"-*.c)
            [ "${#there[@]}" -gt 0 ] || echo "$1:$at: there is no lab $number"
        done
        [ -z "${before[.$string]:-}" ] ||
            echo "$1:$at: the same string as in line ${before[.$string]}"
        before[.$string]=$at
    done <"$1"
}

famous=(labs/string[s].tsv) # a glob: it may not be there
for file in "${famous[@]}"; do strings "$file"; done |
    tally strings "${famous[@]}"

# Which directory of harness/ may include which.
files=(harness/*/*.[ch])
[ "${#asked[@]}" -eq 0 ] || only files
harness/scripts/walls.sh | tally walls "${files[@]}"

texts=(README.md labs/*.* solutions/*)
[ "${#asked[@]}" -eq 0 ] || only texts
[ "${#texts[@]}" -eq 0 ] ||
    harness/scripts/references.sh "${texts[@]}" | tally reference "${texts[@]}"

makefile=(Makefile harness/build.mk)
[ "${#asked[@]}" -eq 0 ] || only makefile
files=("${everything[@]}" "${headers[@]}" "${scripts[@]}" "${pythons[@]}"
    "${makefile[@]}")
for file in "${files[@]}"; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT' ||
        echo "$file: no SPDX-License-Identifier: MIT in its first lines"
done | tally license "${files[@]}"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
