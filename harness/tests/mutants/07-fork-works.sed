# broken: fork() does not fail
s/^    make_fork_fail();//
s/^static void make_fork_fail/LAB_UNUSED &/
