s/^    int error = pthread_join(worker, NULL);/    usleep(50000);\n&/
