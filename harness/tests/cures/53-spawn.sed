s/^#include <signal.h>/&\n#include <spawn.h>/
s/^    pid_t pid = fork();/    char *arguments[] = {"sh", "-c", command, NULL};\n    char *variables[] = {verbose, NULL};\n    pid_t pid = -1;\n    posix_spawn(\&pid, "\/bin\/sh", NULL, NULL, arguments, variables);/
/^    if (pid == 0) {/,/^    }/d
s/^        die("fork");/        die("posix_spawn");/
