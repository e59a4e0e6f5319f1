# SPDX-License-Identifier: MIT
#
# claims: each claim of the two texts has its lab, and harness/scripts/claims.sh notices
# where one has not. It looks at a copy of the files that it reads.

# shellcheck disable=SC2154  # out and err are the helper's
load helper

copy() {
    here=$BATS_TEST_TMPDIR/copy
    mkdir -p "$here/harness/scripts" "$here/labs"
    cp harness/scripts/claims.sh "$here/harness/scripts/"
    cp labs/[0-9]*.md labs/claims.tsv labs/chapters.tsv "$here/labs/"
}

# Sets status and $err, as forklab does.
check() {
    status=0
    "$here/harness/scripts/claims.sh" check >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# wrong LINE: the check finds this, and nothing else.
wrong() {
    check
    is "$status" 1 "exit status"
    is "$(cat "$err")" "$1" "what is wrong"
}

# The page of lab $1, in the copy.
page() {
    echo "$here"/labs/"$1"-*.md
}

@test "every claim has its lab, every page names its claims" {
    copy
    check
    is "$status" 0 "exit status"
    is "$(cat "$out" "$err")" "" "output"
}

@test "the claims are A1 to A14 and B1 to B25" {
    is "$(cut -f 1 labs/claims.tsv | tr '\n' ' ')" \
        "$(printf '%s ' A{1..14} B{1..25})" "claims"
    is "$(awk -F '\t' '$3 == "frame" { print $1 }' labs/claims.tsv | tr '\n' ' ')" \
        "A14 B1 B8 B25 " "frames"
}

@test "a claim that loses its lab is noticed, whichever it is" {
    local claim tried=0
    while IFS=$'\t' read -r claim _ verdict _; do
        [ "$verdict" != frame ] || continue
        copy
        sed -i -E "\$s/: $claim\$/: none/; \$s/, $claim\\b//; \$s/: $claim, /: /" \
            "$here"/labs/[0-9]*.md
        wrong "labs/claims.tsv: $claim has no lab: no page names it in its last line"
        tried=$((tried + 1))
    done <labs/claims.tsv
    is "$tried" 35 "claims tried"
}

@test "a page that is gone takes its claims along" {
    copy
    rm "$(page 51)" "$(page 21)"
    wrong "labs/claims.tsv: B11 has no lab: no page names it in its last line"
}

@test "a claim that nobody has made" {
    copy
    sed -i '$s/B18/B81/' "$(page 31)"
    check
    is "$status" 1 "exit status"
    grep -Fx "$(cd "$here" && echo labs/31-*.md): \"B81\" is no claim of labs/claims.tsv" "$err"
    grep -F 'B18 has no lab' "$err"
}

@test "a page that does not say which claims it shows" {
    copy
    sed -i '$d' "$(page 11)"
    check
    is "$status" 1 "exit status"
    grep -F "labs/11-close-wait-for-ever.md: wants a last line" "$err"
    grep -F 'B9 has no lab' "$err"
    copy
    sed -i '$s/: .*/: none/' "$(page 12)"
    check
    is "$status" 0 "exit status"
}

@test "a claim whose line is not complete" {
    copy
    sed -i -E '/^B2\t/s/[^\t]*$//' "$here/labs/claims.tsv"
    wrong "labs/claims.tsv:16: B2 is corrected, but how is it today?"
    copy
    sed -i -E '/^B2\t/s/corrected/right/' "$here/labs/claims.tsv"
    wrong 'labs/claims.tsv:16: "right": shown, corrected or frame'
    copy
    sed -i -E '/^B8\t/s/[^\t]*$//' "$here/labs/claims.tsv"
    wrong "labs/claims.tsv: B8 is a frame: of which chapters?"
    copy
    sed -i -E '/^B8\t/s/[^\t]*$/9/' "$here/labs/claims.tsv"
    wrong "labs/claims.tsv: B8: there is no chapter 9 in labs/chapters.tsv"
    copy
    echo "A3	again	shown	" >>"$here/labs/claims.tsv"
    wrong "labs/claims.tsv:40: A3 is there twice"
}

@test "a chapter without its sentence" {
    copy
    sed -i '/^6\t/d' "$here/labs/chapters.tsv"
    check
    is "$status" 1 "exit status"
    grep -F "labs/chapters.tsv: no sentence for chapter 6, of labs/60-" "$err"
}

@test "generate.sh --check asks, and says no" {
    copy
    cp harness/scripts/generate.sh "$here/harness/scripts/"
    touch "$here/README.md"
    "$here/harness/scripts/generate.sh" --check README.md 3>&- </dev/null
    sed -i '$s/: .*/: none/' "$(page 72)"
    status=0
    "$here/harness/scripts/generate.sh" --check README.md 2>"$err" 3>&- </dev/null || status=$?
    is "$status" 1 "exit status"
    grep -F 'B19 has no lab' "$err"
}

@test "labs/CLAIMS.md has the table of claims" {
    harness/scripts/claims.sh table >"$out"
    diff <(sed -n '/^<!-- claims:begin/,/^<!-- claims:end/p' labs/CLAIMS.md |
        sed '1d; $d') "$out"
}

# ---- what pages say of a C library ----

# Prints each paragraph, item and row of the page $1 that speaks of glibc or musl
# and of no version. What was seen in the wild speaks of the libraries of others,
# and what a runner has printed is no sentence of ours.
without_version() {
    awk '
        function look() {
            if (block ~ /glibc|musl/ && block !~ /[0-9][.][0-9]/ &&
                heading != "## Seen in the wild")
                print FILENAME ":" first ": " substr(block, 2)
            block = ""
        }
        /^```/ { code = !code }
        code || /^(    |```|<!--)/ { next }
        /^$|^- |^[0-9][.] |^ *\||^#|^</ { look() }
        /^#/ { heading = $0 }
        {
            if (block == "")
                first = FNR
            block = block " " $0
        }
        END { look() }' "$1"
}

@test "a page that speaks of a C library says of which version" {
    local page found
    page=$BATS_TEST_TMPDIR/page.md
    printf '%s\n' 'With glibc 2.36' 'it hangs.' '' '- with musl' '  it does not' '' \
        '| glibc | x |' '## Seen in the wild' '- with glibc' >"$page"
    is "$(without_version "$page" | cut -d: -f2- | paste -sd ';')" \
        "4: - with musl   it does not;7: | glibc | x |" "found in an example"
    found=$(for page in labs/[0-9]*.md; do without_version "$page"; done)
    is "$found" "" "paragraphs without a version"
}

@test "the thread that forks is the main thread of the child, as page 30 says" {
    build/tests/programs/fork-in-thread >"$out" 2>"$err" 3>&-
    is "$(cat "$out")" "child: main thread is 1
child: an exit handler runs
parent: main thread is 0, child's status 0" "what it shows"
    paste -sd ' ' labs/30-*.md >"$BATS_TEST_TMPDIR/page"
    grep -q "The thread that called fork() is the child's main thread" \
        "$BATS_TEST_TMPDIR/page"
}

# What page 30 says of the version of glibc that is here must be so.
@test "pthread_join() of a thread that was not copied, as page 30 says" {
    local version says
    version=$(getconf GNU_LIBC_VERSION 2>/dev/null) || skip "no glibc here"
    paste -sd ' ' labs/30-*.md | tr -s ' ' |
        grep -o 'Calling pthread_join().*glibc 2.43[^.]*[.]' >"$BATS_TEST_TMPDIR/said"
    case ${version#glibc } in
    2.36 | 2.41) says='glibc 2.36 and 2.41 return 0 at once' ;;
    2.43) says='glibc 2.43 and musl 1.2.3 wait for ever' ;;
    *) skip "$version was not measured" ;;
    esac
    grep -qF "$says" "$BATS_TEST_TMPDIR/said"
    forklab cage --json "$json" -- build/tests/programs/fork-in-thread join
    case $says in
    *'return 0'*) field '.evidence[0]' 'child: pthread_join returns 0' ;;
    *) field .verdict hang ;;
    esac
}

# Each mechanism has a lab, or is one of the depths, which say why there is none;
# and each lab shows one.
@test "the labs by mechanism: 65, each with a lab or a reason, and each lab is there" {
    local table=$BATS_TEST_TMPDIR/table page number
    sed -n '/^## By mechanism/,$p' labs/LABS.md | grep -E '^\| ' |
        grep -vE '\| labs \|$' >"$table"
    [ "$(wc -l <"$table")" -ge 65 ] || is "$(wc -l <"$table")" ">= 65" rows
    is "$(grep -vE '\[[0-9]{2}\]\([0-9]{2}-|none: \[depths\]\(README.md#depths\), 8[1-9]' "$table")" \
        "" "rows without a lab or a reason"
    for page in labs/[0-9]*.md; do
        grep -qF "(${page#labs/})" "$table" || is "(not there)" "${page#labs/}" "a row of it"
    done
    for number in $(grep -oE ', 8[1-9]' "$table" | tr -d ', '); do
        grep -qE "^\| $number \|" labs/README.md || is "(not there)" "$number" depths
    done
}
