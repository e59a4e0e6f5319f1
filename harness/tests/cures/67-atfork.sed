s/^#include <sched.h>/#include <pthread.h>\n&/
s/^int main/static void free_to_choose(void)\n{\n    sched_setaffinity(0, sizeof(given), \&given);\n}\n\n&/
s/^    library_init();/    pthread_atfork(NULL, NULL, free_to_choose);\n&/
