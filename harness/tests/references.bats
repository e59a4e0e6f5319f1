# SPDX-License-Identifier: MIT
#
# references: no text names a lab that is not there, and lint refuses one that
# does. It looks at a copy; whatever lab is made later, 99 is not there.

# The helper sets out and err; some texts have backquotes.
# shellcheck disable=SC2154,SC2016
load helper

copy() {
    here=$BATS_TEST_TMPDIR/copy
    mkdir -p "$here/harness/scripts"
    cp harness/scripts/lint.sh harness/scripts/references.sh \
        "$here/harness/scripts/"
    cp -R README.md labs solutions "$here/"
    rm -f "$here"/labs/99-* "$here"/solutions/99-*
}

# look [FILE...]: the rule alone, over the copy; sets status and $out.
look() {
    status=0
    "$here/harness/scripts/references.sh" "$@" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}

# refused FILE TEXT NAME...: with this text at its end, FILE, and nothing else,
# is refused, for these names.
refused() {
    local file=$1 text=$2
    shift 2
    cp "$file" "$here/$file"
    printf '\n%s\n' "$text" >>"$here/$file"
    look "$file"
    is "$status" 1 "exit status for: $text"
    is "$(sed 's/^[^:]*:[0-9]*: names //; s/, which is not there$//' "$out" |
        sort | paste -sd ';')" "$(printf '%s\n' "$@" | sort | paste -sd ';')" \
        "refused in: $text"
    is "$(cut -d: -f1 "$out" | sort -u)" "$file" "file for: $text"
}

@test "README, pages and programs name only labs that are there" {
    copy
    look
    is "$(cat "$out" "$err")" "" "output"
    is "$status" 0 "exit status"
}

@test "a number of a lab that is not there is refused, in each form" {
    copy
    local page
    page=$(echo labs/31-*.md)
    refused "$page" 'See lab 99.' 'lab 99'
    refused "$page" 'A page (lab 99) more' 'lab 99'
    refused "$page" "Lab 99's cure" 'lab 99'
    refused "$page" 'labs 98 and 99' 'lab 98' 'lab 99'
    refused "$page" 'labs 31, 36, 99 and 37 say so' 'lab 99'
    refused "$page" '(labs 33, 34, 99)' 'lab 99'
    refused "$page" 'lab 31 or 99' 'lab 99'
    refused "$page" 'all that labs 31 to 99 say' 'lab 99'
    refused "$page" 'labs 31-99' 'lab 99'
    refused "$page" 'labs 31–99' 'lab 99'
    refused "$page" 'lab-99' 'lab 99'
    refused "$page" '`make lab-99`' 'lab 99'
    refused "$page" 'make solution-99; make check-31' 'lab 99'
    refused "$page" 'build/forklab explain 99' 'lab 99'
    rm -f "$here"/labs/07-* "$here"/solutions/07-*
    refused "$page" 'lab 7' 'lab 7'
}

@test "a file of a lab that is not there is refused, in each form" {
    copy
    local page
    page=$(echo labs/31-*.md)
    refused "$page" '[here](99-not-there.md)' 99-not-there.md
    refused "$page" '[lab 99](99-not-there.md)' 'lab 99' 99-not-there.md
    refused "$page" '[lab 31](31-not-there.md)' 31-not-there.md
    refused "$page" 'labs/99-*.c' '99-*.c'
    refused "$page" 'build/labs/99-not' 99-not
    refused "$page" 'solutions/99-not-there.c' 99-not-there.c
    refused README.md '[99](labs/99-not-there.md)' 99-not-there.md
}

@test "a line end in the middle hides nothing, and the line is right" {
    copy
    refused README.md 'which is much larger (lab
99), as labs 31,
36 and 98 say' 'lab 99' 'lab 98'
    is "$(cut -d: -f2 "$out" | paste -sd ' ')" \
        "$(wc -l <README.md | awk '{ print $1 + 3, $1 + 4 }')" "lines"
}

@test "programs, their headers and their cures are read, too" {
    copy
    refused labs/lab.h '/* as in lab
 * 99 */' 'lab 99'
    refused "$(echo labs/31-*.c)" '// see 99-not-there.md' 99-not-there.md
    refused "$(echo solutions/31-*.c)" '/* lab 99 */' 'lab 99'
    refused labs/claims.tsv 'lab 99' 'lab 99'
}

@test "what names no lab, or one that is there, is not refused" {
    copy
    cat >>"$here/README.md" <<'EOF'
Lab 1 is lab 01; labs 31 to 37, labs 31 and 36. In lab 31, 99 children hung; lab
30, 200 of 200; lab 20 takes 99 ms, in labs 30 and 31, 99 % of the time.
forklab-99, forklab 99, 64-bit, 2026-12-31, hint 99, lab-N, labs/NN-name.c,
labs/31-*.md, a comm of 43-two-handlers, 49-the-thread-you-did-not-start.so.c. Without a lab
(99.1).
EOF
    look README.md
    is "$(cat "$out")" "" "output"
    is "$status" 0 "exit status"
}

@test "a file that cannot be read is no success" {
    copy
    look labs/not-there.md
    is "$status" 4 "exit status"
    grep -F "labs/not-there.md: awk cannot read it" "$out"
}

# The tools that lint needs say nothing here, so that its own rules are left; and
# one lab is enough.
@test "lint refuses what the rule refuses" {
    copy
    local tool
    find "$here/labs" "$here/solutions" -type f ! -name '31-*' ! -name lab.h -delete
    mkdir "$BATS_TEST_TMPDIR/bin"
    for tool in cc gcc clang clang-format clang-tidy cppcheck shellcheck; do
        ln -s /bin/true "$BATS_TEST_TMPDIR/bin/$tool"
    done
    echo 'see lab 99' >"$here/README.md"
    status=0
    PATH=$BATS_TEST_TMPDIR/bin:$PATH bash "$here/harness/scripts/lint.sh" >"$out" \
        2>"$err" </dev/null 3>&- || status=$?
    is "$status" 1 "exit status"
    grep -Fx 'README.md:1: names lab 99, which is not there [reference]' "$out"
}

# From the first question on: "QUESTIONS LAB" for each lab that is reached, with
# the fewest questions; and what leads nowhere.
follow_questions() {
    awk '
    # As GitHub makes the name of a heading.
    function name(text) {
        text = tolower(text)
        gsub(/[^a-z0-9 -]/, "", text)
        gsub(/ /, "-", text)
        return text
    }
    function take(   target) {
        if (answer == "") return
        if (!match(answer, /\]\([^)]*\)$/)) {
            print "no link at the end: " answer
        } else {
            target = substr(answer, RSTART + 2, RLENGTH - 3)
            leads[at, ++answers[at]] = target
        }
        answer = ""
    }
    /^## / { take(); at = name(substr($0, 4)); asked[at] = 1
             if (first == "") first = at; next }
    /^- / { take(); answer = $0; next }
    /^  / { answer = answer " " substr($0, 3); next }
    { take() }
    END {
        take()
        queue[++last] = first; depth[first] = 1
        for (next_one = 1; next_one <= last; next_one++) {
            at = queue[next_one]
            for (i = 1; i <= answers[at]; i++) {
                target = leads[at, i]
                if (target !~ /^#/) {
                    if (!(target in found)) print depth[at], target
                    found[target] = 1
                } else if (!((target = substr(target, 2)) in asked)) {
                    print "no such question: " target
                } else if (!(target in depth)) {
                    depth[target] = depth[at] + 1
                    queue[++last] = target
                }
            }
        }
        for (at in asked) if (!(at in depth)) print "nobody asks: " at
    }' "$1"
}

@test "the questions of WHICH.md lead to each lab, by seven at most" {
    follow_questions labs/WHICH.md >"$out"
    is "$(grep -v '^[1-7] [0-9][0-9]-[a-z-]*\.md$' "$out")" "" "what leads nowhere"
    is "$(cut -d' ' -f2 "$out" | sort)" "$(basename -a labs/[0-9]*.md)" "labs"
    # A lab that is left out, and a question that nobody asks, are noticed.
    sed 's/(#who-was-hit)/(#who-waits)/' labs/WHICH.md >"$BATS_TEST_TMPDIR/which.md"
    follow_questions "$BATS_TEST_TMPDIR/which.md" >"$out"
    grep -qx 'nobody asks: who-was-hit' "$out"
    is "$(grep -c '07-minus-one-is-a-pid' "$out")" 0 "ways to lab 07"
}
