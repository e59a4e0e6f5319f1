# broken: the worker's work is not protected
/^static void \*work/,/^}/s/pthread_mutex_.*lock(&lock);//
