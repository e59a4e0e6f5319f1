# broken: the worker does not do its job
s/^    job \*= job;/    _exit(42);/
