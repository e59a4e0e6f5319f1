s/^    pthread_cond_destroy(&changed);/    for (int i = 0; i < 100; i++)\n        pthread_cond_broadcast(\&changed);\n&/
