# broken: the child's line stays in the socket
/^    show_log(MSG_DONTWAIT);/d
