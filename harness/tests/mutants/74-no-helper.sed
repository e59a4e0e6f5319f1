# broken: no child
s/^    pid_t helper = start_helper(&leave);/    pid_t helper = 0;/
s/^static pid_t start_helper/LAB_UNUSED &/
s/waitpid(helper, NULL, 0) == -1/helper != 0/
