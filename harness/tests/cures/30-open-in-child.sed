s/^        show("child: %d squared/        pthread_cond_init(\&changed, NULL);\n        open_pool();\n&/
