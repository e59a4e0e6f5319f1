# SPDX-License-Identifier: MIT
#
# po: other languages. The translations are up to date with what they translate
# and leave alone what must stay; forklab speaks them, and all that programs read
# stays English.

# shellcheck disable=SC2154
load helper

po=labs/po/ja.po

needs_catalogue() {
    [ -s build/locale/ja/LC_MESSAGES/forklab.mo ] ||
        skip "there is no catalogue: make setup check build"
}

# in_language LANGUAGE COMMAND...: as forklab, with FORKLAB_LANG.
in_language() {
    FORKLAB_LANG=$1 forklab "${@:2}"
}

# narrow FILE: no line takes more than 80 columns; wide characters take two.
narrow() {
    local width
    width=$(LC_ALL=C.UTF-8 wc -L <"$1")
    [ "$width" -le 80 ] || is "$width" "<= 80" "columns of $1"
}

# japanese_run NUMBER: its page in $out, its report in $json.
japanese_run() {
    in_language ja run "$1" --deadline "$ample" --falsify "$falsify" --json "$json"
    [ "$status" -ne 3 ] || skip "this machine cannot run lab $1"
    is "$status" 0 "exit status"
    narrow "$out"
    [ "$(wc -l <"$out")" -le 22 ] || is "$(wc -l <"$out")" "<= 22" "lines"
    keep
}

has() {
    grep -qF -e "$1" "$out" || is "(not there)" "$1" "output"
}

# ---- the files ----

@test "ja.po is up to date with the pages and the sources, and msgfmt takes it" {
    harness/scripts/po.sh --check >"$out" 2>"$err" 3>&- || status=$?
    is "${status-0}" 0 "exit status"
    is "$(cat "$err")" "" stderr
    grep -qxE 'ja\.po: [0-9]+ of [0-9]+ translated' "$out"
    # What is counted is there: more texts than labs have titles and In short.
    [ "$(grep -o 'of [0-9]*' "$out" | cut -d' ' -f2)" -gt 1000 ]
    msgfmt -c -o /dev/null "$po"
    # For whoever runs the tests.
    sed 's/^/# /' "$out" >&3
}

@test "codes, links and numbers of a translation are those of its text" {
    is "$(python3 harness/tests/po.py "$po")" "" po.py
}

@test "po.py finds a code, a number and a mark that are lost" {
    local broken=$BATS_TEST_TMPDIR/broken.po
    # shellcheck disable=SC2016
    printf '%s\n' 'msgid "a `b` of 3, **c**"' 'msgstr "**d"' >"$broken"
    python3 harness/tests/po.py "$broken" >"$out" || status=$?
    is "$status" 1 "exit status"
    is "$(cut -d: -f1 "$out" | paste -sd ';')" \
        'codes or links differ;3 is missing;a ** is left alone' complaints
    : >"$broken"
    status=0
    python3 harness/tests/po.py "$broken" >"$out" || status=$?
    is "$status" 2 "exit status for no text at all"
}

# a_copy: of what po.sh reads, below $copy.
a_copy() {
    copy=$BATS_TEST_TMPDIR/copy
    mkdir -p "$copy/build"
    cp -r labs harness "$copy"
    cp build/messages "$copy/build"
}

@test "a text that has changed is found, marked, and in English again" {
    a_copy
    sed -i 's/^The child of fork() has one thread\. A mutex/The child has a mutex/' \
        "$copy/labs/31-lock-nobody-holds.md"
    status=0
    "$copy/harness/scripts/po.sh" --check >"$out" 2>"$err" || status=$?
    is "$status" 1 "exit status of --check"
    has "$po is not up to date: harness/scripts/po.sh"
    cmp "$po" "$copy/$po"
    status=0
    "$copy/harness/scripts/po.sh" >"$out" 2>"$err" || status=$?
    is "$status" 0 "exit status"
    is "$(msgattrib --only-fuzzy "$copy/$po" | grep -c '^#: labs/31')" 1 "marked"
    before=$(msgfmt --statistics -o /dev/null "$po" 2>&1 | grep -oE '^[0-9]+')
    has "ja.po: $((before - 1)) of "
    msgfmt -o "$BATS_TEST_TMPDIR/new.mo" "$copy/$po"
    is "$(msgunfmt "$BATS_TEST_TMPDIR/new.mo" | grep -F 'The child has a mutex')" \
        "" "translated all the same"
}

@test "a translation with another %s is refused" {
    a_copy
    sed -i '/^msgid "%s (pid %d), its only thread"/{n;s/%d/%s/}' "$copy/$po"
    status=0
    "$copy/harness/scripts/po.sh" --check >"$out" 2>"$err" || status=$?
    is "$status" 1 "exit status"
    grep -q 'format specifications' "$err"
}

@test "without msgfmt make says so once, and all stays English" {
    local bare=$BATS_TEST_TMPDIR/bare tool
    mkdir -p "$bare/bin" "$bare/labs" "$bare/harness"
    cp -r labs/po "$bare/labs"
    cp Makefile "$bare"
    cp harness/build.mk "$bare/harness"
    for tool in sh mkdir make cat; do
        ln -s "$(command -v "$tool")" "$bare/bin"
    done
    local mo=build/locale/ja/LC_MESSAGES/forklab.mo
    env -u MAKEFLAGS -u MAKELEVEL PATH="$bare/bin" make -s -C "$bare" "$mo" >"$out" 2>"$err"
    has 'ja stays in English: msgfmt is missing (make setup check)'
    [ -e "$bare/$mo" ] && [ ! -s "$bare/$mo" ]
    env -u MAKEFLAGS -u MAKELEVEL PATH="$bare/bin" make -s -C "$bare" "$mo" >"$out" 2>"$err"
    is "$(cat "$out")" "" "the second time"
}

# ---- forklab ----

@test "explain: title and In short in Japanese, in 80 columns" {
    needs_catalogue
    in_language ja explain 31
    is "$status" 0 "exit status"
    has '子プロセスが pthread_mutex_lock でハングする'
    has 'fork() の子プロセスのスレッドは一つである。'
    has 'make try-31'
    is "$(grep 'The child of fork' "$out")" "" "in English"
    narrow "$out"
}

@test "explain leads to the page in that language" {
    needs_catalogue
    local own=$BATS_TEST_TMPDIR/root language
    mkdir -p "$own/labs"
    ln -s "$PWD/solutions" "$own"
    ln -s "$PWD"/labs/* "$own/labs"
    rm "$own/labs/site.txt"
    echo https://forklab.example >"$own/labs/site.txt"
    export FORKLAB_ROOT=$own
    for language in ja ja_JP; do
        in_language "$language" explain 31
        has 'ブラウザーで: https://forklab.example/ja/31-lock-nobody-holds.html'
    done
    in_language xx explain 31
    has 'In a browser: https://forklab.example/31-lock-nobody-holds.html'
}

@test "explain: each lab in 80 columns, and no line begins with a full stop" {
    needs_catalogue
    local lab
    for lab in labs/[0-9]*.md; do
        lab=${lab#labs/}
        in_language ja explain "${lab%%-*}"
        is "$status" 0 "exit status of explain $lab"
        narrow "$out"
        is "$(LC_ALL=C.UTF-8 grep -nE '^ *[、。」）]' "$out")" "" "lines of $lab"
    done
}

@test "run: the verdict and its sentences in Japanese, JSON in English" {
    needs_catalogue
    japanese_run 31
    has '判定  ハング (証明済み)'
    has '理由    child は'
    has 'fork でコピーされておらず'
    has '期待どおり'
    fields .verdict_title 'HANG (proved)' '.why | test("^child waits for the mutex")' true \
        '[.. | strings | select(test("[ぁ-ん]"))] | length' 0
    # Each label takes as many columns: the text begins in the eleventh.
    is "$(LC_ALL=C.UTF-8 grep -cE '^  (主体|場所|理由)    [^ ]|^  (ロック|所有者)  [^ ]' "$out")" \
        5 "rows"
}

@test "run: a sentence with its parts in another order, and one without an owner" {
    needs_catalogue
    japanese_run 12
    has 'パイプのデータまたは終端を待っているが'
    japanese_run 34
    has 'リゾルバーのロック (getaddrinfo の中で獲得) を待っているが'
    # A variable of the program is called lock: its name is no word of ours.
    japanese_run 31
    has 'ロック  lock (ミューテックス)'
}

@test "PLAIN=1 in Japanese: each thing a line, without columns" {
    needs_catalogue
    PLAIN=1 FORKLAB_LANG=ja forklab run 31
    has '判定  ハング (証明済み)'
    has '理由: child は'
}

@test "what has no translation is in English" {
    needs_catalogue
    local own=$BATS_TEST_TMPDIR/own/build
    mkdir -p "$own/locale/ja/LC_MESSAGES"
    cp build/forklab "$own"
    cp -r labs solutions "$own/.."
    msgattrib --no-wrap "$po" | sed \
        '/^msgid "The child of fork() has one thread\. A mutex/{n;s/.*/msgstr ""/}' |
        msgfmt -o "$own/locale/ja/LC_MESSAGES/forklab.mo" -
    FORKLAB_LANG=ja "$own/forklab" explain 31 >"$out" 2>"$err"
    has '子プロセスが pthread_mutex_lock でハングする'
    has 'The child of fork() has one thread.'
}

@test "another language, or none: English, byte by byte" {
    forklab explain 31
    cp "$out" "$BATS_TEST_TMPDIR/english"
    local language
    for language in xx en '' ../ja ja/../ja "$(printf 'a%.0s' {1..300})"; do
        in_language "$language" explain 31
        is "$status" 0 "exit status for '$language'"
        cmp "$out" "$BATS_TEST_TMPDIR/english"
        is "$(cat "$err")" "" "stderr for '$language'"
    done
}

@test "a program does not get the language that gettext is told" {
    needs_catalogue
    forklab_env() {
        grep -E '^(\[out\] )?.*LANGUAGE=' "$out" | grep -oE 'LANGUAGE=.*' | sort -u
    }
    LANGUAGE=de in_language ja cage -- env
    is "$(forklab_env)" LANGUAGE=de "with a LANGUAGE of its own"
    in_language ja cage -- env
    is "$(forklab_env)" "" "without"
}

@test "every label and title of a page has its translation" {
    needs_catalogue
    is "$(msgattrib --untranslated --no-wrap "$po" | grep -A1 'harness/\(print\|report\)' |
        grep '^msgid')" "" "texts of print/ and report/"
}
