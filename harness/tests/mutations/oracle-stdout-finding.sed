# a line on stdout is never a finding
# in: harness/oracle/*.c
# by: judge_test
s/^            last->fact.kind == next->fact.kind) {/            true) {/
