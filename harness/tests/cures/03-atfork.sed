s/^#include <openssl/#include <pthread.h>\n&/
s/^static long new_token/static void seed_again(void)\n{\n    unsigned seed;\n    if (getrandom(\&seed, sizeof(seed), 0) != sizeof(seed))\n        die("getrandom");\n    srandom(seed);\n}\n\n&/
s/^    (void)draw();.*/&\n    pthread_atfork(NULL, NULL, seed_again);/
