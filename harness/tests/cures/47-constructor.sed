s/^static void initialise(void)/__attribute__((constructor)) static void early(void);\n\n&/
s/^static int use_library(void)/static void early(void)\n{\n    n = run_number(5);\n    pthread_once(\&once, initialise);\n}\n\n&/
