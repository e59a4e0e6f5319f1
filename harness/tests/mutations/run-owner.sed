# urgent data sends a signal to the owner of a socket
# in: harness/run/*.c
# by: table.bats: elsewhere: urgent
s/    heard->strange |= !fileid_of(tid, fd, &id) || id.socket;/    (void)fileid_of(tid, fd, \&id);/
