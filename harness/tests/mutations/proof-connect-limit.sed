# connect(2) to a full queue may have a time limit
# in: harness/proof/*.c
# by: proof.bats: unheard: connect-limit
s/        connection.timed = x->shot->objects\[own\].timed;/        (void)own;/
