# SPDX-License-Identifier: MIT
#
# site: the reference that `make site` has made, build/site/; called by `make
# check-site`. What needs a browser is skipped, with the reason, where Node.js,
# Chromium or the modules of site/package.json are missing.

# shellcheck disable=SC2154
load helper

site=build/site
modules=build/site-check

setup() {
    prepare
    [ -s "$site/index.html" ] || skip "there is no $site: make setup site"
}

# pages CHECK: what pages.py has against the site.
pages() {
    is "$(python3 harness/tests/site/pages.py "$1" "$site" 2>&1)" "" "$1"
}

needs_browser() {
    command -v node >/dev/null || skip "Node.js is missing"
    command -v chromium >/dev/null || skip "Chromium is missing"
    [ -d "$modules/node_modules/playwright-core" ] ||
        skip "playwright-core is missing: make check-site installs it with npm"
}

# browser CHECK [SITE]
browser() {
    needs_browser
    is "$(node harness/tests/site/browser.mjs "$1" "${2-$site}" "$modules" 2>&1 3>&-)" "" "$1"
}

# generate ROOT [BASE]: makes a site of its own.
generate() {
    status=0
    build/site-generator "$1" build/site-data "$BATS_TEST_TMPDIR/made" "${2-}" \
        >"$out" 2>"$err" 3>&- || status=$?
}

# a_copy: of what the generator reads, below $copy, to be damaged.
a_copy() {
    copy=$BATS_TEST_TMPDIR/copy
    mkdir -p "$copy/harness"
    cp -r labs solutions "$copy"
    cp -r harness/site "$copy/harness"
}

# ---- what it has ----

@test "a page for each lab, with all its parts in their order" {
    pages parts
}

@test "the lines that are marked are those of the diff" {
    pages marks
}

@test "a lab that was run has a picture, and the same in words" {
    pages pictures
}

@test "lab 31: the picture shows whose lock it is, and that the child waits for it" {
    local file=$site/31-lock-nobody-holds.html
    is "$(grep -c 'rect class="lock"' "$file")" 1 "locks that are held"
    is "$(grep -c 'rect class="lost"' "$file")" 1 "locks without an owner"
    is "$(grep -c 'path class="fork"' "$file")" 1 "forks"
    grep -q 'child waits for ever in pthread_mutex_lock; it wants <code>lock' "$file"
}

@test "each symptom of the pages and of strings.tsv is in the index" {
    pages symptoms
}

@test "what each lab does on other systems is on its page" {
    local page number line missing=''
    for page in labs/[0-9][0-9]-*.md; do
        number=${page:5:2} page=${page##*/}
        while IFS= read -r line; do
            grep -qF -- "${line#- }" "$site/${page%.md}.html" || missing+="$number: $line; "
        done < <(harness/matrix/pages.sh page "$number")
    done
    is "$missing" '' 'lines that are missing'
}

@test "which: each lab is reached, by seven questions at most" {
    pages questions
}

@test "functions: 120 at least; what was measured names its lab" {
    local table=harness/site/functions.tsv
    [ "$(grep -vc '^#' "$table")" -ge 120 ]
    is "$(awk -F'\t' '!/^#/ && NF != 7' "$table")" "" "lines of seven columns"
    is "$(awk -F'\t' '!/^#/ && $5 !~ /^(hangs|safe|wrong|sourced|unknown)/' "$table")" \
        "" "words"
    is "$(awk -F'\t' '!/^#/ && $5 ~ /^(hangs|safe|wrong)/ && $6 == "-"' "$table")" \
        "" "measured without a lab"
    is "$(cut -f1 "$table" | grep -v '^#' | sort | uniq -d)" "" "twice"
    is "$(grep -c '^<tr id=' "$site/functions.html")" \
        "$(grep -vc '^#' "$table")" "rows"
}

@test "you are the thread: two runs each that part where somebody else runs" {
    pages orders
}

@test "the book: each chapter has the page that the contents say" {
    command -v weasyprint >/dev/null || command -v chromium >/dev/null ||
        skip "needs weasyprint or chromium: make setup check"
    local book=$BATS_TEST_TMPDIR/book.pdf pages
    harness/scripts/book.sh "$book" >"$out" 2>"$err" </dev/null 3>&-
    is "$(head -c 4 "$book")" %PDF "how it begins"
    pages=$(grep -ac '/Type /Page$' "$book")
    [ "$pages" -ge "$(build/forklab list --json | jq length)" ]
    command -v weasyprint >/dev/null || {
        sed -n 's/.*href="#\([^"]*\)".*<b>\([0-9]*\)<\/b>.*/\2 \1/p' \
            build/site-data/book.html >"$out"
        is "$(wc -l <"$out")" "$(grep -c '^<section class="page"' build/site-data/book.html)" entries
        is "$(sort -snu "$out")" "$(cat "$out")" "pages in their order"
        awk -v pages="$pages" '$1 < 2 || $1 > pages { exit 1 }' "$out"
    }
}

# ---- how it is made ----

@test "each page is below 100 KB" {
    pages weight
}

@test "all links inside lead to something" {
    pages links
}

@test "nothing is loaded from elsewhere" {
    pages resources
}

@test "with a base: canonical, Open Graph and sitemap; without: none of them" {
    generate . https://forklab.example/
    is "$status" 0 "exit status"
    local made=$BATS_TEST_TMPDIR/made page
    page=$made/31-lock-nobody-holds.html
    grep -qxF '<link rel="canonical" href="https://forklab.example/31-lock-nobody-holds.html">' "$page"
    grep -q '<meta property="og:image" content="https://forklab.example/31-' "$page"
    is "$(grep -c '<loc>' "$made/sitemap.xml")" "$(find "$made" -maxdepth 1 -name "*.html" | wc -l)" "sitemap"
    sed -n 's/.*ld+json">\(.*\)<\/script>/\1/p' "$page" | jq -e '.headline and .url' >"$out"
    generate .
    [ ! -e "$site/sitemap.xml" ]
    is "$(grep -lc canonical "$site"/*.html)" "" "canonical"
}

# ---- in Japanese ----

# japanese CHECK: what pages.py has against these pages.
japanese() {
    [ -d "$site/ja" ] || skip "there is no catalogue: make setup check site"
    is "$(python3 harness/tests/site/pages.py "$1" "$site/ja" 2>&1)" "" "$1"
}

@test "ja: a page for each lab, the first one and the questions, and no other" {
    japanese translated
    is "$(cd "$site/ja" && echo [!0-9]*.html)" \
        'index.html which.html' "pages that are no labs"
    is "$(cd "$site/ja" && ls -- [0-9]*.html)" "$(cd "$site" && ls -- [0-9]*.html)" labs
}

@test "ja: links, weight, marks, and the questions lead to each lab" {
    japanese links
    japanese weight
    japanese resources
    japanese marks
    japanese questions
}

@test "ja: each page leads to the same in the other language, and back" {
    [ -d "$site/ja" ] || skip "there is no catalogue: make setup check site"
    local name
    for name in index.html which.html 31-lock-nobody-holds.html; do
        grep -qF "<a href=\"ja/$name\" hreflang=\"ja\" lang=\"ja\">日本語</a>" "$site/$name"
        grep -qF "<a href=\"../$name\" hreflang=\"en\" lang=\"en\">English</a>" "$site/ja/$name"
        grep -qF "<link rel=\"alternate\" hreflang=\"ja\" href=\"ja/$name\">" "$site/$name"
        grep -qF "<link rel=\"alternate\" hreflang=\"en\" href=\"../$name\">" "$site/ja/$name"
    done
    # What is in English only leads to the first page, and names no other.
    grep -qF '<a href="ja/index.html" hreflang="ja"' "$site/functions.html"
    is "$(grep -c 'rel="alternate"' "$site/functions.html")" 0 "other languages"
}

@test "ja, with a base: canonical, alternates and sitemap have whole addresses" {
    [ -s build/locale/ja/LC_MESSAGES/forklab.mo ] || skip "there is no catalogue"
    local made=$BATS_TEST_TMPDIR/made page
    build/site-generator . build/site-data "$made" https://forklab.example ja >"$out" 3>&-
    FORKLAB_LANG=ja build/site-generator . build/site-data "$made/ja" \
        https://forklab.example ja >"$out" 3>&-
    page=31-lock-nobody-holds.html
    grep -qF "rel=\"canonical\" href=\"https://forklab.example/ja/$page\"" "$made/ja/$page"
    grep -qF "hreflang=\"en\" href=\"https://forklab.example/$page\"" "$made/ja/$page"
    grep -qF "hreflang=\"ja\" href=\"https://forklab.example/ja/$page\"" "$made/$page"
    is "$(grep -c '<loc>' "$made/sitemap.xml")" \
        "$(find "$made" -name '*.html' | wc -l)" "sitemap"
    is "$(find "$made/ja" -name '*.xml' -o -name '*.css' -o -name '*.js')" "" "files beside"
}

# rsvg-convert is one that makes no picture of lab 32.
@test "a link's picture is a PNG; where none can be made, the SVG stays" {
    generate . https://forklab.example/
    local made=$BATS_TEST_TMPDIR/made bin=$BATS_TEST_TMPDIR/bin kept=$BATS_TEST_TMPDIR/kept
    mkdir "$bin"
    # shellcheck disable=SC2016 # the stand-in's
    printf '#!/bin/sh\ncase $7 in */32-*) exit 1 ;; esac\ncksum <"$7" >"$6"\n' >"$bin/rsvg-convert"
    chmod +x "$bin/rsvg-convert"
    PATH=$bin:$PATH harness/scripts/pictures.sh "$made" "$kept" >"$out"
    is "$(cat "$out")" "$(($(find "$made" -name '*.svg' | wc -l) - 1)) pictures for links, as PNG" count
    grep -q 'og:image" content="https://forklab.example/31-lock-nobody-holds.png"' "$made"/31-*.html
    is "$(cat "$made/31-lock-nobody-holds.png")" "$(cksum <"$made/31-lock-nobody-holds.svg")" picture
    grep -q 'og:image" content="https://forklab.example/32-.*svg"' "$made"/32-*.html
    # Again: what has changed is made anew, and only that.
    rm "$bin/rsvg-convert"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho new >"$6"\n' >"$bin/rsvg-convert"
    chmod +x "$bin/rsvg-convert"
    echo '<!-- changed -->' >>"$made/31-lock-nobody-holds.svg"
    PATH=$bin:$PATH harness/scripts/pictures.sh "$made" "$kept" >"$out"
    is "$(cat "$made/31-lock-nobody-holds.png")" new "what has changed"
    is "$(cat "$made/33-time-stands-still.png")" "$(cksum <"$made/33-time-stands-still.svg")" "what has not"
}

# ---- mistakes ----

@test "a page without In short, and a line of functions.tsv that is short, are errors" {
    a_copy
    sed -i 's/^## In short/## In long/' "$copy/labs/31-lock-nobody-holds.md"
    generate "$copy"
    is "$status" 1 "exit status"
    grep -q 'labs/31-lock-nobody-holds.md' "$err"
    a_copy
    echo $'frob\tyes' >>"$copy/harness/site/functions.tsv"
    generate "$copy"
    is "$status" 1 "exit status"
    grep -q frob "$err"
}

@test "what a page has from its author is escaped" {
    a_copy
    sed -i '1s/.*/# 31 lock-nobody-holds: a <script> \& "more"/' \
        "$copy/labs/31-lock-nobody-holds.md"
    generate "$copy"
    is "$status" 0 "exit status"
    grep -qF '<title>A  &amp; &quot;more&quot;' \
        "$BATS_TEST_TMPDIR/made/31-lock-nobody-holds.html" ||
        grep -qF '<title>A &lt;script&gt; &amp; &quot;more&quot;' \
            "$BATS_TEST_TMPDIR/made/31-lock-nobody-holds.html"
    is "$(grep -c '<h1>.*<script' "$BATS_TEST_TMPDIR/made/31-lock-nobody-holds.html")" 0 h1
}

@test "html-validate has nothing against a page" {
    local validate=$modules/node_modules/.bin/html-validate
    command -v node >/dev/null || skip "Node.js is missing"
    [ -x "$validate" ] || skip "html-validate is missing: make check-site installs it"
    is "$(find "$site" -name '*.html' -exec "$validate" --preset standard {} + 2>&1)" \
        "" "html-validate"
}

# ---- in a browser ----

@test "browser: no page is wider than 360, 800 and 1400 px" {
    browser widths
}

@test "browser: nor is one in Japanese; axe has nothing against them, keys are enough" {
    [ -d "$site/ja" ] || skip "there is no catalogue: make setup check site"
    browser widths "$site/ja"
    browser accessible "$site/ja"
    browser keyboard "$site/ja"
}

@test "browser: no request but for the files" {
    browser requests
}

@test "browser: axe has nothing against a page" {
    browser accessible
}

@test "browser: dark is dark, and paper has no buttons and nothing folded" {
    browser media
}

@test "browser: without JavaScript all is there" {
    browser scriptless
}

@test "browser: what is typed finds its lab" {
    browser filter
}

@test "browser: the questions by key alone" {
    browser keyboard
}

@test "browser: you are the thread, by key through both runs" {
    browser game
}

@test "browser: the cure is copied without marks" {
    browser copy
}
