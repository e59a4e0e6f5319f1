s/kill(worker, SIGTERM) == -1/kill(worker, 0) == -1/
