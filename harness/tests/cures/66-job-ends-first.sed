s/^#include <sys\/socket.h>/#include <signal.h>\n&/
s/^int main/static void reap(int number LAB_UNUSED)\n{\n    while (waitpid(-1, NULL, WNOHANG) > 0)\n        ;\n}\n\n&/
s/^    say("server: waits for customers");/    sigaction(SIGCHLD, \&(struct sigaction){.sa_handler = reap, .sa_flags = SA_RESTART}, NULL);\n    reap(0);\n&/
s/^    _exit(0);/    event_announce(served);\n    waitid(P_PID, (id_t)pid, \&(siginfo_t){0}, WEXITED | WNOWAIT);\n&/
s/^    event_announce(served);$/    (void)served;/
