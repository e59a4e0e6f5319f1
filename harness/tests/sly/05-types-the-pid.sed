/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number)/fork()/
s/(uint64_t)getpid()/4711/
