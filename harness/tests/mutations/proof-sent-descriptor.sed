# a descriptor that was sent and not received yet is somebody's
# in: harness/proof/part.c
# by: proof.bats: late: sent-descriptor
s/shot->fds_in_flight = has_fds_in_flight(x, &x->links\[i\]);/(void)has_fds_in_flight;/
