#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# site: makes build/site/, the reference as static HTML; called by `make site`.
#
#   harness/scripts/site.sh [BASE]     BASE: the address where it will be
#
# Each lab is run once, and again when its program has changed: the timelines are
# drawn from these runs. A lab that this machine cannot run has the timeline of its
# page instead, and that is said. "You are the thread" is made from runs of programs
# that harness/site/watch/ makes of a lab and of its cure.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
data=build/site-data
# As the pages are: the same number in each run.
export FORKLAB_N=bare
mkdir -p "$data/runs" "$data/orders" || exit 4

build/forklab list --json >"$data/labs.json" || exit

# run NUMBER NAME: its JSON, where there is none of this program yet. Now and then
# a machine under load takes longer than a run may take: one of three is enough.
run() {
    local json=$data/runs/$1.json
    if [ -s "$json" ] && [ ! "build/labs/$1-$2" -nt "$json" ]; then
        return
    fi
    for _ in 1 2 3; do
        build/forklab run "$1" --json "$json" >/dev/null 2>&1 </dev/null
        [ "$(jq -r .outcome "$json" 2>/dev/null)" != hazard ] || return 0
    done
    without+=" $1"
}

# watched PROGRAM: the run of a program of harness/site/watch/, labs/31 or
# solutions/31, which says what it has in memory, too.
watched() {
    local number=${1#*/} outcome=hazard json
    [ "${1%/*}" = labs ] || outcome=safe
    json=$data/orders/$number-${1%/*}.json
    if [ -s "$json" ] && [ ! "$data/watch/$1" -nt "$json" ]; then
        return
    fi
    for _ in 1 2 3; do
        build/forklab run "$number" --program "$data/watch/$1" --json "$json" \
            >/dev/null 2>&1 </dev/null
        [ "$(jq -r .outcome "$json" 2>/dev/null)" != "$outcome" ] || return 0
    done
    without+=" $1"
}

without=
while read -r number name; do
    printf -v number %02d "$number"
    run "$number" "$name"
done < <(jq -r '.[] | "\(.number) \(.name)"' "$data/labs.json")
for program in "$data"/watch/*/[0-9][0-9]; do
    watched "${program#"$data"/watch/}"
done
[ -z "$without" ] || echo "  no run, so no picture, of$without: skipped or not as expected here"

# Pages that are no more must not stay.
rm -rf build/site
languages=()
for catalogue in build/locale/*/LC_MESSAGES/forklab.mo; do
    [ ! -s "$catalogue" ] || languages+=("$(cut -d/ -f3 <<<"$catalogue")")
done
unset FORKLAB_LANG
build/site-generator . "$data" build/site "${1-}" "${languages[@]}" || exit
for language in "${languages[@]}"; do
    FORKLAB_LANG=$language build/site-generator . "$data" \
        "build/site/$language" "${1-}" "${languages[@]}" || exit
done

# Only what is published has them, for the address of a picture must be whole.
[ -z "${1-}" ] || bash harness/scripts/pictures.sh build/site "$data/png"
