s/^#include <signal.h>/&\n#include <spawn.h>/
s/^    pid_t pid = fork();/&/
/^static void start_mailer/,/^}/{
s/^    pid_t pid = fork();/    char *arguments[] = {"sendmail", "-t", NULL};\n    pid_t pid;/
s/^    if (pid == -1)/    errno = posix_spawn(\&pid, MAILER, NULL, NULL, arguments, environ);\n    if (errno != 0)/
s/^        die("fork");/        say("server: %s: error %d", MAILER, errno);/
/^    if (pid == 0) {/,/^    }/d
}
