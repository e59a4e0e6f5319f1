# hazard: the start function returns
s/_exit((int)do_job());/return (void *)do_job();/
