# broken: it ends by another signal than it was told
s/kill(getpid(), number)/kill(getpid(), SIGKILL)/
