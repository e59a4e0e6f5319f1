s/return (void \*)do_job();/exit((int)do_job());/
