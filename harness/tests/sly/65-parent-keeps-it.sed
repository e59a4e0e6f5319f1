s/^    watch(0);//
s/^    signal(SIGALRM, SIG_IGN);/    sigaction(SIGALRM, \&(struct sigaction){.sa_handler = bark}, NULL);/
