# everybody may send to a datagram socket that has an address
# in: harness/proof/objects.c
# by: table.bats: elsewhere: named-datagram
s/object->peer == 0 && !socket->named/object->peer == 0/
