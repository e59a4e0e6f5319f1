# broken: the worker has nothing to do
s/^    change(n, false);/    (void)n;/
/^    event_wait(&done);/d
