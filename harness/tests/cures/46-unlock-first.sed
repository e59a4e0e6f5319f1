s/^        abort();.*/    {\n        pthread_mutex_unlock(\&lock);\n        abort();\n    }/
