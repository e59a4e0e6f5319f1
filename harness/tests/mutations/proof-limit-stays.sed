# a wait keeps the time limit that there was when it began
# in: harness/proof/*.c
# by: table.bats: sockets: socket-limit
s/(known->timed != NULL \&\& fileids_have(known->timed, link->inode))/(known->timed != NULL \&\& known->timeouts)/
