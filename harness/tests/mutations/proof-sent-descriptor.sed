# a descriptor that was sent and not received yet is somebody's
# in: harness/proof/part.c
# by: proof.bats: late: sent-descriptor
s/    shot->fds_in_flight = fds_are_in_flight(x);//
