s/^        setenv("VERBOSE", .*/        char *const variables[] = {verbose, NULL};/
s/execl("\/bin\/sh", "sh", "-c", command, NULL)/execle("\/bin\/sh", "sh", "-c", command, NULL, variables)/
