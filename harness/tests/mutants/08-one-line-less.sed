# broken: one line of the input is lost
s/write(fd, text, (size_t)size) != size/write(fd, text, 8) != 8/
