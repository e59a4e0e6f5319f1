s/^    while ((got = read.*/    struct timeval time = {.tv_usec = 10000};\n    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, \&time, sizeof(time));\n&/
s/errno != EINTR/errno != EAGAIN/
