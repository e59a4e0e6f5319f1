# a datagram may go elsewhere than to the peer of its socket
# in: harness/proof/*.c
# by: table.bats: elsewhere: datagram
s/        if (object->datagram && !sends_to_peer(x, thread, object)) {/        if (sends_to_peer(x, thread, object) \&\& false) {/
