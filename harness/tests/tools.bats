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
