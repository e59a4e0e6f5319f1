# a set that forgets a descriptor is a usual cure, so what has none is flagged
# in: harness/course/sources.c
# by: sources_test
s/^    "EPOLL_CTL_DEL",$//
