# SPDX-License-Identifier: MIT
#
# unstaged: `make wild-N` counts the children that are bitten and no others, its
# interval is the one of Clopper and Pearson, and pages say what was measured.

# The helper sets out, err, tmp and status.
# shellcheck disable=SC2154
# shellcheck disable=SC2013
load helper

# count WHAT WANTED: what five forks of that program of trials.h come to.
count() {
    status=0
    timeout -k 5 "$net" build/tests/programs/trials "$1" 5 >"$out" 2>"$err" \
        </dev/null 3>&- || status=$?
    is "$(<"$out")" "$2" "$1"
}

@test "unstaged: a child that sleeps, or that somebody or time wakes, is not bitten" {
    count sleeps '0 5 0'
    count timed '0 5 0'
    count woken '0 5 0'
}

@test "unstaged: a child that nobody can wake is bitten, and one that says so" {
    count stuck '5 5 1'
    count wrong '5 5 1'
    count dies ''
    is "$status" 99 'status where a child was killed'
}

# interval K N LOW HIGH
interval() {
    is "$(awk -v k="$1" -v n="$2" -f harness/unstaged/interval.awk)" "$3 $4" "$1 of $2"
}

@test "unstaged: the interval of Clopper and Pearson" {
    status=0
    : >"$out"
    : >"$err"
    # What R's binom.test(682, 925) and binom.test(9, 24) say; 1 - 0.025^(1/n) for
    # none of n.
    interval 682 925 0.707668 0.765407
    interval 9 24 0.187993 0.594064
    interval 0 10 0.000000 0.308497
    interval 10 10 0.691503 1.000000
    interval 0 20000 0.000000 0.000184
}

wild() {
    status=0
    timeout -k 5 "$net" harness/unstaged/wild.sh "$@" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}

@test "unstaged: OpenMP's region is bitten each time; what is not there is said" {
    needs=$(build/forklab needs openmp) || skip "no OpenMP here"
    [ -n "$needs" ]
    wild run 42 3
    is "$(<"$out")" 'lab 42 without a stage: bitten in 3 of 3 forks, 100 % (95 %: 29 to 100 %), first in fork 1' said
    wild run 1
    is "$status" 2 'status of a lab without such a program'
    grep -q '^error: lab 01 has no variant without a stage; there is one of 31 ' "$err"
    wild run 42 0
    is "$status" 2 'status of no forks'
}

@test "unstaged: each program is of a lab, has a row, and its page says that row" {
    local number
    status=0
    : >"$out"
    : >"$err"
    is "$(sed 1d harness/unstaged/unstaged.tsv | awk -F '\t' 'NF != 10 || $2 > $3 || $3 < 100 ||
        ($2 == 0) != ($4 == 0) || $5 !~ /^(glibc|musl) [0-9]/ ||
        $10 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/')" '' 'rows that are none'
    is "$(sed 1d harness/unstaged/unstaged.tsv | cut -f 1)" \
        "$(printf '%s\n' harness/unstaged/[0-9]*.c | grep -o '[0-9]*\.c' | cut -c 1-2)" labs
    is "$(grep -l '^<!-- wild:begin -->$' labs/[0-9]*.md | cut -c 6-7)" \
        "$(sed 1d harness/unstaged/unstaged.tsv | cut -f 1)" 'pages that say it'
    for number in $(sed 1d harness/unstaged/unstaged.tsv | cut -f 1); do
        is "$(sed -n '/^<!-- wild:begin -->$/,/^<!-- wild:end -->$/p' labs/"$number"-*.md |
            sed '1d; $d')" "$(harness/unstaged/wild.sh page "$number")" "page $number"
    done
}
