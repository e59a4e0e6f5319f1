s/^        call_me("helper");/&\n        close(epoll);/
