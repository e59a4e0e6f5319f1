# broken: there is no secret to read
s/ || write(fd, "swordfish", 9) != 9//
