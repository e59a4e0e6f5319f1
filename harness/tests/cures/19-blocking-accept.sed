s/O_NONBLOCK) == -1/0) == -1/
/^    struct epoll_event/d
s/^    int epoll = .*/    int connection;/
/^    if (epoll == -1/,+1d
/^        if (epoll_wait/,+1d
