s/_Fork()/fork()/
s/^int main(void)/static void take(void)\n{\n    flockfile(stdout);\n}\n\nstatic void give(void)\n{\n    funlockfile(stdout);\n}\n\n&/
s/^    event_make(&halfway);/    if (pthread_atfork(take, give, give) != 0)\n        die("pthread_atfork");\n&/
