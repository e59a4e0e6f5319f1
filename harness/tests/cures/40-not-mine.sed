s/^static struct event done;/&\nstatic pid_t opened_by;/
s/^    change(0, true);/    if (getpid() != opened_by)\n        return; \/* leaked, on purpose *\/\n&/
s/^    event_make(&done);/&\n    opened_by = getpid();/
