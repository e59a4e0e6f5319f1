s/^    close(gone\[0\]);/    event_announce(\&stop);\n    waitpid(pid, NULL, 0);\n&/
