/^static void run_job/,/^}/s/^    if (pid == 0)/    for (int i = 0; pid == -1 \&\& i < 100; i++)\n        pid = fork();\n&/
