# a thread waits for the file that its number led to
# in: harness/proof/former.c
# by: proof.bats: rewired: dup2
s/^    wait_on_file(taking->x, taking->thread, &link);/    (void)link;/
