# who may trace others, or write into them, can wake anybody
# in: harness/proof/verdict.c
# by: autopsy_test
# by: verdict_test
# by: proof.bats: late-reach: ptrace
s/(reaches || process_is_exposed(shot, i))/process_is_exposed(shot, i)/
