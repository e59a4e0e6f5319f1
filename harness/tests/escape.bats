# SPDX-License-Identifier: MIT
#
# Nothing outlives its run, and nothing is left of it: programs/escape.c tries.
# Each mode runs as root, as an ordinary user, and as one without namespaces.

# The helper sets json, out, status ...
# shellcheck disable=SC2154
load helper

# What an ordinary user can reach.
setup_file() {
    cd "$root" || return
    place=$(mktemp -d /tmp/forklab-test.XXXXXX) || return
    export place
    chmod 755 "$place"
    cp build/forklab build/tests/programs/escape "$place/"
    mkdir "$place/labs"
    cp labs/01-*.c "$place/labs/"
    chmod -R a+rX "$place"
}

teardown_file() {
    rm -rf "$place"
}

# Each test has a directory there, and a user of its own: several run at once,
# and the limit that ends a fork bomb counts all processes of a user.
setup() {
    prepare
    work=$place/$BATS_TEST_NUMBER user=$((20000 + $$ % 40000))
    mkdir "$work" "$work/tmp" "$work/here"
    ln "$place/forklab" "$place/escape" "$work/"
    if [ "$EUID" -eq 0 ]; then
        chown "$user:$user" "$work/tmp" "$work/here"
    fi
}

# as WHO: root or user: with the strongest cage; plain, root-plain: without
# namespaces. Sets ours, which starts a command so; false: not possible here.
as() {
    who=$1 number=$((BASHPID * 1000 + BATS_TEST_NUMBER))
    ours=(env "$mark" TMPDIR="$work/tmp" NO_COLOR=1)
    [[ $who != *plain ]] || ours+=(FORKLAB_CAGE=plain)
    if [[ $who != root* ]] && [ "$EUID" -eq 0 ]; then
        command -v setpriv >/dev/null || return
        ours+=(setpriv --reuid "$user" --regid "$user" --clear-groups)
    fi
    [[ $who != root* ]] || [ "$EUID" -eq 0 ]
}

# Without namespaces only Landlock (Linux 6.12) confines signals to the run. Where it
# is missing, these would end the tests themselves.
too_dangerous() {
    [[ $who == *plain ]] || return
    case $1 in kill-everybody | kill-parent) ;; *) return 1 ;; esac
    "${ours[@]}" "$work/forklab" cage --json - -- true 2>/dev/null 3>&- |
        jq -e '.layers | contains("Landlock") | not' >/dev/null
}

processes_left() {
    local all=(/proc/[0-9]*/cmdline)
    echo "$number" | grep -lzxF --file=- "${all[@]}" 2>/dev/null ||
        grep -lzxF "$mark" /proc/[0-9]*/environ 2>/dev/null || true
}

# Files in TMPDIR, where it ran (a core), and all that has its number.
nothing_left() {
    is "$(processes_left)" "" "processes that are left, $who"
    is "$(ls -A "$work/tmp" "$work/here")" \
        "$(printf '%s:\n\n%s:' "$work/here" "$work/tmp")" "files, $who"
    is "$("$work/escape" sweep "$number")" "" "left behind, $who"
    # Keys are seen by their user only.
    is "$("${ours[@]}" "$work/escape" sweep "$number")" "" "left behind, $who"
}

# attempt MODE: one run of it, by the one that `as` has chosen. A bomb has time to
# go off, and so have those that end by themselves or are ended for what they do;
# the others end at the deadline. A flood has a longer one if it was none yet.
attempt() {
    local deadline deadlines=0.4
    case $1 in
    bomb | kill-group | huge-file | core | terminal | unmount | machine) ;&
    host-name | control-groups | keys | limits | move-out | terminal-by-name)
        deadlines=$ample
        ;;
    flood) deadlines="0.4 5 60" ;;
    esac
    for deadline in $deadlines; do
        status=0
        (cd "$work/here" && exec "${ours[@]}" timeout -k 5 "$net" \
            "$work/forklab" cage --deadline "$deadline" --json - -- \
            "$work/escape" "$1" "$number") \
            >"$json" 2>"$err" </dev/null 3>&- || status=$?
        ! jq -e '.output | .kept < .bytes' "$json" >/dev/null || break
    done
    : >"$out"
    [ -s "$json" ] || is "no report" "a report" "$who"
    field .still_there 0
    keep
    nothing_left
}

# contained MODE [FILTER VALUE]: by all of them, or by those in $whose. The field
# of the report has the value.
contained() {
    local one any=
    for one in ${whose:-root user plain root-plain}; do
        as "$one" || continue
        ! too_dangerous "$1" || continue
        attempt "$1"
        [ $# -eq 1 ] || field "$2" "$3"
        any=yes
    done
    [ -n "$any" ] || skip "setpriv is missing"
}

@test "each mode of escape has its test" {
    is "$(sed -n 's/^ *contained \([^ ]*\).*/\1/p' "$BATS_TEST_FILENAME" |
        sort)" "$("$work/escape" list | sort)" modes
}

@test "a daemon, made by two forks" {
    contained daemon
}

@test "a child in a session of its own" {
    contained keeps-pipe
}

@test "forty daemons, each the child of the last" {
    contained chain
}

@test "twenty processes that fork and end for ever" {
    contained comets
}

@test "a fork bomb" {
    contained bomb '.reason | contains("processes at once")' true
}

@test "stopped children" {
    contained stopped
}

@test "a parent that waits for its vfork child" {
    contained vfork
}

@test "200 threads, the first has ended" {
    contained threads
}

@test "a child that is traced" {
    contained traced
}

@test "all signals ignored" {
    contained ignore-signals
}

@test "a child that blocks all signals" {
    contained block-signals
}

@test "kill(-1, SIGKILL)" {
    contained kill-everybody
}

@test "kill of its parent" {
    contained kill-parent
}

@test "kill of its process group" {
    contained kill-group .verdict_title 'KILLED by SIGKILL'
}

@test "eight busy loops" {
    contained spin
}

@test "all descriptors in use" {
    contained descriptors
}

@test "all descriptors closed" {
    contained no-descriptors
}

@test "10 GB of output" {
    contained flood '.output | .kept < .bytes' true
}

@test "512 MB of memory" {
    contained memory
}

@test "a temporary file of 16 GB" {
    contained huge-file .verdict_title 'KILLED by SIGXFSZ'
}

@test "a core file" {
    contained core .verdict_title 'KILLED by SIGABRT'
}

@test "System V memory, semaphore and queue" {
    contained system-v
}

@test "POSIX memory, semaphore and queue" {
    contained posix-names
}

@test "directories that nobody may enter" {
    contained forbidden
}

@test "a named pipe, a socket, a link to /" {
    contained fifo
}

@test "files in /tmp, /var/tmp and /dev/shm" {
    contained elsewhere
}

@test "umask 0777, another directory" {
    contained umask
}

@test "its own directory is removed" {
    contained own-directory
}

@test "a terminal in raw mode" {
    contained terminal '.evidence | join(" ")' 'terminal: none'
}

# ---- the machine itself ----

@test "umount of /proc" {
    contained unmount '.evidence[0]' refused
}

# Without namespaces, root's program can write to /proc/sys.
@test "settings and devices of the machine" {
    whose="root user"
    contained machine '.evidence[0]' refused
}

# What closes a higher number is not heard.
@test "no descriptor gets a number above 1023" {
    local one
    for one in root user plain root-plain; do
        as "$one" || continue
        status=0
        (cd "$work/here" && exec "${ours[@]}" timeout -k 5 "$net" \
            "$work/forklab" cage --deadline "$ample" --json - -- \
            bash -c 'ulimit -n 3000; exec 2000</dev/null') \
            >"$json" 2>"$err" </dev/null 3>&- || status=$?
        field '.output.bytes > 0 and .status != 0' true
    done
}

@test "where there is no user namespace, root's program has few capabilities" {
    status=0
    # shellcheck disable=SC2016 # the inner shell's
    unshare -Urm sh -c 'echo 0 >/proc/sys/user/max_user_namespaces || exit 77
        TMPDIR=$1 exec build/forklab cage --deadline "$2" --json "$3" -- \
            build/tests/programs/escape unmount 0' sh "$tmp" "$ample" "$json" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    [ -e "$json" ] || skip "no user namespaces"
    field '.evidence[0]' refused
    field '.layers | startswith("pid, ipc and mount namespace")' true
}

# The keeper is parted from the runner for a while: linux/processors.h.
@test "a program may use the processors that the runner may" {
    last=$(grep Cpus_allowed_list: /proc/self/status | grep -oE '[0-9]+$')
    for where in root user plain root-plain; do
        as "$where" || continue
        for at in "" "taskset -c $last"; do
            # shellcheck disable=SC2086
            allowed=$($at grep Cpus_allowed: /proc/self/status)
            for _ in {1..10}; do
                # shellcheck disable=SC2016,SC2086
                $at "${ours[@]}" "$work/forklab" cage -- sh -c \
                    'test "$(grep Cpus_allowed: /proc/self/status)" = "$1"' \
                    sh "$allowed" >/dev/null 3>&-
            done
        done
    done
}

@test "the name of the machine" {
    contained host-name ".evidence[0] == \"$(readlink /proc/self/ns/uts)\"" false
}

@test "control groups" {
    contained control-groups
}

@test "keys in the keyrings of the user and of the session" {
    local one
    contained keys
    # In the session keyring of its starter.
    for one in root user plain root-plain; do
        as "$one" || continue
        # shellcheck disable=SC2016 # the inner shell's
        (cd "$work/here" && exec "${ours[@]}" "$work/escape" session "$number" \
            sh -c '"$1/forklab" cage --deadline "$2" -- "$1/escape" keys "$3"
                exec "$1/escape" sweep "$3"' sh "$work" "$ample" "$number") \
            >"$out" 2>"$err" </dev/null 3>&-
        grep -q '^VERDICT  EXIT 0' "$out"
        is "$(grep '^key' "$out" || true)" "" "keys that are left, $one"
    done
}

@test "limits of the runner and of the keeper" {
    local one
    contained limits .verdict_title 'EXIT 0'
    for one in plain root-plain; do
        as "$one" || continue
        attempt limits
        field '.evidence[0]' 'others: refused, child: allowed'
    done
}

@test "a file is moved and linked out of its directory" {
    contained move-out '.evidence[0]' refused
}

@test "the user's terminal by its name" {
    local one found
    contained terminal-by-name '.evidence[0]' 'terminal: none, character: refused'
    command -v script >/dev/null || skip "script is missing"
    for one in root user plain root-plain; do
        as "$one" || continue
        (cd "$work/here" && "${ours[@]}" script -qec "TERMINAL=\$(tty) \
            $work/forklab cage --deadline $ample -- \
            $work/escape terminal-by-name $number; stty -a" /dev/null) \
            >"$out" 2>&1 </dev/null 3>&-
        # Without namespaces it can be reached; what was set is set back.
        found=none
        [[ $one != *plain ]] || found=found
        grep -q "terminal: $found, character: refused" "$out"
        grep -q ' echo ' "$out"
        nothing_left
    done
}

# ---- the user's files ----

# What a lab's program writes to HOME and to where forklab was started. In the
# cage they are its own business: see "what is said to be gone".
@test "a lab's program makes no file of the user's" {
    local one
    # shellcheck disable=SC2016 # the inner shell's
    printf '%s\n' '#!/bin/sh' 'for file in "$PLACE/here/new" "$PLACE/tmp/home/new" \
            "$PLACE/tmp/home/old" "$HOME/new" "$TMPDIR/new" new; do
            { echo changed >"$file"; } 2>/dev/null; echo $?
        done' >"$work/writes"
    chmod 755 "$work/writes"
    for one in root user plain root-plain; do
        as "$one" || continue
        mkdir "$work/tmp/home"
        echo old >"$work/tmp/home/old"
        chmod 777 "$work/tmp/home"
        chmod 666 "$work/tmp/home/old"
        (cd "$work/here" && "${ours[@]}" env HOME="$work/tmp/home" PLACE="$work" \
            FORKLAB_ROOT="$place" "$work/forklab" run 1 --deadline "$ample" --json - \
            --program "$work/writes") >"$json" 2>"$err" </dev/null 3>&- || true
        : >"$out"
        field '.evidence | join(" ")' '2 2 2 0 0 0'
        # The runner itself may have a place in .local.
        is "$(cd "$work" && find here tmp/home -name .local -prune -o -print | sort | tr '\n' ' ')" \
            "here tmp/home tmp/home/old " "files, $one"
        is "$(cat "$work/tmp/home/old")" old "an old file, $one"
        rm -r "$work/tmp/home"
        nothing_left
    done
}

# ---- the runner itself ----

are_there() {
    [ "$(processes_left | wc -l)" -ge "$1" ] || ! kill -0 "$runner"
}

all_gone() {
    [ -z "$(processes_left)$(ls -A "$work/tmp")" ]
}

# begin MODE: runs in the background, until as many processes as that has are
# there; their end is up to the test.
begin() {
    (cd "$work/here" && exec "${ours[@]}" "$work/forklab" cage \
        --deadline "$ample" -- "$work/escape" "$1" "$number") \
        >"$out" 2>"$err" </dev/null 3>&- &
    runner=$!
    until_true "$ample" are_there "$2" || true
    is "$(($(processes_left | wc -l) >= $2))" 1 "$2 processes, $who"
}

end() {
    status=0
    kill "-$1" "$runner"
    wait "$runner" || status=$?
}

@test "the runner is killed: nothing is left" {
    local one
    for one in root user plain root-plain; do
        as "$one" || continue
        # Runner, keeper, parent and five that are stopped.
        begin stopped 8
        end KILL
        is "$status" 137 "exit status"
        until_true "$ample" all_gone || true
        is "$(processes_left)$(ls -A "$work/tmp")" "" "left behind, $one"
    done
}

@test "Ctrl-C: ends before the deadline, with the page and status 130" {
    local one since
    for one in root user plain root-plain; do
        as "$one" || continue
        begin stopped 8
        since=$SECONDS
        end INT
        is "$(((SECONDS - since) / ample))" 0 "deadlines, $one"
        is "$status" 130 "exit status"
        grep -q '^VERDICT ' "$out"
        grep -q 'You interrupted it' "$out"
        is "$(processes_left)$(ls -A "$work/tmp")" "" "left behind, $one"
    done
}

@test "1 GB of output is cut, and the page says so" {
    forklab cage --deadline "$ample" --json "$json" -- head -c 1073741824 /dev/zero
    is "$status" 0 "exit status"
    field .output.bytes 1073741824
    field '.output.kept <= 1048576' true
    grep -q '^  output  1073741824 bytes, of which the first' "$out"
    is "$(($(wc -c <"$out") < 4096))" 1 "short page"
    keep
}

@test "the user's terminal is as it was" {
    command -v script >/dev/null || skip "script is missing"
    env "$mark" TMPDIR="$tmp" script -qec "build/forklab cage --deadline $ample -- \
        build/tests/programs/escape terminal $$; stty -a" /dev/null \
        >"$out" 2>&1 </dev/null 3>&-
    grep -q ' icanon' "$out"
    grep -q ' echo ' "$out"
    grep -q 'EXIT 0' "$out"
}

# closed COMMAND: with some descriptors closed; the report goes to a file.
closed() {
    env "$mark" TMPDIR="$tmp" NO_COLOR=1 sh -c "exec build/forklab cage \
        --json $json -- sh -c 'echo hello; echo again >&2' $1" \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    field .verdict exit
    field '.evidence | join(" ")' hello
    field '.records | length' 2
    keep
}

@test "stdin is closed" {
    status=0
    closed '<&-'
    is "$status" 0 "exit status"
}

@test "stdout is closed: the report comes, the page cannot" {
    status=0
    closed '>&-'
    is "$status" 3 "exit status"
    grep -q 'cannot write the output' "$err"
}

@test "stderr is closed" {
    status=0
    closed '2>&-'
    is "$status" 0 "exit status"
}

@test "all three are closed" {
    status=0
    closed '<&- >&- 2>&-'
    is "$status" 3 "exit status"
}

# run_by WHO COMMAND...: in the cage, with its page in $out.
run_by() {
    rm -f "$work/reports/json"
    as "$1" || return
    status=0
    mkdir -p "$work/reports"
    chmod 777 "$work/reports"
    (cd "$work/here" && exec "${ours[@]}" timeout -k 5 "$net" "$work/forklab" \
        cage --deadline "$ample" --json "$work/reports/json" -- "${@:2}") \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    cp "$work/reports/json" "$json"
}

left='  left    no process, no IPC object, no file in /tmp or the run'\''s directory;'

@test "what is said to be gone is what was looked at" {
    local one
    for one in root user plain root-plain; do
        run_by "$one" touch made-here || continue
        is "$(grep '^  left' "$out")" "$left" "the page, $one"
        grep -q '^          files that it made elsewhere are its own' "$out"
        is "$(ls "$work/here")" made-here "what is not looked at, $one"
        rm "$work/here/made-here"
        field .not_removed null
        field '.tmp_note // "visible" | endswith("visible")' true
        keep
        nothing_left
    done
}

@test "a directory that cannot be removed is named" {
    local one directory
    for one in user plain; do
        # shellcheck disable=SC2016 # the inner shell's
        run_by "$one" sh -c 'echo $TMPDIR; chmod 555 "${TMPDIR%/*/*}"' ||
            continue
        directory=$(jq -r '.evidence[0] | sub("/tmp$"; "")' "$json")
        chmod 755 "$work/tmp"
        field .not_removed "$directory could not be removed: Permission denied"
        grep -q "^  left    $directory" "$out" || is "no row" "the directory" "$one"
        grep -q 'no file' "$out" && is "no file" "" "the page, $one"
        is "$(ls -A "$work/tmp")" "${directory##*/}" "what is left, $one"
        rmdir "$directory"
        keep
        nothing_left
    done
    [ -n "${directory-}" ] || skip "setpriv is missing"
}

@test "a directory that gets another name is removed all the same" {
    local one
    for one in root user plain root-plain; do
        # shellcheck disable=SC2016 # the inner shell's
        run_by "$one" sh -c 'cd "${TMPDIR%/*/*}"; touch "$TMPDIR/file"
            mv "${TMPDIR%/*}" moved && ln -s ../here "${TMPDIR%/*}"
            [ -e moved ]; echo $?' || continue
        # A link in its place is not followed, by chmod(2) neither.
        is "$(stat -c %a "$work/here")" 755 "rights of another directory, $one"
        case $one in
        # There it is a mount point.
        root | user) field '.evidence[0]' 1 ;;
        *) field '.evidence[0]' 0 ;;
        esac
        field .not_removed null
        nothing_left
    done
}

@test "files that chattr(1) holds are removed" {
    local one probe=$work/tmp/probe
    as root && command -v chattr >/dev/null || skip "needs root and chattr"
    touch "$probe"
    chattr +i "$probe" 2>/dev/null || {
        rm "$probe"
        skip "the file system has no such flag"
    }
    chattr -i "$probe"
    rm "$probe"
    for one in root root-plain; do
        # shellcheck disable=SC2016 # the inner shell's
        run_by "$one" sh -c 'here=$PWD && cd "$TMPDIR" && touch a &&
            chattr +i a; echo $?; mkdir d; touch d/i d/a; : >"$here/ready"
            while [ -e "$here/ready" ]; do sleep 0.05; done' &
        until_true "$ample" test -e "$work/here/ready"
        # It cannot set the flags; root outside can.
        (cd "$work"/tmp/forklab.*/tmp && chattr +a a d/a && chattr +i d/i &&
            chattr +i d . ..)
        rm "$work/here/ready"
        wait $!
        field '.evidence[0]' 1
        field .not_removed null
        nothing_left
    done
}

@test "the runner is killed: its directory in /tmp itself is removed" {
    local one directory where=$work/here/where
    for one in root user plain root-plain; do
        as "$one" || continue
        # shellcheck disable=SC2016 # the inner shell's
        (cd "$work/here" && exec "${ours[@]}" env TMPDIR=/tmp \
            "$work/forklab" cage --deadline "$ample" -- sh -c 'echo $TMPDIR >where; exec sleep 1000') \
            >"$out" 2>"$err" </dev/null 3>&- &
        runner=$!
        until_true "$ample" test -s "$where" || true
        [ -s "$where" ] || is "" "the directory's name" "$one"
        directory=$(cat "$where")
        rm "$where"
        directory=${directory%/tmp}
        # With namespaces it is in a /tmp that only the program has.
        case $one in
        *plain) [ -d "$directory" ] || is "no directory" "a directory" "$one" ;;
        esac
        end KILL
        until_true "$ample" test ! -e "$directory" || true
        [ ! -e "$directory" ] || is "$(ls -lad "$directory")" "" "left behind, $one"
        nothing_left
    done
}

# in_full_tmp COUNT COMMAND...: /tmp has so many entries, and one that is not
# ours: there/run, to which the link `way` leads. Only for this command.
in_full_tmp() {
    status=0
    # shellcheck disable=SC2016 # the inner shell's
    unshare -rm sh -c 'mount -t tmpfs none "$2" && cp build/forklab "$2/" &&
        mount --move "$2" /tmp && cd /tmp || exit 77
        seq "$1" | xargs touch && mkdir there && echo inner >there/file
        printf "#!/bin/sh\ncat /tmp/there/file; touch /tmp/new /tmp/there/old\n" \
            >there/run
        chmod 755 there/run
        ln -s there way
        cd /
        echo made
        shift 2
        env -u TMPDIR "$@"
        ls -d /tmp/new /tmp/there/old 2>/dev/null' \
        sh "$1" "$tmp" "${@:2}" >"$out" 2>"$err" </dev/null 3>&- || status=$?
    grep -q "^made$" "$out" || skip "no namespaces, or no tmpfs in them"
}

@test "a /tmp that nobody can write to: the run's directory is in the program's own" {
    status=0
    # shellcheck disable=SC2016 # the inner shell's
    unshare -rm sh -c 'mount -t tmpfs -o ro none /tmp && echo made &&
        env -u TMPDIR "$@"' - build/forklab cage -- \
        sh -c 'echo written >"$TMPDIR/file" && cat "$TMPDIR/file"' \
        >"$out" 2>"$err" </dev/null 3>&- || status=$?
    grep -q "^made$" "$out" || skip "no namespaces, or no tmpfs in them"
    is "$status" 0
    grep -q "> written$" "$out"
}

@test "a /tmp with many entries: it is private, and what is named is there" {
    local count many='/tmp has more than 32 entries'
    local hidden="$many: only those the command names are visible"
    for count in 5 29 30 300 12000; do
        in_full_tmp "$count" /tmp/forklab cage --json - -- /tmp/way/run
        sed -n '/^{/,/^}/p' "$out" >"$json"
        field .verdict_title "EXIT 0"
        field '.evidence[0]' inner
        field '.layers | contains("fresh /tmp")' true
        # What was there is the real thing; what is new vanishes.
        is "$(sed '1,/^}/d' "$out")" /tmp/there/old "files that stay"
        # With what in_full_tmp adds.
        if [ "$((count + 3))" -le 32 ]; then
            field .tmp_note null
        else
            field .tmp_note "$hidden"
        fi
        keep
    done
    in_full_tmp 5000 /tmp/forklab cage -- true
    grep -q "^  note    $many: only those" "$out"
    grep -q "^$left\$" "$out"
    in_full_tmp 5000 /tmp/forklab doctor
    grep -q '^  ok  private /tmp ' "$out"
    grep -q "^      $many: only those" "$out"
}

@test "a lab sees of /tmp what it names, any command all of it, if that is little" {
    local program=$BATS_TEST_TMPDIR/program count
    for count in 20 40; do
        # shellcheck disable=SC2016 # the inner shell's
        in_full_tmp "$count" /tmp/forklab cage --json - -- \
            sh -c 'set -- /t*/[0-9]*; [ -e "$1" ] || shift; echo $#'
        sed -n '/^{/,/^}/p' "$out" >"$json"
        field '.evidence[0]' "$((count == 20 ? 20 : 0))"
    done
    unnamed=$(mktemp /tmp/not-named-XXXXXX)
    # The program names itself and what is looked for only in parts.
    printf '#!/bin/sh\nls /tmp | grep -c not-na"med"-\n' >"$program"
    chmod 755 "$program"
    forklab run 31 --program "$program" --json "$json"
    rm -f "$unnamed"
    field '.evidence[0]' 0
}

# ---- the machine ----

# All that can be set below /proc/sys, but what changes by itself. What a run of
# another one may have for itself is compared as well: it is the machine's here.
settings() {
    find /proc/sys -type f -perm /222 ! -name ns_last_pid \
        ! -name 'perf_event_*' -exec grep -sH '' {} + | sort
}

@test "no setting of the machine is changed" {
    local one before=$BATS_TEST_TMPDIR/before after=$BATS_TEST_TMPDIR/after
    for one in root user plain root-plain; do
        as "$one" || continue
        settings >"$before"
        attempt threads
        settings >"$after"
        grep -q '/kernel/pid_max:' "$before"
        is "$(diff "$before" "$after")" "" "settings, $one"
    done
}

# As on a machine that is so busy that a process which was killed takes longer
# to end than any number of looks: one that an outsider traces stays, a zombie,
# until that one lets it go; here when the runner has paused 5100 times.
@test "who takes long to end is waited for" {
    local victim
    cat >"$BATS_TEST_TMPDIR/pauses.c" <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int nanosleep(const struct timespec *request, struct timespec *rest)
{
    static int pauses;
    int tracer = 0;
    FILE *file;
    (void)request, (void)rest;
    if (++pauses == 5100 && (file = fopen(getenv("TRACER"), "r")) != NULL) {
        if (fscanf(file, "%d", &tracer) == 1 && tracer > 1)
            kill(tracer, SIGKILL);
        fclose(file);
    }
    return 0;
}
END
    cat >"$BATS_TEST_TMPDIR/tracer.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    if (argc != 2 || ptrace(PTRACE_SEIZE, atoi(argv[1]), NULL, NULL) == -1)
        return 1;
    printf("%d\n", (int)getpid());
    fclose(stdout);
    for (;;)
        pause();
}
END
    cc -w -shared -fPIC -o "$BATS_TEST_TMPDIR/pauses.so" \
        "$BATS_TEST_TMPDIR/pauses.c"
    cc -w -o "$BATS_TEST_TMPDIR/tracer" "$BATS_TEST_TMPDIR/tracer.c"
    mkfifo "$BATS_TEST_TMPDIR/started"
    # shellcheck disable=SC2016
    env "$mark" TMPDIR="$tmp" FORKLAB_CAGE=plain \
        TRACER="$BATS_TEST_TMPDIR/pid" \
        LD_PRELOAD="$BATS_TEST_TMPDIR/pauses.so" build/forklab cage \
        --deadline "$ample" --json "$json" -- sh -c \
        'echo $$ >"$1" && unset LD_PRELOAD &&
            exec build/tests/programs/sleep-long' \
        sh "$BATS_TEST_TMPDIR/started" >"$out" 2>"$err" </dev/null 3>&- &
    runner=$!
    read -r victim <"$BATS_TEST_TMPDIR/started"
    "$BATS_TEST_TMPDIR/tracer" "$victim" >"$BATS_TEST_TMPDIR/pid" 3>&- &
    tracer=$!
    disown "$tracer"
    until [ -s "$BATS_TEST_TMPDIR/pid" ]; do
        kill -0 "$tracer" 2>/dev/null || {
            end INT
            skip "ptrace of a process that is no child is not allowed here"
        }
        sleep 0.05
    done
    end INT
    kill -KILL "$tracer" 2>/dev/null || true
    is "$status" 130 "exit status"
    field .still_there 0
    keep
}
