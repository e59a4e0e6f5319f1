#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# deep: the tests with the runner built with ASan and UBSan, then its unit tests
# and a run of each lab under valgrind's memcheck; called by `make check-deep`.
# Works in a copy below build/, so that what is built stays as it is.
set -u
cd "${BASH_SOURCE[0]%/*}/../.." || exit 4
copy=$PWD/build/deep
failed=0

rm -rf "$copy"
mkdir -p "$copy"
cp -R Makefile README.md LICENSE .clang-format harness labs solutions "$copy" || exit 3
cd "$copy" || exit 4

echo "== AddressSanitizer and UndefinedBehaviorSanitizer"
sanitize='-fsanitize=address,undefined -fno-sanitize-recover=undefined'
env CFLAGS="-O1 -g $sanitize" LDFLAGS="$sanitize" \
    make build/forklab unit-tests || exit 3
# Labs stay as they are: a sanitizer would change what they show.
make check-programs || exit 3
build/forklab run --all || failed=1
# A sanitizer makes the runner slow, a fork bomb slower: microseconds.
PATIENCE=60000000 bash harness/tests/check.bash labs.bats verdicts.bats proof.bats \
    escape.bats autopsy.bats cli.bats attempt.bats course.bats grade.bats \
    cures.bats || failed=1

if ! command -v valgrind >/dev/null; then
    echo "error: the second half needs valgrind: apt install valgrind" >&2
    exit 3
fi
# Outcomes do not count here: valgrind 3.19 knows neither pidfd_open nor the
# ioctls of the witness, so exits go unseen. Memory and descriptors do.
echo "== memcheck"
rm -rf build
make build || exit 3
# memcheck COMMAND...: forklab's, what it starts is not looked at.
memcheck() {
    valgrind -q --trace-children=no --child-silent-after-fork=yes \
        --track-fds=yes --leak-check=full --error-exitcode=99 \
        --log-file=build/memcheck.log build/forklab "$@" >/dev/null 2>&1
    if [ "$?" -eq 99 ] || grep -v memcheck.log build/memcheck.log |
        grep -qE 'definitely|Invalid|uninit|Open file descriptor [3-9]'; then
        cat build/memcheck.log
        failed=1
    else
        echo "$*: clean"
    fi
}
for number in $(build/forklab list --json | jq -r '.[].number'); do
    for which in --quiet --solution; do
        memcheck run "$number" "$which"
    done
    memcheck explain "$number"
    memcheck hint "$number"
done
memcheck check 31 solutions/31-*.c --runs 2
memcheck check 31 labs/33-*.c --runs 2
memcheck grade --submission solutions --runs 1
memcheck why 'futex(0x7f69004dd700, FUTEX_WAIT_PRIVATE, 2, NULL'
memcheck list
memcheck manual 1
memcheck manual 7
memcheck completion
memcheck doctor
memcheck --help
if [ "$failed" -eq 0 ]; then
    echo "deep: all clean"
else
    echo "deep: FAILED"
fi
exit "$failed"
