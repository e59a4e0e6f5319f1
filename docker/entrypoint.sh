#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What the container does: without arguments a shell that begins with a screen
# of help; with a word of the Makefile (lab-31, labs, check-31, doctor ...) that,
# once, with the runner's exit status; with anything else, that command.
#
# Nothing here needs a right, a network, a place to write or a name for the user.
set -u
root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd) || exit 4
work=$root/attempts
runner=$root/build/forklab

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 3
}

# Is the work directory one that was mounted with -v?
mounted() {
    awk -v directory="$work" '$5 == directory { found = 1 } END { exit !found }' \
        /proc/self/mountinfo
}

writable() {
    local file
    file=$(mktemp "$work/.write.XXXXXX" 2>/dev/null) && rm -f "$file"
}

# An attempt that cannot be kept is better refused before it is written.
need_work_directory() {
    local owner who
    writable && return
    owner=$(stat -c %u:%g "$work") who=$(id -u):$(id -g)
    mounted || fail "$work cannot be written here; give a directory of yours:" \
        "-v \"\$PWD/work:$work\""
    [ "$owner" != "$who" ] || fail "the directory mounted at $work cannot be" \
        "written; mount it without :ro, and look whether its disk is full"
    fail "the directory mounted at $work belongs to $owner and you are $who:" \
        "make it first (mkdir work), and add  --user \$(id -u):\$(id -g)"
}

greet() {
    local programs=("$root"/solutions/[0-9]*.c) note
    if mounted; then
        note='attempts/ is a directory of yours: what is there stays when you leave.'
    elif writable; then
        note="What you write ends with this container. To keep it, start it with
  -v \"\$PWD/work:$work\""
    else
        note="Nothing can be written here. For try and check start it with
  -v \"\$PWD/work:$work\""
    fi
    cat <<END_OF_GREETING
forklab: what goes wrong with fork(2), in ${#programs[@]} small programs that you can run

  make lab-31        run lab 31: what happened, and the proof of it
  make explain-31    why it happens, in a few lines
  make try-31        a copy for you: attempts/31-*.c; edit it (nano, vi)
  make check-31      is your copy safe now? says why if not; hint-31 helps
  make labs          run them all, a table; make list only lists them
  make help          all else that there is

  less labs/31*.md   the page: what is really going on, what the cures cost
  man 2 fork         and gdb, strace, valgrind; forklab autopsy PID for what
                     hangs in another terminal (docker exec -it NAME bash)

$note

No network is needed. Leave with exit.

END_OF_GREETING
}

# bash reads no file that would change the prompt; whoever --user says is fine.
shell() {
    ! mounted || need_work_directory
    greet
    export PS1='\W\$ '
    exec bash --norc
}

# The reference, as it was made with the image. The server, as many do, takes the
# signal that stops a container for "read your settings again".
serve() {
    local pages=$root/build/site server
    [ -s "$pages/index.html" ] || fail "there is no $pages: make setup site"
    echo 'http://localhost:8080/  if this was started with -p 8080:8080; Ctrl-C ends it'
    busybox httpd -f -p 8080 -h "$pages" &
    server=$!
    trap 'kill "$server"; wait "$server"; exit 0' HUP INT TERM
    wait "$server"
}

# number WORD: the N of lab-N.
number() {
    printf '%s\n' "${1##*-}"
}

[ -w "${HOME:-/}" ] || export HOME=/tmp
cd "$root" || exit 4

case ${1-} in
'')
    [ -t 0 ] || { "$runner" --help; exit 2; }
    shell
    ;;
lab-[0-9]*) exec "$runner" run "$(number "$1")" "${@:2}" ;;
solution-[0-9]*) exec "$runner" run "$(number "$1")" --solution "${@:2}" ;;
try-[0-9]* | reset-[0-9]* | restore-[0-9]*)
    need_work_directory
    exec "$runner" "${1%-*}" "$(number "$1")" "${@:2}"
    ;;
watch-[0-9]*)
    need_work_directory
    exec "$runner" watch "$(number "$1")"
    ;;
check-[0-9]* | hint-[0-9]* | explain-[0-9]* | diff-[0-9]* | list-[0-9]* | list-all)
    exec "$runner" "${1%-*}" "$(number "$1")" "${@:2}"
    ;;
labs) exec "$runner" run --all "${@:2}" ;;
bug-report-[0-9]*)
    need_work_directory
    exec "$runner" bug-report "$(number "$1")"
    ;;
try | reset | restore | watch | handin | bug-report)
    need_work_directory
    exec "$runner" "$@"
    ;;
grade)
    # build/ belongs to the image: the results go to the work directory.
    need_work_directory
    exec "$runner" grade --out "$work/grade" "${@:2}"
    ;;
start | list | run | demo | check | hint | explain | diff | why | class | handout | \
    new-lab | cage | autopsy | stress | doctor | completion | manual | students | needs | meant | \
    --help | --version)
    exec "$runner" "$@"
    ;;
# What the Makefile does itself: the status is make's.
help | build | stress-[0-9]*) exec make --no-print-directory "$@" ;;
site) serve ;;
wall) exec "$root/docker/wall.sh" --here "${2:-/work}" ;;
*)
    command -v -- "$1" >/dev/null || {
        printf 'error: there is no command "%s"; make and its targets:  %s\n' \
            "$1" 'docker run --rm forklab help' >&2
        exit 127
    }
    exec "$@"
    ;;
esac
