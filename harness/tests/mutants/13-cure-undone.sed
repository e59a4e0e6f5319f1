# hazard: the position that both share moves on
s/pread(fd, text, 3, 3)/read(fd, text, 3)/
