s/^        show("child: 4 squared/        pthread_cond_init(\&changed, NULL);\n        open_pool();\n&/
