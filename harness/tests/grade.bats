# SPDX-License-Identifier: MIT
#
# grade: all attempts of a student, and the files that others read. What a
# program writes, or does, must neither break a file nor change a grade.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

# What formats.py says of the files in that directory. need_jsonschema, which
# may skip the test, is for outside of $(...).
need_jsonschema() {
    [ -s "$BATS_RUN_TMPDIR/python" ] || with_jsonschema -c pass
}

formats() {
    with_jsonschema harness/tests/formats.py "$1"
}

# A submission of lab 31 with that body of main(), which is to be graded so.
submission() {
    subs=$BATS_TEST_TMPDIR/submission grades=$BATS_TEST_TMPDIR/grades
    mkdir -p "$subs"
    {
        printf '#include "lab.h"\n#include <signal.h>\n#include <stdio.h>\n'
        printf 'int main(void)\n{\n%s\nreturn 0;\n}\n' "$1"
    } >"$subs/31-lock-nobody-holds.c"
}

# graded PASSED WHICH: all five files are valid, and say that. $deadline is for
# attempts that end, or are proved stuck, by themselves.
graded() {
    need_jsonschema
    labs=$(build/forklab list --json | jq length)
    forklab grade --submission "$subs" --out "$grades" --deadline "${deadline:-10}"
    is "$status" 0 "exit status"
    is "$(formats "$grades")" "$1 of $labs: $2" "what the files say"
    is "$(find "$grades" -type f -printf '%f\n' | sort | xargs)" \
        "classroom.json exercism.json junit.xml results.json results.tap" files
    if command -v prove >/dev/null; then
        prove -e cat "$grades/results.tap" >"$tmp/prove" 2>&1 || true
        ! grep -q 'Parse errors' "$tmp/prove"
        rm "$tmp/prove"
    fi
}

@test "all pass" {
    need_jsonschema
    subs=solutions grades=$BATS_TEST_TMPDIR/grades
    # One run each, on one CPU: labs.bats and cures.bats run them on all.
    forklab grade --submission "$subs" --out "$grades" --runs 1 --deadline "$ample"
    is "$status" 0 "exit status"
    labs=$(build/forklab list --json | jq length)
    ! grep -q skipped "$out" || skip "$(grep skipped "$out")"
    is "$(grep '^Score' "$out")" "Score: $labs/$labs" "the score"
    formats "$grades" | grep -q "^$labs of $labs: 1 pass, " ||
        is "$(formats "$grades")" "$labs of $labs: 1 pass ..." "the files"
    is "$(jq -r '.tests[].tags[0]' "$grades/results.json" | uniq)" pass tags
    is "$(jq -c '[.tests[].extra_data.flag] | unique' "$grades/results.json")" \
        '[null]' "flags"
}

@test "one hang, one pass, one that is not changed, one that has no lab" {
    submission ''
    cp labs/33-*.c "$subs/lab33.c"
    echo >>"$subs/lab33.c"
    cp solutions/31-*.c "$subs/"
    cp labs/36-*.c "$subs/36.c"
    echo 'not C' >"$subs/99-nothing.c"
    deadline=$ample graded 1 "31 pass, 33 hazard, 36 unchanged"
    grep -q 'HANG (proved) .*make check-33' "$out"
    grep -q "^Score: 1/$labs\$" "$out"
    is "$(jq -r '.tests[] | select(.number == "33") | .output' \
        "$grades/results.json" | grep -c 'HANG (proved) in run 1 of 20: ')" 1 message
    is "$(jq -r '.tests[] | select(.name == "Lab 33: time-stands-still") |
        .line_no > 0' "$grades/classroom.json")" true "the line"
}

@test "SARIF 2.1.0 and Autolab's scores" {
    submission ''
    { cat labs/33-*.c && echo; } >"$subs/33-<ü>%.c"
    cp solutions/31-*.c "$subs/"
    cp labs/36-*.c "$subs/36.c"
    echo 'not C' >"$subs/37.c"
    sarif=$BATS_TEST_TMPDIR/sarif
    forklab grade --submission "$subs" --out "$grades" --deadline "$ample" --quiet \
        --sarif "$sarif" --autolab
    is "$status" 0 "exit status"
    # Required by SARIF 2.1.0: log 3.13, run 3.14, driver 3.19, result 3.27.
    is "$(jq -r '[
        .version == "2.1.0", (."$schema" | test("sarif-schema-2.1.0.json$")),
        (.runs | length == 1), (.runs[0].tool.driver.name == "forklab"),
        (.runs[0].tool.driver.rules | map(.id) | . == unique),
        (.runs[0].invocations[0].executionSuccessful == true),
        (.runs[0] as $run | $run.results | all(
            (.message.text | length > 0) and
            $run.tool.driver.rules[.ruleIndex].id == .ruleId and
            (.level | IN("none", "note", "warning", "error")) and
            (.locations[0].physicalLocation | .region.startLine >= 1 and
                (.artifactLocation.uri | test("^([-A-Za-z0-9._~/]|%[0-9A-F]{2})+$")))))
        ] | all' "$sarif")" true "what SARIF requires"
    is "$(jq -r '.runs[0].results[] | "\(.ruleId) \(.level) \(.locations[0].physicalLocation | .artifactLocation.uri)"' \
        "$sarif" | xargs)" \
        "forklab/33 error 33-%3C%C3%BC%3E%25.c forklab/36 note 36.c forklab/37 error 37.c" results
    is "$(jq -r '.runs[0].results[0].locations[0].physicalLocation.region.startLine' "$sarif")" \
        "$(grep -n '^        ctime_r(' labs/33-*.c | cut -d: -f1)" "the line where it hangs"
    # Autolab reads the last line of the output.
    is "$(tail -n 1 "$out" | jq -c '[.scores["lab-31"], .scores["lab-33"],
        (.scores | length), ([.scores[]] | add)]')" \
        "[1,0,$(jq '[.tests[] | select(has("score"))] | length' "$grades/results.json"),1]" scores
    is "$(wc -l <"$out")" 1 "lines that it printed"
    # A check says the same of its one attempt; a safe one has no result.
    forklab check 33 "$subs/33-<ü>%.c" --deadline "$ample" --sarif -
    is "$status" 1 "exit status of the check"
    is "$(jq -c '.runs[0].results | map([.ruleId, .level,
        .locations[0].physicalLocation.region.startLine])' "$out")" \
        "$(jq -c '.runs[0].results[:1] | map([.ruleId, .level,
        .locations[0].physicalLocation.region.startLine])' "$sarif")" "the same result"
    forklab check 31 solutions/31-*.c --runs 1 --deadline "$ample" --sarif "$sarif"
    is "$status" 0 "exit status of the safe check"
    is "$(jq -c '[.runs[0].results, .runs[0].tool.driver.rules]' "$sarif")" '[[],[]]' results
    forklab check 31 solutions/31-*.c --runs 1 --sarif /proc/nothing
    is "$status" 3 "exit status where it cannot be written"
}

@test "a page for each attempt: what was said, the line, the source as text" {
    submission 'puts("</pre><script>document.title = 1</script>"); fflush(stdout);
        /* </pre><script> */ for (;;) pause();'
    printf '\377' >>"$subs/31-lock-nobody-holds.c"
    mkfifo "$subs/33.c"
    forklab grade --submission "$subs" --out "$grades" --pages --deadline 3 --runs 1
    is "$status" 0 "exit status"
    is "$(cd "$grades" && echo *.html)" "31.html 33.html" pages
    is "$(grep -rc '<script' "$grades" --include='*.html' | grep -vc ':0$')" 0 "pages with a script"
    grep -q '&lt;/pre&gt;&lt;script&gt; \*/ for' "$grades/31.html"
    grep -q '<pre>' "$grades/31.html"
    grep -q '<li id="L6"' "$grades/31.html"
    grep -q 'it is not a regular file' "$grades/33.html"
    grep -q 'was not read' "$grades/33.html"
}

@test "a deadline that fits the lab ends what does not end, and is no evidence" {
    submission 'for (;;) usleep(1000);'
    mkdir -p "$BATS_TEST_TMPDIR/base/31"
    echo '{"tests": [{"extra_data": {"lab": 31, "result": "pass", "slowest_ms": 1}}]}' \
        >"$BATS_TEST_TMPDIR/base/31/results.json"
    forklab grade --submission "$subs" --out "$grades" --base "$BATS_TEST_TMPDIR/base" \
        --deadline "$ample" --pages
    is "$status" 0 "exit status"
    grep -q 'BROKEN: STILL RUNNING' "$out"
    grep -q 'deadline 3 s' "$grades/31.html"
}

# The slowest run's time tells which check the grades are of.
@test "the same file again, in a class, is not run again; another one is" {
    local kept=$BATS_TEST_TMPDIR/kept slowest='.tests[] |
        select(.extra_data.lab == 31).extra_data | "\(.result) \(.slowest_ms == 12345)"'
    submission 'puts("child saw 1 1");'
    forklab grade --submission "$subs" --out "$grades" --kept "$kept" --deadline "$ample"
    is "$(find "$kept" -type f ! -name '*.lock' | wc -l)" 1 "kept"
    sed -i -E 's/("slowest_ms":\s*)[0-9]+/\112345/' "$kept"/*[!k]
    forklab grade --submission "$subs" --out "$grades" --kept "$kept" --deadline "$ample"
    is "$(jq -r "$slowest" "$grades/results.json")" "broken true" "the same"
    echo >>"$subs"/31-*.c
    forklab grade --submission "$subs" --out "$grades" --kept "$kept" --deadline "$ample"
    is "$(jq -r "$slowest" "$grades/results.json")" "broken false" "another one"
    is "$(find "$kept" -type f ! -name '*.lock' | wc -l)" 2 "kept"
}

@test "runs beside each other come to what runs in turn come to" {
    submission 'const char *seed = getenv("FORKLAB_SEED");
        if (seed && atoi(seed) >= 6) return 6;
        if (seed && atoi(seed) == 5) { usleep(500000); return 5; }'
    {
        sed 's/^int main(void)$/static int real(void)/' solutions/31-*.c
        printf '#include <stdlib.h>\nint main(void)\n{\n'
        sed -n '/^{/,$p' "$subs"/31-*.c | sed '1d; s/^return 0;/return real();/'
    } >"$subs/new"
    mv "$subs/new" "$subs/31-lock-nobody-holds.c"
    for jobs in 1 4; do
        forklab grade --submission "$subs" --out "$grades" --jobs "$jobs" --deadline "$ample"
        is "$status" 0 "exit status with $jobs at a time"
        is "$(jq -r '.tests[] | select(.number == "31") | .extra_data | "\(.verdict) \(.seed)"' \
            "$grades/results.json")" "EXIT 5 5" "with $jobs at a time"
    done
}

# One that is safe, and lasts long enough to be seen.
slow_submission() {
    submission ''
    sed '/^int main/,/^{/s/^{/{\n    usleep(300000);/' \
        solutions/31-lock-nobody-holds.c >"$subs/31-lock-nobody-holds.c"
}

# The processes below one, by their names.
names_below() {
    local child children
    read -ra children < <(cat /proc/"$1"/task/*/children 2>/dev/null) || true
    for child in "${children[@]}"; do
        cat "/proc/$child/comm" 2>/dev/null
        names_below "$child"
    done
}

@test "runs are made beside each other, where namespaces hold them" {
    build/forklab cage --quiet --json "$json" -- true >"$out" 2>&1
    jq -r .layers "$json" | grep -q pid || skip "no namespaces here"
    slow_submission
    most=0
    build/forklab grade --submission "$subs" --out "$BATS_TEST_TMPDIR/grades" \
        --jobs 2 --runs 9 --deadline "$ample" >"$out" 2>&1 3>&- &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        keepers=$(names_below "$pid" | grep -cx forklab-keeper) || true
        [ "$keepers" -lt 2 ] || most=2
    done
    wait "$pid"
    is "$(grep -o 'PASS' "$out")" PASS "the grade"
    is "$most" 2 "runs at a time, or more"
}

@test "runs beside each other do not meet in the network" {
    build/forklab cage --quiet --json "$json" -- true >"$out" 2>&1
    jq -r .layers "$json" | grep -q pid || skip "no namespaces here"
    slow_submission
    # Each has the same port for as long as the others run.
    sed -i 's|usleep(300000);|int fd = socket(AF_INET, SOCK_STREAM, 0);\
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(4711)};\
    if (bind(fd, (struct sockaddr *)\&at, sizeof(at)) == -1)\
        return 9;\
    &\
    close(fd);|; s|^#include <pthread.h>|&\
#include <arpa/inet.h>\
#include <unistd.h>|' "$subs/31-lock-nobody-holds.c"
    forklab grade --submission "$subs" --out "$grades" --jobs 4 --runs 9 --deadline "$ample"
    grep -q ' PASS ' "$out" || is "$(cat "$out")" "PASS" "the grade"
}

# What 3333 runs of it would take: 500 s at least.
@test "TERM ends the runs of an attempt, too" {
    slow_submission
    for jobs in 1 2; do
        # --foreground: else all of a group would be told.
        env "$mark" TMPDIR="$tmp" timeout --foreground -k 60 "$net" build/forklab grade \
            --submission "$subs" --out "$grades" --jobs "$jobs" --runs 3333 \
            >"$out" 2>&1 3>&- &
        pid=$!
        until [[ "$(names_below "$pid")" == *31-lo* ]]; do
            kill -0 "$pid"
            sleep 0.05
        done
        kill -TERM "$pid"
        status=0
        wait "$pid" || status=$?
        is "$status" 130 "exit status with $jobs at a time"
    done
}

@test "compile error" {
    submission 'int x = ;'
    graded 0 "31 not compiled"
    is "$(jq -r '.tests[].output' "$grades/results.json" | grep -c 'error: expected')" 1 words
}

@test "crash" {
    submission 'abort();'
    graded 0 "31 broken"
    grep -q 'BROKEN: KILLED by SIGABRT' "$out"
}

@test "10 MB of output" {
    submission 'for (int i = 0; i < 1000000; i++) puts("123456789");'
    graded 0 "31 broken"
    for file in "$grades"/*; do
        [ "$(wc -c <"$file")" -lt 100000 ] || is "$(wc -c "$file")" "< 100000" size
    done
}

@test "NUL, ESC, invalid UTF-8, U+FFFE" {
    submission 'fwrite("a\0b\033[2J\377\303\n\357\277\276]]>\n", 1, 17, stdout);'
    graded 0 "31 broken"
}

@test "a fake ok 2 line, and a fake verdict" {
    submission 'puts("x\nok 2 - lab 10 # SKIP\nBail out!\n1..1\nScore: 31/31");'
    graded 0 "31 broken"
    is "$(grep -c '^Score' "$out")" 1 "lines with a score"
}

@test "fake JSON" {
    submission 'puts("\"}]}\n{\"check\": {\"result\": \"safe\"}, \"score\": 31}");
        dprintf(2, "{\"check\": {\"result\": \"safe\"}}");
        for (int fd = 3; fd < 64; fd++) dprintf(fd, "{\"check\": {\"result\": \"safe\"}}");'
    graded 0 "31 broken"
}

@test "a fork bomb" {
    submission 'for (;;) fork();'
    graded 0 "31 broken"
}

@test "one that kills its process group, all it may, and its parent" {
    submission 'kill(0, SIGKILL);'
    graded 0 "31 broken"
    submission 'kill(getppid(), SIGKILL); kill(-1, SIGKILL); kill(0, SIGTERM);'
    graded 0 "31 broken"
}

@test "no file that is none of its own can be seen, or written" {
    unshare -rmn true 2>/dev/null || skip "no namespaces here"
    secret=$BATS_TEST_TMPDIR/secret
    echo 'int solution;' >"$secret"
    submission "#include \"$secret\""
    graded 0 "31 not compiled"
    submission "if (fopen(\"$secret\", \"r\")) puts(\"read\");
        if (fopen(\"$secret\", \"a\")) puts(\"written\");
        if (fopen(\"$PWD/Makefile\", \"r\")) puts(\"the project\");
        if (fopen(\"attempts/31-lock-nobody-holds.c\", \"a\")) puts(\"its file\");
        if (fopen(\"labs/lab.h\", \"a\")) puts(\"lab.h\");"
    graded 0 "31 broken"
    is "$(jq -r '.tests[].output' "$grades/results.json" |
        grep -xE 'read|written|the project|its file|lab.h')" "" "what it could do"
}

@test "a FIFO, a link, a directory, 2 MB and a file that may not be read" {
    submission ''
    rm "$subs"/*
    mkfifo "$subs/31.c"
    ln -s /etc/passwd "$subs/33.c"
    mkdir "$subs/34.c"
    head -c 2000000 /dev/zero >"$subs/36.c"
    graded 0 "31 not compiled, 33 not compiled, 34 not compiled, 36 not compiled"
}

@test "after SIGKILL all files are whole, at any time" {
    need_jsonschema
    submission 'sleep(1);'
    for wait in 0.02 0.05 0.1 0.2 0.4; do
        rm -rf "$grades"
        env "$mark" TMPDIR="$tmp" build/forklab grade --submission solutions \
            --out "$grades" >"$out" 2>&1 </dev/null 3>&- &
        pid=$!
        until [ -e "$grades/exercism.json" ]; do sleep 0.01; done
        sleep "$wait" # any time will do
        kill -KILL "$pid"
        wait "$pid" || true
        formats "$grades"
        is "$(jq -r '.tests | length' "$grades/results.json")" \
            "$(build/forklab list --json | jq length)" "labs"
    done
    # Its directories and programs are gone a moment later.
    until_true "$ample" nothing_in_tmp || true
}

waits_or_over() {
    grep -q "^waiting: another .grade. is writing to" "$err" || ! kill -0 "$1"
}

@test "two at once into one directory: one after the other" {
    submission 'return 0;'
    # The first one is us: it holds the lock until the second says that it waits.
    mkdir "$grades"
    exec 9<"$grades"
    flock 9
    env "$mark" TMPDIR="$tmp" build/forklab grade --submission "$subs" \
        --out "$grades" >"$err" 2>&1 </dev/null 3>&- 9>&- &
    until_true "$ample" waits_or_over "$!" || true
    is "$(head -n 1 "$err")" "waiting: another \`grade\` is writing to $grades" \
        "what the second says"
    is "$(ls "$grades")" "" "files that it has written"
    exec 9<&-
    # Now there is a third.
    forklab grade --submission "$subs" --out "$grades"
    is "$status" 0 "exit status of the third"
    wait $! || is "$?" 0 "exit status of the second"
    need_jsonschema
    formats "$grades"
}

@test "no attempts, no such directory, a directory that cannot be written" {
    cp -a Makefile labs "$BATS_TEST_TMPDIR"
    mkdir "$BATS_TEST_TMPDIR/build"
    cp build/forklab "$BATS_TEST_TMPDIR/build"
    cd "$BATS_TEST_TMPDIR"
    forklab grade
    is "$status" 3 "exit status without attempts"
    grep -q 'make try-' "$err"
    forklab grade --submission nothing
    is "$status" 3 "exit status without the directory"
    grep -q 'there is no directory nothing' "$err"
    mkdir attempts
    forklab grade --out /proc/nothing/grades
    is "$status" 3 "exit status where nothing can be written"
    grep -q 'cannot make the directory' "$err"
    forklab grade 31
    is "$status" 2 "exit status with an argument"
}

# A secret in the environment, by a name that is not known and by one that looks
# like a language's; one among the arguments; the machine's own lines.
secrets() {
    {
        printf '%s\n' canary-token canary-language canary-argument
        grep -v -e ^root: -e ^nobody: /etc/passwd
        cat /etc/machine-id /etc/hostname 2>/dev/null
        hostname 2>/dev/null || uname -n
    } | grep -E '.{6}' | grep -vxF localhost >"$BATS_TEST_TMPDIR/secrets"
}

# spy BODY [VIEW]: the submission is graded where there are secrets; VIEW=none:
# where no namespaces can be made. None of the lines may be in any of the files.
spy() {
    subs=$BATS_TEST_TMPDIR/canary-argument
    mkdir -p "$subs"
    printf '%s\n' "$1" >"$subs/31-lock-nobody-holds.c"
    grades=$BATS_TEST_TMPDIR/grades
    local within=(env)
    # A user namespace in which no other one can be made, and no mount.
    [ "${2-}" = '' ] || within=(unshare -rm sh -c
        'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh
        env FORKLAB_CAGE=plain)
    secrets
    status=0
    "${within[@]}" "$mark" TMPDIR="$tmp" SECRET_TOKEN=canary-token \
        LC_TOKEN=canary-language build/forklab grade --submission "$subs" \
        --out "$grades" --runs 1 >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "exit status"
    is "$(grep -rhoF -f "$BATS_TEST_TMPDIR/secrets" "$grades")" "" "what is told"
    is "$(grep -c 'The programs could not be isolated' "$out")" "$((${#2} > 0))" "views that failed"
}

# What the program or the compiler said, for that it was asked at all.
told() {
    jq -r '.tests[] | select(.number == "31") | .output' \
        "$grades/results.json" | grep -qF -e "$1" || {
        jq '.tests[] | select(.number == "31")' "$grades/results.json"
        return 1
    }
}

look_around='#include "lab.h"
#include <fcntl.h>
#include <stdio.h>
static void file(const char *path)
{
    char text[700];
    int fd = open(path, O_RDONLY);
    ssize_t length = fd == -1 ? -1 : read(fd, text, sizeof(text));
    for (ssize_t i = 0; i < length; i++)
        putchar(text[i] ? text[i] : 32);
    putchar(10);
}
int main(int count, char **argument)
{
    char path[64];
    const char *const own[] = {"environ", "cmdline", NULL};
    setvbuf(stdout, NULL, _IOFBF, 65536);
    for (char **entry = environ; *entry; entry++)
        if (strncmp(*entry, "PATH=", 5))
            puts(*entry);
    while (count--)
        puts(*argument++);
    PLACES
    fflush(stdout);
    _exit(3);
}'

@test "what a program prints of its environment and of who started it" {
    local own='for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "/proc/%d/%s", i < 2 ? getppid() : 1, own[i % 2]);
        file(path); }'
    for view in '' none; do
        # Without namespaces process 1 is the machine'"'"'s.
        [ -z "$view" ] || own=${own/getppid() : 1/getppid() : getppid()}
        [ -z "$view" ] || unshare -rm true 2>/dev/null || continue
        spy "${look_around/PLACES/"$own"}" $view
        told FORKLAB_SEED=1
        told HOME=
    done
}

@test "what a program prints of the machine" {
    unshare -rmn true 2>/dev/null || skip "no namespaces here"
    spy "${look_around/PLACES/'file("/etc/passwd"); file("/etc/machine-id");
        file("/etc/hostname"); file("/etc/hosts"); file("/etc/fstab");
        file("/etc/resolv.conf"); file("/proc/sys/kernel/hostname");
        file("/sys/class/dmi/id/product_name"); (void)own;
        gethostname(path, sizeof(path)); printf("[%s]", path);'}"
    told nobody:x:65534
    told '[localhost]'
    # All that is there of /etc.
    spy '#include "lab.h"
#include <dirent.h>
#include <stdio.h>
int main(void)
{
    DIR *directory = opendir("/etc");
    for (struct dirent *entry; (entry = readdir(directory));)
        printf("[%s]", entry->d_name);
    fflush(stdout);
    _exit(3);
}'
    told '[nsswitch.conf]'
    is "$(jq -r '.tests[] | select(.number == "31") | .output' \
        "$grades/results.json" | grep -o '\[[^]]*\]' | tr -d '[]' | grep -vxE \
        '\.+|ld\.so\.(cache|conf|conf\.d)|ld-musl-.*|alternatives|static|localtime|passwd|group|hosts|nsswitch\.conf' |
        xargs)" "" "what else is in /etc"
}

@test "what the compiler reads for an attempt" {
    local way ways=(
        '#include "/proc/self/environ"'
        '#include "/proc/self/cmdline"'
        '__asm__(".include \"/proc/self/environ\"");')
    # Without a view it may read what its user may; not what the grader knows.
    for way in "${ways[@]}"; do
        for view in '' none; do
            [ -z "$view" ] || unshare -rm true 2>/dev/null || continue
            spy "$way" $view
            told 'rror: '
        done
    done
    unshare -rmn true 2>/dev/null || skip "no namespaces here"
    for way in '#include "/etc/passwd"' '#include "/etc/fstab"' \
        '#include "/etc/machine-id"' '#include "/etc/hostname"' \
        '#include "/proc/1/environ"' '#include "/proc/1/cmdline"' \
        '#include "/proc/sys/kernel/hostname"' \
        '__asm__(".include \"/etc/passwd\"");'; do
        spy "$way"
        told 'rror: '
    done
    # What the assembler brings into the program, the program can print.
    for way in /etc/passwd /proc/self/environ /proc/1/environ /proc/sys/kernel/hostname; do
        spy "#include \"lab.h\"
__asm__(\"text: .incbin \\\"$way\\\"\\n.zero 8\");
extern const char text[900];
int main(void)
{
    for (int i = 0; i < 900; i++)
        if (text[i] >= ' ')
            write(1, text + i, 1);
    _exit(3);
}"
    done
}

@test "the grader itself shows no secret while it grades" {
    submission 'for (;;) ;'
    env "$mark" TMPDIR="$tmp" SECRET_TOKEN=canary-token PATH="$PATH" \
        build/forklab grade --submission "$subs" --out \
        "$BATS_TEST_TMPDIR/grades" >"$BATS_TEST_TMPDIR/lines" 2>"$err" \
        </dev/null 3>&- &
    grader=$!
    # Its files are there: it has begun, and this attempt does not end.
    until_true "$ample" test -e "$BATS_TEST_TMPDIR/grades/exercism.json"
    tr '\0' '\n' <"/proc/$grader/environ" >"$out" || true
    kill "$grader" 2>/dev/null
    wait "$grader" || true
    is "$(grep -c canary "$out")" 0 "secrets in /proc/PID/environ"
    grep -q '^PATH=' "$out"
}
