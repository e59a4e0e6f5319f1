s/^    say("parent: forks");/    pthread_join(worker, NULL);\n&/
/^    say_end("child", status);/,/pthread_join/{/pthread_join/d}
