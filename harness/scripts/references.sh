#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# references: a text that sends its reader to a lab sends them to one that is
# there. Reads README.md, pages, headers and comments, and finds a lab by its
# number ("lab 31", "labs 31 and 36", "labs 31 to 37", "make check-31",
# "forklab run 31") and by the name of a file (31-lock-nobody-holds.md,
# labs/31-*.c). Of a range both ends must be there. A line end may stand in the
# middle.
#
#   harness/scripts/references.sh [FILE...]     without FILE: README.md and the directories
#
# Prints "FILE:LINE: names ..., which is not there" for each that is missing;
# status 1 if there is one. lint.sh runs it.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
shopt -s nullglob

[ $# -ne 0 ] || set -- README.md labs/*.* solutions/*
existing=(labs/[0-9][0-9]-* solutions/[0-9][0-9]-*)

# The program reads a file as one text, in which a blank stands for a line end
# and for what begins the next line of a comment or of a quotation.
wrong=$(awk -v existing="${existing[*]}" '
    BEGIN {
        start = "(^|[^A-Za-z0-9_-])"
        number = "[0-9][0-9]*"
        file_name = "[0-9][0-9]-[A-Za-z*][A-Za-z0-9.*-]*"
        mark = "[ (#[`*-]*"
        filler = "((no[.]|nos[.]|numbers?|from|between) )?"
        verb = "(solution|diff|try|reset|explain|hint|check|watch|stress)-"
        command = "forklab (run|explain|try|hint|check|watch|reset) "
        between = "(and|or|nor|to|up to|through|as well as|&|-|/|[.][.]+" \
            "|\342\200\223|\342\200\246)"
        between = "(, |,? ?" between " ?)"
        unit = "( (%|of|ms|us|s|[KMG]iB|runs?|times|bytes|lines) |%|[.][0-9])"

        count = split(existing, paths, " ")
        for (i = 1; i <= count; i++) {
            name = paths[i]
            sub(/.*\//, "", name)
            names[name] = 1
            numbers[int(name)] = 1
        }
    }

    function complain(at, what,    line) {
        for (line = 1; line < lines && begins[line + 1] <= at; line++)
            ;
        print file ":" line ": names " what ", which is not there"
    }

    function need_number(at, digits) {
        if (!(int(digits) in numbers))
            complain(at, "lab " digits)
    }

    # The further numbers of a list whose first one ends before at. Behind
    # "lab", not "labs", a comma may also be the end of half a sentence.
    function need_rest(at, many,    rest, part, digits) {
        for (;;) {
            rest = substr(text, at)
            if (!match(rest, "^" between "(labs? )?[`*]*[0-9][0-9]?"))
                return
            at += RLENGTH
            part = substr(rest, 1, RLENGTH)
            rest = substr(text, at) " "
            if (rest ~ /^[0-9A-Za-z_]/ || rest ~ "^" unit ||
                (!many && part ~ /^,/ && rest ~ /^ [^a]/))
                return
            digits = part
            sub(/.*[^0-9]/, "", digits)
            need_number(at - length(digits), digits)
        }
    }

    # Each number after what the expression says.
    function find_numbers(before,    at, end, digits, many) {
        at = 1
        while (match(substr(text, at), before number)) {
            end = at + RSTART + RLENGTH - 1
            digits = substr(text, at, end - at)
            many = digits ~ /[Ss][^A-Za-z]/
            sub(/.*[^0-9]/, "", digits)
            at = end
            if (substr(text, at) ~ /^[.][0-9]/) # a version: "no lab (2.36)"
                continue
            need_number(at - length(digits), digits)
            need_rest(at, many)
        }
    }

    # A name is that of a file, with or without what follows its dot, or the
    # beginning of one; all after a "*" may be anything.
    function is_there(name,    literal, other) {
        literal = name
        sub(/[*].*/, "", literal)
        for (other in names)
            if (index(other, literal) == 1 &&
                (name != literal || name == other ||
                    name !~ /[.](c|md|so|exec)/))
                return 1
        return 0
    }

    # NN-word with a directory before it or a suffix after it, or NN-word-word.
    function find_names(    at, name, before) {
        at = 1
        while (match(substr(text, at), start file_name)) {
            at += RSTART - 1
            name = substr(text, at, RLENGTH)
            before = substr(text, 1, at)
            at += RLENGTH
            sub(/^[^0-9]/, "", name)
            sub(/[.-]+$/, "", name)
            if ((before ~ /(labs|solutions|attempts)\/$/ || name ~ /-.*-/ ||
                 name ~ /[.](c|md)$/) && !is_there(name))
                complain(at - length(name), name)
        }
    }

    function look() {
        find_numbers(start "[Ll][Aa][Bb][Ss]?" mark filler)
        find_numbers(start verb)
        find_numbers(command)
        find_names()
        text = ""
        lines = 0
    }

    FNR == 1 {
        if (file != "")
            look()
        file = FILENAME
    }

    {
        if (lines > 0)
            sub(/^[ \t]*([*>]|\/\/|\/[*]|#+)?[ \t]*/, "")
        begins[++lines] = length(text) + 1
        text = text $0 " "
    }

    END {
        if (file != "")
            look()
    }' "$@") || {
    echo "$1: awk cannot read it"
    exit 4
}
[ -z "$wrong" ] && exit
printf '%s\n' "$wrong"
exit 1
