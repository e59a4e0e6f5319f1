s/^        setenv("VERBOSE", "1", 1);/        char *const variables[] = {"VERBOSE=1", NULL};/
s/execl("\/bin\/sh", "sh", "-c", command, NULL)/execle("\/bin\/sh", "sh", "-c", command, NULL, variables)/
