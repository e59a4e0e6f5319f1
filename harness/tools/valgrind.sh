#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# valgrind: runs each lab and its solution under memcheck, in the cage, before
# the same judge as alone, and says what differs. Valgrind lets one thread of a
# process run at a time, and runs the program's code itself.
#
#   harness/tools/valgrind.sh            all labs; ON=31 (or ON="31 12") only these
#   harness/tools/valgrind.sh check      names what has no note to explain it
#   harness/tools/valgrind.sh errors FILE...  counts those of a run's --json
#   harness/tools/valgrind.sh page [N]   "N<tab>what harness/tools/valgrind.tsv says" of
#                                        lab N, or of each lab; runs nothing
#
# RUNS=n runs of each instead of 3; the reports are kept below build/valgrind/.
# Columns of the table, beside those whose name says it:
#   outcome   as the runner judges it; of several: "hazard 2, broken 1"
#   errors    of memcheck, without leaks: different kinds and places, in all runs
#   differs   empty: as wanted, or cured by the kernel. "call": as alone, but for the call in which it
#             waits, because the stack of the process is valgrind's. Else what
#             is missing and what is unexpected, beside a run without valgrind;
#             of a skip, why
#   plainer   where something differs: what still does with the option
#             --run-libc-freeres=no, or "as wanted". Without it memcheck, at the
#             end of a process, has the C library free what it keeps, and glibc
#             flushes the buffers of stdio then, also after _exit(2)
# shellcheck disable=SC1091 # labs.sh: labs_of
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
. harness/tools/labs.sh
under=${under:-harness/tools/valgrind.tsv}
notes=${notes:-harness/tools/valgrind-notes.tsv}
kept=${kept:-build/valgrind}
runs=${RUNS:-3}
export LC_ALL=C

# The runner calls a process by its role if its name is that of its program, and
# the program that valgrind becomes has this one.
memcheck_name() {
    case $(uname -m) in
    x86_64) echo memcheck-amd64-linux ;;
    aarch64) echo memcheck-arm64-linux ;;
    *) return 1 ;;
    esac
}

# wrapper DIRECTORY PROGRAM [OPTION]: makes the program to run; prints its path. The
# log goes to stderr, which is no evidence: the cage has no file that it could go to.
wrapper() {
    local path
    path=$1/$(memcheck_name)
    mkdir -p "$1"
    printf '#!/bin/sh\nexec valgrind -q --leak-check=no %s "%s" "$@"\n' "${3-}" \
        "$PWD/$2" >"$path"
    chmod +x "$path"
    echo "$path"
}

# judged LAB FILE OPTION...: one run, its report in FILE. A bare number, for what
# two runs print to be the same.
judged() {
    local number=$1 file=$2
    shift 2
    FORKLAB_N=bare build/forklab run "$number" "$@" --deadline 60 --json - \
        >"$file" 2>"$file.err" </dev/null
    [ -s "$file" ]
}

# compare ALONE FILE WANTED: what differs, for the table.
compare() {
    jq -r --arg wanted "$3" --slurpfile alone "$1" '
        def facts: [.evidence[], .findings[]] |
            map(sub("(?<how>hang|idle) in [^,]+"; .how)) | group_by(.) |
            map(if length > 1 then "\(length) \(.[0])" else .[0] end);
        def list(word): if . == [] then empty else word + " " + join("; ") end;
        facts as $here | ($alone[0] | facts) as $there |
        if .outcome == $wanted or .outcome == "safe" and $alone[0].cured then ""
        elif .outcome == "skip" then
            [.reason, (.records[] | select(.stream == "stderr") | .text)] |
            map(select(. != null and . != "" and (startswith("==") | not))) |
            first // "it does not say why" | rtrimstr("\n") |
            sub("^lab: "; "")
        elif $here == $there then "call"
        else [(($there - $here) | list("missing")),
              (($here - $there) | list("unexpected"))] | join(", ") end |
        gsub("[\\t\\n|`]"; " ")' "$2"
}

# errors FILE...: how many errors memcheck tells: a line that is not indented, and
# the place below it. Its lines begin with their process, and may be mixed.
errors() {
    jq -r '[.records[] | select(.stream == "stderr")] | group_by(.pid)[] |
        map(.text) | add' "$@" | awk '
        !/^==[0-9]+== / { next }
        { pid = $1; sub(/^==[0-9]+== /, "") }
        /^   at 0x/ && what[pid] ~ /^[A-Z]/ && what[pid] !~ /^Process terminating/ {
            sub(/^   at 0x[0-9A-F]+: /, "")
            seen[what[pid] " " $0] = 1
        }
        { what[pid] = $0 }
        END { for (key in seen) n++; print n + 0 }'
}

# outcomes FIELD: of all reports, as "hazard" or "hazard 2, broken 1".
outcomes() {
    jq -r "$1" "${reports[@]}" | sort | uniq -c | sort -k 1,1nr | awk '
        { n = $1; sub(/^ *[0-9]+ /, ""); part[NR] = $0; count[NR] = n }
        END {
            for (i = 1; i <= NR; i++)
                printf "%s%s%s", (i > 1 ? ", " : ""), part[i], (NR > 1 ? " " count[i] : "")
        }'
}

# several FILE LAB PROGRAM: runs it, and sets reports to FILE.1.json ...
several() {
    local i
    reports=()
    for ((i = 1; i <= runs; i++)); do
        reports+=("$1.$i.json")
        judged "$2" "$1.$i.json" --program "$3" || return
    done
}

# difference ALONE WANTED: of all reports, the first that is more than the call.
difference() {
    local report one found=''
    for report in "${reports[@]}"; do
        one=$(compare "$1" "$report" "$2")
        case $found in
        '' | call) found=${one:-$found} ;;
        esac
    done
    echo "$found"
}

# measured LAB WHICH PROGRAM WANTED: its row. Status 1: there was no report.
measured() {
    local file=$kept/$1.$2 path differs plainer='' reports first
    path=$(wrapper "$file" "$3")
    judged "$1" "$file.alone.json" --program "$3" || return
    several "$file" "$1" "$path" || return
    differs=$(difference "$file.alone.json" "$4")
    first=("${reports[@]}")
    case $differs:$(outcomes .outcome) in
    :* | call:* | *:skip) ;;
    *)
        path=$(wrapper "$file.plainer" "$3" --run-libc-freeres=no)
        several "$file.plainer" "$1" "$path" || return
        plainer=$(difference "$file.alone.json" "$4")
        plainer=${plainer:-as wanted}
        ;;
    esac
    reports=("${first[@]}")
    row "$1" "$2" "$(outcomes .outcome)" "$(outcomes '.verdict_title // "-"')" \
        "$(errors "${reports[@]}")" "$differs" "$plainer"
}

# row LAB WHICH OUTCOME VERDICT ERRORS DIFFERS PLAINER
row() {
    printf '%s\t' "$@" "$version" "$runs"
    date +%F
}

# measure LAB WHICH PROGRAM WANTED
measure() {
    if [ ! -x "$3" ]; then
        row "$1" "$2" 'not run' - 0 'this machine cannot build it' ''
    else
        measured "$@" || row "$1" "$2" 'not run' - 0 'the runner gave no report' ''
    fi
}

# What was measured replaces what the table said of it; the rest stays.
merge() {
    local new
    new=$(mktemp) || exit 4
    {
        printf 'lab\twhich\toutcome\tverdict\terrors\tdiffers\tplainer\tversion\truns\tdate\n'
        { cat; [ ! -e "$under" ] || sed 1d "$under"; } |
            awk -F '\t' '!seen[$1, $2]++' | sort -t $'\t' -k 1,2
    } >"$new" && cat "$new" >"$under"
    rm -f "$new"
}

all() {
    local number program rows
    for number in "$@"; do
        program=$(compgen -G "labs/$number-*.md")
        program=build/${program%.md}
        rows=$(measure "$number" lab "$program" hazard
            measure "$number" solution "${program/labs/solutions}" safe)
        merge <<<"$rows"
        cut -f 1-7 <<<"$rows"
    done
}

# A row that the page has to explain: a solution with errors, or whatever differs,
# unless --run-libc-freeres=no, which labs/TOOLS.md explains, ends that.
# shellcheck disable=SC2016 # fields of awk
odd='
        function odd() {
            if ($3 ~ /^(skip|not run)$/) return 0
            if ($2 == "solution" && $5 > 0) return 1
            return $6 != "" && $6 != "call" && $7 !~ /^(as wanted|call)$/
        }'

# page [N]: a line a lab: its number, and a sentence of lab, solution and memcheck.
page() {
    awk -F '\t' -v asked="${1-}" "$odd"'
        function name(which) { return which == "lab" ? "the lab" : "the solution" }
        function ran(lab, which) {
            return (lab SUBSEP which) in outcome &&
                outcome[lab, which] !~ /^(skip|not run)$/
        }
        function why_not(lab, which) {
            return (lab SUBSEP which) in differs ? " (" differs[lab, which] ")" : ""
        }
        function does(lab, which,    i, wanted, ended) {
            i = lab SUBSEP which
            if (!ran(lab, which)) return name(which) " cannot run" why_not(lab, which)
            wanted = which == "lab" ? "fails as well" : "is safe"
            if (which == "lab" && verdict[i] ~ /^HANG/) wanted = "hangs as well"
            if (which == "lab" && outcome[i] == "safe") wanted = "is cured, as it is alone"
            if (differs[i] == "" || differs[i] == "call") return name(which) " " wanted
            ended = outcome[i] ", " verdict[i]
            if (plainer[i] ~ /^(as wanted|call)$/)
                return name(which) " does not do what it does alone (" ended "), " \
                    "but with `--run-libc-freeres=no` it does"
            return name(which) " does not do what it does alone (" ended ": `" differs[i] "`)"
        }
        function both(lab) {
            if (ran(lab, "lab") || ran(lab, "solution") ||
                why_not(lab, "lab") != why_not(lab, "solution"))
                return does(lab, "lab") ", and " does(lab, "solution")
            return "neither the lab nor the solution can run" why_not(lab, "lab")
        }
        function tells(lab, which,    n) {
            n = ran(lab, which) ? errors[lab, which] : 0
            return n > 0 ? n (n == 1 ? " error" : " errors") " in " name(which) : ""
        }
        function all_told(lab,    one, other) {
            if (!ran(lab, "lab") && !ran(lab, "solution")) return ""
            one = tells(lab, "lab"); other = tells(lab, "solution")
            if (one == "" && other == "") return "; memcheck reports no error"
            return "; memcheck reports " one (one != "" && other != "" ? " and " : "") other
        }
        function sentence(lab,    text) {
            if (!(lab in date))
                return "Under valgrind: not measured yet, `make valgrind ON=" lab "`."
            text = "Under valgrind, which lets one thread run at a time, " both(lab) \
                all_told(lab) "."
            if (lab in called)
                text = text " The stack of a process is valgrind\047s there, so the call" \
                    " in which it waits is not named."
            if (lab in strange && lab in note) text = text " " note[lab]
            return text " " runs[lab] " runs each, " version[lab] ", " date[lab] "."
        }
        FNR == 1 { next }
        part == "notes" { note[$1] = $2; next }
        {
            if (!($1 in date)) lab[++labs] = $1
            outcome[$1, $2] = $3; verdict[$1, $2] = $4; errors[$1, $2] = $5
            differs[$1, $2] = $6; plainer[$1, $2] = $7
            version[$1] = $8; runs[$1] = $9; date[$1] = $10
            if ($6 == "call") called[$1] = 1
            if (odd()) strange[$1] = 1
        }
        END {
            if (asked != "") print asked "\t" sentence(asked)
            else for (i = 1; i <= labs; i++) print lab[i] "\t" sentence(lab[i])
        }' part=notes "$notes" part=table "$under"
}

# Says what is odd, and has no note.
check() {
    awk -F '\t' "$odd"'
        FNR == 1 { next }
        part == "notes" { if ($2 != "") noted[$1] = 1; next }
        !($1 in noted) && odd() {
            print $2 " " $1 ": " ($6 != "" ? $6 : "errors of memcheck: " $5)
            bad = 1
        }
        END { exit bad }' part=notes "$notes" part=table "$under"
}

case ${1-} in
check) check ;;
errors) errors "${@:2}" ;;
page) page "${2:+$(labs_of "$2")}" ;;
'')
    version=$(valgrind --version 2>/dev/null | tr - ' ')
    [ -n "$version" ] || {
        echo "error: valgrind is not installed: make setup tools" >&2
        exit 3
    }
    memcheck_name >/dev/null || {
        echo "error: not measured on this processor: $(uname -m)" >&2
        exit 3
    }
    # shellcheck disable=SC2046,SC2086
    all $(labs_of ${ON-})
    ;;
*)
    echo "usage: harness/tools/valgrind.sh [check | errors FILE... | page [N]]" >&2
    exit 2
    ;;
esac
