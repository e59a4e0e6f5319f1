# a private mapping of a file shows what is written to the file
# in: harness/proof/*.c
# by: proof.bats: rewired: poll-in-file
s/           (mapping->inode == 0 ||/           (true ||/
