#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# pages: harness/tools.tsv, as it stands in the pages, and below it what valgrind.sh
# says of harness/tools/valgrind.tsv. Runs nothing.
#
#   harness/tools/pages.sh page N    what the tools say of lab N
#   harness/tools/pages.sh all       of each lab, behind a line with its number
#   harness/tools/pages.sh table     all labs and tools
# shellcheck disable=SC1091,SC2154 # rules.sh: rules
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
. harness/tools/rules.sh
table=${table:-harness/tools.tsv}
export LC_ALL=C

# ruled, for both: is there a rule of what counts as telling? rules.tsv comes first.
# shellcheck disable=SC2016 # fields of awk
ruled='
        FNR == NR { if ($4 != "-") rule[$1, $2] = 1; next }
        FNR > 1 && $3 == "silent" && !(("*", $2) in rule) && !(($1, $2) in rule) {
            $3 = "no rule"
        }'

# page N: a row for each word, with the tools of which it is true; no number: all.
page() {
    said=$(harness/tools/valgrind.sh page ${1+"$1"}) awk -F '\t' -v asked="${1-}" "$ruled"'
        function row(lab, says, text) {
            if ((lab, says) in of) printf "| %s | %s |\n", text, of[lab, says]
        }
        function add(list, item) { return list (list == "" ? "" : ", ") item }
        BEGIN {
            lines = split(ENVIRON["said"], line, "\n")
            for (i = 1; i <= lines; i++) {
                split(line[i], field, "\t")
                under[field[1]] = field[2]
            }
        }
        function print_lab(lab,    show) {
            if (!(lab in date)) {
                print "Not measured yet: `make tools ON=" lab "`."
                return
            }
            print "| of this lab | tools |\n|---|---|"
            row(lab, "tells", "**tells**")
            row(lab, "false alarm", "false alarm: says it of the solution, too")
            row(lab, "breaks the cure", "breaks the solution")
            row(lab, "silent", "silent")
            row(lab, "no rule", "no rule says what would tell")
            row(lab, "not run", "not run")
            show = (lab in telling) ? telling[lab] : (lab in alarm) ? alarm[lab] : any[lab]
            printf "\n`make tool-%s TOOL=%s` shows one in full.\n%s: %s.\n",
                lab, show, date[lab], versions[lab]
            if (lab in under) print "\n" under[lab]
        }
        FNR == 1 { next }
        {
            why = $6
            gsub(/[|`]/, " ", why)
            item = $2
            if ($3 == "tells") item = $2 ": `" why "`"
            if ($3 == "not run") item = $2 " (" why ")"
            of[$1, $3] = add(of[$1, $3], item)
            if ($3 == "tells" && !($1 in telling)) telling[$1] = $2
            if ($3 ~ /^(false|breaks)/ && !($1 in alarm)) alarm[$1] = $2
            any[$1] = $2
            if ($4 != "" && !(($1, $4) in seen)) versions[$1] = add(versions[$1], $4)
            seen[$1, $4] = 1
            if ($5 > date[$1]) date[$1] = $5
            if (!($1 in known)) order[++labs] = $1
            known[$1] = 1
        }
        END {
            if (asked != "") print_lab(asked)
            else for (i = 1; i <= labs; i++) { print order[i]; print_lab(order[i]) }
        }' "$rules" "$table"
}

# One line a lab; what is silent is a dot.
matrix() {
    awk -F '\t' -v names="$(all_tools | xargs)" "$ruled"'
        BEGIN {
            word["tells"] = "**tells**"; word["false alarm"] = "false alarm"
            word["breaks the cure"] = "breaks"; word["silent"] = "."
            word["not run"] = "not run"; word["no rule"] = ""
            tools = split(names, tool, " ")
        }
        FNR == 1 { next }
        !($1 in known) { known[$1] = 1; lab[++labs] = $1 }
        { says[$1, $2] = word[$3]; count[$2, $3]++ }
        END {
            head = "| lab |"; line = "|---|"
            for (t = 1; t <= tools; t++) { head = head " " tool[t] " |"; line = line "---|" }
            print head "\n" line
            for (i = 1; i <= labs; i++) {
                printf "| %s |", lab[i]
                for (t = 1; t <= tools; t++)
                    printf " %s |", (lab[i], tool[t]) in says ? says[lab[i], tool[t]] : "?"
                print ""
            }
            printf "| **tells of** |"
            for (t = 1; t <= tools; t++) printf " %d |", count[tool[t], "tells"]
            print ""
        }' "$rules" "$table"
}

case ${1-} in
page) page "$(printf '%02d' "$((10#$2))")" ;;
all) page ;;
table) matrix ;;
*)
    echo "usage: harness/tools/pages.sh page N | all | table" >&2
    exit 2
    ;;
esac
