s/^#include <signal.h>/#include <pthread.h>\n&/
s/^static pid_t my_pid.*/&\nstatic void ask_again(void)\n{\n    my_pid = getpid();\n}/
s/^    my_pid = getpid();/&\n    pthread_atfork(NULL, NULL, ask_again);/
