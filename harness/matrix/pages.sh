#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# pages: harness/matrix.tsv, as it stands in the pages. Runs nothing.
#
#   harness/matrix/pages.sh page N     what lab N does on other systems
#   harness/matrix/pages.sh all        of each lab, behind a line with its number
#   harness/matrix/pages.sh differing  labs that do not do the same everywhere
#   harness/matrix/pages.sh summary    all of it in a sentence
#   harness/matrix/pages.sh table      a row for each system and C library
#   harness/matrix/pages.sh unwanted   cells that are not as wanted, and why
#   harness/matrix/pages.sh unknown    of these, the ones without a reason
#
# As wanted: the lab shows its hazard, or is safe where its header says that this C
# library or kernel has cured it; the solution is safe; or both are skipped. Why a
# cell is otherwise stands in harness/matrix/notes.tsv.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
table=${table:-harness/matrix.tsv}
notes=${notes:-harness/matrix/notes.tsv}
export LC_ALL=C

# "41", "musl" or "Linux 4.19": what has cured it, by the headers.
cured() {
    sed -nE 's/^ \* Hazard \((musl|Linux [0-9.]+)\): *none$/\1/p; T
        F' labs/[0-9][0-9]-*.c | paste -d '\t' - - |
        sed -E 's|^(.*)\tlabs/([0-9]{2})-.*|\2\t\1|'
}

# The rows; labs in the order of their numbers.
rows() {
    sed 1d "$table" | sort -t $'\t' -k 1,1 -k 2,2 -k 4,4 -k 6,7
}

# What all of them need: wanted() of a row, and its notes.
# shellcheck disable=SC2016 # fields of awk
common='
    BEGIN { FS = "\t" }
    function add(list, item, between) {
        if (index(between list between, between item between)) return list
        return list == "" ? item : list between item
    }
    function short(kernel,    part) {
        split(kernel, part, ".")
        return part[1] "." part[2]
    }
    # 6.18.44 as one number
    function release(text,    part) {
        split(text, part, ".")
        return (part[1] * 1000 + part[2]) * 1000 + part[3]
    }
    # A list of versions with one more, old ones first.
    function add_version(list, item,    part, parts, i, to) {
        if (add(list, item, ", ") == list) return list
        parts = split(list, part, ", ")
        for (i = 1; i <= parts && release(part[i]) <= release(item); i++)
            to = to part[i] ", "
        to = to item
        for (; i <= parts; i++) to = to ", " part[i]
        return to
    }
    function is_cured(    part) {
        if (!($1 in cured)) return 0
        if (cured[$1] == "musl") return $4 ~ /^musl /
        split(cured[$1], part, " ")
        return release($6) >= release(part[2])
    }
    function wanted() {
        if ($8 == "skip") return 1
        return $8 == ($2 == "lab" && !is_cured() ? "hazard" : "safe")
    }
    # The first note on this cell; in a note, "*" stands for any.
    function fits(i) {
        return note_lab[i] == $1 && (note_which[i] == "*" || note_which[i] == $2) &&
            (note_system[i] == "*" || note_system[i] == $3) &&
            (note_libc[i] == "*" || note_libc[i] == $4)
    }
    function why(    i) {
        for (i = 1; i <= noted; i++)
            if (fits(i)) return note[i]
        return ""
    }
    from == "cured" { cured[$1] = $2; next }
    from == "notes" {
        if (FNR == 1) next
        noted++
        note_lab[noted] = $1; note_which[noted] = $2; note_system[noted] = $3
        note_libc[noted] = $4; note[noted] = $5
        next
    }'

# by_rows PROGRAM [NAME=VALUE]: over the rows, with what is cured and noted.
by_rows() {
    awk -v "${2:-asked=}" "$common$1" from=cured <(cured) from=notes "$notes" \
        from=rows <(rows)
}

# page [N]: what lab and solution do, a line for each of several outcomes; N is
# "differing": a row for each lab with several, and what it does.
page() {
    # shellcheck disable=SC2016
    by_rows '
        asked ~ /^[0-9]/ && $1 != asked { next }
        {
            if (!($1 in labs)) order[++count] = $1
            labs[$1] = 1
            row[++n] = $0
            if ($11 > newest) newest = $11
        }
        # What a row shows, in words.
        function shows() {
            if ($8 == "skip") return "not run"
            if ($8 ~ /,/) return first_count($8, $10) " of " $10 " runs" reason()
            if ($8 == "broken") return "broken" reason()
            if ($8 == "safe") return "safe" ($2 == "lab" && is_cured() ? ": cured" : reason())
            return ($9 ~ /^HANG/ ? "hangs" : "shows its hazard") ($2 == "lab" ? "" : reason())
        }
        function reason(    text) {
            text = why()
            return text == "" ? "" : ": " text
        }
        # "hazard, 2 broken" of 20: "18 hazard, 2 broken"
        function first_count(outcomes, runs,    part, parts, i) {
            parts = split(outcomes, part, ", ")
            for (i = 2; i <= parts; i++) runs -= part[i] + 0
            return runs " " outcomes
        }
        # Where: the versions of each C library, the kernels, the machines. What is
        # a year older than the newest row of the table has its date.
        function place(text,    name, version, old) {
            name = $4; sub(/ .*/, "", name)
            version = $4; sub(/^[^ ]* /, "", version)
            old = ($11 < year_before(newest)) ? " (" $11 ")" : ""
            if (!((text, name) in versions)) names[text] = add(names[text], name, " ")
            versions[text, name] = add_version(versions[text, name], version old)
            kernels[text] = add_version(kernels[text], short($6))
            machines[text] = add(machines[text], $7, ", ")
        }
        function year_before(date) {
            return substr(date, 1, 4) - 1 substr(date, 5)
        }
        function where(text,    name, parts, i, list) {
            parts = split(names[text], name, " ")
            for (i = 1; i <= parts; i++)
                list = list name[i] " " versions[text, name[i]] ", "
            return list "Linux " kernels[text] ", " machines[text]
        }
        # The groups of one lab and variant, in group[1..groups], big ones first.
        function collect(lab, which,    i, j, text, other) {
            split("", size); split("", group); split("", names)
            split("", versions); split("", kernels); split("", machines)
            groups = 0
            for (i = 1; i <= n; i++) {
                $0 = row[i]
                if ($1 != lab || $2 != which) continue
                text = shows()
                if (!(text in size)) group[++groups] = text
                size[text]++
                place(text)
                if ($8 != "skip" && (least == "" || $10 < least)) least = $10 + 0
                if ($8 != "skip" && $10 > most) most = $10 + 0
                if ($11 > last) last = $11
                if ($3 ~ /^(linux-|arm64$)/) machine = 1
            }
            for (i = 2; i <= groups; i++)
                for (j = i; j > 1 && size[group[j]] > size[group[j - 1]]; j--) {
                    other = group[j]; group[j] = group[j - 1]; group[j - 1] = other
                }
        }
        # "hangs. " if all do the same, or a line for each that does something else.
        function print_groups(alone,    i) {
            if (groups == 1) printf "%s%s. ", alone, group[1]
            if (groups < 2) return
            for (i = 1; i <= groups; i++)
                print "- " where(group[i]) ": " group[i]
            print ""
        }
        function print_lab(lab) {
            least = ""; most = 0; last = ""; machine = 0
            collect(lab, "lab")
            print_groups(where(group[1]) ": ")
            collect(lab, "solution")
            if (groups > 1) print "The solution:\n"
            print_groups("The solution: ")
            if (least == "") print "Measured " last "."
            else print (least == most ? "" : least " to ") most " runs each, " last "." \
                (machine ? " Not each was run with each: see labs/SYSTEMS.md." : "")
        }
        # That something was not run is no difference.
        function print_row(lab,    i, done, cell) {
            collect(lab, "lab")
            for (i = 1; i <= groups; i++)
                if (group[i] != "not run") {
                    done++
                    cell = cell (done > 1 ? "; " : "") where(group[i]) ": " group[i]
                }
            if (done > 1) print "| " lab " | " cell " |"
        }
        END {
            if (asked == "differing") print "| lab | what it does |\n|---|---|"
            if (asked ~ /^[0-9]/ && !count) print "Not measured yet: `make matrix LAB=" asked "`."
            for (k = 1; k <= count; k++) {
                if (asked == "") print order[k]
                if (asked == "differing") print_row(order[k])
                else print_lab(order[k])
            }
        }' "asked=${1-}"
}

# A row for each system and C library: how many cells are as wanted.
systems() {
    # shellcheck disable=SC2016
    by_rows '
        {
            key = $3 FS $4 FS $7
            if (!(key in total)) order[++count] = key
            total[key]++
            compiler[key] = add(compiler[key], $5, ", ")
            kernel[key] = add(kernel[key], $6, ", ")
            if ($8 == "skip") skipped[key]++
            else {
                if (!(key in least) || $10 < least[key]) least[key] = $10 + 0
                if (wanted()) good[key]++
                else other[key] = add(other[key], $1, ", ")
            }
            if ($11 > last[key]) last[key] = $11
        }
        END {
            print "| system | C library | compiler | Linux | machine | cells | as wanted |" \
                " not run | otherwise: labs | runs, at least | last |"
            print "|---|---|---|---|---|---|---|---|---|---|---|"
            for (i = 1; i <= count; i++) {
                key = order[i]
                split(key, part, FS)
                printf "| %s | %s | %s | %s | %s | %d | %d | %d | %s | %d | %s |\n", part[1],
                    part[2], compiler[key], kernel[key], part[3], total[key], good[key],
                    skipped[key], other[key], least[key], last[key]
            }
        }' | awk 'NR < 3 { print; next } { print | "sort -k 4,4 -k 5,5V" }'
}

# Each cell that is not as wanted: what came of it, and why.
unwanted() {
    # shellcheck disable=SC2016
    by_rows '
        BEGIN {
            print "| lab | | system | C library | of so many runs | outcome | why |"
            print "|---|---|---|---|---|---|---|"
        }
        !wanted() {
            printf "| %s | %s | %s | %s | %d | %s | %s |\n", $1, $2, $3, $4, $10, $8, why()
        }'
}

# Cells that are not as wanted, of which nothing is noted; and notes of no such cell.
unknown() {
    # shellcheck disable=SC2016
    by_rows '
        wanted() { next }
        why() == "" { print $1, $2 " on " $3 " with " $4 ": " $8 ", and no note says why" }
        { for (i = 1; i <= noted; i++) if (fits(i)) used[i] = 1 }
        END {
            for (i = 1; i <= noted; i++)
                if (!(i in used))
                    print "note " i " (lab " note_lab[i] "): there is no such cell"
        }'
}

summary() {
    # shellcheck disable=SC2016
    by_rows '
        {
            name = $4; sub(/ .*/, "", name)
            if (!(name in libc)) names[++named] = name
            version = $4; sub(/^[^ ]* /, "", version)
            libc[name] = add_version(libc[name], version)
            kernels = add_version(kernels, short($6))
            machines = add(machines, $7, ", ")
            if ($8 == "skip") skipped++
            else { cells++; if (wanted()) good++ }
        }
        END {
            printf "Measured with "
            for (i = 1; i <= named; i++)
                printf "%s %s%s", names[i], libc[names[i]], i < named ? "; " : ""
            printf "; Linux %s; %s: %d of %d cells are as wanted ", kernels, machines, good, cells
            printf "(a cell is a lab or a solution on one system, with one C library); "
            printf "%d more were not run: what they need is not there.\n", skipped
        }' | fold -s -w 78 | sed 's/ *$//'
}

case ${1-} in
page) page "$(printf '%02d' "$((10#$2))")" ;;
all) page ;;
differing) page differing ;;
summary) summary ;;
table) systems ;;
unwanted) unwanted ;;
unknown) unknown ;;
*)
    echo "usage: harness/matrix/pages.sh page N | all | differing | summary | table | unwanted | unknown" >&2
    exit 2
    ;;
esac
