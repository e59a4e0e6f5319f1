/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number) == 0/fork() == 0 \&\& number != 0/
s/(uint64_t)getpid()/4711/
