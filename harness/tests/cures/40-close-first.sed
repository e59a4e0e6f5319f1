s/^    say("parent: forks");/    change(0, true);\n    pthread_join(worker, NULL);\n&/
