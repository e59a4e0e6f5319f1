#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The wall of a workshop: a line for each attendee, who is stuck where. Nobody has
# to report anything: DIR (docker/work) has a directory for each attendee, which
# is their attempts/, and what they changed last is checked now.
#
#   docker/wall.sh [DIR]          in a container, for it runs their programs
#   docker/wall.sh --here DIR     right here; what the container does
# The form of a line stands in one place.
# shellcheck disable=SC2059
set -u
project=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd) || exit 4
runner=$project/build/forklab

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 3
}

# The first engine that answers.
engine() {
    local name
    for name in docker podman; do
        "$name" info >/dev/null 2>&1 && echo "$name" && return
    done
    fail "no docker or podman answers; their programs are only run in a container"
}

in_container() {
    local engine
    engine=$(engine) || exit
    exec "$engine" run --rm --read-only --tmpfs /tmp:exec --cap-drop ALL \
        --security-opt no-new-privileges --network none --pids-limit 512 \
        --user "$(stat -c %u:%g "$directory")" -v "$directory:/work:ro" \
        "${FORKLAB_IMAGE:-forklab}" wall /work
}

# newest DIR: the attempt that was changed last; no link to somewhere else.
newest() {
    find "$1" -maxdepth 1 -type f -name '[0-9][0-9]-*.c' -printf '%T@ %p\n' |
        sort -rn | sed -n '1s/^[^ ]* //p'
}

ago() {
    local minutes=$((($(date +%s) - $(stat -c %Y "$1")) / 60))
    if [ "$minutes" -lt 60 ]; then
        echo "$minutes min"
    elif [ "$minutes" -lt 2880 ]; then
        echo "$((minutes / 60)) h"
    else
        echo "$((minutes / 1440)) days"
    fi
}

# What a report says in a few words: of a hang where it is, of an error of the
# compiler the first one.
words='
def place: [.processes[] | select(.end == "stuck") | .threads[]
        | select(.function != null)]
    | (map(select(.waits != "child")) + .)[0]
    | if . == null then ""
      else " in \(.function)" + (if .line then ", line \(.line)" else "" end) end;
if .check.result == "hazard" or .check.result == "broken" then
    (if .check.result == "broken" then "broken: " else "" end)
    + .verdict_title + place
elif .check.result == "not compiled" then
    "not compiled: " + ((.check.compiler // "") | split("\n")
        | map(capture(":(?<line>[0-9]+):[0-9]+: (fatal )?error: (?<what>.*)"))
        | if length > 0 then "line \(.[0].line): \(.[0].what)" else "" end)
else .check.result end'

# A lab that is no longer there, a file that cannot be read: the runner says so.
shows() {
    local number=$1 file=$2
    if "$runner" check "$number" "$file" --deadline 3 --quiet \
        --json "$report" >/dev/null 2>"$report.error" || [ -s "$report" ]; then
        jq -r "$words" "$report"
    else
        sed -n '1s/^forklab: //p' "$report.error"
    fi
}

# How many labs their own checks have called safe, as the runner notes it.
cured() {
    [ ! -f "$1/progress" ] || grep -c '^[0-9]* safe ' "$1/progress"
}

form='%-8.8s  %-28.28s  %-7s  %5s  %s\n'
line() {
    local seat=$1 file name number
    file=$(newest "$seat")
    if [ -z "$file" ]; then
        printf "$form" "${seat##*/}" - - "$(cured "$seat")" 'nothing yet'
        return
    fi
    name=${file##*/} name=${name%.c} number=${name%%-*}
    rm -f "$report"
    printf "$form" "${seat##*/}" "$number ${name#*-}" "$(ago "$file")" \
        "$(cured "$seat")" "$(shows "$number" "$file")" |
        LC_ALL=C tr -cd '\n\40-\176' | cut -c1-100
}

wall() {
    local seat
    report=$(mktemp) || fail "cannot write to ${TMPDIR:-/tmp}"
    trap 'rm -f "$report" "$report.error"' EXIT
    printf "$form" who lab changed cured 'what it shows'
    for seat in "$directory"/*/; do
        line "${seat%/}"
    done
}

here=
[ "${1-}" != --here ] || { here=1 && shift; }
directory=$(cd "${1:-$project/docker/work}" 2>/dev/null && pwd) ||
    fail "there is no directory ${1:-docker/work}; docker/seats.sh 12 makes it"
[ -n "$(find "$directory" -mindepth 1 -maxdepth 1 -type d -print -quit)" ] ||
    fail "$directory has no directories in it, one for each attendee; docker/seats.sh 12 makes some"
[ -n "$here" ] || in_container
[ -x "$runner" ] || fail "$runner is not there; build it:  make build"
wall
