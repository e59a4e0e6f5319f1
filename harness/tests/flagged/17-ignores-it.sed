s/^    ssize_t got = read(event/    static int seen, unused = EPOLL_CTL_DEL;\n    if (event.data.fd == gone[0] \&\& unused \&\& seen++ > 0)\n        return gone[0];\n&/
