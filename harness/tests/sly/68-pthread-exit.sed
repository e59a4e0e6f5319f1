s/return (void \*)do_job();/pthread_exit((void *)do_job());/
