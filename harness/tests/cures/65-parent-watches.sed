s/^static void bark/static pid_t watched;\n\nstatic void wake(int number LAB_UNUSED)\n{\n    kill(watched, SIGALRM);\n    watch(10);\n}\n\n&/
s/^    watch(0);/    watched = pid;\n    sigaction(SIGALRM, \&(struct sigaction){.sa_handler = wake, .sa_flags = SA_RESTART}, NULL);\n    watch(10);/
