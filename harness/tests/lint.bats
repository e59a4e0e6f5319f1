# SPDX-License-Identifier: MIT
#
# The rules of the tree that scripts check: what they must find, is found.

# The helper sets out, root ...
# shellcheck disable=SC2154
load helper

# plant FILE LINE: a copy of harness/ whose FILE begins with that line.
plant() {
    copy=$BATS_TEST_TMPDIR/copy
    rm -rf "$copy"
    mkdir "$copy"
    cp -R harness "$copy/"
    printf '%s\n' "$2" >>"$copy/$1"
    "$root/harness/scripts/walls.sh" "$copy" >"$out" 3>&-
}

@test "walls: an include that reaches back is found, and its line" {
    local line
    for pair in base/files.c:print/printers.h cage/cage.c:oracle/labs.h \
        proof/verdict.c:report/report.h linux/proc.c:cage/cage.h \
        run/run.c:course/check.h print/page.c:course/check.h; do
        plant "harness/${pair%:*}" "#include \"${pair#*:}\" /* planted */"
        line=$(grep -n planted "$copy/harness/${pair%:*}" | cut -d: -f1)
        grep -qF "harness/${pair%:*}:$line: " "$out" ||
            is "$(cat "$out")" "harness/${pair%:*}:$line" "what walls.sh says"
    done
}

@test "walls: an include of a lower directory, or the same, is none" {
    plant harness/course/check.c '#include "base/files.h"'
    is "$(grep -c 'course/ must not include base' "$out")" 0 complaints
    plant harness/run/run.c '#include "run/watcher.h"'
    is "$(grep -c 'run/ must not include run' "$out")" 0 complaints
}
