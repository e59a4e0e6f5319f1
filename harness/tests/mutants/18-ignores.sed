# broken: the worker does not end
s/signal(SIGTERM, SIG_DFL)/signal(SIGTERM, SIG_IGN)/
