# who has the other end, or may end who has it, can end the wait
# in: harness/proof/verdict.c
# by: autopsy_test
# by: verdict_test
# by: proof.bats: late: ring
s/held_elsewhere(shot, index, process);/false;/
