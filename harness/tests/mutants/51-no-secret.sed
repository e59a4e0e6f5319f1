# broken: there is no secret to read
s/ || write(fd, secret, 9) != 9//
