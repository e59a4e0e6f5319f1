s/^static int jobs\[2\];/&\nstatic pid_t owner;/
s/^    int error = errno;/&\n    if (getpid() != owner) {\n        signal(number, SIG_DFL);\n        raise(number);\n        return;\n    }/
s/^    handle(SIGTERM);/    owner = getpid();\n&/
