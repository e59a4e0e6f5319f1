s/^    say("parent: forks");/    event_announce(\&forked);\n    pthread_join(worker, NULL);\n&/
s/^        event_announce(&forked);//
/^    say_end("child", status);/,/pthread_join/{/pthread_join/d}
