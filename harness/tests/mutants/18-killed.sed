# broken: by another signal
s/if (kill(pid, SIGTERM) == -1)/if (kill(pid, SIGKILL) == -1)/
