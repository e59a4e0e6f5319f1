# SPDX-License-Identifier: MIT
#
# docker: the image is built from a clean copy of the project, and everything that
# README promises of it is run in containers. Where no engine answers, these tests
# are skipped. Nothing else is expected of the machine; what its engine refuses,
# the tests find out and say.
#
#   make check-docker              builds an image and removes it in the end
#   FORKLAB_IMAGE=NAME ...         tests that image instead

# The helper sets json, out, status ...
# shellcheck disable=SC2154,SC2016,SC2030,SC2031
load helper

attempts=/home/student/forklab/attempts
# As a stranger, with no rights, no network and no place to write but /tmp.
hard=(--read-only --tmpfs /tmp:exec --cap-drop ALL
    --security-opt no-new-privileges --network none --pids-limit 512)

# ---- the engine and the image ----

find_engine() {
    local name
    for name in docker podman; do
        timeout 60 "$name" info >/dev/null 2>&1 && echo "$name" && return
    done
}

# What git knows of, and what is new: no build/, no attempts/.
clean_copy() {
    mkdir "$1"
    if git -C "$root" rev-parse >/dev/null 2>&1; then
        git -C "$root" ls-files -z -co --exclude-standard |
            (cd "$root" && xargs -0 sh -c 'for file do
                [ ! -e "$file" ] || echo "$file"; done' sh) |
            tar -C "$root" -T - -cf - | tar -C "$1" -xf -
    else
        tar -C "$root" --exclude ./build --exclude ./attempts -cf - . |
            tar -C "$1" -xf -
    fi
}

# The host's network, if the engine's own has no way out; the base as it is here.
build_image() {
    clean_copy "$BATS_FILE_TMPDIR/clean"
    (cd "$BATS_FILE_TMPDIR/clean" &&
        timeout -k 5 900 "$engine" build --network host --pull=false -t "$image" \
            -f docker/Dockerfile .) >"$BATS_FILE_TMPDIR/build.log" 2>&1 </dev/null
}

setup_file() {
    engine=$(find_engine) || true
    image=${FORKLAB_IMAGE:-forklab-test:$$} built=0
    export engine image built
    if [ -n "$engine" ] && [ -z "${FORKLAB_IMAGE-}" ]; then
        build_image || built=$?
    fi
    export built
    # A part of the tests may have none of them.
    if [ -n "$engine" ] && [ "$built" -eq 0 ] && [ -z "${BATS_TEST_FILTER-}" ]; then
        all_runs_of_labs >/dev/null 2>&1 </dev/null 3>&- &
        export labs_pid=$!
    fi
}

teardown_file() {
    [ -z "${labs_pid-}" ] || wait "$labs_pid" || true
    [ -z "$engine" ] || [ -n "${FORKLAB_IMAGE-}" ] ||
        "$engine" rmi -f "$image" >/dev/null 2>&1 || true
}

need_image() {
    [ -n "$engine" ] || skip "no docker or podman answers"
    [ "$built" -eq 0 ] || {
        echo "the image was not built: status $built"
        return 1
    }
}

# ---- running it ----

# contain [OPTION...] [ARG...]: one container, as `docker run`. Its status, stdout
# and stderr, less what the engine says about the host's network.
contain() {
    need_image
    status=0
    timeout -k 5 "$ample" "$engine" run --rm "$@" >"$out" 2>"$err.all" </dev/null \
        3>&- || status=$?
    grep -v '^WARNING: IPv4 forwarding' "$err.all" >"$err" || true
}

# Who the tests are in a container: whoever runs them, but not root.
who() {
    if [ "$(id -u)" -eq 0 ]; then echo 12345:12345; else echo "$(id -u):$(id -g)"; fi
}

# A work directory of ours. A rootless podman maps us to root, unless it is told
# not to.
work_directory() {
    need_image
    work=$BATS_TEST_TMPDIR/work
    mkdir "$work"
    [ "$(id -u)" -ne 0 ] || chown "$(who)" "$work"
    user=(--user "$(who)")
    [ "$engine" != podman ] || [ "$(id -u)" -eq 0 ] || user+=(--userns keep-id)
    mount=(-v "$work:$attempts")
}

# says WORDS [FILE]
says() {
    grep -qF -e "$1" "${2:-$out}" || is "(not there)" "$1" "the output"
}

# refuses STATUS WORDS: in one line.
refuses() {
    is "$status" "$1" "exit status"
    is "$(wc -l <"$err")" 1 "lines on stderr"
    says "$2" "$err"
}

# The runs of all labs take longest, and mostly wait. So they begin when the image
# is there, two at once, and go on beside the other tests; each has a test that
# waits for its end. run_of_labs NAME: its output and status are in files.
run_of_labs() {
    local status=0 files=$BATS_FILE_TMPDIR/labs-$1 options=("${hard[@]}") command=(labs)
    case $1 in
    image) options=() ;;
    stranger) options+=(--user 12345:12345) ;;
    root) options+=(--user 0:0) ;;
    seat) options+=(--memory 1g) ;;
    musl) options+=(--user 12345:12345) command+=(--libc musl) ;;
    esac
    timeout -k 5 "$ample" "$engine" run --rm "${options[@]}" "$image" \
        "${command[@]}" >"$files.out" 2>"$files.err" </dev/null 3>&- || status=$?
    echo "$status" >"$files.new"
    mv "$files.new" "$files.status"
}

all_runs_of_labs() {
    local name
    for name in image stranger seat; do run_of_labs "$name"; done &
    for name in hard root musl; do run_of_labs "$name"; done
    wait
}

# wait_for_labs NAME...: until they have ended.
wait_for_labs() {
    local name
    for name; do
        until [ -e "$BATS_FILE_TMPDIR/labs-$name.status" ]; do
            kill -0 "$labs_pid" || return
            sleep 0.2
        done
    done
}

# labs NAME: as if this test had run them.
labs() {
    need_image
    if [ -n "${labs_pid-}" ]; then wait_for_labs "$1"; else run_of_labs "$1"; fi
    status=$(<"$BATS_FILE_TMPDIR/labs-$1.status")
    cp "$BATS_FILE_TMPDIR/labs-$1.out" "$out"
    cp "$BATS_FILE_TMPDIR/labs-$1.err" "$err"
    is "$status" 0 "exit status"
}

# What a container may not allow, and which labs say then that they need it: a
# namespace of one's own, io_uring, more than one CPU, the default of overcommit,
# huge pages, and to reserve more memory than there is.
may_skip='^ *(05|07|39|76) .*skip: lab: no |^ *65 .*skip: no PID namespace|^ *25 .*skip: lab: .*io_uring'
may_skip+='|^ *67 .*skip: lab: there is only one CPU|^ *73 .*skip: lab: (needs vm.over|a limit)|^ *74 .*skip: lab: .*huge pages'

# All labs showed their hazard, all solutions were safe; but for these.
all_labs() {
    local all without cured shown sum
    labs "$1"
    all=$(find solutions -name '[0-9]*.c' | wc -l)
    without=$(grep -cE "$may_skip" "$out") || true
    is "$(grep -c 'skip: ' "$out")" "$without" "rows that skip for a reason of the container"
    # What the kernel has cured is one lab.
    cured=$(grep -c ' cured: ' "$out") || true
    [ "$cured" -le 1 ] || is "$cured" "<= 1" "rows that say cured"
    shown=$((all - without))
    sum="$all labs: $((shown - cured)) showed their hazard, "
    [ "$cured" -eq 0 ] || sum+="$cured is cured here, "
    sum+="$shown solutions were safe, 0 not as wanted, $((2 * without)) skipped"
    is "$(tail -n 1 "$out")" "$sum" "the last line"
}

# ---- what needs no engine ----

@test "devcontainer.json opens this image, with keys of the public schema" {
    local file=.devcontainer/devcontainer.json
    # The keys that this file may have, and their types, as the schema says.
    jq -e '
        def known: {name: "string", build: "object", remoteUser: "string",
            init: "boolean", postCreateCommand: "string",
            customizations: "object"};
        (keys - (known | keys) == [])
        and all(to_entries[]; known[.key] == (.value | type))
        and ((.build | keys) - ["args", "cacheFrom", "context", "dockerfile",
            "target"] == [])
        and (.build.dockerfile | type == "string")' "$file"
    [ "$(realpath ".devcontainer/$(jq -r .build.dockerfile "$file")")" = \
        "$(realpath docker/Dockerfile)" ]
    [ "$(realpath ".devcontainer/$(jq -r .build.context "$file")")" = \
        "$(realpath .)" ]
    grep -q "useradd.* $(jq -r .remoteUser "$file")" docker/Dockerfile
}

@test "the compose file is what seats.sh writes" {
    local seats
    seats=$(grep -c '^  seat-' docker/compose.yaml)
    diff <(docker/seats.sh --print "$seats") docker/compose.yaml
    [ "$(docker/seats.sh --print 3 | grep -c container_name)" -eq 3 ]
    for wrong in 0 100 -1 x ''; do
        run docker/seats.sh "$wrong"
        [ "$status" -eq 2 ]
    done
}

@test "the Dockerfile is for every builder" {
    run grep -nE '^# *syntax|RUN +--|<<' docker/Dockerfile
    is "$status" 1 "exit status of grep"
}

# The entrypoint beside a runner that only says what it was told.
@test "each command of forklab reaches it through the entrypoint" {
    local copy=$BATS_TEST_TMPDIR/copy commands command
    mkdir -p "$copy/docker" "$copy/build" "$copy/attempts"
    cp docker/entrypoint.sh "$copy/docker/"
    printf '#!/bin/sh\necho "forklab $*"\n' >"$copy/build/forklab"
    chmod +x "$copy/build/forklab"
    commands=$(sed -n '/^static const struct command commands/,/^    {NULL/s/^    {"\([a-z-]*\)", ".*/\1/p' harness/commands.c)
    [ "$(wc -w <<<"$commands")" -ge 20 ]
    for command in $commands --version; do
        case $command in
        grade) is "$("$copy/docker/entrypoint.sh" grade)" \
            "forklab grade --out $copy/attempts/grade" grade ;;
        *) is "$("$copy/docker/entrypoint.sh" "$command" 31)" \
            "forklab $command 31" "$command" ;;
        esac
    done
    is "$("$copy/docker/entrypoint.sh" diff-31)" "forklab diff 31" diff-31
}

# The server is one that says how it was called, and takes SIGHUP for something else.
@test "site: the pages are served, and the signal that stops a container ends it" {
    local copy=$BATS_TEST_TMPDIR/copy server
    mkdir -p "$copy/docker" "$copy/build/site" "$copy/bin"
    cp docker/entrypoint.sh "$copy/docker/"
    "$copy/docker/entrypoint.sh" site >"$out" 2>"$err" 3>&- || status=$?
    is "$status" 3 "exit status without pages"
    says 'make setup site' "$err"
    echo here >"$copy/build/site/index.html"
    printf '#!/bin/sh\ntrap "" HUP\necho "$$ $*"\nexec sleep 100\n' >"$copy/bin/busybox"
    chmod +x "$copy/bin/busybox"
    PATH=$copy/bin:$PATH "$copy/docker/entrypoint.sh" site >"$out" 2>"$err" 3>&- &
    server=$!
    until grep -q httpd "$out"; do kill -0 "$server"; sleep 0.05; done
    says "httpd -f -p 8080 -h $copy/build/site"
    kill -HUP "$server"
    wait "$server" && status=$? || status=$?
    is "$status" 0 "exit status"
    sed -n 's/ httpd.*//p' "$out" >"$err"
    is "$(ps -o pid= -p "$(<"$err")")" "" "servers that are left"
}

# ---- the image ----

@test "the image is built from a clean copy" {
    [ -n "$engine" ] || skip "no docker or podman answers"
    [ -z "${FORKLAB_IMAGE-}" ] || skip "FORKLAB_IMAGE is set"
    tail -n 15 "$BATS_FILE_TMPDIR/build.log"
    [ "$built" -eq 0 ]
}

@test "it is smaller than 750 MB, has no lists of packages, and is not root's" {
    need_image
    size=$("$engine" image inspect -f '{{.Size}}' "$image")
    echo "$size bytes"
    [ "$size" -lt 750000000 ]
    [ "$("$engine" image inspect -f '{{.Config.User}}' "$image")" = student ]
    contain --network none --user 0:0 "$image" find /var/lib/apt/lists /var/cache/apt -type f -size +1k
    is "$status$(cat "$out")" 0 "what apt left"
}

@test "one-shots end as the runner does" {
    contain --network none "$image" lab-31
    is "$status" 0 "exit status of lab-31"
    says 'HANG (proved)'
    contain --network none "$image" solution-31
    is "$status" 0 "exit status of solution-31"
    contain --network none "$image" lab-31 --json -
    is "$(jq -r '"\(.outcome) \(.proved)"' "$out")" "hazard true" outcome
    contain --network none "$image" lab-99
    refuses 2 'there is no lab 99'
    contain --network none "$image" check-31
    refuses 3 'make try-31'
    contain --network none "$image" list
    is "$status" 0 "exit status of list"
    says '3  vanished threads: locks'
    contain --network none "$image" list-all
    is "$status" 0 "exit status of list-all"
    says lock-nobody-holds
    contain --network none "$image" doctor
    is "$status" 0 "exit status of doctor"
    says 'Labs can run here'
    contain --network none "$image" cage --quiet -- sleep 1
    is "$status" 0 "exit status of cage"
}

@test "anything else is a command" {
    contain --network none "$image" sh -c 'echo "$1"; exit 42' sh 'two words'
    is "$status" 42 "exit status"
    is "$(cat "$out")" 'two words' stdout
    contain --network none "$image" no-such-thing
    refuses 127 no-such-thing
    contain --network none "$image" forklab run 31 --quiet
    is "$status" 0 "exit status"
    contain --network none "$image"
    is "$status" 2 "exit status without a terminal"
}

# fetch NAME FILE: a page, from inside the container: that needs no network.
fetch() {
    timeout "$ample" "$engine" exec "$1" busybox wget -q -O - "http://127.0.0.1:8080/$2" \
        >"$out" 2>"$err" </dev/null 3>&-
}

@test "site: a page for each lab is served, as a stranger, and it stops at once" {
    need_image
    local name=forklab-site-$$ labs
    "$engine" run -d --name "$name" "${hard[@]}" --user 12345:12345 "$image" site \
        >/dev/null 3>&-
    for _ in {1..100}; do
        ! fetch "$name" '' || break
        sleep 0.1
    done
    says 'What goes wrong with fork(2)'
    for labs in labs/[0-9]*.md; do
        labs=${labs#labs/}
        says "${labs%.md}.html"
    done
    fetch "$name" 31-lock-nobody-holds.html
    says 'HANG (proved)'
    says 'You are the thread'
    fetch "$name" style.css
    timeout "$ample" "$engine" stop -t 60 "$name" >/dev/null 3>&-
    status=$("$engine" inspect -f '{{.State.ExitCode}}' "$name")
    "$engine" rm -f "$name" >/dev/null 3>&-
    is "$status" 0 "exit status: not that of a SIGKILL after a minute"
}

@test "words of the course, where nothing can be written" {
    contain "${hard[@]}" --user 12345:12345 "$image" explain-31
    is "$status" 0 "exit status of explain"
    says 31
    contain "${hard[@]}" --user 12345:12345 "$image" hint 31
    is "$status" 0 "exit status of hint"
    contain "${hard[@]}" --user 12345:12345 "$image" cage -- sh -c 'exit 3'
    is "$status" 1 "exit status of cage"
    says 'EXIT 3'
}

@test "a stranger may try and check without a directory of theirs" {
    contain --network none --user 12345:12345 "$image" sh -c '
        make try-31 && cp solutions/31-*.c attempts/ && make check-31 &&
        make lab-31 LIBC=musl'
    is "$status" 0 "exit status"
    says SAFE
}

@test "all labs, as the image's user" { all_labs image; }
@test "all labs, read-only, without rights and network" { all_labs hard; }
@test "all labs, and so for a user that nobody has heard of" { all_labs stranger; }
@test "all labs, and so for root" { all_labs root; }
@test "all labs, in the memory of a seat" { all_labs seat; }

@test "all labs that musl knows" {
    labs musl
    says '0 not as wanted'
}

@test "make works in it, also where nothing can be written" {
    contain "${hard[@]}" --user 12345:12345 "$image" make lab-31 solution-12 \
        diff-31 list
    is "$status" 0 "exit status"
    says 'HANG (proved)'
    says FIX:
}

# ---- tools ----

@test "gdb, strace and valgrind work in it" {
    local program=build/solutions/31-lock-nobody-holds
    contain "${hard[@]}" --user 12345:12345 "$image" \
        gdb -batch -ex 'break fork' -ex run -ex bt -ex kill "$program"
    is "$status" 0 "exit status of gdb"
    says ' main '
    contain "${hard[@]}" --user 12345:12345 "$image" \
        strace -f -o /tmp/calls -e trace=process "$program"
    contain "${hard[@]}" --user 12345:12345 "$image" sh -c \
        "strace -f -o /tmp/calls $program >/dev/null && cat /tmp/calls"
    is "$status" 0 "exit status of strace"
    says 'clone('
    contain "${hard[@]}" --user 12345:12345 "$image" valgrind -q \
        --error-exitcode=9 "$program"
    is "$status" 0 "exit status of valgrind"
    says 'child saw 1 1'
}

@test "the pages and the manuals are there, and editors" {
    contain "${hard[@]}" --user 12345:12345 "$image" bash -c '
        less labs/31-*.md && man 2 fork && man 3 pthread_atfork &&
        command -v nano && command -v vi'
    is "$status" 0 "exit status"
    says 'What is really going on'
    says 'create a child process'
    says 'register handlers to be called'
}

@test "the project's own tests run in it" {
    contain --network none "$image" sh -c '
        make -s -j"$(nproc)" check-programs >/dev/null &&
        bash harness/tests/check.bash verdicts.bats'
    tail -n 3 "$out"
    is "$status" 0 "exit status"
    says ', 0 failed'
}

# ---- the work directory ----

@test "attempts are kept in a mounted directory, and belong to who made them" {
    work_directory
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" try-31
    is "$status" 0 "exit status"
    local file=$work/31-lock-nobody-holds.c
    cmp "$file" labs/31-lock-nobody-holds.c
    [ "$(stat -c %u:%g "$file")" = "$(who)" ]
    # Another container: it is still there, and not safe.
    echo '/* changed */' >>"$file"
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" check-31
    is "$status" 1 "exit status of a hazard"
    says 'HANG (proved)'
    cp solutions/31-lock-nobody-holds.c "$file"
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" check-31
    is "$status" 0 "exit status of a cure"
    echo 'nonsense' >>"$file"
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" check-31
    is "$status" 1 "exit status of nonsense"
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" reset-31
    is "$status" 0 "exit status of reset"
    [ -e "$file.1" ]
    is "$(find "$work" -name '.write*')" "" "left in the directory"
}

@test "a work directory that cannot be written is refused in one line" {
    work_directory
    contain "${hard[@]}" "${user[@]}" -v "$work:$attempts:ro" "$image" try-31
    refuses 3 ':ro'
    contain "${hard[@]}" "${user[@]}" "$image" try-31
    refuses 3 "-v \"\$PWD/work:$attempts\""
    # Somebody else's.
    chmod 755 "$work"
    [ "$(id -u)" -ne 0 ] || chown 0:0 "$work"
    contain "${hard[@]}" --user 23456:23456 "${mount[@]}" "$image" try-31
    refuses 3 '--user'
    # The shell says so at once.
    contain -t "${hard[@]}" --user 23456:23456 "${mount[@]}" "$image"
    is "$status" 3 "exit status of the shell"
    # What does not write works all the same.
    contain "${hard[@]}" --user 23456:23456 "${mount[@]}" "$image" lab-31
    is "$status" 0 "exit status of lab-31"
}

# ---- the shell ----

# wait_for WORDS FILE: up to 20 s.
wait_for() {
    local tries=0
    until grep -qF -e "$1" "$2"; do
        tries=$((tries + 1))
        [ "$tries" -le 200 ] || return 1
        sleep 0.1
    done
}

# terminal KEYS OPTION...: a shell in a terminal of 80x24, in which KEYS are typed
# when the prompt is there. What it shows is in $out, without escape sequences.
terminal() {
    local keys=$1 shown=$BATS_TEST_TMPDIR/shown
    shift
    need_image
    status=0
    : | tee "$shown" >"$err"
    # shellcheck disable=SC2094
    {
        wait_for 'forklab$ ' "$shown" || true
        printf '%s\n' "$keys"
    } | timeout -k 5 120 script -qefc "stty rows 24 cols 80; \
        $engine run --rm -it $(printf '%q ' "$@")" /dev/null >"$shown" 2>&1 3>&- ||
        status=$?
    sed -E 's/\x1b\[[?0-9;]*[a-zA-Z]//g; s/\r//g' "$shown" >"$out"
}

# greeted: one screen, prompt included, and nothing beyond it.
greeted() {
    local lines
    sed '/^forklab\$ /q' "$out" >"$out.greeting"
    lines=$(wc -l <"$out.greeting")
    cat "$out.greeting"
    [ "$lines" -gt 10 ] && [ "$lines" -le 24 ]
    is "$(grep -E '^.{80}' "$out.greeting" || true)" "" "long lines"
}

@test "the shell begins with one screen, and make works in it" {
    terminal $'make lab-31; echo "status $?"\nexit 7' --network none "$image"
    greeted
    says 'ends with this container'
    says 'HANG (proved)'
    says 'status 0'
    is "$status" 7 "exit status"
}

@test "the shell of a stranger, read-only, with a work directory" {
    work_directory
    terminal $'make try-31; make check-31\nmake lab-31\nexit' "${hard[@]}" \
        "${user[@]}" "${mount[@]}" "$image"
    greeted
    says 'is your copy of lab 31'
    says UNCHANGED
    says 'HANG (proved)'
    [ -e "$work/31-lock-nobody-holds.c" ]
}

@test "a shell that is told to stop does so at once" {
    need_image
    local before after
    name=forklab-test-$$-stop
    "$engine" run -dt --rm --name "$name" --network none "$image" >/dev/null 3>&-
    for ((tries = 0; tries < 300; tries++)); do
        "$engine" logs "$name" >"$out" 2>&1 3>&-
        ! grep -q '[$#]' "$out" || break # its prompt
        sleep 0.1
    done
    # One that does not stop by itself is killed after these seconds.
    before=$(date +%s)
    timeout 200 "$engine" stop -t 120 "$name" 3>&-
    after=$(date +%s)
    [ $((after - before)) -lt 100 ]
}

@test "Ctrl-C ends a one-shot, and all that it has started" {
    need_image
    name=forklab-test-$$-int
    "$engine" run -d --name "$name" "${hard[@]}" "$image" \
        cage --deadline 60 -- sh -c 'echo ready; sleep 60 & sleep 60' >/dev/null 3>&-
    for ((tries = 0; tries < 100; tries++)); do
        "$engine" exec "$name" ps -eo comm= >"$out" 3>&-
        [ "$(grep -c '^sleep' "$out")" -ne 2 ] || break
        sleep 0.1
    done
    "$engine" kill -s INT "$name" >/dev/null 3>&-
    code=$(timeout 20 "$engine" wait "$name" 3>&-) || true
    "$engine" rm -f "$name" >/dev/null 3>&-
    [ "$code" = 130 ]
}

@test "the image goes through a file" {
    need_image
    [ -z "${FORKLAB_IMAGE-}" ] || skip "FORKLAB_IMAGE is set"
    # An image in use cannot be removed.
    [ -z "${labs_pid-}" ] || wait_for_labs image hard stranger root seat musl
    timeout 300 "$engine" save "$image" >"$BATS_TEST_TMPDIR/image.tar"
    "$engine" rmi "$image" >/dev/null
    timeout 300 "$engine" load <"$BATS_TEST_TMPDIR/image.tar"
    rm "$BATS_TEST_TMPDIR/image.tar"
    contain --network none "$image" lab-31 --quiet
    is "$status" 0 "exit status"
}

# ---- lab 66: who is PID 1 ----

# zombies_with WANTED [OPTION...] IMAGE [ARG...]: starts a server like lab 66, waits
# until all its jobs have ended, and counts those that are zombies. $one becomes
# the name of PID 1. Fails if the zombies are not WANTED within 5 s.
zombies_with() {
    local wanted=$1 tries found
    shift
    name=forklab-test-$$-66
    "$engine" run -d --name "$name" "${hard[@]}" "${user[@]}" "${mount[@]}" "$@" \
        >/dev/null 3>&-
    for ((tries = 0; tries < 100; tries++)); do
        "$engine" logs "$name" >"$out" 2>&1 3>&-
        ! grep -q 'waits for customers' "$out" || break
        sleep 0.1
    done
    # A job that still runs would be neither here nor there: wait for its end.
    for ((tries = 0; tries < 50; tries++)); do
        "$engine" exec "$name" ps -eo stat=,comm= >"$err" 3>&-
        found=$(grep -c '^Z.*job' "$err") || true
        ! grep -q '^[^Z].*job' "$err" && [ "$found" -eq "$wanted" ] && break
        sleep 0.1
    done
    one=$("$engine" exec "$name" ps -o comm= -p 1 3>&-)
    "$engine" kill "$name" >/dev/null 3>&-
    timeout 60 "$engine" rm -f "$name" >/dev/null 3>&-
    is "$(grep -c 'a script ended' "$out")" 3 "scripts that the server ran"
    is "$found" "$wanted" "zombies under $one"
}

# The lab without what makes it play PID 1 where it is not: $attempts/plain.
plain_lab() {
    work_directory
    contain "${user[@]}" "${mount[@]}" "$image" sh -c '
        sed "s/getpid() != 1 \&\&/0 \&\&/" labs/66-*.c >attempts/plain.c &&
        ! cmp -s labs/66-*.c attempts/plain.c &&
        cc -pthread -Ilabs -o attempts/plain attempts/plain.c'
    is "$status" 0 "exit status of the compiler"
}

@test "lab 66: as PID 1 three zombies stay, under tini none do" {
    plain_lab
    zombies_with 3 --entrypoint "$attempts/plain" "$image"
    is "$one" server "PID 1"
    zombies_with 0 "$image" attempts/plain
    is "$one" tini "PID 1"
}

@test "lab 66: with --init none do" {
    plain_lab
    # podman has an init only where another package is installed.
    contain --init "$image" true
    [ "$status" -eq 0 ] || skip "$engine has no --init: $(tail -n 1 "$err")"
    zombies_with 0 --init --entrypoint "$attempts/plain" "$image"
}

@test "lab 66 as it is, and its solution, as PID 1" {
    work_directory
    local program=/home/student/forklab/build
    zombies_with 3 --entrypoint "$program/labs/66-pid-one-does-not-reap" "$image"
    is "$one" server "PID 1"
    zombies_with 0 --entrypoint "$program/solutions/66-pid-one-does-not-reap" "$image"
}

# ---- the workshop ----

# seat NAME [SOURCE]: a directory in $work, with an attempt.
seat() {
    mkdir "$work/$1"
    [ $# -eq 1 ] || cp "$2" "$work/$1/${3:-${2##*/}}"
}

# row NAME WORDS: the line of the wall.
row() {
    says "$2" <(grep "^$1 " "$out")
}

@test "the wall: a line for each, who is stuck where" {
    work_directory
    seat 01 solutions/31-lock-nobody-holds.c
    seat 02 labs/31-lock-nobody-holds.c
    echo '/* changed */' >>"$work/02/31-lock-nobody-holds.c"
    seat 03
    seat 04 labs/12-eof-never-comes.c
    seat 05 labs/01-said-once-read-twice.c
    echo 'int x = y;' >>"$work/05/01-said-once-read-twice.c"
    seat 06
    ln -s /etc/passwd "$work/06/31-lock-nobody-holds.c"
    # The newest one counts.
    seat ada solutions/12-eof-never-comes.c
    cp labs/31-lock-nobody-holds.c "$work/ada/"
    touch -d '3 hours ago' "$work/ada/31-lock-nobody-holds.c"
    # A program that wants to be seen by others.
    seat eve labs/31-lock-nobody-holds.c
    printf '%s\n' '#include <stdlib.h>' \
        'int main(void) { return system("touch /work/03/got-out") == 0; }' \
        >"$work/eve/31-lock-nobody-holds.c"
    printf '%s\n' '01 safe 2026-01-01' '10 hazard 2026-01-01' \
        '12 safe 2026-01-02' >"$work/ada/progress"
    [ "$(id -u)" -ne 0 ] || chown -R "$(who)" "$work"
    status=0
    env -u MAKEFLAGS -u MAKELEVEL FORKLAB_IMAGE="$image" make wall WORK="$work" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    is "$status" 0 "exit status"
    cat "$out"
    is "$(wc -l <"$out")" 9 lines
    row 01 safe
    row 02 'HANG (proved) in pthread_mutex_lock, line '
    row 03 'nothing yet'
    row 04 unchanged
    row 05 'not compiled: line '
    row 06 'nothing yet'
    row ada '12 eof-never-comes'
    row ada 'min        2  safe'
    row eve 'broken: EXIT 0'
    [ ! -e "$work/03/got-out" ]
}

@test "the wall says what is missing" {
    WORK=$BATS_TEST_TMPDIR/nowhere
    run env -u MAKEFLAGS make -s wall WORK="$WORK"
    [[ $output == *'there is no directory'*seats.sh* ]]
    mkdir "$WORK"
    run env -u MAKEFLAGS make -s wall WORK="$WORK"
    [[ $output == *'one for each attendee'* ]]
}

compose_command() {
    if "$engine" compose version >/dev/null 2>&1; then
        compose=("$engine" compose)
    elif [ "$engine" = docker ] && docker-compose version >/dev/null 2>&1; then
        compose=(docker-compose)
    else
        skip "$engine has no compose here"
    fi
}

@test "compose: seats with a directory each, and the wall over them" {
    need_image
    compose_command
    cp -r docker "$BATS_TEST_TMPDIR/docker"
    cd "$BATS_TEST_TMPDIR" || return
    export FORKLAB_IMAGE=$image COMPOSE_PROJECT_NAME=forklab-test-$$
    rm -rf docker/work docker/.env
    docker/seats.sh 3
    sed -i "s/forklab-0/forklab-test-$$-0/" docker/compose.yaml
    (cd docker && timeout 120 "${compose[@]}" up -d) </dev/null 3>&-
    "$engine" exec "forklab-test-$$-02" docker/entrypoint.sh try-31 3>&-
    "$engine" exec "forklab-test-$$-03" docker/entrypoint.sh lab-31 --quiet 3>&-
    "$engine" logs "forklab-test-$$-01" >"$out" 3>&-
    status=0
    docker/wall.sh >"$err" 3>&- || status=$?
    (cd docker && timeout 120 "${compose[@]}" down -t 2) </dev/null 3>&-
    is "$status" 0 "exit status of the wall"
    says 'attempts/ is a directory of yours'
    [ -e docker/work/02/31-lock-nobody-holds.c ]
    [ ! -e docker/work/01/31-lock-nobody-holds.c ]
    grep '^02 .*unchanged' "$err"
    grep '^03 .*nothing yet' "$err"
}

@test "grade: the grades are in the work directory" {
    work_directory
    cp "$root"/solutions/31-*.c "$work/"
    contain "${hard[@]}" "${user[@]}" "${mount[@]}" "$image" grade
    is "$status" 0 "exit status"
    says 'Score: 1/'
    is "$(jq .score "$work/grade/results.json")" 1 "the score in the file"
}

@test "a pod of the cluster's recipe" {
    local subs=$BATS_TEST_TMPDIR/subs grades=$BATS_TEST_TMPDIR/grades command
    work_directory
    "$root/harness/tests/submissions.sh" 6 "$subs" >"$BATS_TEST_TMPDIR/letters"
    mkdir "$grades"
    [ "$(id -u)" -ne 0 ] || chown -R "$(who)" "$subs" "$grades"
    # Its command takes the place of the entrypoint, as in a pod.
    command=$(sed -n 's/^ *- \(harness\/scripts\/class.sh .*\)/\1/p' \
        "$root/harness/scripts/cluster/kubernetes.yaml")
    [ -n "$command" ]
    contain "${hard[@]}" "${user[@]}" -v "$subs:/submissions:ro" \
        -v "$grades:/grades" -e JOBS=2 -e JOB_COMPLETION_INDEX=0 \
        --entrypoint bash "$image" -c "${command/\/10/\/1}"
    is "$status" 0 "exit status"
    "$root/build/forklab" class "$grades" >"$out"
    is "$(tail -n +2 "$grades/class.csv" | cut -d, -f "$(build/forklab list --json |
        jq 'map(.number) | index(31) + 4')" | xargs)" \
        "$(xargs <"$BATS_TEST_TMPDIR/letters")" "the letters"
}
