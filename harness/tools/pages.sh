#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# pages: harness/tools.tsv, as it stands in the pages. Runs nothing.
#
#   harness/tools/pages.sh page N    what the tools say of lab N
#   harness/tools/pages.sh table     all labs and tools
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
# shellcheck disable=SC1091
. harness/tools/rules.sh
table=${table:-harness/tools.tsv}
export LC_ALL=C

# Cells of a Markdown table: nothing that ends one.
page() {
    awk -F '\t' -v lab="$(printf '%02d' "$((10#$1))")" '
        function row(says, text) {
            if (text != "") printf "| %s | %s |\n", says, text
        }
        function add(list, item) { return list (list == "" ? "" : ", ") item }
        $1 == lab {
            why = $6
            gsub(/[|`]/, " ", why)
            item = $2
            if ($3 == "tells") { item = $2 ": `" why "`"; first = first ? first : $2 }
            if ($3 == "not run") item = $2 " (" why ")"
            of[$3] = add(of[$3], item)
            if (!($4 in seen)) { seen[$4] = 1; if ($4) versions = add(versions, $4) }
            if ($5 > date) date = $5
            if (first2 == "" && $3 != "silent" && $3 != "not run") first2 = $2
            any = $2
        }
        END {
            if (date == "") {
                print "Not measured yet: `make tools ON=" lab "`."
                exit
            }
            print "| of this lab | tools |\n|---|---|"
            row("**tells**", of["tells"])
            row("false alarm: says it of the solution, too", of["false alarm"])
            row("breaks the solution", of["breaks the cure"])
            row("silent", of["silent"])
            row("not run", of["not run"])
            show = first ? first : first2 ? first2 : any
            printf "\n`make tool-%s TOOL=%s` shows one in full. %s: %s.\n",
                lab, show, date, versions
        }' "$table"
}

# One line a lab; what is silent is a dot.
matrix() {
    all_tools | awk -F '\t' '
        BEGIN {
            word["tells"] = "**tells**"; word["false alarm"] = "false alarm"
            word["breaks the cure"] = "breaks"; word["silent"] = "."
            word["not run"] = "not run"
        }
        FILENAME == "-" { tool[++tools] = $1; next }
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
        }' - "$table"
}

case ${1-} in
page) page "$2" ;;
table) matrix ;;
*)
    echo "usage: harness/tools/pages.sh page N | table" >&2
    exit 2
    ;;
esac
