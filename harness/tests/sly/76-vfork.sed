/^static void run_job/,/^}/s/fork();/vfork();/
