s/^static struct event ready;/&\nstatic int epoll;/
s/^    int epoll = .*/    int connection;/
/^    if (epoll == -1/,+1d
s/^    struct epoll_event door = {.events = EPOLLIN}, seen;/    struct epoll_event door = {.events = EPOLLIN | EPOLLONESHOT}, seen;/
s/^    echo(connection);/    epoll_ctl(epoll, EPOLL_CTL_MOD, listener, \&door);\n&/
s/^    event_make(&ready);/&\n    struct epoll_event door = {.events = EPOLLIN | EPOLLONESHOT};\n    epoll = epoll_create1(EPOLL_CLOEXEC);\n    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, \&door) == -1)\n        die("epoll_ctl");/
