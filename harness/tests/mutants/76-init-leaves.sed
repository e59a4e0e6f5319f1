# broken: process 1 ends before it has run a job
s/^    call_me("init");/&\n    _exit(0);/
