# hazard: the reader waits for the parent
/^    close(fd\[1\]);/d
