s/^    say("parent: forks");/    usleep(10000);\n&/
