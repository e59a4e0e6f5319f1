# SPDX-License-Identifier: MIT
#
# bench: what `make check-bench` compares is measured, and each bound can fail.
# Whether it holds is for .ci/run: here other tests take the processors.
# shellcheck disable=SC2154
load helper

bounds=harness/bench/bounds.tsv

rows() {
    awk -F'\t' '!/^#/ { print $1 }' "$bounds"
}

# compare BOUNDS MEASURED: sets status; stdout is in $out.
compare() {
    status=0
    build/bench --compare "$1" "$2" >"$out" 2>"$err" </dev/null 3>&- || status=$?
}

# with ROW FACTOR FILE: the file, where the number of that row is so much more.
with() {
    awk -F'\t' -v OFS='\t' -v row="$1" -v factor="$2" \
        '$1 == row { $2 *= factor } { print }' "$3"
}

@test "each bound fails alone: of a ratio that is above it, or was not measured" {
    local row good=$BATS_TEST_TMPDIR/good bad=$BATS_TEST_TMPDIR/bad
    [ -x build/bench ] || make build/bench >"$out" 2>&1
    sed '/^#/d' "$bounds" >"$good"
    compare "$bounds" "$good"
    [ "$status" -eq 0 ]
    is "$(tail -n 1 "$out")" "$(rows | wc -l) passed, 0 failed"
    for row in $(rows); do
        with "$row" 1.01 "$good" >"$bad"
        compare "$bounds" "$bad"
        is "$status" 1 "status where $row is too high"
        grep -q "^not ok [0-9]* $row: " "$out"
        is "$(tail -n 1 "$out")" "$(($(rows | wc -l) - 1)) passed, 1 failed"
        grep -v "^$row" "$good" >"$bad"
        compare "$bounds" "$bad"
        is "$status" 1 "status where $row is missing"
        grep -q "^not ok [0-9]* $row: it was not measured" "$out"
    done
}

@test "what cannot be measured here is skipped, not passed" {
    local row good=$BATS_TEST_TMPDIR/good
    [ -x build/bench ] || make build/bench >"$out" 2>&1
    row=$(rows | head -n 1)
    sed '/^#/d' "$bounds" | awk -F'\t' -v OFS='\t' -v row="$row" \
        '$1 == row { $2 = "-" } { print }' >"$good"
    compare "$bounds" "$good"
    grep -q "^ok [0-9]* $row # SKIP" "$out"
    is "$(tail -n 1 "$out")" "$(($(rows | wc -l) - 1)) passed, 0 failed, 1 skipped"
}

# The bounds are wide: a rule that is gone makes a row many times what it was.
@test "rows are within their bounds: heard-call" {
    make build/bench >"$out" 2>&1
    build/bench --check "$bounds" heard-call >"$out" 2>"$err" </dev/null 3>&- ||
        is "$(cat "$out")" "a ratio below its bound"
    grep -q "^ok 1 heard-call: " "$out"
}

@test "rows are within their bounds: explain-800" {
    make build/bench >"$out" 2>&1
    build/bench --check "$bounds" explain-800 >"$out" 2>"$err" </dev/null 3>&- ||
        is "$(cat "$out")" "a ratio below its bound"
    grep -q "^ok 1 explain-800: " "$out"
}

@test "rows are within their bounds: watcher-1000busy" {
    make build/bench >"$out" 2>&1
    build/bench --check "$bounds" watcher-1000busy >"$out" 2>"$err" </dev/null \
        3>&- || is "$(cat "$out")" "a ratio below its bound"
    grep -q "^ok 1 watcher-1000busy: " "$out"
}

@test "a run that is not proved is counted, not dropped" {
    make build/bench >"$out" 2>&1
    build/bench verdict-unproved >"$out" 2>"$err" </dev/null 3>&-
    grep -q "^  verdict-unproved .*, 3 runs, 3 NOT PROVED$" "$out"
    grep -q "^verdict-unproved[[:space:]]-$" build/bench.tsv
}
