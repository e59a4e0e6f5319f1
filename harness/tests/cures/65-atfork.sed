s/^#include <signal.h>/#include <pthread.h>\n&/
s/^int main/static void again(void)\n{\n    sigaction(SIGALRM, \&(struct sigaction){.sa_handler = bark}, NULL);\n    watch(10);\n}\n\n&/
/int main/,$ s/^    signal(SIGALRM, SIG_IGN);/&\n    pthread_atfork(NULL, NULL, again);/
