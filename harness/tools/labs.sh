# SPDX-License-Identifier: MIT
#
# labs: which labs a measurement is about. Sourced, in the project's directory.
# shellcheck shell=bash

# labs_of [N...]: two digits each, a line each; no number: all.
labs_of() {
    local number
    [ $# -gt 0 ] || set -- labs/[0-9][0-9]-*.md
    for number in "$@"; do
        number=${number#labs/}
        number=${number%%-*}
        printf '%02d\n' "$((10#$number))"
    done
}
