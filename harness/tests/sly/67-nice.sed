s/^    call_me("worker");/&\n    nice(1);\n    sched_yield();/
