#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# claims: which lab shows what the two texts behind this project claim. Three
# things are needed, and each stands in one place:
#
#   labs/claims.tsv     a claim a line: its number, what it says, the verdict, and
#                       words to that: for "corrected" what is true today, for
#                       "frame" (no lab shows it) the numbers of its chapters
#   labs/NN-*.md        the last line of a page: [Claims](...): A3, B7; or: none
#   labs/chapters.tsv   a chapter a line: its number, one sentence
#
#   harness/scripts/claims.sh check     says what does not fit; status 1 if there is any
#   harness/scripts/claims.sh table     prints the table of labs/CLAIMS.md
#
# generate.sh runs both.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4

link='[Claims](CLAIMS.md): '

# Prints for each page: its path, a tab, its claims with blanks in between. A page
# without the line has "?" for them.
claims_of_pages() {
    awk -v link="$link" '
        function tell() {
            if (index(last, link) == 1)
                last = substr(last, length(link) + 1)
            else
                last = "?"
            gsub(",", "", last)
            print page "\t" last
        }
        FNR == 1 && page != "" { tell() }
        { page = FILENAME; last = $0 }
        END { if (page != "") tell() }' labs/[0-9][0-9]-*.md
}

# Prints a line for each thing that does not fit.
check() {
    awk -F '\t' -v link="$link" '
        FILENAME == "labs/chapters.tsv" {
            if ($1 !~ /^[0-9]$/ || $2 == "" || NF != 2)
                print FILENAME ":" FNR ": wants a number, a tab, a sentence"
            sentence[$1] = 1
            next
        }
        FILENAME == "labs/claims.tsv" {
            place = FILENAME ":" FNR ": "
            if ($1 !~ /^[AB][1-9][0-9]*$/ || $2 == "" || NF != 4)
                print place "wants number, claim, verdict, words; tabs between"
            else if ($1 in verdict)
                print place $1 " is there twice"
            else if ($3 !~ /^(shown|corrected|frame)$/)
                print place "\"" $3 "\": shown, corrected or frame"
            else if ($3 == "corrected" && $4 == "")
                print place $1 " is corrected, but how is it today?"
            verdict[$1] = $3
            if ($3 == "frame")
                chapters[$1] = $4
            next
        }
        {
            number = substr($1, 6, 2)
            if (!(int(number / 10) in sentence))
                print "labs/chapters.tsv: no sentence for chapter " \
                    int(number / 10) ", of " $1
            if ($2 == "?" || $2 == "")
                print $1 ": wants a last line \"" link "A3, B7\", or \"" \
                    link "none\""
            else if ($2 != "none")
                for (i = split($2, names, " "); i > 0; i--) {
                    if (!(names[i] in verdict))
                        print $1 ": \"" names[i] "\" is no claim of " \
                            "labs/claims.tsv"
                    labs[names[i]]++
                }
        }
        END {
            for (claim in verdict)
                if (verdict[claim] != "frame" && !labs[claim])
                    print "labs/claims.tsv: " claim " has no lab: " \
                        "no page names it in its last line"
            for (claim in chapters) {
                count = split(chapters[claim], numbers, " ")
                if (count == 0)
                    print "labs/claims.tsv: " claim " is a frame: of " \
                        "which chapters?"
                for (i = 1; i <= count; i++)
                    if (!(numbers[i] in sentence))
                        print "labs/claims.tsv: " claim ": there is no " \
                            "chapter " numbers[i] " in labs/chapters.tsv"
            }
        }' labs/chapters.tsv labs/claims.tsv <(claims_of_pages) | sort -V
}

# A line for each chapter: its number, a tab, its heading in LABS.md as a link.
headings() {
    local list
    list=$(build/forklab list --json) && jq -r '
        map([(.number / 10 | floor), .chapter]) | unique[] |
        "\(.[0])\t[\(.[1])](LABS.md#\(.[0])-" +
        "\(.[1] | gsub(":"; "") | gsub(" "; "-")))"' \
        <<<"$list"
}

# Claim, what it says, by what it is shown, verdict.
table() {
    local headings
    headings=$(headings) || return
    echo '| | claim | shown by | |'
    echo '|---|---|---|---|'
    awk -F '\t' '
        $1 ~ /^[0-9]$/ {
            heading[$1] = $2
            next
        }
        FILENAME != "labs/claims.tsv" {
            number = substr($1, 6, 2)
            for (i = split($2, names, " "); i > 0; i--)
                labs[names[i]] = labs[names[i]] \
                    (labs[names[i]] == "" ? "" : ", ") \
                    "[" number "](" substr($1, 6) ")"
            next
        }
        $3 == "frame" {
            where = ""
            count = split($4, numbers, " ")
            for (i = 1; i <= count; i++)
                where = where (i > 1 ? ", " : "") heading[numbers[i]]
            printf "| %s | %s | %s | frame |\n", $1, $2, where
            next
        }
        {
            printf "| %s | %s | %s | %s%s |\n", $1, $2, labs[$1], $3,
                $4 == "" ? "" : ($3 == "shown" ? ", " : ": ") $4
        }' <(echo "$headings") <(claims_of_pages) labs/claims.tsv
}

case $#-${1-} in
1-check)
    wrong=$(check)
    [ -z "$wrong" ] && exit
    printf '%s\n' "$wrong" >&2
    exit 1
    ;;
1-table) table ;;
*)
    echo "usage: harness/scripts/claims.sh check | table" >&2
    exit 2
    ;;
esac
