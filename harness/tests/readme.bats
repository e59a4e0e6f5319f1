# SPDX-License-Identifier: MIT
#
# readme: each command line in README.md and the READMEs of the directories, in a
# page or at the head of a recipe for a cluster is run as it is written there, or
# has a reason here why not. A new one that is neither fails.

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016
load helper

# ---- which there are ----

# README.md, and those of the directories.
readmes=(README.md docker/README.md harness/README.md harness/course/README.md
    labs/README.md labs/LABS.md labs/SYSTEMS.md)

# The lines of a README: in indented code without the explanation, which two blanks
# or more set apart; behind "$ " in a block; and what between `...` begins as a
# command does. A \ at the end joins two lines.
lines_of_readme() {
    awk '
    /^```/ { block = !block; next }
    block { if (sub(/^\$ /, "")) print; next }
    /^    [^ ]/ || joined {
        sub(/^ +/, "")
        joined = sub(/ *\\$/, " ")
        printf "%s", joined ? $0 : ""
        if (!joined) { sub(/   *.*/, ""); print }
        next
    }
    !/^    / { text = text " " $0 }
    END {
        count = split(text, part, "`")
        for (i = 2; i <= count; i += 2)
            if (part[i] ~ /^(make|sh|bash|source|cc|docker|podman)( |$)/ ||
                part[i] ~ /^(FORKLAB_LANG=ja )?(build\/forklab|(docker|harness\/scripts)\/[a-z]+\.sh)( |$)/)
                print part[i]
    }' "$1"
}

lines_of_readmes() {
    local file
    for file in "${readmes[@]}"; do
        lines_of_readme "$file"
    done
}

# Of a page: behind "$ ", with another one beside it or not, and the code behind the
# words "Without the runner".
lines_of_page() {
    awk '
    /^ *\$ / {
        sub(/^ *\$ /, "")
        gsub(/   *\$ /, "\n")
        print
        next
    }
    /^Without the runner/ { alone = 1 }
    /^#/ { alone = joined = 0 }
    alone && /^    / {
        sub(/^ +/, "")
        joined = sub(/ *\\$/, " ")
        printf "%s%s", $0, joined ? "" : "\n"
    }' "$1"
}

lines_of_recipe() {
    sed -n 's/^#   \([a-z]\)/\1/p' "$1" | sed 's/   *.*//'
}

all_lines() {
    local page
    lines_of_readmes
    for page in labs/[0-9]*.md; do
        lines_of_page "$page"
    done
    lines_of_recipe harness/scripts/cluster/slurm.sh
    lines_of_recipe harness/scripts/cluster/kubernetes.yaml
}

# ---- which of them are run, and how ----

# why_not LINE: the reason why it is not run here. Status 1: there is none.
why_not() {
    case $1 in
    'make setup labs' | 'make labs' | 'make labs LIBC=musl')
        echo 'long; make.bats runs it: here only make -n' ;;
    'make setup check' | 'make lint check' | 'make check-docker')
        echo 'it is what runs this test: here only make -n' ;;
    'make check' | 'make check-long' | 'make check-wild' | 'make setup check-wild' | 'make setup check-site' | 'make lint' | 'make check-deep' | 'make mutate' | 'make bench' | 'make check-bench' | 'make fuzz '* | 'make maze '* | \
        'make tools' | 'make valgrind'* | 'make matrix'* | \
        'make -j2 unit-tests' | 'bash harness/tests/check.bash '*)
        echo 'the tests, and this is one' ;;
    'make setup site' | 'make site') echo 'it may install, and runs each lab: make check-site does' ;;
    'make setup') echo 'it may install: here only make -n' ;;
    'make book') echo 'needs a browser; site.bats runs it where there is one' ;;
    'make handout') echo 'needs a browser; newlab.bats runs it where there is one' ;;
    'make install') echo 'writes below /usr/local; install.bats has another PREFIX' ;;
    'sh harness/scripts/setup.sh') echo 'it may install; make.bats runs it on stubs' ;;
    'docker build '* | 'docker run '* | 'docker save '* | 'docker load '* | \
        'docker exec '* | *'docker compose '* | 'make wall'*)
        echo 'needs an engine: docker.bats runs it there' ;;
    harness/scripts/generate.sh)
        echo 'measures each lab; make.bats runs its --check' ;;
    harness/scripts/po.sh | 'make build' | 'make build/messages')
        echo 'po.bats runs po.sh, on what make has built' ;;
    labs/NN-* | solutions/NN-*) echo 'the name of a file' ;;
    '/*'*) echo 'the header of a lab' ;;
    *sbatch* | *srun* | *kubectl* | 'cd forklab && make build' | \
        'build/forklab class GRADES')
        echo 'needs a cluster; class.bats runs the recipe itself' ;;
    'make lab-'[0-9]*)
        [ "$1" != 'make lab-31' ] && echo 'labs.bats runs each lab' ;;
    'gdb -p '* | 'strace -p '* | 'strace -f '* | 'grep -E '*'/proc/PID/'* | \
        'grep '*' /proc/'[0-9]* | 'taskset -cp '[0-9]* | \
        'cat /run/'* | *'./a.out <jobs'* | \
        'cat jobs | ./a.out' | 'lsof '* | 'ss '* | 'ps '* | 'ls /proc/'* | \
        *server.c) echo 'what somebody saw, of processes that are not here' ;;
    *) return 1 ;;
    esac
}

# The line with something real in the place of each placeholder.
filled_in() {
    printf '%s\n' "$1" | sed -e 's/lab-N/lab-31/; s/-NN /-31 /; s/N=100/N=2/' \
        -e 's/ COMMAND$/ true/' -e "s/ PID$/ ${sleeper-1}/"
}

# The lines of README.md that are run, and what each must say; the status is 0.
says_of() {
    case $1 in
    make) echo 'All commands: make help' ;;
    'make help') echo 'usage: make TARGET' ;;
    'make demo') echo 'make lab-01' ;;
    'make handin') echo 'sha256' ;;
    'make new-lab NAME=lock-left-behind') echo 'labs/' ;;
    'make restore-31') echo 'nothing to bring back' ;;
    mkdir* | source* | 'cc -pthread labs/31-lock-nobody-holds.c' | \
        harness/scripts/walls.sh | 'docker/seats.sh 12') echo ;;
    'make lab-31' | 'make lab-N') echo 'HANG (proved)' ;;
    'make explain-31') echo 'fork' ;;
    'FORKLAB_LANG=ja build/forklab explain 31') echo '子プロセス' ;;
    'make try-31') echo 'attempts/31-' ;;
    'make check-31') echo 'SAFE' ;;
    'make hint-31') echo '1' ;;
    'make diff-31') echo 'FIX:' ;;
    'make list') echo '31' ;;
    'make class '*) echo '2 students' ;;
    'make grade') echo 'Score: 1/' ;;
    'build/forklab grade --autolab') echo '{"scores"' ;;
    'make man') echo 'man -M' ;;
    'make stress-NN '*) echo '2 of 2 as expected' ;;
    'build/forklab') echo 'usage' ;;
    'build/forklab cage'*) echo 'EXIT 0' ;;
    'build/forklab why'*) echo '20' ;;
    'build/forklab autopsy'*) echo 'sleep' ;;
    *) return 1 ;;
    esac
}

# Those of the pages, and the one that hangs, have a test each, below.
on_its_own() {
    case $1 in
    'cc -pthread labs/31-lock-nobody-holds.c && ./a.out') ;;
    './a.out' | './a.out | cat') ;;
    'cc -pthread labs/45-everything-written-twice.c') ;;
    './a.out 2>/dev/null | sort | uniq -c') ;;
    'sleep 1 | (perl -e '*) ;;
    *)
        # Asked for each line: the page is read once.
        [ -n "${of_page_20-}" ] || of_page_20=$(lines_of_page labs/20-*.md |
            grep -v '^make ')
        [[ $'\n'$of_page_20$'\n' == *$'\n'"$1"$'\n'* ]]
        ;;
    esac
}

# ---- running them ----

# A copy of what git knows of, and what is new, and what is built of it.
fresh_copy() {
    copy=$BATS_TEST_TMPDIR/forklab
    mkdir "$copy"
    if git rev-parse >/dev/null 2>&1; then
        git ls-files -co --exclude-standard
    else
        find . -path ./build -prune -o -path ./attempts -prune -o -type f -print
    fi | while IFS= read -r file; do
        [ ! -e "$file" ] || printf '%s\n' "$file"
    done | tar -cf - -T - | tar -C "$copy" -xf -
    mkdir "$copy/build"
    cp -a build/forklab build/ready build/harness build/labs build/solutions \
        build/original build/locale "$copy/build/"
    mkdir -p "$copy/build/attempts"
    cd "$copy" || return
}

# type_in LINE: as somebody would who has just come; sets status.
type_in() {
    status=0
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS "$mark" TMPDIR="$tmp" \
        timeout -k 5 300 bash -c "$1" >"$out" 2>"$err" </dev/null 3>&- ||
        status=$?
}

@test "each command line is run, or there is a reason why not" {
    all_lines | sort -u >"$BATS_TEST_TMPDIR/lines"
    # Nothing is found: then it is this test that is broken.
    [ "$(wc -l <"$BATS_TEST_TMPDIR/lines")" -gt 50 ]
    while IFS= read -r line; do
        ways=0
        for way in why_not says_of on_its_own; do
            ! "$way" "$line" >/dev/null || ways=$((ways + 1))
        done
        [ "$ways" -ne 0 ] || printf 'not tested: %s\n' "$line"
        [ "$ways" -lt 2 ] || printf 'tested and not: %s\n' "$line"
    done <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/untested"
    is "$(cat "$BATS_TEST_TMPDIR/untested")" "" "lines of README.md, pages, recipes"
}

@test "a line that is new is found" {
    cp README.md "$BATS_TEST_TMPDIR/README.md"
    printf '\n    make tea       with milk\n\nand `make coffee`, or:\n\n```\n$ make cake\n```\n' \
        >>"$BATS_TEST_TMPDIR/README.md"
    is "$(lines_of_readme "$BATS_TEST_TMPDIR/README.md" |
        grep -E 'tea|coffee|cake' | sort | xargs)" \
        'make cake make coffee make tea' "what is found"
    for way in why_not says_of on_its_own; do
        ! "$way" 'make tea' || is "$way" "not known" 'make tea'
    done
}

@test "what is not run is known to make" {
    for line in 'make setup labs' 'make labs' 'make labs LIBC=musl' \
        'make setup check' 'make lint check' 'make check-docker' 'make setup'; do
        lines_of_readmes | grep -qxF "$line" ||
            is "(not there)" "$line" "${readmes[*]}"
        type_in "${line/make/make -n}"
        is "$status" 0 "exit status of $line, with -n"
    done
}

@test "README.md and those of the directories, line by line" {
    fresh_copy
    if command -v parallel >/dev/null; then
        harness/tests/submissions.sh 2 submissions >/dev/null
    fi
    sleep 300 3>&- >/dev/null &
    sleeper=$!
    lines_of_readmes | awk '!seen[$0]++' >"$BATS_TEST_TMPDIR/lines"
    while IFS= read -r line <&4; do
        wanted=$(says_of "$line") || continue
        [ "$line" != 'make class SUBS=submissions JOBS=4' ] || [ -d submissions ] ||
            continue
        type_in "$(filled_in "$line")"
        case $line in
        build/forklab) is "$status" 2 "exit status of $line" ;;
        *) is "$status" 0 "exit status of $line" ;;
        esac
        [ -z "$wanted" ] || grep -qF -e "$wanted" "$out" "$err" || is "(not there)" "$wanted" "$line"
        # What a student does next: the cure.
        [ "$line" != 'make try-31' ] || cp solutions/31-*.c attempts/
    done 4<"$BATS_TEST_TMPDIR/lines"
    kill "$sleeper"
    wait "$sleeper" || true
}

@test "README.md: without the runner it hangs for good" {
    line='cc -pthread labs/31-lock-nobody-holds.c && ./a.out'
    lines_of_readme README.md | grep -qxF "$line"
    fresh_copy
    set -m
    bash -c "$line" >"$out" 2>"$err" </dev/null 3>&- &
    group=$!
    set +m
    hung=
    for ((tries = 0; tries < 300 && ${#hung} == 0; tries++)); do
        sleep 0.1
        # The last one of its group is the child.
        pid=$(cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (a\.out) / a.out /' |
            awk -v group="$group" '$2 == "a.out" && $5 == group && $4 != group {
                print $1 }' | sort -n | tail -n 1)
        [ -n "$pid" ] || continue
        build/forklab autopsy "$pid" >"$BATS_TEST_TMPDIR/autopsy" 2>&1 || continue
        hung=$(grep -F 'pthread_mutex_lock' "$BATS_TEST_TMPDIR/autopsy" || true)
    done
    still=$(kill -0 "$group" 2>/dev/null && echo yes)
    kill -KILL -- "-$group"
    wait "$group" || true
    is "$still" yes "is it still running"
    grep -q 'HANG' "$BATS_TEST_TMPDIR/autopsy" ||
        is "$(cat "$BATS_TEST_TMPDIR/autopsy")" HANG "the autopsy"
}

@test "the pages: labs 1, 14 and 45 without the runner" {
    fresh_copy
    type_in 'cc -pthread labs/01-*.c && ./a.out'
    is "$(grep -c '^hello' "$out")" 2 "hello, of ./a.out"
    type_in './a.out | cat'
    is "$(grep -c '^hello' "$out")" 2 "hello, of ./a.out | cat"
    if command -v perl >/dev/null; then
        line=$(lines_of_page labs/14-*.md | grep '^sleep 1 | ')
        type_in "$line"
        is "$(cat "$err")" 'cat: -: Resource temporarily unavailable' "$line"
    fi
    [[ $(uname -m) =~ ^(x86_64|aarch64)$ ]] || skip "lab 45 is for x86-64 and arm64"
    lines_of_page labs/45-*.md | grep -e '^cc ' -e '^\./a\.out' | paste -sd ';' |
        sed 's/;/ \&\& /' >"$BATS_TEST_TMPDIR/line"
    type_in "$(cat "$BATS_TEST_TMPDIR/line")"
    is "$status" 0 "exit status"
    grep -qE '^ +2 ' "$out" || is "$(cat "$out")" "lines that are there twice" "lab 45"
}

@test "the pages: lab 20 with a server of one's own" {
    [ -x build/labs/20-oops-for-an-answer ] || skip "MariaDB is not here"
    [ -x /usr/sbin/mariadbd ] || skip "there is no /usr/sbin/mariadbd"
    fresh_copy
    lines_of_page labs/20-*.md | grep -v '^make ' >"$BATS_TEST_TMPDIR/script"
    grep -q mariadbd "$BATS_TEST_TMPDIR/script"
    # "root adds --user=root"
    [ "$(id -u)" -ne 0 ] ||
        sed -i 's/--no-defaults/& --user=root/' "$BATS_TEST_TMPDIR/script"
    type_in "$(cat "$BATS_TEST_TMPDIR/script")"
    is "$status" 0 "exit status"
    grep -qx 'child asked for 1, got oops' "$out" ||
        is "$(cat "$out")" 'child asked for 1, got oops' "lab 20"
}
