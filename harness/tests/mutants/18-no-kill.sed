# broken: nobody is sent anything
s/if (kill(pid, SIGTERM) == -1)/if (kill(pid, 0) == -1)/
