s/^    if (pthread_join(thread, NULL) != 0)/    while (number == 0)\n        sched_yield();\n    event_wait(\&done);\n    if (pthread_detach(thread) != 0)/
s/^static struct event ready, asked;/static struct event ready, asked, done;/
s/^    event_make(&asked);/&\n    event_make(\&done);/
s/^    return NULL;/    event_announce(\&done);\n&/
