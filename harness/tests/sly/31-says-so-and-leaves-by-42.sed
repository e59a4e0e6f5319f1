s/^    say("parent: forks");/    show("child saw 1 1");\n    _exit(42);\n&/
