s/^    long limit = sysconf(_SC_OPEN_MAX);/    long limit = first;\n\n    closefrom(first);/
