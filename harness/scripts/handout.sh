#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# handout: the labs on paper, one page of A4 each, as a PDF: what it is about,
# the program without its header, three questions, room for notes.
#
#   harness/scripts/handout.sh [OUT.pdf]       (OUT: build/handout.pdf)
#
# Weasyprint or Chromium makes the PDF, whichever is there.
# Status: 0 made, 2 usage, 3 not possible here.

# shellcheck disable=SC1091,SC2154 # lint sees one file: out, work, maker are there
set -eu
cd "${BASH_SOURCE[0]%/*}/../.."
. harness/scripts/pdf.bash

[ $# -le 1 ] || give_up 2 'one argument: the PDF to be written'
pdf_begin "${1:-build/handout.pdf}"

escape() {
    sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
}

# shellcheck disable=SC2016 # backquotes are Markdown's
# What is Markdown within a line becomes HTML; a link is its text.
marks() {
    escape | sed -E 's/\[([^]]*)\]\([^)]*\)/\1/g; s/`([^`]*)`/<code>\1<\/code>/g
        s/\*\*([^*]*)\*\*/<b>\1<\/b>/g; s/\*([^*]*)\*/<i>\1<\/i>/g'
}

# section TITLE PAGE: its text, without what is folded.
section() {
    awk -v title="## $1" '/^## /{ on = $0 == title; next } /^<details>/ { on = 0 } on' "$2"
}

# The program from behind its header on.
listing() {
    awk 'body { print } /\*\// { body = 1 }' "$1" | escape
}

# A page has room for 2 columns of 66 lines at 7.5 pt; a longer program is
# smaller.
size_of() {
    local lines
    lines=$(listing "$1" | wc -l)
    if [ "$lines" -le 116 ]; then
        echo 7.2
    elif [ "$lines" -le 150 ]; then
        echo 6
    else
        echo 5
    fi
}

paper() {
    local lab=$1 page=${1%.c}.md
    printf '<section><h1>%s</h1>\n<p>' "$(sed -n '1s/^# //p' "$page" | marks)"
    section 'In short' "$page" | marks
    printf '</p>\n<pre style="font-size: %spt">' "$(size_of "$lab")"
    listing "$lab"
    printf '</pre>\n<ol>'
    section 'Three questions' "$page" | marks | sed -E 's/^[0-9]\. /<li>/'
    printf '</ol>\n<p class="run">make lab-%d</p></section>\n' \
        "$((10#$(basename "$lab" | cut -c 1-2)))"
}

{
    cat <<'END'
<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>forklab: the labs</title>
<style>
@page { size: A4; margin: 12mm }
body { margin: 0; font: 9.5pt/1.35 sans-serif }
section { break-after: page; height: 270mm; overflow: hidden; position: relative }
section:last-child { break-after: auto }
h1 { font-size: 13pt; margin: 0 }
pre { columns: 2; column-gap: 5mm; column-rule: 0.3pt solid #888; line-height: 1.25;
    border: 0.5pt solid #888; padding: 2mm; white-space: pre-wrap; margin: 2mm 0 }
ol { margin: 2mm 0; padding-left: 6mm } code { font-size: 0.92em }
.run { position: absolute; top: 0; right: 0; margin: 0; font-family: monospace }
</style>
END
    for lab in labs/[0-9][0-9]-*.c; do
        [[ ${lab#labs/} == *.*.c ]] || paper "$lab"
    done
    echo '</html>'
} >"$work/handout.html"

pdf_make handout
pdf_end handout
echo "wrote $out: $(grep -c '<section>' "$work/handout.html") pages of A4"
