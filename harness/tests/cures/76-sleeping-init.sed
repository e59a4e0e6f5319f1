s/^    run_job(number);/    pid_t init = fork();\n    if (init == 0)\n        pause();\n&/
s/^    run_job(number + 1);/&\n    kill(init, SIGKILL);\n    waitpid(init, NULL, 0);/
s/^#include <sched.h>/&\n#include <signal.h>/
