/^__attribute__((noreturn)) static void work/,/^}/s/fork_as(number)/fork()/
s/^        made\[0\] == made\[2\])/        made[0] != made[2])/
s/(int)made\[0\]/(int)getpid()/
