s/return (void \*)do_job();/quick_exit((int)do_job());/
