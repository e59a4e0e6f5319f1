# broken: the parent waits for what never comes
s/if (write(fd\[1\], hello, 5) != 5)/if (fd[1] == -1)/
