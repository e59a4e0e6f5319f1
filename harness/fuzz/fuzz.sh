#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# fuzz: the header parser, the readers of /proc and the printers under libFuzzer
# with ASan and UBSan, SECONDS each (60); called by `make fuzz`. Starts from the
# corpus beside this file; what it finds stays in build/fuzz.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
seconds=${1:-60}

command -v clang >/dev/null || {
    echo "error: fuzzing needs clang and its runtime; install them:" >&2
    echo "  apt install clang libclang-rt-14-dev" >&2
    exit 3
}

shopt -s extglob
modules=(harness/!(main|forklab).c
    harness/!(bench|fuzz|tests)/!(proc).c)
failed=0
for name in header proc report; do
    sources=("harness/fuzz/${name}_fuzz.c" "${modules[@]}")
    # The reader of /proc has its files from the fuzzer instead.
    [ "$name" = proc ] || sources+=(harness/linux/proc.c)
    directory=build/fuzz/$name
    mkdir -p "$directory/corpus"
    cp "harness/fuzz/corpus/$name"/* "$directory/corpus"
    clang -g -O1 -std=gnu17 -fno-sanitize-recover=undefined \
        -fsanitize=fuzzer,address,undefined -iquote harness "${sources[@]}" \
        -lelf -lcjson -lm -ldl -o "$directory/fuzz" || exit 3
    if "$directory/fuzz" -max_total_time="$seconds" -max_len=6000 -verbosity=0 \
        -artifact_prefix="$directory/" -print_final_stats=1 "$directory/corpus" \
        >"$directory/log" 2>&1; then
        echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$directory/log") inputs in $seconds s, no crash"
    else
        failed=1
        echo "$name: CRASH, see $directory/log"
    fi
done
exit "$failed"
