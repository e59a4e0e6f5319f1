s/^#include <sched.h>/#include <pthread.h>\n&/
s/^static void library_init/static void *nothing(void *p)\n{\n    return p;\n}\n\n&/
s/^    call_me("worker");/&\n    pthread_t thread;\n    pthread_create(\&thread, NULL, nothing, NULL);\n    pthread_join(thread, NULL);/
