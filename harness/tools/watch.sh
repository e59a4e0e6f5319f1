#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# watch: runs one command as the only one in a PID namespace, of which this is
# the init, until it has ended, has gone to sleep for good as far as one can see
# from outside, or has had its seconds. What is left is sent SIGINT, for tools
# that have something to say at the end, and then killed. It proves nothing: a
# tool is one more program that may sleep, and forklab judges none of this.
#
#   unshare --pid --fork --kill-child --mount-proc bash watch.sh SECONDS END COMMAND
#
# END is the file that says how it ended: "status N", "asleep" or "deadline".
set -u
seconds=$1 end=$2 command=$3

# Every thread but ours: its state and the processor time that it has used.
moves() {
    local file text
    for file in /proc/[0-9]*/task/*/stat; do
        case $file in /proc/1/* | /proc/$BASHPID/*) continue ;; esac
        { read -r text <"$file"; } 2>/dev/null || continue
        text=${file//[!0-9]/ }${text##*) }
        # shellcheck disable=SC2086
        set -- $text
        printf '%s %s %s %s\n' "$1" "$3" "${14}" "${15}"
    done
}

# With job control: a process in the background ignores SIGINT otherwise.
set -m
(eval "$command") &
program=$!
set +m
how=deadline quiet=0 before=
while ((SECONDS < seconds)); do
    sleep 0.5
    # The first process has ended: what it has left behind has a second more.
    kill -0 "$program" 2>/dev/null || {
        wait "$program"
        how="status $?"
        [ -z "$before" ] || sleep 1
        break
    }
    now=$(moves)
    if [ "$now" = "$before" ] && ! grep -q ' [RD] ' <<<"$now"; then
        ((++quiet < 6)) || {
            how=asleep
            break
        }
    else
        quiet=0
    fi
    before=$now
done
echo "$how" >"$end"
kill -INT -1 2>/dev/null && sleep 1
kill -KILL -1 2>/dev/null
exit 0
