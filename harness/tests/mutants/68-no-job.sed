# broken: the child does nothing
s/_exit((int)do_job());/_exit(FAILED);/
s/^static intptr_t do_job/static inline intptr_t do_job/
