s/^    if (write(keys, "\\003", 1) != 1 || .*/    if (kill(pid, SIGINT) == -1 ||/
s/^        read(keys, &echo, 1) != 1)/        (echo = 0) != 0)/
