#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# walls: which directory of harness/ may include which. Each uses only itself and
# those before it in this list; main.c and its neighbours use all. A report is a
# plain value that others fill, so it stands low; but what is proved must not
# depend on what is reported; and the site is made from JSON, not by the runner. Prints a line "FILE:LINE: ..." for each include that
# reaches back; called by lint.
#
#   harness/scripts/walls.sh [ROOT]
set -u
cd "${1:-${BASH_SOURCE[0]%/*}/../..}" || exit 4
order='base linux report cage proof autopsy oracle run print course site'
grep -nE '^#include "' harness/*/*.[ch] | awk -F'[:"]' -v order="$order" '
BEGIN { count = split(order, name, " "); for (i = 1; i <= count; i++) floor[name[i]] = i }
{
    split($1, from, "/"); split($4, to, "/")
    if (!(from[2] in floor)) next
    if (!(to[1] in floor) || floor[to[1]] > floor[from[2]] ||
        (from[2] == "proof" && to[1] == "report") ||
        (from[2] == "site" && to[1] !~ /^(base|report|site)$/))
        print $1 ":" $2 ": " from[2] "/ must not include " $4
}'
