# broken: the grandchild has a pid of its own
/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number)/fork()/
