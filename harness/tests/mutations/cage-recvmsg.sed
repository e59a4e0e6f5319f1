# descriptors come from outside by any recvmsg(2)
# in: harness/cage/*.c
# by: table.bats: elsewhere: received
s/^    CALL(SYS_recvmsg),$/    IF(SYS_recvmsg, 2, FILTER_BITS, MSG_CMSG_CLOEXEC),/
