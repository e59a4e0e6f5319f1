# SPDX-License-Identifier: MIT
#
# class: a directory of submissions becomes a table and a page; what was graded
# stays so after a kill; and the cluster's recipes call what exists.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

# class ARG...: sets status; stdout is in $out, stderr in $err.
class() {
    status=0
    env "$mark" TMPDIR="$tmp" JOBS=2 timeout -k 5 "$net" harness/scripts/class.sh "$@" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# A class of so many students, and the letters that they are to get.
students() {
    command -v parallel >/dev/null || skip "needs GNU parallel: make setup check"
    subs=$BATS_TEST_TMPDIR/subs grades=$BATS_TEST_TMPDIR/grades
    harness/tests/submissions.sh "$1" "$subs" >"$BATS_TEST_TMPDIR/letters"
    column=$(build/forklab list --json | jq 'map(.number) | index(31) + 4')
}

letters_are_right() {
    is "$(tail -n +2 "$grades/class.csv" | cut -d, -f "$column" | xargs)" \
        "$(xargs <"$BATS_TEST_TMPDIR/letters")" "the letters"
}

@test "twenty ways to answer, each with its letter; nothing is graded twice" {
    students 20
    class "$subs" "$grades"
    is "$status" 0 "exit status"
    letters_are_right
    is "$(grep -c 'class.sh --one' "$grades/joblog")" 20 "lines of the joblog"
    before=$(cat "$grades/class.csv" "$grades/class.html" | cksum)
    # Again: no job. One more student, and one who has changed a file: two.
    class "$subs" "$grades"
    is "$(cat "$grades/class.csv" "$grades/class.html" | cksum)" "$before" "tables"
    is "$(grep -c 'class.sh --one' "$grades/joblog")" 20 "lines of the joblog"
    echo >>"$subs/student-0001/31-lock-nobody-holds.c"
    mkdir "$subs/=late <b>"
    class "$subs" "$grades"
    is "$(grep -c 'student-0001$' "$grades/joblog")" 2 "times graded"
    is "$(grep -c 'harness/scripts/class.sh --one' "$grades/joblog")" 22 "lines of the joblog"
    is "$(sed -n 2p "$grades/class.csv" | cut -c 1-15)" "\"'=late <b>\",0," "the name"
    grep -q '<span>=late &lt;b&gt;' "$grades/class.html"
    # Who has left is left out.
    rm -r "$subs/=late <b>"
    class "$subs" "$grades"
    is "$(cat "$grades/class.csv" "$grades/class.html" | cksum)" "$before" "tables"
}

@test "killed in the middle: goes on, and comes to the same table" {
    students 6
    env "$mark" TMPDIR="$tmp" JOBS=2 setsid harness/scripts/class.sh "$subs" "$grades" \
        >"$out" 2>&1 </dev/null 3>&- &
    pid=$!
    until [ -e "$grades/students/student-0003/stamp" ]; do sleep 0.01; done
    kill -KILL -- "-$pid"
    wait "$pid" || true
    done_before=$(find "$grades/students" -name stamp | wc -l)
    [ "$done_before" -lt 6 ] || skip "it was done before it was killed"
    # Those who were being graded may be so still, and the next waits for them:
    # GNU parallel gives each job a process group of its own.
    class "$subs" "$grades"
    is "$status" 0 "exit status"
    letters_are_right
    is "$(find "$grades/students" -name stamp | wc -l)" 6 "graded"
    first=$(cat "$grades/class.csv")
    class "$subs" "$BATS_TEST_TMPDIR/once"
    is "$(cat "$BATS_TEST_TMPDIR/once/class.csv")" "$first" "the table"
}

@test "in parts, as a cluster does it" {
    students 4
    for part in 1 2 3; do
        class --part "$part/3" "$subs" "$grades"
        is "$status" 0 "exit status of part $part"
    done
    is "$(cat "$grades"/joblog.* | grep -c 'class.sh --one')" 4 jobs
    forklab class "$grades"
    is "$status" 0 "exit status of the table"
    letters_are_right
}

@test "the page in a browser" {
    browser=$(command -v chromium || command -v chromium-browser) ||
        skip "needs a browser: make setup check"
    students 6
    class "$subs" "$grades"
    status=0
    HOME=$BATS_TEST_TMPDIR timeout -k 5 120 "$browser" --headless --no-sandbox \
        --disable-gpu --disable-dev-shm-usage --user-data-dir="$BATS_TEST_TMPDIR/profile" \
        --dump-dom "file://$grades/class.html" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
    is "$status" 0 "exit status of the browser"
    # The browser's own tree: rows and cells are where they belong.
    labs=$(build/forklab list --json | jq length)
    is "$(grep -o '<tr>' "$out" | wc -l)" $((6 + 3)) rows
    is "$(grep -o '<td' "$out" | wc -l)" $((6 * (labs + 1) + 2 * labs)) cells
    is "$(grep -o '<td class="[A-Z]"' "$out" | sort | uniq -c | xargs)" \
        "4 <td class=F $((6 * labs - 6)) <td class=N 1 <td class=P 1 <td class=U" signs
    grep -q '<h1>6 students' "$out"
    # It sorts by a click, upwards and downwards, without a server.
    for clicks in 1 2; do
        {
            cat "$grades/class.html"
            echo "<script>for (let i = 0; i < $clicks; i++) heads[1].firstChild.click()</script>"
        } >"$grades/clicked.html"
        HOME=$BATS_TEST_TMPDIR timeout -k 5 120 "$browser" --headless --no-sandbox \
            --disable-gpu --disable-dev-shm-usage --user-data-dir="$BATS_TEST_TMPDIR/profile" \
            --dump-dom "file://$grades/clicked.html" >"$out" 2>"$err" </dev/null 3>&-
        is "$(grep -oE '<tr><th title="[^"]*"' "$out" | sed -n "$((clicks == 1 ? 6 : 1))p")" \
            '<tr><th title="student-0001"' "the best one after $clicks clicks"
    done
}

# The links of a page, as paths: unescaped, without the fragment.
links_of() {
    grep -oE 'href="[^"#]+' "$1" | cut -c 7- | sort -u | sed 's/%/\\x/g' |
        while IFS= read -r link; do printf '%b\0' "$link"; done
}

@test "39 hostile submissions: each its letter, a page for each, nothing gets out" {
    command -v parallel >/dev/null || skip "needs GNU parallel: make setup check"
    subs=$BATS_TEST_TMPDIR/subs grades=$BATS_TEST_TMPDIR/grades
    harness/tests/hostile.sh 39 "$subs" >"$BATS_TEST_TMPDIR/letters"
    RUNS=11 class "$subs" "$grades"
    is "$status" 0 "exit status"
    is "$(build/forklab list --json | jq -r '.[0].number')" 1 "the first lab"
    # One student may be called on two lines: a record ends with the last column.
    column=$(build/forklab list --json | jq 'map(.number) | index(31) + 1')
    is "$(tr '\n' ' ' <"$grades/class.csv" |
        grep -oE '#[0-9]{3}",([^,"]*,){2}([^,"]*,){'"$column"'}' |
        sed -E 's/^#0*([0-9]+)".*,([^,]+),$/\1 \2/' | sort -n | xargs)" \
        "$(xargs <"$BATS_TEST_TMPDIR/letters")" "the letters"
    # What a page leads to is there, and names are no markup.
    count=0
    while IFS= read -r -d '' link; do
        [ -f "$grades/$link" ] || is "$link" "" "a link that leads nowhere"
        count=$((count + 1))
    done < <(links_of "$grades/class.html")
    is "$count" "$(find "$grades/students" -name '[0-9][0-9].html' -printf x | wc -c)" links
    [ "$count" -ge 45 ] || is "$count" "45 or more" links
    is "$(grep -c '<script' "$grades/class.html")" 1 "scripts in class.html"
    is "$(grep -rlE '<script|</pre>.*</pre>' "$grades/students" --include='*.html')" "" \
        "pages with a script"
    # The seed that fails is said, though four runs are made at a time.
    grep -q 'EXIT 7 in run 11 of 11' "$grades/students/Zo"*"#027/results.json"
    grep -qF '\x1B[2J' "$grades/students/"*"#026/31.html"
    # Where a link of a student leads is not looked at.
    is "$(find "$grades/students/"*"#010" -name '*.html')" "" "pages of a link to /"
    chmod -R u+rwX "$subs"
}

@test "the cluster's recipes call what exists" {
    # Slurm: with its variables, the script itself.
    students 2
    status=0
    env "$mark" TMPDIR="$tmp" SLURM_SUBMIT_DIR="$PWD" SLURM_CPUS_PER_TASK=2 \
        SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_COUNT=2 SUBS="$subs" \
        OUT="$grades" bash harness/scripts/cluster/slurm.sh >"$out" 2>"$err" \
        </dev/null 3>&- || status=$?
    is "$status" 0 "exit status of the Slurm script"
    is "$(cd "$grades/students" && echo *)" student-0002 "who was graded"
    # Kubernetes: the command of its container, with its index.
    python3 -c 'import yaml' 2>/dev/null || skip "needs Python's yaml"
    python3 - harness/scripts/cluster/kubernetes.yaml >"$BATS_TEST_TMPDIR/command" <<'END'
import sys

import yaml

job = yaml.safe_load(open(sys.argv[1]))
assert job["kind"] == "Job" and job["spec"]["completionMode"] == "Indexed"
pod = job["spec"]["template"]["spec"]
command = pod["containers"][0]["command"]
assert command[:2] == ["bash", "-c"]
assert f"/{job['spec']['completions']}\" " in command[2]
mounts = {m["name"] for m in pod["containers"][0]["volumeMounts"]}
assert mounts == {volume["name"] for volume in pod["volumes"]}
print(command[2])
END
    command=$(sed "s|/submissions|$subs|; s|/grades|$grades|" "$BATS_TEST_TMPDIR/command")
    status=0
    env "$mark" TMPDIR="$tmp" JOBS=2 JOB_COMPLETION_INDEX=0 bash -c "$command" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "exit status of the pod"
    is "$(cd "$grades/students" && echo *)" "student-0001 student-0002" "who was graded"
    forklab class "$grades"
    letters_are_right
}

@test "no directory, no student, no number, two at once" {
    students 1
    mkdir -p "$grades/students/student-0001"
    touch "$grades/students/student-0001/log"
    for wrong in '' nothing "$subs/student-0001"; do
        class "$wrong" "$grades"
        is "$status" $((${#wrong} ? 3 : 2)) "exit status of \"$wrong\""
        is "$(wc -l <"$err")" 1 "lines of the error"
        # Whose directory was meant to be another one loses no grade.
        [ -e "$grades/students/student-0001/log" ]
    done
    for part in 4/3 0/3 x 3; do
        class --part "$part" "$subs" "$grades"
        is "$status" 2 "exit status of part $part"
        forklab students --part "$part" "$subs" "$grades"
        is "$status" 2 "exit status of part $part of students"
    done
    for wrong in "" "$subs" "$subs $grades $grades" "--part 1/2x $subs $grades"; do
        # shellcheck disable=SC2086 # several words
        forklab students $wrong
        is "$status" 2 "exit status of students $wrong"
    done
    mkdir -p "$grades"
    (
        exec 9>"$grades/lock"
        flock 9
        class "$subs" "$grades"
        is "$status" 3 "exit status while another one grades"
        grep -q 'somebody else is grading' "$err"
    )
    class "$subs" /proc/nothing
    is "$status" 3 "exit status where nothing can be written"
}

@test "JOBS and RUNS: neither, one, both, empty, and no numbers" {
    students 1
    local given
    for given in '' JOBS=1 RUNS=2 'JOBS=2 RUNS=2' 'JOBS= RUNS='; do
        rm -rf "$grades"
        status=0
        # shellcheck disable=SC2086 # several words
        env -u MAKEFLAGS -u MAKELEVEL -u JOBS -u RUNS "$mark" TMPDIR="$tmp" \
            timeout -k 5 "$net" make class SUBS="$subs" OUT="$grades" $given \
            >"$out" 2>"$err" </dev/null 3>&- || status=$?
        is "$status" 0 "exit status of make class $given"
        letters_are_right
    done
    for given in JOBS=x JOBS=0 RUNS=-1 RUNS=1.5 'RUNS= 2'; do
        status=0
        env "$mark" "$given" harness/scripts/class.sh "$subs" "$grades" >"$out" \
            2>"$err" </dev/null 3>&- || status=$?
        is "$status" 2 "exit status of $given"
    done
}

@test "nothing of the environment gets into any file of a class" {
    students 1
    printf '#include "lab.h"\n#include <stdio.h>\nint main(void)\n{\n%s\n}\n' \
        'for (char **at = environ; *at; at++) puts(*at); return 3;' \
        >"$(echo "$subs"/student-0001/31-*.c)"
    SECRET_TOKEN=canary-token make -s class SUBS="$subs" OUT="$grades" JOBS=1 \
        RUNS=1 >"$out" 2>"$err" </dev/null 3>&-
    grep -q TMPDIR= "$grades/students/student-0001/results.json"
    is "$(grep -rl canary-token "$grades" "$out" "$err")" "" "files that tell it"
}

@test "the course's workflow calls what exists" {
    python3 -c 'import yaml' 2>/dev/null || skip "needs Python's yaml"
    python3 - .github/workflows/course.yml >"$BATS_TEST_TMPDIR/commands" <<'END'
import sys

import yaml

flow = yaml.safe_load(open(sys.argv[1]))
assert set(flow["jobs"]) == {"lint", "check"}
steps = [step for job in flow["jobs"].values() for step in job["steps"]]
assert all(("run" in step) != ("uses" in step) for step in steps)
used = [step["uses"].split("@")[0] for step in steps if "uses" in step]
assert "actions/upload-artifact" in used
assert "github/codeql-action/upload-sarif" in used
reporter = [step for step in steps if "autograding-grading-reporter" in step.get("uses", "")]
assert len(reporter) == 1
# The reporter's name of a runner is that of its variable.
assert reporter[0]["with"]["runners"].upper() + "_RESULTS" in reporter[0]["env"]
check = [step for step in flow["jobs"]["check"]["steps"] if "run" in step]
print("\n".join(step["run"] for step in check if "make setup" not in step["run"]))
END
    mkdir "$BATS_TEST_TMPDIR/project"
    cp -a Makefile labs "$BATS_TEST_TMPDIR/project"
    mkdir "$BATS_TEST_TMPDIR/project/build"
    cp build/forklab "$BATS_TEST_TMPDIR/project/build"
    cd "$BATS_TEST_TMPDIR/project"
    mkdir attempts
    cp "$root"/solutions/31-*.c attempts/
    status=0
    env "$mark" TMPDIR="$tmp" GITHUB_OUTPUT="$PWD/output" \
        bash -e "$BATS_TEST_TMPDIR/commands" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "exit status of the commands"
    is "$(sed -n 's/^result=//p' output | base64 -d | jq -r '.tests | map(.score) | add')" 1 score
    is "$(jq -r '.runs[0].results | length' grades/forklab.sarif)" 0 findings
}
