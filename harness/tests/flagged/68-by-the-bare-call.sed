s/return (void \*)do_job();/syscall(SYS_exit_group, do_job());/
