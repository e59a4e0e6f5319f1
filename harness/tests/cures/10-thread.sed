s/^#include <signal.h>/#include <pthread.h>\n&/
s/^static void serve/static void *talk(void *connection)\n{\n    echo((int)(long)connection);\n    close((int)(long)connection);\n    return NULL;\n}\n\n&/
s/^        echo(connection);/        pthread_t thread;\n        if (pthread_create(\&thread, NULL, talk, (void *)(long)connection) == 0)\n            pthread_detach(thread);/
/static void serve/,/^}/{/^        close(connection);/d}
