s/^    call_me("helper");/&\n    for (int fd = 3; fd < 100; fd++)\n        if (fd != stop.fd[0] \&\& fd != helping.fd[1])\n            close(fd);/
