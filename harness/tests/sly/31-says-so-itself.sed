s/^    say("parent: forks");/    show("child saw 1 1");\n&/
