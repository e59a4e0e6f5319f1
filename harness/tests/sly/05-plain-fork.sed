/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number)/fork()/
