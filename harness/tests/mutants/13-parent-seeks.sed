# broken: the parent begins again
s/say("parent: reads on");/lseek(fd, 0, SEEK_SET);/
