# broken: the worker is killed by somebody else
s/^    event_announce(&asked);/    kill(worker, SIGTERM);/
