#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# book: the pages of build/site/ as one PDF, with contents; called by `make book`,
# which makes the site first.
#
#   harness/scripts/book.sh [OUT.pdf]       (OUT: build/book.pdf)
#
# Weasyprint or Chromium makes the PDF, whichever is there.
# Status: 0 made, 2 usage, 3 not possible here, 4 a bug of ours.

# shellcheck disable=SC1091,SC2154 # lint sees one file: out, work, maker are there
set -eu
cd "${BASH_SOURCE[0]%/*}/../.."
. harness/scripts/pdf.bash
site=build/site

[ $# -le 1 ] || give_up 2 'one argument: the PDF to be written'
[ -s "$site/index.html" ] || give_up 3 "there is no $site: make setup site"
pdf_begin "${1:-build/book.pdf}"

# What a page has between its header and its footer. All are in one file now: an
# address has the page's name in front, and a link to a page leads to its chapter.
chapter() {
    local page=${1%.html}
    printf '<section class="page" id="%s">\n' "$page"
    sed '1,/^<main/d; /^<\/main>/,$d' "$site/$1" | sed -E "
        s/ (id|for|aria-labelledby)=\"/ \1=\"$page--/g
        s/ href=\"#/ href=\"#$page--/g
        s/ href=\"([a-z0-9-]+)\.html#/ href=\"#\1--/g
        s/ href=\"([a-z0-9-]+)\.html\"/ href=\"#\1\"/g
        s/<a href=\"src\/[^\"]*\" download>([^<]*)<\/a>/\1/g
        s/<details/<details open/g"
    echo '</section>'
}

# The title of a page, as its heading has it.
title() {
    sed -n '/<h1>/ { s/.*<h1>\(.*\)<\/h1>.*/\1/p; q }' "$site/$1"
}

entry() {
    printf '<li><a href="#%s">%s</a></li>\n' "${1%.html}" "$(title "$1")"
}

# The first page of the site has the labs by chapter.
labs_by_chapter() {
    sed -n '/^<h2 id="chapter-/,/^<\/main>/ { /^<\/main>/!p }' "$site/index.html" |
        sed -E 's/ id="[^"]*"//; s/ href="([^"]*)\.html"/ href="#\1"/'
}

before='may-i-fork.html which.html' after='functions.html symptoms.html claims.html depths.html'
labs=$(sed -n 's/^<li><a href="\([0-9][^"]*\.html\)">.*/\1/p' "$site/index.html")

contents() {
    printf '<h1>%s</h1>\n<nav aria-label="contents">\n<ul>\n' "$(title index.html)"
    for page in $before; do
        entry "$page"
    done
    echo '</ul>'
    labs_by_chapter
    echo '<ul>'
    for page in $after; do
        entry "$page"
    done
    printf '</ul>\n</nav>\n'
}

{
    cat <<'END'
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>What goes wrong with fork(2)</title>
<style>
END
    cat "$site/style.css"
    cat <<'END'
@page { size: A4; margin: 18mm 16mm; @bottom-center { content: counter(page); font: 9pt sans-serif } }
.page { break-before: page } h1, h2, h3 { break-after: avoid } .timeline { break-inside: avoid }
nav li { break-inside: avoid } nav a { display: block; position: relative; padding-right: 3em; text-decoration: none }
nav a b, nav a::after { position: absolute; right: 0; bottom: 0; font-weight: 400 }
</style></head><body><main>
END
    contents
    for page in $before $labs $after; do
        chapter "$page"
    done
    echo '</main></body></html>'
} >"$work/plain.html"

# pages_of PDF: "NAME PAGE" for each place that a link leads to. Chromium writes the
# objects of pages in their order, and the places as "/NAME [OBJECT 0 R /XYZ ...".
pages_of() {
    LC_ALL=C awk '
        / 0 obj\r?$/ { object = $1 }
        /\/Type \/Page\r?$/ { page[object] = ++pages }
        match($0, /\/[^ \/<]+ \[[0-9]+ 0 R \/XYZ/) {
            split(substr($0, RSTART + 1), word, /[ \[]+/)
            print word[1], page[word[2]]
        }' "$1"
}

# The number of a page is not known before it is set. Weasyprint has target-counter()
# of CSS for it. Chromium has not: it sets the book twice, with room for the number.
number() {
    awk 'NR == FNR { page[$1] = $2; next }
        /^<nav aria-label="contents">/ { inside = 1 } /^<\/nav>/ { inside = 0 }
        inside && match($0, /href="#[^"]*"/) {
            name = substr($0, RSTART + 7, RLENGTH - 8)
            sub(/<\/a>/, "<b>" page[name] "</b></a>")
        } { print }' "$1" "$work/plain.html"
}

case ${maker##*/} in
weasyprint)
    sed '/^<\/style>/i nav a::after { content: target-counter(attr(href), page) }' \
        "$work/plain.html" >"$work/book.html"
    ;;
*)
    pdf_make plain
    pages_of "$work/plain.pdf" >"$work/pages"
    number "$work/pages" >"$work/book.html"
    ;;
esac
pdf_make book
if [ -e "$work/pages" ] && ! pages_of "$work/book.pdf" | cmp -s - "$work/pages"; then
    give_up 4 'with its numbers the contents are longer: they would be wrong'
fi
cp "$work/book.html" build/site-data/
pdf_end book
echo "wrote $out: $(grep -c '^<section class="page"' "$work/plain.html") chapters"
