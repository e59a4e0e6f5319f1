s/^    pid_t pid = fork();/    omp_pause_resource_all(omp_pause_soft);\n&/
