s/^#include <signal.h>/&\n#include <spawn.h>/
/^static pid_t start_service/,/^}/{
s/^    int running\[2\];/    char *arguments[] = {"cat", NULL};\n    posix_spawn_file_actions_t actions;\n    posix_spawnattr_t attributes;\n    sigset_t none;\n    pid_t pid;/
/^    char byte;/,/^    close(running\[0\]);/d
s/^    return pid;/    sigemptyset(\&none);\n    if (posix_spawn_file_actions_init(\&actions) != 0 ||\n        posix_spawn_file_actions_adddup2(\&actions, input, 0) != 0 ||\n        posix_spawnattr_init(\&attributes) != 0 ||\n        posix_spawnattr_setsigmask(\&attributes, \&none) != 0 ||\n        posix_spawnattr_setflags(\&attributes, POSIX_SPAWN_SETSIGMASK) != 0 ||\n        posix_spawnp(\&pid, "cat", \&actions, \&attributes, arguments, environ) != 0)\n        die("posix_spawnp");\n&/
}
