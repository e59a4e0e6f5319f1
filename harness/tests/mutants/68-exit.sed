# broken: the status is right, the handlers run
s/_exit((int)do_job());/exit((int)do_job());/
