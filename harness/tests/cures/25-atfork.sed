s/^int main(void)/static void renew(void)\n{\n    ring_make(\&ring);\n}\n\n&/
s/^    ring_make(&ring);/&\n    pthread_atfork(NULL, NULL, renew);/
s/^#include <sys\/stat.h>/#include <pthread.h>\n&/
