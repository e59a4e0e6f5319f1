# TCP_USER_TIMEOUT ends a connection whose other end has no room
# in: harness/proof/*.c
# by: table.bats: sockets: tcp-full
s/           !tcp_gives_up(.*$/           link->fd >= 0;/
