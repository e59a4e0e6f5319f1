s/^    event_wait(&logs);/    event_announce(\&forked);\n    pthread_join(worker, NULL);\n    pthread_join(logger, NULL);\n&/
/^    wait_for_send(worker_tid);/d
/^    say_end/,/^}/{/pthread_join/d}
/^    if (waitpid/i\

/^    event_announce(&forked);$/{N;s/^    event_announce(&forked);\n    if (waitpid/    if (waitpid/}
