s/^int main(void)/static void finish(void)\n{\n    pthread_once(\&once, initialise);\n}\n\n&/
s/^    event_make(&halfway);/    if (pthread_atfork(finish, NULL, NULL) != 0)\n        die("pthread_atfork");\n&/
