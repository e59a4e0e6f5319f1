# SPDX-License-Identifier: MIT
#
# tools: what existing tools say of the labs is by rule (harness/tools/rules.tsv),
# and the table, the pages and labs/TOOLS.md say what the rules say.

# The helper sets out, err, tmp; rules.sh sets says, why, command and tells.
# shellcheck disable=SC2154,SC1091,SC2030,SC2031
load helper

labs=(labs/[0-9][0-9]-*.md)

# evidence LAB TOOL lab|cure STDOUT STDERR END: as tools.sh writes it.
plant() {
    mkdir -p "$evidence/$1"
    printf '$ true\n%%%% stdout\n%s\n%%%% stderr\n%s\n%%%% end: %s\n' "$4" "$5" "$6" \
        >"$evidence/$1/$2.$3"
}

# judged LAB TOOL WANTED: what follows from the evidence.
judged() {
    verdict "$1" "$2" || is "" "$3" "no verdict, $2 of lab $1"
    is "$says" "$3" "$2 of lab $1 ($why)"
}

prepared() {
    status=0
    evidence=$BATS_TEST_TMPDIR/evidence
    . harness/tools/rules.sh
    : >"$out"
    : >"$err"
}

@test "tools: each rule has four columns, a lab, a command and a valid expression" {
    local lab tool command tells more bad='' status
    status=0
    : >"$out"
    : >"$err"
    while IFS=$'\t' read -r lab tool command tells more; do
        [ -n "$tells" ] && [ -z "$more" ] || bad+="$lab $tool: not four columns; "
        [ "$lab" = '*' ] || compgen -G "labs/$lab-*.c" >/dev/null ||
            bad+="$lab: no such lab; "
        grep -q "^\*"$'\t'"$tool"$'\t' harness/tools/rules.tsv || bad+="$tool: unknown; "
        [[ $command == = && $lab != '*' || $command == *'{source}'* ||
            $command == *'{build}'* ]] || bad+="$lab $tool: runs nothing of the lab; "
        [[ x =~ $tells ]] || [ $? -eq 1 ] || bad+="$lab $tool: no expression: $tells; "
    done < <(sed 1d harness/tools/rules.tsv)
    is "$bad" "" "rules"
    is "$(cut -f 1,2 harness/tools/rules.tsv | sort | uniq -d)" "" "rules that stand twice"
}

@test "tools: the table has each lab and tool once, and a known word" {
    prepared
    is "$(sed 1d harness/tools.tsv | cut -f 1,2 | sort)" "$(for page in "${labs[@]}"; do
        page=${page#labs/}
        all_tools | sed "s/^/${page%%-*}\t/"
    done | sort)" "the rows"
    is "$(sed 1d harness/tools.tsv | awk -F '\t' 'NF != 6 ||
        $3 !~ /^(tells|silent|false alarm|breaks the cure|not run)$/ ||
        $5 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/ || ($3 == "not run" && $6 == "")')" \
        "" "rows that are none"
}

@test "tools: a verdict follows from the evidence" {
    prepared
    plant 01 gcc lab '' 'x.c:1:1: warning: x' 'status 0'
    plant 01 gcc cure '' '' 'status 0'
    judged 01 gcc tells
    is "$why" 'x.c:1:1: warning: x' why
    plant 01 gcc cure '' 'x.c:2:1: warning: y' 'status 0'
    judged 01 gcc 'false alarm'
    plant 01 gcc lab '' 'x.c:1:1: note: x' 'status 0'
    plant 01 gcc cure '' '' 'status 0'
    judged 01 gcc silent
    plant 01 gcc cure '' '' 'not run: no gcc'
    judged 01 gcc 'not run'
    is "$why" 'no gcc' why
}

@test "tools: a cure that does not do its work under a tool is broken by it" {
    prepared
    plant 01 plain cure $'hello\nchild 12' '' 'status 0'
    plant 01 tsan lab hello '' 'status 0'
    plant 01 tsan cure $'child 13\nhello' '' 'status 66'
    judged 01 tsan silent
    plant 01 tsan cure hello '' 'status 0'
    judged 01 tsan 'breaks the cure'
    plant 01 tsan cure $'hello\nchild 12' '' asleep
    judged 01 tsan 'breaks the cure'
    plant 01 plain cure $'hello\nchild 12' '' asleep
    judged 01 tsan silent
}

@test "tools: lines that strace begins with --- belong to its output" {
    prepared
    plant 01 plain cure hello '' 'status 0'
    plant 01 strace cure hello 'write(1, "hello\n", 6) = 6' 'status 0'
    plant 01 strace lab $'hello\nhello' $'write(1, "hello\\n", 6) = 6\n--- SIGCHLD {} ---
write(1, "hello\\n", 6) = 6' 'status 0'
    judged 01 strace tells
}

# What runs a tool needs a PID namespace.
namespaces() {
    unshare --pid --fork --kill-child --mount-proc true 2>/dev/null ||
        unshare --user --map-root-user --pid --fork --kill-child --mount-proc true \
            2>/dev/null || skip "no PID namespace here"
}

# watched SECONDS COMMAND: sets how; what it writes is in $out.
watched() {
    local user=()
    [ "$EUID" -eq 0 ] || user=(--user --map-root-user)
    status=0
    unshare "${user[@]}" --pid --fork --kill-child --mount-proc bash \
        harness/tools/watch.sh "$1" "$tmp/end" "$2" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
    how=$(<"$tmp/end")
    rm "$tmp/end"
}

@test "tools: a command is ended when nothing moves, with SIGINT first" {
    namespaces
    watched 600 'exit 3'
    is "$how" 'status 3' 'how it ended'
    watched 600 'trap "echo heard; exit" INT; sleep 100000 & wait'
    is "$how" asleep 'how it ended'
    is "$(<"$out")" heard 'what it says at SIGINT'
    watched 2 'while :; do :; done'
    is "$how" deadline 'how it ended'
}

@test "tools: a few cells, measured again, are as the table says" {
    local tool lab tools=()
    namespaces
    prepared
    for tool in gcc:gcc clang:clang-analyze strace:strace valgrind:helgrind; do
        command -v "${tool%:*}" >/dev/null || skip "needs ${tool%:*}: make setup tools"
        tools+=("${tool#*:}")
    done
    evidence=$evidence table=$tmp/tools.tsv ON='1 12 31 56' TOOL="${tools[*]}" \
        SECONDS_EACH=600 bash harness/tools/tools.sh >"$out" 2>"$err" </dev/null 3>&-
    for lab in 01 12 31 56; do
        for tool in "${tools[@]}"; do
            is "$(cell "$tmp/tools.tsv")" "$(cell harness/tools.tsv)" "$tool of lab $lab"
        done
    done
    rm "$tmp/tools.tsv"
}

cell() {
    awk -F '\t' -v lab="$lab" -v tool="$tool" '$1 == lab && $2 == tool { print $3 }' "$1"
}

@test "tools: make tool-N shows one run in full, and what follows" {
    namespaces
    command -v strace >/dev/null || skip "needs strace: make setup tools"
    prepared
    evidence=$evidence bash harness/tools/tools.sh show 1 strace >"$out" 2>"$err" </dev/null 3>&-
    grep -q '^write(1, "hello' "$out" || is "$(<"$out")" 'two writes' 'strace of lab 01'
    grep -q '^======== strace: tells' "$out" || is "$(tail -n 2 "$out")" tells 'its verdict'
    status=0
    bash harness/tools/tools.sh show 1 nonesuch >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 2 'status of an unknown tool'
}

# The text of part $2 in file $1.
written() {
    sed -n "/^<!-- $2:begin -->\$/,/^<!-- $2:end -->\$/p" "$1" | sed '1d; $d'
}

@test "tools: pages and labs/TOOLS.md are what the table says" {
    prepared
    is "$(awk 'FNR == 1 { print substr(FILENAME, 6, 2) }
        $0 == "<!-- tools:end -->" { on = 0 }
        on { print }
        $0 == "<!-- tools:begin -->" { on = 1 }' "${labs[@]}")" \
        "$(harness/tools/pages.sh all)" 'what the pages say'
    is "$(written labs/TOOLS.md tools-table)" "$(harness/tools/pages.sh table)" labs/TOOLS.md
}

@test "valgrind: the table has each lab and solution once, in ten valid columns" {
    prepared
    is "$(sed 1d harness/tools/valgrind.tsv | cut -f 1,2)" "$(for page in "${labs[@]}"; do
        page=${page#labs/}
        printf '%s\tlab\n%s\tsolution\n' "${page%%-*}" "${page%%-*}"
    done)" "the rows"
    is "$(invalid_rows harness/tools/valgrind.tsv)" "" "rows that are none"
}

# The rows of a table of valgrind.sh that are none. What is not as wanted says what
# differs; so does what was not run.
invalid_rows() {
    sed 1d "$1" | awk -F '\t' '
        function outcomes(text,    part, n, i) {
            n = split(text, part, ", ")
            for (i = 1; i <= n; i++)
                if (part[i] !~ /^(hazard|safe|broken|skip)( [1-9][0-9]*)?$/) return 0
            return n > 0
        }
        NF != 10 || $5 !~ /^[0-9]+$/ || $8 !~ /^valgrind [0-9.]+/ || $9 !~ /^[1-9]/ ||
        $10 !~ /^20[0-9][0-9]-[01][0-9]-[0-3][0-9]$/ ||
        ($3 != "not run" && !outcomes($3)) ||
        $6 == "" && $3 != "safe" && ($2 != "lab" || $3 != "hazard") ||
        $6 != "" && $3 == ($2 == "lab" ? "hazard" : "safe")'
}

# row LAB WHICH OUTCOME ERRORS DIFFERS PLAINER: in $tmp/valgrind.tsv.
row() {
    [ -e "$tmp/valgrind.tsv" ] || head -n 1 harness/tools/valgrind.tsv >"$tmp/valgrind.tsv"
    printf '%s\t%s\t%s\tEXIT 0\t%s\t%s\t%s\tvalgrind 3\t3\t2026-01-02\n' "$@" \
        >>"$tmp/valgrind.tsv"
}

# under_valgrind COMMAND...: valgrind.sh on the planted rows and notes.
under_valgrind() {
    status=0
    under=$tmp/valgrind.tsv notes=$tmp/notes.tsv harness/tools/valgrind.sh "$@" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

@test "valgrind: rows that say nothing, or no outcome, are found" {
    prepared
    row 01 lab hazard 0 '' ''
    row 01 solution safe 0 '' ''
    is "$(invalid_rows "$tmp/valgrind.tsv")" "" "valid rows"
    row 02 solution broken 0 '' ''
    row 03 lab fine 0 '' ''
    row 04 lab hazard many '' ''
    is "$(invalid_rows "$tmp/valgrind.tsv" | wc -l)" 3 "rows that are none"
    rm "$tmp/valgrind.tsv"
}

@test "valgrind: a solution with errors, and what differs, has a note that says why" {
    prepared
    harness/tools/valgrind.sh check >"$out" 2>"$err" 3>&- || status=$?
    is "$(<"$out")" "" "solutions without a note"
    is "$status" 0 "status of check"
    printf 'lab\ttext\n' >"$tmp/notes.tsv"
    row 01 solution safe 0 '' ''
    row 02 solution hazard 0 'missing x' 'as wanted'
    row 03 solution safe 2 '' ''
    row 04 lab broken 1 'missing x' 'missing x'
    row 05 lab hazard 1 '' ''
    under_valgrind check
    is "$status" 1 "status without notes"
    is "$(<"$out")" $'solution 03: errors of memcheck: 2\nlab 04: missing x' "refused"
    printf '%s\tIt is so.\n' 01 03 04 >>"$tmp/notes.tsv"
    under_valgrind check
    is "$status" 0 "status with notes"
    under_valgrind page 3
    [[ $(<"$out") == *'2 errors in the solution. It is so. 3 runs each'* ]] ||
        is "$(<"$out")" "the note" "what the page says"
    under_valgrind page 1
    [[ $(<"$out") != *'It is so'* ]] || is "$(<"$out")" "no note" "where nothing is odd"
    rm "$tmp/valgrind.tsv" "$tmp/notes.tsv"
}

@test "valgrind: what a page says follows from the rows" {
    prepared
    printf 'lab\ttext\n' >"$tmp/notes.tsv"
    row 01 lab hazard 0 '' ''
    row 01 solution hazard 0 'missing x' 'as wanted'
    row 02 lab skip 0 'no clone3' ''
    row 02 solution skip 0 'no clone3' ''
    row 03 lab broken 1 call ''
    row 03 solution broken 0 'missing y' 'missing y'
    under_valgrind page
    is "$(cut -f 2 "$out")" "$(
        start='Under valgrind, which lets one thread run at a time,' end='3 runs each, valgrind 3, 2026-01-02.'
        echo "$start the lab fails as well, and the solution does not do what it does alone (hazard, EXIT 0), but with \`--run-libc-freeres=no\` it does; memcheck reports no error. $end"
        echo "$start neither the lab nor the solution can run (no clone3). $end"
        echo "$start the lab fails as well, and the solution does not do what it does alone (broken, EXIT 0: \`missing y\`); memcheck reports 1 error in the lab. The stack of a process is valgrind's there, so the call in which it waits is not named. $end"
    )" "the sentences"
    under_valgrind page 4
    is "$(<"$out")" $'04\tUnder valgrind: not measured yet, `make valgrind ON=04`.' "no row"
    rm "$tmp/valgrind.tsv" "$tmp/notes.tsv"
}

# rows FILE: lab, which, outcome, differs.
rows_of() {
    awk -F '\t' '$1 == "01" || $1 == "31" { print $1, $2, $3, $6 }' "$1"
}

@test "valgrind: a few rows, measured again, are as the table says" {
    command -v valgrind >/dev/null || skip "needs valgrind: make setup tools"
    prepared
    under=$tmp/again.tsv kept=$tmp/kept RUNS=1 ON='1 31' harness/tools/valgrind.sh \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "status"
    is "$(rows_of "$tmp/again.tsv")" "$(rows_of harness/tools/valgrind.tsv)" "the rows"
    rm -r "$tmp/again.tsv" "$tmp/kept"
}

@test "valgrind: the errors of memcheck are counted, and no leak or end" {
    prepared
    local name record='{"records":[{"pid":1,"stream":"stderr","text":"%s"}]}'
    mkdir "$tmp/errors"
    # shellcheck disable=SC2059
    printf "$record" '==1== Invalid read of size 4\n==1==    at 0x1A: f (a.c:1)\n==1==  Address 0x0 is not\n==1==    at 0x2: malloc\n==1== Process terminating with SIGSEGV\n==1==    at 0x1A: f (a.c:1)\n' >"$tmp/errors/1"
    # shellcheck disable=SC2059
    printf "$record" '==1== Invalid read of size 4\n==1==    at 0x3C: f (a.c:1)\n==1== Use of uninitialised value of size 8\n==1==    at 0x3C: f (a.c:1)\n' >"$tmp/errors/2"
    for name in 1:1 2:2; do
        is "$(harness/tools/valgrind.sh errors "$tmp/errors/${name%:*}")" "${name#*:}" "errors"
    done
    is "$(harness/tools/valgrind.sh errors "$tmp"/errors/*)" 2 "different ones of both"
    rm -r "$tmp/errors"
}
