# what a live thread may wake is live
# in: harness/proof/verdict.c
# by: autopsy_test
# by: verdict_test
# by: proof.bats: late: write-end
s/^    while (spread(shot, d))/    while (false \&\& spread(shot, d))/
