# broken: there is no worker
s/pid_t child = fork()/pid_t child = 0/
