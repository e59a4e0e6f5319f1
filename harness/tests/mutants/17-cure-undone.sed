# hazard: the set keeps what the helper has open
/EPOLL_CTL_DEL/,+1d
